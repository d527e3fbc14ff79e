"""What a user's function gives, read as exact numbers: which formulas may stand in it, and when two values are one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import sympy as sp

from symkern.errors import InvalidArgument
from symkern.exact import RationalFunction
from symkern.exact.reals import is_exact, real


class Given(Protocol):
    """A user's function: of a table, or of two sequences, with symbols that may stand in its values."""

    @property
    def of_table(self) -> bool:
        """Whether it is called on a table."""

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """The symbols that may stand in its values."""

    def value(self, *point: Any) -> Any:
        """What it gives for a table, or for two sequences."""


def require_known(given: Any, parameters: Sequence[sp.Symbol], argument: str) -> None:
    """Refuse a formula with other symbols than ``parameters``, or with other functions of them than exponentials."""
    if not isinstance(given, sp.Expr) or not (given.free_symbols or parameters):
        return
    names = ", ".join(s.name for s in parameters)
    others = given.free_symbols - set(parameters)
    strange = sorted(s.name for s in others if s.name in names.split(", "))
    if strange:
        raise InvalidArgument(
            argument,
            "must be a formula in the symbols of symkern.abc",
            f"{', '.join(strange)} stands in {given} with other assumptions",
        )
    if others:
        rule = f"must be a formula in the parameters {names}" if names else "must be a number, or a formula in symbols that the argument parameters lists"  # fmt: skip
        found = ", ".join(sorted(s.name for s in others))
        raise InvalidArgument(argument, rule, f"{found} stands in {given}")
    exponentials = given.atoms(sp.exp)
    plain = given.xreplace({e: sp.Dummy() for e in exponentials}).xreplace({sp.E: sp.Dummy()})
    exponents = [e.args[0] for e in exponentials]
    known = plain.is_rational_function() and all(e.is_polynomial() for e in exponents)
    if known and all(map(_is_rational, (plain, *exponents))):
        return
    raise InvalidArgument(
        argument,
        f"must be a rational function of {names} and of exponentials of polynomials in them, with rational coefficients",
        f"it is {given}",
    )


def without_floats(given: Any) -> Any:
    """A formula with the dyadic numbers that its floats are."""
    if not isinstance(given, sp.Expr):
        return given
    return given.xreplace({e: sp.Rational(e) for e in given.atoms(sp.Float)})


def _is_rational(formula: sp.Expr) -> bool:
    """Whether all numbers in a formula are rational."""
    numbers = formula.atoms(sp.Number, sp.NumberSymbol)
    powers = formula.atoms(sp.Pow)
    return (
        all(e.is_Rational for e in numbers)
        and all(e.exp.is_Integer for e in powers)
        and not formula.has(sp.I)
    )


def finite_real(given: Any, argument: str) -> Any:
    """`real`, with a denominator that is zero told."""
    try:
        return real(given, argument)
    except ZeroDivisionError:
        raise InvalidArgument(argument, "must be finite", f"it is {given}") from None


def same(first: tuple[Any, Any], second: tuple[Any, Any], doubts: list[Any]) -> bool:
    """Equal exact numbers, or balls that cannot be told apart; values are (real, as given).

    Balls of two different expressions are no proof of equality and are noted in ``doubts``.
    """
    (a, given), (b, other) = first, second
    if a is None or b is None:
        return bool(given == other)
    if isinstance(a, RationalFunction) or isinstance(b, RationalFunction):
        return bool(a - b == 0)
    if is_exact(a) and is_exact(b):
        return bool(a == b)
    if isinstance(given, sp.Expr) and isinstance(other, sp.Expr) and given == other:
        return True
    if not (a - b).contains(0):
        return False
    if not doubts:
        doubts.append((given, other))
    return True
