"""Mixtures of laws of independent tokens: a hidden law drawn first, then all tokens from it, P = sum_i w_i P_i."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, overload

import sympy as sp

from symkern.errors import InvalidArgument, InvalidType
from symkern.reading.annotated import typed
from symkern.reading.sequences import read_list
from symkern.tokens.categorical import Categorical, read_weights
from symkern.tokens.hidden_markov import HiddenMarkov, mixed_chains
from symkern.tokens.law import Components, Law
from symkern.typeset.shown import displays


@dataclass(frozen=True)
@typed
class Mixture(Law):
    """A hidden law drawn with the given weights; given it, tokens are independent: ``parts`` lists (weight, law)."""

    parts: tuple[tuple[sp.Rational, Law], ...]
    name: ClassVar[str] = "mixture"

    @property
    def vocabulary(self) -> int | sp.Expr:
        """Number of letters."""
        return self.parts[0][1].vocabulary

    def components(self) -> Components:
        """Those of the laws, in their order, without those of weight 0."""
        return tuple(
            (Fraction(weight) * inner, p)
            for weight, law in self.parts
            if weight
            for inner, p in law.components() or ()
        )

    def occurring(self) -> tuple[Law, Sequence[int] | None]:
        """The mixture on the letters that occur in a law of positive weight, and those letters."""
        if not isinstance(self.vocabulary, int):
            return self, None
        drawn = [(w, law, law.letter_probabilities()) for w, law in self.parts if w]
        support = tuple(t for t in range(self.vocabulary) if any(p[t] for _, _, p in drawn))
        if len(support) == self.vocabulary:
            return Mixture(tuple((w, law) for w, law, _ in drawn)), support
        parts = ((w, tuple(sp.Rational(p[t]) for t in support)) for w, _, p in drawn)
        return Mixture(tuple((w, Categorical(p)) for w, p in parts)), support

    def __repr__(self) -> str:
        inner = ", ".join(f"('{weight}', {law!r})" for weight, law in self.parts)
        return f"mixture([{inner}])"

    def __str__(self) -> str:
        return "mixture of " + "; ".join(f"{w}: {law}" for w, law in self.parts)

    @displays
    def latex(self) -> str:
        """The law as LaTeX prose."""
        return "mixture of " + "; ".join(f"${sp.latex(w)}$: {law.latex()}" for w, law in self.parts)


@overload
def mixture(components: Iterable[tuple[object, Law]]) -> Law: ...
@overload
def mixture(components: Iterable[tuple[object, Law | HiddenMarkov]]) -> Law | HiddenMarkov: ...
def mixture(components: Iterable[tuple[object, Law | HiddenMarkov]]) -> Law | HiddenMarkov:
    """A mixture of laws of independent tokens on one vocabulary; with chains among them, one hidden Markov chain.

    Equal components are one component, and a mixture of one is that law itself.

    Args:
        components: pairs (weight, law); weights are exact, at least 0 and sum to 1.

    Raises:
        InvalidArgument: no components, different vocabularies, or weights that do not sum to 1.
        InvalidType: what is no such pair, or a law whose tokens are not independent and that is no chain.

    >>> from symkern.tokens import categorical
    >>> mixture([("1/2", categorical([1, 0])), ("1/2", categorical([0, 1]))]).vocabulary
    2
    >>> from symkern.tokens import markov, uniform
    >>> mixture([("1/2", markov([["3/4", "1/4"], ["1/4", "3/4"]])), ("1/2", uniform(2))]).states
    3
    """
    laws: list[Law | HiddenMarkov] = []
    weights = []
    for i, entry in enumerate(read_list(components, "components", "(weight, law)")):
        if not isinstance(entry, (tuple, list)) or len(entry) != 2:
            raise InvalidType(f"components[{i}]", "must be a pair (weight, law)", entry)
        weight, law = entry
        if not isinstance(law, HiddenMarkov) and not (isinstance(law, Law) and law.is_independent):
            raise InvalidType("components", "must be laws of independent tokens, or chains", law)
        if isinstance(law, Law):
            law.require_numbers("in a mixture")
        weights.append(weight)
        laws.append(law)
    if not laws:
        raise InvalidArgument("components", "must hold a law", "it is empty")
    merged: dict[Law | HiddenMarkov, sp.Rational] = {}
    for law, weight in zip(laws, read_weights(weights, "weights"), strict=True):
        merged[law] = merged.get(law, sp.S.Zero) + weight
    sizes = {law.vocabulary for law in laws}
    if len(sizes) > 1:
        rule = "must share one vocabulary size"
        raise InvalidArgument("components", rule, f"the sizes are {sorted(map(str, sizes))}")
    if len(merged) == 1:
        return laws[0]
    if any(isinstance(law, HiddenMarkov) for law in laws):
        return mixed_chains([(weight, law) for law, weight in merged.items()])
    return Mixture(tuple((w, law) for law, w in merged.items() if isinstance(law, Law)))
