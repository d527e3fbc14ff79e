"""The cells of eigenvalues in tables: exact numbers, first digits, balls, leading terms, and sigma2 over each of them."""

from __future__ import annotations

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import sigma2
from symkern.claims.scaling_law import ScalingLaw
from symkern.exact import AlgebraicNumber, Ball, Branch
from symkern.exact.asymptotics import Leading
from symkern.exact.length_series import power_latex
from symkern.limits import current
from symkern.typeset.plain import formula_text
from symkern.typeset.tables import Cell
from symkern.typeset.tex import formula_latex

#: What stands for a leading coefficient without a formula.
COEFFICIENT = sp.Symbol("c", positive=True)
#: What stands for one whose formula is too long for a table.
LONG_COEFFICIENT = sp.Symbol("C", positive=True)

_ROOT_COST = Cell("sigma2/root", r"\sigma^2/\text{root}")


def value_cell(branch: Branch) -> Cell:
    """An eigenvalue: its formula or number, its first or certain digits, or where it stands instead."""
    value = branch.value
    if value is None and not branch.minimal_polynomial:
        return Cell("root of block", r"\text{root of block}")
    if value is None or is_long_root(branch):
        return Cell("root, below", r"\text{root, below}")
    if isinstance(value, sp.Expr):
        cell = Cell.of(value)
        return cell if not is_long_number(value, cell.text) else digits_cell(value)
    if not isinstance(value, Ball):
        return digits_cell(value)
    if value.excludes_zero or not (value.midpoint or value.radius):
        return Cell(value.digits(6), value.latex(6))  # no more digits than are certain
    text = value.digits(1).removeprefix("|.| <= ")
    return Cell(f"0 or below {text}", rf"0 \text{{ or below }} {_power_latex(text)}")


def _power_latex(digits: str) -> str:
    """Digits with an exponent, 1e-5, for math mode."""
    mantissa, _, exponent = digits.partition("e")
    return rf"{mantissa}\cdot 10^{{{int(exponent)}}}" if exponent else digits


def is_long_number(value: sp.Expr, text: str) -> bool:
    """Whether an exact number is written out below the table and shown there by its first digits."""
    return len(text) > current().number_characters and bool(value.is_number)


def digits_cell(value: sp.Expr | AlgebraicNumber | float, unit: str = "") -> Cell:
    """The first digits of an exact number, an `AlgebraicNumber` or a float."""
    digits = first_digits(value)
    latex = _power_latex(digits)
    return Cell(f"{digits} {unit}", rf"{latex}\,\sigma^2") if unit else Cell(digits, latex)


def first_digits(value: sp.Expr | AlgebraicNumber | float) -> str:
    """Six digits, of numbers too large or too small for a float as well."""
    if not isinstance(value, sp.Expr):
        return f"{float(value):.6g}"
    near = value.evalf(15, maxn=current().cancelled_bits)
    if 1e-300 < abs(near) < 1e300:
        return f"{float(near):.6g}"
    mantissa, _, power = str(value.evalf(6, maxn=current().cancelled_bits)).partition("e")
    return f"{mantissa}e{power}" if power else mantissa


def is_long_root(branch: Branch) -> bool:
    """Whether a root is a radical with symbols, too long for a column; it stands below the table."""
    return branch.degree > 1 and isinstance(branch.value, sp.Expr) and not branch.value.is_number


def sum_terms(formula: sp.Expr) -> int:
    """Terms of all sums in a formula as it stands.

    >>> from symkern.abc import L, alpha
    >>> sum_terms((alpha + 1) ** 2 * (L + alpha + 2)), sum_terms(alpha)
    (5, 1)
    """
    return sum(len(part.args) for part in sp.preorder_traversal(formula) if part.is_Add) or 1


def is_long_coefficient(term: Leading | None) -> bool:
    """Whether a summary leaves the formula of a leading coefficient out."""
    if term is None or not isinstance(term.coefficient, sp.Expr):
        return False
    return sum_terms(term.coefficient) > current().cell_terms


def leading_cell(term: Leading | None, branch: Branch, full: bool = True) -> object:
    """A leading term; where there is none, the value; unless ``full`` a letter for a coefficient that is too long for a table."""
    if term is None:
        return value_cell(branch)
    if not full and is_long_coefficient(term):
        return LONG_COEFFICIENT * term.variable**term.exponent
    if isinstance(term.coefficient, Ball):
        return digits_with_power(term.coefficient, term.exponent)
    if term.expression is None:
        return COEFFICIENT * term.variable**term.exponent
    return term.expression


def digits_with_power(value: Ball, power: sp.Rational, unit: sp.Expr = sp.S.One) -> Cell:
    """The certain digits of a coefficient times a unit and a power of L."""
    grown = CONTEXT_LENGTH**power
    text, latex = value.digits(6), value.latex(6)
    if unit != 1:
        text, latex = f"{text} {formula_text(unit)}", rf"{latex}\,{formula_latex(unit)}"
    if power == 0:
        return Cell(text, latex)
    latex = rf"{latex}\,{power_latex(power)}"
    if power.is_negative:
        return Cell(f"{text}/{formula_text(1 / grown)}", latex)
    return Cell(f"{text} {formula_text(grown)}", latex)


def leading_cost(term: Leading | None, full: bool = True) -> object:
    """sigma2 over a leading term, as `leading_cell` shows that."""
    if term is None:
        return _ROOT_COST
    if not full and is_long_coefficient(term):
        return sigma2 * term.variable**-term.exponent / LONG_COEFFICIENT
    if isinstance(term.coefficient, Ball):
        if not (term.coefficient.excludes_zero and term.coefficient.midpoint > 0):
            return Cell("", None)
        over = term.coefficient.reciprocal()
        return digits_with_power(over, -term.exponent, sigma2)
    if term.expression is None:
        return sigma2 * term.variable**-term.exponent / COEFFICIENT
    return term.cost(sigma2).expression


def numeric_cost(law: ScalingLaw | None, branch: Branch) -> object:
    """sigma2 over an eigenvalue that is a number, with the digits that are certain."""
    value = branch.value
    if is_long_root(branch) or value is None:
        return _ROOT_COST
    if isinstance(value, Ball):
        if not (value.excludes_zero and value.midpoint > 0):
            return Cell("" if not value.excludes_zero else "never", None)
        cost = value.reciprocal()
        return Cell(f"{cost.digits(4)} sigma2", rf"{cost.latex(4)}\,\sigma^2")
    if branch.degree > 2 and float(value) > 0:  # an algebraic number: as many digits as beside it
        return digits_cell(1 / float(value), "sigma2")
    if law is None or law.formula is None:
        return Cell("", None)
    if isinstance(value, AlgebraicNumber):
        return law.formula
    if value.is_number and len(formula_text(law.formula)) > current().number_characters + 4:
        return digits_cell(1 / value, "sigma2")
    return law.formula


def is_enclosed(branch: Branch) -> bool:
    """Whether an eigenvalue is a number that is written by its digits: a ball, or a root of degree above two."""
    return branch.value is not None and not (
        isinstance(branch.value, sp.Expr)
        and not is_long_number(branch.value, formula_text(branch.value))
    )


def enclosed_digits(value: Ball | AlgebraicNumber | sp.Expr, most: int = 15) -> tuple[str, str]:
    """The certain digits of a ball or a root of degree above two, and of sigma2 over it.

    The samples are empty where the number is not known to be above zero.
    """
    if not isinstance(value, Ball):  # a root: fifteen digits of a float are certain
        number = float(value)
        return f"{number:.{most}g}", f"{1 / number:.{most}g}*sigma2" if number > 0 else ""
    if not (value.excludes_zero and value.midpoint > 0):
        return value.digits(most), ""
    return value.digits(most), f"{value.reciprocal().digits(most)}*sigma2"
