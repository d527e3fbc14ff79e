"""Derivations: a wrong step is found at that step, what was not checked is not called verified, and the prose compiles."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from symkern import Derivation, Standing, Step
from symkern.errors import InvalidArgument


def step(name: str, right: Callable[[int], object], **options: object) -> Step:
    return Step(
        name,
        r"\sum_{a \le L} a = \tfrac12 L (L + 1)",
        "By induction on $L$.",
        sides=lambda L: (sum(range(L + 1)), right(L)),
        sizes={"L": (2, 3)},
        **options,  # type: ignore[arg-type]
    )


def test_a_wrong_step_fails_at_that_step() -> None:
    good = step("good", lambda L: sp.Rational(L * (L + 1), 2))
    wrong = step("wrong", lambda L: L * L)
    found = Derivation("A sum", (good, wrong, good)).check(L=range(1, 5))
    assert not found and found.count == 12
    assert {c.step.name for c in found.failures} == {"wrong"}
    assert [c.point for c in found.failures] == [(("L", k),) for k in (2, 3, 4)]
    assert "2  wrong  FAILS: wrong at L = 2 fails: 3 = 4" in str(found)
    assert "NOT verified" in str(found)
    assert Derivation("A sum", (good, good)).check().passed


def test_a_failure_names_the_entry_that_is_wrong_and_stays_short() -> None:
    def failure(left: object, right: object) -> str:
        made = Step("s", "s", "s", sides=lambda: (left, right))
        return Derivation("t", (made,)).check().failures[0].difference

    assert failure([1, 2, 3], (1, 5, 4)) == "2 = 5 (entry 1 of each)"
    assert failure(np.array([1, 2]), [1]) == "2 entries = 1 entries"
    assert failure([[1, 2], [3, 4]], [[1, 2], [3, 5]]) == "[3, 4] = [3, 5] (entry 1 of each)"
    assert len(failure(10**500, 10**500 + 1)) < 130


def test_steps_are_numbered_in_one_column() -> None:
    steps = tuple(step(f"step {i}", lambda L: L * (L + 1) // 2) for i in range(10))
    lines = str(Derivation("t", steps).check()).splitlines()
    assert lines[1].startswith("   1  step 0  holds") and lines[10].startswith("  10  step 9")


def test_nothing_checked_is_not_verified() -> None:
    cited = Step("cited", "a = b", "A theorem.", "Somebody (1900)")
    silent = Step("silent", "a = b", "Never applies.", sides=lambda L: None, sizes={"L": (1,)})
    assert not Derivation("t", (cited,)).check()
    good = step("good", lambda L: L * (L + 1) // 2)
    assert Derivation("t", (cited, good)).check()
    found = Derivation("t", (good, silent)).check()
    assert not found and "NOT CHECKED" in str(found)
    with pytest.raises(InvalidArgument, match=r"length: must be a size of this derivation \(L\)"):
        Derivation("t", (good,)).check(length=range(3))


def test_relations_and_exactness() -> None:
    def sided(left: object, right: object, **options: object) -> bool:
        made = Step("s", "s", "s", sides=lambda: (left, right), **options)  # type: ignore[arg-type]
        return Derivation("t", (made,)).check().passed

    x = sp.Symbol("x")
    assert sided((x + 1) ** 2, x**2 + 2 * x + 1) and not sided(x, x + 1)
    assert sided(sp.sqrt(8), 2 * sp.sqrt(2)) and sided(Fraction(1, 2), sp.Rational(1, 2))
    assert (
        sided(1, 2, relation="<=") and not sided(2, 1, relation="<=") and sided(2, 1, relation=">=")
    )
    assert (
        sided(np.array([1, 2]), [1, 2])
        and not sided([1, 2], [1, 2, 3])
        and not sided([1, 2], [1, 3])
    )
    assert sided(0.1 + 0.2, 0.3, tolerance=1e-12) and not sided(0.1, 0.2, tolerance=1e-12)
    with pytest.raises(InvalidArgument, match="tolerance"):
        sided(0.1 + 0.2, 0.3)
    with pytest.raises(InvalidArgument, match="relation"):
        Step("s", "s", "s", relation="<")


def test_prose(compile_latex: Callable[[str], str]) -> None:
    derivation = Derivation(
        "A sum & its 100 % proof",
        (step("first_step", lambda L: L, reference="Gauss & Co. (1785)"),),
        r"\sum_a a \sim L^2/2",
        Standing.PROVED,
    )
    compile_latex(derivation.document())
    assert r"\item \emph{First\_step.}" in derivation.latex()
    assert r"$$\sum_{a \le L} a" in derivation._repr_markdown_()
    assert all(len(line) <= 80 for line in derivation.text().splitlines())
    names = {"Derivation": Derivation, "Step": Step, "Standing": Standing}
    assert eval(repr(derivation), names) == derivation  # noqa: S307
