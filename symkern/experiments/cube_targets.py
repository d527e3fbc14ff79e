r"""Functions of n bits that transformers are trained on, with what is known of their sensitivity.

A target is in 0 and 1 (``mean`` between), and f = 2 target - 1 is the function of the signs s = 2 bit - 1 that `symkern.bounds.sensitivity` knows: ``parity``, ``majority`` (ties count as 0), ``first``,
``mean``, and ``random``, one bit for each input, made of its number and a seed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from symkern.bounds.sensitivity import average, family, profile

Bits = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

FUNCTIONS = ("parity", "majority", "first", "mean", "random")
#: Bits up to which all inputs are listed.
LISTED = 12


@dataclass(frozen=True)
class CubeTarget:
    """One function of n bits.

    >>> target = CubeTarget("majority", 3)
    >>> target(every_input(3)).tolist()
    [0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0]
    >>> target.average, target.zero_share
    (1.5, 0.25)
    """

    name: str
    n: int
    seed: int = 0

    def __call__(self, bits: Bits) -> Floats:
        """The targets at rows of bits."""
        if self.name == "parity":
            return np.asarray(bits.sum(1) % 2, dtype=float)
        if self.name == "majority":
            return np.asarray(2 * bits.sum(1) > self.n, dtype=float)
        if self.name == "first":
            return bits[:, 0].astype(float)
        if self.name == "mean":
            found: Floats = bits.mean(1)
            return found
        places = bits @ (1 << np.arange(self.n - 1, -1, -1, dtype=np.int64))
        return (_scrambled(places.astype(np.uint64), self.seed) >> np.uint64(63)).astype(float)

    @property
    def is_boolean(self) -> bool:
        """Whether it takes two values."""
        return self.name != "mean"

    @property
    def average(self) -> float:
        """as(f), exact; of a random function of more than `LISTED` bits its mean, n/2."""
        if self.name != "random":
            return float(average(self.name, self.n))
        return float(average(self._signs(), self.n)) if self.n <= LISTED else self.n / 2

    @property
    def zero_share(self) -> float | None:
        """K_0/2^n: of the inputs, those where no flip changes f; None for ``mean``, and for a random function of more than `LISTED` bits 2^-n, its mean."""
        if not self.is_boolean:
            return None
        if self.name == "random":
            found = profile(self._signs(), self.n)[0] if self.n <= LISTED else 1
            return float(found) / 2.0**self.n
        pairs = family(self.name).profile(self.n)
        return sum(float(k) for m, k in pairs if m == 0) / 2.0**self.n

    def _signs(self) -> list[int]:
        """Its values on all inputs, +1 first at every place, as tables are listed."""
        return (2 * self(every_input(self.n)[::-1]) - 1).astype(int).tolist()  # type: ignore[no-any-return]


def every_input(n: int) -> Bits:
    """All inputs, the last bit running fastest.

    >>> every_input(2).tolist()
    [[0, 0], [0, 1], [1, 0], [1, 1]]
    """
    found: Bits = np.arange(1 << n)[:, None] >> np.arange(n - 1, -1, -1) & 1
    return found


def _scrambled(places: npt.NDArray[np.uint64], seed: int) -> npt.NDArray[np.uint64]:
    """64 bits for each place: the output function of splitmix64 (Steele, Lea, Flood, OOPSLA 2014)."""
    with np.errstate(over="ignore"):
        z = (places + np.uint64(seed) * np.uint64(1 << 32) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)  # fmt: skip
        z = (z ^ z >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ z >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
        return z ^ z >> np.uint64(31)
