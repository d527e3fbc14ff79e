"""``symkern bound``: what dimensions and eigenvalues say about learning, as formulas in L with their derivations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from symkern import plot as figures
from symkern.cli.output import deliver_form, draw
from symkern.cli.parameters import (
    TextTokens,
    derivation_option,
    format_option,
    kernel_argument,
    length_option,
    number_option,
    options,
    output_option,
    plot_option,
    read_formula,
    read_law,
    read_length,
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

if TYPE_CHECKING:
    import sympy as sp

    from symkern.pages.law_page import LawPage


_shared = options(
    format_option("text", "latex", "json"),
    derivation_option("Add the steps, each checked on the spot."),
    output_option(),
)
_data = options(
    length_option(),
    vocabulary_option(),
    tokens_option(),
    text_unit_option(),
    settings_option(),
)


@click.group()
def bound() -> None:
    """Bounds on what can be learned, with their derivations.

    MU and KAPPA are stable labels, the partition below the first row: 1 is
    (L-1,1), 2,1 is (L-3,2,1), and [] is the trivial irrep.

    \b
      symkern bound trace 2,1
      symkern bound map softmax-attention --vocabulary 2
    """


@bound.command()
@click.argument("mu", metavar="MU")
@length_option(help="Context length.")
@number_option("--trace", "1", "E k(x,x), the mean of the kernel's diagonal.")
@number_option("--ridge", "sigma2")
@plot_option("Draw the bound against L; what has no value is 1.")
@_shared
def trace(
    mu: str, length: str, trace: str, ridge: str, plot: str | None, form: str, derivation: bool,
    output: str | None,
) -> None:  # fmt: skip
    """The bound by an irrep's dimension.

    Every eigenvalue in an irrep is at most E k(x,x) over its dimension.
    """
    from symkern.bounds import samples_to_learn, trace_bound
    from symkern.bounds.laws import dimension_law, trace_law
    from symkern.combinatorics import Partition
    from symkern.derivations import derivation_of
    from symkern.pages.law_page import LawPage
    from symkern.typeset import irrep_text

    size, power, cost = (
        read_length(length),
        read_formula(trace, "trace"),
        read_formula(ridge, "ridge"),
    )
    shape = Partition.read(mu, "mu")
    law = trace_law(shape, power)
    value = trace_bound(shape, size, power)
    page = LawPage(f"The trace bound on the irrep {irrep_text(shape, size)}")
    if isinstance(size, int):
        page.rows += [("dimension", shape.padded(size).dimension), ("eigenvalue <=", value)]
    else:
        page.rows += [("dimension", dimension_law(shape)), ("bound", law)]
    page.rows.append(("samples >=", samples_to_learn(value, cost)))
    page.derivation = derivation_of(law) if derivation else None
    draw(plot, lambda: figures.scaling_law(law))
    _deliver(page, form, output)


@bound.command()
@click.argument("mu", metavar="MU")
@kernel_argument()
@click.option("--kappa", metavar="KAPPA", help="Token irrep; without it the one that is learned first.")  # fmt: skip
@click.option("--branch", default=0, show_default=True, help="Which eigenvalue of the sector, the largest first.")  # fmt: skip
@number_option("--learnability", "1/2", "Share of the function to be learned.", "NUMBER")
@click.option("--n", "samples", metavar="FORMULA", help="Also the share that n samples teach.")
@number_option("--ridge", "sigma2")
@click.option("--against", metavar="PRESET|PIPELINE", help="A second kernel: which learns it first.")  # fmt: skip
@plot_option("Draw the sector's eigenvalues under the trace bound; what has no value is 1.")
@_data
@_shared
def learn(
    mu: str, kernel: str, kappa: str | None, branch: int, learnability: str, samples: str | None,
    ridge: str, against: str | None, plot: str | None, length: str, vocabulary: str | None,
    tokens: str, unit: str | None, settings: tuple[str, ...], form: str, derivation: bool, output: str | None,
) -> None:  # fmt: skip
    """Samples that a kernel needs, exactly.

    For a function in the irrep MU, with the trace bound beside it.
    """
    numbers = {
        "learnability": read_formula(learnability, "learnability"),
        "ridge": read_formula(ridge, "ridge"),
    }
    asked = None if samples is None else read_formula(samples, "n")
    law, size = read_law(tokens, vocabulary, unit=unit), read_length(length)
    kernels = [kernel] if against is None else [kernel, against]
    spectrum, *rival = spectra(kernels, size, law, read_settings(settings))
    from symkern.pages.sector_bound import sector_page

    page, labels = sector_page(
        spectrum, mu, kappa, branch, *rival, n=asked, derivation=derivation, **numbers
    )
    if plot is not None and labels is None:
        raise InvalidArgument(
            "plot", "needs a sector that is not zero", f"{mu} is none; the kernel is zero there"
        )
    draw(plot, lambda: figures.trace_bound(spectrum, *(labels or ())))
    _deliver(page, form, output)


@bound.command("map")
@kernel_argument()
@tokens_option()
@vocabulary_option()
@settings_option()
@format_option("text", "latex", "json")
@plot_option("Draw the map.")
@output_option()
def exponents(
    kernel: str, tokens: str, vocabulary: str | None, settings: tuple[str, ...], form: str, plot: str | None,
    output: str | None,
) -> None:  # fmt: skip
    """The map of exponents of a kernel.

    The powers of L that samples cost, over asymmetry |mu| and symmetric degree e.
    """
    from symkern.learning.exponent_map import exponent_map
    from symkern.pages.exponent_map import exponent_latex, exponent_text

    law, size = read_law(tokens, vocabulary), read_length("L")
    [spectrum] = spectra([kernel], size, law, read_settings(settings))
    found = exponent_map(spectrum)
    draw(plot, lambda: figures.exponent_map(found))
    deliver_form(
        form,
        output,
        text=lambda: exponent_text(found, page_width(output)),
        latex=lambda: exponent_latex(found),
        json=found.to_dict,
    )


_numbers = options(
    number_option("--ridge", "sigma2", "Ridge of the regression."),
    number_option("--learnability", "1/2", "Share of the function to be learned."),
    number_option("--overlap", "1", "Size of <y, phi> under the symmetric law."),
    number_option("--feature-power", "1", "Mean of phi^2 over the samples."),
    number_option("--label-power", "1", "Mean of y^2 over the samples."),
)


@bound.command("cross-dataset")
@click.argument("eigenvalue", metavar="EIGENVALUE")
@_numbers
@click.option(
    "--feature",
    metavar="FORMULA",
    help="The function of the eigenvalue, s1-s2: its mean squares under --tokens take the place of powers and overlap.",
)
@click.option(
    "--label", metavar="FORMULA", help="What is to be learned, the function itself unless given."
)
@tokens_option(
    "With --feature: the law of the data, with memory or without.",
    "uniform|1/2,1/3,1/6|markov(...)",
)
@click.option(
    "--symmetric",
    metavar="LAW",
    help="With --feature: the symmetric law.  [default: uniform on the letters of the data]",
)
@length_option(None, "With --feature: the length of windows.", "INT")
@vocabulary_option(
    None, "With --feature: the vocabulary size of uniform tokens.  [default: 2]", "INT"
)
@plot_option("Draw the bound against L; what has no value is 1.")
@_shared
def cross(
    eigenvalue: str, feature: str | None, label: str | None, tokens: str, symmetric: str | None, length: str | None,
    vocabulary: str | None, plot: str | None, form: str, derivation: bool, output: str | None, **given: str,
) -> None:  # fmt: skip
    """Samples of any data set, symmetric or not.

    Below them the function is not learned, whatever the data.

    EIGENVALUE is that of the function under the symmetric law, a formula: 1/(L*v).

    With --feature the data are windows of a law, and the bound is one in the mean
    over data sets, with the moments of that law:

    \b
      symkern bound cross-dataset 1/54 --feature s1-s2 --length 6 \\
        --tokens "markov([['3/4', '1/4'], ['1/4', '3/4']])"
    """
    from symkern.bounds import cross_dataset
    from symkern.bounds.laws import cross_dataset_law
    from symkern.derivations import derivation_of
    from symkern.pages.law_page import LawPage

    values = {name: read_formula(text, name) for name, text in given.items()}
    value = read_formula(eigenvalue, "eigenvalue")
    data = {"label": label, "symmetric": symmetric, "length": length, "vocabulary": vocabulary}
    if feature is not None:
        for name in ("overlap", "feature_power", "label_power"):
            if values[name] != 1:
                rule = "is a moment of --tokens beside --feature"
                raise InvalidArgument(name, rule, f"it is {given[name]}")
        if plot is not None or derivation:
            rule = "goes without --feature: it is about the bound with given moments"
            raise InvalidArgument("plot" if plot is not None else "derivation", rule, "it is given")
        page = _population_page(value, feature, tokens, values["ridge"], values["learnability"], **data)  # fmt: skip
        _deliver(page, form, output)
        return
    for name, text in {"tokens": None if tokens == "uniform" else tokens, **data}.items():
        if text is not None:
            raise InvalidArgument(name, "is an option of --feature", "none is given")
    page = LawPage("Samples of any data set, judged under a symmetric law")
    page.rows = [("eigenvalue", value), ("samples >=", cross_dataset(value, **values))]
    if derivation:
        page.derivation = derivation_of(cross_dataset_law(value, values["ridge"]))
    draw(plot, lambda: figures.scaling_law(cross_dataset_law(value, values["ridge"])))
    _deliver(page, form, output)


def _population_page(
    value: sp.Expr, feature: str, tokens: str, ridge: sp.Expr, learnability: sp.Expr, *,
    label: str | None, symmetric: str | None, length: str | None, vocabulary: str | None,
) -> LawPage:  # fmt: skip
    """The bound with the moments of a law of the data."""
    from symkern.pages.law_page import LawPage
    from symkern.targets.population_moments import population_bound
    from symkern.tokens import require_law

    if length is None:
        raise InvalidArgument("length", "must be given beside --feature", "it is not")
    law = read_law(tokens, vocabulary, "2", read_positive)
    if isinstance(law, TextTokens):
        rule = "must be a law of windows as they are; that of a text is the law of its shuffled windows"
        raise InvalidArgument("tokens", rule, f"it is {tokens!r}")
    alike: Any = read_law("uniform" if symmetric is None else symmetric, str(law.vocabulary) if symmetric in (None, "uniform") else None)  # fmt: skip
    size = read_positive(length, "length")
    found = population_bound(value, feature, label, data=law, symmetric=require_law(alike, "symmetric"), length=size)  # fmt: skip
    page = LawPage("Samples of data sets of a law, judged under a symmetric law, in the mean")
    page.rows = [
        ("data", f"windows of length {size}, {law}"),
        ("symmetric law", str(alike)),
        ("eigenvalue", found.eigenvalue),
        ("mean square of the feature", found.feature_power),
        ("mean square of the label", found.label_power),
        ("overlap", found.overlap),
        ("samples >=", found.samples(ridge, learnability)),
    ]
    return page


@bound.command("copying")
@length_option(help="Context length.")
@vocabulary_option("v", "Vocabulary size.")
@number_option("--trace", "1", "Mean of k(x,x) under the symmetric law.")
@_numbers
@plot_option("Draw the bound against L; what has no value is 1, v is 4.")
@_shared
def copying_head(
    length: str, vocabulary: str, trace: str, plot: str | None, form: str, derivation: bool,
    output: str | None, **given: str,
) -> None:  # fmt: skip
    """Samples that teach a head to copy.

    On any data set, of order sigma2 L v.
    """
    from symkern.bounds import copying
    from symkern.bounds.laws import copying_law
    from symkern.derivations import derivation_of
    from symkern.pages.law_page import LawPage

    values = {name: read_formula(text, name) for name, text in given.items()}
    size, letters, power = (
        read_length(length),
        read_formula(vocabulary, "vocabulary"),
        read_formula(trace, "trace"),
    )
    page = LawPage("Samples that copying costs, on any data set")
    page.rows = [
        ("irrep", "(L-1,1) x (v-1,1), of dimension (L-1)(v-1)"),
        ("samples >=", copying(size, letters, trace=power, **values)),
    ]
    law = copying_law(power, values["ridge"], values["learnability"])
    page.derivation = derivation_of(law) if derivation else None
    sizes = {"v": letters} if letters.is_number else {}
    draw(plot, lambda: figures.scaling_law(law, **sizes))
    _deliver(page, form, output)


@bound.command("alignment")
@click.argument("formula", metavar="FORMULA")
@click.option("--length", required=True, metavar="INT", help="Number of positions.")
@plot_option("Draw the alignment in each irrep.")
@_shared
def align(
    formula: str, length: str, plot: str | None, form: str, derivation: bool, output: str | None
) -> None:
    """Alignment of a function with permutations.

    How much of one function its orbit always holds, on signs +1 and -1.

    FORMULA is a function of the signs x1, x2, ..., xL: "x1-x2", parity,
    "[x1=x2]", "majority". Noisy gradient descent needs about 1/alignment steps.
    """
    from symkern.bounds import alignment, alignment_by_irrep
    from symkern.derivations.alignment import alignment_derivation
    from symkern.pages.law_page import LawPage
    from symkern.typeset import irrep_text

    size = read_positive(length, "length")
    page = LawPage(f"Alignment of {formula} with the permutations of {size} positions")
    page.rows.append(("alignment", alignment(formula, size)))
    parts = alignment_by_irrep(formula, size)
    page.rows += [(f"in {irrep_text(mu, size)}", value) for mu, value in parts.items()]
    draw(plot, lambda: figures.alignment(parts, size))
    page.derivation = alignment_derivation(formula, size) if derivation else None
    _deliver(page, form, output)


def _deliver(page: LawPage, form: str, output: str | None) -> None:
    deliver_form(
        form,
        output,
        text=lambda: page.text(page_width(output)),
        latex=page.latex,
        json=page.to_dict,
    )
