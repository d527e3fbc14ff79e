"""Learnability laws and tables, the map of exponents, and crossing lengths of two kernels."""

import json

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import symkern as sk
from symkern.abc import L, alpha, beta, n, parse, sigma2, v
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.kernels import categorical, compare, distinct, uniform
from tests.search import examples


def test_learnability_is_the_equivalent_kernel():
    spec = sk.derive("linear-attention")
    law = spec.learnability([1], [], n=n)
    value = spec.sector([1], []).eigenvalues[0]
    assert sp.cancel(law.formula - n * value / (n * value + sigma2)) == 0
    assert law.exponent == -3
    assert law.derivation().check()
    # At n = samples to learn, it is one half.
    half = spec.learnability([1], [], n=spec.scaling_law([1], []).formula)
    assert sp.cancel(half.formula) == sp.Rational(1, 2)


@pytest.mark.parametrize(
    ("samples", "ridge", "exponent", "coefficient"),
    [
        ("n", "sigma2", -3, 2 * alpha**2 * beta * n / (sigma2 * v**2)),
        ("L^3", "sigma2", 0, 2 * alpha**2 * beta / (2 * alpha**2 * beta + sigma2 * v**2)),
        ("L^4", "1", 0, 1),
        ("n", "L", -4, 2 * alpha**2 * beta * n / v**2),
        ("n", "0", 0, 1),
    ],
)
def test_leading_terms_of_learnability(samples, ridge, exponent, coefficient):
    law = sk.derive("linear-attention").learnability([1], [], n=samples, ridge=ridge)
    assert law.exponent == exponent
    assert sp.cancel(law.coefficient - coefficient) == 0
    at = {L: 10**9, v: 5, alpha: 2, beta: 3, n: 7, sigma2: 11}
    assert float((law.formula / law.leading.expression).subs(at)) == pytest.approx(1, rel=1e-6)


def test_leading_term_of_a_root():
    law = sk.derive("linear-attention").learnability([1], [1], n=n)
    at = {L: 10**9, v: 5, alpha: 2, beta: 3, n: 7, sigma2: 11}
    assert float((law.formula / law.leading.expression).subs(at)) == pytest.approx(1, rel=1e-6)


def test_a_table_at_numbers():
    spec = sk.derive("linear-attention").evaluate(length=8, vocabulary=4, alpha=1, beta=1)
    table = spec.learnabilities(n=32, ridge="1/100")
    assert len(table.rows) == sum(s.multiplicity for s in spec)
    learned = sum(r.dimension * r.eigenlearning for r in table)
    assert learned + 0.01 / table.kappa == pytest.approx(32)
    for row in table:
        assert row.equivalent_kernel >= row.eigenlearning  # kappa is at least ridge/n
        assert row.equivalent_kernel == pytest.approx(row.eigenvalue / (row.eigenvalue + 0.01 / 32))
    assert all(len(line) <= 80 for line in str(table).splitlines())
    assert json.loads(json.dumps(table.to_dict()))["sectors"][0]["dimension"] == 1
    assert "<table>" in table._repr_html_()


def test_balls_and_zeros_in_a_table():
    spec = sk.derive("softmax-attention", length=4, tokens=uniform(2), alpha=1, beta=1)
    table = spec.learnabilities(n=10, ridge=0.1)
    assert all(0 <= row.eigenlearning <= 1 for row in table)


def test_a_table_compiles(compile_latex):
    from symkern.typeset.document import document

    spec = sk.derive("flatten").evaluate(length=8, vocabulary=4, alpha=1, beta=1)
    body = spec.learnabilities(n=32, ridge=0.01).latex()
    compile_latex(document(body + sk.derive("linear-attention").exponent_map().latex()))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s: s.learnability([1], [], n=0), "n: must be at least 1"),
        (lambda s: s.learnability([1], [], n=3, ridge=-1), "ridge: must be at least 0"),
        (lambda s: s.trace_law([3]), "mu: must label a sector"),
        (lambda s: s.learnability([1], [], n=3, branch=5), "branch: must count"),
        (lambda s: s.learnabilities(n=3, ridge=1), "spectrum: must have numbers for"),
        (lambda s: s.learnabilities(n=0, ridge=1), "n: must be at least 1"),
        (lambda s: s.learnabilities(n=3, ridge=-1), "ridge: must be at least 0"),
        (lambda s: s.learnabilities(n=float("nan"), ridge=1), "n: must be a finite"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call(sk.derive("linear-attention"))


# -- the map of exponents --------------------------------------------------------------------------


def test_map_of_linear_attention():
    found = sk.derive("linear-attention").exponent_map()
    cells = {(a, e): found[a, e] for a in found.asymmetries for e in found.symmetric_degrees}
    assert cells == {(0, 0): (0,), (0, 1): (1,), (0, 2): (2,), (1, 0): (2,), (1, 1): (3,), (1, 2): ()}  # fmt: skip
    assert len(found.entries) == 10
    assert all(len(line) <= 80 for line in str(found).splitlines())


def test_two_layers_follow_one_line():
    """Two layers, two letters: samples ~ L^(2 |mu| + e)."""
    found = sk.derive("linear-attention-2", tokens=uniform(2)).exponent_map()
    assert len(found.entries) > 15
    for t in found.entries:
        assert t.exponent == 2 * t.asymmetry + t.symmetric_degree


def test_shares_are_those_of_dense_eigenfunctions():
    """Shares by degree of numpy's eigenvectors on all sequences, at a size where degrees still mix."""
    from symkern.learning import exponent_map

    spec = sk.derive("linear-attention", tokens=uniform(2))
    sector = spec.sector([], [])
    grading = sector.degrees
    length = 6
    with sk.limits.changed(far_length=length):
        shares = exponent_map._shares(spec, sector, grading)
    from symkern.derivations.dense_operator import DenseOperator

    dense = DenseOperator(spec, length, 2)
    operator = dense.matrix.astype(float) / dense.denominator
    values, vectors = np.linalg.eigh((operator + operator.T) / 2)
    letters = 1 - 2 * np.array(dense.words)
    subsets = [[a for a in range(length) if bits >> a & 1] for bits in range(1 << length)]
    fourier = np.stack([letters[:, s].prod(axis=1) for s in subsets], axis=1) / 2 ** (length / 2)
    expected = sorted((float(e) for e in spec.evaluate(length=length, alpha=2, beta=3).sector([], []).eigenvalues), reverse=True)  # fmt: skip
    for value, share in zip(expected, shares, strict=True):
        at = int(np.argmin(abs(values - value)))
        weights = (fourier.T @ vectors[:, at]) ** 2
        for d in set(grading):
            total = sum(w for w, s in zip(weights, subsets, strict=True) if len(s) == d)
            assert share[d] == pytest.approx(total, abs=1e-9)


def test_a_map_needs_a_symbol_and_degrees():
    with pytest.raises(InvalidArgument, match="length: must be the symbol"):
        sk.derive("flatten", length=4).exponent_map()
    with pytest.raises(NoClosedForm, match="degree"):
        sk.derive("flatten", tokens=distinct()).exponent_map()


def test_the_map_as_data():
    found = json.loads(json.dumps(sk.derive("linear-attention-last").exponent_map().to_dict()))
    assert {e["symmetric_degree"] for e in found["eigenvalues"]} == {0, 1, 2}
    for e in found["eigenvalues"]:
        assert parse(e["samples"]) != 0
        assert sum(e["shares"].values()) == pytest.approx(1)


# -- crossing lengths ------------------------------------------------------------------------------

PAIRS = [
    ({"alpha": 1, "beta": 10}, "flatten", {"alpha": 3, "beta": 1}),
    ({"alpha": 1, "beta": 1}, "linear-attention-flatten", {"alpha": 1, "beta": "1/10"}),
    ({"alpha": 1, "beta": 50}, "linear-attention", {"alpha": 2, "beta": "1/5"}),
    ({"alpha": 3, "beta": 1}, "bag-of-tokens", {"alpha": "1/2"}),
]


@pytest.mark.sampled(4)
@pytest.mark.parametrize(("first", "name", "second"), PAIRS, ids=str)
def test_crossings_beside_a_scan(first, name, second):
    """From the crossing on the verdict holds at every length looked at, and at the one before it does not."""
    law = uniform(3)
    a = sk.derive("linear-attention", tokens=law, **first)
    b = sk.derive(name, tokens=law, **second)
    seen = 0
    for row in compare(a, b):
        if row.crossing is None:
            continue
        seen += 1
        wins = {}
        near = range(max(row.least, row.crossing - 10), row.crossing + 10)
        far = (int(s) for s in np.geomspace(row.least, 100 * row.crossing, 25))
        for size in sorted({*near, *far, row.least}):
            e, f = (sp.re(branch.value.subs(L, size).n(30)) for branch in row.branches)
            wins[size] = ("first" if e > f else "second") == row.verdict
        losses = [size for size, won in wins.items() if not won and size >= row.least]
        assert row.crossing == max(losses, default=row.least - 1) + 1
    assert seen


def test_no_crossing_where_symbols_are_left():
    for row in compare(sk.derive("linear-attention"), sk.derive("flatten")):
        assert row.crossing is None


def test_the_comparison_shows_crossings():
    law = uniform(3)
    found = compare(
        sk.derive("linear-attention", tokens=law, alpha=1, beta=10),
        sk.derive("flatten", tokens=law, alpha=3, beta=1),
    )
    assert "from L" in str(found)
    assert any(row["from_length"] for row in found.to_dict()["sectors"])
    assert all(len(line) <= 80 for line in str(found).splitlines())


# -- the trace bound, on any kernel ----------------------------------------------------------------


@examples(40)
@given(st.data())
def test_the_trace_bound_is_never_below_the_truth(data):
    """Every eigenvalue of every sector of a random kernel, at a random size, exactly."""
    kernel = data.draw(sk.strategies.kernels())
    size, letters = data.draw(st.integers(2, 4)), data.draw(st.integers(2, 3))
    point = {p.name: data.draw(st.integers(1, 4)) for p in kernel.parameters}
    spec = sk.derive(kernel, length=size, tokens=uniform(letters), **point)
    for sector in spec:
        law = spec.trace_law(sector.position_irrep, sector.token_irrep)
        for value in sector.eigenvalues:
            number = value if isinstance(value, sp.Expr) else sp.Float(float(value), 30)
            assert sp.N(number, 30) <= sp.N(law.formula, 30) * (1 + sp.Float("1e-12", 30))
        total = sp.N(sp.S(sector.dimension) * sector.block.trace().to_sympy(), 30)
        assert total <= sp.N(spec.trace(), 30) * (1 + sp.Float("1e-25", 30))


def test_learnability_reads_floats_as_decimals():
    spec = sk.derive("linear-attention")
    exact = spec.learnability([1], n=10, ridge="1/10")
    assert spec.learnability([1], n=10, ridge=0.1) == exact
    assert spec.learnability([1], n=10.0, ridge=np.float64(0.1)) == exact
    assert not exact.formula.has(sp.Float)
    with pytest.raises(InvalidArgument, match="ridge: must be a finite number"):
        spec.learnability([1], n=10, ridge=float("nan"))
    with pytest.raises(InvalidArgument, match="ridge: must be at least 0"):
        spec.learnability([1], n=10, ridge=-0.1)


def test_nothing_is_learned_where_the_kernel_is_zero():
    spec = sk.derive("linear-attention")
    law = spec.learnability((2,), n=100)
    assert (law.formula, law.leading, law.quantity) == (0, None, "Lrn")
    assert spec.learnability((1,), (3,), n=100, ridge=0).formula == 0
    assert str(law) == "Lrn = 0  (proved)"
    with pytest.raises(InvalidArgument, match="must be at least"):
        sk.derive("flatten", length=3, tokens=uniform(2)).learnability((2,), n=100)
    with pytest.raises(InvalidArgument, match="n: must be at least 1"):
        spec.learnability((2,), n=0)
    with pytest.raises(InvalidArgument, match="must label functions"):  # no S_v to speak of
        sk.derive("flatten", tokens=categorical(["1/4", "3/4"])).learnability((1,), (1,), n=5)
