"""Published and hand-derived values of one-layer kernels, each written out once.

The formulas: E. Hron et al. (arXiv 2006.10540) for the kernel; the eigenvalues were worked out by hand
from the algebra of token counts and agree with the full matrix (tests/oracles).
"""

from itertools import product

import pytest
import sympy as sp

import symkern as sk
from symkern.abc import L, alpha, beta, v, x
from tests.oracles import attention
from tests.oracles.pipelines import REQUIRED, symbolic_spectrum

pytestmark = pytest.mark.floor

pytestmark = pytest.mark.floor


def _found(spec):
    return {(tuple(s.position_irrep), tuple(s.token_irrep)): s for s in spec.sectors}


def _minimal(sector):
    """Characteristic polynomial with integer coefficients and no common factor."""
    matrix = sector.block.to_sympy()
    polynomial = sp.Poly(matrix.charpoly().as_expr(x), x)
    return polynomial.clear_denoms(convert=True)[1].primitive()[1].as_expr()


def test_one_layer_at_two_tokens():
    """v = 2, (L-1,1): alpha beta (alpha L + 2 beta)/(2 L^3) and alpha^2 beta (L-2)/(2 L^4)."""
    k = sk.kernels.embedding(alpha, beta).attention().mean_pool()
    spec = k.spectrum(length=L, tokens=sk.kernels.uniform(2))
    found = _found(spec)
    first = alpha * beta * (alpha * L + 2 * beta) / (2 * L**3)
    second = alpha**2 * beta * (L - 2) / (2 * L**4)
    assert sp.simplify(found[(1,), (1,)].eigenvalues[0] - first) == 0
    assert sp.simplify(found[(1,), ()].eigenvalues[0] - second) == 0


@pytest.mark.parametrize("start", ["symbols", "numbers"])
def test_length_four_two_tokens(start):
    k = sk.kernels.embedding(1, 1).attention().mean_pool()
    if start == "numbers":
        spec = k.spectrum(length=4, tokens=sk.kernels.uniform(2))
    else:
        symbolic = k.spectrum(length=L, tokens=sk.kernels.uniform(v))
        spec = symbolic.evaluate(length=4, vocabulary=2)
    found = _found(spec)
    assert _minimal(found[(), ()]) == 1024 * x**2 - 828 * x + 27
    assert found[(), (1,)].eigenvalues == (sp.Rational(17, 64),)
    assert found[(1,), (1,)].eigenvalues == (sp.Rational(3, 64),)
    assert found[(1,), ()].eigenvalues == (sp.Rational(1, 256),)
    assert {key: s.dimension for key, s in found.items()} == {
        ((), ()): 1,
        ((), (1,)): 1,
        ((1,), (1,)): 3,
        ((1,), ()): 3,
    }


def test_length_four_three_tokens():
    k = sk.kernels.embedding(1, 1).attention().mean_pool()
    found = _found(k.spectrum(length=4, tokens=sk.kernels.uniform(3)))
    expected = {
        ((), ()): (3072 * x**2 - 1456 * x + 21, 1),
        ((), (1,)): (6144 * x**2 - 944 * x + 13, 2),
        ((1,), (1,)): (165888 * x**2 - 4464 * x + 7, 6),
        ((1,), (1, 1)): (288 * x - 1, 3),
        ((1,), ()): (576 * x - 1, 3),
    }
    assert {key: (_minimal(s), s.dimension) for key, s in found.items()} == expected


def test_squares_of_the_embedding():
    """S = sum_ab K_ab^2, here as (alpha + beta)^2 + 2 S/L^2, the mean of the activation x^2.

    (L) x std_v: (alpha^2 L + 2 alpha beta)/v; (L-1,1) x std_v: 2 alpha beta/v; no other but the constant.
    """
    k = sk.kernels.embedding(alpha, beta).mlp("quadratic").mean_pool()
    found = _found(k.spectrum(length=L, tokens=sk.kernels.uniform(v)))
    constant = (alpha**2 * L**2 / v + 2 * alpha * beta * L / v + beta**2 * L) * 2 / L**2
    expected = {
        ((), ()): (alpha + beta) ** 2 + constant,
        ((), (1,)): (alpha**2 * L + 2 * alpha * beta) / v * 2 / L**2,
        ((1,), (1,)): 2 * alpha * beta / v * 2 / L**2,
    }
    dimensions = {((), ()): 1, ((), (1,)): v - 1, ((1,), (1,)): (L - 1) * (v - 1)}
    assert set(found) == set(expected)
    for key, sector in found.items():
        assert sp.simplify(sector.eigenvalues[0] - expected[key]) == 0
        assert sp.expand(sector.dimension - dimensions[key]) == 0


def test_bag_of_tokens():
    """alpha s/L^2: alpha/v on the constant, alpha/(v L) on the v - 1 centred counts."""
    found = _found(symbolic_spectrum("bag-of-tokens"))
    assert set(found) == {((), ()), ((), (1,))}
    assert sp.simplify(found[(), ()].eigenvalues[0] - alpha / v) == 0
    assert sp.simplify(found[(), (1,)].eigenvalues[0] - alpha / (v * L)) == 0


def test_flat_input():
    """alpha m/L + beta: alpha/v + beta on the constant, alpha/(v L) on every centred letter."""
    found = _found(symbolic_spectrum("flatten"))
    assert set(found) == {((), ()), ((), (1,)), ((1,), (1,))}
    assert sp.simplify(found[(), ()].eigenvalues[0] - alpha / v - beta) == 0
    for key in (((), (1,)), ((1,), (1,))):
        assert sp.simplify(found[key].eigenvalues[0] - alpha / (v * L)) == 0


def test_how_deep_one_layer_sees():
    """Mean pooling after one layer sees |mu| <= 1, flattening |mu| <= 2."""
    mean = {tuple(s.position_irrep) for s in symbolic_spectrum("linear-attention").sectors}
    flat = {tuple(s.position_irrep) for s in symbolic_spectrum("linear-attention-flatten").sectors}
    assert mean == {(), (1,)}
    assert flat == {(), (1,), (2,), (1, 1)}


def _mean_of_products(*edges):
    """E prod [x_a = x_b] summed over all positions, uniform tokens: over set partitions of the labels.

    Labels that fall on one position merge; a graph with r independent edges left costs v^-r, and k blocks of
    labels can be placed in L(L-1)...(L-k+1) ways.
    """
    labels = sorted({label for edge in edges for label in edge})

    def partitions(points):
        if not points:
            yield []
            return
        first, *rest = points
        for smaller in partitions(rest):
            yield [[first], *smaller]
            for i, block in enumerate(smaller):
                yield [*smaller[:i], [first, *block], *smaller[i + 1 :]]

    total = sp.Integer(0)
    for blocks in partitions(labels):
        where = {label: i for i, block in enumerate(blocks) for label in block}
        root = list(range(len(blocks)))

        def find(i, root=root):
            while root[i] != i:
                i = root[i]
            return i

        rank = 0
        for p, q in edges:
            p, q = find(where[p]), find(where[q])
            if p != q:
                root[p] = q
                rank += 1
        total += sp.ff(L, len(blocks)) / v**rank
    return sp.expand(sp.expand_func(total))


def test_trace_in_symbols():
    """sum dim tr(block) = E k(x, x), with the moments of s(x, x) summed over set partitions."""
    first = _mean_of_products(("a", "b"))
    second = _mean_of_products(("a", "b"), ("c", "d"))
    assert sp.expand(first - (L + L * (L - 1) / v)) == 0
    flat = alpha**2 * first + (2 * alpha * beta + beta**2) * L
    expected = {
        "bag-of-tokens": alpha * first / L**2,
        "flatten": alpha + beta,
        "linear-attention": (
            alpha**3 * second
            + (alpha * beta * (2 * alpha + beta) * L + alpha**2 * beta * L) * first
            + beta**2 * (2 * alpha + beta) * L**2
        )
        / L**4,
        "linear-attention-flatten": (alpha + beta) * flat / L**2,
    }
    for name, formula in expected.items():
        spec = symbolic_spectrum(name)
        trace = sp.sympify(spec.trace())
        assert sp.simplify(trace - formula) == 0, name
        summed = sum(s.dimension * s.block.to_sympy().trace() for s in spec.sectors)
        assert sp.simplify(summed - formula) == 0, name


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", REQUIRED)
def test_trace_of_every_kernel(name):
    """The same sum for each kernel at small numbers, E k(x, x) by the recursion."""
    spec = symbolic_spectrum(name)
    symbols = {s.name: s for _, a in REQUIRED[name] for s in a.values() if isinstance(s, sp.Symbol)}
    numbers = {s: sp.Rational(i + 2, 3) for i, s in enumerate(symbols.values())}
    stages = [
        (stage, {key: numbers.get(given, given) for key, given in arguments.items()})
        for stage, arguments in REQUIRED[name]
    ]
    for length, vocabulary in [(1, 1), (1, 3), (2, 2), (3, 2), (4, 3)]:
        words = list(product(range(vocabulary), repeat=length))
        expected = sum(attention.kernel(stages, p, p) for p in words) / sp.Integer(len(words))
        trace = sp.sympify(spec.trace()).subs({**numbers, L: length, v: vocabulary})
        assert sp.nsimplify(trace - expected) == 0
        # what a spectrum says of its trace, and what its sectors say together
        true = spec.evaluate(length=length, vocabulary=vocabulary)
        summed = sum(s.dimension * s.block.to_sympy().trace() for s in true.sectors)
        assert sp.sympify(summed).subs(numbers) == expected


def test_leading_behaviour_in_the_length():
    """From the closed forms at v = 2: alpha^2 beta/(2 L^2) and alpha^2 beta/(2 L^3) on (L-1,1)."""
    k = sk.kernels.embedding(alpha, beta).attention().mean_pool()
    found = _found(k.spectrum(length=L, tokens=sk.kernels.uniform(2)))
    first, second = found[(1,), (1,)], found[(1,), ()]
    assert (first.exponents, second.exponents) == ((-2,), (-3,))
    assert sp.simplify(first.leading[0] - alpha**2 * beta / (2 * L**2)) == 0
    assert sp.simplify(second.leading[0] - alpha**2 * beta / (2 * L**3)) == 0


def test_leading_terms_of_the_trivial_sector():
    """The largest eigenvalue of linear attention tends to E k: alpha^3/v^2 at order L^0."""
    sector = _found(symbolic_spectrum("linear-attention"))[(), ()]
    assert sp.simplify(sector.leading[0] - alpha**3 / v**2) == 0
    assert sector.exponents[0] == 0
