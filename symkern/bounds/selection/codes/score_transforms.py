r"""What the scores of unselected tokens do to the weights: three transforms of e^{kappa t} (floating point).

The score of a code outside y is kappa t, with t the cosine between a random code and the query. With w = e^{kappa t} and log s = sigma,

    D = E (1 - e^{-s w}),   G1 = E s w e^{-s w},   G2 = E (s w)^2 e^{-s w}.

On the sphere of R^m the density of t is proportional to (1 - t^2)^{(m-3)/2}. In x = artanh t it is proportional to cosh(x)^{-(m-1)}, an
analytic function, so that the trapezoidal rule converges faster than any power of its step; e^{-s w} sets its step, since it falls off
where kappa t passes -sigma. Nodes reach far beyond the bulk: losses that are exponentially small in m come from rare codes.
In a high dimension the rule is taken in t itself, where all three are convolutions. In a low one, where kappa is so large that the ends
t = 1 and t = -1 count, they are convolutions of P(kappa t > v) with e^{v - e^v} and its derivatives; there some six digits are right.

No exponent overflows: s w is cut off at e^7, where e^{-s w} is zero to double precision.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import betainc

from symkern.exact.real_arguments import Floats

#: exp(-NEGLIGIBLE) is left out of every sum.
NEGLIGIBLE = 40.0
#: Step in log(s w): the error of the trapezoidal rule is of order exp(-pi^2/step).
STEP = 0.25
#: From here on the density of t vanishes fast enough at its ends for a rule in t.
_HIGH_DIMENSION = 12
#: Scores up to this size need few nodes, and convolutions would need a fine step.
_SHORT = 3.0
#: Below it, scores up to this size are summed one by one.
_SUMMED = 12.0
#: Scores beyond are as good as infinite: what lies between is missed by the fraction 40/kappa of codes that are rare themselves.
LARGEST = 2e3


def transforms(
    m: int, kappa: float, sigma: Floats, rare: float = 0.0, to_the_end: bool = False
) -> tuple[Floats, Floats, Floats]:
    """(D, G1, G2) on the sphere of R^m at every ``sigma``, whose step is `STEP`.

    ``rare`` is the logarithm of how rare the codes are that still count; ``to_the_end`` puts nodes up to t = 1, where the best codes
    are when there are no better ones.
    """
    if m == 1:
        return summed(np.array([kappa, -kappa]), np.array([0.5, 0.5]), sigma)
    if m >= _HIGH_DIMENSION and kappa > _SHORT and not to_the_end:
        return _convolved(m, kappa, sigma, rare)
    if kappa > _SUMMED and not to_the_end:
        return _surviving(m, kappa, sigma)
    slope = min(kappa, 2 * NEGLIGIBLE + 10) if to_the_end else kappa
    # In a low dimension e^{-s w} has singularities close to those of the density.
    bulk = 0.5 / np.sqrt(m - 1) if m >= _HIGH_DIMENSION else 0.15
    step = min(bulk, 0.35 / slope) if slope else bulk
    low = _reach(m, NEGLIGIBLE)
    high = _reach(m, NEGLIGIBLE + rare) + (0.5 * np.log1p(2 * kappa) if to_the_end else 0.0)
    x = np.arange(-np.ceil(low / step), np.ceil(high / step) + 1) * step
    size = np.abs(x)
    weights = np.exp(-(m - 1) * (size + np.log1p(np.exp(-2 * size)) - np.log(2)))
    return summed(kappa * np.tanh(x), weights / weights.sum(), sigma)


def summed(scores: Floats, weights: Floats, sigma: Floats) -> tuple[Floats, Floats, Floats]:
    """(D, G1, G2) of a score that takes the values ``scores`` with the probabilities ``weights``."""
    shares = np.exp(np.minimum(sigma[:, None] + scores, 7.0))
    missed = -np.expm1(-shares)
    once = shares * (1.0 - missed)
    twice = shares * once
    return missed @ weights, once @ weights, twice @ weights


def _reach(m: int, cost: float) -> float:
    """The x at which cosh(x)^(m-1) = e^cost."""
    each = cost / (m - 1)
    return float(np.arccosh(np.exp(each))) if each < 300 else each + float(np.log(2))


def _convolved(
    m: int, kappa: float, sigma: Floats, rare: float = 0.0
) -> tuple[Floats, Floats, Floats]:
    """By a rule in t whose step divides that of sigma: sums over t are convolutions in sigma + kappa t."""
    finest = min(STEP, kappa * (0.005 if m < 24 else min(0.02, 0.5 / np.sqrt(m))))
    fine = STEP / np.ceil(STEP / finest)
    stride = round(STEP / fine)
    farthest = min(1.0, 1.1 * float(np.tanh(_reach(m, NEGLIGIBLE + rare))))
    half = int(kappa * farthest / fine)
    t = np.arange(-half, half + 1) * (fine / kappa)
    weights = np.exp(0.5 * (m - 3) * np.log1p(-np.minimum(t * t, 1.0 - 1e-16)))
    weights /= weights.sum()
    count = stride * (len(sigma) - 1) + 1
    shares = np.exp(np.minimum(sigma[0] + fine * np.arange(-half, count + half), 7.0))
    missed = -np.expm1(-shares)
    once = shares * (1.0 - missed)

    def collected(values: Floats) -> Any:
        return np.convolve(values, weights, mode="valid")[::stride]

    return collected(missed), collected(once), collected(shares * once)


def _surviving(m: int, kappa: float, sigma: Floats) -> tuple[Floats, Floats, Floats]:
    """From P(t > x), by parts, where the density of t may be infinite at its ends."""
    fold = int(np.clip(round(200 / kappa), 1, 16))
    fine = STEP / fold
    v = np.arange(round(-NEGLIGIBLE / fine), round(4 / fine) + 1) * fine
    growth = np.exp(v)
    kernel = fine * growth * np.exp(-growth)
    kernels = kernel, kernel * (1 - growth), kernel * growth * (2 - growth)
    count = fold * (len(sigma) - 1) + 1
    # At sigma_i the argument of P(t > .) is (v - sigma_i)/kappa: the grid of v - sigma runs downwards in i.
    reached = (v[-1] - sigma[0] - fine * np.arange(count + len(v) - 1)) / kappa
    x = np.clip(reached, -1.0, 1.0)
    tail = 0.5 * betainc((m - 1) / 2, 0.5, 1 - x * x)
    above = np.where(x > 0, tail, 1 - tail)
    found = [np.convolve(above, k, mode="valid")[::fold] for k in kernels]
    return np.clip(found[0], 0.0, 1.0), np.maximum(found[1], 0.0), np.maximum(found[2], 0.0)
