"""A cheap part of the record, compared each time the suite runs; `python -m tests.record.compare` compares all of it."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
import sympy as sp

from symkern.engines.match_counts.engine import MatchCounts
from symkern.engines.problem import Problem
from symkern.engines.tables.engine import Tables
from symkern.kernels import read_kernel
from symkern.tokens.table import read_law
from tests.record.answers import answer
from tests.record.compare import EXPLAINED
from tests.record.comparing import differences
from tests.record.make_record import read_record

ENTRIES: dict[str, Any] = {entry["question"]["id"]: entry for entry in read_record()}
EXPLANATIONS = json.loads(EXPLAINED.read_text(encoding="utf-8"))

#: Of every kind of question, law and refusal some that together take a few seconds.
_NUMBERS = {
    "blocks": "8",
    "command": "5 9",
    "curve": "0 2 4",
    "energies": "0 4 9 14 19",
    "exponents": "0 6 12 18 25 31",
    "input": "0 3 6 9 12 15 18 21 24 27",
    "preset": (
        "0 7 14 21 28 35 42 49 57 68 76 85 96 104 119 127 134 146 156 171 184 198 206 "
        "222 231 242 249 257 269 276 283 290 297"
    ),
    "random": (
        "0 12 21 29 36 45 52 59 67 74 81 89 98 106 115 118 124 133 143 151 161 168 175 "
        "182 191 199 207 216 223 230 241 249 259 267 274 285 294 304 311 318 326 336 "
        "345 354 362 370 378 385 392 401 410 418"
    ),
    "sensitivity": "0 5 10 17 22 27",
}
CHEAP = [f"{group}-{int(i):03d}" for group, text in _NUMBERS.items() for i in text.split()]


def differing(before: Any, after: Any) -> list[str]:
    """The places at which two answers differ, remarks left out."""
    return [d.place for d in differences(before, after) if not d.remark]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", CHEAP)
def test_the_answer_is_that_of_the_record(name: str) -> None:
    now = json.loads(json.dumps(answer(ENTRIES[name]["question"])))
    if name not in EXPLANATIONS:
        found = [d for d in differences(ENTRIES[name]["answer"], now) if not d.remark]
        assert not found, "\n".join(map(str, found[:5]))


def test_every_kind_of_question_is_among_the_cheap_ones() -> None:
    kinds = {entry["question"]["ask"] for entry in ENTRIES.values()}
    assert {ENTRIES[name]["question"]["ask"] for name in CHEAP} == kinds
    laws = {name: ENTRIES[name]["question"].get("law", "").partition("(")[0] for name in CHEAP}
    assert {"uniform", "categorical", "mixture", "exchangeable", "distinct"} <= set(laws.values())
    refused = {entry["answer"].get("refused") for entry in ENTRIES.values()}
    assert {ENTRIES[name]["answer"].get("refused") for name in CHEAP} == refused


def test_explanations_are_about_questions_of_the_record() -> None:
    assert set(EXPLANATIONS) <= set(ENTRIES)
    assert all(isinstance(reason, str) and reason for reason in EXPLANATIONS.values())


def test_a_change_of_any_part_of_an_answer_is_found() -> None:
    """The comparison itself, on an answer with blocks and on one with balls."""
    entry = next(
        e for e in ENTRIES.values() if e["question"].get("costs") and "sectors" in e["answer"]
    )
    before = entry["answer"]
    label = next(iter(before["sectors"]))
    for change, place in (
        (lambda a: a["sectors"][label]["block"][1].__setitem__(0, "1/3"), "block[1][0]"),
        (lambda a: a["sectors"][label].update(multiplicity=9), "multiplicity"),
        (lambda a: a["sectors"][label]["valid_for"].update(L=9), "valid_for.L"),
        (lambda a: a["sectors"].pop(label), f"sectors.{label}"),
        (
            lambda a: a["sectors"][label]["branches"][0].update(exponents={"formula": "7"}),
            "exponents",
        ),
        (lambda a: a.update(trace={"formula": "1"}), "trace"),
        (lambda a: a.update(standing="fitted"), "standing"),
    ):
        after = copy.deepcopy(before)
        change(after)
        assert [found.endswith(place) for found in differing(before, after)] == [True]
    assert not differing(before, copy.deepcopy(before))
    ball = {"between": ["0.5", "0.50000000000000000001"]}
    assert not differing(ball, {"between": ["0.499999999999999999999", "0.50000000000000000001"]})
    assert differing(ball, {"between": ["0.4", "0.6"]})
    assert differing(ball, {"between": ["0.51", "0.51000000000000000001"]})


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "name", sorted(n for n, why in EXPLANATIONS.items() if why.startswith("Tables answer now"))
)
def test_where_tables_answer_now_the_blocks_of_match_counts_are_split_and_no_others(
    name: str,
) -> None:
    """For each irrep of the positions both engines have the same product of characteristic polynomials."""
    question = ENTRIES[name]["question"]
    kernel = read_kernel(question["kernel"])
    bound = kernel.substitute(dict.fromkeys(kernel.parameters, sp.Rational(2, 3)))
    problem = Problem(bound, read_law(question["law"]), question["length"])
    x = sp.Symbol("x")
    found = []
    for engine in (MatchCounts(), Tables()):
        polynomials: dict[Any, sp.Poly] = {}
        for sector in engine.solve(problem).sectors:
            own = sector.block.to_sympy().charpoly(x)
            before = polynomials.get(sector.position_irrep, sp.Poly(1, x))
            polynomials[sector.position_irrep] = before * sp.Poly(own.as_expr(), x)
        found.append(polynomials)
    assert found[0] == found[1]
