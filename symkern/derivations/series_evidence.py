r"""What checks the steps to a series in 1/L: values of the kernel on long sequences, and its exact spectra at single lengths.

Nothing of it uses jets, but `jet_deviations`, which holds a jet against the kernel. Symbols get small numbers, at which sequences are long sooner.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import product
from math import isqrt
from random import Random
from typing import Any

import sympy as sp

from symkern.combinatorics import Partition
from symkern.engines.large_length.jet_source import JetSource
from symkern.engines.large_length.problem_laws import laws_of
from symkern.engines.problem import Problem
from symkern.errors import SymkernError
from symkern.exact.asymptotics import sample_point
from symkern.exact.balls import BITS, precision
from symkern.exact.length_series import LengthSeries
from symkern.exact.many_digits import many_digits
from symkern.exact.reals import fixed_point
from symkern.kernels.algebras.given_sequences import recursion
from symkern.kernels.algebras.position_types import TypeRecursion
from symkern.kernels.pipeline import Kernel
from symkern.limits import current
from symkern.sectors.sector import Sector
from symkern.spectra.deriving import expected_cost
from symkern.spectra.deriving import spectrum as derived_spectrum
from symkern.spectra.numeric import generic_law
from symkern.spectra.ranking import ends
from symkern.spectra.spectrum import Spectrum

#: Lengths through which an expansion is laid, as parts of the longest, and the digits of that.
_PARTS, _DIGITS = (3, 4, 5, 6, 7, 8, 9, 10), 60

#: The length up to which a kernel is computed by its definition, with formulas for all entries.
_DEFINED = 5

#: The weight of a jet that shows every corner.
_SHOWS_CORNERS = 5

#: Directions in which tables leave independence.
_DIRECTIONS = ((3, 5), (2, 6), (1, 4))

Labels = tuple[Partition, "Partition | None"]


def small_values(spectrum: Spectrum) -> dict[sp.Symbol, sp.Rational]:
    """Numbers for the symbols: 1/2, 1/3, ... for hyperparameters, those of `generic_law` for probabilities."""
    own = {p: sp.Rational(1, 2 + i) for i, p in enumerate(spectrum.kernel.parameters)}
    return {**own, **sample_point(spectrum.tokens.parameters)}


def _kernel_at(spectrum: Spectrum) -> Kernel:
    values = {s: e for s, e in small_values(spectrum).items() if s in spectrum.kernel.parameters}
    found = spectrum.kernel.substitute(values)
    assert isinstance(found, Kernel)
    return found


# -- the kernel on long sequences ------------------------------------------------------------


def table_values(spectrum: Spectrum, L: int) -> tuple[list[Any], list[Any]] | None:
    """The kernel on random pairs of sequences by its definition, entry by entry; and by their contingency tables alone."""
    if L > _DEFINED:
        return None
    kernel, rng = _kernel_at(spectrum), Random(L)
    letters, fixed = int(spectrum.vocabulary), kernel.group.fixed
    by_definition, by_table = [], []
    for _ in range(3):
        x, y = ([rng.randrange(letters) for _ in range(L)] for _ in range(2))
        table, star = _table_of(x, y, letters, fixed)
        by_definition.append(float(_middle(recursion(kernel.stages, tuple(x), tuple(y)))))
        by_table.append(float(_table_value(kernel, table, star)))
    return by_definition, by_table


def _table_of(
    x: Sequence[int], y: Sequence[int], letters: int, fixed: int
) -> tuple[list[list[int]], tuple[int, int] | None]:
    """The table of the positions that move, and the letters of the one that is read."""
    table = [[0] * letters for _ in range(letters)]
    for t, u in list(zip(x, y, strict=True))[: len(x) - fixed]:
        table[t][u] += 1
    return table, (x[-1], y[-1]) if fixed else None


def _table_value(kernel: Kernel, table: list[list[int]], star: tuple[int, int] | None) -> Fraction:
    """The kernel on the sequences with a contingency table."""
    with precision(BITS):
        (number,), denominator, _ = fixed_point([TypeRecursion(kernel)(table, star)], BITS)
    return Fraction(int(number), int(denominator))


def jet_deviations(spectrum: Spectrum, order: int, L: int) -> tuple[list[Any], list[Any]] | None:
    """How far the jet of that weight is from the kernel at tables of L and of L/4 positions that are as far from independence as L^(-1/2): at L, and what it may be there."""
    if L % 16 or isqrt(L) ** 2 != L:
        return None
    far, near = (_deviations(spectrum, order, n) for n in (L, L // 4))
    source = _source(spectrum)
    kink = source.kink(source.jets(order))
    falls = min(order + 1, kink if kink is not None else order + 1)
    allowed = 2 ** -(falls - 0.5)
    return far, [float(e) * allowed + 1e-30 for e in near]


@lru_cache(maxsize=4)
def _source(spectrum: Spectrum) -> JetSource:
    kernel = _kernel_at(spectrum)
    return JetSource(kernel, laws_of(Problem.of(kernel, generic_law(spectrum), spectrum.length)))


def _deviations(spectrum: Spectrum, order: int, length: int) -> list[float]:
    kernel, source, mp = _kernel_at(spectrum), _source(spectrum), many_digits(_DIGITS)
    found = []
    with source.digits():
        for (one, two, t, u), jet in source.jets(order).items():
            laws = source.laws[one][1], source.laws[two][1]
            terms = [(powers, _float(mp, _middle(source.shown(source.reduced(c))[0]))) for powers, c in jet.terms().items()]  # fmt: skip
            missed = []
            for direction in _DIRECTIONS:
                table = _table(laws, length - (t is not None), direction)
                exact = _table_value(kernel, table, None if t is None or u is None else (t, u))
                at = [_float(mp, e) for e in _coordinates(table, laws, length)]
                total = mp.fsum(
                    c * mp.fprod(base**e for base, e in zip(at, powers, strict=True))
                    for powers, c in terms
                )
                missed.append(abs(total - _float(mp, exact)))
            found.append(float(max(missed)))
    return found


def _float(mp: Any, value: Fraction) -> Any:
    return mp.mpf(value.numerator) / value.denominator


def _table(
    laws: tuple[Sequence[Fraction], ...], sites: int, direction: tuple[int, int]
) -> list[list[int]]:
    """A contingency table of so many positions, sqrt(L) times fixed numbers away from independence."""
    root, n, (a, b) = isqrt(sites + 1), len(laws[0]), direction
    rows = [
        [round(sites * laws[0][t] * laws[1][u] + Fraction(root * ((a * t + b * u + t * u) % 7 - 3), 12)) for u in range(n)]
        for t in range(n)
    ]  # fmt: skip
    rows[0][0] += sites - sum(map(sum, rows))
    return rows


def _coordinates(
    table: list[list[int]], laws: tuple[Sequence[Fraction], ...], length: int
) -> list[Fraction]:
    """X, Y, M and 1/L of a table, by their definitions as sums over positions."""
    p, q = laws
    letters = range(1, len(p))
    cells = [(t, u, n) for t, row in enumerate(table) for u, n in enumerate(row)]
    xs = [sum(n * ((t == i) - p[i]) for t, _, n in cells) / length for i in letters]
    ys = [sum(n * ((u == j) - q[j]) for _, u, n in cells) / length for j in letters]
    ms = [
        sum(n * ((t == i) - p[i]) * ((u == j) - q[j]) for t, u, n in cells) / length
        for i, j in product(letters, repeat=2)
    ]
    return [*(Fraction(e) for e in (*xs, *ys, *ms)), Fraction(1, length)]


def _middle(value: Any) -> Fraction:
    low, high = ends(value)
    return (low + high) / 2


# -- exact spectra at single lengths ---------------------------------------------------------


def norm_of_part(spectrum: Spectrum, mu: Partition, L: int) -> tuple[float, float] | None:
    """dim mu |B_mu|^2, from the exact spectrum at L; E k(x, y)^2, by a sum over all pairs of sequences."""
    letters, law = int(spectrum.vocabulary), generic_law(spectrum)
    if letters**L > current().checked_sequences // 10 or not spectrum.kernel.group.exists(mu, L):
        return None
    kernel = _kernel_at(spectrum)
    exact = derived_spectrum(kernel, L, law)
    part = sum(
        float(t.dimension) * float(_middle(e)) ** 2
        for t in exact.sectors
        if t.position_irrep == mu
        for e in t.eigenvalues
    )
    words = list(law.sequences(L))
    weights = [float(law.sequence_probability([w.count(t) for t in range(letters)])) for w in words]
    known: dict[Any, float] = {}
    whole = 0.0
    for (x, p), (y, q) in product(list(zip(words, weights, strict=True)), repeat=2):
        table, star = _table_of(x, y, letters, kernel.group.fixed)
        key = (*map(tuple, table), star)
        if key not in known:
            known[key] = float(_table_value(kernel, table, star)) ** 2
        whole += p * q * known[key]
    return part, whole


def extrapolated(
    spectrum: Spectrum, sector: Sector, branch: int, series: LengthSeries, L: int
) -> tuple[list[float], list[float]] | None:
    """How far the coefficients of a series are from those that exact eigenvalues at eight lengths up to L extrapolate to; five times what the two shortest lengths change there.

    None where the extrapolation does not settle to a quarter, and where the exact spectra take long.
    """
    labels = sector.position_irrep, sector.token_irrep
    lengths = sorted({max(L * part // _PARTS[-1], 1) for part in _PARTS})
    if len(lengths) < len(_PARTS) or lengths[0] < sector.valid_for["L"]:
        return None
    kernel, at = _kernel_at(spectrum), small_values(spectrum)
    if expected_cost(kernel, L, generic_law(spectrum)).seconds > current().evidence_seconds:
        return None
    try:
        values = [_eigenvalue(kernel, spectrum, labels, branch, n) for n in lengths]
    except SymkernError:
        return None
    mp = many_digits(_DIGITS)
    powers = _powers(spectrum, series, len(lengths))
    fits = [_fitted(mp, lengths[i:], values[i:], powers[: len(powers) - i]) for i in range(3)]
    missed, allowed = [], []
    for i, term in enumerate(series.terms):
        value = term.coefficient
        value = value.subs(at) if isinstance(value, sp.Expr) else value
        found, less, least = (fit[i] for fit in fits)
        missed.append(float(abs(found - _float(mp, _middle(value)))))
        allowed.append(5 * float(max(abs(found - less), abs(less - least))))
        if allowed[-1] > max(abs(found), abs(fits[0][0])) / 4:
            return None
    return missed, allowed


def _eigenvalue(kernel: Kernel, spectrum: Spectrum, labels: Labels, branch: int, length: int) -> Any:  # fmt: skip
    sector = _spectrum_at(kernel, generic_law(spectrum), length).sector(*labels)
    middles = sorted((_middle(e) for e in sector.eigenvalues), reverse=True)
    return middles[branch]


@lru_cache(maxsize=32)
def _spectrum_at(kernel: Kernel, law: Any, length: int) -> Spectrum:
    return derived_spectrum(kernel, length, law)


def _powers(spectrum: Spectrum, series: LengthSeries, count: int) -> list[Fraction]:
    """The powers of 1/L in an expansion: those of the terms, then by whole steps, by halves behind a corner or where they occur.

    The parity of the degree takes L^(-1/2) to its negative and branches to branches: one that no other shares its first term with has whole powers alone.
    """
    known = [Fraction(-int(t.exponent.p), int(t.exponent.q)) for t in series.terms]
    with _source(spectrum).digits():
        corner = _source(spectrum).kink(_source(spectrum).jets(_SHOWS_CORNERS)) is not None
    halves = corner or any(r.denominator > 1 for r in known)
    beyond = known[-1] + 1
    if halves and series.error is not None:
        beyond = Fraction(-int(series.error.p), int(series.error.q))
    while len(known) < count:
        known.append(beyond)
        beyond += Fraction(1, 2) if halves else 1
    return known[:count]


def _fitted(mp: Any, lengths: Sequence[int], values: Sequence[Fraction], powers: Sequence[Fraction]) -> list[Any]:  # fmt: skip
    """The coefficients c_i of sum_i c_i L^-powers[i] through the values."""
    rows = [[mp.mpf(n) ** -_float(mp, r) for r in powers] for n in lengths]
    right = [_float(mp, v) for v in values]
    return list(mp.lu_solve(mp.matrix(rows), mp.matrix(right)))
