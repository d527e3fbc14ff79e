"""Polynomials in the length whose coefficients are exact constants, formulas in symbols; and what makes numbers and polynomials where there are none.

Operators on long sequences have polynomials in L as entries, and probabilities of letters in their coefficients. Where these are numbers flint's
polynomials do (`symkern.exact.length_polynomials`); where they are formulas a polynomial is the list of its coefficients here, `ExactConstants`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from symkern.exact.exact_constants import ExactConstants
from symkern.exact.length_polynomials import length_polynomial, rational
from symkern.exact.rational_functions import RationalFunction


class Scalars(Protocol):
    """Numbers of one kind, and polynomials in the length over them."""

    #: Whether probabilities are formulas.
    symbolic: bool

    def number(self, value: Any) -> Any:
        """A fraction, or a formula."""

    def polynomial(self, coefficients: Sequence[Any]) -> Any:
        """The polynomial with these coefficients, from the constant term up."""


class _Rationals:
    """Rational numbers."""

    symbolic = False

    def number(self, value: Any) -> Any:
        """As flint has them."""
        return rational(value)

    def polynomial(self, coefficients: Sequence[Any]) -> Any:
        """As flint has it."""
        return length_polynomial(coefficients)


#: Rational numbers, for laws without symbols.
RATIONALS: Scalars = _Rationals()


class Formulas:
    """Exact constants, polynomials over Q in symbols and inverses."""

    symbolic = True

    def __init__(self, constants: ExactConstants) -> None:
        self.constants = constants

    def number(self, value: Any) -> Any:
        """A fraction, or an element of a field of some of the symbols."""
        if isinstance(value, RationalFunction):
            value = self.constants.field(value)
        return self.constants(value)

    def polynomial(self, coefficients: Sequence[Any]) -> SymbolicPolynomial:
        """The polynomial with these coefficients."""
        return SymbolicPolynomial([self.number(c) for c in coefficients])


class SymbolicPolynomial:
    """A polynomial in L, its coefficients from the constant term up; the usual operators, and a call with another one is the composition.

    >>> from symkern.abc import p
    >>> from symkern.exact import function_field
    >>> made = Formulas(ExactConstants(function_field((p,))))
    >>> x = made.polynomial([0, function_field((p,))(p)])
    >>> list(x(x + 1))
    [z0, z0^2]
    """

    __slots__ = ("_coefficients",)

    def __init__(self, coefficients: Sequence[Any]) -> None:
        kept = list(coefficients)
        while kept and kept[-1] == 0:
            kept.pop()
        self._coefficients = kept

    def __iter__(self) -> Iterator[Any]:
        return iter(self._coefficients)

    @staticmethod
    def _read(other: Any) -> list[Any]:
        return other._coefficients if isinstance(other, SymbolicPolynomial) else [other]

    def __add__(self, other: Any) -> SymbolicPolynomial:
        a, b = self._coefficients, self._read(other)
        a, b = (a, b) if len(a) >= len(b) else (b, a)
        return SymbolicPolynomial([c + b[i] if i < len(b) else c for i, c in enumerate(a)])

    __radd__ = __add__

    def __neg__(self) -> SymbolicPolynomial:
        return SymbolicPolynomial([-c for c in self._coefficients])

    def __sub__(self, other: Any) -> SymbolicPolynomial:
        return self.__add__(-other)

    def __mul__(self, other: Any) -> SymbolicPolynomial:
        a, b = self._coefficients, self._read(other)
        if not a or not b:
            return SymbolicPolynomial([])
        found = [a[0] * 0] * (len(a) + len(b) - 1)
        for i, c in enumerate(a):
            for j, d in enumerate(b):
                found[i + j] = found[i + j] + c * d
        return SymbolicPolynomial(found)

    __rmul__ = __mul__

    def __call__(self, other: SymbolicPolynomial) -> SymbolicPolynomial:
        """The composition."""
        total = SymbolicPolynomial([])
        for c in reversed(self._coefficients):
            total = total * other + c
        return total

    def __eq__(self, other: object) -> bool:
        return not (self - other)._coefficients

    def __hash__(self) -> int:
        return hash(tuple(map(str, self._coefficients)))
