"""Moments and shares as formulas, in the lag and in the length: beside powers of the transitions, and all windows written out."""

from fractions import Fraction
from itertools import product

import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symkern.abc import L, gamma, lam
from symkern.exact.linear_recurrences import recurrent, shortest_recurrence
from symkern.kernels import categorical, hidden_markov, markov, mixture

TURNING = markov([["1/2", "1/3", "1/6"], ["1/6", "1/2", "1/3"], ["1/3", "1/6", "1/2"]])
CYCLE = markov([[0, 1, 0], [0, 0, 1], [1, 0, 0]])
CHAINS = {
    "complex": TURNING,
    "period 3": CYCLE,
    "period 2": markov([[0, 1], [1, 0]]),
    "real roots": markov([["1/2", "1/4", "1/4"], ["1/4", "1/2", "1/4"], ["1/3", "1/6", "1/2"]]),
    "square roots": markov([["1/2", "1/2", 0], ["1/4", "1/4", "1/2"], ["1/4", "1/2", "1/4"]]),
    "degree 3": markov([["1/2", "1/2", 0, 0], [0, "1/3", "2/3", 0], [0, "1/4", "1/4", "1/2"], ["1/5", 0, "1/5", "3/5"]]),
    "Jordan block of 1/4": markov([["7/12", "1/3", "1/12"], ["1/6", "5/12", "5/12"], ["1/4", "1/4", "1/2"]]),
    "Jordan block of 0": markov([["1/2", "1/2", 0], ["1/6", "1/6", "2/3"], ["1/3", "1/3", "1/3"]]),
    "hidden": hidden_markov(None, [["1/2", "1/2", 0], [0, "1/2", "1/2"], ["1/2", 0, "1/2"]], [["1/2", "1/2"], ["1/3", "2/3"], [1, 0]]),
    "mixture": mixture([("1/3", CYCLE), ("2/3", categorical(["1/2", "1/4", "1/4"]))]),
}  # fmt: skip
#: From which lag and from which length formulas hold: at lag 0 letters are seen whole, and so states where they are letters.
BEGIN = {"hidden": (1, 2), "Jordan block of 0": (2, 2), "mixture": (1, 2)}


def _powers(law, d):
    """c_d less p p^T, by SymPy's matrices."""
    start, moves, shown = sp.Matrix([law.start]), sp.Matrix(law.transitions), sp.Matrix(law.emissions)  # fmt: skip
    p = start * shown
    pair = shown.T * sp.diag(*law.start) * moves**d * shown if d else sp.diag(*p)
    return pair - p.T * p


def _near(formula, number):
    """Within 10^-40 of a rational number."""
    return abs(sp.N(formula, 50) - number) < sp.Rational(1, 10**40)


@pytest.mark.parametrize("name", CHAINS)
def test_moments_in_the_lag(name):
    law = CHAINS[name]
    found = law.lag_moment("d")
    assert found.formula_from == BEGIN.get(name, (0, 2))[0]
    most = 4 if name == "degree 3" else 9  # each value of a RootSum takes a while
    for d in range(found.formula_from, most):
        at, right = found.to_sympy().subs(found.lag, d), _powers(law, d)
        assert all(_near(a, b) for a, b in zip(at, right, strict=True))
        assert right == law.lag_moment(d).to_sympy()
    if found.formula_from:  # and not before
        d = found.formula_from - 1
        at, right = found.to_sympy().subs(found.lag, d), _powers(law, d)
        assert not all(_near(a, b) for a, b in zip(at, right, strict=True))
    plain = law.lag_moment(sp.Symbol("k"), centred=False)
    p = sp.Matrix([law.letter_probabilities()])
    for place in product(range(law.vocabulary), repeat=2):
        difference = (plain[place] - found[place]).subs({"k": 7, found.lag: 7})
        assert _near(difference, (p.T * p)[place])


def test_moments_by_all_windows():
    """Letters at distance 3, from the probabilities of all windows of four letters."""
    for law in (TURNING, CHAINS["hidden"]):
        found = law.lag_moment("d").to_sympy().subs(sp.Symbol("d", integer=True, positive=True), 3)
        p = law.letter_probabilities()
        for t, u in product(range(law.vocabulary), repeat=2):
            ways = product(range(law.vocabulary), repeat=2)
            right = sum(law.probability((t, *between, u)) for between in ways) - p[t] * p[u]
            assert sp.simplify(found[t, u]) == sp.sympify(right)


def test_values_of_formulas():
    d = sp.Symbol("d", integer=True, positive=True)
    wave = (sp.sqrt(3) * sp.sin(sp.pi * d / 6) - sp.cos(sp.pi * d / 6)) / 9
    assert sp.simplify(TURNING.lag_moment("d")[0, 1] - wave * sp.Rational(1, 12) ** (d / 2)) == 0
    assert CHAINS["Jordan block of 1/4"].lag_moment("d")[0, 1] == (d / 9 - sp.Rational(1, 9)) / 4**d
    assert CHAINS["Jordan block of 0"].lag_moment("d").to_sympy() == sp.zeros(3)
    assert CHAINS["degree 3"].lag_moment("d")[0, 1].has(sp.RootSum)
    assert CHAINS["degree 3"].lag_moment("d")[0, 1].subs(d, 5).is_Rational  # a trace


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", CHAINS)
def test_shares_in_the_length(name):
    law = CHAINS[name]
    closed = law.share(L)
    assert closed.formula_from == BEGIN.get(name, (0, 2))[1]
    for length in (2, 3, 6, 11):
        counted = law.share(length)
        assert counted.formula_from is None
        for part in ("full", "exchangeable", "decay", "arrow", "correlation"):
            assert _near(getattr(closed, part).subs(L, length), getattr(counted, part))


def test_share_in_the_length_by_all_windows():
    """exch and arrow of windows of four letters, from all 3^4 of them."""
    length, v = 4, 3
    table = {x: TURNING.probability(x) for x in product(range(v), repeat=length)}
    p = [sum(c for x, c in table.items() if x[0] == t) for t in range(v)]
    off = arrow = Fraction(0)
    mean = [[Fraction(0)] * v for _ in range(v)]
    for a, b in product(range(length), repeat=2):
        if a != b:
            k = [[sum(c for x, c in table.items() if (x[a], x[b]) == (t, u)) - p[t] * p[u] for u in range(v)] for t in range(v)]  # fmt: skip
            for t, u in product(range(v), repeat=2):
                off += k[t][u] ** 2
                arrow += ((k[t][u] - k[u][t]) / 2) ** 2
                mean[t][u] += k[t][u]
    exch = sum(e * e for row in mean for e in row) / (length * (length - 1))
    found = TURNING.share(L)
    assert sp.simplify(found.exchangeable.subs(L, length)) == sp.sympify(exch / off)
    assert sp.simplify(found.arrow.subs(L, length)) == sp.sympify(arrow / off)


def test_formulas_with_symbols():
    """Complex pairs, and square roots whose sign of the square depends on the symbols."""
    turning = markov([[1 - gamma, gamma, 0], [0, 1 - gamma, gamma], [gamma, 0, 1 - gamma]])
    either = markov([[1 - gamma, gamma, 0], [gamma / 2, 1 - gamma, gamma / 2], ["1/3", 0, "2/3"]])
    for law, values in ((turning, ["1/4", "2/3"]), (either, ["1/10", "1/4", "2/3"])):
        found = law.lag_moment("d")
        for value in values:
            known = law.at(gamma=value)
            for d in (0, 1, 2, 5):
                at = found.to_sympy().subs({gamma: sp.Rational(value), found.lag: d})
                assert all(_near(a, b) for a, b in zip(at, _powers(known, d), strict=True))
    share = turning.share(L).exchangeable
    for value in ("1/4", "3/5"):  # at 2/3 the squares of the complex pair are one number
        right = turning.at(gamma=value).share(7).exchangeable
        assert _near(share.subs({gamma: sp.Rational(value), L: 7}), right)
    # two symbols: the formula of a chain on two letters
    two = markov([[1 - gamma, gamma], [lam, 1 - lam]]).lag_moment("d")
    assert sp.simplify(two[0, 0] - gamma * lam / (gamma + lam) ** 2 * (1 - gamma - lam) ** two.lag) == 0  # fmt: skip


@st.composite
def random_chains(draw):
    states, letters = draw(st.integers(1, 3)), draw(st.integers(2, 3))

    def row(size):
        parts = draw(st.lists(st.integers(0, 3), min_size=size, max_size=size).filter(any))
        return [Fraction(e, sum(parts)) for e in parts]

    moves = [row(states) for _ in range(states)]
    kernel = (sp.Matrix(moves).T - sp.eye(states)).nullspace()
    assume(len(kernel) == 1)
    return hidden_markov(None, moves, [row(letters) for _ in range(states)])


@settings(max_examples=12)
@given(random_chains(), st.integers(0, 6), st.integers(2, 7))
def test_random_chains(law, further, length):
    found = law.lag_moment("d")
    d = found.formula_from + further
    at = found.to_sympy().subs(found.lag, d)
    assert all(_near(a, b) for a, b in zip(at, _powers(law, d), strict=True))
    closed, counted = law.share(L), law.share(length)
    if counted.exchangeable is not None and length >= closed.formula_from:
        assert _near(closed.exchangeable.subs(L, length), counted.exchangeable)
        assert _near(closed.arrow.subs(L, length), counted.arrow)


def test_shares_of_a_memory_longer_than_the_shortest_sequences():
    """Letters that are functions of the last four of independent bits: nothing is left at lag 4, and at L = 2 the weight L - 3 of lag 3 is wrong in the formula."""
    n = 16
    moves = [["1/2" if t // 2 == s % 8 else 0 for t in range(n)] for s in range(n)]
    seen = [[0, 1] if s.bit_count() >= 2 else [1, 0] for s in range(n)]
    chain = hidden_markov([Fraction(1, n)] * n, moves, seen)
    closed = chain.share(L)
    assert closed.formula_from == 3
    assert closed.exchangeable.subs(L, 2) != chain.share(2).exchangeable == 1
    for length in (3, 4, 7):
        assert closed.exchangeable.subs(L, length) == chain.share(length).exchangeable


# -- recurrences --------------------------------------------------------------------------


def _number(q):
    return sp.Rational(q.numerator, q.denominator)


@settings(max_examples=15)
@given(st.lists(st.integers(-3, 3), min_size=1, max_size=3), st.data())
def test_recurrences_against_their_terms(steps, data):
    """A random recurrence is found from twice as many terms, and its formula gives those that follow."""
    order = len(steps)
    terms = data.draw(st.lists(st.integers(-4, 4), min_size=order, max_size=order))
    terms = [Fraction(e) for e in terms]
    for i in range(order, 2 * order + 8):
        terms.append(sum(c * terms[i - 1 - j] for j, c in enumerate(steps)))
    found = shortest_recurrence(terms[: 2 * order], Fraction(1))
    assert len(found) <= order
    for i in range(len(found), len(terms)):
        assert terms[i] == sum(c * terms[i - 1 - j] for j, c in enumerate(found))
    place = sp.Symbol("i", integer=True, positive=True)
    sequence = recurrent(terms[: 2 * order], Fraction(1), Fraction, _number)
    formula = sequence.formula(place, _number)
    for i in (sequence.zeros, len(terms) - 1):
        assert _near(formula.subs(place, i), terms[i])
