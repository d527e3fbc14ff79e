r"""Real numbers beside their images at a random point of a finite field, to decide what is zero as a formula.

Exponentials, square roots and arcus functions of exact numbers are taken as further symbols, and a formula in these symbols is
evaluated at a random point of (Z/P)^2, P a prime of 62 bits, beside its ball. Let M be a matrix of such formulas.

* The rank of M at a point is at most its rank r as a matrix of functions, and it is r unless a polynomial of some degree D, a
  minor that is not the zero polynomial, vanishes there: with probability at most D/2^61 at one point (Schwartz 1980, Zippel
  1979), D^2/2^122 at both. D is below some 10^7 for what is computed here.
* The rank of M at the true values of the symbols is at most r, since a minor that vanishes as a function vanishes at every value.
* Where the only symbols are e^q, q rational, it is equal to r: these are powers of one e^(1/d), which is transcendental
  (Lindemann 1882).

e^q is sent to t^q, t a random square: the squares are a cyclic group of prime order (P - 1)/2, in which q is a well-defined exponent, so that
e^a e^b = e^(a+b) holds. Of the other functions only their arguments are known: equal arguments have equal images, and the rules

    E relu(u) relu(w) = r/2 or 0 where u and w are multiples of one another, sqrt(pq) times a function of the cosine where sqrt(q/p)
    is rational, homogeneous in the three moments, and r/4 more than an even function of r;  erf odd in the covariance

are kept, and for SymPy numbers the normal forms of `symkern.exact.images`. What is not kept makes r larger than the rank, never smaller.

The primes are chosen so that 2, 3, ..., 23 are squares modulo both. In the group of squares every rational power is defined, so p^q is sent to p^q
there: real radicals of different primes have no relations but these (Besicovitch 1940, *On the linear independence of fractional powers of integers*).
The images of all other symbols are squares as well, and have powers in the same way.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction
from hashlib import blake2b
from typing import Any

import flint

#: P = 2 r + 1 with P and r prime, just below 2^62, and 2, 3, ..., 23 squares modulo P.
_PRIMES = (4611686018427079679, 4611686018427065399)
_MODULUS = _PRIMES[0] * _PRIMES[1]
_ORDERS = tuple((p - 1) // 2 for p in _PRIMES)
_ORDER = _ORDERS[0] * _ORDERS[1]

_SMALL = 1 << 30

Residue = int
"""A number modulo P_1 P_2: its images modulo both primes at once."""


class GenericPoint:
    """The images of all symbols, drawn once from ``seed``; ``is_exponential`` says that only e^q, q rational, have occurred."""

    modulus = _MODULUS

    def __init__(self, seed: int = 20261128) -> None:
        self._base = pow(random.Random(seed).randrange(2, _MODULUS), 2, _MODULUS)
        self._key = seed.to_bytes(8, "big")
        self.is_exponential = True

    def of_rational(self, number: Any) -> Residue:
        """The image of an ``fmpq`` or a Fraction."""
        if isinstance(number, int):
            return number % _MODULUS
        top, bottom = (
            (number.numerator, number.denominator)
            if isinstance(number, Fraction)
            else (int(number.p), int(number.q))
        )
        return top * pow(bottom, -1, _MODULUS) % _MODULUS

    def exponential(self, exponent: Any) -> Residue:
        """The image of e^q for a rational q."""
        power = int(exponent.p) * pow(int(exponent.q), -1, _ORDER) % _ORDER
        return pow(self._base, power, _MODULUS)

    def symbol(self, name: str, *arguments: Residue) -> Residue:
        """The image of a function of which only its arguments are known: a random square."""
        self.is_exponential = False
        text = ",".join((name, *map(str, arguments))).encode()
        digest = blake2b(text, digest_size=32, key=self._key).digest()
        return pow(int.from_bytes(digest, "big"), 2, _MODULUS)

    def odd(self, name: str, argument: Residue) -> Residue:
        """The image of an odd function of which only its argument is known."""
        if not argument:
            return 0
        mirrored = _MODULUS - argument
        if argument < mirrored:
            return self.symbol(name, argument)
        return -self.symbol(name, mirrored) % _MODULUS

    def power(self, square: Residue, exponent: Fraction) -> Residue:
        """The power of an image that is a square, with a rational exponent."""
        inverse = pow(exponent.denominator, -1, _ORDER)
        return pow(square, exponent.numerator * inverse % _ORDER, _MODULUS)

    def power_of_prime(self, prime: int, exponent: Fraction) -> Residue:
        """The image of p^q; where p is no square modulo both primes, or not known to be prime, of the whole part of q, times a symbol's power."""
        if exponent.denominator == 1:
            return pow(prime, exponent.numerator, _MODULUS)
        self.is_exponential = False
        if _is_prime(prime) and all(pow(prime, r, p) == 1 for p, r in zip(_PRIMES, _ORDERS, strict=True)):  # fmt: skip
            return self.power(prime, exponent)
        whole = exponent.numerator // exponent.denominator
        rest = self.power(self.symbol("root", prime % _MODULUS), exponent - whole)
        return pow(prime, whole, _MODULUS) * rest % _MODULUS

    def residue(self, number: Any) -> Residue:
        """The image of a number that is exact or traced."""
        return number.residue if isinstance(number, Traced) else self.of_rational(number)


def _is_prime(number: int) -> bool:
    return number.bit_length() <= 128 and bool(flint.fmpz(number).is_prime())


class Traced:
    """An irrational number: its ball, and its image at the generic point."""

    __slots__ = ("ball", "residue")

    def __init__(self, ball: Any, residue: Residue) -> None:
        self.ball, self.residue = ball, residue

    @staticmethod
    def _parts(other: Any) -> tuple[Any, Residue]:
        if isinstance(other, Traced):
            return other.ball, other.residue
        if isinstance(other, int):
            return other, other
        return flint.arb(other), int(other.p) * pow(int(other.q), -1, _MODULUS)

    def __add__(self, other: Any) -> Traced:
        ball, residue = self._parts(other)
        return Traced(self.ball + ball, (self.residue + residue) % _MODULUS)

    __radd__ = __add__

    def __neg__(self) -> Traced:
        return Traced(-self.ball, -self.residue % _MODULUS)

    def __sub__(self, other: Any) -> Traced:
        return self.__add__(-other)

    def __rsub__(self, other: Any) -> Traced:
        return (-self).__add__(other)

    def __mul__(self, other: Any) -> Traced:
        ball, residue = self._parts(other)
        return Traced(self.ball * ball, self.residue * residue % _MODULUS)

    __rmul__ = __mul__

    def inverse(self) -> Traced:
        """1 over the number; ZeroDivisionError where the formula is zero at the point."""
        try:
            return Traced(1 / self.ball, pow(self.residue, -1, _MODULUS))
        except ValueError:
            raise ZeroDivisionError("a formula that is zero") from None

    def __truediv__(self, other: Any) -> Traced:
        if isinstance(other, Traced):
            return self * other.inverse()
        ball, residue = self._parts(other)
        return Traced(self.ball / ball, self.residue * pow(residue, -1, _MODULUS) % _MODULUS)

    def __rtruediv__(self, other: Any) -> Traced:
        return self.inverse().__mul__(other)

    def __pow__(self, power: int) -> Any:
        if power == 0:
            return flint.fmpq(1)
        if power < 0:
            return self.inverse() ** -power
        return Traced(self.ball**power, pow(self.residue, power, _MODULUS))

    @property
    def sign(self) -> int | None:
        """1 or -1 where the ball says so."""
        return 1 if self.ball > 0 else -1 if self.ball < 0 else None


def settled(number: Any) -> Any:
    """The number itself, or the ``fmpq`` that it is as a formula: a small fraction with its image, inside its ball.

    So e^(1/2 + (x - x)) is e^(1/2). A random image is that of a fraction of two numbers below 2^30 with probability 2^-62.
    """
    if not isinstance(number, Traced):
        return number
    a, b, u, v = _MODULUS, number.residue, 0, 1  # Euclid: every b is v times the residue
    while b >= _SMALL:
        q = a // b
        a, b, u, v = b, a - q * b, v, u - q * v
    if not 0 < abs(v) < _SMALL:
        return number
    found = flint.fmpq(b, v)
    return found if number.ball.contains(found) else number


_POINT: ContextVar[GenericPoint | None] = ContextVar("generic point", default=None)


def current_point() -> GenericPoint | None:
    """The point at which irrational numbers are traced, if any."""
    return _POINT.get()


@contextmanager
def traced_at(point: GenericPoint | None) -> Iterator[None]:
    """Let irrational numbers be `Traced` inside the ``with`` block; None changes nothing."""
    token = _POINT.set(point)
    try:
        yield
    finally:
        _POINT.reset(token)


def generic_rank(rows: Sequence[Sequence[int]]) -> int:
    """The rank of a matrix of formulas, from their images (integers, to be taken modulo both primes).

    >>> generic_rank([[1, 2], [2, 4]]), generic_rank([[0, 0], [0, 0]])
    (1, 0)
    """
    if not rows:
        return 0
    shape = len(rows), len(rows[0])
    return max(
        int(flint.nmod_mat(*shape, [int(e) % p for row in rows for e in row], p).rank())
        for p in _PRIMES
    )
