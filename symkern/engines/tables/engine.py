"""The engine of every symmetric kernel at a given length and vocabulary, under every exchangeable law."""

from __future__ import annotations

from dataclasses import replace
from math import comb

from symkern.engines.cost import Cost
from symkern.engines.engine import Progress, Solution
from symkern.engines.problem import Problem
from symkern.engines.tables.diagonal import general_mean_diagonal
from symkern.engines.tables.sectors import general_sectors
from symkern.engines.tables.symbolic_tables import symbolic_field
from symkern.engines.tables.table_counts import table_cost
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.kernels.function_kernels import FunctionKernel

#: What a value with so many monomials in the hyperparameters takes, beside a number: _LONGER n^_GROWTH.
_LONGER, _GROWTH = 1.5, 0.8


class Tables:
    """Values of the kernel on contingency tables."""

    name = "tables"

    def applies(self, problem: Problem) -> bool:
        """Where sizes are numbers and hyperparameters are numbers, or symbols in which the kernel has a form."""
        law, kernel = problem.law, problem.kernel
        if not law.letters_repeat or not problem.has_numbers:
            return False
        if (
            law.parameters
            and kernel.is_polynomial
            and kernel.is_rational
            and law.symbolic_components()
        ):
            return False  # match counts take less
        try:
            self.require_form(problem)
        except (NoClosedForm, InvalidArgument):
            return False
        return True

    def require_form(self, problem: Problem) -> None:
        """Refuse symbols in which a pipeline has no exact form, or sizes at which they are no use."""
        kernel, length, letters = problem.kernel, problem.length, problem.vocabulary
        assert isinstance(length, int) and isinstance(letters, int)
        if isinstance(kernel, FunctionKernel):
            problem.law.require_numbers("where a kernel is given by its values")
        elif kernel.parameters or problem.law.parameters:
            symbolic_field(kernel, length, letters, problem.law.parameters)

    def estimate(self, problem: Problem) -> Cost:
        """By the number of tables and of the tableaux of each irrep."""
        assert isinstance(problem.length, int)
        found = table_cost(problem.kernel, problem.length, problem.law, problem.only)
        chances = len(
            problem.law.parameters
        )  # in which a probability is of the degree of the length
        size = problem.coefficient_size * comb(problem.length + chances, chances)
        longer = 1 if size == 1 else _LONGER * size**_GROWTH
        return replace(found, seconds=found.seconds * longer)

    def solve(self, problem: Problem, progress: Progress = iter) -> Solution:
        """Blocks from the polarisations of the kernel's values."""
        kernel, length, law = problem.kernel, problem.length, problem.law
        assert isinstance(length, int)
        sectors = general_sectors(kernel, length, law, progress, problem.only)
        return Solution(tuple(sectors), general_mean_diagonal(kernel, length, law))
