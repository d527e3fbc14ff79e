"""The spectrum of a kernel under a token law: its sectors, what they sum to, what they cost to learn."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sympy as sp

from symkern.abc import sigma2
from symkern.bounds import samples_to_learn
from symkern.claims.derivation import Standing
from symkern.claims.scaling_law import ScalingLaw
from symkern.combinatorics import Partition
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.exact import Ball, Branch, ExactMatrix, exact_expression, function_field
from symkern.exact.asymptotics import Leading
from symkern.exact.balls import ball_sum
from symkern.kernels.function_kernels import FunctionKernel
from symkern.kernels.pipeline import Kernel
from symkern.sectors.sector import Sector
from symkern.tokens import Law, Size

if TYPE_CHECKING:
    import numpy as np

    from symkern.claims.derivation import Derivation
    from symkern.engines.cost import Cost
    from symkern.learning.draw_report import DrawSensitivity
    from symkern.learning.exponent_map import ExponentMap
    from symkern.learning.learnability import LearnabilityTable
    from symkern.learning.predicted_output import PredictedOutput
    from symkern.learning.sample_complexity import SampleComplexity
    from symkern.spectra.ranking import Eigenvalue, Tightness

__all__ = ["Spectrum"]

_KEEP: Any = object()  # stands for an argument that is not given


@dataclass(frozen=True)
class Spectrum:
    """Exact eigenvalues of (T f)(x) = E_y k(x, y) f(y), sector by sector.

    ``length`` and ``tokens`` are as asked for, symbols or numbers; ``sectors`` lists the sectors that are not zero; ``mean_diagonal`` is
    E k(x, x), computed on its own; ``settings`` the hyperparameters that were given values. A spectrum prints as a table, in a notebook as HTML.

    >>> from symkern.abc import L, v
    >>> from symkern.kernels import embedding, uniform
    >>> spec = embedding("alpha").mean_pool().spectrum(length=L, tokens=uniform(v))
    >>> [(s.position_irrep, s.token_irrep, s.eigenvalues) for s in spec.sectors]
    [(Partition(), Partition(), (alpha/v,)), (Partition(), Partition(1), (alpha/(L*v),))]
    >>> spec.check_trace()
    True
    """

    kernel: Kernel | FunctionKernel
    length: int | sp.Expr
    tokens: Law
    sectors: tuple[Sector, ...]
    mean_diagonal: sp.Expr | Ball
    settings: tuple[tuple[str, sp.Expr], ...] = ()

    @property
    def group(self) -> str:
        """The group of positions: "S_L", or "S_{L-1}" where one position is read."""
        return self.kernel.group.name

    @property
    def vocabulary(self) -> int | sp.Expr:
        """Number of tokens; the length itself where all are distinct."""
        return self.tokens.vocabulary_at(self.length)

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """Symbols of the hyperparameters."""
        return self.kernel.parameters

    @property
    def valid_for(self) -> dict[str, int]:
        """The sizes {"L": ..., "v": ...} from which on every sector has its full block: formulas of the whole spectrum hold from there.

        Below them `evaluate` gives the spectrum.

        >>> from symkern.kernels import derive
        >>> derive("linear-attention").valid_for
        {'L': 3, 'v': 4}
        """
        found: dict[str, int] = {}
        for sector in self.sectors:
            for name, size in sector.valid_for.items():
                found[name] = max(size, found.get(name, size))
        return found

    def __iter__(self) -> Any:
        return iter(self.sectors)

    def __len__(self) -> int:
        return len(self.sectors)

    def sector(self, mu: object, kappa: object = None) -> Sector:
        """The sector of the stable labels ``mu`` and ``kappa``; without ``kappa`` it must be the only one of mu."""
        shape = Partition.read(mu, "mu")
        found = [t for t in self.sectors if t.position_irrep == shape]
        if kappa is not None:
            token = Partition.read(kappa, "kappa")
            found = [t for t in found if t.token_irrep == token]
        if len(found) == 1:
            return found[0]
        if found:
            raise InvalidArgument(
                "kappa",
                f"must be given, since mu = {shape} has {len(found)} sectors",
                f"it is None; choose from {', '.join(str(t.token_irrep) for t in found)}",
            )
        raise InvalidArgument(
            "mu, kappa",
            "must label a sector that is not zero",
            f"({shape}, {kappa}) is none; the kernel is zero there",
        )

    def trace(self) -> sp.Expr | Ball:
        """E k(x, x), factored; what dimension x trace(block) sums to."""
        return self.mean_diagonal

    def cost(self) -> Cost:
        """What deriving this spectrum takes, estimated from sizes and degrees alone, by the engine that derives it."""
        from symkern.spectra.deriving import expected_cost

        return expected_cost(self.kernel, self.length, self.tokens)

    def check_trace(self) -> bool:
        """Whether the sectors' dimension x trace(block) sum to E k(x, x), exactly, as formulas.

        Where the kernel's values are irrational, whether the two balls have a point in common.
        """
        parts = [t.contribution() for t in self.sectors]
        mean = self.mean_diagonal
        if isinstance(mean, Ball) or any(isinstance(p, Ball) for p in parts):
            return ball_sum(parts).overlaps(ball_sum([mean]))
        exact = [p for p in parts if isinstance(p, sp.Expr)]
        symbols = set().union(mean.free_symbols, *(p.free_symbols for p in exact))
        exponentials = {
            u: None
            for t in self.sectors
            if isinstance(t.block, ExactMatrix)
            for u in t.block.field.symbols
            if not u.is_Symbol
        }
        field = function_field((*sorted(symbols, key=lambda u: u.name), *exponentials))
        total = field.zero
        for part in exact:
            total = total + field(part)
        return total == field(mean)

    def evaluate(
        self, length: object = _KEEP, vocabulary: object = _KEEP, **parameters: object
    ) -> Spectrum:
        """The true spectrum at given sizes and hyperparameters, small sizes included.

        It is derived anew there: below a sector's ``valid_for`` the multiplicity space is smaller, and formulas with numbers put in would show
        eigenvalues that do not exist. What is not given stays as it is.

        >>> from symkern.abc import L, v
        >>> from symkern.kernels import embedding, uniform
        >>> spec = embedding(1, 1).flatten().spectrum(length=L, tokens=uniform(v))
        >>> [t.eigenvalues for t in spec.evaluate(length=1, vocabulary=2).sectors]
        [(3/2,), (1/2,)]
        """
        from symkern.kernels.evaluation import bind
        from symkern.spectra.deriving import substituted

        sizes: dict[str, int] = {}
        for name, value, current in (
            ("length", length, self.length),
            ("vocabulary", vocabulary, self.vocabulary),
        ):
            if value is _KEEP:
                continue
            size = Size.read_number(value, name, "to evaluate at")
            if name == "vocabulary" and not self.tokens.is_uniform:
                raise InvalidArgument(name, "is set by the law", f"the tokens are {self.tokens}")
            if not isinstance(current, sp.Expr):
                if current != size:
                    raise InvalidArgument(name, f"is {current} in this spectrum", f"it is {size}")
                continue
            sizes[name] = size
        found = substituted(bind(self.kernel, parameters), self.length, self.tokens, sizes)
        given = {name: exact_expression(value, name) for name, value in parameters.items()}
        return replace(found, settings=tuple({**dict(self.settings), **given}.items()))

    def scaling_law(self, mu: object, kappa: object = None, branch: int = 0) -> ScalingLaw:
        """Samples n = sigma2/lambda to learn a function in the position irrep ``mu``.

        Without ``kappa``, the token irrep whose largest eigenvalue decays slowest is taken; ``branch`` counts
        the eigenvalues of the sector, the largest first. Raises `NoClosedForm` where that eigenvalue is not known to be other than zero.
        """
        from symkern.spectra.ranking import is_doubtful

        sector = self.chosen(mu, kappa)
        laws = self.sample_laws(sector)
        if not (isinstance(branch, int) and 0 <= branch < len(laws)):
            raise InvalidArgument(
                "branch",
                f"must count the {len(laws)} nonzero eigenvalues from 0",
                f"it is {branch!r}",
            )
        nonzero = [b for b in sector.branches if b.value is None or b.value != 0]
        if is_doubtful(self, sector, nonzero[branch]):
            raise NoClosedForm(
                f"scaling_law: eigenvalue {branch} of sector ({sector.position_irrep}; {sector.token_irrep}) may be zero, "
                f"it is known to be {nonzero[branch].value}"
            )
        return laws[branch]

    def chosen(self, mu: object, kappa: object = None) -> Sector:
        """The sector (mu, kappa); without ``kappa`` the one of mu whose largest eigenvalue decays slowest."""
        shape = Partition.read(mu, "mu")
        if kappa is not None:
            return self.sector(shape, kappa)
        candidates = [t for t in self.sectors if t.position_irrep == shape]
        if not candidates:
            raise InvalidArgument(
                "mu",
                "must label a sector that is not zero",
                f"{shape} is none; the kernel is zero there",
            )
        return max(candidates, key=_slowest)

    @property
    def standing(self) -> Standing:
        """The weakest standing of a sector; where there is none, that of the kernel's symmetry."""
        order = [
            Standing.PROVED,
            Standing.CITED,
            Standing.FITTED,
            Standing.SAMPLED,
            Standing.FLOATING,
        ]
        found = {sector.standing for sector in self.sectors}
        sizes = self.length, self.vocabulary
        if not found and isinstance(self.kernel, FunctionKernel):
            found = {self.kernel.on_tables(*(int(size) for size in sizes)).standing}
        return max(found, key=order.index, default=Standing.PROVED)

    def sample_laws(self, sector: Sector) -> list[ScalingLaw]:
        """Samples to learn, one law per nonzero eigenvalue of the sector, the cheapest first."""
        from symkern.spectra.ranking import reciprocal_value

        laws = []
        for number, (branch, term) in enumerate(
            zip(sector.branches, sector.leading_terms, strict=True)
        ):
            if branch.value is not None and branch.value == 0:
                continue
            value = branch.value if isinstance(branch.value, sp.Expr) else None
            formula = None if value is None else _samples(branch, value, sector)  # None below zero
            cost = None if term is None else term.cost(sigma2)
            holds = {
                name: sector.valid_for[name]
                for name, size in (("L", self.length), ("v", self.tokens_symbol))
                if isinstance(size, sp.Expr)
            }
            relation = "="
            if isinstance(branch.value, Ball) and not branch.value.excludes_zero:
                # The eigenvalue may be zero: what is proved is the least number of samples.
                relation, formula = ">=", sigma2 / exact_expression(branch.value.upper, "value")
            number_only = formula is None and cost is None
            laws.append(
                ScalingLaw(
                    "n",
                    formula,
                    cost,
                    holds,
                    sector.standing,
                    relation=relation,
                    value=reciprocal_value(branch.value) if number_only else None,
                    unit=sigma2,
                    proof=self._proof(sector, number),
                )
            )
        return laws

    def predicted_output(
        self, target: Any, *, n: object, ridge: object = 0, **sizes: object
    ) -> PredictedOutput:
        """The mean output of kernel regression after ``n`` samples, sum_i Lrn_i f_i, as a function of sequences."""
        from symkern.learning.predicted_output import predicted_output

        return predicted_output(self, target, n=n, ridge=ridge, **sizes)

    def sample_complexity(self, target: Any, **sizes: object) -> SampleComplexity:
        """Samples that each part of a target costs, as formulas in L where it is symbolic."""
        from symkern.learning.sample_complexity import sample_complexity

        return sample_complexity(self, target, **sizes)

    def _proof(self, sector: Sector, number: int) -> Callable[[], Derivation]:
        """The steps to the law of one eigenvalue of a sector, written when they are asked for."""

        def proof() -> Derivation:
            from symkern.derivations.sector import sector_derivation

            zero = [branch.value is not None and branch.value == 0 for branch in sector.branches]
            law = self.sample_laws(sector)[number - sum(zero[:number])]
            return sector_derivation(self, sector, number, law)

        return proof

    def derivation(self, mu: object, kappa: object = None, branch: int = 0) -> Derivation:
        """The steps from the kernel to the samples that an eigenvalue costs; arguments as in `scaling_law`.

        ``spec.derivation(mu).check()`` verifies each step by other code, the block against the dense operator on all sequences.
        """
        return self.scaling_law(mu, kappa, branch).derivation()

    def learnability(
        self,
        mu: object,
        kappa: object = None,
        *,
        n: object,
        ridge: object = sigma2,
        branch: int = 0,
    ) -> ScalingLaw:
        """The share n lambda/(n lambda + ridge) of a function in a sector that n samples teach, as a law in L (equivalent kernel).

        ``mu``, ``kappa`` and ``branch`` choose the eigenvalue as in `scaling_law`; n and ridge are numbers or formulas.
        """
        from symkern.learning.learnability import learnability

        return learnability(self, mu, kappa, n, ridge, branch)

    def learnabilities(self, *, n: object, ridge: object) -> LearnabilityTable:
        """What n samples teach of every sector, by the equivalent kernel and by eigenlearning, where sizes and hyperparameters are numbers."""
        from symkern.learning.learnability import learnabilities

        return learnabilities(self, n, ridge)

    def learning_curve(
        self,
        target: Any,
        *,
        n: Any,
        ridge: object = 0,
        noise: object = 0,
        length: object = None,
        vocabulary: object = None,
        **parameters: object,
    ) -> Any:
        """Test and train error against the number of samples ``n``, see `symkern.learning.learning_curve`.

        A tuple of curves where ``length`` lists several.
        """
        from symkern.learning.learning_curve import learning_curve

        sizes = {"length": length, "vocabulary": vocabulary, **parameters}
        return learning_curve(self, target, n=n, ridge=ridge, noise=noise, **sizes)

    def trace_law(self, mu: object, kappa: object = None) -> ScalingLaw:
        """The trace bound E k(x, x)/dimension on the eigenvalues of a sector, as a law."""
        from symkern.spectra.ranking import trace_law

        return trace_law(self, self.chosen(mu, kappa))

    def exponent_map(self) -> ExponentMap:
        """The powers of L that samples cost, over asymmetry |mu| and symmetric degree e."""
        from symkern.learning.exponent_map import exponent_map

        return exponent_map(self)

    def eigenvalues(self) -> list[Eigenvalue]:
        """All eigenvalues in one list, the largest first, each with its dimension, leading term and sector."""
        from symkern.spectra.ranking import ranked

        return ranked(self)

    def rank(self) -> int | sp.Expr:
        """Rank of the operator: nonzero eigenvalues counted with their dimensions.

        Where sizes or hyperparameters are symbols this is a formula that holds from `valid_for` on at all but special values: where an eigenvalue
        vanishes, at a root of its constant coefficient, the rank is less.

        Raises `NoClosedForm`, with the least and the largest possible rank, where an eigenvalue cannot be told from zero.
        """
        from symkern.spectra.ranking import rank

        return rank(self)

    def tightness(self) -> list[Tightness]:
        """Which sectors decay like the trace bound E k(x, x)/dimension and which faster, by what power of L."""
        from symkern.spectra.ranking import tightness

        return tightness(self)

    def joint_limit(
        self, exponent: object
    ) -> dict[tuple[Partition, Partition | None], tuple[Leading, ...]]:
        """Leading terms by sector when the vocabulary grows as v = L^exponent."""
        from symkern.spectra.joint_limits import joint_limit

        return joint_limit(self, exponent)

    def filter(self, keep: Callable[[Sector], bool]) -> tuple[Sector, ...]:
        """The sectors for which ``keep`` is true."""
        return tuple(sector for sector in self.sectors if keep(sector))

    def average_sensitivity(self) -> DrawSensitivity:
        """E as(f)/E |f|^2 of a draw from the Gaussian process; total Efron-Stein influence for more than two tokens."""
        from symkern.learning.draw_sensitivity import draw_sensitivity

        return draw_sensitivity(self)

    def floats(
        self, lengths: Iterable[object], vocabulary: object = None, **parameters: object
    ) -> dict[tuple[Partition, Partition | None], np.ndarray]:
        """Eigenvalues as floats at many lengths: {(mu, kappa): array (lengths, block size)}.

        Correct to double precision, small ones beside large ones included.
        """
        from symkern.spectra.numeric import floats

        return floats(self, lengths, vocabulary, parameters)

    @property
    def tokens_symbol(self) -> int | sp.Expr | None:
        """The vocabulary where it is a size of its own; None where all tokens are distinct."""
        return self.tokens.vocabulary if self.tokens.letters_repeat else None

    @cached_property
    def _document(self) -> dict[str, Any]:
        from symkern.spectra.document import spectrum_document

        return spectrum_document(self)

    def to_dict(self) -> dict[str, Any]:
        """The spectrum as plain data, every formula a string that `symkern.abc.parse` reads."""
        return dict(self._document)

    def to_json(self, indent: int | None = 2) -> str:
        """`to_dict` as JSON text."""
        import json

        return json.dumps(self._document, indent=indent, ensure_ascii=False)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write `to_json` to a file that `load` reads; a kernel given as a function is refused, since a file cannot hold it."""
        if isinstance(self.kernel, FunctionKernel):
            raise InvalidArgument(
                "kernel",
                "must be a pipeline to be saved and read back (to_json writes the results alone)",
                f"it is {self.kernel}, a function",
            )
        Path(path).write_text(self.to_json() + "\n", encoding="utf-8")

    def certificate(self) -> dict[str, Any]:
        """The claim of this spectrum as plain data that a program without symkern can test; see `symkern.certificates`."""
        from symkern.certificates.spectrum_claim import spectrum_certificate

        return spectrum_certificate(self)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Spectrum:
        """Read what `save` wrote."""
        from symkern.spectra.storage import read_spectrum

        return read_spectrum(Path(path).read_text(encoding="utf-8"))

    def latex(self, full: bool = False) -> str:
        """The spectrum as a LaTeX table with its eigenvalues; radicals written out if ``full``."""
        from symkern.pages.spectrum import spectrum_latex

        return spectrum_latex(self, full)

    def text(self, full: bool = False, width: int = 80, unicode: bool = True) -> str:
        """The spectrum as text within ``width`` columns; without ``unicode`` in ASCII alone."""
        from symkern.pages.spectrum import spectrum_text

        return spectrum_text(self, full, width, unicode)

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        from symkern.pages.spectrum import spectrum_html

        return spectrum_html(self)

    def __repr__(self) -> str:
        return f"{self.kernel!r}.spectrum(length={self.length!r}, tokens={self.tokens!r})"


def _samples(branch: Branch, value: sp.Expr, sector: Sector) -> sp.Expr | None:
    """sigma2/value; for the root (-b - sqrt(...))/(2a) of c + b x + a x^2 as sigma2 (a/c) times the other root.

    So neither form subtracts numbers that may be close.
    """
    if value.is_Rational and value < 0:
        return (
            None  # the kernel of a user's function need not be positive; nothing is learned there
        )
    if branch.degree != 2 or branch.index == 0:
        return samples_to_learn(value, sigma2)
    c, _, a = branch.minimal_polynomial
    other = next(
        b.value
        for b in sector.branches
        if b.minimal_polynomial == branch.minimal_polynomial and b.index != branch.index
    )
    assert isinstance(other, sp.Expr)
    return sigma2 * (a / c).to_sympy() * other


def _slowest(sector: Sector) -> tuple[float, float]:
    from symkern.exact.asymptotics import sample_value

    term = sector.leading_terms[0]
    if term is None:
        value = sector.eigenvalues[0]
        return (0.0, sample_value(value) if isinstance(value, sp.Expr) else float("-inf"))
    return (float(term.exponent), sample_value(term.coefficient))
