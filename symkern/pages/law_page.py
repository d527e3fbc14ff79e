"""A result that is a handful of named laws and formulas: as text, as a LaTeX document, as JSON, with its derivation checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from textwrap import wrap
from typing import Any

import sympy as sp

from symkern.claims.derivation import Derivation
from symkern.claims.scaling_law import ScalingLaw
from symkern.exact import AlgebraicNumber
from symkern.pages.derivations import checked_data, checked_text, derivation_latex
from symkern.typeset import formula_latex, formula_text
from symkern.typeset.document import escape
from symkern.typeset.plain import break_formula, read_width
from symkern.typeset.tex import formula_display, latex_width


@dataclass
class LawPage:
    """A title, then named rows: each a law, a formula or a sentence."""

    title: str
    rows: list[tuple[str, Any]] = field(default_factory=list)
    derivation: Derivation | None = None

    def text(self, width: int = 80) -> str:
        """The page as text; its derivation is checked on the spot."""
        margin = max(len(name) for name, _ in self.rows) + 2
        lines = [*wrap(self.title, read_width(width)), ""]
        for name, value in self.rows:
            room = width - margin
            if isinstance(value, str):
                pieces = wrap(value, room)
            elif isinstance(value, ScalingLaw) and len(str(value)) > room:
                parts = re.split(r" (?=~ )|  (?=\()", str(value))
                pieces = [line for part in parts for line in break_formula(part, room)]
            else:
                pieces = break_formula(_plain(value), room)
            for i, piece in enumerate(pieces):
                lines.append((name if i == 0 else "").ljust(margin) + piece.strip())
        if self.derivation is not None:
            lines += ["", checked_text(self.derivation, width)]
        return "\n".join(line.rstrip() for line in lines)

    def latex(self) -> str:
        """The page as the body of a LaTeX document."""
        lines = [rf"\paragraph{{{escape(self.title)}}}\mbox{{}}\par", ""]
        for name, value in self.rows:
            if isinstance(value, str | AlgebraicNumber):
                lines += [rf"\noindent {escape(name)}: {escape(_plain(value))}.", ""]
                continue
            shown = _display(value) if isinstance(value, ScalingLaw) else formula_latex(value)
            lines += [rf"\noindent {escape(name)}:", rf"\[ {shown} \]"]
        if self.derivation is not None:
            lines.append(derivation_latex(self.derivation))
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """The page as data for JSON, with what the check of its derivation found."""
        found: dict[str, Any] = {"schema": 1, "title": self.title}
        for name, value in self.rows:
            written = _law_data(value) if isinstance(value, ScalingLaw) else _plain(value)
            found[name.replace(" ", "_")] = written
        if self.derivation is not None:
            found["derivation"] = checked_data(self.derivation)
        return found


def _plain(value: ScalingLaw | AlgebraicNumber | sp.Expr | int | str) -> str:
    """A row's value as text."""
    if isinstance(value, str | ScalingLaw):
        return str(value)
    if isinstance(value, AlgebraicNumber):
        return f"{float(value):.15g}, the root of {list(value.minimal_polynomial)} there"
    return formula_text(value)


def _display(law: ScalingLaw) -> str:
    """The law in one line, its formula dropped where it is wider than the page."""
    if law.formula is None or latex_width(law.formula) < 24:
        return str(law.latex())
    head = formula_display(law.formula, left=law.symbol or law.quantity, width=38)
    if law.relation != "=":  # the first sign of the display is the law's own
        head = head.replace("=", {"<=": r"\leq", ">=": r"\geq"}[law.relation], 1)
    tail = replace(law, formula=None, symbol=r"\phantom{n}").latex()
    return rf"\begin{{gathered}}{head} \\ {tail}\end{{gathered}}"


def _law_data(law: ScalingLaw) -> dict[str, Any]:
    term = None if law.leading is None else law.leading.expression
    formulas = {"formula": law.formula, "leading": term, "exponent": law.exponent}
    known = (
        {} if law.value is None else {"value": law.value.digits(), "unit": formula_text(law.unit)}
    )
    return {
        "quantity": law.quantity,
        "relation": law.relation,
        **{name: None if e is None else formula_text(e) for name, e in formulas.items()},
        "threshold": dict(law.threshold),
        "standing": law.standing.value,
        **known,
    }
