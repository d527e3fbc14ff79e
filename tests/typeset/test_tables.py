"""Tables, matrices, character tables and documents: widths, escapes, exact content."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from math import factorial
from string import ascii_letters
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest
import sympy as sp
from hypothesis import example, given
from hypothesis import strategies as st

import symkern as sk
from symkern.abc import L, alpha, beta, parse, sigma2, v
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch
from symkern.pages import character_table as printed
from symkern.typeset.document import document, escape
from symkern.typeset.matrices import matrix_html, matrix_latex, matrix_text
from symkern.typeset.tables import Cell, Table

D = alpha**2 * L**2 + 4 * alpha * beta * v + beta**2
ROOT = (alpha * L * (L + v - 1) + sp.sqrt(D)) / (2 * L**4 * v)
TABLE = Table(
    ("irreps", "dimension", "eigenvalue", "samples"),
    [
        ("(L) x (v)", 2, ROOT, sigma2 * L / alpha),
        ("(L-1,1) x (v-1,1)", (L - 1) * (v - 1), alpha * beta / (2 * L**3), L**2 * sigma2),
        ("(L-2,2)", L * (L - 3) / 2, sp.Rational(1, 2), None),
    ],
    "lrll",
)

S3 = SimpleNamespace(
    n=3,
    partitions=[(3,), (2, 1), (1, 1, 1)],
    values=np.array([[1, 1, 1], [-1, 0, 2], [1, -1, 1]]),
)

cells = st.one_of(
    st.none(),
    st.integers(-(10**30), 10**30),
    st.text(alphabet=st.characters(codec="latin-1", categories=["L", "N", "P", "Z"]), max_size=60),
    st.sampled_from([ROOT, alpha / L, sp.Integer(3) ** 100, (2, 1, 1)]),
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = draw(st.integers(1, 7))
    rows = draw(st.lists(st.lists(cells, min_size=columns, max_size=columns), max_size=5))
    alignment = "".join(draw(st.lists(st.sampled_from("lcr"), min_size=columns, max_size=columns)))
    return Table([f"column {i}" for i in range(columns)], rows, alignment)


# -- tables ----------------------------------------------------------------------------


@given(tables(), st.integers(20, 120))
def test_text_never_exceeds_its_width_and_loses_nothing(table: Table, width: int) -> None:
    text = table.text(width)
    assert all(len(line) <= width for line in text.splitlines())
    shown = sorted(c for c in text if not c.isspace())
    for row in table.rows:
        for cell in row:
            for character in set(Cell.of(cell).text):
                assert character.isspace() or character in shown


def test_text_pin() -> None:
    assert TABLE.text(80).splitlines() == [
        "irreps                   dimension  eigenvalue                    samples",
        "-----------------  ---------------  ----------------------------  --------------",
        "(L) x (v)                        2  (alpha*L*(L + v - 1)          sigma2*L/alpha",
        "                                    + sqrt(alpha^2*L^2",
        "                                    + 4*alpha*beta*v + beta^2))",
        "                                    /(2*L^4*v)",
        "(L-1,1) x (v-1,1)  (L - 1)*(v - 1)  alpha*beta/(2*L^3)            sigma2*L^2",
        "(L-2,2)                L*(L - 3)/2  1/2",
    ]


def test_text_wraps_into_fields_where_columns_do_not_fit() -> None:
    table = Table([f"name {i}" for i in range(6)], [range(6)])
    assert table.text(20).splitlines()[:2] == ["name 0  0", "name 1  1"]


def test_csv_is_read_back() -> None:
    rows = list(csv.reader(io.StringIO(TABLE.csv())))
    assert rows[0] == ["irreps", "dimension", "eigenvalue", "samples"]
    assert rows[2][0] == "(L-1,1) x (v-1,1)"
    assert parse(rows[2][2]) == alpha * beta / (2 * L**3)
    assert rows[3][3] == ""


def test_html_is_well_formed_and_escaped() -> None:
    table = Table(("a<b", "x & y"), [("<script>", alpha / L)])
    root = ElementTree.fromstring(table.html())
    texts = [cell.text for cell in root.iter() if cell.text and cell.text.strip()]
    assert texts == ["a<b", "x & y", "<script>", r"$\frac{\alpha}{L}$"]


@given(tables())
def test_html_of_anything_is_well_formed(table: Table) -> None:
    ElementTree.fromstring(table.html())


def test_ragged_rows_and_bad_alignment_are_refused() -> None:
    with pytest.raises(SizeMismatch, match="rows: each must have 2 cells, but row 1 has 1"):
        Table(("a", "b"), [(1, 2), (3,)])
    with pytest.raises(InvalidArgument, match="alignment: must hold one of l, c, r for each of 2"):
        Table(("a", "b"), [(1, 2)], "lx")
    with pytest.raises(
        InvalidArgument, match="width: must be an integer of at least 20, but it is 10"
    ):
        TABLE.text(10)
    with pytest.raises(InvalidType, match="cell: must be a SymPy expression"):
        Table(("a",), [(object(),)])


def test_cells() -> None:
    assert Cell.of((2, 1)) == Cell("2,1", "(2,1)")
    assert Cell.of(np.int64(3)).text == "3"
    assert Cell.of("a_b").in_prose() == r"a\_b"
    assert Cell.of(alpha).in_prose() == r"$\alpha$"
    assert Cell.of("a_b").in_math() == r"\text{a\_b}"

    class Irrep:
        def __str__(self) -> str:
            return "(L-1,1)"

        def latex(self) -> str:
            return "(L-1,1)"

    assert Cell.of(Irrep()) == Cell("(L-1,1)", "(L-1,1)")


def test_tables_are_values() -> None:
    assert Table(("a",), [(1,)]) == Table(("a",), [(1,)])
    assert hash(Table(("a",), [(1,)])) == hash(Table(("a",), [(1,)]))
    names = {**vars(sp), "Table": Table, "Cell": Cell}
    assert eval(repr(TABLE), names) == TABLE  # noqa: S307


# -- matrices --------------------------------------------------------------------------

entries = st.sampled_from([0, 1, -2, alpha, beta / L, alpha * (L - 1) / (2 * L**2), ROOT, 10**25])


@given(
    st.integers(1, 5).flatmap(
        lambda k: st.lists(st.lists(entries, min_size=k, max_size=k), min_size=1, max_size=4)
    ),
    st.integers(40, 100),
)
def test_matrix_text_keeps_its_width(rows: list[list[object]], width: int) -> None:
    assert all(len(line) <= width for line in matrix_text(rows, width).splitlines())


def test_matrix_pins() -> None:
    assert matrix_text(sp.Matrix([[1, -2], [10, L]])) == "[  1  -2 ]\n[ 10   L ]"
    assert matrix_text(np.array([[1, 2]])) == "[ 1  2 ]"
    assert matrix_text([]) == "[ ]"
    block = [
        [alpha**2 * (L - 1) / (2 * L**4), alpha * beta / L**3],
        [0, (alpha + beta) / (2 * L**4)],
    ]
    assert matrix_latex(block).splitlines() == [
        r"\frac{1}{2 L^{4}} \begin{pmatrix}",
        r"\alpha^{2} (L - 1) & 2 \alpha \beta L \\",
        r"0 & \alpha + \beta",
        r"\end{pmatrix}",
    ]
    assert matrix_latex([[1, sp.sqrt(2)]]) == "\\begin{pmatrix}\n1 & \\sqrt{2}\n\\end{pmatrix}"
    assert matrix_latex([[0, 0]]) == "\\begin{pmatrix}\n0 & 0\n\\end{pmatrix}"


def test_an_exact_matrix_type_is_taken_by_its_attribute() -> None:
    assert matrix_text(SimpleNamespace(to_sympy=lambda: sp.Matrix([[L]]))) == "[ L ]"


def test_matrix_html_is_well_formed() -> None:
    root = ElementTree.fromstring(matrix_html([[alpha, 1], [0, ROOT]]))
    assert len(list(root.iter("td"))) == 4


def test_ragged_matrices_are_refused() -> None:
    with pytest.raises(SizeMismatch, match="matrix: each row must have 2 entries, but row 1 has 1"):
        matrix_text([[1, 2], [3]])


# -- character tables ------------------------------------------------------------------


def test_character_table_pin() -> None:
    assert printed.text(S3).splitlines() == [
        "Characters of S_3: rows are irreps, columns cycle types",
        "",
        "              3  2,1  1^3",
        "class size    2    3    1",
        "centraliser   3    2    6",
        "-------------------------",
        "3             1    1    1",
        "2,1          -1    0    2",
        "1^3           1   -1    1",
    ]


def test_character_table_csv_is_read_back() -> None:
    rows = list(csv.reader(io.StringIO(printed.csv(S3))))
    assert rows == [
        ["irrep", "3", "2,1", "1,1,1"],
        ["3", "1", "1", "1"],
        ["2,1", "-1", "0", "2"],
        ["1,1,1", "1", "-1", "1"],
    ]


def test_character_table_html() -> None:
    root = ElementTree.fromstring(printed.html(S3))
    rows = ["".join(cell.itertext()) for cell in root.iter("td")]
    assert rows == ["2", "3", "1", "3", "2", "6", "1", "1", "1", "-1", "0", "2", "1", "-1", "1"]


def partitions(n: int, largest: int | None = None) -> list[tuple[int, ...]]:
    if n == 0:
        return [()]
    top = min(n, largest or n)
    return [(k, *rest) for k in range(top, 0, -1) for rest in partitions(n - k, k)]


@pytest.mark.parametrize("n", [0, 1, 7, 12])
@pytest.mark.parametrize("width", [40, 80, 200])
def test_wide_character_tables_come_in_blocks(n: int, width: int) -> None:
    """Values that name their place: every one is printed once, under its class, beside its irrep."""
    labels = partitions(n)
    values = [[100 * i + j for j in range(len(labels))] for i in range(len(labels))]
    text = printed.text(SimpleNamespace(n=n, partitions=labels, values=values), width=width)
    assert all(len(line) <= width for line in text.splitlines())
    blocks = text.split("\n\n")[1:]
    numbers = [
        [
            list(map(int, line.split()[-(len(block.splitlines()[0].split())) :]))
            for line in block.splitlines()[4:]
        ]
        for block in blocks
    ]
    columns = [list(column) for block in numbers for column in zip(*block)]
    assert columns == [list(column) for column in zip(*values)]
    sizes = [int(s) for block in blocks for s in block.splitlines()[1].split()[2:]]
    assert sum(sizes) == factorial(n)


def test_narrow_widths_are_refused() -> None:
    with pytest.raises(
        InvalidArgument, match="width: must be an integer of at least 40, but it is 30"
    ):
        printed.text(S3, width=30)


# -- documents ---------------------------------------------------------------------------


def test_escape() -> None:
    assert escape("100 % of a_b & \\x") == r"100 \% of a\_b \& \textbackslash{}x"
    assert escape("漢\x00é") == r"[U+6F22][U+0000]\'{e}"


@given(st.text(max_size=30))
@example("--")
@example("-----")
@example("```'''?`!``<<>>")
def test_escape_leaves_nothing_special(text: str) -> None:
    shown = escape(text)
    for joined in ("--", "``", "''", "?`", "!`"):  # what TeX would print as one other sign
        assert joined not in shown
        shown = shown.replace(f"{joined[0]}{{}}{joined[1]}", joined)
        shown = shown.replace(f"{joined[0]}{{}}{joined[1]}", joined)
    for command in (
        "textbackslash",
        "textasciicircum",
        "textasciitilde",
        "textless",
        "textgreater",
    ):
        shown = shown.replace(f"\\{command}{{}}", "")
    shown = shown.replace("\\textbar{}", "")
    for character in "{}$&#%_":
        shown = shown.replace(f"\\{character}", "")
    for accent in "`'^~=u.\"rHvc":
        shown = shown.replace(f"\\{accent}{{\\i}}", "").replace(f"\\{accent}{{\\j}}", "")
        for letter in ascii_letters:
            shown = shown.replace(f"\\{accent}{{{letter}}}", "")
    for name in ("ss", "ae", "AE", "oe", "OE", "o", "O", "l", "L"):
        shown = shown.replace(f"\\{name}{{}}", "")
    # What is left of dollars is the Greek and the signs that escape itself puts into math.
    assert not set(shown.replace("$", "").replace("\\", "")) & set("{}&#%^~")


def test_documents_compile_whatever_the_words_are(compile_latex: Callable[[str], str]) -> None:
    words = "".join(map(chr, range(32, 0x180))) + "αβγ≥≤×∅–—漢字\u202e\u0301"
    wide = Table(("name", "value"), [(words[:30], ROOT), ("big", sp.expand((L + v + alpha) ** 6))])
    n = 8
    labels = partitions(n)
    values = [[(-1) ** i * 10 ** (j % 6) for j in range(len(labels))] for i in range(len(labels))]
    characters = printed.latex(SimpleNamespace(n=n, partitions=labels, values=values))
    body = "\n\n".join(
        [
            TABLE.latex(),
            TABLE.latex(width=42),
            f"\\[{TABLE.latex('array')}\\]",
            wide.latex(),
            f"\\[{matrix_latex([[alpha / L, ROOT], [1, 0]])}\\]",
            f"\\[{matrix_latex(sp.Matrix(12, 12, lambda i, j: i - j))}\\]",
            f"\\[{matrix_latex([[sp.expand((L + v + alpha) ** 7), 1], [0, 1]])}\\]",
            characters,
        ]
    )
    assert "Overfull \\hbox" not in compile_latex(document(body))
    compile_latex(document(escape(words), title=words[:80], author="A. & B."))


def test_printed_character_tables_fill_pages(compile_latex) -> None:
    """What fits a page stands whole, on its side or in small type; S_12 takes at most eight pages, and nothing sticks out of any by 5 pt."""
    for n, most in ((5, 1), (8, 1), (12, 8)):
        log = compile_latex(sk.character_table(n).document())
        pages = re.search(r"Output written on \S+ \((\d+) pages?", log.replace("\n", ""))
        assert pages is not None and int(pages[1]) <= most, n
        assert all(float(e) < 5 for e in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log))
    body = sk.character_table(8).document()
    assert body.count(r"\end{array}") == 1 and "landscape" in body
    assert sk.character_table(12).document().count(r"\newpage") <= 7
