r"""Stretched coefficients: Kronecker and Littlewood-Richardson coefficients of shapes times n, as functions of n.

    n -> g(n lam, n mu, n nu)   is a quasipolynomial,        n -> c(n nu; n lam, n mu)   is a polynomial,

for n >= 1, and at n = 0 as well, where both are 1, unless all of them are 0. They are found from their first values, as many as a bound on the poles of the generating function asks
for (`symkern.characters.stretched_poles`), and are then *proved*. Where there is no such bound, or fewer values, the least denominator that explains the
values and is checked further on is *fitted*.

Shapes whose rows fill a box of the others' rows lose full columns first, which changes no coefficient: with lam of a b rows, b = len(nu),

    g(lam, mu, nu) = g(lam - (1^ab), mu - (b^a), nu - (a^b)).

Source: Mulmuley, *Geometric complexity theory VI* (2007); Briand, Orellana and Rosas, *Reduced Kronecker coefficients and counter-examples to Mulmuley's strong
saturation conjecture SH*, Comput. Complexity 18 (2009); Meinrenken and Sjamaar, *Singular reduction and quantization*, Topology 38 (1999); Baldoni, Vergne and
Walter, *Computation of dilated Kronecker coefficients*, J. Symbolic Comput. 84 (2018); Derksen and Weyman, *On the Littlewood-Richardson polynomials*,
J. Algebra 255 (2002); Knutson, Tao and Woodward, *The honeycomb model of GL_n(C) tensor products II*, J. Amer. Math. Soc. 17 (2004).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, permutations
from math import lcm

import sympy as sp

from symkern.characters import kronecker_few_rows as few_rows
from symkern.characters.kronecker_products import kronecker_coefficient
from symkern.characters.littlewood_richardson_rule import littlewood_richardson_coefficient
from symkern.characters.stretched_poles import (
    kronecker_growth,
    kronecker_poles,
    littlewood_richardson_degree,
)
from symkern.claims.derivation import Standing
from symkern.combinatorics.partition import Partition, PartitionLike, require_size
from symkern.errors import InvalidArgument, TooLong
from symkern.exact.quasipolynomials import (
    Quasipolynomial,
    explains,
    quasipolynomial,
    totient,
)
from symkern.limits import check_time, current, within_time
from symkern.reading.integers import read_integer
from symkern.reading.sequences import require_types
from symkern.typeset.shown import Written, displays

Shapes = tuple[Partition, Partition, Partition]

_FITTED_ORDERS = 6  # roots of unity that a fit without a bound may use
_SPARE = 4  # values that a fit is checked at, at least


@dataclass(frozen=True)
class StretchedCoefficient(Written):
    """n -> g(n lam, n mu, n nu), or c(n nu; n lam, n mu): a quasipolynomial with what it is of and how sure it is.

    ``kind`` is "kronecker" or "littlewood-richardson", ``shapes`` in the order in which the function took them, ``values`` how many values at
    n = 0, 1, ... it was found from.

    >>> found = stretched_kronecker((6, 6), (7, 5), (6, 4, 2))
    >>> [found(n) for n in range(6)], found.period, found.degree, found.standing
    ([1, 0, 2, 1, 3, 2], 2, 1, Standing.PROVED)
    >>> print(found)
    g(n (6,6), n (7,5), n (6,4,2)), proved
    n even  (n + 2)/2
    n odd   (n - 1)/2
    """

    kind: str
    shapes: Shapes
    quasipolynomial: Quasipolynomial
    standing: Standing
    values: int

    def __post_init__(self) -> None:
        require_types(self, kind=str, shapes=tuple, quasipolynomial=Quasipolynomial)
        require_types(self, standing=Standing, values=int)
        if self.kind not in ("kronecker", "littlewood-richardson"):
            rule = "must be 'kronecker' or 'littlewood-richardson'"
            raise InvalidArgument("kind", rule, f"it is {self.kind!r}")

    def __call__(self, n: int) -> int:
        """The coefficient of the shapes times n, n >= 0."""
        place = read_integer(n, "n")
        return int(self.quasipolynomial(place)) if place else 1

    @property
    def period(self) -> int:
        """The least number of residue classes modulo which it is polynomial."""
        return self.quasipolynomial.period

    @property
    def degree(self) -> int:
        """The largest degree of a constituent; -1 where all coefficients from n = 1 on are 0."""
        return self.quasipolynomial.degree

    @property
    def constituents(self) -> tuple[sp.Expr, ...]:
        """The polynomials in n for n = 0, 1, ... modulo the period."""
        return self.quasipolynomial.constituents

    def generating_function(self) -> sp.Expr:
        """The sum over n >= 0 of the coefficients times x^n.

        >>> stretched_kronecker((1, 1, 1), (1, 1, 1), (1, 1, 1)).generating_function()
        1/((1 - x**2)*(1 - x**3)*(1 - x**4))
        """
        if self.degree < 0:
            return sp.S.One
        return self.quasipolynomial.generating_function()

    def text(self) -> str:
        """What it is of, its standing, and the constituents."""
        listed = [f"n {f'({shape})' if shape else '[]'}" for shape in self.shapes]
        name = f"g({', '.join(listed)})"
        if self.kind != "kronecker":
            name = f"c({listed[0]}; {', '.join(listed[1:])})"
        return f"{name}, {self.standing}\n{self.quasipolynomial.text()}"

    def __str__(self) -> str:
        return self.text()

    @displays
    def latex(self) -> str:
        r"""As an equation, for math mode.

        >>> print(stretched_littlewood_richardson((3, 2, 1), (2, 1), (2, 1)).latex())
        c^{n(3,2,1)}_{n(2,1),\, n(2,1)} = n + 1
        """
        first, *others = (f"n({shape})" if shape else r"\emptyset" for shape in self.shapes)
        name = f"g_{{{first},\\, {others[0]},\\, {others[1]}}}"
        if self.kind != "kronecker":
            name = f"c^{{{first}}}_{{{others[0]},\\, {others[1]}}}"
        return f"{name} = {self.quasipolynomial.latex()}"

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


def stretched_kronecker(
    lam: PartitionLike, mu: PartitionLike, nu: PartitionLike, values: int | None = None
) -> StretchedCoefficient:
    """n -> g(n lam, n mu, n nu), the stretched (or dilated) Kronecker coefficient, for shapes with few rows.

    Args:
        lam: a partition.
        mu: one of the same size.
        nu: another one.
        values: how many coefficients are computed, n = 0, 1, ..., at most ``limits.stretched_values``; None takes as many as prove the result, or as many of them as
            `limits.stretched_seconds` allow.

    Returns:
        A `StretchedCoefficient`, *proved*, or *fitted* where the values are too few for a proof or none is known.

    Raises:
        InvalidArgument: too many rows, or too few values to say anything.
        SizeMismatch: partitions of different numbers.
        TooLong: the values that can be had in that time say nothing.

    Proofs are known for shapes of a, b and c rows, a <= b <= c, with a = 1, a = 2 and b <= 3, and of 2, 4 and 4 or of 3, 3 and 3 rows.

    >>> stretched_kronecker((2, 1), (2, 1), (2, 1)).quasipolynomial
    Quasipolynomial(n/2 + 1, n/2 + S(1)/2)
    >>> stretched_kronecker((6, 3), (6, 3), (3, 3, 3))(10**6)
    1
    """
    shapes = Partition.read(lam, "lam"), Partition.read(mu, "mu"), Partition.read(nu, "nu")
    require_size(shapes[1], shapes[0], "mu")
    require_size(shapes[2], shapes[0], "nu")
    most = None if values is None else read_integer(values, "values", 1, current().stretched_values)
    made = _without_full_columns(shapes)
    if made is None or any(len(a) > len(b) * len(c) for a, b, c in permutations(made)):
        zero = Quasipolynomial(0)
        return StretchedCoefficient("kronecker", shapes, zero, Standing.PROVED, 0)
    if not made[0]:  # all rectangles that fill each other's boxes, or nothing
        one = Quasipolynomial(1)
        return StretchedCoefficient("kronecker", shapes, one, Standing.PROVED, 0)
    if sum(map(len, made)) > few_rows.MOST_ROWS:
        rule = f"must have with mu and nu at most {few_rows.MOST_ROWS} rows"
        raise InvalidArgument("lam", rule, f"they have {sum(map(len, made))}")
    poles = kronecker_poles(made)
    needed = None if poles is None else _size(poles)
    known = list(_kronecker_values(made, needed if most is None else most, most is not None))
    if poles is not None and needed is not None and len(known) >= needed:
        if not any(known[1:]):  # f(1), ..., f(needed) = 0: a recurrence of that order makes all 0
            known = [0, *known[1:], _kronecker(made, len(known))]
            if known[-1]:
                known[0] = 1
        found = quasipolynomial(known, poles)
        return StretchedCoefficient("kronecker", shapes, found, Standing.PROVED, len(known))
    bound = poles or dict.fromkeys(range(1, _FITTED_ORDERS + 1), kronecker_growth(made))
    fitted = _fitted(known, bound)
    if fitted is None:
        proof = f"; a proof takes {needed}" if needed is not None else ""
        if most is not None:
            rule = f"must be so many that a quasipolynomial can be told and checked{proof}"
            raise InvalidArgument("values", rule, f"it is {most}")
        what = f"a stretched Kronecker coefficient from more than {len(known)} values"
        seconds = current().stretched_seconds
        raise TooLong(what, seconds, f"values=... computes as many as are asked for{proof}")
    return StretchedCoefficient("kronecker", shapes, fitted, Standing.FITTED, len(known))


def stretched_littlewood_richardson(
    nu: PartitionLike, lam: PartitionLike, mu: PartitionLike
) -> StretchedCoefficient:
    """n -> c(n nu; n lam, n mu), the stretched Littlewood-Richardson coefficient: a polynomial, *proved*.

    Args:
        nu: a partition of |lam| + |mu|; of any other number, all coefficients are 0.
        lam: a partition.
        mu: a partition.

    Returns:
        A `StretchedCoefficient` of period 1.

    Raises:
        TooLong: the values that a polynomial of this degree takes are too large.

    >>> stretched_littlewood_richardson((4, 3, 2, 1), (3, 2, 1), (2, 1, 1)).constituents
    (n**2/2 + 3*n/2 + 1,)
    """
    shapes = Partition.read(nu, "nu"), Partition.read(lam, "lam"), Partition.read(mu, "mu")
    first = littlewood_richardson_coefficient(*shapes)
    known = [1, first]
    if first > 1:  # 0 and 1 stay what they are (Knutson, Tao, Woodward)
        degree = littlewood_richardson_degree(shapes, len(shapes[0]))
        what = "a stretched Littlewood-Richardson coefficient"
        with within_time(what, "one of shapes with fewer rows takes less"):
            for n in range(2, degree + 2):  # one more than it takes
                check_time()
                known.append(littlewood_richardson_coefficient(*(_times(s, n) for s in shapes)))
        found = quasipolynomial(known[: degree + 1], {1: degree + 1})
        assert found(degree + 1) == known[-1], "the bound of the degree is wrong"
    else:
        found = Quasipolynomial(first)
    return StretchedCoefficient("littlewood-richardson", shapes, found, Standing.PROVED, len(known))


def _without_full_columns(shapes: Shapes) -> Shapes | None:
    """The shapes after all full columns are gone; None where one would have to be taken from what has too few."""
    parts = [list(shape) for shape in shapes]
    changed = True
    while changed and parts[0]:
        changed = False
        for f in range(3):
            rows, one, other = parts[f], parts[f - 1], parts[f - 2]
            if not rows or len(rows) != len(one) * len(other):
                continue
            columns, changed = rows[-1], True
            a, b = len(one), len(other)
            if columns * b > one[-1] or columns * a > other[-1]:
                return None
            taken = {f: 1, (f - 1) % 3: b, (f - 2) % 3: a}
            parts = [[p - columns * taken[i] for p in parts[i]] for i in range(3)]
            parts = [[p for p in part if p] for part in parts]
            break
    first, second, third = map(Partition.trusted, parts)
    return first, second, third


def _kronecker(shapes: Shapes, n: int) -> int:
    return kronecker_coefficient(*(_times(shape, n) for shape in shapes)) if n else 1


def _kronecker_values(shapes: Shapes, most: int | None, is_asked: bool) -> Iterator[int]:
    """The values at n = 0, 1, ..., ``most`` of them, or as many as are estimated to take ``limits.stretched_seconds``."""
    left = current().stretched_seconds
    for n in count() if most is None else range(most):
        if n and not is_asked and n * shapes[0].size > current().cached_table:
            way = few_rows.expansion(*(_times(shape, n) for shape in shapes))
            left -= way.seconds() if way is not None else left + 1
            if left < 0:
                return
        yield _kronecker(shapes, n)


def _times(shape: Partition, n: int) -> Partition:
    return Partition.trusted(n * part for part in shape)


def _fitted(values: list[int], bound: dict[int, int]) -> Quasipolynomial | None:
    """The quasipolynomial of the least denominator within the bound that the values leave enough to check it by."""
    if not any(values[1:]):
        return None
    most = len(values) - max(_SPARE, len(values) // 4)
    fitting = sorted(
        (chosen for chosen in _chosen(bound, most) if chosen.get(1)),
        key=lambda chosen: (_size(chosen), max(chosen.values()), lcm(*chosen)),
    )
    for chosen in fitting:
        if explains(chosen, values):
            return quasipolynomial(values, chosen)
    return None


def _size(orders: dict[int, int]) -> int:
    """The degree of the denominator, which is the number of values that determine what has these poles."""
    return sum(totient(m) * e for m, e in orders.items())


def _chosen(bound: dict[int, int], most: int) -> Iterator[dict[int, int]]:
    """All denominators within the bound of a degree of at most ``most``."""
    if not bound:
        yield {}
        return
    m, *others = bound
    for e in range(min(bound[m], most // totient(m)) + 1):
        for rest in _chosen({k: bound[k] for k in others}, most - e * totient(m)):
            yield {m: e, **rest} if e else rest
