"""Residues modulo a prime of 121 bits, and the chance that picks primes and points from the digits of the file."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from typing import Any

from .verdicts import NoRoot, Number, Pole

Exponents = tuple[int, int, int, int, int]  # of s, m, X, Y, d
Polynomial = dict[Exponents, int]
CONSTANT: Exponents = (0, 0, 0, 0, 0)


class Residue:
    """A number modulo a prime that is 3 modulo 4, so that squares have their roots by a power."""

    __slots__ = ("prime", "value")

    def __init__(self, value: int, prime: int) -> None:
        self.value, self.prime = value % prime, prime

    def _other(self, other: Any) -> int:
        if isinstance(other, Residue):
            return other.value
        return residue_of(other, self.prime)

    def __add__(self, other: Any) -> Residue:
        return Residue(self.value + self._other(other), self.prime)

    def __sub__(self, other: Any) -> Residue:
        return Residue(self.value - self._other(other), self.prime)

    def __rsub__(self, other: Any) -> Residue:
        return Residue(self._other(other) - self.value, self.prime)

    def __mul__(self, other: Any) -> Residue:
        return Residue(self.value * self._other(other), self.prime)

    def __neg__(self) -> Residue:
        return Residue(-self.value, self.prime)

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, other: Any) -> Residue:
        return self * inverse_modulo(self._other(other), self.prime)

    def __rtruediv__(self, other: Any) -> Residue:
        return Residue(self._other(other), self.prime) * inverse_modulo(self.value, self.prime)

    def __pow__(self, n: int) -> Residue:
        base = self.value if n >= 0 else inverse_modulo(self.value, self.prime)
        return Residue(pow(base, abs(n), self.prime), self.prime)

    def root(self) -> Residue:
        found = pow(self.value, (self.prime + 1) // 4, self.prime)
        if found * found % self.prime != self.value:
            raise NoRoot
        return Residue(found, self.prime)


def inverse_modulo(value: int, prime: int) -> int:
    """The inverse modulo a prime; a pole where there is none."""
    if value % prime == 0:
        raise Pole
    return pow(value, -1, prime)


def residue_of(value: Any, prime: int) -> int:
    """A fraction modulo a prime."""
    over = 1 if isinstance(value, int) else inverse_modulo(value.denominator, prime)
    return int(value.numerator * over % prime)


class Chance:
    """Numbers that nobody can choose who writes the claim: digits of SHA-256 of its text."""

    def __init__(self, text: str) -> None:
        self.seed, self.count = hashlib.sha256(text.encode()).digest(), 0

    def below(self, bound: int) -> int:
        digits = b""
        while 8 * len(digits) < bound.bit_length() + 64:
            self.count += 1
            digits += hashlib.sha256(self.seed + str(self.count).encode()).digest()
        return int.from_bytes(digits, "big") % bound

    def fraction(self, kind: int = 0) -> Fraction:
        """A value for a hyperparameter: between 1/3 and 3 and of moderate height; kind 1: of 64 binary digits; 2 and 3: about 16 times larger or smaller."""
        if kind == 1:
            return Fraction((1 << 62) + self.below(1 << 63), 1 << 63)
        scale = {0: Fraction(1), 2: Fraction(16), 3: Fraction(1, 16)}[kind]
        return scale * Fraction(1001 + self.below(1999), 1001 + self.below(1999))

    def prime(self) -> int:
        """Between 2^120 and 2^121."""
        while True:
            candidate = (1 << 120) + 4 * self.below(1 << 118) + 3
            if all(candidate % q for q in (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)) and all(
                self._witness(candidate) for _ in range(30)
            ):
                return candidate

    def _witness(self, n: int) -> bool:
        """Whether n looks prime (Rabin 1980); n is 3 modulo 4."""
        return pow(2 + self.below(n - 3), (n - 1) // 2, n) in (1, n - 1)


def residue_maker(prime: int) -> Number:
    """What makes a `Residue` of a number."""
    return lambda value: (
        value if isinstance(value, Residue) else Residue(residue_of(value, prime), prime)
    )
