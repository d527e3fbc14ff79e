r"""The attention algebra: pair kernels as combinations of four patterns, exactly.

With independent queries and keys every pair kernel of a pipeline has the form

    K_ab(x, y) = A + B [x_a = y_b] + C [a = b] + D [x_a = y_b][a = b],

with A, B, C, D polynomials in the match counts

    s = sum_t n_t(x) n_t(y),   m = #{a : x_a = y_a},   s_x = s(x, x),   s_y = s(y, y),

because the four patterns are closed under entrywise products, a sum over all pairs of positions gives
L^2, s, L and m for them, and an entry takes only the four values A, A + B, A + C, A + B + C + D, to which any activation
applies one by one. A readout leaves a polynomial in s, m, s_x, s_y and, for a single position, in d = [x_L = y_L].

Tied queries and keys and activations that are no polynomials leave this algebra; `kernel_polynomial` then
raises `NoAction` and says what exists.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, runtime_checkable

import sympy as sp

from symkern.abc import L
from symkern.errors import InvalidArgument, displayed
from symkern.exact import FunctionField, RationalFunction, function_field
from symkern.kernels.algebras.algebra import Algebra, EntryMap
from symkern.reading.annotated import typed
from symkern.typeset import formula_latex
from symkern.typeset.shown import Written, displays

s, m, s_x, s_y = sp.symbols("s m s_x s_y", nonnegative=True)
d = sp.Symbol("d", nonnegative=True)
#: The invariants of a pair of sequences in which a kernel polynomial is written.
INVARIANTS = (s, m, s_x, s_y, d)


@dataclass(frozen=True, repr=False)
@typed
class KernelPolynomial(Written):
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

    @typed
    def at(self, counts: dict[sp.Symbol, int], length: int) -> RationalFunction:
        """The value at given match counts and length.

        Args:
            counts: symbol -> number, for s, m, d and the others that stand in the kernel.
            length: the number of positions.

        Raises:
            InvalidArgument: the length is a pole of the kernel.
        """
        try:
            return self.value.substitute({**counts, L: length}, self.value.field)
        except ZeroDivisionError:
            rule = "must not be a pole of the kernel"
            raise InvalidArgument("length", rule, f"it is {displayed(length)}") from None

    @property
    def expression(self) -> sp.Expr:
        """The kernel as a SymPy expression in s, m, s_x, s_y, d."""
        return self.value.to_sympy()

    @displays
    def latex(self) -> str:
        """As LaTeX for math mode."""
        return formula_latex(self.expression)

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    def __repr__(self) -> str:
        return f"KernelPolynomial({self.expression})"


@dataclass(frozen=True)
class _Pattern:
    """Coefficients of 1, [x_a = y_b], [a = b] and their product."""

    field: FunctionField
    one: RationalFunction
    token: RationalFunction
    position: RationalFunction
    both: RationalFunction

    def _each(self, function: Callable[..., RationalFunction], *others: _Pattern) -> _Pattern:
        parts = zip(*(k._parts for k in (self, *others)), strict=True)
        return _Pattern(self.field, *(function(*part) for part in parts))

    @property
    def _parts(self) -> tuple[RationalFunction, ...]:
        return self.one, self.token, self.position, self.both

    def values(self) -> list[RationalFunction]:
        """The four values of an entry: no match, token, position, both."""
        a, b, c, e = self._parts
        return [a, a + b, a + c, a + b + c + e]

    def _with_values(self, values: list[RationalFunction]) -> _Pattern:
        none, token, position, both = values
        return _Pattern(
            self.field, none, token - none, position - none, both - token - position + none
        )

    def plus(self, other: _Pattern) -> _Pattern:
        return self._each(lambda a, b: a + b, other)

    def scaled(self, factor: RationalFunction, over: RationalFunction | int = 1) -> _Pattern:
        factor = factor if over == 1 else factor / over
        return self._each(lambda a: a * factor)

    def mapped(self, function: EntryMap, p: Any = None, q: Any = None) -> _Pattern:
        return self._with_values([function(r, p, q) for r in self.values()])

    def entrywise(self, other: _Pattern) -> _Pattern:
        product = [a * b for a, b in zip(self.values(), other.values(), strict=True)]
        return self._with_values(product)

    def overlap(self, other: _Pattern) -> RationalFunction:
        return self.entrywise(other)._total()

    def _total(self) -> RationalFunction:
        """Sum over all pairs of positions."""
        field = self.field
        return (
            self.one * field(L**2)
            + self.token * field(s)
            + self.position * field(L)
            + self.both * field(m)
        )

    def diagonal(self) -> RationalFunction:
        """Entry at equal positions with equal tokens."""
        return self.one + self.token + self.position + self.both

    def mean(self) -> RationalFunction:
        return self._total() / self.field(L**2)

    def mean_diagonal(self) -> RationalFunction:
        matches = (self.token + self.both) * self.field(m)
        return self.one + self.position + matches / self.field(L)

    def read(self) -> RationalFunction:
        return self.one + self.position + (self.token + self.both) * self.field(d)


class MatchCounts(Algebra):
    """Patterns over a field that has the symbols of the hyperparameters and, from the first attention on, L and `INVARIANTS`."""

    name = "match_counts"
    gives = "its formulas symbolic in the length L"
    lacks = "is no polynomial in the match counts and has no formula symbolic in the length L"

    def __init__(self, field: FunctionField) -> None:
        super().__init__()
        self.field = field

    @property
    def length(self) -> RationalFunction:
        """L as a number."""
        return self.field(L)

    def number(self, value: sp.Expr, argument: str = "hyperparameter") -> RationalFunction:
        """A hyperparameter as an element of the field."""
        return self.field(value)

    def embedded(
        self, token: RationalFunction, position: RationalFunction, constant: RationalFunction
    ) -> _Pattern:
        """The pattern token [x_a = y_b] + position [a = b] + constant."""
        return _Pattern(self.field, constant, token, position, self.field.zero)

    def sides(self, function: Callable[[Any], Any], state: Any) -> tuple[Any, Any]:
        """``function`` of the state of (x, x), where s = s_x, m = L, d = 1, and of (y, y)."""
        value = function(state)
        if s not in self.field.symbols:  # before the first attention no count has come in
            return value, value
        return (
            value.substitute({s: s_x, m: L, s_y: s_x, d: 1}, self.field),
            value.substitute({s: s_y, m: L, s_x: s_y, d: 1}, self.field),
        )


@runtime_checkable
class Pipeline(Protocol):
    """What `kernel_polynomial` needs of a kernel."""

    @property
    def stages(self) -> tuple[Any, ...]:
        """Its stages in order."""

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """Its hyperparameters."""

    def __hash__(self) -> int: ...


@typed
@lru_cache(maxsize=128)
def kernel_polynomial(kernel: Pipeline) -> KernelPolynomial:
    """The kernel as a polynomial in the match counts, over Q(L, hyperparameters).

    Args:
        kernel: a pipeline that ends in a readout.

    Raises:
        NoAction: tied queries and keys, and maps of entries that are no polynomials.

    >>> from symkern.kernels import embedding
    >>> kernel_polynomial(embedding("alpha", "beta").flatten()).expression
    (L*beta + alpha*m)/L
    """
    symbols = tuple(p for p in kernel.parameters if p != L)
    return KernelPolynomial(
        MatchCounts(function_field((*INVARIANTS, L, *symbols))).run(kernel.stages)
    )
