r"""Networks of finite width, in the parametrisation whose infinite width a pipeline's kernel is.

Every weight is N(0, 1), and stands in the network times its standard deviation over the root of its fan-in (the "NTK parametrisation"). With N the width, features
h_a in R^N at each position, and W of independent N(0, 1):

    embedding     h_a = sqrt(token) w_{x_a} + sqrt(position) p_a + sqrt(constant) c
    linear(w, b)  h' = sqrt(w/N) W h + sqrt(b) c
    mlp(phi)      h' = phi(h),    layer_norm  h' = (h - mean h)/(standard deviation of h),    residual  h' = h + h_before
    attention     scores q_a . k_c / sqrt(d) of N/d heads of dimension d where queries and keys are independent, q_a . q_c / N of one head where they are tied,
                  times scale; rows A = row_map(scores), over L where they are normalised; h'_a = sqrt(1/N) W_O (A_ab W_V h_b / sqrt N)_heads
    output        f(x) = sqrt(w/F) W . (the F features that are read) + sqrt(b) c, of the dense layer behind the readout, with w = 1 and b = 0 where the pipeline has none

Many networks are drawn at once: all tensors have an axis of networks in front. (Jacot, Gabriel, Hongler, NeurIPS 2018; Hron, Bahri, Sohl-Dickstein, Novak,
ICML 2020.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import sqrt
from typing import Any

import numpy as np

from symkern.abc import x
from symkern.errors import InvalidArgument, InvalidType
from symkern.experiments.torch_library import torch_library
from symkern.kernels.activations.polynomials import Polynomial
from symkern.kernels.pipeline import Kernel

Tensor = Any
Weight = Callable[..., Tensor]

#: Dimension of a head where queries and keys are independent.
HEAD = 4
#: Numbers that a batch of networks may hold for its weights.
_BATCH = 1 << 20

_STAGES = (
    "embedding",
    "attention",
    "linear",
    "affine",
    "mlp",
    "layer_norm",
    "residual",
    "mean_pool",
    "flatten",
    "at_position",
)


def with_output(kernel: Kernel) -> Kernel:
    """The pipeline with its dense output layer: itself where ``linear`` ends it behind the readout, and else with linear(1, 0) there.

    >>> from symkern.kernels import embedding
    >>> print(with_output(embedding(1).mean_pool()))
    embedding(1) | mean_pool | linear
    """
    behind = kernel.stages[-1]
    last: Kernel = kernel if behind.name == "linear" and _reads(kernel) else kernel.linear(1)
    return last


def _reads(kernel: Kernel) -> bool:
    return kernel.stages[-1].place != "readout" and any(
        stage.place == "readout" for stage in kernel.stages[:-1]
    )


def require_network(kernel: Kernel) -> None:
    """Refuse pipelines of which no network is made here: with symbols, stages of other kinds, or arguments of the infinite width alone."""
    if not isinstance(kernel, Kernel):
        raise InvalidType("pipeline", "must be a pipeline with a readout", kernel)
    if kernel.parameters:
        rule = "must have numbers for all hyperparameters"
        raise InvalidArgument(
            "pipeline", rule, f"it has {', '.join(s.name for s in kernel.parameters)}"
        )
    stages: tuple[Any, ...] = kernel.stages
    for place, stage in enumerate(stages):
        if stage.name not in _STAGES:
            rule = f"must consist of {', '.join(_STAGES)} to be a network of finite width"
            raise InvalidArgument("pipeline", rule, f"it has {stage}")
        if stage.name == "embedding" and stage.constant < 0:
            rule = "must have a constant of at least 0 to be a network of finite width"
            raise InvalidArgument("pipeline", rule, f"it is {stage.constant}")
        if stage.name == "attention" and not stage.positions_in_values and place != 1:
            rule = "must have attention without positions in its values right behind the embedding"
            raise InvalidArgument("pipeline", rule, f"it is {kernel}")
        if stage.name == "mlp" and _activation(stage.activation, _NoFunctions()) is None:
            rule = "must have activations that are functions of one number"
            raise InvalidArgument("pipeline", rule, f"it has {stage.activation}")


class FiniteNetworks:
    """Some networks of one width, drawn at random.

    Args:
        kernel: the pipeline, its output layer included (`with_output`), all hyperparameters numbers (`require_network`).
        length: of the sequences.
        letters: their number.
        width: N, a multiple of `HEAD` where queries and keys are independent.
        count: how many networks.
        generator: torch's, which draws them.
    """

    def __init__(self, kernel: Kernel, length: int, letters: int, width: int, count: int, generator: Any) -> None:  # fmt: skip
        self.torch = torch_library()
        self.kernel, self.width, self.count = kernel, width, count
        drawn: list[Tensor] = []

        def draw(*shape: int) -> Tensor:
            drawn.append(self.torch.randn((count, *shape), generator=generator, dtype=self.torch.float64))  # fmt: skip
            return drawn[-1]

        word = self.torch.zeros((1, length), dtype=self.torch.long)
        self.letters = letters
        self._output(word, draw)
        self.weights = drawn

    @property
    def parameters(self) -> int:
        """Weights of one network."""
        return sum(w[0].numel() for w in self.weights)

    def outputs(self, words: np.ndarray, weights: list[Tensor] | None = None) -> Tensor:
        """f(x) of each network, (networks, sequences)."""
        return self._output(self.torch.as_tensor(words), _listed(self._those(weights)))

    def kernels(self, words: np.ndarray) -> np.ndarray:
        """The covariance of f(x), f(y) over the output layer's weights, the others being as they are: (networks, sequences, sequences)."""
        *stages, last = self._stages()
        with self.torch.no_grad():
            h = self._features(stages, self.torch.as_tensor(words), _listed(self.weights))
            found = h @ h.transpose(-1, -2) * (float(last.weight) / h.shape[-1]) + float(last.bias)
        result: np.ndarray = found.numpy()
        return result

    def tangents(self, words: np.ndarray, weights: list[Tensor] | None = None) -> np.ndarray:
        """The scalar products of the gradients of f(x) and f(y) in all weights: (networks, sequences, sequences)."""
        torch = self.torch
        held = [w.detach().requires_grad_() for w in self._those(weights)]
        outputs = self.outputs(words, held)
        rows = [torch.autograd.grad(outputs[:, i].sum(), held, retain_graph=True, allow_unused=True) for i in range(len(words))]  # fmt: skip
        found = torch.zeros((self.count, len(words), len(words)), dtype=torch.float64)
        for place in range(len(held)):
            if rows[0][place] is not None:
                stacked = torch.stack([row[place].reshape(self.count, -1) for row in rows], 1)
                found += stacked @ stacked.transpose(-1, -2)
        result: np.ndarray = found.numpy()
        return result

    def _stages(self) -> tuple[Any, ...]:
        return self.kernel.stages

    def _those(self, weights: list[Tensor] | None) -> list[Tensor]:
        return self.weights if weights is None else weights

    # -- the forward pass ------------------------------------------------------------------------

    def _output(self, words: Tensor, weight: Weight) -> Tensor:
        *stages, last = self._stages()
        h = self._features(stages, words, weight)
        width = h.shape[-1]
        found = (h @ weight(width, 1))[..., 0] * sqrt(float(last.weight) / width)
        return found + sqrt(float(last.bias)) * weight(1)

    def _features(self, stages: Any, words: Tensor, weight: Weight) -> Tensor:
        """The features behind these stages, (networks, sequences, positions, N), without the axis of positions behind the readout."""
        tokens, h = self._embedded(stages[0], words, weight)
        states = [h]
        for stage in stages[1:]:
            h = states[-1]
            if stage.name == "attention":
                h = self._attended(stage, h, h if stage.positions_in_values else tokens, weight)
            elif stage.name == "linear":
                width = h.shape[-1]
                bias = sqrt(float(stage.bias)) * _beside(weight(self.width), h)
                h = _through(h, weight(width, self.width)) * sqrt(float(stage.weight)) + bias
            elif stage.name == "affine":
                bias = sqrt(float(stage.bias)) * _beside(weight(h.shape[-1]), h)
                h = sqrt(float(stage.scale)) * h + bias
            elif stage.name == "mlp":
                h = _activation(stage.activation, self.torch)(h)
            elif stage.name == "layer_norm":
                h = h - h.mean(-1, keepdim=True)
                h = h / (h**2).mean(-1, keepdim=True).sqrt()
            elif stage.name == "residual":
                h = h + states[-1 - stage.over]
            elif stage.name == "mean_pool":
                h = h.mean(2)
            elif stage.name == "flatten":
                h = h.reshape(*h.shape[:2], -1)
            else:
                h = h[:, :, -1]
            states.append(h)
        return states[-1]

    def _embedded(self, stage: Any, words: Tensor, weight: Weight) -> tuple[Tensor, Tensor]:
        """Features of tokens alone, and with positions."""
        letters = weight(self.letters, self.width)
        if stage.covariance is None:
            letters = sqrt(float(stage.token)) * letters
        else:
            rows = np.array([[float(e) for e in row] for row in stage.covariance.rows])
            values, vectors = np.linalg.eigh(rows)
            letters = self.torch.as_tensor(vectors * np.sqrt(values.clip(0))) @ letters
        tokens = letters[:, words]
        tokens = tokens + sqrt(float(stage.constant)) * _beside(weight(self.width), tokens)
        positions = weight(words.shape[1], self.width)[:, None]
        return tokens, tokens + sqrt(float(stage.position)) * positions

    def _attended(self, stage: Any, h: Tensor, values: Tensor, weight: Weight) -> Tensor:
        width, length = self.width, h.shape[2]
        tied = stage.query_key == "tied"
        heads, size = (1, width) if tied else (width // HEAD, HEAD)

        def split(features: Tensor) -> Tensor:
            """(networks, sequences, heads, positions, size)."""
            found = _through(features, weight(features.shape[-1], width))
            return found.reshape(*features.shape[:3], heads, size).transpose(2, 3)

        queries = split(h)
        keys = queries if tied else split(h)
        over = size if tied else sqrt(size)
        scores = _products(queries, keys.transpose(-1, -2), size) * (float(stage.scale) / over)
        if stage.row_map == "softmax":
            rows = self.torch.softmax(scores, -1)
        else:
            maps = {"identity": lambda e: e, "relu": self.torch.relu, "abs": self.torch.abs}
            rows = maps[stage.row_map](scores) / (length if stage.normalize else 1)
        mixed = _products(rows, split(values), size).transpose(2, 3).reshape(*h.shape[:3], width)
        return _through(mixed, weight(width, width))


def seeded(*seeds: int) -> Any:
    """Torch's generator for these numbers; other numbers give another stream."""
    state = np.random.SeedSequence(seeds).generate_state(1)
    return torch_library().Generator().manual_seed(int(state[0]))


def batches(kernel: Kernel, length: int, letters: int, width: int, count: int, generator: Any) -> Iterator[FiniteNetworks]:  # fmt: skip
    """So many networks in batches that fit into memory, drawn one after the other."""
    size = _batch(kernel, length, letters, width)
    for first in range(0, count, size):
        yield FiniteNetworks(kernel, length, letters, width, min(size, count - first), generator)


def numbers_of_batches(kernel: Kernel, length: int, letters: int, widths: Sequence[int], count: int) -> int:  # fmt: skip
    """How many batches so many networks of each width are in all, of which progress is told."""
    return sum(-(-count // _batch(kernel, length, letters, width)) for width in widths)


def _batch(kernel: Kernel, length: int, letters: int, width: int) -> int:
    """Networks of a batch."""
    one = FiniteNetworks(kernel, length, letters, width, 1, seeded(0))
    return max(1, _BATCH // one.parameters)


def _listed(weights: list[Tensor]) -> Weight:
    """The weights one after the other, in the order in which they were drawn."""
    rest = iter(weights)
    return lambda *shape: next(rest)


def _through(h: Tensor, weights: Tensor) -> Tensor:
    """Features times weights over the root of the fan-in."""
    flat = h.reshape(len(h), -1, h.shape[-1])
    return (flat @ weights / sqrt(h.shape[-1])).reshape(*h.shape[:-1], weights.shape[-1])


def _products(first: Tensor, second: Tensor, size: int) -> Tensor:
    """Matrix products of each head; of many small ones entry by entry, which is faster than one call for each."""
    if size > HEAD:
        return first @ second
    return (first[..., None] * second[..., None, :, :]).sum(-2)


def _beside(vector: Tensor, h: Tensor) -> Tensor:
    """One vector a network, beside features."""
    return vector.reshape(len(vector), *([1] * (h.ndim - 2)), -1)


class _NoFunctions:
    """In torch's place where it is only asked whether an activation has a function."""

    def __getattr__(self, name: str) -> Any:
        return name


def _activation(activation: Any, torch: Any) -> Any:
    """The activation as a function of a tensor; None where there is none."""
    if isinstance(activation, Polynomial):
        terms = {m[0]: float(c) for m, c in activation.expression.as_poly(x).terms()}
        return lambda u: sum(c * u**i for i, c in terms.items())
    functions: dict[str, Any] = {
        "relu": torch.relu,
        "leaky_relu": lambda u: torch.nn.functional.leaky_relu(u, float(activation.below)),
        "abs": torch.abs,
        "erf": torch.erf,
        "gelu": lambda u: torch.nn.functional.gelu(u),
        "exp": torch.exp,
        "sin": torch.sin,
        "cos": torch.cos,
        "sign": torch.sign,
        "step": lambda u: (u > 0) * 1.0,
    }
    return functions.get(activation.name)
