r"""Two letters and kernels of finitely many features: eigenvalues at any length, in balls, by sums over some sqrt(L) numbers.

On (L - k, k) a kernel k(N) is, in the orthonormal basis of the numbers n of letters 1 beside k (`two_letters`),

    B[n, n'] = (p_0 p_1)^k sqrt(P(n) P(n')) K(n, n'),      P = Binomial(m, p_1),  m = L - 2k,  K(n, n') = E Delta^k k(N),

N hypergeometric with the letters n and n'. A kernel that touches only |mu| <= q is sum_i d_i C(N_11, i) for given letters, i <= q, and

    K(n, n') = sum_r d_(k+r) C(n, r) C(n', r)/C(m, r).

Where B has rank r at most (`couplings.rank_bound`) and r of the numbers n_i have a matrix W = K(n_i, n_j) that is proved to be invertible,
K = C W^-1 C^T with C = K(n, n_i), and the eigenvalues that are not zero are those of (p_0 p_1)^k W^-1 S, S_ij = E K(n, n_i) K(n, n_j). The sum over
n stops where less than 2^-bits of P is left (`symkern.exact.binomial_weights`), and there |K| <= 2^k sup |k|. With a position that is read, n comes with a
letter. Where letters are alike, K is symmetrised under their exchange, which is (-1)^k times n -> m - n.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import comb, isqrt
from typing import Any

from symkern.combinatorics import Partition
from symkern.engines.tables.couplings import coupling, rank_bound
from symkern.errors import NoClosedForm
from symkern.exact import Ball
from symkern.exact.ball_matrices import BallMatrix, cholesky, from_arbs, sandwiched
from symkern.exact.balls import from_arb, precision
from symkern.exact.binomial_weights import binomial_balls, central_range, widened
from symkern.exact.reals import as_ball, real
from symkern.kernels.algebras.position_types import TypeRecursion
from symkern.kernels.pipeline import Kernel

#: Bits to begin with, and how often they are doubled where digits do not show an inverse.
_BITS, _TIMES = 256, 3

Place = tuple[int, int | None]  # letters 1 besides k, and the letter that is read


class FewFeatures:
    """One kernel at one length, on letters of which 1 has the probability ``one``; |k(x, y)| <= ``largest``."""

    def __init__(self, kernel: Kernel, length: int, one: Fraction, largest: Any) -> None:
        self.kernel, self.length, self.one, self.largest = kernel, length, one, largest
        self.sites = length - int(kernel.reads_position)
        ties = coupling(kernel)
        assert ties is not None
        self.ties = ties

    def block(self, k: int, kappa: Partition | None) -> BallMatrix | None:
        """A symmetric matrix with the eigenvalues on (L - k, k) that are not zero; with ``kappa`` those of one irrep of the two letters. None where all are zero.

        Raises:
            NoClosedForm: digits do not show that the features are independent.
        """
        mu = Partition(k) if k else Partition()
        rank = rank_bound(self.kernel, mu, kappa, 2, self.length)
        assert rank is not None
        free = self.sites - 2 * k
        rank = min(rank, self._functions(free, k, kappa)) if free >= 0 and k <= self.ties else 0
        if not rank:
            return None
        for times in range(_TIMES):
            bits = (_BITS + 4 * self.length.bit_length()) << times
            with precision(bits):
                found = _Sector(self, k, kappa, bits).block(rank)
            if found is not None:
                return found
        raise NoClosedForm(
            f"few features: no digits show that the kernel has rank {rank} on ({mu}; {kappa}), which its form allows; "
            "at a moderate length its spectrum decides"
        )

    def mean_diagonal(self) -> Ball:
        """E k(x, x)."""
        bits = _BITS + 4 * self.length.bit_length()
        with precision(bits):
            source, sites = TypeRecursion(self.kernel), self.sites
            places = central_range(sites, self.one, bits)
            total = real(0)
            for n, weight in zip(places, binomial_balls(sites, self.one, places), strict=True):
                table = [[sites - n, 0], [0, n]]
                for t in (0, 1) if source.starred else (None,):
                    value = source(table, None if t is None else (t, t))
                    total = total + weight * value * real(_share(t, self.one))
            return from_arb(widened(total, self.left_out(places, sites, bits)))

    def left_out(self, places: range, sites: int, bits: int, k: int | None = None) -> Any:
        """The mean of k(x, x) over the numbers outside of a range, or that of the square of its difference of order ``k``, at most."""
        share = as_ball(real(Fraction(2, 2**bits) if len(places) <= sites else Fraction(0)))
        return share * self.largest if k is None else share * (self.largest * 2**k) ** 2

    def _functions(self, free: int, k: int, kappa: Partition | None) -> int:
        """How many functions there are."""
        places = free + 1
        if self.kernel.reads_position:
            return 2 * places if kappa is None else places
        if kappa is None:
            return places
        return (places + 1) // 2 if len(kappa) == k % 2 else places // 2


def _share(letter: int | None, one: Fraction) -> Fraction:
    """The probability of the letter that is read."""
    return {None: Fraction(1), 0: 1 - one, 1: one}[letter]


class _Sector:
    """K on (L - k, k), on all functions or on those that exchanging the letters multiplies by a sign."""

    def __init__(self, owner: FewFeatures, k: int, kappa: Partition | None, bits: int) -> None:
        self.owner, self.k, self.bits = owner, k, bits
        self.free = owner.sites - 2 * k
        self.sign = None if kappa is None else (-1) ** (k + len(kappa))
        self.source = TypeRecursion(owner.kernel)
        self.letters = (0, 1) if self.source.starred else (None,)
        self._known: dict[tuple[Place, Place], Any] = {}

    def block(self, rank: int) -> BallMatrix | None:
        """The symmetric matrix with the eigenvalues; None where digits do not show that W is invertible."""
        nodes = self._nodes(rank)
        if len(nodes) < rank:
            return None
        gram = [[self._value(a, b) for b in nodes] for a in nodes]
        owner, one, k = self.owner, self.owner.one, self.k
        places = central_range(self.free, one, self.bits)
        weights = binomial_balls(self.free, one, places)
        product = [[real(0)] * rank for _ in nodes]
        for t in self.letters:
            sums = [[real(0)] * rank for _ in nodes]
            for n, weight in zip(places, weights, strict=True):
                times = self._images(n, t)
                if not times:
                    continue
                column = [self._value((n, t), node) for node in nodes]
                for i in range(rank):
                    for j in range(i + 1):
                        sums[i][j] = sums[i][j] + weight * column[i] * column[j] * times
            for i in range(rank):
                for j in range(i + 1):
                    product[i][j] = product[i][j] + sums[i][j] * real(_share(t, one))
        scale = real((one * (1 - one)) ** k)
        left_out = owner.left_out(places, self.free, self.bits, k)
        rows = [
            [widened(product[max(i, j)][min(i, j)], left_out) * scale for j in range(rank)]
            for i in range(rank)
        ]
        return self._divided([[as_ball(e) for e in row] for row in gram], rows)

    def _images(self, n: int, letter: int | None) -> int:
        """How many places count for this one: two where exchanging the letters gives another, which is left out."""
        if self.sign is None:
            return 1
        if letter is not None:
            return 2 * (1 - letter)
        return 1 + (2 * n > self.free) - (2 * n < self.free)

    def _divided(self, gram: list[list[Any]], rows: list[list[Any]]) -> BallMatrix | None:
        """R^-1 S R^-T, W = R R^T."""
        if len(rows) == 1:
            return None if not abs(gram[0][0]) > 0 else from_arbs([[rows[0][0] / gram[0][0]]])
        try:
            return from_arbs(sandwiched(cholesky(gram), rows))
        except (ArithmeticError, ZeroDivisionError):
            return None

    def _nodes(self, rank: int) -> list[Place]:
        """Numbers near the mean with independent columns: a guess, which the inverse of W proves."""
        middle, step = round(self.free * self.owner.one), max(isqrt(self.free) // 2, 1)
        own = [middle + (i if self.sign is None or i > 0 else -i) * step for i in range(-rank - 1, rank + 2)]  # fmt: skip
        listed = dict.fromkeys((min(max(n, 0), self.free), t) for n in own for t in self.letters)
        candidates = list(listed)
        rest = [[float(as_ball(self._value(a, b)).mid()) for b in candidates] for a in candidates]
        chosen: list[int] = []
        for _ in range(rank):
            at = max(range(len(candidates)), key=lambda i: abs(rest[i][i]) if i not in chosen else -1.0)  # fmt: skip
            if at in chosen or not rest[at][at]:
                break
            chosen.append(at)
            pivot = rest[at]
            rest = [[e - row[at] * f / pivot[at] for e, f in zip(row, pivot, strict=True)] for row in rest]  # fmt: skip
        return [candidates[i] for i in chosen]

    def _value(self, a: Place, b: Place) -> Any:
        """K, symmetrised."""
        if self.sign is None:
            return self._plain(a, b)
        (n, t), m = b, self.free
        mirrored = (m - n, None if t is None else 1 - t)
        return (self._plain(a, b) + self.sign * self._plain(a, mirrored)) * real(Fraction(1, 2))

    def _plain(self, a: Place, b: Place) -> Any:
        (n, t), (o, u) = a, b
        k, m = self.k, self.free
        total = real(0)
        for r, d in enumerate(self._differences(n + k, o + k, None if t is None else (t, u))[k:]):
            total = total + d * real(Fraction(comb(n, r) * comb(o, r), comb(m, r)))
        return total

    def _differences(self, n: int, o: int, star: Any) -> list[Any]:
        """d_i, k(N) = sum_i d_i C(N_11, i), for n and o letters 1 of x and y; as many as there are tables to tell."""
        sites = self.owner.sites
        lowest, highest = max(0, n + o - sites), min(n, o)
        degree = min(self.owner.ties, highest - lowest)
        steps = max(degree, 1)
        nodes = [lowest + (highest - lowest) * i // steps for i in range(degree + 1)]
        slopes = [self.source([[sites - n - o + j, o - j], [n - j, j]], star) for j in nodes]
        for depth in range(1, degree + 1):
            for i in range(degree, depth - 1, -1):
                width = nodes[i] - nodes[i - depth]
                slopes[i] = (slopes[i] - slopes[i - 1]) * real(Fraction(1, width))
        # Newton's form as values at 0, 1, ..., and their differences.
        values = []
        for j in range(degree + 1):
            value = slopes[-1]
            for node, slope in zip(nodes[-2::-1], slopes[-2::-1], strict=True):
                value = value * (j - node) + slope
            values.append(value)
        found = []
        while values:
            found.append(values[0])
            values = [b - a for a, b in pairwise(values)]
        return found
