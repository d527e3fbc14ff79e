r"""Kernels of finitely many features on any letters, at any length: eigenvalues in balls, by sums over the numbers of letters near their means.

k(x, y) = sum_i w_i f_i(x) f_i(y), the f_i as `sequence_features` finds them: numbers, and functions of one position or of two. Positions are exchanged by
S_S, S the number of those that are not read. With F the features in a basis of the maps of the irrep mu into their index space, its eigenvalues are
those of D G that are not zero, G = E F F^T a number for each pair of features, D the weights:

    ():      f;  sum_a f_a/S, weight S w;  the mean of f_ab over a != b, weight S(S - 1) w;
    (1):     f_a less its mean, squares over S - 1;  of f_ab the sums over b and those over a, which meet: weights w [[S - 1, 1], [1, S - 1]]/(S (S - 2));
    (2):     (f_ab + f_ba)/2 less the sums of its rows, squares over dim(2);       (1,1): (f_ab - f_ba)/2, in the same way.

Where letters are alike, a feature with a letter as its index is their sum, for kappa = (), and the rest, for kappa = (1). Where the form of the kernel
gives a rank r that is less than the number of features, r of these have a matrix W of G that is proved to be invertible, G = C W^-1 C^T, and the eigenvalues
are those of W^-1 C^T D C. What the sum over numbers leaves out of G is bounded: w_i f_i^2 is at most k(x, x) without minus signs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symkern.combinatorics import Partition
from symkern.engines.few_features.largest_values import largest_value
from symkern.engines.few_features.sequence_features import Feature, SequenceFeatures
from symkern.engines.tables.couplings import rank_bound
from symkern.errors import NoClosedForm
from symkern.exact import Ball
from symkern.exact.ball_grams import GramSum, spectrum_block
from symkern.exact.ball_matrices import BallMatrix
from symkern.exact.balls import from_arb, precision
from symkern.exact.binomial_weights import widened
from symkern.exact.multinomial_weights import central_counts
from symkern.exact.reals import as_ball, real
from symkern.kernels.algebras.position_types import TypeRecursion
from symkern.kernels.pipeline import Kernel

Label = tuple[Partition, Partition | None]

#: Bits of what is left out of probabilities: so many, and more for each doubling of the length; and more of them in numbers.
_BITS, _MORE, _GUARD = 80, 6, 96

#: Exact in every precision.
_ZERO = as_ball(real(0))

#: Runs on one sequence that are kept at once.
_KEPT = 256

PLAIN, ONE, TWO, PAIR = Partition(), Partition(1), Partition(2), Partition(1, 1)


@dataclass
class _Sums:
    """G of one sector as far as it is summed, the weights D, and a bound for each feature's squares."""

    gram: GramSum
    weights: list[list[Any]]
    bounds: list[Any]


class FeatureSectors:
    """One kernel at one length, on letters of the probabilities ``law``; where they are ``alike``, token irreps are split off."""

    def __init__(self, kernel: Kernel, length: int, law: Sequence[Fraction], alike: bool) -> None:
        self.kernel, self.length, self.law, self.alike = kernel, length, tuple(law), alike
        self.sites = length - int(kernel.reads_position)
        self.bits = left_out_bits(length)
        self._sums: dict[Label, _Sums] = {}
        self._share: Any = None
        self._diagonal: Any = None

    def labels(self, only: Partition | None = None) -> list[Label]:
        """The sectors that a kernel of such a form can touch."""
        kappas = [PLAIN, ONE] if self.alike else [None]
        touched = [mu for mu in (PLAIN, ONE, TWO, PAIR) if only in (None, mu) and mu.threshold <= self.sites]  # fmt: skip
        return [(mu, kappa) for mu in touched for kappa in kappas if self._rank(mu, kappa) != 0]

    def _rank(self, mu: Partition, kappa: Partition | None) -> int | None:
        return rank_bound(self.kernel, mu, kappa, len(self.law), self.length)

    def sum(self, progress: Any, only: Partition | None = None) -> None:
        """Visit the numbers of letters."""
        with precision(self.bits + _GUARD):
            listed = list(central_counts(self.sites, self.law, self.bits, self.alike))
            inside, diagonal = as_ball(real(0)), as_ball(real(0))
            labels = self.labels(only)
            source = TypeRecursion(self.kernel)
            for at, (counts, weight) in enumerate(progress(listed)):
                if at % _KEPT == 0:
                    source = TypeRecursion(self.kernel)
                inside += weight
                for star, share in self._stars():
                    found = SequenceFeatures.of(source, counts, star)
                    diagonal += weight * share * found.value
                    view = _OneSequence(found, self.sites)
                    for label in labels:
                        self._add(label, view, weight * share)
            self._share = (1 - inside).upper().max(_ZERO)
            self._diagonal = diagonal
            self._largest = largest_value(self.kernel)

    def _stars(self) -> Iterable[tuple[int | None, Any]]:
        if not self.kernel.reads_position:
            return [(None, real(1))]
        return [(t, real(p)) for t, p in enumerate(self.law)]

    def _add(self, label: Label, view: _OneSequence, weight: Any) -> None:
        mu, kappa = label
        rows, columns = view.vectors(mu, kappa)
        if not rows:
            return
        if label not in self._sums:
            weights, bounds = view.weights(mu, kappa)
            self._sums[label] = _Sums(GramSum(len(rows)), weights, bounds)
        self._sums[label].gram.add(rows, [w * weight for w in columns])

    def block(self, mu: Partition, kappa: Partition | None) -> tuple[BallMatrix, bool] | None:
        """A symmetric matrix with the eigenvalues that are not zero, and whether none of them is; None where all are zero.

        Raises:
            NoClosedForm: digits do not show that the features are independent.
        """
        if (mu, kappa) not in self._sums:
            return None
        rank = self._rank(mu, kappa)
        with precision(self.bits + _GUARD):
            sums = self._sums[mu, kappa]
            roots = [(self._share * self._largest * b).sqrt() for b in sums.bounds]
            rank = None if rank is None else min(rank, len(roots))
            found = spectrum_block(sums.gram.within(roots), sums.weights, rank)
        if found is not None:
            return found, rank is not None or found.is_invertible()
        raise NoClosedForm(
            f"few features: no digits show that the kernel has rank {rank} on ({mu}; {kappa}), which its form allows; "
            "at a moderate length its spectrum decides"
        )

    def mean_diagonal(self) -> Ball:
        """E k(x, x), of values that are found without features."""
        with precision(self.bits + _GUARD):
            return from_arb(widened(self._diagonal, self._share * self._largest))


def left_out_bits(length: int) -> int:
    """Some 2^-bits of the probability is not visited."""
    return _BITS + _MORE * length.bit_length()


class _OneSequence:
    """The features of one sequence in each sector."""

    def __init__(self, found: SequenceFeatures, sites: int) -> None:
        self.sites, self.letters = sites, found.letters
        star = found.types.star
        self.places = [i for i in range(len(found.sizes)) if i != star]
        self.sizes = [found.sizes[i] for i in self.places]
        self.features = [f for f in found.features if f.weight != 0]

    # -- which features there are --------------------------------------------------------------

    def _on(self, mu: Partition, kappa: Partition | None) -> list[Feature]:
        """Those with a part there."""
        least = {PLAIN: 0, ONE: 1}.get(mu, 2)
        return [f for f in self.features if f.order >= least and (f.indexed or kappa != ONE)]

    def weights(self, mu: Partition, kappa: Partition | None) -> tuple[list[list[Any]], list[Any]]:  # fmt: skip
        """D, and a bound for each feature's square, over that of the kernel."""
        s, blocks, bounds = self.sites, [], []
        for f in self._on(mu, kappa):
            weight = as_ball(f.weight)
            times = self.letters if f.indexed and kappa is None else 1
            bound = real(s + 1) / abs(weight)
            if f.order == 2 and mu == ONE:
                own, beside = (weight * real(Fraction(n, s * (s - 2))) for n in (s - 1, 1))
                blocks.append([[own, beside], [beside, own]])
                bounds += [bound, bound]
                continue
            factor = {0: 1, 1: s if mu == PLAIN else 1, 2: s * (s - 1) if mu == PLAIN else 1}[f.order]  # fmt: skip
            blocks += [[[weight * factor]]] * times
            bounds += [bound] * times
        found = [[_ZERO] * len(bounds) for _ in bounds]
        at = 0
        for block in blocks:
            for i, row in enumerate(block):
                found[at + i][at : at + len(row)] = row
            at += len(block)
        return found, bounds

    # -- their values --------------------------------------------------------------------------

    def vectors(self, mu: Partition, kappa: Partition | None) -> tuple[list[list[Any]], list[Any]]:
        """A row for each feature, and the weights of the columns of their inner products."""
        part = {PLAIN: self._mean, ONE: self._sites, TWO: self._symmetric, PAIR: self._antisymmetric}[mu]  # fmt: skip
        rows: list[list[Any]] = []
        for f in self._on(mu, kappa):
            if not f.indexed:
                found = part(f.order, f.values)
                if kappa == PLAIN or kappa is None:
                    rows += found
                continue
            each = [part(f.order, values)[0] for values in f.values]
            if kappa is None:
                rows += each
                continue
            total = [sum(column[1:], column[0]) for column in zip(*each, strict=True)]
            if kappa == PLAIN:
                root = as_ball(real(self.letters)).sqrt()
                rows.append([e / root for e in total])
                continue
            mean = [e / self.letters for e in total]
            root = as_ball(real(self.letters - 1)).sqrt()
            rows.append([(e - m) / root for row in each for e, m in zip(row, mean, strict=True)])
        columns = self._columns(mu)
        return rows, columns * (self.letters if kappa == ONE else 1)

    def _columns(self, mu: Partition) -> list[Any]:
        sizes, s = self.sizes, self.sites
        if mu == PLAIN:
            return [real(1)]
        if mu == ONE:
            return [real(n) / (s - 1) for n in sizes]
        times = s * (s - 3) // 2 if mu == TWO else (s - 1) * (s - 2) // 2  # the dimension of mu
        return [real(n * m - (n if i == j else 0)) / times for i, n in enumerate(sizes) for j, m in enumerate(sizes)]  # fmt: skip

    def _own(self, values: Any) -> list[Any]:
        return [values[i] for i in self.places]

    def _total(self, values: Sequence[Any]) -> Any:
        return sum((n * e for n, e in zip(self.sizes, values, strict=True)), _ZERO)

    def _mean(self, order: int, values: Any) -> list[list[Any]]:
        """Over the positions, or over pairs of them."""
        if order == 0:
            return [[values]]
        if order == 1:
            return [[self._total(self._own(values)) / self.sites]]
        rows = self._square(values)
        total = self._total([self._total(row) - row[i] for i, row in enumerate(rows)])
        return [[total / (self.sites * (self.sites - 1))]]

    def _sites(self, order: int, values: Any) -> list[list[Any]]:
        """Functions of a position, of mean zero."""
        if order == 1:
            listed = [self._own(values)]
        else:
            rows = self._square(values)
            columns = list(zip(*rows, strict=True))
            listed = [[self._total(line) - line[i] for i, line in enumerate(lines)] for lines in (rows, columns)]  # fmt: skip
        found = []
        for line in listed:
            mean = self._total(line) / self.sites
            found.append([e - mean for e in line])
        return found

    def _square(self, values: Any) -> list[list[Any]]:
        return [[values[i][j] for j in self.places] for i in self.places]

    def _symmetric(self, order: int, values: Any) -> list[list[Any]]:
        """Of two positions, without rows."""
        rows, s = self._square(values), self.sites
        half = [[(a + b) / 2 for a, b in zip(row, column, strict=True)] for row, column in zip(rows, zip(*rows, strict=True), strict=True)]  # fmt: skip
        sums = [self._total(row) - row[i] for i, row in enumerate(half)]
        mean = self._total(sums) / s
        own = [(e - mean) / (s - 2) for e in sums]
        middle = mean / (s - 1)
        return [[e - middle - own[i] - own[j] for i, row in enumerate(half) for j, e in enumerate(row)]]  # fmt: skip

    def _antisymmetric(self, order: int, values: Any) -> list[list[Any]]:
        rows = self._square(values)
        half = [[(a - b) / 2 for a, b in zip(row, column, strict=True)] for row, column in zip(rows, zip(*rows, strict=True), strict=True)]  # fmt: skip
        own = [self._total(row) / self.sites for row in half]
        return [[e - own[i] + own[j] for i, row in enumerate(half) for j, e in enumerate(row)]]
