"""The general engine against full matrices, a plain floating-point recursion on L x L matrices, and the polynomial engine.

The recursion below is written for these tests on explicit sequences; the exact one is that of `tests.oracles.attention`. Eigenvalues of the
v^L x v^L matrix come with multiplicities; what the sectors leave out must be zero there.
"""

from fractions import Fraction
from itertools import product
from math import comb

import mpmath
import numpy as np
import pytest
from flint import fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

import symkern as sk
from symkern.combinatorics import contingency_tables as tables
from symkern.engines.match_counts.uniform_tokens import uniform_sectors
from symkern.engines.tables.couplings import coupling, rank_bound
from symkern.engines.tables.sectors import general_sectors
from symkern.exact import Ball
from symkern.kernels import categorical, embedding, exchangeable, mixture, read_kernel, uniform
from tests.oracles import attention, spectrum
from tests.oracles import symmetric_group as sym
from tests.oracles.pipelines import block_charpoly
from tests.oracles.staged import (
    FLAT,
    LAST,
    MEAN,
    SOFTMAX,
    assert_whole,
    base,
    build,
    full_eigenvalues,
    gram,
    listed,
    tied,
)
from tests.search import examples

IRRATIONAL = {
    "softmax, mean": [base(1, 1), SOFTMAX, MEAN],
    "softmax, flatten": [base(1, "1/2"), SOFTMAX, FLAT],
    "softmax, last": [base(2, "1/2"), SOFTMAX, LAST],
    "softmax without positions": [base("3/2"), SOFTMAX, MEAN],
    "values without positions": [
        base(1, 2),
        ("attention", {"query_key": "tied", "row_map": "softmax", "positions_in_values": False}),
        FLAT,
    ],
    "two softmax layers": [base(1, "1/2"), SOFTMAX, SOFTMAX, MEAN],
    "residual and bias, flatten": [
        base(1, 1, "1/3"),
        SOFTMAX,
        ("residual", {}),
        ("linear", {"weight": Fraction(2), "bias": Fraction(1, 3)}),
        SOFTMAX,
        FLAT,
    ],
    "residual, last": [base(1, 1), SOFTMAX, ("residual", {}), LAST],
    "linear after": [
        base(1, 1),
        SOFTMAX,
        MEAN,
        ("linear", {"weight": Fraction(1, 2), "bias": Fraction(3)}),
    ],
    "softmax, then independent": [base(1, 1), SOFTMAX, ("attention", {}), MEAN],
    "fully connected": [base(1), FLAT, ("mlp", {"activation": "relu"})],
    "relu inside": [base(1, 1), SOFTMAX, ("mlp", {"activation": "relu"}), MEAN],
    "erf inside, last": [base(1, 1), SOFTMAX, ("mlp", {"activation": "erf"}), LAST],
    "erf first": [base(1, 1), ("mlp", {"activation": "erf"}), tied("abs"), MEAN],
}

RATIONAL = {
    "identity rows, mean": [base(1, 2), tied("identity"), MEAN],
    "identity rows, flatten": [base(1, "1/2"), tied("identity", normalize=False), FLAT],
    "identity rows, last": [base(2, "1/3", "1/5"), tied("identity"), LAST],
    "relu rows": [base(1, "1/2"), tied("relu"), ("residual", {}), MEAN],
    "abs rows of a cubic": [
        base(1, 1),
        ("mlp", {"activation": (Fraction(-2), Fraction(1), Fraction(0), Fraction(1))}),
        tied("abs"),
        FLAT,
    ],
    "two layers": [base(1, 1), tied("identity"), tied("relu"), MEAN],
    "square inside": [
        base(1, 1),
        tied("identity"),
        ("mlp", {"activation": (0, 0, Fraction(1))}),
        MEAN,
    ],
}


def laws(size, length):
    """One law of each kind on ``size`` letters."""
    total = size * (size + 1) // 2
    skewed = categorical([Fraction(i + 1, total) for i in range(size)])
    point = categorical([1] + [0] * (size - 1))
    types = [c for c in product(range(length + 1), repeat=size) if sum(c) == length]
    weights = [Fraction(2 * i + 1, len(types) ** 2) for i in range(len(types))]
    return {
        "uniform": uniform(size),
        "skewed": skewed,
        "mixture": mixture([("1/3", uniform(size)), ("1/2", skewed), ("1/6", point)]),
        "types": exchangeable(dict(zip(types, weights, strict=True))),
    }


SMALL = [(1, 1), (1, 3), (3, 1), (2, 2), (4, 2), (3, 3), (2, 4)]


@pytest.mark.sampled(24)
@pytest.mark.parametrize("name", [*IRRATIONAL, *RATIONAL])
def test_all_small_sizes_under_every_law(name):
    stages = {**IRRATIONAL, **RATIONAL}[name]
    kernel = build(stages)
    for length, size in SMALL:
        index, values = gram(stages, length, size)
        for which, law in laws(size, length).items():
            spec = kernel.spectrum(length=length, tokens=law)
            expected = full_eigenvalues(index, values, length, law)
            assert_whole(spec, expected)
            assert spec.check_trace(), (length, size, which)


@pytest.mark.sampled(8)
@pytest.mark.parametrize(
    ("name", "length", "size"),
    [
        ("softmax, mean", 8, 2),
        ("softmax, flatten", 5, 3),
        ("two softmax layers", 5, 3),
        ("fully connected", 9, 2),
        ("relu inside", 6, 2),
        ("erf inside, last", 6, 2),
        ("square inside", 3, 4),
        ("identity rows, flatten", 5, 3),
        ("residual, last", 2, 5),
        # Entries that are slow to transcribe, at hundreds of rows.
        *(
            pytest.param(*case, marks=pytest.mark.wide)
            for case in [
                ("softmax, last", 4, 4),
                ("relu inside", 4, 4),
                ("erf inside, last", 5, 3),
                ("square inside", 4, 5),
                ("identity rows, flatten", 6, 3),
                ("residual, last", 3, 5),
            ]
        ),
    ],
)
def test_larger_matrices(name, length, size):
    """Up to 729 rows, uniform and skewed."""
    stages = {**IRRATIONAL, **RATIONAL}[name]
    kernel = build(stages)
    index, values = gram(stages, length, size)
    for which in ("uniform", "skewed"):
        law = laws(size, length)[which]
        expected = full_eigenvalues(index, values, length, law)
        assert_whole(kernel.spectrum(length=length, tokens=law), expected)


@pytest.mark.sampled(24)
@pytest.mark.parametrize("name", [*IRRATIONAL, *RATIONAL])
def test_labels_name_the_isotypic_part(name):
    """Each sector's eigenvalues are those of the part (mu, kappa) alone, the rest of which is zero."""
    stages = {**IRRATIONAL, **RATIONAL}[name]
    fixed = int(stages[-1][0] == "at_position")
    for length, size in [(4, 3), (3, 4), (5, 2)]:
        index, values = gram(stages, length, size)
        parts = spectrum.isotypic_eigenvalues(index, values, length, size, fixed)
        spec = build(stages).spectrum(length=length, tokens=uniform(size))
        scale = max(abs(part).max() for part in parts.values())
        found = {
            (
                sym.padded(tuple(s.position_irrep), length - fixed),
                sym.padded(tuple(s.token_irrep), size),
            ): s
            for s in spec
        }
        assert set(found) <= set(parts)
        for pair, part in parts.items():
            mine = listed([found[pair]]) if pair in found else []
            mine = np.sort(np.array(mine + [0.0] * (len(part) - len(mine))))[::-1]
            assert np.allclose(mine, part, rtol=1e-8, atol=1e-12 * scale), pair


# -- exact -------------------------------------------------------------------------------------


def _characteristic(sectors, size):
    total, rows = fmpq_poly([1]), 0
    for sector in sectors:
        polynomial, times = block_charpoly(sector.block, {}), int(sector.dimension)
        total *= polynomial**times
        rows += polynomial.degree() * times
    return total * fmpq_poly([0, 1]) ** (size - rows)


@pytest.mark.sampled(16)
@pytest.mark.parametrize("name", RATIONAL)
@pytest.mark.parametrize(
    ("length", "size"),
    [(1, 2), (3, 2), (5, 2), (3, 3), pytest.param(4, 3, marks=pytest.mark.wide), (2, 5)],
)
def test_rational_kernels_are_exact(name, length, size):
    """The characteristic polynomial of the full matrix, over the rationals."""
    stages = RATIONAL[name]
    marked = stages[-1][0] == "at_position"
    index, values = spectrum.gram(lambda x, y: attention.kernel(stages, x, y), length, size, marked)
    sectors = build(stages).spectrum(length=length, tokens=uniform(size)).sectors
    assert _characteristic(sectors, size**length) == spectrum.full_charpoly(index, values)
    for sector in sectors:
        assert not any(isinstance(e, Ball) for e in sector.eigenvalues)


@pytest.mark.floor
@pytest.mark.sampled(8)
@pytest.mark.parametrize(
    "stages",
    [
        [base(1, 2), ("attention", {}), MEAN],
        [base("1/2", 1, "1/3"), ("attention", {}), FLAT],
        [base(1, 1), ("attention", {}), ("residual", {}), LAST],
        [base(1, 1), ("mlp", {"activation": (0, 0, 1)}), ("attention", {}), MEAN],
        [base(1, 1), ("attention", {}), ("mlp", {"activation": (1, 0, 1)}), MEAN],
        [base(1, 1), ("attention", {}), ("attention", {}), MEAN],
    ],
)
@pytest.mark.parametrize(("length", "size"), [(1, 1), (2, 3), (4, 2), (5, 3), (7, 2), (4, 4)])
def test_agrees_with_the_polynomial_engine(stages, length, size):
    """Sector by sector: characteristic polynomials up to powers of x."""
    kernel = build(stages)

    def by_label(sectors):
        found = {}
        for s in sectors:
            coefficients = block_charpoly(s.block, {}).coeffs()
            while not coefficients[0]:
                coefficients = coefficients[1:]
            found[s.position_irrep, s.token_irrep] = (int(s.dimension), coefficients)
        return {label: value for label, value in found.items() if len(value[1]) > 1}

    mine = by_label(general_sectors(kernel, length, uniform(size)))
    assert mine == by_label(uniform_sectors(kernel, length, size))


@pytest.mark.floor
def test_metric_makes_the_block_symmetric():
    """G B is symmetric for the Gram matrix G of the basis."""
    kernel = build(RATIONAL["square inside"])
    for law in laws(3, 4).values():
        for sector in kernel.spectrum(length=4, tokens=law):
            product_ = sector.metric @ sector.block
            assert product_.to_sympy() == product_.to_sympy().T


def test_large_rational_blocks_have_balls_for_eigenvalues():
    """Seventeen and more rows: certified balls that agree with numpy on the block."""
    kernel = sk.kernels.from_table(
        lambda n: sum(n[0]) ** 2 * sum(r[0] for r in n) ** 2 + n[0][0] ** 3 + n[1][1]
    )
    spec = kernel.spectrum(length=20, tokens=uniform(2))
    sector = max(spec, key=lambda s: s.multiplicity)
    many = kernel.spectrum(length=20, tokens=categorical(["1/3", "2/3"]))
    for s in [sector, *many]:
        block = s.block.to_numpy().astype(float)
        expected = np.sort(np.linalg.eigvals(block).real)[::-1]
        assert np.allclose(
            [float(e) for e in s.eigenvalues], expected, rtol=1e-6, atol=1e-9 * abs(expected).max()
        )


# -- balls enclose -----------------------------------------------------------------------------


@pytest.mark.floor
def test_softmax_balls_enclose_the_closed_form():
    """mu = (1) of mean-pooled softmax: beta/(L^2 (L-1)) E sum_b (w_b - mean)^2, in 60 digits by mpmath."""
    length, size = 5, 3
    alpha, beta = Fraction(3, 2), Fraction(1, 2)
    kernel = embedding(alpha, beta).attention("tied", "softmax").mean_pool()
    spec = kernel.spectrum(length=length, tokens=uniform(size))
    with mpmath.workdps(60):
        a, b = (mpmath.mpf(t.numerator) / t.denominator for t in (alpha, beta))
        mean = mpmath.mpf(0)
        for x in product(range(size), repeat=length):
            scores = [
                [a * (t == u) + b * (i == j) for j, u in enumerate(x)] for i, t in enumerate(x)
            ]
            weights = [mpmath.mpf(0)] * length
            for row in scores:
                total = mpmath.fsum(mpmath.exp(e) for e in row)
                for j, e in enumerate(row):
                    weights[j] += mpmath.exp(e) / total
            mean += mpmath.fsum((w - 1) ** 2 for w in weights) / size**length
        value = b * mean / (length**2 * (length - 1))
        digits = mpmath.nstr(value, 55)
    (ball,) = spec.sector((1,), ()).eigenvalues
    assert ball.radius < Fraction(1, 10**55)
    assert abs(ball.midpoint - Fraction(digits)) <= ball.radius + Fraction(digits) / 10**54
    (constant,) = spec.sector((), ()).eigenvalues
    assert constant.contains(alpha / size + beta / length)


def test_softmax_at_sixty_four():
    """Known in seconds at L = 64, v = 2: 3 sectors of rank one, and the trace closes."""
    spec = sk.derive("softmax-attention", length=64, tokens=uniform(2), alpha=1, beta=1)
    labels = [(tuple(s.position_irrep), tuple(s.token_irrep), s.dimension) for s in spec]
    assert labels == [((), (), 1), ((), (1,), 1), ((1,), (), 63)]
    assert [s.multiplicity for s in spec] == [1, 1, 1]
    assert spec.check_trace()
    assert spec.sector((), ()).eigenvalues[0].contains(Fraction(1, 2) + Fraction(1, 64))
    assert all(e.excludes_zero for s in spec for e in s.eigenvalues)


# -- what a pipeline's form says -----------------------------------------------------------------


@pytest.mark.sampled(8)
@pytest.mark.parametrize("name", [*IRRATIONAL, *RATIONAL])
def test_form_bounds_irreps_and_ranks(name):
    """No eigenvalue beyond the coupling number, no more of them in a sector than the rank bound."""
    stages = {**IRRATIONAL, **RATIONAL}[name]
    kernel = build(stages)
    fixed = int(stages[-1][0] == "at_position")
    for length, size in [(5, 2), (4, 3)]:
        index, values = gram(stages, length, size)
        parts = spectrum.isotypic_eigenvalues(index, values, length, size, fixed)
        scale = max(abs(part).max() for part in parts.values())
        for (lam, kappa), part in parts.items():
            times = sym.dimension(lam) * sym.dimension(kappa)
            rank = int((abs(part) > 1e-10 * scale).sum()) // times
            mu, nu = sk.Partition(*lam[1:]), sk.Partition(*kappa[1:])
            most = coupling(kernel)
            assert most is None or mu.size <= most or not rank
            bound = rank_bound(kernel, mu, nu, size)
            assert bound is None or rank <= bound, (mu, nu)


def test_two_maps_of_softmax_see_antisymmetric_positions():
    """sum_ab over two different maps H, H' has a part on (L-2,1,1), which one map alone has not: from three letters in three different numbers on."""
    soft = "attention(query_key=tied, row_map=softmax)"
    kernel = read_kernel(f"embedding(1, position=1/2) | {soft} | {soft} | flatten")
    pair, one = sk.Partition(1, 1), sk.Partition()
    assert rank_bound(kernel, pair, one, 3) == 1
    (sector,) = [
        s for s in kernel.spectrum(length=6, tokens=uniform(3)) if s.position_irrep == pair
    ]
    assert sector.token_irrep == one and sector.multiplicity == 1
    words = np.array(list(product(range(3), repeat=6)))
    eigenvalues = np.linalg.eigvalsh(kernel.matrix(words) / len(words))
    times = sector.dimension
    near = abs(eigenvalues - float(sector.eigenvalues[0])) < 1e-12
    assert times == near.sum() == 10


def test_ranks_of_softmax_are_reached():
    """Blocks of size two and one, not the 21 and 15 rows of the multiplicity spaces."""
    kernel = build(IRRATIONAL["softmax, flatten"])
    spec = kernel.spectrum(length=6, tokens=uniform(3))
    found = {(tuple(s.position_irrep), tuple(s.token_irrep)): s.multiplicity for s in spec}
    assert found == {((), ()): 2, ((), (1,)): 1, ((1,), ()): 1, ((1,), (1,)): 1, ((2,), ()): 1}


# -- random kernels ------------------------------------------------------------------------------


def _random_table_kernel(seed, size, relabelling):
    values = {}
    rng = np.random.default_rng(seed)

    def value(table):
        images = [table, tuple(zip(*table, strict=True))]
        if relabelling:
            from itertools import permutations

            images = [
                tuple(tuple(t[p[i]][p[j]] for j in range(size)) for i in range(size))
                for t in images
                for p in permutations(range(size))
            ]
        key = min(images)
        if key not in values:
            values[key] = Fraction(int(rng.integers(-60, 60)), int(rng.integers(1, 8)))
        return values[key]

    return sk.kernels.from_table(value, "random")


@given(
    st.integers(0, 10**6),
    st.sampled_from([(1, 2), (2, 2), (5, 2), (3, 3), (4, 3), (2, 4), (2, 5)]),
    st.booleans(),
    st.sampled_from(["uniform", "skewed", "mixture", "types"]),
)
@examples(15)
def test_random_functions_of_the_table(seed, sizes, relabelling, which):
    length, size = sizes
    kernel = _random_table_kernel(seed, size, relabelling)
    law = laws(size, length)[which]
    spec = kernel.spectrum(length=length, tokens=law)
    index, pairs = spectrum.pair_types(length, size)
    values = [kernel.function(_table(x, y, size)) for x, y in pairs]
    assert_whole(spec, full_eigenvalues(index, values, length, law))
    assert spec.check_trace()
    labelled = [s.token_irrep is not None for s in spec]
    assert all(labelled) if relabelling and which == "uniform" else True


def _table(x, y, size):
    table = [[0] * size for _ in range(size)]
    for t, u in zip(x, y, strict=True):
        table[t][u] += 1
    return tuple(map(tuple, table))


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("length", "size"), [(4, 2), (3, 3), (5, 3), (2, 5)])
def test_blocks_of_a_generic_kernel_fill_the_space(length, size):
    """Sum of dimension x rows is v^L; without token symmetry rows are counted by semistandard tableaux."""
    for relabelling in (True, False):
        spec = _random_table_kernel(7, size, relabelling).spectrum(
            length=length, tokens=uniform(size)
        )
        assert sum(int(s.dimension) * s.multiplicity for s in spec) == size**length
    counts = {tuple(s.position_irrep): s.multiplicity for s in spec}
    assert counts[()] == comb(length + size - 1, size - 1)


def test_compositions_of_few_positions_over_many_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """By stars and bars as by recursion, in the same order; a thousand letters are no recursion of a thousand calls."""
    by_recursion = {
        (t, p): tables.compositions(t, p).tolist() for t in range(5) for p in range(1, 6)
    }
    monkeypatch.setattr(tables, "_FEW_PARTS", 1)
    for (total, parts), expected in by_recursion.items():
        assert tables.compositions.__wrapped__(total, parts).tolist() == expected
    assert tables.compositions(1, 1100).sum() == 1100
