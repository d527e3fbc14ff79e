"""Young's three forms against polytabloids written out, each other, characters, and the relations of S_n."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.characters import character
from symkern.combinatorics import Partition, cycle_type, multiply, partitions
from symkern.errors import SizeMismatch
from symkern.exact.sparse import SparseMatrix
from symkern.exact.sparse_vector import RationalVector
from symkern.representations import (
    RadicalMatrix,
    natural,
    natural_to_orthogonal,
    natural_to_seminormal,
    orthogonal,
    reduced_word,
    seminormal,
    seminormal_to_natural,
    seminormal_to_orthogonal,
)
from symkern.representations.paths import paths
from symkern.strategies import partitions as drawn_partitions
from symkern.strategies import permutations as drawn_permutations

pytestmark = pytest.mark.floor

SMALL = [lam for n in range(1, 6) for lam in partitions(n)]
FORMS = [natural, seminormal, orthogonal]


def adjacent(n: int, i: int) -> tuple[int, ...]:
    images = list(range(n))
    images[i], images[i + 1] = i + 1, i
    return tuple(images)


def identity_of(form: object, lam: Partition) -> object:
    rho = form(lam)  # type: ignore[operator]
    return rho(tuple(range(lam.size)))


# An independent construction: polytabloids as vectors over tabloids, positions moved as points by g^-1


def tabloid(rows: list[list[int]]) -> tuple[frozenset[int], ...]:
    return tuple(frozenset(row) for row in rows)


def polytabloid(rows: list[list[int]]) -> dict[tuple[frozenset[int], ...], int]:
    """sum over the column group of sgn(sigma) {sigma T}, term by term."""
    columns = [[row[j] for row in rows if j < len(row)] for j in range(len(rows[0]))]
    terms: list[tuple[dict[int, int], int]] = [({}, 1)]
    for column in columns:
        following = []
        for image in permutations(column):
            sign = 1
            for a in range(len(column)):
                for b in range(a):
                    sign *= -1 if image[b] > image[a] else 1
            order = sorted(column)
            base = 1
            for a in range(len(column)):
                for b in range(a):
                    base *= -1 if column[b] > column[a] else 1
            assert order
            for known, s in terms:
                following.append((known | dict(zip(column, image)), s * sign * base))
        terms = following
    vector: dict[tuple[frozenset[int], ...], int] = {}
    for moved, sign in terms:
        key = tabloid([[moved[e] for e in row] for row in rows])
        vector[key] = vector.get(key, 0) + sign
    return vector


@pytest.mark.parametrize("lam", SMALL, ids=str)
def test_natural_form_is_the_action_on_polytabloids(lam: Partition) -> None:
    n = lam.size
    fillings = [[[e - 1 for e in row] for row in t.rows] for t in lam.standard_tableaux()]
    vectors = [polytabloid(rows) for rows in fillings]
    for i in range(n - 1):
        exchange = {i: i + 1, i + 1: i}
        matrix = natural(lam).adjacent(i).to_sympy()
        for k, rows in enumerate(fillings):
            image = polytabloid([[exchange.get(e, e) for e in row] for row in rows])
            combined: dict[tuple[frozenset[int], ...], int] = {}
            for j, vector in enumerate(vectors):
                for key, value in vector.items():
                    combined[key] = combined.get(key, 0) + int(matrix[j, k]) * value
            assert {a: b for a, b in combined.items() if b} == {a: b for a, b in image.items() if b}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("lam", SMALL, ids=str)
def test_coxeter_relations(form: object, lam: Partition) -> None:
    n = lam.size
    s = [form(lam).adjacent(i) for i in range(n - 1)]  # type: ignore[operator]
    one = identity_of(form, lam)
    for i in range(n - 1):
        assert s[i] @ s[i] == one
        assert form(lam)(adjacent(n, i)) == s[i]  # type: ignore[operator]
        for j in range(i + 2, n - 1):
            assert s[i] @ s[j] == s[j] @ s[i]
    for i in range(n - 2):
        assert s[i] @ s[i + 1] @ s[i] == s[i + 1] @ s[i] @ s[i + 1]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
def test_homomorphism_and_character(form: object, data: st.DataObject) -> None:
    lam = data.draw(drawn_partitions(min_size=1, max_size=6))
    g = data.draw(drawn_permutations(lam.size))
    h = data.draw(drawn_permutations(lam.size))
    rho = form(lam)  # type: ignore[operator]
    assert rho(multiply(g, h)) == rho(g) @ rho(h)
    assert rho(g).trace() == character(lam, cycle_type(g))


def test_the_product_is_sympys_and_pinned() -> None:
    g, h = (1, 0, 2), (0, 2, 1)
    assert multiply(g, h) == (2, 0, 1)
    product = seminormal((2, 1))(g) @ seminormal((2, 1))(h)
    assert seminormal((2, 1))((2, 0, 1)) == product != seminormal((2, 1))((1, 2, 0))
    assert product.to_sympy() == sp.Matrix(
        [[sp.Rational(-1, 2), 1], [sp.Rational(-3, 4), sp.Rational(-1, 2)]]
    )


@pytest.mark.sampled(3)
@pytest.mark.parametrize("lam", [*SMALL, Partition(3, 2, 1), Partition(2, 2, 2)], ids=str)
def test_forms_are_conjugate(lam: Partition) -> None:
    change = natural_to_seminormal(lam)
    size = lam.dimension
    assert change @ seminormal_to_natural(lam) == SparseMatrix.identity(size)
    # The polytabloid is v_T plus vectors of tableaux nearer to the column-reading one, which comes last.
    assert all(i >= j for i, j, _ in change.entries())
    assert all(change[k, k] == 1 for k in range(size))
    for i in range(lam.size - 1):
        assert seminormal(lam).adjacent(i) @ change == change @ natural(lam).adjacent(i)
        m = orthogonal(lam).adjacent(i)
        assert m == m.T
        lengths, whole = seminormal_to_orthogonal(lam), natural_to_orthogonal(lam)
        assert m @ lengths == lengths @ seminormal(lam).adjacent(i)
        assert m @ whole == whole @ natural(lam).adjacent(i)
        assert whole.inverse() @ m @ whole == natural(lam).adjacent(i) @ (whole.inverse() @ whole)
        exact = np.array(m.to_sympy().evalf(20).tolist(), dtype=float)
        assert np.allclose(exact, m.to_float())


def test_lengths_are_square_roots_and_match_sympys() -> None:
    for lam in [(2, 1), (3, 1), (2, 2), (3, 2)]:
        whole = natural_to_orthogonal(lam)
        exact = whole.to_sympy()
        # polytabloids have the inner products of their definition, up to the length of the last
        gram = sp.simplify(exact.T * exact)
        rows = [
            [[e - 1 for e in row] for row in t.rows] for t in Partition(lam).standard_tableaux()
        ]
        vectors = [polytabloid(r) for r in rows]
        length = sum(value**2 for value in vectors[-1].values())
        for a, first in enumerate(vectors):
            for b, second in enumerate(vectors):
                product = sum(value * second.get(key, 0) for key, value in first.items())
                assert gram[a, b] == sp.Rational(product, length)
        assert sp.simplify(whole.inverse().to_sympy() - exact.inv()) == sp.zeros(*exact.shape)
        assert whole.T.to_sympy() == exact.T and whole.trace() == exact.trace()
        assert np.allclose(whole.to_float(), np.array(exact.evalf().tolist(), dtype=float))
        names = {"RadicalMatrix": RadicalMatrix, "SparseMatrix": SparseMatrix, "Fraction": Fraction}
        assert eval(repr(whole), names) == whole  # noqa: S307
    with pytest.raises(SizeMismatch, match="same basis"):
        natural_to_orthogonal((2, 1)) @ natural_to_orthogonal((2, 1))
    with pytest.raises(SizeMismatch, match="squared_norms"):
        RadicalMatrix(SparseMatrix.identity(2), (Fraction(1),))


@pytest.mark.parametrize("lam", SMALL, ids=str)
def test_norms_make_the_seminormal_form_orthogonal(lam: Partition) -> None:
    rho = orthogonal(lam)
    for i in range(lam.size - 1):
        matrix = rho.adjacent(i).to_sympy()
        assert sp.simplify(matrix * matrix.T) == sp.eye(lam.dimension)


@pytest.mark.parametrize("lam", SMALL, ids=str)
def test_jucys_murphy_elements_are_diagonal_with_contents(lam: Partition) -> None:
    rho = seminormal(lam)
    n = lam.size
    for k in range(1, n + 1):
        total = SparseMatrix.identity(rho.dimension) * 0
        for a in range(k - 1):
            images = list(range(n))
            images[a], images[k - 1] = k - 1, a
            total = total + rho(images)
        assert total == rho.jucys_murphy(k)
        change = natural_to_seminormal(lam)
        assert change @ natural(lam).jucys_murphy(k) == total @ change
        assert [total[t, t] for t in range(rho.dimension)] == [c[k - 1] for c in rho.contents]
    assert list(rho.contents) == [t.contents for t in lam.standard_tableaux()]


@pytest.mark.parametrize("lam", [lam for lam in SMALL if lam.size > 1], ids=str)
def test_restriction_is_block_diagonal(lam: Partition) -> None:
    rho = seminormal(lam)
    for i in range(lam.size - 2):
        matrix = rho.adjacent(i)
        for nu, places in rho.branches().items():
            small = seminormal(nu).adjacent(i)
            for a, p in enumerate(places):
                for b in range(rho.dimension):
                    expected = small[a, places.index(b)] if b in places else 0
                    assert matrix[p, b] == expected


@given(data=st.data())
def test_applying_is_multiplying(data: st.DataObject) -> None:
    lam = data.draw(drawn_partitions(min_size=1, max_size=7))
    g = data.draw(drawn_permutations(lam.size))
    entries = st.fractions(-9, 9, max_denominator=9)
    values = data.draw(st.lists(entries, min_size=lam.dimension, max_size=lam.dimension))
    vector = RationalVector.of(values)
    for form in (seminormal, natural):
        assert form(lam).apply(g, values) == form(lam)(g) @ vector
    numeric = orthogonal(lam).numeric(g)
    assert np.allclose(numeric, orthogonal(lam)(g).to_float())
    assert np.allclose(orthogonal(lam).apply_numeric(g, np.eye(lam.dimension)[:, 0]), numeric[:, 0])


def test_huge_vectors_stay_exact() -> None:
    rho = seminormal((4, 2, 1))
    g = (3, 1, 6, 0, 2, 5, 4)
    values = [Fraction(10**40 + k, 3**k) for k in range(rho.dimension)]
    assert rho.apply(g, values) == rho(g) @ RationalVector.of(values)
    assert natural((4, 2, 1)).apply(g, values) == natural((4, 2, 1))(g) @ RationalVector.of(values)


@given(drawn_permutations(7))
def test_reduced_words(g: tuple[int, ...]) -> None:
    word = reduced_word(g)
    product = tuple(range(7))
    for i in word:
        product = multiply(product, adjacent(7, i))
    assert product == g
    assert len(word) == sum(1 for a in range(7) for b in range(a) if g[b] > g[a])


def test_sizes_out_of_reach_of_dense_sums() -> None:
    """Dimension 2,673 and 450: homomorphism on vectors and a random permutation's trace."""
    rho = seminormal((6, 4, 2))
    vector = RationalVector([k % 7 - 3 for k in range(rho.dimension)])
    g = (3, 8, 1, 11, 0, 5, 10, 2, 7, 9, 4, 6)
    h = (1, 0, 2, 4, 3, 6, 7, 5, 8, 11, 9, 10)
    assert rho.apply(multiply(g, h), vector) == rho.apply(g, rho.apply(h, vector))
    rho = seminormal((5, 3, 2))
    g = (4, 7, 0, 9, 2, 5, 8, 1, 3, 6)
    assert rho(g).trace() == character((5, 3, 2), cycle_type(g))


def test_values_print_and_read_back() -> None:
    names = {
        "seminormal": seminormal, "natural": natural, "orthogonal": orthogonal, "Fraction": Fraction,
        "RadicalMatrix": RadicalMatrix, "SparseMatrix": SparseMatrix,
    }  # fmt: skip
    for value in (
        seminormal((3, 1)),
        natural((2, 2)),
        orthogonal((3, 1)),
        orthogonal((3, 1))((1, 2, 3, 0)),
    ):
        assert eval(repr(value), names) == value  # noqa: S307
        assert hash(eval(repr(value), names)) == hash(value)  # noqa: S307
    assert r"\sqrt{3}" in orthogonal((2, 1))((0, 2, 1)).latex()
    assert "<table" in (seminormal((2, 1))((0, 2, 1))._repr_html_() or "")


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "lam", [(4, 3, 1), (3, 3, 2), (3, 2, 2, 1), (2, 2, 2, 2), (5, 1, 1, 1)], ids=str
)
def test_bounds_behind_the_residues(lam: tuple[int, ...]) -> None:
    """Against plain products of adjacent transpositions: d_S d_T rho_TS is an integer, and no entry is too large."""
    basis = paths(Partition(lam))
    rho = seminormal(lam)
    for g in [(7, 6, 5, 4, 3, 2, 1, 0), (3, 6, 0, 5, 1, 7, 2, 4), (4, 5, 6, 7, 0, 1, 2, 3)]:
        product = SparseMatrix.identity(rho.dimension)
        for i in reduced_word(g):
            product = product @ rho.adjacent(i)
        assert rho(g) == product
        for i, j, entry in product.entries():
            scaled = entry * int(basis.denominators[i]) * int(basis.denominators[j])
            assert scaled == int(scaled)
            ratio = basis.squared_norms[j] / basis.squared_norms[i]
            assert entry**2 <= sp.Rational(ratio.numerator, ratio.denominator)
            assert abs(entry) <= basis.entry_bound
