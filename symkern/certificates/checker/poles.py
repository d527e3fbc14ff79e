"""Whether a formula divides by zero somewhere in the range that a claim speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from .claimed_formulas import Formula
from .monomials import Monomials, as_ratio, multiplied
from .verdicts import CannotCheck, Refuted, Row, spend


def require_no_pole(formulas: Iterable[Formula], low: Mapping[str, int]) -> list[Row]:
    """Divisors, and radicands for their sign; refuted at a pole, not checkable where one is possible at some size."""
    poles = negative = 0
    for formula in formulas:
        for divisor in formula.divisors:
            for factor in _factors(divisor):
                poles += not _never_zero(factor, low)
        for radicand in formula.radicands:
            try:
                above, below = (_shifted(part, low) for part in as_ratio(radicand))
                negative += any(c < 0 for part in (above, below) for c in part.values())
            except CannotCheck:
                negative += 1
    rows: list[Row] = []
    if poles:
        rows.append(
            (
                "not tested",
                f"hyperparameters at which a divisor vanishes ({poles} can): nothing is claimed there",
            )
        )
    if negative:
        rows.append(("not tested", f"where {negative} radicands are negative"))
    return rows


def _names_below(tree: Any) -> set[str]:
    kind = tree[0]
    if kind == "name":
        return {tree[1]}
    if kind == "number":
        return set()
    if kind in ("sum", "product"):
        return set().union(*(_names_below(part) for _, part in tree[1]))
    return _names_below(tree[1])


def _never_zero(factor: Any, low: Mapping[str, int]) -> bool:
    """Whether it is not zero for sizes from ``low`` on and all hyperparameters; False where some hyperparameters can make it zero."""
    try:
        above, _ = as_ratio(factor)
    except CannotCheck:
        if _names_below(factor) & set(low):
            raise CannotCheck("a divisor with sizes below a root or an exponential") from None
        return not _names_below(factor)
    if not above:
        raise Refuted("every size", "claimed  a value", "found    a division by zero")
    shifted = _shifted(above, low)
    bare = any(not any(name in low for name, _ in key) for key in shifted)
    if len({c > 0 for c in shifted.values()}) == 1 and bare:
        return True
    groups: dict[Any, Monomials] = {}
    for key, c in above.items():
        of_sizes = tuple((name, k) for name, k in key if name in low)
        rest = tuple((name, k) for name, k in key if name not in low)
        groups.setdefault(rest, {})[of_sizes] = c
    if len(groups) == 1:
        return _stays_away(next(iter(groups.values())), low)
    refused: Exception | None = None
    for part in groups.values():
        try:
            if _stays_away(part, low):
                return False
        except (CannotCheck, Refuted) as error:
            refused = error
    raise CannotCheck("a divisor that may vanish at some size") from refused


def _factors(tree: Any) -> Iterable[Any]:
    if tree[0] == "product" and all(sign > 0 for sign, _ in tree[1]):
        for _, factor in tree[1]:
            yield from _factors(factor)
    elif (tree[0] == "power" and tree[2] > 0) or tree[0] == "sqrt":
        yield from _factors(tree[1])
    elif tree[0] == "sum" and len(tree[1]) == 1:
        yield from _factors(tree[1][0][1])
    elif tree[0] != "exp":  # which is never zero
        yield tree


def _stays_away(written: Monomials, low: Mapping[str, int]) -> bool:
    """Whether the polynomial in sizes has no zero at integers from ``low`` on; raises where it has one, or where that is open."""
    shifted = _shifted(written, low)
    if len({c > 0 for c in shifted.values()}) == 1 and () in shifted:
        return True
    names = {name for key in written for name, _ in key}
    if not names:
        return bool(written)
    if len(names) > 1:
        raise CannotCheck("a divisor that may vanish at some sizes")
    [name] = names
    coefficients = [Fraction(0)] * (1 + max(dict(key).get(name, 0) for key in written))
    for key, c in written.items():
        coefficients[dict(key).get(name, 0)] = c
    bound = 2 + max(abs(c / coefficients[-1]) for c in coefficients)
    if bound > 20_000:
        raise CannotCheck("a divisor that may vanish at some size")
    spend(20 * int(bound))
    for n in range(low[name], int(bound) + 1):
        if not sum(c * n**k for k, c in enumerate(coefficients)):
            raise Refuted(
                f"{name} = {n}", "claimed  a value", "found    a formula that divides by zero there"
            )
    return True


def _shifted(written: Monomials, low: Mapping[str, int]) -> Monomials:
    """With name = low + name for the sizes."""
    result: Monomials = {}
    for key, c in written.items():
        part: Monomials = {(): c}
        for name, power in key:
            once: Monomials = {((name, 1),): Fraction(1)}
            if low.get(name):
                once[()] = Fraction(low[name])
            for _ in range(power):
                part = multiplied(part, once)
        for k, e in part.items():
            result[k] = result.get(k, Fraction(0)) + e
    return {k: c for k, c in result.items() if c}
