r"""Functions on the cube written as formulas, read by a grammar of their own and never evaluated as code.

Positions count from 1 as in mathematics; an input is x1, ..., xn with entries +1 and -1. The atoms are

| atom | value |
|---|---|
| ``x3``, ``xn`` | the entry at position 3, at the last position |
| ``first``, ``last`` | the entry at the first, at the last position |
| ``n`` | the number of positions; it may also be called ``L`` |
| ``sum``, ``mean``, ``parity`` | x1 + ... + xn, the same over n, x1 ... xn |
| ``majority`` | +1 where sum > 0, else -1 |
| ``ones`` | how many entries are +1 |
| ``[sum > 2]``, ``[x1=x2]`` | 1 where the relation holds, else 0; relations = != < <= > >= |
| ``sign(a)``, ``abs(a)`` | -1, 0 or 1; the absolute value |
| ``min(a, b, ...)``, ``max(a, b, ...)`` | the least, the largest: or and and of signs, -1 being true |

and formulas are built from them by the rules of `symkern.reading.expressions`, with whole numbers as exponents.
A divisor holds no x. A formula is computed on many inputs at once, in int64 where a bound of its values,
derived on the way, proves that nothing wraps, and on Python ints elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import lcm
from typing import Any

import numpy as np

from symkern.bounds.sensitivity.cube import Array, CubeValues, column_chunks
from symkern.combinatorics.memory import require_bytes
from symkern.errors import InvalidArgument
from symkern.exact.sparse_residues import INT64
from symkern.limits import current
from symkern.reading.expressions import RELATIONS, ExpressionReader, Node
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.typeset.shown import Shown

_POSITION = re.compile(r"x(0|[1-9][0-9]{0,5}|[nL])\Z")
_NAMES = ("n", "sum", "mean", "parity", "majority", "ones")
_CALLS = {"sign": 1, "abs": 1, "min": None, "max": None}
#: The position that ``xn`` reads; all others count from 1.
_LAST = 0


@dataclass(frozen=True)
class CubeFormula(Shown):
    """A function of signs read from ``text``.

    >>> f = CubeFormula("x1*x2 + [sum > 0]/2")
    >>> f((1, -1, 1)), f((-1, -1, 1))
    (Fraction(-1, 2), Fraction(1, 1))
    >>> CubeFormula("x0")
    Traceback (most recent call last):
    ...
    symkern.errors.FormulaError: f: positions count from 1, but 'x0' stands at position 0 of 'x0'
    """

    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "_tree", _Reader(self.text, "f").read())

    @property
    def tree(self) -> Node:
        """The formula as nested tuples."""
        tree: Node = self.__dict__["_tree"]
        return tree

    @property
    def last_position(self) -> int:
        """The highest position that it names, 0 for none."""
        return max((node[1] for node in self.tree.walk() if node[0] == "position"), default=0)

    @property
    def factors(self) -> tuple[int, ...] | None:
        """The positions of a product of distinct entries, in the order of the text; None for any other formula.

        >>> CubeFormula("x3*(x1*x2)").factors, CubeFormula("x1*x1").factors, CubeFormula("2*x1").factors
        ((3, 1, 2), None, None)
        """
        found = _factors(self.tree)
        return found if found and _LAST not in found and len(set(found)) == len(found) else None

    def __call__(self, x: Any) -> Fraction:
        """The value at one input, exact."""
        listed = [
            read_integer(e, f"x[{i}]", -1, 1) for i, e in enumerate(read_list(x, "x", "signs"))
        ]
        signs = np.array(listed, dtype=np.int64).reshape(-1, 1)
        found = self._on(signs)
        return Fraction(int(found.numbers[0]), found.denominator)

    def values(self, n: int) -> CubeValues:
        """All 2^n values.

        Args:
            n: the number of signs.

        Raises:
            TooLarge: 2^n values do not fit in memory.
        """
        n = read_integer(n, "n", maximum=current().listed_positions)
        require_bytes(f"a function of {n} signs", 48 << n)
        parts = [self._on(x) for x in column_chunks(n)]
        common = lcm(*(p.denominator for p in parts))
        numerators = np.concatenate([p.over(common).numbers for p in parts])
        return CubeValues(n, numerators, common)

    def _on(self, x: Array) -> _Numbers:
        if self.last_position > len(x):
            rule = f"may name positions 1 to {len(x)}"
            raise InvalidArgument("f", rule, f"it names {self.last_position}")
        return _evaluated(self.tree, x)

    def __reduce__(self) -> tuple[type[CubeFormula], tuple[str]]:
        return CubeFormula, (self.text,)  # the tree of a long product is too deep to be copied

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class _Numbers:
    """numbers/denominator, one per input; |numbers| <= bound."""

    numbers: Array
    bound: int
    denominator: int = 1

    def over(self, common: int) -> _Numbers:
        factor = common // self.denominator
        if factor == 1:
            return self
        bound = self.bound * factor
        return _Numbers(_wide(self.numbers, max(bound, factor)) * factor, bound, common)


def _within(bound: int, denominator: int = 1) -> None:
    """Refuse numbers that would outgrow memory or patience, before they are computed."""
    bits, most = max(bound.bit_length(), denominator.bit_length()), current().sign_bits
    if bits > most:
        rule = f"may hold numbers of at most {most} bits"
        raise InvalidArgument("f", rule, f"it holds one of {bits}")


def _wide(numbers: Array, bound: int) -> Array:
    """Python ints where int64 cannot hold numbers up to ``bound``."""
    return numbers if bound <= INT64 else numbers.astype(object)


def _constant(value: Fraction, x: Array) -> _Numbers:
    bound = abs(value.numerator)
    kind: Any = np.int64 if bound <= INT64 else object
    return _Numbers(np.full(x.shape[1], value.numerator, dtype=kind), bound, value.denominator)


def _evaluated(node: Node, x: Array) -> _Numbers:
    kind = node[0]
    if kind == "number":
        return _constant(node[1], x)
    if kind == "position":
        return _Numbers(x[node[1] - 1], 1)
    if kind == "name":
        return _named(node[1], x)
    if kind in ("product", "quotient"):
        return _multiplied(node, x)
    if kind == "power":
        base = _evaluated(node[1], x)
        bound = base.bound ** node[2]
        _within(bound, base.denominator ** node[2])
        return _Numbers(_wide(base.numbers, bound) ** node[2], bound, base.denominator ** node[2])
    parts = [_evaluated(child, x) for child in node[1:] if isinstance(child, Node)]
    if kind == "sign":
        return _Numbers(_sign(parts[0].numbers), 1)
    if kind in ("negative", "abs"):
        changed = -parts[0].numbers if kind == "negative" else abs(parts[0].numbers)
        return _Numbers(changed, parts[0].bound, parts[0].denominator)
    common = lcm(*(p.denominator for p in parts))
    parts = [p.over(common) for p in parts]
    if kind == "bracket":
        holds = RELATIONS[node[1]](parts[0].numbers, parts[1].numbers)
        return _Numbers(holds.astype(np.int64), 1)
    if kind == "sum":
        bound = sum(p.bound for p in parts)
        _within(bound)
        first, *others = (_wide(p.numbers, bound) for p in parts)
        return _Numbers(sum(others, start=first), bound, common)
    found = reduce(np.minimum if kind == "min" else np.maximum, (p.numbers for p in parts))
    return _Numbers(found, max(p.bound for p in parts), common)


def _multiplied(node: Node, x: Array) -> _Numbers:
    """Products and quotients, which nest to the left as deep as they are long."""
    factors = []
    while node[0] in ("product", "quotient"):
        factors.append((node[0], node[2]))
        node = node[1]
    found = _evaluated(node, x)
    for kind, factor in reversed(factors):
        other = _inverse(factor, x) if kind == "quotient" else _evaluated(factor, x)
        bound = found.bound * other.bound
        _within(bound, found.denominator * other.denominator)
        # One factor may be zero everywhere and the other beyond int64.
        numbers = _wide(found.numbers, max(bound, found.bound, other.bound)) * other.numbers
        found = _Numbers(numbers, bound, found.denominator * other.denominator)
    return found


def _sign(numbers: Array) -> Array:
    positive: Array = (numbers > 0).astype(np.int64)
    return positive - (numbers < 0).astype(np.int64)


def _named(name: str, x: Array) -> _Numbers:
    n = len(x)
    if name == "n":
        return _constant(Fraction(n), x)
    if name == "parity":
        return _Numbers(x.prod(axis=0), 1)
    total = x.sum(axis=0)
    if name == "majority":
        return _Numbers(2 * (total > 0).astype(np.int64) - 1, 1)
    if name == "ones":
        return _Numbers((total + n) // 2, n)
    return _Numbers(total, n, 1 if name == "sum" else n)


def _inverse(node: Node, x: Array) -> _Numbers:
    """One over the value of a formula without x."""
    found = _evaluated(node, np.ones((len(x), 1), dtype=np.int64))
    if not found.numbers[0]:
        raise InvalidArgument("f", "must not divide by zero", "a divisor is 0")
    return _constant(Fraction(found.denominator, int(found.numbers[0])), x)


def _factors(node: Node) -> tuple[int, ...] | None:
    """The positions whose entries are multiplied, where nothing else happens."""
    found, waiting = [], [node]
    while waiting:
        kind, *parts = waiting.pop()
        if kind == "position":
            found.append(parts[0])
        elif kind == "product":
            waiting += reversed(parts)
        else:
            return None
    return tuple(found)


def _depends(node: Node) -> bool:
    """Whether an x stands in it."""
    return any(
        part[0] == "position" or (part[0] == "name" and part[1] != "n") for part in node.walk()
    )


class _Reader(ExpressionReader):
    """Functions of signs."""

    def product(self, factors: list[tuple[str, Node, int]]) -> Node:
        for operator, factor, position in factors:
            if operator == "/" and _depends(factor):
                raise self.error("a divisor must hold no x", "one does", position)
        return super().product(factors)

    def named(self, name: str, position: int) -> Node:
        if name in _CALLS:
            arguments = self.arguments()
            if _CALLS[name] is not None and len(arguments) != _CALLS[name]:
                raise self.error(f"{name} takes one argument", f"{len(arguments)} stand", position)
            return Node.at(position, name, *arguments)
        if name in _NAMES or name == "L":
            return Node.at(position, "name", "n" if name == "L" else name)
        if name in ("first", "last"):
            return Node.at(position, "position", 1 if name == "first" else _LAST)
        if name == "threshold":
            return _Reader(f"2*[ones >= {self.argument()}] - 1", "f").read()
        match = _POSITION.match(name)
        if match is None:
            raise self.error(
                f"a name must be one of x1, x2, ..., xn, first, last, threshold, {', '.join((*_NAMES, *_CALLS))}; tokens s1, n0, copy(1) stand in targets alone",
                f"{name!r} stands",
                position,
            )
        if match[1] == "0":
            raise self.error("positions count from 1", f"{name!r} stands", position)
        return Node.at(position, "position", _LAST if match[1] in "nL" else int(match[1]))
