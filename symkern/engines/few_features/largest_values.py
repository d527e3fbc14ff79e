"""A bound for |k(x, y)| that holds for all sequences, from the form of a pipeline."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symkern.errors import NoClosedForm
from symkern.exact.reals import as_ball, real
from symkern.kernels.algebras.algebra import Algebra
from symkern.kernels.pipeline import Kernel
from symkern.kernels.stages import Entrywise, Stage
from symkern.kernels.stages.attention import Attention
from symkern.kernels.stages.layer_norm import LayerNorm


def largest_value(kernel: Kernel) -> Any:
    """A ball above every |k(x, y)|, in the precision in force.

    Rows of softmax are averages, so that attention leaves the bound as it is; a residual adds, and so does a bias. Behind a
    layer normalisation every |K_ab| is at most 1.

    Raises:
        NoClosedForm: a stage has no such bound.

    >>> from symkern.kernels import embedding
    >>> largest_value(embedding(1, 2).attention("tied", "softmax").residual().linear(2, 3).mean_pool())
    15.0000000000000
    """
    found: _Bound = _LargestValues().run(kernel.stages)
    return found.value


class _Bound:
    """A bound for all entries."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def plus(self, other: _Bound) -> _Bound:
        return _Bound(self.value + other.value)

    def mean(self) -> _Bound:
        return self

    mean_diagonal = read = mean


class _LargestValues(Algebra):
    """The bound after each stage."""

    name = "largest_values"

    def number(self, value: sp.Expr, argument: str = "hyperparameter") -> Any:
        return real(value, argument)

    def embedded(self, token: Any, position: Any, constant: Any) -> _Bound:
        return _Bound(sum((abs(as_ball(e)) for e in (token, position, constant)), as_ball(real(0))))

    def embedded_letters(self, covariance: Any, position: Any, constant: Any) -> _Bound:
        entries = [abs(as_ball(self.number(e))) for row in covariance.rows for e in row]
        return _Bound(sum(entries, self.embedded(real(0), position, constant).value))

    def mapped(self, matrix: _Bound, stage: Entrywise) -> _Bound:
        if isinstance(stage, LayerNorm):
            return _Bound(as_ball(real(1)))
        if stage.degree != 1 or stage.uses_variances:
            raise NoClosedForm(f"{stage}: is not affine")
        entry = stage.entry(self)
        return _Bound(max((abs(as_ball(entry(e, None, None))) for e in (matrix.value, -matrix.value)), key=float))  # fmt: skip

    def mapped_number(self, number: _Bound, stage: Entrywise) -> _Bound:
        return self.mapped(number, stage)

    def added(self, number: _Bound, other: _Bound) -> Any:
        return number.plus(other)

    def attended(self, matrix: _Bound, values: _Bound, average: bool) -> Any:
        raise NoClosedForm("independent queries and keys: rows are not averages")

    def tied(self, matrix: _Bound, values: _Bound, stage: Stage) -> _Bound:
        if not isinstance(stage, Attention) or stage.row_map != "softmax":
            raise NoClosedForm(f"{stage}: rows are not averages")
        return values
