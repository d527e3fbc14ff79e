"""What an engine is asked: the spectrum of a kernel under a token law at a length."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import comb
from typing import Any

import sympy as sp

from symkern.abc import x
from symkern.combinatorics import Partition
from symkern.kernels.algebras import Algebra
from symkern.kernels.evaluation import at_sizes
from symkern.kernels.function_kernels import FunctionKernel
from symkern.kernels.pipeline import Kernel
from symkern.kernels.stages import Entrywise, Stage
from symkern.tokens import Law


@dataclass(frozen=True)
class Problem:
    """The kernel with the sizes in the place of L and v, the law, and the length; sizes are numbers or symbols. Made by `Problem.of`.

    ``terms`` and ``down_to`` say which terms of series in 1/L are wanted, where that is what there is: so many of each eigenvalue, or all down to
    L^-down_to. ``only`` is the one irrep of positions that is wanted; engines to which it makes no difference give all sectors.

    >>> from symkern.kernels import embedding, uniform
    >>> print(Problem.of(embedding("v", "1/L").mean_pool(), uniform(2), 4).kernel)
    embedding(2, 1/4) | mean_pool
    """

    kernel: Kernel | FunctionKernel
    law: Law
    length: int | sp.Expr
    terms: int = 2
    down_to: Fraction | None = None
    only: Partition | None = None

    @classmethod
    def of(
        cls,
        kernel: Kernel | FunctionKernel,
        law: Law,
        length: int | sp.Expr,
        terms: int = 2,
        down_to: Fraction | None = None,
        only: Partition | None = None,
    ) -> Problem:
        """Put the sizes in; v is L where all tokens are distinct."""
        law = law.at_sizes(length)
        vocabulary = law.vocabulary_at(length)
        sized = at_sizes(kernel, length, vocabulary)
        if isinstance(sized, Kernel):
            sized.require_sizes(length, vocabulary)
        return cls(sized, law, length, terms, down_to, only)

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
        degree: int = _ParameterDegree().run(self.kernel.stages)
        return comb(degree + len(self.kernel.parameters), degree)


class _ParameterDegree(Algebra):
    """The degree in the hyperparameters of an entry, after each stage."""

    name = "parameter_degree"

    def embedded(self, token: sp.Expr, position: sp.Expr, constant: sp.Expr) -> _Degree:
        return _Degree(max(len(e.free_symbols) for e in (token, position, constant)))

    def embedded_letters(self, covariance: Any, position: sp.Expr, constant: sp.Expr) -> _Degree:
        own = max((len(e.free_symbols) for e in covariance.formulas.values()), default=0)
        return max(_Degree(own), self.embedded(sp.S.Zero, position, constant))

    def mapped(self, matrix: _Degree, stage: Entrywise) -> _Degree:
        own = max((len(e.free_symbols - {x}) for e in stage.formulas.values()), default=0)
        return _Degree(max(stage.degree or 1, 1) * matrix + own)

    def mapped_number(self, number: _Degree, stage: Entrywise) -> _Degree:
        return self.mapped(number, stage)

    def added(self, number: _Degree, other: _Degree) -> _Degree:
        return max(number, other)

    def attended(self, matrix: _Degree, values: _Degree, average: bool) -> _Degree:
        return _Degree(2 * matrix + values)

    def tied(self, matrix: _Degree, values: _Degree, stage: Stage) -> _Degree:
        return self.attended(matrix, values, True)


class _Degree(int):
    """A degree, which the larger of two has in a sum and which reading out leaves."""

    def plus(self, other: _Degree) -> _Degree:
        return max(self, other)

    def mean(self) -> _Degree:
        return self

    mean_diagonal = read = mean
