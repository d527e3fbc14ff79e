"""Rational laws of independent tokens and their mixtures, L symbolic: against matrices and other engines."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import symkern as sk
from symkern.abc import L, alpha, beta, v
from symkern.engines.tables.sectors import general_sectors
from symkern.errors import NoClosedForm
from tests.search import examples

categorical, mixture, uniform = sk.kernels.categorical, sk.kernels.mixture, sk.kernels.uniform
LAWS = {
    "skewed, three letters": categorical(["1/2", "1/3", "1/6"]),
    "skewed, two letters": categorical(["1/4", "3/4"]),
    "a letter that never comes": categorical(["1/2", "1/2", "0"]),
    "a single letter": categorical([1]),
    "mixture": mixture(
        [("1/3", categorical(["1/2", "1/2"])), ("2/3", categorical(["1/5", "4/5"]))]
    ),
    "mixture with uniform": mixture([("1/2", uniform(2)), ("1/2", categorical([1, 0]))]),
}
_K = sk.kernels.embedding(1, 2)
KERNELS = {
    "bag": _K.mean_pool(),
    "flat": _K.flatten(),
    "pooled": _K.attention().mean_pool(),
    "last": _K.attention().residual().at_position("last"),
    "squares": _K.attention().mlp("x^2").flatten(),
}


def _probability(x, law):
    if hasattr(law, "parts"):
        return sum(float(weight) * _probability(x, part) for weight, part in law.parts)
    if hasattr(law, "probabilities"):
        return float(np.prod([float(law.probabilities[t]) for t in x]))
    return float(law.vocabulary) ** -len(x)


def _brute(kernel, law, length):
    words = list(product(range(law.vocabulary), repeat=length))
    gram = np.array([[float(kernel(x, y)) for y in words] for x in words])
    weights = np.array([_probability(x, law) for x in words])
    return np.linalg.eigvals(gram * weights[None, :]).real


def _sizable(values):
    return np.sort([value for value in values if abs(value) > 1e-10])


@pytest.mark.sampled(18)
@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("kernel", KERNELS)
def test_true_spectrum_at_small_lengths(kernel, law):
    spec = KERNELS[kernel].spectrum(length=L, tokens=LAWS[law])
    assert spec.check_trace()
    for length in (1, 2, 3):
        there = spec.evaluate(length=length)
        assert there.check_trace()
        mine = []
        for sector in there:
            block = np.array(sector.block.to_numpy(), dtype=float)
            mine += list(np.linalg.eigvals(block).real) * int(sector.dimension)
        expected = _sizable(_brute(KERNELS[kernel], LAWS[law], length))
        assert np.allclose(_sizable(mine), expected, rtol=1e-7, atol=1e-9)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("law", LAWS)
def test_formulas_hold_from_where_they_say(law):
    spec = KERNELS["pooled"].spectrum(length=L, tokens=LAWS[law])
    for sector in spec:
        for length in range(sector.valid_for["L"], sector.valid_for["L"] + 2):
            there = spec.evaluate(length=length).sector(sector.position_irrep)
            assert there.multiplicity == sector.multiplicity
            formula = sector.block.substitute({L: length}, there.block.field)
            assert formula.trace() == there.block.trace()
            assert (formula @ formula).trace() == (there.block @ there.block).trace()


@pytest.mark.parametrize("law", LAWS)
def test_agrees_with_the_general_engine(law):
    """Exact power sums of every irrep of S_L, by contingency tables instead of match counts."""
    kernel, length = KERNELS["pooled"], 4
    general = {}
    for sector in general_sectors(kernel, length, LAWS[law]):
        general.setdefault(sector.position_irrep, []).append(sector)
    for sector in kernel.spectrum(length=length, tokens=LAWS[law]):
        others = general.pop(sector.position_irrep)
        assert sum(o.dimension * o.block.trace().to_fraction() for o in others) == (
            sector.dimension * sector.block.trace().to_fraction()
        )
        assert sum(o.dimension * (o.block @ o.block).trace().to_fraction() for o in others) == (
            sector.dimension * (sector.block @ sector.block).trace().to_fraction()
        )
    assert all(o.block.is_zero for others in general.values() for o in others)


@pytest.mark.parametrize("name", ["linear-attention", "linear-attention-last", "transformer-block"])
def test_leading_terms_of_blocks_above_five_are_the_eigenvalues_at_a_long_length(name):
    """Three letters with different probabilities: blocks of six and nine, against their own exact eigenvalues."""
    numbers = {"alpha": 1, "beta": 1} | ({"w": 2, "b": 1} if "block" in name else {})
    spec = sk.derive(name, tokens=LAWS["skewed, three letters"], **numbers)
    assert max(sector.multiplicity for sector in spec) >= 6
    length = 10**7
    there = spec.evaluate(length=length)
    for sector in spec:
        exact = [float(value) for value in there.sector(sector.position_irrep).eigenvalues]
        terms = [
            float(t.coefficient) * length ** float(t.exponent) for t in sector.leading_terms if t
        ]
        assert np.allclose(np.sort(terms), np.sort([e for e in exact if e]), rtol=1e-4)


def test_leading_terms_where_the_polynomial_is_not_written(monkeypatch):
    """A block that is not cheap: its grading decides; where that would not, the polynomial is computed for the leading terms alone."""
    from symkern.limits import changed
    from symkern.sectors import sector as sectors

    settings = {"tokens": LAWS["skewed, three letters"], "alpha": 1, "beta": 1}
    expected = [s.leading_terms for s in sk.derive("linear-attention", **settings)]
    with changed(cheap_polynomial=1):
        found = sk.derive("linear-attention", **settings)
        assert [s.leading_terms for s in found] == expected
        assert not any(s.is_written for s in found)
        monkeypatch.setattr(sectors, "graded_leading", lambda *_: None)
        found = sk.derive("linear-attention", **settings)
        assert [s.leading_terms for s in found] == expected
        assert all(s.is_written for s in found)
        with changed(costly_polynomial=1):  # beyond reach: no terms, and said so
            beyond = sk.derive("linear-attention", **settings)
            assert all(term is None for s in beyond for term in s.leading_terms)
            assert not any(s.is_written for s in beyond)


MIXTURES = {
    "three letters": mixture(
        [("1/2", categorical(["1/2", "1/3", "1/6"])), ("1/2", categorical(["1/5", "1/5", "3/5"]))]
    ),
    "three components": mixture(
        [
            ("1/3", categorical(["1/2", "1/3", "1/6"])),
            ("1/3", categorical(["1/5", "1/5", "3/5"])),
            ("1/3", categorical(["1/7", "2/7", "4/7"])),
        ]
    ),
    "letters apart": mixture(
        [("1/2", categorical(["1/2", "1/2", "0"])), ("1/2", categorical(["0", "1/3", "2/3"]))]
    ),
    "a letter alone": mixture(
        [("1/3", categorical(["1/2", "1/4", "1/4"])), ("2/3", categorical(["1", "0", "0"]))]
    ),
    "two letters, two components": mixture(
        [("1/2", categorical(["1/3", "2/3"])), ("1/2", categorical(["1/5", "4/5"]))]
    ),
    "one of two letters alone": mixture(
        [("1/3", categorical(["1/4", "3/4"])), ("2/3", categorical(["1", "0"]))]
    ),
    "exchanged": mixture(
        [("1/2", categorical(["1/3", "2/3"])), ("1/2", categorical(["2/3", "1/3"]))]
    ),
}


# Blocks of two letters have up to ten rows, of three up to sixty, which take minutes.
LIGHT = [
    ("mean", "skewed, two letters"),
    ("mean", "two letters, two components"),
    ("mean", "one of two letters alone"),
    ("mean", "exchanged"),
    ("last", "skewed, two letters"),
    ("last", "one of two letters alone"),
]
HEAVY = [
    ("mean", "letters apart"),
    ("mean", "skewed, three letters"),
    ("mean", "three letters"),
    ("mean", "three components"),
    ("mean", "a letter alone"),
    ("last", "skewed, three letters"),
    ("last", "letters apart"),
]


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    ("readout", "law"), [*LIGHT, *(pytest.param(*case, marks=pytest.mark.wide) for case in HEAVY)]
)
def test_leading_terms_of_two_layers(law, readout):
    """Every branch of every block, up to size 60, with alpha and beta as symbols: against the eigenvalues at L = 10^24."""
    two = sk.kernels.embedding(alpha, beta).attention().attention()
    kernel = two.mean_pool() if readout == "mean" else two.at_position("last")
    spec = kernel.spectrum(length=L, tokens={**LAWS, **MIXTURES}[law])
    put = {alpha: sp.Rational(7, 5), beta: sp.Rational(3, 4)}
    length = 10**24
    for sector in spec:
        assert all(sector.leading_terms) and len(sector.leading_terms) == sector.multiplicity
        expected = _numbers(sector, put, length)
        found, known = {}, {}
        for term, edge in zip(sector.leading_terms, sector.edge_polynomials, strict=True):
            if edge:
                if edge not in known:
                    known[edge] = _roots([c.subs(put) for c in edge])
                roots = known[edge]
            elif isinstance(term.coefficient, sp.Expr):
                roots = [float(term.coefficient.subs(put))]
            else:
                roots = [float(term.coefficient)]
            found.setdefault(int(term.exponent), []).append(tuple(roots))
        for exponent, listed in found.items():
            # A polynomial of degree d stands at each of its d roots.
            values = [
                r for roots in set(listed) for r in roots * (listed.count(roots) // len(roots))
            ]
            assert len(values) == len(expected[exponent])
            assert np.allclose(np.sort(values), np.sort(expected[exponent]), rtol=1e-6)
        assert set(found) == set(expected)


def _roots(coefficients):
    """The roots of a polynomial from its constant term up, in many digits."""
    import mpmath

    with mpmath.workdps(80):
        numbers = [mpmath.mpf(int(c.p)) / int(c.q) for c in coefficients]
        found = mpmath.polyroots(numbers[::-1], maxsteps=500, extraprec=400)
        return [float(mpmath.re(root)) for root in found]


def _numbers(sector, put, length):
    """The eigenvalues of a block at numbers, over a power of the length, by that power."""
    import mpmath

    from symkern.exact import function_field

    there = sector.block.substitute({**put, L: length}, function_field(()))
    found = {}
    with mpmath.workdps(60 + 24 * 12):
        rows = [[e.to_fraction() for e in row] for row in there]
        matrix = mpmath.matrix(
            [[mpmath.mpf(e.numerator) / e.denominator for e in row] for row in rows]
        )
        for value in mpmath.eig(matrix, left=False, right=False):
            value = mpmath.re(value)
            power = round(float(mpmath.log10(value)) / 24)
            found.setdefault(power, []).append(float(value * mpmath.mpf(length) ** -power))
    return found


def test_a_leading_term_with_a_root_is_shown_by_its_digits_and_saved_by_its_power():
    spec = sk.derive("linear-attention", tokens=LAWS["skewed, three letters"], alpha=1, beta=1)
    sector = spec.sector([1])
    assert sector.leading_terms[2].exponent == -3 and not sector.leading_terms[2].is_written
    assert "0.3138/L³" in spec.text() and "CRootOf" not in spec.text() + spec.latex()
    saved = spec.to_dict()["sectors"][1]
    assert saved["leading"][2] is None and saved["exponents"][2] == "-3"
    # What it is a root of is saved, so that nothing is lost.
    edge = [int(c) for c in saved["edges"][2]]
    roots = np.roots(edge[::-1])
    assert (
        len(edge) == 5 and np.min(np.abs(roots - float(sector.leading_terms[2].coefficient))) < 1e-9
    )
    law = spec.sample_laws(sector)[2]
    assert str(law) == "n ~ 3.18674*sigma2*L^3  (L >= 3, proved)"


def test_equal_probabilities_are_the_uniform_law():
    kernel = sk.kernels.embedding(alpha, beta).attention().mean_pool()
    listed = kernel.spectrum(length=L, tokens=categorical(["1/3"] * 3))
    named = kernel.spectrum(length=L, tokens=uniform(3))
    for sector in listed:
        total = sum(t.contribution() for t in named if t.position_irrep == sector.position_irrep)
        assert (total - sector.contribution()).equals(0)


@examples(15)
@given(
    st.lists(st.integers(1, 5), min_size=2, max_size=3),
    st.integers(0, 3),
    st.integers(1, 4),
    st.integers(1, 3),
)
def test_random_laws_meet_their_trace(weights, position, token, length):
    total = sum(weights)
    law = categorical([f"{w}/{total}" for w in weights])
    kernel = sk.kernels.embedding(token, position).attention().flatten()
    spec = kernel.spectrum(length=L, tokens=law)
    assert spec.check_trace()
    words = product(range(len(weights)), repeat=length)
    mean = sum(float(kernel(x, x)) * _probability(x, law) for x in words)
    assert abs(mean - float(spec.trace().subs(L, length))) < 1e-9 * (1 + mean)


def test_vocabulary_must_be_given():
    with pytest.raises(NoClosedForm, match="length"):
        sk.derive("softmax-block", tokens=uniform(v))


def _word_by_word(operator, vector, terms, depth):
    """sum of c n...n T_{m^j d^q} n...n, every word of letters by itself: the definition."""
    own = {(j, q): c for (i, j, q), c in terms.items() if i == 0}
    total = operator._middle(vector, own) if own else {}
    if depth:
        deeper = {(i - 1, j, q): c for (i, j, q), c in terms.items() if i}
        for t in range(operator.letters):
            inner = _word_by_word(operator, operator._count(vector, t), deeper, depth - 1)
            for s, c in operator._count(inner, t).items():
                total[s] = total[s] + c if s in total else c
    return {s: c for s, c in total.items() if c}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("star", [False, True])
def test_images_that_are_remembered_are_those_of_every_word(star):
    from symkern.engines.match_counts.letter_spaces import letter_space
    from symkern.engines.match_counts.letters import LetterOperator
    from symkern.exact import function_field

    field = function_field((L, alpha))
    terms = {
        (0, 1, 0, 0, 0): field(alpha),
        (2, 1, 0, 0, int(star)): field(3),
        (3, 0, 0, 0, 0): field(L - 1),
        (1, 0, 0, 0, 0): field(2),
    }
    laws = ((Fraction(1, 3), (Fraction(1, 2), Fraction(1, 3), Fraction(1, 6))),
            (Fraction(2, 3), (Fraction(1, 5), Fraction(1, 5), Fraction(3, 5))))  # fmt: skip
    operator = LetterOperator(field, terms, field(L), laws, star)
    plain = {(i, j, q): c for (i, j, _, _, q), c in terms.items()}
    for mu in (sk.Partition(), sk.Partition(1)):
        for source in letter_space(mu, 3, 2, star).sources:
            expected = _word_by_word(operator, {source: field.one}, plain, 3)
            assert operator.apply(source) == expected


@pytest.mark.wide
def test_three_layers_on_two_letters():
    """Degree fourteen, L and both variances symbols: at small lengths the dense matrix, at a long one every leading term."""
    spec = sk.derive("linear-attention-3", tokens=categorical(["1/3", "2/3"]))
    assert len(spec.sectors) == 14 and spec.check_trace()
    assert all(all(sector.leading_terms) for sector in spec)
    put = {alpha: sp.Rational(7, 5), beta: sp.Rational(3, 4)}
    for sector in (spec.sector([]), spec.sector([6]), spec.sector([12])):
        expected = _numbers(sector, put, 10**24)
        assert {int(e): list(sector.exponents).count(e) for e in sector.exponents} == {
            e: len(values) for e, values in expected.items()
        }
        for term in sector.leading_terms:
            if isinstance(term.coefficient, sp.Expr):
                value = float(term.coefficient.subs(put))
                assert any(np.isclose(value, e, rtol=1e-6) for e in expected[int(term.exponent)])
    _three_layers_are_the_dense_matrix(spec.evaluate(length=4, alpha=1, beta=2), 4)


def test_three_layers_on_two_letters_at_a_given_length():
    """The length given, both variances symbols: the trace, and at numbers the dense matrix."""
    spec = sk.derive("linear-attention-3", length=3, tokens=categorical(["1/3", "2/3"]))
    assert spec.check_trace()
    _three_layers_are_the_dense_matrix(spec.evaluate(alpha=1, beta=2), 3)


def _three_layers_are_the_dense_matrix(there, length):
    """At alpha = 1, beta = 2."""
    words = list(product(range(2), repeat=length))
    root = np.sqrt([2.0 ** sum(w) / 3**length for w in words])
    kernel = sk.kernels.read_kernel("linear-attention-3")
    gram = [[float(kernel(x, y, alpha=1, beta=2)) for y in words] for x in words]
    dense = np.linalg.eigvalsh(root[:, None] * np.array(gram) * root)
    listed = [float(e) for s in there for e in s.eigenvalues for _ in range(int(s.dimension))]
    listed += [0.0] * (len(words) - len(listed))
    assert np.allclose(np.sort(listed), dense, atol=1e-9 * dense.max())


@pytest.mark.parametrize("letters", [2, 3, 4])
def test_words_under_the_young_symmetrizer(letters):
    """Images by orbits and coordinates by contents, against every permutation of rows and columns."""
    from symkern.combinatorics import partitions
    from symkern.engines.match_counts.letter_spaces import letter_space
    from symkern.engines.match_counts.multiplicity_space import column_group, row_group

    def image(word, mu):
        found = {}
        for row in row_group(mu):
            for column, sign in column_group(mu):
                moved = [0] * len(word)
                for i, u in enumerate(word):
                    moved[column[row[i]]] = u
                found[tuple(moved)] = found.get(tuple(moved), 0) + sign
        return {w: c for w, c in found.items() if c}

    for size in range(5 if letters < 4 else 4):
        for mu in partitions(size):
            if len(mu) >= letters:
                continue
            space = letter_space(mu, letters, size + 1, True)
            for state, coordinates in space.coordinates.items():
                expected = image(state.explicit, mu)
                total = {}
                for i, q in coordinates:
                    assert space.sources[i][1:] == state[1:]
                    for other, c in space.vectors[i].items():
                        total[other.explicit] = total.get(other.explicit, 0) + q * c
                assert {w: c for w, c in total.items() if c} == expected
            for source, vector in zip(space.sources, space.vectors, strict=True):
                assert {s.explicit: c for s, c in vector.items()} == image(source.explicit, mu)
