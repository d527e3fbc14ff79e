"""``symkern symmetry``: the degree of permutation symmetry of a text."""

from __future__ import annotations

import os
from typing import Any

import click

from symkern import plot as figures
from symkern.cli.output import deliver_form, draw
from symkern.cli.parameters import (
    format_option,
    options,
    output_option,
    plot_option,
    read_positive,
    unit_option,
)
from symkern.cli.terminal import page_width
from symkern.errors import InvalidArgument, displayed


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@options(
    click.option(
        "--length",
        default="8,32",
        show_default=True,
        metavar="INT[,INT...]",
        help="Lengths of windows; the largest is that of figure and CSV.",
    ),
    unit_option("What counts as a letter.  [default: ids for .npy and .bin, else letters]"),
    click.option("--column", metavar="NAME", help="Of Parquet and Arrow files, the column of text."),
    click.option("--tokenizer", metavar="FILE", help="A Hugging Face tokenizer (JSON), which makes ids of the text."),
    click.option(
        "--vocabulary",
        metavar="INT",
        help="Number of letters, the most frequent ones and one for all others.  [default: 27 letters, 100 words, all bytes, 1000 ids]",
    ),
    click.option(
        "--folds",
        type=click.IntRange(3, 10000),
        default=20,
        show_default=True,
        help="Parts of the text between which products are taken.",
    ),
    click.option(
        "--shuffles",
        type=click.IntRange(0, 10**6),
        default=20,
        show_default=True,
        help="How often the nulls shuffle windows; 0 leaves them out.",
    ),
    click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the shuffles."),
    format_option("text", "latex", "json", "csv"),
    plot_option("Draw the shares against the length as PNG, PDF or SVG as well."),
    output_option(),
)  # fmt: skip
def symmetry(
    files: tuple[str, ...],
    length: str,
    unit: Any,
    column: str | None,
    tokenizer: str | None,
    vocabulary: str | None,
    folds: int,
    shuffles: int,
    seed: int,
    form: str,
    plot: str | None,
    output: str | None,
) -> None:
    """How symmetric a text is under permutations of the positions of its windows.

    FILE is plain text in UTF-8, WikiText, gzip or zstd of these, Parquet or Arrow,
    .npy of whole numbers, or .bin of 16-bit numbers; several are taken as parts of
    one text, and nothing is downloaded.

    \b
      symkern symmetry book.txt
      symkern symmetry book.txt --unit words --vocabulary 100 --length 8,32,64

    Of the correlations between different positions, shuffling leaves the share
    exch/off; the rest depends on the lag (decay) or on the direction of time (arrow).
    """
    from symkern.data import symmetry_report
    from symkern.pages.symmetry_report import report_csv, report_document, report_latex, report_text

    for name, place in (("output", output), ("plot", plot)):
        if place is not None and os.path.realpath(place) in map(os.path.realpath, files):
            raise InvalidArgument(name, "must be none of the texts", f"it is {displayed(place)}")
    report = symmetry_report(
        list(files),
        [read_positive(piece, "length") for piece in length.split(",")],
        vocabulary=None if vocabulary is None else read_positive(vocabulary, "vocabulary"),
        unit=unit,
        column=column,
        tokenizer=tokenizer,
        folds=folds,
        shuffles=shuffles,
        seed=seed,
    )
    draw(plot, lambda: figures.symmetry(report))
    deliver_form(
        form,
        output,
        text=lambda: report_text(report, page_width(output)),
        latex=lambda: report_latex(report),
        json=lambda: report_document(report),
        csv=lambda: report_csv(report),
    )
