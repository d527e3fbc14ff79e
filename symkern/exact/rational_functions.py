"""Rational functions over Q: the field Q(symbols) in which blocks and eigenvalues live.

An element is a reduced fraction of two integer polynomials in flint's sparse form
(`fmpz_mpoly`), with positive leading coefficient below the bar, so that equal elements are
stored equally. SymPy's own `field()` computes the same in pure Python and is some hundred
times slower; SymPy expressions are only the form in which results leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from math import prod
from numbers import Rational as NumbersRational
from typing import Any, Union

import flint
import sympy as sp

from symkern.errors import InvalidArgument, InvalidType
from symkern.exact.factoring import factor
from symkern.exact.written import fraction_repr
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_all
from symkern.typeset.shown import Shown
from symkern.typeset.signs import turned_factors

Scalar = Union[int, Fraction, sp.Expr, "RationalFunction"]


def function_field(symbols: tuple[sp.Symbol, ...]) -> FunctionField:
    """The field of rational functions in ``symbols`` with rational coefficients.

    Args:
        symbols: SymPy's, in the order of the field.
    """
    return _field(tuple(read_all(symbols, sp.Expr, "symbols", "symbols")))


@lru_cache(maxsize=256)
def _field(symbols: tuple[sp.Symbol, ...]) -> FunctionField:
    return FunctionField(symbols)


@typed
def polynomial_ring(variables: int) -> tuple[list[Any], Any, Any]:
    """Integer polynomials in that many variables: the variables, zero and one, as flint objects.

    They add, multiply and take powers; ``p.to_dict()`` lists coefficients by exponents.

    Args:
        variables: how many.
    """
    read_integer(variables, "variables", maximum=current().listed_positions)
    names = tuple(f"y{i}" for i in range(variables)) or ("y",)
    context = flint.fmpz_mpoly_ctx.get(names, flint.Ordering.degrevlex)
    return list(context.gens())[:variables], context.constant(0), context.constant(1)


class FunctionField(Shown):
    """The field Q(symbols); use `function_field` to obtain it.

    >>> from symkern.abc import L, v
    >>> K = function_field((L, v))
    >>> K(L**2 - v**2) / K(L + v)
    function_field((L, v))(L - v)
    """

    __slots__ = ("context", "gens", "index", "one", "symbols", "zero")

    def __init__(self, symbols: tuple[sp.Symbol, ...]) -> None:
        self.symbols = tuple(read_all(symbols, sp.Expr, "symbols", "symbols"))
        names = tuple(f"z{i}" for i in range(len(self.symbols))) or ("z",)
        self.context = flint.fmpz_mpoly_ctx.get(names, flint.Ordering.degrevlex)
        self.index = {s: i for i, s in enumerate(self.symbols)}
        one = self.context.constant(1)
        self.zero = RationalFunction(self, self.context.constant(0), one)
        self.one = RationalFunction(self, one, one)
        self.gens = tuple(
            RationalFunction(self, g, one) for g in self.context.gens()[: len(self.symbols)]
        )

    def __call__(self, value: Scalar) -> RationalFunction:
        """Read an int, a Fraction, a SymPy expression or an element of another field."""
        if isinstance(value, RationalFunction):
            return value if value.field is self else value.in_field(self)
        if isinstance(value, int):
            return RationalFunction(self, self.context.constant(value), self.one.num)
        if isinstance(value, flint.fmpq):
            value = Fraction(int(value.p), int(value.q))
        if isinstance(value, NumbersRational):
            return RationalFunction.reduced(
                self,
                self.context.constant(int(value.numerator)),
                self.context.constant(int(value.denominator)),
            )
        if isinstance(value, sp.Expr):
            return self._from_sympy(value)
        raise InvalidType("value", "must be an exact number or a SymPy expression", value)

    def _from_sympy(self, e: sp.Expr) -> RationalFunction:
        if isinstance(e, sp.Rational):
            return self(Fraction(int(e.p), int(e.q)))
        if e in self.index:
            return self.gens[self.index[e]]
        if e is sp.E or isinstance(e, sp.exp):
            return self._exponential(e)
        if isinstance(e, sp.Symbol):
            rule = f"must be a rational function of {self.symbols}"
            raise InvalidArgument("value", rule, f"{e} stands in it")
        if isinstance(e, sp.Add):
            return sum(map(self._from_sympy, e.args), self.zero)
        if isinstance(e, sp.Mul):
            return prod(map(self._from_sympy, e.args), start=self.one)
        if isinstance(e, sp.Pow) and e.exp.is_Integer:
            return self._from_sympy(e.base) ** int(e.exp)
        rule = "must be a rational function with rational coefficients"
        raise InvalidArgument("value", rule, f"{e} is not")

    def _exponential(self, e: sp.exp) -> RationalFunction:
        """A product of whole powers of the exponentials among the symbols."""
        product = self.one
        for term in sp.Add.make_args(sp.S.One if e is sp.E else e.args[0]):
            for symbol, generator in zip(self.symbols, self.gens, strict=True):
                if symbol is not sp.E and not isinstance(symbol, sp.exp):
                    continue
                ratio = term / (sp.S.One if symbol is sp.E else symbol.args[0])
                if ratio.is_Integer:
                    product = product * generator ** int(ratio)
                    break
            else:
                rule = f"must be a rational function of {self.symbols}"
                raise InvalidArgument("value", rule, f"{e} stands in it")
        return product

    def __repr__(self) -> str:
        return f"function_field({self.symbols!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return function_field, (self.symbols,)

    @typed
    def polynomial(self, terms: dict[tuple[int, ...], int]) -> RationalFunction:
        """The polynomial with the given integer coefficients by exponent vector.

        Args:
            terms: {exponents of the symbols: integer}.
        """
        return RationalFunction(self, self.context.from_dict(terms), self.one.num)


class RationalFunction(Shown):
    """An immutable element of a `FunctionField`, which makes them, ``K(value)``; the usual operators, exact throughout.

    ``num`` and ``den`` are coprime flint polynomials. ``to_sympy()`` is the factored form.
    """

    __slots__ = ("den", "field", "num")

    def __init__(self, field: FunctionField, num: Any, den: Any) -> None:
        self.field = field
        self.num = num
        self.den = den

    @classmethod
    def reduced(cls, field: FunctionField, num: Any, den: Any) -> RationalFunction:
        """The fraction num/den in lowest terms."""
        if den == 0:
            raise ZeroDivisionError("a rational function was divided by zero")
        if num == 0:
            return field.zero
        common = num.gcd(den)
        if common != 1:
            num, den = num / common, den / common
        if den.leading_coefficient() < 0:
            num, den = -num, -den
        return cls(field, num, den)

    # -- arithmetic ---------------------------------------------------------------------

    def __add__(self, other: object) -> RationalFunction:
        """By greatest common divisors of denominators, which are smaller than those of results (Henrici, J. ACM 3, 1956)."""
        o = self.field(other)
        if self.num == 0 or o.num == 0:
            return o if self.num == 0 else self
        if self.den == o.den:
            if self.den == 1:
                return RationalFunction(self.field, self.num + o.num, self.den)
            return self.reduced(self.field, self.num + o.num, self.den)
        common = self.den.gcd(o.den)
        if common == 1:
            top = self.num * o.den + o.num * self.den
            return RationalFunction(self.field, top, self.den * o.den)
        own, others = self.den / common, o.den / common
        top = self.num * others + o.num * own
        if top == 0:
            return self.field.zero
        more = top.gcd(common)
        if more != 1:
            top, common = top / more, common / more
        return RationalFunction(self.field, top, own * others * common)

    def __mul__(self, other: object) -> RationalFunction:
        o = self.field(other)
        if self.den == 1 and o.den == 1:
            return RationalFunction(self.field, self.num * o.num, self.den)
        if self.num == 0 or o.num == 0:
            return self.field.zero
        (top, below), (more, under) = (self.num, self.den), (o.num, o.den)
        if under != 1 and (common := top.gcd(under)) != 1:
            top, under = top / common, under / common
        if below != 1 and (common := more.gcd(below)) != 1:
            more, below = more / common, below / common
        return RationalFunction(self.field, top * more, below * under)

    def __truediv__(self, other: object) -> RationalFunction:
        o = self.field(other)
        return self.reduced(self.field, self.num * o.den, self.den * o.num)

    def __neg__(self) -> RationalFunction:
        return RationalFunction(self.field, -self.num, self.den)

    def __sub__(self, other: object) -> RationalFunction:
        return self + (-self.field(other))

    def __rsub__(self, other: object) -> RationalFunction:
        return self.field(other) + (-self)

    def __rtruediv__(self, other: object) -> RationalFunction:
        return self.field(other) / self

    __radd__ = __add__
    __rmul__ = __mul__

    def __pow__(self, exponent: int) -> RationalFunction:
        if exponent < 0:
            return self.field.one / self ** (-exponent)
        return RationalFunction(self.field, self.num**exponent, self.den**exponent)

    def __bool__(self) -> bool:
        return bool(self.num != 0)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (RationalFunction, int, Fraction, sp.Expr)):
            return NotImplemented
        o = self.field(other)
        return bool(self.num == o.num and self.den == o.den)

    def __hash__(self) -> int:
        # Sizes and leading coefficients, not the terms: a minimal polynomial has hundreds of thousands, and is looked up for each root.
        key = [
            (len(p), *map(int, p.degrees()), int(p.leading_coefficient()) if p != 0 else 0)
            for p in (self.num, self.den)
        ]
        return hash((self.field.symbols, *key))

    # -- reading ------------------------------------------------------------------------

    @property
    def is_polynomial(self) -> bool:
        """Whether nothing but a number stands below the bar."""
        return bool(self.den.is_constant())

    @property
    def is_number(self) -> bool:
        """Whether no symbol occurs."""
        return bool(self.num.is_constant() and self.den.is_constant())

    def to_fraction(self) -> Fraction:
        """The value as a Fraction, when no symbol occurs."""
        if not self.is_number:
            raise InvalidArgument("self", "must hold no symbol", f"it is {self.to_sympy()}")
        zero = (0,) * self.field.context.nvars()
        return Fraction(int(self.num.to_dict().get(zero, 0)), int(self.den.to_dict()[zero]))

    @typed
    def in_field(self, field: FunctionField) -> RationalFunction:
        """The same function in another field that has all symbols that occur.

        Args:
            field: the other field.
        """
        moved = [_move(p, self.field, field) for p in (self.num, self.den)]
        return self.reduced(field, *moved)

    @typed
    def substitute(self, values: Mapping[sp.Expr, Any], field: FunctionField) -> RationalFunction:
        """Put elements of ``field`` in the place of symbols; the others keep their names.

        Args:
            values: symbol -> element of ``field``.
            field: the field of the result.

        Raises:
            ZeroDivisionError: the values are a pole.
        """
        used = self.free_symbols()
        arguments = [
            field(values.get(s, s)) if s in used else field.zero for s in self.field.symbols
        ]
        return _compose(self.num, arguments, field) / _compose(self.den, arguments, field)

    @typed
    def coefficients(self, symbols: Iterable[sp.Symbol]) -> dict[tuple[int, ...], RationalFunction]:
        """Coefficients by exponents of ``symbols``.

        Args:
            symbols: among those of the field.

        Raises:
            InvalidArgument: one is no symbol of the field, or stands below the bar.
        """
        chosen = read_all(symbols, sp.Expr, "symbols", "symbols")
        if strangers := [s for s in chosen if s not in self.field.index]:
            rule = f"must be among {self.field.symbols}"
            raise InvalidArgument("symbols", rule, f"{strangers[0]} is none of them")
        places = [self.field.index[s] for s in chosen]
        if any(exponents[i] for exponents in self.den.to_dict() for i in places):
            raise InvalidArgument("symbols", "must not stand below the bar", f"{self.to_sympy()}")
        groups: dict[tuple[int, ...], dict[tuple[int, ...], int]] = {}
        for exponents, c in self.num.to_dict().items():
            rest = list(exponents)
            for i in places:
                rest[i] = 0
            groups.setdefault(tuple(int(exponents[i]) for i in places), {})[tuple(rest)] = c
        return {
            key: self.reduced(self.field, self.field.context.from_dict(terms), self.den)
            for key, terms in groups.items()
        }

    def free_symbols(self) -> set[sp.Symbol]:
        """The symbols that occur."""
        degrees = zip(self.field.symbols, self.num.degrees(), self.den.degrees(), strict=False)
        return {s for s, above, below in degrees if above > 0 or below > 0}

    def to_sympy(self) -> sp.Expr:
        """The factored SymPy expression."""
        if not self:
            return sp.S.Zero
        top, ups = factor(self.num)
        bottom, downs = factor(self.den)
        powers = [*ups, *((p, -int(e)) for p, e in downs)]
        sums = [(p.to_dict() if len(p) > 1 else {}, int(e)) for p, e in powers]
        sign, factors = 1, []
        turns = turned_factors(sums, self.field.symbols, top < 0)
        for turned, (p, e) in zip(turns, powers, strict=True):
            factors.append(self._expression(-p if turned else p) ** int(e))
            sign = -sign if turned and e % 2 else sign
        return sp.Mul(sp.Rational(sign * int(top), int(bottom)), *factors)

    def expanded(self) -> sp.Expr:
        """Numerator and denominator expanded."""
        return self._expression(self.num) / self._expression(self.den)

    def _expression(self, p: Any) -> sp.Expr:
        symbols = self.field.symbols
        plain = all(s.is_Symbol for s in symbols)
        orders: dict[tuple[int, ...], list[int]] = {}
        terms = []
        for exponents, c in p.to_dict().items():
            factors = [_power(s, int(e)) for s, e in zip(symbols, exponents, strict=False) if e]
            if not plain:  # exponentials: SymPy puts them in order by their arguments
                terms.append(sp.Mul(sp.Integer(int(c)), *factors))
                continue
            # In which order SymPy keeps the factors of a product depends on the symbols and on which of them stand alone.
            kind = tuple(min(int(e), 2) for e in exponents)
            if kind not in orders:
                kept = sp.Mul(*factors).args if len(factors) > 1 else factors
                orders[kind] = [factors.index(factor) for factor in kept]
            ordered = [factors[k] for k in orders[kind]]
            number = sp.Integer(int(c))
            if number is not sp.S.One or not ordered:
                ordered.insert(0, number)
            terms.append(sp.Mul._from_args(ordered))
        return sp.Add(*terms)

    def __repr__(self) -> str:
        return f"{self.field!r}({fraction_repr(self.to_sympy())})"

    def __reduce__(self) -> tuple[Any, ...]:
        tops = {k: int(c) for k, c in self.num.to_dict().items()}
        bottoms = {k: int(c) for k, c in self.den.to_dict().items()}
        return _restore, (self.field, tops, bottoms)


@lru_cache(maxsize=4096)
def _power(symbol: sp.Symbol, exponent: int) -> sp.Expr:
    return symbol**exponent


def _restore(field: FunctionField, num: dict[Any, int], den: dict[Any, int]) -> RationalFunction:
    return RationalFunction(field, field.context.from_dict(num), field.context.from_dict(den))


def _move(p: Any, source: FunctionField, target: FunctionField) -> Any:
    width = target.context.nvars()
    terms: dict[tuple[int, ...], int] = {}
    for exponents, c in p.to_dict().items():
        moved = [0] * width
        for s, e in zip(source.symbols, exponents, strict=False):
            if e:
                if s not in target.index:
                    rule = f"must be a function of {target.symbols}"
                    raise InvalidArgument("value", rule, f"{s} stands in it")
                moved[target.index[s]] = e
        terms[tuple(moved)] = c
    return target.context.from_dict(terms)


def _compose(p: Any, arguments: list[RationalFunction], field: FunctionField) -> RationalFunction:
    """Evaluate a polynomial at rational functions; by flint where they are polynomials."""
    if not arguments:
        return field(Fraction(int(p.to_dict().get((0,), 0))))
    if all(a.den == 1 for a in arguments):
        return RationalFunction(
            field, p.compose(*(a.num for a in arguments), ctx=field.context), field.one.num
        )
    total = field.zero
    powers: dict[tuple[int, int], RationalFunction] = {}
    for exponents, c in p.to_dict().items():
        term = field(int(c))
        for i, e in enumerate(exponents):
            if e:
                if (i, e) not in powers:
                    powers[i, e] = arguments[i] ** e
                term = term * powers[i, e]
        total = total + term
    return total
