"""``symkern sensitivity``: how much a function of signs depends on each of them, and how much draws of a kernel do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from symkern.cli.derive import _law, _settings, _size
from symkern.cli.output import deliver

if TYPE_CHECKING:
    import sympy as sp

    from symkern.claims.derivation import Derivation

__all__ = ["sensitivity"]

#: What is listed where no function is named.
_FAMILIES = ("parity", "x1*x2", "majority", "first", "mean")

#: Above it numbers have more digits than anyone prints.
_MOST = 10_000


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
@click.option(
    "--tokens",
    default="uniform",
    metavar="uniform|1/2,1/3,1/6",
    help="With --kernel: the law of the tokens, which are independent.",
)
@click.option("--length", default=None, metavar="L|INT", help="With --kernel: the context length.")
@click.option(
    "--vocabulary",
    default=None,
    metavar="v|INT",
    help="With --kernel: the vocabulary size of uniform tokens.  [default: 2]",
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="With --kernel: give a hyperparameter a value.",
)
@click.option(
    "--derivation", is_flag=True, help="Print the derivation, and check each of its steps."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "latex", "json"]),
    default="text",
    show_default=True,
)
@click.option("--plot", metavar="FILE", help="Draw a figure as PNG, PDF or SVG as well.")
@click.option("--output", metavar="FILE", help="Write to FILE instead of standard output.")
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
    from symkern.errors import InvalidArgument

    if kernel is not None:
        for name, value in (("function", function), ("n", size), ("profile", profile or None)):
            if value is not None:
                raise InvalidArgument(name, "goes without --kernel", f"it is {value!r}")
        found = _draws(kernel, tokens, length or "L", vocabulary, settings)
        proof = found.derivation() if derivation else None
        body = {"text": found.text, "latex": found.latex, "json": found.to_dict}[form]()
        figure = None if plot is None else lambda: _draw_figure(found)
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
            body, figure, proof = _families(form), _growth_figure, None
        else:
            body, figure, proof = _function(function, size, profile, derivation, form)
    if plot is not None and figure is not None:
        from symkern.plot import style

        style.save(figure(), plot)
    _deliver(body, proof, form, output)


def _deliver(body: Any, proof: Derivation | None, form: str, output: str | None) -> None:
    """The result with its derivation; status 1 where a step of it fails."""
    checked = None if proof is None else proof.check()
    if form == "json":
        import json

        if proof is not None and checked is not None:
            body = {**body, "derivation": _steps(proof, checked)}
        deliver(json.dumps(body, indent=2), output)
    elif form == "latex":
        from symkern.typeset.document import document

        deliver(document(body if proof is None else f"{body}\n\n{proof.latex()}"), output)
    else:
        deliver(body if proof is None else f"{body}\n\n{proof.text()}\n\n{checked}", output)
    if checked is not None and not checked:
        raise click.exceptions.Exit(1)


def _steps(proof: Derivation, checked: Any) -> list[dict[str, Any]]:
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
    from symkern.errors import InvalidArgument

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
        raise InvalidArgument(
            "derivation",
            "is one of a named family, or of a product of distinct signs with --n n",
            f"the function is {text!r}, which is counted",
        )
    if derivation and isinstance(family, measures.Family):
        proof = family.derivation()
    if form == "json":
        body: Any = found.to_dict()
        if not profile:
            del body["profile"]
    else:
        body = (found.text if form == "text" else found.latex)(with_profile=profile)

    def figure() -> Any:
        from symkern import plot

        if not isinstance(number, int):
            return plot.sensitivity_growth([family])
        draw = plot.sensitivity_profile if profile else plot.sensitivity_weights
        return draw(read, number)

    return body, figure, proof


def _positions(text: str) -> int | sp.Expr:
    from symkern.abc import n as SIZE
    from symkern.errors import InvalidArgument

    stripped = text.strip()
    if stripped == "n":
        return SIZE
    if (
        stripped.isascii()
        and stripped.isdigit()
        and len(stripped) < 7
        and 0 < int(stripped) <= _MOST
    ):
        return int(stripped)
    raise InvalidArgument("n", f"must be n or a positive integer up to {_MOST}", f"it is {text!r}")


def _families(form: str) -> Any:
    """The families beside each other, in n."""
    from symkern.abc import n as SIZE
    from symkern.bounds import sensitivity as measures
    from symkern.bounds.sensitivity.families import Family
    from symkern.bounds.sensitivity.writing import closed_form_latex, closed_form_text
    from symkern.typeset.tables import Cell, Table

    rows, listed = [], []
    for name in _FAMILIES:
        family = measures.read_function(name, SIZE)
        assert isinstance(family, Family)
        term = family.leading()
        grown = None if term is None else term.expression
        value, limit = family.average(SIZE), family.limit
        rows.append(
            (
                Cell(name),
                Cell(closed_form_text(value), closed_form_latex(value)),
                Cell(closed_form_text(grown), closed_form_latex(grown)),
                limit,
            )
        )
        listed.append(
            {
                "function": name,
                "average_sensitivity": closed_form_text(value),
                "leading": closed_form_text(grown),
                "limit": str(limit),
            }
        )
    if form == "json":
        return {"schema": 1, "families": listed, "random_function": "n/2"}
    header = (
        "function",
        Cell("as(f)", r"\operatorname{as}(f)"),
        "for large n",
        Cell("lim as(f)/(2n)", r"\lim \operatorname{as}(f)/(2n)"),
    )
    table = Table(header, rows)
    note = (
        "A random function has average sensitivity n/2 in the mean. For the sharpness of a transformer see "
        "`symkern sensitivity parity`."
    )
    if form == "latex":
        return "\n".join([r"\begin{center}", table.latex(), r"\end{center}"])
    from textwrap import wrap

    return "\n".join([table.text(), "", *wrap(note, 80)])


def _growth_figure() -> Any:
    from symkern.plot import sensitivity_growth

    return sensitivity_growth()


# -- draws of a kernel ---------------------------------------------------------------------


def _draws(
    kernel: str, tokens: str, length: str, vocabulary: str | None, settings: tuple[str, ...]
) -> Any:
    from symkern.kernels import read_kernel
    from symkern.spectra.deriving import derived

    if tokens == "uniform" and vocabulary is None:
        vocabulary = "2"
    law = _law(tokens, vocabulary)
    spectrum = derived(read_kernel(kernel), _size(length), law, _settings(settings))
    return spectrum.average_sensitivity()


def _draw_figure(found: Any) -> Any:
    from symkern import plot

    if isinstance(found.spectrum.length, int):
        return plot.draw_weights(found)
    return plot.draw_sensitivity(found)
