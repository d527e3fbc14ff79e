"""Kernels that are given as functions: of two sequences, or of their contingency table.

    from_function(f)     k(x, y) = f(x, y), x and y tuples of letters 0..v-1
    from_table(f)        k(x, y) = f(N), N_tu = #{a : x_a = t, y_a = u} as a tuple of tuples

Values are ints, Fractions or SymPy numbers, exactly as they are; floats are taken as the dyadic numbers they are, and
the standing of the result says so; True and False are 1 and 0. Hyperparameters that are named as ``parameters`` may stand in them as symbols:
values are then rational functions of them and of exponentials of polynomials in them, alpha/L + exp(alpha*beta), with rational coefficients.

Permuting the positions of both sequences must not change k, and k(x, y) = k(y, x). A function of the table has the first
property by itself. A function of two sequences is checked on all pairs and adjacent transpositions where they number up to
``exhaustive_evaluations`` of `symkern.limits`; above that on seeded random pairs, and the standing says so. The second is checked on all tables.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from inspect import signature
from itertools import product
from typing import Any

import numpy as np
import sympy as sp
from sympy.logic.boolalg import BooleanAtom

from symkern.abc import namespace, x
from symkern.claims.derivation import Standing
from symkern.combinatorics.contingency_tables import (
    compositions,
    number_of_tables,
    require_few_tables,
)
from symkern.combinatorics.memory import require_bytes
from symkern.doors import FunctionKernelDoors
from symkern.errors import InvalidArgument, InvalidType, SymkernError, SymmetryError, TooLong
from symkern.exact import FunctionField, RationalFunction, exact_expression, function_field
from symkern.exact.balls import bits_in_force, precision
from symkern.exact.exponentials import exponential_field
from symkern.exact.generic_points import current_point
from symkern.exact.reals import is_exact, real, symbols_of
from symkern.kernels.evaluation import at_pair, read_pair, read_values
from symkern.kernels.stages.arguments import readable_formula
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import power_exceeds, read_integer
from symkern.reading.sequences import read_list
from symkern.tokens.groups import ALL_POSITIONS
from symkern.typeset.shown import Shown

Table = tuple[tuple[int, ...], ...]

SEED = 20240506


class FunctionKernel(FunctionKernelDoors, Shown):
    """A kernel k(x, y) by a Python function; see `from_function` and `from_table`.

    ``parameters`` are the symbols that may stand in its values, ``given`` what stands in the place of others.
    """

    readout = None
    #: What a pipeline's stages tell of it, a function does not.
    reads_position = is_polynomial = is_rational = False
    vocabulary = None

    @typed
    def __init__(
        self,
        function: Callable[..., Any],
        of_table: bool,
        name: str,
        parameters: tuple[sp.Symbol, ...] = (),
        given: Mapping[sp.Symbol, sp.Expr] | None = None,
    ) -> None:
        self.function = function
        self.of_table = of_table
        self.name = name
        self.group = ALL_POSITIONS
        self.parameters = parameters
        self.given = dict(given or {})
        self._latest: tuple[tuple[int, int], _OnTables] | None = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FunctionKernel):
            return NotImplemented
        names = ("function", "of_table", "name", "parameters", "given")
        return all(getattr(self, name) == getattr(other, name) for name in names)

    def __hash__(self) -> int:
        return hash((self.function, self.of_table, self.name, self.parameters))

    def __call__(self, first: Sequence[int], second: Sequence[int], **parameters: object) -> Any:
        """The function's value on two sequences of letters 0, 1, ...; the alphabet of a table is what occurs.

        Parameters are given by name; those that are not stay symbols, but for L, which is the length.
        """
        x, y = read_pair(first, second)
        bound = at_pair(self, len(x), parameters)
        if bound is not self:
            return bound(x, y)
        if not self.of_table:
            return self.value(x, y)
        pairs = [(read_integer(t, "x"), read_integer(u, "y")) for t, u in zip(x, y, strict=True)]
        letters = 1 + max((t for pair in pairs for t in pair), default=0)
        require_bytes("a contingency table", 8 * letters**2)
        table = [[0] * letters for _ in range(letters)]
        for t, u in pairs:
            table[t][u] += 1
        return self.value(tuple(map(tuple, table)))

    def value(self, *point: Any) -> Any:
        """What the function gives for two sequences, or for a table; True and False are 1 and 0.

        Args:
            *point: two sequences, or a table.

        Raises:
            InvalidArgument: the function raises; with the point.
        """
        if len(point) != 2 - self.of_table:
            rule = "must be a table" if self.of_table else "must be two sequences"
            raise InvalidType("point", rule, point)
        try:
            found = self.function(*point)
        except (MemoryError, SymkernError):
            raise
        except Exception as error:  # whatever a user's function may raise
            names = ("N",) if self.of_table else ("x", "y")
            where = ", ".join(f"{name} = {at}" for name, at in zip(names, point, strict=True))
            said = " ".join(str(error).split())
            raise InvalidArgument(
                "f",
                f"must have a value for every {'table' if self.of_table else 'pair of sequences'}",
                f"at {where} it raises {type(error).__name__}{': ' if said else ''}{said}",
            ) from error
        if isinstance(found, (bool, np.bool_, BooleanAtom)):
            return int(bool(found))
        if isinstance(found, str):
            found = exact_expression(found, "f")
        if self.given and isinstance(found, sp.Expr):
            put = found.subs(self.given, simultaneous=True)
            if put.has(sp.zoo, sp.nan, sp.oo, -sp.oo):
                values = ", ".join(f"{s} = {e}" for s, e in self.given.items())
                rule = "must not be a pole of the kernel"
                raise InvalidArgument("parameters", rule, f"{found} has one at {values}")
            return put
        return found

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"{'from_table' if self.of_table else 'from_function'}({self.name})"

    def substitute(self, values: dict[sp.Symbol, Any]) -> FunctionKernel:
        """The kernel with hyperparameters replaced by numbers or formulas.

        Args:
            values: symbol -> number or formula, exact; symbols that the kernel does not have change nothing.

        >>> from symkern.abc import alpha
        >>> k = from_table(lambda N: alpha**2 + N[0][0], "k", parameters=[alpha])
        >>> k.substitute({alpha: 3})((0, 0), (0, 1))
        10
        """
        new = read_values(values, readable_formula)
        if not new:
            return self
        given = {s: e.subs(new, simultaneous=True) for s, e in self.given.items()}
        given.update({s: e for s, e in new.items() if s in self.parameters})
        left = {s for s in self.parameters if s not in new}
        left |= {s for e in given.values() for s in e.free_symbols}
        parameters = tuple(sorted(left, key=lambda s: s.name))
        return FunctionKernel(self.function, self.of_table, self.name, parameters, given)

    @typed
    def on_tables(self, length: int, letters: int) -> _OnTables:
        """The kernel as a function of contingency tables, after the check of its symmetry."""
        read_integer(length, "length", 1, current().listed_positions)
        read_integer(letters, "letters", 1, current().listed_positions)
        _require_possible(length, letters)
        if self._latest is None or self._latest[0] != (length, letters):
            self._latest = (length, letters), _OnTables(self, length, letters)
        return self._latest[1]


#: Seconds at least for a value at a table and its comparison with one that has the letters renamed.
_SECONDS = 5e-5


def _require_possible(length: int, letters: int) -> None:
    """Refuse sizes at which the check of the symmetry has no end, or no room."""
    if letters > 1 and power_exceeds(letters, length, 1 << 62) and max(length, letters) > 10**4:
        require_bytes("the contingency tables", 1 << 62)
    count, hours = number_of_tables(length, letters), current().hours
    require_bytes("the contingency tables", 8 * letters**2 * count)
    if count * letters * _SECONDS > 3600 * hours:
        what = f"checking a function on all {count} contingency tables"
        raise TooLong(what, 3600 * hours, "fewer letters or positions take less")


class _OnTables:
    """The values on tables, read as reals and remembered."""

    starred = False

    def __init__(self, kernel: FunctionKernel, length: int, letters: int) -> None:
        self.kernel = kernel
        self.letters = letters
        self.floating = False
        self._known: dict[Table, Any] = {}
        self._functions: dict[Table, Any] = {}
        self._balls: tuple[Any, dict[sp.Expr, Any]] = None, {}
        doubts: list[Any] = []
        self.field = self._field_of_values(length) if kernel.parameters else None
        with symbols_of(self.field):
            checked = kernel.of_table or _check_positions(kernel, length, letters, doubts)
            with precision(current().checked_bits):
                self.relabelling = self._check_swap(length, doubts)
        self.standing = Standing.PROVED if checked and not doubts else Standing.SAMPLED
        if self.floating:
            self.standing = Standing.FLOATING

    def __call__(self, table: Any, star: Any = None) -> Any:
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
            _require_known(given, self.kernel.parameters, argument)
            known[given] = _real(given, argument)
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
                self.floating, given = True, _without_floats(given)
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
                _require_known(given, self.kernel.parameters, f"{self._where} at N = {key}")
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
            if table < mirrored and not _same(self._read(table), self._read(mirrored), doubts):
                x, y = _sequences(table)
                raise SymmetryError(
                    "kernel",
                    "must satisfy k(x, y) = k(y, x)",
                    f"it does not at x = {x}, y = {y}",
                    (None, (x, y)),
                )
        return all(
            _same(self._read(table), self._read(_relabelled(table, i)), doubts)
            for table in tables
            for i in range(self.letters - 1)
        )


def _require_known(given: Any, parameters: Sequence[sp.Symbol], argument: str) -> None:
    """Refuse a formula with other symbols than ``parameters``, or with other functions of them than exponentials."""
    if not isinstance(given, sp.Expr) or not (given.free_symbols or parameters):
        return
    names = ", ".join(s.name for s in parameters)
    others = given.free_symbols - set(parameters)
    strange = sorted(s.name for s in others if s.name in names.split(", "))
    if strange:
        raise InvalidArgument(
            argument,
            "must be a formula in the symbols of symkern.abc",
            f"{', '.join(strange)} stands in {given} with other assumptions",
        )
    if others:
        rule = f"must be a formula in the parameters {names}" if names else "must be a number, or a formula in symbols that the argument parameters lists"  # fmt: skip
        found = ", ".join(sorted(s.name for s in others))
        raise InvalidArgument(argument, rule, f"{found} stands in {given}")
    exponentials = given.atoms(sp.exp)
    plain = given.xreplace({e: sp.Dummy() for e in exponentials}).xreplace({sp.E: sp.Dummy()})
    exponents = [e.args[0] for e in exponentials]
    known = plain.is_rational_function() and all(e.is_polynomial() for e in exponents)
    if known and all(map(_is_rational, (plain, *exponents))):
        return
    raise InvalidArgument(
        argument,
        f"must be a rational function of {names} and of exponentials of polynomials in them, with rational coefficients",
        f"it is {given}",
    )


def _without_floats(given: Any) -> Any:
    """A formula with the dyadic numbers that its floats are."""
    if not isinstance(given, sp.Expr):
        return given
    return given.xreplace({e: sp.Rational(e) for e in given.atoms(sp.Float)})


def _is_rational(formula: sp.Expr) -> bool:
    """Whether all numbers in a formula are rational."""
    numbers = formula.atoms(sp.Number, sp.NumberSymbol)
    powers = formula.atoms(sp.Pow)
    return (
        all(e.is_Rational for e in numbers)
        and all(e.exp.is_Integer for e in powers)
        and not formula.has(sp.I)
    )


def _real(given: Any, argument: str) -> Any:
    """`real`, with a denominator that is zero told."""
    try:
        return real(given, argument)
    except ZeroDivisionError:
        raise InvalidArgument(argument, "must be finite", f"it is {given}") from None


def _relabelled(table: Table, i: int) -> Table:
    order = list(range(len(table)))
    order[i], order[i + 1] = i + 1, i
    return tuple(tuple(table[t][u] for u in order) for t in order)


def _same(first: tuple[Any, Any], second: tuple[Any, Any], doubts: list[Any]) -> bool:
    """Equal exact numbers, or balls that cannot be told apart; values are (real, as given).

    Balls of two different expressions are no proof of equality and are noted in ``doubts``.
    """
    (a, given), (b, other) = first, second
    if a is None or b is None:
        return bool(given == other)
    if isinstance(a, RationalFunction) or isinstance(b, RationalFunction):
        return bool(a - b == 0)
    if is_exact(a) and is_exact(b):
        return bool(a == b)
    if isinstance(given, sp.Expr) and isinstance(other, sp.Expr) and given == other:
        return True
    if not (a - b).contains(0):
        return False
    if not doubts:
        doubts.append((given, other))
    return True


def _sequences(table: Table) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The pair of sequences with that table, its positions in order of their letters."""
    x: list[int] = []
    y: list[int] = []
    for t, row in enumerate(table):
        for u, n in enumerate(row):
            x += [t] * n
            y += [u] * n
    return tuple(x), tuple(y)


def _at(kernel: FunctionKernel, table: Table) -> Any:
    return kernel.value(*_sequences(table))


def _check_positions(kernel: FunctionKernel, length: int, letters: int, doubts: list[Any]) -> bool:
    """Check f(gx, gy) = f(x, y); True where all adjacent transpositions were, False where random ones were."""
    with precision(current().checked_bits):
        return _check_pairs(kernel, length, letters, doubts)


def _check_pairs(kernel: FunctionKernel, length: int, letters: int, doubts: list[Any]) -> bool:
    def read(x: Any, y: Any) -> tuple[Any, Any]:
        given = _without_floats(kernel.value(x, y)) if kernel.parameters else kernel.value(x, y)
        where = f"f(x, y) at x = {x}, y = {y}"
        _require_known(given, kernel.parameters, where)
        try:
            return _real(given, where), given
        except InvalidArgument:
            if not kernel.parameters:
                raise
            return None, given  # exponentials that the values on tables do not have

    if letters == 1:  # one sequence, which no permutation changes
        return True
    swaps = max(length - 1, 1)
    if not power_exceeds(letters, 2 * length, current().exhaustive_evaluations // swaps):
        words = list(product(range(letters), repeat=length))
        values = {(x, y): read(x, y) for x in words for y in words}
        for (x, y), value in values.items():
            for i in range(length - 1):
                if not _same(values[_swapped(x, i), _swapped(y, i)], value, doubts):
                    order = list(range(length))
                    order[i], order[i + 1] = i + 1, i
                    raise _asymmetric(tuple(order), x, y)
        return True
    rng = random.Random(SEED)
    for _ in range(current().sampled_pairs):
        x, y = (tuple(rng.randrange(letters) for _ in range(length)) for _ in range(2))
        value = read(x, y)
        order = list(range(length))
        rng.shuffle(order)
        gx, gy = tuple(x[i] for i in order), tuple(y[i] for i in order)
        if not _same(read(gx, gy), value, doubts):
            raise _asymmetric(tuple(order), x, y)
    return False


def _swapped(x: tuple[int, ...], i: int) -> tuple[int, ...]:
    return (*x[:i], x[i + 1], x[i], *x[i + 2 :])


def _asymmetric(order: tuple[int, ...], x: tuple[int, ...], y: tuple[int, ...]) -> SymmetryError:
    return SymmetryError(
        "kernel",
        "must not change when both sequences are permuted alike",
        f"it does under the permutation {order} at x = {x}, y = {y}",
        (order, (x, y)),
    )


def _require_arity(function: Callable[..., Any], of_table: bool) -> None:
    """Refuse a function that cannot be called on a table, or on two sequences; its own errors are `FunctionKernel.value`'s."""
    try:
        found = signature(function)
    except (TypeError, ValueError):  # some builtins have none
        return
    try:
        found.bind(*[()] * (1 if of_table else 2))
    except TypeError:
        rule = "must take one table N" if of_table else "must take two sequences x and y"
        raise InvalidType("f", rule, function) from None


def _named(function: object, name: str | None, of_table: bool) -> str:
    if not callable(function):
        raise InvalidType("f", "must be a function", function)
    if name is not None and not isinstance(name, str):
        raise InvalidType("name", "must be a string", name)
    _require_arity(function, of_table)
    found = name or getattr(function, "__name__", "") or type(function).__name__
    if not found.strip():
        raise InvalidArgument("name", "must not be empty", "it is")
    return found


def _parameters(given: object) -> tuple[sp.Symbol, ...]:
    """The hyperparameters by name; strings are read."""
    if isinstance(given, (str, sp.Expr)):
        given = (given,)
    found = set()
    for symbol in read_list(given, "parameters", "symbols of symkern.abc"):
        expression = exact_expression(symbol, "parameters")
        if expression not in namespace.values() or expression == x:
            rule = "must be symbols of symkern.abc other than x"
            raise InvalidArgument("parameters", rule, f"{expression} is none")
        found.add(expression)
    return tuple(sorted(found, key=lambda s: s.name))


def from_function(
    f: Callable[[Any, Any], Any], name: str | None = None, parameters: object = ()
) -> FunctionKernel:
    """The kernel k(x, y) = f(x, y) of two tuples of letters 0..v-1.

    Args:
        f: a function of two tuples of letters 0..v-1, with exact values (numbers, SymPy expressions, formulas' text, True and False); not changed
            when positions of both are permuted alike.
        name: what the kernel is called where it is shown; that of the function where nothing is said.
        parameters: the symbols of `symkern.abc` that may stand in its values, x excepted.

    Raises:
        InvalidType: what is no function of two arguments.
        InvalidArgument: a parameter that is no such symbol.

    >>> from symkern.kernels import uniform
    >>> k = from_function(lambda x, y: sum(a == b for a, b in zip(x, y)), "matches")
    >>> [(s.position_irrep, s.eigenvalues) for s in k.spectrum(length=3, tokens=uniform(2))]
    [(Partition(), (3/2,)), (Partition(), (1/2,)), (Partition(1), (1/2,))]
    """
    return FunctionKernel(f, False, _named(f, name, False), _parameters(parameters))


def from_table(
    f: Callable[[Table], Any], name: str | None = None, parameters: object = ()
) -> FunctionKernel:
    """The kernel k(x, y) = f(N) of the contingency table, a v x v tuple of tuples.

    Args:
        f: a function of the table, N[s][t] the number of positions with x_a = s and y_a = t, with exact values.
        name: what the kernel is called where it is shown; that of the function where nothing is said.
        parameters: the symbols of `symkern.abc` that may stand in its values, x excepted.

    Raises:
        InvalidType: what is no function of one argument.
        InvalidArgument: a parameter that is no such symbol.

    >>> import sympy as sp
    >>> from symkern.abc import alpha
    >>> from symkern.kernels import uniform
    >>> k = from_table(lambda N: sp.exp(alpha * (N[0][0] + N[1][1])), "k", parameters=[alpha])
    >>> [s.eigenvalues for s in k.spectrum(length=1, tokens=uniform(2))]
    [(exp(alpha)/2 + 1/2,), (exp(alpha)/2 - 1/2,)]

    >>> from symkern.kernels import uniform
    >>> k = from_table(lambda N: N[0][0] + N[1][1], "matches")
    >>> len(k.spectrum(length=3, tokens=uniform(2)).sectors)
    3
    """
    return FunctionKernel(f, True, _named(f, name, True), _parameters(parameters))
