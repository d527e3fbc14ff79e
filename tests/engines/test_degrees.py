"""What a sector knows of its basis: degrees, and that energies of targets do not depend on the engine."""

from __future__ import annotations

from itertools import combinations, product
from math import isclose

import numpy as np

import symkern as sk
from symkern.engines.match_counts.engine import MatchCounts
from symkern.engines.problem import Problem
from symkern.engines.tables.engine import Tables
from symkern.kernels import distinct, uniform
from symkern.learning.target_energies import target_energies
from symkern.learning.target_values import read_target
from symkern.spectra.spectrum import Spectrum


def solved(engine, kernel, law, length):
    problem = Problem.of(kernel, law, length)
    found = engine.solve(problem)
    return Spectrum(problem.kernel, problem.length, law, found.sectors, found.mean_diagonal)


def test_energies_do_not_depend_on_the_basis_of_the_block():
    """A target of low degree by degrees where the basis has them, on all sequences where it has none."""
    kernel = sk.kernels.read_kernel(
        "embedding(1, 1) | attention | attention | mean_pool | mlp(x^2 + x)"
    )
    graded, dense = (solved(e, kernel, uniform(2), 3) for e in (MatchCounts(), Tables()))
    assert all(sector.degrees is not None for sector in graded)
    assert all(sector.degrees is None for sector in dense)
    found = [target_energies(s, read_target("x1*x2")) for s in (graded, dense)]
    assert [f.route for f in found] == ["graded", "dense"]
    for one, other in zip(found[0].parts, found[1].parts, strict=True):
        assert one.sector == other.sector
        assert isclose(one.energy, other.energy, abs_tol=1e-12)


def test_degrees_are_those_of_independent_tokens():
    last = sk.derive("linear-attention-last", tokens=uniform(2))
    assert last.sectors[0].degrees == (0, 2)
    assert all(s.degrees is None for s in sk.derive("flatten", tokens=distinct()))


def test_a_block_has_as_many_dimensions_in_each_degree_as_its_vectors_say():
    """Linear attention on 27 sequences: the parts of the eigenfunctions in each degree, by averaging over letters, and their rank."""
    spec = sk.derive("linear-attention", length=3, vocabulary=3, alpha=1, beta=1)
    for sector in spec.sectors:
        parts = [[] for _ in range(4)]
        for f in sector.basis():
            values = np.array([float(f(x)) for x in product(range(3), repeat=3)]).reshape(3, 3, 3)
            for degree, found in enumerate(parts):
                of_degree = np.zeros_like(values)
                for positions in combinations(range(3), degree):
                    part = values
                    for axis in range(3):
                        mean = part.mean(axis=axis, keepdims=True)
                        part = part - mean if axis in positions else mean + 0 * part
                    of_degree = of_degree + part
                found.append(of_degree.ravel())
        ranks = [np.linalg.matrix_rank(np.array(found), tol=1e-9) for found in parts]
        assert [sector.degrees.count(d) for d in range(4)] == ranks, sector
    assert [sector.degrees for sector in spec.sectors][:2] == [(0, 2), (1, 2)]
