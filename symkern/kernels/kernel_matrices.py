"""Kernel matrices on given sequences, in floating point, in the array library of the sequences.

    k.matrix(X, Y, alpha=1, beta=2)          k(x, y) for all rows x of X and y of Y
    k.diagonal(X, alpha=1, beta=2)           k(x, x)

Pairs are worked on in tiles, in the smallest of three representations (`symkern.kernels.algebras.arrays`), so that memory is bounded
whatever the number of sequences. The exact value of one pair is `Kernel.__call__`.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import isqrt, prod
from typing import Any, ClassVar

import array_api_compat
import numpy as np
import sympy as sp
from threadpoolctl import ThreadpoolController

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.combinatorics.memory import require_bytes
from symkern.errors import InvalidArgument, SizeMismatch, displayed
from symkern.exact import exact_expression
from symkern.kernels.algebras.array_functions import ArrayFunctions
from symkern.kernels.algebras.array_letters import Letters
from symkern.kernels.algebras.array_patterns import LeavesPatterns, Patterns
from symkern.kernels.algebras.array_positions import Positions
from symkern.kernels.algebras.arrays import Arrays, Words
from symkern.kernels.dask_matrices import cut, lazy_diagonal, lazy_matrix, letters_of, read_lazy
from symkern.kernels.evaluation import at_sizes, bind
from symkern.kernels.token_arrays import (
    is_lazy,
    numbered,
    read_lengths,
    read_sequences,
    without_padding,
)
from symkern.limits import current
from symkern.progress import shown
from symkern.reading.integers import read_integer

Array = Any


def matrix(
    kernel: Any, X: Array, Y: Array | None = None, *, lengths: Any = None, dtype: str = "float64", memory: int | None = None,
    **parameters: object,
) -> Array:  # fmt: skip
    """The kernel matrix k(x, y), in floating point.

    Args:
        kernel: a pipeline.
        X: sequences, an array (n, L) of whole numbers of any library of the array API standard (NumPy, PyTorch, JAX, CuPy), a nested list or a data frame;
            or a Dask array, whose chunks of rows make the blocks of a Dask array (`symkern.kernels.dask_matrices`). Of a Dask array the letters are
            computed at once where a negative constant is allowed to few letters alone.
        Y: sequences (m, L) of the same library; X where it is left out, and the matrix is symmetric to the last digit.
        lengths: where sequences are padded at their end, how many positions of each row of X are present; with Y a pair of such lists. What is
            present is pooled and attended to; for readouts that average over positions, and hyperparameters that do not contain L.
        dtype: "float64" or "float32", which JAX needs where its setting jax_enable_x64 is off.
        memory: bytes that what is computed at a time may take beside the result; 256 MiB where nothing is said.
        **parameters: the hyperparameters by name, numbers: ``alpha=1``, ``beta=0.5``.

    Returns:
        An array (n, m) of the library and device of X. It agrees with the exact value k(x, y) to 1e-12 of sqrt(k(x, x) k(y, y)), 1e-5 in float32.
        sign, step and the slope of relu jump: two inputs whose angle may be rounding alone count as the same, and angles near that lose half of the digits.

    Raises:
        InvalidType: sequences that are no arrays of whole numbers.
        InvalidArgument: negative letters, symbols without a number, a kernel that is not positive semidefinite there.
        SizeMismatch: sequences of unequal length.

    >>> from symkern.kernels import embedding
    >>> k = embedding("alpha", "beta").attention().mean_pool()
    >>> matrix(k, [[0, 1], [1, 1]], alpha=1, beta=1)
    array([[2.  , 1.5 ],
           [1.5 , 3.75]])
    """
    if is_lazy(X) or is_lazy(Y):
        return _lazily("matrix", kernel, X, Y, lengths, dtype, memory, parameters)
    return MatrixJob.of(kernel, X, Y, lengths, dtype, memory, parameters).matrix()


def require_matrix(kernel: Any, X: Array, Y: Array | None = None, *, lengths: Any = None, dtype: str = "float64", memory: int | None = None, **parameters: object) -> None:  # fmt: skip
    """Raise what `matrix` would raise of its arguments, and compute nothing."""
    MatrixJob.of(kernel, X, Y, lengths, dtype, memory, parameters)


def diagonal(kernel: Any, X: Array, *, lengths: Any = None, dtype: str = "float64", memory: int | None = None, **parameters: object) -> Array:  # fmt: skip
    """The values k(x, x), in floating point.

    Args:
        kernel: a pipeline.
        X: sequences, an array (n, L) of whole numbers, or a nested list.
        lengths: how many positions of each row are present, where sequences are padded at their end.
        dtype: "float64" or "float32".
        memory: bytes that what is computed at a time may take beside the result; 256 MiB where nothing is said.
        **parameters: the hyperparameters by name, numbers.

    Returns:
        An array (n,) of the library and device of X.

    Raises:
        InvalidArgument: X has another shape, a hyperparameter is unknown or has no number.
        InvalidType: entries of X that are no whole numbers.

    >>> from symkern.kernels import embedding
    >>> diagonal(embedding(1).mean_pool(), [[0, 1], [1, 1]])
    array([0.5, 1. ])
    """
    if is_lazy(X):
        return _lazily("diagonal", kernel, X, None, lengths, dtype, memory, parameters)
    return MatrixJob.of(kernel, X, None, lengths, dtype, memory, parameters).diagonal()


@dataclass(frozen=True)
class _Block:
    """What a task computes of chunks of Dask arrays: the ``part`` "matrix" or "diagonal", as for arrays of their own kind."""

    kernel: Any
    part: str
    given: tuple[tuple[str, Any], ...]

    def __call__(self, x: Array, y: Array | None, lengths: Any) -> Array:
        arguments = dict(self.given)
        if self.part == "diagonal":
            return diagonal(self.kernel, x, lengths=lengths, **arguments)
        return matrix(self.kernel, x, y, lengths=lengths, **arguments)

    @property
    def key(self) -> tuple[str, ...]:
        """What it computes, in words."""
        return str(self.kernel), self.part, str(self.given)


def _lazily(
    part: str, kernel: Any, X: Array, Y: Array | None, lengths: Any, dtype: str, memory: int | None, parameters: Mapping[str, object],
) -> Array:  # fmt: skip
    """The Dask array of a part; what is wrong with the arguments is said here."""
    x, y = read_lazy(X, Y)
    width = int(x.shape[1])
    require_matrix(kernel, np.zeros((1, width), int), dtype=dtype, memory=memory, **parameters)
    parts = cut(read_lengths(lengths, kernel, np, None, x, y), x, y)
    bound, vocabulary = _at_numbers(kernel, parameters, width, lengths is not None)
    try:  # more letters ask for more, so that what holds of all holds of those that occur
        bound.require_sizes(width, kernel.vocabulary or vocabulary or sp.oo)
    except InvalidArgument:
        _of_letters(bound, letters_of(x, y, parts), vocabulary, width)
    block = _Block(kernel, part, tuple({"dtype": dtype, "memory": memory, **parameters}.items()))
    if part == "diagonal":
        return lazy_diagonal(block, block.key, x, parts, dtype)
    return lazy_matrix(block, block.key, x, y, parts, dtype)


@dataclass
class MatrixJob:
    """A kernel at numbers on two batches of sequences, the second None where it is the first."""

    stages: tuple[Any, ...]
    functions: ArrayFunctions
    left: Array
    right: Array | None
    letters: int
    memory: int
    lengths: tuple[Array | None, Array | None]

    @classmethod
    def of(cls, kernel: Any, X: Array, Y: Array | None, lengths: Any, dtype: str, memory: int | None, parameters: Mapping[str, object]) -> MatrixJob:  # fmt: skip
        """The arguments checked, before anything is allocated."""
        xp, x = read_sequences(X, "X")
        y = None
        if Y is not None:
            other, y = read_sequences(Y, "Y")
            if other is not xp:
                found = f"they are of {xp.__name__} and {other.__name__}"
                raise InvalidArgument("X, Y", "must be arrays of one library", found)
            if x.shape[1] != y.shape[1]:
                found = f"their lengths are {x.shape[1]} and {y.shape[1]}"
                raise SizeMismatch("X, Y", "must hold sequences of one length", found)
        if dtype not in ("float64", "float32"):
            raise InvalidArgument("dtype", 'must be "float64" or "float32"', f"it is {dtype!r}")
        if memory is None:
            memory = 1 << 28
        memory = min(read_integer(memory, "memory", 1 << 16, 1 << 62), current().memory)
        functions = ArrayFunctions(xp, getattr(xp, dtype), array_api_compat.device(x))
        if not _has(xp, functions.dtype):
            rule = 'must be "float32" where the library of X has no floats of 64 bits switched on'
            found = "in JAX that is the setting jax_enable_x64"
            raise InvalidArgument("dtype", rule, found)
        sizes = read_lengths(lengths, kernel, xp, functions.device, x, y)
        x, y = without_padding(xp, x, sizes[0]), without_padding(xp, y, sizes[1])
        x, y, occurring = numbered(xp, x, y)
        letters = max(len(occurring), 1)
        bound, vocabulary = _at_numbers(kernel, parameters, x.shape[1], lengths is not None)
        bound = _of_letters(bound, occurring, vocabulary, x.shape[1])
        Arrays.require(bound.stages)
        job = cls(tuple(bound.stages), functions, x, y, letters, memory, sizes)
        job.require_numbers()
        return job

    #: What stands at each pair of sequences: a number, or an array of this shape.
    entry: ClassVar[tuple[int, ...]] = ()

    @property
    def xp(self) -> Any:
        """The library of the result."""
        return self.functions.xp

    def require_numbers(self) -> None:
        """Refuse hyperparameters without a value."""
        missing = sorted({symbol.name for stage in self.stages for symbol in stage.parameters})
        if missing:
            rule = f"must have numbers in a matrix: give {', '.join(missing)} by name"
            raise InvalidArgument("kernel", rule, f"it is {' | '.join(map(str, self.stages))}")

    # -- one tile ------------------------------------------------------------------------------

    def words(self, first: int, last: int, side: int = 0) -> Words:
        """Some of the sequences of X or of Y."""
        tokens, lengths = self.left, self.lengths[0]
        if side and self.right is not None:
            tokens, lengths = self.right, self.lengths[1]
        lengths = None if lengths is None else lengths[first:last]
        return Words(tokens[first:last, :], self.letters, self.functions, lengths)

    def bytes_per_pair(self, algebra: type[Arrays]) -> int:
        """What a pair takes while it is worked on, about."""
        if algebra is Patterns:
            numbers = 24
        elif algebra is Positions:
            numbers = 6 * self.left.shape[1] ** 2
        else:
            numbers = 6 * self.letters ** (4 if _has_positions(self.stages) else 2)
        return 8 * numbers

    def bytes_per_word(self, algebra: type[Arrays]) -> int:
        """What is kept of a sequence that stands in many tiles, about."""
        length, letters = self.left.shape[1], self.letters
        own = 0 if algebra is Patterns else min(length, letters) ** 2
        own = length**2 if algebra is Positions else own
        return int(5 * length * letters + 8 * len(self.stages) * own)

    def tile(self, rows: Words, columns: Words, algebra: type[Arrays]) -> Array:
        """k(x, y) for the rows and columns of a tile."""
        with np.errstate(all="ignore"):  # what divides by zero is found in the result
            value = algebra(rows, columns).run(self.stages)
        return self.xp.broadcast_to(value, (rows.number, columns.number))

    # -- all of them ---------------------------------------------------------------------------

    def matrix(self) -> Array:
        """All tiles, as one array."""
        rows = self.left.shape[0]
        columns = rows if self.right is None else self.right.shape[0]
        shape = (*self.entry, rows, columns)
        require_bytes(f"a kernel matrix of {rows} x {columns}", prod(shape) * 8)
        xp = self.xp
        if not prod(shape):
            return xp.zeros(shape, dtype=self.functions.dtype, device=self.functions.device)
        algebra = smallest(self.stages, self.words(0, 1))
        workers = _workers(xp)
        remembered = columns * self.bytes_per_word(algebra) <= self.memory // 2
        high, wide = self.sides(algebra, workers, remembered)
        mirrored = self.right is None and _is_writable(xp)
        result = xp.empty(shape, dtype=self.functions.dtype, device=self.functions.device)
        batches: dict[int, Words] = {}

        def batch(j: int, last: int) -> Words:
            """Columns, with what depends on them alone kept for the next rows where it fits into memory."""
            if not remembered:
                return self.words(j, last, 1)
            if j not in batches or batches[j].number != last - j:
                batches[j] = self.words(j, last, 1)
            return batches[j]

        def strip(i: int) -> Array | None:
            """The tiles of some rows; from the diagonal on where the matrix is symmetric, as it is to the last digit then."""
            end = min(i + high, rows)
            upper = self.words(i, end)
            tiles = []
            for j in range(i if mirrored else 0, columns, wide):
                last = min(j + wide, columns)
                tile = self.tile(upper, batch(j, last), algebra)
                if not _is_writable(xp):
                    tiles.append(tile)
                    continue
                result[..., i:end, j:last] = tile
                if mirrored and last > end:
                    below = max(j, end)
                    result[..., below:last, i:end] = xp.matrix_transpose(tile[..., below - j :])
            if mirrored:
                result[..., i:end, i:end] = self.mirrored(result[..., i:end, i:end])
            return xp.concat(tiles, axis=-1) if tiles else None

        with _one_thread_a_product(workers):
            found = _each(strip, range(0, rows, high), workers)
            strips = list(shown(found, -(-rows // high), "strip"))
        if strips and strips[0] is not None:
            result = xp.concat(strips, axis=-2)
            result = self.mirrored(result) if self.right is None else result
        return self.finite(result)

    def mirrored(self, square: Array) -> Array:
        """A symmetric matrix, whose upper half counts."""
        xp = self.xp
        return xp.triu(square) + xp.matrix_transpose(xp.triu(square, k=1))

    def sides(self, algebra: type[Arrays], workers: int, remembered: bool) -> tuple[int, int]:
        """Rows and columns of a tile: what fits into memory, and for NumPy into the caches of a processor.

        What is known of each row alone is kept through its strip; so a tile is as high as it can be, and square where columns are ``remembered`` too.
        """
        size = self.bytes_per_pair(algebra)
        pairs = self.memory // (size * workers)
        if _is_numpy(self.functions.xp):
            pairs = min(pairs, max(1, ((192 if algebra is Positions else 4) << 20) // size))
        rows = self.left.shape[0]
        highest = 128
        if algebra is Positions and remembered and _is_numpy(self.functions.xp):
            pairs = min(pairs, max(1, (192 << 20) // size))
            highest = max(1, isqrt(pairs))
        high = max(1, min(pairs, highest, -(-rows // (2 * workers))))
        return high, max(1, min(pairs // high, 1024))

    def diagonal(self) -> Array:
        """k(x, x), by the runs on sequences alone."""
        xp = self.functions.xp
        if not self.left.shape[0]:
            return xp.zeros((0,), dtype=self.functions.dtype, device=self.functions.device)
        algebra = smallest(self.stages, self.words(0, 1))
        side = max(1, self.memory // self.bytes_per_pair(algebra))
        parts = []
        for i in range(0, self.left.shape[0], side):
            words = self.words(i, min(i + side, self.left.shape[0]))
            with np.errstate(all="ignore"):
                value = algebra(words).run(self.stages)
            parts.append(xp.broadcast_to(value, (words.number, 1))[:, 0])
        return self.finite(xp.concat(parts) if len(parts) != 1 else parts[0])

    def finite(self, result: Array) -> Array:
        """Refuses what no float holds."""
        xp = self.xp
        if not bool(xp.all(xp.isfinite(result))):
            rule = "must not divide by zero, nor leave the range of floats"
            raise InvalidArgument("kernel", rule, "some of its values do on these sequences")
        return result


def smallest(stages: tuple[Any, ...], one: Words) -> type[Arrays]:
    """The smallest representation that holds the stages: tried on a batch of one sequence."""
    try:
        with np.errstate(all="ignore"):
            Patterns(one, one).run(stages)
    except LeavesPatterns:
        if one.lengths is not None and _has_positions(stages):
            return Positions  # a position may be present in one sequence alone
        pairs = one.letters ** (4 if _has_positions(stages) else 2)
        return Letters if pairs <= one.length**2 else Positions
    return Patterns


def _has_positions(stages: tuple[Any, ...]) -> bool:
    return any(stage.adds_positions for stage in stages)


def _is_writable(xp: Any) -> bool:
    """JAX's arrays are not."""
    return not bool(array_api_compat.is_jax_namespace(xp))


def _workers(xp: Any) -> int:
    """Threads: NumPy works on one at a time, other libraries on as many as they like."""
    return min(os.cpu_count() or 1, 8) if _is_numpy(xp) else 1


def _has(xp: Any, dtype: Any) -> bool:
    """Whether an array that is asked to be of that type is; JAX makes others with a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return bool(xp.zeros((1,), dtype=dtype).dtype == dtype)


def _is_numpy(xp: Any) -> bool:
    return bool(array_api_compat.is_numpy_namespace(xp))


@lru_cache(maxsize=1)
def _libraries_of_products() -> ThreadpoolController:
    return ThreadpoolController()


def _one_thread_a_product(workers: int) -> AbstractContextManager[object]:
    """Where threads work side by side, those of the library of matrix products would only wait for each other."""
    if workers == 1:
        return nullcontext()
    return _libraries_of_products().limit(limits=1, user_api="blas")  # type: ignore[no-any-return]


def _each(one: Any, places: Iterable[int], workers: int) -> Iterator[Any]:
    if workers == 1:
        yield from map(one, places)
        return
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(one, places)


# -- reading ----------------------------------------------------------------------------------------


def exact_number(value: object, name: str = "hyperparameter") -> object:
    """A float as the number that it is; everything else as it stands."""
    if isinstance(value, (float, np.floating)):
        number = float(value)
        if not abs(number) < float("inf"):
            raise InvalidArgument(name, "must be finite", f"it is {value}")
        return Fraction(number)
    return value


def _at_numbers(kernel: Any, parameters: Mapping[str, object], length: int, padded: bool) -> tuple[Any, int | None]:  # fmt: skip
    """The kernel with numbers and sizes put in, and the vocabulary where a hyperparameter depends on it; ``padded``: whether rows have lengths of their own."""
    given = {name: exact_number(value, name) for name, value in parameters.items() if name != "v"}
    bound = bind(kernel, given)
    for name, value in given.items():
        if exact_expression(value, name).free_symbols - {CONTEXT_LENGTH, VOCABULARY}:
            raise InvalidArgument(name, "must be a number in a matrix", f"it is {value}")
    if padded and CONTEXT_LENGTH in bound.parameters:
        rule = "may be given where no hyperparameter contains L, which is another number for each length: give batches of sequences of one length"
        raise InvalidArgument("lengths", rule, f"the kernel is {bound}")
    vocabulary = None
    if VOCABULARY in bound.parameters:
        if "v" not in parameters and kernel.vocabulary is None:
            rule = "must be given where a hyperparameter depends on the vocabulary"
            raise InvalidArgument("v", rule, f"the kernel is {bound}")
        vocabulary = read_integer(parameters.get("v", kernel.vocabulary), "v", 1, 1 << 60)
    elif "v" in parameters:
        bind(bound, {"v": parameters["v"]})  # which refuses it
    return at_sizes(bound, length, VOCABULARY if vocabulary is None else vocabulary), vocabulary


def _of_letters(bound: Any, letters: list[int], vocabulary: int | None, length: int) -> Any:
    """The kernel where these letters alone occur; refuses letters that there are not, and what is no kernel on them."""
    largest, known = max(letters, default=0), bound.vocabulary
    if known is not None and largest >= known:
        rule = f"must hold letters 0..{known - 1}, those of the embedding's covariance"
        raise InvalidArgument("X", rule, f"{largest} occurs")
    if vocabulary is not None and largest >= vocabulary:
        found = f"the letter {largest} occurs, and v is {displayed(vocabulary)}"
        raise InvalidArgument("X", "must hold letters below v", found)
    if known is not None:
        bound = bound.among(letters or [0])
    bound.require_sizes(length, max(len(letters), 1))
    return bound
