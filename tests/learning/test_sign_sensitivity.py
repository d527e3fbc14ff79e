"""Signs of draws: values that were derived twice, dense matrices of covariances, functions with independent values, and draws themselves."""

from itertools import product
from math import acos, comb, cos, erf, exp, pi

import numpy as np
import pytest
from scipy.integrate import quad
from sympy import Rational

from symkern.abc import L
from symkern.claims import Standing
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm
from symkern.kernels import categorical, derive, embedding, from_function, mixture, uniform
from symkern.learning.neighbour_signs import (
    LoneNeighbour,
    NeighbourClass,
    largest_below,
    one_sign,
)

SETTINGS = {"alpha": 1, "beta": 1, "w": 1, "b": 0}


def _preset(name, length, letters=2):
    kernel = derive(name, L, uniform(letters)).kernel if name != "softmax-attention" else None
    names = [p.name for p in kernel.parameters] if kernel else ["alpha", "beta"]
    return derive(name, length, uniform(letters), **{n: SETTINGS[n] for n in names})


@pytest.mark.parametrize(
    ("name", "average", "zero"),
    [
        ("bag-of-tokens", 0.579609, 219.7208),
        ("flatten", 0.905073, 153.6864),
        ("linear-attention", 0.956146, 156.3228),
        ("linear-attention-2", 1.641632, 88.8981),
        ("linear-attention-flatten", 1.199129, 124.1859),
        ("transformer-block", 0.765753, 178.9178),
    ],
)
def test_values_at_length_eight(name, average, zero):
    found = _preset(name, 8).sign_sensitivity()
    assert found.average == pytest.approx(average, abs=6e-7)
    assert found.zero_inputs == pytest.approx(zero, abs=6e-5)


def test_values_of_other_kernels_and_lengths():
    last = _preset("linear-attention-last", 8).sign_sensitivity()
    assert last.average == pytest.approx(1.045423, abs=6e-7) and abs(last.zero_inputs - 120.1) < 4
    relu = derive("fully-connected", 8, uniform(2), alpha=1).sign_sensitivity()
    assert (relu.average, relu.zero_inputs) == (pytest.approx(1.214830, abs=6e-7), pytest.approx(123.3190, abs=6e-5))  # fmt: skip
    soft = _preset("softmax-attention", 8).sign_sensitivity()
    assert soft.average == pytest.approx(0.574701, abs=6e-7) and abs(soft.zero_inputs - 218.2) < 2.4
    assert _preset("linear-attention", 5, 3).sign_sensitivity().average == pytest.approx(1.225454, abs=6e-7)  # fmt: skip
    for name, zero in (("linear-attention", 36.0136), ("linear-attention-2", 18.7818), ("linear-attention-flatten", 29.0122)):  # fmt: skip
        assert _preset(name, 6).sign_sensitivity().zero_inputs == pytest.approx(zero, abs=6e-5)
    for length, share in ((16, 0.732046),):
        found = _preset("linear-attention", length).sign_sensitivity()
        assert found.zero_inputs / 2**length == pytest.approx(share, abs=6e-7)
    for length, share in ((32, 0.711211),):
        found = _preset("flatten", length).sign_sensitivity()
        assert found.zero_inputs / 2**length == pytest.approx(share, abs=6e-7)
    centred = _preset("linear-attention", 8).sign_sensitivity(centred=True)
    assert centred.average == pytest.approx(1.969656, abs=6e-7)
    exact = 4 * (1 - (2 * acos(3 / 4) + pi / 3) / (2 * pi))
    assert _preset("flatten", 2).sign_sensitivity().zero_inputs == pytest.approx(exact, abs=1e-8)


def _dense(kernel, law, length, centred):
    """E I, E 2q(1-q), by the matrix of all covariances; and that matrix."""
    words = list(product(range(law.vocabulary), repeat=length))
    chances = np.array([float(law.probability(x)) for x in words])
    k = np.array(kernel.matrix(np.array(words)), dtype=float)
    if centred:
        less = np.eye(len(words)) - chances
        k = less @ k @ less.T
    root = np.sqrt(np.diag(k))
    angle = np.arccos(np.clip(k / np.outer(root, root), -1, 1)) / np.pi
    p, total = [float(q) for q in law.letter_probabilities()], 0.0
    for i, x in enumerate(words):
        for a in range(length):
            for u in range(law.vocabulary):
                y = words.index((*x[:a], u, *x[a + 1 :]))
                total += 2 * chances[i] * p[u] * (angle[i, y] if y != i else 0.0)
    return total, chances @ (angle - np.diag(np.diag(angle))) @ chances, k


@pytest.mark.parametrize("centred", [False, True])
@pytest.mark.parametrize("law", [uniform(2), categorical(["1/5", "3/10", "1/2"])], ids=["v=2", "v=3"])  # fmt: skip
@pytest.mark.parametrize("read", [False, True])
def test_against_all_covariances(law, centred, read):
    network, length = embedding(1, 2).attention(), 4
    kernel = network.at_position("last") if read else network.mean_pool()
    found = kernel.spectrum(length, law).sign_sensitivity(centred)
    average, balance, _ = _dense(kernel, law, length, centred)
    assert found.average == pytest.approx(average, rel=1e-7)
    assert found.balance == pytest.approx(balance, rel=1e-7)
    assert found.left_out == 0


@pytest.mark.parametrize("read", [False, True])
@pytest.mark.parametrize("centred", [False, True])
def test_draws_themselves(centred, read):
    """E K_0 and the rest within four standard errors of 40,000 draws, of which a draw with another mean is told apart."""
    network, length, count = embedding(1, 1).attention(), 4, 40000
    kernel = network.at_position("last") if read else network.mean_pool()
    found = kernel.spectrum(length, uniform(2)).sign_sensitivity(centred)
    k = _dense(kernel, uniform(2), length, centred)[2]
    values, vectors = np.linalg.eigh(k)
    root = vectors * np.sqrt(np.maximum(values, 0))
    signs = np.random.default_rng(0).standard_normal((count, 16)) @ root.T > 0
    near = [[i ^ (1 << a) for a in range(length)] for i in range(16)]
    differ = np.stack([(signs[:, [i]] != signs[:, near[i]]).sum(axis=1) for i in range(16)], axis=1)
    share = signs.mean(axis=1)
    for mine, drawn in (
        (found.average, differ.mean(axis=1)),
        (found.zero_inputs, (differ == 0).sum(axis=1)),
        (found.balance, 2 * share * (1 - share)),
    ):
        assert abs(mine - drawn.mean()) < 4 * drawn.std() / np.sqrt(count)
    other = kernel.spectrum(length, uniform(2)).sign_sensitivity(not centred)
    assert abs(other.zero_inputs - (differ == 0).sum(axis=1).mean()) > 1


def test_a_random_function():
    """Independent values: P(one sign on n + 1 inputs) = 2^-n, so that E K_0 = 1 at every length."""
    for length in (1, 3, 6):
        white = from_function(lambda x, y: int(x == y), "white").spectrum(length, uniform(2))
        found = white.sign_sensitivity()
        assert found.zero_inputs == pytest.approx(1, abs=1e-7)
        assert found.average == pytest.approx(length / 2)
        assert found.balance == pytest.approx((1 - 2.0**-length) / 2)


def test_the_largest_of_centred_normal_numbers():
    """G_2 is erf, G_m(oo) = 1, and G_3 by the angle of a triangle."""
    t = np.array([0.003, 0.1, 0.5, 2.0])
    assert largest_below(2)(t) == pytest.approx([erf(e) for e in t], rel=1e-10)
    assert [float(largest_below(m)(np.array(30.0))) for m in (0, 1, 2, 5, 9, 40, 100)] == pytest.approx([1] * 7, abs=1e-8)  # fmt: skip
    for h in (
        0.3,
        1.0,
        2.5,
    ):  # three letters: a triangle with this radius inside, in polar coordinates
        triangle = quad(lambda angle, h=h: 1 - exp(-((h / cos(angle)) ** 2) / 2), 0, pi / 3)[0] * 3 / pi  # fmt: skip
        assert float(largest_below(3)(np.array(h * (2 / 3) ** 0.5))) == pytest.approx(triangle, abs=1e-10)  # fmt: skip


def test_one_sign_of_three_numbers():
    """Two neighbours, one in each class: the orthant formula 1 - (sum of three arccos)/(2 pi)."""
    rho = (0.3, -0.2, 0.5)
    found = one_sign(1.0, NeighbourClass(1, 2.0, 2.0, rho[0] * 2**0.5), NeighbourClass(1, 3.0, 3.0, rho[1] * 3**0.5), rho[2] * 6**0.5)  # fmt: skip
    assert found == pytest.approx(1 - sum(map(acos, rho)) / (2 * pi), abs=1e-9)


def test_one_sign_beside_a_lone_neighbour():
    """Orthants of three numbers by their angles, of four where two pairs are independent, and where two numbers are one."""
    first, none = NeighbourClass(1, 2.0, 2.0, 0.3 * 2**0.5), NeighbourClass(0, 1.0, 1.0, 0.0)
    three = 1 - (acos(0.3) + acos(-0.2) + acos(0.5)) / (2 * pi)
    lone = LoneNeighbour(3.0, -0.2 * 3**0.5, 0.5 * 6**0.5, 0.0)
    assert one_sign(1.0, first, none, 0.0, lone) == pytest.approx(three, abs=1e-9)
    turned = LoneNeighbour(3.0, -0.2 * 3**0.5, 0.0, 0.5 * 6**0.5)
    assert one_sign(1.0, none, first, 0.0, turned) == pytest.approx(three, abs=1e-9)
    assert one_sign(1.0, none, none, 0.0, lone) == pytest.approx(1 - acos(-0.2) / pi)
    pair = NeighbourClass(1, 1.0, 1.0, 0.0)
    four = 2 * (1 - acos(0.4) / pi) / 2 * (1 - acos(-0.7) / pi) / 2
    assert one_sign(1.0, pair, pair, -0.7, LoneNeighbour(1.0, 0.4, 0.0, 0.0)) == pytest.approx(four, abs=1e-9)  # fmt: skip
    same = one_sign(1.0, pair, pair, -0.7, LoneNeighbour(1.0, 1.0, 0.0, 0.0))
    assert same == pytest.approx(one_sign(1.0, pair, pair, -0.7), abs=1e-9)
    assert one_sign(1.0, pair, none, 0.0, LoneNeighbour(1.0, -1.0, 0.0, 0.0)) == pytest.approx(0, abs=1e-9)  # fmt: skip


@pytest.mark.parametrize("length", [1, 2, 3, 8, 9, 63, 64])
def test_a_bag_less_its_mean_is_majority(length):
    """All draws are multiples of n_1 - L/2: MAJORITY, and no neighbours of two signs where a tie is between them; to the last digits at rho = +-1."""
    found = derive("bag-of-tokens", length, uniform(2), alpha=1).sign_sensitivity(centred=True)
    tie = 0 if length % 2 else comb(length, length // 2)
    assert found.left_out == pytest.approx(tie / 2**length, rel=1e-14)
    expected = 0 if tie else length * comb(length - 1, length // 2) / 2 ** (length - 1)
    assert found.average == pytest.approx(expected, rel=1e-13, abs=0)
    if length < 20:
        balance = (1 - tie / 2**length) ** 2 / 2
        assert found.balance == pytest.approx(balance, rel=1e-13)
    assert found.standing is Standing.PROVED
    if length == 9:
        assert found.zero_inputs == pytest.approx(2**9 - 2 * comb(9, 4), rel=1e-9)


def test_angles_near_0_and_pi():
    """rho is exact, so that 1 - rho = 10^-20 is seen; sixteen digits of it are 1."""
    tiny = Rational(1, 10**20)
    kernel = from_function(lambda x, y: 1 if x == y else 1 - tiny, "near").spectrum(1, uniform(2))
    assert kernel.sign_sensitivity().average == pytest.approx(2**0.5 * 1e-10 / pi, rel=1e-9)
    other = from_function(lambda x, y: 1 if x == y else tiny - 1, "far").spectrum(1, uniform(2))
    assert 1 - other.sign_sensitivity().average == pytest.approx(2**0.5 * 1e-10 / pi, rel=1e-5)


def test_inputs_without_a_sign_are_left_out():
    """One-hot tokens of mean zero, pooled: k(x, x) = 0 where both letters occur equally often."""
    found = embedding(2, 0, -1).mean_pool().spectrum(4, uniform(2)).sign_sensitivity()
    assert found.left_out == pytest.approx(6 / 16) and "without a sign" in str(found)
    # Signs of n_0 - 2 are the same for all x with equal sign; neighbours of (3, 1) at (2, 2) have none.
    assert found.zero_inputs == pytest.approx(2)
    assert found.average == 0


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: derive("flatten", 4, uniform("v"), alpha=1, beta=1).sign_sensitivity(), InvalidArgument, "given length"),
        (lambda: derive("flatten", 4, uniform(2), alpha=1).sign_sensitivity(), InvalidArgument, "beta"),
        (lambda: derive("flatten", 4, mixture([("1/2", uniform(2)), ("1/2", categorical([1, 0]))]), alpha=1, beta=1).sign_sensitivity(), InvalidType, "independent"),
        (lambda: derive("flatten", 3, uniform(3), alpha=1, beta=1).sign_sensitivity().zero_inputs, NoClosedForm, "two letters"),
    ],
)  # fmt: skip
def test_refusals(make, error, message):
    with pytest.raises(error, match=message):
        make()


@pytest.mark.wide
def test_values_of_long_inputs():
    for name, length, share in (("linear-attention", 32, 0.832962), ("flatten", 64, 0.768154)):
        found = _preset(name, length).sign_sensitivity()
        assert found.zero_inputs / 2**length == pytest.approx(share, abs=6e-7)
    found = _preset("linear-attention", 64).sign_sensitivity().zero_inputs / 2**64
    assert found == pytest.approx(0.9024834, abs=1e-6)
