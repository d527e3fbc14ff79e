r"""What a pipeline's form says of its spectrum before anything is computed: which irreps, and which ranks.

*Couplings.* Given x, an attention with tied queries and keys acts linearly, K' = G(x) K G(y)^T. Hence a kernel in which q factors
[b = d] tie positions of x to positions of y is a sum of products of features of x and y that are indexed by q-tuples of
positions, and touches only irreps of the permutation module of q-tuples, those with |mu| <= q. Tied attention leaves q as it is; one
with independent queries and keys, K sum K E, adds; a polynomial activation of degree p multiplies by p, except on patterns A + B [x_a = y_b]
+ C [a = b] + D [x_a = y_b][a = b], which no entrywise map leaves; the flatten readout, sum_a K_aa, ties one more position.

*Ranks.* With tied attention alone (and residuals and linear layers) the features are few. Each map H = G_l ... G_1 in the sum over paths
through the residuals gives, with A_at = sum_b H_ab [x_b = t]:

    mean pool:     sum_a A_at (a vector of S_v's permutation representation), sum_a H_ab: the irreps mu = () and (1);
    one position:  A_Lt, H_LL and H_Lb, b < L;
    flatten:       A_at for every a, and H_ab for all pairs (a, b): |mu| <= 2.

`rank_bound` counts how often (mu, kappa) occurs in their span. Softmax rows sum to one, so that sum_t A_at = 1 and sum_b H_ab = 1
there, which makes some of the features constant and others dependent.

A first attention sees scores with four values, so that G_ab = u_a (p + q [x_a = x_b] + r [a = b]) with u_a a function of x_a and the counts
(for softmax 1/u_a is affine in the count of x_a). It has no part in mu = (1, 1), where G_ab - G_ba must not be of the form f_a - f_b;
and with softmax both G_aa and sum_b G_ba are affine in u_a: one copy of mu = (1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from symkern.combinatorics import Partition
from symkern.kernels.pipeline import (
    MLP,
    AtPosition,
    Attention,
    Embedding,
    Kernel,
    Linear,
    MeanPool,
    Residual,
)

__all__ = ["coupling", "rank_bound"]


def coupling(kernel: Kernel) -> int | None:
    """The largest |mu| that the kernel can touch; None where there is no bound but the length.

    >>> from symkern.kernels import embedding
    >>> coupling(embedding(1, 1).attention("tied", "softmax").mean_pool())
    1
    >>> coupling(embedding(1).flatten().mlp("relu")) is None
    True
    """
    base = kernel.stages[0]
    assert isinstance(base, Embedding)
    tie = 0 if base.position == 0 else 1
    now: int | None = tie
    before = now
    pattern, read = True, False
    for stage in kernel.stages[1:]:
        if isinstance(stage, MLP):
            before = now
            if read or not pattern:
                now = _multiplied(now, stage)
        elif isinstance(stage, Attention):
            before = now
            if stage.query_key == "independent":
                now = None if now is None else now * (3 if stage.positions_in_values else 2)
            elif not stage.positions_in_values:
                now = 0  # the values carry tokens alone
            pattern = False
        elif isinstance(stage, Residual):
            now = None if now is None or before is None else max(now, before)
        elif isinstance(stage, Linear):
            before = now
        else:
            read = True
            if not isinstance(stage, (MeanPool, AtPosition)):
                now = None if now is None else (1 if pattern else now + 1)
    return now


def _multiplied(now: int | None, stage: MLP) -> int | None:
    from symkern.abc import x

    if now is None or now == 0:
        return now
    if stage.polynomial is None:
        return None
    return now * int(stage.polynomial.as_poly(x).degree())


@dataclass(frozen=True)
class _Paths:
    """Maps H of a tied pipeline: how many are the identity, how many are not, and features of one position alone."""

    identity: int
    first: int  # one attention on the embedding
    further: int
    alone: int

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
        )


def rank_bound(
    kernel: Kernel, mu: Partition, kappa: Partition | None, letters: int, length: int | None = None
) -> int | None:
    """An upper bound for the rank of the block (mu, kappa); without ``kappa`` of all token irreps together.

    ``length`` sharpens it where sequences are too short for a feature. None where the pipeline has an activation or an attention with independent queries and keys.
    """
    if any(
        isinstance(s, MLP) or (isinstance(s, Attention) and s.query_key != "tied")
        for s in kernel.stages
    ):
        return None
    now = before = _Paths(1, 0, 0, 0)
    constants = 0
    read = False
    stochastic = pattern = True
    for stage in kernel.stages[1:]:
        if isinstance(stage, Attention):
            before = now
            if pattern:
                now = _Paths(0, now.maps, 0, now.alone)
            else:
                now = _Paths(0, 0, now.maps, now.alone)
            pattern = False
            stochastic = stochastic and stage.row_map == "softmax"
        elif isinstance(stage, Residual):
            now = now.plus(before)
        elif isinstance(stage, Linear):
            more = int(stage.bias != 0)
            if read:
                constants += more
            else:
                before, now = now, replace(now, alone=now.alone + more)
        else:
            read = True
    token, plain = _bounds(kernel, now, constants, mu, stochastic)
    if length == 2 and mu and not isinstance(kernel.readout, AtPosition):
        plain = 0  # f(s, t) = -f(t, s), and = f(t, s) by relabelling
    if kappa is None:
        return plain + token * (letters - 1)
    if not kappa:
        return plain
    return token if kappa == Partition(1) else 0


def _bounds(
    kernel: Kernel, paths: _Paths, constants: int, mu: Partition, stochastic: bool
) -> tuple[int, int]:
    """Bounds for kappa = (1) and for kappa = ()."""
    readout = kernel.readout
    if isinstance(readout, MeanPool):
        if not mu:
            return paths.maps, 1 if stochastic else paths.maps + paths.alone + constants
        return 0, paths.proper if mu == Partition(1) else 0
    if isinstance(readout, AtPosition):
        if not mu:
            own = paths.proper + 1 if stochastic else 2 * paths.maps + paths.alone + constants
            return paths.maps, own
        return 0, paths.proper if mu == Partition(1) else 0
    if not mu:
        own = paths.proper + 1 if stochastic else 3 * paths.maps + paths.alone + constants
        return paths.maps, own
    if mu == Partition(1):
        own = paths.first + 2 * paths.further if stochastic else 4 * paths.maps + paths.alone
        return paths.maps, own
    if mu == Partition(2):
        return 0, paths.proper
    return 0, paths.further if mu == Partition(1, 1) else 0
