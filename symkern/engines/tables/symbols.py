"""Pipelines whose hyperparameters are symbols, at sizes where rational functions are still handy.

Their values are rational functions of the hyperparameters and, behind softmax, of the exponentials of the scores: before the first
attention a score takes four values, polynomials in the hyperparameters, and e^m is a further symbol for each monomial m in them. A
softmax after another attention has scores that are no polynomials, and is refused; so are relu and erf activations.
"""

from __future__ import annotations

import sympy as sp

from symkern.combinatorics.contingency_tables import require_few_tables
from symkern.engines.tables.position_types import TypeRecursion
from symkern.errors import NoClosedForm
from symkern.exact import FunctionField, RationalFunction, function_field
from symkern.exact.exponentials import exponential_field
from symkern.exact.reals import symbols_of
from symkern.kernels.gaussian import dual_terms
from symkern.kernels.pipeline import MLP, AtPosition, Attention, Embedding, Kernel, Linear, Residual

__all__ = ["symbolic_field", "symbolic_source"]


class _Symbolic(TypeRecursion):
    """A pipeline over a field of rational functions."""

    def __init__(self, kernel: Kernel, field: FunctionField) -> None:
        self.field = field
        with symbols_of(field):
            super().__init__(kernel)


def symbolic_source(kernel: Kernel, length: int, letters: int) -> TypeRecursion:
    """The kernel over Q(hyperparameters, their exponentials); refuses sizes where that is no use."""
    return _Symbolic(kernel, symbolic_field(kernel, length, letters))


def symbolic_field(kernel: Kernel, length: int, letters: int) -> FunctionField:
    """Q(hyperparameters, their exponentials); refuses pipelines that have no form there, and sizes where it is no use."""
    field = _field(kernel)  # refuses what has no form in symbols at any size
    starred = isinstance(kernel.readout, AtPosition)
    require_few_tables((p.name for p in kernel.parameters), length, letters, starred)
    return field


def _field(kernel: Kernel) -> FunctionField:
    names = ", ".join(p.name for p in kernel.parameters)
    for stage in kernel.stages:
        if isinstance(stage, MLP) and stage.polynomial is None:
            raise NoClosedForm(f"{stage}: has no exact form in symbols; give {names} values")
        for value in vars(stage).values():
            if isinstance(value, sp.Expr) and (
                value.atoms(sp.NumberSymbol, sp.exp, sp.Float)
                or any(not power.exp.is_Integer for power in value.atoms(sp.Pow))
            ):
                raise NoClosedForm(
                    f"{stage}: {value} is no rational function of the hyperparameters; give {names} values"
                )
    softmax = [
        i
        for i, s in enumerate(kernel.stages)
        if isinstance(s, Attention) and s.row_map == "softmax"
    ]
    plain = function_field(kernel.parameters)
    if not softmax:
        return plain
    attentions = [i for i, s in enumerate(kernel.stages) if isinstance(s, Attention)]
    if len(softmax) > 1 or softmax[0] != attentions[0]:
        raise NoClosedForm(
            "softmax: after another attention its scores are no polynomials in the hyperparameters; "
            "give them values"
        )
    return exponential_field(kernel.parameters, _scores(kernel, softmax[0], plain))


def _scores(kernel: Kernel, stop: int, field: FunctionField) -> list[RationalFunction]:
    """The values of K_ab before stage ``stop``: no match, same token, same position, both."""
    base = kernel.stages[0]
    assert isinstance(base, Embedding)
    token, position, constant = (field(e) for e in (base.token, base.position, base.constant))
    now = [constant, constant + token, constant + position, constant + token + position]
    before = now
    for stage in kernel.stages[1:stop]:
        if isinstance(stage, Residual):
            now = [a + b for a, b in zip(now, before, strict=True)]
            continue
        before = now
        if isinstance(stage, Linear):
            now = [e * field(stage.weight) + field(stage.bias) for e in now]
        elif isinstance(stage, MLP) and stage.polynomial is not None:
            terms = dual_terms(stage.polynomial)
            top = now[3]
            now = [
                sum((field(c) * r**j * top ** (e + f) for c, j, e, f in terms), field.zero)
                for r in now
            ]
        else:
            raise NoClosedForm(
                f"{stage}: has no exact form in symbols; give hyperparameters values"
            )
    return now
