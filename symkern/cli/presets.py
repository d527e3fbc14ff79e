"""``symkern presets``: the kernels that have a name, each with its pipeline, formula and source."""

from __future__ import annotations

from textwrap import wrap

import click

from symkern.cli.completion import complete_preset
from symkern.cli.output import deliver
from symkern.cli.parameters import output_option
from symkern.cli.terminal import page_width

_NOTATION = (
    "s = sum over tokens t of n_t(x) n_t(y); m = number of positions where x and y agree; d = 1 where they agree "
    "at the last position, else 0; c = (alpha^2 s + 2 alpha beta m + beta^2 L)/L^2, the factor of one attention layer."
)


@click.command()
@click.argument("name", required=False, metavar="[PRESET]", shell_complete=complete_preset)
@output_option()
def presets(name: str | None, output: str | None) -> None:
    """List the kernels that have a name: pipeline, formula, source.

    `symkern derive PRESET` derives the spectrum of one; its pipeline can be
    copied and changed.
    """
    from symkern.kernels import PRESETS, preset

    chosen = list(PRESETS.values()) if name is None else [preset(name)]
    lines = wrap(_NOTATION, page_width(output) - 2)
    for found in chosen:
        lines += ["", found.name]
        for title, text in (
            ("pipeline", found.pipeline),
            ("kernel", found.formula),
            ("source", found.source),
        ):
            pieces = wrap(text, page_width(output) - 14, break_on_hyphens=False)
            lines += [f"  {title if i == 0 else '':<10}{piece}" for i, piece in enumerate(pieces)]
    deliver("\n".join(lines), output)
