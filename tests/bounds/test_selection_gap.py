"""The symmetry gap: dimensions by characters, norms, sample bounds on kernels with the symmetry, laws."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest
import sympy as sp

import symkern as sk
from symkern.abc import sigma2
from symkern.bounds import selection as room
from symkern.bounds.selection import symbols as s
from symkern.errors import InvalidArgument


@pytest.mark.parametrize("T", [2, 3, 4, 5])
def test_dimensions_by_characters(T: int) -> None:
    """std x std of S_T x S_T has degree (T-1)^2, and holds the trivial irrep of the simultaneous S_T once."""
    gap = room.symmetry_gap(T, 3, 1)
    standard = [sum(g[i] == i for i in range(T)) - 1 for g in permutations(range(T))]
    assert gap.part("selection").dimension == 3 * max(standard) ** 2
    invariants = sp.Rational(sum(x * x for x in standard), len(standard))
    assert gap.part("selection", "S_T x O(d)").dimension == 3 * invariants
    assert gap.ratio == (T - 1) ** 2
    if T > 2:
        assert sk.kronecker((T - 1, 1), (T - 1, 1))[sk.Partition(T)] == 1


def test_norms_add_up_and_samples_follow_the_dimension() -> None:
    gap = room.symmetry_gap()
    mean, chosen = gap.part("mean"), gap.part("selection")
    assert sp.simplify(mean.squared_norm + chosen.squared_norm - s.d / s.q) == 0
    for part in gap.parts:
        assert sp.simplify(part.samples - sigma2 * part.dimension) == 0
        assert sp.simplify(part.eigenvalue_bound * part.dimension) == 1
    assert [p.group for p in gap.parts] == ["S_T x S_T x O(d)"] * 2 + ["S_T x O(d)"] * 2
    half = room.symmetry_gap(6, 2, 2, trace="1/2", ridge="0.1").part("selection")
    assert half.samples == 10 and half.eigenvalue_bound == sp.Rational(1, 100)


@pytest.mark.parametrize(("T", "q"), [(3, 1), (4, 2), (5, 3)])
def test_the_bound_holds_for_kernels_with_the_separate_symmetry(T: int, q: int) -> None:
    """Kernels f(<1_y, 1_y'>) <x, x'>: the eigenvalue on the selection part, by LAPACK, for random positive f."""
    sets = np.array([[float(i in y) for i in range(T)] for y in combinations(range(T), q)])
    rng = np.random.default_rng(T)
    for power in range(1, 4):
        overlap = (sets @ sets.T + rng.uniform()) ** power
        trace = float(T * 2 * np.mean(np.diag(overlap)))  # E <x, x> = T d, d = 2
        image = overlap @ (sets[:, 0] - sets[:, 1]) / len(sets)
        seen = sets[:, 0] != sets[:, 1]
        values = image[seen] / (sets[:, 0] - sets[:, 1])[seen]
        assert np.ptp(values) < 1e-9
        bound = room.symmetry_gap(T, 2, q, trace=sp.Rational(str(round(trace, 12))))
        assert values[0] <= float(bound.part("selection").eigenvalue_bound) * (1 + 1e-9)


def test_laws() -> None:
    gap = room.symmetry_gap()
    law = gap.law()
    assert (law.exponent, law.coefficient) == (2, s.d * sigma2)
    assert gap.law("S_T x O(d)").exponent is None  # no T left
    assert r"\sim" in law.latex() and "\\geq" in law.latex()
    assert law.derivation().check(T=[3], d=[1], q=[1])


def test_all_selected_leaves_no_second_part() -> None:
    gap = room.symmetry_gap(4, 2, 4)
    assert [p.part for p in gap.parts] == ["mean", "mean"]
    with pytest.raises(
        InvalidArgument, match="part: must be mean, but there is no other part: q = T"
    ):
        gap.part("selection")


def test_values_print_as_they_are_written_and_hash() -> None:
    gap = room.symmetry_gap(6, 2, 2)
    names = {**vars(sp), **vars(room), "sigma2": sigma2}
    assert eval(repr(gap), names) == gap and len({gap, room.symmetry_gap(6, 2, 2)}) == 1  # noqa: S307


def test_bad_input() -> None:
    with pytest.raises(InvalidArgument, match="trace: must be positive, but it is 0"):
        room.symmetry_gap(trace=0)
    with pytest.raises(InvalidArgument, match="ridge: must not be negative, but it is -1"):
        room.symmetry_gap(ridge=-1)
    with pytest.raises(InvalidArgument, match="q: must be at most T = 3, but it is 4"):
        room.symmetry_gap(3, 1, 4)
    with pytest.raises(InvalidArgument, match="T: must be the symbol T"):
        room.symmetry_gap(5).law()
