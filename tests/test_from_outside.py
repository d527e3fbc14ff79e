"""The package is extended from outside: a stage, a law and an engine, in under 60 lines, used together and taken back."""

import inspect
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import factorial, prod

import numpy as np
import pytest

import symkern as sk
from symkern.abc import alpha
from symkern.combinatorics import Partition
from symkern.engines.cost import Cost
from symkern.engines.engine import Solution
from symkern.engines.registry import engines
from symkern.errors import InvalidArgument, InvalidType
from symkern.exact import ExactMatrix, function_field
from symkern.kernels.stages import STAGES, Entrywise
from symkern.sectors import Sector
from symkern.tokens import Law, law_names, read_law


@dataclass(frozen=True)
class Softened(Entrywise):
    """K^2 + K/2 at every entry."""

    name, degree = "softened", 2

    def entry(self, algebra):
        return lambda r, p, q: r**2 + r / 2


@dataclass(frozen=True)
class Urn(Law):
    """Polya's urn: every letter drawn is put back with one more of its kind."""

    balls: tuple[int, ...]

    @property
    def vocabulary(self):
        return len(self.balls)

    def type_probability(self, counts):
        ways = [Fraction(a + i, i + 1) for a, n in zip(self.balls, counts) for i in range(n)]
        total = prod(sum(self.balls) + i for i in range(sum(counts)))
        return prod(ways) * factorial(sum(counts)) / total


class TwoPositions:
    """Functions of (t, u), symmetric and antisymmetric ones apart."""

    name = "two positions"

    def applies(self, problem):
        return problem.length == 2 and problem.has_numbers and not problem.kernel.group.fixed

    def estimate(self, problem):
        return Cost(0.0, 0)

    def solve(self, problem, progress=iter):
        words = list(product(range(problem.vocabulary), repeat=2))
        chance = {x: problem.law.probability(x) for x in words}
        k, field, sectors = problem.kernel, function_field(()), []
        for mu, sign in progress([(Partition(), 1), (Partition(1), -1)]):
            half = [x for x in words if x[0] < x[1] or (x[0] == x[1] and sign == 1)]
            rows = [[field(chance[y]) * sum((field(k(x, z)) * (1 if z == y else sign) for z in {y, y[::-1]}), field.zero) for y in half] for x in half]  # fmt: skip
            sectors.append(Sector(mu, None, 1, ExactMatrix(field, rows), {"L": 2}))
        return Solution(tuple(sectors), sum(chance[x] * k(x, x) for x in words))


OUTSIDE = (Softened, Urn, TwoPositions)


def test_a_stage_a_law_and_an_engine_from_outside_work_together():
    assert sum(len(inspect.getsource(kind).splitlines()) for kind in OUTSIDE) < 60
    before = [*STAGES], law_names(), engines()
    with sk.kernels.register(Softened), sk.kernels.register(Urn), sk.kernels.register(TwoPositions()) as toy:  # fmt: skip
        kernel = sk.kernels.read_kernel("embedding(alpha, 1) | attention | softened | mean_pool")
        law = read_law("Urn(balls=(1, 2))")
        known = kernel.substitute({alpha: 2})
        found = known.spectrum(length=2, tokens=law)
        assert found.cost() == toy.estimate(None) and found.check_trace()
        words = list(product(range(2), repeat=2))
        root = np.sqrt([float(law.probability(x)) for x in words])
        gram = np.array([[float(known(x, y)) for y in words] for x in words])
        dense = np.linalg.eigvalsh(gram * np.outer(root, root))
        own = sorted(float(e) for s in found.sectors for e in s.eigenvalues)
        assert np.allclose(own, dense, atol=1e-12)
        longer = known.spectrum(length=3, tokens=law)  # where the toy does not apply
        assert longer.check_trace() and longer.cost() != found.cost()
        assert "softened" in found.to_json() and "Urn" in longer.latex()
    assert ([*STAGES], law_names(), engines()) == before
    with pytest.raises(InvalidArgument, match="softened"):
        sk.kernels.read_kernel("embedding(1) | softened | mean_pool")


@pytest.mark.parametrize("wrong", [None, "mean_pool", int, TwoPositions, Urn((1, 2)), Softened()])
def test_what_is_none_of_the_three_is_refused(wrong):
    with pytest.raises(InvalidType, match=r"^entry: must be a class of stages or of laws, or an engine"):  # fmt: skip
        sk.kernels.register(wrong)
