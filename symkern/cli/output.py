"""Where a verb's result goes: standard output, or a file that appears only when it is whole."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from symkern.cli.terminal import show
from symkern.errors import InvalidArgument
from symkern.reading.writable_places import unwritable, write_whole


class Refused(click.ClickException):
    """Bad input or bad usage: one line on standard error, status 2."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """The line; what no terminal should be sent, such as a null character, is shown as Python writes it."""
        shown = "".join(c if c.isprintable() else repr(c)[1:-1] for c in self.message)
        click.echo(f"symkern: {shown}", err=True)


def unicode_output(output: str | None) -> bool:
    """Whether the result may hold letters outside ASCII: files are UTF-8, a terminal may not be."""
    if output is not None:
        return True
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    try:
        "α²√".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def deliver(text: str, output: str | None) -> None:
    """Print the text, or write it to ``output``."""
    if not text.endswith("\n"):
        text += "\n"
    if output is None:
        show(text)
    else:
        write_whole(output, lambda stream: stream.write(text.encode()))


def deliver_form(form: str, output: str | None, **written: Callable[[], Any]) -> None:
    """Print or write a result in the format ``form``, which one of ``written`` makes.

    What "latex" makes becomes a document, and what "json" makes is plain data or already a text.
    """
    body = written[form]()
    if form == "latex":
        from symkern.typeset.document import document

        body = document(body)
    elif form == "json" and not isinstance(body, str):
        body = json.dumps(body, indent=2)
    elif form == "text" and not unicode_output(output):
        from symkern.typeset.readable import ascii_text

        body = ascii_text(body)
    deliver(body, output)


def draw(plot: str | None, figure: Callable[[], Any]) -> None:
    """Write a figure into the file ``plot``, where one is named."""
    if plot is not None:
        from symkern.plot.style import save

        save(figure(), plot)


def read_file(name: str, argument: str, rule: str, encoding: str = "utf-8") -> str:
    """The text of a file; `InvalidArgument` with this rule where it cannot be read."""
    try:
        return Path(name).read_text(encoding=encoding)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not a text in UTF-8"
        raise InvalidArgument(argument, rule, f"{name!r}: {reason}") from None


def require_place(output: str, folder: bool = False, argument: str = "output") -> None:
    """Refuse a place where no file can be written, before anything is computed for it; ``folder`` allows a folder."""
    path = Path(output)
    try:
        path = path.resolve()
        if path.is_dir():
            if folder:
                return
            raise InvalidArgument(argument, "must be a file", f"{output} is a directory")
        beside = path if path.exists() and not path.is_file() else path.parent
        # Where the folder is missing the system says so in its own words.
        if not beside.exists():
            beside.stat()
        if not os.access(beside, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        if beside == path.parent and not beside.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    except (OSError, RuntimeError, ValueError) as error:
        if isinstance(error, InvalidArgument):
            raise
        raise unwritable(output, error, argument) from None
