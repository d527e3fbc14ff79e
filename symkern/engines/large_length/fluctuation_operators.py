r"""How fluctuations of letter counts act on a sector, with the length a symbol.

Letters of mean zero are w_i = [x = i] - p_i, i = 1, ..., v - 1, with products

    w_i w_j = s_ij + [i = j] w_i - p_j w_i - p_i w_j,       s_ij = [i = j] p_i - p_i p_j.

On the irreps mu[n] of the n positions, k = |mu|, the multiplicity space consists of the polynomials y^E (u_1, ..., u_k): e = |E| letters on the
bulk of the n - k other positions, and one on each of k explicit positions, in the image of a Young idempotent of mu. Functions of highest weight are
annihilated by exchanging an explicit position with the bulk; that fixes what stands where an explicit position has the constant letter 0, and the
generators of gl_v act as

    E_i0 = y_i (n - k - e) - sum_s y_{u_s} (u_s -> i),    E_0j = d/dy_j,    E_ij = y_i d/dy_j + sum_s [u_s = j] (u_s -> i).

So multiplication by sum_a w_i(x_a) is E_i0 + sum_j s_ij E_0j + sum_j ([i = j] E_ii - p_j E_ij - p_i E_jj), and a kernel that is a product
over positions, with the matrix m in the letters 1, w_1, ..., acts by substitution:

    y^E (u_1, ..., u_k)  ->  N^(n - 2k - e) prod_j M_j^(E_j) prod_s (sum_i (N m_{i u_s} - M_{u_s} m_i0) i),

N = m_00 + sum_i m_i0 y_i, M_j = m_0j + sum_i m_ij y_i. The kernel exp(sum_ij z_ij sum_a w_i(x_a) w_j(y_a)) is one, and the coefficients of its powers
of z are the products of the pair fluctuations. In column e a block is of the order L^(-k-e), whatever the row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import factorial, prod
from typing import Any

from symkern.exact.length_polynomials import rational, rational_ring
from symkern.exact.symbolic_lengths import RATIONALS, Scalars
from symkern.limits import check_time

#: The letters of the explicit positions, and how often each letter stands on the bulk.
State = tuple[tuple[int, ...], tuple[int, ...]]

#: Columns of a sparse matrix of polynomials in L, which flint writes x, by state number.
Columns = list[dict[int, Any]]

#: How often each pair of letters occurs, row by row.
PairPowers = tuple[int, ...]


def bulk_letters(letters: int, degree: int) -> Iterator[tuple[int, ...]]:
    """Exponents of ``letters`` letters that sum to ``degree``."""
    if letters == 1:
        yield (degree,)
        return
    for first in range(degree, -1, -1):
        for rest in bulk_letters(letters - 1, degree - first):
            yield (first, *rest)


class FluctuationOperators:
    """The operators on states with ``explicit`` positions and up to ``most`` letters on the bulk, of L - ``fixed`` positions.

    They take functions of y, whose law is the second of ``laws``, to functions of x, whose law is the first; `letter` acts on the functions of either
    ``side``.

    Probabilities are fractions, or formulas where ``scalars`` are.

    >>> half = (Fraction(1, 2),) * 2
    >>> operators = FluctuationOperators((half, half), 0, 1, 0)
    >>> operators.states, operators.letter(1, 0)
    ([((), (0,)), ((), (1,))], [{1: x}, {0: 1/4}])
    """

    def __init__(
        self,
        laws: tuple[tuple[Any, ...], tuple[Any, ...]],
        explicit: int,
        most: int,
        fixed: int,
        scalars: Scalars = RATIONALS,
    ) -> None:
        self.scalars = scalars
        self._formal = 0 if not scalars.symbolic else 1 if laws[0] == laws[1] else 2
        self.laws = [[scalars.number(q) for q in law] for law in laws]
        self.letters = len(laws[0]) - 1
        self.explicit, self.most, self.fixed = explicit, most, fixed
        slots = list(product(range(1, self.letters + 1), repeat=explicit))
        self.states: list[State] = [
            (u, bulk)
            for e in range(most + 1)
            for bulk in bulk_letters(self.letters, e)
            for u in slots
        ]
        self.place = {state: i for i, state in enumerate(self.states)}
        self.positions = scalars.polynomial([-fixed, 1])
        self._pairs: dict[PairPowers, Columns] = {}
        self._reach = -1

    def degree(self, i: int) -> int:
        """Letters on the bulk."""
        return sum(self.states[i][1])

    # -- one letter ----------------------------------------------------------------------------

    def letter(self, i: int, side: int) -> Columns:
        """Multiplication by the sum of w_i over the positions of x (side 0) or y (side 1)."""
        columns: Columns = []
        p = self.laws[side]
        for u, bulk in self.states:
            column: dict[State, Any] = {}
            self._raise(column, i, u, bulk)
            for j in range(1, self.letters + 1):
                covariance = p[i] * int(i == j) - p[i] * p[j]
                if bulk[j - 1]:
                    self._add(column, (u, _moved(bulk, j, 0)), covariance * bulk[j - 1])
                self._replace(column, i, j, -p[j] + int(i == j), u, bulk)
                self._replace(column, j, j, -p[i], u, bulk)
            columns.append(
                {self.place[s]: c for s, c in column.items() if s in self.place and c != 0}
            )
        return columns

    def _raise(self, column: dict[State, Any], i: int, u: tuple[int, ...], bulk: tuple[int, ...]) -> None:  # fmt: skip
        """E_i0."""
        one = self.scalars.polynomial([1])
        self._add(column, (u, _moved(bulk, 0, i)), self.positions - self.explicit - sum(bulk))
        for s, letter in enumerate(u):
            self._add(column, ((*u[:s], i, *u[s + 1 :]), _moved(bulk, 0, letter)), -one)

    def _replace(
        self,
        column: dict[State, Any],
        i: int,
        j: int,
        factor: Any,
        u: tuple[int, ...],
        bulk: tuple[int, ...],
    ) -> None:
        """factor E_ij."""
        if bulk[j - 1]:
            self._add(column, (u, _moved(bulk, j, i)), factor * bulk[j - 1])
        for s, letter in enumerate(u):
            if letter == j:
                self._add(column, ((*u[:s], i, *u[s + 1 :]), bulk), factor)

    def _add(self, column: dict[State, Any], state: State, value: Any) -> None:
        zero = self.scalars.polynomial([0])
        column[state] = column[state] + value if state in column else zero + value

    # -- pairs of letters ----------------------------------------------------------------------

    def pairs(self, powers: PairPowers) -> Columns:
        """T of prod_ij (sum_a w_i(x_a) w_j(y_a))^powers."""
        if sum(powers) > self._reach:
            self._find(sum(powers))
        return self._pairs.get(powers, [{} for _ in self.states])

    def _find(self, reach: int) -> None:
        """All of these up to a degree."""
        self._reach = reach
        self._pairs = {}
        for column, (u, bulk) in enumerate(self.states):
            check_time()
            for powers, state, value in self._image(reach, u, bulk):
                columns = self._pairs.setdefault(powers, [{} for _ in self.states])
                columns[column][state] = value

    @cached_property
    def _ring(self) -> tuple[list[Any], Callable[[Any], Any]]:
        """Polynomials in z, row by row, y and n; where probabilities are formulas, in those of the letters 1, 2, ... too, of each law where there are two."""
        more = self.letters * self._formal
        return rational_ring(self.letters**2 + self.letters + 1 + more)

    @cached_property
    def _formal_laws(self) -> list[list[Any]]:
        """The laws as they stand in these polynomials."""
        if not self._formal:
            return self.laws
        after = self.letters**2 + self.letters + 1
        free = [
            self._ring[0][after + k * self.letters :][: self.letters] for k in range(self._formal)
        ]
        formal = [[1 - sum(own[1:], own[0]), *own] for own in free]
        return [formal[0], formal[-1]]

    def _value(self, c: Any, powers: tuple[int, ...]) -> Any:
        """A coefficient times powers of the probabilities of the letters 1, 2, ..."""
        if not powers:
            return c
        found = self.scalars.number(c)
        chances = [q for law in self.laws[: self._formal] for q in law[1:]]
        for q, e in zip(chances, powers, strict=True):
            found = found * q**e
        return found

    def _constant(self, value: Any) -> Any:
        return self._ring[1](value)

    def _letter_matrix(self, reach: int) -> list[list[list[Any]]]:
        """m in the letters 1, w_1, ..., graded by the degree in z up to ``reach``."""
        v, n, z = self.letters + 1, self.letters, self._ring[0]
        p, q = self._formal_laws
        own, other = (
            [
                [rational(1), *(rational(int(x == i)) - law[i] for i in range(1, v))]
                for x in range(v)
            ]
            for law in self._formal_laws
        )
        # f = f(0) + sum_i (f(i) - f(0)) [x = i], and [x = i] = p_i + w_i.
        found = [[[self._constant(0)] * (reach + 1) for _ in range(v)] for _ in range(v)]
        for x, y in product(range(v), repeat=2):
            linear = self._constant(0)
            for i, j in product(range(n), repeat=2):
                linear = linear + z[i * n + j] * (own[x][i + 1] * other[y][j + 1])
            power = self._constant(1) * q[y]
            for d in range(reach + 1):
                for t, u in product(range(v), repeat=2):
                    coordinate = p[x] if t == 0 else rational(int(x == t) - int(x == 0))
                    scale = coordinate * other[y][u] * rational(Fraction(1, factorial(d)))
                    if scale != 0:
                        found[t][u][d] = found[t][u][d] + power * scale
                power = power * linear
        return found

    def _image(
        self, reach: int, u: tuple[int, ...], bulk: tuple[int, ...]
    ) -> Iterator[tuple[PairPowers, int, Any]]:
        """T of the exponential on one state: powers of z times factorials, state, polynomial in L."""
        mixed, slot, powers_of_base = self._substitution(reach)
        n, k, e = self.letters, self.explicit, sum(bulk)
        place = n * n + n
        number = self._ring[0][place] - (2 * k + e)
        total = [self._constant(0)] * (reach + 1)
        binomial = self._constant(1)
        for r, power in enumerate(powers_of_base):
            total = [s + binomial * t for s, t in zip(total, power, strict=True)]
            binomial = binomial * (number - r) * rational(Fraction(1, r + 1))
        for j, times in enumerate(bulk):
            for _ in range(times):
                total = _graded_product(total, mixed[j])
        partial: dict[tuple[int, ...], list[Any]] = {(): total}
        for letter in u:
            partial = {
                (*done, i): _graded_product(value, slot[letter][i])
                for done, value in partial.items()
                for i in range(1, n + 1)
            }
        for slots, value in partial.items():
            found: dict[tuple[PairPowers, tuple[int, ...]], dict[int, Any]] = {}
            for part in value:
                for exponents, c in part.to_dict().items():
                    exponents = tuple(map(int, exponents))
                    key, power = (exponents[: n * n], exponents[n * n : place]), exponents[place]
                    term, own = self._value(c, exponents[place + 1 :]), found.setdefault(key, {})
                    own[power] = own[power] + term if power in own else term
            for (powers, letters), coefficients in found.items():
                state = self.place.get((slots, letters))
                if state is not None:
                    scale = prod(factorial(i) for i in powers)
                    listed = [coefficients.get(i, 0) * scale for i in range(max(coefficients) + 1)]
                    yield powers, state, self.scalars.polynomial(listed)(self.positions)

    def _substitution(self, reach: int) -> Any:
        """N - 1 in powers, M_j, and N m_iu - M_u m_i0."""
        if self._substituted is None or self._substituted[0] != reach:
            self._substituted = reach, self._substitute(reach)
        return self._substituted[1]

    _substituted: tuple[int, Any] | None = None

    def _substitute(self, reach: int) -> Any:
        m, n = self._letter_matrix(reach), self.letters
        y = self._ring[0][n * n : n * n + n]

        def row(u: int) -> list[Any]:
            return [
                m[0][u][d] + sum((m[i][u][d] * y[i - 1] for i in range(1, n + 1)), 0 * y[0])
                for d in range(reach + 1)
            ]

        base = row(0)
        mixed = [row(j) for j in range(1, n + 1)]
        slot: dict[int, dict[int, list[Any]]] = {}
        for u in range(1, n + 1):
            slot[u] = {}
            for i in range(1, n + 1):
                one, two = _graded_product(base, m[i][u]), _graded_product(mixed[u - 1], m[i][0])
                slot[u][i] = [s - t for s, t in zip(one, two, strict=True)]
        above = [base[0] - 1, *base[1:]]
        if above[0] != 0:  # and powers would not end
            raise ArithmeticError("the probabilities of a law of tokens do not add up to one")
        unit = [self._constant(int(d == 0)) for d in range(reach + 1)]
        powers = [unit]
        for _ in range(reach):
            power = _graded_product(powers[-1], above)
            if all(part == 0 for part in power):
                break
            powers.append(power)
        return mixed, slot, powers


def _graded_product(a: Sequence[Any], b: Sequence[Any]) -> list[Any]:
    found = []
    for d in range(len(a)):
        total = a[0] * 0
        for i in range(d + 1):
            if a[i] != 0 and b[d - i] != 0:
                total = total + a[i] * b[d - i]
        found.append(total)
    return found


def _moved(bulk: tuple[int, ...], source: int, target: int) -> tuple[int, ...]:
    """One letter more of ``target`` and one less of ``source``, 0 being none."""
    found = list(bulk)
    if source:
        found[source - 1] -= 1
    if target:
        found[target - 1] += 1
    return tuple(found)
