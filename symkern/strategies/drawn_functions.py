"""Strategies of permutations and of functions on them: class functions, character polynomials; and of Boolean functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sympy as sp

from symkern.characters import CharacterPolynomial, ClassFunction
from symkern.combinatorics import Partition, iter_partitions, partition_count
from symkern.limits import current
from symkern.reading.integers import read_integer
from symkern.strategies.drawing import read_size, st
from symkern.strategies.drawn_shapes import partitions

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


def permutations(n: int) -> SearchStrategy[tuple[int, ...]]:
    """Permutations of 0..n-1 as one-line tuples; the identity is the simplest.

    Args:
        n: at least 0.

    >>> from hypothesis import given
    >>> from symkern.combinatorics import inverse, multiply
    >>> @given(permutations(5), permutations(5))
    ... def test_inverse_of_a_product(g, h):
    ...     assert inverse(multiply(g, h)) == multiply(inverse(h), inverse(g))
    >>> test_inverse_of_a_product()
    """
    size = read_size(n, "n")
    if size == 0:
        return st.just(())
    return st.permutations(range(size)).map(tuple)


def cycle_types(n: int) -> SearchStrategy[Partition]:
    """Conjugacy classes of S_n, as partitions of n; the identity's, (1^n), is the simplest.

    Args:
        n: at least 0.

    >>> from hypothesis import given
    >>> from symkern import character
    >>> @given(cycle_types(6))
    ... def test_sign_character(mu):
    ...     assert character("1,1,1,1,1,1", mu) == mu.sign
    >>> test_sign_character()
    """
    return partitions(n).map(lambda lam: lam.conjugate)


def class_functions(
    n: int | None = None, *, max_n: int = 4, values: SearchStrategy[Any] | None = None
) -> SearchStrategy[ClassFunction]:
    """Class functions on S_n, on S_1, ..., S_max_n where no n is given; values are rational, or those that ``values`` draws.

    Args:
        n: the symmetric group S_n; None for S_1, ..., S_max_n.
        max_n: the largest group where n is not given.
        values: a strategy of values; rational ones where nothing is said.

    >>> from hypothesis import given
    >>> @given(class_functions(4), class_functions(4))
    ... def test_convolution_multiplies_eigenvalues(f, g):
    ...     product = f.convolve(g).eigenvalues()
    ...     first, second = f.eigenvalues(), g.eigenvalues()
    ...     assert all(product[lam] == first[lam] * second[lam] for lam in product)
    >>> test_convolution_multiplies_eigenvalues()
    """
    if n is None:
        sizes = st.integers(1, read_size(max_n, "max_n", minimum=1))
        return sizes.flatmap(lambda size: class_functions(size, values=values))
    size = read_size(n, "n")
    count = partition_count(size)
    return st.lists(_rationals(values), min_size=count, max_size=count).map(
        lambda drawn: ClassFunction(size, drawn)
    )


def character_polynomials(
    max_degree: int = 3, *, values: SearchStrategy[Any] | None = None
) -> SearchStrategy[CharacterPolynomial]:
    """Character polynomials in X1, X2, ... of degree at most ``max_degree``, X_k of degree k; coefficients are rational, or those that ``values`` draws.

    The zero polynomial is the simplest.

    Args:
        max_degree: at least 0.
        values: a strategy of coefficients; rational ones where nothing is said.

    Raises:
        InvalidArgument: a negative degree.

    >>> from hypothesis import given
    >>> @given(character_polynomials(), character_polynomials())
    ... def test_products_are_pointwise(p, q):
    ...     assert (p * q).at(4) == p.at(4) * q.at(4)
    >>> test_products_are_pointwise()
    """
    most = read_integer(max_degree, "max_degree", maximum=current().drawn_degree)
    monomials = [
        sp.Mul(*(sp.Symbol(f"X{k}") for k in mu))
        for size in range(most + 1)
        for mu in iter_partitions(size)
    ]

    def polynomial(drawn: list[Any]) -> CharacterPolynomial:
        terms = [CharacterPolynomial(m) * c for m, c in zip(monomials, drawn, strict=True)]
        return sum(terms, CharacterPolynomial(0))

    count = len(monomials)
    return st.lists(_rationals(values), min_size=count, max_size=count).map(polynomial)


def _rationals(values: SearchStrategy[Any] | None) -> SearchStrategy[Any]:
    """The strategy that is given, or small rationals."""
    if values is not None:
        return values
    return st.integers(-9, 9) | st.fractions(-9, 9, max_denominator=9)


def boolean_functions(n: int) -> SearchStrategy[tuple[int, ...]]:
    """Functions of n signs with the values 1 and -1, as the tuple of their 2^n values that `symkern.bounds.sensitivity` takes.

    The constant 1 is the simplest.

    Args:
        n: from 1 to 10.

    Raises:
        InvalidArgument: another n.

    >>> from hypothesis import given
    >>> from symkern.bounds import sensitivity
    >>> @given(boolean_functions(3))
    ... def test_sensitivity_is_the_sum_of_influences(f):
    ...     assert sensitivity.average(f, 3) == sum(sensitivity.influences(f, 3))
    >>> test_sensitivity_is_the_sum_of_influences()
    """
    count = 2 ** read_integer(n, "n", minimum=1, maximum=10)
    return st.lists(st.sampled_from((1, -1)), min_size=count, max_size=count).map(tuple)
