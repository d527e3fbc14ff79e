"""Derivations of eigenvalues: every step holds on dense operators, and a planted error is found at its step."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

import symkern as sk
from symkern.abc import L
from symkern.claims.derivation import Step
from symkern.derivations.dense_operator import DenseOperator
from symkern.errors import NoClosedForm
from symkern.exact import ExactMatrix
from symkern.kernels import categorical, distinct, uniform

CASES = [
    ("linear-attention", {}, ([1], [1], 0)),
    ("linear-attention", {}, ([1], [1], 1)),
    ("linear-attention", {}, ([], [1], 0)),
    ("linear-attention", {}, ([1], [1, 1], 0)),
    ("linear-attention-last", {}, ([1], [1], 0)),
    ("linear-attention-flatten", {}, ([2], [2], 0)),
    ("transformer-block", {}, ([1], [1], 0)),
    ("flatten", {"tokens": uniform(2)}, ([1], [1], 0)),
    ("linear-attention", {"tokens": distinct()}, ([1], None, 0)),
    ("linear-attention-last", {"tokens": distinct()}, ([1], [1], 0)),
    ("linear-attention", {"tokens": categorical(["1/2", "1/3", "1/6"])}, ([1], None, 0)),
    ("linear-attention", {"length": 4, "tokens": uniform(3), "alpha": 1, "beta": 2}, ([1], [1], 1)),
]


@pytest.mark.sampled(12)
@pytest.mark.parametrize(("name", "given", "labels"), CASES, ids=str)
def test_every_step_holds(name, given, labels):
    spec = sk.derive(name, **given)
    found = spec.derivation(*labels).check()
    assert found, str(found)
    assert found.count >= 4


def test_chosen_sizes():
    derivation = sk.derive("linear-attention").derivation([1], [])
    assert derivation.check(L=range(4, 7), v=(2,))


@pytest.mark.sampled(16)
@pytest.mark.parametrize("asked", [{}, {"v": (2, 3, 4)}, {"v": 9}], ids=str)
@pytest.mark.parametrize("labels", [([1], [2]), ([], [2]), ([1], [1])], ids=str)
def test_the_call_of_the_requirements(labels, asked):
    derivation = sk.derive("linear-attention").scaling_law(*labels).derivation()
    found = derivation.check(L=range(4, 8), **asked)
    assert found, str(found)
    if labels == ([1], [2]):
        shown = " ".join(str(found).split())
        if asked == {}:
            assert "4 the block holds at 2 sizes; skipped L = 5..7, v = 4, 5" in shown
        elif asked == {"v": 9}:
            assert "4 the block holds at its own sizes L = 3, 4, v = 4, 5; skipped" in shown


def test_brute_force_reaches_a_thousand_sequences():
    """Of the lengths that are asked for, those with few sequences are gone through and not put off to the step's own sizes."""
    [step] = [
        s for s in sk.derive("linear-attention").derivation([1], [1]).steps if s.name == "the block"
    ]
    points = {tuple(dict(c.point).values()) for c in step.check(L=range(4, 8), v=(3, 4))}
    assert points == {(4, 3), (5, 3), (6, 3), (4, 4)}


def test_exact_powers_of_the_dense_operator():
    from symkern.derivations.dense_operator import DenseOperator

    dense = DenseOperator(sk.derive("linear-attention"), 4, 2)
    first, second, third = dense.powers(3)
    assert (first @ first == second).all() and (second @ first == third).all()


def test_the_trace_is_not_asked_below_the_threshold_of_a_sector():
    derivation = sk.derive("linear-attention").derivation([1], [1])
    [step] = [s for s in derivation.steps if s.name == "nothing is missing"]
    assert [c.point for c in step.check(L=range(1, 4), v=(3, 4))] == [(("L", 3), ("v", 4))]


@pytest.mark.wide
def test_the_costs_of_a_target_at_sizes_of_ones_own():
    spec = sk.derive("linear-attention", tokens=uniform(3))
    derivation = spec.sample_complexity("n0/L").derivation()
    for asked in (range(1, 8), range(4, 8), 12):
        found = derivation.check(L=asked)
        assert found, str(found)


def altered(spec, labels, entry, amount):
    """The same spectrum with one entry of one block changed."""
    sector = spec.sector(*labels)
    rows = [list(row) for row in sector.block]
    i, j = entry
    rows[i][j] = rows[i][j] * amount
    wrong = replace(sector, block=ExactMatrix(sector.block.field, rows))
    return replace(spec, sectors=tuple(wrong if s is sector else s for s in spec.sectors))


def test_a_wrong_block_fails_at_the_block():
    spec = altered(sk.derive("linear-attention"), ([1], [1]), (0, 1), Fraction(10, 9))
    found = spec.derivation([1], [1]).check()
    assert not found
    # The trace does not change, its second power does.
    assert {c.step.name for c in found.failures} == {"the block"}
    spec = altered(sk.derive("linear-attention"), ([1], [1]), (0, 0), Fraction(10, 9))
    names = {c.step.name for c in spec.derivation([1], [1]).check().failures}
    assert {"the block", "nothing is missing"} <= names


@pytest.mark.sampled(4)
@pytest.mark.parametrize("asked", [{"L": (4, 7)}, {"L": 4, "v": 2}, {"L": 50}, {"v": 9}], ids=str)
def test_a_wrong_block_fails_at_sizes_of_ones_own(asked):
    """Where they are too big for brute force, the step is checked at its own."""
    spec = altered(sk.derive("linear-attention"), ([1], [1]), (0, 1), Fraction(10, 9))
    failed = spec.derivation([1], [1]).check(**asked).failures
    assert {c.step.name for c in failed} == {"the block"}


def test_a_wrong_leading_term_fails_as_l_grows():
    derivation = sk.derive("linear-attention").derivation([1], [])
    place = [s.name for s in derivation.steps].index("as L grows")
    right = derivation.steps[place]

    def sides(power):
        # Off by a factor: the deviation stays 1 and does not halve.
        return 1.0, 0.5

    steps = list(derivation.steps)
    steps[place] = replace(right, sides=sides)
    found = replace(derivation, steps=tuple(steps)).check()
    assert {c.step.name for c in found.failures} == {"as L grows"}
    assert all(isinstance(s, Step) for s in steps)


def test_the_dense_operator_is_the_kernel():
    """Beside the kernel's own values, one pair at a time."""
    spec = sk.derive("linear-attention-last", tokens=categorical(["1/4", "3/4"]))
    dense = DenseOperator(spec, 3, 2)
    point = {p.name: dense.point[p] for p in spec.parameters}
    for i in (0, 3, 6):
        for j in (1, 3, 7):
            x, y = dense.words[i], dense.words[j]
            k = spec.kernel(x, y, **point)
            entry = Fraction(int(dense.matrix[i, j]), dense.denominator)
            weight = Fraction(1, 4) ** y.count(0) * Fraction(3, 4) ** y.count(1)
            assert entry == Fraction(int(k.p), int(k.q)) * weight


def test_projected_traces_beside_numpy():
    """tr(P T^j) by classes, and by the isotypic projector of the representations."""
    spec = sk.derive("flatten", tokens=categorical(["1/3", "2/3"]))
    dense = DenseOperator(spec, 4, 2)
    module = sk.representations.words(4, 2)
    order = [dense.index[w] for w in module.basis]
    operator = (dense.matrix.astype(float) / dense.denominator)[np.ix_(order, order)]
    for sector in spec:
        projector = np.asarray(
            module.projector(sector.position_irrep.padded(4)).to_float().todense()
        )
        expected = [np.trace(projector @ operator), np.trace(projector @ operator @ operator)]
        assert np.allclose([float(t) for t in dense.traces(sector, 2)], expected)


def test_latex_is_a_page_that_compiles(compile_latex):
    law = sk.derive("linear-attention").scaling_law([1])
    log = compile_latex(law.derivation().document())
    assert "Overfull" not in log
    assert law.exponent == 2


def test_the_trace_bound_of_a_sector():
    spec = sk.derive("linear-attention")
    for sector in spec:
        law = spec.trace_law(sector.position_irrep, sector.token_irrep)
        assert law.relation == "<="
    found = spec.trace_law([1], [1]).derivation().check()
    assert found, str(found)
    for t in spec.tightness():
        law = t.law()
        assert law.exponent == -t.gap
        bound = spec.trace_law(t.sector.position_irrep, t.sector.token_irrep)
        assert t.sector.exponents[0] - bound.exponent == law.exponent


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "name",
    [
        "linear-attention",
        "flatten",
        pytest.param("linear-attention-last", marks=pytest.mark.wide),
    ],
)
def test_tightness_is_derived(name, compile_latex):
    found = sk.derive(name).tightness()
    assert found
    for t in found:
        derivation = t.law().derivation()
        for asked in ({}, {"L": range(4, 6)}):
            assert derivation.check(**asked), str(derivation.check(**asked))
        assert derivation.conclusion == t.law().latex()
        assert t.law().latex() in t.latex() and str(t).endswith(
            f"({'tight' if t.is_tight else 'loose'}, proved)"
        )
    compile_latex(found[-1].derivation().document())


@pytest.mark.wide
@pytest.mark.parametrize("asked", [{}, {"L": range(4, 6)}], ids=str)
@pytest.mark.parametrize(("ratio", "gap"), [(Fraction(9, 10), 0), (1, 1)])
def test_a_wrong_tightness_fails_at_the_last_step(ratio, gap, asked):
    for t in sk.derive("linear-attention").tightness():
        wrong = replace(t, ratio=t.ratio * sp.Rational(str(ratio)), gap=t.gap + gap)
        failed = wrong.derivation().check(**asked).failures
        assert {c.step.name for c in failed} == {"eigenvalue over bound"}


def test_kernels_without_a_formula_say_so():
    spec = sk.derive("softmax-attention", length=3, tokens=uniform(2), alpha=1, beta=1)
    law = spec.scaling_law([])
    with pytest.raises(NoClosedForm, match="no polynomial"):
        law.derivation()
    with pytest.raises(NoClosedForm, match="radius"):
        spec.trace_law([])


def test_threshold_of_symbols():
    law = sk.derive("linear-attention").scaling_law([1], [1])
    assert law.threshold == {"L": 3, "v": 3}
    assert law.formula.has(L)
