r"""The basis functions of the general engine: polarisations of a highest-weight function on sequences.

By Schur-Weyl duality the functions on V^S are a sum of S^lam tensor V_lam, and the basis F_T P_lam of V_lam (see
`symkern.engines.tables.polarisations`) becomes F_T h, h one highest-weight function of weight lam. Here h is the one that the
permutations of the bulk leave fixed: lam_{i+1} explicit positions carry the letter i, antisymmetrised along the columns of mu, and a
letter may stand in the bulk instead, with a minus sign:

    h = sum over signed words l and sets I of explicit positions of (-1)^|I| [x_a = l_a off I, 0 on I] (share of the bulk with the letters of I),

the share being one over the number of bulk words with these counts. The polarisation i -> j replaces letters i by j, one position at a
time: (F f)(x) = sum over a with x_a = j of f(x with i at a). All F_T h have one content, so that the explicit letters alone
determine the counts of the bulk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from math import factorial, lcm
from typing import Any

import numpy as np

from symkern.combinatorics import Partition
from symkern.combinatorics.contingency_tables import compositions
from symkern.combinatorics.memory import require_bytes
from symkern.engines.match_counts.multiplicity_space import column_group
from symkern.engines.tables.sector_forms import Forms, Functions
from symkern.exact import FunctionField
from symkern.exact.forms import ball_basis, ball_bits, range_basis
from symkern.representations.seminormal import seminormal
from symkern.sectors.coordinates import independent_rows
from symkern.sectors.realisation import Realisation
from symkern.sectors.tabulated import Table, words

Counts = tuple[int, ...]
Array = Any


@dataclass(frozen=True)
class FormBasis:
    """The forms from which a block was made, and what is needed to find its basis again: see `symkern.exact.forms`."""

    forms: Forms
    field: FunctionField | None
    enclosed: bool  # a block of balls
    rank: int | None
    size: int

    def mix(self) -> list[list[Any]] | None:
        """Coordinates of the block's basis, columns by basis vector; None where it is the basis of the forms."""
        given = self.forms
        form, gram, below = given.form, given.gram, given.denominator
        if self.enclosed:
            bits = ball_bits(form, below)
            return ball_basis(form, given.errors, gram, given.weights, below, bits, self.rank)
        return None if self.size == len(form) else range_basis(form, gram, self.field)


@dataclass(frozen=True)
class PolarisedFunctions(Realisation):
    """b_i = sum of coefficient F_T h [x_* = star] over ``terms[i]``, a list of (star or None, T, coefficient).

    T is a flattened matrix c_ij, the number of letters j in row i. ``basis`` leads from the b_i to the block's basis.
    """

    basis: FormBasis = field(compare=False, repr=False)

    @property
    def terms(self) -> tuple[Functions, ...]:
        """What the forms say that their basis is."""
        return self.basis.forms.functions

    @property
    def rank(self) -> int:
        """Number of the functions."""
        return len(self.terms)

    @cached_property
    def mix(self) -> Sequence[Sequence[Any]] | None:
        """Coordinates of the block's basis."""
        return self.basis.mix()

    @property
    def _letters(self) -> int:
        assert isinstance(self.vocabulary, int)
        return self.vocabulary

    @property
    def _sites(self) -> int:
        assert isinstance(self.length, int)
        return self.length - int(self.star)

    @property
    def _scale(self) -> int:
        """What h is multiplied with to be integral."""
        bulk = self._sites - self.explicit
        return factorial(bulk) // factorial(bulk - min(bulk, self.explicit))

    @cached_property
    def _words(self) -> Array:
        """The explicit letters at each point."""
        return words(self.explicit, self._letters)

    @cached_property
    def _inside(self) -> Array:
        """Counts of the explicit letters at each point."""
        return np.stack([(self._words == t).sum(axis=1) for t in range(self._letters)], axis=1)

    @cached_property
    def _highest(self) -> Array:
        """h times `_scale`, by explicit letters."""
        mu, v, k = self.position_irrep, self._letters, self.explicit
        bulk = self._sites - k
        most = min(bulk, k)
        out = np.zeros(v**k, dtype=object)
        for word, sign in _signed_words(mu):
            for size in range(most + 1):
                for chosen in combinations(range(k), size):
                    place = 0
                    ways = factorial(bulk - size) // factorial(bulk - most)
                    seen = [0] * v
                    for a, t in enumerate(word):
                        place = place * v + (0 if a in chosen else t)
                        if a in chosen:
                            seen[t] += 1
                            ways *= seen[t]
                    out[place] += sign * (-1) ** size * ways
        return out

    @cached_property
    def _values(self) -> dict[Counts, tuple[Counts, Array]]:
        """F_T h times `_scale` for all T that occur: its content, and its values by explicit letters."""
        needed = {t for listed in self.terms for _, t, _ in listed}
        require_bytes(
            f"{len(needed)} functions of {self.explicit} positions",
            40 * len(needed) * self._letters**self.explicit,
        )
        v = self._letters
        order = [(i, j) for i in reversed(range(v - 1)) for j in range(i + 1, v)]
        mu = self.position_irrep
        lam = (self._sites - mu.size, *mu, *[0] * (v - 1 - len(mu)))
        known: dict[Counts, tuple[Counts, Array]] = {(): (lam, self._highest)}

        def polarised(powers: Counts) -> tuple[Counts, Array]:
            """The divided powers of the first steps."""
            if powers not in known:
                i, j = order[len(powers) - 1]
                before = (*powers[:-1], powers[-1] - 1) if powers[-1] else powers[:-1]
                content, values = polarised(before)
                if powers[-1]:
                    content, values = self._moved(content, values, i, j)
                    values = values // powers[-1]
                known[powers] = content, values
            return known[powers]

        return {t: polarised(tuple(t[i * v + j] for i, j in order)) for t in sorted(needed)}

    def _moved(self, content: Counts, values: Array, i: int, j: int) -> tuple[Counts, Array]:
        """The polarisation i -> j of a function with this content."""
        target = list(content)
        target[i] -= 1
        target[j] += 1
        k, v = self.explicit, self._letters
        # In the bulk: as many places as it holds letters j.
        out = values * np.maximum(target[j] - self._inside[:, j], 0).astype(object)
        for a in range(k):
            here = np.flatnonzero(self._words[:, a] == j)
            out[here] += values[here + (i - j) * v ** (k - 1 - a)]
        out[(self._inside > np.array(target)).any(axis=1)] = 0
        return tuple(target), out

    def at(self, sequence: Counts, vocabulary: int) -> list[Fraction]:
        """b_1, ..., b_r at one sequence; zero where the law has no weight."""
        v, k = self._letters, self.explicit
        star = sequence[-1] if self.star else None
        sites = sequence[: self._sites]
        content = tuple(sites.count(t) for t in range(v))
        place = 0
        for t in sites[:k]:
            place = place * v + t
        found = []
        for listed in self.terms:
            total = Fraction(0)
            for own, counts, c in listed:
                held, values = self._values[counts]
                if held == content and own == star:
                    total += c * int(values[place])
            found.append(total / self._scale)
        return found

    def table(self, length: int, vocabulary: int) -> Table:
        """All values."""
        counts = compositions(self._sites - self.explicit, self._letters)
        places = {tuple(c): i for i, c in enumerate(counts.tolist())}
        stars = self._letters if self.star else 1
        shape = (self.rank, len(self._words), len(counts), stars)
        require_bytes("a table of functions", 16 * int(np.prod(shape)))
        out = np.zeros(shape, dtype=object)
        denominators = []
        spread: dict[Counts, tuple[Array, Array]] = {}
        for number, listed in enumerate(self.terms):
            common = lcm(*(c.denominator for _, _, c in listed))
            denominators.append(common * self._scale)
            for own, t, c in listed:
                content, values = self._values[t]
                if content not in spread:
                    rest = np.array(content) - self._inside
                    free = np.flatnonzero((rest >= 0).all(axis=1))
                    listed_places = [places[tuple(n)] for n in rest[free].tolist()]
                    spread[content] = free, np.array(listed_places, dtype=np.int64)
                here, there = spread[content]
                out[number, here, there, own or 0] += int(c * common) * values[here]
        return Table(out, tuple(denominators))

    def token_images(self, vocabulary: int) -> list[Counts]:
        """Relabellings that carry the first seminormal basis vector to a basis of S^kappa."""
        plain = tuple(range(vocabulary))
        if self.token_irrep is None or vocabulary < 2:
            return [plain]
        form = seminormal(self.token_irrep.padded(vocabulary))
        steps = [form.adjacent(i).to_numpy() for i in range(vocabulary - 1)]
        start = np.array([Fraction(int(s == 0)) for s in range(form.dimension)], dtype=object)
        found, vectors = [plain], [start]
        at = 0
        while len(found) < form.dimension:
            for i, step in enumerate(steps):
                moved = step @ vectors[at]
                rows = [[Fraction(e) for e in v] for v in (*vectors, moved)]
                if len(independent_rows(rows)) == len(rows):
                    swap = {i: i + 1, i + 1: i}
                    found.append(tuple(swap.get(t, t) for t in found[at]))
                    vectors.append(moved)
            at += 1
        return found


def _signed_words(mu: Partition) -> list[tuple[Counts, int]]:
    """The word 1^{mu_1} 2^{mu_2}... on the row tableau of mu, antisymmetrised along its columns."""
    letter = [i for i, part in enumerate(mu, 1) for _ in range(part)]
    return [(tuple(letter[cell] for cell in image), sign) for image, sign in column_group(mu)]
