"""The sectors that a spectrum is claimed to have: labels, dimension, eigenvalues or block."""

from __future__ import annotations

from itertools import dropwhile
from typing import Any

from .claimed_formulas import Formula, shortened
from .claimed_laws import read_fraction, read_list, require_fields
from .intervals import Interval
from .labels import read_label
from .verdicts import Number, Unreadable, Values, spend


class Sector:
    """One sector's claim: the labels, the dimension, and the block or its characteristic polynomial."""

    def __init__(self, claim: Any) -> None:
        require_fields(
            claim, "a sector", "position_irrep", "token_irrep", "dimension",
            optional=("block", "characteristic_polynomial"),
        )  # fmt: skip
        self.position = read_label(claim["position_irrep"])
        token = claim["token_irrep"]
        self.token = None if token is None else read_label(token)
        self.dimension = Formula(claim["dimension"])
        if ("block" in claim) == ("characteristic_polynomial" in claim):
            raise Unreadable("a sector has either a block or a characteristic polynomial")
        self.polynomial: list[Formula] = []
        self.block: Any = None
        if "block" in claim:
            rows = read_list(claim["block"], "a block")
            if any(len(read_list(row, "a row")) != len(rows) for row in rows) or len(rows) > 200:
                raise Unreadable("a block that is not square, or of more than 200 rows")
            self.block = [[read_entry(e) for e in row] for row in rows]
            self.size = len(self.block)
            entries = [e for row in self.block for e in row]
        else:
            coefficients = read_list(
                claim["characteristic_polynomial"], "a characteristic polynomial"
            )
            if len(coefficients) > 200:
                raise Unreadable("a characteristic polynomial of degree above 200")
            entries = self.polynomial = [Formula(c) for c in coefficients]
            self.size = len(self.polynomial)
        self.formulas = [self.dimension, *(e for e in entries if isinstance(e, Formula))]
        self.enclosed = any(isinstance(e, Interval) for e in entries)

    def __str__(self) -> str:
        return sector_name(self.position, self.token)

    def claimed(self, values: Values, number: Number) -> list[Any]:
        """The block or the coefficients at a point."""
        if self.block is None:
            return [c.at(values, number) for c in self.polynomial]
        return [
            [e.at(values, number) if isinstance(e, Formula) else e for e in row]
            for row in self.block
        ]

    def distinct(self, claimed: Any) -> int:
        """A bound on the number of distinct nonzero eigenvalues."""
        if self.block is not None:
            return self.size
        return len(list(dropwhile(lambda c: not isinstance(c, Interval) and not c, claimed)))

    def power_sums(self, claimed: Any, powers: int) -> list[Any]:
        """Sums of powers of the eigenvalues: Newton's identities, or traces of powers of the block."""
        if self.block is None:
            sums: list[Any] = []
            m = self.size
            spend(powers * m)
            for j in range(1, powers + 1):
                total = -j * claimed[m - j] if j <= m else 0
                for i in range(1, min(m, j - 1) + 1):
                    total = total - claimed[m - i] * sums[j - i - 1]
                sums.append(shortened(total) if total else total)
            return sums
        power, sums = claimed, []
        spend(powers * self.size**3 * (4 if self.enclosed else 1))
        for _ in range(powers):
            sums.append(sum(power[i][i] for i in range(self.size)))
            power = [
                [
                    shortened(sum((a * b for a, b in zip(row, column)), 0 * row[0]))
                    for column in zip(*claimed)
                ]
                for row in power
            ]
        return sums


def sector_name(position: tuple[int, ...], token: tuple[int, ...] | None) -> str:
    """How a sector is called in a report."""
    return f"{list(position)}" + ("" if token is None else f" x {list(token)}")


def read_entry(claim: Any) -> Any:
    """An entry of a block: a formula, or an interval of two numbers."""
    if type(claim) is list:
        if len(claim) != 2:
            raise Unreadable("an interval has two ends")
        low, high = map(read_fraction, claim)
        if low > high:
            raise Unreadable("an interval whose ends are exchanged")
        if low == high:
            return Formula(claim[0])
        return Interval(Interval.of(low).lo, Interval.of(high).hi)
    return Formula(claim)
