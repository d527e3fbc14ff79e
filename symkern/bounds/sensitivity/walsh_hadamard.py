r"""The Walsh-Hadamard transform: Fourier coefficients on the cube, exactly.

    fhat(P) = E_x f(x) prod_{i in P} x_i = 2^-n sum_x f(x) chi_P(x),

by n passes of sums and differences over the 2^n values, n 2^n additions. Numerators are integers and grow to
at most 2^n max|f|: where that stays below 2^63 the passes run in int64, which then cannot wrap, otherwise on Python ints.
(O'Donnell, *Analysis of Boolean Functions*, 2014, chapters 1 and 2.)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from symkern.bounds.sensitivity.cube import Array, CubeValues, dot
from symkern.claims.by_content import ByContent
from symkern.errors import InvalidArgument
from symkern.exact.sparse_residues import INT64
from symkern.exact.sparse_vector import largest
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.typeset.shown import Shown


@dataclass(frozen=True, eq=False)
@typed
class FourierCoefficients(ByContent, Shown):
    """All fhat(P); ``c[0, 2]`` is that of the positions 0 and 2, ``c[()]`` the mean.

    ``numerators[k]`` over ``denominator`` belongs to the set of positions i for which bit n-1-i of k is set.
    """

    size: int
    numerators: Array
    denominator: int

    def __getitem__(self, positions: int | Iterable[int]) -> Any:
        chosen = positions if isinstance(positions, Iterable) else (positions,)
        place = 0
        for i in chosen:
            bit = 1 << self.size - 1 - read_integer(i, "position", 0, self.size - 1)
            if place & bit:
                raise InvalidArgument("positions", "must be distinct", f"{i} stands twice")
            place |= bit
        return self._ratio(self.numerators[place], self.denominator)

    def __len__(self) -> int:
        return len(self.numerators)

    def weights(self) -> tuple[Any, ...]:
        """W_d = sum of fhat(P)^2 over the sets P of d positions, d = 0..n."""
        degrees = bit_counts(self.size)
        layers = (self.numerators[degrees == d] for d in range(self.size + 1))
        return tuple(self._ratio(dot(layer, layer), self.denominator**2) for layer in layers)

    def nonzero(self) -> dict[tuple[int, ...], Any]:
        """The coefficients that are not zero, by their positions, small sets first."""
        found = {}
        places = np.flatnonzero(self.numerators != 0).tolist()
        for k in sorted(places, key=lambda k: (k.bit_count(), -k)):
            positions = tuple(i for i in range(self.size) if k >> self.size - 1 - i & 1)
            found[positions] = self._ratio(self.numerators[k], self.denominator)
        return found

    def _ratio(self, number: Any, denominator: int) -> Any:
        return CubeValues(self.size, self.numerators).ratio(number, denominator)


def bit_counts(n: int) -> Array:
    """Number of set bits of 0..2^n - 1.

    >>> bit_counts(3).tolist()
    [0, 1, 1, 2, 1, 2, 2, 3]
    """
    counts = np.zeros(1, dtype=np.int8)
    for _ in range(n):
        counts = np.concatenate([counts, counts + np.int8(1)])
    return counts


def transform(f: CubeValues) -> FourierCoefficients:
    """The coefficients of a function.

    >>> from symkern.bounds.sensitivity.cube import cube_values
    >>> transform(cube_values(lambda x: max(x), 2)).nonzero()
    {(): 1/2, (0,): 1/2, (1,): 1/2, (0, 1): -1/2}
    """
    f.require_squares()
    values = f.numerators.copy()
    if values.dtype == np.int64 and largest(values) << f.size > INT64:
        values = values.astype(object)
    for bit in range(f.size):
        pairs = values.reshape(-1, 2, 1 << bit)
        low, high = pairs[:, 0] + pairs[:, 1], pairs[:, 0] - pairs[:, 1]
        pairs[:, 0], pairs[:, 1] = low, high
    values.setflags(write=False)
    return FourierCoefficients(f.size, values, f.denominator << f.size)
