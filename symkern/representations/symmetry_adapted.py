r"""Symmetry-adapted bases: S_n acts by seminormal matrices, and every invariant matrix is block diagonal.

For an irrep S^lam that occurs m times, the vectors on which S_n acts as on the first Gelfand-Tsetlin vector (the row-reading tableau)
form a space of dimension m: the lam-part of what the Young subgroup S_lam leaves alone. A basis w_1, ..., w_m of it, integer and found
among the orbit sums of S_lam, starts m copies of S^lam; the recurrence of Young's seminormal form leads from the vector of
T to that of s_i T,

    v_(s_i T) = (s_i v_T - v_T/r) / (1 - 1/r^2),    cell i above cell i + 1 in T, r = c_T(i+1) - c_T(i).

A matrix A that commutes with S_n maps copies to copies by one m x m block, A w_j = sum_k B_kj w_k, the same for
every tableau (Schur's lemma): block_diagonalise. Blocks are rational for rational A; they depend on the choice of w,
their characteristic polynomials do not.

Source: Serre, *Linear Representations of Finite Groups*, section 2.7; Fassler, Stiefel, *Group Theoretical Methods and Their Applications*.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from math import gcd
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.combinatorics import Partition, PartitionLike, Tableau, standard_tableaux
from symkern.combinatorics.memory import require_bytes
from symkern.errors import InvalidArgument
from symkern.exact import ExactMatrix
from symkern.exact.sparse import SparseMatrix
from symkern.exact.sparse_residues import IntegerArray, slim
from symkern.reading.annotated import typed
from symkern.representations.invariant_matrices import InvariantMatrix
from symkern.representations.isotypic import split
from symkern.representations.module_vectors import ModuleVector
from symkern.representations.modules import Module
from symkern.representations.paths import paths
from symkern.typeset.shown import Shown

_PRIME = 1073741789


@dataclass(unsafe_hash=True, repr=False)
@typed
class SymmetryAdaptedBasis(Shown):
    """The basis of a module that is adapted to S_n; ask a module for it.

    >>> from symkern.representations import subsets
    >>> basis = subsets(4, 2).symmetry_adapted_basis()
    >>> [list(f) for f in basis.copies((3, 1))]
    [[1, 1, -1, 1, -1, -1]]
    >>> basis.labels[1]
    (Partition(3, 1), 0, Tableau(((1, 2, 3), (4,))))
    >>> B = basis.matrix
    >>> (B.inverse() @ basis.module.matrix((1, 0, 2, 3)) @ B).count
    6
    """

    module: Module
    _copies: dict[Partition, npt.NDArray[Any]] = field(default_factory=dict, compare=False)

    def __repr__(self) -> str:
        return f"{self.module!r}.symmetry_adapted_basis()"

    @property
    def multiplicities(self) -> dict[Partition, int]:
        """{lam: number of copies}."""
        return self.module.multiplicities()

    def _starts(self, lam: Partition) -> IntegerArray:
        """w_1, ..., w_m as integer columns."""
        if lam not in self._copies:
            self._copies[lam] = _starting_vectors(self.module, lam)
        return self._copies[lam]

    def copies(self, lam: PartitionLike) -> list[ModuleVector]:
        """w_1, ..., w_m: in each copy of S^lam the vector of the row-reading tableau.

        Args:
            lam: a partition of n; no copies where it does not occur.
        """
        shape = self.module.irrep(lam)
        if shape not in self.multiplicities:
            return []
        return [ModuleVector.in_module(self.module, w) for w in self._starts(shape).T]

    def vectors(self, lam: PartitionLike) -> list[list[ModuleVector]]:
        """For each copy of S^lam its basis, in the order of the standard tableaux.

        Args:
            lam: a partition of n; no copies where it does not occur.
        """
        shape = self.module.irrep(lam)
        return [self._transported(shape, w) for w in self.copies(shape)]

    def _transported(self, lam: Partition, start: ModuleVector) -> list[ModuleVector]:
        basis = paths(lam)
        known: dict[int, ModuleVector] = {0: start}
        stack = [0]
        while stack:
            at = stack.pop()
            v = known[at]
            for i in range(basis.n - 1):
                r = int(basis.distances(i)[at])
                to = int(basis.neighbours(i)[at])
                if r < -1 and to not in known:
                    moved = ModuleVector.in_module(
                        self.module, self.module.adjacent(i, v.numerators), v.denominator
                    )
                    known[to] = (moved * (r * r) - v * r) / (r * r - 1)
                    stack.append(to)
        return [known[k] for k in range(basis.count)]

    @cached_property
    def labels(self) -> tuple[tuple[Partition, int, Tableau], ...]:
        """(irrep, number of the copy, tableau) of each basis vector."""
        return tuple(
            (lam, copy, tableau)
            for lam, m in self.multiplicities.items()
            for copy in range(m)
            for tableau in standard_tableaux(lam)
        )

    @cached_property
    def matrix(self) -> SparseMatrix:
        """The basis vectors as columns, in the order of ``labels``."""
        size = self.module.dimension
        require_bytes(f"a symmetry-adapted basis of {self.module!r}", 60 * size * size)
        entries: list[tuple[int, int, Any]] = []
        column = 0
        for lam in self.multiplicities:
            for copy in self.vectors(lam):
                for vector in copy:
                    at = np.flatnonzero(vector.numerators)
                    entries += [(x, column, vector[x]) for x in at.tolist()]
                    column += 1
        return SparseMatrix.from_entries((size, size), entries)

    def block_diagonalise(self, matrix: Any) -> dict[Partition, ExactMatrix]:
        """{lam: block} of an invariant matrix, see `Module.block_diagonalise`.

        Args:
            matrix: as there.
        """
        known = InvariantMatrix(self.module, matrix)
        return {lam: self._block(lam, known) for lam in self.multiplicities}

    def _block(self, lam: Partition, matrix: InvariantMatrix) -> ExactMatrix:
        starts = self._starts(lam)
        rows = _independent(starts.T, starts.shape[1])
        inverse = SparseMatrix.from_dense_numerators(starts[rows]).inverse()
        columns = SparseMatrix.from_dense_numerators(starts)
        return matrix.combine([inverse @ part @ columns for part in matrix.parts(rows)])


def symmetry_adapted_basis(module: Module) -> SymmetryAdaptedBasis:
    """A basis in which S_n acts by seminormal matrices and every invariant matrix is block diagonal."""
    return SymmetryAdaptedBasis(module)


def block_diagonalise(module: Module, matrix: Any) -> dict[Partition, ExactMatrix]:
    """{lam: block} of a matrix that commutes with S_n, of size multiplicity x multiplicity.

    Each block occurs dim S^lam times, so its eigenvalues are the matrix's. Entries are exact numbers or SymPy expressions; blocks are
    `symkern.exact.ExactMatrix`.

    Args:
        module: the module.
        matrix: square, of the module's dimension: of this package, SymPy's, an array of integers, or a list of rows.

    Raises:
        SymmetryError: it does not commute with S_n, with the place.

    >>> from symkern.representations import defining
    >>> defining(3).block_diagonalise([[2, 1, 1], [1, 2, 1], [1, 1, 2]])
    {Partition(3): ExactMatrix.from_rows([[4]]), Partition(2, 1): ExactMatrix.from_rows([[1]])}
    """
    return SymmetryAdaptedBasis(module).block_diagonalise(matrix)


def _starting_vectors(module: Module, lam: Partition) -> IntegerArray:
    """A basis of the lam-part of the vectors that the Young subgroup S_lam fixes, as integer columns."""
    wanted = module.multiplicities()[lam]
    # What S_lam fixes lies in the S^nu with nu at least lam in dominance order.
    irreps = [nu for nu in module.multiplicities() if nu.dominates(lam)]
    orbit_sums = _young_orbit_sums(module, lam)
    found: list[IntegerArray] = []
    echelon = _Echelon()
    while len(found) < wanted:
        batch = list(islice(orbit_sums, max(8, 2 * (wanted - len(found)))))
        assert batch, "the orbit sums span what the Young subgroup fixes"
        vectors = np.stack(batch, axis=1)
        part, _ = split(module, (vectors, 1), irreps, only=lam)[lam]
        for column in part.T:
            if len(found) < wanted and echelon.adds(column):
                found.append(_primitive(column))
    return np.stack(found, axis=1)


def _young_orbit_sums(module: Module, lam: Partition) -> Iterator[IntegerArray]:
    """The indicator (with signs) of each orbit of S_lam on the basis; orbits whose signs disagree give nothing."""
    breaks = np.cumsum(lam).tolist()
    inside = {i for i in range(module.n - 1) if i + 1 not in breaks}
    seen = np.zeros(module.dimension, dtype=bool)
    places = [module.places[i].tolist() for i in sorted(inside)]
    signs = None if module.signs is None else [module.signs[i].tolist() for i in sorted(inside)]
    for first in range(module.dimension):
        if seen[first]:
            continue
        sign = {first: 1}
        stack = [first]
        consistent = True
        while stack:
            x = stack.pop()
            for k, place in enumerate(places):
                y = place[x]
                value = sign[x] * (1 if signs is None else signs[k][x])
                if y not in sign:
                    sign[y] = value
                    stack.append(y)
                elif sign[y] != value:
                    consistent = False
        at = list(sign)
        seen[at] = True
        if consistent:
            vector = np.zeros(module.dimension, dtype=np.int64)
            vector[at] = list(sign.values())
            yield vector


def _primitive(column: IntegerArray) -> IntegerArray:
    """The column without the factor that its entries share, the first of them positive."""
    divisor = gcd(*set(column.tolist()))
    first = next(entry for entry in column.tolist() if entry)
    return slim(column // (divisor if first > 0 else -divisor))


class _Echelon:
    """Rows in echelon form modulo a prime; what is independent there is independent over Q."""

    def __init__(self) -> None:
        self._rows: list[npt.NDArray[np.int64]] = []
        self.pivots: list[int] = []

    def adds(self, column: IntegerArray) -> bool:
        """Whether the column is independent of those before it."""
        residue = np.asarray(column % _PRIME, dtype=np.int64)
        for row, pivot in zip(self._rows, self.pivots, strict=True):
            residue = (residue - residue[pivot] * row) % _PRIME
        at = np.flatnonzero(residue)
        if not len(at):
            return False
        pivot = int(at[0])
        self._rows.append(residue * pow(int(residue[pivot]), -1, _PRIME) % _PRIME)
        self.pivots.append(pivot)
        return True


def _independent(rows: IntegerArray, count: int) -> list[int]:
    """Coordinates on which these rows are independent."""
    echelon = _Echelon()
    for row in rows:
        echelon.adds(row)
    if len(echelon.pivots) < count:
        raise InvalidArgument("rows", "must be independent", "they are not")
    return echelon.pivots
