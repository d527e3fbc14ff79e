r"""Constants of jets as formulas: polynomials over Q in hyperparameters, in exponentials of these, and in the inverses of what series divide by,

    Q[alpha, beta, e^alpha, e^beta, 1/(e^alpha + 1), ...],

so that products need no greatest common divisors; `ExactConstants.value` is the element of Q(alpha, beta, e^alpha, e^beta), where zero is
decided. Where a square root is taken of what is no square, the roots of its factors q occur, as 1/sqrt(q) in the place of 1/q, and values are sums of
such roots (`symkern.exact.multiquadratic`). Which exponentials, inverses and roots occur is found on the way: `ExactConstants.need` adds what a series asked for, and the series is
computed again, at weight 0, until nothing is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import factorial, gcd, prod
from typing import Any

import flint
import sympy as sp

from symkern.errors import Advice, NoClosedForm
from symkern.exact.exponentials import exponential_field, exponential_of
from symkern.exact.multiquadratic import Multiquadratic
from symkern.exact.rational_functions import FunctionField, RationalFunction, function_field
from symkern.exact.signs_of_polynomials import SignRegion

#: Terms beyond which a constant is brought to lowest terms after a product, where one divides by polynomials of more than two terms.
_LONG = 60


class Missing(Exception):
    """A constant that the ring of exact constants does not have yet: the inverse, the exponential, or the square root, of ``value``."""

    def __init__(self, kind: str, value: RationalFunction) -> None:
        super().__init__(kind, value)
        self.kind, self.value = kind, value


class ExactConstants:
    """Polynomials over Q in the symbols of ``field`` and in the inverses of the elements ``inverses`` of that field, of those in ``rooted`` in the inverses of their roots.

    ``region`` is where the symbols lie.
    """

    def __init__(
        self,
        field: FunctionField,
        inverses: Sequence[RationalFunction] = (),
        rooted: Iterable[RationalFunction] = (),
        region: SignRegion | None = None,
    ) -> None:
        self.field, self.inverses = field, tuple(inverses)
        self.region = region or SignRegion()
        under = set(rooted)
        self._rooted = [i for i, u in enumerate(self.inverses) if u in under]
        self._radicands = tuple(self.inverses[i] for i in self._rooted)
        names = [f"z{i}" for i in range(len(field.symbols))]
        names += [f"u{i}" for i in range(len(self.inverses))]
        self.context = flint.fmpq_mpoly_ctx.get(tuple(names) or ("z",), flint.Ordering.degrevlex)
        self.zero, self.one = self.context.constant(0), self.context.constant(1)
        self._width = len(names) or 1
        self._gens = self.context.gens()
        self._grows = any(len(u.num) > 2 for u in self.inverses)
        own = {u: self._gens[len(field.symbols) + i] for i, u in enumerate(self.inverses)}
        self._over_root = {u: own[u] for u in self._radicands}
        self._inverse = {u: g**2 if u in self._over_root else g for u, g in own.items()}

    @classmethod
    def rational(cls) -> ExactConstants:
        """The rational numbers."""
        return cls(function_field(()))

    def need(self, missing: Missing) -> ExactConstants:
        """The constants with one inverse, exponential or root more."""
        rooted = self._radicands
        if missing.kind == "root":
            rooted = (*rooted, missing.value)
        if missing.kind != "exp":
            more = () if missing.value in self.inverses else (missing.value,)
            return ExactConstants(self.field, (*self.inverses, *more), rooted, self.region)
        plain = tuple(s for s in self.field.symbols if s.is_Symbol)
        known = [s for s in self.field.symbols if not s.is_Symbol]
        narrow = function_field(plain)
        exponents = [narrow(sp.S.One if s is sp.E else s.args[0]) for s in known]
        field = exponential_field(plain, [*exponents, missing.value.in_field(narrow)])
        inverses, rooted = (
            tuple(u.in_field(field) for u in own) for own in (self.inverses, rooted)
        )
        return ExactConstants(field, inverses, rooted, self.region)

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
        if isinstance(value, Multiquadratic):
            return self._with_roots(value)
        if not isinstance(value, RationalFunction):
            return value
        top = self._polynomial(value.num)
        return top if value.den == 1 else top * self._inverse_of(value.den)

    def _with_roots(self, value: Multiquadratic) -> Any:
        total = self.zero
        for mask, c in value.parts.items():
            under = [u for j, u in enumerate(self._radicands) if mask & 1 << j]
            term = self(prod(under, start=c))  # sqrt(q) is q times 1/sqrt(q)
            total = total + prod((self._over_root[u] for u in under), start=term)
        return total

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
            while not u.is_number:
                quotient, rest = divmod(p, u.num)
                if rest != 0:
                    break
                p, found = quotient, found * self._inverse[u]
        if not p.is_constant():
            return None
        return found * flint.fmpq(1, int(p.leading_coefficient()))

    def value(self, constant: Any) -> RationalFunction | Multiquadratic:
        """The element of the field, of its extension where there are roots."""
        n, terms = len(self.field.symbols), constant.to_dict()
        groups: dict[int, dict[tuple[int, ...], dict[tuple[int, ...], Any]]] = {}
        zero: tuple[int, ...] = (0,)
        split: dict[tuple[int, ...], dict[tuple[int, ...], Any]] = {}
        for e, c in terms.items():
            e = tuple(map(int, e))
            tail = e[n:]
            part = split.get(tail)
            if part is None:
                part = split[tail] = self._group(tail, groups)
            head = e[:n] or zero
            part[head] = part[head] + c if head in part else c
        if not self._rooted:
            return self._sum(groups[0]) if groups else self.field.zero
        return Multiquadratic({mask: self._sum(own) for mask, own in groups.items()}, self._radicands)  # fmt: skip

    def _group(self, tail: tuple[int, ...], groups: dict[int, Any]) -> dict[tuple[int, ...], Any]:
        """Where the terms with these powers of inverses and inverse roots are collected: q^(-k/2) for odd k is q^(-(k+1)/2) sqrt(q)."""
        key = list(tail) if self.inverses else []
        mask = sum((key[i] & 1) << j for j, i in enumerate(self._rooted))
        for i in self._rooted:
            key[i] = (key[i] + 1) // 2
        found: dict[tuple[int, ...], Any] = groups.setdefault(mask, {}).setdefault(tuple(key), {})
        return found

    def _sum(self, groups: dict[tuple[int, ...], dict[tuple[int, ...], Any]]) -> RationalFunction:
        """The sum of polynomials by the powers of the inverses beside them."""
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

    def _plain(self, constant: Any) -> RationalFunction | None:
        """The element of the field; None where a root stands in it."""
        value = self.value(constant)
        return value.plain if isinstance(value, Multiquadratic) else value

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
        """The sign where it is that of a number, or one and the same on the region."""
        value = self.value(constant)
        if not value:
            return 0
        if isinstance(value, Multiquadratic):
            if len(value.parts) > 1:
                raise NoClosedForm(
                    f"hyperparameters: the sign of a score depends on them; {Advice()}"
                ).advising(Advice())
            (value,) = value.parts.values()
        return self._sign(value)

    def _sign(self, value: RationalFunction) -> int:
        found = 1
        for p in (value.num, value.den):
            own = self.region.sign(p, self.field)
            if own is None:
                content, factors = p.factor()
                own = 1 if content > 0 else -1
                for q, e in factors:
                    one = self.region.sign(q, self.field)
                    if one is None:
                        raise NoClosedForm(
                            f"hyperparameters: the sign of a score depends on them; {Advice()}"
                        ).advising(Advice())
                    own *= one ** int(e)
            found *= own
        return found

    def taylor(self, name: str, at: Any, most: int) -> list[Any]:
        """Of the inverse, the exponential, and the square root of what is a square."""
        if name == "inverse":
            first = self.inverse(at)
            found = [first]
            for _ in range(most):
                found.append(-found[-1] * first)
            return found
        if name == "exp":
            first = self._exponential(self._plain(at))
            return [first * flint.fmpq(1, factorial(n)) for n in range(most + 1)]
        if name in ("sqrt", "inverse sqrt"):
            root, over = self._root(self._plain(at)), self.inverse(at)
            return _binomial_series(root, over, 1, most) if name == "sqrt" else _binomial_series(root * over, over, -1, most)  # fmt: skip
        raise NoClosedForm(
            f"hyperparameters: {name} has no exact form in symbols; {Advice()}"
        ).advising(Advice())

    def _exponential(self, exponent: RationalFunction | None) -> Any:
        if exponent is None:
            raise NoClosedForm(
                f"hyperparameters: the exponential of a square root has no exact form in symbols; {Advice()}"
            ).advising(Advice())
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

    def _root(self, value: RationalFunction | None) -> Any:
        """The positive root, a product of the roots of factors; raises `Missing` where one has none yet."""
        if value is None:
            raise _no_root()
        whole, under, sign = self.field.one, [], 1
        for p, way in ((value.num, 1), (value.den, -1)):
            content, factors = p.factor()
            sign *= 1 if content > 0 else -1
            numbers = [(self.field.context.constant(int(q)), int(e)) for q, e in abs(flint.fmpz(int(content))).factor()]  # fmt: skip
            for q, e in [*numbers, *((q, int(e)) for q, e in factors)]:
                base = RationalFunction(self.field, q, self.field.one.num)
                if e % 2 and not base.is_number:
                    own = self._sign(base)
                    base, sign = (base, sign) if own > 0 else (-base, -sign)
                if e % 2:
                    under.append(base)
                whole = whole * base ** ((way * e - e % 2) // 2)
        if sign < 0:
            raise _no_root()
        found = self(whole if self._sign(whole) > 0 else -whole)
        for base in under:
            if base not in self._over_root:
                raise Missing("root", base)
            found = found * self(base) * self._over_root[base]
        return found


def _no_root() -> NoClosedForm:
    return NoClosedForm(
        f"hyperparameters: a square root has no exact form in symbols; {Advice()}"
    ).advising(Advice())


def _has_power(known: set[sp.Expr], symbol: sp.Expr) -> bool:
    """Whether one of the known exponentials has a whole power that is ``symbol``."""
    exponent = sp.S.One if symbol is sp.E else symbol.args[0]
    return any((exponent / (sp.S.One if s is sp.E else s.args[0])).is_Integer for s in known)


def _binomial_series(first: Any, over: Any, twice: int, most: int) -> list[Any]:
    """(c + h)^(twice/2) = c^(twice/2) sum_n binomial(twice/2, n) (h/c)^n, of ``over`` 1/c."""
    found = [first]
    for n in range(most):
        found.append(found[-1] * over * flint.fmpq(twice - 2 * n, 2 * (n + 1)))
    return found
