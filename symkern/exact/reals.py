"""Real numbers that stay exact as long as they can: flint rationals that become balls where they must.

A *real* here is a flint ``fmpq`` (exact) or ``arb`` (a ball). Sums, products and quotients of rationals are rational; a
function such as exp turns its argument into a ball unless the value is rational and known. So a computation tells by
itself whether its result is exact, and no ball is ever taken for an exact number.
Bits of precision are set by `symkern.exact.balls.precision`. Inside `symbols_of`, hyperparameters may be symbols: numbers are then rational
functions, and exponentials of their monomials further symbols of the field (`symkern.exact.exponentials`). What has no such form is
refused. Inside `symkern.exact.generic_points.traced_at`, irrational numbers are balls with their image at a random point of a finite field.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction
from math import lcm
from typing import Any

import flint
import numpy as np
import sympy as sp

from symkern.errors import Advice, InvalidArgument, InvalidType, NoClosedForm
from symkern.exact.balls import enclosure
from symkern.exact.exact_arguments import exact_expression
from symkern.exact.exponentials import exponential_of
from symkern.exact.generic_points import Traced, current_point, settled
from symkern.exact.images import exact_value, image
from symkern.exact.rational_functions import FunctionField, RationalFunction

Real = Any  # flint.fmpq, flint.arb or RationalFunction
Rows = list[list[Real]]

_FIELD: ContextVar[FunctionField | None] = ContextVar("field of symbols", default=None)


def real(value: object, argument: str = "value") -> Real:
    """A real from an int, a Fraction, a float (as the dyadic number it is) or a SymPy number, which is exact where its normal form is a fraction.

    >>> real("1/2") + 1, is_exact(real(sp.pi)), real(sp.acos(sp.Rational(1, 3)) - sp.pi + sp.acos(-sp.Rational(1, 3)))
    (3/2, False, 0)
    """
    if isinstance(value, (flint.fmpq, flint.arb, Traced)):
        return value
    if isinstance(value, (float, np.floating)) and not isinstance(value, bool):
        if not np.isfinite(value):
            raise InvalidArgument(argument, "must be finite", f"it is {value}")
        value = Fraction(float(value))
    if isinstance(value, int) and not isinstance(value, bool):
        return flint.fmpq(value)
    if isinstance(value, Fraction):
        return flint.fmpq(value.numerator, value.denominator)
    if isinstance(value, sp.Float):
        raise InvalidType(argument, "must be exact, or a Python float", value)
    expression = exact_expression(value, argument)
    if expression.is_Rational:
        return flint.fmpq(int(expression.p), int(expression.q))
    field = _FIELD.get()
    if field is not None:
        return field(expression)
    if not expression.is_number:
        raise InvalidArgument(
            argument, "must be a number: give every hyperparameter a value", f"it is {expression}"
        )
    found = enclosure(expression)
    if not found.is_finite():
        raise InvalidArgument(argument, "must be a real number", f"it is {expression}")
    rational = exact_value(expression, found)
    if rational is not None:
        return rational
    point = current_point()
    return found if point is None else Traced(found, image(expression, point))


def current_field() -> FunctionField | None:
    """The field of `symbols_of`, if any."""
    return _FIELD.get()


@contextmanager
def symbols_of(field: FunctionField | None) -> Iterator[None]:
    """Let numbers be elements of ``field`` inside the ``with`` block; None changes nothing."""
    token = _FIELD.set(field)
    try:
        yield
    finally:
        _FIELD.reset(token)


def is_exact(number: Real) -> bool:
    """Whether the number is a rational number known exactly."""
    return isinstance(number, flint.fmpq)


def is_zero(number: Real) -> bool:
    """Whether the number is known to be zero."""
    if isinstance(number, RationalFunction):
        return not number
    return is_exact(number) and number == 0


def finite(number: Real) -> bool:
    """Whether the number has a value; a ball that was divided by zero has none."""
    return not isinstance(number, flint.arb) or number.is_finite()


def as_ball(number: Real) -> Any:
    """The number as an ``arb``."""
    number = plain(number)
    return number if isinstance(number, flint.arb) else flint.arb(number)


def plain(number: Real) -> Real:
    """The number without its trace."""
    return number.ball if isinstance(number, Traced) else number


def to_expression(number: Real) -> sp.Expr:
    """An exact number as a SymPy Rational; a function as a formula."""
    if isinstance(number, RationalFunction):
        return number.to_sympy()
    return sp.Rational(int(number.p), int(number.q))


def exponential(number: Real) -> Real:
    """exp, exact at zero."""
    field = _FIELD.get()
    if field is not None:
        return exponential_of(field(number), field)
    number = settled(number)
    if is_zero(number):
        return flint.fmpq(1)
    point = current_point()
    if point is None:
        return as_ball(number).exp()
    exact = is_exact(number)
    image = point.exponential(number) if exact else point.symbol("exp", number.residue)
    return Traced(as_ball(number).exp(), image)


def maximum_zero(number: Real) -> Real:
    """max(number, 0)."""
    number = settled(number)
    if isinstance(number, RationalFunction):
        return _positive(number)
    if is_exact(number):
        return number if number > 0 else flint.fmpq(0)
    if isinstance(number, Traced):
        return _by_sign("relu", number, flint.fmpq(0), number.ball.nonnegative_part())
    return number.nonnegative_part() if not number > 0 else number


def absolute(number: Real) -> Real:
    """The absolute value."""
    number = settled(number)
    if isinstance(number, Traced):
        return _by_sign("abs", number, -number, abs(number.ball))
    return _positive(number) if isinstance(number, RationalFunction) else abs(number)


def _by_sign(name: str, number: Traced, below: Real, ball: Any) -> Real:
    """The number where it is positive, ``below`` where it is negative, a symbol where its ball holds zero."""
    if number.sign is not None:
        return number if number.sign > 0 else below
    point = current_point()
    assert point is not None
    return Traced(ball, point.symbol(name, number.residue))


def _positive(number: RationalFunction) -> RationalFunction:
    """The function itself where its form shows that it is not negative at positive arguments."""
    if all(int(c) > 0 for p in (number.num, number.den) for c in p.to_dict().values()):
        return number
    raise NoClosedForm(
        f"hyperparameters: the sign of {number.to_sympy()} depends on them; {Advice()}"
    ).advising(Advice())


def product(a: Rows, b: Rows) -> Rows:
    """The matrix product, by flint; exact where every entry is."""
    if all(is_exact(e) for m in (a, b) for row in m for e in row):
        return (flint.fmpq_mat(a) * flint.fmpq_mat(b)).tolist()
    if any(isinstance(e, (RationalFunction, Traced)) for m in (a, b) for row in m for e in row):
        columns = list(zip(*b, strict=True))
        return [
            [sum((p * q for p, q in zip(row, c, strict=True)), flint.fmpq(0)) for c in columns]
            for row in a
        ]
    left, right = ([[as_ball(e) for e in row] for row in m] for m in (a, b))
    return (flint.arb_mat(left) * flint.arb_mat(right)).tolist()


def fixed_point(values: Sequence[Real], bits: int) -> tuple[list[int], int, int]:
    """Integers n_i, a denominator d and a radius r with |value_i - n_i/d| <= r/d; r = 0 where all are exact.

    Exact values keep their common denominator; otherwise d = 2^bits.
    """
    if all(is_exact(e) for e in values):
        common = lcm(*{int(e.q) for e in values}) if values else 1
        return [int(e.p) * (common // int(e.q)) for e in values], common, 0
    scale = 1 << bits
    numerators, radius = [], 0
    for e in values:
        if is_exact(e):
            numerators.append(int(e.p) * scale // int(e.q))
            continue
        if not e.is_finite():
            raise ArithmeticError("a kernel value became infinite: more bits are needed")
        mantissa, exponent = (int(t) for t in e.mid().man_exp())
        shift = exponent + bits
        numerators.append(mantissa << shift if shift >= 0 else mantissa >> -shift)
        mantissa, exponent = (int(t) for t in e.rad().man_exp())
        shift = exponent + bits
        radius = max(radius, mantissa << shift if shift >= 0 else (mantissa >> -shift) + 1)
    return numerators, scale, radius + 1
