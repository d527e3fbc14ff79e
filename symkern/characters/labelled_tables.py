r"""Character tables of groups whose classes and irreps have labels of their own: alternating groups, wreath products.

    <f, g> = sum over classes c of f(c) conj(g(c))/z_c,    z_c the order of a centraliser

is the inner product, in which the rows are orthonormal. Values are ints, or SymPy numbers where a group needs irrational ones.

Source: Serre, *Linear Representations of Finite Groups*, 2.3; James and Kerber, *The Representation Theory of the Symmetric Group*, 2.5 and 4.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp

from symkern.characters.scalars import public, read_scalar
from symkern.characters.table_texts import rows_to_gap, rows_to_sage
from symkern.errors import InvalidArgument, SizeMismatch, displayed
from symkern.exact.exact_arrays import converted, sparse_array
from symkern.limits import current
from symkern.reading.sequences import read_list
from symkern.typeset import formula_text
from symkern.typeset.plain_columns import Column, columns_csv, dataframe
from symkern.typeset.shown import Written, displays

Label = Any


class LabelledTable(Written):
    """A character table: ``table[irrep, cls]`` is a value, rows and columns are labelled by ``irreps`` and ``classes``."""

    irreps: tuple[Label, ...]
    classes: tuple[Label, ...]
    centraliser_orders: tuple[int, ...]
    values: Any  # read-only object array: ints and SymPy numbers

    def _read_irrep(self, label: Any) -> Label:
        return label

    def _read_class(self, label: Any) -> Label:
        return label

    @property
    def order(self) -> int:
        """The order of the group: that of the identity's centraliser."""
        return max(self.centraliser_orders)

    @cached_property
    def class_sizes(self) -> tuple[int, ...]:
        """The number of elements of each class."""
        return tuple(self.order // z for z in self.centraliser_orders)

    @cached_property
    def _rows(self) -> dict[Label, int]:
        return {label: i for i, label in enumerate(self.irreps)}

    @cached_property
    def _columns(self) -> dict[Label, int]:
        return {label: j for j, label in enumerate(self.classes)}

    def _row(self, irrep: Any) -> int:
        place = self._rows.get(self._read_irrep(irrep))
        if place is None:
            rule = f"must label an irrep of {self!r}"
            raise InvalidArgument("irrep", rule, f"it is {displayed(irrep)}")
        return place

    def _column(self, cls: Any) -> int:
        place = self._columns.get(self._read_class(cls))
        if place is None:
            rule = f"must label a class of {self!r}"
            raise InvalidArgument("cls", rule, f"it is {displayed(cls)}")
        return place

    def __getitem__(self, labels: tuple[Any, Any]) -> Any:
        if not isinstance(labels, tuple) or len(labels) != 2:
            rule = "is indexed by an irrep and a class, table[irrep, cls]"
            raise InvalidArgument("table", rule, f"the index is {displayed(labels)}")
        return self.values[self._row(labels[0]), self._column(labels[1])]

    def row(self, irrep: Any) -> tuple[Any, ...]:
        """The character of an irrep on all classes.

        Args:
            irrep: the label of an irrep.
        """
        return tuple(self.values[self._row(irrep)])

    def column(self, cls: Any) -> tuple[Any, ...]:
        """All irreducible characters on a class.

        Args:
            cls: the label of a class.
        """
        return tuple(self.values[:, self._column(cls)])

    def inner(self, f: Any, g: Any) -> Any:
        """<f, g> of two class functions.

        Args:
            f: values in the order of the classes, or {class: value}.
            g: the same.
        """
        first, second = self._values(f, "f"), self._values(g, "g")
        return self._inner(first, second)

    def _inner(self, first: Sequence[Any], second: Sequence[Any]) -> Any:
        terms = zip(first, second, self.centraliser_orders, strict=True)
        found = sp.Add(*(sp.Rational(1, z) * a * sp.conjugate(b) for a, b, z in terms if a and b))
        value = sp.expand(found)
        return int(value) if value.is_Integer else value

    def decompose(self, f: Any) -> dict[Label, Any]:
        """{irrep: multiplicity} of a class function, without zeros.

        Args:
            f: values in the order of the classes, or {class: value}.
        """
        known = self._values(f, "f")
        found = {
            label: self._inner(known, tuple(row))
            for label, row in zip(self.irreps, self.values, strict=True)
        }
        return {label: c for label, c in found.items() if c != 0}

    def _values(self, f: Any, argument: str) -> list[Any]:
        if isinstance(f, Mapping):
            known = {self.classes[self._column(cls)]: value for cls, value in f.items()}
            listed = [known.get(cls, 0) for cls in self.classes]
        else:
            listed = read_list(f, argument, "values, one for each class")
        if len(listed) != len(self.classes):
            rule = f"must have {len(self.classes)} values, one for each class"
            raise SizeMismatch(argument, rule, f"it has {len(listed)}")
        return [public(read_scalar(value, argument)) for value in listed]

    # In other programs' hands

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """The values as a NumPy array: integers, or SymPy numbers in an array of objects; floats and others as `symkern.exact.exact_arrays` says.

        >>> from symkern.characters import alternating_table
        >>> np.asarray(alternating_table(5), float)[3].round(3).tolist()
        [1.618, -0.618, 0.0, -1.0, 3.0]
        """
        if copy is False:
            rule = "must be None or True for this table, whose array is made"
            raise InvalidArgument("copy", rule, "it is False")
        if dtype is None:
            fits = all(isinstance(v, int) and -(1 << 63) <= v < 1 << 63 for v in self.values.flat)
            dtype = np.int64 if fits else object
        return converted(self.values, dtype)

    def to_numpy(self) -> np.ndarray:
        """The values as an array of objects that may be written to: ints and SymPy numbers."""
        return converted(self.values, object)

    def to_scipy(self, dtype: Any = float) -> Any:
        """The values as a compressed array of scipy.sparse, in floating point where no other type is asked for.

        Args:
            dtype: float; complex for a table with imaginary values; an integer type for one of whole numbers.

        Raises:
            InvalidArgument: a value is no number of this kind.
        """
        return sparse_array(self.values, dtype)

    def to_sympy(self) -> sp.ImmutableMatrix:
        """The values as a SymPy matrix."""
        return sp.ImmutableMatrix(self.values.tolist())

    def to_sage(self) -> str:
        """The values as a matrix of Sage, as text, rows and columns in the order that they have here."""
        return rows_to_sage(self.values.tolist())

    def to_gap(self) -> str:
        """The values as a matrix of GAP, a list of lists, as text; rows and columns in the order that they have here."""
        return rows_to_gap(self.values.tolist())

    # As a value

    def __eq__(self, other: object) -> bool:
        return repr(self) == repr(other) if isinstance(other, type(self)) else NotImplemented

    def __hash__(self) -> int:
        return hash(repr(self))

    def _spelled(self, label: Label) -> str:
        return str(label)

    def _table(self) -> Any:
        from symkern.typeset.tables import Table

        heads = ("", *map(self._spelled, self.classes))
        rows = [
            (self._spelled(label), *row)
            for label, row in zip(self.irreps, self.values.tolist(), strict=True)
        ]
        return Table(heads, [("centraliser", *self.centraliser_orders), *rows], "l" + "r" * len(self.classes))  # fmt: skip

    def text(self) -> str:
        """The table as text, centralisers' orders above the characters."""
        return str(self._table().text())

    def __str__(self) -> str:
        return self.text()

    @displays
    def latex(self) -> str:
        """The table as a LaTeX array."""
        return str(self._table().latex(style="array"))

    def _repr_html_(self) -> str | None:
        few = len(self.classes) <= current().repr_entries // 10
        return str(self._table().html()) if few else None

    def csv(self) -> str:
        """Comma-separated values: the first row names the classes, the first column the irreps; what is irrational is a formula, I the imaginary unit.

        >>> from symkern.characters import alternating_table
        >>> print(alternating_table(3).csv(), end="")
        irrep,3+,3-,"1,1,1"
        3,1,1,1
        "2,1+",(sqrt(3)*I - 1)/2,-(1 + sqrt(3)*I)/2,1
        "2,1-",-(1 + sqrt(3)*I)/2,(sqrt(3)*I - 1)/2,1
        """
        return columns_csv(self._plain_columns())

    def to_dataframe(self, backend: str | None = None) -> Any:
        """The table as a DataFrame: the column ``irrep``, and a column for each class, named by its label; needs the extra ``frames``.

        Columns are whole numbers; those with an irrational value are text, formulas as in `csv`.

        Args:
            backend: "pandas", "polars" or "pyarrow"; None for the first that is installed.

        Raises:
            InvalidArgument: another backend.
            SymkernError: narwhals or the backend is not installed.

        >>> from symkern.characters import hyperoctahedral_table
        >>> hyperoctahedral_table(2).to_dataframe("pandas")
            irrep  2|[]  1,1|[]  1|1  []|2  []|1,1
        0    2|[]     1       1    1     1       1
        1  1,1|[]    -1       1    1    -1       1
        2     1|1     0       2    0     0      -2
        3    []|2     1       1   -1    -1       1
        4  []|1,1    -1       1   -1     1       1
        """
        return dataframe(self._plain_columns(), backend)

    def _plain_columns(self) -> list[Column]:
        columns = [Column("irrep", str, list(map(self._spelled, self.irreps)))]
        for label, values in zip(self.classes, self.values.T.tolist(), strict=True):
            whole = all(isinstance(value, int) for value in values)
            entries = values if whole else [formula_text(value) for value in values]
            columns.append(Column(self._spelled(label), int if whole else str, entries))
        return columns

    def items(self) -> Iterator[tuple[Label, tuple[Any, ...]]]:
        """Pairs (irrep, its character)."""
        return ((label, tuple(row)) for label, row in zip(self.irreps, self.values, strict=True))


def read_only(rows: list[list[Any]]) -> Any:
    """Rows as a read-only array of objects.

    >>> read_only([[1, 2]]).shape
    (1, 2)
    """
    array = np.empty((len(rows), len(rows[0]) if rows else 0), dtype=object)
    for i, row in enumerate(rows):
        array[i] = row
    array.setflags(write=False)
    return array
