r"""Characteristic polynomials of matrices of rational functions.

1. The matrix is split into its strongly connected diagonal pieces: a permutation makes it block triangular.
2. What all entries of a piece have in common is taken out: det(x - g M) = g^n det(x/g - M).
3. Symbols that only scale are set to 1. If weights w of the symbols, h and p_1, ..., p_n satisfy

       w . e = h + p_i - p_j      for every monomial with exponents e in every entry (i, j),

   then D M D^-1 scales by t^h under s -> t^w s, with D a diagonal of powers of t, and every monomial of the coefficient of x^(n-k) has the weight
   k h: for w_f = 1 the exponent of f follows from those of the others. Where h and w are integers the factors over Q correspond too: made homogeneous
   they are monic in x, and by Gauss' lemma none has a negative power of f. (x^2 - 4 a b has h = 1/2 for w_a = 1, w_b = 0, and splits at a = b = 1.)
4. What is left is found by flint for numbers; by interpolation where one symbol is left, in which the coefficient of x^(n-k) has at most k times
   the degree of M; and by Berkowitz's algorithm, which does not divide, where several are (Berkowitz 1984, *On computing the
   determinant in small parallel time using a small number of processors*, Inf. Process. Lett. 18).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import islice, permutations
from math import prod
from typing import Any

import flint

from symkern.exact.factoring import factor
from symkern.exact.rational_functions import FunctionField, RationalFunction, function_field
from symkern.exact.row_reduction import row_reduce
from symkern.limits import check_time, current

Rows = Sequence[Sequence[RationalFunction]]
#: A polynomial over the integers in x: its coefficients, from the constant term up, are polynomials in the symbols.
Polynomial = list[Any]


def characteristic_factors(field: FunctionField, rows: Rows) -> list[list[RationalFunction]]:
    """Monic polynomials, coefficients from the constant term up, whose product is det(x - A)."""
    found = []
    for piece in strong_components(rows):
        found += _Piece(field, [[rows[i][j] for j in piece] for i in piece]).factors()
    return found


def characteristic_cost(field: FunctionField, rows: Rows) -> int:
    """How many products of terms `characteristic_factors` takes at most, about; some 10^8 of them take a second.

    A piece of n rows, whose entries have t terms and the degrees d_s in the symbols s that are left, has coefficients of at
    most prod (n d_s + 1) terms. On the way they are half as long in each symbol, and n^4/12 products are taken of them with an entry.
    """
    cost = 0
    for places in strong_components(rows):
        piece = _Piece(field, [[rows[i][j] for j in places] for i in places])
        size, degrees = len(places), [piece.degrees[s] for s in piece.kept]
        terms = max(len(e) for row in piece.rows for e in row)
        cost += size**4 * terms * prod(size * d + 2 for d in degrees) // (12 << len(degrees))
    return cost


def strong_components(rows: Sequence[Sequence[object]]) -> list[list[int]]:
    """Strongly connected components of the graph of nonzero entries, by their first rows.

    Each row's set of what it reaches is an integer; Warshall joins them, and rows that reach the same are one component.

    >>> strong_components([[0, 1, 0], [1, 0, 1], [0, 0, 1]])
    [[0, 1], [2]]
    """
    reach = [1 << i | sum(1 << j for j, e in enumerate(row) if e) for i, row in enumerate(rows)]
    for k in range(len(reach)):
        reach = [r | reach[k] if r >> k & 1 else r for r in reach]
    pieces: dict[int, list[int]] = {}
    for i, reached in enumerate(reach):
        pieces.setdefault(reached, []).append(i)
    return list(pieces.values())


class _Piece:
    """One strongly connected piece: ``common`` times the integer polynomials ``rows``."""

    def __init__(self, field: FunctionField, rows: Rows) -> None:
        self.field = field
        den = field.one.num
        for row in rows:
            for e in row:
                den = den * (e.den / den.gcd(e.den))
        self.rows = [[e.num * (den / e.den) for e in row] for row in rows]
        common = field.zero.num
        for e in (e for row in self.rows for e in row):
            common = common.gcd(e)
            if common == 1:
                break
        if common not in (0, 1):
            self.rows = [[e / common for e in row] for row in self.rows]
        self.common = field.one if common == 0 else RationalFunction.reduced(field, common, den)

    @cached_property
    def degrees(self) -> list[int]:
        """The degree of the rows in each symbol."""
        found = [0] * len(self.field.symbols)
        for e in (e for row in self.rows for e in row):
            found = [max(d, int(p)) for d, p in zip(found, e.degrees(), strict=False)]
        return found

    @cached_property
    def scalings(self) -> list[_Scaling]:
        """One for each symbol that only scales."""
        return _scalings(self.rows, self.degrees)

    @property
    def kept(self) -> list[int]:
        """The symbols that occur and do not only scale."""
        removed = {s.symbol for s in self.scalings}
        return [s for s, d in enumerate(self.degrees) if d and s not in removed]

    def factors(self) -> list[list[RationalFunction]]:
        """Monic polynomials whose product is that of the piece; irreducible where symbols were set to 1 for them."""
        kept = self.kept
        rows = self.rows
        if self.scalings:
            removed = [s.symbol for s in self.scalings]
            rows = [[_without(e, removed) for e in row] for row in rows]
        if not kept:
            found = _of_numbers(self.field, rows)
        elif len(kept) == 1:
            found = _interpolated(self.field, rows, kept[0], self.degrees[kept[0]])
        else:
            found = _berkowitz(rows, self.field.one.num)[::-1]
        if not self.scalings and (kept or self.common.is_number):
            return [self._scaled(found)]
        return [self._scaled(self._restored(part)) for part in _factors(self.field, found)]

    def _restored(self, polynomial: Polynomial) -> Polynomial:
        """A monic polynomial with the symbols that had been set to 1."""
        degree = len(polynomial) - 1
        out = []
        for power, c in enumerate(polynomial):
            terms = {}
            for exponents, value in c.to_dict().items():
                place = list(map(int, exponents))
                for scaling in self.scalings:
                    place[scaling.symbol] = scaling.exponent(degree - power, exponents)
                terms[tuple(place)] = value
            out.append(self.field.context.from_dict(terms))
        return out

    def _scaled(self, polynomial: Polynomial) -> list[RationalFunction]:
        """The polynomial whose roots are ``common`` times those of a monic one."""
        power, out = self.field.one, []
        for c in reversed(polynomial):
            out.append(RationalFunction(self.field, c, self.field.one.num) * power)
            power = power * self.common
        return out[::-1]


# -- symbols that only scale -----------------------------------------------------------------


@dataclass(frozen=True)
class _Scaling:
    """Weights of the symbols with weight 1 for ``symbol`` and 0 for others that are removed, and the weight h of an eigenvalue."""

    symbol: int
    weights: dict[int, Fraction]
    eigenvalue: Fraction

    def exponent(self, k: int, exponents: Sequence[int]) -> int:
        """The exponent of the symbol in a monomial of the coefficient of x^(n-k), from the exponents of those kept."""
        found = k * self.eigenvalue - sum(w * int(exponents[s]) for s, w in self.weights.items())
        assert found >= 0 and found.denominator == 1
        return int(found)


def _scalings(rows: list[list[Any]], degrees: Sequence[int]) -> list[_Scaling]:
    """Integral weights for as many symbols as possible, those of large degree before others."""
    occurring = [s for s, d in enumerate(degrees) if d]
    if not occurring:
        return []
    equations = _equations(rows, occurring)
    found: list[_Scaling] = []
    for order in islice(permutations(range(len(occurring))), current().symbol_orders):
        listed = list(_of_order(equations, occurring, order))
        if _gain(listed, degrees) > _gain(found, degrees):
            found = listed
    return found


def _gain(scalings: Sequence[_Scaling], degrees: Sequence[int]) -> tuple[int, int]:
    return len(scalings), sum(degrees[s.symbol] for s in scalings)


def _of_order(
    equations: Sequence[Sequence[Fraction]], occurring: Sequence[int], order: Sequence[int]
) -> Iterator[_Scaling]:
    """Weights by elimination, in which the symbols that come last in the order are free; those that are integers."""
    width = 1 + len(order)  # h comes first, so that it is never free
    moved = [[row[0], *(row[1 + i] for i in order)] for row in equations]
    reduced, pivots = row_reduce(moved, width)
    for free in range(1, width):
        if free in pivots:
            continue
        values = {p: -row[free] for row, p in zip(reduced, pivots, strict=True)}
        if all(w.denominator == 1 for w in values.values()):
            weights = {occurring[order[p - 1]]: w for p, w in values.items() if p and w}
            eigenvalue = values.get(0, Fraction(0))
            yield _Scaling(occurring[order[free - 1]], weights, eigenvalue)


def _equations(rows: list[list[Any]], occurring: Sequence[int]) -> list[list[Fraction]]:
    """A basis of the linear equations between h and w."""
    width = 1 + len(occurring)
    potentials: list[list[int] | None] = [None] * len(rows)
    potentials[0] = [0] * width
    entries = [
        (i, j, [_row(exponents, occurring) for exponents in e.to_dict()])
        for i, row in enumerate(rows)
        for j, e in enumerate(row)
        if e != 0
    ]
    # p_j = p_i + h - w . e along a tree, as linear forms in h and w; what is left are equations between these.
    waiting = [0]
    edges: dict[int, list[tuple[int, list[int], int]]] = {}
    for i, j, monomials in entries:
        edges.setdefault(i, []).append((j, monomials[0], 1))
        edges.setdefault(j, []).append((i, monomials[0], -1))
    while waiting:
        i = waiting.pop()
        for j, form, sign in edges.get(i, ()):
            if potentials[j] is None:
                potentials[j] = [
                    a - sign * b for a, b in zip(potentials[i] or (), form, strict=True)
                ]
                waiting.append(j)
    equations = {
        tuple(b - p + q for b, p, q in zip(form, potentials[i] or (), potentials[j] or (), strict=True))
        for i, j, monomials in entries
        for form in monomials
    }  # fmt: skip
    return row_reduce([list(e) for e in equations], width)[0]


def _row(exponents: Sequence[int], occurring: Sequence[int]) -> list[int]:
    """w . e - h as a linear form."""
    return [-1, *(int(exponents[s]) for s in occurring)]


def _without(polynomial: Any, removed: Sequence[int]) -> Any:
    """A polynomial with some symbols set to 1."""
    terms: dict[tuple[int, ...], int] = {}
    for exponents, c in polynomial.to_dict().items():
        place = list(exponents)
        for s in removed:
            place[s] = 0
        terms[tuple(place)] = terms.get(tuple(place), 0) + c
    return polynomial.context().from_dict(terms)


# -- what is left ------------------------------------------------------------------------------


def _of_numbers(field: FunctionField, rows: list[list[Any]]) -> Polynomial:
    numbers = [[int(e.leading_coefficient()) if e != 0 else 0 for e in row] for row in rows]
    return [field.context.constant(int(c)) for c in flint.fmpz_mat(numbers).charpoly().coeffs()]


def _interpolated(field: FunctionField, rows: list[list[Any]], symbol: int, degree: int) -> Polynomial:  # fmt: skip
    """The characteristic polynomial at the integers 0, 1, ..., and Newton's divided differences, which are integers times factorials."""
    size = len(rows)
    entries = [[{int(m[symbol]): int(c) for m, c in e.to_dict().items()} for e in row] for row in rows]  # fmt: skip
    values: list[list[int]] = []
    for t in range(size * degree + 1):
        powers = [t**d for d in range(degree + 1)]
        matrix = [[sum(c * powers[d] for d, c in e.items()) for e in row] for row in entries]
        values.append([int(c) for c in flint.fmpz_mat(matrix).charpoly().coeffs()])
    found = []
    for power in range(size + 1):
        points = [row[power] for row in values[: (size - power) * degree + 1]]
        polynomial = _newton(points)
        exponents = [0] * field.context.nvars()
        terms = {}
        for d, c in enumerate(polynomial.coeffs()):
            if c != 0:
                exponents[symbol] = d
                terms[tuple(exponents)] = int(c)
        found.append(field.context.from_dict(terms))
    return found


def _newton(points: Sequence[int]) -> Any:
    """The integer polynomial with these values at 0, 1, 2, ..."""
    differences = list(points)
    for order in range(1, len(differences)):
        for i in range(len(differences) - 1, order - 1, -1):
            differences[i] -= differences[i - 1]
    # sum of differences[k] binomial(t, k), by Horner's rule.
    total = flint.fmpq_poly([])
    for k in range(len(differences) - 1, -1, -1):
        step = flint.fmpq_poly([flint.fmpq(-k, k + 1), flint.fmpq(1, k + 1)])
        total = total * step + differences[k]
    assert total.denom() == 1
    return total.numer()


def _berkowitz(a: list[list[Any]], one: Any) -> list[Any]:
    """Coefficients of det(x - A), highest power first, without divisions."""
    vector = [one]
    size = len(a)
    for r in range(size - 1, -1, -1):
        # Toeplitz column (1, -a_rr, -R S, -R M S, -R M^2 S, ...) of the trailing submatrix.
        row = a[r][r + 1 :]
        column = [a[i][r] for i in range(r + 1, size)]
        sub = [a[i][r + 1 :] for i in range(r + 1, size)]
        toeplitz = [one, -a[r][r]]
        for _ in range(size - r - 1):
            toeplitz.append(-_dot(row, column, one))
            column = [_dot(s, column, one) for s in sub]
        vector = [
            _dot(
                toeplitz[max(0, i - len(vector) + 1) : i + 1][::-1],
                vector[max(0, i - len(toeplitz) + 1) : i + 1],
                one,
            )
            for i in range(len(vector) + 1)
        ]
    return vector


def _dot(a: Sequence[Any], b: Sequence[Any], one: Any) -> Any:
    total = one - one
    for p, q in zip(a, b, strict=True):
        check_time()
        total += p * q
    return total


def _factors(field: FunctionField, polynomial: Polynomial) -> list[Polynomial]:
    """The irreducible factors of a monic polynomial, each as often as it divides."""
    from symkern.abc import x

    wide = function_field((*field.symbols, x))
    terms = {
        (*tuple(map(int, exponents))[: len(field.symbols)], power): int(c)
        for power, a in enumerate(polynomial)
        for exponents, c in a.to_dict().items()
    }
    found = []
    for part, times in factor(wide.context.from_dict(terms))[1]:
        coefficients: list[dict[tuple[int, ...], int]] = []
        for (*exponents, power), c in part.to_dict().items():
            coefficients += [{} for _ in range(int(power) + 1 - len(coefficients))]
            coefficients[int(power)][tuple(map(int, exponents))] = int(c)
        sign = next(iter(coefficients[-1].values()))  # +1 or -1: the product is monic
        monic = [field.context.from_dict({e: c * sign for e, c in a.items()}) for a in coefficients]
        found += [monic] * times
    return found
