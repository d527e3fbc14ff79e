"""Rows are named by the irreps of the groups that act: numbers where sizes are numbers, as the tables beside them print them."""

from __future__ import annotations

from symkern.abc import L
from symkern.kernels import compare, embedding, uniform
from symkern.pages.comparison import comparison_table
from symkern.pages.exponent_map import exponent_details
from symkern.pages.learning_curve import complexity_table, parts_table

KERNEL = embedding(1, 1).attention().mean_pool()
LAST = embedding(1, 1).at_position("last")


def printed(table, places):
    """The two cells of irreps of each row."""
    return [" x ".join(row[i].text for i in places) for row in table.rows]


def assert_named(rows, table):
    """What lies outside the span of the kernel stands below the rows."""
    names = [row.name for row in rows]
    assert names == printed(table, (0, 1))[: len(names)]


def test_rows_have_the_names_that_tables_print():
    spectrum = KERNEL.spectrum(length=L, tokens=uniform(2))
    curve = spectrum.learning_curve("x1*x2", n=[10], ridge=1, length=8)
    assert_named(curve.rows(), parts_table(curve))
    assert curve.rows()[1].name == "(L) x (1,1)"
    times = spectrum.training_curve("x1*x2", t=[1.0], length=8)
    assert_named(times.rows(), parts_table(times))
    costs = spectrum.sample_complexity("x1*x2")
    assert_named(costs.rows, complexity_table(costs))
    places = spectrum.exponent_map()
    assert [str(t).partition(", asym")[0] for t in places.entries] == printed(exponent_details(places), (2, 3))  # fmt: skip


def test_comparisons_name_the_group_of_both():
    for other in (embedding(1).mean_pool(), LAST):
        for length in (L, 5):
            found = compare(KERNEL, other, tokens=uniform(2), length=length)
            assert [str(row).partition(": ")[0] for row in found.rows] == printed(comparison_table(found), (0, 1))  # fmt: skip


def test_ranked_eigenvalues_at_a_length_name_it():
    names = {
        str(e).partition(" times, in ")[2]
        for e in KERNEL.spectrum(length=6, tokens=uniform(2)).eigenvalues()
    }
    assert names == {"(6) x (2)", "(6) x (1,1)", "(5,1) x (1,1)", "(5,1) x (2)"}
