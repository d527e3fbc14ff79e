"""Derivations: a wrong step is found at that step, what was not checked is not called verified, and the prose compiles."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

import symkern as sk
from symkern import Derivation, Standing, Step
from symkern.errors import BelowThreshold, InvalidArgument, InvalidType


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


def sized(sides, **sizes):
    return Derivation("A title", (Step("a step", "1 = 1", "Because.", sides=sides, sizes=sizes),))


def test_a_step_that_says_nothing_at_the_sizes_asked_for_is_checked_at_its_own():
    found = sized(lambda L: (L, L) if L < 4 else None, L=(2, 3)).check(L=range(4, 8))
    assert found.passed and [c.point for c in found.results[0]] == [(("L", 2),), (("L", 3),)]
    assert "its own, L = 2, 3" in str(found)
    wrong = sized(lambda L: (L, L + 1) if L < 4 else None, L=(2, 3)).check(L=range(4, 8))
    assert not wrong.passed and "FAILS" in str(wrong)
    never = sized(lambda L: None, L=(2, 3)).check(L=(5,))
    assert not never.passed and "NOT CHECKED" in str(never)


def test_sizes_that_are_skipped_are_named():
    def sides(L):
        if L < 6:
            raise BelowThreshold("L", "must be at least 6", f"it is {L}")
        return L, L

    found = sized(sides, L=(6,)).check(L=range(2, 9))
    assert found.passed and found.count == 3 and "says nothing at L = 2..5" in str(found)
    assert sized(sides, L=(6,)).check(L=7).count == 1
    with pytest.raises(InvalidType, match="L: must be a size or several of them"):
        sized(sides, L=(6,)).check(L="7")


def test_the_flagship_is_checked_at_any_lengths():
    """The page on linear attention, a law of a small sector, and a dimension, all at L = 4..7."""
    from symkern.certificates.catalogue import derivation

    assert derivation("linear-attention").check(L=range(4, 8))
    for labels in (((1,), (2,)), ((), (2,)), ((1,), (1,))):
        law = sk.derive("linear-attention").scaling_law(*labels)
        found = law.derivation().check(L=range(4, 8))
        assert found.passed, str(found)
        assert max(map(len, str(found).splitlines())) <= 80
    assert sk.bounds.dimension_law((2, 1)).derivation().check(L=range(4, 8))


def test_a_conclusion_of_two_statements_has_two_lines_and_titles_are_typeset():
    from symkern.certificates.catalogue import derivation

    page = derivation("linear-attention").latex()
    boxed = page[page.index(r"\boxed") :]
    assert boxed.count(r"\\[2pt] &") == 1 and r"\qquad" not in boxed
    title = sk.derive("linear-attention").scaling_law((1,), (1,)).derivation().latex()
    assert r"in $(L-1,1) \otimes (v-1,1)$" in title.splitlines()[0]
