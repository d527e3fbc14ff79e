"""Powers of characters and Young subgroups, against brute force over the group, dimensions and symfn's plethysms."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, combinations_with_replacement, permutations, product
from math import comb, prod

import pytest
import symfn
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.characters import (
    ClassFunction,
    YoungClassFunction,
    kronecker,
    littlewood_richardson,
    littlewood_richardson_coefficient,
    power_type,
)
from symkern.combinatorics import Partition, cycle_type, multiply, partitions
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, TooLarge

from symkern.abc import alpha  # isort: skip
from tests.search import examples


def shapes(least: int, largest: int) -> st.SearchStrategy[Partition]:
    return st.integers(least, largest).flatmap(lambda n: st.sampled_from(partitions(n)))


@pytest.mark.parametrize("k", range(7))
def test_types_of_powers(k: int) -> None:
    for g in permutations(range(5)):
        power = tuple(range(5))
        for _ in range(k):
            power = multiply(power, g)
        assert power_type(cycle_type(g), k) == cycle_type(power)


@pytest.mark.parametrize("n", [2, 3, 4])
@pytest.mark.parametrize("k", [0, 1, 2, 3])
def test_powers_of_the_permutation_module_by_counting_fixed_points(n: int, k: int) -> None:
    """Sym^k: multisets of positions; Lambda^k: sets, with the sign of the permutation of the set."""
    f = ClassFunction.permutation(n)
    symmetric, exterior = f.symmetric_power(k), f.exterior_power(k)
    for g in permutations(range(n)):
        fixed = sum(
            tuple(sorted(g[a] for a in word)) == word
            for word in combinations_with_replacement(range(n), k)
        )
        assert symmetric(g) == fixed
        signed = 0
        for word in combinations(range(n), k):
            image = [g[a] for a in word]
            if tuple(sorted(image)) == word:
                order = [word.index(a) for a in image]
                signed += ClassFunction.sign(k)(tuple(order)) if k else 1
        assert exterior(g) == signed


@examples(30)
@given(shapes(1, 5), st.integers(0, 4))
def test_dimensions_and_tensor_powers(lam: Partition, k: int) -> None:
    f = ClassFunction.irreducible(lam)
    d = lam.dimension
    identity = (1,) * lam.size
    assert f.symmetric_power(k)[identity] == comb(d + k - 1, k) if k else True
    assert f.exterior_power(k)[identity] == comb(d, k)
    parts = [(nu, f.schur_power(nu)) for nu in partitions(k)]
    assert sum((nu.dimension * p for nu, p in parts[1:]), parts[0][1]) == f**k
    assert f.schur_power((k,) if k else ()) == f.symmetric_power(k)
    assert f.schur_power((1,) * k) == f.exterior_power(k)


@pytest.mark.parametrize("n", [4, 5, 6])
def test_exterior_powers_of_the_standard_irrep_are_hooks(n: int) -> None:
    f = ClassFunction.irreducible((n - 1, 1))
    for k in range(n):
        assert f.exterior_power(k).decompose() == {(n - k, *(1,) * k): 1}
    assert f.exterior_power(n).decompose() == {}


def test_outer_powers_and_plethysm() -> None:
    """The outer power splits by the irreps of S_k into plethysms; together they are s_lam^k."""
    f = ClassFunction.irreducible((2,))
    whole = f.outer_power(3).decompose()
    summed: dict[Partition, int] = {}
    for nu in partitions(3):
        for lam, c in symfn.plethysm([(nu, 1)], [((2,), 1)]):
            summed[Partition(lam)] = summed.get(Partition(lam), 0) + nu.dimension * c
    assert whole == summed
    assert f.outer_power(0).decompose() == {(): 1}
    assert f.outer_power(2).decompose() == littlewood_richardson((2,), (2,))


def test_symbols_pass_through() -> None:
    f = ClassFunction(3, lambda mu: alpha**2 if mu == (1, 1, 1) else 0)
    assert sp.expand(f.symmetric_power(2)[(1, 1, 1)] - (alpha**4 + alpha**2) / 2) == 0


# Young subgroups


@pytest.mark.parametrize("sizes", [(2, 3), (3, 2), (1, 2, 2), (5,), (2, 0, 3), (1, 1, 3)])
def test_restricted_irreps_by_littlewood_richardson(sizes: tuple[int, ...]) -> None:
    for lam in partitions(5):
        found = ClassFunction.irreducible(lam).restrict_to(sizes).decompose()
        for labels in product(*map(partitions, sizes)):
            current = {Partition(): 1}
            for kappa in labels:
                following: dict[Partition, int] = {}
                for rho, c in current.items():
                    for nu, d in littlewood_richardson(rho, kappa).items():
                        following[nu] = following.get(nu, 0) + c * d
                current = following
            assert found.get(labels, 0) == current.get(lam, 0)


def test_convention_pin_of_young_subgroups() -> None:
    found = ClassFunction.irreducible((3, 1)).restrict_to((3, 1)).decompose()
    assert found == {((3,), (1,)): 1, ((2, 1), (1,)): 1}
    assert littlewood_richardson_coefficient((3, 1), (3,), (1,)) == 1


@examples(40)
@given(st.data())
def test_frobenius_reciprocity(data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(0, 3), min_size=1, max_size=3))
    n = sum(sizes)
    labels = [data.draw(st.sampled_from(partitions(size))) for size in sizes]
    g = YoungClassFunction.product(*map(ClassFunction.irreducible, labels))
    f = ClassFunction.irreducible(data.draw(st.sampled_from(partitions(n))))
    assert g.inner(g) == 1 and g.decompose() == {tuple(labels): 1}
    assert g.induce().inner(f) == g.inner(f.restrict_to(sizes))
    outer = ClassFunction.trivial(0)
    for lam in labels:
        outer = outer.outer(ClassFunction.irreducible(lam))
    assert g.induce() == outer


@pytest.mark.parametrize("sizes", [(3, 2), (2, 1, 2), (0, 3), ()])
def test_the_algebra_of_young_class_functions(sizes: tuple[int, ...]) -> None:
    """Value by value, and tensor products of irreps factor by factor."""
    types = list(product(*map(partitions, sizes)))
    f = YoungClassFunction(sizes, {t: i - Fraction(7, 2) for i, t in enumerate(types)})
    g = YoungClassFunction(sizes, {t: i * alpha for i, t in enumerate(types)})
    for t in types:
        assert (f + g)[t] == f[t] + g[t] and (f - g)[t] == f[t] - g[t] and (-g)[t] == -g[t]
        assert (f * g)[t] == sp.expand(f[t] * g[t]) and (f**3)[t] == f[t] ** 3
        assert (f * alpha)[t] == (alpha * f)[t] == sp.expand(f[t] * alpha)
        assert g.subs({alpha: 2})[t] == sp.sympify(g[t]).subs(alpha, 2)
        assert (
            YoungClassFunction.indicator(*t).inner(f) * prod(mu.centraliser_order for mu in t)
            == f[t]
        )
    assert f.values == tuple(v for _, v in f.items()) and f * 2 == f + f == 2 * f
    assert YoungClassFunction.regular(sizes).decompose() == {
        t: prod(lam.dimension for lam in t) for t in types
    }
    sign = YoungClassFunction.sign(sizes)
    for t in types:
        chi = YoungClassFunction.irreducible(*t)
        assert (chi * sign).decompose() == {tuple(lam.conjugate for lam in t): 1}
        assert chi * YoungClassFunction.trivial(sizes) == chi
    for left, right in zip(types[:4], types[-4:], strict=False):
        factors = [kronecker(a, b) for a, b in zip(left, right, strict=True)]
        whole = {
            tuple(k for k, _ in pairs): prod(c for _, c in pairs)
            for pairs in product(*(k.items() for k in factors))
        }
        tensor = YoungClassFunction.irreducible(*left) * YoungClassFunction.irreducible(*right)
        assert tensor.decompose() == whole


@examples(25)
@given(st.data())
def test_along_chains_of_young_subgroups(data: st.DataObject) -> None:
    """By way of a subgroup between, restriction and induction are those of S_n; the two are adjoint."""
    split = data.draw(st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=2), max_size=3))
    fine, coarse = [a for block in split for a in block], [sum(block) for block in split]
    labels = [data.draw(st.sampled_from(partitions(size))) for size in fine]
    chi = YoungClassFunction.irreducible(*labels)
    kappas = [data.draw(st.sampled_from(partitions(size))) for size in coarse]
    psi = YoungClassFunction.irreducible(*kappas)
    assert chi.induce_to(coarse).inner(psi) == chi.inner(psi.restrict_to(fine))
    assert chi.induce_to(coarse).induce() == chi.induce()
    assert chi.induce_to((sum(fine),)).decompose() == {(k,): c for k, c in chi.induce().decompose().items()}  # fmt: skip
    f = ClassFunction.irreducible(data.draw(st.sampled_from(partitions(sum(fine)))))
    assert f.restrict_to(coarse).restrict_to(fine) == f.restrict_to(fine)
    # Factor by factor it is the restriction that S_n has.
    blocks = [ClassFunction.irreducible(k).restrict_to(b).decompose() for k, b in zip(kappas, split, strict=True)]  # fmt: skip
    found = psi.restrict_to(fine).decompose()
    assert found == {
        tuple(x for t, _ in pairs for x in t): prod(c for _, c in pairs)
        for pairs in product(*(b.items() for b in blocks))
    }


def test_young_subgroups_that_do_not_fit() -> None:
    f = YoungClassFunction.trivial((3, 2))
    for sizes in ((2, 2, 1), (5,), (3,), (3, 1), (3, 2, 1), (2, 1, 1)):
        with pytest.raises(SizeMismatch, match="sizes: must split the larger group's sizes"):
            f.restrict_to(sizes)
    with pytest.raises(SizeMismatch, match=r"\(3, 2\) does not split \(2, 3\)"):
        f.induce_to((2, 3))
    with pytest.raises(SizeMismatch, match="other: must be one on the subgroup"):
        f + YoungClassFunction.trivial((2, 3))
    for other in ("x", 0.5, ClassFunction.trivial(5)):
        with pytest.raises(TypeError):
            f * other
        with pytest.raises(TypeError):
            f + other
    for bad in (lambda: f + 1, lambda: f - "x", lambda: f * 0.5, lambda: ClassFunction.sign(3) + 2):
        with pytest.raises(InvalidType, match="other: must be a"):
            bad()
    for move, example in (("restrict", "3"), ("induce", "9")):
        with pytest.raises(InvalidType, match=rf"n: must be given, .* {move}\({example}\)"):
            getattr(ClassFunction.sign(3), move)()
    assert f / 2 == f * Fraction(1, 2) and ClassFunction.sign(3) / 3 * 3 == ClassFunction.sign(3)
    with pytest.raises(InvalidArgument, match="other: must not be zero"):
        f / 0


def test_young_class_functions_as_values() -> None:
    f = YoungClassFunction((2, 1), {((2,), (1,)): alpha, ("1,1", "1"): 2})
    assert f["2", "1"] == alpha and f[(1, 1), (1,)] == 2 and f.sizes == (2, 1)
    assert eval(repr(f)) == f != YoungClassFunction((2, 1), {})  # noqa: S307
    assert hash(f) == hash(eval(repr(f)))  # noqa: S307
    assert dict(f.items())[Partition(2), Partition(1)] == alpha


def test_bad_input() -> None:
    f = ClassFunction.permutation(4)
    with pytest.raises(SizeMismatch, match=r"sizes: must add up to 4, but they are \(2, 1\)"):
        f.restrict_to((2, 1))
    for sizes in ("22", 4, None):
        with pytest.raises(InvalidType):
            f.restrict_to(sizes)  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument):
        f.restrict_to((5, -1))
    for k in (-1,):
        for power in (f.symmetric_power, f.exterior_power, f.outer_power, f.adams):
            with pytest.raises(InvalidArgument):
                power(k)
    g = f.restrict_to((2, 2))
    with pytest.raises(SizeMismatch):
        g[(3,), (1,)]
    with pytest.raises(InvalidType):
        g["2,2"]
    with pytest.raises(SizeMismatch):
        g.inner(f.restrict_to((3, 1)))
    with pytest.raises(InvalidType):
        g.inner(f)  # type: ignore[arg-type]


def test_what_is_too_large_is_refused_before_it_is_built() -> None:
    with pytest.raises(TooLarge, match="the partitions of 160"):
        ClassFunction.trivial(4).outer_power(40)
    with pytest.raises(InvalidArgument, match="k: must be an integer of at most"):
        ClassFunction.trivial(1).outer_power(10**9)
    assert ClassFunction(0, [2]).outer_power(5)[()] == 32
    with pytest.raises(TooLarge, match="a class function of S_20 x S_20 x S_20 x S_20"):
        YoungClassFunction.product(*[ClassFunction.trivial(20)] * 4)
    with pytest.raises(TooLarge, match="a class function of S_60 x S_60"):
        YoungClassFunction((60, 60), {})
    with pytest.raises(InvalidType, match="factors: must be class functions, but it is 3"):
        YoungClassFunction.product(3)  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument, match="data: a class has one value"):
        YoungClassFunction((2, 1), {((2,), (1,)): 1, ("2", "1"): 3})
