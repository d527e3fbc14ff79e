"""LaTeX documents of spectra: what they say is what JSON says, they compile, and nothing sticks out of the page."""

from __future__ import annotations

import re

import pytest

import symkern as sk
from symkern.abc import L, alpha, beta, v
from symkern.claims.references import bibliography_entry, cited, reference, references
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.kernels import PRESETS, from_function, uniform
from symkern.kernels.stages import STAGES
from symkern.pages.theorem import theorem_latex
from symkern.typeset.document import document
from symkern.typeset.mathml import mathml
from tests.cli.running import process

_NUMBERS = {"alpha": 1, "beta": 1, "w": 1, "b": 0}


def derived(name):
    kernel = PRESETS[name].kernel
    if kernel.is_polynomial:
        return sk.derive(name)
    values = {p.name: _NUMBERS[p.name] for p in kernel.parameters}
    return sk.derive(name, length=4, vocabulary=2, **values)


def overfull(log):
    """By how many points lines stick out, where it is more than five."""
    return [float(e) for e in re.findall(r"Overfull \\[hv]box \(([0-9.]+)pt", log) if float(e) > 5]


@pytest.mark.parametrize("name", ["flatten", "linear-attention-last", "softmax-block"])
@pytest.mark.sampled(2)
def test_documents_compile_within_the_page(name, compile_latex):
    assert overfull(compile_latex(document(derived(name).latex()))) == []


def test_long_terms_of_series_stay_on_the_page(compile_latex):
    """Symbolic in the vocabulary, a second term has twenty summands."""
    text = sk.derive("softmax-attention").latex()
    assert overfull(compile_latex(document(text))) == []
    assert r"\lambda &= \frac{\alpha}{v} + \frac{\beta}{L}. \label" in text


def test_the_document_says_what_it_is_about():
    """The kernel, the symbols in it, and beside each formula the sizes, the standing and a label of its own."""
    spectrum = sk.derive("linear-attention")
    text = spectrum.latex()
    assert (
        r"k(x, y) = \frac{(\alpha s + \beta L) (\alpha^{2} s + 2 \alpha \beta m + \beta^{2} L)}{L^{4}}"
        in text
    )
    assert "$s = " in text and "$m = " in text and "$d = " not in text
    for sector in spectrum.sectors:
        sizes = rf"$L \geq {sector.valid_for['L']},\ v \geq {sector.valid_for['v']}$ (proved)"
        assert sizes in text
    labels = re.findall(r"\\label\{([^}]*)\}", text)
    assert len(labels) == len(set(labels)) == 2 + len(spectrum.sectors)
    assert not re.search(
        r"(?<![\w(,{}$ ])x\^\{2\}|v\^\{4\} x", text
    )  # the unknown is lambda, x a sequence


def test_a_kernel_without_a_formula_is_told_stage_by_stage():
    text = derived("softmax-block").latex()
    lines = re.search(r"\\begin\{align\*\}\n(.*?)\\end\{align\*\}", text, re.DOTALL)[1]
    states = re.findall(r"^(?:K\^\{\((\d)\)\}_\{ab\}|k)\(x,y\) &=", lines, re.MULTILINE)
    assert states == ["0", "1", "2", "3", "4", "5", ""]
    assert r"\operatorname{softmax}_{c}" in lines and r"\sqrt{K^{(2)}_{aa}(x,x)" in lines


_EXAMPLES = {
    "embedding": "embedding(alpha, beta, 1) | mean_pool", "attention": "embedding(1) | attention(tied, abs, scale=2) | flatten",
    "plus": "embedding(1) | plus(embedding(2) | linear(3)) | mean_pool", "positions": "embedding(1) | positions(1/2, 2) | mean_pool",
    "ntk": "embedding(1) | mean_pool | ntk", "mlp": "embedding(1) | mlp(leaky_relu(1/10)) | flatten",
    "affine": "embedding(1) | affine(2, b) | at_position(last)", "residual": "embedding(1) | linear(w + 1, b) | residual | mean_pool",
    "layer_norm": "embedding(1) | layer_norm | mean_pool",
}  # fmt: skip


@pytest.mark.parametrize("name", STAGES)
def test_every_stage_has_an_equation_or_words(name):
    """And each equation is drawn as MathML; the one of tied attention, pinned, has the places of its sums right."""
    from symkern.pages.definitions import stage_lines

    text = next((t for key, t in _EXAMPLES.items() if name in (key, *re.findall(r"\w+", t))), None)
    lines = stage_lines(sk.kernels.read_pipeline(text or f"embedding(1) | {name} | mean_pool"))
    assert mathml(rf"\begin{{aligned}}{lines}\end{{aligned}}")
    assert ("told below" in lines) == (name == "ntk")
    if name == "attention":
        assert r"\sum_{c,d} G_{ac}(x) \, K^{(0)}_{cd}(x,y) \, G_{bd}(y)" in lines
        assert r"G_{ac}(x) = \frac{1}{L} \bigl|2 K^{(0)}_{ac}(x,x)\bigr|" in lines


def test_a_theorem_states_and_proves(compile_latex):
    """Each eigenvalue of the spectrum stands in the statement; the proof compiles, cites what it rests on, and its references are there."""
    spectrum = sk.derive("linear-attention")
    text = theorem_latex(spectrum, derivation=True)
    statement = text[: text.index(r"\end{theorem}")]
    assert r"\label{thm:spectrum}" in statement and r"Let $L \geq 3,\ v \geq 4$ be integers." in statement  # fmt: skip
    assert statement.count(r"\item on $") == len(spectrum.sectors)
    cites = set(re.findall(r"\\cite(?:\[[^\]]*\])?\{([^}]*)\}", text))
    assert cites == set(re.findall(r"\\bibitem\{([^}]*)\}", text)) == {"hron2020", "lavie2024", "walker1950"}  # fmt: skip
    log = compile_latex(document(text))
    assert overfull(log) == []


def test_sentences_end_behind_their_formulas():
    """A comma where the sentence goes on, a semicolon between entries of a list, and a full stop at the end of it; one size is one integer."""
    text = theorem_latex(sk.derive("linear-attention", vocabulary=2, alpha=1, beta=1))
    assert text.startswith("\\begin{theorem}\\label{thm:spectrum}\nLet $L \\geq 3$ be an integer.")
    ends = re.findall(r"(.)(?= \\label\{eq:([\w:-]+)\})", text)
    assert [(label, end) for end, label in ends] == [("kernel", ","), ("0:0", ","), ("0:1", ";"), ("1:0", ";"), ("1:1", ".")]  # fmt: skip
    assert r"each once," in text and r"the roots of the polynomial" in text


def test_what_is_not_proved_is_no_theorem():
    k = from_function(lambda x, y: sum(a == b for a, b in zip(x, y)) / 4.0, "floats")
    spectrum = k.spectrum(length=2, tokens=uniform(2))
    with pytest.raises(InvalidArgument, match="theorem: is stated of spectra that are proved"):
        theorem_latex(spectrum)
    with pytest.raises(NoClosedForm, match="derivation"):
        theorem_latex(derived("softmax-attention"), derivation=True)


def test_theorems_on_the_command_line():
    done = process("derive", "flatten", "--format", "latex", "--theorem", "--derivation")
    assert done.returncode == 0 and r"\newtheorem{theorem}" in done.stdout and r"\begin{proof}" in done.stdout  # fmt: skip
    for wrong in (["--theorem"], ["--format", "csv", "--derivation"]):
        done = process("derive", "flatten", *wrong)
        assert done.returncode == 2 and len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("key", references())
def test_references_are_found_again(key):
    """What `reference` prints is read back as the key, with and without a place; each entry names its authors and year."""
    assert cited(reference(key)) == (key, "")
    assert cited(reference(key, "section 2")) == (key, "section 2")
    entry = references()[key]
    shown = bibliography_entry(key)
    assert entry["year"] in shown and entry["author"].partition(",")[0] in shown and ".." not in shown  # fmt: skip


def test_formulas_of_a_document_are_those_of_the_sectors():
    """The eigenvalue behind a label is read back by the formula reader of the MathML test."""
    from tests.typeset.test_mathml import formula_of

    spectrum = sk.derive("flatten")
    text = spectrum.latex()
    found = re.findall(r"\\lambda = (.*?)\. \\label\{eq:([\d-]+):([\d-]+)\}", text)
    assert len(found) == len(spectrum.sectors)
    point = {L: 7, v: 5, alpha: 3, beta: 2}
    for latex, mu, kappa in found:
        sector = spectrum.sector(*([] if e == "0" else [int(p) for p in e.split("-")] for e in (mu, kappa)))  # fmt: skip
        assert formula_of(latex).subs(point) == sector.eigenvalues[0].subs(point)


def test_what_heads_a_list_stands_on_the_page_where_it_begins(compile_latex):
    """At every height near the foot of a page; the pages are written when they are shipped out."""
    blocks = [
        rf"\newpage\vspace*{{{height}pt}}\par\noindent\textbf{{On a sector}}\write16{{heading \thepage}}"
        r"\begin{enumerate}\item\write16{item \thepage} Symmetry. \end{enumerate}"
        for height in range(560, 650, 4)
    ]
    log = compile_latex(document("\n\n".join(blocks)))
    pages = [re.findall(rf"^{what} (\d+)$", log, re.M) for what in ("heading", "item")]
    assert len(pages[0]) == len(blocks) and pages[0] == pages[1]
