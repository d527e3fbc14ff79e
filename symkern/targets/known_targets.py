"""Targets that theorists ask about, as functions of a sequence of letters 0, 1, ..., v - 1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from symkern.errors import InvalidArgument, InvalidType, displayed
from symkern.reading.integers import is_integer, read_integer
from symkern.reading.sequences import read_list

Target = Callable[[Sequence[int]], Any]


def _written(target: Target, formula: str) -> Target:
    """The target, with the formula that `symkern.targets.formula_targets` reads as the same one."""
    target.formula = formula  # type: ignore[attr-defined]
    return target


def token_at(position: int, token: int = 1) -> Target:
    """[x_position = token], positions from 0: one position alone.

    Args:
        position: counted from 0; a shorter sequence raises `InvalidArgument` when the target is called.
        token: a letter, counted from 0.

    >>> from symkern.kernels import uniform
    >>> from symkern.targets import energy
    >>> e = energy(token_at(2), length=4, tokens=uniform(2))
    >>> [(str(mu), d, share) for (mu, d), share in ((k, e.share(*k)) for k, _ in e.items())]
    [('[]', 0, 1/2), ('[]', 1, 1/8), ('1', 1, 3/8)]
    """
    a = read_integer(position, "position")
    t = read_integer(token, "token")
    return _written(lambda x: int(_letter(x, a) == t), f"[x{displayed(a + 1)}={displayed(t)}]")


def count(token: int = 1) -> Target:
    """The number of times that a token occurs: invariant, degree at most 1.

    Args:
        token: a letter, counted from 0.
    """
    t = read_integer(token, "token")
    return _written(lambda x: _letters(x).count(t), f"n{displayed(t)}")


def parity(x: Sequence[int]) -> int:
    """(-1)^(sum of the letters): invariant, and of the highest degree for two uniform letters.

    Args:
        x: letters from 0.
    """
    return -1 if sum(_letters(x)) % 2 else 1


def majority(x: Sequence[int]) -> int:
    """The sign of #1 - #0, 0 where they are equal: invariant, of every odd degree.

    Args:
        x: letters from 0.
    """
    letters = _letters(x)
    lead = letters.count(1) - letters.count(0)
    return (lead > 0) - (lead < 0)


def bigram(first: int = 0, second: int = 1) -> Target:
    """The number of places where ``second`` follows ``first``: asymmetric in two positions.

    Args:
        first: a letter, counted from 0.
        second: a letter, counted from 0.
    """
    pair = read_integer(first, "first"), read_integer(second, "second")

    def counted(x: Sequence[int]) -> int:
        return sum(1 for found in pairwise(_letters(x)) if found == pair)

    return _written(counted, f"bigram({','.join(map(displayed, pair))})")


def copying(position: int, letters: int) -> Target:
    """The token at a position as a one-hot vector: the target of a copying task.

    Args:
        position: counted from 0; a shorter sequence raises `InvalidArgument` when the target is called.
        letters: how many there are, the length of the vector.
    """
    a = read_integer(position, "position")
    v = read_integer(letters, "letters", minimum=1)
    return lambda x: tuple(int(_letter(x, a) == t) for t in range(v))


def _letters(x: Sequence[int]) -> Sequence[int]:
    """The sequence, as a tuple where it is not one of Python's; letters are integers."""
    letters = x if isinstance(x, (tuple, list)) else read_list(x, "x", "letters")
    if not all(map(is_integer, letters)):
        raise InvalidType("x", "must be a list of letters 0, 1, ...", x)
    return letters


def _letter(x: Sequence[int], position: int) -> int:
    if position >= len(x):
        raise InvalidArgument(
            "position", f"must be below the length {len(x)}", f"it is {displayed(position)}"
        )
    return x[position]


parity.formula = "parity"  # type: ignore[attr-defined]
majority.formula = "majority"  # type: ignore[attr-defined]
