"""What is asked of spectra whose eigenvalues are series in 1/L: samples, maps of exponents, comparisons, files; and what stays unknown."""

from __future__ import annotations

import json

import numpy as np
import pytest
import sympy as sp
from scipy.stats import binom

import symkern as sk
from symkern.abc import L, alpha, beta, sigma2, v
from symkern.combinatorics import Partition
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.exact import Ball
from symkern.exact.asymptotics import Leading
from symkern.exact.length_series import LengthSeries
from symkern.kernels import categorical, compare, mixture, read_pipeline, uniform
from symkern.learning.series_order import SeriesSide, series_order, series_verdict
from symkern.spectra.storage import read_spectrum

SOFTMAX = "embedding(1, 1) | attention(tied, softmax)"


@pytest.fixture(scope="module")
def symbols():
    return sk.derive("softmax-attention", vocabulary=2)


@pytest.fixture(scope="module")
def numbers():
    return read_pipeline(f"{SOFTMAX} | residual | mlp(erf) | flatten").spectrum(length=L, tokens=uniform(2))  # fmt: skip


def series(*terms, error=None):
    return LengthSeries(tuple(Leading(sp.S(e), c) for e, c in terms), None if error is None else sp.S(error))  # fmt: skip


# -- samples -----------------------------------------------------------------------------------


def test_samples_of_formulas_and_of_numbers(symbols, numbers):
    law = symbols.scaling_law([1])
    A = sp.exp(alpha)
    assert sp.simplify(law.leading.coefficient - sigma2 * (A + 1) ** 4 / (4 * beta * (A - 1) ** 2)) == 0  # fmt: skip
    assert law.exponent == 3 and law.threshold == {}
    law = numbers.scaling_law([2], [])
    # .129393854143313/L^3 is a check value of the theory.
    assert law.exponent == 3
    assert float(law.value) == pytest.approx(1 / 0.129393854143313, rel=1e-12)
    assert str(law).startswith("n ~ 7.72834")
    assert "sigma2*L^3" in str(law) and r"L^{3}" in law.latex()


def test_shares_of_numbers(numbers):
    n = sp.Symbol("n", positive=True)
    law = numbers.learnability([2], [], n=n, ridge=3)
    assert law.exponent == -3
    assert law.unit == n
    assert float(law.value) == pytest.approx(0.129393854143313 / 3, rel=1e-12)
    full = numbers.learnability([2], [], n=L**5, ridge=3)
    assert full.leading == Leading(sp.S.Zero, sp.S.One)
    half = numbers.learnability([], [], n=10, ridge=3)
    share = 0.464917899015491
    assert float(half.value) == pytest.approx(10 * share / (10 * share + 3), rel=1e-12)


def test_what_is_not_listed_is_zero_only_where_the_pipeline_says_so(symbols, numbers):
    """One attention and the mean: nothing beyond |mu| = 1; behind an activation nobody knows."""
    assert symbols.sector([2], []).eigenvalues == (0,)
    assert symbols.learnability([2], n=10).formula == 0
    assert symbols.order_of_unlisted(Partition(1), Partition(1)) is None
    for ask in (numbers.sector, numbers.scaling_law, lambda mu: numbers.learnability(mu, n=10)):
        with pytest.raises(NoClosedForm, match=r"O\(L\^-3\)"):
            ask([3])
    assert numbers.order_of_unlisted(Partition(3)) == -3


def test_a_joint_limit_is_refused_with_the_reason(symbols):
    with pytest.raises(NoClosedForm, match="for a given vocabulary"):
        symbols.joint_limit(1)


# -- maps --------------------------------------------------------------------------------------


def test_map_of_softmax(symbols):
    found = symbols.exponent_map()
    assert found[0, 0] == (0,) and found[0, 1] == (1,) and found[1, 1] == (3,)
    assert found[1, 0] == ()
    assert all(max(t.shares.values()) > 0.999 for t in found.entries)
    assert max(map(len, found.text().splitlines())) <= 80


def test_map_where_degrees_do_not_follow_powers():
    """Flatten: degree 2 of () sits at L^-4, and degree 2 of (1) at L^-3."""
    spec = read_pipeline(f"{SOFTMAX} | flatten").spectrum(length=L, tokens=uniform(2), down_to=4)
    found = spec.exponent_map()
    assert found[0, 2] == (4,) and found[1, 0] == (1,) and found[1, 1] == (3,) and found[2, 0] == (3,)  # fmt: skip


def test_degrees_are_those_of_the_exact_engine():
    """A polynomial kernel under the same questions: its own map, and that of its series."""
    from fractions import Fraction

    from symkern.engines.large_length.degree_shares import degree_shares
    from symkern.engines.problem import Problem

    for text in ("linear-attention-last", "linear-attention-flatten"):
        spec = sk.derive(text, tokens=uniform(2), alpha=1, beta=1)
        exact = spec.exponent_map()
        asked = {(s.position_irrep, s.token_irrep): [e for e in s.exponents if e is not None] for s in spec}  # fmt: skip
        shares = degree_shares(Problem.of(spec.kernel, spec.tokens, L, 2, Fraction(4)), asked)
        for t in exact.entries:
            own = shares[t.position_irrep, t.token_irrep][t.branch]
            assert max(own, key=own.get) == t.degree


def test_map_of_numbers_and_of_a_read_position():
    spec = read_pipeline(f"{SOFTMAX} | at_position(last)").spectrum(length=L, tokens=categorical(["1/3", "2/3"]), down_to=2)  # fmt: skip
    found = spec.exponent_map()
    # The letter that is read, and nothing else, costs no power of L.
    assert 0 in found[0, 0] and 0 in found[0, 1]
    mixed = mixture([("1/2", categorical(["1/2", "1/2"])), ("1/2", categorical(["1/5", "4/5"]))])
    spec = read_pipeline(f"{SOFTMAX} | mean_pool").spectrum(length=L, tokens=mixed, down_to=1)
    assert spec.exponent_map()[0, 0] == (0,) and len(spec.exponent_map().cell(0, 0)) == 2


# -- comparisons -------------------------------------------------------------------------------


def test_softmax_beside_linear_attention(symbols):
    """Linear attention learns (L-1,1) x (1,1) at L^2, which mean-pooled softmax does not see."""
    rows = {(str(r.position_irrep), str(r.token_irrep)): r for r in compare("linear-attention", symbols.kernel, tokens=uniform(2))}  # fmt: skip
    assert rows["1", "1"].verdict == "first" and rows["1", "1"].is_never == (False, True)
    assert rows["1", "1"].laws[0].exponent == 2
    assert rows["1", "[]"].verdict == "same growth"
    assert all(r.crossing is None for r in rows.values())


def test_orders_of_numbers(numbers):
    """Balls, formulas that are numbers, and sectors of which an order is known alone."""
    other = read_pipeline(f"{SOFTMAX} | flatten").spectrum(length=L, tokens=uniform(2))
    found = compare(numbers, other)
    for row in found:
        first, second = (None if law is None else law.exponent for law in row.laws)
        if row.laws[0] is None or row.laws[1] is None:
            continue
        if first != second:
            assert row.verdict == ("first" if first < second else "second")
        elif row.verdict in ("first", "second"):
            own = [float(sp.N(s.expansions[0].terms[0].coefficient)) if isinstance(s.expansions[0].terms[0].coefficient, sp.Expr) else float(s.expansions[0].terms[0].coefficient) for s in (t.sector(row.position_irrep, row.token_irrep) for t in (numbers, other))]  # fmt: skip
            assert (own[0] > own[1]) == (row.verdict == "first")
    assert {row.verdict for row in compare(numbers, numbers)} == {"equal"}
    unknown = read_pipeline(f"{SOFTMAX} | residual | mlp(erf) | mean_pool").spectrum(length=L, tokens=uniform(2), down_to=3)  # fmt: skip
    rows = {(str(r.position_irrep), str(r.token_irrep)): r for r in compare(unknown, other)}
    row = rows["2", "[]"]
    assert row.laws[0] is None and row.is_never == (False, False)
    assert row.verdict == "second"  # L^-3 beside O(L^-4)
    assert "L^4 or more" in compare(unknown, other).text(unicode=False)
    data = compare(unknown, other).to_dict()["sectors"]
    assert all(e is None or set(e) >= {"formula", "exponent"} for s in data for e in s["samples"])


def test_kernels_of_two_groups(symbols):
    other = sk.derive("embedding(alpha, beta) | attention(tied, softmax) | at_position(last)", vocabulary=2)  # fmt: skip
    found = compare(symbols, other)
    verdicts = {(str(r.position_irrep), str(r.token_irrep)): r.verdict for r in found}
    assert verdicts["1", "[]"] == "second"  # L^2 beside L^3
    assert verdicts["[]", "1"] == "second"


@pytest.mark.parametrize(
    ("first", "second", "order"),
    [
        (series((0, sp.S(1)), error=-1), series((-1, sp.S(9)), error=-2), 1),
        (series((0, sp.S(1)), (-1, sp.S(1)), error=-2), series((0, sp.S(1)), error=-1), None),
        (series((0, sp.S(1)), (-1, sp.S(-1)), error=-2), series((0, sp.S(1)), error=None), -1),
        (series((0, alpha), (-1, beta), error=-2), series((0, alpha), (-1, beta + 1), error=-2), -1),
        (series((0, alpha), error=-2), series((0, beta), error=-2), None),
        (series((0, sp.exp(alpha) + 1), error=-2), series((0, sp.exp(alpha)), error=-2), 1),
        (series((0, Ball("0.5", "0.1")), error=-2), series((0, Ball("0.65", "0.1")), error=-2), None),
        (series((0, Ball("0.5", "0.1")), error=-2), series((0, sp.E), error=-2), -1),
        (series((-2, alpha), error=None), series((-2, alpha), error=None), 0),
        (series((-2, alpha), error=-3), series((-2, alpha), error=-3), None),
        (series((-1, None), error=-3), series((-1, alpha), error=-3), None),
        (series((0, sp.sqrt(2)), error=-3), series((0, sp.Rational(7, 5)), error=-3), 1),
    ],
)  # fmt: skip
def test_order_of_two_series(first, second, order):
    assert series_order(first, second, {}) == order
    back = series_order(second, first, {})
    assert back == (None if order is None else -order)


def test_verdicts_of_sides():
    one, zero = SeriesSide((series((-3, sp.S(1)), error=-4),), None), SeriesSide((), None)
    hidden = SeriesSide((), sp.S(-3))
    deep = SeriesSide((), sp.S(-4))
    assert series_verdict(zero, zero, {}) == "equal"
    assert series_verdict(one, zero, {}) == "first"
    assert series_verdict(zero, hidden, {}) == series_verdict(one, hidden, {}) == "undecided"
    assert series_verdict(deep, one, {}) == "second"
    # What is known of one side is larger, but what is not known of the other may be larger still.
    part = SeriesSide((series((-5, sp.S(1)), error=-6),), sp.S(-2))
    assert series_verdict(one, part, {}) == "undecided"


# -- files -------------------------------------------------------------------------------------


def test_read_back(symbols, numbers, tmp_path):
    for spec in (symbols, numbers):
        again = read_spectrum(spec.to_json())
        assert again.standing is sk.Standing.READ and again.recorded is sk.Standing.ASYMPTOTIC
        for one, two in zip(spec, again, strict=True):
            for a, b in zip(one.series(), two.series(), strict=True):
                assert a.error == b.error
                assert [t.exponent for t in a.terms] == [t.exponent for t in b.terms]
                for x, y in zip(a.terms, b.terms, strict=True):
                    same = x.coefficient == y.coefficient or sp.simplify(x.coefficient - y.coefficient) == 0  # fmt: skip
                    assert same
            assert one.others == two.others and one.undecided == two.undecided
        spec.save(tmp_path / "spectrum.json")
        assert sk.Spectrum.load(tmp_path / "spectrum.json") == again
        assert str(again.scaling_law([1], [])) == str(spec.scaling_law([1], [])).replace("asymptotic", "read, not proved")  # fmt: skip
        assert "read from a file" in again.text()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d["sectors"][-1].update(errors=["1"]), "errors"),
        (lambda d: d["sectors"][-1].update(errors=["-1/3"]), "errors"),
        (lambda d: d["sectors"][-1].update(series=["sin(L)"]), "series"),
        (lambda d: d["sectors"][-1].update(series=["1/(L+1)"]), "sum of powers"),
        (lambda d: d["sectors"][-1].update(errors=["0"]), "falling powers"),
        (lambda d: d["sectors"][-1]["coefficients"][0].__setitem__(0, ["1/2", "3/5"]), "hold the decimals"),
        (lambda d: d["sectors"][-1]["coefficients"][0].append(None), "coefficients"),
        (lambda d: d["sectors"][-1].update(others="-1/3"), "others"),
        (lambda d: d["sectors"][-1].update(block=[["1"]]), "empty"),
        (lambda d: d["sectors"][-1].update(standing="proved"), "standing"),
        (lambda d: d["sectors"][-1].update(dimension="7"), "dimension"),
        (lambda d: d["sectors"][-1].pop("holds_from"), "holds_from"),
        (lambda d: d["sectors"][-1].update(undecided=-3), "undecided"),
        (lambda d: d.pop("trace_error"), "trace_coefficients"),
        (lambda d: d.update(length=4), "symbols of kernel and sizes"),
        (lambda d: d["sectors"].append(d["sectors"][0]), "twice"),
    ],
)  # fmt: skip
def test_files_that_are_not_consistent(numbers, change, said):
    document = json.loads(numbers.to_json())
    change(document)
    with pytest.raises(InvalidArgument, match=said):
        read_spectrum(json.dumps(document))


def test_holds_from(symbols, numbers):
    assert symbols.sector([1], []).series()[0].holds_from is None
    flat = read_pipeline(f"{SOFTMAX} | flatten").spectrum(length=L, tokens=uniform(2))
    (found,) = flat.sector([1], []).series()
    assert found.holds_from == 60
    assert "first term larger than the second from about L = 60 on" in flat.text()
    assert "from about $L = 60$" in flat.latex()
    assert r"L \gtrsim 60" in flat._repr_html_()


def test_most_kernels_have_no_series_in_a_vocabulary_symbol():
    with pytest.raises(NoClosedForm, match="given vocabulary"):
        sk.derive("softmax-block", vocabulary=v)


def test_degrees_under_a_mixture_are_those_on_each_component():
    """Functions of the number of letters 1 alone, at 300 tokens in floating point: polynomials orthonormal under each component beside the map of the limit."""
    length, parts = 300, ((1 / 3, 1 / 5), (2 / 3, 3 / 5))
    counts = np.arange(length + 1)
    laws = [binom(length, p).pmf(counts) for _, p in parts]
    root = np.sqrt(sum(w * law for (w, _), law in zip(parts, laws, strict=True)))
    shares = np.stack([counts, length - counts]) / length
    products = shares.T @ shares
    variances = np.diag(products)
    kernel = np.exp(products + (variances[:, None] + variances[None, :]) / 2)
    _, vectors = np.linalg.eigh(root[:, None] * kernel * root[None, :])
    law = mixture([("1/3", categorical(["4/5", "1/5"])), ("2/3", categorical(["2/5", "3/5"]))])
    spec = read_pipeline("embedding(1) | mean_pool | mlp(exp)").spectrum(length=L, tokens=law)
    found = [t.degree for t in spec.exponent_map().entries]
    assert found == [0, 0, 1, 1, 2, 2]
    for i, degree in enumerate(found[:4]):
        function = np.where(root > 1e-150, vectors[:, -1 - i] / np.maximum(root, 1e-150), 0)
        sizes = np.zeros(4)
        for (w, p), pmf in zip(parts, laws, strict=True):
            y = (counts - length * p) / np.sqrt(length * p * (1 - p))
            basis = []
            for power in range(4):
                rest = y**power
                for b in basis:
                    rest = rest - b * (pmf @ (b * rest))
                basis.append(rest / np.sqrt(pmf @ rest**2))
            sizes += w * np.array([(pmf @ (b * function)) ** 2 for b in basis])
        assert sizes[degree] > 0.6 and sizes.sum() == pytest.approx(1, abs=1e-2), (i, sizes)


def test_a_mixture_of_polynomial_kernels_has_the_same_map_by_formulas_and_by_series():
    """Blocks of formulas under a mixture are in no basis graded by degree; the number of branches a degree is that of the components."""
    law = mixture([("1/3", categorical(["1/3", "2/3"])), ("2/3", uniform(2))])
    found = sk.derive("linear-attention-flatten", tokens=law, alpha=1, beta=1).exponent_map()
    assert [len(found.cell(*at)) for at in ((0, 0), (1, 0))] == [2, 2]
    assert all(t.shares[t.degree] > 0.99 for t in found.entries)


# -- trace bounds ------------------------------------------------------------------------------


def test_trace_bounds_of_series(symbols, numbers):
    """E k(x, x) over a dimension, as L grows, above every eigenvalue; it is said that it is no eigenvalue."""
    law = symbols.trace_law([1], [])
    assert law.leading == Leading(sp.S.NegativeOne, alpha / 2) and str(law).startswith("E k(x, x)/dimension ~ ")  # fmt: skip
    assert symbols.scaling_law([1], []).exponent > -law.exponent
    law = numbers.trace_law([2], [])
    assert law.exponent == -2
    # dim (L-2, 2) = L (L - 3)/2.
    assert float(law.value) == pytest.approx(2 * float(numbers.trace().terms[0].coefficient), rel=1e-12)  # fmt: skip
    with pytest.raises(NoClosedForm, match="without steps"):
        law.derivation()


def test_a_comparison_with_the_vocabulary_a_symbol():
    """What one kernel does not touch is learned by the other alone, whatever v."""
    rows = {(str(r.position_irrep), str(r.token_irrep)): r for r in compare("softmax-attention", "linear-attention")}  # fmt: skip
    assert rows["1", "1"].verdict == "second" and rows["1", "1"].is_never == (True, False)
    assert rows["1", "[]"].verdict == "same growth"
    assert sk.derive("softmax-attention").sector([2], []).eigenvalues == (0,)
