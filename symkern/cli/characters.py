"""``symkern character`` and ``symkern table``: characters of the symmetric groups."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

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
    type=click.Choice(["text", "latex", "csv", "npz", "zarr"]),
    default=None,
    help="By default what the ending of FILE says (.tex, .csv, .npz, .zarr), else text. npz is "
    "numpy's archive of the values and the partitions; zarr a store in blocks of columns, for "
    "tables larger than memory, which goes on where an interrupted run ended.",
)
@click.option("--output", metavar="FILE", help="Write to FILE instead of standard output.")
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="For zarr: compute the blocks on this Dask scheduler (tcp://HOST:PORT), whose workers see "
    "FILE under the same path, or on worker processes of this machine (local).",
)
@click.option(
    "--block", metavar="INT", help="For zarr: columns in a block; by default some 64 MiB."
)
def table(
    n: str, form: str | None, output: str | None, scheduler: str | None, block: str | None
) -> None:
    """The character table of S_N; rows and columns by partitions, (N) first."""
    from symkern.characters import character_table, write_table
    from symkern.errors import InvalidArgument
    from symkern.typeset import character_table as typeset

    size = _whole(n, "n", 0)
    chosen = form or _FORMATS.get(PurePath(output or "").suffix, "text")
    if chosen in ("npz", "zarr") and output is None:
        raise InvalidArgument(
            "output", f"must name a file for the format {chosen}", "it is not given"
        )
    for name, value in (("scheduler", scheduler), ("block", block)):
        if value is not None and chosen != "zarr":
            raise InvalidArgument(
                name, "is an option of the format zarr", f"the format is {chosen}"
            )
    if chosen == "zarr":
        assert output is not None
        width = None if block is None else _whole(block, "block", 1)
        write_table(size, output, scheduler=scheduler, width=width, progress=_progress)
        return
    found = character_table(size)
    if chosen == "npz":
        assert output is not None
        write_file(output, lambda stream: _save(found, stream))
    elif chosen == "latex":
        from symkern.typeset.document import document

        deliver(document(typeset.latex(found)), output)
    else:
        deliver({"text": typeset.text, "csv": typeset.csv}[chosen](found), output)


_FORMATS = {".tex": "latex", ".csv": "csv", ".npz": "npz", ".zarr": "zarr"}


def _whole(text: str, argument: str, least: int) -> int:
    from symkern.errors import InvalidArgument

    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) < least:
        kind = "nonnegative" if not least else "positive"
        raise InvalidArgument(argument, f"must be a {kind} integer", f"it is {text!r}")
    return int(text)


def _progress(finished: Iterable[int], before: int, total: int) -> Iterable[int]:
    """A bar on standard error after a second, on a terminal only."""
    from tqdm import tqdm

    bar: Iterable[int] = tqdm(
        finished, initial=before, total=total, delay=1, disable=None, unit="block", ncols=78
    )
    return bar


def _save(found: object, stream: object) -> None:
    import numpy as np

    partitions = np.array([str(mu) for mu in found.partitions])  # type: ignore[attr-defined]
    values = found.values  # type: ignore[attr-defined]
    if values.dtype == object:
        values = values.astype(str)  # exact decimal strings: numpy has no wider integers
    np.savez_compressed(stream, n=found.n, partitions=partitions, values=values)  # type: ignore
