r"""Character tables of the demihyperoctahedral groups, the Weyl groups of type D_n: signed permutations with an even number of signs -1.

They have index 2 in the hyperoctahedral groups (`symkern.characters.wreath_products`). Restricted to them, the irreps (alpha, beta) and (beta, alpha) are one,
labelled by the one of them that comes first there. (lam, lam) splits into two, ((lam, lam), "+") and ((lam, lam), "-"). Classes are those of (positive, negative)
cycle types with an even number of negative cycles. A class without negative cycles splits in two when all its cycles have even length: into
((2 alpha, ()), "+"), which holds the permutations without signs, and ((2 alpha, ()), "-").

    chi^((lam, lam), a) on ((2 alpha, ()), b)   = (X^(lam, lam) + ab 2^l(alpha) chi^lam(alpha))/2,   a and b being + or -,
    chi^((lam, lam), a) elsewhere               = X^(lam, lam)/2.

Restricted to S_n the halves are the plethysms h_2[s_lam], the plus, and e_2[s_lam]: their difference is p_2[s_lam], whose value at 2 alpha is 2^l(alpha) chi^lam(alpha).

Source: Geck and Pfeiffer, *Characters of Finite Coxeter Groups and Iwahori-Hecke Algebras*, 5.6; Pfeiffer, *Character tables of Weyl groups in GAP*,
Bayreuther Math. Schriften 47 (1994).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symkern.characters.labelled_tables import Label, LabelledTable, read_only
from symkern.characters.murnaghan_nakayama import character
from symkern.characters.wreath_products import hyperoctahedral_table, signed_cycle_type
from symkern.combinatorics.partition import Partition
from symkern.combinatorics.permutation import PermutationLike, read_permutation
from symkern.errors import InvalidArgument, displayed

Pair = tuple[Partition, Partition]


class DemihyperoctahedralTable(LabelledTable):
    """The character table of the Weyl group of type D_n; ask `demihyperoctahedral_table`.

    >>> table = demihyperoctahedral_table(4)
    >>> lam = Partition(1, 1)
    >>> table[((lam, lam), "+"), ("[2,2]", "[]", "+")], table[((lam, lam), "-"), ("[2,2]", "[]", "+")], table.order
    (3, -1, 192)
    >>> demihyperoctahedral_table(3).degrees == (1, 2, 1, 3, 3)
    True
    """

    def __init__(self, n: int) -> None:
        whole = hyperoctahedral_table(n)
        self.n = whole.n
        place = {label: i for i, label in enumerate(whole.irreps)}
        irreps: list[Label] = []
        for alpha, beta in whole.irreps:
            if alpha == beta and self.n:
                irreps += [((alpha, beta), "+"), ((alpha, beta), "-")]
            elif place[alpha, beta] <= place[beta, alpha]:
                irreps.append((alpha, beta))
        classes: list[Label] = []
        orders: list[int] = []
        for (alpha, beta), z in zip(whole.classes, whole.centraliser_orders, strict=True):
            if len(beta) % 2:
                continue
            if self.n and _splits(alpha, beta):
                classes += [((alpha, beta), "+"), ((alpha, beta), "-")]
                orders += [z, z]
            else:
                classes.append((alpha, beta))
                orders.append(z // 2 if self.n else z)
        self.irreps, self.classes = tuple(irreps), tuple(classes)
        self.centraliser_orders = tuple(orders)
        self.values = read_only([[_value(whole, r, c) for c in classes] for r in irreps])

    @property
    def degrees(self) -> tuple[int, ...]:
        """The dimensions of the irreps."""
        return tuple(int(d) for d in self.column(((1,) * self.n, ())))

    def _read_irrep(self, label: Any) -> Label:
        pair, half = _read_half(label, "irrep")
        if half:
            return pair, half
        return pair if pair in self._rows else (pair[1], pair[0])

    def _read_class(self, label: Any) -> Label:
        pair, half = _read_half(label, "cls")
        return (pair, half) if half else pair

    def class_of(self, perm: PermutationLike, signs: Sequence[int]) -> Label:
        """The label of the class of a signed permutation with an even number of signs -1.

        Args:
            perm: a permutation of 0..n-1.
            signs: 1 or -1 for each position.

        Raises:
            InvalidArgument: for an odd number of them.

        >>> table = demihyperoctahedral_table(2)
        >>> table.class_of((1, 0), (1, 1)), table.class_of((1, 0), (-1, -1))
        (((Partition(2), Partition()), '+'), ((Partition(2), Partition()), '-'))
        """
        g = read_permutation(perm, "perm", n=self.n)
        pair = signed_cycle_type(g, signs)
        known = [int(s) for s in signs]
        if known.count(-1) % 2:
            rule = "must have an even number of signs -1"
            raise InvalidArgument("signs", rule, f"they are {displayed(tuple(known))}")
        if not self.n or not _splits(*pair):
            return pair
        # Signs t with t_(g(i)) = s_i t_i take all signs away; whether their product is 1 does not depend on the choice, as cycles are even.
        t = [0] * self.n
        for start in range(self.n):
            at, sign = start, 1
            while not t[at]:
                t[at] = sign
                at, sign = g[at], sign * known[at]
        return pair, "-" if t.count(-1) % 2 else "+"

    def _spelled(self, label: Label) -> str:
        pair, half = (label[0], label[1]) if isinstance(label[1], str) else (label, "")
        return f"{pair[0]}|{pair[1]}{half}"

    def __repr__(self) -> str:
        return f"demihyperoctahedral_table({self.n})"

    def __reduce__(self) -> tuple[Any, ...]:
        return demihyperoctahedral_table, (self.n,)


def demihyperoctahedral_table(n: int) -> DemihyperoctahedralTable:
    """The character table of the Weyl group of type D_n, the signed permutations of n positions with an even number of signs -1.

    Args:
        n: at least 0.

    >>> print(demihyperoctahedral_table(2))
                 2|[]+  2|[]-  1,1|[]  []|1,1
    -----------  -----  -----  ------  ------
    centraliser      4      4       4       4
    2|[]             1      1       1       1
    1,1|[]          -1     -1       1       1
    1|1+             1     -1       1      -1
    1|1-            -1      1       1      -1
    """
    return DemihyperoctahedralTable(n)


def _splits(alpha: Partition, beta: Partition) -> bool:
    return not beta and not any(part % 2 for part in alpha)


def _value(whole: Any, irrep: Label, cls: Label) -> int:
    pair, b = cls if isinstance(cls[1], str) else (cls, "")
    if not isinstance(irrep[1], str):
        return int(whole[irrep, pair])
    (lam, _), a = irrep
    value = int(whole[(lam, lam), pair])
    if b:
        halved = Partition.trusted(part // 2 for part in pair[0])
        difference = 2 ** len(halved) * character(lam, halved)
        value += difference if a == b else -difference
    return value // 2


def _read_half(label: Any, argument: str) -> tuple[Pair, str]:
    """The two partitions and "+", "-" or ""; the sign may stand beside them or behind."""
    found, half = label, ""
    if isinstance(label, (tuple, list)) and label and isinstance(label[-1], str) and label[-1] in ("+", "-"):  # fmt: skip
        half = label[-1]
        found = label[0] if len(label) == 2 else label[:-1]
    if not isinstance(found, (tuple, list)) or isinstance(found, Partition) or len(found) != 2:
        rule = 'must be two partitions, with "+" or "-" for a half'
        raise InvalidArgument(argument, rule, f"it is {displayed(label)}")
    return (Partition.read(found[0], argument), Partition.read(found[1], argument)), half
