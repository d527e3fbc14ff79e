r"""What the spectrum under shuffled windows says of the windows themselves.

Let P be the law of windows of a chain, Pbar the same windows shuffled, k invariant under the permutations of all positions, phi its features,
S = E_P phi phi^T, and Sbar the same under Pbar: Sbar is the average of g S g^-1 over the permutations g. So

* tr(Pi_R S) = tr(Pi_R Sbar) on every isotypic part R: sums of eigenvalues per irrep are those of the windows, "each eigenvalue" becomes their mean;
* the spectrum of Sbar is majorised by that of S: the largest j eigenvalues of S sum to at least those of Sbar, and tr S (S + d)^-1 and log det(1 + S/d) are
  smaller for S;
* |lam_i - lambar_i| <= |S - Sbar|_op <= sqrt(E_PP k^2 - E_{Pbar Pbar} k^2), x and x' independent.

The first mean is a sum over contingency tables N, whose probability for two independent windows is the coefficient of g^N in a product of matrices on pairs of hidden states;
under Pbar it depends on the counts of both alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import comb, lcm, sqrt
from typing import Any

import numpy as np
import sympy as sp

from symkern.combinatorics import Partition
from symkern.combinatorics.memory import require_bytes
from symkern.engines.tables.sector_forms import SPARE_BITS
from symkern.engines.tables.sectors import kernel_source
from symkern.errors import InvalidArgument, InvalidType
from symkern.exact import Ball
from symkern.exact.balls import ball_sum, from_arb, precision
from symkern.exact.real_arguments import read_real
from symkern.exact.reals import as_ball, is_exact, real, to_expression
from symkern.exact.written import fields_repr
from symkern.limits import check_time, within_time
from symkern.reading.annotated import typed
from symkern.spectra.spectrum import Spectrum
from symkern.tokens import ALL_POSITIONS, HiddenMarkov, Symmetrised
from symkern.tokens.letter_counts import orders
from symkern.typeset.shown import Shown


@dataclass(frozen=True)
@typed
class BeforeShuffling(Shown):
    """What a spectrum under shuffled windows says of the spectrum under the windows as they are.

    Attributes:
        spectrum: that of the shuffled windows.
        mean_square: E k(x, x')^2 of two independent windows as they are, sum_i lam_i^2 of their spectrum.
        shuffled_square: the same of shuffled ones; never larger.
    """

    spectrum: Spectrum
    mean_square: sp.Expr | Ball
    shuffled_square: sp.Expr | Ball

    @property
    def squared_distance(self) -> sp.Expr | Ball:
        """E_PP k^2 - E_{Pbar Pbar} k^2 = |S - Sbar|^2, the squared Hilbert-Schmidt distance of the two operators."""
        first, second = self.mean_square, self.shuffled_square
        if isinstance(first, Ball) or isinstance(second, Ball):
            a, b = (e if isinstance(e, Ball) else Ball(Fraction(int(e.p), int(e.q))) for e in (first, second))  # fmt: skip
            return Ball((a.lower + a.upper - b.lower - b.upper) / 2, (a.upper - a.lower + b.upper - b.lower) / 2)  # fmt: skip
        return first - second

    @property
    def shift(self) -> float:
        """A bound on |lam_i - lambar_i| for every i, eigenvalues in descending order: the root of `squared_distance`, in floating point."""
        found = self.squared_distance
        return sqrt(max(float(found.upper if isinstance(found, Ball) else found), 0.0))

    def traces(self) -> dict[Partition, sp.Expr | Ball]:
        """The sum of all eigenvalues on each irrep of the positions, which is the same for the windows as they are."""
        sums: dict[Partition, list[Any]] = {}
        for sector in self.spectrum.sectors:
            sums.setdefault(sector.position_irrep, []).append(sector.contribution())
        return {
            mu: ball_sum(parts)
            if any(isinstance(p, Ball) for p in parts)
            else sum(parts, sp.S.Zero)
            for mu, parts in sums.items()
        }

    @typed
    def effective_dimension(self, ridge: object) -> float:
        """Tr Sbar (Sbar + d)^-1 at d = ``ridge``, in floating point: no less than that of the windows as they are.

        Args:
            ridge: d, above 0.

        Raises:
            InvalidArgument: a ridge that is not positive.
        """
        cost = read_real(ridge, "ridge", minimum=0)
        if cost == 0:
            raise InvalidArgument("ridge", "must be positive", "it is 0")
        total = 0.0
        for sector in self.spectrum.sectors:
            values: list[Any] = list(sector.eigenvalues)
            kept = np.maximum([float(e) for e in values], 0.0)
            total += float(sector.dimension) * float(np.sum(kept / (kept + cost)))
        return total

    def __repr__(self) -> str:
        return fields_repr(self)

    def __str__(self) -> str:
        return (
            f"eigenvalues of the windows as they are lie within {self.shift:.6g} of those of the shuffled ones; "
            "sums per irrep are equal, and the spectrum shown is majorised by theirs"
        )


def before_shuffling(spectrum: Spectrum) -> BeforeShuffling:
    """What the spectrum says of the windows of the chain before they were shuffled, exact where the kernel's values are.

    Args:
        spectrum: under a chain, ``kernel.spectrum(length, markov(...))``, with numbers for all hyperparameters.

    Raises:
        InvalidType: the tokens are no shuffled windows.
        InvalidArgument: the kernel reads one position, or has hyperparameters without values.

    >>> from symkern.kernels import embedding, markov
    >>> found = before_shuffling(embedding(1, 1).attention().mean_pool().spectrum(6, markov([["3/4", "1/4"], ["1/4", "3/4"]])))
    >>> round(found.shift, 7), round(found.effective_dimension(0.01), 6)
    (0.029818, 6.338593)
    """
    law = spectrum.tokens
    if not isinstance(law, Symmetrised):
        raise InvalidType("tokens", "must be a chain here: markov, hidden_markov or a mixture", law)
    if spectrum.kernel.group != ALL_POSITIONS:
        rule = "must be invariant under all permutations of the positions here"
        raise InvalidArgument("kernel", rule, f"{spectrum.kernel} reads one position")
    if spectrum.parameters:
        shown = ", ".join(map(str, spectrum.parameters))
        raise InvalidArgument("kernel", "must have numbers as hyperparameters here", f"{shown} have no value")  # fmt: skip
    with within_time("the mean of k^2 under a chain", "shorter windows or fewer letters take less"):
        as_they_are = pair_tables(law.chain, law.length)
        shuffled = _shuffled_tables(law, as_they_are)
        squares = _means(spectrum, as_they_are, shuffled)
    return BeforeShuffling(spectrum, *squares)


def pair_tables(chain: HiddenMarkov, length: int) -> dict[tuple[int, ...], Fraction]:
    """The probability of each contingency table N_tu = #{a : x_a = t, x'_a = u} of two independent windows, row by row.

    >>> from symkern.kernels import markov
    >>> sum(pair_tables(markov([["3/4", "1/4"], ["1/4", "3/4"]]), 3).values())
    Fraction(1, 1)
    """
    start, moves, shown = chain.numbers
    states, letters = range(chain.states), range(chain.vocabulary)
    below = lcm(*(e.denominator for part in ([start], moves, shown) for row in part for e in row))
    first = [int(p * below) for p in start]
    steps = [[int(e * below) for e in row] for row in moves]
    emitted = [[int(e * below) for e in row] for row in shown]
    cells = [(t, u) for t in letters for u in letters]
    number = comb(length + len(cells) - 1, len(cells) - 1)
    digits = 4 * length * below.bit_length() // 8 + 150
    require_bytes("the contingency tables of two windows", number * chain.states**2 * digits)
    site = {(t, u): [[emitted[i][t] * emitted[j][u] for j in states] for i in states] for t, u in cells}  # fmt: skip
    # The last cell of a table follows from the others.
    layer: dict[tuple[int, ...], list[list[int]]] = {
        (0,) * (len(cells) - 1): [[first[i] * first[j] for j in states] for i in states]
    }
    for position in range(length):
        found: dict[tuple[int, ...], list[list[int]]] = {}
        for table, pairs in layer.items():
            check_time()
            if position:
                half = [[sum(pairs[k][j] * steps[k][i] for k in states) for j in states] for i in states]  # fmt: skip
                pairs = [[sum(half[i][k] * steps[k][j] for k in states) for j in states] for i in states]  # fmt: skip
            for c, cell in enumerate(cells):
                weight = site[cell]
                new = [[pairs[i][j] * weight[i][j] for j in states] for i in states]
                key = table if c == len(cells) - 1 else (*table[:c], table[c] + 1, *table[c + 1 :])
                old = found.get(key)
                found[key] = new if old is None else [[a + b for a, b in zip(r, s)] for r, s in zip(old, new)]  # fmt: skip
        layer = found
    whole = below ** (2 * (2 * length))
    return {
        (*table, length - sum(table)): Fraction(sum(map(sum, pairs)), whole)
        for table, pairs in layer.items()
    }


def _shuffled_tables(law: Symmetrised, tables: Any) -> dict[tuple[int, ...], Fraction]:
    """The same of two shuffled windows: both counts, then all orders alike."""
    size = law.vocabulary
    chances = {}
    for table in tables:
        check_time()
        rows = [table[t * size : (t + 1) * size] for t in range(size)]
        first, second = [sum(row) for row in rows], [sum(column) for column in zip(*rows)]
        ways = Fraction(orders(table), orders(first) * orders(second))
        chances[table] = law.type_probability(first) * law.type_probability(second) * ways
    return chances


def _means(spectrum: Spectrum, *chances: dict[tuple[int, ...], Fraction]) -> list[Any]:
    """The means of k^2 under laws of tables."""
    size = spectrum.tokens.given_vocabulary(spectrum.length)
    source = kernel_source(spectrum.kernel, int(spectrum.length), size)
    with precision(SPARE_BITS + 64):
        sums = [real(0) for _ in chances]
        for table in chances[0]:
            check_time()
            value = source([list(table[t * size : (t + 1) * size]) for t in range(size)], None)
            for i, one in enumerate(chances):
                if one[table]:
                    sums[i] = sums[i] + value * value * real(one[table])
        return [to_expression(s) if is_exact(s) else from_arb(as_ball(s)) for s in sums]
