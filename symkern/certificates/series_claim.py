r"""Series in 1/L as a certificate: the kernel, the law, and per sector each eigenvalue's terms, powers and order, with the order of all others.

    lambda(L) = c_0 L^(-r_0) + c_1 L^(-r_1) + ... + O(L^(-r))

A coefficient stands as its formula, or rounded to a decimal of fifteen digits in a list where it is a ball, right to half a unit of the last, so that any other digit makes a false claim; it is the last of its series, whose further terms are not claimed, and the error is
of its own order. Where a series ends,
or a sector has no other eigenvalues, an order is claimed all the same, since no test at one length can tell a number from 0 at every order. The reader computes blocks at some 10^48 tokens by quadrature (`symkern.certificates.checker.series_check`), which tests every digit and every power and proves no bound for all L.
"""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import Any

from symkern.abc import L as CONTEXT_LENGTH
from symkern.errors import NoClosedForm
from symkern.exact import Ball
from symkern.exact.asymptotics import Leading
from symkern.exact.length_series import LengthSeries
from symkern.kernels.pipeline import Kernel
from symkern.reading.annotated import typed
from symkern.sectors.exact_series import series as exact_series
from symkern.sectors.sector import Sector
from symkern.sectors.series_sector import SeriesSector
from symkern.spectra.spectrum import Spectrum
from symkern.typeset import formula_text
from symkern.version import __version__

#: Digits of a coefficient that has no formula.
_DIGITS = 15


@typed
def series(spectrum: Spectrum, mu: object = None, kappa: object = None, terms: int | None = None) -> dict[str, Any]:  # fmt: skip
    """The certificate of a spectrum's series in 1/L, or of one sector's.

    Of kernels with formulas it claims the expansions of their exact eigenvalues; there `Spectrum.certificate` claims the formulas themselves.

    Args:
        spectrum: at symbolic length, on two letters.
        mu: the irrep of the positions of the one sector that is claimed; None: all that are listed, and E k(x, x) where that is a series.
        kappa: that of the letters.
        terms: of each series, which ends with the first coefficient that has no formula; as many as were asked for, and two of exact eigenvalues, where nothing is said.

    Returns:
        The certificate as a dictionary of plain data; `symkern.certificates.check` tests it.

    Raises:
        NoClosedForm: on other than two letters, where a block takes values on eight and more numbers of pairs of letters; for laws other than independent tokens and their
            mixtures; for a kernel that cannot be written down; for eigenvalues without series.

    >>> from symkern.abc import L
    >>> from symkern.kernels import embedding, uniform
    >>> spec = embedding(1, 1).attention("tied", "softmax").mean_pool().spectrum(length=L, tokens=uniform(2))
    >>> claim = series(spec, [], [])
    >>> claim["sectors"][0]["series"]
    [{'terms': [['0', '1/2'], ['-1', '1']], 'error': '-3'}]
    >>> from symkern.certificates import check
    >>> check(claim).verdict
    'confirmed'
    """
    kernel = spectrum.kernel
    if not isinstance(kernel, Kernel):
        raise NoClosedForm(
            f"certificate: the kernel {kernel} is no pipeline, and a certificate cannot carry it"
        )
    if spectrum.length != CONTEXT_LENGTH:
        raise NoClosedForm("certificate: series in 1/L exist where the length is the symbol L")
    if spectrum.vocabulary != 2 or spectrum.tokens.components() is None:
        raise NoClosedForm(
            "certificate: series are tested by quadrature over the numbers of pairs of letters, which are three on two letters and at least eight on more: two letters, "
            "independent or in a mixture, have certificates; the spectrum at a given length has one at any vocabulary"
        )
    whole = isinstance(spectrum.mean_diagonal, LengthSeries)
    sectors = list(spectrum.sectors) if mu is None else [spectrum.sector(mu, kappa)]
    mean = spectrum.mean_diagonal if mu is None else None
    return {
        "certificate": 1,
        "claim": "series",
        "kernel": [stage.certificate() for stage in kernel.stages],
        "law": spectrum.tokens.claim(spectrum.length),
        "length": str(spectrum.length),
        "trace": _claimed(mean) if isinstance(mean, LengthSeries) else None,
        "sectors": [_sector(sector, terms) for sector in sectors],
        "standing": "asymptotic" if whole else str(spectrum.standing),
        "versions": {"symkern": __version__},
    }


def _sector(sector: Sector, terms: int | None) -> dict[str, Any]:
    if isinstance(sector, SeriesSector):
        found, others = sector.series(terms), sector.others
    else:
        found, others = exact_series(sector, terms), None
    claimed = [_claimed(s) for s in found if s.terms]
    return {
        "position_irrep": list(sector.position_irrep),
        "token_irrep": None if sector.token_irrep is None else list(sector.token_irrep),
        "dimension": formula_text(sector.dimension),
        "series": claimed,
        "others": str(min(Fraction(s["error"]) for s in claimed) if others is None else others),
    }


def _claimed(found: LengthSeries) -> dict[str, Any]:
    """Up to the first coefficient without a formula: at 10^48 tokens its last digit outweighs all terms behind it."""
    balls = [i for i, t in enumerate(found.terms, 1) if isinstance(t.coefficient, Ball)]
    terms, error = found.terms, found.error
    if balls:
        terms, error = terms[: balls[0]], terms[balls[0] - 1].exponent
    if error is None:
        error = terms[-1].exponent - 1
    return {"terms": [[str(t.exponent), _coefficient(t)] for t in terms], "error": str(error)}


def _coefficient(term: Leading) -> str | list[str]:
    value = term.coefficient
    if isinstance(value, Ball):
        return [_rounded(value.midpoint)]
    if value is None or not hasattr(value, "free_symbols"):
        raise NoClosedForm(
            "certificate: a coefficient of this series is an algebraic number without a formula"
        )
    return formula_text(value)


def _rounded(value: Fraction) -> str:
    """The nearest decimal of so many digits, zeros at its end included; whole numbers of more have all of theirs."""
    with localcontext(Context(prec=1000)):
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        last = min(exact.adjusted() + 1 - _DIGITS, 0)
        return f"{exact.quantize(Decimal(1).scaleb(last)):f}"
