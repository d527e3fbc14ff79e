"""Two spectra side by side."""

import json

import pytest
from click.testing import CliRunner

import symkern as sk
from symkern.abc import L, parse
from symkern.cli import command
from symkern.errors import InvalidArgument


def test_verdicts_follow_the_samples():
    a, b = sk.derive("linear-attention"), sk.derive("linear-attention-flatten")
    for row in sk.kernels.compare(a, b):
        first, second = row.laws
        if first is None or second is None:
            assert row.verdict == ("second" if first is None else "first")
            continue
        if first.exponent != second.exponent:
            assert row.verdict == ("first" if first.exponent < second.exponent else "second")
        # At a large length the exact formulas say the same.
        at = {"L": 10**9, "v": 7, "alpha": 1, "beta": 1, "sigma2": 1}
        values = [
            law.formula.subs({t: at[t.name] for t in law.formula.free_symbols}) for law in row.laws
        ]
        if row.verdict in ("first", "second"):
            assert (values[0] < values[1]) == (row.verdict == "first")


def test_the_same_kernel_twice_is_equal_everywhere():
    a = sk.derive("linear-attention")
    assert {row.verdict for row in sk.kernels.compare(a, a)} == {"equal"}


def test_data_must_agree():
    with pytest.raises(InvalidArgument, match="must share the length"):
        sk.kernels.compare(sk.derive("flatten"), sk.derive("flatten", length=4))
    with pytest.raises(InvalidArgument, match="must share the tokens"):
        sk.kernels.compare(sk.derive("flatten"), sk.derive("flatten", tokens=sk.kernels.distinct()))


def test_command():
    run = CliRunner().invoke
    text = run(command, ["derive", "linear-attention", "--against", "bag-of-tokens"])
    assert text.exit_code == 0 and "never" in text.output
    assert all(len(line) <= 80 for line in text.output.splitlines())
    found = json.loads(
        run(command, ["derive", "flatten", "--against", "bag-of-tokens", "--format", "json"]).output
    )
    assert found["first"] == "embedding(alpha, beta) | flatten"
    assert [row["verdict"] for row in found["sectors"]] == ["same growth", "equal", "first"]
    assert parse(found["sectors"][2]["samples"][0]["leading"]).has(L)
    settings = ["--set", "beta=2", "--set", "alpha=1"]
    assert (
        run(command, ["derive", "flatten", "--against", "bag-of-tokens", *settings]).exit_code == 0
    )
    refused = run(command, ["derive", "flatten", "--against", "bag-of-tokens", "--set", "w=1"])
    assert refused.exit_code == 2 and "w: must be a hyperparameter" in refused.output
