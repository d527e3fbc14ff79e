"""Reports as files: article.tex and page.html in a folder, written whole or not at all, and over what is there only where that is asked for."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from symkern.engines.engine import Progress
from symkern.errors import InvalidArgument
from symkern.reading.annotated import typed
from symkern.reading.writable_places import (
    require_access,
    require_place,
    require_printable,
    unwritable,
)
from symkern.reports.content import report_blocks
from symkern.reports.printed import article_of, page_of
from symkern.spectra.spectrum import Spectrum
from symkern.targets.formula_targets import formula_target


@typed
def report(
    spectrum: Spectrum,
    folder: str | os.PathLike[str],
    target: str = "x1*x2",
    full: bool = False,
    force: bool = False,
    progress: Progress = iter,
) -> tuple[Path, Path]:
    """Write the report of a spectrum: ``article.tex`` and ``page.html`` in ``folder``.

    Args:
        spectrum: what it reports.
        folder: where to; made where it does not exist, its parent must.
        target: a formula, whose learning curves it shows.
        full: every formula, however long.
        force: whether a report that is there already is replaced.
        progress: wraps the list of sectors.

    Returns:
        The places of both files.

    Raises:
        InvalidArgument: a folder that cannot be written, or that has such a file and no ``force``.
        FormulaError: a target that cannot be read.

    >>> from symkern.kernels import derive
    >>> with tempfile.TemporaryDirectory() as place:
    ...     [path.name for path in report(derive("bag-of-tokens"), place)]
    ['article.tex', 'page.html']
    """
    place = Path(folder)
    require_folder(place, force)
    blocks = report_blocks(spectrum, formula_target(target), full, progress)
    texts = {
        "article.tex": article_of(spectrum, blocks),
        "page.html": page_of(spectrum, blocks),
    }
    _write(place, texts, force)
    return place / "article.tex", place / "page.html"


def require_folder(folder: Path, force: bool = False) -> None:
    """Refuse a folder that no report can be written to, before one is made."""
    try:
        require_printable(folder)
        if folder.is_dir():
            require_access(folder)
            for name in ("article.tex", "page.html"):
                _require_free(folder / name, force)
            return
        if folder.exists() or folder.is_symlink():
            raise NotADirectoryError(20, os.strerror(20))
        require_place(folder)
    except OSError as error:
        raise unwritable(folder, error, what="a folder") from None


def _require_free(path: Path, force: bool) -> None:
    if path.is_dir():
        raise IsADirectoryError(21, f"{path.name}: {os.strerror(21)}")
    if path.is_symlink() or (path.exists() and not force):
        rule = "must not hold a report, or files of its names, unless force is given"
        raise InvalidArgument("output", rule, f"{path} is there")


def _write(folder: Path, texts: dict[str, str], force: bool) -> None:
    """Both files whole beside their places first, then moved there."""
    made = False
    drafts: dict[str, Path] = {}
    try:
        if not folder.is_dir():
            folder.mkdir()
            made = True
        mask = os.umask(0)
        os.umask(mask)
        for name, text in texts.items():
            handle, draft = tempfile.mkstemp(dir=folder, prefix=f".{name}.")
            drafts[name] = Path(draft)
            with os.fdopen(handle, "wb") as stream:
                stream.write(text.encode())
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(draft, 0o666 & ~mask)
        require_folder(folder, force)  # nobody wrote there meanwhile
        for name in texts:
            os.replace(drafts[name], folder / name)
    except BaseException as error:
        for draft_path in drafts.values():
            with suppress(OSError):
                draft_path.unlink()
        if made:
            with suppress(OSError):
                folder.rmdir()
        if isinstance(error, OSError):
            raise unwritable(folder, error, what="a folder") from None
        raise
