r"""The degree of permutation symmetry of a text: how much of the correlations in its windows shuffling would leave, at every length, with intervals and nulls.

The share to look at is exch/off of centred second moments off the diagonal (`symkern.data.symmetry_estimates`). Two others mislead. The uncentred share is near 1 for any
text, because the square of the letters' frequencies, which every permutation leaves alone, outweighs all correlations; so is the share of the whole matrix, because the diagonal does. And
principal components lie nearly in irreps for every stationary text, since they are nearly sinusoids: what exchangeability adds is that L - 1 of them are
equal, so that the spread inside each predicted multiplet is reported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from os import PathLike, cpu_count, fspath
from pathlib import Path
from typing import Any, Literal

import numpy as np
from threadpoolctl import ThreadpoolController

from symkern.data.lag_counts import LagCounts, fold_edges, pairs_at_each_lag
from symkern.data.shuffling_nulls import ShufflingNulls, shuffling_nulls
from symkern.data.symmetry_estimates import LagProducts, LengthSymmetry, Multiplet, multiplets
from symkern.data.text_files import PIECE, read_source
from symkern.data.text_tables import TextColumn
from symkern.data.third_order import ThirdOrder, third_order
from symkern.data.units import Alphabet, Piece, alphabet_of, counted, encoded, read_unit
from symkern.data.worker_processes import end_with_parent
from symkern.doors import SymmetryReportDoors
from symkern.errors import InvalidArgument
from symkern.limits import current
from symkern.progress import shown
from symkern.reading.annotated import typed
from symkern.reading.clusters import read_client
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list


@dataclass(frozen=True)
@typed
class SymmetryReport(SymmetryReportDoors):
    """How symmetric the windows of a text are under permutations of their positions.

    Attributes:
        sources: the names of the texts.
        alphabet: what counts as a letter.
        letters: how many there are in all texts.
        folds: contiguous parts between which products are taken.
        lengths: the lengths that were asked for.
        every: `LengthSymmetry` at all lengths from 2 to the largest.
        multiplets: at each of ``lengths``, the leading principal components that exchangeability would make equal.
        third: the share of third order, at lengths where its moments are few.
        nulls: both nulls at each of ``lengths``.
    """

    sources: tuple[str, ...]
    alphabet: Alphabet
    letters: int
    folds: int
    lengths: tuple[int, ...]
    every: tuple[LengthSymmetry, ...]
    multiplets: tuple[tuple[Multiplet, ...], ...]
    third: tuple[ThirdOrder, ...]
    nulls: tuple[ShufflingNulls, ...]

    @typed
    def at(self, length: int) -> LengthSymmetry:
        """The numbers of one length.

        Args:
            length: from 2 to the largest of the report.

        Raises:
            InvalidArgument: it is beyond the largest.
        """
        size = read_integer(length, "length", 2, len(self.every) + 1)
        return self.every[size - 2]


#: Windows that nulls shuffle: the test is exact whichever they are.
_NULL_WINDOWS = 8192
#: Bytes up to which the pairs of all lags are held at once, so that one pass over the text is enough.
_HELD = 1 << 28
#: Bytes of all files from which several processes are worth their start.
_MANY = 1 << 23
_MULTIPLETS = 4


@typed
def symmetry_report(
    source: object,
    lengths: object = (8, 32),
    *,
    vocabulary: int | None = None,
    unit: Literal["letters", "words", "tokens", "bytes", "ids"] | None = None,
    column: str | None = None,
    tokenizer: str | PathLike[str] | None = None,
    folds: int = 20,
    shuffles: int = 20,
    seed: int = 0,
    processes: int | None = None,
    client: Any = None,
) -> SymmetryReport:
    """The degree of permutation symmetry of a text, or of several, at every length up to the largest; floating point.

    Args:
        source: a path or several, a text in bytes, or an array of whole numbers; nothing is downloaded.
        lengths: the lengths of windows for which components, third order and nulls are worked out as well.
        vocabulary: how many letters there are, the most frequent ones and one for all others; 27 letters, 100 words, all bytes, 1000 numbers where it is not given.
        unit: letters (lower case, what is between words one space), words, tokens (what is between white space), bytes, or ids, the numbers of a tokenizer; ids for arrays, ``.npy`` and ``.bin``, else letters.
        column: of Parquet and Arrow files, the column of text; where there are several and none is called "text".
        tokenizer: a Hugging Face tokenizer's JSON file, which makes ids of the text.
        folds: contiguous parts of the text, at least 3; more are worth it where the text is long.
        shuffles: how often nulls shuffle; 0 leaves them out.
        seed: of the shuffles.
        processes: how many read several files at once; as many as there are processors unless given.
        client: of a Dask cluster whose workers see the files (extra ``cluster``); it reads them in the place of processes. Counts are whole numbers, so that the report is the same to the last bit.

    Returns:
        A report, which prints as a table.

    Raises:
        InvalidArgument: a file that cannot be read, bytes that are no UTF-8, a vocabulary of one, windows longer than a fold.
        TooLarge: pairs of so many letters do not fit into memory.

    >>> from symkern.data import samples
    >>> from symkern.kernels import markov
    >>> chain = markov([["3/4", "1/4"], ["1/4", "3/4"]])
    >>> found = symmetry_report(samples(chain, 20000, 1)[0], [4], shuffles=0).at(4)
    >>> found.exchangeable.low < chain.share(4).exchangeable < found.exchangeable.high
    True
    """
    texts: list[Piece] = list(read_source(source, column))
    by = "" if tokenizer is None else fspath(tokenizer)
    chosen = read_unit(unit, texts, by)
    sizes = read_window_lengths(lengths)
    parts = read_integer(folds, "folds", 3, current().listed_positions)
    tries = read_integer(shuffles, "shuffles", 0, current().listed_positions)
    start = read_integer(seed, "seed")
    apart = read_integer(processes, "processes", 1) if processes is not None else cpu_count() or 1
    pool: Pool = apart if client is None else read_client(client)
    numbers = _each(partial(counted, unit=chosen, tokenizer=by), [(t,) for t in texts], pool, "text counted")  # fmt: skip
    alphabet = alphabet_of(sum(numbers, Counter()), chosen, vocabulary, by)
    totals = [sum(one.values()) for one in numbers]
    total, longest = sum(totals), max(sizes)
    if total // parts < 2 * longest:
        raise InvalidArgument(
            "lengths",
            f"must be at most half a fold, {total // parts // 2} in {parts} folds of {total:,} {chosen}",
            f"the largest is {longest}",
        )
    # One thread for matrix products: their sums have one order then, and digits do not depend on the machine's load.
    with ThreadpoolController().limit(limits=1, user_api="blas"):
        return _reported(texts, totals, alphabet, parts, sizes, tries, start, pool)


def _reported(
    texts: list[Piece],
    totals: list[int],
    alphabet: Alphabet,
    parts: int,
    sizes: tuple[int, ...],
    tries: int,
    seed: int,
    processes: Pool,
) -> SymmetryReport:
    longest = max(sizes)
    products = _products(texts, totals, alphabet, parts, longest - 1, processes)
    every = tuple(products.at(n) for n in range(2, longest + 1))
    spread = tuple(multiplets(products.moments, products.variance, n, _MULTIPLETS) for n in sizes)
    kept = _windows(texts, alphabet, totals, sizes)
    third = tuple(
        found
        for n in sizes
        if (found := third_order(texts, totals, alphabet, n, parts)) is not None
    )
    nulls = tuple(
        shuffling_nulls(rows, alphabet.vocabulary, tries, parts, seed)
        for rows in shown(kept, len(kept), "length shuffled")
        if tries and len(rows) >= 4 * parts
    )
    return SymmetryReport(
        tuple(_name(t) for t in texts),
        alphabet,
        sum(totals),
        parts,
        sizes,
        every,
        spread,
        third,
        nulls,
    )


def read_window_lengths(lengths: object) -> tuple[int, ...]:
    """Lengths of windows, or one, in ascending order.

    >>> read_window_lengths((8, 2, 8))
    (2, 8)
    """
    listed = [lengths] if isinstance(lengths, int) else read_list(lengths, "lengths", "lengths")
    most = current().listed_positions
    found = {read_integer(n, f"lengths[{i}]", 2, most) for i, n in enumerate(listed)}
    if not found:
        raise InvalidArgument("lengths", "must name at least one", "it is empty")
    return tuple(sorted(found))


def _name(text: Piece) -> str:
    if isinstance(text, (Path, TextColumn)):
        return str(text)
    return f"a text of {len(text):,} {'bytes' if isinstance(text, bytes) else 'numbers'}"


#: A number of processes, or the client of a cluster.
Pool = Any


def _each(task: Any, arguments: Sequence[tuple[Any, ...]], processes: Pool, what: str) -> list[Any]:
    """The results of a task for several texts, in their order; files beyond the first few million bytes in several processes, or all on a cluster."""
    if not isinstance(processes, int):
        found: list[Any] = processes.gather([processes.submit(task, *one, pure=False) for one in arguments])  # fmt: skip
        return found
    read = (one[0].path if isinstance(one[0], TextColumn) else one[0] for one in arguments)
    paths = [one for one in read if isinstance(one, Path)]
    large = sum(p.stat().st_size for p in paths if p.is_file()) > _MANY
    if min(processes, len(arguments)) < 2 or len(paths) < len(arguments) or not large:
        return [task(*one) for one in shown(arguments, len(arguments), what)]
    pool = ProcessPoolExecutor(
        min(processes, len(arguments)), get_context("spawn"), initializer=end_with_parent
    )
    try:
        waiting = [pool.submit(task, *one) for one in arguments]
        return [one.result() for one in shown(waiting, len(waiting), what)]
    finally:
        pool.shutdown(cancel_futures=True)


def counts_of(
    text: Piece,
    first: int,
    alphabet: Alphabet,
    lags: int,
    edges: np.ndarray,
    pieces: int | None = None,
) -> LagCounts:
    """The pairs of one text whose letters stand at the places from ``first`` on, in one pass; with a bar where it is told how many pieces there are.

    >>> counts_of(b"abab", 0, Alphabet("letters", ("a", "b"), False), 1, fold_edges(4, 1)).pairs.tolist()
    [[[[0, 2], [1, 0]]]]
    """
    counts = LagCounts(alphabet.vocabulary, lags, edges, first)
    read = encoded(text, alphabet)
    for piece in read if pieces is None else shown(read, pieces, "piece"):
        counts.add(piece)
    return counts


def _pieces(texts: list[Piece]) -> int | None:
    """In about how many pieces the only text is read; what is packed grows by an unknown factor."""
    if len(texts) > 1:
        return None
    [text] = texts
    if isinstance(text, TextColumn):
        return None
    if isinstance(text, Path):
        return text.stat().st_size // PIECE + 1
    return len(text) // PIECE + 1


def _products(
    texts: list[Piece],
    totals: list[int],
    alphabet: Alphabet,
    folds: int,
    lags: int,
    processes: Pool,
) -> LagProducts:
    edges = fold_edges(sum(totals), folds)
    firsts = [sum(totals[:i]) for i in range(len(texts))]
    v = alphabet.vocabulary
    if 8 * folds * lags * v * v <= _HELD:
        task = partial(counts_of, alphabet=alphabet, lags=lags, edges=edges, pieces=_pieces(texts))  # fmt: skip
        found = _each(task, list(zip(texts, firsts, strict=True)), processes, "text counted")
        for other in found[1:]:
            found[0].merge(other)
        products = LagProducts(found[0].letters)
        for d in range(lags):
            products.add(found[0].pairs[:, d])
        return products
    held = [_whole(text, alphabet) for text in texts]
    letters = np.zeros((folds, v), dtype=np.int64)
    joined = np.concatenate(held)
    for b in range(folds):
        letters[b] = np.bincount(joined[edges[b] : edges[b + 1]], minlength=v)
    del joined
    products = LagProducts(letters)
    lag_pairs: Iterable[np.ndarray] = pairs_at_each_lag(held, v, lags, edges)
    for pairs in shown(lag_pairs, lags, "lag"):
        products.add(pairs)
    return products


def _whole(text: Piece, alphabet: Alphabet) -> np.ndarray:
    """A text in letters, in memory."""
    return np.concatenate([np.zeros(0, dtype=np.uint8), *encoded(text, alphabet)])


def _windows(
    texts: list[Piece], alphabet: Alphabet, totals: list[int], sizes: tuple[int, ...]
) -> list[np.ndarray]:
    """For each length windows side by side, evenly spaced over the texts, in their order: at most `_NULL_WINDOWS`."""
    found: list[list[np.ndarray]] = [[] for _ in sizes]
    steps = [max(sum(t // n for t in totals) // _NULL_WINDOWS, 1) for n in sizes]
    seen = [0] * len(sizes)
    for text in texts:
        left: list[np.ndarray] = [np.zeros(0, dtype=np.uint8) for _ in sizes]
        for piece in encoded(text, alphabet):
            for i, n in enumerate(sizes):
                joined = np.concatenate([left[i], piece])
                many = len(joined) // n
                rows = joined[: many * n].reshape(many, n)
                found[i].append(rows[(-seen[i]) % steps[i] :: steps[i]].copy())
                seen[i] += many
                left[i] = joined[many * n :]
    return [np.concatenate(rows)[:_NULL_WINDOWS] for rows in found]
