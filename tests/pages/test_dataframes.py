"""DataFrames of results: plain columns alone, the same in every library, and the same numbers as CSV and the objects themselves hold."""

from __future__ import annotations

import csv
import importlib.util
import io
from fractions import Fraction

import pytest
import sympy as sp

import symkern as sk
from symkern.doors import METHODS
from symkern.errors import InvalidArgument, InvalidType, SymkernError
from symkern.kernels import derive
from symkern.pages.curve_columns import curve_columns
from symkern.pages.spectrum_csv import spectrum_csv
from symkern.typeset.plain_columns import Column, columns_csv, dataframe, written_rows
from tests.test_values import EXAMPLES

_TYPES = sorted(name for name, doors in METHODS.items() if "to_dataframe" in doors)


def _cells(frame, backend):
    """Names and rows, missing values as None, by the library's own means."""
    if backend == "polars":
        return frame.columns, frame.rows()
    if backend == "pyarrow":
        return frame.column_names, list(zip(*(c.to_pylist() for c in frame.columns), strict=True))
    rows = [tuple(None if e != e or e is None else e for e in row) for row in frame.itertuples(index=False, name=None)]  # fmt: skip
    return list(frame), rows


@pytest.mark.sampled(4)
@pytest.mark.parametrize("backend", ["pandas", "polars", "pyarrow"])
@pytest.mark.parametrize("name", _TYPES)
def test_columns_are_plain(name, backend):
    pytest.importorskip(backend)
    frame = EXAMPLES[name][0]().to_dataframe(backend)
    assert type(frame).__module__.split(".")[0] == backend
    names, rows = _cells(frame, backend)
    assert len(set(names)) == len(names) and rows
    assert {type(e) for row in rows for e in row} <= {str, int, float, type(None)}
    assert not any("sqrt" in str(e) and isinstance(e, float) for row in rows for e in row)


def test_a_spectrum_has_its_numbers():
    """Beside the eigenvalues themselves, and beside what a reader of CSV that knows nothing of symkern finds."""
    pytest.importorskip("pandas")
    spectrum = derive("linear-attention", length=4, vocabulary=3, alpha=1, beta=1)
    frame = spectrum.to_dataframe("pandas")
    known = [(s, b) for s in spectrum.sectors for b in s.branches]
    assert [sk.abc.parse(e) for e in frame["eigenvalue"]] == [b.value for _, b in known]
    assert frame["value"].tolist() == pytest.approx([float(sp.N(b.value, 30)) for _, b in known], rel=1e-14)  # fmt: skip
    assert frame["dimension"].tolist() == [s.dimension for s, _ in known]
    read = list(csv.DictReader(io.StringIO(spectrum_csv(spectrum))))
    for column in read[0]:
        shown = ["" if e is None or e != e else str(e) for e in frame[column].tolist()]
        assert shown == [row[column] for row in read], column


def test_symbols_leave_the_value_empty():
    pytest.importorskip("polars")
    frame = derive("flatten").to_dataframe("polars")
    assert frame["value"].to_list() == [None] * 3 and frame["dimension"].to_list()[2] == "(L - 1)*(v - 1)"  # fmt: skip
    series = derive("softmax-attention", length=sk.abc.L, tokens=sk.kernels.uniform(2), alpha=1, beta=0).to_dataframe("polars")  # fmt: skip
    assert {"series", "error"} <= set(series.columns)


def test_a_character_table_is_indexed_by_its_labels():
    frame = pytest.importorskip("pandas") and sk.character_table(5).to_dataframe("pandas")
    one = frame.set_index("irrep")
    assert all(one.loc[lam, mu] == sk.character(lam, mu) for lam in one.index for mu in one.columns)
    assert one.dtypes.unique().tolist() == ["int64"]


def test_large_numbers_stay_exact():
    pytest.importorskip("polars")
    frame = dataframe([Column("n", int, [2**63, -1]), Column("m", int, [2**63 - 1, -(2**63)])], "polars")  # fmt: skip
    assert frame["n"].to_list() == [str(2**63), "-1"]
    assert frame["m"].to_list() == [2**63 - 1, -(2**63)]


def test_curves_write_floats_that_are_read_back():
    spectrum = derive("flatten", length=8, vocabulary=2, alpha=1, beta=1)
    curve = spectrum.learning_curve("x1*x2", n=[1.5, 3, 1e20], ridge=1)
    rows = list(csv.DictReader(io.StringIO(columns_csv(curve_columns([curve])))))
    assert [row["n"] for row in rows] == ["1.5", "3", "1e+20"]
    assert [float(row["test_error"]) for row in rows] == curve.test_error.tolist()


def test_what_is_quoted():
    rows = [["a,b", 'q"', "two\nlines"], [None, 1, Fraction(1, 2)]]
    assert list(csv.reader(io.StringIO(written_rows(rows)))) == [["a,b", 'q"', "two\nlines"], ["", "1", "1/2"]]  # fmt: skip


def test_refusals(monkeypatch):
    """Typed errors before work, with what to install where something is missing."""
    table = sk.character_table(3)
    with pytest.raises(InvalidArgument, match="backend: must be one of pandas, polars, pyarrow"):
        table.to_dataframe("excel")
    with pytest.raises(InvalidType, match="backend"):
        table.to_dataframe(3)
    found = importlib.util.find_spec
    for absent, said in (("narwhals", "narwhals"), ("pandas", "pandas")):
        monkeypatch.setattr("symkern.typeset.plain_columns.find_spec", lambda name, absent=absent: None if name == absent else found(name))  # fmt: skip
        with pytest.raises(SymkernError, match=rf"needs {said}.*pip install symkern\[frames\]"):
            table.to_dataframe("pandas")
