r"""Networks that are trained by full-batch gradient descent, beside kernel gradient flow with the neural tangent kernel.

A network f_theta with N(0, 1) weights is trained on n samples by theta <- theta - eta d/dtheta sum_j (g(x_j) - y_j)^2/(2n), where g = f_theta - f_(theta at the start): what it has
learned. At infinite width g follows dg/dt(x) = sum_j T(x, x_j)(y_j - g(x_j))/n with the tangent kernel T of the pipeline with its output layer. Steps of length eta learn
an eigenvector of T/n with eigenvalue s by 1 - (1 - eta s)^m after m steps, as the flow does at the rate -log(1 - eta s)/eta until t = m eta: the prediction is the flow with
these rates, and has no error of the step.

Two things stand between a network and the prediction. Its kernel T_0 at the start scatters about T; what it would learn if T_0 stayed, `linearised`, is known
exactly, and its mean is off by a term of the order of 1/N. And its kernel moves while it learns, which small eigenvalues of T feel first: late in the training, where
these count, the movement of some hundredths of |T| is no small part of them, and its effect on the mean is not of the order of 1/N yet. Of the softmax block on eight of
sixteen sequences of four bits, after 60 steps, the means of linearised networks are off by at most 1.25/N at N = 32 and 1.23/N at N = 64, and those of trained networks
differ from them by 0.018, 0.018, 0.018 and 0.016 at N = 32, 64, 128 and 256 (root mean squares over the sequences; 800 networks each, 160 at 256). So a line in 1/N through trained networks of such widths
misses the prediction by up to 0.03 late in the training, and one through linearised networks does not.

What moves at finite width is the empirical tangent kernel, whose change |T_t - T_0|/|T_0| over the training is of the order of 1/N (Dyer, Gur-Ari, ICLR 2020), against
|T_0 - T|/|T| of the order of 1/sqrt(N) at the start. (Jacot, Gabriel, Hongler, NeurIPS 2018; Lee et al., NeurIPS 2019.)
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
from symkern.experiments.width_regression import InWidth, in_width, power_of_width
from symkern.kernels.pipeline import Kernel
from symkern.learning.sampled_training import gradient_flow
from symkern.progress import shown
from symkern.reading.annotated import typed

Floats = npt.NDArray[np.float64]

#: eta times the largest eigenvalue of T/n; finite networks have larger ones, and steps from 2 on diverge.
_STEP = 0.25


@dataclass(frozen=True, eq=False)
@typed
class TrainedNetworks(ByContent):
    """Floating point: what networks of several widths have learned at each time.

    Attributes:
        times: t = (numbers of steps) eta.
        outputs: g_t(x) on the training sequences and then on the others, (times, sequences).
        linearised: the same of networks whose tangent kernel stays what it is at their start.
        test_error: mean over the other sequences of (g_t(x) - f*(x))^2, (times,).
        moved: |T_t - T_0|/|T_0| of each network at the last time, by width.
        scattered: |T_0 - T|/|T| of each, by width.
    """

    times: np.ndarray
    outputs: InWidth
    linearised: InWidth
    test_error: InWidth
    moved: tuple[np.ndarray, ...]
    scattered: tuple[np.ndarray, ...]

    @property
    def powers(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The powers of N with which the kernel moves and scatters, each with its standard error."""
        widths = self.outputs.widths
        return power_of_width(widths, self.moved), power_of_width(widths, self.scattered)


def trained_networks(
    kernel: Kernel, words: np.ndarray, values: np.ndarray, samples: int, letters: int, widths: Sequence[int], draws: int, steps: int, seed: int,
) -> TrainedNetworks:  # fmt: skip
    """Train networks of each width on the first ``samples`` sequences, whose labels are their ``values``.

    Args:
        kernel: a pipeline with its output layer.
        words: training sequences and then others, (n + m, L).
        values: of the target, (n + m,).
        samples: n.
        letters: their number.
        widths: N, ascending.
        draws: networks of each.
        steps: of gradient descent.
        seed: of the weights.
    """
    tangent = kernel.ntk().matrix(words)
    gram, cross = tangent[:samples, :samples], tangent[:, :samples]
    eta = _STEP / float(np.linalg.eigvalsh(gram / samples)[-1])
    marks = np.unique(np.geomspace(1, steps, 12).round().astype(int))
    predicted = stepped_flow(gram, values[:samples, None], marks, eta, cross)[..., 0]
    found: list[Any] = []
    every = numbers_of_batches(kernel, words.shape[1], letters, widths, draws) * steps
    passed = iter(shown(range(every), every, "step"))
    for width in widths:
        parts = []
        for networks in batches(kernel, words.shape[1], letters, width, draws, seeded(seed, 1, width)):  # fmt: skip
            start = networks.tangents(words)
            outputs, weights = _descended(networks, words, values[:samples], marks, eta, passed)
            end = networks.tangents(words, weights)
            frozen = linearised(start, values[:samples], marks, eta)
            parts.append((outputs, _size(end - start) / _size(start), _size(start - tangent) / _size(tangent), frozen))  # fmt: skip
        found.append([np.concatenate(each) for each in zip(*parts, strict=True)])
    learned = [f[0] for f in found]
    others = slice(samples, None)
    errors = [np.mean((o[:, :, others] - values[others]) ** 2, axis=2) for o in learned]
    expected = np.mean((predicted[:, others] - values[others]) ** 2, axis=1)
    return TrainedNetworks(
        marks * eta,
        in_width(widths, learned, predicted),
        in_width(widths, [f[3] for f in found], predicted),
        in_width(widths, errors, expected),
        tuple(f[1] for f in found),
        tuple(f[2] for f in found),
    )


def stepped_flow(gram: np.ndarray, labels: np.ndarray, steps: np.ndarray, eta: float, cross: np.ndarray) -> Floats:  # fmt: skip
    """What kernel gradient descent has learned after so many steps of length eta, (steps, sequences, outputs): `gradient_flow` with the rates that steps have.

    >>> found = stepped_flow(np.array([[2.0]]), np.array([[1.0]]), np.array([1, 2]), 0.25, np.array([[2.0], [1.0]]))
    >>> found[:, :, 0].tolist()
    [[0.5, 0.25], [0.75, 0.375]]
    """
    n = len(gram)
    values, vectors = np.linalg.eigh(gram / n)
    small = eta * values < 1e-12
    rates = np.where(small, values, -np.log1p(-eta * np.where(small, 0, values)) / eta)
    faster = np.where(small, 1, rates / np.where(small, 1, values))
    flow = (vectors * rates) @ vectors.T * n
    predicted: Floats = gradient_flow(flow, labels, steps * eta, cross @ (vectors * faster) @ vectors.T)[1]  # fmt: skip
    return predicted


def linearised(start: np.ndarray, labels: np.ndarray, marks: np.ndarray, eta: float) -> Floats:
    """What networks would have learned after so many steps if their tangent kernels, (networks, sequences, sequences) with the samples first, did not move: (networks, marks, sequences).

    >>> linearised(np.array([[[2.0, 1.0], [1.0, 2.0]]]), np.array([1.0]), np.array([1, 2]), 0.25).tolist()
    [[[0.5, 0.25], [0.75, 0.375]]]
    """
    n = len(labels)
    values, vectors = np.linalg.eigh(start[:, :n, :n] / n)
    # (1 - (1 - eta s)^m)/s, as a sum that has no division by small s.
    powers = np.array([np.sum([(1 - eta * values) ** k for k in range(m)], axis=0) for m in marks.tolist()])  # fmt: skip
    seen = np.einsum("aji,j->ai", vectors, labels)
    inside = np.einsum("aji,mai->maj", vectors, eta * powers * seen) / n
    found: Floats = np.einsum("axj,maj->amx", start[:, :, :n], inside)
    return found


def _descended(networks: FiniteNetworks, words: np.ndarray, labels: np.ndarray, marks: np.ndarray, eta: float, passed: Iterator[Any]) -> tuple[np.ndarray, Any]:  # fmt: skip
    """g on all sequences after each of some numbers of steps, (networks, marks, sequences), and the last weights."""
    torch = torch_library()
    samples = len(labels)
    wanted = torch.as_tensor(labels, dtype=torch.float64)
    with torch.no_grad():
        start = networks.outputs(words)
    weights = [w.clone().requires_grad_() for w in networks.weights]
    found = []
    for step, _ in zip(range(1, int(marks[-1]) + 1), passed, strict=False):
        outputs = networks.outputs(words[:samples], weights) - start[:, :samples]
        loss = ((outputs - wanted) ** 2).sum() / (2 * samples)
        slopes = torch.autograd.grad(loss, weights, allow_unused=True)
        with torch.no_grad():
            for w, slope in zip(weights, slopes, strict=True):
                if slope is not None:
                    w -= eta * slope
            if step in marks:
                found.append((networks.outputs(words, weights) - start).numpy())
    return np.stack(found, axis=1), [w.detach() for w in weights]


def _size(matrices: np.ndarray) -> Any:
    """Frobenius norms."""
    return np.sqrt(np.sum(matrices**2, axis=(-2, -1)))
