"""Names of irreps and conjugacy classes: partitions in text and in LaTeX.

A partition prints as its parts, ``3,2,1``; the empty one as ``[]``. A stable irrep is known by mu, the
partition below the first row, and prints with the row that pads it: mu = (2, 1) in S_L is
``(L-3,2,1)``, the trivial irrep ``(L)``. Cycle types shorten repeats to exponents, ``3,1^3``, as
James and Kerber write them.

Whatever iterates over its parts is a partition here; the parts are taken as they come.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import sympy as sp

from symkern.errors import BelowThreshold, InvalidType, displayed
from symkern.reading.sequences import require_short
from symkern.typeset.layout import expression
from symkern.typeset.plain import formula_text
from symkern.typeset.tex import formula_latex


def parts_of(partition: Iterable[int], argument: str = "partition") -> tuple[int, ...]:
    """The parts as Python integers.

    >>> parts_of([3, 1])
    (3, 1)
    >>> parts_of("3,1")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidType: partition: must be a sequence of integers, but it is '3,1' of type str
    """
    require_short(partition, argument, "parts")
    try:
        parts = list(partition)
        if any(isinstance(p, bool | str) for p in parts):
            raise TypeError
        return tuple(p.__index__() for p in parts)
    except (TypeError, AttributeError):
        raise InvalidType(argument, "must be a sequence of integers", partition) from None


def partition_text(partition: Iterable[int]) -> str:
    """``3,2,1``, and ``[]`` for the empty partition: what symkern reads as a partition.

    Args:
        partition: its parts.

    >>> partition_text((3, 2, 1)), partition_text(())
    ('3,2,1', '[]')
    """
    return ",".join(map(str, parts_of(partition))) or "[]"


def label_text(mu: Iterable[int] | None) -> str | None:
    """`partition_text` of a label; None where a law has no such symmetry.

    >>> label_text((2, 1)), label_text(None)
    ('2,1', None)
    """
    return None if mu is None else partition_text(mu)


def partition_latex(partition: Iterable[int]) -> str:
    r"""``(3,2,1)``, and ``\varnothing`` for the empty partition.

    Args:
        partition: its parts.

    >>> print(partition_latex((3, 2, 1)), partition_latex(()))
    (3,2,1) \varnothing
    """
    parts = parts_of(partition)
    return f"({','.join(map(str, parts))})" if parts else r"\varnothing"


def irrep_text(mu: Iterable[int], size: object = "L") -> str:
    """The irrep that mu labels in the symmetric group of the given size.

    Args:
        mu: the partition below the first row.
        size: an integer, a SymPy expression or the name of a symbol.

    >>> irrep_text((2, 1)), irrep_text(()), irrep_text((1,), "v"), irrep_text((2, 1), 10)
    ('(L-3,2,1)', '(L)', '(v-1,1)', '(7,2,1)')
    """
    first, parts = _padding(mu, size)
    return f"({','.join([formula_text(first).replace(' ', ''), *map(str, parts)])})"


def irrep_latex(mu: Iterable[int], size: object = "L") -> str:
    """`irrep_text` for math mode.

    Args:
        mu: the partition below the first row.
        size: an integer, a SymPy expression or the name of a symbol.

    >>> from symkern.abc import L
    >>> print(irrep_latex((2, 1), L - 1))
    (L-4,2,1)
    """
    first, parts = _padding(mu, size)
    return f"({','.join([formula_latex(first).replace(' - ', '-'), *map(str, parts)])})"


def irreps_text(
    mu: Iterable[int] | None, kappa: Iterable[int] | None, sizes: tuple[object, object] = ("L", "v")
) -> str:
    """The irreps of positions and tokens of one row, as its table prints them; one that is None is left out.

    Args:
        mu: the partition of the positions below the first row.
        kappa: the same of the tokens.
        sizes: how many positions and tokens, as `irrep_text` takes each.

    >>> irreps_text((1,), (1,)), irreps_text((1,), (1,), (8, 2)), irreps_text((), None)
    ('(L-1,1) x (v-1,1)', '(7,1) x (1,1)', '(L)')
    """
    pairs = zip((mu, kappa), sizes, strict=True)
    return " x ".join(irrep_text(label, size) for label, size in pairs if label is not None)


def cycle_type_text(partition: Iterable[int]) -> str:
    """The partition with exponents for repeated parts, as conjugacy classes are written.

    Args:
        partition: its parts.

    >>> cycle_type_text((3, 2, 2, 1, 1, 1)), cycle_type_text(())
    ('3,2^2,1^3', '[]')
    """
    return ",".join(p if k == 1 else f"{p}^{k}" for p, k in _runs(partition)) or "[]"


def cycle_type_latex(partition: Iterable[int]) -> str:
    r"""`cycle_type_text` for math mode.

    Args:
        partition: its parts.

    >>> print(cycle_type_latex((2, 1, 1)))
    2\,1^{2}
    """
    pieces = [p if k == 1 else f"{p}^{{{k}}}" for p, k in _runs(partition)]
    return r"\,".join(pieces) or r"\varnothing"


def _runs(partition: Iterable[int]) -> list[tuple[str, int]]:
    return [(str(part), len(list(run))) for part, run in groupby(parts_of(partition))]


def _padding(mu: Iterable[int], size: object) -> tuple[sp.Expr, tuple[int, ...]]:
    parts = parts_of(mu, "mu")
    total = sp.Symbol(size) if isinstance(size, str) else expression(size, "size")
    first = total - sum(parts)
    least = sum(parts) + max(parts, default=0)
    if first.is_Integer and total < least:
        raise BelowThreshold(
            "size",
            f"must be at least |mu| + mu_1 = {displayed(least)}",
            f"it is {displayed(total)}",
        )
    return first, parts
