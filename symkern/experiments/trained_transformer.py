r"""A transformer of a few layers on n bits, trained on a function of them, and what can be measured of it.

The model of the experiments of Hahn and Rofin (ACL 2024, arXiv 2402.09963): half of the coordinates of a position are a learned embedding of its bit, the other half a learned embedding of
the position; layers of attention and of a ReLU network, each followed by its residual connection and a layer normalisation ("post-layer-norm"); the output is linear in
the last position. AdamW on the mean squared error, on fresh uniform inputs. Written with PyTorch's own layers, in single precision.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, repeat
from typing import Any

import numpy as np

from symkern.experiments.cube_targets import LISTED, Bits, CubeTarget, Floats, every_input
from symkern.experiments.torch_library import torch_library
from symkern.learning.over_draws import error_over_draws, mean_over_draws

Tensor = Any

#: Inputs on which a trained transformer is measured where not all are listed.
_MEASURED = 4096


@dataclass(frozen=True)
class TransformerSizes:
    """Sizes of the model and of its training."""

    width: int
    heads: int
    layers: int
    hidden: int
    batch: int
    steps: int
    rate: float
    decay: float


class TrainedTransformer:
    """A transformer, drawn and trained by one seed; torch's own random numbers are left as they were.

    ``steps`` is gone on by one for each step of training and for each perturbation that is measured.
    """

    def __init__(self, target: CubeTarget, sizes: TransformerSizes, seed: int, steps: Iterator[Any] | None = None) -> None:  # fmt: skip
        torch = self.torch = torch_library()
        self.target, self.sizes = target, sizes
        self._steps = repeat(None) if steps is None else steps
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.model = _model(torch, target.n, sizes)
        self.rng = np.random.default_rng(seed)
        n = target.n
        self.inputs = every_input(n) if n <= LISTED else self.rng.integers(2, size=(_MEASURED, n))
        self.blow_up_at_start = self.blow_up()
        self._train()

    def _train(self) -> None:
        torch, sizes = self.torch, self.sizes
        optimiser = torch.optim.AdamW(self.model.parameters(), lr=sizes.rate, weight_decay=sizes.decay)  # fmt: skip
        for _ in islice(self._steps, sizes.steps):
            bits = self.rng.integers(2, size=(sizes.batch, self.target.n))
            wanted = torch.as_tensor(self.target(bits), dtype=torch.float32)
            optimiser.zero_grad()
            loss = ((self.model(torch.as_tensor(bits)) - wanted) ** 2).mean()
            loss.backward()
            optimiser.step()

    def outputs(self, bits: Bits) -> Floats:
        """The outputs at rows of bits, near 0 and 1 where it has learned."""
        with self.torch.no_grad():
            parts = [self.model(self.torch.as_tensor(piece)).numpy() for piece in np.array_split(bits, max(1, len(bits) // _MEASURED))]  # fmt: skip
        return np.concatenate(parts).astype(float)

    @property
    def parameters(self) -> int:
        """Their number."""
        return sum(p.numel() for p in self.model.parameters())

    def loss(self) -> float:
        """The mean squared error on the inputs that are measured."""
        return float(np.mean((self.outputs(self.inputs) - self.target(self.inputs)) ** 2))

    def accuracy(self) -> float | None:
        """The share of inputs on whose side of 1/2 the output is; None where the target takes more than two values."""
        if not self.target.is_boolean:
            return None
        return float(np.mean((self.outputs(self.inputs) > 0.5) == (self.target(self.inputs) > 0.5)))

    def sensitivity(self) -> tuple[float, float]:
        """Of what is learned: as(2 output - 1) = 1/4 sum_i E (g(x) - g(x^i))^2, and the share of inputs where no flip takes the output to the other side of 1/2."""
        g = 2 * self.outputs(self.inputs) - 1
        changes, still = np.zeros(len(g)), np.ones(len(g), dtype=bool)
        for i in range(self.target.n):
            flipped = self.inputs.copy()
            flipped[:, i] ^= 1
            other = 2 * self.outputs(flipped) - 1
            changes += (g - other) ** 2 / 4
            still &= (g > 0) == (other > 0)
        return float(changes.mean()), float(still.mean())

    def blow_up(self) -> float:
        """The product over the layer norms of the largest 1/(standard deviation of the features) among positions, in the mean over inputs."""
        torch = self.torch
        seen: list[Tensor] = []

        def record(module: Any, arguments: Any) -> None:
            spread = (arguments[0].var(-1, unbiased=False) + module.eps).sqrt()
            seen.append((1 / spread).amax(1))

        hooks = [m.register_forward_pre_hook(record) for m in self.model.modules() if isinstance(m, torch.nn.LayerNorm)]  # fmt: skip
        try:
            with torch.no_grad():
                self.model(torch.as_tensor(self.inputs[:_MEASURED]))
        finally:
            for hook in hooks:
                hook.remove()
        return float(torch.stack(seen).double().prod(0).mean())

    def sharpness(
        self, deviation: float, draws: int, seed: int
    ) -> tuple[float, float, float, float]:
        """Two measures of sharpness, each with its standard error over the draws.

        First the mean squared change of g = 2 output - 1 over random changes of the weights of length rho = deviation sqrt(number of weights), L_rho of the theorem; then the
        increase of the mean squared error of the output under independent Gaussian changes of that standard deviation.
        """
        torch = self.torch
        generator = torch.Generator().manual_seed(seed)
        named = {name: p.detach() for name, p in self.model.named_parameters()}
        sizes = [p.numel() for p in named.values()]
        bits = torch.as_tensor(self.inputs[:_MEASURED])
        wanted = torch.as_tensor(self.target(self.inputs[:_MEASURED]), dtype=torch.float32)
        changes, increases = [], []

        def moved(change: Tensor) -> Tensor:
            pieces = zip(named.items(), torch.split(change, sizes), strict=True)
            weights = {name: p + piece.reshape(p.shape) for (name, p), piece in pieces}
            return torch.func.functional_call(self.model, weights, (bits,))

        with torch.no_grad():
            plain = self.model(bits)
            loss = ((plain - wanted) ** 2).mean()
            for _ in islice(self._steps, draws):
                normal = torch.randn(sum(sizes), generator=generator)
                sphere = moved(normal * (deviation * len(normal) ** 0.5 / normal.norm()))
                changes.append(float(4 * ((sphere - plain) ** 2).mean()))
                increases.append(float(((moved(deviation * normal) - wanted) ** 2).mean() - loss))
        both = np.array([changes, increases]).T
        means, errors = mean_over_draws(both), error_over_draws(both)
        return float(means[0]), float(errors[0]), float(means[1]), float(errors[1])


def _model(torch: Any, n: int, sizes: TransformerSizes) -> Any:
    """The module; with dropout 0 its forward pass is one function in training and outside."""

    class Transformer(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            half = sizes.width // 2
            self.bits = torch.nn.Embedding(2, half)
            self.positions = torch.nn.Embedding(n, half)
            layers = [
                torch.nn.TransformerEncoderLayer(
                    sizes.width, sizes.heads, sizes.hidden, dropout=0.0, activation="relu", batch_first=True, norm_first=False,
                )
                for _ in range(sizes.layers)
            ]  # fmt: skip
            self.layers = torch.nn.Sequential(*layers)
            self.readout = torch.nn.Linear(sizes.width, 1)

        def forward(self, bits: Tensor) -> Tensor:
            places = self.positions.weight.expand(len(bits), *self.positions.weight.shape)
            h = torch.cat([self.bits(bits), places], -1)
            return self.readout(self.layers(h)[:, -1])[:, 0]

    return Transformer()
