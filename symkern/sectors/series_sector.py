"""A sector whose eigenvalues are known for long sequences: the first terms of each as a series in 1/L."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from symkern.claims.derivation import Standing
from symkern.combinatorics import Partition
from symkern.errors import NoClosedForm
from symkern.exact import Branch, ExactMatrix, function_field
from symkern.exact.asymptotics import Leading
from symkern.exact.length_series import LengthSeries
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.sectors.sector import Sector
from symkern.typeset.shown import Shown


@dataclass(frozen=True)
@typed
class SeriesSector(Sector, Shown):
    """The block on (mu, kappa) of a kernel without a formula in L: it grows with L, and its largest eigenvalues are ``expansions``.

    ``others`` is the power of L that all other eigenvalues are of the order of, or below; None where there are no others. ``block`` is empty. ``shown`` is how many terms are
    asked for. ``undecided`` says that constants were taken to be zero that are known to be below 10^-``undecided``, where digits alone cannot decide;
    None where zero is decided.
    """

    expansions: tuple[LengthSeries, ...] = ()
    others: sp.Rational | None = None
    shown: int = 2
    undecided: int | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        super().__post_init__()

    @classmethod
    def of(
        cls,
        mu: Partition,
        kappa: Partition | None,
        dimension: int | sp.Expr,
        valid_for: dict[str, int],
        expansions: Sequence[LengthSeries],
        others: sp.Rational | None,
        shown: int,
        undecided: int | None = None,
    ) -> SeriesSector:
        """A sector from its series, the largest first."""
        return cls(
            mu,
            kappa,
            dimension,
            ExactMatrix(function_field(()), []),
            valid_for,
            Standing.ASYMPTOTIC,
            expansions=tuple(read_list(expansions, "expansions", "series")),
            others=others,
            shown=shown,
            undecided=undecided,
        )

    @property
    def multiplicity(self) -> int:
        """How many eigenvalues are known."""
        return len(self.expansions)

    def _computed_rows(self) -> list[tuple[Branch, Leading | None]]:
        return [(Branch((), i, None), s.leading) for i, s in enumerate(self.expansions)]

    def abridged(self) -> Sector:
        """Itself."""
        return self

    def series(self, terms: int | None = None) -> tuple[LengthSeries, ...]:
        """The eigenvalues as series in 1/L, ``terms`` terms of each where so many are certain; None: as many as were asked for.

        >>> from symkern.abc import L
        >>> from symkern.kernels import embedding, uniform
        >>> k = embedding(1, 1).attention("tied", "softmax").mean_pool()
        >>> spec = k.spectrum(length=L, tokens=uniform(2))
        >>> print(spec.sector([], []).series()[0])
        1/2 + 1/L + O(L^-3)
        """
        most = self.shown if terms is None else read_integer(terms, "terms", minimum=1)
        return tuple(s.first(most) for s in self.expansions)

    def contribution(self) -> Any:
        """Refused: eigenvalues that are not known add up to more than any power of L."""
        raise NoClosedForm(
            "contribution: a block that grows with L has a trace that its first eigenvalues do not give; "
            "at a given length the spectrum has it"
        )

    def with_functions(self) -> Sector:
        """Refused: the series are of eigenvalues alone."""
        raise NoClosedForm(
            "basis: for long sequences eigenvalues have series, eigenfunctions have none here; "
            "the spectrum at a given length has its functions"
        )

    @property
    def degrees(self) -> None:
        """None: there are no functions."""
        return
