r"""The energy of a target in each sector (mu, degree): a value that prints as a table and as a picture.

mu is the partition below the first row of an irrep mu[L] of S_L, the degree the number of positions that a part looks at
(Efron and Stein); see `symkern.targets.energies`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sympy as sp

from symkern.combinatorics import Partition
from symkern.doors import TargetEnergyDoors
from symkern.errors import InvalidArgument
from symkern.exact import exact_expression
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_mapping, read_pair
from symkern.tokens import Law, require_law
from symkern.typeset.labels import irrep_latex, irrep_text
from symkern.typeset.shown import Written, displays
from symkern.typeset.tables import Cell, Table


class TargetEnergy(TargetEnergyDoors, Written):
    """{(mu, degree): E f_(mu,degree)^2}, zeros left out; ask `energy` for one.

    >>> from symkern.kernels import uniform
    >>> from symkern.targets import energy
    >>> e = energy(lambda x: x[0] * x[1], length=3, tokens=uniform(2))
    >>> for (mu, degree), value in e.items():
    ...     print(mu, degree, value, e.share(mu, degree))
    [] 0 1/16 1/4
    [] 1 1/12 1/3
    [] 2 1/48 1/12
    1 1 1/24 1/6
    1 2 1/24 1/6
    >>> e.total, e.by_irrep(), e.by_degree()
    (1/4, {Partition(): 1/6, Partition(1): 1/12}, {0: 1/16, 1: 1/8, 2: 1/16})
    """

    __slots__ = ("_energies", "length", "tokens")

    def __init__(
        self, length: int, tokens: Law, energies: Mapping[tuple[Partition, int], sp.Rational]
    ) -> None:
        self.length = read_integer(length, "length", minimum=1)
        self.tokens = require_law(tokens)
        known = {}
        for sector, given in read_mapping(
            energies, "energies", "(irrep, degree) to energy"
        ).items():
            mu, degree = read_pair(sector, "energies", "an irrep and a degree")
            energy = exact_expression(given, "energies")
            if not energy.is_Rational:
                raise InvalidArgument("energies", "must be rational numbers", f"one is {energy}")
            known[Partition.read(mu, "mu"), read_integer(degree, "degree")] = energy
        order = sorted(known, key=lambda key: (key[0].size, [-p for p in key[0]], key[1]))
        self._energies = {key: known[key] for key in order}

    def items(self) -> Iterator[tuple[tuple[Partition, int], sp.Rational]]:
        """Pairs ((mu, degree), energy), mu by size."""
        return iter(self._energies.items())

    def __getitem__(self, sector: tuple[Any, int]) -> sp.Rational:
        mu, degree = read_pair(sector, "sector", "an irrep and a degree")
        return self._energies.get((Partition.read(mu, "mu"), degree), sp.S.Zero)

    @property
    def total(self) -> sp.Rational:
        """E f^2."""
        return sum(self._energies.values(), sp.S.Zero)

    @typed
    def share(self, mu: Any, degree: int) -> sp.Rational:
        """The energy of a sector over the total.

        Args:
            mu: parts of the irrep of the positions below its first row.
            degree: on how many positions the functions depend.

        Raises:
            InvalidArgument: the target is zero.
        """
        if not self.total:
            raise InvalidArgument("f", "must not vanish to have shares", "its energy is 0")
        return self[mu, degree] / self.total

    def _sums(self, place: int) -> dict[Any, sp.Rational]:
        sums: dict[Any, sp.Rational] = {}
        for sector, e in self.items():
            sums[sector[place]] = sums.get(sector[place], sp.S.Zero) + e
        return sums

    def by_irrep(self) -> dict[Partition, sp.Rational]:
        """{mu: energy over all degrees}."""
        return self._sums(0)

    def by_degree(self) -> dict[int, sp.Rational]:
        """{degree: energy over all irreps}."""
        return dict(sorted(self._sums(1).items()))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TargetEnergy):
            return NotImplemented
        return (self.length, self.tokens, self._energies) == (
            other.length, other.tokens, other._energies,
        )  # fmt: skip

    def __hash__(self) -> int:
        return hash((self.length, self.tokens, tuple(self._energies.items())))

    def __repr__(self) -> str:
        inside = ", ".join(f"({mu!r}, {d}): '{e}'" for (mu, d), e in self.items())
        return f"TargetEnergy({self.length}, {self.tokens!r}, {{{inside}}})"

    # -- display ------------------------------------------------------------------------

    def table(self) -> Table:
        """One row per sector: irrep, dimension, degree, energy, share."""
        total = self.total
        rows = [
            (
                Cell(irrep_text(mu, self.length), irrep_latex(mu, self.length)),
                mu.padded(self.length).dimension,
                d,
                e,
                f"{float(100 * e / total):.4g} %",
            )
            for (mu, d), e in self.items()
        ]
        return Table(("irrep", "dimension", "degree", "energy", "share"), rows, "lrrrr")

    def __str__(self) -> str:
        return self.table().text()

    @displays
    def latex(self) -> str:
        """The table as LaTeX."""
        return self.table().latex()

    def _repr_html_(self) -> str:
        return self.table().html()
