"""Text of LaTeX for a terminal: it has the value of the formula, keeps to its width, and nothing of LaTeX is left over."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import given

from symkern.abc import L, alpha, beta, parse, sigma2, v
from symkern.certificates.catalogue import CATALOGUE
from symkern.pages.derivations import derivation_text
from symkern.typeset import formula_display, formula_latex
from symkern.typeset.readable import ascii_text, readable_formula, readable_prose
from tests.typeset.test_mathml import _formulas

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_POINT = {L: 11, v: 5, alpha: Fraction(3, 7), beta: Fraction(2, 3), sigma2: Fraction(5, 13)}


_NAMES = {"α": "alpha", "β": "beta", "√": "sqrt"}


def read_back(text: str) -> sp.Expr:
    """A formula of the blackboard in the grammar of symkern.abc.parse: letters are names, what stands side by side is multiplied."""
    found, last = "", ""
    for token in re.findall(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+|\d+|\S", text):
        begins = (
            token in _NAMES
            or token == "σ"
            or token == "("
            or (token.isalnum() and token[0] not in "⁰¹²³⁴⁵⁶⁷⁸⁹")
        )
        ends = last == ")" or last.isalnum() or last == "σ"
        if ends and begins:
            found += "*"
        if token[0] in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻":
            found += (
                f"^({token.translate(_RAISED)})"
                if last != "σ"
                else f"^({token.translate(_RAISED)}/2)"
            )
        else:
            found += {"σ": "sigma2", "−": "-", "⋅": "*", "×": "*", **_NAMES}.get(token, token)
        last = token
    return parse(found)


def value(formula: sp.Expr) -> sp.Expr:
    return sp.nsimplify(formula.subs({s: sp.Rational(str(q)) for s, q in _POINT.items()}))


@given(_formulas)
def test_the_text_has_the_value_of_the_formula(formula):
    """In one line and in several."""
    assert value(read_back(readable_formula(formula_latex(formula)))) == value(formula)
    assert value(read_back(readable_formula(formula_display(formula, width=9)))) == value(formula)


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\frac{1}{2} (a + b)", "1/2 ⋅ (a + b)"),
        (r"\frac{a + b}{c d}", "(a + b)/(cd)"),
        (r"\frac{a}{b}", "a/b"),
        (r"x_a y_b", "x_a y_b"),
        (r"\sum_t n_t(x)\, n_t(y)", "∑_t n_t(x) n_t(y)"),
        (r"e^{-x}", "e^(−x)"),
        (r"(L - 1, 1) \otimes (v - 2, 1, 1)", "(L-1,1) ⊗ (v-2,1,1)"),
        (r"(a - b, c)", "(a − b, c)"),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "(a, b; c, d)"),
        (r"\hat f(P)", "f̂(P)"),
        (r"\text{if } n \geq 10", "if n ≥ 10"),
        (r"\binom{n}{k}", "(n choose k)"),
        (r"\unknown{x}", r"\unknown{x}"),
    ],
)
def test_conventions(latex, text):
    assert " ".join(readable_formula(latex).replace("\u00a0", " ").split()) == text


def test_other_terminals_get_their_own_letters():
    assert ascii_text(readable_formula(r"\lambda \leq \frac{2 \alpha^{2}}{L^{3}}")) == "lambda <= 2alpha^2/L^3"  # fmt: skip
    assert readable_prose(r"\input{x}") == r"\input{x}"


@pytest.mark.parametrize("name", CATALOGUE)
@pytest.mark.sampled(4)
def test_derivations_are_read_in_a_terminal(name):
    derivation = CATALOGUE[name]()
    for width in (80, 40):
        text = derivation_text(derivation, width)
        assert max(map(len, text.splitlines())) <= width
        assert not re.search(r"[\\$]|\{\}|\^\{", text), text
        assert all(f"{i}. " in text for i in range(1, len(derivation.steps) + 1))
        ascii_text(text).encode("ascii")
