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

from collections.abc import Callable, Mapping, Sequence
from inspect import signature
from typing import Any

import numpy as np
import sympy as sp
from sympy.logic.boolalg import BooleanAtom

from symkern.abc import namespace, x
from symkern.combinatorics.memory import require_bytes
from symkern.doors import FunctionKernelDoors
from symkern.errors import InvalidArgument, InvalidType, SymkernError
from symkern.exact import exact_expression
from symkern.kernels.evaluation import at_pair, read_pair, read_values
from symkern.kernels.functions_on_tables import OnTables, Table, require_possible
from symkern.kernels.stages.arguments import readable_formula
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.tokens.groups import ALL_POSITIONS
from symkern.typeset.shown import Shown


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
        self._latest: tuple[tuple[int, int], OnTables] | None = None

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
    def on_tables(self, length: int, letters: int) -> OnTables:
        """The kernel as a function of contingency tables, after the check of its symmetry."""
        read_integer(length, "length", 1, current().listed_positions)
        read_integer(letters, "letters", 1, current().listed_positions)
        require_possible(length, letters)
        if self._latest is None or self._latest[0] != (length, letters):
            self._latest = (length, letters), OnTables(self, length, letters)
        return self._latest[1]


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
