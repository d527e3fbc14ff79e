"""Transformers on bits: the targets by brute force, the model beside a transcription in NumPy, sharpness where it has a formula, and the experiment as a whole."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

import symkern as sk
from symkern.errors import InvalidArgument, InvalidType
from symkern.experiments.cube_targets import FUNCTIONS, CubeTarget, every_input
from symkern.experiments.trained_transformer import TrainedTransformer, TransformerSizes

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

SIZES = TransformerSizes(
    width=8, heads=2, layers=2, hidden=12, batch=32, steps=0, rate=1e-2, decay=0.1
)
TINY: dict[str, Any] = {"length": (2, 3), "width": 8, "hidden": 8, "batch": 8, "steps": 2, "perturbations": 2}  # fmt: skip


@pytest.fixture(autouse=True)
def _one_thread() -> Any:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("n", [1, 2, 5, 6])
def test_what_is_known_of_the_targets(name: str, n: int) -> None:
    target = CubeTarget(name, n, seed=3)
    cube = list(product((0, 1), repeat=n))
    values = dict(zip(cube, (2 * target(np.array(cube)) - 1).tolist(), strict=True))
    assert [tuple(x) for x in every_input(n).tolist()] == cube
    neighbours = {x: [values[(*x[:i], 1 - x[i], *x[i + 1 :])] for i in range(n)] for x in cube}
    changes = [sum((values[x] - e) ** 2 / 4 for e in neighbours[x]) for x in cube]
    assert target.average == pytest.approx(np.mean(changes))
    if target.is_boolean:
        still = [all(e == values[x] for e in neighbours[x]) for x in cube]
        assert target.zero_share == pytest.approx(np.mean(still))
    else:
        assert target.zero_share is None


def test_the_targets_themselves() -> None:
    bits = np.array([(1, 0, 1, 1), (0, 1, 0, 1), (0, 0, 0, 0)])
    expected = {"parity": [1, 0, 0], "majority": [1, 0, 0], "first": [1, 0, 0], "mean": [0.75, 0.5, 0]}  # fmt: skip
    for name, values in expected.items():
        assert CubeTarget(name, 4)(bits).tolist() == values
    table = CubeTarget("random", 10)(every_input(10))
    assert set(table.tolist()) == {0.0, 1.0} and 0.4 < table.mean() < 0.6
    assert not np.array_equal(table, CubeTarget("random", 10, seed=1)(every_input(10)))
    long = CubeTarget("random", 40)
    assert long.average == 20 and long.zero_share == 2.0**-40


def _normalised(h: np.ndarray, w: dict[str, np.ndarray], name: str) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    spread = np.sqrt(h.var(-1, keepdims=True) + 1e-5)
    return (h - h.mean(-1, keepdims=True)) / spread * w[f"{name}.weight"] + w[f"{name}.bias"], spread[..., 0]  # fmt: skip


def _transcribed(found: TrainedTransformer, bits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Outputs, and the product over layer norms of the largest 1/sigma, in NumPy."""
    w = {k: v.double().numpy() for k, v in found.model.state_dict().items()}
    sizes, blown = found.sizes, np.ones(len(bits))
    places = np.broadcast_to(w["positions.weight"], (*bits.shape, sizes.width // 2))
    h = np.concatenate([w["bits.weight"][bits], places], -1)
    for layer in range(sizes.layers):
        at = f"layers.{layer}."
        q, k, v = np.split(h @ w[at + "self_attn.in_proj_weight"].T + w[at + "self_attn.in_proj_bias"], 3, -1)  # fmt: skip
        mixed = []
        for q1, k1, v1 in zip(*(np.split(e, sizes.heads, -1) for e in (q, k, v)), strict=True):
            scores = q1 @ k1.swapaxes(1, 2) / np.sqrt(sizes.width / sizes.heads)
            rows = np.exp(scores - scores.max(-1, keepdims=True))
            mixed.append(rows / rows.sum(-1, keepdims=True) @ v1)
        out = np.concatenate(mixed, -1) @ w[at + "self_attn.out_proj.weight"].T + w[at + "self_attn.out_proj.bias"]  # fmt: skip
        h, spread = _normalised(h + out, w, at + "norm1")
        blown *= (1 / spread).max(1)
        inner = np.maximum(h @ w[at + "linear1.weight"].T + w[at + "linear1.bias"], 0)
        h, spread = _normalised(h + inner @ w[at + "linear2.weight"].T + w[at + "linear2.bias"], w, at + "norm2")  # fmt: skip
        blown *= (1 / spread).max(1)
    return (h[:, -1] @ w["readout.weight"].T + w["readout.bias"])[:, 0], blown


def test_the_model_is_the_published_one() -> None:
    """Bits and positions side by side, layer norms behind attention and behind the ReLU network, the last position read."""
    found = TrainedTransformer(CubeTarget("first", 5), SIZES, 0)
    outputs, blown = _transcribed(found, found.inputs)
    assert np.allclose(found.outputs(found.inputs), outputs, atol=1e-5)
    assert found.blow_up() == pytest.approx(blown.mean(), rel=1e-5)
    assert found.blow_up() == found.blow_up_at_start  # no step was made
    full = sk.experiments.protocols()["sensitivity"].settings("full")
    published = {"layers": 2, "heads": 2, "width": 128, "rate": 3e-4, "decay": 0.1, "batch": 1024}
    assert {name: full[name] for name in published} == published


def test_it_learns_what_is_easy_and_counts_what_it_has_learned() -> None:
    """A function of one bit, to sensitivity one and K_0 = 0; parity in so few steps it does not."""
    sizes = TransformerSizes(16, 2, 2, 32, 64, 60, 1e-2, 0.1)
    found = TrainedTransformer(CubeTarget("first", 4), sizes, 0)
    assert found.loss() < 0.02 and found.accuracy() == 1
    learned, still = found.sensitivity()
    assert abs(learned - 1) < 0.2 and still == 0
    other = TrainedTransformer(CubeTarget("parity", 8), sizes, 0)
    assert other.loss() > 0.2 and other.sensitivity()[0] < 2
    with_mean = TrainedTransformer(CubeTarget("mean", 4), sizes, 0)
    assert with_mean.accuracy() is None and with_mean.loss() < 0.02


class _Linear(torch.nn.Module):
    """w . (bits, 1): the change of its output under a change of the weights is known."""

    def __init__(self, n: int) -> None:
        super().__init__()
        self.layer = torch.nn.Linear(n, 1)

    def forward(self, bits: Any) -> Any:
        return self.layer(bits.float())[:, 0]


def test_both_sharpnesses_of_a_linear_model() -> None:
    """With features of mean square m: 4 rho^2 m/P on the sphere of P weights and deviation^2 m in the loss; twice either is seen."""
    n, deviation = 4, 0.1
    found = TrainedTransformer(CubeTarget("mean", n), SIZES, 0)
    found.model = _Linear(n)
    with torch.no_grad():
        found.model.layer.weight.fill_(1 / n)
        found.model.layer.bias.fill_(0)
    assert found.loss() < 1e-12
    square = n / 2 + 1
    expected = (4 * deviation**2 * square, deviation**2 * square)
    sphere, error, noise, other = found.sharpness(deviation, 1000, 0)
    for measured, spread, value in zip((sphere, noise), (error, other), expected, strict=True):
        assert abs(measured - value) < 4 * spread and abs(measured - value / 2) > 6 * spread
    assert found.sensitivity()[0] == pytest.approx(1 / n, abs=1e-5)


def test_the_experiment_as_a_whole() -> None:
    state, threads = torch.random.get_rng_state(), torch.get_num_threads()
    found = sk.experiments.sensitivity(functions=("parity", "mean"), **TINY)
    assert torch.equal(torch.random.get_rng_state(), state) and torch.get_num_threads() == threads
    assert sk.experiments.sensitivity(**found.settings) == found
    assert sk.experiments.sensitivity(**{**found.settings, "seed": 1}) != found
    columns = found.columns
    assert len(columns["length"]) == 2 * 2 * 3
    assert {x for x, f in zip(columns["accuracy"], columns["function"], strict=True) if f == "mean"} == {None}  # fmt: skip
    assert found.means("theorem", "parity", 3) == (0.5, float("inf"))
    assert found.means("sphere_sharpness", "parity", 3, 0.02)[1] > 0
    assert found.verdict.startswith("sensitivity at n = 3, 2 steps, deviation 0.02: parity as ")
    again = sk.experiments.sensitivity(functions=("first",), **{**TINY, "length": 2, "runs": 2})
    assert np.isfinite(again.means("loss", "first", 2)[1])
    for wrong in (("noise", "first", 2), ("loss", "mean", 2), ("loss", "first", 3)):
        with pytest.raises(InvalidArgument):
            again.means(*wrong)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("what", ["all", "sensitivity"])
def test_its_figures(what: Any) -> None:
    pyplot = pytest.importorskip("matplotlib.pyplot", reason="matplotlib is not installed")
    found = sk.experiments.sensitivity(functions=("first", "mean"), **TINY)
    ax = sk.plot.transformer_sensitivity(found, what)
    assert len(ax.figure.axes) == (4 if what == "all" else 1)
    assert sk.plot.experiment(found).get_xlabel() == "$n$"
    pyplot.close("all")


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"functions": ("party",)}, InvalidArgument, "did you mean 'parity'"),
        ({"functions": ()}, InvalidArgument, "functions"),
        ({"functions": ("first", "first")}, InvalidArgument, "each once"),
        ({"length": (4, 63)}, InvalidArgument, "length"),
        ({"length": "4"}, InvalidType, "length"),
        ({"width": 9}, InvalidArgument, "width"),
        ({"width": 8, "heads": 3}, InvalidArgument, "width"),
        ({"rate": 0}, InvalidArgument, "rate"),
        ({"decay": -1}, InvalidArgument, "decay"),
        ({"deviations": (0.1, 0)}, InvalidArgument, "deviations"),
        ({"perturbations": 1}, InvalidArgument, "perturbations"),
        ({"steps": -1}, InvalidArgument, "steps"),
        ({"seed": 1 << 40}, InvalidArgument, "seed"),
    ],
)
def test_bad_arguments(given: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        sk.experiments.sensitivity(**given)
