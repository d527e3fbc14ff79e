"""The derivation of the symmetry gap."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations
from math import factorial
from typing import Any

import numpy as np
import sympy as sp

from symkern.bounds.selection.symmetry_gap import SIMULTANEOUS, symmetry_gap
from symkern.claims import Derivation, Step, reference
from symkern.derivations.selection.brute_force import beyond, gaussian_average, indicators
from symkern.exact.sparse import SparseMatrix


def _norm_sides(T: int, d: int, q: int) -> tuple[Any, Any] | None:
    """Squared norms of the two parts and their inner product, over all signs and subsets."""
    if q >= T or beyond(T, q, 6 * T * d, signs=T * d):
        return None

    def moment(first: int, second: int) -> Any:
        def products(x: np.ndarray) -> Any:
            mean = q * x.sum(axis=1)

            def at(y: tuple[int, ...]) -> np.ndarray:
                parts = (mean, T * x[:, np.array(y) == 1, :].sum(axis=1) - mean)
                return np.asarray((parts[first] * parts[second]).sum(axis=1))

            return at

        return gaussian_average(T, d, q, (q * T) ** 2, products)

    gap = symmetry_gap(T, d, q)
    expected = [gap.part("mean").squared_norm, gap.part("selection").squared_norm, 0]
    return [moment(0, 0), moment(1, 1), moment(0, 1)], expected


def _too_many_images(T: int, q: int) -> bool:
    """Whether T! images as values on (token, subset) are too many."""
    return T > 6 or beyond(T, q, T * factorial(T))


def _rank(rows: Iterable[tuple[int, ...]]) -> int:
    """The rank, of each row once: many permutations give the same image."""
    return SparseMatrix.from_dense(np.array(sorted(set(rows)), dtype=np.int64)).rank()


def _separate_sides(T: int, q: int) -> tuple[Any, Any] | None:
    """The rank of all g-images of the selection part (times T), as values on (token, subset)."""
    if q >= T or _too_many_images(T, q):
        return None
    sets = indicators(T, q)
    rows = (tuple(T * y[g[i]] - q for i in range(T) for y in sets) for g in permutations(range(T)))
    return _rank(rows), symmetry_gap(T, 1, q).part("selection").dimension


def _simultaneous_sides(T: int, q: int) -> tuple[Any, Any] | None:
    """As before, for permutations that move tokens and subset together."""
    if q >= T or _too_many_images(T, q):
        return None
    sets = indicators(T, q)
    rows = []
    for g in permutations(range(T)):
        moved = {
            (g[i], tuple(y[g.index(j)] for j in range(T))): y[i] for i in range(T) for y in sets
        }
        rows.append(tuple(T * moved[i, y] - q for i in range(T) for y in sets))
    return _rank(rows), symmetry_gap(T, 1, q).part("selection", SIMULTANEOUS).dimension


def _trace_sides(T: int, d: int, q: int) -> tuple[Any, Any] | None:
    """The eigenvalue of the kernel <x, x'> <1_y, 1_y'> on the selection part, against the bound from its trace."""
    if q >= T or beyond(T, q, T, pairs=True):
        return None
    sets = indicators(T, q)
    # The kernel maps x_0 h(y) to x_0 E_y' <1_y, 1_y'> h(y'), since E <x, x'> x'_0 = x_0.
    centred = [y[0] - y[1] for y in sets]
    image = [
        sp.Rational(sum(sum(s * u for s, u in zip(y, z, strict=True)) * h for z, h in zip(sets, centred, strict=True)), len(sets))
        for y in sets
    ]  # fmt: skip
    value = next(v / h for v, h in zip(image, centred, strict=True) if h)
    trace = T * d * q
    return value, symmetry_gap(T, d, q, trace=trace).part("selection").eigenvalue_bound


def derivation() -> Derivation:
    """The steps from the target to the two sample bounds."""
    some = {"T": (2, 3, 4), "q": (1, 2, 3), "d": (1, 2)}
    return Derivation(
        "The symmetry gap of sparse token selection",
        (
            Step(
                "two parts",
                r"\mathrm{STS} = \frac1T \sum_i x_i + \frac1q \sum_i \Bigl(1_y(i) - \frac qT\Bigr) x_i, \qquad "
                r"\frac dq = \frac dT + \frac{d (T-q)}{qT}",
                r"The two parts are orthogonal, since $\mathbb E\, 1_y(i) = q/T$; the squared norm of the second is the difference.",
                sides=_norm_sides,
                sizes={"T": (2, 3), "q": (1, 2), "d": (1, 2)},
            ),
            Step(
                "separate permutations",
                r"\operatorname{span}\{(g, h)\text{-images of the second part}\} \cong "
                r"\mathrm{std} \otimes \mathrm{std} \otimes \mathbb R^d, \qquad \dim = (T-1)^2 d",
                r"In $\sum_{ij} B_{ij} x_i 1_y(j)$ the second part is $B = I - J/T$. Permuting tokens and entries of $1_y$ separately, its images are the permutation matrices "
                r"less $J/T$, which span all matrices with vanishing row and column sums (Birkhoff 1946).",
                sides=_separate_sides,
                sizes={"T": (2, 3, 4), "q": (1, 2, 3)},
            ),
            Step(
                "simultaneous permutations",
                r"(\mathrm{std} \otimes \mathrm{std})^{S_T} \ni I - J/T, \qquad \dim = d",
                r"Moved together, tokens and subset leave the second part where it is: $\mathrm{std} \otimes \mathrm{std}$ holds the trivial irrep once. Only $O(d)$ moves it.",
                sides=_simultaneous_sides,
                sizes={"T": (2, 3, 4), "q": (1, 2, 3)},
            ),
            Step(
                "the trace bound",
                r"\lambda \le \frac{\mathbb E\, k}{\dim R}",
                r"A positive kernel with the symmetry has one eigenvalue $\lambda$ on an irrep $R$ that it holds once, at least $\dim R$ times, and the eigenvalues add up to $\mathbb E\, k$. "
                r"Checked on the kernel $\langle x, x' \rangle \langle 1_y, 1_{y'} \rangle$, whose trace is $Tdq$.",
                reference("lavie2024"),
                sides=_trace_sides,
                sizes=some,
                relation="<=",
            ),
        ),
        r"n \ge \frac{\sigma^2}{\lambda} \ge \frac{\sigma^2 (T-1)^2 d}{\mathbb E\, k} \text{ under } S_T \times S_T \times O(d), "
        r"\qquad \frac{\sigma^2 d}{\mathbb E\, k} \text{ under } S_T \times O(d)",
    )
