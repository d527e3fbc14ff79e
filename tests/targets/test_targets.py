"""Energies of targets against sums over subsets of positions and over the group, Walsh coefficients and published values."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations, permutations, product
from math import comb, factorial, prod
from typing import Any

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.abc import v
from symkern.combinatorics import Partition
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm, SizeMismatch, SymkernError
from symkern.kernels import categorical, distinct, mixture, uniform
from symkern.targets import TargetEnergy, bigram, copying, count, energy, majority, parity, token_at
from tests.oracles.symmetric_group import characters, cycle_type
from tests.search import examples

Function = dict[tuple[int, ...], Fraction]


def parts_by_degree(f: Function, n: int, p: list[Fraction]) -> list[Function]:
    """f_d = sum over d-subsets A of sum_(B in A) (-1)^(d - |B|) E[f | x_B], by definition."""
    letters = range(len(p))

    def conditional(kept: tuple[int, ...]) -> dict[tuple[int, ...], Fraction]:
        means: dict[tuple[int, ...], Fraction] = {}
        for x, value in f.items():
            key = tuple(x[a] for a in kept)
            weight = prod((p[x[a]] for a in range(n) if a not in kept), start=Fraction(1))
            means[key] = means.get(key, Fraction(0)) + weight * value
        return means

    means = {b: conditional(b) for d in range(n + 1) for b in combinations(range(n), d)}
    result = []
    for d in range(n + 1):
        part: Function = {}
        for x in product(letters, repeat=n):
            total = Fraction(0)
            for a in combinations(range(n), d):
                for e in range(d + 1):
                    for b in combinations(a, e):
                        total += (-1) ** (d - e) * means[b][tuple(x[k] for k in b)]
            part[x] = total
        result.append(part)
    return result


def brute_force(
    f: Callable[[Any], Any], n: int, p: list[Fraction]
) -> dict[tuple[tuple[int, ...], int], Fraction]:
    table = characters(n)
    values = {x: Fraction(f(x)) for x in product(range(len(p)), repeat=n)}
    found = {}
    for d, part in enumerate(parts_by_degree(values, n, p)):
        for lam, chi in table.items():
            total = Fraction(0)
            for x in part:
                projected = sum(
                    (
                        chi[cycle_type(g)] * part[tuple(x[k] for k in g)]
                        for g in permutations(range(n))
                    ),
                    Fraction(0),
                ) * Fraction(chi[(1,) * n], factorial(n))
                total += prod((p[t] for t in x), start=Fraction(1)) * projected**2
            if total:
                found[lam[1:], d] = total
    return found


LAWS = [["1/2", "1/2"], ["1/3", "2/3"], ["1/2", "1/3", "1/6"]]


@pytest.mark.parametrize("weights", LAWS, ids=str)
@pytest.mark.parametrize("n", [2, 3])
def test_energies_are_those_of_the_definitions(weights: list[str], n: int) -> None:
    targets = [
        lambda x: x[0],
        lambda x: x[0] * x[-1] ** 2 - 3 * x[1],
        parity,
        majority,
        bigram(0, 1),
    ]
    p = [Fraction(w) for w in weights]
    for f in targets:
        found = energy(f, length=n, tokens=categorical(weights))
        assert {(tuple(mu), d): Fraction(int(e.p), int(e.q)) for (mu, d), e in found.items()} == (
            brute_force(f, n, p)
        )


@examples(30)
@given(st.lists(st.fractions(-3, 3, max_denominator=4), min_size=16, max_size=16))
def test_walsh_coefficients(values: list[Fraction]) -> None:
    """Two uniform letters: the energy of degree d is the sum of the squared Walsh coefficients there."""
    points = list(product((0, 1), repeat=4))
    found = energy(values, length=4, tokens=uniform(2))
    weights: dict[int, Fraction] = {}
    for s in points:
        hat = (
            sum(
                (val * (-1) ** sum(a * b for a, b in zip(s, x)) for x, val in zip(points, values)),
                Fraction(0),
            )
            / 16
        )
        weights[sum(s)] = weights.get(sum(s), Fraction(0)) + hat * hat
    expected = {d: sp.Rational(w.numerator, w.denominator) for d, w in weights.items() if w}
    assert found.by_degree() == dict(sorted(expected.items()))
    total = sum((value**2 for value in values), Fraction(0)) / 16
    assert found.total == sp.Rational(total.numerator, total.denominator)


def test_one_position_and_counts() -> None:
    """x_a alone: 1/L of its variance is invariant, the rest in (L-1,1); counts are invariant."""
    for n in (2, 5, 9):
        found = energy(token_at(n - 1), length=n, tokens=categorical(["2/3", "1/3"]))
        variance = sp.Rational(2, 9)
        assert dict(found.items()) == {
            ((), 0): sp.Rational(1, 9), ((), 1): variance / n, ((1,), 1): variance * (n - 1) / n,
        }  # fmt: skip
        counted = energy(count(1), length=n, tokens=categorical(["2/3", "1/3"]))
        assert dict(counted.items()) == {((), 0): sp.Rational(n, 3) ** 2, ((), 1): n * variance}


def test_parity_and_majority() -> None:
    for n in (1, 4, 7):
        assert dict(energy(parity, length=n, tokens=uniform(2)).items()) == {((), n): 1}
    found = energy(majority, length=5, tokens=uniform(2))
    assert all(mu == () for (mu, _), _ in found.items())
    # as(MAJORITY) = sum of degree times energy = n C(n-1, (n-1)/2) 2^-(n-1) = 15/8
    assert found.by_degree().keys() == {1, 3, 5}
    assert sum(d * e for d, e in found.by_degree().items()) == sp.Rational(15, 8)


def test_copying_lies_in_one_position() -> None:
    """One-hot x_a under uniform tokens: constant 1/v, and 1 - 1/v split 1 : L - 1."""
    n, letters = 5, 4
    found = energy(copying(2, letters), length=n, tokens=uniform(letters))
    rest = 1 - sp.Rational(1, letters)
    assert dict(found.items()) == {
        ((), 0): sp.Rational(1, letters), ((), 1): rest / n, ((1,), 1): rest * (n - 1) / n,
    }  # fmt: skip


def test_boolean_targets() -> None:
    found = energy(lambda x: x[0] == x[1], length=3, tokens=uniform(3))
    assert found == energy(lambda x: int(x[0] == x[1]), length=3, tokens=uniform(3))
    several = energy(lambda x: (x[0] == 1, x[1] == 1), length=3, tokens=uniform(3))
    assert several.total == 2 * energy(token_at(0), length=3, tokens=uniform(3)).total


def test_bigrams_touch_two_positions() -> None:
    found = energy(bigram(0, 1), length=6, tokens=uniform(3))
    assert max(d for _, d in dict(found.items())) == 2
    assert {mu for (mu, _), _ in found.items()} == {(), (1,), (2,), (1, 1)}
    assert sum(found.share(mu, d) for (mu, d), _ in found.items()) == 1


@given(st.permutations(range(4)), st.lists(st.integers(-4, 4), min_size=81, max_size=81))
def test_moving_positions_changes_nothing(g: list[int], values: list[int]) -> None:
    points = list(product(range(3), repeat=4))
    f = dict(zip(points, values))
    law = categorical(["1/2", "1/4", "1/4"])
    moved = energy(lambda x: f[tuple(x[a] for a in g)], length=4, tokens=law)
    assert moved == energy(values, length=4, tokens=law)


def test_letters_of_probability_zero_are_not_looked_at() -> None:
    def only_two(x: tuple[int, ...]) -> int:
        assert 1 not in x
        return x[0]

    found = energy(only_two, length=3, tokens=categorical(["1/2", 0, "1/2"]))
    expected = energy(lambda x: 2 * x[0], length=3, tokens=uniform(2))
    assert dict(found.items()) == dict(expected.items())
    listed = [x[0] for x in product(range(3), repeat=3)]
    assert energy(listed, length=3, tokens=categorical(["1/2", 0, "1/2"])) == found


def test_long_sequences() -> None:
    """65,536 sequences, and weights whose powers leave machine words."""
    found = energy(lambda x: x[3] * x[11], length=14, tokens=categorical(["6/7", "1/7"]))
    p = sp.Rational(1, 7)
    assert found.total == p**2
    pairs = comb(14, 2)
    # (x - p)(y - p) is a basis pair: its invariant part is 1/C(14, 2) of its energy
    assert found[(), 2] == (p * (1 - p)) ** 2 / pairs
    assert {mu for (mu, d), _ in found.items() if d == 2} == {(), (1,), (2,)}
    big = energy(lambda x: 10**30 * x[0], length=4, tokens=uniform(2))
    assert big.total == sp.Integer(10) ** 60 / 2


@pytest.mark.wide
def test_a_quarter_of_a_million_sequences() -> None:
    """x_0 x_1 at length 18, biased: covariance of (x - p) in one position and in two, weights beyond machine words."""
    n, p = 18, sp.Rational(1, 10)
    found = energy(lambda x: x[0] * x[1], length=n, tokens=categorical(["9/10", "1/10"]))
    q = p * (1 - p)
    assert found.by_degree() == {0: p**4, 1: 2 * p**2 * q, 2: q**2}
    pairs = comb(n, 2)
    assert found[(), 2] == q**2 / pairs and found[(), 1] == 4 * p**2 * q / n
    # an indicator of one pair: dimensions of (n), (n-1, 1), (n-2, 2) over the number of pairs
    assert found[(1,), 2] == q**2 * (n - 1) / pairs
    assert found[(2,), 2] == q**2 * (pairs - n) / pairs
    assert len(dict(found.items())) == 6
    assert dict(energy(parity, length=n, tokens=uniform(2)).items()) == {((), n): 1}


def test_display_and_values() -> None:
    found = energy(lambda x: x[0], length=3, tokens=uniform(2))
    names = {"TargetEnergy": TargetEnergy, "uniform": uniform, "Partition": Partition}
    assert eval(repr(found), names) == found  # noqa: S307
    assert hash(eval(repr(found), names)) == hash(found)  # noqa: S307
    assert pickle.loads(pickle.dumps(found)) == found
    assert "(2,1)" in str(found) and "booktabs" not in str(found)
    assert "<table" in found._repr_html_() and "<svg" in found.svg() and "tabular" in found.latex()
    assert found["[]", 1] == sp.Rational(1, 12) and found[(2,), 2] == 0


@pytest.mark.parametrize(
    ("call", "error", "named"),
    [
        (lambda: energy(parity, length=0, tokens=uniform(2)), InvalidArgument, "length"),
        (lambda: energy(parity, length=3, tokens=uniform(v)), NoClosedForm, "vocabulary"),
        (lambda: energy(parity, length=3, tokens=distinct()), InvalidType, "tokens"),
        (
            lambda: energy(
                parity,
                length=3,
                tokens=mixture([("1/2", uniform(2)), ("1/2", categorical(["1/4", "3/4"]))]),
            ),
            InvalidType,
            "tokens",
        ),
        (lambda: energy([1, 2], length=3, tokens=uniform(2)), SizeMismatch, "f"),
        (lambda: energy(lambda x: 0.5, length=3, tokens=uniform(2)), InvalidType, "f"),
        (
            lambda: energy(lambda x: (1,) * (1 + x[0]), length=2, tokens=uniform(2)),
            SizeMismatch,
            "f",
        ),
        (
            lambda: energy(lambda x: () if x[0] else (1,), length=2, tokens=uniform(2)),
            SizeMismatch,
            "f",
        ),
        (
            lambda: energy(lambda x: 1 if x[0] else (1,), length=2, tokens=uniform(2)),
            SizeMismatch,
            "f",
        ),
        (lambda: energy(token_at(3), length=3, tokens=uniform(2)), InvalidArgument, "position"),
        (lambda: energy(copying(3, 2), length=3, tokens=uniform(2)), InvalidArgument, "position"),
        (
            lambda: energy(lambda x: 0, length=2, tokens=uniform(2)).share((), 0),
            InvalidArgument,
            "f",
        ),
    ],
)
def test_refused(call: Callable[[], Any], error: type[SymkernError], named: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert named in str(caught.value)
