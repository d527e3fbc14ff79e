"""Words of two letters by Johnson schemes, and the sum of transpositions by letters, against definitions and Lagrange's formula."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symkern.combinatorics import Partition
from symkern.exact.sparse import SparseMatrix
from symkern.representations import Module, defining, subsets, words, young_module
from symkern.representations.central_elements import apply_power_sum, content_power_sum
from symkern.representations.johnson import idempotents
from symkern.representations.letter_operators import TranspositionSum, among_words
from symkern.representations.squared_parts import squared_parts


def by_lagrange(module: Module) -> Module:
    """The same module without what is known about two letters."""
    return Module(module.n, module.dimension, module.places, lambda: module.basis, module._made)


@pytest.mark.parametrize(("n", "k"), [(n, k) for n in range(1, 8) for k in range(n + 1)])
def test_idempotents_are_those_of_the_scheme(n: int, k: int) -> None:
    """From the definition of A_i as a matrix: orthogonal, complete, and in the right eigenspace of A_1."""
    points = list(combinations(range(n), k))
    distance = [[k - len(set(x) & set(y)) for y in points] for x in points]
    rows = idempotents(n, k)
    matrices = [
        SparseMatrix.from_dense([[row[d] for d in line] for line in distance]) for row in rows
    ]
    adjacent = SparseMatrix.from_dense([[int(d == 1) for d in line] for line in distance])
    total = SparseMatrix.identity(len(points)) * 0
    for j, p in enumerate(matrices):
        assert p @ p == p and p.trace() == comb(n, j) - (comb(n, j - 1) if j else 0)
        # the content sum of (n-j, j) less the transpositions of equal letters
        content = content_power_sum(Partition(n - j, j) if j else Partition(n), 1)
        assert adjacent @ p == p * (content - comb(k, 2) - comb(n - k, 2))
        total = total + p
    assert total == SparseMatrix.identity(len(points))


@given(st.integers(1, 4), st.integers(1, 4), st.data())
def test_the_sum_of_transpositions(n: int, v: int, data: st.DataObject) -> None:
    points = list(product(range(v), repeat=n))
    values = data.draw(st.lists(st.integers(-99, 99), min_size=len(points), max_size=len(points)))
    f = dict(zip(points, values, strict=True))

    def exchanged(x: tuple[int, ...], a: int, b: int) -> tuple[int, ...]:
        y = list(x)
        y[a], y[b] = y[b], y[a]
        return tuple(y)

    expected = [sum(f[exchanged(x, a, b)] for a, b in combinations(range(n), 2)) for x in points]
    assert TranspositionSum(n, v)(np.array(values)).tolist() == expected
    columns = np.array([values, values[::-1]]).T
    assert TranspositionSum(n, v)(columns)[:, 0].tolist() == expected


def test_the_sum_of_transpositions_among_some_words() -> None:
    for module in (subsets(8, 4), young_module((5, 3)), subsets(6, 3)):
        assert module.transpositions is not None
        f = np.arange(3 * module.dimension).reshape(-1, 3) ** 2 % 101
        assert np.array_equal(module.transpositions(f), apply_power_sum(by_lagrange(module), 1, f))
    assert among_words(20, np.arange(1140)) is None and subsets(20, 3).transpositions is None


MODULES = [words(6, 2), subsets(7, 3), subsets(12, 2), young_module((5, 2)), words(1, 2)]


@pytest.mark.parametrize("module", MODULES, ids=repr)
@pytest.mark.parametrize("size", [9, 2**40, 2**62, 10**30], ids=str)
def test_parts_are_those_of_lagranges_formula(module: Module, size: int) -> None:
    """From machine words through residues to numbers beyond them."""
    rng = np.random.default_rng(5)
    numbers = [int(k) * size // 1000 for k in rng.integers(-1000, 1000, module.dimension)]
    f = module.vector([Fraction(k, 7) for k in numbers])
    plain = by_lagrange(module)
    expected = plain.components(plain.vector(f))
    found = module.components(f)
    assert {lam: list(p) for lam, p in found.items()} == {
        lam: list(p) for lam, p in expected.items()
    }
    assert sum(found.values(), f * 0) == f


def test_projectors_and_bases_take_the_same_way() -> None:
    for module in (words(5, 2), subsets(6, 3), young_module((4, 2))):
        plain = by_lagrange(module)
        assert module.projectors() == plain.projectors()
        for lam in module.multiplicities():
            assert module.projector(lam) == plain.projector(lam)
            mine, other = (m.symmetry_adapted_basis().copies(lam) for m in (module, plain))
            assert [list(w) for w in mine] == [list(w) for w in other]


@pytest.mark.wide
def test_a_million_words() -> None:
    """words(20, 2), where n! and every matrix are out of reach: x_0 alone lies in (20) and (19, 1)."""
    module = words(20, 2)
    parts = module.components(lambda x: x[0])
    count = {lam: p for lam, p in parts.items() if not p.is_zero}
    assert [tuple(lam) for lam in count] == [(20,), (19, 1)]
    x: Any = (1,) + (0,) * 12 + (1,) * 7
    assert count[Partition(20)][int("".join(map(str, x)), 2)] == Fraction(8, 20)
    assert count[Partition(19, 1)][int("".join(map(str, x)), 2)] == Fraction(12, 20)


@pytest.mark.parametrize("module", [*MODULES, words(4, 3), defining(5).exterior_power(2)], ids=repr)
@pytest.mark.parametrize("size", [9, 2**50, 10**30], ids=str)
def test_squared_lengths_of_parts(module: Module, size: int) -> None:
    """On each orbit alone, and on the whole."""
    rng = np.random.default_rng(6)
    f = module.vector(
        [Fraction(int(k) * size // 1000, 7) for k in rng.integers(-1000, 1000, module.dimension)]
    )
    plain = by_lagrange(module) if module.signs is None else module
    parts = plain.components(plain.vector(f))
    orbits = module.orbit_labels[1]
    expected: dict[tuple[Partition, int], Fraction] = {}
    for lam, part in parts.items():
        for value, orbit in zip(part.to_numpy(), orbits.tolist(), strict=True):
            expected[lam, orbit] = expected.get((lam, orbit), Fraction(0)) + value**2
    found = squared_parts(module, f, orbits)
    assert found == {key: e for key, e in expected.items() if e}
    whole = {lam: part.dot(part) for lam, part in parts.items()}
    assert module.energies(f) == whole and sum(whole.values()) == f.dot(f)


def test_other_modules_do_not() -> None:
    assert words(4, 3).ones is None and defining(4).ones is None
