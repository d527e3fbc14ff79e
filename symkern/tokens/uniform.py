"""Independent uniform tokens: P(x) = v^-L, the vocabulary v a number or a symbol."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.reading.annotated import typed
from symkern.tokens.law import Components, Law
from symkern.tokens.sizes import Size
from symkern.typeset.shown import displays


@dataclass(frozen=True)
@typed
class Uniform(Law):
    """Independent uniform tokens on ``vocabulary`` letters."""

    vocabulary: int | sp.Expr
    name: ClassVar[str] = "uniform"
    symmetric_letters: ClassVar[bool] = True

    def components(self) -> Components:
        """One, with equal probabilities."""
        return ((Fraction(1), None),)

    @typed
    def at_sizes(
        self, length: int | sp.Expr | None = None, vocabulary: int | sp.Expr | None = None
    ) -> Uniform:
        """The law with these sizes in the place of L and v.

        Args:
            length: an integer in the place of L.
            vocabulary: an integer in the place of v.

        >>> from symkern.abc import v
        >>> uniform(v).at_sizes(vocabulary=3)
        uniform(3)
        """
        given = {CONTEXT_LENGTH: length, VOCABULARY: vocabulary}.get(self.vocabulary)
        return self if given is None else Uniform(given)

    def __repr__(self) -> str:
        return f"uniform({self.vocabulary!r})"

    def __str__(self) -> str:
        return f"i.i.d. uniform on {self.vocabulary} letter{'s' * (self.vocabulary != 1)}"

    @displays
    def latex(self) -> str:
        """The law as LaTeX prose."""
        return (
            f"i.i.d. uniform on ${sp.latex(self.vocabulary)}$ letter{'s' * (self.vocabulary != 1)}"
        )

    def text(self) -> str:
        """The name alone: the vocabulary stands beside it."""
        return self.name


def uniform(vocabulary: object) -> Uniform:
    """Independent uniform tokens.

    Formulas such as 2 v are refused: "from v = 6 on" would have to be solved for v, sector by sector.

    Args:
        vocabulary: a positive integer, or a symbol, v or L of `symkern.abc`.

    Raises:
        InvalidArgument: an integer below 1, or another formula.
        InvalidType: a float.

    >>> uniform(3)
    uniform(3)
    >>> uniform(0)
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: vocabulary: must be at least 1, but it is 0
    """
    return Uniform(Size.read(vocabulary, "vocabulary", (VOCABULARY, CONTEXT_LENGTH)).value)
