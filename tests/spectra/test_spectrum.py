"""A spectrum as a whole: rank, order, tightness, floats, storage."""

import json

import numpy as np
import pytest
import sympy as sp

import symkern as sk
from symkern import claims
from symkern.abc import L, alpha, beta, v
from symkern.errors import InvalidArgument
from symkern.kernels import categorical, distinct, uniform


@pytest.fixture(scope="module")
def linear():
    return sk.derive("linear-attention")


def test_rank_by_brute_force(linear):
    """Numerical rank of the whole matrix at a size where all sectors are full."""
    length, letters = 4, 4
    words = list(np.ndindex(*[letters] * length))
    x = np.array(words)
    s = sum(np.outer((x == t).sum(1), (x == t).sum(1)) for t in range(letters))
    m = (x[:, None] == x[None]).sum(-1)
    k = (s + 2 * length) * (s + 4 * m + 4 * length) / length**4
    expected = np.linalg.matrix_rank(k, tol=1e-9 * np.abs(k).sum())
    assert linear.rank().subs({L: length, v: letters}) == expected
    assert linear.evaluate(length=length, vocabulary=letters, alpha=1, beta=2).rank() == expected


def test_zero_eigenvalues_do_not_count_in_the_rank():
    spec = sk.kernels.embedding(0, 1).flatten().spectrum(length=L, tokens=sk.kernels.uniform(v))
    assert spec.rank() == 1


def test_eigenvalues_come_in_order(linear):
    terms = [e.leading.exponent for e in linear.eigenvalues()]
    assert terms == sorted(terms, reverse=True)
    numbers = linear.evaluate(length=5, vocabulary=3, alpha=1, beta=1).eigenvalues()
    values = [float(e.value) for e in numbers]
    assert values == sorted(values, reverse=True)
    assert sum(e.dimension for e in numbers) == linear.rank().subs({L: 5, v: 3})


def test_tightness_against_direct_limits(linear):
    trace = linear.trace()
    for row in linear.tightness():
        value = row.sector.eigenvalues[0]
        at = {alpha: 1, beta: 2, v: 7}
        ratio = (value * row.sector.dimension / trace).subs(at)
        big = sp.Integer(10) ** 12
        assert abs(sp.N(ratio.subs(L, big) * big**row.gap) - sp.N(row.ratio.subs(at))) < 1e-6
        assert row.gap >= 0
    tight = {
        (t.sector.position_irrep, t.sector.token_irrep) for t in linear.tightness() if t.is_tight
    }
    assert ((), ()) in tight
    assert ((1,), (1,)) not in tight


def test_filter(linear):
    kept = linear.filter(lambda sector: sector.position_irrep == (1,))
    assert len(kept) == 4


def test_floats_are_correct_to_the_last_digits(linear):
    found = linear.floats([4, 10, 10**6], vocabulary=5, alpha=1, beta="1/3")
    for sector in linear:
        rows = found[sector.position_irrep, sector.token_irrep]
        assert rows.shape == (3, sector.multiplicity)
        for length, row in zip([4, 10, 10**6], rows, strict=True):
            at = {L: length, v: 5, alpha: 1, beta: sp.Rational(1, 3)}
            exact = sorted((sp.N(e.subs(at), 40) for e in sector.eigenvalues), reverse=True)
            assert np.allclose(row, [float(e) for e in exact], rtol=4e-16, atol=0)


def test_floats_refuse_what_they_cannot_know(linear):
    with pytest.raises(InvalidArgument, match="must give values to beta"):
        linear.floats([5], vocabulary=5, alpha=1)
    with pytest.raises(InvalidArgument, match="w: must be a hyperparameter"):
        linear.floats([5], vocabulary=5, w=1)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "spec",
    [
        sk.derive("linear-attention"),
        sk.derive("linear-attention", length=4, tokens=sk.kernels.uniform(3), alpha=1, beta="1/2"),
        sk.derive("linear-attention-last", tokens=sk.kernels.distinct()),
        sk.derive("transformer-block", b=0),
    ],
    ids=lambda spec: str(spec.kernel)[:40],
)
def test_saved_and_loaded(spec, tmp_path):
    spec.save(tmp_path / "a.json")
    back = sk.Spectrum.load(tmp_path / "a.json")
    assert back == spec
    assert back.to_json() == spec.to_json()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 2}', '{"schema": 1}', "null"])
def test_loading_refuses_what_is_no_spectrum(text, tmp_path):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(InvalidArgument, match="text: must"):
        sk.Spectrum.load(tmp_path / "a.json")


def test_loading_evaluates_nothing(tmp_path, linear):
    document = json.loads(linear.to_json())
    document["trace"] = "__import__('os').getpid()"
    (tmp_path / "a.json").write_text(json.dumps(document))
    with pytest.raises(InvalidArgument, match="trace: a formula holds"):
        sk.Spectrum.load(tmp_path / "a.json")


def test_scaling_law_counts_branches(linear):
    assert linear.scaling_law((1,)).exponent == 2
    assert linear.scaling_law((1,), (1,), branch=1).exponent == 3
    with pytest.raises(InvalidArgument, match="branch: must count"):
        linear.scaling_law((1,), (1,), branch=2)
    with pytest.raises(InvalidArgument, match="mu: must label a sector"):
        linear.scaling_law((2,))


@pytest.mark.sampled(2)
@pytest.mark.parametrize("exponent", [0, 1, "1/2", 2, "3/2"])
@pytest.mark.parametrize("name", ["linear-attention", "linear-attention-flatten"])
def test_joint_limits_against_numbers(name, exponent):
    """At v = L^c with a huge L the exact eigenvalues are their leading terms."""
    spec = sk.derive(name)
    c = sp.Rational(exponent)
    size = sp.Integer(10) ** 24
    at = {L: size, v: size**c, alpha: sp.Rational(2, 3), beta: 5}
    for key, terms in spec.joint_limit(exponent).items():
        values = sorted((sp.N(e.subs(at), 60) for e in spec.sector(*key).eigenvalues), reverse=True)
        assert len(terms) == len(values)
        expected = sorted(
            (sp.N(t.coefficient.subs(at) * size**t.exponent, 60) for t in terms), reverse=True
        )
        if c == 0:
            continue  # v = 1 there; only that it derives
        for value, leading in zip(values, expected, strict=True):
            assert abs(value / leading - 1) < 1e-9


def test_joint_limits_refuse():
    with pytest.raises(InvalidArgument, match="exponent: must be a nonnegative"):
        sk.derive("flatten").joint_limit(-1)
    with pytest.raises(InvalidArgument, match="spectrum: must be symbolic"):
        sk.derive("flatten", length=4).joint_limit(1)


def test_tightness_at_a_given_length_is_eigenvalue_over_bound(linear):
    numbers = linear.evaluate(length=5, vocabulary=3, alpha=1, beta=2)
    rows = numbers.tightness()
    assert [row.sector for row in rows] == list(numbers.sectors)
    for row in rows:
        assert row.gap is None and not row.is_tight
        value = row.sector.eigenvalues[0] * row.sector.dimension / numbers.trace()
        assert sp.simplify(row.ratio - value) == 0
        assert sp.simplify(row.bound * row.sector.dimension - numbers.trace()) == 0
        shown = sk.typeset.formula_text(row.law().formula)
        assert f"eigenvalue/bound = {shown}  (below, proved)" in str(row)
    total = sum(sum(s.eigenvalues) * s.dimension for s in numbers)
    assert sp.simplify(total - numbers.trace()) == 0
    one = sk.kernels.embedding(1).flatten().spectrum(length=1, tokens=sk.kernels.uniform(2))
    assert [str(row) for row in one.tightness()][-1].endswith(
        "eigenvalue/bound = 1/2  (below, proved)"
    )
    whole = sk.kernels.embedding(0, 1).attention().mean_pool()
    (row,) = whole.spectrum(length=1, tokens=sk.kernels.uniform(1)).tightness()
    assert row.is_tight and row.ratio == 1 and "(attained, proved)" in str(row)


def test_tightness_and_laws_of_irrational_kernels_are_numbers_with_a_radius():
    softmax = sk.kernels.embedding(1, 1).attention("tied", "softmax").mean_pool()
    found = softmax.spectrum(length=5, tokens=sk.kernels.uniform(2))
    total = sum(float(e.value) * e.dimension for e in found.eigenvalues())
    for row in found.tightness():
        value = float(row.sector.eigenvalues[0])
        assert float(row.ratio) == pytest.approx(value * row.sector.dimension / total, rel=1e-12)
        assert row.ratio.radius < 1e-40 and row.law().formula is None
        assert str(row.law()) == f"eigenvalue/bound = {row.ratio.digits()}  (proved)"
        assert row.ratio.latex() in row.latex()
        law = found.scaling_law(row.sector.position_irrep, row.sector.token_irrep)
        assert law.unit == sk.abc.sigma2 and float(law.value) == pytest.approx(1 / value)
        share = found.learnability(row.sector.position_irrep, row.sector.token_irrep, n=50, ridge=2)
        assert float(share.value) == pytest.approx(value / (value + 2 / 50), rel=1e-12)
        names = {**vars(sk), **vars(claims), **vars(sk.bounds), **vars(sk.exact)}
        assert eval(repr(share), names) == share  # noqa: S307


@pytest.mark.wide
def test_tightness_of_algebraic_eigenvalues_at_a_given_length():
    deep = sk.derive("linear-attention-2", tokens=uniform(3), alpha=1, beta=1).evaluate(length=4)
    for row in deep.tightness():
        expected = float(row.sector.eigenvalues[0]) * row.sector.dimension / float(deep.trace())
        assert float(row.ratio) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", ["linear-attention", "linear-attention-last"])
def test_tightness_reads_the_trace_once(name, monkeypatch):
    """The trace has the hyperparameters and is the long formula; dimensions hold the sizes alone."""
    from symkern.spectra import trace_bounds as ranking

    spec, seen, read = sk.derive(name), [], ranking.leading
    monkeypatch.setattr(ranking, "leading", lambda e, variable: seen.append(e) or read(e, variable))
    found = spec.tightness()
    assert sum(formula.has(alpha) for formula in seen) == 1 < len(found)
    for t in found:
        bound = spec.trace() / t.sector.dimension
        grown, [term, *_] = read(sp.factor(bound)), t.sector.leading_terms
        assert t.bound == sp.factor(bound) and t.gap == grown.exponent - term.exponent
        assert t.ratio is None or sp.simplify(t.ratio * grown.coefficient - term.coefficient) == 0


def test_a_sector_that_is_zero():
    """Asked for by its labels a sector where the kernel is zero is the zero sector; labels without functions are refused."""
    spec = sk.derive("bag-of-tokens", alpha=1, length=4, tokens=uniform(3))
    zero = spec.sector([1], [1])
    assert zero.eigenvalues == (0,) and zero not in spec.sectors
    assert (zero.dimension, zero.valid_for) == (3 * 2, {"L": 4, "v": 3})
    assert spec.sector([2]).dimension == 2 and spec.sector([2]).token_irrep is None
    symbolic = sk.derive("bag-of-tokens").sector([2, 1], [1])
    assert symbolic.dimension.subs({L: 6, v: 3}) == 32 and symbolic.valid_for == {"L": 5, "v": 3}
    for mu, kappa in (([3], [1]), ([1, 1, 1], None), ([1], [2]), ([1], [1, 1, 1])):
        with pytest.raises(InvalidArgument, match="must label functions"):
            spec.sector(mu, kappa)
    permutations = sk.derive("flatten", tokens=distinct())
    assert permutations.sector([2], [2]).eigenvalues == (0,)
    with pytest.raises(InvalidArgument, match="must label functions"):
        permutations.sector([2], [1])
    law = categorical(["1/2", "1/3", "1/6"])
    assert sk.derive("bag-of-tokens", tokens=law).sector([1]).eigenvalues == (0,)
    with pytest.raises(InvalidArgument, match="not zero"):
        spec.scaling_law([1], [1])
