r"""The group algebra Q[S_n]: formal sums of permutations with rational coefficients.

    (sum a_g g)(sum b_h h) = sum a_g b_h g*h,     g*h first g, then h, as everywhere here.

So an element acts on a module from the left, (sum a_g g) f = sum a_g (g f), and its matrix in a representation is
sum a_g rho(g), multiplicative in that order. An element with few terms is multiplied term by term; elements with many are multiplied
through the Fourier transform (`symkern.representations.fourier`), where Q[S_n] is the product of the algebras of all
(dim lam) x (dim lam) matrices. Inverses are found there as well: an element is invertible when all its matrices are.

Source: Sagan, *The Symmetric Group* (2nd ed.), 1.5; Serre, *Linear Representations of Finite Groups*, 6.1 and 6.2.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from math import gcd, lcm
from typing import Any, cast

from symkern.characters import ClassFunction
from symkern.combinatorics.cycle_notation import cycle_text
from symkern.combinatorics.permutation import (
    PermutationLike,
    cycle_type,
    inverse,
    multiply,
    read_permutation,
)
from symkern.doors import GroupAlgebraElementDoors
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, displayed
from symkern.exact.sparse import SparseMatrix
from symkern.exact.sparse_vector import public_number, read_fraction
from symkern.limits import check_time, current, within_time
from symkern.reading.integers import read_integer
from symkern.reading.operands import left_to
from symkern.reading.sequences import read_mapping
from symkern.representations.fourier import FourierTransform, fourier_transform
from symkern.representations.module_vectors import ModuleVector
from symkern.representations.modules import Module
from symkern.typeset.shown import Written, displays

Terms = dict[tuple[int, ...], int]

_SUMMAND = "must be a GroupAlgebraElement or a rational number"
_FRACTIONS = re.compile(r"([0-9]+)/([0-9]+)")
_BY_MATRICES_FROM = 400_000  # products of two terms
_BY_MATRICES_UP_TO = (
    8  # n; beyond, the transform of 9! numbers takes longer than what fits is worth
)


class GroupAlgebraElement(GroupAlgebraElementDoors, Written):
    """The sum of ``terms``, a dictionary {permutation of 0..n-1: coefficient}; permutations that are left out have 0.

    Coefficients are ints, Fractions, SymPy Rationals or texts of them.

    Args:
        n: at least 0.
        terms: {permutation of 0..n-1: coefficient}, coefficients rational; permutations that are left out have 0.

    Raises:
        PermutationError: what is no permutation of 0..n-1.

    >>> s = GroupAlgebraElement(3, {(1, 0, 2): 1})
    >>> t = GroupAlgebraElement(3, {(0, 2, 1): "1/2"})
    >>> print(s * t + 2)
    2*() + 1/2*(0 2 1)
    >>> (s + 2).inverse() * (s + 2) == 1
    True
    """

    __slots__ = ("_denominator", "_n", "_terms")

    def __init__(self, n: int, terms: Mapping[Any, Any]) -> None:
        self._n = read_integer(n, "n", maximum=current().listed_positions)
        known: dict[tuple[int, ...], Fraction] = {}
        for perm, value in read_mapping(terms, "terms", "permutations to numbers").items():
            g = read_permutation(perm, "terms", n=self._n)
            if g in known:
                raise InvalidArgument("terms", "a permutation has one coefficient", f"{g} has two")
            known[g] = read_fraction(value, f"terms[{g}]")
        below = lcm(*(c.denominator for c in known.values()))
        self._fill({g: int(c * below) for g, c in known.items()}, below)

    def _fill(self, terms: Terms, denominator: int) -> None:
        kept = {g: c for g, c in sorted(terms.items()) if c}
        common = gcd(denominator, *kept.values())
        self._denominator = denominator // common
        self._terms = {g: c // common for g, c in kept.items()} if common > 1 else kept

    @classmethod
    def trusted(cls, n: int, terms: Terms, denominator: int = 1) -> GroupAlgebraElement:
        """Integers over one denominator, labelled by one-line tuples that are known to be permutations of 0..n-1.

        >>> print(GroupAlgebraElement.trusted(2, {(0, 1): 2, (1, 0): 4}, 6))
        1/3*() + 2/3*(0 1)
        """
        element = cls.__new__(cls)
        element._n = n
        element._fill(terms, denominator)
        return element

    @classmethod
    def identity(cls, n: int) -> GroupAlgebraElement:
        """The unit of Q[S_n].

        Args:
            n: at least 0.
        """
        size = read_integer(n, "n", maximum=current().listed_positions)
        return cls.trusted(size, {tuple(range(size)): 1})

    # What it is

    @property
    def n(self) -> int:
        """The n of S_n."""
        return self._n

    def integers(self) -> tuple[Terms, int]:
        """The coefficients as {permutation: numerator} with one denominator."""
        return dict(self._terms), self._denominator

    def items(self) -> Iterator[tuple[tuple[int, ...], Any]]:
        """Pairs (permutation, coefficient) without zeros, permutations in lexicographic order."""
        return ((g, public_number(c, self._denominator)) for g, c in self._terms.items())

    def __len__(self) -> int:
        """The number of terms."""
        return len(self._terms)

    def __getitem__(self, perm: PermutationLike) -> Any:
        """The coefficient of a permutation."""
        g = read_permutation(perm, "perm", n=self._n)
        return public_number(self._terms.get(g, 0), self._denominator)

    @property
    def is_central(self) -> bool:
        """Whether it commutes with every permutation: its coefficients depend on the cycle type alone."""
        swaps = []
        for i in range(self._n - 1):
            s = list(range(self._n))
            s[i], s[i + 1] = s[i + 1], s[i]
            swaps.append(tuple(s))
        return all(
            self._terms.get(multiply(multiply(s, g), s), 0) == c
            for g, c in self._terms.items()
            for s in swaps
        )

    def class_function(self) -> ClassFunction:
        """The coefficients of a central element as a class function.

        Raises:
            InvalidArgument: where the element is not central.
        """
        if not self.is_central:
            raise InvalidArgument("element", "must be central", f"it is {displayed(self)}")
        return ClassFunction(
            self._n, {cycle_type(g): Fraction(c, self._denominator) for g, c in self._terms.items()}
        )

    # The algebra

    def _other(self, other: Any) -> GroupAlgebraElement | None:
        if isinstance(other, GroupAlgebraElement):
            if other._n != self._n:
                rule = f"must be an element of Q[S_{self._n}]"
                raise SizeMismatch("other", rule, f"it is one of Q[S_{other._n}]")
            return other
        if isinstance(other, (str, bool)):
            return None
        try:
            number = read_fraction(other, "other")
        except (InvalidType, InvalidArgument):
            return None
        terms = {tuple(range(self._n)): number.numerator}
        return GroupAlgebraElement.trusted(self._n, terms, number.denominator)

    def __add__(self, other: Any) -> GroupAlgebraElement:
        right = self._other(other)
        if right is None:
            return left_to(self, other, "__radd__", _SUMMAND)
        below = lcm(self._denominator, right._denominator)
        mine, theirs = below // self._denominator, below // right._denominator
        sums = {g: c * mine for g, c in self._terms.items()}
        for g, c in right._terms.items():
            sums[g] = sums.get(g, 0) + c * theirs
        return GroupAlgebraElement.trusted(self._n, sums, below)

    __radd__ = __add__

    def __neg__(self) -> GroupAlgebraElement:
        terms = {g: -c for g, c in self._terms.items()}
        return GroupAlgebraElement.trusted(self._n, terms, self._denominator)

    def __sub__(self, other: Any) -> GroupAlgebraElement:
        right = self._other(other)
        return left_to(self, other, "__rsub__", _SUMMAND) if right is None else self + -right

    def __rsub__(self, other: Any) -> GroupAlgebraElement:
        left = self._other(other)
        return left_to(self, other, "__sub__", _SUMMAND) if left is None else left + -self

    def __mul__(self, other: Any) -> GroupAlgebraElement:
        """The product, first the permutations of this element; or the multiple by a number."""
        right = self._other(other)
        if right is None:
            return left_to(self, other, "__rmul__", _SUMMAND)
        pairs = len(self._terms) * len(right._terms)
        if pairs > _BY_MATRICES_FROM and self._n <= _BY_MATRICES_UP_TO:
            return _from_transform(self.fourier_transform() @ right.fourier_transform())
        products: Terms = {}
        get = products.get
        with within_time("this product", "elements with fewer terms take less"):
            for g, c in self._terms.items():
                check_time()
                for h, d in right._terms.items():
                    gh = tuple([h[a] for a in g])
                    products[gh] = get(gh, 0) + c * d
        below = self._denominator * right._denominator
        return GroupAlgebraElement.trusted(self._n, products, below)

    def __rmul__(self, other: Any) -> GroupAlgebraElement:
        left = self._other(other)
        return left_to(self, other, "__mul__", _SUMMAND) if left is None else left * self

    def __truediv__(self, other: Any) -> GroupAlgebraElement:
        if isinstance(other, (str, GroupAlgebraElement)):
            rule = "must be a rational number; by an element, multiply with its inverse()"
            raise InvalidType("other", rule, other)
        number = read_fraction(other, "other")
        if not number:
            raise InvalidArgument("other", "must not be zero", "it is 0")
        return self * (1 / number)

    def __pow__(self, exponent: int) -> GroupAlgebraElement:
        power = read_integer(exponent, "exponent", minimum=None, maximum=current().exponent)
        base = self if power >= 0 else self.inverse()
        result, power = GroupAlgebraElement.identity(self._n), abs(power)
        while power:
            if power & 1:
                result = result * base
            power >>= 1
            if power:
                base = base * base
        return result

    @property
    def antipode(self) -> GroupAlgebraElement:
        """Every permutation replaced by its inverse: an anti-automorphism, the transpose in orthogonal representations."""
        terms = {inverse(g): c for g, c in self._terms.items()}
        return GroupAlgebraElement.trusted(self._n, terms, self._denominator)

    def inverse(self) -> GroupAlgebraElement:
        """The element whose product with this one is 1, on either side.

        Raises:
            InvalidArgument: where there is none, with an irrep in which the matrix is singular.

        >>> s = GroupAlgebraElement(2, {(1, 0): 1})
        >>> print((s + 3).inverse())
        3/8*() - 1/8*(0 1)
        >>> (s + 1).inverse()
        Traceback (most recent call last):
        ...
        symkern.errors.InvalidArgument: element: must be invertible, but its matrix on S^(1, 1) is singular
        """
        if not self._n:
            return GroupAlgebraElement(0, {(): 1 / read_fraction(self[()], "element")})
        transform = self.fourier_transform()
        for lam, matrix in transform.items():
            if matrix.rank() < lam.dimension:
                shown = f"its matrix on S^{tuple(lam)} is singular"
                raise InvalidArgument("element", "must be invertible", shown)
        return _from_transform(
            FourierTransform(self._n, {lam: m.inverse() for lam, m in transform.items()})
        )

    # In representations

    def fourier_transform(self) -> FourierTransform:
        """The matrices of the element in all irreps, in Young's seminormal form."""
        return fourier_transform(self._n, dict(self.items()))

    def matrix(self, representation: Any) -> SparseMatrix:
        """sum a_g rho(g).

        Args:
            representation: a module of S_n, or an irrep of `natural` or `seminormal`.

        Raises:
            SizeMismatch: it is one of another S_n.
            InvalidType: its matrices are not rational.

        >>> from symkern.representations import natural
        >>> GroupAlgebraElement(2, {(0, 1): 1, (1, 0): 1}).matrix(natural((1, 1))).is_zero
        True
        """
        size = getattr(representation, "n", None)
        if size != self._n:
            rule = f"must be one of S_{self._n}"
            raise SizeMismatch("representation", rule, f"it is {displayed(representation)}")
        rho: Callable[[tuple[int, ...]], Any] = (
            representation.matrix if isinstance(representation, Module) else representation
        )
        total = SparseMatrix.identity(representation.dimension) * 0
        with within_time("this matrix", "elements with fewer terms take less"):
            for g, c in self._terms.items():
                check_time()
                found = rho(g)
                if not isinstance(found, SparseMatrix):
                    rule = "must have rational matrices, as natural and seminormal"
                    raise InvalidType("representation", rule, representation)
                total = total + found * c
        return total / self._denominator

    def __matmul__(self, vector: Any) -> ModuleVector:
        """The element applied to a vector of a module.

        >>> from symkern.representations import defining
        >>> list(GroupAlgebraElement(3, {(1, 2, 0): 1, (0, 1, 2): 1}) @ defining(3).vector([1, 0, 0]))
        [1, 0, 1]
        """
        if not isinstance(vector, ModuleVector):
            rule = "must be a vector of a module, as module.vector(...) makes it"
            return cast(ModuleVector, left_to(self, vector, "__rmatmul__", rule, "vector"))
        if vector.module.n != self._n:
            rule = f"must lie in a module of S_{self._n}"
            raise SizeMismatch("vector", rule, f"it lies in {displayed(vector.module)}")
        total = vector * 0
        with within_time("this vector", "elements with fewer terms take less"):
            for g, c in self._terms.items():
                check_time()
                moved = vector.module.matrix(g) @ vector
                total = total + c * ModuleVector(vector.module, moved.numerators, moved.denominator)
        return total / self._denominator

    # As a value

    def __eq__(self, other: object) -> bool:
        right = self._other(other) if _may_be_number(other, self._n) else None
        if right is None:
            return NotImplemented
        return self._terms == right._terms and self._denominator == right._denominator

    def __hash__(self) -> int:
        return hash((self._n, self._denominator, tuple(self._terms.items())))

    def __reduce__(self) -> tuple[Any, ...]:
        return GroupAlgebraElement.trusted, (self._n, self._terms, self._denominator)

    def __repr__(self) -> str:
        if len(self._terms) > current().repr_values:
            return f"<GroupAlgebraElement of Q[S_{self._n}] with {len(self._terms)} terms>"
        inside = ", ".join(
            f"{g}: {c if c.q == 1 else repr(str(c))}" if hasattr(c, "q") else f"{g}: {c}"
            for g, c in self.items()
        )
        return f"GroupAlgebraElement({self._n}, {{{inside}}})"

    def __str__(self) -> str:
        return _joined(self.items(), lambda g: cycle_text(g), "*")

    @displays
    def latex(self) -> str:
        """The sum as LaTeX, permutations as cycles of 0..n-1."""
        text = _joined(self.items(), lambda g: cycle_text(g, separator=r"\,"), r"\,")
        return _FRACTIONS.sub(r"\\frac{\1}{\2}", text)

    def _repr_latex_(self) -> str | None:
        return f"${self.latex()}$" if len(self._terms) <= current().laid_out_terms else None


def _may_be_number(value: object, n: int) -> bool:
    return not isinstance(value, GroupAlgebraElement) or value.n == n


def _from_transform(transform: FourierTransform) -> GroupAlgebraElement:
    return from_vector(transform.n, transform.inverse())


def from_vector(n: int, vector: ModuleVector) -> GroupAlgebraElement:
    """The element with the values of a vector of ``regular(n)`` as its coefficients.

    >>> from symkern.representations import regular
    >>> print(from_vector(2, regular(2).vector([1, 2])))
    () + 2*(0 1)
    """
    terms = dict(zip(vector.module.basis, map(int, vector.numerators.tolist()), strict=True))
    return GroupAlgebraElement.trusted(n, terms, vector.denominator)


def _joined(
    items: Iterator[tuple[tuple[int, ...], Any]],
    spelled: Callable[[tuple[int, ...]], str],
    times: str,
) -> str:
    """Terms with their signs, a coefficient 1 not written."""
    text = ""
    for g, c in items:
        size = abs(c)
        term = spelled(g) if size == 1 else f"{size}{times}{spelled(g)}"
        text += (" - " if c < 0 else " + ") + term if text else ("-" if c < 0 else "") + term
    return text or "0"
