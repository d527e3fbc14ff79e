"""Joined roots and chosen signs: the text read back has the same value at points where factors have either sign.

The second route is `symkern.abc.parse` or SymPy's reader, and SymPy's arithmetic with the principal root, which know neither rule.
"""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.abc import L, alpha, beta, cycle_count, gamma, lam, n, p, parse, sigma2, v, x
from symkern.exact import function_field
from symkern.typeset import formula_latex, formula_text
from symkern.typeset.mathml import mathml
from tests.search import examples

X1, X4 = cycle_count(1), cycle_count(4)
NAMES = [alpha, gamma, p, n, L]
RADICANDS = [sp.Integer(2), sp.Integer(3), sp.pi, alpha, n, L - 1, L - 3, 1 - p, gamma - 2, 2 * alpha + 2, x, sp.sqrt(5) + 3, 3 - n]  # fmt: skip
SUMS = [gamma - 1, 2 * gamma - 1, 1 - p, alpha - gamma, L - 2, gamma - alpha - 1, p - gamma, L * gamma - 1, alpha + 1]  # fmt: skip


def same_values(one: sp.Expr, other: sp.Expr) -> bool:
    # SymPy takes positive names for positive wherever it simplifies: their values are, and sums of them have either sign.
    for values in ((2, 3, sp.Rational(1, 3), 5, 7), (sp.Rational(1, 2), sp.Rational(1, 5), 2, 2, 1), (1, 2, 3, 4, 2)):  # fmt: skip
        for unknown in (-2, 3):
            point = {**dict(zip(NAMES, values)), x: unknown}
            a, b = (sp.N(e.xreplace(point), 30) for e in (one, other))
            if not (a.has(sp.zoo, sp.nan) or b.has(sp.zoo, sp.nan) or abs(a - b) < 1e-20):
                return False
    return True


roots = st.lists(st.tuples(st.sampled_from(RADICANDS), st.sampled_from([1, 1, 1, -1, 3])), min_size=2, max_size=4)  # fmt: skip


@examples(25)
@given(roots, st.sampled_from([2, 2, 2, 3]), st.sampled_from([0, 1, gamma]))
def test_joined_roots_have_the_value_of_the_product(
    factors: list[tuple[sp.Expr, int]], degree: int, more: sp.Expr
) -> None:
    expr = sp.Mul(*(r ** sp.Rational(e, degree) for r, e in factors)) + more
    # Read by SymPy: no formula of a user has pi, or roots of other degrees.
    names = {str(s): s for s in [*NAMES, x]}
    assert same_values(expr, sp.sympify(formula_text(expr).replace("^", "**"), locals=names))


@examples(40)
@given(
    st.lists(
        st.tuples(st.sampled_from(SUMS), st.sampled_from([1, 1, 2, -1, 3])), min_size=1, max_size=4
    ),
    st.sampled_from([1, -1, -3]),
)
def test_turned_factors_have_the_value_of_the_product_and_no_more_signs(
    factors: list[tuple[sp.Expr, int]], scale: int
) -> None:
    expr = scale * sp.Mul(*(s**e for s, e in factors))
    text = formula_text(expr)
    assert sp.simplify(parse(text) - expr) == 0
    exact = function_field((L, alpha, gamma, p))(expr).to_sympy()
    assert sp.simplify(exact - expr) == 0
    if not any(s.has(L, p) for s, _ in factors):
        opposite = formula_text(-expr)
        assert text.count("-") <= opposite.count("-") + 1


ROOTS = [
    (sp.sqrt(2) * sp.sqrt(n), "sqrt(2*n)", r"\sqrt{2 n}"),
    (sp.sqrt(2) * sp.sqrt(n) / sp.sqrt(sp.pi), "sqrt(2*n/pi)", r"\sqrt{\frac{2 n}{\pi}}"),
    (2 * sp.sqrt(10) * sp.sqrt(n - 1) / 15, "2*sqrt(10*(n - 1))/15", r"\frac{2 \sqrt{10 (n - 1)}}{15}"),
    (1 + sp.sqrt(3) * sp.sqrt(alpha) * beta, "1 + beta*sqrt(3*alpha)", r"1 + \beta \sqrt{3 \alpha}"),
    (sp.sqrt(alpha + beta) * sp.sqrt(2) / L, "sqrt(2*(alpha + beta))/L", r"\frac{\sqrt{2 (\alpha + \beta)}}{L}"),
    (sp.sqrt(L - 3) * sp.sqrt(3 - n), "sqrt(L - 3)*sqrt(3 - n)", r"\sqrt{L - 3} \sqrt{3 - n}"),
    (1 / sp.sqrt(L), "1/sqrt(L)", r"\frac{1}{\sqrt{L}}"),
    (1 / sp.sqrt(x - 1) * sp.sqrt(2), "sqrt(2)/sqrt(x - 1)", r"\frac{\sqrt{2}}{\sqrt{x - 1}}"),
]  # fmt: skip


@pytest.mark.parametrize(("expr", "text", "latex"), ROOTS, ids=[text for _, text, _ in ROOTS])
def test_roots_are_joined_in_every_medium(expr: sp.Expr, text: str, latex: str) -> None:
    assert (formula_text(expr), formula_latex(expr)) == (text, latex)
    assert mathml(latex).count("<msqrt>") == text.count("sqrt")


SIGNS = [
    (-2 * gamma * (gamma - 1), "2*gamma*(1 - gamma)"),
    (gamma * (gamma - 1), "gamma*(gamma - 1)"),
    (gamma * (gamma - 1) * (2 * gamma - 1) / L, "gamma*(1 - gamma)*(1 - 2*gamma)/L"),
    ((gamma - 1) ** 2 * alpha, "alpha*(1 - gamma)^2"),
    (-sigma2 / (sp.Symbol("r", positive=True) - 1), "sigma2/(1 - r)"),
    (-alpha * (L * alpha - beta), "alpha*(beta - alpha*L)"),
    (-L * (L - 1) / 6, "-L*(L - 1)/6"),
    (-X4 * (X1 - 1), "-X4*(X1 - 1)"),
    (-v * (L - 2) * (lam - 1), "v*(1 - lam)*(L - 2)"),
    (p * (p - 1), "-p*(1 - p)"),
]


@pytest.mark.parametrize(("expr", "text"), SIGNS, ids=[text for _, text in SIGNS])
def test_signs(expr: sp.Expr, text: str) -> None:
    assert formula_text(expr) == text
