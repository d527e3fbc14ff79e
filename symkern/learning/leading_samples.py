"""Kernel regression on the first n of some samples, k(x, X) (k(X, X) + ridge)^(-1) y: one Cholesky factor of all of them holds those of the leading ones in its corner."""

from __future__ import annotations

import numpy as np

from symkern.errors import InvalidArgument


class LeadingSamples:
    """Predictions from the leading n of some training samples, for every n.

    >>> fit = LeadingSamples(np.array([[1.0, 0.5], [0.5, 1.0]]), np.array([[1.0], [0.0]]), 0.0)
    >>> outputs, error = fit.on(np.array([[1.0, 0.5]]), 1)
    >>> outputs.tolist(), error
    ([[1.0]], 0.0)
    """

    def __init__(self, gram: np.ndarray, labels: np.ndarray, ridge: float) -> None:
        self.gram, self.labels, self.ridge = gram, labels, ridge
        self.factor = None
        if ridge > 0:
            from scipy.linalg import LinAlgError, cholesky

            shifted = gram + ridge * np.eye(len(gram))
            try:
                self.factor = cholesky(shifted, lower=True, overwrite_a=True, check_finite=False)
            except LinAlgError:
                rule = "must be 0, or so large that it is not lost in floating point"
                raise InvalidArgument("ridge", rule, f"it is {ridge:g}") from None

    def on(self, cross: np.ndarray, n: int) -> tuple[np.ndarray, float]:
        """The predictions, and the mean squared error on the training labels."""
        labels = self.labels[:n]
        if self.factor is None:
            # Without a ridge: the limit of small ones, which leaves directions that the kernel does not see as they are.
            values, vectors = np.linalg.eigh(self.gram[:n, :n])
            seen = values > 1e-12 * max(values[-1], 0)
            chosen = vectors[:, seen]
            weights = chosen @ ((chosen.T @ labels) / values[seen][:, None])
            error = labels - chosen @ (chosen.T @ labels)
        else:
            from scipy.linalg import cho_solve

            weights = cho_solve((self.factor[:n, :n], True), labels, check_finite=False)
            error = self.ridge * weights
        return cross[:, :n] @ weights, float(np.mean(np.sum(error**2, axis=1)))
