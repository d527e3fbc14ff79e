"""Pipelines whose hyperparameters are symbols, at sizes where rational functions are still handy.

Their values are rational functions of the hyperparameters and, behind softmax, of the exponentials of the scores: before the first
attention a score takes four values, polynomials in the hyperparameters, and e^m is a further symbol for each monomial m in them. A
softmax after another attention has scores that are no polynomials, and is refused; so are relu and erf activations.
"""

from __future__ import annotations

import sympy as sp

from symkern.combinatorics.contingency_tables import require_few_tables
from symkern.errors import Advice, NoClosedForm
from symkern.exact import FunctionField, function_field
from symkern.exact.exponentials import exponential_field
from symkern.kernels.algebras.match_counts import MatchCounts
from symkern.kernels.algebras.position_types import TypeRecursion
from symkern.kernels.pipeline import Kernel
from symkern.kernels.stages.attention import Attention


def symbolic_source(
    kernel: Kernel, length: int, letters: int, more: tuple[sp.Symbol, ...] = ()
) -> TypeRecursion:
    """The kernel over Q(hyperparameters, their exponentials, the symbols ``more``); refuses sizes where that is no use."""
    return TypeRecursion(kernel, symbolic_field(kernel, length, letters, more))


def symbolic_field(
    kernel: Kernel, length: int, letters: int, more: tuple[sp.Symbol, ...] = ()
) -> FunctionField:
    """Q(hyperparameters, their exponentials, the symbols ``more``); refuses pipelines that have no form there, and sizes where it is no use."""
    symbols = kernel.parameters + more
    field = _field(kernel, symbols)  # refuses what has no form in symbols at any size
    starred = kernel.reads_position
    require_few_tables((p.name for p in symbols), length, letters, starred)
    return field


def _field(kernel: Kernel, symbols: tuple[sp.Symbol, ...]) -> FunctionField:
    advice = Advice(tuple(p.name for p in symbols))
    for stage in kernel.stages:
        if not stage.is_rational:
            raise NoClosedForm(f"{stage}: has no exact form in symbols; {advice}").advising(advice)
        for value in stage.formulas.values():
            if value.atoms(sp.NumberSymbol, sp.exp, sp.Float) or any(
                not power.exp.is_Integer for power in value.atoms(sp.Pow)
            ):
                raise NoClosedForm(
                    f"{stage}: {value} is no rational function of the hyperparameters; {advice}"
                ).advising(advice)
    plain = function_field(symbols)
    exponential = [i for i, stage in enumerate(kernel.stages) if stage.takes_exponentials]
    if not exponential:
        return plain
    before = kernel.stages[: exponential[0]]
    if len(exponential) > 1 or not all(stage.keeps_pattern for stage in before):
        raise NoClosedForm(
            f"softmax: after another attention its scores are no polynomials in the hyperparameters; {advice}"
        ).advising(advice)
    if not kernel.letters_alike:
        raise NoClosedForm(
            f"softmax: has no exact form in symbols on a covariance of letters; {advice}"
        ).advising(advice)
    attention = kernel.stages[exponential[0]]
    if not isinstance(attention, Attention):
        raise NoClosedForm(
            f"softmax: has no exact form in symbols inside {attention.name}; {advice}"
        ).advising(advice)
    scores = MatchCounts(plain).run(before).values()
    return exponential_field(symbols, [e * plain(attention.scale) for e in scores])
