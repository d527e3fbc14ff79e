r"""Which of two eigenvalues is larger for large L, and from which length on, exactly.

Where L is the only symbol: let p(x, L) and q(x, L) be the minimal polynomials of two eigenvalues of symmetric operators, as real branches lambda(L), mu(L) that
are continuous in L. Where they meet, the resultant Res_x(p, q) vanishes; where a branch may jump, a leading coefficient does; if p = q the discriminant takes the
place of the resultant. Between successive real roots of these polynomials in L, the order of lambda and mu is therefore constant, and beyond the largest root it is
the order for large L. So the sign is taken once in each gap that holds an integer, from the largest downwards, and at roots that are integers themselves.

Where other symbols are left: lambda = c L^e + c' L^e' + ..., e > e' > ..., is expanded as long as its coefficients are rational in the symbols (Newton
polygons), and the first coefficient in which two eigenvalues differ decides for large L, every other symbol fixed. Its sign is proved by factors:
a polynomial whose coefficients all have one sign, once v is written as its least value plus a nonnegative number, has that sign wherever the
hyperparameters are positive (`sign`). In the same way a length m is proved for rational eigenvalues, by L = m + a nonnegative number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cmp_to_key
from itertools import pairwise, product

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import x
from symkern.errors import SymkernError
from symkern.exact import (
    AlgebraicNumber,
    Ball,
    Branch,
    FunctionField,
    RationalFunction,
    branches,
    function_field,
)
from symkern.exact.algebraic import real_roots
from symkern.exact.asymptotics import Leading, newton_polygon
from symkern.exact.balls import BITS, enclosure, from_arb, precision
from symkern.exact.factoring import factor
from symkern.limits import current


def same_formula(first: Branch, second: Branch) -> bool:
    """Whether two eigenvalues are the same root of the same polynomial; never true where no polynomial is written.

    >>> from symkern.abc import L
    >>> K = function_field((L,))
    >>> [a], [b] = branches([[K(-1 / L), K(1)]], K), branches([[K(-1), K(L)]], K)
    >>> same_formula(a, b)
    True
    """
    if first.degree != second.degree or not first.minimal_polynomial:
        return False
    p, q = first.polynomial(), second.polynomial()
    if p == q:
        return first.index == second.index
    if p != sp.expand(-q):
        return False
    # Primitive and irreducible, they may have opposite signs, which depend on the order of the symbols; then +sqrt is -sqrt.
    return first.index == (1 - second.index if second.degree == 2 else second.index)


def eventual_order(
    first: Branch, second: Branch, term: Leading | None, thresholds: Mapping[sp.Symbol, int]
) -> int | None:
    """1, 0 or -1 as one eigenvalue is larger than, equal to or smaller than another at every large L; None where it is not proved.

    ``term`` is the leading term that the two share, None where it is not known; ``thresholds`` has the least value of L, and of v where it is a symbol; every other symbol is positive.

    >>> from symkern.abc import L
    >>> K = function_field((L,))
    >>> [a], [b] = branches([[K(-1), K(L)]], K), branches([[K(-1), K(L + 1)]], K)
    >>> eventual_order(a, b, Leading(sp.Integer(-1), sp.Integer(1)), {L: 1})
    1
    """
    if same_formula(first, second):
        return 0
    if not (first.minimal_polynomial and second.minimal_polynomial):
        return None
    if _polynomial(first) is None or _polynomial(second) is None:
        return None if term is None else _order_by_terms(first, second, term, thresholds)
    marks = _breaks([first], [second], thresholds.get(CONTEXT_LENGTH, 1))
    if marks is None:
        return None
    return _order_at([first], [second], max(marks) + 1)


def crossing_length(
    larger: Sequence[Branch],
    smaller: Sequence[Branch],
    thresholds: Mapping[sp.Symbol, int],
) -> int | None:
    """The smallest integer from which on the largest of ``larger`` exceeds all of ``smaller`` at every integer length, at least that of ``thresholds``.

    With symbols besides L, for all their values above the thresholds. None where it is not known: no length is proved, or none is proved to be the
    smallest, or no polynomials are written. It is assumed that ``larger`` is larger for large L.

    >>> from symkern.abc import L
    >>> K = function_field((L,))
    >>> [a], [b] = branches([[K(-1), K(9)]], K), branches([[K(-1), K(L)]], K)
    >>> crossing_length([a], [b], {L: 2})
    10
    """
    least = thresholds.get(CONTEXT_LENGTH, 1)
    everything = [*larger, *smaller]
    if any(not branch.minimal_polynomial for branch in everything):
        return None
    symbols = {u for t in everything for c in t.minimal_polynomial for u in c.free_symbols()}
    if not symbols:  # numbers that are the same at every length
        return least if _order_at(larger, smaller, least) == 1 else None
    if not symbols <= {CONTEXT_LENGTH}:
        return _proved_length(larger, smaller, thresholds)
    breaks = _breaks(larger, smaller, least)
    if breaks is None:
        return None
    # Points where the order has to be looked at: each break, and one integer inside each gap.
    marks = sorted(breaks)
    points = {*marks, marks[-1] + 1}
    points |= {a + 1 for a, b in pairwise(marks) if b - a > 1}
    held = None
    for n in sorted(points, reverse=True):
        if _order_at(larger, smaller, n) != 1:
            break
        held = n
    return held


def _breaks(first: Sequence[Branch], second: Sequence[Branch], least: int) -> set[int] | None:
    """``least`` and the integers from there on at and beside which the order of two eigenvalues may change."""
    breaks = {least}
    met: set[sp.Expr] = set()
    for a, b in product(first, second):
        polynomials = _polynomial(a), _polynomial(b)
        if polynomials[0] is None or polynomials[1] is None:
            return None
        p, q = (sp.Poly(e, x) for e in polynomials)
        meeting = sp.discriminant(p) if p == q else sp.resultant(p, q)
        for e in (meeting, p.LC(), q.LC()):
            if e in met:
                continue
            met.add(e)
            polynomial = sp.Poly(e, CONTEXT_LENGTH)
            if polynomial.is_zero:
                return None
            if polynomial.degree() > 0:
                for root in sp.real_roots(polynomial.sqf_part()):
                    # An integer root is looked at by itself; of any other only the integers beside it matter.
                    low = int(sp.floor(root))
                    around = (low, int(sp.ceiling(root)), low + 1)
                    breaks.update(n for n in around if n >= least)
    return breaks


def _order_at(first: Sequence[Branch], second: Sequence[Branch], n: int) -> int | None:
    """The order of the largest of each at an integer length; exact."""
    tops = []
    for group in (first, second):
        values = [_at(branch, n) for branch in group]
        if any(value is None for value in values):
            return None
        found = [value for value in values if value is not None]
        tops.append(max(found, key=cmp_to_key(_order)))
    return _order(*tops)


def _order(first: Branch, second: Branch) -> int:
    order = number_order(first, second)
    assert order is not None  # neither is a ball
    return order


def _at(branch: Branch, n: int) -> Branch | None:
    """The eigenvalue at an integer length, as a number; None where its polynomial has not all its real roots there."""
    field = function_field(())
    found = [c.substitute({CONTEXT_LENGTH: n}, field) for c in branch.minimal_polynomial]
    if not found[-1]:
        return None
    roots = branches([[c / found[-1] for c in found]], field)
    if len(roots) != branch.degree:
        return None
    # Of a quadratic polynomial the root with +sqrt comes first, the larger one where its leading coefficient is positive.
    mirrored = branch.degree == 2 and found[-1].to_fraction() < 0
    place = 1 - branch.index if mirrored else branch.index
    return sorted(roots, key=cmp_to_key(_order), reverse=True)[place]


def _order_by_terms(
    first: Branch, second: Branch, term: Leading, thresholds: Mapping[sp.Symbol, int]
) -> int | None:
    """`eventual_order` by the first coefficient in which two expansions in L differ."""
    field = _common_field([first, second])
    polynomials = [[field(c) for c in branch.minimal_polynomial] for branch in (first, second)]
    read = _in_field(term, field)
    if read is None:
        return None
    terms: list[tuple[sp.Expr, RationalFunction] | None] = [read, read]
    for _ in range(current().expansion_terms):
        following: list[tuple[sp.Expr, RationalFunction] | None] = []
        for i, at in enumerate(terms):
            if at is None:
                following.append(None)
                continue
            polynomials[i] = _shifted(polynomials[i], at[1] * field(CONTEXT_LENGTH) ** int(at[0]))
            if not polynomials[i][0]:
                following.append(None)  # the expansion ends
                continue
            lower = [t for t in newton_polygon(polynomials[i]) if t.exponent < at[0]]
            if len(lower) != 1:
                return None  # several roots share the terms so far
            read = _in_field(lower[0], field)
            if read is None:
                return None
            following.append(read)
        a, b = following
        if a is None and b is None:
            return None  # one rational function would be a root of both
        if b is None or (a is not None and a[0] > b[0]):
            assert a is not None
            return sign(a[1], thresholds)
        if a is None or b[0] > a[0]:
            order = sign(b[1], thresholds)
            return None if order is None else -order
        if a[1] != b[1]:
            return sign(a[1] - b[1], thresholds)
        terms = following
    return None


def _in_field(term: Leading, field: FunctionField) -> tuple[sp.Expr, RationalFunction] | None:
    """Exponent and coefficient of a term, None where the one is no integer or the other not rational in the symbols."""
    if not term.exponent.is_Integer or not isinstance(term.coefficient, sp.Expr):
        return None
    try:
        return term.exponent, field(term.coefficient)
    except SymkernError:
        return None


def _shifted(polynomial: list[RationalFunction], by: RationalFunction) -> list[RationalFunction]:
    """Coefficients of p(x + by), by Horner's rule."""
    found = list(polynomial)
    for i in range(len(found) - 1):
        for k in range(len(found) - 2, i - 1, -1):
            found[k] = found[k] + by * found[k + 1]
    return found


def _common_field(found: Sequence[Branch]) -> FunctionField:
    symbols = {u for t in found for c in t.minimal_polynomial for u in c.free_symbols()}
    return function_field(tuple(sorted({CONTEXT_LENGTH, *symbols}, key=str)))


def sign(value: RationalFunction, thresholds: Mapping[sp.Symbol, int]) -> int | None:
    """1, 0 or -1 where that is proved to be the sign of ``value`` for all positive symbols, those of ``thresholds`` from there on; else None.

    >>> from symkern.abc import alpha, v
    >>> K = function_field((alpha, v))
    >>> sign(K(alpha * (v - 2) + 1), {v: 2}), sign(K(1 - alpha), {v: 2})
    (1, None)
    """
    if not value:
        return 0
    found = 1
    for polynomial in (value.num, value.den):
        content, parts = factor(polynomial)
        found = found if content > 0 else -found
        for part, multiplicity in parts:
            one = RationalFunction(value.field, part, value.field.one.num)
            factor_sign = _sign_of_polynomial(one, thresholds)
            if factor_sign is None:
                return None
            found *= factor_sign**multiplicity
    return found


def _sign_of_polynomial(
    polynomial: RationalFunction, thresholds: Mapping[sp.Symbol, int]
) -> int | None:
    field = polynomial.field
    if not all(u.is_positive for u in polynomial.free_symbols()):
        return None
    bounded = {u: n for u, n in thresholds.items() if u in field.index}
    moved = polynomial.substitute({u: field(u) + n for u, n in bounded.items()}, field)
    terms = {exponents: int(c) for exponents, c in moved.num.to_dict().items()}
    signs = {c > 0 for c in terms.values()}
    places = [field.index[u] for u in bounded]
    # What was added to a least value may be zero, so one term must be free of it.
    if len(signs) != 1 or not any(all(e[i] == 0 for i in places) for e in terms):
        return None
    return 1 if signs.pop() else -1


def _proved_length(
    larger: Sequence[Branch], smaller: Sequence[Branch], thresholds: Mapping[sp.Symbol, int]
) -> int | None:
    """`crossing_length` with symbols besides L, where all eigenvalues are rational functions of them."""
    if any(branch.degree != 1 for branch in (*larger, *smaller)):
        return None
    field = _common_field([*larger, *smaller])
    values = [[_rational(branch, field) for branch in group] for group in (larger, smaller)]
    least = thresholds.get(CONTEXT_LENGTH, 1)

    def beats(n: int, at: bool) -> bool:
        """Whether one eigenvalue is proved to exceed all of the other side, at the length n or from there on."""
        put = {CONTEXT_LENGTH: field(n)} if at else {}
        bounds = {**thresholds, CONTEXT_LENGTH: n}
        return any(
            all(sign((a - b).substitute(put, field), bounds) == 1 for b in values[1])
            for a in values[0]
        )

    start = next(
        (n for n in range(least, least + current().proof_lengths) if beats(n, False)), None
    )
    if start is None:
        return None
    while start > least and beats(start - 1, True):
        start -= 1
    if start > least and not _fails_somewhere(values, start - 1, thresholds):
        return None
    return start


def _rational(branch: Branch, field: FunctionField) -> RationalFunction:
    constant, top = (field(c) for c in branch.minimal_polynomial)
    return -constant / top


def _fails_somewhere(
    values: Sequence[Sequence[RationalFunction]], n: int, thresholds: Mapping[sp.Symbol, int]
) -> bool:
    """Whether at the length n, for some values of the other symbols, none of the first is larger than all of the second."""
    numbers = function_field(())
    symbols = {u for group in values for value in group for u in value.free_symbols()}
    others = sorted(symbols - {CONTEXT_LENGTH}, key=str)
    if not all(u.is_Symbol for u in others):
        return False  # exponentials of symbols are not free
    ranges = []
    for u in others:
        low = thresholds.get(u, 1)
        whole = (low, low + 1, low + 100)
        ranges.append(whole if u.is_integer else (Fraction(1, 100), Fraction(1), Fraction(100)))
    for point in product(*ranges[:6]):
        put = {CONTEXT_LENGTH: n, **dict(zip(others, point, strict=False))}
        if len(put) <= len(others):
            return False  # more symbols than are tried
        try:
            tops = [max(f.substitute(put, numbers).to_fraction() for f in g) for g in values]
        except ZeroDivisionError:
            continue
        if tops[0] <= tops[1]:
            return True
    return False


def number_order(first: Branch, second: Branch) -> int | None:
    """1, 0 or -1 as one eigenvalue that is a number is larger than, equal to or smaller than another; exact.

    None where intervals of which one is a ball overlap.
    """
    if isinstance(first.value, sp.Expr) and first.value == second.value:
        return 0
    a, b = _number(first), _number(second)
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return (a > b) - (a < b)
    if isinstance(a, AlgebraicNumber) and isinstance(b, AlgebraicNumber):
        return 0 if a == b else 1 if b < a else -1
    if isinstance(b, AlgebraicNumber):
        order = number_order(second, first)
        return None if order is None else -order
    if isinstance(a, AlgebraicNumber):  # a rational number is none; the ends of a ball neither
        ends = (b.lower, b.upper) if isinstance(b, Ball) else (b, b)
        while a.low <= ends[1] and ends[0] <= a.high:
            if ends[0] <= a.low and a.high <= ends[1]:
                return None
            a = a.refine((a.high - a.low) / 2)
        return 1 if a.low > ends[1] else -1
    low, high = ((t.lower, t.upper) if isinstance(t, Ball) else (t, t) for t in (a, b))
    if low[1] < high[0]:
        return -1
    return 1 if high[1] < low[0] else None


def _number(branch: Branch) -> Fraction | AlgebraicNumber | Ball:
    """A number as a fraction, a root in an interval or a ball, whichever is exact for it."""
    if isinstance(branch.value, (Ball, AlgebraicNumber)):
        return branch.value
    if all(c.is_number for c in branch.minimal_polynomial):
        coefficients = [int(c.to_fraction()) for c in branch.minimal_polynomial]
        if branch.degree == 1:
            return Fraction(-coefficients[0], coefficients[1])
        return real_roots(coefficients)[branch.index]
    with precision(BITS):  # numbers such as e
        return from_arb(enclosure(branch.value))


def _polynomial(branch: Branch) -> sp.Expr | None:
    """The minimal polynomial over Z[L], None where another symbol is left or it is not written."""
    if not branch.minimal_polynomial:
        return None
    expression = branch.polynomial()
    return expression if expression.free_symbols <= {CONTEXT_LENGTH, x} else None
