r"""Functions on sequences of distinct tokens, that is on permutations, and projections of targets there.

For distinct tokens every sector has one function. It is made of indicators [x_a = t_a] of |mu| explicit positions, and of the position that
is read where kappa has one box more than mu; the Young symmetrizers of mu and kappa act on positions and named
tokens, a letter in an explicit position stands for the difference to the bulk (`letter_polynomials`), and the columns of kappa[L] are
antisymmetrised. On a permutation the explicit letters and the letter of the star determine the bulk, so that a table has L^k (times L)
numbers. Sums over permutations are taken directly: L! values, no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import combinations, permutations, product
from math import comb, factorial, lcm
from typing import Any

import numpy as np

from symkern.combinatorics.memory import require_bytes
from symkern.engines.match_counts.letter_polynomials import UniformFunctions, Vector
from symkern.engines.match_counts.multiplicity_space import sector_space
from symkern.engines.match_counts.states import State
from symkern.errors import InvalidArgument, displayed
from symkern.sectors.projections import Projection, kronecker, overlaps
from symkern.sectors.tabulated import Counts, Table, places, site_images, words

Array = Any


@dataclass(frozen=True)
class PermutationFunctions(UniformFunctions):
    """The one function of a sector (mu, kappa): kappa is mu, or has one box more where one position is read."""

    space: Any = field(default=None, compare=False, repr=False)

    @cached_property
    def vectors(self) -> tuple[Vector, ...]:
        """The symmetrized product of one indicator for each token that is named."""
        mu, kappa = self.position_irrep, self.token_irrep
        assert kappa is not None
        space = sector_space(mu, kappa, mu.size, self.star)
        marks = [1 << (a + 1) for a in range(mu.size)] + [1] * (kappa.size - mu.size)
        for order in permutations(marks):
            vector = space.symmetrized(State(tuple((mask, 0, 0) for mask in order), ()))
            if vector:
                return (tuple((s, Fraction(c)) for s, c in vector.items()),)
        raise AssertionError("no such sector")

    @property
    def degrees(self) -> None:
        """None: tokens are not independent."""
        return None

    def check(self, sequence: Counts) -> None:
        """Refuse a sequence that is no permutation."""
        if sorted(sequence) != list(range(len(sequence))):
            raise InvalidArgument(
                "x", "must hold every token once", f"it is {displayed(tuple(sequence))}"
            )

    def number(self, length: int, letters: int) -> int:
        """How many sequences there are."""
        return factorial(length)

    def sequences(self, length: int, letters: int) -> Iterator[Counts]:
        """All of them, in lexicographic order."""
        return permutations(range(length))

    def table(self, length: int, vocabulary: int) -> Table:
        """Values by explicit letters and the letter of the star, zero where a letter repeats: shape (1, L^k, 1, L or 1)."""
        k, stars = self.explicit, length if self.star else 1
        require_bytes("a table of functions", 40 * length**k * stars)
        values: dict[tuple[int, int], Fraction] = {}
        for place, word in enumerate(product(range(length), repeat=k)):
            if len(set(word)) < k:
                continue
            for star in range(stars):
                if self.star and star in word:
                    continue
                last = (star,) if self.star else ()
                rest = tuple(t for t in range(length) if t not in word and t not in last)
                [values[place, star]] = self.at((*word, *rest, *last), length)
        common = lcm(*(q.denominator for q in values.values()))
        out = np.zeros((1, length**k, 1, stars), dtype=object)
        for (place, star), q in values.items():
            out[0, place, 0, star] = int(q * common)
        return Table(out, (common,))

    def places(self, length: int, letters: int) -> tuple[Any, Any, Any]:
        """For every permutation its place in the table."""
        listed = _permutations(length)
        none = np.zeros(len(listed), dtype=np.int64)
        explicit = places(listed[:, : self.explicit], length)
        return explicit, none, listed[:, -1] if self.star else none

    def projection(self, length: int, letters: int) -> Projection:
        """All that projections on this sector need."""
        return PermutationProjection.made(self, length)


def _permutations(length: int) -> Array:
    require_bytes(
        f"the permutations of {displayed(length)} tokens", 24 * length * factorial(length)
    )
    return np.array(list(permutations(range(length))), dtype=np.int64).reshape(-1, length)


@dataclass(frozen=True)
class PermutationProjection(Projection):
    """`Projection` with sums over permutations."""

    @classmethod
    def made(cls, realisation: PermutationFunctions, length: int) -> PermutationProjection:
        """The projection data; every permutation has probability 1/L!."""
        k, star = realisation.explicit, realisation.star
        table = realisation.table(length, length)
        shape = table.numerators.shape[1:]
        one = table.numerators.reshape(-1)
        ways = factorial(length - k - int(star))
        law = factorial(length)
        norm = Fraction(int(one @ one) * ways, law * table.denominators[0] ** 2)
        points, own = words(k + int(star), length), range(k, k + int(star))
        sites_moved = [points[:, [*s, *own]] for s in site_images(realisation.position_irrep)]
        sigma = [places(moved, length) for moved in sites_moved]
        tau = [places(np.argsort(t)[points], length) for t in realisation.token_images(length)]
        measure = np.ones(len(one), dtype=object)
        mu, sites = realisation.position_irrep, length - int(star)
        whole = mu.padded(sites).dimension if sites else 1
        return cls(
            k,
            sites,
            length,
            shape,
            one[None, :],
            table.denominators,
            one[None, :],
            law,
            tuple(t[s] for s, t in product(sigma, tau)),
            kronecker(overlaps(one, measure, sigma), overlaps(one, measure, tau)),
            ((norm,),),
            Fraction(whole, mu.dimension * comb(sites, mu.size)),
        )

    def _places(self) -> Iterator[Array]:
        listed = _permutations(self.letters)
        own = range(self.sites, self.letters)
        for chosen in combinations(range(self.sites), self.explicit):
            yield places(listed[:, [*chosen, *own]], self.letters)

    def marginals(self, values: Array) -> Iterator[Array]:
        """Sums over the permutations with given letters at a set of positions and at the star."""
        for place in self._places():
            total = np.zeros(self.functions.shape[1], dtype=values.dtype)
            np.add.at(total, place, values)
            yield total[None]

    def scattered(self, tables: Iterator[Array]) -> Array:
        """The sum of the functions with these tables."""
        total: Array = None
        for place, table in zip(self._places(), tables, strict=True):
            shown = table.reshape(-1)[place]
            total = shown if total is None else total + shown
        return total
