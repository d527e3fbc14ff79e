"""Kernels at the edge: activations with symbols, differences of variances, the cost of the trace, functions that fail."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
import sympy as sp

import symkern as sk
from symkern.abc import L, alpha, beta, v
from symkern.claims.derivation import Standing
from symkern.combinatorics import Partition, partitions
from symkern.engines.match_counts.mean_diagonal import _mean_moment, mean_diagonal, square_sums
from symkern.engines.match_counts.state_counts import _exponents
from symkern.engines.tables.sectors import _shapes
from symkern.engines.tables.table_counts import most_below, table_cost
from symkern.errors import InvalidArgument, InvalidType, TooLarge
from symkern.exact import function_field
from symkern.kernels import categorical, embedding, mixture, uniform
from symkern.kernels.algebras.match_counts import kernel_polynomial
from symkern.kernels.functions_on_tables import sequences
from tests.effort import calls_at_most


def _expression(value):
    return value.to_sympy() if hasattr(value, "to_sympy") else sp.S(value)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("activation", ["alpha*x", "x + alpha*x^2", "0", "2", "alpha", "x*L"])
@pytest.mark.parametrize("late", [False, True])
def test_activations_with_symbols_and_constants(activation, late):
    kernel = embedding("alpha", "beta")
    kernel = kernel.mean_pool().mlp(activation) if late else kernel.mlp(activation).mean_pool()
    found = kernel.spectrum(L, uniform(v))
    total = sum(
        (sector.dimension * _expression(sector.block.trace()) for sector in found.sectors),
        sp.S.Zero,
    )  # by the engine; the mean of the diagonal has a road of its own
    assert sp.simplify(_expression(total) - found.mean_diagonal) == 0
    # the exact values of the kernel know nothing of spectra
    values = {L: 2, v: 2, alpha: sp.Rational(1, 3), beta: sp.Rational(2, 5)}
    given = kernel.substitute(values)
    words = [(a, b) for a in range(2) for b in range(2)]
    mean = sum((given(word, word) for word in words), sp.S.Zero) / 4
    assert sp.simplify(found.mean_diagonal.subs(values) - mean) == 0


def test_an_unknown_activation_is_still_refused():
    with pytest.raises(InvalidArgument, match="must be one of erf, gelu, relu"):
        embedding(1).mlp("tanh")


def test_a_difference_of_variances_is_left_to_the_user():
    kernel = embedding(alpha - beta, beta - 2).attention().mean_pool()
    found = kernel.spectrum(L, uniform(v))
    plain = embedding("alpha", "beta").attention().mean_pool().spectrum(L, uniform(v))
    for ours, theirs in zip(found.sectors, plain.sectors, strict=True):
        replaced = _expression(theirs.block.trace()).subs(
            {alpha: alpha - beta, beta: beta - 2}, simultaneous=True
        )
        assert sp.simplify(_expression(ours.block.trace()) - replaced) == 0


@pytest.mark.parametrize(
    "pipeline",
    [
        "embedding(alpha - beta, alpha - 2) | attention | flatten",
        "embedding(1) | mlp(alpha*x^2 - alpha) | mean_pool",
        "embedding(sqrt(2), alpha/L) | attention | mean_pool | linear(1/(alpha - 2), alpha)",
    ],
)
def test_degrees_do_not_depend_on_trial_values(pipeline):
    kernel = sk.kernels.read_kernel(pipeline)
    try:
        known = kernel_polynomial(kernel).terms
    except sk.SymkernError:  # no field for the square root: any estimate will do
        assert _exponents(kernel)
        return
    assert sorted(_exponents(kernel)) == sorted(known)


LAWS = [
    uniform(2),
    uniform(7),
    categorical(["1/2", "1/3", "1/6"]),
    categorical([1, 0]),
    mixture([("1/3", uniform(2)), ("2/3", categorical(["1/4", "3/4"]))]),
]


@pytest.mark.parametrize("law", LAWS, ids=str)
@pytest.mark.parametrize("length", [1, 2, 4])
def test_the_sum_of_squares_of_one_sequence(law, length):
    counted: dict[int, Fraction] = {}
    for word in product(range(law.vocabulary), repeat=length):
        counts = tuple(word.count(t) for t in range(law.vocabulary))
        q = sum(n * n for n in counts)
        counted[q] = counted.get(q, Fraction(0)) + law.sequence_probability(counts)
    found = square_sums(length, law)
    assert {q: w for q, w in found.items() if w} == {q: w for q, w in counted.items() if w}
    field = function_field((L,))  # and by factorial moments, the road of symbolic sizes
    for p in range(5):
        assert _mean_moment(p, field(length), law) == field(sum(w * q**p for q, w in found.items()))


def test_the_trace_of_a_deep_kernel_does_not_take_longer_than_its_spectrum():
    kernel = sk.kernels.read_kernel("embedding(1, 1)" + " | attention" * 4 + " | mean_pool")
    with calls_at_most(200_000):
        mean_diagonal(kernel, 6, uniform(2))
    assert square_sums(45, uniform(45)) is None  # too many contents: moments then
    assert square_sums(L, uniform(2)) is None


FAILING = [
    lambda x, y: 1 // 0,
    lambda x, y: x[10],
    lambda x, y: len(x) + y,
]


@pytest.mark.parametrize("function", FAILING)
def test_a_function_that_raises_is_named_with_its_sequences(function):
    kernel = sk.kernels.from_function(function, "mine")
    for ask in (lambda: kernel.spectrum(2, uniform(2)), lambda: kernel((0, 1), (0, 1))):
        with pytest.raises(InvalidArgument, match=r"f: must have a value .*x = \(0, [01]\), y = "):
            ask()
    table = sk.kernels.from_table(lambda N: 1 // (N[0][0] - 1))
    with pytest.raises(InvalidArgument, match=r"f: must have a value .*N = .*ZeroDivisionError"):
        table.spectrum(2, uniform(2))


def test_a_function_of_the_wrong_arity_is_refused_at_once():
    with pytest.raises(InvalidType, match="f: must take two sequences"):
        sk.kernels.from_function(lambda x: 1)
    with pytest.raises(InvalidType, match="f: must take one table"):
        sk.kernels.from_table(lambda x, y: 1)
    assert sk.kernels.from_function(lambda x, y, shift=0: 1)((0,), (1,)) == 1
    assert sk.kernels.from_function(max)((0,), (1,)) == (1,)  # no signature to look at


def test_true_and_false_are_one_and_zero():
    by_truth = sk.kernels.from_function(lambda x, y: sorted(x) == sorted(y))
    by_number = sk.kernels.from_function(lambda x, y: int(sorted(x) == sorted(y)))
    ours, theirs = (k.spectrum(3, uniform(2)) for k in (by_truth, by_number))
    assert [s.eigenvalues for s in ours] == [s.eigenvalues for s in theirs]
    value = by_truth((0, 1), (1, 0))
    assert value == 1 and not isinstance(value, bool)
    table = sk.kernels.from_table(lambda N: np.bool_(N[0][1] == N[1][0]))
    assert table.spectrum(2, uniform(2)).mean_diagonal == 1


@pytest.mark.parametrize("value", [np.array([1]), np.array([1, 2]), np.array(1.5), np.array(["a"])])
def test_an_array_is_no_value_of_a_kernel(value):
    with pytest.raises(InvalidType, match=r"^f\(x, y\) at x = .*: must be an exact number"):
        sk.kernels.from_function(lambda x, y: value, "mine").spectrum(2, uniform(2))
    with pytest.raises(InvalidType, match=r"^alpha: must be an exact number"):
        sk.derive("bag-of-tokens", 2, uniform(2), alpha=value)


def test_shapes_are_listed_without_those_of_too_many_rows():
    """The same list as all partitions have, at once where those cannot be listed."""
    relu = sk.kernels.read_kernel("fully-connected")
    for sites, letters in product(range(12), range(1, 5)):
        expected = [
            mu.padded(sites) if sites else Partition()
            for below in range(sites + 1)
            for mu in partitions(below)
            if len(mu) < letters and sites - below >= mu.part(0)
        ]
        assert _shapes(relu, sites, letters) == expected
        assert most_below(sites, letters, None) == max((sum(s[1:]) for s in expected), default=0)
    with calls_at_most(100_000):
        assert table_cost(relu, 64, uniform(2)).largest_block == 65
        assert table_cost(relu, 200, uniform(1)).tables == 1
        assert len(_shapes(relu, 64, 2)) == 33 and len(_shapes(relu, 200, 1)) == 1


def test_the_cost_grows_with_the_length_where_there_is_one_table():
    """One letter, one table, and sequences of a billion positions: refused before anything is built."""
    for kernel in (
        sk.kernels.from_function(lambda x, y: x == y, "same"),
        sk.kernels.from_table(lambda N: N[0][0], "matches"),
        embedding(1, 1).attention("tied", "softmax").mean_pool(),
    ):
        for length in (10**12, 10**30):
            refused = pytest.raises(TooLarge, match="a spectrum with 1 contingency table needs")
            with calls_at_most(20_000), refused:
                kernel.spectrum(length, uniform(1))
    long = sk.kernels.from_function(lambda x, y: Fraction(sum(x) + len(y), 2), "length")
    spec = long.spectrum(10**5, uniform(1))
    assert [s.eigenvalues for s in spec] == [(50000,)] and spec.check_trace()
    assert spec.standing is Standing.PROVED  # one sequence, which no permutation changes


def test_sequences_of_a_table():
    for table in product(range(3), repeat=4):
        N = (table[:2], table[2:])
        pairs = [(t, u) for t in range(2) for u in range(2) for _ in range(N[t][u])]
        assert sequences(N) == (tuple(t for t, _ in pairs), tuple(u for _, u in pairs))
