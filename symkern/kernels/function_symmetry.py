"""Whether a function of two sequences changes when the positions of both are permuted alike.

All pairs and adjacent transpositions are tried where they number up to ``exhaustive_evaluations`` of `symkern.limits`, seeded random pairs above that.
"""

from __future__ import annotations

import random
from itertools import product
from typing import Any

from symkern.errors import InvalidArgument, SymmetryError
from symkern.exact.balls import precision
from symkern.kernels.function_values import Given, finite_real, require_known, same, without_floats
from symkern.limits import current
from symkern.reading.integers import power_exceeds

SEED = 20240506


def check_positions(kernel: Given, length: int, letters: int, doubts: list[Any]) -> bool:
    """Check f(gx, gy) = f(x, y); True where all adjacent transpositions were, False where random ones were."""
    with precision(current().checked_bits):
        return _check_pairs(kernel, length, letters, doubts)


def _check_pairs(kernel: Given, length: int, letters: int, doubts: list[Any]) -> bool:
    def read(x: Any, y: Any) -> tuple[Any, Any]:
        given = without_floats(kernel.value(x, y)) if kernel.parameters else kernel.value(x, y)
        where = f"f(x, y) at x = {x}, y = {y}"
        require_known(given, kernel.parameters, where)
        try:
            return finite_real(given, where), given
        except InvalidArgument:
            if not kernel.parameters:
                raise
            return None, given  # exponentials that the values on tables do not have

    if letters == 1:  # one sequence, which no permutation changes
        return True
    swaps = max(length - 1, 1)
    if not power_exceeds(letters, 2 * length, current().exhaustive_evaluations // swaps):
        words = list(product(range(letters), repeat=length))
        values = {(x, y): read(x, y) for x in words for y in words}
        for (x, y), value in values.items():
            for i in range(length - 1):
                if not same(values[_swapped(x, i), _swapped(y, i)], value, doubts):
                    order = list(range(length))
                    order[i], order[i + 1] = i + 1, i
                    raise _asymmetric(tuple(order), x, y)
        return True
    rng = random.Random(SEED)
    for _ in range(current().sampled_pairs):
        x, y = (tuple(rng.randrange(letters) for _ in range(length)) for _ in range(2))
        value = read(x, y)
        order = list(range(length))
        rng.shuffle(order)
        gx, gy = tuple(x[i] for i in order), tuple(y[i] for i in order)
        if not same(read(gx, gy), value, doubts):
            raise _asymmetric(tuple(order), x, y)
    return False


def _swapped(x: tuple[int, ...], i: int) -> tuple[int, ...]:
    return (*x[:i], x[i + 1], x[i], *x[i + 2 :])


def _asymmetric(order: tuple[int, ...], x: tuple[int, ...], y: tuple[int, ...]) -> SymmetryError:
    return SymmetryError(
        "kernel",
        "must not change when both sequences are permuted alike",
        f"it does under the permutation {order} at x = {x}, y = {y}",
        (order, (x, y)),
    )
