r"""Activations of a claim: E phi(u) phi(w) and E phi'(u) phi'(w) for centred Gaussian (u, w) with variances p, q and covariance r.

Polynomials are lists of coefficients and go by Stein's lemma, E u g = p E dg/du + r E dg/dw. The others have names. With the cosine c = r/sqrt(pq),

    |u|           sqrt(pq) A(c),  A(c) = (2/pi) (sqrt(1 - c^2) + c arcsin c), which decreases up to c = 0 and increases from there
    sign u        S(c) = (2/pi) arcsin c, the derivative pair of |u|

and relu, leaky_relu(a) and step are combinations of these with u and 1 (Cho, Saul, NeurIPS 2009); erf as Williams (NeurIPS 1996); x Phi(x)
by the derivatives in r of E Phi(u) Phi(w) (Price, IRE Transactions 4, 1958); e^u from E e^(u + w), sin and cos from its values at i u and +-i w; the
normalised Hermite polynomial of u/sqrt(p) has c^k (Mehler). sign and step have the derivative pair 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from math import isqrt
from typing import Any, NamedTuple

from .claimed_formulas import Formula, shortened
from .intervals import ONE, Interval, arcsine, exponential, pi, square_root
from .verdicts import CannotCheck, Number, Unreadable, Values, said, spend

Pair = Callable[[Any, Any, Any], Any]  # of p, q, r


class Expectations(NamedTuple):
    """E phi(u) phi(w) and E phi'(u) phi'(w) as functions of p, q, r; the degree of a normalised Hermite polynomial."""

    dual: Pair
    slope: Pair
    hermite: int | None = None


class Named:
    """An activation with a name: ``formula`` is the argument of leaky_relu, ``order`` that of hermite."""

    def __init__(self, text: str) -> None:
        found = re.fullmatch(r"([a-z_]+)(?:\((.{1,2000})\))?", text)
        name, given = (found[1], found[2] or "") if found else ("", "")
        if name not in _NAMES or (given == "") != (name not in _TAKES):
            raise Unreadable(f"no activation: {said(text)}")
        self.name, self.text = name, text
        self.formula = Formula(given) if name == "leaky_relu" else None
        self.order = 0
        if name == "hermite":
            if not re.fullmatch("0|[1-9][0-9]{0,2}|1000", given):
                raise Unreadable(f"no Hermite polynomial of degree up to 1000: {said(text)}")
            self.order = int(given)

    def rational(self, alike: bool) -> bool:
        """Whether both expectations are rational at rational numbers; ``alike`` says that all variances are one number."""
        return self.name == "hermite" and (alike or self.order % 2 == 0)

    def at(self, values: Values, number: Number) -> Expectations:
        """Both expectations, in fractions where `rational` and in intervals otherwise."""
        if self.name == "hermite":
            return Expectations(*_hermite(self.order), self.order)
        below = number(0) if self.formula is None else self.formula.at(values, number)
        return Expectations(*_NAMES[self.name](below))


def is_named(text: Any) -> bool:
    """Whether an activation is written by its name, and is no polynomial in x."""
    return type(text) is str and re.split(r"\(", text, maxsplit=1)[0] in _NAMES


# -- polynomials ------------------------------------------------------------------------------


def of_polynomial(coefficients: list[Any], number: Number) -> Expectations:
    """Both expectations of a polynomial, its coefficients from the lowest."""
    derivative = [k * c for k, c in enumerate(coefficients)][1:]
    return Expectations(_moments(coefficients, number), _moments(derivative, number))


def _moments(coefficients: list[Any], number: Number) -> Pair:
    def expectation(p: Any, q: Any, r: Any) -> Any:
        spend(20 * len(coefficients) ** 2)

        @cache
        def moment(a: int, b: int) -> Any:
            """E u^a w^b = (a - 1) p E u^(a-2) w^b + b r E u^(a-1) w^(b-1)."""
            if a == 0:
                return (b - 1) * q * moment(0, b - 2) if b >= 2 else number(1 - b)
            value = (a - 1) * p * moment(a - 2, b) if a >= 2 else number(0)
            spend(20)
            return shortened(value + b * r * moment(a - 1, b - 1) if b else value)

        total = number(0)
        for a, c in enumerate(coefficients):
            for b, e in enumerate(coefficients):
                total = shortened(total + c * e * moment(a, b))
        return total

    return expectation


# -- cosines ----------------------------------------------------------------------------------


def root_of_product(p: Any, q: Any) -> Any:
    """sqrt(p q) of variances: exact where they are the same number, and otherwise enclosed."""
    if isinstance(p, Fraction) and isinstance(q, Fraction):
        if min(p, q) <= 0:
            raise CannotCheck("a division by the root of a variance that may be zero")
        if p != q:
            raise CannotCheck("a root of unlike variances, in fractions")
        return p
    norm = p if p is q else square_root(p * q)
    if norm.lo <= 0:
        raise CannotCheck("a division by the root of a variance that may be zero")
    return norm


def cosine(p: Any, q: Any, r: Any) -> Any:
    """r / sqrt(p q), between -1 and 1; of one and the same number it is 1."""
    norm = root_of_product(p, q)
    if r is p and p is q:
        return r / r if isinstance(r, Fraction) else Interval(ONE, ONE)
    c = r / norm
    if isinstance(c, Interval):
        return Interval(max(min(c.lo, ONE), -ONE), min(max(c.hi, -ONE), ONE))
    return c


def _hermite(order: int) -> tuple[Pair, Pair]:
    """c^k and k c^(k-1)/sqrt(pq); of even k by (pq)^(k/2), which has no root."""

    def product_of(p: Any, q: Any, r: Any, powers_of_r: int) -> Any:
        spend(10 * order)
        if isinstance(r, Fraction) and order % 2 == 0:
            if min(p, q) <= 0:
                raise CannotCheck("a division by a variance that may be zero")
            return shortened(r**powers_of_r / (p * q) ** (order // 2))
        value = cosine(p, q, r) ** powers_of_r
        return shortened(value if powers_of_r == order else value / root_of_product(p, q))

    if order == 0:
        return lambda p, q, r: r * 0 + 1, lambda p, q, r: r * 0
    return (
        lambda p, q, r: product_of(p, q, r, order),
        lambda p, q, r: product_of(p, q, r, order - 1) * order,
    )


def _signs(p: Any, q: Any, r: Any) -> Interval:
    """(2/pi) arcsin c, which increases."""
    spend(1000)
    return 2 * arcsine(cosine(p, q, r)) / pi()


def _moduli(p: Any, q: Any, r: Any) -> Interval:
    """E |u| |w|: A at both ends of c, down to its least value where 0 lies between."""
    spend(1000)
    c = cosine(p, q, r)
    ends = [_at_cosine(end) for end in (c.lo, c.hi)]
    low = min(e.lo for e in ends) if c.lo > 0 or c.hi < 0 else _at_cosine(0).lo
    found: Interval = root_of_product(p, q) * Interval(low, max(e.hi for e in ends))
    return found


def _at_cosine(end: int) -> Interval:
    """A at one number over 2^256; (1 - c)(1 + c) is exact, so that nothing is lost near 1."""
    root = isqrt((ONE - end) * (ONE + end))
    c = Interval(end, end)
    return 2 * (Interval(root, root + 1) + arcsine(c) * c) / pi()


# -- those with names ---------------------------------------------------------------------------


def _bent(below: Any) -> tuple[Pair, Pair]:
    """max(x, 0) + a min(x, 0) = (1 + a)/2 x + (1 - a)/2 |x|."""
    even, odd = (1 - below) * Fraction(1, 2), (1 + below) * Fraction(1, 2)
    even, odd = even * even, odd * odd
    return (
        lambda p, q, r: odd * r + even * _moduli(p, q, r),
        lambda p, q, r: odd + even * _signs(p, q, r),
    )


def _zero(p: Any, q: Any, r: Any) -> Any:
    return r * 0


def _erf(below: Any) -> tuple[Pair, Pair]:
    """(2/pi) arcsin(2r/sqrt((1 + 2p)(1 + 2q))) and (4/pi)/sqrt((1 + 2p)(1 + 2q) - 4r^2)."""

    def dual(p: Any, q: Any, r: Any) -> Any:
        spend(1000)
        return 2 / pi() * arcsine(2 * r / square_root((1 + 2 * p) * (1 + 2 * q)))

    def slope(p: Any, q: Any, r: Any) -> Any:
        spend(100)
        return 4 / (pi() * square_root((1 + 2 * p) * (1 + 2 * q) - 4 * r * r))

    return dual, slope


def _gelu(below: Any) -> tuple[Pair, Pair]:
    """With h = E Phi(u) Phi(w) = 1/4 + arcsin(r/sqrt(PQ))/(2 pi), P = 1 + p, Q = 1 + q and D^2 = PQ - r^2: E u Phi w Phi = r h + (p q - r^2 + r^2 (1/P + 1/Q))/(2 pi D)."""

    def parts(p: Any, q: Any, r: Any) -> tuple[Any, Any, Any, Any]:
        spend(1500)
        ours, theirs = 1 + p, 1 + q
        h = Fraction(1, 4) + arcsine(r / square_root(ours * theirs)) / (2 * pi())
        square = ours * theirs - r * r
        return h, square, 2 * pi() * square_root(square), 1 / ours + 1 / theirs

    def dual(p: Any, q: Any, r: Any) -> Any:
        h, _, below, inverses = parts(p, q, r)
        return r * h + (p * q - r * r + r * r * inverses) / below

    def slope(p: Any, q: Any, r: Any) -> Any:
        h, square, below, inverses = parts(p, q, r)
        return h + r * (inverses + 1 / square) / below

    return dual, slope


def _waves(first: int, second: int) -> Pair:
    """(first e^(r - (p + q)/2) + second e^(-r - (p + q)/2))/2."""

    def pair(p: Any, q: Any, r: Any) -> Any:
        half = (p + q) * Fraction(1, 2)
        total = first * exponential(r - half) + second * exponential(-r - half)
        return total * Fraction(1, 2)

    return pair


def _exp(p: Any, q: Any, r: Any) -> Any:
    return exponential((p + q) * Fraction(1, 2) + r)


def _step(p: Any, q: Any, r: Any) -> Any:
    """(1 + sign)/2."""
    return _signs(p, q, r) * Fraction(1, 4) + Fraction(1, 4)


_NAMES: dict[str, Callable[[Any], tuple[Pair, Pair]]] = {
    "relu": _bent,
    "leaky_relu": _bent,
    "abs": lambda below: (_moduli, _signs),
    "sign": lambda below: (_signs, _zero),
    "step": lambda below: (_step, _zero),
    "erf": _erf,
    "gelu": _gelu,
    "exp": lambda below: (_exp, _exp),
    "sin": lambda below: (_waves(1, -1), _waves(1, 1)),
    "cos": lambda below: (_waves(1, 1), _waves(1, -1)),
    "hermite": lambda below: _hermite(0),
}
_TAKES = ("leaky_relu", "hermite")
