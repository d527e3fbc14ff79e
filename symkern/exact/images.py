r"""Normal forms of SymPy numbers: their images at a generic point, which agree where the numbers do by these rules.

    p_1^{a_1} ... p_k^{a_k}    for a power of a rational number, by its primes;  log likewise, the sum of a_i log p_i
    sqrt(a + b sqrt d) = sqrt((a + s)/2) + sqrt((a - s)/2)    for b > 0 with a rational root s of a^2 - b^2 d, minus for b < 0
    e^{a + b} = e^a e^b,       e^{q x} = (e^x)^q for a rational q
    acos x = pi/2 - asin x,    asin, atan and erf odd,    erfc = 1 - erf
    asin x = theta(x^2),       atan x = theta(x^2/(1 + x^2)),    theta(s) + theta(1 - s) = pi/2    for x > 0 with a rational square

where theta(s) is the angle with the square s of its sine. An angle with a rational tangent b/a is the argument of a + b i, and so a sum of arguments of
Gaussian primes and a multiple of pi/4, which is how Machin's pi/4 = 4 atan(1/5) - atan(1/239) is seen. Roots in roots: Borodin, Fagin, Hopcroft
and Tompa, *Decreasing the nesting depth of expressions involving square roots*, J. Symb. Comput. 1 (1985).

A number whose image is that of a small fraction, inside the number's ball, is that fraction (`settled`). Numbers that are equal by other rules keep
different images; what they cancel to stays a ball around zero.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import isqrt, prod
from typing import Any

import flint
import sympy as sp

from symkern.exact.balls import enclosure
from symkern.exact.generic_points import GenericPoint, Traced, settled
from symkern.limits import current

Residue = int


def image(expression: sp.Expr, point: GenericPoint) -> Residue:
    """The image of a real number at a point.

    >>> c = sp.Rational(1, 3)
    >>> at = GenericPoint()
    >>> image(sp.acos(c) + sp.acos(-c) - sp.pi, at), image(sp.log(12) - sp.log(3) - 2 * sp.log(2), at)
    (0, 0)
    """
    return _Images(point).of(expression) % point.modulus


@lru_cache(maxsize=1 << 12)
def _residue(expression: sp.Expr) -> Residue:
    return image(expression, GenericPoint())


def exact_value(expression: sp.Expr, ball: Any) -> Any:
    """The ``fmpq`` that a real number is by its normal form; None where it is none. The ball encloses the number.

    >>> x = sp.acos(sp.Rational(1, 3)) + sp.acos(-sp.Rational(1, 3))
    >>> exact_value(x / sp.pi, enclosure(x / sp.pi))
    1
    """
    found = settled(Traced(ball, _residue(expression)))
    return None if isinstance(found, Traced) else found


class _Images:
    """Images at one point."""

    def __init__(self, point: GenericPoint) -> None:
        self.point = point

    def of(self, number: sp.Expr) -> Residue:
        """The image of a number."""
        if number.is_Rational:
            return self.point.of_rational(Fraction(int(number.p), int(number.q)))
        if number.is_Add:
            return sum(map(self.of, number.args)) % self.point.modulus
        if number.is_Mul:
            return prod(map(self.of, number.args)) % self.point.modulus
        if number is sp.E or isinstance(number, sp.exp):
            return self._exponential(sp.S.One if number is sp.E else number.args[0])
        if number.is_Pow:
            return self._power(number.base, number.exp)
        return self._function(number)

    def _function(self, number: sp.Expr) -> Residue:
        if isinstance(number, sp.log):
            return self._logarithm(number.args[0])
        if isinstance(number, (sp.asin, sp.acos)):
            sine = self._angle(number.args[0], "asin")
            return sine if isinstance(number, sp.asin) else self._turns(Fraction(1, 2)) - sine
        if isinstance(number, sp.atan):
            return self._angle(number.args[0], "atan")
        if isinstance(number, sp.erf):
            return self.point.odd("erf", self.of(number.args[0]) % self.point.modulus)
        if isinstance(number, sp.erfc):
            return 1 - self.point.odd("erf", self.of(number.args[0]) % self.point.modulus)
        return self.point.symbol(str(number))  # pi

    def _settled(self, number: sp.Expr) -> Fraction | None:
        """The rational number that it is, if any."""
        if number.is_Rational:
            return Fraction(int(number.p), int(number.q))
        found = settled(Traced(enclosure(number), self.of(number) % self.point.modulus))
        return None if isinstance(found, Traced) else Fraction(int(found.p), int(found.q))

    # -- powers, exponentials, logarithms ---------------------------------------------------

    def _power(self, base: sp.Expr, exponent: sp.Expr) -> Residue:
        modulus = self.point.modulus
        if not exponent.is_Rational:
            return self._exponential(sp.expand_mul(exponent * sp.log(base)))
        power = Fraction(int(exponent.p), int(exponent.q))
        if power.denominator == 1:
            inside = self.of(base) % modulus
            try:
                return pow(inside, power.numerator, modulus)
            except ValueError:  # one over what is zero as a formula
                return self.point.symbol("inverse", -power.numerator)
        if base is sp.pi:
            return self.point.power(self.of(base), power)
        rational = self._settled(base)
        if rational is not None and rational > 0:
            return prod(self.point.power_of_prime(p, e * power) for p, e in _primes(rational))
        if base.is_Mul and all(part.is_positive for part in base.args):
            return prod(self._power(part, exponent) for part in base.args)
        roots = _denested(base) if power.denominator == 2 else None
        if roots is not None:
            root = sum(sign * self._power(sp.Rational(r), sp.S.Half) for sign, r in roots) % modulus
            return int(pow(root, power.numerator, modulus)) if root else 0
        whole = power.numerator // power.denominator
        inside = self.of(base) % modulus
        rest = self.point.power(self.point.symbol("root", inside), power - whole)
        return int(pow(inside, whole, modulus) * rest) if inside else 0

    def _exponential(self, exponent: sp.Expr) -> Residue:
        rational = self._settled(exponent)
        if rational is not None:
            return self.point.exponential(flint.fmpq(rational.numerator, rational.denominator))
        found = 1
        for term in sp.Add.make_args(sp.expand_mul(exponent)):
            c, rest = term.as_coeff_Mul()
            power = Fraction(int(c.p), int(c.q))
            if rest == 1:
                found *= self.point.exponential(flint.fmpq(power.numerator, power.denominator))
            elif isinstance(rest, sp.log):
                found *= self._power(rest.args[0], c)
            else:
                base = self.point.symbol("exp", self.of(rest) % self.point.modulus)
                found *= self.point.power(base, power)
        return found % self.point.modulus

    def _logarithm(self, inside: sp.Expr) -> Residue:
        rational = self._settled(inside)
        if rational is not None and rational > 0:
            return sum(
                e * self.point.symbol("log", p % self.point.modulus) for p, e in _primes(rational)
            )
        if inside.is_Mul and all(part.is_positive for part in inside.args):
            return sum(map(self._logarithm, inside.args))
        if isinstance(inside, sp.exp):
            return self.of(inside.args[0])
        if inside.is_Pow and inside.base.is_positive:
            return self.of(inside.exp) * self._logarithm(inside.base)
        return self.point.symbol("log of", self.of(inside) % self.point.modulus)

    # -- angles -----------------------------------------------------------------------------

    def _turns(self, half_turns: Fraction) -> Residue:
        """A rational multiple of pi."""
        return self.point.of_rational(half_turns) * self.of(sp.pi)

    def _angle(self, number: sp.Expr, name: str) -> Residue:
        """The angle with this sine, or this tangent."""
        square = self._settled(number**2)
        if square is None or (name == "asin" and square > 1):
            return self.point.odd(name, self.of(number) % self.point.modulus)
        sign = 1 if enclosure(number) > 0 else -1
        return sign * self._theta(square if name == "asin" else square / (1 + square))

    def _theta(self, square: Fraction) -> Residue:
        """The angle between 0 and pi/2 with this square of its sine."""
        if square > Fraction(1, 2):
            return self._turns(Fraction(1, 2)) - self._theta(1 - square)
        known = {
            Fraction(0): Fraction(0),
            Fraction(1, 4): Fraction(1, 6),
            Fraction(1, 2): Fraction(1, 4),
        }
        if square in known:
            return self._turns(known[square])
        tangent = square / (1 - square)
        b, a = isqrt(tangent.numerator), isqrt(tangent.denominator)
        if Fraction(b * b, a * a) == tangent and _is_small(a * a + b * b):
            return self._argument(a, b)
        return self.point.symbol("theta", self.point.of_rational(square))

    def _argument(self, a: int, b: int) -> Residue:
        """The argument of a + b i, a and b coprime and positive, by Gaussian primes."""
        found, rest = 0, flint.arb(flint.fmpq(b, a)).atan()
        quarter = flint.arb.pi() / 4
        for p, e in _primes(Fraction(a * a + b * b)):
            if p == 2:
                continue
            x, y = _two_squares(p)
            times = e if (b * x - a * y) % p == 0 else -e  # divided by x + y i, or by x - y i
            found += times * self.point.symbol("argument", p % self.point.modulus)
            rest -= times * flint.arb(flint.fmpq(y, x)).atan()
        eighths = (rest / quarter).unique_fmpz()
        if eighths is None:  # more digits than the balls have
            return self.point.symbol("theta", self.of(sp.Rational(b * b, a * a + b * b)))
        return found + self._turns(Fraction(int(eighths), 4))


def _denested(base: sp.Expr) -> list[tuple[int, Fraction]] | None:
    """[(sign, r), ...] with sqrt(base) the sum of sign sqrt(r), for a positive a + b sqrt(d) whose norm is a square; None otherwise."""
    terms = dict(base.expand().as_coefficients_dict())
    a = terms.pop(sp.S.One, sp.S.Zero)
    if len(terms) != 1 or not a.is_Rational:
        return None
    [(root, b)] = terms.items()
    square = b**2 * root**2
    if not (root.is_Pow and square.is_Rational and a > 0) or not enclosure(base) > 0:
        return None
    middle, rest = (Fraction(int(n.p), int(n.q)) for n in (a, square))
    norm = middle**2 - rest
    s = Fraction(isqrt(abs(norm.numerator)), isqrt(norm.denominator))
    if s * s != norm:
        return None
    return [(1, (middle + s) / 2), (1 if b > 0 else -1, (middle - s) / 2)]


def _is_small(number: int) -> bool:
    return number.bit_length() <= current().factored_bits


def _primes(number: Fraction) -> list[tuple[int, int]]:
    """The primes of a positive number with their exponents; large numbers keep what trial division leaves."""
    found: dict[int, int] = {}
    for part, sign in ((number.numerator, 1), (number.denominator, -1)):
        if part == 1:
            continue
        limit = () if _is_small(part) else (current().trial_divisor,)
        for p, e in flint.fmpz(part).factor(*limit):
            found[int(p)] = found.get(int(p), 0) + sign * int(e)
    return sorted(found.items())


def _two_squares(prime: int) -> tuple[int, int]:
    """x > y > 0 with x^2 + y^2 = p, for a prime p = 1 mod 4: Euclid's algorithm from a root of -1 (Cornacchia 1908)."""
    base = 2
    while pow(base, (prime - 1) // 2, prime) == 1:
        base += 1
    a, b = prime, pow(base, (prime - 1) // 4, prime)
    while b * b > prime:
        a, b = b, a % b
    other = isqrt(prime - b * b)
    return max(b, other), min(b, other)
