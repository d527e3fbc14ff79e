r"""What a pipeline's form says of its spectrum before anything is computed: which irreps, and which ranks.

*Couplings.* Given x, an attention with tied queries and keys acts linearly, K' = G(x) K G(y)^T. Hence a kernel in which q factors
[b = d] tie positions of x to positions of y is a sum of products of features of x and y that are indexed by q-tuples of
positions, and touches only irreps of the permutation module of q-tuples, those with |mu| <= q. Tied attention leaves q as it is; one
with independent queries and keys, K sum K E, adds; layer normalisation multiplies by functions of x and of y alone; a polynomial activation of degree p multiplies by p, except on patterns A + B [x_a = y_b]
+ C [a = b] + D [x_a = y_b][a = b], or f(x_a, y_b) + [a = b] g(x_a, y_b), which no entrywise map leaves; the flatten readout, sum_a K_aa, ties one more position.

*Ranks.* With tied attention alone (and residuals and linear layers) the features are few. Each map H = G_l ... G_1 in the sum over paths
through the residuals gives, with A_at = sum_b H_ab [x_b = t]:

    mean pool:     sum_a A_at (a vector of S_v's permutation representation), sum_a H_ab: the irreps mu = () and (1);
    one position:  A_Lt, H_LL and H_Lb, b < L;
    flatten:       A_at for every a, and H_ab for all pairs (a, b): |mu| <= 2.

`rank_bound` counts how often (mu, kappa) occurs in their span. Softmax rows sum to one, so that sum_t A_at = 1 and sum_b H_ab = 1
there, which makes some of the features constant and others dependent.

A first attention sees scores with four values, so that G_ab = u_a (p + q [x_a = x_b] + r [a = b]) with u_a a function of x_a and the counts
(for softmax 1/u_a is affine in the count of x_a). It has no part in mu = (1, 1), where G_ab - G_ba must not be of the form f_a - f_b;
and with softmax both G_aa and sum_b G_ba are affine in u_a: one copy of mu = (1). A covariance that tells letters apart has more values, and is
taken as a further attention's scores are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from symkern.combinatorics import Partition
from symkern.errors import NoClosedForm
from symkern.kernels.algebras import Algebra
from symkern.kernels.pipeline import Kernel
from symkern.kernels.stages import Entrywise
from symkern.kernels.stages.attention import Attention
from symkern.kernels.stages.layer_norm import LayerNorm


def coupling(kernel: Kernel) -> int | None:
    """The largest |mu| that the kernel can touch; None where there is no bound but the length.

    >>> from symkern.kernels import embedding
    >>> coupling(embedding(1, 1).attention("tied", "softmax").mean_pool())
    1
    >>> coupling(embedding(1).flatten().mlp("relu")) is None
    True
    """
    try:
        found: int | None = _Couplings().run(kernel.stages)
    except NoClosedForm:
        return None
    return found


def _with(function: Callable[..., int], *counts: int | None) -> int | None:
    return None if None in counts else function(*counts)


def _multiplied(count: int | None, degree: int | None) -> int | None:
    if degree is None:
        return 0 if count == 0 else None
    return _with(lambda n: n * degree, count)


@dataclass(frozen=True)
class _Ties:
    """Factors [b = d] that tie positions, and whether K is a pattern still."""

    count: int | None
    pattern: bool

    def plus(self, other: _Ties) -> _Ties:
        return _Ties(_with(max, self.count, other.count), self.pattern and other.pattern)

    def mean(self) -> int | None:
        return self.count

    read = mean

    def mean_diagonal(self) -> int | None:
        return _with(lambda n: 1 if self.pattern else n + 1, self.count)


class _Couplings(Algebra):
    """How many positions are tied after each stage."""

    name = "couplings"

    def embedded(self, token: sp.Expr, position: sp.Expr, constant: sp.Expr) -> _Ties:
        return _Ties(int(position != 0), True)

    def embedded_letters(self, covariance: Any, position: sp.Expr, constant: sp.Expr) -> _Ties:
        return self.embedded(sp.S.Zero, position, constant)

    def mapped(self, matrix: _Ties, stage: Entrywise) -> _Ties:
        kept = matrix.pattern or isinstance(stage, LayerNorm)
        count = matrix.count if kept else _multiplied(matrix.count, stage.degree)
        return replace(matrix, count=count)

    def mapped_number(self, number: int | None, stage: Entrywise) -> int | None:
        return _multiplied(number, stage.degree)

    def added(self, number: int | None, other: int | None) -> int | None:
        return _with(max, number, other)

    def attended(self, matrix: _Ties, values: _Ties, average: bool) -> _Ties:
        return _Ties(_with(lambda n, m: 2 * n + m, matrix.count, values.count), False)

    def tied(self, matrix: _Ties, values: _Ties, stage: Attention) -> _Ties:
        return _Ties(values.count, False)


@dataclass(frozen=True)
class _Paths:
    """Maps H of a tied pipeline: how many are the identity, how many are not, and features of one position alone."""

    identity: int = 1
    first: int = 0  # one attention on the embedding
    further: int = 0
    alone: int = 0
    pattern: bool = True
    stochastic: bool = True  # all rows sum to one

    @property
    def maps(self) -> int:
        return self.identity + self.proper

    @property
    def proper(self) -> int:
        return self.first + self.further

    def plus(self, other: _Paths) -> _Paths:
        return _Paths(
            self.identity + other.identity,
            self.first + other.first,
            self.further + other.further,
            self.alone + other.alone,
            self.pattern and other.pattern,
            self.stochastic and other.stochastic,
        )

    def mean(self) -> _Features:
        return _Features(self, _of_the_mean)

    def read(self) -> _Features:
        return _Features(self, _of_one_position)

    def mean_diagonal(self) -> _Features:
        return _Features(self, _of_the_diagonal)


@dataclass(frozen=True)
class _Features:
    """What a readout leaves of the maps, with constants added after it; ``bounds`` are those for kappa = (1) and for kappa = ()."""

    paths: _Paths
    bounds: Callable[[_Paths, int, Partition], tuple[int, int]]
    constants: int = 0


class _FeaturePaths(Algebra):
    """The maps after each stage; raises `NoClosedForm` at an activation and at independent queries and keys."""

    name = "feature_paths"

    def embedded(self, token: sp.Expr, position: sp.Expr, constant: sp.Expr) -> _Paths:
        return _Paths()

    def embedded_letters(self, covariance: Any, position: sp.Expr, constant: sp.Expr) -> _Paths:
        return _Paths(pattern=False)

    def _bias(self, stage: Entrywise) -> int:
        if stage.degree != 1 or stage.uses_variances:
            raise NoClosedForm(f"{stage}: is not affine")
        return int(stage.entry(self)(sp.S.Zero, None, None) != 0)

    def mapped(self, matrix: _Paths, stage: Entrywise) -> _Paths:
        return replace(matrix, alone=matrix.alone + self._bias(stage))

    def mapped_number(self, number: _Features, stage: Entrywise) -> _Features:
        return replace(number, constants=number.constants + self._bias(stage))

    def added(self, number: _Features, other: _Features) -> Any:
        raise NoClosedForm("the features of a sum of readouts are not counted")

    def attended(self, matrix: _Paths, values: _Paths, average: bool) -> Any:
        raise NoClosedForm(
            "an attention with independent queries and keys has features without bound"
        )

    def tied(self, matrix: _Paths, values: _Paths, stage: Attention) -> _Paths:
        maps = (matrix.maps, 0) if matrix.pattern else (0, matrix.maps)
        stochastic = matrix.stochastic and stage.row_map == "softmax"
        return _Paths(0, *maps, matrix.alone, False, stochastic)


def rank_bound(
    kernel: Kernel, mu: Partition, kappa: Partition | None, letters: int, length: int | None = None
) -> int | None:
    """An upper bound for the rank of the block (mu, kappa); without ``kappa`` of all token irreps together.

    ``length`` sharpens it where sequences are too short for a feature. None where the pipeline has an activation or an attention with independent queries and keys.
    """
    try:
        found: _Features = _FeaturePaths().run(kernel.stages)
    except NoClosedForm:
        return None
    token, plain = found.bounds(found.paths, found.constants, mu)
    if length == 2 and mu and kernel.letters_alike and not kernel.reads_position:
        plain = 0  # f(s, t) = -f(t, s), and = f(t, s) by relabelling
    if kappa is None:
        return plain + token * (letters - 1)
    if not kappa:
        return plain
    return token if kappa == Partition(1) else 0


def affine_stages(kernel: Kernel) -> int:
    """After how many stages entries are still affine in the table for given letters of x and of y; 0 where an attention stands behind them.

    >>> from symkern.kernels import embedding
    >>> affine_stages(embedding(1, 1).attention("tied", "softmax").residual().mlp("erf").mean_pool())
    3
    """
    found = 1
    for i, stage in enumerate(kernel.stages, 1):
        if stage.place == "readout":
            break
        try:
            _FeaturePaths().run(kernel.stages[:i])
        except NoClosedForm:
            break
        found = i
    behind = kernel.stages[found:]
    return found if all(isinstance(s, Entrywise) or s.place == "readout" for s in behind) else 0


def on_lines(kernel: Kernel, more: bool = False) -> bool:
    """Whether two values of the matrix behind the affine stages give those at all tables with the same letters of x and of y; ``more`` says that symbols come in."""
    return affine_stages(kernel) > 1 and not (kernel.parameters or more)


def _of_the_mean(paths: _Paths, constants: int, mu: Partition) -> tuple[int, int]:
    if not mu:
        return paths.maps, 1 if paths.stochastic else paths.maps + paths.alone + constants
    return 0, paths.proper if mu == Partition(1) else 0


def _of_one_position(paths: _Paths, constants: int, mu: Partition) -> tuple[int, int]:
    if not mu:
        own = 2 * paths.maps + paths.alone + constants
        return paths.maps, paths.proper + 1 if paths.stochastic else own
    return 0, paths.proper if mu == Partition(1) else 0


def _of_the_diagonal(paths: _Paths, constants: int, mu: Partition) -> tuple[int, int]:
    if not mu:
        own = 3 * paths.maps + paths.alone + constants
        return paths.maps, paths.proper + 1 if paths.stochastic else own
    if mu == Partition(1):
        own = 4 * paths.maps + paths.alone
        return paths.maps, paths.first + 2 * paths.further if paths.stochastic else own
    if mu == Partition(2):
        return 0, paths.proper
    return 0, paths.further if mu == Partition(1, 1) else 0
