"""The small parts of the checker at their edges: what is read, and what just not."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from symkern.certificates.checker import check
from symkern.certificates.checker.claimed_formulas import Formula
from symkern.certificates.checker.claimed_laws import Law
from symkern.certificates.checker.labels import padded
from symkern.certificates.checker.monomials import Monomials, as_ratio
from symkern.certificates.checker.residues import Chance
from symkern.certificates.checker.setting import Setting
from symkern.certificates.checker.verdicts import CannotCheck, Unreadable
from symkern.certificates.closed_forms import character_polynomial_certificate


def test_padded_labels_begin_with_the_rest():
    assert [padded((), n) for n in (0, 1, 2)] == [(), (1,), (2,)]
    assert [padded((2, 1), n) for n in (3, 4, 5, 6)] == [None, None, (2, 2, 1), (3, 2, 1)]


def _value(monomials: Monomials, values: dict[str, Fraction]) -> Fraction:
    total = Fraction(0)
    for key, c in monomials.items():
        for name, power in key:
            c *= values[name] ** power
        total += c
    return total


@pytest.mark.parametrize(
    "text",
    ["alpha/(beta + 1)", "2*alpha^2/beta*gamma", "1/(alpha/beta)", "alpha - 1/beta + beta/(3*gamma)", "(alpha/beta)^3", "(alpha + 1)/(beta*gamma^2)/alpha"],
)  # fmt: skip
def test_a_quotient_of_polynomials_has_the_value_of_its_formula(text):
    values = {"alpha": Fraction(3, 5), "beta": Fraction(-7, 2), "gamma": Fraction(11)}
    formula = Formula(text)
    above, below = as_ratio(formula.tree)
    assert _value(above, values) / _value(below, values) == formula.at(values, Fraction)


def test_the_highest_power_that_is_read():
    assert Formula("alpha^1000").at({"alpha": Fraction(-1)}, Fraction) == 1
    assert Formula("alpha^-1000").at({"alpha": Fraction(-1)}, Fraction) == 1
    for text in ("alpha^1001", "alpha^-1001", "alpha^(1/2)"):
        with pytest.raises(Unreadable):
            Formula(text)


def _exchangeable(*types: Any) -> Law:
    return Law({"kind": "exchangeable", "types": list(types)})


def test_types_of_an_exchangeable_law():
    law = _exchangeable([[2, 0], "1/4"], [[1, 1], "3/4"])
    assert law.types == {(2, 0): Fraction(1, 4), (1, 1): Fraction(3, 4)}
    for wrong in ([[2, 0]], [[2, 0], "1/4", "1/4"], [[], "1/4"], "20"):
        with pytest.raises(Unreadable):
            _exchangeable(wrong, [[1, 1], "3/4"])
    assert len(_exchangeable([[1] * 100, "1"]).types) == 1
    with pytest.raises(CannotCheck):
        _exchangeable([[1] * 101, "1"])


def test_the_sizes_that_are_visited_begin_where_the_claim_does():
    claim = {
        "kernel": [
            ["embedding", {"token": "1", "position": "0", "constant": "0"}],
            ["mean_pool", {}],
        ],
        "law": {"kind": "uniform", "vocabulary": "v"},
        "length": "L",
    }
    setting = Setting(claim, [], Chance("sizes"))
    visited = setting.sizes(1000, (3, 4))
    assert visited == sorted((v**n, n, v) for n in range(3, 15) for v in range(4, 12) if v**n <= 1000)  # fmt: skip
    assert setting.sizes(10, (1, 1))[0] == (2, 1, 2)


def test_a_refuted_character_polynomial_names_the_cycles():
    certificate = character_polynomial_certificate((2, 1))
    certificate["formula"] += " - X3"  # right on all that have no 3-cycle
    report = check(certificate)
    assert report.verdict == "refuted"
    assert "cycles [3] and 5 fixed points" in str(report)
