"""Charts of results for documents and for the screen: learning curves at several lengths, and maps of exponents.

The same pictures as `symkern.plot` draws, as data of `symkern.typeset.charts`, so that they need no plotting library.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import numpy as np

from symkern.errors import InvalidArgument
from symkern.learning.exponent_map import ExponentMap
from symkern.learning.learning_curve import CurvePart, LearningCurve
from symkern.pages.curve_layout import callable_name
from symkern.pages.learning_curve import label_cells
from symkern.typeset.charts import Chart, Curve, Grid, Mark, Shade
from symkern.typeset.plain import formula_text
from symkern.typeset.tables import Cell
from symkern.typeset.tex import formula_latex

#: Parts of a target with a smaller share are not marked, as in `symkern.plot`.
_SMALL = 0.01
#: The smallest share of the energy that is shown.
_DEEPEST = 1e-4
#: Marks that have their names written above them, for which there is room.
_NAMED = 4
_POINTS = 120
_MOST = 1e15


def sample_range(curve: LearningCurve) -> np.ndarray:
    """Numbers of samples from 1 to where the last part is learned many times over."""
    places = [row.half_learned for row in curve.rows() if row.share >= _SMALL]
    last = max((e for e in places if isfinite(e)), default=1e3)
    return np.geomspace(1.0, min(max(30 * last, 1e3), _MOST), _POINTS)


def learning_chart(curves: Sequence[LearningCurve]) -> Chart:
    """Test errors as shares of E f^2 against the number of samples; where half of each part of the target is learned is marked for the longest.

    Raises `InvalidArgument` where there is no curve, or nothing to learn.
    """
    if not curves or not any(curve.total for curve in curves):
        rule = "must have something to learn"
        raise InvalidArgument("target", rule, "E f^2 is 0" if curves else "there is no curve")
    longest = max(curves, key=lambda curve: curve.length)
    drawn = []
    for curve in curves:
        name = Cell(f"L = {curve.length}", f"L = {curve.length}") if len(curves) > 1 else Cell("")
        drawn.append(Curve(name, curve.n.tolist(), (curve.test_error / curve.total).tolist()))
    heights = np.concatenate([np.asarray(c.ys) for c in drawn])
    heights = heights[np.isfinite(heights) & (heights > 0)]
    low = max(float(heights.min()) / 2, _DEEPEST) if heights.size else _DEEPEST
    high = max(float(np.quantile(heights, 0.99)), 1.0) * 1.5 if heights.size else 1.5
    parts = [row for row in longest.rows() if row.share >= _SMALL]
    named = sorted(parts, key=lambda row: -row.share)[:_NAMED]
    marks = tuple(Mark(r.half_learned, _part_name(r, longest) if r in named else Cell("")) for r in parts)  # fmt: skip
    target = str(longest.target) if hasattr(longest.target, "text") else callable_name(longest.target)  # fmt: skip
    return Chart(
        Cell("samples n", r"\text{samples } n"),
        Cell("error / E f²", r"\text{error}/\mathbb{E} f^{2}"),
        (float(longest.n.min()), min(low, high / 10)),
        (float(longest.n.max()), high),
        tuple(drawn),
        marks,
        title=f"Learning curves of the target {target}",
    )


def _part_name(row: CurvePart, curve: LearningCurve) -> Cell:
    one, two = label_cells(row.part, curve.spectrum)
    share = f"{100 * row.share:.3g}"
    text = one.text if row.part.token_irrep is None else f"{one.text} ⊗ {two.text}"
    latex = str(one.latex) if row.part.token_irrep is None else rf"{one.latex} \otimes {two.latex}"
    return Cell(f"{text}\n{share} %", rf"${latex}$\\${share}\,\%$")


def exponent_grid(found: ExponentMap) -> Grid:
    """The powers of L in the samples to learn, over symmetric degree and asymmetry."""
    known = [float(t.exponent) for t in found.entries if t.exponent is not None]
    most = max(known, default=1.0) or 1.0
    shades = []
    for a in found.asymmetries:
        for e in found.symmetric_degrees:
            here = found[a, e]
            if not here:
                continue
            many = len(found.cell(a, e))
            note = f"{many} eigenvalue{'s' * (many != 1)}"
            text = ", ".join(map(formula_text, here))
            latex = f"L^{{{', '.join(map(formula_latex, here))}}}"
            shades.append(Shade(e, a, Cell(_power(text), latex), Cell(note), float(here[0]) / most))
    return Grid(
        Cell("symmetric degree e", r"\text{symmetric degree } e"),
        Cell("asymmetry |μ|", r"\text{asymmetry } |\mu|"),
        tuple(shades),
        "Powers of L in the samples to learn, over symmetric degree and asymmetry",
    )


def _power(text: str) -> str:
    """L to this power, in letters of the screen.

    >>> _power("2, 3"), _power("3/2")
    ('L², L³', 'L^(3/2)')
    """
    raised = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
    powers = [
        p.translate(raised) if p.lstrip("-").isdigit() else f"^({p})" for p in text.split(", ")
    ]
    return ", ".join(f"L{p}" for p in powers)
