"""Token laws: probabilities that sum to one, values that copy, print and read back, and refusals that say what laws there are."""

import copy
import pickle
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
import sympy as sp

import symkern as sk
from symkern.abc import L, v
from symkern.errors import FormulaError, InvalidArgument, InvalidType, SizeMismatch, SymkernError
from symkern.kernels import (
    categorical,
    distinct,
    exchangeable,
    markov,
    mixture,
    symmetrised,
    uniform,
)
from symkern.tokens import read_law
from symkern.tokens.letter_counts import types

LAWS = [
    uniform(1),
    uniform(3),
    categorical(["1/2", "1/3", "1/6"]),
    categorical([0, "1/4", "3/4"]),
    mixture([("1/3", categorical([1, 0])), ("2/3", uniform(2))]),
    mixture([(0, categorical([1, 0, 0])), ("1/2", categorical([0, "1/2", "1/2"])), ("1/2", categorical([0, 1, 0]))]),
    exchangeable({(2, 1, 0): "1/4", (0, 0, 3): "3/4"}),
    exchangeable({(3,): 1}),
    symmetrised(markov([["3/4", "1/4"], [1, 0]]), 3),
    distinct(),
]  # fmt: skip
SYMBOLIC = [uniform(v), uniform(L)]


@pytest.mark.parametrize("law", LAWS, ids=repr)
@pytest.mark.parametrize("length", [1, 2, 3])
def test_probabilities(law, length):
    """Of sequences and of types, against each other, with their sum over all sequences; positions may be permuted."""
    if law.length not in (None, length):
        with pytest.raises(SizeMismatch, match="length"):
            law.require_length(length)
        return
    letters = law.vocabulary_at(length)
    chances = {x: law.probability(x) for x in product(range(letters), repeat=length)}
    assert sum(chances.values()) == 1 and all(type(p) is Fraction for p in chances.values())
    assert all(p == law.probability(x[::-1]) for x, p in chances.items())
    by_type = {n: Fraction(0) for n in types(length, letters)}
    for x, p in chances.items():
        by_type[tuple(map(x.count, range(letters)))] += p
    assert by_type == {n: law.type_probability(n) for n in by_type}
    listed = list(law.sequences(length))
    assert listed == sorted(listed) and len(listed) == law.sequence_count(length)
    assert {x for x, p in chances.items() if p} <= set(listed)


@pytest.mark.parametrize("law", [law for law in LAWS if law.components()], ids=repr)
def test_components_and_support(law):
    """The mixture written out, and the law on the letters that occur, have the probabilities of the law."""
    few, letters = law.occurring()
    for x in product(range(law.vocabulary), repeat=3):
        mixed = Fraction(0)
        for weight, p in law.components():
            for t in x:
                weight *= Fraction(1, law.vocabulary) if p is None else p[t]
            mixed += weight
        assert mixed == law.probability(x)
        inside = all(t in letters for t in x)
        assert mixed == (few.probability([letters.index(t) for t in x]) if inside else 0)
    assert law.is_independent == (len(law.components()) == 1)
    if law.is_independent:
        assert law.letter_probabilities() == tuple(law.probability((t,)) for t in range(law.vocabulary))  # fmt: skip


@pytest.mark.parametrize("law", LAWS + SYMBOLIC, ids=repr)
def test_laws_are_values(law):
    names = {**vars(sk.kernels), "L": L, "v": v}
    read = eval(repr(law), names)  # noqa: S307
    for other in (pickle.loads(pickle.dumps(law)), copy.deepcopy(law), read):
        assert other == law and hash(other) == hash(law) and repr(other) == repr(law)
    assert read_law(law.text(), law.vocabulary) == law
    assert read_law(repr(law)) == law
    assert str(law) and law.latex()
    with pytest.raises(AttributeError):
        law.vocabulary = 5


def test_sizes_of_laws():
    assert [law.vocabulary_at(6) for law in (uniform(v), uniform(L), uniform(2), distinct())] == [v, 6, 2, 6]  # fmt: skip
    assert uniform(v).at_sizes(5) == uniform(v) and uniform(v).at_sizes(5, 2) == uniform(2)
    assert uniform(L).at_sizes(5, 2) == uniform(5) and distinct().at_sizes(5) == distinct()
    assert uniform(v).letter_probabilities is not None and uniform(v).is_uniform
    with pytest.raises(InvalidArgument, match="vocabulary"):
        uniform(v).letter_probabilities()
    with pytest.raises(InvalidType, match="independent"):
        distinct().letter_probabilities()


@pytest.mark.parametrize("law", [law for law in LAWS if law.name != "distinct"], ids=repr)
def test_what_certificates_say_gives_the_same_probabilities(law):
    from symkern.certificates.checker.claimed_laws import Law as CheckedLaw

    checked = CheckedLaw(law.claim(3))
    for x in product(range(law.vocabulary), repeat=3):
        assert checked.probability(x, law.vocabulary) == law.probability(x)


@pytest.mark.parametrize(
    "make",
    [
        lambda: categorical(None),
        lambda: categorical(5),
        lambda: categorical("1/2,1/2"),
        lambda: categorical(b"\x01"),
        lambda: categorical({1}),
        lambda: categorical({0: 1}),
        lambda: categorical([0.5, 0.5]),
        lambda: categorical(np.array(1)),
        lambda: categorical([]),
        lambda: categorical(["1/2", "1/3"]),
        lambda: categorical([2, -1]),
        lambda: categorical([sp.Symbol("p"), 1]),
        lambda: mixture(None),
        lambda: mixture([]),
        lambda: mixture([(1, distinct())]),
        lambda: mixture([(1, "uniform")]),
        lambda: mixture([("1/2", uniform(2)), ("1/2", uniform(3))]),
        lambda: mixture([uniform(2)]),
        lambda: exchangeable(None),
        lambda: exchangeable({}),
        lambda: exchangeable({(1, 1): 1, (2,): 0}),
        lambda: exchangeable({(0, 0): 1}),
        lambda: exchangeable({"11": 1}),
        lambda: uniform(None),
        lambda: uniform(2.0),
        lambda: uniform(2 * v),
        lambda: uniform(True),
        lambda: uniform(2).probability((0, 2)),
        lambda: uniform(2).probability((0, "a")),
        lambda: exchangeable({(1, 1): 1}).probability((0, 1, 1)),
    ],
)
def test_refusals_are_typed(make):
    with pytest.raises(SymkernError):
        make()


@pytest.mark.parametrize("tokens", [None, "uniform", 3, [0.5, 0.5], sk.kernels.uniform, object()])
def test_what_is_no_law_is_told_which_there_are(tokens):
    kernel = sk.kernels.embedding(1, 1).flatten()
    named = "uniform, categorical, mixture, exchangeable, distinct, markov, hidden_markov or symmetrised"
    for ask in (kernel.spectrum, kernel.cost):
        with pytest.raises(InvalidType, match=f"^tokens: must be a token law: {named}"):
            ask(3, tokens)
    with pytest.raises(InvalidType, match=named):
        sk.kernels.targets.energy(lambda x: 1, length=2, tokens=tokens)


@pytest.mark.parametrize("text", ["", "uniform(", "zipf(2)", "unform", "uniform(2", "(1).real", "categorical([1], [2])",
                                  "categorical(x=[1])", "mixture(5)", "f" * 10**5 + "(", "-" * 10**4 + "(1)"])  # fmt: skip
def test_text_that_is_no_law(text):
    with pytest.raises(SymkernError):
        read_law(text)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("unifrom(2)", 0), ("uniform(2", 9), ("uniform(2))", 10), ("categorical(['1/2', open('x')])", 20), ("exchangeable({{}: 1})", 14),
        ("exchangeable({(1, {}): 1})", 14), ("uniform(2, 3, 4)", 0), ("mixture(x=1)", 0), ("uniform('2)", 8), ("uniform" + "(" * 60, 48),
        ("mixture(" + "9" * 5000 + ")", 8), ("uniform(v=2, v=3)", 0),
    ],
)  # fmt: skip
def test_a_text_that_is_no_law_is_refused_at_its_place(text, place):
    with pytest.raises(FormulaError) as refused:
        read_law(text)
    assert refused.value.position == place
