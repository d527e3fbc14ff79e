"""The protocol of engines, held to by one from outside: dense brute force, which wins where it says that it costs nothing."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest
import sympy as sp

import symkern as sk
from symkern.abc import L
from symkern.combinatorics import Partition
from symkern.engines.cost import Cost
from symkern.engines.engine import Progress, Solution
from symkern.engines.problem import Problem
from symkern.engines.registry import cheapest, engines, register_engine
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm, TooLarge
from symkern.exact import ExactMatrix, function_field
from symkern.kernels import categorical, embedding, from_function, mixture, uniform
from symkern.sectors import Sector
from symkern.spectra.storage import read_spectrum


class Dense:
    """Two positions: T on all sequences, symmetric and antisymmetric functions apart."""

    name = "dense"

    def __init__(self, seconds: float = 0.0, memory: int = 0) -> None:
        self.cost = Cost(seconds, memory)

    def applies(self, problem: Problem) -> bool:
        return problem.length == 2 and problem.has_numbers and not problem.kernel.group.fixed

    def estimate(self, problem: Problem) -> Cost:
        return self.cost

    def solve(self, problem: Problem, progress: Progress = iter) -> Solution:
        words = list(product(range(problem.vocabulary), repeat=2))
        chance = {x: sp.Rational(problem.law.probability(x)) for x in words}
        k = {(x, y): problem.kernel(x, y) for x in words for y in words}
        field, sectors = function_field(()), []
        for mu, sign in progress([(Partition(), 1), (Partition(1), -1)]):
            half = [(t, u) for t, u in words if t < u or (t == u and sign == 1)]
            rows = [[chance[y] * sum(k[x, z] * (1 if z == y else sign) for z in {y, y[::-1]}) for y in half] for x in half]  # fmt: skip
            block = ExactMatrix(field, [[field(e) for e in row] for row in rows])
            if not block.is_zero:
                sectors.append(Sector(mu, None, 1, block, {"L": 2, "v": problem.vocabulary}))
        return Solution(tuple(sectors), sum(chance[x] * k[x, x] for x in words))


KERNEL = embedding(1, 2).attention().mean_pool()
LAW = categorical(["1/3", "2/3"])
MIRRORED = mixture([("1/2", LAW), ("1/2", categorical(["2/3", "1/3"]))])
WITH_UNIFORM = mixture([("1/2", LAW), ("1/2", uniform(2))])


def eigenvalues(spectrum):
    """Nonzero eigenvalues with their multiplicities, of the whole operator."""
    return Counter(
        {
            value: dimension
            for sector in spectrum
            for value, dimension in Counter(sector.eigenvalues).items()
            if value != 0
        }
    )


def test_an_engine_from_outside_answers_while_it_is_registered() -> None:
    own = KERNEL.spectrum(2, LAW)
    names = [engine.name for engine in engines()]
    with sk.kernels.register_engine(Dense()) as engine:
        assert [e.name for e in engines()] == ["dense", *names]
        assert cheapest(Problem.of(KERNEL, LAW, 2))[0] is engine
        found = KERNEL.spectrum(2, LAW)
        assert KERNEL.cost(2, LAW) == found.cost() == Cost(0.0, 0)
        assert found.check_trace() and found.trace() == own.trace()
        assert eigenvalues(found) == eigenvalues(own)
        assert "tabular" in found.latex()
        assert read_spectrum(found.to_json()) == found
        assert "L" in str(found)
        with pytest.raises(NoClosedForm, match="built by hand"):
            found.sectors[0].basis()
        assert found.sectors[0].degrees is None
        # What it does not apply to goes on as before.
        assert KERNEL.spectrum(3, LAW).cost() == KERNEL.cost(3, LAW) != Cost(0.0, 0)
        assert KERNEL.spectrum(L, LAW).sectors
    assert [engine.name for engine in engines()] == names
    assert KERNEL.spectrum(2, LAW).cost() == own.cost()


def test_a_dear_engine_is_not_asked_and_one_without_memory_is_out() -> None:
    for dear in (Dense(seconds=60.0), Dense(memory=1 << 60)):
        with register_engine(dear):
            assert cheapest(Problem.of(KERNEL, LAW, 2))[0] is not dear
    user = from_function(lambda x, y: int(x == y), "equal")
    with register_engine(Dense(memory=1 << 60)) as engine:
        problem = Problem.of(user, uniform(2), 2)
        assert cheapest(problem)[0] is not engine


def test_where_none_fits_the_refusal_has_the_numbers() -> None:
    deep = embedding(1, 1).attention("tied", "softmax").mlp("erf").mean_pool()
    with pytest.raises(TooLarge, match=r"contingency tables needs [\d,]+ bytes"):
        deep.spectrum(300, uniform(4))


def test_what_is_no_engine_is_refused() -> None:
    for wrong in (Dense, "dense", None):
        with pytest.raises(InvalidType, match="applies, estimate and solve"):
            register_engine(wrong)
    with register_engine(Dense()), pytest.raises(InvalidArgument, match="a name of its own"):
        register_engine(Dense())


def test_a_plain_call_keeps_the_engine_until_its_context_is_left() -> None:
    kept = register_engine(Dense())
    assert "dense" in [engine.name for engine in engines()]
    with kept:
        pass
    assert "dense" not in [engine.name for engine in engines()]


@pytest.mark.parametrize(
    ("pipeline", "law", "length", "name"),
    [
        ("embedding(1, 1) | attention | mean_pool | mlp(x^2 + x)", categorical(["1/10", *["3/10"] * 3]), 2, "tables"),
        ("embedding(1, 1) | attention | mlp(quadratic) | mean_pool | mlp(quadratic)", uniform(3), 2, "tables"),
        ("embedding(1, 1) | attention | mean_pool", uniform(3), 2, "match counts"),
        ("embedding(1, 1) | attention | attention | mean_pool", MIRRORED, 4, "tables"),
        ("embedding(1, 1) | attention | residual | attention | mean_pool", WITH_UNIFORM, 4, "tables"),
        ("embedding(1, 1) | attention | attention | mean_pool", categorical(["1/4", "3/4"]), 6, "tables"),
        ("embedding(1, 1) | attention | attention | mean_pool", uniform(5), 2, "tables"),
        ("embedding(1, 1) | attention | at_position(last)", categorical([f"{i}/15" for i in range(1, 6)]), 3, "match counts"),
        ("embedding(1, beta) | attention | mean_pool", categorical(["1/4", "3/4"]), 6, "match counts"),
    ],
)  # fmt: skip
def test_the_cheaper_engine_is_taken_at_few_sequences(pipeline, law, length, name) -> None:
    """Polynomials of high degree on some dozens of sequences are ten to a hundred times dearer than tables; relabelling five letters takes seconds."""
    problem = Problem.of(sk.kernels.read_kernel(pipeline), law, length)
    assert cheapest(problem)[0].name == name
