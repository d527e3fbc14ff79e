r"""The steps to an eigenvalue that is known as a series in 1/L, each with a check by other code.

    symmetry -> a function of the contingency table -> its jet -> the block of the jet -> what a jet determines -> the series

The theorem of the last but one, with R = F - J_D what the jet leaves out: dim mu[L] |B_mu(R)|^2 <= E R^2 = O(L^(-(D+1))) in the Hilbert-Schmidt norm, dim mu[L] ~ L^k, and
eigenvalues move by no more than that norm (Weyl).
"""

from __future__ import annotations

from functools import partial

import sympy as sp

from symkern.claims import Step, reference
from symkern.derivations.sector_steps import DISPLAY_WIDTH, SectorSteps
from symkern.derivations.series_evidence import (
    extrapolated,
    jet_deviations,
    norm_of_part,
    table_values,
)
from symkern.exact import Ball
from symkern.exact.length_series import LengthSeries, order_latex
from symkern.kernels.pipeline import Kernel
from symkern.kernels.stages import Stage
from symkern.kernels.stages.attention import Attention
from symkern.sectors.series_sector import SeriesSector
from symkern.spectra.spectrum import Spectrum
from symkern.typeset import formula_latex
from symkern.typeset.document import program_text
from symkern.typeset.tex import formula_display


class SeriesSteps:
    """The steps of one eigenvalue of a sector of series."""

    def __init__(self, spectrum: Spectrum, sector: SeriesSector, branch: int) -> None:
        assert isinstance(spectrum.kernel, Kernel)
        self.spectrum, self.sector, self.branch = spectrum, sector, branch
        self.kernel = spectrum.kernel
        self.shared = SectorSteps(spectrum, sector, branch)
        self.k = sector.position_irrep.size
        self.series: LengthSeries = sector.series(None)[branch]

    @property
    def weight(self) -> int:
        """The weight D of the jet that shows the terms: D = 2r - k for L^-r."""
        return int(-2 * self.series.terms[-1].exponent) - self.k

    @property
    def symmetry(self) -> Step:
        """The irrep occurs with one block."""
        return self.shared.symmetry

    @property
    def table(self) -> Step:
        """The kernel as a function of the contingency table, and what makes it smooth."""
        others = (
            r", of the $L - 1$ positions that are not read," if self.kernel.reads_position else ""
        )
        law = "p p^{\\mathsf T}"
        if len(self.spectrum.tokens.symbolic_components() or ()) > 1:
            law = "p_i p_j^{\\mathsf T} \\text{ for the components } i, j \\text{ of the law}"
        reasons = "; ".join(rf"{program_text(str(s))} {_smoothness(s)}" for s in self.kernel.stages)
        return Step(
            "a function of the contingency table",
            rf"k(x, y) = F(N/L,\, 1/L), \qquad N_{{tu}} = \#\{{a : x_a = t,\ y_a = u\}}, \qquad \mathbb{{E}}\, N/L \to {law}",
            rf"The kernel depends on pairs of sequences through their table $N$ alone{others} and on $L$ through $1/L$. Every letter has positive probability, "
            rf"no hyperparameter depends on $L$, and near independence $F$ is smooth stage by stage: {reasons}. Elsewhere it grows no faster than a power of $L$. "
            "Checked by the definition, entry by entry, beside the table.",
            sides=partial(table_values, self.spectrum),
            sizes={"L": (3, 4)},
            tolerance=1e-12,
        )

    @property
    def jet(self) -> Step:
        """The Taylor polynomial."""
        return Step(
            "the jet",
            rf"F = J_D + O(h^{{D+1}}), \qquad D = {self.weight}, \qquad h = \max(|X|, |Y|, |M|, L^{{-1/2}})",
            r"With the letters of mean zero $w_i = [\,\cdot = i\,] - p_i$, the fluctuations $X_i = \frac1L \sum_a w_i(x_a)$, $Y_j = \frac1L \sum_a w_j(y_a)$ and "
            r"$M_{ij} = \frac1L \sum_a w_i(x_a) w_j(y_a)$ count once and $1/L$ twice; the recursion of the kernel runs on polynomials in them, cut after weight $D$. "
            r"Checked on tables at a distance $L^{-1/2}$ from independence, from $L/4$ to $L$ positions: the deviation falls by $2^{D+1/2}$ at least "
            "(with a corner, down to its weight).",
            sides=partial(jet_deviations, self.spectrum, self.weight),
            sizes={"L": (4096, 16384)},
            relation="<=",
            tolerance=1e-30,
        )

    @property
    def block(self) -> Step:
        """What the operator of the jet is."""
        return Step(
            "the block of the jet",
            rf"B_\mu(J_D)_{{ee'}} = L^{{-k - (e + e')/2}} \left(b_0 + \frac{{b_1}}{{L}} + \cdots\right), \qquad k = |\mu| = {self.k}",
            r"On functions of $d = k + e$ positions, orthonormal. $X$ multiplies by a sum of letters before, $Y$ behind, and $M$ moves a letter from $y$ to $x$ at its place: each "
            r"of the $k$ explicit positions and each position shared by the two symmetric parts takes one $M$, hence one factor $1/L$; so $b_q$ takes the monomials of weight $k + e + e' + 2q$ and less.",
            reference("lavie2024"),
        )

    @property
    def theorem(self) -> Step:
        """What the jet determines."""
        power = sp.Rational(self.weight + 1 + self.k, 2)
        return Step(
            "what a jet determines",
            rf"\dim \mu[L] \, \|B_\mu(R)\|^2 \leq \mathbb{{E}}\, R^2 = O(L^{{-(D+1)}}), \qquad |\lambda_j(k) - \lambda_j(J_D)| = O(L^{{-{formula_latex(power)}}})",
            r"$R = F - J_D$ is $O(h^{D+1})$ near independence, where $\mathbb{E}\, h^{2(D+1)} = O(L^{-(D+1)})$, and tables far from it have probability $e^{-cL}$ (Chernoff). "
            r"A part of an operator has no larger Hilbert--Schmidt norm than the whole, and $\dim \mu[L]$ grows like $L^k$; eigenvalues move by no more than the norm of what is added (Weyl). "
            r"So a term $c\,L^{-r}$ of an eigenvalue of the jet with $r \leq (D + k)/2$ is a term of the kernel's. The first inequality holds for any symmetric function; checked for the kernel itself over all pairs of sequences.",
            reference("horn2013", "section 4.3"),
            sides=partial(norm_of_part, self.spectrum, self.sector.position_irrep),
            sizes={"L": (max(3, self.sector.valid_for["L"]),)},
            relation="<=",
            tolerance=1e-9,
        )

    @property
    def eigenvalue(self) -> Step:
        """The series itself."""
        others = self.sector.others
        rest = "There are no other eigenvalues but 0."
        if others is not None:
            rest = f"All other eigenvalues are ${order_latex(others)}$."
        return Step(
            "the series",
            rf"\lambda = {_series_latex(self.series)}",
            rf"The Newton polygon of the characteristic polynomial of $B_\mu(J_D)$ in $1/L$, cut where the jet determines no more; the eigenvalues are power series in $L^{{-1/2}}$ (Rellich), symbols generic. {rest} "
            r"Checked against exact spectra of the kernel at eight lengths up to $L$, which know no jets: what they extrapolate to is as near to the coefficients as five times what the two shortest of these lengths change there.",
            reference("kato1995", "chapter two"),
            sides=partial(extrapolated, self.spectrum, self.sector, self.branch, self.series),
            sizes={"L": (32,)},
            relation="<=",
            tolerance=1e-12,
        )


def _series_latex(series: LengthSeries) -> str:
    """The series in a line, or one line a term."""
    if all(isinstance(t.coefficient, Ball) for t in series.terms):
        return series.latex()
    if series.terms and len(series.latex()) < 160:
        return series.latex()
    expression = sp.Add(*(t.expression for t in series.terms if t.expression is not None), evaluate=False)  # fmt: skip
    shown = formula_display(expression, left="", width=DISPLAY_WIDTH).lstrip(" =")
    return shown if series.error is None else rf"{shown} + {order_latex(series.error)}"


def _smoothness(stage: Stage) -> str:
    """Why a stage is smooth in the limit."""
    if isinstance(stage, Attention):
        if stage.row_map == "softmax":
            return "divides exponentials by their sums, which are positive"
        if stage.row_map in ("relu", "abs"):
            return "maps scores that are not 0 in the limit"
        return "is polynomial"
    if stage.name == "layer_norm":
        return "divides by roots of variances, which are positive in the limit"
    if stage.name == "mlp" and getattr(stage, "degree", None) is None:
        return "has a dual that is analytic at the limits of its cosines, up to the order of its corner where that is named below"
    return "is polynomial"
