"""Isotypic projectors and components against sums over the group, GAP, association schemes and identities."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import permutations
from math import comb, factorial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.abc import alpha
from symkern.characters import kostka
from symkern.combinatorics import Partition, partitions
from symkern.errors import SymmetryError
from symkern.exact.sparse import SparseMatrix
from symkern.representations import (
    Module,
    defining,
    regular,
    subsets,
    tuples,
    words,
    young_module,
)
from symkern.representations.isotypic import least_entries
from symkern.representations.module_vectors import ModuleVector
from tests.oracles.symmetric_group import characters, cycle_type
from tests.search import examples

GAP = json.loads((Path(__file__).parents[1] / "fixtures" / "representations.json").read_text())
WITH_PROJECTORS = [m for m in GAP["modules"] if "projectors" in m]
MAKERS = {"words": words, "subsets": subsets, "tuples": tuples}

x = sp.Symbol("x")  # charpoly makes its own symbol of that name, without assumptions

MODULES = [
    words(5, 2), words(4, 3), subsets(7, 3), tuples(5, 2), young_module((3, 2, 1)), regular(4),
    defining(6), defining(5).exterior_power(3), defining(4).exterior_power(2) * defining(4),
    subsets(5, 2) + defining(5), defining(4).symmetric_power(3),
]  # fmt: skip


@pytest.mark.parametrize("entry", WITH_PROJECTORS, ids=lambda m: f"{m['name']}{m['arguments']}")
def test_projectors_are_gaps(entry: dict[str, Any]) -> None:
    module = MAKERS[entry["name"]](*entry["arguments"])
    points = [tuple(p) for p in entry["points"]]
    for lam, rows in entry["projectors"]:
        matrix = module.projector(lam)
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                found = matrix[module.index(points[i]), module.index(points[j])]
                assert found == sp.Rational(value, factorial(module.n))


@pytest.mark.parametrize(
    "module", [words(3, 3), subsets(6, 2), tuples(4, 2), defining(6).exterior_power(2)], ids=repr
)
def test_projectors_are_sums_over_the_group(module: Module) -> None:
    n = module.n
    table = characters(n)
    sums = {
        lam: np.zeros((module.dimension, module.dimension), dtype=object)
        for lam in module.multiplicities()
    }
    for g in permutations(range(n)):
        matrix = module.matrix(g).dense_numerators().astype(object)
        for lam in sums:
            sums[lam] += table[tuple(lam)][cycle_type(g)] * matrix
    for lam, total in sums.items():
        expected = SparseMatrix.from_dense(total) * Fraction(lam.dimension, factorial(n))
        assert module.projector(lam) == expected


@pytest.mark.parametrize("module", MODULES, ids=repr)
def test_projectors_are_orthogonal_idempotents_of_the_right_rank(module: Module) -> None:
    found = module.projectors()
    assert list(found) == list(module.multiplicities())
    total = SparseMatrix.identity(module.dimension) * 0
    for lam, p in found.items():
        assert p @ p == p == p.T
        assert p.rank() == p.trace() == module.multiplicities()[lam] * lam.dimension
        assert module.projector(lam) == p
        total = total + p
        for mu, q in found.items():
            assert mu == lam or (p @ q).is_zero
        for i in range(module.n - 1):
            images = list(range(module.n))
            images[i], images[i + 1] = i + 1, i
            g = module.matrix(images)
            assert g @ p == p @ g
    assert total == SparseMatrix.identity(module.dimension)
    absent = [lam for lam in partitions(module.n) if lam not in found]
    assert all(module.projector(lam).is_zero for lam in absent[:1])


@examples(40)
@given(st.sampled_from(MODULES), st.data())
def test_components(module: Module, data: st.DataObject) -> None:
    values = (
        st.integers(-3, 3)
        | st.fractions(-9, 9, max_denominator=30)
        | st.integers(-(10**25), 10**25)
    )
    size = module.dimension
    f = module.vector(data.draw(st.lists(values, min_size=size, max_size=size)))
    parts = module.components(f)
    total = module.vector([0] * size)
    for lam, part in parts.items():
        assert part == ModuleVector.in_module(module, *_pair(module.projector(lam) @ f))
        total = total + part
    assert total == f
    assert sum(module.energies(f).values()) == f.dot(f)
    g = tuple(data.draw(st.permutations(range(module.n))))
    moved = module.components(module.act(g, f))
    assert all(moved[lam] == module.act(g, part) for lam, part in parts.items())
    # projecting a part again changes nothing, and gives nothing in another irrep
    lam = data.draw(st.sampled_from(sorted(parts)))
    again = module.components(parts[lam])
    assert again[lam] == parts[lam]
    assert all(part.is_zero for mu, part in again.items() if mu != lam)


def _pair(vector: Any) -> tuple[Any, int]:
    return vector.numerators, vector.denominator


def test_transpositions_alone_would_not_do() -> None:
    """(4,1,1) and (3,3) share the content sum 3 and both occur in words(6, 3)."""
    module = words(6, 3)
    assert Partition(4, 1, 1).content_sum == Partition(3, 3).content_sum == 3
    hook, block = module.projector((4, 1, 1)), module.projector((3, 3))
    assert (hook.trace(), block.trace()) == (100, 50)
    assert (hook @ block).is_zero and hook @ hook == hook and block @ block == block


def test_far_beyond_the_group_order() -> None:
    """n = 20: the projectors of functions on 3-subsets have ranks C(20, j) - C(20, j - 1)."""
    module = subsets(20, 3)
    for j, p in enumerate(module.projectors().values()):
        assert p.trace() == comb(20, j) - (comb(20, j - 1) if j else 0)
        assert (
            p @ module.vector(lambda s: s[0])
            == module.components(lambda s: s[0])[Partition([20 - j, j] if j else [20])]
        )
    f = subsets(100, 2).components(lambda s: int(0 in s))
    assert f[Partition(98, 2)].is_zero and not f[Partition(99, 1)].is_zero


def test_a_function_of_many_points() -> None:
    """A Boolean function on 65,536 sequences: parts sum to it, and each is an eigenvector of the swaps."""
    module = words(16, 2)
    f = module.vector(lambda x: int(sum(x) > 8 and x[3] == 1))
    parts = module.components(f)
    total = module.vector(np.zeros(module.dimension, dtype=np.int64))
    for part in parts.values():
        total = total + part
    assert total == f
    assert [str(lam) for lam, part in parts.items() if not part.is_zero] == ["16", "15,1"]
    sequence = (1,) * 12 + (0,) * 4
    mean = Fraction(12, 16)
    assert parts[Partition(16)](sequence) == sp.Rational(mean.numerator, mean.denominator)


@pytest.mark.parametrize("module", [words(5, 2), subsets(9, 3), tuples(5, 2)], ids=repr)
def test_values_near_the_edge_of_machine_words(module: Module) -> None:
    """They fit in 64 bits themselves, their multiples on the way do not."""
    f = module.vector([(-1) ** k * (2**62 - 3**k % 10**6) for k in range(module.dimension)])
    assert f.numerators.dtype == np.int64
    parts = module.components(f)
    for lam, part in parts.items():
        assert part == ModuleVector.in_module(module, *_pair(module.projector(lam) @ f))
    assert sum(parts.values(), module.vector([0] * module.dimension)) == f
    assert sum(module.energies(f).values()) == sum(value**2 for value in f.numerators.tolist())


def test_modules_whose_bounds_leave_machine_words() -> None:
    """regular(6) needs arithmetic modulo primes already for small functions."""
    module = regular(6)
    f = module.vector([(k * k) % 13 for k in range(720)])
    parts = module.components(f)
    total = sum(parts.values(), module.vector([0] * 720))
    assert total == f
    table = characters(6)
    g, lam = (1, 2, 0, 3, 5, 4), Partition(4, 1, 1)
    value = sum(
        table[tuple(lam)][cycle_type(h)] * module.act(h, f)(g) for h in permutations(range(6))
    )
    assert parts[lam](g) == sp.Rational(value * lam.dimension, 720)


@pytest.mark.parametrize("module", MODULES, ids=repr)
def test_floating_point_versions(module: Module) -> None:
    f = module.vector([(5 * k) % 17 - 8 for k in range(module.dimension)])
    exact, numeric = module.components(f), module.components_float(f.to_float())
    assert exact.keys() == numeric.keys()
    for lam, part in exact.items():
        assert np.allclose(part.to_float(), numeric[lam])
        assert np.allclose(
            module.projector_float(lam).toarray(), module.projector(lam).to_float().toarray()
        )


def eberlein(n: int, k: int, i: int, j: int) -> int:
    """Eigenvalue of 'sharing k - i elements' on S^(n-j, j): the Johnson scheme's Eberlein polynomial."""
    return sum(
        (-1) ** t * comb(j, t) * comb(k - j, i - t) * comb(n - k - j, i - t)
        for t in range(i + 1)
        if i - t <= n
    )


def test_johnson_scheme() -> None:
    n, k = 8, 3
    module = subsets(n, k)
    for i in range(k + 1):
        blocks = module.block_diagonalise(lambda s, t, i=i: int(len(set(s) & set(t)) == k - i))
        for j in range(k + 1):
            lam = Partition([n - j, j] if j else [n])
            assert blocks[lam][0, 0] == eberlein(n, k, i, j)


def krawtchouk(n: int, q: int, i: int, d: int) -> int:
    return sum(
        (-1) ** t * (q - 1) ** (i - t) * comb(d, t) * comb(n - d, i - t) for t in range(i + 1)
    )


@pytest.mark.parametrize(("n", "q"), [(4, 2), (3, 3)])
def test_hamming_scheme(n: int, q: int) -> None:
    """Blocks of the distance matrices have Krawtchouk eigenvalues; degree d occurs C(n,d)(q-1)^d times."""
    module = words(n, q)
    for i in range(n + 1):
        blocks = module.block_diagonalise(
            lambda s, t, i=i: int(sum(a != b for a, b in zip(s, t)) == i)
        )
        polynomial = sp.Integer(1)
        for lam, block in blocks.items():
            polynomial *= block.to_sympy().charpoly(x).as_expr() ** lam.dimension
        expected = sp.Integer(1)
        for d in range(n + 1):
            expected *= (x - krawtchouk(n, q, i, d)) ** (comb(n, d) * (q - 1) ** d)
        assert sp.expand(polynomial - expected) == 0


@pytest.mark.parametrize(
    "module", [words(4, 2), tuples(4, 2), defining(4).exterior_power(2)], ids=repr
)
def test_blocks_multiply_as_matrices_do(module: Module) -> None:
    basis = module.commutant()
    a = sum((m * (k + 1) for k, m in enumerate(basis)), basis[0] * 0)
    b = sum((m * (3 * k - 4) for k, m in enumerate(basis)), basis[0] * 0)
    first, second, both = (module.block_diagonalise(m) for m in (a, b, a @ b))
    for lam in module.multiplicities():
        assert (first[lam] @ second[lam]).to_sympy() == both[lam].to_sympy()


def test_blocks_with_formulas() -> None:
    """A kernel with a symbol: trace of the blocks times dimension is the trace of the matrix."""
    module = words(3, 2)
    kernel = lambda s, t: alpha * sum(a == b for a, b in zip(s, t)) + sum(s) * sum(t)  # noqa: E731
    blocks = module.block_diagonalise(kernel)
    trace = sum(lam.dimension * block.trace().to_sympy() for lam, block in blocks.items())
    assert sp.expand(trace - sum(kernel(s, s) for s in module.basis)) == 0
    dense = sp.Matrix(8, 8, lambda i, j: kernel(module.basis[i], module.basis[j]))
    product = sp.prod(
        b.to_sympy().charpoly(x).as_expr() ** lam.dimension for lam, b in blocks.items()
    )
    assert sp.expand(product - dense.charpoly(x).as_expr()) == 0
    written = module.block_diagonalise(
        dense.applyfunc(lambda e: (e + 1) ** 2 - e**2 - 2 * e - 1 + e)
    )
    assert {k: v.to_sympy() for k, v in written.items()} == {
        k: v.to_sympy() for k, v in blocks.items()
    }


def test_what_does_not_commute_is_refused_with_a_witness() -> None:
    module = words(3, 2)
    kernel = lambda s, t: int(s[0] == t[0])  # noqa: E731
    with pytest.raises(SymmetryError) as caught:
        module.block_diagonalise(kernel)
    i, s, t = caught.value.witness
    images = list(range(3))
    images[i], images[i + 1] = i + 1, i
    moved = [tuple(point[a] for a in images) for point in (s, t)]
    assert kernel(s, t) != kernel(*moved)
    assert "must commute with the action of s_0" in str(caught.value)


def test_young_rule_gives_kostka_numbers() -> None:
    for mu in partitions(6):
        found = young_module(mu).multiplicities()
        assert all(found.get(lam, 0) == kostka(lam, mu) for lam in partitions(6))


@pytest.mark.parametrize("module", [regular(3), words(4, 2), words(5, 3), subsets(6, 2)], ids=repr)
def test_a_projector_has_no_fewer_entries_than_is_said(module: Module) -> None:
    """The sum of the squares of the orbits' sizes is at least |basis|^2 / orbits, and more than nothing; for a single orbit it is |basis|^2."""
    sizes = [len(orbit) for orbit in module.orbits()]
    assert 0 < least_entries(module) <= sum(size**2 for size in sizes)
    if len(sizes) == 1:
        assert least_entries(module) == module.dimension**2
