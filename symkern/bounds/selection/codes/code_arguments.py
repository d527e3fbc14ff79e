"""Reading of the arguments of selection with codes: sizes up to what floats hold, the query, the law of the codes."""

from __future__ import annotations

from symkern.bounds.selection.selection_arguments import whole_sizes
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.limits import current
from symkern.reading.integers import read_integer

QUERIES = ("sum", "dual")
CODES = ("sphere", "rademacher")


def read_words(query: object, codes: object) -> tuple[str, str]:
    """The query and the law of the codes by their names."""
    for name, value, known in (("query", query, QUERIES), ("codes", codes, CODES)):
        if value not in known:
            raise InvalidArgument(name, f"must be {' or '.join(known)}", f"it is {value!r}")
    return str(query), str(codes)


def read_code_sizes(T: object, d: object, q: object, m: object) -> tuple[int, int, int, int]:
    """T, d, q and the width m of codes, as ints up to `Limits.code_size`."""
    total, dimension, chosen = whole_sizes(T, d, q)
    most = current().code_size
    for name, size in (("T", total), ("d", dimension)):
        read_integer(size, name, 1, most)
    return total, dimension, chosen, read_integer(m, "m", 1, most)


def require_query(q: int, m: int, query: str, codes: str) -> None:
    """Refuse what does not exist, or has no formula here.

    >>> require_query(3, 2, "dual", "sphere")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: q: must be at most m = 2 for the dual query (more codes are dependent), but it is 3
    """
    if query == "dual" and q > m:
        rule = f"must be at most m = {m} for the dual query (more codes are dependent)"
        raise InvalidArgument("q", rule, f"it is {q}")
    if codes == "sphere":
        if m == 1:
            rule = "must be at least 2 on the sphere (in dimension 1 codes are signs: codes='rademacher')"
            raise InvalidArgument("m", rule, "it is 1")
        return
    if query == "dual" and q > 1:
        raise NoClosedForm(
            "codes: signs of several tokens may be dependent, where the dual query does not exist; codes='sphere' has it"
        )
    if q > 2:
        raise NoClosedForm(
            "codes: finite sums over signs exist for q <= 2; codes='sphere' differs from them by O(1/m^2)"
        )
