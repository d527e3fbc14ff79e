"""The engine of attention with softmax rows, residuals and layer normalisation: every eigenvalue that is not zero, at lengths that no table reaches."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt

import sympy as sp

from symkern.bounds import dimension
from symkern.combinatorics import Partition
from symkern.combinatorics.contingency_tables import number_of_tables
from symkern.engines.cost import Cost
from symkern.engines.engine import Progress, Solution
from symkern.engines.few_features.feature_sectors import FeatureSectors, left_out_bits
from symkern.engines.few_features.largest_values import largest_value
from symkern.engines.few_features.sequence_features import SequenceFeatures
from symkern.engines.few_features.two_letter_features import FewFeatures
from symkern.engines.problem import Problem
from symkern.engines.tables.couplings import coupling, rank_bound
from symkern.errors import NoClosedForm
from symkern.exact.multinomial_weights import number_of_central_counts
from symkern.kernels.algebras.position_types import TypeRecursion
from symkern.kernels.pipeline import Kernel
from symkern.kernels.stages.layer_norm import LayerNorm
from symkern.limits import current
from symkern.progress import handed
from symkern.sectors.sector import Sector

#: Seconds of a value of the kernel, and of the numbers that count for each root of the length.
_EVALUATED, _NUMBERS = 3e-4, 20
#: Seconds for each stage and pair of letters, of the features of one sequence.
_VISITED = 3e-5
#: Beyond so many letters their numbers are too many at any length that is of use.
_LETTERS = 6
_ADVICE = "series in 1/L take seconds, and a shorter length less"


class FewFeaturesEngine:
    """Sums over the counts of letters near their means."""

    name = "few features"

    def applies(self, problem: Problem) -> bool:
        """Where sequences are longer than tables are made for."""
        if not problem.has_numbers or not self._is_long(problem):
            return False
        try:
            self.require_form(problem)
        except NoClosedForm:
            return False
        return True

    def _is_long(self, problem: Problem) -> bool:
        length, letters = problem.length, problem.vocabulary
        assert isinstance(length, int)
        assert isinstance(letters, int)
        if letters == 2 or length > current().tabled_length:
            return length > current().tabled_length
        sites = length - int(problem.kernel.reads_position)
        return sites > 0 and number_of_tables(sites, letters) > current().tabled_numbers

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
        letters = law.vocabulary
        if not isinstance(letters, int) or letters < 2 or not law.is_independent:
            raise NoClosedForm(f"enclosure: tokens must be independent, on a number of letters, and they are {law}; {instead}")  # fmt: skip
        if letters > _LETTERS:
            raise NoClosedForm(f"enclosure: letters must be at most {_LETTERS}, and they are {letters}; {instead}")  # fmt: skip
        normalised = any(isinstance(s, LayerNorm) for s in kernel.stages)
        if coupling(kernel) is None or (_ranks(kernel) is None and not normalised):
            raise NoClosedForm(f"enclosure: {kernel} has features without bound, in number; {instead}")  # fmt: skip
        try:
            largest_value(kernel)
            if not _by_differences(problem):
                SequenceFeatures.of(TypeRecursion(kernel), (2, *(1 for _ in range(letters - 1))), 0 if kernel.reads_position else None)  # fmt: skip
        except NoClosedForm as error:
            raise NoClosedForm(f"enclosure: {error}; {instead}") from None
        embedding = kernel.stages[0]
        if normalised and embedding.formulas.get("constant", sp.S.Zero) < 0:
            raise NoClosedForm(f"enclosure: with layer_norm, constant must not be negative; {instead}")  # fmt: skip

    def estimate(self, problem: Problem) -> Cost:
        """By the numbers of letters that count."""
        kernel, length = problem.kernel, problem.length
        assert isinstance(kernel, Kernel)
        assert isinstance(length, int)
        if not _by_differences(problem):
            return self._many(kernel, length, _probabilities(problem), _alike(problem))
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
        if not _by_differences(problem):
            return self._summed(problem, progress)
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

    def _many(self, kernel: Kernel, length: int, law: Sequence[Fraction], alike: bool) -> Cost:
        """For sums over the numbers of all letters."""
        sites = length - int(kernel.reads_position)
        numbers = number_of_central_counts(sites, law, left_out_bits(length), alike)
        letters = len(law)
        evaluations = numbers * (letters if kernel.reads_position else 1)
        seconds = _VISITED * len(kernel.stages) * letters**2 * min(evaluations, 1e30)
        return Cost(seconds, int(400 * min(numbers, 1e30)), evaluations=int(min(evaluations, 1e30)), advice=_ADVICE)  # fmt: skip

    def _summed(self, problem: Problem, progress: Progress) -> Solution:
        """The sectors, from sums over the numbers of all letters."""
        kernel, length, letters = problem.kernel, problem.length, problem.vocabulary
        assert isinstance(kernel, Kernel)
        assert isinstance(length, int)
        assert isinstance(letters, int)
        sums = FeatureSectors(kernel, length, _probabilities(problem), _alike(problem))
        sums.sum(lambda listed: handed(progress, listed), problem.only)
        found = []
        for mu, kappa in sums.labels(problem.only):
            made = sums.block(mu, kappa)
            if made is None:
                continue
            times = int(dimension(mu, sums.sites)) * (
                int(dimension(kappa, letters)) if kappa else 1
            )
            sizes = {"L": length, "v": letters}
            found.append(Sector(mu, kappa, times, made[0], sizes, regular=made[1]))
        return Solution(tuple(found), sums.mean_diagonal())

    def _labels(self, problem: Problem, ties: int) -> list[tuple[int, Partition | None]]:
        kernel = problem.kernel
        assert isinstance(kernel, Kernel)
        alike = problem.law.is_uniform and kernel.letters_alike
        kappas = [Partition(), Partition(1)] if alike else [None]
        return [(k, kappa) for k in range(ties + 1) for kappa in kappas]


def _ranks(kernel: Kernel) -> int | None:
    """None where the number of features is not known from the form."""
    return rank_bound(kernel, Partition(), None, 2)


def _by_differences(problem: Problem) -> bool:
    """Whether two letters are summed by one number, with the ranks that are known."""
    assert isinstance(problem.kernel, Kernel)
    return problem.vocabulary == 2 and _ranks(problem.kernel) is not None


def _alike(problem: Problem) -> bool:
    assert isinstance(problem.kernel, Kernel)
    return bool(problem.law.is_uniform and problem.kernel.letters_alike)


def _probabilities(problem: Problem) -> list[Fraction]:
    """Of the letters that occur."""
    letters = problem.vocabulary
    assert isinstance(letters, int)
    ((_, p),) = problem.law.components() or ((None, None),)
    return [Fraction(1, letters)] * letters if p is None else [q for q in p if q]
