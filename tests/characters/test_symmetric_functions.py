"""Symmetric functions against symfn, against polynomials in variables, and against the characters that they stand for."""

from __future__ import annotations

import pickle
import random
from fractions import Fraction
from itertools import combinations_with_replacement, permutations, product
from math import factorial, prod
from typing import Any

import pytest
import symfn
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st_

import symkern as sk
from symkern.abc import alpha, cycle_count
from symkern.characters import (
    Basis,
    CharacterPolynomial,
    ClassFunction,
    SymmetricFunction,
    character,
    e,
    h,
    hall_littlewood,
    kostka,
    kostka_foulkes,
    kronecker,
    littlewood_richardson,
    m,
    p,
    plethysm,
    reduced_kronecker,
    s,
    skew_schur,
    st,
    symmetric_bases,
)
from symkern.combinatorics import Partition, charge, iter_partitions, partitions
from symkern.errors import (
    InvalidArgument,
    InvalidType,
    PartitionError,
    SymmetryError,
    TooLarge,
    TooLong,
)
from symkern.representations import diagram_modules, diagram_multiplicities
from tests.search import examples

BASES = ("s", "h", "e", "p", "m", "st")
INTO_SCHUR = {
    "h": symfn.homogeneous_to_schur,
    "e": symfn.elementary_to_schur,
    "p": symfn.power_to_schur,
    "m": symfn.monomial_to_schur,
    "st": symfn.st_to_schur,
}
FROM_SCHUR = {
    "h": symfn.schur_to_homogeneous,
    "e": symfn.schur_to_elementary,
    "m": symfn.schur_to_monomial,
    "st": symfn.schur_to_st,
}


def functions(
    largest: int, bases: tuple[str, ...] = BASES, numbers: Any = None
) -> st_.SearchStrategy[SymmetricFunction]:
    labels = st_.integers(0, largest).flatmap(lambda n: st_.sampled_from(partitions(n)))
    numbers = st_.integers(-3, 3) if numbers is None else numbers
    terms = st_.dictionaries(labels, numbers, max_size=3)
    return st_.builds(SymmetricFunction, st_.sampled_from(bases), terms)


def pairs(f: SymmetricFunction) -> list[Any]:
    return [(tuple(lam), int(c)) for lam, c in f.items()]


# Bases


@pytest.mark.sampled(2)
@pytest.mark.parametrize("n", range(7))
def test_conversions_beside_an_independent_program(n: int) -> None:
    for lam in partitions(n):
        for basis, convert in INTO_SCHUR.items():
            element = SymmetricFunction(basis, {lam: 1})
            assert dict(element.to("s").items()) == dict(convert([(lam, 1)]))
        for basis, convert in FROM_SCHUR.items():
            assert dict(s[lam].to(basis).items()) == dict(convert([(lam, 1)]))
        powers = {mu: sp.Rational(character(lam, mu), mu.centraliser_order) for mu in partitions(n)}
        assert dict(s[lam].to("p").items()) == {mu: c for mu, c in powers.items() if c}


@pytest.mark.parametrize("n", [9, 12])
def test_every_way_of_a_conversion_is_the_same(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Strips and tables: what the sizes choose is one function."""
    rng = random.Random(n)
    for count in (1, 6, 40):
        chosen = rng.sample(partitions(n), min(count, len(partitions(n))))
        terms = {lam: rng.randrange(-5, 6) or 1 for lam in chosen}
        for basis in ("h", "e", "p", "m"):
            there = SymmetricFunction("s", terms).to(basis)
            back = SymmetricFunction(basis, terms).to("s")
            with monkeypatch.context() as patched:
                for name in ("_FEW", "_SOME"):
                    patched.setattr(symmetric_bases, name, 10**9)
                patched.setattr(symmetric_bases, "_TABLE_UP_TO", 0)
                if basis != "m":
                    assert dict(SymmetricFunction(basis, terms).to("s").items()) == dict(
                        back.items()
                    )
                patched.setattr(symmetric_bases, "_KOSTKA_UP_TO", 0)
                assert dict(SymmetricFunction("s", terms).to(basis).items()) == dict(there.items())


@pytest.mark.parametrize("terms", [1, 400])
def test_tables_in_blocks(terms: int) -> None:
    """Degree 24 is beyond the tables that are kept."""
    rng = random.Random(terms)
    chosen = rng.sample(partitions(24), terms)
    f = SymmetricFunction("p", {lam: rng.randrange(1, 9) for lam in chosen})
    assert pairs(f.to("s")) == sorted(symfn.power_to_schur(pairs(f)), reverse=True)
    assert f.to("s").to("p") == f


@examples(15)
@given(functions(5), st_.sampled_from(BASES))
def test_conversions_are_inverse(f: SymmetricFunction, basis: str) -> None:
    there = f.to(basis)
    assert there.basis == basis and there == f and hash(there) == hash(f)
    assert dict(there.to(f.basis).items()) == dict(f.items())


# The ring, in variables

X = sp.symbols("x1:4")


def monomials(parts: tuple[int, ...]) -> sp.Expr:
    padded = (*parts, *[0] * (len(X) - len(parts)))
    return sp.Add(*(prod(x**k for x, k in zip(X, word, strict=True)) for word in set(permutations(padded))))  # fmt: skip


def plain(basis: str, lam: Partition) -> sp.Expr:
    """The definition of each basis element, in three variables."""
    if basis == "m":
        return monomials(lam) if len(lam) <= len(X) else sp.S.Zero
    if basis == "s":
        if len(lam) > len(X):
            return sp.S.Zero
        rows = [[x ** (lam.part(j) + len(X) - 1 - j) for j in range(len(X))] for x in X]
        below = [[x ** (len(X) - 1 - j) for j in range(len(X))] for x in X]
        return sp.cancel(sp.Matrix(rows).det() / sp.Matrix(below).det())
    single = {
        "p": lambda k: sum(x**k for x in X),
        "h": lambda k: sp.Add(*(prod(w) for w in combinations_with_replacement(X, k))),
        "e": lambda k: monomials((1,) * k) if k <= len(X) else sp.S.Zero,
    }[basis]
    return sp.Mul(*(single(k) for k in lam))


@pytest.mark.parametrize("basis", ["s", "h", "e", "p", "m"])
def test_basis_elements_are_these_polynomials(basis: str) -> None:
    for n in range(5):
        for lam in partitions(n):
            element = SymmetricFunction(basis, {lam: 1})
            assert sp.expand(element.polynomial(X) - plain(basis, lam)) == 0


@examples(15)
@given(functions(3), functions(3))
def test_sums_and_products_are_those_of_polynomials(f: Any, g: Any) -> None:
    assert sp.expand((f * g).polynomial(X[:3]) - f.polynomial(X[:3]) * g.polynomial(X[:3])) == 0
    assert sp.expand((f - g).polynomial(X[:3]) - f.polynomial(X[:3]) + g.polynomial(X[:3])) == 0
    assert f * g == g * f and (f * g).basis == f.basis


@examples(15)
@given(functions(4, ("m",)), functions(4, ("m",)))
def test_products_of_monomials_beside_an_independent_program(f: Any, g: Any) -> None:
    assert dict((f * g).items()) == dict(symfn.monomial_multiply(pairs(f), pairs(g)))


def test_products_of_irreducible_characters_are_reduced_kronecker_products() -> None:
    for lam, mu in (((1,), (1,)), ((2,), (1, 1)), ((2, 1), (1,)), ((2,), (2,))):
        assert dict((st[lam] * st[mu]).items()) == reduced_kronecker(lam, mu)


@examples(15)
@given(functions(5, ("m",)))
def test_polynomials_come_back(f: SymmetricFunction) -> None:
    variables = sp.symbols("x1:6")
    assert SymmetricFunction.from_polynomial(f.polynomial(variables), variables) == f


# What representation theory asks


@pytest.mark.parametrize("n", range(6))
def test_skewing_and_coproducts(n: int) -> None:
    for lam in partitions(n):
        coproduct = s[lam].coproduct()
        assert {(tuple(a), tuple(b)): c for (a, b), c in coproduct.items()} == dict(symfn.coproduct([(lam, 1)]))  # fmt: skip
        for k in range(n + 1):
            for mu in partitions(k):
                expected = skew_schur(lam, mu) if lam.contains(mu) else {}
                assert dict(s[lam].skew_by(s[mu]).items()) == expected


@examples(15)
@given(functions(4), functions(4), functions(4))
def test_identities_of_the_hopf_algebra(f: Any, g: Any, k: Any) -> None:
    assert f.skew_by(g).inner(k) == f.inner(g * k)
    assert (f * g).omega() == f.omega() * g.omega() and f.omega().omega() == f
    assert f.omega().inner(g.omega()) == f.inner(g) == g.inner(f)
    b = "s" if f.basis == "st" else f.basis
    pairing = sum(
        c * SymmetricFunction(b, {x: 1}).inner(g) * SymmetricFunction(b, {y: 1}).inner(k)
        for (x, y), c in f.coproduct().items()
    )
    assert pairing == f.inner(g * k)


def test_inner_products_of_dual_bases() -> None:
    for n in range(6):
        for lam in partitions(n):
            for mu in partitions(n):
                same = int(lam == mu)
                assert h[lam].inner(m[mu]) == s[lam].inner(s[mu]) == same
                assert p[lam].inner(p[mu]) == same * mu.centraliser_order
                assert s[lam].inner(h[mu]) == kostka(lam, mu)
                assert s[lam].inner(p[mu]) == character(lam, mu)


def test_cauchys_identity() -> None:
    """sum over lam of n of s_lam (x) s_lam = sum p_mu (x) p_mu/z_mu."""
    n = 5
    schur = {lam: s[lam].to("p") for lam in partitions(n)}
    for mu, nu in product(partitions(n), repeat=2):
        value = sum(f[mu] * f[nu] for f in schur.values())
        assert value == (sp.Rational(1, mu.centraliser_order) if mu == nu else 0)


@pytest.mark.parametrize("n", [4, 5])
def test_kronecker_products(n: int) -> None:
    for lam in partitions(n):
        for mu in partitions(n):
            expected = kronecker(lam, mu)
            assert dict(s[lam].kronecker(s[mu]).items()) == expected
            assert (s[lam] + 0 * s[n]).to("h").kronecker(s[mu].to("m")) == SymmetricFunction("s", expected)  # fmt: skip
    assert s[3].kronecker(s[2]) == 0


def test_frobenius_is_an_isometry_of_rings() -> None:
    f, g = ClassFunction.irreducible((3, 1)), ClassFunction(3, {(3,): alpha, (2, 1): 2})
    assert f.frobenius() == s[3, 1] and f.frobenius().class_function() == f
    assert g.frobenius().class_function() == g
    assert f.outer(g).frobenius() == f.frobenius() * g.frobenius()
    k = ClassFunction.permutation(4)
    assert (f * k).frobenius() == f.frobenius().kronecker(k.frobenius())
    assert f.frobenius().inner(k.frobenius()) == f.inner(k)


# Plethysm


@pytest.mark.parametrize(("k", "n"), [(2, 2), (2, 3), (3, 2), (4, 2), (2, 4), (3, 3)])
def test_plethysms_beside_an_independent_program(k: int, n: int) -> None:
    for lam in partitions(k):
        for mu in partitions(n):
            assert plethysm(lam, mu) == dict(symfn.plethysm([(lam, 1)], [(mu, 1)]))


def test_large_plethysms() -> None:
    for lam, mu in (((4,), (4,)), ((3, 2), (3, 1)), ((2, 1, 1), (4,)), ((5,), (5,))):
        assert plethysm(lam, mu) == dict(symfn.plethysm([(lam, 1)], [(mu, 1)]))


@examples(10)
@given(functions(3), functions(2), functions(2))
def test_plethysm_is_substitution(f: Any, g: Any, k: Any) -> None:
    """A ring map in f; p_k raises variables, symbols stay."""
    assert (f * g).plethysm(k) == f.plethysm(k) * g.plethysm(k)
    assert (f + g).plethysm(k) == f.plethysm(k) + g.plethysm(k)
    x = sp.symbols("x1:3")
    raised = g.polynomial(x).subs({v: v**2 for v in x}, simultaneous=True)
    assert sp.expand(p[2].plethysm(g).polynomial(x) - raised) == 0
    assert f.plethysm(s[1]) == f == s[1].plethysm(f)
    assert p[2].plethysm(alpha * p[1]) == alpha * p[2]


def test_dimensions_of_plethysms() -> None:
    """s_lam[s_mu](1^3): the Schur functor lam on the irrep mu of GL_3."""
    for lam in partitions(3):
        for mu in partitions(2):
            inner = mu.semistandard_count(3)
            found = SymmetricFunction("s", plethysm(lam, mu))
            assert found.principal_specialisation(3, q=1) == lam.semistandard_count(inner)


@pytest.mark.parametrize("n", [3, 4])
def test_inner_plethysms_are_schur_powers(n: int) -> None:
    for lam in partitions(n):
        f = ClassFunction.irreducible(lam)
        for nu in (*partitions(2), *partitions(3)):
            expected = f.schur_power(nu).decompose()
            assert dict(s[nu].inner_plethysm(s[lam]).items()) == expected


# Restriction from GL_n to S_n


def test_the_character_basis_is_the_restriction_from_the_general_linear_group() -> None:
    """Traces of permutation matrices on S^lam(C^n), by polynomials in their eigenvalues, on every class."""
    n = 6
    for size in range(4):
        for lam in partitions(size):
            polynomial = s[lam].character_polynomial()
            for mu in partitions(n):
                roots = [z for k in mu for z in sp.roots(sp.Symbol("z") ** k - 1, multiple=True)]
                powers = {k: sum(part for part in mu if k % part == 0) for k in range(1, size + 1)}
                assert all(sp.simplify(sum(z**k for z in roots) - powers[k]) == 0 for k in powers if mu == (3, 2, 1))  # fmt: skip
                value = sum(c * prod(powers[k] for k in rho) for rho, c in s[lam].to("p").items())
                assert polynomial.value(mu) == value
            found = polynomial.at(n).decompose()
            assert {kappa.stable: c for kappa, c in found.items()} == dict(s[lam].to("st").items())


# Specialisations


@pytest.mark.sampled(2)
@pytest.mark.parametrize("n", range(4))
def test_principal_specialisations(n: int) -> None:
    q = sp.Symbol("q")
    for size in range(5):
        for lam in partitions(size):
            found = sp.Poly(sp.expand(s[lam].principal_specialisation(n)), q)
            expected = symfn.principal_specialization_q(lam, n)
            assert list(reversed(found.all_coeffs())) == (list(expected) or [0])
            assert s[lam].principal_specialisation(n, q=1) == lam.semistandard_count(n)
            values = [2**i for i in range(n)]
            plain = s[lam].polynomial(X[:n]).subs(dict(zip(X, values, strict=False))) if n else int(not lam)  # fmt: skip
            assert s[lam].principal_specialisation(n, q=2) == plain
    f = h[2, 1] - 3 * p[2]
    assert sp.simplify(f.principal_specialisation() - (1 / (1 - q) ** 2 / (1 - q**2) - 3 / (1 - q**2))) == 0  # fmt: skip


def test_stable_and_exponential_specialisations() -> None:
    q, t = sp.symbols("q t")
    for n in range(5):
        for lam in partitions(n):
            # prod (1 - q^i) times the stable one is the sum of q^maj over the standard tableaux.
            whole = s[lam].principal_specialisation() * sp.Mul(*(1 - q**i for i in range(1, n + 1)))
            majors = sum(q**tableau.major_index for tableau in lam.standard_tableaux())
            assert sp.cancel(whole - majors) == 0
            assert s[lam].exponential_specialisation(t) == sp.Rational(lam.dimension, factorial(n)) * t**n  # fmt: skip
    assert (h[2] * p[2]).exponential_specialisation() == 0


# Kostka-Foulkes


@pytest.mark.parametrize("n", range(7))
def test_kostka_foulkes_polynomials_beside_an_independent_program(n: int) -> None:
    t = sp.Symbol("t")
    for mu in partitions(n):
        for lam in partitions(n):
            expected = sum(c * t**k for k, c in symfn.kostka_foulkes(lam, mu))
            assert sp.expand(kostka_foulkes(lam, mu) - expected) == 0


@pytest.mark.parametrize("mu", [(2, 2, 1), (3, 2, 1, 1), (2, 2, 2, 1)])
def test_kostka_foulkes_polynomials_sum_charges(mu: tuple[int, ...]) -> None:
    t = sp.Symbol("t")
    for lam in iter_partitions(sum(mu)):
        tableaux = lam.semistandard_tableaux(weight=mu)
        assert sp.expand(kostka_foulkes(lam, mu) - sum(t ** charge(x) for x in tableaux)) == 0
    assert hall_littlewood(mu, 1) == h[mu] and hall_littlewood(mu, 0) == s[mu]


# As values


def test_it_prints_as_one_writes() -> None:
    names = {"s": s, "h": h, "p": p, "st": st, "SymmetricFunction": SymmetricFunction}
    for f, text in (
        (s[2, 1] + 2 * s[3], "2*s[3] + s[2,1]"),
        (-h[2] / 3 + h[()] * Fraction(5, 2), "-h[2]/3 + 5*h[()]/2"),
        (0 * p[1], "0"),
        (alpha * s[1] - 1, "alpha*s[1] - s[()]"),
        (s[1] * (alpha + 1), "(alpha + 1)*s[1]"),
    ):
        assert str(f) == text
        again = eval(repr(f), names)  # noqa: S307
        assert again == f and again.basis == f.basis and pickle.loads(pickle.dumps(f)) == f
    assert s[2, 1].latex() == "s_{2,1}" and (st[()] * alpha).latex() == r"\alpha\,\tilde{s}_{\varnothing}"  # fmt: skip
    assert s["2,1"] == s[Partition(2, 1)] == s[[2, 1]] and s[3] == s[(3,)] == s["3"]
    assert (s[2] * alpha).subs(alpha, 2) == 2 * s[2] and s[2, 1][2, 1] == 1 and s[2].degree == 2
    assert sk.SymmetricFunction is SymmetricFunction and s(p[2]) == p[2] and s(p[2]).basis == "s"
    assert s[2] != h[2] + 1 and s[2] == h[2] and s[()] == 1 and s[2] + 1 == 1 + h[2]
    assert (s[2] + s[1]).homogeneous(1) == s[1] and not (s[2] + 1).is_homogeneous
    assert dict(littlewood_richardson((2, 1), (2, 1))) == dict((s[2, 1] ** 2).items())
    assert eval(repr(s)) == s == Basis("s") != h  # noqa: S307


def test_bad_input() -> None:
    with pytest.raises(InvalidArgument, match="basis: must be 's', 'h', 'e', 'p', 'm' or 'st'"):
        SymmetricFunction("x", {})
    with pytest.raises(InvalidType):
        SymmetricFunction("s", {(1,): 0.5})
    with pytest.raises(InvalidType, match="terms: must be a dictionary"):
        SymmetricFunction("s", [(2, 1)])  # type: ignore[arg-type]
    with pytest.raises(PartitionError, match="parts: parts must weakly decrease"):
        s[1, 2]
    with pytest.raises(InvalidArgument, match="other: must not be zero"):
        s[1] / 0
    with pytest.raises(TypeError):
        s[1] + "s[1]"
    with pytest.raises(InvalidType, match="other: must be a SymmetricFunction"):
        s[1].inner(1)  # type: ignore[arg-type]
    x, y = sp.symbols("x y")
    with pytest.raises(SymmetryError, match=r"expression: must be symmetric in x, y"):
        SymmetricFunction.from_polynomial(x**2, (x, y))
    with pytest.raises(SymmetryError) as caught:
        SymmetricFunction.from_polynomial(x**2 * y + 2 * x * y**2, (x, y))
    assert set(caught.value.witness) == {(1, 2), (2, 1)}  # type: ignore[call-overload]
    with pytest.raises(InvalidArgument, match="expression: must be a polynomial in x, y"):
        SymmetricFunction.from_polynomial(1 / (x + y), (x, y))
    with pytest.raises(InvalidArgument, match="f: must be homogeneous"):
        (s[2] + s[1]).class_function()
    with pytest.raises(TooLarge):
        plethysm((40,), (40,))
    with pytest.raises(InvalidArgument, match="q: must not be 1 without n"):
        s[1].principal_specialisation(q=1)
    with pytest.raises(AttributeError):
        s.name = "h"


def test_symbols_by_name_or_refused() -> None:
    """A name is the symbol that occurs, whatever is assumed of it; what does not occur is an error in every value with symbols."""
    t = sp.Symbol("t")
    f = hall_littlewood((2, 1, 1))
    complete = h[2, 1, 1]
    for key in ("t", t, sp.Symbol("t", positive=True)):
        assert f.subs({key: 1}) == f.subs(key, 1) == f.subs([(key, 1)]) == complete
    values: list[Any] = [
        f,
        f.class_function(),
        f.class_function().restrict_to((2, 2)),
        CharacterPolynomial(t * cycle_count(1)),
    ]
    for value in values:
        for key in ("q", sp.Symbol("q"), "alpha + 1"):
            with pytest.raises(InvalidArgument, match=r"arguments: must be of the symbols that occur, here .*t, but one is (q|alpha)"):  # fmt: skip
                value.subs({key: 1})
        assert value.subs({"t": 3}) == value.subs(t, 3)
    assert values[3].subs({"X2": 5}) == values[3] and values[3].subs({"X1": 2}).expression == 2 * t
    assert s[2].subs({"q": 1}) == s[2]  # without symbols there is nothing to replace


def test_variables_in_plethysms() -> None:
    """With include=(t,) it is the plethysm in which t is one more variable, alone in a set of its own: p_k of t is t^k."""
    t, q = sp.symbols("t q")
    x = sp.symbols("x1:4")
    for f in (p[2], h[3], s[2, 1], e[2] + p[1]):
        for g in (t * s[1], s[1] + t * p[2], t * q * h[2] / 2 + 1):
            found = f.plethysm(g, include=(t,)).polynomial(x)
            # By definition: p_k puts the k-th powers of x and of t, and q is left.
            whole = sp.S.Zero
            for mu, c in f.to("p").items():
                term = sp.sympify(c)
                for k in mu:
                    powers = {y: y**k for y in (*x, t)}
                    term *= g.polynomial(x).subs(powers, simultaneous=True)
                whole += term
            assert sp.expand(found - whole) == 0
            assert f.plethysm(g, include="t") == f.plethysm(g, include=["t"])
    assert p[2].plethysm(t * p[1]) == t * p[2]
    for bad in (("u",), q):
        with pytest.raises(InvalidArgument, match="must be of the symbols that occur, here t"):
            p[2].plethysm(t * p[1], include=bad)
    with pytest.raises(InvalidArgument, match="include: must name symbols of g"):
        p[2].plethysm(p[1], include=(t,))


def test_what_takes_too_long_is_refused_before_it_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    def begun(*_: object) -> None:
        raise AssertionError("it was begun")

    monkeypatch.setattr(symmetric_bases, "_by_removal", begun)
    monkeypatch.setattr(diagram_modules, "_block_sums", begun)
    for slow in (lambda: s[60].to("p"), lambda: s[20, 20, 15].to("p"), lambda: s[20, 20, 15].to("m")):  # fmt: skip
        with pytest.raises(TooLong, match="this change of basis takes more than 60 seconds"):
            slow()
    with pytest.raises(TooLong, match="this module takes more than 60 seconds"):
        diagram_multiplicities([(i, (i * i) % 7) for i in range(12)])
    with sk.limits.changed(seconds=1e-3), pytest.raises(TooLong):
        s[33].to("p")


def test_operands_without_meaning_are_refused_by_name() -> None:
    rule = "must be a SymmetricFunction, an exact number"
    for bad in (
        lambda: s[1] * 0.5, lambda: s[1] + "x", lambda: s[1] - [1], lambda: "x" + s[1],
        lambda: 0.5 * s[1], lambda: s[1] * sp.Float(1), lambda: None - s[1],
    ):  # fmt: skip
        with pytest.raises(InvalidType, match=rule):
            bad()
    with pytest.raises(InvalidType, match="other: must be an exact number: quotients of symmetric"):
        s[2] / s[1]
    with pytest.raises(InvalidType, match="value: must not be set"):
        s[1] = 2  # type: ignore[index]

    class Answers:
        def __rmul__(self, other: object) -> str:
            return "answered"

    assert s[1] * Answers() == "answered"  # type: ignore[comparison-overlap]
