"""The general engine against full matrices, a plain floating-point recursion on L x L matrices, and the polynomial engine.

The recursion below is written for these tests on explicit sequences; the exact one is that of `tests.oracles.attention`. Eigenvalues of the
v^L x v^L matrix come with multiplicities; what the sectors leave out must be zero there.
"""

from fractions import Fraction
from itertools import product
from math import comb, factorial

import mpmath
import numpy as np
import pytest
import sympy as sp
from flint import fmpq_poly
from hypothesis import given, settings
from hypothesis import strategies as st

import symkern as sk
from symkern.exact import Ball
from symkern.kernels import categorical, embedding, exchangeable, mixture, uniform
from symkern.kernels.general_engine import coupling, general_sectors, rank_bound, tables
from symkern.kernels.laws import sequence_probability
from symkern.kernels.polynomial_engine import uniform_sectors
from tests.kernels.pipelines import block_charpoly
from tests.oracles import attention, spectrum
from tests.oracles import symmetric_group as sym

# A pipeline is a list of stages; numbers are given as fractions and read by both sides.

_SOFTMAX = ("attention", {"query_key": "tied", "row_map": "softmax"})
_MEAN, _FLAT, _LAST = ("mean_pool", {}), ("flatten", {}), ("at_position", {})


def _base(token, position=0, constant=0):
    return (
        "embedding",
        {"token": Fraction(token), "position": Fraction(position), "constant": Fraction(constant)},
    )


def _tied(row_map, **switches):
    return ("attention", {"query_key": "tied", "row_map": row_map, **switches})


IRRATIONAL = {
    "softmax, mean": [_base(1, 1), _SOFTMAX, _MEAN],
    "softmax, flatten": [_base(1, "1/2"), _SOFTMAX, _FLAT],
    "softmax, last": [_base(2, "1/2"), _SOFTMAX, _LAST],
    "softmax without positions": [_base("3/2"), _SOFTMAX, _MEAN],
    "values without positions": [
        _base(1, 2),
        ("attention", {"query_key": "tied", "row_map": "softmax", "positions_in_values": False}),
        _FLAT,
    ],
    "two softmax layers": [_base(1, "1/2"), _SOFTMAX, _SOFTMAX, _MEAN],
    "residual and bias, flatten": [
        _base(1, 1, "1/3"),
        _SOFTMAX,
        ("residual", {}),
        ("linear", {"weight": Fraction(2), "bias": Fraction(1, 3)}),
        _SOFTMAX,
        _FLAT,
    ],
    "residual, last": [_base(1, 1), _SOFTMAX, ("residual", {}), _LAST],
    "linear after": [
        _base(1, 1),
        _SOFTMAX,
        _MEAN,
        ("linear", {"weight": Fraction(1, 2), "bias": Fraction(3)}),
    ],
    "softmax, then independent": [_base(1, 1), _SOFTMAX, ("attention", {}), _MEAN],
    "fully connected": [_base(1), _FLAT, ("mlp", {"activation": "relu"})],
    "relu inside": [_base(1, 1), _SOFTMAX, ("mlp", {"activation": "relu"}), _MEAN],
    "erf inside, last": [_base(1, 1), _SOFTMAX, ("mlp", {"activation": "erf"}), _LAST],
    "erf first": [_base(1, 1), ("mlp", {"activation": "erf"}), _tied("abs"), _MEAN],
}

RATIONAL = {
    "identity rows, mean": [_base(1, 2), _tied("identity"), _MEAN],
    "identity rows, flatten": [_base(1, "1/2"), _tied("identity", normalize=False), _FLAT],
    "identity rows, last": [_base(2, "1/3", "1/5"), _tied("identity"), _LAST],
    "relu rows": [_base(1, "1/2"), _tied("relu"), ("residual", {}), _MEAN],
    "abs rows of a cubic": [
        _base(1, 1),
        ("mlp", {"activation": (Fraction(-2), Fraction(1), Fraction(0), Fraction(1))}),
        _tied("abs"),
        _FLAT,
    ],
    "two layers": [_base(1, 1), _tied("identity"), _tied("relu"), _MEAN],
    "square inside": [
        _base(1, 1),
        _tied("identity"),
        ("mlp", {"activation": (0, 0, Fraction(1))}),
        _MEAN,
    ],
}


def build(stages):
    """The pipeline through the public builder."""
    (_, arguments), *rest = stages
    kernel = embedding(**arguments)
    for name, given_ in rest:
        if name == "mlp" and not isinstance(given_["activation"], str):
            x = sk.abc.x
            kernel = kernel.mlp(
                sp.Add(*(sp.Rational(str(c)) * x**i for i, c in enumerate(given_["activation"])))
            )
        elif name == "at_position":
            kernel = kernel.at_position("last")
        else:
            kernel = getattr(kernel, name)(**given_)
    return kernel


# -- a recursion in floating point -------------------------------------------------------------


def _dual(activation, p, q, r):
    if activation == "relu":
        norm = (p * q) ** 0.5
        cosine = np.clip(r / norm, -1, 1) if norm else 0.0
        angle = np.arccos(cosine)
        return norm * (np.sin(angle) + (np.pi - angle) * cosine) / (2 * np.pi)
    if activation == "erf":
        return 2 / np.pi * np.arcsin(2 * r / ((1 + 2 * p) * (1 + 2 * q)) ** 0.5)
    # Isserlis: E u^i w^j as a sum over the number m of pairs (u, w).
    total = 0.0
    for i, a in enumerate(activation):
        for j, b in enumerate(activation):
            for m in range(min(i, j) + 1):
                if a and b and not (i - m) % 2 and not (j - m) % 2:
                    e, f = (i - m) // 2, (j - m) // 2
                    ways = factorial(i) * factorial(j)
                    ways //= factorial(m) * factorial(e) * factorial(f) * 2 ** (e + f)
                    total += float(a) * float(b) * ways * r**m * p**e * q**f
    return total


def floating(stages, x, y):
    """k(x, y) by the recursion on L x L matrices of floats."""
    pairs = ((x, x), (x, y), (y, y))

    def embed(positions):
        a = stages[0][1]
        return [
            np.array(
                [
                    [
                        float(a["token"]) * (t == u)
                        + positions * float(a["position"]) * (i == j)
                        + float(a["constant"])
                        for j, u in enumerate(right)
                    ]
                    for i, t in enumerate(left)
                ]
            )
            for left, right in pairs
        ]

    now, plain, before = embed(1), embed(0), None
    for name, given_ in stages[1:]:
        length = len(now[0])
        if name == "residual":
            now = [a + b for a, b in zip(now, before, strict=True)]
            continue
        before = now
        if name == "linear":
            now = [float(given_["weight"]) * k + float(given_["bias"]) for k in now]
        elif name == "mlp":
            diagonals = np.diag(now[0]), np.diag(now[2])
            sides = ((0, 0), (0, 1), (1, 1))
            now = [
                np.array(
                    [
                        [
                            _dual(given_["activation"], diagonals[i][a], diagonals[j][b], k[a, b])
                            for b in range(length)
                        ]
                        for a in range(length)
                    ]
                )
                for k, (i, j) in zip(now, sides, strict=True)
            ]
        elif name == "attention":
            values = now if given_.get("positions_in_values", True) else plain
            scale = length if given_.get("normalize", True) else 1
            if given_.get("query_key") != "tied":
                now = [k * (k * e).sum() / scale**2 for k, e in zip(now, values, strict=True)]
                continue
            rows = []
            for k in (now[0], now[2]):
                if given_["row_map"] == "softmax":
                    rows.append(np.exp(k) / np.exp(k).sum(axis=1, keepdims=True))
                else:
                    phi = {"identity": lambda t: t, "relu": lambda t: np.maximum(t, 0), "abs": abs}
                    rows.append(phi[given_["row_map"]](k) / scale)
            g, h = rows
            now = [g @ values[0] @ g.T, g @ values[1] @ h.T, h @ values[2] @ h.T]
        elif name == "mean_pool":
            now = [k.mean(keepdims=True) for k in now]
        elif name == "flatten":
            now = [np.array([[np.diag(k).mean()]]) for k in now]
        else:
            now = [k[-1:, -1:] for k in now]
    return now[1][0, 0]


def gram(stages, length, size):
    """Values of the floating recursion, one for each type of a pair up to renaming of tokens."""
    marked = stages[-1][0] == "at_position"
    return spectrum.gram(lambda x, y: floating(stages, x, y), length, size, marked)


def full_eigenvalues(index, values, length, law):
    """Eigenvalues of sqrt(P(x)) k(x, y) sqrt(P(y)) over all sequences, the largest first."""
    size = law.vocabulary
    words = product(range(size), repeat=length)
    root = [
        float(sequence_probability(law, tuple(map(w.count, range(size))))) ** 0.5 for w in words
    ]
    matrix = np.array([float(value) for value in values])[index]
    return np.linalg.eigvalsh(matrix * np.outer(root, root))[::-1]


def listed(spec):
    """All eigenvalues of a spectrum with multiplicity, unsorted."""
    found = []
    for sector in spec:
        assert len(sector.eigenvalues) == sector.multiplicity
        found += [float(e) for e in sector.eigenvalues] * int(sector.dimension)
    return found


def assert_whole(spec, expected):
    mine = listed(spec)
    assert len(mine) <= len(expected)
    mine = np.sort(np.array(mine + [0.0] * (len(expected) - len(mine))))[::-1]
    assert np.allclose(mine, expected, rtol=1e-9, atol=1e-12 * abs(expected).max())


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


@pytest.mark.parametrize(
    ("name", "length", "size"),
    [
        ("softmax, mean", 8, 2),
        ("softmax, flatten", 5, 3),
        ("softmax, last", 4, 4),
        ("two softmax layers", 5, 3),
        ("fully connected", 9, 2),
        ("relu inside", 4, 4),
        ("erf inside, last", 5, 3),
        ("square inside", 4, 5),
        ("identity rows, flatten", 6, 3),
        ("residual, last", 3, 5),
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


@pytest.mark.parametrize("name", RATIONAL)
@pytest.mark.parametrize(("length", "size"), [(1, 2), (3, 2), (5, 2), (3, 3), (4, 3), (2, 5)])
def test_rational_kernels_are_exact(name, length, size):
    """The characteristic polynomial of the full matrix, over the rationals."""
    stages = RATIONAL[name]
    marked = stages[-1][0] == "at_position"
    index, values = spectrum.gram(lambda x, y: attention.kernel(stages, x, y), length, size, marked)
    sectors = build(stages).spectrum(length=length, tokens=uniform(size)).sectors
    assert _characteristic(sectors, size**length) == spectrum.full_charpoly(index, values)
    for sector in sectors:
        assert not any(isinstance(e, Ball) for e in sector.eigenvalues)


@pytest.mark.parametrize(
    "stages",
    [
        [_base(1, 2), ("attention", {}), _MEAN],
        [_base("1/2", 1, "1/3"), ("attention", {}), _FLAT],
        [_base(1, 1), ("attention", {}), ("residual", {}), _LAST],
        [_base(1, 1), ("mlp", {"activation": (0, 0, 1)}), ("attention", {}), _MEAN],
        [_base(1, 1), ("attention", {}), ("mlp", {"activation": (1, 0, 1)}), _MEAN],
        [_base(1, 1), ("attention", {}), ("attention", {}), _MEAN],
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
@settings(max_examples=30, deadline=None)
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
