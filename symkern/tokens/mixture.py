"""Mixtures of laws of independent tokens: a hidden law drawn first, then all tokens from it, P = sum_i w_i P_i.

Weights and probabilities are rational numbers or formulas (`symkern.tokens.probability_formulas`). Of formulas, results hold where the symbols are generic: all of
them positive, components whose formulas differ apart, and no accident.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import Any, ClassVar, overload

import sympy as sp

from symkern.errors import InvalidArgument, InvalidType
from symkern.exact import RationalFunction, function_field
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.tokens.categorical import Categorical, read_weights
from symkern.tokens.hidden_markov import HiddenMarkov, mixed_chains
from symkern.tokens.law import Components, Law, SymbolicComponents
from symkern.tokens.letter_counts import power_product
from symkern.tokens.probability_formulas import at_values, conditions, read_values
from symkern.typeset import formula_latex, formula_text
from symkern.typeset.shown import displays


@dataclass(frozen=True)
@typed
class Mixture(Law):
    """A hidden law drawn with the given weights; given it, tokens are independent: ``parts`` lists (weight, law)."""

    parts: tuple[tuple[sp.Expr, Law], ...]
    name: ClassVar[str] = "mixture"

    @property
    def vocabulary(self) -> int | sp.Expr:
        """Number of letters."""
        return self.parts[0][1].vocabulary

    @cached_property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """The symbols in the weights and in the probabilities, by name."""
        found = {s for weight, law in self.parts for s in (*weight.free_symbols, *law.parameters)}
        return tuple(sorted(found, key=str))

    def components(self) -> Components:
        """Those of the laws, in their order, without those of weight 0.

        Raises:
            InvalidArgument: weights or probabilities hold symbols.
        """
        self.require_numbers()
        return tuple(
            (Fraction(weight) * inner, p)
            for weight, law in self.parts
            if weight
            for inner, p in law.components() or ()
        )

    def symbolic_components(self) -> SymbolicComponents:
        """The same; weights and probabilities are elements of the field Q(parameters) where the mixture has symbols, probabilities that are numbers fractions."""
        if not self.parameters:
            return self.components()
        field = function_field(self.parameters)
        return tuple(
            (field(weight) * inner, tuple(map(field, p)) if p and law.parameters else p)
            for weight, law in self.parts
            if weight != 0
            for inner, p in law.symbolic_components() or ()
        )

    def symbolic_sequence_probability(self, counts: Sequence[int]) -> Any:
        """sum_i w_i prod_t p_it^(n_t), in the field Q(parameters) where there are symbols."""
        if not self.parameters:
            return self.sequence_probability(counts)
        total, alike = (
            function_field(self.parameters).zero,
            (Fraction(1, len(counts)),) * len(counts),
        )
        for weight, p in self.symbolic_components():
            symbolic = p is not None and isinstance(p[0], RationalFunction)
            chance = (
                prod(q**n for q, n in zip(p or (), counts, strict=True))
                if symbolic
                else power_product(p or alike, counts)
            )
            total = total + weight * chance
        return total

    @typed
    def probability(self, x: Sequence[int]) -> Fraction | sp.Expr:
        """P(x), exact: a Fraction, or a formula where the law has symbols.

        Args:
            x: letters from 0 to the vocabulary less one.

        >>> one, other = Categorical((sp.S.Half, sp.S.Half)), Categorical((sp.S.One, sp.S.Zero))
        >>> mixture([("p", one), ("1-p", other)]).probability((0, 0))
        1 - 3*p/4
        """
        if not self.parameters:
            return super().probability(x)
        size = self.given_vocabulary()
        letters = [read_integer(t, f"x[{a}]", maximum=size - 1) for a, t in enumerate(x)]
        return sp.expand(
            self.symbolic_sequence_probability([letters.count(t) for t in range(size)]).to_sympy()
        )

    @typed
    def at(self, **values: object) -> Law:
        """The law with numbers, or other formulas, in the place of its symbols.

        Args:
            **values: the name of a symbol with an exact number or a formula.

        Raises:
            InvalidArgument: a name is none of its symbols, or what it is set to leaves a weight or a probability that is none.

        >>> from symkern.tokens import categorical, uniform
        >>> mixture([("q", categorical(["p", "1-p"])), ("1-q", uniform(2))]).at(p="1/3")
        mixture([('q', categorical(['1/3', '2/3'])), ('1 - q', uniform(2))])
        """
        given = read_values(values, self.parameters)
        weights = at_values([weight for weight, _ in self.parts], given)
        laws = []
        for _, law in self.parts:
            own = {str(s): e for s, e in given.items() if s in law.parameters}
            laws.append(law.at(**own) if own else law)
        found: Law = mixture(zip(weights, laws, strict=True))
        return found

    def _require_total(self, length: int | sp.Expr) -> None:
        """Nothing where there are symbols: the sums have been looked at."""
        if not self.parameters:
            super()._require_total(length)

    def occurring(self) -> tuple[Law, Sequence[int] | None]:
        """The mixture on the letters that occur in a law of positive weight, and those letters."""
        if not isinstance(self.vocabulary, int):
            return self, None
        drawn = [(w, law, _chances(law)) for w, law in self.parts if w != 0]
        support = tuple(t for t in range(self.vocabulary) if any(p[t] for _, _, p in drawn))
        if len(support) == self.vocabulary:
            return Mixture(tuple((w, law) for w, law, _ in drawn)), support
        parts = ((w, tuple(p[t] for t in support)) for w, _, p in drawn)
        return Mixture(tuple((w, Categorical(p)) for w, p in parts)), support

    def __repr__(self) -> str:
        inner = ", ".join(f"('{weight}', {law!r})" for weight, law in self.parts)
        return f"mixture([{inner}])"

    def __str__(self) -> str:
        shown = "; ".join(f"{formula_text(w)}: {law}" for w, law in self.parts)
        where = conditions([w for w, _ in self.parts])
        return f"mixture of {shown}" + (f" ({where}, generic)" if where else "")

    @displays
    def latex(self) -> str:
        """The law as LaTeX prose."""
        shown = "; ".join(f"${formula_latex(w)}$: {law.latex()}" for w, law in self.parts)
        where = conditions([w for w, _ in self.parts], formula_latex)
        return f"mixture of {shown}" + (f" (${where}$, generic)" if where else "")


def _chances(law: Law) -> tuple[sp.Expr, ...]:
    """The probabilities of the letters of a law of independent tokens, numbers or formulas."""
    ((_, p),) = law.symbolic_components() or ((1, None),)
    size = law.given_vocabulary()
    return tuple(
        q.to_sympy() if isinstance(q, RationalFunction) else sp.Rational(q.numerator, q.denominator)
        for q in p or (Fraction(1, size),) * size
    )


@overload
def mixture(components: Iterable[tuple[object, Law]]) -> Law: ...
@overload
def mixture(components: Iterable[tuple[object, Law | HiddenMarkov]]) -> Law | HiddenMarkov: ...
def mixture(components: Iterable[tuple[object, Law | HiddenMarkov]]) -> Law | HiddenMarkov:
    """A mixture of laws of independent tokens on one vocabulary; with chains among them, one hidden Markov chain.

    Equal components are one component, and a mixture of one is that law itself.

    Args:
        components: pairs (weight, law); weights are exact numbers of at least 0, or formulas in symbols, and sum to 1.

    Raises:
        InvalidArgument: no components, different vocabularies, or weights that do not sum to 1.
        InvalidType: what is no such pair, or a law whose tokens are not independent and that is no chain.

    >>> from symkern.tokens import categorical
    >>> mixture([("1/2", categorical([1, 0])), ("1/2", categorical([0, 1]))]).vocabulary
    2
    >>> from symkern.tokens import markov, uniform
    >>> mixture([("1/2", markov([["3/4", "1/4"], ["1/4", "3/4"]])), ("1/2", uniform(2))]).states
    3
    >>> print(mixture([("p", categorical(["1/3", "2/3"])), ("1-p", uniform(2))]))
    mixture of p: i.i.d. with probabilities 1/3, 2/3; 1 - p: i.i.d. uniform on 2 letters (0 < p < 1, generic)
    """
    laws: list[Law | HiddenMarkov] = []
    weights = []
    for i, entry in enumerate(read_list(components, "components", "(weight, law)")):
        if not isinstance(entry, (tuple, list)) or len(entry) != 2:
            raise InvalidType(f"components[{i}]", "must be a pair (weight, law)", entry)
        weight, law = entry
        if not isinstance(law, HiddenMarkov) and not (isinstance(law, Law) and law.is_independent):
            raise InvalidType("components", "must be laws of independent tokens, or chains", law)
        weights.append(weight)
        laws.append(law)
    if not laws:
        raise InvalidArgument("components", "must hold a law", "it is empty")
    merged: dict[Law | HiddenMarkov, sp.Expr] = {}
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
