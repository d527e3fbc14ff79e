"""Learning curves and what a target's parts cost, as text, LaTeX and HTML; what is printed is taken by its attributes."""

from __future__ import annotations

from math import isfinite
from textwrap import wrap

import numpy as np
import sympy as sp

from symkern.learning.learning_curve import LearningCurve
from symkern.learning.sample_complexity import ComplexityRow, SampleComplexity
from symkern.learning.target_energies import Outside, TargetPart, label_sizes
from symkern.learning.training_curve import TrainingCurve
from symkern.pages.curve_layout import (
    NOTHING,
    Head,
    head_lines,
    laid_out_html,
    laid_out_latex,
    laid_out_text,
    plain_number,
)
from symkern.pages.paragraphs import centred, compact, irrep_cells
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.spectra.spectrum import Spectrum
from symkern.typeset.plain import formula_text, read_width
from symkern.typeset.tables import Cell, Table

_NEVER = "never"


def number_text(value: float) -> str:
    """A float with three digits, as a person writes it.

    >>> [number_text(e) for e in (0.0, 0.52, 1234.5, 1e6, 3.2e-7, float("inf"))]
    ['0', '0.52', '1230', '1e6', '3.2e-7', 'never']
    """
    if not isfinite(value):
        return _NEVER
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e5:
        rounded = float(f"{value:.3g}")
        return f"{rounded:.0f}" if abs(rounded) >= 100 else f"{rounded:.3g}"
    mantissa, exponent = f"{value:.2e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def number_cell(value: float) -> Cell:
    """The cell of a float, with the power of ten in LaTeX."""
    text = number_text(value)
    if text == _NEVER:
        return Cell(text)
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return Cell(text, text)
    times = "" if mantissa == "1" else rf"{mantissa} \cdot "
    return Cell(text, rf"{times}10^{{{exponent}}}")


def percent_cell(share: float) -> Cell:
    """The cell of a share in percent."""
    text = "0 %" if share == 0 else f"{100 * share:.3g} %" if share >= 5e-5 else "< 0.01 %"
    return Cell(text, text.replace(" %", r"\,\%"))


def never_cell(part: Outside | ComplexityRow) -> Cell:
    """What is outside the span, with the degree where it is known."""
    if part.degree is None:
        return Cell(_NEVER)
    degree = Cell.of(part.degree)
    return Cell(
        f"{_NEVER} (degree {degree.text})", rf"\text{{{_NEVER} (degree }}{degree.latex}\text{{)}}"
    )


def label_cells(row: TargetPart | Outside | ComplexityRow, spectrum: Spectrum) -> list[Cell]:
    """The two irreps, the length as a symbol, which says more than a number."""
    length, letters = label_sizes(spectrum)
    return irrep_cells((row.position_irrep, length), (row.token_irrep, letters))


def parts_table(curve: LearningCurve | TrainingCurve, least: float = 0.0) -> Table:
    """One row per part of the target: irreps, multiplicity, eigenvalue, share of E f^2, samples or time that learn half of it; parts of shares below ``least`` are left out."""
    rows: list[list[object]] = []
    for row in curve.rows():
        if row.share < least:
            continue
        part = row.part
        size = part.dimension if part.dimension < 10**9 else number_cell(float(part.dimension))
        value, samples = number_cell(float(part.eigenvalue)), number_cell(row.half_learned)
        rows.append(
            [*label_cells(part, curve.spectrum), size, value, percent_cell(row.share), samples]
        )
    for rest in curve.outside:
        if rest.energy / curve.total < least:
            continue
        share = percent_cell(rest.energy / curve.total)
        rows.append([*label_cells(rest, curve.spectrum), "", 0, share, never_cell(rest)])
    place = "n" if isinstance(curve, LearningCurve) else "t"
    last = Cell(f"half learned at {place}", rf"\text{{half learned at }} {place}")
    header = ("positions", "tokens", "multiplicity", "eigenvalue", "share of target", last)
    return Table(header, rows, "llrrrr")


@typed
def learned_table(curve: LearningCurve, n: object, least: float = 0.0) -> Table:
    """What n samples have learned: of each part of the target the share lambda/(lambda + kappa), the largest part first, then those that are never learned, those of shares below ``least`` together, and the whole.

    >>> from symkern.kernels import derive
    >>> spec = derive("flatten", length=8, vocabulary=2, alpha=1, beta=1)
    >>> print(learned_table(spec.learning_curve("x1", n=[1], ridge=1), 100).text())
    part             share of target  learned at n = 100
    ---------------  ---------------  ------------------
    (L) x (2)                   50 %              99.3 %
    (L-1,1) x (1,1)           43.8 %              85.2 %
    (L) x (1,1)               6.25 %              85.2 %
    all                        100 %              98.9 %
    """
    at = curve.at([n])
    samples = number_text(float(at.n[0]))
    rows: list[list[object]] = []
    small: list[tuple[float, float]] = []
    for i, row in sorted(enumerate(at.rows()), key=lambda pair: -pair[1].share):
        if row.share < least:
            small.append((row.share, row.share * float(at.learnabilities[0, i])))
            continue
        one, two = label_cells(row.part, curve.spectrum)
        name = Cell(f"{one.text} x {two.text}", rf"{one.latex} \otimes {two.latex}")
        if row.part.token_irrep is None:
            name = one
        rows.append([name, percent_cell(row.share), percent_cell(float(at.learnabilities[0, i]))])
    for rest in at.outside:
        if rest.energy / at.total < least:
            small.append((float(rest.energy / at.total), 0.0))
            continue
        one, two = label_cells(rest, curve.spectrum)
        name = Cell(f"{one.text} x {two.text}", rf"{one.latex} \otimes {two.latex}")
        if rest.token_irrep is None:
            name = one
        rows.append([name, percent_cell(rest.energy / at.total), percent_cell(0.0)])
    if small:
        whole, known = (sum(e) for e in zip(*small, strict=True))
        share = percent_cell(known / whole if whole else 0.0)
        rows.append(
            [f"{len(small)} smaller part{'s' * (len(small) > 1)}", percent_cell(whole), share]
        )
    learned = 1 - float(at.bias[0]) / at.total if at.total else 0.0
    rows.append(["all", percent_cell(1.0), percent_cell(max(learned, 0.0))])
    return Table(("part", "share of target", f"learned at n = {samples}"), rows, "lrr")


@typed
def curve_table(curve: LearningCurve, points: int = 16) -> Table:
    """n, test and train error, and the share of the target that is learned, at some of the n.

    Args:
        curve: the curve.
        points: at how many of the n.
    """
    places = spread_places(curve.n, read_integer(points, "points", 1))
    learned = 1 - curve.bias / curve.total if curve.total else None
    rows = [
        [
            number_cell(float(curve.n[i])),
            number_cell(float(curve.test_error[i])),
            number_cell(float(curve.train_error[i])),
            Cell("-", r"\text{--}") if learned is None else percent_cell(float(learned[i])),
        ]
        for i in places
    ]
    return Table(("n", "test error", "train error", "learned"), rows, "rrrr")


def spread_places(n: np.ndarray, points: int) -> list[int]:
    """Places of at most ``points`` values of n, spread evenly in log n."""
    order = np.argsort(n, kind="stable")
    if len(order) <= points:
        return [int(i) for i in order]
    logs = np.log(np.asarray(n, dtype=float)[order])
    wanted = np.linspace(logs[0], logs[-1], points)
    return [int(order[i]) for i in sorted({int(np.abs(logs - w).argmin()) for w in wanted})]


def _head(curve: LearningCurve, unicode: bool = False) -> Head:
    sigma = "σ²" if unicode else "sigma2"
    data = f"length L = {curve.spectrum.length}, ridge {sigma} = {plain_number(curve.ridge)}, label noise {plain_number(curve.noise)}"
    return head_lines(curve, data)


_KEY = (
    "half learned at n: samples at which the learnability is 1/2. The test error is against "
    "fresh labels, noise included; learned: share of the target that the mean prediction gets right."
)


@typed
def curve_text(curve: LearningCurve, width: int = 80, unicode: bool = True) -> str:
    """The target's parts in the order in which they are learned, and the curve at some of the n.

    Args:
        curve: the curve.
        width: columns, at least 20.
        unicode: in compact notation, with letters beyond ASCII.
    """
    return _curve_text(curve, width, unicode, _KEY)


def curve_text_of_several(curve: LearningCurve, width: int, unicode: bool) -> str:
    """The same without the words that say what is in the columns, which another one behind it has."""
    return _curve_text(curve, width, unicode, "")


def _curve_text(curve: LearningCurve, width: int, unicode: bool, key: str) -> str:
    parts = parts_table(curve) if curve.total else None
    return laid_out_text(_head(curve, unicode), parts, curve_table(curve), key, width)


def curve_latex(curve: LearningCurve) -> str:
    r"""A paragraph that says what was computed, and both tables."""
    parts = parts_table(curve) if curve.total else None
    data = rf"ridge ${plain_number(curve.ridge)}$, label noise ${plain_number(curve.noise)}$"
    return laid_out_latex(curve, "Kernel regression", data, parts, curve_table(curve))


def curve_html(curve: LearningCurve) -> str:
    """Both tables for a notebook."""
    return laid_out_html(_head(curve, True), parts_table(curve), curve_table(curve))


# -- what the parts cost ---------------------------------------------------------------


@typed
def complexity_table(found: SampleComplexity, unicode: bool = False) -> Table:
    """One row per part: irreps, energy and samples, as leading terms and limits where L is a symbol.

    Args:
        found: the costs.
        unicode: in compact notation, with letters beyond ASCII.
    """
    if found.is_symbolic:
        return _symbolic_table(found, unicode)
    rows: list[list[object]] = []
    for row in (*found.rows, *found.outside):
        law = never_cell(row) if row.law is None else formula_cell(row.law.formula, unicode)
        share = percent_cell(float(row.energy) / float(found.total))
        rows.append([*label_cells(row, found.spectrum), share, law])
    return Table(("positions", "tokens", "share of target", "samples"), rows, "llrl")


def _symbolic_table(found: SampleComplexity, unicode: bool) -> Table:
    shares = {
        id(row): share
        for stage in found.stages()
        for row, share in zip(stage.rows, stage.shares, strict=True)
    }
    rows: list[list[object]] = []
    for row in (*found.rows, *found.outside):
        grown = None if row.law is None else row.law.leading
        law = never_cell(row) if grown is None else formula_cell(grown.expression, unicode)
        energy = None if row.grown is None else formula_cell(row.grown.expression, unicode)
        share = formula_cell(shares[id(row)], unicode)
        rows.append([*label_cells(row, found.spectrum), law, energy, share])
    header = (
        "positions",
        "tokens",
        Cell("samples ~", r"\text{samples} \sim"),
        Cell("energy ~", r"\text{energy} \sim"),
        "share as L grows",
    )
    return Table(header, rows, "llllr")


def formula_cell(value: sp.Expr | None, unicode: bool) -> object:
    """The cell of a formula, where there is one."""
    if value is None:
        return "no formula"
    return compact(value, unicode)


@typed
def complexity_text(found: SampleComplexity, width: int = 80, unicode: bool = False) -> str:
    """The table, and a line that says where it holds.

    Args:
        found: the costs.
        width: columns, at least 20.
        unicode: in compact notation, with letters beyond ASCII.
    """
    if found.total == 0:
        return NOTHING
    lines = [complexity_table(found, unicode).text(width)]
    if found.is_symbolic:
        lines.append(
            f"energies exact from L = {found.least} on; E f^2 = {formula_text(found.total)}"
        )
    return "\n".join(lines)


def complexity_latex(found: SampleComplexity) -> str:
    """The table as LaTeX."""
    return complexity_table(found).latex()


def complexity_html(found: SampleComplexity) -> str:
    """The table for a notebook."""
    return complexity_table(found).html()


def growth_text(found: SampleComplexity, width: int = 80, unicode: bool = True) -> str:
    """What the parts cost as L grows, with a heading."""
    without = ", without a ridge" if found.ridge == 0 else ""
    head = f"As the length grows, v = {found.spectrum.vocabulary}{without}: the parts in the order in which n ~ L^k samples learn them"
    return "\n".join([*wrap(head, read_width(width)), complexity_text(found, width, unicode)])


def growth_latex(found: SampleComplexity) -> str:
    """The same as LaTeX."""
    without = " and no ridge" if found.ridge == 0 else ""
    text = (
        rf"As the length grows, with $v = {found.spectrum.vocabulary}${without}, the parts in the order in which $n \sim L^k$ "
        rf"samples learn them; energies are exact from $L = {found.least}$ on, and $\mathbb{{E}} f^2 = {sp.latex(found.total)}$."
    )
    return "\n".join([text, *centred(complexity_table(found))])
