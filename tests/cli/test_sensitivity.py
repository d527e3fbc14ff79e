"""``symkern sensitivity``."""

import json
import re

import pytest

from tests.cli.running import invoke, printed

CALLS = [
    [],
    ["parity"],
    ["majority"],
    ["majority", "--profile"],
    ["mean"],
    ["first", "--n", "3", "--profile"],
    ["threshold(2)", "--n", "7"],
    ["threshold(n - 1)", "--profile"],
    ["x1*x2 + [sum > 0]/2", "--n", "10"],
    ["max(x1, x2)", "--profile"],
    ["x1*x2*x3", "--n", "n", "--profile"],
    ["--kernel", "linear-attention"],
    ["--kernel", "linear-attention", "--vocabulary", "v"],
    ["--kernel", "linear-attention-last", "--tokens", "1/2,1/3,1/6"],
    ["--kernel", "embedding(1, 1) | attention(tied, softmax) | mean_pool", "--length", "5"],
]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("form", ["text", "latex", "json"])
@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_every_format(call, form):
    shown = printed("sensitivity", *call, "--format", form)
    if form == "json":
        assert json.loads(shown)["schema"] == 1
    elif form == "latex":
        assert shown.startswith(r"\documentclass")
    else:
        assert max(map(len, shown.splitlines())) <= 80


def test_values():
    shown = printed("sensitivity", "majority", "--n", "10", "--profile")
    assert re.search(r"average sensitivity +315/128\b", shown)
    assert re.search(r"inputs with sensitivity 0 +562\b", shown)
    data = json.loads(printed("sensitivity", "sum/n", "--n", "6", "--format", "json"))
    assert data["average_sensitivity"] == "1/6"
    assert "profile" not in data


def test_the_bridge():
    shown = printed(
        "sensitivity", "--kernel", "linear-attention", "--length", "4", "--set", "alpha=1", "--set", "beta=1"
    )  # fmt: skip
    assert re.search(r"E I\(f\) +1/2\b", shown)
    assert re.search(r"E \|f\|\^2 +157/128\b", shown)
    assert "dimension of an irrep does not see it" in shown


def test_signs_of_draws():
    """Values that were derived elsewhere: at length 8, and for large L; left out where there is neither."""
    call = ["sensitivity", "--kernel", "linear-attention-last", "--set", "alpha=1", "--set", "beta=1"]  # fmt: skip
    assert re.search(r"E I\(sign f\) +1\.045423\b", printed(*call, "--length", "8"))
    data = json.loads(printed("sensitivity", "--kernel", "linear-attention", "--set", "alpha=1", "--set", "beta=1", "--format", "json"))  # fmt: skip
    assert data["sign_influence"] == "4/pi"
    assert "sign" not in printed("sensitivity", "--kernel", "flatten", "--tokens", "1/3,2/3")


def test_what_dimension_cannot_see_stands_in_the_help():
    assert "PARITY is invariant" in " ".join(printed("sensitivity", "--help").split())


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    "call",
    [["majority"], ["parity"], ["mean"], ["x4*x1", "--n", "n"], ["--kernel", "bag-of-tokens"]],
    ids=" ".join,
)
def test_derivations(call):
    shown = printed("sensitivity", *call, "--derivation")
    assert "all steps hold" in shown
    data = json.loads(printed("sensitivity", *call, "--derivation", "--format", "json"))
    assert all(step["holds"] for step in data["derivation"])
    assert r"\begin{enumerate}" in printed(
        "sensitivity", *call, "--derivation", "--format", "latex"
    )


def test_status_one_where_a_step_fails(monkeypatch):
    from symkern.bounds.sensitivity.averages import Mean

    right = Mean.average
    monkeypatch.setattr(Mean, "average", lambda self, n: right(self, n) * 2)
    result = invoke("sensitivity", "mean", "--derivation")
    assert result.exit_code == 1
    assert "FAILS" in result.stdout


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    "call",
    [[], ["majority"], ["x1*x2", "--n", "n"], ["majority", "--n", "9"], ["majority", "--n", "9", "--profile"],
     ["--kernel", "linear-attention"],
     ["--kernel", "linear-attention", "--length", "6", "--set", "alpha=1", "--set", "beta=1"],
     ["--kernel", "embedding(1, 1) | attention(tied, softmax) | mean_pool", "--length", "5"]],
    ids=" ".join,
)  # fmt: skip
def test_figures(call, tmp_path):
    pytest.importorskip("matplotlib")
    place = tmp_path / "figure.png"
    printed("sensitivity", *call, "--plot", str(place))
    assert place.read_bytes().startswith(b"\x89PNG")


def test_output(tmp_path):
    place = tmp_path / "found.json"
    assert printed("sensitivity", "parity", "--format", "json", "--output", str(place)) == ""
    assert json.loads(place.read_text())["average_sensitivity"] == "n"


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (["mean", "--profile"], "two values"),
        (["sum", "--n", "4", "--profile"], "two values"),
        (["majority", "--n", "0"], "n:"),
        (["majority", "--n", "1.5"], "n:"),
        (["majority", "--n", "m"], "n:"),
        (["majority", "--n", "99999"], "n:"),
        (["x1 + x2", "--n", "n"], "n:"),
        (["x1*x1", "--n", "n"], "n:"),
        (["x3", "--n", "2"], "f:"),
        (["x0"], "f:"),
        (["1/x1"], "divisor"),
        (["__import__('os')"], "f:"),
        ([""], "f:"),
        (["threshold(1/2)"], "count"),
        (["sum", "--n", "45"], "bytes"),
        (["sum", "--n", "100"], "n:"),
        (["x1", "--derivation"], "derivation"),
        (["--n", "3"], "function"),
        (["--derivation"], "function"),
        (["parity", "--n", "3", "--length", "3"], "length"),
        (["parity", "--set", "alpha=1"], "set"),
        (["parity", "--vocabulary", "3"], "vocabulary"),
        (["parity", "--tokens", "1/2,1/2"], "tokens"),
        (["parity", "--kernel", "flatten"], "function"),
        (["--kernel", "flatten", "--n", "3"], "n:"),
        (["--kernel", "flatten", "--profile"], "profile"),
        (["--kernel", "flaten"], "flaten"),
        (["--kernel", "flatten", "--tokens", "distinct"], "independent"),
        (["--kernel", "softmax-attention"], "length"),
        (["--kernel", "flatten", "--length", "0"], "length"),
        (["parity", "--plot", "figure.txt"], "plot"),
        (["--kernel", "flatten", "--length", "4", "--plot", "figure.png"], "hyperparameters"),
        (["parity", "--format", "yaml"], "format"),
    ],
)
def test_bad_usage(call, named):
    result = invoke("sensitivity", *call)
    assert result.exit_code == 2
    assert named in result.stderr
    assert "Traceback" not in result.output
    assert result.stdout == ""


def test_positions_are_the_length_of_other_verbs():
    assert printed("sensitivity", "parity", "--length", "5") == printed("sensitivity", "parity", "--n", "5")  # fmt: skip
    assert "length: is an option of" in invoke("sensitivity", "parity", "--n", "5", "--length", "5").stderr  # fmt: skip
