"""A law from outside the package: values, spectrum, LaTeX, JSON, certificate and cost work with it, and nothing of it stays."""

import json
import pickle
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import product
from math import prod

import numpy as np
import pytest

import symkern as sk
from symkern.abc import L
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm, SizeMismatch
from symkern.kernels import embedding, register_law
from symkern.spectra.storage import read_spectrum
from symkern.tokens import Law, law_names, read_law
from symkern.tokens.letter_counts import orders


@dataclass(frozen=True)
class Polya(Law):
    """Polya's urn: every letter drawn is put back together with one more of its kind."""

    urn: tuple[int, ...]

    @property
    def vocabulary(self):
        return len(self.urn)

    def type_probability(self, counts):
        ways = prod(Fraction(a + i) for a, n in zip(self.urn, counts) for i in range(n))
        return orders(counts) * ways / prod(sum(self.urn) + i for i in range(sum(counts)))


@dataclass(frozen=True)
class EvenCounts(Law):
    """Uniform on the sequences in which every letter occurs an even number of times."""

    length: int
    vocabulary: int

    def type_probability(self, counts):
        even = [n for n in product(range(0, self.length + 1, 2), repeat=self.vocabulary) if sum(n) == self.length]  # fmt: skip
        return Fraction(orders(counts) * (tuple(counts) in even), sum(map(orders, even)))


@dataclass(frozen=True)
class Zipf(Law):
    """Independent letters, the t-th with a probability in the proportion 1/(t + 1)."""

    vocabulary: int

    def components(self):
        total = sum(Fraction(1, t + 1) for t in range(self.vocabulary))
        return ((Fraction(1), tuple(Fraction(1, t + 1) / total for t in range(self.vocabulary))),)


@cache
def _gram(kernel, length, letters):
    words = list(product(range(letters), repeat=length))
    half = [[float(kernel(x, y)) for y in words[: i + 1]] for i, x in enumerate(words)]
    return np.array(
        [[half[max(i, j)][min(i, j)] for j in range(len(words))] for i in range(len(words))]
    )


KERNELS = [
    embedding(1, 2).attention().mean_pool(),
    embedding(1, 1).attention().at_position("last"),
    embedding(1).flatten().mlp("relu"),
]


LAWS = [Polya((1, 2)), Polya((1, 1, 3)), EvenCounts(4, 2), Zipf(3)]


@pytest.mark.sampled(8)
@pytest.mark.parametrize(
    ("kernel", "law"),
    [
        # The checker encloses every value of relu by itself, which on three letters takes seconds.
        pytest.param(kernel, law, marks=[pytest.mark.wide] * (i == 2 and law.vocabulary > 2))
        for law in LAWS
        for i, kernel in enumerate(KERNELS)
    ],
    ids=str,
)
def test_spectrum_against_the_dense_operator(kernel, law):
    length, letters = law.length or 3, law.vocabulary
    words = list(product(range(letters), repeat=length))
    chances = [law.probability(x) for x in words]
    assert sum(chances) == 1
    root = np.sqrt([float(p) for p in chances])
    gram = _gram(kernel, length, letters)
    dense = np.linalg.eigvalsh(gram * np.outer(root, root))[::-1]
    spectrum = kernel.spectrum(length, law)
    found = [float(e) for s in spectrum.sectors for e in s.eigenvalues for _ in range(s.dimension)]
    found = np.sort(np.array(found))[::-1]
    assert np.allclose(found, dense[: len(found)], atol=1e-10) and np.abs(dense[len(found) :]).max(initial=0) < 1e-10  # fmt: skip
    assert spectrum.check_trace()
    assert kernel.cost(length, law)
    assert json.loads(spectrum.to_json())["tokens"] == repr(law)
    assert spectrum.latex() and spectrum.text() and law.name in spectrum.latex()
    assert pickle.loads(pickle.dumps(law)) == law == eval(repr(law))  # noqa: S307
    assert sk.certificates.check(spectrum.certificate()).verdict == "confirmed"


def test_text_is_read_while_registered():
    law, spectrum = Polya((1, 2)), KERNELS[0].spectrum(3, Polya((1, 2)))
    for attempt in range(2):  # the second time after all has been undone
        with pytest.raises(InvalidArgument, match="must be uniform, distinct"):
            read_law(repr(law))
        with register_law(Polya):
            assert "Polya" in law_names() and read_law(repr(law)) == law
            assert read_spectrum(spectrum.to_json()) == spectrum
            with pytest.raises(InvalidArgument, match="name of its own"):
                register_law(Polya)
            with pytest.raises(InvalidType, match="Polya"):
                KERNELS[0].spectrum(3, f"law {attempt}")
        assert "Polya" not in law_names()


def test_refusals():
    kernel = KERNELS[0]
    with pytest.raises(SizeMismatch, match="EvenCounts"):
        kernel.spectrum(3, EvenCounts(4, 2))
    with pytest.raises(NoClosedForm, match="Polya"):
        kernel.spectrum(L, Polya((1, 1)))
    with pytest.raises(InvalidType, match="subclass of Law"):
        register_law(dict)
    with pytest.raises(InvalidType, match="type_probability"):
        register_law(type("Empty", (Law,), {"vocabulary": 2}))
    with pytest.raises(InvalidType, match="vocabulary"):
        register_law(type("Bare", (Law,), {"type_probability": lambda self, counts: 1}))


@pytest.mark.parametrize(
    ("chance", "error"),
    [(0.25, InvalidType), (Fraction(1, 3), InvalidArgument), (None, InvalidType)],
)
def test_probabilities_that_are_none(chance, error):
    wrong = type("Wrong", (Law,), {"vocabulary": 2, "type_probability": lambda self, counts: chance})  # fmt: skip
    with pytest.raises(error, match=r"^tokens: must"):
        KERNELS[0].spectrum(3, wrong())


def test_a_law_of_independent_letters_is_symbolic_in_the_length():
    spectrum = KERNELS[0].spectrum(L, Zipf(3))
    same = KERNELS[0].spectrum(L, sk.kernels.categorical(["6/11", "3/11", "2/11"]))
    assert [s.block for s in spectrum.sectors] == [s.block for s in same.sectors]
    assert spectrum.average_sensitivity().ratio == same.average_sensitivity().ratio
    assert sk.certificates.check(spectrum.certificate()).verdict == "confirmed"
