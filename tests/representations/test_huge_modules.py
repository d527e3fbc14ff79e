"""What needs no basis is had without one, and what has no room is refused with a reason."""

from __future__ import annotations

from math import comb

import pytest

from symkern import representations as rep
from symkern.combinatorics import Partition
from symkern.errors import InvalidArgument, TooLarge

LARGE = [rep.words(40, 2), rep.words(70, 2), rep.subsets(60, 30)]


def test_multiplicities_need_no_basis():
    # Schur and Weyl for two letters: S^(n-k,k) occurs n - 2k + 1 times; and dimensions sum up to 2^n
    found = rep.words(40, 2).multiplicities()
    assert found == {Partition([40 - k, k] if k else [40]): 41 - 2 * k for k in range(21)}
    assert sum(lam.dimension * m for lam, m in found.items()) == 2**40
    # functions on k-subsets: every S^(n-j,j) with j <= k once
    found = rep.subsets(60, 30).multiplicities()
    assert set(found.values()) == {1} and len(found) == 31
    assert sum(lam.dimension for lam in found) == comb(60, 30)
    found = rep.words(25, 30).multiplicities()
    assert sum(lam.dimension * m for lam, m in found.items()) == 30**25


@pytest.mark.parametrize("module", LARGE, ids=repr)
@pytest.mark.parametrize(
    "ask",
    [
        lambda M: M.basis,
        lambda M: M.vector({}),
        lambda M: M.vector(lambda x: 1),
        lambda M: M.energies(lambda x: 1),
        lambda M: M.components({}),
        lambda M: M.components_float(lambda x: 1.0),
        lambda M: M.matrix(tuple(range(M.n))),
        lambda M: M.jucys_murphy(1),
        lambda M: M.orbits(),
        lambda M: M.projector((M.n,)),
        lambda M: M + M,
        lambda M: M * M,
        lambda M: M.exterior_power(1),
    ],
)
def test_what_needs_the_basis_is_refused(module, ask):
    with pytest.raises(TooLarge):
        ask(module)


def test_sizes_beyond_lists_of_irreps_are_refused_at_once():
    with pytest.raises(TooLarge, match="subsets"):
        rep.subsets(10**9, 5)
    with pytest.raises(TooLarge, match="words"):
        rep.words(100, 10)


def test_a_whole_basis_is_refused_where_its_vectors_are_not_yet_made():
    basis = rep.words(11, 3).symmetry_adapted_basis()
    with pytest.raises(TooLarge, match=f"{60 * 3**22:,} bytes"):
        _ = basis.matrix


def test_messages_name_what_was_asked_for():
    with pytest.raises(TooLarge, match="S_30"):
        rep.fourier_transform(30, {})
    for perm in (tuple(range(60)), (1, 0, *range(2, 60))):
        with pytest.raises(TooLarge, match="irrep"):
            rep.seminormal((20, 20, 20))(perm)
    with pytest.raises(InvalidArgument, match="dimension 4: higher exterior powers are zero"):
        rep.defining(4).exterior_power(5)
