"""Two spectra side by side."""

import json

import pytest
from click.testing import CliRunner

import symkern as sk
from symkern.abc import L, alpha, beta, parse
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


def test_equal_leading_terms_are_no_equal_eigenvalues():
    """(L^2 + 4L + 2)/(2L^3) against 1/(2L): the first is larger at every length."""
    law = sk.kernels.uniform(2)
    first = sk.kernels.embedding(1, 1).attention().mean_pool().spectrum(length=L, tokens=law)
    second = sk.kernels.embedding(1).mean_pool().spectrum(length=L, tokens=law)
    row = next(r for r in sk.kernels.compare(first, second) if tuple(r.token_irrep) == (1,))
    assert row.verdict == "first" and row.crossing == row.least
    back = next(r for r in sk.kernels.compare(second, first) if tuple(r.token_irrep) == (1,))
    assert back.verdict == "second"
    for length in (2, 4, 50):
        values = [
            float(s.evaluate(length=length).sector([], [1]).eigenvalues[0]) for s in (first, second)
        ]
        assert values[0] > values[1]


def test_equal_leading_terms_with_symbols():
    """alpha/v + 1/L^2 and alpha/v have equal leading terms; the difference is positive whatever the symbols are."""
    first = sk.kernels.embedding(alpha).mean_pool().linear(1, 1 / L**2)
    found = sk.kernels.compare(first, sk.kernels.embedding(alpha).mean_pool())
    verdicts = {tuple(row.token_irrep): row.verdict for row in found}
    assert verdicts == {(): "first", (1,): "equal"}


def test_kernels_and_pipelines_are_compared_directly():
    kernel = sk.kernels.embedding(alpha, beta).attention().mean_pool()
    derived = sk.kernels.compare(sk.derive("linear-attention"), sk.derive("bag-of-tokens"))
    for pair in ((kernel, "bag-of-tokens"), ("linear-attention", "embedding(alpha) | mean_pool")):
        found = sk.kernels.compare(*pair)
        assert [row.verdict for row in found] == [row.verdict for row in derived]
    short = sk.kernels.compare(kernel, "flatten", length=3, tokens=sk.kernels.uniform(2))
    assert short.first.length == 3
    with pytest.raises(sk.errors.InvalidType, match="second: must be a spectrum, a kernel"):
        sk.kernels.compare(kernel, 3)
