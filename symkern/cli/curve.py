"""``symkern curve``: the learning curve of a target, and what each part of it costs as a formula in L."""

from __future__ import annotations

import re
from functools import partial

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
    text_unit_option,
    tokens_option,
    vocabulary_option,
)
from symkern.cli.spectra import spectra
from symkern.cli.terminal import page_width
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
        "parity, majority, first (s1), bigram(0,1), copy(1), and sums, products, powers of these.",
    ),
    length_option("64", "Context length, or several.", "INT[,INT...]", show_default=True),
    vocabulary_option(
        None,
        "Vocabulary size of uniform tokens [default: 2]; with @FILE, how many letters are kept apart.",
        "INT",
    ),
    tokens_option(
        "Token law: uniform, independent with these probabilities, or of the shuffled windows of a text.",
        "uniform|1/2,1/3,1/6|@FILE",
    ),
    text_unit_option(),
    click.option(
        "--n",
        "samples",
        default="1..1e7",
        show_default=True,
        metavar="LOW..HIGH|N,N,...",
        help="Numbers of samples.",
    ),
    click.option(
        "--time",
        "times",
        default=None,
        metavar="LOW..HIGH|T,T,...",
        help="Training times of gradient flow on the population, in the place of samples and ridge.",
    ),
    number_option("--ridge", "1", "Ridge sigma2 of the regression.", "NUMBER"),
    number_option("--noise", "0", "Variance of the label noise.", "NUMBER"),
    click.option(
        "--draws",
        type=click.IntRange(1, 10_000),
        help="Regress on so many drawn training sets too, and set what is measured beside the prediction.",
    ),
    click.option(
        "--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the draws."
    ),
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
    unit: str | None,
    samples: str,
    times: str | None,
    ridge: str,
    noise: str,
    draws: int | None,
    seed: int,
    settings: tuple[str, ...],
    form: str,
    plot: str | None,
    output: str | None,
) -> None:
    """Learning curve of kernel regression: which part of a target is learned when.

    With --time the error against training time, by gradient flow of rate 1 on half
    the population mean squared error.

    The target is split by irreps of the permutations of positions and of tokens;
    each part is learned once n passes sigma2/eigenvalue. Printed are the parts, test
    and train error against n, and, for targets of one or two positions, what every
    part costs as the length L grows.
    """
    from symkern.kernels import read_kernel
    from symkern.learning.learning_curve import learning_curve
    from symkern.learning.training_curve import training_curve
    from symkern.pages.learning_curves import curves_page
    from symkern.pages.training_curve import training_page
    from symkern.targets import formula_target

    read = formula_target(target)
    lengths = [read_positive(piece, "length") for piece in length.split(",")]
    law = read_law(tokens, vocabulary, "2", read_positive, unit)
    values: dict[str, object] = {
        p.name: 1 for p in read_kernel(kernel).parameters if p.name not in ("L", "v")
    }
    values.update(read_settings(settings, numbers=True))
    if times is not None:
        if draws is not None:
            rule = "may not be given beside --time, which trains on the population"
            raise InvalidArgument("draws", rule, f"it is {draws}")
        for name in ("samples", "ridge"):
            source = click.get_current_context().get_parameter_source(name)
            if source is not click.core.ParameterSource.DEFAULT:
                rule = (
                    "may not be given beside --time, which trains on the population without a ridge"
                )
                option = "n" if name == "samples" else name
                raise InvalidArgument(option, rule, f"it is {samples if option == 'n' else ridge}")
        draw_times = partial(_places, times, name="t", least=0.0)
        trained = [
            training_curve(
                spectra([kernel], one, law, values)[0],
                read,
                t=draw_times(few=form in ("text", "latex")),
                noise=read_formula(noise, "noise"),
            )
            for one in lengths
        ]
        text = training_page(trained, form, unicode_output(output), page_width(output))
        draw(plot, lambda: figures.training_curve([c.at(draw_times(few=False)) for c in trained]))
        deliver(text, output)
        return
    n = _samples(samples, draws is not None or form in ("text", "latex"))
    if draws is not None:
        n = sorted({float(round(e)) for e in n})
    numbers = {"ridge": read_formula(ridge, "ridge"), "noise": read_formula(noise, "noise")}
    found = []
    for one in lengths:
        [spectrum] = spectra([kernel], one, law, values)
        found.append(learning_curve(spectrum, read, n=n, **numbers))
    if draws is not None:
        from symkern.pages.measured_curve import measured_page

        measured = [one.measured(draws, seed) for one in found]
        text = measured_page(measured, form, unicode_output(output), page_width(output))
        draw(plot, lambda: figures.measured_curve(measured))
        deliver(text, output)
        return
    text = curves_page(found, form, unicode_output(output), page_width(output))
    draw(plot, lambda: figures.learning_curve([c.at(_samples(samples, False)) for c in found]))
    deliver(text, output)


def _samples(text: str, few: bool) -> list[float]:
    """The values of n."""
    return _places(text, few, "n", 1.0)


def _places(text: str, few: bool, name: str, least: float) -> list[float]:
    """A list, or a range, which is read as 1, 2, 5, 10, ... or as many points evenly spaced in the logarithm."""
    import numpy as np

    match = _RANGE.match(text)
    if match is None:
        return [_number(piece, text, name, least) for piece in text.split(",")]
    low, high = (_number(match[end], text, name, least) for end in ("low", "high"))
    if not 0 < low <= high:
        rule = "a range LOW..HIGH must rise" + ("" if low else ", from above 0")
        raise InvalidArgument(name, rule, f"it is {text!r}")
    if few:
        every = [m * 10.0**k for k in range(-9, 19) for m in (1, 2, 5)]
        if high / low > 1e4:
            every = [10.0 ** (k / 2) for k in range(-18, 37)]
        if least == 1:
            every = [float(round(m)) for m in every if m >= 1]
        inner = [m for m in every if low < m < high]
        return sorted({low, *inner, high})
    return sorted({float(e) for e in np.geomspace(low, high, current().figure_points)})


def _number(text: str, whole: str, name: str, least: float) -> float:
    try:
        value = float(text)
    except ValueError:
        raise InvalidArgument(name, f"must read LOW..HIGH or {name.upper()},{name.upper()},...", f"it is {whole!r}") from None  # fmt: skip
    if not least <= value <= 1e18:
        raise InvalidArgument(name, f"must lie between {least:g} and 1e18", f"it is {text.strip()}")
    return value
