"""Tables of summaries name coefficients that are too long by a letter, say how long they are, and keep the short ones."""

import pytest

from symkern.abc import L
from symkern.kernels import read_kernel, uniform
from symkern.limits import changed
from symkern.pages.spectrum import spectrum_text
from symkern.pages.spectrum_html import spectrum_html
from symkern.pages.spectrum_latex import spectrum_latex


@pytest.fixture(scope="module")
def spectrum():
    return read_kernel("linear-attention").spectrum(length=L, tokens=uniform(2))


def test_a_letter_stands_for_a_long_coefficient(spectrum):
    kernel = read_kernel("embedding(alpha, beta) | attention | residual | mlp(x^2 + x) | mean_pool")
    longer = kernel.spectrum(length=L, tokens=uniform(2))
    with changed(cell_terms=8):
        said = spectrum_text(longer)
        assert "C: no L; a formula of" in said and "terms, in each row its own" in " ".join(
            said.split()
        )
        assert "C/L" in said and "/C" in said
        assert "C: no L" in spectrum_html(longer) and "C: no L" in spectrum_latex(longer)
        assert "C: no L" not in spectrum_text(longer, full=True)
        assert len(said) < len(spectrum_text(longer, full=True))


def test_short_ones_stand_as_they_are(spectrum):
    said = spectrum_text(spectrum)
    assert ("C:" not in said and "2α³/L⁴" in said.replace(" ", "")) or "α³" in said
