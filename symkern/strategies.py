"""Hypothesis strategies for the objects of this library, for tests of one's own conjectures.

A strategy draws partitions and cores, standard tableaux, permutations (one-line tuples on the positions 0..n-1), class functions and
character polynomials, kernels in the builder's words, sequences and laws of tokens, Boolean functions, and formulas that `symkern.abc.parse`
reads. Each shrinks towards the smallest example of its kind: one row, the identity, the zero function, a bag of tokens; sizes come first,
so that what Hypothesis shows is the smallest counterexample that it met, printed as one types it.

    >>> from hypothesis import given
    >>> from symkern.strategies import kernels, sequences
    >>> @given(kernels(depth=1), sequences(4, 3), sequences(4, 3))
    ... def test_kernels_are_symmetric(k, x, y):
    ...     assert k(x, y) == k(y, x) == k(x[::-1], y[::-1])
    >>> test_kernels_are_symmetric()

Where symkern is installed, ``st.from_type(sk.Partition)`` draws these too, and so ``@given(...)`` of a function with annotations; the classes
are listed in ``STRATEGIES`` of `symkern.doors`.

Hypothesis is not needed by the rest of symkern and is looked for when a strategy is asked for: the extra
proofs brings it. MacIver et al., *Hypothesis: a new approach to property-based testing*, JOSS 4 (2019).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import MISSING
from fractions import Fraction
from functools import cache
from itertools import chain, islice
from math import prod
from typing import TYPE_CHECKING, Any, TypeVar

import sympy as sp

import symkern.abc as symbols
from symkern.characters import CharacterPolynomial, ClassFunction
from symkern.combinatorics import (
    Partition,
    PartitionLike,
    Tableau,
    iter_partitions,
    partition_count,
)
from symkern.combinatorics.tableaux import standard_tableaux as all_standard_tableaux
from symkern.doors import register_strategies
from symkern.errors import InvalidArgument, TooLarge, displayed, install_line
from symkern.kernels.pipeline import embedding
from symkern.kernels.stages import STAGES
from symkern.kernels.stages.arguments import Formula, Switch, arguments_of
from symkern.kernels.stages.stage_table import names
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.tokens import categorical, distinct, exchangeable, mixture, uniform
from symkern.tokens.letter_counts import types

if TYPE_CHECKING:
    from hypothesis import strategies as st
    from hypothesis.strategies import SearchStrategy

    from symkern.kernels import Kernel
    from symkern.tokens import Law

__all__ = [
    "boolean_functions",
    "character_polynomials",
    "class_functions",
    "cores",
    "cycle_types",
    "formulas",
    "kernels",
    "laws",
    "partitions",
    "permutations",
    "sequences",
    "stable_partitions",
    "standard_tableaux",
]

Drawn = TypeVar("Drawn")

#: Symbols for the variances of the stages; gamma for those of others.
_LETTERS = {
    "token": symbols.alpha,
    "position": symbols.beta,
    "weight": symbols.w,
    "scale": symbols.w,
    "keep": symbols.w,
    "bias": symbols.b,
}
_LAWS = ("uniform", "categorical", "mixture", "distinct", "exchangeable")

#: Lists up to so long are walked through one by one, and with more sizes than that a size is drawn at once.
_LISTED, _SIZES = 200, 60
#: What the number of objects of one size counts at most: small sizes are to be drawn often.
_WEIGHT = 50
#: The degree of a drawn kernel, where its attentions alone have not a higher one: values of degree 100 take seconds.
_DEGREE = 12


class _Strategies:
    """`hypothesis.strategies`, looked for when a strategy is asked for."""

    def __getattr__(self, name: str) -> Any:
        try:
            from hypothesis import strategies
        except ImportError:
            raise ImportError(
                "symkern.strategies draws with Hypothesis, which is not installed: "
                f"{install_line('proofs')} (or pip install hypothesis)"
            ) from None
        register_strategies()  # where symkern is no installed package, nobody else has
        return getattr(strategies, name)


if not TYPE_CHECKING:
    st = _Strategies()


def _walk(draw: Any, weights: Sequence[int]) -> int:
    """An index, drawn with these weights by a walk from 0 on that may stop at each.

    One draw for every step: Hypothesis shrinks by deleting draws, so that it comes to the smallest index that does. Of the ways that were
    tried no other always ended at the smallest of a list.
    """
    rest = sum(weights)
    for index, weight in enumerate(weights[:-1]):
        if draw(st.integers(0, rest - 1)) < weight:
            return index
        rest -= weight
    return len(weights) - 1


def _smallest_first(
    sizes: Sequence[int],
    of_size: Callable[[int], Iterator[Drawn]],
    grown: Callable[[Any, int], Drawn],
) -> SearchStrategy[Drawn]:
    """The members of these sizes, the smallest size first and in the order of ``of_size``; one of a size of many by ``grown(draw, size)``.

    One walk leads through all of them, or through as many sizes as are short; every other time it goes on to those beyond.
    """

    @cache
    def few(size: int) -> list[Drawn]:
        return list(islice(of_size(size), _LISTED + 1))

    everything = list(islice(chain.from_iterable(map(few, sizes)), _LISTED + 1))
    near: list[Drawn] = []
    far = list(sizes)
    if len(everything) <= _LISTED:
        near, far = everything, []
    while far and len(near) + len(few(far[0])) <= _LISTED // 2:
        near += few(far.pop(0))
    weights = [1] * len(near) + [len(near) or 1] * bool(far)
    sizes_far = [min(len(few(n)), _WEIGHT) for n in far] if len(far) <= _SIZES else []

    @st.composite
    def one(draw: Any) -> Drawn:
        index = _walk(draw, weights)
        if index < len(near):
            return near[index]
        size = far[_walk(draw, sizes_far) if sizes_far else draw(st.integers(0, len(far) - 1))]
        members = few(size)
        if len(members) <= _LISTED:
            return members[_walk(draw, [1] * len(members))]
        return grown(draw, size)

    return one()


def partitions(
    size: int | None = None,
    *,
    max_size: int = 8,
    min_size: int = 0,
    max_parts: int | None = None,
    max_part: int | None = None,
) -> SearchStrategy[Partition]:
    """Partitions of ``size``, or of any number from ``min_size`` to ``max_size``.

    Every partition can be drawn, the smallest first, those of one size in reverse lexicographic order: (n) is the simplest.

    Args:
        size: the number that is partitioned, where it is one.
        max_size: the largest number, where it is not.
        min_size: the smallest.
        max_parts: how many parts, that is rows, there may be.
        max_part: how large a part, that is how long a row, may be.

    Raises:
        InvalidArgument: for negative numbers, and where there is no such partition.

    >>> from hypothesis import find, given
    >>> @given(partitions(max_size=8))
    ... def test_conjugation_is_an_involution(lam):
    ...     assert lam.conjugate.conjugate == lam
    >>> test_conjugation_is_an_involution()
    >>> find(partitions(max_size=10), lambda lam: lam.dimension % 6 == 0)
    Partition(3, 1, 1)
    """
    if size is not None:
        min_size = max_size = _read_size(size, "size")
    least, most = _read_size(min_size, "min_size"), _read_size(max_size, "max_size")
    if least > most:
        shown = f"they are {least} and {most}"
        raise InvalidArgument("min_size", "must be at most max_size", shown)
    rows = most if max_parts is None else _read_size(max_parts, "max_parts")
    width = most if max_part is None else _read_size(max_part, "max_part")
    sizes = [n for n in range(least, most + 1) if n <= rows * width]
    if not sizes:
        rule = f"must leave room for {least} cells"
        raise InvalidArgument("max_parts, max_part", rule, f"they are {rows} and {width}")

    def grown(draw: Any, rest: int) -> Partition:
        parts: list[int] = []
        while rest:
            largest = min(rest, parts[-1] if parts else width)
            fewest = -(
                -rest // (rows - len(parts))
            )  # for the rest to fit into the rows that are left
            parts.append(largest - draw(st.integers(0, largest - fewest)))
            rest -= parts[-1]
        return Partition(parts)

    return _smallest_first(sizes, lambda n: iter_partitions(n, width, rows), grown)


def cores(p: int, *, max_size: int = 12) -> SearchStrategy[Partition]:
    """The p-cores of at most ``max_size`` cells: no hook length is divisible by p, so that no border strip of p cells can be removed.

    The empty partition is the simplest, then sizes count.

    Args:
        p: at least 1.
        max_size: the most cells.

    Raises:
        InvalidArgument: p below 1 or a negative size.
        TooLarge: more cores than ``listed_positions`` of `symkern.limits`.

    >>> from hypothesis import given
    >>> @given(cores(2, max_size=30))
    ... def test_two_cores_are_staircases(lam):
    ...     assert lam == tuple(range(len(lam), 0, -1))
    >>> test_two_cores_are_staircases()
    """
    step, most = _read_size(p, "p", minimum=1), _read_size(max_size, "max_size")
    found: list[tuple[int, ...]] = [()]
    for lam in found:  # which grows: a core without its first row is a core
        below = {part + len(lam) - 1 - i for i, part in enumerate(lam)}
        for row in range(lam[0] if lam else 1, most - sum(lam) + 1):
            bead = row + len(lam)
            if bead < step or bead - step in below:
                found.append((row, *lam))
        if len(found) > current().listed_positions:
            raise TooLarge(
                f"the list of {step}-cores of {most} cells",
                200 * len(found),
                200 * current().listed_positions,
            )
    found.sort(key=lambda lam: (sum(lam), [-part for part in lam]))
    by_size: dict[int, list[Partition]] = {}
    for lam in found:
        by_size.setdefault(sum(lam), []).append(Partition(lam))

    def grown(draw: Any, size: int) -> Partition:
        index: int = draw(st.integers(0, len(by_size[size]) - 1))
        return by_size[size][index]

    return _smallest_first(list(by_size), lambda n: iter(by_size[n]), grown)


def standard_tableaux(
    shape: PartitionLike | int | None = None, *, max_size: int = 6
) -> SearchStrategy[Tableau]:
    """Standard tableaux of a shape, of all shapes with so many cells where a number is given, of at most ``max_size`` cells where nothing is.

    The tableau that is filled row by row is the simplest of its shape.

    Args:
        shape: a partition, or the number of cells, or None.
        max_size: the most cells where no shape is given.

    Raises:
        PartitionError: a text that is no partition.
        InvalidArgument: a negative number.

    >>> from hypothesis import given
    >>> @given(standard_tableaux(7))
    ... def test_descents_of_the_transposed_tableau(t):
    ...     assert {*t.descents, *t.conjugate.descents} == set(range(1, 7))
    ...     assert not {*t.descents} & {*t.conjugate.descents}
    >>> test_descents_of_the_transposed_tableau()
    """
    if shape is None:
        sizes = list(range(_read_size(max_size, "max_size") + 1))
    elif hasattr(shape, "__index__"):
        sizes = [_read_size(shape, "shape")]
    else:
        shape = Partition.read(shape, "shape")
        sizes = [_read_size(shape.size, "|shape|")]
    given = shape if isinstance(shape, Partition) else None

    def of_size(n: int) -> Iterator[Tableau]:
        shapes = iter_partitions(n) if given is None else iter((given,))
        return chain.from_iterable(map(all_standard_tableaux, shapes))

    def grown(draw: Any, size: int) -> Tableau:
        lam = draw(partitions(size)) if given is None else given
        places: list[int] = []  # the rows of n, n - 1, ..., 1
        left = lam
        while left:
            corners = left.corners
            places.append(corners[-1 - draw(st.integers(0, len(corners) - 1))][0])
            left = Partition([part - (i == places[-1]) for i, part in enumerate(left)])
        rows: list[list[int]] = [[] for _ in lam]
        for entry, i in enumerate(reversed(places), 1):
            rows[i].append(entry)
        return Tableau(tuple(map(tuple, rows)))

    return _smallest_first(sizes, of_size, grown)


def stable_partitions(
    length: int | None = None, *, max_boxes: int = 4
) -> SearchStrategy[Partition]:
    """Stable labels mu of at most ``max_boxes`` boxes; where a length is given, those of its S_length.

    mu stands for mu[length] = (length - |mu|, mu_1, ...), which must be a partition of the length.

    Args:
        length: an integer of at least 1, or None for labels of any length.
        max_boxes: the most boxes of mu.

    >>> from hypothesis import given
    >>> @given(stable_partitions(length=6))
    ... def test_padding_and_its_inverse(mu):
    ...     assert mu.padded(6).stable == mu
    >>> test_padding_and_its_inverse()
    """
    most = _read_size(max_boxes, "max_boxes")
    if length is None:
        return partitions(max_size=most)
    n = _read_size(length, "length", minimum=1)

    def fits(mu: Partition) -> bool:
        return mu.size + (mu[0] if mu else 0) <= n

    return partitions(max_size=min(most, n - 1)).filter(fits)


def permutations(n: int) -> SearchStrategy[tuple[int, ...]]:
    """Permutations of 0..n-1 as one-line tuples; the identity is the simplest.

    Args:
        n: at least 0.

    >>> from hypothesis import given
    >>> from symkern.combinatorics import inverse, multiply
    >>> @given(permutations(5), permutations(5))
    ... def test_inverse_of_a_product(g, h):
    ...     assert inverse(multiply(g, h)) == multiply(inverse(h), inverse(g))
    >>> test_inverse_of_a_product()
    """
    size = _read_size(n, "n")
    if size == 0:
        return st.just(())
    return st.permutations(range(size)).map(tuple)


def cycle_types(n: int) -> SearchStrategy[Partition]:
    """Conjugacy classes of S_n, as partitions of n; the identity's, (1^n), is the simplest.

    Args:
        n: at least 0.

    >>> from hypothesis import given
    >>> from symkern import character
    >>> @given(cycle_types(6))
    ... def test_sign_character(mu):
    ...     assert character("1,1,1,1,1,1", mu) == mu.sign
    >>> test_sign_character()
    """
    return partitions(n).map(lambda lam: lam.conjugate)


def class_functions(
    n: int | None = None, *, max_n: int = 4, values: SearchStrategy[Any] | None = None
) -> SearchStrategy[ClassFunction]:
    """Class functions on S_n, on S_1, ..., S_max_n where no n is given; values are rational, or those that ``values`` draws.

    Args:
        n: the symmetric group S_n; None for S_1, ..., S_max_n.
        max_n: the largest group where n is not given.
        values: a strategy of values; rational ones where nothing is said.

    >>> from hypothesis import given
    >>> @given(class_functions(4), class_functions(4))
    ... def test_convolution_multiplies_eigenvalues(f, g):
    ...     product = f.convolve(g).eigenvalues()
    ...     first, second = f.eigenvalues(), g.eigenvalues()
    ...     assert all(product[lam] == first[lam] * second[lam] for lam in product)
    >>> test_convolution_multiplies_eigenvalues()
    """
    if n is None:
        sizes = st.integers(1, _read_size(max_n, "max_n", minimum=1))
        return sizes.flatmap(lambda size: class_functions(size, values=values))
    size = _read_size(n, "n")
    count = partition_count(size)
    return st.lists(_rationals(values), min_size=count, max_size=count).map(
        lambda drawn: ClassFunction(size, drawn)
    )


def character_polynomials(
    max_degree: int = 3, *, values: SearchStrategy[Any] | None = None
) -> SearchStrategy[CharacterPolynomial]:
    """Character polynomials in X1, X2, ... of degree at most ``max_degree``, X_k of degree k; coefficients are rational, or those that ``values`` draws.

    The zero polynomial is the simplest.

    Args:
        max_degree: at least 0.
        values: a strategy of coefficients; rational ones where nothing is said.

    Raises:
        InvalidArgument: a negative degree.

    >>> from hypothesis import given
    >>> @given(character_polynomials(), character_polynomials())
    ... def test_products_are_pointwise(p, q):
    ...     assert (p * q).at(4) == p.at(4) * q.at(4)
    >>> test_products_are_pointwise()
    """
    most = read_integer(max_degree, "max_degree", maximum=current().drawn_degree)
    monomials = [
        sp.Mul(*(sp.Symbol(f"X{k}") for k in mu))
        for size in range(most + 1)
        for mu in iter_partitions(size)
    ]

    def polynomial(drawn: list[Any]) -> CharacterPolynomial:
        terms = [CharacterPolynomial(m) * c for m, c in zip(monomials, drawn, strict=True)]
        return sum(terms, CharacterPolynomial(0))

    count = len(monomials)
    return st.lists(_rationals(values), min_size=count, max_size=count).map(polynomial)


def _rationals(values: SearchStrategy[Any] | None) -> SearchStrategy[Any]:
    """The strategy that is given, or small rationals."""
    if values is not None:
        return values
    return st.integers(-9, 9) | st.fractions(-9, 9, max_denominator=9)


def boolean_functions(n: int) -> SearchStrategy[tuple[int, ...]]:
    """Functions of n signs with the values 1 and -1, as the tuple of their 2^n values that `symkern.bounds.sensitivity` takes.

    The constant 1 is the simplest.

    Args:
        n: from 1 to 10.

    Raises:
        InvalidArgument: another n.

    >>> from hypothesis import given
    >>> from symkern.bounds import sensitivity
    >>> @given(boolean_functions(3))
    ... def test_sensitivity_is_the_sum_of_influences(f):
    ...     assert sensitivity.average(f, 3) == sum(sensitivity.influences(f, 3))
    >>> test_sensitivity_is_the_sum_of_influences()
    """
    count = 2 ** read_integer(n, "n", minimum=1, maximum=10)
    return st.lists(st.sampled_from((1, -1)), min_size=count, max_size=count).map(tuple)


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
    size = _read_size(length, "length", minimum=1)
    letters = _read_size(vocabulary, "vocabulary", minimum=1)
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
    letters = _read_size(vocabulary, "vocabulary", minimum=1)
    chosen = _among("kinds", kinds, _LAWS)
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
        counts = list(types(_read_size(length, "length", minimum=1), letters))
        known["exchangeable"] = weights(len(counts)).map(
            lambda drawn: exchangeable(dict(zip(counts, drawn, strict=True)))
        )
    return st.one_of([known[kind] for kind in chosen])


@typed
def kernels(
    depth: int = 1,
    readouts: Iterable[str] = ("mean_pool", "flatten"),
    *,
    symbolic: bool = False,
    stages: Iterable[str] | None = None,
    polynomial: bool = True,
) -> SearchStrategy[Kernel]:
    """Kernels of at most ``depth`` attention layers; a bag of tokens is the simplest.

    Before and after each attention, and after the readout where it may stand there, there may be one of each of ``stages``.

    Args:
        depth: how many attention layers there are at most.
        readouts: among "mean_pool", "flatten" and "at_position".
        symbolic: whether parameters are the symbols alpha, beta, w and b; otherwise they are small rationals.
        stages: names in the table of stages, registered ones included; all that stand between embedding and readout where none are given.
        polynomial: whether every kernel is a polynomial in the matches of tokens and positions, with a rational value on any two sequences of
            one length. Where it is False, queries and keys may be tied with any row map, and activations be relu and erf.

    Raises:
        InvalidArgument: for names that there are not, and a negative depth.

    >>> from hypothesis import given
    >>> @given(kernels(depth=2, stages=["linear", "residual"]), permutations(4))
    ... def test_positions_may_be_moved(k, g):
    ...     x, y = (0, 1, 1, 2), (2, 1, 0, 1)
    ...     assert k([x[a] for a in g], [y[a] for a in g]) == k(x, y)
    >>> test_positions_may_be_moved()
    """
    most = _read_size(depth, "depth")
    highest = max(_DEGREE, 3**most)
    ends = _among("readouts", readouts, names("readout"))
    between = names("between")
    if stages is None:
        stages = [name for name in between if name != "attention"]
    layers = _among("stages", stages, between, may_be_empty=True)
    variances = st.just(Fraction(1)) | st.fractions(Fraction(1, 4), 4, max_denominator=4)

    def arguments(draw: Any, name: str) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for key, kind, default in arguments_of(STAGES[name]):
            choices = kind.examples if polynomial else kind.examples + kind.others
            if isinstance(kind, Formula):
                if not kind.is_variance or (kind.by_name and draw(st.booleans())):
                    continue
                if key in ("token", "weight", "scale", "keep") or draw(st.booleans()):
                    given[key] = _LETTERS.get(key, symbols.gamma) if symbolic else draw(variances)
                else:
                    given[key] = 0
            elif isinstance(kind, Switch):
                given[key] = default is not draw(st.booleans())
            elif len(choices) > 1 or default is MISSING:
                given[key] = draw(st.sampled_from(choices))
        return given

    def extended(draw: Any, built: Any, name: str) -> Any:
        """With that stage, or without it where it may not stand there."""
        given = [arguments(draw, name)]
        if name == "attention":  # whose arguments do not all go together
            given.append({})
        for words in given:
            with suppress(InvalidArgument):
                longer = getattr(built, name)(**words)
                if not polynomial or (longer.is_polynomial and _degree(longer) <= highest):
                    return longer
        return built

    @st.composite
    def kernel(draw: Any) -> Kernel:
        built: Any = embedding(**arguments(draw, "embedding"))
        for half in range(2 * draw(st.integers(0, most))):
            if half % 2:
                built = extended(draw, built, "attention")
            for name in layers:
                if draw(st.booleans()):
                    built = extended(draw, built, name)
        end = draw(st.sampled_from(ends))
        read: Kernel = getattr(built, end)(**arguments(draw, end))
        for name in names(after_readout=True):
            if name in layers and draw(st.booleans()):
                read = extended(draw, read, name)
        return read

    return kernel()


def _degree(kernel: Any) -> int:
    """The degree of a kernel in the matches, its attentions being cubic."""
    return prod(3 if s.name == "attention" else getattr(s, "degree", 1) or 1 for s in kernel.stages)


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

    leaves_allowed = _read_size(max_leaves, "max_leaves", minimum=1)
    return st.recursive(leaves, longer, max_leaves=leaves_allowed)


def _read_size(value: object, argument: str, minimum: int = 0) -> int:
    """A number of cells, letters or stages, not larger than what can be drawn."""
    return read_integer(value, argument, minimum, current().drawn_size)


def _among(
    argument: str, words: Iterable[str], known: Sequence[str], may_be_empty: bool = False
) -> tuple[str, ...]:
    """The words as a tuple, each of them one of ``known``; a single word counts as a list of one."""
    chosen = (words,) if isinstance(words, str) else tuple(read_list(words, argument, "names"))
    for word in chosen:
        if word not in known:
            raise InvalidArgument(
                argument, f"must be among {', '.join(known)}", f"{displayed(word)} is among them"
            )
    if not chosen and not may_be_empty:
        raise InvalidArgument(argument, "must name at least one", "it is empty")
    return chosen
