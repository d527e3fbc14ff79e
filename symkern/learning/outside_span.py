r"""Names for what lies outside a kernel's span, where all sequences are enumerated: position irrep, token irrep, Efron-Stein degree.

Let r be the target without its projections on the eigenvalues that are not zero. Under independent tokens r splits orthogonally by the irrep of the
positions and the degree (`symkern.targets.energies`), and under the uniform law by the irrep of the tokens as well. That comes first:
the sum C of all transpositions of two letters is the scalar

    content(kappa) = sum over the cells (i, j) of kappa[v] of (j - i)

on the irrep kappa[v], so that r_kappa = prod over the other contents c of (C - c)/(content(kappa) - c) r (Jucys 1974, Murphy 1981). On two letters the degree says it: exchanging
them multiplies a function of degree d by (-1)^d. Computed in floating point; r is rounded to 40 bits for the exact split by position irrep.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import comb

import numpy as np

from symkern.combinatorics import Partition, partitions
from symkern.limits import current
from symkern.spectra.spectrum import Spectrum
from symkern.targets.energies import energy
from symkern.tokens import Law

_BITS = 40


Labels = tuple[Partition | None, Partition | None, int]


def named_energies(spectrum: Spectrum, rest: np.ndarray) -> dict[Labels, float] | None:
    """{(position irrep, token irrep, degree): energy} of a function on all v^L sequences, given by its values.

    The token irrep is None where the law is not uniform, where two irreps that it may be have one content, and where it would take too long; so is
    the position irrep with many letters. None altogether for tokens that are not independent.
    """
    law = spectrum.tokens
    if not law.is_independent:
        return None
    length, letters = int(spectrum.length), int(spectrum.vocabulary)
    table = np.asarray(rest, dtype=float).reshape((letters,) * length)
    found: dict[Labels, float] = {}
    if comb(letters + length - 1, length) > current().span_contents:
        return {(None, None, d): value for d, value in enumerate(_by_degree(table, law)) if value}
    for kappa, part in _by_token_irrep(table, law):
        for mu, degree, value in _by_position(part, law, not spectrum.kernel.group.fixed):
            named = kappa
            if law.is_uniform and letters == 2:
                named = Partition(1) if degree % 2 else Partition()
            key = mu, named, degree
            found[key] = found.get(key, 0.0) + value
    return found


def _by_position(
    table: np.ndarray, law: Law, whole: bool
) -> Iterator[tuple[Partition, int, float]]:
    """(mu, degree, energy), mu an irrep of S_L, or of the S_(L-1) that fixes the last position."""
    if whole:
        yield from _energies(table, law)
        return
    p = np.array([float(q) for q in law.letter_probabilities()])
    mean = table @ p
    yield from _energies(mean, law)
    for t, weight in enumerate(p):
        if weight:
            for mu, degree, value in _energies(table[..., t] - mean, law):
                yield mu, degree + 1, weight * value


def _by_degree(table: np.ndarray, law: Law) -> list[float]:
    """Energies by Efron-Stein degree: each position's mean is split off, with the energies of what has been split counted along."""
    p = np.array([float(q) for q in law.letter_probabilities()])
    parts = {0: table}
    weights: np.ndarray = np.ones(())
    for axis in range(table.ndim):
        split: dict[int, np.ndarray] = {}
        for d, part in parts.items():
            mean = np.expand_dims(np.tensordot(part, p, axes=(axis, 0)), axis)
            for degree, piece in ((d, mean + np.zeros_like(part)), (d + 1, part - mean)):
                split[degree] = split[degree] + piece if degree in split else piece
        parts, weights = split, np.multiply.outer(weights, p)
    return [float((weights * parts[d] ** 2).sum()) for d in range(table.ndim + 1)]


def _energies(table: np.ndarray, law: Law) -> Iterator[tuple[Partition, int, float]]:
    """(mu, degree, energy) of a function of all of its positions."""
    scale = float(np.abs(table).max())
    if not scale:
        return
    if not table.ndim:
        yield Partition(), 0, scale**2
        return
    unit = 2.0**_BITS
    rounded = np.rint(table.ravel() / scale * unit).astype(np.int64)
    for (mu, degree), value in energy(rounded, length=table.ndim, tokens=law).items():
        yield mu, degree, float(value) * (scale / unit) ** 2


def _by_token_irrep(table: np.ndarray, law: Law) -> list[tuple[Partition | None, np.ndarray]]:
    """The parts of a function by irrep of the letters; the whole of it without a name where that is not known."""
    letters, length = len(table), table.ndim
    if not law.is_uniform or letters <= 2:
        return [(None, table)]
    by_content: dict[int, list[Partition]] = {}
    for size in range(min(length, letters) + 1):
        for kappa in partitions(size) if size else [Partition()]:
            if kappa.threshold <= letters:
                content = sum(j - i for i, part in enumerate(kappa.padded(letters)) for j in range(part))  # fmt: skip
                by_content.setdefault(content, []).append(kappa)
    swaps = list(combinations(range(letters), 2))
    if len(by_content) ** 2 * len(swaps) * table.size > current().span_work:
        return [(None, table)]
    found: list[tuple[Partition | None, np.ndarray]] = []
    for content, labels in by_content.items():
        part = table
        for other in by_content:
            if other != content:
                part = (_transposed(part, swaps) - other * part) / (content - other)
        found.append((labels[0] if len(labels) == 1 else None, part))
    return found


def _transposed(table: np.ndarray, swaps: list[tuple[int, int]]) -> np.ndarray:
    """The sum over transpositions (s t) of f with s and t exchanged in every position."""
    total = np.zeros_like(table)
    for s, t in swaps:
        moved = list(range(len(table)))
        moved[s], moved[t] = t, s
        total += table[np.ix_(*[moved] * table.ndim)]
    return total
