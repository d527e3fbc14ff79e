r"""Sensitivity of the sign of a draw from a kernel's Gaussian process, at a given length; floating point.

With rho(x, y) = k(x, y)/sqrt(k(x, x) k(y, y)), P(sign f(x) != sign f(y)) = arccos(rho)/pi, so that for independent letters with probabilities p

    E I(sign f) = (2/pi) sum_i E_x E_{u ~ p} arccos rho(x, x^{i -> u}),      I = sum_i E Var_i,

which for two uniform letters is E as(sign f) = (1/pi) sum_i E_x arccos rho(x, x^i). With q the share of inputs where sign f = 1, E 2 q (1-q) = E_{xy} arccos(rho)/pi tells
constant draws, which have no sensitivity, from interesting ones. K_0 counts inputs on which no neighbour differs: E K_0 = sum_j C(L, j) P_j, P_j by
`symkern.learning.neighbour_signs`. Where k(x, x) = 0 the sign has no meaning; such inputs are left out, and their probability is said.

Values of k on sequences are functions of the letters' counts; ``centred`` takes k less its means, the draw less its mean over inputs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import comb, prod

import numpy as np

from symkern.combinatorics.contingency_tables import compositions, number_of_tables
from symkern.engines.tables.sectors import kernel_source
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.exact.balls import from_arb, precision
from symkern.exact.reals import as_ball
from symkern.learning.neighbour_signs import NeighbourClass, one_sign
from symkern.learning.sign_laws import SignLaws, sign_laws
from symkern.limits import check_time, within_time
from symkern.reading.annotated import typed
from symkern.spectra.spectrum import Spectrum
from symkern.tokens import ALL_POSITIONS
from symkern.tokens.letter_counts import orders
from symkern.typeset.shown import Shown

#: Variances below this share of the largest are 0 but for rounding.
_ROUNDED = 1e-13
#: Positions up to which floats hold what the quadrature adds up.
_LONGEST = 250
_Table = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
@typed
class SignSensitivity(Shown):
    """What the sign of a draw depends on; floating point, each number computed when it is asked for.

    Attributes:
        spectrum: at a given length and vocabulary, with numbers for all hyperparameters.
        centred: whether draws have their mean over all inputs taken off.
    """

    spectrum: Spectrum = field(repr=False)
    centred: bool = False

    def __repr__(self) -> str:
        return f"<SignSensitivity of {self.spectrum!r}{', centred' * self.centred}>"

    @cached_property
    def _kernel(self) -> _Covariance:
        return _Covariance(self.spectrum, self.centred)

    @property
    def average(self) -> float:
        """E I(sign f), for two uniform letters E as(sign f), the mean number of positions whose letter decides."""
        k, total = self._kernel, 0.0
        p, length = k.probabilities, int(self.spectrum.length)
        with within_time(
            "the sensitivity of signs", "shorter sequences or fewer letters take less"
        ):
            for counts in k.counts(length):
                check_time()
                weight = orders(counts) * prod(q**n for q, n in zip(p, counts, strict=True))
                for t, n in enumerate(counts):
                    for u in range(len(p)):
                        if n and u != t:
                            turned = k.angle(_moved(counts, t, u))
                            total += 2 * weight * n * p[u] * (0.0 if turned is None else turned)
        return total / np.pi

    @cached_property
    def balance(self) -> float:
        """E 2 q (1 - q), q the share of inputs on which a draw is positive: 1/2 where half are, 0 for constant draws."""
        k, total = self._kernel, 0.0
        with within_time("the balance of signs", "shorter sequences or fewer letters take less"):
            for table in k.tables(int(self.spectrum.length)):
                check_time()
                turned = k.angle(table)
                flat = sum(table, ())
                chance = orders(flat) * prod((k.probabilities[t] * k.probabilities[u]) ** n for t, row in enumerate(table) for u, n in enumerate(row))  # fmt: skip
                total += chance * (0.0 if turned is None else turned)
        return total / np.pi

    @cached_property
    def zero_inputs(self) -> float:
        """E K_0, the mean number of inputs on which no neighbour has the other sign; on two letters.

        Raises:
            NoClosedForm: there are more letters, or more than 250 positions.
        """
        k, length = self._kernel, int(self.spectrum.length)
        if len(k.probabilities) != 2:
            raise NoClosedForm("vocabulary: inputs of zero sensitivity are counted on two letters")
        if length > _LONGEST:
            raise NoClosedForm(
                f"length: inputs of zero sensitivity are counted up to length {_LONGEST}"
            )
        total = 0.0
        with within_time("inputs of zero sensitivity", "shorter sequences take less"):
            for j in range(length + 1):
                check_time()
                found = k.one_sign(length - j, j)
                total += comb(length, j) * (0.0 if found is None else found)
        return total

    @cached_property
    def left_out(self) -> float:
        """The probability of inputs at which k(x, x) = 0, which have no sign."""
        k, total = self._kernel, 0.0
        for counts in k.counts(int(self.spectrum.length)):
            if k.is_zero(_diagonal(counts)):
                total += orders(counts) * prod(q**n for q, n in zip(k.probabilities, counts, strict=True))  # fmt: skip
        return total

    def __str__(self) -> str:
        lines = [f"E I(sign f) = {self.average:.6f}", f"E 2q(1-q) = {self.balance:.6f}"]
        if len(self._kernel.probabilities) == 2:
            lines.append(f"E K_0 = {self.zero_inputs:.6g} of {2 ** int(self.spectrum.length)}")
        if self.left_out:
            lines.append(f"inputs without a sign: {self.left_out:.6f}")
        return ", ".join(lines)


@typed
def sign_sensitivity(spectrum: Spectrum, centred: bool = False) -> SignSensitivity | SignLaws:
    """The sensitivity of sign f, f drawn from the kernel's Gaussian process: floating point at a given length, laws in L where the length is a symbol.

    Args:
        spectrum: at a given length and vocabulary, of independent tokens, with numbers for all hyperparameters; or at symbolic length (`symkern.learning.sign_laws`).
        centred: take the mean over all inputs off each draw.

    Raises:
        InvalidArgument: a size or a hyperparameter is a symbol, or the kernel reads one position.
        InvalidType: the tokens are not independent.

    >>> from symkern.kernels import embedding, uniform
    >>> found = sign_sensitivity(embedding(1, 1).attention().mean_pool().spectrum(8, uniform(2)))
    >>> print(found)
    E I(sign f) = 0.956146, E 2q(1-q) = 0.223062, E K_0 = 156.323 of 256
    """
    if not isinstance(spectrum.length, int):
        return sign_laws(spectrum, centred)
    if not isinstance(spectrum.vocabulary, int):
        rule = "must be a spectrum at a given length and vocabulary"
        raise InvalidArgument(
            "spectrum", rule, f"they are {spectrum.length} and {spectrum.vocabulary}"
        )
    if spectrum.parameters:
        shown = ", ".join(map(str, spectrum.parameters))
        raise InvalidArgument(
            "spectrum", "must have numbers as hyperparameters", f"{shown} have no value"
        )
    if spectrum.kernel.group != ALL_POSITIONS:
        rule = "must be invariant under all permutations of the positions here"
        raise InvalidArgument("kernel", rule, f"{spectrum.kernel} reads one position")
    spectrum.tokens.letter_probabilities()
    return SignSensitivity(spectrum, centred)


class _Covariance:
    """k on contingency tables, in floating point."""

    def __init__(self, spectrum: Spectrum, centred: bool) -> None:
        law, length = spectrum.tokens, int(spectrum.length)
        self.probabilities = [float(q) for q in law.letter_probabilities()]
        self._source = kernel_source(spectrum.kernel, length, len(self.probabilities))
        self._values: dict[_Table, float] = {}
        self._means: dict[tuple[int, ...], float] | None = None
        self._whole = 0.0
        if centred:
            self._centre(length)
        self.largest = max(self(_diagonal(c)) for c in self.counts(length))

    def __call__(self, table: _Table) -> float:
        """k, less its means where it is centred."""
        key = min(table, tuple(zip(*table, strict=True)))  # k(x, y) = k(y, x)
        found = self._values.get(key)
        if found is None:
            with precision(192):
                found = float(from_arb(as_ball(self._source([list(r) for r in key], None))))
            self._values[key] = found
        if self._means is None:
            return found
        rows = tuple(map(sum, table))
        columns = tuple(map(sum, zip(*table, strict=True)))
        return found - self._means[rows] - self._means[columns] + self._whole

    def _centre(self, length: int) -> None:
        """E_y k(x, y) by the counts of x, and E k(x, y)."""
        sums: dict[tuple[int, ...], float] = {}
        for table in self.tables(length):
            check_time()
            rows = tuple(map(sum, table))
            chance = 1.0
            for row in table:
                chance *= orders(row) * prod(q**n for q, n in zip(self.probabilities, row, strict=True))  # fmt: skip
            sums[rows] = sums.get(rows, 0.0) + chance * self(table)
        self._whole = sum(orders(c) * prod(q**n for q, n in zip(self.probabilities, c, strict=True)) * mean for c, mean in sums.items())  # fmt: skip
        self._means = sums

    def counts(self, length: int) -> Iterator[tuple[int, ...]]:
        """All counts of the letters."""
        return map(tuple, compositions(length, len(self.probabilities)).tolist())

    def tables(self, length: int) -> Iterator[_Table]:
        """All contingency tables."""
        size = len(self.probabilities)
        if number_of_tables(length, size) > 5_000_000:
            raise InvalidArgument("spectrum", "must have at most 5,000,000 tables of two sequences", f"length {length} and vocabulary {size} have more")  # fmt: skip
        for flat in compositions(length, size * size).tolist():
            yield tuple(tuple(flat[t * size : (t + 1) * size]) for t in range(size))

    def is_zero(self, table: _Table) -> bool:
        """Whether a variance is 0 but for rounding."""
        return self(table) <= _ROUNDED * self.largest

    def angle(self, table: _Table) -> float | None:
        """arccos rho; None where one of the two has no sign."""
        first = _diagonal(tuple(map(sum, table)))
        second = _diagonal(tuple(map(sum, zip(*table, strict=True))))
        if self.is_zero(first) or self.is_zero(second):
            return None
        rho = self(table) / np.sqrt(self(first) * self(second))
        return float(np.arccos(np.clip(rho, -1.0, 1.0)))

    def one_sign(self, zeros: int, ones: int) -> float | None:
        """P_j of an input with these counts; None where it or a neighbour has no sign."""
        here = ((zeros, 0), (0, ones))
        below, above = _diagonal((zeros + 1, ones - 1)), _diagonal((zeros - 1, ones + 1))
        if self.is_zero(here) or (ones and self.is_zero(below)) or (zeros and self.is_zero(above)):
            return None
        first = second = NeighbourClass(0, 1.0, 1.0, 0.0)
        if zeros:  # a zero becomes a one; two such neighbours differ at two places
            among = self(((zeros - 2, 1), (1, ones))) if zeros > 1 else self(above)
            first = NeighbourClass(zeros, self(above), among, self(((zeros - 1, 1), (0, ones))))
        if ones:
            among = self(((zeros, 1), (1, ones - 2))) if ones > 1 else self(below)
            second = NeighbourClass(ones, self(below), among, self(((zeros, 0), (1, ones - 1))))
        across = self(((zeros - 1, 0), (2, ones - 1))) if zeros and ones else 0.0
        return one_sign(self(here), first, second, across)


def _diagonal(counts: tuple[int, ...]) -> _Table:
    return tuple(
        tuple(n if t == u else 0 for u in range(len(counts))) for t, n in enumerate(counts)
    )


def _moved(counts: tuple[int, ...], t: int, u: int) -> _Table:
    """x beside x with one letter t made u."""
    rows = [[n if a == b else 0 for b in range(len(counts))] for a, n in enumerate(counts)]
    rows[t][t] -= 1
    rows[t][u] += 1
    return tuple(map(tuple, rows))
