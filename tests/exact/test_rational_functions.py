"""Formulas come out of a field as SymPy would have made them, to the last argument: their terms are put together without its evaluation."""

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.abc import L, alpha, beta, v
from symkern.exact.rational_functions import RationalFunction, function_field
from tests.search import examples

FIELDS = [(L,), (alpha, L), (L, v, alpha, beta), (alpha, sp.exp(alpha), sp.exp(beta))]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("symbols", FIELDS, ids=str)
@examples(60)
@given(st.data())
def test_expanded_formulas_are_those_of_sympy(symbols, data):
    exponents = st.tuples(*[st.sampled_from([0, 0, 1, 1, 2, 3, 7])] * len(symbols))
    numbers = st.sampled_from([1, -1, 2, -3, 10**30])
    terms = data.draw(st.dictionaries(exponents, numbers, max_size=9))
    field = function_field(symbols)
    polynomial = field.context.from_dict(terms)
    found = RationalFunction.reduced(field, polynomial, field.one.num).expanded()
    factors = {e: [s**k for s, k in zip(symbols, e, strict=True) if k] for e in terms}
    expected = sp.Add(*(sp.Mul(sp.Integer(c), *factors[e]) for e, c in terms.items()))
    assert found == expected  # to the order of the arguments, which srepr does not show
