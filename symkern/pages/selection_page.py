"""The pages of ``symkern selection``: formulas and tables as text, LaTeX and JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Any

import sympy as sp

from symkern.claims.derivation import Derivation
from symkern.pages.derivations import derivation_latex, derivation_text
from symkern.typeset import formula_latex, formula_text
from symkern.typeset.document import escape
from symkern.typeset.tables import Cell, Table


@dataclass(frozen=True)
class Row:
    """One formula: its key in JSON, its symbol and relation in LaTeX, its name in text."""

    key: str
    symbol: str
    relation: str
    name: str
    value: sp.Expr

    @property
    def text(self) -> str:
        """The formula as text."""
        if self.value.has(sp.exp):  # these factors would be multiplied out
            return str(self.value).replace("**", "^")
        return formula_text(self.value)

    @property
    def latex(self) -> str:
        """The formula for math mode."""
        return sp.latex(self.value) if self.value.has(sp.exp) else formula_latex(self.value)


@dataclass(frozen=True)
class SelectionPage:
    """What a verb prints: a title, the sizes, formulas, a note, tables, and below them the steps of a derivation."""

    title: str
    sizes: dict[str, Any]
    rows: Sequence[Row] = ()
    note: str = ""
    tables: Mapping[str, Table] = field(default_factory=dict)
    derivation: Derivation | None = None

    @property
    def given(self) -> str:
        """The sizes that are numbers."""
        pairs = ((n, f"{v:g}" if isinstance(v, float) else str(v)) for n, v in self.sizes.items())
        return ", ".join(f"{name} = {value}" for name, value in pairs if value != name)

    @property
    def given_latex(self) -> str:
        """The same for math mode."""
        return (
            re.sub(r"([aTc])([01])\b", r"\1_\2", self.given).replace("*", " ").replace(", ", r",\ ")
        )

    def _formulas(self) -> Table:
        lines = []
        for row in self.rows:
            inexact = row.value.is_number and not row.value.is_Integer
            near = f"{float(row.value):.9g}" if inexact else ""
            lines.append((row.name, Cell(row.text, row.latex), near))
        if not any(line[-1] for line in lines):
            return Table(("", "formula"), [line[:2] for line in lines])
        return Table(("", "formula", "about"), lines)

    def text(self, width: int = 80) -> str:
        """The page as text, no line of tables and steps longer than ``width``."""
        head = [self.title] + ([self.given] if self.given else [])
        parts = ["\n".join(head)]
        parts += [self._formulas().text(width)] if self.rows else []
        parts += [
            f"{head}\n\n{t.text(width)}" if head else t.text(width)
            for head, t in self.tables.items()
        ]
        parts += ["\n".join(wrap(self.note, width))] if self.note else []
        parts += [derivation_text(self.derivation, width)] if self.derivation is not None else []
        return "\n\n".join(parts)

    def latex(self) -> str:
        """The page as the body of a LaTeX document."""
        lines = [rf"\paragraph{{{escape(self.title)}}}"]
        lines += [f"${self.given_latex}$"] if self.given else []
        if self.rows:
            body = [f"{r.symbol} &{r.relation} {r.latex}" for r in self.rows]
            lines += [r"\begin{align*}", " \\\\\n".join(body), r"\end{align*}"]
        for head, table in self.tables.items():
            group = head.removeprefix("under ").replace(" x ", r" \times ")
            shown = f"under ${group}$" if group != head else escape(head)
            lines += ["", rf"\medskip\noindent {shown}", "", rf"\noindent {table.latex()}"]
        lines += ["", escape(self.note)] if self.note else []
        lines += ["", derivation_latex(self.derivation)] if self.derivation is not None else []
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """The page as data for JSON."""
        found: dict[str, Any] = {
            "schema": 1,
            "task": "sparse token selection",
            "title": self.title,
            "sizes": {
                n: v if isinstance(v, int | float) else str(v) for n, v in self.sizes.items()
            },
            "formulas": {row.key: row.text for row in self.rows},
        }
        for head, table in self.tables.items():
            names = [Cell.of(cell).text for cell in table.header]
            found[head or "table"] = [
                {n: Cell.of(cell).text for n, cell in zip(names, row, strict=True)}
                for row in table.rows
            ]
        if self.note:
            found["note"] = self.note
        if self.derivation is not None:
            found["derivation"] = derivation_latex(self.derivation)
        return found


def irrep(name: str) -> Cell:
    """The cell of a product of irreps, such as "std x std x R^d"."""
    names = {"triv": r"\mathrm{triv}", "std": r"\mathrm{std}", "R^d": r"\mathbb{R}^d"}
    return Cell(name, r" \otimes ".join(names[factor] for factor in name.split(" x ")))


def standings(rows: Sequence[tuple[str, Any, str]]) -> Table:
    """A table of numbers, each with what stands behind it; "law" is a leading order that is not proved."""
    lines = []
    for name, value, standing in rows:
        shown = f"{value:.9g}" if isinstance(value, float) else str(value)
        lines.append((name, shown, "law, not proved" if standing == "law" else str(standing)))
    return Table(("", "value", "standing"), lines, "lrl")
