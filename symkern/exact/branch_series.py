r"""Roots of a polynomial whose coefficients are power series in h: each root as a series (Newton, Puiseux).

For sum_i a_i(h) z^i the Newton polygon gives the leading terms c h^r of the roots, c a root of an edge polynomial. Where c is a simple root the
series goes on one order after another (Hensel): with G(z) = sum_i a_i z^i h^(...) scaled to the edge, G(c) = O(h^delta) and G'(c) is a unit, so that
z -> z - G(z)/G'(c) gains an order each time. Where it is multiple, z = c + y has a polygon of its own. Walker, *Algebraic Curves*, chapter IV.

Here roots are eigenvalues of symmetric matrices that are analytic in h^(1/2): exponents are integers or halves (Rellich), and series are written in
powers of h^(1/2). The field of constants K is one of `constant_fields`. A root of an irreducible factor of degree above
one lives in an extension of K, as a polynomial in that root.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from symkern.errors import NoClosedForm
from symkern.exact.constant_fields import ConstantField, Extended
from symkern.limits import check_time

#: A series in h^(1/2): coefficients by the power of h, a multiple of 1/2.
Series = Mapping[Fraction, Any]


@dataclass(frozen=True)
class Root:
    """A root as a series: (power of h, coefficient), the largest first.

    Nothing is said of powers above ``known``; ``following`` is the power of the next term where fewer were asked for than are known.
    """

    terms: tuple[tuple[Fraction, Any], ...]
    known: Fraction
    following: Fraction | None = None


def series_roots(
    coefficients: Sequence[Series],
    known: Fraction,
    field: ConstantField,
    terms: int | None = None,
) -> list[Root]:
    """The roots of sum_i a_i z^i that start at a power of h up to ``known``, each up to that power, or with so many ``terms``.

    >>> from symkern.exact.constant_fields import ExactField
    >>> from symkern.exact.rational_functions import function_field
    >>> K, F = function_field(()), Fraction
    >>> one = {F(0): K(1)}
    >>> found = series_roots([{F(1): K(1)}, {F(0): K(-1)}, one], F(2), ExactField(K))  # z^2 - z + h
    >>> [[(int(r), str(c.to_sympy())) for r, c in root.terms] for root in found]
    [[(0, '1'), (1, '-1'), (2, '-1')], [(1, '1'), (2, '1')]]
    """
    return _expanded([dict(a) for a in coefficients], (), None, _Goal(known, terms), field)


@dataclass(frozen=True)
class _Goal:
    known: Fraction
    terms: int | None


def _expanded(
    a: list[dict[Fraction, Any]],
    prefix: tuple[tuple[Fraction, Any], ...],
    above: Fraction | None,
    goal: _Goal,
    field: ConstantField,
) -> list[Root]:
    """All roots that start above a power of h, after the terms found so far."""
    known = goal.known
    a = [{r: c for r, c in sorted(part.items()) if not field.is_zero(c)} for part in a]
    found: list[Root] = []
    points = [(i, min(part)) for i, part in enumerate(a) if part]
    for (i0, v0), (i1, v1) in _edges(points):
        slope = (v0 - v1) / (i1 - i0)
        if slope > known or (above is not None and slope <= above):
            continue
        edge = [a[i].get(v0 - slope * (i - i0), None) if a[i] else None for i in range(i0, i1 + 1)]
        zero = a[i1][v1] - a[i1][v1]
        for root, times in field.roots([zero if c is None else c for c in edge]):
            found += _continued(a, prefix, slope, root, times, goal, field)
    if above is not None and points:  # roots that are the terms found so far, up to ``known``
        found += [Root(prefix, known)] * _multiplicity_beyond(points, known)
    return found


def _edges(points: Sequence[tuple[int, Fraction]]) -> list[tuple[Any, Any]]:
    """Edges of the lower hull, the largest roots first."""
    hull: list[tuple[int, Fraction]] = []
    for point in points:
        while len(hull) > 1 and _above(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    return list(itertools.pairwise(hull))[::-1]


def _above(a: Any, b: Any, c: Any) -> bool:
    return bool((b[1] - a[1]) * (c[0] - a[0]) >= (c[1] - a[1]) * (b[0] - a[0]))


def _multiplicity_beyond(points: Sequence[tuple[int, Fraction]], known: Fraction) -> int:
    """How many roots start at a power of h above ``known``, zero included."""
    total = points[0][0]
    for (i0, v0), (i1, v1) in _edges(points):
        if (v0 - v1) / (i1 - i0) > known:
            total += i1 - i0
    return total


def _continued(
    a: list[dict[Fraction, Any]],
    prefix: tuple[tuple[Fraction, Any], ...],
    slope: Fraction,
    root: Any,
    times: int,
    goal: _Goal,
    field: ConstantField,
) -> list[Root]:
    """The roots that begin with one root of an edge polynomial."""
    prefix = (*prefix, (slope, root))
    if times > 1 and isinstance(root, Extended):
        raise NoClosedForm("series: branches with a multiple root of degree above one as coefficient go no further")  # fmt: skip
    inner = root.field_of(field) if isinstance(root, Extended) else field
    # A simple root of the edge has b_1 of the order of the edge less the slope; what counts for y lies that much and ``known`` below.
    edge = min(min(part) + slope * i for i, part in enumerate(a) if part)
    most = edge - slope + goal.known if times == 1 else None
    b = _shifted(a, slope, root, most)
    if times > 1:
        return _expanded(b, prefix, slope, goal, inner)
    # b_0 + b_1 y + ... = 0 with one root y above ``slope``: y = -(b_0 + b_2 y^2 + ...)/b_1, term by term.
    lead = min(r for r, c in b[1].items() if not inner.is_zero(c)) if b[1] else None
    assert lead is not None
    unit = b[1][lead]
    y: dict[Fraction, Any] = {}
    while True:
        rest = _value(b, y, lead + goal.known)
        near = [r for r in sorted(rest) if r - lead <= goal.known]
        first = next((r for r in near if not inner.is_zero(rest[r])), None)
        if first is None:
            break
        if goal.terms is not None and len(prefix) + len(y) >= goal.terms:
            return [Root((*prefix, *sorted(y.items())), goal.known, first - lead)]
        y[first - lead] = -(rest[first] / unit)
    return [Root((*prefix, *sorted(y.items())), goal.known)]


def _shifted(
    a: Sequence[Mapping[Fraction, Any]], slope: Fraction, root: Any, most: Fraction | None
) -> list[dict[Fraction, Any]]:
    """The coefficients in y of sum_i a_i (root h^slope + y)^i; up to a power in all, where y counts as h^slope."""
    found: list[dict[Fraction, Any]] = [{} for _ in a]
    for i, part in enumerate(a):
        for j in range(i + 1):
            power = root ** (i - j) * _binomial(i, j)
            for r, c in part.items():
                at = r + slope * (i - j)
                if most is not None and at + slope * j > most:
                    continue
                term = power * c
                found[j][at] = found[j][at] + term if at in found[j] else term
    return found


def _value(
    b: Sequence[Mapping[Fraction, Any]], y: Mapping[Fraction, Any], most: Fraction
) -> dict[Fraction, Any]:
    """sum_i b_i y^i, up to a power of h."""
    total: dict[Fraction, Any] = {}
    lowest = min(y, default=most + 1)
    for i, part in reversed(list(enumerate(b))):
        left = most - i * lowest  # y multiplies i times more
        total = _times(total, y, left)
        total = _sum(total, {r: c for r, c in part.items() if r <= left})
    return total


def _sum(a: Mapping[Fraction, Any], b: Mapping[Fraction, Any]) -> dict[Fraction, Any]:
    found = dict(a)
    for r, c in b.items():
        found[r] = found[r] + c if r in found else c
    return found


def _times(
    a: Mapping[Fraction, Any], b: Mapping[Fraction, Any], most: Fraction
) -> dict[Fraction, Any]:
    found: dict[Fraction, Any] = {}
    for r, c in a.items():
        check_time()
        for q, d in b.items():
            if r + q <= most:
                found[r + q] = found[r + q] + c * d if r + q in found else c * d
    return found


def _binomial(n: int, k: int) -> int:
    return int(sp.binomial(n, k))
