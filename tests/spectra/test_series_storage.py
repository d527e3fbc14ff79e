"""Series in 1/L are read back whole: equal objects, with the terms beyond those that are shown.

What is compared is the object in memory with the one from its file, term by term in numbers too, which does not go through their equality.
"""

from __future__ import annotations

import json

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.abc import L, gamma, p, v
from symkern.errors import InvalidArgument
from symkern.exact.asymptotics import Leading
from symkern.exact.balls import Ball
from symkern.kernels import categorical, read_pipeline, uniform
from symkern.spectra.spectrum import Spectrum
from symkern.spectra.storage import read_spectrum
from symkern.tokens import Law
from tests.search import examples

POOLED = "embedding(1, 1) | attention(tied, softmax) | mean_pool"
PIPELINES = [
    POOLED,
    "embedding(1/2, 1) | attention(tied, softmax) | linear(2, 1) | mean_pool",
    "embedding(1, 1) | attention(tied, softmax) | at_position(last)",
    "embedding(1, 1) | layer_norm | mean_pool",
    "embedding(1, 1) | mlp(erf) | mean_pool",
    "embedding(1) | flatten | mlp(exp)",
]
ONE_THIRD = categorical([sp.Rational(1, 3), sp.Rational(2, 3)])


def numbers(spectrum: Spectrum) -> list[list[complex]]:
    """The coefficients of all series, trace included, at a point of their symbols."""
    found = []
    for series in [spectrum.trace(), *(s for t in spectrum.sectors for s in t.expansions)]:
        values = [t.coefficient for t in series.terms]
        exact = [e.midpoint if isinstance(e, Ball) else e for e in values]
        at = [sp.sympify(e).subs({p: 0.3, gamma: 0.4, v: 5}) for e in exact]
        found.append([complex(sp.N(e)) for e in at])
    return found


def assert_read_back(spectrum: Spectrum) -> None:
    again = read_spectrum(spectrum.to_json())
    assert again == spectrum
    for one, other in zip(numbers(spectrum), numbers(again), strict=True):
        assert other == pytest.approx(one, rel=1e-12)
    for one, other in zip(spectrum.sectors, again.sectors, strict=True):
        assert other.series() == one.series()
        assert other.series(9) == one.series(9)


@examples(8)
@given(
    st.sampled_from(PIPELINES),
    st.sampled_from([uniform(2), uniform(2), ONE_THIRD]),
    st.integers(1, 3),
    st.sampled_from([None, 2, 3]),
)
def test_series_of_random_kernels_are_read_back(
    pipeline: str, law: Law, terms: int, down_to: int | None
) -> None:
    kernel = read_pipeline(pipeline)
    if "flatten" in pipeline and law == uniform(2):
        kernel = read_pipeline(POOLED)  # that one has a formula
    assert_read_back(kernel.spectrum(length=L, tokens=law, terms=terms, down_to=down_to))


@pytest.mark.parametrize(
    "law", [uniform(v), categorical([p, 1 - p]), categorical([gamma, 1 - gamma])]
)
def test_series_of_laws_with_symbols_are_read_back(law: Law) -> None:
    assert_read_back(read_pipeline(POOLED).spectrum(length=L, tokens=law, terms=1))


def test_terms_beyond_those_shown_must_go_on_them() -> None:
    spectrum = read_pipeline(POOLED).spectrum(length=L, tokens=uniform(2), terms=2, down_to=4)
    document = json.loads(spectrum.to_json())
    sector = next(s for s in document["sectors"] if "further" in s)
    assert sector["terms"] == 2
    del sector["further"]
    assert read_spectrum(json.dumps(document)) != spectrum
    sector["further"] = {name: sector[name] for name in ("series", "errors", "coefficients")}
    sector["further"]["series"] = [f"{s} + 1/L^9" for s in sector["series"]]
    with pytest.raises(InvalidArgument, match="terms: must have falling powers"):
        read_spectrum(json.dumps(document))
    sector["further"]["series"] = [f"2*({s})" for s in sector["series"]]
    with pytest.raises(InvalidArgument, match="further: must go on the series"):
        read_spectrum(json.dumps(document))


def test_coefficients_are_equal_however_they_are_factored() -> None:
    one, other = 2 * v * (1 - sp.E), -2 * v * (sp.E - 1)
    assert one != other
    assert Leading(sp.S(-1), one) == Leading(sp.S(-1), other)
    assert hash(Leading(sp.S(-1), one)) == hash(Leading(sp.S(-1), other))
    assert Leading(sp.S(-1), one) != Leading(sp.S(-1), -other)
    assert Leading(sp.S(-1), one) != Leading(sp.S(-2), other)
    namesake = sp.Symbol("v")
    assert Leading(sp.S(-1), v + 1) != Leading(sp.S(-1), namesake + 1)
