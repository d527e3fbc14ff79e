r"""Several heads with the same random codes: their loss by Monte Carlo, with its standard error.

All heads see the same codes, with scores a_h z_i.u. The loss d (c^T M c - 2 b^T c + 1/q), with M_gh = E sum_i p^g_i p^h_i and b_h = (1/q) E sum of p^h
over y, is quadratic in c and solved for; the scores are searched. The best pair is a head and almost its own derivative in a: a_1 close to a_2 with
large opposite values. It lowers the floor of the sum query, and does not remove it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symkern.bounds.selection.codes.code_arguments import (
    read_code_sizes,
    read_words,
    require_query,
)
from symkern.claims import Standing
from symkern.errors import InvalidArgument, TooLarge, displayed
from symkern.exact.real_arguments import Floats, read_reals
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.typeset.shown import Shown


@dataclass(frozen=True)
@typed
class CodeHeads(Shown):
    """Heads with the scores ``a`` at their best values ``c``: the ``loss`` and its ``standard_error``, from ``draws`` draws of codes."""

    a: tuple[float, ...]
    c: tuple[float, ...]
    loss: float
    standard_error: float
    draws: int
    seed: int
    standing: Standing = Standing.SAMPLED


def code_heads(
    T: object, d: object, q: object, m: object, H: object = 2, query: object = "sum",
    a: object = None, *, draws: int = 10_000, seed: int = 0,
) -> CodeHeads:  # fmt: skip
    """H heads with random codes of width m on the sphere, at their best values; at the scores ``a``, or at the best ones (Monte Carlo).

    Args:
        T: how many tokens.
        d: their dimension.
        q: how many are selected.
        m: the width of the codes.
        H: how many heads, 1 or 2 where the scores are searched.
        query: "sum" or "dual".
        a: the scores; searched where none are given, on the same draws, whose loss is then a little too low.
        draws: how many sets of T codes are drawn.
        seed: of these draws.

    >>> one = code_heads(8, 1, 3, 16, H=1, a=[2], draws=2000)
    >>> one.loss > code_heads(8, 1, 3, 16, a=[1.9, 2.1], draws=2000).loss
    True
    """
    total, dimension, chosen, width = read_code_sizes(T, d, q, m)
    word, _ = read_words(query, "sphere")
    require_query(chosen, width, word, "sphere")
    many = read_integer(draws, "draws", 2, current().flow_points)
    entries = many * total * width
    if entries > current().code_draws:
        raise TooLarge("the codes of all draws", 8 * entries, 8 * current().code_draws)
    scores = _cosines(total, chosen, width, word, many, read_integer(seed, "seed", 0))
    if a is None:
        number = read_integer(H, "H", 1, 2)
        found = _searched(scores, chosen, number)
    else:
        found = read_reals(a, "a").ravel()
        if not len(found) or np.abs(found).max() > current().flow_start:
            raise InvalidArgument("a", f"must hold numbers of at most {current().flow_start:g} in size", f"it is {displayed(a)}")  # fmt: skip
    values, loss, error = _solved(scores, chosen, found)
    return CodeHeads(
        tuple(map(float, found)), tuple(map(float, values)), dimension * loss, dimension * error, many, seed,
    )  # fmt: skip


def _cosines(T: int, q: int, m: int, query: str, draws: int, seed: int) -> Floats:
    """z_i.u for all tokens, those of y first, of shape (draws, T)."""
    codes = np.random.default_rng(seed).standard_normal((draws, T, m))
    codes /= np.linalg.norm(codes, axis=2, keepdims=True)
    chosen = codes[:, :q]
    if query == "sum":
        u = chosen.sum(axis=1)
    else:
        gram = chosen @ chosen.transpose(0, 2, 1)
        u = np.einsum("nim,ni->nm", chosen, np.linalg.solve(gram, np.ones((draws, q, 1)))[..., 0])
    return np.asarray(np.einsum("nim,nm->ni", codes, u))


def _solved(scores: Floats, q: int, a: Floats) -> tuple[Floats, float, float]:
    """The best values, the loss and its standard error."""
    weights = []
    for one in a:
        logits = one * scores
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        weights.append(p / p.sum(axis=1, keepdims=True))
    p = np.array(weights)
    moment = np.einsum("gni,hni->gh", p, p) / len(scores)
    aim = p[:, :, :q].sum(axis=2).mean(axis=1) / q
    values = np.linalg.lstsq(moment, aim, rcond=1e-13)[0]
    errors = np.einsum("h,hni->ni", values, p)
    errors[:, :q] -= 1 / q
    each = (errors**2).sum(axis=1)
    return values, float(each.mean()), float(each.std() / np.sqrt(len(each)))


def _searched(scores: Floats, q: int, H: int) -> Floats:
    from scipy.optimize import minimize

    def height(x: Floats) -> float:
        a = np.exp(x[0]) + (np.array([0.0]) if H == 1 else np.exp(x[1]) * np.array([-0.5, 0.5]))
        return _solved(scores, q, a)[1]

    start = [0.7] if H == 1 else [0.7, -1.0]
    bounds = [(-3.0, 5.0)] if H == 1 else [(-3.0, 5.0), (-4.0, 2.0)]
    found = minimize(height, start, method="Nelder-Mead", bounds=bounds, options={"xatol": 1e-3, "fatol": 1e-8})  # fmt: skip
    middle = np.exp(found.x[0])
    if H == 1:
        return np.array([middle])
    return np.asarray(middle + np.exp(found.x[1]) * np.array([-0.5, 0.5]))
