"""Decimals with an exponent in options that take one number."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from symkern.abc import parse
from symkern.cli import command
from symkern.cli.option_numbers import read_formula, read_length, read_positive
from symkern.errors import FormulaError, InvalidArgument
from tests.effort import calls_at_most


def run(*arguments: str) -> str:
    found = CliRunner().invoke(command, list(arguments))
    assert found.exit_code == 0, found.output
    return found.output


@pytest.mark.parametrize(
    ("text", "same"),
    [("1e-3", "1/1000"), ("2.5E2", "250"), ("-.5e+1", "-5"), ("7.e0", "7"), (" 1e3 ", "1000")],
)
def test_exact(text: str, same: str) -> None:
    assert read_formula(text, "ridge") == parse(same)


@pytest.mark.parametrize("text", ["1e", "1e-", "e3", "1e3e4", "1e1000", "1e3*L", "1 e3", "1e٣"])
def test_everything_else_is_a_formula(text: str) -> None:
    with pytest.raises(FormulaError, match="ridge: "):
        read_formula(text, "ridge")


def test_sizes() -> None:
    assert (read_positive("1e9", "length"), read_positive("2.5e3", "length")) == (10**9, 2500)
    assert str(read_length(" L ")) == "L" and read_length("1e3") == 1000
    for text in ("1.5e0", "0", "0e5", "-1e3", "1e-3", "x", "٣", ""):
        with pytest.raises(InvalidArgument, match="length: must be a positive integer"):
            read_positive(text, "length")
        with pytest.raises(InvalidArgument, match="length: must be L or a positive integer"):
            read_length(text)
    with pytest.raises(InvalidArgument, match="length: must be at most 1e9"):
        read_positive("1e10", "length")


def test_commands() -> None:
    curve = ("curve", "--target", "x1", "--n", "10", "--format", "json")
    written = run(*curve, "--length", "1e2", "--ridge", "1e-3", "--noise", "2.5e-1")
    plain = run(*curve, "--length", "100", "--ridge", "1/1000", "--noise", "1/4")
    assert json.loads(written) == json.loads(plain)
    for written, plain in (
        (("trace", "2", "--length", "1e3", "--ridge", "1e-3"), ("trace", "2", "--length", "1000", "--ridge", "1/1000")),
        (("cross-dataset", "1e-3", "--ridge", "1e-2"), ("cross-dataset", "1/1000", "--ridge", "1/100")),
        (("copying", "--length", "1e9", "--vocabulary", "1e4"), ("copying", "--length", "1000000000", "--vocabulary", "10000")),
    ):  # fmt: skip
        assert run("bound", *written) == run("bound", *plain)
    sizes = ("selection", "gap", "--d", "2", "--q", "2")
    assert run(*sizes, "--ridge", "1e-3") == run(*sizes, "--ridge", "1/1000")


def test_a_length_of_a_billion_takes_no_list_of_a_billion() -> None:
    with calls_at_most(5_000_000):
        run("curve", "--target", "x1", "--n", "10", "--length", "1e9")
