"""``symkern experiment``: a measurement beside its prediction, by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from symkern.cli.output import deliver, deliver_form
from symkern.cli.parameters import format_option, options, read_pairs, settings_option
from symkern.errors import InvalidArgument


@click.command()
@click.argument("name", required=False)
@options(
    click.option("--seed", type=click.IntRange(0), help="Of all that is drawn.  [default: 0]"),
    click.option("--fast", is_flag=True, help="Small sizes: an answer in seconds."),
    click.option("--full", is_flag=True, help="The sizes of the published or the largest run."),
    settings_option("Another size or setting: --set width=64 --set n=8,16; --settings lists them."),
    click.option("--settings", "listed", is_flag=True, help="Print the settings, run nothing."),
    format_option("text", "json", "csv"),
    click.option("--output", metavar="DIR", help="Write figure (PNG, PDF, SVG), numbers (CSV, JSON) and verdict into this new folder."),
    click.option("--force", is_flag=True, help="The folder may exist; files of the same names in it are replaced."),
)  # fmt: skip
def experiment(
    name: str | None,
    seed: int | None,
    fast: bool,
    full: bool,
    settings: tuple[str, ...],
    listed: bool,
    form: str,
    output: str | None,
    force: bool,
) -> None:
    """Run an experiment and say how it agrees with what is predicted.

    Without NAME the experiments are listed. The result is one line of verdict,
    or all numbers as JSON or CSV; a folder gets all of it and the figure.

    \b
      symkern experiment
      symkern experiment networks --fast
      symkern experiment networks --seed 1 --output networks
    """
    from symkern.experiments.protocol_table import protocol, protocols

    if fast and full:
        raise InvalidArgument("fast, full", "must be one of the two", "both are given")
    if name is None:
        width = max(map(len, protocols()), default=0)
        deliver("\n".join(f"{n:<{width}}  {p.summary}" for n, p in protocols().items()), None)
        return
    chosen = protocol(name)
    texts = read_pairs(settings, "setting")
    if seed is not None:
        texts["seed"] = str(seed)
    given: dict[str, Any] = chosen.settings(
        "fast" if fast else "full" if full else "default", texts
    )
    if listed:
        deliver("\n".join(f"{key}={_written(value)}" for key, value in given.items()), None)
        return
    if output is not None:
        from symkern.plot.style import styled
        from symkern.reports.experiment_folder import experiment_folder, require_new_folder

        require_new_folder(Path(output), force)
        with styled():  # says now that the plotting library is missing, if it is
            pass
    found = chosen.run(**given)
    if output is not None:
        for path in experiment_folder(found, output, force):
            click.echo(path, err=True)
    deliver_form(
        form, None, text=lambda: found.verdict, json=found.to_dict, csv=found.to_csv
    )  # fmt: skip


def _written(value: Any) -> str:
    """A setting as it is typed."""
    if isinstance(value, tuple):
        return ",".join(map(_written, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
