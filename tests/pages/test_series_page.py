"""Series in 1/L on pages: signs, widths, and formulas that can be read back."""

from __future__ import annotations

import json

import pytest
import sympy as sp

import symkern as sk
from symkern.abc import L, parse
from symkern.kernels import uniform


@pytest.fixture(scope="module")
def spectrum():
    return sk.derive("softmax-attention", tokens=uniform(2))


def test_terms_stand_with_their_signs(spectrum):
    for page in (spectrum.latex(), spectrum.text()):
        assert "+ -" not in page
        assert "O(L^" in page
    assert r"&\quad - \frac" in spectrum.latex()


def test_text_keeps_its_width(spectrum):
    assert max(map(len, spectrum.text().splitlines())) <= 80


def test_series_of_the_document_are_read_back(spectrum):
    document = json.loads(spectrum.to_json())
    assert [s["position_irrep"] for s in document["sectors"]] == [[], [], [1]]
    for sector, written in zip(spectrum, document["sectors"], strict=True):
        for text, series in zip(written["series"], sector.series(terms=2), strict=True):
            read = parse(text.split(" + O(")[0])
            assert sp.simplify(sp.sympify(read) - sum(t.expression for t in series.terms)) == 0
            assert read.has(L) or read.free_symbols
