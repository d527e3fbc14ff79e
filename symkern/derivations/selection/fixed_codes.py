"""The derivation of what a head with fixed codes can do: its flow in the Gram matrix, and the rank theorem."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
import sympy as sp

from symkern.bounds.selection.codes.fixed_codes import fixed_codes
from symkern.claims import Derivation, Step, reference
from symkern.derivations.selection.brute_force import beyond, indicators


def _codes(T: int, m: int) -> np.ndarray:
    """Codes without symmetry, a column each."""
    return np.array([[np.cos(1.0 + 3 * i + 2 * j * j + i * j) for i in range(T)] for j in range(m)])


def _slopes(S: np.ndarray, c: float, d: int, q: int) -> tuple[np.ndarray, float]:
    """The gradients of the loss by S and by c, summed over all sets y."""
    T = len(S)
    subsets = np.array(indicators(T, q), dtype=float)
    logits = subsets @ S.T
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    errors = c * p - subsets / q
    pulled = 2 * d * c * errors
    slope = p * (pulled - (p * pulled).sum(axis=1, keepdims=True))
    return slope.T @ subsets / len(subsets), 2 * d * float((errors * p).sum(axis=1).mean())


def _gram_sides(T: int, d: int, q: int, m: int) -> tuple[Any, Any] | None:
    """Steps of gradient descent on W, by the chain rule on the codes, against steps on S through the Gram matrix alone."""
    if q > T or max(T, m) > 8 or beyond(T, q, 4 * T * T):
        return None
    Z, rate = _codes(T, m), 0.2 / (d * T)
    G = Z.T @ Z
    W, S, c, e = np.zeros((m, m)), np.zeros((T, T)), 0.0, 0.0
    for _ in range(25):
        by_scores, by_c = _slopes(Z.T @ W @ Z, c, d, q)
        W, c = W - rate * Z @ by_scores @ Z.T, c - rate * by_c / d
        by_scores, by_e = _slopes(S, e, d, q)
        S, e = S - rate * G @ by_scores @ G, e - rate * by_e / d
    return [*(Z.T @ W @ Z).ravel(), c], [*S.ravel(), e]


def _coherent_sides(T: int, q: int) -> tuple[Any, Any] | None:
    """Steps on S for equally coherent codes, and its part along I - J/T."""
    if q >= T or beyond(T, q, 4 * T * T):
        return None
    found, expected = [], []
    for g in (-1 / (T - 1), 0.3):
        G = (1 - g) * np.eye(T) + g
        S, c = np.zeros((T, T)), 0.0
        for _ in range(25):
            by_scores, by_c = _slopes(S, c, 1, q)
            S, c = S - 0.2 * G @ by_scores @ G, c - 0.2 * by_c
        a = (np.trace(S) - S.sum() / T) / (T - 1)
        found += [*S.ravel()]
        expected += [*(a * (np.eye(T) - 1 / T)).ravel()]
    return found, expected


def _alike_sides(T: int, q: int) -> tuple[Any, Any] | None:
    """The dimension of {S: S 1_y is constant on y for all y}, by elimination, against 2 T; and that D (I - J/q) + 1 c^T lies in it."""
    if not 3 <= q < T or T > 6:
        return None
    rows = []
    for y in combinations(range(T), q):
        for j in y[1:]:
            row = [0] * T**2
            for k in y:
                row[y[0] * T + k] += 1
                row[j * T + k] -= 1
            rows.append(row)
    matrix = sp.Matrix(rows)
    D, c = sp.diag(*range(2, T + 2)), sp.Matrix(range(5, T + 5))
    S = D * (sp.eye(T) - sp.ones(T, T) / q) + sp.ones(T, 1) * c.T
    inside = matrix * S.reshape(T * T, 1)
    return [T * T - matrix.rank(), *inside], [2 * T, *[0] * len(rows)]


def _rank_sides(T: int, q: int) -> tuple[Any, Any] | None:
    """The rank for the c that makes the matrix singular, for D = diag(1, .., T)."""
    if not 3 <= q < T or T > 20:
        return None
    matrix = sp.diag(*range(1, T + 1)) * (sp.eye(T) - sp.ones(T, T) / q)
    killed = matrix.inv() * sp.ones(T, 1)
    c = -killed / (killed.T * killed)[0]
    return (matrix + sp.ones(T, 1) * c.T).rank(), T - 1


def _dependency(T: int, q: int, large: bool) -> list[Fraction]:
    """T numbers of sum 1, all below 1/q or one of them above."""
    first = Fraction(1, q) * (Fraction(3, 2) if large else Fraction(9, 10))
    rest = [Fraction(k + T) for k in range(T - 1)]
    return [first, *((1 - first) * x / sum(rest) for x in rest)]


def _solution_sides(T: int, q: int) -> tuple[Any, Any] | None:
    """S = D (I - J/q) + 1 c^T with D_i = 1/(1/q - al_i) is killed by al on both sides, and so is Z^T W Z for some W."""
    if not 3 <= q < T or T > 30:
        return None
    al = sp.Matrix([sp.Rational(x.numerator, x.denominator) for x in _dependency(T, q, False)])
    D = sp.diag(*[1 / (sp.Rational(1, q) - x) for x in al])
    middle = sp.eye(T) - sp.ones(T, T) / q
    S = D * middle - sp.ones(T, 1) * (al.T * D * middle)
    positive = [int(bool(D[i, i] > 0)) for i in range(T)]
    return [*(S * al), *(al.T * S), *positive], [*[0] * 2 * T, *[1] * T]


def _criterion_sides(T: int, q: int) -> tuple[Any, Any] | None:
    """The theorem against the linear inequalities themselves, for codes of rank T, T - 1 (two kinds) and T - 2."""
    if not 3 <= q < T or T > 6:
        return None
    kernels = [[], [_dependency(T, q, False)], [_dependency(T, q, True)]]
    kernels.append([[Fraction(1), Fraction(-1), *[Fraction(0)] * (T - 2)]])
    kernels.append(
        [_dependency(T, q, False), [Fraction(1), Fraction(-2), *[Fraction(1, 3)] * (T - 2)]]
    )
    found, expected = [], []
    for vectors in kernels:
        gram = sp.eye(T)
        if vectors:
            K = sp.Matrix([[sp.Rational(x.numerator, x.denominator) for x in v] for v in vectors]).T
            gram -= K * (K.T * K).inv() * K.T
        codes = fixed_codes(gram.tolist(), q)
        found.append(int(codes.reaches_zero()))
        expected.append(int(codes.late_constant() < np.inf))
    return found, expected


def derivation() -> Derivation:
    """The steps from W to the Gram matrix, and to the ranks that are enough."""
    small = {"T": (4, 5), "q": (3, 4)}
    return Derivation(
        "A head with fixed codes",
        (
            Step(
                "the Gram matrix is all that counts",
                r"\dot S = -G\, \frac{\partial \ell}{\partial S}\, G, \qquad S = Z^{\mathsf T} W Z, \quad G = Z^{\mathsf T} Z",
                r"The scores of $y$ are $S 1_y$, so that $\nabla_W \ell = Z (\partial \ell/\partial S) Z^{\mathsf T}$; the rotations of the tokens keep $V = c I_d$.",
                reference("wang2024"),
                sides=_gram_sides,
                sizes={"T": (4,), "d": (1, 2), "q": (1, 2), "m": (2, 3, 6)},
                tolerance=1e-12,
            ),
            Step(
                "equal coherence",
                r"S(t) = \hat a(t)\,(I - J/T), \qquad \dot{\hat a} = -\frac{(1-g)^2}{T-1} \frac{\partial \ell}{\partial \hat a} \qquad (z_i \cdot z_j = g)",
                r"$G = (1-g) I + g J$ commutes with $S_T$ and is $1-g$ on vectors of sum zero: the head of one-hot codes with another clock.",
                sides=_coherent_sides,
                sizes={"T": (4, 6), "q": (1, 2, 3)},
                tolerance=1e-12,
            ),
            Step(
                "equal scores",
                r"S 1_y \text{ constant on } y \text{ for all } y \iff S = D (I - J/q) + 1 c^{\mathsf T}, \qquad D \text{ diagonal} \qquad (3 \leq q < T)",
                r"Exchanging one token of $y$ shows that $S_{ik} - S_{jk}$ does not depend on $k \notin \{i, j\}$; so off the diagonal $S_{ik} = b_i + c_k$, and the diagonal is what makes the sums equal.",
                sides=_alike_sides,
                sizes=small,
            ),
            Step(
                "full rank but one is needed",
                r"D > 0 \implies \operatorname{rank}\bigl(D (I - J/q) + 1 c^{\mathsf T}\bigr) \geq T - 1",
                r"Tokens of $y$ score above the others only if all $D_i > 0$, and $I - J/q$ is invertible for $q < T$; a matrix of rank one takes away one at most. The inequalities are closed and linear, so that what cannot be solved is not approached.",
                sides=_rank_sides,
                sizes={"T": (4, 5, 7), "q": (3, 4)},
                relation=">=",
            ),
            Step(
                "one dependency",
                r"\sum_i \alpha_i z_i = 0: \qquad D_i = \frac{\kappa}{1/q - \alpha_i}, \quad \sum_i \alpha_i = 1, \quad \kappa > 0",
                r"$S = Z^{\mathsf T} W Z$ must be killed by $\alpha$ on both sides. From the right, $D_i (\alpha_i - \frac1q \sum_j \alpha_j)$ is the same for all $i$; from the left $c^{\mathsf T} \sum_j \alpha_j = -\alpha^{\mathsf T} D (I - J/q)$. "
                r"A dependency of sum $0$ leaves $\alpha = 0$ alone, and one of sum $1$ leaves these $D$, positive if and only if all $\alpha_i < 1/q$.",
                sides=_solution_sides,
                sizes={"T": (4, 5, 7), "q": (3, 4)},
            ),
            Step(
                "the rank theorem",
                r"\inf_{W, V} \ell = 0 \iff \operatorname{rank} Z = T \text{ or } \bigl(\operatorname{rank} Z = T-1,\ \sum_i \alpha_i = 1,\ \max_i \alpha_i < \tfrac1q\bigr)",
                r"The steps before. Checked against the linear inequalities of the margins, solved as they are.",
                sides=_criterion_sides,
                sizes=small,
            ),
        ),
        r"\inf_{W, V} \ell = 0 \iff \operatorname{rank} Z = T \text{ or } \bigl(\operatorname{rank} Z = T-1,\ \sum_i \alpha_i = 1,\ \max_i \alpha_i < \tfrac1q\bigr)",
    )
