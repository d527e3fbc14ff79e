"""``symkern sensitivity``: how much a function of signs depends on each of them, and how much draws of a kernel do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from symkern import plot as figures
from symkern.cli.output import deliver_form, draw
from symkern.cli.parameters import (
    derivation_option,
    format_option,
    length_option,
    options,
    output_option,
    plot_option,
    read_law,
    read_length,
    read_settings,
    settings_option,
    tokens_option,
    vocabulary_option,
)
from symkern.cli.spectra import spectra
from symkern.cli.terminal import page_width
from symkern.errors import InvalidArgument
from symkern.limits import current

if TYPE_CHECKING:
    import sympy as sp

    from symkern.claims.derivation import Derivation, Verification
    from symkern.learning.draw_report import DrawSensitivity


@click.command()
@click.argument("function", default=None, required=False, metavar="[FUNCTION]")
@click.option(
    "--n",
    "size",
    default=None,
    metavar="n|INT",
    help="Number of positions; the symbol n for named families, which is their default, and for products of distinct signs.",
)
@click.option("--profile", is_flag=True, help="How many inputs have which sensitivity.")
@click.option(
    "--kernel",
    metavar="PRESET|PIPELINE",
    help="Draws from the Gaussian process of this kernel instead of one function.",
)
@options(
    tokens_option(
        "With --kernel: the law of the tokens, which are independent.", "uniform|1/2,1/3,1/6"
    ),
    length_option(None, "With --kernel: the context length. Else as --n."),
    vocabulary_option(
        None,
        "With --kernel: the vocabulary size of uniform tokens [default: 2].",
    ),
    settings_option("With --kernel: give a hyperparameter a value."),
    derivation_option("Print the derivation, and check each of its steps."),
    format_option("text", "latex", "json"),
    plot_option("Draw a figure as PNG, PDF or SVG as well."),
    output_option(),
)
def sensitivity(
    function: str | None,
    size: str | None,
    profile: bool,
    kernel: str | None,
    tokens: str,
    length: str | None,
    vocabulary: str | None,
    settings: tuple[str, ...],
    derivation: bool,
    form: str,
    plot: str | None,
    output: str | None,
) -> None:
    """Average sensitivity, influences and Fourier weight by degree, exactly.

    FUNCTION is parity, majority, first, mean or threshold(k), in closed form in n, or
    a formula in the signs x1, ..., xn, counted over all inputs (a product of distinct
    signs is in closed form with --n n):

    \b
      symkern sensitivity majority
      symkern sensitivity "x1*x2" --n 10 --profile

    With --kernel: the average sensitivity of a draw from the kernel's Gaussian
    process, E as(f)/E |f|^2, on more than two tokens the total influence. It is
    governed by degree. The dimension of an irrep does not see it: PARITY is
    invariant under all permutations of the positions, yet as sensitive as a
    function can be. Without arguments the families are compared.
    """
    if kernel is None and size is None:
        size, length = length, None
    if kernel is not None:
        for name, value in (("function", function), ("n", size), ("profile", profile or None)):
            if value is not None:
                raise InvalidArgument(name, "goes without --kernel", f"it is {value!r}")
        from symkern.derivations.draw import draw_derivation
        from symkern.pages.draw_sensitivity import draw_latex, draw_text

        found = _draws(kernel, tokens, length or "L", vocabulary, settings)
        proof = draw_derivation(found) if derivation else None
        body = (
            found.to_dict()
            if form == "json"
            else (draw_text if form == "text" else draw_latex)(found)
        )
        given = isinstance(found.spectrum.length, int)
        figure = lambda: (figures.draw_weights if given else figures.draw_sensitivity)(found)  # noqa: E731
    else:
        for name, given in (
            ("tokens", tokens != "uniform"),
            ("length", length is not None),
            ("vocabulary", vocabulary is not None),
            ("set", bool(settings)),
        ):
            if given:
                raise InvalidArgument(name, "is an option of --kernel", "no kernel is given")
        if function is None:
            if size is not None or derivation or profile:
                raise InvalidArgument("function", "must be given", "it is not")
            from symkern.pages.families import families_page

            body, figure, proof = families_page(form), lambda: figures.sensitivity_growth(), None
        else:
            body, figure, proof = _function(function, size, profile, derivation, form)
    draw(plot, figure)
    _deliver(body, proof, form, output)


def _deliver(body: Any, proof: Derivation | None, form: str, output: str | None) -> None:
    """The result with its derivation; status 1 where a step of it fails."""
    if proof is None:
        deliver_form(form, output, **{form: lambda: body})
        return
    from symkern.pages.derivations import derivation_latex, derivation_text

    checked = proof.check()
    deliver_form(
        form,
        output,
        text=lambda: f"{body}\n\n{derivation_text(proof, page_width(output))}\n\n{checked}",
        latex=lambda: f"{body}\n\n{derivation_latex(proof)}",
        json=lambda: {**body, "derivation": _steps(proof, checked)},
    )
    if not checked:
        raise click.exceptions.Exit(1)


def _steps(proof: Derivation, checked: Verification) -> list[dict[str, Any]]:
    return [
        {
            "name": step.name,
            "statement": step.statement,
            "reason": step.reason,
            "reference": step.reference,
            "checked": len(found),
            "holds": all(c.holds for c in found),
        }
        for step, found in zip(proof.steps, checked.results, strict=True)
    ]


# -- one function -----------------------------------------------------------------------


def _function(
    text: str, size: str | None, profile: bool, derivation: bool, form: str
) -> tuple[Any, Any, Derivation | None]:
    from symkern.abc import n as SIZE
    from symkern.bounds import sensitivity as measures
    from symkern.derivations import derivation_of

    read = measures.read_function(text)
    number: int | sp.Expr
    if size is not None:
        number = _positions(size)
    elif isinstance(read, measures.CubeFormula):
        number = max(read.last_position, 1)
    else:
        number = SIZE
    family = measures.read_function(read, number)
    if profile:
        measures.profile(read, number)  # says why a function has none
    found = measures.describe(read, number)
    proof = None
    if derivation and not isinstance(family, measures.Family):
        rule = "is one of a named family, or of a product of distinct signs with --n n"
        raise InvalidArgument("derivation", rule, f"the function is {text!r}, which is counted")
    if derivation and isinstance(family, measures.Family):
        proof = derivation_of(family)
    if form == "json":
        body: Any = found.to_dict()
        if not profile:
            del body["profile"]
    else:
        body = (found.text if form == "text" else found.latex)(with_profile=profile)

    def figure() -> Any:
        if not isinstance(number, int):
            return figures.sensitivity_growth([family])
        shown = figures.sensitivity_profile if profile else figures.sensitivity_weights
        return shown(read, number)

    return body, figure, proof


def _positions(text: str) -> int | sp.Expr:
    from symkern.abc import n as SIZE

    digits, most = text.strip(), current().command_positions
    if digits == "n":
        return SIZE
    if digits.isascii() and digits.isdigit() and len(digits) < 10 and 0 < int(digits) <= most:
        return int(digits)
    raise InvalidArgument("n", f"must be n or a positive integer up to {most}", f"it is {text!r}")


# -- draws of a kernel ---------------------------------------------------------------------


def _draws(
    kernel: str, tokens: str, length: str, vocabulary: str | None, settings: tuple[str, ...]
) -> DrawSensitivity:
    from symkern.learning.draw_sensitivity import draw_sensitivity

    law, size = read_law(tokens, vocabulary, "2"), read_length(length)
    [spectrum] = spectra([kernel], size, law, read_settings(settings))
    return draw_sensitivity(spectrum)
