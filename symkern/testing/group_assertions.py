"""Assertions about functions and matrices on S_n: class functions, projectors, representations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import permutations
from typing import Any

import sympy as sp

from symkern.combinatorics import inverse, multiply
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, displayed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.testing.witnesses import (
    Permutation,
    adjacent,
    exact_value,
    fail,
    plain,
    require_small_group,
    same,
)

Matrix = list[list[sp.Expr]]


def assert_class_function(f: Callable[[Permutation], object], n: int | Iterable[int] = 4) -> None:
    """f(h g h^-1) = f(g) for all g and h in S_n.

    Tested for all g and for adjacent transpositions h, which generate the group.

    Args:
        f: a function of permutations, tuples of the images of 0..n-1, with exact values.
        n: S_1, ..., S_n are tested; of a list of sizes, these.

    Raises:
        AssertionError: with the first g and h, and both values.
        InvalidArgument: a size below 1, or more permutations than ``exhaustive_evaluations`` of `symkern.limits`.
        InvalidType: what cannot be called, a value that is not exact.

    >>> assert_class_function(lambda g: sum(g[a] == a for a in range(len(g))))
    >>> assert_class_function(lambda g: sum(a > b for a, b in zip(g, g[1:])))
    Traceback (most recent call last):
    ...
    AssertionError: f is no class function of S_3
      g = (0, 2, 1), h = (1, 0, 2), h g h^-1 = (2, 1, 0)
      f(g)        = 1
      f(h g h^-1) = 2
    """
    _require_function(f, "f", "a function of permutations")
    sizes: Sequence[int]
    if isinstance(n, Iterable) and not isinstance(n, str):
        listed = read_list(n, "n", "sizes")
        sizes = sorted({read_integer(size, "n", minimum=1) for size in listed})
    else:
        sizes = range(1, read_integer(n, "n", minimum=1) + 1)
    if not sizes:
        raise InvalidArgument("n", "must hold at least one size", "it is empty")
    require_small_group(sizes[-1])
    for size in sizes:
        values = {g: exact_value(f(g), f"f({g})") for g in permutations(range(size))}
        for g, value in values.items():
            for h in adjacent(size):
                moved = multiply(multiply(h, g), inverse(h))
                if not same(value, values[moved]):
                    fail(
                        f"f is no class function of S_{size}",
                        f"g = {g}, h = {h}, h g h^-1 = {moved}",
                        f"f(g)        = {value}",
                        f"f(h g h^-1) = {values[moved]}",
                    )


def assert_projector(matrix: object, rank: int | None = None) -> None:
    """P^2 = P, and the rank of P, which is its trace, where it is given.

    Args:
        matrix: a square matrix of exact numbers or formulas: of this package, SymPy's, an array, or a list of rows.
        rank: what its rank must be.

    Raises:
        AssertionError: with the first entry of P^2 - P that is not zero, or both ranks.
        InvalidType: what is no matrix, an entry that is not exact.
        SizeMismatch: a matrix that is not square.

    >>> assert_projector([["1/2", "1/2"], ["1/2", "1/2"]], rank=1)
    >>> assert_projector([[1, 1], [0, 1]])
    Traceback (most recent call last):
    ...
    AssertionError: P^2 is not P
      entry (0, 1) of P^2 - P = 1
    """
    rows = _rows(matrix, "matrix")
    if any(len(row) != len(rows) for row in rows):
        shown = f"it has {len(rows)} rows and {len(rows[0])} columns"
        raise SizeMismatch("matrix", "must be square", shown)
    least = None if rank is None else read_integer(rank, "rank")
    wrong = _difference(_times(rows, rows), rows)
    if wrong is not None:
        fail("P^2 is not P", f"entry {wrong[0]} of P^2 - P = {wrong[1]}")
    trace = sum((row[i] for i, row in enumerate(rows)), sp.S.Zero)
    if least is not None and not same(trace, sp.Integer(least)):
        fail(f"the projector has not rank {displayed(least)}", f"rank P = trace P = {plain(trace)}")


def assert_representation(rho: Callable[[Permutation], object], n: int | None = None) -> None:
    """rho(e) = 1 and rho(g s_i) = rho(g) rho(s_i) for all g in S_n and adjacent transpositions s_i, so rho(g h) = rho(g) rho(h).

    Args:
        rho: a function of permutations, tuples of the images of 0..n-1, whose values are square matrices as in `assert_projector`.
        n: the group is S_n; where it is not given, ``rho.n``.

    Raises:
        AssertionError: with the first g, s_i and entry of the difference, or an entry of rho(e) - 1.
        InvalidArgument: n below 1, or more permutations than ``exhaustive_evaluations`` of `symkern.limits`; n not known.
        InvalidType: what cannot be called or gives no matrix, an entry that is not exact.

    >>> from symkern.representations import natural
    >>> assert_representation(natural((2, 1)))
    >>> assert_representation(lambda g: [[g[0]]], n=2)
    Traceback (most recent call last):
    ...
    AssertionError: rho(e) is not the identity of S_2
      entry (0, 0) of rho(e) - 1 = -1
    >>> assert_representation(lambda g: [[1 if g == (0, 1, 2) else -1]], n=3)
    Traceback (most recent call last):
    ...
    AssertionError: rho is no representation of S_3
      g = (0, 2, 1), s_0 = (1, 0, 2), g s_0 = (1, 2, 0)
      entry (0, 0) of rho(g s_0) - rho(g) rho(s_0) = -2
    """
    _require_function(rho, "rho", "a function of permutations")
    given = getattr(rho, "n", None) if n is None else n
    if given is None:
        raise InvalidArgument("n", "must be given where rho has no attribute n", "it is not")
    size = read_integer(given, "n", minimum=1)
    require_small_group(size)
    found: dict[Permutation, Matrix] = {}

    def at(g: Permutation) -> Matrix:
        if g not in found:
            found[g] = _rows(rho(g), f"rho({g})")
        return found[g]

    neutral = tuple(range(size))
    one = at(neutral)
    dimension = len(one)
    identity = [[sp.Integer(i == j) for j in range(dimension)] for i in range(dimension)]
    for g in permutations(range(size)):
        shape = (len(at(g)), *{len(row) for row in at(g)})
        if shape != (dimension, dimension):
            fail(
                f"rho is no representation of S_{size}",
                f"g = {g}",
                f"rho(g) has {shape[0]} rows of {shape[1]} entries, rho(e) has {dimension} rows",
            )
        if g == neutral:
            wrong = _difference(one, identity)
            if wrong is not None:
                fail(
                    f"rho(e) is not the identity of S_{size}",
                    f"entry {wrong[0]} of rho(e) - 1 = {wrong[1]}",
                )
    for g in permutations(range(size)):
        for i, s in enumerate(adjacent(size)):
            wrong = _difference(at(multiply(g, s)), _times(at(g), at(s)))
            if wrong is not None:
                fail(
                    f"rho is no representation of S_{size}",
                    f"g = {g}, s_{i} = {s}, g s_{i} = {multiply(g, s)}",
                    f"entry {wrong[0]} of rho(g s_{i}) - rho(g) rho(s_{i}) = {wrong[1]}",
                )


def _require_function(f: object, argument: str, what: str) -> None:
    if not callable(f) or isinstance(f, type):
        raise InvalidType(argument, f"must be {what}", f)


def _rows(matrix: object, argument: str) -> Matrix:
    """The rows of a matrix, exact."""
    given: Any = matrix.to_sympy() if hasattr(matrix, "to_sympy") else matrix
    if isinstance(given, sp.MatrixBase):
        given = given.tolist()
    rows = [read_list(row, argument, "entries") for row in read_list(given, argument, "rows")]
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        shown = f"the rows have the lengths {[len(row) for row in rows]}"
        raise SizeMismatch(argument, "must have rows of one length, at least one of them", shown)
    return [
        [exact_value(entry, f"{argument}[{i}][{j}]") for j, entry in enumerate(row)]
        for i, row in enumerate(rows)
    ]


def _times(first: Matrix, second: Matrix) -> Matrix:
    columns = list(zip(*second, strict=True))
    zero = sp.S.Zero
    return [
        [
            sum((a * b for a, b in zip(row, column, strict=True) if a and b), zero)
            for column in columns
        ]
        for row in first
    ]


def _difference(first: Matrix, second: Matrix) -> tuple[tuple[int, int], sp.Expr] | None:
    """The first place at which two matrices differ, and the difference there."""
    for i, (row, other) in enumerate(zip(first, second, strict=True)):
        for j, (a, b) in enumerate(zip(row, other, strict=True)):
            if not same(a, b):
                return (i, j), plain(a - b)
    return None
