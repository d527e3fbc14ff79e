"""Sums of pipelines, multiples, codes of positions before later layers, scales: spectra, text, and the attention kernels of neural-tangents' tests."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
import sympy as sp

from symkern.abc import L, alpha, beta, gamma, v, w
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm, PipelineError, SymkernError
from symkern.kernels import Kernel, distinct, embedding, kernel_polynomial, read_kernel, uniform

WORDS = [(0, 1, 1, 2), (2, 0, 1, 1), (1, 1, 0, 0)]
TRUNK = "embedding(1, 1/2) | attention"
SUMS = [
    f"{TRUNK} | mean_pool | plus({TRUNK} | flatten)",
    f"{TRUNK} | flatten | plus(embedding(2) | at_position(last)) | mlp(quadratic)",
    "embedding(1) | attention(tied, softmax, scale=3) | plus(embedding(0, 1) | mlp(relu)) | layer_norm | mean_pool",
    "embedding(1) | linear(2) | positions(1/2, 1/2) | attention(tied, relu, positions_in_values=false) | flatten",
    "embedding(1, 1/3) | attention(tied, softmax) | positions(1/4) | attention(scale=2) | affine(1/2, 1/5) | mean_pool | ntk",
    f"{TRUNK} | mean_pool | plus(embedding(1) | flatten | ntk)",
]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("text", SUMS)
def test_spectra_beside_dense_matrices(text: str) -> None:
    kernel, letters = read_kernel(text), list(product(range(3), repeat=3))
    assert read_kernel(str(kernel)) == kernel == eval(repr(kernel), {"embedding": embedding})  # noqa: S307
    dense = np.linalg.eigvalsh(kernel.matrix(letters) / 27)
    spectrum = kernel.spectrum(length=3, tokens=uniform(3))
    found = sorted(float(e) for s in spectrum for e in s.eigenvalues for _ in range(int(s.dimension)))  # fmt: skip
    assert [0.0] * (27 - len(found)) + found == pytest.approx(list(dense), abs=1e-9 * dense.max())
    with pytest.raises(NoClosedForm, match="no rule for the stage"):
        spectrum.certificate()


def test_sums_are_sums_of_kernels() -> None:
    """Values, matrices, tangent kernels; of networks with weights of their own."""
    one, other = read_kernel(f"{TRUNK} | mean_pool"), read_kernel("embedding(2) | mlp(relu) | flatten")  # fmt: skip
    for sum_of, first, second in (
        (one + other, one, other),
        (one.ntk() + other.ntk(), one.ntk(), other.ntk()),
        (one.ntk() + other, one.ntk(), other),
        (3 * one + other, one * 3, other),
        (2 * one.ntk() + other, one.ntk() * 2, other),
    ):
        assert isinstance(sum_of, Kernel)
        parts = first.matrix(WORDS) + second.matrix(WORDS)
        assert sum_of.matrix(WORDS) == pytest.approx(parts, rel=1e-13)
        assert float(sum_of(*WORDS[:2])) == pytest.approx(parts[0, 1], rel=1e-13)
    assert (one + other).ntk() == one.ntk() + other.ntk()
    assert (3 * one)(*WORDS[:2]) == 3 * one(*WORDS[:2])
    trunks = embedding(1) + embedding(0, 1).attention()
    assert str(trunks) == "embedding(1) | plus(embedding(0, 1) | attention)"


def test_two_readouts_of_one_trunk_with_symbols() -> None:
    """Symbolic in L and v: the mean of the entries and a multiple of the mean of the diagonal, on uniform and on distinct tokens."""
    trunk = embedding(alpha, beta).attention()
    kernel = trunk.mean_pool() + gamma * trunk.flatten()
    assert kernel.parameters == (alpha, beta, gamma)
    parts = [kernel_polynomial(k).expression for k in (trunk.mean_pool(), trunk.flatten())]
    assert sp.expand(kernel_polynomial(kernel).expression - parts[0] - gamma * parts[1]) == 0
    spectrum = kernel.spectrum(length=L, tokens=uniform(v))
    there = spectrum.evaluate(length=3, vocabulary=2, alpha=2, beta=1, gamma=3)
    words = list(product(range(2), repeat=3))
    dense = np.linalg.eigvalsh(kernel.matrix(words, alpha=2, beta=1, gamma=3) / 8)
    found = sorted(float(e) for s in there for e in s.eigenvalues for _ in range(int(s.dimension)))
    assert [0.0] * (8 - len(found)) + found == pytest.approx(list(dense), abs=1e-12)
    few = kernel.spectrum(length=4, tokens=distinct())
    assert sp.cancel(few.trace() - kernel((0, 1, 2, 3), (0, 1, 2, 3))) == 0


def test_a_sum_may_read_one_position() -> None:
    kernel = embedding(1, "1/2").mean_pool() + embedding(1).at_position("last")
    assert kernel.reads_position and not kernel.pools
    spectrum = kernel.spectrum(length=L, tokens=uniform(v))
    assert spectrum.to_dict()["group"] == "S_{L-1}"
    with pytest.raises(InvalidArgument, match="lengths"):
        kernel.matrix([[0, 1]], lengths=[1])
    pooled = embedding(1, "1/2").mean_pool() + embedding(1).attention().mean_pool()
    assert pooled.matrix([[0, 1, 5]], lengths=[2])[0, 0] == pytest.approx(float(pooled((0, 1), (0, 1))))  # fmt: skip


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda: embedding(1).plus(embedding(1).flatten()), InvalidArgument, "must have no readout before"),
        (lambda: embedding(1).flatten().plus(embedding(1)), InvalidArgument, "must end in a readout behind"),
        (lambda: embedding(1).flatten().plus(3), InvalidType, "other: must be a pipeline"),
        (lambda: embedding(1).flatten() + 3, TypeError, "unsupported operand"),
        (lambda: embedding(1).flatten() * embedding(1).flatten(), TypeError, "unsupported operand"),
        (lambda: -1 * embedding(1).flatten(), InvalidArgument, "scale: a variance must not be negative"),
        (lambda: embedding([[1, 0], [0, 2]]).flatten() + embedding([[1]]).flatten(), InvalidArgument, "as many letters"),
        (lambda: (embedding(1).flatten() + embedding(1).flatten().ntk()).ntk()((0,), (0,)), InvalidArgument, "ntk"),
        (lambda: read_kernel("embedding(1) | flatten | plus(embedding(1) | flaten)"), PipelineError, "did you mean 'flatten'"),
        (lambda: read_kernel("embedding(1) | flatten | plus"), PipelineError, "needs its argument other"),
        (lambda: read_kernel("embedding(1) | " + "plus(embedding(1) | " * 40 + "mlp(relu)" + ")" * 40 + " | flatten"), PipelineError, "pipelines inside pipelines"),
        (lambda: embedding(1).linear().positions(1).linear().attention(positions_in_values=False), InvalidArgument, "right behind positions"),
        (lambda: embedding(1).attention().attention(positions_in_values=False), InvalidArgument, "this is a later one"),
        (lambda: embedding(1).attention(scale=-1), InvalidArgument, "scale: a variance"),
        (lambda: embedding(1).positions("rope"), InvalidArgument, "distance of positions"),
    ],
)  # fmt: skip
def test_what_is_no_sum(make: Any, error: type, said: str) -> None:
    with pytest.raises(error, match=said):
        make()


@pytest.mark.parametrize("row_map", ["softmax", "relu", "identity"])
def test_scores_are_multiplied_by_the_scale(row_map: str) -> None:
    """An embedding twice as large makes the same scores as a scale of two, and values twice as large."""
    scaled = embedding(1, "1/2").attention("tied", row_map, scale=2).flatten()
    larger = embedding(2, 1).attention("tied", row_map).flatten()
    assert 2 * scaled.matrix(WORDS) == pytest.approx(larger.matrix(WORDS), rel=1e-13)
    assert 2 * float(scaled(*WORDS[:2])) == pytest.approx(float(larger(*WORDS[:2])), rel=1e-13)
    symbolic = embedding(alpha).attention("tied", row_map, scale=w).mean_pool()
    spectrum = symbolic.spectrum(length=2, tokens=uniform(2))
    numbers = symbolic.substitute({alpha: 1, w: 2}).spectrum(length=2, tokens=uniform(2))
    assert float(spectrum.evaluate(alpha=1, w=2).trace()) == pytest.approx(float(numbers.trace()))
    whole = embedding(alpha).attention(scale=w).mean_pool()
    assert sp.cancel(whole(*WORDS[:2]) - w**2 * embedding(alpha).attention().mean_pool()(*WORDS[:2])) == 0  # fmt: skip


# -- the attention kernels of neural-tangents' tests ---------------------------------------------------

QK, OV, BIAS = 0.9 * 0.7, 0.8 * 1.2, 0.5
CODES = 2.0


def _published(is_tied: bool, kind: str, share: float, in_values: bool) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Convolution of width one, attention with codes of positions, relu, mean and a dense output: K and T by the formulas of Hron et al. 2020.

    ``share`` is that of the codes among all features; there is no average over keys.
    """
    n, length = len(WORDS), len(WORDS[0])
    letters, places = np.array(WORDS).reshape(-1), np.tile(np.arange(length), n)
    k = np.equal.outer(letters, letters).astype(float)
    t = k.copy()
    codes = CODES**2 * np.equal.outer(places, places)
    mixed, tangent = k, t
    if kind == "SUM":
        mixed, tangent = k + codes, t + codes
    elif kind == "CONCAT":
        mixed, tangent = ((1 - share) * m + share * codes for m in (k, t))
    values, own = (mixed, tangent) if in_values else (k, t)
    blocks = [slice(i * length, (i + 1) * length) for i in range(n)]
    if is_tied:
        rows = np.zeros_like(k)
        for b in blocks:
            e = np.exp(QK * mixed[b, b])
            rows[b, b] = e / e.sum(1, keepdims=True)
        plain = OV**2 * rows @ values @ rows.T
        k, t = plain + BIAS**2, OV**2 * rows @ own @ rows.T + BIAS**2 + 2 * plain
    else:
        new, moved = np.zeros_like(k), np.zeros_like(k)
        for a, b in product(blocks, repeat=2):
            dot = (mixed[a, b] * values[a, b]).sum()
            cross = (mixed[a, b] * own[a, b]).sum() + (values[a, b] * tangent[a, b]).sum()
            new[a, b] = (QK * OV) ** 2 * dot * mixed[a, b]
            moved[a, b] = (QK * OV) ** 2 * (cross * mixed[a, b] + dot * tangent[a, b]) + 4 * new[
                a, b
            ]
        k, t = new + BIAS**2, moved + BIAS**2
    p = np.sqrt(np.diag(k))
    c = np.clip(k / np.outer(p, p), -1, 1)
    angle = np.pi - np.arccos(c)
    k, t = np.outer(p, p) * (np.sqrt(1 - c**2) + angle * c) / (2 * np.pi), t * angle / (2 * np.pi)
    k, t = (np.array([[m[a, b].mean() for b in blocks] for a in blocks]) for m in (k, t))
    return k, k + t


@pytest.mark.sampled(3)
@pytest.mark.parametrize("is_tied", [True, False])
@pytest.mark.parametrize(("kind", "share"), [("NONE", 0), ("SUM", 0), ("CONCAT", 1 / 2), ("CONCAT", 1 / 3)])  # fmt: skip
@pytest.mark.parametrize("in_values", [True, False])
def test_attention_kernels_of_neural_tangents(is_tied: bool, kind: str, share: float, in_values: bool) -> None:  # fmt: skip
    """Those of its attention test without distances between positions, which this package refuses; each is one line."""
    codes = {
        ("NONE", 0): "",
        ("SUM", 0): "positions(4) | ",
        ("CONCAT", 1 / 2): "positions(2, 1/2) | ",
    }
    code = codes.get((kind, share), "positions(4/3, 2/3) | ")
    where = "" if in_values or kind == "NONE" else ", positions_in_values=false"
    attention = f"attention(tied, softmax, scale=63/100{where})" if is_tied else f"attention(normalize=false, scale=63/100{where})"  # fmt: skip
    text = f"embedding(1) | {code}{attention} | affine({96 * 96}/10000, 1/4) | mlp(relu) | mean_pool | linear"  # fmt: skip
    kernel = read_kernel(text)
    for found, expected in zip((kernel, kernel.ntk()), _published(is_tied, kind, share, in_values), strict=True):  # fmt: skip
        assert found.matrix(WORDS) == pytest.approx(expected, rel=1e-7)  # arccos near one


# -- what breaks the symmetry ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("attention(causal)", r"at_position\(last\)"),
        ("attention(mask=causal)", r"at_position\(last\)"),
        ("attention(causal=true)", r"at_position\(last\)"),
        ("attention(tied, causal)", r"at_position\(last\)"),
        ("attention(tied, softmax, causal)", r"at_position\(last\)"),
        ("attention(tied, softmax, normalize=masked)", r"at_position\(last\)"),
        ("causal_attention", r"at_position\(last\)"),
        ("rotary", "distance of positions"),
        ("attention(rope)", "distance of positions"),
        ("attention(positions=relative)", "positions_in_values|distance"),
        ("positions(rotary)", "distance of positions"),
        ("alibi", "distance of positions"),
        ("local", "its neighbours alone"),
        ("attention(window=8)", "its neighbours alone"),
        ("attention(tied, softmax, sliding_window)", "its neighbours alone"),
        ("conv", "mixes neighbours"),
        ("attention(heads=8)", "infinitely many heads"),
        ("attention(temperature=2)", r"scale="),
    ],
)
def test_what_breaks_the_symmetry_says_why(text: str, said: str) -> None:
    with pytest.raises(SymkernError, match=said):
        read_kernel(f"embedding(1) | {text} | flatten")


def test_python_says_so_too() -> None:
    for make in (
        lambda: embedding(1, "rotary"),
        lambda: embedding(1, position="relative"),
        lambda: embedding(1).attention(mask="causal"),
        lambda: embedding(1).attention("tied", "softmax", normalize="causal"),
        lambda: embedding(1, [[1, 0], [0, 1]]),
    ):
        with pytest.raises(InvalidArgument, match="permutation"):
            make()
    for name in ("causal", "rotary", "local"):
        with pytest.raises(AttributeError, match="permutations of positions"):
            getattr(embedding(1), name)


@pytest.mark.parametrize("row_map", ["identity", "softmax"])
def test_one_causal_layer_read_at_its_end_is_the_whole_attention(row_map: str) -> None:
    """With a mask that leaves out later positions, the last row is the same and the others are not."""
    x, y = WORDS[:2]
    k = {(a, b): np.equal.outer(a, b) + 0.5 * np.eye(4) for a in (x, y) for b in (x, y)}
    rows = []
    for word in (x, y):
        scores = k[word, word]
        g = np.tril(np.exp(scores) if row_map == "softmax" else scores / 4)
        rows.append(g / g.sum(1, keepdims=True) if row_map == "softmax" else g)
    masked = rows[0] @ k[x, y] @ rows[1].T
    chain = embedding(1, "1/2").attention("tied", row_map)
    assert float(chain.at_position("last")(x, y)) == pytest.approx(masked[-1, -1], rel=1e-13)
    assert abs(float(chain.mean_pool()(x, y)) - masked.mean()) > 1e-3


# -- embeddings of mean zero ----------------------------------------------------------------------------


def test_a_negative_constant_is_tested_when_sizes_are_known() -> None:
    """constant >= -(token/v + position/L); with L a symbol token + v constant >= 0; a single value is none of its business."""
    symbolic = embedding(2, 0, -1).mean_pool().spectrum(length=L, tokens=uniform(v))
    assert symbolic.evaluate(length=3, vocabulary=2).sectors
    with pytest.raises(InvalidArgument, match="constant: must be at least"):
        symbolic.evaluate(length=3, vocabulary=3)
    tight = embedding(1, 2, "-3/4").flatten()  # 1/4 + 2/4 - 3/4 = 0 at v = 4, L = 4
    tight.spectrum(length=4, tokens=uniform(4))
    with pytest.raises(InvalidArgument, match="constant: must be at least"):
        tight.spectrum(length=5, tokens=uniform(4))
    with pytest.raises(InvalidArgument, match="constant: must be at least -token/v"):
        tight.spectrum(length=L, tokens=uniform(4))
    with pytest.raises(InvalidArgument, match="constant: must be at least"):
        tight.matrix([[0, 1, 2, 3, 3]])
    with pytest.raises(InvalidArgument, match="constant: must be at least"):
        tight.class_function(5)
    assert tight.class_function(4).eigenvalues()
    words = list(product(range(3), repeat=2))
    edge = embedding(3, 0, -1).attention().flatten()
    assert np.linalg.eigvalsh(edge.matrix(words))[0] > -1e-13
    assert embedding(1, 0, -5).mean_pool()((0, 0), (0, 0)) == -4
    for wrong in ((-1,), (1, -1)):
        with pytest.raises(InvalidArgument, match="variance must not be negative"):
            embedding(*wrong)
