r"""What E phi(u) phi(w) of Gaussian pairs (u, w) is made of: reals from the variances p, q and the covariance r.

Exact where the value is rational and known, balls elsewhere, with their images where numbers are traced
(`symkern.exact.generic_points`); with symbols only where the value is rational. Where nothing is known of numbers but their balls, each
function says so first: spectra come there by the million.
"""

from __future__ import annotations

from math import isqrt
from typing import Any

import flint

from symkern.errors import Advice, NoClosedForm
from symkern.exact.generic_points import GenericPoint, Traced, current_point, settled
from symkern.exact.rational_functions import RationalFunction
from symkern.exact.reals import as_ball, current_field, is_exact, is_zero, plain

Real = Any


def relu_dual(p: Real, q: Real, r: Real) -> Real:
    """E relu(u) relu(w) for Gaussian (u, w) with variances p, q and covariance r.

    (t + r (pi - angle))/(2 pi), t = sqrt(pq - r^2), angle between the axes (r, t) (Cho, Saul, NeurIPS 2009).
    """
    same = r is p and p is q  # u = w, which balls of their difference would not tell
    if type(r) is type(p) is type(q) is flint.arb and not same and current_point() is None:
        return _relu_ball((p * q - r * r).nonnegative_part().sqrt(), r)
    p, q, r = settled(p), settled(q), settled(r)
    _refuse_symbols("relu", p, q, r)
    point = current_point()
    if point is not None:
        first, second, mixed = (point.residue(e) for e in (p, q, r))
        if not first or not second:
            return flint.fmpq(0)
        if first == second == mixed:  # u = w
            return p / 2
        aligned = mixed * mixed % point.modulus == first * second % point.modulus
        sign = r.sign if isinstance(r, Traced) else 1 if r > 0 else -1
        if aligned and sign is not None:  # w a multiple of u, or of -u
            return r / 2 if sign > 0 else flint.fmpq(0)
        root = _rational_root(settled(q / p))
        # sqrt(pq) is no symbol: what is left is c/4 and an even function of the cosine c, at 0 a multiple of 1/pi
        if root is not None:
            scale = first * point.of_rational(root) % point.modulus
            cosine = mixed * pow(scale, -1, point.modulus) % point.modulus
            half, quarter = (point.of_rational(flint.fmpq(1, n)) for n in (2, 4))
            even = point.symbol("relu", cosine * cosine % point.modulus) if mixed else half * point.symbol("1/pi")  # fmt: skip
            value = quarter * cosine + even
            ball = _relu_ball(as_ball(_root(plain(p) * plain(q) - plain(r) * plain(r))), as_ball(plain(r)))  # fmt: skip
            return Traced(ball, scale * value % point.modulus)
    if same and point is None:
        return p / 2
    covariance = plain(r)
    t = _root(plain(p) * plain(q) - covariance * covariance)
    if is_zero(t) and is_exact(covariance):
        return covariance / 2 if covariance > 0 else flint.fmpq(0)
    _refuse_symbols("relu")
    ball = _relu_ball(as_ball(t), as_ball(covariance))
    return ball if point is None else Traced(ball, _relu_image(first, second, mixed, point))


def _rational_root(number: Real) -> Any:
    """The root of the square of a rational number; None for anything else."""
    if not isinstance(number, flint.fmpq) or number < 0:
        return None
    p, q = int(number.p), int(number.q)
    exact = isqrt(p) ** 2 == p and isqrt(q) ** 2 == q
    return flint.fmpq(isqrt(p), isqrt(q)) if exact else None


def _relu_ball(t: Any, r: Any) -> Any:
    pi = flint.arb.pi()
    if r < 0:  # pi less the angle; t may hold 0, where a cut of the angle itself lies beyond it
        return (t + r * flint.arb.atan2(t, -r)) / (2 * pi)
    angle = flint.arb.atan2(t, r)
    if not angle.is_finite():
        angle = pi / 2 + flint.arb(0, (pi / 2).upper())
    return (t + r * (pi - angle)) / (2 * pi)


def _relu_image(p: int, q: int, r: int, point: GenericPoint) -> int:
    """r/4, and p times a symbol for q/p and (r/p)^2, or q times one for p/q and (r/q)^2: symmetric, and homogeneous of degree one."""
    modulus = point.modulus
    scaled = []
    for own, other in ((p, q), (q, p)):
        inverse = pow(own, -1, modulus)
        scaled.append((other * inverse % modulus, (r * inverse) ** 2 % modulus, own))
    other, square, own = min(scaled)
    quarter = point.of_rational(flint.fmpq(1, 4))
    return (quarter * r + own * point.symbol("relu", other, square)) % modulus


def angle(r: Real, square: Real) -> Real:
    """(2/pi) arcsin(r/sqrt(square)), between -1 and 1; 0 where the square is.

    >>> angle(flint.fmpq(1), flint.fmpq(4)), angle(flint.fmpq(-3), flint.fmpq(9))
    (1/3, -1)
    """
    if type(r) is type(square) is flint.arb and current_point() is None:
        return _angle_ball(r, (square - r * r).nonnegative_part().sqrt())
    r, square = settled(r), settled(square)
    if is_zero(r) or is_zero(square):
        return flint.fmpq(0)
    _refuse_symbols("an angle", r, square)
    sine = plain(r) / _root(plain(square))
    if is_exact(sine) and 2 * sine in (1, -1):  # the sines of +-pi/6
        return 2 * sine / 3
    if is_exact(sine) and sine in (1, -1):
        return sine
    _refuse_symbols("an angle")
    other = as_ball(_root(plain(square) - plain(r) * plain(r)))
    return _odd_in("angle", _angle_ball(as_ball(r), other), r, square)


def _angle_ball(sine: Any, cosine: Any) -> Any:
    return flint.arb.atan2(sine, cosine) * 2 / flint.arb.pi()


def cosine(r: Real, p: Real, q: Real) -> Real:
    """r/sqrt(pq), exact where the root is, 1 where all three are one number.

    >>> cosine(flint.fmpq(1), flint.fmpq(2), flint.fmpq(8))
    1/4
    """
    r, p, q = settled(r), settled(p), settled(q)
    _refuse_symbols("a cosine", p, q, r)
    if is_zero(p) or is_zero(q):
        raise ZeroDivisionError
    if is_zero(r):
        return flint.fmpq(0)
    below = _root(plain(p) * plain(q))
    if is_exact(r) and is_exact(below):
        return r / below
    ball = as_ball(plain(r)) / as_ball(below)
    return _odd_in("cosine", ball, r, p * q)


def inverse_pi() -> Real:
    """1/pi."""
    ball, point = 1 / flint.arb.pi(), current_point()
    return ball if point is None else Traced(ball, point.symbol("1/pi"))


def _odd_in(name: str, ball: Any, r: Real, square: Real) -> Real:
    """An odd function of r/sqrt(square): a symbol for the square of that, with the sign of r where it is known."""
    point = current_point()
    if point is None:
        return ball
    below, above = point.residue(square), point.residue(r)
    ratio = above * above * pow(below, -1, point.modulus) % point.modulus
    if not ratio:
        return Traced(ball, 0)
    sign = r.sign if isinstance(r, Traced) else 1 if r > 0 else -1
    if sign is None:
        return Traced(ball, point.symbol(name, ratio, above))
    if ratio == 1:
        return flint.fmpq(sign)
    return Traced(ball, sign * point.symbol(name, ratio) % point.modulus)


def square_root(number: Real) -> Real:
    """The square root of a number that is not negative; with symbols only where it is rational.

    >>> square_root(flint.fmpq(9, 4))
    3/2
    """
    if type(number) is flint.arb and current_point() is None:
        return number.nonnegative_part().sqrt()
    number = settled(number)
    _refuse_symbols("a square root", number)
    root, point = _root(plain(number)), current_point()
    if is_exact(root):
        return root
    _refuse_symbols("a square root")
    return root if point is None else Traced(root, point.symbol("sqrt", point.residue(number)))


def _root(number: Real) -> Real:
    """The root without its trace, exact for squares of rationals."""
    root = _rational_root(number)
    return root if root is not None else as_ball(number).nonnegative_part().sqrt()


def _refuse_symbols(name: str, *numbers: Real) -> None:
    """Without numbers: refuse whatever is not exact, where numbers are elements of a field."""
    if any(isinstance(e, RationalFunction) for e in numbers) or (
        not numbers and current_field() is not None
    ):
        raise NoClosedForm(
            f"hyperparameters: {name} has no exact form in symbols; {Advice()}"
        ).advising(Advice())
