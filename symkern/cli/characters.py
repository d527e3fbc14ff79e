"""``symkern character`` and ``symkern table``: characters of the symmetric groups."""

from __future__ import annotations

import click

from symkern.cli.output import deliver, write_file

__all__ = ["character", "table"]


@click.command()
@click.argument("lam", metavar="LAMBDA")
@click.argument("mu", metavar="MU")
def character(lam: str, mu: str) -> None:
    """The character of the irrep LAMBDA at the cycle type MU.

    Both are partitions of one number, such as 3,2,1 and 2,2,2; the empty one is [].
    """
    from symkern.characters import character as value
    from symkern.combinatorics import Partition

    click.echo(str(value(Partition.read(lam, "lam"), Partition.read(mu, "mu"))))


@click.command()
@click.argument("n", metavar="N")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "latex", "csv", "npz"]),
    default="text",
    show_default=True,
    help="npz is numpy's archive of the values and the partitions, for --output.",
)
@click.option("--output", metavar="FILE", help="Write to FILE instead of standard output.")
def table(n: str, form: str, output: str | None) -> None:
    """The character table of S_N; rows and columns by partitions, (N) first."""
    from symkern.characters import character_table
    from symkern.errors import InvalidArgument
    from symkern.typeset import character_table as typeset

    if not n.isascii() or not n.isdigit() or len(n) > 9:
        raise InvalidArgument("n", "must be a nonnegative integer", f"it is {n!r}")
    if form == "npz" and output is None:
        raise InvalidArgument("output", "must name a file for the format npz", "it is not given")
    found = character_table(int(n))
    if form == "npz":
        assert output is not None
        write_file(output, lambda stream: _save(found, stream))
    elif form == "latex":
        from symkern.typeset.document import document

        deliver(document(typeset.latex(found)), output)
    else:
        deliver({"text": typeset.text, "csv": typeset.csv}[form](found), output)


def _save(found: object, stream: object) -> None:
    import numpy as np

    partitions = np.array([str(mu) for mu in found.partitions])  # type: ignore[attr-defined]
    values = found.values  # type: ignore[attr-defined]
    if values.dtype == object:
        values = values.astype(str)  # exact decimal strings: numpy has no wider integers
    np.savez_compressed(stream, n=found.n, partitions=partitions, values=values)  # type: ignore
