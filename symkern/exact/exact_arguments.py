"""Reading of exact values from what users pass: ints, fractions, SymPy expressions, strings."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from itertools import islice
from numbers import Rational as NumbersRational
from typing import Any

import sympy as sp

from symkern.abc import parse
from symkern.errors import InvalidArgument, InvalidType, displayed
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.sequences import read_list


def exact_expression(value: object, argument: str) -> sp.Expr:
    """An exact SymPy expression from an int, a Fraction, a SymPy expression or a formula's text.

    Args:
        value: the number or formula.
        argument: the name that an error message has for it.

    Raises:
        InvalidType: floats, bools and expressions that hold floats: write "0.1", 1/10 exactly, or a Fraction.
        FormulaError: a text that cannot be read.

    >>> exact_expression("0.1", "alpha")
    1/10
    """
    if isinstance(value, str):
        return parse(value, argument)
    if isinstance(value, sp.Expr):
        if value.has(sp.Float) or value.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
            raise InvalidType(argument, "must be exact: no floats, no infinities", value)
        if value.has(sp.I) or not value.is_commutative:
            raise InvalidArgument(
                argument, "must be a real number or formula", f"it is {displayed(value)}"
            )
        return value
    if isinstance(value, NumbersRational) and not isinstance(value, bool):
        return sp.Rational(int(value.numerator), int(value.denominator))
    if hasattr(value, "__index__") and not isinstance(value, bool):
        try:
            return sp.Integer(operator.index(value))
        except TypeError:  # arrays have the method, and refuse unless they are one integer
            pass
    raise InvalidType(argument, "must be an exact number, a SymPy expression or a string", value)


def sympified(value: Any) -> Any:
    """A number or formula that has been made as SymPy has it; SymPy's own ``S`` would evaluate a text.

    >>> sympified(3), sympified("3")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidType: value: must be a number or a formula, but it is '3' of type str
    """
    if isinstance(value, sp.Basic):
        return value
    try:
        return sp.S(value, strict=True)
    except sp.SympifyError:
        raise InvalidType("value", "must be a number or a formula", value) from None


@typed
def exact_at_least(value: object, argument: str, least: int = 0) -> sp.Expr:
    """An exact number of at least ``least``, or a formula that is not known to be smaller.

    Of long formulas, or long numbers in them, nobody asks: SymPy would take longer for the answer than a spectrum takes.

    Args:
        value: as in `exact_expression`.
        argument: the name that an error message has for it.
        least: the bound.

    Raises:
        InvalidArgument: it is smaller.
        InvalidType: a float.

    >>> exact_at_least("1/2", "ridge"), exact_at_least(sp.Symbol("s"), "ridge")
    (1/2, s)
    >>> exact_at_least(sp.Symbol("s", negative=True), "ridge")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: ridge: must not be negative, but it is s
    """
    expression = exact_expression(value, argument)
    if expression.is_Rational or expression.is_number:
        small = not expression >= least
    else:
        small = _is_short(expression) and bool((expression - least).is_negative)
    if small:
        rule = "must not be negative" if least == 0 else f"must be at least {displayed(least)}"
        raise InvalidArgument(argument, rule, f"it is {displayed(expression)}")
    return expression


def _is_short(expression: sp.Expr) -> bool:
    few = len(list(islice(sp.preorder_traversal(expression), 40))) < 40
    return few and not has_long_numbers(expression)


def has_long_numbers(expression: sp.Expr) -> bool:
    """Whether SymPy would search for roots and factors of numbers for minutes, to know signs.

    >>> has_long_numbers(sp.Integer(10) ** 10000 * sp.Symbol("x")), has_long_numbers(sp.Integer(7))
    (True, False)
    """
    most = current().radicand_bits
    return any(
        max(abs(int(number.p)), int(number.q)).bit_length() > most
        for number in expression.atoms(sp.Rational)
    )


@typed
def exact_size(value: object, argument: str, least: int = 1) -> int | sp.Expr:
    """A size: an int of at least ``least``, or a SymPy expression with symbols.

    Args:
        value: as in `exact_expression`.
        argument: the name that an error message has for it.
        least: the bound.

    Raises:
        InvalidArgument: it is smaller, or can be no integer.
        InvalidType: a float or a fraction.

    >>> exact_size(5, "length")
    5
    """
    expression = exact_expression(value, argument)
    if expression.is_number:
        if not expression.is_Integer:
            raise InvalidType(argument, "must be an integer or a symbol", value)
        if int(expression) < least:
            raise InvalidArgument(
                argument,
                f"must be at least {displayed(least)}",
                f"it is {displayed(int(expression))}",
            )
        return int(expression)
    if _is_short(expression) and (
        expression.is_integer is False or (expression - least).is_negative
    ):
        rule = f"must be an integer of at least {least} or a symbol that may be one"
        raise InvalidArgument(argument, rule, f"it is {displayed(expression)}")
    return expression


def substitutions(
    arguments: tuple[object, ...], symbols: Iterable[sp.Basic] = ()
) -> list[tuple[sp.Expr, sp.Expr]]:
    """What to put for what, from the arguments of a ``subs``: a pair, a mapping or a list of pairs; text is read as formulas.

    A name stands for the symbol of that name that occurs, whatever is assumed of it.

    Args:
        arguments: what ``subs`` was given.
        symbols: those that occur; nothing can be put for others. Where there are none, nothing is left to replace.

    Raises:
        InvalidArgument: a symbol that does not occur; the message names those that do.

    >>> from symkern.abc import alpha
    >>> substitutions(("alpha", "1/2"), [alpha])
    [(alpha, 1/2)]
    >>> substitutions(({"q": 1},), [alpha])
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: arguments: must be of the symbols that occur, here alpha, but one is q
    """
    given: Any = arguments[0] if len(arguments) == 1 else [arguments]
    pairs = list(given.items()) if isinstance(given, Mapping) else read_list(given, "arguments")
    for pair in pairs:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise InvalidType("arguments", "must be pairs of what is put for what", pair)
    there: dict[str, sp.Symbol] = {s.name: s for s in symbols if isinstance(s, sp.Symbol)}
    return [(_replaced(old, there), exact_expression(new, "arguments")) for old, new in pairs]


def _replaced(old: object, there: dict[str, sp.Symbol]) -> sp.Expr:
    """What is to be replaced, in the symbols that are there."""
    if isinstance(old, str) and old.strip().isidentifier():
        strangers, name = {old.strip()} - set(there), old.strip()
        expression = there.get(name, sp.Symbol(name))
    else:
        expression = exact_expression(old, "arguments")
        strangers = {s.name for s in expression.free_symbols} - set(there)
        known = {s: there[s.name] for s in expression.free_symbols if s.name in there}
        expression = expression.xreplace(known)
    if strangers and there:
        rule = f"must be of the symbols that occur, here {', '.join(sorted(there))}"
        raise InvalidArgument("arguments", rule, f"one is {min(strangers)}")
    return expression
