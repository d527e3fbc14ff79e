r"""How rare the codes are that deceive a head: the exponentially small floor of the dual query (floating point).

With the dual query, and with the sum query for q = 2, all selected tokens score alike. A fresh code scores above them with probability

    p1 = (1/2) E I_{1-b}((m-1)/2, 1/2),   b ~ Beta((m-q+1)/2, (q-1)(m-1)/2),

I the regularised incomplete beta function: exact. It is at most, rigorously,

    p1 <= Gamma(m/2) Beta((m-q)/2, q(m-1)/2) / (sqrt(pi) Gamma((m-1)/2) (m-1) Beta((m-q+1)/2, (q-1)(m-1)/2)),

and falls like e^{-r m + o(m)} with r = ((q+1)/2) log((q+1)/q) - ((q-1)/2) log(q/(q-1)). As a grows all weight goes to the best codes, and the
loss tends to f (q+1-f)/(q (1-f+qf)) for each coordinate, f = 1 - E (1 - I/2)^{T-q} the probability that one deceives.
"""

from __future__ import annotations

import numpy as np
from scipy.special import betainc, betaln, expit, gammaln

from symkern.bounds.selection.codes.code_arguments import read_deceived
from symkern.exact.real_arguments import Floats


def decay_rate(q: int) -> float:
    """The rate r at which p1 falls with m; 0 at q = 1, about 1/(2q) for large q.

    >>> round(decay_rate(3), 6)
    0.169899
    """
    if q == 1:
        return 0.0
    return (q + 1) / 2 * float(np.log1p(1 / q)) - (q - 1) / 2 * float(np.log1p(1 / (q - 1)))


def _deceived(m: int, q: int) -> tuple[Floats, Floats]:
    """Nodes in b: their weights, and the probability given b that one fresh code scores above y."""
    first, second = (m - q + 1) / 2, (q - 1) * (m - 1) / 2
    spread, mode = np.sqrt(1 / first + 1 / second), np.log(first / second)
    reach = (45 + 1.1 * m * decay_rate(q)) / min(first, second) + 12 * spread
    y = np.arange(mode - reach, mode + reach, 0.1 * spread)
    cost = first * y - (first + second) * np.logaddexp(0.0, y)
    weights = np.exp(cost - cost.max())
    above = 0.5 * betainc((m - 1) / 2, 0.5, expit(-y))
    return weights / weights.sum(), above


def deception(m: int, q: int) -> float:
    """The probability p1 that a fresh code scores above y, for 2 <= q <= m.

    Args:
        m: the width of the codes.
        q: how many tokens are selected, from 2 to m.

    Raises:
        InvalidArgument: other sizes: a single code is deceived by none, and more than m are dependent.

    >>> f"{deception(16, 2):.6e}"
    '2.772755e-03'
    """
    weights, above = _deceived(*read_deceived(m, q))
    return float(weights @ above)


def deception_bound(m: int, q: int) -> float:
    """The rigorous upper bound on p1, for 2 <= q < m.

    Args:
        m: the width of the codes.
        q: how many tokens are selected, at least 2 and below m.

    Raises:
        InvalidArgument: other sizes.

    >>> deception(32, 3) < deception_bound(32, 3) < 2 * deception(32, 3)
    True
    """
    m, q = read_deceived(m, q, below=True)
    log = gammaln(m / 2) + betaln((m - q) / 2, q * (m - 1) / 2) - 0.5 * np.log(np.pi)
    log -= gammaln((m - 1) / 2) + np.log(m - 1) + betaln((m - q + 1) / 2, (q - 1) * (m - 1) / 2)
    return float(np.exp(log))


def hard_loss(T: int, q: int, m: int) -> float:
    """The limit of the least loss as a grows, for each coordinate of the tokens, for 2 <= q <= m."""
    weights, above = _deceived(m, q)
    f = float(weights @ -np.expm1((T - q) * np.log1p(-above)))
    return f * (q + 1 - f) / (q * (1 - f + q * f))


def floor_constant(q: int) -> tuple[float, float]:
    """(nu, G(nu)), where G(nu) = q^{-nu} pi nu (1-nu)/sin(pi nu) is least on (0, 2); for q >= 2.

    >>> tuple(round(x, 5) for x in floor_constant(3))
    (1.04225, 0.33264)
    """
    from scipy.optimize import minimize_scalar

    def log_size(nu: float) -> float:
        # pi nu (1-nu)/sin(pi nu) = Gamma(1+nu) Gamma(2-nu), which has no removable pole
        return float(gammaln(1 + nu) + gammaln(2 - nu) - nu * np.log(q))

    found = minimize_scalar(log_size, bounds=(1e-9, 2 - 1e-9), method="bounded", options={"xatol": 1e-10})  # fmt: skip
    return float(found.x), float(np.exp(found.fun))
