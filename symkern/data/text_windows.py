"""Windows of a text, and their law once each is shuffled: the symmetrised empirical law, which the engines take."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike, fspath
from typing import Any, Literal

import numpy as np
import sympy as sp

from symkern.combinatorics.memory import require_bytes
from symkern.data.text_files import read_source
from symkern.data.units import Alphabet, Piece, alphabet_of, counted, encoded, read_unit
from symkern.errors import InvalidArgument, InvalidType
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.missing_entries import without_mask
from symkern.reading.sequences import require_short
from symkern.tokens import Exchangeable
from symkern.typeset.shown import Shown


@dataclass(frozen=True, eq=False)
@typed
class Windows(Shown):
    """Windows of a text: ``array`` (windows, length) of letters, and the ``alphabet`` that names them."""

    array: np.ndarray
    alphabet: Alphabet

    @property
    def length(self) -> int:
        """The number of positions."""
        return int(self.array.shape[1])

    @property
    def vocabulary(self) -> int:
        """Number of letters."""
        return self.alphabet.vocabulary

    def __len__(self) -> int:
        return len(self.array)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self.array, dtype=dtype, copy=copy)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Windows)
            and self.alphabet == other.alphabet
            and np.array_equal(self.array, other.array)
        )

    def __hash__(self) -> int:
        return hash((self.alphabet, self.array.tobytes()))

    def __repr__(self) -> str:
        return f"<{len(self.array):,} windows of {self.length} {self.alphabet.unit}, v = {self.vocabulary}>"


@typed
def windows(
    source: object,
    length: int,
    *,
    vocabulary: int | None = None,
    unit: Literal["letters", "words", "tokens", "bytes", "ids"] | None = None,
    column: str | None = None,
    tokenizer: str | PathLike[str] | None = None,
    step: int | None = None,
) -> Windows:
    """The windows of ``length`` letters of a text, side by side, or ``step`` apart; none crosses from one text into another.

    Args:
        source: a path or several, a text in bytes, or an array of whole numbers.
        length: the number of positions.
        vocabulary: how many letters there are, the most frequent ones and one for all others, as in `symkern.data.symmetry_report`.
        unit: letters, words, tokens, bytes or ids.
        column: of Parquet and Arrow files, the column of text; where there are several and none is called "text".
        tokenizer: a Hugging Face tokenizer's JSON file, which makes ids of the text.
        step: from the beginning of one window to that of the next; 1 takes all.

    Raises:
        InvalidArgument: the text is shorter than a window, or cannot be read.

    >>> found = windows(b"abba abba", 4, vocabulary=2)
    >>> found.array.tolist(), found.alphabet.names()
    ([[0, 1, 1, 0], [1, 0, 1, 1]], ('a', '(rest)'))
    """
    texts: list[Piece] = list(read_source(source, column))
    by = "" if tokenizer is None else fspath(tokenizer)
    chosen = read_unit(unit, texts, by)
    size = read_integer(length, "length", 1, current().listed_positions)
    apart = size if step is None else read_integer(step, "step", 1)
    counts = [counted(text, chosen, by) for text in texts]
    alphabet = alphabet_of(sum(counts[1:], counts[0]), chosen, vocabulary, by)
    totals = [sum(one.values()) for one in counts]
    if max(totals) < size:
        rule = f"must be at most that of the text, {max(totals):,} {chosen}"
        raise InvalidArgument("length", rule, f"it is {size:,}")
    require_bytes("the windows", sum((t // apart + 1) * size for t in totals) * 8)
    rows = []
    for text in texts:
        whole = np.concatenate([np.zeros(0, np.uint8), *encoded(text, alphabet)]).astype(np.int64)
        if len(whole) >= size:
            rows.append(np.lib.stride_tricks.sliding_window_view(whole, size)[::apart])
    return Windows(np.concatenate(rows), alphabet)


def _array(windows: object) -> np.ndarray:
    """An array of NumPy; an empty one for lists of different lengths, and for what is longer than memory once it is listed."""
    require_short(windows, "windows", "windows")
    windows = without_mask(windows, "windows")
    try:
        return np.asarray(windows)
    except (ValueError, TypeError, OverflowError):
        return np.empty(0)


def law(windows: object) -> Exchangeable:
    """The symmetrised empirical law: counts of the letters as often as windows have them, every order equally likely.

    It is the law of a window that is picked uniformly and shuffled; what a kernel learns of the text with its windows shuffled is exact under it, and
    `symkern.spectra.before_shuffling` says why expectations of functions of counts, and sums of eigenvalues per irrep, are those of the windows as they are.

    Args:
        windows: `Windows`, or an array (windows, length) of letters 0..v-1.

    Returns:
        An exchangeable law of that length, with probabilities that are numbers of windows over their number.

    Raises:
        InvalidType: no array of whole numbers with two axes.

    >>> law(np.array([[0, 1], [1, 1], [1, 0], [1, 1]]))
    exchangeable({(0, 2): '1/2', (1, 1): '1/2'})
    """
    letters = windows.vocabulary if isinstance(windows, Windows) else None
    array = windows.array if isinstance(windows, Windows) else _array(windows)
    if array.ndim != 2 or array.dtype.kind not in "iu" or not array.size:
        raise InvalidType("windows", "must be windows of a text, or an array of letters with two axes", windows)  # fmt: skip
    if array.min() < 0:
        raise InvalidArgument("windows", "must hold letters from 0 on", f"one is {array.min()}")
    size = int(array.max()) + 1 if letters is None else letters
    if size > (most := current().listed_positions):
        rule = f"must hold letters below {most:,}, each of which a law counts"
        raise InvalidArgument("windows", rule, f"one is {size - 1:,}")
    require_bytes("the counts of all windows", 40 * len(array) * size)
    counts = np.zeros((len(array), size), dtype=np.int64)
    np.add.at(counts, (np.arange(len(array))[:, None], array), 1)
    types, numbers = np.unique(counts, axis=0, return_counts=True)
    return Exchangeable(
        tuple(
            (tuple(n), sp.Rational(k, len(array)))
            for n, k in zip(types.tolist(), numbers.tolist(), strict=True)
        )
    )
