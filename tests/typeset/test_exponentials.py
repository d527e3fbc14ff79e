"""Exponentials are laid out as powers of those of single terms, and printed as one."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.abc import L, alpha, beta, n, parse
from symkern.typeset import formula_latex, formula_text

WRITTEN = [
    (sp.exp(alpha) * sp.exp(beta), "exp(alpha + beta)"),
    (4 * sp.exp(alpha) + sp.exp(2 * alpha) - 1, "exp(2*alpha) + 4*exp(alpha) - 1"),
    (4 * sp.E + sp.exp(2) - 1, "exp(2) + 4*exp(1) - 1"),
    (sp.exp(4 * alpha) - 2 * sp.exp(2 * alpha) + 1, "(exp(2*alpha) - 1)^2"),
    (sp.exp(alpha + 1) * L, "L*exp(alpha + 1)"),
    (sp.exp(-n) / (sp.exp(-2 * n) + 1), "exp(-n)/(exp(-2*n) + 1)"),
    (sp.exp(beta - alpha) + 1, "exp(beta - alpha) + 1"),
    (sp.exp(alpha) + sp.exp(-alpha), "exp(alpha) + exp(-alpha)"),
    (1 / (L * sp.exp(alpha / 2)), "exp(-alpha/2)/L"),
    (sp.exp(1000 * alpha) + sp.exp(alpha), "exp(alpha) + exp(1000*alpha)"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "text"), WRITTEN, ids=[text for _, text in WRITTEN])
def test_how_they_stand(value, text):
    assert formula_text(value) == text
    assert sp.expand(parse(text) - value) == 0


def test_the_number_e_in_latex():
    assert formula_latex((sp.E + 1) ** 4 * sp.exp(2) / L) == r"\frac{e^{2} (e + 1)^{4}}{L}"


TERMS = st.tuples(
    st.integers(-3, 3), st.fractions(-2, 2, max_denominator=3), st.fractions(-2, 2, max_denominator=3), st.integers(0, 2),
)  # fmt: skip


@given(st.lists(TERMS, min_size=1, max_size=4), st.lists(TERMS, min_size=1, max_size=2))
def test_the_number_is_the_same(above, below):
    """Read back, a quotient of sums of exponentials has the same value."""

    def total(terms):  # fmt: skip
        return sum((c * sp.exp(sp.Rational(a) * alpha + sp.Rational(b) * beta + e) for c, a, b, e in terms), sp.S(0))  # fmt: skip

    value = total(above) / (total(below) ** 2 + 1)
    at = {alpha: sp.Rational(2, 7), beta: sp.Rational(-3, 5)}
    read = parse(formula_text(value))
    assert abs(sp.N(read.subs(at) - value.subs(at), 30)) < 1e-20
