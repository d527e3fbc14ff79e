r"""The jet of a kernel around independent sequences: its Taylor polynomial in the fluctuations of the contingency table.

Tokens are independent with law p, all p_t > 0, and k(x, y) = F(N/L, 1/L). With the letters

    w_i(x) = [x = i] - p_i,     i = 1, ..., v - 1,

the fluctuations of a pair of sequences are X_i = sum_a w_i(x_a)/L, Y_j = sum_a w_j(y_a)/L and M_ij = sum_a w_i(x_a) w_j(y_a)/L, of weight 1, and
eta = 1/L, of weight 2. In their ring, cut after a weight, the sizes of the position types (t, u) over L are

    nu_tu = p_t p_u + sum_i a_ti p_u X_i + sum_j p_t a_uj Y_j + sum_ij a_ti a_uj M_ij,      a_ti = [t = i] - [t = 0],

and the recursion of a pipeline runs on types as in `position_types`, with matrices M_ab = off[A, B] + [a = b] extra[A] of jets. Sums over
positions are means here, (1/L) sum_a f = sum_A nu_A f_A, and rows of attention are taken times L, so that no stage divides by eta:

    (1/L) sum_c M_ac M'_cb:   off = sum_C nu_C off[A, C] off'[C, B] + eta (extra[A] off'[A, B] + off[A, B] extra'[B]),  extra = eta extra extra'.

A position that is read is a type of its own, of size eta, and the others have sizes that sum to 1 - eta.

Where an entry is not smooth in the limit, relu at a cosine that tends to 1, its jet has a kink (`symkern.exact.weighted_series`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

import sympy as sp

from symkern.errors import NoClosedForm
from symkern.exact.series_constants import Constants
from symkern.exact.weighted_series import Jet, JetRing
from symkern.kernels.algebras.algebra import Algebra, EntryMap

#: Weight of the first term that is not smooth: of an arc-cosine dual of order one, and of order zero, in the angle.
_CORNER, _JUMP = 3, 1


@dataclass(frozen=True)
class FluctuationRing:
    """The ring of X, Y, M and eta for a law, cut after a weight, with the sizes of position types in it.

    ``probabilities`` are positive and sum to one; ``starred`` says that one position is read, and is none of those that fluctuate.
    """

    probabilities: tuple[Fraction, ...]
    order: int
    constants: Constants
    starred: bool = False

    @cached_property
    def ring(self) -> JetRing:
        """The variables in the order X, Y, M row by row, eta."""
        n = len(self.probabilities) - 1
        return JetRing([1] * (2 * n + n * n) + [2], self.order, self.constants)

    @property
    def eta(self) -> Jet:
        """1/L."""
        return self.ring.variables[-1]

    def _letters(self, t: int) -> list[int]:
        """a_ti for i = 1, ..., v - 1."""
        n = len(self.probabilities)
        return [-1] * (n - 1) if t == 0 else [int(t == i) for i in range(1, n)]

    @cached_property
    def _total(self) -> Jet:
        return self.ring.one - self.eta if self.starred else self.ring.one

    def single(self, side: int) -> list[Jet]:
        """n_t/L of x (side 0) or y (side 1), letter by letter."""
        n = len(self.probabilities) - 1
        own = self.ring.variables[side * n : (side + 1) * n]
        found = []
        for t, p in enumerate(self.probabilities):
            size = self._total * p
            for a, variable in zip(self._letters(t), own, strict=True):
                size = size + variable * a
            found.append(size)
        return found

    def pair(self, t: int, u: int) -> Jet:
        """N_tu/L."""
        n = len(self.probabilities) - 1
        p, q = self.probabilities[t], self.probabilities[u]
        xs, ys = self.ring.variables[:n], self.ring.variables[n : 2 * n]
        size = self._total * (p * q)
        for i, a in enumerate(self._letters(t)):
            size = size + xs[i] * (a * q)
        for j, b in enumerate(self._letters(u)):
            size = size + ys[j] * (b * p)
            for i, a in enumerate(self._letters(t)):
                size = size + self.ring.variables[2 * n + i * n + j] * (a * b)
        return size


@dataclass(frozen=True)
class _Types:
    """Types of positions: the letters left and right of each, sizes over L, which one is read."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    sizes: tuple[Jet, ...]
    star: int | None
    eta: Jet

    @property
    def many(self) -> list[bool]:
        """Whether a type has two positions."""
        return [i != self.star for i in range(len(self.sizes))]


class _Matrix:
    """off and extra; extra is zero at the position that is read, where off holds the diagonal."""

    def __init__(self, types: _Types, off: list[list[Jet]], extra: list[Jet]) -> None:
        self.types, self.off, self.extra = types, off, extra

    @cached_property
    def _diagonal(self) -> list[Jet]:
        return [row[i] + e for i, (row, e) in enumerate(zip(self.off, self.extra, strict=True))]

    def diagonal(self) -> list[Jet]:
        return self._diagonal

    def with_diagonal(self, diagonal: list[Jet]) -> _Matrix:
        off = [list(row) for row in self.off]
        extra = []
        for i, (d, many) in enumerate(zip(diagonal, self.types.many, strict=True)):
            extra.append(d - off[i][i] if many else d * 0)
            if not many:
                off[i][i] = d
        found = _Matrix(self.types, off, extra)
        found._diagonal = list(diagonal)
        return found

    def plus(self, other: _Matrix) -> _Matrix:
        pairs = zip(self.off, other.off, strict=True)
        off = [[a + b for a, b in zip(r, s, strict=True)] for r, s in pairs]
        extra = [a + b for a, b in zip(self.extra, other.extra, strict=True)]
        return _Matrix(self.types, off, extra)

    def scaled(self, factor: Any, over: int = 1) -> _Matrix:
        off = [[e * factor for e in row] for row in self.off]
        return _Matrix(self.types, off, [e * factor for e in self.extra])

    def mapped(self, function: EntryMap, p: Any = None, q: Any = None) -> _Matrix:
        none = [None] * len(self.extra)
        p, q = p or none, q or none
        many = self.types.many
        off = [
            [function(e, p[i], q[j]) if i != j or many[i] else e * 0 for j, e in enumerate(row)]
            for i, row in enumerate(self.off)
        ]
        diagonal = [function(d, p[i], q[i]) for i, d in enumerate(self.diagonal())]
        return _Matrix(self.types, off, []).with_diagonal(diagonal)

    def entrywise(self, other: _Matrix) -> _Matrix:
        off = [[a * b for a, b in zip(r, s, strict=True)] for r, s in zip(self.off, other.off, strict=True)]  # fmt: skip
        diagonal = [a * b for a, b in zip(self.diagonal(), other.diagonal(), strict=True)]
        return _Matrix(self.types, off, []).with_diagonal(diagonal)

    def row_means(self) -> list[Jet]:
        """(1/L) sum_c M_ac, by the type of a."""
        found = []
        for row, e in zip(self.off, self.extra, strict=True):
            total = e * self.types.eta
            for n, entry in zip(self.types.sizes, row, strict=True):
                total = total + n * entry
            found.append(total)
        return found

    @cached_property
    def column_means(self) -> list[Jet]:
        """(1/L) sum_a M_ac, by the type of c."""
        columns = [list(column) for column in zip(*self.off, strict=True)]
        return _Matrix(self.types, columns, self.extra).row_means()

    def normalised(self) -> _Matrix:
        inverses = [mean.inverse() for mean in self.row_means()]
        off = [[e * s for e in row] for row, s in zip(self.off, inverses, strict=True)]
        extra = [e * s for e, s in zip(self.extra, inverses, strict=True)]
        return _Matrix(self.types, off, extra)

    def times(self, other: _Matrix) -> _Matrix:
        """(1/L) sum_c M_ac M'_cb."""
        sizes, eta = self.types.sizes, self.types.eta
        weighted = [[n * e for e in row] for n, row in zip(sizes, other.off, strict=True)]
        off, extra = [], []
        for i, row in enumerate(self.off):
            found = []
            own = self.extra[i] * eta
            for j in range(len(sizes)):
                total = own * other.off[i][j] + row[j] * (other.extra[j] * eta)
                for c, e in enumerate(row):
                    total = total + e * weighted[c][j]
                found.append(total)
            off.append(found)
            extra.append(own * other.extra[i])
        return _Matrix(self.types, off, extra)

    def transpose(self) -> _Matrix:
        columns = [list(column) for column in zip(*self.off, strict=True)]
        return _Matrix(self.types, columns, self.extra)

    def overlap(self, other: _Matrix) -> Jet:
        return self.entrywise(other).mean()

    def mean(self) -> Jet:
        return _mean(self.types, self.row_means())

    def mean_diagonal(self) -> Jet:
        return _mean(self.types, self.diagonal())

    def read(self) -> Jet:
        assert self.types.star is not None
        return self.diagonal()[self.types.star]

    def lifted(self, places: list[int], types: _Types) -> _Matrix:
        """The matrix of one sequence on the types of a pair."""
        off = [[self.off[p][q] for q in places] for p in places]
        return _Matrix(types, off, [self.extra[p] for p in places])


def _mean(types: _Types, values: Sequence[Jet]) -> Jet:
    total = types.eta * 0
    for n, value in zip(types.sizes, values, strict=True):
        total = total + n * value
    return total


class _Product(_Matrix):
    """G V H^T over L^2, multiplied only where more than one weight per position is asked for."""

    def __init__(self, left: _Matrix, values: _Matrix, right: _Matrix, places: list[Any]) -> None:
        self.types, self.factors, self.places = values.types, (left, values, right), places

    @cached_property
    def _full(self) -> _Matrix:
        left, values, right = self.factors
        g, h = (k.lifted(at, self.types) for k, at in zip((left, right), self.places, strict=True))
        return g.times(values).times(h.transpose())

    @property
    def off(self) -> list[list[Jet]]:  # type: ignore[override]
        return self._full.off

    @property
    def extra(self) -> list[Jet]:  # type: ignore[override]
        return self._full.extra

    def mean(self) -> Jet:
        left, _, right = self.factors
        return self._weighed(left.column_means, right.column_means)

    def read(self) -> Jet:
        left, _, right = self.factors
        assert left.types.star is not None
        assert right.types.star is not None
        return self._weighed(left.off[left.types.star], right.off[right.types.star])

    def _weighed(self, left: list[Jet], right: list[Jet]) -> Jet:
        """(1/L^2) sum_cd w_c V_cd u_d for weights of the positions of x and of y."""
        values, eta = self.factors[1], self.types.eta
        w, u = ([k[p] for p in at] for k, at in zip((left, right), self.places, strict=True))
        weighted = [n * t for n, t in zip(self.types.sizes, u, strict=True)]
        inner = []
        for row, e, other in zip(values.off, values.extra, u, strict=True):
            total = e * eta * other
            for entry, r in zip(row, weighted, strict=True):
                total = total + entry * r
            inner.append(total)
        return _mean(self.types, [t * total for t, total in zip(w, inner, strict=True)])


class Jets(Algebra):
    """The recursion on jets: on a pair of sequences, or with ``side`` on one of them beside itself."""

    name = "jets"
    gives = "its expansion in 1/L"
    lacks = "has no expansion in 1/L"
    functions: ClassVar[Mapping[str, Any]] = {
        "exp": lambda e: e.composed("exp"),
        "sqrt": lambda e: e.composed("sqrt"),
        "abs": lambda e: e * _side_of_zero("abs", e),
        "relu": lambda e: e * max(_side_of_zero("relu", e), 0),
    }

    def __init__(
        self, source: JetRecursion, star: tuple[int, int] | None, side: int | None = None
    ) -> None:
        super().__init__()
        self.source, self.side, self.star = source, side, star
        self.fluctuations = source.fluctuations
        self.ring = source.fluctuations.ring
        if side is not None:
            self.kept = []

    @cached_property
    def types(self) -> _Types:
        """All types that occur."""
        letters = range(len(self.fluctuations.probabilities))
        if self.side is None:
            cells = [(t, u) for t in letters for u in letters]
            sizes = [self.fluctuations.pair(t, u) for t, u in cells]
        else:
            cells = [(t, t) for t in letters]
            sizes = self.fluctuations.single(self.side)
        place = None
        if self.star is not None:
            place = len(cells)
            cells.append(self.star)
            sizes.append(self.fluctuations.eta)
        left, right = zip(*cells, strict=True)
        return _Types(left, right, tuple(sizes), place, self.fluctuations.eta)

    # -- numbers -------------------------------------------------------------------------------

    @property
    def length(self) -> int:
        """1: sums over positions are means."""
        return 1

    def number(self, value: sp.Expr, argument: str = "hyperparameter") -> Jet:
        """A hyperparameter as a constant jet."""
        return self.ring(value)

    @property
    def inverse_pi(self) -> Jet:
        """1/pi."""
        return self.ring(1 / sp.pi)

    def cosine(self, r: Jet, p: Jet, q: Jet) -> Jet:
        """r / sqrt(p q), 1 where all three are one jet."""
        if r.same(p) and r.same(q):
            return self.ring.one
        return r / (p * q).composed("sqrt")

    def angle(self, r: Jet, square: Jet) -> Jet:
        """(2/pi) arcsin(r / sqrt(square)), with a kink where that tends to 1 or -1."""
        constants = self.ring.constants
        if not r.parts[0] and r.valuation > self.ring.order:
            return self.ring.zero
        if (r * r).same(square):
            return self.ring(constants.sign(r.constant))
        sine = r / square.composed("sqrt")
        for end in (1, -1):
            if constants.vanishes(sine.constant - constants(end)):
                return self.ring(end).smooth_below(_JUMP)
        return sine.composed("asin") * self.inverse_pi * 2

    def relu_dual(self, r: Jet, p: Jet, q: Jet) -> Jet:
        """E relu(u) relu(w), with a kink where the cosine tends to 1 or -1."""
        constants = self.ring.constants
        if p.same(q) and r.same(p):
            return r / 2
        if p.same(q) and (-r).same(p):
            return self.ring.zero
        scale = (p * q).composed("sqrt")
        cosine = r / scale
        if constants.vanishes(cosine.constant - constants(1)):
            return (r / 2).smooth_below(_CORNER)
        if constants.vanishes(cosine.constant + constants(1)):
            return self.ring.zero.smooth_below(_CORNER)
        return scale * cosine.composed("relu dual")

    def mapped_number(self, number: Jet, stage: Any) -> Jet:
        """An entrywise stage after the readout, refused where it is not smooth in the limit."""
        return _smooth(number, super().mapped_number(number, stage), stage)

    def slope_of_number(self, number: Jet, stage: Any) -> Jet:
        """Its derivative there."""
        return _smooth(number, super().slope_of_number(number, stage), stage)

    def embedded(self, token: Jet, position: Jet, constant: Jet) -> _Matrix:
        """The matrix token [x_a = y_b] + position [a = b] + constant."""
        types = self.types
        off = [[constant + token * int(t == u) for u in types.right] for t in types.left]
        plain = _Matrix(types, off, [position * 0] * len(off))
        return plain.with_diagonal([d + position for d in plain.diagonal()])

    # -- one sequence and two ------------------------------------------------------------------

    @cached_property
    def _alone(self) -> list[Jets]:
        stars = self.star or (None, None)
        return [self.source.alone(side, star) for side, star in enumerate(stars)]

    def alone(self) -> tuple[list[Any], list[Any]]:
        """What the runs on x alone and on y alone have kept."""
        left, right = self._alone
        assert left.kept is not None
        assert right.kept is not None
        return left.kept, right.kept

    @cached_property
    def _places(self) -> list[list[int]]:
        """For each side: the type of one sequence that each type of the pair has there."""
        if self.side is not None:
            return [list(range(len(self.types.sizes)))] * 2
        found = []
        for side, letters in zip(self._alone, (self.types.left, self.types.right), strict=True):
            types = side.types
            known = {(t, i == types.star): i for i, t in enumerate(types.left)}
            found.append([known[t, i == self.types.star] for i, t in enumerate(letters)])
        return found

    def placed(self, value: Any, side: int) -> Any:
        """Values by letter as values by type."""
        return [value[p] for p in self._places[side]] if isinstance(value, list) else value

    def product(self, left: _Matrix, values: _Matrix, right: _Matrix) -> _Matrix:
        """G V H^T over L^2, G and H being rows times L."""
        return _Product(left, values, right, self._places)


def _smooth(number: Jet, image: Jet, stage: Any) -> Jet:
    """The image of a number that has no kink of its own."""
    if image.kink is not None and number.kink is None:
        raise NoClosedForm(
            f"{stage}: behind the readout all long sequences look alike to this kernel, and there the activation is not smooth, so "
            "that it has no expansion in 1/L; its spectra at a given length and vocabulary exist"
        )
    return image


def _side_of_zero(name: str, entry: Jet) -> int:
    constants = entry.ring.constants
    if constants.vanishes(entry.constant):
        raise NoClosedForm(
            f"row_map: {name} is not smooth at zero, where a score of this kernel lies in the limit of long sequences, "
            "so that it has no expansion in 1/L; its spectra at a given length and vocabulary exist"
        )
    return constants.sign(entry.constant)


class JetRecursion:
    """The jets of a pipeline, one for each pair of letters of the position that is read.

    >>> from symkern.exact.series_constants import ExactConstants
    >>> from symkern.kernels import embedding
    >>> half = (Fraction(1, 2),) * 2
    >>> ring = FluctuationRing(half, 2, ExactConstants.rational())
    >>> JetRecursion(embedding(1).mean_pool().stages, ring)().terms()
    {(0, 0, 0, 0): 1/2, (1, 1, 0, 0): 2}
    """

    def __init__(self, stages: Sequence[Any], fluctuations: FluctuationRing) -> None:
        Jets.require(stages)
        self.stages, self.fluctuations = stages, fluctuations
        self._alone: dict[tuple[int, int | None], Jets] = {}

    def __call__(self, star: tuple[int, int] | None = None) -> Jet:
        """The jet of k(x, y)."""
        found: Jet = Jets(self, star).follow(self.stages)
        return found

    def on_diagonal(self, star: int | None) -> Jet:
        """The jet of k(x, x), in the fluctuations of x."""
        run = Jets(self, None if star is None else (star, star), 0)
        found: Jet = run.follow(self.stages)
        return found

    def alone(self, side: int, star: int | None) -> Jets:
        """The run on one sequence, which keeps what pairs need of it."""
        key = side, star
        if key not in self._alone:
            run = Jets(self, None if star is None else (star, star), side)
            run.follow(self.stages)
            self._alone[key] = run
        return self._alone[key]
