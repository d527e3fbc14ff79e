r"""Laws of selection with random codes: leading orders, derived by asymptotic arguments and checked numerically, not proved.

* Sum query, q >= 3. In-scores differ by noise of variance a^2 (q-2)/m, so that loss ~ d [(q-1)(q-2) a^2/m + (T-q) e^{-2a}]/q^2: the best a is
  W(2 m (T-q)/((q-1)(q-2)))/2, W Lambert's function, and the least loss d (q-1)(q-2)(a^2+a)/(q^2 m): it falls like log(m)^2/m.
* Dual query, and sum query with q = 2. The best a is m/(q nu), times 3/2 for the sum query, and the least loss d G(nu) (q+1)/q (T-q) p1,
  with p1 and G of `code_floors`: exponentially small in m.
* q = 1. The loss goes to 0 as a power of a, d 2 (T-1) pi^{-1/2} Gamma(m/2) 2^{s-1} (eta(s) - eta(s-1)) a^{-s} with s = (m-1)/2 and Dirichlet's eta.
* T -> oo with m and a fixed: the sum over the others of e^{k t} is close to its mean n 0F1(; m/2; k^2/4).
* Before the floor, loss ~ m/(k^2 t) with k = -dlog loss/da, which tends to 2 as m grows.
"""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln, lambertw, zeta

from symkern.bounds.selection.codes.code_arguments import (
    read_code_sizes,
    read_score,
    read_words,
    require_query,
)
from symkern.bounds.selection.codes.code_floors import deception, floor_constant
from symkern.bounds.selection.codes.code_nodes import equal_scores, gram_scores
from symkern.errors import InvalidArgument, displayed
from symkern.exact.real_arguments import Floats
from symkern.limits import check_time, within_time
from symkern.reading.annotated import typed


def sum_floor(T: int, d: int, q: int, m: int) -> tuple[float, float]:
    """(a, least loss) of the sum query with 3 <= q < T, by the law.

    >>> tuple(round(x, 4) for x in sum_floor(12, 1, 3, 64))
    (2.3948, 0.0282)
    """
    noise = (q - 1) * (q - 2)
    a = float(np.real(lambertw(2 * m * (T - q) / noise))) / 2
    return a, d * noise * (a * a + a) / (q * q * m)


def rare_floor(T: int, d: int, q: int, m: int, query: str) -> tuple[float, float]:
    """(a, least loss) of the dual query with 2 <= q < T, or of the sum query with q = 2, by the law.

    >>> f"{rare_floor(12, 1, 3, 64, 'dual')[1]:.3e}"
    '9.502e-06'
    """
    nu, size = floor_constant(q)
    a = m / (q * nu) * (1.5 if query == "sum" else 1.0)
    return a, d * size * (q + 1) / q * (T - q) * deception(m, q)


@typed
def power_law(T: int, d: int, m: int) -> tuple[float, float]:
    """(coefficient, s) of the loss ~ coefficient a^{-s} of one selected token, m >= 3.

    Args:
        T: the number of tokens, at least 2.
        d: the dimension of a token, at least 1.
        m: the width of the codes, at least 3.

    Raises:
        InvalidArgument: a width below 3, or one whose coefficient is no float.

    >>> coefficient, s = power_law(12, 1, 8)
    >>> s, f"{coefficient * 400.0**-s:.5e}"
    (3.5, '1.98641e-08')
    """
    if m < 3:
        raise InvalidArgument("m", "must be at least 3 for the power law", f"it is {displayed(m)}")
    T, d, _, m = read_code_sizes(T, d, 1, m)
    s = (m - 1) / 2
    logs = gammaln(m / 2) + (s - 1) * np.log(2) - 0.5 * np.log(np.pi)
    with np.errstate(over="ignore"):
        coefficient = float(2 * d * (T - 1) * np.exp(logs + _log_step(s)))
    if coefficient == np.inf:
        raise InvalidArgument("m", "must have a coefficient below 10^308", f"it is {m}")
    return coefficient, s


def _log_step(s: float) -> float:
    """log(eta(s) - eta(s - 1)): from s = 8 on without the ones that cancel, 2^{-s} sum_{k >= 2} (-1)^k (k - 1) (2/k)^s."""
    if s < 8:
        return float(np.log(_eta(s) - _eta(s - 1)))
    k = np.arange(2, 400)
    return float(np.log(np.sum((-1.0) ** k * (k - 1) * (2 / k) ** s))) - s * float(np.log(2))


def _eta(s: float) -> float:
    """Dirichlet's eta, sum (-1)^{k-1} k^{-s}, for s >= 0."""
    if s == 0:
        return 0.5
    if s == 1:
        return float(np.log(2))
    if s < 1:  # here s = 1/2: by the functional equation's value, 1 - sqrt(2) times zeta(1/2)
        return (1 - 2 ** (1 - s)) * -1.4603545088095868
    return float((1 - 2 ** (1 - s)) * zeta(s))


@typed
def many_tokens(T: int, q: int, m: int, query: str, a: float) -> tuple[float, float]:
    """(A, B) as T -> oo at fixed m and a, by the law; codes on the sphere, the sum query with q <= 3 or the dual one.

    Args:
        T: the number of tokens, at least q.
        q: how many of them are selected; at most 3 with the sum query.
        m: the width of the codes.
        query: "sum" or "dual".
        a: the score, at least 0.

    Raises:
        InvalidArgument: the sum query with q > 3, the dual one with q > m, another word, a negative score.
        TooLong: beyond the time of `symkern.limits`.

    >>> round(many_tokens(2000, 1, 32, "sum", 5.0)[1], 8)
    0.04803198
    """
    query, codes = read_words(query, "sphere")
    T, _, q, m = read_code_sizes(T, 1, q, m)
    require_query(q, m, query, codes)
    if query == "sum" and q > 3:
        raise InvalidArgument("q", "must be at most 3 in this law of the sum query", f"it is {q}")
    a = read_score(a, query == "dual" or q < 3)
    with within_time("this law of many tokens", "smaller scores take less"):
        return _many_tokens(T, q, m, query, a)


def _many_tokens(T: int, q: int, m: int, query: str, a: float) -> tuple[float, float]:
    if query == "sum" and q == 3:
        weights, scores, rho = gram_scores(m)
    else:
        nodes = equal_scores(m, q, query)
        weights, rho = np.array([n.weight for n in nodes]), np.array([n.rho for n in nodes])
        scores = np.array([[n.score] * q for n in nodes])
    top = a * scores.max(axis=1)
    inside = np.exp(a * scores - top[:, None])
    others = (T - q) * _mean_power(m, a * rho, top)
    whole = inside.sum(axis=1) + others
    squares = (inside**2).sum(axis=1) + (T - q) * _mean_power(m, 2 * a * rho, 2 * top)
    return float(weights @ (squares / whole**2)), float(weights @ (inside.sum(axis=1) / whole)) / q


def _mean_power(m: int, k: Floats, top: Floats) -> Floats:
    """E e^{k t - top} = 0F1(; m/2; k^2/4) e^{-top} on the sphere of R^m, by the trapezoidal rule in artanh t, where nothing overflows."""
    slope = max(float(np.max(k)), 1.0)
    x = np.arange(-1.0, 1.0, min(1e-3, 0.1 / slope)) * min(20.0, 12.0 / np.sqrt(m - 1) + 1.0)
    logs = (1 - m) * np.log(np.cosh(x))
    density = np.exp(logs) / np.exp(logs).sum()
    found = []
    for one, shift in zip(k, top, strict=True):
        check_time()
        found.append(density @ np.exp(one * np.tanh(x) - shift))
    return np.array(found)
