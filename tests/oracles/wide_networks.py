"""Networks of finite width, drawn at random: what a pipeline is the limit of.

Every weight is N(0, 1) times its standard deviation over sqrt(fan in). Features h have shape (sequences, L, width), or (sequences, width) behind a
readout, and a kernel is their scalar product over the width. One code draws the network for NumPy and for PyTorch, whose gradients give the
tangent kernel. Nothing of the package is used but the fields of its stages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

import numpy as np
import scipy.special
import sympy as sp

from tests.oracles.transcribed import hermite, number


def _leaky(slope: float, ops: Any) -> Callable:
    return lambda u: ops.maximum(u, 0 * u) - slope * ops.maximum(-u, 0 * u)


@dataclass
class Network:
    """A network with its parameters; ``ops`` is numpy or torch, ``normal`` draws a parameter."""

    ops: Any
    normal: Callable[[tuple[int, ...]], Any]
    width: int = 256
    heads: int = 16
    key_width: int = 256
    value_width: int = 16
    parameters: list[Any] = field(default_factory=list)

    def drawn(self, *shape: int) -> Any:
        """A new parameter."""
        self.parameters.append(self.normal(shape))
        return self.parameters[-1]

    # -- activations ---------------------------------------------------------------------------

    def phi(self, activation: Any) -> Callable:
        """The activation itself."""
        ops, text = self.ops, str(activation)
        if text.startswith("leaky_relu"):
            return _leaky(number(activation.formulas[0]), ops)
        if text.startswith("hermite"):  # of normalised inputs: those that follow layer_norm
            return hermite(int(activation.formulas[0]))
        erf = scipy.special.erf if ops is np else ops.erf
        known = {
            "relu": _leaky(0.0, ops),
            "abs": ops.abs,
            "sign": ops.sign,
            "step": lambda u: (u > 0) * 1.0,
            "erf": erf,
            "gelu": lambda u: u * (1 + erf(u / sqrt(2))) / 2,
            "exp": ops.exp,
            "sin": ops.sin,
            "cos": ops.cos,
        }
        if text in known:
            return known[text]
        x = sp.Symbol("x")
        phi = sp.Poly(sp.sympify(str(activation.expression), locals={"x": x}), x)
        return lambda u: sum(float(c) * u**i for i, c in enumerate(reversed(phi.all_coeffs())))

    # -- stages --------------------------------------------------------------------------------

    def embedded(self, stage: Any, words: Any) -> tuple[Any, Any]:
        """Features of tokens and positions, and of tokens alone."""
        token = stage.token
        if isinstance(token, sp.Expr):
            letters = self.drawn(int(words.max()) + 1, self.width) * sqrt(number(token))
        else:
            rows = np.array([[number(e) for e in row] for row in token.rows])
            values, vectors = np.linalg.eigh(rows)
            root = vectors * np.sqrt(np.maximum(values, 0))
            root = root.astype(np.float32) if self.ops is np else self.ops.tensor(root)
            letters = root @ self.drawn(len(rows), self.width)
        plain = letters[words] + sqrt(number(stage.constant)) * self.drawn(self.width)
        codes = self.drawn(words.shape[1], self.width)
        return plain + sqrt(number(stage.position)) * codes[None], plain

    def attended(self, stage: Any, h: Any, values: Any) -> Any:
        """Heads with their own queries, keys and values, and the output weights."""
        length, fan_in = h.shape[1], h.shape[2]
        shape = (self.heads, fan_in, self.key_width)

        def through(features: Any, weights: Any) -> Any:
            flat = features.reshape(-1, features.shape[-1])
            out = flat[None] @ weights / sqrt(features.shape[-1])
            return out.reshape(len(weights), *features.shape[:2], weights.shape[-1])

        queries = through(h, self.drawn(*shape))
        if stage.query_key == "tied":
            keys, over = queries, self.key_width
        else:
            keys, over = through(h, self.drawn(*shape)), sqrt(self.key_width)
        scores = number(stage.scale) * queries @ keys.swapaxes(-1, -2) / over
        if stage.row_map == "softmax":
            rows = self.ops.exp(scores)
            rows = rows / rows.sum(-1)[..., None]
        else:
            rows = {"identity": lambda e: e, "relu": _leaky(0.0, self.ops), "abs": self.ops.abs}[stage.row_map](scores)  # fmt: skip
            rows = rows / length if stage.normalize else rows
        own = through(values, self.drawn(self.heads, values.shape[2], self.value_width))
        out = self.drawn(self.heads, self.value_width, self.width)
        mixed = (rows @ own).reshape(self.heads, -1, self.value_width) @ out
        return mixed.sum(0).reshape(*h.shape[:2], -1) / sqrt(self.heads * self.value_width)

    def run(self, stages: Any, words: Any) -> Any:
        """The features after all stages."""
        h, plain = self.embedded(stages[0], words)
        states = [h]
        for i, stage in enumerate(stages[1:], 1):
            h, name = states[-1], stage.name
            width = h.shape[-1]
            if name == "linear":
                weights, bias = self.drawn(width, self.width), self.drawn(self.width)
                h = sqrt(number(stage.weight) / width) * h @ weights + sqrt(number(stage.bias)) * bias  # fmt: skip
            elif name == "affine":
                h = sqrt(number(stage.scale)) * h + sqrt(number(stage.bias)) * self.drawn(width)
            elif name == "mlp":
                h = self.phi(stage.activation)(h)
            elif name == "layer_norm":
                h = h - h.mean(-1)[..., None]
                h = h / self.ops.sqrt((h**2).mean(-1))[..., None]
            elif name == "residual":
                h = h + states[-1 - stage.over]
            elif name == "positions":
                h = self.coded(stage, h)
            elif name == "plus":
                h = h + self.as_wide(self.run(stage.other.stages, words), width)
            elif name == "attention":
                values = h
                if not stage.positions_in_values:
                    values = states[-2] if stages[i - 1].name == "positions" else plain
                h = self.attended(stage, h, values)
            elif name == "mean_pool":
                h = h.mean(1)
            elif name == "flatten":
                h = h.reshape(h.shape[0], -1)
            else:
                h = h[:, -1]
            states.append(h)
        return states[-1]

    def as_wide(self, h: Any, width: int) -> Any:
        """Features as linear combinations of some others, by weights that are not trained; nothing where they are as wide."""
        if h.shape[-1] == width:
            return h
        weights = self.normal((h.shape[-1], width))
        weights = weights if self.ops is np else weights.detach()
        return h @ weights / sqrt(h.shape[-1])

    def coded(self, stage: Any, h: Any) -> Any:
        """Codes of positions added, or concatenated."""
        keep, variance = number(stage.keep), number(stage.position)
        length, width = h.shape[1:]
        if keep == 1:
            return h + sqrt(variance) * self.drawn(length, width)[None]
        codes = round(width * (1 - keep) / keep)
        scale = sqrt(variance * (width + codes) / codes)
        code = scale * self.drawn(length, codes)[None] + 0 * h[:, :, :1]
        return (np.concatenate if self.ops is np else self.ops.cat)([h, code], -1)


def kernel_draws(stages: Any, words: list[tuple[int, ...]], draws: int, seed: int, **sizes: int) -> Any:  # fmt: skip
    """The scalar products of the outputs over their width, (draws, n, n)."""
    rng = np.random.default_rng(seed)

    def normal(shape: tuple[int, ...]) -> Any:
        return rng.standard_normal(shape, dtype=np.float32)

    found = []
    for _ in range(draws):
        h = Network(np, normal, **sizes).run(stages, np.array(words))
        found.append(h.astype(float) @ h.T.astype(float) / h.shape[-1])
    return np.array(found)


def tangent_draws(torch: Any, stages: Any, words: list[tuple[int, ...]], draws: int, seed: int, **sizes: int) -> Any:  # fmt: skip
    """The scalar products of the gradients of one output in all parameters, (draws, n, n)."""
    generator = torch.Generator().manual_seed(seed)

    def normal(shape: tuple[int, ...]) -> Any:
        return torch.randn(shape, generator=generator, dtype=torch.float64, requires_grad=True)

    found, threads = [], torch.get_num_threads()
    torch.set_num_threads(1)  # matrices are small
    for _ in range(draws):
        network = Network(torch, normal, **sizes)
        outputs = network.run(stages, torch.tensor(words))
        j = int(torch.randint(outputs.shape[-1], (1,), generator=generator))
        gradients = []
        for i in range(len(words)):
            parts = torch.autograd.grad(outputs[i, j], network.parameters, retain_graph=True, allow_unused=True)  # fmt: skip
            gradients.append(torch.cat([p.reshape(-1) for p in parts if p is not None]))
        stacked = torch.stack(gradients)
        found.append((stacked @ stacked.T).numpy())
    torch.set_num_threads(threads)
    return np.array(found)
