"""Figures of token selection with random codes: the loss of a head and its floor, the width that a loss needs, a trained head beside its flow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from symkern.bounds.selection import RandomCodes, best_loss, random_codes
from symkern.experiments import SelectionExperiment
from symkern.limits import within_time
from symkern.plot.style import COLOURS, axes, styled
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@typed
def selection_codes(codes: RandomCodes, ax: Axes | None = None, *, points: int = 40) -> Axes:
    """The loss of a head with random codes against its score, at the best value; its least loss, and the loss with one-hot codes dashed (floating point).

    Args:
        codes: what `symkern.bounds.selection.random_codes` returns.
        ax: Axes to draw into; those of a new figure where nothing is said.
        points: at how many scores the loss is computed, from 2 to 10000.
    """
    number = read_integer(points, "points", 2, 10_000)
    a, _, least = codes.best()
    end = 12.0 if not np.isfinite(a) else max(2.2 * a, 3.0)
    scores = np.linspace(0.0, end, number)
    losses = [codes.best_value(float(x))[1] for x in scores]
    with styled():
        ax = axes(ax)
        ax.plot(
            scores,
            losses,
            color=COLOURS[0],
            label=f"codes of width $m={codes.m}$, {codes.query} query",
        )
        fine = np.linspace(0.0, end, 300)
        onehot = np.array([best_loss(codes.T, codes.d, codes.q, float(x)) for x in fine])
        shown = onehot > 0.2 * min(losses)
        ax.plot(
            fine[shown], onehot[shown], "--", color="#666666", linewidth=1.1, label="one-hot codes"
        )
        if np.isfinite(a) and least > 0:
            ax.plot([a], [least], "o", color=COLOURS[1], label=f"best head, loss {least:.3g}")
        ax.set(yscale="log", xlabel="score $a$", ylabel="population loss, best $c$")
        ax.set_title(_sizes(codes))
        ax.legend()
    return ax


@typed
def selection_width(
    T: object, d: object, q: object, widths: Iterable[int] = (8, 12, 16, 24, 32, 48, 64, 96, 128), ax: Axes | None = None
) -> Axes:  # fmt: skip
    """The least loss against the width of the codes, for both queries; dashed: the laws, which are not proved (floating point).

    Args:
        T: the number of tokens, an integer of at least 2.
        d: the dimension of a token, an integer of at least 1.
        q: how many tokens are selected, an integer from 1 to T.
        widths: of the codes, integers of at least 2.
        ax: Axes to draw into; those of a new figure where nothing is said.

    Raises:
        TooLong: all widths together take longer than `Limits.seconds`.
    """
    given = sorted(read_integer(m, "widths", 2) for m in read_list(widths, "widths", "widths"))
    with styled(), within_time("this figure", "fewer widths take less"):
        ax = axes(ax)
        for query, colour in zip(("sum", "dual"), COLOURS, strict=False):
            heads = [
                random_codes(T, d, q, m, query) for m in given if query == "sum" or m >= int(str(q))
            ]
            losses = [(head.m, head.best()[2]) for head in heads]
            seen = [pair for pair in losses if pair[1] > 0]
            if seen:
                ax.plot(
                    *zip(*seen, strict=True),
                    "o-",
                    color=colour,
                    markersize=4,
                    label=f"{query} query",
                )
            laws = [(head.m, law[1]) for head in heads if (law := head.law()) is not None]
            if laws:
                ax.plot(
                    *zip(*laws, strict=True),
                    "--",
                    color=colour,
                    linewidth=1.1,
                    label=f"{query} query, law",
                )
        ax.set(
            xscale="log",
            yscale="log",
            xlabel="width $m$ of the codes",
            ylabel="least population loss",
        )
        ax.set_title(rf"Random codes, $T={T}$, $d={d}$, $q={q}$")
        ax.legend()
    return ax


@typed
def selection_training(found: SelectionExperiment, ax: Axes | None = None) -> Axes:
    """A trained head's loss beside its flow and its floor, against the time of the flow; bars are two standard errors.

    Args:
        found: what `symkern.experiments.selection` returns.
        ax: Axes to draw into; those of a new figure where nothing is said.
    """
    rows = [row for row in found.of("training") if row[1] > 0]
    time, predicted, measured, error = (np.array([row[k] for row in rows]) for k in range(1, 5))
    given = found.settings
    with styled():
        ax = axes(ax)
        ax.plot(time, predicted, color=COLOURS[0], label="gradient flow in two numbers")
        ax.errorbar(
            time, measured, yerr=2 * error, fmt="o", markersize=4, color=COLOURS[1], elinewidth=1, label="trained on samples, all of $W$ and $V$"
        )  # fmt: skip
        if found.floor > 0:
            ax.axhline(found.floor, color="#666666", linewidth=1, linestyle="--")
            ax.annotate(
                f"least loss of a head $aI$, $cI$: {found.floor:.3g}", (time[0], found.floor), xytext=(0, -4),
                textcoords="offset points", va="top", color="#555555",
            )  # fmt: skip
        ax.set(
            xscale="log",
            yscale="log",
            xlabel="time $t$, the sum of the rates",
            ylabel="population loss",
        )
        low = min(found.floor, float(measured.min())) if found.floor > 0 else float(measured.min())
        ax.set_ylim(0.75 * low, 1.3 * float(max(predicted.max(), measured.max())))
        ax.set_title(
            rf"Token selection, $T={given['T']}$, $d={given['d']}$, $q={given['q']}$, $m={given['m']}$, {given['query']} query"
        )
        ax.legend()
    return ax


def _sizes(codes: RandomCodes) -> str:
    return rf"Random codes, $T={codes.T}$, $d={codes.d}$, $q={codes.q}$"
