"""Strategies of sequences of tokens, of their laws, and of formulas as one types them."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import symkern.abc as symbols
from symkern.errors import InvalidArgument
from symkern.strategies.drawing import among, read_size, st
from symkern.tokens import categorical, distinct, exchangeable, mixture, uniform
from symkern.tokens.letter_counts import types

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from symkern.tokens import Law


_LAWS = ("uniform", "categorical", "mixture", "distinct", "exchangeable")


def sequences(length: int, vocabulary: int) -> SearchStrategy[tuple[int, ...]]:
    """Sequences of ``length`` tokens among 0..vocabulary-1.

    Args:
        length: at least 1.
        vocabulary: at least 1.

    >>> from hypothesis import given
    >>> from symkern import kernels
    >>> k = kernels.embedding(1).flatten()
    >>> @given(sequences(5, 3))
    ... def test_a_sequence_matches_itself(x):
    ...     assert k(x, x) == 1
    >>> test_a_sequence_matches_itself()
    """
    size = read_size(length, "length", minimum=1)
    letters = read_size(vocabulary, "vocabulary", minimum=1)
    token = st.integers(0, letters - 1)
    return st.lists(token, min_size=size, max_size=size).map(tuple)


def laws(
    vocabulary: int = 3,
    *,
    kinds: Iterable[str] = ("uniform", "categorical", "distinct"),
    length: int | None = None,
) -> SearchStrategy[Law]:
    """Laws of tokens over 0..vocabulary-1: the named ``kinds``, simplest first.

    Args:
        vocabulary: the number of letters.
        kinds: among "uniform", "categorical" (rational probabilities, none of them zero), "mixture" (of two i.i.d. laws), "distinct", and
            "exchangeable", which has one length.
        length: that of exchangeable laws, which ask for it.

    Raises:
        InvalidArgument: another kind, or exchangeable laws without a length.

    >>> from hypothesis import given
    >>> @given(laws(vocabulary=2, kinds=["uniform", "categorical"]))
    ... def test_laws_are_values(law):
    ...     assert hash(law) == hash(law) and law == law
    >>> test_laws_are_values()
    """
    letters = read_size(vocabulary, "vocabulary", minimum=1)
    chosen = among("kinds", kinds, _LAWS)
    if "exchangeable" in chosen and length is None:
        raise InvalidArgument("length", "must be given for exchangeable laws", "it is not")

    def weights(count: int) -> Any:
        def share(drawn: list[int]) -> list[Fraction]:
            return [Fraction(k, sum(drawn)) for k in drawn]

        return st.lists(st.integers(1, 9), min_size=count, max_size=count).map(share)

    independent = weights(letters).map(categorical)
    known: dict[str, SearchStrategy[Law]] = {
        "uniform": st.just(uniform(letters)),
        "categorical": independent,
        "mixture": st.tuples(weights(2), independent, independent).map(
            lambda drawn: mixture(list(zip(drawn[0], drawn[1:], strict=True)))
        ),
        "distinct": st.just(distinct()),
    }
    if length is not None:
        counts = list(types(read_size(length, "length", minimum=1), letters))
        known["exchangeable"] = weights(len(counts)).map(
            lambda drawn: exchangeable(dict(zip(counts, drawn, strict=True)))
        )
    return st.one_of([known[kind] for kind in chosen])


def formulas(
    names: Iterable[str] = ("L", "v", "alpha", "beta"), *, max_leaves: int = 8
) -> SearchStrategy[str]:
    """Texts that `symkern.abc.parse` reads, in the given names; divisors are positive.

    Args:
        names: among those of `symkern.abc`.
        max_leaves: about how many numbers and names a formula has at most.

    Raises:
        InvalidArgument: a name that is none of `symkern.abc`.

    >>> from hypothesis import given
    >>> from symkern.abc import parse
    >>> @given(formulas())
    ... def test_formulas_are_read(text):
    ...     assert parse(text).is_number or parse(text).free_symbols
    >>> test_formulas_are_read()
    """
    known = among("names", names, tuple(symbols.namespace), may_be_empty=True)
    numbers = st.integers(0, 99).map(str) | st.decimals(0, 9, places=2).map(lambda d: f"{d:f}")
    leaves = (st.sampled_from(known) | numbers) if known else numbers

    def longer(inner: Any) -> Any:
        two = st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner)
        positive = [name for name in known if symbols.namespace[name].is_positive]
        divisor = st.integers(1, 99).map(str)
        if positive:
            divisor = divisor | st.sampled_from(positive)
        return st.one_of(
            two.map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
            st.tuples(inner, divisor).map("/".join),
            st.tuples(inner, st.sampled_from(["^", "**"]), st.integers(0, 5)).map(
                lambda t: f"({t[0]}){t[1]}{t[2]}"
            ),
            inner.map(lambda t: f"-({t})"),
            divisor.map(lambda t: f"sqrt({t})"),
        )

    leaves_allowed = read_size(max_leaves, "max_leaves", minimum=1)
    return st.recursive(leaves, longer, max_leaves=leaves_allowed)
