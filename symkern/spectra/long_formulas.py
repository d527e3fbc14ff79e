"""Rational functions of hundreds of terms as plain text, written from their coefficients.

What is read by a program only need not be laid out: a factor of more terms than ``laid_out_terms`` is the sum of its monomials, in the names' order of
`symkern.typeset.layout`, descending. Shorter factors are written as everywhere. `symkern.abc.parse` reads the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symkern.exact import RationalFunction
from symkern.exact.factoring import factor
from symkern.limits import current
from symkern.typeset.layout import names_in_order
from symkern.typeset.plain import formula_text


def rational_text(value: RationalFunction) -> str:
    """A rational function in one line.

    >>> from symkern.abc import L, alpha
    >>> from symkern.exact import function_field
    >>> K = function_field((L, alpha))
    >>> text = rational_text(K(L) * (K(L + 1) ** 200 + K(alpha)) / 2)
    >>> text[:25], text[-22:]
    ('L*(alpha + L^200 + 200*L^', '900*L^2 + 200*L + 1)/2')
    """
    if len(value.num) <= current().laid_out_terms and len(value.den) <= current().laid_out_terms:
        return formula_text(value.to_sympy())
    top, ups = factor(value.num)
    bottom, downs = factor(value.den)
    over = _product(value, int(top), ups)
    if not downs and bottom == 1:
        return over
    under = _product(value, int(bottom), downs)
    return f"{over}/{under}" if under.isalnum() else f"{over}/({under})"


def polynomial_text(coefficients: Sequence[RationalFunction], name: str) -> str:
    """A polynomial, its coefficients from the constant term up, in descending powers of ``name``."""
    terms = []
    for power in range(len(coefficients) - 1, -1, -1):
        c = coefficients[power]
        if c:
            factors = [f"({rational_text(c)})"] if c != c.field.one or not power else []
            if power:
                factors.append(name if power == 1 else f"{name}^{power}")
            terms.append("*".join(factors))
    return " + ".join(terms) or "0"


def _product(value: RationalFunction, content: int, parts: Sequence[tuple[Any, int]]) -> str:
    pieces = [str(abs(content))] if abs(content) != 1 or not parts else []
    for part, exponent in sorted(parts, key=lambda item: len(item[0])):
        plain = RationalFunction(value.field, part, value.field.one.num)
        text = (
            _sum(plain) if len(part) > current().laid_out_terms else formula_text(plain.to_sympy())
        )
        single = len(part) == 1 and text.isalnum()
        pieces.append((text if single else f"({text})") + (f"^{exponent}" if exponent > 1 else ""))
    return ("-" if content < 0 else "") + "*".join(pieces)


def _sum(polynomial: RationalFunction) -> str:
    """The sum of the monomials."""
    symbols = polynomial.field.symbols
    plain = names_in_order(s for s in symbols if s.is_Symbol)
    exponentials = sorted((s for s in symbols if not s.is_Symbol), key=str)
    order = [symbols.index(s) for s in (*plain, *exponentials)]
    listed = [
        (tuple(int(exponents[i]) for i in order), int(c))
        for exponents, c in polynomial.num.to_dict().items()
    ]
    listed.sort(reverse=True)
    names = [formula_text(symbols[i]) for i in order]
    out = []
    for exponents, c in listed:
        factors = [
            name if e == 1 else f"{name}^{e}" for name, e in zip(names, exponents, strict=True) if e
        ]
        if abs(c) != 1 or not factors:
            factors.insert(0, str(abs(c)))
        sign = " - " if c < 0 else " + "
        out.append(sign + "*".join(factors))
    text = "".join(out)
    return text[3:] if text.startswith(" + ") else "-" + text[3:]
