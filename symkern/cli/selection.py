"""``symkern selection``: sparse token selection, a bound, a gap, a loss, its flow and its length generalisation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from symkern import plot as figures
from symkern.cli.output import deliver_form, draw
from symkern.cli.parameters import (
    derivation_option,
    format_option,
    number_option,
    options,
    output_option,
    plot_option,
    read_float,
    read_formula,
)
from symkern.cli.selection_codes import codes, fixed, heads
from symkern.cli.terminal import page_width
from symkern.errors import InvalidArgument

if TYPE_CHECKING:
    from symkern.bounds.selection import LateTimes
    from symkern.claims.derivation import Derivation
    from symkern.claims.scaling_law import ScalingLaw
    from symkern.pages.selection_page import Row, SelectionPage


_HELP = {
    "T": "Number of tokens, at least 2.",
    "d": "Their dimension.",
    "q": "How many are selected.",
    "m": "Width of the first layer.",
    "T1": "Number of tokens in the test.",
}


def _sizes(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The options of the sizes, and those that all results share."""
    return options(
        *(click.option(f"--{n}", n, metavar=f"{n}|INT", help=_HELP[n]) for n in names),
        format_option("text", "latex", "json"),
        derivation_option("Add the steps that lead to the formulas."),
        output_option(),
    )


@click.group()
def selection() -> None:
    """Sparse token selection: what one attention head can do and others cannot.

    T tokens x_i of dimension d, independent and Gaussian; the target is the mean of the
    q tokens in a random set y. A size that is left out stays a symbol.

    \b
      symkern selection loss --T 8 --d 4 --q 2
      symkern selection flow --T 8 --d 4 --q 2 --plot flow.pdf
    """


for _verb in (codes, fixed, heads):
    selection.add_command(_verb)


@selection.command()
@_sizes("T", "d", "q", "m")
@plot_option("Draw the bound against m (T, d, q given).")
def bound(plot: str | None, form: str, derivation: bool, output: str | None, **given: Any) -> None:
    """The least error behind a first layer of width m."""
    import sympy as sp

    from symkern.bounds import selection as room
    from symkern.pages.selection_page import Row, SelectionPage

    sizes = _read(given)
    _require_numbers("plot", plot, sizes, "Tdq")
    draw(plot, lambda: figures.selection_bound(*(sizes[n] for n in "Tdq")))
    value = room.fully_connected(**sizes)
    exact = room.least_error(**sizes)
    narrow = isinstance(sizes["m"], int) and isinstance(sizes["d"], int) and exact != value
    on_constants, on_zero_sums = room.moment_eigenvalues(sizes["T"], sizes["q"])
    told = [
        ("lower_bound", r"\mathbb{E}\,|f - \mathrm{STS}|^2", r"\geq", "lower bound", value),
        (
            "least_error", r"\min \mathbb{E}\,|f - \mathrm{STS}|^2", "=",
            "least error itself", exact if narrow else None,
        ),
        (
            "without_first_layer", r"\mathbb{E}\,|\mathrm{STS}|^2", "=",
            "without a first layer", sp.S(sizes["d"]) / sizes["q"],
        ),
        (
            "moment_on_constants", r"\mathbb{E}\,1_y 1_y^{\mathsf T}|_{1}", "=",
            "E 1_y 1_y^T on constants", on_constants,
        ),
        (
            "moment_on_zero_sums", r"\mathbb{E}\,1_y 1_y^{\mathsf T}|_{1^{\perp}}", "=",
            "E 1_y 1_y^T on zero sums", on_zero_sums,
        ),
    ]  # fmt: skip
    rows = [Row(*row) for row in told if row[-1] is not None]
    note = "the bound is the least error itself for m >= d, and for every m where q = 1"
    page = SelectionPage("Least error behind a first layer of width m", sizes, rows, note)
    _deliver(page, room.fully_connected_derivation if derivation else None, form, output)


@selection.command()
@_sizes("T", "d", "q")
@number_option("--trace", "1", "E k(x,x).")
@number_option("--ridge", "sigma2")
@plot_option("Draw the samples against T (d, q given).")
def gap(
    trace: str, ridge: str, plot: str | None, form: str, derivation: bool, output: str | None,
    **given: Any,
) -> None:  # fmt: skip
    """What a kernel pays that permutes tokens and subset separately."""
    from symkern.bounds import selection as room
    from symkern.derivations import derivation_of
    from symkern.pages.selection_page import SelectionPage, irrep
    from symkern.typeset.tables import Table

    sizes = _read(given)
    _require_numbers("plot", plot, sizes, "dq")
    found = room.symmetry_gap(
        **sizes, trace=read_formula(trace, "trace"), ridge=read_formula(ridge, "ridge")
    )
    columns = ("part", "irrep", "dimension", "squared norm", "samples >=")
    tables = {
        f"under {group}": Table(
            columns,
            [
                (p.part, irrep(p.irrep), p.dimension, p.squared_norm, p.samples)
                for p in found.parts
                if p.group == group
            ],
        )
        for group in dict.fromkeys(p.group for p in found.parts)
    }
    draw(plot, lambda: figures.selection_gap(sizes["d"], sizes["q"]))
    page = SelectionPage("The two parts of the target under two groups", sizes, tables=tables)
    _deliver(page, (lambda: derivation_of(found)) if derivation else None, form, output)


@selection.command()
@_sizes("T", "d", "q")
@click.option("--a", "a", default=None, metavar="FORMULA", help="The score.")
@click.option("--c", "c", default=None, metavar="FORMULA", help="The value.")
@plot_option("Draw the loss against a (T, d, q given).")
def loss(
    a: str | None, c: str | None, plot: str | None, form: str, derivation: bool,
    output: str | None, **given: Any,
) -> None:  # fmt: skip
    """One attention head's population loss in two numbers."""
    from symkern.bounds import selection as room
    from symkern.pages.selection_page import Row, SelectionPage

    sizes, score, value = _read(given), _number(a, "a"), _number(c, "c")
    _require_numbers("plot", plot, sizes, "Tdq")
    shown = float(value) if c is not None and value.is_number else None
    draw(plot, lambda: figures.selection_loss(*(sizes[n] for n in "Tdq"), c=shown))
    total, chosen = sizes["T"], sizes["q"]
    inside, outside = room.attention_weights(total, chosen, score)
    by_a, by_c = room.loss_gradient(**sizes, a=score, c=value)
    rows = [
        Row("p_in", r"p_{\mathrm{in}}", "=", "weight of a selected token", inside),
        Row("p_out", r"p_{\mathrm{out}}", "=", "weight of another token", outside),
        Row("loss", r"\ell(a, c)", "=", "loss", room.population_loss(**sizes, a=score, c=value)),
        Row("dloss_da", r"\partial\ell/\partial a", "=", "dloss/da", by_a),
        Row("dloss_dc", r"\partial\ell/\partial c", "=", "dloss/dc", by_c),
        Row("best_c", r"c^*", "=", "best c at this a", room.best_value(total, chosen, score)),
        Row("best_loss", r"\ell(a, c^*)", "=", "loss there", room.best_loss(**sizes, a=score)),
    ]
    page = SelectionPage(
        "One attention head, W = a (I - J/T), V = c I", {**sizes, "a": score, "c": value}, rows
    )
    _deliver(page, room.loss_derivation if derivation else None, form, output)


@selection.command()
@_sizes("T", "d", "q")
@click.option("--until", metavar="TIME", help="Train until then [default: 1e6, without --times].")
@click.option("--times", metavar="TIME,TIME,...", help="Print the head at these times.")
@number_option("--a0", "0", "Start.", "NUMBER")
@number_option("--c0", "0", "Start.", "NUMBER")
@plot_option("Draw loss, a and c against t.")
def flow(
    until: str | None, times: str | None, a0: str, c0: str, plot: str | None,
    form: str, derivation: bool, output: str | None, **given: Any,
) -> None:  # fmt: skip
    """The head trained by population gradient flow (floating point).

    With a size left out: its late laws as formulas.
    """
    from symkern.bounds import selection as room
    from symkern.pages.selection_page import SelectionPage
    from symkern.typeset.tables import Table

    sizes = _read(given)
    if until is not None and times is not None:
        raise InvalidArgument("times", "must be given, or until, not both", "both are")
    symbolic = [n for n, v in sizes.items() if not isinstance(v, int)]
    asked = {"until": until, "times": times, "plot": plot}
    for name, value in asked.items():
        if value is not None and symbolic:
            raise InvalidArgument(
                name, "needs T, d and q as numbers", f"{symbolic[0]} is not given"
            )
    if symbolic:
        page = SelectionPage(
            "One attention head at late times", sizes, _late_rows(room.late_times(**sizes))
        )
        _deliver(page, room.derivations["selection-late"] if derivation else None, form, output)
        return
    start: dict[str, Any] = {"a0": read_float(a0, "a0"), "c0": read_float(c0, "c0")}
    if times is not None:
        run = room.flow(**sizes, times=[read_float(x, "times") for x in times.split(",")], **start)
    else:
        run = room.flow(**sizes, until=read_float(until or "1e6", "until"), points=13, **start)
    decaying = run.q == run.T
    rows = [] if decaying else _late_rows(run.late)
    term = None if decaying else run.late.loss.leading
    laws = [(run.T - 1) / (4 * x) if x and term is not None else None for x in run.times]
    lines: list[tuple[str, ...]] = [
        (f"{x:.6g}", f"{u:.9g}", f"{w:.9g}", f"{e:.9g}", "" if law is None else f"{law:.9g}")
        for x, u, w, e, law in zip(run.times, run.a, run.c, run.loss, laws, strict=True)
    ]
    columns: tuple[str, ...] = ("t", "a", "c", "loss", "(T-1)/(4t)")
    if not any(line[-1] for line in lines):  # no late law, or no time but 0
        columns, lines = columns[:-1], [line[:-1] for line in lines]
    table = Table(columns, lines, "r" * len(columns))
    note = "in floating point, integrated at relative tolerance 1e-11 or below"
    span = max(run.times) or 1.0
    draw(plot, lambda: figures.selection_flow(room.flow(**sizes, until=span, **start)))
    page = SelectionPage(
        "One attention head trained by gradient flow", {**sizes, **start}, rows, note, {"": table}
    )
    _deliver(page, room.reduction_derivation if derivation else None, form, output)


@selection.command()
@_sizes("T", "d", "q", "T1")
@click.option("--time", metavar="TIME", help="Train from zero until then, and print numbers.")
@plot_option("Draw the error against T1 (T, d, q given).")
def generalise(
    time: str | None, plot: str | None, form: str, derivation: bool, output: str | None, **given: Any
) -> None:  # fmt: skip
    """The head trained at length T, tested at length T1."""
    from symkern.bounds import selection as room
    from symkern.derivations import derivation_of
    from symkern.pages.selection_page import Row, SelectionPage
    from symkern.typeset.tables import Table

    sizes = _read(given)
    trained = {n: sizes[n] for n in "Tdq"}
    missing = [n for n, v in trained.items() if not isinstance(v, int)]
    for name in (n for n, v in (("time", time), ("plot", plot)) if v is not None and missing):
        raise InvalidArgument(name, "needs T, d and q as numbers", f"{missing[0]} is not given")
    found = room.length_generalisation(**sizes)
    error = room.population_loss(found.T1, found.d, found.q)
    rows = [Row("loss", r"\ell_{T_1}(a, c)", "=", "error of the head (a, c)", error)]
    if found.q != found.T:
        rows += [
            Row("ratio", r"\ell_{T_1}/\ell_T", r"\to", "late error, relative to T", found.ratio),
            Row("late_loss", r"\ell_{T_1}(t)", r"\sim", "late error", _term(found.late)),
            Row("reach", r"T_1", r"\sim", "length reached by time t", _term(found.reach)),
        ]
    rows += [
        Row("gain", r"d/q - \ell_{T_1}", r"\sim", "d/q - error, T1 large", _term(found.gain)),
        Row("far", r"\ell_{T_1}", r"\to", "error, T1 to infinity", found.far),
    ]
    tables = {}
    moment = None if time is None else read_float(time, "time")
    if moment is not None:
        run = room.flow(**trained, times=[moment])
        several = [run.T * 2**k for k in range(11)]
        lengths = [sizes["T1"]] if isinstance(sizes["T1"], int) else several
        lines = [
            (str(n), f"{run.loss_at(n)[0]:.9g}", f"{run.loss_at(n)[0] * run.q / run.d:.6g}")
            for n in lengths
        ]
        tables[""] = Table(("T1", f"error at t = {moment:g}", "part of d/q"), lines, "rrr")
    times = None if moment is None else (moment,)
    draw(plot, lambda: figures.selection_generalisation(**trained, times=times))
    page = SelectionPage("One attention head at another length", sizes, rows, tables=tables)
    _deliver(page, (lambda: derivation_of(found)) if derivation else None, form, output)


def _deliver(
    page: SelectionPage, steps: Callable[[], Derivation] | None, form: str, output: str | None
) -> None:
    """The page, with the derivation that ``steps`` builds."""
    page = page if steps is None else replace(page, derivation=steps())
    deliver_form(
        form,
        output,
        text=lambda: page.text(page_width(output)),
        latex=page.latex,
        json=page.to_dict,
    )


def _read(given: dict[str, str | None]) -> dict[str, Any]:
    """{name: int or its symbol}; a size is an integer, or its own name."""
    from symkern.bounds.selection import symbols

    found: dict[str, Any] = {}
    for name, text in given.items():
        if text is None or text.strip() == name:
            found[name] = symbols.namespace[name]
            continue
        digits = text.strip().removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
            raise InvalidArgument(name, "must be an integer of at most 9 digits", f"it is {text!r}")
        found[name] = int(text)
    return found


def _require_numbers(option: str, given: object, sizes: dict[str, Any], names: str) -> None:
    """Refuse an option that needs sizes as numbers, before anything is printed or written."""
    missing = [n for n in names if not isinstance(sizes[n], int)]
    if given is not None and missing:
        shown = ", ".join(f"--{n}" for n in names)
        raise InvalidArgument(option, f"needs {shown} as numbers", f"--{missing[0]} is not given")


def _number(text: str | None, name: str) -> Any:
    """A formula, or the symbol of that name."""
    from symkern.bounds.selection import symbols

    if text is None or text.strip() == name:
        return symbols.namespace[name]
    return read_formula(text, name)


def _term(law: ScalingLaw) -> Any:
    assert law.leading is not None
    return law.leading.expression


def _late_rows(laws: LateTimes) -> list[Row]:
    from symkern.pages.selection_page import Row

    return [
        Row("late_loss", r"\ell(t)", r"\sim", "loss, late", _term(laws.loss)),
        Row("late_a", r"a(t)", r"\sim", "a, late", laws.score),
        Row("late_excess", r"c(t) - 1", r"\sim", "c - 1, late", _term(laws.excess)),
        Row("plateau", r"t_{\mathrm{plateau}}", r"\sim", "plateau until t of order", laws.plateau),
    ]
