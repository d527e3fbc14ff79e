"""Formulas of targets against plain functions, and their parts by sector and degree against averages over both groups."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise, permutations, product
from math import comb, factorial
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.abc import L
from symkern.errors import FormulaError, InvalidArgument, InvalidType, NoClosedForm, SymkernError
from symkern.kernels import uniform
from symkern.targets import FormulaTarget, energy, formula_target, majority, parity
from symkern.targets.graded_targets import expression, graded_target
from tests.oracles.symmetric_group import characters, cycle_type
from tests.search import examples

Word = tuple[int, ...]

#: A formula and the same target in Python; x[0] is position 1.
FORMULAS: dict[str, Callable[[Word], Any]] = {
    "x1": lambda x: x[0],
    "x1*x2": lambda x: x[0] * x[1],
    "[x1=x2]": lambda x: int(x[0] == x[1]),
    "n0/L": lambda x: Fraction(x.count(0), len(x)),
    "n1^2": lambda x: x.count(1) ** 2,
    "bigram(0,1)": lambda x: sum(p == (0, 1) for p in pairwise(x)),
    "bigram(1,1) - 2*xL": lambda x: sum(p == (1, 1) for p in pairwise(x)) - 2 * x[-1],
    "xL*x1": lambda x: x[-1] * x[0],
    "x1*n1 - s2": lambda x: x[0] * x.count(1) - (-1) ** x[1],
    "3*(x1-x2) + n0*n1/L": lambda x: 3 * (x[0] - x[1]) + Fraction(x.count(0) * x.count(1), len(x)),
    "bigram(0,1)*2 - x2*n0 + [x1<xL] + 1": lambda x: (
        2 * sum(p == (0, 1) for p in pairwise(x)) - x[1] * x.count(0) + (x[0] < x[-1]) + 1
    ),
    "(s1+s2)^2*3 + .5*n0": lambda x: 3 * ((-1) ** x[0] + (-1) ** x[1]) ** 2 + Fraction(x.count(0), 2),
    "x1^2*[x2 >= 1]*x1 + x2*xL": lambda x: x[0] ** 3 * (x[1] >= 1) + x[1] * x[-1],
    "-x2 + [[x1=1] != x2]": lambda x: -x[1] + ((x[0] == 1) != x[1]),
}  # fmt: skip

#: Of more than two positions: no formula in L, but for two letters those in counts alone have parts at any length.
FURTHER: dict[str, Callable[[Word], Any]] = {
    "parity": parity,
    "majority": majority,
    "n1^3 - n0": lambda x: x.count(1) ** 3 - x.count(0),
    "[n1 > L/2]*parity": lambda x: int(2 * x.count(1) > len(x)) * parity(x),
    "[x1+x2+x3 = 2]": lambda x: int(sum(x[:3]) == 2),
    "x1/(x2+1)/(x3+1)": lambda x: Fraction(x[0], (x[1] + 1) * (x[2] + 1)),
}


@pytest.mark.parametrize("text", [*FORMULAS, *FURTHER])
def test_values(text: str) -> None:
    target, plain = formula_target(text), (FORMULAS | FURTHER)[text]
    fast = target.values(3)
    for n in (3, 5):
        for x in product(range(3), repeat=n):
            assert target(x) == fast(x) == plain(x), x


def test_one_hot() -> None:
    target = formula_target("copy(2)")
    assert target((0, 2, 1), vocabulary=3) == (0, 0, 1)
    assert formula_target("copy(L)")((0, 2, 1), vocabulary=3) == (0, 1, 0)
    assert target.is_vector and target.positions == {2}


def _both(depth: int) -> st.SearchStrategy[tuple[str, Callable[[Word], Any]]]:
    """Random formulas with the functions that they mean."""
    atoms = st.sampled_from(
        [
            ("x1", lambda x: x[0]), ("s2", lambda x: (-1) ** x[1]), ("xL", lambda x: x[-1]),
            ("n1", lambda x: x.count(1)), ("2", lambda x: 2), ("0.25", lambda x: Fraction(1, 4)),
            ("L", len), ("parity", parity),
        ]
    )  # fmt: skip
    if not depth:
        return atoms
    inner = _both(depth - 1)

    def joined(parts: tuple[Any, Any, str]) -> tuple[str, Callable[[Word], Any]]:
        (a, f), (b, g), sign = parts
        if sign == "[<]":
            return f"[{a} < {b}]", lambda x: int(f(x) < g(x))
        meant = {
            "+": lambda x: f(x) + g(x), "-": lambda x: f(x) - g(x), "*": lambda x: f(x) * g(x),
            "^": lambda x: f(x) ** 3,
        }[sign]  # fmt: skip
        return (f"({a})^3" if sign == "^" else f"({a}) {sign} ({b})"), meant

    return atoms | st.tuples(inner, inner, st.sampled_from(["+", "-", "*", "^", "[<]"])).map(joined)


@given(_both(3), st.lists(st.integers(0, 2), min_size=2, max_size=5).map(tuple))
def test_random_formulas(pair: tuple[str, Callable[[Word], Any]], x: Word) -> None:
    text, meant = pair
    assert formula_target(text)(x) == meant(x)
    target = formula_target(text)
    assert eval(repr(target), {"FormulaTarget": FormulaTarget}) == target  # noqa: S307


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("x0", "positions count from 1"), ("x1*", "formula ends"), ("x1 + y", "'y'"), ("", "it is empty"),
        ("nL", "counts a token"), ("x01", "'x01'"), ("[x1]", "relation"), ("[x1=x2", "']'"), ("(x1", "')'"),
        ("copy(1)+1", "'+'"), ("1+copy(1)", "stands alone"), ("copy(0)", "positions count"), ("x1^x2", "exponent"),
        ("2^9999", "exponent"), ("((9^99)^99)^99", "nested"), ("1/0", "divisor"), ("bigram(0)", "','"),
        ("__import__('os')", "__import__"), ("x1;x2", "';'"), ("(" * 90 + "x1" + ")" * 90, "nest"), ("x1 x2", "'x2'"),
        ("1" * 300, "digits"), ("-" * 90 + "1", "nest"), ("*".join(["x1"] * 90), "factors"),
    ],
)  # fmt: skip
def test_what_is_no_formula(text: str, named: str) -> None:
    with pytest.raises(FormulaError, match="target: ") as caught:
        formula_target(text)
    assert named in str(caught.value)


def test_refused_on_sequences() -> None:
    cases: list[tuple[Callable[[], Any], type[SymkernError], str]] = [
        (lambda: formula_target("x3")((0, 1)), InvalidArgument, "it names 3"),
        (lambda: formula_target("copy(1)")((0, 1)), InvalidArgument, "vocabulary"),
        (lambda: formula_target("1/(x1-x2)")((1, 1)), InvalidArgument, "divide by zero"),
        (lambda: formula_target(3), InvalidType, "target"),  # type: ignore[arg-type]
        (lambda: graded_target(formula_target("n4"), 3, 2, 2), InvalidArgument, "it names 4"),
        (lambda: graded_target(formula_target("x1*x2*x3"), L, 2, 2), NoClosedForm, "three or more"),
        (lambda: graded_target(formula_target("parity"), L, 2, 2), NoClosedForm, "three or more"),
        (lambda: graded_target(formula_target("parity"), 10**6, 2, 2), NoClosedForm, "length"),
        (lambda: graded_target(formula_target("x1/(n0-n0)"), 3, 2, 2), NoClosedForm, "three"),
    ]
    for call, error, named in cases:
        with pytest.raises(error) as caught:
            call()
        assert named in str(caught.value)


# -- parts -----------------------------------------------------------------------------


@pytest.mark.sampled(2)
@pytest.mark.parametrize("text", FORMULAS)
def test_parts_are_the_energies_by_irrep_and_degree(text: str) -> None:
    """Against exact projections of the values on all sequences, at every small size."""
    target = formula_target(text)
    for v, lengths in ((1, (2, 3)), (2, (2, 3, 4, 5)), (3, (2, 3, 4)), (4, (2, 3))):
        for n in lengths:
            if max(target.positions, default=0) > n or max(target.tokens, default=0) >= v:
                continue
            found: dict[Any, sp.Expr] = {}
            for mu, _, d, e in graded_target(target, n, v, 9).items():
                found[mu, d] = found.get((mu, d), sp.S.Zero) + e
            assert found == dict(energy(target.values(v), length=n, tokens=uniform(v)).items()), (
                n,
                v,
            )


def _by_token_irrep(values: np.ndarray, n: int, v: int) -> dict[Word, float]:
    """{kappa: squared norm} of a function on all sequences, averaging over relabellings with a character."""
    places = np.arange(v**n).reshape((v,) * n)
    found = {}
    moved = {
        tau: values[places[np.ix_(*[list(tau)] * n)].ravel()] for tau in permutations(range(v))
    }
    for shape, chi in characters(v).items():
        part = (
            sum(chi[cycle_type(tau)] * f for tau, f in moved.items()) * chi[(1,) * v] / factorial(v)
        )
        found[shape[1:]] = float(np.mean(part**2))
    return found


@pytest.mark.parametrize(("n", "v"), [(3, 3), (4, 3), (3, 4), (2, 5)])
def test_parts_by_token_irrep(n: int, v: int) -> None:
    for text in ("x1*x2", "[x1=x2]", "n1^2 - x2", "bigram(0,1)", "x1*n1 - s2", "[x1 < x2]"):
        target = formula_target(text)
        value = target.values(v)
        table = np.array([float(value(x)) for x in product(range(v), repeat=n)])
        expected = _by_token_irrep(table, n, v)
        found = dict.fromkeys(expected, 0.0)
        for _, kappa, _, e in graded_target(target, n, v, 9).items():
            found[tuple(kappa)] += float(e)
        assert found == pytest.approx(expected, abs=1e-12), text


@pytest.mark.sampled(3)
@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_in_the_length(text: str) -> None:
    """With L put in they give the parts at that length, from ``least`` on."""
    target = formula_target(text)
    for v in (2, 3):
        symbolic = graded_target(target, L, v, 9)
        for n in (symbolic.least, symbolic.least + 1, 11):
            there = graded_target(target, n, v, 9)
            put_in = {
                k: sp.cancel(e.subs(L, n)) for *k_, e in symbolic.items() for k in [tuple(k_)]
            }
            assert {k: e for k, e in put_in.items() if e} == {
                tuple(k): e for *k, e in there.items()
            }
            assert sp.cancel(symbolic.total.subs(L, n)) == there.total
            for labels, gram in there.parts.items():
                for key, (x, q) in gram.items():
                    a, b = symbolic.parts[labels][key]
                    product_ = sp.cancel((expression(a) ** 2 * expression(b)).subs(L, n))
                    assert product_ == sp.cancel(expression(x) ** 2 * expression(q))


def test_known_formulas() -> None:
    """One token: 1/L of its variance is invariant. Copying: the same for every letter. A pair of spins: one pair in C(L, 2)."""
    one = graded_target(formula_target("x1"), L, 2, 2)
    assert one.energy((), (1,), 1) == 1 / (4 * L)
    assert sp.cancel(one.energy((1,), (1,), 1) - (L - 1) / (4 * L)) == 0
    copied = graded_target(formula_target("copy(1)"), L, 5, 2)
    assert sp.cancel(copied.energy((1,), (1,), 1) - sp.Rational(4, 5) * (L - 1) / L) == 0
    pair = graded_target(formula_target("s1*s2"), L, 2, 2)
    assert sp.cancel(pair.energy((), (), 2) - 2 / (L * (L - 1))) == 0
    assert sp.cancel(pair.energy((2,), (), 2) - (L - 3) / (L - 1)) == 0


@pytest.mark.sampled(2)
@pytest.mark.parametrize("text", [t for t in FURTHER if formula_target(t).is_symmetric])
def test_functions_of_counts_on_two_letters(text: str) -> None:
    target = formula_target(text)
    for n in (1, 2, 5, 8):
        there = graded_target(target, n, 2, n)
        assert {(mu, d): e for mu, _, d, e in there.items()} == dict(
            energy(FURTHER[text], length=n, tokens=uniform(2)).items()
        )
    # Each of 1001 spins has the coefficient C(1000, 500)/2^1000 in their majority.
    long = graded_target(formula_target("majority"), 1001, 2, 3)
    assert long.energy((), (1,), 1) == sp.Rational(1001 * comb(1000, 500) ** 2, 4**1000)
    assert long.total == 1


@examples(30)
@given(st.lists(st.integers(-3, 3), min_size=4, max_size=4), st.integers(2, 4))
def test_energies_add_up(c: list[int], v: int) -> None:
    """The parts of any combination sum to E f^2, found by summing over sequences."""
    a, b, d, e = (f"({k})" if k < 0 else str(k) for k in c)
    target = formula_target(f"{a}*x1 + {b}*[x1=x2] + {d}*n1*x2 + {e}")
    values = [Fraction(target(x)) for x in product(range(v), repeat=3)]
    found = graded_target(target, 3, v, 2)
    total = sum(x * x for x in values) / len(values)
    assert found.total == sp.Rational(total.numerator, total.denominator)
    assert sum(x for *_, x in found.items()) == found.total
