r"""Constants of jets as formulas: polynomials over Q in hyperparameters, in exponentials of these, and in the inverses of what series divide by,

    Q[alpha, beta, e^alpha, e^beta, 1/(e^alpha + 1), ...],

so that products need no greatest common divisors; `ExactConstants.value` is the element of Q(alpha, beta, e^alpha, e^beta), where zero is
decided. Which exponentials and inverses occur is found on the way: `ExactConstants.need` adds what a series asked for, and the series is
computed again, at weight 0, until nothing is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import factorial, gcd, isqrt
from typing import Any

import flint
import sympy as sp

from symkern.errors import Advice, NoClosedForm
from symkern.exact.exponentials import exponential_field, exponential_of
from symkern.exact.rational_functions import FunctionField, RationalFunction, function_field

#: Terms beyond which a constant is brought to lowest terms after a product, where one divides by polynomials of more than two terms.
_LONG = 60


class Missing(Exception):
    """A constant that the ring of exact constants does not have yet: the inverse, or the exponential, of ``value``."""

    def __init__(self, kind: str, value: RationalFunction) -> None:
        super().__init__(kind, value)
        self.kind, self.value = kind, value


class ExactConstants:
    """Polynomials over Q in the symbols of ``field`` and in the inverses of the elements ``inverses`` of that field."""

    def __init__(self, field: FunctionField, inverses: Sequence[RationalFunction] = ()) -> None:
        self.field, self.inverses = field, tuple(inverses)
        names = [f"z{i}" for i in range(len(field.symbols))]
        names += [f"u{i}" for i in range(len(self.inverses))]
        self.context = flint.fmpq_mpoly_ctx.get(tuple(names) or ("z",), flint.Ordering.degrevlex)
        self.zero, self.one = self.context.constant(0), self.context.constant(1)
        self._width = len(names) or 1
        self._gens = self.context.gens()
        self._grows = any(len(u.num) > 2 for u in self.inverses)
        self._inverse = {u: self._gens[len(field.symbols) + i] for i, u in enumerate(self.inverses)}

    @classmethod
    def rational(cls) -> ExactConstants:
        """The rational numbers."""
        return cls(function_field(()))

    def need(self, missing: Missing) -> ExactConstants:
        """The constants with one inverse or exponential more."""
        if missing.kind == "inverse":
            return ExactConstants(self.field, (*self.inverses, missing.value))
        plain = tuple(s for s in self.field.symbols if s.is_Symbol)
        known = [s for s in self.field.symbols if not s.is_Symbol]
        narrow = function_field(plain)
        exponents = [narrow(sp.S.One if s is sp.E else s.args[0]) for s in known]
        field = exponential_field(plain, [*exponents, missing.value.in_field(narrow)])
        return ExactConstants(field, [u.in_field(field) for u in self.inverses])

    def __call__(self, value: Any) -> Any:
        """An int, a fraction, a formula or an element of the field."""
        if isinstance(value, int):
            return self.context.constant(value)
        if isinstance(value, Fraction):
            return self.context.constant(flint.fmpq(value.numerator, value.denominator))
        if isinstance(value, flint.fmpq):
            return self.context.constant(value)
        if isinstance(value, sp.Rational):
            return self.context.constant(flint.fmpq(int(value.p), int(value.q)))
        if isinstance(value, sp.Expr):
            value = self.field(value)
        if not isinstance(value, RationalFunction):
            return value
        top = self._polynomial(value.num)
        return top if value.den == 1 else top * self._inverse_of(value.den)

    def _polynomial(self, p: Any) -> Any:
        more = (0,) * (self._width - len(self.field.symbols))
        n = len(self.field.symbols)
        return self.context.from_dict(
            {(*map(int, e[:n]), *more): flint.fmpq(int(c)) for e, c in p.to_dict().items()}
        )

    def _inverse_of(self, p: Any) -> Any:
        """1 over an integer polynomial, by the inverses that are known."""
        if p.is_constant():
            return self.context.constant(1 / flint.fmpq(int(p.leading_coefficient())))
        found = self._powers_of_known(p)
        if found is not None:
            return found
        content, parts = p.factor()
        found = self.context.constant(1 / flint.fmpq(int(content)))
        one = self.field.one.num
        for part, times in parts:
            base = RationalFunction(self.field, part, one)
            if base not in self._inverse:
                raise Missing("inverse", base)
            found = found * self._inverse[base] ** int(times)
        return found

    def _powers_of_known(self, p: Any) -> Any:
        """1 over a product of powers of what has an inverse; None for another polynomial."""
        found = self.one
        for u in self.inverses:
            while True:
                quotient, rest = divmod(p, u.num)
                if rest != 0:
                    break
                p, found = quotient, found * self._inverse[u]
        if not p.is_constant():
            return None
        return found * flint.fmpq(1, int(p.leading_coefficient()))

    def value(self, constant: Any) -> RationalFunction:
        """The element of the field."""
        n, terms = len(self.field.symbols), constant.to_dict()
        if not terms:
            return self.field.zero
        groups: dict[tuple[int, ...], dict[tuple[int, ...], Any]] = {}
        for e, c in terms.items():
            e = tuple(map(int, e))
            head = e[:n] or (0,)
            groups.setdefault(e[n:] if self.inverses else (), {})[head] = c
        most = [max(key[i] for key in groups) for i in range(len(self.inverses))]
        scale = 1
        for part in groups.values():
            for c in part.values():
                q = int(c.q)
                scale = scale * q // gcd(scale, q)
        context, top = self.field.context, self.field.zero.num
        for key, part in groups.items():
            p = context.from_dict({e: int(c.p) * (scale // int(c.q)) for e, c in part.items()})
            for i, u in enumerate(self.inverses):
                p = p * u.num ** (most[i] - key[i])
            top = top + p
        below = context.constant(scale)
        for i, u in enumerate(self.inverses):
            below = below * u.num ** most[i]
        return RationalFunction.reduced(self.field, top, below)

    def is_zero(self, constant: Any) -> bool:
        """Whether it is stored as zero; `value` decides."""
        return bool(constant.is_zero())

    def vanishes(self, constant: Any) -> bool:
        """Whether it is zero."""
        return not self.value(constant)

    def same(self, one: Any, other: Any) -> bool:
        """Whether two are one polynomial."""
        return bool(one == other)

    def inverse(self, constant: Any) -> Any:
        """1 over it; raises `Missing` where a new symbol stands for that."""
        value = self.value(constant)
        if not value:
            raise ZeroDivisionError("a series without constant has no inverse")
        return self(1 / value)

    def tidied(self, constant: Any) -> Any:
        """In lowest terms, where it has many."""
        grows = self._grows and len(constant) > _LONG
        return self(self.value(constant)) if grows else constant

    def sign(self, constant: Any) -> int:
        """The sign where it is that of a number, or of a polynomial whose coefficients have one sign."""
        value = self.value(constant)
        signs = {int(c > 0) - int(c < 0) for p in (value.num, value.den) for c in p.to_dict().values()}  # fmt: skip
        if not value:
            return 0
        tops = {int(c > 0) - int(c < 0) for c in value.num.to_dict().values()}
        if len(tops) == 1 and signs <= {1, -1}:
            bottoms = {int(c > 0) - int(c < 0) for c in value.den.to_dict().values()}
            if len(bottoms) == 1:
                return tops.pop() * bottoms.pop()
        raise NoClosedForm(
            f"hyperparameters: the sign of a score depends on them; {Advice()}"
        ).advising(Advice())

    def taylor(self, name: str, at: Any, most: int) -> list[Any]:
        """Of the inverse, the exponential, and the square root of what is a square."""
        if name == "inverse":
            first = self.inverse(at)
            found = [first]
            for _ in range(most):
                found.append(-found[-1] * first)
            return found
        if name == "exp":
            first = self._exponential(self.value(at))
            return [first * flint.fmpq(1, factorial(n)) for n in range(most + 1)]
        if name == "sqrt":
            return _binomial_series(
                self(self._root(self.value(at))), lambda: self.inverse(at), most
            )
        raise NoClosedForm(
            f"hyperparameters: {name} has no exact form in symbols; {Advice()}"
        ).advising(Advice())

    def _exponential(self, exponent: RationalFunction) -> Any:
        if not exponent:
            return self.one
        if not exponent.is_polynomial or any(not s.is_Symbol for s in exponent.free_symbols()):
            raise NoClosedForm(
                f"hyperparameters: exp({exponent.to_sympy()}) has no exact form in symbols; {Advice()}"
            ).advising(Advice())
        known = {s for s in self.field.symbols if not s.is_Symbol}
        plain = function_field(tuple(s for s in self.field.symbols if s.is_Symbol))
        wanted = exponential_field(plain.symbols, [exponent.in_field(plain)])
        for symbol in wanted.symbols:
            if not symbol.is_Symbol and not _has_power(known, symbol):
                raise Missing("exp", exponent)
        return self(exponential_of(exponent, self.field))

    def _root(self, value: RationalFunction) -> RationalFunction:
        """The positive root of a square."""
        parts = []
        for p in (value.num, value.den):
            content, factors = p.factor()
            number = int(content)
            root = isqrt(number) if number > 0 else -1
            if root < 0 or root * root != number or any(int(e) % 2 for _, e in factors):
                raise NoClosedForm(
                    f"hyperparameters: a square root has no exact form in symbols; {Advice()}"
                ).advising(Advice())
            found = self.field.context.constant(root)
            for q, e in factors:
                found = found * q ** (int(e) // 2)
            parts.append(found)
        root_value = RationalFunction.reduced(self.field, *parts)
        return root_value if self.sign(self(root_value)) > 0 else -root_value


def _has_power(known: set[sp.Expr], symbol: sp.Expr) -> bool:
    """Whether one of the known exponentials has a whole power that is ``symbol``."""
    exponent = sp.S.One if symbol is sp.E else symbol.args[0]
    return any((exponent / (sp.S.One if s is sp.E else s.args[0])).is_Integer for s in known)


def _binomial_series(root: Any, inverse: Callable[[], Any], most: int) -> list[Any]:
    """sqrt(c + h) = sqrt(c) sum_n binomial(1/2, n) (h/c)^n."""
    found, factor = [root], flint.fmpq(1)
    if most:
        over = inverse()
    for n in range(most):
        factor = flint.fmpq(1 - 2 * n, 2 * (n + 1))
        found.append(found[-1] * over * factor)
    return found
