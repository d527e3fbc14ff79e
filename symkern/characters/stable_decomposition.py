"""Decompositions into irreps that are the same for all large n.

A stable label mu stands for mu[n] = (n - |mu|, mu_1, mu_2, ...) in each S_n.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from symkern.characters.scalars import public, read_scalar, spelled
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.errors import BelowThreshold, displayed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_mapping
from symkern.typeset.shown import Written, displays


class StableDecomposition(Mapping[Partition, Any], Written):
    """{mu: multiplicity of mu[n]}, one dictionary for all n from ``threshold`` on.

    Labels come by size, then in reverse lexicographic order; only those with a multiplicity that is
    not zero.

    >>> from symkern.characters import CharacterPolynomial
    >>> square = CharacterPolynomial("X1^2").decompose()
    >>> print(square)
    {[]: 2, 1: 3, 2: 1, 1,1: 1} for n >= 4
    >>> square.at(5)
    {Partition(5): 2, Partition(4, 1): 3, Partition(3, 2): 1, Partition(3, 1, 1): 1}
    """

    __slots__ = ("_multiplicities", "_threshold")

    def __init__(self, multiplicities: Mapping[Partition, Any], threshold: int) -> None:
        self._multiplicities = {
            Partition.read(mu, "mu"): public(read_scalar(value, f"multiplicity of {mu}"))
            for mu, value in read_mapping(
                multiplicities, "multiplicities", "partitions to multiplicities"
            ).items()
        }
        self._threshold = read_integer(threshold, "threshold")

    @property
    def threshold(self) -> int:
        """The smallest n from which this is the decomposition."""
        return self._threshold

    def __getitem__(self, mu: PartitionLike) -> Any:
        return self._multiplicities[Partition.read(mu, "mu")]

    def __iter__(self) -> Iterator[Partition]:
        return iter(self._multiplicities)

    def __len__(self) -> int:
        return len(self._multiplicities)

    def at(self, n: int) -> dict[Partition, Any]:
        """{mu[n]: multiplicity} in S_n.

        Args:
            n: an integer of at least the threshold.

        Raises:
            BelowThreshold: a smaller one, where that is not the whole truth.
        """
        size = read_stable_size(n, self.threshold, "the decomposition")
        return {mu.padded(size): value for mu, value in self.items()}

    def __eq__(self, other: object) -> bool:
        if isinstance(other, StableDecomposition) and self._threshold != other._threshold:
            return False
        return Mapping.__eq__(self, other)

    def __hash__(self) -> int:
        return hash(frozenset(self._multiplicities.items()))

    def __repr__(self) -> str:
        pairs = ((mu, read_scalar(value, "value")) for mu, value in self.items())
        inside = ", ".join(f"{mu!r}: {spelled(value)}" for mu, value in pairs)
        return f"StableDecomposition({{{inside}}}, threshold={self._threshold})"

    def __str__(self) -> str:
        inside = ", ".join(f"{mu}: {value}" for mu, value in self.items())
        return f"{{{inside}}} for n >= {self._threshold}"

    # Display; typeset/ does the printing

    def _table(self) -> Any:
        from symkern.typeset.labels import irrep_latex, irrep_text
        from symkern.typeset.tables import Cell, Table

        return Table(
            ("irrep", "multiplicity"),
            [
                (Cell(irrep_text(mu, "n"), irrep_latex(mu, "n")), value)
                for mu, value in self.items()
            ],
        )

    @displays
    def latex(self) -> str:
        """Irreps mu[n] and multiplicities as a LaTeX array."""
        return str(self._table().latex(style="array"))

    def _repr_html_(self) -> str:
        return f"{self._table().html()}<p>for n &ge; {self._threshold}</p>"

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


def read_stable_size(n: Any, threshold: int, what: str, argument: str = "n") -> int:
    """The size n of a group, at least ``threshold``; `BelowThreshold` says what stands from there on."""
    size = read_integer(n, argument)
    if size < threshold:
        raise BelowThreshold(
            argument, f"{what} stands for n >= {threshold}", f"it is {displayed(size)}"
        )
    return size
