"""Reading of the arguments of selection with codes: sizes up to what floats hold, the query, the law of the codes, the score."""

from __future__ import annotations

from symkern.bounds.selection.codes.code_search import LARGEST_SCORE
from symkern.bounds.selection.selection_arguments import whole_sizes
from symkern.errors import InvalidArgument, NoClosedForm, displayed
from symkern.exact.real_arguments import read_real
from symkern.limits import current
from symkern.reading.integers import read_integer
from symkern.reading.spelling import did_you_mean

QUERIES = ("sum", "dual")
CODES = ("sphere", "rademacher")

#: Where selected tokens do not score alike, one of them has all weight long before.
_UNEVEN_SCORE = 200.0


def read_words(query: object, codes: object) -> tuple[str, str]:
    """The query and the law of the codes by their names.

    >>> read_words("sume", "sphere")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: query: must be sum or dual, but it is 'sume'; did you mean 'sum'?
    """
    for name, value, known in (("query", query, QUERIES), ("codes", codes, CODES)):
        if not isinstance(value, str) or value not in known:
            found = f"it is {displayed(value)}{did_you_mean(value, known)}"
            raise InvalidArgument(name, f"must be {' or '.join(known)}", found)
    return str(query), str(codes)


def read_code_sizes(T: object, d: object, q: object, m: object) -> tuple[int, int, int, int]:
    """T, d, q and the width m of codes, as ints up to `Limits.code_size`."""
    total, dimension, chosen = whole_sizes(T, d, q)
    most = current().code_size
    for name, size in (("T", total), ("d", dimension)):
        read_integer(size, name, 1, most)
    return total, dimension, chosen, read_integer(m, "m", 1, most)


def read_score(a: object, equal: bool) -> float:
    """The score a >= 0 of selected tokens that are ``equal`` or not, up to where nothing changes any more."""
    score, most = read_real(a, "a", minimum=0.0), LARGEST_SCORE if equal else _UNEVEN_SCORE
    if score > most:
        raise InvalidArgument("a", f"must be at most {most:g}", f"it is {displayed(a)}")
    return score


def read_deceived(m: object, q: object, below: bool = False) -> tuple[int, int]:
    """The width m of codes on the sphere and the number q of selected ones, 2 <= q <= m, or 2 <= q < m where q stands ``below`` m.

    >>> read_deceived(3, 3), read_deceived(3, 3, below=True)
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: q: must be below m = 3, but it is 3
    """
    width = read_integer(m, "m", 2, current().code_size)
    chosen = read_integer(q, "q", 2)
    if chosen > width - below:
        rule = f"must be {'below' if below else 'at most'} m = {width}"
        raise InvalidArgument("q", rule, f"it is {displayed(chosen)}")
    return width, chosen


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
