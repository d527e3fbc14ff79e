r"""Inputs of zero sensitivity of regular languages: how many words of each length have no neighbour of the other kind, by an automaton.

Let a deterministic automaton with states q decide a language. Reading a word, keep the state q that it reaches and the set S of states that the words with one letter changed so far reach,

    q' = delta(q, t),      S' = {delta(s, t) : s in S} u {delta(q, u) : u != t};

a word counts if q and all of S agree. So K_0(n) is the number of words of length n of another regular language: it obeys a linear recurrence whose order is at most the number of states of its
minimal automaton, and as many terms twice determine it (Berlekamp and Massey's algorithm). Its growth is that of the roots: zero from some n on, a polynomial where all are roots of
unity (Kronecker's theorem: they are algebraic integers), exponential otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import sympy as sp

from symkern.abc import n as SIZE
from symkern.bounds.sensitivity.zero_growth import ZeroGrowth
from symkern.errors import InvalidArgument, NoClosedForm, displayed
from symkern.exact.linear_recurrences import shortest_recurrence
from symkern.exact.row_reduction import row_reduce
from symkern.limits import check_time, current, within_time
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list, read_rows
from symkern.typeset.shown import Shown


@dataclass(frozen=True)
@typed
class Automaton(Shown):
    """A deterministic automaton: ``moves[q][t]`` is the state after letter t in state q; ``accepting`` states, and the first one, ``start``.

    >>> contains_11 = automaton([[0, 1], [0, 2], [2, 2]], [2])
    >>> [contains_11.zero_inputs(n) for n in range(1, 9)]
    [2, 1, 1, 2, 5, 14, 37, 93]
    """

    moves: tuple[tuple[int, ...], ...]
    accepting: tuple[int, ...]
    start: int = 0

    @property
    def letters(self) -> int:
        """Number of letters."""
        return len(self.moves[0])

    def accepts(self, word: Sequence[int]) -> bool:
        """Whether a word is in the language.

        Args:
            word: letters, counted from 0.

        Raises:
            InvalidArgument: a letter that the automaton does not know.
        """
        state = self.start
        for a, t in enumerate(read_list(word, "word", "letters")):
            state = self.moves[state][read_integer(t, f"word[{a}]", 0, self.letters - 1)]
        return state in self.accepting

    @cached_property
    def _neighbours(self) -> tuple[list[list[int]], list[bool]]:
        """The minimal automaton of the words whose neighbours agree with them, the first state 0: moves and accepting."""
        first = (self.start, frozenset[int]())
        numbers, rows, order = {first: 0}, [], [first]
        with within_time(
            "the automaton of a language and its neighbours", "fewer states take less"
        ):
            for q, others in order:
                check_time()
                row = []
                for t in range(self.letters):
                    moved = {self.moves[s][t] for s in others}
                    moved |= {self.moves[q][u] for u in range(self.letters) if u != t}
                    found = self.moves[q][t], frozenset(moved)
                    if found not in numbers:
                        if len(order) >= current().automaton_states:
                            rule = f"must have at most {current().automaton_states:,} states with those of its neighbours"
                            raise InvalidArgument(
                                "moves", rule, f"{len(self.moves)} states make more"
                            )
                        numbers[found] = len(order)
                        order.append(found)
                    row.append(numbers[found])
                rows.append(row)
            kept = set(self.accepting)
            alike = [all((s in kept) == (q in kept) for s in others) for q, others in order]
            return _minimal(rows, alike)

    @typed
    def zero_inputs(self, n: int) -> int:
        """K_0(n): how many words of n letters have no neighbour of the other kind.

        Args:
            n: the length of the words, at least 0.

        >>> automaton([[0, 1], [1, 0]], [1]).zero_inputs(5)  # parity
        0
        """
        size = read_integer(n, "n", 0, current().subset_positions)
        rows, alike = self._neighbours
        counts = [0] * len(rows)
        counts[0] = 1
        with within_time("inputs of zero sensitivity", "shorter words take less"):
            for _ in range(size):
                check_time()
                counts = _stepped(rows, counts)
        return sum(k for k, agrees in zip(counts, alike, strict=True) if agrees)

    @cached_property
    def recurrence(self) -> tuple[int, ...]:
        """c_1, ..., c_r with K_0(n) = c_1 K_0(n-1) + ... + c_r K_0(n-r) for all n >= r, the shortest.

        >>> automaton([[0, 1], [0, 2], [2, 2]], [2]).recurrence
        (5, -7, -1, 7, -1, -2, 0, 0)
        """
        rows, alike = self._neighbours
        counts, terms = [1] + [0] * (len(rows) - 1), []
        for _ in range(2 * len(rows)):
            terms.append(sum(k for k, agrees in zip(counts, alike, strict=True) if agrees))
            counts = _stepped(rows, counts)
        found = shortest_recurrence([Fraction(k) for k in terms], Fraction(1))
        if any(
            c.denominator != 1 for c in found
        ):  # the sequence is one of integers (Fatou's lemma)
            raise AssertionError(
                "the recurrence of a sequence of integers has integer coefficients"
            )
        return tuple(c.numerator for c in found)

    @cached_property
    def _roots(self) -> list[tuple[sp.Poly, int]]:
        """The factors of the characteristic polynomial, with how often they occur."""
        x = sp.Symbol("x")
        degree = len(self.recurrence)
        powers = x**degree - sum(c * x ** (degree - i) for i, c in enumerate(self.recurrence, 1))
        return [(sp.Poly(f, x), k) for f, k in sp.factor_list(powers)[1]] if degree else []

    @cached_property
    def growth(self) -> ZeroGrowth:
        """How K_0(n) grows.

        >>> automaton([[0, 1], [1, 0]], [1]).growth, automaton([[0, 1], [0, 2], [2, 2]], [2]).growth
        (ZeroGrowth(kind='zero', power=0), ZeroGrowth(kind='exponential', power=0))
        """
        lasting = [(f, k) for f, k in self._roots if f.eval(0) != 0]
        if not lasting:
            return ZeroGrowth("zero")
        if all(f.is_cyclotomic for f, _ in lasting):
            return ZeroGrowth("polynomial", max(k for _, k in lasting) - 1)
        return ZeroGrowth("exponential")

    @cached_property
    def formula(self) -> sp.Expr:
        """K_0(n) as a formula in n, for all n from `formula_from` on.

        Raises:
            NoClosedForm: a root of the recurrence has degree above two; the recurrence is there all the same.

        >>> automaton([[0, 1], [1, 1]], [1]).formula  # a one occurs: OR
        2**n - n - 1
        """
        columns: list[tuple[list[int], int, int]] = []
        for factor, count in self._roots:
            if factor.eval(0) == 0:
                continue
            if factor.degree() > 2:
                raise NoClosedForm(f"formula: a root of {displayed(factor.as_expr())} is no formula to be read; recurrence has the numbers")  # fmt: skip
            kept = [int(c) for c in factor.all_coeffs()]
            columns += [(kept, i, kind) for i in range(count) for kind in range(len(kept) - 1)]
        begin, width = self.formula_from, len(columns)
        rows: list[list[int]] = []
        with within_time("the formula of a language", "recurrence has its numbers"):
            for size in range(begin, begin + width):
                check_time()
                row = [_of_roots(kept, size)[kind] * size**i for kept, i, kind in columns]
                rows.append([*row, self.zero_inputs(size)])
            solved = [row[-1] for row in row_reduce(rows, width + 1)[0]]
        weights: dict[sp.Expr, sp.Expr] = {}
        for (kept, i, kind), q in zip(columns, solved, strict=True):
            for root, part in _powers(kept, kind).items():
                term = SIZE**i * root**SIZE
                weights[term] = weights.get(term, sp.S.Zero) + sp.Rational(q.numerator, q.denominator) * part  # fmt: skip
        return sp.Add(*(weight * term for term, weight in weights.items()))

    @cached_property
    def formula_from(self) -> int:
        """The first n for which `formula` holds: so often is 0 a root."""
        return sum(count for factor, count in self._roots if factor.eval(0) == 0)


@typed
def automaton(moves: Any, accepting: Iterable[int], start: int = 0) -> Automaton:
    """A deterministic automaton, read and checked.

    Args:
        moves: a row for each state, with the state after each letter.
        accepting: the states in which a word is in the language.
        start: the first state.

    Raises:
        InvalidArgument: a state that there is not, fewer than two letters, or rows of several lengths.

    >>> automaton([[1, 0], [0, 2]], [0])
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: moves[1][1]: must be at most 1, but it is 2
    """
    rows = read_rows(moves, "moves")
    if not rows or len(rows[0]) < 2:
        raise InvalidArgument("moves", "must have a row for each state, of two letters at least", f"it is {displayed(moves)}")  # fmt: skip
    last = len(rows) - 1
    read = tuple(
        tuple(read_integer(e, f"moves[{q}][{t}]", 0, last) for t, e in enumerate(row))
        for q, row in enumerate(rows)
    )
    listed = read_list(sorted(accepting) if isinstance(accepting, (set, frozenset)) else accepting, "accepting", "states")  # fmt: skip
    kept = {read_integer(q, f"accepting[{i}]", 0, last) for i, q in enumerate(listed)}
    return Automaton(read, tuple(sorted(kept)), read_integer(start, "start", 0, last))


def _of_roots(factor: list[int], size: int) -> tuple[int, ...]:
    """Integers whose recurrence has this characteristic polynomial: the power of its root, or (r^n - r'^n)/(r - r') and r^n + r'^n of its two."""
    if len(factor) == 2:
        return ((-factor[1]) ** size,)
    _, b, c = factor
    difference, sums = (0, 1), (2, -b)
    for _ in range(size):
        difference = difference[1], -b * difference[1] - c * difference[0]
        sums = sums[1], -b * sums[1] - c * sums[0]
    return difference[0], sums[0]


def _powers(factor: list[int], kind: int) -> dict[sp.Expr, sp.Expr]:
    """The same as sums of powers: the roots with their weights."""
    if len(factor) == 2:
        return {sp.Integer(-factor[1]): sp.S.One}
    _, b, c = factor
    square = b * b - 4 * c
    root = sp.sqrt(square)
    weight = sp.S.One if kind else root / square
    return {(-b + root) / 2: weight, (-b - root) / 2: weight if kind else -weight}


def _stepped(rows: list[list[int]], counts: list[int]) -> list[int]:
    found = [0] * len(rows)
    for state, k in enumerate(counts):
        if k:
            for to in rows[state]:
                found[to] += k
    return found


def _minimal(rows: list[list[int]], alike: list[bool]) -> tuple[list[list[int]], list[bool]]:
    """States that no word tells apart, as one (Moore's algorithm); the first state stays 0."""
    classes = [int(a) for a in alike]
    while True:
        keys = [(classes[q], *(classes[t] for t in row)) for q, row in enumerate(rows)]
        numbers = {key: i for i, key in enumerate(dict.fromkeys(keys))}
        refined = [numbers[key] for key in keys]
        if len(numbers) == len(set(classes)):
            break
        classes = refined
    first = {c: q for q, c in reversed(list(enumerate(refined)))}
    order = sorted(first, key=lambda c: first[c])
    place = {c: i for i, c in enumerate(order)}
    moved = [[place[refined[t]] for t in rows[first[c]]] for c in order]
    return moved, [alike[first[c]] for c in order]
