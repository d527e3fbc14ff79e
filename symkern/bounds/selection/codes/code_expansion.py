r"""Random codes of large width: the averages A and B to first order in 1/m, exact in a.

    A = A0 + A1/m + O(m^-2),   B = B0 + B1/m + O(m^-2)

at fixed T, q and a, the same for the sphere and for Rademacher codes; a proved expansion that is not uniform: a^2 q/m must be small. With
al = e^a/Z, be = 1/Z, Z = q e^a + n, n = T - q, P0 = q al, A0 = q al^2 + n be^2, B0 = al and ' = d/da,

    X1 = (a^2/2) [ q n X_oo + k_s X0'' + k_i q X_ii ],

X_jj the second derivative by one score of an unselected (o) or a selected (i) token; k_s = 1 and k_i = q - 2 for the sum query with q >= 2, and
both are 0 for the dual query and for q = 1.
"""

from __future__ import annotations

import sympy as sp

from symkern.bounds.selection import symbols
from symkern.bounds.selection.codes.code_arguments import read_words
from symkern.bounds.selection.selection_arguments import exact_score, read_sizes


def wide_moments(
    T: object = symbols.T, q: object = symbols.q, a: object = symbols.a, query: object = "sum"
) -> tuple[tuple[sp.Expr, sp.Expr], tuple[sp.Expr, sp.Expr]]:
    """((A0, A1), (B0, B1)), exact: the averages of `RandomCodes.moments` are A0 + A1/m + O(m^-2) and B0 + B1/m + O(m^-2).

    With q a symbol, q >= 2 is meant.

    Args:
        T: the number of tokens, at least 2.
        q: how many tokens are selected, from 1 to T.
        a: the score, exact or a symbol.
        query: "sum" or "dual".

    Raises:
        InvalidArgument: a query that is not known, or sizes out of range.

    >>> (A0, A1), (B0, B1) = wide_moments(8, 3, 2)
    >>> round(float(A1), 8), round(float(B1), 8)
    (0.33240531, -0.29584289)
    """
    word, _ = read_words(query, "sphere")
    total, _, chosen = read_sizes(T, 1, q)
    score, others = exact_score(a), total - chosen
    power = sp.exp(score)
    whole = chosen * power + others
    inside, outside = power / whole, 1 / whole
    share, squares = chosen * inside, chosen * inside**2 + others * outside**2
    noisy = word == "sum" and chosen != 1
    both, among = (1, chosen - 2) if noisy else (0, 0)

    def curvature(p: sp.Expr) -> sp.Expr:
        return 4 * p**2 - 8 * p**3 - 2 * p * squares + 6 * p**2 * squares

    def corrected(at_out: sp.Expr, second: sp.Expr, at_in: sp.Expr) -> sp.Expr:
        return score**2 / 2 * (chosen * others * at_out + both * second + among * chosen * at_in)

    # P0' = P0 (1-P0), al' = al (1-P0), be' = -P0 be
    rest = 1 - share
    share_second = share * rest * (1 - 2 * share)
    inside_second = inside * rest * (rest - share)
    outside_second = outside * share * (share - rest)
    squares_second = 2 * chosen * ((inside * rest) ** 2 + inside * inside_second)
    squares_second += 2 * others * ((share * outside) ** 2 + outside * outside_second)
    first = corrected(curvature(outside), squares_second, curvature(inside))
    second = corrected(
        share * outside * (2 * outside - 1), share_second, inside * rest * (1 - 2 * inside)
    )
    return (squares, first), (inside, second / chosen)
