"""``symkern completion``: what the shell offers after Tab, verbs and options, presets and stages, laws, settings and names of checks."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem, get_completion_class

from symkern.cli.output import deliver
from symkern.errors import InvalidArgument
from symkern.reading.writable_places import write_whole

if TYPE_CHECKING:
    import sympy as sp

#: Where each shell looks for completions of one user's programs.
_PLACES = {
    "bash": "~/.local/share/bash-completion/completions/symkern",
    "zsh": "~/.zfunc/_symkern",
    "fish": "~/.config/fish/completions/symkern.fish",
}
_THEN = {
    "bash": "open a new shell; it needs the package bash-completion",
    "zsh": "write into ~/.zshrc, before compinit:  fpath=(~/.zfunc $fpath)",
    "fish": "open a new shell",
}


def _beginning(words: Iterable[str], incomplete: str, before: str = "") -> list[CompletionItem]:
    return [CompletionItem(before + word) for word in words if word.startswith(incomplete)]


def complete_kernel(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Presets, and behind a bar the stages; a preset first, since most people want one."""
    from symkern.kernels.presets import PRESETS
    from symkern.kernels.stages import STAGES

    before, bar, last = incomplete.rpartition("|")
    if bar:
        begun = last.lstrip()
        stages = [name for name, kind in STAGES.items() if kind.place != "first"]
        return _beginning(sorted(stages), begun, f"{before.rstrip()} | ")
    first = [name for name, kind in STAGES.items() if kind.place == "first"]
    return _beginning([*PRESETS, *(f"{name}(" for name in first)], incomplete.lstrip())


def complete_preset(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Presets alone."""
    from symkern.kernels.presets import PRESETS

    return _beginning(PRESETS, incomplete)


def complete_law(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Laws of tokens; behind @ the files are the shell's."""
    if incomplete.startswith("@"):
        return [CompletionItem(incomplete[1:], type="file")]
    return _beginning(("uniform", "distinct", "1/2,1/2", "markov(", "hidden_markov(", "mixture("), incomplete)  # fmt: skip


def complete_setting(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """NAME= for the hyperparameters of the kernel that stands before it and the symbols in the law's probabilities, less those that are given."""
    from symkern.errors import SymkernError
    from symkern.kernels import read_kernel

    try:
        kernel = read_kernel(str(context.params.get("kernel") or "linear-attention"))
    except SymkernError:  # not typed to its end
        return []
    given = {pair.partition("=")[0] for pair in context.params.get("settings") or ()}
    symbols = [*kernel.parameters, *_of_law(str(context.params.get("tokens") or "uniform"))]
    names = [p.name for p in symbols if p.name not in {"L", "v", *given}]
    return _beginning((f"{name}=" for name in names), incomplete)


def _of_law(text: str) -> Sequence[sp.Symbol]:
    """The symbols in the probabilities of a law."""
    from symkern.errors import SymkernError
    from symkern.tokens import read_law

    try:
        return read_law(text).parameters
    except SymkernError:  # the windows of a text, or not typed to its end
        return ()


def complete_check(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Names of derivations and certificates, and files."""
    from symkern.certificates.catalogue import CATALOGUE, CERTIFIED

    names = _beginning([*CATALOGUE, *CERTIFIED], incomplete)
    return names or [CompletionItem(incomplete, type="file")]


@click.command()
@click.argument("shell", type=click.Choice(list(_PLACES)))
@click.option("--install", is_flag=True, help="Write the script where the shell looks for it.")
@click.option("--force", is_flag=True, help="With --install, replace a file there.")
def completion(shell: str, install: bool, force: bool) -> None:
    """Complete symkern's words in a shell, after Tab.

    Verbs, options, formats; presets and the stages of pipelines; laws of tokens;
    hyperparameters behind --set; names for symkern verify. Without --install the
    script is printed.
    """
    kind = get_completion_class(shell)
    assert kind is not None
    whole = click.get_current_context().find_root().command
    script = kind(whole, {}, "symkern", "_SYMKERN_COMPLETE").source()
    if not install:
        deliver(script, None)
        return
    place = Path(os.path.expanduser(_PLACES[shell]))
    if place.exists() and not force and place.read_text(errors="replace") != script:
        rule = "must not replace a file of other content unless --force is given"
        raise InvalidArgument("install", rule, f"there is {place}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidArgument("install", "must have a folder that can be written", f"{place.parent}: {error.strerror}") from None  # fmt: skip
    write_whole(str(place), lambda stream: stream.write(script.encode()))
    click.echo(f"{place}\n{_THEN[shell]}", err=True)
