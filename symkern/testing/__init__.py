r"""Assertions about representations, kernels, laws and eigenvalues, for tests of one's own conjectures.

Each returns None where the statement holds, and otherwise raises an ``AssertionError`` that names the smallest witness: sizes from the smallest
up, words and permutations in lexicographic order, entries row by row. All of it is exact; floats are refused. An argument that cannot
mean what is asked for raises an error of `symkern.errors`.

    >>> from symkern.kernels import embedding
    >>> assert_eigenvalue(embedding(1).mean_pool(), (), (1,), "1/(L*v)")
    >>> assert_eigenvalue(embedding(1).mean_pool(), (), (1,), "1/L")
    Traceback (most recent call last):
    ...
    AssertionError: an eigenvalue of embedding(1) | mean_pool; tokens uniform on v letters
      differs at L = 1, v = 2, sector [] x [1]
      claimed  1 = 1/L
      found    1/2
      refuted

With `symkern.strategies` they are properties for Hypothesis. Positions count from 0, g*h is first g and then h, and
(g x)_a = x_(g(a)), as in `symkern.combinatorics`.
"""

from symkern.testing.group_assertions import (
    assert_class_function,
    assert_projector,
    assert_representation,
)
from symkern.testing.kernel_assertions import (
    assert_eigenvalue,
    assert_spectrum,
    assert_symmetric,
)
from symkern.testing.law_assertions import assert_law

__all__ = [
    "assert_class_function",
    "assert_eigenvalue",
    "assert_law",
    "assert_projector",
    "assert_representation",
    "assert_spectrum",
    "assert_symmetric",
]
