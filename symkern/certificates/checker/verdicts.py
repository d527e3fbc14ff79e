"""What is said of a certificate, and the budget of operations within which it is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

FORMAT = 1
Number = Callable[[Any], Any]  # makes a fraction, an interval or a residue of a number
Values = Mapping[str, Any]
Matrix = list[list[Any]]
Step = Callable[[str], object]
Row = tuple[str, str]  # "tested" or "not tested", and what


class CannotCheck(Exception):
    """The claim is outside what this program can decide within its budget."""


class Unreadable(CannotCheck):
    """The certificate cannot be read."""


class Pole(Exception):
    """A formula divides by zero at this point."""


@dataclass(frozen=True)
class Report:
    """What came of one certificate: ``verdict`` ("confirmed", "refuted" or "not checkable"), the lines that tell why, and a table of what was tested and what not.

    ``width``: up to what, where numbers are enclosed in intervals. ``status``: 0 confirmed, 1 refuted or not checkable within the budget, 2 not readable.
    """

    verdict: str
    title: str
    lines: tuple[str, ...]
    table: tuple[Row, ...] = ()
    status: int = 1
    width: str = ""

    def __str__(self) -> str:
        lines = wrap(self.title, 76) or [""]
        for line in self.lines:
            lines += wrap(line, 76, initial_indent="  ", subsequent_indent="    ")
        for kind, what in self.table:
            lines += wrap(what, 76, initial_indent=f"  {kind:<12}", subsequent_indent=" " * 14)
        upto = f" up to {self.width}" if self.width else ""
        return "\n".join([*lines, f"  {self.verdict}{upto}"])

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        for i, line in enumerate(str(self).splitlines()):
            if i:
                printer.break_()
            printer.text(line)


class Refuted(Exception):
    """Both sides at the first place where they differ."""

    def __init__(self, where: str, *lines: str) -> None:
        self.lines = (f"differs at {where}", *lines)


#: Operations on numbers of a few words for one certificate: some seconds.
OPERATIONS = 14_000_000
#: Binary digits of a number.
LONGEST = 100_000


def said(value: Any) -> str:
    """What stands there, in a few words."""
    if type(value) is str:
        return repr(value if len(value) <= 60 else f"{value[:57]}...")
    if value is None or type(value) in (bool, int):
        return str(value)[:60]
    return f"a list of {len(value)}" if type(value) is list else "an object"


#: Signs of square roots modulo a prime, where none is the positive one.
root_signs: ContextVar[Mapping[str, int]] = ContextVar("_signs")
operations_left: ContextVar[list[int]] = ContextVar("_left")


def spend(operations: int) -> None:
    """Count operations before they are made; beyond the budget there is no answer."""
    left = operations_left.get(None)
    if left is not None:
        left[0] -= operations
        if left[0] < 0:
            raise CannotCheck("not checkable within the budget of operations")


class NoRoot(Exception):
    """No square root at this point: another point is taken."""


class NoPolynomial(Exception):
    """The kernel is no polynomial in match counts."""
