"""Searches in one number: the smallest value of a smooth function of the score, and the narrowest width that is enough."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

#: Scores beyond are as good as infinite.
LARGEST_SCORE = 1e4


def smallest(function: Callable[[float], float], guess: float) -> float:
    """Where a positive function that falls and then rises, over scores 0 < a <= `LARGEST_SCORE`, is smallest; ``guess`` is near it at best.

    A function that falls all the way, as with codes that may coincide, has its smallest value at the end.
    """
    from scipy.optimize import minimize_scalar

    def height(log_a: float) -> float:
        return float(np.log(max(function(float(np.exp(log_a))), 1e-300)))

    middle, step = float(np.log(guess)), 0.25
    at = {x: height(x) for x in (middle - step, middle, middle + step)}
    for _ in range(60):
        places = sorted(at)
        best = min(at, key=lambda x: at[x])
        if best not in (places[0], places[-1]):
            break
        end = min(best + (-step if best == places[0] else step), float(np.log(LARGEST_SCORE)))
        if end in at:
            break
        at[end] = height(end)
        step *= 1.3
    places = sorted(at)
    best = min(at, key=lambda x: at[x])
    k = places.index(best)
    if not (0 < k < len(places) - 1 and at[places[k - 1]] > at[best] < at[places[k + 1]]):
        return float(np.exp(best))
    found = minimize_scalar(height, bracket=tuple(places[k - 1 : k + 2]), options={"xtol": 1e-7})
    return float(np.exp(found.x))


def narrowest(enough: Callable[[int], float], least: int, most: int, guess: int) -> int | None:
    """The least width from ``least`` to ``most`` at which ``enough`` is not positive; it decreases with the width. None where there is none."""
    if enough(least) <= 0:
        return least
    low, high = least, min(max(guess, least + 1), most)
    while enough(high) > 0:
        if high == most:
            return None
        low, high = high, min(2 * high, most)
    while high - low > 1:
        # Losses are a power or an exponential of m: the chord in between, kept off the ends.
        at_low, at_high = enough(low), enough(high)
        share = at_low / (at_low - at_high)
        middle = round(low + min(max(share, 0.1), 0.9) * (high - low))
        middle = min(max(middle, low + 1), high - 1)
        low, high = (middle, high) if enough(middle) > 0 else (low, middle)
    return high
