"""``symkern character`` and ``symkern table``: characters of the symmetric groups."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import IO, TYPE_CHECKING

import click

from symkern.cli.output import deliver_form
from symkern.cli.parameters import output_option, read_whole
from symkern.cli.terminal import page_width
from symkern.errors import InvalidArgument
from symkern.progress import shown
from symkern.reading.writable_places import write_whole

if TYPE_CHECKING:
    from symkern.characters import CharacterTable


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
@output_option(folder=True)
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
    from symkern.combinatorics.generation import partition_count
    from symkern.combinatorics.memory import require_bytes
    from symkern.pages import character_table as typeset

    size = read_whole(n, "n", 0)
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
        width = None if block is None else read_whole(block, "block", 1)
        write_table(size, output, scheduler=scheduler, width=width, progress=_progress)
        return
    if size <= 62:
        what = f"the character table of S_{size} as {chosen}"
        require_bytes(what, partition_count(size) ** 2 * _BYTES_OF_AN_ENTRY[chosen])
    found = character_table(size)
    if chosen == "npz":
        assert output is not None
        write_whole(output, lambda stream: _save(found, stream))
    else:
        forms = {
            "text": lambda one: typeset.text(one, page_width(output)),
            "latex": typeset.printed_latex,
            "csv": typeset.csv,
        }
        deliver_form(chosen, output, **{chosen: lambda: forms[chosen](found)})


#: What a format holds at once for an entry of the table, measured at n = 28.
_BYTES_OF_AN_ENTRY = {"text": 150, "latex": 140, "csv": 30, "npz": 8}

_FORMATS = {".tex": "latex", ".csv": "csv", ".npz": "npz", ".zarr": "zarr"}


def _progress(finished: Iterable[int], before: int, total: int) -> Iterable[int]:
    """A bar on standard error after a second, on a terminal only."""
    return shown(finished, total, "block", before)


def _save(found: CharacterTable, stream: IO[bytes]) -> None:
    """numpy's archive, the values in blocks of rows with a bar; numbers beyond 64 bits as decimal strings."""
    import zipfile

    import numpy as np
    from numpy.lib import format as npy

    values = found.values
    kind = values.dtype
    if kind.kind == "O":  # numpy has no wider integers
        longest = max(len(str(v)) for v in (*found.dimensions, values.min(), values.max()))
        kind = np.dtype(f"<U{longest}")
    labels = np.array([str(mu) for mu in found.partitions])
    step = max(1, (1 << 20) // max(1, values.shape[1]))
    header = {"descr": npy.dtype_to_descr(kind), "fortran_order": False, "shape": values.shape}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, small in (("n", np.array(found.n)), ("partitions", labels)):
            with archive.open(f"{name}.npy", "w") as entry:
                npy.write_array(entry, small)
        with archive.open("values.npy", "w", force_zip64=True) as entry:
            npy.write_array_header_2_0(entry, header)
            starts = range(0, len(values), step)
            for start in _progress(starts, 0, len(starts)):
                block = values[start : start + step]
                if block.dtype != kind:
                    block = np.array([[str(v) for v in row] for row in block], dtype=kind)
                entry.write(np.ascontiguousarray(block).tobytes())
