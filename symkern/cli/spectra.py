"""The spectra that a verb asks for: derived with a bar, and refused in the words of the command line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from symkern.cli.output import Refused
from symkern.cli.parameters import TextTokens
from symkern.errors import SymkernError, TooLarge, TooLong
from symkern.progress import shown

if TYPE_CHECKING:
    import sympy as sp

    from symkern.spectra.spectrum import Spectrum
    from symkern.tokens import HiddenMarkov, Law


def spectra(
    kernels: Sequence[str],
    length: int | sp.Expr,
    law: Law | HiddenMarkov | TextTokens,
    settings: dict[str, object],
    terms: int = 2,
    down_to: object = None,
) -> list[Spectrum]:
    """The spectrum of each kernel; of two, each takes the settings for hyperparameters that it has, and the law those of its probabilities."""
    from symkern.kernels import read_kernel
    from symkern.spectra.deriving import derived

    chosen = [read_kernel(text) for text in kernels]
    every_letter = isinstance(law, TextTokens) and law.vocabulary is None
    if isinstance(law, TextTokens):
        law = law.law(length)
    chances = [p.name for p in law.parameters]
    names = [[p.name for p in kernel.parameters] + chances for kernel in chosen]
    known = {name for one in names for name in one}
    found = []
    try:
        for i, kernel in enumerate(chosen):
            own = settings
            if len(chosen) > 1:  # a name that none has is refused by the first
                own = {n: e for n, e in settings.items() if n in names[i] or (i == 0 and n not in known)}  # fmt: skip
            found.append(derived(kernel, length, law, own, progress, terms, down_to))
    except SymkernError as error:
        if isinstance(error, TooLarge | TooLong) and every_letter:
            raise Refused(
                f"{error}; --vocabulary 3 keeps the most frequent letters apart"
            ) from None
        missing = [n for one in names for n in one if n not in settings]
        raise Refused(in_options(error, missing)) from None
    return found


def progress(items: list[Any]) -> Any:
    """A bar on standard error after a second, on a terminal only."""
    return shown(items, len(items), "sector")


#: Several are given by one option.
_LENGTHS = re.compile(r"^lengths(\[\d+\])?:")


def in_options(error: SymkernError, missing: Iterable[str] = ()) -> str:
    """An error of the library in the words of the command line: what it is about and what it advises, as options."""
    advice, said = error.advice, _LENGTHS.sub("length:", str(error))
    if advice is None:
        return said
    if advice.example:
        options = " ".join(_option(name, value) for name, value in advice.example)
    else:
        wanted = dict.fromkeys(missing) or advice.names
        if not wanted:
            return said
        options = "give " + " ".join(_option(name, "...") for name in wanted)
    return said.replace(str(advice), options)


def _option(name: str, value: str) -> str:
    """The option that says what an argument of the library does."""
    if name == "length":
        return f"--length {value}"
    if name == "tokens":
        letters = value.removeprefix("uniform(").removesuffix(")")
        return f"--vocabulary {letters}" if letters.isdigit() else f"--tokens '{value}'"
    if name == "unit":
        return f"--unit {value.strip(chr(34))}"
    return f"--set {name}={value}"
