"""Figures of targets: the share of a target's energy in each sector, and several targets side by side.

The area of a square is the share of E f^2; what is positive but too small to be seen is a dot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from symkern.errors import InvalidArgument, InvalidType, SizeMismatch
from symkern.plot.finishing import ON_PAINT, finished
from symkern.plot.style import COLOURS, axes, styled
from symkern.targets import TargetEnergy
from symkern.typeset.labels import irrep_latex

if TYPE_CHECKING:
    from matplotlib.axes import Axes


_SMALLEST = 0.05  # side of what can still be seen as a square, in cells
_INSIDE = 0.5  # side from which a percentage fits inside
_LABELLED = 60  # cells beyond which numbers would only be noise


@finished
def target_energy(energy: TargetEnergy, ax: Axes | None = None) -> Axes:
    """One target: a row for each irrep of S_L that it meets, a column for each degree.

    Args:
        energy: what `symkern.targets.energy` returns.
        ax: Axes to draw into; those of a new figure where nothing is said.

    Raises:
        InvalidArgument: the energy is zero.
    """
    _read(energy, "energy")
    rows = list(energy.by_irrep())
    columns = range(max(energy.by_degree()) + 1)
    shares = {(rows.index(mu), d): float(value / energy.total) for (mu, d), value in energy.items()}
    names = [
        f"${irrep_latex(mu, energy.length)}$, dim {mu.padded(energy.length).dimension}"
        for mu in rows
    ]
    with styled():
        ax = axes(ax, figsize=_size(len(rows), len(columns)))
        _squares(ax, shares, names, [str(d) for d in columns])
        ax.set(xlabel="degree", ylabel=f"irrep of $S_{{{energy.length}}}$")
    return ax


@finished
def target_comparison(energies: Mapping[str, TargetEnergy], ax: Axes | None = None) -> Axes:
    """Several targets of one length: a row for each target, a column for each sector (irrep; degree) that one of them meets.

    Args:
        energies: {name: energy}, drawn in its order; an energy is what `symkern.targets.energy` returns.
        ax: Axes to draw into; those of a new figure where nothing is said.

    Raises:
        InvalidType: what is no such mapping, or is empty.
        SizeMismatch: energies of several lengths.
    """
    if not isinstance(energies, Mapping) or not energies:
        raise InvalidType("energies", "must be {name: energy} with at least one target", energies)
    for name, energy in energies.items():
        _read(energy, f"energies[{name!r}]")
    lengths = {energy.length for energy in energies.values()}
    if len(lengths) > 1:
        raise SizeMismatch(
            "energies", "must be of one length", f"the lengths are {sorted(lengths)}"
        )
    length = lengths.pop()
    sectors = sorted(
        {key for energy in energies.values() for key, _ in energy.items()},
        key=lambda key: (key[0].size, [-p for p in key[0]], key[1]),
    )
    shares = {
        (row, sectors.index(key)): float(value / energy.total)
        for row, energy in enumerate(energies.values())
        for key, value in energy.items()
    }
    with styled():
        ax = axes(ax, figsize=_size(len(energies), len(sectors)))
        _squares(ax, shares, list(energies), [str(d) for _, d in sectors])
        ax.set_xlabel("degree")
        # The irreps stand above the columns of their degrees, with lines between them.
        start = 0
        for column in range(1, len(sectors) + 1):
            if column == len(sectors) or sectors[column][0] != sectors[start][0]:
                name = irrep_latex(sectors[start][0], length)
                ax.annotate(
                    f"${name}$", ((start + column - 1) / 2, 1), xycoords=("data", "axes fraction"),
                    xytext=(0, 5), textcoords="offset points", ha="center", va="bottom",
                )  # fmt: skip
                if column < len(sectors):
                    ax.axvline(column - 0.5, color="#888888", linewidth=0.8)
                start = column
    return ax


def _read(energy: Any, argument: str) -> None:
    if not isinstance(energy, TargetEnergy):
        raise InvalidType(argument, "must be the energy of a target", energy)
    if not energy.total:
        raise InvalidArgument(argument, "must not vanish to have shares", "its energy is 0")


def _size(rows: int, columns: int) -> tuple[float, float]:
    """Inches of a figure, so that cells are squares of about half an inch."""
    return min(1.9 + 0.55 * columns, 11.0), min(0.9 + 0.55 * rows, 8.0)


def _squares(
    ax: Axes,
    shares: Mapping[tuple[int, int], float],
    rows: Sequence[str],
    columns: Sequence[str],
) -> None:
    from matplotlib.patches import Rectangle

    few = len(rows) * len(columns) <= _LABELLED
    for (row, column), share in shares.items():
        side = max(0.94 * share**0.5, _SMALLEST)
        corner = column - side / 2, row - side / 2
        ax.add_patch(
            Rectangle(corner, side, side, facecolor=COLOURS[0], edgecolor="none", alpha=0.75)
        )
        if few:
            inside = side > _INSIDE
            ax.annotate(
                _percent(share), (column, row if inside else row - side / 2),
                ha="center", va="center" if inside else "bottom",
                xytext=(0, 0 if inside else 1), textcoords="offset points",
                color="white" if inside else "#333333", fontsize=8, gid=ON_PAINT if inside else None,
            )  # fmt: skip
    ax.set_xticks(range(len(columns)), columns)
    ax.set_yticks(range(len(rows)), rows)
    ax.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(rows) - 0.5, -0.5))
    ax.set_aspect("equal")
    ax.tick_params(length=0)
    ax.grid(False)
    for at in range(1, len(columns)):
        ax.axvline(at - 0.5, color="#e4e4e4", linewidth=0.6, zorder=0)
    for at in range(1, len(rows)):
        ax.axhline(at - 0.5, color="#e4e4e4", linewidth=0.6, zorder=0)


def _percent(share: float) -> str:
    """Two digits or so, and never a positive share as 0."""
    percent = 100 * share
    if percent < 0.1:
        return "<0.1%"
    return f"{percent:.0f}%" if percent >= 9.95 or percent == round(percent) else f"{percent:.1f}%"
