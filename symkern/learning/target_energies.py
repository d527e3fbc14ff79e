r"""A target's energy on every eigenvalue of a spectrum, and what lies outside the kernel's span.

Two routes, chosen by what is known of the target:

* *graded*: formulas of degree at most two under uniform tokens, at any length (also L), and functions of the counts of two letters. With P the
  spectral projector of an eigenvalue in the block, written in a basis of functions of one degree each, and <A_d, A_e> the Gram matrix of the target's
  parts (`targets.graded`), the energy is sum_(d, e) <A_d, A_e> U_de with U_dd = P_dd and U_de = sign(P_de) sqrt(P_de P_ed):
  the basis vectors of an engine are positive multiples of orthonormal ones, which leaves the diagonal and all signs alone;
* *dense*: any function, at sizes where all v^L sequences fit, by `Sector.energies`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import fsum
from typing import Any

import numpy as np
import sympy as sp

from symkern.combinatorics import Partition
from symkern.engines.match_counts.uniform_tokens import uniform_operator
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.exact import AlgebraicNumber, ExactMatrix
from symkern.exact.many_digits import many_digits
from symkern.kernels.pipeline import Kernel
from symkern.learning.letters_split import split_by_letters
from symkern.learning.outside_span import named_energies
from symkern.learning.target_values import (
    require_eigenvectors,
    sequence_count,
    sequence_weights,
    tabulated,
)
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.sectors.sector import Sector
from symkern.sectors.sector_energies import component, energies
from symkern.spectra.spectrum import Spectrum
from symkern.targets.formula_targets import FormulaTarget
from symkern.targets.graded_targets import GradedTarget, graded_target

#: Digits in which spectral projectors are computed: blocks mix scales of many powers of L.
_DIGITS = 80

#: Energies below this share of the total are rounding, not parts of the target.
_NEGLIGIBLE = 1e-13

_OUTSIDE = 1e-11

#: Between these E f^2 and every part of it that is not negligible are floats.
_SMALLEST, _LARGEST = 1e-280, 1e280


def label_sizes(spectrum: Spectrum) -> tuple[object, object]:
    """The sizes that a part's two irreps are written with: the length as a symbol, for parts are compared across lengths, and the letters as they are."""
    positions = "L" if spectrum.group == "S_L" else sp.Symbol("L") - 1
    letters = spectrum.tokens_symbol
    return positions, "L" if letters is None else letters


@dataclass(frozen=True)
@typed
class TargetPart:
    """A target's part on one eigenvalue.

    Attributes:
        position_irrep: mu, the parts below the first row.
        token_irrep: kappa, the same of the tokens.
        branch: the place of the eigenvalue in its sector.
        eigenvalue: the eigenvalue.
        dimension: its multiplicity.
        energy: that of the target there.
    """

    position_irrep: Partition
    token_irrep: Partition | None
    branch: int
    eigenvalue: Any
    dimension: int
    energy: float

    @property
    def sector(self) -> tuple[Partition, Partition | None]:
        """(mu, kappa)."""
        return self.position_irrep, self.token_irrep


@dataclass(frozen=True)
@typed
class Outside:
    """A target's part where the kernel is zero, named as far as is known: irreps, and the degree."""

    position_irrep: Partition | None
    token_irrep: Partition | None
    degree: int | None
    energy: float


@dataclass(frozen=True)
@typed
class TargetEnergies:
    """Floating point: energies of a target in the order of the spectrum's sectors and their eigenvalues.

    ``parts`` has an entry for every nonzero eigenvalue, energy zero included; ``total`` is E f^2, ``unlearnable`` the energy outside the kernel's span
    and ``outside`` what it consists of. ``route`` is "graded" or "dense".
    """

    parts: tuple[TargetPart, ...]
    outside: tuple[Outside, ...]
    total: float
    route: str

    @cached_property
    def unlearnable(self) -> float:
        """Energy in the null space of the kernel: learnability 0 at any number of samples."""
        return fsum(part.energy for part in self.outside)

    @cached_property
    def energies(self) -> np.ndarray:
        """Energies of ``parts``."""
        return np.array([part.energy for part in self.parts])


def target_energies(spectrum: Spectrum, target: Any) -> TargetEnergies:
    """Energies on the eigenvalues of a spectrum with numbers for everything; ``target`` comes from `read_target`.

    Raises `InvalidArgument` where E f^2 is no float.
    """
    if isinstance(target, FormulaTarget):
        graded = graded_of(spectrum, target)
        if graded is not None:
            return _graded(spectrum, graded)
        if sequence_count(spectrum) > current().dense_sequences:
            split = split_by_letters(spectrum)
            graded = graded_of(split, target) if split is not spectrum else None
            if graded is not None:
                return _joined(spectrum, _graded(split, graded))
    return _dense(spectrum, target)


def _joined(spectrum: Spectrum, split: TargetEnergies) -> TargetEnergies:
    """Energies by sectors of the positions alone: a block has the eigenvalues of those that it is split into, each as often as its irrep of the letters says.

    Repeated eigenvalues share one energy, given to the first of them.
    """
    parts: list[TargetPart] = []
    for sector in spectrum.sectors:
        mu, times = sector.position_irrep, int(sector.dimension)
        theirs = sorted((p for p in split.parts if p.position_irrep == mu), key=_size)
        energies = [e for p in theirs for e in (p.energy, *[0.0] * (p.dimension // times - 1))]
        ours = [
            TargetPart(mu, None, i, value, times, 0.0)
            for i, value in enumerate(sector.eigenvalues)
            if not (isinstance(value, sp.Expr) and value == 0)
        ]
        ours.sort(key=_size)
        parts += [replace(p, energy=e) for p, e in zip(ours, energies, strict=True)]
    sums: dict[tuple[Partition | None, int | None], float] = {}
    for part in split.outside:
        labels = part.position_irrep, part.degree
        sums[labels] = sums.get(labels, 0.0) + part.energy
    outside = tuple(Outside(mu, None, degree, energy) for (mu, degree), energy in sums.items())
    return TargetEnergies(tuple(parts), outside, split.total, split.route)


def _size(part: TargetPart) -> float:
    return -float(part.eigenvalue)


# -- graded ----------------------------------------------------------------------------


def graded_of(spectrum: Spectrum, target: FormulaTarget) -> GradedTarget | None:
    """The target's Gram matrices by sector, None where the graded route does not apply."""
    kernel = spectrum.kernel
    if not isinstance(kernel, Kernel) or kernel.group.fixed:
        return None
    if not spectrum.tokens.is_uniform or not isinstance(spectrum.vocabulary, int):
        return None
    if any(
        sector.degrees is None for sector in spectrum.sectors
    ):  # of an engine that knows values alone
        return None
    try:
        highest = highest_degree(spectrum)
        if isinstance(spectrum.length, int) and spectrum.length <= current().energy_degrees:
            highest = max(highest, spectrum.length)  # what the kernel does not see is named too
        return graded_target(target, spectrum.length, spectrum.vocabulary, highest)
    except NoClosedForm:
        return None


def highest_degree(spectrum: Spectrum) -> int:
    """The degree beyond which the kernel vanishes; raises `NoClosedForm` where it is no polynomial."""
    assert isinstance(spectrum.kernel, Kernel)
    return uniform_operator(spectrum.kernel, spectrum.length, spectrum.vocabulary).degree


def _require_floats(power: Any) -> None:
    """Refuse a target whose energies would overflow, or vanish."""
    if power != 0 and not _SMALLEST <= power <= _LARGEST:
        raise InvalidArgument(
            "target",
            f"must have a mean square between {_SMALLEST:g} and {_LARGEST:g} (what is learned does not depend on its scale: divide it by its size)",
            "it is larger" if power > 1 else "it is smaller",
        )


def _graded(spectrum: Spectrum, target: GradedTarget) -> TargetEnergies:
    _require_floats(target.total)
    parts: list[TargetPart] = []
    outside: list[Outside] = []
    seen = set()
    for sector in spectrum.sectors:
        assert sector.token_irrep is not None
        labels = (sector.position_irrep, sector.token_irrep)
        seen.add(labels)
        gram = target.parts.get(labels, {})
        degrees = sector.degrees
        assert degrees is not None
        values = _branch_energies(sector, degrees, gram)
        zero = 0.0
        for i, (value, energy) in enumerate(zip(sector.eigenvalues, values, strict=True)):
            if isinstance(value, sp.Expr) and value == 0:
                zero += energy
                continue
            parts.append(TargetPart(*labels, i, value, int(sector.dimension), energy))
        if zero > _NEGLIGIBLE * float(target.total):
            outside.append(Outside(*labels, None, zero))
        outside += [
            Outside(*labels, d, float(_number(x)))
            for (d, e), (x, _) in gram.items()
            if d == e and d not in degrees
        ]
    for labels, gram in target.parts.items():
        if labels not in seen:
            outside += [
                Outside(*labels, d, float(_number(x))) for (d, e), (x, _) in gram.items() if d == e
            ]
    total = float(target.total)
    if target.highest is not None:  # the parts of higher degree were not listed
        listed = sum(
            (_number(x) for g in target.parts.values() for (d, e), (x, _) in g.items() if d == e),
            sp.S.Zero,
        )
        if rest := target.total - listed:
            outside.append(Outside(Partition(), None, None, float(rest)))
    return TargetEnergies(tuple(parts), tuple(outside), total, "graded")


def _number(x: Any) -> sp.Rational:
    return sp.Rational(x.numerator, x.denominator)


def _branch_energies(sector: Sector, degrees: tuple[int, ...], gram: Any) -> list[float]:
    """One energy for each eigenvalue; repeated eigenvalues share one, given to the first of them."""
    if not gram or not any(d in degrees for pair in gram for d in pair):
        return [0.0] * sector.multiplicity
    if sector.multiplicity == 1:
        return [float(_number(gram[degrees[0], degrees[0]][0]))]
    assert isinstance(sector.block, ExactMatrix)
    mp = many_digits(_DIGITS)
    block = mp.matrix(
        [[mp.mpf(e.numerator) / e.denominator for e in row] for row in sector.block.to_numpy()]
    )
    values = [_precise(value, mp) for value in sector.eigenvalues]
    wanted = {
        key: mp.mpf(_number(x).p) / _number(x).q * mp.sqrt(mp.mpf(_number(q).p) / _number(q).q)
        for key, (x, q) in gram.items()
    }
    found: list[float] = []
    for i, value in enumerate(values):
        if sector.branches[i] in sector.branches[:i]:
            found.append(0.0)
            continue
        others = {values[j] for j in range(len(values)) if sector.branches[j] != sector.branches[i]}
        found.append(_projected(mp, block, value, others, degrees, wanted))

    return found


def _projected(
    mp: Any, block: Any, value: Any, others: set[Any], degrees: tuple[int, ...], gram: Any
) -> float:
    """sum over degrees of <A_d, A_e> U_de for the spectral projector of one eigenvalue."""
    size = block.rows
    projector = mp.eye(size)
    for other in others:
        projector = projector * (block - other * mp.eye(size)) / (value - other)
    total = mp.mpf(0)
    for (d, e), x in gram.items():
        if d not in degrees or e not in degrees:
            continue
        i, j = degrees.index(d), degrees.index(e)
        if i == j:
            total += x * projector[i, i]
        else:
            both = projector[i, j] * projector[j, i]
            if both > 0:
                total += 2 * x * mp.sign(projector[i, j]) * mp.sqrt(both)
    return max(float(total), 0.0)


def _precise(value: Any, mp: Any) -> Any:
    """An eigenvalue to the digits of the spectral projectors; Newton's method from the isolating interval."""
    if not isinstance(value, AlgebraicNumber):
        return mp.mpf(sp.N(value, _DIGITS)._mpf_)
    size = abs(float(value))
    near = value.refine(Fraction(size) / (1 << 60)) if size else value
    polynomial = value.minimal_polynomial[::-1]
    more = max(len(str(abs(c))) for c in polynomial)
    finer = many_digits(_DIGITS + more)
    root = finer.mpf(near.low.numerator) / near.low.denominator
    for _ in range(6):
        top, slope = finer.polyval(list(polynomial), root, derivative=True)
        root -= top / slope
    return mp.mpf(root)


# -- dense -----------------------------------------------------------------------------


def _dense(spectrum: Spectrum, target: Any) -> TargetEnergies:
    table = tabulated(spectrum, target)
    # The largest value in place of the mean square, which may be no float; less than 2^20 sequences lie between them.
    _require_floats(Fraction(float(np.abs(table).max(initial=0.0))) ** 2)
    outputs = table.reshape(len(table), -1).T
    weights = sequence_weights(spectrum.tokens, int(spectrum.length))
    total = fsum(float(np.dot(weights, f * f)) for f in outputs)
    parts: list[TargetPart] = []
    seen: list[tuple[Sector, int]] = []
    for sector in spectrum.sectors:
        with np.errstate(all="ignore"):
            try:
                found = [energies(sector, f, numeric=True) for f in outputs]
            except OverflowError:  # an exact entry that no float holds
                found = [(np.inf,)]
        sums = require_eigenvectors(np.array(found, dtype=float)).clip(min=0).sum(axis=0).tolist()
        for i, (value, energy) in enumerate(zip(sector.eigenvalues, sums, strict=True)):
            if isinstance(value, sp.Expr) and value == 0:
                continue
            kept = energy if energy > _NEGLIGIBLE * total else 0.0
            if kept:
                seen.append((sector, i))
            parts.append(
                TargetPart(
                    sector.position_irrep, sector.token_irrep, i, value, int(sector.dimension), kept
                )
            )
    left = total - fsum(part.energy for part in parts)
    outside = _named(spectrum, outputs, seen, left, total) if left > _OUTSIDE * total else ()
    return TargetEnergies(tuple(parts), outside, total, "dense")


def _named(
    spectrum: Spectrum,
    outputs: np.ndarray,
    seen: list[tuple[Sector, int]],
    left: float,
    total: float,
) -> tuple[Outside, ...]:
    """What the kernel does not see, by irreps and degree; ``seen`` are the eigenvalues on which the target has energy."""
    sums: dict[Any, float] = {}
    for f in outputs:
        rest = f.astype(float)
        for sector, branch in seen:
            rest -= component(sector, f, branch, numeric=True)
        found = named_energies(spectrum, rest)
        if found is None:
            return (Outside(None, None, None, left),)
        for labels, energy in found.items():
            sums[labels] = sums.get(labels, 0.0) + energy
    if abs(fsum(sums.values()) - left) > 1e-9 * total:  # rounding was too much for the names
        return (Outside(None, None, None, left),)
    kept = [
        Outside(mu, kappa, degree, energy)
        for (mu, kappa, degree), energy in sums.items()
        if energy > _OUTSIDE * total
    ]
    return tuple(sorted(kept, key=lambda part: (part.degree, -part.energy)))
