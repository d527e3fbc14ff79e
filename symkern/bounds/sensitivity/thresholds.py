r"""Thresholds of the number of entries +1, and majority among them, the threshold floor(n/2) + 1.

f changes on the edges between the layers with k - 1 and with k entries +1, of which there are k C(n, k) = n C(n-1, k-1), so that

    as = n C(n-1, k-1)/2^(n-1),     K_k += C(n, k),   K_(n-k+1) += C(n, k-1),   K_0 += 2^n - C(n+1, k),

    fhat(P) = 2^(1-n) sum_i (-1)^i C(d-1, i) C(n-d, n-k-i),   |P| = d >= 1     (a Krawtchouk polynomial).

(O'Donnell, *Analysis of Boolean Functions*, 2014, sections 2.2, 2.3 and 5.3; Hahn, Rofin, ACL 2024, arXiv 2402.09963.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np
import sympy as sp

from symkern.abc import n as SIZE
from symkern.bounds.sensitivity.families import Family, Size, require_input
from symkern.errors import InvalidArgument, NoClosedForm, displayed
from symkern.exact import exact_expression, exact_size
from symkern.exact.asymptotics import Leading
from symkern.limits import current
from symkern.reading.integers import read_integer
from symkern.typeset import formula_text


@dataclass(frozen=True)
class Threshold(Family):
    """+1 where at least ``count`` entries are +1, else -1; ``count`` is an int or a formula in the symbol n."""

    count: sp.Expr
    limit = sp.S.Zero  # C(n-1, k-1) is largest in the middle, where as ~ sqrt(2n/pi)

    @property
    def name(self) -> str:
        """With its count."""
        return f"threshold({formula_text(self.count)})"

    def __repr__(self) -> str:
        return f"threshold({formula_text(self.count)!r})"

    def at(self, n: Size) -> Size:
        """The threshold at size n; an int lies between 0 and n + 1.

        Args:
            n: a positive integer, a symbol or a formula's text.
        """
        n = exact_size(n, "n")
        found = self.count.subs(SIZE, n)
        if not isinstance(n, int):
            return int(found) if found.is_Integer else found
        if not found.is_Integer:
            shown = formula_text(self.count)
            raise InvalidArgument(
                "n", f"must make the threshold {shown} an integer", f"it is {displayed(n)}"
            )
        return max(0, min(int(found), n + 1))  # beyond, the function is constant all the same

    def require(self, n: Size) -> None:
        """Refuse sizes at which the threshold is no integer."""
        self.at(n)

    def __call__(self, x: Any) -> Any:
        """+1 or -1."""
        require_input(x)
        n = len(x)
        ones = (sum(x) + n) // 2
        if isinstance(x, np.ndarray):
            return 2 * (ones >= self.at(n)).astype(np.int64) - 1
        return 1 if ones >= self.at(n) else -1

    def _average(self, n: Size) -> sp.Expr:
        k = self.at(n)
        if isinstance(n, int):
            return sp.Rational(n * _comb(n - 1, k - 1), 1 << n - 1)
        return n * sp.binomial(n - 1, k - 1) / sp.Integer(2) ** (n - 1)

    def _influence(self, n: Size) -> Mapping[int | str, sp.Expr]:
        return {"other": self.average(n) / n}

    def _weight(self, d: int, n: Size) -> sp.Expr:
        k = self.at(n)
        if d == 0:
            return self._bias(n) ** 2
        if isinstance(n, int):
            total = sum((-1) ** i * _comb(d - 1, i) * _comb(n - d, n - k - i) for i in range(d))
            return sp.Rational(comb(n, d) * total**2, 4 ** (n - 1))
        found = sum((-1) ** i * comb(d - 1, i) * sp.binomial(n - d, n - k - i) for i in range(d))
        return sp.binomial(n, d) * found**2 / sp.Integer(4) ** (n - 1)

    def _bias(self, n: Size) -> sp.Expr:
        """E f."""
        k = self.at(n)
        if not isinstance(n, int) and not isinstance(k, int):
            raise NoClosedForm(
                f"weight: E f of {self.name} is a sum of binomials without closed form in n; it is exact at "
                "a given n, and in n for a threshold that is a number"
            )
        if isinstance(n, int):
            return 1 - sp.Rational(2 * sum(comb(n, j) for j in range(int(k))), 1 << n)
        below = sum(sp.binomial(n, j) for j in range(int(k)))
        return 1 - 2 * below / sp.Integer(2) ** n

    def _profile(self, n: Size) -> tuple[tuple[Size, sp.Expr], ...]:
        k = self.at(n)
        if isinstance(n, int):
            pairs = ((0, 2**n - comb(n + 1, k)), (k, comb(n, k)), (n - k + 1, _comb(n, k - 1)))
            return tuple((m, sp.Integer(c)) for m, c in pairs)
        return (
            (0, sp.Integer(2) ** n - sp.binomial(n + 1, k)),
            (k, sp.binomial(n, k)),
            (n - k + 1, sp.binomial(n, k - 1)),
        )

    def leading(self) -> Leading | None:
        """sqrt(2n/pi) at a bounded distance from the middle; elsewhere no power of n is known here."""
        if (self.count - SIZE / 2).is_number:
            return Leading(sp.Rational(1, 2), sp.sqrt(2 / sp.pi), SIZE)
        return None


@dataclass(frozen=True)
class Majority(Threshold):
    """+1 where the entries have a positive sum, else -1, so that ties count as -1.

    ``remainder`` is "odd" or "even" where n is only of that kind, which makes formulas in n simpler, else None.
    """

    remainder: str | None = None

    @property
    def name(self) -> str:
        """With the remainder of n where it is given."""
        return "majority" + (f" ({self.remainder} n)" if self.remainder else "")

    def __repr__(self) -> str:
        return f"majority({self.remainder!r})" if self.remainder else "majority()"

    def at(self, n: Size) -> Size:
        """floor(n/2) + 1, written without the floor where the remainder of n is known.

        Args:
            n: a positive integer, a symbol or a formula's text.

        Raises:
            InvalidArgument: an integer of the other remainder.
        """
        n = exact_size(n, "n")
        if isinstance(n, int):
            if self.remainder not in (None, "odd" if n % 2 else "even"):
                raise InvalidArgument(
                    "n", f"must be {self.remainder} for {self!r}", f"it is {displayed(n)}"
                )
            return n // 2 + 1
        if self.remainder == "odd" or n.is_odd:
            return (n + 1) / 2
        if self.remainder == "even" or n.is_even:
            return n / 2 + 1
        return self.count.subs(SIZE, n)

    def _average(self, n: Size) -> sp.Expr:
        if not isinstance(n, int) and (self.remainder == "even" or n.is_even):
            return n * sp.binomial(n, n / 2) / sp.Integer(2) ** n
        return super()._average(n)

    def _bias(self, n: Size) -> sp.Expr:
        """Minus the probability of a tie."""
        if isinstance(n, int):
            return sp.S.Zero if n % 2 else -sp.Rational(comb(n, n // 2), 1 << n)
        odd, even = self.remainder == "odd" or n.is_odd, self.remainder == "even" or n.is_even
        tie = -sp.binomial(n, n / 2) / sp.Integer(2) ** n
        if odd or even:
            return sp.S.Zero if odd else tie
        return sp.Piecewise((sp.S.Zero, sp.Eq(sp.Mod(n, 2), 1)), (tie, True))

    def _weight(self, d: int, n: Size) -> sp.Expr:
        """For odd n: 0 in even degree, in odd degree (O'Donnell, theorem 5.19)
        C(n, d) (C((n-1)/2, (d-1)/2) C(n-1, (n-1)/2)/(C(n-1, d-1) 2^(n-1)))^2.
        """
        if isinstance(n, int) or not (self.remainder == "odd" or n.is_odd):
            return super()._weight(d, n)
        if d % 2 == 0:
            return sp.S.Zero
        half = (n - 1) / 2
        ratio = sp.binomial(half, (d - 1) // 2) / sp.expand_func(sp.binomial(n - 1, d - 1))
        middle = sp.binomial(n - 1, half) / sp.Integer(2) ** (n - 1)
        small = sp.cancel(sp.expand_func(sp.binomial(n, d)) * sp.expand_func(ratio) ** 2)
        return sp.factor(small) * middle**2

    def leading(self) -> Leading | None:
        """sqrt(2n/pi)."""
        return Leading(sp.Rational(1, 2), sp.sqrt(2 / sp.pi), SIZE)


def _comb(n: int, k: int) -> int:
    if 0 <= k <= n:
        read_integer(min(k, n - k), "n", 0, current().subset_positions)
    return comb(n, k) if 0 <= k <= n else 0


def majority(remainder: str | None = None) -> Majority:
    """The sign of the sum, ties counting as -1; for ``remainder`` see `Majority`.

    Args:
        remainder: "odd" or "even", what is known of a symbol n; None for both.

    Raises:
        InvalidArgument: another word.

    >>> majority().average(7), majority("odd").average(SIZE)
    (35/16, 2**(1 - n)*n*binomial(n - 1, n/2 - 1/2))
    """
    if remainder is not None and (
        not isinstance(remainder, str) or remainder not in ("odd", "even")
    ):
        raise InvalidArgument(
            "remainder", "must be 'odd', 'even' or None", f"it is {displayed(remainder)}"
        )
    return Majority(sp.floor(SIZE / 2) + 1, remainder)


def threshold(count: Any) -> Threshold:
    """+1 where at least ``count`` entries are +1.

    Args:
        count: an integer, or a formula in n as text or SymPy expression.

    Raises:
        InvalidArgument: a formula in another symbol.

    >>> threshold("n").average(3), threshold(1).profile(3)
    (3/4, ((0, 4), (1, 3), (3, 1)))
    """
    read = exact_expression(count, "count")
    if read.free_symbols - {SIZE} or (read.is_number and not read.is_Integer):
        raise InvalidArgument(
            "count", "must be an integer or a formula in n", f"it is {displayed(read)}"
        )
    return Threshold(read)
