"""``symkern selection``: what each verb prints, in every format, figures, and bad usage."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sympy as sp

from symkern.bounds import selection as room
from symkern.bounds.selection import symbols as s
from symkern.errors import InvalidArgument
from tests.cli.running import invoke, printed

VERBS = {
    "bound": ["--T", "6", "--d", "2", "--q", "2", "--m", "4"],
    "gap": ["--T", "6", "--d", "2", "--q", "2"],
    "loss": ["--T", "6", "--d", "2", "--q", "2", "--a", "0.5", "--c", "1"],
    "flow": ["--T", "6", "--d", "2", "--q", "2", "--until", "1000"],
    "generalise": ["--T", "6", "--d", "2", "--q", "2", "--time", "1e4"],
}


@pytest.mark.sampled(6)
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("numeric", [False, True])
def test_pages(verb: str, numeric: bool, compile_latex: Callable[[str], str]) -> None:
    arguments = ["selection", verb, *(VERBS[verb] if numeric else [])]
    text = printed(*arguments)
    assert max(map(len, text.splitlines())) <= 80
    log = compile_latex(printed(*arguments, "--format", "latex"))
    assert "Overfull" not in log
    found = json.loads(printed(*arguments, "--format", "json"))
    assert found["schema"] == 1
    assert found["sizes"]["T"] == (6 if numeric else "T")


def test_bound() -> None:
    text = printed("selection", "bound", *VERBS["bound"])
    assert "8/15" in text and "0.533333333" in text
    assert "(T - q)*(T*d - m)/(T*q*(T - 1))" in printed("selection", "bound")
    narrow = json.loads(printed("selection", "bound", "--T", "6", "--d", "2", "--q", "2", "--m", "0", "--format", "json"))  # fmt: skip
    assert narrow["formulas"]["lower_bound"] == "4/5" and narrow["formulas"]["least_error"] == "1"
    assert printed("selection", "bound", "--T", "T", "--m", "m") == printed("selection", "bound")


def test_formulas_in_json_read_back() -> None:
    found = json.loads(printed("selection", "loss", "--format", "json"))["formulas"]
    for key, value in (("loss", room.population_loss()), ("best_c", room.best_value())):
        read = sp.parse_expr(found[key].replace("^", "**"), local_dict=dict(s.namespace))
        assert sp.simplify(read - value) == 0
    table = json.loads(printed("selection", "gap", "--T", "6", "--format", "json"))
    assert table["under S_T x S_T x O(d)"][1]["dimension"] == "25*d"


def test_flow_and_generalisation_in_numbers() -> None:
    rows = json.loads(printed("selection", "flow", "--T", "6", "--d", "2", "--q", "2", "--times", "0,10,1e6", "--format", "json"))["table"]  # fmt: skip
    run = room.flow(6, 2, 2, times=[0, 10, 1e6])
    assert [float(r["loss"]) for r in rows] == pytest.approx(run.loss.tolist(), rel=1e-8)
    assert float(rows[2]["(T-1)/(4t)"]) == 1.25e-6
    text = printed("selection", "generalise", "--T", "6", "--d", "2", "--q", "2", "--T1", "12", "--time", "1e6")  # fmt: skip
    assert f"{room.flow(6, 2, 2, times=[1e6]).loss_at(12)[0]:.9g}" in text
    decaying = printed("selection", "flow", "--T", "4", "--d", "1", "--q", "4", "--times", "0,1")
    assert "late" not in decaying and "(T-1)/(4t)" not in decaying
    for given in (["--q", "8", "--times", "1,10"], ["--q", "2", "--times", "0"]):
        found = json.loads(printed("selection", "flow", "--T", "8", "--d", "1", *given, "--format", "json"))  # fmt: skip
        assert list(found["table"][0]) == ["t", "a", "c", "loss"]
    assert "reach" not in printed("selection", "generalise", "--T", "4", "--d", "1", "--q", "4")


@pytest.mark.sampled(2)
@pytest.mark.parametrize("verb", VERBS)
def test_derivations(verb: str, compile_latex: Callable[[str], str]) -> None:
    text = printed("selection", verb, "--derivation")
    assert "Hence (proved)" in text and max(map(len, text.splitlines())) <= 90
    compile_latex(printed("selection", verb, "--derivation", "--format", "latex"))
    assert r"\begin{enumerate}" in json.loads(printed("selection", verb, "--derivation", "--format", "json"))["derivation"]  # fmt: skip


@pytest.mark.sampled(4)
@pytest.mark.parametrize("verb", ["bound", "flow", "generalise"])
def test_figures(verb: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    sizes = VERBS[verb][:6]
    for ending in ("png", "svg"):
        place = tmp_path / f"figure.{ending}"
        printed("selection", verb, *sizes, "--plot", str(place))
        assert place.stat().st_size > 3000
    kept = tmp_path / "page.txt"
    assert printed("selection", verb, *sizes, "--output", str(kept)) == ""
    assert kept.read_text() == printed("selection", verb, *sizes)


def test_what_the_figures_show() -> None:
    """The lines are the formulas: late law, flow, heads at other lengths."""
    pyplot = pytest.importorskip("matplotlib.pyplot")
    import symkern as sk

    run = room.flow(8, 2, 3, until=1e5, points=50)
    ax = sk.plot.selection_flow(run)
    lines = {line.get_label(): line.get_xydata() for line in ax.get_lines()}
    assert lines["loss"][:, 1] == pytest.approx(run.loss[1:])
    law = lines["late law $(T-1)/(4t)$"]
    assert law[:, 0] * law[:, 1] == pytest.approx(7 / 4)
    own = pyplot.figure().subplots()
    assert sk.plot.selection_generalisation(8, 2, 3, times=[1e3, 1e5], ax=own) is own
    assert own.get_lines()[0].get_label() == "$t=10^{3}$"
    assert sk.plot.selection_flow(run, numbers=False).get_title().endswith("$q=3$")
    assert sk.plot.selection_flow(room.flow(4, 1, 4, until=10.0)) is not None
    sk.plot.selection_generalisation(4, 1, 4, times=[10.0])
    steps = sk.plot.selection_bound(6, 2, 2).get_lines()[0].get_xydata()
    assert steps[0].tolist() == [0, 0.8] and steps[-1][1] == 0
    pyplot.close("all")
    with pytest.raises(InvalidArgument, match="q: must be at most T = 6"):
        sk.plot.selection_bound(6, 2, 7)


def test_labels_of_the_figures() -> None:
    """Groups are set as mathematics; the label of d/q stands beside the axes, where no curve reaches it."""
    pyplot = pytest.importorskip("matplotlib.pyplot")
    import symkern as sk

    ax = sk.plot.selection_gap(2, 2)
    shown = [text.get_text() for text in ax.get_legend().get_texts()]
    assert shown == [r"under $S_T \times S_T \times O(d)$", r"under $S_T \times O(d)$"]
    ax = sk.plot.selection_loss(6, 2, 2, c=1.0)
    ax.figure.canvas.draw()
    (label,) = [text for text in ax.texts if text.get_text() == "$d/q$"]
    place = label.get_window_extent()
    assert place.x0 >= ax.get_window_extent().x1 and place.x1 <= ax.figure.bbox.x1
    pyplot.close("all")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["bound", "--T", "1"], "T: must be at least 2"),
        (["bound", "--T", "6", "--q", "7"], "q: must be at most T = 6"),
        (["bound", "--q", "0"], "q: must be at least 1"),
        (["bound", "--d", "0"], "d: must be at least 1"),
        (["bound", "--m", "-1"], "m: must be at least 0"),
        (["bound", "--T", "six"], "T: must be an integer"),
        (["bound", "--T", "2.5"], "T: must be an integer"),
        (["bound", "--T", "9" * 30], "T: must be an integer of at most 9 digits"),
        (["bound", "--plot", "x.png"], "plot: needs --T, --d, --q as numbers"),
        (["gap", "--trace", "0"], "trace: must be positive"),
        (["gap", "--ridge", "__import__('os')"], "ridge: "),
        (["loss", "--a", "9^9^9"], "a: an exponent"),
        (["loss", "--c", "1/0"], "c: a divisor must not be zero"),
        (["flow", "--until", "5"], "until: needs T, d and q as numbers, but T is not given"),
        (["flow", *VERBS["flow"], "--times", "1"], "times: must be given, or until, not both"),
        (["flow", *VERBS["gap"], "--times", "2,1"], "times: must grow"),
        (["flow", *VERBS["gap"], "--times", "soon"], "times: must be a number"),
        (["flow", *VERBS["gap"], "--until", "-1"], "until: must be above 0"),
        (["flow", *VERBS["gap"], "--a0", "nan"], "a0: must be a finite number"),
        (["flow", *VERBS["gap"], "--plot", "figure.gif"], "plot: must end in .png"),
        (["flow", "--T", "4", "--d", "1", "--q", "5"], "q: must be at most T = 4"),
        (["generalise", "--T1", "2", "--q", "3"], "q: must be at most T1 = 2"),
        (["generalise", "--time", "5"], "time: needs T, d and q as numbers"),
        (["flow", "--T", "4", "--q", "4"], "q: must be below T = 4"),
    ],
)  # fmt: skip
def test_bad_usage(arguments: list[str], named: str) -> None:
    result = invoke("selection", *arguments)
    assert result.exit_code == 2 and result.stdout == ""
    assert named in result.stderr and result.stderr.count("\n") == 1
    assert "Traceback" not in result.output


CODED = {
    "codes": ["--T", "8", "--q", "2", "--m", "16", "--query", "dual", "--at-length", "16", "--a", "3"],
    "fixed": ["--T", "4", "--q", "3", "--coherence", "-1/3", "--times", "10"],
    "heads": ["--T", "6", "--d", "2", "--q", "2", "--heads", "4", "--times", "10"],
}  # fmt: skip


@pytest.mark.sampled(2)
@pytest.mark.parametrize("verb", CODED)
def test_pages_of_codes_and_heads(verb: str, compile_latex: Callable[[str], str]) -> None:
    arguments = ["selection", verb, *CODED[verb]]
    text = printed(*arguments)
    assert max(map(len, text.splitlines())) <= 80
    assert "Overfull" not in compile_latex(printed(*arguments, "--format", "latex"))
    assert json.loads(printed(*arguments, "--format", "json"))["sizes"]["T"] in (4, 6, 8)


def test_numbers_of_codes_and_heads() -> None:
    head = room.random_codes(8, 1, 2, 16, "dual")
    rows = json.loads(printed("selection", "codes", *CODED["codes"], "--format", "json"))["table"]
    values = {row[""]: row for row in rows}
    assert float(values["A at this a"]["value"]) == pytest.approx(0.3384108165, abs=1e-9)
    assert values["best a, by the law"]["standing"] == "law, not proved"
    longer = head.at_length(16).loss(3.0, head.best_value(3.0)[0])
    assert float(values["loss at length 16"]["value"]) == pytest.approx(longer, rel=1e-8)
    assert "0.5650356" in printed("selection", "heads", *CODED["heads"])
    fixed = printed("selection", "fixed", *CODED["fixed"])
    assert "yes" in fixed and "1.6875" in fixed  # (T-1)^3/T^2 = 27/16


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["codes", "--T", "6", "--q", "2"], "--m"),
        (["codes", "--T", "6", "--q", "3", "--m", "2", "--query", "dual"], "q: must be at most m = 2"),
        (["codes", "--T", "6", "--q", "3", "--m", "8", "--codes", "rademacher", "--query", "dual"], "dual query does not exist"),
        (["codes", "--T", "6", "--q", "2", "--m", "8", "--c", "1"], "a: must be given with c"),
        (["codes", "--T", "6", "--q", "1", "--m", "8", "--at-length", "9"], "at-length: needs a score"),
        (["fixed", "--T", "6", "--q", "2"], "coherence: must be given, or m"),
        (["heads", "--T", "6", "--q", "2", "--b", "0"], "b: must differ from a"),
    ],
)  # fmt: skip
def test_bad_usage_of_codes_and_heads(arguments: list[str], named: str) -> None:
    result = invoke("selection", *arguments)
    assert result.exit_code == 2 and result.stdout == "" and named in result.stderr
