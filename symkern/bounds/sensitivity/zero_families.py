r"""K_0(n), the number of inputs on which no single flip changes the value, of named families on n bits, in closed form.

| name | value 1 where | K_0(n) |
|---|---|---|
| ``parity``, ``first``, ``index`` | the sum is odd; the first bit is 1; the addressed bit is 1 | 0 |
| ``majority`` | more than n/2 ones | 2^n - C(n+1, floor(n/2) + 1) |
| ``threshold(k)`` | at least k ones, 1 <= k <= n | 2^n - C(n+1, k) |
| ``and``, ``or`` | all bits are 1; one is | 2^n - n - 1 |
| ``exactly(k)`` | k ones | 2^n - C(n, k-1) - C(n, k) - C(n, k+1) |
| ``divisible(3)`` | the number of ones is divisible by 3 | [n = 2 mod 3] |
| ``palindrome`` | it reads the same from behind | 2^n - (floor(n/2) + 1) 2^ceil(n/2) |
| ``repetition`` | it is w w | 2^n - (n/2 + 1) 2^(n/2), n even; 2^n, n odd |
| ``dyck`` | brackets 1 and 0 match | 2^n - C_k - 2 (C(n, k+1) - C(n, k+2)), n = 2 k, C_k Catalan's number; 2^n, n odd |

A symmetric function with the values f(0), ..., f(n) has the sum of C(n, j) over the j at which f(j) is the value of its neighbours f(j-1), f(j+1), where they exist.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb

from symkern.bounds.sensitivity.zero_growth import ZeroGrowth
from symkern.errors import InvalidArgument
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.reading.spelling import did_you_mean
from symkern.typeset.shown import Shown


@dataclass(frozen=True)
@typed
class ZeroFamily(Shown):
    """A family by its name: how many inputs of zero sensitivity each member has.

    >>> zero_family("majority").zero_inputs(5), zero_family("majority").growth
    (12, ZeroGrowth(kind='exponential', power=0))
    """

    name: str
    k: int | None = None

    def zero_inputs(self, n: int) -> int:
        """K_0(n).

        Args:
            n: the number of signs, a positive integer.
        """
        size = read_integer(n, "n", 1, current().subset_positions)
        counts, _ = _TABLE[self.name]
        return counts(size, self.k or 0)

    @property
    def growth(self) -> ZeroGrowth:
        """How it grows."""
        return _TABLE[self.name][1]

    def __repr__(self) -> str:
        shown = self.name if self.k is None else f"{self.name}({self.k})"
        return f"zero_family({shown!r})"


def _dyck(n: int, k: int) -> int:
    if n % 2:
        return int(2**n)
    h = n // 2
    return int(2**n) - comb(n, h) // (h + 1) - 2 * (comb(n, h + 1) - comb(n, h + 2))


def _threshold(n: int, k: int) -> int:
    return int(2**n) - (comb(n + 1, k) if 1 <= k <= n else 0)


def _exactly(n: int, k: int) -> int:
    return (
        int(2**n) - (comb(n, k - 1) if k else 0) - comb(n, k) - comb(n, k + 1)
        if k <= n
        else int(2**n)
    )


_NOTHING, _MANY = ZeroGrowth("zero"), ZeroGrowth("exponential")
_TABLE: dict[str, tuple[Callable[[int, int], int], ZeroGrowth]] = {
    "parity": (lambda n, k: 0, _NOTHING),
    "first": (lambda n, k: 0, _NOTHING),
    "index": (lambda n, k: 0, _NOTHING),
    "majority": (lambda n, k: _threshold(n, n // 2 + 1), _MANY),
    "threshold": (_threshold, _MANY),
    "and": (lambda n, k: 2**n - n - 1, _MANY),
    "or": (lambda n, k: 2**n - n - 1, _MANY),
    "exactly": (_exactly, _MANY),
    "divisible": (lambda n, k: int(n % 3 == 2), ZeroGrowth("polynomial", 0)),
    "palindrome": (lambda n, k: 2**n - (n // 2 + 1) * 2 ** ((n + 1) // 2), _MANY),
    "repetition": (lambda n, k: 2**n if n % 2 else 2**n - (n // 2 + 1) * 2 ** (n // 2), _MANY),
    "dyck": (_dyck, _MANY),
}


@typed
def zero_family(name: str) -> ZeroFamily:
    """A family of the table by its name, "majority", "threshold(2)", "exactly(3)".

    Args:
        name: the name, with its number in parentheses where it has one.

    Raises:
        InvalidArgument: another name; the message has a near one.

    >>> zero_family("threshold(2)").zero_inputs(4)
    6
    >>> zero_family("palindrom")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: name: must be one of ..., but it is 'palindrom'; did you mean 'palindrome'?
    """
    word, bracket, rest = name.strip().partition("(")
    digits = rest.removesuffix(")")
    asked = word in ("threshold", "exactly", "divisible")
    if word not in _TABLE or asked != bool(bracket) or (bracket and not (digits.isascii() and digits.isdigit() and len(digits) < 10)):  # fmt: skip
        known = [f"{e}(k)" if e in ("threshold", "exactly") else "divisible(3)" if e == "divisible" else e for e in _TABLE]  # fmt: skip
        found = f"it is {name!r}{did_you_mean(word, _TABLE) if word not in _TABLE else ''}"
        raise InvalidArgument("name", f"must be one of {', '.join(known)}", found)
    if word == "divisible":
        if int(digits) != 3:
            raise InvalidArgument(
                "name", "must be divisible(3): other moduli are automata", f"it is {name!r}"
            )
        return ZeroFamily("divisible", 3)
    return ZeroFamily(word, int(digits) if asked else None)


@typed
def symmetric_zero_inputs(values: Sequence[object]) -> int:
    """K_0 of the function of the number of ones with the values f(0), ..., f(n).

    Args:
        values: at least two, compared by equality.

    Raises:
        InvalidArgument: fewer than two values.

    >>> symmetric_zero_inputs([0, 0, 1, 1, 1])
    6
    """
    listed = read_list(values, "values", "values f(0), ..., f(n)")
    if len(listed) < 2:
        raise InvalidArgument(
            "values", "must be f(0), ..., f(n) with n at least 1", f"there are {len(listed)}"
        )
    n = len(listed) - 1
    return sum(
        comb(n, j)
        for j in range(n + 1)
        if all(listed[i] == listed[j] for i in (j - 1, j + 1) if 0 <= i <= n)
    )
