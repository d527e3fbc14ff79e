r"""Power series in several variables with weights, cut after a weight: the jets in which kernels are expanded.

In K[x_1, ..., x_n]/(weight > D) every variable has a positive integer weight, and a *jet* is an element. A jet whose constant is a unit has an
inverse, and every function that is analytic at the constant acts by its Taylor polynomial,

    f(c + h) = sum_n f^(n)(c) h^n / n!,       h without constant, h^n = 0 for n > D.

The field of constants K is given by an object of `series_constants`: exact, or balls.

A function that is *not* smooth at the constant has a jet too where the deviation is known to be homogeneous of some degree: the jet is right
below the weight ``kink``, and what is added there is no polynomial. The weight is carried along; None says that there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from symkern.exact.series_constants import Constants
from symkern.limits import check_time

#: Bits of an exponent in the key of a monomial.
_BITS = 6


class JetRing:
    """The ring of series in variables of these ``weights``, cut after the weight ``order``.

    >>> from symkern.exact.exact_constants import ExactConstants
    >>> ring = JetRing([1, 2], 3, ExactConstants.rational())
    >>> x, y = ring.variables
    >>> (1 / (1 - x - y)).terms()
    {(0, 0): 1, (1, 0): 1, (0, 1): 1, (2, 0): 1, (1, 1): 2, (3, 0): 1}
    """

    def __init__(self, weights: Sequence[int], order: int, constants: Constants) -> None:
        self.weights, self.order, self.constants = tuple(weights), order, constants
        one = constants.one
        self.zero = Jet(self, [{} for _ in range(order + 1)])
        found = []
        for i, weight in enumerate(self.weights):
            parts: list[dict[int, Any]] = [{} for _ in range(order + 1)]
            if weight <= order:
                parts[weight][1 << (_BITS * i)] = one
            found.append(Jet(self, parts))
        self.variables = tuple(found)

    def __call__(self, value: Any) -> Jet:
        """A constant."""
        if isinstance(value, Jet):
            return value
        return self.of_constant(self.constants(value))

    def of_constant(self, constant: Any) -> Jet:
        """The jet of an element of K."""
        parts: list[dict[int, Any]] = [{} for _ in range(self.order + 1)]
        if not self.constants.is_zero(constant):
            parts[0][0] = constant
        return Jet(self, parts)

    @property
    def one(self) -> Jet:
        """1."""
        return self.of_constant(self.constants.one)


class Jet:
    """A series: for each weight the coefficients by packed exponents, and the weight of its kink."""

    __slots__ = ("__dict__", "kink", "parts", "ring")

    def __init__(self, ring: JetRing, parts: list[dict[int, Any]], kink: int | None = None) -> None:
        self.ring, self.parts = ring, parts
        self.kink = kink

    @cached_property
    def valuation(self) -> int:
        """The least weight of a term; one beyond the order for zero."""
        return next((w for w, part in enumerate(self.parts) if part), self.ring.order + 1)

    @property
    def constant(self) -> Any:
        """The constant term."""
        return self.parts[0].get(0, self.ring.constants.zero)

    @property
    def fluctuation(self) -> Jet:
        """The series without its constant term."""
        return Jet(self.ring, [{}, *self.parts[1:]], self.kink)

    def terms(self) -> dict[tuple[int, ...], Any]:
        """Coefficients by exponents."""
        mask, n = (1 << _BITS) - 1, len(self.ring.weights)
        return {
            tuple(key >> (_BITS * i) & mask for i in range(n)): c
            for part in self.parts
            for key, c in part.items()
        }

    def same(self, other: Jet) -> bool:
        """Whether both have the same coefficients, balls being compared by middle and radius."""
        if self is other:
            return True
        same = self.ring.constants.same
        return all(
            a.keys() == b.keys() and all(same(c, b[key]) for key, c in a.items())
            for a, b in zip(self.parts, other.parts, strict=True)
        )

    def smooth_below(self, weight: int) -> Jet:
        """The same with a kink of that weight."""
        return Jet(self.ring, self.parts, _least(self.kink, weight))

    # -- arithmetic ----------------------------------------------------------------------------

    def __add__(self, other: Any) -> Jet:
        o = self.ring(other)
        is_zero = self.ring.constants.is_zero
        parts = []
        for a, b in zip(self.parts, o.parts, strict=True):
            if len(a) < len(b):
                a, b = b, a
            sums = dict(a)
            for key, c in b.items():
                if key in sums:
                    total = sums[key] + c
                    if is_zero(total):
                        del sums[key]
                    else:
                        sums[key] = total
                else:
                    sums[key] = c
            parts.append(sums)
        return Jet(self.ring, parts, _least(self.kink, o.kink))

    def __mul__(self, other: Any) -> Jet:
        if not isinstance(other, Jet):
            return self.by_constant(self.ring.constants(other))
        parts: list[dict[int, Any]] = []
        tidied = self.ring.constants.tidied
        for weight in range(self.ring.order + 1):
            check_time()
            sums: dict[int, Any] = {}
            for i in range(weight + 1):
                a, b = self.parts[i], other.parts[weight - i]
                if not a or not b:
                    continue
                for key, c in a.items():
                    for k, d in b.items():
                        at = key + k
                        if at in sums:
                            sums[at] += c * d
                        else:
                            sums[at] = c * d
            parts.append({key: tidied(c) for key, c in sums.items()})
        kink = None
        for one, two in ((self, other), (other, self)):
            if one.kink is not None:
                kink = _least(kink, one.kink + two.valuation)
        return Jet(self.ring, parts, kink)

    def by_constant(self, constant: Any) -> Jet:
        """The series times an element of K."""
        if self.ring.constants.is_zero(constant):
            return self.ring.zero
        parts = [{key: c * constant for key, c in part.items()} for part in self.parts]
        return Jet(self.ring, parts, self.kink)

    def __neg__(self) -> Jet:
        return self.by_constant(-self.ring.constants.one)

    def __sub__(self, other: Any) -> Jet:
        return self + (-self.ring(other))

    def __rsub__(self, other: Any) -> Jet:
        return self.ring(other) + (-self)

    __radd__ = __add__
    __rmul__ = __mul__

    def __pow__(self, exponent: int) -> Jet:
        if exponent < 0:
            return self.inverse() ** -exponent
        found, square = self.ring.one, self
        while exponent:
            if exponent & 1:
                found = found * square
            exponent >>= 1
            if exponent:
                square = square * square
        return found

    def __truediv__(self, other: Any) -> Jet:
        if not isinstance(other, Jet):
            return self.by_constant(self.ring.constants.inverse(self.ring.constants(other)))
        return self * other.inverse()

    def __rtruediv__(self, other: Any) -> Jet:
        return self.ring(other) * self.inverse()

    # -- functions -----------------------------------------------------------------------------

    def composed(self, name: str) -> Jet:
        """f of the series, f a function that the constants know by ``name``."""
        h = self.fluctuation
        most = self.ring.order // min(h.valuation, self.ring.order + 1)
        return self.taylor(self.ring.constants.taylor(name, self.constant, most))

    @cached_property
    def inverse_root(self) -> Jet:
        """1 over the positive square root of the series."""
        return self.composed("inverse sqrt")

    def taylor(self, coefficients: Sequence[Any]) -> Jet:
        """sum_n c_n h^n, h the series without its constant, by Horner's rule."""
        h = self.fluctuation
        found = self.ring.of_constant(coefficients[-1])
        for c in reversed(coefficients[:-1]):
            found = found * h + self.ring.of_constant(c)
        return Jet(self.ring, found.parts, _least(found.kink, self.kink))

    def inverse(self) -> Jet:
        """1 over the series."""
        if self.ring.constants.is_zero(self.constant):
            raise ZeroDivisionError("a series without constant has no inverse")
        return self.composed("inverse")


def _least(a: int | None, b: int | None) -> int | None:
    known = [weight for weight in (a, b) if weight is not None]
    return min(known, default=None)
