"""Embeddings with a given covariance of letters: beside dense matrices, in every representation and library, and what is no covariance."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import symkern as sk
from symkern import limits
from symkern.abc import L, alpha, beta, v
from symkern.errors import (
    InvalidArgument,
    InvalidType,
    NoClosedForm,
    NotPositive,
    PipelineError,
    SizeMismatch,
    SymkernError,
    SymmetryError,
    TooLarge,
)
from symkern.exact.semidefinite import negative_direction
from symkern.kernels import (
    categorical,
    embedding,
    from_vectors,
    kernel_matrices,
    read_kernel,
    uniform,
)
from symkern.kernels.algebras.array_letters import Letters
from symkern.kernels.algebras.array_patterns import LeavesPatterns, Patterns
from symkern.kernels.algebras.array_positions import Positions
from tests.oracles.transcribed import transcribed
from tests.search import examples

ROWS = [[1, "1/2", 0], ["1/2", 2, "-1/3"], [0, "-1/3", "1/2"]]
TEXT = "[[1, 1/2, 0], [1/2, 2, -1/3], [0, -1/3, 1/2]]"
KERNELS = [
    f"embedding({TEXT}) | mean_pool",
    f"embedding({TEXT}, 1/2) | attention | flatten",
    f"embedding({TEXT}, 1/2) | attention(tied, softmax) | at_position(last)",
    f"embedding({TEXT}, 1/2) | attention(tied, softmax) | flatten",
    f"embedding({TEXT}) | attention(tied, softmax) | residual | layer_norm | linear(1, 1/2) | mlp(relu) | mean_pool",
    f"embedding({TEXT}, 1/3, -1/20) | attention(tied, relu) | attention(tied, softmax, positions_in_values=true) | flatten | ntk",
]


def _spectral(kernel: Any, length: int, letters: int, weights: Any) -> tuple[np.ndarray, Any]:
    """Eigenvalues of the dense operator under independent letters, and the spectrum."""
    words = list(product(range(letters), repeat=length))
    mass = np.sqrt([float(np.prod([float(weights[t]) for t in w])) for w in words])
    dense = np.linalg.eigvalsh(kernel.matrix(words) * np.outer(mass, mass))
    law = uniform(letters) if len(set(weights)) == 1 else categorical(weights)
    return dense, kernel.spectrum(length=length, tokens=law)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("text", KERNELS)
@pytest.mark.parametrize("weights", [[Fraction(1, 3)] * 3, [Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)]], ids=str)  # fmt: skip
def test_spectra_beside_dense_matrices(text: str, weights: Any) -> None:
    dense, spectrum = _spectral(read_kernel(text), 3, 3, weights)
    found = sorted(float(e) for s in spectrum for e in s.eigenvalues for _ in range(int(s.dimension)))  # fmt: skip
    found = [0.0] * (len(dense) - len(found)) + found
    assert found == pytest.approx(list(dense), abs=1e-12 * dense.max())
    assert all(s.token_irrep is None for s in spectrum)  # letters are told apart


def test_two_positions_under_softmax_keep_what_is_antisymmetric() -> None:
    """On two positions f(s, t) = -f(t, s) need not change its sign when letters are renamed, where these are not alike."""
    kernel = read_kernel(f"embedding({TEXT}, 1/2) | attention(tied, softmax) | mean_pool")
    dense, spectrum = _spectral(kernel, 2, 3, [Fraction(1, 3)] * 3)
    found = sorted(float(e) for s in spectrum for e in s.eigenvalues for _ in range(int(s.dimension)))  # fmt: skip
    assert found == pytest.approx(list(dense)[-len(found) :], abs=1e-13)
    assert abs(dense[: -len(found)]).max(initial=0) < 1e-13


@pytest.mark.parametrize("text", KERNELS)
def test_every_representation(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel, rng = read_kernel(text), np.random.default_rng(1)
    words = rng.integers(0, 3, (4, 5))
    is_tangent = kernel.stages[-1].name == "ntk"
    stages = kernel.stages[:-1] if is_tangent else kernel.stages
    expected = transcribed(stages, [tuple(map(int, w)) for w in words])[is_tangent]
    for algebra in (Letters, Positions):
        monkeypatch.setattr(kernel_matrices, "smallest", lambda *_, a=algebra: a)
        assert kernel.matrix(words) == pytest.approx(expected, rel=1e-12)
        assert kernel.matrix(words[:2], words[1:]) == pytest.approx(expected[:2, 1:], rel=1e-12)
        assert kernel.diagonal(words) == pytest.approx(np.diag(expected), rel=1e-12)
    monkeypatch.setattr(kernel_matrices, "smallest", lambda *_: Patterns)
    with pytest.raises(LeavesPatterns):
        kernel.matrix(words)


@pytest.mark.parametrize("library", ["array_api_strict", "torch"])
def test_libraries_of_arrays(library: str) -> None:
    xp = pytest.importorskip(library, reason=f"{library} is not installed")
    words = np.random.default_rng(2).integers(0, 3, (3, 4))
    for text in KERNELS[:5]:
        kernel = read_kernel(text)
        found = kernel.matrix(xp.asarray(words))
        assert np.asarray(found.tolist() if library == "torch" else found._array) == pytest.approx(kernel.matrix(words), rel=1e-13)  # fmt: skip


def test_letters_that_do_not_occur_take_nothing() -> None:
    """Of a thousand letters those that occur are worked on, under the numbers that they have."""
    vectors = np.random.default_rng(3).standard_normal((200, 3)).astype(np.float32)
    kernel = from_vectors(vectors, "1/2").attention("tied", "softmax").mean_pool()
    words = [[7, 199, 3], [3, 3, 150]]
    expected = from_vectors(vectors[[3, 7, 150, 199]], "1/2").attention("tied", "softmax").mean_pool()  # fmt: skip
    assert kernel.matrix(words) == pytest.approx(expected.matrix([[1, 3, 0], [0, 0, 2]]), rel=1e-14)


@pytest.mark.parametrize("text", KERNELS[:1] + KERNELS[4:5])
def test_padding_is_no_letter(text: str) -> None:
    """Neither among the letters of the covariance nor, negative, among any."""
    kernel = read_kernel(text)
    found = kernel.matrix([[0, 2, 1], [1, 0, 9], [2, -1, -1]], lengths=[3, 2, 1])
    words = [[0, 2, 1], [1, 0], [2]]
    for i, word in enumerate(words):
        assert found[i, i] == pytest.approx(kernel.matrix([word])[0, 0], rel=1e-13)


def test_text_python_json_and_latex(tmp_path: Path) -> None:
    kernel = embedding(ROWS, "1/2").attention().mean_pool()
    assert str(kernel) == f"embedding({TEXT}, 1/2) | attention | mean_pool"
    assert read_kernel(str(kernel)) == kernel == eval(repr(kernel), {"embedding": embedding})  # noqa: S307
    assert read_kernel(f"embedding(position=1/2, token={TEXT}) | attention | mean_pool") == kernel
    assert embedding(sp.Matrix([[sp.S(e) for e in row] for row in ROWS])) == embedding(ROWS)
    assert embedding(np.array([[2, 1], [1, 2]])) == embedding("[[2, 1], [1, 2]]")
    spectrum = kernel.spectrum(length=2, tokens=uniform(3))
    spectrum.save(tmp_path / "letters.json")
    again = sk.kernels.Spectrum.load(tmp_path / "letters.json")
    assert again.kernel == kernel == read_kernel(json.loads(spectrum.to_json())["kernel"])
    assert "embedding([[1, 1/2, 0]" in spectrum.latex() and "align*" in spectrum.latex()
    assert hash(kernel) == hash(read_kernel(str(kernel)))


def test_letters_that_are_alike_after_all() -> None:
    """a I + b J is token a, constant b: every engine of match counts applies, at the vocabulary of the matrix."""
    kernel = embedding([["3/2", "1/2"], ["1/2", "3/2"]], beta).attention().mean_pool()
    plain = embedding(1, beta, "1/2").attention().mean_pool()
    ours, theirs = (k.spectrum(length=L, tokens=uniform(2)) for k in (kernel, plain))
    assert [s.eigenvalues for s in ours] == [s.eigenvalues for s in theirs]
    words = [(0, 1, 1), (1, 0, 0)]
    assert kernel(*words, beta=2) == plain(*words, beta=2)
    symbolic = embedding([[alpha, beta], [beta, alpha]]).attention().mean_pool()
    own = symbolic.spectrum(length=L, tokens=uniform(2))
    assert own.evaluate(length=3, alpha=2, beta=1).trace() == symbolic.substitute({alpha: 2, beta: 1}).spectrum(length=3, tokens=uniform(2)).trace()  # fmt: skip


def test_entries_may_be_formulas() -> None:
    kernel = embedding([[alpha, beta], [beta, 1]]).attention().mean_pool()
    assert kernel.parameters == (alpha, beta)
    spectrum = kernel.spectrum(length=2, tokens=uniform(2))
    numbers = spectrum.evaluate(alpha=2, beta=1)
    words = list(product(range(2), repeat=2))
    dense = np.linalg.eigvalsh(kernel.matrix(words, alpha=2, beta=1) / 4)
    found = sorted(float(e) for s in numbers for e in s.eigenvalues for _ in range(int(s.dimension)))  # fmt: skip
    assert [0.0] * (4 - len(found)) + found == pytest.approx(list(dense), abs=1e-14)
    with pytest.raises(NotPositive):
        kernel((0, 1), (1, 1), alpha=1, beta=2)
    with pytest.raises(InvalidArgument, match="give alpha, beta by name"):
        kernel.matrix(words)
    softmax = embedding([[alpha, 1], [1, 2]]).attention("tied", "softmax").mean_pool()
    with pytest.raises(NoClosedForm, match="covariance of letters"):
        softmax.spectrum(length=2, tokens=uniform(2))


def test_vectors() -> None:
    vectors = [[1.5, -0.25, 0.1], [0, 2, 1]]
    kernel = from_vectors(vectors).mean_pool()
    exact = [[Fraction(e) for e in row] for row in vectors]
    gram = sum(a * b for a, b in zip(*exact, strict=True)) / 3
    assert kernel((0,), (1,)) == sp.Rational(gram.numerator, gram.denominator)
    array = np.array(vectors)
    words = [[0, 1, 1], [0, 0, 1]]
    bags = np.array([array[w].mean(0) for w in words])
    assert kernel.matrix(words) == pytest.approx(bags @ bags.T / 3, rel=1e-14)
    for wrong, error in (
        ([[1, float("nan")]], InvalidArgument),
        ([[1, "a"]], InvalidType),
        ([[True]], InvalidType),
        ([[1], [1, 2]], SizeMismatch),
        ([], InvalidArgument),
        ([[1 + 1j]], InvalidType),
        ("ab", InvalidType),
    ):
        with pytest.raises(error, match="vectors"):
            from_vectors(wrong)
    with limits.changed(memory=1 << 20), pytest.raises(TooLarge, match="100 letters"):
        from_vectors(np.ones((100, 2)))


# -- what is no covariance ---------------------------------------------------------------------------


@given(st.integers(1, 5), st.integers(0, 2**32 - 1), st.booleans())
@examples(60)
def test_a_direction_is_found_where_there_is_one(size: int, seed: int, is_gram: bool) -> None:
    """Beside NumPy's eigenvalues, on Gram matrices of low rank and on symmetric matrices of small integers."""
    rng = np.random.default_rng(seed)
    half = rng.integers(-2, 3, (size, rng.integers(1, size + 1)))
    matrix = half @ half.T if is_gram else np.tril(half @ np.ones((half.shape[1], size), int))
    matrix = matrix if is_gram else matrix + matrix.T
    found = negative_direction([[sp.Integer(int(e)) for e in row] for row in matrix])
    if found is None:
        assert np.linalg.eigvalsh(matrix)[0] > -1e-9
    else:
        assert not is_gram
        vector = np.array([int(e) for e in found], dtype=object)
        assert vector @ matrix.astype(object) @ vector < 0


@pytest.mark.sampled(2)
@pytest.mark.parametrize("least", [-1, -1e-6, -1e-14, 0, 1e-14, 1e-6, 1])
def test_large_matrices_near_the_edge(least: float) -> None:
    """40 letters, all eigenvalues one but the smallest, which may be far below what floats can see: H diag(1, ..., 1, least) H, H a reflection with fractions."""
    size, edge = 40, sp.Rational(least)
    u = [sp.Integer(1 + i % 3) for i in range(size)]
    norm = sp.Add(*(e**2 for e in u))
    rows = [[int(i == j) + (edge - 1) * a * b / norm for j, b in enumerate(u)] for i, a in enumerate(u)]  # fmt: skip
    rows = [[sp.S(e) for e in row] for row in rows]
    found = negative_direction(rows)
    assert (found is None) == (least >= 0)
    if found is not None:
        with pytest.raises(NotPositive, match=r"with w = \{"):
            embedding(rows)
        some = list(enumerate(found))
        assert sp.Add(*(a * b * rows[i][j] for i, a in some for j, b in some)) < 0


@pytest.mark.parametrize(
    "rows",
    [[[1, 2], [2, 1]], [[0, 1], [1, 3]], [[0, 2], [2, 0]], [[1, 1, 1], [1, 1, 2], [1, 2, 1]], [[-1]], [[1, 0, 0], [0, 0, 0], [0, 0, "-1/7"]], [["sqrt(2)", 2], [2, "sqrt(2)"]]],
    ids=str,
)  # fmt: skip
def test_the_vector_shows_what_is_no_covariance(rows: Any) -> None:
    with pytest.raises(NotPositive, match="token: must be a positive semidefinite") as error:
        embedding(rows)
    w, matrix = sp.Matrix(error.value.witness), sp.Matrix([[sp.S(e) for e in row] for row in rows])
    assert (w.T * matrix * w)[0] < 0
    shown = ", ".join(map(str, error.value.witness))
    assert f"({shown}" in str(error.value)


@pytest.mark.parametrize(
    ("token", "error", "said"),
    [
        ([[1, 2], [3, 9]], SymmetryError, "the letters 0 and 1 have 2 one way and 3 the other"),
        ([[1, 0]], SizeMismatch, "1 rows of 2 entries"),
        ([[1, 0], [0]], SizeMismatch, "each row"),
        ([], SizeMismatch, "square"),
        ([[1.0, 0], [0, 1]], InvalidType, "from_vectors"),
        (np.eye(2), InvalidType, "from_vectors"),
        ([[True]], InvalidType, "token"),
        ([1, 2], InvalidType, "token"),
        ([["rotary"]], InvalidArgument, "rotary"),
        ("[[1, 2], 3]", PipelineError, "rows of a matrix"),
        ("[[1, 2], [2, ]]", InvalidArgument, "token"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_matrix(token: Any, error: type, said: str) -> None:
    with pytest.raises(error, match=said):
        embedding(token)


def test_letters_and_sizes_beside_the_matrix() -> None:
    kernel = embedding(ROWS).mean_pool()
    assert sk.derive(kernel, 2).tokens == uniform(3)
    with pytest.raises(InvalidArgument, match="x: must be"):
        kernel((0, 3), (0, 1))
    with pytest.raises(InvalidType, match="y: must be"):
        kernel((0, 1), ("a", "b"))
    with pytest.raises(InvalidArgument, match=r"letters 0\.\.2"):
        kernel.matrix([[0, 3]])
    for tokens in (uniform(2), uniform(v), sk.kernels.distinct()):
        with pytest.raises(SizeMismatch, match="vocabulary: must be 3"):
            kernel.spectrum(length=2, tokens=tokens)
    with pytest.raises(NoClosedForm, match=r"tokens=uniform\(3\)"):
        kernel.spectrum(length=L, tokens=uniform(3))
    with pytest.raises(SymkernError, match="tells letters apart"):
        kernel.class_function(3)
    with pytest.raises(NoClosedForm, match="the checker has no rule for the stage embedding"):
        kernel.spectrum(length=2, tokens=uniform(3)).certificate()
    by_vocabulary = embedding(ROWS, "1/v").flatten()
    assert by_vocabulary((0,), (0,)) == sp.Rational(4, 3)
    assert by_vocabulary.matrix([[0]])[0, 0] == pytest.approx(4 / 3)


def test_only_the_sum_has_to_be_positive() -> None:
    """C + (constant + position/L) J: what the constant takes away positions give back as long as the length is small."""
    centred = embedding([[1, 0], [0, 1]], 0, "-1/2")  # of mean zero
    assert len(centred.mean_pool().spectrum(length=L, tokens=uniform(2)).sectors) == 1
    kernel = embedding([[2, 0], [0, 1]], 1, -1).flatten()
    words = list(product(range(2), repeat=2))
    assert np.linalg.eigvalsh(kernel.matrix(words))[0] > -1e-12
    kernel.spectrum(length=2, tokens=uniform(2))
    with pytest.raises(NotPositive, match="constant: must leave") as error:
        kernel.spectrum(length=4, tokens=uniform(2))
    w = np.array([int(e) for e in error.value.witness])
    assert w @ (np.diag([2, 1]) + (0.25 - 1)) @ w < 0
    with pytest.raises(NotPositive):
        embedding([[2, 0], [0, 1]], 1, -1).mean_pool().matrix([[0, 1, 0, 1]])
    assert embedding([[2, 0], [0, 1]], 0, -1).mean_pool()((0, 1), (0, 1)) == sp.Rational(-1, 4)
