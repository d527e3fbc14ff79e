"""Kernel matrices of Dask arrays, block by block and when they are asked for.

X of shape (n, L) in chunks of rows and Y (m, L) make a matrix (n, m) whose blocks are those pairs of chunks: each is the kernel matrix of two chunks in their
own kind of array, by the function that computes it for such arrays, wherever a scheduler runs it. Without Y the blocks above the diagonal are computed, and
those below are their transposes.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate, pairwise
from typing import Any

from symkern.errors import InvalidArgument, InvalidType, SizeMismatch

Array = Any
#: (x, y or None, lengths of both or None) -> the matrix.
Block = Callable[[Array, "Array | None", Any], Array]


def is_lazy(sequences: object) -> bool:
    """Whether it is a Dask array."""
    import array_api_compat

    return bool(array_api_compat.is_dask_array(sequences))


def lazy_matrix(block: Block, key: object, X: Array, Y: Array | None, lengths: Any, dtype: str) -> Array:  # fmt: skip
    """The Dask array k(x, y); ``key`` says what ``block`` computes, for its name."""
    x = _read(X, "X")
    y = x if Y is None else _read(Y, "Y")
    if x.shape[1] != y.shape[1]:
        found = f"their lengths are {x.shape[1]} and {y.shape[1]}"
        raise SizeMismatch("X, Y", "must hold sequences of one length", found)
    ours, theirs = _parts(lengths, x, None if Y is None else y)
    name = _name("kernel-matrix", key, x, y, Y is None, lengths, dtype)
    graph: dict[Any, Any] = {}
    for i in range(x.numblocks[0]):
        for j in range(y.numblocks[0]):
            if Y is None and i > j:
                graph[name, i, j] = (_transposed, (name, j, i))
                continue
            alone = Y is None and i == j
            present = None if ours is None else (ours[i] if alone else (ours[i], theirs[j]))
            other = None if alone else (y.name, j, 0)
            graph[name, i, j] = (block, (x.name, i, 0), other, present)
    return _array(graph, name, (x.chunks[0], y.chunks[0]), dtype, x, y)


def lazy_diagonal(block: Block, key: object, X: Array, lengths: Any, dtype: str) -> Array:
    """The Dask array k(x, x)."""
    x = _read(X, "X")
    ours, _ = _parts(lengths, x, None)
    name = _name("kernel-diagonal", key, x, lengths, dtype)
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
    import array_api_compat
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
    rule = "must be an array (n, L) of whole numbers, one row a sequence"
    if not is_lazy(sequences):
        found = f"{name} is none"
        raise InvalidArgument("X, Y", "must be Dask arrays, both or neither", found)
    if sequences.ndim != 2 or sequences.shape[1] == 0:
        found = f"its shape is {tuple(sequences.shape)}"
        raise InvalidArgument(name, f"{rule} of a token at least", found)
    if sequences.dtype.kind not in "iu":
        raise InvalidType(name, rule, sequences.dtype)
    if any(size != size for size in (*sequences.shape, *sequences.chunks[0])):  # not a number
        found = f"they are not; {name}.compute_chunk_sizes() finds them"
        raise InvalidArgument(name, "must be in chunks of known sizes", found)
    return sequences.rechunk({1: -1})


def _parts(lengths: Any, x: Array, y: Array | None) -> tuple[Any, Any]:
    """The lengths of the sequences of each chunk."""
    if lengths is None:
        return None, None
    if y is None:
        return (cut := _cut(lengths, x)), cut
    if not isinstance(lengths, (tuple, list)) or len(lengths) != 2:
        raise InvalidType("lengths", "must be a pair, the lengths of X and those of Y", lengths)
    return _cut(lengths[0], x), _cut(lengths[1], y)


def _cut(lengths: Any, sequences: Array) -> list[list[int]]:
    try:
        given = [int(n) for n in lengths]
    except (TypeError, ValueError):
        rule = "must be a list of whole numbers, one for each sequence"
        raise InvalidType("lengths", rule, lengths) from None
    if len(given) != sequences.shape[0]:
        found = f"they are {len(given)}, and there are {sequences.shape[0]} sequences"
        raise InvalidArgument("lengths", "must be one for each sequence", found)
    ends = [0, *accumulate(sequences.chunks[0])]
    return [given[a:b] for a, b in pairwise(ends)]
