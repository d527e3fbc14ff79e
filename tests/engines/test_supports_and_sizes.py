"""Laws with letters that cannot occur, sizes that are formulas, and hyperparameters that hold L or v."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
import sympy as sp

import symkern as sk
from symkern.abc import L, n, v
from symkern.errors import InvalidArgument, SizeMismatch
from symkern.exact import ExactMatrix
from symkern.kernels import embedding
from symkern.tokens import (
    categorical,
    exchangeable,
    mixture,
    uniform,
)

HALF = "1/2"
#: Laws with letters of probability 0, and the same laws without them.
REDUCED = [
    (categorical([HALF, HALF, 0]), categorical([HALF, HALF])),
    (categorical([HALF, 0, HALF]), categorical([HALF, HALF])),
    (categorical([0, 0, "1/3", "2/3"]), categorical(["1/3", "2/3"])),
    (mixture([(1, categorical(["1/3", "2/3", 0]))]), categorical(["1/3", "2/3"])),
    (
        mixture([(0, uniform(3)), (1, categorical([0, "1/3", "2/3"]))]),
        categorical(["1/3", "2/3"]),
    ),
    (categorical([0, 1]), categorical([1])),
]
PRESETS = ["linear-attention", "flatten", "bag-of-tokens"]
LAST = embedding("alpha", "beta").attention().at_position("last")


@pytest.mark.sampled(9)
@pytest.mark.parametrize("kernel", [*PRESETS, LAST], ids=str)
@pytest.mark.parametrize("length", [2, 4, L], ids=str)
@pytest.mark.parametrize(("law", "plain"), REDUCED, ids=lambda law: repr(law))
def test_letters_of_probability_zero_have_no_eigenvalues(kernel, length, law, plain):
    found, expected = (sk.derive(kernel, length=length, tokens=t) for t in (law, plain))
    assert found.rank() == expected.rank()
    assert [s.block for s in found] == [s.block for s in expected]
    assert found.tokens == law
    assert found.check_trace()
    assert found.cost().states == expected.cost().states


def test_ranks_under_a_law_that_is_uniform_on_its_support():
    for length in (4, L):
        law = categorical([HALF, HALF, 0])
        found = sk.derive(length=length, tokens=law).rank()
        assert sp.expand(found - sk.derive(length=length, tokens=uniform(2)).rank()) == 0
    assert sk.derive(length=4, tokens=categorical([HALF, HALF, 0])).rank() == 9


@pytest.mark.sampled(12)
@pytest.mark.parametrize(
    "law",
    [
        categorical(["1/3", 0, "2/3"]),
        categorical([0, 1, 0]),
        mixture([(HALF, categorical(["1/3", 0, "2/3"])), (HALF, categorical([HALF, 0, HALF]))]),
        exchangeable({(3, 0, 0): HALF, (1, 0, 2): HALF, (1, 1, 1): 0}),
        mixture([(HALF, categorical([1, 0, 0])), (HALF, categorical([0, HALF, HALF]))]),
        mixture([(HALF, categorical(["1/3", "2/3", 0])), (HALF, categorical([0, HALF, HALF]))]),
        mixture([(HALF, categorical([1, 0, 0])), (HALF, categorical([0, 0, 1]))]),
    ],
    ids=repr,
)
@pytest.mark.parametrize(
    "kernel",
    [embedding(1, 2).attention().mean_pool(), embedding(1, 2).attention().at_position("last")],
    ids=str,
)
def test_eigenfunctions_take_the_letters_that_were_asked_for(kernel, law):
    """T f = lambda f on all sequences, values and eigenvalues by brute force; f is 0 where a letter cannot occur."""
    words = list(product(range(3), repeat=3))
    weights = np.array(
        [float(law.sequence_probability(tuple(w.count(t) for t in range(3)))) for w in words]
    )
    gram = np.array([[float(kernel(x, y)) for y in words] for x in words])
    root = np.sqrt(weights)
    dense = np.linalg.eigvalsh(root[:, None] * gram * root)
    spectrum = kernel.spectrum(3, law)
    listed = []
    for sector in spectrum:
        for f in sector.basis():
            values = np.array([float(f(w)) for w in words])
            assert np.allclose(f.values().astype(float), values)
            assert np.allclose(values[weights == 0], 0)
            number = float(f.eigenvalue)
            mean = gram @ (weights * values)
            assert np.allclose(mean[weights > 0], number * values[weights > 0])
            assert np.any(abs(values[weights > 0]) > 1e-9)
            listed += [number] * int(sector.dimension)
    expected = sorted(e for e in dense if abs(e) > 1e-9)
    assert np.allclose(sorted(e for e in listed if abs(e) > 1e-12), expected)


#: Mixtures under which not all sequences of the letters that occur have positive probability.
APART = [
    mixture([(HALF, categorical([1, 0])), (HALF, categorical([0, 1]))]),
    mixture([(HALF, categorical([1, 0, 0])), (HALF, categorical([0, HALF, HALF]))]),
    mixture([(HALF, categorical(["1/3", "2/3", 0])), (HALF, categorical([0, HALF, HALF]))]),
    mixture([("1/3", categorical([0, 1, 0])), ("2/3", categorical([0, "1/4", "3/4"]))]),
    mixture([("1/4", categorical([1, 0, 0])), ("3/4", categorical([0, 0, 1])), (0, uniform(3))]),
    mixture(
        [
            ("1/3", categorical(["1/3", "2/3", 0])),
            ("1/3", categorical([0, HALF, HALF])),
            ("1/3", categorical(["1/5", 0, "4/5"])),
        ]
    ),
]


def polynomial(block: ExactMatrix) -> list[Any]:
    """The characteristic polynomial written out, the constant coefficient first."""
    result = [block.field.one]
    for factor in block.characteristic_factors():
        product_ = [block.field.zero] * (len(result) + len(factor) - 1)
        for i, a in enumerate(result):
            for j, b in enumerate(factor):
                product_[i + j] = product_[i + j] + a * b
        result = product_
    return result


@pytest.mark.sampled(16)
@pytest.mark.parametrize("law", APART, ids=repr)
@pytest.mark.parametrize(
    "name", ["linear-attention", "linear-attention-last", "flatten", "bag-of-tokens"]
)
def test_sequences_of_probability_zero_have_no_eigenvalues(name, law):
    """With L symbolic, evaluated, and at numbers: the matrix on the sequences that occur, with as many zeros and no more."""
    kernel = sk.kernels.read_kernel(name)
    kernel = kernel.substitute({t: 1 + i for i, t in enumerate(kernel.parameters)})
    symbolic = kernel.spectrum(L, law)
    assert symbolic.check_trace()
    for length in range(1, 5):
        counted = [(w, tuple(w.count(t) for t in range(law.vocabulary))) for w in product(range(law.vocabulary), repeat=length)]  # fmt: skip
        chances = {w: float(law.sequence_probability(c)) for w, c in counted}
        words = [w for w, p in chances.items() if p]
        root = np.sqrt([chances[w] for w in words])
        gram = np.array([[float(kernel(x, y)) for y in words] for x in words])
        dense = np.linalg.eigvalsh(root[:, None] * gram * root)
        there = symbolic.evaluate(length=length)
        assert there.sectors == kernel.spectrum(length, law).sectors
        assert there.check_trace()
        listed = []
        for sector in there:
            block = np.array(sector.block.to_numpy(), dtype=float)
            listed += list(np.linalg.eigvals(block).real) * int(sector.dimension)
            formula = symbolic.sector(sector.position_irrep)
            if length >= formula.valid_for["L"]:
                found = formula.block.substitute({L: length}, sector.block.field)
                # Tables answer at some lengths, in a basis of their own.
                assert polynomial(found) == polynomial(sector.block)
        assert len(listed) <= len(words)
        listed += [0] * (len(words) - len(listed))
        assert np.allclose(np.sort(listed), dense, rtol=1e-7, atol=1e-9)


def test_a_mixture_of_two_points_is_an_exchangeable_law():
    law = mixture([(HALF, categorical([1, 0])), (HALF, categorical([0, 1]))])
    same = exchangeable({(3, 0): HALF, (0, 3): HALF})
    found, expected = (
        [e for s in sk.derive("linear-attention", 3, t, alpha=1, beta=1) for e in s.eigenvalues]
        for t in (law, same)
    )
    assert found == expected == [sp.Rational(25, 18), sp.Rational(23, 18)]
    [formula] = sk.derive("linear-attention", L, law, alpha=1, beta=1)
    assert formula.multiplicity == 2


def test_energies_under_a_law_with_sequences_that_never_occur():
    """The functions of all sectors are as many as the sequences that occur: energies add up to E f^2 under the law."""
    law = APART[2]
    target = np.random.default_rng(7).integers(-3, 4, size=9)
    words = list(product(range(3), repeat=2))
    p = [law.sequence_probability(tuple(w.count(t) for t in range(3))) for w in words]
    sectors = embedding(1, 2).attention().mean_pool().spectrum(2, law).sectors
    assert sum(s.multiplicity * int(s.dimension) for s in sectors) == sum(q > 0 for q in p) == 7
    total = sum(float(e) for s in sectors for e in s.energies(target))
    assert np.isclose(total, float(sum(q * int(f) ** 2 for q, f in zip(p, target, strict=True))))


def test_support_of_a_law():
    assert categorical([0, 1]).occurring() == (categorical([1]), (1,))
    both = mixture([(HALF, categorical([1, 0, 0])), (HALF, categorical([0, 0, 1]))])
    assert both.occurring()[1] == (0, 2)
    full = categorical([HALF, HALF])
    assert full.occurring() == (full, (0, 1))


# -- sizes ---------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [L - 3, 2 * L, L / 2, L**2, v, sp.Symbol("L"), "2*L"], ids=repr)
def test_a_length_is_a_number_or_the_symbol(length):
    with pytest.raises(InvalidArgument, match=r"^length: must be a positive integer or the symbol"):
        sk.derive("flatten", length=length)


@pytest.mark.parametrize("size", [2 * v, v + 1, L - 3, n, sp.Symbol("v"), "v/2"], ids=repr)
def test_a_vocabulary_is_a_number_or_a_symbol(size):
    with pytest.raises(InvalidArgument, match=r"^vocabulary: must be a positive integer or one of"):
        uniform(size)


def test_a_vocabulary_as_large_as_the_length():
    """v = L is v put in, and needs one number."""
    joint = sk.derive("linear-attention", tokens=uniform(L))
    for length in (2, 3):
        expected = sk.derive("linear-attention", length=length, tokens=uniform(length)).sectors
        assert joint.evaluate(length=length).sectors == expected
        assert sk.derive("linear-attention", length=length, tokens=uniform(L)).sectors == expected
    with pytest.raises(SizeMismatch):
        joint.evaluate(length=3, vocabulary=2)


# -- hyperparameters with sizes ------------------------------------------------------------

POLYNOMIAL = embedding(v, 1 / L).attention().mean_pool()
TIED = embedding(v, 1 / L).attention("tied").flatten()


@pytest.mark.parametrize("kernel", [POLYNOMIAL, TIED], ids=str)
@pytest.mark.parametrize(
    "law", [uniform(2), categorical(["1/3", "2/3"]), exchangeable({(3, 0): HALF, (1, 2): HALF})]
)
def test_numbers_stand_for_the_sizes_in_hyperparameters(kernel, law):
    plain = kernel.substitute({v: 2, L: 3})
    found, expected = kernel.spectrum(3, law), plain.spectrum(3, law)
    assert found == expected
    assert found.parameters == ()
    assert found.check_trace()


def test_one_size_at_a_time():
    spectrum = POLYNOMIAL.spectrum(length=L, tokens=uniform(v))
    expected = POLYNOMIAL.substitute({v: 2, L: 3}).spectrum(3, uniform(2)).sectors
    assert spectrum.evaluate(length=3, vocabulary=2).sectors == expected
    for first, second in (({"length": 3}, {"vocabulary": 2}), ({"vocabulary": 2}, {"length": 3})):
        assert spectrum.evaluate(**first).evaluate(**second).sectors == expected
    fixed = embedding(v, 1).mean_pool().spectrum(length=L, tokens=uniform(2))
    assert fixed.sectors == embedding(2, 1).mean_pool().spectrum(L, uniform(2)).sectors


def test_distinct_tokens_have_the_vocabulary_of_the_length():
    law = sk.kernels.distinct()
    kernel = embedding(v, 1 / L).attention().flatten()
    expected = kernel.substitute({v: 3, L: 3}).spectrum(3, law)
    assert kernel.spectrum(3, law) == expected
    symbolic = kernel.spectrum(L, law)
    assert symbolic.parameters == (L,)
    assert symbolic.evaluate(length=3).sectors == expected.sectors


@pytest.mark.parametrize("kernel", [POLYNOMIAL, TIED], ids=str)
def test_values_on_sequences_know_their_length(kernel):
    x, y = (0, 1, 1), (1, 1, 0)
    assert kernel(x, y, v=2) == kernel.substitute({v: 2, L: 3})(x, y)
    assert kernel(x, y).free_symbols == {v}
    with pytest.raises(InvalidArgument, match=r"^L: is the length"):
        kernel(x, y, L=7)
    with pytest.raises(InvalidArgument, match=r"^v: is the vocabulary"):
        sk.derive(kernel, length=3, tokens=uniform(2), v=3)


def test_a_variance_that_turns_negative_at_the_size_is_refused():
    with pytest.raises(InvalidArgument, match=r"^token: "):
        embedding(L - 5).mean_pool().spectrum(3, uniform(2))
