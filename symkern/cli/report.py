"""``symkern report``: a kernel as an article and as a web page."""

from __future__ import annotations

from pathlib import Path

import click

from symkern.cli.parameters import (
    kernel_argument,
    length_option,
    options,
    read_formula,
    read_law,
    read_length,
    read_settings,
    settings_option,
    tokens_option,
    vocabulary_option,
)
from symkern.cli.spectra import progress, spectra


@click.command()
@options(
    kernel_argument(),
    tokens_option(),
    length_option(),
    vocabulary_option(),
    settings_option(),
    click.option(
        "--target",
        default="x1*x2",
        show_default=True,
        metavar="FORMULA",
        help="The function whose learning curves are shown, as for symkern curve.",
    ),
    click.option(
        "--terms",
        type=click.IntRange(1, 100),
        default=2,
        show_default=True,
        help="Terms of each eigenvalue, where eigenvalues are series in 1/L.",
    ),
    click.option("--down-to", metavar="POWER", help="Every eigenvalue down to this power of 1/L, where they are series."),
    click.option("--full", is_flag=True, help="Every formula, however long."),
    click.option("--output", metavar="DIR", required=True, help="The folder; it is made where it does not exist."),
    click.option("--force", is_flag=True, help="Replace files there that were changed, or that are of other origin."),
)  # fmt: skip
def report(
    kernel: str,
    tokens: str,
    length: str,
    vocabulary: str | None,
    settings: tuple[str, ...],
    target: str,
    terms: int,
    down_to: str | None,
    full: bool,
    output: str,
    force: bool,
) -> None:
    """Write a kernel's report: article.tex and page.html in a folder.

    Both say the same: the kernel, its spectrum with the sizes from which each
    formula holds, the laws of samples, exponents, learning curves, the
    derivation and the references. The article compiles with pdflatex, run
    twice; the page needs nothing else, no network either, and its buttons
    copy formulas as LaTeX and for SymPy.

    \b
      symkern report linear-attention --output report
      symkern report flatten --set alpha=1 --set beta=1/2 --output flat
    """
    from symkern.reports.folder import report as write_report
    from symkern.reports.folder import require_folder
    from symkern.targets import formula_target

    require_folder(Path(output), force)
    formula_target(target)
    law = read_law(tokens, vocabulary)
    wanted = None if down_to is None else read_formula(down_to, "--down-to")
    [spectrum] = spectra([kernel], read_length(length), law, read_settings(settings), terms, wanted)
    for path in write_report(spectrum, output, target, full, force, progress):
        click.echo(path, err=True)
