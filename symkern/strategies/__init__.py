"""Hypothesis strategies for the objects of this library, for tests of one's own conjectures.

A strategy draws partitions and cores, standard tableaux, permutations (one-line tuples on the positions 0..n-1), class functions and
character polynomials, kernels in the builder's words, sequences and laws of tokens, Boolean functions, and formulas that `symkern.abc.parse`
reads. Each shrinks towards the smallest example of its kind: one row, the identity, the zero function, a bag of tokens; sizes come first,
so that what Hypothesis shows is the smallest counterexample that it met, printed as one types it.

    >>> from hypothesis import given
    >>> from symkern.strategies import kernels, sequences
    >>> @given(kernels(depth=1), sequences(4, 3), sequences(4, 3))
    ... def test_kernels_are_symmetric(k, x, y):
    ...     assert k(x, y) == k(y, x) == k(x[::-1], y[::-1])
    >>> test_kernels_are_symmetric()

Where symkern is installed, ``st.from_type(sk.Partition)`` draws these too, and so ``@given(...)`` of a function with annotations; the classes
are listed in ``STRATEGIES`` of `symkern.doors`.

Hypothesis is not needed by the rest of symkern and is looked for when a strategy is asked for: the extra
proofs brings it. MacIver et al., *Hypothesis: a new approach to property-based testing*, JOSS 4 (2019).
"""

from symkern.strategies.drawn_functions import (
    boolean_functions,
    character_polynomials,
    class_functions,
    cycle_types,
    permutations,
)
from symkern.strategies.drawn_kernels import kernels
from symkern.strategies.drawn_shapes import (
    cores,
    partitions,
    stable_partitions,
    standard_tableaux,
)
from symkern.strategies.drawn_words import formulas, laws, sequences

__all__ = [
    "boolean_functions",
    "character_polynomials",
    "class_functions",
    "cores",
    "cycle_types",
    "formulas",
    "kernels",
    "laws",
    "partitions",
    "permutations",
    "sequences",
    "stable_partitions",
    "standard_tableaux",
]
