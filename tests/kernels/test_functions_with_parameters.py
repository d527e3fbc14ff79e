"""User functions whose values are formulas: against pipelines, against numbers, against the dense matrix."""

from itertools import product

import numpy as np
import pytest
import sympy as sp

from symkern.abc import L, alpha, beta, v, x
from symkern.errors import InvalidArgument, InvalidType, SymmetryError
from symkern.kernels import (
    categorical,
    embedding,
    exchangeable,
    from_function,
    from_table,
    mixture,
    uniform,
)

LAWS = {
    "uniform": uniform(2),
    "skewed": categorical(["1/3", "2/3"]),
    "mixture": mixture(
        [("1/2", categorical(["1/4", "3/4"])), ("1/2", categorical(["2/3", "1/3"]))]
    ),
    "weights": exchangeable({(3, 0): "1/4", (2, 1): "1/4", (1, 2): "1/6", (0, 3): "1/3"}),
}


def _same_polynomials(one, other):
    """Both spectra have the same sectors with the same characteristic polynomials."""
    key = lambda s: (s.position_irrep, s.token_irrep)  # noqa: E731
    assert {key(s) for s in one} == {key(s) for s in other}
    partners = {key(s): s for s in other}
    for sector in one:
        partner = partners[key(sector)]
        assert sector.dimension == partner.dimension
        assert sector.multiplicity == partner.multiplicity
        for first, second in zip(_polynomial(sector), _polynomial(partner), strict=True):
            assert sp.simplify(first - second) == 0


def _polynomial(sector):
    size = sector.multiplicity
    return (x * sp.eye(size) - sp.Matrix(sector.block.to_sympy())).charpoly(x).all_coeffs()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("law", ["uniform", "skewed", "mixture"])
@pytest.mark.parametrize("of_table", [False, True])
def test_a_pipeline_as_a_function(law, of_table):
    """Linear attention with alpha and beta as symbols, evaluated pair by pair, against the polynomial engine."""
    pipeline = embedding(alpha, beta).attention().mean_pool()

    def of_words(first, second):
        return pipeline(first, second)

    def of_counts(table):
        first = [t for t, row in enumerate(table) for n in row for _ in range(n)]
        second = [u for row in table for u, n in enumerate(row) for _ in range(n)]
        return pipeline(tuple(first), tuple(second))

    build, function = (from_table, of_counts) if of_table else (from_function, of_words)
    kernel = build(function, "attention", parameters=[alpha, beta])
    assert kernel.parameters == (alpha, beta)
    found = kernel.spectrum(length=3, tokens=LAWS[law])
    assert found.check_trace() and found.standing.value == "proved"
    _same_polynomials(found, pipeline.spectrum(length=3, tokens=LAWS[law]))


def test_exponentials_against_softmax():
    """e^alpha, e^beta and their product are symbols of their own, as behind a softmax."""
    pipeline = embedding(alpha, beta).attention("tied", "softmax").mean_pool()
    kernel = from_function(lambda a, b: pipeline(a, b), "softmax", parameters=["alpha", "beta"])
    found = kernel.spectrum(length=2, tokens=uniform(2))
    assert found.check_trace()
    _same_polynomials(found, pipeline.spectrum(length=2, tokens=uniform(2)))


@pytest.mark.sampled(4)
@pytest.mark.parametrize("law", LAWS)
def test_numbers_in_the_place_of_parameters(law):
    """The spectrum with symbols at numbers, the function of numbers, and the dense matrix."""

    def value(a, b, first, second):
        matches = sum(s == t for s, t in zip(first, second, strict=True))
        return a * matches**2 + (a * b + 1) / (a + 2) * sum(first) * sum(second) + b

    kernel = from_function(lambda p, q: value(alpha, beta, p, q), "k", parameters=["alpha", "beta"])
    at = {"alpha": sp.Rational(2, 3), "beta": 5}
    given = from_function(lambda p, q: value(*at.values(), p, q), "k")
    whole = kernel.spectrum(length=3, tokens=LAWS[law])
    there, numbers = whole.evaluate(**at), given.spectrum(length=3, tokens=LAWS[law])
    _same_polynomials(there, numbers)
    assert whole.rank() == numbers.rank()
    words = list(product(range(2), repeat=3))
    chance = np.array(
        [float(LAWS[law].sequence_probability((w.count(0), w.count(1)))) for w in words]
    )
    dense = np.array([[float(value(*at.values(), p, q)) for q in words] for p in words])
    expected = np.linalg.eigvalsh(np.sqrt(chance)[:, None] * dense * np.sqrt(chance))
    listed = [float(e) for s in there for e in s.eigenvalues for _ in range(int(s.dimension))]
    listed += [0.0] * (len(words) - len(listed))
    assert np.allclose(np.sort(listed), expected, atol=1e-12)


def test_formulas_in_the_place_of_parameters():
    kernel = from_table(lambda N: alpha * (N[0][0] + N[1][1]) + beta, "k", parameters=[alpha, beta])
    tied = kernel.substitute({beta: alpha**2})
    assert tied.parameters == (alpha,)
    assert tied((0, 1), (0, 0)) == alpha + alpha**2
    again = tied.substitute({alpha: 3})
    assert again.parameters == () and again((0, 1), (0, 0)) == 12
    swapped = kernel.substitute({alpha: beta, beta: alpha})
    assert swapped((0, 1), (0, 1)) == 2 * beta + alpha


def test_sizes_may_stand_in_the_values():
    kernel = from_table(
        lambda N: (N[0][0] + N[1][1]) * alpha / (L * v), "k", parameters=[alpha, L, v]
    )
    found = kernel.spectrum(length=4, tokens=uniform(2))
    assert found.parameters == (alpha,)
    assert found.trace() == alpha / 2


def test_values_that_agree_after_cancelling_are_equal():
    """Both orders of the sequences give the same function in different words."""

    def value(first, second):
        if first < second:
            return (alpha**2 - 1) / (alpha - 1) * sp.exp(2 * alpha)
        return (alpha + 1) * sp.exp(alpha) ** 2 if first > second else alpha

    found = from_function(value, "k", parameters=[alpha]).spectrum(length=1, tokens=uniform(2))
    assert found.standing.value == "proved" and found.rank() == 2


def test_refusals():
    def spectrum(value, parameters=(alpha,), length=2, letters=2):
        return from_table(lambda N: value, "k", parameters).spectrum(length, uniform(letters))

    with pytest.raises(InvalidArgument, match=r"f\(N\) at N = .*parameters alpha, but beta stands"):
        spectrum(alpha + beta)
    with pytest.raises(
        InvalidArgument, match="that the argument parameters lists, but alpha stands"
    ):
        spectrum(alpha, ())
    for value in (sp.sin(alpha), sp.sqrt(alpha), sp.exp(1 / alpha), sp.exp(sp.exp(alpha))):
        with pytest.raises(InvalidArgument, match="rational function of alpha and of exponentials"):
            spectrum(value)
    with pytest.raises(InvalidArgument, match="may be symbols up to 800 contingency tables"):
        spectrum(alpha, length=20, letters=3)
    with pytest.raises(InvalidArgument, match=r"must be symbols of symkern\.abc"):
        from_table(lambda N: alpha, "k", parameters=[sp.Symbol("alpha")])
    with pytest.raises(InvalidArgument, match="other than x"):
        from_table(lambda N: alpha, "k", parameters=[x])
    with pytest.raises(InvalidType, match="parameters"):
        from_table(lambda N: alpha, "k", parameters=3)
    with pytest.raises(SymmetryError, match=r"k\(x, y\) = k\(y, x\)"):
        from_table(lambda N: alpha * N[0][1], "k", parameters=[alpha]).spectrum(2, uniform(2))
    with pytest.raises(SymmetryError, match="permuted alike"):
        from_function(lambda p, q: alpha * p[0] * q[0], "k", parameters=[alpha]).spectrum(
            2, uniform(2)
        )
    with pytest.raises(InvalidArgument, match="hyperparameter of the kernel: alpha"):
        spectrum(alpha).evaluate(beta=1)


def _scaled(factor):
    return lambda N: factor * (N[0][0] + N[1][1])


def test_text_is_read_as_a_formula():
    kernel = from_table(lambda N: f"alpha + exp(alpha)*{N[0][0] + N[1][1]}", "k", [alpha])
    found = kernel.spectrum(2, uniform(2))
    assert found.trace() == alpha + 2 * sp.exp(alpha)
    assert found.evaluate(alpha=0).trace() == 2


def test_floats_beside_parameters_are_dyadic_numbers():
    found = from_table(_scaled(0.1 * alpha), "k", [alpha]).spectrum(2, uniform(2))
    assert found.trace() == sp.Rational(*(0.1).as_integer_ratio()) * 2 * alpha
    assert found.standing.value == "floating"
    words = from_function(lambda p, q: 0.5 * alpha * int(p == q), "k", [alpha]).spectrum(
        1, uniform(2)
    )
    assert words.trace() == alpha / 2 and words.standing.value == "floating"


def test_values_at_numbers():
    kernel = from_table(_scaled(alpha + beta), "k", ["alpha", "beta"])
    assert kernel((0, 1), (0, 1), alpha=3) == 2 * beta + 6
    with pytest.raises(InvalidArgument, match="gamma: must be a hyperparameter"):
        kernel((0, 1), (0, 1), gamma=3)


def test_poles_are_told():
    found = from_table(_scaled(1 / (alpha - 1)), "k", [alpha]).spectrum(2, uniform(2))
    with pytest.raises(InvalidArgument, match=r"parameters: must not be a pole .* at alpha = 1"):
        found.evaluate(alpha=1)
    with pytest.raises(InvalidArgument, match="parameters: must not be a pole"):
        found.floats([2], alpha=1)
    nowhere = 1 / (sp.expand((alpha + 1) ** 2) - (alpha + 1) ** 2)
    with pytest.raises(InvalidArgument, match=r"f\(N\) at N = .*must be finite"):
        from_table(_scaled(nowhere), "k", [alpha]).spectrum(2, uniform(2))


@pytest.mark.parametrize(
    "value", [sp.sqrt(2), sp.pi, sp.sqrt(2) * alpha, sp.I * alpha, sp.exp(sp.I * alpha), sp.exp(sp.sqrt(2)) + alpha]
)  # fmt: skip
def test_irrational_coefficients_are_refused(value):
    with pytest.raises(InvalidArgument, match=r"f\(N\) at N = .*with rational coefficients"):
        from_table(_scaled(value), "k", [alpha]).spectrum(2, uniform(2))


def test_an_exponential_on_one_side_only_is_an_asymmetry():
    kernel = from_function(lambda p, q: sp.exp(beta) if p[0] > p[-1] else alpha, "k", [alpha, beta])
    with pytest.raises(SymmetryError, match="permuted alike"):
        kernel.spectrum(2, uniform(2))
    with pytest.raises(InvalidArgument, match="alpha stands in alpha with other assumptions"):
        from_table(lambda N: sp.Symbol("alpha"), "k", [alpha]).spectrum(2, uniform(2))


def test_cells_do_not_break_inside_names():
    value = _scaled(1)
    kernel = from_table(lambda N: sp.exp(alpha * value(N)) + beta * sp.E, "k", [alpha, beta])
    lines = kernel.spectrum(2, uniform(2)).text().splitlines()
    assert max(map(len, lines)) <= 80
    assert not any(line.rstrip().endswith(("ex", "exp")) for line in lines)
    assert any("(4exp(1)β+exp(2α)" in line for line in lines)
