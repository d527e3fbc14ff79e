"""Every public type in every form that it has: text within 80 columns and without LaTeX, HTML that is well formed, LaTeX that compiles and that MathML draws.

What is shown is the examples of `tests.test_values`, which has one of each public class.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from symkern.errors import InvalidArgument
from symkern.typeset.document import document
from symkern.typeset.line_breaks import broken_latex, formula_em
from symkern.typeset.mathml import mathml
from symkern.typeset.shown import short_text
from tests.test_values import EXAMPLES

_CASES = [pytest.param(make, id=f"{name}-{i}") for name, makers in EXAMPLES.items() for i, make in enumerate(makers)]  # fmt: skip
#: Values in one line of a formula, whose length is theirs; a law's text is what the command reads back.
_ONE_LINE = {"LengthSeries", "Mixture", "Categorical", "Exchangeable", "HiddenMarkov", "Law"}
_VOID = {"br", "img", "hr", "circle", "line", "rect", "path", "polyline", "use"}


class _Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.wrong: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _is_mathematics(latex: str) -> bool:
    """Whether it is for math mode, and not the body of a document."""
    return not re.search(r"\\(paragraph|begin\{(center|tabular|enumerate|quote|align|sloppypar|longtable|document))|\$|\\noindent|\\texttt|\\\[", latex) and not latex.startswith("i.i.d.")  # fmt: skip


@pytest.mark.parametrize("make", _CASES)
@pytest.mark.sampled(2)
def test_text_and_html(make):
    """No line of a text is longer than a terminal, HTML closes what it opens, and outside of dollars there is no LaTeX in either."""
    value = make()
    if hasattr(value, "text") and callable(value.text) and type(value).__name__ not in _ONE_LINE:
        try:
            text = value.text()
        except TypeError:  # it needs an argument: no text of the whole
            text = ""
        assert max(map(len, text.splitlines()), default=0) <= 80
        assert not re.search(r"\\[A-Za-z]{2,}", text)
    for form in ("_repr_html_", "_repr_svg_"):
        if hasattr(value, form):
            shown = getattr(value, form)()
            page = _Elements(shown)
            assert not page.open and not page.wrong and "<script" not in shown
            assert not re.search(r"\\[A-Za-z]{2,}", re.sub(r"\$[^$]*\$", "", "".join(page.words)))
            for formula in re.findall(r"\$([^$]+)\$", "".join(page.words)):
                assert mathml(formula)


class _Printer:
    """What IPython hands to ``_repr_pretty_``."""

    max_width = 79

    def __init__(self) -> None:
        self.written = ""

    def text(self, words: str) -> None:
        self.written += words

    def break_(self) -> None:
        self.written += "\n"


#: Enumerations and thresholds, which print as Python has it.
_PLAIN = {"Standing", "Limits"}


def test_every_type_shows_a_short_text():
    """Through IPython's own protocol: within the terminal, no wall, and what Python reads back is left alone."""
    missing, wide = [], []
    for name, makers in EXAMPLES.items():
        value = makers[0]()
        if name in _PLAIN:
            continue
        if not hasattr(value, "_repr_pretty_"):
            missing.append(name)
            continue
        printer = _Printer()
        value._repr_pretty_(printer, False)
        lines = printer.written.splitlines()
        if name not in _ONE_LINE | {"Symmetrised"} and max(map(len, lines)) > 80:
            wide.append((name, max(map(len, lines))))
        assert len(lines) <= 61, name
    assert (missing, wide) == ([], [])


@pytest.mark.parametrize("width", [40, 79])
def test_a_long_text_is_cut(width):
    class Long:
        def __str__(self) -> str:
            return "\n".join(["word " * 100] * 100)

    lines = short_text(Long(), width).splitlines()
    assert len(lines) == 60 and max(map(len, lines)) <= width and lines[-1].startswith("... (")


def test_latex_of_every_type_compiles_and_is_drawn(compile_latex):
    """Inside of math mode, as a display and as a document: it compiles, nothing sticks out of the page by 5 pt, and MathML draws what is a formula."""
    body, refused, documents = [], [], []
    for name, makers in EXAMPLES.items():
        value = makers[0]()
        if not hasattr(value, "latex") or not callable(value.latex) or name == "PositionGroup":
            continue  # of a group it is that of its irreps
        latex = value.latex()
        try:
            mathml(latex)
            latex = rf"\[ {latex} \]" if formula_em(latex) < 30 else ""
        except InvalidArgument as error:
            if _is_mathematics(latex):
                refused.append(f"{name}: {error}")
            latex = ""  # the document has it
        whole = value.document()
        inner = whole.split(r"\begin{document}")[1].split(r"\end{document}")[0]
        documents.append(name)
        body.append(f"\\typeout{{@@{name}}}\n{name}\n\n{latex}\n\n{inner}")
    assert len(documents) > 45
    assert refused == []
    log = compile_latex(document("\n\n\\clearpage\n".join(body)))
    where, over = "", []
    for line in log.splitlines():
        if line.startswith("@@"):
            where = line[2:]
        if (found := re.match(r"Overfull \\hbox \(([\d.]+)pt", line)) and float(found[1]) > 5:
            over.append((where, float(found[1])))
    assert over == []


def test_documents_stand_alone(compile_latex):
    """One of a formula and one of a table."""
    for name in ("CharacterPolynomial", "Comparison"):
        source = EXAMPLES[name][0]().document(title="50 % of a_b")
        assert source.startswith(r"\documentclass") and r"\title{50 \% of a\_b}" in source
        compile_latex(source)


@pytest.mark.parametrize(
    ("latex", "width"),
    [
        (" + ".join(rf"\frac{{a_{{{i}}}^{{2}}}}{{L^{{{i}}}}}" for i in range(40)), 33.0),
        ("f = " + ", ".join(rf"\left(x_{{{i}}} + 1\right)" for i in range(30)), 20.0),
        (r"\sqrt{" + " + ".join("abcdefghij" * 5) + "}", 10.0),
    ],
)
def test_broken_formulas_are_the_same_formulas(latex, width):
    """Nothing is lost or added but the marks of lines; no line breaks what is held together."""
    shown = broken_latex(latex, width)
    lines = re.sub(r"\\(begin|end)\{aligned\}|& \\quad|&|\\\\", "", shown)
    assert lines.split() == latex.split()
    for line in shown.split("\\\\\n"):
        assert line.count("{") == line.count("}") and line.count(r"\left") == line.count(r"\right")
    mathml(shown)
