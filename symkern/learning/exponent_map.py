r"""The map of exponents: what power of L the functions of a kernel cost, over asymmetry |mu| and symmetric degree e.

A function that depends on tokens at d positions, in the irrep mu of S_L, has two coordinates: |mu| says how asymmetric it is, e = d - |mu| how many further
symmetric factors it has. PARITY has |mu| = 0 and e = L, a copying head |mu| = 1 and e = 0. The cost n ~ L^exponent of each eigenvalue is
marked at its place.

A block mixes degrees, so that the degree of an eigenvalue has to be defined: with B the block in a basis graded by degree, P_d the projection on the basis vectors of degree d, and
Pi the spectral projector of the eigenvalue, tr(P_d Pi) is the share of degree d in the eigenfunction's squared norm, in any graded basis, because parts of different degree are
orthogonal under the law. The degree of an eigenvalue is the one with the largest share as L grows. Shares are floating point: computed in 60 digits at
L = 10^8, with small different numbers for the hyperparameters and the first generic vocabulary.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.claims.scaling_law import ScalingLaw
from symkern.combinatorics import Partition
from symkern.doors import ExponentMapDoors
from symkern.engines.large_length.degree_shares import degree_shares
from symkern.engines.problem import Problem
from symkern.errors import Advice, InvalidArgument, NoClosedForm, displayed
from symkern.exact import ExactMatrix
from symkern.exact.asymptotics import Leading
from symkern.exact.many_digits import many_digits
from symkern.kernels.pipeline import Kernel
from symkern.limits import current, within_time
from symkern.reading.annotated import typed
from symkern.reading.sequences import read_pair
from symkern.sectors.sector import Sector
from symkern.sectors.series_sector import SeriesSector
from symkern.spectra.numeric import at_point, generic_values
from symkern.spectra.sample_laws import sample_laws
from symkern.spectra.spectrum import Spectrum
from symkern.typeset import formula_text
from symkern.typeset.labels import irreps_text
from symkern.typeset.shown import Shown


@dataclass(frozen=True)
@typed
class MappedEigenvalue(Shown):
    """One eigenvalue at its place.

    Attributes:
        position_irrep: mu, the parts below the first row.
        token_irrep: kappa, the same of the tokens.
        branch: the number within its sector.
        law: what it costs.
        degree: that of the largest share.
        shares: {degree: share}, floats.
        sizes: of the two groups, with which its irreps are written.
    """

    position_irrep: Partition
    token_irrep: Partition | None
    branch: int
    law: ScalingLaw
    degree: int
    shares: dict[int, float] = field(hash=False, compare=False)
    sizes: tuple[Any, Any] = field(default=("L", "v"), compare=False, repr=False)

    def __str__(self) -> str:
        name = irreps_text(self.position_irrep, self.token_irrep, self.sizes)
        cost = "unknown" if self.exponent is None else f"L^{formula_text(self.exponent)}"
        place = f"asymmetry {self.asymmetry}, symmetric degree {self.symmetric_degree}"
        return f"{name}, {place}: samples {cost}"

    @property
    def asymmetry(self) -> int:
        """|mu|."""
        return self.position_irrep.size

    @property
    def symmetric_degree(self) -> int:
        """e = degree - |mu|."""
        return self.degree - self.asymmetry

    @property
    def exponent(self) -> sp.Rational | None:
        """The power of L in the samples it costs; None where it is not known."""
        return self.law.exponent

    @property
    def leading(self) -> Leading | None:
        """The leading term of the samples."""
        return self.law.leading


@dataclass(frozen=True)
@typed
class ExponentMap(ExponentMapDoors):
    """The eigenvalues of a kernel over (asymmetry, symmetric degree); prints as a table of exponents of L.

    >>> from symkern.kernels import derive
    >>> found = derive("linear-attention").exponent_map()
    >>> found[1, 0], found[1, 1], found[0, 2]
    ((2,), (3,), (2,))
    """

    spectrum: Spectrum
    entries: tuple[MappedEigenvalue, ...]

    @typed
    def cell(self, asymmetry: int, symmetric_degree: int) -> tuple[MappedEigenvalue, ...]:
        """All eigenvalues at one place.

        Args:
            asymmetry: |mu|.
            symmetric_degree: e, the degree less |mu|.
        """
        at = (asymmetry, symmetric_degree)
        return tuple(t for t in self.entries if (t.asymmetry, t.symmetric_degree) == at)

    def __getitem__(self, place: tuple[int, int]) -> tuple[sp.Rational, ...]:
        """The different exponents at a place (asymmetry, symmetric degree), the cheapest first; empty where the kernel sees nothing."""
        return tuple(
            sorted(
                {
                    t.exponent
                    for t in self.cell(*read_pair(place, "place", "an asymmetry and a degree"))
                    if t.exponent is not None
                }
            )
        )

    @property
    def asymmetries(self) -> range:
        """0..the largest |mu|."""
        return range(max((t.asymmetry for t in self.entries), default=0) + 1)

    @property
    def symmetric_degrees(self) -> range:
        """0..the largest e."""
        return range(max((t.symmetric_degree for t in self.entries), default=0) + 1)

    def to_dict(self) -> dict[str, Any]:
        """As plain data; formulas are strings that `symkern.abc.parse` reads."""
        return {
            "schema": 1,
            "kernel": str(self.spectrum.kernel),
            "eigenvalues": [
                {
                    "position_irrep": list(t.position_irrep),
                    "token_irrep": None if t.token_irrep is None else list(t.token_irrep),
                    "branch": t.branch,
                    "asymmetry": t.asymmetry,
                    "symmetric_degree": t.symmetric_degree,
                    "exponent": None if t.exponent is None else formula_text(t.exponent),
                    "samples": None
                    if t.leading is None or t.leading.expression is None
                    else formula_text(t.leading.expression),
                    "shares": {str(d): share for d, share in t.shares.items()},
                }
                for t in self.entries
            ],
        }


def exponent_map(spectrum: Spectrum) -> ExponentMap:
    """Place every nonzero eigenvalue of a spectrum that is symbolic in L.

    Under a mixture of laws of independent tokens the degree is that on each component's sequences, which are told apart in the limit.

    Raises:
        InvalidArgument: a given length.
        NoClosedForm: degrees are not defined, for tokens that are neither independent nor a mixture of such.
    """
    if not isinstance(spectrum.length, sp.Expr):
        rule = "must be the symbol L for exponents of L"
        raise InvalidArgument("length", rule, f"it is {displayed(spectrum.length)}")
    entries = []
    sizes = spectrum.positions, spectrum.vocabulary
    asymptotic = _asymptotic_shares(spectrum)
    for sector in spectrum.sectors:
        labels = sector.position_irrep, sector.token_irrep
        if labels in asymptotic:
            shares = asymptotic[labels]
        elif sector.degrees is None:
            raise NoClosedForm(
                f"tokens: blocks come in a basis graded by degree for independent uniform tokens, not for {spectrum.tokens!r}"
            )
        else:
            shares = _shares(spectrum, sector, sector.degrees)
        laws = iter(sample_laws(spectrum, sector))
        for i, branch in enumerate(sector.branches):
            if branch.value is not None and branch.value == 0:
                continue
            degree = max(shares[i], key=lambda d: (round(shares[i][d], 6), -d))
            entries.append(MappedEigenvalue(*labels, i, next(laws), degree, shares[i], sizes))
    entries.sort(key=lambda t: (t.asymmetry, t.symmetric_degree))
    return ExponentMap(spectrum, tuple(entries))


def _asymptotic_shares(spectrum: Spectrum) -> dict[Any, list[dict[int, float]]]:
    """Shares in the limit, of eigenvalues that have series in 1/L and of all under a mixture; none where blocks come in a basis graded by degree."""
    mixed = len(spectrum.tokens.symbolic_components() or ()) > 1 and isinstance(
        spectrum.kernel, Kernel
    )
    found = {
        (t.position_irrep, t.token_irrep): [e for e in t.exponents if e is not None]
        for t in spectrum.sectors
        if isinstance(t, SeriesSector) or (mixed and t.degrees is None)
    }
    if not found:
        return {}
    if not isinstance(spectrum.vocabulary, int):
        advice = Advice(example=(("tokens", "uniform(3)"),))
        raise NoClosedForm(
            f"exponent_map: where eigenvalues are series in 1/L, degrees are found at a given vocabulary, for example {advice}"
        ).advising(advice)
    with within_time("this map", "down_to= with a lower power of 1/L takes less"):
        return degree_shares(Problem.of(spectrum.kernel, spectrum.tokens, spectrum.length), found)


def _shares(spectrum: Spectrum, sector: Sector, grading: tuple[int, ...]) -> list[dict[int, float]]:
    """tr(P_d Pi) for every eigenvalue, the largest first, at a large length."""
    assert isinstance(sector.block, ExactMatrix)
    degrees = sorted(set(grading))
    if len(degrees) == 1:
        return [{degrees[0]: 1.0} for _ in grading]
    letters = max(sector.valid_for.get("v", 1), 1) + 6
    point = {**generic_values(spectrum), CONTEXT_LENGTH: current().far_length, VOCABULARY: letters}
    found = []
    mp = many_digits(60)
    rows = []
    for row in sector.block:
        numbers = [at_point(e, point) for e in row]
        rows.append([mp.mpf(q.numerator) / q.denominator for q in numbers])
    values, left, right = mp.eig(mp.matrix(rows), left=True, right=True)
    size = len(values)
    order = sorted(range(size), key=lambda i: -mp.re(values[i]))
    for i in order:
        products = [mp.re(left[i, j] * right[j, i]) for j in range(size)]
        total = mp.fsum(products)
        found.append(
            {
                d: float(
                    mp.fsum(p for p, g in zip(products, grading, strict=True) if g == d) / total
                )
                for d in degrees
            }
        )
    return found
