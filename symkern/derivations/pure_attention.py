r"""The derivation of T = c_l K for pure attention: one layer on a multiple of its kernel, the recursion, its solution.

One layer is worked out on matrices of small integers, entry by entry; whole networks by their tangent kernels; the solution by counting up.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from random import Random
from typing import Any

from symkern.claims import Derivation, Step, reference
from symkern.kernels.pipeline import embedding
from symkern.kernels.pure_attention import tangent_multiple

_WORDS = ((0, 1, 1), (1, 2, 1))
#: Beyond these the sides are not worked out.
_LONGEST, _DEEPEST, _FURTHEST = 30, 8, 1000


def tangent_multiple_derivation(query_key: str) -> Derivation:
    """The steps to c_l = 3^(l+1) - 2, or 2 l + 1 for tied queries and keys.

    >>> from symkern.kernels import tangent_multiple
    >>> bool(tangent_multiple().derivation().check())
    True
    """
    tied = query_key == "tied"
    solved = r"c_l = 2 l + 1" if tied else r"c_l = 3^{l+1} - 2"
    steps = (
        Step(
            "one layer",
            r"T = c K \;\Rightarrow\; T' = (2 + c) K'" if tied else r"T = c K \;\Rightarrow\; T' = (4 + 3 c) K'",
            r"$T' = 2 K' + G T G^{\mathsf T}$ with $K' = G K G^{\mathsf T}$, the rows $G$ being those at initialisation: two trained weight matrices, "
            "those of values and output, each add $K'$."
            if tied
            else r"$T'_{ac} = 4 K'_{ac} + L^{-2} \bigl( T_{ac} \sum K_{bd} K_{bd} + K_{ac} \sum (T_{bd} K_{bd} + K_{bd} T_{bd}) \bigr)$ with "
            r"$K'_{ac} = L^{-2} K_{ac} \sum K_{bd}^2$: four trained weight matrices each add $K'$, and the layer is of degree three in what it is given.",
            reference("hron2020"),
            sides=partial(_one_layer, tied),
            sizes={"L": (1, 2, 3), "c": (1, 7)},
        ),
        Step(
            "the network",
            (r"c_0 = 1, \quad c_{l+1} = 2 + c_l" if tied else r"c_0 = 1, \quad c_{l+1} = 4 + 3 c_l"),
            r"Tokens and positions of the embedding are trained, so that $T = K$ there; every readout is linear and reads both alike.",
            sides=partial(_network, query_key),
            sizes={"layers": range(4)},
        ),
        Step("the solution", solved, "By induction.", sides=partial(_solution, query_key), sizes={"layers": range(12)}),
    )  # fmt: skip
    return Derivation("The tangent kernel of pure attention", steps, rf"T = c_l K, \quad {solved}")


def _one_layer(tied: bool, L: int, c: int) -> tuple[Any, Any] | None:
    """The layer's tangent on matrices of small integers, and the multiple of its kernel."""
    if L > _LONGEST:
        return None
    draw, size = Random(f"{L} {c}"), range(L)
    k, g = ([[draw.randint(-3, 3) for _ in size] for _ in size] for _ in range(2))
    t = [[c * e for e in row] for row in k]
    if tied:
        new, moved = (_framed(g, m) for m in (k, t))
        left: Any = [[2 * a + b for a, b in zip(r, s, strict=True)] for r, s in zip(new, moved, strict=True)]  # fmt: skip
        return left, [[(2 + c) * e for e in row] for row in new]
    pairs = [(b, d) for b in size for d in size]
    squares = Fraction(sum(k[b][d] ** 2 for b, d in pairs), L**2)
    mixed = Fraction(sum(2 * t[b][d] * k[b][d] for b, d in pairs), L**2)
    left = [[4 * k[a][e] * squares + t[a][e] * squares + k[a][e] * mixed for e in size] for a in size]  # fmt: skip
    return left, [[(4 + 3 * c) * k[a][e] * squares for e in size] for a in size]


def _framed(g: list[list[int]], m: list[list[int]]) -> list[list[int]]:
    """G M G^T."""
    size = range(len(g))
    half = [[sum(g[a][b] * m[b][d] for b in size) for d in size] for a in size]
    return [[sum(half[a][d] * g[c][d] for d in size) for c in size] for a in size]


def _network(query_key: str, layers: int) -> tuple[Any, Any] | None:
    """The tangent kernel on two sequences, and the multiple of the kernel."""
    if layers > _DEEPEST:
        return None
    chain, multiple = embedding(2, "1/3"), 1
    for _ in range(layers):
        chain = chain.attention(query_key)
        multiple = 2 + multiple if query_key == "tied" else 4 + 3 * multiple
    reads: list[Any] = [chain.mean_pool(), chain.flatten(), chain.at_position("last")]
    return [k.ntk()(*_WORDS) for k in reads], [multiple * k(*_WORDS) for k in reads]


def _solution(query_key: str, layers: int) -> tuple[int, Any] | None:
    """The recursion counted up, and the formula."""
    if layers > _FURTHEST:
        return None
    multiple = 1
    for _ in range(layers):
        multiple = 2 + multiple if query_key == "tied" else 4 + 3 * multiple
    return multiple, tangent_multiple(layers, query_key).formula
