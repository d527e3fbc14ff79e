r"""The derivation of what a target costs in samples: its parts, their energies in L, and the order in which they are learned.

    target -> parts by irrep and degree -> energies on eigenvalues -> leading terms -> samples -> plateaus

Energies are checked against the mean over all v^L sequences, by projections of the values on irreps (`symkern.targets.energy`), and by the moments
E f T^j f of the dense operator, which determine the energy on each of its eigenvalues.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import lcm
from typing import Any

import numpy as np
import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import sigma2
from symkern.claims import Derivation, Step, reference
from symkern.derivations.dense_operator import dense_operator
from symkern.derivations.never_learned import parity_derivation
from symkern.derivations.sector_steps import numeric_eigenvalues
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.exact.exact_arguments import sympified
from symkern.exact.many_digits import many_digits
from symkern.learning.sample_complexity import ComplexityRow, SampleComplexity
from symkern.learning.target_energies import label_sizes
from symkern.limits import current
from symkern.reading.integers import power_exceeds
from symkern.spectra.numeric import generic_values
from symkern.targets.energies import energy
from symkern.tokens import uniform
from symkern.typeset import formula_latex, irrep_latex

#: A number for the ridge, other than those of the hyperparameters.
_DIGITS = 60
_SIGMA2 = {sigma2: sp.Integer(53)}


def cost_derivation(found: SampleComplexity) -> Derivation:
    """The steps to ``found``, a target's costs with L symbolic; each is checked by other code at small L."""
    if not found.is_symbolic:
        raise InvalidArgument(
            "length", "must be the symbol L for a derivation", f"it is {found.spectrum.length}"
        )
    if found.total == 0:
        raise NoClosedForm("derivation: there is nothing to derive for the target zero")
    if found.graded is None:  # parity, which no kernel of a fixed degree sees
        return parity_derivation(found)
    if any(row.energy is None for row in found.rows):
        raise NoClosedForm(
            "derivation: steps are checked for blocks of size one and two; this target meets a larger one"
        )
    letters = int(found.spectrum.vocabulary)
    most, near = current().checked_sequences_at_most, range(found.least, found.least + 4)
    lengths = [n for n in near if not power_exceeds(letters, n, most)] or [found.least]
    target = found.target
    checks = _Checks(found, tuple(lengths))
    steps = (
        Step(
            "target",
            rf"f = {target.latex()}, \qquad \mathbb{{E}} f^2 = {formula_latex(found.total)}",
            "The target, on independent uniform tokens, and its mean square.",
            sides=checks.mean_square,
            sizes={"L": lengths},
        ),
        Step(
            "parts",
            r"f = \sum_{\mu, \kappa} \sum_{d} f_{\mu \kappa d}, \qquad "
            r"\mathbb{E} f^2 = \sum_{\mu, \kappa} \sum_{d} \mathbb{E} f_{\mu \kappa d}^2",
            "Permutations of positions and of tokens split it by irreps, the number of tokens that a part looks at splits it by "
            "degree; parts of different irreps or degrees are orthogonal.",
            reference("efron1981"),
            sides=checks.by_degree,
            sizes={"L": lengths[:2]},
        ),
        Step(
            "eigenvalues",
            r"\mathbb{E}\, f\, T^j f = \sum_i \lambda_i^j\, \mathbb{E} f_i^2",
            "The kernel mixes the degrees within a sector and nothing else. Projecting on the eigenvectors of the sector's block "
            r"gives the energy $\mathbb{E} f_i^2$ on each eigenvalue; these energies are the ones with the right moments.",
            reference("lavie2024"),
            sides=checks.moments,
            sizes={"L": lengths[:2], "j": (0, 1, 2, 3)},
            tolerance=1e-25,
        ),
        Step(
            "energies",
            _listed(found),
            "Leading terms in $L$ of these energies, the cheapest part first; what the kernel does not span stands last.",
            sides=checks.leading_terms,
            tolerance=1e-4,
        ),
        Step(
            "samples",
            rf"\begin{{gathered}}{_rule(found)} \\[4pt] {_costs(found)}\end{{gathered}}",
            _why(found) + " Checked at $L = 10^9$ by the eigenvalues of the blocks in 60 digits.",
            reference("simon2023"),
            sides=checks.costs,
            tolerance=1e-4,
        ),
        Step(
            "plateaus",
            _plateaus(found),
            "Parts whose samples grow with the same power of $L$ are learned together; their shares are limits of energies over $\\mathbb{E} f^2$.",
            sides=checks.shares,
            tolerance=1e-4,
        ),
    )
    without = " without a ridge" if found.ridge == 0 else ""
    title = f"What the target {target} costs in samples{without}"
    return Derivation(title, steps, _plateaus(found))


@dataclass(frozen=True)
class _Checks:
    """Both sides of the steps; ``lengths`` are those at which sequences are few."""

    found: SampleComplexity
    lengths: tuple[int, ...]

    @property
    def letters(self) -> int:
        """The number of letters."""
        return int(self.found.spectrum.vocabulary)

    @property
    def point(self) -> dict[sp.Symbol, int]:
        """Numbers for the hyperparameters."""
        return generic_values(self.found.spectrum)

    def brute(self, L: int) -> bool:
        """Whether the formulas stand at L and the sequences are few."""
        return self.found.least <= L and (
            L in self.lengths
            or not power_exceeds(self.letters, L, current().checked_sequences_at_most)
        )

    def outputs(self, L: int) -> list[list[Fraction]]:
        value = self.found.target.values(self.letters)
        outputs = map(value, product(range(self.letters), repeat=L))
        rows = [f if isinstance(f, tuple) else (f,) for f in outputs]
        return [[Fraction(e) for e in column] for column in zip(*rows, strict=True)]

    def mean_square(self, L: int) -> tuple[Any, Any] | None:
        if not self.brute(L):
            return None
        total = sum((e * e for column in self.outputs(L) for e in column), Fraction(0))
        mean = sp.Rational(total / self.letters**L)
        return self.found.total.subs(CONTEXT_LENGTH, L), mean

    def by_degree(self, L: int) -> tuple[Any, Any] | None:
        if not self.brute(L):
            return None
        mine: dict[Any, Any] = {}
        for mu, _, d, e in self.found.graded.items():
            there = e.subs(CONTEXT_LENGTH, L)
            if there:
                mine[mu, d] = mine.get((mu, d), sp.S.Zero) + there
        value = self.found.target.values(self.letters)
        projected = dict(energy(value, length=L, tokens=uniform(self.letters)).items())
        keys = sorted({*mine, *projected}, key=str)
        return [mine.get(k, sp.S.Zero) for k in keys], [projected.get(k, sp.S.Zero) for k in keys]

    def moments(self, L: int, j: int) -> tuple[Any, Any] | None:
        if not self.brute(L):
            return None
        at = {**self.point, CONTEXT_LENGTH: L}
        moments = [row.energy * self.found.eigenvalue(row) ** j for row in self.found.rows]
        moments += [self.found.unlearnable] if j == 0 else []
        left = sum((sp.N(e.subs(at), 40) for e in moments), sp.S.Zero)
        dense = dense_operator(self.found.spectrum, L, self.letters)
        total = Fraction(0)
        for column in self.outputs(L):
            # Integers over one denominator: fractions would be reduced at every product.
            below = lcm(*(e.denominator for e in column))
            whole = np.array([int(e * below) for e in column], dtype=object)
            image = whole
            for _ in range(j):
                image = dense.matrix @ image
            total += Fraction(int(whole @ image), below**2 * dense.denominator**j)
        return left, sp.N(sp.Rational(total / self.letters**L), 40)

    def leading_terms(self) -> tuple[Any, Any]:
        at = {**self.point, CONTEXT_LENGTH: 10**9}
        kept = [
            (row.energy, row.grown.expression)
            for row in (*self.found.rows, *self.found.outside)
            if row.grown is not None and row.grown.expression is not None
        ]
        ratios = [float(sp.N(e.subs(at), 40) / sp.N(term.subs(at), 40)) for e, term in kept]
        return ratios, [1.0] * len(kept)

    def costs(self) -> tuple[Any, Any]:
        kept = [
            (row, row.law)
            for row in self.found.rows
            if row.law is not None and isinstance(row.law.coefficient, sp.Expr)
        ]
        far = {**self.point, CONTEXT_LENGTH: 10**9}
        eigenvalues = _far_out(self.found, far)
        mp = many_digits(_DIGITS)
        ridge = mp.mpf(str(sp.N(sympified(self.found.ridge).subs(_SIGMA2), _DIGITS)))
        left, right = [], []
        for row, law in kept:
            assert law.leading is not None and law.leading.expression is not None
            own = eigenvalues[row.position_irrep, row.token_irrep][1][row.branch or 0]
            cost = ridge / own
            if not ridge:
                cost = sum(
                    dimension * value / (value + own)
                    for dimension, values in eigenvalues.values()
                    for value in values
                    if value > 0
                )
            for formula in (law.leading.expression, law.formula):
                if formula is not None:
                    there = mp.mpf(str(sp.N(formula.subs({**far, **_SIGMA2}), _DIGITS)))
                    left.append(float(cost / there))
                    right.append(1.0)
        return left, right

    def shares(self) -> tuple[Any, Any]:
        far = {**self.point, CONTEXT_LENGTH: 10**9}
        total = sp.N(self.found.total.subs(far), 40)
        stages = self.found.stages()
        energies = [sum(sp.N(row.energy.subs(far), 40) for row in stage.rows) for stage in stages]
        found = [float(e / total) for e in energies]
        return found, [float(stage.share.subs(far)) for stage in stages]


def _far_out(found: SampleComplexity, point: Any) -> dict[Any, tuple[Any, list[Any]]]:
    """{irreps: (dimension, eigenvalues from the largest)} in 60 digits, from the blocks and not from formulas of eigenvalues."""
    listed = {}
    mp = many_digits(_DIGITS)
    for sector in found.spectrum.sectors:
        values = numeric_eigenvalues(sector.block, point, mp)
        least = max(map(abs, values)) * mp.mpf(10) ** -45  # what is below is rounding
        dimension = mp.mpf(str(sp.N(sympified(sector.dimension).subs(point), _DIGITS)))
        labels = sector.position_irrep, sector.token_irrep
        listed[labels] = dimension, [e if abs(e) > least else mp.mpf(0) for e in values]
    return listed


def _rule(found: SampleComplexity) -> str:
    if found.ridge == 0:
        return r"n = \sum_j \dim_j \frac{\lambda_j}{\lambda_j + \lambda_i}"
    return rf"n = \frac{{{formula_latex(sympified(found.ridge))}}}{{\lambda_i}}"


def _why(found: SampleComplexity) -> str:
    if found.ridge == 0:
        return (
            r"A part is half learned where $\kappa = \lambda_i$, and without a ridge the equation that defines $\kappa$ is this sum over "
            "all modes; the leading terms of eigenvalues and dimensions give the samples."
        )
    return (
        rf"A part is half learned where $\lambda_i = {formula_latex(sympified(found.ridge))}/n$; the leading terms of the eigenvalues "
        "give the samples."
    )


def _name(row: ComplexityRow, found: SampleComplexity) -> str:
    assert row.position_irrep is not None
    length, letters = label_sizes(found.spectrum)
    pieces = [irrep_latex(row.position_irrep, length)]
    if row.token_irrep is not None:
        pieces.append(irrep_latex(row.token_irrep, letters))
    return r"\times".join(pieces)


def _listed(found: SampleComplexity) -> str:
    return _aligned(
        rf"{_name(row, found)}: &\quad {formula_latex(row.grown.expression)}"
        for row in (*found.rows, *found.outside)
        if row.grown is not None and row.grown.expression is not None
    )


def _costs(found: SampleComplexity) -> str:
    return _aligned(
        rf"{_name(row, found)}: &\quad n \sim {formula_latex(row.law.leading.expression)}"
        for row in found.rows
        if row.law is not None and row.law.leading is not None
    )


def _aligned(lines: Iterable[str]) -> str:
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"


def _plateaus(found: SampleComplexity) -> str:
    pieces = []
    for stage in found.stages():
        if stage.exponent is None:
            pieces.append(rf"\text{{never: }} {formula_latex(stage.share)}")
        elif stage.share != 0:
            power = formula_latex(CONTEXT_LENGTH**stage.exponent)
            pieces.append(rf"n \sim {power}: {formula_latex(stage.share)}")
    return r"\text{shares of } \mathbb{E} f^2 \text{ learned at }\quad " + r",\quad ".join(pieces)
