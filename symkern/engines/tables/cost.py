"""What a spectrum at a given length and vocabulary will take, known before it starts."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, factorial

from symkern.combinatorics import iter_partitions
from symkern.combinatorics.memory import require_bytes
from symkern.engines.tables.couplings import coupling
from symkern.engines.tables.tables import number_of_tables
from symkern.kernels.function_kernels import FunctionKernel
from symkern.kernels.pipeline import Kernel
from symkern.tokens import Law

__all__ = ["Cost", "cost", "most_below"]

#: Tableaux have a box for each position, orbits a row for each number of them, and a function of two sequences is given both
#: written out. With one letter, and so one table, there is nothing else that grows.
_BYTES_OF_A_POSITION = 300


@dataclass(frozen=True)
class Cost:
    """``tables`` of counts, kernel ``evaluations``, rows of the ``largest_block`` before any splitting, ``bytes`` held at once.

    >>> from symkern.kernels import embedding, uniform
    >>> cost(embedding(1, 1).attention("tied", "softmax").mean_pool(), 10, uniform(3))
    Cost(tables=43758, evaluations=3647, largest_block=99, bytes=7608132)
    """

    tables: int
    evaluations: int
    largest_block: int
    bytes: int

    def require(self) -> None:
        """Raise `TooLarge` where the machine does not have the memory."""
        many = "s" * (self.tables != 1)
        require_bytes(f"a spectrum with {self.tables:,} contingency table{many}", self.bytes)


def cost(kernel: Kernel | FunctionKernel, length: int, law: Law) -> Cost:
    """An estimate of the work."""
    letters = law.given_vocabulary()
    starred = kernel.reads_position
    sites = length - int(starred)
    factor = letters**2 if starred else 1
    tables = number_of_tables(sites, letters) * factor
    pipeline = isinstance(kernel, Kernel)
    orbit = 2 * (factorial(letters) if letters <= 6 else 1) if pipeline else 1
    evaluations = -(-tables // orbit)
    split = orbit if pipeline and law.is_uniform else 1
    most = coupling(kernel) if isinstance(kernel, Kernel) else None
    largest = _largest_module(sites, letters, most) * (letters if starred else 1)
    # Numbers of tables in the rows that are visited, values, coefficients of the bases, entries of the forms.
    visited = max(evaluations, tables // max(split // 2, 1))
    held = 24 * visited + 300 * evaluations + 200 * largest**2 * factor + 100 * tables
    held += _BYTES_OF_A_POSITION * length
    return Cost(tables, evaluations, largest, held)


def _largest_module(sites: int, letters: int, most: int | None) -> int:
    """The largest number of semistandard tableaux of a shape with at most ``most`` boxes below its first row."""
    best = 1
    highest = most_below(sites, letters, most)
    # Beyond some size the shapes are too many to visit; their sum of squares is the number of tables.
    if comb(highest + letters, letters) > 20000:
        return int(number_of_tables(sites, letters) ** 0.5) + 1
    for below in range(highest + 1):
        for mu in iter_partitions(below, max_part=sites - below, max_length=letters - 1):
            rows = (sites - below, *mu, *(0 for _ in range(letters - 1 - len(mu))))
            top = bottom = 1
            for i in range(letters):
                for j in range(i + 1, letters):
                    top *= rows[i] - rows[j] + j - i
                    bottom *= j - i
            best = max(best, top // bottom)
    return best


def most_below(sites: int, letters: int, most: int | None) -> int:
    """The largest number of boxes below the first row of a shape of ``sites`` boxes and at most ``letters`` rows, none longer; at most ``most``.

    >>> most_below(10, 3, None), most_below(10, 1, None), most_below(10, 3, 2)
    (6, 0, 2)
    """
    fitting = sites * (letters - 1) // letters
    return fitting if most is None else min(fitting, most)
