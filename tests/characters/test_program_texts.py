"""Text for Sage and GAP: pinned, and read back by a few lines that take their words for Python's."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import symkern as sk
from symkern.abc import alpha, beta
from symkern.characters import (
    SymmetricFunction,
    alternating_table,
    h,
    hyperoctahedral_table,
    kostka_matrix,
    p,
    s,
)
from symkern.characters import st as characters
from symkern.combinatorics import Tableau, from_cycles, partitions
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.representations import GroupAlgebraElement, young_symmetriser


class Sage:
    """As much of Sage as these texts speak of."""

    def __init__(self, basis: str = "") -> None:
        self.basis = basis

    def __getattr__(self, basis: str) -> Any:
        return lambda: Sage(basis)

    def sum_of_terms(self, terms: list[Any]) -> Any:
        return SymmetricFunction(self.basis, dict(terms))


def read_by_sage(text: str) -> Any:
    words = {
        "SymmetricFunctions": lambda ring: Sage(),
        "Partition": tuple,
        "QQ": {("alpha", "beta"): "QQab", "alpha": "QQa"},
        "FractionField": lambda ring: sp.sympify,
        "matrix": lambda ring, rows: sp.Matrix(rows),
        "SymmetricGroupAlgebra": lambda ring, n: Algebra(n),
        "Permutation": lambda images: tuple(a - 1 for a in images),
        "ZZ": None, "SR": None, "sqrt": sp.sqrt, "I": sp.I,
    }  # fmt: skip
    return eval(fractions_of(text), {"__builtins__": {}, "F": Fraction}, words)  # noqa: S307


def fractions_of(text: str) -> str:
    """Python would divide integers as floats."""
    import re

    return re.sub(r"(?<![\w'\"])(-?\d+)/(\d+)", r"F(\1, \2)", text) if "'" not in text else text


class Algebra:
    def __init__(self, n: int) -> None:
        self.n = n

    def sum_of_terms(self, terms: list[Any]) -> GroupAlgebraElement:
        return GroupAlgebraElement(self.n, dict(terms))


@given(
    st.sampled_from("shepm"),
    st.dictionaries(
        st.integers(0, 5).flatmap(lambda n: st.sampled_from(partitions(n))),
        st.fractions(max_denominator=9),
        max_size=4,
    ),
)
def test_symmetric_functions_in_sage(basis: str, terms: dict[Any, Any]) -> None:
    f = SymmetricFunction(basis, terms)
    found = read_by_sage(f.to_sage())
    assert found.basis == basis and found == f


def test_coefficients_with_symbols() -> None:
    f = (alpha**2 - beta / 3) * s[2] + s[1] / (alpha + 1)
    assert f.to_sage() == (
        "SymmetricFunctions(FractionField(QQ['alpha', 'beta'])).s().sum_of_terms(["
        "(Partition([2]), FractionField(QQ['alpha', 'beta'])('alpha^2-beta/3')), "
        "(Partition([1]), FractionField(QQ['alpha', 'beta'])('1/(alpha+1)'))])"
    )
    assert (
        characters[2].to_sage() == "SymmetricFunctions(QQ).st().sum_of_terms([(Partition([2]), 1)])"
    )
    for c in (sp.sqrt(2), sp.I, sp.pi, alpha ** sp.Rational(1, 2), sp.exp(alpha)):
        with pytest.raises(
            InvalidArgument, match="f: must have rational functions as coefficients"
        ):
            (c * h[2]).to_sage()
    with pytest.raises(NoClosedForm, match="GAP has no symmetric functions"):
        p[2].to_gap()


def test_elements_of_the_group_algebra() -> None:
    c = young_symmetriser(Tableau(((1, 2), (3,)))) / 3
    assert read_by_sage(c.to_sage()) == c
    head, numbers, listed = c.to_gap().replace("ElementOfMagmaRing(", "").rstrip(")").split("[")
    assert head == "ElementsFamily(FamilyObj(GroupRing(Rationals, SymmetricGroup(3)))), 0, "
    values = [Fraction(word) for word in numbers.rstrip("], ").split(",")]
    texts = listed.strip(" ]").split(", ")
    perms = [from_cycles(text + ")" * (text[-1] != ")"), n=3, first=1) for text in texts]
    assert GroupAlgebraElement(3, dict(zip(perms, values, strict=True))) == c


@pytest.mark.parametrize(
    "table",
    [sk.character_table(4), kostka_matrix(4), alternating_table(5), alternating_table(4), hyperoctahedral_table(2)],
    ids=str,
)  # fmt: skip
def test_tables(table: Any) -> None:
    assert (read_by_sage(table.to_sage()) - table.to_sympy()).expand().is_zero_matrix
    rows = table.to_gap().replace("[ ", "[").replace(" ]", "]")
    words = {"ER": lambda n: sp.sqrt(n), "E": lambda n: {4: sp.I}[n], "F": sp.Rational}
    found = sp.Matrix(eval(fractions_of(rows), {"__builtins__": {}}, words))  # noqa: S307
    assert (found - table.to_sympy()).expand().is_zero_matrix


def test_texts_of_tables() -> None:
    assert sk.character_table(2).to_gap() == "[ [ 1, 1 ], [ -1, 1 ] ]"
    assert sk.character_table(2).to_sage() == "matrix(ZZ, [[1, 1], [-1, 1]])"
    assert "ER(5)/2+1/2" in alternating_table(5).to_gap()
    assert (
        "E(4)" in alternating_table(4).to_gap() and "matrix(SR, " in alternating_table(4).to_sage()
    )
