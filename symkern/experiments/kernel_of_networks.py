"""The kernel of random networks, entry by entry, beside that of infinite width."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symkern.experiments.finite_network import batches, numbers_of_batches, seeded
from symkern.experiments.width_regression import InWidth, in_width
from symkern.kernels.pipeline import Kernel
from symkern.progress import shown


def kernel_of_networks(
    kernel: Kernel, words: np.ndarray, letters: int, widths: Sequence[int], draws: int, seed: int
) -> InWidth:
    """Floating point: the covariance of the outputs given all weights but the last layer's, in the mean over random networks of each width.

    Args:
        kernel: a pipeline with its output layer.
        words: distinct sequences, (n, L).
        letters: their number.
        widths: N, ascending.
        draws: networks of each.
        seed: of the weights.

    Returns:
        An `InWidth` with entries k(x, y), (n (n + 1)/2,), of the upper triangle in rows.
    """
    upper = np.triu_indices(len(words))
    found = []
    every = numbers_of_batches(kernel, words.shape[1], letters, widths, draws)
    passed = iter(shown(range(every), every, "batch"))
    for width in widths:
        drawn = batches(kernel, words.shape[1], letters, width, draws, seeded(seed, 0, width))
        parts = [n.kernels(words)[:, *upper] for n, _ in zip(drawn, passed, strict=False)]
        found.append(np.concatenate(parts))
    return in_width(widths, found, kernel.matrix(words)[upper])
