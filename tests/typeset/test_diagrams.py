"""Labels, Young diagrams, tableaux and Bratteli diagrams in their media."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symkern.abc import L, v
from symkern.errors import BelowThreshold, InvalidArgument, InvalidType
from symkern.typeset import (
    cycle_type_latex,
    cycle_type_text,
    irrep_latex,
    irrep_text,
    partition_latex,
    partition_text,
    tableau_latex,
    tableau_svg,
    tableau_text,
    young_latex,
    young_svg,
    young_text,
)
from symkern.typeset.diagrams import grid_text
from symkern.typeset.document import document
from symkern.typeset.graphs import bratteli_latex, bratteli_svg

SVG = "{http://www.w3.org/2000/svg}"

partitions = st.lists(st.integers(1, 7), max_size=6).map(
    lambda parts: tuple(sorted(parts, reverse=True))
)


# -- labels ---------------------------------------------------------------------------


def test_partitions() -> None:
    assert partition_text((3, 2, 1)) == "3,2,1"
    assert partition_text(()) == "[]"
    assert partition_text(np.array([2, 1])) == "2,1"
    assert partition_latex((3, 1)) == "(3,1)"
    assert partition_latex(()) == r"\varnothing"


def test_stable_irreps_carry_their_first_row() -> None:
    assert irrep_text((2, 1)) == "(L-3,2,1)"
    assert irrep_text(()) == "(L)"
    assert irrep_text((), "v") == "(v)"
    assert irrep_text((1,), v) == "(v-1,1)"
    assert irrep_text((2, 1), 10) == "(7,2,1)"
    assert irrep_text((1, 1), L - 1) == "(L-3,1,1)"
    assert irrep_latex((2, 1)) == "(L-3,2,1)"
    assert irrep_latex((1,), L - 1) == "(L-2,1)"


def test_an_irrep_that_does_not_exist_is_refused() -> None:
    assert irrep_text((2, 1), 5) == "(2,2,1)"
    with pytest.raises(
        BelowThreshold, match=r"size: must be at least \|mu\| \+ mu_1 = 5, but it is 4"
    ):
        irrep_text((2, 1), 4)


def test_cycle_types() -> None:
    assert cycle_type_text((3, 2, 2, 1, 1, 1)) == "3,2^2,1^3"
    assert cycle_type_latex((10, 1, 1)) == r"10\,1^{2}"


@pytest.mark.parametrize("wrong", ["3,1", [1, "2"], [True], 3, [1.0]])
def test_parts_are_integers(wrong: object) -> None:
    with pytest.raises(InvalidType, match="must be a sequence of integers"):
        partition_text(wrong)  # type: ignore[arg-type]


# -- text ------------------------------------------------------------------------------


def test_text_pins() -> None:
    assert young_text((3, 1)) == "\n".join(
        [
            "┌───┬───┬───┐",
            "│   │   │   │",
            "├───┼───┴───┘",
            "│   │",
            "└───┘",
        ]
    )
    assert tableau_text([[None, 1, 10], [2]]) == "\n".join(
        [
            "     ┌────┬────┐",
            "     │ 1  │ 10 │",
            "┌────┼────┴────┘",
            "│ 2  │",
            "└────┘",
        ]
    )
    assert young_text(()) == "∅"


def test_contents_grow_along_rows_and_hooks_do_not() -> None:
    assert "0 │ 1" in young_text((2, 2), labels="contents").splitlines()[1].replace("  ", " ")
    assert "-1" in young_text((2, 2), labels="contents").splitlines()[3]
    assert young_text((3, 1), labels="hooks", ascii=True).splitlines()[1::2] == [
        "| 4 | 2 | 1 |",
        "| 1 |",
    ]
    assert "r1c0" in young_text((2, 2), labels=lambda i, j: f"r{i}c{j}")


@given(partitions)
def test_text_is_a_grid(parts: tuple[int, ...]) -> None:
    """Every box is closed: rebuild the row lengths from the drawing, in both alphabets."""
    for ascii, bar in ((False, "│"), (True, "|")):
        lines = young_text(parts, ascii=ascii).splitlines()
        if parts:
            assert [line.count(bar) - 1 for line in lines[1::2]] == list(parts)
            assert len(lines) == 2 * len(parts) + 1


@given(st.lists(st.lists(st.sampled_from([None, "1", "12"]), max_size=4), max_size=4))
def test_any_set_of_boxes_is_drawn(cells: list[list[str | None]]) -> None:
    text = grid_text(cells)
    labels = [cell for row in cells for cell in row if cell]
    assert all(text.count(digit) == "".join(labels).count(digit) for digit in "12")


# -- SVG ---------------------------------------------------------------------------------


@given(partitions, st.sampled_from([None, "contents", "hooks"]))
def test_svg_is_well_formed_and_boxes_lie_inside(
    parts: tuple[int, ...], labels: str | None
) -> None:
    root = ElementTree.fromstring(young_svg(parts, labels=labels, cell=10))
    boxes = list(root.iter(f"{SVG}rect"))
    assert len(boxes) == sum(parts)
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    for box in boxes:
        assert left <= float(box.attrib["x"]) and float(box.attrib["x"]) + 10 <= left + width
        assert top <= float(box.attrib["y"]) and float(box.attrib["y"]) + 10 <= top + height
    assert len(list(root.iter(f"{SVG}text"))) == (sum(parts) if labels else 0)


def test_svg_escapes_labels() -> None:
    root = ElementTree.fromstring(tableau_svg([["<&>"]]))
    assert [node.text for node in root.iter(f"{SVG}text")] == ["<&>"]


# -- LaTeX -------------------------------------------------------------------------------


def test_latex_pins() -> None:
    assert young_latex((2, 1)) == "\n".join(
        [
            r"\begin{aligned}",
            r"& \begin{array}{|c|c|} \hline \phantom{0} & \phantom{0} \\ \hline \end{array} \\[-4.4pt]",
            r"& \begin{array}{|c|} \hline \phantom{0} \\ \hline \end{array}",
            r"\end{aligned}",
        ]
    )
    assert young_latex(()) == r"\varnothing"
    assert young_latex((2, 1), style="ytableau") == r"\begin{ytableau} ~ & ~ \\ ~ \end{ytableau}"
    assert tableau_latex([[None, 1], [2]], style="ytableau") == (
        r"\begin{ytableau} \none & 1 \\ 2 \end{ytableau}"
    )


def test_array_form_needs_nothing_that_mathjax_lacks() -> None:
    for latex in (young_latex((4, 2, 1), labels="contents"), tableau_latex([[None, 1], [2]])):
        assert not any(
            word in latex for word in (r"\multicolumn", r"\cline", r"\raisebox", "ytableau")
        )


def test_style_and_labels_are_checked() -> None:
    with pytest.raises(
        InvalidArgument, match="style: must be 'array' or 'ytableau', but it is 'tikz'"
    ):
        young_latex((2, 1), style="tikz")
    with pytest.raises(InvalidArgument, match="labels: must be 'contents', 'hooks' or a function"):
        young_text((2, 1), labels="sizes")


def bratteli(levels: int) -> SimpleNamespace:
    """The diagram by adding boxes, on plain tuples."""
    nodes: list[tuple[int, ...]] = [(1,)]
    edges = []
    frontier = nodes[:]
    for _ in range(levels - 1):
        found = {}
        for parts in frontier:
            for i in range(len(parts) + 1):
                grown = [*parts, 0]
                grown[i] += 1
                if i == 0 or grown[i] <= grown[i - 1]:
                    child = tuple(p for p in grown if p)
                    found[child] = None
                    edges.append((parts, child))
        frontier = list(found)
        nodes += frontier
    return SimpleNamespace(nodes=nodes, edges=edges)


def test_bratteli_diagram_in_svg() -> None:
    graph = bratteli(5)
    root = ElementTree.fromstring(bratteli_svg(graph))
    assert len(list(root.iter(f"{SVG}line"))) == len(graph.edges) == 2 + 4 + 7 + 12
    assert len(list(root.iter(f"{SVG}rect"))) == sum(map(sum, graph.nodes))
    numbers = [int(node.text or "") for node in root.iter(f"{SVG}text")]
    # Paths from the top are dimensions: their squares sum to 5! on the last level.
    assert sum(d * d for d in numbers[-7:]) == 120
    assert numbers[-7:] == [1, 4, 5, 6, 5, 4, 1]
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    for box in root.iter(f"{SVG}rect"):
        assert 0 <= float(box.attrib["x"]) <= width and 0 <= float(box.attrib["y"]) <= height


def test_bratteli_diagram_orders_levels_reverse_lexicographically() -> None:
    graph = bratteli(4)
    shuffled = SimpleNamespace(nodes=graph.nodes[::-1], edges=[(b, a) for a, b in graph.edges])
    assert bratteli_svg(shuffled).split("<rect")[1:] == bratteli_svg(graph).split("<rect")[1:]


def test_a_graph_without_nodes_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="graph: must have at least one node"):
        bratteli_svg(SimpleNamespace(nodes=[], edges=[]))


def test_everything_compiles(compile_latex: Callable[[str], str]) -> None:
    pieces = [
        f"${draw}$"
        for draw in (
            young_latex((4, 2, 1)),
            young_latex((4, 2, 1), labels="contents"),
            young_latex((4, 2, 1), style="ytableau"),
            young_latex((4, 2, 1), style="ytableau", labels="hooks"),
            young_latex(()),
            tableau_latex([[None, None, 1, 2], [None, 3], [10]]),
            tableau_latex([[None, None, 1, 2], [None, 3], [10]], style="ytableau"),
            irrep_latex((2, 1), L - 1),
            cycle_type_latex((3, 1, 1)),
        )
    ]
    pieces += [bratteli_latex(bratteli(5)), bratteli_latex(bratteli(7), dimensions=False)]
    log = compile_latex(document("\n\n".join(pieces)))
    assert "Overfull \\hbox" not in log
