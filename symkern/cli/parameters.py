"""The parameters that verbs share: their options, and how the texts of these are read.

Kernels, token laws, sizes, settings, numbers, formats and files are taken by the same options and the same spelling everywhere. Numbers are
formulas, or decimals with an exponent, 1e-3, both read exactly. (In a formula "1e5" stays an error, since "e" might be meant as a
name there; an option that takes one number leaves no doubt.)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from symkern.cli.completion import complete_kernel, complete_law, complete_setting
from symkern.cli.output import require_place
from symkern.cli.terminal import terminal_options
from symkern.errors import FormulaError, InvalidArgument
from symkern.limits import current

if TYPE_CHECKING:
    import sympy as sp

    from symkern.tokens import HiddenMarkov, Law


Verb = TypeVar("Verb", bound=Callable[..., Any])

_SCIENTIFIC = re.compile(
    r"\s*(?P<mantissa>[-+]?(?:[0-9]{1,50}(?:\.[0-9]{0,50})?|\.[0-9]{1,50}))[eE](?P<exponent>[-+]?[0-9]{1,3})\s*\Z",
    re.ASCII,
)

# -- options ------------------------------------------------------------------------------


def options(*decorators: Callable[[Verb], Verb]) -> Callable[[Verb], Verb]:
    """Several options as one decorator, listed by ``--help`` in this order."""

    def decorate(function: Verb) -> Verb:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


def kernel_argument() -> Callable[[Verb], Verb]:
    """The kernel: a preset or a pipeline."""
    return click.argument(
        "kernel",
        default="linear-attention",
        metavar="[PRESET | PIPELINE]",
        shell_complete=complete_kernel,
    )


def tokens_option(
    help: str = "Token law: uniform on v letters, all distinct, independent with these probabilities (formulas in p, q and lam too: p,1-p), shuffled windows of a chain, markov([['3/4', '1/4'], ['1/4', '3/4']]), or of a text.",
    metavar: str = "uniform|distinct|1/2,1/3,1/6|markov(...)|@FILE",
) -> Callable[[Verb], Verb]:
    """``--tokens``, for `read_law`."""
    return click.option(
        "--tokens", default="uniform", metavar=metavar, help=help, shell_complete=complete_law
    )


def length_option(
    default: str | None = "L",
    help: str = "Context length: a symbol or a number.",
    metavar: str = "L|INT",
    **settings: Any,
) -> Callable[[Verb], Verb]:
    """``--length``, for `read_length`."""
    return click.option("--length", default=default, metavar=metavar, help=help, **settings)


def vocabulary_option(
    default: str | None = None,
    help: str = "Vocabulary size of uniform tokens; with @FILE, how many letters are kept apart.",
    metavar: str = "v|INT",
) -> Callable[[Verb], Verb]:
    """``--vocabulary``, for `read_law`."""
    return click.option("--vocabulary", default=default, metavar=metavar, help=help)


def unit_option(help: str) -> Callable[[Verb], Verb]:
    """``--unit``: what counts as a letter of a text."""
    return click.option(
        "--unit", type=click.Choice(["letters", "words", "tokens", "bytes", "ids"]), help=help
    )


def text_unit_option() -> Callable[[Verb], Verb]:
    """``--unit`` beside ``--tokens``, for `read_law`."""
    return unit_option("With @FILE, what counts as a letter of the text.  [default: ids for .npy and .bin, else letters]")  # fmt: skip


def settings_option(
    help: str = "Give a hyperparameter a value, read exactly: --set alpha=1 --set beta=1/2.",
) -> Callable[[Verb], Verb]:
    """``--set NAME=VALUE``, as ``settings``, for `read_settings`."""
    return click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="NAME=VALUE",
        help=help,
        shell_complete=complete_setting,
    )


def number_option(
    name: str, default: str, help: str | None = None, metavar: str = "FORMULA"
) -> Callable[[Verb], Verb]:
    """An option for `read_formula`."""
    return click.option(name, default=default, show_default=True, metavar=metavar, help=help)


def format_option(*forms: str) -> Callable[[Verb], Verb]:
    """``--format``, as ``form``: one of these, the first by default."""
    return click.option(
        "--format", "form", type=click.Choice(forms), default=forms[0], show_default=True
    )


def plot_option(help: str) -> Callable[[Verb], Verb]:
    """``--plot FILE``."""
    return click.option("--plot", metavar="FILE", help=help, callback=_drawn)


def _drawn(context: click.Context, option: click.Parameter, place: str | None) -> str | None:
    """Refuse a figure that cannot be saved before anything is computed for it."""
    if place is not None:
        from symkern.plot.style import picture_format

        picture_format(place)
        require_place(place, argument="plot")
    return place


def derivation_option(help: str) -> Callable[[Verb], Verb]:
    """``--derivation``."""
    return click.option("--derivation", is_flag=True, help=help)


def output_option(folder: bool = False) -> Callable[[Verb], Verb]:
    """``--output FILE``, with ``folder`` it may be a folder that exists; and with it ``--width`` and ``--no-pager``."""
    help = "Write to FILE instead of standard output."
    return options(place_option("--output", help=help, folder=folder), terminal_options)


def place_option(name: str, help: str, folder: bool = False) -> Callable[[Verb], Verb]:
    """An option that names a file to write; refused at once where nothing can be written there."""

    def written(context: click.Context, option: click.Parameter, place: str | None) -> str | None:
        if place is not None:
            require_place(place, folder, name.removeprefix("--"))
        return place

    return click.option(name, metavar="FILE", help=help, callback=written)


# -- readers ------------------------------------------------------------------------------


def read_formula(text: str, name: str) -> sp.Expr:
    """A formula as `symkern.abc.parse` reads it, or a decimal with an exponent of at most three digits.

    >>> read_formula("1e-3", "ridge"), read_formula("sigma2/2", "ridge")
    (1/1000, sigma2/2)
    """
    import sympy as sp

    from symkern.abc import parse

    match = _SCIENTIFIC.match(text)
    if match is None:
        return parse(text, name)
    return sp.Rational(match["mantissa"]) * sp.Integer(10) ** int(match["exponent"])


def read_positive(text: str, name: str) -> int:
    """A positive integer up to 10^9, as digits or as 1e9.

    >>> read_positive("1e9", "length"), read_positive("2.5e3", "length")
    (1000000000, 2500)
    """
    digits = text.strip()
    plain = digits.isascii() and digits.isdigit() and len(digits) <= 10
    value = read_formula(digits, name) if plain or _SCIENTIFIC.match(text) else None
    if value is None or not (value.is_Integer and value > 0):
        raise InvalidArgument(name, "must be a positive integer", f"it is {text!r}")
    if value > current().command_length:
        raise InvalidArgument(name, f"must be at most {_largest()}", f"it is {digits}")
    return int(value)


def read_length(text: str) -> int | sp.Expr:
    """The symbol L or a positive integer.

    >>> read_length("L"), read_length("1e3")
    (L, 1000)
    """
    from symkern.abc import L

    if text.strip() == "L":
        return L
    try:
        return read_positive(text, "length")
    except InvalidArgument:
        raise InvalidArgument(
            "length", f"must be L or a positive integer up to {_largest()}", f"it is {text!r}"
        ) from None


def _largest() -> str:
    return f"{float(current().command_length):g}".replace("e+0", "e")


def read_whole(text: str | None, name: str, least: int = 0) -> int:
    """An integer of at least ``least`` and at most nine digits, which must be given.

    >>> read_whole("12", "n")
    12
    """
    if text is None:
        raise InvalidArgument(name, "must be given", "it is not")
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) < least:
        kind = "nonnegative" if not least else "positive"
        rule = f"must be a {kind} integer of at most nine digits"
        raise InvalidArgument(name, rule, f"it is {text!r}")
    return int(text)


def read_float(text: str, name: str) -> float:
    """A number in floating point, as Python spells it."""
    try:
        return float(text)
    except ValueError:
        raise InvalidArgument(name, "must be a number", f"it is {text!r}") from None


def _size(text: str, read: Callable[[str, str], Any]) -> Any:
    """The number of letters of uniform tokens."""
    try:
        return read(text, "vocabulary")
    except FormulaError:
        if not text.strip().isalpha():
            raise
        raise InvalidArgument("vocabulary", "must be a number or v", f"it is {text!r}") from None


def read_law(
    tokens: str,
    vocabulary: str | None = None,
    default: str = "v",
    read: Callable[[str, str], Any] = read_formula,
    unit: Any = None,
) -> Law | HiddenMarkov | TextTokens:
    """The token law that ``--tokens`` and ``--vocabulary`` describe; ``default`` is the vocabulary where none is given, ``read`` reads it.

    "@FILE" is the law of the shuffled windows of a text, whose letters are what ``unit`` says, and whose vocabulary is the number of the most frequent ones, one of them for all others.

    >>> read_law("1/2,1/3,1/6"), read_law("p,1-p"), read_law("uniform", "3")
    (categorical(['1/2', '1/3', '1/6']), categorical(['p', '1 - p']), uniform(3))
    """
    from symkern import tokens as laws

    if unit is not None and not tokens.strip().startswith("@"):
        rule = "is an option of @FILE, which it reads"
        raise InvalidArgument("unit", rule, f"the tokens are {tokens!r}")
    if tokens.strip() == "uniform":
        return laws.read_law(tokens, _size(default if vocabulary is None else vocabulary, read))
    if tokens.strip().startswith("@"):
        most = None if vocabulary is None else read_positive(vocabulary, "vocabulary")
        return TextTokens(tokens.strip()[1:], most, unit)
    if vocabulary is not None:
        raise InvalidArgument(
            "vocabulary",
            "is an option of uniform tokens and of @FILE",
            f"the tokens are {tokens!r}",
        )
    return laws.read_law(tokens)


@dataclass(frozen=True)
class TextTokens:
    """The letters of a text, whose law stands once the length of windows is known."""

    place: str
    vocabulary: int | None
    unit: Any = None

    def law(self, length: int | sp.Expr) -> Law:
        """The law of its windows, shuffled.

        Raises:
            InvalidArgument: the length is a symbol, or the text cannot be read.
        """
        from symkern.data import law, windows

        if not isinstance(length, int):
            rule = "must be a number where tokens are the windows of a text"
            raise InvalidArgument("length", rule, f"it is {length}")
        return law(windows(self.place, length, vocabulary=self.vocabulary, unit=self.unit))


def read_pairs(pairs: Sequence[str], what: str) -> dict[str, str]:
    """NAME=VALUE as texts, each name once; ``what`` is what they are called in a refusal."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        name = name.strip()
        if not equals or not name:
            raise InvalidArgument("set", "must read NAME=VALUE", f"it is {pair!r}")
        if name in found:
            raise InvalidArgument("set", f"gives each {what} once", f"{name!r} stands twice")
        found[name] = text
    return found


def read_settings(pairs: Sequence[str], numbers: bool = False) -> dict[str, object]:
    """The hyperparameters that ``--set`` gives; with ``numbers`` their values hold no symbols."""
    from symkern.abc import parse

    found: dict[str, object] = {}
    for name, text in read_pairs(pairs, "hyperparameter").items():
        value = parse(text, name)
        if numbers and value.free_symbols:
            raise InvalidArgument(name, "must be a number here", f"it is {text.strip()}")
        found[name] = value
    return found
