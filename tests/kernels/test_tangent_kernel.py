"""The neural tangent kernel: published values, a network's gradients, the multiples of linear attention, spectra."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import sympy as sp

from symkern.abc import L, alpha, beta, n, v
from symkern.errors import InvalidArgument, SymkernError
from symkern.kernels import embedding, read_kernel, tangent_multiple, uniform

X, Y = (2, 0, 1, 0, 0), (0, 1, 1, 2, 1)
UNTIED = "embedding(1, 1/2) | attention(normalize=false)"
PLAIN = "embedding(1) | attention(normalize=false)"
SOFTMAX = "embedding(1, 1/2) | attention(tied, softmax)"
#: k(x, x), k(x, y) and the tangent kernel at both, of neural-tangents 0.6.5, which has no averages over the length.
PUBLISHED = [
    (f"{UNTIED} | mean_pool", (9.315, 3.515, 65.205, 24.605)),
    (f"{UNTIED} | flatten", (25.875, 6.475, 181.125, 45.325)),
    (f"{SOFTMAX} | mean_pool", (0.5758261161454309, 0.3625492366130097, 1.7274783484362923, 1.0876477098390294)),
    (f"{SOFTMAX} | flatten", (0.7360731777231072, 0.38281984364804145, 2.2082195331693213, 1.1484595309441243)),
    (f"{PLAIN} | residual | mean_pool", (5.28, 2.24, 34.32, 14)),
    (f"{PLAIN} | residual | flatten", (12, 1.6, 78, 10)),
    (
        f"{PLAIN} | linear(169/100, 16/100) | mlp(relu) | linear(1, 0) | mean_pool",
        (5.818587746707829, 4.029876928461317, 38.59470943593214, 13.625885399389153),
    ),
    (
        f"{SOFTMAX} | linear(144/100, 9/100) | mlp(erf) | linear(81/100, 1/100) | residual(3) | mean_pool",
        (0.8920316232449709, 0.5759284790873175, 3.3939381177140713, 2.092221511281394),
    ),
]  # fmt: skip


@pytest.mark.sampled(6)
@pytest.mark.parametrize(("pipeline", "values"), PUBLISHED, ids=[p for p, _ in PUBLISHED])
def test_published_values(pipeline: str, values: tuple[float, ...]) -> None:
    kernel = read_kernel(pipeline)
    tangent = kernel.ntk()
    found = [float(k(X, other)) for k in (kernel, tangent) for other in (X, Y)]
    assert found == pytest.approx(values, rel=1e-13)
    arrays = [k.matrix([X, Y])[0, i] for k in (kernel, tangent) for i in (0, 1)]
    assert arrays == pytest.approx(values, rel=1e-13)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("query_key", ["independent", "tied"])
@pytest.mark.parametrize("layers", range(5))
def test_pure_linear_attention_has_a_multiple_of_its_kernel(query_key: str, layers: int) -> None:
    """On random values: 3^(l + 1) - 2 for l layers with independent queries and keys, 2 l + 1 for tied ones; the numbers stand here once more."""
    rng = np.random.default_rng(layers)
    multiple = {"independent": (1, 7, 25, 79, 241), "tied": (1, 3, 5, 7, 9)}[query_key][layers]
    law = tangent_multiple(layers, query_key)
    assert law.formula == multiple == tangent_multiple(query_key=query_key).formula.subs(n, layers)  # fmt: skip
    chain = embedding(*(sp.Rational(int(e), 4) for e in rng.integers(1, 9, 2)))
    for _ in range(layers):
        chain = chain.attention(query_key)
    words = [tuple(map(int, rng.integers(0, 3, 4))) for _ in range(3)]
    for kernel in (chain.mean_pool(), chain.flatten(), chain.at_position("last")):
        for x, y in product(words, repeat=2):
            assert kernel.ntk()(x, y) == multiple * kernel(x, y)


@pytest.mark.parametrize("query_key", ["independent", "tied"])
def test_the_multiple_is_derived(query_key: str) -> None:
    law = tangent_multiple(query_key=query_key)
    assert law.derivation().check()
    assert law.latex().startswith("T/K = ")


def test_the_multiple_holds_for_any_rows_of_tied_attention() -> None:
    kernel = embedding(1, "1/2").attention("tied", "softmax").attention("tied", "relu").mean_pool()
    words = [X, Y]
    assert kernel.ntk().matrix(words) == pytest.approx(5 * kernel.matrix(words), rel=1e-13)
    mixed = embedding(1).attention().residual().mean_pool()
    ratio = mixed.ntk().matrix(words) / mixed.matrix(words)
    assert abs(ratio[0, 0] - ratio[0, 1]) > 0.1  # a residual is no pure attention


@pytest.mark.parametrize(("given", "said"), [((-1,), "layers"), (("a",), "layers"), ((1, "softmax"), "query_key"), ((True,), "layers")])  # fmt: skip
def test_what_has_no_multiple(given: tuple, said: str) -> None:
    with pytest.raises(SymkernError, match=said):
        tangent_multiple(*given)


def test_the_spectrum_is_the_multiple_as_a_formula() -> None:
    kernel = embedding(alpha, beta).attention().mean_pool()
    ours, plain = (k.spectrum(length=L, tokens=uniform(v)) for k in (kernel.ntk(), kernel))
    assert [s.position_irrep for s in ours] == [s.position_irrep for s in plain]
    for tangent, sector in zip(ours, plain, strict=True):
        left, right = tangent.block.to_sympy(), sector.block.to_sympy()
        assert (left - 7 * right).applyfunc(sp.cancel).is_zero_matrix


@pytest.mark.parametrize("text", ["embedding(1, 1/2) | attention | mlp(relu) | mean_pool | ntk", "embedding(1) | attention(tied, softmax) | layer_norm | linear(1, 1/2) | mlp(gelu) | flatten | ntk"])  # fmt: skip
def test_spectra_beside_dense_matrices(text: str) -> None:
    kernel = read_kernel(text)
    words = list(product(range(2), repeat=3))
    dense = np.linalg.eigvalsh(kernel.matrix(words) / len(words))
    spectrum = kernel.spectrum(length=3, tokens=uniform(2))
    found = sorted(
        float(e) for s in spectrum for e in s.eigenvalues for _ in range(int(s.dimension))
    )
    found = [0.0] * (len(words) - len(found)) + found
    assert found == pytest.approx(list(dense), abs=1e-13)


def test_gradients_of_a_wide_network() -> None:
    """f = sum_i a_i phi(u_i)/sqrt(n) on the embedding's features: 2,000 networks of width 64, by hand-written gradients.

    Features of a position are its letter's embedding, drawn anew; pooled, then linear, relu, linear: K and T as the pipeline has them.
    """
    rng = np.random.default_rng(7)
    pipeline = read_kernel(
        "embedding(1) | mean_pool | linear(2, 1/4) | mlp(relu) | linear(1) | ntk"
    )
    bag = np.array([[np.mean(np.array(s) == t) for t in range(3)] for s in (X, Y)])
    width, draws = 64, 2000
    totals = []
    for _ in range(draws):
        emb = rng.normal(size=(3, width))
        first, bias = rng.normal(size=(width, width)), rng.normal(size=width)
        last = rng.normal(size=width)
        hidden = bag @ emb
        u = np.sqrt(2 / width) * hidden @ first + 0.5 * bias
        on, value = u > 0, np.maximum(u, 0)
        back = on * last / np.sqrt(width)  # df/du
        tangent = value[0] @ value[1] / width  # last layer
        tangent += (back[0] @ back[1]) * (2 / width * hidden[0] @ hidden[1] + 0.25)
        into = [np.sqrt(2 / width) * first @ b for b in back]
        tangent += bag[0] @ bag[1] * (into[0] @ into[1])
        totals.append(tangent)
    mean, error = np.mean(totals), np.std(totals) / np.sqrt(draws)
    expected = float(pipeline(X, Y))
    assert abs(mean - expected) < 5 * error + 0.01 * expected  # the width is finite
    assert abs(mean - 1.1 * expected) > 5 * error + 0.01 * expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("embedding(1) | attention | ntk", "must stand behind the readout"),
        ("embedding(1) | mean_pool | ntk | linear(2)", "may not follow ntk, which ends a pipeline"),
    ],
)
def test_where_it_may_stand(text: str, said: str) -> None:
    with pytest.raises(InvalidArgument, match=said):
        read_kernel(text)
