r"""How symmetric the correlations of a stationary law are: the split of their norm under permutations of the positions.

With c_d(t, u) = P(x_a = t, x_{a+d} = u), p = pi E and k_d = c_d - p p^T the second moments of windows of length L are block Toeplitz, K_ab = k_{b-a}. Off the
diagonal their squared norm splits in three, by orthogonal projections,

    off   = 2 sum_{d=1}^{L-1} (L-d) |k_d|^2,
    exch  = L (L-1) |K_1|^2,  K_1 = 2/(L (L-1)) sum_d (L-d) sym k_d      what shuffling the positions leaves,
    arrow = 2 sum_d (L-d) |antisym k_d|^2                                the direction of time,
    decay = off - exch - arrow                                           dependence on the lag.

Moments are centred: the uncentred ones are dominated by p p^T, which every permutation leaves alone, and are nearly symmetric for any law.

Where A is diagonalisable over the field of its entries, A = sum_k lam_k R_k, k_d = sum_k lam_k^d G_k with G_k = E^T diag(pi) R_k E (less p p^T at lam = 1), and with
g_L(z) = sum_d (L-d) z^d = z (L - 1 - L z + z^L)/(1-z)^2 all four are closed forms in L. For any other A, with complex eigenvalues or Jordan blocks, the sums are sequences in L with
linear recurrences, whose lengths are bounded by the number of states; their first terms determine them (`symkern.exact.linear_recurrences`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.exact.written import fields_repr
from symkern.limits import check_time, within_time
from symkern.reading.annotated import typed
from symkern.tokens.hidden_markov import HiddenMarkov, Number, as_chain, times_row
from symkern.tokens.lag_moments import Block, Lags, expression_of, require_few_states, sequence_of
from symkern.tokens.law import Law
from symkern.tokens.sizes import Size
from symkern.typeset.shown import Shown


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
        formula_from: the first length for which formulas in L hold; None of shares at a given length.
    """

    full: sp.Expr
    exchangeable: sp.Expr | None
    decay: sp.Expr | None
    arrow: sp.Expr | None
    correlation: sp.Expr
    formula_from: int | None = None

    def __repr__(self) -> str:
        return fields_repr(self)

    def __str__(self) -> str:
        parts = [("exch/off", self.exchangeable), ("decay/off", self.decay), ("arrow/off", self.arrow)]  # fmt: skip
        shown = [f"{name} {'-' if q is None else q}" for name, q in parts]
        return ", ".join([*shown, f"off/diag {self.correlation}", f"full {self.full}"])


def share(law: Law | HiddenMarkov, length: object) -> SymmetricShare:
    """The symmetric share of the second moments of windows of ``length`` letters, exact.

    Args:
        law: a stationary chain, a mixture of such, or one of independent tokens, where the share is 1 unless there is nothing to share.
        length: the number of positions, or the symbol L. Formulas are real whatever the eigenvalues of the transitions are: complex pairs are written with cosines,
            roots of degree above two as SymPy's ``RootSum``; with symbols in the chain they hold where these are generic.

    Returns:
        Shares as rational numbers, or formulas that hold from ``formula_from`` on.

    Raises:
        InvalidArgument: the chain is not stationary.
        NoClosedForm: for the symbol L, more states than have formulas.
        TooLong: formulas in several symbols that take too long.

    >>> from symkern.abc import L
    >>> from symkern.kernels import markov
    >>> chain = markov([["3/4", "1/4"], ["1/4", "3/4"]])
    >>> share(chain, 6).full, share(chain, 6).exchangeable
    (6969/7775, 1849/2655)
    >>> share(chain, L).exchangeable.subs(L, 6)
    1849/2655
    >>> turning = markov([[0, 1, 0], [0, 0, 1], [1, 0, 0]])  # 0, 1, 2, 0, 1, 2, ...
    >>> share(turning, L).arrow, share(turning, L).formula_from
    ((L**2/9 + 2*cos(2*pi*L/3)/27 - 2/27)/(2*L**2/9 - 2*L/9), 2)
    """
    chain = as_chain(law)
    chain.require_stationary()
    size = Size.read(length, "length")
    if size.symbol is not None:
        return _closed(chain)
    return _counted(chain, size.number("length"))


def _inner(first: Block, second: Block) -> Number:
    terms = [a * b for r, s in zip(first, second, strict=True) for a, b in zip(r, s, strict=True)]
    return sum(terms[1:], terms[0])


def _part(block: Block, sign: int) -> Block:
    """(k + sign k^T)/2."""
    size = range(len(block))
    return [[(block[t][u] + sign * block[u][t]) / 2 for u in size] for t in size]


def _counted(law: HiddenMarkov, length: int) -> SymmetricShare:
    lags = Lags(law)
    diagonal = lags.centred()
    zero = diagonal[0][0] - diagonal[0][0]
    mean: Block = [[zero] * law.vocabulary for _ in range(law.vocabulary)]
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
    shown = partial(expression_of, law)
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


def modes(law: HiddenMarkov) -> list[tuple[Number, Block]] | None:
    """(lam_k, G_k) with k_d = sum_k lam_k^d G_k for d >= 1, lam_k distinct and not 0, G_k not 0.

    None where an eigenvalue is no rational function of the entries, or the transitions are not diagonalisable.
    """
    start, moves, shown = law.numbers
    size = law.states
    characteristic = sp.Matrix(law.transitions).charpoly()
    unknown = characteristic.gen
    _, factors = sp.factor_list(characteristic.as_expr(), unknown)
    values = []
    for factor, _ in factors:
        polynomial = sp.Poly(factor, unknown)
        if polynomial.degree() > 1:
            return None
        if polynomial.degree() == 1:
            values.append(-polynomial.nth(0) / polynomial.nth(1))
    read = law.field if law.parameters else Fraction
    numbers = [read(sp.cancel(value)) for value in values]
    one = sum(moves[0][1:], moves[0][0])
    zero = one - one

    def applied(rows: Block, lam: Number) -> Block:
        """The rows times (A - lam)."""
        return [
            [a - lam * b for a, b in zip(times_row(row, moves), row, strict=True)] for row in rows
        ]

    identity = [[one if i == j else zero for j in range(size)] for i in range(size)]
    least = identity
    for lam in numbers:
        least = applied(least, lam)
    if any(e for row in least for e in row):
        return None
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
    require_few_states(law, "length", "shares at a given length, for example length=16")
    shown = partial(expression_of, law)
    size = CONTEXT_LENGTH
    with within_time("shares as formulas in the length", "shares at a given length take less"):
        diagonal = Lags(law).centred()
        below = size * shown(_inner(diagonal, diagonal))
        found = modes(law)
        if found is not None and len(found) == 1:
            return _of_one_mode(law, found[0], below)
        off, exch, arrow, begin = _by_recurrences(law) if found is None else _by_modes(law, found)
    if below == 0 or off == 0:
        return SymmetricShare(sp.S.One, None, None, None, sp.S.Zero, 1)
    pairs = ((below + exch, below + off), (exch, off), (off - exch - arrow, off), (arrow, off), (off, below))  # fmt: skip
    full, *parts = (_quotient(above, under) for above, under in pairs)
    exchangeable, decay, twisted, correlation = parts
    return SymmetricShare(full, exchangeable, decay, twisted, correlation, begin)


def _quotient(above: sp.Expr, under: sp.Expr) -> sp.Expr:
    """As one fraction in lowest terms where no power with the length as its exponent is left."""
    found = above / under
    return sp.cancel(found) if found.is_rational_function(*found.free_symbols) else found


def _of_one_mode(law: HiddenMarkov, mode: tuple[Number, Block], below: sp.Expr) -> SymmetricShare:
    """Whatever the emissions are, their weight cancels where G is symmetric."""
    shown = partial(expression_of, law)
    lam, block = shown(mode[0]), mode[1]
    size = CONTEXT_LENGTH
    g, square = lag_sum(lam, size), lag_sum(lam**2, size)
    even, odd, plain = (shown(_inner(part, part)) for part in (_part(block, 1), _part(block, -1), block))  # fmt: skip
    pairs = size * (size - 1)
    exchangeable = sp.cancel(even / plain) * 2 * g**2 / (pairs * square)
    twisted = sp.cancel(odd / plain)
    off, exch = 2 * plain * square, 4 / pairs * even * g**2
    full = (below + exch) / (below + off)
    return SymmetricShare(full, exchangeable, 1 - exchangeable - twisted, twisted, off / below, 2)


def _by_modes(law: HiddenMarkov, found: list[tuple[Number, Block]]) -> tuple[sp.Expr, sp.Expr, sp.Expr, int]:  # fmt: skip
    """off, exch and arrow as sums over pairs of eigenvalues, and the length from which on they hold."""
    shown = partial(expression_of, law)
    size = CONTEXT_LENGTH
    lams = [shown(lam) for lam, _ in found]

    def summed(parts: Sequence[Block]) -> dict[tuple[int, int], sp.Expr]:
        return {
            (i, j): shown(_inner(parts[i], parts[j]))
            for i, j in product(range(len(parts)), repeat=2)
        }

    plain, even, odd = ([_part(b, s) if s else b for _, b in found] for s in (0, 1, -1))
    pairs: Any = size * (size - 1)
    off = 2 * sum((w * lag_sum(lams[i] * lams[j], size) for (i, j), w in summed(plain).items()), sp.S.Zero)  # fmt: skip
    arrow = 2 * sum((w * lag_sum(lams[i] * lams[j], size) for (i, j), w in summed(odd).items()), sp.S.Zero)  # fmt: skip
    exch = 4 / pairs * sum((w * lag_sum(lams[i], size) * lag_sum(lams[j], size) for (i, j), w in summed(even).items()), sp.S.Zero)  # fmt: skip
    return off, exch, arrow, 2


def _by_recurrences(law: HiddenMarkov) -> tuple[sp.Expr, sp.Expr, sp.Expr, int]:
    """The same for eigenvalues of any kind.

    Entries of k_d for d >= 1 are sequences with a recurrence of h terms, h the number of states. So sums of (L - d) k_d for L >= 0 have one of h + 2 terms, 1 being
    a root twice more, and their squared norm one of (h + 2)(h + 3)/2; squared norms of k_d have one of h (h + 1)/2 terms, and their sums two more, which is less.
    """
    size = CONTEXT_LENGTH
    terms = (law.states + 2) * (law.states + 3)
    lags = Lags(law)
    zero = lags.mean[0] - lags.mean[0]
    # By length: sums of |k_d|^2, of |antisym k_d|^2 and of sym k_d, and sums of these, which have the weights L - d.
    norm = twisted = off = arrow = zero
    moment = mean = [[zero] * law.vocabulary for _ in range(law.vocabulary)]
    found: tuple[list[Number], ...] = ([], [], [])
    for _ in range(terms):
        check_time()
        for kept, value in zip(found, (off, _inner(mean, mean), arrow), strict=True):
            kept.append(value)
        off, arrow, mean = off + norm, arrow + twisted, _sum(mean, moment)
        lags.advance()
        block = lags.centred()
        odd = _part(block, -1)
        norm, twisted = norm + _inner(block, block), twisted + _inner(odd, odd)
        moment = _sum(moment, _part(block, 1))
    sequences = [sequence_of(law, kept) for kept in found]
    off, exch, arrow = (s.formula(size, partial(expression_of, law)) for s in sequences)
    begin = max(2, *(s.zeros for s in sequences))
    return 2 * off, 4 * exch / (size * (size - 1)), 2 * arrow, begin


def _sum(first: Block, second: Block) -> Block:
    return [[a + b for a, b in zip(r, s, strict=True)] for r, s in zip(first, second, strict=True)]
