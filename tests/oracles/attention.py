r"""Attention kernels of infinitely wide networks, transcribed from their recursion.

A pair kernel is the matrix K_ab(x, y), a a position of x and b a position of y; a stage turns
the three matrices K(x, x), K(x, y), K(y, y) into three new ones. Sources: Hron, Bahri,
Sohl-Dickstein, Novak, *Infinite attention* (ICML 2020, arXiv 2006.10540) for attention; Stein's
lemma for the moments of a polynomial activation; Cho and Saul (2009) for relu, Williams (1997)
for erf.

Convention here, with the switches `normalize` and `positions_in_values` both on:

    embedding    K_ab = token [x_a = y_b] + position [a = b] + constant
    independent  K'_ac = K_ac * (1/L^2) sum_bd K_bd K_bd
    tied         K'    = G(x) K(x, y) G(y)^T,  G(x) = phi(K(x, x)) row by row; 1/L in each row
                 map that does not sum to one by itself
    residual     the new matrix plus the matrix that entered the stage before it
    linear       weight * K_ab + bias
    mlp          E phi(s) phi(t), (s, t) Gaussian, variances K_aa(x, x), K_bb(y, y), covariance K_ab
    mean_pool    (1/L^2) sum_ab K_ab;   flatten (1/L) sum_a K_aa;   at_position K_LL

neural-tangents differs in three ways: it sums over keys without the average (`normalize` off),
its values carry no position term unless asked (`positions_in_values` off), and it adds the
position term anew in every layer, which has no counterpart here.

Numbers may be ints, Fractions or SymPy expressions; nothing is rounded. Only relu and erf
activations and softmax rows go through SymPy functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

Matrix = Any  # two-dimensional numpy array of dtype object
Stage = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class State:
    """The three matrices of one pair (x, y), and what is needed of the stages before.

    K(x, x) and K(y, y) are None where no later stage looks at them.
    """

    xx: Matrix | None
    xy: Matrix
    yy: Matrix | None
    entered: State | None = None  # what entered the stage that made this state
    without_positions: State | None = None  # E of the first attention

    def map(self, function: Any, *others: State) -> State:
        """The function of this state's matrices, and of those of other states, one by one."""

        def image(name: str) -> Matrix | None:
            matrices = [getattr(state, name) for state in (self, *others)]
            return None if matrices[0] is None else function(*matrices)

        return State(image("xx"), image("xy"), image("yy"), entered=self)


def _over(numerator: Any, denominator: int) -> Any:
    """Exact quotient by an int, whatever exact type the numerator has."""
    if isinstance(numerator, int):
        return Fraction(numerator, denominator)
    return numerator / denominator


def _matrix(rows: list[list[Any]]) -> Matrix:
    result = np.empty((len(rows), len(rows[0])), dtype=object)
    for a, row in enumerate(rows):
        for b, entry in enumerate(row):
            result[a, b] = entry
    return result


def _total(matrix: Matrix) -> Any:
    return sum(matrix.ravel().tolist())


def _divided(matrix: Matrix, denominator: int) -> Matrix:
    return _matrix([[_over(entry, denominator) for entry in row] for row in matrix.tolist()])


def base(x: Any, y: Any, token: Any, position: Any = 0, constant: Any = 0) -> Matrix:
    """K_ab = token [x_a = y_b] + position [a = b] + constant."""
    return _matrix(
        [
            [
                (token if x_a == y_b else 0) + (position if a == b else 0) + constant
                for b, y_b in enumerate(y)
            ]
            for a, x_a in enumerate(x)
        ]
    )


def embedding(
    x: Any,
    y: Any,
    token: Any,
    position: Any = 0,
    constant: Any = 0,
    alone: bool = True,
) -> State:
    """The base kernels; ``alone`` asks for those of x with x and of y with y, too."""

    def matrices(with_positions: Any) -> list[Matrix | None]:
        return [
            base(p, q, token, with_positions, constant) if wanted else None
            for p, q, wanted in ((x, x, alone), (x, y, True), (y, y, alone))
        ]

    return State(*matrices(position), without_positions=State(*matrices(0)))


def independent_attention(state: State, normalize: bool, positions_in_values: bool) -> State:
    """Query, key and value maps drawn independently: one factor K for each of the three.

    The two scores that one output pair holds multiply the query covariance K_ac by the sum over
    key positions of key covariance times value covariance.
    """
    values = state if positions_in_values else state.without_positions

    def attend(keys: Matrix, of_values: Matrix) -> Matrix:
        factor = _total(keys * of_values)
        return keys * (_over(factor, keys.shape[0] * keys.shape[1]) if normalize else factor)

    return state.map(attend, values)


def _row_map(matrix: Matrix, row_map: str, normalize: bool) -> Matrix:
    if row_map == "softmax":
        weights = _matrix([[sp.exp(entry) for entry in row] for row in matrix.tolist()])
        return _matrix([[entry / sum(row) for entry in row] for row in weights.tolist()])
    phi = {"identity": lambda t: t, "relu": lambda t: max(t, 0 * t), "abs": abs}[row_map]
    mapped = _matrix([[phi(entry) for entry in row] for row in matrix.tolist()])
    return _divided(mapped, matrix.shape[1]) if normalize else mapped


def tied_attention(state: State, row_map: str, normalize: bool, positions_in_values: bool) -> State:
    """One matrix for queries and keys, scores scaled by 1/d: the scores become deterministic."""
    values = state if positions_in_values else state.without_positions
    left = _row_map(state.xx, row_map, normalize)
    right = _row_map(state.yy, row_map, normalize)
    return State(
        left.dot(values.xx).dot(left.T),
        left.dot(values.xy).dot(right.T),
        right.dot(values.yy).dot(right.T),
        entered=state,
    )


def gaussian_moment(i: int, j: int, a: Any, b: Any, c: Any) -> Any:
    """E s^i t^j for a centred Gaussian pair, Var s = a, Var t = b, Cov = c, by Stein's lemma.

    E s f(s, t) = a E f_s + c E f_t, applied to f = s^(i-1) t^j until no s is left.
    """
    if (i + j) % 2:
        return 0
    if i == 0:
        return 1 if j == 0 else (j - 1) * b * gaussian_moment(0, j - 2, a, b, c)
    result: Any = 0
    if i >= 2:
        result += (i - 1) * a * gaussian_moment(i - 2, j, a, b, c)
    if j >= 1:
        result += j * c * gaussian_moment(i - 1, j - 1, a, b, c)
    return result


def dual(activation: Any, a: Any, b: Any, c: Any) -> Any:
    """E phi(s) phi(t); ``activation`` is "relu", "erf" or the coefficients of 1, x, x^2, ..."""
    if activation == "relu":
        a, b, c = (sp.sympify(str(t)) if isinstance(t, Fraction) else t for t in (a, b, c))
        norm = sp.sqrt(a * b)
        theta = sp.acos(c / norm)
        return norm * (sp.sin(theta) + (sp.pi - theta) * sp.cos(theta)) / (2 * sp.pi)
    if activation == "erf":
        a, b, c = (sp.sympify(str(t)) if isinstance(t, Fraction) else t for t in (a, b, c))
        return 2 / sp.pi * sp.asin(2 * c / sp.sqrt((1 + 2 * a) * (1 + 2 * b)))
    return sum(
        p * q * gaussian_moment(i, j, a, b, c)
        for i, p in enumerate(activation)
        for j, q in enumerate(activation)
        if p and q
    )


def mlp(state: State, activation: Any) -> State:
    x_variances = [state.xx[a, a] for a in range(state.xx.shape[0])]
    y_variances = [state.yy[b, b] for b in range(state.yy.shape[0])]

    def entries(matrix: Matrix, rows: list[Any], columns: list[Any]) -> Matrix:
        return _matrix(
            [
                [dual(activation, p, q, matrix[a, b]) for b, q in enumerate(columns)]
                for a, p in enumerate(rows)
            ]
        )

    return State(
        entries(state.xx, x_variances, x_variances),
        entries(state.xy, x_variances, y_variances),
        entries(state.yy, y_variances, y_variances),
        entered=state,
    )


def residual(state: State) -> State:
    before = state.entered
    assert before is not None, "a residual needs a stage whose input it can add"
    return state.map(lambda matrix, entered: matrix + entered, before)


def readout(state: State, name: str) -> State:
    def read(matrix: Matrix) -> Matrix:
        length = matrix.shape[0]
        if name == "mean_pool":
            return _matrix([[_over(_total(matrix), length * length)]])
        if name == "flatten":
            return _matrix([[_over(sum(matrix[a, a] for a in range(length)), length)]])
        return _matrix([[matrix[-1, -1]]])

    return state.map(read)


def run(stages: list[Stage], x: Any, y: Any, alone: bool = True) -> State:
    """All three matrices after the listed stages, the first of which is the embedding."""
    name, arguments = stages[0]
    assert name == "embedding"
    state = embedding(x, y, **arguments, alone=alone)
    for name, arguments in stages[1:]:
        if name == "attention":
            switches = {"normalize": True, "positions_in_values": True} | arguments
            if switches.pop("query_key", "independent") == "independent":
                switches.pop("row_map", None)
                state = independent_attention(state, **switches)
            else:
                state = tied_attention(state, **({"row_map": "identity"} | switches))
        elif name == "residual":
            state = residual(state)
        elif name == "linear":
            weight, bias = arguments.get("weight", 1), arguments.get("bias", 0)
            state = state.map(lambda m, w=weight, b=bias: w * m + b)
        elif name == "mlp":
            state = mlp(state, arguments["activation"])
        else:
            state = readout(state, name)
    return state


def kernel(stages: list[Stage], x: Any, y: Any) -> Any:
    """k(x, y): the one number that is left after a readout."""
    alone = any(name == "mlp" or given.get("query_key") == "tied" for name, given in stages)
    matrix = run(stages, tuple(x), tuple(y), alone).xy
    assert matrix.shape == (1, 1), "the last stages must hold a readout"
    return matrix[0, 0]
