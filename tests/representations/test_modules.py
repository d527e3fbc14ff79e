"""Permutation modules: the action's direction, published multiplicities, GAP's decompositions, constructions."""

from __future__ import annotations

import copy
import json
import pickle
from fractions import Fraction
from itertools import permutations, product
from math import factorial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symkern.characters import ClassFunction
from symkern.combinatorics import Partition, act, inverse, multiply
from symkern.exact.sparse import SparseMatrix
from symkern.representations import (
    Module,
    action,
    defining,
    regular,
    seminormal,
    subsets,
    tuples,
    words,
    young_module,
)
from symkern.strategies import permutations as drawn_permutations

GAP = json.loads((Path(__file__).parents[1] / "fixtures" / "representations.json").read_text())
MAKERS = {"words": words, "subsets": subsets, "tuples": tuples}
IDS = [f"{m['name']}{m['arguments']}" for m in GAP["modules"]]


def made(entry: dict[str, Any]) -> Module:
    return MAKERS[entry["name"]](*entry["arguments"])


def labelled(pairs: list[Any]) -> dict[Partition, int]:
    return {Partition(lam): m for lam, m in pairs}


@pytest.mark.parametrize("entry", GAP["modules"], ids=IDS)
def test_multiplicities_are_gaps(entry: dict[str, Any]) -> None:
    module = made(entry)
    assert module.multiplicities() == labelled(entry["multiplicities"])
    assert module.character().decompose() == labelled(entry["multiplicities"])
    if module.dimension <= 40:
        for name, power in (
            ("symmetric_square", module.symmetric_power(2)),
            ("exterior_square", module.exterior_power(2)),
            ("tensor_square", module * module),
        ):
            assert power.multiplicities() == labelled(entry[name])
    if "orbitals" in entry:
        assert sum(m * m for m in module.multiplicities().values()) == entry["orbitals"]
        assert len(module.commutant()) == entry["orbitals"]


def test_schur_and_weyl() -> None:
    """The check values of section 4: semistandard tableaux."""
    assert list(words(6, 2).multiplicities().items()) == [
        ((6,), 7), ((5, 1), 5), ((4, 2), 3), ((3, 3), 1),
    ]  # fmt: skip
    assert words(5, 3).multiplicities() == {
        (5,): 21, (4, 1): 24, (3, 2): 15, (3, 1, 1): 6, (2, 2, 1): 3,
    }  # fmt: skip
    for n in range(1, 6):
        for v in range(1, 4):
            total = sum(lam.dimension * m for lam, m in words(n, v).multiplicities().items())
            assert total == v**n


def test_sequences_move_as_they_do_in_combinatorics() -> None:
    module = words(4, 2)
    g, x = (2, 0, 3, 1), (0, 1, 1, 0)
    basis_vector = module.vector(lambda y: int(y == x))
    assert module.act(g, basis_vector)(act(g, x)) == 1
    # one-hot at position a moves to the position g^-1(a)
    a = 2
    assert defining(4).act(g, lambda b: int(b == a))(inverse(g)[a]) == 1
    moved = tuple(sorted(inverse(g)[b] for b in (0, 1)))
    assert subsets(4, 2).act(g, lambda s: int(s == (0, 1)))(moved) == 1
    assert tuples(4, 2).act(g, lambda t: int(t == (0, 1)))((inverse(g)[0], inverse(g)[1])) == 1
    h = (1, 3, 0, 2)
    assert regular(4).act(g, lambda k: int(k == h))(multiply(g, h)) == 1
    assert (
        young_module((2, 1, 1)).act(g, lambda w: int(w == (0, 1, 0, 2)))(act(g, (0, 1, 0, 2))) == 1
    )


@given(drawn_permutations(5), drawn_permutations(5))
def test_action_is_a_homomorphism(g: tuple[int, ...], h: tuple[int, ...]) -> None:
    for module in (subsets(5, 2), defining(5).exterior_power(2), defining(5) + tuples(5, 2)):
        assert module.matrix(multiply(g, h)) == module.matrix(g) @ module.matrix(h)
        f = module.vector([(7 * k) % 11 - 5 for k in range(module.dimension)])
        assert module.act(g, f) == module.matrix(g) @ f


@pytest.mark.parametrize(
    "module",
    [young_module((2, 2, 1)), young_module((3, 1, 1)), tuples(5, 2), regular(4), defining(6)],
    ids=repr,
)
def test_young_rule_agrees_with_fixed_points(module: Module) -> None:
    assert module.character().decompose() == module.multiplicities()
    assert list(module.multiplicities()) == sorted(module.multiplicities(), reverse=True)


def test_characters_of_constructions() -> None:
    first, second = subsets(5, 2), defining(5)
    chi, psi = first.character(), second.character()
    assert (first + second).character() == chi + psi
    assert (first * second).character() == chi * psi
    assert (first + second).multiplicities() == (chi + psi).decompose()
    ones = second.exterior_power(0)
    assert ones.dimension == 1 and ones.multiplicities() == {Partition(5): 1}
    # Wedge^k of n points is S^(n-k, 1^k) + S^(n-k+1, 1^(k-1))
    for k in range(1, 5):
        expected = {
            Partition([5 - k + 1] + [1] * (k - 1)): 1, Partition([5 - k] + [1] * k): 1,
        }  # fmt: skip
        assert second.exterior_power(k).multiplicities() == expected
    assert second.exterior_power(5).multiplicities() == {Partition(1, 1, 1, 1, 1): 1}
    # signs multiply in powers of signed modules
    sign = second.exterior_power(5)
    assert sign.symmetric_power(2).multiplicities() == {Partition(5): 1}
    assert sign.symmetric_power(3).character() == ClassFunction.sign(5)


def test_exterior_powers_are_minors() -> None:
    """The matrix of g on the k-th exterior power of n points has the k x k minors of its permutation matrix."""
    module, wedge = defining(4), defining(4).exterior_power(3)
    rows = [row for row in product(range(4), repeat=3) if row[0] < row[1] < row[2]]
    for g in permutations(range(4)):
        matrix = module.matrix(g).to_sympy()
        minors = [matrix.extract(list(r), list(c)).det() for r in rows for c in rows]
        assert list(wedge.matrix(g).to_sympy()) == minors, g


def test_orbits() -> None:
    assert [len(o) for o in words(4, 2).orbits()] == [1, 4, 6, 4, 1]
    assert words(4, 2).orbits()[1] == ((0, 0, 0, 1), (0, 0, 1, 0), (0, 1, 0, 0), (1, 0, 0, 0))
    assert len(regular(4).orbits()) == 1 and len((defining(3) + defining(3)).orbits()) == 2


@pytest.mark.parametrize(
    "module", [words(4, 2), defining(4).exterior_power(2) * defining(4), tuples(4, 2)], ids=repr
)
def test_commutant_commutes_and_is_whole(module: Module) -> None:
    basis = module.commutant()
    assert len(basis) == sum(m * m for m in module.multiplicities().values())
    for i in range(3):
        images = list(range(4))
        images[i], images[i + 1] = i + 1, i
        g = module.matrix(images)
        assert all(g @ a == a @ g for a in basis)
    places = [{(i, j) for i, j, _ in a.entries()} for a in basis]
    assert sum(map(len, places)) == len(set().union(*places))  # disjoint, so independent


def test_jucys_murphy_on_a_module() -> None:
    module = words(4, 2)
    elements = [module.jucys_murphy(k) for k in range(1, 5)]
    assert elements[0].is_zero
    assert all(a @ b == b @ a for a in elements for b in elements)
    total = elements[0] + elements[1] + elements[2] + elements[3]
    for lam, projector in module.projectors().items():
        assert total @ projector == projector * lam.content_sum


def test_any_action() -> None:
    graphs = list(product((0, 1), repeat=6))
    edges = [(a, b) for a in range(4) for b in range(a)]

    def move(g: tuple[int, ...], graph: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(graph[edges.index((max(g[a], g[b]), min(g[a], g[b])))] for a, b in edges)

    module = action(4, graphs, move)
    assert len(module.orbits()) == 11  # graphs on four vertices
    assert module.multiplicities()[Partition(4)] == 11
    signed = action(3, ["volume"], lambda g, x: (-1 if sorted(g) != list(g) else 1, x), signed=True)
    assert signed.multiplicities() == {Partition(1, 1, 1): 1}


def test_regular_module_holds_each_irrep_as_often_as_its_dimension() -> None:
    for n in range(1, 6):
        found = regular(n).multiplicities()
        assert all(m == lam.dimension for lam, m in found.items())
        assert sum(m * m for m in found.values()) == factorial(n)
    assert regular(4).basis == tuple(permutations(range(4)))


def test_values_print_and_read_back() -> None:
    names = {
        "words": words, "subsets": subsets, "tuples": tuples, "regular": regular,
        "defining": defining, "young_module": young_module,
    }  # fmt: skip
    for module in (
        words(3, 2),
        (defining(4) + subsets(4, 2)) * tuples(4, 1),
        regular(3).exterior_power(2),
    ):
        again = eval(repr(module), names)  # noqa: S307
        assert again == module and hash(again) == hash(module)


@given(st.integers(1, 5), st.data())
def test_symmetry_adapted_basis_carries_the_seminormal_form(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    module = data.draw(
        st.sampled_from(
            [subsets(n, k), tuples(n, min(k, 2)), words(n, 2), defining(n).exterior_power(k)]
        )
    )
    basis = module.symmetry_adapted_basis()
    change = basis.matrix
    back = change.inverse()
    for i in range(n - 1):
        images = list(range(n))
        images[i], images[i + 1] = i + 1, i
        entries, at = [], 0
        for lam, m in module.multiplicities().items():
            for _ in range(m):
                entries += [
                    (at + a, at + b, c) for a, b, c in seminormal(lam).adjacent(i).entries()
                ]
                at += lam.dimension
        size = module.dimension
        assert back @ module.matrix(images) @ change == SparseMatrix.from_entries(
            (size, size), entries
        )
    assert len(basis.labels) == module.dimension


@pytest.mark.parametrize(
    "module",
    [words(3, 1), words(1, 3), defining(1), regular(1), subsets(3, 0), subsets(3, 3), tuples(2, 0)],
    ids=repr,
)
def test_the_smallest_modules(module: Module) -> None:
    total = SparseMatrix.identity(module.dimension) * 0
    for projector in module.projectors().values():
        total = total + projector
    assert total == SparseMatrix.identity(module.dimension)
    assert module.character().decompose() == module.multiplicities()
    f = module.vector(list(range(module.dimension)))
    assert sum(module.components(f).values(), f * 0) == f
    assert module.symmetry_adapted_basis().matrix.rank() == module.dimension
    assert len(module.commutant()) == sum(m * m for m in module.multiplicities().values())


def test_a_function_as_a_dictionary() -> None:
    f = subsets(4, 2).vector({(0, 1): "1/2", (2, 3): -1})
    assert (f((0, 1)), f((0, 2)), f((2, 3))) == (Fraction(1, 2), 0, -1)


def test_modules_and_vectors_can_be_pickled_and_copied() -> None:
    graph = action(3, [(0, 1), (0, 2), (1, 2)], lambda g, e: tuple(sorted(g.index(a) for a in e)))
    for module in (
        words(3, 2),
        subsets(4, 2),
        tuples(3, 2),
        regular(3),
        defining(3),
        young_module((2, 1, 1)),
        (defining(4) + subsets(4, 2)) * tuples(4, 1),
        defining(4).exterior_power(2).symmetric_power(2),
        graph,
    ):
        again = pickle.loads(pickle.dumps(module))
        assert again == module and repr(again) == repr(module) and hash(again) == hash(module)
        assert copy.deepcopy(module) == module
        f = module.vector(list(range(module.dimension)))
        thawed = pickle.loads(pickle.dumps(f))
        assert thawed == f and thawed.module == module
        assert again.components(list(f)) == module.components(f)


def test_the_parts_of_a_direct_sum_keep_their_labels():
    first, second = words(2, 2), defining(2)
    assert list((first + second).basis) == [(0, x) for x in first.basis] + [(1, y) for y in second.basis]  # fmt: skip
