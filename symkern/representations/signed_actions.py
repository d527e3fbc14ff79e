r"""Actions of S_n on a finite set up to sign, kept by the adjacent transpositions s_0, ..., s_(n-2).

    s_i e_x = sign_i(x) e_(s_i x)

for the points x of the set; n - 1 arrays as long as the set, nothing of size n!. A permutation acts along a reduced word, and
(g*h) x = g (h x) for SymPy's product (first g, then h).

Source: Sagan, *The Symmetric Group* (2nd ed.), section 1.3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.permutation import PermutationLike, read_permutation
from symkern.doors import SignedActionDoors
from symkern.errors import InvalidArgument, InvalidType, displayed
from symkern.exact.sparse import SparseMatrix
from symkern.exact.sparse_residues import IntegerArray
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import require_short
from symkern.representations.reduced_words import reduced_word

Places = npt.NDArray[np.int64]
Made = tuple[Callable[..., Any], tuple[Any, ...]]


class SignedAction(SignedActionDoors):
    """A finite set with labels for its points, an action of S_n, and signs; what a module is built on.

    >>> from symkern.representations import defining
    >>> S = defining(3).exterior_power(2)
    >>> S.basis, S.matrix((1, 0, 2)).to_sympy()
    (((0, 1), (0, 2), (1, 2)), Matrix([
    [-1, 0, 0],
    [ 0, 0, 1],
    [ 0, 1, 0]]))
    """

    @typed
    def __init__(
        self,
        n: int,
        dimension: int,
        places: Places | Callable[[], Places],
        basis: Callable[[], Iterable[Any]],
        made: Made,
        signs: Places | None = None,
        spelled: str | None = None,
    ) -> None:
        """``places[i, x]`` is the number of s_i x, ``signs[i, x]`` the sign; not checked here, see `action`.

        A function in the place of ``places`` is called when they are needed first. ``made`` is the function that makes
        the same again and its arguments.
        """
        self.n = n
        self.dimension = dimension
        self._moves = places
        self.signs = signs
        self._listed = basis
        self._made = made
        self._spelled = spelled

    def _require_basis(self) -> None:
        """Refuse what is as long as the basis, where that is not in memory and has no room there."""
        if callable(self._moves) and "places" not in self.__dict__:
            require_module(self.dimension, self.n, repr(self))

    @cached_property
    def places(self) -> Places:
        """``places[i, x]``, the number of s_i x."""
        self._require_basis()
        return self._moves() if callable(self._moves) else self._moves

    @cached_property
    def basis(self) -> tuple[Any, ...]:
        """The labels of the basis, in order."""
        return tuple(self.points())

    def points(self) -> Iterable[Any]:
        """The basis, without keeping it: a million sequences take hundreds of megabytes."""
        if "basis" in self.__dict__:
            return self.basis
        self._require_basis()
        return self._listed()

    @cached_property
    def _index(self) -> dict[Any, int]:
        return {x: k for k, x in enumerate(self.basis)}

    def index(self, point: Any) -> int:
        """The number of a basis label.

        Args:
            point: a basis label; a list or an array is read as a tuple.

        Raises:
            InvalidArgument: it is not in the basis.
        """
        try:
            if isinstance(point, (list, np.ndarray)):
                point = tuple(point.tolist() if isinstance(point, np.ndarray) else point)
            place = self._index.get(point)
        except TypeError:
            place = None
        if place is None:
            raise InvalidArgument(
                "point", f"must be in the basis of {self!r}", f"it is {displayed(point)}"
            )
        return place

    # -- the action -----------------------------------------------------------------------

    def matrix(self, perm: PermutationLike) -> SparseMatrix:
        """The matrix of g: one entry, 1 or -1, in each column.

        Args:
            perm: g, a permutation of 0..n-1.
        """
        places, signs = self._image(perm)
        ones = np.ones(self.dimension, dtype=np.int64) if signs is None else signs
        return SparseMatrix(
            (self.dimension, self.dimension), places, np.arange(self.dimension), ones
        )

    def _image(self, perm: PermutationLike) -> tuple[Places, Places | None]:
        """g x for every point x, and the signs."""
        self._require_basis()
        places = np.arange(self.dimension)
        signs = None if self.signs is None else np.ones(self.dimension, dtype=np.int64)
        for i in reversed(reduced_word(read_permutation(perm, "perm", n=self.n))):
            if signs is not None and self.signs is not None:
                signs = signs * self.signs[i][places]
            places = self.places[i][places]
        return places, signs

    def adjacent(self, i: int, f: IntegerArray) -> IntegerArray:
        """s_i f on numerators, along the first axis; s_i is an involution, so gathering is moving."""
        try:
            moved: IntegerArray = np.take(f, self.places[i], axis=0)
        except (
            IndexError,
            TypeError,
            ValueError,
            MemoryError,
        ) as error:  # asked for in inner loops, where a test of each number would be felt
            require_short(i, "i")
            require_short(f, "f")
            if isinstance(error, MemoryError):
                raise
            read_integer(i, "i", maximum=self.n - 2)
            raise InvalidType("f", f"must be an array of {self.dimension} rows", f) from None
        if self.signs is not None:
            moved = moved * self.signs[i].reshape((-1,) + (1,) * (f.ndim - 1))
        return moved

    def jucys_murphy(self, k: int) -> SparseMatrix:
        """The matrix of J_k = (1 k) + ... + (k-1 k), k = 1..n as in the literature.

        Args:
            k: from 1 to n.
        """
        self._require_basis()
        at = read_integer(k, "k", minimum=1, maximum=self.n) - 1
        total = SparseMatrix.identity(self.dimension) * 0
        for a in range(at):
            images = list(range(self.n))
            images[a], images[at] = at, a
            total = total + self.matrix(images)
        return total

    @cached_property
    def orbit_labels(self) -> tuple[int, Places]:
        """How many orbits there are, and the number of each point\'s."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        if not self.dimension:
            return 0, np.zeros(0, dtype=np.int64)
        ends = self.places.ravel()
        starts = np.tile(np.arange(self.dimension), len(self.places))
        shape = (self.dimension, self.dimension)
        graph = coo_array((np.ones(len(ends), dtype=np.int8), (starts, ends)), shape=shape)
        count, labels = connected_components(graph, directed=False)
        return int(count), labels.astype(np.int64)

    def orbits(self) -> list[tuple[Any, ...]]:
        """The orbits of S_n on the basis (up to sign), in the order of their first elements.

        >>> from symkern.representations import words
        >>> [len(orbit) for orbit in words(3, 2).orbits()]
        [1, 3, 3, 1]
        """
        found: dict[int, list[Any]] = {}
        for x, label in zip(self.basis, self.orbit_labels[1].tolist(), strict=True):
            found.setdefault(label, []).append(x)
        return [tuple(orbit) for orbit in found.values()]

    # -- as a value ---------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, SignedAction):
            return NotImplemented
        return (
            (self.n, self.dimension) == (other.n, other.dimension)
            and np.array_equal(self.places, other.places)
            and _same(self.signs, other.signs)
            and self.basis == other.basis
        )

    def __hash__(self) -> int:
        return hash((self.n, self.dimension, self.places[:, :64].tobytes()))

    def __repr__(self) -> str:
        if self._spelled is not None:
            return self._spelled
        make, arguments = self._made
        return f"{make.__name__}({', '.join(map(repr, arguments))})"

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self._made


def require_module(dimension: int, n: int, what: str) -> None:
    """Refuse before allocation: the arrays of the action, the labels, and a few vectors."""
    require_bytes(what, dimension * (8 * max(1, n - 1) + 8 * n + 300))


def _same(first: Places | None, second: Places | None) -> bool:
    if first is None or second is None:
        return first is second
    return np.array_equal(first, second)
