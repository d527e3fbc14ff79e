"""Formulas: what text prints is read back, lines keep their width, LaTeX compiles inside its page.

The second route is `symkern.abc.parse`, which shares no code with the printer, and SymPy's own
arithmetic on what it returns; for LaTeX it is TeX itself.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.abc import L, alpha, b, beta, cycle_count, gamma, n, parse, sigma2, v, w, x
from symkern.errors import InvalidArgument, InvalidType
from symkern.typeset import (
    break_formula,
    formula_display,
    formula_latex,
    formula_lines,
    formula_text,
)
from symkern.typeset.document import document
from symkern.typeset.tex import PAGE, latex_width
from tests.search import examples

X1, X2, X3 = map(cycle_count, (1, 2, 3))
NAMES = [alpha, beta, gamma, w, b, sigma2, L, v, n, x, X1, X2, X3]


def polynomials(max_terms: int = 4) -> st.SearchStrategy[sp.Expr]:
    term = st.tuples(
        st.fractions(min_value=-9, max_value=9, max_denominator=6),
        st.dictionaries(st.sampled_from(NAMES), st.integers(1, 3), max_size=3),
    )

    def build(terms: list[tuple[Fraction, dict[sp.Symbol, int]]]) -> sp.Expr:
        return sp.Add(
            *(
                sp.Mul(sp.Rational(c.numerator, c.denominator), *(s**e for s, e in powers.items()))
                for c, powers in terms
            )
        )

    return st.lists(term, max_size=max_terms).map(build)


@st.composite
def formulas(draw: st.DrawFn) -> sp.Expr:
    """Rational functions, some with square roots and exponentials, in no normal form."""
    numerator = sp.Mul(*draw(st.lists(polynomials(), min_size=1, max_size=2)))
    denominator = draw(polynomials(3))
    expr = numerator / denominator if denominator != 0 else numerator
    extra = draw(st.sampled_from(["", "", "sqrt", "exp", "power"]))
    inner = draw(polynomials(3))
    if extra == "sqrt" and inner != 0:
        expr = expr + draw(st.sampled_from([1, -1])) * sp.sqrt(inner) / (L + 1)
    elif extra == "exp":
        expr = expr * sp.exp(inner) - 2
    elif extra == "power":
        expr = (expr + 1) ** draw(st.integers(2, 4))
    return expr


def close(a: sp.Expr, c: sp.Expr) -> bool:
    """Equality at exact sample points, radicals and exponentials to 40 digits."""
    for k in (3, 7):
        point = {s: sp.Rational(p, k) for s, p in zip(NAMES, (2, 5, 3, 7, 11, 13, 8, 4, 6, 1, 9))}
        point |= {X2: 5, X3: 2}
        difference = sp.N(a.subs(point) - c.subs(point), 40)
        scale = abs(sp.N(a.subs(point), 40)) + 1
        if difference.has(sp.nan, sp.zoo):
            continue
        if abs(difference) > scale * sp.Float("1e-30"):
            return False
    return True


@examples(60)
@given(formulas())
def test_text_is_read_back_as_the_same_number(expr: sp.Expr) -> None:
    # SymPy turns a vanishing denominator into zoo and roots of negative numbers into I.
    if expr.has(sp.zoo, sp.nan, sp.I):
        return
    text = formula_text(expr)
    again = parse(text)
    assert close(expr, again)
    if expr.is_rational_function(*NAMES):
        assert sp.cancel(sp.together(again - expr)) == 0


@examples(40)
@given(polynomials(5), polynomials(2))
def test_text_collected_in_a_variable_is_read_back(p: sp.Expr, q: sp.Expr) -> None:
    expr = sp.expand(p * (x**2 - q))
    assert sp.expand(parse(formula_text(expr, variable=x)) - expr) == 0


@examples(30)
@given(formulas(), st.integers(30, 100), st.integers(0, 25))
def test_lines_keep_their_width_and_join_to_the_formula(
    expr: sp.Expr, width: int, taken: int
) -> None:
    lines = formula_lines(expr, width=width, first=width - taken)
    assert all(len(line) <= width for line in lines)
    assert len(lines[0]) <= width - taken
    assert " ".join(lines).replace(" ", "") == formula_text(expr).replace(" ", "")


@given(st.text(alphabet="ab*/+-() ,12", max_size=200), st.integers(1, 30))
def test_breaking_loses_nothing(text: str, width: int) -> None:
    lines = break_formula(text, width)
    assert all(len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


D = alpha**2 * L**2 + 4 * alpha * beta * v + beta**2
r = sp.Symbol("r")

PINNED = [
    (alpha * beta * (alpha * L + 2 * beta) / (2 * L**3), "alpha*beta*(alpha*L + 2*beta)/(2*L^3)"),
    (alpha**2 * beta / (2 * L**3) - alpha**2 * beta / L**4, "alpha^2*beta*(L - 2)/(2*L^4)"),
    ((v - 1) * (L - 1), "(L - 1)*(v - 1)"),
    (L * (L - 5) * (L - 1) / 6, "L*(L - 1)*(L - 5)/6"),
    (sigma2 * L / alpha, "sigma2*L/alpha"),
    (X1 * (X1 - 3) / 2 + X2, "X1*(X1 - 3)/2 + X2"),
    (X1 * (X1 - 2) * (X1 - 4) / 3 - X3, "X1*(X1 - 2)*(X1 - 4)/3 - X3"),
    (alpha * (X1 + X2) / L, "alpha*(X1 + X2)/L"),
    ((L + sp.sqrt(D)) / (2 * v), "(L + sqrt(alpha^2*L^2 + 4*alpha*beta*v + beta^2))/(2*v)"),
    ((1 + sp.sqrt(5)) / 2, "(1 + sqrt(5))/2"),
    (1 / sp.sqrt(L), "1/sqrt(L)"),
    (L ** sp.Rational(3, 2), "sqrt(L)^3"),
    (sp.exp(alpha + beta) / (sp.exp(alpha) + L - 1), "exp(alpha + beta)/(L + exp(alpha) - 1)"),
    (2 - L, "2 - L"),
    ((2 - L) / 3, "(2 - L)/3"),
    (-L - 2, "-(L + 2)"),
    (-alpha / L, "-alpha/L"),
    (sp.Rational(-3, 4), "-3/4"),
    (0, "0"),
    (np.int64(7), "7"),
    (Fraction(2, 6), "1/3"),
    (3 * v**L, "3*v^L"),
    (sp.pi * alpha / 2, "pi*alpha/2"),
    (sp.sqrt(1 - r**2), "sqrt(1 - r^2)"),
    ((alpha + beta + L) ** 500, "(L + alpha + beta)^500"),
]


@pytest.mark.parametrize(("expr", "text"), PINNED, ids=[text for _, text in PINNED])
def test_text_pins(expr: object, text: str) -> None:
    assert formula_text(expr) == text


LATEX_PINS = [
    (
        alpha * beta * (alpha * L + 2 * beta) / (2 * L**3),
        r"\frac{\alpha \beta (\alpha L + 2 \beta)}{2 L^{3}}",
    ),
    (sigma2**2 / 3, r"\frac{\sigma^{4}}{3}"),
    (sigma2 / (alpha * L + beta), r"\frac{\sigma^{2}}{\alpha L + \beta}"),
    (X2 - X1, "X_{2} - X_{1}"),
    (3 * sp.Integer(2) ** L, r"3 \cdot 2^{L}"),
    (sp.exp(2 * alpha), r"e^{2 \alpha}"),
    (sp.exp(2 * alpha) ** 2, r"e^{4 \alpha}"),
    (D ** sp.Rational(3, 2), r"(\alpha^{2} L^{2} + 4 \alpha \beta v + \beta^{2})^{3/2}"),
    (L ** sp.Rational(1, 3), r"\sqrt[3]{L}"),
    (-1 / L, r"-\frac{1}{L}"),
    (sp.acos(r) / sp.pi, r"\frac{\arccos(r)}{\pi}"),
    (sp.Symbol("foo"), r"\mathrm{foo}"),
]


@pytest.mark.parametrize(("expr", "latex"), LATEX_PINS, ids=[latex for _, latex in LATEX_PINS])
def test_latex_pins(expr: sp.Expr, latex: str) -> None:
    assert formula_latex(expr) == latex


def test_a_polynomial_in_x_descends() -> None:
    polynomial = 3072 * x**2 - 1456 * x + 21
    assert formula_text(polynomial, variable=x) == "3072*x^2 - 1456*x + 21"
    assert formula_latex(polynomial, variable=x) == "3072 x^{2} - 1456 x + 21"
    factored = sp.expand((x - alpha / L) * (2 * x - 1))
    assert formula_text(factored, variable=x) == "(2*L*x^2 - x*(2*alpha + L) + alpha)/L"


def test_both_media_agree_on_the_order_of_factors() -> None:
    expr = v * L * beta * alpha * (L - 1)
    assert formula_text(expr) == "alpha*beta*L*v*(L - 1)"
    assert formula_latex(expr) == r"\alpha \beta L v (L - 1)"


def test_what_is_too_large_to_expand_is_printed_as_it_stands() -> None:
    expr = (alpha + beta + L + v) ** 40 * (alpha - 1) + 1
    assert formula_text(expr).count("^40") == 1
    assert (
        sp.expand(
            parse(formula_text(expr)).subs({alpha: 2, beta: 3, L: 5})
            - expr.subs({alpha: 2, beta: 3, L: 5})
        )
        == 0
    )


@pytest.mark.parametrize("wrong", ["L", None, 1.5, True, sp.Eq(L, 1)])
def test_only_formulas_are_formulas(wrong: object) -> None:
    with pytest.raises(InvalidType, match="formula: must be a SymPy expression"):
        formula_text(wrong)


def test_display_environment_is_checked() -> None:
    with pytest.raises(InvalidArgument, match="environment: must be 'aligned'"):
        formula_display(L, environment="equation")


def long_formulas() -> list[sp.Expr]:
    big = sp.expand((alpha * L + beta * v + L * v - 3) ** 5 + (alpha - L * v + 2) ** 4)
    return [
        big,
        big / (2 * L**4),
        1 / big,
        sp.sqrt(big),
        (sp.sqrt(D) - (big - alpha**5 * L**5) * alpha) / (2 * L**2),
        (big * alpha**3 + 1) * (L**5 - 3 * L**4 + 2 * L**2 * alpha - alpha + 7 * beta) / L,
        sp.Integer(7) ** 400,
        sp.Rational(7**300, 3**300) * alpha,
        sp.expand((x - alpha / L) * (x**2 - (L + v + alpha) ** 3 * x / v + beta)),
    ]


def test_long_formulas_compile_within_a_narrow_page(compile_latex: Callable[[str], str]) -> None:
    """In a 10pt article, whose lines are 345pt wide: TeX reports every line that sticks out."""
    displays = [
        formula_display(e, left=left, environment="align*", variable=x if e.has(x) else None)
        for e in long_formulas()
        for left in ("", r"\lambda_{1}", r"\lambda_{(L-3,2,1), (v-2,1,1)}^{(1)}")
    ]
    body = "\n".join(displays)
    source = (
        r"\documentclass{article}\usepackage{amsmath,amssymb}\allowdisplaybreaks"
        + "\n\\begin{document}\n"
        + body
        + "\n\\end{document}\n"
    )
    log = compile_latex(source)
    assert "Overfull \\hbox" not in log


def test_short_formulas_compile(compile_latex: Callable[[str], str]) -> None:
    body = "\n\n".join(
        f"${formula_latex(e)}$" for e, _ in [*PINNED, *LATEX_PINS] if latex_width(e) < PAGE
    )
    assert "Overfull \\hbox" not in compile_latex(document(body))


def test_estimated_widths_are_not_below_the_real_ones(compile_latex: Callable[[str], str]) -> None:
    """TeX measures each formula; the estimate may exceed the truth, by at most two thirds."""
    cases = [sp.sympify(e) if isinstance(e, int) else e for e, _ in [*PINNED[:20], *LATEX_PINS]]
    cases += long_formulas()[:4]
    lines = [
        f"\\setbox0\\hbox{{$\\displaystyle {formula_latex(e)}$}}\\typeout{{W{i}=\\the\\wd0}}"
        for i, e in enumerate(cases)
    ]
    log = compile_latex(
        r"\documentclass{article}\usepackage{amsmath,amssymb}\begin{document}x"
        + "\n".join(lines)
        + r"\end{document}"
    )
    for i, e in enumerate(cases):
        real = float(log.split(f"W{i}=")[1].split("pt")[0]) / 10.0
        assert real <= latex_width(e) * 1.05 + 0.4, formula_text(e)
        assert latex_width(e) <= real * 1.7 + 1.0, formula_text(e)
