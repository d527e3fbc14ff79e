"""A user's kernel as a function of contingency tables: its values there, read as reals and remembered, after the check of its symmetry."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp

from symkern.claims.derivation import Standing
from symkern.combinatorics.contingency_tables import (
    compositions,
    number_of_tables,
    require_few_tables,
)
from symkern.combinatorics.memory import require_bytes
from symkern.errors import SymmetryError, TooLong
from symkern.exact import FunctionField, function_field
from symkern.exact.balls import bits_in_force, precision
from symkern.exact.exponentials import exponential_field
from symkern.exact.generic_points import current_point
from symkern.exact.reals import is_exact, symbols_of
from symkern.kernels.function_symmetry import check_positions
from symkern.kernels.function_values import Given, finite_real, require_known, same, without_floats
from symkern.limits import current
from symkern.reading.integers import power_exceeds

Table = tuple[tuple[int, ...], ...]

#: Seconds at least for a value at a table and its comparison with one that has the letters renamed.
_SECONDS = 5e-5


def require_possible(length: int, letters: int) -> None:
    """Refuse sizes at which the check of the symmetry has no end, or no room."""
    if letters > 1 and power_exceeds(letters, length, 1 << 62) and max(length, letters) > 10**4:
        require_bytes("the contingency tables", 1 << 62)
    count, hours = number_of_tables(length, letters), current().hours
    require_bytes("the contingency tables", 8 * letters**2 * count)
    if count * letters * _SECONDS > 3600 * hours:
        what = f"checking a function on all {count} contingency tables"
        raise TooLong(what, 3600 * hours, "fewer letters or positions take less")


class OnTables:
    """The values on tables, read as reals and remembered."""

    starred = False

    def __init__(self, kernel: Given, length: int, letters: int) -> None:
        self.kernel = kernel
        self.letters = letters
        self.floating = False
        self._known: dict[Table, Any] = {}
        self._functions: dict[Table, Any] = {}
        self._balls: tuple[Any, dict[sp.Expr, Any]] = None, {}
        doubts: list[Any] = []
        self.field = self._field_of_values(length) if kernel.parameters else None
        with symbols_of(self.field):
            checked = kernel.of_table or check_positions(kernel, length, letters, doubts)
            with precision(current().checked_bits):
                self.relabelling = self._check_swap(length, doubts)
        self.standing = Standing.PROVED if checked and not doubts else Standing.SAMPLED
        if self.floating:
            self.standing = Standing.FLOATING

    def __call__(self, table: Any, star: Any = None) -> Any:
        """The value at a table; rows of any sequence type."""
        key = tuple(tuple(row) for row in table)
        if key in self._functions:
            return self._functions[key]
        value = self._value(self._given(key), key)
        if is_exact(value):  # a ball is as good as the precision at which it is asked for
            self._known[key] = value
        if self.field is not None:
            self._functions[key] = self.field(value)
        return value

    def _value(self, given: Any, key: Table) -> Any:
        """The real that a value is; one formula at many tables is read once for each precision."""
        asked = bits_in_force(), current_point()
        if self._balls[0] != asked:
            self._balls = asked, {}
        known = self._balls[1] if isinstance(given, sp.Expr) and self.field is None else {}
        if given not in known:
            argument = f"{self._where} at N = {key}"
            require_known(given, self.kernel.parameters, argument)
            known[given] = finite_real(given, argument)
        return known[given]

    @property
    def _where(self) -> str:
        return "f(N)" if self.kernel.of_table else "f(x, y)"

    def _given(self, key: Table) -> Any:
        """What the function gives."""
        if key not in self._known:
            given = self.kernel.value(key) if self.kernel.of_table else _at(self.kernel, key)
            self.floating = self.floating or isinstance(given, (float, np.floating))
            if self.kernel.parameters and isinstance(given, sp.Expr) and given.has(sp.Float):
                self.floating, given = True, without_floats(given)
            self._known[key] = given
        return self._known[key]

    def _tables(self, length: int) -> list[Table]:
        found = compositions(length, self.letters**2).reshape(-1, self.letters, self.letters)
        return [tuple(map(tuple, listed)) for listed in found.tolist()]

    def _field_of_values(self, length: int) -> FunctionField:
        """The rational functions of the parameters and of the exponentials that stand in the values."""
        require_few_tables((p.name for p in self.kernel.parameters), length, self.letters)
        plain = function_field(self.kernel.parameters)
        exponents: set[sp.Expr] = set()
        for key in self._tables(length):
            given = self._given(key)
            if isinstance(given, sp.Expr):
                require_known(given, self.kernel.parameters, f"{self._where} at N = {key}")
                exponents |= {e.args[0] for e in given.atoms(sp.exp)} | ({sp.S.One} if given.has(sp.E) else set())  # fmt: skip
        ordered = sorted(exponents, key=sp.default_sort_key)
        return exponential_field(self.kernel.parameters, [plain(e) for e in ordered])

    def _read(self, table: Table) -> tuple[Any, Any]:
        """The value as a real, and as the function gave it."""
        value = self(table)
        return value, self._known[table]

    def _check_swap(self, length: int, doubts: list[Any]) -> bool:
        """k(x, y) = k(y, x) on all tables; whether relabelling the letters leaves all values as they are."""
        tables = self._tables(length)
        for table in tables:
            mirrored = tuple(zip(*table, strict=True))
            if table < mirrored and not same(self._read(table), self._read(mirrored), doubts):
                x, y = sequences(table)
                raise SymmetryError(
                    "kernel",
                    "must satisfy k(x, y) = k(y, x)",
                    f"it does not at x = {x}, y = {y}",
                    (None, (x, y)),
                )
        return all(
            same(self._read(table), self._read(_relabelled(table, i)), doubts)
            for table in tables
            for i in range(self.letters - 1)
        )


def _relabelled(table: Table, i: int) -> Table:
    order = list(range(len(table)))
    order[i], order[i + 1] = i + 1, i
    return tuple(tuple(table[t][u] for u in order) for t in order)


def sequences(table: Table) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The pair of sequences with that table, its positions in order of their letters."""
    x: list[int] = []
    y: list[int] = []
    for t, row in enumerate(table):
        for u, n in enumerate(row):
            x += [t] * n
            y += [u] * n
    return tuple(x), tuple(y)


def _at(kernel: Given, table: Table) -> Any:
    return kernel.value(*sequences(table))
