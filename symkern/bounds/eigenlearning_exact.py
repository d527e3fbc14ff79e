r"""Eigenlearning where kappa has a closed form: exact numbers, or formulas in symbols.

With the denominators cleared, sum_i m_i lambda_i/(lambda_i + kappa) + delta/kappa = n is a polynomial in kappa with one degree
for each distinct nonzero eigenvalue and one for the ridge. Up to degree two it is solved here, by the positive root of

    n kappa^2 + (n lambda - m lambda - delta) kappa - delta lambda = 0                                    (one eigenvalue)
    n kappa^2 + (n (lambda_1 + lambda_2) - m_1 lambda_1 - m_2 lambda_2) kappa + lambda_1 lambda_2 (n - m_1 - m_2) = 0     (two, no ridge).

The other root is negative, since the constant term is; without ridge, kappa = 0 from n = rank on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from symkern.claims import Claim
from symkern.doors import ExactEigenlearningDoors
from symkern.errors import InvalidArgument, NoClosedForm, SizeMismatch, displayed
from symkern.exact import FunctionField, RationalFunction, exact_at_least, function_field
from symkern.exact.exact_arguments import sympified
from symkern.exact.real_arguments import is_inexact
from symkern.exact.written import readable_repr
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.sequences import read_list, require_short
from symkern.typeset.shown import Shown


@dataclass(frozen=True)
class _Surd:
    """a + b sqrt(d) over a field of rational functions; b is zero where sqrt(d) lies in the field."""

    a: RationalFunction
    b: RationalFunction
    d: RationalFunction

    def __add__(self, other: _Surd | RationalFunction) -> _Surd:
        if isinstance(other, RationalFunction):
            return _Surd(self.a + other, self.b, self.d)
        return _Surd(self.a + other.a, self.b + other.b, self.d)

    def __mul__(self, other: _Surd | RationalFunction) -> _Surd:
        if isinstance(other, RationalFunction):
            return _Surd(self.a * other, self.b * other, self.d)
        rational = self.a * other.a + self.b * other.b * self.d
        return _Surd(rational, self.a * other.b + self.b * other.a, self.d)

    def inverse(self) -> _Surd:
        """(a - b sqrt(d))/(a^2 - b^2 d)."""
        norm = self.a * self.a - self.b * self.b * self.d
        return _Surd(self.a / norm, -self.b / norm, self.d)

    @property
    def is_zero(self) -> bool:
        """Whether the value is zero."""
        return not self.a and not self.b

    def to_sympy(self) -> sp.Expr:
        """As an expression."""
        if not self.b:
            return self.a.to_sympy()
        return self.a.to_sympy() + self.b.to_sympy() * sp.sqrt(self.d.to_sympy())


@dataclass(frozen=True)
@typed
class ExactEigenlearning(ExactEigenlearningDoors, Shown):
    """What the eigenlearning equations say, as exact numbers or formulas; attributes as in `Eigenlearning`.

    >>> from symkern.abc import L
    >>> from symkern.bounds import eigenlearning
    >>> found = eigenlearning([1/L], [L], n=L, ridge="1/2")
    >>> found.kappa, found.learnabilities, found.overfitting
    (1/L, (1/2,), 4/3)
    """

    eigenvalues: tuple[sp.Expr, ...]
    multiplicities: tuple[sp.Expr, ...]
    n: sp.Expr
    ridge: sp.Expr
    _kappa: _Surd

    def __repr__(self) -> str:
        lists = (self.eigenvalues, self.multiplicities)
        values, counts = (f"[{', '.join(map(readable_repr, row))}]" for row in lists)
        given = f"n={readable_repr(self.n)}, ridge={readable_repr(self.ridge)}"
        return f"eigenlearning({values}, {counts}, {given})"

    @property
    def kappa(self) -> sp.Expr:
        """The eigenvalue that is half learned."""
        return self._kappa.to_sympy()

    @property
    def claim(self) -> Claim:
        """What `derivation` proves."""
        return Claim("half-learned eigenvalue", (self,))

    @property
    def learnabilities(self) -> tuple[sp.Expr, ...]:
        """Lrn_i = lambda_i/(lambda_i + kappa), one for each mode."""
        return tuple(share.to_sympy() for share in self._shares())

    @property
    def overfitting(self) -> sp.Expr:
        """E0 = n/(n - sum m Lrn^2); oo at the interpolation threshold."""
        rest = self._rest()
        return sp.oo if rest.is_zero else (rest.inverse() * self._read(self.n)).to_sympy()

    @property
    def train_ratio(self) -> sp.Expr:
        """delta/(n kappa) = (n - sum m Lrn)/n, also where kappa is zero."""
        return self._ratio().to_sympy()

    def test_error(self, energies: Sequence[object], noise: object = 0) -> sp.Expr:
        """E0 (sum (1 - Lrn)^2 e + noise).

        Args:
            energies: the target's energy in each mode, exact, all of a mode's multiplicity together.
            noise: the variance of the labels, exact.
        """
        bias, rest = self._bias(energies, noise), self._rest()
        if bias.is_zero:
            return sp.S.Zero
        return sp.oo if rest.is_zero else (rest.inverse() * bias * self._read(self.n)).to_sympy()

    def train_error(self, energies: Sequence[object], noise: object = 0) -> sp.Expr:
        """(delta/(n kappa))^2 times `test_error`; zero at the interpolation threshold.

        Args:
            energies: as in `test_error`.
            noise: the variance of the labels, exact.
        """
        bias, ratio = self._bias(energies, noise), self._ratio()
        if bias.is_zero or ratio.is_zero:
            return sp.S.Zero
        return (ratio * ratio * self._rest().inverse() * bias * self._read(self.n)).to_sympy()

    def _read(self, value: sp.Expr) -> RationalFunction:
        return self._kappa.a.field(value)

    def _number(self, value: sp.Expr | int) -> _Surd:
        read = self._read(sympified(value))
        return _Surd(read, read * 0, self._kappa.d)

    def _shares(self) -> list[_Surd]:
        return [
            self._number(0) if e == 0 else (self._kappa + self._read(e)).inverse() * self._read(e)
            for e in self.eigenvalues
        ]

    def _rest(self) -> _Surd:
        return self._left([share * share for share in self._shares()])

    def _ratio(self) -> _Surd:
        return self._left(self._shares()) * self._read(1 / self.n)

    def _left(self, parts: list[_Surd]) -> _Surd:
        """n less what each mode takes, as often as it occurs."""
        total = self._number(self.n)
        for m, part in zip(self.multiplicities, parts, strict=True):
            total = total + part * self._read(-m)
        return total

    def _bias(self, energies: Sequence[object], noise: object) -> _Surd:
        values = [
            exact_at_least(e, f"energies[{i}]")
            for i, e in enumerate(read_list(energies, "energies"))
        ]
        variance = exact_at_least(noise, "noise")
        if len(values) != len(self.eigenvalues):
            rule = f"must have one entry for each of {len(self.eigenvalues)} modes"
            raise SizeMismatch("energies", rule, f"there are {len(values)}")
        for name, value in (("noise", variance), *((f"energies[{i}]", e) for i, e in enumerate(values))):  # fmt: skip
            if not value.is_Rational:
                raise InvalidArgument(
                    name, "must be a rational number here", f"it is {displayed(value)}"
                )
        total = self._number(variance)
        for share, e in zip(self._shares(), values, strict=True):
            missed = share * self._read(sp.S.NegativeOne) + self._read(sp.S.One)
            total = total + missed * missed * self._read(e)
        return total


def closed_form(
    eigenvalues: Any, multiplicities: Any, n: Any, ridge: Any
) -> ExactEigenlearning | None:
    """The exact solution; None where the input is inexact, not one row at one n, or has no closed form."""
    given = (eigenvalues, multiplicities, n, ridge)
    for name, value in zip(("eigenvalues", "multiplicities", "n", "ridge"), given, strict=True):
        require_short(value, name, "numbers")
    if _is_row(n) or any(map(is_inexact, given)):
        return None
    if (
        not isinstance(eigenvalues, (list, tuple, np.ndarray))
        or not getattr(eigenvalues, "ndim", 1)
        or not len(eigenvalues)
    ):
        return None
    if any(map(_is_row, eigenvalues)) or not all(map(_readable, (*eigenvalues, n, ridge))):
        return None
    values = [exact_at_least(e, f"eigenvalues[{i}]") for i, e in enumerate(eigenvalues)]
    listed = (
        [1] * len(values) if multiplicities is None else read_list(multiplicities, "multiplicities")
    )
    counts = [exact_at_least(m, f"multiplicities[{i}]") for i, m in enumerate(listed)]
    samples, delta = exact_at_least(n, "n", 1), exact_at_least(ridge, "ridge")
    if len(counts) != len(values):
        rule = f"must have one entry for each of {len(values)} eigenvalues"
        raise SizeMismatch("multiplicities", rule, f"there are {len(counts)}")
    for i, m in enumerate(counts):
        if m.is_integer is False:
            raise InvalidArgument(
                f"multiplicities[{i}]", "must be an integer", f"it is {displayed(m)}"
            )
    merged: dict[sp.Expr, sp.Expr] = {}
    for e, m in zip(values, counts, strict=True):
        if e != 0 and m != 0:
            merged[e] = merged.get(e, sp.S.Zero) + m
    symbols = set().union(samples.free_symbols, delta.free_symbols, *(e.free_symbols for e in (*values, *counts)))  # fmt: skip
    field = function_field(tuple(sorted(symbols, key=lambda t: t.name)))
    try:
        for e in (*values, *counts, samples, delta):
            field(e)
    except InvalidArgument:  # roots, exponentials
        kappa = None
    else:
        kappa = _kappa(merged, samples, delta, field)
    if kappa is None:
        if symbols:
            raise NoClosedForm(
                "eigenvalues: with symbols kappa has a closed form for rational functions, one nonzero eigenvalue, or two without "
                "ridge; give the symbols values, and it is computed in floating point"
            )
        return None
    return ExactEigenlearning(tuple(values), tuple(counts), samples, delta, kappa)


def _readable(value: object) -> bool:
    """Whether the value is an exact number or formula (an algebraic number of high degree or a ball is not)."""
    return isinstance(value, (sp.Expr, str, int)) or hasattr(value, "numerator")


def _kappa(
    merged: dict[sp.Expr, sp.Expr], n: sp.Expr, delta: sp.Expr, field: FunctionField
) -> _Surd | None:
    """The root that is not negative, of degree at most two over ``field``."""
    zero = field.zero
    if not merged:
        return _Surd(field(delta) / field(n), zero, zero)
    if delta == 0:
        spare = sp.Add(*merged.values()) - n  # rank - n
        if spare.is_nonpositive:
            return _Surd(zero, zero, zero)
        if not spare.is_positive:
            return None
    twice = 2 * field(n)
    if len(merged) == 1:
        [(e, m)] = [(field(e), field(m)) for e, m in merged.items()]
        half = (field(m) - field(n)) * e + field(delta)
        return _surd(half / twice, field.one / twice, half * half + 2 * twice * field(delta) * e)
    if len(merged) == 2 and delta == 0:
        (e1, m1), (e2, m2) = ((field(e), field(m)) for e, m in merged.items())
        b = field(n) * (e1 + e2) - m1 * e1 - m2 * e2
        c = e1 * e2 * (field(n) - m1 - m2)
        return _surd(-b / twice, field.one / twice, b * b - 2 * twice * c)
    return None


def _surd(a: RationalFunction, b: RationalFunction, d: RationalFunction) -> _Surd | None:
    """a + b sqrt(d), in the field itself where d is a square; None where d has numbers too long to be searched for squares."""
    inside = d.to_sympy()
    most = 8 * current().radicand_bits
    if any(int(e.p * e.q).bit_length() > most for e in inside.atoms(sp.Rational)):
        return None
    root = sp.sqrt(inside)
    try:
        return _Surd(a + b * d.field(root), d.field.zero, d)
    except InvalidArgument:
        return _Surd(a, b, d)


def _is_row(value: object) -> bool:
    return isinstance(value, (list, tuple)) or bool(getattr(value, "ndim", False))
