"""Numbers known to a proven radius: `Ball`, symmetric matrices of them, and their eigenvalues.

A ball is a rational midpoint with a rational radius; the number it stands for lies in between, and nothing
else is claimed. Balls do not compute with exact numbers: what is uncertain stays visible.

Eigenvalues of a symmetric matrix S of balls come with a proof that needs no gaps between them. Let Q hold
approximate eigenvectors of the midpoint (flint's QR iteration). With Q^T Q = I + F, |F| <= f < 1, Ostrowski's theorem gives
lambda_i(Q^T S Q) = theta_i lambda_i(S), 1 - f <= theta_i <= 1 + f; and Weyl's inequality puts the sorted eigenvalues of
D + E within |E| of the sorted diagonal D. All norms are bounded in ball arithmetic, so repeated eigenvalues and
zeros get balls like any other. Source: Horn, Johnson, *Matrix Analysis*, 4.3.1 and 4.5.9; Johansson, *Arb*, IEEE Trans. Comput. 66 (2017).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import inf, prod
from numbers import Rational
from threading import RLock
from typing import Any

import flint
import numpy as np
import sympy as sp

from symkern.errors import InvalidArgument, InvalidType, displayed
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_all, read_list, read_pair
from symkern.typeset.numerals import decimal
from symkern.typeset.shown import Shown, Written, displays

#: Bits of every computation with balls, unless `precision` says otherwise, and the digits that are kept.
BITS = 320
DIGITS = 60


#: FLINT has one precision for all threads: whoever sets it has it alone, or two threads would leave each other's behind.
_PRECISION = RLock()


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Compute with balls of that many bits inside the ``with`` block, which other threads wait for."""
    with _PRECISION:
        before = flint.ctx.prec
        flint.ctx.prec = bits
        try:
            yield
        finally:
            flint.ctx.prec = before


def bits_in_force() -> int:
    """The bits with which balls are computed now."""
    return int(flint.ctx.prec)


@dataclass(frozen=True, repr=False)
class Ball(Written):
    """The real number within ``radius`` of ``midpoint``.

    `float()` is the midpoint, infinite beyond the range of floats; `str()` shows the digits that are certain. Equality compares
    midpoint and radius, not the unknown numbers.

    Args:
        midpoint: an exact rational, given as such or as text.
        radius: the same, at least 0.

    Raises:
        InvalidArgument: a negative radius.
        InvalidType: a float.

    >>> third = Ball("0.33333333", "1e-8")
    >>> print(third, third.contains(Fraction(1, 3)))
    0.3333333 True
    >>> Ball(0, "1e-30")
    Ball('0', '1e-30')
    """

    midpoint: Fraction
    radius: Fraction

    def __init__(self, midpoint: Rational | str | int, radius: Rational | str | int = 0) -> None:
        object.__setattr__(self, "midpoint", _rational(midpoint, "midpoint"))
        object.__setattr__(self, "radius", _rational(radius, "radius"))
        if self.radius < 0:
            raise InvalidArgument("radius", "must not be negative", f"it is {displayed(radius)}")

    @property
    def lower(self) -> Fraction:
        """The left end."""
        return self.midpoint - self.radius

    @property
    def upper(self) -> Fraction:
        """The right end."""
        return self.midpoint + self.radius

    @property
    def excludes_zero(self) -> bool:
        """Whether the number is proved to be different from zero; False leaves it open."""
        return abs(self.midpoint) > self.radius

    @typed
    def contains(self, number: Rational | int) -> bool:
        """Whether an exact number lies in the ball.

        Args:
            number: an int, a Fraction or a SymPy Rational.
        """
        return abs(Fraction(_rational(number, "number")) - self.midpoint) <= self.radius

    @typed
    def overlaps(self, other: Ball) -> bool:
        """Whether two balls have a point in common, as they must if they enclose the same number.

        Args:
            other: a ball.
        """
        return abs(self.midpoint - other.midpoint) <= self.radius + other.radius

    def reciprocal(self) -> Ball:
        """A ball around one over the number, which is proved not to be zero."""
        if not self.excludes_zero:
            raise InvalidArgument("self", "must exclude zero", f"it is {self}")
        ends = 1 / self.lower, 1 / self.upper
        return Ball((ends[0] + ends[1]) / 2, abs(ends[0] - ends[1]) / 2)

    @typed
    def scaled(self, factor: Rational | int) -> Ball:
        """The ball of the number times an exact factor.

        Args:
            factor: an int, a Fraction or a SymPy Rational.
        """
        exact = Fraction(factor)
        return Ball(self.midpoint * exact, self.radius * abs(exact))

    @typed
    def digits(self, most: int = 15) -> str:
        """The certain digits; an inequality where not even one is certain.

        Args:
            most: at least 1.
        """
        most = read_integer(most, "most", 1, current().formula_digits)
        if not self.midpoint and not self.radius:
            return "0"
        top = _exponent(self.midpoint) if self.midpoint else None
        if top is not None and self.radius:  # no digit beyond the radius is certain
            most = min(most, max(top - _exponent(self.radius) + 1, 0))
        for places in range(most, 0, -1):
            if top is None:
                break
            unit = Fraction(10) ** (top - places + 1)
            # The next digit is certain when what is cut off and the radius stay within one unit.
            if self.radius < unit / 2 and _exponent(round(self.midpoint / unit) * unit) == top:
                return _decimal(round(self.midpoint / unit), top - places + 1)
            if self.radius < unit / 2:
                return _decimal(round(self.midpoint / unit / 10), top - places + 2)
        bound = abs(self.midpoint) + self.radius
        power = _exponent(bound)
        lead = -((-bound / Fraction(10) ** power) // 1)
        return f"|.| <= {_decimal(int(lead), power)}"

    def __float__(self) -> float:
        return nearest_float(self.midpoint)

    def __str__(self) -> str:
        return self.digits()

    def __repr__(self) -> str:
        return f"Ball({_text(self.midpoint)!r}, {_text(self.radius)!r})"

    @displays
    @typed
    def latex(self, most: int = 15) -> str:
        """The certain digits as LaTeX.

        Args:
            most: how many digits at most, at least 1.
        """
        head, e, power = self.digits(most).partition("e")
        shown = rf"{head} \cdot 10^{{{int(power)}}}" if e else head
        return shown.replace("|.| <=", r"|\cdot| \le")


def ball_sum(parts: Sequence[Ball | sp.Rational]) -> Ball:
    """The ball of a sum of balls and rational numbers.

    >>> ball_sum([Ball("0.5", "0.1"), sp.Rational(1, 2)])
    Ball('1', '0.1')
    """
    middle = radius = Fraction(0)
    for part in parts:
        if isinstance(part, Ball):
            middle, radius = middle + part.midpoint, radius + part.radius
        else:
            middle += Fraction(int(part.p), int(part.q))
    return Ball(middle, radius)


def _rational(value: object, argument: str) -> Fraction:
    if isinstance(value, str):
        try:
            return _read(value)
        except (ValueError, ZeroDivisionError):
            rule = "must be a decimal or a fraction"
            raise InvalidArgument(argument, rule, f"it is {displayed(value)}") from None
    if isinstance(value, Rational) and not isinstance(value, bool):
        return Fraction(int(value.numerator), int(value.denominator))
    raise InvalidType(argument, "must be rational, or the text of a decimal", value)


#: A decimal or a fraction with more digits than Python reads at once.
_LONG = re.compile(r"([+-]?)(\d*)(?:/(\d+)|(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?)")


#: Powers of ten from here on are no number that anybody means.
_POWER = 10**6


def _read(text: str) -> Fraction:
    """The number that a decimal or a fraction writes, however long."""
    _, _, power = text.strip().lower().partition("e")
    if power.lstrip("+-").isdecimal() and len(power.lstrip("+-0")) > len(str(_POWER)) - 1:
        raise ValueError(f"an exponent beyond {_POWER}")  # its zeros would be written out
    found = _LONG.fullmatch(text.strip()) if len(text) > 4000 else None
    if found is None or not (found[2] or found[4]):
        return Fraction(text)
    whole, places = found[2] + (found[4] or ""), len(found[4] or "")
    number = Fraction(int(flint.fmpz(whole)), int(flint.fmpz(found[3] or 1)))
    number *= Fraction(10) ** (int(found[5] or 0) - places)
    return -number if found[1] == "-" else number


def nearest_float(number: Fraction) -> float:
    """The nearest floating-point number, infinite beyond their range.

    >>> nearest_float(Fraction(1, 3)), nearest_float(-(Fraction(10) ** 10000))
    (0.3333333333333333, -inf)
    """
    try:
        return float(number)
    except OverflowError:
        return inf if number > 0 else -inf


def _exponent(number: Fraction) -> int:
    """The e with 10^e <= |number| < 10^(e + 1)."""
    number = abs(number)
    bits = number.numerator.bit_length() - number.denominator.bit_length()
    guess = bits * 30103 // 100_000
    while Fraction(10) ** guess > number:
        guess -= 1
    while Fraction(10) ** (guess + 1) <= number:
        guess += 1
    return guess


def _decimal(mantissa: int, exponent: int) -> str:
    """mantissa * 10^exponent without loss: plain near one, with an exponent elsewhere, so that every figure shown is one of the mantissa's."""
    sign, figures = "-" if mantissa < 0 else "", decimal(abs(mantissa))
    top = len(figures) - 1 + exponent
    if mantissa == 0:
        return "0"
    if -5 <= top < 0:
        return f"{sign}0.{'0' * (-top - 1)}{figures}"
    if exponent == 0 and top <= 15:
        return sign + figures
    if exponent < 0 and 0 <= top <= 15:
        return f"{sign}{figures[: top + 1]}.{figures[top + 1 :]}"
    rest = f".{figures[1:]}" if len(figures) > 1 else ""
    return f"{sign}{figures[0]}{rest}e{top}"


def _text(number: Fraction) -> str:
    """A decimal that reads back exactly where there is one, a fraction otherwise."""
    places = int(max(sp.multiplicity(p, number.denominator) for p in (2, 5)))
    if 10**places % number.denominator:
        return decimal(number)
    mantissa = number.numerator * 10**places // number.denominator
    while mantissa and mantissa % 10 == 0:
        mantissa, places = mantissa // 10, places - 1
    return _decimal(mantissa, -places)


# -- between balls and flint's arb ----------------------------------------------------------


def from_arb(number: Any) -> Ball:
    """The ball of a flint ``arb``, its midpoint rounded to `DIGITS` digits and the radius with it."""
    if not number.is_finite():
        raise ArithmeticError("a ball became infinite: more bits are needed")
    mid, rad, exponent = (int(t) for t in number.mid_rad_10exp(DIGITS))
    scale = Fraction(10) ** exponent
    if rad > 99:  # two digits of a radius are enough, rounded up
        power = 10 ** (len(decimal(rad)) - 2)
        rad = -(-rad // power) * power
    return Ball(mid * scale, rad * scale)


def to_arb(value: Ball | Rational | int) -> Any:
    """An ``arb`` that holds the ball, or the rational number."""
    if isinstance(value, Ball):
        middle = to_arb(value.midpoint)
        return middle if not value.radius else middle + flint.arb(0, to_arb(value.radius).upper())
    return flint.arb(flint.fmpq(int(value.numerator), int(value.denominator)))


_FUNCTIONS = {getattr(sp, name): name for name in ("exp", "log", "asin", "acos", "atan", "erf", "erfc")}  # fmt: skip


def enclosure(expression: sp.Expr) -> Any:
    """An ``arb`` around a real SymPy number made of rationals, pi, E, exp, log, powers, asin, acos, atan, erf and erfc."""
    if isinstance(expression, sp.Rational):
        return flint.arb(flint.fmpq(int(expression.p), int(expression.q)))
    if expression is sp.pi:
        return flint.arb.pi()
    if expression is sp.E:
        return flint.arb.const_e()
    values = [enclosure(a) for a in expression.args]
    if isinstance(expression, sp.Add):
        return sum(values, flint.arb(0))
    if isinstance(expression, sp.Mul):
        return prod(values, start=flint.arb(1))
    if isinstance(expression, sp.Pow):
        if expression.exp.is_Integer:
            return values[0] ** int(expression.exp)
        return values[0].sqrt() if expression.exp == sp.S.Half else values[0] ** values[1]
    name = _FUNCTIONS.get(expression.func)
    if name is None or not expression.is_number:
        rule = "must be a real number of rationals, pi, exp, log and roots"
        raise InvalidArgument("value", rule, f"{expression} is not")
    return getattr(values[0], name)()


# -- matrices -------------------------------------------------------------------------------


@dataclass(frozen=True, repr=False)
class BallMatrix(Shown):
    """An immutable square matrix of balls, symmetric: a block in an orthonormal basis.

    >>> BallMatrix([[Ball(1), Ball(0)], [Ball(0), Ball(2)]]).trace()
    Ball('3', '0')
    """

    rows: Sequence[Sequence[Ball]]

    def __post_init__(self) -> None:
        listed = read_list(self.rows, "rows", "rows of balls")
        rows = tuple(tuple(read_all(r, Ball, "rows", "rows of balls")) for r in listed)
        if any(len(r) != len(rows) for r in rows):
            raise InvalidArgument("rows", "must be square", f"lengths {[len(r) for r in rows]}")
        object.__setattr__(self, "rows", rows)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.rows), len(self.rows)

    def __getitem__(self, place: tuple[int, int]) -> Ball:
        i, j = read_pair(place, "place", "a row and a column")
        entry: Ball = self.rows[i][j]
        return entry

    def __iter__(self) -> Iterator[Sequence[Ball]]:
        return iter(self.rows)

    def __repr__(self) -> str:
        return f"BallMatrix({[list(r) for r in self.rows]!r})"

    @property
    def is_zero(self) -> bool:
        """Whether every entry is exactly zero."""
        return not any(e.midpoint or e.radius for row in self.rows for e in row)

    def is_invertible(self) -> bool:
        """Whether the balls prove that the matrix is not singular."""
        with precision(BITS + 128 + 2 * self.shape[0]):
            try:
                flint.arb_mat([[to_arb(e) for e in row] for row in self.rows]).inv()
            except ZeroDivisionError:
                return False
        return True

    def is_sharp(self) -> bool:
        """Whether nearly all digits that are kept are certain, those of the largest entries taken as the measure."""
        largest = max(abs(e.midpoint) for row in self.rows for e in row)
        widest = max(e.radius for row in self.rows for e in row)
        return bool(widest <= largest / 10 ** (DIGITS - 10))

    def trace(self) -> Ball:
        """Sum of the diagonal."""
        return ball_sum([row[i] for i, row in enumerate(self.rows)])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """The balls as objects, for NumPy; their midpoints where floats or complex numbers are asked for."""
        kind = np.dtype(object if dtype is None else dtype)
        if kind.kind not in "Ofc" or copy is False:
            rule = "must be object, float or complex for balls, and copy not False"
            raise InvalidArgument("dtype", rule, f"they are {displayed(dtype)} and {copy}")
        found = np.empty(self.shape, dtype=object)
        for place in np.ndindex(self.shape):
            found[place] = self.rows[place[0]][place[1]]
        return found if kind.kind == "O" else self.to_numpy().astype(kind)

    def to_numpy(self) -> np.ndarray:
        """The midpoints in floating point, read-only."""
        out = np.array([[float(e) for e in row] for row in self.rows])
        out.setflags(write=False)
        return out


def from_arbs(rows: Sequence[Sequence[Any]]) -> BallMatrix:
    """The ball matrix of a symmetric table of ``arb``."""
    return BallMatrix([[from_arb(e) for e in row] for row in rows])


def symmetrized(block: Any, metric: Any) -> BallMatrix:
    """C^T B C^-T for the Cholesky factor C of ``metric`` = C C^T: symmetric where metric B is.

    Both are `symkern.exact.ExactMatrix` of rationals; the eigenvalues are those of B.
    """
    with precision(BITS + 2 * block.shape[0]):
        factor = cholesky(_arb_rows(metric))
        product = flint.arb_mat(_arb_rows(metric)) * flint.arb_mat(_arb_rows(block))
        return from_arbs(sandwiched(factor, product.tolist()))


def _arb_rows(matrix: Any) -> list[list[Any]]:
    return [[to_arb(e.to_fraction()) for e in row] for row in matrix]


def cholesky(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """The lower triangular C with C C^T = A; ArithmeticError where A is not proved positive definite."""
    size = len(rows)
    factor = [[flint.arb(0)] * size for _ in range(size)]
    for j in range(size):
        for i in range(j, size):
            total = rows[i][j]
            for k in range(j):
                total = total - factor[i][k] * factor[j][k]
            if i == j:
                if not total > 0:
                    raise ArithmeticError("not proved positive definite")
                factor[j][j] = total.sqrt()
            else:
                factor[i][j] = total / factor[j][j]
    return factor


def sandwiched(factor: Sequence[Sequence[Any]], rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """C^-1 A C^-T for a symmetric A, made symmetric by intersecting mirrored entries."""
    inverse = flint.arb_mat(factor).inv()
    return mirrored(inverse * flint.arb_mat(rows) * inverse.transpose())


def mirrored(matrix: Any) -> list[list[Any]]:
    """The rows of a symmetric flint matrix, each entry below the diagonal that above it."""
    rows = matrix.tolist()
    return [[rows[min(i, j)][max(i, j)] for j in range(len(rows))] for i in range(len(rows))]


def symmetric_eigenvalues(matrix: BallMatrix) -> tuple[Ball, ...]:
    """Balls around all eigenvalues, the largest first, repeats and zeros included.

    Each encloses the eigenvalue of its rank; nothing is said about which of them agree.

    >>> [str(e) for e in symmetric_eigenvalues(BallMatrix([[Ball(2), Ball(1)], [Ball(1), Ball(2)]]))]
    ['3.00000000000000', '1.00000000000000']
    """
    size = matrix.shape[0]
    if size == 1:
        return (matrix[0, 0],)
    # Half of the precision may go into setting equal eigenvalues apart.
    with precision(BITS + 128 + 2 * size):
        rows = [[to_arb(e) for e in row] for row in matrix.rows]
        return tuple(from_arb(e) for e in _eigenvalues(rows))


def _eigenvalues(rows: list[list[Any]]) -> list[Any]:
    whole = flint.arb_mat(rows)
    frame = _best_frame(whole)
    turned = frame.transpose() * whole * frame
    tilt = _tilt(frame)
    if not tilt < flint.arb(1) / 2:
        raise ArithmeticError("approximate eigenvectors are not independent enough")
    off = _beside_diagonal(turned)
    scale = 1 / (1 + flint.arb(0, tilt.upper()))
    spread = flint.arb(0, off.upper())
    # Weyl's inequality holds for sorted diagonals; sorting by midpoints costs at most the largest radius.
    diagonal = [turned[i, i] for i in range(len(rows))]
    widest = reduce(lambda most, d: most.max(d.rad()), diagonal, flint.arb(0))
    middles = sorted((d.mid() for d in diagonal), key=dyadic, reverse=True)
    return [(d + flint.arb(0, widest.upper()) + spread) * scale for d in middles]


def dyadic(number: Any) -> Fraction:
    """A flint ``arb`` without radius, which is a fraction with a power of two below the bar."""
    mantissa, exponent = number.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _norm(rows: list[list[Any]]) -> Any:
    """The largest row sum of absolute values, which bounds the spectral norm of a symmetric matrix."""
    worst = flint.arb(0)
    for row in rows:
        worst = worst.max(sum(map(abs, row), flint.arb(0)).upper())
    return worst


def _beside_diagonal(matrix: Any) -> Any:
    """The norm of what stands beside the diagonal."""
    rows = matrix.tolist()
    return _norm([[e for j, e in enumerate(row) if i != j] for i, row in enumerate(rows)])


def _tilt(frame: Any) -> Any:
    """The norm of F, Q^T Q = I + F."""
    rows = (frame.transpose() * frame).tolist()
    return _norm([[e - int(i == j) for j, e in enumerate(row)] for i, row in enumerate(rows)])


def _best_frame(matrix: Any) -> Any:
    """The frame that leaves the least beside the diagonal, the first that leaves next to nothing."""
    middle = matrix.mid()
    enough = _norm(middle.tolist()) * flint.arb(2) ** (-flint.ctx.prec // 3)
    best: tuple[Fraction, Any] | None = None
    for frame in _frames(middle):
        left = _beside_diagonal(frame.transpose() * middle * frame)
        if left <= enough:
            return frame
        if best is None or dyadic(left.upper()) < best[0]:
            best = (dyadic(left.upper()), frame)
    if best is None:
        raise ArithmeticError("no independent approximate eigenvectors were found")
    return best[1]


def _frames(middle: Any) -> Iterator[Any]:
    """Approximately orthonormal eigenvectors of a matrix without radii, as columns without radii.

    Eigenvectors of equal eigenvalues may come out nearly dependent; a small shift apart cures that, at the price of
    what the shift leaves beside the diagonal, so that several are offered.
    """
    size = middle.nrows()
    for bits in (0, flint.ctx.prec // 2, 2 * flint.ctx.prec // 5, flint.ctx.prec // 3):
        moved = middle
        if bits:
            top = _norm(middle.tolist()).upper()
            shifts = [
                (top * (i + 1) * (i + 1) / (1 << bits) if i == j else flint.arb(0))
                for i in range(size)
                for j in range(size)
            ]
            moved = (middle + flint.arb_mat(size, size, shifts)).mid()
        try:
            _, vectors = flint.acb_mat(moved).eig(right=True, algorithm="approx")
            columns = flint.arb_mat(
                size, size, [vectors[i, j].real.mid() for i in range(size) for j in range(size)]
            )
            gram = columns.transpose() * columns
            factor = cholesky(gram.tolist())
            frame = (columns * flint.arb_mat(factor).inv().transpose()).mid()
        except (ArithmeticError, ValueError, ZeroDivisionError):
            continue
        if _tilt(frame) < flint.arb(2) ** (-flint.ctx.prec // 3):
            yield frame
