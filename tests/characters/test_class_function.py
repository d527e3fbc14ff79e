"""Class functions against brute force over the group, symfn, and the laws of the algebra."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from math import factorial

import numpy as np
import pytest
import symfn
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.abc import L, alpha
from symkern.characters import ClassFunction, character_table
from symkern.combinatorics import Partition, cycle_type, inverse, multiply, partitions
from symkern.errors import (
    FormulaError,
    InvalidArgument,
    InvalidType,
    PermutationError,
    SizeMismatch,
)
from tests.search import examples

scalars = st.one_of(
    st.integers(-9, 9),
    st.fractions(-3, 3, max_denominator=5),
    st.sampled_from([alpha, L - 1, alpha / L, sp.sqrt(2), sp.Rational(1, 3)]),
)


def functions(n: int) -> st.SearchStrategy[ClassFunction]:
    count = len(partitions(n))
    return st.lists(scalars, min_size=count, max_size=count).map(lambda v: ClassFunction(n, v))


pairs = st.integers(0, 6).flatmap(lambda n: st.tuples(functions(n), functions(n)))
two_sizes = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(sorted)


def mean(f: ClassFunction, g: ClassFunction) -> sp.Expr:
    """The inner product as it is defined, over all permutations."""
    total = sum((sp.S(f(s)) * g(inverse(s)) for s in permutations(range(f.n))), start=sp.Integer(0))
    return sp.expand(total / factorial(f.n))


@pytest.mark.parametrize("n", range(6))
def test_inner_products_by_brute_force(n: int) -> None:
    f = ClassFunction(n, lambda mu: len(mu) * alpha + sum(p * p for p in mu))
    g = ClassFunction(n, lambda mu: Fraction(1, 1 + mu.part(0)))
    assert sp.expand(f.inner(g)) == mean(f, g)
    assert sp.expand(f.inner(f)) == mean(f, f)


@pytest.mark.parametrize("n", range(5))
def test_convolution_by_brute_force(n: int) -> None:
    f = ClassFunction(n, lambda mu: len(mu) * alpha + sum(p * p for p in mu))
    g = ClassFunction(n, lambda mu: Fraction(mu.sign, 1 + mu.part(0)))
    product = f.convolve(g)
    group = list(permutations(range(n)))
    for s in group:
        expected = sum((sp.S(f(t)) * g(multiply(inverse(t), s)) for t in group), sp.Integer(0))
        assert sp.expand(expected / factorial(n) - product(s)) == 0


@pytest.mark.parametrize("n", range(1, 5))
def test_eigenvalues_by_the_full_matrix(n: int) -> None:
    """The n! x n! matrix f(x^-1 y)/n! has <f, chi>/dim as eigenvalue dim^2 times."""
    f = ClassFunction(n, lambda mu: mu.count(1) ** 2 + 3 * len(mu))
    group = list(permutations(range(n)))
    matrix = sp.Matrix(
        [[sp.Rational(f(multiply(inverse(x), y)), factorial(n)) for y in group] for x in group]
    )
    expected: dict[sp.Expr, int] = {}
    for lam, value in f.eigenvalues().items():
        expected[value] = expected.get(value, 0) + lam.dimension**2
    assert matrix.charpoly() == sp.Poly(
        sp.prod([(sp.Symbol("lambda") - e) ** m for e, m in expected.items()]), sp.Symbol("lambda")
    )


def test_eigenvalues_of_the_literature() -> None:
    """fix/L and fix^2 on distinct tokens, here with L = 7."""
    n = 7
    fix = ClassFunction.permutation(n)
    nonzero = {lam: e for lam, e in fix.eigenvalues().items() if e}
    assert nonzero == {(7,): 1, (6, 1): sp.Rational(1, 6)}
    assert (fix**2).decompose() == {(7,): 2, (6, 1): 3, (5, 2): 1, (5, 1, 1): 1}
    nonzero = {lam: e for lam, e in (fix * fix).eigenvalues().items() if e}
    assert nonzero == {
        (7,): 2,
        (6, 1): sp.Rational(3, 6),
        (5, 2): sp.Rational(2, 7 * 4),
        (5, 1, 1): sp.Rational(2, 6 * 5),
    }


def test_power_of_a_symbol_to_the_fixed_points() -> None:
    """t^fix: the multiplicity of lam is sum_j (t-1)^j/j! f^(lam/(n-j))."""
    n, t = 6, sp.Symbol("t")
    f = ClassFunction(n, lambda mu: t ** mu.count(1))
    multiplicities = f.decompose()
    for lam in partitions(n):
        expected = sum(
            (t - 1) ** j
            * sp.Rational(lam.skew((n - j,) if j < n else ()).standard_count, factorial(j))
            for j in range(n + 1)
            if n - j <= lam.part(0)
        )
        assert sp.expand(expected - multiplicities.get(lam, 0)) == 0


@pytest.mark.parametrize("n", range(8))
def test_irreducibles(n: int) -> None:
    characters = [ClassFunction.irreducible(lam) for lam in partitions(n)]
    for i, f in enumerate(characters):
        assert f.decompose() == {partitions(n)[i]: 1}
        assert [f.inner(g) for g in characters] == [int(i == j) for j in range(len(characters))]
    trivial, sign = ClassFunction.trivial(n), ClassFunction.sign(n)
    assert trivial == characters[0] and sign == characters[-1]
    for lam, f in zip(partitions(n), characters, strict=True):
        assert f * sign == ClassFunction.irreducible(lam.conjugate)
    assert ClassFunction.regular(n).decompose() == {lam: lam.dimension for lam in partitions(n)}


@pytest.mark.parametrize(("m", "n"), [(1, 3), (2, 3), (3, 3), (4, 2), (4, 4)])
def test_outer_products_equal_an_independent_program(m: int, n: int) -> None:
    for mu in partitions(m):
        for nu in partitions(n):
            outer = ClassFunction.irreducible(mu).outer(ClassFunction.irreducible(nu))
            assert outer.decompose() == {
                lam: c
                for lam in partitions(m + n)
                if (c := symfn.lr_coefficient(list(lam), list(mu), list(nu)))
            }


@pytest.mark.parametrize("n", range(2, 7))
def test_pointwise_products_equal_an_independent_program(n: int) -> None:
    for mu in partitions(n):
        for nu in partitions(n):
            product = ClassFunction.irreducible(mu) * ClassFunction.irreducible(nu)
            assert product.decompose() == {
                lam: c
                for lam in partitions(n)
                if (c := symfn.kronecker_coefficient(list(mu), list(nu), list(lam)))
            }


@pytest.mark.parametrize("n", range(1, 7))
def test_branching(n: int) -> None:
    for lam in partitions(n):
        f = ClassFunction.irreducible(lam)
        assert f.restrict(n - 1).decompose() == dict.fromkeys(lam.down(), 1)
        assert f.induce(n + 1).decompose() == dict.fromkeys(lam.up(), 1)
        assert f.restrict(0).values == (lam.dimension,)


@pytest.mark.parametrize(("m", "n"), [(2, 4), (3, 4), (1, 4), (0, 3)])
def test_induction_by_cosets(m: int, n: int) -> None:
    """(Ind f)(g) = (1/m!) sum over x with x^-1 g x in S_m of f(x^-1 g x)."""
    f = ClassFunction(m, lambda mu: 1 + len(mu) ** 2)
    induced = f.induce(n)
    for g in permutations(range(n)):
        total = 0
        for x in permutations(range(n)):
            h = multiply(multiply(inverse(x), g), x)
            if h[m:] == tuple(range(m, n)):
                total += f(h[:m])
        assert induced(g) == Fraction(total, factorial(m))


@examples(60)
@given(pairs)
def test_laws_of_the_two_products(pair: tuple[ClassFunction, ClassFunction]) -> None:
    f, g = pair
    n = f.n
    first, second = f.eigenvalues(), g.eigenvalues()
    convolved = f.convolve(g)
    assert convolved == g.convolve(f)
    assert f.convolve(ClassFunction.regular(n)) == f
    for lam, value in convolved.eigenvalues().items():
        assert sp.expand(value - first[lam] * second[lam]) == 0
    a, b = f.decompose(), g.decompose()
    parseval = sum((sp.S(a[lam]) * b[lam] for lam in a if lam in b), start=sp.Integer(0))
    assert sp.expand(parseval - f.inner(g)) == 0
    assert f + g - g == f and f * g == g * f and f - f == f * 0
    assert sum((c * ClassFunction.irreducible(lam) for lam, c in a.items()), start=f * 0) == f
    trace = sum((lam.dimension**2 * e for lam, e in first.items()), start=sp.Integer(0))
    assert sp.expand(trace - f[(1,) * n]) == 0  # the value on the identity


@examples(40)
@given(two_sizes.flatmap(lambda p: st.tuples(functions(p[0]), functions(p[1]))))
def test_frobenius_reciprocity(pair: tuple[ClassFunction, ClassFunction]) -> None:
    f, g = pair
    assert sp.expand(f.induce(g.n).inner(g) - f.inner(g.restrict(f.n))) == 0
    # Ind(f Res g) = g Ind f
    assert (f * g.restrict(f.n)).induce(g.n) == f.induce(g.n) * g


@examples(40)
@given(st.integers(0, 4).flatmap(functions), st.integers(0, 3).flatmap(functions))
def test_values_round_trip(f: ClassFunction, g: ClassFunction) -> None:
    names = {
        "ClassFunction": ClassFunction,
        **{k: getattr(sp, k) for k in sp.__all__ if k[0].isupper()},
    }
    names["sqrt"] = sp.sqrt
    again = eval(repr(f), names)  # noqa: S307
    assert again == f and hash(again) == hash(f)
    assert f.outer(g) == g.outer(f)
    assert ClassFunction(f.n, f.values) == f == ClassFunction(f.n, dict(f.items()))


def test_repr_keeps_symbols_that_formulas_do_not_know() -> None:
    f = ClassFunction(2, {(2,): sp.Symbol("t", real=True) / 2})
    assert eval(repr(f), vars(sp) | {"ClassFunction": ClassFunction}) == f  # noqa: S307


def test_values_are_what_was_given_exactly() -> None:
    f = ClassFunction(3, {"3": "1/2", (2, 1): np.int64(4), (1, 1, 1): Fraction(6, 3)})
    assert f.values == (sp.Rational(1, 2), 4, 2)
    assert f[(3,)] == f((1, 2, 0)) == sp.Rational(1, 2)
    assert [type(v).__name__ for v in f.values] == ["Half", "int", "int"]
    assert ClassFunction(3, np.arange(3)).values == (0, 1, 2)
    assert ClassFunction(3, {(3,): 1}) == ClassFunction.indicator((3,))
    assert (2 * f)[(2, 1)] == 8 and (f * alpha)[(2, 1)] == 4 * alpha
    assert (alpha * f) == f * alpha
    assert (f * alpha).subs(alpha, 2) == f * 2


def test_equal_functions_are_equal_objects() -> None:
    f = ClassFunction(2, [(L**2 - 1) / (L - 1), (alpha + 1) ** 2])
    assert f == ClassFunction(2, [L + 1, alpha**2 + 2 * alpha + 1])
    zero = ClassFunction(2, [1 / (L - 1) - L / (L - 1) + 1, 0])
    assert zero.decompose() == {}


def test_large_numbers_do_not_wrap() -> None:
    f = ClassFunction.permutation(20) ** 20
    assert f[(1,) * 20] == 20**20
    assert sum(c * c for c in f.decompose().values()) == f.inner(f)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ([1, 2], SizeMismatch),
        ([1, 2, 0.5], InvalidType),
        ([1, 2, sp.Float(1)], InvalidType),
        ([1, 2, True], InvalidType),
        ([1, 2, None], InvalidType),
        ([1, 2, sp.oo], InvalidArgument),
        ([1, 2, "__import__('os')"], FormulaError),
        ({(4,): 1}, SizeMismatch),
        ({(3,): 1, "3": 2}, InvalidArgument),
        ("abc", InvalidType),
        (3, InvalidType),
        (lambda mu: 0.5, InvalidType),
    ],
)
def test_bad_values(data: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        ClassFunction(3, data)  # type: ignore[arg-type]


def test_bad_arguments() -> None:
    f, g = ClassFunction.trivial(3), ClassFunction.trivial(4)
    with pytest.raises(
        SizeMismatch, match="other: must be a class function on S_3, but it is one on S_4"
    ):
        f * g
    with pytest.raises(SizeMismatch):
        f.inner(g)
    with pytest.raises(InvalidArgument, match="n: must be an integer of at most 3, but it is 4"):
        f.restrict(4)
    with pytest.raises(InvalidArgument):
        f.induce(2)
    with pytest.raises(PermutationError):
        f((0, 0, 1))
    with pytest.raises(SizeMismatch):
        f((0, 1))
    with pytest.raises(SizeMismatch):
        f[(4,)]
    with pytest.raises(TypeError):
        f * 0.5
    with pytest.raises(TypeError):
        f + 1


def test_display() -> None:
    f = ClassFunction(4, {(2, 1, 1): alpha / 2})
    assert max(map(len, str(f).splitlines())) <= 80
    assert r"\frac{\alpha}{2}" in f.latex() and "<table>" in f._repr_html_()


def test_cycle_types_index_the_values() -> None:
    f = ClassFunction(4, lambda mu: sp.Symbol(f"f_{''.join(map(str, mu))}"))
    for g in permutations(range(4)):
        assert str(f(g)) == "f_" + "".join(map(str, cycle_type(g)))
    assert f[Partition(2, 1, 1)] == f["2,1,1"]
    assert ClassFunction.irreducible((2, 2)).values == tuple(character_table(4).row((2, 2)))
