"""Mixtures whose weights or probabilities are symbols: every sequence and every operator by enumeration at numbers, and the mixture with numbers beside them."""

from fractions import Fraction
from itertools import pairwise, permutations, product
from math import prod

import numpy as np
import pytest
import sympy as sp

import symkern as sk
from symkern.abc import L, alpha, beta, lam, p, q
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.exact import function_field
from symkern.kernels import categorical, derive, embedding, markov, mixture, uniform
from symkern.spectra.storage import read_spectrum
from symkern.tokens import read_law

AT = {"lam": Fraction(1, 5), "p": Fraction(3, 7), "q": Fraction(2, 11)}
_THIRD = categorical(["1/3", "2/3"])
_COIN = categorical(["p", "1-p"])
#: Each with (weight, probabilities) at `AT`, written here a second time.
MIXTURES = {
    "weights": (
        mixture([("q", _THIRD), ("1-q", uniform(2))]),
        [("2/11", ["1/3", "2/3"]), ("9/11", ["1/2", "1/2"])],
    ),
    "probabilities": (
        mixture([("1/4", _COIN), ("3/4", uniform(2))]),
        [("1/4", ["3/7", "4/7"]), ("3/4", ["1/2", "1/2"])],
    ),
    "both": (
        mixture([("q", _COIN), ("1-q", categorical(["lam", "1-lam"]))]),
        [("2/11", ["3/7", "4/7"]), ("9/11", ["1/5", "4/5"])],
    ),
    "supports": (
        mixture([("q", categorical(["p", "1-p", 0])), ("1-q", categorical([0, "1/2", "1/2"]))]),
        [("2/11", ["3/7", "4/7", "0"]), ("9/11", ["0", "1/2", "1/2"])],
    ),
}
_K = embedding(1, "1/3")
KERNELS = {
    "flat": (_K.flatten(), lambda s, m, d, n: m / n + Fraction(1, 3)),
    "pooled": (_K.attention().mean_pool(), lambda s, m, d, n: (s + n / 3) * (s + 2 * m / 3 + n / 9) / n**4),
    "last": (_K.attention().at_position("last"), lambda s, m, d, n: (d + Fraction(1, 3)) * (s + 2 * m / 3 + n / 9) / n**2),
}  # fmt: skip


def _values(law):
    return {str(s): sp.Rational(AT[str(s)]) for s in law.parameters}


def _chance(parts, x):
    return sum(Fraction(w) * prod(Fraction(row[t]) for t in x) for w, row in parts)


def _dense(parts, name, length):
    """The operator on all sequences from the letters alone, with the weights of both sides, as floats."""
    formula, letters = KERNELS[name][1], range(len(parts[0][1]))
    words = list(product(letters, repeat=length))
    weights = np.sqrt([float(_chance(parts, x)) for x in words])

    def value(x, y):
        s = Fraction(sum(t == u for t in x for u in y))
        m = Fraction(sum(t == u for t, u in zip(x, y, strict=True)))
        return float(formula(s, m, Fraction(x[-1] == y[-1]), Fraction(length)))

    return weights[:, None] * np.array([[value(x, y) for y in words] for x in words]) * weights


@pytest.mark.parametrize("name", MIXTURES)
def test_probabilities_by_enumeration(name):
    law, parts = MIXTURES[name]
    values = _values(law)
    for x in product(range(law.vocabulary), repeat=3):
        found = sp.sympify(law.probability(x)).subs({sp.Symbol(k, positive=True): e for k, e in values.items()})  # fmt: skip
        assert Fraction(int(found.p), int(found.q)) == _chance(parts, x)
    there = law.at(**values)
    assert there == mixture([(w, categorical(row)) for w, row in parts]) or "uniform" in repr(there)
    assert read_law(repr(law)) == law and "generic" in str(law) and "generic" in law.latex()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("name", MIXTURES)
def test_spectra_by_enumeration(name, kernel):
    """At a length, and from the formulas in L; the weights exchanged are another spectrum."""
    law, parts = MIXTURES[name]
    values = _values(law)
    k = KERNELS[kernel][0]
    known = function_field(())
    point = {s: values[str(s)] for s in law.parameters}
    for spectrum, length in ((k.spectrum(3, law), 3), (k.spectrum(L, law), 4)):
        assert spectrum.check_trace()
        found = []
        for t in spectrum.sectors:
            at = {**point, **({} if spectrum.length == length else {L: length})}
            matrix = t.block.substitute(at, known).to_sympy()
            own = np.linalg.eigvals(np.array(matrix, dtype=float)).real
            found += [*own] * int(sp.sympify(t.dimension).subs(L, length))
        expected = np.linalg.eigvalsh(_dense(parts, kernel, length))
        expected = expected[expected > 1e-12]
        found = np.sort([e for e in found if e > 1e-12])
        full = all(t.valid_for["L"] <= length for t in spectrum.sectors)
        if full:
            assert found == pytest.approx(expected, rel=1e-9)
        assert spectrum.evaluate(**values, **({} if spectrum.length == 3 else {"length": 4})) == k.spectrum(length, law.at(**values))  # fmt: skip
    swapped = [(w, row) for (w, _), (_, row) in zip(parts, parts[::-1], strict=True)]
    wrong = np.linalg.eigvalsh(_dense(swapped, kernel, 3))
    right = np.linalg.eigvalsh(_dense(parts, kernel, 3))
    assert np.abs(wrong - right).max() > 1e-4


@pytest.mark.parametrize("name", ["weights", "both"])
def test_blocks_at_numbers_are_those_of_the_mixture_with_numbers(name):
    """The basis by fluctuation is that of generic probabilities, and the leading terms are seen in it."""
    law, _ = MIXTURES[name]
    values = _values(law)
    k = embedding(alpha, beta).flatten()
    spectrum, there = k.spectrum(L, law), k.spectrum(L, law.at(**values))
    for one, two in zip(spectrum, there, strict=True):
        point = {s: values[str(s)] for s in law.parameters}
        assert one.block.substitute(point, two.block.field) == two.block
        assert one.exponents == two.exponents
    assert read_spectrum(spectrum.to_json()) == spectrum
    assert spectrum.parameters == (alpha, beta, *law.parameters)
    assert derive("flatten", tokens=law, **values).tokens == law.at(**values)


@pytest.mark.parametrize(
    ("name", "readout"),
    [("weights", "mean_pool"), pytest.param("both", "flatten", marks=pytest.mark.wide), pytest.param("probabilities", "at_position(last)", marks=pytest.mark.wide)],
)  # fmt: skip
def test_series_in_the_length(name, readout):
    law, _ = MIXTURES[name]
    values = _values(law)
    pipeline = f"embedding(1, 1) | attention(tied, softmax) | {readout}"
    spectrum, there = (derive(pipeline, tokens=t, terms=1) for t in (law, law.at(**values)))
    point = {s: values[str(s)] for s in law.parameters}
    for one, two in zip(spectrum, there, strict=True):
        for left, right in zip(one.series(), two.series(), strict=True):
            assert [t.exponent for t in left.terms] == [t.exponent for t in right.terms]
            for a, b in zip(left.terms, right.terms, strict=True):
                assert float(sp.N(a.coefficient.subs(point), 30)) == pytest.approx(float(b.coefficient), rel=1e-12)  # fmt: skip


def test_softmax_at_a_length():
    law, _ = MIXTURES["both"]
    values = _values(law)
    spectrum = derive("softmax-attention", 3, law, alpha=1, beta=1)
    there = derive("softmax-attention", 3, law.at(**values), alpha=1, beta=1)
    assert spectrum.evaluate(**values) == there and spectrum.check_trace()


def test_chains_are_mixed_with_symbols():
    """As one hidden chain, whose windows are shuffled."""
    chain = markov([["1-lam", "lam"], ["lam", "1-lam"]])
    law = mixture([("q", chain), ("1-q", _COIN)])
    assert law.parameters == (lam, p, q)
    three = law.at(lam="1/5", p="3/7", q="2/11").symmetrised(3)
    spectrum = derive("flatten", 3, law, alpha=1, beta=1)
    assert spectrum.evaluate(lam="1/5", p="3/7", q="2/11").tokens == three
    move = {True: Fraction(4, 5), False: Fraction(1, 5)}

    def chance(x):
        steps = prod(move[a == b] for a, b in pairwise(x))
        return Fraction(2, 11) * steps / 2 + Fraction(9, 11) * prod((Fraction(3, 7), Fraction(4, 7))[t] for t in x)  # fmt: skip

    for x in product((0, 1), repeat=3):
        orders = [chance(y) for y in permutations(x)]
        assert three.probability(x) == sum(orders) / len(orders)


def test_mixtures_that_fall_together():
    """At equal probabilities the mixture is one law, and a weight of 0 leaves its component out."""
    law, _ = MIXTURES["both"]
    assert law.at(lam="p") == _COIN
    spectrum = embedding(1, 1).flatten().spectrum(L, law)
    assert spectrum.evaluate(p="1/3", lam="1/3", q="1/2") == embedding(1, 1).flatten().spectrum(L, _THIRD)  # fmt: skip
    alone = spectrum.evaluate(q=1, p="1/3", lam="1/4")
    assert [t.eigenvalues for t in alone] == [t.eigenvalues for t in embedding(1, 1).flatten().spectrum(L, _THIRD)]  # fmt: skip


@pytest.mark.parametrize(
    ("ask", "error", "said"),
    [
        (lambda: mixture([("q", _COIN), ("q", uniform(2))]), InvalidArgument, "weights: weights must sum to 1, but the sum is 2*q"),
        (lambda: mixture([("1+q", _COIN), ("-q", uniform(2))]), InvalidArgument, "weights: must be positive at q"),
        (lambda: mixture([("L", _COIN), ("1-L", uniform(2))]), InvalidArgument, "no sizes"),
        (lambda: MIXTURES["weights"][0].at(r=1), InvalidArgument, "r: must be a symbol of the law: q"),
        (lambda: MIXTURES["weights"][0].at(q=2), InvalidArgument, "q: must leave probabilities from 0 to 1, but they are 2, -1"),
        (lambda: embedding("q", 1).flatten().spectrum(L, MIXTURES["weights"][0]), InvalidArgument, "q stands in both"),
        (lambda: MIXTURES["weights"][0].type_probability((1, 2)), InvalidArgument, "they hold q"),
        (lambda: sk.data.samples(MIXTURES["both"][0], 4, 3, seed=1), InvalidArgument, "they hold"),
        (lambda: derive("flatten", 4, MIXTURES["weights"][0], alpha=1, beta=1).certificate(), InvalidArgument, "they hold q"),
        (lambda: derive("softmax-block", 4, MIXTURES["both"][0], alpha=1, beta=1, w=1, b=1), NoClosedForm, "values"),
    ],
)  # fmt: skip
def test_what_needs_numbers_says_so(ask, error, said):
    with pytest.raises(error) as caught:
        ask()
    assert said in str(caught.value)
