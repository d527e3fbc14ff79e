"""Sequences drawn from a law of tokens, independently of one another."""

from __future__ import annotations

import numpy as np

from symkern.errors import NoClosedForm
from symkern.learning.target_values import sequence_weights
from symkern.limits import current
from symkern.tokens import Law


def drawn_sequences(law: Law, length: int, count: int, rng: np.random.Generator) -> np.ndarray:
    """An array (count, length) of letters: of mixtures token by token, of permutations at once, of other laws from the table of all sequences.

    >>> from symkern.kernels import distinct, uniform
    >>> rng = np.random.default_rng(0)
    >>> drawn_sequences(uniform(2), 3, 2, rng).shape, sorted(drawn_sequences(distinct(), 3, 1, rng)[0].tolist())
    ((2, 3), [0, 1, 2])
    """
    if not law.letters_repeat:
        return rng.permuted(np.tile(np.arange(length), (count, 1)), axis=1)
    letters = law.given_vocabulary()
    parts = law.components()
    if parts is not None:
        chosen = rng.choice(len(parts), size=count, p=_normalised([float(w) for w, _ in parts]))
        found = np.empty((count, length), dtype=np.int64)
        for i, (_, p) in enumerate(parts):
            rows = np.flatnonzero(chosen == i)
            shares = None if p is None else _normalised([float(e) for e in p])
            found[rows] = rng.choice(letters, size=(len(rows), length), p=shares)
        return found
    if law.sequence_count(length) > current().dense_sequences:
        raise NoClosedForm(
            f"tokens: of {law} sequences are drawn from the table of all of them, at most {current().dense_sequences:,}; mixtures of independent tokens are drawn at any length"
        )
    table = np.array(list(law.sequences(length)))
    weights = _normalised(sequence_weights(law, length))
    return table[rng.choice(len(table), size=count, p=weights)]


def _normalised(weights: object) -> np.ndarray:
    """Floats that add up to 1."""
    found: np.ndarray = np.asarray(weights, dtype=float)
    total: float = found.sum()
    shares: np.ndarray = found / total
    return shares
