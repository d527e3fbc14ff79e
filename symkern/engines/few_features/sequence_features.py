r"""The features of one sequence that a pipeline of tied attention gives, as functions of its letters and of their numbers.

Such a kernel is a sum over maps H(x) of positions, each a product of rows of softmax, and over vectors g(x) from biases:

    K_ab(x, y) = sum_H ( token sum_t A_at(x) A_bt(y) + position sum_c H_ac(x) H_bc(y) ) + sum_g weight g_a(x) g_b(y),      A_at = sum_c H_ac [x_c = t].

A residual appends the maps of what it adds, an attention puts its rows in front of each, an affine map changes the weights, and layer normalisation
divides each row by the root of K_aa(x, x). For one sequence positions of one letter are alike: H_ab = off[x_a, x_b] + [a = b] extra[x_a]. Rows and variances
are those of `symkern.kernels.algebras.position_types`; the sum of the weights times the squares of all features is k(x, x), which that finds by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from symkern.errors import NoClosedForm
from symkern.exact.reals import as_ball, product, real
from symkern.kernels.algebras.algebra import Algebra
from symkern.kernels.algebras.position_types import TypeRecursion
from symkern.kernels.stages import Entrywise, Stage
from symkern.kernels.stages.layer_norm import LayerNorm

Vector = list[Any]

#: Exact in every precision.
_ZERO, _ONE = as_ball(real(0)), as_ball(real(1))


@dataclass(frozen=True)
class _Map:
    """H, and the weights of its letters and of its positions."""

    off: list[Vector]
    extra: Vector
    token: Any
    position: Any


@dataclass(frozen=True)
class Feature:
    """Values with a weight, for every type of positions or pair of types that is left open: ``order`` 0, 1 or 2.

    ``values`` is a number, a list or a list of rows; of an ``indexed`` feature one of these for each letter.
    """

    order: int
    values: Any
    weight: Any
    indexed: bool = False


class _State:
    """What stands between two stages."""

    def __init__(self, owner: SequenceFeatures, maps: Sequence[_Map], alone: Sequence[tuple[Vector, Any]]) -> None:  # fmt: skip
        self.owner, self.maps, self.alone = owner, tuple(maps), tuple(alone)

    def plus(self, other: _State) -> _State:
        return _State(self.owner, [*self.maps, *other.maps], [*self.alone, *other.alone])

    def weighted(self, factor: Any) -> _State:
        maps = [replace(m, token=m.token * factor, position=m.position * factor) for m in self.maps]
        return _State(self.owner, maps, [(g, w * factor) for g, w in self.alone])

    def rescaled(self, factors: Vector) -> _State:
        """Each row times a number."""
        maps = [replace(m, off=[[e * f for e in row] for row, f in zip(m.off, factors, strict=True)], extra=[e * f for e, f in zip(m.extra, factors, strict=True)]) for m in self.maps]  # fmt: skip
        return _State(self.owner, maps, [([e * f for e, f in zip(g, factors, strict=True)], w) for g, w in self.alone])  # fmt: skip

    def mean(self) -> list[Feature]:
        owner, found = self.owner, []
        sizes, length = owner.sizes, real(owner.length)
        for m in self.maps:
            letters = owner.by_letter(m)
            means = [sum((n * e for n, e in zip(sizes, column, strict=True)), _ZERO) / length for column in letters]  # fmt: skip
            columns = [sum((n * row[j] for n, row in zip(sizes, m.off, strict=True)), e) / length for j, e in enumerate(m.extra)]  # fmt: skip
            found += [Feature(0, means, m.token, indexed=True), Feature(1, columns, m.position)]
        for g, w in self.alone:
            total = sum((n * e for n, e in zip(sizes, g, strict=True)), _ZERO)
            found.append(Feature(0, total / length, w))
        return found

    def read(self) -> list[Feature]:
        owner, found = self.owner, []
        star = owner.star
        assert star is not None
        for m in self.maps:
            letters = [column[star] for column in owner.by_letter(m)]
            own = m.off[star][star] + m.extra[star]
            found += [
                Feature(0, letters, m.token, indexed=True),
                Feature(0, own, m.position),
                Feature(1, m.off[star], m.position),
            ]
        return [*found, *(Feature(0, g[star], w) for g, w in self.alone)]

    def mean_diagonal(self) -> list[Feature]:
        owner, found = self.owner, []
        each = 1 / real(owner.length)
        for m in self.maps:
            own = [row[i] + e for i, (row, e) in enumerate(zip(m.off, m.extra, strict=True))]
            found += [
                Feature(1, owner.by_letter(m), m.token * each, indexed=True),
                Feature(1, own, m.position * each),
                Feature(2, m.off, m.position * each),
            ]
        return [*found, *(Feature(1, g, w * each) for g, w in self.alone)]


class SequenceFeatures(Algebra):
    """The features of sequences with given numbers of letters, ``star`` the letter that is read.

    >>> from symkern.exact.balls import from_arb, precision
    >>> from symkern.kernels import embedding
    >>> with precision(64):
    ...     found = SequenceFeatures.of(TypeRecursion(embedding(1, 1).attention("tied", "softmax").mean_pool()), (2, 1), None)
    ...     shares = found.features[0].values
    ...     [str(from_arb(e).digits(6)) for e in (*shares, found.value, sum(shares))]
    ['0.677651', '0.322349', '0.896634', '1.00000']
    """

    name = "sequence_features"

    @classmethod
    def of(cls, source: TypeRecursion, counts: tuple[int, ...], star: int | None) -> SequenceFeatures:  # fmt: skip
        """With ``features``, those of weight zero among them, and ``value``, which is k(x, x)."""
        return cls(source, counts, star)

    def __init__(self, source: TypeRecursion, counts: tuple[int, ...], star: int | None) -> None:
        super().__init__()
        run = source.alone(counts, star)
        self._given = iter(run.kept or ())
        self.types, self.letters = run.types, len(counts)
        self.star = run.types.star
        self.sizes = run.types.sizes
        self._source = run
        self.value = as_ball(run.value)
        self.features: list[Feature] = self.follow(source.stages)

    @property
    def length(self) -> int:
        """L as a number."""
        return int(self.types.length)

    def number(self, value: sp.Expr, argument: str = "hyperparameter") -> Any:
        """A hyperparameter as a real."""
        return self._source.number(value, argument)

    def by_letter(self, m: _Map) -> list[Vector]:
        """A_at, by the letter t and then by the type of a."""
        found = []
        for t in range(self.letters):
            own = [j for j, letter in enumerate(self.types.left) if letter == t]
            column = []
            for i, (row, e) in enumerate(zip(m.off, m.extra, strict=True)):
                start = e if i in own else e * 0
                column.append(sum((self.sizes[j] * row[j] for j in own), start))
            found.append(column)
        return found

    def embedded(self, token: Any, position: Any, constant: Any) -> _State:
        """The identity."""
        size, zero, one = len(self.sizes), _ZERO, _ONE
        identity = _Map([[zero] * size for _ in range(size)], [one] * size, token, position)
        return _State(self, [identity], [([one] * size, constant)])

    def embedded_letters(self, covariance: Any, position: Any, constant: Any) -> Any:
        """Not followed."""
        raise NoClosedForm("embedding: the features of letters with a covariance are not followed on more than two letters")  # fmt: skip

    def attended(self, matrix: _State, values: _State, average: bool) -> Any:
        """Not followed."""
        raise NoClosedForm("independent queries and keys: features are without bound, in number")

    def mapped(self, matrix: _State, stage: Entrywise) -> _State:
        """Affine maps, and layer normalisation."""
        if isinstance(stage, LayerNorm):
            return matrix.rescaled([1 / as_ball(p).sqrt() for p in next(self._given)])
        if stage.degree != 1 or stage.uses_variances:
            raise NoClosedForm(f"{stage}: features are without bound, in number")
        entry = stage.entry(self)
        bias = entry(real(0), None, None)
        found = matrix.weighted(entry(real(1), None, None) - bias)
        one = _ONE
        return _State(self, found.maps, [*found.alone, ([one] * len(self.sizes), bias)])

    def mapped_number(self, number: list[Feature], stage: Entrywise) -> list[Feature]:
        """Affine maps of k."""
        entry = stage.entry(self)
        bias = entry(real(0), None, None)
        factor = entry(real(1), None, None) - bias
        found = [replace(f, weight=f.weight * factor) for f in number]
        return [*found, Feature(0, _ONE, bias)]

    def tied(self, matrix: _State, values: _State, stage: Stage) -> _State:
        """The rows in front of each map."""
        rows = next(self._given)
        off = [[as_ball(e) for e in row] for row in rows.off]
        extra = [as_ball(e) for e in rows.extra]
        maps = [self._behind(off, extra, m) for m in values.maps]
        alone = []
        for g, w in values.alone:
            weighed = [n * e for n, e in zip(self.sizes, g, strict=True)]
            image = [sum((a * b for a, b in zip(row, weighed, strict=True)), e * own) for row, e, own in zip(off, extra, g, strict=True)]  # fmt: skip
            alone.append((image, w))
        return _State(self, maps, alone)

    def _behind(self, off: list[Vector], extra: Vector, m: _Map) -> _Map:
        """G H."""
        rows = [[e * own for e, own in zip(row, m.extra, strict=True)] for row in off]
        if any(e != 0 for row in m.off for e in row):
            weighed = [[n * e for e in row] for n, row in zip(self.sizes, m.off, strict=True)]
            more = product(off, weighed)
            rows = [[a + b + own * c for a, b, c in zip(*lines, strict=True)] for *lines, own in zip(rows, more, m.off, extra, strict=True)]  # fmt: skip
        return replace(m, off=rows, extra=[a * b for a, b in zip(extra, m.extra, strict=True)])
