r"""The symmetric share of correlations of every order, by transfer matrices.

With centred letters e_{x_a} - p, kappa(t, u) = [t = u] - p_t - p_u + |p|^2, and two independent copies x, x' of a window

    sum_r z^r N_r = E prod_a (1 + z kappa(x_a, x'_a)),      N_r = sum_{|S| = r} |E prod_{a in S} (e_{x_a} - p)|^2,

a product of matrices on pairs of hidden states. The part that shuffling leaves is

    Nbar_r = sum_{|al| = r} q_al^2 al!/(r! C(L, r)),        Q(s) = E prod_a (1 + <s, e_{x_a} - p>) = sum_al q_al s^al,

and share_r = Nbar_r/N_r; share_2 is exch/off of `symkern.tokens.symmetric_share`, N_2 = off/2.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import comb, factorial, prod

import sympy as sp

from symkern.errors import InvalidArgument, displayed
from symkern.exact.written import fields_repr
from symkern.limits import check_time, within_time
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.tokens.hidden_markov import HiddenMarkov, Number, as_chain, times_row
from symkern.tokens.lag_moments import expression_of
from symkern.tokens.law import Law
from symkern.typeset.shown import Shown


@dataclass(frozen=True)
@typed
class OrderShare(Shown):
    """Correlations of one order: ``weight`` N_r, ``symmetric`` Nbar_r; ``share`` is their quotient, None where N_r = 0.

    >>> OrderShare(3, sp.S.Zero, sp.S.Zero).share
    """

    order: int
    weight: sp.Expr
    symmetric: sp.Expr

    @property
    def share(self) -> sp.Expr | None:
        """Nbar_r/N_r."""
        return sp.cancel(self.symmetric / self.weight) if self.weight else None

    def __repr__(self) -> str:
        return fields_repr(self)

    def __str__(self) -> str:
        return f"order {self.order}: N = {self.weight}, share {'-' if self.share is None else self.share}"  # fmt: skip


@typed
def order_shares(law: Law | HiddenMarkov, length: int, highest: int = 4) -> tuple[OrderShare, ...]:
    """The symmetric share of correlations of orders 2, 3, ..., ``highest`` in windows of ``length`` letters, exact.

    Args:
        law: a stationary chain, a mixture of such, or one of independent tokens.
        length: the number of positions.
        highest: the last order, at most the length.

    Raises:
        InvalidArgument: the chain is not stationary, or an order exceeds the length.

    >>> from symkern.kernels import hidden_markov
    >>> law = hidden_markov(["1/2", "1/2"], [["7/8", "1/8"], ["1/8", "7/8"]], [["9/10", "1/10"], ["3/10", "7/10"]])
    >>> [found.share for found in order_shares(law, 6)]
    [7711729/8508495, None, 845/881]
    """
    chain = as_chain(law)
    chain.require_stationary()
    size = read_integer(length, "length", minimum=1)
    most = read_integer(highest, "highest", minimum=2)
    if most > size:
        raise InvalidArgument("highest", f"must be at most the length, {displayed(size)}", f"it is {displayed(most)}")  # fmt: skip
    instead = "shorter windows, fewer letters or lower orders take less"
    with within_time("the correlations of so high an order", instead):
        weights, symmetric = _weights(chain, size, most), _symmetric(chain, size, most)

    shown = partial(expression_of, chain)
    return tuple(OrderShare(r, shown(weights[r]), shown(symmetric[r])) for r in range(2, most + 1))


def _weights(law: HiddenMarkov, length: int, most: int) -> list[Number]:
    """N_0, ..., N_most: polynomials in z for each pair of hidden states of two copies."""
    start, moves, shown = law.numbers
    p = times_row(start, shown)
    square = sum((e * e for e in p[1:]), p[0] * p[0])
    states, letters = range(law.states), range(law.vocabulary)
    # sum_tu E_it E_ju kappa(t, u) = <E_i, E_j> - <E_i, p> - <E_j, p> + |p|^2
    inner = [[sum((shown[i][t] * shown[j][t] for t in letters), square - square) for j in states] for i in states]  # fmt: skip
    along = [sum((shown[i][t] * p[t] for t in letters), square - square) for i in states]
    site = [[inner[i][j] - along[i] - along[j] + square for j in states] for i in states]
    zero = square - square
    pair = [[[start[i] * start[j]] + [zero] * most for j in states] for i in states]
    for a in range(length):
        check_time()
        if a:
            half = [_combined([pair[k][j] for k in states], moves, i) for i in states for j in states]  # fmt: skip
            table = [half[i * law.states : (i + 1) * law.states] for i in states]
            pair = [[_combined(table[i], moves, j) for j in states] for i in states]
        pair = [
            [
                [f[0], *(f[r] + site[i][j] * f[r - 1] for r in range(1, most + 1))]
                for j, f in enumerate(row)
            ]
            for i, row in enumerate(pair)
        ]
    return [sum((pair[i][j][r] for i in states for j in states), zero) for r in range(most + 1)]


def _combined(polynomials: list[list[Number]], moves: list[list[Number]], to: int) -> list[Number]:
    """sum_k A_{k, to} f_k."""
    return times_row([row[to] for row in moves], polynomials)


def _symmetric(law: HiddenMarkov, length: int, most: int) -> list[Number]:
    """Nbar_0, ..., Nbar_most: Q(s) up to that degree, one coefficient for each hidden state."""
    start, moves, shown = law.numbers
    p = times_row(start, shown)
    letters = range(law.vocabulary)
    shifted = [
        [row[t] - p[t] for row in shown] for t in letters
    ]  # E over a state's letter of e - p
    layer: dict[tuple[int, ...], list[Number]] = {(0,) * law.vocabulary: start}
    for a in range(length):
        found: dict[tuple[int, ...], list[Number]] = {}
        for al, row in layer.items():
            check_time()
            moved = times_row(row, moves) if a else row
            terms = [(al, moved)]
            if sum(al) < most:
                terms += [
                    ((*al[:t], al[t] + 1, *al[t + 1 :]), [f * q for f, q in zip(moved, shifted[t], strict=True)])
                    for t in letters
                ]  # fmt: skip
            for key, new in terms:
                old = found.get(key)
                found[key] = new if old is None else [f + g for f, g in zip(old, new, strict=True)]
        layer = found
    zero = p[0] - p[0]
    sums = [zero] * (most + 1)
    for al, row in layer.items():
        r, q = sum(al), sum(row[1:], row[0])
        sums[r] = sums[r] + q * q * Fraction(prod(map(factorial, al)), factorial(r) * comb(length, r))  # fmt: skip
    return sums
