"""Specht modules of diagrams: the matrices act, on polytabloids as their definition says, and hold the irreps that ranks of Young's elements find."""

from __future__ import annotations

import pickle
from itertools import combinations, permutations, product
from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symkern.characters import littlewood_richardson, skew_schur
from symkern.combinatorics import Partition, SkewPartition, cycle_type, multiply, partitions
from symkern.errors import InvalidArgument, InvalidType, PermutationError, SizeMismatch
from symkern.exact.sparse import SparseMatrix
from symkern.representations import (
    DiagramModule,
    diagram_module,
    diagram_multiplicities,
    natural,
)
from tests.search import examples

GRID = list(product(range(4), range(3)))


def diagrams(most: int) -> st.SearchStrategy[list[tuple[int, int]]]:
    return st.lists(st.sampled_from(GRID), max_size=most, unique=True)


def by_definition(module: DiagramModule, filling: tuple[int, ...]) -> dict[tuple[int, ...], int]:
    """e_T as {word: coefficient}: all permutations of the entries that keep every column, one by one."""
    cells = module.cells
    rows = sorted({i for i, _ in cells}, key=lambda i: (-sum(c[0] == i for c in cells), i))
    found: dict[tuple[int, ...], int] = {}
    for perm in permutations(range(len(cells))):
        if all(cells[k][1] == cells[perm[k]][1] for k in range(len(cells))):
            word = [0] * len(cells)
            for k in range(len(cells)):
                word[filling[k]] = rows.index(cells[perm[k]][0])
            found[tuple(word)] = found.get(tuple(word), 0) + cycle_type(perm).sign
    return found


@examples(30)
@given(diagrams(5))
def test_multiplicities_by_ranks_in_the_irreps(diagram: list[tuple[int, int]]) -> None:
    module = diagram_module(diagram)
    assert module.multiplicities() == diagram_multiplicities(diagram)
    assert module.dimension == sum(c * lam.dimension for lam, c in module.multiplicities().items())


@examples(15)
@given(diagrams(5).filter(bool), st.data())
def test_permutations_act_on_polytabloids_as_on_fillings(
    diagram: list[tuple[int, int]], data: st.DataObject
) -> None:
    module = diagram_module(diagram)
    n = len(diagram)
    perm = tuple(data.draw(st.permutations(range(n))))
    basis = module.tabloids.basis
    vectors = []
    for filling in module.fillings:
        vector = module.polytabloid(filling)
        assert {w: int(c) for w, c in zip(basis, vector, strict=True) if c} == by_definition(module, filling)  # fmt: skip
        vectors.append(vector)
    images = np.array(vectors).T @ np.asarray(module(perm).to_numpy(), dtype=object)
    for k, filling in enumerate(module.fillings):
        # (g w)_a = w_(g(a)) takes the entry g(a) to a
        moved = tuple(perm.index(entry) for entry in filling)
        assert images[:, k].tolist() == module.polytabloid(moved).tolist()


@pytest.mark.parametrize("diagram", [[(0, 0), (0, 2), (1, 1), (1, 2)], [(0, 0), (1, 1), (2, 0), (2, 2)], Partition(2, 2).cells])  # fmt: skip
def test_the_matrices_multiply(diagram: list[tuple[int, int]]) -> None:
    module = diagram_module(diagram)
    group = list(permutations(range(4)))
    found = {g: module(g) for g in group}
    one = SparseMatrix.identity(module.dimension)
    assert found[0, 1, 2, 3] == one
    for g, h in product(group[::3], group[::2]):
        assert found[g] @ found[h] == found[multiply(g, h)]
    character = module.character()
    assert all(found[g].trace() == character(g) for g in group)
    assert [module.adjacent(i) for i in range(3)] == [found[1, 0, 2, 3], found[0, 2, 1, 3], found[0, 1, 3, 2]]  # fmt: skip
    assert pickle.loads(pickle.dumps(module)) == module == eval(repr(module)) and hash(module) == hash(eval(repr(module)))  # noqa: S307  # fmt: skip


def test_partitions_skew_shapes_and_outer_products() -> None:
    for n in range(6):
        for lam in partitions(n):
            module = diagram_module(lam.cells)
            assert module.dimension == lam.dimension and module.multiplicities() == {lam: 1}
            if n:
                cycle = (*range(1, n), 0)
                assert module(cycle).trace() == natural(lam)(cycle).trace()
    shape = SkewPartition((3, 2, 1), (2, 1))
    assert diagram_module(shape).multiplicities() == skew_schur((3, 2, 1), (2, 1))
    apart = [*Partition(2, 1).cells, *((i + 5, j + 5) for i, j in Partition(2).cells)]
    assert diagram_module(apart).multiplicities() == littlewood_richardson((2, 1), (2,))


def test_all_diagrams_of_three_cells_in_a_square() -> None:
    for diagram in combinations(list(product(range(3), repeat=2)), 3):
        module = diagram_module(diagram)
        assert module.multiplicities() == diagram_multiplicities(diagram)
        transposed = diagram_module([(j, i) for i, j in diagram])
        # Rows and columns exchanged: tensored with the sign.
        assert transposed.multiplicities() == {lam.conjugate: c for lam, c in sorted(module.multiplicities().items(), key=lambda item: item[0].conjugate, reverse=True)}  # fmt: skip


def test_bad_diagrams() -> None:
    with pytest.raises(InvalidArgument, match="diagram: must hold a cell once"):
        diagram_module([(0, 0), (0, 0)])
    with pytest.raises(InvalidType, match="diagram: must be a row and a column"):
        diagram_module([3])  # type: ignore[list-item]
    module = diagram_module([(0, 0), (1, 1)])
    with pytest.raises(SizeMismatch, match="perm: "):
        module((0, 1, 2))
    with pytest.raises(PermutationError, match="filling: "):
        module.polytabloid((1, 1))
    with pytest.raises(InvalidType, match="filling: "):
        module.polytabloid(None)  # type: ignore[arg-type]
    assert diagram_module([]).dimension == prod(()) == 1
