"""Derivations: a wrong step is found at that step, what was not checked is not called verified, and the prose compiles."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from symkern import Derivation, Standing, Step
from symkern.errors import BelowThreshold, InvalidArgument, InvalidType, TooLarge
from symkern.typeset.readable import readable_formula


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


def test_sizes_at_which_a_step_says_nothing_are_skipped_and_named() -> None:
    def sides(L: int, v: int) -> tuple[int, int] | None:
        if L < 3:
            raise BelowThreshold("L", "must be at least 3", f"it is {L}")
        return (v**L, v * v ** (L - 1)) if v**L <= 64 else None

    made = Step("powers", "a = b", "", sides=sides, sizes={"L": (3,), "v": (2, 4)})
    other = step("other", lambda L: L * (L + 1) // 2)
    found = Derivation("t", (made, other)).check(L=range(2, 5))
    assert found and "all steps hold" in str(found)
    assert "1  powers  holds at 3 sizes; skipped L = 2, v = 2; L = 2, 4, v = 4" in str(found)
    assert "  2  other   holds at 3 sizes" in str(found).splitlines()
    assert [len(points) for points in found.skipped] == [3, 0] and not any(found.own)
    found = Derivation("t", (made, other)).check(L=range(7, 10), v=(2,))
    assert found and found.own == (True, False)
    assert "holds at its own sizes L = 3, v = 2, 4; skipped L = 7..9, v = 2" in str(found)
    # Nothing is said of sizes that nobody asked for.
    assert "skipped" not in str(Derivation("t", (made,)).check())


def test_too_large_in_a_side_is_skipped_too() -> None:
    def sides(L: int) -> tuple[int, int]:
        if L > 5:
            raise TooLarge("the matrix", 10**12, 10**9)
        return L, L

    made = Step("s", "a = b", "", sides=sides, sizes={"L": (2,)})
    assert "holds at its own sizes L = 2; skipped L = 9" in str(Derivation("t", (made,)).check(L=9))


def test_a_wrong_step_fails_under_every_call() -> None:
    def sides(L: int) -> tuple[int, int] | None:
        return (L, L + 1) if L < 4 else None

    wrong = Step("wrong", "a = b", "", sides=sides, sizes={"L": (2,)})
    good = step("good", lambda L: L * (L + 1) // 2)
    for asked in ({}, {"L": 3}, {"L": range(2, 9)}, {"L": range(4, 8)}, {"L": 10**6}):
        found = Derivation("t", (good, wrong)).check(**asked)
        assert not found and {c.step.name for c in found.failures} == {"wrong"}, str(found)
        assert "NOT verified" in str(found)


def test_sizes_of_the_wrong_kind_are_refused_by_name() -> None:
    made = Derivation("t", (step("good", lambda L: L * (L + 1) // 2),))
    assert made.check(L=4).count == made.check(L=np.int64(4)).count == 1
    assert made.check(L=sp.Integer(4)).count == 1
    for wrong in ("47", 4.0, None, True, [1.5], ["a"], object()):
        with pytest.raises(InvalidType, match=r"^L: "):
            made.check(L=wrong)  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument, match="L: must hold at least one size, but it is empty"):
        made.check(L=())
    with pytest.raises(InvalidArgument, match="L: must be an integer of at least 1, but it is 0"):
        made.check(L=range(3))


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


CONCLUSIONS = [
    (r"n \sim \frac{a}{b} \qquad (L \geq 2,\ v \geq 2)", 1),
    (r"n \sim \frac{\sigma^2 L}{2} \text{ to learn $n = 1$,} \qquad n \sim L^2 \text{ to learn more}", 2),
    (r"\text{shares learned at }\quad n \sim L: \frac{1}{3},\quad n \sim L^{2}: \frac{2}{3}", 3),
    (rf"\lambda_{{(L-1,1)}} \leq \frac{{{'a + ' * 50}b}}{{c (x = y)}} \sim L \qquad (L \geq 2)", 3),
]  # fmt: skip


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("conclusion", "lines"), CONCLUSIONS, ids=str)
def test_a_conclusion_of_several_relations_stands_on_aligned_lines(
    conclusion: str, lines: int, compile_latex: Callable[[str], str]
) -> None:
    made = Derivation("t", (step("s", lambda L: L),), conclusion)
    shown = made.latex().rpartition(r"\boxed{\;")[2]
    rows = shown.split(r" \\[4pt] ")
    assert len(rows) == lines
    assert (r"\begin{aligned}" in shown) == (lines > 1)
    # No line holds less than a relation, but for words that stand before the first.
    assert all(r"\sim" in row or r"\leq" in row or row == rows[0] for row in rows)
    assert all(row.count("&") == 1 for row in rows) or lines == 1
    # In text each relation stands on its line, in the letters of a terminal.
    shown, whole = (
        " ".join(t.split()) for t in (readable_formula(conclusion), made.text(width=10**4))
    )
    assert shown in whole and "\\" not in whole
    compile_latex(made.document())


def test_irreps_in_titles_are_mathematics_in_latex_alone() -> None:
    made = Derivation("In (L-1,1) x (v-2,2) & (4,1), threshold(2) of (x_1)", ())
    title = r"In $(L-1,1) \otimes (v-2,2)$ \& $(4,1)$, threshold(2) of (x\_1)"
    assert rf"\paragraph{{{title}}}" in made.latex()
    assert made.text().startswith("In (L-1,1) x (v-2,2) & (4,1), threshold(2)")
    assert r"**In $(L-1,1) \otimes (v-2,2)$ & $(4,1)$," in made._repr_markdown_()


def test_an_absurd_length_is_skipped_before_anything_is_computed():
    """No v^L is written out to see that it is too large."""
    from symkern.certificates.catalogue import derivation

    found = derivation("linear-attention").check(L=10**400)
    assert found.passed and found.own[0]


@pytest.mark.wide
def test_a_report_stays_within_eighty_columns_and_keeps_sizes_whole():
    from symkern.certificates.catalogue import derivation

    lines = str(derivation("linear-attention").check(L=(4, 60, 61, 62, 70))).splitlines()
    assert any("skipped" in line for line in lines)
    assert max(map(len, lines)) <= 80
    assert not any(line.rstrip().endswith((" v", " =", " L")) for line in lines)
