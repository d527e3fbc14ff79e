"""Character polynomials against the table, brute-force means over the group, and below thresholds."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from math import factorial, prod

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.abc import L, alpha, beta, cycle_count
from symkern.abc import n as size
from symkern.characters import (
    CharacterPolynomial,
    ClassFunction,
    StableDecomposition,
    character_table,
)
from symkern.combinatorics import Partition, cycle_type, partitions
from symkern.errors import BelowThreshold, FormulaError, InvalidArgument, InvalidType
from tests.search import examples

X1, X2, X3 = map(cycle_count, (1, 2, 3))
LABELS = [mu for k in range(6) for mu in partitions(k)]

exponents = st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 1))
coefficients = st.one_of(
    st.integers(-4, 4),
    st.fractions(-2, 2, max_denominator=4),
    st.sampled_from([alpha, beta / L, L - 2]),
)
polynomials = st.dictionaries(exponents, coefficients, max_size=4).map(
    lambda terms: CharacterPolynomial(
        sp.Add(*(sp.S(c) * X1**a * X2**b * X3**d for (a, b, d), c in terms.items()))
    )
)


def same(a: object, b: object) -> bool:
    return bool(sp.simplify(sp.S(a) - sp.S(b)) == 0)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("mu", LABELS, ids=str)
def test_equals_the_table_from_the_threshold_on(mu: Partition) -> None:
    q = CharacterPolynomial.irreducible(mu)
    assert q.threshold == mu.threshold and q.degree == mu.size
    for n in range(q.threshold, 13):
        table = character_table(n)
        assert list(q.at(n).values) == table.row(mu.padded(n)).tolist()
        assert [q.value(nu) for nu in table.partitions] == list(q.at(n).values)


def test_formulas_of_the_literature() -> None:
    known = {
        (): sp.Integer(1),
        (1,): X1 - 1,
        (2,): X1 * (X1 - 3) / 2 + X2,
        (1, 1): (X1 - 1) * (X1 - 2) / 2 - X2,
        (2, 1): X1 * (X1 - 2) * (X1 - 4) / 3 - X3,
    }
    for mu, formula in known.items():
        assert CharacterPolynomial.irreducible(mu) == CharacterPolynomial(formula)


@pytest.mark.parametrize("mu", LABELS, ids=str)
def test_straightening_below_the_threshold(mu: Partition) -> None:
    """There the polynomial is zero or, up to sign, another irreducible; the library refuses."""
    q = CharacterPolynomial.irreducible(mu)
    free = CharacterPolynomial(q.expression)  # the same polynomial, meant as itself everywhere
    for n in range(q.threshold):
        with pytest.raises(BelowThreshold, match=f"stands for n >= {q.threshold}, but it is {n}"):
            q.at(n)
        found = free.at(n).decompose()
        # Straighten the composition (n - |mu|, mu_1, ...): sort lam_i - i, the sign of the sorting.
        composition = [n - mu.size, *mu]
        beta_numbers = [part + len(mu) - i for i, part in enumerate(composition)]
        if len(set(beta_numbers)) < len(beta_numbers) or min(beta_numbers) < 0:
            assert found == {}
        else:
            sign = (-1) ** sum(
                beta_numbers[i] < beta_numbers[j]
                for j in range(len(beta_numbers))
                for i in range(j)
            )
            ordered = sorted(beta_numbers, reverse=True)
            parts = [b - len(mu) + i for i, b in enumerate(ordered)]
            assert found == {Partition([p for p in parts if p]): sign}
    if q.threshold:
        assert free.at(q.threshold - 1).decompose() == {}


@pytest.mark.parametrize("mu", LABELS, ids=str)
def test_is_orthonormal_from_the_threshold_on(mu: Partition) -> None:
    q = CharacterPolynomial.irreducible(mu)
    assert q.decompose() == {mu: 1}
    assert q.decompose().threshold == q.threshold
    for nu in LABELS:
        other = CharacterPolynomial.irreducible(nu)
        assert q.inner(other) == int(mu == nu)
        assert q.inner_threshold(other) == max(q.threshold, other.threshold)


@examples(50)
@given(polynomials, st.integers(0, 6))
def test_means_by_brute_force(p: CharacterPolynomial, n: int) -> None:
    values = [p(g) for g in permutations(range(n))] if n <= 5 else None
    exact = p.expectation(n)
    if values is not None:
        assert same(sp.Add(*values) / factorial(n), exact)
    assert same(p.at(n).inner(ClassFunction.trivial(n)), exact)
    if n >= p.expectation_threshold:
        assert same(exact, p.expectation())


@examples(60)
@given(polynomials)
def test_the_threshold_of_the_mean_cannot_be_lowered(p: CharacterPolynomial) -> None:
    first = p.expectation_threshold
    assert first <= max(p.degree, 0)
    assert same(p.expectation(first), p.expectation())
    if first:
        assert not same(p.expectation(first - 1), p.expectation())


@examples(20)
@given(polynomials)
def test_decompositions_at_every_size(p: CharacterPolynomial) -> None:
    """Uniform from its threshold on, false just below it, and exact at each n on request."""
    uniform = p.decompose()
    first = uniform.threshold
    assert first <= 2 * max(p.degree, 0)
    for n in sorted({*range(6), first - 1, first, first + 1} - {-1}):
        if n > 12:
            continue
        found = p.at(n).decompose()
        labels = {lam.stable for lam in found} | set(uniform)
        for mu in labels:
            value = found.get(mu.padded(n), 0) if n >= mu.threshold else 0
            assert same(p.multiplicity(mu, n), value)
        if n >= first:
            assert {k: sp.simplify(v) for k, v in uniform.at(n).items()} == {
                k: sp.simplify(v) for k, v in found.items()
            }
        else:
            with pytest.raises(BelowThreshold):
                uniform.at(n)
        if n == first - 1:
            stable = {mu.padded(n): c for mu, c in uniform.items() if n >= mu.threshold}
            exists = all(n >= mu.threshold for mu in uniform)
            assert not exists or any(
                not same(stable.get(lam, 0), found.get(lam, 0)) for lam in {*stable, *found}
            )


@examples(20)
@given(polynomials, polynomials)
def test_inner_products(p: CharacterPolynomial, q: CharacterPolynomial) -> None:
    first = p.inner_threshold(q)
    assert same(p.inner(q), (p * q).expectation())
    assert first == (p * q).expectation_threshold
    for n in range(5):
        assert same(p.inner(q, n), p.at(n).inner(q.at(n)))
        assert same(p.inner(q, n), (p * q).expectation(n))


@examples(6)
@given(polynomials, polynomials, st.integers(0, 6))
def test_restriction_to_one_group_is_a_homomorphism(
    p: CharacterPolynomial, q: CharacterPolynomial, n: int
) -> None:
    assert (p + q).at(n) == p.at(n) + q.at(n)
    assert (p * q).at(n) == p.at(n) * q.at(n)
    assert (p - q).at(n) == p.at(n) - q.at(n)
    assert (p**2).at(n) == p.at(n) ** 2
    assert p * q == q * p and p + q - q == p and p - p == CharacterPolynomial(0)
    combined = CharacterPolynomial(0)
    for mu, c in p.decompose().items():
        combined = combined + CharacterPolynomial.irreducible(mu) * c
    assert combined == p


@pytest.mark.parametrize("a", [(1,), (2,), (0, 1), (3, 1), (1, 0, 2)])
def test_means_of_falling_factorials(a: tuple[int, ...]) -> None:
    """E prod (X_i)_(a_i) = prod i^(-a_i) from n = sum i a_i on, and 0 before."""
    p = CharacterPolynomial(
        sp.Mul(*(sp.expand_func(sp.ff(cycle_count(i), e)) for i, e in enumerate(a, 1)))
    )
    weight = sum(i * e for i, e in enumerate(a, 1))
    expected = Fraction(1, prod(i**e for i, e in enumerate(a, 1)))
    assert (p.expectation(), p.expectation_threshold) == (expected, weight)
    assert [p.expectation(n) for n in range(weight)] == [0] * weight


def test_eigenvalues_of_the_literature() -> None:
    """fix^2, L >= 4: 2, 3/(L-1), 2/(L(L-3)), 2/((L-1)(L-2))."""
    p = CharacterPolynomial(X1**2)
    assert p.decompose().threshold == 4
    eigenvalues = p.eigenvalues(L)
    expected = {(): 2, (1,): 3 / (L - 1), (2,): 2 / (L * (L - 3)), (1, 1): 2 / ((L - 1) * (L - 2))}
    assert eigenvalues.keys() == expected.keys()
    assert all(same(eigenvalues[mu], value) for mu, value in expected.items())
    for k in range(4, 9):
        at_k = {lam: value for lam, value in p.at(k).eigenvalues().items() if value}
        assert at_k == {mu.padded(k): sp.S(e).subs(L, k) for mu, e in eigenvalues.items()}


@pytest.mark.parametrize("power", range(1, 9))
def test_powers_of_the_fixed_points(power: int) -> None:
    """X1^j is the character of j-tuples of points; sum over mu of multiplicity times dim is n^j."""
    uniform = CharacterPolynomial(X1**power).decompose()
    assert uniform.threshold == 2 * power
    total = sp.expand(sum(c * mu.padded_dimension(size) for mu, c in uniform.items()))
    assert total == size**power
    assert uniform[()] == sp.bell(power)  # orbits on j-tuples: set partitions


def test_coefficients_with_symbols() -> None:
    kappa = CharacterPolynomial(
        (alpha * X1 + beta * L) * (alpha**2 * L + 2 * alpha * beta * X1 + beta**2 * L) / L**4
    )
    assert kappa.threshold == 0 and kappa.degree == 2
    uniform = kappa.decompose()
    assert uniform.threshold == 4 and list(uniform) == [(), (1,), (2,), (1, 1)]
    assert same(uniform[(2,)], 2 * alpha**2 * beta / L**4)
    for k in (4, 5, 6):
        at_k = kappa.subs({L: k, alpha: 3, beta: sp.Rational(1, 2)})
        expected = {
            mu.padded(k): sp.S(c).subs({L: k, alpha: 3, beta: sp.Rational(1, 2)})
            for mu, c in uniform.items()
        }
        assert at_k.at(k).decompose() == expected


def test_a_coefficient_that_cancels_lowers_the_threshold() -> None:
    """A zero that is only zero after cancelling must not hold a threshold up."""
    hidden = 1 / (L - 1) - L / (L - 1) + 1
    assert CharacterPolynomial(X1 + hidden * X1**3).decompose().threshold == 2
    assert CharacterPolynomial(hidden) == CharacterPolynomial(0)
    # X1^2 - X1 - 2 X2 is twice the difference of (2) and (1,1) below the first row ...
    assert CharacterPolynomial(X1**2 - X1 - 2 * X2).decompose().threshold == 3


def test_every_way_to_write_one() -> None:
    q = CharacterPolynomial("X1*(X1 - 3)/2 + X2")
    assert q == CharacterPolynomial(X1 * (X1 - 3) / 2 + X2)
    assert q == CharacterPolynomial(sp.sympify("X1*(X1-3)/2 + X2"))  # symbols without assumptions
    assert q == CharacterPolynomial.irreducible("2") and hash(q) == hash(
        CharacterPolynomial.irreducible("2")
    )
    assert X1 * q == q * X1 == CharacterPolynomial(X1) * q
    assert 1 + q == q + 1 and 1 - q == -(q - 1)
    assert CharacterPolynomial("X12").value((12, 1)) == 1
    assert CharacterPolynomial(3).expression == 3 and CharacterPolynomial(0).degree == -1
    assert q((1, 0, 2, 3)) == q.value(cycle_type((1, 0, 2, 3)))


def test_thresholds_join() -> None:
    q, r = CharacterPolynomial.irreducible((2, 1)), CharacterPolynomial(X1, threshold=7)
    assert ((q + r).threshold, (q * r).threshold, (-q).threshold, (q**2).threshold) == (7, 7, 5, 5)


@examples(40)
@given(polynomials, st.integers(0, 5))
def test_values_round_trip(p: CharacterPolynomial, threshold: int) -> None:
    q = CharacterPolynomial(p.expression, threshold)
    again = eval(repr(q))  # noqa: S307
    assert again == q == p and again.threshold == threshold and hash(again) == hash(p)
    d = p.decompose()
    assert eval(repr(d)) == d and hash(eval(repr(d))) == hash(d)  # noqa: S307
    assert isinstance(d, StableDecomposition)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (1 / X1, InvalidArgument),
        (sp.sqrt(X1), InvalidArgument),
        (2**X1, InvalidArgument),
        (X1**L, InvalidArgument),
        (0.5 * X1, InvalidType),
        (0.5, InvalidType),
        (sp.oo * X1, InvalidArgument),
        (None, InvalidType),
        ("X0 + 1", FormulaError),
        ("X1; import os", FormulaError),
    ],
)
def test_bad_expressions(wrong: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        CharacterPolynomial(wrong)


def test_bad_arguments() -> None:
    q = CharacterPolynomial.irreducible((2, 1))
    with pytest.raises(BelowThreshold):
        q.value((2, 2))
    with pytest.raises(BelowThreshold):
        q.expectation(4)
    with pytest.raises(BelowThreshold):
        q.inner(q, 4)
    with pytest.raises(BelowThreshold):
        q.decompose().at(4)
    with pytest.raises(InvalidType):
        q.inner(X1)  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument):
        CharacterPolynomial(X1, threshold=-1)
    with pytest.raises(TypeError):
        q * 0.5
    with pytest.raises(InvalidType):
        q.at(5.0)  # type: ignore[arg-type]


def test_display() -> None:
    q = CharacterPolynomial.irreducible((1, 1))
    assert r"X_{2}" in q.latex() and q._repr_latex_().startswith("$")
    assert "(n-2,1,1)" in q.decompose().latex()
    assert str(q.decompose()) == "{1,1: 1} for n >= 3"


def test_eigenvalues_at_a_size() -> None:
    q = CharacterPolynomial("X2")
    assert q.eigenvalues(6) == {mu: e.subs(size, 6) for mu, e in q.eigenvalues().items()}
    for at, said in ((-1, "at least 0"), (0, "stand for n >= 4"), (3, "stand for n >= 4")):
        with pytest.raises(InvalidArgument, match=said):
            q.eigenvalues(at)


def test_a_count_that_does_not_occur_may_be_put_for() -> None:
    """Whatever stands beside it, a number of 5,000 digits for one."""
    q = CharacterPolynomial("X1 - 1", 1)
    huge = 10**5000
    assert q.subs([("X2", huge), ("X1", 7)]).expression == 6
    assert q.subs({cycle_count(3): huge}).expression == q.expression
    assert q.subs("X1", huge).expression == huge - 1
