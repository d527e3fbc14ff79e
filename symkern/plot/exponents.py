"""Figures of bounds: the map of exponents of a kernel, and the eigenvalues of a sector under their trace bound."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
import sympy as sp

from symkern.abc import L, v
from symkern.errors import InvalidArgument, displayed
from symkern.exact.exact_arguments import sympified
from symkern.learning.exponent_map import ExponentMap
from symkern.learning.exponent_map import exponent_map as found_map
from symkern.limits import within_time
from symkern.plot.finishing import ON_PAINT, finished
from symkern.plot.style import COLOURS, axes, styled
from symkern.plot.symbol_values import read_longest, require_named
from symkern.reading.annotated import typed
from symkern.spectra import Spectrum
from symkern.spectra.evaluating import values_of_choice
from symkern.spectra.numeric import floats
from symkern.spectra.sample_laws import chosen_sector
from symkern.spectra.trace_bounds import trace_law
from symkern.typeset import formula_latex, irrep_latex

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@finished
@typed
def exponent_map(found: ExponentMap | Spectrum, ax: Axes | None = None) -> Axes:
    """The powers of L that samples cost, over symmetric degree e and asymmetry |mu|; darker is dearer.

    A square shows all exponents at its place and the number of eigenvalues; blank squares the kernel does not see.

    Args:
        found: the map, or a spectrum with a symbolic length, whose map is made.
        ax: Axes to draw into; those of a new figure where nothing is said.

    Raises:
        InvalidArgument: the spectrum's length is a number.
    """
    drawn = found if isinstance(found, ExponentMap) else found_map(found)
    columns, rows = len(drawn.symmetric_degrees), len(drawn.asymmetries)
    exponents = [t.exponent for t in drawn.entries if t.exponent is not None]
    top = max([float(e) for e in exponents], default=1.0) or 1.0
    with styled():
        from matplotlib import colormaps
        from matplotlib.patches import Rectangle

        # Room for the title where the grid is narrow.
        size = (max(4.4, 1.15 * columns + 1.4), max(2.4, 0.95 * rows + 1.3))
        ax = axes(ax, figsize=size)
        shades = colormaps["Blues"]
        for a in drawn.asymmetries:
            for e in drawn.symmetric_degrees:
                here = drawn[a, e]
                if not here:
                    continue
                depth = 0.12 + 0.75 * float(here[0]) / top
                ax.add_patch(
                    Rectangle((e - 0.47, a - 0.47), 0.94, 0.94, color=shades(depth), linewidth=0)
                )
                ink = "white" if depth > 0.55 else "black"
                label = ", ".join(formula_latex(x) for x in here)
                ax.text(e, a + 0.06, f"$L^{{{label}}}$", ha="center", va="center", color=ink, fontsize=13, gid=ON_PAINT)  # fmt: skip
                count = len(drawn.cell(a, e))
                ax.text(
                    e, a - 0.31, f"{count} eigenvalue{'s' * (count != 1)}",
                    ha="center", va="center", color=ink, fontsize=7, gid=ON_PAINT,
                )  # fmt: skip
        ax.set(
            xlim=(-0.55, columns - 0.45),
            ylim=(-0.55, rows - 0.45),
            xlabel="symmetric degree $e$",
            ylabel=r"asymmetry $|\mu|$",
            aspect="equal",
        )
        ax.set_xticks(list(drawn.symmetric_degrees))
        ax.set_yticks(list(drawn.asymmetries))
        ax.grid(False)
        ax.tick_params(length=0)
        ax.set_title(fill(str(drawn.spectrum.kernel), int(11 * size[0])) + "\nsamples to learn, by powers of $L$", fontsize=9)  # fmt: skip
    return ax


@finished
@typed
def trace_bound(
    spectrum: Spectrum,
    mu: object,
    kappa: object = None,
    *,
    vocabulary: object = None,
    longest: int = 1000,
    ax: Axes | None = None,
    **parameters: object,
) -> Axes:
    """All eigenvalues of a sector against L, under the trace bound E k(x, x)/dimension (floating point).

    Args:
        spectrum: a spectrum with a symbolic length.
        mu: parts of the irrep of the positions below its first row.
        kappa: the same of the tokens; without it the one whose largest eigenvalue falls slowest.
        vocabulary: a number in the place of v; where nothing is said the first at which the sector is whole, at least 4.
        longest: the largest length, beyond the first at which the sector is whole.
        ax: Axes to draw into; those of a new figure where nothing is said.
        **parameters: hyperparameters by name, exact numbers; 1 where nothing is said.

    Raises:
        InvalidArgument: a sector in which the kernel is zero, an unknown hyperparameter, or a spectrum at a given length.
    """
    sector = chosen_sector(spectrum, mu, kappa)
    values = values_of_choice(spectrum)
    require_named(parameters, {*spectrum.parameters} - {L, v}, "the kernel and the law")
    values.update(parameters)
    letters = vocabulary
    if letters is None and isinstance(spectrum.tokens_symbol, sp.Expr):
        letters = max(4, sector.valid_for.get("v", 1))
    first = max(sector.valid_for.get("L", 1), 2)
    lengths = sorted({round(n) for n in np.geomspace(first, read_longest(longest, first), 40)})
    labels = (sector.position_irrep, sector.token_irrep)
    with within_time("this figure", "a smaller longest takes less"):
        curves = floats(spectrum, lengths, letters, **values)[labels]
    known = {s.name: s for s in sympified(spectrum.trace()).free_symbols}
    at = {known[name]: value for name, value in values.items() if name in known}
    formula = trace_law(spectrum, *labels).formula
    bound = []
    for n in lengths:
        sizes = {L: n, **({v: letters} if letters is not None else {})}
        value = sympified(formula).subs(at).subs(sizes)
        if not value.is_finite:  # no such irrep of so few letters
            rule = "must be one at which the sector has a dimension"
            raise InvalidArgument("vocabulary", rule, f"it is {displayed(letters)}")
        bound.append(float(value))
    with styled():
        ax = axes(ax)
        ax.loglog(lengths, bound, color="black", linestyle="--", linewidth=1.4, label="trace bound")
        for i in range(curves.shape[1]):
            exponent = sector.exponents[i]
            power = "" if exponent is None else rf" $\sim L^{{{formula_latex(exponent)}}}$"
            name = rf"$\lambda_{{{i + 1}}}$" if curves.shape[1] > 1 else r"$\lambda$"
            ax.loglog(lengths, curves[:, i], color=COLOURS[i % len(COLOURS)], label=name + power)
        title = f"${irrep_latex(labels[0], spectrum.positions)}$"
        if labels[1] is not None:
            title += rf" $\otimes$ ${irrep_latex(labels[1], spectrum.vocabulary)}$"
        shown = ", ".join(f"{name} = {displayed(value)}" for name, value in values.items())
        shown += f", v = {displayed(letters)}" if letters is not None else ""
        ax.set(xlabel="context length $L$", ylabel="eigenvalue")
        ax.set_title(f"{title}\n{fill(str(spectrum.kernel), 70)}\n{shown}".strip(), fontsize=9)
        ax.legend()
    return ax
