r"""One attention head on sparse token selection: its population loss in two numbers.

One-hot positions p_i, scores W 1_y, output V sum_i softmax(W 1_y)_i x_i. Gradient flow of the population loss from W = 0, V = 0
stays at W = a (I - J/T), V = c I, by equivariance under S_T x O(d) (`symkern.derivations.selection.reduction`). There the weights are

    p_in = e^a / Z on the q selected tokens,   p_out = 1 / Z on the others,   Z = q e^a + T - q,

    loss = d [ q (c p_in - 1/q)^2 + (T-q) c^2 p_out^2 ].

Only a and c matter: J adds a constant to all scores. Source: Wang, Wei, Hsu, Lee, ICML 2024 (arXiv 2406.06893), for the model; the
closed forms are derived in `symkern.derivations.selection.head`.

Given a float among a and c the functions compute and return floats, without overflow and without loss of digits in c p_in - 1/q
at large a; given exact numbers or symbols they return SymPy expressions in e^a.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp

from symkern.bounds.selection import symbols
from symkern.bounds.selection.selection_arguments import evaluate, exact_score, read_sizes
from symkern.exact import exact_expression


def attention_weights(T: object = symbols.T, q: object = symbols.q, a: object = symbols.a) -> Any:
    """The weights (p_in, p_out) of a selected and of another token.

    Args:
        T: the number of tokens, at least 2.
        q: how many tokens are selected, from 1 to T.
        a: the score of the selected tokens: exact, a symbol or a float; arrays broadcast.

    Returns:
        A pair of SymPy values, an expression where a symbol is among the arguments; floats where a float is.

    Raises:
        InvalidArgument: sizes that break T >= 2, 1 <= q <= T.

    >>> attention_weights(6, 2, 0)
    (1/6, 1/6)
    >>> attention_weights()
    (exp(a)/(T + q*exp(a) - q), 1/(T + q*exp(a) - q))
    """
    return evaluate(_exact_weights, _floating_weights, {"T": T, "q": q}, {"a": a})


def _exact_weights(T: object, q: object, a: object) -> tuple[sp.Expr, sp.Expr]:
    total, _, chosen = read_sizes(T, 1, q)
    score = sp.exp(exact_score(a))
    whole = chosen * score + total - chosen
    return score / whole, 1 / whole


def _scaled(T: Any, q: Any, a: Any) -> tuple[Any, Any, Any]:
    """(e^a, 1, Z) divided by max(e^a, 1); where all tokens are selected a plays no part, and is kept from running Z to 0."""
    a = np.where(q == T, np.maximum(a, 0.0), a)
    inside, outside = np.exp(np.minimum(a, 0.0)), np.exp(-np.maximum(a, 0.0))
    return inside, outside, q * inside + (T - q) * outside


def _floating_weights(T: Any, q: Any, a: Any) -> tuple[Any, Any]:
    inside, outside, whole = _scaled(T, q, a)
    return inside / whole, outside / whole


def population_loss(
    T: object = symbols.T,
    d: object = symbols.d,
    q: object = symbols.q,
    a: object = symbols.a,
    c: object = symbols.c,
) -> Any:
    """The population loss d [q (c p_in - 1/q)^2 + (T-q) c^2 p_out^2] of the head (a, c).

    Args:
        T: the number of tokens, at least 2.
        d: the dimension of a token, at least 1.
        q: how many tokens are selected, from 1 to T.
        a: the score of the selected tokens: exact, a symbol or a float; arrays broadcast.
        c: the value: exact, a symbol or a float; arrays broadcast.

    Returns:
        An exact SymPy value unless a or c is a float; an array where an argument is one.

    Raises:
        InvalidArgument: sizes that break T >= 2, d >= 1, 1 <= q <= T.

    >>> population_loss(4, 1, 2, 0, 1), population_loss(4, 1, 2, 0.0, 1.0)
    (1/4, 0.25)
    >>> population_loss(4, 1, 2, "0", 0)
    1/2
    >>> population_loss(5, 3, 1, a=symbols.a, c=0)
    3
    """
    return evaluate(exact_loss, floating_loss, {"T": T, "d": d, "q": q}, {"a": a, "c": c})


def exact_loss(T: object, d: object, q: object, a: object, c: object) -> sp.Expr:
    """`population_loss` at exact numbers and symbols."""
    total, dimension, chosen = read_sizes(T, d, q)
    inside, outside = _exact_weights(total, chosen, a)
    value = exact_expression(c, "c")
    missed = chosen * (value * inside - 1 / chosen) ** 2
    return dimension * (missed + (total - chosen) * (value * outside) ** 2)


def floating_loss(T: Any, d: Any, q: Any, a: Any, c: Any) -> Any:
    """`population_loss` at floats."""
    return loss_near_one(T, d, q, a, c - 1.0)


def loss_near_one(T: Any, d: Any, q: Any, a: Any, excess: Any) -> Any:
    """In floating point, the loss at c = 1 + excess; keeps its digits where both parts of it are tiny."""
    inside, outside, whole = _scaled(T, q, a)
    # c p_in - 1/q with its leading terms cancelled by hand
    missed = (q * excess * inside - (T - q) * outside) / whole
    strayed = (1.0 + excess) * outside / whole
    return d * (missed**2 / q + (T - q) * strayed**2)


def loss_gradient(
    T: object = symbols.T,
    d: object = symbols.d,
    q: object = symbols.q,
    a: object = symbols.a,
    c: object = symbols.c,
) -> Any:
    """The derivatives of the loss by a and by c, in this order.

    dloss/da = 2 d q (T-q) c p_in p_out (c p_in - c p_out - 1/q), dloss/dc = 2 d [q p_in (c p_in - 1/q) + (T-q) c p_out^2].

    Args:
        T: the number of tokens, at least 2.
        d: the dimension of a token, at least 1.
        q: how many tokens are selected, from 1 to T.
        a: the score of the selected tokens: exact, a symbol or a float; arrays broadcast.
        c: the value: exact, a symbol or a float; arrays broadcast.

    >>> loss_gradient(4, 1, 2, 0, 0)
    (0, -1/2)
    """
    return evaluate(_exact_gradient, _floating_gradient, {"T": T, "d": d, "q": q}, {"a": a, "c": c})


def _exact_gradient(
    T: object, d: object, q: object, a: object, c: object
) -> tuple[sp.Expr, sp.Expr]:
    total, dimension, chosen = read_sizes(T, d, q)
    inside, outside = _exact_weights(total, chosen, a)
    value, others = exact_expression(c, "c"), total - chosen
    by_a = 2 * dimension * chosen * others * value * inside * outside
    by_a *= value * inside - value * outside - 1 / chosen
    by_c = chosen * inside * (value * inside - 1 / chosen) + others * value * outside**2
    return by_a, 2 * dimension * by_c


def _floating_gradient(T: Any, d: Any, q: Any, a: Any, c: Any) -> tuple[Any, Any]:
    inside, outside, whole = _scaled(T, q, a)
    missed = q * (c - 1.0) * inside - (T - q) * outside
    by_a = 2 * d * (T - q) * c * inside * outside * (missed - c * q * outside) / whole**3
    by_c = 2 * d * (inside * missed + (T - q) * c * outside**2) / whole**2
    return by_a, by_c


def best_value(T: object = symbols.T, q: object = symbols.q, a: object = symbols.a) -> Any:
    """The best c at a given a: e^a (q e^a + T - q)/(q e^{2a} + T - q).

    It is 1 at a = 0 and tends to 1, from above, as a grows.

    Args:
        T: the number of tokens, at least 2.
        q: how many tokens are selected, from 1 to T.
        a: the score of the selected tokens: exact, a symbol or a float; arrays broadcast.

    Returns:
        A SymPy value, an expression where a symbol is among the arguments; a float where a float is.

    Raises:
        InvalidArgument: sizes that break T >= 2, 1 <= q <= T.

    >>> best_value(6, 2, 0), best_value()
    (1, (T + q*exp(a) - q)*exp(a)/(T + q*exp(2*a) - q))
    """
    return evaluate(exact_best_value, floating_best_value, {"T": T, "q": q}, {"a": a})


def exact_best_value(T: object, q: object, a: object) -> sp.Expr:
    """`best_value` at exact numbers and symbols."""
    total, _, chosen = read_sizes(T, 1, q)
    exponent = exact_score(a)
    score = sp.exp(exponent)
    others = total - chosen
    return score * (chosen * score + others) / (chosen * sp.exp(2 * exponent) + others)


def floating_best_value(T: Any, q: Any, a: Any) -> Any:
    """`best_value` at floats."""
    inside, outside, whole = _scaled(T, q, a)
    return inside * whole / (q * inside**2 + (T - q) * outside**2)


def best_loss(
    T: object = symbols.T, d: object = symbols.d, q: object = symbols.q, a: object = symbols.a
) -> Any:
    """The loss at the best c: (d/q)(T-q)/(q e^{2a} + T - q). It decreases in a.

    Args:
        T: the number of tokens, at least 2.
        d: the dimension of a token, at least 1.
        q: how many tokens are selected, from 1 to T.
        a: the score of the selected tokens: exact, a symbol or a float; arrays broadcast.

    Returns:
        A SymPy value, an expression where a symbol is among the arguments; a float where a float is.

    Raises:
        InvalidArgument: sizes that break T >= 2, d >= 1, 1 <= q <= T.

    >>> best_loss(6, 2, 2, 0), best_loss()
    (2/3, d*(T - q)/(q*(T + q*exp(2*a) - q)))
    """
    return evaluate(_exact_best_loss, _floating_best_loss, {"T": T, "d": d, "q": q}, {"a": a})


def _exact_best_loss(T: object, d: object, q: object, a: object) -> sp.Expr:
    total, dimension, chosen = read_sizes(T, d, q)
    score = sp.exp(2 * exact_score(a))
    return dimension * (total - chosen) / (chosen * (chosen * score + total - chosen))


def _floating_best_loss(T: Any, d: Any, q: Any, a: Any) -> Any:
    inside, outside, _ = _scaled(T, q, a)
    others = (T - q) * outside**2
    return d / q * others / (q * inside**2 + others)
