"""Spectra under chains: those of shuffled windows, and what they say of the windows as they are, against dense operators on all sequences."""

from itertools import product
from math import comb

import numpy as np
import pytest
import sympy as sp

from symkern.abc import L
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm
from symkern.kernels import derive, embedding, hidden_markov, markov, mixture, uniform
from symkern.spectra.before_shuffling import pair_tables

M1 = markov([["3/4", "1/4"], ["1/4", "3/4"]])
M2 = markov([["1/2", "1/3", "1/6"], ["1/6", "1/2", "1/3"], ["1/3", "1/6", "1/2"]])
M5 = hidden_markov(["1/2", "1/2"], [["7/8", "1/8"], ["1/8", "7/8"]], [["9/10", "1/10"], ["3/10", "7/10"]])  # fmt: skip
ATTENTION = embedding(1, 1).attention().mean_pool()
CASES = [
    (ATTENTION, M1, 5),
    (embedding(1, 2).flatten(), M2, 3),
    (embedding(1, 1).attention("tied", "softmax").mean_pool(), M5, 4),
    (ATTENTION, mixture([("1/3", M1), ("2/3", markov([["9/10", "1/10"], ["3/10", "7/10"]]))]), 4),
]


def _dense(kernel, law, length):
    """Eigenvalues under P in descending order, and E k^2, by all pairs of sequences."""
    words = list(product(range(law.vocabulary), repeat=length))
    chances = np.array([float(law.probability(x)) for x in words])
    gram = kernel.matrix(np.array(words))
    root = np.sqrt(chances)
    return np.linalg.eigvalsh(gram * np.outer(root, root))[::-1], chances @ gram**2 @ chances, words, gram, chances  # fmt: skip


def _listed(spectrum):
    found = [float(e) for s in spectrum.sectors for e in s.eigenvalues for _ in range(s.dimension)]
    return np.sort(np.array(found))[::-1]


@pytest.mark.parametrize(("kernel", "law", "length"), CASES, ids=range(len(CASES)))
def test_against_dense_operators(kernel, law, length):
    spectrum = kernel.spectrum(length, law)
    assert spectrum.tokens == law.symmetrised(length) and spectrum.check_trace()
    shuffled, square, *_ = _dense(kernel, law.symmetrised(length), length)
    own = _listed(spectrum)
    assert np.allclose(own, shuffled[: len(own)], atol=1e-12)
    assert np.abs(shuffled[len(own) :]).max(initial=0) < 1e-12
    found = spectrum.before_shuffling()
    assert float(found.shuffled_square) == pytest.approx(square, rel=1e-12)
    assert float(found.shuffled_square) == pytest.approx(np.sum(own**2), rel=1e-12)
    true, square, *_ = _dense(kernel, law, length)
    assert float(found.mean_square) == pytest.approx(square, rel=1e-12)
    # Largest eigenvalues of the windows sum to at least those of the shuffled ones; none is further away than the bound.
    assert (np.cumsum(true) - np.cumsum(shuffled) > -1e-12).all()
    shift = np.abs(true - shuffled).max()
    assert 0 < shift <= found.shift + 1e-12
    for ridge in (0.001, 0.1):
        assert np.sum(true / (true + ridge)) <= found.effective_dimension(ridge) + 1e-9
        assert found.effective_dimension(ridge) == pytest.approx(np.sum(own / (own + ridge)))


@pytest.mark.parametrize(("kernel", "law", "length"), CASES[:2], ids=range(2))
def test_traces_per_irrep_need_no_shuffling(kernel, law, length):
    """tr(Pi_R S) by Pi_R k(x, x) for the projector Pi_R = dim/L! sum_g chi(g) g, with the kernel applied to one side."""
    from symkern.representations import words as word_module

    traces = kernel.spectrum(length, law).before_shuffling().traces()
    _, _, words, gram, chances = _dense(kernel, law, length)
    module = word_module(length, law.vocabulary)
    order = [words.index(tuple(x)) for x in module.basis]
    for mu, found in traces.items():
        projector = np.array(module.projector(mu.padded(length)).to_sympy().tolist(), dtype=float)
        projected = projector @ gram[np.ix_(order, order)]
        assert float(found) == pytest.approx(float(chances[order] @ np.diag(projected)), rel=1e-9)


def test_values_of_a_chain():
    found = ATTENTION.spectrum(6, M1)
    assert sorted((s.eigenvalues for s in found.sectors if s.position_irrep), key=float_first) == [(sp.Rational(7, 4320),), (sp.Rational(13, 960),)]  # fmt: skip
    assert _listed(found)[:3] == pytest.approx([0.6106533, 0.3363715, 0.0427032], abs=5e-8)
    about = found.before_shuffling()
    assert about.shift == pytest.approx(0.0298180, abs=5e-8)
    assert about.effective_dimension(0.01) == pytest.approx(6.338593, abs=5e-7)
    true = _dense(ATTENTION, M1, 6)[0]
    assert true[:5] == pytest.approx([0.610825, 0.337002, 0.042717, 0.026575, 0.015949], abs=5e-7)
    assert np.sum(true / (true + 0.01)) == pytest.approx(6.114206, abs=5e-7)
    assert np.abs(true - np.pad(_listed(found), (0, 64 - len(_listed(found))))).max() == pytest.approx(0.0130338, abs=5e-8)  # fmt: skip


def float_first(values):
    return float(values[0])


def test_tables_of_two_windows():
    tables = pair_tables(M2, 2)
    assert sum(tables.values()) == 1 and len(tables) == comb(10, 8)
    word = {(t, u): M2.probability((t, u)) for t in range(3) for u in range(3)}
    right = {}
    for (x, p), (y, q) in product(word.items(), word.items()):
        table = [0] * 9
        for t, u in zip(x, y, strict=True):
            table[3 * t + u] += 1
        right[tuple(table)] = right.get(tuple(table), 0) + p * q
    assert tables == right


def test_a_position_that_is_read_is_shuffled_too():
    """`at_position` under a chain: exact for shuffled windows, and said to be of no use for the windows as they are."""
    kernel = embedding(1, 1).attention().at_position("last")
    spectrum = kernel.spectrum(3, M1)
    assert np.allclose(_listed(spectrum), _dense(kernel, M1.symmetrised(3), 3)[0][: len(_listed(spectrum))])  # fmt: skip
    with pytest.raises(InvalidArgument, match="reads one position"):
        spectrum.before_shuffling()


def test_refusals():
    with pytest.raises(NoClosedForm, match="at a given length"):
        ATTENTION.spectrum(L, M1)
    with pytest.raises(InvalidType, match="must be a chain"):
        ATTENTION.spectrum(3, uniform(2)).before_shuffling()
    with pytest.raises(InvalidArgument, match="alpha"):
        derive("flatten", 3, M1, beta=1).before_shuffling()
    with pytest.raises(InvalidArgument, match="ridge"):
        ATTENTION.spectrum(3, M1).before_shuffling().effective_dimension(0)


def test_spectra_under_chains_are_kept_and_certified():
    from symkern import certificates
    from symkern.spectra.storage import read_spectrum

    spectrum = ATTENTION.spectrum(4, M1)
    assert read_spectrum(spectrum.to_json()) == spectrum
    assert certificates.check(spectrum.certificate()).verdict == "confirmed"
    assert "shuffled windows" in spectrum.text() and "shuffled windows" in spectrum.latex()
    curve = spectrum.learning_curve("x1*x2", n=[10], ridge=1)
    assert 0 < float(curve.test_error[0]) < 1
