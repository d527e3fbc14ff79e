"""Values that no argument expects, by name, made anew each time, since generators and arrays are used up; and the kinds that they are of."""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import sympy as sp
from sympy.combinatorics import Permutation

import symkern as sk
from symkern.abc import L, alpha
from symkern.exact import AlgebraicNumber, Ball

__all__ = ["KINDS", "ODD"]


def _nested(depth: int) -> list[Any]:
    found: list[Any] = []
    for _ in range(depth):
        found = [found]
    return found


#: Name -> what makes the value.
ODD: dict[str, Callable[[], Any]] = {
    # Python's own
    "None": lambda: None,
    "...": lambda: ...,
    "NotImplemented": lambda: NotImplemented,
    "True": lambda: True,
    "False": lambda: False,
    "0": lambda: 0,
    "-1": lambda: -1,
    "1": lambda: 1,
    "7": lambda: 7,
    "10^30": lambda: 10**30,
    "10^10000": lambda: 10**10000,
    "-10^10000": lambda: -(10**10000),
    "0.5": lambda: 0.5,
    "1e308": lambda: 1e308,
    "nan": lambda: float("nan"),
    "inf": lambda: float("inf"),
    "-inf": lambda: -float("inf"),
    "1+2j": lambda: 1 + 2j,
    "Fraction(1, 2)": lambda: Fraction(1, 2),
    "Fraction(10^400, 3)": lambda: Fraction(10**400, 3),
    "Decimal(0.1)": lambda: Decimal("0.1"),
    "Decimal(nan)": lambda: Decimal("nan"),
    "empty text": lambda: "",
    "blank": lambda: " \n",
    "x": lambda: "x",
    "accents": lambda: "é²½",
    "surrogate": lambda: "\ud800",
    "null character": lambda: "a\0b",
    "digits": lambda: "9" * 5000,
    "powers": lambda: "9^9^9^9",
    "parentheses": lambda: "(" * 5000,
    "long text": lambda: "ab " * 40000,
    "2,1": lambda: "2,1",
    "1/0": lambda: "1/0",
    "bytes": lambda: b"2,1",
    "bytearray": lambda: bytearray(3),
    "memoryview": lambda: memoryview(b"ab"),
    "set": lambda: {1, 2},
    "frozenset": lambda: frozenset({1}),
    "empty dict": dict,
    "dict": lambda: {1: 2},
    "dict of None": lambda: {None: None},
    "dict of lists": lambda: {"alpha": [1]},
    "()": lambda: (),
    "[]": list,
    "[[]]": lambda: [[]],
    "[None]": lambda: [None],
    "['x']": lambda: ["x"],
    "[0.5]": lambda: [0.5],
    "[nan]": lambda: [float("nan")],
    "[{}]": lambda: [{}],
    "(2, 1)": lambda: (2, 1),
    "(1, 2)": lambda: (1, 2),
    "(0, 1, 2)": lambda: (0, 1, 2),
    "(-1,)": lambda: (-1,),
    "(10^30, 1)": lambda: (10**30, 1),
    "ones": lambda: (1,) * 60,
    "matrix": lambda: [[1, 2], [3, 4]],
    "ragged": lambda: [[1], [2, 3]],
    "pair of pairs": lambda: [(1, None), (2, None)],
    "nest": lambda: _nested(5000),
    "object": object,
    "class": lambda: object,
    "int": lambda: int,
    "function": lambda: lambda *a, **k: None,
    "function of nan": lambda: lambda *a, **k: float("nan"),
    "function of text": lambda: lambda *a, **k: "x",
    "generator": lambda: (i for i in (1, 0)),
    "range": lambda: range(3),
    "long range": lambda: range(10**12),
    "iterator": lambda: iter([]),
    "slice": lambda: slice(0, 2),
    "module": lambda: sys,
    "path": lambda: Path("no", "such"),
    # NumPy's
    "int64": lambda: np.int64(3),
    "uint8": lambda: np.uint8(255),
    "float64 nan": lambda: np.float64("nan"),
    "float32": lambda: np.float32(0.1),
    "bool_": lambda: np.bool_(True),
    "complex64": lambda: np.complex64(1j),
    "datetime64": lambda: np.datetime64("2020-01-01"),
    "0-d array": lambda: np.array(2),
    "empty array": lambda: np.array([]),
    "array": lambda: np.array([2, 1]),
    "array of floats": lambda: np.array([0.5, float("nan")]),
    "array of text": lambda: np.array(["a"]),
    "array of objects": lambda: np.array([None, 1], dtype=object),
    "2-d array": lambda: np.eye(2, dtype=int),
    "3-d array": lambda: np.zeros((2, 0, 2)),
    # SymPy's
    "oo": lambda: sp.oo,
    "zoo": lambda: sp.zoo,
    "sp.nan": lambda: sp.nan,
    "I": lambda: sp.I,
    "pi": lambda: sp.pi,
    "symbol": lambda: sp.Symbol("y"),
    "symbol of none": lambda: sp.Symbol("c", commutative=False),
    "L": lambda: L,
    "-L": lambda: -L,
    "negative": lambda: sp.Symbol("s", negative=True),
    "Integer": lambda: sp.Integer(3),
    "Rational": lambda: sp.Rational(-1, 3),
    "Float": lambda: sp.Float("0.1"),
    "root": lambda: sp.sqrt(2),
    "logarithm": lambda: sp.log(alpha),
    "exponential": lambda: sp.exp(alpha),
    "power": lambda: sp.Symbol("y") ** 1000,
    "function of y": lambda: sp.Function("f")(sp.Symbol("y")),
    "sp.true": lambda: sp.true,
    "equation": lambda: sp.Eq(L, 1),
    "inequality": lambda: L > 1,
    "piecewise": lambda: sp.Piecewise((1, L > 1), (0, True)),
    "Matrix": lambda: sp.Matrix([[1, 2], [3, 4]]),
    "EmptySet": lambda: sp.S.EmptySet,
    "Permutation": lambda: Permutation(1, 0, 2),
    "poly": lambda: sp.Poly(L**2, L),
    # the package's, of another kind or size
    "partition": lambda: sk.Partition(5, 4, 3),
    "empty partition": lambda: sk.Partition(),
    "law": lambda: sk.kernels.uniform(2),
    "kernel": lambda: sk.kernels.embedding(1).mean_pool(),
    "pairs": lambda: sk.kernels.embedding(1),
    "class function": lambda: sk.ClassFunction(2, [1, -1]),
    "character polynomial": lambda: sk.CharacterPolynomial("X1"),
    "ball": lambda: Ball("1/3", "1/1000"),
    "algebraic number": lambda: AlgebraicNumber((-2, 0, 0, 1), 1, 2),
    "module of S_3": lambda: sk.representations.words(length=3, letters=2),
    "standing": lambda: sk.Standing.PROVED,
    "error": lambda: ValueError("x"),
}

_GROUPS = (
    "None | ... | NotImplemented",
    "True | False | bool_ | sp.true",
    "0 | -1 | 1 | 7 | int64 | uint8 | Integer | 0-d array",
    "10^30 | 10^10000 | -10^10000",
    "0.5 | 1e308 | float32 | Float | Decimal(0.1)",
    "nan | inf | -inf | float64 nan | Decimal(nan)",
    "oo | zoo | sp.nan",
    "Fraction(1, 2) | Fraction(10^400, 3) | Rational",
    "1+2j | complex64 | I",
    "empty text | blank | x | 2,1 | 1/0",
    "accents | surrogate | null character",
    "digits | powers | parentheses | long text",
    "bytes | bytearray | memoryview",
    "set | frozenset | empty dict | dict | dict of None | dict of lists",
    "() | [] | [[]] | empty array | 3-d array | iterator",
    "[None] | ['x'] | [0.5] | [nan] | [{}] | array of floats | array of text | array of objects",
    "(2, 1) | (1, 2) | (0, 1, 2) | (-1,) | array | range | generator",
    "(10^30, 1) | ones | long range | nest",
    "matrix | ragged | pair of pairs | 2-d array | Matrix",
    "object | class | int | module | path | slice | error | datetime64",
    "function | function of nan | function of text",
    "symbol | symbol of none | L | -L | negative",
    "pi | root | logarithm | exponential | power | function of y | poly",
    "equation | inequality | piecewise | EmptySet | Permutation",
    "partition | empty partition | class function | character polynomial | module of S_3",
    "law | kernel | pairs | standing",
    "ball | algebraic number",
)
#: Of each kind one is tried for an argument, another one by another seed: what is refused for one of them is hardly taken for the next.
KINDS: tuple[tuple[str, ...], ...] = tuple(tuple(group.split(" | ")) for group in _GROUPS)
