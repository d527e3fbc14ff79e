r"""Derivations as LaTeX prose, Markdown for notebooks, and plain text.

Takes what it prints by its attributes: ``title``, ``steps`` (each ``name``, ``statement``, ``reason``, ``reference``), ``conclusion``
and ``standing``. Statements are LaTeX mathematics without dollars, reasons are LaTeX prose.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from typing import Any

from symkern.typeset.document import document, escape

_ONE_LINE = 160  # characters of LaTeX that surely fit into a line

#: Between two statements of a conclusion; what follows in parentheses belongs to the one before.
_CLAUSES = re.compile(r" \\qquad (?!\()")
_IRREPS = re.compile(r"\([Lv0-9][-Lv0-9,]*\)(?: x \([Lv0-9][-Lv0-9,]*\))?")

__all__ = [
    "derivation_document",
    "derivation_latex",
    "derivation_markdown",
    "derivation_text",
    "derivations_document",
]


def derivation_latex(derivation: Any) -> str:
    """A paragraph for each step; compiles with amsmath and amssymb."""
    lines = [rf"\paragraph{{{_title(derivation.title)}}}", r"\begin{enumerate}"]
    for step in derivation.steps:
        lines.append(rf"\item \emph{{{escape(_capital(step.name))}.}}")
        lines.append(rf"\[ {step.statement} \]")
        lines.append(step.reason + _reference(step.reference))
    lines.append(r"\end{enumerate}")
    if derivation.conclusion:
        lines.append(rf"Hence ({derivation.standing.value})")
        lines.append(_boxed(derivation.conclusion))
    return "\n".join(lines)


def _boxed(conclusion: str) -> str:
    """The conclusion as a display; a box does not break by itself, so that a long one gets lines and smaller letters."""
    if len(conclusion) <= _ONE_LINE or r"\begin" in conclusion:
        return rf"\[ \boxed{{\;{conclusion}\;}} \]"
    clauses = _CLAUSES.split(conclusion)
    if len(clauses) > 1:
        stacked = r" \\[2pt] & ".join(clauses)
        return rf"\[ \boxed{{\;\begin{{aligned}} & {stacked} \end{{aligned}}\;}} \]"
    for relation in (r"\leq", r"\sim", r"\qquad"):
        conclusion = conclusion.replace(f" {relation} ", rf" \\ &\quad {relation} ", 1)
    lines = rf"\begin{{aligned}} & {conclusion} \end{{aligned}}"
    return rf"{{\small\[ \boxed{{\;{lines}\;}} \]}}"


def _title(title: str) -> str:
    """A title with its irreps as mathematics."""
    pieces, end = [], 0
    for found in _IRREPS.finditer(title):
        pieces.append(escape(title[end : found.start()]))
        pieces.append("$" + found[0].replace(" x ", r" \otimes ") + "$")
        end = found.end()
    return "".join([*pieces, escape(title[end:])])


def derivation_document(derivation: Any) -> str:
    """A whole document."""
    return document(derivation_latex(derivation))


def derivations_document(derivations: Iterable[Any], title: str = "") -> str:
    """Several derivations as one document, one after the other."""
    body = "\n\n\\bigskip\n".join(derivation_latex(derivation) for derivation in derivations)
    return document(body, title=title)


def derivation_markdown(derivation: Any) -> str:
    """For notebooks: MathJax shows the statements."""
    lines = [f"**{derivation.title}**", ""]
    for number, step in enumerate(derivation.steps, 1):
        lines += [f"{number}. *{_capital(step.name)}.*", "", f"   $${step.statement}$$", ""]
        lines += [f"   {step.reason}" + (f" [{step.reference}]" if step.reference else ""), ""]
    if derivation.conclusion:
        lines += [f"Hence ({derivation.standing.value})", "", f"$${derivation.conclusion}$$"]
    return "\n".join(lines)


def derivation_text(derivation: Any, width: int = 80) -> str:
    """Plain text, the mathematics as it stands in LaTeX."""
    lines = [derivation.title, ""]
    for number, step in enumerate(derivation.steps, 1):
        head = f"{number}. {_capital(step.name)}."
        lines.append(head)
        for part in (
            step.statement,
            step.reason + (f" [{step.reference}]" if step.reference else ""),
        ):
            lines += textwrap.wrap(
                part, width, initial_indent="   ", subsequent_indent="   ", break_long_words=False
            )
    if derivation.conclusion:
        lines += [
            "",
            *textwrap.wrap(f"Hence ({derivation.standing.value}): {derivation.conclusion}", width),
        ]
    return "\n".join(lines)


def _reference(reference: str) -> str:
    return f" [{escape(reference)}]" if reference else ""


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
