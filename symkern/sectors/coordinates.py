r"""Eigenvectors of a block over Q(symbols)[lambda]: polynomials in the eigenvalue, without its roots.

For an irreducible factor p of the characteristic polynomial and a vector u with p(A) u = 0,

    v(lambda) = sum_i A^i u (p_{i+1} + p_{i+2} lambda + ... + p_d lambda^{d-i-1})

satisfies A v(lambda) = lambda v(lambda) at every root lambda of p, because (p(A) - p(lambda))/(A - lambda) u is v(lambda). It has
coordinates of degree below d in lambda and vanishes at no root unless u = 0. A factor of multiplicity r takes r vectors u that are
independent over Q(symbols)[A]. What is computed from v(lambda) stays in Q(symbols)[lambda]/(p): a SymPy expression for d <= 2, and above
that, where no symbol is left, a `Ball` from the isolating interval of the root.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from symkern.errors import NoClosedForm
from symkern.exact import (
    AlgebraicNumber,
    Ball,
    Branch,
    ExactMatrix,
    FunctionField,
    RationalFunction,
)
from symkern.exact.row_reduction import eliminate, row_reduce
from symkern.sectors.ball_vectors import ball_polynomial

#: Digits, relative to the eigenvalue, to which a root above degree two is refined before it is put in.
DIGITS = 60

Polynomial = tuple[RationalFunction, ...]  # coefficients from the constant term up


@dataclass(frozen=True)
class Element:
    """An element of Q(symbols)[lambda]/(modulus), ``coefficients`` from the constant term up."""

    modulus: Polynomial
    coefficients: Polynomial

    @classmethod
    def of(cls, modulus: Polynomial, coefficients: Sequence[RationalFunction]) -> Element:
        """Reduce a polynomial in lambda."""
        rest = list(coefficients)
        d = len(modulus) - 1
        while len(rest) > d:
            top = rest.pop()
            if top:
                factor = top / modulus[-1]
                shift = len(rest) - d
                for i in range(d):
                    rest[shift + i] = rest[shift + i] - factor * modulus[i]
        return cls(modulus, tuple(rest))

    def __bool__(self) -> bool:
        return any(self.coefficients)

    def __add__(self, other: Element) -> Element:
        a, b = self.coefficients, other.coefficients
        if len(a) < len(b):
            a, b = b, a
        return Element(self.modulus, (*(p + q for p, q in zip(a, b, strict=False)), *a[len(b) :]))

    def scaled(self, factor: Any) -> Element:
        """The product with a number or a rational function."""
        return Element(self.modulus, tuple(c * factor for c in self.coefficients))

    def __mul__(self, other: Element) -> Element:
        out = [self.modulus[0].field.zero] * max(
            len(self.coefficients) + len(other.coefficients) - 1, 0
        )
        for i, p in enumerate(self.coefficients):
            if p:
                for j, q in enumerate(other.coefficients):
                    out[i + j] = out[i + j] + p * q
        return Element.of(self.modulus, out)

    def inverse(self) -> Element:
        """One over a nonzero element, by linear algebra."""
        d = len(self.modulus) - 1
        field = self.modulus[0].field
        rows = []
        column: Element = self
        generator = Element.of(self.modulus, (field.zero, field.one))
        for i in range(d):
            padded = [*column.coefficients, *[field.zero] * (d - len(column.coefficients))]
            rows.append([*padded, *(field.one if j == i else field.zero for j in range(d))])
            column = column * generator
        # rows: coefficients of self lambda^i; find the combination that is 1.
        eliminate(rows, d)
        return Element.of(self.modulus, rows[0][d:])


def read_off(element: Element, value: sp.Expr | AlgebraicNumber | Ball | None) -> sp.Expr | Ball:
    """The number or expression that an element is at the root ``value`` of its modulus."""
    if len(element.modulus) == 2:
        return element.coefficients[0].to_sympy() if element.coefficients else sp.S.Zero
    if isinstance(value, AlgebraicNumber):
        fractions = [c.to_fraction() for c in element.coefficients]
        return _enclosed(fractions, value)
    if isinstance(value, Ball):
        return ball_polynomial(element.coefficients, value)
    if value is None:
        raise NoClosedForm(
            "an eigenvalue of degree above two has no written form while symbols are left in it; "
            "give length, vocabulary and hyperparameters values"
        )
    total = sp.Add(*(c.to_sympy() * value**i for i, c in enumerate(element.coefficients)))
    return total if total.free_symbols else sp.expand(total)


def _enclosed(coefficients: Sequence[Fraction], root: AlgebraicNumber) -> Ball:
    """Horner's rule in intervals with rational ends."""
    size = max(abs(root.low), abs(root.high))
    fine = root.refine((size or Fraction(1)) / 10**DIGITS)
    low = high = Fraction(0)
    for c in reversed(coefficients):
        ends = [a * b for a in (low, high) for b in (fine.low, fine.high)]
        low, high = min(ends) + c, max(ends) + c
    return _rounded(low, high)


def _rounded(low: Fraction, high: Fraction) -> Ball:
    """A ball around an interval, its midpoint a short dyadic number."""
    middle, radius = (low + high) / 2, (high - low) / 2
    if not middle and not radius:
        return Ball(0)
    size = max(abs(low), abs(high))
    bits = 200 - (size.numerator.bit_length() - size.denominator.bit_length())
    step = Fraction(2) ** -bits
    short = round(middle / step) * step
    wide = radius + abs(middle - short)
    return Ball(short, -((-wide / step) // 1) * step if wide else 0)


def eigenvectors(block: ExactMatrix, branches: Sequence[Branch]) -> list[list[Element]]:
    """Coordinates of an eigenvector for each branch, which must have its minimal polynomial.

    Branches with the same polynomial and index get independent vectors. The zero eigenvalue of a law that forbids sequences may
    have functions that it carries to zero almost everywhere; they count as eigenfunctions.
    """
    starts: dict[Polynomial, list[list[RationalFunction]]] = {}
    taken: dict[tuple[Polynomial, int], int] = {}
    rows = [list(r) for r in block]
    found = []
    for branch in branches:
        p = branch.minimal_polynomial
        if p not in starts:
            times = sum(b.minimal_polynomial == p for b in branches) // branch.degree
            starts[p] = _starts(rows, p, times, block.field)
        number = taken.get((p, branch.index), 0)
        taken[p, branch.index] = number + 1
        found.append(_eigenvector(rows, p, starts[p][number]))
    return found


def _starts(
    rows: list[list[RationalFunction]], p: Polynomial, times: int, field: FunctionField
) -> list[list[RationalFunction]]:
    """``times`` vectors in the kernel of p(A), independent over Q(symbols)[A]."""
    size, d = len(rows), len(p) - 1
    if size == d:
        return [[field.one, *[field.zero] * (size - 1)]]
    power = [[field.zero] * size for _ in range(size)]
    for c in reversed(p):
        power = _product(rows, power, field)
        for i in range(size):
            power[i][i] = power[i][i] + c
    basis = _kernel(power, field)
    if len(basis) < times * d:  # functions that are zero almost everywhere
        again = power
        for _ in range(size):
            again = _product(power, again, field)
        basis = _kernel(again, field)
    chosen: list[list[RationalFunction]] = []
    span: list[list[RationalFunction]] = []
    for vector in basis:
        krylov = [vector]
        for _ in range(d - 1):
            krylov.append(_applied(rows, krylov[-1], field))
        trial = [*span, *krylov]
        if len(_independent(trial, field)) == len(trial):
            chosen.append(vector)
            span = trial
        if len(chosen) == times:
            break
    return chosen


def _eigenvector(
    rows: list[list[RationalFunction]], p: Polynomial, u: list[RationalFunction]
) -> list[Element]:
    field = p[0].field
    d = len(p) - 1
    coordinates = [[field.zero] * d for _ in u]
    vector = u
    for i in range(d):
        for entry, e in zip(coordinates, vector, strict=True):
            if e:
                for j in range(i + 1, d + 1):
                    entry[j - i - 1] = entry[j - i - 1] + e * p[j]
        vector = _applied(rows, vector, field)
    return [Element(p, tuple(c)) for c in _primitive(coordinates, field)]


def _primitive(
    entries: list[list[RationalFunction]], field: FunctionField
) -> list[list[RationalFunction]]:
    """The same up to a common factor: polynomials without a common divisor."""
    below = field.one.num
    common: Any = None
    for row in entries:
        for e in row:
            if e:
                below = below * (e.den / below.gcd(e.den))
    whole = RationalFunction(field, below, field.one.num)
    cleared = [[e * whole for e in row] for row in entries]
    for row in cleared:
        for e in row:
            if e:
                common = e.num if common is None else common.gcd(e.num)
    if common is None:
        return cleared
    divisor = RationalFunction(field, common, field.one.num)
    first = next(e for row in cleared for e in row[::-1] if e)
    if (first.num / common).leading_coefficient() < 0:
        divisor = -divisor
    return [[e / divisor for e in row] for row in cleared]


def _product(
    a: list[list[RationalFunction]], b: list[list[RationalFunction]], field: FunctionField
) -> list[list[RationalFunction]]:
    columns = [_applied(a, list(column), field) for column in zip(*b, strict=True)]
    return [list(row) for row in zip(*columns, strict=True)]


def _applied(
    rows: list[list[RationalFunction]], vector: list[RationalFunction], field: FunctionField
) -> list[RationalFunction]:
    out = []
    for row in rows:
        total = field.zero
        for a, b in zip(row, vector, strict=True):
            if a and b:
                total = total + a * b
        out.append(total)
    return out


def reduced_rows(
    rows: Sequence[Sequence[RationalFunction]], field: FunctionField
) -> tuple[list[list[RationalFunction]], list[int]]:
    """Reduced row echelon form, by flint where no symbol occurs."""
    if all(e.is_number for row in rows for e in row):
        plain, pivots = row_reduce([[e.to_fraction() for e in row] for row in rows], len(rows[0]))
        return [[field(e) for e in row] for row in plain], pivots
    copied = [list(row) for row in rows]
    pivots = eliminate(copied, len(rows[0]))
    return copied[: len(pivots)], pivots


def _kernel(
    rows: list[list[RationalFunction]], field: FunctionField
) -> list[list[RationalFunction]]:
    return _free_vectors(*reduced_rows(rows, field), len(rows), field.zero, field.one)[0]


def _independent(rows: Sequence[Sequence[RationalFunction]], field: FunctionField) -> list[int]:
    return reduced_rows(list(zip(*rows, strict=True)), field)[1]


def null_space(
    rows: Sequence[Sequence[Any]], width: int, field: FunctionField | None = None
) -> tuple[list[list[Any]], list[int]]:
    """A basis of the vectors that a matrix over Q, or over ``field``, maps to zero, and the coordinates at which it is the unit matrix.

    >>> null_space([[1, 2]], 2)
    ([[Fraction(-2, 1), Fraction(1, 1)]], [1])
    """
    if field is not None:
        lifted = [[field(e) for e in row] for row in rows]
        reduced, pivots = reduced_rows(lifted, field) if lifted else ([], [])
        return _free_vectors(reduced, pivots, width, field.zero, field.one)
    return _free_vectors(*row_reduce(rows, width), width, Fraction(0), Fraction(1))


def _free_vectors(
    reduced: list[list[Any]], pivots: list[int], width: int, zero: Any, one: Any
) -> tuple[list[list[Any]], list[int]]:
    free = [j for j in range(width) if j not in pivots]
    found = []
    for j in free:
        vector = [zero] * width
        vector[j] = one
        for row, p in zip(reduced, pivots, strict=True):
            vector[p] = -row[j]
        found.append(vector)
    return found, free


def independent_rows(rows: Sequence[Sequence[Fraction]]) -> list[int]:
    """The first rows that are independent of those before them."""
    if not rows:
        return []
    return row_reduce([list(c) for c in zip(*rows, strict=True)], len(rows))[1]
