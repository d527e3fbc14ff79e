"""Claims made to be believed: each is false, or nothing at all, and none is confirmed."""

from __future__ import annotations

import copy
import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from symkern.abc import L
from symkern.certificates import check, checker, eigenvalue
from symkern.certificates.catalogue import certificate_of
from symkern.kernels import derive, read_kernel, uniform

Claim = dict[str, Any]


def linear_attention() -> Claim:
    """With L, v, alpha and beta as symbols."""
    return json.loads(json.dumps(certificate_of("linear-attention")))  # type: ignore[no-any-return]


def bits() -> Claim:
    return json.loads(json.dumps(derive("linear-attention", tokens=uniform(2)).certificate()))  # type: ignore[no-any-return]


def of(pipeline: str, **settings: Any) -> Claim:
    return json.loads(json.dumps(derive(pipeline, **settings).certificate()))  # type: ignore[no-any-return]


def scaled(claim: Claim, factor: str) -> Claim:
    """Trace and eigenvalues times the factor."""
    result = copy.deepcopy(claim)
    result["trace"] = f"({claim['trace']})*{factor}"
    for sector in result["sectors"]:
        size = len(sector["characteristic_polynomial"])
        sector["characteristic_polynomial"] = [
            f"({c})*({factor})^{size - i}"
            for i, c in enumerate(sector["characteristic_polynomial"])
        ]
    return result


def its_own_range() -> Claim:
    claim = scaled(linear_attention(), "((v/2)*(L/8)^7)")
    ends = {"length": 8, "vocabulary": 4}, {"length": 8, "vocabulary": 1}
    return {**claim, "range": {"spectrum_from": ends[0], "traces_from": ends[1]}}


def nothing_in_reach() -> Claim:
    claim = linear_attention()
    for sector in claim["sectors"]:
        sector["dimension"] = "1/0"
    ends = {"length": 10**6, "vocabulary": 10**6}
    return {**claim, "trace": "0", "range": {"spectrum_from": ends, "traces_from": ends}}


def beyond_reach_and_wrong() -> Claim:
    ends = {"length": 10**6, "vocabulary": 10**6}
    claim = scaled(linear_attention(), "2")
    return {**claim, "range": {"spectrum_from": ends, "traces_from": ends}}


def right_at_every_small_size() -> Claim:
    """A factor that is one for L = 1..12."""
    vanishing = "*".join(f"(L - {k})" for k in range(1, 13))
    return scaled(linear_attention(), f"(1 + {vanishing}/10^9)")


def right_at_small_vocabularies() -> Claim:
    return scaled(bits(), "*".join(["(1 + 0", *(f"0*{k}" for k in range(3))]) + ")*(1 + (L-1)*(L-2)*(L-3)*(L-4)*(L-5)*(L-6)*(L-7)*(L-8))")  # fmt: skip


def right_on_a_cross_of_sizes() -> Claim:
    """A factor that is one where v = 2 or L is small: of low degree in each."""
    return scaled(linear_attention(), "(1 + (v - 2)*(L - 1)*(L - 2)*(L - 3)*(L - 4)/7)")


def irreps_exchanged() -> Claim:
    claim = of("embedding(1,1) | flatten | mlp(quadratic)")
    for sector in claim["sectors"]:
        mu, kappa = sector["position_irrep"], sector["token_irrep"]
        sector["position_irrep"], sector["token_irrep"] = kappa, mu
    return claim


def another_irrep_of_the_same_dimension() -> Claim:
    claim = of("linear-attention", length=4, tokens=uniform(2), alpha=1, beta=1)
    for sector in claim["sectors"]:
        if sector["position_irrep"] == [1]:
            sector["position_irrep"] = [1, 1]
            break
    return claim


def tokens_exchanged() -> Claim:
    claim = bits()
    pair = [s for s in claim["sectors"] if s["position_irrep"] == [1]]
    pair[0]["token_irrep"], pair[1]["token_irrep"] = pair[1]["token_irrep"], pair[0]["token_irrep"]
    return claim


def a_polynomial_on_too_few_points() -> Claim:
    return {"certificate": 1, "claim": "character polynomial", "irrep": [1], "formula": "X1 - 1 + 5*X6", "from": 2}  # fmt: skip


def of_weight_one_and_wrong_far_out() -> Claim:
    return {"certificate": 1, "claim": "character polynomial", "irrep": [2], "formula": "X1*(X1-3)/2 + X2 + X1*(X1-1)*(X1-2)*(X1-3)*(X1-4)*(X1-5)", "from": 4}  # fmt: skip


def a_dimension_of_high_degree() -> Claim:
    wrong = "*".join(f"(n - {k})" for k in range(2, 40))
    return {"certificate": 1, "claim": "dimension", "irrep": [1], "formula": f"n - 1 + {wrong}", "from": 2}  # fmt: skip


def a_dimension_below_its_irrep() -> Claim:
    return {
        "certificate": 1,
        "claim": "dimension",
        "irrep": [2],
        "formula": "n*(n - 3)/2",
        "from": 3,
    }


def a_true_text_for_a_truth() -> Claim:
    claim = linear_attention()
    claim["kernel"][1][1]["normalize"] = "False"
    return claim


def a_true_number_of_the_format() -> Claim:
    return {**linear_attention(), "certificate": True}


def no_values() -> Claim:
    return {"certificate": 1, "claim": "characters", "values": []}


def no_sizes() -> Claim:
    return {"certificate": 1, "claim": "sensitivity", "family": "parity", "values": []}


def values_beyond_the_budget() -> Claim:
    entry = {"n": 16, "average": "17"}
    return {"certificate": 1, "claim": "sensitivity", "family": "parity", "values": [{"n": 1, "average": "1"}, entry]}  # fmt: skip


def no_sectors() -> Claim:
    return {**linear_attention(), "sectors": []}


def an_unlike_mixture() -> Claim:
    claim = of("flatten", tokens=uniform(2))
    unlike = [["1/2", {"kind": "uniform", "vocabulary": "2"}], ["1/2", {"kind": "uniform", "vocabulary": "3"}]]  # fmt: skip
    return {**claim, "law": {"kind": "mixture", "components": unlike}}


def a_sector_twice() -> Claim:
    claim = linear_attention()
    halves = copy.deepcopy(claim["sectors"][1])
    halves["dimension"] = f"({halves['dimension']})/2"
    return {**claim, "sectors": [*claim["sectors"][:1], halves, halves, *claim["sectors"][2:]]}


def a_multiple_of_a_prime() -> Claim:
    """Right modulo 2^61 - 1 and modulo 2^127 - 1."""
    return scaled(linear_attention(), "(1 + (2^61 - 1)*(2^127 - 1)*(L-1)*(L-2)*(L-3)*(L-4)*(L-5)*(L-6)*(L-7)*(L-8))")  # fmt: skip


def another_parameter() -> Claim:
    """Right at the values of alpha that come to mind."""
    values = "*".join(f"(alpha - {p})" for p in ("2/3", "5/2", "7/5", "3/7", "1", "2"))
    return scaled(linear_attention(), f"(1 + {values})")


def a_kernel_that_differs_far_out() -> Claim:
    """The claim of linear attention, of a kernel that is another from L = 9 on."""
    claim = linear_attention()
    weight = "1 + " + "*".join(f"(L - {k})" for k in range(1, 9))
    kernel = [*claim["kernel"], ["linear", {"weight": weight, "bias": "0"}]]
    return {**claim, "kernel": kernel}


def an_eigenvalue_of_another_sector() -> Claim:
    return {
        "certificate": 1,
        "claim": "eigenvalue",
        "kernel": [stage.certificate() for stage in read_kernel("flatten").stages],
        "law": {"kind": "uniform", "vocabulary": "v"},
        "length": "L",
        "position_irrep": [1],
        "token_irrep": [],
        "eigenvalue": "alpha/(L*v)",
        "from": {"length": 2, "vocabulary": 2},
    }


def a_label_that_never_occurs() -> Claim:
    return {**an_eigenvalue_of_another_sector(), "position_irrep": [1, 1], "eigenvalue": "0"}


def a_wide_ball() -> Claim:
    claim = of("softmax-attention", length=3, tokens=uniform(2), alpha=1, beta=1)
    claim["sectors"][0]["block"][0][0] = ["-1000", "1000"]
    return claim


def a_ball_beside() -> Claim:
    claim = of("softmax-attention", length=3, tokens=uniform(2), alpha=1, beta=1)
    low, high = claim["sectors"][0]["block"][0][0]
    claim["sectors"][0]["block"][0][0] = [f"{high}", f"{high}"] if low != high else ["1", "1"]
    return claim


FORGED: list[Callable[[], Claim]] = [
    its_own_range,
    nothing_in_reach,
    beyond_reach_and_wrong,
    right_at_every_small_size,
    right_at_small_vocabularies,
    right_on_a_cross_of_sizes,
    irreps_exchanged,
    another_irrep_of_the_same_dimension,
    tokens_exchanged,
    a_polynomial_on_too_few_points,
    of_weight_one_and_wrong_far_out,
    a_dimension_of_high_degree,
    a_dimension_below_its_irrep,
    a_true_text_for_a_truth,
    a_true_number_of_the_format,
    no_values,
    no_sizes,
    values_beyond_the_budget,
    no_sectors,
    an_unlike_mixture,
    a_sector_twice,
    a_multiple_of_a_prime,
    another_parameter,
    a_kernel_that_differs_far_out,
    an_eigenvalue_of_another_sector,
    a_label_that_never_occurs,
    a_wide_ball,
    a_ball_beside,
]


@pytest.mark.parametrize("forged", FORGED)
def test_no_forgery_is_confirmed(forged: Callable[[], Claim]) -> None:
    report = check(json.dumps(forged()))
    assert report.verdict != "confirmed", str(report)
    assert report.status in (1, 2)


#: Claims that an earlier checker confirmed, with what is false in each.
CONFIRMED_ONCE = json.loads(Path(__file__).with_name("forged.json").read_text(encoding="utf-8"))


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    "blanks",  # other random points
    ["", pytest.param(" ", marks=pytest.mark.wide), pytest.param("  ", marks=pytest.mark.wide)],
    ids=len,
)
@pytest.mark.parametrize("name", CONFIRMED_ONCE)
def test_what_was_confirmed_once_is_not_again(name: str, blanks: str) -> None:
    report = check(json.dumps(CONFIRMED_ONCE[name]["claim"]) + blanks)
    assert report.verdict != "confirmed", CONFIRMED_ONCE[name]["why"]


def test_a_false_eigenvalue_is_no_root_whatever_the_chance() -> None:
    """Of two attentions on four of eight letters; blocks that lacked words with equal letters once had it."""
    kernel = "embedding(1) | attention | attention | mean_pool"
    given = {"length": 4, "tokens": uniform(8), "valid_from": (4, 8)}
    for seed in range(3):
        claim = eigenvalue(kernel, (), (1, 1), "2385/67108864", **given)  # type: ignore[arg-type]
        report = check(json.dumps({**claim, "versions": {"symkern": str(seed)}}), 512)
        assert report.verdict != "confirmed"


def test_twenty_letters_alike_are_uniform() -> None:
    alike = {"kind": "categorical", "probabilities": ["1/20"] * 20}
    claim = of("linear-attention", length=4, tokens=uniform(20))
    assert check({**claim, "law": alike}).verdict == "confirmed"


def test_a_name_that_stands_twice_is_refused() -> None:
    text = json.dumps(linear_attention())
    twice = text.replace('"trace":', '"trace": "0", "trace":', 1)
    assert "twice" in str(check(twice)) and check(twice).status == 2
    for wrong in ("1.5", "NaN", "1e400", "9" * 40):
        assert check(text.replace('"certificate": 1', f'"certificate": {wrong}')).status == 2


def test_what_a_file_says_of_its_standing_is_not_believed() -> None:
    claim = {**scaled(linear_attention(), "2"), "standing": "proved"}
    assert check(claim).verdict == "refuted"
    for standing in ("proved", "sampled", "any text"):
        report = check({**linear_attention(), "standing": standing})
        assert report.verdict == "confirmed" and "not tested" in str(report)
        assert standing not in str(report)


def ones(n: int) -> list[int]:
    return [1] * n


HOSTILE: dict[str, Claim] = {
    "a value of 10^9 digits": {"certificate": 1, "claim": "characters", "values": [{"irrep": [2], "cycles": [2], "value": "1e999999999"}]},
    "an irrep of one column": {"certificate": 1, "claim": "characters", "values": [{"irrep": ones(30), "cycles": ones(30), "value": "2"}] * 50},
    "the largest irrep": {"certificate": 1, "claim": "characters", "values": [{"irrep": [8, 7, 6, 5, 4, 3, 2, 1], "cycles": [*ones(20), *[2] * 8], "value": "1"}] * 9},
    "many characters": {"certificate": 1, "claim": "characters", "values": [{"irrep": [9, 8, 7, 6, 5], "cycles": [*ones(30)[:30], 5], "value": "7"}] * 20_000},
    "an exponent": {**linear_attention(), "length": "10^10"},
    "a long length": {**linear_attention(), "length": "9" * 18},
    "a tower": {**linear_attention(), "trace": "(9^1000)^300*" * 20 + "1"},
    "many letters": {**linear_attention(), "law": {"kind": "uniform", "vocabulary": "10000000"}},
    "sixty attentions": {**linear_attention(), "kernel": [linear_attention()["kernel"][0], *[linear_attention()["kernel"][1]] * 38, ["mean_pool", {}]]},
    "a large block": {**linear_attention(), "sectors": [{"position_irrep": [], "token_irrep": [], "dimension": "1", "block": [["(alpha + 1/3)^9"] * 200] * 200}]},
    "a long activation": {**linear_attention(), "kernel": [linear_attention()["kernel"][0], ["mlp", {"activation": "(x + 1)^40"}], ["mean_pool", {}], ["mlp", {"activation": "(x + 1)^40"}]]},
    "a long product": {**linear_attention(), "trace": "*".join(["(1 + alpha + beta)^1000"] * 300)},
    "a wide sum": {"certificate": 1, "claim": "dimension", "irrep": [1], "formula": "*".join(["(n + a + b + c + d)^60"] * 3), "from": 2},
    "a far start": {"certificate": 1, "claim": "dimension", "irrep": [20, 10], "formula": "n - 1", "from": 10**9},
    "weights": {"certificate": 1, "claim": "character polynomial", "irrep": [10, 10, 10], "formula": "X1", "from": 60},
    "inputs": {"certificate": 1, "claim": "sensitivity", "family": "majority", "values": [{"n": 14, "average": "1"}] * 100},
    "powers of exp": {**linear_attention(), "trace": "exp(exp(exp(exp(9))))"},
    "deep": {**linear_attention(), "trace": "(" * 5000},
}  # fmt: skip


@pytest.mark.parametrize("half", [0, pytest.param(1, marks=pytest.mark.wide)])
def test_hostile_claims_end_soon(half: int, tmp_path: Path) -> None:
    """Half of them in one process of the lone checker, within a gigabyte and a bounded time of the processor, ten times what it takes."""
    files = []
    for number, claim in enumerate(list(HOSTILE.values())[half::2]):
        files.append(tmp_path / f"{number}.json")
        files[-1].write_text(json.dumps(claim))

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
        resource.setrlimit(resource.RLIMIT_CPU, (300, 300))

    command = [sys.executable, "-I", "-S", str(Path(checker.__file__).parent), *map(str, files)]
    found = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=limited)
    assert found.returncode in (1, 2) and not found.stderr, found.stderr
    assert "confirmed" not in found.stdout and found.stdout.count("refuted") >= 1
    assert found.stdout.count("not checkable\n") + found.stdout.count("refuted\n") >= len(files)


def test_a_deep_file_is_refused() -> None:
    report = check("[" * 100_000)
    assert report.verdict == "not checkable" and report.status == 2


def test_a_name_that_cannot_be_printed_is_shown(tmp_path: Path) -> None:
    claim = {**no_sizes(), "family": "\ud800"}
    (tmp_path / "claim.json").write_text(json.dumps(claim))
    command = [
        sys.executable,
        "-I",
        "-S",
        str(Path(checker.__file__).parent),
        str(tmp_path / "claim.json"),
    ]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 2 and not found.stderr


@pytest.mark.sampled(2)
@pytest.mark.parametrize("pipeline", ["linear-attention", "flatten"])
def test_as_many_letters_as_positions(pipeline: str) -> None:
    """v = L: sizes lie on a diagonal."""
    claim = of(pipeline, tokens=uniform(L))
    assert check(claim).verdict == "confirmed", str(check(claim))


@pytest.mark.parametrize("pipeline", ["embedding(0, 0, alpha) | mean_pool", "embedding(0, beta) | attention | flatten"])  # fmt: skip
def test_kernels_that_see_no_letters(pipeline: str) -> None:
    assert check(of(pipeline)).verdict == "confirmed"
