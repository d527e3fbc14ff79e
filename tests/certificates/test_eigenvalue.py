"""One eigenvalue as a certificate: what the library derives is confirmed, what is altered is refuted with the size and the true value."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from symkern.certificates import check, checker, eigenvalue
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm
from symkern.kernels import categorical, derive, distinct, from_table, read_kernel, uniform
from symkern.typeset import formula_text


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("pipeline", "settings"),
    [
        ("flatten", {}),
        ("linear-attention", {}),
        pytest.param("transformer-block-last", {}, marks=pytest.mark.wide),
        ("linear-attention", {"tokens": uniform(2)}),
        ("linear-attention", {"tokens": categorical(["1/3", "2/3"]), "length": 4}),
        ("linear-attention", {"tokens": categorical(["1/2", "1/2"]), "length": 3}),
        ("flatten", {"tokens": distinct(), "length": 4}),
        ("embedding(alpha, beta) | attention | mlp(x^2) | mean_pool", {"tokens": uniform(2), "length": 3}),
    ],
)  # fmt: skip
def test_what_is_derived_is_confirmed_and_what_is_altered_refuted(pipeline: str, settings: dict[str, Any]) -> None:  # fmt: skip
    spectrum = derive(pipeline, **settings)
    tokens = settings.get("tokens")
    for sector in spectrum.sectors[:4]:
        for formula in sector.eigenvalues[:2]:
            if formula is None or not hasattr(formula, "free_symbols"):
                continue
            given = (read_kernel(pipeline), sector.position_irrep, sector.token_irrep)
            where = {"length": spectrum.length, "tokens": tokens}
            claim = eigenvalue(*given, formula_text(formula), **where)  # type: ignore[arg-type]
            report = check(json.dumps(claim))
            assert report.verdict == "confirmed", (sector, str(report))
            wrong = eigenvalue(*given, f"({formula_text(formula)})*(1 + 1/10^9)", **where)  # type: ignore[arg-type]
            report = check(json.dumps(wrong))
            assert report.verdict == "refuted" and "found" in str(report), (sector, str(report))


def test_a_refutation_names_sector_size_and_both_values(tmp_path: Path) -> None:
    """By the lone program, without symkern."""
    claim = eigenvalue("embedding(1, 1) | attention | mean_pool", (1,), (1,), "3/63", length=4, tokens=uniform(2))  # fmt: skip
    (tmp_path / "claim.json").write_text(json.dumps(claim))
    command = [
        sys.executable,
        "-I",
        "-S",
        str(Path(checker.__file__).parent),
        str(tmp_path / "claim.json"),
    ]
    found = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    assert found.returncode == 1
    text = " ".join(found.stdout.split())
    assert "sector [1] x [1] claimed 1/21 = 1/21 found 3/64 refuted" in text


def test_a_formula_that_is_right_at_small_sizes_is_refuted_at_all_sizes() -> None:
    """The block of flatten on [1] x [1] is alpha/(L v); what is added vanishes at L = 2, ..., 13."""
    vanishing = "*".join(f"(L - {k})" for k in range(2, 14))
    claim = eigenvalue("flatten", (1,), (1,), f"alpha/(L*v)*(1 + (v - 2)*{vanishing})")
    report = check(claim)
    assert report.verdict == "refuted" and "differs at all sizes" in str(report), report
    assert check(eigenvalue("flatten", (1,), (1,), "alpha/(L*v)")).verdict == "confirmed"


def test_all_true_values_are_named() -> None:
    """linear attention at L = 4 on three letters, by hand: roots of 165888 x^2 - 4464 x + 7."""
    claim = eigenvalue("embedding(1, 1) | attention | mean_pool", (1,), (1,), "1/40", length=4, tokens=uniform(3))  # fmt: skip
    text = str(check(claim))
    assert "0.0016719" in text and "0.0252377" in text


def test_the_range_is_that_of_the_whole_block() -> None:
    assert eigenvalue("linear-attention", (1,), (1,), "alpha")["from"] == {"length": 3, "vocabulary": 3}  # fmt: skip
    assert eigenvalue("linear-attention", (1,), (1,), "alpha", valid_from=(5, 7))["from"] == {"length": 5, "vocabulary": 7}  # fmt: skip


def test_a_symbolic_length_needs_a_polynomial_in_match_counts() -> None:
    report = check(eigenvalue("softmax-attention", (), (), "alpha/v + beta/L"), sequences=32)
    assert report.verdict == "not checkable" and report.status == 1


@pytest.mark.parametrize(
    ("arguments", "given", "error", "said"),
    [
        (("flatten", (1, 2), (), "alpha"), {}, InvalidArgument, "position_irrep: parts must weakly decrease"),
        (("flatten", (), None, "alpha"), {}, InvalidArgument, "token_irrep: must be an irrep of the letters"),
        (("flatten", (), (1,), "alpha"), {"tokens": categorical(["1/3", "2/3"])}, InvalidArgument, "token_irrep: must be None"),
        (("flatten", (), (), "0.5.1"), {}, ValueError, "formula"),
        (("flatten", (), (), 0.5), {}, InvalidType, "formula"),
        (("flatten", (), (), "alpha"), {"tokens": 3}, InvalidType, "tokens"),
        (("flatten", (), (), "alpha"), {"valid_from": 3}, InvalidType, "valid_from: must be a pair"),
        (("flatten", (), (), "alpha"), {"valid_from": (0, 2)}, InvalidArgument, "valid_from: must be"),
        (("flaten", (), (), "alpha"), {}, InvalidArgument, "did you mean 'flatten'"),
        ((from_table(lambda n: n[0][0]), (), (), "1"), {}, (InvalidType, NoClosedForm), "kernel"),
    ],
)  # fmt: skip
def test_bad_arguments(arguments: Any, given: dict[str, Any], error: Any, said: str) -> None:
    with pytest.raises(error, match=said):
        eigenvalue(*arguments, **given)
