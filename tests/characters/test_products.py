"""Kronecker, Littlewood-Richardson and Kostka numbers against symfn, against each other and against the character formula."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from math import factorial, prod

import pytest
import symfn
from hypothesis import given
from hypothesis import strategies as st

from symkern import strategies
from symkern.characters import (
    ClassFunction,
    KostkaMatrix,
    character,
    character_table,
    full_table,
    kostka,
    kostka_matrix,
    kronecker,
    kronecker_coefficient,
    kronecker_products,
    littlewood_richardson,
    littlewood_richardson_coefficient,
    reduced_kronecker,
    reduced_kronecker_coefficient,
    skew_schur,
)
from symkern.combinatorics import Partition, SkewPartition, partitions
from symkern.errors import InvalidArgument, InvalidType, PartitionError, SizeMismatch, TooLarge
from symkern.limits import changed
from tests.search import examples


def shapes(largest: int) -> st.SearchStrategy[Partition]:
    return st.integers(0, largest).flatmap(lambda n: st.sampled_from(partitions(n)))


def of_one_size(count: int, largest: int) -> st.SearchStrategy[tuple[Partition, ...]]:
    return st.integers(0, largest).flatmap(
        lambda n: st.tuples(*[st.sampled_from(partitions(n))] * count)
    )


# Kronecker


@pytest.mark.parametrize("n", range(9))
def test_whole_products_equal_an_independent_program(n: int) -> None:
    for lam in partitions(n):
        for mu in partitions(n):
            assert kronecker(lam, mu) == dict(symfn.internal_product([(lam, 1)], [(mu, 1)]))


@pytest.mark.sampled(2)
@pytest.mark.parametrize("n", [12, 16, 20, 22, 24])
def test_large_products_equal_an_independent_program(n: int) -> None:
    rng = random.Random(n)
    for _ in range(3):
        lam, mu = rng.choice(partitions(n)), rng.choice(partitions(n))
        assert kronecker(lam, mu) == dict(symfn.internal_product([(lam, 1)], [(mu, 1)]))
        nu = rng.choice(partitions(n))
        expected = symfn.kronecker_coefficient(lam, mu, nu)
        assert kronecker_coefficient(lam, mu, nu) == expected == kronecker(lam, mu).get(nu, 0)


def test_two_small_shapes_and_a_large_one_in_every_order() -> None:
    """In (59,1) (x) (58,2) every shape has at most three cells below its first row; (57,3) is there once."""
    for third, expected in (((57, 3), 1), ((30, 30), 0), ((20, 20, 20), 0)):
        orders = itertools.permutations([(59, 1), (58, 2), third])
        assert {kronecker_coefficient(*order) for order in orders} == {expected}


def test_coefficients_that_exceed_the_residue_of_the_word() -> None:
    """At n = 30 g is known modulo 2^38 only; some of these have 45 bits."""
    table = character_table(30)
    lam = Partition(8, 6, 5, 4, 3, 2, 1, 1)
    found = kronecker(lam, lam)
    assert max(found.values()).bit_length() > 38
    assert sum(g * nu.dimension for nu, g in found.items()) == lam.dimension**2
    assert found[Partition(30)] == 1
    rng = random.Random(30)
    for nu in rng.sample(table.partitions, 20):
        assert kronecker_coefficient(lam, lam, nu) == found.get(nu, 0)


def test_products_without_a_table_stream_its_columns() -> None:
    lam, mu = (9, 6, 4, 2, 1, 1), (7, 7, 5, 3, 1)
    character_table(22)
    with_table = kronecker((9, 6, 4, 2, 1), (7, 7, 5, 3))
    single = kronecker_coefficient((9, 6, 4, 2, 1), (7, 7, 5, 3), (8, 6, 5, 3))
    with changed(cached_table=5):
        full_table._alive.clear()
        assert kronecker((9, 6, 4, 2, 1), (7, 7, 5, 3)) == with_table
        assert kronecker_coefficient((9, 6, 4, 2, 1), (7, 7, 5, 3), (8, 6, 5, 3)) == single
    assert kronecker(lam, mu) == dict(symfn.internal_product([(lam, 1)], [(mu, 1)]))


@examples(60)
@given(of_one_size(3, 12))
def test_kronecker_is_symmetric_and_is_the_character_formula(
    triple: tuple[Partition, ...],
) -> None:
    lam, mu, nu = triple
    n = lam.size
    formula = sum(
        Fraction(prod(character(s, rho) for s in triple), rho.centraliser_order)
        for rho in partitions(n)
    )
    assert kronecker_coefficient(lam, mu, nu) == formula
    for a, b, c in ((mu, lam, nu), (nu, mu, lam), (lam, nu, mu)):
        assert kronecker_coefficient(a, b, c) == kronecker(a, b).get(c, 0) == formula
    assert kronecker_coefficient(lam.conjugate, mu.conjugate, nu) == formula


def test_convention_pins_of_kronecker() -> None:
    assert list(kronecker((2, 1), (2, 1))) == [(3,), (2, 1), (1, 1, 1)]
    assert kronecker((3, 1), (1, 1, 1, 1)) == {(2, 1, 1): 1}
    assert kronecker((), ()) == {(): 1} and kronecker((1,), "1") == {(1,): 1}
    assert all(type(g) is int for g in kronecker((4, 2), (3, 3)).values())


@pytest.mark.parametrize("m", range(5))
@pytest.mark.parametrize("n", range(5))
def test_reduced_products_equal_an_independent_program(m: int, n: int) -> None:
    for lam in partitions(m):
        for mu in partitions(n):
            assert reduced_kronecker(lam, mu) == dict(symfn.reduced_kronecker_product(lam, mu))


@pytest.mark.parametrize(
    ("lam", "mu"),
    [((1,), (1,)), ((2, 1), (1, 1)), ((2, 1), (2, 1)), ((3,), (1, 1, 1)), ((2, 2), (2,))],
)
def test_reduced_products_are_the_products_of_padded_shapes(
    lam: tuple[int, ...], mu: tuple[int, ...]
) -> None:
    """From n = |lam| + |mu| + lam_1 + mu_1 on (Briand, Orellana, Rosas)."""
    a, b = Partition(lam), Partition(mu)
    stable = reduced_kronecker(a, b)
    least = a.threshold + b.threshold
    for n in (least, least + 1):
        assert kronecker(a.padded(n), b.padded(n)) == {nu.padded(n): g for nu, g in stable.items()}


@examples(40)
@given(shapes(4), shapes(4), shapes(4))
def test_reduced_coefficients_are_symmetric(a: Partition, b: Partition, c: Partition) -> None:
    value = symfn.reduced_kronecker(a, b, c)
    assert reduced_kronecker_coefficient(a, b, c) == value
    assert reduced_kronecker_coefficient(c, a, b) == value == reduced_kronecker(b, c).get(a, 0)
    if c.size == a.size + b.size:  # the top part is the outer product
        assert value == littlewood_richardson_coefficient(c, a, b)


# Littlewood-Richardson


@pytest.mark.parametrize("m", range(7))
@pytest.mark.parametrize("n", range(6))
def test_outer_products_equal_an_independent_program(m: int, n: int) -> None:
    for lam in partitions(m):
        for mu in partitions(n):
            assert littlewood_richardson(lam, mu) == dict(
                symfn.schur_multiply([(lam, 1)], [(mu, 1)])
            )


def test_a_large_outer_product() -> None:
    lam, mu = (6, 5, 4, 3, 2, 1), (5, 4, 3, 2, 1)
    found = littlewood_richardson(lam, mu)
    assert found == dict(symfn.schur_multiply([(lam, 1)], [(mu, 1)]))
    assert littlewood_richardson_coefficient((8, 7, 6, 5, 4, 3, 2, 1), lam, mu) == 640


@examples(60)
@given(shapes(6), shapes(6))
def test_two_routes_to_outer_products(lam: Partition, mu: Partition) -> None:
    """Fillings of skew shapes, and induction of class functions by the character table."""
    found = littlewood_richardson(lam, mu)
    induced = ClassFunction.irreducible(lam).outer(ClassFunction.irreducible(mu))
    assert found == induced.decompose() == littlewood_richardson(mu, lam)
    assert littlewood_richardson(lam.conjugate, mu.conjugate) == {
        nu.conjugate: c for nu, c in found.items()
    }
    for nu, c in found.items():
        assert littlewood_richardson_coefficient(nu, lam, mu) == c == skew_schur(nu, lam)[mu]


@pytest.mark.parametrize("n", range(9))
def test_skew_shapes(n: int) -> None:
    for lam in partitions(n):
        for m in range(n + 1):
            for mu in filter(lam.contains, partitions(m)):
                parts = skew_schur(lam, mu)
                assert parts == dict(symfn.skew_schur(lam, mu))
                count = sum(c * nu.dimension for nu, c in parts.items())
                assert count == SkewPartition(lam, mu).standard_count


def test_convention_pins_of_littlewood_richardson() -> None:
    assert littlewood_richardson_coefficient((2, 1), (2,), (1,)) == 1
    assert littlewood_richardson_coefficient((2,), (2, 1), (1,)) == 0
    assert littlewood_richardson_coefficient((4,), (2, 1), (1,)) == 0
    assert littlewood_richardson((), ()) == {(): 1}
    assert list(littlewood_richardson((1,), (2,))) == [(3,), (2, 1)]


# Kostka


@pytest.mark.parametrize("n", range(17))
def test_kostka_matrices_equal_an_independent_program(n: int) -> None:
    assert kostka_matrix(n).values.tolist() == symfn.kostka_table(n)


@pytest.mark.parametrize("n", range(9))
def test_single_kostka_numbers_and_permutation_modules(n: int) -> None:
    matrix = kostka_matrix(n)
    for mu in partitions(n):
        module = ClassFunction.trivial(0)
        for part in mu:
            module = module.outer(ClassFunction.trivial(part))
        assert module.decompose() == {
            lam: matrix[lam, mu] for lam in partitions(n) if matrix[lam, mu]
        }
        for lam in partitions(n):
            assert kostka(lam, mu) == matrix[lam, mu]
            assert bool(matrix[lam, mu]) == lam.dominates(mu)


@examples(40)
@given(of_one_size(2, 40))
def test_large_kostka_numbers(pair: tuple[Partition, Partition]) -> None:
    assert kostka(*pair) == symfn.kostka_number(*pair)


def test_kostka_matrix_as_a_value() -> None:
    matrix = kostka_matrix(4)
    assert eval(repr(matrix)) == matrix != kostka_matrix(3)  # noqa: S307
    assert hash(matrix) == hash(KostkaMatrix(4))
    assert matrix[(2, 1, 1), (1, 1, 1, 1)] == 3 and matrix[(1, 1, 1, 1), (2, 1, 1)] == 0
    with pytest.raises(ValueError, match="read-only"):
        matrix.values[0, 0] = 2
    assert matrix.values[:, -1].tolist() == [lam.dimension for lam in matrix.partitions]


def test_kostka_squares_sum_to_contingency_tables() -> None:
    """RSK: the sum of K_(lam mu)^2 over lam counts square tables with margins mu; (1^n) gives n!."""
    values = kostka_matrix(10).values
    assert int((values[:, -1] ** 2).sum()) == factorial(10)
    assert int((values[:, partitions(10).index((5, 5))] ** 2).sum()) == 6


# Bad input


def test_bad_input() -> None:
    for function in (kronecker, kostka):
        with pytest.raises(SizeMismatch, match=r"mu: must be a partition of 3, the size of lam"):
            function((2, 1), (2, 2))
        with pytest.raises(InvalidType):
            function(3, (3,))
    with pytest.raises(SizeMismatch, match="nu: must be a partition of 3"):
        kronecker_coefficient((2, 1), (2, 1), (4,))
    with pytest.raises(PartitionError, match="mu: parts must weakly decrease"):
        littlewood_richardson((2, 1), (1, 2))
    with pytest.raises(InvalidArgument, match=r"mu: must lie inside lam = \(2, 1\)"):
        skew_schur((2, 1), (3,))
    with pytest.raises(TooLarge):
        kostka_matrix(80)
    with pytest.raises(InvalidArgument):
        kostka_matrix(-1)
    with pytest.raises(InvalidArgument):
        kronecker((30, 20, 10, 10), (50, 10, 10))


@examples(40)
@given(strategies.partitions(max_size=14), strategies.partitions(max_size=9))
def test_fillings_in_arrays_are_those_one_by_one(lam, mu):
    from symkern.characters.lattice_fillings import fillings_at_once
    from symkern.characters.littlewood_richardson_rule import fillings_one_by_one

    assert fillings_at_once(lam, mu, None) == fillings_one_by_one(lam, mu, None)
    outer = Partition(*(lam.part(i) + mu.part(0) + 1 for i in range(len(lam) + 1)))
    assert fillings_at_once(lam, mu, outer) == fillings_one_by_one(lam, mu, outer)


@examples(40)
@given(
    strategies.partitions(min_size=1, max_size=14), strategies.partitions(min_size=1, max_size=9)
)
def test_one_shape_alone_has_its_part_of_the_product(lam, mu):
    """Rows that must be full by then are filled, in arrays as well; a shape that is not there has none."""
    from symkern.characters import littlewood_richardson_rule as rule
    from symkern.characters.littlewood_richardson_rule import fillings_one_by_one

    product = littlewood_richardson(lam, mu)
    absent = Partition(lam.size + mu.size)
    for nu in {*list(product)[:: max(1, len(product) // 4)], absent}:
        if nu.contains(lam):
            alone = {nu: product[nu]} if nu in product else {}
            assert littlewood_richardson_coefficient(nu, lam, mu) == alone.get(nu, 0)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(rule, "_FEW_STATES", 0)
                assert littlewood_richardson_coefficient(nu, lam, mu) == alone.get(nu, 0)
            assert fillings_one_by_one(lam, mu, nu, True) == alone
            assert fillings_one_by_one(lam, mu, nu, True, most=1) in (alone, None)


def test_fillings_beyond_a_word_are_counted_in_integers(monkeypatch):
    from symkern.characters import lattice_fillings
    from symkern.characters.littlewood_richardson_rule import outer_product

    expected = littlewood_richardson((5, 4, 3, 2, 1), (5, 4, 3, 2, 1))
    monkeypatch.setattr(lattice_fillings, "_FEW", 10)
    outer_product.cache_clear()
    assert littlewood_richardson((5, 4, 3, 2, 1), (5, 4, 3, 2, 1)) == expected
    outer_product.cache_clear()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("n", range(1, 9))
def test_stable_products_of_small_sizes_are_the_products(
    n: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What n > 40 does, seen early: conjugates, the range in which it stands, and the order of the result."""
    expected = {pair: kronecker(*pair) for pair in itertools.product(partitions(n), repeat=2)}
    used = sum(kronecker_products._stable_product(*pair) is not None for pair in expected)
    assert used >= 4 * (len(partitions(n)) - 1) + (n > 4)  # the trivial irrep, the sign, and others
    monkeypatch.setattr(kronecker_products, "_STABLE_FROM", 1)
    for (lam, mu), product in expected.items():
        found = kronecker(lam, mu)
        assert list(found.items()) == list(product.items())
        for nu in random.Random(n).sample(partitions(n), min(4, len(partitions(n)))):
            assert kronecker_coefficient(lam, mu, nu) == product.get(nu, 0)


def test_products_of_large_sizes() -> None:
    assert kronecker((97, 2, 1), (99, 1)) == {
        nu.padded(100): g for nu, g in reduced_kronecker((2, 1), (1,)).items()
    }
    tall = kronecker((2, *[1] * 98), (98, 2))
    assert tall == {nu.conjugate: g for nu, g in kronecker((99, 1), (98, 2)).items()}
    assert kronecker_coefficient((50, 50), (50, 50), (100,)) == 1
    for pair in (((50, 50), (97, 1, 1, 1)), ((97, 1, 1, 1), (50, 50))):
        with pytest.raises(InvalidArgument, match="lam: must have at most 62 cells"):
            kronecker(*pair)
    with pytest.raises(TooLarge, match="the character table of S_61 in blocks needs"):
        kronecker((30, 20, 11), (51, 10))
