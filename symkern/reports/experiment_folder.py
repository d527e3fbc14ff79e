"""An experiment's result as files: figure, columns and verdict in a folder of their own, written whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from symkern.errors import InvalidArgument
from symkern.experiments.experiment import Experiment
from symkern.plot.experiment_figures import experiment as drawn
from symkern.plot.style import save
from symkern.reading.annotated import typed
from symkern.reading.writable_places import (
    require_access,
    require_place,
    require_printable,
    unwritable,
)

_PICTURES = ("png", "pdf", "svg")


@typed
def experiment_folder(
    found: Experiment, folder: str | os.PathLike[str], force: bool = False
) -> tuple[Path, ...]:
    """Write NAME.png, NAME.pdf, NAME.svg, NAME.csv, NAME.json and verdict.txt into a new folder.

    Args:
        found: the result.
        folder: where to; it must not exist yet, its parent must.
        force: whether it may exist; files of these names in it are replaced, others stay.

    Returns:
        The places of the files.

    Raises:
        InvalidArgument: a folder that exists, without ``force``, or that cannot be written.
    """
    place = Path(folder)
    require_new_folder(place, force)
    try:
        draft = Path(tempfile.mkdtemp(dir=place.absolute().parent, prefix=f".{place.name}."))
    except OSError as error:
        raise unwritable(place, error, what="a folder") from None
    try:
        for kind in _PICTURES:
            save(drawn(found), draft / f"{found.name}.{kind}")
        texts = {f"{found.name}.csv": found.to_csv(), f"{found.name}.json": found.to_json() + "\n", "verdict.txt": found.verdict + "\n"}  # fmt: skip
        for name, text in texts.items():
            (draft / name).write_text(text, encoding="utf-8", newline="\n")
        written = sorted(path.name for path in draft.iterdir())
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(draft, 0o777 & ~mask)
        if place.is_dir():
            for name in written:
                os.replace(draft / name, place / name)
        else:
            os.rename(draft, place)
    except OSError as error:
        raise unwritable(place, error, what="a folder") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return tuple(place / name for name in written)


def require_new_folder(folder: Path, force: bool = False) -> None:
    """Refuse a folder that cannot be written, before an experiment is run for it."""
    try:
        require_printable(folder)
        if folder.is_symlink() or folder.exists():
            if not folder.is_dir():
                raise NotADirectoryError(20, os.strerror(20))
            if not force:
                rule = "must be a folder that does not exist yet, unless force is given"
                raise InvalidArgument("output", rule, f"{folder} exists")
            require_access(folder)
        require_place(folder)
    except OSError as error:
        raise unwritable(folder, error, what="a folder") from None
