"""The character table against symfn by label, orthogonality, and both kinds of wide columns."""

from __future__ import annotations

import random

import numpy as np
import pytest
import symfn

from symkern.characters import CharacterTable, character, character_table
from symkern.characters.columns import Columns
from symkern.characters.small_tables import SMALL, small_tables
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, TooLarge


@pytest.mark.sampled(3)
@pytest.mark.floor
@pytest.mark.parametrize("n", range(23))
def test_every_entry_equals_an_independent_program_by_label(n: int) -> None:
    table = character_table(n)
    theirs = symfn.character_table(n)
    place = {tuple(p): i for i, p in enumerate(symfn.partitions(n))}
    assert set(table.partitions) == set(place)
    order = [place[p] for p in table.partitions]
    assert table.values.tolist() == [[theirs[i][j] for j in order] for i in order]


@pytest.mark.floor
@pytest.mark.parametrize("n", range(21))
def test_orthogonality_is_exact(n: int) -> None:
    """Rows weighted by class sizes, and columns, in integers that cannot wrap."""
    table = character_table(n)
    values = table.values.astype(object if n > 12 else np.int64)
    if n > 12:  # a sample of rows and columns in Python ints, the rest is compared above
        rng = random.Random(n)
        rows = values[rng.sample(range(len(values)), min(len(values), 30))]
        columns = values.T[rng.sample(range(len(values)), 30)]
    else:
        rows, columns = values, values.T
    order = sum(table.class_sizes)
    by_rows = (rows * np.array(table.class_sizes, dtype=values.dtype)) @ rows.T
    assert (by_rows == order * np.eye(len(rows), dtype=int)).all()
    by_columns = columns @ columns.T
    assert (by_columns == np.diag(np.diag(by_columns))).all()
    assert sum(d * d for d in table.dimensions) == order


@pytest.mark.parametrize("n", range(SMALL + 1))
def test_dense_and_sparse_recursions_agree(n: int) -> None:
    columns = Columns(n, [np.dtype("i4"), np.dtype("i8")])  # which does not begin with dense tables
    values = small_tables(n)[-1]
    assert values.dtype == np.int64
    assert (values == columns(0, columns.count)).all()


@pytest.mark.floor
def test_convention_pins() -> None:
    table = character_table(5)
    assert table[(4, 1), (2, 1, 1, 1)] == 2 and table[(2, 1, 1, 1), (4, 1)] == 0
    assert table.partitions[0] == (5,) and table.partitions[-1] == (1,) * 5
    assert table.values[1, 5] == 2  # row (4,1), column (2,1,1,1)
    assert (table.values[0] == 1).all()
    assert table.dimensions == (1, 4, 5, 6, 5, 4, 1) == tuple(table.column("1,1,1,1,1"))
    assert table.row("4,1").tolist() == [-1, 0, -1, 1, 0, 2, 4]
    assert table.class_sizes == (24, 30, 20, 20, 15, 10, 1)


@pytest.mark.parametrize("n", [12, 16, 20])
def test_entries_equal_single_values(n: int) -> None:
    table = character_table(n)
    rng = random.Random(n)
    for _ in range(300):
        lam, mu = rng.choice(table.partitions), rng.choice(table.partitions)
        value = table[lam, mu]
        assert value == character(lam, mu) and type(value) is int


@pytest.mark.sampled(3)
@pytest.mark.parametrize("n", [0, 1, 4, 7, 9, 12, 15, 18])
@pytest.mark.parametrize(
    "widths",
    [("i1",), ("i2",), ("i4",), ("i1", "i2"), ("i2", "i4"), ("i1", "i2", "i4", "i8")],
    ids="-".join,
)
def test_narrow_integers_and_wide_columns(n: int, widths: tuple[str, ...]) -> None:
    """What 64 bits do at n = 34 and beyond, seen early with narrower words.

    Columns are sorted by width, sums wrap around on the way, columns with large z_mu are computed in
    Python ints as well, and a block turns to Python ints where an entry does not fit.
    """
    columns = Columns(n, [np.dtype(w) for w in widths])
    values = character_table(n).values
    narrow = columns(0, columns.count)
    assert narrow.tolist() == values.tolist()
    fits = values.max() <= np.iinfo(widths[-1]).max
    assert narrow.dtype == (np.dtype(widths[-1]) if fits else np.dtype(object))
    rng = random.Random(n)
    for _ in range(5):
        first = rng.randrange(columns.count)
        last = rng.randint(first, columns.count)
        assert columns(first, last).tolist() == values[:, first:last].tolist()


@pytest.mark.parametrize(("n", "count"), [(25, 2), (28, 1)])
def test_rows_and_columns_past_the_cache_equal_an_independent_program(n: int, count: int) -> None:
    table = character_table(n)
    rng = random.Random(n)
    for label in rng.sample(table.partitions, count):
        row = [symfn.character_value(label, mu) for mu in table.partitions]
        assert table.row(label).tolist() == row
        column = [symfn.character_value(lam, label) for lam in table.partitions]
        assert table.column(label).tolist() == column


def test_the_smallest_tables() -> None:
    assert character_table(0).values.tolist() == [[1]] == character_table(1).values.tolist()
    assert character_table(0)["[]", ()] == 1
    assert character_table(np.int64(3))[(2, 1), (3,)] == -1


def test_is_immutable_and_small_tables_are_kept() -> None:
    table = character_table(6)
    assert character_table(6) is table
    for array in (table.values, table.row((6,)), table.column((6,))):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 5
    assert eval(repr(table)) == table != character_table(5)  # noqa: S307
    assert hash(table) == hash(CharacterTable(6))


def test_what_does_not_fit_is_refused_before_it_is_built() -> None:
    for n in (50, 100, 10**5):
        with pytest.raises(TooLarge) as caught:
            character_table(n)
        assert caught.value.bytes_needed > 204226**2 * 8


def test_bad_input() -> None:
    table = character_table(4)
    with pytest.raises(
        SizeMismatch, match=r"mu: must be a partition of 4, but it is \(3,\) of size 3"
    ):
        table[(4,), (3,)]
    with pytest.raises(InvalidArgument, match="is indexed by two partitions"):
        table[((3, 1),)]  # type: ignore[index]
    with pytest.raises(InvalidArgument):
        character_table(-1)
    for wrong in (4.0, "4", True, None):
        with pytest.raises(InvalidType):
            character_table(wrong)  # type: ignore[arg-type]


def test_display() -> None:
    table = character_table(8)
    assert max(map(len, table.text().splitlines())) <= 80
    assert table.csv().splitlines()[1].split(",")[1:] == ["1"] * 22
    assert r"\begin{array}" in table.latex()
    assert "<table" in str(table._repr_html_())
    assert character_table(13)._repr_html_() is None
