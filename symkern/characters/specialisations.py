r"""Symmetric functions in variables: polynomials in and out, principal and exponential specialisations, values on permutations.

    principal     f(1, q, ..., q^(n-1)):  s_lam -> q^n(lam) prod over cells of (1 - q^(n+c))/(1 - q^h),  c content, h hook length
    stable        f(1, q, q^2, ...):      the same with numerators 1
    exponential   p_1 -> t, p_k -> 0:     s_lam -> (dim lam) t^n/n!

with n(lam) = sum (i - 1) lam_i. At q = 1 the principal specialisation is the dimension of the GL_n representation.
Source: Stanley, *Enumerative Combinatorics* 2, 7.8 and 7.21.
"""

from __future__ import annotations

from math import comb, factorial
from typing import Any

import sympy as sp

from symkern.characters.character_basis import power_to_polynomial
from symkern.characters.character_polynomial import CharacterPolynomial
from symkern.characters.scalars import public, read_scalar
from symkern.characters.symmetric_bases import Terms, by_degree, cleaned
from symkern.characters.symmetric_function import SymmetricFunction
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.partition import Partition
from symkern.errors import InvalidArgument, InvalidType, SymmetryError, displayed
from symkern.exact.exact_arguments import sympified
from symkern.limits import check_time, current, within_time
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list

_BYTES_A_MONOMIAL = 400
_SYMBOL = sp.Symbol("q")


def polynomial(f: SymmetricFunction, variables: Any) -> sp.Expr:
    """f in finitely many variables, as an expanded SymPy polynomial.

    Args:
        f: the symmetric function.
        variables: SymPy's symbols.

    Raises:
        TooLarge: more monomials than fit in memory.
        InvalidType: what is no list of symbols.

    >>> from symkern.characters import s
    >>> x, y = sp.symbols("x y")
    >>> polynomial(s[2, 1], (x, y))
    x**2*y + x*y**2
    """
    known = _read_variables(variables)
    count = len(known)
    terms = {mu: c for mu, c in _checked(f).to("m").items() if len(mu) <= count}
    monomials = sum(_orbit(mu, count) for mu in terms)
    require_bytes("this polynomial", _BYTES_A_MONOMIAL * monomials)
    with within_time("this polynomial", "fewer variables or smaller degrees take less"):
        found = {}
        for mu, c in terms.items():
            for exponents in _rearrangements((*mu, *[0] * (count - len(mu)))):
                check_time()
                found[exponents] = c
        if not count:
            return sympified(found.get((), 0))
        return sp.Poly.from_dict(found, *known).as_expr() if found else sp.S.Zero


def from_polynomial(
    kind: type[SymmetricFunction], expression: Any, variables: Any
) -> SymmetricFunction:
    """The symmetric function, in monomials, that a symmetric polynomial in these variables is; of those with more parts than variables nothing is known, and they are left out.

    Args:
        kind: the class.
        expression: a SymPy polynomial or expression; other symbols are coefficients.
        variables: the variables.

    Raises:
        SymmetryError: where it is not symmetric; ``witness`` is a pair of exponents with different coefficients.

    >>> from symkern import characters
    >>> x, y = sp.symbols("x y")
    >>> characters.SymmetricFunction.from_polynomial(x**2 + 3*x*y + y**2, (x, y))
    m[2] + 3*m[1,1]
    """
    known = _read_variables(variables)
    if isinstance(expression, sp.Poly):
        expression = expression.as_expr()
    if not known:
        value = read_scalar(expression, "expression")
        return SymmetricFunction("m", {(): value})
    if not isinstance(expression, (sp.Expr, int)):
        raise InvalidType("expression", "must be a SymPy polynomial", expression)
    poly = sympified(public(read_scalar(expression, "expression"))).as_poly(*known)
    if poly is None:
        rule = f"must be a polynomial in {', '.join(map(str, known))}"
        raise InvalidArgument("expression", rule, f"it is {displayed(expression)}")
    coefficients = {
        exponents: read_scalar(c, "expression") for exponents, c in poly.terms() if c != 0
    }
    found: Terms = {}
    met: dict[Partition, int] = {}
    for exponents, c in coefficients.items():
        highest = tuple(sorted(exponents, reverse=True))
        if coefficients.get(highest, 0) != c:
            witness = (exponents, highest)
            rule = f"must be symmetric in {', '.join(map(str, known))}"
            shown = f"exponents {exponents} and {highest} have different coefficients"
            raise SymmetryError("expression", rule, shown, witness)
        mu = Partition.trusted(e for e in highest if e)
        found[mu] = c
        met[mu] = met.get(mu, 0) + 1
    for mu, count in met.items():
        if count != _orbit(mu, len(known)):
            highest = (*mu, *[0] * (len(known) - len(mu)))
            missing = next(e for e in _rearrangements(highest) if e not in coefficients)
            rule = f"must be symmetric in {', '.join(map(str, known))}"
            shown = f"exponents {missing} have the coefficient 0, and {highest} have not"
            raise SymmetryError("expression", rule, shown, (missing, highest))
    return kind.trusted("m", cleaned(by_degree(found)))


def principal_specialisation(
    f: SymmetricFunction, n: int | None = None, q: Any = _SYMBOL
) -> sp.Expr:
    """f(1, q, ..., q^(n-1)), or f(1, q, q^2, ...) without n.

    Args:
        f: the symmetric function.
        n: how many powers of q; infinitely many where nothing is said.
        q: a symbol or an exact number.

    Raises:
        InvalidArgument: q = 1 without n.

    >>> from symkern.characters import s
    >>> principal_specialisation(s[2, 1], 2), principal_specialisation(s[1]), principal_specialisation(s[2, 1], 3, q=1)
    (q*(q + 1), -1/(q - 1), 8)
    """
    number = None if n is None else read_integer(n, "n", maximum=current().listed_positions)
    variable = sympified(public(read_scalar(q, "q")))
    terms = _checked(f).to("s").items()
    if variable == 1:
        if number is None:
            raise InvalidArgument("q", "must not be 1 without n", "the sum has no end")
        return sp.Add(*(c * _dimension(lam, number) for lam, c in terms))
    parameter = sp.Dummy("q")
    with within_time("this specialisation", "smaller degrees take less"):
        found = sp.Add(*(c * _principal(lam, number, parameter) for lam, c in terms))
        return sp.factor(found).subs(parameter, variable)


def _principal(lam: Partition, n: int | None, q: sp.Symbol) -> sp.Expr:
    """The hook formula; where lam has more rows than there are variables it is 0."""
    check_time()
    if n is not None and len(lam) > n:
        return sp.S.Zero
    power = sum(i * part for i, part in enumerate(lam))
    hooks = sp.Mul(*(1 - q**h for row in lam.hook_lengths for h in row))
    if n is None:
        return q**power / hooks
    above = sp.Mul(*(1 - q ** (n + c) for row in lam.contents for c in row))
    return q**power * sp.cancel(above / hooks)


def _dimension(lam: Partition, n: int) -> int:
    return lam.semistandard_count(n)


def exponential_specialisation(f: SymmetricFunction, t: Any = 1) -> sp.Expr:
    """p_1 -> t and p_k -> 0 for k > 1: s_lam becomes (dim lam) t^n/n!.

    Args:
        f: the symmetric function.
        t: a symbol or an exact number.

    >>> from symkern.characters import s
    >>> exponential_specialisation(s[2, 1], sp.Symbol("t"))
    t**3/3
    """
    variable = sympified(public(read_scalar(t, "t")))
    return sp.Add(
        *(
            c * variable**lam.size * sp.Rational(lam.dimension, factorial(lam.size))
            for lam, c in _checked(f).to("s").items()
        )
    )


def character_polynomial(f: SymmetricFunction) -> CharacterPolynomial:
    """The character f of GL_n on permutation matrices, as a polynomial in the cycle counts: restriction from GL_n to S_n, uniform in n.

    >>> from symkern.characters import s
    >>> print(character_polynomial(s[2]).decompose())
    {[]: 2, 1: 2, 2: 1} for n >= 4
    """
    return power_to_polynomial(_checked(f).to("p").scalars())


def _checked(f: object) -> SymmetricFunction:
    if not isinstance(f, SymmetricFunction):
        raise InvalidType("f", "must be a SymmetricFunction", f)
    return f


def _read_variables(variables: Any) -> list[sp.Symbol]:
    listed = read_list(variables, "variables", "symbols")
    for x in listed:
        if not isinstance(x, sp.Symbol):
            raise InvalidType("variables", "must be a list of symbols", x)
    if len(set(listed)) < len(listed):
        raise InvalidArgument("variables", "must be different", f"they are {tuple(listed)}")
    return listed


def _orbit(mu: Partition, count: int) -> int:
    """How many monomials in so many variables have the exponents mu."""
    if len(mu) > count:
        return 0
    found, left = 1, count
    for m in mu.multiplicities.values():
        found *= comb(left, m)
        left -= m
    return found


def _rearrangements(word: tuple[int, ...]) -> Any:
    """The different rearrangements of a weakly decreasing word."""
    counts = {a: word.count(a) for a in dict.fromkeys(word)}
    chosen: list[int] = []

    def fill() -> Any:
        if len(chosen) == len(word):
            yield tuple(chosen)
            return
        for a in counts:
            if counts[a]:
                counts[a] -= 1
                chosen.append(a)
                yield from fill()
                chosen.pop()
                counts[a] += 1

    yield from fill()
