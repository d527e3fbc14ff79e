"""The spectrum of a kernel under a token law: its sectors and what they sum to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from symkern.bounds import dimension
from symkern.claims.derivation import Standing
from symkern.combinatorics import Partition
from symkern.doors import SpectrumDoors
from symkern.engines.tables.couplings import coupling, rank_bound
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm, displayed
from symkern.exact import Ball, ExactMatrix, function_field
from symkern.exact.balls import ball_sum
from symkern.exact.exact_arguments import sympified
from symkern.exact.length_series import LengthSeries, order_text
from symkern.kernels.function_kernels import FunctionKernel
from symkern.kernels.pipeline import Kernel
from symkern.reading.annotated import typed
from symkern.sectors.sector import Sector
from symkern.tokens import Law

_FROM_STRONG_TO_WEAK = (
    Standing.PROVED, Standing.ASYMPTOTIC, Standing.CITED, Standing.FITTED, Standing.SAMPLED, Standing.FLOATING, Standing.READ
)  # fmt: skip


@dataclass(frozen=True)
@typed
class Spectrum(SpectrumDoors):
    """Exact eigenvalues of (T f)(x) = E_y k(x, y) f(y), sector by sector.

    A spectrum prints as a table, in a notebook as HTML.

    Attributes:
        kernel: the pipeline or user's function, with the hyperparameters that were given.
        length: a number, or the symbol L.
        tokens: the law.
        sectors: those that are not zero.
        mean_diagonal: E k(x, x), computed on its own.
        settings: the hyperparameters that were given values, where these had names; they are in the kernel, and tell no spectra apart.
        was_read: whether it was read from a file.

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
    mean_diagonal: sp.Expr | Ball | LengthSeries
    settings: tuple[tuple[str, sp.Expr], ...] = field(default=(), compare=False)
    was_read: bool = field(default=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not isinstance(self.mean_diagonal, (Ball, LengthSeries)):
            object.__setattr__(self, "mean_diagonal", sympified(self.mean_diagonal))

    def __hash__(self) -> int:
        """Of what tells spectra apart; found once, since it reads every block."""
        if "_hash" not in self.__dict__:
            whole = (self.kernel, self.length, self.tokens, self.sectors, self.mean_diagonal)
            object.__setattr__(self, "_hash", hash(whole))
        found: int = self.__dict__["_hash"]
        return found

    def __getstate__(self) -> dict[str, Any]:
        """Without the hash, which is another one in another process."""
        return {name: value for name, value in self.__dict__.items() if name != "_hash"}

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
        """Symbols of the hyperparameters, and of probabilities where the law of the tokens has some."""
        return self.kernel.parameters + self.tokens.parameters

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
        """The sector of the stable labels ``mu`` and ``kappa``; without ``kappa`` it must be the only one of mu.

        Where the kernel is zero on all functions of these labels it is the zero sector, which `sectors` does not list: one eigenvalue 0 for every
        copy of the irreps. Without ``kappa`` that is all of mu, whatever the tokens.

        Args:
            mu: parts of the irrep of the positions below its first row.
            kappa: the same of the tokens.

        Raises:
            InvalidArgument: there are several sectors of mu, or no functions with these labels at the spectrum's sizes.

        >>> from symkern.kernels import derive
        >>> derive("bag-of-tokens", vocabulary=3).sector([1], [1]).eigenvalues
        (0,)
        """
        shape = Partition.read(mu, "mu")
        token = None if kappa is None else Partition.read(kappa, "kappa")
        found = [t for t in self.sectors if t.position_irrep == shape]
        if token is not None:
            found = [t for t in found if t.token_irrep == token]
        if len(found) == 1:
            return found[0]
        if found:
            raise InvalidArgument(
                "kappa",
                f"must be given, since mu = {shape} has {len(found)} sectors",
                f"it is None; choose from {', '.join(str(t.token_irrep) for t in found)}",
            )
        zero = self._zero_sector(shape, token)
        self.require_zero(shape, token)
        return zero

    def order_of_unlisted(
        self, mu: Partition, kappa: Partition | None = None
    ) -> sp.Rational | None:
        """The power of L of eigenvalues of a sector that is not listed; None where the kernel is zero there.

        It is None for all of them but those of a spectrum of series, which lists what it was asked for: there the pipeline's form tells where
        the kernel is zero. Functions of these labels take max(|mu|, |kappa|) positions, less one where one is read, and the entries of a block fall by 1/L for each.

        >>> from symkern.kernels import derive
        >>> spec = derive("softmax-attention", vocabulary=2)
        >>> spec.order_of_unlisted(Partition(2)), derive("softmax-block", vocabulary=2, alpha=1, beta=1, w=1, b=1).order_of_unlisted(Partition(3))
        (None, -3)
        """
        if not isinstance(self.mean_diagonal, LengthSeries):
            return None
        assert isinstance(self.kernel, Kernel)
        most = coupling(self.kernel)
        if most is not None and mu.size > most:
            return None
        # The number of letters counts where they have no irreps, and then it is given.
        letters = self.vocabulary if isinstance(self.vocabulary, int) else 2
        if rank_bound(self.kernel, mu, kappa, letters) == 0:
            return None
        carried = 0 if kappa is None else kappa.size - self.kernel.group.fixed
        return -sp.Integer(max(mu.size, carried))

    def require_zero(self, mu: Partition, kappa: Partition | None = None) -> None:
        """Refuse to take a sector that is not listed for zero where only an order in L is known, with `NoClosedForm`."""
        order = self.order_of_unlisted(mu, kappa)
        if order is not None:
            known = ", ".join(f"({t.position_irrep}; {t.token_irrep})" for t in self.sectors)
            raise NoClosedForm(
                f"mu, kappa: this expansion in 1/L has the sectors {known}; of the eigenvalues of others nothing is known but their order, here "
                f"{order_text(order)}; down_to= with a higher power of 1/L goes further"
            )

    def _zero_sector(self, mu: Partition, kappa: Partition | None) -> Sector:
        """The sector of labels under which nothing is listed; refused where no function has them."""
        positions, letters = self.positions, self.vocabulary
        split = any(t.token_irrep is not None for t in self.sectors) or (
            not self.sectors and self.tokens.symmetric_letters
        )
        exists = split or kappa is None
        for label, size in ((mu, positions), (kappa or Partition(), letters)):
            exists &= not isinstance(size, int) or size >= label.threshold
        if not self.tokens.letters_repeat:  # permutations have kappa on all positions, and its restriction on those that are not read
            inside = [kappa, *kappa.down()] if kappa and self.kernel.group.fixed else [kappa]
            exists &= kappa is None or mu in inside
        elif isinstance(letters, int):  # a function of mu tells more letters apart than mu has rows
            exists &= len(mu) < letters
        if kappa and isinstance(self.length, int):
            exists &= kappa.size <= self.length
        if not exists:
            rule = f"must label functions of {displayed(positions)} positions and {displayed(letters)} letters"
            raise InvalidArgument(
                "mu, kappa", rule, f"{tuple(mu)} and {tuple(kappa or ())} have none there"
            )
        times = dimension(mu, positions) if positions else 1
        times *= 1 if kappa is None else dimension(kappa, letters)
        field = function_field(())
        first = {"L": max(mu.threshold, 1) + self.kernel.group.fixed}
        first["v"] = max(1 if kappa is None else kappa.threshold, len(mu) + 1)
        sizes = {"L": self.length, "v": letters}
        valid = {name: n if isinstance(n, int) else first[name] for name, n in sizes.items()}
        standing = Standing.READ if self.was_read else Standing.PROVED
        return Sector(mu, kappa, times, ExactMatrix(field, [[field.zero]]), valid, standing)

    def require_formulas(self, what: str) -> None:
        """Refuse a question that series in 1/L do not answer, with `NoClosedForm`; ``what`` is the question's name."""
        if isinstance(self.mean_diagonal, LengthSeries):
            raise NoClosedForm(
                f"{what}: the eigenvalues have series in 1/L (sector.series) and no formulas; "
                "spectrum.evaluate(length=16) gives the spectrum at a length, to ask there"
            )

    def trace(self) -> sp.Expr | Ball | LengthSeries:
        """E k(x, x), factored; what dimension x trace(block) sums to. A series in 1/L where the sectors have series."""
        return self.mean_diagonal

    def check_trace(self) -> bool:
        """Whether the sectors' dimension x trace(block) sum to E k(x, x), exactly, as formulas.

        Where the kernel's values are irrational, whether the two balls have a point in common.
        """
        self.require_formulas("check_trace")
        mean = self.mean_diagonal
        assert not isinstance(mean, LengthSeries)
        parts = [t.contribution() for t in self.sectors]
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
        """The weakest standing of a sector; where there is none, that of the kernel's symmetry. "read, not proved" of what was read from a file."""
        return Standing.READ if self.was_read else self.recorded

    @property
    def recorded(self) -> Standing:
        """The same before the spectrum was written to a file, as that says."""
        found = {sector.recorded for sector in self.sectors}
        sizes = self.length, self.vocabulary
        if not found and isinstance(self.kernel, FunctionKernel):
            found = {self.kernel.on_tables(*(int(size) for size in sizes)).standing}
        return max(found, key=_FROM_STRONG_TO_WEAK.index, default=Standing.PROVED)

    def filter(self, keep: Callable[[Sector], bool]) -> tuple[Sector, ...]:
        """The sectors for which ``keep`` is true.

        Args:
            keep: a function of a sector, whose result is taken for true or false.
        """
        if not callable(keep):
            raise InvalidType("keep", "must be a function of a sector", keep)
        return tuple(sector for sector in self.sectors if keep(sector))

    @property
    def tokens_symbol(self) -> int | sp.Expr | None:
        """The vocabulary where it is a size of its own; None where all tokens are distinct."""
        return self.tokens.vocabulary if self.tokens.letters_repeat else None

    def __repr__(self) -> str:
        return f"{self.kernel!r}.spectrum(length={self.length!r}, tokens={self.tokens!r})"
