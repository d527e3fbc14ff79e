"""Results as plain columns, for CSV and for DataFrames: words, whole numbers and floats, each column of one kind.

    label strings ("2,1", "[]" for the empty partition)     text
    formulas, exact numbers, whole numbers past 64 bits     text that `symkern.abc.parse` reads
    counts                                                  whole numbers
    values in floating point                                floats

No exact number becomes a float unasked, and no object of SymPy or symkern stands in a column: other programs know none of them. What is not there is empty in CSV,
null in polars and pyarrow, NaN in pandas.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from symkern.errors import InvalidArgument, InvalidType, SymkernError, displayed
from symkern.typeset.numerals import decimal

#: What can hold a DataFrame, in the order in which it is looked for.
BACKENDS = ("pandas", "polars", "pyarrow")

_LARGEST = 2**63


@dataclass(frozen=True)
class Column:
    """A name, a kind (str, int or float) and values of it; None where there is no value.

    Whole numbers of which one does not fit 64 bits are text, and those of which one is missing are floats.

    >>> Column("n", int, [1, 2**70]).kind, Column("n", int, [1, None]).kind, Column("n", int, [1, 2]).kind
    (<class 'str'>, <class 'float'>, <class 'int'>)
    """

    name: str
    kind: type
    values: Sequence[Any]

    def __post_init__(self) -> None:
        kind = self.kind
        if kind is int and any(e is not None and not -_LARGEST <= e < _LARGEST for e in self.values):  # fmt: skip
            kind = str
        elif kind is int and any(e is None for e in self.values):
            kind = float
        made = decimal if kind is str and self.kind is int else kind
        values = [None if e is None else made(e) for e in self.values]
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "values", values)


def written_rows(rows: Iterable[Iterable[object]]) -> str:
    r"""Rows as comma-separated values: quoted as RFC 4180 says, lines ended by line feeds, floats by their shortest digits, None empty.

    The one writer of CSV of the package.

    >>> written_rows([("irrep", "x"), ("2,1", 0.1), (None, 3.0)])
    'irrep,x\n"2,1",0.1\n,3\n'
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    for row in rows:
        writer.writerow([_written(entry) for entry in row])
    return stream.getvalue()


def _written(entry: object) -> str:
    if entry is None:
        return ""
    if isinstance(entry, float):
        return repr(float(entry)).removesuffix(".0")
    return decimal(entry) if isinstance(entry, int) else str(entry)


def columns_csv(columns: Sequence[Column]) -> str:
    r"""Columns as CSV, their names first.

    >>> columns_csv([Column("irrep", str, ["2,1"]), Column("value", float, [0.5])])
    'irrep,value\n"2,1",0.5\n'
    """
    rows = zip(*(column.values for column in columns), strict=True)
    return written_rows([[column.name for column in columns], *rows])


def dataframe(columns: Sequence[Column], backend: str | None = None) -> Any:
    """Columns as a DataFrame of ``backend``, through narwhals.

    Args:
        columns: their names differ.
        backend: "pandas", "polars" or "pyarrow" (a table of Arrow); None for the first of them that is installed.

    Returns:
        The backend's own object; it knows nothing of symkern.

    Raises:
        InvalidArgument: another backend.
        SymkernError: narwhals or the backend is not installed.

    >>> dataframe([Column("irrep", str, ["2,1"]), Column("value", float, [0.5])], "pandas")
      irrep  value
    0   2,1    0.5
    """
    if backend is not None and not isinstance(backend, str):
        raise InvalidType("backend", f"must be one of {', '.join(BACKENDS)}", backend)
    if backend is not None and backend not in BACKENDS:
        rule = f"must be one of {', '.join(BACKENDS)}"
        raise InvalidArgument("backend", rule, f"it is {displayed(backend)}")
    wanted = BACKENDS if backend is None else (backend,)
    chosen = next((name for name in wanted if find_spec(name)), None)
    if chosen is None or find_spec("narwhals") is None:
        missing = "narwhals" if chosen is not None else backend or "pandas or polars"
        raise SymkernError(
            f"to_dataframe: needs {missing}, which is not installed (pip install symkern[frames])"
        )
    import narwhals

    kinds = {str: narwhals.String, int: narwhals.Int64, float: narwhals.Float64}
    values = {column.name: column.values for column in columns}
    schema = {column.name: kinds[column.kind]() for column in columns}
    known: Any = chosen
    return narwhals.from_dict(values, schema, backend=known).to_native()
