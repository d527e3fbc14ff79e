"""The spectrum of a kernel under a token law: its sectors and what they sum to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from symkern.claims.derivation import Standing
from symkern.combinatorics import Partition
from symkern.doors import SpectrumDoors
from symkern.errors import InvalidArgument
from symkern.exact import Ball, ExactMatrix, function_field
from symkern.exact.balls import ball_sum
from symkern.kernels.function_kernels import FunctionKernel
from symkern.kernels.pipeline import Kernel
from symkern.sectors.sector import Sector
from symkern.tokens import Law

__all__ = ["Spectrum"]


@dataclass(frozen=True)
class Spectrum(SpectrumDoors):
    """Exact eigenvalues of (T f)(x) = E_y k(x, y) f(y), sector by sector.

    ``length`` and ``tokens`` are as asked for, symbols or numbers; ``sectors`` lists the sectors that are not zero; ``mean_diagonal`` is
    E k(x, x), computed on its own; ``settings`` the hyperparameters that were given values, where these had names: they
    are in the kernel, and tell no spectra apart. A spectrum prints as a table, in a notebook as HTML.

    >>> from symkern.abc import L, v
    >>> from symkern.kernels import embedding, uniform
    >>> spec = embedding("alpha").mean_pool().spectrum(length=L, tokens=uniform(v))
    >>> [(s.position_irrep, s.token_irrep, s.eigenvalues) for s in spec.sectors]
    [(Partition(), Partition(), (alpha/v,)), (Partition(), Partition(1), (alpha/(L*v),))]
    >>> spec.check_trace()
    True
    """

    kernel: Kernel | FunctionKernel
    length: int | sp.Expr
    tokens: Law
    sectors: tuple[Sector, ...]
    mean_diagonal: sp.Expr | Ball
    settings: tuple[tuple[str, sp.Expr], ...] = field(default=(), compare=False)

    @property
    def group(self) -> str:
        """The group of positions: "S_L", or "S_{L-1}" where one position is read."""
        return self.kernel.group.name

    @property
    def positions(self) -> int | sp.Expr:
        """How many positions that group moves: the irreps of sectors are of the symmetric group of this size."""
        return self.kernel.group.moved(self.length)

    @property
    def vocabulary(self) -> int | sp.Expr:
        """Number of tokens; the length itself where all are distinct."""
        return self.tokens.vocabulary_at(self.length)

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """Symbols of the hyperparameters."""
        return self.kernel.parameters

    @property
    def valid_for(self) -> dict[str, int]:
        """The sizes {"L": ..., "v": ...} from which on every sector has its full block: formulas of the whole spectrum hold from there.

        Below them `evaluate` gives the spectrum.

        >>> from symkern.kernels import derive
        >>> derive("linear-attention").valid_for
        {'L': 3, 'v': 4}
        """
        found: dict[str, int] = {}
        for sector in self.sectors:
            for name, size in sector.valid_for.items():
                found[name] = max(size, found.get(name, size))
        return found

    def __iter__(self) -> Any:
        return iter(self.sectors)

    def __len__(self) -> int:
        return len(self.sectors)

    def sector(self, mu: object, kappa: object = None) -> Sector:
        """The sector of the stable labels ``mu`` and ``kappa``; without ``kappa`` it must be the only one of mu."""
        shape = Partition.read(mu, "mu")
        found = [t for t in self.sectors if t.position_irrep == shape]
        if kappa is not None:
            token = Partition.read(kappa, "kappa")
            found = [t for t in found if t.token_irrep == token]
        if len(found) == 1:
            return found[0]
        if found:
            raise InvalidArgument(
                "kappa",
                f"must be given, since mu = {shape} has {len(found)} sectors",
                f"it is None; choose from {', '.join(str(t.token_irrep) for t in found)}",
            )
        raise InvalidArgument(
            "mu, kappa",
            "must label a sector that is not zero",
            f"({shape}, {kappa}) is none; the kernel is zero there",
        )

    def trace(self) -> sp.Expr | Ball:
        """E k(x, x), factored; what dimension x trace(block) sums to."""
        return self.mean_diagonal

    def check_trace(self) -> bool:
        """Whether the sectors' dimension x trace(block) sum to E k(x, x), exactly, as formulas.

        Where the kernel's values are irrational, whether the two balls have a point in common.
        """
        parts = [t.contribution() for t in self.sectors]
        mean = self.mean_diagonal
        if isinstance(mean, Ball) or any(isinstance(p, Ball) for p in parts):
            return ball_sum(parts).overlaps(ball_sum([mean]))
        exact = [p for p in parts if isinstance(p, sp.Expr)]
        symbols = set().union(mean.free_symbols, *(p.free_symbols for p in exact))
        exponentials = {
            u: None
            for t in self.sectors
            if isinstance(t.block, ExactMatrix)
            for u in t.block.field.symbols
            if not u.is_Symbol
        }
        field = function_field((*sorted(symbols, key=lambda u: u.name), *exponentials))
        total = field.zero
        for part in exact:
            total = total + field(part)
        return total == field(mean)

    @property
    def standing(self) -> Standing:
        """The weakest standing of a sector; where there is none, that of the kernel's symmetry."""
        order = [
            Standing.PROVED,
            Standing.CITED,
            Standing.FITTED,
            Standing.SAMPLED,
            Standing.FLOATING,
        ]
        found = {sector.standing for sector in self.sectors}
        sizes = self.length, self.vocabulary
        if not found and isinstance(self.kernel, FunctionKernel):
            found = {self.kernel.on_tables(*(int(size) for size in sizes)).standing}
        return max(found, key=order.index, default=Standing.PROVED)

    def filter(self, keep: Callable[[Sector], bool]) -> tuple[Sector, ...]:
        """The sectors for which ``keep`` is true."""
        return tuple(sector for sector in self.sectors if keep(sector))

    @property
    def tokens_symbol(self) -> int | sp.Expr | None:
        """The vocabulary where it is a size of its own; None where all tokens are distinct."""
        return self.tokens.vocabulary if self.tokens.letters_repeat else None

    def __repr__(self) -> str:
        return f"{self.kernel!r}.spectrum(length={self.length!r}, tokens={self.tokens!r})"
