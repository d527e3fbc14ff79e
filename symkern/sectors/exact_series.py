"""The eigenvalues of a block with formulas as series in 1/L, from their minimal polynomials."""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.errors import NoClosedForm
from symkern.exact import ExactMatrix, RationalFunction
from symkern.exact.asymptotics import Leading
from symkern.exact.branch_series import Root, series_roots
from symkern.exact.constant_fields import ExactField, Extended
from symkern.exact.length_series import LengthSeries, ordered
from symkern.exact.rational_functions import FunctionField
from symkern.reading.integers import read_integer
from symkern.sectors.sector import Sector


def series(sector: Sector, terms: int | None = None) -> tuple[LengthSeries, ...]:
    """The eigenvalues as series in 1/L ; one entry per row of the block.

    Series that end earlier have fewer terms.

    Args:
        sector: a sector of a spectrum whose length is the symbol L.
        terms: from 1 to 100; two where nothing is said.

    Raises:
        NoClosedForm: at a given length, where eigenvalues are numbers, and for eigenvalues without a minimal polynomial.

    >>> from symkern.kernels import derive
    >>> print(derive("linear-attention").sector([1], [1]).series()[0])
    2*alpha^2*beta/(L^2*v^2) + 2*alpha*beta^2/(L^3*v) + O(L^-4)
    """
    wanted = 2 if terms is None else read_integer(terms, "terms", minimum=1, maximum=100)
    if isinstance(sector.block, ExactMatrix) and sector.block.is_zero:
        return (LengthSeries((), None),) * sector.multiplicity
    symbols = getattr(sector.block, "field", None)
    if symbols is None or CONTEXT_LENGTH not in symbols.index:
        raise NoClosedForm(
            "series: eigenvalues at a given length are numbers; series in 1/L exist where the length is the symbol L"
        )
    if not sector.is_written:
        raise NoClosedForm(
            "series: this block is too large for the minimal polynomials of its eigenvalues; `leading_terms` has the first "
            "terms where they are known, and numbers for hyperparameters take less"
        )
    found: list[LengthSeries] = []
    expanded: dict[tuple[RationalFunction, ...], list[LengthSeries]] = {}
    for branch in sector.branches:
        polynomial = branch.minimal_polynomial
        if polynomial not in expanded:
            expanded[polynomial] = _expanded(polynomial, wanted)
        found.append(expanded[polynomial][branch.index])
    return tuple(found)


def _expanded(polynomial: tuple[RationalFunction, ...], terms: int) -> list[LengthSeries]:
    """All roots of one polynomial, in the order of its branches: the largest first."""
    if not polynomial[0]:
        return [LengthSeries((), None)]
    constants = _without_length(polynomial[0].field)
    coefficients = [_in_powers(c, constants) for c in polynomial]
    field = ExactField(constants)
    known = Fraction(terms)
    while True:
        roots = series_roots(coefficients, known, field)
        deep = [r for r in roots if known - r.terms[0][0] >= terms]
        if len(deep) == len(polynomial) - 1:
            break
        known += terms
    finite = len(polynomial) == 2 and len(coefficients[1]) == 1
    return ordered(_series(root, terms, finite) for root in roots)


def _without_length(field: FunctionField) -> FunctionField:
    return FunctionField(tuple(s for s in field.symbols if s != CONTEXT_LENGTH))


def _in_powers(
    value: RationalFunction, constants: FunctionField
) -> dict[Fraction, RationalFunction]:
    """A polynomial in L by the power of 1/L."""
    found = value.coefficients([CONTEXT_LENGTH])
    return {Fraction(-power): c.in_field(constants) for (power,), c in found.items()}


def _series(root: Root, terms: int, finite: bool) -> LengthSeries:
    written = []
    for power, coefficient in root.terms:
        value: sp.Expr | None
        if isinstance(coefficient, Extended):
            theta = coefficient.branch.value
            value = None
            if isinstance(theta, sp.Expr):
                value = sp.radsimp(coefficient.map_root(lambda c: c.to_sympy(), theta))
        else:
            value = coefficient.to_sympy()
        written.append(Leading(-sp.Rational(power.numerator, power.denominator), value))
    if finite and len(written) <= terms:
        return LengthSeries(tuple(written), None)
    halves = any(power.denominator > 1 for power, _ in root.terms)
    step = Fraction(1, 2) if halves else Fraction(1)
    beyond = root.known + step
    error = -sp.Rational(beyond.numerator, beyond.denominator)
    return LengthSeries(tuple(written), error).first(terms)
