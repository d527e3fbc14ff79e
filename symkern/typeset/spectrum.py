r"""Spectra as text in 80 columns, LaTeX and HTML.

What is printed is taken by its attributes: a spectrum has ``kernel``, ``length``, ``vocabulary``, ``tokens``,
``group``, ``sectors``, ``trace()`` and ``sample_laws(sector)``; a sector has its irreps, ``dimension``,
``multiplicity``, ``branches`` and ``leading_terms``. A summary table comes first, one row per eigenvalue; below it each block's
eigenvalue, or the polynomial whose roots they are, and with ``full`` the radicals too.
"""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import sympy as sp

from symkern.abc import x
from symkern.typeset.document import escape
from symkern.typeset.labels import irrep_latex, irrep_text
from symkern.typeset.plain import formula_lines, formula_text
from symkern.typeset.tables import Cell, Table
from symkern.typeset.tex import formula_display, formula_latex
from symkern.typeset.unicode import formula_unicode

__all__ = ["spectrum_html", "spectrum_latex", "spectrum_table", "spectrum_text"]


def _positions(spectrum: Any) -> object:
    return spectrum.length - 1 if spectrum.group == "S_{L-1}" else spectrum.length


def _labels(spectrum: Any, sector: Any) -> tuple[Cell, Cell]:
    """The two irreps of a sector as cells."""
    cells = []
    for mu, size in (
        (sector.position_irrep, _positions(spectrum)),
        (sector.token_irrep, spectrum.vocabulary),
    ):
        if mu is None:
            cells.append(Cell("-", r"\text{--}"))
        else:
            cells.append(Cell(irrep_text(mu, size), irrep_latex(mu, size)))
    return cells[0], cells[1]


def _group_latex(spectrum: Any) -> str:
    return "S_{L-1}" if spectrum.group == "S_{L-1}" else "S_L"


def _symbolic_length(spectrum: Any) -> bool:
    return isinstance(spectrum.length, sp.Expr)


def _value_cell(branch: Any) -> Cell:
    value = branch.value
    if value is None or _long_root(branch):
        return Cell("root, below", r"\text{root, below}")
    if isinstance(value, sp.Expr):
        return Cell.of(value)
    if hasattr(value, "digits"):  # a ball: no more digits than are certain
        return Cell(value.digits(6), value.latex(6))
    digits = f"{float(value):.6g}"
    return Cell(digits, digits)


def _long_root(branch: Any) -> bool:
    """Whether a root is a radical with symbols, too long for a column; it stands below the table."""
    return branch.degree > 1 and isinstance(branch.value, sp.Expr) and not branch.value.is_number


def _compact(cell: object, unicode: bool) -> object:
    """A formula in blackboard notation for a narrow column; other cells as they are."""
    made = Cell.of(cell)
    if not unicode or made.value is None:
        return made
    return Cell(formula_unicode(made.value), made.latex, made.value)


def spectrum_table(spectrum: Any, unicode: bool = False) -> Table:
    """The summary: one row per eigenvalue, grouped by sector.

    With a symbolic length the columns are the leading behaviour in L and the samples it costs; with a
    given length the eigenvalue itself and the samples. With ``unicode`` the text is compact, for the eye.
    """
    symbolic = _symbolic_length(spectrum)
    header = [
        "positions",
        "tokens",
        "dimension",
        "block",
        Cell("leading in L", r"\text{leading in }L") if symbolic else "eigenvalue",
        Cell("samples ~", r"\text{samples}\sim") if symbolic else "samples",
    ]
    rows: list[list[object]] = []
    for sector in spectrum.sectors:
        laws = iter(spectrum.sample_laws(sector))
        first = True
        for branch, term in zip(sector.branches, sector.leading_terms, strict=True):
            zero = isinstance(branch.value, sp.Expr) and branch.value == 0
            law = None if zero else next(laws)
            if symbolic:
                value: object = 0 if zero else _term(term, branch)
                cost: object = "never" if zero else _term(law.leading if law else None, branch)
            else:
                value = _value_cell(branch)
                cost = "never" if zero else _numeric_cost(law, branch.value)
                if _long_root(branch):
                    cost = Cell("sigma2/root", r"\sigma^2/\text{root}")
            head: list[object] = [None] * 4
            if first:
                head = [
                    *_labels(spectrum, sector),
                    _compact(sector.dimension, unicode),
                    sector.multiplicity,
                ]
            rows.append([*head, _compact(value, unicode), _compact(cost, unicode)])
            first = False
    return Table(header, rows)


def _term(term: Any, branch: Any) -> object:
    if term is None:
        return _value_cell(branch)
    if term.expression is None:
        return Cell(f"c*L^({term.exponent})", rf"c\,L^{{{term.exponent}}}")
    return term.expression


def _numeric_cost(law: Any, value: Any) -> object:
    if hasattr(value, "reciprocal") and value.excludes_zero and value.midpoint > 0:
        cost = value.reciprocal()
        return Cell(f"{cost.digits(4)} sigma2", rf"{cost.latex(4)}\,\sigma^2")
    if law is None or law.formula is None:
        return Cell("", None)
    return law.formula


def _statements(spectrum: Any, sector: Any, full: bool) -> list[tuple[str, Any, int]]:
    """What is said of a sector: ("value" | "roots" | "radical" | "conjugate", formula, how often)."""
    said: list[tuple[str, Any, int]] = []
    seen: dict[Any, int] = {}
    for branch in sector.branches:
        key = branch.minimal_polynomial
        seen[key] = seen.get(key, 0) + 1
    for key, count in seen.items():
        if not key:
            balls = [b.value for b in sector.branches if not b.minimal_polynomial]
            if hasattr(balls[0], "digits"):
                said.append(("enclosed", balls, 1))
            else:
                said.append(("unwritten", sp.Integer(count), 1))
            continue
        branch = next(b for b in sector.branches if b.minimal_polynomial == key)
        times = count // branch.degree
        if branch.degree == 1:
            said.append(("value", branch.value, times))
            continue
        said.append(("roots", branch.polynomial(), times))
        if full and branch.degree == 2:
            roots = {b.index: b.value for b in sector.branches if b.minimal_polynomial == key}
            said += [("radical", roots[0], times), ("conjugate", roots[1], times)]
    return said


def spectrum_text(spectrum: Any, full: bool = False, width: int = 80, unicode: bool = True) -> str:
    """The spectrum as plain text, no line longer than ``width``.

    The summary is in compact notation unless ``unicode`` is False; formulas below it can be read back.
    """
    lines = _paragraph("kernel", str(spectrum.kernel), width)
    lines += _paragraph("tokens", f"{spectrum.tokens}", width)
    where = (
        f"length {formula_text(spectrum.length) if _symbolic_length(spectrum) else spectrum.length}"
    )
    lines += _paragraph("data", f"{where}, positions permuted by {spectrum.group}", width)
    trace = spectrum.trace()
    if hasattr(trace, "digits"):
        lines.append(f"{'trace':<8}E k(x,x) = {trace.digits(15)}")
    else:
        lines += _formula("trace", "E k(x,x) = ", trace, width)
    lines += _standing(spectrum)
    lines += ["", spectrum_table(spectrum, unicode).text(width), ""]
    for sector in spectrum.sectors:
        one, two = _labels(spectrum, sector)
        holds = _holds(spectrum, sector)
        lines.append(f"{one.text} x {two.text}{holds}")
        for kind, formula, times in _statements(spectrum, sector, full):
            if kind == "enclosed":
                listed = ", ".join(ball.digits(15) for ball in formula)
                lines += [f"  {line}" for line in wrap(listed, width - 2)]
                continue
            if kind == "unwritten":
                lines.append(
                    f"  {formula} eigenvalues with the leading terms above; exact block in JSON"
                )
                continue
            again = f"{times} times " if times > 1 else ""
            head = {"value": "  ", "roots": "  roots of ", "radical": "  = ", "conjugate": "  = "}[
                kind
            ]
            variable = x if kind == "roots" else None
            lines += _indented(head + again, formula, variable, width)
    return "\n".join(line.rstrip() for line in lines)


def _standing(spectrum: Any) -> list[str]:
    """What is said of a spectrum whose kernel was not proved symmetric, or not given exactly."""
    remarks = {
        "sampled": "symmetry checked on random pairs of sequences only",
        "floating": "values of the kernel were given in floating point",
    }
    found = dict.fromkeys(str(sector.standing) for sector in spectrum.sectors)
    return [f"{'note':<8}{remarks[name]}" for name in found if name in remarks]


def _holds(spectrum: Any, sector: Any) -> str:
    sizes = (("L", spectrum.length), ("v", spectrum.vocabulary))
    said = [
        f"{name} >= {sector.valid_for[name]}"
        for name, size in sizes
        if isinstance(size, sp.Expr) and size.is_Symbol and size.name == name
    ]
    return f"   ({', '.join(said)})" if said else ""


def _paragraph(name: str, text: str, width: int) -> list[str]:
    pieces = wrap(text, width - 8, break_on_hyphens=False) or [""]
    return [f"{name if i == 0 else '':<8}{piece}" for i, piece in enumerate(pieces)]


def _formula(name: str, head: str, formula: sp.Expr, width: int) -> list[str]:
    pieces = formula_lines(formula, width=width - 10, first=width - 8 - len(head))
    lines = [f"{name:<8}{head}{pieces[0]}"]
    return lines + [f"{'':<10}{piece}" for piece in pieces[1:]]


def _indented(head: str, formula: sp.Expr, variable: sp.Symbol | None, width: int) -> list[str]:
    pieces = formula_lines(formula, variable, width=width - 4, first=width - len(head))
    return [head + pieces[0], *("    " + piece for piece in pieces[1:])]


def spectrum_latex(spectrum: Any, full: bool = False) -> str:
    r"""The spectrum as LaTeX: a sentence, a booktabs table, and a display per sector.

    Needs amsmath and booktabs; `symkern.typeset.document.document` wraps it for compilation.
    """
    length = formula_latex(spectrum.length)
    trace = spectrum.trace()
    if hasattr(trace, "digits"):
        shown = rf"\mathbb{{E}}\,k(x,x) = {trace.latex(12)}"
    else:
        shown = formula_display(trace, left=r"\mathbb{E}\,k(x,x)", environment="align*")
    parts = [
        rf"Spectrum of the kernel \texttt{{{escape(str(spectrum.kernel))}}} on sequences of length ${length}$, "
        rf"tokens {spectrum.tokens.latex()}, under permutations of positions by ${_group_latex(spectrum)}$.",
        _display(shown),
        "\n".join(
            [
                r"\begin{center}",
                r"\renewcommand{\arraystretch}{1.4}",
                spectrum_table(spectrum).latex(width=42),
                r"\end{center}",
            ]
        ),
    ]
    for sector in spectrum.sectors:
        parts.append(sector_latex(sector, spectrum, full))
    return "\n\n".join(parts)


def _display(line: str) -> str:
    return line if line.startswith(r"\begin{align*}") else f"\\[\n{line}\n\\]"


def sector_latex(sector: Any, spectrum: Any, full: bool = False) -> str:
    """One sector: its label, and a display for each eigenvalue or polynomial."""
    one, two = _labels(spectrum, sector)
    parts = [
        rf"\paragraph{{Sector ${one.latex} \times {two.latex}$,}} dimension ${formula_latex(sector.dimension)}$."
    ]
    for kind, formula, times in _statements(spectrum, sector, full):
        if kind == "enclosed":
            listed = ", ".join(f"${ball.latex(12)}$" for ball in formula)
            parts.append(rf"\noindent Eigenvalues, certain to the digits shown: {listed}.")
            continue
        if kind == "unwritten":
            parts.append(rf"\noindent ${formula}$ eigenvalues with the leading terms of the table.")
            continue
        if kind == "conjugate":
            parts.append(r"\noindent and the same with the other sign of the root.")
            continue
        left = {"value": r"\lambda", "roots": "0", "radical": r"\lambda"}[kind]
        if times > 1:
            parts.append(f"{times} times:")
        variable = x if kind == "roots" else None
        parts.append(
            _display(formula_display(formula, left=left, variable=variable, environment="align*"))
        )
    return "\n".join(parts)


def spectrum_html(spectrum: Any) -> str:
    """The spectrum for a notebook: header, table, and the eigenvalues folded below it."""
    from html import escape as html_escape

    trace = spectrum.trace()
    trace = trace.latex(12) if hasattr(trace, "digits") else formula_latex(trace)
    head = (
        f"<p><b>kernel</b> <code>{html_escape(str(spectrum.kernel))}</code><br>"
        f"<b>tokens</b> {html_escape(str(spectrum.tokens))}, length ${formula_latex(spectrum.length)}$, "
        f"positions permuted by ${_group_latex(spectrum)}$<br>"
        rf"<b>trace</b> $\mathbb{{E}}\,k(x,x) = {trace}$</p>"
    )
    rows: list[list[object]] = []
    for sector in spectrum.sectors:
        one, two = _labels(spectrum, sector)
        label = Cell(f"{one.text} x {two.text}", rf"{one.latex} \times {two.latex}")
        for kind, formula, _ in _statements(spectrum, sector, False):
            if kind == "enclosed":
                rows.append([label, ", ".join(ball.digits(15) for ball in formula)])
                label = Cell("")
                continue
            if kind == "unwritten":
                rows.append([label, f"{formula} eigenvalues, leading terms above"])
                label = Cell("")
                continue
            shown = formula_latex(formula, x if kind == "roots" else None)
            left = r"\lambda = " if kind == "value" else "0 = "
            rows.append([label, Cell("", left + shown)])
            label = Cell("")
    blocks = Table(("sector", "eigenvalues"), rows).html()
    return (
        f"{head}\n{spectrum_table(spectrum).html()}\n"
        f"<details><summary>eigenvalues</summary>\n{blocks}\n</details>"
    )


def sector_html(sector: Any) -> str:
    """One sector for a notebook: stable labels, dimension, and a row per eigenvalue."""
    labels = [
        Cell("-", r"\text{--}") if mu is None else Cell(irrep_text(mu, name), irrep_latex(mu, name))
        for mu, name in ((sector.position_irrep, "L"), (sector.token_irrep, "v"))
    ]
    rows = [
        [*labels, sector.dimension, _value_cell(branch), _term(term, branch)]
        for branch, term in zip(sector.branches, sector.leading_terms, strict=True)
    ]
    return Table(("positions", "tokens", "dimension", "eigenvalue", "leading"), rows).html()
