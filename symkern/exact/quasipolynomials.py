r"""Quasipolynomials: functions of an integer n that are a polynomial on each residue class modulo a period.

    q(n) = q_r(n),   r = n mod p;   q_0, ..., q_(p-1) are the constituents, polynomials in n with rational coefficients.

They are the functions whose generating function is a quotient of polynomials, the upper one of smaller degree, whose poles are roots of unity:

    sum over n >= 0 of q(n) x^n = u(x) / prod over m of Phi_m(x)^(e_m),   Phi_m the m-th cyclotomic polynomial;

the period is the least common multiple of those m, and e_m - 1 bounds the degree of what varies like the powers of a primitive m-th root.

Source: Stanley, *Enumerative Combinatorics* 1, 4.4; Beck and Robins, *Computing the Continuous Discretely*, 3.8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from math import gcd, lcm
from typing import Any

import flint
import sympy as sp

from symkern.abc import n as N
from symkern.abc import x
from symkern.errors import InvalidArgument, displayed
from symkern.exact.exact_arguments import exact_expression
from symkern.exact.written import readable_repr
from symkern.limits import current
from symkern.reading.integers import read_integer
from symkern.typeset import formula_latex, formula_text
from symkern.typeset.shown import Written, displays


class Quasipolynomial(Written):
    """The quasipolynomial with these constituents: the i-th is its values at n = i, i + p, i + 2p, ..., p their number.

    Args:
        constituents: polynomials in ``symkern.abc.n`` with rational coefficients: numbers, SymPy expressions or formulas' text.

    Raises:
        InvalidArgument: for none, or what is no such polynomial.

    >>> q = Quasipolynomial("n/2 + 1", "n/2 - 1/2")
    >>> [q(k) for k in range(6)], q.period, q.degree
    ([1, 0, 2, 1, 3, 2], 2, 1)
    >>> q.generating_function()
    (x**2 - x + 1)/((1 - x)*(1 - x**2))
    >>> print(q)
    n even  (n + 2)/2
    n odd   (n - 1)/2
    >>> Quasipolynomial("n + 1", "n + 1")
    Quasipolynomial(n + 1)
    """

    def __init__(self, *constituents: Any) -> None:
        if not constituents:
            rule = "must be one polynomial in n at least"
            raise InvalidArgument("constituents", rule, "there is none")
        self._polynomials = _shortest(tuple(map(_read, constituents)))

    @property
    def period(self) -> int:
        """The least p with one polynomial on each residue class modulo p."""
        return len(self._polynomials)

    @property
    def degree(self) -> int:
        """The largest degree of a constituent; -1 of zero."""
        return max(int(q.degree()) for q in self._polynomials)

    @cached_property
    def constituents(self) -> tuple[sp.Expr, ...]:
        """The polynomials in n for n = 0, 1, ..., p - 1 modulo p."""
        return tuple(map(_expression, self._polynomials))

    def __call__(self, n: int) -> Any:
        """The value at an integer, negative ones included: an int, or a SymPy Rational."""
        place = read_integer(n, "n", minimum=None)
        value = self._polynomials[place % self.period](flint.fmpq(place))
        return _number(value)

    def generating_function(self) -> sp.Expr:
        """The sum of q(n) x^n over n >= 0, over factors 1 - x^k.

        >>> Quasipolynomial(1, 0, 0).generating_function()
        1/(1 - x**3)
        """
        return _quotient(*self._in_lowest_terms())

    @property
    def poles(self) -> dict[int, int]:
        """{m: e_m}: the orders of the generating function's poles at the primitive m-th roots of unity.

        >>> Quasipolynomial("n/2 + 1", "n/2 - 1/2").poles
        {1: 2, 2: 1}
        """
        return self._in_lowest_terms()[1]

    def _in_lowest_terms(self) -> tuple[Any, dict[int, int]]:
        """The polynomial u, and {m: e_m}."""
        p, d = self.period, self.degree
        if d < 0:
            return flint.fmpq_poly([]), {}
        size = p * (d + 1)
        below = flint.fmpq_poly([1, *[0] * (p - 1), -1]) ** (d + 1)
        series = flint.fmpq_poly([self._value(k) for k in range(size)]) * below
        upper = flint.fmpq_poly([(-1) ** (d + 1) * series[k] for k in range(size)])
        orders = {}  # 1 - x^p is minus the product of the Phi_m with m | p
        for m in (k for k in range(1, p + 1) if p % k == 0):
            factor, power = denominator({m: 1}), d + 1
            while power and upper % factor == 0:
                upper //= factor
                power -= 1
            if power:
                orders[m] = power
        return upper, orders

    def _value(self, k: int) -> Any:
        return self._polynomials[k % self.period](flint.fmpq(k))

    # As a value

    def __eq__(self, other: object) -> bool:
        return self._polynomials == other._polynomials if isinstance(other, Quasipolynomial) else NotImplemented  # fmt: skip

    def __hash__(self) -> int:
        return hash(self.constituents)

    def __reduce__(self) -> tuple[Any, ...]:
        return Quasipolynomial, self.constituents

    def __repr__(self) -> str:
        return f"Quasipolynomial({', '.join(map(readable_repr, self.constituents))})"

    def text(self) -> str:
        """A line for each constituent that differs from the others, and where it stands."""
        if self.period == 1:
            return formula_text(self.constituents[0])
        lines = [(f"n {where}", formula_text(q)) for where, q in self._cases()]
        width = max(len(where) for where, _ in lines)
        return "\n".join(f"{where:{width}}  {formula}" for where, formula in lines)

    def __str__(self) -> str:
        return self.text()

    @displays
    def latex(self) -> str:
        r"""The constituents in cases, for math mode.

        >>> print(Quasipolynomial("n/2 + 1", 0).latex())
        \begin{cases} \frac{n + 2}{2} & n \text{ even} \\[3pt] 0 & n \text{ odd} \end{cases}
        """
        if self.period == 1:
            return formula_latex(self.constituents[0])
        cases = [f"{formula_latex(q)} & n {_in_latex(where)}" for where, q in self._cases()]
        tall = any("frac" in case for case in cases)  # their rows would touch
        listed = (r" \\[3pt] " if tall else r" \\ ").join(cases)
        return rf"\begin{{cases}} {listed} \end{{cases}}"

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    def _cases(self) -> list[tuple[str, sp.Expr]]:
        places: dict[sp.Expr, list[str]] = {}
        for r, q in enumerate(self.constituents):
            places.setdefault(q, []).append(str(r))
        if self.period == 2:
            return list(zip(("even", "odd"), self.constituents, strict=True))
        return [(f"= {', '.join(rs)} mod {self.period}", q) for q, rs in places.items()]


def quasipolynomial(values: Sequence[int], orders: Mapping[int, int]) -> Quasipolynomial:
    """The one with these first values whose generating function has poles of at most these orders: {m: e_m}, at primitive m-th roots of unity.

    As many values are needed as the cyclotomic polynomials to these powers have degree together; more are not looked at.

    >>> quasipolynomial([1, 1, 2], {1: 2, 2: 1})
    Quasipolynomial(n/2 + 1, n/2 + S(1)/2)
    """
    below = denominator(orders)
    period, degree = lcm(*orders), max(orders.values(), default=0) - 1
    known = list(values[: below.degree()])
    steps = [int(c) for c in reversed(below.coeffs())]
    lead = steps[0]
    while len(known) < period * (degree + 1):
        following = sum(c * known[-i] for i, c in enumerate(steps) if i and c)
        known.append(-following // lead)
    return Quasipolynomial(*(_interpolated(known, r, period) for r in range(period)))


def explains(orders: Mapping[int, int], values: Sequence[int]) -> bool:
    """Whether the values that `quasipolynomial` does not look at are those of what it finds.

    >>> explains({1: 1, 2: 1}, [1, 0, 1, 0]), explains({1: 1, 2: 1}, [1, 0, 1, 1])
    (True, False)
    """
    below = denominator(orders)
    product = flint.fmpz_poly(list(values)) * below
    return all(product[k] == 0 for k in range(below.degree(), len(values)))


def denominator(orders: Mapping[int, int]) -> Any:
    """The product of Phi_m(x)^(e_m), with constant term 1 or -1.

    >>> denominator({1: 2, 2: 1})
    x^3 + (-1)*x^2 + (-1)*x + 1
    """
    product = flint.fmpz_poly([1])
    for m, e in orders.items():
        product *= flint.fmpz_poly.cyclotomic(m) ** e
    return product


def totient(m: int) -> int:
    """The number of primitive m-th roots of unity, the degree of Phi_m.

    >>> [totient(m) for m in range(1, 7)]
    [1, 1, 2, 2, 4, 2]
    """
    return sum(gcd(k, m) == 1 for k in range(1, m + 1))


def _read(value: Any) -> Any:
    """A polynomial of FLINT in n."""
    expression = exact_expression(value, "constituents")
    rule = "must be polynomials in n with rational coefficients"
    try:
        polynomial = sp.Poly(expression, N, domain="QQ")
    except (sp.PolynomialError, sp.CoercionFailed):
        raise InvalidArgument("constituents", rule, f"one is {displayed(expression)}") from None
    if polynomial.degree() > current().exponent:
        rule = f"must have a degree of at most {current().exponent}"
        raise InvalidArgument("constituents", rule, f"one has {polynomial.degree()}")
    listed = [flint.fmpq(int(c.p), int(c.q)) for c in reversed(polynomial.all_coeffs())]
    return flint.fmpq_poly(listed)


def _shortest(polynomials: tuple[Any, ...]) -> tuple[Any, ...]:
    """The first period of a list that repeats itself."""
    count = len(polynomials)
    for p in range(1, count):
        if count % p == 0 and polynomials == polynomials[:p] * (count // p):
            return polynomials[:p]
    return polynomials


def _interpolated(values: Sequence[int], r: int, period: int) -> sp.Expr:
    """The polynomial through the values at r, r + period, ..., by Newton's differences."""
    found, basis = flint.fmpq_poly([0]), flint.fmpq_poly([1])
    differences = list(values[r::period])
    k = 0
    while differences:
        found += basis * differences[0]
        # binom((n - r)/p, k + 1) = binom((n - r)/p, k) ((n - r)/p - k)/(k + 1)
        basis *= flint.fmpq_poly([flint.fmpq(-r - k * period, 1), 1]) * flint.fmpq(1, period * (k + 1))  # fmt: skip
        differences = [b - a for a, b in pairwise(differences)]
        k += 1
    return _expression(found)


def _expression(polynomial: Any) -> sp.Expr:
    return sp.Add(*(sp.Rational(int(c.p), int(c.q)) * N**k for k, c in enumerate(polynomial.coeffs())))  # fmt: skip


def _in_latex(where: str) -> str:
    if where.startswith("="):
        residues, _, period = where[2:].partition(" mod ")
        return rf"\equiv {residues} \text{{ (mod }}{period}\text{{)}}"
    return rf"\text{{ {where}}}"


def _number(value: Any) -> Any:
    return int(value.p) if value.q == 1 else sp.Rational(int(value.p), int(value.q))


def _quotient(upper: Any, orders: dict[int, int]) -> sp.Expr:
    """A quotient over factors 1 - x^k, from the largest k down; what these have too much, the numerator gets."""
    rest, factors = dict(orders), []
    while rest:
        k = max(rest)
        factors.append(1 - x**k)
        upper = -upper
        for m in (m for m in range(1, k + 1) if k % m == 0):
            if m not in rest:
                upper *= denominator({m: 1})
            elif rest[m] > 1:
                rest[m] -= 1
            else:
                del rest[m]
    numerator = _expression(upper).subs(N, x)
    return sp.Mul(numerator, *(1 / factor for factor in factors))
