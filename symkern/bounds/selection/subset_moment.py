r"""The second moment E 1_y 1_y^T of a uniform q-subset y of {1..T}.

It commutes with S_T, so it is a scalar on each of the two irreps of R^T:

    on (T):      q^2/T                    (the constants),
    on (T-1,1):  q (T-q) / (T (T-1))      (vectors of sum zero, dimension T-1).

Source: Wang, Wei, Hsu, Lee, *Transformers Provably Learn Sparse Token Selection While Fully-Connected Nets
Cannot*, ICML 2024 (arXiv 2406.06893); the two values follow from P(i in y) = q/T and P(i, j in y) = q(q-1)/(T(T-1)).
"""

from __future__ import annotations

import numpy as np
import sympy as sp

from symkern.bounds.selection.selection_arguments import read_sizes, whole_sizes
from symkern.combinatorics.memory import require_bytes
from symkern.errors import displayed


def moment_eigenvalues(T: object, q: object) -> tuple[sp.Expr, sp.Expr]:
    """The eigenvalues of E 1_y 1_y^T on the constants and on the vectors of sum zero.

    The first is never below the second: their difference is q (q-1)/(T-1).

    Args:
        T: the number of tokens, at least 2.
        q: how many tokens are selected, from 1 to T.

    Raises:
        InvalidArgument: sizes that break T >= 2, 1 <= q <= T.

    >>> from symkern.bounds.selection.symbols import T, q
    >>> moment_eigenvalues(T, q)
    (q**2/T, q*(T - q)/(T*(T - 1)))
    >>> moment_eigenvalues(6, 2)
    (2/3, 4/15)
    """
    total, _, chosen = read_sizes(T, 1, q)
    return chosen**2 / total, chosen * (total - chosen) / (total * (total - 1))


def subset_moment(T: object, q: object) -> np.ndarray:
    """The matrix E 1_y 1_y^T: q/T on the diagonal, q (q-1)/(T (T-1)) elsewhere, as SymPy Rationals.

    Args:
        T: the number of tokens, an integer of at least 2.
        q: how many tokens are selected, an integer from 1 to T.

    Raises:
        TooLarge: a matrix that does not fit in memory.

    >>> subset_moment(3, 2).tolist()
    [[2/3, 1/3, 1/3], [1/3, 2/3, 1/3], [1/3, 1/3, 2/3]]
    """
    total, _, chosen = whole_sizes(T, 1, q)
    require_bytes(f"a matrix of {displayed(total)} rows", 8 * total**2)
    both = sp.Rational(chosen * (chosen - 1), total * (total - 1))
    matrix = np.full((total, total), both, object)
    np.fill_diagonal(matrix, sp.Rational(chosen, total))
    return matrix
