r"""Powers of the number of fixed points as class functions of S_n.

(fix)_j = fix (fix - 1)...(fix - j + 1) is the permutation character on j-tuples of distinct points, the induction of the trivial character of
S_{n-j}, so that it holds S^lam f^{lam/(n - j)} times, f the number of standard tableaux of the skew shape (Sagan, *The Symmetric Group*, 4.9).
"""

from __future__ import annotations

from math import comb, factorial

import sympy as sp

from symkern.combinatorics import Partition
from symkern.combinatorics.skew import skew
from symkern.errors import InvalidArgument
from symkern.exact import exact_expression
from symkern.limits import check_time, current, within_time
from symkern.reading.integers import read_integer


def falling_fixed_points(mu: Partition, j: int, size: int | None) -> int:
    """<(fix)_j, chi^{mu[size]}> = f^{mu[size]/(size - j)}, for ``size`` None the value at all large sizes.

    >>> falling_fixed_points(Partition(1), 2, None), falling_fixed_points(Partition(1), 2, 2)
    (2, 1)
    """
    if j < mu.size or (size is not None and j > size):
        return 0
    if size is None or size >= j + mu.part(0):
        return comb(j, mu.size) * mu.dimension
    return skew(mu.padded(size), (size - j,) if size > j else ()).standard_count


def fixed_point_power(lam: object, t: object) -> sp.Expr:
    r"""Eigenvalue on S^lam of the class function t^fix, exactly.

    Since t^fix = sum_j (t - 1)^j/j! (fix)_j, it is sum_j (t - 1)^j/j! f^{lam/(n - j)} / dim lam, a polynomial of degree n in t; t = e^beta is the
    softmax-like kernel.

    Args:
        lam: a partition of n, not of 0.
        t: an exact number or expression.

    >>> from symkern.abc import x
    >>> fixed_point_power((1, 1), x)
    x**2/2 - 1/2
    """
    shape = Partition.read(lam, "lam")
    if not shape:
        raise InvalidArgument("lam", "must be a partition of a positive number", "it is []")
    base = exact_expression(t, "t")
    u = sp.Dummy("u")
    mu = shape.stable
    read_integer(shape.size, "|lam|", maximum=current().group_size)
    terms = []
    with within_time("this polynomial", "a smaller partition takes less"):
        for j in range(shape.size + 1):
            check_time()
            terms.append(sp.Rational(falling_fixed_points(mu, j, shape.size), factorial(j)) * (u - 1) ** j)  # fmt: skip
    expanded = sp.expand(sp.Add(*terms) / shape.dimension)
    return expanded.subs(u, base)
