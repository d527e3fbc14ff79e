r"""E phi(u) phi(w) and E phi'(u) phi'(w) in decimals of many digits, (u, w) Gaussian with variances p, q and covariance r.

With c = r/sqrt(pq): E |u| |w| = (2/pi) sqrt(pq) (sqrt(1 - c^2) + c arcsin c) and E sign u sign w = (2/pi) arcsin c, of which relu, leaky_relu and step are combinations
with u and 1. erf, x Phi(x), the exponentials and the Hermite polynomials as in `claimed_activations`, in a form of their own: by P = 1/2 + p and the like for erf.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, getcontext
from functools import partial
from math import factorial
from typing import Any

from .claimed_activations import Named
from .many_decimals import arcsine_of, exponential_of, pi_of
from .verdicts import CannotCheck

Pair = Callable[[Decimal, Decimal, Decimal], Decimal]


def expectations_of(activation: Any, below: Decimal) -> tuple[Pair, Pair]:
    """Both expectations: of a name, ``below`` the argument of leaky_relu; or of a polynomial by its coefficients, the lowest first."""
    if isinstance(activation, list):
        slopes = [k * c for k, c in enumerate(activation)][1:]
        return partial(_of_polynomial, activation), partial(_of_polynomial, slopes)
    assert isinstance(activation, Named)
    name = activation.name
    if name == "hermite":
        return partial(_power, activation.order), partial(_slope_of_power, activation.order)
    if name in ("relu", "leaky_relu"):
        return partial(_bent, below), partial(_bent_slope, below)
    return _NAMES[name]


def norm_of(p: Decimal, q: Decimal) -> Decimal:
    """sqrt(pq)."""
    if p <= 0 or q <= 0:
        raise CannotCheck("a division by the root of a variance that may be zero")
    return p if p == q else (p * q).sqrt()


def cosine_of(p: Decimal, q: Decimal, r: Decimal) -> Decimal:
    """r/sqrt(pq), at most 1."""
    c = r / norm_of(p, q)
    return c if abs(c) <= 1 else Decimal(1).copy_sign(c)


def _pi() -> Decimal:
    return pi_of(getcontext().prec)


def _of_polynomial(coefficients: list[Any], p: Decimal, q: Decimal, r: Decimal) -> Decimal:
    """sum_m r^m/m! E phi^(m)(u) E phi^(m)(w), with E u^(2i) = (2i)!/(2^i i!) p^i."""
    total = Decimal(0)
    for m in range(len(coefficients)):
        ends = [
            sum(
                (
                    c * (factorial(a) // factorial(a - m)) * _gaussian(a - m, variance)
                    for a, c in enumerate(coefficients)
                    if a >= m and (a - m) % 2 == 0
                ),
                Decimal(0),
            )
            for variance in (p, q)
        ]
        total += _raised(r, m) / factorial(m) * ends[0] * ends[1]
    return total


def _raised(base: Decimal, power: int) -> Decimal:
    """With 0^0 = 1."""
    found: Decimal = base**power if power else Decimal(1)
    return found


def _gaussian(power: int, variance: Decimal) -> Decimal:
    half = power // 2
    moment = factorial(power) // (2**half * factorial(half))
    found: Decimal = moment * _raised(variance, half)
    return found


def _power(order: int, p: Decimal, q: Decimal, r: Decimal) -> Decimal:
    return _raised(cosine_of(p, q, r), order)


def _slope_of_power(order: int, p: Decimal, q: Decimal, r: Decimal) -> Decimal:
    return order * _power(order - 1, p, q, r) / norm_of(p, q) if order else Decimal(0)


def _moduli(p: Decimal, q: Decimal, r: Decimal) -> Decimal:
    norm, c = norm_of(p, q), cosine_of(p, q, r)
    return 2 * norm * (((1 - c) * (1 + c)).sqrt() + c * arcsine_of(c)) / _pi()


def _signs(p: Decimal, q: Decimal, r: Decimal) -> Decimal:
    return 2 * arcsine_of(cosine_of(p, q, r)) / _pi()


def _zero(p: Decimal, q: Decimal, r: Decimal) -> Decimal:
    return Decimal(0)


def _bent(below: Decimal, p: Decimal, q: Decimal, r: Decimal) -> Decimal:
    """max(x, 0) + a min(x, 0): its even part is (1 - a)/2 |x|, its odd part (1 + a)/2 x."""
    return ((1 - below) ** 2 * _moduli(p, q, r) + (1 + below) ** 2 * r) / 4


def _bent_slope(below: Decimal, p: Decimal, q: Decimal, r: Decimal) -> Decimal:
    return ((1 - below) ** 2 * _signs(p, q, r) + (1 + below) ** 2) / 4


def _step(p: Decimal, q: Decimal, r: Decimal) -> Decimal:
    return (1 + _signs(p, q, r)) / 4


def _erf(p: Decimal, q: Decimal, r: Decimal) -> Decimal:
    half = Decimal("0.5")
    return 2 * arcsine_of(r / ((half + p) * (half + q)).sqrt()) / _pi()


def _erf_slope(p: Decimal, q: Decimal, r: Decimal) -> Decimal:
    half = Decimal("0.5")
    return 2 / (_pi() * ((half + p) * (half + q) - r * r).sqrt())


def _gelu(p: Decimal, q: Decimal, r: Decimal) -> Decimal:
    """Stein's lemma twice: E u w Phi Phi = r E Phi Phi + E of the densities' terms."""
    square = (1 + p) * (1 + q) - r * r
    both = arcsine_of(r / ((1 + p) * (1 + q)).sqrt()) / (2 * _pi()) + Decimal("0.25")
    density = 1 / (2 * _pi() * square.sqrt())
    return r * both + density * (p * q - r * r + r * r * (1 / (1 + p) + 1 / (1 + q)))


def _gelu_slope(p: Decimal, q: Decimal, r: Decimal) -> Decimal:
    square = (1 + p) * (1 + q) - r * r
    both = arcsine_of(r / ((1 + p) * (1 + q)).sqrt()) / (2 * _pi()) + Decimal("0.25")
    density = 1 / (2 * _pi() * square.sqrt())
    return both + r * density * (1 / (1 + p) + 1 / (1 + q) + 1 / square)


def _waves(sign: int, p: Decimal, q: Decimal, r: Decimal) -> Decimal:
    """E of products of sines (-1) or cosines (1): (e^r -+ e^-r) e^(-(p + q)/2)/2."""
    even = exponential_of(r)
    return (even + sign / even) * exponential_of(-(p + q) / 2) / 2


def _exp(p: Decimal, q: Decimal, r: Decimal) -> Decimal:
    return exponential_of((p + q) / 2 + r)


_NAMES: dict[str, tuple[Pair, Pair]] = {
    "abs": (_moduli, _signs),
    "sign": (_signs, _zero),
    "step": (_step, _zero),
    "erf": (_erf, _erf_slope),
    "gelu": (_gelu, _gelu_slope),
    "exp": (_exp, _exp),
    "sin": (partial(_waves, -1), partial(_waves, 1)),
    "cos": (partial(_waves, 1), partial(_waves, -1)),
}
