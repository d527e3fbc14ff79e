"""``--plot FILE`` of every verb that draws formulas: a picture, and the result as ever; bad usage prints nothing."""

import json

import pytest

from tests.cli.running import invoke, printed

pytest.importorskip("matplotlib")

DRAWN = [
    ("bound", "trace", "2,1"),
    ("bound", "copying"),
    ("bound", "copying", "--vocabulary", "7"),
    ("bound", "cross-dataset", "1/(L*v)"),
    ("bound", "alignment", "x1-x2", "--length", "4"),
    ("selection", "gap", "--d", "2", "--q", "3"),
    ("selection", "loss", "--T", "8", "--d", "2", "--q", "3"),
    ("selection", "loss", "--T", "8", "--d", "2", "--q", "3", "--c", "1/2"),
    ("selection", "bound", "--T", "6", "--d", "2", "--q", "2", "--m", "4"),
]


@pytest.mark.sampled(6)
@pytest.mark.parametrize("arguments", DRAWN)
def test_a_figure_beside_the_result(tmp_path, arguments):
    place = tmp_path / "figure.png"
    assert printed(*arguments, "--plot", str(place)) == printed(*arguments)
    assert place.read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("selection", "loss"), "plot: needs --T, --d, --q as numbers, but --T is not given"),
        (("selection", "bound", "--T", "4"), "plot: needs --T, --d, --q as numbers, but --d is"),
        (("selection", "gap"), "plot: needs --d, --q as numbers"),
        (("bound", "cross-dataset", "1/3"), "law: must be a formula in L to be drawn"),
    ],
)
def test_what_cannot_be_drawn_is_said_first(tmp_path, arguments, said):
    result = invoke(*arguments, "--plot", str(tmp_path / "figure.png"))
    assert result.exit_code == 2 and said in result.output
    assert not (tmp_path / "figure.png").exists()
    assert "samples" not in result.output and "loss " not in result.output


def test_verify_in_every_format(tmp_path):
    names = ("dimension-2,1", "characters-6")
    found = json.loads(printed("verify", *names, "--format", "json"))
    assert found["passed"] is True and found["schema"] == 1
    assert [(c["kind"], c["name"], c["status"]) for c in found["checks"]] == [
        ("derivation", "dimension-2,1", 0),
        ("certificate", "dimension-2,1", 0),
        ("certificate", "characters-6", 0),
    ]
    text = printed("verify", *names)
    assert printed("verify", *names, "--output", str(tmp_path / "v.txt")) == ""
    assert (tmp_path / "v.txt").read_text() == text
    pages = printed("verify", *names, "--format", "latex", "--plot", str(tmp_path / "v.png"))
    assert pages.startswith("\\documentclass") and "all steps hold" in pages
    assert (tmp_path / "v.png").read_bytes()[:4] == b"\x89PNG"
