"""Arrays that have no entry at some of their places: NumPy's masked arrays, whose masked entries other readers would take for data."""

from __future__ import annotations

from typing import Any

from symkern.errors import InvalidArgument

_RULE = "must have an entry at each place"


def without_mask(value: Any, argument: str, rule: str = _RULE) -> Any:
    """The value itself; of a masked array in which nothing is masked its data, of a list of such arrays the list of their data.

    Args:
        value: what was passed, of any type.
        argument: its name in messages.
        rule: what the message asks for.

    Raises:
        InvalidArgument: an entry is masked.

    >>> import numpy as np
    >>> without_mask(np.ma.masked_array([1, 2]), "f")
    array([1, 2])
    >>> without_mask(np.ma.masked_array([1, 2, 3], [False, True, True]), "f")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: f: must have an entry at each place, but 2 of 3 are masked, the first at (1,)
    """
    if isinstance(value, (list, tuple)):
        if not any(hasattr(kind, "mask") for kind in set(map(type, value))):
            return value
        return [without_mask(e, f"{argument}[{i}]", rule) for i, e in enumerate(value)]
    if not hasattr(type(value), "mask"):
        return value
    import numpy as np

    if not isinstance(value, np.ma.MaskedArray):  # data frames have a method of this name
        return value
    masked = np.ma.getmaskarray(value)
    if masked.any():
        place = tuple(int(i) for i in np.argwhere(masked)[0])
        found = f"{int(masked.sum()):,} of {masked.size:,} are masked, the first at {place}"
        raise InvalidArgument(argument, rule, found)
    return np.asarray(value.data)
