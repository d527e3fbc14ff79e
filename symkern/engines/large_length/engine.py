"""The engine of smooth kernels at symbolic length: series in 1/L, for independent tokens with a given number of letters."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import floor

from symkern.abc import L as CONTEXT_LENGTH
from symkern.bounds import dimension
from symkern.combinatorics import Partition, iter_partitions, partitions
from symkern.engines.cost import Cost
from symkern.engines.engine import Progress, Solution
from symkern.engines.large_length.diagonal_series import diagonal_series
from symkern.engines.large_length.jet_block import SectorSetting
from symkern.engines.large_length.jet_costs import jet_cost
from symkern.engines.large_length.jet_source import JetSource
from symkern.engines.large_length.problem_laws import laws_of
from symkern.engines.large_length.raising import Wanted, expanded
from symkern.engines.problem import Problem
from symkern.engines.tables.couplings import rank_bound
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.exact.length_series import ordered
from symkern.kernels.pipeline import Kernel
from symkern.limits import current, within_time
from symkern.sectors.series_sector import SeriesSector

#: The largest degree of functions whose eigenvalues are looked for where no power of L is asked for.
DEGREE = 2


class LargeLength:
    """Jets of the kernel around independent sequences."""

    name = "large length"

    def applies(self, problem: Problem) -> bool:
        """To pipelines that are no polynomials in the match counts, at length L and a given vocabulary."""
        kernel, law = problem.kernel, problem.law
        if not isinstance(kernel, Kernel) or problem.length != CONTEXT_LENGTH:
            return False
        if not (law.letters_repeat and isinstance(law.vocabulary, int)):
            return False
        if any(stage.gap("jet_products") for stage in kernel.stages):
            return False
        mixed = law.symbolic_components() is not None
        return mixed and not (kernel.is_polynomial and kernel.is_rational)

    def require_hypotheses(self, problem: Problem) -> None:
        """Refuse what the theorem does not hold for, with the hypothesis that fails."""
        kernel, law = problem.kernel, problem.law
        assert isinstance(kernel, Kernel)
        grown = [s for s in kernel.stages if any(CONTEXT_LENGTH in e.free_symbols for e in s.formulas.values())]  # fmt: skip
        if grown:
            raise NoClosedForm(
                f"length: the expansion in 1/L takes hyperparameters that do not depend on L, and {grown[0]} does; "
                "the spectrum at a given length exists"
            )
        for _, p in law.symbolic_components() or ():
            if p is not None and not all(p):
                raise InvalidArgument(
                    "tokens",
                    "must have letters of positive probability for an expansion in 1/L",
                    f"letter {[bool(q) for q in p].index(False)} has probability 0: give the law of the others",
                )

    def estimate(self, problem: Problem) -> Cost:
        """By the monomials of the jets and the operations of the pipeline on them."""
        assert isinstance(problem.kernel, Kernel)
        power = self._most(problem)
        return jet_cost(
            problem.kernel, int(problem.vocabulary), int(2 * power), bool(problem.law.parameters)
        )

    def _most(self, problem: Problem, k: int = 0) -> Fraction:
        """The power of 1/L at which it stops at the latest, for mu of k boxes."""
        if problem.down_to is not None:
            return problem.down_to
        assert isinstance(problem.kernel, Kernel)
        letters, most = int(problem.vocabulary), Fraction(current().series_power)
        while most > 2:
            if (
                jet_cost(
                    problem.kernel, letters, int(2 * most) - k, bool(problem.law.parameters)
                ).seconds
                <= current().series_seconds
            ):
                break
            most -= 1
        return most

    def solve(self, problem: Problem, progress: Progress = iter) -> Solution:
        """The sectors, each with its certain terms."""
        self.require_hypotheses(problem)
        kernel = problem.kernel
        assert isinstance(kernel, Kernel)
        source, found = JetSource(kernel, laws_of(problem)), []
        with within_time("this expansion in 1/L", _less(problem)), source.digits():
            for mu, kappa in progress(self._labels(problem, source.letters)):
                sector = self._sector(problem, source, mu, kappa)
                if sector is not None:
                    found.append(sector)
            trace = diagonal_series(source, max(problem.terms, 2))
        return Solution(tuple(found), trace)

    def _labels(self, problem: Problem, letters: int) -> list[tuple[Partition, Partition | None]]:
        highest = DEGREE if problem.down_to is None else floor(problem.down_to)
        kappas: list[Partition | None] = [None]
        if problem.law.is_uniform:
            labels = [Partition(*lam[1:]) for lam in partitions(letters)]
            kappas = [*sorted(labels, key=lambda t: (t.size, [-p for p in t]))]  # fmt: skip
        return [
            (mu, kappa)
            for k in range(highest + 1)
            for mu in iter_partitions(k, max_length=letters - 1)
            for kappa in kappas
        ]

    def _sector(
        self, problem: Problem, source: JetSource, mu: Partition, kappa: Partition | None
    ) -> SeriesSector | None:
        """One sector; None where it has no functions of the degrees that are looked for, or is known to be zero."""
        kernel = problem.kernel
        assert isinstance(kernel, Kernel)
        letters = source.letters
        rank = rank_bound(kernel, mu, kappa, letters)
        if rank == 0:
            return None
        branches = 0
        if problem.down_to is None:
            space = SectorSetting(source.laws, mu, kappa, DEGREE - mu.size, source.starred)
            branches = len(space.basis)
            if not branches:
                return None
        if rank is not None:
            branches = min(branches, rank)
        most = self._most(problem, mu.size)
        wanted = Wanted(problem.terms, problem.down_to, branches, most, DEGREE)
        found = expanded(source, mu, kappa, wanted)
        fixed = int(source.starred)
        sector = SeriesSector.of(
            mu,
            kappa,
            dimension(mu, problem.length - fixed)
            * (1 if kappa is None else dimension(kappa, letters)),
            {"L": max(mu.threshold, 1) + fixed, "v": letters},
            ordered(found.series),
            found.others,
            problem.terms,
            source.undecided,
        )
        complete = rank is not None and len(found.series) >= rank
        return replace(sector, others=None) if complete else sector


def _less(problem: Problem) -> str:
    """What takes less time."""
    less = f"terms={problem.terms - 1}" if problem.terms > 1 else "down_to=1"
    if problem.down_to is not None:
        less = f"down_to={max(problem.down_to // 2, 1)}"
    numbers = "numbers for hyperparameters, " if problem.kernel.parameters else ""
    return f"{less}, {numbers}or fewer letters take less, and symkern.limits.changed(seconds=...) allows more"
