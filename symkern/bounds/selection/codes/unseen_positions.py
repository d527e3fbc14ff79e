r"""One-hot positions that were never trained: a head trained at length T, tested at T1 > T with new one-hot codes.

The rows and columns of W that belong to new positions are still zero, so that with k old ones among the q selected the old selected tokens
score a (1 - k/T), the new ones 0 and the old unselected ones -a k/T; k is hypergeometric. (The other extension, W = a I + b J on all T1
positions, knows the new positions: it is an oracle, `length_generalisation`.) As a grows at c = 1 the loss tends to

    d ( E[1/k - 1/q; k >= 1] + P(k = 0) (1/q - 1/T1) ).
"""

from __future__ import annotations

import sympy as sp

from symkern.bounds.selection.selection_arguments import exact_score, read_size, whole_sizes
from symkern.errors import InvalidArgument, InvalidType, displayed
from symkern.exact import exact_expression


def unseen_positions(
    T: object, d: object, q: object, T1: object, a: object = sp.oo, c: object = 1
) -> sp.Expr:
    """The exact loss at length T1 >= T of the head (a, c) that was trained at length T, where T1 - T positions are new.

    Args:
        T: the length at which the head was trained.
        d: the dimension of the tokens.
        q: how many are selected, at most T.
        T1: the length at which it is tested, at least T.
        a: the score, exact; oo is the limit of long training.
        c: the value, exact.

    >>> unseen_positions(6, 1, 2, 8), round(float(unseen_positions(6, 1, 2, 8, 3, "11/10")), 10)
    (51/224, 0.1412806784)
    """
    total, dimension, chosen = whole_sizes(T, d, q)
    longer = read_size(T1, "T1")
    if not isinstance(longer, int):
        raise InvalidType("T1", "must be an integer here", T1)
    if longer < total:
        raise InvalidArgument(
            "T1", f"must be at least T = {displayed(total)}", f"it is {displayed(longer)}"
        )
    limit = isinstance(a, (sp.Basic, float)) and a == sp.oo
    score = sp.Integer(0) if limit else exact_score(a)
    value = exact_expression(c, "c")
    whole = sp.Integer(0)
    for old in range(max(0, chosen - (longer - total)), min(chosen, total) + 1):
        ways = sp.binomial(total, old) * sp.binomial(longer - total, chosen - old)
        if limit:
            weights = _hard(total, chosen, longer, old)
        else:
            shift = -score * sp.Rational(old, total)
            powers = sp.exp(score + shift), sp.Integer(1), sp.exp(shift)
            norm = old * powers[0] + (longer - total) * powers[1] + (total - old) * powers[2]
            weights = powers[0] / norm, powers[1] / norm, powers[2] / norm
        old_in, new, old_out = weights
        missed = old * (value * old_in - sp.Rational(1, chosen)) ** 2
        missed += (chosen - old) * (value * new - sp.Rational(1, chosen)) ** 2
        strayed = (longer - total - chosen + old) * new**2 + (total - old) * old_out**2
        whole += ways * (missed + value**2 * strayed)
    return dimension * whole / sp.binomial(longer, chosen)


def _hard(T: int, q: int, T1: int, old: int) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
    """The weights of old selected, new and old unselected tokens as a grows."""
    none = sp.Integer(0)
    if old:
        # At k = T old selected tokens score 0 like the new ones.
        ahead = old < T
        share = sp.Rational(1, old if ahead else T1)
        return share, none if ahead else share, none
    return none, sp.Rational(1, T1), sp.Rational(1, T1)
