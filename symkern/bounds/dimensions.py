r"""Dimensions of the irreps mu[n] as polynomials in n.

Hook lengths with a long first row give, with h the hook lengths of mu,

    dim mu[n] = prod_{i=1..|mu|} (n - (|mu| + mu_i - i)) / prod h,     mu_i = 0 past the last part,

a polynomial of degree |mu| with leading coefficient f^mu/|mu|!. It equals the dimension from n = |mu| + mu_1 on
and vanishes at |mu| + mu_1 - 1. (Sagan, *The Symmetric Group*, section 3.10, applied to a long first row.)
"""

from __future__ import annotations

import sympy as sp

from symkern.combinatorics import Partition
from symkern.errors import BelowThreshold, displayed
from symkern.exact import exact_size
from symkern.reading.integers import read_integer


def dimension(mu: object, L: int | sp.Expr) -> int | sp.Expr:
    """Dimension of the irrep (L - |mu|, mu) of S_L.

    Args:
        mu: the partition below the first row.
        L: an int of at least |mu| + mu_1, or a SymPy expression.

    Returns:
        An int for an int, otherwise the factored polynomial.

    Raises:
        BelowThreshold: an int below |mu| + mu_1, where (L - |mu|, mu) is not a partition.
        PartitionError: mu is no partition.

    >>> from symkern.abc import L
    >>> dimension((2, 1), L)
    L*(L - 4)*(L - 2)/3
    >>> dimension((2, 1), 10)
    160
    """
    shape = Partition.read(mu, "mu")
    if isinstance(L, sp.Expr) and not L.is_Integer:
        return shape.padded_dimension(exact_size(L, "L"))
    value = read_integer(L, "L", minimum=None)
    if value < shape.threshold:
        rule = f"must be at least |mu| + mu_1 = {shape.threshold} for mu = {shape}"
        raise BelowThreshold("L", rule, f"it is {displayed(value)}")
    return shape.padded(value).dimension
