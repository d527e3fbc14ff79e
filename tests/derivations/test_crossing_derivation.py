"""The steps to a crossing length check themselves, and a wrong length fails."""

from __future__ import annotations

from dataclasses import replace

import pytest

import symkern as sk
from symkern.errors import NoClosedForm
from symkern.kernels import compare, uniform
from symkern.learning.comparison import ComparedSector


def _rows() -> list[ComparedSector]:
    law = uniform(3)
    pairs = (
        ("linear-attention", {"alpha": 1, "beta": 10}, "flatten", {"alpha": 3, "beta": 1}),
        ("linear-attention", {"alpha": 1, "beta": 1}, "bag-of-tokens", {"alpha": 1}),
    )
    return [
        row
        for a, first, b, second in pairs
        for row in compare(sk.derive(a, tokens=law, **first), sk.derive(b, tokens=law, **second))
    ]


def test_every_crossing_checks_itself() -> None:
    crossed = [row for row in _rows() if row.crossing is not None]
    assert any(row.crossing > row.least for row in crossed)  # type: ignore[operator]
    for row in crossed:
        found = row.derivation()
        assert found.check(), str(found.check())
        assert found.check(L=range(row.crossing, row.crossing + 4))  # type: ignore[operator]
        assert rf"L \geq {row.crossing}" in found.latex()


@pytest.mark.parametrize("moved", [-1, 1])
def test_a_wrong_length_fails(moved: int) -> None:
    row = next(r for r in _rows() if r.crossing is not None and r.crossing > r.least + 1)
    assert row.crossing is not None
    wrong = replace(row)
    wrong.__dict__["crossing"] = row.crossing + moved
    report = wrong.derivation().check()
    assert not report and {c.step.name for c in report.failures} == {"who is ahead"}


def test_rows_without_one() -> None:
    row = next(r for r in _rows() if r.verdict == "first" and r.crossing is None)
    with pytest.raises(NoClosedForm, match="no crossing length"):
        row.derivation()
    symbolic = compare("linear-attention", "flatten", tokens=uniform(3))
    for row in symbolic:
        with pytest.raises(NoClosedForm, match="derivation: "):
            row.derivation()
