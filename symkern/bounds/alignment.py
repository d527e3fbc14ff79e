r"""Alignment of a function on the cube {+1, -1}^L with the group S_L that moves its positions.

For f with E f^2 = 1 under the uniform law, the alignment is how much of some one function the orbit of f always holds,

    C(f) = max over h with E h^2 = 1 of  E_g <g f, h>^2.

By Schur's lemma E_g (g f)(g f)^T acts on the isotypic part of an irrep R as Gram_R/dim R on its multiplicity space, so that C = max_R lambda_max(Gram_R)/dim R.
A small C means that gradient descent with noise, on any model with this symmetry, makes no progress in fewer than about 1/C steps.
(Abbe, Boix-Adsera, *On the non-universality of deep learning: quantifying the cost of symmetry*, NeurIPS 2022, arXiv 2208.03113.)

How it is computed, exactly: let f_w be f on the sequences with w entries -1, thought of as sets of positions, and F_{w,k}(S) = the sum of f_w(T) over T containing S, |S| = k.
On the copy of (L-i, i) in layer w the map f_w -> F_{w,k} is a multiple c_i(w,k) of an isometry, with

    c_i(w,k) c_i(w',k) / (c_i(w,i) c_i(w',i)) = C(w-i, k-i) C(w'-i, k-i)/C(L-2i, k-i),      c_i(w,i)^2 = C(L-2i, w-i),

so the products <F_{w,k}, F_{w',k}> = sum_{i <= k} c_i(w,k) c_i(w',k) Gram_i(w,w') are solved for Gram_k one k after the other. (Filmus, *Orthogonal basis for functions over a
slice of the Boolean hypercube*, 2016, describes these layers.)
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cmp_to_key
from itertools import product
from math import comb
from typing import Any, TypeAlias

import numpy as np
import sympy as sp

from symkern.bounds.dimensions import dimension
from symkern.bounds.sensitivity.formulas import CubeFormula
from symkern.combinatorics import Partition
from symkern.combinatorics.memory import require_bytes
from symkern.errors import InvalidArgument, SizeMismatch, displayed
from symkern.exact import AlgebraicNumber, ExactMatrix, branches, function_field
from symkern.exact.sparse_residues import INT64
from symkern.exact.sparse_vector import RationalVector, exact_dot, largest
from symkern.reading.integers import read_integer

Value: TypeAlias = Any  # a SymPy number or an AlgebraicNumber; a float where a value of f is one


def alignment(f: Any, length: int) -> Value:
    """C = max_R lambda_max(Gram_R)/dim R, divided by E f^2, exact.

    Args:
        f: a function of a tuple of +1 and -1 (first entry = position 0) with exact values; or a table {sequence: value}; or the list of values in
            lexicographic order with +1 first; or a formula in the signs x1, ..., xL (`symkern.bounds.sensitivity.formulas`).
        length: the number of signs, L.

    Returns:
        A SymPy number, an `AlgebraicNumber` where the degree is above two, or a float where f has floats.

    Raises:
        InvalidArgument: the zero function, or a formula that names positions beyond the length.
        SizeMismatch: a table or a list that has not 2^L values.
        TooLarge: 2^L values do not fit in memory.

    >>> alignment(lambda x: x[0] - x[1], 4), alignment(lambda x: x[0], length=4)
    (1/3, 1/4)
    >>> alignment("(x1 - x2)*(x3 - x4)", length=4)
    1/2
    """
    found = list(alignment_by_irrep(f, length).values())
    return max(found) if isinstance(found[0], float) else max(found, key=cmp_to_key(_compare))


def alignment_by_irrep(f: Any, length: int) -> dict[Partition, Value]:
    """lambda_max(Gram_R)/(dim R E f^2) for every irrep R = (L - j, j) on which f is not zero, by stable label.

    Args:
        f: as in `alignment`.
        length: the number of signs, L.

    >>> {str(mu): e for mu, e in alignment_by_irrep(lambda x: x[0], 4).items()}
    {'[]': 1/4, '1': 1/4}
    """
    size = read_integer(length, "length", minimum=1)
    values = cube_values(f, size)
    if isinstance(values, list):  # floats, as the dyadic numbers that they are
        exact = alignment_by_irrep([Fraction(float(v)) for v in values], size)
        return {mu: float(value) for mu, value in exact.items()}
    total = exact_dot(values.numerators, values.numerators)
    if not total:
        raise InvalidArgument("f", "must not vanish", "it is zero on every sequence")
    found: dict[Partition, Value] = {}
    for k, gram in enumerate(_grams(values.numerators, size)):
        mu = Partition(*([k] if k else []))
        dim = int(dimension(mu, size))
        layers = range(k, size - k + 1)
        # Similar to the Gram matrix in the orthonormal basis of the layers, but rational.
        field = function_field(())
        scales = {u: comb(size - 2 * k, u - k) * dim * total for u in layers}
        rows = [[field(gram[w, u] / scales[u]) for u in layers] for w in layers]
        matrix = ExactMatrix(field, rows)
        if not matrix.is_zero:
            roots = [b.value for b in branches(matrix.characteristic_factors(), field)]
            written = [r for r in roots if isinstance(r, (sp.Expr, AlgebraicNumber))]
            found[mu] = max(written, key=cmp_to_key(_compare))
    return found


def cube_values(f: Any, length: int) -> Any:
    """The values of f on {+1, -1}^length in lexicographic order, +1 first: a `RationalVector`, or a list where one is a float."""
    require_bytes(f"a function of {displayed(length)} signs", 64 * (length + 1) << min(length, 256))
    if isinstance(f, str):
        read = CubeFormula(f).values(length)
        return RationalVector(read.numerators, read.denominator)
    if isinstance(f, Mapping):
        cube = list(product((1, -1), repeat=length))
        missing = next((x for x in cube if x not in f), None)
        if missing is not None or len(f) != len(cube):
            found = f"{missing} is missing" if missing is not None else f"it has {len(f)}"
            rule = f"a table must have the {len(cube)} sequences of {length} signs"
            raise SizeMismatch("f", rule, found)
        return _vector([f[x] for x in cube])
    if callable(f) and not isinstance(f, RationalVector):
        return _vector([f(x) for x in product((1, -1), repeat=length)])
    listed = f if isinstance(f, RationalVector) else _vector(f)
    if len(listed) != 1 << length:
        rule = f"must have {1 << length} values, one per sequence"
        raise SizeMismatch("f", rule, f"it has {len(listed)}")
    return listed


def _vector(values: Any) -> Any:
    """Exact values as a vector; a list with a float in it as it is."""
    floats = (float, np.floating)
    if isinstance(values, (list, tuple)) and any(isinstance(v, floats) for v in values):
        unfit = next((v for v in values if v != v or abs(v) == float("inf")), None)
        if unfit is not None:
            raise InvalidArgument("f", "must have finite values", f"one is {unfit}")
        return list(values)
    return RationalVector.of(values, "f")


def _grams(values: Any, length: int) -> list[dict[tuple[int, int], Fraction]]:
    """c_k(w,k) c_k(u,k) times the Gram matrix of f between layers w and u, for every irrep (L - k, k)."""
    # A place in ``values`` is a set: bit L-1-a is set where position a holds -1.
    sums = _superset_sums(values, length)
    sizes = np.array([p.bit_count() for p in range(1 << length)])
    found: list[dict[tuple[int, int], Fraction]] = []
    for k in range(length // 2 + 1):
        at = np.flatnonzero(sizes == k)
        rows = [sums[w - k][at] for w in range(k, length + 1)]
        gram = {}
        for w in range(k, length - k + 1):
            for u in range(w, length - k + 1):
                value = Fraction(exact_dot(rows[w - k], rows[u - k]))
                for i in range(k):
                    ways = comb(w - i, k - i) * comb(u - i, k - i)
                    value -= Fraction(ways, comb(length - 2 * i, k - i)) * found[i][w, u]
                gram[w, u] = gram[u, w] = value
        found.append(gram)
    return found


def _superset_sums(values: Any, length: int) -> list[Any]:
    """F[a](S) = the sum of f(T) over T containing S with a further elements, for a = 0..length."""
    if largest(values) << length > INT64:
        values = values.astype(object)
    sums = [values.copy()] + [np.zeros_like(values) for _ in range(length)]
    for bit in range(length):
        shape = (-1, 2, 1 << bit)
        views = [s.reshape(shape) for s in sums]
        for a in range(length, 0, -1):  # sets without the bit gain the sums of those with it
            views[a][:, 0] += views[a - 1][:, 1]
    return sums


def _compare(a: Value, b: Value) -> int:
    """-1, 0 or 1; decided by enclosures that are refined until they part, or by equality."""
    if isinstance(a, AlgebraicNumber) and isinstance(b, AlgebraicNumber):
        return 0 if a == b else (-1 if a < b else 1)
    if isinstance(a, sp.Expr) and isinstance(b, sp.Expr):
        if a == b:
            return 0
        return 1 if (a - b).is_positive or bool(a > b) else -1
    if isinstance(a, sp.Expr):
        return -_compare(b, a)
    width = Fraction(1, 1 << 40)
    assert isinstance(b, sp.Expr)
    while True:  # numbers of different degrees are never equal
        narrow = a.refine(width)
        if b > sp.Rational(narrow.high.numerator, narrow.high.denominator):
            return -1
        if b < sp.Rational(narrow.low.numerator, narrow.low.denominator):
            return 1
        width = width**2
