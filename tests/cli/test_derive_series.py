"""``symkern derive`` at length L for kernels without a formula: tables like those of formulas, and options for how far series go."""

from __future__ import annotations

import json

import pytest

from symkern.abc import L, alpha, beta, parse
from tests.cli.running import invoke, printed


def test_softmax_attention_has_a_table():
    text = printed("derive", "softmax-attention", "--vocabulary", "2")
    lines = text.splitlines()
    assert max(map(len, lines)) <= 80
    head = next(line for line in lines if line.startswith("positions"))
    assert head.split()[:4] == ["positions", "tokens", "dimension", "block"]
    assert "alpha/2 + beta/L + O(L^-3)" in text
    assert text.count("no other eigenvalues but 0") == 3


def test_down_to_and_terms():
    arguments = ["derive", "softmax-attention", "--vocabulary=2", "--set=alpha=1", "--set=beta=1"]
    document = json.loads(printed(*arguments, "--down-to=3", "--format=json"))
    series = [s for sector in document["sectors"] for s in sector["series"]]
    assert all(parse(s).has(L) for s in series)
    one = json.loads(printed(*arguments, "--terms=1", "--format=json"))
    assert one["sectors"][0]["series"] == ["1/2"]
    assert one["sectors"][0]["errors"] == ["-1"]
    csv = printed(*arguments, "--format=csv").splitlines()
    assert csv[0].endswith("standing,series,error")


def test_formulas_in_json():
    document = json.loads(printed("derive", "softmax-attention", "--vocabulary=2", "--format=json"))
    assert parse(document["sectors"][0]["series"][0]) == alpha / 2 + beta / L
    assert document["standing"] == "asymptotic"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["softmax-block"], "vocabulary"),
        (["softmax-attention", "--vocabulary=2", "--down-to=1/3"], "down_to"),
        (["softmax-block", "--vocabulary=2"], "--set alpha=..."),
        (["softmax-attention", "--vocabulary=2", "--terms=0"], "terms"),
    ],
)
def test_refusals(arguments, said):
    result = invoke("derive", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
