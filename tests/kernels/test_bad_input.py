"""What is not a kernel, a law or a sequence gets a typed error that names argument, rule and value."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

import symkern as sk
from symkern.abc import L, alpha, beta, v, x
from symkern.errors import (
    InvalidArgument,
    InvalidType,
    NoClosedForm,
    SizeMismatch,
    SymkernError,
    SymmetryError,
)


def _embedded():
    return sk.kernels.embedding(alpha, beta)


def _kernel():
    return _embedded().attention().mean_pool()


def _fails(action, kind=SymkernError, match=None):
    with pytest.raises(kind, match=match) as caught:
        action()
    text = str(caught.value)
    assert len(text) > 15
    assert "\n" not in text
    return text


@pytest.mark.parametrize(
    "value", [0.5, np.float64(0.5), True, None, [1], sp.Float("0.5"), sp.oo, 1j]
)
def test_variances_are_exact_numbers(value):
    _fails(lambda: sk.kernels.embedding(value), match="token")
    _fails(lambda: sk.kernels.embedding(alpha, constant=value), match="constant")


@pytest.mark.parametrize("value", [-1, Fraction(-1, 2), "-1", -alpha])
def test_variances_are_not_negative(value):
    _fails(lambda: sk.kernels.embedding(value), InvalidArgument, "token")
    _fails(lambda: sk.kernels.embedding(alpha, value), InvalidArgument, "position")


@pytest.mark.parametrize(
    "position",
    [
        np.array([[2, 1], [1, 2]]),
        [[2, 1, 0], [1, 2, 1], [0, 1, 2]],
        lambda a, b: 1 / (1 + abs(a - b)),
        sp.Matrix([[2, 1], [1, 2]]),
    ],
)
def test_distance_dependent_positions_break_the_symmetry(position):
    """Only position * [a = b] is unchanged when positions move."""
    text = _fails(lambda: sk.kernels.embedding(alpha, position), (SymmetryError, InvalidType))
    assert text.startswith("position: ")


@pytest.mark.parametrize("text", ["__import__('os')", "alpha; beta", "delta", "9^9^9", ""])
def test_parameters_are_not_evaluated(text):
    _fails(lambda: sk.kernels.embedding(text), InvalidArgument, "token")


def test_words_of_attention():
    _fails(lambda: _embedded().attention(query_key="both"), InvalidArgument, "query_key.*both")
    _fails(
        lambda: _embedded().attention(query_key="tied", row_map="cosine"),
        InvalidArgument,
        "row_map.*cosine",
    )
    _fails(lambda: _embedded().attention(normalize="yes"), match="normalize.*yes")
    _fails(lambda: _embedded().attention(positions_in_values=2), match="positions_in_values")


@pytest.mark.parametrize("row_map", ["softmax", "relu", "abs"])
def test_random_scores_know_the_identity_map_only(row_map):
    _fails(lambda: _embedded().attention(row_map=row_map), match=row_map)


def test_positions_leave_the_values_of_the_first_attention_only():
    twice = _embedded().attention()
    _fails(lambda: twice.attention(positions_in_values=False), match="positions_in_values")


def test_stages_in_an_impossible_order():
    _fails(lambda: _embedded().residual(), match="residual")
    for name in ("attention", "residual", "mean_pool", "flatten", "at_position"):
        with pytest.raises(SymkernError, match=name):  # after a readout
            getattr(_kernel(), name)()


@pytest.mark.parametrize("position", ["first", "LAST", 0, -1, 2.0, None, True])
def test_the_only_special_position_is_the_last(position):
    _fails(lambda: _embedded().at_position(position), match="position")


@pytest.mark.parametrize(
    "activation",
    ["tanh", "cubic", "__import__('os')", sp.sqrt(x), 1 / x, 2.5 * x, None],
)
def test_activations(activation):
    _fails(lambda: _embedded().mlp(activation), match="activation|mlp")


def test_linear_weights():
    _fails(lambda: _embedded().linear(weight=-1), InvalidArgument, "weight")
    _fails(lambda: _embedded().linear(bias=0.5), InvalidType, "bias")


def test_a_pair_kernel_is_no_kernel_yet():
    """Without a readout there is no number k(x, y)."""
    pair = _embedded().attention()
    for action in (
        lambda: pair((0, 1), (1, 0)),
        lambda: pair.spectrum(length=L, tokens=sk.kernels.uniform(v)),
        lambda: pair.class_function(L),
    ):
        with pytest.raises((SymkernError, AttributeError, TypeError)) as caught:
            action()
        assert "readout" in str(caught.value) or not isinstance(caught.value, SymkernError)


def test_sequences():
    k = _kernel()
    _fails(lambda: k((0, 1), (0, 1, 1)), SizeMismatch, "y")
    _fails(lambda: k((), ()), InvalidArgument)
    _fails(lambda: k(5, (0, 1)), InvalidType, "x")
    _fails(lambda: k((0, 1), None), InvalidType, "y")
    _fails(lambda: k(np.zeros((2, 2), dtype=int), (0, 1)), match="x")
    _fails(lambda: k((0, [1]), (0, 1)), match="x")


def test_any_names_will_do_for_tokens():
    assert _kernel()("abba", "baba") == _kernel()((0, 1, 1, 0), (1, 0, 1, 0))


def test_parameters_by_name():
    k = _kernel()
    _fails(lambda: k((0, 1), (0, 1), delta=1), match="delta")
    _fails(lambda: k((0, 1), (0, 1), alpha=0.1), match="alpha")
    _fails(lambda: k((0, 1), (0, 1), alpha=-1), match="alpha|token")


@pytest.mark.parametrize("length", [0, -3, 2.5, True, "0", "five", np.int64(0), Fraction(1, 2)])
def test_lengths(length):
    _fails(lambda: _kernel().spectrum(length=length, tokens=sk.kernels.uniform(v)), match="length")
    _fails(lambda: _kernel().spectrum(length=length, tokens=sk.kernels.distinct()), match="length")
    spec = _kernel().spectrum(length=L, tokens=sk.kernels.uniform(v))
    _fails(lambda: spec.evaluate(length=length, vocabulary=3), match="length")


@pytest.mark.parametrize("vocabulary", [0, -1, 2.0, False, "0", [2]])
def test_vocabularies(vocabulary):
    _fails(lambda: sk.kernels.uniform(vocabulary), match="vocabulary|v")
    spec = _kernel().spectrum(length=L, tokens=sk.kernels.uniform(v))
    _fails(lambda: spec.evaluate(length=3, vocabulary=vocabulary), match="vocabulary")


@pytest.mark.parametrize("tokens", ["uniform", 3, None, [Fraction(1, 2)] * 2])
def test_laws(tokens):
    _fails(lambda: _kernel().spectrum(length=L, tokens=tokens), match="tokens")


def test_softmax_has_no_formula_in_the_length():
    """The message says what does exist; one layer behind mean pooling has series with v a symbol."""
    k = _embedded().attention(query_key="tied", row_map="softmax").flatten()
    text = _fails(lambda: k.spectrum(length=L, tokens=sk.kernels.uniform(v)), NoClosedForm)
    assert "softmax" in text
    assert "symbolic in the length" in text
    assert "exact" in text


def test_values_are_never_floats_in_disguise():
    """An expression that carries a float is refused where it enters."""
    _fails(lambda: sk.kernels.embedding(sp.Float(0.5) * alpha), InvalidType, "token")


def test_errors_come_before_memory():
    """A spectrum at an absurd size is symbolic work or a refusal, not an allocation."""
    k = sk.kernels.embedding(alpha, beta).mean_pool()
    try:
        spec = k.spectrum(length=10**6, tokens=sk.kernels.uniform(10**6))
    except SymkernError:
        return
    assert len(spec.sectors) <= 3


@pytest.mark.parametrize(
    "make",
    [
        lambda: sk.kernels.embedding(x),
        lambda: sk.kernels.embedding(1, "x"),
        lambda: sk.kernels.embedding(1, 0, x + 1),
        lambda: sk.kernels.embedding([[x, 0], [0, 1]]),
        lambda: sk.kernels.embedding([[1, 0], [0, 1]], x),
        lambda: _embedded().linear("x"),
        lambda: _embedded().attention(scale=x),
        lambda: _embedded().mlp("leaky_relu(x)"),
        lambda: sk.kernels.read_kernel("embedding(1) | mlp(leaky_relu(2*x)) | mean_pool"),
        lambda: sk.kernels.read_kernel("embedding(1) | linear(x) | mean_pool"),
        lambda: sk.kernels.read_kernel("embedding(1) | plus(embedding(x)) | mean_pool"),
        lambda: _embedded().mlp("alpha*x").substitute({alpha: x}),
        lambda: _embedded().mlp("alpha*x").mean_pool()((0, 1), (0, 1), alpha="x"),
        lambda: _embedded().mean_pool().matrix([[0, 1]], alpha=1, beta="x"),
        lambda: sk.kernels.from_function(lambda a, b: alpha, "k", [alpha]).substitute({alpha: x}),
    ],
)
def test_the_variable_of_activations_is_no_hyperparameter(make):
    _fails(make, InvalidArgument, "must not contain x, which is the variable of an activation")
    assert _embedded().mlp("alpha*x + x^2").parameters == (alpha, beta)


def test_length_and_vocabulary_of_functions_are_those_of_the_sequences():
    def matches(a, b):
        return L * v * sum(s == t for s, t in zip(a, b, strict=True))

    kernel = sk.kernels.from_function(matches, "k", ["L", "v"])
    assert kernel((0, 1, 1), (0, 1, 0)) == 3 * v * 2
    assert kernel((0, 1, 1), (0, 1, 0), v=5) == 3 * 5 * 2
    found = kernel.spectrum(length=3, tokens=sk.kernels.uniform(2))
    plain = sk.kernels.from_function(lambda a, b: 6 * matches(a, b) / L / v, "k")
    expected = plain.spectrum(length=3, tokens=sk.kernels.uniform(2))
    assert [s.eigenvalues for s in found] == [s.eigenvalues for s in expected]
    _fails(lambda: kernel((0, 1), (0, 1), L=2), InvalidArgument, "L: is the length")


def test_a_suggestion_is_made_once():
    for make, suggestion in (
        (lambda: sk.kernels.embedding(1).attention("softmax"), "attention(tied, softmax)"),
        (lambda: sk.kernels.read_kernel("embedding(1) | attention(softmax) | mean_pool"), "attention(tied, softmax)"),
        (lambda: sk.kernels.embedding(1).mlp("Relu"), "'relu'"),
        (lambda: sk.kernels.read_kernel("embedding(1) | mlp(Relu) | mean_pool"), "'relu'"),
    ):  # fmt: skip
        said = _fails(make, InvalidArgument)
        assert said.endswith(f"; did you mean {suggestion}?") and said.count(suggestion) == 1
        assert said.count(";") == 1


def test_a_long_kernel_is_not_said_in_full():
    vectors = np.random.default_rng(0).integers(1, 10**9, (50, 3))
    pair = sk.kernels.from_vectors(vectors)
    kernel = pair.mean_pool()
    assert len(str(kernel)) > 40_000
    for ask in (
        lambda: kernel.spectrum(length="L", tokens=sk.kernels.uniform(50)),
        lambda: kernel.spectrum(length=L, tokens=sk.kernels.uniform(v)),
        lambda: kernel.class_function("L"),
        lambda: pair.spectrum(length=3),
        lambda: pair.matrix([[0]]),
        lambda: kernel.mean_pool(),
        lambda: kernel.matrix([[0]], lengths=[5]),
        lambda: pair.linear("1/L").mean_pool().matrix([[0]], lengths=[1]),
        lambda: pair.linear("alpha").mean_pool().matrix([[0]]),
    ):
        assert len(_fails(ask)) < 2500


def test_data_frames_are_rows():
    for library in ("pandas", "polars"):
        frames = pytest.importorskip(library, reason=f"{library} is not installed")
        frame = frames.DataFrame({"a": [1.0, 0, 1], "b": [0.5, 1, -1]})
        expected = sk.kernels.from_vectors([[1.0, 0.5], [0, 1], [1, -1]])
        assert sk.kernels.from_vectors(frame) == expected
