r"""Symmetric functions: the ring that holds the characters of all S_n and of all GL_n at once.

An element is a sum of basis elements labelled by partitions, in one of the bases

    s  Schur functions        h  complete        e  elementary        p  power sums        m  monomials
    st  irreducible characters of S_n (`symkern.characters.character_basis`)

with exact coefficients: ints, Fractions, SymPy expressions. It stays in the basis in which it was written until `to` asks for another; sums and
products come in the basis of their left factor, and elements are equal when they are the same function, in whatever bases. The Frobenius map sends
the class function f of S_n to sum over mu of f(mu) p_mu/z_mu, so chi^lam to s_lam.

    inner product     <s_lam, s_mu> = [lam = mu],   <p_lam, p_mu> = z_mu [lam = mu]
    skewing           <g^perp f, h> = <f, g h>
    coproduct         f(x, y) = sum f_i(x) g_i(y)
    Kronecker         p_lam * p_mu = z_mu p_mu [lam = mu]: tensor products of S_n
    plethysm          p_k[g] = g(x_1^k, x_2^k, ...), f[g] a ring map in f (`symkern.characters.plethysms`)

Source: Macdonald, *Symmetric Functions and Hall Polynomials*, I; Stanley, *Enumerative Combinatorics* 2, chapter 7.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

import sympy as sp

from symkern.characters.character_basis import characters_to_power, power_to_characters
from symkern.characters.kronecker_products import kronecker
from symkern.characters.littlewood_richardson_rule import outer_product, skew_parts
from symkern.characters.scalars import (
    Scalar,
    inverse_of,
    normal,
    public,
    read_scalar,
    spelled,
    symbols_of,
    total,
)
from symkern.characters.symmetric_bases import (
    Terms,
    add_to,
    by_degree,
    cleaned,
    from_schur,
    read_basis,
    to_schur,
)
from symkern.characters.symmetric_products import coproduct_of, monomial_product
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.doors import SymmetricFunctionDoors
from symkern.errors import InvalidArgument, InvalidType, SymkernError
from symkern.exact.exact_arguments import substitutions, sympified
from symkern.limits import check_time, current, within_time
from symkern.reading.integers import read_integer
from symkern.reading.operands import left_to
from symkern.typeset.shown import Written, displays

_SUMMAND = "must be a SymmetricFunction, an exact number or a SymPy expression without floats"
_SMALLER = "smaller degrees take less"


class SymmetricFunction(SymmetricFunctionDoors, Written):
    """The sum of ``terms``, a dictionary {partition: coefficient}, in the basis of that name.

    Written with the bases themselves: ``s[2, 1] + 2*s[3]``, where ``from symkern.characters import s``.

    Args:
        basis: "s", "h", "e", "p", "m" or "st".
        terms: {partition: coefficient}, coefficients exact.

    Raises:
        InvalidArgument: another basis.

    >>> from symkern.characters import h, p, s
    >>> f = s[2, 1] * s[1] - 2 * h[2, 2]
    >>> print(f)
    -2*s[4] - s[3,1] - s[2,2] + s[2,1,1]
    >>> print(s[2, 1].to("p"), "|", p[3].to("s"), "|", s[3, 1] == h[3] * h[1] - h[4])
    -p[3]/3 + p[1,1,1]/3 | s[3] - s[2,1] + s[1,1,1] | True
    >>> h[2].plethysm(h[2])
    s[4] + s[2,2]
    """

    __slots__ = ("_basis", "_terms")

    def __init__(self, basis: str, terms: Mapping[Any, Any]) -> None:
        self._basis = read_basis(basis)
        if not isinstance(terms, Mapping):
            raise InvalidType("terms", "must be a dictionary of partitions to numbers", terms)
        known: Terms = {}
        for label, value in terms.items():
            lam = Partition.read(label, "terms")
            if lam in known:
                raise InvalidArgument(
                    "terms", "a partition has one coefficient", f"{lam!r} has two"
                )
            known[lam] = read_scalar(value, f"terms[{lam}]")
        self._terms = cleaned(by_degree(known))

    @classmethod
    def trusted(cls, basis: str, terms: Terms) -> SymmetricFunction:
        """From normal scalars and partitions in the order of `items`, without zeros."""
        function = cls.__new__(cls)
        function._basis, function._terms = basis, terms
        return function

    # What it is

    @property
    def basis(self) -> str:
        """The name of the basis in which it is written."""
        return self._basis

    def items(self) -> Iterator[tuple[Partition, Any]]:
        """Pairs (partition, coefficient) without zeros: the highest degree first, each reverse lexicographic."""
        return ((lam, public(c)) for lam, c in self._terms.items())

    def scalars(self) -> Terms:
        """{partition: coefficient} as `symkern.characters.scalars` has them."""
        return dict(self._terms)

    def __getitem__(self, lam: PartitionLike) -> Any:
        """The coefficient of a basis element."""
        return public(self._terms.get(Partition.read(lam), 0))

    def __len__(self) -> int:
        """The number of terms."""
        return len(self._terms)

    @property
    def degree(self) -> int:
        """The highest degree; -1 for zero."""
        return max((lam.size for lam in self._terms), default=-1)

    def homogeneous(self, n: int) -> SymmetricFunction:
        """The part of degree n, in s for an element in st.

        Args:
            n: at least 0.
        """
        size = read_integer(n, "n")
        whole = self.to("s") if self._basis == "st" else self
        kept = {lam: c for lam, c in whole._terms.items() if lam.size == size}
        return self.trusted(whole._basis, kept)

    @property
    def is_homogeneous(self) -> bool:
        """Whether all terms are of one degree."""
        terms = self._in("s") if self._basis == "st" else self._terms
        return len({lam.size for lam in terms}) <= 1

    def to(self, basis: str) -> SymmetricFunction:
        """The same function in another basis.

        Args:
            basis: "s", "h", "e", "p", "m" or "st", the characters of S_n in stable form.

        Raises:
            InvalidArgument: another basis.

        >>> from symkern.characters import h, m
        >>> print(h[2, 1].to("m"), "|", m[2, 1].to("s"), "|", h[2].to("st"))
        m[3] + 2*m[2,1] + 3*m[1,1,1] | s[2,1] - 2*s[1,1,1] | st[2] + 2*st[1] + 2*st[()]
        """
        wanted = read_basis(basis)
        if wanted == self._basis:
            return self
        with within_time("this change of basis", _SMALLER):
            terms = self._terms
            if self._basis == "st":
                terms = characters_to_power(terms)
            if wanted == "st":
                return self.trusted("st", power_to_characters(self._in("p")))
            start = "p" if self._basis == "st" else self._basis
            if start != wanted:
                terms = from_schur(wanted, to_schur(start, terms))
            return self.trusted(wanted, terms)

    def _in(self, basis: str) -> Terms:
        return self.to(basis)._terms

    # The ring

    def _other(self, other: Any) -> SymmetricFunction | None:
        if isinstance(other, SymmetricFunction):
            return other
        if isinstance(other, str):
            return None
        try:
            value = read_scalar(other, "other")
        except SymkernError:
            return None
        return self.trusted(self._basis, {Partition(): value} if value != 0 else {})

    def __add__(self, other: Any) -> SymmetricFunction:
        right = self._other(other)
        if right is None:
            return left_to(self, other, "__radd__", _SUMMAND)
        sums = dict(self._terms)
        for lam, c in right._in(self._basis).items():
            add_to(sums, lam, c)
        return self.trusted(self._basis, cleaned(by_degree(sums)))

    __radd__ = __add__

    def __neg__(self) -> SymmetricFunction:
        return self.trusted(self._basis, {lam: normal(-c) for lam, c in self._terms.items()})

    def __sub__(self, other: Any) -> SymmetricFunction:
        right = self._other(other)
        return left_to(self, other, "__rsub__", _SUMMAND) if right is None else self + -right

    def __rsub__(self, other: Any) -> SymmetricFunction:
        left = self._other(other)
        return left_to(self, other, "__sub__", _SUMMAND) if left is None else left + -self

    def __mul__(self, other: Any) -> SymmetricFunction:
        """The product of functions, or a multiple by a number."""
        if not isinstance(other, SymmetricFunction):
            scale = self._other(other)
            if scale is None:
                return left_to(self, other, "__rmul__", _SUMMAND)
            c = scale._terms.get(Partition(), 0)
            scaled = {lam: normal(a * c) for lam, a in self._terms.items()} if c != 0 else {}
            return self.trusted(self._basis, scaled)
        with within_time("this product", _SMALLER):
            if self._basis == "st":
                return (self.to("s") * other).to("st")
            products: Terms = {}
            right = other._in(self._basis)
            for lam, a in self._terms.items():
                for mu, b in right.items():
                    check_time()
                    c = a * b
                    for nu, count in _PRODUCTS[self._basis](lam, mu):
                        add_to(products, nu, c * count)
            return self.trusted(self._basis, cleaned(by_degree(products)))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> SymmetricFunction:
        if isinstance(other, (str, SymmetricFunction)):
            rule = "must be an exact number: quotients of symmetric functions are none"
            raise InvalidType("other", rule, other)
        return cast(SymmetricFunction, self * inverse_of(other))

    def __pow__(self, exponent: int) -> SymmetricFunction:
        power = read_integer(exponent, "exponent", maximum=current().exponent)
        result = self.trusted(self._basis, {Partition(): 1})
        for _ in range(power):
            result = result * self
        return result

    def subs(self, *arguments: Any) -> SymmetricFunction:
        """Substitute symbols in every coefficient.

        Args:
            *arguments: as those of SymPy's ``subs``; text is read as formulas, a name as the symbol that is called so.

        Raises:
            InvalidArgument: a symbol that does not occur.

        >>> from symkern.characters import hall_littlewood
        >>> hall_littlewood((1, 1)).subs({"t": 1})
        s[2] + s[1,1]
        """
        pairs = substitutions(arguments, symbols_of(self._terms.values()))
        replaced = {lam: sympified(c).subs(pairs) for lam, c in self.items()}
        return SymmetricFunction(self._basis, replaced)

    # What representation theory asks

    def inner(self, other: SymmetricFunction) -> Any:
        """Hall's inner product; on Frobenius images that of class functions.

        Args:
            other: a symmetric function, in any basis.

        >>> from symkern.characters import h, m, p
        >>> h[2, 1].inner(m[2, 1]), p[2, 1].inner(p[2, 1])
        (1, 2)
        """
        mine, theirs = self._in("s"), _read(other)._in("s")
        return public(total(c * theirs[lam] for lam, c in mine.items() if lam in theirs))

    def omega(self) -> SymmetricFunction:
        """The involution h_k -> e_k, s_lam -> s_(lam'): tensoring with the sign. h comes out in e, and e in h.

        >>> from symkern.characters import h, p, s
        >>> print(s[3].omega(), "|", h[2, 1].omega(), "|", p[2].omega())
        s[1,1,1] | e[2,1] | -p[2]
        """
        if self._basis in ("h", "e"):
            return self.trusted("e" if self._basis == "h" else "h", self._terms)
        if self._basis == "p":
            signed = {mu: c if mu.sign > 0 else normal(-c) for mu, c in self._terms.items()}
            return self.trusted("p", signed)
        flipped = {lam.conjugate: c for lam, c in self._in("s").items()}
        return self.trusted("s", cleaned(by_degree(flipped))).to(self._basis)

    def skew_by(self, other: SymmetricFunction) -> SymmetricFunction:
        """g^perp f, the adjoint of multiplication by g: s_lam skewed by s_mu is s_(lam/mu).

        Args:
            other: g, in any basis.

        >>> from symkern.characters import s
        >>> s[3, 2, 1].skew_by(s[2, 1])
        s[3] + 2*s[2,1] + s[1,1,1]
        """
        found: Terms = {}
        with within_time("this skewing", _SMALLER):
            for mu, b in _read(other)._in("s").items():
                for lam, a in self._in("s").items():
                    check_time()
                    for nu, count in skew_parts(lam, mu):
                        add_to(found, nu, a * b * count)
        return self.trusted("s", cleaned(by_degree(found))).to(self._basis)

    def coproduct(self) -> dict[tuple[Partition, Partition], Any]:
        """{(mu, nu): coefficient of b_mu(x) b_nu(y) in f(x, y)}, b the basis of this element; st is taken in s.

        >>> from symkern.characters import s
        >>> {f"{mu} | {nu}": c for (mu, nu), c in s[2, 1].coproduct().items() if len(mu) == 1}
        {'2 | 1': 1, '1 | 2': 1, '1 | 1,1': 1}
        """
        whole = self.to("s") if self._basis == "st" else self
        found: dict[tuple[Partition, Partition], Scalar] = {}
        with within_time("this coproduct", _SMALLER):
            for lam, c in whole._terms.items():
                for pair, count in coproduct_of(whole._basis, lam):
                    add_to(found, pair, c * count)
        values = ((pair, normal(found[pair])) for pair in sorted(found, reverse=True))
        return {pair: public(c) for pair, c in values if c != 0}

    def kronecker(self, other: SymmetricFunction) -> SymmetricFunction:
        """The inner product of functions: s_lam, s_mu give sum of g(lam, mu, nu) s_nu, the tensor product of irreps of S_n.

        Args:
            other: a symmetric function, in any basis.

        >>> from symkern.characters import s
        >>> s[2, 1].kronecker(s[2, 1])
        s[3] + s[2,1] + s[1,1,1]
        """
        right = _read(other)
        if self._basis == right._basis == "s" and len(self) == len(right) == 1:
            ((lam, a),), ((mu, b),) = self._terms.items(), right._terms.items()
            if lam.size != mu.size:
                return self.trusted("s", {})
            whole = {nu: normal(a * b * g) for nu, g in kronecker(lam, mu).items()}
            return self.trusted("s", whole)
        theirs = right._in("p")
        found = {
            mu: normal(c * theirs[mu] * mu.centraliser_order)
            for mu, c in self._in("p").items()
            if mu in theirs
        }
        return self.trusted("p", found).to(self._basis)

    # As a value

    def __eq__(self, other: object) -> bool:
        right = self._other(other)
        if right is None:
            return NotImplemented
        return self._in("s") == right._in("s")

    def __hash__(self) -> int:
        return hash(frozenset(self._in("s").items()))

    def __reduce__(self) -> tuple[Any, ...]:
        return SymmetricFunction.trusted, (self._basis, self._terms)

    def __repr__(self) -> str:
        if any(isinstance(c, sp.Expr) for c in self._terms.values()):
            inside = ", ".join(f"{tuple(lam)}: {spelled(c)}" for lam, c in self._terms.items())
            return f"SymmetricFunction({self._basis!r}, {{{inside}}})"
        return str(self) if self._terms else f"0*{self._basis}[()]"

    def __str__(self) -> str:
        text = ""
        for lam, c in self._terms.items():
            negative = not isinstance(c, sp.Expr) and c < 0
            sign = (" - " if text else "-") if negative else (" + " if text else "")
            text += sign + _spelled_term(self._basis, lam, -c if negative else c)
        return text or "0"

    @displays
    def latex(self) -> str:
        r"""The sum as LaTeX.

        >>> from symkern.characters import s
        >>> print((s[2, 1] / 2 - s[3]).latex())
        -s_{3}+\frac{1}{2}\,s_{2,1}
        """
        names = {"st": r"\tilde{s}"}
        name = names.get(self._basis, self._basis)
        parts = []
        for lam, c in self._terms.items():
            label = f"{name}_{{{','.join(map(str, lam)) or chr(92) + 'varnothing'}}}"
            negative = not isinstance(c, sp.Expr) and c < 0
            size = public(-c if negative else c)
            shown = "" if size == 1 else sp.latex(size)
            if isinstance(size, sp.Add):
                shown = rf"\left({shown}\right)"
            parts.append(("-" if negative else "+") + (rf"{shown}\,{label}" if shown else label))
        return "".join(parts).removeprefix("+") or "0"

    def _repr_latex_(self) -> str | None:
        return f"${self.latex()}$" if len(self) <= current().laid_out_terms else None


def _read(f: object, argument: str = "other") -> SymmetricFunction:
    if not isinstance(f, SymmetricFunction):
        raise InvalidType(argument, "must be a SymmetricFunction", f)
    return f


def _union(lam: Partition, mu: Partition) -> tuple[tuple[Partition, int], ...]:
    return ((lam.union(mu), 1),)


def _littlewood_richardson(lam: Partition, mu: Partition) -> tuple[tuple[Partition, int], ...]:
    return outer_product(lam, mu)


_PRODUCTS: dict[str, Callable[[Partition, Partition], Any]] = {
    "s": _littlewood_richardson,
    "h": _union,
    "e": _union,
    "p": _union,
    "m": monomial_product,
}


def _spelled_term(basis: str, lam: Partition, size: Scalar) -> str:
    """A term as Python reads it exactly: 3*s[2,1]/2, since 3/2 would be a float."""
    label = f"{basis}[{','.join(map(str, lam)) or '()'}]"
    if isinstance(size, sp.Expr):
        return f"({size})*{label}" if isinstance(size, sp.Add) else f"{size}*{label}"
    above, below = size.numerator, size.denominator
    return (f"{above}*" if above != 1 else "") + label + (f"/{below}" if below != 1 else "")
