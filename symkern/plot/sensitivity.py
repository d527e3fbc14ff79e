"""Figures of sensitivity: growth with n, the profile of a function, its Fourier weight by degree, and draws of kernels.

Each is held against a random function, whose 2^n values are independent signs: its average sensitivity is n/2 in the mean, the sensitivity of an input is
binomial, and so is the degree that carries its weight.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import comb
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from symkern.abc import L
from symkern.bounds import sensitivity
from symkern.errors import InvalidArgument, NoClosedForm, displayed
from symkern.learning.draw_report import DrawSensitivity
from symkern.limits import current
from symkern.plot.finishing import finished
from symkern.plot.style import COLOURS, axes, styled
from symkern.plot.symbol_values import require_named, symbol_values
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.typeset import formula_latex

if TYPE_CHECKING:
    from matplotlib.axes import Axes


_GREY = "#777777"
_FAMILIES = ("parity", "majority", "first", "mean")


@finished
def sensitivity_growth(
    functions: Sequence[Any] = _FAMILIES,
    sizes: Iterable[object] = range(1, 101),
    *,
    ax: Axes | None = None,
) -> Axes:
    """as(f_n) of families against n on double logarithmic axes; dashed the leading terms, dotted a random function.

    Args:
        functions: families, or their names.
        sizes: n, integers of at least 1.
        ax: Axes to draw into; those of a new figure where nothing is said.

    Raises:
        InvalidArgument: what is no family, or no sizes.
    """
    listed = [read_integer(n, f"sizes[{i}]", 1) for i, n in enumerate(read_list(sizes, "sizes"))]
    if not listed:
        raise InvalidArgument("sizes", "must name at least one", "it is empty")
    with styled():
        ax = axes(ax)
        ax.plot(
            listed, [n / 2 for n in listed], color=_GREY, linestyle=(0, (1, 1.6)), linewidth=1.4
        )
        ends = [("random function, $n/2$", listed[-1] / 2, _GREY)]
        for i, f in enumerate(read_list(functions, "functions", "families")):
            family = sensitivity.family(f)
            colour = COLOURS[i % len(COLOURS)]
            kept = [n for n in listed if _exists(family, n)]
            values = [float(family.average(n)) for n in kept]
            ax.plot(kept, values, color=colour)
            ends.append((family.name, values[-1], colour))
            term = family.leading()
            if term is not None and term.expression is not None and 2 * term.exponent == 1:
                grown = [float(term.expression.subs(term.variable, n)) for n in kept]
                ax.plot(kept, grown, color=colour, linestyle=(0, (4, 2)), linewidth=1.0)
                ends[-1] = (family.name + r" $\sim \sqrt{2n/\pi}$", values[-1], colour)
        ax.set(
            xscale="log", yscale="log", xlabel="positions $n$", ylabel="average sensitivity as$(f)$"
        )
        ax.set_xlim(listed[0], listed[-1])
        _name_ends(ax, ends)
    return ax


def _exists(family: Any, n: int) -> bool:
    try:
        family.require(n)
    except InvalidArgument:
        return False
    return True


def _name_ends(ax: Axes, ends: list[tuple[str, float, str]]) -> None:
    """Names at the right ends of the curves, moved apart where they would touch."""
    low, high = np.log(ax.get_ylim())
    ends = sorted((e for e in ends if e[1] > 0), key=lambda e: e[1])
    places = [(np.log(value) - low) / (high - low) for _, value, _ in ends]
    for i in range(1, len(places)):
        places[i] = max(places[i], places[i - 1] + 0.055)
    for (name, _, colour), place in zip(ends, places, strict=True):
        ax.annotate(
            name, xy=(1.015, place), xycoords="axes fraction", color=colour, fontsize=8.5, va="center"
        )  # fmt: skip


@finished
def sensitivity_profile(f: Any, n: object, *, ax: Axes | None = None) -> Axes:
    """The share of inputs by sensitivity, K_m/2^n, beside the binomial shares of a random function.

    Args:
        f: a function of n signs, as `symkern.bounds.sensitivity.average` takes it, with at most two values.
        n: an integer of at least 1.
        ax: Axes to draw into; those of a new figure where nothing is said.

    Raises:
        InvalidArgument: f has more than two values.
    """
    size = read_integer(n, "n", 1)
    counts = sensitivity.profile(f, size)
    mean = sum(m * k for m, k in enumerate(counts)) / 2**size
    with styled():
        ax = axes(ax)
        _bars(ax, [k / 2**size for k in counts], [comb(size, m) / 2**size for m in range(size + 1)])
        ax.axvline(mean, color=COLOURS[1], linewidth=1.2, label=f"mean sensitivity {mean:.3g}")
        ax.set(xlabel="sensitivity $m$", ylabel="share of inputs $K_m / 2^n$")
        ax.set_title(f"{_name(f)}, $n = {size}$", loc="left")
        ax.legend(fontsize=8.5)
    return ax


@finished
def sensitivity_weights(f: Any, n: object, *, ax: Axes | None = None) -> Axes:
    """The share of E f^2 by degree, beside the binomial shares of a random function.

    Args:
        f: a function of n signs, as `symkern.bounds.sensitivity.average` takes it.
        n: an integer of at least 1.
        ax: Axes to draw into; those of a new figure where nothing is said.
    """
    size = read_integer(n, "n", 1)
    found = [float(w) for w in sensitivity.weights(f, size)]
    total = sum(found) or 1.0
    with styled():
        ax = axes(ax)
        _bars(ax, [w / total for w in found], [comb(size, d) / 2**size for d in range(size + 1)])
        ax.set(xlabel="degree $d$", ylabel=r"share of the weight $W_d / \mathbb{E} f^2$")
        ax.set_title(f"{_name(f)}, $n = {size}$", loc="left")
        ax.legend(fontsize=8.5)
    return ax


def _bars(ax: Axes, values: Sequence[float], random: Sequence[float]) -> None:
    from matplotlib.ticker import MaxNLocator

    places = range(len(values))
    ax.bar(places, values, color=COLOURS[0], width=0.7, label="this function")
    ax.plot(
        places, random, "o", color=_GREY, markersize=4.5, markerfacecolor="white", label="random function"
    )  # fmt: skip
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(axis="x", visible=False)


def _name(f: Any) -> str:
    read = sensitivity.describe_name(f)
    return read if len(read) <= 50 else read[:47] + "..."


@finished
@typed
def draw_sensitivity(
    found: DrawSensitivity | Mapping[str, DrawSensitivity],
    lengths: Iterable[object] = range(2, 257),
    values: Mapping[str, object] | None = None,
    *,
    ax: Axes | None = None,
) -> Axes:
    """E as(f)/E |f|^2 of draws against L, on double logarithmic axes, beside a random function.

    Args:
        found: what `Spectrum.average_sensitivity` returns for a symbolic length, or a mapping from names to several.
        lengths: integers of at least 1.
        values: the hyperparameters and v by name, exact; all others are 1, and v is 2.
        ax: Axes to draw into; those of a new figure where nothing is said.

    Raises:
        InvalidArgument: no lengths, or a name that is no symbol of any of the kernels and laws.
    """
    several = found if isinstance(found, Mapping) else {str(found.spectrum.kernel): found}
    given = values or {}
    require_named(given, _symbols(several.values()), "the kernels and laws")
    listed = [
        read_integer(n, f"lengths[{i}]", 1, current().drawn_length)
        for i, n in enumerate(read_list(lengths, "lengths"))
    ]
    if not listed:
        raise InvalidArgument("lengths", "must name at least one", "it is empty")
    with styled():
        ax = axes(ax)
        for i, (name, one) in enumerate(several.items()):
            ratio, random = (_in_length(e, given) for e in (one.ratio, one.of_random))
            if i == 0:
                ax.plot(
                    listed, [random(n) for n in listed], color=_GREY, linestyle=(0, (1, 1.6)), label="random function"
                )  # fmt: skip
            shown = name if len(name) <= 60 else name[:57] + "..."
            ax.plot(
                listed, [ratio(n) for n in listed], color=COLOURS[i % len(COLOURS)], label=shown
            )
        ax.set(
            xscale="log",
            yscale="log",
            xlabel="context length $L$",
            ylabel=r"$\mathbb{E}\,I(f) \, / \, \mathbb{E}|f|^2$",
        )
        ax.set_xlim(listed[0], listed[-1])
        ax.legend(fontsize=8.5, loc="upper left", bbox_to_anchor=(0, 1.0))
        ax.set_title(_taken(several.values(), given), loc="left", fontsize=9)
        low, high = ax.get_ylim()
        ax.set_ylim(low, high * 10 ** (0.45 + 0.2 * len(several)))
    return ax


def _symbols(several: Iterable[DrawSensitivity]) -> set[sp.Symbol]:
    """What may be given a number: also what two expectations have in common, and their ratio no more."""
    found: set[sp.Symbol] = set()
    for one in several:
        found |= set(one.spectrum.parameters)
        for e in (one.ratio, one.of_random):
            found |= getattr(e, "free_symbols", set())  # a ball has none
    return found


def _in_length(expression: Any, given: Mapping[str, object]) -> Any:
    """A function of L from a formula, its other symbols given numbers."""
    if not isinstance(expression, sp.Expr):
        raise NoClosedForm("found: must be in L; draw_weights shows one length")
    formula = expression.subs(symbol_values(expression.free_symbols, given, 2))
    return lambda n: float(formula.subs(L, n))


def _taken(several: Iterable[Any], given: Mapping[str, object]) -> str:
    """Which numbers a figure puts in for symbols, as a line for its title."""
    both = (e for one in several for e in (one.ratio, one.of_random))
    taken = {s: q for e in both for s, q in symbol_values(e.free_symbols, given, 2).items()}
    return ", ".join(f"${formula_latex(s)} = {formula_latex(q)}$" for s, q in taken.items())


@finished
@typed
def draw_weights(found: DrawSensitivity, *, ax: Axes | None = None) -> Axes:
    """The share of E |f|^2 by degree for draws at a given length, vocabulary and hyperparameters, beside a random function.

    Args:
        found: what `Spectrum.average_sensitivity` returns where all sizes and hyperparameters are numbers.
        ax: Axes to draw into; those of a new figure where nothing is said.

    Raises:
        InvalidArgument: a symbol is left.
    """
    length, v = found.spectrum.length, found.spectrum.vocabulary
    weights = found.weights
    if not isinstance(length, int) or not isinstance(v, int):
        raise InvalidArgument(
            "found", "must have a length and a vocabulary that are numbers", f"they are {displayed(length)} and {displayed(v)}"
        )  # fmt: skip
    # A ball has no symbols.
    left = sorted({t for w in weights.values() for t in getattr(w, "free_symbols", ())}, key=str)
    if left:
        raise InvalidArgument(
            "found", "must have numbers for its hyperparameters", f"{left[0]} has none"
        )
    top = min(length, max(weights, default=0) + 12)
    total = sum(float(w) for w in weights.values())
    random = [comb(length, d) * (v - 1) ** d / v**length for d in range(top + 1)]
    with styled():
        ax = axes(ax)
        _bars(ax, [float(weights.get(d, 0)) / total for d in range(top + 1)], random)
        ax.set(xlabel="degree $d$", ylabel=r"share of the weight $W_d / \mathbb{E} |f|^2$")
        ax.set_title(f"draws, $L = {length}$, $v = {v}$", loc="left")
        ax.legend(["random function", "draws of this kernel"], fontsize=8.5)
    return ax
