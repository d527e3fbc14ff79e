"""Figures of formulas: a scaling law against the length, the alignment of a function by irrep, and what a verification found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.certificates.verification import Finding
from symkern.claims import ScalingLaw
from symkern.errors import InvalidArgument, displayed
from symkern.plot.finishing import finished
from symkern.plot.style import COLOURS, axes, styled
from symkern.plot.symbol_values import read_longest, require_named, symbol_values
from symkern.reading.annotated import typed
from symkern.reading.sequences import read_all
from symkern.typeset import formula_latex, irrep_latex

if TYPE_CHECKING:
    from matplotlib.axes import Axes


_LETTERS = 4


@finished
@typed
def scaling_law(
    law: ScalingLaw, *, longest: int = 1000, ax: Axes | None = None, **values: object
) -> Axes:
    """A law in L with its leading term dashed, from its threshold on (floating point).

    Symbols get their values by keywords; the vocabulary is 4 and everything else 1 where it is not given.

    Args:
        law: a law with a formula in L.
        longest: the largest length, beyond the law's threshold.
        ax: Axes to draw into; those of a new figure where nothing is said.
        **values: the law's other symbols by name, exact.

    Raises:
        InvalidArgument: a law whose formula has no L, a name that is none of its symbols, or a ``longest`` at which it does not hold yet.
    """
    if law.formula is None or not law.formula.has(CONTEXT_LENGTH):
        raise InvalidArgument(
            "law", "must be a formula in L to be drawn against it", f"it is {law.formula}"
        )
    require_named(values, law.formula.free_symbols, "the law")
    at = symbol_values(law.formula.free_symbols, values, _LETTERS)
    first = max(law.threshold.get("L", 1), 1)
    lengths = np.unique(np.geomspace(first, read_longest(longest, first), 80).round())
    curve = sp.lambdify(CONTEXT_LENGTH, law.formula.subs(at), "numpy")
    relation = {"<=": r"\leq", ">=": r"\geq"}.get(law.relation, "=")
    with styled():
        ax = axes(ax)
        exact = curve(lengths) * np.ones_like(lengths)
        left = law.symbol or law.quantity
        ax.loglog(lengths, exact, color=COLOURS[0], label=f"${left} {relation}$ formula")
        term = None if law.leading is None else law.leading.expression
        if term is not None:
            grown = sp.lambdify(CONTEXT_LENGTH, term.subs(at), "numpy")(lengths)
            label = rf"$\sim {formula_latex(term)}$"
            ax.loglog(lengths, grown * np.ones_like(lengths), "--", color="#444444", linewidth=1.1, label=label)  # fmt: skip
        shown = ", ".join(
            f"${formula_latex(s)} = {formula_latex(value)}$" for s, value in at.items()
        )
        ax.set(xlabel="context length $L$", ylabel=f"${left}$")
        ax.set_title(shown)
        ax.legend()
    return ax


@finished
@typed
def alignment(by_irrep: Mapping[Any, Any], size: int, *, ax: Axes | None = None) -> Axes:
    """The alignment of a function with permutations, irrep by irrep; the largest is the alignment.

    Args:
        by_irrep: what `symkern.bounds.alignment_by_irrep` returns.
        size: the number of positions.
        ax: Axes to draw into; those of a new figure where nothing is said.
    """
    names = [f"${irrep_latex(mu, size)}$" for mu in by_irrep]
    heights = [float(value) for value in by_irrep.values()]
    with styled():
        ax = axes(ax)
        best = max(heights, default=0.0)
        colours = [COLOURS[1] if h == best else COLOURS[0] for h in heights]
        ax.bar(names, heights, color=colours, width=0.6)
        ax.set_xlim(-1, len(names))
        for i, height in enumerate(heights):
            ax.annotate(f"{height:.3g}", (i, height), ha="center", va="bottom")
        ax.set(ylabel="alignment in the irrep", ylim=(0, 1.12 * (best or 1)))
        ax.set_title(f"Alignment with the permutations of {displayed(size)} positions: {best:.4g}")
        ax.grid(axis="x", visible=False)
    return ax


@finished
@typed
def verification(found: Iterable[Finding], *, ax: Axes | None = None) -> Axes:
    """What was checked: a bar for each derivation and certificate, as long as it took, coloured by its verdict.

    Args:
        found: findings of `symkern.certificates.verify_everything`.
        ax: Axes to draw into; those of a new figure where nothing is said.
    """
    findings = read_all(found, Finding, "found", "findings of `verify_everything`")
    colours = {0: COLOURS[2], 1: COLOURS[1], 2: "#999999"}
    words = {0: "holds", 1: "fails", 2: "not checkable"}
    with styled():
        ax = axes(ax, figsize=(6.0, 1.2 + 0.19 * len(findings)))
        for i, finding in enumerate(findings):
            ax.barh(i, max(finding.seconds, 1e-3), color=colours[finding.status], height=0.7)
        names = [f.name + " (certificate)" * (f.kind == "certificate") for f in findings]
        ax.set_yticks(range(len(findings)), names, fontsize=7)
        ax.invert_yaxis()
        ax.set(xlabel="seconds", xscale="log")
        from matplotlib.patches import Patch

        seen = sorted({f.status for f in findings})
        patches = [Patch(color=colours[status], label=words[status]) for status in seen]
        ax.legend(handles=patches, loc="lower right")
        ax.set_title(f"{sum(f.status == 0 for f in findings)} of {len(findings)} hold")
        ax.grid(axis="y", visible=False)
    return ax
