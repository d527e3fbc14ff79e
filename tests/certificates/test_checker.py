"""The checker of certificates: it stands alone, its arithmetic is right, and what it sees it sees without symkern."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from textwrap import indent
from typing import Any

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symkern.abc import namespace, parse
from symkern.certificates import checker
from symkern.certificates.checker import CannotCheck, check, intervals
from symkern.certificates.checker.claimed_formulas import Formula
from symkern.certificates.checker.claimed_kernel import Kernel
from symkern.certificates.checker.claimed_laws import Law
from symkern.certificates.checker.intervals import Interval
from symkern.certificates.checker.kernel_counts import MatchCounts
from symkern.certificates.checker.labels import padded
from symkern.certificates.checker.recursion import kernel_value
from symkern.certificates.checker.residues import Chance, Residue, residue_maker, residue_of
from symkern.certificates.checker.sector_blocks import Blocks
from symkern.certificates.checker.sequence_traces import Sequences, Traces
from symkern.certificates.checker.setting import Setting
from symkern.certificates.standalone import archive
from symkern.combinatorics import partitions
from symkern.kernels import derive, distinct, read_kernel, uniform

FOLDER = Path(checker.__file__).parent


def bag_of_tokens(**changed: Any) -> dict[str, Any]:
    """alpha s/L^2 on uniform tokens: alpha/v once and alpha/(L v) v - 1 times, written by hand."""
    claim: dict[str, Any] = {
        "certificate": 1,
        "claim": "spectrum",
        "kernel": [
            ["embedding", {"token": "alpha", "position": "0", "constant": "0"}],
            ["mean_pool", {}],
        ],
        "law": {"kind": "uniform", "vocabulary": "v"},
        "length": "L",
        "range": {
            "spectrum_from": {"length": 1, "vocabulary": 2},
            "traces_from": {"length": 1, "vocabulary": 1},
        },
        "trace": "alpha*(L + v - 1)/(L*v)",
        "sectors": [
            {
                "position_irrep": [],
                "token_irrep": [],
                "dimension": "1",
                "characteristic_polynomial": ["-alpha/v"],
            },
            {
                "position_irrep": [],
                "token_irrep": [1],
                "dimension": "v - 1",
                "block": [["alpha/(L*v)"]],
            },
        ],
    }
    return {**claim, **changed}


def alone(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The bare folder, without site packages and without this checkout on the path."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(FOLDER), *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        timeout=120,
    )


def test_the_folder_runs_without_symkern(tmp_path: Path) -> None:
    good, bad, torn = (tmp_path / name for name in ("good.json", "bad.json", "torn.json"))
    good.write_text(json.dumps(bag_of_tokens()))
    bad.write_text(json.dumps(bag_of_tokens(trace="alpha*(L + v)/(L*v)")))
    torn.write_text(good.read_text()[:-20])
    found = alone(str(good))
    assert found.returncode == 0 and "confirmed" in found.stdout and not found.stderr
    here = indent(str(check(bag_of_tokens())), "  ")
    assert found.stdout == f"{good}\n{here}\n", "the same in this process"
    found = alone(str(good), str(bad))
    assert found.returncode == 1 and "refuted" in found.stdout
    assert "differs at L = 1, v = 2, alpha = " in found.stdout
    for name in (torn, tmp_path / "none.json"):
        found = alone(str(name))
        assert found.returncode == 2 and "not checkable" in found.stdout and not found.stderr


def test_it_imports_the_standard_library_alone_and_evaluates_nothing() -> None:
    files = list(FOLDER.glob("**/*.py"))
    assert len(files) > 20
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        imported = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level in (0, 1), file
                imported |= {(node.module or "").split(".")[0]} if node.level == 0 else set()
        assert imported <= set(sys.stdlib_module_names), file
        called = {
            n.func.id
            for n in ast.walk(tree)
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
        }
        banned = {"eval", "exec", "compile", "__import__", "getattr"}
        # The folder run by itself finds its own name, and nothing else is looked up.
        assert not called & (
            banned | ({"import_module"} if file.name != "__main__.py" else set())
        ), file


def test_one_file_and_a_folder_elsewhere_say_the_same(tmp_path: Path) -> None:
    claim = tmp_path / "claim.json"
    claim.write_text(json.dumps(bag_of_tokens()))
    (tmp_path / "checker.pyz").write_bytes(archive())
    shutil.copytree(FOLDER, tmp_path / "by_another_name")
    expected = alone(str(claim)).stdout
    for place in ("checker.pyz", "by_another_name"):
        command = [sys.executable, "-I", "-S", str(tmp_path / place), str(claim)]
        found = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
        assert found.stdout == expected and "confirmed" in expected and not found.stderr


@pytest.mark.parametrize(
    "changed",
    [
        {"certificate": 2},
        {"claim": "truth"},
        {"kernel": [["embedding", {"token": "alpha"}], ["mean_pool", {}]]},
        {"kernel": [["embedding", {"token": "a.b", "position": "0", "constant": "0"}]]},
        {"law": {"kind": "uniform"}},
        {"law": {"kind": "categorical", "probabilities": ["1/2", "1/3"]}},
        {"length": "__import__('os')"},
        {"length": "L/2"},
        {"length": "40", "law": {"kind": "uniform", "vocabulary": "40"}},
        {"trace": "9^9^9"},
        {"trace": "((9^1000)^1000)^1000"},
        {"trace": "exp(((9^1000)^1000)^1000)"},
        {"trace": "(" * 100 + "1" + ")" * 100},
        {"trace": "1 +"},
        {"trace": 7},
        {"sectors": [{}]},
        {"range": {}},
    ],
)
def test_what_cannot_be_read_is_not_checkable(changed: dict[str, Any]) -> None:
    report = check(bag_of_tokens(**changed))
    assert report.verdict == "not checkable", report


def test_a_pole_in_range_is_refuted() -> None:
    report = check(bag_of_tokens(trace="alpha*(L + v - 1)*(L - 2)/(L*v*(L - 2))"))
    assert report.verdict == "refuted" and "divides by zero" in str(report)


@pytest.mark.parametrize(
    "divisor", ["L^2 - 1000000", "(L + 1)^2 - 1002001", "L^2 - 1001*L + 1000", "1/L^2 - 1/10^6"]
)
def test_a_pole_of_a_divisor_with_powers_is_never_confirmed(divisor: str) -> None:
    """Each is zero at L = 1000, where no number is compared."""
    report = check(bag_of_tokens(trace=f"alpha*(L + v - 1)*({divisor})/(L*v*({divisor}))"))
    assert report.verdict != "confirmed", report


@pytest.mark.parametrize("name", ["linear-attention-flatten", "linear-attention-2"])
def test_kernels_of_higher_degree_on_distinct_tokens(name: str) -> None:
    """Of degree two and four in the matches: 4 and 12 irreps, by the engine's characters and by the checker's walks; none may be left out."""
    claim = json.loads(json.dumps(derive(name, tokens=distinct()).certificate()))
    assert check(json.dumps(claim)).verdict == "confirmed"
    claim["sectors"] = [s for s in claim["sectors"] if s["position_irrep"] != [1, 1]]
    assert check(json.dumps(claim)).verdict == "refuted"


def test_powers_of_residues() -> None:
    """Modulo 7, by hand: 3^-1 = 5, 3^-2 = 25 = 4, 3^2 = 9 = 2."""
    powers = {n: (Residue(3, 7) ** n).value for n in (-2, -1, 0, 1, 2)}
    assert powers == {-2: 4, -1: 5, 0: 1, 1: 3, 2: 2}


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    "pipeline",
    [
        "embedding(alpha, beta) | attention | mean_pool",
        "embedding(alpha, beta, 1) | attention(positions_in_values=false) | residual | flatten",
        "embedding(alpha, beta) | linear(2, 1/3) | attention(normalize=false) | at_position(last)",
        "embedding(alpha, beta) | attention(tied, abs) | residual | mlp(x^2 - x/2) | mean_pool",
        "embedding(alpha, beta) | attention(tied, relu, normalize=false) | attention | mean_pool",
        "embedding(alpha, beta, 1/2) | mlp(quadratic) | flatten | mlp(x^3 + 1) | linear(3)",
        "embedding(alpha, beta) | attention(tied, softmax) | attention | mean_pool",
        "embedding(alpha, beta) | attention(tied, softmax, positions_in_values=false) | flatten",
        "embedding(alpha, beta) | attention | at_position(last) | mlp(relu)",
        "embedding(alpha, beta) | mlp(erf) | mean_pool | mlp(erf)",
    ],
)
def test_its_recursion_against_the_library(pipeline: str) -> None:
    kernel = read_kernel(pipeline)
    ours = Kernel([stage.certificate() for stage in kernel.stages])
    assert str(ours) == str(kernel).replace("quadratic", "x^2")
    number: Any = Interval.of if ours.irrational else Fraction
    values = {"alpha": Fraction(2, 3), "beta": Fraction(1, 5)}
    stages = ours.bound(values, number)
    for x, y in (((0, 1, 1), (0, 1, 0)), ((0, 0, 0), (1, 1, 1)), ((2, 1, 0), (0, 1, 2))):
        found = kernel_value(stages, zip(x, y, strict=True), number, ours.alone)
        expected = kernel(x, y, alpha="2/3", beta="1/5")
        if ours.irrational:
            low, high = found.ends
            assert high - low < Fraction(1, 10**30)
            middle = mpmath.mpf(low.numerator) / low.denominator
            assert abs(middle - mpmath.mpf(str(expected.evalf(30)))) < 1e-14
        else:
            assert found == Fraction(int(expected.p), int(expected.q))


LAWS = (
    ({"kind": "uniform", "vocabulary": "2"}, 4, 2),
    ({"kind": "categorical", "probabilities": ["1/2", "1/3", "1/6"]}, 3, 3),
    ({"kind": "exchangeable", "types": [[[3, 1], "1/2"], [[0, 4], "1/2"]]}, 4, 2),
    ({"kind": "distinct"}, 4, 4),
)


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("law", "size", "letters"), LAWS)
@pytest.mark.parametrize("name", ["linear-attention", "linear-attention-last"])
def test_sectors_add_up_to_the_whole_matrix(
    law: dict[str, Any], size: int, letters: int, name: str
) -> None:
    """sum of dim(lam) trace(block^j) over the irreps of the positions is the trace of the whole matrix, which knows no symmetry."""
    kernel = read_kernel(name)
    ours = Kernel([stage.certificate() for stage in kernel.stages])
    stages = ours.bound({"alpha": Fraction(2), "beta": Fraction(3)}, Fraction)
    space = Sequences(ours, Law(law), size, letters)
    traces = Traces(space, stages, ours.alone, Fraction)
    words, weights = space.all, [Fraction(w, space.scale) for w in space.weights]
    matrix = [
        [
            kernel_value(stages, zip(x, y, strict=True), Fraction, ours.alone) * p
            for y, p in zip(words, weights, strict=True)
        ]
        for x in words
    ]
    power, found = matrix, []
    for _ in range(3):
        found.append(sum(power[i][i] for i in range(len(words))))
        power = [
            [
                sum(a * b for a, b in zip(row, column, strict=True))
                for column in zip(*matrix, strict=True)
            ]
            for row in power
        ]
    totals = [Fraction(0)] * 3
    for lam in partitions(space.moved):
        for j, value in enumerate(traces.of(tuple(lam), None, 3)):
            totals[j] += lam.dimension * value
    assert totals == found and traces.diagonal() == found[0] and traces.square() == found[1]


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    ("pipeline", "law"),
    [
        ("embedding(alpha, beta, 1/3) | attention | residual | flatten", {"kind": "uniform", "vocabulary": "3"}),
        ("embedding(alpha, beta) | attention | mlp(x^2 - x) | mean_pool", {"kind": "uniform", "vocabulary": "2"}),
        ("embedding(alpha, beta) | mlp(x^3) | attention(positions_in_values=false) | at_position(last)", {"kind": "uniform", "vocabulary": "2"}),
        ("embedding(alpha, beta) | attention | flatten | mlp(x^2)", {"kind": "categorical", "probabilities": ["1/2", "1/3", "1/6"]}),
        (
            "embedding(alpha, beta) | attention | at_position(last)",
            {"kind": "mixture", "components": [["1/3", {"kind": "categorical", "probabilities": ["1/4", "3/4"]}], ["2/3", {"kind": "uniform", "vocabulary": "2"}]]},
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("size", [2, 4])
def test_both_ways_find_the_same_blocks(pipeline: str, law: dict[str, Any], size: int) -> None:
    """Sums of powers of the eigenvalues on all sequences, and those of the block of match counts modulo a prime."""
    kernel = read_kernel(pipeline)
    claim = {
        "kernel": [stage.certificate() for stage in kernel.stages],
        "law": law,
        "length": str(size),
    }
    claim = json.loads(json.dumps(claim))
    chance = Chance("both ways")
    setting = Setting(claim, [], chance)
    letters = setting.letters.number or 1
    renamed = setting.law.relabelling
    _at, blocks = setting.blocks(renamed)
    prime = blocks.prime
    # The same hyperparameters as small fractions: other residues, hence another polynomial.
    values = {"alpha": Fraction(3, 2), "beta": Fraction(2, 5)}
    number = residue_maker(prime)
    residues = {name: number(value) for name, value in values.items()}
    counts = MatchCounts(setting.kernel.bound(residues, number), size, prime)
    blocks = Blocks(
        chance, setting.law, setting.fixed, counts, (size, letters), (size, letters), renamed
    )
    space = Sequences(setting.kernel, setting.law, size, letters)
    traces = Traces(space, setting.kernel.bound(values, Fraction), setting.kernel.alone, Fraction)
    seen = 0
    for mu in [m for k in range(3) for m in partitions(k)]:
        for kappa in [m for k in range(3) for m in partitions(k)] if renamed else [None]:
            position = padded(tuple(mu), space.moved)
            token = None if kappa is None else padded(tuple(kappa), letters)
            if position is None or (kappa is not None and token is None):
                continue
            try:
                block = blocks.block(tuple(mu), None if kappa is None else tuple(kappa))
            except CannotCheck as error:  # a column of more places than there are
                assert "does not occur" in str(error)
                block = []
            power, sums = block, []
            for _ in range(4):
                sums.append(sum(power[i][i] for i in range(len(block))) % prime)
                power = [
                    [
                        sum(a * b for a, b in zip(r, c, strict=True)) % prime
                        for c in zip(*block, strict=True)
                    ]
                    for r in power
                ]
            assert sums == [residue_of(t, prime) for t in traces.of(position, token, 4)], (
                mu,
                kappa,
            )
            seen += bool(sums[1])
    assert seen >= size // 2


@given(st.fractions(-30, 30, max_denominator=1000))
def test_intervals_enclose(value: Fraction) -> None:
    with mpmath.workdps(90):
        x = mpmath.mpf(value.numerator) / value.denominator
        cases = [
            (intervals.exponential(value), mpmath.exp(x)),
            (intervals.square_root(abs(value)), mpmath.sqrt(abs(x))),
            (intervals._arctan(Interval.of(value)), mpmath.atan(x)),
            (intervals.arcsine(Interval.of(value / 30)), mpmath.asin(x / 30)),
            (intervals.pi(), mpmath.pi),
            (Interval.of(value) * Interval.of(value) - value, x * x - x),
        ]
        if value:
            cases.append((1 / Interval.of(value) ** 3, 1 / x**3))
        for interval, truth in cases:
            low, high = (mpmath.mpf(e.numerator) / e.denominator for e in interval.ends)
            slack = mpmath.mpf(10) ** -70 * max(1, abs(truth))
            assert low - slack <= truth <= high + slack
            assert high - low <= mpmath.mpf(10) ** -36 * max(1, abs(truth))


formulas = st.recursive(
    st.one_of(st.integers(0, 99).map(str), st.sampled_from(["L", "v", "alpha", "0.25", "w"])),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"{t[0]}{t[1]}{t[2]}"),
        st.tuples(inner, st.sampled_from(["^2", "**3", "^-1", "^(-2)"])).map("".join),
        inner.map(lambda t: f"-{t}"),
    ),
    max_leaves=8,
)


@given(formulas)
def test_its_reader_agrees_with_the_projects(text: str) -> None:
    values = {"L": Fraction(5), "v": Fraction(3), "alpha": Fraction(2, 7), "w": Fraction(11, 13)}
    try:
        expected = parse(text).subs({namespace[n]: parse(str(q)) for n, q in values.items()})
    except ValueError:
        return  # a division by zero or a number too large
    if not expected.is_Rational:
        return
    assert Formula(text).at(values) == Fraction(int(expected.p), int(expected.q))


@pytest.mark.parametrize("text", ["", "a b", "1..2", "sqrt 2", "f(x)", "x^y", "2^1001", "()", "é"])
def test_its_reader_refuses(text: str) -> None:
    with pytest.raises(CannotCheck):
        Formula(text).at({"a": Fraction(1), "x": Fraction(1)})


@pytest.mark.sampled(3)
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("pipeline", "letters", "token_irrep", "values"),
    [
        ("embedding(1) | flatten | mlp(x^4)", 9, [2, 1], ["1/2916"]),
        ("embedding(1) | flatten | mlp(x^4)", 7, [1, 1], ["207/19208", "9/9604"]),
    ],
)
def test_words_that_chance_seldom_draws_are_among_those_looked_at(pipeline: str, letters: int, token_irrep: list[int], values: list[str], seed: int) -> None:  # fmt: skip
    """Four equal letters of nine: a block that knows no such word has too few rows."""
    kernel = read_kernel(pipeline)
    claim = {
        "kernel": [stage.certificate() for stage in kernel.stages],
        "law": {"kind": "uniform", "vocabulary": str(letters)},
        "length": "4",
    }
    setting = Setting(claim, [], Chance(f"words {seed}"))
    _, blocks = setting.blocks(True)
    block = blocks.block((), tuple(token_irrep))
    assert (
        sum(block[i][i] for i in range(len(block))) % blocks.prime
        == sum(residue_of(Fraction(e), blocks.prime) for e in values) % blocks.prime
    )


def test_sums_of_powers_go_beyond_twice_the_number_of_distinct_eigenvalues() -> None:
    """A polynomial p of degree d with the claimed roots is zero on the block where tr p(M)^2 is: powers up to 2 d; three distinct ones here."""
    kernel = read_kernel("embedding(1, 1) | attention | attention | flatten")
    spectrum = kernel.spectrum(length=5, tokens=uniform(2))
    assert max(sector.multiplicity for sector in spectrum) == 3
    assert "powers 1..8 of" in " ".join(str(check(spectrum.certificate())).split())
