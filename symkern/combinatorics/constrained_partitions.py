r"""Partitions under conditions on their parts, their length and their diagram: listed without filtering, counted without listing.

A partition of n is built row by row. Row i lies between a lower and an upper bound, both weakly decreasing in i; the sequences
between two such bounds, with a cap on the next row, reach every size from the least to the greatest. So whether a beginning can be completed is one
comparison of sums, and no beginning is tried that cannot. Where only certain parts are allowed, the counts answer that.

Counts are coefficients of polynomials in q, kept as one integer each (q stands for a power of two), so that a product with 1/(1 - q^k)
or (1 - q^k) is some shifts and additions:

    parts in a set P                      prod over k in P of 1/(1 - q^k),
    at most b parts, all at most a        prod_(i=1..b) (1 - q^(a+i))/(1 - q^i),
    bounds l_i <= lam_i <= u_i            F_i(k) = F_i(k - 1) + [l_i <= k <= u_i, k allowed] q^k F_(i+1)(k),

F_i(k) counting the rows from i on, the first of them at most k.

Source: Andrews, *The Theory of Partitions*, chapters 1 and 3.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from operator import gt

from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.errors import InvalidType
from symkern.limits import check_time, within_time
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.reading.spelling import did_you_mean


@dataclass(frozen=True)
class Conditions:
    """What the partitions of n have to be; `read_conditions` makes it. ``parts`` are the allowed ones, None for all."""

    n: int
    max_part: int
    max_length: int
    min_part: int
    min_length: int
    parts: frozenset[int] | None
    inside: Partition | None
    containing: Partition

    @property
    def _is_plain(self) -> bool:
        """Whether no row has a bound of its own."""
        return self.inside is None and not self.containing and not self.min_length

    @cached_property
    def _lower(self) -> list[int]:
        """The bounds from below, of the rows that must be there."""
        rows = max(self.min_length, len(self.containing))
        return [max(self.containing.part(i), self.min_part) for i in range(rows)]

    @cached_property
    def _upper(self) -> list[int]:
        rows = min(self.max_length, self.n)
        if self.inside is not None:
            rows = min(rows, len(self.inside))
        highest = (self.n if self.inside is None else self.inside.part(i) for i in range(rows))
        return [
            bound
            for i, row in enumerate(highest)
            if (bound := min(row, self.max_part, self.n // (i + 1))) >= self.min_part
        ]

    def _is_allowed(self, part: int) -> bool:
        return part >= self.min_part and (self.parts is None or part in self.parts)

    # Counting

    @cached_property
    def _bits(self) -> int:
        return self._without_conditions.bit_length() + 1

    @cached_property
    def _without_conditions(self) -> int:
        from symkern.exact.partition_numbers import partition_number

        return partition_number(self.n)

    def count(self) -> int:
        """How many there are."""
        if not self.n:
            return int(not self._lower)
        require_bytes("the polynomials that count", self.n * self._bits // 8)
        with within_time("this number of partitions", "a smaller n takes less"):
            if self._is_plain:
                return self._plain_count()
            first = self._tables[0] if self._tables else [0]
            return self._coefficient(first[-1], self.n)

    def _plain_count(self) -> int:
        n, most, length = self.n, min(self.max_part, self.n), min(self.max_length, self.n)
        unbounded = self.parts is None and self.min_part == 1
        if unbounded and most == length == n:
            return self._without_conditions
        polynomial = 1
        if length == n or (unbounded and most == n):
            least = self.min_part
            top = most if length == n else length  # the conjugates have parts at most the length
            for part in range(least, top + 1):
                if self._is_allowed(part):
                    polynomial = self._divided(polynomial, part)
            return self._coefficient(polynomial, n)
        if unbounded:
            for i in range(1, min(most, length) + 1):
                polynomial = self._divided(polynomial, i)
                polynomial = self._cut(
                    polynomial - (polynomial << (max(most, length) + i) * self._bits)
                )
            return self._coefficient(polynomial, n)
        return self._coefficient(self._tables[0][-1], n) if self._tables else 0

    @cached_property
    def _tables(self) -> list[list[int]]:
        """F_i(k) for each row i, k = 0, 1, ... up to its upper bound."""
        upper, lower = self._upper, self._lower
        if len(lower) > len(upper):
            return []
        require_bytes("the counts", sum(upper) * self.n * self._bits // 8)
        tables: list[list[int]] = [[1]]  # behind the last row
        for i in range(len(upper) - 1, -1, -1):
            check_time()
            below = tables[-1]
            least = lower[i] if i < len(lower) else 0
            row = [0 if least else 1]
            for k in range(1, upper[i] + 1):
                found = row[-1]
                if k >= least and self._is_allowed(k):
                    found = self._cut(found + (below[min(k, len(below) - 1)] << k * self._bits))
                row.append(found)
            tables.append(row)
        return tables[:0:-1]

    def _divided(self, polynomial: int, k: int) -> int:
        """The product with 1/(1 - q^k) = (1 + q^k)(1 + q^2k)(1 + q^4k) ..."""
        check_time()
        while k <= self.n:
            polynomial = self._cut(polynomial + (polynomial << k * self._bits))
            k *= 2
        return polynomial

    def _cut(self, polynomial: int) -> int:
        return polynomial & ((1 << (self.n + 1) * self._bits) - 1)

    def _coefficient(self, polynomial: int, degree: int) -> int:
        return polynomial >> degree * self._bits & ((1 << self._bits) - 1)

    # Listing

    def __iter__(self) -> Iterator[Partition]:
        """All of them, reverse lexicographic, one at a time."""
        upper = self._upper
        rows: list[int] = []
        rest, part = self.n, upper[0] if upper else 0
        if len(self._lower) > len(upper) or any(map(gt, self._lower, upper)):
            return
        if not rest:
            if not self._lower:
                yield Partition()
            return
        while True:
            i = len(rows)
            part = min(part, rest)
            least = max(self._lower[i] if i < len(self._lower) else 0, self.min_part)
            while part >= least and not (
                self._is_allowed(part) and self._can_be_filled(i + 1, part, rest - part)
            ):
                part -= 1
            if part >= least:
                rows.append(part)
                rest -= part
                if rest:
                    part = min(part, upper[i + 1])
                    continue
                yield Partition.trusted(rows)
            if not rows:
                return
            part = rows.pop()
            rest += part
            part -= 1

    def _can_be_filled(self, i: int, cap: int, rest: int) -> bool:
        """Whether rows from i on, none longer than ``cap``, can hold ``rest`` cells."""
        if not rest:
            return i >= len(self._lower)
        if i >= len(self._upper):
            return False
        if self.parts is not None:
            table = self._tables[i]
            return self._coefficient(table[min(cap, len(table) - 1)], rest) > 0
        upper, sums = self._upper, self._upper_sums
        capped = max(bisect_left(upper, -cap, key=lambda bound: -bound), i)  # rows at least so long
        if (capped - i) * cap >= rest:
            rows = i - (-rest // cap)
        else:
            rows = bisect_left(sums, rest - (capped - i) * cap + sums[capped], lo=capped)
            if rows > len(upper):
                return False
        rows = max(rows, len(self._lower))
        fixed = min(len(self._lower), rows)
        needed = self._lower_sums[fixed] - self._lower_sums[min(i, fixed)]
        return needed + (rows - max(fixed, i)) * self.min_part <= rest

    @cached_property
    def _upper_sums(self) -> list[int]:
        return list(accumulate(self._upper, initial=0))

    @cached_property
    def _lower_sums(self) -> list[int]:
        return list(accumulate(self._lower, initial=0))


def refuse_others(others: Mapping[str, object]) -> None:
    """`InvalidType` for a condition that there is not, with the nearest that there is.

    >>> refuse_others({"max_parts": 3})
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidType: max_parts: must be one of max_part, max_length, min_part, min_length, parts, inside, containing; did you mean 'max_part'?, but it is 3 of type int
    """
    known = [name for name in read_conditions.__annotations__ if name not in ("n", "return")]
    for name, value in others.items():
        rule = f"must be one of {', '.join(known)}{did_you_mean(name, known)}"
        raise InvalidType(name, rule, value)


def read_conditions(
    n: int,
    max_part: int | None = None,
    max_length: int | None = None,
    min_part: int | None = None,
    min_length: int | None = None,
    parts: Sequence[int] | None = None,
    inside: PartitionLike | None = None,
    containing: PartitionLike | None = None,
) -> Conditions:
    """The conditions as a user gives them, None for none.

    >>> conditions = read_conditions(8, parts=(5, 3, 1), containing=(3, 1))
    >>> conditions.count(), [str(lam) for lam in conditions]
    (4, ['5,3', '5,1,1,1', '3,3,1,1', '3,1,1,1,1,1'])
    """
    size = read_integer(n, "n")

    def bound(value: int | None, name: str, least: int, default: int) -> int:
        return default if value is None else min(read_integer(value, name, minimum=least), size + 1)

    allowed = None
    if parts is not None:
        listed = read_list(parts, "parts", "integers")
        allowed = frozenset(read_integer(part, "parts", minimum=1) for part in listed)
    return Conditions(
        size,
        bound(max_part, "max_part", 0, size),
        bound(max_length, "max_length", 0, size),
        bound(min_part, "min_part", 1, 1),
        bound(min_length, "min_length", 0, 0),
        allowed,
        None if inside is None else Partition.read(inside, "inside"),
        Partition() if containing is None else Partition.read(containing, "containing"),
    )
