r"""How the averaged features of tied softmax attentions follow the letters' shares, for long sequences of uniform tokens.

A draw depends on a long sequence by the shares p_u of its letters, near 1/v. Features of letter t are sum_u M_tu phi_u with phi_u orthogonal letters of the embedding, several such M side by side behind a
residual; an attention with the scores S, which are the sum of c M M^T, c the variances of the M, takes

    M -> W M,      W_tu = p_u exp(s S_tu)/Z_t,      Z_t = sum_u p_u exp(s S_tu),

s its scale. At p = 1/v all is symmetric under renaming letters: M = R 1 + (1 - R) J/v, and its derivative in a direction delta of sum zero, whose rows sum to zero as those of M sum to one, is

    dM = x (diag delta - delta 1^T/v) + y 1 delta^T.

With B = sum c R^2, r = (e^(s B) - 1)/(e^(s B) + v - 1) and Y, Z the sums of c R (y - x/v) and of c R x, the logarithm of W changes by g 1 delta^T + h diag delta less what its rows have in common,
g = v + s Y, h = 2 s Z, and so

    R -> r R,      x -> r x + R (1 - r) (g r + h (r + (1 - r)/v)),      y -> y + (1 - r) (x/v + R g/v).

The average over positions, p^T M, changes by D delta, D = R + x/v + y: 1 + r - r^2 behind one attention. So a = L^2 (ln F)_s is the sum of c D^2 over the sum of c/v and the constant; what
positions add to scores and weights is of order 1/L, and changes the signs of no more inputs than go to zero.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import sympy as sp

from symkern.kernels.pipeline import Kernel
from symkern.kernels.stages.attention import Attention
from symkern.kernels.stages.embedding import Embedding
from symkern.kernels.stages.linear import Linear
from symkern.kernels.stages.residual import Residual
from symkern.kernels.stages.stage import Stage
from symkern.reading.annotated import typed


@dataclass(frozen=True)
class _Part:
    """Features M with the variance ``c``."""

    c: sp.Expr
    R: sp.Expr = sp.S.One
    x: sp.Expr = sp.S.Zero
    y: sp.Expr = sp.S.Zero


@dataclass(frozen=True)
class _State:
    """Parts side by side, and a constant that all letters share."""

    parts: tuple[_Part, ...]
    constant: sp.Expr


@typed
def softmax_rate(kernel: Kernel, letters: sp.Expr) -> sp.Expr | None:
    """a = L^2 (ln F)_s of tied softmax attentions with residuals and linear layers between an embedding and ``mean_pool``; 0 where no letter is seen.

    None of any other kernel.

    Args:
        kernel: a pipeline.
        letters: the number v of tokens, or a symbol.

    >>> from symkern.abc import alpha
    >>> from symkern.kernels import embedding
    >>> kernel = embedding("alpha", "beta").attention("tied", "softmax").mean_pool()
    >>> softmax_rate(kernel, sp.Integer(2)).subs(alpha, sp.log(3))
    25/8
    """
    first, *between = kernel.stages
    readout = next((i for i, stage in enumerate(between) if stage.place == "readout"), None)
    if readout is None or between[readout].name != "mean_pool":
        return None
    inside, behind = between[:readout], between[readout + 1 :]
    if not isinstance(first, Embedding) or first.covariance is not None:
        return None
    if not all(map(_is_known, inside)) or not all(isinstance(stage, Linear) for stage in behind):
        return None
    if not any(isinstance(stage, Attention) for stage in inside):
        return None  # a polynomial
    assert isinstance(first.token, sp.Expr)
    if first.token == 0:
        return sp.S.Zero
    known: dict[sp.Symbol, sp.Expr] = {}
    states = [_State((_Part(first.token),), first.constant)]
    for stage in (*inside, *behind):
        states.append(_next(stage, states, letters, known))
    last = states[-1]
    moved = [(part.c, sp.expand(part.R + part.x / letters + part.y)) for part in last.parts]
    a = sp.Add(*(c * d**2 for c, d in moved)) / (sp.Add(*(c / letters for c, _ in moved)) + last.constant)  # fmt: skip
    for symbol in reversed(known):
        a = a.subs(symbol, known[symbol])
    return a


def _is_known(stage: Stage) -> bool:
    if isinstance(stage, Attention):
        return (stage.query_key, stage.row_map) == ("tied", "softmax")
    return isinstance(stage, (Linear, Residual))


def _next(
    stage: Stage, states: list[_State], letters: sp.Expr, known: dict[sp.Symbol, sp.Expr]
) -> _State:
    """The state behind a stage; r of an attention becomes a symbol of ``known``."""
    state = states[-1]
    if isinstance(stage, Linear):
        parts = tuple(replace(part, c=stage.weight * part.c) for part in state.parts)
        return _State(parts, stage.weight * state.constant + stage.bias)
    if isinstance(stage, Residual):
        other = states[-1 - stage.over]
        return _State(state.parts + other.parts, state.constant + other.constant)
    assert isinstance(stage, Attention)
    scale, v = stage.scale, letters
    seen = scale * sp.Add(*(part.c * part.R**2 for part in state.parts))
    r = sp.Dummy(f"r{len(known)}", positive=True)
    known[r] = (sp.exp(seen) - 1) / (sp.exp(seen) + v - 1)
    g = v + scale * sp.Add(*(p.c * p.R * (p.y - p.x / v) for p in state.parts))
    h = 2 * scale * sp.Add(*(p.c * p.R * p.x for p in state.parts))
    moved = (1 - r) * (g * r + h * (r + (1 - r) / v))
    parts = tuple(
        _Part(p.c, r * p.R, sp.expand(r * p.x + p.R * moved), sp.expand(p.y + (1 - r) * (p.x + p.R * g) / v))
        for p in state.parts
    )  # fmt: skip
    return _State(parts, state.constant)
