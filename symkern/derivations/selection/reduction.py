"""The derivation of the reduction of one attention head to two numbers."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from math import factorial, lcm
from typing import Any

import numpy as np
import sympy as sp

from symkern.bounds.selection.attention_head import loss_gradient
from symkern.claims import Derivation, Step, reference
from symkern.derivations.selection.brute_force import (
    Matrix,
    applied,
    beyond,
    gaussian_average,
    head_gradient,
    head_loss,
    head_work,
    indicators,
    over_common,
    reduced,
    softmax,
    transposed,
)
from symkern.derivations.selection.full_head import descent
from symkern.exact.sparse import SparseMatrix


def _uneven(n: int, shift: int = 0) -> Matrix:
    """An integer matrix without symmetry."""
    return [
        [Fraction((3 * i + 5 * j * j + 2 * i * j + shift) % 5 - 2) for j in range(n)]
        for i in range(n)
    ]


def _rotation(d: int) -> Matrix:
    """A rational orthogonal matrix that is no signed permutation where d > 1."""
    if d == 1:
        return [[Fraction(-1)]]
    u = [Fraction(k + 1) for k in range(d)]
    norm = sum((x * x for x in u), Fraction(0))
    return [[int(i == j) - 2 * u[i] * u[j] / norm for j in range(d)] for i in range(d)]


def _moved(matrix: Matrix, g: tuple[int, ...]) -> Matrix:
    back = [g.index(i) for i in range(len(g))]
    return [[matrix[i][j] for j in back] for i in back]


def _model_sides(T: int, d: int, q: int) -> tuple[Any, Any] | None:
    """The population loss over all signs against the squared norms of the matrices in front of the tokens."""
    if q > T or beyond(T, q, 2 * T * d, signs=T * d):
        return None
    scores, values = _uneven(T), _uneven(d, 1)
    matrix, _ = over_common(values)  # its entries are integers
    weights = {y: over_common(softmax(scores, y)) for y in indicators(T, q)}
    whole = lcm(*(below for _, below in weights.values()))

    def errors(x: np.ndarray) -> Any:
        def at(y: tuple[int, ...]) -> np.ndarray:
            attention, below = weights[y]
            seen = (x * attention[None, :, None]).sum(axis=1) @ matrix.T
            target = x[:, np.array(y) == 1, :].sum(axis=1)
            missed = (whole // below) * (q * seen) - whole * target
            return np.asarray((missed**2).sum(axis=1))

        return at

    return gaussian_average(T, d, q, (whole * q) ** 2, errors), head_loss(scores, values, q)


def _invariance_sides(T: int, d: int, q: int) -> tuple[Any, Any] | None:
    if q > T or T > 8 or beyond(T, q, factorial(T) * head_work(T, d, q) + d**3):
        return None
    scores, values, turn = _uneven(T), _uneven(d, 1), _rotation(d)
    turned = applied(applied(turn, values), transposed(turn))
    images = [head_loss(_moved(scores, g), turned, q) for g in permutations(range(T))]
    return images, [head_loss(scores, values, q)] * len(images)


def _commutant_sides(T: int, d: int) -> tuple[Any, Any] | None:
    """Dimensions of the matrices that commute with the group, by linear algebra over generators."""
    if max(T, d) > 7:  # the systems have T^2 and d^2 unknowns
        return None
    cycle = sp.Matrix(T, T, lambda i, j: int(i == (j + 1) % T))
    swap = sp.eye(T).elementary_row_op("n<->m", row1=0, row2=1)
    turn = sp.Matrix([[sp.Rational(x) for x in row] for row in _rotation(d)])
    signs = [sp.diag(*[(-1) ** (i == k) for i in range(d)]) for k in range(d)]
    return [_commutant([cycle, swap]), _commutant([turn, *signs])], [2, 1]


def _commutant(generators: list[sp.Matrix]) -> int:
    n = generators[0].rows
    unit = sp.eye(n)
    rows = [sp.kronecker_product(unit, g) - sp.kronecker_product(g.T, unit) for g in generators]
    return int(n * n) - SparseMatrix.from_dense(sp.Matrix.vstack(*rows)).rank()


def _gradient_sides(T: int, d: int, q: int, E: int) -> tuple[Any, Any] | None:
    """The gradients by all of W and V at a point of the span, against two numbers; e^a = 2^E, c = 2/3."""
    if q > T or beyond(T, q, head_work(T, d, q, E, times=2) + T * T):
        return None
    by_scores, by_values = head_gradient(*reduced(T, d, E, Fraction(2, 3)), q)
    by_a, by_c = loss_gradient(T, d, q, E * sp.log(2), sp.Rational(2, 3))
    expected = [*(by_a / (T - 1) * (sp.eye(T) - sp.ones(T, T) / T)), *(by_c / d * sp.eye(d))]
    return [sp.Rational(x) for row in (*by_scores, *by_values) for x in row], expected


def _descent_sides(T: int, d: int, q: int) -> tuple[Any, Any] | None:
    """W and V after 60 steps of gradient descent on all their entries (floating point), and their parts in the span."""
    if q > T or beyond(T, q, 4 * T * (T + d * d)):
        return None
    # The slopes grow with d; steps that are too long for them would blow up what rounding leaves outside the span.
    scores, values = descent(T, d, q, steps=60, rate=0.4 / max(2, d))
    a = (np.trace(scores) - scores.sum() / T) / (T - 1)
    inside = a * (np.eye(T) - np.ones((T, T)) / T)
    return (
        np.concatenate([scores.ravel(), values.ravel()]),
        np.concatenate([inside.ravel(), (np.trace(values) / d * np.eye(d)).ravel()]),
    )


def derivation() -> Derivation:
    """The steps from W and V to a and c."""
    small = {"T": (2, 3), "d": (1, 2), "q": (1, 2)}
    return Derivation(
        "One attention head is two numbers",
        (
            Step(
                "the model and its loss",
                r"\hat f = V \sum_i s_i x_i, \quad s = \operatorname{softmax}(W 1_y), \qquad "
                r"\mathcal L(W, V) = \mathbb E_y \sum_i \Bigl\| s_i V - \tfrac1q [i \in y] I_d \Bigr\|_F^2",
                r"Positions are one-hot. For Gaussian $x$ the mean of $|\sum_i B_i x_i|^2$ is $\sum_i \|B_i\|_F^2$, with $B_i$ the matrix in front of $x_i$.",
                reference("wang2024"),
                sides=_model_sides,
                sizes=small,
            ),
            Step(
                "symmetry of the loss",
                r"\mathcal L(P_g W P_g^{\mathsf T}, R V R^{\mathsf T}) = \mathcal L(W, V), \qquad g \in S_T, \; R \in O(d)",
                r"Renaming positions permutes $1_y$ and the weights together, and the law of $y$ does not change; rotating tokens and outputs together changes neither the law of $x$ nor norms.",
                sides=_invariance_sides,
                sizes=small,
            ),
            Step(
                "the invariant matrices",
                r"\{W : P_g W P_g^{\mathsf T} = W\} = \operatorname{span}\{I, J\}, \qquad \{V : R V R^{\mathsf T} = V\} = \operatorname{span}\{I\}",
                r"$S_T$ has two orbits on pairs of positions; $\mathbb R^d$ is an irrep of $O(d)$ of real type (Schur's lemma).",
                sides=_commutant_sides,
                sizes={"T": (2, 3, 4), "d": (1, 2, 3)},
            ),
            Step(
                "the gradient stays there",
                r"\nabla_W \mathcal L = \frac{1}{T-1} \frac{\partial \ell}{\partial a} \Bigl(I - \frac JT\Bigr), \qquad "
                r"\nabla_V \mathcal L = \frac1d \frac{\partial \ell}{\partial c}\, I \qquad \text{at } W = aI + bJ, \; V = cI",
                r"The gradient of an invariant function at a fixed point of the group is itself fixed. Its part along $J$ vanishes, since softmax does not see a constant added to all scores; "
                r"the factors are the squared norms $T-1$ of $I - J/T$ and $d$ of $I_d$.",
                sides=_gradient_sides,
                sizes={**small, "E": (0, 1, 3, -2)},
            ),
            Step(
                "the flow from zero",
                r"W(t) = a(t) \Bigl(I - \frac JT\Bigr), \qquad V(t) = c(t) I",
                r"$W = 0$, $V = 0$ is invariant, the vector field is tangent to the invariant plane, and the flow is unique (Picard, Lindel\"of). "
                r"Checked on gradient descent over all entries, up to rounding.",
                sides=_descent_sides,
                sizes={"T": (3, 5), "d": (1, 2), "q": (1, 2)},
                tolerance=1e-13,
            ),
        ),
        r"\dot a = -\frac{1}{T-1} \frac{\partial \ell}{\partial a}, \qquad \dot c = -\frac1d \frac{\partial \ell}{\partial c}",
    )
