r"""The series of a sector: the order of the jet is raised until the wanted terms are certain.

A jet of weight D certifies the terms c L^-r with r <= (D + k)/2 of the eigenvalues of mu, k = |mu|; so all terms down to L^-r take D = 2r - k. Where
a kernel has a kink of weight s, not smooth functions add eigenvalues of the order L^(-s/2-k), and only terms above these are certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy as sp

from symkern.combinatorics import Partition
from symkern.engines.large_length.certified_block import CertifiedBlock
from symkern.engines.large_length.jet_block import SectorBlock, SectorSetting
from symkern.engines.large_length.jet_source import JetSource
from symkern.exact.asymptotics import Leading
from symkern.exact.branch_series import Root
from symkern.exact.length_series import LengthSeries
from symkern.limits import check_time

#: The weight of a jet that shows every kink: an angle to the third power, averaged over the pairs of a position with itself.
_SHOWS_KINKS = 5


#: Rows of a block beyond which its determinants take minutes, so that no more terms are looked for where nobody asked for a power.
_ROWS = 12


@dataclass(frozen=True)
class Wanted:
    """What a caller asks for: down to L^-``power``, or ``terms`` terms of each of so many branches, and no further than L^-``most``."""

    terms: int
    power: Fraction | None
    branches: int
    most: Fraction
    least: int


@dataclass(frozen=True)
class Found:
    """Series that are certain, and the power of L of whatever else there is."""

    series: tuple[LengthSeries, ...]
    others: sp.Rational


def expanded(source: JetSource, mu: Partition, kappa: Partition | None, wanted: Wanted) -> Found:
    """The series of one sector."""
    k = mu.size
    power = wanted.power or min(Fraction(max(k, wanted.least)), wanted.most)
    while True:
        check_time()
        roots, known, others = _at(source, mu, kappa, power, wanted)
        exhausted = known < power or power >= wanted.most
        exhausted |= wanted.power is None and _rows(source, mu, kappa, power + 1) > _ROWS
        if wanted.power is not None or exhausted or _suffices(roots, known, wanted):
            break
        power += 1
    return Found(tuple(_series(source, root, others) for root in roots), others)


def _rows(source: JetSource, mu: Partition, kappa: Partition | None, power: Fraction) -> int:
    """The size of the block whose eigenvalues have all terms down to L^-power."""
    most = int(2 * power) - 2 * mu.size
    if most < 0:
        return 0
    return len(SectorSetting(source.laws, mu, kappa, most, source.starred).basis)


def _suffices(roots: Sequence[Root], known: Fraction, wanted: Wanted) -> bool:
    deep = [r for r in roots if known - r.terms[0][0] >= wanted.terms - 1]
    return len(deep) >= wanted.branches


def _at(
    source: JetSource, mu: Partition, kappa: Partition | None, power: Fraction, wanted: Wanted
) -> tuple[list[Root], Fraction, sp.Rational]:
    """The roots with all terms down to L^-power, the power down to which they are certain, and the order of the others."""
    k = mu.size
    order = int(2 * power) - k
    if order < 0:
        return [], power, -sp.Rational(k)
    if order > _SHOWS_KINKS:
        first = source.kink(source.jets(_SHOWS_KINKS))
        if first is not None:  # more weight would certify no more
            order = min(order, max(first + k, _SHOWS_KINKS))
    jets = source.jets(order)
    known, error = Fraction(order + k, 2), Fraction(order + k + 1, 2)
    kink = source.kink(jets)
    if kink is not None and Fraction(kink, 2) + k <= error:
        error = Fraction(kink, 2) + k
        known = error - Fraction(1, 2)
    setting = SectorSetting(source.laws, mu, kappa, order - k, source.starred) if order >= k else None  # fmt: skip
    roots: list[Root] = []
    if setting is not None and setting.basis:
        block = SectorBlock(setting, jets, known, source.scalars)
        graded = CertifiedBlock(block.entries(), setting.weights, known, source.field, source.reduced, source.shortened)  # fmt: skip
        roots = graded.roots(None if wanted.power is not None else wanted.terms)
    integral = all(r.denominator == 1 for root in roots for r, _ in root.terms)
    parity = source.letters == 2 and kappa is not None and not source.starred
    if kink is None and (parity and integral):
        error = Fraction(known.__floor__() + 1)  # only whole powers occur
    return roots, known, -sp.Rational(error.numerator, error.denominator)


def _series(source: JetSource, root: Root, others: sp.Rational) -> LengthSeries:
    terms = []
    for power, coefficient in root.terms:
        value, edge = source.shown(coefficient)
        exponent = -sp.Rational(power.numerator, power.denominator)
        terms.append(Leading(exponent, value, edge=edge))
    error = others
    if root.following is not None:
        error = -sp.Rational(root.following.numerator, root.following.denominator)
    return LengthSeries(tuple(terms), error)
