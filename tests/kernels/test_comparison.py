"""Two spectra side by side."""

import json

import pytest
from click.testing import CliRunner

import symkern as sk
from symkern.abc import L, alpha, beta, parse, sigma2, v
from symkern.bounds import ScalingLaw, leading
from symkern.cli import command
from symkern.combinatorics import Partition
from symkern.derivations import Standing
from symkern.errors import InvalidArgument
from symkern.exact import branches, function_field
from symkern.kernels import ComparedSector, compare, embedding, uniform


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


# -- equal leading terms ---------------------------------------------------------------------------


def row_of(comparison, mu, kappa):
    return next(
        row
        for row in comparison
        if (tuple(row.position_irrep), tuple(row.token_irrep or ())) == (mu, kappa)
    )


def test_equal_leading_terms_are_decided_by_the_difference():
    first = embedding(1, 1).attention().mean_pool().spectrum(length=L, tokens=uniform(2))
    second = embedding(1).mean_pool().spectrum(length=L, tokens=uniform(2))
    row = row_of(compare(first, second), (), (1,))
    assert [branch.value for branch in row.branches] == [
        (L**2 + 4 * L + 2) / (2 * L**3),
        1 / (2 * L),
    ]
    assert (row.verdict, row.crossing) == ("first", 1)
    row = row_of(compare(second, first), (), (1,))
    assert (row.verdict, row.crossing) == ("second", 1)
    assert "A = B" not in str(compare(first, second))


def shown(first, second, least=1, thresholds=(1, 1), length=L):
    """One row of two formulas in L and other symbols."""
    symbols = tuple(sorted({L, *first.free_symbols, *second.free_symbols}, key=str))
    field = function_field(symbols)

    def side(value):
        [branch] = branches([[field(-value), field.one]], field)
        law = ScalingLaw("n", sigma2 / value, leading(sigma2 / value), {"L": 1}, Standing.PROVED)
        return law, branch

    (a, p), (b, q) = side(first), side(second)
    return ComparedSector(
        Partition(()), None, 1, (a, b), (p, q), thresholds[0], least_vocabulary=thresholds[1]
    )


@pytest.mark.parametrize(
    ("first", "second", "thresholds", "verdict", "crossing"),
    [
        (1 / L, (L - 7) / L**2, (1, 1), "first", 1),
        (1 / L + 1 / L**2 - 5 / L**3, 1 / L, (1, 1), "first", 6),
        (1 / L + 1 / L**2 - 5 / L**3, 1 / L, (9, 1), "first", 9),
        (alpha / L, alpha / (L + 1), (1, 1), "first", 1),
        (alpha / L, alpha / (L - beta), (1, 1), "second", None),
        (alpha / L + (v - 3) / L**2, alpha / L, (1, 4), "first", 1),
        (alpha / L + (v - 3) / L**2, alpha / L, (1, 2), "undecided", None),
        (alpha / L + (alpha - beta) / L**2, alpha / L, (1, 1), "undecided", None),
        # The smallest length that holds for all beta: at three the difference is -1.
        (1 / L + (L - 4) * (1 + beta) / L**3, 1 / L, (1, 1), "first", 5),
        (
            alpha / (L * (L + 1)) + alpha / L**2,
            alpha * (2 * L + 1) / (L**3 + L**2),
            (1, 1),
            "equal",
            None,
        ),
    ],
    ids=str,
)
def test_differences_with_symbols(first, second, thresholds, verdict, crossing):
    row = shown(first, second, thresholds=thresholds)
    assert (row.verdict, row.crossing) == (verdict, crossing)
    swapped = shown(second, first, thresholds=thresholds)
    mirrored = {"first": "second", "second": "first"}
    assert (swapped.verdict, swapped.crossing) == (mirrored.get(verdict, verdict), crossing)


def test_roots_with_symbols_are_compared_term_by_term():
    # The quadratic eigenvalue of two kernels that agree up to a bias of lower order.
    k = embedding(alpha, beta).attention().mean_pool()
    found = compare(sk.derive(k), sk.derive(k.linear(1, 1 / L)))
    # A constant 1/L is added to the kernel: it moves the invariant functions alone.
    row = row_of(found, (), ())
    assert row.branches[0].degree == 2 and row.verdict == "second"
    assert {r.verdict for r in found if r is not row and r.token_irrep != ()} == {"equal"}


def test_an_order_is_exact_at_a_length_where_the_values_meet():
    # (L - 5)(L - 9) / L^3 above 0 from 10 on; the two are equal, not larger, at 9.
    row = shown(1 / L + (L - 5) * (L - 9) / L**5, 1 / L)
    assert (row.verdict, row.crossing) == ("first", 10)
