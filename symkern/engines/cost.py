"""What a spectrum will take, known before it starts: one measure for all engines."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal

from symkern.combinatorics.memory import available_bytes
from symkern.errors import TooLarge
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.typeset.shown import Shown


class TooManyHours(TooLarge):
    """Refused before it starts: the estimated ``seconds`` of work exceed what is ever waited for."""

    def __init__(self, what: str, seconds: float, bytes_needed: int, bytes_available: int) -> None:
        super().__init__(what, bytes_needed, bytes_available)
        self.seconds = seconds

    def __str__(self) -> str:
        hours = self.seconds / 3600
        shown = f"{hours:,.0f}" if hours < 1e6 else f"{hours:.0e}"
        return f"{self.what} needs some {shown} hours, but at most {current().hours:g} are begun"

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.what, self.seconds, self.bytes_needed, self.bytes_available)


@dataclass(frozen=True, repr=False)
@typed
class Cost(Shown):
    """Estimated ``seconds`` of work and ``bytes`` held at once, and what they were counted from, as far as the engine knows it.

    Attributes:
        seconds: of work, estimated.
        bytes: held at once, estimated.
        degree: the Efron-Stein degree of the kernel, where engines work with polynomials.
        sectors: how many they visit.
        states: how many they list.
        tables: contingency tables, where engines work with values.
        evaluations: of the kernel on these.
        largest_block: its rows before any splitting.
        advice: what takes less.

    >>> Cost(0.5, 10**6, tables=35)
    Cost(seconds=0.5, bytes=1000000, tables=35)
    """

    seconds: float
    bytes: int
    degree: int | None = None
    sectors: int | None = None
    states: int | None = None
    tables: int | None = None
    evaluations: int | None = None
    largest_block: int | None = None
    advice: str = ""

    def __repr__(self) -> str:
        known = ((f.name, getattr(self, f.name)) for f in fields(self))
        shown = ", ".join(f"{name}={value!r}" for name, value in known if value not in (None, ""))
        return f"Cost({shown})"

    def require(self) -> None:
        """Raise `TooLarge` where the machine does not have the memory, `TooManyHours` where it would run for hours."""
        available = available_bytes()
        if self.bytes > max(available, current().small_memory):
            raise TooLarge(self._what(), self.bytes, available)
        if self.seconds > 3600 * current().hours:
            raise TooManyHours(self._what(), self.seconds, self.bytes, available)

    def _what(self) -> str:
        counts = (
            (self.sectors, "sector"),
            (self.states, "state"),
            (self.tables, "contingency table"),
        )
        parts = [f"{_amount(n)} {name}{'s' * (n != 1)}" for n, name in counts if n is not None]
        what = "a spectrum"
        if self.degree is not None:
            what += f" of degree {self.degree}"
        if parts:
            what += f" with {' and '.join(parts)}"
        return f"{what} ({self.advice})" if self.advice else what


def _amount(count: int) -> str:
    return f"{count:,}" if count < 10**7 else f"{Decimal(count):.0e}".replace("e+", "e")
