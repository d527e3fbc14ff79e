r"""Sensitivity for more than two letters: the Efron-Stein decomposition of a function of independent letters.

f(x_0, ..., x_{n-1}) = sum_P f^{=P}, where f^{=P} depends on the letters at P alone and has mean zero in each of them. Then

    Inf_i(f) = E Var_i f = sum_{P containing i} ||f^{=P}||^2,     I(f) = sum_i Inf_i(f) = sum_d d W_d,   W_d = sum_{|P| = d} ||f^{=P}||^2,

and for two uniform letters this is average sensitivity: resampling a sign flips it half of the time. (Efron, Stein, *The jackknife estimate of variance*,
1981; O'Donnell, *Analysis of Boolean Functions*, 2014, chapter 8.)

A function is a callable on tuples of letters 0..v-1 (with ``vectorized`` on an array of shape (n, N)), or a table of v^n exact values in
lexicographic order.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from math import lcm
from typing import Any

import numpy as np
import sympy as sp

from symkern.combinatorics.memory import require_bytes
from symkern.errors import InvalidArgument, SizeMismatch, displayed
from symkern.exact import exact_expression
from symkern.exact.sparse_vector import RationalVector
from symkern.limits import check_time, within_time
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.missing_entries import without_mask
from symkern.reading.sequences import read_list

Array = Any


@typed
def total_influence(
    f: Any,
    n: object,
    letters: object = 2,
    probabilities: Sequence[object] | None = None,
    *,
    vectorized: bool = False,
) -> sp.Rational:
    """I(f) = sum_i E Var_i f for independent letters.

    Args:
        f: a function of a tuple of letters 0..letters-1, with exact values, or the list of its values in lexicographic order.
        n: the number of positions, a positive integer.
        letters: how many letters there are.
        probabilities: of the letters, exact, with sum 1; uniform where nothing is said.
        vectorized: whether the function is called with int64 arrays (n, N), ``x[i]`` the entries at position i of N inputs, for N values.

    Raises:
        SizeMismatch: not one value for each sequence, or not one probability for each letter.
        InvalidArgument: probabilities that do not sum to 1.
        InvalidType: a float.

    >>> total_influence(lambda x: int(x[0] == x[1]), 2, letters=3)
    4/9
    >>> total_influence(lambda x: (-1)**sum(x), 4)
    4
    """
    return sp.Add(*letter_influences(f, n, letters, probabilities, vectorized=vectorized))


@typed
def letter_influences(
    f: Any,
    n: object,
    letters: object = 2,
    probabilities: Sequence[object] | None = None,
    *,
    vectorized: bool = False,
) -> tuple[sp.Rational, ...]:
    """Inf_i(f) = E f^2 - E (E_i f)^2 for every position, E_i the mean over the letter at i.

    Args:
        f: as in `total_influence`.
        n: the number of signs, a positive integer.
        letters: how many letters there are.
        probabilities: of the letters, exact, with sum 1; uniform where nothing is said.
        vectorized: whether the function is called with int64 arrays (n, N), ``x[i]`` the entries at position i of N inputs, for N values.
    """
    table, denominator, weights, common = _read(f, n, letters, probabilities, vectorized)
    size = table.ndim
    square = _mean(table * table, weights)
    # E_i f carries one factor of ``common``, its square two, and the mean over the others the rest.
    means = (np.tensordot(table, weights, axes=(i, 0)) for i in range(size))
    scale = common ** (size + 1) * denominator**2
    return tuple(sp.Rational(square * common - _mean(m * m, weights), scale) for m in means)


@typed
def efron_stein_weights(
    f: Any,
    n: object,
    letters: object = 2,
    probabilities: Sequence[object] | None = None,
    *,
    vectorized: bool = False,
) -> tuple[sp.Rational, ...]:
    """W_0, ..., W_n, which sum to E f^2.

    Args:
        f: as in `total_influence`.
        n: the number of signs, a positive integer.
        letters: how many letters there are.
        probabilities: of the letters, exact, with sum 1; uniform where nothing is said.
        vectorized: whether the function is called with int64 arrays (n, N), ``x[i]`` the entries at position i of N inputs, for N values.

    >>> efron_stein_weights(lambda x: int(x[0] == x[1]), 2, letters=3)
    (1/9, 0, 2/9)
    """
    table, denominator, weights, common = _read(f, n, letters, probabilities, vectorized)
    size = table.ndim
    law = [Fraction(int(w), common) for w in weights]
    rows, norms = _contrasts(law)
    scale = lcm(*(q.denominator for row in rows for q in row), 1)
    matrix = np.array([[int(q * scale) for q in row] for row in rows], dtype=object)
    for i in range(size):
        table = np.moveaxis(np.tensordot(matrix, table, axes=(1, i)), 0, i)
    squares = table * table
    # Each axis turns into the pair (no letter, some letter), weighed by 1/norm over one denominator.
    below = lcm(*(q.numerator for q in norms), 1)
    factors = [int(below / q) for q in norms]
    degrees = squares[..., None]
    for _ in range(size):
        none = degrees[0] * factors[0]
        some = np.tensordot(np.array(factors[1:], dtype=object), degrees[1:], axes=(0, 0))
        longer = np.zeros((*none.shape[:-1], none.shape[-1] + 1), dtype=object)
        longer[..., :-1] += none
        longer[..., 1:] += some
        degrees = longer
    total = (scale**2 * below) ** size * denominator**2
    return tuple(sp.Rational(int(w), total) for w in degrees.tolist())


def _contrasts(law: list[Fraction]) -> tuple[list[list[Fraction]], list[Fraction]]:
    """Functionals f -> <f, c_j> for an orthogonal basis c_0 = 1, c_1, ... of the functions of one letter, and |c_j|^2.

    Letters of probability zero have no function of their own: the basis is that of the others.
    """
    size = len(law)
    basis: list[list[Fraction]] = []
    norms: list[Fraction] = []
    candidates = [[Fraction(1)] * size]
    candidates += [[Fraction(s == t) for s in range(size)] for t in range(size)]
    for vector in candidates:
        for c, norm in zip(basis, norms, strict=True):
            share = sum((p * a * b for p, a, b in zip(law, vector, c, strict=True)), Fraction(0))
            vector = [a - share / norm * b for a, b in zip(vector, c, strict=True)]
        length = sum((p * a * a for p, a in zip(law, vector, strict=True)), Fraction(0))
        if length:
            basis.append(vector)
            norms.append(length)
    return [[p * a for p, a in zip(law, c, strict=True)] for c in basis], norms


def _mean(table: Array, weights: Array) -> int:
    """The mean over all letters, times the common denominator of the probabilities for each axis."""
    table = np.asarray(table, dtype=object)  # numpy makes numbers out of products of single entries
    for _ in range(table.ndim):
        table = np.tensordot(table, weights, axes=(0, 0))
    return int(table)


def _read(
    f: Any, n: object, letters: object, probabilities: Any, vectorized: bool
) -> tuple[Array, int, Array, int]:
    """Values as Python ints with one axis per position, their denominator, and the law over its common denominator."""
    size, v = read_integer(n, "n", minimum=1), read_integer(letters, "letters", minimum=1)
    if size * (v.bit_length() - 1) > 60:
        require_bytes(f"a function of {displayed(size)} letters out of {displayed(v)}", 1 << 62)
    require_bytes(f"a function of {size} letters out of {v}", 200 * v**size)
    law = _law(probabilities, v)
    with within_time("a function of so many inputs", "fewer positions or letters take less"):
        read = _values(f, size, v, vectorized)
    if len(read) != v**size:
        raise SizeMismatch("f", f"must have {v**size} values, one per input", f"it has {len(read)}")
    common = lcm(*(q.denominator for q in law))
    weights = np.array([int(q * common) for q in law], dtype=object)
    return read.numerators.astype(object).reshape((v,) * size), read.denominator, weights, common


def _value(f: Any, x: tuple[int, ...]) -> Any:
    check_time()
    return f(x)


def _values(f: Any, size: int, v: int, vectorized: bool) -> RationalVector:
    if callable(f) and not isinstance(f, RationalVector):
        if vectorized:
            numbers = np.indices((v,) * size).reshape(size, -1)
            found: Any = np.asarray(without_mask(f(numbers), "f"))
        else:
            found = [_value(f, x) for x in product(range(v), repeat=size)]
    else:
        found = f
    return RationalVector.of(found, "f")


def _law(probabilities: Any, v: int) -> list[Fraction]:
    if probabilities is None:
        return [Fraction(1, v)] * v
    found = []
    for i, value in enumerate(read_list(probabilities, "probabilities")):
        p = exact_expression(value, f"probabilities[{i}]")
        if not p.is_Rational or p < 0:
            raise InvalidArgument(
                f"probabilities[{i}]",
                "must be a rational number of at least 0",
                f"it is {displayed(value)}",
            )
        found.append(Fraction(int(p.p), int(p.q)))
    if len(found) != v:
        rule = f"must have one entry per letter, {v}"
        raise SizeMismatch("probabilities", rule, f"it has {len(found)}")
    if sum(found) != 1:
        raise InvalidArgument("probabilities", "must sum to 1", f"the sum is {sum(found)}")
    return found
