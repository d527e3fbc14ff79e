r"""Langevin dynamics of all weights, beside the posterior of the Gaussian process.

Weights theta with the prior N(0, 1) and labels y = f_theta(x) + noise of variance s^2 have the posterior density exp(-|theta|^2/2 - Phi(theta)) with
Phi = sum_j (f_theta(x_j) - y_j)^2/(2 s^2). At infinite width f is a Gaussian process with the pipeline's kernel k before and after the data are seen: the posterior of f(x) is normal,

    mean k(x, X)(k(X, X) + s^2)^(-1) y,    variance k(x, x) - k(x, X)(k(X, X) + s^2)^(-1) k(X, x).

The dynamics d theta = -(theta + grad Phi) dt + sqrt(2) dW is followed in steps that leave the prior invariant whatever their length d,

    theta' = ((2 - d) theta - 2 d grad Phi(theta) + sqrt(8 d) xi)/(2 + d),

each accepted or not by Metropolis and Hastings' rule, so that the posterior is exactly invariant and no error of the step is left (Cotter, Roberts, Stuart, White, *MCMC methods for
functions*, Statistical Science 28, 2013). One chain a network, each started from the prior; standard errors are those between chains. (Neal, 1996; Lee et al., ICLR 2018.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.claims.by_content import ByContent
from symkern.experiments.finite_network import FiniteNetworks, batches, numbers_of_batches, seeded
from symkern.experiments.torch_library import torch_library
from symkern.experiments.width_regression import InWidth, in_width
from symkern.kernels.pipeline import Kernel
from symkern.progress import shown
from symkern.reading.annotated import typed

Floats = npt.NDArray[np.float64]

#: d times what the data add to the largest curvature, |T(X, X)|/s^2, at the start.
_STEP = 1.0


@dataclass(frozen=True, eq=False)
@typed
class LangevinPosterior(ByContent):
    """Floating point: posterior means and second moments of f(x), measured along chains, beside those of the Gaussian process.

    Attributes:
        moments: E f(x) and then E f(x)^2 on training sequences and others, (2, sequences).
        accepted: share of the steps that were accepted, by width.
        kept: steps of a chain that count; as many again come before.
    """

    moments: InWidth
    accepted: tuple[float, ...]
    kept: int


def langevin_posterior(
    kernel: Kernel, words: np.ndarray, values: np.ndarray, samples: int, noise: float, letters: int, widths: Sequence[int], chains: int, steps: int, seed: int,
) -> LangevinPosterior:  # fmt: skip
    """Chains of networks of each width, given the values of the first ``samples`` sequences.

    Args:
        kernel: a pipeline with its output layer.
        words: training sequences and then others, (n + m, L).
        values: labels, (n + m,); the first n count.
        samples: n.
        noise: s^2, of the likelihood.
        letters: their number.
        widths: N, ascending.
        chains: of each width.
        steps: of a chain; the first half is left out.
        seed: of weights and steps.
    """
    labels = values[:samples]
    mean, variance = posterior(kernel.matrix(words), labels, noise)
    tangent = kernel.ntk().matrix(words[:samples])
    length = _STEP / (1 + float(np.linalg.eigvalsh(tangent)[-1]) / noise)
    found, shares = [], []
    every = numbers_of_batches(kernel, words.shape[1], letters, widths, chains) * steps
    passed = iter(shown(range(every), every, "step"))
    for width in widths:
        parts, accepted = [], []
        moves = seeded(seed, 3, width)
        for networks in batches(kernel, words.shape[1], letters, width, chains, seeded(seed, 2, width)):  # fmt: skip
            moments, share = _chains(networks, words, labels, noise, length, steps, moves, passed)
            parts.append(moments)
            accepted += [share] * len(moments)
        found.append(np.concatenate(parts))
        shares.append(float(np.mean(accepted)))
    predicted = np.array([mean, mean**2 + variance])
    return LangevinPosterior(in_width(widths, found, predicted), tuple(shares), steps - steps // 2)


def posterior(gram: np.ndarray, labels: np.ndarray, noise: float) -> tuple[Floats, Floats]:
    """Mean and variance of a Gaussian process on all points, the first of which have labels with noise of that variance.

    >>> mean, variance = posterior(np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([3.0]), 1.0)
    >>> mean.round(6).tolist(), variance.round(6).tolist()
    ([2.0, 1.0], [0.666667, 1.666667])
    """
    n = len(labels)
    cross = gram[:, :n]
    solved = np.linalg.solve(gram[:n, :n] + noise * np.eye(n), np.column_stack([labels, cross.T]))
    mean: Floats = cross @ solved[:, 0]
    return mean, np.diag(gram) - np.sum(cross * solved[:, 1:].T, axis=1)


def _chains(networks: FiniteNetworks, words: np.ndarray, labels: np.ndarray, noise: float, d: float, steps: int, generator: Any, passed: Iterator[Any]) -> tuple[np.ndarray, float]:  # fmt: skip
    """The mean of f and f^2 along each chain, (chains, 2, sequences), and the share that was accepted."""
    torch = torch_library()
    wanted = torch.as_tensor(labels, dtype=torch.float64)
    samples = len(labels)

    def seen(weights: list[Any]) -> tuple[Any, Any, list[Any]]:
        """Outputs on all sequences, Phi of each chain, and its gradient."""
        held = [w.requires_grad_() for w in weights]
        outputs = networks.outputs(words, held)
        energy = ((outputs[:, :samples] - wanted) ** 2).sum(1) / (2 * noise)
        slopes = torch.autograd.grad(energy.sum(), held, allow_unused=True)
        slopes = [torch.zeros_like(w) if s is None else s for w, s in zip(held, slopes, strict=True)]  # fmt: skip
        return outputs.detach(), energy.detach(), slopes

    def summed(first: list[Any], second: list[Any]) -> Any:
        """The scalar product of each chain."""
        return sum((a * b).reshape(networks.count, -1).sum(1) for a, b in zip(first, second, strict=True))  # fmt: skip

    def chance(u: list[Any], v: list[Any], energy: Any, slopes: list[Any]) -> Any:
        """rho(u, v): Phi(u) + <v - u, g>/2 + d <u + v, g>/4 + d |g|^2/4."""
        apart, together = ([b - a for a, b in zip(u, v, strict=True)], [a + b for a, b in zip(u, v, strict=True)])  # fmt: skip
        return energy + summed(apart, slopes) / 2 + d / 4 * (summed(together, slopes) + summed(slopes, slopes))  # fmt: skip

    weights = [w.clone() for w in networks.weights]
    outputs, energy, slopes = seen(weights)
    sums = torch.zeros((2, *outputs.shape), dtype=torch.float64)
    accepted = torch.zeros(networks.count, dtype=torch.float64)
    for step, _ in zip(range(steps), passed, strict=False):
        with torch.no_grad():
            proposed = [
                ((2 - d) * w - 2 * d * g + (8 * d) ** 0.5 * torch.randn(w.shape, generator=generator, dtype=torch.float64)) / (2 + d)
                for w, g in zip(weights, slopes, strict=True)
            ]  # fmt: skip
        there = seen(proposed)
        with torch.no_grad():
            log_ratio = chance(weights, proposed, energy, slopes) - chance(proposed, weights, there[1], there[2])  # fmt: skip
            uniform = torch.rand(networks.count, generator=generator, dtype=torch.float64)
            taken = torch.log(uniform) < log_ratio
            weights = [torch.where(_wide(taken, w), p, w).detach() for p, w in zip(proposed, weights, strict=True)]  # fmt: skip
            slopes = [torch.where(_wide(taken, g), h, g) for h, g in zip(there[2], slopes, strict=True)]  # fmt: skip
            outputs = torch.where(taken[:, None], there[0], outputs)
            energy = torch.where(taken, there[1], energy)
            accepted += taken
            if step >= steps // 2:
                sums += torch.stack([outputs, outputs**2])
    moments: np.ndarray = (sums / (steps - steps // 2)).numpy().transpose(1, 0, 2)
    return moments, float(accepted.mean()) / steps


def _wide(chosen: Any, tensor: Any) -> Any:
    return chosen.reshape(-1, *([1] * (tensor.ndim - 1)))
