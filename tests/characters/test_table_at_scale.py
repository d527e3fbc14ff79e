"""Tables of thousands of rows: orthogonality at n = 30, counts of zeros, streams, and columns wider than a word."""

from __future__ import annotations

import random
from math import isqrt

import numpy as np
import pytest
import symfn
from sympy import prevprime

from symkern.characters import (
    CharacterTable,
    Columns,
    character,
    character_table,
    full_table,
    iter_columns,
)
from symkern.characters.columns import FITS_UP_TO, require_shorter_tables
from symkern.characters.shapes import Shapes
from symkern.combinatorics import beads, partition_count, partitions
from symkern.errors import InvalidArgument, InvalidType, TooLarge
from tests.oracles import symmetric_group as sym


@pytest.fixture(scope="module")
def table_30() -> CharacterTable:
    return character_table(30)


def test_orthogonality_at_30(table_30: CharacterTable) -> None:
    """X^T X = diag(z) and X diag(n!/z) X^T = n! modulo 2^64 on random vectors (Freivalds), some pairs in Python ints.

    A table that breaks the first is found with probability 1 - 2^-64 or so for an odd error.
    """
    rng = np.random.default_rng(30)
    values = table_30.values.view(np.uint64)
    z = np.array([c % 2**64 for c in table_30.centraliser_orders], dtype=np.uint64)
    sizes = np.array([c % 2**64 for c in table_30.class_sizes], dtype=np.uint64)
    order = np.uint64(sum(table_30.class_sizes) % 2**64)
    for _ in range(3):
        vector = rng.integers(0, 2**64, len(z), dtype=np.uint64)
        assert (values.T @ (values @ vector) == z * vector).all()
        assert (values @ (sizes * (values.T @ vector)) == order * vector).all()
    pick = random.Random(30)
    for _ in range(20):
        i, j = pick.choices(range(len(z)), k=2)
        first, second = (table_30.values[:, c].tolist() for c in (i, j))
        exact = sum(a * b for a, b in zip(first, second, strict=True))
        assert exact == (table_30.centraliser_orders[i] if i == j else 0)
        first, second = (table_30.values[r].tolist() for r in (i, j))
        weighted = zip(first, second, table_30.class_sizes, strict=True)
        assert sum(a * b * c for a, b, c in weighted) == (
            sum(table_30.class_sizes) if i == j else 0
        )


@pytest.mark.parametrize("n", [20, pytest.param(30, marks=pytest.mark.wide)])
def test_orthogonality_entry_by_entry(n: int) -> None:
    """X^T X = diag(z), all entries exactly (5604^2 at n = 30); X is square, so that X diag(1/z) X^T = 1 follows.

    Between columns of norms below 2^53 every partial sum is below it as well (Cauchy and Schwarz), and doubles are
    exact. The few others are taken modulo primes until their product exceeds twice the largest norm.
    """
    table = character_table(n)
    values, z = table.values, table.centraliser_orders
    count = len(z)
    largest = np.abs(values).max(axis=0).tolist()
    narrow = [j for j in range(count) if count * largest[j] ** 2 < 2**63 and z[j] < 2**53]
    wide = sorted(set(range(count)) - set(narrow))
    assert len(wide) < 200
    doubles = values[:, narrow].astype(float)
    norms = np.einsum("ij,ij->j", values[:, narrow], values[:, narrow])
    assert norms.tolist() == [z[j] for j in narrow]
    inner = doubles.T @ doubles
    assert (np.diag(inner) == norms).all()
    np.fill_diagonal(inner, 0)
    assert not inner.any()
    del inner, doubles
    for j in wide:
        assert sum(c * c for c in values[:, j].tolist()) == z[j]
    modulus, p = 1, 2**20  # sums of 5604 products of residues up to p/2 stay below 2^53
    while modulus <= 2 * max(z):
        p = prevprime(p)
        modulus *= p
        residues = (values % p).astype(float)
        residues[residues > p / 2] -= p
        products = (residues[:, wide].T @ residues) % p
        for i, j in enumerate(wide):
            assert products[i, j] == z[j] % p
            products[i, j] = 0
        assert not products.any()


def test_entries_at_30(table_30: CharacterTable) -> None:
    rng = random.Random(31)
    for _ in range(200):
        lam, mu = rng.choices(table_30.partitions, k=2)
        assert table_30[lam, mu] == symfn.character_value(lam, mu)
    assert sum(d * d for d in table_30.dimensions) == sum(table_30.class_sizes)


def test_a_table_that_somebody_holds_is_not_computed_again(table_30: CharacterTable) -> None:
    assert character_table(30) is table_30


@pytest.mark.parametrize("n", range(10))
def test_zeros_and_even_entries_against_an_independent_count(n: int) -> None:
    values = character_table(n).values
    theirs = [value for row in sym.characters(n).values() for value in row.values()]
    assert int((values == 0).sum()) == theirs.count(0)
    assert int((values % 2 == 0).sum()) == sum(value % 2 == 0 for value in theirs)


def test_zeros_as_published() -> None:
    """OEIS A006907."""
    published = [0, 0, 1, 4, 10, 29, 55, 153, 307, 588, 1018, 2230, 3543, 6878, 11216, 20615]
    for n, count in enumerate(published, 1):
        assert int((character_table(n).values == 0).sum()) == count


@pytest.mark.parametrize("n", [0, 1, 2, 9, 16])
@pytest.mark.parametrize("width", [1, 7, 1000, None])
def test_streamed_columns_make_the_table(n: int, width: int | None) -> None:
    labels: list[tuple[int, ...]] = []
    blocks = []
    for types, values in iter_columns(n, width=width):
        assert values.shape == (partition_count(n), len(types)) and not values.flags.writeable
        labels += types
        blocks.append(values)
    assert tuple(labels) == character_table(n).partitions
    assert (np.concatenate(blocks, axis=1) == character_table(n).values).all()


@pytest.mark.parametrize("n", [0, 1, 3, 11, 18])
def test_rows_without_the_table(n: int) -> None:
    columns = Columns(n, [np.dtype(t) for t in ("i1", "i2", "i4", "i8")])
    numbers = random.Random(n).sample(range(columns.count), min(3, columns.count))
    rows = columns.rows(numbers)
    assert rows.shape == (len(numbers), columns.count)
    assert (rows == character_table(n).values[numbers]).all()


@pytest.fixture(scope="module")
def columns_36() -> Columns:
    return Columns(36)


def test_columns_of_many_widths_at_36(columns_36: Columns) -> None:
    """Random columns in full against the rule; the last block holds entries of 66 bits."""
    listed = partitions(36)
    rng = random.Random(36)
    for _ in range(6):
        first = rng.randrange(columns_36.count - 5)
        block = columns_36(first, first + 5)
        assert block.dtype == np.int64
        for _ in range(30):
            i, j = rng.randrange(columns_36.count), rng.randrange(5)
            assert int(block[i, j]) == character(listed[i], listed[first + j])
    last = columns_36(columns_36.count - 3, columns_36.count)
    assert last.dtype == object
    assert last[:, 2].tolist() == [lam.dimension for lam in listed]
    assert max(last[:, 2]).bit_length() == 66
    assert [character(lam, listed[-3]) for lam in listed[::500]] == last[::500, 0].tolist()
    assert int(sum(d * d for d in last[:, 2])) == listed[-1].centraliser_order


def test_only_wide_columns_may_exceed_a_word(columns_36: Columns) -> None:
    wide = columns_36.wide_numbers()
    listed = partitions(36)
    assert wide == [j for j, mu in enumerate(listed) if mu.centraliser_order >= 2**126]
    assert Columns(20).wide_numbers() == [] and FITS_UP_TO == 35
    row = columns_36.rows([5000])[0]
    assert [int(row[j]) for j in (3, 9000, 17976)] == [
        character(listed[5000], listed[j]) for j in (3, 9000, 17976)
    ]


@pytest.mark.parametrize("width", ["i1", "i2", "i4", "i8"])
def test_the_bound_on_a_column_is_the_largest_number_of_its_width(width: str) -> None:
    """|chi| <= sqrt(z), and z < limit: no smaller limit is needed and a larger one would be wrong."""
    (limit,) = Columns(2, [np.dtype(width)])._limits
    largest = int(np.iinfo(width).max)
    assert isqrt(limit - 1) == largest and isqrt(limit) == largest + 1


@pytest.mark.parametrize("n", [1, 5, 12, 20])
def test_bounds_of_centraliser_orders_are_bounds(n: int) -> None:
    for m, shapes in enumerate(Shapes.up_to(n)):
        for mu, bound, length in zip(
            partitions(m), shapes.bounds.tolist(), shapes.lengths.tolist(), strict=True
        ):
            assert mu.centraliser_order <= bound <= mu.centraliser_order * (1 + 2**-40)
            assert length == len(mu)
        assert shapes.beads.tolist() == [beads(mu) for mu in partitions(m)]
        assert [tuple(p for p in row if p) for row in shapes.parts().tolist()] == partitions(m)


def test_the_largest_degrees() -> None:
    """Why 64 bits hold every entry up to n = 35, and not at 36."""
    assert 2**62 < max(lam.dimension for lam in partitions(35)) < 2**63
    assert max(lam.dimension for lam in partitions(36)) > 2**63


def test_bad_input(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooLarge) as caught:
        iter_columns(61)  # refused when it is asked for, not at the first block
    assert caught.value.bytes_needed > 10**11
    for n in (63, 10**5):
        with pytest.raises(InvalidArgument, match="at most 62"):
            iter_columns(n)
    with pytest.raises(InvalidArgument):
        iter_columns(-1)
    with pytest.raises(InvalidArgument):
        iter_columns(5, width=0)
    with pytest.raises(InvalidType):
        iter_columns("5")  # type: ignore[arg-type]
    monkeypatch.setattr("symkern.combinatorics.memory.available_bytes", lambda: 1 << 21)
    with pytest.raises(TooLarge, match="the character table of S_31 in blocks needs"):
        require_shorter_tables(31)
    assert full_table.known_table(31) is None
