r"""Blocks of a document as HTML: formulas as MathML, buttons that copy them as LaTeX and for SymPy, figures as SVG.

Nothing is drawn by a script: a page without one shows everything. Buttons carry what they copy in ``data-copy``; what they do stands in the script of the
page around. Every word is escaped; sentences and formulas are read by `symkern.typeset.prose` and `symkern.typeset.mathml`, which refuse what they do not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import count

from symkern.claims.references import bibliography_entry, references
from symkern.pages.blocks import (
    Block,
    Data,
    Display,
    Environment,
    Figure,
    Heading,
    Items,
    Listing,
    Words,
    cited_keys,
    labels_of,
)
from symkern.typeset.charts import chart_svg
from symkern.typeset.mathml import mathml
from symkern.typeset.plain import formula_text
from symkern.typeset.prose import prose_html
from symkern.typeset.tables import Cell, Table
from symkern.typeset.tex import formula_latex

#: em of a formula's lines on a screen.
_WIDTH = 30.0
_SIDES = {"l": "left", "c": "centre", "r": "right"}


class HtmlWriter:
    """Blocks as HTML, with numbers of formulas, figures and references that count through the document."""

    def __init__(self, blocks: Sequence[Block], buttons: bool = True) -> None:
        self.blocks, self.buttons = blocks, buttons
        self.keys = cited_keys(blocks)
        numbers = {key: i for i, key in enumerate(self.keys, 1)}
        for kind in (Figure, Display):
            places = (label for block, label in labels_of(blocks) if isinstance(block, kind))
            numbers |= {label: i for i, label in enumerate(places, 1)}
        self.numbers: Mapping[str, int] = numbers
        self._formulas, self._figures, self._sections = count(1), count(1), count(1)

    def body(self) -> str:
        """All blocks."""
        return self._all(self.blocks)

    def bibliography(self) -> str:
        """The references that are cited, as a numbered list; empty where there are none."""
        entries = []
        for key in self.keys:
            link = references()[key].get("eprint", "")
            shown = prose_html(bibliography_entry(key))
            if re.fullmatch(r"[\w./-]+", link):
                shown = shown.replace(f"arXiv:{link}", f'<a href="https://arxiv.org/abs/{link}">arXiv:{link}</a>')  # fmt: skip
            entries.append(f'<li id="ref-{escape(key)}">{shown}</li>')
        return f'<ol class="references">{"".join(entries)}</ol>' if entries else ""

    def _all(self, blocks: Iterable[Block]) -> str:
        return "\n".join(filter(None, map(self._html, blocks)))

    def _prose(self, latex: str) -> str:
        return prose_html(_without_layout(latex), self.numbers)

    def _html(self, block: Block) -> str:
        match block:
            case Heading(words, level, label):
                return self._heading(words, level, label)
            case Words(latex):
                return f"<p>{self._prose(latex)}</p>"
            case Display():
                return self._display(block)
            case Listing(tables, caption):
                head = f'<p class="caption">{self._prose(caption)}</p>' if caption else ""
                return head + "\n".join(map(table_html, tables))
            case Figure(chart, caption, label):
                number = next(self._figures)
                words = f"<strong>Figure {number}.</strong> {self._prose(caption)}"
                return f"<figure{_id(label)}>{chart_svg(chart)}<figcaption>{words}</figcaption></figure>"
            case Items(entries, numbered):
                tag = "ol" if numbered else "ul"
                inner = "\n".join(f"<li>{self._all(entry)}</li>" for entry in entries)
                return f"<{tag}>\n{inner}\n</{tag}>"
            case Environment(kind, title, inner, label):
                name = f"{kind.capitalize()}{f' ({title})' if title else ''}."
                return f'<section class="{escape(kind)}"{_id(label)}><p><strong>{escape(name)}</strong></p>{self._all(inner)}</section>'
            case Data(name, text):
                return self._data(name, text)

    def _heading(self, words: str, level: int, label: str) -> str:
        shown = self._prose(words.rstrip(",."))  # on paper the paragraph goes on behind it
        if level == 1:
            number = next(self._sections)
            return f'<h2 id="{escape(label or f"section-{number}")}">{number}. {shown}</h2>'
        return f"<h{level + 1}{_id(label)}>{shown}</h{level + 1}>"

    def _display(self, block: Display) -> str:
        lines = block.lines(_WIDTH)
        several = "&" in lines or r"\\" in lines
        latex = rf"\begin{{aligned}}{lines}\end{{aligned}}" if several else lines
        number = f'<span class="number">({next(self._formulas)})</span>' if block.label else ""
        drawn = f'<div class="scroll" tabindex="0">{mathml(latex, display=True)}</div>'
        return f'<div class="formula"{_id(block.label)}>{drawn}{number}{self._copies(block, latex)}</div>'

    def _copies(self, block: Display, latex: str) -> str:
        if not self.buttons or not (block.label or block.value is not None):
            return ""
        source = latex
        found = []
        if block.value is not None:
            source = formula_latex(block.value, block.variable)
            sympy = formula_text(block.value, block.variable).replace("^", "**")
            found.append(copy_button("SymPy", sympy))
        return f'<span class="copies">{copy_button("LaTeX", source)}{"".join(found)}</span>'

    def _data(self, name: str, text: str) -> str:
        """A button for plain data, which stands in the page where no browser runs it."""
        place = re.sub(r"\W+", "-", name.lower())
        # "</" would end the element.
        shown = text.replace("<", "\\u003c")
        button = f'<button type="button" data-copy-from="{place}">Copy {escape(name)}</button>'
        return f'<script type="application/json" id="{place}">{shown}</script><p class="data">{button}</p>'


def copy_button(name: str, text: str) -> str:
    """A button that copies a text.

    >>> print(copy_button("LaTeX", 'a<"b'))
    <button type="button" data-copy="a&lt;&quot;b" aria-label="Copy as LaTeX">LaTeX</button>
    """
    return f'<button type="button" data-copy="{escape(text)}" aria-label="Copy as {escape(name)}">{escape(name)}</button>'


def table_html(table: Table) -> str:
    """A table with its formulas as MathML, in a box of its own that scrolls where it is wide.

    >>> print(table_html(Table(("a<b",), [(1,)])))
    <div class="scroll" tabindex="0"><table>
    <thead><tr><th scope="col" class="left">a&lt;b</th></tr></thead>
    <tbody>
    <tr><td class="left"><math alttext="1"><mn>1</mn></math></td></tr>
    </tbody>
    </table></div>
    """
    sides = [_SIDES[a] for a in table.alignment]

    def row(cells: Iterable[object], tag: str) -> str:
        inner = "".join(f'<{tag} class="{side}">{cell_html(Cell.of(c))}</{tag.split()[0]}>' for c, side in zip(cells, sides))  # fmt: skip
        return f"<tr>{inner}</tr>"

    rows = "\n".join(row(cells, "td") for cells in table.rows)
    head = row(table.header, 'th scope="col"')
    return f'<div class="scroll" tabindex="0"><table>\n<thead>{head}</thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>'


#: Words in front of a formula.
_WORDS_FIRST = re.compile(r"\\text\{([^{}$\\]*)\}(.+)", re.DOTALL)


def cell_html(cell: Cell) -> str:
    r"""A cell as MathML, or as words; words in front of a formula are set as those of other cells are.

    >>> print(cell_html(Cell("half of L", r"\text{half of } L")))
    half of <math alttext="L"><mi>L</mi></math>
    """
    if cell.latex is None:
        return escape(cell.text)
    if found := _WORDS_FIRST.fullmatch(cell.latex):
        return f"{escape(found[1].rstrip())} {mathml(found[2].strip())}"
    return mathml(cell.latex)


def _id(label: str) -> str:
    return f' id="{escape(label)}"' if label else ""


def _without_layout(latex: str) -> str:
    """Without what is about paper alone."""
    return re.sub(r"\\(?:noindent|medskip|bigskip|par)\b\s*", "", latex)
