r"""Character polynomials: class functions of all S_n at once, polynomial in the cycle counts.

X_k counts the k-cycles of a permutation (`symkern.abc.cycle_count`). The irreducible character of
mu[n] = (n - |mu|, mu_1, mu_2, ...) is one polynomial for all n >= |mu| + mu_1,

    q_mu = sum over gamma of |mu|:  chi^mu(gamma)/z_gamma
           prod_k sum_(j=0..m_k) (-1)^(m_k - j) k^j C(m_k, j) (X_k)_j,

m_k the multiplicity of k in gamma and (X)_j a falling factorial. X_k has degree k, so that q_mu has
degree |mu|. At n = |mu| + mu_1 - 1 it vanishes on S_n, and below it is zero or, up to sign,
another irreducible character (straightening); this library refuses there.

Means, inner products and multiplicities are the same for all n from a threshold on; it is stated
with each, cannot be lowered, and exact values at smaller n are there on request
(`symkern.characters.stable_moments`).

Source: Macdonald, *Symmetric Functions and Hall Polynomials*, I.7 example 14; Garsia and Goupil,
*Character polynomials, their q-analogs and the Kronecker product*, Electron. J. Combin. 16(2)
(2009) R19; Church, Ellenberg, Farb, *FI-modules and stability*, Duke Math. J. 164 (2015).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import zip_longest
from math import comb, prod
from typing import Any

import sympy as sp

import symkern.abc
from symkern.abc import cycle_count
from symkern.characters.class_function import ClassFunction
from symkern.characters.murnaghan_nakayama import character
from symkern.characters.scalars import Scalar, public, read_scalar, spelled, total
from symkern.characters.stable_decomposition import StableDecomposition, read_stable_size
from symkern.characters.stable_moments import (
    Exponents,
    StepFunction,
    falling_factorials,
    mean_steps,
    multiplicity_steps,
    weight,
)
from symkern.combinatorics.generation import iter_partitions, partitions, require_partitions
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.combinatorics.permutation import PermutationLike, cycle_type, read_cycle_type
from symkern.doors import CharacterPolynomialDoors, drawable
from symkern.errors import BelowThreshold, InvalidArgument, InvalidType, displayed
from symkern.exact.exact_arguments import exact_size, substitutions
from symkern.limits import check_time, within_time
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.operands import left_to
from symkern.typeset.shown import Written, displays

_OPERAND = "must be a CharacterPolynomial, an exact number or a SymPy expression without floats"
_CYCLE_COUNT = re.compile(r"X([1-9][0-9]{0,5})\Z")


@drawable
class CharacterPolynomial(CharacterPolynomialDoors, Written):
    """The polynomial ``expression`` in X1, X2, ..., a class function of S_n for n >= ``threshold``.

    Coefficients are exact and may hold other symbols (L, alpha, beta, ...). A symbol called Xk is
    read as ``cycle_count(k)`` whatever its assumptions. Text is read by `symkern.abc.parse`. A
    polynomial of one's own means itself on every S_n, ``threshold=0``; sums and products hold from
    the larger threshold on. Polynomials are equal when their expressions are.

    Args:
        expression: in X1, X2, ... and other symbols, as SymPy expression or text.
        threshold: the n from which on it stands for what it is called; at least 0.

    >>> X1 = symkern.abc.cycle_count(1)
    >>> q = CharacterPolynomial.irreducible((2, 1))
    >>> sp.factor_terms(q.expression), q.threshold, q.degree
    (X1**3/3 - 2*X1**2 + 8*X1/3 - X3, 5, 3)
    >>> (q * q).decompose().threshold
    10
    >>> q.at(4)
    Traceback (most recent call last):
    ...
    symkern.errors.BelowThreshold: n: the character polynomial stands for n >= 5, but it is 4
    """

    def __init__(self, expression: Any, threshold: int = 0) -> None:
        self._terms = _read_terms(expression)
        self._threshold = read_integer(threshold, "threshold")

    @classmethod
    def _trusted(cls, terms: dict[Exponents, Scalar], threshold: int) -> CharacterPolynomial:
        polynomial = cls.__new__(cls)
        polynomial._terms, polynomial._threshold = terms, threshold
        return polynomial

    @classmethod
    def irreducible(cls, mu: PartitionLike) -> CharacterPolynomial:
        """q_mu, the character of mu[n] for every n >= |mu| + mu_1.

        Args:
            mu: the partition below the first row.

        Raises:
            PartitionError: mu is no partition.

        >>> CharacterPolynomial.irreducible((1,))
        CharacterPolynomial('X1 - 1', threshold=2)
        """
        shape = Partition.read(mu, "mu")
        require_partitions(shape.size)
        with within_time("this character polynomial", "one of fewer cells takes less"):
            return _irreducible(shape)

    # What it is

    @property
    def expression(self) -> sp.Expr:
        """The polynomial as a SymPy expression in X1, X2, ..., expanded in them."""
        return sp.Add(
            *(
                sp.Mul(public(c), *(cycle_count(k) ** e for k, e in enumerate(exponents, 1) if e))
                for exponents, c in self._terms.items()
            )
        )

    @property
    def threshold(self) -> int:
        """The smallest n for which the polynomial is meant; below it is refused."""
        return self._threshold

    @property
    def degree(self) -> int:
        """The degree with X_k of degree k; -1 for the zero polynomial."""
        return max(map(weight, self._terms), default=-1)

    def value(self, mu: PartitionLike) -> Any:
        """The value on permutations of cycle type mu.

        Args:
            mu: the cycle type, or a permutation; fixed points count.

        Raises:
            BelowThreshold: a permutation of too few positions.

        >>> CharacterPolynomial.irreducible((1, 1)).value((3, 2)), CharacterPolynomial("X2*L").value("2,2,1")
        (0, 2*L)
        """
        cycles = read_cycle_type(mu, "mu")
        read_stable_size(cycles.size, self._threshold, "the character polynomial", "|mu|")
        return public(self._on(cycles))

    def __call__(self, perm: PermutationLike) -> Any:
        """The value on a permutation, of 0..n-1 with n at least the threshold."""
        return self.value(cycle_type(perm))

    def _on(self, cycles: Partition) -> Scalar:
        counts = cycles.multiplicities
        return total(
            c * prod(counts.get(k, 0) ** e for k, e in enumerate(exponents, 1) if e)
            for exponents, c in self._terms.items()
        )

    def at(self, n: int) -> ClassFunction:
        """The class function on S_n.

        Args:
            n: an integer of at least the threshold.

        Raises:
            BelowThreshold: n below the threshold.
        """
        size = read_stable_size(n, self._threshold, "the character polynomial")
        return ClassFunction.trusted(size, [self._on(mu) for mu in partitions(size)])

    def subs(self, *arguments: Any) -> CharacterPolynomial:
        """Substitute symbols as SymPy's ``subs`` does; the cycle counts are symbols too.

        Args:
            *arguments: as those of SymPy's ``subs``; text is read as formulas.

        Raises:
            InvalidArgument: a symbol that does not occur and is no cycle count.
        """
        # A count that does not occur is a symbol all the same.
        texts = " ".join(_names(arguments, depth=3))
        counts = (cycle_count(int(k)) for k in re.findall(r"\bX([1-9][0-9]{0,5})\b", texts))
        pairs = substitutions(arguments, {*counts, *self.expression.free_symbols})
        return CharacterPolynomial(self.expression.subs(pairs), self._threshold)

    # Uniform in n

    def expectation(self, n: int | None = None) -> Any:
        """The mean over S_n, the same for all n >= `expectation_threshold`; or exactly at this n.

        Args:
            n: an integer, also below the threshold; None for all large n.

        >>> square = CharacterPolynomial("X1^2")
        >>> square.expectation(), square.expectation_threshold, square.expectation(1)
        (2, 2, 1)
        """
        return public(self._mean_steps.at(self._at(n)))

    @property
    def expectation_threshold(self) -> int:
        """The smallest n from which `expectation` holds."""
        return max(self._threshold, self._mean_steps.last)

    def decompose(self) -> StableDecomposition:
        """{mu: multiplicity of mu[n]}, uniform in n from the threshold of the result on.

        >>> print(CharacterPolynomial("alpha*X1 + X2").decompose())
        {[]: alpha + 1/2, 1: alpha, 2: 1/2, 1,1: -1/2} for n >= 4
        """
        steps = self._multiplicity_steps
        heights = {mu: found.at(None) for mu, found in steps.items()}
        return StableDecomposition(
            {mu: public(value) for mu, value in heights.items() if value != 0},
            max([self._threshold, *(found.last for found in steps.values())]),
        )

    def multiplicity(self, mu: PartitionLike, n: int | None = None) -> Any:
        """<P, chi^(mu[n])>: the one of all large n, or exactly at this n (0 if there is no mu[n]).

        Args:
            mu: the partition below the first row.
            n: an integer, also below the threshold; None for all large n.

        >>> square = CharacterPolynomial("X1^2")
        >>> [square.multiplicity((1, 1), n) for n in (2, 3, 4)], square.multiplicity((1,))
        ([0, 1, 1], 3)
        """
        steps = self._multiplicity_steps.get(Partition.read(mu, "mu"))
        size = self._at(n)
        return 0 if steps is None else public(steps.at(size))

    def inner(self, other: CharacterPolynomial, n: int | None = None) -> Any:
        """<P, Q> = E P Q, the same for all n >= ``inner_threshold(other)``; or exactly at this n.

        Args:
            other: a character polynomial.
            n: an integer, also below the threshold; None for all large n.

        >>> q = CharacterPolynomial.irreducible((2, 1))
        >>> q.inner(q), q.inner_threshold(q)
        (1, 5)
        """
        if not isinstance(other, CharacterPolynomial):
            raise InvalidType("other", "must be a CharacterPolynomial", other)
        other._at(n)
        return public(self._inner(other, self._at(n)))

    @typed
    def inner_threshold(self, other: CharacterPolynomial) -> int:
        """The smallest n from which `inner` holds.

        Args:
            other: a character polynomial.
        """
        least = max(self._threshold, other._threshold)
        n = max(self.decompose().threshold, other.decompose().threshold)
        stable = self._inner(other, None)
        while n > least and self._inner(other, n - 1) == stable:
            n -= 1
        return n

    def _inner(self, other: CharacterPolynomial, n: int | None) -> Scalar:
        second = other._multiplicity_steps
        return total(
            steps.at(n) * second[mu].at(n)
            for mu, steps in self._multiplicity_steps.items()
            if mu in second
        )

    def eigenvalues(self, size: Any = symkern.abc.n) -> dict[Partition, Any]:
        """{mu: <P, chi^(mu[n])>/dim mu[n]}: the spectrum of convolution with P, formulas in ``size``.

        On S_n each occurs dim^2 times, and the irreps that are not listed have eigenvalue 0; valid for
        n >= ``decompose().threshold``. Give ``size=symkern.abc.L`` for formulas in the context length.

        Args:
            size: a symbol or formula for n; or an integer of at least ``decompose().threshold``.

        Raises:
            BelowThreshold: a smaller integer.

        >>> CharacterPolynomial("X1^2").eigenvalues()
        {Partition(): 2, Partition(1): 3/(n - 1), Partition(2): 2/(n*(n - 3)), Partition(1, 1): 2/((n - 2)*(n - 1))}
        """
        found, at = self.decompose(), exact_size(size, "size", 0)
        if isinstance(at, int) and at < found.threshold:
            rule = f"the eigenvalues stand for n >= {found.threshold}"
            raise BelowThreshold("size", rule, f"it is {displayed(at)}")
        return {mu: sp.factor(value / mu.padded_dimension(at)) for mu, value in found.items()}

    def _at(self, n: int | None) -> int | None:
        return (
            None if n is None else read_stable_size(n, self._threshold, "the character polynomial")
        )

    @cached_property
    def _falling(self) -> dict[Exponents, Scalar]:
        return falling_factorials(self._terms)

    @cached_property
    def _mean_steps(self) -> StepFunction:
        return mean_steps(self._falling)

    @cached_property
    def _multiplicity_steps(self) -> dict[Partition, StepFunction]:
        return multiplicity_steps(self._falling)

    # The algebra

    def __add__(self, other: Any) -> CharacterPolynomial:
        right = _coerced(other)
        if right is None:
            return left_to(self, other, "__radd__", _OPERAND)
        keys = {**self._terms, **right._terms}
        sums = {a: total((self._terms.get(a, 0), right._terms.get(a, 0))) for a in keys}
        return self._joined(right, sums)

    __radd__ = __add__

    def __mul__(self, other: Any) -> CharacterPolynomial:
        right = _coerced(other)
        if right is None:
            return left_to(self, other, "__rmul__", _OPERAND)
        parts: dict[Exponents, list[Scalar]] = {}
        for a, c in self._terms.items():
            for b, d in right._terms.items():
                parts.setdefault(_plus(a, b), []).append(c * d)
        return self._joined(right, {a: total(terms) for a, terms in parts.items()})

    __rmul__ = __mul__

    def _joined(
        self, right: CharacterPolynomial, terms: dict[Exponents, Scalar]
    ) -> CharacterPolynomial:
        kept = {a: c for a, c in terms.items() if c != 0}
        return CharacterPolynomial._trusted(kept, max(self._threshold, right._threshold))

    def __neg__(self) -> CharacterPolynomial:
        return self * -1

    def __sub__(self, other: Any) -> CharacterPolynomial:
        right = _coerced(other)
        return left_to(self, other, "__rsub__", _OPERAND) if right is None else self + -right

    def __rsub__(self, other: Any) -> CharacterPolynomial:
        return (-self).__add__(other)

    def __pow__(self, exponent: int) -> CharacterPolynomial:
        power = read_integer(exponent, "exponent")
        result = CharacterPolynomial._trusted({(): 1}, self._threshold)
        square = self
        while power:
            if power & 1:
                result = result * square
            power >>= 1
            square = square * square if power else square
        return result

    # As a value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CharacterPolynomial):
            return NotImplemented
        return self._terms == other._terms

    def __hash__(self) -> int:
        return hash(frozenset(self._terms.items()))

    def __repr__(self) -> str:
        tail = f", threshold={self._threshold}" if self._threshold else ""
        return f"CharacterPolynomial({spelled(self.expression)}{tail})"

    def __str__(self) -> str:
        return str(self.expression)

    @displays
    def latex(self) -> str:
        """The polynomial as LaTeX."""
        from symkern.typeset.tex import formula_latex

        return formula_latex(self.expression)

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


def _read_terms(expression: Any) -> dict[Exponents, Scalar]:
    """Exponents and coefficients of an expression that is polynomial in the cycle counts."""
    value = public(read_scalar(expression, "expression"))
    if not isinstance(value, sp.Expr):
        return {(): value} if value else {}
    named = {s: _CYCLE_COUNT.match(s.name) for s in value.free_symbols}
    indices = {symbol: int(match[1]) for symbol, match in named.items() if match}
    value = value.xreplace({symbol: cycle_count(k) for symbol, k in indices.items()})
    places = sorted(set(indices.values()))
    if not places:
        return {(): read_scalar(value, "expression")} if value != 0 else {}
    try:
        listed = sp.Poly(value, *map(cycle_count, places)).terms()
    except sp.PolynomialError:
        raise InvalidArgument(
            "expression", "must be a polynomial in X1, X2, ...", f"it is {displayed(value)}"
        ) from None
    terms = {}
    for powers, coefficient in listed:
        exponents = dict(zip(places, powers, strict=True))
        last = max((k for k, e in exponents.items() if e), default=0)
        scalar = read_scalar(coefficient, "expression")
        if scalar != 0:
            terms[tuple(int(exponents.get(k, 0)) for k in range(1, last + 1))] = scalar
    return terms


def _coerced(value: Any) -> CharacterPolynomial | None:
    if isinstance(value, CharacterPolynomial):
        return value
    if isinstance(value, str):
        return None
    try:
        return CharacterPolynomial(value)
    except InvalidType:
        return None


def _plus(a: Exponents, b: Exponents) -> Exponents:
    return tuple(map(sum, zip_longest(a, b, fillvalue=0)))


@lru_cache(maxsize=256)
def _irreducible(mu: Partition) -> CharacterPolynomial:
    """q_mu by the formula at the head of this module."""
    result = CharacterPolynomial._trusted({}, 0)
    for gamma in iter_partitions(mu.size):
        check_time()
        value = character(mu, gamma)
        if value:
            factor = CharacterPolynomial._trusted({(): Fraction(value, gamma.centraliser_order)}, 0)
            for k, m in gamma.multiplicities.items():
                factor = factor * _cycle_factor(k, m)
            result = result + factor
    return CharacterPolynomial._trusted(result._terms, mu.threshold)


@lru_cache(maxsize=256)
def _cycle_factor(k: int, m: int) -> CharacterPolynomial:
    """sum_(j=0..m) (-1)^(m-j) k^j C(m, j) (X_k)_j."""
    coefficients = [0] * (m + 1)
    falling = [1]  # coefficients of (X)_j
    for j in range(m + 1):
        for e, c in enumerate(falling):
            coefficients[e] += (-1) ** (m - j) * k**j * comb(m, j) * c
        falling = [
            (falling[e - 1] if e else 0) - (j * falling[e] if e < len(falling) else 0)
            for e in range(len(falling) + 1)
        ]
    terms: dict[Exponents, Scalar] = {
        ((0,) * (k - 1) + (e,) if e else ()): c for e, c in enumerate(coefficients) if c
    }
    return CharacterPolynomial._trusted(terms, 0)


def _names(value: object, depth: int) -> Iterator[str]:
    """The texts, and the names of symbols, in lists of pairs or in a mapping."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, sp.Basic):
        yield from (str(s) for s in value.free_symbols)
    elif isinstance(value, (tuple, list, Mapping)) and depth:
        for one in value:
            yield from _names(one, depth - 1)
