"""Hypotheses that fail are named, with what exists instead; what series show on pages and in files."""

from __future__ import annotations

import json

import pytest
import sympy as sp

from symkern.abc import L, parse, v
from symkern.errors import InvalidArgument, NoClosedForm, TooLong
from symkern.kernels import categorical, embedding, read_pipeline, uniform
from symkern.limits import changed

SOFTMAX = "embedding(1, 1) | attention(tied, softmax)"


@pytest.mark.parametrize(
    ("text", "law", "error", "said"),
    [
        ("embedding(1, L) | attention(tied, softmax) | mean_pool", uniform(2), NoClosedForm, "hyperparameters that do not depend on L"),
        (f"{SOFTMAX} | mean_pool", categorical(["1/2", "1/2", "0"]), InvalidArgument, "positive probability"),
        (f"{SOFTMAX} | flatten", uniform(v), NoClosedForm, "vocabulary"),
        ("embedding(1) | attention(tied, relu) | mean_pool", uniform(2), NoClosedForm, "relu is not smooth at zero"),
        ("embedding(1) | attention(tied, abs) | mean_pool", uniform(2), NoClosedForm, "abs is not smooth at zero"),
        ("embedding(1, 1) | attention(tied, identity, normalize=False) | mean_pool", uniform(2), NoClosedForm, "grows with the length"),
        ("embedding(alpha, 1) | attention(tied, softmax) | mlp(relu) | mean_pool", uniform(2), NoClosedForm, "give them values"),
        (f"{SOFTMAX} | mean_pool | mlp(relu)", uniform(2), NoClosedForm, "behind the readout"),
    ],
)  # fmt: skip
def test_what_the_theorem_does_not_hold_for(text, law, error, said):
    with pytest.raises(error, match=said):
        read_pipeline(text).spectrum(length=L, tokens=law)


@pytest.mark.parametrize("power", [-1, "1/3", "alpha"])
def test_powers(power):
    with pytest.raises(InvalidArgument, match="down_to"):
        read_pipeline(f"{SOFTMAX} | mean_pool").spectrum(length=L, tokens=uniform(2), down_to=power)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("law", [uniform(2), categorical(["1/3", "2/3"])])
def test_a_power_that_takes_long_is_given_up_with_what_takes_less(law):
    """Long before it is done, wherever it is: jets, operators, determinants or roots."""
    with changed(seconds=0.5), pytest.raises(TooLong, match=r"down_to=10, .* take less"):
        read_pipeline(f"{SOFTMAX} | mean_pool").spectrum(length=L, tokens=law, down_to=20)


@pytest.fixture(scope="module")
def spectrum():
    return read_pipeline(f"{SOFTMAX} | residual | layer_norm | mean_pool").spectrum(length=L, tokens=uniform(2), down_to=3)  # fmt: skip


def test_what_series_do_not_answer(spectrum):
    """Never a zero, and never a formula, where an order is all that is known; behind layer normalisation the form shows which irreps are not touched."""
    unbounded = read_pipeline(f"{SOFTMAX} | mlp(erf) | mean_pool").spectrum(length=L, tokens=uniform(2), down_to=1)  # fmt: skip
    assert not any(spectrum.sector([5]).eigenvalues)
    for ask in (
        spectrum.rank,
        spectrum.check_trace,
        spectrum.tightness,
        lambda: spectrum.floats([4]),
        lambda: spectrum.scaling_law([2]),
        lambda: unbounded.sector([5]),
        lambda: unbounded.scaling_law([2]),
        lambda: spectrum.sectors[0].basis(),
        lambda: spectrum.sectors[0].contribution(),
    ):
        with pytest.raises(NoClosedForm):
            ask()
    with pytest.raises(NoClosedForm, match="no formula"):
        _ = spectrum.sectors[0].series()[0].expression
    with pytest.raises(NoClosedForm, match="length is the symbol"):
        embedding(1).mean_pool().spectrum(length=4, tokens=uniform(2)).sectors[0].series()


def test_pages(spectrum, compile_latex):
    """Text within its width, with the orders; LaTeX that compiles."""
    from symkern.typeset.document import document

    text = spectrum.text()
    assert max(map(len, text.splitlines())) <= 80
    assert "0.383615603634828 + 0.428060448827063/L" in text
    assert "all eigenvalues: O(L^-4)" in text
    assert "constants below 1e-" in text
    compile_latex(document(spectrum.latex()))
    assert "\\lambda" in spectrum._repr_html_()


def test_json(spectrum):
    """Series parse, and have as many entries as leading terms."""
    sectors = json.loads(spectrum.to_json())["sectors"]
    for sector, found in zip(sectors, spectrum.sectors, strict=True):
        assert sector["standing"] == "asymptotic"
        assert len(sector["series"]) == len(sector["errors"]) == sector["multiplicity"]
        for text, series in zip(sector["series"], found.series(), strict=True):
            at = float(parse(text).subs(L, 100))
            assert at == pytest.approx(series.at(100), rel=1e-12)


def test_series_of_formulas_are_formulas():
    spec = read_pipeline("embedding(alpha, beta) | attention(tied, softmax) | mean_pool").spectrum(length=L, tokens=uniform(2))  # fmt: skip
    (series,) = spec.sector([1], []).series()
    assert sp.simplify(parse(json.loads(spec.to_json())["sectors"][2]["series"][0]) - series.expression) == 0  # fmt: skip
    assert series.first(1).error == -4
    assert spec.scaling_law([1]).leading.exponent == 3
