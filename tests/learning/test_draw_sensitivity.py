"""Sensitivity of draws: by resampling, by degree-weighted traces of blocks, by dense projectors, and by sampling."""

import json
from fractions import Fraction
from itertools import product
from math import prod

import numpy as np
import pytest
import sympy as sp

import symkern as sk
from symkern.abc import L, alpha, beta, v
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.exact import Ball
from symkern.kernels import (
    categorical,
    distinct,
    embedding,
    exchangeable,
    from_function,
    mixture,
    uniform,
)
from symkern.kernels.presets import PRESETS
from symkern.learning.draw_sensitivity import draw_influences

POLYNOMIAL = [name for name, preset in PRESETS.items() if preset.kernel.is_polynomial]
#: Those whose blocks are small with v symbolic too.
SHALLOW = [name for name in POLYNOMIAL if name not in ("linear-attention-2", "linear-attention-3")]
VALUES = {"alpha": "1/2", "beta": 3, "w": "2/5", "b": "7/3"}


def values_of(kernel):
    return {p.name: VALUES[p.name] for p in kernel.parameters}


def dense(kernel, law, length, exact=True):
    """E I(f), E |f|^2 and W_d by projectors on all v^L sequences, Kronecker products of mean and identity minus mean."""
    size = len(law)
    words = list(product(range(size), repeat=length))

    def number(q):
        return Fraction(int(q.p), int(q.q)) if exact else float(q)

    half = [[number(sp.S(kernel(x, y))) for y in words[: i + 1]] for i, x in enumerate(words)]
    K = np.array(
        [[half[max(i, j)][min(i, j)] for j in range(len(words))] for i in range(len(words))]
    )
    chance = np.array([prod((law[t] for t in x), start=Fraction(1)) for x in words])
    chance = chance if exact else chance.astype(float)
    # On functions of one token: f -> E f, and f -> f - E f.
    one = np.array([[law[u] if exact else float(law[u]) for u in range(size)] for _ in range(size)])
    eye = np.array([[Fraction(int(s == t)) if exact else float(s == t) for s in range(size)] for t in range(size)])  # fmt: skip
    weights = [0] * (length + 1)
    for bits in product((0, 1), repeat=length):
        P = np.ones((1, 1), dtype=object if exact else float)
        for b in bits:
            P = np.kron(P, eye - one if b else one)
        # tr(P T P) = tr(P T), T = K diag(chance).
        weights[sum(bits)] = weights[sum(bits)] + np.trace(P @ (K * chance[None, :]))
    total = sum(d * w for d, w in enumerate(weights))
    return total, sum(chance * np.diag(K)), weights


def fraction(q):
    q = sp.S(q)
    return Fraction(int(q.p), int(q.q))


def bound_kernel(name):
    kernel = PRESETS[name].kernel
    return kernel.substitute({p: VALUES[p.name] for p in kernel.parameters})


# -- check values ----------------------------------------------------------------------------


def test_mean_pooled_linear_attention_at_length_four():
    spec = sk.derive("linear-attention", length=4, tokens=uniform(2), alpha=1, beta=1)
    found = spec.average_sensitivity()
    assert (found.total, found.mean_square) == (sp.Rational(1, 2), sp.Rational(157, 128))
    assert abs(float(found.ratio) - 0.407643) < 5e-7
    assert found.of_random == 2
    assert found.check()
    assert found.weights == {0: sp.Rational(99, 128), 1: sp.Rational(13, 32), 2: sp.Rational(3, 64)}
    symbolic = sk.derive("linear-attention").average_sensitivity()
    point = {L: 4, v: 2, alpha: 1, beta: 1}
    assert symbolic.ratio.subs(point) == found.ratio == sp.Rational(64, 157)


def test_eigenvalues_alone_do_not_give_it():
    """Diagonalising the block of the trivial irrep and labelling eigenvalues by degree gives another number."""
    spec = sk.derive("linear-attention", length=4, tokens=uniform(2), alpha=1, beta=1)
    labelled = sp.S.Zero
    for sector in spec:
        degrees = sector.degrees
        values = sorted((sp.S(e) for e in sector.eigenvalues), reverse=True)
        labelled += sum(d * e * sector.dimension for d, e in zip(sorted(degrees), values))
    assert sp.simplify(labelled - sp.Rational(1, 2)) != 0


def test_white_noise_is_the_random_function():
    for size, length in ((2, 4), (3, 3)):
        noise = from_function(lambda x, y: int(x == y), "noise")
        found = noise.spectrum(length, uniform(size)).average_sensitivity()
        assert found.ratio == found.of_random == sp.Rational(length * (size - 1), size)


def test_parity_kernel_has_its_degree():
    """k = parity(x) parity(y): one draw, up to its size, and invariant under all permutations of the positions."""
    parity = from_function(lambda x, y: (-1) ** (sum(x) + sum(y)), "parity")
    spec = parity.spectrum(5, uniform(2))
    assert [(s.position_irrep, s.dimension) for s in spec] == [(sk.Partition(), 1)]
    assert spec.average_sensitivity().ratio == 5


# -- all presets, against each other and against dense matrices ----------------------------


@pytest.mark.sampled(8)
@pytest.mark.parametrize("name", POLYNOMIAL)
def test_blocks_and_resampling_agree_as_formulas_in_length(name):
    numbers = {"alpha": 2, "beta": 3} if name == "linear-attention-3" else {}
    spec = sk.derive(name, tokens=uniform(2), **numbers)
    assert spec.average_sensitivity().check()
    weights = spec.average_sensitivity().weights
    total = sum(w.subs(values_of_symbols(w)) for w in weights.values())
    assert total == spec.trace().subs(values_of_symbols(spec.trace()))


def values_of_symbols(formula):
    return {p: sp.Rational(VALUES.get(p.name, 11)) for p in formula.free_symbols}


@pytest.mark.parametrize("name", SHALLOW)
def test_and_as_formulas_in_the_vocabulary(name):
    found = sk.derive(name).average_sensitivity()
    assert found.check()
    small = sk.derive(name, length=2, tokens=uniform(3)).average_sensitivity()
    assert small.check()  # below the stable range too
    assert sp.simplify(found.ratio.subs({L: 2, v: 3}) - small.ratio) == 0


SMALL = [
    (uniform(2), 1),
    (uniform(2), 3),
    (uniform(3), 2),
    (uniform(1), 3),
    (categorical(["1/2", "1/3", "1/6"]), 2),
    (categorical(["1/4", "3/4"]), 3),
    (categorical(["0", "1/4", "3/4"]), 2),
    (categorical([1]), 2),
]
#: Three layers at any length take seconds a law.
DEEP = [("linear-attention-3", law, length) for law, length in SMALL]


@pytest.mark.sampled(9)
@pytest.mark.parametrize(
    ("name", "law", "length"),
    [
        *((name, *case) for case in SMALL for name in POLYNOMIAL if name != "linear-attention-3"),
        DEEP[1],
        *(pytest.param(*case, marks=pytest.mark.wide) for case in DEEP if case != DEEP[1]),
    ],
    ids=str,
)
def test_dense_projectors(name, law, length):
    kernel = bound_kernel(name)
    shares = (
        [fraction(p) for p in law.probabilities]
        if hasattr(law, "probabilities")
        else [Fraction(1, law.vocabulary)] * law.vocabulary
    )
    total, mean, weights = dense(kernel, shares, length)
    symmetric, read = draw_influences(kernel, length, law)
    positions = length if read is None else length - 1
    assert fraction(positions * symmetric + (read or 0)) == total
    in_length = draw_influences(kernel, L, law)
    found = [None if q is None else q.subs(L, length) for q in in_length]
    assert found[1] == read
    if positions:
        assert found[0] == symmetric
    if isinstance(law, type(uniform(2))) and name != "linear-attention-3":
        report = kernel.spectrum(length, law).average_sensitivity()
        assert fraction(report.mean_square) == mean
        assert {d: fraction(w) for d, w in report.weights.items()} == {
            d: w for d, w in enumerate(weights) if w
        }


NUMERIC = [
    "embedding(1, 1/2) | attention(tied, softmax) | mean_pool",
    "embedding(1, 1/2) | attention(tied, softmax) | at_position(last)",
    "embedding(1) | flatten | mlp(relu)",
    "embedding(1, 2) | attention(tied, relu) | flatten",
]


@pytest.mark.sampled(12)
@pytest.mark.parametrize("text", NUMERIC)
@pytest.mark.parametrize("law", [uniform(2), categorical(["1/3", "2/3"])], ids=str)
@pytest.mark.parametrize("length", [1, 3])
def test_kernels_at_a_given_length(text, law, length):
    kernel = sk.kernels.read_kernel(text)
    shares = [fraction(p) for p in getattr(law, "probabilities", [sp.Rational(1, 2)] * 2)]
    total, mean, weights = dense(kernel, shares, length, exact=False)
    found = kernel.spectrum(length, law).average_sensitivity()
    assert abs(float(found.total) - total) < 1e-12
    assert abs(float(found.mean_square) - mean) < 1e-12
    assert abs(float(found.ratio) - total / mean) < 1e-12
    assert found.check()
    for d, w in found.weights.items():
        assert abs(float(w) - weights[d]) < 1e-12


def test_weights_where_there_are_none():
    """Symbolic in L for a law without a graded basis, and at a size with too many tables."""
    spec = sk.derive("bag-of-tokens", tokens=categorical(["1/4", "3/4"]))
    with pytest.raises(NoClosedForm, match="degrees"):
        _ = spec.average_sensitivity().weights
    assert "weight in degree" not in str(spec.average_sensitivity())


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", SHALLOW)
@pytest.mark.parametrize("law", [uniform(3), categorical(["1/4", "3/4"])], ids=str)
def test_noise_stability_gives_the_weights_too(name, law):
    from symkern.learning.degree_weights import table_weights

    kernel = bound_kernel(name)
    spec = kernel.spectrum(3, law)
    found = table_weights(kernel, 3, law)
    assert found == spec.average_sensitivity().weights
    assert sum(found.values()) == spec.trace()
    assert spec.average_sensitivity().check()


def test_irrational_values_are_balls_with_many_proven_digits():
    spec = sk.derive("softmax-attention", length=6, tokens=uniform(2), alpha=1, beta=1)
    ratio = spec.average_sensitivity().ratio
    assert isinstance(ratio, Ball)
    assert ratio.upper - ratio.lower < Fraction(1, 10**40)
    with pytest.raises(NoClosedForm, match="law"):
        spec.average_sensitivity().law()


def test_hyperparameters_may_stay_symbols_behind_softmax():
    spec = sk.derive("softmax-attention", length=3, tokens=uniform(2))
    ratio = spec.average_sensitivity().ratio
    assert ratio.free_symbols == {alpha, beta}
    numeric = sk.derive("softmax-attention", length=3, tokens=uniform(2), alpha=2, beta=1)
    expected = float(numeric.average_sensitivity().ratio)
    assert abs(float(ratio.subs({alpha: 2, beta: 1})) - expected) < 1e-12


def test_mlp_after_attention():
    """The diagonal of such a kernel depends on the sequence: s_x and s_y come in."""
    kernel = embedding(1, 2).attention().mlp("x^2 + x").mean_pool()
    law = [Fraction(1, 2)] * 2
    total, mean, _ = dense(kernel, law, 3)
    found = kernel.spectrum(L, uniform(2)).average_sensitivity()
    assert fraction(found.total.subs(L, 3)) == total
    assert fraction(found.mean_square.subs(L, 3)) == mean
    assert found.check()


def test_draws_have_it_in_the_mean():
    """Sample the Gaussian process: the mean of as(f) over draws within three standard errors, and not at a wrong value."""
    length, rng = 4, np.random.default_rng(7)
    kernel = embedding(1, 1).attention().mean_pool()
    words = list(product((0, 1), repeat=length))
    K = np.array([[float(kernel(x, y)) for y in words] for x in words])
    root = np.linalg.cholesky(K + 1e-12 * np.eye(len(words)))
    draws = root @ rng.normal(size=(len(words), 40_000))
    index = np.arange(2**length)
    total = sum(((draws - draws[index ^ (1 << i)]) ** 2).mean(axis=0) / 4 for i in range(length))
    error = total.std() / np.sqrt(total.size)
    assert abs(total.mean() - 0.5) < 3 * error
    longer = kernel.spectrum(L, uniform(2)).average_sensitivity().total.subs(L, 5)
    assert error < 0.005 and abs(total.mean() - float(longer)) > 3 * error


# -- asymptotics, derivation, print ----------------------------------------------------------


@pytest.mark.parametrize("name", SHALLOW)
def test_leading_terms(name):
    found = sk.derive(name, tokens=uniform(2)).average_sensitivity()
    law = found.law()
    if not found.ratio.has(L):
        assert law.leading is None
        return
    point = {p: sp.Rational(VALUES[p.name]) for p in found.ratio.free_symbols - {L}}
    quotient = (found.ratio / law.leading.expression).subs(point)
    assert abs(float(quotient.subs(L, 10**7)) - 1) < 1e-4


def test_mean_pool_washes_sensitivity_out():
    law = sk.derive("linear-attention", tokens=uniform(2)).average_sensitivity().law()
    assert law.exponent == -1
    assert sp.simplify(law.coefficient - 2 * (alpha + beta) / alpha) == 0


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", ["linear-attention", "linear-attention-last", "bag-of-tokens"])
def test_derivations_hold(name):
    found = sk.derive(name).average_sensitivity()
    assert found.derivation().check(L=(1, 2, 3), v=(2, 3)).passed
    assert found.law().derivation().steps == found.derivation().steps


@pytest.mark.wide
def test_derivation_at_a_given_length():
    spec = sk.derive("softmax-attention", length=3, tokens=uniform(2), alpha=1, beta=1)
    assert spec.average_sensitivity().derivation().check().passed


def test_a_wrong_closed_form_fails_at_the_last_step():
    from dataclasses import replace

    found = sk.derive("linear-attention", tokens=uniform(2)).average_sensitivity()
    wrong = replace(found, influence=found.influence + 1 / L**3)
    assert not wrong.check()
    verification = wrong.derivation().check(L=(2, 3), v=(2,))
    assert {c.step.name for c in verification.failures} == {"the closed form"}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", SHALLOW)
def test_print(name):
    found = sk.derive(name).average_sensitivity()
    text = str(found)
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "PARITY" in text
    data = json.loads(json.dumps(found.to_dict()))
    assert sp.simplify(sk.abc.parse(data["ratio"]) - found.ratio) == 0
    assert r"\begin{tabular}" in found.latex()


@pytest.mark.parametrize(
    "law",
    [
        distinct(),
        mixture([("1/2", categorical([1, 0])), ("1/2", categorical(["1/2", "1/2"]))]),
        exchangeable({(2, 0): "1/4", (1, 1): "3/4"}),
    ],
    ids=str,
)
def test_tokens_that_are_not_independent_have_no_influences(law):
    with pytest.raises(NoClosedForm, match="independent tokens"):
        embedding(1).mean_pool().spectrum(2, law).average_sensitivity()


def test_refusals():
    with pytest.raises(NoClosedForm, match="given length"):
        draw_influences(PRESETS["softmax-attention"].kernel, L, uniform(2))
    zero = embedding(0).mean_pool().spectrum(3, uniform(2)).average_sensitivity()
    with pytest.raises(InvalidArgument, match=r"^kernel: "):
        _ = zero.ratio
