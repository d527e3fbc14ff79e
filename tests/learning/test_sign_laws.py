"""Laws in L of signs of draws: limits that were derived elsewhere, exact values at growing lengths, and maxima of normals by numerical integration."""

from math import log, pi, sqrt

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import quad
from scipy.stats import norm

from symkern.abc import L, alpha, beta, v
from symkern.errors import InvalidType, NoClosedForm
from symkern.kernels import categorical, derive, read_pipeline, uniform
from symkern.learning.sign_laws import SignLaws
from symkern.learning.sign_rates import sign_rates


def _laws(name, letters=2, centred=False, **settings):
    found = derive(name, L, uniform(letters), **settings).sign_sensitivity(centred)
    assert isinstance(found, SignLaws)
    return found


ONES = {"alpha": 1, "beta": 1}


def test_published_limits():
    for layers, e in ((1, 1), (2, 4), (3, 13)):
        name = "linear-attention" + (f"-{layers}" if layers > 1 else "")
        expected = 2 / sp.pi * sp.sqrt(1 + e + 2 * e * beta / alpha)
        for numbers in ({alpha: 1, beta: 1}, {alpha: 3, beta: sp.Rational(1, 2)}):
            settings = {s.name: q for s, q in numbers.items()}
            found = _laws(name, **settings).average
            assert float(found) == pytest.approx(float(expected.subs(numbers)))
    assert float(_laws("linear-attention-2", **ONES).average) == pytest.approx(2.295365, abs=1e-6)
    general = 4 / sp.pi * (1 - 1 / v) * sp.sqrt(v * (1 + beta / alpha))
    assert sp.simplify(_laws("linear-attention", v).average - general) == 0
    assert _laws("bag-of-tokens", alpha=1).average == 2 / sp.pi
    block = _laws("transformer-block", **ONES, w=1, b=0).average
    assert float(block) == pytest.approx(0.900316, abs=1e-6)
    flat = _laws("flatten").average
    assert sp.simplify(flat - sp.sqrt(2 * L * alpha / (alpha + beta)) / sp.pi) == 0


def test_kernels_that_are_no_polynomials_in_s_and_m():
    """Limits that were derived elsewhere: one position read, one tied softmax attention, functions of the share of matches."""
    for numbers in (ONES, {"alpha": 3, "beta": "1/2"}):
        found, ratio = _laws("linear-attention-last", **numbers), sp.sympify(numbers["beta"]) / numbers["alpha"]  # fmt: skip
        expected = 2 / sp.pi * sp.sqrt(1 + 2 * ratio) + sp.acos(ratio / (1 + ratio)) / sp.pi
        assert float(found.average) == pytest.approx(float(expected), rel=1e-12)
    for a in (sp.Rational(1, 2), sp.Integer(2)):
        soft = _laws("softmax-attention", alpha=a, beta=1).average
        expected = 2 / sp.pi * (1 + 2 * (sp.exp(a) - 1) / (sp.exp(a) + 1) ** 2)
        assert float(soft) == pytest.approx(float(expected), rel=1e-12)
    dense = _laws("fully-connected", alpha=1)
    assert sp.simplify(dense.average - sp.sqrt(2 * L) / sp.pi) == 0
    relu = (sp.sqrt(3) / 2 + sp.pi / 3) / sp.pi  # kap(1/2)/kap(1)
    assert sp.simplify(dense.balance - sp.acos(relu) / sp.pi) == 0


def _mixed_slope(kernel, v, step):
    """(d/dp d/dq k)/k between sequences with the letters' shares p and q, at 1/v, in a direction of sum zero: by finite differences, matrices written out."""
    start = float(kernel.stages[0].token) * np.eye(v) + float(kernel.stages[0].constant)

    def between(*shares):
        places, states = [(0, 0), (1, 1), (0, 1)], [dict.fromkeys([(0, 0), (1, 1), (0, 1)], start)]
        for stage in kernel.stages[1:]:
            state = states[-1]
            if stage.name == "attention":
                rows = [p * np.exp(float(stage.scale) * state[i, i]) for i, p in enumerate(shares)]
                rows = [row / row.sum(axis=1, keepdims=True) for row in rows]
                found = {(i, j): rows[i] @ state[i, j] @ rows[j].T for i, j in places}
            elif stage.name == "residual":
                found = {place: state[place] + states[-1 - stage.over][place] for place in places}
            elif stage.name == "linear":
                found = {place: float(stage.weight) * state[place] + float(stage.bias) for place in places}  # fmt: skip
            else:
                found = {(i, j): shares[i] @ state[i, j] @ shares[j] for i, j in places}
            states.append(found)
        return states[-1][0, 1]

    even = np.full(v, 1 / v)
    p, q = even.copy(), even.copy()
    p[:2] += step, -step
    q[:2] -= step, -step
    return (between(p, p) + between(q, q) - 2 * between(p, q)) / (8 * step**2 * between(even, even))  # fmt: skip


@pytest.mark.parametrize("letters", [2, 3, 5])
@pytest.mark.parametrize(
    "text",
    [
        "embedding(1, 1) | attention(tied, softmax) | mean_pool",
        "embedding(2, 1) | attention(tied, softmax) | attention(tied, softmax) | attention(tied, softmax, scale=3) | residual | mean_pool",
        "embedding(3/2, 1/2, 1/3) | attention(tied, softmax) | residual | linear(2, 1/5) | attention(tied, softmax, scale=2/3) | residual(2) | mean_pool | linear(3, 1/7)",
    ],
)  # fmt: skip
def test_rates_of_softmax_by_shares_of_letters(text, letters):
    kernel = read_pipeline(text)
    rates = sign_rates(kernel, sp.Integer(letters))
    assert float(rates.a) == pytest.approx(_mixed_slope(kernel, letters, 1e-4), rel=1e-5)
    assert rates.b == rates.c == 0 and rates.smooth and rates.read is None


@pytest.mark.parametrize("activation", ["relu", "cos", "hermite(3)", "gelu"])
def test_rates_behind_flatten_by_values_on_sequences(activation):
    """L (1 - rho) between neighbours, and rho between sequences that agree at half of the positions, which is exact at any length."""
    kernel = read_pipeline(f"embedding(2, 1/2) | flatten | linear(2, 1) | mlp({activation}) | linear(1, 1/3)")  # fmt: skip
    rates, length = sign_rates(kernel, sp.Integer(2)), 24
    x = [0] * length
    itself, near, half = (float(kernel(x, y)) for y in (x, [1, *x[1:]], [0, 1] * (length // 2)))
    assert length * (1 - near / itself) == pytest.approx(float(rates.c), rel=0.1)
    assert float(rates.apart) == pytest.approx(half / itself, rel=1e-12)


def test_balance_and_centred_draws():
    laws = _laws("linear-attention", **ONES)
    assert float(laws.balance.subs(L, 1)) == pytest.approx(0.862321, abs=1e-6)
    centred = _laws("linear-attention", centred=True, **ONES)
    assert float((centred.average / sp.sqrt(L)).evalf()) == pytest.approx(0.656621, abs=1e-6)
    assert centred.balance == sp.Rational(1, 2)
    bag = _laws("bag-of-tokens", centred=True, alpha=1)
    assert bag.average.subs(L, 9) == 3 * sp.sqrt(2) / sp.sqrt(sp.pi)
    assert bag.average.subs(L, 8) == 0 and "for odd L, 0 for even L" in str(bag)
    flat = _laws("flatten", **ONES)
    assert flat.balance == sp.acos(sp.Rational(3, 4)) / sp.pi


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("name", "centred", "part", "lengths"),
    [
        ("bag-of-tokens", False, "average", (24, 96)),
        ("linear-attention", False, "average", (24, 96)),
        ("flatten", True, "average", (10, 20)),
        ("linear-attention", True, "average", (10, 20)),
        ("linear-attention", False, "balance", (10, 20)),
        ("flatten", False, "balance", (10, 20)),
        ("linear-attention-last", False, "average", (16, 64)),
        ("softmax-attention", False, "average", (24, 96)),
        ("softmax-attention", False, "balance", (8, 33)),
        (
            "embedding(1/2, 1/4) | attention(tied, softmax) | attention(tied, softmax) | residual | mean_pool",
            False,
            "average",
            (4, 16),
        ),
        ("fully-connected", False, "average", (10, 40)),
        ("embedding(1, 1) | flatten | mlp(erf) | linear(1, 1)", True, "average", (6, 12)),
    ],
)
def test_exact_values_approach_the_laws(name, centred, part, lengths):
    """The quotient tends to 1, and is nearer by at the second length."""
    settings = {"alpha": 1, "beta": 1}
    if name in ("bag-of-tokens", "fully-connected"):
        del settings["beta"]
    elif "|" in name:
        settings = {}
    law = getattr(_laws(name, centred=centred, **settings), part)
    off = []
    for length in lengths:
        found = derive(name, length, uniform(2), **settings).sign_sensitivity(centred)
        off.append(abs(getattr(found, part) / float(law.subs(L, length).evalf()) - 1))
    assert off[1] < 0.15 and off[1] < 0.7 * off[0]


@pytest.mark.parametrize(
    ("name", "letters", "centred", "power", "length"),
    [
        ("linear-attention-last", 2, True, sp.Rational(1, 2), 8),
        ("transformer-block-last", 2, False, 1, 32),
        pytest.param("linear-attention-last", 3, False, 1, 24, marks=pytest.mark.wide),
    ],
)
def test_laws_where_one_position_is_read(name, letters, centred, power, length):
    """What is left is of order L^-power in the leading term, so that values at L and 4 L give the limit."""
    settings = ONES if name[0] == "l" else {**ONES, "w": 1, "b": 0}
    law = float(_laws(name, letters, centred, **settings).average)
    near, far = (
        derive(name, n, uniform(letters), **settings).sign_sensitivity(centred).average
        for n in (length, 4 * length)
    )
    times = 4**power
    assert (times * far - near) / (times - 1) == pytest.approx(law, rel=0.03)
    assert abs(far / law - 1) > 0.005


def test_the_balance_where_one_position_is_read():
    """Pairs that agree there add half of what they add without it, which is of order 1/sqrt(L)."""
    found = derive("linear-attention-last", 33, uniform(2), **ONES).sign_sensitivity().balance
    law = _laws("linear-attention-last", **ONES).balance
    assert law == sp.Rational(1, 6)
    assert (found - 1 / 6) * sqrt(33) == pytest.approx(0.862321 / 2, rel=0.15)


def _largest(m):
    """E of the largest of m standard normals."""
    return quad(lambda t: t * m * norm.pdf(t) * norm.cdf(t) ** (m - 1), -9, 9)[0]


@pytest.mark.wide
def test_the_boundary_between_signs():
    """Exact shares of inputs with a neighbour of the other sign, beside sqrt(2/pi) E max of what the law is the leading term of."""
    for length in (32, 128):
        flat = derive("flatten", length, uniform(2), **ONES).sign_sensitivity()
        share = 1 - flat.zero_inputs / 2**length
        assert share == pytest.approx(sqrt(2 / pi) * sqrt(1 / length) * _largest(length), rel=0.03)
    bag = derive("bag-of-tokens", 128, uniform(2), alpha=1).sign_sensitivity()
    law = float(_laws("bag-of-tokens", alpha=1).boundary.subs(L, 128))
    assert 1 - bag.zero_inputs / 2**128 == pytest.approx(law, rel=0.03)
    # Two classes of neighbours, drawn: a = b = 4.
    length, rng = 128, np.random.default_rng(0)
    h, e = rng.standard_normal(20000), rng.standard_normal((20000, length))
    signs = np.repeat([1, -1], length // 2)
    drawn = (sqrt(8) * (signs * h[:, None] + e)).max(axis=1).mean() * sqrt(2 / pi) / length
    attention = derive("linear-attention", length, uniform(2), **ONES).sign_sensitivity()
    exact = 1 - attention.zero_inputs / 2**length
    assert exact == pytest.approx(drawn, rel=0.06)
    # The law is the leading term of both; with the rate of the common part in the place of b the quotient leaves 1 by a quarter.
    law = float(_laws("linear-attention", **ONES).boundary.subs(L, length))
    assert law == pytest.approx(sqrt(8 * 4 * log(length) / pi) / length)
    assert 0.8 < exact / law < 1.25


def test_what_has_no_law():
    with pytest.raises(InvalidType, match="uniform"):
        derive("linear-attention", L, categorical(["1/3", "2/3"])).sign_sensitivity()
    with pytest.raises(NoClosedForm, match="two letters"):
        _ = _laws("linear-attention", 3).balance
    with pytest.raises(NoClosedForm, match="at a length"):
        _ = _laws("linear-attention", centred=True).boundary
    with pytest.raises(NoClosedForm, match="polynomials in s and m"):
        derive("embedding(1, 1) | attention(query_key=tied, row_map=identity) | mean_pool", L, uniform(2)).sign_sensitivity()  # fmt: skip
    for name in ("sign", "step"):  # 1 - rho ~ sqrt(1/L) between neighbours
        with pytest.raises(NoClosedForm, match="faster"):
            sign_rates(read_pipeline(f"embedding(1, 1) | flatten | mlp({name})"), sp.Integer(2))
    assert "E I(sign f) ~ 4/pi" in str(_laws("linear-attention", **ONES))
