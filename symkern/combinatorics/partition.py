r"""Integer partitions, the labels of everything in this library.

A partition of n is a weakly decreasing tuple of positive integers with sum n; the empty
partition is the one of 0. Its diagram has ``lam[i]`` cells in row i, rows from top to bottom
(English notation); cells are pairs (row, column), both counted from 0. A partition labels

* an irrep S^lam of S_n: (n) is the trivial one, (1^n) the sign;
* a conjugacy class of S_n: the cycle type, the lengths of the cycles;
* a stable irrep: mu stands for mu[n] = (n - |mu|, mu_1, mu_2, ...) of every S_n with
  n >= |mu| + mu_1, see `Partition.padded`.

Source: Sagan, *The Symmetric Group* (2nd ed., 2001), chapters 1 to 3; Macdonald, *Symmetric
Functions and Hall Polynomials* (2nd ed., 1995), section I.1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from math import factorial, lcm, prod
from operator import ge
from typing import TYPE_CHECKING, Any, Self

from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.partition_spelling import read_parts, shown_parts
from symkern.doors import PartitionDoors, drawable
from symkern.errors import BelowThreshold, InvalidType, PartitionError, SizeMismatch, displayed
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.typeset.shown import Written, displays

if TYPE_CHECKING:
    import sympy as sp


@drawable
class Partition(PartitionDoors, tuple[int, ...], Written):
    """A partition, written ``Partition(3, 2, 1)`` or ``Partition((3, 2, 1))``.

    It is a tuple of its parts, so that it equals, hashes and sorts as that tuple does and
    either may be the key of a dictionary. Whatever takes a partition also takes a tuple, a
    list, a SymPy ``IntegerPartition`` or a string such as ``"4,2,1"`` or ``"[]"``.

    Args:
        *parts: positive integers that weakly decrease, or one object that is read as a partition.

    Raises:
        PartitionError: they are none.

    >>> lam = Partition(4, 2, 1)
    >>> lam.size, lam.length, lam.dimension, lam.conjugate
    (7, 3, 35, Partition(3, 2, 1, 1))
    >>> lam == (4, 2, 1) == Partition("4,2,1")
    True
    >>> Partition(1, 3)
    Traceback (most recent call last):
    ...
    symkern.errors.PartitionError: lam: parts must weakly decrease, but part 2 is 3 after 1 in (1, 3)
    """

    __slots__ = ()

    def __new__(cls, *parts: Any) -> Self:
        """Parts one by one, or what `read` takes."""
        if len(parts) == 1 and not (
            hasattr(parts[0], "__index__") and not getattr(parts[0], "ndim", 0)
        ):
            return cls.read(parts[0])
        return cls.checked(parts, "lam")

    @classmethod
    def read(cls, value: PartitionLike, argument: str = "lam") -> Self:
        """The partition that ``value`` is or spells.

        Args:
            value: a partition, a list of parts (zeros at the end are dropped), SymPy's ``IntegerPartition``, or text such as "4,2,1", "[4^2,1]", "Partition([4, 2, 1])" and "[]".
            argument: the name that an error message has for it.

        Raises:
            PartitionError: the parts are wrong.
            InvalidType: other objects.

        >>> Partition.read([2, 1]), Partition.read("[]")
        (Partition(2, 1), Partition())
        >>> Partition.read("", argument="mu")
        Traceback (most recent call last):
        ...
        symkern.errors.PartitionError: mu: a partition is spelled like '4,2,1' or '[]', but it is ''
        """
        if isinstance(value, cls):
            return value
        if type(value) is tuple and _is_partition(value):
            return cls.trusted(value)
        if isinstance(value, str):
            return cls.checked(read_parts(value, argument), argument)
        parts: Any = value
        if str(type(value).__module__).startswith("sympy.") and hasattr(value, "partition"):
            parts = value.partition
        elif hasattr(value, "tolist") and hasattr(value, "ndim"):
            parts = value.tolist() if value.ndim == 1 else None
        if isinstance(parts, (bytes, bytearray)) or not isinstance(parts, Sequence):
            raise InvalidType(argument, "must be a partition such as (4, 2, 1) or '4,2,1'", value)
        return cls.checked(parts, argument)

    @classmethod
    @typed
    def checked(cls, parts: Sequence[Any], argument: str) -> Self:
        """The partition with these parts; refuses what is none."""
        if type(parts) is tuple and _is_partition(parts):
            return cls.trusted(parts)
        known: list[int] = []
        while len(parts) and type(parts[-1]) is int and parts[-1] == 0:
            parts = parts[:-1]
        for i, part in enumerate(parts):
            try:
                number = read_integer(part, argument, minimum=None)
            except InvalidType:
                shown = f"part {i + 1} is {displayed(part)} of type {type(part).__name__}"
                raise PartitionError(argument, "parts must be integers", shown) from None
            if number < 1:
                shown = f"part {i + 1} is {displayed(number)} in {shown_parts(parts)}"
                raise PartitionError(argument, "parts must be positive", shown)
            if known and number > known[-1]:
                shown = f"part {i + 1} is {displayed(number)} after {displayed(known[-1])} in {shown_parts(parts)}"
                raise PartitionError(argument, "parts must weakly decrease", shown)
            known.append(number)
        return cls.trusted(known)

    @classmethod
    def trusted(cls, parts: Iterable[int]) -> Self:
        """Parts that are known to weakly decrease and to be positive ints."""
        return tuple.__new__(cls, parts)

    def __getnewargs__(self) -> tuple[int, ...]:
        return tuple(self)

    def __repr__(self) -> str:
        return f"Partition({', '.join(map(str, self))})"

    def __str__(self) -> str:
        return ",".join(map(str, self)) if self else "[]"

    # Size and shape

    @property
    def size(self) -> int:
        """|lam|, the number of cells."""
        return sum(self)

    @property
    def length(self) -> int:
        """The number of parts, that is of rows."""
        return len(self)

    def part(self, i: int) -> int:
        """Part i counted from 0; zero past the last one.

        Args:
            i: at least 0.
        """
        try:
            if i >= len(self):
                return 0
            return self[i] if i >= 0 else read_integer(i, "i")
        except (TypeError, ValueError, ArithmeticError):
            # Asked for in inner loops, where a test of each number would be felt.
            return self.part(read_integer(i, "i"))

    @property
    def conjugate(self) -> Partition:
        """The transposed diagram: part j is the number of rows longer than j.

        >>> Partition(4, 1).conjugate
        Partition(2, 1, 1, 1)
        """
        if not self:
            return self
        require_bytes(f"the conjugate of a partition with first part {self[0]}", 8 * self[0])
        parts: list[int] = []
        for i in range(len(self), 0, -1):
            parts.extend([i] * (self[i - 1] - self.part(i)))
        return Partition.trusted(parts)

    @property
    def cells(self) -> tuple[tuple[int, int], ...]:
        """The cells (row, column), row by row, both from 0."""
        return tuple((i, j) for i, row in enumerate(self) for j in range(row))

    @property
    def contents(self) -> tuple[tuple[int, ...], ...]:
        """Column minus row of each cell, row by row: ``Partition(3, 1)`` gives 0 1 2 / -1."""
        return tuple(tuple(range(-i, row - i)) for i, row in enumerate(self))

    @property
    def content_sum(self) -> int:
        """Sum of the contents: C(n,2) chi(transposition)/dim, the central character of the transpositions."""
        return sum(row * (row - 1) // 2 - i * row for i, row in enumerate(self))

    @property
    def hook_lengths(self) -> tuple[tuple[int, ...], ...]:
        """Hook length of each cell: cells to the right, cells below and the cell itself.

        >>> Partition(3, 1).hook_lengths
        ((4, 2, 1), (1,))
        """
        columns = self.conjugate
        return tuple(
            tuple(row - j + columns[j] - i - 1 for j in range(row)) for i, row in enumerate(self)
        )

    @property
    def frobenius(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Frobenius notation (arms | legs) of the cells on the diagonal.

        >>> Partition(4, 3, 1).frobenius
        ((3, 1), (2, 0))
        """
        columns = self.conjugate
        diagonal = range(self.durfee)
        return tuple(self[i] - i - 1 for i in diagonal), tuple(columns[i] - i - 1 for i in diagonal)

    @classmethod
    def from_frobenius(cls, arms: Sequence[int], legs: Sequence[int]) -> Partition:
        """The partition with these arms and legs.

        Args:
            arms: strictly decreasing integers of at least 0, as many as the diagonal is long.
            legs: as many of them.

        Raises:
            PartitionError: they do not strictly decrease.
            SizeMismatch: not as many legs as arms.

        >>> Partition.from_frobenius((3, 1), (2, 0))
        Partition(4, 3, 1)
        """
        pair = []
        for name, numbers in (("arms", arms), ("legs", legs)):
            known = [read_integer(a, name) for a in read_list(numbers, name, "integers")]
            if any(a <= b for a, b in pairwise(known)):
                raise PartitionError(name, "must strictly decrease", f"they are {tuple(known)}")
            pair.append(known)
        if len(pair[0]) != len(pair[1]):
            rule = f"must be {len(pair[0])}, one for each arm"
            raise SizeMismatch("legs", rule, f"they are {len(pair[1])}")
        rank = len(pair[0])
        below = [
            sum(1 for c in range(rank) if c + pair[1][c] >= i)
            for i in range(rank, pair[1][0] + 1 if rank else 0)
        ]
        return cls.trusted([a + i + 1 for i, a in enumerate(pair[0])] + below)

    @property
    def durfee(self) -> int:
        """Side of the largest square in the diagram."""
        return sum(1 for i, row in enumerate(self) if row > i)

    @property
    def is_self_conjugate(self) -> bool:
        """Whether the diagram is symmetric; then S^lam tensor sign is S^lam."""
        return len(self) == self.part(0) and self == self.conjugate

    # Order

    def contains(self, other: PartitionLike) -> bool:
        """Whether the diagram of ``other`` lies inside this one.

        Args:
            other: a partition.
        """
        inner = Partition.read(other, "other")
        return len(inner) <= len(self) and all(a <= b for a, b in zip(inner, self, strict=False))

    def dominates(self, other: PartitionLike) -> bool:
        """Dominance order: every partial sum is at least that of ``other``; False for another size.

        Args:
            other: a partition, of any size.

        >>> Partition(4, 1, 1).dominates((3, 3)), Partition(3, 3).dominates((4, 1, 1)), Partition(4).dominates((3,))
        (False, False, False)
        """
        mu = Partition.read(other, "other")
        if mu.size != self.size:
            return False
        gaps = (part - mu.part(i) for i, part in enumerate(self))
        return all(lead >= 0 for lead in accumulate(gaps))

    @property
    def corners(self) -> tuple[tuple[int, int], ...]:
        """The removable cells, top to bottom."""
        return tuple((i, row - 1) for i, row in enumerate(self) if row > self.part(i + 1))

    @property
    def addable(self) -> tuple[tuple[int, int], ...]:
        """The cells that can be added, top to bottom."""
        rows = range(len(self) + 1)
        return tuple((i, self.part(i)) for i in rows if i == 0 or self.part(i) < self[i - 1])

    def down(self) -> tuple[Partition, ...]:
        """The partitions with one cell less: the irreps in the restriction to S_(n-1).

        >>> Partition(3, 1).down()
        (Partition(2, 1), Partition(3))
        """
        return tuple(
            Partition.trusted(p for p in (*self[:i], j, *self[i + 1 :]) if p)
            for i, j in self.corners
        )

    def up(self) -> tuple[Partition, ...]:
        """The partitions with one cell more: the irreps in the induction to S_(n+1)."""
        return tuple(Partition.trusted((*self[:i], j + 1, *self[i + 1 :])) for i, j in self.addable)

    def union(self, other: PartitionLike) -> Partition:
        """All parts of both: the cycle type of two permutations side by side.

        Args:
            other: a partition.
        """
        return Partition.trusted(sorted((*self, *Partition.read(other, "other")), reverse=True))

    # As a conjugacy class

    @property
    def multiplicities(self) -> dict[int, int]:
        """{part: how often it occurs}, largest part first."""
        counts: dict[int, int] = {}
        for part in self:  # for the few parts of a partition quicker than a Counter
            counts[part] = counts.get(part, 0) + 1
        return counts

    @property
    def centraliser_order(self) -> int:
        """z_mu = prod_i i^(m_i) m_i!, the order of the centraliser of a permutation of this cycle type."""
        return prod(part**m * factorial(m) for part, m in Counter(self).items())

    @property
    def class_size(self) -> int:
        """n!/z_mu, the number of permutations of this cycle type."""
        return factorial(self.size) // self.centraliser_order

    @property
    def sign(self) -> int:
        """Sign of the permutations of this cycle type: (-1)^(n - length)."""
        return -1 if (self.size - len(self)) % 2 else 1

    @property
    def order(self) -> int:
        """Order of the permutations of this cycle type: the least common multiple of the parts."""
        return lcm(*self)

    # As an irrep

    @property
    def dimension(self) -> int:
        """dim S^lam, the number of standard tableaux, exact.

        With mu the partition below the first row, the hook formula reads
        prod_(i=1..|mu|) (n - |mu| - mu_i + i) / (product of the hook lengths of mu), mu_i = 0 past
        the last part (Sagan, theorem 3.10.2, with the first row cancelled); it costs |mu| steps.

        >>> Partition(4, 2, 1).dimension, Partition().dimension
        (35, 1)
        """
        shape = self if len(self) <= self.part(0) else self.conjugate
        below = Partition.trusted(shape[1:])
        count = below.size
        first = shape.size - count
        return _product([first - below.part(i) + i + 1 for i in range(count)]) // _product(
            [h for row in below.hook_lengths for h in row]
        )

    def padded(self, n: int) -> Partition:
        """mu[n] = (n - |mu|, mu_1, mu_2, ...), the irrep of S_n that this stable label stands for.

        Args:
            n: an integer of at least |mu| + mu_1.

        Raises:
            BelowThreshold: n < |mu| + mu_1, where there is no such partition.

        >>> Partition(2, 1).padded(10)
        Partition(7, 2, 1)
        >>> Partition(2, 1).padded(4)
        Traceback (most recent call last):
        ...
        symkern.errors.BelowThreshold: n: must be at least |mu| + mu_1 = 5 for mu = (2, 1), but it is 4
        """
        number = read_integer(n, "n")
        if number < self.threshold:
            rule = f"must be at least |mu| + mu_1 = {self.threshold} for mu = {tuple(self)}"
            raise BelowThreshold("n", rule, f"it is {displayed(number)}")
        return Partition.trusted((number - self.size, *self)) if number else self

    @property
    def threshold(self) -> int:
        """|mu| + mu_1, the smallest n for which mu[n] exists."""
        return self.size + self.part(0)

    @property
    def stable(self) -> Partition:
        """The label mu with lam = mu[n]: lam without its first row."""
        return Partition.trusted(self[1:])

    def padded_dimension(self, n: sp.Expr | int) -> sp.Expr:
        """dim S^(mu[n]) as a polynomial in n of degree |mu|, in factors; exact from `threshold` on.

        (f^mu/|mu|!) prod_(i=1..|mu|) (n - (|mu| + mu_i - i)), mu_i = 0 past the last part.

        Args:
            n: a symbol or formula, or an integer; below `threshold` the polynomial means nothing.

        >>> from symkern.abc import n
        >>> Partition(2).padded_dimension(n)
        n*(n - 3)/2
        """
        import sympy as sp

        if not isinstance(n, sp.Expr):
            n = read_integer(n, "n", minimum=None)
        size = self.size
        scale = sp.Rational(1, _product([h for row in self.hook_lengths for h in row]))
        factors = [n - (size + self.part(i) - i - 1) for i in range(size)]
        return sp.Mul(scale, *factors)

    def semistandard_count(self, letters: int) -> int:
        """How many semistandard tableaux have entries 1..letters: the dimension of the irrep of GL_letters.

        prod over cells of (letters + content)/hook length (Stanley's hook-content formula).

        Args:
            letters: at least 0.

        >>> Partition(3, 2).semistandard_count(3)
        15
        """
        count = read_integer(letters, "letters")
        if len(self) > count:
            return 0
        above = _product([count + c for row in self.contents for c in row])
        return above // _product([h for row in self.hook_lengths for h in row])

    # Display; typeset/ does the drawing

    @displays
    def latex(self, style: str = "array") -> str:
        """The Young diagram as LaTeX.

        Args:
            style: "array", which MathJax shows, or "ytableau", which needs the package of that name.
        """
        from symkern.typeset.diagrams import young_latex

        return young_latex(self, style=style)

    def _repr_latex_(self) -> str | None:
        return f"${self.latex()}$" if self._can_be_drawn else None

    def _repr_svg_(self) -> str | None:
        from symkern.typeset.diagrams import young_svg

        return young_svg(self) if self._can_be_drawn else None

    @property
    def _can_be_drawn(self) -> bool:
        return self.size <= current().drawn_boxes


def require_size(mu: Partition, lam: Partition, argument: str = "mu") -> None:
    """`SizeMismatch` where mu, the argument of that name, is no partition of the size of lam."""
    if mu.size != lam.size:
        rule = f"must be a partition of {lam.size}, the size of lam = {tuple(lam)}"
        raise SizeMismatch(argument, rule, f"it is {displayed(tuple(mu))} of size {mu.size}")


def require_two(
    name: str, others: Sequence[object], rule: str = "two partitions; {}_coefficient has a third"
) -> None:
    """`InvalidType` where the function of that name, which takes what ``rule`` says, was given ``others`` as well."""
    if others:
        raise InvalidType(name, f"takes {rule.format(name)}", others)


PartitionLike = Partition | Sequence[int] | str | Any
"""What `Partition.read` takes."""


def _product(factors: Sequence[int]) -> int:
    """The product by halves, so that large factors meet factors of their own size."""
    if len(factors) <= 32:
        return prod(factors)
    middle = len(factors) // 2
    return _product(factors[:middle]) * _product(factors[middle:])


def _is_partition(parts: tuple[Any, ...]) -> bool:
    """Whether these are Python ints, positive and weakly decreasing: the quick way for what is right."""
    if not parts:
        return True
    return set(map(type, parts)) == {int} and parts[-1] > 0 and all(map(ge, parts, parts[1:]))
