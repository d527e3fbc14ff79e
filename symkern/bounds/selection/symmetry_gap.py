r"""The symmetry gap: what a kernel pays that does not know that y points at x.

Under S_T x S_T x O(d), which permutes the tokens, permutes the entries of 1_y *separately*, and rotates, the target is

    STS = (1/T) sum_i x_i  +  (1/q) sum_i (1_y(i) - q/T) x_i,

the first part in triv x triv x R^d, of dimension d and squared norm d/T; the second in std x std x R^d, of dimension
(T-1)^2 d and squared norm d (T-q)/(q T). A kernel with that separate symmetry (a fully-connected network is one) has one
eigenvalue on the whole of each, at most E k / dimension by the trace bound. Under the simultaneous S_T alone std x std holds one
invariant, and the second part is it: its dimension is d. An attention kernel has that symmetry only.

Sources: trace bound: Lavie, Gur-Ari, Ringel, ICML 2024 (arXiv 2402.05173). Task: Wang, Wei, Hsu, Lee, ICML 2024 (arXiv 2406.06893).
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from symkern.abc import sigma2
from symkern.bounds.samples import samples_to_learn, trace_bound
from symkern.bounds.selection import symbols
from symkern.bounds.selection.selection_arguments import read_sizes
from symkern.claims import Claim, ScalingLaw, Standing
from symkern.doors import SymmetryGapDoors
from symkern.errors import InvalidArgument, displayed
from symkern.exact import exact_at_least
from symkern.exact.asymptotics import leading
from symkern.exact.written import fields_repr
from symkern.reading.annotated import typed
from symkern.reading.spelling import did_you_mean
from symkern.typeset.shown import Shown

SEPARATE = "S_T x S_T x O(d)"
SIMULTANEOUS = "S_T x O(d)"


@dataclass(frozen=True)
@typed
class TargetPart(Shown):
    """One part of the target under one group.

    Attributes:
        part: "mean" or "selection".
        group: under which it is taken.
        irrep: that of ``group`` which the part spans.
        dimension: that of the irrep.
        squared_norm: of the part.
        eigenvalue_bound: no eigenvalue on the part exceeds it.
        samples: ridge over that; fewer do not learn the part.
    """

    part: str
    group: str
    irrep: str
    dimension: sp.Expr
    squared_norm: sp.Expr
    eigenvalue_bound: sp.Expr
    samples: sp.Expr

    def __repr__(self) -> str:
        return fields_repr(self)


@dataclass(frozen=True)
@typed
class SymmetryGap(SymmetryGapDoors, Shown):
    """The two parts of the target under the two groups; sizes, E k = ``trace`` and ``ridge`` as given."""

    T: sp.Expr
    d: sp.Expr
    q: sp.Expr
    trace: sp.Expr
    ridge: sp.Expr

    @property
    def parts(self) -> tuple[TargetPart, ...]:
        """Mean and selection under S_T x S_T x O(d), then under S_T x O(d); without selection where q = T."""
        names = [("mean", "triv x triv x R^d", "triv x R^d")]
        if self.q != self.T:
            names.append(("selection", "std x std x R^d", "triv x R^d"))
        return tuple(
            self._part(part, group, irrep)
            for group, column in ((SEPARATE, 1), (SIMULTANEOUS, 2))
            for part, irrep in ((row[0], row[column]) for row in names)
        )

    @typed
    def part(self, part: str, group: str = SEPARATE) -> TargetPart:
        """One of `parts` by its names.

        Args:
            part: "mean" or "selection".
            group: "S_T x S_T x O(d)", tokens and queries moved separately, or "S_T x O(d)", moved alike.

        Raises:
            InvalidArgument: there is none of these names.

        >>> symmetry_gap(6, 2, 2).part("selection").dimension
        50
        """
        parts = self.parts
        for name, value in (("part", part), ("group", group)):
            known = list(dict.fromkeys(getattr(x, name) for x in parts))
            if value not in known:
                found = f"it is {displayed(value)}{did_you_mean(value, known)}"
                if value == "selection":
                    found = "there is no other part: q = T, and every token is selected"
                raise InvalidArgument(name, f"must be {' or '.join(known)}", found)
        [one] = [x for x in parts if (x.part, x.group) == (part, group)]
        return one

    def _part(self, part: str, group: str, irrep: str) -> TargetPart:
        separate = irrep.startswith("std")
        label = (1,) if separate else ()
        # E k / dim over the irreps of the three factors: one trace bound inside another, and d for R^d.
        bound = trace_bound(label, self.T, self.trace)
        if separate:
            bound = trace_bound(label, self.T, bound)
        bound = sp.factor(bound / self.d)
        norm = self.d / self.T
        if part == "selection":
            norm = self.d * (self.T - self.q) / (self.q * self.T)
        size = (self.T - 1) ** 2 * self.d if separate else self.d
        samples = samples_to_learn(bound, self.ridge)
        return TargetPart(part, group, irrep, size, norm, bound, samples)

    @property
    def ratio(self) -> sp.Expr:
        """How many times more samples the separate symmetry asks for: (T-1)^2."""
        return (self.T - 1) ** 2

    @typed
    def law(self, group: str = SEPARATE) -> ScalingLaw:
        """Samples that the selection part costs under a group, as a law in the symbol T.

        Args:
            group: "S_T x S_T x O(d)", tokens and queries moved separately, or "S_T x O(d)", moved alike.

        Raises:
            InvalidArgument: T is a number, q is T, or there is no such group.

        >>> gap = symmetry_gap()
        >>> print(gap.law())
        n >= sigma2*d*(T - 1)^2 ~ sigma2*T^2*d  (T >= 2, proved)
        >>> print(gap.law("S_T x O(d)"))
        n >= sigma2*d  (T >= 2, proved)
        """
        if not self.T.has(symbols.T):
            raise InvalidArgument(
                "T", "must be the symbol T in a law of T", f"it is {displayed(self.T)}"
            )
        if self.q == self.T:
            raise InvalidArgument("q", "must be below T, or nothing is selected among others", f"it is {displayed(self.q)}")  # fmt: skip
        formula = sp.factor(self.part("selection", group).samples)
        term = leading(formula, symbols.T) if formula.has(symbols.T) else None
        return ScalingLaw(
            "n", formula, term, {"T": 2}, Standing.PROVED, relation=">=", claim=self.claim
        )

    @property
    def claim(self) -> Claim:
        """What `derivation` proves."""
        return Claim("symmetry gap")


def symmetry_gap(
    T: object = symbols.T,
    d: object = symbols.d,
    q: object = symbols.q,
    trace: object = 1,
    ridge: object = sigma2,
) -> SymmetryGap:
    """The two parts of the target of token selection, what they cost under separate and under simultaneous symmetry.

    Args:
        T: the number of tokens, at least 2.
        d: the dimension of a token, at least 1.
        q: how many tokens are selected, from 1 to T.
        trace: E k(x, x), exact, above 0.
        ridge: exact, at least 0.

    Raises:
        InvalidArgument: sizes that break T >= 2, d >= 1, 1 <= q <= T, a trace that is not positive, a negative ridge.

    >>> gap = symmetry_gap(6, 2, 2)
    >>> [(x.group, x.part, x.dimension, x.squared_norm, x.samples) for x in gap.parts][1:3]
    [('S_T x S_T x O(d)', 'selection', 50, 2/3, 50*sigma2), ('S_T x O(d)', 'mean', 2, 1/3, 2*sigma2)]
    """
    total, dimension, chosen = read_sizes(T, d, q)
    size, cost = exact_at_least(trace, "trace"), exact_at_least(ridge, "ridge")
    if size.is_nonpositive:
        raise InvalidArgument("trace", "must be positive", f"it is {displayed(size)}")
    if cost.is_negative:
        raise InvalidArgument("ridge", "must not be negative", f"it is {displayed(cost)}")
    return SymmetryGap(total, dimension, chosen, size, cost)
