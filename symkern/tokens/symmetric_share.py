r"""How symmetric the correlations of a stationary law are: lag moments, and the split of their norm under permutations of the positions.

With c_d(t, u) = P(x_a = t, x_{a+d} = u), p = pi E and k_d = c_d - p p^T the second moments of windows of length L are block Toeplitz, K_ab = k_{b-a}. Off the
diagonal their squared norm splits in three, by orthogonal projections,

    off   = 2 sum_{d=1}^{L-1} (L-d) |k_d|^2,
    exch  = L (L-1) |K_1|^2,  K_1 = 2/(L (L-1)) sum_d (L-d) sym k_d      what shuffling the positions leaves,
    arrow = 2 sum_d (L-d) |antisym k_d|^2                                the direction of time,
    decay = off - exch - arrow                                           dependence on the lag.

Moments are centred: the uncentred ones are dominated by p p^T, which every permutation leaves alone, and are nearly symmetric for any law.

Where A is diagonalisable over the field of its entries, A = sum_k lam_k R_k, k_d = sum_k lam_k^d G_k with G_k = E^T diag(pi) R_k E (less p p^T at lam = 1), and with
g_L(z) = sum_d (L-d) z^d = z (L - 1 - L z + z^L)/(1-z)^2 all four are closed forms in L.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.errors import NoClosedForm, displayed
from symkern.exact import ExactMatrix, function_field
from symkern.exact.written import fields_repr
from symkern.limits import check_time, current, within_time
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.tokens.hidden_markov import HiddenMarkov, Number, as_chain, times_row
from symkern.tokens.law import Law
from symkern.tokens.sizes import Size
from symkern.typeset.shown import Shown

_Block = list[list[Number]]


@dataclass(frozen=True)
@typed
class SymmetricShare(Shown):
    """Shares of the squared norm of the second moments of windows.

    Attributes:
        full: (diag + exch)/(diag + off), near 1 whenever correlations are small against the diagonal, symmetric or not.
        exchangeable: exch/off, the honest number; None where off = 0, for independent tokens.
        decay: decay/off.
        arrow: arrow/off.
        correlation: off/diag with diag = L |k_0|^2.
    """

    full: sp.Expr
    exchangeable: sp.Expr | None
    decay: sp.Expr | None
    arrow: sp.Expr | None
    correlation: sp.Expr

    def __repr__(self) -> str:
        return fields_repr(self)

    def __str__(self) -> str:
        parts = [("exch/off", self.exchangeable), ("decay/off", self.decay), ("arrow/off", self.arrow)]  # fmt: skip
        shown = [f"{name} {'-' if q is None else q}" for name, q in parts]
        return ", ".join([*shown, f"off/diag {self.correlation}", f"full {self.full}"])


@typed
def lag_moment(law: Law | HiddenMarkov, d: int, centred: bool = True) -> ExactMatrix:
    """k_d(t, u) = P(x_a = t, x_{a+d} = u) - p_t p_u of a stationary chain, as an exact v x v matrix.

    Args:
        law: the chain, or a mixture of independent tokens.
        d: the lag; k_{-d} is the transpose.
        centred: False for c_d, without the product of the means.

    Raises:
        InvalidArgument: the chain is not stationary.

    >>> from symkern.kernels import markov
    >>> lag_moment(markov([["3/4", "1/4"], ["1/4", "3/4"]]), 2).to_sympy()
    Matrix([
    [ 1/16, -1/16],
    [-1/16,  1/16]])
    """
    chain = as_chain(law)
    chain.require_stationary()
    lag = read_integer(d, "d", minimum=None)
    if abs(lag) > current().listed_positions:
        read_integer(abs(lag), "d", maximum=current().listed_positions)
    rows = _Lags(chain)
    with within_time("a moment at so long a lag", "shorter lags take less"):
        for _ in range(abs(lag)):
            check_time()
            rows.advance()
    found = rows.centred() if centred else rows.plain()
    if lag < 0:
        found = [list(column) for column in zip(*found, strict=True)]
    field = function_field(chain.parameters)
    return ExactMatrix(field, [[field(e) for e in row] for row in found])


def share(law: Law | HiddenMarkov, length: object) -> SymmetricShare:
    """The symmetric share of the second moments of windows of ``length`` letters, exact.

    Args:
        law: a stationary chain, a mixture of such, or one of independent tokens, where the share is 1 unless there is nothing to share.
        length: the number of positions, or the symbol L where the eigenvalues of the transitions lie in the field of their entries.

    Returns:
        Shares as rational numbers or formulas.

    Raises:
        InvalidArgument: the chain is not stationary.
        NoClosedForm: for the symbol L, with eigenvalues that are no rational functions, or transitions that are not diagonalisable.

    >>> from symkern.abc import L
    >>> from symkern.kernels import markov
    >>> chain = markov([["3/4", "1/4"], ["1/4", "3/4"]])
    >>> share(chain, 6).full, share(chain, 6).exchangeable
    (6969/7775, 1849/2655)
    >>> share(chain, L).exchangeable.subs(L, 6)
    1849/2655
    """
    chain = as_chain(law)
    chain.require_stationary()
    size = Size.read(length, "length")
    if size.symbol is not None:
        return _closed(chain)
    return _counted(chain, size.number("length"))


class _Lags:
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

    def plain(self) -> _Block:
        """c_d."""
        if self.lag == 0:
            zero = self.mean[0] - self.mean[0]
            return [[p if i == j else zero for j in range(len(self.mean))] for i, p in enumerate(self.mean)]  # fmt: skip
        return [times_row(row, self.shown) for row in self.rows]

    def centred(self) -> _Block:
        """k_d."""
        p = self.mean
        return [[e - p[t] * p[u] for u, e in enumerate(row)] for t, row in enumerate(self.plain())]


def _inner(first: _Block, second: _Block) -> Number:
    terms = [a * b for r, s in zip(first, second, strict=True) for a, b in zip(r, s, strict=True)]
    return sum(terms[1:], terms[0])


def _part(block: _Block, sign: int) -> _Block:
    """(k + sign k^T)/2."""
    size = range(len(block))
    return [[(block[t][u] + sign * block[u][t]) / 2 for u in size] for t in size]


def _counted(law: HiddenMarkov, length: int) -> SymmetricShare:
    lags = _Lags(law)
    diagonal = lags.centred()
    zero = diagonal[0][0] - diagonal[0][0]
    mean: _Block = [[zero] * law.vocabulary for _ in range(law.vocabulary)]
    off = arrow = zero
    with within_time("the share at so long a length", "length=L has closed forms, and takes less"):
        for d in range(1, length):
            check_time()
            lags.advance()
            block = lags.centred()
            weight = length - d
            off = off + 2 * weight * _inner(block, block)
            twisted = _part(block, -1)
            arrow = arrow + 2 * weight * _inner(twisted, twisted)
            mean = [
                [m + weight * e for m, e in zip(r, s, strict=True)]
                for r, s in zip(mean, _part(block, 1), strict=True)
            ]
    pairs = length * (length - 1)
    exch = 4 * _inner(mean, mean) / pairs if pairs else zero
    return _shares(length * _inner(diagonal, diagonal), off, exch, arrow, law)


def _shares(diagonal: Number, off: Number, exch: Number, arrow: Number, law: HiddenMarkov) -> SymmetricShare:  # fmt: skip
    def shown(number: Number) -> sp.Expr:
        found = law.written(number)
        return sp.Rational(found.numerator, found.denominator) if isinstance(found, Fraction) else found  # fmt: skip

    if not diagonal:  # one letter, always
        return SymmetricShare(sp.S.One, None, None, None, sp.S.Zero)
    full = shown((diagonal + exch) / (diagonal + off))
    if not off:
        return SymmetricShare(full, None, None, None, sp.S.Zero)
    parts = (exch / off, (off - exch - arrow) / off, arrow / off, off / diagonal)
    return SymmetricShare(full, *map(shown, parts))


# -- closed forms in the length -----------------------------------------------------------


def lag_sum(z: sp.Expr, length: int | sp.Expr) -> sp.Expr:
    """g_L(z) = sum_{d=1}^{L-1} (L-d) z^d = z (L - 1 - L z + z^L)/(1-z)^2, and L(L-1)/2 at z = 1.

    >>> lag_sum(sp.Rational(1, 2), 3), lag_sum(sp.S.One, 3)
    (5/4, 3)
    """
    if z == 0:
        return sp.S.Zero
    if z == 1:
        return length * (length - 1) / sp.Integer(2)
    return z * (length - 1 - length * z + z**length) / (1 - z) ** 2


def modes(law: HiddenMarkov) -> list[tuple[Number, _Block]]:
    """(lam_k, G_k) with k_d = sum_k lam_k^d G_k for d >= 1, lam_k distinct and not 0, G_k not 0.

    Raises:
        NoClosedForm: an eigenvalue is no rational function of the entries, or the transitions are not diagonalisable.
    """
    start, moves, shown = law.numbers
    size = law.states
    if size > current().algebraic_block:
        raise NoClosedForm(f"length: a chain of {size} states has shares at a given length, for example length=16")  # fmt: skip
    characteristic = sp.Matrix(law.transitions).charpoly()
    unknown = characteristic.gen
    _, factors = sp.factor_list(characteristic.as_expr(), unknown)
    values = []
    for factor, _ in factors:
        polynomial = sp.Poly(factor, unknown)
        if polynomial.degree() > 1:
            raise NoClosedForm(
                f"length: the eigenvalues of the transitions, roots of {displayed(polynomial.as_expr())}, are no rational functions of the probabilities; shares stand at a given length, for example length=16"
            )
        if polynomial.degree() == 1:
            values.append(-polynomial.nth(0) / polynomial.nth(1))
    read = law.field if law.parameters else Fraction
    numbers = [read(sp.cancel(value)) for value in values]
    one = sum(moves[0][1:], moves[0][0])
    zero = one - one

    def applied(rows: _Block, lam: Number) -> _Block:
        """The rows times (A - lam)."""
        return [
            [a - lam * b for a, b in zip(times_row(row, moves), row, strict=True)] for row in rows
        ]

    identity = [[one if i == j else zero for j in range(size)] for i in range(size)]
    least = identity
    for lam in numbers:
        least = applied(least, lam)
    if any(e for row in least for e in row):
        raise NoClosedForm(
            "length: the transitions are not diagonalisable; shares stand at a given length, for example length=16"
        )
    mean = times_row(start, shown)
    found = []
    for lam in numbers:
        rows = [
            [p * e[t] for p, e in zip(start, shown, strict=True)] for t in range(law.vocabulary)
        ]
        for other in numbers:
            if other != lam:
                rows = [[e / (lam - other) for e in row] for row in applied(rows, other)]
        block = [times_row(row, shown) for row in rows]
        if lam == one:
            block = [[e - mean[t] * mean[u] for u, e in enumerate(row)] for t, row in enumerate(block)]  # fmt: skip
        if lam and any(e for row in block for e in row):
            found.append((lam, block))
    return found


def _closed(law: HiddenMarkov) -> SymmetricShare:
    found = modes(law)
    diagonal = _Lags(law).centred()
    size = CONTEXT_LENGTH

    def shown(number: Number) -> sp.Expr:
        value = law.written(number)
        return sp.Rational(value.numerator, value.denominator) if isinstance(value, Fraction) else value  # fmt: skip

    def summed(parts: Sequence[_Block]) -> dict[tuple[int, int], sp.Expr]:
        return {
            (i, j): shown(_inner(parts[i], parts[j]))
            for i, j in product(range(len(parts)), repeat=2)
        }

    lams = [shown(lam) for lam, _ in found]
    plain, even, odd = ([_part(b, s) if s else b for _, b in found] for s in (0, 1, -1))
    pairs: Any = size * (size - 1)
    off = 2 * sum((w * lag_sum(lams[i] * lams[j], size) for (i, j), w in summed(plain).items()), sp.S.Zero)  # fmt: skip
    arrow = 2 * sum((w * lag_sum(lams[i] * lams[j], size) for (i, j), w in summed(odd).items()), sp.S.Zero)  # fmt: skip
    exch = 4 / pairs * sum((w * lag_sum(lams[i], size) * lag_sum(lams[j], size) for (i, j), w in summed(even).items()), sp.S.Zero)  # fmt: skip
    below = size * shown(_inner(diagonal, diagonal))
    if below == 0:
        return SymmetricShare(sp.S.One, None, None, None, sp.S.Zero)
    if off == 0:
        return SymmetricShare(sp.S.One, None, None, None, sp.S.Zero)
    full = (below + exch) / (below + off)
    if len(found) == 1:  # whatever the emissions are, their weight cancels where G is symmetric
        g, square = lag_sum(lams[0], size), lag_sum(lams[0] ** 2, size)
        weights = [shown(_inner(part[0], part[0])) for part in (even, odd, plain)]
        exchangeable = sp.cancel(weights[0] / weights[2]) * 2 * g**2 / (pairs * square)
        twisted = sp.cancel(weights[1] / weights[2])
        return SymmetricShare(full, exchangeable, 1 - exchangeable - twisted, twisted, off / below)
    return SymmetricShare(full, exch / off, (off - exch - arrow) / off, arrow / off, off / below)
