"""The engine of softmax attention behind an average over positions, at symbolic length and vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import floor

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.bounds import dimension
from symkern.combinatorics import Partition
from symkern.engines.cost import Cost
from symkern.engines.engine import Progress, Solution
from symkern.engines.pooled_softmax.letter_moments import Series
from symkern.engines.pooled_softmax.pooled_features import POSITION, TOKEN, PooledFeatures
from symkern.engines.problem import Problem
from symkern.exact.asymptotics import Leading
from symkern.exact.length_series import LengthSeries
from symkern.kernels.pipeline import Kernel
from symkern.kernels.stages.attention import Attention
from symkern.kernels.stages.embedding import Embedding
from symkern.kernels.stages.linear import Linear
from symkern.kernels.stages.mean_pool import MeanPool
from symkern.sectors.sector import Sector
from symkern.sectors.series_sector import SeriesSector

#: Seconds of the first two terms, and how they grow with each further one.
_FIRST, _FURTHER = 0.3, 5.0


@dataclass(frozen=True)
class PooledForm:
    """weight k + bias, k one attention with scores of the exponents ``token`` and ``position`` on values with these variances."""

    values: tuple[sp.Expr, sp.Expr, sp.Expr]
    token: sp.Expr
    position: sp.Expr
    weight: sp.Expr
    bias: sp.Expr


class PooledSoftmax:
    """Expansions of mean squares of features around equal letters."""

    name = "pooled softmax"

    def applies(self, problem: Problem) -> bool:
        """To an embedding, one attention with tied queries and keys and softmax rows, and an average over positions; affine maps may stand between and behind."""
        symbols = problem.length == CONTEXT_LENGTH and problem.vocabulary == VOCABULARY
        return symbols and problem.law.is_uniform and pooled_form(problem.kernel) is not None

    def estimate(self, problem: Problem) -> Cost:
        """By the number of terms."""
        return Cost(_FIRST * _FURTHER ** (_order(problem) - 2), 10**7)

    def solve(self, problem: Problem, progress: Progress = iter) -> Solution:
        """The three sectors, each with one eigenvalue."""
        form = pooled_form(problem.kernel)
        assert form is not None
        self.estimate(problem).require()
        token, position, constant = form.values
        w, order = form.weight, _order(problem)
        features = PooledFeatures(order)
        plain, letters = Partition(), Partition(1)
        whole = [
            Leading(-sp.Integer(p), sp.factor(c))
            for p, c in enumerate((w * (token / VOCABULARY + constant) + form.bias, w * position))
            if c != 0
        ]
        found = [_sector(problem, plain, plain, LengthSeries(tuple(whole), None))] if whole else []
        last = order if problem.down_to is None else problem.down_to
        for mu, kappa, factor, series, power in (
            (plain, letters, w * token, features.letters(), 0),
            (letters, plain, w * position, features.positions(), 2),
        ):
            if factor == 0:
                continue
            terms = _terms(form, factor, series, power)
            if problem.down_to is not None:
                terms = [t for t in terms if -t.exponent <= last]
            if terms:
                error = -sp.Integer(min(order + power, floor(last) if problem.down_to is not None else order + power) + 1)  # fmt: skip
                found.append(_sector(problem, mu, kappa, LengthSeries(tuple(terms), error)))
        shares, rows = features.squares()
        diagonal = _terms(form, w * token, shares, 0), _terms(form, w * position, rows, 1)
        return Solution(
            tuple(found),
            _trace(diagonal, w * constant + form.bias, min(order, max(problem.terms, 2) - 1)),
        )


def _order(problem: Problem) -> int:
    """The power of 1/L to which mean squares are expanded."""
    return max(problem.terms, 2) if problem.down_to is None else max(floor(problem.down_to), 1)


def pooled_form(kernel: object) -> PooledForm | None:
    """What the pipeline is made of; None where it is another one."""
    if not isinstance(kernel, Kernel):
        return None
    first, *rest = kernel.stages
    if not (isinstance(first, Embedding) and first.covariance is None and rest):
        return None
    attention, *rest = rest
    if not (isinstance(attention, Attention) and attention.row_map == "softmax"):
        return None
    pools = [s for s in rest if isinstance(s, MeanPool)]
    affine = [s for s in rest if isinstance(s, Linear)]
    if len(pools) != 1 or len(pools) + len(affine) != len(rest):
        return None
    if any(CONTEXT_LENGTH in e.free_symbols for s in kernel.stages for e in s.formulas.values()):  # fmt: skip
        return None
    weight, bias = sp.S.One, sp.S.Zero
    for stage in affine:
        weight, bias = weight * stage.weight, bias * stage.weight + stage.bias
    position = first.position if attention.positions_in_values else sp.S.Zero
    values = first.token, position, first.constant
    return PooledForm(values, first.token * attention.scale, first.position * attention.scale, weight, bias)  # fmt: skip


def _terms(form: PooledForm, factor: sp.Expr, series: Series, power: int) -> list[Leading]:
    """Coefficients as formulas, those that are zero left out."""
    found = []
    for p, c in sorted(series.items()):
        value = c.to_sympy().subs({TOKEN: sp.exp(form.token), POSITION: sp.exp(form.position)}, simultaneous=True)  # fmt: skip
        if sp.expand(sp.numer(sp.together(value))) != 0 and factor != 0:
            found.append(Leading(-sp.Integer(p + power), factor * value))
    return found


def _sector(problem: Problem, mu: Partition, kappa: Partition, series: LengthSeries) -> Sector:
    made = SeriesSector.of(
        mu,
        kappa,
        dimension(mu, problem.length) * dimension(kappa, problem.vocabulary),
        {"L": max(mu.threshold, 1), "v": max(kappa.threshold, 2)},
        [series],
        None,
        problem.terms if problem.down_to is None else max(len(series.terms), 1),
    )
    return replace(made, others=None)


def _trace(parts: Sequence[list[Leading]], constant: sp.Expr, order: int) -> LengthSeries:
    """E k(x, x) down to L^-order."""
    total: dict[sp.Rational, sp.Expr] = {sp.S.Zero: constant}
    for listed in parts:
        for term in listed:
            assert isinstance(term.coefficient, sp.Expr)
            total[term.exponent] = total.get(term.exponent, sp.S.Zero) + term.coefficient
    kept = [(e, sp.factor(c)) for e, c in sorted(total.items(), reverse=True) if -e <= order]
    return LengthSeries(tuple(Leading(e, c) for e, c in kept if c != 0), -sp.Integer(order + 1))
