"""Folders that results are written to: what is the matter with one, said before anything is computed for it."""

from __future__ import annotations

import os
from pathlib import Path

from symkern.errors import InvalidArgument


def require_printable(folder: Path) -> None:
    """Refuse, by a `ValueError`, what no system takes for a name."""
    if "\0" in str(folder):
        raise ValueError("a null character")


def require_place(folder: Path) -> None:
    """Refuse, by an `OSError`, a folder that does not exist and cannot be made."""
    parent = folder.absolute().parent
    parent.stat()
    if not parent.is_dir():
        raise NotADirectoryError(20, os.strerror(20))
    require_access(parent)


def require_access(folder: Path) -> None:
    """Refuse, by an `OSError`, a folder in which nothing can be written."""
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(13, os.strerror(13))


def unwritable(folder: Path, error: Exception) -> InvalidArgument:
    """The error that names the folder and what the system says of it."""
    reason = getattr(error, "strerror", None) or str(error)
    name = str(folder)
    shown = name if name.isprintable() else repr(name)
    return InvalidArgument("output", "must be a folder that can be written", f"{shown}: {reason}")
