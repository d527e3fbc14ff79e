"""Certificates as theorems: coqc compiles them, without axioms, and refuses every one in which a number is altered."""

from __future__ import annotations

import copy
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from symkern.certificates import (
    character_certificate,
    check,
    dimension_certificate,
    rocq,
    sensitivity_certificate,
)
from symkern.certificates.catalogue import certificate_of
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm
from symkern.kernels import categorical, derive, distinct, uniform
from tests.cli.running import invoke

Claim = dict[str, Any]


def compiled(source: str, place: Path) -> subprocess.CompletedProcess[str]:
    """What coqc says of the file; skipped where it is missing, but never in CI."""
    if shutil.which("coqc") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("coqc is not installed, and under CI=true nothing may be skipped for that")
        pytest.skip("coqc is not installed")
    (place / "claim.v").write_text(source, encoding="utf-8")
    return subprocess.run(
        ["coqc", "claim.v"], cwd=place, capture_output=True, text=True, check=False
    )


def skewed() -> dict[str, Any]:
    """Every stage that the file has a definition for, on letters of unlike chances."""
    pipeline = "embedding(1, 2, 1) | linear(1/2, 1) | attention(positions_in_values=false) | residual | at_position(last) | linear(3, 1/5)"
    return derive(pipeline, length=2, tokens=categorical(["1/3", "2/3"])).certificate()


CLAIMS: dict[str, Any] = {
    "dimension": lambda: certificate_of("dimension-3,2,1"),
    "characters": lambda: character_certificate(5),
    "character polynomial": lambda: certificate_of("character-polynomial-2,2"),
    "spectrum": lambda: certificate_of("check-values-v=2"),
    "with symbols": lambda: certificate_of("flatten"),
    "skewed letters": skewed,
}

#: A number of the claim in each, and another in its place.
ALTERED = {
    "dimension": (r"\(1 # 45\)", "(1 # 46)"),
    "characters": (r"\(\[4; 1\]%nat, \[2; 1; 1; 1\]%nat, \(2\)%Z\)", "([4; 1]%nat, [2; 1; 1; 1]%nat, (3)%Z)"),
    "character polynomial": (r"\(-1 # 1\)", "(-2 # 1)"),
    "spectrum": (r"\(-17 # 64\)", "(-17 # 65)"),
    "with symbols": (r"\(-1 # 4\)|\(-5 # 2\)|\(-3 # 1\)|\(-[0-9]+ # [0-9]+\)(?=\])", "(-7 # 9)"),
    "skewed letters": (r"\(1\)%Z, \[", "(2)%Z, ["),
}  # fmt: skip


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", CLAIMS)
def test_it_compiles_without_axioms_and_not_when_altered(name: str, tmp_path: Path) -> None:
    claim = CLAIMS[name]()
    assert check(claim).verdict == "confirmed"
    source = rocq(claim)
    assert not re.search(r"Admitted|Axiom|Parameter|admit", source)
    found = compiled(source, tmp_path)
    assert found.returncode == 0, found.stderr
    assert set(found.stdout.split("\n")) <= {"Closed under the global context", ""}
    head, theorem = source.split("Definition", 1)[0], source
    pattern, other = ALTERED[name]
    wrong, count = re.subn(pattern, other, theorem, count=1)
    assert count == 1, theorem[-1500:]
    found = compiled(wrong, tmp_path)
    assert found.returncode != 0 and "Unable to unify" in found.stderr, (head, found.stderr[-500:])


def test_sizes_and_values_of_ones_own(tmp_path: Path) -> None:
    claim = derive("bag-of-tokens").certificate()
    source = rocq(claim, length=2, vocabulary=3, alpha="1/7")
    assert "L = 2, v = 3, alpha = 1/7" in source
    assert compiled(source, tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("claim", "given", "said"),
    [
        (lambda: 3, {}, "certificate: must be the dictionary of a certificate"),
        (lambda: sensitivity_certificate("parity"), {}, "and this one is of kind 'sensitivity'"),
        (lambda: dimension_certificate((1,)), {"length": 3}, "length: is a size or a hyperparameter of a spectrum"),
        (lambda: certificate_of("flatten"), {"alhpa": 1}, "alhpa: must be one of alpha, beta, but the claim has no such name; did you mean 'alpha'"),
        (lambda: certificate_of("flatten"), {"alpha": "sqrt(2)"}, "alpha: must be rational"),
        (lambda: certificate_of("flatten"), {"length": 30}, "must leave at most 16 sequences"),
        (lambda: certificate_of("flatten"), {"length": 0}, "length: must be"),
        (lambda: certificate_of("check-values-v=2"), {"length": 3}, "length: is given by the claim"),
        (lambda: derive("softmax-attention", length=2, tokens=uniform(2), alpha=1, beta=1).certificate(), {}, "a block with irrational entries|no definition of the stage|is not rational"),
        (lambda: derive("flatten", length=3, tokens=distinct()).certificate(), {}, "independent tokens"),
        (lambda: derive("embedding(1,1) | mlp(x^2) | flatten", length=2, tokens=uniform(2)).certificate(), {}, "no definition of the stage mlp"),
    ],
)  # fmt: skip
def test_what_has_no_theorem_is_refused(claim: Any, given: dict[str, Any], said: str) -> None:
    with pytest.raises((InvalidArgument, InvalidType, NoClosedForm), match=said):
        rocq(claim(), **given)


def of_irrep(kind: str, irrep: list[Any], formula: str, start: Any) -> Claim:
    return {"certificate": 1, "claim": kind, "irrep": irrep, "formula": formula, "from": start}


def dimension_of(formula: str, start: Any = 5) -> Claim:
    return of_irrep("dimension", [2, 1], formula, start)


def polynomial_of(formula: str, start: Any = 4) -> Claim:
    return of_irrep("character polynomial", [2], formula, start)


def value_of(irrep: Any, cycles: Any, value: Any) -> Claim:
    values = [{"irrep": irrep, "cycles": cycles, "value": value}]
    return {"certificate": 1, "claim": "characters", "values": values}


def spectrum_with(**altered: Any) -> Claim:
    """That of the mean of three tokens of two letters, with other fields; those of sectors by their names alone."""
    kernel = [
        ["embedding", {"token": "alpha", "position": "0", "constant": "0"}],
        ["mean_pool", {}],
    ]
    start = {"length": 3, "vocabulary": 2}
    labels: list[list[int]] = [[], [1]]
    sectors = [
        {"position_irrep": [], "token_irrep": mu, "dimension": "1", "characteristic_polynomial": [f"-alpha/{k}"]}
        for mu, k in zip(labels, (2, 6), strict=True)
    ]  # fmt: skip
    claim = {
        "certificate": 1, "claim": "spectrum", "kernel": kernel, "law": {"kind": "uniform", "vocabulary": "2"},
        "length": "3", "range": {"spectrum_from": dict(start), "traces_from": dict(start)}, "trace": "alpha*2/3", "sectors": sectors,
    }  # fmt: skip
    for name, value in altered.items():
        place: Any = claim if name in claim else sectors[1]
        place[name] = value
    return claim


def another_sector(dimensions: tuple[str, str, str], label: list[int]) -> Claim:
    """With a third sector, whose irrep of positions is ``label``."""
    claim = spectrum_with()
    claim["sectors"].append(copy.deepcopy(claim["sectors"][1]) | {"position_irrep": label})
    for sector, dimension in zip(claim["sectors"], dimensions, strict=True):
        sector["dimension"] = dimension
    return claim


INJECTED = "3]%nat, [3]%nat, 7%Z)].\nModule M. Definition character (a b : list nat) : Z := 7%Z. End M. Import M.\n"
RIGHT = "n*(n - 2)*(n - 4)/3"
FORGED: dict[str, tuple[Claim, str]] = {
    "text in a label": (value_of([INJECTED], [3], "7"), r"values\[0\].irrep: must be a partition"),
    "text in cycles": (value_of([3], [INJECTED], "7"), r"values\[0\].cycles: must be a partition"),
    "text in a value": (value_of([3], [3], "1)%Z)]. Axiom a : False"), r"values\[0\].value: must be an integer"),
    "other digits": (value_of([3], [3], "\uff11"), r"values\[0\].value: must be an integer"),
    "half a character": (value_of([3], [3], "1/2"), "values.*must be an integer, but .* 1/2"),
    "a label that grows": (value_of([1, 3], [1, 1, 1, 1], "-2"), "must be a partition"),
    "other sizes": (value_of([3], [1, 1], "0"), "of the same size as the irrep"),
    "a truth value": (value_of([True], [1], "1"), "must be a partition"),
    "no values": ({"certificate": 1, "claim": "characters", "values": []}, "values: must be a list that is not empty"),
    "a field more": (value_of([3], [3], "1") | {"note": "x"}, "must have the fields of its kind"),
    "another format": (value_of([3], [3], "1") | {"certificate": 2}, "must be of format 1"),
    "no plain data": (value_of([3], [3], object()), "must be plain data"),
    "text in from": (dimension_of("n", "0 0) -> True. Proof. intros; exact I. Qed."), "from: must be a size"),
    "from as text": (dimension_of(RIGHT, "7"), "from: must be a size"),
    "from too low": (dimension_of(RIGHT, 2), "from: must be a size at which the irrep exists, from 5 on"),
    "text in an irrep": (of_irrep("dimension", ["2; 1"], "n", 5), "irrep: must be a partition"),
    "high degree": (dimension_of(f"{RIGHT} + (n-5)*(n-6)*(n-7)*(n-8)"), "of degree at most 3, which 4 values determine, but it is of degree 4"),
    "a pole": (dimension_of(f"{RIGHT}*(n-100)/(n-100)"), "a division by what is no number"),
    "a pole where it counts": (dimension_of(f"{RIGHT} + (n-6)*(n-7)*(n-8)*(n-9)/(n-5)"), "a division by what is no number"),
    "a pole by a power": (dimension_of(f"{RIGHT} + (n-6)*(n-7)*(n-8)*(n-5)^-1"), "not written of"),
    "by zero": (dimension_of(f"{RIGHT} + 1/0"), "a division by what is no number"),
    "two names": (dimension_of(f"{RIGHT} + m"), "in one name, but there are m, n"),
    "text in a formula": (dimension_of("n. Axiom a : False"), "formula: must be a polynomial"),
    "a number without end": (dimension_of(f"{RIGHT} + (1{'0' * 900})^20"), "a number of .* bits"),
    "a long dimension": (spectrum_with(dimension=f"(1{'0' * 900})^20"), "a number of .* bits"),
    "a long fraction": (spectrum_with(dimension=f"1/(1{'0' * 900})^20"), "must be of positive whole dimension"),
    "too many cycle types": (of_irrep("character polynomial", [30, 30], "X1", 90), "within the budget of operations"),
    "high weight": (polynomial_of("X1*(X1-3)/2 + X2 + (X1-4)*(X1-5)*(X1-6)"), "it is of weight 3"),
    "high weight of X2": (polynomial_of("X1*(X1-3)/2 + X2 + X2*(X2-1)"), "it is of weight 4"),
    "longer cycles": (polynomial_of("X1*(X1-3)/2 + X2 + X3"), "X1, ..., X2, of weight at most 2, but the name 'X3'"),
    "X3 that cancels": (polynomial_of("X1*(X1-3)/2 + X2 + X3 - X3"), "the name 'X3'"),
    "a polynomial from too low": (polynomial_of("X1*(X1 - 3)/2 + X2", 1), "from: must be a size"),
    "halves of a sector": (another_sector(("1", "1/2", "1/2"), [1]), "must be of positive whole dimension, but that of .* is 1/2"),
    "a negative dimension": (another_sector(("1", "1", "-5"), [1]), "must be of positive whole dimension"),
    "a dimension of zero": (another_sector(("1", "1", "0"), [1]), "must be of positive whole dimension"),
    "a sector twice": (another_sector(("1", "1", "1"), []), "a sector twice"),
    "no such irrep": (another_sector(("1", "1", "1"), [5, 5]), "found    a partition from 15 on"),
    "a label of a sector that grows": (another_sector(("1", "1", "1"), [1, 2]), "no partition"),
    "a pole of a sector": (spectrum_with(characteristic_polynomial=["-alpha/6 + 1/(alpha - 2)"]), "a formula divides by zero"),
    "no trace": (spectrum_with(trace=None), "trace: must be a formula"),
    "a range beyond": (spectrum_with(range={"spectrum_from": {"length": 4, "vocabulary": 2}, "traces_from": {"length": 3, "vocabulary": 2}}), "range: must begin"),
    "a range of text": (spectrum_with(range={"spectrum_from": {"length": "3", "vocabulary": 2}, "traces_from": {"length": 3, "vocabulary": 2}}), "range: must be sizes"),
    "text in a size": (spectrum_with(length="3 letters)."), "must have a kernel, a law and a length"),
    "text in the law": (spectrum_with(law={"kind": "categorical", "probabilities": ["1", "0). Axiom"]}), "no fraction"),
    "text in the kernel": (spectrum_with(kernel=[["embedding", {"token": "1). Axiom", "position": "0", "constant": "0"}], ["mean_pool", {}]]), "no formula"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_what_the_checker_cannot_read_is_not_written(name: str) -> None:
    claim, said = FORGED[name]
    with pytest.raises((InvalidArgument, NoClosedForm), match=said):
        rocq(claim)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "claim",
    [
        dimension_of(f"{RIGHT} + 1"),
        spectrum_with(trace="77"),
        spectrum_with(dimension="2"),
        spectrum_with(characteristic_polynomial=["-alpha/7"]),
        another_sector(("1", "1", "2"), [1]),
    ],
    ids=["dimension", "trace", "dimension of a sector", "block", "sector too many"],
)
def test_what_is_well_formed_and_false_is_written_and_does_not_compile(
    claim: Claim, tmp_path: Path
) -> None:
    assert check(claim).verdict == "refuted"
    found = compiled(rocq(claim), tmp_path)
    assert found.returncode != 0 and "Unable to unify" in found.stderr


@pytest.mark.wide
def test_a_theorem_at_one_value_says_so(tmp_path: Path) -> None:
    source = rocq(spectrum_with(characteristic_polynomial=["-alpha/6 - (alpha - 2)"]))
    assert "at alpha = 2 alone" in source and "Nothing is said of other sizes or values" in source
    assert compiled(source, tmp_path).returncode == 0
    assert (
        "Unable to unify"
        in compiled(
            rocq(spectrum_with(characteristic_polynomial=["-alpha/6 - (alpha - 2)"]), alpha=3),
            tmp_path,
        ).stderr
    )


def test_below_the_range_dimensions_are_polynomials(tmp_path: Path) -> None:
    claim = derive("linear-attention").certificate()
    source = rocq(claim, length=2, vocabulary=2)
    assert "Below the sizes at which the sectors are the spectrum" in source
    assert "([]%nat, [2]%nat, (-1)%Z, [" in source
    assert compiled(source, tmp_path).returncode == 0
    wrong = source.replace("([1]%nat, [1]%nat, (1)%Z", "([1]%nat, [1]%nat, (2)%Z")
    assert wrong != source and compiled(wrong, tmp_path).returncode != 0


def test_the_command_writes_it(tmp_path: Path) -> None:
    found = invoke("verify", "dimension-2,1", "--format", "rocq")
    assert found.exit_code == 0
    assert found.stdout.rstrip("\n") == rocq(certificate_of("dimension-2,1")).rstrip("\n")
    for names in ([], ["dimension-2,1", "flatten"], [str(tmp_path / "none.json")]):
        found = invoke("verify", *names, "--format", "rocq")
        assert found.exit_code == 2 and "name" in found.stderr
