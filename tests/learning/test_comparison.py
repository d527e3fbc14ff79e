"""Two spectra side by side."""

import dataclasses
import itertools
import json
import math

import numpy as np
import pytest
import sympy as sp
from click.testing import CliRunner

import symkern as sk
from symkern.abc import L, alpha, beta, parse, sigma2, v
from symkern.bounds import Leading, ScalingLaw, leading
from symkern.claims.derivation import Standing
from symkern.cli import command
from symkern.combinatorics import Partition
from symkern.errors import InvalidArgument, InvalidType, SymkernError
from symkern.exact import Branch, branches, function_field
from symkern.kernels import (
    ComparedSector,
    compare,
    distinct,
    embedding,
    from_function,
    read_kernel,
    uniform,
)


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


# -- kernels, presets and pipelines ----------------------------------------------------------------


def summary(comparison):
    return [(row.position_irrep, row.token_irrep, row.verdict, row.crossing) for row in comparison]


def test_kernels_names_and_pipelines_are_compared_directly():
    expected = summary(compare(sk.derive("linear-attention"), sk.derive("flatten")))
    pipeline = "embedding(alpha, beta) | attention | mean_pool"
    for first in ("linear-attention", pipeline, read_kernel(pipeline), sk.derive(pipeline)):
        for second in ("flatten", read_kernel("flatten"), sk.derive("flatten")):
            assert summary(compare(first, second)) == expected
    found = compare("bag-of-tokens", "flatten", length=4, tokens=uniform(3))
    assert (found.first.length, found.second.tokens) == (4, uniform(3))
    assert summary(found) == summary(
        compare(*(sk.derive(k, 4, uniform(3)) for k in ("bag-of-tokens", "flatten")))
    )


def test_a_spectrum_lends_its_data_to_the_kernel_beside_it():
    spectrum = sk.derive("flatten", length=4, tokens=distinct())
    for found in (compare(spectrum, "bag-of-tokens"), compare("bag-of-tokens", spectrum)):
        assert found.first.length == found.second.length == 4
        assert found.first.tokens == found.second.tokens == distinct()
    with pytest.raises(
        InvalidArgument, match="length: must be that of the spectrum, 4, but it is 5"
    ):
        compare(spectrum, "bag-of-tokens", length=5)
    with pytest.raises(InvalidArgument, match="tokens: must be that of the spectrum"):
        compare(spectrum, spectrum, tokens=uniform(2))


@pytest.mark.parametrize(
    "wrong",
    [None, 3, 1.5, ["flatten"], lambda x, y: 1, int],
    ids=["None", "3", "1.5", "a list", "a function", "a type"],
)
def test_what_is_no_kernel_is_refused(wrong):
    for name, pair in (("first", (wrong, "flatten")), ("second", ("flatten", wrong))):
        with pytest.raises(InvalidType, match=f"{name}: must be a kernel, the name of a preset"):
            compare(*pair)


def test_refusals_keep_their_type():
    with pytest.raises(InvalidArgument, match="preset: must be one of"):
        compare("flaten", "flatten")
    with pytest.raises(SymkernError):
        compare(embedding(1), "flatten")  # no readout
    with pytest.raises(InvalidType, match="tokens: must be a token law"):
        compare("flatten", "flatten", tokens=3)
    with pytest.raises(InvalidArgument, match="length"):
        compare("flatten", "flatten", length=0)


# -- one kernel that reads a position ----------------------------------------------------------------


def stable_character(mu, permutation):
    """The character of a stable label by the numbers of fixed points and of two-cycles."""
    n = len(permutation)
    a = sum(permutation[i] == i for i in range(n))
    b = sum(permutation[i] != i and permutation[permutation[i]] == i for i in range(n)) // 2
    return {
        (): 1,
        (1,): a - 1,
        (2,): a * (a - 3) // 2 + b,
        (1, 1): (a - 1) * (a - 2) // 2 - b,
    }[mu]


def exists(mu, n):
    return n >= sum(mu) + max(mu, default=0)


def top_eigenvalues(kernel, length, letters):
    """The largest eigenvalue on every pair of irreps of S_{length-1} and S_letters, by sums over both groups."""
    words = list(itertools.product(range(letters), repeat=length))
    place = {word: i for i, word in enumerate(words)}
    operator = np.array([[float(kernel(x, y)) for y in words] for x in words]) / len(words)
    found = {}
    labels = [(), (1,), (2,), (1, 1)]
    for mu in labels:
        for kappa in labels:
            if not exists(mu, length - 1) or not exists(kappa, letters):
                continue
            projector = np.zeros_like(operator)
            for g in itertools.permutations(range(length - 1)):
                for h in itertools.permutations(range(letters)):
                    weight = stable_character(mu, g) * stable_character(kappa, h)
                    for word, i in place.items():
                        moved = tuple(h[word[a]] for a in (*g, length - 1))
                        projector[place[moved], i] += weight
            identity = tuple(range(length - 1)), tuple(range(letters))
            order = math.factorial(length - 1) * math.factorial(letters)
            dims = stable_character(mu, identity[0]) * stable_character(kappa, identity[1])
            projector *= dims / order
            assert np.allclose(projector @ projector, projector)
            found[mu, kappa] = max(np.linalg.eigvalsh(projector @ operator @ projector))
    return found


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("length", "letters", "name"),
    [
        (2, 2, "linear-attention"),
        (3, 2, "linear-attention"),
        (4, 2, "linear-attention-flatten"),
        (5, 2, "linear-attention-flatten"),
        (3, 3, "linear-attention-flatten"),
    ],
)
def test_a_kernel_restricted_to_the_positions_not_read(length, letters, name):
    kernels = [
        read_kernel(k.replace("alpha", "1").replace("beta", "1/3"))
        for k in (sk.kernels.preset(n).pipeline for n in (name, "linear-attention-last"))
    ]
    found = compare(*kernels, length=length, tokens=uniform(letters))
    assert found.group == "S_{L-1}"
    expected = [top_eigenvalues(kernel, length, letters) for kernel in kernels]
    rows = {(tuple(r.position_irrep), tuple(r.token_irrep)): r for r in found}
    for key in expected[0]:
        tops = [side[key] for side in expected]
        if max(tops) < 1e-12:
            assert key not in rows
            continue
        row = rows.pop(key)
        for branch, top in zip(row.branches, tops, strict=True):
            assert (0 if branch is None else float(branch.value)) == pytest.approx(top, abs=1e-12)
        if abs(tops[0] - tops[1]) > 1e-12:
            assert row.verdict == ("first" if tops[0] > tops[1] else "second")
    assert not rows
    turned = compare(*kernels[::-1], length=length, tokens=uniform(letters))
    mirrored = {"first": "second", "second": "first"}
    assert [r.verdict for r in turned] == [mirrored.get(r.verdict, r.verdict) for r in found]


def test_restricted_rows_with_symbols():
    found = compare("flatten", "linear-attention-last")
    rows = {(tuple(r.position_irrep), tuple(r.token_irrep)): r for r in found}
    # (L-1,1) x (v-1,1) of flatten is the whole row at (L-2,1), and its dimension is that below.
    row = rows[(1,), (1,)]
    assert row.laws[0].formula == L * sigma2 * v / alpha and row.least == 3
    # The label (L-2,1) is there from L = 3 on, though (L-1,1) is from 2 on.
    alone = compare("flatten", "embedding(alpha) | at_position(last)")
    row = row_of(alone, (1,), (1,))
    assert row.laws[1] is None and row.least == 3
    assert sp.expand(row.dimension - (L - 2) * (v - 1)) == 0
    assert [tuple(r.position_irrep) for r in compare("flatten", "linear-attention-last", length=2)] == [()] * 4  # fmt: skip


def test_the_restriction_is_told():
    found = compare("flatten", "linear-attention-last")
    text = " ".join(str(found).split())
    assert (
        "compared under S_{L-1}, the positions that are not read; of A, (L) restricts to (L-1), "
        "(L-1,1) to (L-2,1) and (L-1)" in text
    )
    assert all(len(line) <= 80 for line in str(found).splitlines())
    assert "(L-2,1)" in found.latex() and "restricts to" in found.latex()
    data = found.to_dict()
    assert data["group"] == "S_{L-1}"
    assert data["restricted"] == {
        "kernel": "first",
        "sectors": [{"from": [], "to": [[]]}, {"from": [1], "to": [[1], []]}],
    }
    same = compare("flatten", "bag-of-tokens")
    assert "restricts" not in str(same) and same.to_dict()["restricted"] is None


def test_largest_eigenvalues_of_which_none_is_proved_the_largest():
    # Two sectors restrict to one label: alpha/L and beta/L, against (alpha + 1)/L^2 and 2 alpha/L.
    one, other = shown(alpha / L, alpha / L**2), shown(beta / L, 2 * alpha / L)
    tops = [(r.laws[0], r.branches[0], False) for r in (one, other)]
    low, high = ((r.laws[1], r.branches[1], False) for r in (one, other))
    row = dataclasses.replace(one, contenders=(tuple(tops), (low,)))
    assert row.verdict == "first"
    row = dataclasses.replace(
        one,
        laws=(one.laws[0], high[0]),
        branches=(one.branches[0], high[1]),
        contenders=(tuple(tops), (high,)),
    )
    assert row.verdict == "undecided"


@pytest.mark.wide
def test_crossings_under_the_smaller_group_beside_numbers():
    """From the crossing on the verdict is that at each length; at the one before it is not."""
    kernels = [
        "embedding(1, 10) | attention | mean_pool",
        "embedding(3, 1/4) | attention | at_position(last)",
    ]
    found = compare(*kernels, tokens=uniform(3))
    for length in (3, 4, 5, 6, 7, 12, 29, 30, 40):
        at = compare(*kernels, length=length, tokens=uniform(3))
        verdicts = {(r.position_irrep, r.token_irrep): r.verdict for r in at}
        for row in found:
            assert row.crossing is not None
            verdict = verdicts[row.position_irrep, row.token_irrep]
            if length >= row.crossing:
                assert verdict == row.verdict
            elif length == row.crossing - 1 and length >= row.least:
                assert verdict != row.verdict
    assert max(row.crossing for row in found) > 4


def test_leading_coefficients_that_are_irrational_numbers():
    # The largest roots of x^2 - x - 1, 1.618..., and of x^2 - 2, 1.414..., over L; and 8/5 over L.
    field = function_field((L,))

    def side(*coefficients):
        found = branches([[field(c) for c in coefficients]], field)[0]
        law = ScalingLaw("n", None, Leading(sp.Integer(1), sp.simplify(sigma2 / (found.value * L))), {"L": 1}, Standing.PROVED)  # fmt: skip
        return law, found, False

    golden, root, rational = side(-1 / L**2, -1 / L, 1), side(-2 / L**2, 0, 1), side(-8 / (5 * L), 1)  # fmt: skip
    for (a, b), verdict in {
        (0, 1): "first",
        (1, 0): "second",
        (1, 2): "second",
        (0, 2): "first",
        (0, 0): "equal",
    }.items():
        first, second = ((golden, root, rational)[i] for i in (a, b))
        laws, found, _ = zip(first, second, strict=True)
        row = ComparedSector(Partition(()), None, 1, laws, found)
        assert (row.verdict, row.crossing) == (verdict, None if verdict == "equal" else 1)


def test_numbers_at_every_length_are_ordered_from_the_first_on():
    found = compare("embedding(1, 2) | flatten", "embedding(1) | flatten", tokens=uniform(2))
    row = row_of(found, (), ())
    assert [branch.value for branch in row.branches] == [sp.Rational(5, 2), sp.Rational(1, 2)]
    assert (row.verdict, row.crossing, row.least) == ("first", 1, 1)


def test_eigenvalues_that_are_not_written_are_equal_in_one_block_alone():
    term = Leading(sp.Integer(1), sigma2 / alpha)
    law = ScalingLaw("n", None, term, {"L": 1}, Standing.PROVED)
    both = (Branch((), 0, None), Branch((), 0, None))
    row = ComparedSector(Partition(()), None, 1, (law, law), both)
    assert (row.verdict, row.crossing) == ("undecided", None)
    assert dataclasses.replace(row, same_block=True).verdict == "equal"
    assert all(r.same_block for r in compare("linear-attention", "linear-attention"))
    assert not any(r.same_block for r in compare("linear-attention", "flatten"))


def test_functions_are_compared_with_presets():
    k = from_function(lambda x, y: sum(a == b for a, b in zip(x, y, strict=True)))
    found = compare(k, "embedding(3) | flatten", length=3, tokens=uniform(2))
    assert {row.verdict for row in found} == {"equal"}


def test_a_kernel_is_equal_to_itself_whatever_its_values_are():
    softmax = sk.kernels.embedding(1, 1).attention("tied", "softmax").mean_pool()
    twice = [softmax.spectrum(4, sk.kernels.uniform(3)) for _ in range(2)]
    assert {row.verdict for row in sk.kernels.compare(*twice)} == {"equal"}
    other = sk.kernels.embedding(1, 1).attention("tied", "softmax").flatten()
    words = {
        row.verdict
        for row in sk.kernels.compare(twice[0], other.spectrum(4, sk.kernels.uniform(3)))
    }
    assert "equal" not in words
