"""Certificates of closed forms other than spectra: dimensions, characters, sensitivities, token selection.

Each is a dictionary of plain data whose formulas and values come from the part of symkern that states them; `checker.check` tests it by counting tableaux, by Frobenius's
formula, over all inputs, over all subsets.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy as sp

from symkern.abc import n as SIZE
from symkern.bounds import dimension, sensitivity
from symkern.bounds.selection import fully_connected, moment_eigenvalues
from symkern.bounds.selection.symbols import T, d, m, q
from symkern.certificates.spectrum_claim import spectrum_certificate
from symkern.characters import CharacterPolynomial, character_table
from symkern.combinatorics import Partition
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.exact import exact_expression
from symkern.learning.draw_sensitivity import draw_sensitivity
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.spectra import Spectrum
from symkern.typeset import formula_text
from symkern.version import __version__


def _certificate(claim: str, **fields: Any) -> dict[str, Any]:
    return {"certificate": 1, "claim": claim, **fields, "versions": {"symkern": __version__}}


def dimension_certificate(mu: object) -> dict[str, Any]:
    """dim mu[n] as a polynomial in n.

    Args:
        mu: the partition below the first row.

    Raises:
        PartitionError: mu is no partition.

    >>> dimension_certificate((2,))["formula"]
    'n*(n - 3)/2'
    """
    shape = Partition.read(mu, "mu")
    formula = formula_text(exact_expression(dimension(shape, SIZE), "dimension"))
    return _certificate(
        "dimension", irrep=list(shape), formula=formula, **{"from": shape.threshold}
    )


def character_certificate(size: int) -> dict[str, Any]:
    """All values of the character table of S_size, for size at most 7.

    Args:
        size: n, from 1 to 7.

    Returns:
        The certificate, a dictionary that JSON can hold.

    >>> character_certificate(2)["values"][-1]
    {'irrep': [1, 1], 'cycles': [1, 1], 'value': '1'}
    """
    n = read_integer(size, "size", 1, 7)  # listed value by value
    table = character_table(n)
    values = [
        {"irrep": list(lam), "cycles": list(mu), "value": str(table[lam, mu])}
        for lam in table.partitions
        for mu in table.partitions
    ]
    return _certificate("characters", values=values)


def character_polynomial_certificate(mu: object) -> dict[str, Any]:
    """The character of mu[n] as a polynomial in the numbers of cycles.

    Args:
        mu: the partition below the first row.

    Raises:
        PartitionError: mu is no partition.

    >>> character_polynomial_certificate((1,))["formula"]
    'X1 - 1'
    """
    shape = Partition.read(mu, "mu")
    formula = formula_text(CharacterPolynomial.irreducible(shape).expression)
    return _certificate(
        "character polynomial", irrep=list(shape), formula=formula, **{"from": shape.threshold}
    )


@typed
def sensitivity_certificate(family: str, sizes: Iterable[int] = range(1, 11)) -> dict[str, Any]:
    """Average sensitivities and profiles of parity, majority, first or mean, from their closed forms.

    Args:
        family: "parity", "majority", "first" or "mean".
        sizes: the numbers of signs, at least 1.

    Raises:
        InvalidArgument: another family, or sizes out of range.

    >>> sensitivity_certificate("majority", [3])["values"]
    [{'n': 3, 'average': '3/2', 'profile': [['0', 2], ['2', 6]]}]
    """
    if family not in ("parity", "majority", "first", "mean"):
        raise InvalidArgument(
            "family", "must be parity, majority, first or mean", f"it is {family!r}"
        )
    form = getattr(sensitivity, family)()
    values = []
    for i, size in enumerate(read_list(sizes, "sizes", "numbers of positions")):
        n = read_integer(size, f"sizes[{i}]", 1, current().subset_positions)
        entry: dict[str, Any] = {"n": n, "average": str(form.average(n))}
        if family != "mean":  # a mean takes many values and has no profile
            counts: dict[str, int] = {}
            for m, count in form.profile(n):
                counts[str(m)] = counts.get(str(m), 0) + int(count)
            entry["profile"] = [[m, count] for m, count in counts.items()]
        values.append(entry)
    return _certificate("sensitivity", family=family, values=values)


def selection_certificate() -> dict[str, Any]:
    """The eigenvalues of a random subset's second moment, and the loss that m neurons leave.

    >>> selection_certificate()["eigenvalues"][0]
    {'value': 'q^2/T', 'multiplicity': '1'}
    """
    eigenvalues = [
        {"value": formula_text(value), "multiplicity": formula_text(many)}
        for value, many in zip(moment_eigenvalues(T, q), (sp.S.One, T - 1), strict=True)
    ]
    loss = formula_text(fully_connected(T, d, q, m))
    return _certificate("selection", eigenvalues=eigenvalues, loss=loss)


@typed
def draws_certificate(spectrum: Spectrum) -> dict[str, Any]:
    """The mean total influence of a draw from the Gaussian process of a spectrum's kernel, and its mean square, on uniform tokens.

    Args:
        spectrum: a spectrum with formulas, on uniform tokens.

    Raises:
        NoClosedForm: other spectra, such as those of series.

    >>> from symkern.kernels import derive
    >>> draws_certificate(derive("bag-of-tokens"))["influence"]
    'alpha*(v - 1)/(L*v)'
    """
    if not spectrum.tokens.is_uniform:
        raise NoClosedForm(
            "certificate: sensitivities of draws have certificates on uniform tokens"
        )
    found = draw_sensitivity(spectrum)
    if not isinstance(found.total, sp.Expr) or not isinstance(found.mean_square, sp.Expr):
        raise NoClosedForm(
            "certificate: the kernel's values are irrational, and so are its sensitivities"
        )
    whole = spectrum_certificate(spectrum)
    kept = {name: whole[name] for name in ("kernel", "law", "length", "standing")}
    return _certificate(
        "draws", influence=formula_text(found.total), power=formula_text(found.mean_square), **kept
    )
