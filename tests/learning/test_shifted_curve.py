"""The prediction under another law: moments by other code, values at other lengths by hand, and what shuffling cannot change."""

from itertools import product

import numpy as np
import pytest

from symkern.claims import Standing
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm
from symkern.kernels import categorical, from_function, markov, read_kernel, uniform
from symkern.learning.sampled_law import sampled_law
from symkern.learning.shifted_curve import cross_matrix, shifted_curve
from symkern.learning.target_values import sequence_weights
from symkern.sectors.sector_energies import component

CHAIN = markov([["3/4", "1/4"], ["1/4", "3/4"]])


def _curve(kernel="linear-attention", target="x1*x2", law=None, length=5, n=(15, 60), **given):
    spectrum = read_kernel(kernel).spectrum(length=length, tokens=law or uniform(2))
    values = {p.name: 1 for p in spectrum.kernel.parameters}
    return spectrum.evaluate(**values).learning_curve(target, n=list(n), ridge="1/10", **given)


def _every(length, letters=2):
    return np.array(list(product(range(letters), repeat=length)))


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("kernel", "law"),
    [
        ("linear-attention", categorical(["1/3", "2/3"])),
        ("linear-attention-last", uniform(2)),
        ("embedding(1, 1) | attention(query_key=tied, row_map=softmax) | mean_pool", uniform(2)),
    ],
)
def test_outputs_and_spread_are_those_of_the_sectors(kernel, law):
    """By projectors of irreps, which share nothing with the matrix of the kernel: sum_m phi_m(x)^2 of a branch is its part of the point mass at x, over P(x)."""
    curve = _curve(kernel, law=law)
    every, spectrum = _every(5), curve.spectrum
    found = shifted_curve(curve, every)
    weights = sequence_weights(law, 5)
    for place, n in enumerate(curve.n):
        output = spectrum.predicted_output("x1*x2", n=n, ridge="1/10").values
        assert found.outputs[place, :, 0] == pytest.approx(output, abs=1e-9)
    for place in (3, 17):
        point = np.zeros(32)
        point[place] = 1 / weights[place]
        spread = np.zeros(len(curve.n))
        for sector in spectrum.sectors:
            for branch, value in enumerate(sector.eigenvalues):
                if float(value) > 0:
                    size = component(sector, point, branch, numeric=True)[place]
                    spread += (float(value) / (float(value) + curve.kappa)) ** 2 * size
        assert found.spread[:, place] == pytest.approx(spread, rel=1e-6)


@pytest.mark.parametrize("noise", [0, "1/5"])
def test_without_a_shift_it_is_the_learning_curve(noise):
    law = categorical(["1/4", "3/4"])
    curve = _curve(target="x1*x2 + n1", law=law, noise=noise)
    found = shifted_curve(curve, _every(5), sequence_weights(law, 5))
    assert found.test_error == pytest.approx(curve.test_error, rel=1e-9)
    assert found.bias == pytest.approx(curve.bias, rel=1e-9)


def test_shuffled_windows_have_the_same_variance():
    """The spread is a function of counts, so that a chain and its windows shuffled differ in the bias alone; in nothing where the target is symmetric."""
    every = _every(5)
    chances = np.array([float(CHAIN.probability(x)) for x in every.tolist()])
    shuffled = np.array([float(CHAIN.symmetrised(5).probability(x)) for x in every.tolist()])
    curve = _curve()
    one, other = (shifted_curve(curve, every, w) for w in (chances, shuffled))
    assert one.variance == pytest.approx(other.variance)
    assert abs(one.bias / other.bias - 1).min() > 0.01
    curve = _curve(target="majority")
    one, other = (shifted_curve(curve, every, w) for w in (chances, shuffled))
    assert one.test_error == pytest.approx(other.test_error)


@pytest.mark.parametrize("lengths", [(4, 6), (6, 4)])
def test_values_at_two_lengths_by_hand(lengths):
    """Features are averages over the positions that there are: K_ab between positions of both, and no other normalisation."""
    there, here = lengths
    curve = _curve(length=here, target="n1/L")
    tests, others = _every(there)[::3], _every(here)[::5]
    found = cross_matrix(curve, tests, others)
    for i, x in enumerate(tests.tolist()):
        for j, y in enumerate(others.tolist()):
            K = [[int(t == u) + int(a == b) for b, u in enumerate(y)] for a, t in enumerate(x)]
            rows = np.array(K, dtype=float)
            assert found[i, j] == pytest.approx(rows.mean() * (rows**2).mean())


def test_eigenfunctions_at_another_length():
    """Without ridge and with many samples the predictor interpolates: a symmetric target that the kernel spans is continued as the kernel's features say."""
    curve = _curve("bag-of-tokens", target="n1/L", n=(10**6,))
    found = shifted_curve(curve, _every(7))
    shares = _every(7).mean(axis=1)
    # The bag of tokens knows n0/L and n1/L, of which n1/L is linear at every length.
    assert found.outputs[0, :, 0] == pytest.approx(shares, abs=1e-5)
    assert _curve("bag-of-tokens", target="n1/L").spectrum.rank() == 2


@pytest.mark.parametrize(
    ("kernel", "law"),
    [("linear-attention", categorical(["1/3", "2/3"])), ("linear-attention | ntk", uniform(2))],
)
def test_sampled_predictions_are_those_of_all_sequences(kernel, law):
    """Within standard errors, which are seen to be neither too small nor too large over seeds; kappa of another ridge is not within them."""
    curve, every = _curve(kernel, law=law, length=7, n=(20, 100)), _every(7)
    exact = shifted_curve(curve, every)
    errors, misses = [], []
    for seed in range(6):
        found = shifted_curve(curve, every, sampled=4000, seed=seed)
        assert found.sampled == 4000 and found.standing is Standing.SAMPLED
        assert abs(found.spread / exact.spread - 1).mean() < 0.1
        errors.append(found.outputs_error)
        misses.append(found.outputs - exact.outputs)
    ratio = np.mean(np.square(misses)) / np.mean(np.square(errors))
    assert 0.4 < ratio < 2.5
    mean, error = np.mean(misses, axis=0), np.sqrt(np.mean(np.square(errors), axis=0) / 6)
    assert (abs(mean) < 5 * error + 1e-3).all()
    other = shifted_curve(_curve(kernel, law=law, length=7, n=(26, 130)), every).outputs
    assert (abs(other - exact.outputs) > 5 * error + 1e-3).any()
    assert exact.outputs_error.max() == 0 and exact.standard_error.max() == 0
    assert exact.standing is Standing.FLOATING


def test_a_sample_learns_as_many_directions_as_the_law():
    """sum_m s/(s + kappa') over the eigenvalues s of a sample is sum_m Lrn_m under the law, and with kappa itself it is not."""
    spectrum = read_kernel("embedding(1) | flatten | mlp((x+1)^2)").spectrum(length=7, tokens=uniform(2))  # fmt: skip
    curve = spectrum.learning_curve("x1*x2", n=[20, 60], ridge="1/10")
    weights = sequence_weights(spectrum.tokens, 7)
    gram = spectrum.kernel.matrix(_every(7))
    values = np.linalg.eigvalsh(np.sqrt(weights)[:, None] * gram * np.sqrt(weights))[:, None]
    learned = np.sum(values / (values + curve.kappa), axis=0)
    corrected, plain = [], []
    for seed in range(8):
        outputs = sampled_law(curve, 128, seed)
        second = outputs.seconds.sum(axis=0) / outputs.count
        vectors = np.linalg.eigh(second)[1]
        values = np.linalg.eigvalsh(second)[:, None]
        plain.append(np.sum(values / (values + curve.kappa), axis=0))
        # The spread of the features themselves, summed: s/(s + kappa')^2 along each direction.
        spread = outputs.spread(vectors.T)
        corrected.append(np.sum(np.sqrt(spread * values.T), axis=1))
    assert np.mean(corrected, axis=0) == pytest.approx(learned, rel=0.01)
    assert (np.mean(plain, axis=0) < 0.98 * learned).all()


def test_drawn_tests_have_standard_errors():
    """Over the draws of tests, and over seeds of what stands for the law."""
    curve, rng = _curve(length=6), np.random.default_rng(0)
    every = _every(6)
    found = [shifted_curve(curve, every[rng.integers(64, size=100)], drawn=True) for _ in range(40)]
    spread = np.std([one.test_error for one in found], axis=0, ddof=1)
    assert np.mean([one.standard_error for one in found], axis=0) == pytest.approx(spread, rel=0.3)
    found = [shifted_curve(curve, every, sampled=500, seed=seed) for seed in range(16)]
    spread = np.std([one.bias for one in found], axis=0, ddof=1)
    assert np.mean([one.standard_error for one in found], axis=0) == pytest.approx(spread, rel=0.5)


def test_refusals():
    curve = _curve()
    with pytest.raises(InvalidArgument, match="fewer than half"):
        shifted_curve(curve, _every(5), sampled=100)
    for wrong in (np.zeros((2, 5)), np.zeros(5, int), np.full((2, 5), 2), np.full((2, 5), -1)):
        with pytest.raises(InvalidArgument, match="sequences"):
            shifted_curve(curve, wrong)
    for weights in (np.zeros(32), -np.ones(32), np.ones(31)):
        with pytest.raises(InvalidArgument, match="weights"):
            shifted_curve(curve, _every(5), weights)
    with pytest.raises(InvalidArgument, match="mean_pool"):
        shifted_curve(_curve("flatten"), _every(4))
    with pytest.raises(InvalidArgument, match="table"):
        shifted_curve(_curve(target=list(range(32))), _every(4))
    with pytest.raises(NoClosedForm, match="4,096"):
        shifted_curve(_curve(length=13, target="x1"), _every(4))
    own = from_function(lambda x, y: sum(a == b for a, b in zip(x, y, strict=True)))
    with pytest.raises(InvalidType, match="pipeline"):
        shifted_curve(
            own.spectrum(length=4, tokens=uniform(2)).learning_curve("x1", n=3), _every(4)
        )
