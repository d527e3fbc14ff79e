"""A figure of series in 1/L: the certain terms of a sector's eigenvalues beside exact values at single lengths."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.errors import InvalidArgument, SymkernError, displayed
from symkern.exact import exact_expression
from symkern.exact.length_series import LengthSeries
from symkern.limits import current, within_time
from symkern.plot.finishing import finished
from symkern.plot.style import COLOURS, axes, styled
from symkern.plot.symbol_values import read_longest, require_named
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.sectors.exact_series import series as exact_series
from symkern.sectors.sector import Sector
from symkern.sectors.series_sector import SeriesSector
from symkern.spectra import Spectrum
from symkern.spectra.deriving import expected_cost, with_values
from symkern.spectra.evaluating import evaluate, values_of_choice
from symkern.spectra.sample_laws import chosen_sector
from symkern.typeset import formula_latex, irrep_latex

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Lengths at which exact values are drawn, where these are quickly had, and the seconds that the last of them may be estimated to take.
_LENGTHS, _SECONDS = (6, 8, 12, 16, 24, 32, 48, 64), 2.0


@finished
@typed
def series(
    spectrum: Spectrum,
    mu: object,
    kappa: object = None,
    *,
    lengths: Iterable[Any] | None = None,
    terms: int | None = None,
    longest: int = 1000,
    ax: Axes | None = None,
    **parameters: object,
) -> Axes:
    """The series of a sector's eigenvalues, solid, with their leading terms dashed, beside exact values at single lengths, as points (floating point).

    A dotted line stands at about the length from which the leading term means something.

    Args:
        spectrum: with L a symbol, at a given vocabulary; of formulas or of series.
        mu: parts of the irrep of the positions below its first row.
        kappa: the same of the tokens; without it the one whose largest eigenvalue decays slowest.
        lengths: at which the exact spectrum is derived; without them some from 6 to 64 that take little.
        terms: of each series, as many as were asked for where nothing is said.
        longest: the length up to which series are drawn, if none of ``lengths`` is larger; beyond the first at which the sector is whole.
        ax: Axes to draw into.
        **parameters: hyperparameters by name, 1 where nothing is said, and probabilities.

    Raises:
        InvalidArgument: a sector without a series, a length that is no symbol, or a vocabulary that is one.
    """
    if spectrum.length != CONTEXT_LENGTH or not isinstance(spectrum.vocabulary, int):
        rule = "must have the length L and a given vocabulary"
        raise InvalidArgument("spectrum", rule, f"it has {spectrum.length} and {spectrum.vocabulary}")  # fmt: skip
    sector = chosen_sector(spectrum, mu, kappa)
    free = [p for p in spectrum.parameters if p not in (CONTEXT_LENGTH, VOCABULARY)]
    require_named(parameters, free, "the kernel and the law")
    values = values_of_choice(spectrum) | parameters
    at = {p: exact_expression(values[p.name], p.name) for p in free}
    known = [_at(s, at) for s in _series_of(sector, terms) if s.terms]
    if not known:
        raise InvalidArgument("mu", "must label a sector with a series", "of this one an order is known alone")  # fmt: skip
    last = read_longest(longest, max(sector.valid_for["L"], 2))
    with within_time("this figure", "fewer or smaller lengths= take less"):
        exact = _exact(spectrum, sector, values, _chosen(spectrum, sector, values, lengths, last))
    least = max(min(exact, default=sector.valid_for["L"]), 2)
    grid = np.geomspace(min(least, last), max(last, *exact), 200)
    with styled():
        ax = axes(ax)
        drawn = []
        for i, one in enumerate(known):
            colour = COLOURS[i % len(COLOURS)]
            name = rf"\lambda_{{{i + 1}}}" if len(known) > 1 else r"\lambda"
            points = [(n, found[i]) for n, found in exact.items() if len(found) > i]
            ax.loglog(*zip(*points, strict=True), "o", color=colour, markersize=4.5, zorder=3, label=f"${name}$, exact") if points else None  # fmt: skip
            whole, first = _curve(one, grid), _curve(one.first(1), grid)
            count = len(one.terms)
            label = f"{count} term{'s' * (count > 1)}"
            ax.loglog(grid, np.where(whole > 0, whole, np.nan), color=colour, linewidth=1.4, label=label)  # fmt: skip
            if count > 1:
                power = formula_latex(CONTEXT_LENGTH ** one.terms[0].exponent)
                ax.loglog(grid, first, "--", color=colour, linewidth=0.9, label=f"leading, $\\sim {power}$")  # fmt: skip
            if one.holds_from is not None and grid[0] < one.holds_from < grid[-1]:
                ax.axvline(one.holds_from, color=colour, linewidth=0.9, linestyle=(0, (1, 2)), zorder=1)  # fmt: skip
            drawn += [e for _, e in points] + [float(first[-1]), float(first[0])]
        positive = [e for e in drawn if e > 0]
        ax.set_ylim(min(positive) / 2, max(positive) * 2)
        ax.set(xlabel="context length $L$", ylabel="eigenvalue")
        ax.set_title(_title(spectrum, sector, values), fontsize=9)
        ax.legend(fontsize=8)
    return ax


def _series_of(sector: Sector, terms: int | None) -> tuple[LengthSeries, ...]:
    return sector.series(terms) if isinstance(sector, SeriesSector) else exact_series(sector, terms)


def _at(series: LengthSeries, values: dict[sp.Symbol, sp.Expr]) -> LengthSeries:
    """The series with numbers for symbols."""
    terms = (
        replace(t, coefficient=t.coefficient.subs(values))
        if isinstance(t.coefficient, sp.Expr)
        else t
        for t in series.terms
    )
    return replace(series, terms=tuple(terms))


def _curve(series: LengthSeries, grid: Any) -> Any:
    """The sum of the terms along lengths."""
    total = np.zeros_like(grid)
    for t in series.terms:
        total += LengthSeries((t,), None).at(1) * grid ** float(t.exponent)
    return total


def _chosen(
    spectrum: Spectrum,
    sector: Sector,
    values: dict[str, Any],
    lengths: Iterable[Any] | None,
    last: int,
) -> list[int]:
    """The lengths at which exact values are drawn."""
    least = sector.valid_for["L"]
    if lengths is not None:
        asked = read_list(lengths, "lengths", "lengths")
        return [read_integer(n, "lengths", least, current().drawn_length) for n in asked]
    given = {p.name: values[p.name] for p in spectrum.parameters}
    kernel, law = with_values(spectrum.kernel, spectrum.tokens, given, ())
    return [
        n
        for n in _LENGTHS
        if least <= n <= last and expected_cost(kernel, n, law).seconds <= _SECONDS
    ]


def _exact(
    spectrum: Spectrum, sector: Sector, values: dict[str, Any], lengths: list[int]
) -> dict[int, list[float]]:
    """The eigenvalues of the sector at each length, the largest first."""
    found = {}
    for n in lengths:
        there = evaluate(spectrum, length=n, **values)
        try:
            own = there.sector(sector.position_irrep, sector.token_irrep)
        except SymkernError:  # no such functions at that length
            continue
        found[n] = sorted((float(e) for e in own.eigenvalues), reverse=True)  # type: ignore[arg-type]
    return found


def _title(spectrum: Spectrum, sector: Sector, values: dict[str, Any]) -> str:
    name = f"${irrep_latex(sector.position_irrep, spectrum.positions)}$"
    if sector.token_irrep is not None:
        name += rf" $\otimes$ ${irrep_latex(sector.token_irrep, spectrum.vocabulary)}$"
    shown = ", ".join(f"{name} = {displayed(value)}" for name, value in values.items())
    return f"{name}\n{fill(str(spectrum.kernel), 70)}\n{shown}".strip()
