"""What a stage's arguments may be, how each is checked, read from a pipeline's text, and written there.

An argument is a field of the stage's dataclass, declared by its kind:

    weight: sp.Expr = variance(1)            a nonnegative formula
    constant: sp.Expr = formula(0)           any formula
    token: sp.Expr | LetterCovariance = covariance()        such a one, or a matrix of them
    row_map: str = word("identity", "softmax")      the first is the default
    normalize: bool = switch(True)
    over: int = count(1)                     a whole number
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

import sympy as sp

from symkern.abc import namespace, parse, x
from symkern.errors import InvalidArgument, InvalidType, displayed
from symkern.exact import exact_expression
from symkern.kernels.letter_covariance import LetterCovariance
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_rows
from symkern.reading.spelling import did_you_mean
from symkern.reading.stages import read_rows_text
from symkern.typeset import formula_text
from symkern.typeset.numerals import literal

#: The largest whole number that is an argument.
_MOST = 10_000
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}", re.ASCII)


class Argument:
    """A kind of argument."""

    #: Written by its name wherever it is written.
    by_name = False
    #: Values to draw from.
    examples: tuple[str, ...] = ()
    #: Further ones, which may lead out of the polynomials in the match counts.
    others: tuple[str, ...] = ()

    def checked(self, value: Any, name: str) -> Any:
        """The value that the stage holds; refuses what is none."""
        raise NotImplementedError

    def read(self, text: str, name: str) -> Any:
        """The value that stands in a pipeline's text, to be checked still."""
        raise NotImplementedError

    def text(self, value: Any) -> str:
        """The value in a pipeline's text."""
        return str(value)

    def code(self, value: Any) -> str:
        """The value in Python code."""
        return repr(self.text(value))


@dataclass(frozen=True)
class Formula(Argument):
    """A formula in the symbols of `symkern.abc`; a variance where it must not be negative."""

    is_variance: bool = True
    by_name: bool = False

    def checked(self, value: Any, name: str) -> sp.Expr:
        """The formula as an expression."""
        expression = readable_formula(value, name)
        if self.is_variance and expression.is_negative:
            raise InvalidArgument(
                name, "a variance must not be negative", f"it is {displayed(expression)}"
            )
        return expression

    def read(self, text: str, name: str) -> Any:
        """The formula by `symkern.abc.parse`."""
        return parse(text, name)

    def text(self, value: Any) -> str:
        """The formula as `symkern.abc.parse` reads it."""
        return formula_text(value)

    def code(self, value: Any) -> str:
        """The formula's text in quotes; a whole number needs none."""
        return literal(int(value)) if value.is_Integer else super().code(value)


@dataclass(frozen=True)
class Covariance(Formula):
    """One variance for all letters, or a covariance of letters as a square matrix of formulas."""

    def checked(self, value: Any, name: str) -> Any:
        """The formula, or the covariance."""
        if isinstance(value, LetterCovariance):
            return value
        rows = read_rows_text(value) if isinstance(value, str) else None
        if rows is None:
            if not isinstance(value, (list, tuple, sp.MatrixBase)) and not getattr(value, "ndim", 0):  # fmt: skip
                return super().checked(value, name)
            rows = read_rows(value, name)
        return LetterCovariance.of([[self._entry(e, name) for e in row] for row in rows], name)

    def _entry(self, value: Any, name: str) -> sp.Expr:
        if isinstance(value, (float, sp.Float)):
            rule = "must be a matrix of exact numbers or formulas; sk.kernels.from_vectors takes vectors in floats, exactly as they are"
            raise InvalidType(name, rule, value)
        return readable_formula(value, name)

    def read(self, text: str, name: str) -> Any:
        """A matrix as its text, a formula by `symkern.abc.parse`."""
        return text if text.startswith("[") else super().read(text, name)

    def text(self, value: Any) -> str:
        """As it is read."""
        return str(value) if isinstance(value, LetterCovariance) else super().text(value)

    def code(self, value: Any) -> str:
        """In Python: lists of numbers and of formulas' texts."""
        return value.written(super().code) if isinstance(value, LetterCovariance) else super().code(value)  # fmt: skip


@dataclass(frozen=True)
class Word(Argument):
    """One of some words; ``why`` is said to who gives another."""

    choices: tuple[str, ...]
    why: str = ""

    @property
    def others(self) -> tuple[str, ...]:  # type: ignore[override]
        """All of the words."""
        return self.choices

    def checked(self, value: Any, name: str) -> str:
        """The word."""
        if not isinstance(value, str) or value not in self.choices:
            quoted = [f'"{choice}"' for choice in self.choices]
            rule = f"must be {' or '.join(quoted)}" if len(quoted) < 3 else f"must be one of {', '.join(self.choices)}"  # fmt: skip
            near = did_you_mean(value, self.choices) if isinstance(value, str) else ""
            raise InvalidArgument(name, rule + self.why, f"it is {displayed(value)}{near}")
        return str(value)

    def read(self, text: str, name: str) -> str:
        """The text itself."""
        return text


@dataclass(frozen=True)
class Switch(Argument):
    """True or False."""

    by_name = True

    def checked(self, value: Any, name: str) -> bool:
        """The truth value; nothing else counts as one."""
        if not isinstance(value, bool):
            raise InvalidType(name, "must be True or False", value)
        return value

    def read(self, text: str, name: str) -> bool:
        """True for ``true``, in any case of letters."""
        if text.lower() not in ("true", "false"):
            raise InvalidArgument(name, "must be true or false", f"it is {text!r}")
        return text.lower() == "true"

    def text(self, value: Any) -> str:
        """The value in small letters."""
        return str(value).lower()

    def code(self, value: Any) -> str:
        """The value in Python."""
        return repr(value)


@dataclass(frozen=True)
class Count(Argument):
    """A whole number from 1 on."""

    others = ("2",)

    def checked(self, value: Any, name: str) -> int:
        """The number as an int."""
        return read_integer(value, name, 1, _MOST)

    def read(self, text: str, name: str) -> Any:
        """The digits as a number."""
        found = _WHOLE.fullmatch(text.strip())
        if found is None:
            rule = f"must be an integer from 1 to {_MOST}"
            raise InvalidArgument(name, rule, f"it is {displayed(text.strip())}")
        return int(found[0])

    def code(self, value: Any) -> str:
        """The digits."""
        return str(value)


def argument(kind: Argument, default: Any = MISSING) -> Any:
    """A field of that kind."""
    return field(default=default, metadata={"argument": kind})


def variance(default: Any = MISSING, by_name: bool = False) -> Any:
    """A field for a nonnegative formula."""
    return argument(Formula(by_name=by_name), default)


def formula(default: Any = MISSING) -> Any:
    """A field for a formula of any sign."""
    return argument(Formula(is_variance=False), default)


def covariance() -> Any:
    """A field for a nonnegative formula, or for a covariance of letters."""
    return argument(Covariance())


def word(*choices: str, why: str = "") -> Any:
    """A field for one of the words; the first is the default."""
    return argument(Word(choices, why), choices[0])


def switch(default: bool) -> Any:
    """A field for True or False."""
    return argument(Switch(), default)


def count(default: int) -> Any:
    """A field for a whole number from 1 on."""
    return argument(Count(), default)


def arguments_of(stage: Any) -> Iterator[tuple[str, Argument, Any]]:
    """Name, kind and default (MISSING where there is none) of each argument of a stage or its class."""
    for found in fields(stage):
        yield found.name, found.metadata["argument"], found.default


def polynomial_formula(value: object, name: str) -> sp.Expr:
    """A formula that a pipeline's text could say, of the variable x too; refuses other symbols, constants and functions than `symkern.abc` has."""
    expression = exact_expression(value, name)
    for atom in sp.preorder_traversal(expression):
        known = (
            atom.is_Rational
            or atom is sp.E
            or atom in namespace.values()
            or isinstance(atom, (sp.Add, sp.Mul, sp.exp))
            or (
                atom.is_Pow
                and (
                    atom.exp.is_Integer or atom.exp in (sp.S.Half, -sp.S.Half) or atom.base is sp.E
                )
            )
        )
        if not known:
            raise InvalidArgument(
                name,
                "must be made of numbers and the symbols of symkern.abc by + - * / ^, sqrt and exp",
                f"{atom} stands in it"
                + (" with other assumptions" if str(atom) in namespace else ""),
            )
    return expression


def readable_formula(value: object, name: str) -> sp.Expr:
    """The same without x, which is the variable of an activation's polynomial and no hyperparameter: nobody could give it a value."""
    expression = polynomial_formula(value, name)
    if expression.has(x):
        rule = "must not contain x, which is the variable of an activation's polynomial and no hyperparameter"
        raise InvalidArgument(name, rule, f"it is {displayed(expression)}; another symbol of symkern.abc can be given by name")  # fmt: skip
    return expression
