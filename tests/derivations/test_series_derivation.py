"""The steps to a series in 1/L hold, and each of them fails where something in it is wrong."""

from __future__ import annotations

import dataclasses

import pytest
import sympy as sp

import symkern as sk
from symkern.abc import L
from symkern.derivations.series_evidence import extrapolated, jet_deviations, norm_of_part
from symkern.engines.large_length import jet_source
from symkern.exact.length_series import LengthSeries
from symkern.kernels import categorical, read_pipeline, uniform
from symkern.pages.derivations import derivation_document

SOFTMAX = "embedding(alpha, beta) | attention(tied, softmax)"


@pytest.fixture(scope="module")
def spectrum():
    return read_pipeline(f"{SOFTMAX} | mean_pool").spectrum(length=L, tokens=uniform(2))


def test_every_step_holds(spectrum):
    found = spectrum.derivation([1]).check(L=20)
    assert found.passed
    assert [len(r) > 0 for r in found.results].count(False) == 1  # the block says what the jet's is


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("text", "law", "labels", "length"),
    [
        ("embedding(1, 1) | attention(tied, softmax) | flatten", uniform(2), ([2], []), 20),
        ("embedding(1, 1/2) | attention(tied, softmax) | residual | mlp(relu) | mean_pool", uniform(2), ([], [1]), 24),
        ("embedding(1, 1) | attention(tied, softmax) | at_position(last)", uniform(2), ([1], []), 20),
        ("embedding(1/2, 1/2) | attention(tied, softmax) | mean_pool", categorical(["1/3", "2/3"]), ([1], None), 20),
    ],
)  # fmt: skip
def test_other_readouts_laws_and_corners(text, law, labels, length):
    spec = read_pipeline(text).spectrum(length=L, tokens=law)
    found = spec.derivation(*labels).check(L=length)
    assert found.passed, str(found)


def with_coefficient(spectrum, sector, number, factor):
    """The spectrum with one coefficient of a sector's first series multiplied."""
    series = sector.expansions[0]
    terms = list(series.terms)
    terms[number] = dataclasses.replace(terms[number], coefficient=terms[number].coefficient * factor)  # fmt: skip
    wrong = dataclasses.replace(sector, expansions=(LengthSeries(tuple(terms), series.error),))
    others = tuple(wrong if t is sector else t for t in spectrum.sectors)
    return dataclasses.replace(spectrum, sectors=others)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("number", "factor"), [(0, sp.Rational(1001, 1000)), (1, sp.Rational(101, 100))]
)
def test_a_wrong_coefficient_fails_at_its_step(spectrum, number, factor):
    """By a thousandth in the first term, a hundredth in the second."""
    wrong = with_coefficient(spectrum, spectrum.sector([1], []), number, factor)
    found = wrong.derivation([1]).check(L=20)
    assert not found.passed
    assert {c.step.name for c in found.failures} == {"the series"}


def test_a_wrong_power_fails(spectrum):
    sector = spectrum.sector([1], [])
    terms = [dataclasses.replace(t, exponent=t.exponent + 1) for t in sector.expansions[0].terms]
    series = LengthSeries(tuple(terms), sector.expansions[0].error + 1)
    assert not extrapolation_holds(extrapolated(spectrum, sector, 0, series, 20))


def extrapolation_holds(found):
    return found is not None and all(a <= b for a, b in zip(*found, strict=True))


def test_a_wrong_jet_fails(spectrum, monkeypatch):
    """One coefficient of weight 5 off by a tenth, in a jet of weight 7."""
    far, allowed = jet_deviations(spectrum, 7, 4096)
    assert far[0] <= allowed[0]
    true = jet_source.JetSource.jets

    def wrong(self, order):
        jets = dict(true(self, order))
        for place, jet in jets.items():
            parts = [dict(p) for p in jet.parts]
            key = max(parts[5], key=lambda k: abs(float(sp.N(self.shown(self.reduced(parts[5][k]))[0]))))  # fmt: skip
            parts[5][key] = parts[5][key] + parts[5][key] / 10
            jets[place] = type(jet)(jet.ring, parts, jet.kink)
        return jets

    monkeypatch.setattr(jet_source.JetSource, "jets", wrong)
    far, allowed = jet_deviations(spectrum, 7, 4096)
    assert far[0] > allowed[0]


def test_the_norm_of_a_part_is_below_that_of_the_whole():
    """On all pairs of sequences; the parts of all mu together are the whole."""
    spec = read_pipeline("embedding(1, 1) | attention(tied, softmax) | flatten").spectrum(length=L, tokens=uniform(2))  # fmt: skip
    parts = [norm_of_part(spec, sk.Partition(*mu), 4) for mu in ([], [1], [2])]
    whole = parts[0][1]
    assert all(part < whole for part, _ in parts)
    assert sum(part for part, _ in parts) == pytest.approx(whole, rel=1e-12)


def test_it_is_written_as_text_and_latex(spectrum, compile_latex):
    found = spectrum.derivation([1])
    assert max(map(len, found.text().splitlines())) <= 80
    assert "D = 7" in found.text()
    compile_latex(derivation_document(found))


def test_one_coefficient_altered_under_a_law_with_a_symbol_is_refuted():
    """A softmax attention on letters of probability p: its first term holds, and a hundredth more than that does not."""
    kernel = read_pipeline("embedding(1, 1) | attention(tied, softmax) | mean_pool")
    spec = kernel.spectrum(length=L, tokens=categorical(["p", "1-p"]), down_to=1)
    (sector,) = (s for s in spec.sectors if not s.position_irrep)
    assert spec.derivation([]).check().passed
    first, *others = sector.expansions
    term, *more = first.terms
    wrong = dataclasses.replace(term, coefficient=term.coefficient * sp.Rational(101, 100))
    altered = dataclasses.replace(
        sector, expansions=(dataclasses.replace(first, terms=(wrong, *more)), *others)
    )
    found = dataclasses.replace(spec, sectors=(altered,)).derivation([]).check()
    assert [checked.step.name for checked in found.failures] == ["the series"]
