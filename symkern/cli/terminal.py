"""What the command knows of the terminal it prints on: its width, whether it shows colours, whether a result needs a pager.

Where standard output is no terminal, a file or a pipe, there are 80 columns, no colours and no pager. ``--width`` and ``--no-pager`` say otherwise for one
call; a ``NO_COLOR`` that is not empty turns colours off (no-color.org), ``PAGER`` names the pager.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

Verb = TypeVar("Verb", bound=Callable[..., Any])

#: Columns where there is no terminal, and the least and the most that a terminal is taken to have: longer lines are hard to read.
COLUMNS, _LEAST, _MOST = 80, 40, 160
_WIDTH, _PAGER = "width of text", "no pager"
#: The line of dashes below a table's header.
_RULE = re.compile(r"-{2,}(?: +-{1,})*")


def terminal_options(function: Verb) -> Verb:
    """``--width`` and ``--no-pager``, which are kept with the call and read by `page_width` and `show`."""
    wide = click.option(
        "--width",
        type=click.IntRange(_LEAST, 10_000),
        expose_value=False,
        callback=_kept(_WIDTH),
        metavar="COLUMNS",
        help="Columns of text; by default those of the terminal, and 80 where there is none.",
    )
    whole = click.option(
        "--no-pager",
        is_flag=True,
        expose_value=False,
        callback=_kept(_PAGER),
        help="Print long results at once, as PAGER=cat does.",
    )
    return wide(whole(function))


def _kept(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(context: click.Context, option: click.Parameter, value: Any) -> None:
        context.meta[name] = value

    return keep


def page_width(output: str | None = None) -> int:
    """The columns that a text may have; a file that is named has 80 of them."""
    context = click.get_current_context(silent=True)
    wanted = None if context is None else context.meta.get(_WIDTH)
    if wanted is not None:
        return int(wanted)
    if output is not None or not _is_terminal():
        return COLUMNS
    return min(max(shutil.get_terminal_size((COLUMNS, 24)).columns, _LEAST), _MOST)


def _is_terminal() -> bool:
    return bool(getattr(sys.stdout, "isatty", lambda: False)())


def shows_colours() -> bool:
    """Whether standard output is a terminal with colours, and nobody asks for none."""
    return _is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def coloured(text: str) -> str:
    r"""A text whose tables have bold headers and dim rules, for a terminal.

    >>> coloured("a  b\n-  -\n1  2") == coloured("a  b\n-  -\n1  2").replace("\x1b", "")
    True
    >>> "\x1b[1mirrep" in coloured("irrep  n\n-----  -\n(L)    1")
    True
    """
    lines = text.split("\n")
    for i in range(1, len(lines)):
        if _RULE.fullmatch(lines[i].strip()) and lines[i - 1].strip():
            lines[i - 1] = click.style(lines[i - 1], bold=True)
            lines[i] = click.style(lines[i], dim=True)
    return "\n".join(lines)


def show(text: str) -> None:
    """Print a text that ends in a line feed: with colours where the terminal has them, through a pager where it is longer than the terminal is high."""
    if not _is_terminal():
        click.echo(text, nl=False)
        return
    body = coloured(text) if shows_colours() else text
    context = click.get_current_context(silent=True)
    at_once = context is not None and context.meta.get(_PAGER)
    high = shutil.get_terminal_size((COLUMNS, 24)).lines
    if at_once or text.count("\n") < high or os.environ.get("TERM") == "dumb":
        click.echo(body, nl=False)
        return
    # less shows colours, leaves what was read on the screen, and ends by itself where one screen holds it.
    os.environ.setdefault("LESS", "FRX")
    click.echo_via_pager(body, color=shows_colours())
