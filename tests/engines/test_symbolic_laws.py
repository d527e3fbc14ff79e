"""Spectra under laws whose probabilities are symbols: against dense operators over Q[p], laws with numbers, published leading terms, and uniform tokens."""

import pickle
from fractions import Fraction
from functools import cache
from itertools import permutations, product
from math import prod

import flint
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import symkern as sk
from symkern.abc import L, alpha, b, beta, gamma, lam, p, q, sigma2, w
from symkern.engines.large_length.fluctuation_operators import FluctuationOperators
from symkern.errors import InvalidArgument, NoClosedForm, SymkernError
from symkern.exact import function_field
from symkern.exact.exact_constants import ExactConstants
from symkern.exact.symbolic_lengths import Formulas
from symkern.kernels import categorical, derive, embedding, markov, uniform
from symkern.spectra.storage import read_spectrum
from tests.search import examples

COIN = categorical(["p", "1-p"])
CHAIN = markov([["1-lam", "lam"], ["lam", "1-lam"]])
THREE = categorical([p, q, 1 - p - q])
_K = embedding(alpha, beta)
KERNELS = {
    "bag": _K.mean_pool(),
    "flat": _K.flatten(),
    "pooled": _K.attention().mean_pool(),
    "last": _K.attention().residual().at_position("last"),
    "squares": embedding(1, 2).attention().mlp("x^2").mean_pool(),
}


# -- dense operators ------------------------------------------------------------------------


def _pooled(x, y, a, b):
    """(a s + b L)(a^2 s + 2 a b m + b^2 L)/L^4 (MATH of the preset linear-attention), from the letters alone."""
    n = len(x)
    s = sum(t == u for t in x for u in y)
    m = sum(t == u for t, u in zip(x, y, strict=True))
    return (a * s + b * n) * (a * a * s + 2 * a * b * m + b * b * n) / n**4


def _power_sums(matrix, highest):
    found, power = [], matrix
    for _ in range(highest):
        found.append(sum((power[i][i] for i in range(len(power))), flint.fmpq_poly([0])))
        columns = list(zip(*matrix, strict=True))
        power = [
            [
                sum((a * b for a, b in zip(row, c, strict=True)), flint.fmpq_poly([0]))
                for c in columns
            ]
            for row in power
        ]
    return found


@pytest.mark.sampled(2)
@pytest.mark.parametrize("length", [3, 4])
def test_dense_operators_over_polynomials_in_p(length):
    """tr T^j of the whole operator, a polynomial in p, is the sum of dimension x tr(block^j)."""
    a, b = Fraction(1), Fraction(1, 3)
    chance = [flint.fmpq_poly([0, 1]), flint.fmpq_poly([1, -1])]
    words = list(product((0, 1), repeat=length))
    weights = [prod((chance[t] for t in x), start=flint.fmpq_poly([1])) for x in words]

    def entry(x, y, weight):
        value = _pooled(x, y, a, b)
        return weight * flint.fmpq(value.numerator, value.denominator)

    matrix = [[entry(x, y, w) for y, w in zip(words, weights, strict=True)] for x in words]
    expected = _power_sums(matrix, 3)
    spectrum = derive(KERNELS["pooled"], length, COIN, alpha=1, beta="1/3")
    for j, dense in enumerate(expected, 1):
        total = sum(
            t.dimension * sp.Matrix(t.block.to_sympy()).__pow__(j).trace() for t in spectrum
        )
        coefficients = [sp.Rational(int(c.p), int(c.q)) for c in dense]
        polynomial = sum((c * p**i for i, c in enumerate(coefficients)), sp.S.Zero)
        assert sp.expand(total - polynomial) == 0


# -- laws with numbers ----------------------------------------------------------------------


@pytest.mark.sampled(8)
@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize("length", [1, 2, 3, 5, L])
def test_blocks_at_numbers_are_those_of_the_law_with_numbers(name, length):
    """Both are written in the letters less their probabilities, so that the blocks themselves agree."""
    spectrum = derive(KERNELS[name], length, COIN)
    assert spectrum.check_trace()
    for value in (sp.Rational(1, 3), sp.Rational(2, 7)):
        there = derive(KERNELS[name], length, categorical([value, 1 - value]))
        assert [t.position_irrep for t in spectrum] == [t.position_irrep for t in there]
        if name == "squares" and length != L:  # tables have another basis
            known = function_field(())
            blocks = (t.block.substitute({p: value}, known) for t in spectrum)
            assert _power_traces(spectrum, blocks, 4) == _traces(there, 4)
            continue
        for one, two in zip(spectrum, there, strict=True):
            assert one.block.substitute({p: value}, two.block.field) == two.block
            assert one.valid_for == two.valid_for
            assert one.dimension == two.dimension
        assert there == spectrum.evaluate(p=value)
        assert sp.cancel(spectrum.trace().subs(p, value) - there.trace()) == 0


@examples(10)
@given(
    st.fractions(Fraction(1, 20), Fraction(2, 5), max_denominator=20),
    st.fractions(Fraction(1, 20), Fraction(2, 5), max_denominator=20),
    st.sampled_from(["bag", "flat", "pooled"]),
)
def test_three_letters(one, two, name):
    spectrum = derive(KERNELS[name], L, THREE, alpha=1, beta=2)
    there = derive(KERNELS[name], L, categorical([one, two, 1 - one - two]), alpha=1, beta=2)
    for left, right in zip(spectrum, there, strict=True):
        assert left.block.substitute({p: one, q: two}, right.block.field) == right.block


def test_rational_functions_as_probabilities():
    law = categorical([p / (1 + p), 1 / (1 + p)])
    there = derive(KERNELS["pooled"], L, categorical(["1/4", "3/4"]))
    for left, right in zip(derive(KERNELS["pooled"], L, law), there, strict=True):
        assert left.block.substitute({p: Fraction(1, 3)}, right.block.field) == right.block


def _traces(spectrum, highest):
    """sum over sectors of dimension x tr(block^j): all eigenvalues, counted as often as they occur."""
    return _power_traces(spectrum, [t.block for t in spectrum], highest)


def _power_traces(spectrum, blocks, highest):
    matrices = [sp.Matrix(block.to_sympy()) for block in blocks]
    return [
        sum(t.dimension * (m**j).trace() for t, m in zip(spectrum, matrices, strict=True))
        for j in range(1, highest + 1)
    ]


@pytest.mark.parametrize("name", ["flat", "pooled", "squares"])
@pytest.mark.parametrize("length", [2, 4])
def test_one_half_is_uniform(name, length):
    """Letters that are alike have more symmetry; the eigenvalues are the same, each as often."""
    values = {s: e for s, e in {"alpha": 1, "beta": "1/3"}.items() if KERNELS[name].parameters}
    spectrum = derive(KERNELS[name], L, COIN, **values)
    alike = derive(KERNELS[name], length, uniform(2), **values)
    assert _traces(spectrum.evaluate(length=length, p="1/2"), 2**length) == _traces(
        alike, 2**length
    )


def test_letters_that_never_come():
    """At p = 0 fewer functions are left, which formulas at numbers would not show."""
    spectrum = derive("linear-attention", L, COIN, alpha=1, beta=1)
    alone = spectrum.evaluate(p=0)
    assert [t.multiplicity for t in alone] == [1]
    assert alone == derive("linear-attention", L, categorical([0, 1]), alpha=1, beta=1)
    ((first, *others),) = spectrum.floats([4], p=0)[sk.Partition(), None].tolist()
    assert first == float(alone.evaluate(length=4).sectors[0].eigenvalues[0])
    assert all(e != e for e in others)


# -- series in 1/L --------------------------------------------------------------------------


@cache
def _softmax():
    return derive("softmax-attention", tokens=COIN, alpha=1, beta=1, terms=1)


def test_softmax_has_the_published_leading_terms_for_every_p():
    """z_t = 1 + (A-1) p_t, c_t = 1 - 1/z_t + sum_s p_s/z_s, f_t = p_t c_t: alpha sum f_t^2, and beta sum p_t (c_t - 1)^2/L^2; then alpha f_1'(p)^2 p(1-p)/(sum f_t^2)/L."""
    spectrum = _softmax()
    chances = (p, 1 - p)
    z = [1 + (sp.E - 1) * t for t in chances]
    mean = sum(t / u for t, u in zip(chances, z, strict=True))
    c = [1 - 1 / u + mean for u in z]
    f = [t * u for t, u in zip(chances, c, strict=True)]
    whole = sum(e**2 for e in f)
    expected = {
        (): [(0, whole), (-1, sp.diff(f[0], p) ** 2 * p * (1 - p) / whole)],
        (1,): [(-2, sum(t * (u - 1) ** 2 for t, u in zip(chances, c, strict=True)))],
    }
    field = function_field((p, sp.E))
    for mu, terms in expected.items():
        found = [series.terms[0] for series in spectrum.sector(mu).series()]
        assert [t.exponent for t in found] == [e for e, _ in terms]
        for term, (_, formula) in zip(found, terms, strict=True):
            assert field(term.coefficient) == field(sp.together(formula))


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("readout", "power"),
    [
        ("flatten", 2),
        ("at_position(last)", 1),
        pytest.param("mean_pool", 3, marks=pytest.mark.wide),
        pytest.param("at_position(last)", 2, marks=pytest.mark.wide),
    ],
)
def test_series_at_numbers_are_those_of_the_law_with_numbers(readout, power):
    pipeline = f"embedding(1, 1) | attention(tied, softmax) | {readout}"
    spectrum = derive(pipeline, tokens=COIN, terms=1, down_to=power)
    there = derive(pipeline, tokens=categorical(["1/3", "2/3"]), terms=1, down_to=power)
    _close(spectrum.trace(), there.trace())
    for one, two in zip(spectrum, there, strict=True):
        assert one.position_irrep == two.position_irrep
        for left, right in zip(one.series(), two.series(), strict=True):
            _close(left, right)


def _close(left, right):
    assert [t.exponent for t in left.terms] == [t.exponent for t in right.terms]
    assert left.error == right.error
    for one, two in zip(left.terms, right.terms, strict=True):
        value = float(sp.N(one.coefficient.subs(p, sp.Rational(1, 3)), 30))
        assert value == pytest.approx(float(two.coefficient), rel=1e-12, abs=1e-20)


def test_series_are_read_back_and_derived_anew_at_numbers():
    spectrum = _softmax()
    assert read_spectrum(spectrum.to_json()) == spectrum
    there = derive("softmax-attention", tokens=categorical(["1/3", "2/3"]), alpha=1, beta=1)
    assert spectrum.evaluate(p="1/3") == there


# -- at given lengths -----------------------------------------------------------------------


def test_windows_of_a_chain_shuffled():
    """The mean of the chain's probabilities over all orders of a window, as formulas."""
    law = CHAIN.symmetrised(4)
    for x in [(0, 0, 0, 0), (0, 1, 0, 1), (1, 1, 1, 0)]:
        orders = [CHAIN.probability(y) for y in permutations(x)]
        assert sp.expand(law.probability(x) - sum(orders) / len(orders)) == 0
    assert "(0 < lam < 1, generic)" in str(law)
    assert law.at(lam="1/4") == markov([["3/4", "1/4"], ["1/4", "3/4"]]).symmetrised(4)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", ["flat", "pooled"])
@pytest.mark.parametrize("length", [2, 4])
def test_chains_at_numbers(name, length):
    spectrum = derive(KERNELS[name], length, CHAIN, alpha=1, beta="1/3")
    assert spectrum.check_trace()
    assert read_spectrum(spectrum.to_json()) == spectrum
    for value in (sp.Rational(1, 4), sp.Rational(3, 5)):
        chain = markov([[1 - value, value], [value, 1 - value]])
        there = derive(KERNELS[name], length, chain, alpha=1, beta="1/3")
        blocks = [t.block.substitute({lam: value}, function_field(())) for t in spectrum]
        assert _power_traces(spectrum, blocks, 5) == _traces(there, 5)
        assert spectrum.evaluate(lam=value) == there
    alike = derive(KERNELS[name], length, uniform(2), alpha=1, beta="1/3")
    assert _traces(spectrum.evaluate(lam="1/2"), 2**length) == _traces(alike, 2**length)


def test_softmax_on_three_letters_at_numbers():
    """The law with p at p = 1/4 is the law that is derived there; two letters have the same probability, so that equal branches would show."""
    pipeline = "embedding(1, 1) | attention(tied, softmax) | mean_pool"
    spectrum = derive(pipeline, tokens=categorical([p, p, 1 - 2 * p]), terms=1)
    there = derive(pipeline, tokens=categorical(["1/4", "1/4", "1/2"]), terms=1)
    assert [len(s.series(1)) for s in spectrum] == [len(s.series(1)) for s in there] == [3, 1]
    for one, two in zip(spectrum, there, strict=True):
        for left, right in zip(one.series(1), two.series(1), strict=True):
            assert left.error == right.error
            assert left.terms[0].exponent == right.terms[0].exponent
            apart = (
                left.terms[0].coefficient.subs(p, sp.Rational(1, 4)) - right.terms[0].coefficient
            )
            assert abs(sp.N(apart, 30, maxn=200, chop=False)) < 1e-25


def test_softmax_at_a_length():
    """Values with exponentials are formulas in p, and balls under the law with numbers."""
    spectrum = derive("softmax-attention", 3, COIN, alpha=1, beta=1)
    assert spectrum.check_trace()
    there = derive("softmax-attention", 3, categorical(["1/3", "2/3"]), alpha=1, beta=1)
    for one, two in zip(spectrum, there, strict=True):
        found = [complex(sp.N(e.subs(p, sp.Rational(1, 3)), 30)).real for e in one.eigenvalues]
        assert sorted(found) == pytest.approx(sorted(map(float, two.eigenvalues)), rel=1e-12)


# -- as values ------------------------------------------------------------------------------


def test_documents_and_copies():
    spectrum = derive("linear-attention", tokens=COIN)
    again = read_spectrum(spectrum.to_json())
    assert again == spectrum
    assert again.trace() == spectrum.trace()
    assert pickle.loads(pickle.dumps(spectrum)) == spectrum
    assert spectrum.parameters == (alpha, beta, p)
    set_already = derive("linear-attention", tokens=COIN, p="1/3", alpha=1)
    assert set_already.tokens == categorical(["1/3", "2/3"])
    assert dict(set_already.settings) == {"p": sp.Rational(1, 3), "alpha": 1}


def test_pages_say_where_p_lies_and_write_no_sign_that_turns():
    spectrum = derive("linear-attention", tokens=COIN)
    text, latex = spectrum.text(), spectrum.latex()
    assert "i.i.d. with probabilities p, 1 - p (0 < p < 1, generic)" in text
    assert "i.i.d. with probabilities $p, 1 - p$ ($0 < p < 1$, generic)" in latex
    assert "(p - 1)" not in text + latex
    assert r"hyperparameters $\alpha$, $\beta$ are positive" in latex
    assert spectrum.sectors[1].leading[0] == 4 * alpha**2 * beta * p * (1 - p) * (2 * p**2 - 2 * p + 1) / L**2  # fmt: skip


def test_the_derivation_is_checked_at_numbers():
    spectrum = derive("flatten", tokens=COIN)
    assert spectrum.derivation([1]).check()


# -- what is refused ------------------------------------------------------------------------


@pytest.mark.sampled(2)
@pytest.mark.parametrize("s", [alpha, beta, gamma, w, b, sigma2], ids=str)
def test_any_positive_symbol_is_a_probability(s):
    """A law in it is that in p by another name: its condition, and every eigenvalue of a kernel without it, in the same order."""
    law = categorical([s, 1 - s])
    assert f"(0 < {s} < 1, generic)" in str(law)
    kernel = embedding(1, 1).attention().mean_pool()
    found, known = kernel.spectrum(L, law), kernel.spectrum(L, COIN)
    assert [x.position_irrep for x in found.sectors] == [x.position_irrep for x in known.sectors]
    for ours, theirs in zip(found.sectors, known.sectors, strict=True):
        values = zip(ours.eigenvalues, theirs.eigenvalues, strict=True)
        for one, other in values:
            if isinstance(one, sp.Expr):
                assert sp.simplify(one.subs(s, p) - other) == 0
            else:
                ours_of, theirs_of = (
                    [c.to_sympy() for c in e.minimal_polynomial] for e in (one, other)
                )
                both = zip(ours_of, theirs_of, strict=True)
                assert all(sp.simplify(x.subs(s, p) - y) == 0 for x, y in both)
                assert one.index == other.index
    three = categorical([s, q, 1 - s - q])
    assert f"{s} > 0, q > 0" in str(three)


@pytest.mark.parametrize(
    ("ask", "error", "said"),
    [
        (lambda: embedding("p", 1).mean_pool().spectrum(L, COIN), InvalidArgument, "p stands in both"),
        (lambda: derive("flatten", tokens=COIN).evaluate(alpha="p"), InvalidArgument, "p stands in both"),
        (lambda: derive("flatten", tokens=COIN, p=2), InvalidArgument, "p: must leave probabilities from 0 to 1"),
        (lambda: derive("flatten", tokens=COIN).evaluate(p="-1/2"), InvalidArgument, "p: must leave"),
        (lambda: derive("flatten", tokens=COIN).floats([4], p=2, alpha=1, beta=1), InvalidArgument, "p: must leave"),
        (lambda: derive("flatten", tokens=COIN, q="1/2"), InvalidArgument, "q: must be a hyperparameter"),
        (lambda: derive("softmax-block", 4, COIN, alpha=1, beta=1, w=1, b=1), NoClosedForm, "give p values"),
        (lambda: derive("flatten", 4, categorical(["gamma - 1", "2 - gamma"])), InvalidArgument, "must be positive at gamma = 1/24"),
        (lambda: categorical(["1/3", "2/3"]).at(p=1), InvalidArgument, "p: must be left out, but the law has no symbols"),
        (lambda: COIN.at(r=1), InvalidArgument, "r: must be a symbol of the law: p, but it is not"),
        (lambda: categorical(["gamma", "1-gamma"]).at(gama=1), InvalidArgument, "gama: must be a symbol of the law: gamma, but it is not; did you mean 'gamma'?"),
        (lambda: categorical(["gamma", "1-gamma"]).at(gamma=2), InvalidArgument, "gamma: must leave probabilities from 0 to 1"),
        (lambda: derive("linear-attention", tokens=categorical(["gamma", "1-gamma"]), gamma=2), InvalidArgument, "gamma: must leave"),
        (lambda: derive("flatten", 4, CHAIN, lam=2), InvalidArgument, "must not be negative"),
        (lambda: derive("flatten", L, CHAIN), NoClosedForm, "at a given length"),
        (lambda: derive("flatten", 3, CHAIN, alpha=1, beta=1).floats([3], lam=0), InvalidArgument, "lam: must leave every sequence"),
        (lambda: embedding("lam", 1).mean_pool().spectrum(3, CHAIN), InvalidArgument, "lam stands in both"),
        (lambda: derive("softmax-block", tokens=COIN, alpha=1, beta=1, w=1, b=1), NoClosedForm, "with p in the probabilities"),
        (lambda: derive("flatten", 4, COIN).sectors[0].basis()[0]((0, 1, 0, 1)), InvalidArgument, 'give values, for example p="1/3"'),
        (lambda: derive("flatten", 4, COIN, alpha=1, beta=1).certificate(), InvalidArgument, "they hold p"),
        (lambda: derive("flatten", 4, COIN, alpha=1, beta=1).learning_curve("x1", n=[4], ridge=1), SymkernError, "p"),
        (lambda: _softmax().enclosure(length=1000), NoClosedForm, "give p values"),
        (lambda: sk.data.samples(COIN, 4, 3, seed=1), InvalidArgument, "they hold p"),
        (lambda: sk.experiments.regression(_K.mean_pool(), "x1", COIN, length=4, n=[4], draws=1), InvalidArgument, "p: must be given"),
    ],
)  # fmt: skip
def test_what_needs_numbers_says_what_to_set(ask, error, said):
    with pytest.raises(error) as caught:
        ask()
    assert said in str(caught.value)


def test_a_law_that_does_not_add_up_to_one_is_found_at_once():
    """Planted below the argument readers: operators on sequences would have no end of powers."""
    field = function_field((sp.Symbol("p", positive=True),))
    constants = ExactConstants(field)
    p = field(sp.Symbol("p", positive=True))
    law = (1 - p, p)
    operators = FluctuationOperators((law, law), 0, 1, 0, Formulas(constants))
    assert operators.pairs((1,))
    operators = FluctuationOperators((law, law), 0, 1, 0, Formulas(constants))
    free = operators._ring[0][-1]
    vars(operators)["_formal_laws"] = [[1 + free, free]] * 2
    with pytest.raises(ArithmeticError, match="add up to one"):
        operators.pairs((1,))
