r"""The second moments of a stationary law with memory, lag by lag, and as formulas in the lag.

With p = pi E the law of one letter and c_d(t, u) = P(x_a = t, x_{a+d} = u) = pi D_t A^d E[:, u] for d >= 1, c_0 = diag p and c_{-d} = c_d^T, the centred moments are k_d = c_d - p p^T.

Powers of A make every entry a sequence with a linear recurrence, of the order of A at most, so that

    k_d(t, u) = sum over the eigenvalues z of A of q(z, d) z^d,      q a polynomial in d of degree below the size of a Jordan block,

from some d on: that is 0 or 1, and the size of a Jordan block of the eigenvalue 0 where that is more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

import sympy as sp

from symkern.errors import InvalidArgument, NoClosedForm, displayed
from symkern.exact import ExactMatrix, function_field
from symkern.exact.linear_recurrences import Recurrent, recurrent
from symkern.exact.written import readable_repr
from symkern.limits import check_time, current, within_time
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_pair
from symkern.tokens.hidden_markov import HiddenMarkov, Number, as_chain, times_row
from symkern.tokens.law import Law
from symkern.typeset import matrix_latex
from symkern.typeset.shown import Written, displays

Block = list[list[Number]]

#: What the text "d" stands for.
LAG = sp.Symbol("d", integer=True, positive=True)


@dataclass(frozen=True)
@typed
class LagMoments(Written):
    """The moments of letters at distance d, for all d at once.

    Attributes:
        entries: rows of formulas in the lag.
        lag: the symbol that stands for d.
        formula_from: the first d from which on the formulas hold.
    """

    entries: tuple[tuple[sp.Expr, ...], ...]
    lag: sp.Symbol
    formula_from: int

    def to_sympy(self) -> sp.ImmutableMatrix:
        """The matrix of formulas."""
        return sp.ImmutableMatrix(self.entries)

    def __getitem__(self, place: tuple[int, int]) -> sp.Expr:
        row, column = read_pair(place, "place", "a row and a column")
        return self.entries[row][column]

    def __repr__(self) -> str:
        return f"LagMoments({readable_repr(self.entries)}, {self.lag}, {self.formula_from})"

    def __str__(self) -> str:
        rows = "\n".join(
            f"k_{self.lag}({t}, {u}) = {e}"
            for t, row in enumerate(self.entries)
            for u, e in enumerate(row)
        )
        return f"{rows}\nfor {self.lag} >= {self.formula_from}"

    @displays
    def latex(self) -> str:
        """The matrix as LaTeX."""
        return matrix_latex(self.to_sympy(), name="k")


@typed
def lag_moment(law: Law | HiddenMarkov, d: int | str | sp.Symbol, centred: bool = True) -> ExactMatrix | LagMoments:  # fmt: skip
    r"""k_d(t, u) = P(x_a = t, x_{a+d} = u) - p_t p_u of a stationary chain, as an exact v x v matrix; at a symbol as formulas in it.

    Args:
        law: the chain, or a mixture of independent tokens.
        d: the lag; k_{-d} is the transpose. The text "d" or a symbol asks for the formulas sum_z q(z, d) z^d over the eigenvalues z of the transitions,
            which hold for all d from their ``formula_from`` on: complex pairs are written with cosines, roots of degree above two as SymPy's ``RootSum``.
            Where the chain has symbols, they hold where these are generic, so that no two eigenvalues are equal.
        centred: False for c_d, without the product of the means.

    Returns:
        The exact matrix; for a symbol the `LagMoments`.

    Raises:
        InvalidArgument: the chain is not stationary, or its own symbol stands for the lag.
        NoClosedForm: for a symbol, more states than have formulas.

    >>> from symkern.kernels import markov
    >>> chain = markov([["3/4", "1/4"], ["1/4", "3/4"]])
    >>> lag_moment(chain, 2).to_sympy()
    Matrix([
    [ 1/16, -1/16],
    [-1/16,  1/16]])
    >>> print(lag_moment(chain, "d"))
    k_d(0, 0) = 1/(4*2**d)
    k_d(0, 1) = -1/(4*2**d)
    k_d(1, 0) = -1/(4*2**d)
    k_d(1, 1) = 1/(4*2**d)
    for d >= 0
    >>> turning = markov([["1/2", "1/3", "1/6"], ["1/6", "1/2", "1/3"], ["1/3", "1/6", "1/2"]])
    >>> lag_moment(turning, "d")[0, 1]
    (sqrt(3)*sin(pi*d/6)/9 - cos(pi*d/6)/9)/12**(d/2)
    """
    chain = as_chain(law)
    chain.require_stationary()
    if isinstance(d, (str, sp.Symbol)):
        return _in_the_lag(chain, _read_lag(chain, d), centred)
    lag = read_integer(d, "d", minimum=None)
    if abs(lag) > current().listed_positions:
        read_integer(abs(lag), "d", maximum=current().listed_positions)
    rows = Lags(chain)
    with within_time("a moment at so long a lag", "shorter lags take less"):
        for _ in range(abs(lag)):
            check_time()
            rows.advance()
    found = rows.moment(centred)
    if lag < 0:
        found = [list(column) for column in zip(*found, strict=True)]
    field = function_field(chain.parameters)
    return ExactMatrix(field, [[field(e) for e in row] for row in found])


class Lags:
    """The rows pi D_t A^d E, one for each letter t, lag after lag."""

    def __init__(self, law: HiddenMarkov) -> None:
        start, self.moves, self.shown = law.numbers
        self.mean = times_row(start, self.shown)
        self.rows = [
            [p * e[t] for p, e in zip(start, self.shown, strict=True)]
            for t in range(law.vocabulary)
        ]
        self.lag = 0

    def advance(self) -> None:
        """One lag further."""
        self.rows = [times_row(row, self.moves) for row in self.rows]
        self.lag += 1

    def plain(self) -> Block:
        """c_d."""
        if self.lag == 0:
            zero = self.mean[0] - self.mean[0]
            return [[p if i == j else zero for j in range(len(self.mean))] for i, p in enumerate(self.mean)]  # fmt: skip
        return [times_row(row, self.shown) for row in self.rows]

    def centred(self) -> Block:
        """k_d."""
        p = self.mean
        return [[e - p[t] * p[u] for u, e in enumerate(row)] for t, row in enumerate(self.plain())]

    def moment(self, centred: bool) -> Block:
        """k_d, or c_d."""
        return self.centred() if centred else self.plain()


def expression_of(law: HiddenMarkov, number: Number) -> sp.Expr:
    """A number of a chain's field as a SymPy expression."""
    found = law.written(number)
    return sp.Rational(found.numerator, found.denominator) if isinstance(found, Fraction) else found


def sequence_of(law: HiddenMarkov, terms: Sequence[Number]) -> Recurrent:
    """A sequence of numbers of a chain's field by its first terms, twice as many at least as its recurrence is long."""
    one = sum(law.numbers[0][1:], law.numbers[0][0])
    return recurrent(
        terms, one, law.field if law.parameters else Fraction, partial(expression_of, law)
    )


def require_few_states(law: HiddenMarkov, what: str, instead: str) -> None:
    """Refuse a chain of so many states that its formulas would be none to read."""
    if law.states > current().algebraic_block:
        raise NoClosedForm(f"{what}: a chain of {law.states} states has {instead}")


def _read_lag(law: HiddenMarkov, d: str | sp.Symbol) -> sp.Symbol:
    symbol = LAG if d == "d" else d
    if isinstance(symbol, str):
        raise InvalidArgument("d", "must be an integer, a symbol or the text 'd'", f"it is {displayed(d)}")  # fmt: skip
    if symbol in law.parameters:
        raise InvalidArgument("d", "must be another symbol than those of the chain", f"it is {displayed(symbol)}")  # fmt: skip
    return symbol


def _in_the_lag(law: HiddenMarkov, lag: sp.Symbol, centred: bool) -> LagMoments:
    require_few_states(law, "d", "moments at given lags, for example d=3")
    lags, blocks = Lags(law), []
    known: dict[tuple[Number, ...], tuple[sp.Expr, int]] = {}

    def formula(terms: tuple[Number, ...]) -> tuple[sp.Expr, int]:
        if terms not in known:
            sequence = sequence_of(law, terms)
            known[terms] = sequence.formula(lag, partial(expression_of, law)), sequence.zeros
        return known[terms]

    with within_time("moments as formulas in the lag", "moments at a given lag take less"):
        # Rows times A^d E have a recurrence of as many terms as there are states, at most; so has p p^T, 1 being an eigenvalue. The moment at
        # d = 0 may stand outside, and makes 0 a root once more.
        for _ in range(2 * law.states + 2):
            check_time()
            blocks.append(lags.moment(centred))
            lags.advance()
        letters = range(law.vocabulary)
        found = [[formula(tuple(block[t][u] for block in blocks)) for u in letters] for t in letters]  # fmt: skip
    entries = tuple(tuple(e for e, _ in row) for row in found)
    return LagMoments(entries, lag, max(begin for row in found for _, begin in row))
