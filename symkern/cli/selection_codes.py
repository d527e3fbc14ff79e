"""``symkern selection codes``, ``fixed`` and ``heads``: token selection where positions carry codes, and several heads."""

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
    options,
    output_option,
    plot_option,
    read_float,
    read_formula,
    read_whole,
)
from symkern.errors import InvalidArgument

if TYPE_CHECKING:
    from symkern.pages.selection_page import SelectionPage

_NUMBERS = "in floating point, by quadrature or sums of exact formulas; laws are leading orders that were checked numerically"
_QUERY = "sum: u is the sum of the codes of y; dual: every code of y has z.u = 1. Which of the two the paper trains is not known here"


def _sizes(*more: Callable[..., Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The options of T, d, q, those given, and those that all results share."""
    return options(
        click.option("--T", "T", metavar="INT", required=True, help="Number of tokens."),
        click.option("--d", "d", metavar="INT", default="1", show_default=True, help="Their dimension."),
        click.option("--q", "q", metavar="INT", required=True, help="How many are selected."),
        *more,
        click.option("--times", metavar="TIME,TIME,...", help="Train by gradient flow: print these times."),
        format_option("text", "latex", "json"),
        derivation_option("Add the steps that lead to the formulas."),
        output_option(),
    )  # fmt: skip


@click.command()
@_sizes(
    click.option("--m", metavar="INT", required=True, help="Width of the codes."),
    click.option("--codes", "law", type=click.Choice(["sphere", "rademacher"]), default="sphere", show_default=True),
    click.option("--query", type=click.Choice(["sum", "dual"]), default="sum", show_default=True),
    click.option("--heads", metavar="1|2", default="1", show_default=True, help="2: two heads with the same codes (Monte Carlo)."),
    click.option("--at-length", metavar="INT", help="Test the best head, or (a, c), at this length."),
    click.option("--a", "a", metavar="NUMBER", help="A head's score, with --c."),
    click.option("--c", "c", metavar="NUMBER", help="A head's value; the best one otherwise."),
    click.option("--loss", metavar="NUMBER", help="Find the width that this loss needs."),
    plot_option("Draw the loss against the score a."),
)  # fmt: skip
def codes(
    T: str, d: str, q: str, m: str, law: str, query: str, heads: str, at_length: str | None, a: str | None, c: str | None,
    loss: str | None, times: str | None, plot: str | None, form: str, derivation: bool, output: str | None,
) -> None:  # fmt: skip
    """A head whose positions carry fresh random codes."""
    from symkern.bounds import selection as room
    from symkern.derivations import derivation_of
    from symkern.pages.selection_page import SelectionPage, standings
    from symkern.typeset.tables import Table

    if c is not None and a is None:
        raise InvalidArgument("a", "must be given with c", "it is not")
    many = read_whole(heads, "heads", 1)
    sizes = {"T": read_whole(T, "T", 1), "d": read_whole(d, "d", 1), "q": read_whole(q, "q", 1)}
    head = room.random_codes(**sizes, m=read_whole(m, "m", 1), query=query, codes=law)
    score, value, least = head.best()
    searched = "sampled" if head.standing == "sampled" else "floating"  # along a, for one minimum
    told: list[tuple[str, Any, str]] = [
        ("best a", score, searched), ("best c", value, searched), ("least loss", least, searched),
    ]  # fmt: skip
    known = head.law()
    if known is not None:
        told += [("best a, by the law", known[0], "law"), ("least loss, by the law", known[1], "law")]  # fmt: skip
    if head.equal and law == "sphere" and head.q > 1:
        told.append(("loss as a grows", head.hard_loss(), "proved"))
        if query == "dual":
            told.append(("p1, a fresh code above y", room.deception(head.m, head.q), "proved"))
            if head.q < head.m:
                told.append(("bound on p1", room.deception_bound(head.m, head.q), "proved"))
    if a is not None:
        score = read_float(a, "a")
        value = head.best_value(score)[0] if c is None else read_float(c, "c")
        A, B = head.moments(score)
        told += [("A at this a", A, head.standing), ("B at this a", B, head.standing), ("c", value, "given" if c else head.standing)]  # fmt: skip
        told.append(("loss of (a, c)", head.loss(score, value), head.standing))
    if head.standing == "sampled":
        error = head.standard_error(score, value)
        told.append(("standard error of the loss", error, head.standing))
    if many > 1:
        pair = room.code_heads(**sizes, m=head.m, H=many, query=query)
        told += [("least loss, two heads", pair.loss, "sampled"), ("its standard error", pair.standard_error, "sampled")]  # fmt: skip
    if loss is not None:
        needed = room.width_for_loss(**sizes, loss=read_float(loss, "loss"), query=query, codes=law)
        told.append((f"width for a loss of {loss.strip()}", needed, "floating"))
    if at_length is not None:
        longer = head.at_length(read_whole(at_length, "at-length", 1))
        if score == float("inf"):
            rule = "needs a score: at q = 1 the best one is infinite"
            raise InvalidArgument("at-length", rule, "a is not given")
        told.append((f"loss at length {longer.T}", longer.loss(score, value), longer.standing))
    tables = {"": standings(told)}
    if times is not None:
        run = head.flow(_times(times))
        lines = _lines(run.times, run.a, run.c, run.loss)
        tables["gradient flow"] = Table(("t", "a", "c", "loss"), lines, "rrrr")
    draw(plot, lambda: figures.selection_codes(head))
    page = SelectionPage(
        f"A head with random codes ({law}, {query} query)", {**sizes, "m": head.m}, (), f"{_NUMBERS}. {_QUERY}.", tables
    )  # fmt: skip
    _deliver(page, (lambda: derivation_of(head)) if derivation else None, form, output)


@click.command()
@_sizes(
    click.option("--coherence", metavar="FRACTION", help="Unit codes with this inner product of any two."),
    click.option("--m", metavar="INT", help="Or one draw of Gaussian codes of this width, normalised."),
    click.option("--seed", metavar="INT", default="0", show_default=True, help="Of this draw."),
)  # fmt: skip
def fixed(
    T: str, d: str, q: str, coherence: str | None, m: str | None, seed: str, times: str | None, form: str, derivation: bool, output: str | None,
) -> None:  # fmt: skip
    """A head whose positions carry fixed codes, with the sum query."""
    import numpy as np

    from symkern.bounds import selection as room
    from symkern.derivations import derivation_of
    from symkern.pages.selection_page import SelectionPage, standings
    from symkern.typeset.tables import Table

    if (coherence is None) == (m is None):
        found = "both are" if m is not None else "neither is"
        raise InvalidArgument("coherence", "must be given, or m, not both", found)
    sizes: dict[str, Any] = {"T": read_whole(T, "T", 2), "d": read_whole(d, "d", 1), "q": read_whole(q, "q", 1)}  # fmt: skip
    if coherence is not None:
        g = read_formula(coherence, "coherence")
        head = room.equal_coherence(sizes["T"], sizes["q"], g, sizes["d"])
        shown = {**sizes, "g": g}
    else:
        width = read_whole(m, "m", 1)
        drawn = np.random.default_rng(read_whole(seed, "seed")).standard_normal((width, sizes["T"]))
        drawn /= np.linalg.norm(drawn, axis=0)
        head = room.fixed_codes(drawn.T @ drawn, sizes["q"], sizes["d"])
        shown = {**sizes, "m": width}
    theorem = 3 <= head.q < head.T
    told: list[tuple[str, Any, str]] = [
        ("rank of the codes", head.rank, "proved" if head.exact else "floating"),
        ("the loss can be brought to 0", "yes" if head.reaches_zero() else "no", "proved" if theorem and head.exact else "floating"),
        ("limit of 4 t loss, |W*|^2", head.late_constant(), "law"),
    ]  # fmt: skip
    tables = {"": standings(told)}
    if times is not None:
        run = head.flow(_times(times))
        lines = [(f"{t:.6g}", f"{c:.9g}", f"{e:.9g}") for t, c, e in zip(run.times, run.c, run.loss, strict=True)]  # fmt: skip
        tables["gradient flow"] = Table(("t", "c", "loss"), lines, "rrr")
    title = "A head with fixed codes" + (
        "" if coherence is not None else f", drawn from seed {seed}"
    )
    page = SelectionPage(title, shown, (), f"{_NUMBERS}.", tables)
    _deliver(page, (lambda: derivation_of(head)) if derivation else None, form, output)


@click.command()
@_sizes(
    click.option("--heads", metavar="INT", default="2", show_default=True, help="How many heads."),
    click.option("--a", "a", metavar="FORMULA", default="0", show_default=True, help="Score of the first of two heads."),
    click.option("--b", "b", metavar="FORMULA", default="1", show_default=True, help="Score of the second."),
    click.option("--apart", metavar="NUMBER", default="1e-3", show_default=True, help="How far from 0 two heads start that are not alike, one on each side."),
)  # fmt: skip
def heads(
    T: str, d: str, q: str, heads: str, a: str, b: str, apart: str, times: str | None, form: str, derivation: bool, output: str | None,
) -> None:  # fmt: skip
    """Several heads with one-hot positions."""
    from symkern.bounds import selection as room
    from symkern.pages.selection_page import Row, SelectionPage
    from symkern.typeset.tables import Table

    sizes: dict[str, Any] = {"T": read_whole(T, "T", 2), "d": read_whole(d, "d", 1), "q": read_whole(q, "q", 1)}  # fmt: skip
    many = read_whole(heads, "heads", 1)
    rows = []
    if sizes["q"] < sizes["T"]:
        first, second = room.two_heads(sizes["T"], sizes["q"], read_formula(a, "a"), read_formula(b, "b"))  # fmt: skip
        rows = [
            Row("c_1", "c_1", "=", f"c of the head with score {a}", first),
            Row("c_2", "c_2", "=", f"c of the head with score {b}", second),
        ]
    tables = {}
    if times is not None:
        moments = _times(times)
        together = room.identical_heads(**sizes, H=many, times=moments)
        tables[f"{many} heads that start alike"] = Table(
            ("t", "a", "sum of c", "loss"), _lines(moments, *together), "rrrr"
        )
        start = read_float(apart, "apart")
        run = room.several_heads(**sizes, a=[start, -start], c=[0.0, 0.0]).flow(moments)
        pairs = zip(moments, *run.a.T, *run.c.T, run.loss, strict=True)
        lines = [(f"{t:.6g}", *(f"{x:.6g}" for x in rest)) for t, *rest in pairs]
        head = f"2 heads that start at a = {start:g} and {-start:g}"
        tables[head] = Table(("t", "a_1", "a_2", "c_1", "c_2", "loss"), lines, "rrrrrr")
    note = "the loss of two heads with these values is 0; heads that start alike stay alike, others part, and their loss falls exponentially (a law, not proved)"
    page = SelectionPage("Several attention heads", {**sizes, "H": many}, rows, note, tables)
    _deliver(page, room.derivations["selection-heads"] if derivation else None, form, output)


def _times(text: str) -> list[float]:
    return [read_float(x, "times") for x in text.split(",")]


def _lines(*columns: Any) -> list[tuple[str, ...]]:
    return [(f"{t:.6g}", *(f"{x:.9g}" for x in rest)) for t, *rest in zip(*columns, strict=True)]


def _deliver(
    page: SelectionPage, steps: Callable[[], Any] | None, form: str, output: str | None
) -> None:
    page = page if steps is None else replace(page, derivation=steps())
    deliver_form(form, output, text=page.text, latex=page.latex, json=page.to_dict)
