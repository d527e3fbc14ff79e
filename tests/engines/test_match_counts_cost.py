"""What a polynomial kernel's spectrum will take: counted without listing, and refused before it starts.

The counts are held against the states that the engine lists; the degrees against the expanded kernel polynomial; the refusals
against the clock, since a refusal that takes long is none.
"""

from __future__ import annotations

import pickle
from itertools import product
from math import factorial

import pytest

import symkern as sk
from symkern.abc import L, v
from symkern.engines.cost import TooManyHours
from symkern.engines.match_counts.multiplicity_space import column_group
from symkern.engines.match_counts.state_counts import (
    _exponents,
    _labels,
    count_states,
    polynomial_cost,
)
from symkern.engines.match_counts.states import State, push, states
from symkern.errors import InvalidArgument, NoClosedForm, TooLarge
from symkern.kernels.algebras.match_counts import kernel_polynomial
from tests.effort import calls_at_most

EMBEDDING = "embedding(alpha, beta)"
TWO = f"{EMBEDDING} | attention | attention"


@pytest.mark.parametrize("star", [False, True])
def test_states_are_counted_as_they_are_listed(star):
    for explicit, named, bulk in product(range(4), range(4), range(4)):
        listed = len(states(explicit, named, explicit + bulk, star))
        counted = count_states(explicit, named, bulk)
        if star:
            counted += count_states(explicit + 1, named, bulk)
        assert counted == listed


def test_live_states_are_counted_as_they_are_reached():
    """Pushing count operators on all states of a degree reaches every live state, and no other."""
    explicit, named, sites, size = 2, 1, 1009, 1013  # sizes at which nothing vanishes by chance
    vector = {s: 1 for d in range(2, 6) for s in states(explicit, named, d, False)}
    for live in (1, 2):
        vector = push(vector, sites, size, False)
        for bulk in range(3):
            reached = [s for s in vector if _bulk(s) == bulk]
            assert len(reached) == count_states(explicit, named, bulk, live)


def _bulk(s: State) -> int:
    return sum(bulk for _, bulk, _ in (*s.named, *s.free))


@pytest.mark.parametrize("size", [None, 3, 5, 8])
def test_labels_are_counted(size):
    for boxes in range(6):
        found = [m for m in sk.partitions(boxes) if size is None or size >= m.threshold]
        count, orders, share = _labels(boxes, size)
        assert count == len(found)
        assert orders == sum(len(column_group(m)) for m in found)
        assert share * factorial(boxes) == pytest.approx(sum(m.dimension for m in found))


@pytest.mark.parametrize(
    "pipeline",
    [
        "linear-attention-2",
        "transformer-block-last",
        f"{EMBEDDING} | attention | mean_pool | mlp(x^3 - x)",
        "embedding(alpha, beta, gamma) | mlp(1 + x^2) | attention | flatten | linear(w, b)",
    ],
)
def test_degrees_are_those_of_the_kernel(pipeline):
    kernel = sk.kernels.read_kernel(pipeline)
    assert sorted(_exponents(kernel)) == sorted(kernel_polynomial(kernel).terms)


REFUSED = [
    ("linear-attention-3", L, v),
    ("linear-attention-3", 40, v),
    ("linear-attention-3", L, 3),
    ("embedding(alpha) | mean_pool | mlp(x^40)", L, v),
    ("embedding(alpha, beta) | attention | mean_pool | mlp(x^40)", L, v),
    ("embedding(alpha, beta, gamma) | attention | flatten | mlp(x^900)", L, 7),
    (EMBEDDING + " | attention" * 9 + " | mean_pool", L, 2),
    (EMBEDDING + " | attention | mlp(x^30)" * 5 + " | at_position(last)", L, v),
]


@pytest.mark.sampled(6)
@pytest.mark.parametrize(("pipeline", "length", "vocabulary"), REFUSED)
def test_what_would_run_away_is_refused_at_once(pipeline, length, vocabulary):
    kernel = sk.kernels.read_kernel(pipeline)
    with calls_at_most(5_000_000), pytest.raises(TooLarge) as caught:
        kernel.spectrum(length=length, tokens=sk.kernels.uniform(vocabulary))
    message = str(caught.value)
    assert "spectrum of degree" in message
    assert "least" in message or "less" in message  # what can be had instead
    assert type(pickle.loads(pickle.dumps(caught.value))) is type(caught.value)


def test_hours_of_work_are_refused_by_their_number():
    with pytest.raises(TooManyHours, match=r"needs some [\d,]+ hours, but at most 4 are begun"):
        sk.derive("embedding(alpha) | mean_pool | mlp(x^12)")


#: Measured to take less than two minutes.
DERIVED = [
    ("linear-attention-2", L, v),
    ("linear-attention-2", 12, 9),
    (f"{TWO} | flatten", L, v),
    (f"{TWO} | at_position(last)", L, v),
    (f"{EMBEDDING} | attention | residual | attention | residual | mean_pool", L, v),
    ("linear-attention-3", L, 2),
    (f"{TWO} | attention | attention | mean_pool", 20, 2),
    ("embedding(alpha) | mean_pool | mlp(x^6)", L, v),
    ("embedding(alpha) | mean_pool | mlp(x^8)", L, 3),
    ("embedding(alpha) | mean_pool | mlp(x^40)", L, 2),
    ("embedding(alpha) | mean_pool | mlp(x^40)", 12, 2),
    (f"{EMBEDDING} | flatten | mlp(x^5)", L, v),
    (f"{EMBEDDING} | attention | mean_pool | mlp(x^3)", L, v),
    (f"{EMBEDDING} | attention | mean_pool | mlp(x^5)", L, 2),
]


@pytest.mark.parametrize(("pipeline", "length", "vocabulary"), DERIVED)
def test_what_is_derived_in_minutes_is_not_refused(pipeline, length, vocabulary):
    kernel = sk.kernels.read_kernel(pipeline)
    found = polynomial_cost(kernel, length, sk.kernels.uniform(vocabulary))
    found.require()
    assert found.seconds < 1000
    assert found.bytes < 2**30


@pytest.mark.parametrize("name", sk.kernels.PRESETS)
def test_presets_on_laws_are_not_refused(name):
    kernel = sk.kernels.read_kernel(name)
    if name in ("softmax-attention", "softmax-block", "fully-connected", "linear-attention-3"):
        return
    for law in (sk.kernels.uniform(v), sk.kernels.categorical(["1/2", "1/4", "1/4"])):
        polynomial_cost(kernel, L, law).require()


def test_high_degrees_at_given_sizes_go_to_the_other_engine():
    """Three layers at L = 5, v = 3: the symbolic engine would list 10^11 bytes of states."""
    spectrum = sk.derive(
        "linear-attention-3", length=5, tokens=sk.kernels.uniform(3), alpha=1, beta=2
    )
    assert spectrum.check_trace()
    assert type(spectrum.cost()).__name__ == "Cost"
    with pytest.raises(InvalidArgument, match="give alpha, beta values"):
        sk.derive("linear-attention-3", length=5, tokens=sk.kernels.uniform(3))


def test_the_cost_grows_with_the_spectrum():
    """More layers, more letters, more symbols: never less."""
    one, two = (
        polynomial_cost(sk.kernels.read_kernel(name), L, sk.kernels.uniform(v))
        for name in ("linear-attention", "linear-attention-2")
    )
    assert (one.degree, two.degree) == (2, 5)
    assert one.seconds < two.seconds
    assert one.states < two.states
    few, many = (
        polynomial_cost(sk.kernels.read_kernel("linear-attention-2"), L, sk.kernels.uniform(n))
        for n in (3, 8)
    )
    assert few.sectors < many.sectors <= two.sectors


def test_a_spectrum_knows_its_cost():
    assert sk.derive("linear-attention").cost().degree == 2
    given = sk.derive("softmax-attention", length=4, tokens=sk.kernels.uniform(2), alpha=1, beta=1)
    assert given.cost().tables == 35


def test_on_distinct_tokens() -> None:
    kernel = sk.kernels.embedding("alpha", "beta")
    for sectors in (2, 12, 373):
        kernel = kernel.attention()
        found = kernel.mean_pool().spectrum(length=L, tokens=sk.kernels.distinct())
        assert found.cost().sectors == sectors == len(found.sectors)
        starred = kernel.at_position("last").spectrum(length=6, tokens=sk.kernels.distinct())
        assert starred.cost().sectors >= len(starred.sectors)
    deep = kernel.attention().attention().mean_pool()
    with pytest.raises(TooLarge, match="a spectrum of degree 121"):
        deep.spectrum(length=L, tokens=sk.kernels.distinct())


def test_the_cost_is_known_before_anything_is_derived() -> None:
    kernel = sk.kernels.embedding("alpha", "beta").attention()
    for sizes in (
        (L, sk.kernels.uniform(v)),
        (5, sk.kernels.uniform(2)),
        (L, sk.kernels.distinct()),
    ):
        assert kernel.mean_pool().cost(*sizes) == kernel.mean_pool().spectrum(*sizes).cost()
    deep = kernel.attention().attention().mean_pool()
    assert deep.cost(L, sk.kernels.uniform(v)).bytes > 10**12  # said, where a spectrum is refused
    user = sk.kernels.from_function(lambda x, y: x == y, "equal")
    assert user.cost(4, sk.kernels.uniform(2)) == user.spectrum(4, sk.kernels.uniform(2)).cost()
    assert user.cost(10**9, sk.kernels.uniform(1)).bytes > 10**10
    with pytest.raises(InvalidArgument, match="length: must be a positive integer"):
        user.cost(2 * L, sk.kernels.uniform(2))
    with pytest.raises(NoClosedForm, match="no formula symbolic in the length"):
        user.cost(L, sk.kernels.uniform(2))
