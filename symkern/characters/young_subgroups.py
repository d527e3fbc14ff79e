r"""Class functions on Young subgroups S_a x S_b x ... of S_n, n = a + b + ...

They are given by one value for each tuple of cycle types, one for each factor. With class functions
of S_n they are tied by restriction, (Res f)(mu, nu, ...) = f(mu + nu + ...), and by induction, its adjoint
(Frobenius): <Ind g, f> = <g, Res f>. The irreps are the outer products S^lam x S^kappa x ...; the
multiplicities of a restricted irrep are iterated Littlewood-Richardson coefficients.

Source: Sagan, *The Symmetric Group*, 1.11 and 4.9; James and Kerber, 2.8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

from symkern.characters.class_function import ClassFunction
from symkern.characters.full_table import character_table
from symkern.characters.scalars import (
    Scalar,
    divide,
    inverse_of,
    normal,
    public,
    read_scalar,
    spelled,
    symbols_of,
    total,
)
from symkern.combinatorics.generation import partition_count, partitions, require_partitions
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.doors import YoungClassFunctionDoors
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch
from symkern.exact.exact_arguments import substitutions, sympified
from symkern.limits import current
from symkern.reading.integers import read_integer
from symkern.reading.operands import left_to
from symkern.reading.sequences import read_list
from symkern.typeset.shown import Shown

Types = tuple[Partition, ...]


def restrict_to(f: ClassFunction, sizes: Sequence[int]) -> YoungClassFunction:
    """The restriction to the Young subgroup S_a x S_b x ....

    Args:
        f: the class function.
        sizes: (a, b, ...), with sum n.

    Raises:
        SizeMismatch: another sum.

    >>> ClassFunction.irreducible((2, 2)).restrict_to((2, 2)).decompose()
    {(Partition(2), Partition(2)): 1, (Partition(1, 1), Partition(1, 1)): 1}
    """
    return YoungClassFunction.restriction(f, sizes)


class YoungClassFunction(YoungClassFunctionDoors, Shown):
    """The class function on S_a x S_b x ... with the given values.

    Args:
        sizes: (a, b, ...).
        data: {(cycle type, ...): value}, what is left out is 0, or a function of as many cycle types as there are factors.

    Raises:
        InvalidType: data of another kind, and floats.

    >>> restricted = ClassFunction.irreducible((2, 1)).restrict_to((2, 1))
    >>> restricted.decompose()
    {(Partition(2), Partition(1)): 1, (Partition(1, 1), Partition(1)): 1}
    >>> restricted.induce().decompose()
    {Partition(3): 1, Partition(2, 1): 2, Partition(1, 1, 1): 1}
    >>> sign = YoungClassFunction.irreducible((1, 1), (1,))
    >>> (restricted * sign - sign).decompose(), (2 * restricted).inner(sign)
    ({(Partition(2), Partition(1)): 1}, 2)
    """

    __slots__ = ("_sizes", "_values")

    def __init__(
        self,
        sizes: Sequence[int],
        data: Mapping[Sequence[PartitionLike], Any] | Callable[..., Any],
    ) -> None:
        self._sizes = read_sizes(sizes)
        if isinstance(data, Mapping):
            known: dict[Types, Any] = {}
            for labels, value in data.items():
                label = self._label(labels)
                if label in known:
                    raise InvalidArgument(
                        "data", "a class has one value", f"{_spelled(label)} occurs twice"
                    )
                known[label] = value
            values = {types: read_scalar(known.get(types, 0), "data") for types in self._classes()}
        elif callable(data) and not isinstance(data, type) and not hasattr(data, "array_form"):
            values = {types: read_scalar(data(*types), "data") for types in self._classes()}
        else:
            raise InvalidType("data", "must be a dictionary or a function", data)
        self._values: dict[Types, Scalar] = values

    # Some class functions

    @classmethod
    def trusted(cls, sizes: tuple[int, ...], values: dict[Types, Scalar]) -> YoungClassFunction:
        """From normal scalars, one for each tuple of cycle types in the order of `items`."""
        function = cls.__new__(cls)
        function._sizes, function._values = sizes, values
        return function

    @classmethod
    def irreducible(cls, *labels: PartitionLike) -> YoungClassFunction:
        """The character of S^lam x S^kappa x ...

        Args:
            *labels: lam, a partition of a, kappa, one of b, and so on.

        >>> YoungClassFunction.irreducible((2, 1), (1,)).induce().decompose()
        {Partition(3, 1): 1, Partition(2, 2): 1, Partition(2, 1, 1): 1}
        """
        return cls.product(*map(ClassFunction.irreducible, labels))

    @classmethod
    def indicator(cls, *types: PartitionLike) -> YoungClassFunction:
        """1 on the class with these cycle types, 0 elsewhere.

        Args:
            *types: a cycle type for each factor.
        """
        return cls.product(*map(ClassFunction.indicator, types))

    @classmethod
    def trivial(cls, sizes: Sequence[int]) -> YoungClassFunction:
        """1 everywhere.

        Args:
            sizes: (a, b, ...).
        """
        return cls(sizes, lambda *types: 1)

    @classmethod
    def sign(cls, sizes: Sequence[int]) -> YoungClassFunction:
        """1 on even, -1 on odd permutations.

        Args:
            sizes: (a, b, ...).
        """
        return cls(sizes, lambda *types: prod(mu.sign for mu in types))

    @classmethod
    def regular(cls, sizes: Sequence[int]) -> YoungClassFunction:
        """The order of the group on the identity, 0 elsewhere.

        Args:
            sizes: (a, b, ...).
        """
        return cls.product(*map(ClassFunction.regular, read_sizes(sizes)))

    @classmethod
    def product(cls, *factors: ClassFunction) -> YoungClassFunction:
        """The outer tensor product f x g x ...: (mu, nu, ...) -> f(mu) g(nu) ...

        Args:
            *factors: a class function of S_a, one of S_b, and so on.
        """
        for factor in factors:
            if not isinstance(factor, ClassFunction):
                raise InvalidType("factors", "must be class functions", factor)
        sizes = tuple(f.n for f in factors)
        _require_classes(sizes)
        columns = [list(zip(partitions(f.n), f.scalars, strict=True)) for f in factors]
        return cls.trusted(
            sizes,
            {
                tuple(mu for mu, _ in pairs): normal(prod((v for _, v in pairs), start=1))
                for pairs in product(*columns)
            },
        )

    @classmethod
    def restriction(cls, f: ClassFunction, sizes: Sequence[int]) -> YoungClassFunction:
        """f on S_a x S_b x ....

        Args:
            f: the class function.
            sizes: (a, b, ...), with sum n.

        Raises:
            SizeMismatch: another sum.
        """
        if not isinstance(f, ClassFunction):
            raise InvalidType("f", "must be a class function", f)
        known = read_sizes(sizes)
        if sum(known) != f.n:
            raise SizeMismatch("sizes", f"must add up to {f.n}", f"they are {known}")
        values = dict(zip(partitions(f.n), f.scalars, strict=True))
        return cls.trusted(
            known, {types: values[joined(types)] for types in product(*map(partitions, known))}
        )

    # Values

    @property
    def scalars(self) -> dict[Types, Scalar]:
        """{(cycle type, ...): value} as `symkern.characters.scalars` has them."""
        return dict(self._values)

    @property
    def sizes(self) -> tuple[int, ...]:
        """(a, b, ...) of S_a x S_b x ..."""
        return self._sizes

    def items(self) -> Iterator[tuple[Types, Any]]:
        """Pairs ((cycle type, ...), value)."""
        return ((types, public(value)) for types, value in self._values.items())

    def __getitem__(self, types: Sequence[PartitionLike]) -> Any:
        return public(self._values[self._label(types)])

    @property
    def values(self) -> tuple[Any, ...]:
        """The values in the order of `items`."""
        return tuple(public(value) for value in self._values.values())

    def subs(self, *arguments: Any) -> YoungClassFunction:
        """Substitute symbols in every value.

        Args:
            *arguments: as those of SymPy's ``subs``; text is read as formulas, a name as the symbol that is called so.

        Raises:
            InvalidArgument: a symbol that does not occur.
        """
        pairs = substitutions(arguments, symbols_of(self._values.values()))
        return YoungClassFunction(
            self._sizes, {types: sympified(v).subs(pairs) for types, v in self.items()}
        )

    # The algebra

    def _other(self, other: YoungClassFunction) -> YoungClassFunction:
        if other._sizes != self._sizes:
            raise SizeMismatch(
                "other", f"must be one on the subgroup {self._sizes}", f"it is on {other._sizes}"
            )
        return other

    def _mapped(self, value: Callable[[Types, Scalar], Scalar]) -> YoungClassFunction:
        found = {types: normal(value(types, own)) for types, own in self._values.items()}
        return self.trusted(self._sizes, found)

    def __add__(self, other: Any) -> YoungClassFunction:
        if not isinstance(other, YoungClassFunction):
            return left_to(
                self, other, "__radd__", "must be a class function of the same Young subgroup"
            )
        theirs = self._other(other)._values
        return self._mapped(lambda types, value: total((value, theirs[types])))

    def __neg__(self) -> YoungClassFunction:
        return self._mapped(lambda types, value: -value)

    def __sub__(self, other: Any) -> YoungClassFunction:
        if not isinstance(other, YoungClassFunction):
            return left_to(
                self, other, "__rsub__", "must be a class function of the same Young subgroup"
            )
        return self + -other

    def __mul__(self, other: Any) -> YoungClassFunction:
        """Pointwise product, the character of a tensor product; or scaling by a number."""
        if isinstance(other, YoungClassFunction):
            theirs = self._other(other)._values
            return self._mapped(lambda types, value: value * theirs[types])
        if isinstance(other, (str, ClassFunction)):
            return left_to(
                self,
                other,
                "__rmul__",
                "must be a class function of the same Young subgroup or an exact number",
            )
        try:
            factor = read_scalar(other, "other")
        except InvalidType:
            return left_to(
                self,
                other,
                "__rmul__",
                "must be a class function of the same Young subgroup or an exact number",
            )
        return self._mapped(lambda types, value: value * factor)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> YoungClassFunction:
        """The quotient by a number."""
        return self.__mul__(inverse_of(other))

    def __pow__(self, exponent: int) -> YoungClassFunction:
        power = read_integer(exponent, "exponent", maximum=current().exponent)
        return self._mapped(lambda types, value: value**power)

    def inner(self, other: YoungClassFunction) -> Any:
        """The mean of f(s) g(s^-1) over the subgroup.

        Args:
            other: a class function of the same subgroup.

        Raises:
            SizeMismatch: it is one of another subgroup.
        """
        if not isinstance(other, YoungClassFunction):
            raise InvalidType("other", "must be a class function of a Young subgroup", other)
        theirs = self._other(other)._values
        return public(
            total(
                divide(value * theirs[types], group_centraliser_order(types))
                for types, value in self._values.items()
                if value != 0
            )
        )

    def decompose(self) -> dict[Types, Any]:
        """{(lam, kappa, ...): multiplicity of S^lam x S^kappa x ...} where that is not zero."""
        left: dict[Types, Scalar] = {
            types: divide(value, group_centraliser_order(types))
            for types, value in self._values.items()
            if value != 0
        }
        for i, size in enumerate(self._sizes):  # one factor after the other
            table = character_table(size)
            columns = {mu: table.column(mu).tolist() for mu in table.partitions}
            terms: dict[Types, list[Scalar]] = {}
            for types, value in left.items():
                for lam, chi in zip(table.partitions, columns[types[i]], strict=True):
                    if chi:
                        key = (*types[:i], lam, *types[i + 1 :])
                        terms.setdefault(key, []).append(value * chi)
            left = {key: value for key, summed in terms.items() if (value := total(summed)) != 0}
        return {types: public(left[types]) for types in sorted(left, reverse=True)}

    # Along subgroups

    def induce(self) -> ClassFunction:
        """The function induced to S_n: (Ind f)(mu) = sum over mu = nu + rho + ... of z_mu/(z_nu z_rho ...) f(nu, rho, ...)."""
        terms: dict[Partition, list[Scalar]] = {}
        for types, value in self._values.items():
            if value != 0:
                mu = joined(types)
                ratio = mu.centraliser_order // group_centraliser_order(types)
                terms.setdefault(mu, []).append(ratio * value)
        n = sum(self._sizes)
        return ClassFunction.trusted(n, [total(terms.get(mu, ())) for mu in partitions(n)])

    def _classes(self) -> Iterator[Types]:
        return product(*map(partitions, self._sizes))

    def _label(self, types: Sequence[PartitionLike]) -> Types:
        if isinstance(types, (str, Partition)) or not isinstance(types, Sequence):
            raise InvalidType("types", "must be a tuple of cycle types", types)
        label = tuple(Partition.read(mu, "types") for mu in types)
        if tuple(mu.size for mu in label) != self._sizes:
            raise SizeMismatch("types", f"must be partitions of {self._sizes}", f"they are {label}")
        return label

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, YoungClassFunction):
            return NotImplemented
        return self._sizes == other._sizes and self._values == other._values

    def __hash__(self) -> int:
        return hash((self._sizes, tuple(self._values.values())))

    def __repr__(self) -> str:
        inside = ", ".join(
            f"{_spelled(types)}: {spelled(value)}"
            for types, value in self._values.items()
            if value != 0
        )
        return f"YoungClassFunction({self._sizes}, {{{inside}}})"


def read_sizes(sizes: Sequence[int]) -> tuple[int, ...]:
    """The sizes of a Young subgroup whose classes fit in memory."""
    if isinstance(sizes, str) or not hasattr(sizes, "__iter__"):
        raise InvalidType("sizes", "must be a sequence of integers such as (3, 2)", sizes)
    known = tuple(
        read_integer(size, "sizes", maximum=current().group_size)
        for size in read_list(sizes, "sizes", "integers")
    )
    _require_classes(known)
    return known


def _require_classes(sizes: tuple[int, ...]) -> None:
    """Raise `TooLarge` where the classes of S_a x S_b x ... do not fit in memory."""
    for size in sizes:
        require_partitions(size)
    classes = prod(partition_count(size) for size in sizes)
    shown = " x ".join(f"S_{size}" for size in sizes)
    require_bytes(f"a class function of {shown}", classes * (200 + 8 * len(sizes)))


def _spelled(types: Types) -> str:
    return str(tuple(map(tuple, types)))


def joined(types: Types) -> Partition:
    """The cycle type in S_n of an element of the subgroup."""
    return Partition.trusted(sorted((part for mu in types for part in mu), reverse=True))


def group_centraliser_order(types: Types) -> int:
    """The order of the centraliser in the subgroup."""
    return prod(mu.centraliser_order for mu in types)
