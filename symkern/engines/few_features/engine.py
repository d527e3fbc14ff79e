"""The engine of attention with softmax rows alone, on two letters: every eigenvalue that is not zero, at any length."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

from symkern.bounds import dimension
from symkern.combinatorics import Partition
from symkern.engines.cost import Cost
from symkern.engines.engine import Progress, Solution
from symkern.engines.few_features.largest_values import largest_value
from symkern.engines.few_features.two_letter_features import FewFeatures
from symkern.engines.problem import Problem
from symkern.engines.tables.couplings import coupling, rank_bound
from symkern.errors import NoClosedForm
from symkern.kernels.pipeline import Kernel
from symkern.limits import current
from symkern.progress import handed
from symkern.sectors.sector import Sector

#: Seconds of a value of the kernel, and of the numbers that count for each root of the length.
_EVALUATED, _NUMBERS = 3e-4, 20


class FewFeaturesEngine:
    """Sums over the counts of two letters near their means."""

    name = "few features"

    def applies(self, problem: Problem) -> bool:
        """Where sequences are longer than tables are made for."""
        if not isinstance(problem.length, int) or problem.length <= current().tabled_length:
            return False
        try:
            self.require_form(problem)
        except NoClosedForm:
            return False
        return True

    def require_form(self, problem: Problem) -> None:
        """Refuse what has no finite number of features known from its form, or values without a bound, with the reason and what exists."""
        kernel, law = problem.kernel, problem.law
        instead = "series in 1/L and spectra at moderate lengths exist where the kernel has them"
        if not isinstance(kernel, Kernel):
            raise NoClosedForm(f"enclosure: the form of {kernel} is not known; {instead}")
        if kernel.parameters:
            names = ", ".join(p.name for p in kernel.parameters)
            raise NoClosedForm(f"enclosure: hyperparameters must be numbers; give {names} values")
        if law.parameters:
            names = ", ".join(map(str, law.parameters))
            raise NoClosedForm(f"enclosure: probabilities must be numbers; give {names} values")
        if law.vocabulary != 2 or not law.is_independent:
            raise NoClosedForm(f"enclosure: tokens must be independent, and letters two, and they are {law}; {instead}")  # fmt: skip
        if coupling(kernel) is None or rank_bound(kernel, Partition(), None, 2) is None:
            raise NoClosedForm(f"enclosure: {kernel} has features without bound, in number; {instead}")  # fmt: skip
        try:
            largest_value(kernel)
        except NoClosedForm as error:
            raise NoClosedForm(f"enclosure: {error}; {instead}") from None

    def estimate(self, problem: Problem) -> Cost:
        """By the numbers of letters that count."""
        kernel, length = problem.kernel, problem.length
        assert isinstance(kernel, Kernel)
        assert isinstance(length, int)
        ties = coupling(kernel) or 0
        numbers = min(length + 1, _NUMBERS * isqrt(length))
        evaluations = 0
        for k, kappa in self._labels(problem, ties):
            rank = rank_bound(kernel, Partition(k) if k else Partition(), kappa, 2, length) or 0
            evaluations += rank * (ties + 1) * (1 if kappa is None else 2)
        evaluations *= numbers * (4 if kernel.reads_position else 1)
        seconds = _EVALUATED * len(kernel.stages) * evaluations / 3
        return Cost(seconds, 1000 * numbers + 300 * evaluations, evaluations=evaluations)

    def solve(self, problem: Problem, progress: Progress = iter) -> Solution:
        """The sectors, in balls."""
        kernel, length = problem.kernel, problem.length
        assert isinstance(kernel, Kernel)
        assert isinstance(length, int)
        self.require_form(problem)
        self.estimate(problem).require()
        ((_, p),) = problem.law.components() or ((None, None),)
        one = Fraction(1, 2) if p is None else p[1]
        features = FewFeatures(kernel, length, one, largest_value(kernel))
        found = []
        for k, kappa in handed(progress, self._labels(problem, features.ties)):
            mu = Partition(k) if k else Partition()
            block = None if problem.only not in (None, mu) else features.block(k, kappa)
            if block is None:
                continue
            times = int(dimension(mu, features.sites))
            sizes = {"L": length, "v": 2}
            found.append(Sector(mu, kappa, times, block, sizes, regular=block.is_invertible()))
        return Solution(tuple(found), features.mean_diagonal())

    def _labels(self, problem: Problem, ties: int) -> list[tuple[int, Partition | None]]:
        kernel = problem.kernel
        assert isinstance(kernel, Kernel)
        alike = problem.law.is_uniform and kernel.letters_alike
        kappas = [Partition(), Partition(1)] if alike else [None]
        return [(k, kappa) for k in range(ties + 1) for kappa in kappas]
