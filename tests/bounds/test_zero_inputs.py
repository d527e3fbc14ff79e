"""Inputs of zero sensitivity: all of them counted by flipping every bit, and the sequences that the automata's recurrences continue."""

from itertools import product
from math import comb

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symkern.abc import n
from symkern.bounds.sensitivity import (
    ZeroGrowth,
    automaton,
    symmetric_zero_inputs,
    zero_family,
    zero_verdict,
)
from symkern.errors import InvalidArgument, NoClosedForm


def _counted(f, size, letters=2):
    """All words, all neighbours."""
    words = list(product(range(letters), repeat=size))
    value = {x: f(x) for x in words}

    def is_zero(x):
        near = ((*x[:i], u, *x[i + 1 :]) for i in range(size) for u in range(letters))
        return all(value[y] == value[x] for y in near)

    return sum(map(is_zero, words))


def _dyck(x):
    height = 0
    for t in x:
        height += 1 if t else -1
        if height < 0:
            return False
    return height == 0


def _index(x):
    bits = 1
    while bits + 2**bits < len(x):
        bits += 1
    place = int("".join(map(str, x[:bits])), 2)
    return x[bits + place % (len(x) - bits)]


MEMBERS = {
    "parity": lambda x: sum(x) % 2,
    "first": lambda x: x[0],
    "index": _index,
    "majority": lambda x: 2 * sum(x) > len(x),
    "threshold(1)": lambda x: sum(x) >= 1,
    "threshold(3)": lambda x: sum(x) >= 3,
    "and": all,
    "or": any,
    "exactly(0)": lambda x: sum(x) == 0,
    "exactly(2)": lambda x: sum(x) == 2,
    "divisible(3)": lambda x: sum(x) % 3 == 0,
    "palindrome": lambda x: x == x[::-1],
    "repetition": lambda x: x[: len(x) // 2] * 2 == x,
    "dyck": _dyck,
}


@pytest.mark.parametrize("name", MEMBERS)
def test_families_by_counting(name):
    for size in range(3, 10):
        if name == "index" and size not in (3, 6):
            continue  # address and data fill the word
        assert zero_family(name).zero_inputs(size) == _counted(MEMBERS[name], size)


def test_symmetric_functions():
    for size in (4, 7):
        for values in product((0, 1), repeat=size + 1):
            if size == 4 or sum(values) == 3:
                counted = _counted(lambda x, f=values: f[sum(x)], size) if size == 4 else None
                found = symmetric_zero_inputs(values)
                assert counted in (None, found)
    assert symmetric_zero_inputs([j % 2 for j in range(6)]) == 0


def test_words_that_contain_11():
    """The sequence of MATH: 2, 1, 1, 2, 5, 14, ..."""
    found = automaton([[0, 1], [0, 2], [2, 2]], [2])
    assert [found.zero_inputs(size) for size in range(1, 13)] == [
        2,
        1,
        1,
        2,
        5,
        14,
        37,
        93,
        223,
        516,
        1161,
        2556,
    ]
    assert found.growth == ZeroGrowth("exponential")


@given(st.data())
@settings(max_examples=25)
def test_any_automaton(data):
    """Random automata on two and three letters, beside all words; recurrence and formula go on where no word is listed."""
    states, letters = data.draw(st.integers(1, 4)), data.draw(st.integers(2, 3))
    places = st.integers(0, states - 1)
    moves = [[data.draw(places) for _ in range(letters)] for _ in range(states)]
    found = automaton(moves, data.draw(st.sets(places)), data.draw(places))
    for size in range(1, 8 if letters == 2 else 5):
        assert found.zero_inputs(size) == _counted(found.accepts, size, letters)
    terms = [found.zero_inputs(size) for size in range(30)]
    order = len(found.recurrence)
    for size in range(order, 30):
        assert terms[size] == sum(c * terms[size - i] for i, c in enumerate(found.recurrence, 1))
    try:
        formula = found.formula
    except NoClosedForm:
        return
    for size in range(found.formula_from, 12):
        assert abs(sp.N(formula.subs(n, size), 30) - terms[size]) < 1e-9 * (1 + terms[size])
    last = terms[-6:]
    if found.growth.kind == "zero":
        assert not any(last)
    if found.growth.kind == "exponential":
        assert max(last) > 2 * max(terms[9:15])


def test_formulas_and_growth():
    one = automaton([[0, 1], [1, 1]], [1])
    assert sp.simplify(one.formula - (2**n - n - 1)) == 0
    at_least_three = automaton([[0, 1], [1, 2], [2, 3], [3, 4], [4, 3]], [3])
    assert at_least_three.growth == ZeroGrowth(
        "polynomial", 1
    )  # parity if three ones, else 0: n + 1
    assert sp.expand(at_least_three.formula) == n + 1 and at_least_three.formula_from == 3
    assert at_least_three.zero_inputs(50) == 51
    thirds = automaton([[0, 1], [1, 2], [2, 0]], [0])
    assert [thirds.zero_inputs(size) for size in range(1, 7)] == [0, 1, 0, 0, 1, 0]
    assert thirds.growth == ZeroGrowth("polynomial", 0)
    two = automaton([[0, 1], [1, 2], [2, 2]], [2])
    assert two.zero_inputs(40) == 2**40 - comb(41, 2)


@pytest.mark.parametrize(
    ("moves", "accepting"),
    [
        ([[0, 1], [0, 2], [2, 2]], [2]),  # contains 11
        ([[1, 0], [0, 2], [2, 2]], [2]),
        ([[0, 1], [1, 2], [2, 0]], [0]),
    ],
)
def test_formulas_with_roots_of_quadratic_polynomials(moves, accepting):
    """Powers of (1 +- sqrt 5)/2, twice each, and of complex roots of unity, multiplied out; they are words counted one by one."""
    found = automaton(moves, accepting)
    formula = found.formula
    assert formula.has(sp.sqrt(5)) or formula.has(sp.I)
    for size in range(found.formula_from, 20):
        assert sp.expand(formula.subs(n, size)) == found.zero_inputs(size)
        if size < 9:
            assert found.zero_inputs(size) == _counted(found.accepts, size)


def test_the_verdict_of_the_cited_theorem():
    """Below means a positive exponent above the power; it is asymptotic, and says nothing of exponential counts."""
    zero, one, many = ZeroGrowth("zero"), ZeroGrowth("polynomial", 1), ZeroGrowth("exponential")
    assert zero_verdict(zero, width=12, layers=1).is_below
    assert not zero_verdict(zero, width=11, layers=1).is_below
    assert not zero_verdict(one, width=13, layers=1).is_below
    assert zero_verdict(one, width=14, layers=1).is_below
    assert not zero_verdict(many, width=10**6, layers=1).is_below
    for growth in (zero, one, many):
        for width in (5, 500):
            text = str(zero_verdict(growth, width=width, layers=2))
            assert "asymptotic" in text and f"D = {width} and Lay = 2" in text and "cited" in text
    assert "no verdict, which does not mean learnable" in str(zero_verdict(many, width=9, layers=1))
    assert "no statement" in str(zero_verdict(zero, width=9, layers=1))


def test_refusals():
    for wrong in ([], [[0]], [[0, 1]], [[0, 0], [0]], [[0, -1]]):
        with pytest.raises((InvalidArgument, ValueError)):
            automaton(wrong, [0])
    with pytest.raises(InvalidArgument, match="accepting"):
        automaton([[0, 0]], [1])
    for name in ("threshold", "parity(2)", "exactly(x)", "divisible(5)", "", "threshold(-1)"):
        with pytest.raises(InvalidArgument, match="name"):
            zero_family(name)
    with pytest.raises(InvalidArgument, match="width"):
        zero_verdict(ZeroGrowth("zero"), width=1, layers=1)
    with pytest.raises(InvalidArgument, match="values"):
        symmetric_zero_inputs([1])
