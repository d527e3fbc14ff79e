"""Two sides beside each other: whether they agree, and how they are shown where they differ."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .claimed_formulas import Formula
from .intervals import ONE, Interval, bits_of
from .verdicts import CannotCheck, Number, Pole, Refuted, Values


def value_at(entry: Any, at: Values, number: Number, where: str) -> Any:
    """An entry at a point; where it divides by zero, the claim is refuted there."""
    try:
        return entry.at(at, number) if isinstance(entry, Formula) else entry
    except Pole:
        raise Refuted(where, "a formula of the claim divides by zero") from None


def compare(
    left: Any, right: Any, where: str, unit: Fraction, what: str, of: str = "that of the kernel"
) -> Fraction:
    """Refuse a difference; of intervals that overlap the width that could not be told apart, as a part of ``unit``."""
    enclosed = isinstance(left, Interval) or isinstance(right, Interval)
    if enclosed:
        left, right = Interval.of(left), Interval.of(right)
    if (left.hi < right.lo or right.hi < left.lo) if enclosed else left != right:
        raise Refuted(where, f"claimed  {shown(left)} = {what}", f"found    {shown(right)} = {of}")
    if not enclosed:
        return Fraction(0)
    width = Fraction(max(left.hi, right.hi) - min(left.lo, right.lo), ONE) / (unit or 1)
    if width > Fraction(1, 10**25):
        raise CannotCheck(f"the intervals of the {what} are too wide to decide")
    return width


def shown(value: Any) -> str:
    """A number as a report writes it."""
    if isinstance(value, Interval):
        low, high = value.ends
        return f"[{as_decimal(low)}, {as_decimal(high)}]"
    if isinstance(value, int) and abs(value) < 10**30:
        return str(value)
    value = Fraction(value)
    if bits_of(value) < 100:
        return str(value)
    return f"{as_decimal(value)}..."


def as_decimal(value: Fraction) -> str:
    """Seventeen digits, also where the number is beyond every float."""
    try:
        return f"{float(value):.17g}"
    except OverflowError:
        return f"about 10^{int(value).bit_length() * 30103 // 100000}"


def power_of_ten(width: Fraction) -> str:
    """The least power of ten that is not below a width."""
    return f"1e-{next((n for n in range(70) if width >= Fraction(1, 10 ** (n + 1))), 70)}"


def place(values: Values) -> str:
    """A point in words: L = 3, v = 2."""
    return ", ".join(f"{name} = {value}" for name, value in values.items()) or "its one size"


def require_equal(claimed: Any, found: Any, where: str, what: str) -> None:
    """Refute the claim where two values differ."""
    if claimed != found:
        raise Refuted(
            where,
            f"claimed  {shown(claimed)} = {what}",
            f"found    {'none' if found is None else shown(found)}",
        )


def claimed_value(formula: Formula, values: Values, where: str) -> Any:
    """What the formula of the claim says there; where it says nothing, the claim is wrong."""
    try:
        return formula.at(values)
    except Pole:
        text = formula.text if len(formula.text) <= 60 else f"{formula.text[:60]}..."
        raise Refuted(where, f"claimed  {text}", "found    it divides by zero there") from None
