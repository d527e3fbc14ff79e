"""Figures of sparse token selection: the bound of a first layer, one attention head's training, and its reach in length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from symkern.bounds.selection import Flow, flow, fully_connected, slow_time
from symkern.bounds.selection.selection_arguments import whole_sizes
from symkern.exact.real_arguments import read_real
from symkern.plot.finishing import finished
from symkern.plot.style import COLOURS, axes, styled
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@finished
def selection_bound(T: object, d: object, q: object, ax: Axes | None = None) -> Axes:
    """The bound on the least error behind a first layer against its width m (floating point).

    Dashed: the least error itself where it is above the bound, from d/q without a first layer to m = d.

    Args:
        T: the number of tokens, an integer of at least 2.
        d: the dimension of a token, an integer of at least 1.
        q: how many tokens are selected, an integer from 1 to T.
        ax: Axes to draw into; those of a new figure where nothing is said.
    """
    total, dimension, chosen = _drawn_sizes(T, d, q)
    top = total * dimension
    widths = np.unique(np.linspace(0, top + max(1, top // 10), 400).astype(int))
    bound = [float(fully_connected(total, dimension, chosen, int(m))) for m in widths]
    with styled():
        ax = axes(ax)
        ax.plot(widths, bound, color=COLOURS[0], label="lower bound")
        ax.axhline(dimension / chosen, color="#777777", linewidth=1, linestyle=":")
        ax.annotate(
            "$d/q$, no first layer", (top, dimension / chosen),
            ha="right", va="bottom", color="#555555", xytext=(0, 2), textcoords="offset points",
        )  # fmt: skip
        start = float(fully_connected(total, dimension, chosen, dimension))
        ax.plot([dimension, top], [start, 0], "o", color=COLOURS[0], markersize=5)
        ax.annotate(
            "exact from $m=d$", (dimension, start), xytext=(9, 3), textcoords="offset points"
        )
        if chosen > 1:
            ax.plot(
                [0, dimension], [dimension / chosen, start], "--", color=COLOURS[1], linewidth=1.3
            )
        ax.annotate("$m=Td$", (top, 0), xytext=(5, 7), textcoords="offset points")
        ax.set(
            xlabel="width $m$ of the first layer",
            ylabel=r"least error $E|f-\mathrm{STS}|^2$",
            title=rf"Fully-connected networks, $T={total}$, $d={dimension}$, $q={chosen}$",
            ylim=(-0.02 * dimension / chosen, 1.12 * dimension / chosen),
        )
    return ax


#: Sizes beyond are no floats any more in what is drawn of them.
_LARGEST = 10**9


def _drawn_sizes(T: object, d: object, q: object) -> tuple[int, int, int]:
    found = whole_sizes(T, d, q)
    for size, name in zip(found, ("T", "d", "q"), strict=True):
        read_integer(size, name, 1, _LARGEST)
    return found


@finished
@typed
def selection_flow(run: Flow, ax: Axes | None = None, *, numbers: bool = True) -> Axes:
    """Loss of a trained head against time, with its late law dashed; above it a and c where ``numbers`` and no ``ax`` is given.

    Dotted: the flow of a head that keeps c at its best value, where it starts at (0, 0).

    Args:
        run: what `symkern.bounds.selection.flow` returns.
        ax: Axes to draw into; those of a new figure where nothing is said.
        numbers: draw a and c above the loss, in a figure of its own.

    Returns:
        The Axes of the loss.
    """
    with styled():
        if ax is not None or not numbers:
            ax = axes(ax)
            _draw_loss(ax, run)
            ax.set_title(_sizes(run))
            return ax
        import matplotlib.pyplot as pyplot

        _, (upper, ax) = pyplot.subplots(
            2, 1, sharex=True, figsize=(6.0, 5.4), height_ratios=(1, 1.45)
        )
        _draw_numbers(upper, run)
        _draw_loss(ax, run)
        upper.set_title(_sizes(run))
    return ax


def _sizes(run: Flow) -> str:
    return rf"One attention head, $T={run.T}$, $d={run.d}$, $q={run.q}$"


def _draw_numbers(ax: Any, run: Flow) -> None:
    seen = run.t > 0
    t = run.t[seen]
    ax.plot(t, run.a[seen], color=COLOURS[1], label="$a$")
    ax.plot(t, run.c[seen], color=COLOURS[2], label="$c$")
    if run.q < run.T:
        law = 0.5 * np.log(4 * run.d * (run.T - run.q) * t / (run.q**2 * (run.T - 1)))
        shown = law > 0
        ax.plot(t[shown], law[shown], "--", color=COLOURS[1], linewidth=1.1)
        excess = 0.5 * np.sqrt((run.T - run.q) * (run.T - 1) / (run.d * t))
        near = excess < max(0.5, float(np.max(run.excess)))
        ax.plot(t[near], 1 + excess[near], "--", color=COLOURS[2], linewidth=1.1)
        ax.plot([], [], "--", color="#444444", linewidth=1.1, label="late laws")
    ax.set_xscale("log")
    ax.set_ylabel("$a(t)$, $c(t)$")
    ax.legend(loc="upper left")


def _draw_loss(ax: Any, run: Flow) -> None:
    seen = run.t > 0
    t, loss = run.t[seen], run.loss[seen]
    shown = loss > 0
    if run.q < run.T:
        if run.a0 == run.c0 == 0:
            score = np.linspace(1e-6, float(run.a[-1]), 600)
            slow = slow_time(run.T, run.d, run.q, score)
            others = run.T - run.q
            best = run.d / run.q * others / (run.q * np.exp(2 * score) + others)
            inside = (slow >= t[0]) & (slow <= t[-1])
            ax.plot(slow[inside], best[inside], ":", color=COLOURS[4], label="$c$ kept at its best")
        law = (run.T - 1) / (4 * t)
        late = law < 3 * run.d / run.q
        ax.plot(
            t[late], law[late], "--", color="#444444", linewidth=1.1, label="late law $(T-1)/(4t)$"
        )
    ax.plot(t[shown], loss[shown], color=COLOURS[0], label="loss", zorder=2)
    ax.set(xscale="log", yscale="log", xlabel="time $t$", ylabel="population loss")
    ax.legend(loc="lower left")


@finished
def selection_generalisation(
    T: object,
    d: object,
    q: object,
    times: Sequence[float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Error at length T1 of heads trained at length T for some times, with the late law dashed (floating point).

    By default four times, each a hundred times the one before, from beyond the plateau on.

    Args:
        T: the number of tokens in training, an integer of at least 2.
        d: the dimension of a token, an integer of at least 1.
        q: how many tokens are selected, an integer of at least 1 and below T.
        times: when the heads are looked at, from 0 on, that do not decrease.
        ax: Axes to draw into; those of a new figure where nothing is said.
    """
    total, dimension, chosen = _drawn_sizes(T, d, q)
    if times is None:
        plateau = max(1.0, (total - 1) * max(total - chosen, 1) / (4 * dimension))
        times = [10.0 ** (np.ceil(np.log10(plateau)) + 2 * k) for k in range(1, 5)]
    run = flow(total, dimension, chosen, times=times)
    least = max(chosen, 2)
    reach = chosen * float(np.exp(min(float(np.max(run.a)), 25.0)))
    lengths = np.unique(np.geomspace(least, max(100.0 * reach, 10.0 * total), 300).round())
    with styled():
        ax = axes(ax)
        for k, (time, colour) in enumerate(zip(run.times, COLOURS * len(run), strict=False)):
            errors = np.array([run.loss_at(int(n))[k] for n in lengths])
            ax.plot(lengths, errors, color=colour, label=f"$t={_power(time)}$")
            if chosen < total and time:
                ratio = (chosen * (lengths - chosen) + (lengths - total) ** 2) / (
                    chosen * (total - chosen)
                )
                law = (total - 1) / (4 * time) * ratio
                inside = law < 0.7 * dimension / chosen
                ax.plot(lengths[inside], law[inside], "--", color="#444444", linewidth=1.0)
        if chosen < total:
            ax.plot([], [], "--", color="#444444", linewidth=1.0, label="late law")
        ax.axhline(dimension / chosen, color="#777777", linewidth=1, linestyle=":")
        ax.annotate(
            "$d/q$", (lengths[0], dimension / chosen),
            xytext=(2, 3), textcoords="offset points", color="#555555",
        )  # fmt: skip
        ax.axvline(total, color="#777777", linewidth=1, linestyle=":")
        ax.set(
            xscale="log",
            yscale="log",
            xlabel="test length $T_1$",
            ylabel="population loss at $T_1$",
        )
        ax.set_title(rf"One head trained at $T={total}$, $d={dimension}$, $q={chosen}$")
        ax.legend(loc="lower right")
    return ax


@finished
def selection_gap(d: object, q: object, *, longest: int = 1000, ax: Axes | None = None) -> Axes:
    """Samples that the selected part costs under both groups, against T (floating point; E k = ridge = 1).

    Args:
        d: the dimension of a token, an integer of at least 1.
        q: how many tokens are selected, an integer of at least 1.
        longest: the largest T, at least q + 2.
        ax: Axes to draw into; those of a new figure where nothing is said.
    """
    from symkern.bounds.selection import symmetry_gap

    chosen, dimension = read_integer(q, "q", 1, _LARGEST), read_integer(d, "d", 1, _LARGEST)
    read_integer(longest, "longest", chosen + 2, _LARGEST)
    totals = np.unique(np.geomspace(chosen + 1, longest, 60).round())
    found = symmetry_gap(d=dimension, q=chosen, trace=1, ridge=1)
    with styled():
        ax = axes(ax)
        for part, colour in zip(
            (p for p in found.parts if p.part == "selection"), COLOURS, strict=False
        ):
            samples = [float(part.samples.subs({found.T: int(T)})) for T in totals]
            ax.loglog(totals, samples, color=colour, label=f"under {_group(part.group)}")
        ax.set(xlabel="tokens $T$", ylabel="samples of the selected part, at least")
        ax.set_title(rf"The symmetry gap, $d={dimension}$, $q={chosen}$")
        ax.legend()
    return ax


@finished
def selection_loss(
    T: object, d: object, q: object, c: float | None = None, ax: Axes | None = None
) -> Axes:
    """The population loss of one head against its score a, at the best c and at a given one (floating point).

    Args:
        T: the number of tokens, an integer of at least 2.
        d: the dimension of a token, an integer of at least 1.
        q: how many tokens are selected, an integer from 1 to T.
        c: a value to draw the loss at as well; none where nothing is said.
        ax: Axes to draw into; those of a new figure where nothing is said.
    """
    total, dimension, chosen = (
        read_integer(k, name, 1, _LARGEST)
        for name, k in zip("Tdq", whole_sizes(T, d, q), strict=True)
    )
    given = None if c is None else read_real(c, "c")
    scores = np.linspace(-1, max(4.0, 1.5 * np.log(total)), 300)
    others = total - chosen
    best = dimension / chosen * others / (chosen * np.exp(2 * scores) + others)
    with styled():
        ax = axes(ax)
        ax.plot(scores, best, color=COLOURS[0], label="at the best $c$")
        for value, colour in zip((1.0,) if given is None else (given,), COLOURS[1:], strict=False):
            whole = chosen * np.exp(scores) + others
            inside, outside = np.exp(scores) / whole, 1 / whole
            loss = dimension * (
                chosen * (value * inside - 1 / chosen) ** 2 + others * (value * outside) ** 2
            )
            ax.plot(scores, loss, "--", color=colour, label=f"at $c={value:g}$")
        ax.axhline(dimension / chosen, color="#777777", linewidth=1, linestyle=":")
        # Beside the axes: inside, some curve crosses the line wherever it is, depending on c.
        ax.annotate(
            "$d/q$", (1, dimension / chosen), xycoords=("axes fraction", "data"),
            ha="left", va="center", color="#555555", xytext=(4, 0), textcoords="offset points",
        )  # fmt: skip
        ax.set(xlabel="score $a$", ylabel="population loss")
        ax.set_title(rf"One attention head, $T={total}$, $d={dimension}$, $q={chosen}$")
        ax.legend()
    return ax


def _group(name: str) -> str:
    """A product of groups, such as "S_T x O(d)", as mathematics."""
    return "$" + name.replace(" x ", r" \times ") + "$"


def _power(time: float) -> str:
    exponent = round(np.log10(time)) if time > 0 else 0
    return rf"10^{{{exponent}}}" if np.isclose(time, 10.0**exponent) else f"{time:g}"
