r"""Energies of a target on the eigenvalues of one block, as formulas in L.

With B the block of size m, c_k the coefficients of its characteristic polynomial chi and e_j = <A, B^j A> the moments of the target (j < m), the
energy on the eigenvalue lambda is, by Lagrange interpolation,

    E = q(lambda)/chi'(lambda),      q(x) = sum_j x^j sum_(k > j) c_k e_(k-1-j).

For m = 1 it is e_0; for m = 2, with trace t and discriminant D, the eigenvalues (t +- sqrt D)/2 have

    E = e_0/2 +- (e_1 - t e_0/2)/sqrt D.

For m = 3 and 4 no radical is written: the energies are the eigenvalues of q(B) chi'(B)^(-1). Leading terms in L come from the Newton polygon of the polynomial whose
roots the energies are; which root belongs to which eigenvalue is told at a large length.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

import numpy as np
import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.errors import NoClosedForm
from symkern.exact import ExactMatrix, FunctionField, RationalFunction, branches, function_field
from symkern.exact.asymptotics import Leading, leading, newton_polygon, sample_value
from symkern.exact.many_digits import many_digits
from symkern.limits import current
from symkern.sectors.sector import Sector
from symkern.targets.graded_targets import expression

_DIGITS = 400

#: A square matrix of rational functions, as objects.
Matrix = np.ndarray


def energy_formulas(
    sector: Sector, degrees: tuple[int, ...], gram: Mapping[tuple[int, int], Any]
) -> list[tuple[sp.Expr | None, Leading | None]]:
    """Energy, None where no radical writes it, and its leading term for each eigenvalue of a block.

    Raises `NoClosedForm` above size four.
    """
    if sector.multiplicity == 1:
        energy = expression(gram[degrees[0], degrees[0]][0])
        return [(energy, None if energy == 0 else leading(energy))]
    if sector.multiplicity > current().energy_block:
        raise NoClosedForm(
            f"target: the sector ({sector.position_irrep}; {sector.token_irrep}) has a block of size {sector.multiplicity}, and "
            f"energies are written for blocks up to size {current().energy_block}; give length= for numbers"
        )
    assert isinstance(sector.block, ExactMatrix)
    symbols = {CONTEXT_LENGTH, *(t for row in sector.block for e in row for t in e.free_symbols())}
    field = function_field(tuple(sorted(symbols, key=lambda t: t.name)))
    block = np.array([[e.in_field(field) for e in row] for row in sector.block], dtype=object)
    moments = _moments(field, block, degrees, gram)
    if sector.multiplicity > 2:
        return _of_roots(sector, field, block, moments)
    e0, e1 = moments
    trace = block.trace()
    discriminant = trace * trace - 4 * (block[0, 0] * block[1, 1] - block[0, 1] * block[1, 0])
    if not discriminant:
        energy = e0.to_sympy()
        return [(energy, leading(energy)), (sp.S.Zero, None)]
    shift = e1 - trace * e0 / 2
    product = e0 * e0 / 4 - shift * shift / discriminant
    root = _root(discriminant)
    first = sp.factor(e0.to_sympy() / 2 + shift.to_sympy() / root)
    second = sp.factor(e0.to_sympy() / 2 - shift.to_sympy() / root)
    terms = newton_polygon([product, -e0, field.one], CONTEXT_LENGTH)
    if len(terms) == 1:
        small = sample_value(first) > sample_value(second)
        pair = [(first, terms[0]), (sp.S.Zero, None)]
        return pair if small else [(sp.S.Zero, None), (second, terms[0])]
    if not terms:
        return [(sp.S.Zero, None)] * 2
    terms.sort(key=lambda t: (float(t.exponent), sample_value(t.coefficient)))
    low, high = terms
    if shift and _positive_at_large(shift):
        return [(first, high), (second, low)]
    return [(first, low), (second, high)]


def _moments(
    field: FunctionField,
    block: Matrix,
    degrees: tuple[int, ...],
    gram: Mapping[tuple[int, int], Any],
) -> list[RationalFunction]:
    """<A, B^j A> for j below the size of the block."""
    power = _identity(field, len(block))
    found = []
    for _ in block:
        total = field.zero
        for (d, e), (x, q) in gram.items():
            i, j = degrees.index(d), degrees.index(e)
            if i == j:
                total = total + field(x) * power[i, i]
            else:
                total = total + 2 * field(x) * _mixed(field(q), power[i, j], power[j, i])
        found.append(total)
        power = power @ block
    return found


def _identity(field: FunctionField, size: int) -> Matrix:
    return np.array([[field(int(i == j)) for j in range(size)] for i in range(size)], dtype=object)


def _of_roots(
    sector: Sector, field: FunctionField, block: Matrix, moments: list[RationalFunction]
) -> list[tuple[sp.Expr | None, Leading | None]]:
    """Leading terms of the energies on the roots of a polynomial of degree three or four."""
    assert isinstance(sector.block, ExactMatrix)
    chi = np.array([field.one])
    for factor in ExactMatrix(field, block.tolist()).characteristic_factors():
        chi = np.convolve(chi, factor)
    top = [
        sum((chi[k] * moments[k - 1 - j] for k in range(j + 1, len(chi))), field.zero)
        for j in range(len(chi) - 1)
    ]
    slope = [k * c for k, c in enumerate(chi)][1:]
    inverse = _inverse(_at(slope, block, field), _identity(field, len(block)))
    if inverse is None:
        raise NoClosedForm(
            f"target: the block of the sector ({sector.position_irrep}; {sector.token_irrep}) has equal eigenvalues; "
            "give length= for numbers"
        )
    energies = ExactMatrix(field, (_at(top, block, field) @ inverse).tolist())
    terms = [
        t for f in energies.characteristic_factors() for t in newton_polygon(f, CONTEXT_LENGTH)
    ]
    values = _far_away(sector, chi, top, slope)
    order = sorted(range(len(values)), key=lambda i: values[i], reverse=True)
    terms.sort(key=lambda t: (float(t.exponent), sample_value(t.coefficient)), reverse=True)
    found: list[tuple[sp.Expr | None, Leading | None]] = [(sp.S.Zero, None)] * len(values)
    for i, term in zip(order, terms, strict=False):  # the energies that vanish come last
        found[i] = (None, term)
    return found


def _at(polynomial: list[RationalFunction], block: Matrix, field: FunctionField) -> Matrix:
    """A polynomial at a matrix, by Horner's rule."""
    one = _identity(field, len(block))
    return reduce(lambda total, c: total @ block + one * c, reversed(polynomial), 0 * one)


def _inverse(matrix: Matrix, one: Matrix) -> Matrix | None:
    """By the recursion of Faddeev and LeVerrier; None for a singular matrix."""
    adjugate = one
    for k in range(1, len(matrix)):
        product = matrix @ adjugate
        adjugate = product - one * (product.trace() / k)
    determinant = (matrix @ adjugate).trace() / len(matrix)
    return adjugate * (1 / determinant) if determinant else None


def _far_away(sector: Sector, chi: Any, top: Any, slope: Any) -> list[Any]:
    """The energies at a large length and generic hyperparameters, in the order of the sector's branches."""
    mp = many_digits(_DIGITS)
    point = {
        t: sp.Integer(p) for t, p in zip(chi[0].field.symbols, (2, 3, 5, 7, 11, 13), strict=False)
    }
    point[CONTEXT_LENGTH] = sp.Integer(current().farthest_length)

    def at(polynomial: Any) -> list[Any]:
        numbers = [c.substitute(dict(point), function_field(())).to_fraction() for c in polynomial]
        return [mp.mpf(q.numerator) / q.denominator for q in reversed(numbers)]

    found = []
    for branch in sector.branches:
        own = [c.in_field(chi[0].field) for c in branch.minimal_polynomial]
        roots = mp.polyroots(at(own), maxsteps=500, extraprec=4 * _DIGITS)
        root = sorted((mp.re(r) for r in roots), reverse=True)[branch.index]
        found.append(mp.polyval(at(top), root) / mp.polyval(at(slope), root))

    return found


def _mixed(q: RationalFunction, up: RationalFunction, down: RationalFunction) -> RationalFunction:
    """sign(B_de) sqrt(q B_de B_ed), a rational function: q holds the norms that make B symmetric."""
    square = q * up * down
    field = square.field
    if not square:
        return field.zero
    values = [b.value for b in branches([[-square, field.zero, field.one]], field)]
    if len(values) != 2 or any(isinstance(v, sp.Expr) and v.has(sp.sqrt(2)) for v in values):
        raise AssertionError("norms of basis functions must make the block symmetric")
    roots = [field(v) for v in values if isinstance(v, sp.Expr)]
    positive = next(r for r in roots if _positive_at_large(r))
    return positive if _positive_at_large(up) else -positive


def _root(discriminant: RationalFunction) -> sp.Expr:
    """The square root that is positive for large L, square factors taken out."""
    field = discriminant.field
    values = [b.value for b in branches([[-discriminant, field.zero, field.one]], field)]
    assert all(isinstance(v, sp.Expr) for v in values)
    return max((v for v in values if isinstance(v, sp.Expr)), key=sample_value)


def _positive_at_large(value: RationalFunction) -> bool:
    return sample_value(value.to_sympy()) > 0
