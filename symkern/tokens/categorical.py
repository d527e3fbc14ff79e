r"""Independent tokens with given probabilities: P(x) = prod_t p_t^(n_t).

Probabilities are rational numbers or formulas, p and 1 - p (`symkern.tokens.probability_formulas`). Of formulas, results hold where the symbols
are generic: all of them positive, and no accident.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import Any, ClassVar

import sympy as sp

from symkern.errors import InvalidArgument, InvalidType, displayed
from symkern.exact import exact_expression, function_field
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.tokens.law import Components, Law, SymbolicComponents
from symkern.tokens.probability_formulas import (
    at_values,
    conditions,
    read_values,
    require_generic,
    require_rational,
    require_sum,
)
from symkern.typeset import formula_latex, formula_text
from symkern.typeset.shown import displays


@dataclass(frozen=True)
@typed
class Categorical(Law):
    """Independent tokens with the given ``probabilities``."""

    probabilities: tuple[sp.Expr, ...]
    name: ClassVar[str] = "categorical"

    @property
    def vocabulary(self) -> int:
        """Number of letters."""
        return len(self.probabilities)

    @cached_property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """The symbols in the probabilities, by name."""
        found: set[sp.Symbol] = set().union(*(e.free_symbols for e in self.probabilities))
        return tuple(sorted(found, key=str))

    def components(self) -> Components:
        """One, with these probabilities.

        Raises:
            InvalidArgument: they hold symbols.
        """
        self.require_numbers()
        return ((Fraction(1), tuple(map(Fraction, self.probabilities))),)

    def symbolic_components(self) -> SymbolicComponents:
        """One, with these probabilities; elements of the field Q(parameters) where there are symbols."""
        if not self.parameters:
            return self.components()
        field = function_field(self.parameters)
        return ((Fraction(1), tuple(map(field, self.probabilities))),)

    def occurring(self) -> tuple[Categorical, tuple[int, ...]]:
        """The law on the letters of positive probability, and those letters."""
        support = tuple(t for t, p in enumerate(self.probabilities) if p != 0)
        return Categorical(tuple(self.probabilities[t] for t in support)), support

    @typed
    def at(self, **values: object) -> Categorical:
        """The law with numbers, or other formulas, in the place of its symbols.

        Args:
            **values: the name of a symbol with an exact number or a formula.

        Raises:
            InvalidArgument: a name is none of its symbols, or what it is set to leaves a probability that is none.

        >>> categorical(["p", "1-p"]).at(p="1/3")
        categorical(['1/3', '2/3'])
        >>> categorical(["p", "1-p"]).at(p=2)
        Traceback (most recent call last):
        ...
        symkern.errors.InvalidArgument: p: must leave probabilities from 0 to 1, but they are 2, -1
        """
        return categorical(at_values(self.probabilities, read_values(values, self.parameters)))

    def symbolic_sequence_probability(self, counts: Sequence[int]) -> Any:
        """prod_t p_t^(n_t), in the field Q(parameters) where there are symbols."""
        if not self.parameters:
            return self.sequence_probability(counts)
        ((_, chances),) = self.symbolic_components()
        return prod(p**n for p, n in zip(chances or (), counts, strict=True))

    @typed
    def probability(self, x: Sequence[int]) -> Fraction | sp.Expr:
        """P(x), exact: a Fraction, or a formula where the law has symbols.

        Args:
            x: letters from 0 to the vocabulary less one.

        >>> categorical(["p", "1-p"]).probability((0, 0, 1))
        p**2*(1 - p)
        """
        if not self.parameters:
            return super().probability(x)
        letters = [read_integer(t, f"x[{a}]", maximum=self.vocabulary - 1) for a, t in enumerate(x)]
        return sp.Mul(*(self.probabilities[t] for t in letters))

    def _require_total(self, length: int | sp.Expr) -> None:
        """Nothing where there are symbols: the sum has been looked at."""
        if not self.parameters:
            super()._require_total(length)

    def __repr__(self) -> str:
        return f"categorical([{', '.join(repr(str(p)) for p in self.probabilities)}])"

    def __str__(self) -> str:
        shown = f"i.i.d. with probabilities {', '.join(map(formula_text, self.probabilities))}"
        if self.parameters:
            shown += f" ({conditions(self.probabilities)}, generic)"
        return shown

    @displays
    def latex(self) -> str:
        """The law as LaTeX prose."""
        shown = (
            f"i.i.d. with probabilities ${', '.join(formula_latex(p) for p in self.probabilities)}$"
        )
        if self.parameters:
            shown += f" (${conditions(self.probabilities, formula_latex)}$, generic)"
        return shown

    def text(self) -> str:
        """The probabilities, "1/2,1/3,1/6"; as `repr` where one has parentheses."""
        listed = ",".join(map(str, self.probabilities))
        return repr(self) if "(" in listed else listed


def categorical(probabilities: Iterable[object]) -> Categorical:
    """Independent tokens with probabilities that sum to 1: rational numbers, or rational functions of symbols.

    Args:
        probabilities: of the letters 0..v-1, exact; texts such as "1/3" are read as formulas.

    Raises:
        InvalidType: a number is not rational.
        InvalidArgument: the probabilities do not sum to 1, for all values of their symbols; one is negative, or no rational function.

    >>> categorical(["1/2", "1/3", "1/6"]).vocabulary
    3
    >>> print(categorical(["p", "1-p"]))
    i.i.d. with probabilities p, 1 - p (0 < p < 1, generic)
    >>> from symkern.abc import gamma
    >>> print(categorical([gamma, 1 - gamma]))
    i.i.d. with probabilities gamma, 1 - gamma (0 < gamma < 1, generic)
    """
    return Categorical(
        read_weights(read_list(probabilities, "probabilities", "numbers"), "probabilities")
    )


def read_weights(values: Sequence[object], argument: str) -> tuple[sp.Expr, ...]:
    """Numbers, none of them negative, that sum to 1; or formulas that do so where their symbols are generic."""
    read = [exact_expression(value, f"{argument}[{i}]") for i, value in enumerate(values)]
    if not any(e.free_symbols for e in read):
        return _numbers(values, argument)
    for i, e in enumerate(read):
        require_rational(e, f"{argument}[{i}]")
        if e.is_number and e < 0:
            rule = "weights must not be negative"
            raise InvalidArgument(argument, rule, f"number {i} is {displayed(e)}")
    require_sum(read, argument, "weights must sum to 1")
    require_generic(read, argument)
    return tuple(read)


def _numbers(values: Sequence[object], argument: str) -> tuple[sp.Rational, ...]:
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
