r"""What a document consists of, whatever it is printed as: headings, sentences, displayed formulas, tables, lists, figures, theorems.

Sentences and formulas are LaTeX, of the commands that `symkern.typeset.prose` and `symkern.typeset.mathml` read; so one list of blocks is an
article (`blocks_latex`) and a web page (`symkern.pages.blocks_html`), and both say the same. A label is a name of letters, digits and -:, the same
in \ref and in the page's links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import sympy as sp

from symkern.claims.references import bibliography_entry, references
from symkern.typeset.chart_pictures import chart_picture
from symkern.typeset.charts import Chart, Grid
from symkern.typeset.tables import Table
from symkern.typeset.tex import formula_display

#: em of a display on a page of `symkern.typeset.document`, beside its number.
WIDTH = 36.0


@dataclass(frozen=True)
class Heading:
    """The title of a section, of level 1, or of a part of one."""

    words: str
    level: int = 1
    label: str = ""


@dataclass(frozen=True)
class Words:
    """A paragraph of LaTeX prose."""

    latex: str


@dataclass(frozen=True)
class Display:
    """A displayed formula: ``left`` = ``value``, broken into lines where it is wide; numbered where it has a ``label``.

    ``latex`` stands in the place of both where there is no SymPy expression.
    """

    left: str = ""
    value: sp.Expr | None = None
    variable: sp.Symbol | None = None
    label: str = ""
    latex: str = ""

    def lines(self, width: float = WIDTH) -> str:
        """Lines of amsmath's align."""
        if self.value is None:
            return self.latex
        shown = formula_display(self.value, self.left, self.variable, width, "align*")
        return shown.removeprefix("\\begin{align*}\n").removesuffix("\n\\end{align*}")


@dataclass(frozen=True)
class Listing:
    """A table in the middle; several where it is longer than a page."""

    tables: tuple[Table, ...]
    caption: str = ""


@dataclass(frozen=True)
class Figure:
    """A chart with its caption."""

    chart: Chart | Grid
    caption: str
    label: str = ""


@dataclass(frozen=True)
class Items:
    """A list, numbered or not; each entry is a list of blocks."""

    entries: tuple[tuple[Block, ...], ...]
    numbered: bool = False


@dataclass(frozen=True)
class Environment:
    """A theorem or a proof: its ``kind``, a title in words, its blocks."""

    kind: str
    title: str
    blocks: tuple[Block, ...]
    label: str = ""


@dataclass(frozen=True)
class Data:
    """Plain data that a page offers to be copied; a printed article leaves it out."""

    name: str
    text: str = field(repr=False)


Block = Heading | Words | Display | Listing | Figure | Items | Environment | Data

#: Ends a paragraph that is not stretched, and its group.
_RAGGED_END = r"\par}"

#: The beginning of words that go on with the sentence of the formula before them.
_GOES_ON = re.compile(r"(?:\\noindent )?[a-z]")

_CITATION = re.compile(r"\\cite(?:\[[^\]]*\])?\{([^}]*)\}")


def blocks_latex(blocks: Iterable[Block], end: str = ".") -> str:
    """The blocks as the body of a LaTeX document; no paragraph ends before a displayed formula, nor before a sentence that goes on behind it.

    A displayed formula has a comma where the sentence goes on behind it, and a full stop where it ends; the last block of all has ``end``.

    >>> print(blocks_latex([Display("k", sp.Integer(2)), Words("where nothing is free."), Display("k", sp.Integer(3))]))
    \\begin{align*}
    k = 2,
    \\end{align*}
    where nothing is free.
    \\begin{align*}
    k = 3.
    \\end{align*}
    """
    body, last = "", None
    listed = [block for block in blocks if not isinstance(block, Data)]
    for block, following in zip(listed, [*listed[1:], None], strict=True):
        goes = isinstance(following, Words) and _GOES_ON.match(following.latex)
        text = _latex(block, "," if goes else "." if following else end)
        if not text:
            continue
        goes_on = isinstance(last, Display) and re.match(r"[a-z]|\\noindent", text)
        joined = isinstance(last, Words) and isinstance(block, Display)
        if joined and body.endswith(_RAGGED_END):
            # The formula belongs to the paragraph: behind its end there would be an empty line.
            body, text = body.removesuffix(_RAGGED_END), text + _RAGGED_END
        body += ("\n" if joined or goes_on else "\n\n") * bool(body) + text
        last = block
    return body


def _latex(block: Block, stop: str) -> str:
    match block:
        case Heading(words, level, label):
            command = ("section", "subsection", "paragraph")[level - 1]
            return rf"\{command}{{{words}}}{_label(label)}"
        case Words(latex):
            # A pipeline has few places to break a line at: its paragraph is not stretched to the margin.
            return (
                f"{{\\raggedright\\parindent=1.5em {latex}{_RAGGED_END}"
                if r"\texttt{" in latex and " | " in latex
                else latex
            )
        case Display():
            return _display(block, stop)
        case Listing(tables, caption):
            return "\n\n".join(_table(table, caption) for table in tables)
        case Figure(chart, caption, label):
            picture = chart_picture(chart)
            return (
                "\\begin{figure}[htbp]\n\\centering\n"
                f"{picture}\n\\caption{{{caption}}}{_label(label)}\n\\end{{figure}}"
            )
        case Items(entries, numbered):
            kind = "enumerate" if numbered else "itemize"
            ends = [";" * (not numbered) or "."] * (len(entries) - 1) + ["."]
            lines = "\n".join(rf"\item {blocks_latex(entry, end)}" for entry, end in zip(entries, ends, strict=False))  # fmt: skip
            return f"\\begin{{{kind}}}\n{lines}\n\\end{{{kind}}}" if entries else ""
        case Environment(kind, title, inner, label):
            name = f"[{title}]" if title else ""
            return f"\\begin{{{kind}}}{name}{_label(label)}\n{blocks_latex(inner)}\n\\end{{{kind}}}"
        case Data():
            return ""


def _label(label: str) -> str:
    return rf"\label{{{label}}}" if label else ""


def _display(block: Display, stop: str) -> str:
    lines = block.lines() + stop
    if not block.label:
        return f"\\begin{{align*}}\n{lines}\n\\end{{align*}}"
    numbered = lines.replace(" \\\\\n", " \\notag \\\\\n")
    return f"\\begin{{align}}\n{numbered} \\label{{{block.label}}}\n\\end{{align}}"


def _table(table: Table, caption: str) -> str:
    lines = [r"\begin{center}", r"\renewcommand{\arraystretch}{1.4}", table.latex(width=42), r"\end{center}"]  # fmt: skip
    if caption:
        lines.insert(1, rf"{{\small {caption}\par}}\medskip")
    return "\n".join(lines)


def cited_keys(blocks: Iterable[Block]) -> list[str]:
    """The keys of all references, in the order in which they are cited.

    >>> cited_keys([Words(r"See \\cite{lavie2024} and \\cite[p.~2]{hron2020}."), Words(r"\\cite{lavie2024}")])
    ['lavie2024', 'hron2020']
    """
    found: dict[str, None] = {}
    for text in _texts(blocks):
        for match in _CITATION.finditer(text):
            found |= dict.fromkeys(key.strip() for key in match[1].split(","))
    return [key for key in found if key in references()]


def _texts(blocks: Iterable[Block]) -> Iterable[str]:
    for block in blocks:
        match block:
            case Words(latex):
                yield latex
            case Heading(words, _, _):
                yield words
            case Figure(_, caption, _) | Listing(_, caption):
                yield caption
            case Items(entries, _):
                for entry in entries:
                    yield from _texts(entry)
            case Environment(_, title, inner, _):
                yield title
                yield from _texts(inner)


def labels_of(blocks: Iterable[Block]) -> list[tuple[Block, str]]:
    """All blocks with a label, and it, in order."""
    found = []
    for block in blocks:
        label = getattr(block, "label", "")
        found += [(block, label)] if label else []
        if isinstance(block, Environment):
            found += labels_of(block.blocks)
        if isinstance(block, Items):
            found += [pair for entry in block.entries for pair in labels_of(entry)]
    return found


def bibliography_latex(keys: Sequence[str]) -> str:
    r"""The references of these keys as thebibliography, so that the document compiles by itself; empty for none.

    >>> print(bibliography_latex(["walker1950"]))
    \begin{thebibliography}{1}
    \bibitem{walker1950} Robert J. Walker. \emph{Algebraic Curves}. Princeton University Press, 1950.
    \end{thebibliography}
    """
    if not keys:
        return ""
    entries = [rf"\bibitem{{{key}}} {bibliography_entry(key)}" for key in keys]
    lines = [rf"\begin{{thebibliography}}{{{len(keys)}}}", *entries, r"\end{thebibliography}"]
    return "\n".join(lines)


def label_of(*pieces: object) -> str:
    """A label of letters, digits and hyphens.

    >>> label_of("eq", "k"), label_of("eq", (2, 1), ())
    ('eq:k', 'eq:2-1:0')
    """
    parts = ["-".join(map(str, p)) or "0" if isinstance(p, tuple) else str(p) for p in pieces]
    return ":".join(re.sub(r"[^A-Za-z0-9-]+", "-", part) for part in parts)
