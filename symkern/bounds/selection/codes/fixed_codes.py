r"""One attention head whose positions carry fixed codes: all that counts is their Gram matrix G.

With the sum query the scores of y are S 1_y, S = Z^T W Z, and gradient flow of the loss on W and V is exactly

    dS/dt = -G (dloss/dS) G,   dc/dt = -(1/d) dloss/dc,   S(0) = 0, c(0) = 0,

with V = c I_d always. Whether the loss can be made as small as one likes is a question of linear inequalities: some W must score every token
of y above every other one, and all tokens of y alike.

* Rank theorem (3 <= q < T), proved: that W exists if and only if rank G = T, or rank G = T - 1 and the dependency sum al_i z_i = 0 can be scaled to
  sum al_i = 1 with all al_i < 1/q. So codes of width O(q log T) under the sum query cannot reach 0.
* Late law, not proved: 4 t loss -> |W*|^2, with W* the least such W whose margins are at least 1: a quadratic programme.

Source of the task: Wang, Wei, Hsu, Lee, ICML 2024 (arXiv 2406.06893). Least distance programming: Lawson, Hanson, *Solving Least Squares Problems*, 1974, chapter 23.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import comb, inf
from typing import Any

import numpy as np
import sympy as sp

from symkern.bounds.selection.codes.random_codes import read_times
from symkern.bounds.selection.selection_arguments import whole_sizes
from symkern.claims import Claim
from symkern.combinatorics.memory import require_bytes
from symkern.doors import FixedCodesDoors
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, TooLarge, displayed
from symkern.exact import exact_expression
from symkern.exact.real_arguments import Floats, is_inexact, read_reals
from symkern.limits import check_time, current, within_time
from symkern.reading.annotated import typed
from symkern.reading.sequences import read_rows
from symkern.typeset.shown import Shown

#: Eigenvalues of a Gram matrix of floats below this share of the largest are zero.
_RANK_TOLERANCE = 1e-9


@dataclass(frozen=True)
@typed
class FixedCodes(FixedCodesDoors, Shown):
    """A head with the sum query on codes whose inner products are ``gram``: exact numbers, or floats."""

    gram: tuple[tuple[Any, ...], ...]
    q: int
    d: int = 1

    def __repr__(self) -> str:
        rows = (", ".join(sp.srepr(x) if self.exact else repr(x) for x in row) for row in self.gram)
        written = ", ".join(f"({row})" for row in rows)
        return f"FixedCodes(gram=({written}), q={self.q}, d={self.d})"

    @property
    def T(self) -> int:
        """The number of tokens."""
        return len(self.gram)

    @cached_property
    def exact(self) -> bool:
        """Whether the Gram matrix is exact, and so is the rank."""
        return not is_inexact(list(map(list, self.gram)))

    @cached_property
    def floats(self) -> Floats:
        """The Gram matrix as floats, read-only."""
        found = np.array([[float(x) for x in row] for row in self.gram])
        found.setflags(write=False)
        return found

    @cached_property
    def rank(self) -> int:
        """The rank of the codes: exact, or by eigenvalues above 1e-9 of the largest."""
        if self.exact:
            return int(sp.Matrix(self.gram).rank())
        values = np.linalg.eigvalsh(self.floats)
        return int((values > _RANK_TOLERANCE * values[-1]).sum())

    @cached_property
    def dependency(self) -> tuple[Any, ...] | None:
        """The al with sum al_i z_i = 0, scaled to sum 1 where the sum is not 0; None unless the rank is T - 1."""
        if self.rank != self.T - 1:
            return None
        if self.exact:
            (vector,) = sp.Matrix(self.gram).nullspace()
            total = sum(vector)
            return tuple(x / total if total != 0 else x for x in vector)
        vector = np.linalg.eigh(self.floats)[1][:, 0]
        total = float(vector.sum())
        scale = total if abs(total) > _RANK_TOLERANCE else 1.0
        return tuple(map(float, vector / scale))

    def reaches_zero(self) -> bool:
        """Whether the loss can be made as small as one likes, by any W and V.

        For 3 <= q < T by the rank theorem; for q = 1, 2 the inequalities themselves are solved (floating point).

        >>> fixed_codes([[1, 0, 0], [0, 1, 0], [0, 0, 1]], q=1).reaches_zero()
        True
        """
        if self.q == self.T:
            return True
        if self.q < 3:
            return self.late_constant() < inf
        if self.rank == self.T:
            return True
        if self.dependency is None:
            return False
        tolerance = 0 if self.exact else _RANK_TOLERANCE
        scaled = abs(sum(self.dependency) - 1) <= tolerance
        return bool(scaled and all(x < sp.Rational(1, self.q) - tolerance for x in self.dependency))

    @cached_property
    def coherence(self) -> Any:
        """The g with z_i.z_j = g for all i != j where codes are unit and equally coherent, else None.

        Then W = a P with P the projector on the differences of codes, and with a (1-g) for a all laws of one-hot codes hold, time multiplied by (1-g)^2: exact.
        """
        off = {self.gram[i][j] for i in range(self.T) for j in range(self.T) if i != j}
        unit = all(self.gram[i][i] == 1 for i in range(self.T))
        return off.pop() if unit and len(off) == 1 else None

    def late_constant(self) -> float:
        """|W*|^2, to which 4 t loss tends by a law that is not proved; inf where no W separates (floating point).

        >>> round(fixed_codes([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]], q=2).late_constant(), 9)
        3.0
        """
        return self._programme

    @cached_property
    def _programme(self) -> float:
        if self.q == self.T:
            return 0.0
        self._require_small()
        with within_time("this quadratic programme", "fewer tokens take less"):
            return _least_norm(self._coordinates(), self.q)

    def formula(self) -> float | None:
        """tr(G^-2) - 1^T G^-3 1/(1^T G^-1 1): `late_constant` where q >= 3, G is invertible and every margin is 1; else None."""
        if self.q < 3 or self.rank < self.T:
            return None
        inverse = np.linalg.inv(self.floats)
        ones = inverse @ np.ones(self.T)
        return float(np.trace(inverse @ inverse) - ones @ inverse @ ones / ones.sum())

    def flow(self, times: Iterable[float] | float) -> FixedFlow:
        """Population gradient flow from zero, at times that do not decrease: S, c and the loss (floating point).

        Args:
            times: one or more, from 0 on, that do not decrease.
        """
        self._require_small()
        run = FixedFlow(self, read_times(times))
        with within_time("this flow", "fewer tokens and earlier times take less"):
            run.loss  # noqa: B018  integrate now, so that a failure is raised here
        return run

    def population_loss(self, S: object, c: object) -> float:
        """The loss at scores S 1_y and the value c, summed over all y (floating point).

        Args:
            S: the scores, a matrix (T, T) of numbers.
            c: the value.

        Raises:
            SizeMismatch: a matrix of another shape.
        """
        self._require_small()
        scores = read_reals(S, "S")
        if scores.shape != (self.T, self.T):
            raise SizeMismatch("S", f"must be of shape {(self.T, self.T)}", f"it is {scores.shape}")
        errors = _errors(scores, float(read_reals(c, "c")), _subsets(self.T, self.q), self.q)[0]
        return float(self.d * np.mean((errors**2).sum(axis=1)))

    def _coordinates(self) -> Floats:
        """Codes in as many coordinates as their rank, a column each."""
        values, vectors = np.linalg.eigh(self.floats)
        kept = slice(self.T - self.rank, None)
        return np.asarray(np.sqrt(values[kept])[:, None] * vectors[:, kept].T)

    def _require_small(self) -> None:
        entries = comb(self.T, self.q) * self.T * self.T
        if entries > current().subset_entries:
            raise TooLarge(
                "a sum over all subsets of tokens", 8 * entries, 8 * current().subset_entries
            )

    @property
    def claim(self) -> Claim:
        """What `derivation` proves."""
        return Claim("head with fixed codes")


@dataclass(frozen=True)
@typed
class FixedFlow(Shown):
    """The head of ``codes`` trained from zero by population gradient flow, at ``times``; arrays are read-only."""

    codes: FixedCodes
    times: tuple[float, ...]

    @cached_property
    def _solution(self) -> tuple[Floats, Floats]:
        found = _integrated(self.codes, np.array(self.times))
        for array in found:
            array.setflags(write=False)
        return found

    @property
    def scores(self) -> Floats:
        """The matrices S(t) = Z^T W Z, of shape (times, T, T)."""
        return self._solution[0]

    @property
    def c(self) -> Floats:
        """The value c(t)."""
        return self._solution[1]

    @cached_property
    def loss(self) -> Floats:
        """The population loss."""
        pairs = zip(self.scores, self.c, strict=True)
        return np.array([self.codes.population_loss(S, float(c)) for S, c in pairs])


def fixed_codes(G: object, q: object, d: object = 1) -> FixedCodes:
    """A head with the sum query on fixed codes with the Gram matrix G.

    Args:
        G: T rows of T numbers, symmetric and positive semidefinite: exact numbers, whose rank is then decided exactly, or floats.
        q: how many tokens are selected.
        d: the dimension of the tokens.

    Raises:
        InvalidArgument: G is not square, not symmetric or not positive semidefinite.

    >>> codes = fixed_codes([["1", "1/2", "0"], ["1/2", "1", "0"], ["0", "0", "1"]], q=1)
    >>> codes.rank, codes.coherence
    (3, None)
    """
    rows = read_rows(G, "G")
    size = len(rows)
    if any(len(row) != size for row in rows):
        raise SizeMismatch(
            "G", "must be square", f"it has {size} rows of {sorted({len(r) for r in rows})}"
        )
    if size < 2:
        raise SizeMismatch("G", "must have two rows or more", f"it has {size}")
    _, dimension, chosen = whole_sizes(size, d, q)
    if is_inexact(rows):
        matrix = read_reals(rows, "G")
        gram: tuple[tuple[Any, ...], ...] = tuple(tuple(map(float, row)) for row in matrix)
        slack = 1e-10 * float(np.abs(matrix).max())
        symmetric = np.allclose(matrix, matrix.T, rtol=0, atol=slack)
    else:
        with within_time("this Gram matrix", "fewer tokens take less"):
            gram = tuple(_exact_row(row) for row in rows)
        if any(not x.is_Rational for row in gram for x in row):
            raise InvalidType("G", "must hold rational numbers or floats", G)
        slack = 0.0
        symmetric = all(gram[i][j] == gram[j][i] for i in range(size) for j in range(i))
    if not symmetric:
        raise InvalidArgument("G", "must be symmetric", "it is not")
    least = float(np.linalg.eigvalsh(np.array(gram, dtype=float))[0])
    if least < -max(slack, 1e-10 * size):
        raise InvalidArgument("G", "must be positive semidefinite", f"its least eigenvalue is about {least:.3g}")  # fmt: skip
    if not any(x != 0 for row in gram for x in row):
        raise InvalidArgument("G", "must not be zero", "all codes are")
    return FixedCodes(gram, chosen, dimension)


def _exact_row(row: Iterable[object]) -> tuple[sp.Expr, ...]:
    check_time()
    return tuple(exact_expression(x, "G") for x in row)


def equal_coherence(T: object, q: object, g: object, d: object = 1) -> FixedCodes:
    """Unit codes with z_i.z_j = g for all i != j, -1/(T-1) <= g < 1, exact; g = -1/(T-1) is the simplex.

    Args:
        T: the number of tokens, an integer of at least 2.
        q: how many tokens are selected, an integer from 1 to T.
        g: the coherence, exact, at least -1/(T-1) and below 1.
        d: the dimension of a token, an integer of at least 1.

    Raises:
        InvalidArgument: g or a size out of range.
        TooLarge: more tokens than a matrix of theirs has room for.
        TooLong: a matrix that takes longer than `Limits.seconds`.

    >>> equal_coherence(4, 2, "-1/3").rank
    3
    """
    total, dimension, chosen = whole_sizes(T, d, q)
    both = exact_expression(g, "g")
    if not both.is_Rational or not -sp.Rational(1, total - 1) <= both < 1:
        rule = f"must be a fraction of at least -1/{total - 1} and below 1"
        raise InvalidArgument("g", rule, f"it is {displayed(g)}")
    require_bytes("a Gram matrix", 8 * total**2)
    with within_time("this Gram matrix", "fewer tokens take less"):
        rows = []
        for i in range(total):
            check_time()
            rows.append([sp.Integer(1) if i == j else both for j in range(total)])
        return fixed_codes(rows, chosen, dimension)


def _subsets(T: int, q: int) -> Floats:
    return np.array([[float(i in y) for i in range(T)] for y in combinations(range(T), q)])


def _errors(S: Floats, c: float, subsets: Floats, q: int) -> tuple[Floats, Floats]:
    """c p - [in y]/q and p, a row for each y."""
    logits = subsets @ S.T
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    return c * weights - subsets / q, weights


def _integrated(codes: FixedCodes, times: Floats) -> tuple[Floats, Floats]:
    from scipy.integrate import solve_ivp

    T, q, d, G = codes.T, codes.q, codes.d, codes.floats
    subsets = _subsets(T, q)

    def rates(log_time: float, state: Floats) -> Floats:
        check_time()
        c = float(state[-1])
        errors, weights = _errors(state[:-1].reshape(T, T), c, subsets, q)
        pulled = 2 * d * c * errors
        slope = weights * (pulled - (weights * pulled).sum(axis=1, keepdims=True))
        by_scores = slope.T @ subsets / len(subsets)
        by_value = 2 * float(np.mean((errors * weights).sum(axis=1)))
        return float(np.exp(log_time)) * np.append(-(G @ by_scores @ G).ravel(), -by_value)

    clock, place = np.unique(np.log1p(times), return_inverse=True)
    start = np.zeros(T * T + 1)
    if clock[-1] == 0.0:
        states = start[:, None]
    else:
        found = solve_ivp(rates, (0.0, float(clock[-1])), start, method="LSODA", t_eval=clock, rtol=1e-9, atol=1e-11)  # fmt: skip
        if not found.success:
            found = solve_ivp(rates, (0.0, float(clock[-1])), start, method="BDF", t_eval=clock, rtol=1e-8, atol=1e-10)  # fmt: skip
        states = found.y
    states = states[:, place]
    return states[:-1].T.reshape(-1, T, T).copy(), states[-1].copy()


def _least_norm(codes: Floats, q: int) -> float:
    """min |W|^2 with margins of at least 1 and equal scores in y, by least distance programming; inf where there is no such W."""
    from scipy.linalg import null_space
    from scipy.optimize import nnls

    T = codes.shape[1]
    above, alike = [], []
    for y in combinations(range(T), q):
        check_time()
        query = codes[:, y].sum(axis=1)
        first = codes[:, y[0]]
        above += [np.outer(first - codes[:, k], query).ravel() for k in range(T) if k not in y]
        alike += [np.outer(first - codes[:, j], query).ravel() for j in y[1:]]
    matrix = np.array(above)
    if alike:
        free = null_space(np.array(alike), rcond=1e-10)
        if not free.shape[1]:
            return inf
        matrix = matrix @ free
    # Lawson and Hanson: the residual of min |E u - f|, u >= 0, E = (matrix, 1)^T and f the last unit vector, gives the least distance.
    system = np.vstack([matrix.T, np.ones(len(matrix))])
    target = np.zeros(len(system))
    target[-1] = 1.0
    solution, _ = nnls(system, target, maxiter=50 * system.shape[1])
    residual = system @ solution - target
    if float(np.linalg.norm(residual)) < 1e-7:
        return inf
    least = -residual[:-1] / residual[-1]
    return float(least @ least)
