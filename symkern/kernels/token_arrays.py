"""What kernel matrices are given, read: arrays of sequences, how many of their positions are present, and which letters occur.

Sequences are the rows of an array (n, L) of whole numbers of any library of the array API standard. Where they are padded at their end, ``lengths`` says how many
positions of each are present; arrays that are computed later, Dask's, are held to the same rules.
"""

from __future__ import annotations

from typing import Any

import array_api_compat
import numpy as np

from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, displayed
from symkern.reading.missing_entries import without_mask

Array = Any

_PRESENT = (
    "must hold a number at each place: cut sequences to windows, or pad them and give lengths="
)
_SEQUENCES = "must be an array (n, L) of whole numbers, one row a sequence"


def is_lazy(sequences: object) -> bool:
    """Whether it is a Dask array."""
    return bool(array_api_compat.is_dask_array(sequences))


def read_sequences(sequences: Any, name: str) -> tuple[Any, Array]:
    """The library of an array (n, L) of whole numbers, and the array; nested lists and data frames become NumPy's."""
    if is_lazy(sequences):
        rule = "must be computed for this: give .compute() of it"
        raise InvalidArgument(name, rule, "it is a Dask array")
    sequences = without_mask(sequences, name, _PRESENT)
    if not array_api_compat.is_array_api_obj(sequences):
        sequences = _from_list(sequences, name)
    xp = array_api_compat.array_namespace(sequences)
    require_shape(xp, sequences, name)
    return xp, sequences


def require_shape(xp: Any, sequences: Array, name: str) -> None:
    """Refuse other arrays than dense ones (n, L) of whole numbers."""
    require_entries(sequences, name)
    if sequences.ndim != 2 or sequences.shape[1] == 0:
        found = f"its shape is {tuple(sequences.shape)}"
        raise InvalidArgument(name, f"{_SEQUENCES} of a token at least", found)
    if not _is_integral(xp, sequences.dtype):
        raise InvalidType(name, f"{_SEQUENCES}: letters 0, 1, 2, ...", sequences.dtype)


def require_entries(array: Array, name: str) -> None:
    """Refuse arrays that have no number at each of their places: masked, sparse and without content."""
    inner = array._meta if is_lazy(array) else array
    if isinstance(inner, np.ma.MaskedArray):
        raise InvalidArgument(name, _PRESENT, "it is a masked array")
    if array_api_compat.is_torch_array(inner):
        if str(inner.layout) != "torch.strided":
            rule = "must be a dense tensor: give .to_dense() of it"
            raise InvalidArgument(name, rule, f"its layout is {inner.layout}")
        if inner.device.type == "meta":
            raise InvalidArgument(name, "must hold numbers", "it is a tensor of the device meta")
    elif array_api_compat.is_pydata_sparse_array(inner):
        raise InvalidArgument(name, "must be dense: give .todense() of it", "it is a sparse array")


def _is_integral(xp: Any, dtype: Any) -> bool:
    try:
        return bool(xp.isdtype(dtype, "integral"))
    except TypeError:
        return False


def _from_list(sequences: Any, name: str) -> Array:
    if hasattr(sequences, "to_numpy"):  # a data frame
        found = np.asarray(sequences.to_numpy())
        # Nullable columns are objects, whole numbers where none is missing.
        return np.array(found.tolist()) if found.dtype == object else found
    if not isinstance(sequences, (list, tuple)):
        raise InvalidType(name, _SEQUENCES, sequences)
    lengths = {len(row) for row in sequences if isinstance(row, (list, tuple))}
    if len(lengths) > 1:
        short, long = min(lengths), max(lengths)
        raise SizeMismatch(name, "must hold sequences of one length", f"they have {short} to {long} tokens: cut them to windows, or pad them and give lengths=")  # fmt: skip
    try:
        return np.asarray(sequences)
    except (TypeError, ValueError, OverflowError):
        raise InvalidType(name, _SEQUENCES, sequences) from None


def read_lengths(lengths: Any, kernel: Any, xp: Any, device: Any, x: Array, y: Array | None) -> tuple[Array | None, Array | None]:  # fmt: skip
    """How many positions are present, of each row of both arrays, as arrays of the library ``xp``; only where they are averaged over."""
    if lengths is None:
        return None, None
    if not kernel.pools:
        rule = "may be given where each readout averages over positions: mean_pool"
        readouts = dict.fromkeys(str(r) for stage in kernel.stages for r in stage.readouts())
        raise InvalidArgument("lengths", rule, f"the kernel reads out by {' and '.join(readouts)}")
    if y is None:
        return (read := _lengths(lengths, xp, device, x)), read
    if not isinstance(lengths, (tuple, list)) or len(lengths) != 2:
        rule = "must be a pair, the lengths of X and those of Y"
        raise InvalidType("lengths", rule, lengths)
    return _lengths(lengths[0], xp, device, x), _lengths(lengths[1], xp, device, y)


def _lengths(lengths: Any, xp: Any, device: Any, tokens: Array) -> Array:
    count, most = tokens.shape
    rule = f"must be a whole number from 1 to {most} for each sequence"
    lengths = without_mask(lengths, "lengths", _PRESENT)
    require_entries(lengths, "lengths")
    try:
        found = xp.asarray(lengths, device=device)
    except (TypeError, ValueError, OverflowError):
        raise InvalidType("lengths", rule, lengths) from None
    if found.ndim != 1 or found.shape[0] != count:
        what = f"they are {found.shape[0]}" if found.ndim == 1 else f"their shape is {tuple(found.shape)}"  # fmt: skip
        raise InvalidArgument("lengths", rule, f"{what}, and there are {count} sequences")
    if count == 0:
        return xp.astype(found, xp.int32)  # an empty list is one of floats
    if not _is_integral(xp, found.dtype):
        raise InvalidType("lengths", rule, found.dtype)
    if not bool(xp.all((found >= 1) & (found <= most))):
        raise InvalidArgument("lengths", rule, f"they are {displayed(lengths)}")
    return found


def without_padding(xp: Any, tokens: Array, lengths: Array | None) -> Array:
    """The first letter of each sequence in the place of its padding, which is no letter."""
    if tokens is None or lengths is None:
        return tokens
    places = xp.arange(0, tokens.shape[1], device=array_api_compat.device(tokens))
    present = places[None, :] < lengths[:, None]
    return xp.where(present, tokens, tokens[:, :1] + xp.zeros_like(tokens))


def numbered(xp: Any, x: Array, y: Array | None) -> tuple[Array, Array | None, list[int]]:
    """The letters that occur as 0, 1, ..., and which they are, in order."""
    both = _flat(xp, x) if y is None else xp.concat([_flat(xp, x), _flat(xp, y)])
    if both.shape[0] == 0:
        return x, y, []
    found = xp.unique_inverse(both)
    places = xp.reshape(found.inverse_indices, (-1,))
    size = x.shape[0] * x.shape[1]
    first = xp.reshape(places[:size], x.shape)
    second = None if y is None else xp.reshape(places[size:], y.shape)
    return first, second, _letters(found.values)


def occurring(tokens: Array, lengths: Array | None) -> list[int]:
    """The letters that occur in sequences, in order."""
    xp = array_api_compat.array_namespace(tokens)
    if lengths is not None:
        lengths = xp.asarray(lengths, device=array_api_compat.device(tokens))
    return _letters(xp.unique_values(_flat(xp, without_padding(xp, tokens, lengths))))


def _flat(xp: Any, tokens: Array) -> Array:
    return xp.reshape(tokens, (tokens.shape[0] * tokens.shape[1],))


def _letters(found: Array) -> list[int]:
    some = found.tolist() if hasattr(found, "tolist") else [found[i] for i in range(found.shape[0])]
    letters = [int(t) for t in some]
    if letters and letters[0] < 0:
        raise InvalidArgument("X", "must hold letters 0, 1, 2, ...", f"{letters[0]} occurs")
    return letters
