"""Square tables whose rows and columns are labelled by the partitions of n, in reverse lexicographic order."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import sympy as sp

from symkern.characters.table_texts import rows_to_gap, rows_to_sage
from symkern.combinatorics.generation import partitions
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.combinatorics.permutation import read_cycle_type
from symkern.errors import InvalidArgument, SizeMismatch, displayed
from symkern.exact.exact_arrays import converted, sparse_array
from symkern.reading.annotated import typed
from symkern.typeset.plain_columns import Column, dataframe


class LabelledSquare:
    """The table of ``values`` at size ``n``; ``table[lam, mu]`` is an entry as an int."""

    n: int
    values: Any
    _name: ClassVar[str] = "table"

    @staticmethod
    def _read_column(label: Any, argument: str) -> Partition:
        return read_cycle_type(label, argument)

    @cached_property
    def partitions(self) -> tuple[Partition, ...]:
        """The labels of rows and columns, reverse lexicographic: (n) first."""
        return tuple(partitions(self.n))

    @cached_property
    def _places(self) -> dict[Partition, int]:
        return {p: i for i, p in enumerate(self.partitions)}

    @typed
    def index(self, partition: PartitionLike, argument: str = "lam") -> int:
        """Where a partition stands in the rows and columns.

        Args:
            partition: a partition of n; a cycle type where ``argument`` is "mu", which may be a permutation.
            argument: "lam" for a row, "mu" for a column; the name that an error message has for it.

        Raises:
            SizeMismatch: it is not of n.
        """
        read = self._read_column if argument == "mu" else Partition.read
        label = read(partition, argument)
        place = self._places.get(label)
        if place is None:
            shown = f"it is {displayed(tuple(label))} of size {label.size}"
            raise SizeMismatch(argument, f"must be a partition of {self.n}", shown)
        return place

    def __getitem__(self, labels: tuple[PartitionLike, PartitionLike]) -> int:
        if not isinstance(labels, tuple) or len(labels) != 2:
            rule = f"is indexed by two partitions, {self._name}[lam, mu]"
            raise InvalidArgument(self._name, rule, f"the index is {displayed(labels)}")
        return self._entry(self.index(labels[0], "lam"), self.index(labels[1], "mu"))

    def _entry(self, row: int, column: int) -> int:
        return int(self.values[row, column])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """The values, for NumPy and for whatever reads its arrays (``np.asarray(table)``, ``sp.Matrix(table)``); they are copied where that is asked for."""
        values = self._whole_array()
        if dtype is None or np.dtype(dtype) == values.dtype:
            return values.copy() if copy else values
        if copy is False:
            rule = f"must be None or True for entries of another type than {values.dtype}"
            raise InvalidArgument("copy", rule, "it is False")
        return converted(values, dtype)

    def to_numpy(self) -> np.ndarray:
        """The values as an array that may be written to: int64, or Python ints where they do not fit."""
        return self._whole_array().copy()

    def to_sympy(self) -> sp.ImmutableMatrix:
        """The values as a SymPy matrix."""
        return sp.ImmutableMatrix(self._whole_array().tolist())

    def to_scipy(self, dtype: Any = float) -> Any:
        """The values as a compressed array of scipy.sparse, in floating point where no other type is asked for.

        Args:
            dtype: float, complex, or an integer type that holds them all.

        Raises:
            InvalidArgument: a value does not fit.
        """
        return sparse_array(self._whole_array(), dtype)

    def to_dataframe(self, backend: str | None = None) -> Any:
        """The table as a DataFrame: the column ``irrep``, and a column of whole numbers for each partition, named by it; needs the extra ``frames``.

        Columns of numbers past 64 bits are text.

        Args:
            backend: "pandas", "polars" or "pyarrow"; None for the first that is installed.

        Raises:
            InvalidArgument: another backend.
            SymkernError: narwhals or the backend is not installed.

        >>> from symkern.characters import kostka_matrix
        >>> kostka_matrix(3).to_dataframe("pandas")
           irrep  3  2,1  1,1,1
        0      3  1    1      1
        1    2,1  0    1      2
        2  1,1,1  0    0      1
        """
        labels = [str(lam) for lam in self.partitions]
        columns = [
            Column(label, int, entries)
            for label, entries in zip(labels, self._whole_array().T.tolist(), strict=True)
        ]
        return dataframe([Column("irrep", str, labels), *columns], backend)

    def to_sage(self) -> str:
        """The values as a matrix of Sage, as text, rows and columns in the order that they have here."""
        return rows_to_sage(self._whole_array().tolist())

    def to_gap(self) -> str:
        """The values as a matrix of GAP, a list of lists, as text; rows and columns in the order that they have here."""
        return rows_to_gap(self._whole_array().tolist())

    def _whole_array(self) -> np.ndarray:
        """All values, exact."""
        return np.asarray(self.values)

    def __eq__(self, other: object) -> bool:
        return self.n == other.n if isinstance(other, type(self)) else NotImplemented

    def __hash__(self) -> int:
        return hash((type(self), self.n))
