"""The summary of a long spectrum: what it joins, what it leaves out, and that it says so.

The numbers are read off the text and held against the sectors, whose blocks the summary does not touch.
"""

from __future__ import annotations

import re

import numpy as np
import pytest

import symkern as sk
from symkern.abc import L, alpha, beta, parse
from symkern.exact import Branch
from symkern.typeset.document import document


@pytest.fixture(scope="module")
def long_spectrum():
    """Two layers on three letters: 26 sectors, 103 eigenvalues, some with formulas of pages."""
    return sk.derive("linear-attention-2", tokens=sk.kernels.uniform(3))


@pytest.fixture(scope="module")
def summary(long_spectrum):
    return long_spectrum.text()


@pytest.fixture(scope="module")
def in_full(long_spectrum):
    """The text in full, and the branches whose polynomials were written as expressions for it."""
    written = []
    polynomial = Branch.polynomial
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Branch, "polynomial", lambda b: written.append(b) or polynomial(b))
        return long_spectrum.text(full=True), written


def test_a_row_stands_for_alike_eigenvalues(long_spectrum):
    """Joined rows of a sector add up to its block, and each leading term is printed once."""
    table = long_spectrum.text(unicode=False).split("\n\n")[1]
    found, sizes = {}, []
    for line in table.splitlines()[2:]:
        if line.startswith("("):
            sizes.append([])
        if match := re.search(r" (\d+) of (\d+) ", line):
            sizes[-1].append((int(match[1]), int(match[2])))
    assert len(sizes) == len(long_spectrum.sectors)
    for sector, counts in zip(long_spectrum.sectors, sizes, strict=True):
        distinct = len({str(term) for term in sector.leading})
        if distinct == sector.multiplicity:
            assert counts == []
            continue
        assert {n for _, n in counts} == {sector.multiplicity}
        assert sum(k for k, _ in counts) == sector.multiplicity
        assert len(counts) == distinct
        found[sector.position_irrep, sector.token_irrep] = counts
    assert found


@pytest.mark.wide
def test_what_is_left_out_is_counted(long_spectrum, summary, in_full):
    text = summary
    (long,) = re.findall(r"^(\d+) eigenvalues? with formulas too long", text, re.MULTILINE)
    (unwritten,) = re.findall(r"^(\d+) eigenvalues of blocks too large", text, re.MULTILINE)
    assert int(unwritten) == sum(
        branch.value is None and not branch.minimal_polynomial
        for sector in long_spectrum.sectors
        for branch in sector.branches
    )
    full, _ = in_full
    assert "too long" not in full
    assert int(long) > 0
    assert len(full.splitlines()) > 2 * len(text.splitlines())
    assert max(map(len, text.splitlines())) <= 80
    assert max(map(len, full.splitlines())) <= 80


@pytest.mark.wide
def test_every_formula_of_the_summary_stands_in_full(summary, in_full):
    """A summary leaves out, it does not change."""
    full = "".join(in_full[0].split())
    below = summary.split("\n\n", 3)[3]
    entries = re.split(r"\n(?=\()", below.split("\n\n")[0])
    assert len(entries) > 10
    for entry in entries:
        head, *lines = entry.split("\n")
        assert "".join(head.split()) in full
        if "too long" not in entry and "terms" not in entry:
            assert "".join("".join(lines).split()).split("rootsof")[-1] in full


def test_short_spectra_are_printed_whole():
    for name in ("linear-attention", "linear-attention-flatten", "transformer-block-last"):
        text = sk.derive(name).text()
        assert "too long" not in text
        assert " of " not in text.split("\n\n")[1]
        assert "trace   E k(x,x) =" in text


@pytest.mark.wide
def test_long_traces_are_counted(summary, in_full):
    assert re.search(
        r"^trace +E k\(x,x\), a formula of \d+ terms: --full prints it$",
        summary,
        re.MULTILINE,
    )
    assert "E k(x,x) = " in in_full[0]


@pytest.mark.wide
def test_nothing_is_typeset_that_is_not_printed(long_spectrum, in_full, monkeypatch):
    """A polynomial that the summary leaves out is not even written as an expression."""
    written = []
    polynomial = Branch.polynomial
    monkeypatch.setattr(Branch, "polynomial", lambda b: written.append(b) or polynomial(b))
    for summary in (long_spectrum.text, long_spectrum.latex, long_spectrum._repr_html_):
        written.clear()
        summary()
        terms = [sum(len(c.num.to_dict()) for c in b.minimal_polynomial) for b in written]
        assert 0 < max(terms) < 150
    everything = in_full[1]
    assert max(sum(len(c.num.to_dict()) for c in b.minimal_polynomial) for b in everything) > 500


def test_latex_of_a_long_spectrum_fits_its_pages(long_spectrum, compile_latex):
    source = long_spectrum.latex()
    assert source.count(r"\begin{tabular}") > 1
    assert len(source) < 60_000
    log = compile_latex(document(source))
    assert "Overfull \\vbox" not in log


def test_formulas_do_not_break_after_an_opening_parenthesis():
    from symkern.abc import v
    from symkern.typeset.plain import break_formula, formula_lines

    product = L * v * (L - 1) * (L - 5) * (v - 1) * (v - 2) * (v - 7) / 144
    for width in range(12, 60):
        for line in formula_lines(product, width=width):
            assert not line.endswith("(")
    for width in range(10, 30):
        pieces = break_formula("Lv(L-1)(L-5)(v-1)(v-2)(v-7)/144", width)
        assert "".join(pieces) == "Lv(L-1)(L-5)(v-1)(v-2)(v-7)/144"
        assert not any(piece.endswith("(") for piece in pieces)
    assert not any(p.endswith("(") for p in break_formula("(v-5,1,1,1,1,1)", 8))


@pytest.fixture(scope="module")
def unwritten():
    """A spectrum whose leading coefficients are roots of degrees three and six."""
    return sk.derive("linear-attention-last", L, sk.kernels.categorical(["1/2", "1/3", "1/6"]))


def test_leading_terms_without_a_formula_are_written_as_the_others_are(unwritten):
    text, plain = unwritten.text(), unwritten.text(unicode=False)
    assert "c/L²  " in text and "σ²L²/c" in text and "L^(" not in text
    assert "c/L^2 " in plain and "sigma2*L^2/c" in plain and "L^(" not in plain
    assert "c: no formula and no L; a positive root of its eigenvalue's edge polynomial," in text
    assert max(map(len, text.splitlines())) <= 80
    assert r"\frac{c}{L^{2}}" in unwritten.latex() and "edge polynomial" in unwritten.latex()
    assert "edge polynomial" in unwritten._repr_html_()
    assert "edge polynomial" not in sk.derive("linear-attention").text()


def test_edge_polynomials_are_printed_in_full(unwritten):
    text = unwritten.text(full=True)
    assert "edge polynomial below." in " ".join(text.split())
    assert "  c: roots of 209952*c^3 - 81648*alpha^2*c^2*(alpha + beta)" in text
    assert text.count("  c in c/L: roots of ") == text.count("  c in c/L^2: roots of ") == 1
    assert r"\noindent $c$ in $\frac{c}{L^{2}}$: roots of" in unwritten.latex(full=True)


def test_edge_polynomials_have_the_leading_coefficients_as_roots(unwritten):
    """Against the eigenvalues at a length where the rest is a millionth."""
    length = 10**8
    rows = unwritten.floats([length], alpha=1, beta=2)
    for sector, found in zip(unwritten.sectors, unwritten.to_dict()["sectors"], strict=True):
        assert found["leading"] == [None] * sector.multiplicity
        [values] = rows[sector.position_irrep, sector.token_irrep]
        for exponent in set(sector.exponents):
            places = [i for i, e in enumerate(sector.exponents) if e == exponent]
            [edge] = {tuple(found["edges"][i]) for i in places}
            numbers = [float(parse(c).subs({alpha: 1, beta: 2})) for c in edge]
            roots = sorted(np.roots(numbers[::-1]).real, reverse=True)
            assert np.allclose(values[places] * float(length) ** -float(exponent), roots, rtol=1e-5)
    assert all("edges" not in s for s in sk.derive("linear-attention").to_dict()["sectors"])
