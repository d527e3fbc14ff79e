r"""Arrays of kernels whose entries take four values, by [x_a = y_b] and [a = b]: all without tied attention, whatever their length and degree.

The numbers of pairs of positions of each kind are L^2 - s - L + m, s - m, L - m and m with the match counts s and m
(`symkern.kernels.algebras.match_counts`): nothing grows with L or with the vocabulary, and all weights are positive.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar

from symkern.kernels.algebras.algebra import EntryMap
from symkern.kernels.algebras.arrays import Array, Arrays, Words


class LeavesPatterns(Exception):
    """A stage makes more of an entry than four values."""


class _Pattern:
    """The values of an entry: neither the same, the letter alone, the position alone, both; ``bare`` are these without a common ``factor``."""

    def __init__(self, algebra: Patterns, bare: tuple[Array, ...], factor: Any = None) -> None:
        self.algebra, self.bare, self.factor = algebra, bare, factor

    @cached_property
    def values(self) -> tuple[Array, ...]:
        if self.factor is None:
            return self.bare
        known = {id(a): a * self.factor for a in self.bare}
        return tuple(known[id(a)] for a in self.bare)

    def _each(self, function: Callable[..., Array], *others: _Pattern) -> _Pattern:
        """Of each value; of values that are the same array once."""
        known: dict[tuple[int, ...], Array] = {}
        for part in zip(self.values, *(k.values for k in others), strict=True):
            key = tuple(map(id, part))
            if key not in known:
                known[key] = function(*part)
        parts = zip(self.values, *(k.values for k in others), strict=True)
        return _Pattern(self.algebra, tuple(known[tuple(map(id, part))] for part in parts))

    def plus(self, other: _Pattern) -> _Pattern:
        return self._each(lambda a, b: a + b, other)

    def scaled(self, factor: Array, over: float = 1) -> _Pattern:
        factor = factor / over
        return _Pattern(
            self.algebra, self.bare, factor if self.factor is None else self.factor * factor
        )

    def mapped(self, function: EntryMap, p: Any = None, q: Any = None) -> _Pattern:
        return self._each(lambda a: function(a, p, q))

    def entrywise(self, other: _Pattern) -> _Pattern:
        factors = [k.factor for k in (self, other) if k.factor is not None]
        ours, theirs = (_Pattern(self.algebra, k.bare) for k in (self, other))
        found = ours._each(lambda a, b: a * b, theirs)
        for factor in factors:
            found = found.scaled(factor)
        return found

    def overlap(self, other: _Pattern) -> Array:
        return self.entrywise(other).total()

    def total(self) -> Array:
        """The sum over all pairs of positions."""
        found = self._bare_total()
        return found if self.factor is None else found * self.factor

    def _bare_total(self) -> Array:
        neither, letter, position, both = self.bare
        a = self.algebra
        if a.left.lengths is None and all(k.shape == (1, 1) for k in self.bare):
            # Of numbers that are the same for all pairs, as a polynomial in s and m: fewer passes over the pairs.
            length = a.length
            found = (letter - neither) * a.s + ((length - 1.0) * neither + position) * length
            if position is not neither or both is not letter:
                found = found + (neither - letter - position + both) * a.m
            return found
        if position is neither and both is letter:  # positions are not seen
            return neither * (a.lengths[0] * a.lengths[1] - a.s) + letter * a.s
        weights = a.weights
        return neither * weights[0] + letter * weights[1] + position * weights[2] + both * a.m

    def diagonal(self) -> Array:
        return self.values[3]

    def normalised(self) -> _Pattern:
        raise LeavesPatterns

    softmax = normalised

    def mean(self) -> Array:
        ours, theirs = self.algebra.lengths
        return self.total() / (ours * theirs)

    def mean_diagonal(self) -> Array:
        _, _, position, both = self.values
        m, length = self.algebra.m, self.algebra.length
        return (position * (length - m) + both * m) / length

    def read(self) -> Array:
        _, _, position, both = self.values
        return self.algebra.f.xp.where(self.algebra.ends_match, both, position)


class Patterns(Arrays):
    """The recursion on values by match, with the match counts of all pairs."""

    name: ClassVar[str] = "arrays"

    @cached_property
    def s(self) -> Array:
        """s = sum_t n_t(x) n_t(y)."""
        if self.kept is not None:
            return self.on_side(self.f.xp.sum(self.left.counts**2, axis=1))
        return self.left.counts @ self.f.xp.matrix_transpose(self.right.counts)

    @cached_property
    def m(self) -> Array:
        """m = #{a : x_a = y_a}."""
        if self.kept is not None:
            return self.f.filled(0.0) + self.length
        return matches(self.left, self.right)

    @cached_property
    def weights(self) -> tuple[Array, Array, Array]:
        """How many pairs of positions are alike in neither, in the letter alone, in the position alone."""
        ours, theirs = self.lengths
        common = ours if ours is theirs else self.f.xp.minimum(ours + 0 * theirs, theirs + 0 * ours)
        letters, positions = self.s - self.m, common - self.m
        return ours * theirs - common - letters, letters, positions

    @cached_property
    def ends_match(self) -> Array:
        """[x_L = y_L]."""
        if self.kept is not None:
            return self.f.filled(1.0) == 1.0
        return self.left.tokens[:, -1][:, None] == self.right.tokens[:, -1][None, :]

    def embedded(self, token: Array, position: Array, constant: Array) -> _Pattern:
        """The four values of token [x_a = y_b] + position [a = b] + constant."""
        letter = constant + token
        if not bool(self.f.xp.any(position != 0)):
            return _Pattern(self, (constant, letter, constant, letter))
        return _Pattern(self, (constant, letter, constant + position, letter + position))

    def embedded_letters(self, covariance: Any, position: Array, constant: Array) -> _Pattern:
        """Letters that are told apart have more values."""
        raise LeavesPatterns

    def product(self, left: Any, values: Any, right: Any) -> Any:
        """G V H^T is none."""
        raise LeavesPatterns


def matches(left: Words, right: Words) -> Array:
    """m = #{a : x_a = y_a} of all pairs: one product of one-hot positions, or one position after another where letters are many."""
    f, xp = left.functions, left.functions.xp
    if left.letters <= 64 or left.lengths is not None:
        rows = xp.reshape(left.one_hot, (left.number, -1))
        columns = xp.reshape(right.one_hot, (right.number, -1))
        return f.real(rows @ xp.matrix_transpose(columns))
    total = xp.zeros((left.number, right.number), dtype=xp.int32, device=f.device)
    for a in range(left.length):
        equal = left.tokens[:, a][:, None] == right.tokens[:, a][None, :]
        total = total + xp.astype(equal, xp.int32)
    return f.real(total)
