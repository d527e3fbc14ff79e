"""Sectors and traces of a file whose eigenvalues are series in 1/L: each series from its text, the orders and the balls beside it.

Nothing is found anew, so that what is read is what was written, and its standing says that it was read. A file that is not in itself consistent is refused:
powers that do not fall, decimals that are not in their balls.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.claims.derivation import Standing
from symkern.combinatorics import Partition
from symkern.errors import InvalidArgument
from symkern.exact import Ball
from symkern.exact.asymptotics import Leading
from symkern.exact.length_series import LengthSeries
from symkern.reading.documents import require_fields, require_list, shortened
from symkern.sectors.series_sector import SeriesSector
from symkern.spectra.spectrum_document import DIGITS

#: Reads a formula, or the ball between two ends, of a field with this name.
Reader = Callable[[object, str], "sp.Expr | Ball"]

#: The fields of a sector that are there in this case alone, with their types.
SERIES_FIELDS: dict[str, tuple[type, ...]] = {
    "series": (list,), "errors": (list,), "coefficients": (list,), "holds_from": (list,), "undecided": (int, type(None)),
    "others": (str, type(None)),
}  # fmt: skip
#: Those that not every file has: how many terms are shown, and all that are known where these are more.
FURTHER_FIELDS: dict[str, tuple[type, ...]] = {"terms": (int,), "further": (dict,)}
_EXPANSIONS: dict[str, tuple[type, ...]] = {"series": (str,), "errors": (str, type(None)), "coefficients": (list, type(None))}  # fmt: skip


def read_series_sector(
    document: dict[str, Any],
    labels: tuple[Partition, Partition | None],
    dimension: sp.Expr,
    valid_for: dict[str, int],
    number: Reader,
) -> SeriesSector:
    """A sector; ``number`` reads formulas and balls."""
    size = document["multiplicity"]
    if size < 0 or document["block"]:
        raise InvalidArgument("block", "must be empty where eigenvalues are series", f"it has {shortened(document['block'])}")  # fmt: skip
    require_list(document["holds_from"], "holds_from", (int, type(None)), size)
    if document["standing"] != Standing.ASYMPTOTIC.value:
        raise InvalidArgument("standing", f"must be {Standing.ASYMPTOTIC.value!r} of series", f"it is {shortened(document['standing'])}")  # fmt: skip
    expansions = _expansions(document, size, number)
    shown = document.get("terms", max((len(s.terms) for s in expansions), default=1))
    if not 0 < shown < 10**6:
        raise InvalidArgument("terms", "must be how many terms are shown", f"it is {shown}")
    if "further" in document:
        require_fields(document["further"], "further", dict.fromkeys(_EXPANSIONS, (list,)))
        further = _expansions(document["further"], size, number)
        if [s.first(shown) for s in further] != expansions:
            rule = "must go on the series beside it"
            raise InvalidArgument("further", rule, "its first terms are others")
        expansions = further
    others = None if document["others"] is None else _power(document["others"], "others", number)
    undecided = document["undecided"]
    if undecided is not None and not 0 < undecided < 10**6:
        raise InvalidArgument("undecided", "must be a power of ten", f"it is {undecided}")
    mu, kappa = labels
    sector = SeriesSector.of(mu, kappa, dimension, valid_for, expansions, others, shown, undecided)
    return replace(sector, standing=Standing.READ, recorded=Standing.ASYMPTOTIC)


def _expansions(document: dict[str, Any], size: int, number: Reader) -> list[LengthSeries]:
    """The series of three parallel lists."""
    for name, kinds in _EXPANSIONS.items():
        require_list(document[name], name, kinds, size)
    lists = zip(document["series"], document["errors"], document["coefficients"], strict=True)
    return [read_series(text, error, balls, number) for text, error, balls in lists]


def read_series(text: object, error: object, balls: object, number: Reader) -> LengthSeries:
    """One series: its terms as one formula, the power of L of what is left out, the ends of the coefficients that are balls."""
    formula = number(text, "series")
    assert isinstance(formula, sp.Expr)
    parts: dict[sp.Rational, sp.Expr] = {}
    for part in sp.Add.make_args(formula) if formula != 0 else ():
        coefficient, power = part.as_independent(CONTEXT_LENGTH, as_Add=False)
        base, exponent = (CONTEXT_LENGTH, sp.S.Zero) if power == 1 else power.as_base_exp()
        if base != CONTEXT_LENGTH or not exponent.is_Rational:
            raise InvalidArgument("series", "must be a sum of powers of L with their coefficients", f"one term is {shortened(part)}")  # fmt: skip
        parts[exponent] = parts.get(exponent, sp.S.Zero) + coefficient
    ordered = sorted(parts.items(), reverse=True)
    listed = [None] * len(ordered) if balls is None else require_list(balls, "coefficients", (list, type(None)), len(ordered))  # fmt: skip
    terms = tuple(
        Leading(e, c if ends is None else _ball(c, ends, number))
        for (e, c), ends in zip(ordered, listed, strict=True)
    )
    return LengthSeries(terms, None if error is None else _power(error, "errors", number))


def _ball(decimal: sp.Expr, ends: object, number: Reader) -> Ball:
    """The ball between two ends, which must hold the decimal to its digits."""
    ball = number(ends, "coefficients")
    assert isinstance(ball, Ball)
    if not decimal.is_Rational:
        raise InvalidArgument("coefficients", "must be null beside a formula", f"it is {shortened(decimal)}")  # fmt: skip
    near = Fraction(int(decimal.p), int(decimal.q))
    if abs(near - ball.midpoint) > ball.radius + abs(ball.midpoint) / 10 ** (DIGITS - 2):
        raise InvalidArgument("coefficients", "must hold the decimals of the series", f"{shortened(decimal)} is not between the ends beside it")  # fmt: skip
    return ball


def _power(text: object, name: str, number: Reader) -> sp.Rational:
    """A power of L, a whole number or a half."""
    value = number(text, name)
    if not isinstance(value, sp.Rational) or not (2 * value).is_Integer or value > 0:
        rule = "must be powers of L, whole numbers or halves that are not positive"
        raise InvalidArgument(name, rule, f"one is {shortened(text)}")
    return value
