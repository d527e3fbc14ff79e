"""``symkern derive``: the spectrum of a preset or pipeline."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from symkern.cli.output import deliver_form, unicode_output
from symkern.cli.parameters import (
    derivation_option,
    format_option,
    kernel_argument,
    length_option,
    options,
    output_option,
    place_option,
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
from symkern.cli.terminal import page_width
from symkern.errors import InvalidArgument
from symkern.reading.writable_places import write_whole

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
    format_option("text", "latex", "json", "csv"),
)
@click.option(
    "--terms",
    type=click.IntRange(1, 100),
    default=2,
    show_default=True,
    help="Terms of each eigenvalue, where eigenvalues are series in 1/L.",
)
@click.option(
    "--down-to",
    metavar="POWER",
    help="Every eigenvalue down to this power of 1/L, where they are series in 1/L; without it, those of functions of degree up to two.",
)
@click.option(
    "--full",
    is_flag=True,
    help="Every row and every formula, however long, and the radicals of quadratic eigenvalues.",
)
@click.option(
    "--theorem",
    is_flag=True,
    help="With --format latex: state the spectrum as a theorem, its hypotheses, eigenvalues and a label.",
)
@click.option(
    "--against",
    metavar="PRESET|PIPELINE",
    help="Set a second kernel beside the first: which learns which sector with how many samples.",
)
@derivation_option(
    "Add the steps that lead to each sector's largest eigenvalue, checked on the spot; with --theorem, its proof."
)
@place_option(
    "--certificate",
    help="Also write the claim to FILE, for symkern verify FILE or any other program to test.",
)
@output_option()
def derive(
    kernel: str,
    tokens: str,
    length: str,
    vocabulary: str | None,
    unit: str | None,
    settings: tuple[str, ...],
    form: str,
    terms: int,
    down_to: str | None,
    full: bool,
    theorem: bool,
    against: str | None,
    derivation: bool,
    certificate: str | None,
    output: str | None,
) -> None:
    """Derive the exact spectrum of a kernel, sector by sector.

    The kernel is a pipeline, an embedding, then stages, one of them a readout,

    \b
      "embedding(alpha, beta) | attention | residual | mean_pool"

    or a preset, linear-attention where none is named; `symkern presets` shows
    their pipelines and formulas:

    \b
      bag-of-tokens             linear-attention-last  transformer-block
      flatten                   linear-attention-2     transformer-block-last
      linear-attention          linear-attention-3     softmax-attention
      linear-attention-flatten  fully-connected        softmax-block

    What is printed: a row is one eigenvalue, a group of rows a sector, an irrep
    of the permutations of positions with one of the renamings of tokens.
    "dimension" counts the eigenfunctions of each eigenvalue, "block" the
    eigenvalues of the sector. sigma2 (the letter sigma, squared) is the ridge,
    and sigma2 over an eigenvalue the number of samples that half learn such
    a function. "never" stands beside an eigenvalue that is zero. Formulas
    follow below the table, each with the sizes from which it holds.

    A kernel without a formula in L, softmax and what stands behind it, has
    series in 1/L at a given vocabulary, where it is smooth; --length INT
    gives its exact spectrum.
    """
    if derivation and (against is not None or form == "csv"):
        what = "--against" if against is not None else "--format csv"
        raise InvalidArgument("derivation", f"must stand without {what}", "both are given")

    from symkern.pages.spectrum import spectrum_text
    from symkern.pages.spectrum_csv import spectrum_csv
    from symkern.spectra.spectrum_document import spectrum_document, spectrum_json

    if theorem and (form != "latex" or against is not None):
        rule = "is stated of one kernel with --format latex"
        raise InvalidArgument("theorem", rule, f"the format is {form}" if against is None else "there are two")  # fmt: skip
    law = read_law(tokens, vocabulary, unit=unit)
    kernels = [kernel] if against is None else [kernel, against]
    wanted = None if down_to is None else read_formula(down_to, "--down-to")
    spectrum, *other = spectra(
        kernels, read_length(length), law, read_settings(settings), terms, wanted
    )
    if certificate is not None:
        from symkern.certificates.spectrum_claim import spectrum_certificate

        claim = json.dumps(spectrum_certificate(spectrum), indent=2)
        write_whole(certificate, lambda stream: stream.write(f"{claim}\n".encode()))
    if other:
        from symkern.learning.comparison import compare
        from symkern.pages.comparison import comparison_latex, comparison_table, comparison_text

        found = compare(spectrum, other[0])
        deliver_form(
            form,
            output,
            text=lambda: comparison_text(found, page_width(output), unicode_output(output)),
            latex=lambda: comparison_latex(found),
            json=found.to_dict,
            csv=lambda: comparison_table(found).csv(),
        )
        return
    if derivation and not theorem:
        from symkern.derivations.sector import derivations_of_sectors
        from symkern.pages.derivations import Told, checked_data, checked_text, latex_after

        steps, told = derivations_of_sectors(spectrum, progress), Told()
        uni = unicode_output(output)
        deliver_form(
            form,
            output,
            text=lambda: "\n\n".join(
                [spectrum_text(spectrum, full, page_width(output), uni, progress)]
                + [checked_text(d, page_width(output), told) for d in progress(steps)]
            ),
            latex=lambda: "\n\n".join(
                [_latex(spectrum, full)] + [latex_after(d, told) for d in progress(steps)]
            ),
            json=lambda: {
                **spectrum_document(_solved(spectrum, full), full),
                "derivations": [checked_data(d) for d in progress(steps)],
            },
        )
        return
    deliver_form(
        form,
        output,
        text=lambda: spectrum_text(
            spectrum, full, page_width(output), unicode_output(output), progress
        ),
        latex=lambda: _theorem(spectrum, derivation, full) if theorem else _latex(spectrum, full),
        json=lambda: spectrum_json(_solved(spectrum, full), full=full),
        csv=lambda: spectrum_csv(_solved(spectrum, full), full),
    )


def _latex(spectrum: Spectrum, full: bool) -> str:
    from symkern.pages.spectrum_latex import spectrum_latex

    return spectrum_latex(spectrum, full, progress)


def _theorem(spectrum: Spectrum, derivation: bool, full: bool) -> str:
    from symkern.pages.theorem import NOT_PRINTED, theorem_latex

    text = theorem_latex(spectrum, derivation, full, progress)
    if NOT_PRINTED in text:
        click.echo(f"symkern: the theorem says of some eigenvalues: {NOT_PRINTED}; --full prints them", err=True)  # fmt: skip
    return text


def _solved(spectrum: Spectrum, full: bool) -> Spectrum:
    """The spectrum with its eigenvalues found, which is most of what writing takes: the bar goes on."""
    for sector in progress(list(spectrum.sectors)):
        _ = (sector if full else sector.abridged()).branches
    return spectrum
