"""Chains against all sequences written out, in exact fractions: probabilities, moments, shares of every order, shuffled windows; the values of the paper's laws."""

import pickle
from fractions import Fraction
from itertools import combinations, pairwise, permutations, product
from math import comb, factorial, prod

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symkern.abc import L, gamma
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm, SizeMismatch
from symkern.kernels import (
    categorical,
    exchangeable,
    hidden_markov,
    markov,
    mixture,
    symmetrised,
    uniform,
)
from symkern.targets import energy
from symkern.tokens import read_law
from symkern.tokens.symmetric_share import lag_sum

M1 = markov([["3/4", "1/4"], ["1/4", "3/4"]])
M2 = markov([["1/2", "1/3", "1/6"], ["1/6", "1/2", "1/3"], ["1/3", "1/6", "1/2"]])
M3 = hidden_markov(["2/3", "1/3"], [["9/10", "1/10"], ["1/5", "4/5"]], [["1/2", "1/3", "1/6"], ["1/6", "1/6", "2/3"]])  # fmt: skip
M4 = mixture([("1/3", M1), ("2/3", markov([["9/10", "1/10"], ["3/10", "7/10"]]))])
M5 = hidden_markov(["1/2", "1/2"], [["7/8", "1/8"], ["1/8", "7/8"]], [["9/10", "1/10"], ["3/10", "7/10"]])  # fmt: skip
CHAINS = [M1, M2, M3, M4, M5, mixture([("1/2", uniform(2)), ("1/2", categorical(["1/5", "4/5"])), (0, M1)])]  # fmt: skip


def _written_out(start, moves, shown, length):
    """{x: P(x)}, a sum over all paths of hidden states."""
    states, letters = range(len(start)), range(len(shown[0]))
    found = dict.fromkeys(product(letters, repeat=length), Fraction(0))
    for path in product(states, repeat=length):
        chance = Fraction(start[path[0]]) * prod(Fraction(moves[i][j]) for i, j in pairwise(path))  # fmt: skip
        if chance:
            for x in found:
                found[x] += chance * prod(Fraction(shown[i][t]) for i, t in zip(path, x))
    return found


def _table(law, length):
    return _written_out(law.start, law.transitions, law.emissions, length)


def _all_moments(table, length, letters, order):
    """{(a < b < ...): tensor of E prod (e - p)} by all sequences."""
    p = [sum(c for x, c in table.items() if x[0] == t) for t in range(letters)]
    found = {}
    for places in combinations(range(length), order):
        tensor = {}
        for ts in product(range(letters), repeat=order):
            tensor[ts] = sum(
                c * prod(int(x[a] == t) - p[t] for a, t in zip(places, ts))
                for x, c in table.items()
            )
        found[places] = tensor
    return found


def _orders(table, length, letters, order):
    """N_r and Nbar_r, the latter from the mean of the tensors over places and orders of the letters."""
    moments = _all_moments(table, length, letters, order)
    weight = sum(e * e for tensor in moments.values() for e in tensor.values())
    mean = {}
    for ts in product(range(letters), repeat=order):
        total = sum(
            tensor[tuple(ts[i] for i in q)]
            for tensor in moments.values()
            for q in permutations(range(order))
        )
        mean[ts] = total / (factorial(order) * len(moments))
    return weight, comb(length, order) * sum(e * e for e in mean.values())


@pytest.mark.parametrize("law", CHAINS, ids=range(len(CHAINS)))
def test_probabilities_and_shuffled_windows(law):
    length = 4 if law.vocabulary == 2 else 3
    table = _table(law, length)
    assert sum(table.values()) == 1
    assert all(law.probability(x) == p for x, p in table.items())
    shuffled = law.symmetrised(length)
    for x in table:
        mean = sum(table[tuple(x[i] for i in g)] for g in permutations(range(length)))
        assert shuffled.probability(x) == mean / factorial(length)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("law", CHAINS, ids=range(len(CHAINS)))
def test_shares_by_all_sequences(law):
    length, v = 4, law.vocabulary
    table = _table(law, length)
    p = law.letter_probabilities()
    moments = {
        (a, b): [[sum(c for x, c in table.items() if x[a] == t and x[b] == u) - p[t] * p[u] for u in range(v)] for t in range(v)]
        for a, b in product(range(length), repeat=2)
    }  # fmt: skip
    norm = lambda k: sum(e * e for row in k for e in row)  # noqa: E731
    diagonal = sum(norm(moments[a, a]) for a in range(length))
    off = sum(norm(k) for (a, b), k in moments.items() if a != b)
    arrow = sum(
        norm([[(k[t][u] - k[u][t]) / 2 for u in range(v)] for t in range(v)])
        for (a, b), k in moments.items()
        if a != b
    )
    mean = [[sum(k[t][u] for (a, b), k in moments.items() if a != b) / (length * (length - 1)) for u in range(v)] for t in range(v)]  # fmt: skip
    exch = length * (length - 1) * norm(mean)
    found = law.share(length)
    assert (found.exchangeable, found.arrow, found.decay) == (exch / off, arrow / off, (off - exch - arrow) / off)  # fmt: skip
    assert (found.full, found.correlation) == ((diagonal + exch) / (diagonal + off), off / diagonal)
    for one in law.order_shares(length):
        assert (one.weight, one.symmetric) == _orders(table, length, v, one.order)


@pytest.mark.parametrize(
    ("law", "length", "full", "exchangeable", "arrow"),
    [
        (M1, 6, "6969/7775", "1849/2655", "0"),
        (M2, 5, "2177929/2368360", "104329/294760", "8307/29476"),
        (M3, 5, None, "55100929/60678490", "0"),
        (M4, 6, None, "2151704663161/2629194950815", "0"),
        (M5, 6, "404949881/412120775", "7711729/8508495", "0"),
    ],
)
def test_values_of_shares(law, length, full, exchangeable, arrow):
    found = law.share(length)
    assert (found.exchangeable, found.arrow) == (sp.Rational(exchangeable), sp.Rational(arrow))
    assert full is None or found.full == sp.Rational(full)


def test_values_of_higher_orders():
    shares = [one.share for law, n in ((M2, 5), (M3, 5), (M5, 6)) for one in law.order_shares(n)[1:]]  # fmt: skip
    assert shares == [*map(sp.Rational, ("250/483", "4624/14085", "528529/568030", "151321/155135")), None, sp.Rational(845, 881)]  # fmt: skip
    assert M5.order_shares(6)[1].weight == 0


def test_values_of_shuffled_windows():
    found = [M1.symmetrised(6).type_probability((n, 6 - n)) for n in range(4)]
    assert found == [Fraction(243, 2048), Fraction(135, 1024), Fraction(333, 2048), Fraction(89, 512)]  # fmt: skip
    shuffled, words = M1.symmetrised(6), list(product((0, 1), repeat=6))
    assert sum(M1.probability(x) ** 2 for x in words) == Fraction(3125, 65536)
    assert sum(shuffled.probability(x) ** 2 for x in words) == Fraction(2555, 65536)
    assert sum(abs(M1.probability(x) - shuffled.probability(x)) for x in words) / 2 == Fraction(363, 1280)  # fmt: skip


@pytest.mark.parametrize("law", [M1, M3, M4, M5], ids=["M1", "M3", "M4", "M5"])
def test_closed_forms_in_the_length(law):
    closed = law.share(L)
    for length in (2, 5, 9):
        counted = law.share(length)
        for name in ("full", "exchangeable", "decay", "arrow", "correlation"):
            assert sp.simplify(getattr(closed, name).subs(L, length)) == getattr(counted, name)


def test_one_eigenvalue_decides_alone():
    """Whatever emissions and start are: a share of g_L alone; and M4 falls, then rises."""
    for law, lam in ((M1, "1/2"), (M3, "7/10"), (M5, "3/4")):
        z = sp.Rational(lam)
        assert law.share(7).exchangeable == 2 * lag_sum(z, 7) ** 2 / (42 * lag_sum(z**2, 7))
    assert float(M4.share(100).exchangeable) == pytest.approx(0.49979, abs=1e-5)
    eps = Fraction(1, 100)  # (1 - eps) 1 + eps 1 pi on three hidden states
    pi, rows = [Fraction(1, 5), Fraction(1, 5), Fraction(3, 5)], [["1/2", "1/2"], ["1/3", "2/3"], [1, 0]]  # fmt: skip
    law = hidden_markov(pi, [[(1 - eps) * (i == j) + eps * pi[j] for j in range(3)] for i in range(3)], rows)  # fmt: skip
    z = sp.Rational(99, 100)
    assert law.share(6).exchangeable == 2 * lag_sum(z, 6) ** 2 / (30 * lag_sum(z**2, 6))


def test_symbols():
    chain = markov([[1 - gamma, gamma], [gamma, 1 - gamma]])
    assert chain.start == (sp.Rational(1, 2), sp.Rational(1, 2))
    assert chain.at(gamma="1/4") == M1
    for found, right in ((chain.share(5), M1.share(5)), (chain.share(L), M1.share(L))):
        at = found.exchangeable.subs(gamma, sp.Rational(1, 4))
        assert sp.simplify(at - right.exchangeable) == 0
    assert chain.probability((0, 0, 1)).subs(gamma, sp.Rational(1, 4)) == sp.Rational(3, 32)
    assert chain.order_shares(4)[0].share.subs(gamma, sp.Rational(1, 4)) == M1.share(4).exchangeable
    shuffled = chain.symmetrised(3).at(gamma="1/4")
    known = M1.symmetrised(3)
    assert all(shuffled.probability(x) == known.probability(x) for x in product(range(2), repeat=3))
    with pytest.raises(
        InvalidArgument, match="alpha: must be a symbol of the chain: gamma, but it is not"
    ):
        chain.at(alpha=1)
    with pytest.raises(InvalidArgument, match=r"gama: .* did you mean 'gamma'"):
        chain.at(gama=1)
    with pytest.raises(
        InvalidArgument, match="gamma: must be left out, but the chain has no symbols"
    ):
        M1.at(gamma=1)


def _many_states():
    return markov([[Fraction(1, 33)] * 33] * 33)


@st.composite
def chains(draw):
    states, letters = draw(st.integers(1, 3)), draw(st.integers(2, 3))

    def row(size):
        parts = draw(st.lists(st.integers(0, 4), min_size=size, max_size=size).filter(any))
        return [Fraction(e, sum(parts)) for e in parts]

    return row(states), [row(states) for _ in range(states)], [row(letters) for _ in range(states)]


@settings(max_examples=15)
@given(chains())
def test_random_chains_against_all_paths(parts):
    law, length = hidden_markov(*parts), 3
    table = _written_out(*parts, length)
    assert all(law.probability(x) == p for x, p in table.items())
    by_counts = {}
    for x, p in table.items():
        counts = tuple(x.count(t) for t in range(law.vocabulary))
        by_counts[counts] = by_counts.get(counts, 0) + p
    assert {n: law.symmetrised(length).type_probability(n) for n in by_counts} == by_counts
    assert eval(repr(law), {"hidden_markov": hidden_markov, "markov": markov}) == law  # noqa: S307
    assert pickle.loads(pickle.dumps(law)) == law == read_law(repr(law))


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: markov([["1/2", "1/3"], [0, 1]]), InvalidArgument, r"A\[0\]: must sum to 1"),
        (lambda: markov([["3/2", "-1/2"], [0, 1]]), InvalidArgument, "must not be negative"),
        (lambda: markov([[0.5, 0.5], [0.5, 0.5]]), InvalidType, "exact"),
        (lambda: markov([[1, 0], [0, 1]]), InvalidArgument, "start: must be given"),
        (lambda: markov([[1, 0]]), SizeMismatch, "A: must be square"),
        (lambda: markov([[L, 1 - L], [0, 1]]), InvalidArgument, "no sizes"),
        (lambda: markov([["sqrt(2)/2", "1 - sqrt(2)/2"], [0, 1]]), InvalidArgument, "rational"),
        (lambda: markov([]), InvalidArgument, "A: must not be empty"),
        (lambda: hidden_markov([1], [[1]], [["1/2", "1/2"], [1, 0]]), SizeMismatch, "emissions"),
        (lambda: hidden_markov(["1/2", "1/2"], [[1]], [[1]]), SizeMismatch, "start"),
        (lambda: M1.probability((0, 2)), InvalidArgument, r"x\[1\]"),
        (lambda: markov([[0, 1], [1, 0]], [1, 0]).share(4), InvalidArgument, "stationary"),
        (lambda: markov([[0, 1], [1, 0]], [1, 0]).lag_moment(1), InvalidArgument, "stationary"),
        (lambda: _many_states().share(L), NoClosedForm, "length: a chain of 33 states has shares at a given length"),
        (lambda: _many_states().lag_moment("d"), NoClosedForm, "d: a chain of 33 states has moments at given lags"),
        (lambda: M1.lag_moment("e"), InvalidArgument, "d: must be an integer, a symbol or the text 'd'"),
        (lambda: markov([[1 - gamma, gamma], [gamma, 1 - gamma]]).lag_moment(gamma), InvalidArgument, "d: must be another symbol"),
        (lambda: markov([[0, 1], [1, 0]], [1, 0]).lag_moment("d"), InvalidArgument, "stationary"),
        (lambda: markov([[0, 1], [1, 0]], [1, 0]).share(L), InvalidArgument, "stationary"),
        (lambda: M1.symmetrised(L), NoClosedForm, "at a given length"),
        (lambda: M1.symmetrised(0), InvalidArgument, "length"),
        (lambda: symmetrised("uniform", 3), InvalidType, "must be a law"),
        (lambda: exchangeable({(1, 1): 1}).share(2), InvalidType, "must be a chain"),
        (lambda: exchangeable({(1, 1): 1}).symmetrised(3), SizeMismatch, "length"),
        (lambda: M1.symmetrised(3).probability((0, 1)), SizeMismatch, "length"),
        (lambda: M1.order_shares(3), InvalidArgument, "highest"),
        (lambda: energy(lambda x: 1, length=2, tokens=M1), InvalidType, "symmetrised"),
        (lambda: mixture([("1/2", M1), ("1/2", M2)]), InvalidArgument, "vocabulary"),
    ],
)  # fmt: skip
def test_refusals(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_independent_letters_have_no_correlations():
    law = markov([["1/3", "2/3"], ["1/3", "2/3"]])
    for length in (4, L):
        found = law.share(length)
        assert found.full == 1 and found.exchangeable is None and found.correlation == 0
    assert M1.lag_moment(-1, centred=False).to_sympy() == sp.Matrix([["3/8", "1/8"], ["1/8", "3/8"]])  # fmt: skip
    assert M2.lag_moment(-2).to_sympy() == M2.lag_moment(2).to_sympy().T != M2.lag_moment(2).to_sympy()  # fmt: skip


def test_mixtures_of_independent_letters_are_exchangeable():
    law = mixture([("1/4", categorical(["1/2", "1/2", 0])), ("3/4", categorical(["1/5", "1/5", "3/5"]))])  # fmt: skip
    for length in (4, L):
        found = law.share(length)
        assert (found.exchangeable, found.decay, found.arrow, found.full) == (1, 0, 0, 1)
    assert {one.share for one in law.order_shares(4)} == {1}
    assert law.symmetrised(3) == law and uniform(3).share(5).exchangeable is None
    x, y = law.lag_moment(1).to_sympy(), law.lag_moment(3).to_sympy()
    assert x == y == x.T and law.lag_moment(0).to_sympy() != x
