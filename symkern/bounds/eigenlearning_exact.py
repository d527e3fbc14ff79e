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

from symkern.bounds.reading import is_inexact
from symkern.errors import InvalidArgument, NoClosedForm, SizeMismatch
from symkern.exact import exact_expression

__all__ = ["ExactEigenlearning", "closed_form"]


@dataclass(frozen=True)
class ExactEigenlearning:
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
    kappa: sp.Expr

    @property
    def learnabilities(self) -> tuple[sp.Expr, ...]:
        """Lrn_i = lambda_i/(lambda_i + kappa), one for each mode."""
        return tuple(
            sp.S.Zero if e == 0 else sp.radsimp(e / (e + self.kappa)) for e in self.eigenvalues
        )

    @property
    def excess(self) -> sp.Expr:
        """delta/kappa = n - sum m Lrn, also where kappa is zero."""
        learned = sum(
            (m * p for m, p in zip(self.multiplicities, self.learnabilities, strict=True)),
            sp.S.Zero,
        )
        return sp.radsimp(self.n - learned)

    @property
    def overfitting(self) -> sp.Expr:
        """E0 = n/(n - sum m Lrn^2); oo at the interpolation threshold."""
        rest = sp.radsimp(
            self.n
            - sum(
                (m * p**2 for m, p in zip(self.multiplicities, self.learnabilities, strict=True)),
                sp.S.Zero,
            )
        )
        return sp.oo if rest == 0 else sp.radsimp(self.n / rest)

    @property
    def train_ratio(self) -> sp.Expr:
        """delta/(n kappa)."""
        return sp.radsimp(self.excess / self.n)

    def test_error(self, energies: Sequence[object], noise: object = 0) -> sp.Expr:
        """E0 (sum (1 - Lrn)^2 e + noise)."""
        bias = self._bias(energies, noise)
        return sp.S.Zero if bias == 0 else sp.radsimp(self.overfitting * bias)

    def train_error(self, energies: Sequence[object], noise: object = 0) -> sp.Expr:
        """(delta/(n kappa))^2 times `test_error`; zero at the interpolation threshold."""
        bias, ratio = self._bias(energies, noise), self.train_ratio
        if bias == 0 or ratio == 0:
            return sp.S.Zero
        return sp.radsimp(ratio**2 * self.overfitting * bias)

    def _bias(self, energies: Sequence[object], noise: object) -> sp.Expr:
        values = [exact_expression(e, f"energies[{i}]") for i, e in enumerate(energies)]
        variance = exact_expression(noise, "noise")
        if len(values) != len(self.eigenvalues):
            raise SizeMismatch(
                "energies",
                f"must have one entry for each of {len(self.eigenvalues)} modes",
                f"there are {len(values)}",
            )
        for name, value in (("noise", variance), *((f"energies[{i}]", e) for i, e in enumerate(values))):  # fmt: skip
            _require_at_least(value, name, 0)
        return sum(
            ((1 - p) ** 2 * e for p, e in zip(self.learnabilities, values, strict=True)),
            variance,
        )


def _require_at_least(value: sp.Expr, argument: str, least: int) -> None:
    if (value - least).is_negative:
        raise InvalidArgument(argument, f"must be at least {least}", f"it is {value}")


def closed_form(
    eigenvalues: Any, multiplicities: Any, n: Any, ridge: Any
) -> ExactEigenlearning | None:
    """The exact solution; None where the input is inexact, not one row at one n, or has no closed form."""
    given = (eigenvalues, multiplicities, n, ridge)
    if isinstance(n, (list, tuple)) or np.ndim(n) or any(map(is_inexact, given)):
        return None
    if not isinstance(eigenvalues, (list, tuple, np.ndarray)) or not len(eigenvalues):
        return None
    if any(map(np.ndim, eigenvalues)):
        return None
    if any(not _readable(e) for e in (*eigenvalues, n, ridge)):
        return None
    values = [exact_expression(e, f"eigenvalues[{i}]") for i, e in enumerate(eigenvalues)]
    listed = [1] * len(values) if multiplicities is None else list(multiplicities)
    counts = [exact_expression(m, f"multiplicities[{i}]") for i, m in enumerate(listed)]
    samples, delta = exact_expression(n, "n"), exact_expression(ridge, "ridge")
    if len(counts) != len(values):
        raise SizeMismatch(
            "multiplicities",
            f"must have one entry for each of {len(values)} eigenvalues",
            f"there are {len(counts)}",
        )
    for name, value, least in (
        ("n", samples, 1),
        ("ridge", delta, 0),
        *((f"eigenvalues[{i}]", e, 0) for i, e in enumerate(values)),
        *((f"multiplicities[{i}]", m, 0) for i, m in enumerate(counts)),
    ):
        _require_at_least(value, name, least)
    for i, m in enumerate(counts):
        if m.is_integer is False:
            raise InvalidArgument(f"multiplicities[{i}]", "must be an integer", f"it is {m}")
    merged: dict[sp.Expr, sp.Expr] = {}
    for e, m in zip(values, counts, strict=True):
        if e != 0 and m != 0:
            merged[e] = merged.get(e, sp.S.Zero) + m
    symbols = set().union(samples.free_symbols, delta.free_symbols, *(e.free_symbols for e in (*values, *counts)))  # fmt: skip
    kappa = _kappa(merged, samples, delta)
    if kappa is None:
        if symbols:
            raise NoClosedForm(
                "eigenvalues: with symbols kappa has a closed form for one nonzero eigenvalue, or two without "
                "ridge; give the symbols values, and it is computed in floating point"
            )
        return None
    return ExactEigenlearning(tuple(values), tuple(counts), samples, delta, kappa)


def _readable(value: object) -> bool:
    """Whether the value is an exact number or formula (an algebraic number of high degree or a ball is not)."""
    return isinstance(value, (sp.Expr, str, int)) or hasattr(value, "numerator")


def _kappa(merged: dict[sp.Expr, sp.Expr], n: sp.Expr, delta: sp.Expr) -> sp.Expr | None:
    if not merged:
        return delta / n
    if delta == 0:
        spare = sp.Add(*merged.values()) - n  # rank - n
        if spare.is_nonpositive:
            return sp.S.Zero
        if not spare.is_positive:
            return None
    if len(merged) == 1:
        [(e, m)] = merged.items()
        half = (m - n) * e + delta
        root = half if delta == 0 else sp.sqrt(half**2 + 4 * n * delta * e)
        return sp.radsimp(sp.factor(half / (2 * n)) + root / (2 * n))
    if len(merged) == 2 and delta == 0:
        (e1, m1), (e2, m2) = merged.items()
        b = n * (e1 + e2) - m1 * e1 - m2 * e2
        c = e1 * e2 * (n - m1 - m2)
        return sp.radsimp((-b + sp.sqrt(b**2 - 4 * n * c)) / (2 * n))
    return None
