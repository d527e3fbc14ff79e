"""What every figure owes its readers: curves told apart without colour, ink that shows on a dark style, and representations as figures."""

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgb

import symkern as sk
from symkern.errors import InvalidArgument, InvalidType
from symkern.kernels import derive

mpl.use("Agg")


@pytest.fixture(autouse=True)
def _closed():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


@pytest.fixture(scope="module")
def curves():
    n = np.geomspace(1, 1e4, 20)
    return [
        derive("flatten", length=size, vocabulary=2, alpha=1, beta=1).learning_curve("x1*x2", n=n, ridge=1)
        for size in (4, 8, 16)
    ]  # fmt: skip


def _lightness(colour):
    return float(np.dot(to_rgb(colour), [0.2126, 0.7152, 0.0722]))


def test_curves_differ_without_colour(curves):
    ax = sk.plot.learning_curve(curves)
    named = [line for line in ax.get_lines() if line.get_label().startswith("$L")]
    marks = [line.get_marker() for line in named]
    assert len(named) == 3 and len(set(marks)) == 3 and "None" not in marks
    legend = ax.get_legend()
    shown = {t.get_text(): h.get_marker() for t, h in zip(legend.get_texts(), legend.legend_handles, strict=True)}  # fmt: skip
    assert [shown[line.get_label()] for line in named] == marks
    assert "train error" in shown  # the dashed ones are named too


@pytest.mark.parametrize("given", [True, False])
def test_ink_shows_on_a_dark_style(curves, given):
    """In Axes of a dark style, and in a figure made under one: words and lines are light, boxes are dark."""
    import matplotlib.pyplot as plt

    with plt.style.context("dark_background"):
        ax = sk.plot.learning_curve(curves, ax=plt.subplots()[1] if given else None)
    legend = ax.get_legend()
    for text in [*ax.texts, ax.title, *legend.get_texts()]:
        assert _lightness(text.get_color()) > 0.5, text.get_text()
    assert _lightness(legend.get_frame().get_facecolor()) < 0.1
    assert all(_lightness(line.get_color()) > 0.15 for line in ax.get_lines())


def test_a_table_is_drawn_with_its_values():
    ax = sk.plot.character_table(5)
    table = sk.character_table(5)
    assert [text.get_text() for text in ax.texts] == [str(v) for row in table.values for v in row]
    drawn = ax.get_images()[0].get_array()
    assert (np.sign(drawn) == np.sign(table.values)).all()
    assert ax.get_xticklabels()[0].get_text() == "$5$"
    assert sk.plot.character_table(table, ax=ax) is ax
    for wrong, error in ((21, InvalidArgument), ("5", InvalidType)):
        with pytest.raises(error):
            sk.plot.character_table(wrong)


def test_the_lattice_has_its_boxes_lines_and_dimensions():
    """Up to level 4: 12 partitions with 1 + 4 + 9 + 20 boxes, 13 edges without those of level 0, dimensions of the tables."""
    ax = sk.plot.young_lattice(4)
    lines, squares = ax.collections
    graph = sk.combinatorics.young_lattice(4)
    assert len(lines.get_paths()) == len(list(graph.edges))
    assert len(squares.get_paths()) == sum(sum(p) for p in graph.nodes)
    numbers = sorted(int(t.get_text()) for t in ax.texts if t.get_text().isdigit())
    assert numbers == sorted(sk.Partition(*p).dimension if p else 1 for p in graph.nodes)
    with pytest.raises(InvalidArgument):
        sk.plot.young_lattice(13)


def test_narrow_logarithmic_axes_have_plain_numbers():
    """From 2 to 33 an axis reads 2, 5, 10, 20; over several decades it keeps its powers."""
    import matplotlib.pyplot as plt

    from symkern.plot.finishing import plain_numbers

    _, ax = plt.subplots()
    ax.plot([2, 33], [1, 1e6])
    ax.set(xscale="log", yscale="log", xlim=(2, 33), ylim=(1, 1e6))
    plain_numbers(ax)
    ax.figure.canvas.draw()
    low, high = ax.get_xlim()
    ticks = [t for t in ax.xaxis.get_majorticklocs() if low <= t <= high]
    assert [ax.xaxis.get_major_formatter()(t) for t in ticks] == ["2", "5", "10", "20"]
    assert all(not t.get_text() for t in ax.xaxis.get_minorticklabels())
    assert "10^{" in ax.yaxis.get_major_formatter()(1e3)
