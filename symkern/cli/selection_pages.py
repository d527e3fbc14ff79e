"""The pages of ``symkern selection``: formulas and tables as text, LaTeX and JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from symkern.cli.output import deliver

if TYPE_CHECKING:
    import sympy as sp

    from symkern.claims.derivation import Derivation
    from symkern.typeset.tables import Table

__all__ = ["Page", "Row", "deliver_page", "irrep"]


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
        from symkern.typeset import formula_text

        if self.value.has(_exponential()):  # these factors would be multiplied out
            return str(self.value).replace("**", "^")
        return formula_text(self.value)

    @property
    def latex(self) -> str:
        import sympy as sp

        from symkern.typeset import formula_latex

        return sp.latex(self.value) if self.value.has(_exponential()) else formula_latex(self.value)


@dataclass(frozen=True)
class Page:
    """What a verb prints: a title, the sizes, formulas, a note, a table."""

    title: str
    sizes: dict[str, Any]
    rows: Sequence[Row] = ()
    note: str = ""
    tables: Mapping[str, Table] = field(default_factory=dict)

    @property
    def given(self) -> str:
        pairs = [
            f"{n} = {v:g}" if isinstance(v, float) else f"{n} = {v}"
            for n, v in self.sizes.items()
            if str(v) != n
        ]
        return ", ".join(pairs)

    @property
    def given_latex(self) -> str:
        return (
            re.sub(r"([aTc])([01])\b", r"\1_\2", self.given).replace("*", " ").replace(", ", r",\ ")
        )

    def _formulas(self) -> Table:
        from symkern.typeset.tables import Cell, Table

        lines = []
        for row in self.rows:
            near = (
                f"{float(row.value):.9g}"
                if row.value.is_number and not row.value.is_Integer
                else ""
            )
            lines.append((row.name, Cell(row.text, row.latex), near))
        if not any(line[-1] for line in lines):
            return Table(("", "formula"), [line[:2] for line in lines])
        return Table(("", "formula", "about"), lines)

    def text(self) -> str:
        head = [self.title] + ([self.given] if self.given else [])
        parts = ["\n".join(head)]
        parts += [self._formulas().text()] if self.rows else []
        parts += [f"{head}\n\n{t.text()}" if head else t.text() for head, t in self.tables.items()]
        parts += [self.note] if self.note else []
        return "\n\n".join(parts)

    def latex(self) -> str:
        from symkern.typeset.document import escape

        lines = [rf"\paragraph{{{escape(self.title)}}}"]
        lines += [f"${self.given_latex}$"] if self.given else []
        if self.rows:
            body = [f"{r.symbol} &{r.relation} {r.latex}" for r in self.rows]
            lines += [r"\begin{align*}", " \\\\\n".join(body), r"\end{align*}"]
        for head, table in self.tables.items():
            group = head.removeprefix("under ").replace(" x ", r" \times ")
            shown = f"under ${group}$" if head else ""
            lines += ["", rf"\medskip\noindent {shown}", "", rf"\noindent {table.latex()}"]
        lines += ["", escape(self.note)] if self.note else []
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        from symkern.typeset.tables import Cell

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
        return found


def deliver_page(
    page: Page, steps: Callable[[], Derivation] | None, form: str, output: str | None
) -> None:
    """Print or write a page in the format asked for, with the derivation that `steps` builds."""
    derivation = None if steps is None else steps()
    if form == "json":
        found = page.to_dict()
        if derivation is not None:
            found["derivation"] = derivation.latex()
        deliver(json.dumps(found, indent=2), output)
    elif form == "latex":
        from symkern.typeset.document import document

        deliver(
            document(page.latex() + ("" if derivation is None else "\n\n" + derivation.latex())),
            output,
        )
    else:
        deliver(page.text() + ("" if derivation is None else "\n\n" + derivation.text()), output)


def irrep(name: str) -> Any:
    """The cell of a product of irreps, such as "std x std x R^d"."""
    from symkern.typeset.tables import Cell

    names = {"triv": r"\mathrm{triv}", "std": r"\mathrm{std}", "R^d": r"\mathbb{R}^d"}
    return Cell(name, r" \otimes ".join(names[factor] for factor in name.split(" x ")))


def _exponential() -> Any:
    import sympy as sp

    return sp.exp
