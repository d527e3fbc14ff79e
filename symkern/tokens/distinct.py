"""Distinct tokens: a uniform random permutation of a vocabulary of size L, P(x) = 1/L! where all letters differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from math import factorial
from typing import Any, ClassVar

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.tokens.law import Law
from symkern.typeset.shown import displays


@dataclass(frozen=True)
class Distinct(Law):
    """A uniform random permutation of a vocabulary of size L."""

    name: ClassVar[str] = "distinct"
    letters_repeat: ClassVar[bool] = False
    symmetric_letters: ClassVar[bool] = True

    @property
    def vocabulary(self) -> sp.Expr:
        """The symbol L: as many letters as positions, see `vocabulary_at`."""
        return CONTEXT_LENGTH

    @typed
    def type_probability(self, counts: Sequence[int]) -> Fraction:
        """1 where every letter occurs once.

        Args:
            counts: how often each letter occurs.
        """
        listed = read_list(counts, "counts", "numbers of letters")
        return Fraction(all(read_integer(n, f"counts[{t}]") == 1 for t, n in enumerate(listed)))

    def _require_total(self, length: int) -> None:
        """Nothing: there is one type."""

    @typed
    def sequences(self, length: int) -> Iterator[tuple[int, ...]]:
        """The permutations of 0..L-1, in lexicographic order.

        Args:
            length: at least 0.
        """
        return permutations(range(read_integer(length, "length", 0, current().listed_positions)))

    @typed
    def sequence_count(self, length: int) -> int:
        """L!, or 100! for lengths beyond 100: far too many in either case."""
        return factorial(min(read_integer(length, "length"), 100))

    def __repr__(self) -> str:
        return "distinct()"

    def __str__(self) -> str:
        return "all tokens distinct, in uniform random order (v = L)"

    @displays
    def latex(self) -> str:
        """The law as LaTeX prose."""
        return "all distinct, in uniform random order ($v = L$)"

    def text(self) -> str:
        """The name alone."""
        return self.name

    @typed
    def claim(self, length: int | sp.Expr) -> dict[str, Any]:
        """The kind alone."""
        return {"kind": self.name}


def distinct() -> Distinct:
    """Sequences in which every token of a vocabulary of size L occurs exactly once.

    >>> distinct()
    distinct()
    """
    return Distinct()
