"""What the assertions share: exact values, equality, sizes within which everything is tried, and how a failure is said."""

from __future__ import annotations

from collections.abc import Iterator
from math import factorial

import sympy as sp

from symkern.errors import InvalidArgument, displayed
from symkern.exact import Ball, exact_expression
from symkern.exact.balls import enclosure, from_arb, precision
from symkern.exact.reals import real
from symkern.limits import current
from symkern.reading.integers import power_exceeds

Permutation = tuple[int, ...]

#: Irrational numbers that agree to so many bits and that no rule of SymPy tells apart count as equal.
_BITS = 256


def fail(*lines: str) -> None:
    """Raise what an assertion raises, its lines below one another."""
    raise AssertionError("\n  ".join(lines))


def require_few(base: int, exponent: int, argument: str, what: str) -> None:
    """Refuse base^exponent cases where that is more than are tried."""
    most = current().exhaustive_evaluations
    if power_exceeds(base, exponent, most):
        rule = f"must leave at most {most} {what}"
        raise InvalidArgument(argument, rule, f"there are {displayed(base)}^{displayed(exponent)}")


def require_small_group(n: int) -> None:
    """Refuse an S_n with more permutations than are tried."""
    most = current().exhaustive_evaluations
    if n > 20 or factorial(n) > most:
        rule = f"must have at most {most} permutations"
        raise InvalidArgument("n", rule, f"it is {displayed(n)}")


def adjacent(n: int) -> Iterator[Permutation]:
    """s_0, ..., s_(n-2) of S_n."""
    for i in range(n - 1):
        yield (*range(i), i + 1, i, *range(i + 2, n))


def exact_value(value: object, argument: str) -> sp.Expr | Ball:
    """An exact number or formula, or a ball; True and False are 1 and 0."""
    if isinstance(value, Ball):
        return value
    return exact_expression(int(value) if isinstance(value, bool) else value, argument)


def same(first: sp.Expr | Ball, second: sp.Expr | Ball) -> bool:
    """Equal as numbers, or as formulas; of balls as far as is known."""
    if first == second:
        return True
    if isinstance(first, Ball) or isinstance(second, Ball):
        one, other = (
            value if isinstance(value, Ball) else from_arb(enclosure(value))
            for value in (first, second)
        )
        return one.overlaps(other)
    if first.is_Rational and second.is_Rational:
        return False
    difference = sp.expand(sp.numer(sp.together(first - second)))
    if difference.is_Rational:
        return bool(difference == 0)
    if difference.free_symbols:
        return bool(sp.cancel(difference) == 0 or difference.equals(0))
    with precision(_BITS):
        return bool(real(difference, "difference").contains(0))


def plain(value: sp.Expr) -> sp.Expr:
    """The formula as it is shown in a failure."""
    return sp.cancel(value) if value.is_rational_function() else sp.simplify(value)
