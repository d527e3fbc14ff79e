"""No false certificate is confirmed: one number changed anywhere in a formula, and the checker says where it fails."""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symkern.certificates import check
from symkern.certificates.catalogue import CERTIFIED, certificate_of
from symkern.kernels import categorical, derive, distinct, exchangeable, mixture, uniform
from tests.search import examples

Path = tuple[Any, ...]

#: Fields that carry formulas or numbers of the claim.
CLAIMED = {
    "dimension",
    "characteristic_polynomial",
    "block",
    "trace",
    "formula",
    "value",
    "average",
    "profile",
    "multiplicity",
    "loss",
    "influence",
    "power",
}
NUMBER = re.compile(r"[0-9]+")


@lru_cache(maxsize=64)
def certificate(name: str) -> str:
    return json.dumps(certificate_of(name))


def places(value: Any, path: Path = (), inside: bool = False) -> Iterator[Path]:
    """Paths to the texts and numbers of the claim."""
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from places(entry, (*path, key), inside or key in CLAIMED)
    elif isinstance(value, list):
        for i, entry in enumerate(value):
            yield from places(entry, (*path, i), inside)
    elif inside and isinstance(value, (str, int)):
        yield path


def changes(text: str) -> Iterator[str]:
    """The formula with one number one larger, or one sign turned around."""
    for found in NUMBER.finditer(text):
        yield text[: found.start()] + str(int(found[0]) + 1) + text[found.end() :]
    for found in re.finditer(r"(?<=\S) [+-] ", text):
        other = {"+": " - ", "-": " + "}[found[0].strip()]
        yield text[: found.start()] + other + text[found.end() :]


def mutants(claim: dict[str, Any]) -> list[tuple[Path, Any]]:
    found: list[tuple[Path, Any]] = []
    for path in places(claim):
        value = at(claim, path)
        if isinstance(value, int):
            found.append((path, value + 1))
        else:
            found += [(path, text) for text in changes(value)]
            found.append((path, f"({value}) + 1/7" if not value.isdigit() else str(int(value) + 5)))
    return found


def at(claim: Any, path: Path) -> Any:
    for key in path:
        claim = claim[key]
    return claim


def changed(claim: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    result = copy.deepcopy(claim)
    at(result, path[:-1])[path[-1]] = value
    return result


#: Spectra in intervals.
BALLS = [
    name for name in CERTIFIED if name.startswith(("softmax-", "mlp-")) or name == "fully-connected"
]
EXACT = [name for name in CERTIFIED if name not in BALLS]


@pytest.mark.sampled(8)
@pytest.mark.parametrize("name", CERTIFIED)
def test_every_certificate_is_confirmed(name: str) -> None:
    report = check(certificate(name))
    assert report.verdict == "confirmed" and report.status == 0, str(report)
    assert any(kind in ("tested", "proved") for kind, _ in report.table)


@pytest.mark.wide
@pytest.mark.parametrize("name", EXACT)
def test_every_single_mutation_of_every_certificate_is_refuted(name: str) -> None:
    claim = json.loads(certificate(name))
    for path, value in mutants(claim):
        report = check(changed(claim, path, value))
        assert report.verdict != "confirmed", (path, value, str(report))


@pytest.mark.parametrize(
    "name", ["bag-of-tokens", "flatten", pytest.param("linear-attention", marks=pytest.mark.wide)]
)
def test_every_single_mutation_of_a_spectrum_is_refuted(name: str) -> None:
    claim = json.loads(certificate(name))
    assert check(claim, sequences=64).verdict == "confirmed"
    everything = mutants(claim)
    assert len(everything) > 10
    for path, value in everything:
        report = check(changed(claim, path, value), sequences=64)
        assert report.verdict == "refuted", (path, value, str(report))


@given(st.data())
@examples(60)
def test_mutations_of_every_certificate_are_refuted(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(EXACT))
    claim = json.loads(certificate(name))
    path, value = data.draw(st.sampled_from(mutants(claim)))
    report = check(changed(claim, path, value), sequences=125)
    assert report.verdict in ("refuted", "not checkable"), (name, path, value, str(report))
    # Behind a rounded coefficient there is nothing to compare.
    if not any(why in str(report) for why in ("fraction", "no size", "rounded")):
        assert report.verdict == "refuted", (name, path, value, str(report))


def test_a_formula_without_a_value_in_its_range_is_refuted() -> None:
    claim = json.loads(certificate("selection-bound"))
    wrong = changed(claim, ("eigenvalues", 1, "value"), "q*(T - q)/(T*(T - 2))")
    report = check(wrong)
    assert report.verdict == "refuted"
    assert "T = 2" in str(report) and "divides by zero" in str(report)


def test_a_profile_that_lists_a_sensitivity_twice_is_refuted() -> None:
    claim = json.loads(certificate("sensitivity-majority"))
    first = claim["values"][0]["profile"]
    zeros = [i for i, (_, count) in enumerate(first) if count == 0]
    assert zeros  # a count of zero that another sensitivity's label hides
    for label in ("1", "5"):
        wrong = changed(claim, ("values", 0, "profile", zeros[0], 0), label)
        assert check(wrong).verdict == "refuted"


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", ["flatten", "linear-attention", "transformer-block-last"])
def test_a_dropped_sector_is_refuted(name: str) -> None:
    claim = json.loads(certificate(name))
    for i in range(len(claim["sectors"])):
        without = {**claim, "sectors": claim["sectors"][:i] + claim["sectors"][i + 1 :]}
        assert check(without, sequences=125).verdict == "refuted", i
    twice = {**claim, "sectors": [*claim["sectors"], claim["sectors"][-1]]}
    assert check(twice, sequences=125).verdict == "refuted"


def test_what_is_not_a_formula_is_refuted_too() -> None:
    claim = json.loads(certificate("linear-attention"))
    for path, value in (
        (("sectors", 3, "position_irrep"), [2]),
        (("sectors", 4, "token_irrep"), [2]),
        (("range", "spectrum_from", "length"), 1),
        (("range", "spectrum_from", "vocabulary"), 3),
        (("kernel", 0, 1, "position"), "2*beta"),
        (("kernel", 1, 1, "normalize"), False),
        (("kernel", 1, 1, "positions_in_values"), False),
        (("kernel", 2), ["flatten", {}]),
        (("law",), {"kind": "uniform", "vocabulary": "5"}),
    ):
        report = check(changed(claim, path, value))
        if path == ("law",):  # formulas in v, and no v
            assert report.verdict == "not checkable" and "v is given" in str(report)
        else:
            assert report.verdict == "refuted", (path, value, str(report))


def test_two_wrong_sectors_that_keep_the_first_trace_are_refuted_at_a_higher_power() -> None:
    claim = json.loads(certificate("flatten"))
    spread = copy.deepcopy(claim)
    [c] = spread["sectors"][0]["characteristic_polynomial"]
    spread["sectors"][0]["characteristic_polynomial"] = ["-1/1000000", c]  # same sum of roots
    report = check(spread)
    assert report.verdict == "refuted" and "powers 2" in str(report)


@pytest.mark.sampled(8)
@pytest.mark.parametrize("most", [2, pytest.param(10**6, marks=pytest.mark.wide)], ids=["some", "all"])  # fmt: skip
@pytest.mark.parametrize("name", BALLS)
def test_one_altered_digit_of_a_ball_is_not_confirmed(name: str, most: int) -> None:
    """One of the first twenty of an end; what widens a ball by less than 1e-25 leaves a true claim."""
    claim = json.loads(certificate(name))
    chosen = random.Random(name)
    everywhere = list(places(claim))
    for path in chosen.sample(everywhere, min(most, len(everywhere))):
        text = at(claim, path)
        digits = [i for i, c in enumerate(text.split("/")[0]) if c.isdigit()]
        where = chosen.choice(digits[:20])
        digit = str((int(text[where]) + chosen.randint(1, 9)) % 10)
        wrong = changed(claim, path, text[:where] + digit + text[where + 1 :])
        report = check(wrong, sequences=64)
        assert report.verdict != "confirmed", (path, where, str(report))


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=[pytest.mark.wide] * (n.startswith("mlp") or "block" in n)) for n in BALLS],
)  # fmt: skip
def test_balls_are_confirmed_and_shifted_ones_refuted(name: str) -> None:
    claim = json.loads(certificate(name))
    report = check(claim)
    assert report.verdict == "confirmed" and "intervals that overlap" in str(report)
    for i, sector in list(enumerate(claim["sectors"]))[:2]:
        [low, high] = sector["block"][0][0]
        wide = changed(claim, ("sectors", i, "block", 0, 0), [f"{low}", "2"])
        assert check(wide).verdict in ("not checkable", "refuted")
        numerator, denominator = (int(part) for part in f"{high}/1".split("/")[:2])
        above = f"{numerator * 10**20 + denominator}/{denominator * 10**20}"
        beyond = f"{numerator * 10**20 + 2 * denominator}/{denominator * 10**20}"
        off = changed(claim, ("sectors", i, "block", 0, 0), [above, beyond])
        assert check(off).verdict == "refuted", i


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    ("pipeline", "settings"),
    [
        ("linear-attention", {"tokens": distinct()}),
        ("linear-attention", {"tokens": categorical(["1/2", "1/3", "1/6"])}),
        ("linear-attention-last", {"tokens": categorical(["1/3", "2/3"])}),
        ("flatten", {"tokens": mixture([("1/4", categorical(["1/3", "2/3"])), ("3/4", uniform(2))])}),
        (
            "linear-attention",
            {"tokens": exchangeable({(3, 1): "1/2", (2, 2): "1/2"}), "length": 4, "alpha": 1, "beta": 2},
        ),
        ("linear-attention", {"tokens": uniform(3), "length": 4}),
        ("transformer-block", {"tokens": uniform(2), "length": 3, "alpha": "1/3"}),
        ("softmax-attention", {"tokens": uniform(2), "length": 3}),
        (
            "embedding(alpha, beta) | attention(tied, softmax) | at_position(last)",
            {"tokens": categorical(["1/3", "2/3"]), "length": 3, "alpha": 1, "beta": "1/2"},
        ),
        (
            "embedding(alpha, beta) | attention | mlp(x^2 + x) | mean_pool",
            {"tokens": uniform(2), "length": 4, "alpha": 1, "beta": 2},
        ),
    ],
)  # fmt: skip
def test_laws_and_kernels(pipeline: str, settings: dict[str, Any]) -> None:
    claim = json.loads(json.dumps(derive(pipeline, **settings).certificate()))
    assert check(claim, sequences=130).verdict == "confirmed"
    first = claim["sectors"][0]
    key = "block" if "block" in first else "characteristic_polynomial"
    wrong = copy.deepcopy(claim)
    entry = wrong["sectors"][0][key][0]
    if key == "characteristic_polynomial":
        wrong["sectors"][0][key][0] = f"{entry} + 1/1000"
    elif isinstance(entry[0], list):
        wrong["sectors"][0][key][0][0] = ["5", "5"]
    else:
        wrong["sectors"][0][key][0][0] = f"{entry[0]} + 1/1000"
    assert check(wrong, sequences=130).verdict == "refuted"
