"""``symkern curve``: what it prints, in every format, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import symkern as sk
from symkern.cli import command
from symkern.kernels import uniform
from tests.cli.running import invoke, printed, process


def test_alone_it_tells_the_story_of_linear_attention() -> None:
    text = printed("curve")
    lines = text.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0] == "kernel  embedding(1, 1) | attention | mean_pool"
    assert any(line.startswith("target  x1*x2") for line in lines)
    rows = [line.split() for line in lines if line.startswith("(L-1,1)")]
    # once as numbers at L = 64, once as formulas: half of the target costs n ~ L^2
    assert rows[0][:3] == ["(L-1,1)", "(1,1)", "63"]
    assert any("2σ²L²" in row and row[-1] == "1/2" for row in rows)
    assert sum("never" in line for line in lines) == 2
    assert "energies exact from L = 4 on" in text


def test_cold_start() -> None:
    done = process("curve")
    assert done.returncode == 0 and done.stderr == "" and "never" in done.stdout


def test_json_and_csv_hold_the_curve() -> None:
    arguments = [
        "curve",
        "--length",
        "8",
        "--vocabulary",
        "3",
        "--target",
        "x1 - n0",
        "--n",
        "1,10,100",
    ]
    arguments += ["--ridge", "0.01", "--noise", "1/10", "--set", "alpha=2"]
    document = json.loads(printed(*arguments, "--format", "json"))
    spec = sk.derive("linear-attention", length=8, tokens=uniform(3), alpha=2, beta=1)
    curve = spec.learning_curve("x1 - n0", n=[1, 10, 100], ridge=0.01, noise=0.1)
    assert document["test_error"] == pytest.approx(list(curve.test_error))
    assert document["parameters"] == {"alpha": "2", "beta": "1"} and document["noise"] == "1/10"
    rows = list(csv.DictReader(io.StringIO(printed(*arguments, "--format", "csv"))))
    assert [float(row["train_error"]) for row in rows] == pytest.approx(list(curve.train_error))


def test_several_lengths() -> None:
    documents = json.loads(
        printed("curve", "--length", "4,8", "--target", "x1", "--format", "json")
    )
    assert [d["length"] for d in documents] == [4, 8] and len(documents[0]["n"]) == 120
    assert np.all(np.diff(documents[0]["n"]) > 0) and documents[0]["n"][-1] == 1e7


def test_other_kernels_and_laws() -> None:
    assert "no formula" not in printed("curve", "flatten", "--target", "[x1=x2]", "--length", "5")
    text = printed(
        "curve", "softmax-attention", "--target", "x1*x2*x3", "--length", "5", "--n", "1..100"
    )
    assert "As the length grows" not in text
    skewed = printed("curve", "--tokens", "2/3,1/3", "--length", "5", "--target", "parity")
    assert "probabilities 2/3, 1/3" in skewed and "(v" not in skewed


def test_latex_compiles(compile_latex: Callable[[str], str]) -> None:
    compile_latex(printed("curve", "--length", "8,16", "--format", "latex"))


def test_files(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib").use("Agg")
    picture, table = tmp_path / "curve.png", tmp_path / "curve.txt"
    assert (
        printed("curve", "--length", "6,12", "--plot", str(picture), "--output", str(table)) == ""
    )
    assert picture.read_bytes().startswith(b"\x89PNG") and "never" in table.read_text("utf-8")
    assert table.read_text("utf-8").count("half learned at n: samples") == 1
    again = tmp_path / "again.png"
    printed("curve", "--length", "6,12", "--plot", str(again))
    assert again.read_bytes() == picture.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--length", "0"], "length: "),
        (["--length", "L"], "length: "),
        (["--vocabulary", "0"], "vocabulary: "),
        (["--vocabulary", "2", "--tokens", "1/2,1/2"], "vocabulary: "),
        (["--tokens", "1/2,1/3"], "probabilities: "),
        (["--tokens", "many"], "tokens: "),
        (["--n", "0..3"], "n: "),
        (["--n", "5..2"], "n: "),
        (["--n", "1..x"], "n: "),
        (["--n", "nan"], "n: "),
        (["--ridge", "-1"], "ridge: "),
        (["--ridge", "sigma2"], "ridge: "),
        (["--noise", "-1/2"], "noise: "),
        (["--target", "x0"], "target: "),
        (["--target", "x65"], "target: "),
        (["--target", "import os"], "target: "),
        (["--target", "n2"], "target: "),
        (["--target", "x1*x2*x3"], "target: "),
        (["--set", "alpha"], "set: "),
        (["--set", "alpha=1", "--set", "alpha=2"], "set: "),
        (["--set", "delta=1"], "delta: "),
        (["--set", "alpha=beta"], "alpha"),
        (["--plot", "curve.jpeg"], "plot: "),
        (["no-such-kernel"], "preset: "),
    ],
)
def test_refused_in_one_line(arguments: list[str], named: str) -> None:
    result = invoke("curve", *arguments)
    assert result.exit_code == 2 and result.stdout == ""
    assert result.stderr.startswith("symkern: ") and result.stderr.count("\n") == 1
    assert named in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [("--target", "0", "--length", "8"), ("--target", "x1-x1", "--length", "8"), ("--vocabulary", "1", "--length", "4")],
)  # fmt: skip
def test_a_target_that_is_zero_is_a_result(arguments):
    text = printed("curve", *arguments, "--n", "10")
    assert "E f^2 = 0" in text and "100 %" not in text


def test_decimals_with_an_exponent_are_read_exactly():
    given = ("curve", "--target", "x1", "--length", "8", "--n", "10", "--format", "json")
    assert printed(*given, "--ridge", "1e-3") == printed(*given, "--ridge", "1/1000")
    assert printed(*given, "--noise", "2.5E-1") == printed(*given, "--noise", "1/4")
    assert invoke(*given, "--ridge", "1e").exit_code == 2


@pytest.mark.parametrize("form", ["text", "latex", "json", "csv"])
@pytest.mark.parametrize("target", [["0"], ["x1-x1"], ["x1", "--vocabulary", "1"]])
def test_the_target_zero_is_a_result(target, form):
    found = CliRunner().invoke(
        command, ["curve", "--target", *target, "--length", "4,5", "--n", "10", "--format", form]
    )
    assert found.exit_code == 0
    if form in ("text", "latex"):
        assert "there is nothing to learn" in found.output


def test_training_time_in_the_place_of_samples() -> None:
    text = printed("curve", "--time", "0.1..1e6", "--length", "16")
    assert max(map(len, text.splitlines())) <= 80
    assert "half learned at t" in text and "2L²" in text and "never (degree 2)" in text
    arguments = ("curve", "--time", "0,1,10", "--length", "4,8", "--noise", "1/10")
    rows = list(csv.DictReader(io.StringIO(printed(*arguments, "--format", "csv"))))
    documents = json.loads(printed(*arguments, "--format", "json"))
    for length, document in zip((4, 8), documents, strict=True):
        spec = sk.derive("linear-attention", length=length, tokens=uniform(2), alpha=1, beta=1)
        curve = spec.training_curve("x1*x2", t=[0, 1, 10], noise=0.1)
        assert document["test_error"] == pytest.approx(list(curve.test_error))
        printed_errors = [float(r["test_error"]) for r in rows if r["L"] == str(length)]
        assert printed_errors == pytest.approx(list(curve.test_error))
    assert r"\begin{tabular}" in printed("curve", "--time", "1..10", "--format", "latex")


def test_training_time_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    picture = tmp_path / "t.svg"
    printed("curve", "--time", "1..1e4", "--length", "8,16", "--plot", str(picture))
    assert "<svg" in picture.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (("--time", "0..10"), "from above 0"),
        (("--time", "soon"), "must read LOW..HIGH or T,T,..."),
        (("--time", "-1"), "must lie between 0 and 1e18"),
        (("--time", "1", "--n", "10"), "may not be given beside --time"),
        (("--time", "1", "--ridge", "2"), "may not be given beside --time"),
    ],
)
def test_bad_training_times(wrong: tuple[str, ...], message: str) -> None:
    done = invoke("curve", *wrong)
    assert done.exit_code != 0 and message in done.output + (done.stderr or "")
