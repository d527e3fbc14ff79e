"""Hyperparameters as symbols with e^alpha and e^beta beside them, and the ranks that they decide for numbers."""

from fractions import Fraction
from functools import cache
from itertools import product

import numpy as np
import pytest
import sympy as sp

from symkern.abc import alpha, beta
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.exact import Ball, function_field
from symkern.exact.exponentials import exponential_field, exponential_of
from symkern.exact.forms import symbolic_operator
from symkern.kernels import categorical, embedding, uniform
from tests.oracles.staged import base, build, floating

KERNELS = {
    "softmax, mean": embedding(alpha, beta).attention("tied", "softmax").mean_pool(),
    "softmax, flatten": embedding(alpha, beta).attention("tied", "softmax").flatten(),
    "softmax, last": embedding(alpha, "1/3").attention("tied", "softmax").at_position("last"),
    "scaled scores": embedding(alpha, beta)
    .linear("1/2", 1)
    .attention("tied", "softmax")
    .mean_pool(),
    "identity rows": embedding(alpha, beta).attention("tied").flatten(),
    "relu rows, squares": embedding(alpha, beta)
    .attention("tied", "relu")
    .mlp("quadratic")
    .mean_pool(),
}
VALUES = {alpha: sp.Rational(3, 2), beta: sp.Rational(1, 2)}


@cache
def derived(name, length, law):
    return KERNELS[name].spectrum(length=length, tokens=law)


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize(("length", "size"), [(1, 2), (3, 2), (4, 2), (2, 3)])
def test_numbers_put_into_the_formulas(name, length, size):
    """Block traces, of every power that matters: the formulas at numbers are the spectrum at these numbers."""
    kernel = KERNELS[name]
    spec = kernel.spectrum(length=length, tokens=uniform(size))
    given = {s: q for s, q in VALUES.items() if s in kernel.parameters}
    numbers = spec.evaluate(**{s.name: q for s, q in given.items()})
    assert spec.check_trace()
    assert numbers.check_trace()
    for sector in spec:
        other = numbers.sector(sector.position_irrep, sector.token_irrep)
        block = np.array(sector.block.to_sympy().subs(given).evalf(30).tolist(), dtype=float)
        mine = np.sort(np.linalg.eigvals(block).real)[::-1]
        theirs = [float(e) for e in other.eigenvalues]
        assert np.allclose(mine, theirs, rtol=1e-9, atol=1e-13 * max(theirs))
    assert len(spec) == len(numbers)


def test_closed_form_at_three():
    """(2,1) at L = 3, v = 2: beta (e^alpha - 1)^2 / (4 (e^(alpha+beta) + 2)^2 (e^(alpha+beta) + e^alpha + 1)^2)."""
    (value,) = (
        KERNELS["softmax, mean"].spectrum(length=3, tokens=uniform(2)).sector((1,)).eigenvalues
    )
    both = sp.exp(alpha + beta)
    expected = (
        beta * (sp.exp(alpha) - 1) ** 2 / (4 * (both + 2) ** 2 * (both + sp.exp(alpha) + 1) ** 2)
    )
    assert sp.simplify(value - expected) == 0
    # and by the definition, on the full matrix
    stages, words = [base(1, 2), _SOFTMAX, ("mean_pool", {})], list(product((0, 1), repeat=3))
    matrix = np.array([[floating(stages, x, y) for y in words] for x in words]) / 8
    number = float(expected.subs({alpha: 1, beta: 2}))
    assert sum(abs(np.linalg.eigvalsh(matrix) - number) < 1e-12) == 2


def test_symbols_print_within_the_page():
    spec = KERNELS["softmax, mean"].spectrum(length=3, tokens=uniform(2))
    assert max(map(len, spec.text().splitlines())) <= 80
    assert r"e^{" in spec.latex()
    for sector in spec.to_dict()["sectors"]:
        assert all("exp(" in e or "alpha" in e for e in sector["eigenvalues"])


def test_symbols_are_refused_where_they_are_no_use():
    with pytest.raises(InvalidArgument, match="give alpha, beta values"):
        KERNELS["softmax, mean"].spectrum(length=30, tokens=uniform(2))
    twice = (
        embedding(alpha, beta).attention("tied", "softmax").attention("tied", "softmax").mean_pool()
    )
    with pytest.raises(NoClosedForm, match="scores are no polynomials"):
        twice.spectrum(length=2, tokens=uniform(2))
    with pytest.raises(NoClosedForm, match="relu"):
        embedding(alpha).flatten().mlp("relu").spectrum(length=2, tokens=uniform(2))
    negative = embedding(alpha, beta).mlp("x^3 - 3*x").attention("tied", "abs").mean_pool()
    with pytest.raises(NoClosedForm, match="sign"):
        negative.spectrum(length=2, tokens=uniform(2))


def _rank(stages, length, letters):
    """Rank of the full matrix, in floating point, from the plain recursion."""
    words = list(product(range(letters), repeat=length))
    matrix = np.array([[floating(stages, x, y) for y in words] for x in words])
    values = np.linalg.eigvalsh(matrix)
    return int((values > 1e-9 * values[-1]).sum())


_SOFTMAX = ("attention", {"query_key": "tied", "row_map": "softmax"})
_SQUARE = ("mlp", {"activation": (0, 0, 1)})


@pytest.mark.parametrize(
    "stages",
    [
        [base(1, 1), _SOFTMAX, ("attention", {}), ("mean_pool", {})],
        [base(1, "1/2"), _SOFTMAX, _SQUARE, ("mean_pool", {})],
        [base("1/2", 2), _SOFTMAX, ("attention", {}), ("at_position", {})],
    ],
)
def test_ranks_where_no_theorem_tells(stages):
    """The blocks of balls have as many rows as the kernel has eigenvalues that are not zero."""
    spec = build(stages).spectrum(length=3, tokens=categorical(["1/2", "1/2"]))
    assert all(isinstance(e, Ball) and e.excludes_zero for s in spec for e in s.eigenvalues)
    assert sum(int(s.dimension) * s.multiplicity for s in spec) == _rank(stages, 3, 2)


def test_a_zero_sector_of_balls_is_left_out():
    """At L = 2 all positions weigh the same: mu = (1) is exactly zero, also where tokens are skewed."""
    kernel = embedding(1, 1).attention("tied", "softmax").mean_pool()
    for law in (uniform(2), categorical(["1/3", "2/3"])):
        spec = kernel.spectrum(length=2, tokens=law)
        assert {s.position_irrep.size for s in spec} == {0}


def test_exponentials_of_polynomials():
    field = function_field((alpha, beta))
    exponents = [field(alpha / 2 + beta), field(alpha / 3 - 1)]
    wide = exponential_field((alpha, beta), exponents)
    assert set(wide.symbols) == {alpha, beta, sp.exp(alpha / 6), sp.exp(beta), sp.E}
    for exponent in exponents:
        value = exponential_of(exponent.in_field(wide), wide).to_sympy()
        assert sp.simplify(value - sp.exp(exponent.to_sympy())) == 0
    assert wide(sp.exp(alpha / 2 + 2 * beta)).to_sympy() == sp.exp(alpha / 2) * sp.exp(2 * beta)
    with pytest.raises(InvalidArgument):
        wide(sp.exp(alpha / 5))


def test_symbolic_operator_on_its_range():
    field = function_field((alpha,))
    form = np.array([[alpha, 2 * alpha], [2 * alpha, 4 * alpha]], dtype=object)
    gram = np.array([[1, 0], [0, 2]], dtype=object)
    weights = [Fraction(1, 2)] * 2
    block, metric = symbolic_operator(form, gram, weights, 3, field)
    assert block.to_sympy() == sp.Matrix([[alpha / 2]])
    assert metric.shape == (1, 1)
    assert symbolic_operator(0 * form, gram, weights, 1, field) is None


SKEWED = categorical(["1/2", "1/3", "1/6"])
WEIGHTS = (1 / 2, 1 / 3, 1 / 6)


@pytest.mark.sampled(8)
@pytest.mark.parametrize(
    ("name", "law", "weights", "length"),
    [
        ("softmax, mean", uniform(2), (0.5, 0.5), 3),
        ("softmax, mean", uniform(2), (0.5, 0.5), 2),
        ("softmax, flatten", uniform(3), (1 / 3, 1 / 3, 1 / 3), 3),  # square roots of exponentials
        ("softmax, flatten", categorical(["1/3", "2/3"]), (1 / 3, 2 / 3), 3),  # of degree three
        ("softmax, flatten", SKEWED, WEIGHTS, 2),  # of degree four
        pytest.param("softmax, flatten", SKEWED, WEIGHTS, 3, marks=pytest.mark.wide),
    ],
)
def test_eigenfunctions_with_symbols_put_back(name, law, weights, length):
    """T phi = lambda phi at numbers for alpha and beta, by the plain recursion in floating point."""
    spec = derived(name, length, law)
    readout = "mean_pool" if "mean" in name else "flatten"
    stages = [base(1, "1/2"), _SOFTMAX, (readout, {})]
    words = list(product(range(len(weights)), repeat=length))
    measure = np.array([np.prod([weights[t] for t in w]) for w in words])
    operator = np.array([[floating(stages, x, y) for y in words] for x in words]) * measure
    rows = spec.floats([length], alpha=1, beta="1/2")
    for sector in spec.sectors:
        [values] = rows[sector.position_irrep, sector.token_irrep]
        found = []
        for phi in sector.basis():
            f = phi.values(alpha=1, beta="1/2", numeric=True)
            image = operator @ f
            eigenvalue = f @ image / (f @ f)
            assert np.allclose(image, eigenvalue * f, atol=1e-9 * abs(f).max())
            found.append(eigenvalue)
            at = phi(words[1], alpha=1, beta="1/2")
            close = float(at if isinstance(at, Ball) else at.n(30))
            assert abs(close - f[1]) < 1e-9 * abs(f).max()
        assert np.allclose(sorted(found, reverse=True), values)


def test_functions_of_a_softmax_spectrum_keep_their_symbols():
    spec = KERNELS["softmax, mean"].spectrum(length=2, tokens=uniform(2))
    phi, e = spec.sectors[0].basis()[0], spec.sectors[0].functions()[0]
    assert phi((0, 1)) == e((0, 1)) == alpha + beta and phi((0, 1), alpha=1, beta=1) == 2
    assert list(e.values()) == [alpha + beta] * 4
    # At beta = alpha the exponentials are those of one symbol.
    flat = derived("softmax, flatten", 3, uniform(3))
    value = flat.sectors[0].basis()[0]((0, 1, 1), beta="alpha")
    assert value.free_symbols == {alpha}
    number = flat.sectors[0].basis()[0]((0, 1, 1), alpha=2, beta=2)
    assert abs(float(value.subs(alpha, 2).n(30) / number.n(30)) - 1) < 1e-12
    with pytest.raises(InvalidArgument, match="values to beta"):
        flat.floats([3], alpha=1)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("values", [(1, "1/2"), ("1/5", 3), (2, "1/7")], ids=str)
def test_branches_with_exponentials_are_sorted_at_numbers(values):
    """The rows of a block with symbols stand in the order of formulas; at numbers the largest comes first."""
    from symkern.sectors.spaces import SectorSpace, _place

    at = dict(zip((alpha, beta), map(sp.Rational, values), strict=True))
    for sector in derived("softmax, flatten", 3, SKEWED):
        places = [
            _place(branch) for branch, _ in SectorSpace(sector, sector.realisation)._numeric(at)
        ]
        assert len(places) == sector.multiplicity
        assert places == sorted(places, reverse=True)


def test_roots_are_told_apart_beyond_floats():
    from symkern.exact import Branch, real_roots
    from symkern.sectors.spaces import _place

    close = real_roots((10**40 * 2 + 1, 0, -(10**40))), real_roots((2 * 10**40, 0, -(10**40)))
    first, second = (max(roots) for roots in close)  # they agree to forty digits
    assert float(first) == float(second)
    assert _place(Branch((), 0, first)) > _place(Branch((), 0, second))
