"""Every refusal: typed, and naming argument, rule and value, before anything is allocated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from symkern import representations as rep
from symkern.errors import (
    InvalidArgument,
    InvalidType,
    PartitionError,
    PermutationError,
    SizeMismatch,
    SymkernError,
    SymmetryError,
    TooLarge,
)
from tests.effort import calls_at_most

REFUSED: list[tuple[str, Callable[[], Any], type[SymkernError], str]] = [
    ("no partition", lambda: rep.seminormal((1, 2)), PartitionError, "lam"),
    ("no permutation", lambda: rep.seminormal((2, 1))((0, 0, 1)), PermutationError, "perm"),
    ("other n", lambda: rep.natural((2, 1))((0, 1)), SizeMismatch, "perm"),
    ("short vector", lambda: rep.seminormal((2, 1)).apply((0, 1, 2), [1]), SizeMismatch, "vector"),
    ("floats", lambda: rep.natural((2, 1)).apply((0, 1, 2), [1.0, 2]), InvalidType, "vector"),
    ("adjacent past the end", lambda: rep.seminormal((2, 1)).adjacent(2), InvalidArgument, "i"),
    ("J_1 of many", lambda: rep.jucys_murphy(1, 10**5000), TooLarge, "Jucys"),
    ("J_9 of many", lambda: rep.jucys_murphy(10**9, 10**10), TooLarge, "Jucys"),
    ("J_0", lambda: rep.seminormal((2, 1)).jucys_murphy(0), InvalidArgument, "k"),
    ("numeric shape", lambda: rep.orthogonal((2, 1)).apply_numeric((0, 1, 2), [1.0]), SizeMismatch, "vectors"),
    ("huge irrep", lambda: rep.seminormal((30, 20, 10)).contents, TooLarge, "basis of the irrep"),
    ("huge matrix", lambda: rep.seminormal((10, 6, 4))(tuple(range(19, -1, -1))), TooLarge, "irrep"),
    ("huge change", lambda: rep.natural_to_seminormal((10, 6, 4)), TooLarge, "change of basis"),
    ("no letters", lambda: rep.words(3, 0), InvalidArgument, "letters"),
    ("no length", lambda: rep.words(length=0, letters=2), InvalidArgument, "length"),
    ("a bool", lambda: rep.words(True, 2), InvalidType, "length"),
    ("text", lambda: rep.words("3", 2), InvalidType, "length"),
    ("huge words", lambda: rep.words(100, 10), TooLarge, "words"),
    ("astronomic words", lambda: rep.words(10**9, 10), TooLarge, "words"),
    ("huge subsets", lambda: rep.subsets(60, 30).basis, TooLarge, "subsets"),
    ("huge tuples", lambda: rep.tuples(30, 20), TooLarge, "tuples"),
    ("huge regular", lambda: rep.regular(20), TooLarge, "regular"),
    ("large subset", lambda: rep.subsets(3, 4), InvalidArgument, "k"),
    ("empty shape", lambda: rep.young_module("[]"), InvalidArgument, "lam"),
    ("lam of other size", lambda: rep.words(3, 2).projector((2, 2)), SizeMismatch, "lam"),
    ("lam no partition", lambda: rep.words(3, 2).projector((1, 2)), PartitionError, "lam"),
    ("wrong length", lambda: rep.words(3, 2).components([1, 2, 3]), SizeMismatch, "f"),
    ("float values", lambda: rep.words(3, 2).components(lambda x: 0.5), InvalidType, "f"),
    ("no function", lambda: rep.words(3, 2).components(7), InvalidType, "f"),
    ("float shape", lambda: rep.words(3, 2).components_float([1.0]), SizeMismatch, "f"),
    ("float words", lambda: rep.words(3, 2).components_float(["a"] * 8), InvalidType, "f"),
    ("stranger", lambda: rep.words(3, 2).vector([1] * 8)((0, 1)), InvalidArgument, "point"),
    ("unhashable stranger", lambda: rep.words(3, 2).index([0]), InvalidArgument, "point"),
    ("other group", lambda: rep.defining(3) + rep.defining(4), SizeMismatch, "other"),
    ("other group", lambda: rep.defining(3) * rep.defining(4), SizeMismatch, "other"),
    ("high exterior power", lambda: rep.defining(3).exterior_power(4), InvalidArgument, "k"),
    ("huge power", lambda: rep.defining(40).symmetric_power(20), TooLarge, "symmetric_power"),
    ("matrix of other size", lambda: rep.defining(3).block_diagonalise([[1]]), SizeMismatch, "matrix"),
    ("matrix of floats", lambda: rep.defining(2).block_diagonalise([[1.5, 0], [0, 1]]), InvalidType, "matrix"),
    ("no matrix", lambda: rep.defining(2).block_diagonalise(3), InvalidType, "matrix"),
    ("text as matrix", lambda: rep.defining(2).block_diagonalise("1,0"), InvalidType, "matrix"),
    ("no rows", lambda: rep.defining(2).block_diagonalise([1, 2]), InvalidType, "matrix"),
    ("a list as entry", lambda: rep.defining(2).block_diagonalise([[[1], 2], [3, 4]]), InvalidType, "matrix[0, 0]"),
    ("strange label", lambda: rep.defining(2).vector({2: 1}), InvalidArgument, "point"),
    ("no symmetry", lambda: rep.defining(2).block_diagonalise([[1, 0], [0, 2]]), SymmetryError, "matrix"),
    ("no action", lambda: rep.action(3, range(3), lambda g, a: (a + 1) % 3), SymmetryError, "action"),
    ("leaves the set", lambda: rep.action(2, [0], lambda g, a: 1), SymmetryError, "act"),
    ("repeats a point", lambda: rep.action(2, [0, 0], lambda g, a: 0), InvalidArgument, "basis"),
    ("no function", lambda: rep.action(2, [0], 3), InvalidType, "act"),  # type: ignore[arg-type]
    ("a list as point", lambda: rep.action(2, [[0]], lambda g, a: a), InvalidType, "basis"),
    ("a list as image", lambda: rep.action(2, [(0,)], lambda g, a: [0]), InvalidType, "act"),
    ("no pair", lambda: rep.action(2, [0], lambda g, a: 0, signed=True), InvalidType, "act"),
    ("bad sign", lambda: rep.action(2, [0], lambda g, a: (2, 0), signed=True), InvalidArgument, "act"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "call", "error", "named"), REFUSED, ids=lambda v: v if isinstance(v, str) else ""
)
def test_refused(name: str, call: Callable[[], Any], error: type[SymkernError], named: str) -> None:
    with calls_at_most(100_000), pytest.raises(error) as caught:
        call()
    assert named in str(caught.value)


def test_the_failing_relation_is_named() -> None:
    # two commuting transpositions that do not: s_0 and s_2 meet in the point 1
    moves = {0: {0: 1, 1: 0}, 1: {}, 2: {1: 2, 2: 1}}

    def act(g: tuple[int, ...], a: int) -> int:
        i = next(k for k in range(4) if g[k] != k)
        return moves[i].get(a, a)

    with pytest.raises(SymmetryError) as caught:
        rep.action(4, range(3), act)
    relation, point = caught.value.witness
    assert relation in {
        "s_0 s_1 s_0 = s_1 s_0 s_1",
        "s_0 s_2 = s_2 s_0",
        "s_1 s_2 s_1 = s_2 s_1 s_2",
    }
    assert point in range(3)

    signs = {0: 1, 1: -1}
    with pytest.raises(SymmetryError, match="s_0 s_1 s_0"):
        rep.action(3, ["x"], lambda g, a: (signs[0 if g[0] == 1 else 1], a), signed=True)


def test_numpy_integers_are_integers() -> None:
    assert rep.words(np.int64(3), np.int8(2)) == rep.words(3, 2)
    assert rep.seminormal(np.array([2, 1]))(np.array([1, 0, 2])).trace() == 0
    f = rep.defining(3).components(np.array([1, 2, 3], dtype=np.int32))
    assert list(f[(3,)]) == [2, 2, 2]  # type: ignore[index]


def test_boolean_functions_have_the_values_0_and_1() -> None:
    module = rep.words(3, 2)
    expected = module.components(lambda x: int(sum(x) > 1))
    assert module.components(lambda x: sum(x) > 1) == expected
    assert module.components([sum(x) > 1 for x in module.basis]) == expected
    assert module.components(np.array([sum(x) > 1 for x in module.basis])) == expected
    assert module.vector({(0, 0, 1): True}) == module.vector({(0, 0, 1): 1})
    same = rep.defining(3).block_diagonalise(lambda a, b: a == b)
    assert same == rep.defining(3).block_diagonalise([[1, 0, 0], [0, 1, 0], [0, 0, 1]])


def test_points_may_be_lists_and_arrays() -> None:
    f = rep.words(3, 2).vector(range(8))
    assert f((1, 0, 1)) == f([1, 0, 1]) == f(np.array([1, 0, 1])) == 5
