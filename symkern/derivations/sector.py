r"""The derivation of one eigenvalue and of the samples it costs: from the kernel to n(L), each step checked by other code.

    kernel -> symmetry -> multiplicity space -> block -> characteristic polynomial -> eigenvalue -> leading term -> samples

The block is checked against the dense operator on all v^L sequences by the traces of its powers, which determine its eigenvalues; the
leading term at growing L by eigenvalues of the block in multiple precision; the samples by a regression solved exactly (`symkern.derivations.evidence`).
"""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from symkern.abc import sigma2
from symkern.claims.derivation import Derivation, Standing
from symkern.claims.scaling_law import ScalingLaw
from symkern.derivations import derivation_of
from symkern.derivations.samples import learning_steps
from symkern.derivations.sector_steps import DISPLAY_WIDTH, SectorSteps
from symkern.derivations.series_steps import SeriesSteps
from symkern.engines.engine import Progress
from symkern.errors import Advice, NoClosedForm
from symkern.exact import Ball, ExactMatrix
from symkern.progress import handed
from symkern.sectors.sector import Sector
from symkern.sectors.series_sector import SeriesSector
from symkern.spectra.sample_laws import sample_laws, scaling_law
from symkern.spectra.spectrum import Spectrum
from symkern.spectra.trace_bounds import Tightness, sector_trace_law
from symkern.typeset import irrep_text
from symkern.typeset.tex import latex_width


def spectrum_derivation(
    spectrum: Spectrum, mu: object, kappa: object = None, branch: int = 0
) -> Derivation:
    """The steps from the kernel to the samples that an eigenvalue costs.

    ``spec.derivation(mu).check()`` verifies each step by other code, the block against the dense operator on all sequences.

    Args:
        spectrum: the spectrum.
        mu: parts of the irrep of the positions below its first row.
        kappa: the same of the tokens; without it the one whose largest eigenvalue falls slowest.
        branch: which nonzero eigenvalue of the sector, from 0, the largest first.

    Raises:
        InvalidArgument: a sector in which the kernel is zero, or no such branch.
        NoClosedForm: the eigenvalue may be zero.

    >>> from symkern.kernels import derive
    >>> derive("flatten").derivation([1]).steps[-1].name
    'half of it'
    """
    return derivation_of(scaling_law(spectrum, mu, kappa, branch))


def derivations_of_sectors(spectrum: Spectrum, progress: Progress = iter) -> list[Derivation]:
    """For every sector the steps to the samples of its largest eigenvalue; none for a sector of which an order is known alone.

    Args:
        spectrum: the spectrum.
        progress: wraps the list of sectors.

    >>> from symkern.kernels import derive
    >>> [d.title for d in derivations_of_sectors(derive("bag-of-tokens"))]
    ['Samples to learn a function in (L) x (v)', 'Samples to learn a function in (L) x (v-1,1)']
    """
    sectors = handed(progress, list(spectrum.sectors))
    laws = (sample_laws(spectrum, sector) for sector in sectors)
    return [derivation_of(found[0]) for found in laws if found]


def sector_derivation(spectrum: Spectrum, sector: Sector, branch: int) -> Derivation:
    """The steps that lead to the samples of the eigenvalue number ``branch`` of a sector (zeros counted).

    Raises `NoClosedForm` for a kernel that is no polynomial in the match counts and has no series in 1/L.
    """
    if isinstance(sector, SeriesSector):
        return _series_derivation(spectrum, sector, branch)
    require_formula(spectrum, sector)
    zero = [found.value is not None and found.value == 0 for found in sector.branches]
    law = sample_laws(spectrum, sector)[branch - sum(zero[:branch])]
    story = SectorSteps(spectrum, sector, branch)
    steps = [story.kernel, story.symmetry, story.multiplicity_space, story.block, story.whole]
    steps += story.eigenvalue
    return Derivation(
        f"Samples to learn a function in {sector_text(spectrum, sector)}",
        (*steps, *learning_steps()),
        conclusion(law),
        law.standing,
    )


def _series_derivation(spectrum: Spectrum, sector: SeriesSector, branch: int) -> Derivation:
    """The same where the eigenvalue is a series in 1/L; at a given vocabulary, whose jet is the step that everything follows from."""
    if not isinstance(spectrum.vocabulary, int):
        advice = Advice(example=(("tokens", "uniform(3)"),))
        raise NoClosedForm(
            f"derivation: the steps are those of a given vocabulary, for example {advice}"
        ).advising(advice)
    law = sample_laws(spectrum, sector)[branch]
    story = SeriesSteps(spectrum, sector, branch)
    steps = (story.symmetry, story.table, story.jet, story.block, story.theorem, story.eigenvalue)
    return Derivation(
        f"Samples to learn a function in {sector_text(spectrum, sector)}",
        (*steps, *learning_steps()),
        conclusion(law),
        law.standing,
    )


def trace_derivation(spectrum: Spectrum, sector: Sector) -> Derivation:
    """The steps that lead to the trace bound on the eigenvalues of a sector."""
    require_formula(spectrum, sector)
    law = sector_trace_law(spectrum, sector)
    story = SectorSteps(spectrum, sector, 0)
    steps = (story.symmetry, story.block, story.whole, story.bound)
    title = f"The trace bound on {sector_text(spectrum, sector)}"
    return Derivation(title, steps, law.latex(), law.standing)


def tightness_derivation(tightness: Tightness) -> Derivation:
    r"""The steps to the sector's largest eigenvalue over the trace bound as L grows; ``.check()`` verifies each by other code.

        lambda <= E k(x, x)/dim R,    lambda dim R/E k(x, x) ~ ratio L^(-gap)

    Raises:
        NoClosedForm: a kernel that is no polynomial in the match counts, a given length, or a spectrum that is not known.

    >>> from symkern.kernels import derive
    >>> [s.name for s in derive("flatten").tightness()[0].derivation().steps][-2:]
    ['the bound as L grows', 'eigenvalue over bound']
    """
    spectrum, sector, bound = tightness.spectrum, tightness.sector, tightness.bound
    if spectrum is None:
        raise NoClosedForm("derivation: this comparison was stated without its spectrum")
    if tightness.gap is None or isinstance(bound, Ball):
        raise NoClosedForm(
            "derivation: at a given length there is nothing to derive; take the length as a symbol"
        )
    require_formula(spectrum, sector)
    law = tightness.law()
    story = SectorSteps(spectrum, sector, 0)
    steps = [story.symmetry, story.block, story.whole, story.bound, *story.eigenvalue]
    steps += story.tightness(bound, law)
    title = f"How tight the trace bound on {sector_text(spectrum, sector)} is"
    return Derivation(title, tuple(steps), law.latex(), law.standing)


def sector_text(spectrum: Spectrum, sector: Sector) -> str:
    """The irreps of a sector, as derivations name it.

    >>> from symkern.kernels import derive
    >>> spectrum = derive("linear-attention-last")
    >>> sector_text(spectrum, spectrum.sector((1,), (1,)))
    '(L-2,1) x (v-1,1)'
    """
    text = spectrum.kernel.group.label(sector.position_irrep, spectrum.length)
    if sector.token_irrep is not None:
        text += f" x {irrep_text(sector.token_irrep, spectrum.vocabulary)}"
    return text


def conclusion(law: ScalingLaw, cost: sp.Expr = sigma2) -> str:
    """The law in one line; a formula wider than that stands as ``cost``/lambda, lambda as above."""
    if law.leading is not None and law.standing is Standing.ASYMPTOTIC:
        return law.latex()
    if law.formula is not None and latex_width(law.formula) <= DISPLAY_WIDTH - 14:
        return law.latex()
    return replace(law, formula=cost / sp.Symbol("lambda", positive=True)).latex()


def require_formula(spectrum: Spectrum, sector: Sector) -> None:
    """Refuse a sector whose eigenvalues have no steps, with `NoClosedForm`."""
    kernel = spectrum.kernel
    if isinstance(sector.block, ExactMatrix) and kernel.is_polynomial:
        return
    raise NoClosedForm(
        f"derivation: the kernel {kernel} is no polynomial in the match counts; its blocks come from the general engine and are "
        "checked as a whole, by Spectrum.check_trace()"
    )
