"""Hypothesis strategies for the objects of this library, for tests of one's own conjectures.

A strategy draws partitions, permutations (one-line tuples on the positions 0..n-1), class functions, kernels
in the builder's words, sequences and laws of tokens, and formulas that `symkern.abc.parse` reads. Each shrinks
towards the smallest example of its kind: one row, the identity, the zero function, a bag of tokens.

    >>> from hypothesis import given
    >>> from symkern.strategies import kernels, sequences
    >>> @given(kernels(depth=1), sequences(4, 3), sequences(4, 3))
    ... def test_kernels_are_symmetric(k, x, y):
    ...     assert k(x, y) == k(y, x) == k(x[::-1], y[::-1])
    >>> test_kernels_are_symmetric()

Hypothesis is not needed by the rest of symkern and is looked for when a strategy is asked for: ``pip install
"symkern[test]"`` brings it. MacIver et al., *Hypothesis: a new approach to property-based testing*, JOSS 4 (2019).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import MISSING
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import symkern.abc as symbols
from symkern.characters import ClassFunction
from symkern.combinatorics import Partition, partition_count
from symkern.errors import InvalidArgument
from symkern.kernels.pipeline import embedding
from symkern.kernels.stages import STAGES
from symkern.kernels.stages.arguments import Formula, arguments_of
from symkern.kernels.stages.stage_table import names
from symkern.reading.integers import read_integer
from symkern.tokens import categorical, distinct, mixture, uniform

if TYPE_CHECKING:
    from hypothesis import strategies as st
    from hypothesis.strategies import SearchStrategy

    from symkern.kernels import Kernel
    from symkern.tokens import Law

__all__ = [
    "class_functions",
    "cycle_types",
    "formulas",
    "kernels",
    "laws",
    "partitions",
    "permutations",
    "sequences",
    "stable_partitions",
]

#: Symbols for the variances of the stages; gamma for those of others.
_LETTERS = {
    "token": symbols.alpha,
    "position": symbols.beta,
    "weight": symbols.w,
    "bias": symbols.b,
}
_LAWS = ("uniform", "categorical", "mixture", "distinct")


class _Strategies:
    """`hypothesis.strategies`, looked for when a strategy is asked for."""

    def __getattr__(self, name: str) -> Any:
        try:
            from hypothesis import strategies
        except ImportError:
            raise ImportError(
                "symkern.strategies draws with Hypothesis, which is not installed: "
                'pip install "symkern[test]" (or pip install hypothesis)'
            ) from None
        return getattr(strategies, name)


if not TYPE_CHECKING:
    st = _Strategies()


def partitions(
    size: int | None = None, *, max_size: int = 8, min_size: int = 0
) -> SearchStrategy[Partition]:
    """Partitions of ``size``, or of any number from ``min_size`` to ``max_size``.

    Every partition can be drawn; (n) is the simplest. Raises `InvalidArgument` for a negative size.

    >>> from hypothesis import given
    >>> @given(partitions(max_size=12))
    ... def test_conjugation_is_an_involution(lam):
    ...     assert lam.conjugate.conjugate == lam
    >>> test_conjugation_is_an_involution()
    """
    if size is not None:
        min_size = max_size = read_integer(size, "size")
    least, most = read_integer(min_size, "min_size"), read_integer(max_size, "max_size")
    if least > most:
        shown = f"they are {least} and {most}"
        raise InvalidArgument("min_size", "must be at most max_size", shown)

    @st.composite
    def partition(draw: Any) -> Partition:
        rest = draw(st.integers(least, most))
        parts: list[int] = []
        while rest:
            largest = min(rest, parts[-1]) if parts else rest
            parts.append(largest - draw(st.integers(0, largest - 1)))
            rest -= parts[-1]
        return Partition(parts)

    return partition()


def stable_partitions(
    length: int | None = None, *, max_boxes: int = 4
) -> SearchStrategy[Partition]:
    """Stable labels mu of at most ``max_boxes`` boxes; where a length is given, those of its S_length.

    mu stands for mu[length] = (length - |mu|, mu_1, ...), which must be a partition of the length.

    >>> from hypothesis import given
    >>> @given(stable_partitions(length=6))
    ... def test_padding_and_its_inverse(mu):
    ...     assert mu.padded(6).stable == mu
    >>> test_padding_and_its_inverse()
    """
    most = read_integer(max_boxes, "max_boxes")
    if length is None:
        return partitions(max_size=most)
    n = read_integer(length, "length", minimum=1)

    def fits(mu: Partition) -> bool:
        return mu.size + (mu[0] if mu else 0) <= n

    return partitions(max_size=min(most, n - 1)).filter(fits)


def permutations(n: int) -> SearchStrategy[tuple[int, ...]]:
    """Permutations of 0..n-1 as one-line tuples; the identity is the simplest.

    >>> from hypothesis import given
    >>> from symkern.combinatorics import inverse, multiply
    >>> @given(permutations(5), permutations(5))
    ... def test_inverse_of_a_product(g, h):
    ...     assert inverse(multiply(g, h)) == multiply(inverse(h), inverse(g))
    >>> test_inverse_of_a_product()
    """
    size = read_integer(n, "n")
    if size == 0:
        return st.just(())
    return st.permutations(range(size)).map(tuple)


def cycle_types(n: int) -> SearchStrategy[Partition]:
    """Conjugacy classes of S_n, as partitions of n; the identity's, (1^n), is the simplest.

    >>> from hypothesis import given
    >>> from symkern import character
    >>> @given(cycle_types(6))
    ... def test_sign_character(mu):
    ...     assert character("1,1,1,1,1,1", mu) == mu.sign
    >>> test_sign_character()
    """
    return partitions(n).map(lambda lam: lam.conjugate)


def class_functions(
    n: int, *, values: SearchStrategy[Any] | None = None
) -> SearchStrategy[ClassFunction]:
    """Class functions on S_n with rational values, or with those that ``values`` draws.

    >>> from hypothesis import given
    >>> @given(class_functions(4), class_functions(4))
    ... def test_convolution_multiplies_eigenvalues(f, g):
    ...     product = f.convolve(g).eigenvalues()
    ...     first, second = f.eigenvalues(), g.eigenvalues()
    ...     assert all(product[lam] == first[lam] * second[lam] for lam in product)
    >>> test_convolution_multiplies_eigenvalues()
    """
    size = read_integer(n, "n")
    if values is None:
        values = st.integers(-9, 9) | st.fractions(-9, 9, max_denominator=9)
    count = partition_count(size)
    return st.lists(values, min_size=count, max_size=count).map(
        lambda drawn: ClassFunction(size, drawn)
    )


def sequences(length: int, vocabulary: int) -> SearchStrategy[tuple[int, ...]]:
    """Sequences of ``length`` tokens among 0..vocabulary-1.

    >>> from hypothesis import given
    >>> from symkern import kernels
    >>> k = kernels.embedding(1).flatten()
    >>> @given(sequences(5, 3))
    ... def test_a_sequence_matches_itself(x):
    ...     assert k(x, x) == 1
    >>> test_a_sequence_matches_itself()
    """
    size = read_integer(length, "length", minimum=1)
    letters = read_integer(vocabulary, "vocabulary", minimum=1)
    token = st.integers(0, letters - 1)
    return st.lists(token, min_size=size, max_size=size).map(tuple)


def laws(
    vocabulary: int = 3, *, kinds: Iterable[str] = ("uniform", "categorical", "distinct")
) -> SearchStrategy[Law]:
    """Laws of tokens over 0..vocabulary-1: the named ``kinds``, simplest first.

    ``kinds`` are among "uniform", "categorical" (rational probabilities, none of them zero),
    "mixture" (of two i.i.d. laws) and "distinct".

    >>> from hypothesis import given
    >>> @given(laws(vocabulary=2, kinds=["uniform", "categorical"]))
    ... def test_laws_are_values(law):
    ...     assert hash(law) == hash(law) and law == law
    >>> test_laws_are_values()
    """
    letters = read_integer(vocabulary, "vocabulary", minimum=1)
    chosen = _among("kinds", kinds, _LAWS)

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
    return st.one_of([known[kind] for kind in chosen])


def kernels(
    depth: int = 1,
    readouts: Iterable[str] = ("mean_pool", "flatten"),
    *,
    symbolic: bool = False,
    stages: Iterable[str] = ("linear", "residual"),
) -> SearchStrategy[Kernel]:
    """Kernels of at most ``depth`` attention layers with independent query and key.

    Before and after each attention there may be one of each of ``stages``, names in the table of stages, registered ones included;
    ``readouts`` are among "mean_pool", "flatten" and "at_position". Parameters are small rationals, or with ``symbolic``
    the symbols alpha, beta, w and b. Every kernel drawn from stages of the package is a polynomial in the matches of tokens and
    positions, and has an exact value on any two sequences of one length.

    >>> from hypothesis import given
    >>> @given(kernels(depth=2), permutations(4))
    ... def test_positions_may_be_moved(k, g):
    ...     x, y = (0, 1, 1, 2), (2, 1, 0, 1)
    ...     assert k([x[a] for a in g], [y[a] for a in g]) == k(x, y)
    >>> test_positions_may_be_moved()
    """
    most = read_integer(depth, "depth")
    ends = _among("readouts", readouts, names("readout"))
    layers = _among("stages", stages, names("between"), may_be_empty=True)
    variances = st.just(Fraction(1)) | st.fractions(Fraction(1, 4), 4, max_denominator=4)

    def arguments(draw: Any, name: str) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for key, kind, default in arguments_of(STAGES[name]):
            if isinstance(kind, Formula) and kind.is_variance:
                if key in ("token", "weight") or draw(st.booleans()):
                    given[key] = _LETTERS.get(key, symbols.gamma) if symbolic else draw(variances)
                else:
                    given[key] = 0
            elif key == "normalize":
                given[key] = not draw(st.booleans())
            elif default is MISSING:
                given[key] = draw(st.sampled_from(kind.examples))
        return given

    @st.composite
    def kernel(draw: Any) -> Kernel:
        chain: Any = embedding(**arguments(draw, "embedding"))

        def some_layers() -> None:
            nonlocal chain
            for name in layers:
                if draw(st.booleans()):
                    with suppress(InvalidArgument):  # where it may not stand, it does not
                        chain = getattr(chain, name)(**arguments(draw, name))

        for _ in range(draw(st.integers(0, most))):
            some_layers()
            chain = chain.attention(**arguments(draw, "attention"))
            some_layers()
        end = draw(st.sampled_from(ends))
        read: Kernel = getattr(chain, end)(**arguments(draw, end))
        return read

    return kernel()


def formulas(
    names: Iterable[str] = ("L", "v", "alpha", "beta"), *, max_leaves: int = 8
) -> SearchStrategy[str]:
    """Texts that `symkern.abc.parse` reads, in the given names; divisors are positive.

    >>> from hypothesis import given
    >>> from symkern.abc import parse
    >>> @given(formulas())
    ... def test_formulas_are_read(text):
    ...     assert parse(text).is_number or parse(text).free_symbols
    >>> test_formulas_are_read()
    """
    known = _among("names", names, tuple(symbols.namespace), may_be_empty=True)
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

    leaves_allowed = read_integer(max_leaves, "max_leaves", minimum=1)
    return st.recursive(leaves, longer, max_leaves=leaves_allowed)


def _among(
    argument: str, words: Iterable[str], known: Sequence[str], may_be_empty: bool = False
) -> tuple[str, ...]:
    """The words as a tuple, each of them one of ``known``; a single word counts as a list of one."""
    chosen = (words,) if isinstance(words, str) else tuple(words)
    for word in chosen:
        if word not in known:
            raise InvalidArgument(
                argument, f"must be among {', '.join(known)}", f"{word!r} is among them"
            )
    if not chosen and not may_be_empty:
        raise InvalidArgument(argument, "must name at least one", "it is empty")
    return chosen
