"""Energies of targets on eigenspaces against projectors of the whole matrix from numpy, and identities that hold exactly."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations, product
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.abc import L, v
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch
from symkern.exact import Ball
from symkern.kernels import (
    PRESETS,
    categorical,
    derive,
    distinct,
    embedding,
    exchangeable,
    from_function,
    mixture,
    uniform,
)
from symkern.targets import energy
from tests.oracles import attention, spectrum
from tests.search import examples

HALF = Fraction(1, 2)
BASE = ("embedding", {"token": Fraction(1), "position": HALF})
SOFT = ("attention", {"query_key": "tied", "row_map": "softmax"})
BLOCK = [BASE, ("attention", {}), ("residual", {}), ("linear", {"weight": Fraction(2), "bias": HALF})]  # fmt: skip
LAST = ("at_position", {"position": "last"})

#: Every preset with numbers, as the oracle's list of stages.
STAGES: dict[str, list[Any]] = {
    "bag-of-tokens": [("embedding", {"token": Fraction(1)}), ("mean_pool", {})],
    "flatten": [BASE, ("flatten", {})],
    "linear-attention": [BASE, ("attention", {}), ("mean_pool", {})],
    "linear-attention-flatten": [BASE, ("attention", {}), ("flatten", {})],
    "linear-attention-last": [BASE, ("attention", {}), LAST],
    "linear-attention-2": [BASE, ("attention", {}), ("attention", {}), ("mean_pool", {})],
    "linear-attention-3": [BASE, *[("attention", {})] * 3, ("mean_pool", {})],
    "transformer-block": [*BLOCK, ("mean_pool", {})],
    "transformer-block-last": [*BLOCK, LAST],
    "softmax-attention": [BASE, SOFT, ("mean_pool", {})],
    "fully-connected": [
        ("embedding", {"token": Fraction(1)}),
        ("flatten", {}),
        ("mlp", {"activation": "relu"}),
    ],
}
NUMBERS = {"alpha": 1, "beta": "1/2", "w": 2, "b": "1/2"}
LAWS: dict[str, Any] = {
    "uniform": (lambda v: uniform(v), None),
    "skewed": (
        lambda v: categorical({2: ["1/3", "2/3"], 3: ["1/2", "1/3", "1/6"]}[v]),
        {2: [1 / 3, 2 / 3], 3: [1 / 2, 1 / 3, 1 / 6]},
    ),
}


def matrix(name: str, length: int, letters: int) -> np.ndarray:
    stages = STAGES[name]
    marked = stages[-1][0] == "at_position"
    index, values = spectrum.gram(
        lambda x, y: attention.kernel(stages, x, y), length, letters, marked
    )
    return np.array([float(t) for t in values])[index]


def chances(kind: str, length: int, letters: int) -> np.ndarray:
    table = LAWS[kind][1]
    p = np.full(letters, 1 / letters) if table is None else np.array(table[letters])
    found = np.ones(1)
    for _ in range(length):
        found = np.multiply.outer(found, p).reshape(-1)
    return found


def spectrum_of(name: str, length: int, law: Any) -> Any:
    known = {s.name for s in PRESETS[name].kernel.parameters}
    given = {key: value for key, value in NUMBERS.items() if key in known}
    return derive(name, length=length, tokens=law, **given)


def check_against_projectors(spec: Any, K: np.ndarray, P: np.ndarray, f: np.ndarray) -> None:
    """Energies and components, eigenvalue by eigenvalue: equal numbers in different sectors are one eigenspace of T."""
    root = np.sqrt(P)
    eigenvalues, vectors = np.linalg.eigh(root[:, None] * K * root)
    overlaps = vectors.T @ (root * f)
    top = eigenvalues.max()
    found: list[tuple[float, float]] = []
    for sector in spec.sectors:
        energies = sector.energies(f, numeric=True)
        assert len(energies) == sector.multiplicity
        found += [(float(e), c) for e, c in zip(sector.eigenvalues, energies, strict=True)]
        last = sector.multiplicity - 1
        part = sector.component(f, last, numeric=True)
        assert (part * part * P).sum() == pytest.approx(energies[last], abs=1e-9)
        assert np.allclose(K @ (P * part), float(sector.eigenvalues[last]) * part, atol=1e-9 * top)
    close = 1e-7 * top
    clear = [e for e, _ in found if abs(e) > 10 * close]
    for value in clear:
        true = (overlaps[abs(eigenvalues - value) < close] ** 2).sum()
        ours = sum(c for e, c in found if abs(e - value) < close)
        assert ours == pytest.approx(true, abs=1e-8)
    assert sum(c for _, c in found) <= (f * f * P).sum() + 1e-9


@pytest.mark.sampled(8)
@pytest.mark.parametrize("name", sorted(STAGES))
def test_presets_against_projectors(name: str) -> None:
    rng = np.random.default_rng(7)
    sizes = [(4, 2), (3, 3), (2, 4)] if name != "linear-attention-3" else [(4, 2)]
    for length, letters in sizes:
        spec = spectrum_of(name, length, uniform(letters))
        f = rng.normal(size=letters**length)
        P = chances("uniform", length, letters)
        check_against_projectors(spec, matrix(name, length, letters), P, f)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", ["linear-attention-flatten", "linear-attention-last", "softmax-attention", "fully-connected"])  # fmt: skip
def test_skewed_laws_against_projectors(name: str) -> None:
    rng = np.random.default_rng(8)
    for length, letters in [(4, 2), (3, 3)]:
        spec = spectrum_of(name, length, LAWS["skewed"][0](letters))
        f = rng.normal(size=letters**length)
        P = chances("skewed", length, letters)
        check_against_projectors(spec, matrix(name, length, letters), P, f)


def test_mixture_and_exchangeable_laws() -> None:
    rng = np.random.default_rng(9)
    K = matrix("linear-attention-flatten", 4, 2)
    law = mixture([("1/4", LAWS["skewed"][0](2)), ("3/4", uniform(2))])
    P = chances("skewed", 4, 2) / 4 + 3 * chances("uniform", 4, 2) / 4
    check_against_projectors(spectrum_of("linear-attention-flatten", 4, law), K, P, rng.normal(size=16))  # fmt: skip
    law = exchangeable(
        {(4, 0): "1/5", (3, 1): "1/5", (2, 2): "1/5", (1, 3): "1/10", (0, 4): "3/10"}
    )
    weight = {4: 1 / 5, 3: 1 / 20, 2: 1 / 30, 1: 1 / 40, 0: 3 / 10}
    P = np.array([weight[x.count(0)] for x in product(range(2), repeat=4)])
    check_against_projectors(spectrum_of("linear-attention-flatten", 4, law), K, P, rng.normal(size=16))  # fmt: skip


def test_equal_components_of_a_mixture_are_one() -> None:
    skewed = categorical(["1/4", "3/4"])
    assert mixture([(1, uniform(v))]) == uniform(v)
    assert mixture([("1/4", skewed), ("3/4", skewed)]) == skewed
    merged = mixture([("1/4", uniform(2)), ("1/2", skewed), ("1/4", uniform(2))])
    assert merged == mixture([("1/2", uniform(2)), ("1/2", skewed)])


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("name", "length", "letters"),
    [("fully-connected", 10, 2), ("linear-attention-last", 8, 2)],
)
def test_hundreds_of_sequences(name: str, length: int, letters: int) -> None:
    rng = np.random.default_rng(10)
    spec = spectrum_of(name, length, uniform(letters))
    f = rng.normal(size=letters**length)
    P = chances("uniform", length, letters)
    check_against_projectors(spec, matrix(name, length, letters), P, f)


# -- exact identities -------------------------------------------------------------------------


def full_rank(x: Any, y: Any) -> int:
    """2^m: every Efron-Stein degree has an eigenvalue of its own that is not zero."""
    return int(2 ** sum(a == b for a, b in zip(x, y, strict=True)))


FULL = {
    (length, letters): from_function(full_rank).spectrum(length=length, tokens=uniform(letters))
    for length, letters in [(4, 2), (3, 3), (2, 4)]
}
LINEAR = {
    (length, letters): embedding(1, "1/2").attention().flatten().spectrum(length=length, tokens=uniform(letters))
    for length, letters in [(4, 2), (3, 3), (2, 4)]
}  # fmt: skip
rationals = st.fractions(min_value=-9, max_value=9, max_denominator=6)


@given(st.sampled_from(sorted(FULL)), st.data())
@examples(12)
def test_parseval(size: tuple[int, int], data: Any) -> None:
    """Sum over sectors and eigenvalues = E f^2, exactly, for a kernel that sees everything."""
    length, letters = size
    count = letters**length
    f = data.draw(st.lists(rationals, min_size=count, max_size=count))
    total = sp.Add(*(e for s in FULL[size].sectors for e in s.energies(f)))
    assert total == sp.Rational(1, count) * sum(sp.Rational(q.numerator, q.denominator) ** 2 for q in f)  # fmt: skip


def test_parseval_where_irreps_of_several_rows_occur() -> None:
    """L = 5, v = 3: mu = (2, 1) stands for two orders of its boxes, and (3), (1, 1) besides."""
    spec = from_function(full_rank).spectrum(length=5, tokens=uniform(3))
    assert (2, 1) in [tuple(s.position_irrep) for s in spec.sectors]
    f = [(i * i * 5 + 3 * (i % 7) + i % 3) % 23 - 11 for i in range(3**5)]
    total = sp.Add(*(e for s in spec.sectors for e in s.energies(f)))
    assert total == sp.Rational(sum(a * a for a in f), 3**5)
    part = spec.sector([2, 1], [1]).component(f, 0)
    first, *rest = spec.sector([2, 1], [1]).energies(list(part))
    assert first == sp.Add(*(p * p for p in part)) / 3**5
    assert not any(rest)


@given(st.sampled_from(sorted(LINEAR)), st.data())
@examples(10)
def test_exact_energies_agree_with_floats(size: tuple[int, int], data: Any) -> None:
    length, letters = size
    f = data.draw(st.lists(rationals, min_size=letters**length, max_size=letters**length))
    values = np.array([float(q) for q in f])
    for sector in LINEAR[size].sectors:
        exact = sector.energies(f)
        assert all(isinstance(e, (sp.Expr, Ball)) for e in exact)
        shown = [float(e if isinstance(e, Ball) else sp.N(e, 30)) for e in exact]
        assert np.allclose(shown, sector.energies(values, numeric=True), atol=1e-9)


@given(st.sampled_from(sorted(FULL)), st.data())
@examples(5)
def test_components_are_orthogonal_projections(size: tuple[int, int], data: Any) -> None:
    """They sum to f, and projecting a part again gives it back in its own place and nothing elsewhere."""
    length, letters = size
    f = data.draw(st.lists(rationals, min_size=letters**length, max_size=letters**length))
    total = np.zeros(letters**length, dtype=object)
    parts = []
    for sector in FULL[size].sectors:
        for branch, energy_of in enumerate(sector.energies(f)):
            part = sector.component(f, branch)
            total = total + part
            assert sp.Add(*(p * p for p in part)) / letters**length == energy_of
            parts.append((sector, branch, part, energy_of))
    assert [Fraction(int(t.p), int(t.q)) for t in total] == f
    sector, branch, part, energy_of = max(parts, key=lambda item: item[3])
    for other in FULL[size].sectors:
        expected = [energy_of * int(other is sector and b == branch) for b in range(other.multiplicity)]  # fmt: skip
        assert list(other.energies(list(part))) == expected


def test_an_eigenfunction_has_its_energy_where_it_belongs() -> None:
    """A moved eigenfunction as the target, with square roots in it: floats, and exact where it is rational."""
    for size, spec in LINEAR.items():
        for sector in spec.sectors:
            for phi in sector.basis():
                moved = phi.moved(positions=tuple(reversed(range(size[0]))))
                words = list(product(range(size[1]), repeat=size[0]))
                values = np.array([float(sp.N(moved(x), 30)) for x in words])
                norm = (values**2).mean()
                for other in spec.sectors:
                    energies = np.array(other.energies(values, numeric=True)) / norm
                    expected = np.zeros(len(energies))
                    if other is sector:
                        expected[phi.index] = 1
                    assert np.allclose(energies, expected, atol=1e-10)


@pytest.mark.parametrize("tokens", [uniform(2), categorical(["1/3", "2/3"])])
def test_sums_by_irrep_agree_with_the_energies_of_targets(tokens: Any) -> None:
    """A second road: `kernels.targets` projects with isotypic projectors on the permutation module of words."""

    def f(x: tuple[int, ...]) -> int:
        return 3 * x[0] * x[1] - x[2] + x[1] * x[2] * x[3]

    spec = from_function(full_rank).spectrum(length=4, tokens=tokens)
    by_irrep: dict[Any, Any] = {}
    for sector in spec.sectors:
        mu = sector.position_irrep
        for value in sector.energies(f, numeric=True):
            by_irrep[mu] = by_irrep.get(mu, 0.0) + value
    expected = energy(f, length=4, tokens=tokens).by_irrep()
    assert by_irrep.keys() == expected.keys()
    for mu, value in expected.items():
        assert by_irrep[mu] == pytest.approx(float(value), abs=1e-12)


def test_symbols_of_hyperparameters_stay() -> None:
    spec = embedding("alpha", "beta").attention().flatten().spectrum(length=3, tokens=uniform(2))
    fixed = spec.evaluate(alpha=2, beta="1/3")
    f = [1, -2, 0, 5, 3, 3, -1, 0]
    for sector, at in zip(spec.sectors, fixed.sectors, strict=True):
        for e, value in zip(sector.energies(f), at.energies(f), strict=True):
            known = {"alpha": sp.Integer(2), "beta": sp.Rational(1, 3)}
            shown = e.subs({s: known[s.name] for s in e.free_symbols})
            assert sp.simplify(shown - value) == 0


def test_repeated_eigenvalues_share_without_counting_twice() -> None:
    """k = 1 + [m = L]: on mu = () of L = 4, v = 2 the block has equal eigenvalues; energies add up to the isotypic part."""
    kernel = from_function(lambda x, y: int(x == y) + 1)
    spec = kernel.spectrum(length=4, tokens=uniform(2))
    assert any(len(set(s.eigenvalues)) < s.multiplicity for s in spec.sectors)
    f = [(7 * i * i + 3 * i) % 11 for i in range(16)]
    assert sp.Add(*(e for s in spec.sectors for e in s.energies(f))) == sp.Rational(sum(a * a for a in f), 16)  # fmt: skip


def test_distinct_tokens() -> None:
    """Exact against brute force on permutations, all readouts."""
    for readout in ("mean_pool", "flatten", "at_position"):
        kernel = embedding(1, "1/2").attention()
        kernel = kernel.at_position("last") if readout == "at_position" else getattr(kernel, readout)()  # fmt: skip
        stages = [BASE, ("attention", {}), LAST if readout == "at_position" else (readout, {})]
        words = list(permutations(range(4)))
        K = np.array([[float(attention.kernel(stages, x, y)) for y in words] for x in words])
        spec = kernel.spectrum(length=4, tokens=distinct())
        f = np.random.default_rng(3).normal(size=24)
        check_against_projectors(spec, K, np.full(24, 1 / 24), f)
        g = [x[0] - 2 * x[1] * x[3] for x in words]
        for sector in spec.sectors:
            [exact] = sector.energies(lambda x: x[0] - 2 * x[1] * x[3])
            assert [exact] == list(sector.energies(g))
            part = sector.component(g, 0)
            assert sp.Add(*(p * p for p in part)) / 24 == exact


def test_large_target_in_floating_point() -> None:
    """65,536 sequences: shares of parity and of a copy of one bit, known in closed form."""
    spec = embedding(1, 1).flatten().spectrum(length=16, tokens=uniform(2))
    first = np.repeat([1.0, -1.0], 2**15)
    energies = {(s.position_irrep, i): e for s in spec.sectors for i, e in enumerate(s.energies(first, numeric=True))}  # fmt: skip
    assert sum(energies.values()) == pytest.approx(1)
    assert energies[spec.sectors[1].position_irrep, 0] == pytest.approx(1 / 16)


def test_bad_input() -> None:
    spec = embedding(1, 1).flatten().spectrum(length=3, tokens=uniform(2))
    sector = spec.sectors[0]
    with pytest.raises(SizeMismatch, match="target: must have 8 values"):
        sector.energies([1, 2, 3])
    with pytest.raises(InvalidType, match="target: must be a function"):
        sector.energies(3)
    with pytest.raises(InvalidType, match="numeric=True"):
        sector.energies([0.5] * 8)
    with pytest.raises(InvalidType, match="numeric=True"):
        sector.energies(np.ones(8))
    with pytest.raises(InvalidArgument, match="branch"):
        sector.component([1] * 8, 1)
    with pytest.raises(InvalidArgument, match="given length and vocabulary"):
        derive("flatten").sectors[0].energies(lambda x: x[0])
    with pytest.raises(InvalidArgument, match="given length and vocabulary"):
        embedding(1).flatten().spectrum(length=L, tokens=uniform(2)).sectors[0].energies([1])
