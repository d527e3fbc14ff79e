"""The command ``symkern``: one thin function a verb.

Results go to standard output, everything else to standard error. Status 0; 1 for a failed check; 2 for
bad usage or bad input, with one line that names argument, rule and value.
"""

from __future__ import annotations

import sys

import click

from symkern import __version__
from symkern.cli.bound import bound
from symkern.cli.characters import character, table
from symkern.cli.curve import curve
from symkern.cli.decompose import decompose
from symkern.cli.derive import derive
from symkern.cli.selection import selection
from symkern.cli.sensitivity import sensitivity
from symkern.cli.verify import verify
from symkern.errors import SymkernError

__all__ = ["command", "main"]


class _Command(click.Group):
    """Turns the project's errors into one line and status 2."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except SymkernError as error:
            raise _Refused(str(error)) from None


class _Refused(click.ClickException):
    exit_code = 2

    def show(self, file: object = None) -> None:
        click.echo(f"symkern: {self.message}", err=True)


@click.group(
    cls=_Command, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80}
)
@click.version_option(__version__, prog_name="symkern")
def command() -> None:
    """Exact spectra of attention kernels, by the representation theory of S_n.

    Without options, `symkern derive` prints the spectrum of linear attention on
    uniform tokens, symbolic in the context length L and the vocabulary size v.
    """


command.add_command(derive)
command.add_command(character)
command.add_command(table)
command.add_command(decompose)
command.add_command(curve)
command.add_command(bound)
command.add_command(selection)
command.add_command(sensitivity)
command.add_command(verify)


def main() -> None:
    """Entry point."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        command(prog_name="symkern")
    except RecursionError:
        click.echo("symkern: the input nests too deeply", err=True)
        sys.exit(2)
