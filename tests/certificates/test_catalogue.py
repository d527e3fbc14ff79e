"""Every derivation of the catalogue holds; a planted error is found at its step; the page on linear attention says what the library derives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import pytest
import sympy as sp

from symkern.abc import L, alpha, beta, sigma2, v
from symkern.certificates import catalogue, linear_attention, verification
from symkern.certificates.catalogue import CATALOGUE, CERTIFIED, certificate_of, derivation
from symkern.errors import InvalidArgument
from symkern.kernels import derive, embedding, uniform
from tests.effort import calls_at_most


@pytest.mark.sampled(32)
@pytest.mark.parametrize("name", CATALOGUE)
def test_derivation_holds(name: str) -> None:
    made = derivation(name)
    found = made.check()
    assert found, str(found)
    assert all(step.sides is not None or step.reference or step.reason for step in made.steps)


def test_unknown_names() -> None:
    with pytest.raises(InvalidArgument, match="name: must be one of linear-attention, dimension-1"):
        derivation("nothing")
    with pytest.raises(InvalidArgument, match="name: must be one of bag-of-tokens"):
        certificate_of("nothing")


PLANTED: list[tuple[str, Any, str]] = [
    ("_factor_formula", lambda x, y: linear_attention._factor(x, y) + Fraction(1, 9), "in match counts"),
    ("_by_recursion", lambda x, y: Fraction(len(x)), "the kernel"),
    ("_kernel", lambda x, y: Fraction(x[0] == y[-1]), "symmetry"),
    ("_rank", lambda rows: 17, "what the kernel can see"),
    ("_block", lambda L, v: [[Fraction(1), Fraction(0)], [Fraction(0), Fraction(1)]], "the block"),
    ("_polynomial", lambda L, v: (Fraction(2 * L), Fraction(-3 * L * L)), "the eigenvalues"),
]  # fmt: skip


@pytest.mark.sampled(4)
@pytest.mark.parametrize("asked", [{}, {"L": range(4, 8)}, {"L": 4, "v": 2}], ids=str)
@pytest.mark.parametrize(("name", "wrong", "step"), PLANTED, ids=[p[0] for p in PLANTED])
def test_a_planted_error_fails_at_its_step(
    name: str, wrong: Any, step: str, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linear_attention, name, wrong)
    made = linear_attention.linear_attention_derivation()
    chosen = [s for s in made.steps if s.name == step]
    found = replace(made, steps=tuple(chosen)).check(**asked)
    assert not found and found.failures[0].step.name == step


@pytest.mark.floor
def test_the_call_of_the_requirements() -> None:
    found = linear_attention.linear_attention_derivation().check(L=range(4, 8))
    assert found, str(found)
    # Lines are wrapped at eighty columns; the words are what is promised.
    text = " ".join(str(found).split())
    assert "holds at its own sizes L = 2, v = 2; skipped L = 4..7, v = 2" in text
    assert "skipped L = 6, 7, v = 3" in text and text.endswith("all steps hold")


@pytest.mark.sampled(12)
@pytest.mark.parametrize(
    ("name", "asked"),
    [
        # The whole page at each of them is a matter of seconds.
        pytest.param(name, asked, marks=[pytest.mark.wide] * (name == "linear-attention" and later))
        for name in ("linear-attention", "copying", "trace-bound")
        for asked, later in (
            ({"L": 1}, False), ({"L": 60}, False), ({"v": 1}, False), ({"L": 3}, True), ({"v": 5}, True),
        )
    ],
    ids=str,
)  # fmt: skip
def test_sizes_too_small_or_too_big_for_a_step_are_no_failures(name: str, asked: Any) -> None:
    found = derivation(name).check(**asked)
    assert found, str(found)


def test_the_page_says_what_the_library_derives() -> None:
    """The displayed numbers beside the engine's: both eigenvalues, and the samples of the conclusion."""
    spectrum = derive()
    where = spectrum.scaling_law((1,), (1,))
    often = spectrum.scaling_law((), (1,))
    assert sp.simplify(where.leading.expression - sigma2 * L**2 * v**2 / (2 * alpha**2 * beta)) == 0
    assert sp.simplify(often.leading.expression - sigma2 * L * v**2 / (2 * alpha**3)) == 0
    conclusion = linear_attention.linear_attention_derivation().conclusion
    assert r"\frac{\sigma^2 L\, v^2}{2\alpha^3}" in conclusion
    assert r"\frac{\sigma^2 L^2 v^2}{2\alpha^2\beta}" in conclusion


@pytest.mark.wide
def test_the_page_at_sizes_of_ones_own() -> None:
    found = linear_attention.linear_attention_derivation().check(v=(3,), L=(2, 4, 50, 1000))
    assert not found.failures and found.count > 20


def test_pages_compile(compile_latex: Callable[[str], str]) -> None:
    from symkern.pages.derivations import derivations_document

    made = [derivation(name) for name in CATALOGUE]
    log = compile_latex(derivations_document(made, title="Derivations"))
    wide = [line for line in log.splitlines() if line.startswith("Overfull \\hbox")]
    assert all(float(line.split("(")[1].split("pt")[0]) < 15 for line in wide), wide


def test_a_check_that_breaks_does_not_hide_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise ZeroDivisionError("planted")

    wrong = MappingProxyType({"dimension-1": broken, "dimension-2": CATALOGUE["dimension-2"]})
    monkeypatch.setattr(catalogue, "CATALOGUE", wrong)
    jobs = [("derivation", "dimension-1"), ("derivation", "dimension-2")]
    first, second = verification.findings(jobs)
    assert first.status == 1 and "ZeroDivisionError: planted" in first.report
    assert second.status == 0
    assert verification.summary([first, second]) == "1 of 2 derivations hold"


def test_jobs_are_everything_or_what_is_named() -> None:
    assert len(verification.jobs()) == len(CATALOGUE) + len(CERTIFIED)
    named = verification.jobs(["linear-attention"])
    assert named == [("derivation", "linear-attention"), ("certificate", "linear-attention")]


@pytest.mark.sampled(18)
@pytest.mark.parametrize("name", CATALOGUE)
def test_absurd_sizes_are_skipped_at_once(name: str) -> None:
    """No step writes out a power, a list or a binomial of a size that it cannot use."""
    made = derivation(name)
    for size in ("L", "v", "n", "T"):
        # The others are checked at their own sizes, as above.
        chosen = tuple(step for step in made.steps if size in step.parameters)
        with calls_at_most(20_000_000):
            for step in chosen:
                assert all(c.holds for c in step.check(**{size: [10**9]})), step.name


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", ["trace-bound", "selection-loss", "sensitivity-mean"])
def test_a_report_at_an_absurd_size(name: str) -> None:
    """The whole derivation: steps to which the size says nothing are checked at their own sizes instead."""
    made = derivation(name)
    size = "T" if name.startswith("selection") else "L" if name == "trace-bound" else "n"
    with calls_at_most(20_000_000):
        report = made.check(**{size: [10**9]})
    assert report, str(report)
    assert "skipped" in str(report)


def test_what_the_dimension_bounds_is_the_sum_of_both_eigenvalues() -> None:
    """At L = v = 3, alpha = 2, beta = 3 the block on [1] x [1] has trace 196/243 by the engine of tables, and 4 copies."""
    name = "what the dimension alone would say"
    step = next(step for step in derivation("linear-attention").steps if step.name == name)
    assert step.sides is not None
    kernel = embedding(2, 3).attention().mean_pool()
    block = kernel.spectrum(length=3, tokens=uniform(3)).sector((1,), (1,)).block.to_sympy()
    below, above = step.sides(L=3, v=3)
    assert below == 4 * block.trace() == sp.Rational(784, 243)
    assert below <= above
