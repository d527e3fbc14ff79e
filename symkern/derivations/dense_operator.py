r"""The operator of a kernel as a dense matrix over all sequences, at small sizes: brute force for the steps of a derivation.

Rows and columns are sequences; T[x, y] = k(x, y) P(y), exact, with numbers for the hyperparameters. The share of an irrep in the trace of a power is taken
from the definition, by a sum over the whole group, class by class after T is seen to commute with generators,

    tr(P_(mu,kappa) T^j) = dim mu dim kappa/(|G| |H|) sum_(g,h) chi^mu(g) chi^kappa(h) sum_x T^j[x, (g,h) x],

so that nothing of what derived the blocks is used.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import factorial, lcm, prod
from random import Random
from typing import Any

import numpy as np
import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.characters import character
from symkern.combinatorics import Partition, partitions
from symkern.exact.integer_matrices import integer_powers
from symkern.kernels.algebras.given_sequences import recursion
from symkern.kernels.algebras.match_counts import INVARIANTS, kernel_polynomial
from symkern.kernels.evaluation import match_counts
from symkern.kernels.pipeline import Kernel
from symkern.sectors.sector import Sector
from symkern.spectra.numeric import at_point, generic_law, generic_values
from symkern.spectra.spectrum import Spectrum


@lru_cache(maxsize=4)
def dense_operator(spectrum: Spectrum, length: int, vocabulary: int) -> DenseOperator:
    """The operator of a spectrum's kernel at one size; the last few are kept."""
    return DenseOperator(spectrum, length, vocabulary)


class DenseOperator:
    """All sequences of positive probability at one size, and T on them as integers over ``denominator``."""

    def __init__(self, spectrum: Spectrum, length: int, vocabulary: int) -> None:
        kernel = spectrum.kernel
        assert isinstance(kernel, Kernel)
        self.spectrum, self.length, self.vocabulary = spectrum, length, vocabulary
        self.point = {**generic_values(spectrum), CONTEXT_LENGTH: length, VOCABULARY: vocabulary}
        law = generic_law(spectrum).at_sizes(length, vocabulary)
        self.words = list(law.sequences(length))
        counts = ([w.count(t) for t in range(vocabulary)] for w in self.words)
        weights = [law.sequence_probability(n) for n in counts]
        self.index = {w: i for i, w in enumerate(self.words)}
        terms = kernel_polynomial(kernel).terms
        self.terms = {key: at_point(c, self.point) for key, c in terms.items()}
        letters = np.array(self.words)
        tables = np.stack([(letters == t).sum(axis=1) for t in range(vocabulary)], axis=1)
        s = tables @ tables.T
        m = (letters[:, None, :] == letters[None, :, :]).sum(axis=2)
        d = (letters[:, None, -1] == letters[None, :, -1]).astype(int)
        own = np.broadcast_to(np.diag(s), s.shape)
        invariants = [e.astype(object) for e in (s, m, own.T, own, d)]
        below = lcm(*(c.denominator for c in self.terms.values()), *(p.denominator for p in weights))  # fmt: skip
        entries = np.zeros(s.shape, dtype=object)
        for exponents, c in self.terms.items():
            term = np.full(s.shape, int(c * below), dtype=object)
            for base, e in zip(invariants, exponents, strict=True):
                if e:
                    term = term * base**e
            entries = entries + term
        self.diagonal = sum(
            (Fraction(int(entries[i, i]), below) * p for i, p in enumerate(weights)), Fraction(0)
        )
        self.matrix = entries * np.array([int(p * below) for p in weights], dtype=object)[None, :]
        self.denominator = below * below
        self._powers = [self.matrix]
        self._require_symmetry()

    def powers(self, highest: int) -> list[Any]:
        """The integer matrices of T, T^2, ..., over powers of ``denominator``."""
        if len(self._powers) < highest:
            self._powers = integer_powers(self.matrix, highest)
        return self._powers[:highest]

    def traces(self, sector: Sector, highest: int) -> list[Fraction]:
        """tr(P_(mu,kappa) T^j) for j = 1..highest, by a sum over the classes of the group."""
        sites, letters = self.sites, self.vocabulary
        mu = sector.position_irrep.padded(sites)
        kappa = None if sector.token_irrep is None else sector.token_irrep.padded(letters)
        sums = [0] * highest
        powers = self.powers(highest)
        rows = np.arange(len(self.words))
        scale = Fraction(mu.dimension, factorial(sites))
        names = [Partition(*[1] * letters)]
        if kappa is not None:
            scale *= Fraction(kappa.dimension, factorial(letters))
            names = partitions(letters)
        for cycles in partitions(sites):
            chi = character(mu, cycles) * (factorial(sites) // cycles.centraliser_order)
            for others in names if chi else []:
                factor = chi
                if kappa is not None:
                    factor *= character(kappa, others)
                    factor *= factorial(letters) // others.centraliser_order
                if factor:
                    images = self.images(_of_type(cycles), _of_type(others))
                    for j, power in enumerate(powers):
                        sums[j] += int(factor) * int(power[rows, images].sum())
        return [
            Fraction(total, self.denominator ** (j + 1)) * scale for j, total in enumerate(sums)
        ]

    @property
    def sites(self) -> int:
        """Number of positions that the group moves."""
        return int(self.spectrum.kernel.group.moved(self.length))

    def images(self, positions: tuple[int, ...], tokens: tuple[int, ...]) -> list[int]:
        """The place of every sequence after its positions and its tokens are permuted."""
        places = (*positions, *range(len(positions), self.length))
        return [self.index[tuple(tokens[w[a]] for a in places)] for w in self.words]

    def _require_symmetry(self) -> None:
        """T commutes with generators of the group, so that traces are class functions."""
        here, there = tuple(range(self.sites)), tuple(range(self.vocabulary))
        moves = [(g, there) for g in _generators(self.sites)]
        if any(sector.token_irrep is not None for sector in self.spectrum.sectors):
            moves += [(here, h) for h in _generators(self.vocabulary)]
        for g, h in moves:
            at = self.images(g, h)
            if not np.array_equal(self.matrix[np.ix_(at, at)], self.matrix):
                raise AssertionError(f"the dense operator does not commute with {g}, {h}")

    def kernel_values(self, count: int = 6) -> tuple[list[Any], list[Any]]:
        """The kernel on random pairs: stage by stage as defined, and by its formula in the match counts."""
        rng = Random(self.length * 100 + self.vocabulary)
        kernel = self.spectrum.kernel
        bound = kernel.substitute({p: e for p, e in self.point.items() if p in kernel.parameters})
        assert isinstance(bound, Kernel)
        defined, formula = [], []
        for _ in range(count):
            x, y = rng.choice(self.words), rng.choice(self.words)
            defined.append(recursion(bound.stages, x, y))
            counts = match_counts(x, y)
            base = [counts[i] for i in INVARIANTS]
            terms = (c * prod(map(pow, base, powers)) for powers, c in self.terms.items())
            formula.append(sp.Rational(sum(terms, Fraction(0))))
        return defined, formula


def _generators(size: int) -> list[tuple[int, ...]]:
    """A transposition and a cycle."""
    if size < 2:
        return []
    return [(1, 0, *range(2, size)), (*range(1, size), 0)]


def _of_type(cycles: Partition) -> tuple[int, ...]:
    """A permutation with these cycle lengths."""
    images: list[int] = []
    for length in cycles:
        start = len(images)
        images += [*range(start + 1, start + length), start]
    return tuple(images)
