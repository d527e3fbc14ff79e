"""Assertions about laws: of tokens, and of an eigenvalue in the context length."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.claims import ScalingLaw
from symkern.combinatorics import act
from symkern.derivations import derivation_of
from symkern.errors import InvalidType
from symkern.exact import Ball
from symkern.exact.asymptotics import leading
from symkern.reading.integers import read_integer
from symkern.spectra.sample_laws import sample_laws
from symkern.testing.witnesses import (
    adjacent,
    exact_value,
    fail,
    require_few,
)
from symkern.tokens import Law, require_law
from symkern.tokens.letter_counts import types
from symkern.typeset import formula_latex

Word = tuple[int, ...]


def assert_law(law: object, length: int = 3, vocabulary: int = 2) -> None:
    """A law of tokens is one; or a scaling law follows from its derivation.

    Of a law of tokens, at the lengths 1, ..., ``length``: probabilities are not negative and sum to 1, do not change when the
    positions are permuted, and sum to those of the types, P(counts = n) = sum of P(x) over the x with counts n. Of a scaling law: each step of its
    derivation holds at the step's own sizes, the formula is the one in which the derivation ends, and without roots it has the leading term that the
    law says.

    Args:
        law: a `symkern.kernels.Law`, or a scaling law with its derivation.
        length: the largest length that is tested; a law that has one length is tested there.
        vocabulary: the number of letters where that of the law is a symbol.

    Raises:
        AssertionError: with the first type or sequence at which a rule is broken and the number that stands there, or the step that fails.
        InvalidType: what is neither, a probability that is not exact.
        InvalidArgument: sizes below 1, or more sequences than ``exhaustive_evaluations`` of `symkern.limits`.
        NoClosedForm: a scaling law that was stated without a derivation.

    >>> from dataclasses import dataclass
    >>> from fractions import Fraction
    >>> from symkern.kernels import Law, uniform
    >>> assert_law(uniform(3))
    >>> @dataclass(frozen=True)
    ... class Lazy(Law):
    ...     vocabulary: int
    ...     def type_probability(self, counts):
    ...         return Fraction(1, 2)
    >>> assert_law(Lazy(3))
    Traceback (most recent call last):
    ...
    AssertionError: Lazy(vocabulary=3) is no law of tokens, at length 1
      the probabilities of the types sum to 3/2
    """
    if isinstance(law, ScalingLaw):
        _assert_scaling_law(law)
        return
    chosen = require_law(law, "law")
    most = read_integer(length, "length", minimum=1)
    letters = read_integer(vocabulary, "vocabulary", minimum=1)
    lengths = range(1, most + 1) if chosen.length is None else (chosen.length,)

    def at(n: int) -> Law:
        return chosen.at_sizes(n, letters) if chosen.vocabulary == VOCABULARY else chosen

    longest = lengths[-1]
    count = at(longest).given_vocabulary(longest)
    require_few(count, longest, "length, vocabulary", "sequences")
    for n in lengths:
        _assert_law_at(at(n), n)


def _assert_law_at(law: Law, n: int) -> None:
    """One length: types first, as a law refuses sequences where these do not sum to 1."""
    title = f"{law!r} is no law of tokens, at length {n}"
    letters = law.given_vocabulary(n)
    chances: dict[Word, Fraction] = {}
    for counts in types(n, letters):
        chances[counts] = _probability(law.type_probability(counts), f"law({counts})")
        if chances[counts] < 0:
            fail(title, f"the type with counts {counts} has the probability {chances[counts]}")
    if (total := sum(chances.values())) != 1:
        fail(title, f"the probabilities of the types sum to {total}")
    sums = dict.fromkeys(chances, Fraction(0))
    values: dict[Word, Fraction] = {}
    for x in product(range(letters), repeat=n):
        values[x] = _probability(law.probability(x), f"law({x})")
        if values[x] < 0:
            fail(title, f"the sequence {x} has the probability {values[x]}")
        sums[tuple(x.count(t) for t in range(letters))] += values[x]
    for x, value in values.items():
        for g in adjacent(n):
            if value != values[act(g, x)]:
                fail(
                    title,
                    f"g = {g}, x = {x}",
                    f"P(x)  = {value}",
                    f"P(gx) = {values[act(g, x)]}",
                )
    for counts, value in sums.items():
        if value != chances[counts]:
            fail(
                title,
                f"the type with counts {counts} has the probability {chances[counts]}",
                f"its sequences have together {value}",
            )


def _assert_scaling_law(law: ScalingLaw) -> None:
    derivation = derivation_of(law)
    variable = CONTEXT_LENGTH if law.leading is None else law.leading.variable
    if law.formula is not None and law.formula.is_rational_function():
        if law.leading is not None and variable in law.formula.free_symbols:
            found = leading(law.formula, variable)
            if found != law.leading:
                fail(
                    f"the law {law}",
                    f"has a formula that grows as {found.expression}",
                    f"and says that it grows as {law.leading.expression}",
                )
        name = f"{law.symbol or law.quantity} "
        conclusion = derivation.conclusion
        if conclusion.startswith(name) and formula_latex(law.formula) not in conclusion:
            fail(f"the law {law}", f"has another derivation, which ends in {conclusion}")
    elif law.claim is not None and law.claim.name == "samples in a sector":
        spectrum, sector, _ = law.claim.arguments
        for stated in sample_laws(spectrum, sector):
            if stated.claim == law.claim and stated.formula != law.formula:
                fail(f"the law {law}", f"has another derivation, that of {stated}")
    verification = derivation.check()
    if not verification.passed:
        fail(f"the law {law} does not follow", *str(verification).splitlines())


def _probability(value: object, argument: str) -> Fraction:
    found = exact_value(value, argument)
    if isinstance(found, Ball) or not found.is_Rational:
        raise InvalidType(argument, "must be a rational probability", value)
    return Fraction(int(found.p), int(found.q))
