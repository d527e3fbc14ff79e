"""How a page on a target is laid out, whatever it is learned by: what it is about, the table of parts, the table of the curve."""

from __future__ import annotations

from html import escape as html_escape
from textwrap import wrap
from typing import Any

import numpy as np
import sympy as sp

from symkern.pages.paragraphs import centred, paragraph
from symkern.typeset.document import escape, program_text
from symkern.typeset.numerals import decimal
from symkern.typeset.plain import formula_text
from symkern.typeset.tables import Table

NOTHING = "The target is zero, E f^2 = 0: there is nothing to learn."
NOTHING_LATEX = r"The target is zero, $\mathbb{E} f^2 = 0$: there is nothing to learn."

Head = list[tuple[str, str]]


def callable_name(target: object) -> str:
    """What to call a target that is no formula."""
    if hasattr(target, "text"):
        return ""
    if isinstance(target, np.ndarray):
        return "given by its values"
    return str(getattr(target, "__name__", "a function")).replace("<lambda>", "a function")


def plain_number(value: object) -> str:
    """A number as it was given, floats in six digits."""
    if isinstance(value, float):
        return f"{value:g}"
    return formula_text(value) if isinstance(value, sp.Expr) else decimal(value)


def head_lines(curve: Any, data: str) -> Head:
    """Name and value of what the curve was computed for."""
    spectrum = curve.spectrum
    settings = ", ".join(f"{name} = {formula_text(value)}" for name, value in spectrum.settings)
    lines = [
        ("kernel", str(spectrum.kernel)),
        ("set", settings),
        ("tokens", str(spectrum.tokens)),
        ("target", callable_name(curve.target) or str(curve.target)),
        ("data", data),
    ]
    return [(name, value) for name, value in lines if name != "set" or value]


def laid_out_text(head: Head, parts: Table | None, table: Table, key: str, width: int) -> str:
    """The head, the parts (None of the zero target), the curve and what the words mean."""
    lines = []
    for name, value in head:
        lines += paragraph(name, value, width)
    lines += ["", NOTHING if parts is None else parts.text(width), "", table.text(width)]
    lines += ["", *wrap(key, width)] if key else []
    return "\n".join(line.rstrip() for line in lines)


def laid_out_latex(curve: Any, by: str, data: str, parts: Table | None, table: Table) -> str:
    """A paragraph that says what was computed ``by`` what, and the tables."""
    spectrum, target = curve.spectrum, curve.target
    shown = f"${target.latex()}$" if hasattr(target, "latex") else escape(callable_name(target))
    settings = "".join(
        f", ${sp.latex(sp.Symbol(name))} = {sp.latex(value)}$" for name, value in spectrum.settings
    )
    text = (
        rf"{by} with {program_text(str(spectrum.kernel))}{settings} on tokens {spectrum.tokens.latex()}, length $L = {spectrum.length}$; "
        rf"target {shown}, {data}."
    )
    lines = [text if parts is not None else f"{text} {NOTHING_LATEX}"]
    for one in (parts, table):
        if one is not None:
            lines += centred(one)
    return "\n".join(lines)


def laid_out_html(head: Head, parts: Table, table: Table) -> str:
    """The head and both tables for a notebook."""
    shown = "<br>".join(f"<b>{html_escape(name)}</b> {html_escape(value)}" for name, value in head)
    return f"<div><p>{shown}</p>{parts.html()}{table.html()}</div>"
