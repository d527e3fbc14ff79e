"""Sizes that are numbers or symbols, and the groups of positions."""

import pytest
import sympy as sp

from symkern.abc import L, v
from symkern.combinatorics import Partition, partitions
from symkern.errors import BelowThreshold, InvalidArgument, InvalidType
from symkern.kernels import embedding, from_table, uniform
from symkern.tokens import ALL_POSITIONS, OTHER_POSITIONS, Size


def test_sizes():
    assert Size.read(4, "length").number("length") == 4
    assert Size.read("L", "length").symbol == L and not Size(L).is_number
    assert Size(L).at({L: 7}) == Size(7) and Size(v).at({L: 7}) == Size(v)
    assert Size.read(sp.Integer(3), "v", (v,)) == Size(3)
    with pytest.raises(InvalidArgument, match="must be a number to evaluate at, but it is L"):
        Size.read_number(L, "length", "to evaluate at")


@pytest.mark.parametrize("value", [0, -1, "0", 2 * L, "L + 1", v, sp.Symbol("n")])
def test_sizes_out_of_range(value):
    with pytest.raises(InvalidArgument, match=r"^length"):
        Size.read(value, "length")


@pytest.mark.parametrize("value", [None, 2.5, True, "1/2", sp.Rational(1, 2), [3], sp.oo])
def test_what_is_no_size(value):
    with pytest.raises((InvalidType, InvalidArgument), match=r"^length"):
        Size.read(value, "length")


@pytest.mark.parametrize("group", [ALL_POSITIONS, OTHER_POSITIONS], ids=lambda g: g.name)
def test_irreps_of_a_group(group):
    """Those of the symmetric group of the positions that are moved: squares of dimensions sum to its order."""
    for length in range(1, 7):
        moved = group.moved(length)
        shapes = [p.stable for p in partitions(moved)] if moved else [Partition()]
        assert all(group.threshold(mu) <= length for mu in shapes)
        assert sum(group.dimension(mu, length) ** 2 for mu in shapes) == sp.factorial(moved)
        for mu in shapes:
            assert group.dimension(mu, length) == sp.S(group.dimension(mu, L)).subs(L, length)
    with pytest.raises(BelowThreshold):
        group.dimension((2, 1), group.threshold(Partition(2, 1)) - 1)


def test_groups_of_kernels():
    kernel = embedding(1, 1)
    assert kernel.mean_pool().group is kernel.flatten().group is ALL_POSITIONS
    last = kernel.at_position("last")
    assert last.group is OTHER_POSITIONS > ALL_POSITIONS
    assert (OTHER_POSITIONS.name, OTHER_POSITIONS.label((1,), 5)) == ("S_{L-1}", "(3,1)")
    assert OTHER_POSITIONS.latex((1,), L) == "(L-2,1)"
    assert from_table(lambda n: n[0][0]).group is ALL_POSITIONS
    spectrum = last.spectrum(L, uniform(2))
    assert (spectrum.group, spectrum.positions) == ("S_{L-1}", L - 1)
