"""``symkern curve``: the learning curve of a target, and what each part of it costs as a formula in L."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

import click

from symkern.cli.option_numbers import read_formula, read_positive
from symkern.cli.output import deliver, unicode_output

if TYPE_CHECKING:
    from symkern.learning.learning_curve import LearningCurve

__all__ = ["curve"]

_RANGE = re.compile(r"\s*(?P<low>[0-9.eE+]+?)\s*\.\.\s*(?P<high>[0-9.eE+]+)\s*\Z")

#: Points of a range of n in a figure, in JSON and in CSV.
_POINTS = 120


@click.command()
@click.argument("kernel", default="linear-attention", metavar="[PRESET | PIPELINE]")
@click.option(
    "--target",
    default="x1*x2",
    show_default=True,
    metavar="FORMULA",
    help="What is learned: x1 (token at position 1), s1 (its spin), n0 (how often token 0 occurs), [x1=x2], "
    "parity, majority, bigram(0,1), copy(1), and sums, products, powers of these.",
)
@click.option(
    "--length",
    default="64",
    show_default=True,
    metavar="INT[,INT...]",
    help="Context length, or several.",
)
@click.option(
    "--vocabulary",
    default=None,
    metavar="INT",
    help="Vocabulary size of uniform tokens.  [default: 2]",
)
@click.option(
    "--tokens", default="uniform", metavar="uniform|1/2,1/3,1/6",
    help="Token law: uniform, or independent with these probabilities.",
)  # fmt: skip
@click.option(
    "--n",
    "samples",
    default="1..1e7",
    show_default=True,
    metavar="LOW..HIGH|N,N,...",
    help="Numbers of samples.",
)
@click.option(
    "--ridge",
    default="1",
    show_default=True,
    metavar="NUMBER",
    help="Ridge sigma2 of the regression.",
)
@click.option(
    "--noise", default="0", show_default=True, metavar="NUMBER", help="Variance of the label noise."
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="Give a hyperparameter a value; those without one are 1.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "latex", "json", "csv"]),
    default="text",
    show_default=True,
)
@click.option("--plot", metavar="FILE", help="Draw the curve as PNG, PDF or SVG as well.")
@click.option("--output", metavar="FILE", help="Write to FILE instead of standard output.")
def curve(
    kernel: str,
    target: str,
    length: str,
    vocabulary: str | None,
    tokens: str,
    samples: str,
    ridge: str,
    noise: str,
    settings: tuple[str, ...],
    form: str,
    plot: str | None,
    output: str | None,
) -> None:
    """Learning curve of kernel regression: which part of a target is learned when.

    The target is split by irreps of the permutations of positions and of tokens;
    each part is learned once n passes sigma2/eigenvalue. Printed are the parts, test
    and train error against n, and, for targets of one or two positions, what every
    part costs as the length L grows.
    """
    from symkern.kernels import read_kernel
    from symkern.spectra.deriving import derived
    from symkern.targets import formula_target

    read = formula_target(target)
    lengths = [read_positive(piece, "length") for piece in length.split(",")]
    law = _law(tokens, vocabulary)
    chosen = read_kernel(kernel)
    given = _settings(settings)
    values: dict[str, object] = {p.name: 1 for p in chosen.parameters if p.name not in ("L", "v")}
    values.update(given)
    n = _samples(samples, form == "text" or form == "latex")
    numbers = {"ridge": read_formula(ridge, "ridge"), "noise": read_formula(noise, "noise")}
    fine = _samples(samples, False) if plot is not None else n
    found, drawn = [], []
    for one in lengths:
        spectrum = derived(chosen, one, law, values)
        found.append(spectrum.learning_curve(read, n=n, **numbers))
        if plot is not None:
            drawn.append(found[-1].at(fine))
    text = _printed(found, form, unicode_output(output))
    if plot is not None:
        from symkern.plot import learning_curve, style

        style.save(learning_curve(drawn if len(drawn) > 1 else drawn[0]), plot)
    deliver(text, output)


def _printed(curves: list[LearningCurve], form: str, unicode: bool) -> str:
    if form == "json":
        import json

        documents = [one.to_dict() for one in curves]
        return json.dumps(documents[0] if len(documents) == 1 else documents, indent=2)
    if form == "csv":
        return _csv(curves)
    growth = curves[-1].growth
    if form == "latex":
        from symkern.pages.learning_curve import growth_latex
        from symkern.typeset.document import document

        pieces = [one.latex() for one in curves]
        if growth is not None and growth.total != 0:
            pieces.append(growth_latex(growth))
        return document("\n\n".join(pieces))
    pieces = [one.text(unicode=unicode) for one in curves]
    if growth is not None and growth.total != 0:
        from symkern.pages.learning_curve import growth_text

        pieces.append(growth_text(growth, unicode=unicode))
    return "\n\n".join(pieces)


def _csv(curves: list[LearningCurve]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["L", "n", "kappa", "test_error", "train_error"])
    for one in curves:
        for row in zip(one.n, one.kappa, one.test_error, one.train_error, strict=True):
            writer.writerow([one.length, *(f"{float(value):.10g}" for value in row)])
    return stream.getvalue()


def _law(tokens: str, vocabulary: str | None) -> Any:
    from symkern.abc import parse
    from symkern.errors import InvalidArgument
    from symkern.tokens import categorical, uniform

    if tokens == "uniform":
        return uniform(read_positive("2" if vocabulary is None else vocabulary, "vocabulary"))
    if vocabulary is not None:
        raise InvalidArgument(
            "vocabulary", "is an option of uniform tokens", f"the tokens are {tokens!r}"
        )
    if "," not in tokens and not tokens[:1].isdigit():
        raise InvalidArgument(
            "tokens", "must be uniform or a list of probabilities", f"it is {tokens!r}"
        )
    return categorical([parse(piece, f"tokens[{i}]") for i, piece in enumerate(tokens.split(","))])


def _settings(pairs: tuple[str, ...]) -> dict[str, object]:
    from symkern.abc import parse
    from symkern.errors import InvalidArgument

    found: dict[str, object] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        name = name.strip()
        if not equals or not name:
            raise InvalidArgument("set", "must read NAME=VALUE", f"it is {pair!r}")
        if name in found:
            raise InvalidArgument("set", "gives each hyperparameter once", f"{name!r} stands twice")
        number = parse(value, name)
        if number.free_symbols:
            raise InvalidArgument(name, "must be a number here", f"it is {value.strip()}")
        found[name] = number
    return found


def _samples(text: str, few: bool) -> list[float]:
    """The values of n: a list, or a range, which is read as 1, 2, 5, 10, ... or as many points evenly spaced in log n."""
    import numpy as np

    from symkern.errors import InvalidArgument

    match = _RANGE.match(text)
    if match is None:
        return [_number(piece, text) for piece in text.split(",")]
    low, high = _number(match["low"], text), _number(match["high"], text)
    if not low <= high:
        raise InvalidArgument("n", "a range LOW..HIGH must rise", f"it is {text!r}")
    if few:
        every = [m * 10.0**k for k in range(19) for m in (1, 2, 5)]
        if high / low > 1e4:
            every = [10.0 ** (k / 2) for k in range(37)]
        inner = [round(m) for m in every if low < m < high]
        return sorted({low, *map(float, inner), high})
    return sorted({float(e) for e in np.geomspace(low, high, _POINTS)})


def _number(text: str, whole: str) -> float:
    from symkern.errors import InvalidArgument

    try:
        value = float(text)
    except ValueError:
        raise InvalidArgument("n", "must read LOW..HIGH or N,N,...", f"it is {whole!r}") from None
    if not 1 <= value <= 1e18:
        raise InvalidArgument("n", "must lie between 1 and 1e18", f"it is {text.strip()}")
    return value
