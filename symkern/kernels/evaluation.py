"""Exact values of a kernel on two given sequences.

Kernels that are polynomials in the match counts are evaluated by their polynomial. Every other pipeline
runs the recursion itself on the three L x L matrices K(x, x), K(x, y), K(y, y) in SymPy
arithmetic: exponentials, square roots and arccosines stay as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm, SizeMismatch
from symkern.exact import exact_size
from symkern.kernels.gaussian import dual_terms
from symkern.kernels.pair_kernels import d, kernel_polynomial, m, s, s_x, s_y
from symkern.kernels.pipeline import (
    MLP,
    AtPosition,
    Attention,
    Embedding,
    Flatten,
    Kernel,
    Linear,
    MeanPool,
    Residual,
    Stage,
)

if TYPE_CHECKING:
    from symkern.kernels.function_kernels import FunctionKernel

__all__ = ["at_sizes", "bind", "evaluate", "match_counts"]

_Bindable = TypeVar("_Bindable", "Kernel", "FunctionKernel", "Kernel | FunctionKernel")

Matrix = list[list[sp.Expr]]
Triple = tuple[Matrix, Matrix, Matrix]


def bind(kernel: _Bindable, parameters: Mapping[str, object]) -> _Bindable:
    """The kernel with hyperparameters given by name; unknown names raise `InvalidArgument`.

    L and v are no hyperparameters: they are the length and the vocabulary wherever they stand, see `at_sizes`.
    """
    known = {p.name: p for p in kernel.parameters if p not in (CONTEXT_LENGTH, VOCABULARY)}
    for name, value in parameters.items():
        if name in ("L", "v"):
            what = "length" if name == "L" else "vocabulary"
            raise InvalidArgument(
                name, f"is the {what} and no hyperparameter: it is set by the sequences", f"it is {value}"
            )  # fmt: skip
        if name not in known:
            raise InvalidArgument(
                name,
                f"must be a hyperparameter of the kernel: {', '.join(known) or 'there is none'}",
                "it is not",
            )
    bound: _Bindable = kernel.substitute({known[name]: value for name, value in parameters.items()})
    return bound


def at_sizes(
    kernel: _Bindable, length: int | sp.Expr, vocabulary: int | sp.Expr = VOCABULARY
) -> _Bindable:
    """The kernel with the length and the vocabulary in the place of L and v in its hyperparameters.

    >>> from symkern.kernels import embedding
    >>> print(at_sizes(embedding("v", "1/L").mean_pool(), 4, 2))
    embedding(2, 1/4) | mean_pool
    """
    sizes = {CONTEXT_LENGTH: length, VOCABULARY: vocabulary}
    known = kernel.parameters
    values = {t: size for t, size in sizes.items() if t in known and size != t}
    bound: _Bindable = kernel.substitute(values) if values else kernel
    return bound


def match_counts(first: Sequence[Hashable], second: Sequence[Hashable]) -> dict[sp.Symbol, int]:
    """The invariants s, m, s_x, s_y, d of a pair of sequences of one length."""
    ours, theirs = Counter(first), Counter(second)
    return {
        s: sum(count * theirs[token] for token, count in ours.items()),
        m: sum(a == b for a, b in zip(first, second, strict=True)),
        s_x: sum(count**2 for count in ours.values()),
        s_y: sum(count**2 for count in theirs.values()),
        d: int(first[-1] == second[-1]),
    }


def evaluate(
    kernel: Kernel,
    first: Sequence[Hashable],
    second: Sequence[Hashable],
    parameters: Mapping[str, object],
) -> sp.Expr:
    """k(first, second) as an exact expression; L is the length, and v stays a symbol unless ``parameters`` names it."""
    first, second = _tokens(first, "x"), _tokens(second, "y")
    if len(first) != len(second):
        raise SizeMismatch(
            "x, y", "must have one length", f"their lengths are {len(first)} and {len(second)}"
        )
    if not first:
        raise InvalidArgument("x", "must have at least one token", "it is empty")
    given = dict(parameters)
    vocabulary = VOCABULARY
    if VOCABULARY in kernel.parameters:
        vocabulary = exact_size(given.pop("v", VOCABULARY), "v")
    bound = at_sizes(bind(kernel, given), len(first), vocabulary)
    try:
        polynomial = kernel_polynomial(bound)
    except (NoClosedForm, InvalidArgument):
        return _recursion(bound, first, second)
    return polynomial.at(match_counts(first, second), len(first)).to_sympy()


def _tokens(sequence: Sequence[Hashable], name: str) -> tuple[Hashable, ...]:
    if not isinstance(sequence, Sequence) and getattr(sequence, "ndim", 0) != 1:
        raise InvalidType(name, "must be a sequence of tokens", sequence)
    tokens = tuple(sequence)
    for token in tokens:
        try:
            hash(token)
        except TypeError:
            raise InvalidType(name, "must hold hashable tokens", token) from None
    return tokens


def _recursion(kernel: Kernel, first: Sequence[Hashable], second: Sequence[Hashable]) -> sp.Expr:
    base = kernel.stages[0]
    assert isinstance(base, Embedding)
    pairs = ((first, first), (first, second), (second, second))
    kernels = _base(base, pairs)
    before = kernels
    scalars: tuple[sp.Expr, sp.Expr, sp.Expr] | None = None
    for i, stage in enumerate(kernel.stages[1:], 1):
        if isinstance(stage, (MeanPool, Flatten, AtPosition)):
            scalars = tuple(_readout(k, stage) for k in kernels)
        elif scalars is not None:
            scalars = tuple(k[0][0] for k in _layer(_wrap(scalars), stage, (), pairs))
        elif isinstance(stage, Residual):
            kernels = tuple(_plus(a, b) for a, b in zip(kernels, before, strict=True))  # type: ignore[assignment]
        else:
            before, kernels = kernels, _layer(kernels, stage, kernel.stages[:i], pairs)
    assert scalars is not None
    return sp.factor_terms(scalars[1]) if scalars[1].is_polynomial() else scalars[1]


def _wrap(scalars: tuple[sp.Expr, sp.Expr, sp.Expr]) -> Triple:
    return tuple([[value]] for value in scalars)  # type: ignore[return-value]


def _base(
    stage: Embedding, pairs: Sequence[tuple[Sequence[Hashable], Sequence[Hashable]]]
) -> Triple:
    return tuple(  # type: ignore[return-value]
        [
            [
                stage.constant + stage.token * int(t == u) + stage.position * int(a == b)
                for b, u in enumerate(right)
            ]
            for a, t in enumerate(left)
        ]
        for left, right in pairs
    )


def _plus(a: Matrix, b: Matrix) -> Matrix:
    return [[p + q for p, q in zip(r, t, strict=True)] for r, t in zip(a, b, strict=True)]


def _readout(k: Matrix, stage: Stage) -> sp.Expr:
    length = len(k)
    if isinstance(stage, MeanPool):
        return sp.Add(*(e for row in k for e in row)) / length**2
    if isinstance(stage, Flatten):
        return sp.Add(*(k[a][a] for a in range(length))) / length
    return k[-1][-1]


def _layer(
    kernels: Triple,
    stage: Stage,
    earlier: tuple[Stage, ...],
    pairs: Sequence[tuple[Sequence[Hashable], Sequence[Hashable]]],
) -> Triple:
    if isinstance(stage, Linear):
        return tuple(  # type: ignore[return-value]
            [[stage.weight * e + stage.bias for e in row] for row in k] for k in kernels
        )
    if isinstance(stage, MLP):
        left, right = kernels[0], kernels[2]
        sides = ((left, left), (left, right), (right, right))
        return tuple(  # type: ignore[return-value]
            [
                [_dual(stage, p[a][a], q[b][b], e) for b, e in enumerate(row)]
                for a, row in enumerate(k)
            ]
            for k, (p, q) in zip(kernels, sides, strict=True)
        )
    assert isinstance(stage, Attention)
    values = kernels if stage.positions_in_values else _without_positions(earlier, pairs)
    length = len(kernels[0])
    if stage.query_key == "independent":
        scale = sp.Integer(length**2) if stage.normalize else sp.S.One
        out = []
        for k, e in zip(kernels, values, strict=True):
            factor = sp.Add(
                *(p * q for r, t in zip(k, e, strict=True) for p, q in zip(r, t, strict=True))
            )
            out.append([[entry * factor / scale for entry in row] for row in k])
        return tuple(out)  # type: ignore[return-value]
    rows = [_row_map(k, stage) for k in (kernels[0], kernels[2])]
    sides = ((rows[0], rows[0]), (rows[0], rows[1]), (rows[1], rows[1]))
    return tuple(  # type: ignore[return-value]
        _product(_product(g, e), [list(column) for column in zip(*h, strict=True)])
        for e, (g, h) in zip(values, sides, strict=True)
    )


def _without_positions(
    earlier: tuple[Stage, ...],
    pairs: Sequence[tuple[Sequence[Hashable], Sequence[Hashable]]],
) -> Triple:
    first = earlier[0]
    assert isinstance(first, Embedding)
    kernels = before = _base(Embedding(first.token, sp.S.Zero, first.constant), pairs)
    for i, stage in enumerate(earlier[1:], 1):
        if isinstance(stage, Residual):
            kernels = tuple(_plus(a, b) for a, b in zip(kernels, before, strict=True))  # type: ignore[assignment]
        else:
            before, kernels = kernels, _layer(kernels, stage, earlier[:i], pairs)
    return kernels


def _row_map(scores: Matrix, stage: Attention) -> Matrix:
    if stage.row_map == "softmax":
        rows = [[sp.exp(e) for e in row] for row in scores]
        return [[e / sp.Add(*row) for e in row] for row in rows]
    scale = len(scores) if stage.normalize else 1
    maps = {"identity": lambda e: e, "relu": lambda e: sp.Max(e, 0), "abs": sp.Abs}
    return [[maps[stage.row_map](e) / scale for e in row] for row in scores]


def _product(a: Matrix, b: Matrix) -> Matrix:
    columns = list(zip(*b, strict=True))
    return [[sp.Add(*(p * q for p, q in zip(r, c, strict=True))) for c in columns] for r in a]


def _dual(stage: MLP, p: sp.Expr, q: sp.Expr, r: sp.Expr) -> sp.Expr:
    """E phi(u) phi(w) for Gaussian (u, w) with variances p, q and covariance r.

    relu: sqrt(pq) (sqrt(1 - c^2) + (pi - arccos c) c) / (2 pi) with c = r / sqrt(pq) (Cho and Saul 2009);
    erf: (2/pi) arcsin(2r / sqrt((1 + 2p)(1 + 2q))) (Williams 1997); polynomials by Wick's theorem.
    """
    if stage.activation == "relu":
        norm = sp.sqrt(p * q)
        if norm.is_zero:
            return sp.S.Zero
        c = sp.cancel(r / norm) if r.is_Rational else r / norm
        return norm * (sp.sqrt(1 - c**2) + (sp.pi - sp.acos(c)) * c) / (2 * sp.pi)
    if stage.activation == "erf":
        return 2 / sp.pi * sp.asin(2 * r / sp.sqrt((1 + 2 * p) * (1 + 2 * q)))
    phi = stage.polynomial
    assert phi is not None
    return sp.Add(*(c * r**j * p**e * q**f for c, j, e, f in dual_terms(phi)))
