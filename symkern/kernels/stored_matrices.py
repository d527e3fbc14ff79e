"""Kernel matrices on disk: a Zarr store in square blocks, written one by one, so that a run that was interrupted goes on where it ended.

The store is a Zarr group (version 3 of the format) with the attribute ``symkern_matrix``, which says of which kernel, hyperparameters and sequences it is, and

    values      float64 or float32, n x m      k(x, y), a chunk a block, not compressed
    finished    uint64, a number a block       2^32 plus the CRC-32 of the block's chunk, else 0

A block is the kernel matrix of its rows and columns by `symkern.kernels.kernel_matrices.matrix`, to the last bit. It is written beside its place, reaches the disk, and
is moved to its place in one step; its mark comes after it and counts where it agrees with the bytes that lie there. So no block is believed that was written by half, or
was lost or damaged since: going on writes it again. Needs the extra ``cluster`` (zarr).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from symkern.errors import InvalidArgument, InvalidType, install_line
from symkern.exact import exact_expression
from symkern.kernels.kernel_matrices import exact_number, matrix, require_matrix
from symkern.kernels.pipeline import Kernel
from symkern.reading.documents import read_path
from symkern.reading.integers import read_integer
from symkern.reading.missing_entries import without_mask
from symkern.reading.writable_places import named_place

_VERSION = 1
_MARK = 1 << 32


def matrix_to_zarr(
    kernel: Kernel, X: Any, path: str | os.PathLike[str], Y: Any = None, *, lengths: Any = None, block: int = 1024, dtype: str = "float64",
    memory: int | None = None, **parameters: object,
) -> Any:  # fmt: skip
    """Write the kernel matrix k(x, y) to the Zarr store at ``path``, in floating point, or finish one that was begun.

    Blocks that lie there whole are not computed again. Without Y the matrix is symmetric, and a block below the diagonal is the transpose of the one above. One run
    at a time writes to a store. Where a cluster is to share the work, ``kernel.matrix`` of Dask arrays is a Dask array.

    Args:
        kernel: a pipeline with its readout.
        X: sequences, a NumPy array (n, L) of whole numbers or a nested list.
        path: where the store is or will be.
        Y: sequences (m, L); X where it is left out.
        lengths: how many positions of each row of X are present, with Y a pair of such lists, as in ``kernel.matrix``; each block takes those of its rows and columns.
        block: rows and columns of a block.
        dtype: "float64" or "float32".
        memory: bytes that what is computed at a time may take beside a block, as in ``kernel.matrix``.
        **parameters: the hyperparameters by name, numbers.

    Returns:
        The Zarr array (n, m).

    Raises:
        InvalidArgument: another matrix or something else lies at the path, it cannot be written, or the extra ``cluster`` is not installed.
        InvalidType, SizeMismatch: as ``kernel.matrix`` does.

    >>> import tempfile
    >>> from symkern.kernels import embedding
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     matrix_to_zarr(embedding(1).mean_pool(), [[0, 1], [1, 1]], f"{folder}/gram.zarr")[:]
    array([[0.5, 0.5],
           [0.5, 1. ]])
    """
    zarr = _require_zarr()
    if not isinstance(kernel, Kernel):
        raise InvalidType("kernel", "must be a pipeline with its readout", kernel)
    size = read_integer(block, "block", 1, 1 << 20)
    rows, columns = _sequences(X, "X"), None if Y is None else _sequences(Y, "Y")
    given: dict[str, Any] = {"dtype": dtype, "memory": memory, **parameters}
    place = read_path(path, "path", "the path of a store")
    # What is wrong with the arguments is said before anything is written.
    require_matrix(kernel, rows, columns, lengths=lengths, **given)
    pair = (lengths, lengths) if columns is None else lengths
    present = None if lengths is None else tuple(np.asarray(one) for one in pair)
    shape = rows.shape[0], (rows if columns is None else columns).shape[0]
    description = {
        "version": _VERSION,
        "kernel": str(kernel),
        "parameters": {name: _text(name, value) for name, value in sorted(parameters.items())},
        "X": _digest(rows),
        "Y": None if columns is None else _digest(columns),
        "lengths": None if present is None else [_digest(one) for one in present],
        "dtype": dtype,
        "block": size,
    }
    with named_place(place, "path", "a place"):
        if not place.exists():
            _create(zarr, place, shape, size, description)
        _require_same(zarr, place, description)
        for i, j in _blocks(shape, size, symmetric=columns is None):
            mirrored = columns is None and i < j
            if _is_whole(place, i, j) and (not mirrored or _is_whole(place, j, i)):
                continue
            ours = rows[i * size : (i + 1) * size]
            theirs = (rows if columns is None else columns)[j * size : (j + 1) * size]
            alone = columns is None and i == j
            sizes = None if present is None else tuple(one[k * size : (k + 1) * size] for one, k in zip(present, (i, j), strict=True))  # fmt: skip
            own = sizes[0] if sizes and alone else sizes
            found = matrix(kernel, ours, None if alone else theirs, lengths=own, **given)
            _write(place, i, j, found, size)
            if mirrored:
                _write(place, j, i, found.T, size)
    return zarr.open_group(store=str(place), mode="r", use_consolidated=False)["values"]


def _require_zarr() -> Any:
    try:
        import zarr
    except ImportError:
        rule = f"needs the extra cluster ({install_line('cluster')})"
        raise InvalidArgument("matrix_to_zarr", rule, "zarr is not installed") from None
    return zarr


def _sequences(sequences: Any, name: str) -> np.ndarray[Any, Any]:
    """NumPy's array of a nested list, the letters being read by `matrix`."""
    import array_api_compat

    sequences = without_mask(sequences, name)
    if isinstance(sequences, (list, tuple)):
        try:
            sequences = np.asarray(sequences)
        except ValueError:
            rule = "must hold sequences of one length, as whole numbers"
            raise InvalidType(name, rule, sequences) from None
    if not array_api_compat.is_numpy_array(sequences) or sequences.ndim != 2:
        raise InvalidType(name, "must be a NumPy array (n, L) of whole numbers", sequences)
    if sequences.shape[0] == 0:
        raise InvalidArgument(name, "must hold a sequence at least", "it holds none")
    found: np.ndarray[Any, Any] = sequences
    return found


def _text(name: str, value: object) -> str:
    """A hyperparameter as the number that it is, whatever its type: 0.5, "0.5" and "2/4" are 1/2."""
    return str(exact_expression(exact_number(value, name), name))


def _digest(sequences: np.ndarray[Any, Any]) -> str:
    letters = np.ascontiguousarray(sequences.astype("<i8"))
    return hashlib.sha256(repr(letters.shape).encode() + letters.tobytes()).hexdigest()


def _blocks(shape: tuple[int, int], size: int, symmetric: bool) -> Iterator[tuple[int, int]]:
    high, wide = (-(-n // size) for n in shape)
    for i in range(high):
        for j in range(i if symmetric else 0, wide):
            yield i, j


def _create(zarr: Any, place: Path, shape: tuple[int, int], size: int, description: Any) -> None:
    """An empty store, put together beside its place and moved there."""
    temporary = Path(tempfile.mkdtemp(dir=place.parent, prefix=f".{place.name}."))
    try:
        group = zarr.create_group(store=str(temporary / "store"))
        group.create_array(
            "values", shape=shape, chunks=(size, size), dtype=description["dtype"], fill_value=0,
            compressors=None, filters=None,
        )  # fmt: skip
        counts = tuple(-(-n // size) for n in shape)
        group.create_array(
            "finished", shape=counts, chunks=(1, 1), dtype="uint64", fill_value=0, compressors=None,
            filters=None,
        )  # fmt: skip
        group.attrs["symkern_matrix"] = description
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary / "store", 0o777 & ~mask)
        os.rename(temporary / "store", place)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _require_same(zarr: Any, place: Path, description: dict[str, Any]) -> None:
    rule = "must be the store of this matrix, or a place where nothing lies"
    try:
        group = zarr.open_group(store=str(place), mode="r", use_consolidated=False)
        there = dict(group.attrs["symkern_matrix"])
    except Exception:  # whatever Zarr makes of what lies there
        raise InvalidArgument("path", rule, f"{str(place)[:200]} is something else") from None
    for name, value in json.loads(json.dumps(description)).items():
        if there.get(name) != value:
            found = f"the store there is of another {name}: {str(there.get(name))[:80]}, and not {str(value)[:80]}"
            raise InvalidArgument("path", rule, found)


def _chunk(place: Path, array: str, i: int, j: int) -> Path:
    return place / array / "c" / str(i) / str(j)


def _is_whole(place: Path, i: int, j: int) -> bool:
    """Whether the block lies there with its mark."""
    try:
        mark = int.from_bytes(_chunk(place, "finished", i, j).read_bytes(), "little")
        return mark == _MARK + zlib.crc32(_chunk(place, "values", i, j).read_bytes())
    except OSError:
        return False


def _write(place: Path, i: int, j: int, block: np.ndarray[Any, Any], size: int) -> None:
    """The block as a chunk of full size, and then its mark."""
    chunk = np.zeros((size, size), block.dtype.newbyteorder("<"))
    chunk[: block.shape[0], : block.shape[1]] = block
    content = chunk.tobytes()
    _put(_chunk(place, "values", i, j), content)
    mark = _MARK + zlib.crc32(content)
    _put(_chunk(place, "finished", i, j), mark.to_bytes(8, "little"))


def _put(file: Path, content: bytes) -> None:
    """A file that is there as a whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.partial")
    with open(beside, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(beside, file)
