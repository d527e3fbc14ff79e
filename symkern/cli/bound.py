"""``symkern bound``: what dimensions and eigenvalues say about learning, as formulas in L with their derivations."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import click

from symkern.cli.law_pages import Page, deliver_page
from symkern.cli.option_numbers import read_formula, read_length, read_positive
from symkern.cli.output import deliver
from symkern.spectra.sample_laws import chosen_sector

if TYPE_CHECKING:
    from symkern.claims.scaling_law import ScalingLaw
    from symkern.spectra.spectrum import Spectrum

__all__ = ["bound"]

_SIGN = re.compile(r"\bx(?=(?:[1-9][0-9]*|L)\b)")


def _shared(function: Callable[..., None]) -> Callable[..., None]:
    """The options that all verbs share."""
    for option in (
        click.option("--output", metavar="FILE", help="Write to FILE instead of standard output."),
        click.option("--derivation", is_flag=True, help="Add the steps, each checked on the spot."),
        click.option("--format", "form", type=click.Choice(["text", "latex", "json"]), default="text", show_default=True),
    ):  # fmt: skip
        function = option(function)
    return function


def _data(function: Callable[..., None]) -> Callable[..., None]:
    """The options that say what a spectrum is taken of."""
    for option in (
        click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Give a hyperparameter a value."),
        click.option("--tokens", default="uniform", metavar="uniform|distinct|1/2,1/3,1/6", help="Token law."),
        click.option("--vocabulary", default=None, metavar="v|INT", help="Vocabulary size, for uniform tokens."),
        click.option("--length", default="L", metavar="L|INT", help="Context length: a symbol or a number."),
    ):  # fmt: skip
        function = option(function)
    return function


@click.group()
def bound() -> None:
    """Bounds on what can be learned, with their derivations.

    MU and KAPPA are stable labels, the partition below the first row: 1 is
    (L-1,1), 2,1 is (L-3,2,1), and [] is the trivial irrep.
    """


@bound.command()
@click.argument("mu", metavar="MU")
@click.option("--length", default="L", metavar="L|INT", help="Context length.")
@click.option("--trace", default="1", show_default=True, metavar="FORMULA", help="E k(x,x), the mean of the kernel's diagonal.")  # fmt: skip
@click.option("--ridge", default="sigma2", show_default=True, metavar="FORMULA")
@click.option("--plot", metavar="FILE", help="Draw the bound against L; what has no value is 1.")  # fmt: skip
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
    from symkern.typeset import irrep_text

    size, power, cost = (
        read_length(length),
        read_formula(trace, "trace"),
        read_formula(ridge, "ridge"),
    )
    shape = Partition.read(mu, "mu")
    law = trace_law(shape, power)
    value = trace_bound(shape, size, power)
    page = Page(f"The trace bound on the irrep {irrep_text(shape, size)}")
    if isinstance(size, int):
        page.rows += [("dimension", shape.padded(size).dimension), ("eigenvalue <=", value)]
    else:
        page.rows += [("dimension", dimension_law(shape)), ("bound", law)]
    page.rows.append(("samples >=", samples_to_learn(value, cost)))
    page.derivation = law.derivation() if derivation else None
    _draw(law, plot)
    deliver_page(page, form, output)


@bound.command()
@click.argument("mu", metavar="MU")
@click.argument("kernel", default="linear-attention", metavar="[PRESET | PIPELINE]")
@click.option("--kappa", metavar="KAPPA", help="Token irrep; without it the one that is learned first.")  # fmt: skip
@click.option("--branch", default=0, show_default=True, help="Which eigenvalue of the sector, the largest first.")  # fmt: skip
@click.option("--learnability", default="1/2", show_default=True, metavar="NUMBER", help="Share of the function to be learned.")  # fmt: skip
@click.option("--n", "samples", metavar="FORMULA", help="Also the share that n samples teach.")
@click.option("--ridge", default="sigma2", show_default=True, metavar="FORMULA")
@click.option("--against", metavar="PRESET|PIPELINE", help="A second kernel: which learns it first.")  # fmt: skip
@click.option("--plot", metavar="FILE", help="Draw the sector's eigenvalues under the trace bound; what has no value is 1.")  # fmt: skip
@_data
@_shared
def learn(
    mu: str, kernel: str, kappa: str | None, branch: int, learnability: str, samples: str | None,
    ridge: str, against: str | None, plot: str | None, length: str, vocabulary: str | None,
    tokens: str, settings: tuple[str, ...], form: str, derivation: bool, output: str | None,
) -> None:  # fmt: skip
    """Samples that a kernel needs, exactly.

    For a function in the irrep MU, with the trace bound beside it.
    """
    from symkern.cli.derive import _own, _settings
    from symkern.errors import InvalidArgument
    from symkern.learning.learnability import is_unseen

    known = _settings(settings)
    spectrum = _spectrum(kernel, length, vocabulary, tokens, _own(kernel, against, known))
    if is_unseen(spectrum, mu, kappa):
        if plot is not None:
            raise InvalidArgument(
                "plot",
                "needs a sector that is not zero",
                f"{mu} is none; the kernel is zero there",
            )
        read_formula(ridge, "ridge"), read_formula(learnability, "learnability")
        rival = None
        if against is not None:
            rival = _spectrum(against, length, vocabulary, tokens, _own(against, against, known))
        page = _unseen(spectrum, mu, kappa, samples, rival)
        if derivation:
            page.derivation = spectrum.learnability(mu, kappa, n=1).derivation()
        deliver_page(page, form, output)
        return
    sector = chosen_sector(spectrum, mu, kappa)
    labels = (sector.position_irrep, sector.token_irrep)
    law = spectrum.scaling_law(*labels, branch)
    share = read_formula(learnability, "learnability")
    page = Page(f"{_sector_name(spectrum, labels)} by {spectrum.kernel}")
    page.rows.append(("dimension", sector.dimension))
    page.rows += _costs(law, share, read_formula(ridge, "ridge"))
    page.rows += _against_trace_bound(spectrum, labels)
    if samples is not None:
        at = spectrum.learnability(*labels, n=read_formula(samples, "n"), ridge=read_formula(ridge, "ridge"), branch=branch)  # fmt: skip
        unknown = at.formula is None and at.leading is None and at.value is None
        page.rows.append(("share learned", "a number for a ridge that is a number: --ridge" if unknown else at))  # fmt: skip
    if against is not None:
        other = _spectrum(against, length, vocabulary, tokens, _own(against, against, known))
        page.rows += _race(spectrum, other, labels)
    page.derivation = law.derivation() if derivation else None
    if plot is not None:
        from symkern.plot import style, trace_bound

        style.save(trace_bound(spectrum, *labels), plot)
    deliver_page(page, form, output)


@bound.command("map")
@click.argument("kernel", default="linear-attention", metavar="[PRESET | PIPELINE]")
@click.option("--vocabulary", default=None, metavar="v|INT", help="Vocabulary size.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Give a hyperparameter a value.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "latex", "json"]), default="text", show_default=True)  # fmt: skip
@click.option("--plot", metavar="FILE", help="Draw the map.")
@click.option("--output", metavar="FILE", help="Write to FILE instead of standard output.")
def exponents(
    kernel: str, vocabulary: str | None, settings: tuple[str, ...], form: str, plot: str | None,
    output: str | None,
) -> None:  # fmt: skip
    """The map of exponents of a kernel.

    The powers of L that samples cost, over asymmetry |mu| and symmetric degree e.
    """
    from symkern.cli.derive import _settings
    from symkern.typeset.document import document

    found = _spectrum(kernel, "L", vocabulary, "uniform", _settings(settings)).exponent_map()
    if plot is not None:
        from symkern.plot import exponent_map, style

        style.save(exponent_map(found), plot)
    if form == "json":
        deliver(json.dumps(found.to_dict(), indent=2), output)
    elif form == "latex":
        deliver(document(found.latex()), output)
    else:
        deliver(found.text(), output)


_NUMBERS = (
    ("--ridge", "sigma2", "Ridge of the regression."),
    ("--learnability", "1/2", "Share of the function to be learned."),
    ("--overlap", "1", "Size of <y, phi> under the symmetric law."),
    ("--feature-power", "1", "Mean of phi^2 over the samples."),
    ("--label-power", "1", "Mean of y^2 over the samples."),
)


def _numbers(function: Callable[..., None]) -> Callable[..., None]:
    for name, default, help in reversed(_NUMBERS):
        function = click.option(name, default=default, show_default=True, metavar="FORMULA", help=help)(function)  # fmt: skip
    return function


@bound.command("cross-dataset")
@click.argument("eigenvalue", metavar="EIGENVALUE")
@_numbers
@click.option("--plot", metavar="FILE", help="Draw the bound against L; what has no value is 1.")  # fmt: skip
@_shared
def cross(
    eigenvalue: str, plot: str | None, form: str, derivation: bool, output: str | None, **given: str
) -> None:
    """Samples of any data set, symmetric or not.

    Below them the function is not learned, whatever the data.

    EIGENVALUE is that of the function under the symmetric law, a formula: 1/(L*v).
    """
    from symkern.bounds import cross_dataset
    from symkern.bounds.laws import cross_dataset_law

    values = {name: read_formula(text, name) for name, text in given.items()}
    value = read_formula(eigenvalue, "eigenvalue")
    page = Page("Samples of any data set, judged under a symmetric law")
    page.rows = [("eigenvalue", value), ("samples >=", cross_dataset(value, **values))]
    page.derivation = cross_dataset_law(value, values["ridge"]).derivation() if derivation else None
    if plot is not None:
        _draw(cross_dataset_law(value, values["ridge"]), plot)
    deliver_page(page, form, output)


@bound.command("copying")
@click.option("--length", default="L", metavar="L|INT", help="Context length.")
@click.option("--vocabulary", default="v", metavar="v|INT", help="Vocabulary size.")
@click.option("--trace", default="1", show_default=True, metavar="FORMULA", help="Mean of k(x,x) under the symmetric law.")  # fmt: skip
@_numbers
@click.option("--plot", metavar="FILE", help="Draw the bound against L; what has no value is 1, v is 4.")  # fmt: skip
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

    values = {name: read_formula(text, name) for name, text in given.items()}
    size, letters, power = (
        read_length(length),
        read_formula(vocabulary, "vocabulary"),
        read_formula(trace, "trace"),
    )
    page = Page("Samples that copying costs, on any data set")
    page.rows = [
        ("irrep", "(L-1,1) x (v-1,1), of dimension (L-1)(v-1)"),
        ("samples >=", copying(size, letters, trace=power, **values)),
    ]
    law = copying_law(power, values["ridge"], values["learnability"])
    page.derivation = law.derivation() if derivation else None
    _draw(law, plot, **({"v": letters} if letters.is_number else {}))
    deliver_page(page, form, output)


@bound.command("alignment")
@click.argument("formula", metavar="FORMULA")
@click.option("--length", required=True, metavar="INT", help="Number of positions.")
@click.option("--plot", metavar="FILE", help="Draw the alignment in each irrep.")  # fmt: skip
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
    from symkern.errors import InvalidArgument
    from symkern.targets import formula_target
    from symkern.typeset import irrep_text

    size = read_positive(length, "length")
    target = formula_target(_SIGN.sub("s", formula))
    target.require(size, 2)
    if target.is_vector:
        raise InvalidArgument("formula", "must have numbers as values", f"it is {formula!r}")
    values = target.values(2)

    def f(x: tuple[int, ...]) -> Any:
        return values(tuple((1 - sign) // 2 for sign in x))

    page = Page(f"Alignment of {formula} with the permutations of {size} positions")
    page.rows.append(("alignment", alignment(f, size)))
    parts = alignment_by_irrep(f, size)
    for mu, value in parts.items():
        page.rows.append((f"in {irrep_text(mu, size)}", value))
    if plot is not None:
        from symkern.plot import alignment as alignment_figure
        from symkern.plot import style

        style.save(alignment_figure(parts, size), plot)
    page.derivation = alignment_derivation(f, size) if derivation else None
    deliver_page(page, form, output)


def _draw(law: ScalingLaw, plot: str | None, **values: object) -> None:
    """The law against L, into a file where one is named."""
    if plot is not None:
        from symkern.plot import scaling_law, style

        style.save(scaling_law(law, **values), plot)


def _spectrum(
    kernel: str, length: str, vocabulary: str | None, tokens: str, settings: dict[str, object]
) -> Spectrum:
    from symkern.cli.derive import _law, _progress
    from symkern.kernels import read_kernel
    from symkern.spectra.deriving import derived

    law = _law(tokens, vocabulary)
    return derived(read_kernel(kernel), read_length(length), law, settings, _progress)


def _sector_name(spectrum: Spectrum, labels: tuple[Any, Any]) -> str:
    from symkern.typeset import irrep_text

    name = irrep_text(labels[0], spectrum.positions)
    return name if labels[1] is None else f"{name} x {irrep_text(labels[1], spectrum.vocabulary)}"


def _costs(law: ScalingLaw, share: Any, ridge: Any) -> list[tuple[str, Any]]:
    """The law of half a function with its leading term, or the samples of another share and ridge."""
    import sympy as sp

    from symkern.abc import sigma2
    from symkern.bounds import samples_to_learn

    if share == sp.Rational(1, 2) and ridge == sigma2:
        return [("samples", law)]
    samples_to_learn(sp.S.One, ridge, learnability=share)  # refuses what is no share and no ridge
    if law.value is not None and share.is_Rational:
        factor, unit = (ridge, sp.S.One) if ridge.is_Rational else (sp.S.One, ridge)
        factor *= share / (1 - share)
        value = law.value.scaled(Fraction(int(factor.p), int(factor.q)))
        return [("half of it", law), ("samples", replace(law, value=value, unit=unit, claim=None))]
    if law.formula is None:
        return [("half of it", law)]
    return [("half of it", law), ("samples", samples_to_learn(sigma2 / law.formula, ridge, learnability=share))]  # fmt: skip


def _against_trace_bound(spectrum: Spectrum, labels: tuple[Any, Any]) -> list[tuple[str, Any]]:
    """The trace bound and how far below it the largest eigenvalue stays."""
    from symkern.abc import L
    from symkern.errors import NoClosedForm
    from symkern.typeset import formula_text

    rows: list[tuple[str, Any]] = []
    with suppress(NoClosedForm):  # for a trace that is a number to a proven radius
        rows.append(("trace bound", spectrum.trace_law(*labels)))
    for t in spectrum.tightness():
        if (t.sector.position_irrep, t.sector.token_irrep) == labels:
            if t.gap is None:  # at a given length
                rows.append(("tightness", t.law()))
                continue
            words = "tight up to a constant"
            if not t.is_tight:
                words = f"loose by the factor {formula_text(L**t.gap)}, up to a constant"
            rows.append(("which is", words))
            if t.ratio is not None:
                rows.append(("exactly", t.law()))
    return rows


def _unseen(
    spectrum: Spectrum, mu: str, kappa: str | None, samples: str | None, rival: Spectrum | None
) -> Page:
    """What there is to say of irreps on which the kernel is zero."""
    from symkern.combinatorics import Partition
    from symkern.learning.learnability import is_unseen

    labels = Partition.read(mu, "mu"), None if kappa is None else Partition.read(kappa, "kappa")
    learned = rival is not None and not is_unseen(rival, mu, kappa)
    if rival is not None and learned:
        sector = chosen_sector(rival, mu, kappa)
        labels = sector.position_irrep, sector.token_irrep
    page = Page(f"{_sector_name(spectrum, labels)} by {spectrum.kernel}")
    page.rows.append(("samples", "never: the kernel is zero there"))
    if samples is not None:
        law = spectrum.learnability(mu, kappa, n=read_formula(samples, "n"))
        page.rows.append(("share learned", law))
    if rival is not None and learned:
        page.rows += _race(spectrum, rival, labels)
    elif rival is not None:
        page.rows += [
            ("against", str(rival.kernel)),
            ("its samples", "never"),
            ("fewer", "neither"),
        ]
    return page


def _race(first: Spectrum, second: Spectrum, labels: tuple[Any, Any]) -> list[tuple[str, Any]]:
    from symkern.errors import InvalidArgument
    from symkern.learning.comparison import compare

    if first.group != second.group:
        raise InvalidArgument(
            "against",
            f"must have the group of the first kernel, {first.group}, for the laws of one sector",
            f"it has {second.group}; symkern derive --against compares them under S_{{L-1}}",
        )
    rows: list[tuple[str, Any]] = [("against", str(second.kernel))]
    for row in compare(first, second):
        if (row.position_irrep, row.token_irrep) == labels:
            rows.append(("its samples", "never" if row.laws[1] is None else row.laws[1]))
            words = {
                "first": f"{first.kernel}",
                "second": f"{second.kernel}",
                "equal": "neither",
                "same growth": "it depends on the symbols",
            }.get(row.verdict, f"it is {row.verdict}")
            start = "" if row.crossing is None else f", from L = {row.crossing} on"
            rows.append(("fewer", words + start))
    return rows
