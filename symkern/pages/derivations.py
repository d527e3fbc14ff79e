r"""Derivations as LaTeX prose, Markdown for notebooks, and plain text.

Takes what it prints by its attributes: ``title``, ``steps`` (each ``name``, ``statement``, ``reason``, ``reference``), ``conclusion``
and ``standing``. Statements are LaTeX mathematics without dollars, reasons are LaTeX prose.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from typing import Any

from symkern.claims import Derivation, Step
from symkern.limits import current
from symkern.typeset.document import document, escape
from symkern.typeset.plain import read_width
from symkern.typeset.readable import readable_formula, readable_prose

#: Between the lines of a conclusion: fractions stand on them.
_BREAK = r" \\[4pt] "

#: Commands, with the backslash, and single characters.
_TOKENS = re.compile(r"\\[A-Za-z]+|\\.|[^\\]", re.DOTALL)
_SPACES = re.compile(r"\\q?quad")
_RELATIONS = re.compile(r"[=<>]|\\(?:sim|leq?|geq?|approx|asymp)")

#: An irrep as `symkern.typeset.irrep_text` writes it, or a product of two, between blanks.
_IRREP = r"\((?:[A-Za-z](?:[-+]\d+)?|\d+)(?:,\d+)*\)"
_IRREPS = re.compile(rf"(?<!\S){_IRREP}(?: x {_IRREP})*(?![^\s,.;:])")


#: What was said before in the same text: steps, by name, statement and reason.
Told = set[tuple[str, str, str]]

_BEFORE = "As before."

#: Characters of a statement that is said again rather than looked for.
_SHORT = 60


def _news(step: Step, told: Told | None) -> tuple[bool, bool]:
    """Whether the statement of a step is to be said beside those that were ``told``, since it is new or short, and whether its reason is new; it is told then."""
    if told is None:
        return True, True
    reasons = {(name, reason) for name, _, reason in told}
    this = step.name, step.statement, step.reason
    found = this not in told or len(step.statement) <= _SHORT, (step.name, step.reason) not in reasons  # fmt: skip
    told.add(this)
    return found


def derivation_latex(derivation: Derivation) -> str:
    """A paragraph for each step; compiles with amsmath and amssymb."""
    return latex_after(derivation, None)


def latex_after(derivation: Derivation, told: Told | None) -> str:
    """The same without what was ``told`` before in a text of several derivations; the steps are put there."""
    lines = [rf"\paragraph{{{_title(derivation.title)}}}", r"\begin{enumerate}"]
    for step in derivation.steps:
        stated, reasoned = _news(step, told)
        lines.append(rf"\item \emph{{{escape(_capital(step.name))}.}}")
        if stated:
            lines.append(rf"\[ {step.statement} \]")
        lines.append(step.reason + _reference(step.reference) if reasoned else _BEFORE)
    lines.append(r"\end{enumerate}")
    if derivation.conclusion:
        lines.append(rf"Hence ({derivation.standing.value})")
        lines.append(_boxed(derivation.conclusion))
    return "\n".join(lines)


def _title(title: str) -> str:
    r"""A title for LaTeX, its irreps as mathematics.

    >>> print(_title("A function in (L-1,1) x (v-1,1), 100 %"))
    A function in $(L-1,1) \otimes (v-1,1)$, 100 \%
    """
    found, at = [], 0
    for match in _IRREPS.finditer(title):
        found += [escape(title[at : match.start()]), f"${_product(match)}$"]
        at = match.end()
    return "".join(found) + escape(title[at:])


def _product(match: re.Match[str]) -> str:
    return match.group().replace(" x ", r" \otimes ")


def _boxed(conclusion: str) -> str:
    """The conclusion as a display; a box does not break by itself, so that a long one gets lines and smaller letters."""
    laid_out = _laid_out(conclusion)
    shown = rf"\[ \boxed{{\;{laid_out}\;}} \]"
    long = (
        r"\begin" not in conclusion
        and max(map(len, laid_out.split(_BREAK))) > current().line_characters
    )
    return rf"{{\small{shown}}}" if long else shown


def _laid_out(conclusion: str) -> str:
    r"""Several statements, or one too long for a line, as lines with one relation each, aligned at it.

    >>> print(_laid_out(r"n = a \sim b \qquad (L \geq 2)"))
    n = a \sim b \qquad (L \geq 2)
    >>> print(_laid_out(r"n \sim a \text{ here,} \qquad m \sim b \text{ there}"))
    \begin{aligned} n &\sim a \text{ here,} \\[4pt] m &\sim b \text{ there} \end{aligned}
    """
    if r"\begin" in conclusion:
        return conclusion
    statements: list[str] = []
    for piece in _split(conclusion, _SPACES):
        if statements and piece.startswith("("):
            # A condition belongs to the statement before it.
            statements[-1] += rf" \qquad {piece}"
        elif piece:
            statements.append(piece)
    if not statements:
        return conclusion
    long = len(conclusion) > current().line_characters
    # Words before the first relation: then all lines begin at the left.
    words = len(_split(statements[0], _RELATIONS, keep=True)) < 2
    if len(statements) - words < 2 and not long:
        return conclusion
    lines = []
    for statement in statements:
        first, *others = _split(statement, _RELATIONS, keep=True)
        if words:
            lines.append(f"& {statement}")
        elif not others:
            lines.append(rf"&\quad {first}")  # goes on with the relation above
        elif long:
            wide = len(first) + len(others[0]) > current().line_characters
            begin = r"&\quad " if wide else "&"
            lines.append(f"& {first}" if wide else f"{first} &{others.pop(0)}")
            lines += [begin + other for other in others]
        else:
            lines.append(f"{first} &{' '.join(others)}")
    return r"\begin{aligned} " + _BREAK.join(lines) + r" \end{aligned}"


def _split(formula: str, marks: re.Pattern[str], keep: bool = False) -> list[str]:
    """A formula cut at the marks that stand in no brackets, which begin the next piece or go."""
    pieces, start, depth = [], 0, 0
    for match in _TOKENS.finditer(formula):
        token = match.group()
        if token in ("(", "[", "{"):
            depth += 1
        elif token in (")", "]", "}"):
            depth -= 1
        elif depth == 0 and marks.fullmatch(token):
            pieces.append(formula[start : match.start()].strip())
            start = match.start() if keep else match.end()
    return [*pieces, formula[start:].strip()]


def derivation_document(derivation: Derivation) -> str:
    """A whole document."""
    return document(derivation_latex(derivation))


def derivations_document(derivations: Iterable[Derivation], title: str = "") -> str:
    """Several derivations as one document, one after the other."""
    told: Told = set()
    body = "\n\n\\bigskip\n".join(latex_after(d, told) for d in derivations)
    return document(body, title=title)


def derivation_markdown(derivation: Derivation) -> str:
    """For notebooks: MathJax shows the statements."""
    title = _IRREPS.sub(lambda match: f"${_product(match)}$", derivation.title)
    lines = [f"**{title}**", ""]
    for number, step in enumerate(derivation.steps, 1):
        lines += [f"{number}. *{_capital(step.name)}.*", "", f"   $${step.statement}$$", ""]
        lines += [f"   {step.reason}" + (f" [{step.reference}]" if step.reference else ""), ""]
    if derivation.conclusion:
        lines += [
            f"Hence ({derivation.standing.value})",
            "",
            f"$${_laid_out(derivation.conclusion)}$$",
        ]
    return "\n".join(lines)


def derivation_text(derivation: Derivation, width: int = 80) -> str:
    """Text for the eye, no line longer than ``width``: formulas in the letters of the blackboard, reasons in words.

    Args:
        derivation: the derivation.
        width: columns, at least 20.
    """
    return text_after(derivation, width, None)


def text_after(derivation: Derivation, width: int, told: Told | None) -> str:
    """The same without what was ``told`` before; the steps are put there."""
    read_width(width)
    lines = [*textwrap.wrap(derivation.title, width), ""]
    for number, step in enumerate(derivation.steps, 1):
        stated, reasoned = _news(step, told)
        head = f"{number}. {_capital(step.name)}." + ("" if stated else f" {_BEFORE}")
        lines += textwrap.wrap(head, width, subsequent_indent="   ")
        if not stated:
            continue
        lines += _formula_lines(step.statement, width)
        reason = readable_prose(step.reason) + (f" [{step.reference}]" if step.reference else "")
        reason = reason if reasoned else _BEFORE
        lines += textwrap.wrap(reason, width, initial_indent="   ", subsequent_indent="   ")
    if derivation.conclusion:
        lines += ["", f"Hence ({derivation.standing.value})"]
        lines += _formula_lines(_laid_out(derivation.conclusion), width)
    return "\n".join(lines)


def checked_text(derivation: Derivation, width: int = 80, told: Told | None = None) -> str:
    """Plain text without what was ``told``, and below it what a check finds, made on the spot."""
    return f"{text_after(derivation, width, told)}\n\n{derivation.check()}"


def checked_data(derivation: Derivation) -> dict[str, Any]:
    """As plain data, with what a check finds, made on the spot."""
    check = derivation.check()
    return {
        "title": derivation.title,
        "steps": [
            {"name": s.name, "statement": s.statement, "reason": s.reason, "reference": s.reference}
            for s in derivation.steps
        ],
        "conclusion": derivation.conclusion,
        "points_checked": check.count,
        "passed": check.passed,
    }  # fmt: skip


def _formula_lines(latex: str, width: int) -> list[str]:
    """The lines of a formula, set in, broken where they are longer than ``width``."""
    found = []
    for line in readable_formula(latex).split("\n"):
        indent = " " * (6 + len(line) - len(line.lstrip()))
        found += textwrap.wrap(line, width, initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False)  # fmt: skip
    return found


def _reference(reference: str) -> str:
    return f" [{escape(reference)}]" if reference else ""


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
