"""What the forms of an irrep share: the label, the standard tableaux that number the basis, and the character.

Basis in the order of `symkern.representations.paths`; columns are images of basis vectors, positions count from 0, and
rho(g*h) = rho(g) rho(h) for SymPy's product (first g, then h).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from symkern.characters import ClassFunction
from symkern.combinatorics import Partition, PartitionLike, Tableau
from symkern.errors import SizeMismatch
from symkern.exact.sparse_vector import RationalVector
from symkern.representations.paths import Paths, paths


class YoungForm:
    """The irrep S^lam with a basis that is numbered by the standard tableaux.

    Raises:
        PartitionError: for a label that is no partition.
        TooLarge: where a basis or a matrix is asked for that does not fit in memory.
    """

    __slots__ = ("partition",)

    def __init__(self, lam: PartitionLike) -> None:
        self.partition = Partition.read(lam, "lam")

    @property
    def _paths(self) -> Paths:
        return paths(self.partition)  # built on first use, so that a label costs nothing

    @property
    def n(self) -> int:
        """The n of S_n."""
        return self.partition.size

    @property
    def dimension(self) -> int:
        """dim S^lam."""
        return self.partition.dimension

    @property
    def tableaux(self) -> tuple[Tableau, ...]:
        """The labels of the basis, standard tableaux with entries 1..n."""
        return tuple(self._paths.tableau(k) for k in range(self.dimension))

    def character(self) -> ClassFunction:
        """chi^lam, from the table of characters."""
        return ClassFunction.irreducible(self.partition)

    def _vector(self, vector: Iterable[Any]) -> RationalVector:
        """The vector that ``vector`` is; `SizeMismatch` unless it has an entry for each tableau."""
        known = (
            vector if isinstance(vector, RationalVector) else RationalVector.of(vector, "vector")
        )
        if len(known) != self.dimension:
            rule = f"must have {self.dimension} entries"
            raise SizeMismatch("vector", rule, f"it has {len(known)}")
        return known

    def __eq__(self, other: object) -> bool:
        return (
            self.partition == other.partition if isinstance(other, type(self)) else NotImplemented
        )

    def __hash__(self) -> int:
        return hash((type(self), self.partition))

    def __repr__(self) -> str:
        return f"{type(self).__name__.lower()}({tuple(self.partition)})"

    def _repr_svg_(self) -> str | None:
        return self.partition._repr_svg_()


class GelfandTsetlinForm(YoungForm):
    """A form whose basis falls into bases of the restriction to S_(n-1): eigenvectors of the Jucys-Murphy elements."""

    __slots__ = ()

    @property
    def contents(self) -> tuple[tuple[int, ...], ...]:
        """The content vectors (c_T(1), ..., c_T(n)) of the basis: the eigenvalues of the Jucys-Murphy elements."""
        return tuple(map(tuple, self._paths.contents.tolist()))

    def branches(self) -> dict[Partition, tuple[int, ...]]:
        """{nu: places of the basis vectors that span S^nu in the restriction to S_(n-1)}.

        >>> from symkern.representations import seminormal
        >>> seminormal((3, 2)).branches()
        {Partition(2, 2): (2, 4), Partition(3, 1): (0, 1, 3)}
        """
        return {nu: tuple(at.tolist()) for nu, at in self._paths.restricted()}
