r"""Character tables of wreath products G wr S_n, the hyperoctahedral groups among them.

An element is n elements of G on n positions and a permutation. Its class is known by partitions rho(c), one for each class c of G: the lengths of
the cycles whose product around the cycle lies in c. Irreps are labelled by partitions lam(gamma), one for each irrep gamma of G, together of size n.
Both are tuples of partitions in the order of the irreps and classes of G's own table. The rule of Murnaghan and Nakayama holds with a choice of gamma for each cycle:

    X^lam(rho) = sum over gamma of gamma(c) sum over border strips of lam(gamma) with k cells (-1)^height X^(lam without it)(rho without k in rho(c)).

The centraliser has prod over c and k of m! (k z_c)^m elements, m the number of parts k of rho(c), z_c the order of the centraliser of c in G.

For G = S_2 the labels of the hyperoctahedral group are (positive, negative): cycles whose signs multiply to +1 and -1, and irreps with alpha for the
trivial and beta for the sign character of the signs. So ((n), ()) is trivial, ((n), ()) - ((), (n)) differ in the product of all signs, and the restriction of
(alpha, beta) to S_n is sum of c^nu_(alpha beta) S^nu.

S_n is the subgroup of elements with the identity of G at every position: a permutation of cycle type mu lies in the class with mu at the class of the identity,
whose centraliser has |G|^l(mu) z_mu elements. So (Res f)(mu) is the value there, and (Ind g)(mu) = |G|^l(mu) g(mu) there, 0 on all other classes.

Source: Macdonald, *Symmetric Functions and Hall Polynomials*, I, appendix B; James and Kerber, *The Representation Theory of the Symmetric Group*, 4.2 to 4.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import comb, factorial, prod
from typing import Any

import sympy as sp

from symkern.characters.class_function import ClassFunction
from symkern.characters.full_table import CharacterTable
from symkern.characters.labelled_tables import Label, LabelledTable, read_only
from symkern.combinatorics.border_strips import beads, from_beads
from symkern.combinatorics.generation import partition_count, partitions, require_partitions
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.partition import Partition
from symkern.combinatorics.permutation import PermutationLike, read_permutation
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, displayed
from symkern.limits import check_time, current, within_time
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list

Shapes = tuple[Partition, ...]
_BYTES_A_VALUE = 120


class WreathTable(LabelledTable):
    """The character table of G wr S_n; ask `wreath_table` or `hyperoctahedral_table`.

    >>> table = hyperoctahedral_table(2)
    >>> table[((1,), (1,)), ((1, 1), ())], table[((), (2,)), ((1,), (1,))], table.order
    (2, -1, 8)
    """

    def __init__(self, base: Any, n: int) -> None:
        self.base = _read_base(base)
        self.n = read_integer(n, "n", maximum=current().group_size)
        _require_memory(self.base, self.n)
        labels = tuple(_tuples(self.n, len(self.base.irreps)))
        self.irreps: tuple[Label, ...] = labels
        self.classes: tuple[Label, ...] = labels
        self.centraliser_orders = tuple(
            prod(
                factorial(m) * (k * z) ** m
                for rho, z in zip(label, self.base.centraliser_orders, strict=True)
                for k, m in rho.multiplicities.items()
            )
            for label in labels
        )
        with within_time(f"the table of {self!r}", "a smaller n takes less"):
            columns = [self._on_class(label) for label in labels]
        self.values = read_only([[column.get(lam, 0) for column in columns] for lam in labels])

    def _on_class(self, rho: Shapes) -> dict[Shapes, Any]:
        """{irrep: value}: a power sum for each cycle, times nothing; border strips are added."""
        count = len(self.base.irreps)
        found: dict[Shapes, Any] = {(Partition(),) * count: 1}
        for c, parts in enumerate(rho):
            factors = [self.base.values[g][c] for g in range(count)]
            for k in parts:
                following: dict[Shapes, Any] = {}
                for lam, value in found.items():
                    check_time()
                    for g, factor in enumerate(factors):
                        if factor == 0:
                            continue
                        for grown, sign in _with_strips(lam[g], k):
                            key = (*lam[:g], grown, *lam[g + 1 :])
                            following[key] = following.get(key, 0) + sign * factor * value
                found = {lam: _simple(value) for lam, value in following.items()}
        return {lam: value for lam, value in found.items() if value != 0}

    @property
    def degrees(self) -> tuple[int, ...]:
        """The dimensions of the irreps: n! prod over gamma of gamma(1)^|lam(gamma)| dim lam(gamma)/|lam(gamma)|!."""
        return tuple(
            factorial(self.n)
            * prod(
                d**lam.size * lam.dimension for d, lam in zip(self.base.degrees, label, strict=True)
            )
            // prod(factorial(lam.size) for lam in label)
            for label in self.irreps
        )

    def restrict_to_symmetric(self, f: Any) -> ClassFunction:
        """The restriction to S_n of a class function.

        Args:
            f: values in the order of the classes, or {class: value}.

        >>> table = hyperoctahedral_table(3)
        >>> table.restrict_to_symmetric(table.row(((2,), (1,)))).decompose()
        {Partition(3): 1, Partition(2, 1): 1}
        """
        values = dict(zip(self.classes, self._values(f, "f"), strict=True))
        return ClassFunction(self.n, lambda mu: values[self._without_labels(mu)])

    def induce_from_symmetric(self, f: ClassFunction) -> tuple[Any, ...]:
        """The class function induced from one of S_n: its values in the order of the classes.

        Args:
            f: a class function of S_n.

        Raises:
            SizeMismatch: for a class function of another S_n.

        >>> table = hyperoctahedral_table(2)
        >>> table.decompose(table.induce_from_symmetric(ClassFunction.irreducible((1, 1))))
        {(Partition(1, 1), Partition()): 1, (Partition(1), Partition(1)): 1, (Partition(), Partition(1, 1)): 1}
        """
        if not isinstance(f, ClassFunction):
            raise InvalidType("f", "must be a ClassFunction", f)
        if f.n != self.n:
            raise SizeMismatch("f", f"must be one of S_{self.n}", f"it is one of S_{f.n}")
        order = max(self.base.centraliser_orders)
        known = {self._without_labels(mu): order ** len(mu) * value for mu, value in f.items()}
        return tuple(known.get(label, 0) for label in self.classes)

    def _without_labels(self, mu: Partition) -> Shapes:
        """The class of the permutations of cycle type mu."""
        orders = self.base.centraliser_orders
        identity = next(
            c
            for c, z in enumerate(orders)
            if z == max(orders)
            and all(row[c] == d for row, d in zip(self.base.values, self.base.degrees, strict=True))
        )
        empty = (Partition(),) * len(orders)
        return (*empty[:identity], mu, *empty[identity + 1 :])

    def _read_irrep(self, label: Any) -> Label:
        return self._read_shapes(label, "irrep")

    def _read_class(self, label: Any) -> Label:
        return self._read_shapes(label, "cls")

    def _read_shapes(self, label: Any, argument: str) -> Shapes:
        count = len(self.base.irreps)
        if isinstance(label, (str, Partition)):
            rule = f"must be {count} partitions, one for each of {self.base!r}"
            raise InvalidType(argument, rule, label)
        shapes = tuple(
            Partition.read(lam, argument) for lam in read_list(label, argument, "partitions")
        )
        if len(shapes) != count or sum(lam.size for lam in shapes) != self.n:
            rule = f"must be {count} partitions of together {self.n}"
            raise SizeMismatch(argument, rule, f"it is {displayed(label)}")
        return shapes

    def _spelled(self, label: Label) -> str:
        return "|".join(map(str, label))

    def __repr__(self) -> str:
        if isinstance(self.base, _Signs):
            return f"hyperoctahedral_table({self.n})"
        return f"wreath_table({self.base.made!r}, {self.n})"

    def __reduce__(self) -> tuple[Any, ...]:
        if isinstance(self.base, _Signs):
            return hyperoctahedral_table, (self.n,)
        return wreath_table, (self.base.made, self.n)


def wreath_table(base: CharacterTable | LabelledTable, n: int) -> WreathTable:
    """The character table of G wr S_n from that of G.

    Args:
        base: the table of G: of `character_table` or `alternating_table`, or a wreath product again.
        n: at least 0.

    >>> from symkern.characters import character_table
    >>> table = wreath_table(character_table(3), 2)
    >>> table.order, len(table.classes), sum(d * d for d in table.degrees)
    (72, 9, 72)
    """
    return WreathTable(base, n)


def hyperoctahedral_table(n: int) -> WreathTable:
    """The character table of the signed permutations of n positions, labels (positive, negative).

    Args:
        n: at least 0.

    >>> table = hyperoctahedral_table(3)
    >>> table[((3,), ()), ((2,), (1,))], table[((), (3,)), ((2,), (1,))], table[((2, 1), ()), ((3,), ())]
    (1, -1, -1)
    """
    return WreathTable(_Signs(), n)


def signed_cycle_type(perm: PermutationLike, signs: Sequence[int]) -> tuple[Partition, Partition]:
    """(positive, negative): the lengths of the cycles of a signed permutation whose signs multiply to +1 and to -1.

    Args:
        perm: a permutation of 0..n-1.
        signs: 1 or -1 for each position.

    >>> signed_cycle_type((1, 2, 0, 3), (1, -1, 1, -1))
    (Partition(), Partition(3, 1))
    """
    g = read_permutation(perm)
    known = [
        read_integer(s, "signs", minimum=-1, maximum=1) for s in read_list(signs, "signs", "signs")
    ]
    if len(known) != len(g) or 0 in known:
        rule = f"must be {len(g)} numbers 1 and -1, one for each position"
        raise InvalidArgument("signs", rule, f"they are {displayed(tuple(known))}")
    found: dict[int, list[int]] = {1: [], -1: []}
    seen = [False] * len(g)
    for start in range(len(g)):
        length, sign = 0, 1
        while not seen[start]:
            seen[start] = True
            length, sign = length + 1, sign * known[start]
            start = g[start]
        if length:
            found[sign].append(length)
    return (
        Partition.trusted(sorted(found[1], reverse=True)),
        Partition.trusted(sorted(found[-1], reverse=True)),
    )


class _Base:
    """What is needed of G: values, centralisers' orders, degrees, in lists; ``made`` is the table that said so."""

    def __init__(self, made: Any) -> None:
        self.made = made
        if isinstance(made, CharacterTable):
            self.irreps: tuple[Label, ...] = made.partitions
            self.degrees = made.dimensions
        else:
            self.irreps, self.degrees = made.irreps, made.degrees
        self.values: Any = made.values.tolist()
        self.centraliser_orders: tuple[int, ...] = tuple(made.centraliser_orders)

    def __repr__(self) -> str:
        return repr(self.made)


class _Signs(_Base):
    """The group {1, -1}: 1 before -1, the trivial character before the other."""

    def __init__(self) -> None:
        self.irreps = ("+", "-")
        self.values = [[1, 1], [1, -1]]
        self.degrees = (1, 1)
        self.centraliser_orders = (2, 2)

    def __repr__(self) -> str:
        return "{1, -1}"


def _read_base(base: Any) -> _Base:
    if isinstance(base, _Base):
        return base
    if not isinstance(base, CharacterTable) and not hasattr(base, "degrees"):
        rule = "must be a character table, as character_table(3) or alternating_table(4)"
        raise InvalidType("base", rule, base)
    return _Base(base)


def _require_memory(base: _Base, n: int) -> None:
    """The number of labels is the coefficient of q^n in prod (1 - q^k)^(-count)."""
    count = len(base.irreps)
    what = f"the character table of a wreath product with S_{n}"
    require_partitions(n)
    least = comb(min(n, 10**4) + count - 1, count - 1)  # one part for each irrep
    require_bytes(what, _BYTES_A_VALUE * least * least)
    labels = [1] + [0] * n
    single = [partition_count(k) for k in range(n + 1)]
    for _ in range(count):
        labels = [sum(labels[i] * single[k - i] for i in range(k + 1)) for k in range(n + 1)]
    require_bytes(what, _BYTES_A_VALUE * labels[n] ** 2)


def _tuples(n: int, count: int) -> Iterator[Shapes]:
    """All tuples of so many partitions of together n, the first the largest."""
    if count == 1:
        for lam in partitions(n):
            yield (lam,)
        return
    for k in range(n, -1, -1):
        for lam in partitions(k):
            for rest in _tuples(n - k, count - 1):
                yield (lam, *rest)


def _with_strips(lam: Partition, k: int) -> Iterator[tuple[Partition, int]]:
    """(lam with a border strip of k cells more, sign)."""
    mask = beads(lam, len(lam) + k)
    places = mask & ~(mask >> k)
    while places:
        low = places & -places
        places ^= low
        high = low << k
        odd = (mask & (high - (low << 1))).bit_count() & 1
        yield from_beads(mask ^ (low | high)), -1 if odd else 1


def _simple(value: Any) -> Any:
    return sp.expand(value) if isinstance(value, sp.Expr) else value
