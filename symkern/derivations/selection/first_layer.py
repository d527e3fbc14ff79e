"""The derivation of the fully-connected lower bound."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
import sympy as sp

from symkern.bounds.selection.first_layers import (
    best_first_layer,
    first_layer_loss,
    fully_connected,
    least_error,
    width_for_share,
)
from symkern.bounds.selection.subset_moment import moment_eigenvalues
from symkern.claims import Derivation, Step, reference
from symkern.derivations.selection.brute_force import average, beyond, gaussian_average, indicators
from symkern.limits import current


def _too_big(T: int, d: int, q: int) -> bool:
    """Whether the moment, or the list of all Td eigenvalues, is too big to be built."""
    limits = current()
    return limits.evidence_tokens < T or T * d > limits.evidence_numbers or beyond(T, q, T * T)


def _moment(T: int, q: int) -> sp.Matrix:
    """E 1_y 1_y^T as a mean over all subsets."""
    sets = indicators(T, q)
    return sp.Matrix(T, T, lambda i, j: sp.Rational(sum(y[i] * y[j] for y in sets), len(sets)))


def _moment_sides(T: int, q: int) -> tuple[Any, Any] | None:
    if q > T or _too_big(T, 1, q):
        return None
    on_constants, on_zero_sums = moment_eigenvalues(T, q)
    # The constant vector and e_0 - e_j are the columns.
    vectors = sp.Matrix(T, T, lambda k, j: 1 if j == 0 else (k == 0) - (k == j))
    scales = sp.diag(on_constants, *[on_zero_sums] * (T - 1))
    return list(_moment(T, q) * vectors), list(vectors * scales)


def _some_layer(T: int, d: int, m: int) -> list[list[int]]:
    """A layer with small integer entries and no symmetry."""
    return [
        [(3 * i * i + 5 * i * j + 7 * j * j + j) % 11 - 5 for j in range(T * d)] for i in range(m)
    ]


def _projector(T: int, d: int, m: int) -> sp.Matrix:
    rows = sp.Matrix(m, T * d, [e for row in _some_layer(T, d, m) for e in row])
    kept = rows.T.columnspace()
    if not kept:
        return sp.zeros(T * d, T * d)
    basis = sp.Matrix.hstack(*kept)
    return basis * (basis.T * basis).inv() * basis.T


def _conditional_sides(T: int, d: int, q: int, m: int) -> tuple[Any, Any] | None:
    """The mean squared error of the conditional mean, over all signs and subsets, against the trace formula."""
    if q > T or m > T * d or beyond(T, q, 2 * T * d, signs=T * d):
        return None
    projector = _projector(T, d, m)
    below = lcm(*(int(entry.q) for entry in projector))
    missed = np.array((below * (sp.eye(T * d) - projector)).tolist(), dtype=object)
    missed = np.vectorize(int, otypes=[object])(missed)

    def errors(x: np.ndarray) -> Any:
        left = (x.reshape(len(x), T * d) @ missed.T).reshape(x.shape)
        return lambda y: (left[:, np.array(y) == 1, :].sum(axis=1) ** 2).sum(axis=1)

    found = gaussian_average(T, d, q, (below * q) ** 2, errors)
    expected = first_layer_loss(sp.Matrix(_some_layer(T, d, m)).tolist(), T, d, q) if m else sp.Rational(d, q)  # fmt: skip
    return found, expected


def _least_sides(T: int, d: int, q: int, m: int) -> tuple[Any, Any] | None:
    """The sum of the smallest eigenvalues, found by SymPy, against the bound."""
    if q > T or not d <= m <= T * d or _too_big(T, d, q):
        return None
    return _smallest(T, d, q, m), fully_connected(T, d, q, m)


def _narrow_sides(T: int, d: int, q: int, m: int) -> tuple[Any, Any] | None:
    """As before, for m <= d: the sum takes in eigenvalues of the constants."""
    if q > T or m > d or _too_big(T, d, q):
        return None
    return _smallest(T, d, q, m), least_error(T, d, q, m)


def _smallest(T: int, d: int, q: int, m: int) -> sp.Expr:
    """The sum of the Td - m smallest eigenvalues of the whole moment, over q^2."""
    found = _moment(T, q).eigenvals()
    values = sorted(value for value, times in found.items() for _ in range(times * d))
    return sum(values[: T * d - m], sp.Integer(0)) / sp.Integer(q) ** 2


def _attained_sides(T: int, d: int, q: int, m: int) -> tuple[Any, Any] | None:
    """The error of an explicit network behind the best layer, by brute force: (1/q) sum over y of the projected tokens."""
    if q > T or not d <= m <= T * d or beyond(T, q, 2 * T * d, signs=T * d):
        return None
    layer = np.array(best_first_layer(T, d, m).tolist(), dtype=object)
    norms = [int(sum(w * w for w in row)) for row in layer]
    below = lcm(*norms)
    back = layer * np.array([below // norm for norm in norms], dtype=object)[:, None]

    def errors(x: np.ndarray) -> Any:
        hidden = x.reshape(len(x), T * d) @ layer.T
        left = (hidden @ back).reshape(x.shape) - below * x
        return lambda y: (left[:, np.array(y) == 1, :].sum(axis=1) ** 2).sum(axis=1)

    return gaussian_average(T, d, q, (below * q) ** 2, errors), fully_connected(T, d, q, m)


def _share_sides(T: int, d: int, q: int) -> tuple[Any, Any] | None:
    """The bound at the width, which need not be whole, by the eigenvalue itself; the share of the selected part."""
    if q >= T:
        return None
    found, expected = [], []
    for share in (sp.Rational(1, 3), sp.Rational(4, 5)):
        width = width_for_share(T, d, q, share)
        found += [(T * d - width) * moment_eigenvalues(T, q)[1] / sp.Integer(q) ** 2, width]
        part = sp.Rational(d, q) - sp.Rational(d, T)
        expected += [share * part, (1 - share) * T * d + share * d]
    return found, expected


def _norm_sides(T: int, d: int, q: int) -> tuple[Any, Any] | None:
    if q > T or beyond(T, q, T):
        return None
    # Without a first layer all of E |STS|^2 = d/q is lost.
    found = average([Fraction(sum(y) * d, q * q) for y in indicators(T, q)])
    on_constants, on_zero_sums = moment_eigenvalues(T, q)
    more = d * (on_constants - on_zero_sums) / sp.Integer(q) ** 2
    return found, fully_connected(T, d, q, 0) + more


def derivation() -> Derivation:
    """The steps from the model to the bound."""
    sizes = {"T": (2, 3, 4), "q": (1, 2, 3), "d": (1, 2), "m": (0, 1, 2, 3, 4, 6, 8)}
    small = {"T": (2, 3), "q": (1, 2), "d": (1, 2), "m": (1, 2, 3, 4)}
    return Derivation(
        "The error that a narrow first layer leaves",
        (
            Step(
                "the model",
                r"f = f(W x, y), \qquad x \sim N(0, I_{Td}), \qquad "
                r"\mathrm{STS} = \frac1q \sum_{i \in y} x_i = \frac1q (1_y^{\mathsf T} \otimes I_d)\, x",
                "The first layer has $m$ rows, so that the network sees $x$ through $m$ numbers; what it does with them and with $y$ is left open.",
                reference("wang2024"),
            ),
            Step(
                "the second moment of a subset",
                r"M = \mathbb E\, 1_y 1_y^{\mathsf T} \text{ has the eigenvalues } "
                r"\frac{q^2}{T} \text{ on } 1, \qquad \frac{q (T-q)}{T (T-1)} \text{ on } 1^{\perp}",
                r"$M$ commutes with $S_T$, so by Schur's lemma it is a scalar on the constants and on the vectors of sum zero; "
                r"$P(i \in y) = q/T$ and $P(i, j \in y) = q(q-1)/(T(T-1))$ give the two.",
                sides=_moment_sides,
                sizes={"T": (2, 3, 4, 5, 6), "q": (1, 2, 3, 4)},
            ),
            Step(
                "the whole target",
                r"\frac1{q^2} \operatorname{tr}(M \otimes I_d) = \mathbb E\, |\mathrm{STS}|^2 = \frac dq",
                "This is lost without a first layer: the $d$ eigenvalues on the constants and the $(T-1)d$ others add up to it.",
                sides=_norm_sides,
                sizes={"T": (2, 3, 4, 5), "q": (1, 2, 3), "d": (1, 2, 3)},
            ),
            Step(
                "the conditional mean",
                r"\min_f \mathbb E\, |f - \mathrm{STS}|^2 = "
                r"\frac1{q^2} \operatorname{tr}\bigl((1-P)(M \otimes I_d)\bigr)",
                r"Given $Wx$ the Gaussian $x$ has the mean $Px$, $P$ the projector on the row space of $W$, and the covariance $1-P$; "
                r"the best $f$ is $\frac1q (1_y^{\mathsf T} \otimes I_d) P x$, and the mean over $y$ brings in $M$.",
                sides=_conditional_sides,
                sizes=small,
            ),
            Step(
                "the smallest eigenvalues",
                r"\frac1{q^2} \operatorname{tr}\bigl((1-P)(M \otimes I_d)\bigr) \ge "
                r"\frac{(Td-m)(T-q)}{q T (T-1)}, \text{ with equality for some } P, \; d \le m \le Td",
                r"$1-P$ has rank at least $Td-m$, so the trace is at least the sum of the $Td-m$ smallest eigenvalues "
                r"(Fan 1949). The smaller one occurs $(T-1)d$ times, so for $m \ge d$ all of them are equal to it.",
                sides=_least_sides,
                sizes=sizes,
            ),
            Step(
                "below d neurons",
                r"\frac1{q^2} \sum_{k \le Td-m} \lambda_k = \frac{(Td-m)(T-q)}{q T (T-1)} + \frac{(d-m)(q-1)}{q (T-1)}, \qquad m \le d",
                r"The sum takes in $d-m$ of the eigenvalues $q^2/T$, which exceed the others by $q(q-1)/(T-1)$: "
                r"the bound holds there as well, and is loose unless $q = 1$.",
                sides=_narrow_sides,
                sizes=sizes,
            ),
            Step(
                "what a share of the selected part takes",
                r"\mathbb E\, |f - \mathrm{STS}|^2 \le \kappa\, \frac{d (T-q)}{q T} \Rightarrow m \ge (1-\kappa)\, T d + \kappa\, d",
                r"The bound, solved for $m$: widths of order $T d$ for every $\kappa < 1$ and all $q < T$. Relative to all of $d/q$ the same takes $\kappa < (T-q)/(T-1)$, which fails as $q \to T$.",
                sides=_share_sides,
                sizes={"T": (2, 3, 5), "q": (1, 2, 3), "d": (1, 2, 4)},
            ),
            Step(
                "a network that attains it",
                r"f = \frac1q (1_y^{\mathsf T} \otimes I_d) P x, \quad W = \begin{pmatrix} 1^{\mathsf T} \otimes I_d \\ "
                r"m - d \text{ contrasts} \end{pmatrix}: \quad \mathbb E\, |f - \mathrm{STS}|^2 = \frac{(Td-m)(T-q)}{q T (T-1)}",
                r"The row space holds the constants and $m-d$ vectors of sum zero. This $f$ uses $y$ beside the $m$ numbers. A network that sees only the $m$ numbers "
                r"$Wx + Uy$ comes as close as one likes when $U$ is so large that $y$ can be read from them; for $d < m \le Td$, $q < T$ no finite $U$ attains the bound, "
                r"because every $y$ stays possible given them and the best $f$ is not the same for all.",
                sides=_attained_sides,
                sizes={"T": (2, 3), "q": (1, 2, 3), "d": (1, 2), "m": (1, 2, 3, 4, 5)},
            ),
        ),
        r"\mathbb E\, |f - \mathrm{STS}|^2 \ge \frac{(Td-m)(T-q)}{q T (T-1)}",
    )
