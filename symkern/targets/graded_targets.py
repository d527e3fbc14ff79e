r"""Where a target lives, finer than irrep and degree: inner products between its parts of different degree, sector by sector.

A sector (mu, kappa) of functions of independent uniform tokens holds, in each Efron-Stein degree d <= 2, at most one copy
of S^mu x S^kappa; for two letters the same is true of functions of the counts in every degree. With one unit map psi_d of
S^mu x S^kappa into each degree, a target's part in the sector is sum_d psi_d(A_d), and everything that
a kernel can do to it depends on the Gram matrix <A_d, A_e> alone. Its diagonal is the energy by sector and degree. The maps psi_d are chosen so that

    psi_0 = 1,   psi_1(z) ~ sum_a z_a(x_a),   psi_2(z) ~ sum_(a<b) [M(z_a) + M(z_b)](x_a, x_b),   M(z) = diag(z) - (z 1^T + 1 z^T)/v,

with positive factors, and psi_2 ~ sum_(a<b) ([x_a = x_b] - 1/v) on trivial tokens; for two letters psi_d ~ the d-th elementary
symmetric polynomial of the spins.

With s_ab and t_ab the parts of h_ab that are symmetric and antisymmetric in the two tokens, r_a = sum_b s_ab, R = sum_a r_a,
G = sum_a g_a, the energies of degree two are

    ():   |R|^2/(2L(L-1)),    (1):  (sum_a |r_a|^2 - |R|^2/L)/(L-2)  and  sum_a |sum_b t_ab|^2/L,    (2), (1,1): what remains,

and a symmetric form th(t, u) with zero row sums has the parts (tr th)^2/((v-1)v^2) in the trivial token irrep,
sum_t (th_tt - tr th/v)^2/(v(v-2)) in (v-1,1), and the rest in (v-2,2). Derived for this project.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import comb
from typing import Any

import sympy as sp

from symkern.combinatorics import Partition
from symkern.errors import NoClosedForm, displayed
from symkern.exact import RationalFunction
from symkern.limits import current
from symkern.targets.formula_targets import FormulaTarget
from symkern.targets.low_degree import (
    LowDegree,
    Scalar,
    Table,
    low_degree,
    overlap,
    row_sum,
)

Labels = tuple[Partition, Partition]
#: An inner product x sqrt(q), with x and q rational functions of L.
Product = tuple[Scalar, Scalar]

_EMPTY, _ONE, _TWO, _BOTH = Partition(), Partition(1), Partition(2), Partition(1, 1)


@dataclass(frozen=True)
class GradedTarget:
    """Gram matrices of a target's parts by sector, {(mu, kappa): {(d, e): (x, q)}} for <A_d, A_e> = x sqrt(q), d <= e.

    ``total`` is E f^2. ``highest`` is the degree up to which parts are listed, None where all are; ``least`` the
    smallest length at which formulas in L hold.
    """

    length: int | sp.Expr
    vocabulary: int
    parts: Mapping[Labels, Mapping[tuple[int, int], Product]]
    total: Any
    highest: int | None = None
    least: int = 1

    def items(self) -> Iterator[tuple[Partition, Partition, int, sp.Expr]]:
        """(mu, kappa, degree, energy), zeros left out."""
        for (mu, kappa), gram in self.parts.items():
            for (d, e), (x, _) in gram.items():
                if d == e and x:
                    yield mu, kappa, d, expression(x)

    def energy(self, mu: object, kappa: object, degree: int) -> sp.Expr:
        """E of the squared part in a sector and degree."""
        gram = self.parts.get((Partition.read(mu, "mu"), Partition.read(kappa, "kappa")), {})
        return expression(gram.get((degree, degree), (0, 1))[0])


def expression(value: Scalar) -> sp.Expr:
    """A number or rational function as a SymPy expression."""
    if isinstance(value, RationalFunction):
        return value.to_sympy()
    q = Fraction(value)
    return sp.Rational(q.numerator, q.denominator)


def graded_target(
    target: FormulaTarget, length: int | sp.Expr, vocabulary: int, highest: int
) -> GradedTarget:
    """The Gram matrices of a formula on uniform tokens; ``highest`` is the degree beyond which a kernel sees nothing.

    Raises `NoClosedForm` for formulas that are neither of low degree nor functions of the counts of two letters.
    """
    try:
        forms = low_degree(target, length, vocabulary)
    except NoClosedForm:
        if vocabulary == 2 and isinstance(length, int) and target.is_symmetric:
            return _binary(target, length, highest)
        raise
    parts: dict[Labels, dict[tuple[int, int], Product]] = {}
    for form in forms:
        for labels, gram in _gram(form, None if isinstance(length, sp.Expr) else length).items():
            kept = parts.setdefault(labels, {})
            for key, (x, q) in gram.items():
                kept[key] = (kept[key][0] + x if key in kept else x, q)
    total = sum((x for gram in parts.values() for (d, e), (x, _) in gram.items() if d == e), 0)
    least = max([form.least for form in forms] + [4 if form.twos else 1 for form in forms])
    ordered = {labels: parts[labels] for labels in sorted(parts, key=_order)}
    return GradedTarget(length, vocabulary, ordered, expression(total), None, least)


def _order(labels: Labels) -> tuple[Any, ...]:
    return tuple((p.size, [-part for part in p]) for p in labels)


# -- degree at most two ----------------------------------------------------------------

Form = Callable[[Any, Any], Scalar]
Positions = dict[int | None, Any]


def _gram(form: LowDegree, length: int | None) -> dict[Labels, dict[tuple[int, int], Product]]:
    """Inner products of one output; ``length`` is None for the symbol L."""
    v, size = form.vocabulary, form.length
    found: dict[Labels, dict[tuple[int, int], Product]] = {}

    def put(mu: Partition, kappa: Partition, d: int, e: int, x: Scalar, q: Scalar = 1) -> None:
        if x:
            found.setdefault((mu, kappa), {})[d, e] = (x, q)

    put(_EMPTY, _EMPTY, 0, 0, form.constant * form.constant)
    if v == 1:
        return found
    ones: Positions = dict(form.ones)
    whole = _squares(ones, ones, lambda a, b: _dot(a, b) * Fraction(1, v), size)
    mean_one = _total(ones, size)
    if ones:
        square = _dot(mean_one, mean_one) * Fraction(1, v)
        put(_EMPTY, _ONE, 1, 1, square / size)
        put(_ONE, _ONE, 1, 1, whole - square / size)
    if not form.twos or length == 1:
        return found
    half = Fraction(1, 2)
    symmetric = {pattern: (h + h.T) * half for pattern, h in form.twos.items()}
    antisymmetric = {pattern: (h - h.T) * half for pattern, h in form.twos.items()}
    rows, turns = _row_sums(symmetric, size, 1), _row_sums(antisymmetric, size, -1)
    mean = _total(rows, size)
    forms: dict[Partition, Form] = {_EMPTY: _trivial(v)}
    if v > 2:
        forms[_ONE] = _standard(v)
    if v > 3:
        forms[_TWO] = _remaining(v)
    for kappa, b in forms.items():
        everything = _pair_sum(symmetric, b, size, length, 1)
        invariant = b(mean, mean) / (2 * size * (size - 1))
        put(_EMPTY, kappa, 2, 2, invariant)
        one = 0 * size
        if length != 2:
            one = (_squares(rows, rows, b, size) - b(mean, mean) / size) / (size - 2)
            put(_ONE, kappa, 2, 2, one)
        put(_TWO, kappa, 2, 2, everything - invariant - one)
    cross = mean.trace() * form.constant * Fraction(1, v)
    put(_EMPTY, _EMPTY, 0, 2, cross, 1 / (2 * (v - 1) * size * (size - 1)))
    if v > 2 and ones:
        pair: Form = lambda g, h: _dot(g, _diagonal(h)) * Fraction(1, v)  # noqa: E731
        invariant = pair(mean_one, mean)
        put(_EMPTY, _ONE, 1, 2, invariant / size, 1 / (2 * (v - 2) * (size - 1)))
        if length != 2:
            moved = _squares(ones, rows, pair, size) - invariant / size
            put(_ONE, _ONE, 1, 2, moved, 1 / ((v - 2) * (size - 2)))
    frobenius = _frobenius(v)
    turned = _squares(turns, turns, frobenius, size) / size
    put(_ONE, _BOTH, 2, 2, turned)
    put(_BOTH, _BOTH, 2, 2, _pair_sum(antisymmetric, frobenius, size, length, -1) - turned)
    return found


def _dot(a: Table, b: Table) -> Scalar:
    return (a * b).sum()


def _diagonal(h: Table) -> Any:
    return h.diagonal() - h.trace() * Fraction(1, len(h))


def _trivial(v: int) -> Form:
    return lambda h, k: h.trace() * k.trace() * Fraction(1, (v - 1) * v**2)


def _standard(v: int) -> Form:
    return lambda h, k: _dot(_diagonal(h), _diagonal(k)) * Fraction(1, v * (v - 2))


def _frobenius(v: int) -> Form:
    return lambda h, k: _dot(h, k) * Fraction(1, v**2)


def _remaining(v: int) -> Form:
    whole, trivial, standard = _frobenius(v), _trivial(v), _standard(v)
    return lambda h, k: whole(h, k) - trivial(h, k) - standard(h, k)


def _row_sums(twos: Mapping[Any, Table], size: Scalar, sign: int) -> Positions:
    """sum_b h_ab by position a; ``sign`` is the sign of exchanging the tokens."""
    rows: Positions = {}
    for pattern, h in twos.items():
        for times, factor in zip(row_sum(pattern, size), (1, sign), strict=True):
            for p, c in times.items():
                rows[p] = rows.get(p, 0) + h * (c * factor)
    return rows


def _total(values: Positions, size: Scalar) -> Any:
    """The sum over all positions, 0 for an empty one."""
    return sum(value * size if p is None else value for p, value in values.items())


def _squares(u: Positions, w: Positions, b: Form, size: Scalar) -> Scalar:
    """sum_a b(u_a, w_a)."""
    total = 0 * size
    for (p, x), (q, y) in product(u.items(), w.items()):
        if p is None or q is None or p == q:
            total = total + b(x, y) * (size if p is None and q is None else 1)
    return total


def _pair_sum(
    twos: Mapping[Any, Table], b: Form, size: Scalar, last: int | None, sign: int
) -> Scalar:
    """sum_(a<b) b(h_ab, h_ab) for functions of two tokens that exchange them with this sign."""
    total = 0 * size
    for (p, h), (q, k) in product(twos.items(), repeat=2):
        same, reversed_ = overlap(p, q, size, last)
        total = total + b(h, k) * (same + sign * reversed_)
    return total


# -- functions of the counts of two letters --------------------------------------------


def _binary(target: FormulaTarget, length: int, highest: int) -> GradedTarget:
    """f(n_1) in the elementary symmetric polynomials e_d of the spins, E e_d^2 = C(L, d)."""
    if length > current().binary_length:
        raise NoClosedForm(
            f"target: a function of counts is expanded up to length {current().binary_length}, not {displayed(length)}"
        )
    target.require(length, 2)
    value = target.values(2)
    weighted = []  # C(L, n) f(n), n the number of ones
    total = Fraction(0)
    for n in range(length + 1):
        f = Fraction(value((0,) * (length - n) + (1,) * n))
        weighted.append(f * comb(length, n))
        total += f * f * comb(length, n)
    top = min(highest, length)
    sums = [Fraction(0)] * (top + 1)
    for n, weight in enumerate(weighted):
        if weight:
            for d, e in enumerate(_elementary(length, n, top)):
                sums[d] += weight * e
    scale = Fraction(1, 2**length)
    parts: dict[Labels, dict[tuple[int, int], Product]] = {}
    for parity, kappa in enumerate((_EMPTY, _ONE)):
        degrees = [d for d in range(parity, top + 1, 2) if sums[d]]
        gram: dict[tuple[int, int], Product] = {}
        for i, d in enumerate(degrees):
            for e in degrees[i:]:
                x = sums[d] * sums[e] * scale * scale
                both = comb(length, d) * comb(length, e)
                gram[d, e] = (x / comb(length, d), 1) if d == e else (x, Fraction(1, both))
        if gram:
            parts[_EMPTY, kappa] = gram
    return GradedTarget(length, 2, parts, expression(total * scale), highest)


def _elementary(length: int, n: int, top: int) -> Iterator[int]:
    """e_0, ..., e_top of ``length - n`` spins +1 and n spins -1: the coefficients of (1+z)^(L-n) (1-z)^n.

    (d+1) e_(d+1) = (L - 2n) e_d - (L - d + 1) e_(d-1), the three-term recurrence of Krawtchouk's polynomials.
    """
    before, now = 0, 1
    for d in range(top + 1):
        yield now
        before, now = now, ((length - 2 * n) * now - (length - d + 1) * before) // (d + 1)
