"""Kernel matrices of Dask arrays, block by block and when they are asked for.

X of shape (n, L) in chunks of rows and Y (m, L) make a matrix (n, m) whose blocks are those pairs of chunks: each is the kernel matrix of two chunks in their
own kind of array, by the function that computes it for such arrays, wherever a scheduler runs it. Without Y the blocks above the diagonal are computed, and
those below are their transposes. What is wrong is said at once; a letter that there is not is found with its block.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate, pairwise
from typing import Any

import array_api_compat

from symkern.errors import InvalidArgument, SizeMismatch
from symkern.kernels.token_arrays import is_lazy, occurring, require_shape

Array = Any
#: (x, y or None, lengths of both or None) -> the matrix.
Block = Callable[[Array, "Array | None", Any], Array]


#: How many positions are present of the sequences of each chunk, of x and of y; None where all are.
Parts = tuple["list[list[int]] | None", "list[list[int]] | None"]


def read_lazy(X: Array, Y: Array | None) -> tuple[Array, Array | None]:
    """Both arrays in chunks of whole rows, of sizes that are known."""
    x = _read(X, "X")
    if Y is None:
        return x, None
    y = _read(Y, "Y")
    if x.shape[1] != y.shape[1]:
        found = f"their lengths are {x.shape[1]} and {y.shape[1]}"
        raise SizeMismatch("X, Y", "must hold sequences of one length", found)
    return x, y


def cut(lengths: tuple[Any, Any], x: Array, y: Array | None) -> Parts:
    """The lengths of the sequences of each chunk."""
    ours, theirs = lengths
    return _cut(ours, x), _cut(theirs, x if y is None else y)


def _cut(lengths: Any, sequences: Array) -> list[list[int]] | None:
    if lengths is None:
        return None
    given = lengths.tolist()
    ends = [0, *accumulate(sequences.chunks[0])]
    return [given[a:b] for a, b in pairwise(ends)]


def letters_of(x: Array, y: Array | None, parts: Parts) -> list[int]:
    """The letters that occur, which are computed."""
    from dask.base import compute
    from dask.delayed import delayed

    together: Any = compute
    tasks = []
    for array, lengths in zip((x, y), parts, strict=True):
        if array is not None:
            chunks = array.to_delayed().reshape(-1)
            known = [None] * len(chunks) if lengths is None else lengths
            tasks += [delayed(occurring)(*pair) for pair in zip(chunks, known, strict=True)]
    return sorted({letter for found in together(*tasks) for letter in found})


def lazy_matrix(block: Block, key: object, x: Array, Y: Array | None, parts: Parts, dtype: str) -> Array:  # fmt: skip
    """The Dask array k(x, y) of what `read_lazy` gives; ``key`` says what ``block`` computes, for its name."""
    y = x if Y is None else Y
    ours, theirs = parts
    name = _name("kernel-matrix", key, x, y, Y is None, parts, dtype)
    graph: dict[Any, Any] = {}
    for i in range(x.numblocks[0]):
        for j in range(y.numblocks[0]):
            if Y is None and i > j:
                graph[name, i, j] = (_transposed, (name, j, i))
                continue
            alone = Y is None and i == j
            present = None if ours is None or theirs is None else (ours[i] if alone else (ours[i], theirs[j]))  # fmt: skip
            other = None if alone else (y.name, j, 0)
            graph[name, i, j] = (block, (x.name, i, 0), other, present)
    return _array(graph, name, (x.chunks[0], y.chunks[0]), dtype, x, y)


def lazy_diagonal(block: Block, key: object, x: Array, parts: Parts, dtype: str) -> Array:
    """The Dask array k(x, x)."""
    ours, _ = parts
    name = _name("kernel-diagonal", key, x, parts, dtype)
    graph = {
        (name, i): (block, (x.name, i, 0), None, None if ours is None else ours[i])
        for i in range(x.numblocks[0])
    }
    return _array(graph, name, (x.chunks[0],), dtype, x)


def _transposed(block: Array) -> Array:
    return block.T


def _name(prefix: str, *parts: object) -> str:
    from dask.base import tokenize

    return f"{prefix}-{tokenize(*(getattr(part, 'name', part) for part in parts))}"


def _array(graph: Any, name: str, chunks: tuple[tuple[int, ...], ...], dtype: str, *sources: Array) -> Array:  # fmt: skip
    """What the tasks make, in the kind of array that the first source is made of."""
    import dask.array as da
    from dask.highlevelgraph import HighLevelGraph

    inner = sources[0]._meta
    xp = array_api_compat.array_namespace(inner)
    meta = xp.empty((0,) * len(chunks), dtype=getattr(xp, dtype))
    whole = HighLevelGraph.from_collections(name, graph, dependencies=sources)
    array: Any = da.Array
    return array(whole, name, chunks, meta=meta)


def _read(sequences: Array, name: str) -> Array:
    """The array in chunks of whole rows, of sizes that are known."""
    if not is_lazy(sequences):
        found = f"{name} is none"
        raise InvalidArgument("X, Y", "must be Dask arrays, both or neither", found)
    require_shape(array_api_compat.array_namespace(sequences), sequences, name)
    if any(size != size for size in (*sequences.shape, *sequences.chunks[0])):  # not a number
        found = f"they are not; {name}.compute_chunk_sizes() finds them"
        raise InvalidArgument(name, "must be in chunks of known sizes", found)
    return sequences.rechunk({1: -1})
