"""What an engine is asked: the spectrum of a kernel under a token law at a length."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import comb

import sympy as sp

from symkern.abc import x
from symkern.kernels.evaluation import at_sizes
from symkern.kernels.function_kernels import FunctionKernel
from symkern.kernels.pipeline import MLP, Attention, Kernel
from symkern.tokens import Law

__all__ = ["Problem"]


@dataclass(frozen=True)
class Problem:
    """The kernel with the sizes in the place of L and v, the law, and the length; sizes are numbers or symbols. Made by `Problem.of`.

    >>> from symkern.kernels import embedding, uniform
    >>> print(Problem.of(embedding("v", "1/L").mean_pool(), uniform(2), 4).kernel)
    embedding(2, 1/4) | mean_pool
    """

    kernel: Kernel | FunctionKernel
    law: Law
    length: int | sp.Expr

    @classmethod
    def of(cls, kernel: Kernel | FunctionKernel, law: Law, length: int | sp.Expr) -> Problem:
        """Put the sizes in; v is L where all tokens are distinct."""
        law = law.at_sizes(length)
        return cls(at_sizes(kernel, length, law.vocabulary_at(length)), law, length)

    @property
    def vocabulary(self) -> int | sp.Expr:
        """Number of letters."""
        return self.law.vocabulary_at(self.length)

    @property
    def has_numbers(self) -> bool:
        """Whether length and vocabulary are numbers."""
        return isinstance(self.length, int) and isinstance(self.vocabulary, int)

    @cached_property
    def coefficient_size(self) -> int:
        """An estimate of the monomials in the hyperparameters that a value of the kernel has: 1 where all are numbers."""
        if not isinstance(self.kernel, Kernel) or not self.kernel.parameters:
            return 1
        degree = before = 0
        for stage in self.kernel.stages:
            given = [e for e in vars(stage).values() if isinstance(e, sp.Expr)]
            own = max((len(e.free_symbols & set(self.kernel.parameters)) for e in given), default=0)
            now = degree
            if isinstance(stage, Attention):
                degree = 3 * degree
            elif isinstance(stage, MLP) and stage.polynomial is not None:
                degree = max(1, int(sp.degree(stage.polynomial, x))) * degree + own
            else:
                degree = max(degree + own, before)
            before = now
        return comb(degree + len(self.kernel.parameters), degree)

    @cached_property
    def is_polynomial(self) -> bool:
        """Whether every stage stays in the polynomials in the match counts; nothing is expanded."""
        return isinstance(self.kernel, Kernel) and not any(
            (isinstance(stage, Attention) and stage.query_key != "independent")
            or (isinstance(stage, MLP) and stage.polynomial is None)
            for stage in self.kernel.stages
        )

    @cached_property
    def is_rational(self) -> bool:
        """Whether every number in the pipeline is rational: no exp(1), no sqrt(2)."""
        if not isinstance(self.kernel, Kernel):
            return False
        given = [
            e
            for stage in self.kernel.stages
            for e in vars(stage).values()
            if isinstance(e, sp.Expr)
        ]
        return all(
            e.is_rational_function(*e.free_symbols)
            and all(number.is_Rational for number in e.atoms(sp.Number, sp.NumberSymbol))
            and not any(power.base.is_number for power in e.atoms(sp.Pow))
            for e in given
        )
