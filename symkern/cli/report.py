"""``symkern report``: a kernel as an article and as a web page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from symkern.cli.output import Refused
from symkern.cli.parameters import (
    kernel_argument,
    length_option,
    options,
    read_formula,
    read_law,
    read_length,
    read_settings,
    settings_option,
    text_unit_option,
    tokens_option,
    vocabulary_option,
)
from symkern.cli.spectra import progress, spectra

if TYPE_CHECKING:
    from symkern.spectra.spectrum import Spectrum


@click.command()
@options(
    kernel_argument(),
    tokens_option(),
    length_option(),
    vocabulary_option(),
    text_unit_option(),
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
    click.option("--force", is_flag=True, help="Replace a report that is there already."),
)  # fmt: skip
def report(
    kernel: str,
    tokens: str,
    length: str,
    vocabulary: str | None,
    unit: str | None,
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

    A kernel without a formula in L, such as softmax-block, is reported where it has
    series in 1/L: with --vocabulary 2 and 1 for every hyperparameter, unless given.

    \b
      symkern report linear-attention --output report
      symkern report flatten --set alpha=1 --set beta=1/2 --output flat
      symkern report softmax-block --vocabulary 3 --output softmax
    """
    from symkern.reports.folder import report as write_report
    from symkern.reports.folder import require_folder
    from symkern.targets import formula_target

    require_folder(Path(output), force)
    formula_target(target)
    size, given = read_length(length), read_settings(settings)
    wanted = None if down_to is None else read_formula(down_to, "--down-to")

    def derived(vocabulary: str | None, given: dict[str, object]) -> Spectrum:
        return spectra(
            [kernel], size, read_law(tokens, vocabulary, unit=unit), given, terms, wanted
        )[0]

    try:
        spectrum = derived(vocabulary, given)
    except Refused:
        vocabulary, more = _chosen(kernel, size, tokens, vocabulary, given)
        if not more:
            raise
        spectrum = derived(vocabulary, more)
    for path in write_report(spectrum, output, target, full, force, progress):
        click.echo(path, err=True)


def _chosen(
    text: str, length: object, tokens: str, vocabulary: str | None, given: dict[str, object]
) -> tuple[str | None, dict[str, object]]:
    """Vocabulary and settings where a kernel that has series in 1/L alone is derived, said on standard error; no settings for any other kernel."""
    from symkern.kernels import Kernel, read_kernel

    kernel = read_kernel(text)
    if isinstance(length, int) or not isinstance(kernel, Kernel) or kernel.is_polynomial:
        return vocabulary, {}
    found, chosen = dict(given), []
    if tokens.strip() == "uniform" and vocabulary is None:
        vocabulary = "2"
        chosen.append("--vocabulary 2")
    for parameter in kernel.parameters:
        if parameter.name not in found and parameter.name not in ("L", "v"):
            found[parameter.name] = read_formula("1", parameter.name)
            chosen.append(f"--set {parameter.name}=1")
    if not chosen:
        return vocabulary, {}
    note = f"symkern: this kernel has series in 1/L and no formula in L; reported with {' '.join(chosen)}"
    click.echo(note, err=True)
    return vocabulary, found
