"""Every public type in every form that it has: text within 80 columns and without LaTeX, HTML that is well formed, LaTeX that compiles and that MathML draws.

What is shown is the examples of `tests.test_values`, which has one of each public class.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from symkern.errors import InvalidArgument
from symkern.typeset.document import document
from symkern.typeset.mathml import mathml
from tests.test_values import EXAMPLES

_CASES = [pytest.param(make, id=f"{name}-{i}") for name, makers in EXAMPLES.items() for i, make in enumerate(makers)]  # fmt: skip
#: Values in one line of a formula, whose length is theirs; a law's text is what the command reads back.
_ONE_LINE = {"LengthSeries", "Mixture", "Categorical", "Exchangeable", "Law"}
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


def test_latex_of_every_type_compiles_and_is_drawn(compile_latex):
    """In one document; formulas of math mode are drawn as MathML too."""
    body, refused = [], []
    for name, makers in EXAMPLES.items():
        value = makers[0]()
        if not hasattr(value, "latex") or not callable(value.latex):
            continue
        if name == "PositionGroup":  # that of its irreps
            continue
        latex = value.latex()
        try:
            mathml(latex)
            latex = f"\\[ {latex} \\]"
        except InvalidArgument as error:
            if _is_mathematics(latex):
                refused.append(f"{name}: {error}")
        body.append(f"{name}\n\n{latex}")
    assert len(body) > 25
    assert refused == []
    compile_latex(document("\n\n\\clearpage\n".join(body)))
