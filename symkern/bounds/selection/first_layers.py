r"""What a narrow first layer costs: the fully-connected lower bound of sparse token selection.

x_1..x_T are independent N(0, I_d), y is a uniform q-subset, STS = (1/q) sum of x_i over y. A network sees x only
through W x, W of m rows. With P the projector on the row space of W and M = E 1_y 1_y^T, the least error is

    min_f E |f(W x, y) - STS|^2 = (1/q^2) tr((1 - P)(M (x) I_d)),

so over all W it is the sum of the Td - m smallest eigenvalues of (M (x) I_d)/q^2. The smallest, (T-q)/(q T (T-1)), has
multiplicity (T-1) d, hence the bound (Td-m)(T-q)/(q T (T-1)), with equality for d <= m <= Td.

What attains it. A network whose later layers see W x *and* y attains it. One that sees only the m
numbers W x + U y has it as an infimum: it is approached as U grows, when y can be told from them. It is attained by a finite U
for q = T, for m = d, where the best f is the mean of all x_i and does not ask for y, and for m > Td; for d < m <= Td and q < T it is
not, because the best f differs from one y to another and every y stays possible given the m numbers.

Source: Wang, Wei, Hsu, Lee, ICML 2024 (arXiv 2406.06893), for the bound; the constant is worked out here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp

from symkern.bounds.selection import symbols
from symkern.bounds.selection.selection_arguments import (
    evaluate,
    read_size,
    read_sizes,
    whole_sizes,
)
from symkern.bounds.selection.subset_moment import moment_eigenvalues, subset_moment
from symkern.claims import Claim, ScalingLaw, Standing
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, TooLarge, displayed
from symkern.exact import exact_at_least, exact_expression
from symkern.exact.asymptotics import leading
from symkern.limits import current
from symkern.reading.missing_entries import without_mask
from symkern.reading.sequences import read_rows


def fully_connected(
    T: object = symbols.T, d: object = symbols.d, q: object = symbols.q, m: object = symbols.m
) -> Any:
    """Least error (Td-m)(T-q)/(q T (T-1)) behind a first layer of width m; 0 for m >= Td.

    With symbols the formula holds for 0 <= m <= Td; it is the exact least error from m = d on, and for every m where q = 1. (arXiv 2406.06893.)

    Args:
        T: the number of tokens, at least 2; all four are ints, SymPy expressions or arrays of ints, which broadcast.
        d: the dimension of a token, at least 1.
        q: how many tokens are selected, from 1 to T.
        m: the width of the first layer, at least 0.

    Returns:
        A SymPy Rational or expression; an array of them where an argument is one.

    Raises:
        InvalidArgument: T < 2, d < 1, q outside 1..T, or m < 0.

    >>> fully_connected(6, 2, 2, 4), fully_connected(6, 2, 2, 100)
    (8/15, 0)
    >>> fully_connected()
    (T - q)*(T*d - m)/(T*q*(T - 1))
    >>> fully_connected(6, 2, 7, 4)
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: q: must be at most T = 6, but it is 7
    """
    return evaluate(_bound, None, {"T": T, "d": d, "q": q, "m": m}, {})


def _bound(T: object, d: object, q: object, m: object) -> sp.Expr:
    total, dimension, chosen = read_sizes(T, d, q)
    rest = total * dimension - read_size(m, "m")
    if rest.is_nonpositive:
        return sp.Integer(0)
    return rest * (total - chosen) / (chosen * total * (total - 1))


def least_error(
    T: object = symbols.T, d: object = symbols.d, q: object = symbols.q, m: object = symbols.m
) -> Any:
    """The least error itself, for every m: the bound, and (d-m)(q-1)/(q (T-1)) more where m < d.

    With symbols it holds for 0 <= m <= Td.

    Args:
        T: the number of tokens, at least 2; all four are ints, SymPy expressions or arrays of ints, which broadcast.
        d: the dimension of a token, at least 1.
        q: how many tokens are selected, from 1 to T.
        m: the width of the first layer, at least 0.

    >>> least_error(6, 2, 2, 0), fully_connected(6, 2, 2, 0), least_error(6, 2, 2, 2)
    (1, 4/5, 2/3)
    >>> least_error(m=0).equals(symbols.d / symbols.q)
    True
    """
    return evaluate(_least_error, None, {"T": T, "d": d, "q": q, "m": m}, {})


def _least_error(T: object, d: object, q: object, m: object) -> sp.Expr:
    total, dimension, chosen = read_sizes(T, d, q)
    missing = sp.Max(dimension - read_size(m, "m"), 0)
    return _bound(T, d, q, m) + missing * (chosen - 1) / (chosen * (total - 1))


def width_needed(T: object, d: object, q: object, loss: object) -> sp.Expr:
    """The width m below which no first layer allows this error: T d - loss q T (T-1)/(T-q).

    Exact, not rounded up. It is never negative: 0 where the bound forbids no width, because the loss is at least what it is at m = 0, d (T-q)/(q
    (T-1)). With symbols the formula holds for losses up to that.

    Args:
        T: the number of tokens, at least 2.
        d: the dimension of a token, at least 1.
        q: how many tokens are selected, at least 1 and below T.
        loss: the error that is allowed, at least 0, exact.

    Raises:
        InvalidArgument: q = T, where one neuron for each coordinate of the mean is enough, and a negative loss.

    >>> from symkern.bounds.selection.symbols import T
    >>> width_needed(6, 2, 2, "4/15")
    8
    >>> width_needed(6, 2, 2, 10)
    0
    >>> width_needed(T, 4, 3, "1/2").subs(T, 100)
    23950/97
    """
    total, dimension, chosen = read_sizes(T, d, q)
    if total == chosen:
        raise InvalidArgument("q", f"must be below T = {total} here", f"it is {displayed(chosen)}")
    error = exact_at_least(loss, "loss")
    width = total * dimension - error * chosen * total * (total - 1) / (total - chosen)
    return sp.Integer(0) if width.is_negative else width


def width_for_share(T: object, d: object, q: object, share: object) -> sp.Expr:
    """The width below which no first layer brings the selected part down to this share of its squared norm: (1-share) T d + share d.

    The selected part is what is left beside the mean of all tokens, of squared norm d (T-q)/(q T). So widths of order T d are needed for every
    share below 1, whatever q < T is; relative to all of E |STS|^2 = d/q the same holds below (T-q)/(T-1) alone, see `width_needed`.

    Args:
        T: the number of tokens, at least 2.
        d: the dimension of a token, at least 1.
        q: how many tokens are selected, at least 1 and below T.
        share: the share of the selected part that may be left, from 0 to 1, exact.

    Raises:
        InvalidArgument: sizes or a share out of range, or q = T.

    >>> width_for_share(100, 4, 3, "1/2"), width_needed(100, 4, 3, "2/3"), width_needed(100, 4, 97, "2/97")
    (202, 19000/97, 0)
    """
    total, dimension, chosen = read_sizes(T, d, q)
    part = exact_at_least(share, "share")
    if (1 - part).is_negative:
        raise InvalidArgument("share", "must be at most 1", f"it is {displayed(part)}")
    return width_needed(
        total, dimension, chosen, part * dimension * (total - chosen) / (chosen * total)
    )


def fully_connected_law(
    T: object = symbols.T, d: object = symbols.d, q: object = symbols.q, m: object = symbols.m
) -> ScalingLaw:
    """The bound as a law in the symbol T.

    Args:
        T: the symbol T; nothing else makes a law in T.
        d: the dimension of a token, at least 1.
        q: how many tokens are selected; it may depend on T.
        m: the width of the first layer, at least 0.

    Raises:
        InvalidArgument: T is a number.

    >>> from symkern.bounds.selection.symbols import T
    >>> print(fully_connected_law())
    loss >= (T - q)*(T*d - m)/(T*q*(T - 1)) ~ d/q  (T >= 2, proved)
    >>> fully_connected_law(q=T / 2).exponent
    -1
    """
    formula = fully_connected(T, d, q, m)
    if not isinstance(formula, sp.Expr):
        raise InvalidType("T, d, q, m", "must be single values in a law, not arrays", formula)
    if not formula.has(symbols.T):
        raise InvalidArgument("T", "must be the symbol T in a law of T", f"it is {displayed(T)}")
    least = max(2, q) if isinstance(q, int) else 2
    term, claim = leading(formula, symbols.T), Claim("narrow first layer")
    proved = Standing.PROVED
    return ScalingLaw("loss", formula, term, {"T": least}, proved, relation=">=", claim=claim)


def best_first_layer(T: object, d: object, m: object) -> np.ndarray:
    """A first layer that leaves the least error: integers, of shape (m, T d), columns by token and then coordinate.

    The rows are orthogonal: the d sums of the coordinates over all tokens, then Helmert's contrasts (1, .., 1, -j, 0, ..) of each coordinate. It does
    not depend on q. For m > T d the rows beyond the T d-th are zero.

    Args:
        T: the number of tokens, an integer of at least 2.
        d: the dimension of a token, an integer of at least 1.
        m: the width, an integer.

    Raises:
        TooLarge: more than ``layer_entries`` of `symkern.limits`, 2^27.
        InvalidType: a width that is a symbol.

    >>> best_first_layer(3, 1, 2).tolist()
    [[1, 1, 1], [1, -1, 0]]
    """
    total, dimension, _ = whole_sizes(T, d, 1)
    width = read_size(m, "m")
    if not isinstance(width, int):
        raise InvalidType("m", "must be an integer here", m)
    if width * total * dimension > current().layer_entries:
        needed = 8 * width * total * dimension
        raise TooLarge("the first layer", needed, 8 * current().layer_entries)
    layer = np.zeros((width, total * dimension), dtype=np.int64)
    for row in range(min(width, total * dimension)):
        j, k = divmod(row, dimension)
        tokens = np.ones(total, dtype=np.int64)
        if j:
            tokens[j] = -j
            tokens[j + 1 :] = 0
        layer[row, k::dimension] = tokens
    return layer


def first_layer_loss(layer: object, T: object, d: object, q: object) -> Any:
    """The least error (1/q^2) tr((1 - P)(M (x) I_d)) of any network that sees y and x only through ``layer`` x.

    Args:
        layer: a matrix of shape (m, T d), columns by token and then coordinate, of any rank.
        T: the number of tokens, an integer of at least 2.
        d: the dimension of a token, an integer of at least 1.
        q: how many tokens are selected, an integer from 1 to T.

    Returns:
        A SymPy Rational for integers and fractions. A float matrix is computed in floating point, its row space by a singular value decomposition
        with NumPy's tolerance for the rank.

    Raises:
        SizeMismatch: not T d columns.
        InvalidArgument: an entry that is not finite.
        InvalidType: what is no matrix.

    >>> first_layer_loss(best_first_layer(6, 2, 4), 6, 2, 2)
    8/15
    >>> first_layer_loss([[1, 0, 0]], 3, 1, 1), fully_connected(3, 1, 1, 1)
    (2/3, 2/3)
    """
    total, dimension, chosen = whole_sizes(T, d, q)
    layer = without_mask(layer, "layer")
    try:
        matrix = layer if isinstance(layer, np.ndarray) else np.asarray(read_rows(layer, "layer"))
    except ValueError:  # a list in a list in a list
        raise InvalidType("layer", "must be a matrix", layer) from None
    if matrix.ndim != 2 or matrix.shape[1] != total * dimension:
        raise SizeMismatch(
            "layer", f"must be a matrix of T d = {displayed(total * dimension)} columns",
            f"its shape is {matrix.shape}",
        )  # fmt: skip
    if np.issubdtype(matrix.dtype, np.floating):
        if not np.all(np.isfinite(matrix)):
            raise InvalidArgument("layer", "must be finite", "an entry is not")
        return _floating_loss(matrix, total, dimension, chosen)
    moment = sp.Matrix(subset_moment(total, chosen).tolist())
    whole = sp.kronecker_product(moment, sp.eye(dimension))
    rows = sp.Matrix(*matrix.shape, [exact_expression(entry, "layer") for entry in matrix.flat])
    rows = rows.rref()[0][: rows.rank(), :] if rows.rows else rows
    caught = sp.Integer(0)
    if rows.rows:
        caught = ((rows * rows.T).inv() * rows * whole * rows.T).trace()
    return (whole.trace() - caught) / sp.Integer(chosen) ** 2


def _floating_loss(matrix: np.ndarray, T: int, d: int, q: int) -> float:
    on_constants, on_zero_sums = map(float, moment_eigenvalues(T, q))
    _, values, basis = np.linalg.svd(matrix, full_matrices=False)
    kept = values > values.max(initial=0.0) * max(matrix.shape) * np.finfo(float).eps
    sums = basis[kept].reshape(-1, T, d).sum(axis=1)
    constant = float(np.sum(sums**2)) / T  # trace of P on the constants
    rank = int(kept.sum())
    lost = (d - constant) * on_constants + ((T - 1) * d - (rank - constant)) * on_zero_sums
    return max(lost, 0.0) / q**2
