"""symkern verify, and symkern derive --certificate: reports, statuses, bad input."""

from __future__ import annotations

import json
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from symkern.certificates import catalogue, verification
from symkern.claims.derivation import Derivation, Step
from tests.cli.running import invoke, printed

FEW = ("dimension-1", "learnability", "flatten")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small catalogue, so that a check of everything is short."""
    derivations = MappingProxyType({n: catalogue.CATALOGUE[n] for n in FEW[:2]})
    certified = MappingProxyType({n: catalogue.CERTIFIED[n] for n in FEW[2:]})
    for module in (catalogue, verification):
        monkeypatch.setattr(module, "CATALOGUE", derivations)
        monkeypatch.setattr(module, "CERTIFIED", certified)


def test_everything(few: None) -> None:
    lines = printed("verify").splitlines()
    assert lines == [
        "derivations",
        "  dimension-1                        2 steps hold at 34 points",
        "  learnability                       1 step holds at 3 points",
        "certificates",
        "  flatten                            confirmed",
        "2 derivations hold; 1 certificate confirmed",
    ]


def test_a_wrong_derivation_fails_with_status_1(few: None, monkeypatch: pytest.MonkeyPatch) -> None:
    right = Step("right", "1 = 1", "Clear.", sides=lambda: (1, 1))
    wrong = Step("wrong", "L = L^2", "Not clear.", sides=lambda L: (L, L * L), sizes={"L": (1, 2)})
    made = MappingProxyType({"planted": lambda: Derivation("Planted", (right, wrong))})
    for module in (catalogue, verification):
        monkeypatch.setattr(module, "CATALOGUE", made)
    result = invoke("verify")
    assert result.exit_code == 1
    assert "2  wrong  FAILS: wrong at L = 2 fails: 2 = 4" in result.stdout
    assert "0 of 1 derivation holds; 1 certificate confirmed" in result.stdout


@pytest.mark.floor
def test_names_are_reported_in_full() -> None:
    text = printed("verify", "dimension-1", "bag-of-tokens")
    assert "hook lengths" in text and "all steps hold" in text
    assert "no other sector" in text and "confirmed" in text
    assert all(len(line) <= 80 for line in text.splitlines())


def test_list_fits_and_names_what_it_checks() -> None:
    lines = printed("verify", "--list").splitlines()
    assert all(len(line) <= 80 for line in lines)
    named = {line.split()[0] for line in lines if line.startswith("  ")}
    assert named == set(catalogue.CATALOGUE) | set(catalogue.CERTIFIED)


def test_latex(tmp_path: Path) -> None:
    place = tmp_path / "all.tex"
    assert printed("verify", "--latex", str(place), "dimension-1", "linear-attention") == ""
    text = place.read_text()
    assert text.startswith(r"\documentclass") and r"\psi = \sum_{c \neq a, b}" in text


@pytest.mark.floor
def test_certificates_from_derive(tmp_path: Path) -> None:
    good, bad, torn = (str(tmp_path / name) for name in ("good.json", "bad.json", "torn.json"))
    options = ("--length", "3", "--vocabulary", "2", "--certificate")
    shown = printed("derive", "flatten", *options, good)
    assert shown == printed("derive", "flatten", "--length", "3", "--vocabulary", "2")
    text = printed("verify", good)
    assert text.startswith(
        f"{good}\n  spectrum of embedding(alpha, beta) | flatten; tokens uniform"
    )
    claim = json.loads(Path(good).read_text())
    claim["sectors"][0]["dimension"] = "2"
    Path(bad).write_text(json.dumps(claim))
    Path(torn).write_text("{")
    result = invoke("verify", good, bad)
    assert result.exit_code == 1 and "1 of 2 certificates confirmed" in result.stdout
    assert "differs at" in result.stdout and "claimed  dimension 2" in result.stdout
    assert invoke("verify", good, torn).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("no-such-thing",), "name: must be a name of symkern verify --list or a certificate's"),
        ((".",), "name: must be a name"),
        (("flatten", "--sequences", "many"), "sequences: must be an integer from 1 to 999999"),
        (("flatten", "--sequences", "0"), "sequences: must be"),
        (("--latex", "/no/such/place.tex", "dimension-1"), "latex: must be a file"),
        (("--latex", "x.tex", "no-such-thing"), "name: must be one of linear-attention"),
    ],
)
def test_bad_input(arguments: tuple[str, ...], words: str) -> None:
    result: Any = invoke("verify", *arguments)
    assert result.exit_code == 2 and result.stdout == ""
    assert words in result.stderr and result.stderr.count("\n") == 1


def test_reports_of_files_stay_within_eighty_columns(tmp_path: Path) -> None:
    from symkern.certificates.catalogue import certificate_of

    path = tmp_path / "a-certificate-with-a-rather-long-name.json"
    path.write_text(json.dumps(certificate_of("linear-attention")))
    first, *rest = printed("verify", str(path)).splitlines()
    assert first == str(path) and max(map(len, rest)) <= 80 and "confirmed" in rest[-1]


def test_a_report_in_a_file_is_said_to_hold_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "empty.json").write_text("")
    told = tmp_path / "told.txt"
    result: Any = invoke("verify", str(tmp_path / "empty.json"), "--output", str(told))
    assert result.exit_code == 2 and result.stdout == ""
    assert result.stderr.startswith("symkern: 1 of 1 not confirmed; ")
    assert "told.txt" in result.stderr and "empty.json" in told.read_text()
