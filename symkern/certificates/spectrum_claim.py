"""A spectrum as a certificate: the claim alone, in a form that a program without symkern can test.

The kernel stands as its list of stages with formulas as text, each sector as its dimension and the characteristic polynomial of its
block (the coefficients of x^0, ..., x^(m-1); that of x^m is 1) or, where that is not written, the block itself; no radicals. Where the formulas are symbolic
in a size, the spectrum is claimed from the size on at which every sector is complete; and below, for independent tokens, that

    sum over sectors of dimension x trace(block^j) = trace(T^j)    for all j,

with dimensions as polynomials that may be zero or negative there: both sides are rational functions of L and v with poles at zero only, and agree at all large sizes.
The reader of certificates is `symkern.certificates.checker`.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.certificates.series_claim import series as series_certificate
from symkern.errors import NoClosedForm
from symkern.exact import Ball, BallMatrix, ExactMatrix, RationalFunction
from symkern.exact.length_series import LengthSeries
from symkern.kernels.function_kernels import FunctionKernel
from symkern.kernels.pipeline import Kernel
from symkern.sectors.sector import Sector
from symkern.spectra.spectrum import Spectrum
from symkern.typeset import formula_text
from symkern.version import __version__

FORMAT = 1


def spectrum_certificate(spectrum: Spectrum) -> dict[str, Any]:
    """The certificate as a dictionary of plain data.

    Raises:
        NoClosedForm: a kernel given as a Python function, which cannot be written down, or a stage that the reader has no rule for.

    >>> from symkern.kernels import derive
    >>> found = spectrum_certificate(derive("bag-of-tokens"))
    >>> found["sectors"][1]["dimension"], found["sectors"][1]["characteristic_polynomial"]
    ('v - 1', ['-alpha/(L*v)'])
    """
    kernel = spectrum.kernel
    if isinstance(kernel, FunctionKernel) or not isinstance(kernel, Kernel):
        raise NoClosedForm(
            f"certificate: the kernel {kernel} is a Python function, which a certificate cannot carry; "
            "pipelines have certificates"
        )
    if isinstance(spectrum.mean_diagonal, LengthSeries):
        return series_certificate(spectrum)
    return {
        "certificate": FORMAT,
        "claim": "spectrum",
        "kernel": [stage.certificate() for stage in kernel.stages],
        "law": spectrum.tokens.claim(spectrum.length),
        "length": _text(spectrum.length),
        "range": _range(spectrum),
        "trace": _number(spectrum.mean_diagonal),
        "sectors": [_sector(sector) for sector in spectrum.sectors],
        "standing": str(max((s.standing for s in spectrum.sectors), key=_doubt, default="proved")),
        "versions": {"symkern": __version__},
    }


def _doubt(standing: str) -> int:
    return ["proved", "cited", "fitted", "sampled", "floating", "read, not proved"].index(
        str(standing)
    )


def _text(size: object) -> str:
    return formula_text(size) if isinstance(size, sp.Expr) else str(size)


def _range(spectrum: Spectrum) -> dict[str, dict[str, int]]:
    """From which length and vocabulary the sectors are the spectrum, and from which the traces are right."""
    complete = {"length": 1, "vocabulary": 1}
    for name, key, size, symbol in (
        ("L", "length", spectrum.length, CONTEXT_LENGTH),
        ("v", "vocabulary", spectrum.vocabulary, VOCABULARY),
    ):
        if isinstance(size, sp.Expr) and size.free_symbols & {CONTEXT_LENGTH, symbol}:
            complete[key] = max((s.valid_for[name] for s in spectrum.sectors), default=1)
    below = dict.fromkeys(complete, 1) if spectrum.tokens.letters_repeat else dict(complete)
    return {"spectrum_from": complete, "traces_from": below}


def _number(value: sp.Expr | Ball) -> str | list[str]:
    if isinstance(value, Ball):
        return [str(value.lower), str(value.upper)]
    return formula_text(value)


def _sector(sector: Sector) -> dict[str, Any]:
    claim: dict[str, Any] = {
        "position_irrep": list(sector.position_irrep),
        "token_irrep": None if sector.token_irrep is None else list(sector.token_irrep),
        "dimension": _text(sector.dimension),
    }
    block = sector.block
    if isinstance(block, BallMatrix):
        claim["block"] = [[_number(e) for e in row] for row in block]
    elif not sector.is_written and not block.is_rational:
        claim["block"] = [[formula_text(e.to_sympy()) for e in row] for row in block]
    else:
        claim["characteristic_polynomial"] = [
            formula_text(c.to_sympy()) for c in _characteristic_polynomial(block)[:-1]
        ]
    return claim


def _characteristic_polynomial(block: ExactMatrix) -> list[RationalFunction]:
    """Coefficients of det(x - block), the constant one first."""
    result = [block.field.one]
    for factor in block.characteristic_factors():
        product = [block.field.zero] * (len(result) + len(factor) - 1)
        for i, a in enumerate(result):
            for j, b in enumerate(factor):
                product[i + j] = product[i + j] + a * b
        result = product
    return result
