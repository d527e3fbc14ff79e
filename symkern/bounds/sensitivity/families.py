"""What is one function on {+1, -1}^n for every n, and the quantities that it answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np
import sympy as sp

from symkern.abc import n as SIZE
from symkern.claims import Claim, ScalingLaw, Standing
from symkern.doors import FamilyDoors
from symkern.errors import InvalidArgument, InvalidType, displayed
from symkern.exact import exact_size
from symkern.exact.asymptotics import Leading
from symkern.limits import current
from symkern.reading.integers import read_integer

Size = Any  # an int, or a SymPy expression with a symbol
ONE = sp.S.One


class Family(FamilyDoors, ABC):
    """One function on {+1, -1}^n for every n; every quantity takes n as a number or as a symbol."""

    @property
    @abstractmethod
    def name(self) -> str:
        """In words."""

    @abstractmethod
    def __call__(self, x: Any) -> Any:
        """The value at an input, or the values at the columns of an array."""

    def require(self, n: Size) -> None:
        """Refuse sizes at which the family has no member."""
        if isinstance(n, int) and n < self.threshold_size:
            raise InvalidArgument(
                "n",
                f"must be at least {displayed(self.threshold_size)} for {displayed(self)}",
                f"it is {displayed(n)}",
            )

    def average(self, n: Size) -> sp.Expr:
        """as(f_n) = sum |P| fhat(P)^2.

        Args:
            n: the number of signs, a positive integer, a symbol or a formula's text.
        """
        return self._average(exact_size(n, "n"))

    def influence(self, n: Size) -> Mapping[int | str, sp.Expr]:
        """Influences by position; "other" stands for all positions that are not named.

        Args:
            n: as in `average`.
        """
        return self._influence(exact_size(n, "n"))

    def weight(self, d: int, n: Size) -> sp.Expr:
        """The Fourier weight in degree d.

        Args:
            d: the degree, at least 0.
            n: as in `average`.
        """
        return self._weight(read_integer(d, "d"), exact_size(n, "n"))

    def degrees(self, n: Size) -> tuple[Size, ...] | None:
        """The degrees whose weight is not zero, where they are few.

        Args:
            n: as in `average`.
        """
        return self._degrees(exact_size(n, "n"))

    def profile(self, n: Size) -> tuple[tuple[Size, sp.Expr], ...]:
        """Pairs (m, number of inputs): K_m is the sum over the pairs with that m.

        Args:
            n: as in `average`.
        """
        size = exact_size(n, "n")
        if isinstance(size, int):
            read_integer(size, "n", 1, current().subset_positions)
        return self._profile(size)

    def mean_square(self, n: Size) -> sp.Expr:
        """E f^2.

        Args:
            n: as in `average`.
        """
        return self._mean_square(exact_size(n, "n"))

    @abstractmethod
    def _average(self, n: Size) -> sp.Expr: ...

    @abstractmethod
    def _influence(self, n: Size) -> Mapping[int | str, sp.Expr]: ...

    @abstractmethod
    def _weight(self, d: int, n: Size) -> sp.Expr: ...

    @abstractmethod
    def _profile(self, n: Size) -> tuple[tuple[Size, sp.Expr], ...]: ...

    def _degrees(self, n: Size) -> tuple[Size, ...] | None:
        return None

    def _mean_square(self, n: Size) -> sp.Expr:
        return ONE

    @abstractmethod
    def leading(self) -> Leading | None:
        """The leading term of as(f_n) as n grows; None where it is not a power of n."""

    @property
    @abstractmethod
    def limit(self) -> sp.Rational:
        """lim as(f_n)/(2n)."""

    @property
    def threshold_size(self) -> int:
        """The first n that has a member."""
        return 1

    def law(self) -> ScalingLaw:
        """as(f_n) as a law in n.

        >>> import symkern as sk
        >>> print(sk.bounds.sensitivity.majority().law())
        as(f) = n*2^(1 - n)*binomial(n - 1, floor(n/2)) ~ sqrt(2*n/pi)  (n >= 1, proved)
        """
        return ScalingLaw(
            "as(f)",
            self.average(SIZE),
            self.leading(),
            {"n": self.threshold_size},
            Standing.PROVED,
            symbol=r"\operatorname{as}(f)",
            claim=self.claim,
        )

    @property
    def claim(self) -> Claim:
        """What `derivation` proves."""
        return Claim("sensitivity of a family", (self,))

    def __str__(self) -> str:
        return self.name


def require_input(x: object) -> None:
    """Refuse what is no input: the first entry says it of a sequence, the type of an array; the functions are called 2^n times."""
    if isinstance(x, np.ndarray):
        if x.ndim and x.size and x.dtype.kind in "iub":
            return
        finite = x.dtype == object or (x.dtype.kind == "f" and np.isfinite(x).all())
        if x.ndim and x.size and finite and _is_entry(x.flat[0]):
            return
    elif isinstance(x, (tuple, list)) and x and _is_entry(x[0]):
        return
    raise InvalidType("x", "must be an input of signs +1 and -1", x)


def _is_entry(value: object) -> bool:
    """A number that equals itself, or a formula."""
    return isinstance(value, (int, float, np.number, sp.Basic)) and bool(value == value)
