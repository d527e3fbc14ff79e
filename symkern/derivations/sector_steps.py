r"""The steps of one eigenvalue of one sector, each with a check by other code at sizes where sequences are few.

`derivation` puts them in order. Blocks and traces are held against `dense_operator`, leading terms against eigenvalues in multiple precision.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.abc import x
from symkern.claims import Step, reference
from symkern.claims.scaling_law import ScalingLaw
from symkern.derivations.dense_operator import DenseOperator, dense_operator
from symkern.derivations.evidence import irrep_tableaux
from symkern.derivations.step_sizes import SymbolicSizes
from symkern.exact import AlgebraicNumber, Branch, ExactMatrix
from symkern.exact.asymptotics import leading
from symkern.exact.exact_arguments import sympified
from symkern.exact.many_digits import many_digits
from symkern.kernels.algebras.match_counts import kernel_polynomial
from symkern.limits import current
from symkern.reading.integers import power_exceeds
from symkern.sectors.sector import Sector
from symkern.spectra.numeric import at_point, generic_values
from symkern.spectra.spectrum import Spectrum
from symkern.typeset import formula_latex, irrep_latex, matrix_latex
from symkern.typeset.document import program_text
from symkern.typeset.tex import formula_display

#: The unknown of characteristic polynomials, x being a sequence.
_UNKNOWN = sp.Symbol("lambda", positive=True)

#: em of a display inside an enumeration.
DISPLAY_WIDTH = 36.0


class SectorSteps:
    """The steps of one eigenvalue of one sector."""

    def __init__(self, spectrum: Spectrum, sector: Sector, branch: int) -> None:
        self.spectrum, self.sector, self.number = spectrum, sector, branch
        self.group = spectrum.kernel.group
        self.positions = self.group.moved(spectrum.length)
        self.letters = spectrum.vocabulary
        self.irrep = self.group.latex(sector.position_irrep, spectrum.length)
        if sector.token_irrep is not None:
            self.irrep += rf" \otimes {irrep_latex(sector.token_irrep, self.letters)}"

    # -- sizes --------------------------------------------------------------------------

    def _sized(self, sides: Callable[[int, int], Any]) -> dict[str, Any]:
        """``sides`` at the sizes that are symbols, where sequences are few and the block is whole."""
        sizes: dict[str, Any] = {}
        given = [sympified(self.spectrum.length), sympified(self.letters)]
        symbols = {str(s) for size in given for s in size.free_symbols}
        if not self.spectrum.tokens.letters_repeat:
            symbols.discard("v")
        for name, many in (("L", 3), ("v", 2)):
            if name in symbols:
                first = max(self.sector.valid_for.get(name, 1), 1)
                sizes[name] = range(first, first + many)
        if not sizes and not self._fits(int(self.spectrum.length), int(self.letters)):
            return {}
        fitting = partial(self._fitting, sides)
        return {"sides": SymbolicSizes(self.spectrum, fitting, tuple(sizes)), "sizes": sizes}

    def _fitting(self, sides: Callable[[int, int], Any], length: int, letters: int) -> Any:
        return sides(length, letters) if self._fits(length, letters) else None

    def _fits(self, length: int, letters: int) -> bool:
        valid = self.sector.valid_for
        if length < valid.get("L", 1) or letters < valid.get("v", 1):
            return False
        if not self.spectrum.tokens.letters_repeat:
            return length <= 5
        smallest, most = valid.get("v", 1) ** valid.get("L", 1), current().checked_sequences
        if smallest > most:
            most = current().checked_sequences_at_most
        return not power_exceeds(letters, length, most)

    def _point(self, length: int, letters: int) -> dict[sp.Symbol, int]:
        return _point(self.spectrum, length, letters)

    def _far_point(self, power: int) -> dict[sp.Symbol, int]:
        return self._point(10**power, 10 + max(self.sector.valid_for.get("v", 1), 1))

    # -- steps --------------------------------------------------------------------------

    @property
    def kernel(self) -> Step:
        """The kernel as a polynomial in the match counts."""
        polynomial = kernel_polynomial(self.spectrum.kernel)
        reason = (
            r"$s = \sum_t n_t(x)\, n_t(y)$ counts pairs of positions with equal tokens, $m = \#\{a : x_a = y_a\}$ equal positions"
            + (r", $d = [x_L = y_L]$" if self.group.fixed else "")
            + r"; the stages "
            + program_text(str(self.spectrum.kernel))
            + r" keep the form $A + B\,[x_a = y_b] + C\,[a = b] + D\,[x_a = y_b][a = b]$."
        )
        return Step(
            "the kernel",
            formula_display(polynomial.expression, left="k(x, y)", width=DISPLAY_WIDTH),
            reason,
            reference("hron2020"),
            **self._sized(self._kernel_values),
        )

    @property
    def symmetry(self) -> Step:
        """The irrep occurs with one block."""
        sector = self.sector
        dimension = formula_latex(sector.dimension)
        position = rf"S_{{{formula_latex(self.positions)}}}"
        group = position if sector.token_irrep is None else rf"{position} \times S_{{{formula_latex(self.letters)}}}"  # fmt: skip
        return Step(
            "symmetry",
            rf"T \cong \bigoplus_R \mathrm{{id}}_R \otimes T_R, \qquad \dim {self.irrep} = {dimension}",
            rf"$(Tf)(x) = \mathbb{{E}}_y\, k(x, y) f(y)$ commutes with ${group}$, so that by Schur's lemma each eigenvalue of the block $T_R$ "
            r"occurs $\dim R$ times. Checked by counting standard tableaux.",
            reference("lavie2024"),
            **self._sized(self._dimensions),
        )

    @property
    def multiplicity_space(self) -> Step:
        """How large that block is."""
        sector = self.sector
        size = sector.multiplicity
        spanned = ""
        if sector.degrees and not self.group.fixed:
            degrees = ", ".join(map(str, sorted(set(sector.degrees))))
            spanned = f"; the multiplicity space is spanned by functions of degree {degrees}"
        return Step(
            "multiplicity space",
            rf"\dim \operatorname{{Hom}}({self.irrep}, \operatorname{{ran}} T) \leq {size}",
            f"The functions that the kernel can tell apart hold this irrep {'once' if size == 1 else f'{size} times'}, so that the block has {size} row{'s' * (size != 1)}{spanned}. "
            "Checked by the rank of the dense operator there.",
            reference("lavie2024"),
            relation="<=",
            **self._sized(self._ranks),
        )

    @property
    def block(self) -> Step:
        """The block itself."""
        sector = self.sector
        assert isinstance(sector.block, ExactMatrix)
        powers = min(sector.multiplicity, current().evidence_powers)

        if sector.multiplicity == 1:
            shown = f"T_R = {formula_latex(sector.block[0, 0])}"
        else:
            shown = matrix_latex(sector.block.to_sympy(), name="(T_R)", width=DISPLAY_WIDTH)
            shown = shown if "(T_R)_" in shown else f"T_R = {shown}"
        whole = powers == sector.multiplicity
        return Step(
            "the block",
            shown,
            r"$T$ applied to a basis of the multiplicity space, symbolic in the sizes. Checked by $\operatorname{tr} (P_R T^j) = \dim R \cdot \operatorname{tr} T_R^j$, "
            + (f"$j \\leq {powers}$" if powers > 1 else "$j = 1$")
            + (", which determines the eigenvalues" if whole else "")
            + r", with $T$ the dense matrix over all sequences and $P_R$ a sum over the group.",
            reference("lavie2024"),
            **self._sized(self._block_traces),
        )

    @property
    def whole(self) -> Step:
        """All sectors together."""
        spectrum = self.spectrum
        valid = [sector.valid_for for sector in spectrum.sectors]
        largest = {name: max([1, *(at.get(name, 1) for at in valid)]) for name in ("L", "v")}
        sized = self._sized(self._trace_sides)
        if "sizes" in sized:
            # All sectors must be whole at once: far out, but the mean of k(x, x) needs no operator.
            values = {name: range(largest[name], largest[name] + 3) for name in sized["sizes"]}
            sides = partial(self._whole_sides, tuple((name, at[0]) for name, at in values.items()))
            sized = {"sides": SymbolicSizes(spectrum, sides, tuple(values)), "sizes": values}
        return Step(
            "nothing is missing",
            formula_display(
                spectrum.trace(),
                left=r"\sum_R \dim R \cdot \operatorname{tr} T_R = \mathbb{E}\, k(x, x)",
                width=DISPLAY_WIDTH,
            ),
            "Over all sectors the traces add up to the mean of the kernel's diagonal, which is computed on its own.",
            "",
            **sized,
        )

    @property
    def bound(self) -> Step:
        """dim R times an eigenvalue is at most the whole trace."""
        return Step(
            "no term is negative",
            rf"\dim R \cdot \lambda \leq \dim R \cdot \operatorname{{tr}} T_R \leq \mathbb{{E}}\, k(x,x), \qquad R = {self.irrep}",
            "A kernel is positive semidefinite, so that an eigenvalue is at most the trace of its block, and the block's share of the trace at most the whole; the mean of the diagonal is taken from the dense operator.",
            reference("lavie2024"),
            relation="<=",
            tolerance=1e-9,
            **self._sized(self._largest_and_trace),
        )

    def tightness(self, bound: sp.Expr, law: ScalingLaw) -> list[Step]:
        """The bound E k(x, x)/dim R as L grows, and the eigenvalue over it."""
        grown = leading(bound).expression
        term = None if law.leading is None else law.leading.expression
        checked = {} if term is None else _far_out(partial(self._deviations, term, bound))
        return [
            Step(
                "the bound as L grows",
                rf"\mathbb{{E}}\, k(x,x)/\dim R \sim {formula_latex(grown)}",
                "The leading terms of the trace and of the dimension. Checked in 60 digits: from $L = N$ to $L = 100 N$, $N$ a power of ten, the relative deviation falls at least by half.",
                **_far_out(partial(self._bound_far_out, bound, grown)),
            ),
            Step(
                "eigenvalue over bound",
                law.latex(),
                "The quotient of both leading terms. Checked by eigenvalues of the block in 60 digits over the bound itself, as before.",
                reference("lavie2024"),
                **checked,
            ),
        ]

    def _trace_sides(self, length: int, letters: int) -> tuple[Any, Any]:
        return _whole_traces(self.spectrum, length, letters)

    @property
    def eigenvalue(self) -> list[Step]:
        """Characteristic polynomial, eigenvalue, leading term."""
        sector = self.sector
        branch = sector.branches[self.number]
        steps = []
        polynomial = branch.minimal_polynomial
        if len(polynomial) > 2:
            steps.append(self._characteristic())
        if isinstance(branch.value, sp.Expr):
            steps.append(self._written(branch))
        elif branch.value is not None or polynomial:
            number = ""
            if isinstance(branch.value, AlgebraicNumber):
                number = rf"\lambda \approx {float(branch.value):.6g}, \qquad "
            steps.append(
                Step(
                    "the eigenvalue",
                    rf"{number}p(\lambda) = 0",
                    f"Of the roots of $p$, numbered by size, $\\lambda$ is number {self.number + 1}; it has no simpler form.",
                )
            )
        term = sector.leading_terms[self.number]
        if term is not None:
            steps.append(self._leading(term))
        return steps

    def _characteristic(self) -> Step:
        branch = self.sector.branches[self.number]
        return Step(
            "characteristic polynomial",
            formula_display(
                branch.polynomial().xreplace({x: _UNKNOWN}),
                left=r"p(\lambda)",
                variable=_UNKNOWN,
                width=DISPLAY_WIDTH,
            ),
            r"$\det(\lambda - T_R)$ has this irreducible factor over $\mathbb{Q}(L, v, \ldots)$; checked by its remainder at numbers.",
            **self._sized(partial(self._remainder, branch)),
        )

    def _written(self, branch: Any) -> Step:
        value = branch.value
        reason = "The eigenvalue"
        if branch.degree == 1:
            reason = "A rational root of the characteristic polynomial"
            if self.sector.multiplicity == 1:
                reason = "The block is this number"
        elif branch.degree == 2:
            which = "larger" if branch.index == 0 else "smaller"
            reason = f"The root of $p$ with the {which} value"
        return Step(
            "the eigenvalue",
            formula_display(value, left=r"\lambda", width=DISPLAY_WIDTH),
            rf"{reason}. Checked by $\det(\lambda - T_R) = 0$ at numbers.",
            **self._sized(partial(self._determinant, value)),
        )

    def _leading(self, term: Any) -> Step:
        if term.expression is None:
            statement = rf"\lambda \asymp {formula_latex(CONTEXT_LENGTH**term.exponent)}"
            step = {}
        else:
            statement = rf"\lambda \sim {formula_latex(term.expression)}"
            step = _far_out(partial(self._deviations, term.expression, 1))
        rational = self.sector.branches[self.number].degree == 1
        reason = "the quotient of the leading terms"
        if not rational:
            reason = "the Newton polygon of the characteristic polynomial in $L$"
        return Step(
            "as L grows",
            statement,
            f"By {reason}, everything else fixed. Checked by eigenvalues of the block in 60 digits: from $L = N$ to $L = 100 N$, $N$ a power of ten, the relative deviation falls at least by half.",
            "" if rational else reference("walker1950", "chapter IV"),
            **step,
        )

    # -- both sides of the steps --------------------------------------------------------

    def _kernel_values(self, length: int, letters: int) -> tuple[list[Any], list[Any]]:
        return dense_operator(self.spectrum, length, letters).kernel_values()

    def _dimensions(self, length: int, letters: int) -> tuple[int, int]:
        count = irrep_tableaux(self.sector.position_irrep, self.group.moved(length))
        if self.sector.token_irrep is not None:
            count *= irrep_tableaux(self.sector.token_irrep, letters)
        point = {CONTEXT_LENGTH: length, VOCABULARY: letters}
        return count, int(sympified(self.sector.dimension).subs(point))

    def _ranks(self, length: int, letters: int) -> tuple[int, int]:
        dense = dense_operator(self.spectrum, length, letters)
        return _rank(dense, self.sector), self.sector.multiplicity

    def _block_traces(self, length: int, letters: int) -> tuple[list[Any], list[Any]]:
        powers = min(self.sector.multiplicity, current().evidence_powers)
        dense = dense_operator(self.spectrum, length, letters)
        point = dense.point
        dim = int(sympified(self.sector.dimension).subs(point))
        return dense.traces(self.sector, powers), [
            dim * trace for trace in _traces(self.sector.block, point, powers)
        ]

    def _whole_sides(self, least: tuple[tuple[str, int], ...], length: int, letters: int) -> Any:
        asked = {"L": length, "v": letters}
        if any(asked[name] < first for name, first in least):
            return None  # dimensions and blocks of some sector do not stand there
        return self._trace_sides(length, letters)

    def _largest_and_trace(self, length: int, letters: int) -> tuple[float, float]:
        dense = dense_operator(self.spectrum, length, letters)
        dim = int(sympified(self.sector.dimension).subs(dense.point))
        largest = numeric_eigenvalues(self.sector.block, dense.point, many_digits(15))[0]
        return dim * float(largest), float(dense.diagonal)

    def _bound_far_out(self, bound: sp.Expr, grown: sp.Expr, power: int) -> tuple[float, float]:
        far, near = (
            abs(sp.N((bound / grown).subs(self._far_point(p)), 60) - 1) for p in (power + 2, power)
        )
        return float(far), float(near / 2)

    def _deviations(self, expected: Any, over: Any, power: int) -> tuple[float, float]:
        """How far the eigenvalue divided by ``over`` is from ``expected`` at L = 10^(power + 2), and half of that at 10^power."""
        found = []
        mp = many_digits(60)
        for p in (power + 2, power):
            point = self._far_point(p)
            own = _far_eigenvalues(self, p)[self.number]
            there = sp.N((sympified(expected) * over).subs(point), 60)
            found.append(abs(own / mp.mpf(str(there)) - 1))
        return float(found[0]), float(found[1] / 2)

    def _remainder(self, branch: Branch, length: int, letters: int) -> tuple[Any, Any]:
        point = self._point(length, letters)
        coefficients = [sp.Rational(at_point(c, point)) for c in branch.minimal_polynomial]
        factor = sum(c * x**k for k, c in enumerate(coefficients))
        return sp.rem(_determinant(self.sector.block, point, x), factor, x), sp.S.Zero

    def _determinant(self, value: Any, length: int, letters: int) -> tuple[Any, Any]:
        point = self._point(length, letters)
        return _determinant(self.sector.block, point, sympified(value).subs(point)), sp.S.Zero


def _point(spectrum: Spectrum, length: int, letters: int) -> dict[sp.Symbol, int]:
    return {**generic_values(spectrum), CONTEXT_LENGTH: length, VOCABULARY: letters}


@lru_cache(maxsize=32)
def _whole_traces(spectrum: Spectrum, length: int, letters: int) -> tuple[Any, Any]:
    """E k(x, x) and the traces of all blocks, each as often as its irrep has dimensions: of a whole spectrum, whose every sector asks for them."""
    point = _point(spectrum, length, letters)
    total = sum(
        (
            int(sympified(sector.dimension).subs(point)) * _traces(sector.block, point, 1)[0]
            for sector in spectrum.sectors
        ),
        sp.S.Zero,
    )
    return sympified(spectrum.trace()).subs(point), sympified(total)


def _numeric(block: Any, point: dict[sp.Symbol, int]) -> sp.Matrix:
    return sp.Matrix([[sp.Rational(at_point(e, point)) for e in row] for row in block])


@lru_cache(maxsize=16)
def _far_eigenvalues(story: SectorSteps, power: int) -> list[Any]:
    """Those of a block at L = 10^power in 60 digits: neighbouring checks ask for the same."""
    return numeric_eigenvalues(story.sector.block, story._far_point(power), many_digits(60))


def numeric_eigenvalues(block: Any, point: dict[sp.Symbol, int], mp: Any) -> list[Any]:
    """The eigenvalues of a block at numbers, the largest first, in the digits of a context of `many_digits`."""
    fractions = [[at_point(e, point) for e in row] for row in block]
    rows = [[mp.mpf(e.numerator) / e.denominator for e in row] for row in fractions]
    if len(rows) == 1:
        return rows[0]
    # Without eigenvectors the matrix alone is transformed.
    return sorted(map(mp.re, mp.eig(mp.matrix(rows), left=False, right=False)), reverse=True)


def _determinant(block: Any, point: dict[sp.Symbol, int], at: sp.Expr) -> sp.Expr:
    """det(at - block) at numbers."""
    matrix = _numeric(block, point)
    return sp.expand((sp.eye(matrix.shape[0]) * at - matrix).det())


def _traces(block: Any, point: dict[sp.Symbol, int], highest: int) -> list[Any]:
    """tr block^j for j = 1..highest at numbers."""
    if highest == 1:
        return [sum((sp.Rational(at_point(row[i], point)) for i, row in enumerate(block)), sp.S.Zero)]  # fmt: skip
    matrix = _numeric(block, point)
    power, found = matrix, [matrix.trace()]
    while len(found) < highest:
        power = power * matrix
        found.append(power.trace())
    return found


def _rank(dense: DenseOperator, sector: Sector) -> int:
    """Rank of the dense operator on the irrep, over its dimension, from the traces of its powers (Newton's identities)."""
    size = sector.multiplicity + 1
    if size > current().evidence_powers:
        return 0
    dim = irrep_tableaux(sector.position_irrep, dense.sites)
    if sector.token_irrep is not None:
        dim *= irrep_tableaux(sector.token_irrep, dense.vocabulary)
    sums = [trace / dim for trace in dense.traces(sector, size)]
    elementary: list[Any] = [1]
    for k in range(1, size + 1):
        total = sum((-1) ** (i - 1) * elementary[k - i] * sums[i - 1] for i in range(1, k + 1))
        elementary.append(total / k)
    return max((k for k, e in enumerate(elementary) if e), default=0)


def _far_out(sides: Callable[[int], tuple[float, float]]) -> dict[str, Any]:
    """The check of a step by deviations at L = 10^power."""
    return {"sides": sides, "sizes": {"power": (4, 6, 8)}, "relation": "<=", "tolerance": 1e-25}
