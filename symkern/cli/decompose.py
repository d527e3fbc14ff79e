"""``symkern decompose``: the irreps in a permutation module, or the energy of a function given as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from symkern import plot as figures
from symkern.cli.output import deliver, deliver_form, draw, read_file
from symkern.cli.parameters import (
    format_option,
    length_option,
    options,
    output_option,
    plot_option,
    read_law,
    read_whole,
    tokens_option,
)
from symkern.cli.terminal import page_width
from symkern.errors import InvalidArgument, SizeMismatch

if TYPE_CHECKING:
    from symkern.representations import Module
    from symkern.typeset.tables import Table


_MODULES = ("words", "subsets", "tuples", "young", "regular", "defining")


@click.command()
@click.argument("what", metavar="MODULE | FILE")
@options(
    length_option(None, "words: the number of positions.", "INT"),
    click.option(
        "--letters",
        "--vocabulary",
        "letters",
        metavar="INT",
        help="words, FILE: the size of the alphabet.",
    ),
    click.option("--size", metavar="INT", help="subsets, tuples, regular, defining: the n of S_n."),
    click.option("--choose", metavar="INT", help="subsets, tuples: how many positions."),
    click.option("--shape", metavar="LAMBDA", help="young: the shape, such as 3,2,1."),
    tokens_option("FILE: the law of the independent letters.", "uniform|1/2,1/3,1/6"),
    click.option(
        "--part",
        metavar="LAMBDA",
        help="FILE: print the function's part in this irrep, as a table of the same form.",
    ),
    plot_option("FILE: draw the energies (.png, .pdf, .svg; needs matplotlib)."),
    format_option("text", "latex", "csv"),
    output_option(),
)
def decompose(
    what: str,
    length: str | None,
    letters: str | None,
    size: str | None,
    choose: str | None,
    shape: str | None,
    tokens: str,
    part: str | None,
    plot: str | None,
    form: str,
    output: str | None,
) -> None:
    """Decompose a permutation module of S_n, or a function on sequences.

    MODULE is words, subsets, tuples, young, regular or defining, and is decomposed
    into irreps with their multiplicities. FILE is a table of a function on sequences,
    one line for each sequence, letters from 0 and then the value:

    \b
      0,0,0,1
      0,0,1,-1/2

    Sequences that are left out have the value 0. The function's energy is printed
    for each irrep of the positions and each Efron-Stein degree.
    """
    given = {"length": length, "letters": letters, "size": size, "choose": choose, "shape": shape}
    if what in _MODULES:
        for name, unwanted in (
            ("part", part is not None), ("plot", plot is not None), ("tokens", tokens != "uniform"),
        ):  # fmt: skip
            if unwanted:
                _refuse(name, "is an option of FILE", what)
        _deliver(_module(what, given).table(), form, output)
        return
    _only(given, what, "letters")
    if part is not None and plot is not None:
        _refuse("plot", "draws energies and does not go with --part", what)
    _function(what, letters, tokens, part, plot, form, output)


def _refuse(argument: str, rule: str, what: str) -> None:
    raise InvalidArgument(argument, rule, f"what is decomposed is {what!r}")


def _only(given: dict[str, str | None], what: str, *names: str) -> None:
    for name, value in given.items():
        if value is not None and name not in names:
            _refuse(name, f"does not belong to {what}, which takes {', '.join(names)}", what)


def _module(what: str, given: dict[str, str | None]) -> Module:
    import symkern.representations as rooms

    if what == "young":
        _only(given, what, "shape")
        if given["shape"] is None:
            raise InvalidArgument("shape", "must be given", "it is not")
        return rooms.young_module(given["shape"])
    names = {
        "words": ("length", "letters"),
        "subsets": ("size", "choose"),
        "tuples": ("size", "choose"),
    }.get(what, ("size",))
    _only(given, what, *names)
    make: Any = getattr(rooms, what)
    made: Module = make(*(read_whole(given[name], name) for name in names))
    return made


def _function(
    name: str,
    letters: str | None,
    tokens: str,
    part: str | None,
    plot: str | None,
    form: str,
    output: str | None,
) -> None:
    from symkern.combinatorics import Partition
    from symkern.representations import words
    from symkern.representations.isotypic import components
    from symkern.targets import energy
    from symkern.tokens import require_law

    table = _read(name)
    n = len(next(iter(table)))
    most = max(max(x) for x in table) + 1
    v = max(2, most) if letters is None else read_whole(letters, "letters")
    law: Any = require_law(read_law(tokens, default=str(v)))
    if not isinstance(law.vocabulary, int):
        raise InvalidArgument("tokens", "must have a given number of letters", f"it is {tokens!r}")
    if letters is None:
        v = max(v, law.vocabulary)
    if law.vocabulary != v:
        raise SizeMismatch("tokens", f"must be {v} probabilities", f"it is {tokens!r}")
    if most > v:
        raise InvalidArgument("letters", f"must exceed the letter {most - 1}", f"it is {v}")
    module = words(n, v)
    vector = module.vector([table.get(x, 0) for x in module.basis])
    if part is None:
        found = energy(vector, length=n, tokens=law)
        draw(plot, lambda: figures.target_energy(found))
        _deliver(found.table(), form, output)
        return
    lam = Partition.read(part, "part")
    parts = components(module, vector)
    if lam not in parts:
        raise InvalidArgument(
            "part", "must be an irrep of the module", f"it is {tuple(lam)}; there are "
            + "; ".join(map(str, parts)),
        )  # fmt: skip
    lines = [f"{','.join(map(str, x))},{value}" for x, value in zip(module.basis, parts[lam])]
    deliver("\n".join(lines), output)


def _read(name: str) -> dict[tuple[int, ...], Any]:
    """{sequence: value} of a table; `InvalidArgument` names the line that cannot be read."""
    from symkern.abc import parse

    rule = f"must be one of {', '.join(_MODULES)} or a file"
    text = read_file(name, "what", rule, encoding="utf-8-sig")
    table: dict[tuple[int, ...], Any] = {}
    length = None
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        *letters, value = (word.strip() for word in line.split(","))
        if not letters or not all(t.isascii() and t.isdigit() and len(t) < 6 for t in letters):
            rule = "must hold letters from 0 and a value"
            raise InvalidArgument(f"line {number}", rule, f"it is {line[:60]!r}")
        x = tuple(map(int, letters))
        if length not in (None, len(x)):
            rule = f"must hold {length} letters"
            raise InvalidArgument(f"line {number}", rule, f"it holds {len(x)}")
        length = len(x)
        if x in table:
            raise InvalidArgument(f"line {number}", "must not repeat a sequence", f"{x} is there")
        table[x] = parse(value, f"line {number}")
        if not table[x].is_Rational:
            raise InvalidArgument(f"line {number}", "must have a rational value", f"it is {value}")
    if not table:
        raise InvalidArgument("what", "must hold at least one line", f"{name!r} holds none")
    return table


def _deliver(table: Table, form: str, output: str | None) -> None:
    deliver_form(
        form, output, text=lambda: table.text(page_width(output)), latex=table.latex, csv=table.csv
    )
