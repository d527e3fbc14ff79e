"""Eigenfunctions put back into the operator, written down as a whole matrix by the recursion of tests.oracles.

Two identities carry everything: T e_j = sum_i block[i, j] e_i for the functions in which a block is written, and
T phi = lambda phi for eigenfunctions, both at every sequence, in Fractions (and square roots taken apart) where values are exact.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import permutations, product
from math import lcm
from typing import Any

import numpy as np
import pytest
import sympy as sp

import symkern as sk
from symkern.abc import L, v
from symkern.abc import x as variable
from symkern.errors import (
    BelowThreshold,
    InvalidArgument,
    InvalidType,
    NoClosedForm,
    SizeMismatch,
)
from symkern.exact import Ball
from symkern.kernels import (
    categorical,
    derive,
    distinct,
    embedding,
    exchangeable,
    from_function,
    mixture,
    uniform,
)
from tests.oracles.pipelines import ALL, ONE_POSITION, PARAMETERS, build, full, oracle

SKEWED = {2: ["1/3", "2/3"], 3: ["1/2", "1/3", "1/6"]}
LAST = ("at_position", {"position": "last"})


def sequences(length: int, letters: int) -> list[tuple[int, ...]]:
    return list(product(range(letters), repeat=length))


def fractions(values: Any) -> np.ndarray:
    listed = [Fraction(int(e.p), int(e.q)) for e in np.ravel(values)]
    return np.array(listed, dtype=object).reshape(np.shape(values))


@cache
def law_of(kind: str, length: int, letters: int) -> tuple[Any, np.ndarray]:
    """A law, and the probability of every sequence from first principles."""
    words = sequences(length, letters)
    even = [Fraction(1, letters)] * letters
    if kind == "uniform":
        law, parts = uniform(letters), [(Fraction(1), even)]
    elif kind == "skewed":
        law = categorical(SKEWED[letters])
        parts = [(Fraction(1), [Fraction(p) for p in SKEWED[letters]])]
    else:
        law = mixture([("1/4", categorical(SKEWED[letters])), ("3/4", uniform(letters))])
        parts = [(Fraction(1, 4), [Fraction(p) for p in SKEWED[letters]]), (Fraction(3, 4), even)]
    chances = []
    for x in words:
        total = Fraction(0)
        for weight, p in parts:
            for t in x:
                weight *= p[t]
            total += weight
        chances.append(total)
    return law, np.array(chances, dtype=object)


@cache
def operator(name: str, length: int, letters: int, kind: str = "uniform") -> np.ndarray:
    """T as a matrix of Fractions, (T f)(x) = sum_y k(x, y) P(y) f(y)."""
    index, values = full(name, 1, length, letters)
    return np.array([Fraction(t) for t in values], dtype=object)[index] * law_of(kind, length, letters)[1]  # fmt: skip


def whole(matrix: np.ndarray) -> tuple[np.ndarray, int]:
    """Fractions as integers over one denominator, which multiply many times faster."""
    below = lcm(*(Fraction(e).denominator for e in matrix.flat))
    return np.array([int(e * below) for e in matrix.flat], dtype=object).reshape(
        matrix.shape
    ), below


def acts_as(T: tuple[np.ndarray, int], e: np.ndarray, block: Any) -> bool:
    """T e_j = sum_i block[i, j] e_i, for functions e in rows: exact."""
    matrix, q = T
    rows, _ = whole(e)
    columns, r = whole(np.array(block.to_numpy(), dtype=object))
    return bool((q * (rows.T @ columns) == r * (matrix @ rows.T)).all())


def kernel_of(name: str) -> Any:
    kernel = build(ALL[name])
    given = {s.name: q for s, q in PARAMETERS[1].items() if s in kernel.parameters}
    return kernel.substitute({s: given[s.name] for s in kernel.parameters})


def surds(values: Any) -> dict[sp.Expr, np.ndarray]:
    """Values p + q sqrt(D) + ... taken apart: the coefficients of 1 and of each root."""
    found: dict[sp.Expr, np.ndarray] = {}
    for place, value in enumerate(values):
        for base, c in sp.expand(value).as_coefficients_dict().items():
            row = found.setdefault(base, np.array([Fraction(0)] * len(values), dtype=object))
            row[place] += Fraction(int(c.p), int(c.q))
    return {base: row for base, row in found.items() if any(row)}


def put_back(matrix: np.ndarray, values: Any, eigenvalue: Any) -> None:
    """T phi = lambda phi: exactly, or within the radii of balls, which must be small."""
    if isinstance(values[0], Ball):
        middle = np.array([e.midpoint for e in values], dtype=object)
        radius, size = max(e.radius for e in values), max(abs(middle))
        root = eigenvalue
        if not isinstance(root, Fraction):
            root = eigenvalue.refine(Fraction(1, 10**60)).low
        allowed = (abs(matrix).sum(axis=1) + abs(root)) * radius + size / 10**59
        assert 0 < radius < size / 10**40
        assert (abs(matrix @ middle - root * middle) <= allowed).all()
        return
    known = {e: sp.expand(e * eigenvalue) for e in dict.fromkeys(values)}
    right = [known[e] for e in values]
    left = {base: matrix @ row for base, row in surds(values).items()}
    left = {base: row for base, row in left.items() if any(row)}
    expected = surds(right)
    assert left.keys() == expected.keys()
    for base, row in left.items():
        assert (row == expected[base]).all()


NAMES = [
    "bag-of-tokens",
    "flatten with a constant",
    "linear-attention",
    "linear-attention-flatten",
    "transformer-block",
    "squares, then attention",
    "linear-attention-2",
    "linear-attention-last",
    "transformer-block-last",
]
SIZES = [(1, 1), (1, 3), (2, 2), (3, 2), (2, 4), (5, 2), (3, 3)]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", NAMES)
def test_functions_in_which_the_block_is_written(name: str) -> None:
    """T e_j = sum_i block[i, j] e_i, uniform tokens; the e_j are independent."""
    for length, letters in SIZES:
        if name == "linear-attention-2" and letters**length > 20:
            continue
        spec = kernel_of(name).spectrum(length=length, tokens=uniform(letters))
        T = whole(operator(name, length, letters))
        for sector in spec.sectors:
            e = np.array([fractions(f.values()) for f in sector.functions()], dtype=object)
            assert acts_as(T, e, sector.block)
            assert np.linalg.matrix_rank(e.astype(float)) == sector.multiplicity
            place = -2 % letters**length
            word = sequences(length, letters)[place]
            assert [f(word) for f in sector.functions()] == [f.values()[place] for f in sector.functions()]  # fmt: skip


@pytest.mark.sampled(4)
@pytest.mark.parametrize("kind", ["uniform", "skewed", "general"])
def test_irreps_of_several_rows(kind: str) -> None:
    """A cubic in the matches at L = 5, v = 3: mu = (2, 1) in each of the engines."""
    name = "cubic network on flat input"
    law, _ = law_of("uniform" if kind == "general" else kind, 5, 3)
    kernel: Any = kernel_of(name)
    given = {s: q for s, q in PARAMETERS[1].items() if s in build(ALL[name]).parameters}
    if kind == "general":
        value = oracle(ALL[name], given)
        by_matches = [value((0,) * 5, (0,) * m + (1,) * (5 - m)) for m in range(6)]
        kernel = from_function(
            lambda x, y: by_matches[sum(a == b for a, b in zip(x, y, strict=True))]
        )
    T = whole(operator(name, 5, 3, "uniform" if kind == "general" else kind))
    spec = kernel.spectrum(length=5, tokens=law)
    assert (2, 1) in [tuple(s.position_irrep) for s in spec.sectors]
    for sector in spec.sectors:
        e = np.array([fractions(f.values()) for f in sector.functions()], dtype=object)
        assert acts_as(T, e, sector.block)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("kind", ["skewed", "mixed"])
@pytest.mark.parametrize("name", ["linear-attention-flatten", "transformer-block", "linear-attention-last"])  # fmt: skip
def test_functions_of_laws_that_tell_tokens_apart(name: str, kind: str) -> None:
    for length, letters in [(2, 2), (4, 2), (2, 3), (3, 3)]:
        law, _ = law_of(kind, length, letters)
        spec = kernel_of(name).spectrum(length=length, tokens=law)
        T = whole(operator(name, length, letters, kind))
        for sector in spec.sectors:
            e = np.array([fractions(f.values()) for f in sector.functions()], dtype=object)
            assert acts_as(T, e, sector.block)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("name", "length", "letters"),
    [
        ("linear-attention", 4, 3),
        ("linear-attention-flatten", 4, 3),
        pytest.param("linear-attention-flatten", 5, 3, marks=pytest.mark.wide),
        ("linear-attention-last", 3, 4),
        ("transformer-block-last", 5, 2),
    ],
)
def test_eigenfunctions_put_back(name: str, length: int, letters: int) -> None:
    spec = kernel_of(name).spectrum(length=length, tokens=uniform(letters))
    T = operator(name, length, letters)
    for sector in spec.sectors:
        basis = sector.basis()
        assert tuple(phi.eigenvalue for phi in basis) == sector.eigenvalues
        for phi in basis:
            values = phi.values()
            assert any(values)
            put_back(T, values, phi.eigenvalue)
            order = (1, 2, 0, *range(3, length)) if name not in ONE_POSITION else (1, 0, *range(2, length))  # fmt: skip
            tokens = tuple((t + 1) % letters for t in range(letters))
            moved = phi.moved(positions=order, tokens=tokens)
            words = sequences(length, letters)
            assert moved(words[7]) == phi(tuple(tokens[words[7][a]] for a in order))
            put_back(T, [moved(word) for word in words], phi.eigenvalue)
            break  # one of each sector is moved


def at_numbers(eigenvalue: Any, at: dict[Any, Any]) -> Any:
    """A symbolic eigenvalue at numbers: of a branch without a root, SymPy's root of that rank."""
    if isinstance(eigenvalue, sp.Expr):
        return sp.expand(eigenvalue.subs(at))
    roots = sp.Poly(eigenvalue.polynomial().subs(at), variable).nroots(n=70, maxsteps=500)
    root = sorted((sp.re(r) for r in roots), reverse=True)[eigenvalue.index]
    return Fraction(str(root))


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", ["linear-attention-flatten", "linear-attention-last"])
def test_symbolic_eigenfunctions_at_small_sizes(name: str) -> None:
    """L, v and hyperparameters symbolic; numbers come in at the call."""
    spec = build(ALL[name]).spectrum(length=L, tokens=uniform(v))
    given = {s.name: q for s, q in PARAMETERS[1].items() if s in spec.parameters}
    seen = 0
    for length, letters in [(3, 3), (4, 2), (4, 3)]:
        T = operator(name, length, letters)
        at = {L: length, v: letters} | {s: sp.Rational(str(given[s.name])) for s in spec.parameters}
        for sector in spec.sectors:
            if length < sector.valid_for["L"] or letters < sector.valid_for["v"]:
                with pytest.raises(BelowThreshold):
                    sector.basis()[0]((0,) * length, vocabulary=letters)
                continue
            for phi in sector.basis():
                values = phi.values(length, letters, **given)
                assert any(values)
                put_back(T, values, at_numbers(phi.eigenvalue, at))
                seen += 1
    assert seen > 12


def test_symbols_stay_in_values() -> None:
    """T phi = lambda phi at (L, v) = (3, 2) as an identity in alpha and beta."""
    kernel = embedding("alpha", "beta").attention().flatten()
    words = sequences(3, 2)
    spec = kernel.spectrum(length=L, tokens=uniform(2))
    for sector in spec.sectors:
        if sector.valid_for["L"] > 3:
            continue
        for phi in sector.basis():
            eigenvalue = phi.eigenvalue.subs({L: 3})
            image = sp.Add(*(kernel(words[1], y) * phi(y) for y in words)) / 8
            assert sp.simplify(image - eigenvalue * phi(words[1])) == 0


def test_values_above_degree_two_are_proven_balls() -> None:
    kernel = embedding(1, 1).attention().attention().mean_pool()
    spec = kernel.spectrum(length=6, tokens=uniform(2))
    index, values = full_numbers(kernel, 6)
    T = values[index] / Fraction(2**6)
    seen = 0
    for sector in spec.sectors:
        for phi in sector.basis():
            listed = phi.values()
            put_back(T, listed, phi.eigenvalue)
            seen += isinstance(listed[0], Ball)
    assert seen >= 3


def full_numbers(kernel: Any, length: int) -> tuple[np.ndarray, np.ndarray]:
    """The kernel on all pairs of binary sequences: it depends on the numbers of (0,0), (0,1), (1,0), (1,1)."""
    words = sequences(length, 2)
    known: dict[tuple[int, ...], int] = {}
    values: list[Fraction] = []
    index = np.empty((len(words), len(words)), dtype=np.int64)
    for i, x in enumerate(words):
        for j, y in enumerate(words):
            key = tuple(sorted(2 * a + b for a, b in zip(x, y, strict=True)))
            if key not in known:
                known[key] = len(values)
                value = kernel(x, y)
                values.append(Fraction(int(value.p), int(value.q)))
            index[i, j] = known[key]
    return index, np.array(values, dtype=object)


# -- the general engine -----------------------------------------------------------------------

TIED = [("embedding", {"token": Fraction(1), "position": Fraction(1, 2)})]
GENERAL: dict[str, tuple[Any, Any]] = {
    "relu rows, flatten": (
        embedding(1, "1/2").attention("tied", "relu").flatten(),
        [*TIED, ("attention", {"query_key": "tied", "row_map": "relu"}), ("flatten", {})],
    ),
    "identity rows, last": (
        embedding(1, "1/2").attention("tied").at_position("last"),
        [*TIED, ("attention", {"query_key": "tied", "row_map": "identity"}), LAST],
    ),
    "softmax": (
        embedding(1, "1/2").attention("tied", "softmax").mean_pool(),
        [*TIED, ("attention", {"query_key": "tied", "row_map": "softmax"}), ("mean_pool", {})],
    ),
    "softmax, last": (
        embedding(1, "1/2").attention("tied", "softmax").at_position("last"),
        [*TIED, ("attention", {"query_key": "tied", "row_map": "softmax"}), LAST],
    ),
    "fully connected": (
        embedding(1).flatten().mlp("relu"),
        [("embedding", {"token": Fraction(1)}), ("flatten", {}), ("mlp", {"activation": "relu"})],
    ),
}  # fmt: skip


@cache
def general_operator(name: str, length: int, letters: int) -> Any:
    from tests.oracles import attention, spectrum

    stages = GENERAL[name][1]
    marked = stages[-1][0] == "at_position"
    return spectrum.gram(lambda x, y: attention.kernel(stages, x, y), length, letters, marked)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", ["relu rows, flatten", "identity rows, last"])
@pytest.mark.parametrize("kind", ["uniform", "skewed"])
def test_general_engine_exact(name: str, kind: str) -> None:
    for length, letters in [(4, 2), (3, 3)]:
        law, chances = law_of(kind, length, letters)
        index, values = general_operator(name, length, letters)
        T = np.array([Fraction(t) for t in values], dtype=object)[index] * chances
        spec = GENERAL[name][0].spectrum(length=length, tokens=law)
        for sector in spec.sectors:
            e = np.array([fractions(f.values()) for f in sector.functions()], dtype=object)
            assert (e.T @ sector.block.to_numpy() == (T @ e.T)).all()
            if kind == "uniform":
                for phi in sector.basis():
                    put_back(T, phi.values(), phi.eigenvalue)


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", ["softmax", "softmax, last", "fully connected"])
@pytest.mark.parametrize("kind", ["uniform", "skewed"])
def test_general_engine_balls(name: str, kind: str) -> None:
    """Values are balls; the operator is known to floating point here."""
    for length, letters in [(4, 2), (3, 3)]:
        law, chances = law_of(kind, length, letters)
        index, values = general_operator(name, length, letters)
        T = np.array([float(t) for t in values])[index] * chances.astype(float)
        spec = GENERAL[name][0].spectrum(length=length, tokens=law)
        words = sequences(length, letters)
        for sector in spec.sectors:
            block = np.array([[float(e) for e in row] for row in sector.block])
            e = np.array([f.values(numeric=True) for f in sector.functions()])
            assert np.allclose(T @ e.T, e.T @ block, atol=1e-10 * abs(e).max())
            for phi in sector.basis():
                listed = phi.values(numeric=True)
                assert np.allclose(T @ listed, float(phi.eigenvalue) * listed, atol=1e-10 * abs(listed).max())  # fmt: skip
                value = phi(words[5])
                assert isinstance(value, Ball) and value.radius < Fraction(1, 10**30)
                assert float(value) == pytest.approx(listed[5], abs=1e-12 * abs(listed).max())


def test_a_forbidden_sequence_has_value_zero() -> None:
    """A finitely exchangeable law that never shows (1, 1, 1): the identity holds almost everywhere."""
    law = exchangeable({(3, 0): "1/4", (1, 2): "1/2", (2, 1): "1/4"})
    kernel = from_function(lambda x, y: 2 ** sum(a == b for a, b in zip(x, y, strict=True)))
    words = sequences(3, 2)
    chance = {(3, 0): Fraction(1, 4), (1, 2): Fraction(1, 6), (2, 1): Fraction(1, 12), (0, 3): Fraction(0)}  # fmt: skip
    P = np.array([chance[x.count(0), x.count(1)] for x in words], dtype=object)
    T = np.array([[Fraction(2 ** sum(map(int.__eq__, x, y))) for y in words] for x in words]) * P
    allowed = P > 0
    for sector in kernel.spectrum(length=3, tokens=law).sectors:
        e = np.array([fractions(f.values()) for f in sector.functions()], dtype=object)
        assert (e.T @ sector.block.to_numpy() == (T @ e.T))[allowed].all()
        assert not e[:, ~allowed].any()


# -- distinct tokens --------------------------------------------------------------------------


@pytest.mark.parametrize("readout", ["mean_pool", "flatten", "at_position"])
def test_distinct_tokens(readout: str) -> None:
    kernel = embedding(1, "1/2").attention()
    kernel = kernel.at_position("last") if readout == "at_position" else getattr(kernel, readout)()
    symbolic = kernel.spectrum(length=L, tokens=distinct())
    last = LAST if readout == "at_position" else (readout, {})
    stages = [*TIED, ("attention", {}), last]
    value = oracle(stages, {})
    for length in (1, 2, 3, 4):
        words = list(permutations(range(length)))
        T = np.array([[Fraction(value(x, y), len(words)) for y in words] for x in words])
        for spec in (kernel.spectrum(length=length, tokens=distinct()), symbolic):
            for sector in spec.sectors:
                if sector.valid_for["L"] > length:
                    continue
                [phi] = sector.basis()
                values = phi.values(length)
                assert any(values)
                put_back(T, values, sp.S(phi.eigenvalue).subs({L: length}))
                assert phi(words[-1]) == values[-1]


# -- as objects, and what is refused ----------------------------------------------------------


def test_repr_and_latex() -> None:
    spec = derive("linear-attention")
    phi = spec.sector([], [1]).basis()[0]
    assert "mu = [], kappa = 1" in repr(phi)
    assert r"\varphi_{1}" in phi.latex() and r"e_{1}" in phi.latex()
    assert repr(spec.sector([1], [1]).functions()[0]).startswith("<basis function 0")
    two = embedding("alpha", "beta").attention().attention().flatten()
    big = max(two.spectrum(length=L, tokens=uniform(2)).sectors, key=lambda s: s.multiplicity)
    assert r"\otimes" in big.basis()[0].latex()
    with pytest.raises(NoClosedForm, match="written"):
        big.basis()[0]((0, 1) * 9)
    assert isinstance(big.basis()[0]((0, 1) * 9, alpha=1, beta=2), (Ball, sp.Expr))


def test_bad_input() -> None:
    spec = derive("linear-attention")
    phi = spec.sector([1], [1]).basis()[0]
    with pytest.raises(InvalidArgument, match="vocabulary: must be given"):
        phi((0, 1, 2, 1))
    with pytest.raises(InvalidArgument, match=r"x\[2\]: must be a token below 3"):
        phi((0, 1, 3, 1), vocabulary=3)
    with pytest.raises(InvalidType, match=r"x\[1\]"):
        phi((0, True, 1, 1), vocabulary=3)
    with pytest.raises(InvalidType, match="x: must be a sequence"):
        phi("0110", vocabulary=3)
    with pytest.raises(InvalidArgument, match="x: must have at least one token"):
        phi((), vocabulary=3)
    with pytest.raises(InvalidArgument, match="delta: must be a hyperparameter"):
        phi((0, 1, 0, 1), vocabulary=3, delta=1)
    with pytest.raises(BelowThreshold, match="vocabulary"):
        phi((0, 1, 0, 1), vocabulary=2)
    with pytest.raises(BelowThreshold):
        spec.sector([1], [1]).basis()[0]((0,), vocabulary=3)
    assert phi(np.array([0, 1, 1, 2]), vocabulary=np.int64(5)) == phi((0, 1, 1, 2), vocabulary=5)
    at = embedding(1, 1).flatten().spectrum(length=3, tokens=uniform(2)).sectors[0].basis()[0]
    with pytest.raises(SizeMismatch, match="x: must have the length 3"):
        at((0, 1))
    with pytest.raises(SizeMismatch, match="vocabulary"):
        at((0, 1, 1), vocabulary=3)
    skew = embedding(1, 1).flatten().spectrum(length=3, tokens=categorical(["1/3", "2/3"]))
    with pytest.raises(InvalidArgument, match="tokens: may be relabelled"):
        skew.sectors[0].basis()[0].moved(tokens=(1, 0))
    last = embedding(1, 1).at_position("last").spectrum(length=3, tokens=uniform(2))
    with pytest.raises(InvalidArgument, match="last"):
        last.sectors[0].basis()[0].moved(positions=(2, 1, 0))
    line = embedding(1, 1).flatten().spectrum(length=3, tokens=distinct())
    with pytest.raises(InvalidArgument, match="every token once"):
        line.sectors[0].basis()[0]((0, 1, 1))
    by_hand = replace(spec.sectors[0], realisation=None)
    with pytest.raises(NoClosedForm, match="derive the spectrum"):
        by_hand.basis()


def test_a_sector_is_what_it_was() -> None:
    """The realisation is neither compared nor printed, and is pickled along."""
    import pickle

    spec = derive("linear-attention", length=4, tokens=uniform(3))
    for sector in spec.sectors:
        plain = sk.kernels.Sector(
            sector.position_irrep, sector.token_irrep, sector.dimension, sector.block,
            sector.valid_for, sector.standing,
        )  # fmt: skip
        assert plain == sector and hash(plain) == hash(sector) and repr(plain) == repr(sector)
        again = pickle.loads(pickle.dumps(sector))
        assert again == sector
        assert again.basis()[0]((0, 1, 2, 1)) == sector.basis()[0]((0, 1, 2, 1))
