r"""The recursion on whole batches of pairs of sequences, in floating point, on arrays of any library of the array API standard.

Pairs of n sequences x and m sequences y are worked on at once: a number is an array that broadcasts to (n, m). Three kinds of matrices
K_ab(x, y) share what stands here, each the smallest that its stages stay in:

* `patterns`: an entry takes four values, by whether the letters and whether the positions are the same (`symkern.kernels.algebras.patterns`);
* `letter_pairs`: it depends on the letters of x and of y at both positions, and on whether the positions are the same;
* `positions`: L x L numbers.

What depends on one sequence is worked out on that sequence alone, for all of a batch at once. Nothing here is exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from math import pi
from typing import Any

import sympy as sp

from symkern.kernels.algebras.algebra import Algebra
from symkern.kernels.algebras.array_functions import ArrayFunctions

Array = Any


class Words:
    """A batch of sequences: letters 0..letters-1 as an array (n, L), beside arrays that are made of them once.

    ``lengths`` (n,): how many positions of each are present, the others being padding; None where all are.
    """

    def __init__(
        self, tokens: Array, letters: int, functions: ArrayFunctions, lengths: Array | None = None
    ) -> None:
        self.tokens, self.letters, self.functions = tokens, letters, functions
        self.lengths = lengths
        self.number, self.length = tokens.shape
        #: What the last run on the batch alone has kept, and which run that was.
        self.kept: list[Any] | None = None
        self.kept_by: Any = None

    @cached_property
    def one_hot(self) -> Array:
        """[x_a = t] in floats of 32 bits, (n, L, letters): sums of them, being whole numbers below 2^24, are exact, and products take half the time."""
        return self._one_hot(0, self.letters)

    def _one_hot(self, first: int, last: int) -> Array:
        f = self.functions
        found = self.tokens[:, :, None] == f.arange(first, last)[None, None, :]
        if self.lengths is not None:
            found = found & (self.present > 0)[:, :, None]
        return f.xp.astype(found, f.xp.float32 if self.length < 1 << 24 else f.dtype)

    @cached_property
    def present(self) -> Array:
        """Which positions are no padding, as numbers, (n, L)."""
        f = self.functions
        if self.lengths is None:
            return f.xp.ones((1, self.length), dtype=f.dtype, device=f.device)
        return f.real(f.arange(0, self.length)[None, :] < self.lengths[:, None])

    @cached_property
    def counts(self) -> Array:
        """How often each letter occurs, (n, letters)."""
        xp = self.functions.xp
        if self.letters <= 64:
            return self.functions.real(xp.sum(self.one_hot, axis=1))
        blocks = [
            xp.sum(self._one_hot(t, min(t + 64, self.letters)), axis=1)
            for t in range(0, self.letters, 64)
        ]
        return self.functions.real(xp.concat(blocks, axis=1))


class Arrays(Algebra):
    """The recursion on all pairs of a sequence of ``left`` and one of ``right``; with one batch alone, on each of its sequences beside itself.

    Alone, the batch stands on the axis ``side`` of the pairs, so that what is found broadcasts: (n, 1) or (1, m).
    """

    name = "arrays"
    gives = "its kernel matrices on given sequences, as floats"
    lacks = "has no kernel matrices"

    def __init__(self, left: Words, right: Words | None = None, side: int = 0) -> None:
        super().__init__()
        self.left, self.right, self.side = left, left if right is None else right, side
        self.f = left.functions
        if right is None:
            self.kept = []

    @property
    def functions(self) -> Mapping[str, Any]:  # type: ignore[override]
        """Functions of arrays by name."""
        return self.f.by_name

    @property
    def inverse_pi(self) -> Array:
        """1/pi."""
        return self.f.filled(1 / pi)

    def angle(self, r: Array, square: Array) -> Array:
        """(2/pi) arcsin(r / sqrt(square))."""
        return self.f.angle(r, square)

    def minor(self, r: Array, p: Array, q: Array) -> Array:
        """p q - r^2."""
        return self.f.minor(r, p, q)

    def cosine(self, r: Array, p: Array, q: Array) -> Array:
        """r / sqrt(p q)."""
        return self.f.cosine(r, p, q)

    def relu_dual(self, r: Array, p: Array, q: Array) -> Array:
        """E relu(u) relu(w) of Gaussian (u, w)."""
        return self.f.relu_dual(r, p, q)

    @property
    def length(self) -> Any:
        """L as a number; of sequences of unequal lengths, on one batch alone, that of each."""
        if self.left.lengths is None:
            return float(self.left.length)
        return self.on_side(self.f.real(self.left.lengths))

    @cached_property
    def lengths(self) -> tuple[Any, Any]:
        """The lengths of the sequences of both batches, as numbers that broadcast to pairs."""
        if self.left.lengths is None or self.right.lengths is None or self.kept is not None:
            one = self.length
            return one, one
        ours, theirs = (self.f.real(words.lengths) for words in (self.left, self.right))
        return ours[:, None], theirs[None, :]

    def on_side(self, numbers: Array) -> Array:
        """A number for each sequence of the batch, on its axis of the pairs."""
        return numbers[:, None] if self.side == 0 else numbers[None, :]

    def weighed(self, matrix: Any, keys: Any, values: Any, average: bool) -> Any:
        """M_ac sum_bd K_bd E_bd, over the number of pairs of positions for an average."""
        over = self.lengths[0] * self.lengths[1] if average else 1.0
        return matrix.scaled(keys.overlap(values) / over, 1.0)

    def number(self, value: sp.Expr, argument: str = "hyperparameter") -> Array:
        """A hyperparameter as an array of one entry."""
        return self.f.constant(value, argument)

    def softmax(self, scores: Any) -> Any:
        """exp of each entry, over the sum of its row, without overflow."""
        return scores.softmax()

    def alone(self) -> tuple[list[Any], list[Any]]:
        """What the runs on the sequences of each batch alone have kept."""
        return self._of_side(0), self._of_side(1)

    def _of_side(self, side: int) -> list[Any]:
        """Kept with the batch, which stands beside others again."""
        words = (self.left, self.right)[side]
        key = type(self), side
        if words.kept_by != key:
            run = type(self)(words, side=side)
            run.run(self.whole)
            words.kept, words.kept_by = run.kept, key
        assert words.kept is not None
        return words.kept
