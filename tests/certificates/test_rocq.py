"""Certificates as theorems: coqc compiles them, without axioms, and refuses every one in which a number is altered."""

from __future__ import annotations

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
    "dimension": (r"mul \(1 # 45\)", "mul (1 # 46)"),
    "characters": (r"\(\[4; 1\]%nat, \[2; 1; 1; 1\]%nat, \(2\)%Z\)", "([4; 1]%nat, [2; 1; 1; 1]%nat, (3)%Z)"),
    "character polynomial": (r"\(-1 # 1\)", "(-2 # 1)"),
    "spectrum": (r"\(-17 # 64\)", "(-17 # 65)"),
    "with symbols": (r"\(-1 # 4\)|\(-5 # 2\)|\(-3 # 1\)|\(-[0-9]+ # [0-9]+\)(?=\])", "(-7 # 9)"),
    "skewed letters": (r"\(\(1 # 1\), \[", "((2 # 1), ["),
}  # fmt: skip


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


def test_the_command_writes_it(tmp_path: Path) -> None:
    found = invoke("verify", "dimension-2,1", "--format", "rocq")
    assert found.exit_code == 0
    assert found.stdout.rstrip("\n") == rocq(certificate_of("dimension-2,1")).rstrip("\n")
    for names in ([], ["dimension-2,1", "flatten"], [str(tmp_path / "none.json")]):
        found = invoke("verify", *names, "--format", "rocq")
        assert found.exit_code == 2 and "name" in found.stderr
