"""Laws with their derivations: every step holds, a wrong one is found, and LaTeX compiles."""

from dataclasses import replace

import pytest
import sympy as sp

import symkern as sk
from symkern.abc import L, n, sigma2, v
from symkern.bounds import (
    ScalingLaw,
    alignment_derivation,
    copying_law,
    cross_dataset_law,
    dimension_law,
    eigenlearning,
    learnability,
    learnability_law,
    samples_law,
    samples_to_learn,
    trace_law,
)
from symkern.errors import InvalidArgument, NoClosedForm

LAWS = [
    dimension_law(()),
    dimension_law((2, 1)),
    trace_law((1,)),
    trace_law((1, 1), 3 / L),
    samples_law(1 / (L - 1)),
    cross_dataset_law(1 / L**2),
    copying_law(),
    learnability_law(1 / L),
]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("law", LAWS, ids=str)
def test_every_step_holds(law):
    found = law.derivation().check()
    assert found, str(found)
    assert law.derivation().conclusion == law.latex()


def test_a_wrong_step_is_found_at_that_step():
    derivation = dimension_law((2,)).derivation()
    wrong = replace(derivation.steps[1], sides=lambda L: (L * (L - 3) // 2, L * (L - 2) // 2))
    found = replace(derivation, steps=(derivation.steps[0], wrong)).check()
    assert not found
    assert {c.step.name for c in found.failures} == {"a long first row"}


@pytest.mark.sampled(8)
@pytest.mark.parametrize("law", LAWS, ids=str)
def test_every_step_holds_at_sizes_of_ones_own(law):
    derivation = law.derivation()
    known = {name for step in derivation.steps for name in step.parameters}
    if "L" in known:
        for asked in (range(4, 8), 1, 4, 40):
            found = derivation.check(L=asked)
            assert found, str(found)
    if "v" in known:
        assert derivation.check(L=range(4, 8), v=(1, 2, 3))


def test_sizes_below_the_threshold_are_skipped_and_named():
    found = dimension_law((2, 1)).derivation().check(L=range(4, 8))
    assert "2  a long first row  holds at 3 sizes; skipped L = 4" in str(found)


def test_latex_compiles(compile_latex):
    from symkern.typeset.document import document

    compile_latex(document("\n".join(law.derivation().latex() for law in LAWS)))


def test_laws_read_back():
    names = {**vars(sp), **vars(sk.bounds), "Standing": sk.Standing}
    symbols = {"L": L, "v": v, "n": n, "sigma2": sigma2}
    for law in LAWS:
        assert eval(repr(law), {**names, **symbols}) == law  # noqa: S307


def test_a_law_without_steps_says_so():
    with pytest.raises(NoClosedForm, match="without steps"):
        ScalingLaw("n", L, None, {}, sk.Standing.PROVED).derivation()
    with pytest.raises(InvalidArgument, match="relation: must be one of"):
        ScalingLaw("n", L, None, {}, sk.Standing.PROVED, relation="<")


def test_bounds_say_that_they_are_bounds():
    assert str(trace_law((1,))).startswith("lambda <= 1/(L - 1) ~ 1/L")
    assert r"\leq" in trace_law((1,)).latex()
    assert r"\geq" in copying_law().latex()
    with pytest.raises(InvalidArgument, match="trace: must be positive"):
        trace_law((1,), 0)


def test_learnability_and_samples_are_inverse():
    value = 3 / (L * v)
    assert learnability(value, sigma2, samples_to_learn(value)) == sp.Rational(1, 2)
    for share in (sp.Rational(1, 10), sp.Rational(9, 10)):
        cost = samples_to_learn(value, learnability=share)
        assert sp.simplify(learnability(value, sigma2, cost)) == share
    assert samples_to_learn(0.5, 2.0, learnability=0.75) == pytest.approx(12)
    assert learnability(0, 1, 5) == 0
    assert learnability(1, 0, 5) == 1
    assert learnability(0.0, 0.0, 5) == 0.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: learnability(1, 1, 0), "n: must be at least 1"),
        (lambda: learnability(1.0, 1, 0.5), "n: must be at least 1"),
        (lambda: learnability(1, -1, 2), "ridge: must not be negative"),
        (lambda: learnability(-1, 1, 2), "eigenvalue: must not be negative"),
        (lambda: learnability(float("nan"), 1, 2), "eigenvalue: must be a finite"),
        (lambda: learnability(1, 1), "n: must be given"),
        (lambda: samples_to_learn(1, learnability=1), "learnability: must lie between"),
        (lambda: samples_to_learn(1, learnability=0), "learnability: must lie between"),
        (lambda: samples_to_learn(1.0, learnability=1.5), "learnability: must lie between"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "given",
    [
        ([1], [3], 2, "1/3"),
        ([1, "1/2"], [3, 4], 2, 0),
        ([0], [3], 2, 1),
        ([1, 0], [3, 2], 2, 0),
    ],
    ids=str,
)
def test_closed_forms_of_kappa_are_derived(given, compile_latex):
    eigenvalues, counts, n_samples, ridge = given
    derivation = eigenlearning(eigenvalues, counts, n=n_samples, ridge=ridge).derivation()
    found = derivation.check()
    assert found, str(found)
    compile_latex(derivation.document())


def test_alignments_are_derived(compile_latex):
    for f in (lambda x: x[0] - x[1], lambda x: x[0] * x[1] + 2 * x[2] + x[3] * x[1] * x[0]):
        derivation = alignment_derivation(f, 4)
        assert derivation.check(), str(derivation.check())
        compile_latex(derivation.document())
