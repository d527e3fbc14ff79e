"""The command ``symkern``: one thin function a verb.

Results go to standard output, everything else to standard error. Status 0; 1 for a failed check; 2 for
bad usage or bad input, with one line that names argument, rule and value; 130 when interrupted.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from symkern.cli.bound import bound
from symkern.cli.characters import character, table
from symkern.cli.completion import completion
from symkern.cli.curve import curve
from symkern.cli.decompose import decompose
from symkern.cli.derive import derive
from symkern.cli.examples import with_examples
from symkern.cli.experiment import experiment
from symkern.cli.explore import explore
from symkern.cli.interrupts import heard
from symkern.cli.output import Refused
from symkern.cli.presets import presets
from symkern.cli.report import report
from symkern.cli.selection import selection
from symkern.cli.sensitivity import sensitivity
from symkern.cli.spectra import in_options
from symkern.cli.symmetry import symmetry
from symkern.cli.verify import verify
from symkern.errors import SymkernError
from symkern.reading.spelling import did_you_mean
from symkern.version import __version__

__all__ = ["command", "main"]


class _Command(click.Group):
    """Turns the project's errors, and click's, into one line and status 2."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            raise _refused(error) from None

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except SymkernError as error:
            raise Refused(in_options(error)) from None
        except click.UsageError as error:
            raise _refused(error) from None
        except KeyboardInterrupt:
            click.echo("symkern: interrupted", err=True)
            raise click.exceptions.Exit(130) from None


def _refused(error: click.UsageError) -> click.ClickException:
    """click's usage error as one line that says where to read more."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return error
    verb = error.ctx.command_path if error.ctx is not None else "symkern"
    message = error.format_message().rstrip(".")
    if isinstance(error, click.NoSuchOption) and error.option_name[1:2].isdigit():
        places = [p for p in error.ctx.command.params if isinstance(p, click.Argument)]  # type: ignore[union-attr]
        name = places[0].make_metavar(error.ctx).lower() if places else "a number"  # type: ignore[arg-type]
        message = f"{name} must not be negative, but it begins with {error.option_name}"
    message = message.partition(". (Did you mean")[0].replace(". Did you mean", "; did you mean")
    if hint := _hint(error):
        return Refused(f"{message[:1].lower()}{message[1:].partition(';')[0]}; {hint}")
    if message.startswith("No such command"):
        word = message.split("'")[1]
        other = next((verb for words, verb in _VERBS.items() if word.lower() in words.split()), "")
        if other:
            return Refused(f"no such command {word!r}; what you may want is symkern {other}")
        message += "" if message.endswith("?") else did_you_mean(word, command.commands)
    if message.endswith("?"):
        return Refused(f"{message[:1].lower()}{message[1:]}")
    return Refused(f"{message[:1].lower()}{message[1:]}; {verb} --help says what there is")


#: Verbs by what else their result is called, and how they are written.
_VERBS = {
    "spectrum spectra eigenvalues eigenvalue eig solve kernel exponents exponent scaling": "derive",
    "compare against versus": "derive A --against B",
    "latex tex theorem proof": "derive --format latex --theorem",
    "learn learning learning-curve learning_curve samples plot target": "curve --target x1",
    "list kernels models ls": "presets",
    "article paper html": "report --output DIR",
    "app gui ui serve": "explore",
    "check test": "verify",
    "help": "--help",
}
#: Options by what else they are called.
_CALLED = {"v": "vocabulary", "l": "length", "ridge2": "ridge", "sigma2": "ridge", "samples": "n"}
#: Hyperparameters of presets, for which there are no options of their own.
_HYPERPARAMETERS = ("alpha", "beta", "gamma", "w", "b")


def _hint(error: click.UsageError) -> str:
    """What to write instead, where letters of formulas are taken for options or several lengths are separated by blanks."""
    there = {name for p in error.ctx.command.params for name in p.opts} if error.ctx else set()
    if isinstance(error, click.NoSuchOption):
        name = error.option_name.lstrip("-")
        if name in ("kernel", "preset", "pipeline", "model") and "--set" in there:
            return f"the kernel stands without one: {error.ctx.command_path} softmax-attention"  # type: ignore[union-attr]
        if name in _HYPERPARAMETERS and "--set" in there:
            return f"hyperparameters are given by --set {name}=VALUE"
        other = f"--{_CALLED.get(name.lower(), '')}"
        return f"it is called {other}" if other in there else ""
    extra = error.format_message().partition("(")[2].rstrip(").").split()
    if "extra argument" in error.format_message() and "--length" in there and all(e.isdigit() for e in extra):  # fmt: skip
        return "several numbers are joined by commas, as in --length 16,64"
    return ""


@click.group(
    cls=_Command, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80}
)
@click.version_option(__version__, prog_name="symkern")
def command() -> None:
    """Exact spectra of attention kernels, by the representation theory of S_n.

    Without options, `symkern derive` prints the spectrum of linear attention on
    uniform tokens, symbolic in the context length L and the vocabulary size v.
    """


for _verb in (
    derive, presets, character, table, decompose, curve, bound, selection, sensitivity, symmetry,
    verify, report, explore, experiment, completion
):  # fmt: skip
    command.add_command(_verb)
with_examples(command)


def main() -> None:
    """Entry point."""
    if sys.stdout is None:
        # Closed by the shell: what is written there fails, and is reported below.
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w")
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  for the process
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        try:
            with heard():
                command(prog_name="symkern")
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        sys.exit(130)
    except RecursionError:
        click.echo("symkern: the input nests too deeply", err=True)
        sys.exit(2)
    except OSError as error:  # a full disk behind standard output
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left goes nowhere
        reason = error.strerror or str(error)
        click.echo(f"symkern: standard output cannot be written: {reason}", err=True)
        sys.exit(2)
