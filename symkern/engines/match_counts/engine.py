"""The engine of kernels that are polynomials in the match counts, on independent tokens and mixtures of such laws."""

from __future__ import annotations

from dataclasses import replace

from symkern.engines.cost import Cost
from symkern.engines.engine import Progress, Solution
from symkern.engines.match_counts.independent import independent_sectors
from symkern.engines.match_counts.mean_diagonal import mean_diagonal
from symkern.engines.match_counts.state_counts import polynomial_cost
from symkern.engines.match_counts.uniform_tokens import uniform_sectors
from symkern.engines.problem import Problem
from symkern.kernels.pipeline import Kernel

#: What a coefficient with so many monomials in the hyperparameters takes, beside a number: 1 + _LONGER n^_GROWTH.
_LONGER, _GROWTH = 0.2, 0.8


class MatchCounts:
    """Symbolic in the length and, on uniform tokens, in the vocabulary."""

    name = "match counts"

    def applies(self, problem: Problem) -> bool:
        """To pipelines of rational numbers and symbols without softmax and the like."""
        law = problem.law
        mixed = law.symbolic_components() is not None
        known = law.is_uniform or isinstance(law.vocabulary, int)
        return problem.kernel.is_polynomial and problem.kernel.is_rational and mixed and known

    def estimate(self, problem: Problem) -> Cost:
        """By the number of states that the kernel's degrees reach."""
        assert isinstance(problem.kernel, Kernel)
        found = polynomial_cost(problem.kernel, problem.length, problem.law.occurring()[0])
        if not problem.has_numbers or problem.coefficient_size == 1:
            return found
        longer = 1 + _LONGER * problem.coefficient_size**_GROWTH
        return replace(found, seconds=found.seconds * longer)

    def solve(self, problem: Problem, progress: Progress = iter) -> Solution:
        """Blocks of the operator on the states of each sector."""
        kernel, length, law = problem.kernel, problem.length, problem.law
        assert isinstance(kernel, Kernel)
        if law.is_uniform:
            sectors = uniform_sectors(kernel, length, law.vocabulary, progress)
        else:
            sectors = independent_sectors(kernel, length, law, progress)
        return Solution(tuple(sectors), mean_diagonal(kernel, length, law))
