"""Formulas of hundreds of terms in JSON: read back, they are the same functions."""

from dataclasses import replace
from functools import cache

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import symkern as sk
from symkern.abc import L, alpha, b, parse, v, x
from symkern.exact import function_field
from symkern.kernels import uniform
from symkern.spectra.long_formulas import polynomial_text, rational_text
from tests.search import examples

FIELD = function_field((L, alpha, b, v))


@pytest.fixture(scope="module")
def all_long():
    """Every formula counts as long."""
    with sk.limits.changed(laid_out_terms=1):
        yield


@examples(60)
@given(data=st.data())
def test_rational_functions_are_read_back(all_long, data):
    terms = st.dictionaries(
        st.tuples(*[st.integers(0, 3)] * 4), st.integers(-9, 9).filter(bool), min_size=1, max_size=8
    )
    top, bottom = (FIELD.polynomial(data.draw(terms)) for _ in range(2))
    value = top * (FIELD(alpha) - 2) ** data.draw(st.integers(0, 2)) / bottom
    assert FIELD(parse(rational_text(value))) == value


def test_polynomials_are_read_back(all_long):
    coefficients = [FIELD(L - 1) / 2, FIELD.zero, FIELD(-alpha * L**2 + 3), FIELD.one]
    text = polynomial_text(coefficients, "x")
    assert text == "x^3 + (-(alpha*L^2 - 3))*x^2 + ((L - 1)/2)"
    wide = function_field((*FIELD.symbols, x))
    expected = sum((wide(c) * wide(x) ** k for k, c in enumerate(coefficients)), wide.zero)
    assert wide(parse(text)) == expected
    assert polynomial_text([FIELD.zero], "x") == "0"


@pytest.mark.wide
@pytest.mark.parametrize("token", [[1], pytest.param([], marks=pytest.mark.wide)], ids=str)
def test_a_spectrum_of_long_formulas_is_read_back(token):
    """Three layers on two letters: entries and polynomials of hundreds of terms."""
    whole = sk.derive("linear-attention-3", tokens=uniform(2))
    kept = [whole.sector([6], token)]
    sectors = replace(whole, sectors=tuple(kept)).to_dict()["sectors"]
    read = cache(parse)  # the roots of one polynomial have one text
    assert max(len(e) for d in sectors for row in d["block"] for e in row) > 2000
    field = kept[0].block.field
    for sector, listed in zip(kept, sectors, strict=True):
        for row, texts in zip(sector.block, listed["block"], strict=True):
            assert [field(parse(t)) for t in texts] == list(row)
        for branch, text in zip(sector.branches, listed["minimal_polynomials"], strict=True):
            wide = function_field((*field.symbols, x))
            assert wide(read(text)) == sum(
                (wide(c) * wide(x) ** k for k, c in enumerate(branch.minimal_polynomial)), wide.zero
            )


def test_exponentials_stand_in_long_formulas():
    """Symbols of the field that are no names: exp(1), exp(alpha/2), exp(alpha*b)."""
    from symkern.kernels import from_table

    value = (1 + alpha + b + L + v) ** 6 + sp.exp(alpha / 2) + sp.E + sp.exp(alpha * b) ** 2
    kernel = from_table(lambda N: value * (N[0][0] + N[1][1]), "k", [alpha, b, L, v])
    kernel = kernel.substitute({L: alpha**2, v: b + 7})
    spec = kernel.spectrum(2, uniform(2))
    for sector, listed in zip(spec, spec.to_dict()["sectors"], strict=True):
        field = sector.block.field
        assert not all(s.is_Symbol for s in field.symbols)
        for row, texts in zip(sector.block, listed["block"], strict=True):
            assert [field(parse(t)) for t in texts] == list(row)
