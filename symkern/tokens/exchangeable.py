"""Finitely exchangeable laws: how often each letter occurs is drawn, then the order of the letters uniformly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

import sympy as sp

from symkern.errors import InvalidArgument, InvalidType
from symkern.exact import exact_size
from symkern.reading.annotated import typed
from symkern.tokens.categorical import read_weights
from symkern.tokens.law import Law
from symkern.tokens.letter_counts import read_counts
from symkern.typeset.shown import displays

#: Counts that a law prints one by one.
_SHOWN = 12


@dataclass(frozen=True)
@typed
class Exchangeable(Law):
    """A finitely exchangeable law: ``types`` lists (counts of the letters, their probability), all of one length."""

    types: tuple[tuple[tuple[int, ...], sp.Rational], ...]
    name: ClassVar[str] = "exchangeable"

    @property
    def vocabulary(self) -> int:
        """Number of letters."""
        return len(self.types[0][0])

    @property
    def length(self) -> int:
        """The length of the sequences."""
        return sum(self.types[0][0])

    @cached_property
    def _chances(self) -> dict[tuple[int, ...], Fraction]:
        return {counts: Fraction(p) for counts, p in self.types}

    @typed
    def type_probability(self, counts: Sequence[int]) -> Fraction:
        """As listed, 0 for all others.

        Args:
            counts: how often each letter occurs.
        """
        return self._chances.get(read_counts(counts, self.vocabulary), Fraction(0))

    def _require_total(self, length: int) -> None:
        """Nothing: `exchangeable` has seen to it."""

    def __repr__(self) -> str:
        return f"exchangeable({{{', '.join(f'{c}: {str(p)!r}' for c, p in self.types)}}})"

    def __str__(self) -> str:
        if len(self.types) > _SHOWN:
            return f"exchangeable on {self.vocabulary} letters, {len(self.types)} counts of {self.length} letters with given probabilities"
        return "exchangeable with counts " + ", ".join(f"{c}: {p}" for c, p in self.types)

    @displays
    def latex(self) -> str:
        """The law as LaTeX prose."""
        if len(self.types) > _SHOWN:
            return str(self)
        return "exchangeable with counts " + ", ".join(
            f"${c}$: ${sp.latex(p)}$" for c, p in self.types
        )

    @typed
    def claim(self, length: int | sp.Expr) -> dict[str, Any]:
        """Kind and types."""
        return {"kind": self.name, "types": [[list(c), str(p)] for c, p in self.types]}


def exchangeable(types: Mapping[tuple[int, ...], object]) -> Exchangeable:
    """The law under which the letters occur with the counts c = (c_0, ..., c_{v-1}) with probability ``types[c]``.

    Given the counts, every order of the letters is equally likely. Probabilities are rational and sum to 1.

    Args:
        types: tuple of counts -> probability, exact; all of one vocabulary and one length. Counts that are not listed have probability 0.

    Raises:
        InvalidArgument: counts of different sums or numbers of letters, a negative probability, or a sum other than 1.
        InvalidType: no mapping, keys that are no tuples of integers, or a float.

    >>> exchangeable({(2, 0): "1/4", (1, 1): "3/4"}).length
    2
    """
    if not isinstance(types, Mapping):
        raise InvalidType("types", "must map counts of the letters to probabilities", types)
    if not types:
        raise InvalidArgument("types", "must not be empty", "they are")
    listed = []
    for counts in types:
        if not isinstance(counts, tuple) or not counts:
            raise InvalidType("types", "must have tuples of counts as keys", counts)
        listed.append(tuple(exact_size(n, "counts", least=0) for n in counts))
        if any(not isinstance(n, int) for n in listed[-1]):
            raise InvalidType("counts", "must be integers", counts)
    shapes = {(len(c), sum(c)) for c in listed}
    if len(shapes) > 1:
        raise InvalidArgument(
            "types",
            "must share one vocabulary and one length",
            f"(vocabulary, length) takes the values {sorted(shapes)}",
        )
    if next(iter(shapes))[1] == 0:
        raise InvalidArgument("types", "must have a length of at least 1", "the counts are zero")
    probabilities = read_weights(list(types.values()), "probabilities")
    return Exchangeable(tuple(zip(listed, probabilities, strict=True)))
