"""Independent tokens with given probabilities: P(x) = prod_t p_t^(n_t)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import sympy as sp

from symkern.errors import InvalidArgument, InvalidType
from symkern.exact import exact_expression
from symkern.reading.annotated import typed
from symkern.reading.sequences import read_list
from symkern.tokens.law import Components, Law
from symkern.typeset.shown import displays


@dataclass(frozen=True)
@typed
class Categorical(Law):
    """Independent tokens with the given ``probabilities``."""

    probabilities: tuple[sp.Rational, ...]
    name: ClassVar[str] = "categorical"

    @property
    def vocabulary(self) -> int:
        """Number of letters."""
        return len(self.probabilities)

    def components(self) -> Components:
        """One, with these probabilities."""
        return ((Fraction(1), tuple(map(Fraction, self.probabilities))),)

    def occurring(self) -> tuple[Categorical, tuple[int, ...]]:
        """The law on the letters of positive probability, and those letters."""
        support = tuple(t for t, p in enumerate(self.probabilities) if p)
        return Categorical(tuple(self.probabilities[t] for t in support)), support

    def __repr__(self) -> str:
        return f"categorical([{', '.join(repr(str(p)) for p in self.probabilities)}])"

    def __str__(self) -> str:
        return f"i.i.d. with probabilities {', '.join(str(p) for p in self.probabilities)}"

    @displays
    def latex(self) -> str:
        """The law as LaTeX prose."""
        return f"i.i.d. with probabilities ${', '.join(sp.latex(p) for p in self.probabilities)}$"

    def text(self) -> str:
        """The probabilities, "1/2,1/3,1/6"."""
        return ",".join(map(str, self.probabilities))


def categorical(probabilities: Iterable[object]) -> Categorical:
    """Independent tokens with rational probabilities that sum to 1.

    Args:
        probabilities: of the letters 0..v-1, exact: Fractions, SymPy Rationals, text such as "1/3"; each at least 0.

    Raises:
        InvalidArgument: a negative probability, or a sum other than 1.
        InvalidType: a float.

    >>> categorical(["1/2", "1/3", "1/6"]).vocabulary
    3
    """
    listed = read_list(probabilities, "probabilities", "numbers")
    return Categorical(read_weights(listed, "probabilities"))


def read_weights(values: Sequence[object], argument: str) -> tuple[sp.Rational, ...]:
    """Rational numbers, none of them negative, that sum to 1."""
    read = []
    for i, value in enumerate(values):
        p = exact_expression(value, f"{argument}[{i}]")
        if not p.is_Rational:
            raise InvalidType(f"{argument}[{i}]", "must be a rational number", value)
        if p < 0:
            raise InvalidArgument(argument, "weights must not be negative", f"number {i} is {p}")
        read.append(p)
    total = sum(read, sp.S.Zero)
    if total != 1:
        raise InvalidArgument(argument, "weights must sum to 1", f"the sum is {total}")
    return tuple(read)
