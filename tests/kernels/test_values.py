"""k(x, y): the library's value on two sequences against the recursion, and its symmetries."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import symkern as sk
from symkern.abc import alpha, beta
from tests.kernels.pipelines import ALL, PARAMETERS, build, with_numbers
from tests.oracles import attention
from tests.search import examples

positive = st.fractions(min_value=Fraction(1, 6), max_value=4, max_denominator=6)
nonnegative = st.just(Fraction(0)) | positive


@st.composite
def random_pipelines(draw, symmetric=False):
    """Stages of the oracle's kind: up to two attentions with whatever may stand between them."""
    stages = [
        (
            "embedding",
            {"token": draw(positive), "position": draw(nonnegative), "constant": draw(nonnegative)},
        )
    ]
    for layer in range(draw(st.integers(0, 2))):
        if draw(st.booleans()):
            stages.append(("linear", {"weight": draw(positive), "bias": draw(nonnegative)}))
        if draw(st.booleans()):
            options = {"normalize": draw(st.booleans())}
            if layer == 0 and len(stages) == 1:
                options["positions_in_values"] = draw(st.booleans())
            stages.append(("attention", options))
        else:
            stages.append(
                ("mlp", {"activation": draw(st.sampled_from([(0, 0, 1), (1, 2), (0, 1, 0, 1)]))})
            )
        if draw(st.booleans()):
            stages.append(("residual", {}))
    names = ["mean_pool", "flatten"] + ([] if symmetric else ["at_position"])
    stages.append((draw(st.sampled_from(names)), {}))
    if draw(st.booleans()):
        stages.append(("linear", {"weight": draw(positive), "bias": draw(nonnegative)}))
    if draw(st.integers(0, 3)) == 0:
        stages.append(("mlp", {"activation": (0, 0, 1)}))
    return stages


@st.composite
def pairs(draw, least=1, most=4):
    length = draw(st.integers(least, most))
    letters = st.integers(0, 2)
    word = st.lists(letters, min_size=length, max_size=length).map(tuple)
    return draw(word), draw(word)


@given(random_pipelines(), pairs())
@examples(150)
def test_values_equal_the_recursion(stages, pair):
    value = build(stages)(*pair)
    expected = attention.kernel(stages, *pair)
    assert isinstance(value, (int, sp.Rational))
    assert value == sp.Rational(str(expected))


@pytest.mark.parametrize("name", ALL)
def test_symbols_and_numbers_agree_with_the_recursion(name):
    k = build(ALL[name])
    for values in PARAMETERS:
        for x, y in [((0,), (0,)), ((0, 1, 1, 2), (1, 1, 0, 2)), ((2, 0, 1), (0, 2, 1))]:
            expected = attention.kernel(with_numbers(ALL[name], values), x, y)
            symbolic = k(x, y)
            assert sp.Rational(str(expected)) == sp.sympify(symbolic).subs(
                {s: sp.Rational(str(q)) for s, q in values.items()}
            )
            free = {s.name: q for s, q in values.items() if s in sp.sympify(symbolic).free_symbols}
            numeric = k(x, y, **free)
            assert numeric == sp.Rational(str(expected))
            assert isinstance(numeric, (int, sp.Rational))


@pytest.mark.parametrize("row_map", ["identity", "relu", "abs"])
@pytest.mark.parametrize("normalize", [True, False])
@pytest.mark.parametrize("positions_in_values", [True, False])
def test_tied_attention(row_map, normalize, positions_in_values):
    switches = {
        "query_key": "tied",
        "row_map": row_map,
        "normalize": normalize,
        "positions_in_values": positions_in_values,
    }
    for readout in ("mean_pool", "flatten", "at_position"):
        stages = [
            (
                "embedding",
                {"token": Fraction(2), "position": Fraction(1, 3), "constant": Fraction(1)},
            ),
            ("attention", switches),
            (readout, {}),
        ]
        for x, y in [((0,), (1,)), ((0, 1, 1, 2), (1, 1, 0, 2))]:
            assert build(stages)(x, y) == sp.Rational(str(attention.kernel(stages, x, y)))


def test_softmax_rows_are_a_ball_or_an_exact_expression():
    stages = [
        ("embedding", {"token": 1, "position": 2}),
        ("attention", {"query_key": "tied", "row_map": "softmax"}),
        ("mean_pool", {}),
    ]
    x, y = (0, 1, 1, 2), (1, 1, 0, 2)
    expected = sp.N(attention.kernel(stages, x, y), 30)
    assert float(build(stages)(x, y)) == pytest.approx(float(expected), rel=1e-14)


@given(random_pipelines(symmetric=True), pairs(2), st.randoms(use_true_random=False))
@examples(60)
def test_moving_the_positions_of_both_changes_nothing(stages, pair, random):
    x, y = pair
    k = build(stages)
    order = list(range(len(x)))
    random.shuffle(order)
    assert k(x, y) == k([x[i] for i in order], [y[i] for i in order])


@given(random_pipelines(), pairs(), st.permutations(range(3)))
@examples(60)
def test_renaming_the_tokens_of_both_changes_nothing(stages, pair, names):
    x, y = pair
    k = build(stages)
    assert k(x, y) == k(tuple(names[t] for t in x), tuple(names[t] for t in y))
    assert k(x, y) == k(y, x)


@given(random_pipelines(), pairs(3), st.permutations(range(2)))
@examples(30)
def test_a_single_position_leaves_the_others_symmetric(stages, pair, order):
    stages = [s if s[0] not in ("mean_pool", "flatten") else ("at_position", {}) for s in stages]
    x, y = pair
    k = build(stages)
    moved = [*order, *range(2, len(x))]
    assert k(x, y) == k([x[i] for i in moved], [y[i] for i in moved])


def test_a_single_position_is_told_apart():
    """The pin that a readout at the last position reads the last one, and not the first."""
    k = build([("embedding", {"token": 1}), ("at_position", {})])
    assert k((0, 1, 2), (2, 1, 2)) == 1
    assert k((0, 1, 2), (0, 1, 0)) == 0


def test_numpy_sequences_and_numbers_are_read():
    k = sk.kernels.embedding(alpha, beta).attention().mean_pool()
    x, y = (0, 1, 1), (1, 1, 0)
    assert k(np.array(x), np.array(y), alpha=np.int64(1), beta=2) == k(x, y, alpha=1, beta=2)
    assert k([0, 1, 1], [1, 1, 0], alpha=1, beta="1/2") == k(x, y, alpha=1, beta=Fraction(1, 2))


def test_the_presets_closed_forms():
    """(alpha s + beta L) c/L^2 and its kin, at s = 6, m = 2, d = 1, L = 4."""
    x, y = (0, 1, 1, 2), (1, 1, 2, 2)
    length, s, m, d = 4, 6, 2, 1
    c = (alpha**2 * s + 2 * alpha * beta * m + beta**2 * length) / sp.Integer(length) ** 2
    embedded = sk.kernels.embedding(alpha, beta)
    expected = {
        embedded.attention().mean_pool(): (alpha * s + beta * length) * c / length**2,
        embedded.attention().flatten(): (alpha * m + beta * length) * c / length,
        embedded.attention().at_position("last"): (alpha * d + beta) * c,
        embedded.attention().attention().mean_pool(): (alpha * s + beta * length)
        * c**4
        / length**2,
        embedded.flatten(): alpha * m / sp.Integer(length) + beta,
        sk.kernels.embedding(alpha).mean_pool(): alpha * s / sp.Integer(length) ** 2,
    }
    for k, formula in expected.items():
        assert sp.expand(k(x, y) - formula) == 0


def test_kernels_are_values():
    one = sk.kernels.embedding(alpha, beta).attention().mean_pool()
    two = sk.kernels.embedding(alpha, beta).attention().mean_pool()
    other = sk.kernels.embedding(alpha, beta).attention().flatten()
    assert one == two
    assert hash(one) == hash(two)
    assert one != other
