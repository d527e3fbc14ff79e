r"""Character tables in text, LaTeX, HTML and CSV.

Rows are irreps, columns
are cycle types; above the values stand the size of each class and the order z_mu of its centraliser,
|class| = n!/z_mu. Cycle types and long partitions are written with exponents, 3,1^3.

Tables wider than a line or a page are split into blocks of columns.

Source: the layout of James and Kerber, *The Representation Theory of the Symmetric Group*, appendix I.A.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, product
from math import factorial
from typing import Any

from symkern.characters import CharacterTable
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.typeset.document import document
from symkern.typeset.labels import cycle_type_latex, cycle_type_text, partition_text, parts_of
from symkern.typeset.plain import read_em, read_width
from symkern.typeset.plain_columns import Column, dataframe, written_rows


def text(table: CharacterTable, width: int = 80) -> str:
    """Blocks of columns, none wider than ``width``.

    Args:
        table: the table.
        width: columns, at least 40.

    >>> from types import SimpleNamespace
    >>> table = SimpleNamespace(n=2, partitions=[(2,), (1, 1)], values=[[1, 1], [-1, 1]])
    >>> print(text(table))
    Characters of S_2: rows are irreps, columns cycle types
    <BLANKLINE>
                  2  1^2
    class size    1    1
    centraliser   2    2
    --------------------
    2             1    1
    1^2          -1    1
    """
    read_width(width, least=40)
    labels = [cycle_type_text(p) for p in table.partitions]
    sizes, orders = _classes(table)
    names = ["", "class size", "centraliser", *labels]
    margin = min(max(map(len, names)), width // 2)
    columns = [
        [label, str(size), str(order), *(str(int(row[j])) for row in table.values)]
        for j, (label, size, order) in enumerate(zip(labels, sizes, orders))
    ]
    widths = [max(map(len, column)) for column in columns]
    blocks = [_opening(table, width)]
    for start, stop in _blocks(widths, width - margin, 2):
        lines = []
        for i, name in enumerate(names):
            values = "".join("  " + columns[j][i].rjust(widths[j]) for j in range(start, stop))
            lines += _labelled_line(name, margin, values)
        lines.insert(3, "-" * max(map(len, lines)))
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _opening(table: CharacterTable, width: int) -> str:
    long = f"Characters of S_{table.n}: rows are irreps, columns cycle types"
    return long if len(long) <= width else f"Characters of S_{table.n}"


def _labelled_line(name: str, margin: int, values: str) -> list[str]:
    """One row; a label that does not fit its margin goes on lines of its own."""
    lines = []
    while len(name) > margin:
        cut = name.rfind(",", 0, margin) + 1 or margin
        lines.append(name[:cut])
        name = name[cut:]
    return [*lines, (name.ljust(margin) + values).rstrip()]


def latex(table: CharacterTable, width: float = 36.0, rows: int = 38) -> str:
    r"""Displays ``\[ ... \]`` of plain arrays, each at most ``width`` em wide and ``rows`` irreps high; for inside of text, and for MathJax.

    Args:
        table: the table.
        width: of a display in em, above 0.
        rows: how many irreps a display has at most.

    >>> from types import SimpleNamespace
    >>> table = SimpleNamespace(n=2, partitions=[(2,), (1, 1)], values=[[1, 1], [-1, 1]])
    >>> print(latex(table))
    \[
    \begin{array}{l|rr}
    S_{2} & 2 & 1^{2} \\
    |C| & 1 & 1 \\
    z & 2 & 2 \\ \hline
    \rule{0pt}{2.6ex}2 & 1 & 1 \\
    1^{2} & -1 & 1 \\
    \end{array}
    \]
    """
    return _displays(table, width, rows, 0.92)


def _displays(
    table: CharacterTable, width: float, rows: int, gap: float, sizes_too: bool = True
) -> str:
    """`latex`, with ``gap`` em between columns; unless ``sizes_too`` without the sizes of classes, which are the widest numbers."""
    labels = [cycle_type_latex(p) for p in table.partitions]
    heads = [_label_em(cycle_type_text(p)) for p in table.partitions]
    sizes, orders = _classes(table)
    columns = [
        [str(size), str(order), *(str(int(row[j])) for row in table.values)]
        for j, (size, order) in enumerate(zip(sizes, orders))
    ]
    shown = 0 if sizes_too else 1
    ems = [max(heads[j], *(_number_em(text) for text in c[shown:])) + 0.1 for j, c in enumerate(columns)]  # fmt: skip
    margin = max(heads) + 1.5
    displays, rows = [], read_integer(rows, "rows", minimum=1)
    for start, stop in _blocks(ems, read_em(width) - margin, gap):
        for first, last in _even(0, len(labels), -(-len(labels) // rows)):
            lines = [_row(f"S_{{{table.n}}}", labels[start:stop])]
            if sizes_too:
                lines.append(_row("|C|", [str(s) for s in sizes[start:stop]]))
            lines.append(_row("z", [str(z) for z in orders[start:stop]]) + r" \hline")
            for i in range(first, last):
                # The strut keeps an exponent off the rule above it.
                strut = r"\rule{0pt}{2.6ex}" if i == first else ""
                cells = [columns[j][i + 2] for j in range(start, stop)]
                lines.append(_row(strut + labels[i], cells))
            frame = "l|" + "r" * (stop - start)
            array = "\n".join([f"\\begin{{array}}{{{frame}}}", *lines, r"\end{array}"])
            displays.append(f"\\[\n{array}\n\\]")
    return "\n".join(displays)


#: Sizes of type of a document of 11 pt: the width of an em and the distance of lines, in points.
_TYPE = {"normalsize": (10.95, 13.6), "footnotesize": (9.0, 11.0), "scriptsize": (8.0, 9.5)}
#: Points on either side of a column where tables are in parts.
_CLOSE = 3.0
#: Width and height of a page's text in points, upright and on its side, less what rounding and the number of the page need.
_ROOM = {False: (455.0, 590.0), True: (630.0, 410.0)}


def printed_latex(table: CharacterTable) -> str:
    r"""The body of a document: the table whole, upright or on its side, where one page holds it; otherwise in parts that fill pages of small type, as few as can be.

    Needs the package pdflscape, which `symkern.typeset.document.document` adds.

    >>> from symkern.characters import character_table
    >>> printed_latex(character_table(2)) == latex(character_table(2))
    True
    >>> print(printed_latex(character_table(8)).splitlines()[0])
    \begin{landscape}
    """
    best = ""
    least: int | None = None
    for size, on_side in product(_TYPE, _ROOM):
        em, line = _TYPE[size]
        width, rows = _ROOM[on_side][0] / em, int(_ROOM[on_side][1] / line) - 3
        whole = _displays(table, width, rows, 10.0 / em)
        found = whole
        if whole.count(r"\end{array}") > 1:
            found = _displays(table, width, rows, 2 * _CLOSE / em, sizes_too=False)
        pages = found.count(r"\end{array}")
        if least is not None and pages >= least:
            continue
        least = pages
        best = found
        if found is not whole:
            parts = found.replace("\n\\]\n\\[", "\n\\]\n\\newpage\n\\[")
            best = f"\\setlength{{\\arraycolsep}}{{{_CLOSE:g}pt}}\nClasses have $|C| = {table.n}!/z$ elements.\n{parts}"
        if size != "normalsize":
            best = f"{{\\{size}\n{best}\n\\par}}"
        if on_side:
            best = f"\\begin{{landscape}}\n{best}\n\\end{{landscape}}"
        if pages == 1:
            break
    return best


@typed
def table_document(table: CharacterTable, title: str = "") -> str:
    """`printed_latex` as a whole file.

    Args:
        table: the table.
        title: plain words, set above; none where it is empty.
    """
    return document(printed_latex(table), title)


def _label_em(text: str) -> float:
    """The width of a cycle type in LaTeX: thin spaces for commas, exponents in smaller type."""
    return sum({",": 0.17, "^": 0.05}.get(c, 0.5) for c in text) - 0.12 * text.count("^")


def _number_em(text: str) -> float:
    return 0.5 * len(text) + 0.28 * text.startswith("-")


def _row(label: str, cells: list[str]) -> str:
    return " & ".join([label, *cells]) + r" \\"


def html(table: CharacterTable) -> str:
    """An HTML table in plain digits, quick to show at any size.

    >>> from types import SimpleNamespace
    >>> table = SimpleNamespace(n=1, partitions=[(1,)], values=[[1]])
    >>> print(html(table).splitlines()[4])
    <tr><th style="text-align:left">1</th><td style="text-align:right">1</td></tr>
    """
    left, right = ' style="text-align:left"', ' style="text-align:right"'
    sizes, orders = _classes(table)
    labels = [_exponents_html(cycle_type_text(p)) for p in table.partitions]

    def row(head: str, cells: list[str], tag: str) -> str:
        content = "".join(f"<{tag}{right}>{cell}</{tag}>" for cell in cells)
        return f"<tr><th{left}>{head}</th>{content}</tr>"

    head = "\n".join(
        [
            row(f"S<sub>{table.n}</sub>", labels, "th"),
            row("class size", [str(size) for size in sizes], "td"),
            row("centraliser", [str(order) for order in orders], "td"),
        ]
    )
    body = [
        row(label, [str(int(value)) for value in values], "td")
        for label, values in zip(labels, table.values)
    ]
    opening = f'<div style="overflow-x:auto"><table><thead>{head}</thead>'
    return "\n".join([opening, "<tbody>", *body, "</tbody></table></div>"])


def _exponents_html(text: str) -> str:
    pieces = []
    for part in text.split(","):
        base, mark, exponent = part.partition("^")
        pieces.append(f"{base}<sup>{exponent}</sup>" if mark else base)
    return ",".join(pieces)


def notebook_html(table: CharacterTable) -> str | None:
    """`html` of a table that a notebook shows by itself; None of a larger one, which shows its name."""
    return html(table) if table.n <= current().shown_table else None


def notebook_latex(table: CharacterTable) -> str | None:
    """`latex` of a table that a notebook shows by itself; None of a larger one."""
    return latex(table) if table.n <= current().shown_table else None


def csv(table: CharacterTable) -> str:
    """Comma-separated values: the first row names the classes, the first column the irreps.

    Partitions are written part by part, as symkern reads them.

    >>> from types import SimpleNamespace
    >>> table = SimpleNamespace(n=2, partitions=[(2,), (1, 1)], values=[[1, 1], [-1, 1]])
    >>> print(csv(table), end="")
    irrep,2,"1,1"
    2,1,1
    "1,1",-1,1
    """
    labels = [partition_text(p) for p in table.partitions]
    rows = ([label, *map(int, values)] for label, values in zip(labels, table.values))
    return written_rows(chain([["irrep", *labels]], rows))


def table_dataframe(table: CharacterTable, backend: str | None = None) -> Any:
    """The table as a DataFrame: the column ``irrep``, and a column of whole numbers for each class, named by its cycle type; needs the extra ``frames``.

    Columns of numbers past 64 bits, which n above 35 has, are text.

    Args:
        table: the table.
        backend: "pandas", "polars" or "pyarrow"; None for the first that is installed.

    Raises:
        InvalidArgument: another backend.
        SymkernError: narwhals or the backend is not installed.

    >>> from symkern.characters import character_table
    >>> character_table(3).to_dataframe("pandas")
       irrep  3  2,1  1,1,1
    0      3  1    1      1
    1    2,1 -1    0      2
    2  1,1,1  1   -1      1
    """
    labels = [partition_text(p) for p in table.partitions]
    values = (table.values[:, j].tolist() for j in range(len(labels)))
    columns = [Column(label, int, entries) for label, entries in zip(labels, values, strict=True)]
    return dataframe([Column("irrep", str, labels), *columns], backend)


def _classes(table: CharacterTable) -> tuple[list[int], list[int]]:
    """The sizes of the conjugacy classes and the orders z_mu = prod i^(m_i) m_i! of centralisers."""
    orders = []
    for partition in table.partitions:
        parts = parts_of(partition)
        order = 1
        for part in set(parts):
            order *= part ** parts.count(part) * factorial(parts.count(part))
        orders.append(order)
    return [factorial(int(table.n)) // order for order in orders], orders


def _even(start: int, stop: int, count: int) -> Iterator[tuple[int, int]]:
    """The range cut into ``count`` pieces of lengths that differ by at most one."""
    for k in range(count):
        yield start + (stop - start) * k // count, start + (stop - start) * (k + 1) // count


def _blocks(widths: Sequence[float], room: float, gap: float) -> Iterator[tuple[int, int]]:
    """Ranges of columns that fit into ``room`` together, at least one column each."""
    start = 0
    while start < len(widths):
        stop, used = start, 0.0
        while stop < len(widths) and (stop == start or used + gap + widths[stop] <= room):
            used += gap + widths[stop]
            stop += 1
        yield start, stop
        start = stop
