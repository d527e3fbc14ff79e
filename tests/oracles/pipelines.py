"""One list of pipelines, read twice: as a chain of symkern's builder and by the oracle.

A pipeline is the oracle's list of stages with SymPy expressions for its parameters. Here, too, are the
ways from a symbolic sector to exact numbers: substitution is SymPy's, the characteristic polynomial FLINT's.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat, fmpq_poly

import symkern as sk
from symkern.abc import L, alpha, b, beta, gamma, v, w, x
from tests.oracles import attention, spectrum
from tests.oracles import symmetric_group as sym

Stage = tuple[str, dict[str, Any]]

_EMBEDDING: Stage = ("embedding", {"token": alpha, "position": beta})
_ATTENTION: Stage = ("attention", {})
_MEAN: Stage = ("mean_pool", {})
_FLATTEN: Stage = ("flatten", {})
_LAST: Stage = ("at_position", {"position": "last"})
_SQUARE: Stage = ("mlp", {"activation": (0, 0, 1)})

#: Kernels that must be solved on uniform tokens with L and v symbolic.
REQUIRED: dict[str, list[Stage]] = {
    "bag-of-tokens": [("embedding", {"token": alpha}), _MEAN],
    "mean of the embedding": [
        ("embedding", {"token": alpha, "position": beta, "constant": gamma}),
        _MEAN,
    ],
    "flatten": [_EMBEDDING, _FLATTEN],
    "flatten with a constant": [
        ("embedding", {"token": alpha, "position": beta, "constant": gamma}),
        _FLATTEN,
    ],
    "linear-attention": [_EMBEDDING, _ATTENTION, _MEAN],
    "linear-attention-flatten": [_EMBEDDING, _ATTENTION, _FLATTEN],
    "attention without the average": [_EMBEDDING, ("attention", {"normalize": False}), _MEAN],
    "values without positions": [
        _EMBEDDING,
        ("attention", {"positions_in_values": False}),
        _MEAN,
    ],
    "attention without positions": [("embedding", {"token": alpha}), _ATTENTION, _MEAN],
    "attention with a constant": [
        ("embedding", {"token": alpha, "position": beta, "constant": gamma}),
        _ATTENTION,
        _MEAN,
    ],
    "transformer-block": [
        _EMBEDDING,
        _ATTENTION,
        ("residual", {}),
        ("linear", {"weight": w, "bias": b}),
        _MEAN,
    ],
    "block with flatten": [_EMBEDDING, _ATTENTION, ("residual", {}), _FLATTEN],
    "linear after the readout": [
        _EMBEDDING,
        _ATTENTION,
        _MEAN,
        ("linear", {"weight": w, "bias": b}),
    ],
}

#: Kernels with an exact value on two sequences; on uniform tokens they may still be refused by name.
FURTHER: dict[str, list[Stage]] = {
    "squares of the embedding": [_EMBEDDING, _SQUARE, _MEAN],
    "squares of the embedding, flatten": [_EMBEDDING, _SQUARE, _FLATTEN],
    "squares, then attention": [_EMBEDDING, _SQUARE, _ATTENTION, _MEAN],
    "cubic network on flat input": [
        ("embedding", {"token": alpha}),
        _FLATTEN,
        ("mlp", {"activation": (1, 2, 0, 1)}),
    ],
    "linear-attention-2": [_EMBEDDING, _ATTENTION, _ATTENTION, _MEAN],
}

#: Kernels whose special position leaves only S_(L-1); not class functions of S_L.
ONE_POSITION: dict[str, list[Stage]] = {
    "linear-attention-last": [_EMBEDDING, _ATTENTION, _LAST],
    "transformer-block-last": [
        _EMBEDDING,
        _ATTENTION,
        ("residual", {}),
        ("linear", {"weight": w, "bias": b}),
        _LAST,
    ],
}

#: Several values of the parameters, unequal so that no two can be exchanged unnoticed.
PARAMETERS: list[dict[sp.Symbol, Fraction]] = [
    {
        alpha: Fraction(1),
        beta: Fraction(1),
        gamma: Fraction(2),
        w: Fraction(1, 2),
        b: Fraction(3),
    },
    {
        alpha: Fraction(2),
        beta: Fraction(1, 3),
        gamma: Fraction(5, 7),
        w: Fraction(3),
        b: Fraction(1, 4),
    },
]


def build(stages: list[Stage]) -> Any:
    """The same pipeline through symkern's public builder."""
    (_, arguments), *rest = stages
    kernel = sk.kernels.embedding(**arguments)
    for name, given in rest:
        given = dict(given)
        if name == "mlp":
            activation = given["activation"]
            if not isinstance(activation, str):
                activation = sum(c * x**i for i, c in enumerate(activation))
            kernel = kernel.mlp(activation)
        elif name == "at_position":
            kernel = kernel.at_position("last")
        else:
            kernel = getattr(kernel, name)(**given)
    return kernel


def _number(expression: Any, values: dict[sp.Symbol, Fraction]) -> Any:
    if not isinstance(expression, sp.Expr):
        return expression
    number = expression.subs({s: sp.Rational(str(q)) for s, q in values.items()})
    return Fraction(int(number.p), int(number.q))


def with_numbers(stages: list[Stage], values: dict[sp.Symbol, Fraction]) -> list[Stage]:
    return [
        (name, {key: _number(given, values) for key, given in arguments.items()})
        for name, arguments in stages
    ]


def oracle(stages: list[Stage], values: dict[sp.Symbol, Fraction]) -> Any:
    """(x, y) -> k(x, y) by the recursion, in Fractions."""
    numeric = with_numbers(stages, values)
    return lambda p, q: attention.kernel(numeric, p, q)


ALL = REQUIRED | FURTHER | ONE_POSITION


@cache
def full(name: str, which: int, length: int, vocabulary: int) -> tuple[Any, list[Any]]:
    """Gram matrix of a named pipeline over all sequences, by the oracle."""
    marked = name in ONE_POSITION
    return spectrum.gram(oracle(ALL[name], PARAMETERS[which]), length, vocabulary, marked)


@cache
def symbolic_spectrum(name: str) -> Any:
    """symkern's spectrum on uniform tokens, everything symbolic."""
    return build(ALL[name]).spectrum(length=L, tokens=sk.kernels.uniform(v))


def as_number(expression: Any, values: dict[Any, Any]) -> Fraction:
    """A formula at given numbers, exactly."""
    expression = sp.sympify(getattr(expression, "to_sympy", lambda: expression)())
    number = expression.subs({s: sp.Rational(str(q)) for s, q in values.items()})
    assert number.is_Rational, f"{number} still is no rational number"
    return Fraction(int(number.p), int(number.q))


def block_charpoly(block: Any, values: dict[Any, Any]) -> fmpq_poly:
    """Exact characteristic polynomial of a block at given numbers."""
    matrix = block.to_sympy()
    entries = [as_number(entry, values) for entry in matrix]
    return fmpq_mat(
        matrix.rows, matrix.cols, [fmpq(q.numerator, q.denominator) for q in entries]
    ).charpoly()


def is_valid(sector: Any, length: int, vocabulary: int) -> bool:
    return length >= sector.valid_for["L"] and vocabulary >= sector.valid_for["v"]


def irrep_pair(sector: Any, length: int, vocabulary: int) -> tuple[sym.Shape, sym.Shape] | None:
    """(position irrep, token irrep) as full partitions of L and v, or None where one is none."""
    on_positions = sym.padded(tuple(sector.position_irrep), length)
    on_tokens = sym.padded(tuple(sector.token_irrep), vocabulary)
    return None if on_positions is None or on_tokens is None else (on_positions, on_tokens)
