r"""Character tables of the alternating groups, with their irrational values.

Restricted to A_n, S^lam and S^(lam') are one irrep, labelled by the one of them that comes first in reverse lexicographic order. A self-conjugate lam
splits into two, (lam, "+") and (lam, "-"). A class of even permutations splits in two when its cycles have different odd lengths,
into (mu, "+"), which holds ``representative(mu)``, and (mu, "-"). With h_1, ..., h_d the hook lengths on the diagonal of a self-conjugate lam and e = (-1)^((n - d)/2),

    chi^(lam, a) on (h, b)   = (e + ab sqrt(e h_1 ... h_d))/2,   a and b being + or -: this says which half of S^lam is the plus,
    chi^(lam, a) elsewhere   = chi^lam/2.

Source: Frobenius, *Ueber die Charaktere der alternirenden Gruppe* (1901); James and Kerber, *The Representation Theory of the Symmetric Group*, 2.5.
"""

from __future__ import annotations

from math import prod
from typing import Any

import sympy as sp

from symkern.characters.class_function import ClassFunction
from symkern.characters.full_table import character_table
from symkern.characters.labelled_tables import Label, LabelledTable, read_only
from symkern.combinatorics.generation import partition_count, require_partitions
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.partition import Partition
from symkern.combinatorics.permutation import (
    PermutationLike,
    cycle_type,
    read_permutation,
    representative,
)
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, displayed
from symkern.limits import current
from symkern.reading.integers import read_integer

_BYTES_A_VALUE = 120


class AlternatingTable(LabelledTable):
    """The character table of A_n; ask `alternating_table`.

    >>> table = alternating_table(5)
    >>> table[((3, 1, 1), "+"), ((5,), "+")], table.irreps
    (1/2 + sqrt(5)/2, (Partition(5), Partition(4, 1), Partition(3, 2), (Partition(3, 1, 1), '+'), (Partition(3, 1, 1), '-')))
    >>> table.class_of((1, 0, 3, 2, 4)), table.degrees
    (Partition(2, 2, 1), (1, 4, 5, 3, 3))
    """

    def __init__(self, n: int) -> None:
        self.n = read_integer(n, "n", maximum=current().group_size)
        require_partitions(self.n)
        count = partition_count(self.n)
        require_bytes(f"the character table of A_{self.n}", _BYTES_A_VALUE * count * count // 3)
        whole = character_table(self.n)
        splits = self.n > 1
        irreps: list[Label] = []
        classes: list[Label] = []
        orders: list[int] = []
        for lam in whole.partitions:
            if splits and lam.is_self_conjugate:
                irreps += [(lam, "+"), (lam, "-")]
            elif not splits or lam > lam.conjugate:
                irreps.append(lam)
            if lam.sign > 0:
                z = lam.centraliser_order
                if splits and _splits(lam):
                    classes += [(lam, "+"), (lam, "-")]
                    orders += [z, z]
                else:
                    classes.append(lam)
                    orders.append(z // 2 if splits else z)
        self.irreps, self.classes = tuple(irreps), tuple(classes)
        self.centraliser_orders = tuple(orders)
        self.values = read_only([[self._value(whole, r, c) for c in classes] for r in irreps])

    def _value(self, whole: Any, irrep: Label, cls: Label) -> Any:
        mu, b = cls if _is_half(cls) else (cls, "")
        if not _is_half(irrep):
            return whole[irrep, mu]
        lam, a = irrep
        hooks = Partition.trusted(2 * arm + 1 for arm in lam.frobenius[0])
        if mu != hooks:
            return whole[lam, mu] // 2
        sign = -1 if (self.n - len(hooks)) // 2 % 2 else 1
        root = sp.sqrt(sign * prod(hooks))
        value = sp.Rational(sign, 2) + (root if a == b else -root) / 2
        return int(value) if value.is_Integer else value

    @property
    def degrees(self) -> tuple[int, ...]:
        """The dimensions of the irreps."""
        return tuple(int(d) for d in self.column((1,) * self.n))

    def _read_irrep(self, label: Any) -> Label:
        lam, half = _read_half(label, "irrep")
        if half or lam.size != self.n:
            return (lam, half)
        return max(lam, lam.conjugate)

    def _read_class(self, label: Any) -> Label:
        mu, half = _read_half(label, "cls")
        return (mu, half) if half else mu

    def class_of(self, perm: PermutationLike) -> Label:
        """The label of the class of an even permutation of 0..n-1.

        Args:
            perm: an even permutation of 0..n-1.

        Raises:
            InvalidArgument: for an odd permutation.
        """
        g = read_permutation(perm, "perm", n=self.n)
        mu = cycle_type(g)
        if mu.sign < 0:
            raise InvalidArgument("perm", "must be even", f"it is {displayed(g)}")
        if self.n < 2 or not _splits(mu):
            return mu
        # A conjugating permutation sends cycles to cycles, in order; all of them have one sign, as the centraliser is even.
        mover = [0] * self.n
        for cycle, other in zip(_cycles(g), _cycles(representative(mu)), strict=True):
            for a, b in zip(cycle, other, strict=True):
                mover[a] = b
        return (mu, "+" if cycle_type(mover).sign > 0 else "-")

    def restrict(self, f: ClassFunction) -> dict[Label, Any]:
        """{irrep of A_n: multiplicity} of a class function of S_n, without zeros.

        Args:
            f: a class function of S_n.

        Raises:
            SizeMismatch: it is one of another group.

        >>> alternating_table(4).restrict(ClassFunction.irreducible((2, 2)))
        {(Partition(2, 2), '+'): 1, (Partition(2, 2), '-'): 1}
        """
        if not isinstance(f, ClassFunction):
            raise InvalidType("f", "must be a ClassFunction", f)
        if f.n != self.n:
            raise SizeMismatch("f", f"must be one of S_{self.n}", f"it is one of S_{f.n}")
        return self.decompose([f[cls[0] if _is_half(cls) else cls] for cls in self.classes])

    def induce(self, irrep: Any) -> dict[Partition, int]:
        """{lam: multiplicity} of the character of S_n induced from an irrep of A_n.

        Args:
            irrep: its label, (lam, "+") and (lam, "-") for the halves of a self-conjugate lam.

        >>> alternating_table(4).induce((3, 1)), alternating_table(4).induce(((2, 2), "-"))
        ({Partition(3, 1): 1, Partition(2, 1, 1): 1}, {Partition(2, 2): 1})
        """
        label = self.irreps[self._row(irrep)]
        if _is_half(label):
            return {label[0]: 1}
        return {label: 1, label.conjugate: 1} if self.n > 1 else {label: 1}

    def _spelled(self, label: Label) -> str:
        return f"{label[0]}{label[1]}" if _is_half(label) else str(label)

    def __repr__(self) -> str:
        return f"alternating_table({self.n})"

    def __reduce__(self) -> tuple[Any, ...]:
        return alternating_table, (self.n,)


def alternating_table(n: int) -> AlternatingTable:
    """The character table of A_n.

    Args:
        n: at least 0.

    >>> alternating_table(3).classes, alternating_table(3).centraliser_orders
    (((Partition(3), '+'), (Partition(3), '-'), Partition(1, 1, 1)), (3, 3, 3))
    """
    return AlternatingTable(n)


def _splits(mu: Partition) -> bool:
    return all(part % 2 for part in mu) and len(set(mu)) == len(mu)


def _is_half(label: Any) -> bool:
    return isinstance(label, tuple) and not isinstance(label, Partition)


def _read_half(label: Any, argument: str) -> tuple[Partition, str]:
    """The partition and "+", "-" or ""."""
    if isinstance(label, tuple) and len(label) == 2 and label[1] in ("+", "-"):
        return Partition.read(label[0], argument), label[1]
    return Partition.read(label, argument), ""


def _cycles(g: tuple[int, ...]) -> list[list[int]]:
    """All cycles, the longest first; lengths differ where this is asked."""
    seen: set[int] = set()
    found = []
    for start in range(len(g)):
        cycle = []
        while start not in seen:
            seen.add(start)
            cycle.append(start)
            start = g[start]
        if cycle:
            found.append(cycle)
    return sorted(found, key=len, reverse=True)
