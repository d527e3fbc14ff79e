"""The public assertions: each passes on a true object and names the smallest witness on a planted wrong one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import permutations, product

import numpy as np
import pytest
import sympy as sp
from hypothesis import given

import symkern as sk
from symkern import strategies, testing
from symkern.abc import L, alpha, beta, v
from symkern.claims import Claim, Derivation, Step
from symkern.derivations import register
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm, SizeMismatch, SymkernError
from symkern.kernels import Law, categorical, distinct, embedding, exchangeable, mixture, uniform
from symkern.kernels.stages import Entrywise
from symkern.representations import natural, orthogonal, words
from tests.search import examples


def _said(assertion, *arguments, **keywords):
    """The lines of the message."""
    with pytest.raises(AssertionError) as caught:
        assertion(*arguments, **keywords)
    return str(caught.value).split("\n")


# -- kernels -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kernel",
    [
        "linear-attention",
        "embedding(1, 1/2) | attention(tied, softmax) | mean_pool",
        embedding(1, 2).mlp("relu").flatten(),
        lambda x, y: sum(a == b for a, b in zip(x, y, strict=True)),
        lambda x, y: x == y,
        sk.kernels.from_table(lambda table: table[0][0] ** 2),
    ],
    ids=lambda k: getattr(k, "__name__", str(k)),
)
def test_symmetric_kernels(kernel):
    testing.assert_symmetric(kernel, length=2)


def test_a_kernel_that_reads_a_position_is_symmetric_in_the_others():
    kernel = embedding(1, 1).attention().at_position("last")
    testing.assert_symmetric(kernel, length=3, last=True)
    assert _said(testing.assert_symmetric, embedding(1).at_position("last")) == [
        "the kernel embedding(1) | at_position(last) changes when positions are permuted, at length 2 with 2 letters",
        "  g = (1, 0), x = (0, 0), y = (0, 1)",
        "  k(x, y)   = 0",
        "  k(gx, gy) = 1",
    ]


def test_the_witness_against_symmetry_is_the_first():
    """Of a kernel that weighs position 2 more, brute force over all permutations finds the same size and words."""

    def k(x, y):
        return sum((1 + (a == 2)) * (x[a] == y[a]) for a in range(len(x)))

    found = next(
        (n, x, y)
        for n in (1, 2, 3)
        for x, y in product(product(range(2), repeat=n), repeat=2)
        for g in permutations(range(n))
        if k([x[a] for a in g], [y[a] for a in g]) != k(x, y)
    )
    said = _said(testing.assert_symmetric, k)
    assert said[0].endswith(f"at length {found[0]} with 2 letters")
    assert said[1] == f"  g = (0, 2, 1), x = {found[1]}, y = {found[2]}"
    assert said[2:] == ["  k(x, y)   = 2", "  k(gx, gy) = 3"]


def test_a_kernel_that_is_not_symmetric_in_its_arguments():
    said = _said(testing.assert_symmetric, lambda x, y: sum(x), length=2)
    assert "exchanged, at length 1" in said[0]
    assert said[1:] == ["  x = (0,), y = (1,)", "  k(x, y) = 0", "  k(y, x) = 1"]


@given(strategies.kernels(depth=1, polynomial=False))
@examples(6)
def test_drawn_kernels_are_symmetric(kernel):
    testing.assert_symmetric(kernel, length=2)


# -- functions and matrices ---------------------------------------------------------------


def test_class_functions():
    testing.assert_class_function(sk.ClassFunction.irreducible((2, 1)), n=[3])
    testing.assert_class_function(sk.CharacterPolynomial("X1^2 - X2"), n=4)
    testing.assert_class_function(lambda g: Fraction(sum(g[a] == a for a in range(len(g))), 3))


def test_the_witness_against_a_class_function_is_the_first():
    def f(g):
        return 5 if g == (0, 1, 3, 2) else sum(g[a] == a for a in range(len(g)))

    assert _said(testing.assert_class_function, f, n=5) == [
        "f is no class function of S_4",
        "  g = (0, 1, 3, 2), h = (0, 2, 1, 3), h g h^-1 = (0, 3, 2, 1)",
        "  f(g)        = 5",
        "  f(h g h^-1) = 2",
    ]


def test_projectors():
    module = words(3, 2)
    testing.assert_projector(module.projector((2, 1)), rank=4)
    testing.assert_projector(np.array([[1, 0], [0, 0]]), rank=1)
    testing.assert_projector([["1/2", "1/2"], ["1/2", "1/2"]])
    testing.assert_projector(sp.Matrix([[alpha, alpha], [1 - alpha, 1 - alpha]]), rank=1)
    root = sp.sqrt(2)
    testing.assert_projector([[sp.Rational(1, 3), root / 3], [root / 3, sp.Rational(2, 3)]])


def test_the_entry_where_a_square_differs():
    planted = module = words(3, 2).projector((2, 1)).to_sympy().as_mutable()
    planted[3, 5] += 1
    square = planted * planted - planted
    i, j = next((i, j) for i, j in product(range(8), repeat=2) if square[i, j])
    said = _said(testing.assert_projector, planted)
    assert said == ["P^2 is not P", f"  entry ({i}, {j}) of P^2 - P = {square[i, j]}"]
    assert module is planted
    assert _said(testing.assert_projector, [[1, 0], [0, 0]], rank=2) == [
        "the projector has not rank 2",
        "  rank P = trace P = 1",
    ]


def test_representations():
    testing.assert_representation(natural((2, 1)))
    testing.assert_representation(orthogonal((2, 1)))
    testing.assert_representation(words(3, 2).matrix, n=3)
    testing.assert_representation(lambda g: [[sk.Partition(1).sign]], n=1)


def test_the_witness_against_a_representation():
    """Transposed matrices reverse products: no representation, first seen at two generators that do not commute."""
    rho = natural((2, 1))
    said = _said(testing.assert_representation, lambda g: rho(g).T, n=3)
    g, s = (0, 2, 1), (1, 0, 2)
    gs = tuple(s[a] for a in g)
    difference = rho(gs).T.to_sympy() - rho(g).T.to_sympy() * rho(s).T.to_sympy()
    i, j = next((i, j) for i, j in product(range(2), repeat=2) if difference[i, j])
    assert said == [
        "rho is no representation of S_3",
        f"  g = {g}, s_0 = {s}, g s_0 = {gs}",
        f"  entry ({i}, {j}) of rho(g s_0) - rho(g) rho(s_0) = {difference[i, j]}",
    ]


def test_what_is_no_representation_from_the_start():
    assert _said(testing.assert_representation, lambda g: [[2]], n=2) == [
        "rho(e) is not the identity of S_2",
        "  entry (0, 0) of rho(e) - 1 = 1",
    ]
    said = _said(testing.assert_representation, lambda g: [[1] * (1 + g[0])], n=2)
    assert said[1:] == [
        "  g = (1, 0)",
        "  rho(g) has 1 rows of 2 entries, rho(e) has 1 rows",
    ]


# -- spectra and eigenvalues --------------------------------------------------------------

ATTENTION = embedding(1).attention().mean_pool()


def _attention(x, y):
    """The same kernel by hand: s^2 / L^4 with s the number of pairs of positions with one token."""
    s = sum(a == b for a in x for b in y)
    return Fraction(s**2, len(x) ** 4)


def test_spectra():
    testing.assert_spectrum(ATTENTION, ATTENTION.spectrum(length=L, tokens=uniform(v)))
    small = ATTENTION.spectrum(length=3, tokens=uniform(2))
    testing.assert_spectrum("embedding(1) | attention | mean_pool", small)
    testing.assert_spectrum(_attention, small)
    biased = ATTENTION.spectrum(length=2, tokens=categorical(["1/3", "2/3"]))
    testing.assert_spectrum(_attention, biased)


def test_the_spectrum_of_another_kernel():
    spectrum = ATTENTION.spectrum(length=L, tokens=uniform(v))
    said = _said(testing.assert_spectrum, embedding(1, 1).attention().mean_pool(), spectrum)
    assert said[-1] == "  refuted"
    assert any(line.startswith("  differs at L = ") for line in said)
    assert any(line.startswith("  claimed") for line in said)


def test_a_planted_sector_is_found_by_sums_of_powers():
    """Two eigenvalues moved against each other keep the trace: the sum of squares tells."""
    kernel = embedding(1, 1).flatten()
    spectrum = kernel.spectrum(length=2, tokens=uniform(2))

    def by_hand(x, y):
        return Fraction(sum(a == b for a, b in zip(x, y, strict=True)), len(x)) + 1

    testing.assert_spectrum(by_hand, spectrum)
    first, *others = spectrum.sectors
    single = next(s for s in others if s.multiplicity == s.dimension == 1)
    ((value,),) = single.block.to_sympy().tolist()
    moved = type(single.block).from_rows([[value + 1]])
    shape = first.block.to_sympy().tolist()
    shape[0][0] -= 1
    assert first.dimension == 1
    sectors = [
        replace(first, block=type(first.block).from_rows(shape)),
        *(replace(s, block=moved) if s is single else s for s in others),
    ]
    said = _said(testing.assert_spectrum, by_hand, replace(spectrum, sectors=tuple(sectors)))
    matrix = sp.Matrix(4, 4, lambda i, j: by_hand(*(WORDS[i], WORDS[j])) / sp.Integer(4))
    assert said[0] == "not the spectrum of by_hand at length 2, tokens uniform(2)"
    assert "trace(block^2)" in said[1]
    assert said[2].split(" = ")[1] == str((matrix**2).trace())


WORDS = list(product(range(2), repeat=2))


def test_a_stage_without_certificate_is_compared_on_all_sequences():
    @dataclass(frozen=True)
    class Cube(Entrywise):
        """K^3 at every entry."""

        name, degree = "cube", 3

        def entry(self, algebra):
            """The map."""
            return lambda r, p, q: r**3

    with sk.kernels.register(Cube):
        kernel = embedding(1).mean_pool().cube()
        testing.assert_spectrum(kernel, kernel.spectrum(length=2, tokens=uniform(2)))
        with pytest.raises(AssertionError, match="trace"):
            testing.assert_spectrum(kernel, ATTENTION.spectrum(length=2, tokens=uniform(2)))


def test_eigenvalues():
    kernel = embedding(1, 1).attention().mean_pool()
    testing.assert_eigenvalue(kernel, (1,), (), "2*(L - 2)/(L^4*v^2)")
    testing.assert_eigenvalue(embedding(alpha, beta).flatten(), (), (1,), alpha / (L * v))
    testing.assert_eigenvalue("bag-of-tokens", (), (1,), "alpha/(3*v)", length=3)
    law = categorical(["1/3", "2/3"])
    testing.assert_eigenvalue(embedding(1).mean_pool(), (), None, "1/3", length=1, tokens=law)


def test_a_false_eigenvalue_is_told_with_its_size():
    """The size, the claimed and the true value, counted here by hand: T on functions of one letter among v."""
    kernel = embedding(1, 1).attention().mean_pool()
    said = _said(testing.assert_eigenvalue, kernel, (1,), (), "2/(L^3*v^2)")
    assert "  differs at L = 3, v = 2, sector [1] x []" in said
    assert "  claimed  1/54 = 2/(L^3*v^2)" in said
    assert "  found    1/162" in said
    said = _said(testing.assert_eigenvalue, embedding(1).mean_pool(), (), (1,), "1/L")
    assert said[1:] == [
        "  differs at L = 1, v = 2, sector [] x [1]",
        "  claimed  1 = 1/L",
        "  found    1/2",
        "  refuted",
    ]


# -- laws -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "law",
    [
        uniform(v),
        uniform(3),
        distinct(),
        categorical(["1/3", "2/3", 0]),
        mixture([("1/2", uniform(2)), ("1/2", categorical(["1/4", "3/4"]))]),
        exchangeable({(2, 0): "1/4", (1, 1): "3/4"}),
    ],
    ids=lambda k: getattr(k, "__name__", str(k)),
)
def test_laws_of_tokens(law):
    testing.assert_law(law)


@given(strategies.laws(2, kinds=["categorical", "mixture", "exchangeable"], length=3))
@examples(20)
def test_drawn_laws_are_laws(law):
    testing.assert_law(law)


@dataclass(frozen=True)
class _Planted(Law):
    """A law with the given probabilities of its types at one length."""

    chances: tuple[tuple[tuple[int, ...], Fraction], ...]
    vocabulary: int = 2
    length: int = 2

    def type_probability(self, counts):
        return dict(self.chances)[tuple(counts)]


def _planted(*chances, kind=_Planted):
    return kind(tuple(zip([(0, 2), (1, 1), (2, 0)], map(Fraction, chances), strict=True)))


class _Ordered(_Planted):
    """Gives both orders of two letters other probabilities."""

    def probability(self, x):
        return super().probability(x) + Fraction((x == (0, 1)) - (x == (1, 0)), 8)


class _Doubled(_Planted):
    """Gives sequences without repeats another probability than their type."""

    def probability(self, x):
        return super().probability(x) * (2 if x[0] != x[1] else 1)


@pytest.mark.parametrize(
    ("law", "witness"),
    [
        (_planted("1/2", "1/2", "1/2"), ["the probabilities of the types sum to 3/2"]),
        (
            _planted("3/2", "-1/4", "-1/4"),
            ["the type with counts (1, 1) has the probability -1/4"],
        ),
        (
            _planted("1/4", "1/2", "1/4", kind=_Ordered),
            ["g = (1, 0), x = (0, 1)", "P(x)  = 3/8", "P(gx) = 1/8"],
        ),
        (
            _planted("1/4", "1/2", "1/4", kind=_Doubled),
            [
                "the type with counts (1, 1) has the probability 1/2",
                "its sequences have together 1",
            ],
        ),
        (
            _planted("1/4", "1/5", "11/20", kind=_Ordered),
            ["the sequence (1, 0) has the probability -1/40"],
        ),
    ],
)
def test_what_is_no_law(law, witness):
    said = _said(testing.assert_law, law)
    assert said[0].endswith("is no law of tokens, at length 2")
    assert [line.strip() for line in said[1:]] == witness


def test_scaling_laws():
    law = sk.bounds.dimension_law((2, 1))
    testing.assert_law(law)
    said = _said(testing.assert_law, replace(law, formula=2 * law.formula))
    assert said[1:] == [
        "  has a formula that grows as 2*L**3/3",
        "  and says that it grows as L**3/3",
    ]
    said = _said(testing.assert_law, replace(law, formula=law.formula + 1))
    assert "another derivation" in said[1]
    spectrum = sk.derive("linear-attention")
    rooted = spectrum.scaling_law((), (1,))
    assert rooted.formula.has(sp.sqrt) or rooted.formula.atoms(sp.Pow)
    said = _said(testing.assert_law, replace(rooted, formula=rooted.formula + 1))
    assert "another derivation" in said[1]


def test_a_scaling_law_with_a_step_that_fails():
    law = replace(sk.bounds.dimension_law((1,)), claim=Claim("planted", ()))
    step = Step("wrong", "L = L + 1", "", sides=lambda L: (L, L + 1), sizes={"L": (2,)})
    with register("planted", lambda: Derivation("Planted", (step,))):
        said = _said(testing.assert_law, law)
    assert said[0].endswith("does not follow")
    assert any("FAILS: wrong at L = 2 fails: 2 = 3" in line for line in said)


# -- arguments ------------------------------------------------------------------------------

SPECTRUM = ATTENTION.spectrum(length=L, tokens=uniform(v))
SMALL = ATTENTION.spectrum(length=2, tokens=uniform(2))


@pytest.mark.parametrize(
    ("call", "error", "argument"),
    [
        (lambda: testing.assert_symmetric(3), InvalidType, "kernel"),
        (lambda: testing.assert_symmetric(embedding(1)), InvalidType, "kernel"),
        (lambda: testing.assert_symmetric(ATTENTION, length=0), InvalidArgument, "length"),
        (lambda: testing.assert_symmetric(ATTENTION, vocabulary=0), InvalidArgument, "vocabulary"),
        (lambda: testing.assert_symmetric(ATTENTION, last=1), InvalidType, "last"),
        (lambda: testing.assert_symmetric(ATTENTION, 10**9), InvalidArgument, "length, vocabulary"),
        (lambda: testing.assert_symmetric(lambda x, y: 0.5), InvalidType, r"kernel\("),
        (lambda: testing.assert_symmetric(lambda x, y: 1 / 0), InvalidArgument, "f"),
        (lambda: testing.assert_class_function(3), InvalidType, "f"),
        (lambda: testing.assert_class_function(len, n=0), InvalidArgument, "n"),
        (lambda: testing.assert_class_function(len, n=10**9), InvalidArgument, "n"),
        (lambda: testing.assert_class_function(len, n=[]), InvalidArgument, "n"),
        (lambda: testing.assert_class_function(lambda g: 1.0), InvalidType, r"f\("),
        (lambda: testing.assert_projector([[0.5]]), InvalidType, r"matrix\[0\]\[0\]"),
        (lambda: testing.assert_projector([[1, 0]]), SizeMismatch, "matrix"),
        (lambda: testing.assert_projector([[1, 0], [1]]), SizeMismatch, "matrix"),
        (lambda: testing.assert_projector([]), SizeMismatch, "matrix"),
        (lambda: testing.assert_projector(3), InvalidType, "matrix"),
        (lambda: testing.assert_projector([[1]], rank=-1), InvalidArgument, "rank"),
        (lambda: testing.assert_representation(None, 2), InvalidType, "rho"),
        (lambda: testing.assert_representation(lambda g: [[1]]), InvalidArgument, "n"),
        (lambda: testing.assert_representation(lambda g: 1, 2), InvalidType, r"rho\("),
        (lambda: testing.assert_spectrum(ATTENTION, 3), InvalidType, "spectrum"),
        (lambda: testing.assert_spectrum(_attention, SPECTRUM), InvalidArgument, "spectrum"),
        (lambda: testing.assert_spectrum(lambda x, y: sp.pi, SMALL), NoClosedForm, r"kernel\("),
        (lambda: testing.assert_law("uniform"), InvalidType, "law"),
        (lambda: testing.assert_law(uniform(2), length=0), InvalidArgument, "length"),
        (lambda: testing.assert_law(uniform(2), length=10**9), InvalidArgument, "length, vocab"),
        (lambda: testing.assert_eigenvalue(_attention, (), (1,), 1), InvalidType, "kernel"),
        (lambda: testing.assert_eigenvalue(ATTENTION, (), None, 1), InvalidArgument, "token_irrep"),
        (lambda: testing.assert_eigenvalue(ATTENTION, (), (1,), 0.5), InvalidType, "formula"),
    ],
)
def test_bad_arguments(call, error, argument):
    with pytest.raises(error, match=rf"^{argument}") as caught:
        call()
    assert isinstance(caught.value, SymkernError)


def test_a_scaling_law_without_a_derivation():
    law = replace(sk.bounds.dimension_law((1,)), claim=None)
    with pytest.raises(NoClosedForm, match="derivation"):
        testing.assert_law(law)
