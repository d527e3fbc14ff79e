r"""The basis functions of the polynomial engine: polynomials in the letters of single positions.

Each position has the letters b_t = [x = t]. A polynomial in those of the explicit positions (at most one each), of the star and of
the bulk is a function on sequences: a bulk monomial of degrees d_t is the average over all injective placements,

    b^d  ->  prod_t n_t (n_t - 1)...(n_t - d_t + 1) / (N (N - 1)...(N - |d| + 1)),

n_t the counts in the bulk and N its size. A function of shape mu[L] with leading part prod_a w_a(x_a) in the explicit positions a
extends to all of it by moving letters to the bulk with a sign, for every set of explicit positions: so

    an explicit letter w_a stands for the difference  w_a - w_bulk.

That is the highest-weight condition of `symkern.engines.match_counts.states`. One letter is left out on every position (it is
1 minus the others), so that polynomials are unique; letters that a sequence does not contain are zero on it and dropped.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import lcm, prod
from typing import Any

import numpy as np

from symkern.combinatorics.contingency_tables import compositions
from symkern.engines.match_counts.multiplicity_space import combined, placements
from symkern.engines.match_counts.states import degree
from symkern.exact import polynomial_ring
from symkern.sectors.realisation import Realisation
from symkern.sectors.tabulated import Table

Counts = tuple[int, ...]
Vector = tuple[tuple[Any, Fraction], ...]


class _Ring:
    """Letters of k explicit positions, the bulk and the star; ``present`` are the letters in use, the first left out."""

    def __init__(self, explicit: int, present: Counts) -> None:
        self.explicit, self.present = explicit, present
        self.width = len(present) - 1
        gens, self.zero, self.one = polynomial_ring((explicit + 2) * self.width)
        sites = [gens[i * self.width : (i + 1) * self.width] for i in range(explicit + 2)]
        self.letters = []
        for own in sites:
            rest = sum(own, self.zero)
            listed = dict(zip(present, [self.one - rest, *own], strict=True))
            self.letters.append(listed)
        self.bulk, self.star = self.letters[explicit], self.letters[explicit + 1]

    def letter(self, site: int, t: int) -> Any:
        """[x = t] at an explicit position, as the difference to the bulk."""
        if t not in self.bulk:
            return self.zero
        return self.letters[site][t] - self.bulk[t]

    def in_bulk(self, t: int) -> Any:
        return self.bulk.get(t, self.zero)

    def at_star(self, t: int) -> Any:
        return self.star.get(t, self.zero)

    def terms(self, polynomial: Any) -> list[tuple[Counts, Counts, int, int]]:
        """(letters of the explicit positions, bulk degrees, letter of the star, coefficient); 0 stands for no letter."""
        k, w = self.explicit, self.width
        found = []
        for exponents, c in polynomial.to_dict().items():
            exponents = [int(e) for e in exponents]
            pick = [_only(exponents[i * w : (i + 1) * w]) for i in range(k)]
            star = _only(exponents[(k + 1) * w : (k + 2) * w])
            found.append((tuple(pick), tuple(exponents[k * w : (k + 1) * w]), star, int(c)))
        return found


def _only(exponents: Sequence[int]) -> int:
    """The place, from 1, of the single letter in a linear monomial; 0 for none."""
    return next((i + 1 for i, e in enumerate(exponents) if e), 0)


@dataclass(frozen=True)
class _LetterPolynomials(Realisation):
    """Functions given by polynomials in letters."""

    @abstractmethod
    def polynomials(self, ring: _Ring, length: int, vocabulary: int) -> list[tuple[Any, int]]:
        """Polynomials over the integers with their denominators."""

    def _terms(self, length: int, vocabulary: int, present: Counts) -> list[tuple[Any, int]]:
        ring = _Ring(self.explicit, present)
        return [(ring.terms(p), d) for p, d in self.polynomials(ring, length, vocabulary)]

    def _bulk_size(self, length: int) -> int:
        return length - int(self.star) - self.explicit

    def at(self, sequence: Counts, vocabulary: int) -> list[Fraction]:
        """b_1, ..., b_r at one sequence."""
        length, k = len(sequence), self.explicit
        present = tuple(sorted(set(sequence)))
        place = {t: i for i, t in enumerate(present)}
        word = [place[t] for t in sequence]
        star = word[-1] if self.star else 0
        bulk = word[k : length - int(self.star)]
        counts = [bulk.count(i) for i in range(1, len(present))]
        size = len(bulk)
        values = []
        for terms, denominator in self._terms(length, vocabulary, present):
            total = Fraction(0)
            for letters, degrees, own, c in terms:
                if (own and own != star) or any(
                    u and u != x for u, x in zip(letters, word, strict=False)
                ):
                    continue
                top = prod(_falling(n, d) for n, d in zip(counts, degrees, strict=True))
                if top:
                    total += Fraction(c * top, _falling(size, sum(degrees)))
            values.append(total / denominator)
        return values

    def table(self, length: int, vocabulary: int) -> Table:
        """All values: polynomials sorted by explicit letters and bulk degrees, then summed."""
        k, v, size = self.explicit, vocabulary, self._bulk_size(length)
        stars = v if self.star else 1
        counts = compositions(size, v)
        listed = self._terms(length, vocabulary, tuple(range(v)))
        degrees = sorted({d for terms, _ in listed for _, d, _, _ in terms if sum(d) <= size})
        top = max((sum(d) for d in degrees), default=0)
        place = {d: i for i, d in enumerate(degrees)}
        monomials = np.zeros((len(degrees), len(counts)), dtype=object)
        falling = [
            [np.array([_falling(int(n), e) for n in counts[:, t]], dtype=object) for e in range(top + 1)]
            for t in range(v)
        ]  # fmt: skip
        for i, d in enumerate(degrees):
            monomials[i] = _falling(size - sum(d), top - sum(d))
            for t, e in enumerate(d, 1):
                monomials[i] *= falling[t][e]
        out = np.zeros((len(listed), v**k, len(counts), stars), dtype=object)
        for number, (terms, _) in enumerate(listed):
            coefficients = np.zeros((*(v,) * k, stars, len(degrees)), dtype=object)
            for letters, d, star, c in terms:
                if d in place:
                    coefficients[(*letters, star, place[d])] += c
            for axis in range(k + int(self.star)):
                # A letter adds to the part without one.
                moved = np.moveaxis(coefficients, axis, 0)
                moved[1:] += moved[:1]
            values = coefficients.reshape(v**k, stars, len(degrees)) @ monomials
            out[number] = values.transpose(0, 2, 1)
        scale = _falling(size, top)
        return Table(out, tuple(d * scale for _, d in listed))


def _falling(n: int, times: int) -> int:
    return prod(range(n - times + 1, n + 1)) if times <= n else 0


# -- uniform tokens ---------------------------------------------------------------------------


@dataclass(frozen=True)
class _SpaceFunctions(_LetterPolynomials):
    """The vectors of a stable space of the engine, or of its reduction at small sizes."""

    space: Any = field(compare=False, repr=False)
    reduction: Any = field(default=None, compare=False, repr=False)

    @cached_property
    def vectors(self) -> tuple[Vector, ...]:
        """States with their coefficients, for every basis vector of the block."""
        if self.reduction is None:
            listed = self.space.vectors
            return tuple(tuple((s, Fraction(c)) for s, c in vector.items()) for vector in listed)
        kept = [self.space.vectors[place] for place in self.reduction.kept]
        rows = (zip(kept, map(Fraction, row), strict=True) for row in self.reduction.subspace)
        return tuple(tuple(combined(pair for pair in row if pair[1]).items()) for row in rows)

    @property
    def rank(self) -> int:
        """Number of the functions."""
        return len(self.vectors)


@dataclass(frozen=True)
class UniformFunctions(_SpaceFunctions):
    """Uniform tokens, any vocabulary: vectors of states (named blocks, free blocks).

    The letters are w_t = v [x = t] - 1. Named block j has the token j, and the columns of kappa[v] are antisymmetrised; a
    free block is summed over all tokens.
    """

    @cached_property
    def degrees(self) -> tuple[int, ...] | None:
        """The number of letters in each vector."""
        found = []
        for vector in self.vectors:
            here = {
                degree(state) + any(mask & 1 for part in state for mask, _, _ in part)
                for state, _ in vector
            }
            if len(here) > 1:
                return None
            found.append(here.pop())
        return tuple(found)

    def polynomials(self, ring: _Ring, length: int, vocabulary: int) -> list[tuple[Any, int]]:
        """Products over the blocks, summed over placements of the named tokens."""
        assert self.token_irrep is not None
        v = vocabulary
        blocks: dict[tuple[tuple[int, int, int], int], Any] = {}
        absent = next((t for t in range(v) if t not in ring.bulk), None)

        def block(part: tuple[int, int, int], t: int) -> Any:
            if t not in ring.bulk:
                t = -1 if absent is None else absent  # all letters that do not occur are alike
            if (part, t) not in blocks:
                mask, bulk, _ = part
                value = (v * ring.in_bulk(t) - 1) ** bulk
                if mask & 1:
                    value = value * (v * ring.at_star(t) - 1)
                for site in range(self.explicit):
                    if mask >> (site + 1) & 1:
                        value = value * (v * ring.letter(site, t))
                blocks[part, t] = value
            return blocks[part, t]

        found = []
        missing = v - len(ring.present)
        summed: dict[tuple[int, int, int], Any] = {}
        for vector in self.vectors:
            denominator = lcm(*(q.denominator for _, q in vector))
            total = ring.zero
            for state, q in vector:
                term = ring.one * int(q * denominator)
                for part in state.free:
                    if part not in summed:
                        value = sum((block(part, t) for t in ring.present), ring.zero)
                        if missing:
                            value = value + missing * block(part, -1)
                        summed[part] = value
                    term = term * summed[part]
                if state.named:
                    named = ring.zero
                    for tokens, sign in placements(self.token_irrep):
                        piece = ring.one * sign
                        for part, t in zip(state.named, tokens, strict=True):
                            piece = piece * block(part, t)
                        named = named + piece
                    term = term * named
                total = total + term
            found.append((total, denominator))
        return found


# -- two letters ------------------------------------------------------------------------------


@dataclass(frozen=True)
class BinaryFunctions(_LetterPolynomials):
    """Two letters: u_e = (S - 2j)(S - 2j - 1)...(S - 2j - e + 1) w_1...w_j w_bulk^e, times w at the star, w = [x=0] - [x=1].

    ``basis`` lists (e, whether w stands at the star); S is the number of symmetric positions.
    """

    basis: tuple[tuple[int, int], ...]

    @property
    def rank(self) -> int:
        """Number of the functions."""
        return len(self.basis)

    @property
    def degrees(self) -> tuple[int, ...]:
        """j + e, one more with a letter at the star."""
        return tuple(self.explicit + e + star for e, star in self.basis)

    def token_images(self, vocabulary: int) -> list[Counts]:
        """Both irreps of S_2 have dimension one."""
        return [tuple(range(vocabulary))]

    def polynomials(self, ring: _Ring, length: int, vocabulary: int) -> list[tuple[Any, int]]:
        """The u_e, or zero where they do not exist."""
        k = self.explicit
        free = length - int(self.star) - 2 * k
        head = ring.one
        for site in range(k):
            head = head * (ring.letter(site, 0) - ring.letter(site, 1))
        bulk = ring.in_bulk(0) - ring.in_bulk(1)
        found = []
        for e, star in self.basis:
            value = head * bulk**e * _falling(max(free, 0), e)
            if star:
                value = value * (ring.at_star(0) - ring.at_star(1))
            found.append((value, 1))
        return found


# -- any law of independent tokens ------------------------------------------------------------


@dataclass(frozen=True)
class LetterFunctions(_SpaceFunctions):
    """Any law: vectors of letter states (explicit letters, bulk counts of 1..v-1, the star's letter), 0 for none.

    The letter u is [x = u] - q_u, with the ``centres`` q.
    """

    centres: tuple[Fraction, ...] = ()

    def polynomials(self, ring: _Ring, length: int, vocabulary: int) -> list[tuple[Any, int]]:
        """Products of letters."""
        self.law.require_numbers("where functions of sequences are evaluated")
        centres = self.centres or (Fraction(0),) * vocabulary
        bottoms = [q.denominator for q in centres]
        found = []
        for vector in self.vectors:
            scales = []
            for state, q in vector:
                scale = q.denominator * prod(
                    d**n for d, n in zip(bottoms[1:], state.bulk, strict=True)
                )
                scales.append(scale * (bottoms[state.star] if state.star else 1))
            denominator = lcm(*scales)
            total = ring.zero
            for (state, q), scale in zip(vector, scales, strict=True):
                # The centred letters are multiplied by their denominators, which scale has.
                term = ring.one * int(q * q.denominator * (denominator // scale))
                for site, u in enumerate(state.explicit):
                    term = term * ring.letter(site, u)
                for u, times in enumerate(state.bulk, 1):
                    if times:
                        term = term * (bottoms[u] * ring.in_bulk(u) - centres[u].numerator) ** times
                if state.star:
                    u = state.star
                    term = term * (bottoms[u] * ring.at_star(u) - centres[u].numerator)
                total = total + term
            found.append((total, denominator))
        return found
