r"""Values of any pipeline on pairs of sequences given by their contingency table.

Positions a with the same type (x_a, y_a) are alike. A matrix over positions that commutes with their permutations is

    M_ab = off[A, B] + [a = b] extra[A],        A, B the types of a and b,

and such matrices are closed under products, with m_C positions of type C:

    (M M')_ab:   off  = sum_C m_C off[A, C] off'[C, B] + extra[A] off'[A, B] + off[A, B] extra'[B],
                 extra = extra extra',

under sums and under entrywise maps. So the recursion of a pipeline, tied attention K' = G(x) K(x, y) G(y)^T included, runs on at
most v^2 types and never on L x L matrices. What depends on x alone, the rows G(x) and the variances K_aa(x, x), is
computed once for each count of letters. A position that is read (`at_position`) is a type of its own.

Numbers are exact as long as they can be, else balls; or elements of a field, for hyperparameters that are symbols (`symkern.exact.reals`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, ClassVar

import sympy as sp

from symkern.claims.derivation import Standing
from symkern.exact import FunctionField
from symkern.exact.dual_activations import angle, cosine, inverse_pi, relu_dual, square_root
from symkern.exact.reals import absolute, exponential, finite, is_zero, maximum_zero, product, real
from symkern.kernels.algebras.algebra import Algebra, EntryMap

Real = Any
Counts = tuple[int, ...]


@dataclass(frozen=True)
class _Types:
    """Types of positions: the letters left and right of each, how many positions it has, which one is read."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    sizes: tuple[int, ...]
    star: int | None

    @property
    def length(self) -> int:
        return sum(self.sizes)


class _Matrix:
    """off and extra; extra is zero at types of one position, where off holds the diagonal.

    The diagonal is kept as it was made: an exact one would not stay exact as the sum of a ball and a difference, and what is the
    same object is known to be the same number.
    """

    _diagonal: list[Real] | None = None

    def __init__(
        self,
        types: _Types,
        off: list[list[Real]],
        extra: list[Real],
        diagonal: list[Real] | None = None,
    ) -> None:
        self.types, self.off, self.extra = types, off, extra
        self._diagonal = diagonal

    def diagonal(self) -> list[Real]:
        if self._diagonal is None:
            rows = enumerate(zip(self.off, self.extra, strict=True))
            self._diagonal = [row[i] + e for i, (row, e) in rows]
        return self._diagonal

    def plus(self, other: _Matrix) -> _Matrix:
        pairs = zip(self.off, other.off, strict=True)
        off = [[a + b for a, b in zip(r, s, strict=True)] for r, s in pairs]
        extra = [a + b for a, b in zip(self.extra, other.extra, strict=True)]
        diagonal = [a + b for a, b in zip(self.diagonal(), other.diagonal(), strict=True)]
        return _Matrix(self.types, off, extra, diagonal)

    def scaled(self, factor: Real, over: int = 1) -> _Matrix:
        factor = factor if over == 1 else factor / over
        return _Matrix(
            self.types,
            [[e * factor for e in row] for row in self.off],
            [e * factor for e in self.extra],
            [e * factor for e in self.diagonal()],
        )

    def mapped(self, function: EntryMap, p: Any = None, q: Any = None) -> _Matrix:
        none = [None] * len(self.extra)
        p, q = p or none, q or none
        off = [
            [function(e, p[i], q[j]) for j, e in enumerate(row)] for i, row in enumerate(self.off)
        ]
        diagonal = [function(e, p[i], q[i]) for i, e in enumerate(self.diagonal())]
        return _Matrix(self.types, off, []).with_diagonal(diagonal)

    def normalised(self) -> _Matrix:
        sums = []
        for row, total in zip(self.off, self.extra, strict=True):
            for n, entry in zip(self.types.sizes, row, strict=True):
                total = total + entry * n
            sums.append(total)
        off = [[e / s for e in row] for row, s in zip(self.off, sums, strict=True)]
        extra = [e / s for e, s in zip(self.extra, sums, strict=True)]
        return _Matrix(self.types, off, extra)

    def times(self, other: _Matrix) -> _Matrix:
        sizes = self.types.sizes
        weighted = [[n * e for e in row] for n, row in zip(sizes, other.off, strict=True)]
        off = product(self.off, weighted)
        extra = []
        for i, row in enumerate(off):
            for j in range(len(row)):
                row[j] = row[j] + self.extra[i] * other.off[i][j] + self.off[i][j] * other.extra[j]
            extra.append(self.extra[i] * other.extra[i])
        return _Matrix(self.types, off, extra)

    def transpose(self) -> _Matrix:
        columns = [list(column) for column in zip(*self.off, strict=True)]
        return _Matrix(self.types, columns, self.extra, self.diagonal())

    def entrywise(self, other: _Matrix) -> _Matrix:
        off = [[a * b for a, b in zip(r, s, strict=True)] for r, s in zip(self.off, other.off, strict=True)]  # fmt: skip
        diagonal = [a * b for a, b in zip(self.diagonal(), other.diagonal(), strict=True)]
        return _Matrix(self.types, off, []).with_diagonal(diagonal)

    def overlap(self, other: _Matrix) -> Real:
        return self.entrywise(other).total()

    def with_diagonal(self, diagonal: list[Real]) -> _Matrix:
        off = [list(row) for row in self.off]
        extra = []
        for i, d in enumerate(diagonal):
            single = self.types.sizes[i] == 1
            extra.append(d * 0 if single else d - off[i][i])
            if single:
                off[i][i] = d
        return _Matrix(self.types, off, extra, diagonal)

    def total(self) -> Real:
        """Sum over all pairs of positions."""
        total = real(0)
        for n, row, e in zip(self.types.sizes, self.off, self.extra, strict=True):
            for m, entry in zip(self.types.sizes, row, strict=True):
                total = total + entry * (n * m)
            total = total + e * n
        return total

    def mean(self) -> Real:
        return self.total() / self.types.length**2

    def mean_diagonal(self) -> Real:
        total = real(0)
        for n, d in zip(self.types.sizes, self.diagonal(), strict=True):
            total = total + d * n
        return total / self.types.length

    def read(self) -> Real:
        assert self.types.star is not None
        return self.diagonal()[self.types.star]

    def lifted(self, places: list[int], types: _Types) -> _Matrix:
        """The matrix of one sequence on the types of a pair."""
        off = [[self.off[p][q] for q in places] for p in places]
        own = self.diagonal()
        return _Matrix(types, off, []).with_diagonal([own[p] for p in places])

    @cached_property
    def column_sums(self) -> list[Real]:
        return [
            sum((n * row[j] for n, row in zip(self.types.sizes, self.off, strict=True)), e)
            for j, e in enumerate(self.extra)
        ]


class _Product(_Matrix):
    """G V H^T, multiplied only where more than one weight per position is asked for."""

    def __init__(self, left: _Matrix, values: _Matrix, right: _Matrix, places: list[Any]) -> None:
        self.types, self.factors, self.places = values.types, (left, values, right), places

    @cached_property
    def _full(self) -> _Matrix:
        left, values, right = self.factors
        g, h = (k.lifted(at, self.types) for k, at in zip((left, right), self.places, strict=True))
        found = g.times(values).times(h.transpose())
        return found.with_diagonal(found.diagonal())

    @property
    def off(self) -> list[list[Real]]:  # type: ignore[override]
        return self._full.off

    @property
    def extra(self) -> list[Real]:  # type: ignore[override]
        return self._full.extra

    def total(self) -> Real:
        left, _, right = self.factors
        return self._weighed(left.column_sums, right.column_sums)

    def read(self) -> Real:
        left, _, right = self.factors
        assert left.types.star is not None
        assert right.types.star is not None
        return self._weighed(left.off[left.types.star], right.off[right.types.star])

    def _weighed(self, left: list[Real], right: list[Real]) -> Real:
        """w^T V u for weights of the positions of x and of y."""
        sizes, values = self.types.sizes, self.factors[1]
        w, u = ([k[p] for p in at] for k, at in zip((left, right), self.places, strict=True))
        weighted = [n * t for n, t in zip(sizes, u, strict=True)]
        total = real(0)
        for n, t, row, e, other in zip(sizes, w, values.off, values.extra, u, strict=True):
            inner = e * other
            for entry, r in zip(row, weighted, strict=True):
                if not is_zero(entry):
                    inner = inner + entry * r
            total = total + t * inner * n
        return total


class PositionTypes(Algebra):
    """The recursion on one pair of sequences, or with ``sides`` None on one sequence beside itself."""

    name = "position_types"
    gives = "its spectra at a given length and vocabulary"
    lacks = "has no spectrum at a given length and vocabulary by its contingency tables"
    functions: ClassVar[Mapping[str, Any]] = {
        "exp": exponential,
        "abs": absolute,
        "relu": maximum_zero,
        "sqrt": square_root,
    }
    angle = staticmethod(angle)
    cosine = staticmethod(cosine)

    def relu_dual(self, r: Real, p: Real, q: Real) -> Real:
        """E relu(u) relu(w) of Gaussian (u, w)."""
        return relu_dual(p, q, r)

    @property
    def inverse_pi(self) -> Real:
        """1/pi."""
        return inverse_pi()

    def __init__(
        self, source: TypeRecursion, types: _Types, sides: Sequence[tuple[Counts, int | None]] = ()
    ) -> None:
        super().__init__()
        self.source, self.types = source, types
        self._places: list[list[int]] | None = None
        self._sides = [source.alone(counts, star) for counts, star in sides]
        self.value: Real = None
        if not sides:
            self.kept = []
            self.type_of = {(t, i == types.star): i for i, t in enumerate(types.left)}

    @property
    def length(self) -> int:
        """L as a number."""
        return self.types.length

    def numbers(self, stage: Any) -> list[Real]:
        """The stage's formulas as reals, those of the kernel's embedding made once."""
        source = self.source
        if stage is not source.stages[0]:
            return super().numbers(stage)
        if source.embedding is None:
            source.embedding = super().numbers(stage)
        return source.embedding

    def number(self, value: sp.Expr, argument: str = "hyperparameter") -> Real:
        """A hyperparameter as a real."""
        known = self.source.numbers
        if value not in known:
            known[value] = real(value, argument)
        return known[value]

    def is_undefined(self, state: Any) -> bool:
        """A quotient of balls by one that holds zero has no radius."""
        if isinstance(state, _Product):  # products of what was looked at
            return False
        return not all(map(finite, chain(*state.off) if isinstance(state, _Matrix) else [state]))

    def embedded(self, token: Real, position: Real, constant: Real) -> _Matrix:
        """The matrix token [x_a = y_b] + position [a = b] + constant."""
        alike = constant + token
        return self._embedded(lambda t, u: alike if t == u else constant, position)

    def embedded_letters(self, covariance: Any, position: Real, constant: Real) -> _Matrix:
        """The matrix C[x_a, y_b] + position [a = b] + constant."""
        rows = covariance.rows
        return self._embedded(lambda t, u: constant + self.number(rows[t][u], "token"), position)

    def _embedded(self, letters: Callable[[int, int], Real], position: Real) -> _Matrix:
        types = self.types
        off = [[letters(t, u) for u in types.right] for t in types.left]
        plain = _Matrix(types, off, [position * 0] * len(off))
        return plain.with_diagonal([d + position for d in plain.diagonal()])

    def entry(self, stage: Any, part: str = "entry") -> EntryMap:
        """The map of an entrywise stage, made once for each length."""
        key = stage, part, self.length
        if key not in self.source.entries:
            self.source.entries[key] = super().entry(stage, part)
        return self.source.entries[key]

    def alone(self) -> tuple[list[Any], list[Any]]:
        """What the runs on x alone and on y alone have kept."""
        left, right = self._sides
        assert left.kept is not None
        assert right.kept is not None
        return left.kept, right.kept

    @property
    def places(self) -> list[list[int]]:
        """For each side: the type of one sequence that each type of the pair has there."""
        if self._places is None:
            star, both = self.types.star, (self.types.left, self.types.right)
            self._places = (
                [
                    [side.type_of[t, i == star] for i, t in enumerate(letters)]
                    for side, letters in zip(self._sides, both, strict=True)
                ]
                if self._sides
                else [list(range(len(self.types.sizes)))] * 2
            )
        return self._places

    def placed(self, value: Any, side: int) -> Any:
        """Values by letter as values by type; matrices of one sequence are lifted where they are multiplied."""
        return [value[p] for p in self.places[side]] if isinstance(value, list) else value

    def product(self, left: _Matrix, values: _Matrix, right: _Matrix) -> _Matrix:
        """G V H^T."""
        return _Product(left, values, right, self.places)


class TypeRecursion:
    """The kernel of a pipeline as a function of the contingency table; its hyperparameters are numbers, or elements of ``field``.

    >>> from symkern.kernels import embedding
    >>> k = TypeRecursion(embedding(1, 1).attention("tied", "softmax").mean_pool())
    >>> k(((1, 1), (0, 1)))  # doctest: +ELLIPSIS
    [0.770123131732...]
    """

    def __init__(self, kernel: Any, field: FunctionField | None = None) -> None:
        PositionTypes.require(kernel.stages)
        self.stages = kernel.stages
        self.starred: bool = kernel.reads_position
        self.relabelling: bool = kernel.letters_alike
        self.standing = Standing.PROVED
        self.field = field
        self.numbers: dict[sp.Expr, Real] = {}
        self.embedding: list[Real] | None = None
        self.entries: dict[tuple[Any, str, int], EntryMap] = {}
        self._alone: dict[tuple[Counts, int | None], PositionTypes] = {}

    def __call__(self, table: Sequence[Sequence[int]], star: tuple[int, int] | None = None) -> Real:
        """k(x, y) for the table N_tu of the positions, without the one that is read, whose letters are ``star``."""
        run = self.pair(table, star)
        return run.follow(self.stages) if run.value is None else run.value

    def pair(self, table: Any, star: tuple[int, int] | None = None) -> PositionTypes:
        """The run on the pairs with a table: that on x alone, which is done, where y is x, else one that has not begun."""
        cells = [(t, u, int(n)) for t, row in enumerate(table) for u, n in enumerate(row) if n]
        rows = tuple(int(sum(row)) for row in table)
        columns = tuple(int(sum(column)) for column in zip(*table, strict=True))
        sides = [(rows, star and star[0]), (columns, star and star[1])]
        if all(t == u for t, u, _ in cells) and (star is None or star[0] == star[1]):
            return self.alone(*sides[0])  # which knows what is equal
        return PositionTypes(self, _types(cells, star), sides)

    def alone(self, counts: Counts, star: int | None) -> PositionTypes:
        """The run on one sequence with these counts of letters, which keeps what pairs need of it."""
        key = counts, star
        if key not in self._alone:
            cells = [(t, t, n) for t, n in enumerate(counts) if n]
            run = PositionTypes(self, _types(cells, None if star is None else (star, star)))
            run.value = run.follow(self.stages)
            self._alone[key] = run
        return self._alone[key]


def _types(cells: Iterable[tuple[int, int, int]], star: tuple[int, int] | None) -> _Types:
    listed = list(cells)
    place = None
    if star is not None:
        place = len(listed)
        listed.append((*star, 1))
    left, right, sizes = zip(*listed, strict=True)
    return _Types(left, right, sizes, place)
