r"""The energy of a target on each eigenvalue of a sector, and its projection there.

`projections` gives the rational matrices Q and G of a sector; here they meet the eigenvectors: the squared norm of the projection of f on
all dim S^mu dim S^kappa images of an eigenfunction with coordinates c is c^T Q c / c^T G c. An eigenvalue that a block repeats has its
eigenvectors made orthogonal, in the order of `Sector.eigenvalues`, so that energies add up: over
all sectors and eigenvalues, with the part that the kernel does not see, to E f^2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import sympy as sp

from symkern.combinatorics.memory import require_bytes
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, displayed
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.missing_entries import without_mask
from symkern.reading.sequences import require_short
from symkern.sectors.ball_vectors import ball_form_ratio
from symkern.sectors.coordinates import Element, read_off
from symkern.sectors.projections import exact_values
from symkern.sectors.sector import Sector
from symkern.sectors.spaces import BallCoordinates, ExactCoordinates, SectorSpace


@typed
def energies(sector: Sector, target: Any, *, numeric: bool = False) -> tuple[Any, ...]:
    """E (P f)^2 for the projection P on each eigenvalue's functions in this sector.

    Args:
        sector: a sector of a spectrum at a given length and vocabulary.
        target: a function of a sequence (a tuple of letters 0..v-1), or the array of its v^L values in lexicographic order; rational values unless
            ``numeric``.
        numeric: compute in floating point.

    Returns:
        One energy per row of the block, SymPy expressions (hyperparameters may be symbols) for eigenvalues of degree one and two, balls above; floats
        with ``numeric``.

    Raises:
        InvalidArgument: a sector with a symbolic size.
        InvalidType: a value that is not rational.
        SizeMismatch: a list that has not v^L values.

    >>> from symkern.kernels import embedding, uniform
    >>> spec = embedding(1, 1).attention().mean_pool().spectrum(length=4, tokens=uniform(2))
    >>> [list(s.energies(lambda x: x[0] * x[1])) for s in spec.sectors if s.position_irrep]
    [[1/32], [1/16]]
    """
    space, length, letters = _sizes(sector)
    projection = space.realisation.projection(length, letters)
    if numeric:
        values = _values(target, space, length, letters).astype(float)
        q, g = projection.numeric_moments(values), projection.numeric_gram()
        vectors = _float_vectors(sector, space, g)
        return tuple(float(c @ q @ c) if c is not None else 0.0 for c in vectors)
    values, scale = _exact_target(target, space, length, letters)
    moments = projection.moments(values, scale)
    found: list[Any] = []
    for c in _vectors(sector, space, projection.gram):
        if isinstance(c, BallCoordinates):
            found.append(ball_form_ratio(c.balls, moments, projection.gram))
            continue
        norm = _form(c.elements, projection.gram, c.elements)
        top = _form(c.elements, moments, c.elements)
        found.append(read_off(top * norm.inverse(), c.value) if norm else sp.S.Zero)
    return tuple(found)


@typed
def component(sector: Sector, target: Any, branch: int, *, numeric: bool = False) -> np.ndarray:
    """The values of P f on all v^L sequences, in lexicographic order.

    Args:
        sector: a sector of a spectrum at a given length and vocabulary.
        target: as in `energies`.
        branch: which eigenvalue, the row's number from 0 in the order of ``sector.eigenvalues``.
        numeric: compute in floating point.

    Returns:
        An array (v^L,) of exact numbers, of floats with ``numeric``.

    Raises:
        InvalidArgument: a sector with a symbolic size, or no such branch.
        InvalidType: a value that is not rational.
        SizeMismatch: a list that has not v^L values.
    """
    space, length, letters = _sizes(sector)
    size = space.realisation.number(length, letters)
    index = read_integer(branch, "branch", minimum=0, maximum=sector.multiplicity - 1)
    projection = space.realisation.projection(length, letters)
    if numeric:
        values = _values(target, space, length, letters).astype(float)
        unit = _float_vectors(sector, space, projection.numeric_gram())[index]
        if unit is None or not projection.images:
            return np.zeros(size)
        scaled = unit / np.array([float(d) for d in projection.denominators])
        found = projection.component(values, scaled, scaled)
        return np.asarray(found * (float(projection.ratio) / projection.law))
    values, scale = _exact_target(target, space, length, letters)
    c = _vectors(sector, space, projection.gram)[index]
    out = np.full(size, sp.S.Zero, dtype=object)
    if not projection.images:
        return out
    rank = len(projection.denominators)
    basis = np.eye(rank, dtype=np.int64).astype(object)
    pieces: dict[tuple[int, int], Any] = {}
    for i, j in product(range(rank), repeat=2):
        below = projection.denominators[i] * projection.denominators[j]
        below *= projection.law * scale * projection.overlap_denominator
        shown = projection.component(values, basis[i], basis[j])
        pieces[i, j] = [projection.ratio * Fraction(int(n), below) for n in shown]
    if isinstance(c, BallCoordinates):
        for place in range(size):
            top = [[pieces[i, j][place] for j in range(rank)] for i in range(rank)]
            out[place] = ball_form_ratio(c.balls, top, projection.gram)
        return out
    norm = _form(c.elements, projection.gram, c.elements)
    if not norm:
        return out
    over = norm.inverse()
    weights = {
        (i, j): c.elements[i] * c.elements[j] * over for i, j in product(range(rank), repeat=2)
    }
    known: dict[tuple[Fraction, ...], Any] = {}
    for place in range(size):
        key = tuple(pieces[pair][place] for pair in weights)
        if key not in known:
            total = Element(norm.modulus, ())
            for w, q in zip(weights.values(), key, strict=True):
                if q and w:
                    total = total + w.scaled(q)
            known[key] = read_off(total, c.value)
        out[place] = known[key]
    return out


def target_values(target: Any, length: int, letters: int) -> np.ndarray:
    """The target's values on all sequences, in lexicographic order.

    >>> target_values(lambda x: x[0] - x[1], 2, 2).tolist()
    [0, -1, 1, 0]
    """
    return _listed(target, letters**length, product(range(letters), repeat=length))


def _values(target: Any, space: SectorSpace, length: int, letters: int) -> np.ndarray:
    realisation = space.realisation
    number = realisation.number(length, letters)
    require_bytes(f"the values of a target at {number} sequences", 40 * number)
    return _listed(target, number, realisation.sequences(length, letters))


def _listed(target: Any, size: int, sequences: Iterable[tuple[int, ...]]) -> np.ndarray:
    listed: np.ndarray
    require_short(target, "target")
    target = without_mask(target, "target")
    if callable(target):
        listed = np.empty(size, dtype=object)
        for place, x in enumerate(sequences):
            listed[place] = target(x)
    elif not hasattr(target, "__len__"):
        raise InvalidType("target", "must be a function of a sequence or a list of values", target)
    elif isinstance(target, np.ndarray) and target.dtype.kind in "fiub":
        listed = target.reshape(-1)
    else:
        listed = np.asarray(target, dtype=object).reshape(-1)
    if len(listed) != size:
        raise SizeMismatch(
            "target", f"must have {size} values, one for each sequence", f"it has {len(listed)}"
        )
    return listed


def _exact_target(
    target: Any, space: SectorSpace, length: int, letters: int
) -> tuple[np.ndarray, int]:
    listed = _values(target, space, length, letters)
    if listed.dtype.kind == "f":
        raise InvalidType(
            "target", "must have exact values, or be given with numeric=True", float(listed[0])
        )
    return exact_values([_rational(e, i) for i, e in enumerate(listed.tolist())])


def _rational(value: Any, place: int) -> Fraction:
    if isinstance(value, float) or not hasattr(value, "numerator"):
        raise InvalidType(
            f"target value {place}", "must be rational, or be given with numeric=True", value
        )
    return Fraction(int(value.numerator), int(value.denominator))


def _sizes(sector: Sector) -> tuple[SectorSpace, int, int]:
    space = SectorSpace.of(sector)
    length, letters = space.realisation.length, space.realisation.vocabulary
    if not isinstance(length, int) or not isinstance(letters, int):
        raise InvalidArgument(
            "sector",
            "must be of a spectrum at a given length and vocabulary (Spectrum.evaluate gives one)",
            f"they are {displayed(length)} and {displayed(letters)}",
        )
    return space, length, letters


# -- eigenvectors, orthogonal within repeated eigenvalues -------------------------------------


def _vectors(
    sector: Sector, space: SectorSpace, gram: Sequence[Sequence[Fraction]]
) -> list[ExactCoordinates | BallCoordinates]:
    found: list[ExactCoordinates | BallCoordinates] = []
    earlier: dict[Any, list[ExactCoordinates]] = {}
    for index, branch in enumerate(sector.branches):
        c = space.eigenvector(index, {})
        if isinstance(c, ExactCoordinates):
            same = earlier.setdefault((branch.minimal_polynomial, branch.index), [])
            for other in same:
                norm = _form(other.elements, gram, other.elements)
                if norm:
                    overlap = _form(other.elements, gram, c.elements) * norm.inverse()
                    turned = tuple(
                        a + (overlap * b).scaled(-1)
                        for a, b in zip(c.elements, other.elements, strict=True)
                    )
                    c = ExactCoordinates(turned, c.value)
            same.append(c)
        found.append(c)
    return found


def _form(
    a: Sequence[Element], matrix: Sequence[Sequence[Fraction]], b: Sequence[Element]
) -> Element:
    total = Element(a[0].modulus, ())
    for x, row in zip(a, matrix, strict=True):
        if not x:
            continue
        inner = Element(a[0].modulus, ())
        for q, y in zip(row, b, strict=True):
            if q and y:
                inner = inner + y.scaled(q)
        total = total + x * inner
    return total


def _float_vectors(sector: Sector, space: SectorSpace, gram: np.ndarray) -> list[np.ndarray | None]:
    """Coordinates of norm one in floating point; None for functions of norm zero."""
    found: list[np.ndarray | None] = []
    earlier: dict[Any, list[np.ndarray]] = {}
    for index, (branch, c) in enumerate(zip(sector.branches, space.float_vectors(), strict=True)):
        scale = np.sqrt(np.abs(np.diag(gram))) @ np.abs(c)
        c = c / scale if scale else c
        key = (branch.minimal_polynomial, branch.index) if branch.minimal_polynomial else index
        same = earlier.setdefault(key, [])
        for other in same:
            c = c - (other @ gram @ c) * other
        norm = float(c @ gram @ c)
        if norm < 1e-24:
            found.append(None)
            continue
        c = c / np.sqrt(norm)
        same.append(c)
        found.append(c)
    return found
