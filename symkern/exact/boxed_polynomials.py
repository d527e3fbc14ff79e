"""Products of dense integer polynomials in a few variables, cut off at a box of exponents.

A polynomial is an array, one axis a variable, entry p the coefficient of x^p. A product is one product of polynomials in one
variable t, by x_i -> t^(s_i) with strides s_i so wide that exponents do not run into each other (Kronecker's substitution).
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import Any

import numpy as np
from flint import fmpz_poly

Boxed = Any  # array of integers, of words or of any size


def padded_size(shape: tuple[int, ...]) -> int:
    """Coefficients of one variable that hold a product of two arrays of this shape.

    >>> padded_size((3, 2))
    15
    """
    return prod(_padded(shape))


class Packed:
    """A boxed polynomial in one variable, made of an array, or by `sum_of_products` of others.

    >>> f = Packed.of(np.array([[1, 2], [3, 4]]))
    >>> g = Packed.of(np.array([[1, 0], [0, 0]]))
    >>> sum_of_products((2, 2), [(1, f, f), (-1, f, g)]).array().tolist()
    [[0, 2], [3, 16]]
    >>> sum_of_products((2, 2), [(1, f, f)])[1, 1]
    20
    """

    def __init__(self, shape: tuple[int, ...], polynomial: fmpz_poly) -> None:
        self.shape = shape
        self.polynomial = polynomial

    @classmethod
    def of(cls, array: Boxed) -> Packed:
        """The polynomial with these coefficients."""
        padded = np.zeros(_padded(array.shape), dtype=array.dtype)
        padded[_box(array.shape)] = array
        return cls(array.shape, fmpz_poly(padded.ravel().tolist()))

    def __getitem__(self, exponents: tuple[int, ...]) -> int:
        """One coefficient inside the box."""
        place = 0
        for e, m in zip(exponents, _padded(self.shape), strict=True):
            place = place * m + e
        return int(self.polynomial[place])

    def array(self) -> Boxed:
        """All coefficients inside the box, integers of any size."""
        coefficients = self.polynomial.coeffs()
        padded = np.zeros(padded_size(self.shape), dtype=object)
        padded[: len(coefficients)] = coefficients
        inside = padded.reshape(_padded(self.shape))[_box(self.shape)]
        found = np.zeros(self.shape, dtype=object)
        found.ravel()[:] = [int(c) for c in inside.ravel()]
        return found


def sum_of_products(shape: tuple[int, ...], terms: Iterable[tuple[int, Packed, Packed]]) -> Packed:
    """The sum of sign times first times second, all of one shape; beyond the box it holds what a product has there."""
    total = fmpz_poly()
    for sign, first, second in terms:
        product = first.polynomial * second.polynomial
        total = total + product if sign > 0 else total - product
    return Packed(shape, total)


def _padded(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(2 * m - 1 for m in shape)


def _box(shape: tuple[int, ...]) -> tuple[slice, ...]:
    return tuple(slice(m) for m in shape)
