"""``symkern derive --derivation``: the steps of every sector, checked on the spot, in each form that has room for them."""

from __future__ import annotations

import json

import pytest

from tests.cli.running import invoke, printed

PLAIN = ("derive", "bag-of-tokens", "--vocabulary", "2", "--derivation")


def test_text_has_each_sector_and_what_its_check_found():
    text = printed(*PLAIN)
    assert text.count("Samples to learn a function in") == 4  # a title, and a report below it
    assert text.count("all steps hold") == 2
    assert max(map(len, text.splitlines())) <= 80


def test_latex_and_json():
    assert r"\begin{enumerate}" in printed(*PLAIN, "--format=latex")
    found = json.loads(printed(*PLAIN, "--format=json"))
    assert [d["passed"] for d in found["derivations"]] == [True, True]
    assert found["kernel"] == "embedding(alpha) | mean_pool"


def test_steps_of_a_series():
    text = printed(
        "derive", "embedding(0, 1) | attention(tied, softmax) | mean_pool", "--vocabulary=2", "--derivation"
    )  # fmt: skip
    assert "What a jet determines." in text and "all steps hold" in text


@pytest.mark.parametrize("more", [["--format=csv"], ["--against=flatten"]])
def test_refusals(more):
    result = invoke(*PLAIN, *more)
    assert result.exit_code == 2
    assert "derivation" in result.stderr
