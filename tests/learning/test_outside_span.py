"""What a kernel does not see, by irreps and degree: against projections by characters and subsets, sequence by sequence."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from math import factorial
from typing import Any

import numpy as np
import pytest

import symkern as sk
from symkern.kernels import categorical, mixture, uniform
from tests.oracles.symmetric_group import characters, cycle_type, dimension, group

Key = tuple[tuple[int, ...] | None, tuple[int, ...] | None, int]


def _residual(spec: Any, f: np.ndarray, p: np.ndarray) -> np.ndarray:
    """f minus its projection on the range of the dense operator."""
    words = list(product(range(len(p)), repeat=spec.length))
    weights = np.array([np.prod(p[list(x)]) for x in words])
    gram = np.array([[float(spec.kernel(x, y)) for y in words] for x in words])
    root = np.sqrt(weights)
    values, vectors = np.linalg.eigh(root[:, None] * gram * root[None, :])
    seen = vectors[:, np.abs(values) > 1e-10]
    return (root * f - seen @ (seen.T @ (root * f))) / root


def _by_degree(table: np.ndarray, p: np.ndarray, d: int) -> np.ndarray:
    """The Efron-Stein part of degree d, by all sets of d positions."""
    total = np.zeros_like(table)
    for kept in combinations(range(table.ndim), d):
        part = table
        for axis in range(table.ndim):
            mean = np.expand_dims(np.tensordot(part, p, axes=(axis, 0)), axis)
            part = part - mean if axis in kept else mean + np.zeros_like(part)
        total += part
    return total


def _isotypic(table: np.ndarray, lam: tuple[int, ...], positions: bool, moved: int) -> np.ndarray:
    """The part in one irrep of the first ``moved`` positions, or of the letters, by its character."""
    total = np.zeros_like(table)
    size = moved if positions else len(table)
    for g in group(size):
        chi = characters(size)[lam][cycle_type(g)]
        if positions:
            total += chi * table.transpose([*g, *range(moved, table.ndim)])
        else:
            total += chi * table[np.ix_(*[list(g)] * table.ndim)]
    return total * dimension(lam) / factorial(size)


def _brute(spec: Any, f: np.ndarray, p: np.ndarray, token_irreps: bool) -> dict[Key, float]:
    v, length = len(p), spec.length
    rest = _residual(spec, f, p).reshape((v,) * length)
    weights = np.ones(())
    for _ in range(length):
        weights = np.multiply.outer(weights, p)
    moved = length if spec.group == "S_L" else length - 1
    found: dict[Key, float] = {}
    for d in range(length + 1):
        part = _by_degree(rest, p, d)
        for lam in characters(moved):
            one = _isotypic(part, lam, True, moved)
            for kappa in characters(v) if token_irreps else [None]:
                both = one if kappa is None else _isotypic(one, kappa, False, 0)
                energy = float((weights * both**2).sum())
                if energy > 1e-9:
                    found[lam[1:], None if kappa is None else kappa[1:], d] = energy
    return found


def _named(outside: Any) -> dict[Key, float]:
    def plain(mu: Any) -> Any:
        return None if mu is None else tuple(mu)

    return {(plain(o.position_irrep), plain(o.token_irrep), o.degree): o.energy for o in outside}


@pytest.mark.sampled(8)
@pytest.mark.parametrize(
    ("name", "length", "law", "target"),
    [
        ("linear-attention", 5, uniform(2), lambda x: x[0] * x[1] * x[2]),
        ("linear-attention", 4, uniform(3), lambda x: x[0] * x[1] * x[2] + (x[3] == 2)),
        ("linear-attention", 3, uniform(4), lambda x: (x[0] < x[1]) * (x[2] - 1) + x[0] ** 2),
        ("flatten", 4, uniform(3), lambda x: (x[0] < x[1]) + 2 * (x[1] == x[2])),
        ("bag-of-tokens", 4, uniform(2), lambda x: x[0] - 3 * x[1] * x[3]),
        ("linear-attention-last", 4, uniform(2), lambda x: x[0] * x[1] * x[2] + x[1] * x[3]),
        ("linear-attention-last", 3, uniform(3), lambda x: x[0] * x[1] * x[2]),
        ("linear-attention", 4, categorical(["1/2", "1/3", "1/6"]), lambda x: x[0] * x[1] * x[2]),
        ("flatten", 3, categorical(["1/4", "3/4"]), lambda x: x[0] * x[1] * x[2]),
    ],
)
def test_parts_are_those_of_the_projections(name, length, law, target):
    parameters = {p.name: 1 for p in sk.kernels.read_kernel(name).parameters}
    spec = sk.derive(name, length=length, tokens=law, **parameters)
    letters = law.vocabulary
    words = product(range(letters), repeat=length)
    f = np.array([float(target(x)) for x in words])
    is_uniform = isinstance(law, type(uniform(2)))
    p = np.array([1 / letters] * letters if is_uniform else [float(q) for q in law.probabilities])
    curve = spec.learning_curve(target, n=[10])
    found = _named(curve.outside)
    assert found == pytest.approx(_brute(spec, f, p, is_uniform), abs=1e-9)
    assert all(part.degree is not None for part in curve.outside)
    assert curve.unlearnable + sum(curve.energies) == pytest.approx(curve.total)
    rows = spec.sample_complexity(target).outside
    assert _named(rows) == found and all(row.law is None for row in rows)


def test_vectors_and_laws_without_a_degree():
    spec = sk.derive("flatten", length=3, tokens=uniform(2), alpha=1, beta=1)
    pair = spec.learning_curve(lambda x: (x[0] * x[1], x[2]), n=[10])
    assert {(str(o.position_irrep), o.degree) for o in pair.outside} == {("[]", 2), ("1", 2)}
    law = mixture([("1/2", uniform(2)), ("1/2", categorical(["1/4", "3/4"]))])
    mixed = sk.derive("flatten", length=3, tokens=law, alpha=1, beta=1)
    [one] = mixed.learning_curve(lambda x: x[0] * x[1], n=[10]).outside
    assert (one.position_irrep, one.token_irrep, one.degree) == (None, None, None)


@pytest.mark.parametrize(("length", "kappa"), [(5, [1]), (6, [])])
def test_functions_of_counts_beyond_the_kernel(length, kappa):
    spec = sk.derive("linear-attention", length=length, tokens=uniform(2), alpha=1, beta=1)
    [one] = spec.learning_curve("parity", n=[10]).outside
    assert (list(one.position_irrep), list(one.token_irrep), one.degree) == ([], kappa, length)
    assert one.energy == pytest.approx(1)


def test_the_table_names_them():
    spec = sk.derive("linear-attention", length=5, tokens=uniform(2), alpha=1, beta=1)
    curve = spec.learning_curve("x1*x2*x3", n=[10, 1e6])
    lines = [line.split() for line in str(curve).splitlines() if "never" in line]
    assert [line[:2] for line in lines] == [
        ["(L-2,2)", "(2)"],
        ["(L-2,2)", "(1,1)"],
        ["(L-1,1)", "(1,1)"],
        ["(L)", "(1,1)"],
    ]
    assert "(degree 3)" in str(curve) and r"\text{never (degree }3" in curve.latex()
    assert "(degree 3)" in str(spec.sample_complexity("x1*x2*x3"))
    assert all(len(line) <= 80 for line in str(curve).splitlines())


def test_all_sequences_of_a_larger_size_are_named_in_a_moment():
    spec = sk.derive("linear-attention", length=16, tokens=uniform(2), alpha=1, beta=1)
    outside = spec.learning_curve("x1*x2*x3", n=[10]).outside
    assert outside and all(part.degree == 3 for part in outside if part.position_irrep.size == 3)


@pytest.mark.wide
def test_many_letters_keep_no_name_where_it_would_take_too_long():
    spec = sk.derive("flatten", length=3, tokens=uniform(30), alpha=1, beta=1)
    outside = spec.learning_curve(lambda x: x[0] * x[1] * x[2] / 27000, n=[10]).outside
    assert {(part.position_irrep, part.token_irrep) for part in outside} == {(None, None)}
    # E x = 29/2 and Var x = 899/12, three positions, over 27000^2.
    mean, variance = Fraction(29, 2), Fraction(899, 12)
    wanted = {2: 3 * mean**2 * variance**2, 3: variance**3}
    assert {part.degree: part.energy * 27000**2 for part in outside} == pytest.approx(
        {d: float(e) for d, e in wanted.items()}
    )
