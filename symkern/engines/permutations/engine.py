"""The engine of distinct tokens, for kernels that are polynomials in the match counts."""

from __future__ import annotations

from symkern.engines.cost import Cost
from symkern.engines.engine import Progress, Solution
from symkern.engines.match_counts.mean_diagonal import mean_by_moments
from symkern.engines.match_counts.state_counts import distinct_cost
from symkern.engines.permutations.class_functions import distinct_sectors
from symkern.engines.problem import Problem
from symkern.kernels.pipeline import Kernel


class Permutations:
    """Every token occurs once: sequences are permutations."""

    name = "permutations"

    def applies(self, problem: Problem) -> bool:
        """To polynomials in the match counts, hyperparameters of any kind."""
        return not problem.law.letters_repeat and problem.kernel.is_polynomial

    def estimate(self, problem: Problem) -> Cost:
        """By the number of irreps that the kernel's degree reaches."""
        assert isinstance(problem.kernel, Kernel)
        return distinct_cost(problem.kernel, problem.length)

    def solve(self, problem: Problem, progress: Progress = iter) -> Solution:
        """Eigenvalues from numbers of standard tableaux; s_x = L on the diagonal."""
        kernel, length = problem.kernel, problem.length
        assert isinstance(kernel, Kernel)
        sectors = distinct_sectors(kernel, length)
        mean = mean_by_moments(kernel, length, problem.law, lambda p, sites: sites**p)
        return Solution(tuple(sectors), mean)
