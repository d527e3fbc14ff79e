"""Costs of a target's parts as formulas in L: against the parts at given lengths, and the plateaus of the curve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy as sp

import symkern as sk
from symkern.abc import L, alpha, beta, sigma2
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.kernels import uniform
from symkern.pages.learning_curve import growth_text

TEXTS = ["x1", "x1*x2", "n1/L", "bigram(0,1)", "(1+x1)*(2+x2)", "[x1=x2] - n0^2/L", "copy(2)"]
NUMBERS = {alpha: sp.Rational(3, 2), beta: sp.Rational(1, 3)}


@pytest.mark.sampled(12)
@pytest.mark.parametrize("letters", [2, 3, 4])
@pytest.mark.parametrize("name", ["linear-attention", "flatten", "linear-attention-flatten"])
def test_formulas_are_the_energies_at_every_length(name: str, letters: int) -> None:
    """Energies that are found in floating point at given numbers, eigenvalue by eigenvalue."""
    spec = sk.derive(name, tokens=uniform(letters))
    for text in TEXTS if name == "linear-attention" and letters == 2 else TEXTS[1:3]:
        found = spec.sample_complexity(text)
        for n in (found.least, 9):
            there = spec.evaluate(length=n, alpha=NUMBERS[alpha], beta=NUMBERS[beta])
            numeric = there.sample_complexity(text)
            at = {L: n, **NUMBERS}
            expected = {(r.name, r.branch): r.energy for r in numeric.rows}
            values = {(r.name, r.branch): float(r.energy.subs(at)) for r in found.rows}
            assert {k: e for k, e in values.items() if e > 1e-12} == pytest.approx(
                expected, abs=1e-9
            )
            laws = {(r.name, r.branch): r.law.formula.subs(at) for r in found.rows if r.law}
            for row in numeric.rows:
                assert row.law is not None and row.law.formula is not None
                assert float(laws[row.name, row.branch] / sigma2) == pytest.approx(
                    float(row.law.formula / sigma2)
                )
            assert float(found.unlearnable.subs(at)) == pytest.approx(
                float(numeric.unlearnable), abs=1e-9
            )
            assert float(found.total.subs(L, n)) == pytest.approx(float(numeric.total))


@pytest.mark.wide
def test_leading_terms_on_roots_without_radicals() -> None:
    """Two layers have blocks of size three: at a large length, in floating point, the energies are the leading terms."""
    spec = sk.derive("linear-attention-2", tokens=uniform(2), alpha=1, beta=NUMBERS[beta])
    text = "(1+x1)*(2+x2)"
    found = spec.sample_complexity(text)
    assert any(row.energy is None for row in found.rows)
    grown = {(r.name, r.branch): r.grown.expression for r in found.rows if r.grown}
    numeric = spec.evaluate(length=10**7).sample_complexity(text)
    assert len(numeric.rows) == len(grown)
    for row in numeric.rows:
        assert row.energy / float(grown[row.name, row.branch].subs(L, 10**7)) == pytest.approx(
            1, abs=2e-3
        )
    with pytest.raises(NoClosedForm, match="larger"):
        found.derivation()


@pytest.mark.wide
def test_leading_terms_of_energies() -> None:
    """Against the formulas at a large length, where a wrong pairing of the two roots would show."""
    for letters in (2, 3):
        spec = sk.derive("linear-attention", tokens=uniform(letters))
        for text in TEXTS:
            for row in spec.sample_complexity(text).rows:
                assert row.grown is not None
                values = {L: 10**7, **NUMBERS}
                exact = row.energy.subs(values).evalf(60)
                assert float(exact / row.grown.expression.subs(values)) == pytest.approx(
                    1, abs=1e-3
                )


def test_the_story_of_linear_attention() -> None:
    """x1 x2 on two letters: a quarter is its mean, half is positions apart and costs L^2, a quarter is never learned."""
    spec = sk.derive("linear-attention", tokens=uniform(2))
    found = spec.sample_complexity("x1*x2")
    stages = found.stages()
    assert [(s.exponent, s.share, s.left) for s in stages] == [
        (0, sp.Rational(1, 4), sp.Rational(3, 4)),
        (1, 0, sp.Rational(3, 4)),
        (2, sp.Rational(1, 2), sp.Rational(1, 4)),
        (3, 0, sp.Rational(1, 4)),
        (None, sp.Rational(1, 4), sp.Rational(1, 4)),
    ]
    assert found.total == sp.Rational(1, 4)
    assert sp.cancel(found.unlearnable - (L - 3) / (16 * (L - 1))) == 0
    assert found.whole("1/2").leading.expression == 2 * sigma2 * L**2 / (alpha**2 * beta)
    assert found.whole("1/10") is None and found.whole("4/5").exponent == 0
    text = str(found)
    assert "never" in text and max(map(len, text.splitlines())) <= 80
    assert "2*L^2*sigma2" in text or "2*sigma2*L^2" in text


def test_plateaus_are_those_of_the_curve() -> None:
    """At n = L^k half way between two exponents the error lies on the plateau, the closer the longer the context."""
    spec = sk.derive("linear-attention", tokens=uniform(2), alpha=1, beta=1)
    for exponent, left in ((0.5, 3 / 4), (2.6, 1 / 4)):
        gaps = []
        for n in (10**2, 10**4, 10**6):
            curve = spec.learning_curve("x1*x2", n=float(n) ** exponent, ridge=1, length=n)
            gaps.append(abs(float(curve.test_error[0]) / 0.25 - left))
        assert gaps[0] > gaps[1] > gaps[2] and gaps[2] < 0.01


def test_samples_for_an_accuracy() -> None:
    """The smallest n of a dense search; nothing reaches below what is outside the span."""
    spec = sk.derive("linear-attention", length=8, tokens=uniform(2), alpha=1, beta=1)
    found = spec.sample_complexity("x1*x2")
    n = found.samples("1/4", ridge=0.1)
    grid = np.arange(1, 2000)
    errors = spec.learning_curve("x1*x2", n=grid, ridge=0.1).test_error
    assert (
        np.flatnonzero(errors > 0.25 * 0.25)[-1] + 1
        <= n
        <= np.flatnonzero(errors > 0.25 * 0.25)[-1] + 2.1
    )
    assert found.samples("1/10", ridge=0.1) == float("inf")
    assert found.samples(1, ridge=10) == pytest.approx(1, abs=1e-6)
    with pytest.raises(InvalidArgument, match="accuracy"):
        found.samples(-1)


def test_an_own_ridge() -> None:
    spec = sk.derive("linear-attention", tokens=uniform(2))
    found = spec.sample_complexity("x1", ridge="1/2")
    assert found.rows[1].law is not None and found.rows[1].law.leading is not None
    assert found.rows[1].law.leading.expression == L / alpha**3
    with pytest.raises(InvalidArgument, match="ridge"):
        spec.sample_complexity("x1", ridge=-1)


@pytest.mark.parametrize(
    ("call", "error", "named"),
    [
        (lambda s: s.sample_complexity("x1"), InvalidArgument, "vocabulary"),
        (lambda s: s.evaluate(vocabulary=2).sample_complexity("x1*x2*x3"), NoClosedForm, "length="),
        (lambda s: s.evaluate(vocabulary=2).sample_complexity(lambda x: 1), NoClosedForm, "length="),
        (lambda s: s.sample_complexity("x1", length=4, vocabulary=2), InvalidArgument, "alpha"),
        (lambda s: s.evaluate(length=4, vocabulary=2, alpha=1, beta=1).sample_complexity("x1").stages(), InvalidArgument, "symbol L"),
        (lambda s: sk.derive("linear-attention-last", tokens=uniform(2)).sample_complexity("x1"), NoClosedForm, "length="),
    ],
)  # fmt: skip
def test_refused(call: Callable[[Any], Any], error: type[Exception], named: str) -> None:
    with pytest.raises(error) as caught:
        call(sk.derive("linear-attention"))
    assert named in str(caught.value)


@pytest.mark.sampled(4)
@pytest.mark.parametrize(("letters", "text"), [(2, "x1*x2"), (2, "copy(1)"), (3, "[x1=x2] + x3")])
def test_derivations_check_themselves(
    letters: int, text: str, compile_latex: Callable[[str], str]
) -> None:
    found = sk.derive("linear-attention", tokens=uniform(letters)).sample_complexity(text)
    derivation = found.derivation()
    report = derivation.check()
    assert report and report.count >= 10
    if letters == 2:
        compile_latex(derivation.document())
        assert max(map(len, derivation.text().splitlines())) <= 80


def test_a_wrong_energy_fails_at_its_step() -> None:
    found = sk.derive("linear-attention", tokens=uniform(2)).sample_complexity("x1*x2")
    rows = list(found.rows)
    # Two parts exchange a sixteenth of their energies: all sums stay right.
    rows[1] = replace(rows[1], energy=rows[1].energy + rows[2].energy / 16)
    rows[2] = replace(rows[2], energy=rows[2].energy * sp.Rational(15, 16))
    report = replace(found, rows=tuple(rows)).derivation().check(L=[4])
    assert not report and {c.step.name for c in report.failures} == {
        "eigenvalues",
        "energies",
        "plateaus",
    }
    with pytest.raises(InvalidArgument, match="symbol L"):
        found.spectrum.evaluate(length=5, alpha=1, beta=1).sample_complexity("x1").derivation()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("ridge", [sk.abc.sigma2, 0])
def test_wrong_samples_fail_at_their_step(ridge):
    found = sk.derive("linear-attention", tokens=uniform(2)).sample_complexity("x1*x2", ridge=ridge)
    assert found.derivation().check()
    for change in ({"coefficient": 7}, {"exponent": 1}):
        rows = list(found.rows)
        law = rows[1].law
        term = replace(
            law.leading,
            coefficient=law.leading.coefficient * change.get("coefficient", 1),
            exponent=law.leading.exponent + change.get("exponent", 0),
        )
        rows[1] = replace(rows[1], law=replace(law, leading=term))
        report = replace(found, rows=tuple(rows)).derivation().check()
        assert not report and "samples" in {c.step.name for c in report.failures}


def test_without_a_ridge_the_modes_count():
    """The exponents and coefficients of the laws against the curve's own equation at large lengths."""
    spec = sk.derive("linear-attention", tokens=uniform(2), alpha=1, beta=1)
    found = spec.sample_complexity("x1*x2", ridge=0)
    assert [str(row.law.leading.expression) for row in found.rows] == [
        "1/2",
        "5/2",
        "L/2",
        "L/2",
        "3*L/2",
    ]
    for letters, target in ((2, "x1*x2"), (3, "[x1=x2]")):
        spec = sk.derive("linear-attention", tokens=uniform(letters), alpha=2, beta=1)
        found = spec.sample_complexity(target, ridge=0)
        laws = {
            ((r.position_irrep, r.token_irrep), r.branch): r.law.leading.expression
            for r in found.rows
        }
        curve = spec.evaluate(length=10**5).learning_curve(target, n=[1], ridge=0)
        rows = [row for row in curve.rows() if (row.part.sector, row.part.branch) in laws]
        assert len(rows) == len(laws)
        for row in rows:
            law = laws[row.part.sector, row.part.branch].subs(L, 10**5)
            assert row.half_learned == pytest.approx(float(law), rel=1e-3)
    assert curve.growth.ridge == 0 and "without a ridge" in growth_text(curve.growth)
    with pytest.raises(InvalidArgument, match="ridge: must be positive at a given length"):
        spec.evaluate(length=5).sample_complexity("x1", ridge=0)
    with pytest.raises(InvalidArgument, match="ridge: must not be negative"):
        spec.sample_complexity("x1", ridge=-1)


def test_a_zero_target_costs_nothing():
    spec = sk.derive("linear-attention", tokens=sk.kernels.uniform(2), alpha=1, beta=1)
    found = spec.sample_complexity("0")
    assert found.rows == found.outside == found.stages() == ()
    assert found.total == 0 and found.whole() is None


# -- nothing to learn, and nothing that learns -----------------------------------------------------


@pytest.mark.parametrize(
    ("target", "letters"), [("0", 2), ("x1 - x1", 3), ("0*parity", 2), ("x1", 1)]
)
def test_the_target_zero_is_a_result(target, letters):
    spec = sk.derive("linear-attention", tokens=uniform(letters))
    found = spec.sample_complexity(target)
    assert (found.rows, found.outside, found.total, found.unlearnable) == ((), (), 0, 0)
    assert found.stages() == () and found.whole() is None
    assert str(found) == "The target is zero, E f^2 = 0: there is nothing to learn."
    with pytest.raises(NoClosedForm, match="nothing to derive"):
        found.derivation()
    curve = spec.learning_curve(target, n=[1, 10], length=4, alpha=1, beta=1)
    assert curve.test_error.tolist() == [0, 0] and curve.unlearnable == 0
    assert (
        "there is nothing to learn" in str(curve) and "there is nothing to learn" in curve.latex()
    )


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("linear-attention", 2),
        ("linear-attention-last", 2),
        ("transformer-block-last", 2),
        ("flatten", 4),
        ("bag-of-tokens", 2),
    ],
)
def test_parity_is_outside_the_span_from_some_length_on(name, letters):
    """Against the dense route at every length from there on that can be enumerated."""
    spec = sk.derive(name, tokens=uniform(letters))
    found = spec.sample_complexity("-3*parity/2")
    [row] = found.outside
    assert not found.rows and row.law is None and row.degree == L
    assert (list(row.position_irrep), row.token_irrep) == ([], None)
    assert found.total == found.unlearnable == sp.Rational(9, 4)
    [stage] = found.stages()
    assert stage.exponent is None and stage.shares == (1,)
    assert "never (degree L)" in str(found)
    parameters = {p.name: 1 for p in spec.parameters if p.name not in ("L", "v")}
    for length in range(found.least, 7 if letters == 2 else 5):
        curve = spec.learning_curve(lambda x: (-1) ** sum(x), n=[5], length=length, **parameters)
        assert curve.unlearnable == pytest.approx(1)
        assert sum(part.energy for part in curve.outside if part.degree == length) == pytest.approx(1)  # fmt: skip


def test_parity_on_an_odd_number_of_letters_has_parts_of_every_degree():
    with pytest.raises(NoClosedForm, match="no energies symbolic in L"):
        sk.derive("linear-attention", tokens=uniform(3)).sample_complexity("parity")


def test_the_whole_of_a_target_needs_a_symbolic_length_and_an_accuracy():
    found = sk.derive("linear-attention", tokens=uniform(2)).sample_complexity("x1")
    with pytest.raises(
        InvalidArgument, match="accuracy: must be a number of at least 0, but it is -1"
    ):
        found.whole(-1)
    numeric = found.spectrum.evaluate(length=5, alpha=1, beta=1).sample_complexity("x1")
    with pytest.raises(InvalidArgument, match="length: must be the symbol L"):
        numeric.whole()
