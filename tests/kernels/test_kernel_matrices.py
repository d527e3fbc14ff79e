"""Kernel matrices: beside exact values, in three representations, in every library of arrays, and in pieces."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import symkern.strategies as sks
from symkern import limits
from symkern.abc import alpha, beta
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, SymkernError, TooLarge
from symkern.exact.reals import is_exact
from symkern.kernels import embedding, kernel_matrices, read_kernel
from symkern.kernels.algebras.array_letters import Letters
from symkern.kernels.algebras.array_patterns import LeavesPatterns, Patterns
from symkern.kernels.algebras.array_positions import Positions
from symkern.kernels.algebras.position_types import TypeRecursion
from tests.search import examples

KERNELS = [
    "embedding(1, 1/2) | attention | mean_pool",
    "embedding(1, 1/2) | attention | flatten | mlp(relu)",
    "embedding(1, 1/2, 1/10) | attention | at_position(last) | linear(2, 1/3)",
    "embedding(1) | attention(tied, softmax) | mean_pool",
    "embedding(1) | attention(tied, relu) | residual | flatten",
    "embedding(1) | attention(tied, softmax) | layer_norm | at_position(last)",
    "embedding(1, 1/2) | attention(tied, softmax) | mean_pool",
    "embedding(1, 1/2) | attention(tied, softmax) | residual | linear(1/2, 1/3) | mlp(relu) | flatten",
    "embedding(1, 1/2) | attention(tied, softmax) | residual | mlp(erf) | attention(tied, relu) | at_position(last)",
    "embedding(1, 1/2) | attention(tied, softmax, positions_in_values=false) | mlp(x^2 + x) | attention | mean_pool",
    "embedding(2, 1/3) | attention(tied, abs, normalize=false) | attention(tied, softmax) | residual(2) | flatten",
    "embedding(1, 1/2) | mlp(gelu) | attention | residual | layer_norm | mlp(leaky_relu(1/5)) | mean_pool | ntk",
    "embedding(1, 1/2) | attention(tied, softmax) | layer_norm | mlp(sin) | mean_pool | ntk",
]
ALGEBRAS = (Patterns, Letters, Positions)


def value(recursion: TypeRecursion, x: list[int], y: list[int]) -> float:
    """k(x, y) by its contingency table, in fractions and balls of 320 bits."""
    star = (x[-1], y[-1]) if recursion.starred else None
    table = [[0] * 3 for _ in range(3)]
    for t, u in zip(x[: len(x) - recursion.starred], y, strict=False):
        table[t][u] += 1
    found = recursion(table, star)
    return float(Fraction(int(found.p), int(found.q))) if is_exact(found) else float(found)


def exact(kernel: Any, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    recursion = TypeRecursion(kernel)
    return np.array([[value(recursion, x, y) for y in columns.tolist()] for x in rows.tolist()])


def scale(kernel: Any, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """sqrt(k(x, x) k(y, y))."""
    ours, theirs = (np.diag(exact(kernel, words, words)) for words in (rows, columns))
    return np.sqrt(ours[:, None] * theirs[None, :])


@pytest.mark.sampled(3)
@pytest.mark.parametrize("text", KERNELS)
def test_three_representations_beside_exact_values(text: str, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    kernel, rng = read_kernel(text), np.random.default_rng(3)
    rows, columns = rng.integers(0, 3, (3, 4)), rng.integers(0, 3, (2, 4))
    expected, unit = exact(kernel, rows, columns), scale(kernel, rows, columns)
    for algebra in ALGEBRAS:
        monkeypatch.setattr(kernel_matrices, "smallest", lambda *_, a=algebra: a)
        if algebra is Patterns and "tied" in text:
            with pytest.raises(LeavesPatterns):
                kernel.matrix(rows, columns)
            continue
        found = kernel.matrix(rows, columns)
        assert found.dtype == np.float64
        assert np.max(np.abs(found - expected) / unit) < 1e-12, algebra
        single = kernel.matrix(rows, columns, dtype="float32")
        assert single.dtype == np.float32 and np.max(np.abs(single - expected) / unit) < 1e-5
        own = kernel.matrix(rows)
        assert (own == own.T).all() and kernel.diagonal(rows) == pytest.approx(np.diag(own), rel=1e-12)  # fmt: skip
        assert np.linalg.eigvalsh(own)[0] > -1e-12 * np.trace(own)


@given(sks.kernels(polynomial=False), st.integers(1, 4), st.integers(1, 3), st.integers(0, 2**32 - 1))  # fmt: skip
@examples(8)
def test_any_kernel(kernel: Any, length: int, letters: int, seed: int) -> None:
    values = {p.name: 1 for p in kernel.parameters if p.name not in ("L", "v")}
    sizes = {"v": letters} if any(p.name == "v" for p in kernel.parameters) else {}
    rows = np.random.default_rng(seed).integers(0, letters, (2, length))
    try:
        found = kernel.matrix(rows, **values, **sizes)
        expected = [float(kernel(tuple(rows[0].tolist()), tuple(rows[i].tolist()), **values, **sizes)) for i in (0, 1)]  # fmt: skip
    except (SymkernError, OverflowError, TypeError) as error:
        if not isinstance(error, SymkernError):
            pytest.skip("no float")
        return
    unit = np.sqrt(np.diag(found)[0] * np.diag(found))
    assert np.all(np.abs(found[0] - expected) <= 1e-12 * unit)


@pytest.mark.parametrize("text", KERNELS[::3])
def test_permuting_positions_of_both_changes_nothing(text: str) -> None:
    rng, kernel = np.random.default_rng(5), read_kernel(text)
    rows = rng.integers(0, 4, (4, 6))
    moved = rows[:, [*rng.permutation(5), 5]]
    assert kernel.matrix(moved) == pytest.approx(kernel.matrix(rows), rel=1e-12)


@pytest.mark.floor
@pytest.mark.parametrize("text", KERNELS[:1] + KERNELS[4:8:2] + KERNELS[-1:])
def test_tiles_are_the_whole(text: str) -> None:
    rng, kernel = np.random.default_rng(6), read_kernel(text)
    rows, columns = rng.integers(0, 3, (23, 5)), rng.integers(0, 3, (17, 5))
    whole, own = kernel.matrix(rows, columns), kernel.matrix(rows)
    assert kernel.matrix(rows, columns, memory=1 << 16) == pytest.approx(whole, rel=1e-13)
    pieces = kernel.matrix(rows, memory=1 << 16)
    assert pieces == pytest.approx(own, rel=1e-13) and (pieces == pieces.T).all()
    assert own == pytest.approx(kernel.matrix(rows, rows), rel=1e-13)
    assert kernel.diagonal(rows, memory=1 << 16) == pytest.approx(np.diag(own), rel=1e-13)


@pytest.mark.parametrize("text", KERNELS[::2])
def test_libraries_of_arrays_agree(text: str) -> None:
    rng, kernel = np.random.default_rng(8), read_kernel(text)
    rows, columns = rng.integers(0, 3, (4, 5)), rng.integers(0, 3, (3, 5))
    expected = kernel.matrix(rows, columns)
    strict = pytest.importorskip("array_api_strict")
    found = kernel.matrix(strict.asarray(rows), strict.asarray(columns))
    assert isinstance(found, type(strict.asarray(rows)))
    assert np.asarray(found._array) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("text", KERNELS[::2])
def test_tensors_of_pytorch_agree(text: str) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    rng, kernel = np.random.default_rng(8), read_kernel(text)
    rows, columns = rng.integers(0, 3, (4, 5)), rng.integers(0, 3, (3, 5))
    expected = kernel.matrix(rows, columns)
    found = kernel.matrix(torch.tensor(rows), torch.tensor(columns))
    assert isinstance(found, torch.Tensor) and found.dtype == torch.float64
    assert found.numpy() == pytest.approx(expected, rel=1e-12)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "behind",
    [
        "mean_pool | mlp(erf)",
        "mean_pool | mlp(gelu)",
        "mlp(erf) | flatten",
        "mlp(gelu) | mean_pool",
    ],
)
@pytest.mark.parametrize("tangent", ["", " | ntk"])
def test_large_variances_lose_no_digits(behind: str, tangent: str) -> None:
    """1 + 2p + 2q + 4 (pq - r^2) at p = q = r = 10^7: as a difference of squares it would keep nine digits, in a kernel of all sequences three."""
    kernel = read_kernel(f"embedding(2) | linear(6000000) | {behind}{tangent}")
    rows = np.array([[0, 0, 0], [1, 1, 1], [0, 1, 1], [0, 0, 1]])
    found = kernel.matrix(rows)
    expected = np.array([[float(kernel(x, y)) for y in rows.tolist()] for x in rows.tolist()])
    assert np.max(np.abs(found - expected) / scale(kernel, rows, rows)) < 1e-12


@pytest.mark.parametrize("activation", ["erf", "gelu"])
@pytest.mark.parametrize("tangent", ["", " | ntk"])
def test_variances_of_their_own(activation: str, tangent: str) -> None:
    """Behind attention each sequence and each position has another variance: p and q must not be exchanged."""
    text = f"embedding(1, 1/2) | attention(tied, softmax) | residual | mlp({activation}) | flatten{tangent}"
    kernel, rng = read_kernel(text), np.random.default_rng(5)
    rows, columns = rng.integers(0, 3, (3, 4)), rng.integers(0, 3, (2, 4))
    expected, unit = exact(kernel, rows, columns), scale(kernel, rows, columns)
    assert np.max(np.abs(kernel.matrix(rows, columns) - expected) / unit) < 1e-12


@pytest.mark.sampled(8)
@pytest.mark.parametrize("text", KERNELS[::4])
@pytest.mark.parametrize("wide", [True, False])
def test_arrays_of_jax_agree(text: str, wide: bool) -> None:
    """With its floats of 64 bits switched on; without them in 32, which is then what there is."""
    jax = pytest.importorskip("jax", reason="JAX is not installed")
    rng, kernel = np.random.default_rng(8), read_kernel(text)
    # As many rows as columns: JAX compiles anew for every shape.
    rows, columns = rng.integers(0, 3, (4, 5)), rng.integers(0, 3, (4, 5))
    expected, unit = kernel.matrix(rows, columns), scale(kernel, rows, columns)
    with jax.enable_x64(wide):
        ours, theirs = (jax.numpy.asarray(words) for words in (rows, columns))
        dtype = "float64" if wide else "float32"
        found = kernel.matrix(ours, theirs, dtype=dtype)
        assert isinstance(found, jax.Array) and found.dtype == dtype
        assert np.max(np.abs(np.asarray(found) - expected) / unit) < (1e-12 if wide else 1e-5)
        own = kernel.matrix(ours, memory=1 << 16, dtype=dtype)
        assert bool((own == own.T).all()) and isinstance(kernel.diagonal(ours, dtype=dtype), jax.Array)  # fmt: skip
        if not wide:
            with pytest.raises(InvalidArgument, match="jax_enable_x64"):
                kernel.matrix(ours)


def test_hyperparameters_are_numbers_by_name() -> None:
    kernel = embedding(alpha, beta).attention().mean_pool()
    rows = [[0, 1, 1], [1, 1, 0]]
    exact_value = float(kernel(rows[0], rows[0], alpha=2, beta="1/2"))
    assert kernel.matrix(rows, alpha=2, beta=0.5)[0, 0] == pytest.approx(exact_value, rel=1e-14)
    with pytest.raises(InvalidArgument, match="give alpha by name"):
        kernel.matrix(rows, beta=1)
    with pytest.raises(InvalidArgument, match="alpha: must be finite, but it is nan"):
        kernel.matrix(rows, alpha=float("nan"), beta=1)
    with pytest.raises(InvalidArgument, match="alfa"):
        kernel.matrix(rows, alfa=1, beta=1)
    by_vocabulary = embedding("1/v", "1/L").mean_pool()
    assert by_vocabulary.matrix(rows, v=4)[0, 1] == float(by_vocabulary(rows[0], rows[1], v=4))
    with pytest.raises(InvalidArgument, match="v: must be given"):
        by_vocabulary.matrix(rows)
    with pytest.raises(InvalidArgument, match="the letter 1 occurs, and v is 1"):
        by_vocabulary.matrix(rows, v=1)


def test_scores_beyond_the_exponentials_of_floats() -> None:
    kernel = embedding(5000).attention("tied", "softmax").mean_pool()
    rows = [[0, 1, 1], [2, 2, 0]]
    assert kernel.matrix(rows)[0] == pytest.approx([float(kernel(rows[0], r)) for r in rows])


@pytest.mark.parametrize(
    ("sequences", "error", "said"),
    [
        ([[0, 1], [1]], SizeMismatch, "one length, but they have 1 to 2 tokens"),
        ([[0.5, 1]], InvalidType, "whole numbers"),
        (np.array([[0.0, 1.0]]), InvalidType, "whole numbers"),
        ([[True, False]], InvalidType, "whole numbers"),
        ([["a", "b"]], InvalidType, "whole numbers"),
        ([[None, 1]], InvalidType, "whole numbers"),
        ([[10**30, 1]], InvalidType, "whole numbers"),
        ([[-1, 2]], InvalidArgument, "-1 occurs"),
        ([0, 1], InvalidArgument, "its shape is (2,)"),
        (np.zeros((2, 0), int), InvalidArgument, "its shape is (2, 0)"),
        ("ab", InvalidType, "X: must be an array (n, L)"),
        (None, InvalidType, "X: must be an array (n, L)"),
    ],
    ids=str,
)
def test_what_is_no_array_of_letters(sequences: object, error: type, said: str) -> None:
    with pytest.raises(error) as found:
        embedding(1).mean_pool().matrix(sequences)
    assert said in str(found.value)


def test_other_arguments() -> None:
    kernel, rows = embedding(1, "1/2").mean_pool(), np.array([[0, 1]])
    with pytest.raises(SizeMismatch, match="their lengths are 2 and 3"):
        kernel.matrix(rows, [[0, 1, 2]])
    with pytest.raises(InvalidArgument, match="dtype"):
        kernel.matrix(rows, dtype="float16")
    with pytest.raises(SymkernError, match="memory"):
        kernel.matrix(rows, memory=1)
    with limits.changed(memory=1 << 17), pytest.raises(TooLarge, match="400 x 400"):
        kernel.matrix(np.zeros((400, 2), int))
    with pytest.raises(InvalidArgument, match="constant: must be at least"):
        embedding(1, 0, -1).mean_pool().matrix([[0, 1]])
    with pytest.raises(InvalidArgument, match="divide by zero"):
        embedding(0).layer_norm().mean_pool().matrix(rows)
    with pytest.raises(InvalidArgument, match="readout"):
        embedding(1).matrix(rows)


def transcribed(stages: list[str], x: list[int], y: list[int]) -> float:
    """embedding(1, 1/2), then stages on rectangular matrices; a plain transcription."""

    def embedded(a: list[int], b: list[int]) -> np.ndarray:
        return (np.equal.outer(a, b) + 0.5 * np.eye(len(a), len(b))).astype(float)

    states = [embedded(x, y), embedded(x, x), embedded(y, y)]
    for stage in stages:
        k, p, q = states
        if stage == "attention":
            states = [m * (m**2).mean() for m in states]
        elif stage in ("softmax", "relu"):
            rows = []
            for own in (p, q):
                g = np.exp(own) if stage == "softmax" else np.maximum(own, 0) / len(own)
                rows.append(g / g.sum(1, keepdims=True) if stage == "softmax" else g)
            g, h = rows
            states = [g @ k @ h.T, g @ p @ g.T, h @ q @ h.T]
        elif stage == "bias":
            states = [m + 0.25 for m in states]
        elif stage == "erf":
            dp, dq = np.diag(p), np.diag(q)
            pairs = ((k, dp, dq), (p, dp, dp), (q, dq, dq))
            states = [2 / np.pi * np.arcsin(2 * m / np.sqrt(np.outer(1 + 2 * a, 1 + 2 * b))) for m, a, b in pairs]  # fmt: skip
    return float(states[0].mean())


@pytest.mark.parametrize("stages", [["attention"], ["attention", "bias", "attention", "erf"], ["bias", "softmax"], ["softmax"], ["softmax", "erf", "attention"], ["relu", "softmax"]], ids=str)  # fmt: skip
@pytest.mark.parametrize("algebra", [None, Positions])
def test_padding_counts_nothing(stages: list[str], algebra: type | None, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    rng = np.random.default_rng(4)
    sizes = ([5, 2, 4, 5], [1, 3, 5])
    rows, columns = ([rng.integers(0, 3, n).tolist() for n in ns] for ns in sizes)
    names = {"softmax": "attention(tied, softmax)", "relu": "attention(tied, relu)", "erf": "mlp(erf)", "bias": "linear(1, 1/4)"}  # fmt: skip
    text = " | ".join(names.get(s, s) for s in stages)
    kernel = read_kernel(f"embedding(1, 1/2) | {text} | mean_pool")
    padded = [np.array([w + [k] * (5 - len(w)) for w in words]) for k, words in ((0, rows), (7, columns))]  # fmt: skip
    if algebra is not None:
        monkeypatch.setattr(kernel_matrices, "smallest", lambda *_: algebra)
    found = kernel.matrix(*padded, lengths=sizes)
    assert found == pytest.approx(np.array([[transcribed(stages, x, y) for y in columns] for x in rows]), rel=1e-12)  # fmt: skip
    own = kernel.matrix(padded[0], lengths=sizes[0], memory=1 << 16)
    assert own == pytest.approx(np.array([[transcribed(stages, x, y) for y in rows] for x in rows]), rel=1e-12)  # fmt: skip
    assert kernel.diagonal(padded[0], lengths=sizes[0]) == pytest.approx(np.diag(own), rel=1e-12)
    without = read_kernel(f"embedding(1) | {text} | mean_pool")
    by_letters = without.matrix(padded[0], lengths=sizes[0])
    assert by_letters[1, 1] == pytest.approx(without.matrix([rows[1]])[0, 0], rel=1e-12)


@pytest.mark.parametrize(
    ("readout", "lengths", "said"),
    [
        ("flatten", [1, 2], "the kernel reads out by flatten"),
        ("mean_pool", [1, 3], "from 1 to 2"),
        ("mean_pool", [0, 1], "from 1 to 2"),
        ("mean_pool", [1], "they are 1, and there are 2 sequences"),
        ("mean_pool", [1.5, 2], "from 1 to 2"),
        ("mean_pool", "ab", "from 1 to 2"),
    ],
)
def test_lengths_that_are_none(readout: str, lengths: Any, said: str) -> None:
    with pytest.raises(SymkernError) as error:
        read_kernel(f"embedding(1) | {readout}").matrix([[0, 1], [1, 1]], lengths=lengths)
    assert said in str(error.value)
