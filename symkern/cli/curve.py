"""``symkern curve``: the learning curve of a target, and what each part of it costs as a formula in L."""

from __future__ import annotations

import re

import click

from symkern import plot as figures
from symkern.cli.output import deliver, draw, unicode_output
from symkern.cli.parameters import (
    format_option,
    kernel_argument,
    length_option,
    number_option,
    options,
    output_option,
    plot_option,
    read_formula,
    read_law,
    read_positive,
    read_settings,
    settings_option,
    tokens_option,
    vocabulary_option,
)
from symkern.cli.spectra import spectra
from symkern.errors import InvalidArgument
from symkern.limits import current

_RANGE = re.compile(r"\s*(?P<low>[0-9.eE+]+?)\s*\.\.\s*(?P<high>[0-9.eE+]+)\s*\Z")


@click.command()
@options(
    kernel_argument(),
    click.option(
        "--target",
        default="x1*x2",
        show_default=True,
        metavar="FORMULA",
        help="What is learned: x1 (token at position 1), s1 (its spin), n0 (how often token 0 occurs), [x1=x2], "
        "parity, majority, first, bigram(0,1), copy(1), and sums, products, powers of these.",
    ),
    length_option("64", "Context length, or several.", "INT[,INT...]", show_default=True),
    vocabulary_option(None, "Vocabulary size of uniform tokens.  [default: 2]", "INT"),
    tokens_option(
        "Token law: uniform, or independent with these probabilities.", "uniform|1/2,1/3,1/6"
    ),
    click.option(
        "--n",
        "samples",
        default="1..1e7",
        show_default=True,
        metavar="LOW..HIGH|N,N,...",
        help="Numbers of samples.",
    ),
    number_option("--ridge", "1", "Ridge sigma2 of the regression.", "NUMBER"),
    number_option("--noise", "0", "Variance of the label noise.", "NUMBER"),
    settings_option("Give a hyperparameter a value; those without one are 1."),
    format_option("text", "latex", "json", "csv"),
    plot_option("Draw the curve as PNG, PDF or SVG as well."),
    output_option(),
)
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
    from symkern.learning.learning_curve import learning_curve
    from symkern.pages.learning_curves import curves_page
    from symkern.targets import formula_target

    read = formula_target(target)
    lengths = [read_positive(piece, "length") for piece in length.split(",")]
    law = read_law(tokens, vocabulary, "2", read_positive)
    values: dict[str, object] = {
        p.name: 1 for p in read_kernel(kernel).parameters if p.name not in ("L", "v")
    }
    values.update(read_settings(settings, numbers=True))
    n = _samples(samples, form in ("text", "latex"))
    numbers = {"ridge": read_formula(ridge, "ridge"), "noise": read_formula(noise, "noise")}
    found = []
    for one in lengths:
        [spectrum] = spectra([kernel], one, law, values)
        found.append(learning_curve(spectrum, read, n=n, **numbers))
    text = curves_page(found, form, unicode_output(output))
    draw(plot, lambda: figures.learning_curve([c.at(_samples(samples, False)) for c in found]))
    deliver(text, output)


def _samples(text: str, few: bool) -> list[float]:
    """The values of n: a list, or a range, which is read as 1, 2, 5, 10, ... or as many points evenly spaced in log n."""
    import numpy as np

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
    return sorted({float(e) for e in np.geomspace(low, high, current().figure_points)})


def _number(text: str, whole: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise InvalidArgument("n", "must read LOW..HIGH or N,N,...", f"it is {whole!r}") from None
    if not 1 <= value <= 1e18:
        raise InvalidArgument("n", "must lie between 1 and 1e18", f"it is {text.strip()}")
    return value
