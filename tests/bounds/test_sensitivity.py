"""Sensitivity on the cube: published values, counts over all inputs by other code, Parseval and friends."""

import json
from fractions import Fraction
from itertools import combinations, product
from math import comb, prod

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import symkern as sk
from symkern.abc import n
from symkern.bounds.sensitivity.cube import columns, cube_values
from symkern.bounds.sensitivity.walsh_hadamard import transform
from symkern.claims.derivation import Standing
from symkern.errors import (
    FormulaError,
    InvalidArgument,
    InvalidType,
    NoClosedForm,
    SizeMismatch,
    TooLarge,
)
from tests.effort import calls_at_most
from tests.search import examples

S = sk.bounds.sensitivity

FAMILIES = [
    S.parity(),
    S.parity([0, 2]),
    S.parity([]),
    S.first(),
    S.majority(),
    S.mean(),
    S.threshold(0),
    S.threshold(1),
    S.threshold(2),
    S.threshold("n"),
    S.threshold("n - 1"),
    S.threshold("n + 1"),
]


# -- counts that share no code with the library ------------------------------------------


def cube(size):
    return list(product((1, -1), repeat=size))


def flip(x, i):
    return (*x[:i], -x[i], *x[i + 1 :])


def brute_influences(f, size):
    return [
        sum((Fraction(f(x)) - f(flip(x, i))) ** 2 for x in cube(size)) / (4 * 2**size)
        for i in range(size)
    ]


def brute_coefficient(f, positions, size):
    return sum(Fraction(f(x)) * prod(x[i] for i in positions) for x in cube(size)) / 2**size


def brute_weights(f, size):
    return [
        sum(brute_coefficient(f, P, size) ** 2 for P in combinations(range(size), d))
        for d in range(size + 1)
    ]


def brute_profile(f, size):
    found = [0] * (size + 1)
    for x in cube(size):
        found[sum(f(x) != f(flip(x, i)) for i in range(size))] += 1
    return tuple(found)


def same(found, expected):
    return [Fraction(int(q.p), int(q.q)) for q in map(sp.S, found)] == list(expected)


# -- published values ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "value"), [(3, "3/2"), (4, "3/2"), (5, "15/8"), (7, "35/16"), (10, "2.4609375")]
)
def test_majority_as_published(size, value):
    value = sp.Rational(value)
    assert S.average("majority", size) == value
    assert S.average(lambda x: 1 if sum(x) > 0 else -1, size) == value
    assert S.average("majority", n).subs(n, size) == value


def test_inputs_of_majority_that_no_flip_changes():
    assert [S.profile("majority", size)[0] for size in (5, 6, 9, 10)] == [12, 29, 260, 562]


def test_closed_forms_in_n():
    odd, even = S.majority("odd").average(n), S.majority("even").average(n)
    assert odd == n * sp.binomial(n - 1, (n - 1) / 2) / sp.Integer(2) ** (n - 1)
    assert even == n * sp.binomial(n, n / 2) / sp.Integer(2) ** n
    m = sp.Symbol("m", odd=True, positive=True)
    assert S.average("majority", m) == odd.subs(n, m)
    for size in range(1, 12):
        assert (odd if size % 2 else even).subs(n, size) == S.average("majority", size)
    assert S.average("parity", n) == n
    assert S.average("first", n) == 1
    assert S.average("mean", n) == 1 / n
    assert S.influences("mean", n) == {"other": n**-2}
    assert S.influences(S.parity([3]), n) == {3: 1, "other": 0}
    assert S.weights("parity", n) == {n: 1}
    assert S.profile("parity", n) == ((n, 2**n),)


@pytest.mark.parametrize("text", ["x1*x2*x3", "x5", "(x2*x4)*x3"])
def test_products_of_distinct_entries_in_n(text):
    """In the symbol n a parity, against the counts at numbers."""
    positions = sorted(int(i) - 1 for i in text if i.isdigit())
    family = S.parity(positions)
    for measure in (S.average, S.influences, S.weights, S.profile):
        assert measure(text, n) == measure(family, n)
    assert S.weight(text, 3, n) == int(len(positions) == 3)
    for size in (5, 6):
        assert S.average(text, size) == S.average(text, n) == len(positions)
        assert S.profile(text, size)[len(positions)] == S.profile(text, n)[0][1].subs(n, size)
        assert S.weights(text, size)[len(positions)] == 1
    shown = str(S.describe(text, n))
    assert shown.startswith(f"f = {text}, n = n\n")
    assert S.sharpness(text) == S.sharpness(family)
    for other in ("x1*x1", "2*x1*x2", "x1*x2 + x3", "-x1"):
        with pytest.raises(InvalidArgument, match=r"^n: must be a number for a function"):
            S.describe(other, n)


def test_fourier_weight_of_majority_in_n():
    """O'Donnell's formula in the symbol n against the numbers."""
    family = S.majority("odd")
    for d in range(6):
        formula = sp.S(family.weight(d, n))
        for size in (5, 7, 9):
            assert sp.simplify(formula.subs(n, size) - S.weights("majority", size)[d]) == 0
    for size in (4, 5):
        assert S.weight("majority", 0, n).subs(n, size) == S.weight("majority", 0, size)


@pytest.mark.parametrize("k", [0, 1, 2, 3])
def test_bias_of_a_threshold_that_is_a_number_in_n(k):
    """(E f)^2 counted over all inputs."""
    formula = S.weight(f"threshold({k})", 0, n)
    for size in range(1, 7):
        signs = [1 if x.count(1) >= k else -1 for x in product((1, -1), repeat=size)]
        assert sp.S(formula).subs(n, size) == sp.Rational(sum(signs), 2**size) ** 2


def test_signs_of_thresholds():
    """By hand, for one input and for an array of it; the negative function has the same sensitivities."""
    for f, x, sign in (
        (S.threshold(2), (1, 1, -1), 1),
        (S.threshold(2), (1, -1, -1), -1),
        (S.threshold("n"), (1, 1, 1), 1),
        (S.threshold(0), (-1, -1), 1),
        (S.threshold(3), (1, 1), -1),
        (S.majority(), (1, -1), -1),
        (S.majority(), (1, 1, -1), 1),
    ):
        assert f(x) == f(np.array(x)) == sign


@pytest.mark.parametrize("remainder", ["odd", "even"])
def test_profile_of_majority_in_n(remainder):
    """How many inputs have m neighbours of the other value, counted."""
    pairs = S.majority(remainder).profile(n)
    for size in (3, 5) if remainder == "odd" else (2, 4, 6):
        found = [sp.S.Zero] * (size + 1)
        for m, count in pairs:
            found[sp.S(m).subs(n, size)] += sp.S(count).subs(n, size)
        counted = [0] * (size + 1)
        for x in product((1, -1), repeat=size):
            others = [sum(x) - 2 * entry for entry in x]
            counted[sum((total > 0) != (sum(x) > 0) for total in others)] += 1
        assert found == counted


def test_growth():
    law = S.majority().law()
    assert law.exponent == sp.Rational(1, 2)
    assert law.coefficient == sp.sqrt(2 / sp.pi)
    assert law.standing is Standing.PROVED
    ratio = S.average("majority", 10001) / law.leading.expression.subs(n, 10001)
    assert abs(float(ratio) - 1) < 1e-4
    assert S.parity().law().exponent == 1
    assert S.mean().law().exponent == -1
    assert S.threshold(3).law().leading is None
    assert law.derivation().steps


# -- against brute force ---------------------------------------------------------------------


@pytest.mark.sampled(4)
@pytest.mark.parametrize("family", FAMILIES, ids=repr)
@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6])
def test_families(family, size):
    if size < family.threshold_size:
        with pytest.raises(InvalidArgument, match=r"^n: "):
            S.average(family, size)
        return
    expected = brute_influences(family, size)
    assert same(S.influences(family, size), expected)
    assert same([S.average(family, size)], [sum(expected)])
    assert same(S.weights(family, size), brute_weights(family, size))
    table = [family(x) for x in cube(size)]
    assert same(S.influences(table, size), expected)
    assert S.describe(family, size).mean_square == sum(S.weights(family, size))
    if len(set(table)) <= 2:
        assert S.profile(family, size) == S.profile(table, size) == brute_profile(family, size)
    else:
        with pytest.raises(InvalidArgument, match="at most two values"):
            S.profile(family, size)
    for formula in (family.average(n),):
        assert sp.S(formula).subs(n, size) == S.average(family, size)


@pytest.mark.parametrize("family", FAMILIES, ids=repr)
def test_values_of_families_are_read_back(family):
    names = {name: getattr(S, name) for name in ("parity", "majority", "threshold", "mean")}
    again = eval(repr(family), names)  # noqa: S307
    assert again == family
    assert hash(again) == hash(family)


tables = st.integers(1, 5).flatmap(
    lambda size: st.lists(
        st.fractions(min_value=-9, max_value=9, max_denominator=12),
        min_size=2**size,
        max_size=2**size,
    )
)


@given(tables)
@examples(60)
def test_identities_of_any_table(values):
    size = (len(values) - 1).bit_length()
    index = dict(zip(cube(size), values, strict=True))
    influences = S.influences(values, size)
    weights = S.weights(values, size)
    assert S.average(values, size) == sum(influences) == sum(d * w for d, w in enumerate(weights))
    square = sum(v * v for v in values) / 2**size
    assert same([sum(weights)], [square])  # Parseval
    assert same(influences, brute_influences(index.__getitem__, size))
    coefficients = S.coefficients(index, size)
    for positions in [(), (0,), tuple(range(size))]:
        expected = brute_coefficient(index.__getitem__, positions, size)
        assert same([coefficients[positions]], [expected])
    found = coefficients.nonzero().items()
    assert sum(q**2 * len(P) for P, q in found) == S.average(values, size)
    # The transform is its own inverse up to 2^n.
    again = transform(cube_values(coefficients.numerators, size))
    original = cube_values(values, size)
    assert (again.numerators == original.numerators * 2**size).all()


@given(
    st.integers(1, 6).flatmap(
        lambda size: st.lists(st.sampled_from([-1, 1]), min_size=2**size, max_size=2**size)
    ),
    st.data(),
)
@examples(60)
def test_boolean_tables_and_moved_positions(values, data):
    size = (len(values) - 1).bit_length()
    index = dict(zip(cube(size), values, strict=True))
    profile = S.profile(values, size)
    assert sum(profile) == 2**size
    average = S.average(values, size)
    assert average == sp.Rational(sum(m * k for m, k in enumerate(profile)), 2**size)
    assert profile == S.profile([3 * v + 5 for v in values], size)  # any two values
    order = data.draw(st.permutations(range(size)))
    moved = {x: index[tuple(x[i] for i in order)] for x in index}
    influences = S.influences(index, size)
    assert S.profile(moved, size) == profile
    assert S.weights(moved, size) == S.weights(index, size)
    assert S.influences(moved, size) == tuple(influences[order.index(i)] for i in range(size))
    shifted = {x: -index[flip(x, 0)] for x in index}
    assert S.weights(shifted, size) == S.weights(index, size)


def test_a_random_function_has_average_sensitivity_n_half():
    """Over all 2^8 functions of three signs, exactly."""
    total = sum(S.average(list(values), 3) for values in product((1, -1), repeat=8))
    assert total / 2**8 == sp.Rational(3, 2) == S.describe("parity", 3).of_random


# -- what a function may be ------------------------------------------------------------------


def test_the_order_of_a_table():
    """+1 first, position 0 most significant: the function x_0 has the first half +1."""
    assert S.influences([1, 1, 1, 1, -1, -1, -1, -1], 3) == (1, 0, 0)
    assert columns(3).T.tolist() == [list(x) for x in cube(3)]
    assert S.coefficients([1, 1, -1, -1], 2)[0] == 1
    assert S.coefficients([1, 1, -1, -1], 2)[1] == 0


def test_columns_give_what_tuples_give():
    def f(x):
        return x[0] * x[3] + (x[1] > 0) - 2 * x[2] * x[2] * x[4]

    for measure in (S.average, S.influences, S.weights):
        assert measure(f, 6) == measure(f, 6, vectorized=True)
    with pytest.raises(SizeMismatch, match=r"^f: "):
        S.average(lambda x: x, 3, vectorized=True)


def test_more_columns_than_one_call_takes():
    f = S.majority()
    counted = S.profile(lambda x: np.where(x.sum(axis=0) > 0, 1, -1), 18, vectorized=True)
    assert counted == S.profile(f, 18)


def test_wide_values_do_not_wrap():
    """Values of 2^60, 2^62 and 2^63: sums of them leave int64."""
    for big in (2**60, 2**62, 2**63 - 1, 2**63, -(2**63), 2**100):
        values = [big, -big, big, 1, big, big, -1, -big]
        index = dict(zip(cube(3), values, strict=True))
        assert same(S.influences(values, 3), brute_influences(index.__getitem__, 3))
        assert same(S.weights(values, 3), brute_weights(index.__getitem__, 3))
    array = np.array([2**63 - 1, -(2**63) + 1], dtype=np.int64)
    assert S.average(array, 1) == (2**63 - 1) ** 2
    assert S.average(np.array([2**64 - 1, 0], dtype=np.uint64), 1) == sp.Rational(2**64 - 1, 2) ** 2
    assert S.average(np.array([127, -127], dtype=np.int8), 1) == 127**2


def test_floats_give_floats():
    values = [0.5, -0.25, 1.0, 0.0]
    exact = [Fraction(v) for v in values]
    found = S.influences(values, 2)
    assert all(isinstance(q, float) for q in found)
    assert found == tuple(map(float, S.influences(exact, 2)))
    assert isinstance(S.average(values, 2), float)
    assert S.weights(values, 2) == tuple(map(float, S.weights(exact, 2)))


def test_numbers_of_numpy_are_numbers():
    assert S.average("majority", np.int64(5)) == sp.Rational(15, 8)
    assert S.average([np.int64(1), np.int32(-1)], np.int8(1)) == 1


ATOMS = ["x1", "x2", "x3", "n", "sum", "mean", "parity", "majority", "ones", "2", "0.5"]


def python_value(name, x):
    return {
        "n": len(x),
        "sum": sum(x),
        "mean": Fraction(sum(x), len(x)),
        "parity": prod(x),
        "majority": 1 if sum(x) > 0 else -1,
        "ones": x.count(1),
        "2": 2,
        "0.5": Fraction(1, 2),
    }.get(name) or (x[int(name[1:]) - 1] if name[0] == "x" else 0)


formulas = st.recursive(
    st.sampled_from(ATOMS).map(lambda a: (a, lambda x: python_value(a, x))),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda p: (f"({p[0][0]} + {p[1][0]})", lambda x: p[0][1](x) + p[1][1](x))),
        st.tuples(inner, inner).map(lambda p: (f"{p[0][0]}*{p[1][0]}", lambda x: p[0][1](x) * p[1][1](x))),
        st.tuples(inner, inner).map(lambda p: (f"[{p[0][0]} >= {p[1][0]}]", lambda x: int(p[0][1](x) >= p[1][1](x)))),
        st.tuples(inner, inner).map(lambda p: (f"max({p[0][0]}, {p[1][0]})", lambda x: max(p[0][1](x), p[1][1](x)))),
        inner.map(lambda p: (f"abs({p[0]})/3", lambda x: Fraction(abs(p[1](x))) / 3)),
        inner.map(lambda p: (f"sign({p[0]})", lambda x: (p[1](x) > 0) - (p[1](x) < 0))),
        inner.map(lambda p: (f"(-{p[0]})^3", lambda x: (-p[1](x)) ** 3)),
    ),
    max_leaves=5,
)  # fmt: skip


@pytest.mark.filterwarnings("ignore:f takes the values 0 and 1")  # some of them do
@given(formulas, st.integers(3, 4))
@examples(80)
def test_formulas_mean_what_they_say(formula, size):
    text, f = formula
    read = S.CubeFormula(text)
    for x in cube(size):
        assert read(x) == f(x)
    assert S.average(text, size) == S.average(f, size)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "x0", "x", "y", "x1 +", "x1 x2", "(x1", "[x1]", "[x1 = ]", "x1^x2", "x1^1001", "x1^-1",
     "1/x1", "1/sum", "sign()", "sign(x1, x2)", "min", "__import__('os')", "x1; x2", "é", "x1^", "9" * 300,
     "(" * 70 + "x1" + ")" * 70, "-" * 90 + "x1", "x01", "x1 == x2", "x1.5"],
)  # fmt: skip
def test_texts_that_are_no_formula(text):
    with pytest.raises(FormulaError, match=r"^f: "):
        S.average(text, 3)


def test_numbers_that_would_grow_without_end_are_refused():
    with pytest.raises(InvalidArgument, match="bits"):
        S.average("((sum + 5)^1000)^1000", 3)
    assert S.average("(9^100)*x1", 2) == sp.Integer(9) ** 200


# -- refusals ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "error", "argument"),
    [
        (lambda: S.average("parity", 0), InvalidArgument, "n"),
        (lambda: S.average("parity", -1), InvalidArgument, "n"),
        (lambda: S.average("parity", 2.0), InvalidType, "n"),
        (lambda: S.average("parity", True), InvalidType, "n"),
        (lambda: S.average([1, -1], True), InvalidType, "n"),
        (lambda: S.average([1, -1, 1], 2), SizeMismatch, "f"),
        (lambda: S.average({(1,): 1}, 1), SizeMismatch, "f"),
        (lambda: S.average({(1,): 1, (-1,): 2, (0,): 3}, 1), SizeMismatch, "f"),
        (lambda: S.average([True, 3], 1), InvalidType, "f"),
        (lambda: S.average(["a", "b"], 1), FormulaError, "f"),
        (lambda: S.average([1.0, float("nan")], 1), InvalidArgument, "f"),
        (lambda: S.average([1.0, float("inf")], 1), InvalidArgument, "f"),
        (lambda: S.average([1j, 0], 1), InvalidType, "f"),
        (lambda: S.average(5, 1), InvalidType, "f"),
        (lambda: S.average(None, 1), InvalidType, "f"),
        (lambda: S.average(lambda x: x[0], n), InvalidArgument, "n"),
        (lambda: S.average("x3", 2), InvalidArgument, "f"),
        (lambda: S.average(lambda x: 1, 60), TooLarge, "a function of 60 signs"),
        (lambda: S.average([1], 10**9), InvalidArgument, "n"),
        (lambda: S.profile("mean", 3), InvalidArgument, "f"),
        (lambda: S.profile("mean", n), InvalidArgument, "f"),
        (lambda: S.profile([0, 1, 2, 1], 2), InvalidArgument, "f"),
        (lambda: S.weight("parity", 4, 3), InvalidArgument, "d"),
        (lambda: S.weight("parity", -1, n), InvalidArgument, "d"),
        (lambda: S.weights("majority", n), NoClosedForm, "weights"),
        (lambda: S.weight("threshold(n - 2)", 0, n), NoClosedForm, "weight"),
        (lambda: S.average(S.majority("odd"), 4), InvalidArgument, "n"),
        (lambda: S.majority("both"), InvalidArgument, "remainder"),
        (lambda: S.threshold("1/2"), InvalidArgument, "count"),
        (lambda: S.threshold("L"), InvalidArgument, "count"),
        (lambda: S.average("threshold(n/2)", 3), InvalidArgument, "n"),
        (lambda: S.average("threshold(n/)", 3), FormulaError, "count"),
        (lambda: S.parity([0, 0]), InvalidArgument, "positions"),
        (lambda: S.parity([-1]), InvalidArgument, "positions"),
        (lambda: S.sharpness(lambda x: x[0]), NoClosedForm, "sharpness"),
        (lambda: S.coefficients("x1", 2)[5], InvalidArgument, "position"),
        (lambda: S.coefficients("x1", 2)[0, 0], InvalidArgument, "positions"),
        (lambda: S.family("x1"), InvalidArgument, "f"),
    ],
)
def test_refusals(call, error, argument):
    with pytest.raises(error, match=rf"^{argument}"):
        call()


# -- more letters ----------------------------------------------------------------------------


def brute_letter_influences(f, size, law):
    v = len(law)
    found = []
    for i in range(size):
        total = Fraction(0)
        for x in product(range(v), repeat=size):
            for t in range(v):
                y = (*x[:i], t, *x[i + 1 :])
                total += prod(law[s] for s in x) * law[t] * (Fraction(f(x)) - f(y)) ** 2
        found.append(total / 2)
    return found


@given(
    st.sampled_from([(1, 2), (2, 2), (3, 2), (1, 3), (2, 3), (3, 3), (2, 4)]),
    st.data(),
)
@examples(40)
def test_efron_stein(shape, data):
    size, v = shape
    values = data.draw(
        st.lists(st.fractions(-5, 5, max_denominator=6), min_size=v**size, max_size=v**size)
    )
    shares = data.draw(st.lists(st.integers(0, 4), min_size=v, max_size=v).filter(any))
    law = [Fraction(s, sum(shares)) for s in shares]
    index = dict(zip(product(range(v), repeat=size), values, strict=True))
    influences = S.letter_influences(values, size, v, law)
    assert same(influences, brute_letter_influences(index.__getitem__, size, law))
    weights = S.efron_stein_weights(values, size, v, law)
    total = S.total_influence(index.__getitem__, size, v, law)
    assert total == sum(influences) == sum(d * w for d, w in enumerate(weights))
    square = sum(prod(law[t] for t in x) * q * q for x, q in index.items())
    assert same([sum(weights)], [square])


def test_two_letters_are_signs():
    f = S.majority()

    def on_letters(x):
        return f([1 - 2 * t for t in x])

    assert S.letter_influences(on_letters, 5) == S.influences(f, 5)
    assert S.efron_stein_weights(on_letters, 5) == S.weights(f, 5)
    vectorized = S.total_influence(lambda x: f(1 - 2 * x), 5, vectorized=True)
    assert vectorized == S.average(f, 5)


@pytest.mark.parametrize(
    ("call", "error", "argument"),
    [
        (lambda: S.total_influence([1, 2], 1, 3), SizeMismatch, "f"),
        (lambda: S.total_influence([1], 0, 2), InvalidArgument, "n"),
        (lambda: S.CubeFormula("x1*x2")([1, -2]), InvalidArgument, r"x\[1\]"),
        (lambda: S.CubeFormula("x1*x2")([2, 1]), InvalidArgument, r"x\[0\]"),
        (lambda: S.total_influence([1], 1, 0), InvalidArgument, "letters"),
        (lambda: S.total_influence([1, 2], 1, 2, ["1/2", "1/3"]), InvalidArgument, "probabilities"),
        (lambda: S.total_influence([1, 2], 1, 2, [1]), SizeMismatch, "probabilities"),
        (lambda: S.total_influence([1, 2], 1, 2, [2, -1]), InvalidArgument, "probabilities"),
        (lambda: S.total_influence([1], 1, 0), InvalidArgument, "letters"),
        (lambda: S.total_influence(lambda x: 1, 40, 3), TooLarge, "a function of 40 letters"),
    ],
)
def test_refusals_of_letters(call, error, argument):
    with pytest.raises(error, match=rf"^{argument}"):
        call()


# -- theorem, derivations, print ---------------------------------------------------------------


def test_sharpness_is_cited_with_its_order_of_limits():
    found = S.sharpness("parity")
    assert found.standing is Standing.CITED
    assert found.value == sp.Rational(1, 2)
    assert "2402.09963" in found.reference
    statement = found.statement
    assert statement.index(r"\rho \to 0") < statement.index(r"n \to \infty")
    assert "n to infinity first" in found.order_of_limits
    for family in FAMILIES:  # the limit against the numbers
        value = float(S.average(family, 4001) / 8002)
        assert abs(value - float(S.sharpness(family).value)) < 0.01
    assert S.sharpness("majority").at(n) == S.average("majority", n) / (2 * n)


@pytest.mark.sampled(8)
@pytest.mark.parametrize("family", [*FAMILIES, S.majority("odd"), S.majority("even")], ids=repr)
def test_derivations_hold(family):
    verification = family.derivation().check(n=range(1, 7)) if family.name not in (
        "majority (odd n)", "majority (even n)", "parity of positions (0, 2)"
    ) else family.derivation().check()  # fmt: skip
    assert verification.passed, str(verification)


def test_a_derivation_with_a_wrong_closed_form_fails_at_its_step(monkeypatch):
    from symkern.bounds.sensitivity.thresholds import Threshold

    right = Threshold.average
    monkeypatch.setattr(Threshold, "average", lambda self, size: right(self, size) + 1)
    verification = S.threshold(2).derivation().check()
    assert {c.step.name for c in verification.failures} == {"the average"}


@pytest.mark.parametrize("size", [3, 10, 200, n], ids=str)
@pytest.mark.parametrize("family", FAMILIES, ids=repr)
def test_descriptions_fit_and_are_data(family, size):
    found = S.describe(family, size)
    assert all(len(line) <= 80 for line in str(found).splitlines())
    data = json.loads(json.dumps(found.to_dict()))
    assert data["average_sensitivity"]
    if size is not n:
        assert sp.Rational(data["average_sensitivity"]) == found.average
    assert r"\begin{tabular}" in found.latex()
    assert "<table>" in found._repr_html_()


def test_profiles_of_families_in_n():
    for family in FAMILIES:
        if isinstance(family, type(S.mean())):
            continue
        pairs = S.profile(family, n)
        for size in range(3, 9):
            counts = [0] * (size + 2)
            for m, count in pairs:
                value = sp.S(count).subs(n, size)
                if value:
                    counts[int(sp.S(m).subs(n, size))] += int(value)
            assert tuple(counts[: size + 1]) == S.profile(family, size)


def test_thresholds_count_binomially():
    assert S.average("threshold(3)", 7) == sp.Rational(7 * comb(6, 2), 2**6)


def test_statements_about_the_input_are_plus_and_minus_one():
    from symkern.bounds import sensitivity as s

    for f in (lambda x: x[0] == x[2], lambda x: np.bool_(x[0] > 0)):
        signs = [1 if f(x) else -1 for x in product((1, -1), repeat=4)]
        assert s.average(f, 4) == s.average(signs, 4)
        assert s.profile(f, 4) == s.profile(signs, 4)
    assert s.average(lambda x: x[0] == x[2], 10, vectorized=True) == 2
    with pytest.raises(InvalidType, match="must be a number where others are"):
        s.average(lambda x: (x[0] == x[2]) if x[1] > 0 else 3, 4)


def test_bad_positions_and_values_beyond_sums_of_squares():
    from symkern.bounds import sensitivity as s

    with pytest.raises(InvalidType, match="positions: must be a list of integers"):
        s.parity(2)
    with pytest.raises(InvalidArgument, match="f: must have values whose squares"):
        s.average(lambda x: 1e300 * x[0], 4)
    assert s.average(lambda x: 10**300 * x[0], 4) == 10**600


@pytest.mark.sampled(4)
@pytest.mark.parametrize("family", ["parity", "majority", "first", "mean"])
def test_sharpness_has_a_derivation(family: str) -> None:
    from dataclasses import replace

    from symkern.bounds.sensitivity import sharpness

    found = sharpness(family)
    report = found.derivation().check()
    assert report and "cited" in str(report) and found.derivation().standing is Standing.CITED
    wrong = replace(found, value=found.value + sp.Rational(1, 2)).derivation().check()
    assert not wrong and {c.step.name for c in wrong.failures} == {"the limit"}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("size", [30, 10**9, 10**400])
@pytest.mark.parametrize(
    "name", ["parity", "majority", "first", "mean", "threshold(2)", "sharpness"]
)
def test_derivations_end_at_any_size(name: str, size: int) -> None:
    """Too many inputs to count, and binomial coefficients too long to write, are skipped before anything is built."""
    from symkern.bounds.sensitivity import sharpness
    from symkern.bounds.sensitivity.measures import family

    made = sharpness("majority") if name == "sharpness" else family(name)
    with calls_at_most(20_000_000):
        report = made.derivation().check(n=[3, size])
    assert report and "skipped" in str(report)
