r"""Eigenvectors that are known to a proven radius.

Let S be a symmetric matrix of balls, y an approximate eigenvector of it (mpmath's, of the midpoints) and theta a number near the
eigenvalue. The other eigenvalues stay at a distance ``gap`` from theta, which the balls around all eigenvalues prove; then the true
eigenvector makes an angle phi with y, sin phi <= |S y - theta y| / (gap |y|), and scaled to the length of y it lies within

    sqrt(2) |S y - theta y| / gap

of y (Davis, Kahan, *The rotation of eigenvectors by a perturbation* III, 1970). Eigenvalues whose balls touch have no eigenvector
that could be told from the others, and are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from symkern.errors import NoClosedForm
from symkern.exact import Ball, BallMatrix, ExactMatrix, RationalFunction
from symkern.exact.ball_matrices import cholesky, symmetric_eigenvalues, symmetrized
from symkern.exact.ball_roots import isolated_real_roots
from symkern.exact.balls import BITS, enclosure, from_arb, precision, to_arb
from symkern.exact.many_digits import many_digits
from symkern.limits import current
from symkern.sectors.sector import Sector

#: Decimal digits of approximate eigenvectors.
FINE_DIGITS = 90

#: Digits, relative to the largest, of the roots of a polynomial with exponentials.
ROOT_DIGITS = 40


def ball_eigenvector(block: BallMatrix, index: int) -> list[Ball]:
    """The eigenvector of the eigenvalue of that rank, the largest first, as balls."""
    size = block.shape[0]
    if size == 1:
        return [Ball(1)]
    values = symmetric_eigenvalues(block)
    theta = values[index].midpoint
    gap = min(max(theta - e.upper, e.lower - theta) for i, e in enumerate(values) if i != index)
    if gap <= 0:
        raise NoClosedForm(
            f"eigenfunction {index}: its eigenvalue, within {values[index].radius} of "
            f"{float(theta)}, is not told from the others of its block"
        )
    y = _approximations(block)[index]
    with precision(BITS + 64):
        column = [to_arb(e) for e in y]
        centre = to_arb(theta)
        total = to_arb(0)
        for row, own in zip(block.rows, column, strict=True):
            rest = to_arb(0) - centre * own
            for e, other in zip(row, column, strict=True):
                rest = rest + to_arb(e) * other
            total = total + rest * rest
        error = (2 * abs(total).upper()).sqrt() / to_arb(gap)
        bound = from_arb(error).upper
    return [Ball(e, bound) for e in y]


def metric_eigenvector(sector: Sector, index: int) -> list[Ball]:
    """The same for a rational block with the Gram matrix of its basis, in the coordinates of that basis."""
    assert isinstance(sector.block, ExactMatrix) and sector.metric is not None
    y = ball_eigenvector(symmetrized(sector.block, sector.metric), index)
    with precision(BITS + 2 * sector.multiplicity):
        return [from_arb(e) for e in _backward(sector.metric, [to_arb(e) for e in y])]


def _backward(metric: ExactMatrix, y: Sequence[Any]) -> list[Any]:
    """C^-T y for the Cholesky factor C of the metric."""
    factor = cholesky([[to_arb(e.to_fraction()) for e in row] for row in metric])
    c = list(y)
    for i in range(len(c) - 1, -1, -1):
        for j in range(i + 1, len(c)):
            c[i] = c[i] - factor[j][i] * c[j]
        c[i] = c[i] / factor[i][i]
    return c


def ball_roots(polynomial: Sequence[RationalFunction]) -> list[Ball]:
    """The real roots of an irreducible polynomial whose coefficients are numbers with exponentials, the largest first.

    It is the factor of the characteristic polynomial of a self-adjoint operator, so that all of its roots are real.
    """
    bits = BITS
    coefficients = [c.to_sympy() for c in polynomial]
    while True:  # more bits are enough, as no root is repeated
        balls = isolated_real_roots(coefficients, bits)
        size = max((abs(b.midpoint) for b in balls), default=Fraction(0))
        if balls and all(b.radius <= size / 10**ROOT_DIGITS for b in balls):
            return sorted(balls, key=lambda b: b.midpoint, reverse=True)
        if bits > current().isolated_bits:
            raise NoClosedForm(
                f"eigenfunction: the roots of a polynomial of degree {len(polynomial) - 1} are not isolated by {bits} bits"
            )
        bits *= 2


def ball_polynomial(coefficients: Sequence[RationalFunction], root: Ball) -> Ball:
    """The value at a root of a polynomial whose coefficients are numbers with exponentials."""
    with precision(BITS):
        at, total = to_arb(root), to_arb(0)
        for c in reversed(coefficients):
            total = total * at + enclosure(c.to_sympy())
        return from_arb(total)


def float_eigenvectors(sector: Sector) -> list[np.ndarray]:
    """Eigenvectors in floating point, by falling eigenvalue, for a block of balls or a large rational one."""
    if isinstance(sector.block, BallMatrix):
        return [np.array([float(e) for e in y]) for y in _approximations(sector.block)]
    assert sector.metric is not None
    found = []
    for y in _approximations(symmetrized(sector.block, sector.metric)):
        with precision(BITS + 2 * sector.multiplicity):
            c = [from_arb(e) for e in _backward(sector.metric, [to_arb(e) for e in y])]
        found.append(np.array([float(e) for e in c]))
    return found


def _approximations(block: BallMatrix) -> list[list[Fraction]]:
    """Approximate eigenvectors of the midpoints, by falling eigenvalue."""
    size = block.shape[0]
    if size == 1:
        return [[Fraction(1)]]
    mp = many_digits(FINE_DIGITS)
    matrix = mp.matrix(size, size)
    for i, row in enumerate(block.rows):
        for j, e in enumerate(row):
            matrix[i, j] = mp.mpf(e.midpoint.numerator) / e.midpoint.denominator
    values, vectors = mp.eigsy(matrix)
    order = sorted(range(size), key=lambda j: values[j], reverse=True)
    return [[_fraction(vectors[i, j]) for i in range(size)] for j in order]


def _fraction(number: Any) -> Fraction:
    sign, mantissa, exponent, _ = number._mpf_
    return Fraction(-int(mantissa) if sign else int(mantissa)) * Fraction(2) ** int(exponent)


def ball_product(rows: Sequence[Sequence[Any]], vector: Sequence[Ball]) -> list[Ball]:
    """A matrix of balls or rational numbers times a vector of balls."""
    with precision(BITS):
        column = [to_arb(e) for e in vector]
        found = []
        for row in rows:
            total = to_arb(0)
            for e, c in zip(row, column, strict=True):
                if isinstance(e, Ball) or e:
                    total = total + to_arb(e) * c
            found.append(from_arb(total))
        return found


def ball_form_ratio(
    c: Sequence[Ball], top: Sequence[Sequence[Fraction]], below: Sequence[Sequence[Fraction]]
) -> Ball:
    """c^T top c / c^T below c."""
    with precision(BITS):
        column = [to_arb(e) for e in c]

        def form(matrix: Sequence[Sequence[Fraction]]) -> Any:
            total = to_arb(0)
            for a, row in zip(column, matrix, strict=True):
                inner = to_arb(0)
                for q, b in zip(row, column, strict=True):
                    if q:
                        inner = inner + to_arb(q) * b
                total = total + a * inner
            return total

        return from_arb(form(top) / form(below))
