r"""Roots of a polynomial whose coefficients are power series in h: each root as a series (Newton, Puiseux).

For sum_i a_i(h) z^i the Newton polygon gives the leading terms c h^r of the roots, c a root of an edge polynomial. Where c is a simple root the
series goes on one order after another (Hensel): with G(z) = sum_i a_i z^i h^(...) scaled to the edge, G(c) = O(h^delta) and G'(c) is a unit, so that
z -> z - G(z)/G'(c) gains an order each time. Where it is multiple, z = c + y has a polygon of its own. Walker, *Algebraic Curves*, chapter IV.

Here roots are eigenvalues of symmetric matrices that are analytic in h^(1/2): exponents are integers or halves (Rellich), and series are written in
powers of h^(1/2). The field of constants K is one of `ExactField`, Q(symbols), and `BallField`. A root of an irreducible factor of degree above
one lives in an extension of K, as a polynomial in that root.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

import flint
import sympy as sp

from symkern.errors import NoClosedForm
from symkern.exact.balls import bits_in_force
from symkern.exact.branches import Branch, branches
from symkern.exact.rational_functions import FunctionField, RationalFunction

#: A series in h^(1/2): coefficients by the power of h, a multiple of 1/2.
Series = Mapping[Fraction, Any]


class ConstantField(Protocol):
    """The field of the coefficients."""

    def is_zero(self, constant: Any) -> bool:
        """Whether it is zero."""

    def roots(self, edge: Sequence[Any]) -> list[tuple[Any, int]]:
        """The nonzero roots of a polynomial, from its constant term up, with multiplicities."""


@dataclass(frozen=True)
class Root:
    """A root as a series: (power of h, coefficient), the largest first, of which nothing above the power ``known`` is said."""

    terms: tuple[tuple[Fraction, Any], ...]
    known: Fraction


def series_roots(
    coefficients: Sequence[Series], known: Fraction, field: ConstantField
) -> list[Root]:
    """The roots of sum_i a_i z^i that start at a power of h up to ``known``, each up to that power.

    >>> from symkern.exact.rational_functions import function_field
    >>> K, F = function_field(()), Fraction
    >>> one = {F(0): K(1)}
    >>> found = series_roots([{F(1): K(1)}, {F(0): K(-1)}, one], F(2), ExactField(K))  # z^2 - z + h
    >>> [[(int(r), str(c.to_sympy())) for r, c in root.terms] for root in found]
    [[(0, '1'), (1, '-1'), (2, '-1')], [(1, '1'), (2, '1')]]
    """
    return _expanded([dict(a) for a in coefficients], (), None, known, field)


def _expanded(
    a: list[dict[Fraction, Any]],
    prefix: tuple[tuple[Fraction, Any], ...],
    above: Fraction | None,
    known: Fraction,
    field: ConstantField,
) -> list[Root]:
    """All roots that start above a power of h, after the terms found so far."""
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
            found += _continued(a, prefix, slope, root, times, known, field)
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
    known: Fraction,
    field: ConstantField,
) -> list[Root]:
    """The roots that begin with one root of an edge polynomial."""
    prefix = (*prefix, (slope, root))
    if times > 1 and isinstance(root, Extended):
        raise NoClosedForm("series: branches with a multiple root of degree above one as coefficient go no further")  # fmt: skip
    inner = root.field_of(field) if isinstance(root, Extended) else field
    b = _shifted(a, slope, root)
    if times > 1:
        return _expanded(b, prefix, slope, known, inner)
    # b_0 + b_1 y + ... = 0 with one root y above ``slope``: y = -(b_0 + b_2 y^2 + ...)/b_1, term by term.
    lead = min(r for r, c in b[1].items() if not inner.is_zero(c)) if b[1] else None
    assert lead is not None
    unit = b[1][lead]
    y: dict[Fraction, Any] = {}
    while True:
        rest = _value(b, y)
        left = [r for r, c in sorted(rest.items()) if r - lead <= known and not inner.is_zero(c)]
        if not left:
            break
        y[left[0] - lead] = -(rest[left[0]] / unit)
    return [Root((*prefix, *sorted(y.items())), known)]


def _shifted(
    a: Sequence[Mapping[Fraction, Any]], slope: Fraction, root: Any
) -> list[dict[Fraction, Any]]:
    """The coefficients in y of sum_i a_i (root h^slope + y)^i."""
    found: list[dict[Fraction, Any]] = [{} for _ in a]
    for i, part in enumerate(a):
        for j in range(i + 1):
            power = root ** (i - j) * _binomial(i, j)
            for r, c in part.items():
                at = r + slope * (i - j)
                term = power * c
                found[j][at] = found[j][at] + term if at in found[j] else term
    return found


def _value(b: Sequence[Mapping[Fraction, Any]], y: Mapping[Fraction, Any]) -> dict[Fraction, Any]:
    total: dict[Fraction, Any] = {}
    for part in reversed(b):
        total = _sum(_times(total, y), part)
    return total


def _sum(a: Mapping[Fraction, Any], b: Mapping[Fraction, Any]) -> dict[Fraction, Any]:
    found = dict(a)
    for r, c in b.items():
        found[r] = found[r] + c if r in found else c
    return found


def _times(a: Mapping[Fraction, Any], b: Mapping[Fraction, Any]) -> dict[Fraction, Any]:
    found: dict[Fraction, Any] = {}
    for r, c in a.items():
        for q, d in b.items():
            found[r + q] = found[r + q] + c * d if r + q in found else c * d
    return found


def _binomial(n: int, k: int) -> int:
    return int(sp.binomial(n, k))


# -- fields ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class ExactField:
    """Q(symbols)."""

    field: FunctionField

    def is_zero(self, constant: RationalFunction) -> bool:
        """Whether it is zero."""
        return not constant

    def roots(self, edge: Sequence[RationalFunction]) -> list[tuple[Any, int]]:
        """Elements of the field, and of extensions by an irreducible factor."""
        monic = [c / edge[-1] for c in edge]
        counted: dict[tuple[tuple[RationalFunction, ...], int], tuple[Branch, int]] = {}
        for branch in branches([monic], self.field):
            key = branch.minimal_polynomial, branch.index
            _, times = counted.get(key, (branch, 0))
            counted[key] = branch, times + 1
        found: list[tuple[Any, int]] = []
        for branch, times in counted.values():
            f = branch.minimal_polynomial
            if branch.degree == 1:
                found.append((-f[0] / f[1], times))
            else:
                modulus = tuple(c / f[-1] for c in f)
                zero, one = self.field.zero, self.field.one
                theta = (zero, one, *(zero for _ in range(branch.degree - 2)))
                found.append((Extended(theta, modulus, branch), times))
        return found


@dataclass(frozen=True)
class Extended:
    """A polynomial in a root theta of an irreducible monic polynomial, ``modulus``; ``branch`` says which root."""

    coefficients: tuple[RationalFunction, ...]
    modulus: tuple[RationalFunction, ...]
    branch: Branch

    def _made(self, coefficients: Sequence[RationalFunction]) -> Extended:
        rest, n = list(coefficients), len(self.modulus) - 1
        while len(rest) > n:
            top = rest.pop()
            for i in range(n):
                rest[len(rest) - n + i] = rest[len(rest) - n + i] - top * self.modulus[i]
        zero = self.modulus[-1] - self.modulus[-1]
        return Extended((*rest, *[zero] * (n - len(rest))), self.modulus, self.branch)

    def _read(self, other: Any) -> Extended:
        return other if isinstance(other, Extended) else self._made([self.modulus[-1] * other])

    def __add__(self, other: Any) -> Extended:
        pairs = zip(self.coefficients, self._read(other).coefficients, strict=True)
        return self._made([a + b for a, b in pairs])

    def __mul__(self, other: Any) -> Extended:
        o = self._read(other)
        zero = self.modulus[-1] - self.modulus[-1]
        product = [zero] * (2 * len(self.coefficients) - 1)
        for i, a in enumerate(self.coefficients):
            for j, b in enumerate(o.coefficients):
                product[i + j] = product[i + j] + a * b
        return self._made(product)

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self) -> Extended:
        return self._made([-a for a in self.coefficients])

    def __sub__(self, other: Any) -> Extended:
        return self + (-self._read(other))

    def __rsub__(self, other: Any) -> Extended:
        return self._read(other) - self

    def __pow__(self, n: int) -> Extended:
        found = self._read(1)
        for _ in range(n):
            found = found * self
        return found

    def __truediv__(self, other: Any) -> Extended:
        """By solving (other) x = self, a linear system over the field."""
        o, n = self._read(other), len(self.coefficients)
        zero, one = self.modulus[-1] - self.modulus[-1], self.modulus[-1]
        basis = [self._made([*[zero] * i, one]) for i in range(n)]
        columns = [(o * b).coefficients for b in basis]
        rows = [[columns[j][i] for j in range(n)] + [self.coefficients[i]] for i in range(n)]
        for i in range(n):
            pivot = next(r for r in range(i, n) if rows[r][i])
            rows[i], rows[pivot] = rows[pivot], rows[i]
            rows[i] = [c / rows[i][i] for c in rows[i]]
            for r in range(n):
                if r != i and rows[r][i]:
                    rows[r] = [c - rows[r][i] * d for c, d in zip(rows[r], rows[i], strict=True)]
        return self._made([row[n] for row in rows])

    def __rtruediv__(self, other: Any) -> Extended:
        return self._read(other) / self

    def field_of(self, field: ConstantField) -> ConstantField:
        """The extension as a field."""
        return _ExtensionField()

    def map_root(self, function: Callable[[RationalFunction], Any], root: Any) -> Any:
        """The value at a given root, with ``function`` of the coefficients."""
        total = None
        for c in reversed(self.coefficients):
            value = function(c)
            total = value if total is None else total * root + value
        return total


class _ExtensionField:
    def is_zero(self, constant: Any) -> bool:
        return not any(constant.coefficients) if isinstance(constant, Extended) else not constant

    def roots(self, edge: Sequence[Any]) -> list[tuple[Any, int]]:
        if len(edge) == 2:
            return [(-(edge[0] / edge[1]), 1)]
        raise NoClosedForm("series: branches that part after a coefficient of degree above one go no further")  # fmt: skip


class BallField:
    """Arb numbers, of which one is zero that holds zero and is smaller than the digits in force show."""

    def __init__(self) -> None:
        self.below = flint.arb(2) ** -(bits_in_force() // 4)

    def is_zero(self, constant: Any) -> bool:
        """Whether it holds zero; refused for a ball that is too large to say."""
        if not constant.contains(0):
            return False
        if not abs(constant) < self.below:
            raise NoClosedForm("series: more digits are needed to tell a coefficient from zero")
        return True

    def roots(self, edge: Sequence[Any]) -> list[tuple[Any, int]]:
        """Real roots, which must be apart."""
        if len(edge) == 2:
            return [(-(edge[0] / edge[1]), 1)]
        bits = bits_in_force()
        try:
            found = flint.acb_poly([flint.acb(c) for c in edge]).roots(
                flint.arb(2) ** -(bits // 2), bits
            )
        except ValueError:
            raise NoClosedForm(
                "series: leading coefficients of two branches agree to all digits, so that balls do not tell the branches apart"
            ) from None
        return [(r.real, 1) for r in found]
