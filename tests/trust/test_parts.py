"""What the parts of `make trust` find: each on something small that is right, and on an error planted for it."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.oracles import young
from tests.trust import by_definition, random_spectra
from tests.trust.conditions import GUARD, Conditions, outcomes_under
from tests.trust.parts import spectra, suite
from tests.trust.suite import pieces, run_tests, summary
from tests.trust.work import Work

_TESTS = """
import pytest
seen = []
@pytest.mark.parametrize("i", range(12))
def test_a(i):
    seen.append(i)
def test_order():
    assert seen == list(range(12)), seen
def test_left_out():
    pytest.skip("here")
"""


def test_outcomes_are_those_of_the_tests_in_the_order_of_the_seed(tmp_path: Path) -> None:
    file, report = tmp_path / "test_planted.py", tmp_path / "report.xml"
    file.write_text(_TESTS)
    options = ("-p", "tests.trust.shuffled", "--rootdir", str(tmp_path))
    found = run_tests([str(file)], report, options=options, environment={"TRUST_ORDER": "1"})
    assert found is not None
    kept = summary(found)
    assert kept["passed"] == 12 and kept["skipped"] == 1
    assert list(kept["failed"]) == ["test_planted.py::test_order"]
    assert run_tests([str(file)], report, seconds=0.01) is None


def test_the_suite_is_cut_into_pieces_without_this_frame() -> None:
    names = [name for name, _ in pieces()]
    assert "tests/bounds/test_bounds.py" in names and "symkern/bounds" in names
    assert "symkern/abc.py" in names and "tests/record/answers.py" in names
    assert not [name for name in names if name.startswith("tests/trust")]


def test_a_group_of_files_is_taken_apart() -> None:
    group = [("tests/a.py", ("tests/a.py",)), ("symkern/b", ("symkern/b",))]
    outcomes = {"symkern/b/c.py::x": "passed", "tests/a.py::y": "died", "pytest": "status 3"}
    assert suite.apart(group, outcomes) == {
        "tests/a.py": {"tests/a.py::y": "died", "pytest": "status 3"},
        "symkern/b": {"symkern/b/c.py::x": "passed"},
    }


def test_who_looks_for_a_network_is_refused_and_noted(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(GUARD)
    code = (
        "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()\n"
        "socket.create_connection(s.getsockname())\n"
        "try: socket.getaddrinfo('name.invalid', 80)\n"
        "except OSError as error: print(error)"
    )
    given = {"PYTHONPATH": str(tmp_path), "TRUST_ATTEMPTS": str(tmp_path / "attempts")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=given, capture_output=True, text=True, check=True
    )
    assert done.stdout == "no network here: socket.getaddrinfo name.invalid\n"
    assert (tmp_path / "attempts").read_text() == "\tsocket.getaddrinfo name.invalid\n"


_PLANTED = """
import warnings
seen = []
def test_first():
    seen.append(1)
def test_order():
    assert seen == []
def test_warning():
    warnings.warn("something")
def test_hash_seed():
    assert hash("symkern") == {known}
def test_network():
    import socket
    try:
        socket.getaddrinfo("name.invalid", 80)
    except OSError:
        pass
def test_always():
    raise ValueError
def f():
    \'\'\'
    >>> hash("symkern") != 0
    True
    \'\'\'
def g():
    \'\'\'
    >>> print(hash("symkern"))  # doctest: +ELLIPSIS
    ...
    \'\'\'
"""


def test_what_fails_under_all_conditions_is_named_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file whose tests each trip over one condition, and one over none of them alone."""
    known = subprocess.run(
        [sys.executable, "-c", "print(hash('symkern'))"], env={"PYTHONHASHSEED": "0"}, capture_output=True, text=True, check=True
    )  # fmt: skip
    file = tmp_path / "test_planted.py"
    file.write_text(_PLANTED.replace("{known}", known.stdout.strip()))
    asked: list[Conditions] = []

    def outcomes(conditions: Conditions, paths: Any, folder: Path, seconds: float) -> Any:
        asked.append(conditions)
        found = {f"t.py::{name}": "passed" for name in ("order", "warning", "seed", "both")}
        if conditions.order is not None:
            found["t.py::order"] = "late"
        if conditions.warnings:
            found["t.py::warning"] = "warned"
        if conditions.hash_seed:
            found["t.py::seed"] = "other"
        if conditions.warnings and conditions.network:
            found["t.py::both"] = "odd"
        chosen = {t: said for t, said in found.items() if paths == ["t.py"] or t in paths}
        return chosen, {"t.py::seed": f"{conditions.hash_seed}\n", "t.py::order": "same\n"}

    found = outcomes_under(
        Conditions(7, warnings=True, network=True),
        [str(file), "--rootdir", str(tmp_path), "-c", "/dev/null", "--doctest-modules"],
        tmp_path,
        60,
    )
    assert found is not None
    wrong = {test.rpartition("::")[2]: said for test, said in summary(found[0])["failed"].items()}
    assert "something" in wrong["test_warning"] and "looked for a network" in wrong["test_network"]
    assert {"test_hash_seed", "test_always", "test_order"} < set(wrong)
    assert any(text.strip("-").strip().isdigit() for text in found[1].values())

    monkeypatch.setattr(suite, "outcomes_under", outcomes)
    monkeypatch.setattr(suite, "pieces", lambda: [("t.py", ("t.py",))])
    work = Work(tmp_path, 1, time.monotonic() + 60)
    work.journal.write_text("")
    figures = suite.run(work)
    assert figures["files"] == "3 of 3" and len(figures["failed"]) == 4
    assert {name: figures[f"failed under {name}"] for name in suite._NAMES} == {
        "none": 0, "hash seed": 1, "warnings": 1, "network": 0, "order": 1, "together": 1,
    }  # fmt: skip
    later = work.recorded["run 2: t.py"]["failed"]["t.py::seed"]
    assert later.startswith("hash seed: other")
    count = len(asked)
    assert suite.run(work)["failed"] == figures["failed"] and len(asked) > count  # tried again


# -- spectra -------------------------------------------------------------------------------

CASES = [random_spectra.drawn(random.Random(f"spectra {number}")) for number in range(400)]


def test_drawn_cases_have_every_stage_row_map_activation_and_law() -> None:
    from symkern.kernels.stages import STAGES

    seen = {word for case in CASES for word in random_spectra.seen(case)}
    assert set(STAGES) <= seen
    assert {"softmax", "identity", "abs", "relu", "erf", "quadratic", "polynomial"} <= seen
    assert {"uniform", "categorical", "mixture", "exchangeable", "symbols", "numbers"} <= seen


def test_small_cases_are_equal() -> None:
    small = [case for case in CASES if case["vocabulary"] ** case["length"] < 20]
    outcomes = [spectra.outcome(case) for case in small[:12] if not case["symbols"]]
    assert outcomes.count("equal") >= len(outcomes) - 1, outcomes
    assert not [said for said in outcomes if said.startswith(("differs", "error"))], outcomes


def test_a_planted_error_is_found_and_made_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Residuals whose spectra are a millionth too large."""
    plain = random_spectra.found

    def wrong(case: dict[str, Any]) -> Any:
        residual = any(name == "residual" for name, _ in case["stages"])
        return plain(case) * (1 + residual * 1e-6)

    monkeypatch.setattr(spectra, "found", wrong)
    case = {
        "stages": [
            ["embedding", {"token": "1/2", "position": "1"}],
            ["attention", {}],
            ["residual", {}],
            ["linear", {"weight": "2"}],
            ["flatten", {}],
        ],
        "law": ["categorical", ["1/3", "2/3"]],
        "length": 3,
        "vocabulary": 2,
        "symbols": False,
    }
    said = spectra.outcome(case)
    assert said.startswith("differs")
    work = Work(tmp_path, 1, time.monotonic() + 60)
    less, says = spectra.minimised(case, said, work)
    assert says.startswith("differs")
    assert [name for name, _ in less["stages"]] == ["embedding", "attention", "residual", "flatten"]
    assert (less["length"], less["vocabulary"], less["law"][0]) == (1, 1, "uniform")
    json.dumps(less)


# -- conventions ---------------------------------------------------------------------------


def _different(compared: by_definition.Compared, most: int) -> int:
    return sum(mine != other for _, mine, other in islice(compared, most))


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("name", "planted"),
    [
        ("seminormal", lambda plain: lambda lam, g: plain(lam, young.inverse(g))),
        ("natural", lambda plain: lambda lam, g: plain(lam, g).T),
        ("orthogonal", lambda plain: lambda lam, g: np.flip(plain(lam, g))),
    ],
    ids=["inverse", "dual", "order of tableaux"],
)
def test_another_convention_of_matrices_is_found(
    name: str, planted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _different(by_definition.young_forms(), 1200) == 0
    monkeypatch.setattr(young, name, planted(getattr(young, name)))
    assert _different(by_definition.young_forms(), 1200) > 20


def test_another_convention_of_products_and_strips_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert _different(by_definition.permutations_beside_sympy(), 2000) == 0
    then, strips = young.then, young.strips
    monkeypatch.setattr(young, "then", lambda g, h: then(h, g))
    assert _different(by_definition.permutations_beside_sympy(), 2000) > 100
    assert _different(by_definition.diagrams(), 300) == 0
    monkeypatch.setattr(young, "strips", lambda lam, k: {(nu, h + 1) for nu, h in strips(lam, k)})
    assert _different(by_definition.diagrams(), 300) > 20
