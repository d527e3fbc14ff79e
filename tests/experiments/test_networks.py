"""Networks of finite width: their kernel with its exact mean at every width, gradient descent, Langevin dynamics; each beside a wrong formula that is seen."""

from __future__ import annotations

import sys
from itertools import product
from typing import Any

import numpy as np
import pytest

import symkern as sk
from symkern.errors import InvalidArgument, InvalidType, SymkernError
from symkern.experiments.finite_network import batches, require_network, seeded, with_output
from symkern.experiments.kernel_of_networks import kernel_of_networks
from symkern.experiments.langevin_dynamics import langevin_posterior, posterior
from symkern.experiments.network_experiment import SOFTMAX_BLOCK
from symkern.experiments.trained_networks import linearised, stepped_flow, trained_networks
from symkern.experiments.width_regression import in_width
from symkern.kernels import read_kernel

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

WORDS = np.array([(0, 1, 0), (1, 1, 0), (1, 0, 2), (2, 2, 1)])
TINY: dict[str, Any] = {"width": (4, 8), "samples": 2, "others": 2, "draws": 4, "trained": 2, "steps": 2, "chains": 2, "moves": 2}  # fmt: skip


@pytest.fixture(autouse=True)
def _one_thread() -> Any:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def _wick(K: np.ndarray, pairs: tuple[tuple[int, int], ...], width: int) -> float:
    """E of a product of empirical covariances of Gaussian features: the sum over pairings of N^(loops - factors) times covariances."""
    points = [p for pair in pairs for p in pair]

    def pairings(rest: list[int]) -> Any:
        if not rest:
            yield []
            return
        first, *others = rest
        for other in others:
            for more in pairings([p for p in others if p != other]):
                yield [(first, other), *more]

    total = 0.0
    for pairing in pairings(list(range(len(points)))):
        joined = list(range(len(pairs)))
        for i, j in pairing:
            a, b = joined[i // 2], joined[j // 2]
            joined = [a if e == b else e for e in joined]
        value = np.prod([K[points[i], points[j]] for i, j in pairing])
        total += value * float(width) ** (len(set(joined)) - len(pairs))
    return total


def test_the_mean_at_every_width_is_exact() -> None:
    """Linear attention: K_ac sum K_bd^2/L^2 of Gaussian features, whose third moments are known; at infinite width the mean is another one, as is twice its bias."""
    kernel = with_output(read_kernel("embedding(1, 1/2) | attention | at_position(last)"))
    places = [(t, a) for word in ((0, 1), (1, 1)) for a, t in enumerate(word)]
    K = np.array([[(t == u) + (a == b) / 2 for u, b in places] for t, a in places])
    words = np.array([(0, 1), (1, 1)])
    width, expected = 8, []
    for x, y in ((0, 0), (0, 1), (1, 1)):
        terms = product((2 * x, 2 * x + 1), (2 * y, 2 * y + 1))
        read = (2 * x + 1, 2 * y + 1)
        expected.append(sum(_wick(K, (read, (b, d), (b, d)), width) for b, d in terms) / 4)
    limit = kernel.matrix(words)[np.triu_indices(2)]
    found = kernel_of_networks(kernel, words, 2, (width,), 20_000, 0)
    assert np.all(np.abs(found.z(np.array(expected))) < 4)
    assert np.all(np.abs(found.z(limit)) > 5)
    assert np.all(np.abs(found.z(2 * np.array(expected) - limit)) > 5)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("embedding(1, 1/4) | attention(tied, softmax) | layer_norm | flatten", "embedding(1, 1/4) | attention(tied, softmax, scale=2) | layer_norm | flatten"),
        ("embedding(1, 1) | attention(tied, relu) | residual | linear(1/2, 1) | mlp(erf) | flatten",
         "embedding(1, 1) | attention(tied, relu, scale=2) | residual | linear(1/2, 1) | mlp(erf) | flatten"),
        ("embedding(1, 1) | attention(positions_in_values=false) | mean_pool | affine(1/2, 1/4) | mlp(abs) | linear(2, 1)",
         "embedding(1, 1) | attention | mean_pool | affine(1/2, 1/4) | mlp(abs) | linear(2, 1)"),
    ],
)  # fmt: skip
def test_the_kernel_is_the_limit(text: str, wrong: str) -> None:
    """Kernel and tangent kernel, extrapolated in the width; scores of twice the scale, or values with positions, are another kernel."""
    kernel, other = (with_output(read_kernel(t)) for t in (text, wrong))
    found = kernel_of_networks(kernel, WORDS, 3, (32, 64), 800, 0)
    assert found.largest_z < 4.5
    assert np.max(np.abs(found.z(other.matrix(WORDS)[np.triu_indices(4)]))) > 6
    tangents = [np.concatenate([b.tangents(WORDS) for b in batches(kernel, 3, 3, w, 160, seeded(1, w))]) for w in (32, 64)]  # fmt: skip
    assert in_width((32, 64), tangents, kernel.ntk().matrix(WORDS)).largest_z < 4.5
    assert in_width((32, 64), tangents, kernel.ntk().matrix(WORDS) / 2).largest_z > 6


def test_steps_of_gradient_descent_on_a_kernel() -> None:
    rng = np.random.default_rng(0)
    features, labels = rng.normal(size=(7, 5)), rng.normal(size=(4, 2))
    gram = features @ features.T
    expected, learned = {}, np.zeros((7, 2))
    for step in range(1, 31):
        learned = learned + 0.1 * gram[:, :4] @ (labels - learned[:4]) / 4
        expected[step] = learned
    found = stepped_flow(gram[:4, :4], labels, np.array([1, 2, 30]), 0.1, gram[:, :4])
    assert np.allclose(found, [expected[s] for s in (1, 2, 30)], atol=1e-12)


def test_trained_networks_follow_the_tangent_kernel() -> None:
    """And neither the kernel of the last layer alone nor one of half the rate; the kernel moves less in wider networks."""
    kernel = with_output(read_kernel(SOFTMAX_BLOCK))
    values = np.array([1.0, -1.0, 0.5, 0.0])
    found = trained_networks(kernel, WORDS, values, 3, 3, (32, 64), 80, 24, 0)
    assert found.outputs.largest_z < 4.5 and found.test_error.largest_z < 4.5
    tangent = kernel.ntk().matrix(WORDS)
    eta = found.times[0]
    steps = (found.times / eta).round().astype(int)
    for wrong in (kernel.matrix(WORDS), tangent / 2):
        other = stepped_flow(wrong[:3, :3], values[:3, None], steps, eta, wrong[:, :3])[..., 0]
        assert np.max(np.abs(found.outputs.z(other))) > 6
        assert np.max(np.abs(found.linearised.z(other))) > 6
    assert found.linearised.largest_z < 4.5
    (moved, error), _ = found.powers
    assert abs(moved + 1) < 4 * error and error < 0.2


def test_linearised_networks_by_steps() -> None:
    """Step after step with kernels that stay."""
    rng = np.random.default_rng(1)
    features, labels = rng.normal(size=(3, 7, 5)), rng.normal(size=4)
    start = features @ features.transpose(0, 2, 1)
    found = linearised(start, labels, np.array([1, 2, 30]), 0.1)
    learned = np.zeros((3, 7))
    for step in range(1, 31):
        learned = learned + 0.1 * np.einsum("axj,aj->ax", start[:, :, :4], labels - learned[:, :4]) / 4  # fmt: skip
        if step in (1, 2, 30):
            assert np.allclose(found[:, [1, 2, 30].index(step)], learned, atol=1e-12)


def test_late_in_the_training_the_kernel_has_moved() -> None:
    """The line in 1/N through linearised networks ends at the prediction, not at that of another rate; narrow ones that are trained are elsewhere."""
    kernel = with_output(read_kernel(SOFTMAX_BLOCK))
    values = np.array([1.0, -1.0, 0.5, 0.0])
    found = trained_networks(kernel, WORDS, values, 3, 3, (8, 16, 32), 300, 60, 0)
    tangent = kernel.ntk().matrix(WORDS)
    steps = (found.times / found.times[0]).round().astype(int)
    wrong = stepped_flow(tangent[:3, :3] / 1.5, values[:3, None], steps, found.times[0], tangent[:, :3] / 1.5)[..., 0]  # fmt: skip
    assert found.linearised.largest_z < 4.5 < np.max(np.abs(found.linearised.z(wrong)))
    apart = np.abs(found.outputs.means - found.linearised.means)
    assert np.all(apart[:2, -1].max(axis=1) > 4 * found.outputs.errors[:2, -1].mean(axis=1))


def test_langevin_dynamics_samples_the_posterior() -> None:
    """And not that of twice the noise, nor of the tangent kernel."""
    kernel = with_output(read_kernel("embedding(1, 1) | linear(1, 1/2) | mlp(relu) | flatten"))
    values = np.array([1.0, -1.0, 0.5, 0.0])
    found = langevin_posterior(kernel, WORDS, values, 3, 0.25, 3, (8, 16), 48, 240, 0)
    assert found.moments.largest_z < 4.5
    assert all(0.3 < share < 0.95 for share in found.accepted)
    for gram, noise in ((kernel.matrix(WORDS), 1.0), (kernel.ntk().matrix(WORDS), 0.25)):
        mean, variance = posterior(gram, values[:3], noise)
        assert np.max(np.abs(found.moments.z(np.array([mean, mean**2 + variance])))) > 5


def test_the_experiment_as_a_whole() -> None:
    """All of it again from its settings; torch's own state is left as it was."""
    state, threads = torch.random.get_rng_state(), torch.get_num_threads()
    found = sk.experiments.network("linear-attention", alpha=1, beta="1/2", **TINY)
    assert torch.equal(torch.random.get_rng_state(), state) and torch.get_num_threads() == threads
    again = sk.experiments.network(**found.settings)
    assert again == found and again.to_csv() == found.to_csv()
    assert sk.experiments.network(**{**found.settings, "seed": 1}) != found
    assert found.verdict.startswith("networks, extrapolated in 1/width: kernel within ")
    columns = found.columns
    assert set(columns["quantity"]) == {"kernel", "output", "output linearised", "test error", "posterior mean", "posterior second moment", "tangent kernel moved", "tangent kernel scattered"}  # fmt: skip
    assert set(columns["width"]) == {4, 8, "infinite"}
    one = sk.experiments.network(**{**found.settings, "width": (8,)})
    assert one.verdict.startswith("networks, at width 8: ") and "infinite" not in one.columns["width"]  # fmt: skip


@pytest.mark.parametrize("what", ["all", "posterior"])
def test_its_figures(what: Any) -> None:
    pyplot = pytest.importorskip("matplotlib.pyplot", reason="matplotlib is not installed")
    found = sk.experiments.network("embedding(1) | flatten", **TINY)
    ax = sk.plot.network(found, what)
    assert len(ax.figure.axes) == (4 if what == "all" else 1)
    assert sk.plot.experiment(found).get_xlabel() == "1/width"
    pyplot.close("all")


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"pipeline": "embedding(alpha) | flatten"}, InvalidArgument, "numbers for all"),
        ({"pipeline": "embedding(1) | flatten | ntk"}, InvalidArgument, "to be a network"),
        ({"pipeline": "embedding(1) | positions(1) | flatten"}, InvalidArgument, "to be a network"),
        ({"pipeline": "embedding(1, 1, -1/4) | flatten"}, InvalidArgument, "constant"),
        ({"pipeline": "embedding(1) | layer_norm | mlp(hermite(2)) | flatten"}, InvalidArgument, "one number"),
        ({"pipeline": "embedding(1) | linear | attention(positions_in_values=false) | flatten"}, InvalidArgument, "positions_in_values"),
        ({"pipeline": sk.kernels.embedding(1)}, InvalidType, "pipeline"),
        ({"width": (8, 8)}, InvalidArgument, "ascending"),
        ({"width": 6}, InvalidArgument, "multiple of 4"),
        ({"width": 0}, InvalidArgument, "width"),
        ({"width": ()}, InvalidArgument, "width"),
        ({"samples": 12}, InvalidArgument, "at most the 16 sequences"),
        ({"noise": 0}, InvalidArgument, "noise"),
        ({"noise": "nan"}, InvalidArgument, "noise"),
        ({"draws": 1}, InvalidArgument, "draws"),
        ({"seed": -1}, InvalidArgument, "seed"),
        ({"target": "x9"}, InvalidArgument, "target"),
        ({"target": 3}, InvalidType, "target"),
        ({"alfa": 1}, InvalidArgument, "alfa"),
    ],
)  # fmt: skip
def test_bad_arguments(given: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        sk.experiments.network(**given)


def test_without_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(SymkernError, match=r"pip install torch"):
        sk.experiments.network()


def test_readouts_with_and_without_a_dense_layer() -> None:
    dense = read_kernel("embedding(1) | mean_pool | linear(2, 1)")
    assert with_output(dense) == dense
    inside = read_kernel("embedding(1) | linear(2) | mean_pool")
    assert str(with_output(inside)).endswith("mean_pool | linear")
    require_network(dense)
