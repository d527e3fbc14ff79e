r"""Tables of formulas and words, in text of a given width, LaTeX, HTML and CSV.

A cell is a number, a SymPy expression, a partition (any tuple of integers), a string, None for an empty
cell, a `Cell` that gives text and LaTeX separately, or any object with ``.latex()``. Strings are
prose and are escaped; everything else is mathematics.

Text never exceeds its width: the widest columns are narrowed and their cells wrapped, formulas
before operators, words at spaces; where even that does not fit, each row is printed as a list
of its fields. LaTeX is narrowed in the same way to the width of a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape as html_escape
from itertools import zip_longest
from textwrap import wrap
from typing import Any

import sympy as sp

from symkern.errors import InvalidArgument, SizeMismatch, displayed
from symkern.reading.annotated import typed
from symkern.reading.sequences import require_short
from symkern.typeset.document import PAGE, escape
from symkern.typeset.labels import partition_latex, partition_text
from symkern.typeset.layout import expression
from symkern.typeset.plain import break_formula, formula_text, read_em, read_width
from symkern.typeset.plain_columns import Column, dataframe, written_rows
from symkern.typeset.shown import Shown, Written
from symkern.typeset.tex import formula_display, formula_latex, latex_width

_GAP = 2
_LEAST_CHARACTERS = 8.0
_LEAST_EM = 7.0


@dataclass(frozen=True)
@typed
class Cell(Shown):
    """What a cell shows: ``text``, and ``latex`` for math mode (None for prose)."""

    text: str
    latex: str | None = None
    value: sp.Expr | None = None

    @classmethod
    def of(cls, value: object) -> Cell:
        """The cell of any value that a table takes.

        Args:
            value: a text, a number, a formula, a tuple of parts, an object with ``latex``, or None.

        >>> Cell.of((2, 1)), Cell.of(None)
        (Cell('2,1', '(2,1)'), Cell('', None))
        """
        if isinstance(value, Cell):
            return value
        if value is None:
            return cls("")
        if isinstance(value, str | bool | float):
            return cls(str(value))
        if isinstance(value, tuple):
            return cls(partition_text(value), partition_latex(value))
        if hasattr(value, "latex"):
            return cls(str(value), value.latex())
        formula = expression(value, "cell")
        return cls(formula_text(formula), formula_latex(formula), formula)

    def __repr__(self) -> str:
        if self.value is not None:
            return f"Cell.of({sp.srepr(self.value)})"
        return f"Cell({self.text!r}, {self.latex!r})"

    @typed
    def lines(self, width: int) -> list[str]:
        """The cell's text in lines of at most ``width`` characters.

        Args:
            width: characters.
        """
        if len(self.text) <= width:
            return [self.text]
        return break_formula(self.text, width) if self.latex else _wrap(self.text, width)

    @typed
    def in_math(self, em: float | None = None) -> str:
        """The cell inside math mode.

        Args:
            em: the width to which a formula is broken; None for one line.
        """
        if self.latex is None:
            return f"\\text{{{escape(self.text)}}}" if self.text else ""
        if self.value is not None and em is not None and self.em > em:
            return formula_display(self.value, width=em, environment="aligned[t]")
        return self.latex

    @typed
    def in_prose(self, em: float | None = None) -> str:
        """The cell outside math mode.

        Args:
            em: the width to which a formula is broken; None for one line.
        """
        if self.latex is None:
            return escape(self.text)
        return f"${self.in_math(em)}$"

    @property
    def em(self) -> float:
        """The estimated width in LaTeX."""
        if self.value is not None and self.latex is not None:
            # In a line of text a fraction is set smaller.
            small = self.latex.lstrip("-").startswith("\\frac")
            return latex_width(self.value) * (0.65 if small else 1.0)
        return 0.47 * len(self.text)


@dataclass(frozen=True)
@typed
class Table(Written):
    r"""A header and rows of cells.

    Args:
        header: one cell for each column.
        rows: of as many cells.
        alignment: one of l, c, r for each column; l where nothing is said.

    Raises:
        SizeMismatch: a row of another length.
        InvalidArgument: another letter.

    >>> from symkern.abc import L, alpha
    >>> table = Table(("irrep", "eigenvalue"), [("(L-1,1)", alpha * (L - 2) / L**2), ("(L)", 1)])
    >>> print(table.text())
    irrep    eigenvalue
    -------  -----------------
    (L-1,1)  alpha*(L - 2)/L^2
    (L)      1
    >>> print(table.csv(), end="")
    irrep,eigenvalue
    "(L-1,1)",alpha*(L - 2)/L^2
    (L),1
    """

    header: Sequence[object]
    rows: Sequence[Sequence[object]]
    alignment: str = ""

    def __post_init__(self) -> None:
        require_short(self.header, "header", "cells")
        header = tuple(map(Cell.of, self.header))
        rows = tuple(tuple(map(Cell.of, row)) for row in self.rows)
        for i, row in enumerate(rows):
            if len(row) != len(header):
                rule = f"each must have {len(header)} cells"
                raise SizeMismatch("rows", rule, f"row {i} has {len(row)}")
        alignment = self.alignment or "l" * len(header)
        if len(alignment) != len(header) or set(alignment) - set("lcr"):
            rule = f"must hold one of l, c, r for each of {len(header)} columns"
            raise InvalidArgument("alignment", rule, f"it is {displayed(self.alignment)}")
        object.__setattr__(self, "header", header)
        object.__setattr__(self, "rows", rows)
        object.__setattr__(self, "alignment", alignment)

    @property
    def _columns(self) -> list[list[Cell]]:
        return [list(column) for column in zip(self.header, *self.rows)]

    @typed
    def text(self, width: int = 80) -> str:
        """Plain text, no line longer than ``width``.

        Args:
            width: columns, at least 20.
        """
        read_width(width)
        natural = [float(max(len(c.text) for c in column)) for column in self._columns]
        room = width - _GAP * (len(natural) - 1)
        shares = _narrow(natural, room, _LEAST_CHARACTERS, whole=True)
        if shares is None:
            return self._as_fields(width)
        widths = [int(share) for share in shares]
        rule = (" " * _GAP).join("-" * w for w in widths)
        lines = [*self._row_lines(self.header, widths), rule]
        for row in self.rows:
            lines += self._row_lines(row, widths)
        return "\n".join(line.rstrip() for line in lines)

    def _row_lines(self, row: Sequence[object], widths: list[int]) -> list[str]:
        cells = [Cell.of(c).lines(w) for c, w in zip(row, widths)]
        lines = []
        for pieces in zip_longest(*cells, fillvalue=""):
            adjusted = [
                {"l": p.ljust, "r": p.rjust, "c": p.center}[a](w)
                for p, w, a in zip(pieces, widths, self.alignment)
            ]
            lines.append((" " * _GAP).join(adjusted))
        return lines

    def _as_fields(self, width: int) -> str:
        """Each row as lines of name and value."""
        names = [Cell.of(c).text for c in self.header]
        margin = min(max(map(len, names)) + _GAP, width // 2)
        blocks = []
        for row in self.rows:
            lines = []
            for name, value in zip(names, row):
                left = _wrap(name, margin - _GAP)
                right = Cell.of(value).lines(width - margin)
                pairs = zip_longest(left, right, fillvalue="")
                lines += [head.ljust(margin) + tail for head, tail in pairs]
            blocks.append("\n".join(line.rstrip() for line in lines))
        return "\n\n".join(blocks)

    @typed
    def latex(self, style: str = "booktabs", width: float = PAGE) -> str:
        r"""LaTeX.

        Args:
            style: "booktabs" for a document, or "array" for math mode, which MathJax shows.
            width: of a page in em, to which long formulas are broken.

        Raises:
            InvalidArgument: another style.

        >>> print(Table(("n", "50 %"), [(1, "a_b")]).latex())
        \begin{tabular}{ll}
        \toprule
        n & 50 \% \\
        \midrule
        $1$ & a\_b \\
        \bottomrule
        \end{tabular}
        """
        if style not in ("booktabs", "array"):
            raise InvalidArgument(
                "style", "must be 'booktabs' or 'array'", f"it is {displayed(style)}"
            )
        natural = [max(c.em for c in column) for column in self._columns]
        room = read_em(width) - 1.1 * len(natural)
        shares = _narrow(natural, room, _LEAST_EM) or [_LEAST_EM] * len(natural)
        rows = []
        for row in (self.header, *self.rows):
            cells = [
                Cell.of(c).in_prose(em) if style == "booktabs" else Cell.of(c).in_math(em)
                for c, em in zip(row, shares)
            ]
            line = " & ".join(cells)
            tall = r"\frac" in line
            if style == "array":
                rows.append(line + (r" \\[3pt]" if tall else r" \\"))
            else:
                rows.append(line + r" \\" + (r" \addlinespace[3pt]" if tall else ""))
        if style == "array":
            lines = [rows[0] + r" \hline", *rows[1:]]
            return "\n".join([f"\\begin{{array}}{{{self.alignment}}}", *lines, r"\end{array}"])
        lines = [r"\toprule", rows[0], r"\midrule", *rows[1:], r"\bottomrule"]
        return "\n".join([f"\\begin{{tabular}}{{{self.alignment}}}", *lines, r"\end{tabular}"])

    def html(self) -> str:
        """An HTML table in a box that scrolls where the page is narrower; formulas are LaTeX between dollars, as notebooks typeset them.

        >>> print(Table(("a<b",), [(1,)]).html())
        <div style="overflow-x:auto"><table>
        <thead><tr><th style="text-align:left">a&lt;b</th></tr></thead>
        <tbody>
        <tr><td style="text-align:left">$1$</td></tr>
        </tbody>
        </table></div>
        """
        side = {"l": "left", "c": "center", "r": "right"}

        def row(cells: Iterable[object], tag: str) -> str:
            content = "".join(
                f'<{tag} style="text-align:{side[a]}">{_html(Cell.of(c))}</{tag}>'
                for c, a in zip(cells, self.alignment)
            )
            return f"<tr>{content}</tr>"

        body = "\n".join(row(cells, "td") for cells in self.rows)
        return f'<div style="overflow-x:auto"><table>\n<thead>{row(self.header, "th")}</thead>\n<tbody>\n{body}\n</tbody>\n</table></div>'

    def _repr_html_(self) -> str:
        return self.html()

    @typed
    def csv(self) -> str:
        """Comma-separated values (RFC 4180 quoting, line feeds), formulas as `formula_text`."""
        return written_rows([Cell.of(c).text for c in row] for row in (self.header, *self.rows))

    @typed
    def to_dataframe(self, backend: str | None = None) -> Any:
        """The texts of the cells as a DataFrame.

        Args:
            backend: "pandas", "polars" or "pyarrow"; None for the first that is installed.

        Raises:
            InvalidArgument: another backend.
            SymkernError: narwhals or the backend is not installed.

        >>> Table(("irrep", "n"), [((2, 1), 3)]).to_dataframe("pandas")
          irrep  n
        0   2,1  3
        """
        texts = [[cell.text for cell in column] for column in self._columns]
        return dataframe([Column(head, str, below) for head, *below in texts], backend)


def _html(cell: Cell) -> str:
    return html_escape(cell.text if cell.latex is None else f"${cell.latex}$", quote=False)


def _narrow(
    natural: Sequence[float], room: float, least: float, whole: bool = False
) -> list[float] | None:
    """Widths that sum to at most ``room``: the widest columns give way first, down to ``least``.

    None if that is not enough. With ``whole`` the widths are whole numbers.
    """
    if sum(natural) <= room:
        return list(natural)
    if sum(min(w, least) for w in natural) > room:
        return None
    low, high = least, max(natural)
    for _ in range(60):  # bisect for the widest cap that fits
        cap = (low + high) / 2
        if sum(min(w, cap) for w in natural) <= room:
            low = cap
        else:
            high = cap
    if not whole:
        return [min(w, low) for w in natural]
    shares = [min(w, float(int(low + 1e-9))) for w in natural]
    for i, w in enumerate(natural):
        if sum(shares) < room and shares[i] < w:
            shares[i] += 1
    return shares


def _wrap(text: str, width: int) -> list[str]:
    return wrap(text, width, break_on_hyphens=False) or [""]
