r"""The derivation of what a target costs in samples: its parts, their energies in L, and the order in which they are learned.

    target -> parts by irrep and degree -> energies on eigenvalues -> leading terms -> plateaus

Energies are checked against the mean over all v^L sequences, by projections of the values on irreps (`symkern.kernels.targets.energy`), and by the moments
E f T^j f of the dense operator, which determine the energy on each of its eigenvalues.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.derivations import Derivation, Step
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.kernels.laws import Uniform
from symkern.kernels.spectra.dense_operator import (
    MOST_SEQUENCES_AT_ALL,
    DenseOperator,
    generic_values,
)
from symkern.kernels.targets.energies import energy
from symkern.typeset import formula_latex, irrep_latex

if TYPE_CHECKING:
    from symkern.kernels.spectra.sample_complexity import ComplexityRow, SampleComplexity

__all__ = ["cost_derivation"]

_A = "Lavie, Gur-Ari, Ringel, ICML 2024, arXiv 2402.05173"
_D = "Efron, Stein, Ann. Statist. 9, 1981"
_F = "Simon, Dickens, Karkada, DeWeese, TMLR 2023, arXiv 2110.03922"


def cost_derivation(found: SampleComplexity) -> Derivation:
    """The steps to ``found``, a target's costs with L symbolic; each is checked by other code at small L."""
    if not found.is_symbolic:
        raise InvalidArgument(
            "length", "must be the symbol L for a derivation", f"it is {found.spectrum.length}"
        )
    if found.graded is None or found.total == 0:
        raise NoClosedForm(
            "derivation: there is nothing to derive for the target zero, nor for parity, which no kernel of a fixed degree sees"
        )
    if any(row.energy is None for row in found.rows):
        raise NoClosedForm(
            "derivation: steps are checked for blocks of size one and two; this target meets a larger one"
        )
    letters = int(found.spectrum.vocabulary)
    lengths = [
        n for n in range(found.least, found.least + 4) if letters**n <= MOST_SEQUENCES_AT_ALL
    ]
    lengths = lengths or [found.least]
    target = found.target
    value = target.values(letters)

    @lru_cache(maxsize=8)
    def words(L: int) -> list[tuple[tuple[int, ...], Any]]:
        return [(x, value(x)) for x in product(range(letters), repeat=L)]

    def brute(L: int) -> bool:
        """Whether the formulas stand at L and the sequences are few."""
        return found.least <= L and (L in lengths or letters**L <= MOST_SEQUENCES_AT_ALL)

    def outputs(L: int) -> list[list[Fraction]]:
        rows = [f if isinstance(f, tuple) else (f,) for _, f in words(L)]
        return [[Fraction(e) for e in column] for column in zip(*rows, strict=True)]

    def mean_square(L: int) -> tuple[Any, Any] | None:
        if not brute(L):
            return None
        mean = sum((e * e for column in outputs(L) for e in column), Fraction(0)) / letters**L
        return found.total.subs(CONTEXT_LENGTH, L), sp.Rational(mean.numerator, mean.denominator)

    def by_degree(L: int) -> tuple[Any, Any] | None:
        if not brute(L):
            return None
        mine: dict[Any, Any] = {}
        for mu, _, d, e in found.graded.items():
            there = e.subs(CONTEXT_LENGTH, L)
            if there:
                mine[mu, d] = mine.get((mu, d), sp.S.Zero) + there
        projected = dict(energy(value, length=L, tokens=Uniform(letters)).items())
        keys = sorted({*mine, *projected}, key=str)
        return [mine.get(k, sp.S.Zero) for k in keys], [projected.get(k, sp.S.Zero) for k in keys]

    point = generic_values(found.spectrum)

    @lru_cache(maxsize=4)
    def operator(L: int) -> DenseOperator:
        return DenseOperator(found.spectrum, L, letters)

    def moments(L: int, j: int) -> tuple[Any, Any] | None:
        if not brute(L):
            return None
        at = {**point, CONTEXT_LENGTH: L}
        left = sum(
            (sp.N((row.energy * found.eigenvalue(row) ** j).subs(at), 40) for row in found.rows),
            sp.N(found.unlearnable.subs(at), 40) if j == 0 else sp.S.Zero,
        )
        dense = operator(L)
        total = Fraction(0)
        for column in outputs(L):
            scale = 1
            image = column
            for _ in range(j):
                image = [
                    sum((int(t) * e for t, e in zip(row, image, strict=True) if e), Fraction(0))
                    for row in dense.matrix
                ]
                scale *= dense.denominator
            total += sum((a * b for a, b in zip(column, image, strict=True)), Fraction(0)) / scale
        return left, sp.N(sp.Rational(total.numerator, total.denominator * letters**L), 40)

    def leading_terms() -> tuple[Any, Any]:
        at = {**point, CONTEXT_LENGTH: 10**9}
        kept = [
            row
            for row in (*found.rows, *found.outside)
            if row.grown is not None and row.grown.expression is not None
        ]
        exact = [sp.N(row.energy.subs(at), 40) for row in kept]
        terms = [sp.N(row.grown.expression.subs(at), 40) for row in kept]  # type: ignore[union-attr]
        return [float(e / t) for e, t in zip(exact, terms, strict=True)], [1.0] * len(kept)

    shown = rf"f = {target.latex()}"
    steps = (
        Step(
            "target",
            rf"{shown}, \qquad \mathbb{{E}} f^2 = {formula_latex(found.total)}",
            "The target, on independent uniform tokens, and its mean square.",
            sides=mean_square,
            sizes={"L": lengths},
        ),
        Step(
            "parts",
            r"f = \sum_{\mu, \kappa} \sum_{d} f_{\mu \kappa d}, \qquad "
            r"\mathbb{E} f^2 = \sum_{\mu, \kappa} \sum_{d} \mathbb{E} f_{\mu \kappa d}^2",
            "Permutations of positions and of tokens split it by irreps, the number of tokens that a part looks at splits it by "
            "degree; parts of different irreps or degrees are orthogonal.",
            _D,
            sides=by_degree,
            sizes={"L": lengths[:2]},
        ),
        Step(
            "eigenvalues",
            r"\mathbb{E}\, f\, T^j f = \sum_i \lambda_i^j\, \mathbb{E} f_i^2",
            "The kernel mixes the degrees within a sector and nothing else. Projecting on the eigenvectors of the sector's block "
            r"gives the energy $\mathbb{E} f_i^2$ on each eigenvalue; these energies are the ones with the right moments.",
            _A,
            sides=moments,
            sizes={"L": lengths[:2], "j": (0, 1, 2, 3)},
            tolerance=1e-25,
        ),
        Step(
            "energies",
            _listed(found.rows, found.outside),
            "Leading terms in $L$ of these energies, the cheapest part first; what the kernel does not span stands last.",
            sides=leading_terms,
            tolerance=1e-4,
        ),
        Step(
            "samples",
            r"n = \frac{\sigma^2}{\lambda_i}, \qquad " + _costs(found.rows),
            r"A part is half learned where $\lambda_i = \sigma^2/n$; the leading terms of the eigenvalues give the samples.",
            _F,
        ),
    )
    return Derivation(f"What the target {target} costs in samples", steps, _plateaus(found))


def _name(row: ComplexityRow) -> str:
    assert row.position_irrep is not None
    pieces = [irrep_latex(row.position_irrep)]
    if row.token_irrep is not None:
        pieces.append(irrep_latex(row.token_irrep, "v"))
    return r"\times".join(pieces)


def _listed(rows: Any, outside: Any) -> str:
    lines = [
        rf"{_name(row)}: &\quad {formula_latex(row.grown.expression)}"
        for row in (*rows, *outside)
        if row.grown is not None and row.grown.expression is not None
    ]
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"


def _costs(rows: Any) -> str:
    lines = [
        rf"{_name(row)}: &\quad n \sim {formula_latex(row.law.leading.expression)}"
        for row in rows
        if row.law is not None and row.law.leading is not None
    ]
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
