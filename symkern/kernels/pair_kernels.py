r"""The attention algebra: pair kernels as combinations of four patterns, exactly.

With independent queries and keys every pair kernel of a pipeline has the form

    K_ab(x, y) = A + B [x_a = y_b] + C [a = b] + D [x_a = y_b][a = b],

with A, B, C, D polynomials in the match counts

    s = sum_t n_t(x) n_t(y),   m = #{a : x_a = y_a},   s_x = s(x, x),   s_y = s(y, y),

because the four patterns are closed under entrywise products, a sum over all pairs of positions gives
L^2, s, L and m for them, and an entry takes only the four values A, A + B, A + C, A + B + C + D, to which any activation
applies one by one. A readout leaves a polynomial in s, m, s_x, s_y and, for a single position, in d = [x_L = y_L].

Tied queries and keys and the activations relu and erf leave this algebra; `kernel_polynomial` then
raises `NoClosedForm` and says what exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import sympy as sp

from symkern.abc import L
from symkern.errors import NoClosedForm
from symkern.exact import FunctionField, RationalFunction, function_field
from symkern.kernels.gaussian import dual_terms
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

__all__ = ["INVARIANTS", "KernelPolynomial", "has_polynomial", "kernel_polynomial"]

s, m, s_x, s_y = sp.symbols("s m s_x s_y", nonnegative=True)
d = sp.Symbol("d", nonnegative=True)
#: The invariants of a pair of sequences in which a kernel polynomial is written.
INVARIANTS = (s, m, s_x, s_y, d)


@dataclass(frozen=True, repr=False)
class KernelPolynomial:
    """A kernel as a polynomial in `INVARIANTS` over Q(L, hyperparameters).

    ``terms`` maps exponents of (s, m, s_x, s_y, d) to coefficients; ``value`` is the whole.
    """

    value: RationalFunction

    @property
    def terms(self) -> dict[tuple[int, ...], RationalFunction]:
        """Coefficients by exponents of (s, m, s_x, s_y, d), with d^2 = d."""
        found: dict[tuple[int, ...], RationalFunction] = {}
        for (*powers, q), c in self.value.coefficients(INVARIANTS).items():
            key = (*powers, min(q, 1))
            found[key] = found[key] + c if key in found else c
        return {key: c for key, c in found.items() if c}

    def diagonal(self) -> RationalFunction:
        """k(x, x): s = s_x = s_y, m = L, d = 1."""
        field = self.value.field
        return self.value.substitute({s: s_x, m: L, s_y: s_x, d: 1}, field)

    def at(self, counts: dict[sp.Symbol, int], length: int) -> RationalFunction:
        """The value at given match counts and length."""
        return self.value.substitute({**counts, L: length}, self.value.field)

    @property
    def expression(self) -> sp.Expr:
        """The kernel as a SymPy expression in s, m, s_x, s_y, d."""
        return self.value.to_sympy()

    def latex(self) -> str:
        """As LaTeX for math mode."""
        from symkern.typeset import formula_latex

        return formula_latex(self.expression)

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    def __repr__(self) -> str:
        return f"KernelPolynomial({self.expression})"


@dataclass(frozen=True)
class _Pattern:
    """Coefficients of 1, [x_a = y_b], [a = b] and their product."""

    one: RationalFunction
    token: RationalFunction
    position: RationalFunction
    both: RationalFunction

    def values(self) -> list[RationalFunction]:
        """The four values of an entry: no match, token, position, both."""
        a, b, c, e = self.one, self.token, self.position, self.both
        return [a, a + b, a + c, a + b + c + e]

    @classmethod
    def from_values(cls, values: list[RationalFunction]) -> _Pattern:
        none, token, position, both = values
        return cls(none, token - none, position - none, both - token - position + none)

    def times(self, factor: RationalFunction) -> _Pattern:
        return _Pattern(*(c * factor for c in vars(self).values()))

    def plus(self, other: _Pattern) -> _Pattern:
        return _Pattern(
            *(a + b for a, b in zip(vars(self).values(), vars(other).values(), strict=True))
        )

    def entrywise(self, other: _Pattern) -> _Pattern:
        return self.from_values([a * b for a, b in zip(self.values(), other.values(), strict=True)])

    def total(self, field: FunctionField) -> RationalFunction:
        """Sum over all pairs of positions."""
        return (
            self.one * field(L**2)
            + self.token * field(s)
            + self.position * field(L)
            + self.both * field(m)
        )

    def diagonal(self) -> RationalFunction:
        """Entry at equal positions with equal tokens."""
        return self.one + self.token + self.position + self.both


def _no_closed_form(stage: Stage, why: str) -> NoClosedForm:
    return NoClosedForm(
        f"{stage}: {why}, so that the kernel is no polynomial in the match counts and has no formula "
        "symbolic in the length L; its exact values k(x, y) on given sequences exist"
    )


def has_polynomial(kernel: object) -> bool:
    """Whether `kernel_polynomial` writes the kernel.

    >>> from symkern.kernels import embedding
    >>> has_polynomial(embedding(1).attention("tied", "softmax").mean_pool())
    False
    """
    if not isinstance(kernel, Kernel):
        return False
    try:
        kernel_polynomial(kernel)
    except NoClosedForm:
        return False
    return True


@lru_cache(maxsize=128)
def kernel_polynomial(kernel: Kernel) -> KernelPolynomial:
    """The kernel as a polynomial in the match counts, over Q(L, hyperparameters).

    Raises `NoClosedForm` for tied queries and keys and for relu and erf.

    >>> from symkern.kernels import embedding
    >>> kernel_polynomial(embedding("alpha", "beta").flatten()).expression
    (L*beta + alpha*m)/L
    """
    symbols = tuple(p for p in kernel.parameters if p != L)
    field = function_field((*INVARIANTS, L, *symbols))
    pattern = _embedding(kernel.stages[0], field)
    before = pattern
    value: RationalFunction | None = None
    for i, stage in enumerate(kernel.stages[1:], 1):
        if isinstance(stage, (MeanPool, Flatten, AtPosition)):
            value = _readout(pattern, stage, field)
        elif value is not None:
            value = _after_readout(value, stage, field)
        elif isinstance(stage, Residual):
            pattern = pattern.plus(before)
        else:
            before, pattern = pattern, _stage(pattern, stage, kernel.stages[:i], field)
    assert value is not None
    return KernelPolynomial(value)


def _embedding(stage: Stage, field: FunctionField) -> _Pattern:
    assert isinstance(stage, Embedding)
    return _Pattern(field(stage.constant), field(stage.token), field(stage.position), field.zero)


def _stage(
    pattern: _Pattern, stage: Stage, earlier: tuple[Stage, ...], field: FunctionField
) -> _Pattern:
    if isinstance(stage, Attention):
        if stage.query_key != "independent":
            raise _no_closed_form(
                stage, "tied queries and keys weigh each position by its token's count"
            )
        values = pattern if stage.positions_in_values else _without_positions(earlier, field)
        factor = pattern.entrywise(values).total(field)
        return pattern.times(factor / field(L**2) if stage.normalize else factor)
    if isinstance(stage, Linear):
        scaled = pattern.times(field(stage.weight))
        return _Pattern(scaled.one + field(stage.bias), scaled.token, scaled.position, scaled.both)
    assert isinstance(stage, MLP)
    diagonal = pattern.diagonal()
    of_x = diagonal.substitute({s: s_x, m: L, s_y: s_x}, field)
    of_y = diagonal.substitute({s: s_y, m: L, s_x: s_y}, field)
    return _Pattern.from_values(
        [_gaussian(stage, of_x, of_y, value, field) for value in pattern.values()]
    )


def _without_positions(earlier: tuple[Stage, ...], field: FunctionField) -> _Pattern:
    """The stages so far on an embedding without positions."""
    first = earlier[0]
    assert isinstance(first, Embedding)
    pattern = before = _Pattern(field(first.constant), field(first.token), field.zero, field.zero)
    for i, stage in enumerate(earlier[1:], 1):
        if isinstance(stage, Residual):
            pattern = pattern.plus(before)
        else:
            before, pattern = pattern, _stage(pattern, stage, earlier[:i], field)
    return pattern


def _readout(pattern: _Pattern, stage: Stage, field: FunctionField) -> RationalFunction:
    if isinstance(stage, MeanPool):
        return pattern.total(field) / field(L**2)
    if isinstance(stage, Flatten):
        matches = (pattern.token + pattern.both) * field(m)
        return pattern.one + pattern.position + matches / field(L)
    return pattern.one + pattern.position + (pattern.token + pattern.both) * field(d)


def _after_readout(value: RationalFunction, stage: Stage, field: FunctionField) -> RationalFunction:
    if isinstance(stage, Linear):
        return value * field(stage.weight) + field(stage.bias)
    assert isinstance(stage, MLP)
    of_x = value.substitute({s: s_x, m: L, s_y: s_x, d: 1}, field)
    of_y = value.substitute({s: s_y, m: L, s_x: s_y, d: 1}, field)
    return _gaussian(stage, of_x, of_y, value, field)


def _gaussian(
    stage: MLP, p: RationalFunction, q: RationalFunction, r: RationalFunction, field: FunctionField
) -> RationalFunction:
    """E phi(u) phi(w), (u, w) Gaussian with variances p, q and covariance r."""
    if stage.polynomial is None:
        raise _no_closed_form(stage, "this activation is no polynomial")
    total = field.zero
    for c, j, e, f in dual_terms(stage.polynomial):
        total = total + field(c) * r**j * p**e * q**f
    return total
