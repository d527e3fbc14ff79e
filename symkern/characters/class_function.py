r"""Class functions on S_n: the functions of a permutation that depend on its cycle type only.

They are given by one value for each partition of n, in reverse lexicographic order of the cycle
types. Products and inner products are means over the group, not sums:

    (f g)(s)   = f(s) g(s)                                   pointwise
    <f, g>     = (1/n!) sum_s f(s) g(s^-1)                   bilinear, so the irreducibles are orthonormal
    (f * g)(s) = (1/n!) sum_t f(t) g(t^-1 s)                 `ClassFunction.convolve`

With this normalisation the operator h -> f * h on all functions of S_n acts on the copies of S^lam as
the number <f, chi^lam>/dim lam, dim^2 times: the spectrum of a kernel k(x, y) = f(x^-1 y) under the
uniform law (`ClassFunction.eigenvalues`), and convolution multiplies the spectra.

Source: Serre, *Linear Representations of Finite Groups*, chapters 2 and 7.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import comb, factorial, gcd, lcm, prod
from typing import Any

import sympy as sp

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
from symkern.combinatorics.generation import partitions, require_partitions
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.combinatorics.permutation import (
    PermutationLike,
    cycle_type,
    read_cycle_type,
    read_permutation,
)
from symkern.doors import ClassFunctionDoors, drawable
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, displayed
from symkern.exact.exact_arguments import substitutions, sympified
from symkern.exact.integer_matrices import times_vector
from symkern.reading.integers import read_integer
from symkern.reading.operands import left_to
from symkern.typeset.shown import Written, displays

Values = Mapping[PartitionLike, Any] | Sequence[Any] | Callable[[Partition], Any]


@drawable
class ClassFunction(ClassFunctionDoors, Written):
    """The class function on S_n with the given values.

    Values are ints, Fractions, SymPy expressions without floats, or formulas that `symkern.abc.parse` reads.

    Args:
        n: at least 0.
        data: {cycle type: value} (a class that is left out has the value 0), a function of the cycle type, or the list of values in the order of
            ``partitions(n)``.

    Raises:
        SizeMismatch: for a cycle type of another n, or a list of another length than the classes.
        InvalidArgument: for a class with two values.
        InvalidType: for data of another kind, and for floats.

    >>> fixed_points = ClassFunction(4, lambda mu: mu.count(1))
    >>> fixed_points.decompose()
    {Partition(4): 1, Partition(3, 1): 1}
    >>> (fixed_points * fixed_points).eigenvalues()
    {Partition(4): 2, Partition(3, 1): 1, Partition(2, 2): 1/2, Partition(2, 1, 1): 1/3, Partition(1, 1, 1, 1): 0}
    """

    __slots__ = ("_n", "scalars")

    def __init__(self, n: int, data: Values) -> None:
        self._n = read_integer(n, "n")
        classes = partitions(self._n)
        if isinstance(data, Mapping):
            known = {}
            for label, value in data.items():
                mu = read_cycle_type(label, "data", self._n)
                if mu.size != self._n:
                    raise SizeMismatch(
                        "data", f"cycle types must be partitions of {self._n}", f"one is {mu!r}"
                    )
                if mu in known:
                    raise InvalidArgument("data", "a class has one value", f"{mu!r} occurs twice")
                known[mu] = read_scalar(value, f"data[{mu}]")
            values = [known.get(mu, 0) for mu in classes]
        elif callable(data) and not isinstance(data, type):
            values = [read_scalar(data(mu), f"data({mu})") for mu in classes]
        else:
            if hasattr(data, "tolist"):
                data = data.tolist()
            if isinstance(data, str) or not isinstance(data, Sequence):
                rule = "must be a dictionary, a function or a list of values"
                raise InvalidType("data", rule, data)
            if len(data) != len(classes):
                rule = f"must hold {len(classes)} values, one for each partition of {self._n}"
                raise SizeMismatch("data", rule, f"it holds {len(data)}")
            values = [read_scalar(v, f"data[{mu}]") for mu, v in zip(classes, data, strict=True)]
        self.scalars: tuple[Scalar, ...] = tuple(values)

    @classmethod
    def trusted(cls, n: int, values: Sequence[Scalar]) -> ClassFunction:
        """The class function with these normal scalars, one for each partition of n."""
        function = cls.__new__(cls)
        function._n = n
        function.scalars = tuple(values)
        return function

    # Some class functions

    @classmethod
    def irreducible(cls, lam: PartitionLike) -> ClassFunction:
        """chi^lam, the character of the irrep S^lam.

        Args:
            lam: a partition of n.
        """
        shape = Partition.read(lam, "lam")
        table = character_table(shape.size)
        return cls.trusted(shape.size, [int(value) for value in table.row(shape)])

    @classmethod
    def indicator(cls, mu: PartitionLike) -> ClassFunction:
        """1 on the permutations of cycle type mu, 0 elsewhere.

        Args:
            mu: a partition of n.
        """
        shape = Partition.read(mu, "mu")
        return cls(shape.size, {shape: 1})

    @classmethod
    def trivial(cls, n: int) -> ClassFunction:
        """1 everywhere.

        Args:
            n: at least 0.
        """
        return cls(n, lambda mu: 1)

    @classmethod
    def sign(cls, n: int) -> ClassFunction:
        """1 on even, -1 on odd permutations.

        Args:
            n: at least 0.
        """
        return cls(n, lambda mu: mu.sign)

    @classmethod
    def permutation(cls, n: int) -> ClassFunction:
        """The number of fixed points, the character of S_n on n positions.

        Args:
            n: at least 0.
        """
        return cls(n, lambda mu: mu.count(1))

    @classmethod
    def regular(cls, n: int) -> ClassFunction:
        """n! on the identity, 0 elsewhere: the neutral element of convolution.

        Args:
            n: at least 0.
        """
        size = read_integer(n, "n")
        require_partitions(size)
        identity = Partition.trusted([1] * size)
        return cls(n, {identity: identity.centraliser_order})

    # Values

    @property
    def n(self) -> int:
        """The n of S_n."""
        return self._n

    @property
    def values(self) -> tuple[Any, ...]:
        """The values in the order of ``partitions(n)``."""
        return tuple(public(value) for value in self.scalars)

    def items(self) -> Iterator[tuple[Partition, Any]]:
        """Pairs (cycle type, value)."""
        return zip(partitions(self._n), self.values, strict=True)

    def __getitem__(self, mu: PartitionLike) -> Any:
        label = read_cycle_type(mu, "mu", self._n)
        if label.size != self._n:
            raise SizeMismatch(
                "mu", f"must be a partition of {self._n}", f"it is {displayed(label)}"
            )
        return public(self.scalars[partitions(self._n).index(label)])

    def __call__(self, perm: PermutationLike) -> Any:
        """The value on a permutation of 0..n-1."""
        return self[cycle_type(read_permutation(perm, "perm", n=self._n))]

    def subs(self, *arguments: Any) -> ClassFunction:
        """Substitute symbols in every value.

        Args:
            *arguments: as those of SymPy's ``subs``; text is read as formulas, a name as the symbol that is called so.

        Raises:
            InvalidArgument: a symbol that does not occur.
        """
        pairs = substitutions(arguments, symbols_of(self.scalars))
        return ClassFunction(self._n, [sympified(v).subs(pairs) for v in self.values])

    # The algebra

    def _other(self, other: ClassFunction) -> ClassFunction:
        if other._n != self._n:
            raise SizeMismatch(
                "other", f"must be a class function on S_{self._n}", f"it is one on S_{other._n}"
            )
        return other

    def __add__(self, other: Any) -> ClassFunction:
        if not isinstance(other, ClassFunction):
            return left_to(self, other, "__radd__", "must be a ClassFunction")
        pairs = zip(self.scalars, self._other(other).scalars, strict=True)
        return ClassFunction.trusted(self._n, [total(pair) for pair in pairs])

    def __neg__(self) -> ClassFunction:
        return ClassFunction.trusted(self._n, [normal(-value) for value in self.scalars])

    def __sub__(self, other: Any) -> ClassFunction:
        if not isinstance(other, ClassFunction):
            return left_to(self, other, "__rsub__", "must be a ClassFunction")
        return self + -other

    def __mul__(self, other: Any) -> ClassFunction:
        """Pointwise product, the character of a tensor product; or scaling by a number."""
        if isinstance(other, ClassFunction):
            factors: Sequence[Scalar] = self._other(other).scalars
        elif isinstance(other, str):
            return left_to(self, other, "__rmul__", "must be a ClassFunction or an exact number")
        else:
            try:
                factors = [read_scalar(other, "other")] * len(self.scalars)
            except InvalidType:
                return left_to(
                    self, other, "__rmul__", "must be a ClassFunction or an exact number"
                )
        pairs = zip(self.scalars, factors, strict=True)
        return ClassFunction.trusted(self._n, [normal(a * b) for a, b in pairs])

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> ClassFunction:
        """The quotient by a number."""
        return self.__mul__(inverse_of(other))

    def __pow__(self, exponent: int) -> ClassFunction:
        power = read_integer(exponent, "exponent")
        return ClassFunction.trusted(self._n, [normal(value**power) for value in self.scalars])

    def inner(self, other: ClassFunction) -> Any:
        """<f, g> = (1/n!) sum_s f(s) g(s^-1), bilinear; s and s^-1 have one cycle type in S_n.

        Args:
            other: a class function of the same S_n.

        Raises:
            SizeMismatch: it is one of another S_n.

        >>> ClassFunction.permutation(5).inner(ClassFunction.permutation(5))
        2
        """
        if not isinstance(other, ClassFunction):
            raise InvalidType("other", "must be a class function", other)
        return public(self._mean(self._other(other).scalars))

    def _mean(self, weights: Sequence[Scalar]) -> Scalar:
        table = character_table(self._n)
        terms = zip(self.scalars, weights, table.centraliser_orders, strict=True)
        return total(divide(f * g, z) for f, g, z in terms if f != 0 and g != 0)

    def _coefficients(self) -> dict[Partition, Scalar]:
        table = character_table(self._n)
        scaled = [divide(f, z) for f, z in zip(self.scalars, table.centraliser_orders, strict=True)]
        support = [j for j, f in enumerate(scaled) if f != 0]
        return {
            lam: total(scaled[j] * row[j] for j in support if row[j])
            for lam, row in zip(table.partitions, table.values.tolist(), strict=True)
        }

    def decompose(self) -> dict[Partition, Any]:
        """{lam: <f, chi^lam>} where that is not zero; for a character, its multiplicities."""
        return {lam: public(c) for lam, c in self._coefficients().items() if c != 0}

    def eigenvalues(self) -> dict[Partition, Any]:
        """{lam: <f, chi^lam>/dim lam} for every irrep: the spectrum of h -> f * h, each dim^2 times.

        >>> ClassFunction.permutation(3).eigenvalues()
        {Partition(3): 1, Partition(2, 1): 1/2, Partition(1, 1, 1): 0}
        """
        return {lam: public(divide(c, lam.dimension)) for lam, c in self._coefficients().items()}

    def convolve(self, other: ClassFunction) -> ClassFunction:
        """(f * g)(s) = (1/n!) sum_t f(t) g(t^-1 s); chi * chi = chi/dim for an irreducible chi.

        Args:
            other: a class function of the same S_n.

        Raises:
            SizeMismatch: it is one of another S_n.
        """
        if not isinstance(other, ClassFunction):
            raise InvalidType("other", "must be a class function", other)
        mine, others = self._rational(), self._other(other)._rational()
        if mine is not None and others is not None:
            return self._convolved(mine, others)
        first, second = self._coefficients(), other._coefficients()
        combined = {
            lam: divide(c * second[lam], lam.dimension) for lam, c in first.items() if c != 0
        }
        columns = character_table(self._n).values.T.tolist()
        weights = [combined.get(lam, 0) for lam in first]
        return ClassFunction.trusted(
            self._n,
            [total(w * x for w, x in zip(weights, column, strict=True) if x) for column in columns],
        )

    def _rational(self) -> tuple[list[int], int] | None:
        """The values as integers over one denominator; None where one is not rational."""
        if any(isinstance(value, sp.Expr) for value in self.scalars):
            return None
        below = lcm(*(value.denominator for value in self.scalars))
        return [int(value * below) for value in self.scalars], below

    def _convolved(
        self, first: tuple[list[int], int], second: tuple[list[int], int]
    ) -> ClassFunction:
        """`convolve` in integers: n! <f, chi^lam> for all lam is the table times the values times the class sizes."""
        table = character_table(self._n)
        order = factorial(self._n)
        coefficients = [
            times_vector(
                table.values, [a * size for a, size in zip(f, table.class_sizes, strict=True)]
            )
            for f, _ in (first, second)
        ]
        weights = [
            a * b * (order // dimension)
            for a, b, dimension in zip(*coefficients, table.dimensions, strict=True)
        ]
        common = gcd(*weights) or 1
        found = times_vector(table.values.T, [w // common for w in weights])
        scale = Fraction(common, order**3 * first[1] * second[1])
        return ClassFunction.trusted(self._n, [normal(scale * value) for value in found])

    # Along S_m < S_n

    def restrict(self, n: int | None = None) -> ClassFunction:
        """The restriction to S_n; the other positions stay fixed. To products S_a x S_b x ... there is `restrict_to`.

        Args:
            n: from 0 to the own n.

        Raises:
            InvalidArgument: it is larger.

        >>> ClassFunction.irreducible((3, 1)).restrict(3).decompose()
        {Partition(3): 1, Partition(2, 1): 1}
        """
        if n is None:
            rule = "must be given, the size of the smaller group, such as restrict(3)"
            raise InvalidType("n", rule, n)
        size = read_integer(n, "n", maximum=self._n)
        ones = [1] * (self._n - size)
        mine = dict(zip(partitions(self._n), self.scalars, strict=True))
        return ClassFunction.trusted(size, [mine[mu.union(ones)] for mu in partitions(size)])

    def induce(self, n: int | None = None) -> ClassFunction:
        """The function induced to S_n: adjoint to `restrict` (Frobenius).

        (Ind f)(mu) = z_mu/z_nu f(nu) where mu is nu and n - m ones more, 0 on the other classes.

        Args:
            n: at least the own n.

        Raises:
            InvalidArgument: it is smaller.

        >>> ClassFunction.trivial(2).induce(3).decompose()
        {Partition(3): 1, Partition(2, 1): 1}
        """
        if n is None:
            raise InvalidType(
                "n", "must be given, the size of the larger group, such as induce(9)", n
            )
        size = read_integer(n, "n", minimum=self._n)
        # The regular character of S_(n-m) is the function 1 induced from the trivial group.
        return self.outer(ClassFunction.regular(size - self._n))

    def outer(self, other: ClassFunction) -> ClassFunction:
        """The function induced from S_m x S_n to S_(m+n); on irreducibles, Littlewood-Richardson.

        (f o g)(mu) = sum over mu = nu + rho of z_mu/(z_nu z_rho) f(nu) g(rho).

        Args:
            other: a class function of any S_m.

        >>> ClassFunction.trivial(2).outer(ClassFunction.sign(2)).decompose()
        {Partition(3, 1): 1, Partition(2, 1, 1): 1}
        """
        if not isinstance(other, ClassFunction):
            raise InvalidType("other", "must be a class function", other)
        terms: dict[Partition, list[Scalar]] = {}
        right = [
            (rho, g) for rho, g in zip(partitions(other._n), other.scalars, strict=True) if g != 0
        ]
        for nu, f in zip(partitions(self._n), self.scalars, strict=True):
            if f == 0:
                continue
            for rho, g in right:
                mu = nu.union(rho)
                ratio = _choices(mu, nu)
                terms.setdefault(mu, []).append(ratio * f * g)
        size = self._n + other._n
        return ClassFunction.trusted(size, [total(terms.get(mu, ())) for mu in partitions(size)])

    # As a value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ClassFunction):
            return NotImplemented
        return self._n == other._n and self.scalars == other.scalars

    def __hash__(self) -> int:
        return hash((self._n, self.scalars))

    def __repr__(self) -> str:
        pairs = zip(partitions(self._n), self.scalars, strict=True)
        inside = ", ".join(f"{tuple(mu)}: {spelled(value)}" for mu, value in pairs if value != 0)
        return f"ClassFunction({self._n}, {{{inside}}})"

    # Display; typeset/ does the printing

    def _table(self) -> Any:
        from symkern.typeset.labels import cycle_type_latex, cycle_type_text
        from symkern.typeset.tables import Cell, Table

        return Table(
            ("cycle type", "permutations", "value"),
            [
                (Cell(cycle_type_text(mu), cycle_type_latex(mu)), mu.class_size, value)
                for mu, value in self.items()
            ],
            "lrl",
        )

    def __str__(self) -> str:
        return str(self._table().text())

    @displays
    def latex(self) -> str:
        """The values as a LaTeX array."""
        return str(self._table().latex(style="array"))

    def _repr_html_(self) -> str:
        return str(self._table().html())

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


def _choices(mu: Partition, nu: Partition) -> int:
    """z_mu/(z_nu z_rho) for mu = nu + rho: how many ways to choose the cycles nu among mu."""
    inner = nu.multiplicities
    return prod(comb(m, inner.get(part, 0)) for part, m in mu.multiplicities.items())
