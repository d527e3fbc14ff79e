r"""Laws with memory: hidden Markov chains, and Markov chains as those whose states are seen.

Hidden states 0..h-1 with start distribution pi (h), transitions A (h x h) and emissions E (h x v), rows of A and E distributions. With D_t = diag(E[:, t])

    P(x) = pi D_{x_1} A D_{x_2} A ... A D_{x_L} 1.

A Markov chain has h = v and E = 1. A mixture is the direct sum of its chains, the weights carried by pi (`symkern.tokens.mixture`), so that one class is enough.
Such a law is not exchangeable, and is no `Law`: spectra are those of its windows shuffled, `symkern.tokens.symmetrised`. It is stationary where pi A = pi.

Probabilities are rational numbers, or formulas in the symbols of `symkern.abc` other than sizes; of formulas only the sums are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import sympy as sp

from symkern.doors import HiddenMarkovDoors
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, displayed
from symkern.exact import FunctionField, RationalFunction, exact_at_least, function_field
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list, read_rows
from symkern.reading.spelling import did_you_mean
from symkern.tokens.law import Law
from symkern.tokens.probability_formulas import require_rational, require_sum
from symkern.typeset.shown import Written, displays

#: A number of a chain as it is computed with: a fraction, or a rational function where there are symbols.
Number = Any
_Row = tuple[sp.Expr, ...]


@dataclass(frozen=True)
@typed
class HiddenMarkov(HiddenMarkovDoors, Written):
    """A hidden Markov chain: ``start`` pi, ``transitions`` A and ``emissions`` E, exact.

    Made by `hidden_markov`, `markov` and `mixture`.
    """

    start: tuple[sp.Expr, ...]
    transitions: tuple[tuple[sp.Expr, ...], ...]
    emissions: tuple[tuple[sp.Expr, ...], ...]

    def __post_init__(self) -> None:
        states = len(self.start)
        if not states or [len(row) for row in self.transitions] != [states] * states:
            rule = "must be square, a row for each hidden state"
            raise SizeMismatch("transitions", rule, f"there are {states} states")
        letters = {len(row) for row in self.emissions}
        if len(self.emissions) != states or len(letters) != 1 or 0 in letters:
            rule = "must have a row for each hidden state, equally long"
            raise SizeMismatch("emissions", rule, f"there are {states} states")

    @property
    def vocabulary(self) -> int:
        """Number of letters."""
        return len(self.emissions[0])

    @property
    def states(self) -> int:
        """Number of hidden states."""
        return len(self.start)

    @cached_property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """The symbols in its probabilities, by name."""
        entries = [*self.start, *sum(self.transitions, ()), *sum(self.emissions, ())]
        return tuple(sorted(set().union(*(e.free_symbols for e in entries)), key=str))

    @cached_property
    def field(self) -> FunctionField:
        """The field of the formulas of its results."""
        return function_field(self.parameters)

    @cached_property
    def numbers(self) -> tuple[list[Number], list[list[Number]], list[list[Number]]]:
        """pi, A and E as they are computed with."""
        read = self.field if self.parameters else Fraction
        rows = [[[read(e) for e in row] for row in part] for part in (self.transitions, self.emissions)]  # fmt: skip
        return [read(e) for e in self.start], rows[0], rows[1]

    @cached_property
    def is_stationary(self) -> bool:
        """Whether pi A = pi, so that all windows of a text have one law."""
        start, moves, _ = self.numbers
        return times_row(start, moves) == start

    def require_stationary(self) -> None:
        """Refuse a chain whose law depends on the place in the text.

        Raises:
            InvalidArgument: pi A is not pi.
        """
        if not self.is_stationary:
            rule = "must be stationary here, start times transitions equal to start"
            raise InvalidArgument("start", rule, f"it is {displayed(self.start)}")

    @typed
    def require_numbers(self, purpose: str) -> None:
        """Refuse a chain with symbols; ``purpose`` ends the rule."""
        if self.parameters:
            shown = ", ".join(map(str, self.parameters))
            raise InvalidArgument("tokens", f"must have numbers as probabilities {purpose}", f"they hold {shown}")  # fmt: skip

    # -- probabilities ------------------------------------------------------------------

    @typed
    def probability(self, x: Sequence[int]) -> Fraction | sp.Expr:
        """P(x) = pi D_{x_1} A D_{x_2} ... A D_{x_L} 1, exact.

        Args:
            x: the letters of a sequence, integers from 0 to the vocabulary less one.

        Returns:
            A Fraction; where the chain has symbols, a formula in them.

        >>> markov([["3/4", "1/4"], ["1/4", "3/4"]]).probability((0, 0, 1))
        Fraction(3, 32)
        """
        start, moves, shown = self.numbers
        row, first = list(start), True
        for a, t in enumerate(x):
            letter = read_integer(t, f"x[{a}]", maximum=self.vocabulary - 1)
            row = row if first else times_row(row, moves)
            row, first = [p * e[letter] for p, e in zip(row, shown, strict=True)], False
        return self.written(sum(row[1:], row[0]))

    def letter_probabilities(self) -> tuple[Fraction | sp.Expr, ...]:
        """The distribution p = pi E of one letter of a stationary chain.

        Raises:
            InvalidArgument: the chain is not stationary.

        >>> markov([["1/2", "1/2"], ["1/4", "3/4"]]).letter_probabilities()
        (Fraction(1, 3), Fraction(2, 3))
        """
        self.require_stationary()
        start, _, shown = self.numbers
        return tuple(map(self.written, times_row(start, shown)))

    def written(self, number: Number) -> Fraction | sp.Expr:
        """A result: a Fraction, or a formula where the chain has symbols."""
        return number.to_sympy() if isinstance(number, RationalFunction) else number

    @typed
    def at(self, **values: object) -> HiddenMarkov:
        """The chain with numbers in the place of its symbols.

        Args:
            **values: the name of a symbol of the chain with an exact number or a formula.

        Raises:
            InvalidArgument: the chain has no such symbol, or a probability is out of range then.

        >>> from symkern.abc import gamma
        >>> markov([[1 - gamma, gamma], [gamma, 1 - gamma]]).at(gamma="1/4")
        markov([['3/4', '1/4'], ['1/4', '3/4']])
        """
        known = {str(s): s for s in self.parameters}
        given = {}
        for name, value in values.items():
            if name not in known:
                if not known:
                    raise InvalidArgument(name, "must be left out", "the chain has no symbols")
                rule = f"must be a symbol of the chain: {', '.join(known)}"
                raise InvalidArgument(name, rule, f"it is not{did_you_mean(name, known)}")
            given[known[name]] = exact_at_least(value, name)
        start, *parts = (
            [[e.subs(given) for e in row] for row in part]
            for part in ((self.start,), self.transitions, self.emissions)
        )
        return hidden_markov(start[0], *parts)

    # -- writing ------------------------------------------------------------------------

    @property
    def is_markov(self) -> bool:
        """Whether the states are the letters."""
        one = tuple(tuple(sp.Integer(i == t) for t in range(self.states)) for i in range(self.states))  # fmt: skip
        return self.emissions == one

    @cached_property
    def _text(self) -> str:
        moves, shown = _listed(self.transitions), _listed(self.emissions)
        start = _listed([self.start])[1:-1]
        if not self.is_markov:
            return f"hidden_markov({start}, {moves}, {shown})"
        if stationary(self.numbers[1]) == self.numbers[0]:
            return f"markov({moves})"
        return f"markov({moves}, {start})"

    def __repr__(self) -> str:
        return self._text

    def __str__(self) -> str:
        kind = "Markov chain" if self.is_markov else f"hidden Markov chain of {self.states} states"
        return f"{kind} on {self.vocabulary} letters, {self._text}"

    def text(self) -> str:
        """What the command and documents call the law."""
        return repr(self)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))

    @displays
    def latex(self) -> str:
        """The law as LaTeX prose."""
        shown = r"hidden Markov chain with $\pi = {}$, $A = {}$, $E = {}$"
        parts = [sp.Matrix([self.start]), sp.Matrix(self.transitions), sp.Matrix(self.emissions)]
        if self.is_markov:
            shown, parts = r"Markov chain with $\pi = {}$, $A = {}$", parts[:2]
        return shown.format(*(sp.latex(part, mat_delim="(") for part in parts))


def _listed(rows: Iterable[Sequence[sp.Expr]]) -> str:
    return f"[{', '.join('[' + ', '.join(repr(str(e)) for e in row) + ']' for row in rows)}]"


# -- making chains ------------------------------------------------------------------------


def hidden_markov(start: object, transitions: object, emissions: object) -> HiddenMarkov:
    """The hidden Markov chain with P(x) = pi D_{x_1} A D_{x_2} ... A D_{x_L} 1.

    Args:
        start: pi, the distribution of the first hidden state; None for the stationary one.
        transitions: A, row i the distribution of the state after i.
        emissions: E, row i the distribution of the letter that state i shows.

    Raises:
        InvalidArgument: a probability is negative, a row does not sum to 1, or a chain with several stationary distributions has no start.
        SizeMismatch: the shapes do not fit.

    >>> law = hidden_markov(["2/3", "1/3"], [["9/10", "1/10"], ["1/5", "4/5"]], [["1/2", "1/2"], ["1/6", "5/6"]])
    >>> law.probability((0, 1)), law.is_stationary
    (Fraction(119, 540), True)
    """
    moves = _read_stochastic(transitions, "transitions")
    shown = _read_stochastic(emissions, "emissions")
    for name, found, rule in (
        ("transitions", len(moves[0]), "must be square"),
        ("emissions", len(shown), "must have a row for each of the hidden states"),
    ):
        if found != len(moves):
            raise SizeMismatch(name, rule, f"there are {len(moves)} states, and {found} here")
    if start is None:
        first = _stationary_start(moves)
    else:
        first = _read_row(read_list(start, "start", "numbers"), "start")
    if len(first) != len(moves):
        rule = f"must hold a number for each of the {len(moves)} states"
        raise SizeMismatch("start", rule, f"it holds {len(first)}")
    return HiddenMarkov(first, moves, shown)


def markov(A: object, start: object = None) -> HiddenMarkov:
    """The Markov chain P(x) = pi_{x_1} A_{x_1 x_2} ... A_{x_{L-1} x_L}; pi the stationary distribution unless ``start`` is given.

    Args:
        A: transitions, row t the distribution of the letter after t; numbers, or formulas in symbols of `symkern.abc`.
        start: the distribution of the first letter.

    Raises:
        InvalidArgument: a row does not sum to 1, or there are several stationary distributions and no start.

    >>> markov([["1/2", "1/2"], ["1/4", "3/4"]]).start
    (1/3, 2/3)
    >>> markov([["1/2", "1/3"], [0, 1]])
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: A[0]: must sum to 1, but the sum is 5/6
    """
    moves = _read_stochastic(A, "A")
    if len(moves[0]) != len(moves):
        rule = "must be square"
        raise SizeMismatch("A", rule, f"it has {len(moves)} rows and {len(moves[0])} columns")
    one = [[int(i == t) for t in range(len(moves))] for i in range(len(moves))]
    return hidden_markov(start, moves, one)


def mixed_chains(parts: Sequence[tuple[sp.Rational, Law | HiddenMarkov]]) -> HiddenMarkov:
    """The mixture sum_i w_i P_i of chains, and of laws of independent tokens, as one chain: their direct sum.

    >>> one = markov([[1, 0], [0, 1]], ["1/2", "1/2"])
    >>> mixed_chains([(sp.Rational(1, 3), one), (sp.Rational(2, 3), one)]).states
    4
    """
    chains = [(w, as_chain(law)) for w, law in parts if w]
    total = sum(chain.states for _, chain in chains)
    start: list[sp.Expr] = []
    moves: list[_Row] = []
    shown: list[_Row] = []
    for weight, chain in chains:
        before = len(start)
        start += [weight * p for p in chain.start]
        after = total - before - chain.states
        moves += [(sp.S.Zero,) * before + row + (sp.S.Zero,) * after for row in chain.transitions]
        shown += chain.emissions
    return HiddenMarkov(tuple(start), tuple(moves), tuple(shown))


def as_chain(law: Law | HiddenMarkov) -> HiddenMarkov:
    """A law of independent tokens, or a mixture of such, as a chain whose hidden state never changes.

    Raises:
        InvalidType: the law is no such mixture.

    >>> from symkern.tokens import uniform
    >>> as_chain(uniform(2))
    hidden_markov(['1'], [['1']], [['1/2', '1/2']])
    """
    if isinstance(law, HiddenMarkov):
        return law
    parts = law.symbolic_components() if isinstance(law, Law) else None
    if parts is None:
        raise InvalidType("tokens", "must be a chain or a mixture of independent tokens", law)
    size = law.given_vocabulary()
    alike = (Fraction(1, size),) * size
    return hidden_markov(
        [w for w, _ in parts],
        [[int(i == j) for j in range(len(parts))] for i in range(len(parts))],
        [
            [q.to_sympy() if isinstance(q, RationalFunction) else q for q in p or alike]
            for _, p in parts
        ],
    )


def _read_stochastic(value: object, argument: str) -> tuple[_Row, ...]:
    rows = read_rows(value, argument)
    if not rows or not rows[0]:
        raise InvalidArgument(argument, "must not be empty", "it is")
    if len(rows) * len(rows[0]) > current().listed_positions:
        rule = f"must have at most {current().listed_positions} entries"
        raise InvalidArgument(argument, rule, f"it has {len(rows) * len(rows[0])}")
    return tuple(_read_row(row, f"{argument}[{i}]") for i, row in enumerate(rows))


def _read_row(values: Sequence[object], argument: str) -> _Row:
    """A distribution; a formula is held to its sum alone."""
    row = tuple(exact_at_least(e, f"{argument}[{i}]") for i, e in enumerate(values))
    for i, e in enumerate(row):
        require_rational(e, f"{argument}[{i}]")
    require_sum(row, argument)
    return row


# -- linear algebra -----------------------------------------------------------------------


def times_row(row: Sequence[Number], matrix: Sequence[Sequence[Number]]) -> list[Number]:
    """A row times a matrix, over whatever field.

    >>> times_row([1, 2], [[3, 4], [5, 6]])
    [13, 16]
    """
    terms = [[a * e for e in line] for a, line in zip(row, matrix, strict=True)]
    return [sum(column[1:], column[0]) for column in zip(*terms, strict=True)]


def _stationary_start(moves: tuple[_Row, ...]) -> _Row:
    symbols = tuple(sorted(set().union(*(e.free_symbols for r in moves for e in r)), key=str))
    read = function_field(symbols) if symbols else Fraction
    found = stationary([[read(e) for e in row] for row in moves])
    if found is None:
        rule = "must be given where several distributions are stationary"
        raise InvalidArgument("start", rule, "it is not")
    if symbols:
        return tuple(p.to_sympy() for p in found)
    return tuple(sp.Rational(p.numerator, p.denominator) for p in found)


def stationary(moves: Sequence[Sequence[Number]]) -> list[Number] | None:
    """The row pi with pi A = pi and sum 1; None where there are several.

    >>> stationary([[Fraction(1, 2), Fraction(1, 2)], [Fraction(1, 4), Fraction(3, 4)]])
    [Fraction(1, 3), Fraction(2, 3)]
    """
    size = len(moves)
    one = sum(moves[0][1:], moves[0][0])
    zero = one - one
    # Columns of A - 1 are the equations; the last of them follows from the others, and the sum takes its place.
    rows = [[moves[i][j] - (one if i == j else zero) for i in range(size)] + [zero] for j in range(size - 1)]  # fmt: skip
    rows.append([one] * size + [one])
    for column in range(size):
        pivot = next((r for r in range(column, size) if rows[r][column]), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [e / rows[column][column] for e in rows[column]]
        for r in range(size):
            if r != column and rows[r][column]:
                factor = rows[r][column]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[column], strict=True)]
    return [row[-1] for row in rows]
