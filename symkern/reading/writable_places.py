"""Files and folders that results are written to: what is the matter with one, said by the name of the argument; files are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from symkern.errors import InvalidArgument, SymkernError


@contextmanager
def named_place(
    place: str | Path, argument: str = "output", what: str = "a file"
) -> Iterator[None]:
    """What the system says inside against a place, as the error that names argument and place.

    >>> with named_place("/nonexistent/x.json", "path"):
    ...     Path("/nonexistent/x.json").write_text("")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: path: must be a file that can be written, but /nonexistent/x.json: No such file or directory
    """
    try:
        yield
    except SymkernError:
        raise
    except OSError as error:
        raise unwritable(place, error, argument, what) from None


def unwritable(
    place: str | Path, error: Exception, argument: str = "output", what: str = "a file"
) -> InvalidArgument:
    """The error that names the place and what the system says of it."""
    reason = getattr(error, "strerror", None) or str(error)
    name = str(place)
    shown = name if name.isprintable() else repr(name)
    return InvalidArgument(argument, f"must be {what} that can be written", f"{shown}: {reason}")


def require_printable(place: Path) -> None:
    """Refuse, by an `OSError`, what no system takes for a name."""
    try:
        name = os.fsencode(place)
    except UnicodeEncodeError:
        name = b"\0"
    if b"\0" in name:
        raise OSError("no name that the system can write")


def require_place(place: Path) -> None:
    """Refuse, by an `OSError`, a folder or file that does not exist and cannot be made."""
    parent = place.absolute().parent
    parent.stat()
    if not parent.is_dir():
        raise NotADirectoryError(20, os.strerror(20))
    require_access(parent)


def require_access(folder: Path) -> None:
    """Refuse, by an `OSError`, a folder in which nothing can be written."""
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(13, os.strerror(13))


def write_whole(
    output: str | Path, write: Callable[[IO[bytes]], object], argument: str = "output"
) -> None:
    """Write a regular file in whole or not at all; follow links, and write straight into pipes and devices.

    Raises:
        InvalidArgument: the place is a folder, or the system refuses to write there.
    """
    path = Path(output)
    with named_place(output, argument):
        require_printable(path)
        try:
            path = path.resolve()
        except RuntimeError as error:  # a circle of links
            raise OSError(str(error)) from None
        if path.is_dir():
            raise InvalidArgument(argument, "must be a file", f"{output} is a directory")
        if path.exists() and not path.is_file():
            with path.open("wb") as stream:
                write(stream)
            return
        _replace(path, write)


def _replace(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write beside the place first, then move there, so that no half-written file is ever seen."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            write(stream)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
