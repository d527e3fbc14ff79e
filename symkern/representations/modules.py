r"""Permutation modules of S_n, signs allowed: the functions on a finite set that S_n acts on.

The basis vectors e_x are labelled by the points x of the set, and each adjacent transposition moves them up to sign,

    s_i e_x = sign_i(x) e_(s_i x).

Direct sums, tensor products, symmetric and exterior powers of such modules are such modules again. A vector is a
function f on the set, f = sum_x f(x) e_x, so that (g f)(x) = f(g^-1 x) where there are no signs.

Conventions: (g*h) f = g (h f) for SymPy's product (first g, then h). On sequences (g x)_a = x_(g(a)); a position a
then moves to g^-1(a), and so do subsets and tuples of positions. Everything is kept by adjacent transpositions,
n - 1 arrays as long as the basis; nothing of size n! is formed.

Source: Sagan, *The Symmetric Group* (2nd ed.), sections 1.3 and 2.1; Serre, *Linear Representations of Finite
Groups*, section 2.6, for the projections.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from symkern.characters import ClassFunction
from symkern.combinatorics import Partition, PartitionLike, representative
from symkern.combinatorics.permutation import PermutationLike
from symkern.doors import ModuleDoors
from symkern.errors import SizeMismatch, displayed
from symkern.exact.sparse_residues import IntegerArray
from symkern.exact.sparse_vector import RationalVector
from symkern.representations.module_vectors import ModuleVector, function_values
from symkern.representations.signed_actions import Made, Places, SignedAction
from symkern.typeset.shown import Shown

Operator = Callable[[IntegerArray], IntegerArray]


class Module(ModuleDoors, SignedAction, Shown):
    """The module with the given basis and action; made by `words`, `subsets`, `action` and their kin.

    >>> from symkern.representations import words
    >>> M = words(length=3, letters=2)
    >>> M.dimension, M.basis[:3], M.multiplicities()
    (8, ((0, 0, 0), (0, 0, 1), (0, 1, 0)), {Partition(3): 4, Partition(2, 1): 2})
    >>> parts = M.components(lambda x: x[0])
    >>> {str(lam): part((1, 0, 0)) for lam, part in parts.items()}
    {'3': 1/3, '2,1': 2/3}
    """

    def __init__(
        self,
        n: int,
        dimension: int,
        places: Places | Callable[[], Places],
        basis: Callable[[], Iterable[Any]],
        made: Made,
        signs: Places | None = None,
        multiplicities: Callable[[], dict[Partition, int]] | None = None,
        spelled: str | None = None,
        transpositions: Callable[[], Operator | None] | None = None,
        ones: Callable[[], Places] | None = None,
    ) -> None:
        """The action as in `SignedAction`, not checked here; what is known beforehand saves work:

        the multiplicities, the sum of all transpositions as an operator, the number of ones where points are
        words of two letters. All are made when they are needed first: multiplicities need no basis, so that a module
        whose ``places`` are a function may be larger than the memory, and is refused where its basis is asked for.
        """
        super().__init__(n, dimension, places, basis, made, signs, spelled)
        self._known = multiplicities
        self._sum_of_transpositions = transpositions
        self._number_of_ones = ones

    @cached_property
    def transpositions(self) -> Operator | None:
        """The sum of all transpositions as an operator, where it is known beforehand."""
        return None if self._sum_of_transpositions is None else self._sum_of_transpositions()

    @cached_property
    def ones(self) -> Places | None:
        """The number of ones in each point, where points are words of two letters."""
        if self._number_of_ones is None:
            return None
        self._require_basis()
        return self._number_of_ones()

    # -- vectors ------------------------------------------------------------------------

    def vector(self, f: Any) -> ModuleVector:
        """The vector of a function on the basis, of its list of values, or of {label: value} with 0 elsewhere.

        Values are exact numbers: ints, Fractions, SymPy Rationals or texts of them; True and False are 1 and 0.

        Args:
            f: a function of a basis label, a list of values, or {label: value}.

        Raises:
            SizeMismatch: not one value for each basis element.

        >>> from symkern.representations import defining
        >>> list(defining(3).vector(lambda a: a * a))
        [0, 1, 4]
        """
        if isinstance(f, ModuleVector) and f.module is self:
            return f
        self._require_basis()
        if isinstance(f, Mapping):
            known = {self.index(x): value for x, value in f.items()}
            values = function_values(known.get(k, 0) for k in range(self.dimension))
        elif callable(f) and not isinstance(f, RationalVector):
            values = function_values(map(f, self.points()))
        else:
            values = function_values(f)
        if len(values) != self.dimension:
            rule = f"must have {self.dimension} values, one for each basis element of {self!r}"
            raise SizeMismatch("f", rule, f"it has {len(values)}")
        return ModuleVector.in_module(self, values.numerators, values.denominator)

    def act(self, perm: PermutationLike, f: Any) -> ModuleVector:
        """g f, exact.

        Args:
            perm: g, a permutation of 0..n-1.
            f: a function on the basis, or the list of its values.

        >>> from symkern.representations import words
        >>> M = words(3, 2)
        >>> f = M.act((1, 2, 0), lambda x: x[0])
        >>> f == M.vector(lambda x: x[2])
        True
        """
        vector = self.vector(f)
        places, signs = self._image(perm)
        moved = np.empty_like(vector.numerators)
        moved[places] = vector.numerators if signs is None else vector.numerators * signs
        return ModuleVector.in_module(self, moved, vector.denominator)

    # -- structure ----------------------------------------------------------------------

    def character(self) -> ClassFunction:
        """The trace of each permutation, by cycle type: the points it fixes, with signs.

        >>> from symkern.representations import subsets
        >>> subsets(4, 2).character().decompose()
        {Partition(4): 1, Partition(3, 1): 1, Partition(2, 2): 1}
        """
        return ClassFunction(self.n, lambda mu: self._trace(representative(mu)))

    def _trace(self, perm: tuple[int, ...]) -> int:
        places, signs = self._image(perm)
        fixed = places == np.arange(self.dimension)
        return int(fixed.sum() if signs is None else signs[fixed].sum())

    def multiplicities(self) -> dict[Partition, int]:
        """{lam: how often S^lam occurs}, (n) first, without zeros."""
        return dict(self._multiplicities)

    @cached_property
    def _multiplicities(self) -> dict[Partition, int]:
        if self._known is not None:
            return self._known()
        return {lam: int(m) for lam, m in self.character().decompose().items()}

    def irrep(self, lam: PartitionLike) -> Partition:
        """The partition of n that labels an irrep.

        Args:
            lam: a partition of n.

        Raises:
            SizeMismatch: it is one of another number.
        """
        shape = Partition.read(lam, "lam")
        if shape.size != self.n:
            raise SizeMismatch(
                "lam",
                f"must be a partition of {self.n}",
                f"it is {displayed(tuple(shape))} of {shape.size}",
            )
        return shape

    def table(self) -> Any:
        """Irreps with their dimensions and multiplicities."""
        from symkern.typeset.tables import Table

        return Table(
            ("irrep", "dimension", "multiplicity"),
            [(tuple(lam), lam.dimension, m) for lam, m in self._multiplicities.items()],
            "lrr",
        )

    def _repr_html_(self) -> str:
        return str(self.table().html())
