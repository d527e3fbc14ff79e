"""The constants of jets: what a field offers in which the coefficients of a power series are computed.

`exact_constants` are formulas, `ball_constants` numbers with a proven radius.
"""

from __future__ import annotations

from typing import Any, Protocol


class Constants(Protocol):
    """A field of constants, with functions by name and their Taylor coefficients."""

    zero: Any
    one: Any

    def __call__(self, value: Any) -> Any:
        """A number or formula as a constant."""

    def is_zero(self, constant: Any) -> bool:
        """Whether it is zero, as stored."""

    def vanishes(self, constant: Any) -> bool:
        """Whether it is zero, as far as can be said."""

    def same(self, one: Any, other: Any) -> bool:
        """Whether two are stored alike."""

    def inverse(self, constant: Any) -> Any:
        """1 over it."""

    def tidied(self, constant: Any) -> Any:
        """The same, written short where that pays."""

    def taylor(self, name: str, at: Any, most: int) -> list[Any]:
        """f^(n)(at)/n! for n up to ``most``."""

    def sign(self, constant: Any) -> int:
        """Its sign: -1, 0 or 1."""
