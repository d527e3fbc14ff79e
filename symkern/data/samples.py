"""Sequences drawn from a law, with memory or without, by a seed."""

from __future__ import annotations

import numpy as np

from symkern.learning.drawn_sequences import drawn_sequences
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.tokens import HiddenMarkov, Law, Symmetrised, require_law


@typed
def samples(law: Law | HiddenMarkov, length: int, n: int, seed: int = 0) -> np.ndarray:
    """``n`` sequences of ``length`` letters, drawn independently from the law in floating point: an integer array (n, length).

    Args:
        law: a law of tokens, or a chain.
        length: the number of positions.
        n: how many sequences.
        seed: of NumPy's default generator; equal seeds give equal sequences.

    Raises:
        InvalidArgument: a chain with symbols.
        SizeMismatch: the law has another length.

    >>> from symkern.kernels import markov
    >>> samples(markov([[0, 1], [1, 0]], [1, 0]), 4, 2).tolist()
    [[0, 1, 0, 1], [0, 1, 0, 1]]
    """
    size = read_integer(length, "length", 1, current().listed_positions)
    count = read_integer(n, "n", 1, current().listed_entries)
    rng = np.random.default_rng(read_integer(seed, "seed"))
    if isinstance(law, HiddenMarkov):
        return _walks(law, size, count, rng)
    known = require_law(law, "law")
    known.require_length(size)
    if isinstance(known, Symmetrised):
        return rng.permuted(_walks(known.chain, size, count, rng), axis=1)
    return drawn_sequences(known, size, count, rng)


def _walks(chain: HiddenMarkov, length: int, count: int, rng: np.random.Generator) -> np.ndarray:
    """Hidden states step by step, all sequences at once, each with the letter that it shows."""
    chain.require_numbers("where sequences are drawn")
    start, moves, shown = chain.numbers
    steps, emitted = (_cumulated(rows) for rows in (moves, shown))
    states = _chosen(np.repeat(_cumulated([start]), count, axis=0), rng)
    found = np.empty((count, length), dtype=np.int64)
    for a in range(length):
        if a:
            states = _chosen(steps[states], rng)
        found[:, a] = _chosen(emitted[states], rng)
    return found


def _cumulated(rows: list[list[object]]) -> np.ndarray:
    table = np.array([[float(e) for e in row] for row in rows])  # type: ignore[arg-type]
    return np.asarray(np.cumsum(table, axis=1))


def _chosen(edges: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """For each row of cumulated probabilities a place; never one of probability zero."""
    drawn = rng.random(len(edges)) * edges[:, -1]
    return np.asarray((drawn[:, None] >= edges).sum(axis=1))
