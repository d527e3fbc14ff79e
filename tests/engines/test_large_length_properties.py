"""What must hold of series in 1/L whatever the kernel: exact branches, jets of two orders, and the cut that the theorem allows."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.abc import L
from symkern.combinatorics import Partition
from symkern.engines.large_length.certified_block import CertifiedBlock
from symkern.engines.large_length.engine import LargeLength
from symkern.engines.large_length.fluctuation_operators import FluctuationOperators
from symkern.engines.large_length.jet_block import SectorBlock, SectorSetting
from symkern.engines.large_length.jet_source import JetSource
from symkern.engines.problem import Problem
from symkern.kernels import categorical, mixture, read_pipeline, uniform
from tests.oracles.two_letter_fluctuations import TwoLetterSpace
from tests.search import examples

SOFTMAX = "embedding(1, 1) | attention(tied, softmax)"
MIXED = mixture([("1/3", categorical(["1/2", "1/2"])), ("2/3", categorical(["1/5", "4/5"]))])
HALF = (Fraction(1, 2),) * 2


def terms(series):
    return [(t.exponent, t.coefficient) for t in series.terms]


@pytest.mark.sampled(12)
@pytest.mark.parametrize(
    ("text", "law", "down_to"),
    [
        ("embedding(2, 1) | attention | mean_pool", uniform(2), 3),
        ("embedding(2, 1) | attention | mean_pool", uniform(3), 3),
        ("embedding(2, 1) | attention | flatten", categorical(["2/3", "1/3"]), 2),
        ("embedding(2, 1) | attention | at_position(last)", uniform(2), 2),
        ("embedding(2, 1) | attention | at_position(last)", categorical(["1/4", "3/4"]), 1),
        ("embedding(2, 1) | attention | mean_pool", MIXED, 2),
        ("embedding(2, 1) | attention | flatten", MIXED, 2),
        ("embedding(2, 1) | attention | residual | linear(1, 1/2) | mean_pool", uniform(2), 4),
        ("embedding(1, 1) | mlp(x^2 + x) | attention | flatten", uniform(2), 3),
        ("embedding(1) | flatten | mlp(quadratic)", uniform(3), 2),
    ],
)  # fmt: skip
def test_polynomial_kernels_have_the_series_of_their_exact_branches(text, law, down_to):
    """The exact engine and the jets share no code between the kernel and the series."""
    kernel = read_pipeline(text)
    exact = kernel.spectrum(length=L, tokens=law)
    problem = Problem.of(kernel, law, L, 2, Fraction(down_to))
    found = LargeLength().solve(problem)
    compared = 0
    for sector in found.sectors:
        known = [terms(s) for s in sector.expansions]
        true = exact.sector(sector.position_irrep, sector.token_irrep).series(8)
        cut = [[t for t in terms(s) if -t[0] <= down_to] for s in true]
        cut = [c for c in cut if c]
        assert len(known) == len(cut), (text, sector.position_irrep, sector.token_irrep)
        for ours, theirs in zip(known, cut, strict=True):
            assert [e for e, _ in ours] == [e for e, _ in theirs]
            assert all(sp.simplify(a - b) == 0 for (_, a), (_, b) in zip(ours, theirs, strict=True))
            compared += 1
    assert compared >= 3


@pytest.mark.sampled(8)
@pytest.mark.parametrize(
    "text",
    [
        f"{SOFTMAX} | mean_pool",
        f"{SOFTMAX} | flatten",
        f"{SOFTMAX} | at_position(last)",
        f"{SOFTMAX} | residual | layer_norm | mlp(gelu) | mean_pool",
        f"{SOFTMAX} | residual | mlp(cos) | flatten",
        f"{SOFTMAX} | residual | mlp(erf) | mean_pool | ntk",
        "embedding(2, 1, 1/3) | attention(tied, relu) | mlp(exp) | mean_pool",
        "embedding(2, 1, 1/2) | attention(tied, abs) | residual | layer_norm | flatten",
    ],
)
def test_certain_terms_do_not_change_with_the_order(text):
    """The terms down to L^-2 are terms of the expansion down to L^-3."""
    kernel = read_pipeline(text)
    less, more = (kernel.spectrum(length=L, tokens=uniform(2), terms=9, down_to=r) for r in (2, 3))
    for sector in less.sectors:
        if not sector.multiplicity:
            continue
        again = more.sector(sector.position_irrep, sector.token_irrep)
        for one, two in zip(sector.expansions, again.expansions, strict=False):
            assert [t.exponent for t in one.terms] == [t.exponent for t in two.terms][
                : len(one.terms)
            ]
            for a, b in zip(one.terms, two.terms, strict=False):
                assert float(sp.N(value(a))) == pytest.approx(float(sp.N(value(b))), rel=1e-13)


def value(term):
    return term.coefficient if isinstance(term.coefficient, sp.Expr) else float(term.coefficient)


def test_a_jet_one_weight_short_is_wrong():
    """Flatten, softmax, mu = (1): the correction at L^-4 takes weight 7; weight 6 has another number there, and certifies one term."""
    source = JetSource(read_pipeline(f"{SOFTMAX} | flatten"), ((Fraction(1), HALF),))
    mu, kappa = Partition(1), Partition()
    corrections = {}
    for order in (6, 7, 8):
        setting = SectorSetting(source.laws, mu, kappa, order - 1, False)
        for name, known in (("believed", Fraction(4)), ("certain", Fraction(order + 1, 2))):
            block = SectorBlock(setting, source.jets(order), known)
            roots = CertifiedBlock(block.entries(), setting.weights, known, source.field, source.reduced).roots()  # fmt: skip
            assert roots[0].terms[0][0] == 3
            corrections[order, name] = [
                float(c.to_sympy().evalf(20)) for _, c in roots[0].terms[1:]
            ]
    assert corrections[6, "believed"] == pytest.approx([-0.868], abs=1e-3)
    assert corrections[6, "certain"] == []
    assert corrections[7, "certain"] == pytest.approx([3.68286672240453])
    assert corrections[8, "certain"] == pytest.approx([3.68286672240453])


@pytest.mark.parametrize("law", [HALF, (Fraction(2, 3), Fraction(1, 3))])
@pytest.mark.parametrize("k", [0, 1, 2])
def test_operators_of_two_letters(law, k):
    """The general operators beside the tensor powers of a 2 x 2 matrix: u_e = C(n - 2k, e) y^e, at L = 20."""
    length = 20
    operators, space = FluctuationOperators((law, law), k, 4, 0), TwoLetterSpace(law, k, 4, 0)
    free = length - 2 * k
    for a, b, c in ((0, 0, 1), (0, 0, 2), (0, 0, 3), (1, 0, 2), (1, 1, 2), (2, 1, 3)):
        columns = operators.pairs((c,))
        letter = operators.letter(1, 0)
        for _ in range(b):
            columns = product(columns, letter)
        for _ in range(a):
            columns = product(letter, columns)
        expected = space.operator(a, b, c)
        for i in range(3):
            for j in range(3):
                found = columns[j].get(i, 0)
                found = found(length) if found else 0
                assert found == expected[i][j](length) * comb(free, i) / comb(free, j), (a, b, c)


def product(left, right):
    """Of matrices by columns."""
    found = []
    for column in right:
        total = {}
        for k, c in column.items():
            for i, d in left[k].items():
                total[i] = total.get(i, 0) + d * c
        found.append(total)
    return found


FRACTIONS = st.fractions(Fraction(1, 4), 2, max_denominator=4)


@given(
    st.tuples(FRACTIONS, FRACTIONS),
    st.sampled_from(["attention(tied, softmax)", "attention(tied, relu)", "attention"]),
    st.sampled_from(["residual", "residual | layer_norm", "linear(2, 1/3)", "residual | mlp(erf)", "residual | mlp(relu)", "mlp(x^2 + x)", "mlp(gelu)"]),
    st.sampled_from(["mean_pool", "flatten", "at_position(last)"]),
    st.sampled_from([uniform(2), categorical(["2/3", "1/3"])]),
)  # fmt: skip
@examples(4)
def test_positive_kernels_have_no_negative_branch(embedded, attention, layer, readout, law):
    """Branches of a jet that would be negative start beyond the cut; a positive kernel has no half power in front."""
    token, position = embedded
    text = f"embedding({token}, {position}) | {attention} | {layer} | {readout}"
    problem = Problem.of(read_pipeline(text), law, L, 2, Fraction(2))
    for sector in LargeLength().solve(problem).sectors:
        for series in sector.expansions:
            assert float(sp.N(value(series.terms[0]))) > 0, (text, sector)
            assert series.terms[0].exponent.is_Integer, (text, sector)


def test_branches_that_jets_make_negative_lie_beyond_the_cut():
    """The same of two kernels further down."""
    for text in (f"{SOFTMAX} | flatten", f"{SOFTMAX} | residual | mlp(erf) | mean_pool"):
        spec = read_pipeline(text).spectrum(length=L, tokens=uniform(2), down_to=3)
        for sector in spec.sectors:
            assert all(float(sp.N(value(s.terms[0]))) > 0 for s in sector.expansions)


def test_the_trace_is_that_of_the_kernel():
    """E k(x, x) of a polynomial kernel, exactly; of softmax beside the mean at one length."""
    kernel = read_pipeline("embedding(2, 1) | attention | mean_pool")
    exact = kernel.spectrum(length=L, tokens=uniform(2)).trace()
    found = LargeLength().solve(Problem.of(kernel, uniform(2), L, 4)).mean_diagonal
    assert sp.simplify(sp.series(exact.subs(L, 1 / sp.Symbol("h")), sp.Symbol("h"), 0, 4).removeO() - found.expression.subs(L, 1 / sp.Symbol("h"))) == 0  # fmt: skip
    kernel = read_pipeline(f"{SOFTMAX} | at_position(last)")
    series = kernel.spectrum(length=L, tokens=uniform(2), terms=4).trace()
    at = kernel.spectrum(length=40, tokens=uniform(2)).trace()
    assert series.at(40) == pytest.approx(float(at), abs=60 / 40**4 * 10)


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    ("tail", "family"),
    [
        ("mlp(relu) | mean_pool", Fraction(5, 2)),
        ("mlp(leaky_relu(1/10)) | flatten", Fraction(3, 2)),
        ("mlp(abs) | at_position(last)", Fraction(3, 2)),
        ("mlp(sign) | mean_pool", Fraction(3, 2)),
        ("mlp(step) | flatten", Fraction(1, 2)),
        ("mlp(relu) | mean_pool | ntk", Fraction(3, 2)),
    ],
)
def test_nothing_is_certain_below_the_branches_of_a_kink(tail, family):
    """Angles that vanish in the limit add branches at L^-family-k in mu, and series stop above them."""
    spec = read_pipeline(f"{SOFTMAX} | residual | {tail}").spectrum(length=L, tokens=uniform(2), terms=9, down_to=4)  # fmt: skip
    for sector in spec.sectors:
        edge = -(family + sector.position_irrep.size)
        if edge >= -4:
            assert sector.others == sp.Rational(edge.numerator, edge.denominator)
        for series in sector.expansions:
            assert all(t.exponent > edge for t in series.terms)
            assert series.error == sector.others


def test_the_error_falls_as_it_says():
    """Of three terms at lengths 32 and 64, beside the exact spectra there."""
    kernel = read_pipeline("embedding(1/2, 1/2) | attention(tied, softmax) | mean_pool")
    (series,) = kernel.spectrum(length=L, tokens=uniform(2), terms=3).sector([1], []).series()
    assert series.error == -6
    missed = []
    for length in (32, 64):
        (exact,) = kernel.spectrum(length=length, tokens=uniform(2)).sector([1], []).eigenvalues
        missed.append(float(exact) - series.at(length))
    assert missed[0] / missed[1] == pytest.approx(2**6, rel=0.25)
