r"""Formulas as LaTeX, as a paper sets them, and long ones broken into aligned lines.

``\frac{\alpha \beta (\alpha L + 2 \beta)}{2 L^{3}}``: the layout is that of `layout`, the commands are
those that LaTeX with amsmath and MathJax have in common. Widths are estimated in em from the shapes
of Computer Modern, a little on the wide side, so that a line that is said to fit does fit.

sigma2 is printed as the square that it names, exp(a) as a power of e.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

import sympy as sp

from symkern.errors import InvalidArgument, displayed
from symkern.reading.annotated import typed
from symkern.typeset.document import PAGE
from symkern.typeset.filled_lines import Chunk, cut_number, filled_lines, stuck_to_prefix
from symkern.typeset.layout import arrange
from symkern.typeset.nodes import Call, Name, Node, Power, Product, Root, Sum
from symkern.typeset.numerals import decimal
from symkern.typeset.plain import read_em

_FUNCTIONS = {name: f"\\{name}" for name in ("log", "cos", "sin")}
_FUNCTIONS |= {"acos": r"\arccos", "asin": r"\arcsin"}
_SUBSCRIPTED = re.compile(r"([A-Za-z])([0-9]+)\Z")
_SIGN = 1.25  # a binary sign with the spaces around it
_SPACE = 0.1


@dataclass(frozen=True)
class _Box:
    """Material with its estimated width; ``tall`` if parentheses around it must grow."""

    latex: str
    em: float
    tall: bool = False


@typed
def formula_latex(value: object, variable: sp.Symbol | None = None) -> str:
    r"""``value`` (SymPy expression, integer, fraction) as LaTeX for math mode, in one line.

    Args:
        value: the formula.
        variable: write the formula as a polynomial in it, in descending powers.

    >>> from symkern.abc import L, alpha, beta, sigma2
    >>> print(formula_latex(alpha**2 * beta / (2 * L**2) + alpha * beta**2 / L**3))
    \frac{\alpha \beta (\alpha L + 2 \beta)}{2 L^{3}}
    >>> print(formula_latex(sigma2**2 / (L - 1)))
    \frac{\sigma^{4}}{L - 1}
    """
    return _product(arrange(value, variable)).latex


def latex_width(value: object, variable: sp.Symbol | None = None) -> float:
    """The estimated width in em of `formula_latex`."""
    return _product(arrange(value, variable)).em


@typed
def formula_display(
    value: object,
    left: str = "",
    variable: sp.Symbol | None = None,
    width: float = PAGE,
    environment: str = "aligned",
) -> str:
    r"""A formula for a display, broken into aligned lines where it is wider than ``width`` em.

    With ``environment="aligned"`` the result is math-mode material (``\[ ... \]`` or ``$$`` goes around it; ``"aligned[t]"`` puts its first line on
    the line around it); with ``"align*"`` it is a display of its own, which may break across pages under ``\allowdisplaybreaks``.

    Args:
        value: a SymPy expression, an integer or a fraction.
        left: LaTeX that stands before the equals sign.
        variable: write the formula as a polynomial in it, in descending powers.
        width: em.
        environment: "aligned", "aligned[t]" or "align*".

    Raises:
        InvalidArgument: another environment.

    >>> from symkern.abc import L, alpha, beta
    >>> print(formula_display(alpha / L, left=r"\lambda"))
    \lambda = \frac{\alpha}{L}
    >>> print(formula_display((alpha**3 + beta**3 * L + L**5 - 7) / (2 * L), width=8))
    \begin{aligned}
    & \frac{1}{2 L} \bigl(\alpha^{3} + \beta^{3} L \\
    & \quad + L^{5} - 7\bigr)
    \end{aligned}
    """
    if environment not in ("aligned", "aligned[t]", "align*"):
        rule = "must be 'aligned', 'aligned[t]' or 'align*'"
        raise InvalidArgument("environment", rule, f"it is {displayed(environment)}")
    name, _, position = environment.partition("[")
    opening = f"\\begin{{{name}}}" + ("[t]" if position else "")
    product = arrange(value, variable)
    whole = _product(product)
    width = read_em(width)
    left_width = _estimate(left) + _SIGN if left else 0.0
    if whole.em + left_width <= width:
        line = f"{left} = {whole.latex}" if left else whole.latex
        return line if name == "aligned" else f"{opening}\n{line}\n\\end{{{name}}}"
    # A long left side stands on a line of its own, or it would push all lines to the right.
    own_line = bool(left) and left_width > width / 3
    indent = 2.3 if own_line else 1.0 + left_width
    lines = [f"& {left}"] if own_line else []
    for i, content in enumerate(filled_lines(_pieces(product, 0, width / 4), width - indent)):
        if i:
            lines.append(f"& \\quad {content}")
        elif own_line:
            lines.append(f"& \\quad = {content}")
        else:
            lines.append(f"{left} &= {content}" if left else f"& {content}")
    body = " \\\\\n".join(lines)
    return f"{opening}\n{body}\n\\end{{{name}}}"


# -- one line --------------------------------------------------------------------------


def _product(product: Product) -> _Box:
    if product.coefficient == 0:
        return _Box("0", 0.5)
    coefficient = abs(product.coefficient)
    above, below = product.above, product.below
    signed = product.coefficient < 0
    alone = coefficient.numerator == 1 and len(above) == 1
    fraction = coefficient.denominator != 1 or bool(below)
    bare = alone and (fraction or not signed) and above[0][1] == 1
    top = _row(coefficient.numerator, above, bare)
    if fraction:
        lone = coefficient.denominator == 1 and len(below) == 1 and below[0][1] == 1
        bottom = _row(coefficient.denominator, below, lone)
        top = _Box(f"\\frac{{{top.latex}}}{{{bottom.latex}}}", max(top.em, bottom.em) + 0.25, True)
    return _Box("-" + top.latex, top.em + 0.8, top.tall) if signed else top


def _row(number: int, factors: tuple[tuple[Node, int], ...], bare: bool) -> _Box:
    boxes: list[_Box] = []
    if number != 1 or not factors:
        digits = decimal(number)
        boxes.append(_Box(digits, 0.5 * len(digits)))
    boxes += [_factor(node, exponent, bare) for node, exponent in factors]
    latex, em = boxes[0].latex, boxes[0].em
    for box in boxes[1:]:
        # Digits after a factor would read as one number with it.
        dot = box.latex[0].isdigit()
        latex += (r" \cdot " if dot else " ") + box.latex
        em += (0.75 if dot else _SPACE) + box.em
    return _Box(latex, em, any(box.tall for box in boxes))


def _factor(node: Node, exponent: int, bare: bool) -> _Box:
    if isinstance(node, Sum) and bare and exponent == 1:
        return _sum(node)
    if isinstance(node, Root) and exponent != 1:
        power = str(exponent) if node.degree == 1 else f"{exponent}/{node.degree}"
        base = _product(node.radicand)
        bare = _is_letter(node.radicand) or base.latex.isdigit()
        return _raise(base if bare else _parenthesised(base), power)
    if isinstance(node, Name) and str(node.symbol) == "sigma2":
        return _raise(_Box(r"\sigma", 0.57), str(2 * exponent))
    base = _base(node)
    if exponent == 1:
        return base
    if isinstance(node, Power) or (isinstance(node, Call) and node.function == "exp"):
        base = _parenthesised(base)
    return _raise(base, str(exponent))


def _raise(base: _Box, exponent: str) -> _Box:
    return _Box(f"{base.latex}^{{{exponent}}}", base.em + 0.37 * len(exponent) + 0.05, base.tall)


def _is_letter(product: Product) -> bool:
    return (
        product.coefficient == 1
        and len(product.factors) == 1
        and (isinstance(product.factors[0][0], Name) and product.factors[0][1] == 1)
    )


def _base(node: Node) -> _Box:
    match node:
        case Name(symbol):
            return _name(symbol)
        case Root(radicand, degree):
            inner = _product(radicand)
            index = f"[{degree}]" if degree != 2 else ""
            return _Box(f"\\sqrt{index}{{{inner.latex}}}", inner.em + 0.9, True)
        case Call("exp", (argument,)):
            inner = _product(argument)
            if inner.latex == "1":
                return _Box("e", 0.5)
            return _Box(f"e^{{{inner.latex}}}", 0.5 + 0.75 * inner.em)
        case Call("binomial", (upper, lower)):
            over, under = _product(upper), _product(lower)
            box = f"\\binom{{{over.latex}}}{{{under.latex}}}"
            return _Box(box, 0.8 + 0.75 * max(over.em, under.em), True)
        case Call("floor" | "ceiling" as side, (argument,)):
            inner, name = _product(argument), {"floor": "floor", "ceiling": "ceil"}[side]
            left, right = (r"\left", r"\right") if inner.tall else ("", "")
            box = f"{left}\\l{name} {inner.latex} {right}\\r{name}"
            return _Box(box, 0.9 + inner.em, inner.tall)
        case Call(function, arguments):
            inner = _joined([_product(a) for a in arguments])
            name = _FUNCTIONS.get(function, f"\\operatorname{{{function}}}")
            inside = _parenthesised(inner)
            return _Box(name + inside.latex, 0.5 * len(function) + inside.em, inside.tall)
        case Power(base, exponent):
            inner, up = _product(base), _product(exponent)
            inside = inner if _is_letter(base) or not base.factors else _parenthesised(inner)
            return _Box(f"{inside.latex}^{{{up.latex}}}", inside.em + 0.75 * up.em, inside.tall)
        case Sum():
            return _parenthesised(_sum(node))


@lru_cache(maxsize=256)
def _name(symbol: sp.Expr) -> _Box:
    text = str(symbol)
    match = _SUBSCRIPTED.match(text)
    if text == "sigma2":
        return _Box(r"\sigma^{2}", 1.0)
    if match:
        return _Box(f"{match[1]}_{{{match[2]}}}", 0.8 + 0.37 * len(match[2]))
    latex = sp.latex(symbol)
    if latex.isalpha() and len(latex) > 1:
        latex = f"\\mathrm{{{latex}}}"
    return _Box(latex, 0.68 if len(text) == 1 or latex == f"\\{text}" else _estimate(latex))


def _parenthesised(box: _Box) -> _Box:
    if box.tall:
        return _Box(f"\\left({box.latex}\\right)", box.em + 1.2, True)
    return _Box(f"({box.latex})", box.em + 0.8)


def _joined(boxes: list[_Box]) -> _Box:
    latex = ", ".join(box.latex for box in boxes)
    return _Box(latex, sum(b.em + 0.45 for b in boxes), any(b.tall for b in boxes))


#: The boxes of sums that were set lately, each with its sum, so that no other takes its place in memory: lines are cut at terms whose insides are set again and again.
_SET: dict[int, tuple[Sum, _Box]] = {}
_MOST_SET = 4096


def _sum(node: Sum) -> _Box:
    known = _SET.get(id(node))
    if known is not None:
        return known[1]
    box = _set_sum(node)
    if len(_SET) >= _MOST_SET:
        _SET.clear()
    _SET[id(node)] = node, box
    return box


def _set_sum(node: Sum) -> _Box:
    latex, em, tall = "", 0.0, False
    for i, term in enumerate(node.terms):
        sign, box = _signed(term)
        latex += box.latex if i == 0 and sign == "+" else f"{' ' if i else ''}{sign} {box.latex}"
        em += box.em + (_SIGN if i else 0.0 if sign == "+" else 0.8)
        tall = tall or box.tall
    return _Box(latex, em, tall)


def _signed(term: Product) -> tuple[str, _Box]:
    if term.coefficient < 0:
        return "-", _product(Product(-term.coefficient, term.factors))
    return "+", _product(term)


def _estimate(latex: str) -> float:
    """A rough width of given LaTeX: commands count as one letter, braces and scripts' marks as none."""
    bare = re.sub(r"\\[A-Za-z]+|\\.", "M", latex)
    return sum(0.45 if c in "(),.;:|" else 0.8 for c in bare if c not in "{}^_ &")


# -- several lines ---------------------------------------------------------------------


def _pieces(product: Product, depth: int, unit: float) -> list[Chunk]:
    """Cut a product at the terms of its wide sums; what is narrower than ``unit`` stays whole. A wide denominator stands behind a slash."""
    whole = _product(product)
    wide = [(n, e) for n, e in product.factors if _is_wide(n, unit)]
    if whole.em <= unit or (not wide and not _has_long_number(product.coefficient, unit)):
        return [Chunk(whole.latex, whole.em, depth)]
    narrow = tuple(f for f in product.factors if f not in wide)
    over, under = [f for f in wide if f[1] > 0], [(n, -e) for n, e in wide if e < 0]
    chunks: list[Chunk] = []
    coefficient = product.coefficient
    if _has_long_number(coefficient, unit):
        chunks += cut_number(coefficient, depth)
        coefficient = Fraction(1)
    rest = Product(coefficient, narrow)
    below = Product(Fraction(1), ())
    if under:  # a fraction before a slash would be read twice
        below = Product(Fraction(coefficient.denominator), rest.below)
        rest = Product(Fraction(coefficient.numerator), rest.above)
    chunks += _prefix(rest, depth, bool(over or chunks))
    alone = not under and not chunks and len(over) == 1 and over[0][1] == 1
    plain = alone and isinstance(over[0][0], Sum)
    chunks += _wide_factors(over, depth, unit, plain, bool(chunks))
    if under:
        first = _prefix(below, depth, True)
        inner = first + _wide_factors(under, depth, unit, False, bool(first))
        if len(under) > 1 or first:
            inner[0] = replace(inner[0], latex="\\bigl(" + inner[0].latex, em=inner[0].em + 0.6)
            inner[-1] = replace(inner[-1], latex=inner[-1].latex + "\\bigr)", em=inner[-1].em + 0.6)
        inner = stuck_to_prefix(inner)
        slashed = r"\big/ " + inner[0].latex
        inner[0] = replace(inner[0], latex=slashed, em=inner[0].em + 0.6, cost=depth + 0.5, opening="")  # fmt: skip
        chunks += inner
    return stuck_to_prefix(chunks)


def _prefix(product: Product, depth: int, more: bool) -> list[Chunk]:
    """What stands before wide factors; nothing for 1 where there are ``more``."""
    if product.coefficient == 1 and not product.factors and more:
        return []
    box = _product(product)
    if product.coefficient == -1 and not product.factors and more:
        box = _Box("-", 0.8)
    return [Chunk(box.latex + " ", box.em + _SPACE, depth + 0.5, r"\times ")]


def _wide_factors(
    wide: list[tuple[Node, int]], depth: int, unit: float, plain: bool, follows: bool
) -> list[Chunk]:
    """Each factor in brackets with its power, cut at its terms; a ``plain`` one is the whole formula."""
    chunks: list[Chunk] = []
    for node, exponent in wide:
        inner = _terms(node, depth + (0 if plain else 1), unit)
        if not plain:
            power = f"{exponent}/{node.degree}" if isinstance(node, Root) else str(exponent)
            closing = "\\bigr)" + ("" if power == "1" else f"^{{{power}}}")
            opening = r"\times " if chunks or follows else ""
            latex, em = "\\bigl(" + inner[0].latex, inner[0].em + 0.6
            inner[0] = Chunk(latex, em, depth + 0.5, opening)
            inner[-1] = replace(inner[-1], latex=inner[-1].latex + closing, em=inner[-1].em + 1.5)
        chunks += inner
    return chunks


def _is_wide(node: Node, unit: float) -> bool:
    if isinstance(node, Root):
        return _product(node.radicand).em > 2 * unit
    return isinstance(node, Sum) and _sum(node).em > unit


def _terms(node: Node, depth: int, unit: float) -> list[Chunk]:
    if isinstance(node, Root):
        return _pieces(node.radicand, depth, unit)
    assert isinstance(node, Sum)  # only sums and roots are wide
    chunks: list[Chunk] = []
    for i, term in enumerate(node.terms):
        sign = "-" if term.coefficient < 0 else "+"
        pieces = _pieces(Product(abs(term.coefficient), term.factors), depth, unit)
        mark = f" {sign} " if i else "- " if sign == "-" else ""
        em = pieces[0].em + (_SIGN if mark else 0.0)
        pieces[0] = replace(pieces[0], latex=mark + pieces[0].latex, em=em, cost=depth, opening="")
        chunks += pieces
    return chunks


def _has_long_number(number: object, unit: float) -> bool:
    return 0.25 * len(decimal(number)) > unit
