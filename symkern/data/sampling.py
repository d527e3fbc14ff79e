"""Sequences drawn from a law, with memory or without, by a seed."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np

from symkern.combinatorics.memory import require_bytes
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
    require_bytes(f"{count:,} sequences of {size:,} letters", 24 * count * size)
    if isinstance(law, HiddenMarkov):
        return _walks(law, size, count, rng)
    known = require_law(law, "law")
    known.require_length(size)
    if isinstance(known, Symmetrised):
        return rng.permuted(_walks(known.chain, size, count, rng), axis=1)
    return drawn_sequences(known, size, count, rng)


#: Fewer sequences than this are walked one by one, with the same random numbers.
_FEW = 64
#: Steps whose random numbers are drawn at a time.
_DRAWN = 1 << 16


def _walks(chain: HiddenMarkov, length: int, count: int, rng: np.random.Generator) -> np.ndarray:
    """Hidden states step by step, each with the letter that it shows: two random numbers a step."""
    chain.require_numbers("where sequences are drawn")
    start, moves, shown = chain.numbers
    first, steps, emitted = (_cumulated(rows) for rows in ([start], moves, shown))
    found = np.empty((count, length), dtype=np.int64)
    states = np.zeros(count, dtype=np.int64)
    at_a_time = max(_DRAWN // count, 1)
    for begin in range(0, length, at_a_time):
        drawn = rng.random((min(at_a_time, length - begin), 2, count))
        if count < _FEW:
            rows = first.tolist(), steps.tolist(), emitted.tolist()
            for i in range(count):
                state = int(states[i])
                for a, (moved, seen) in enumerate(drawn[:, :, i].tolist(), begin):
                    state = _place(rows[1][state] if a else rows[0][0], moved)
                    found[i, a] = _place(rows[2][state], seen)
                states[i] = state
            continue
        for a, (moved, seen) in enumerate(drawn, begin):
            states = _places(steps[states] if a else np.repeat(first, count, axis=0), moved)
            found[:, a] = _places(emitted[states], seen)
    return found


def _cumulated(rows: list[list[object]]) -> np.ndarray:
    table = np.array([[float(e) for e in row] for row in rows])  # type: ignore[arg-type]
    return np.asarray(np.cumsum(table, axis=1))


def _place(edges: list[float], drawn: float) -> int:
    """The place of a number among cumulated probabilities; never one of probability zero."""
    return bisect_right(edges, drawn * edges[-1])


def _places(edges: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """The same for each row."""
    return np.asarray(((drawn * edges[:, -1])[:, None] >= edges).sum(axis=1))
