"""What a report holds, as blocks: the kernel, its spectrum, laws, exponents, learning curves, derivations, the data to be copied.

A section that a spectrum does not have (exponents at a given length, steps of a kernel without a formula) is left out with a sentence that says why, in the
words of the error that the library raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.engines.engine import Progress
from symkern.errors import SymkernError
from symkern.exact import Ball
from symkern.exact.length_series import LengthSeries
from symkern.kernels.pipeline import Kernel
from symkern.kernels.presets import PRESETS
from symkern.learning.exponent_map import exponent_map
from symkern.learning.learning_curve import LearningCurve, learning_curve
from symkern.limits import current
from symkern.pages.blocks import (
    Block,
    Data,
    Display,
    Environment,
    Figure,
    Heading,
    Listing,
    Words,
    label_of,
)
from symkern.pages.eigenvalue_cells import digits_with_power
from symkern.pages.exponent_map import exponent_details
from symkern.pages.learning_curve import parts_table
from symkern.pages.result_charts import exponent_grid, learning_chart, sample_range
from symkern.pages.spectrum_latex import definition_blocks, sector_latex, spectrum_blocks
from symkern.pages.theorem import proof_blocks
from symkern.reading.annotated import typed
from symkern.spectra.evaluating import values_of_choice
from symkern.spectra.sample_laws import sample_laws
from symkern.spectra.spectrum import Spectrum
from symkern.spectra.spectrum_document import spectrum_json
from symkern.spectra.trace_bounds import tightness
from symkern.targets.formula_targets import FormulaTarget
from symkern.typeset.document import escape, program_text
from symkern.typeset.layout import names_in_order
from symkern.typeset.tex import formula_latex

_BREAK = ", \\\\[3pt]\n"

_SMALL = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")  # fmt: skip

#: Parts of a target with a smaller share are left out of the table.
_SHOWN = 1e-4

#: Lengths of learning curves where the length is a symbol, and of kernels whose numbers take longer.
LENGTHS = (8, 32, 128)
SHORT = (4, 8)


def title(spectrum: Spectrum) -> str:
    """The title, in plain words.

    >>> from symkern.kernels import derive
    >>> title(derive("flatten")), title(derive("flatten", alpha=1))
    ('The spectrum of flatten', 'The spectrum of flatten')
    """
    return f"The spectrum of {_name(spectrum)}"


def _name(spectrum: Spectrum) -> str:
    """The preset that the kernel is, with values for hyperparameters or without; its pipeline where it is none."""
    kernel = str(spectrum.kernel)
    for preset in PRESETS.values():
        whole = preset.kernel
        values = {s: value for s in whole.parameters for name, value in spectrum.settings if name == s.name}  # fmt: skip
        if str(whole.substitute(values)) == kernel:
            return preset.name
    return kernel


def _summary(spectrum: Spectrum) -> list[Block]:
    """What the report is about, in two sentences."""
    count = len(spectrum.sectors)
    kind = "as series in $1/L$" if _has_series(spectrum) else "exactly"
    found = [e for s in spectrum.sectors for e in s.exponents if e is not None]
    sizes = rf", on sequences of length ${formula_latex(spectrum.length)}$"
    words = (
        rf"The eigenvalues of the kernel of {program_text(_name(spectrum))} at infinite width{sizes}, are found {kind} in the {_counted(count, 'irreducible representation')} "
        f"that occur{'s' * (count == 1)}, with the samples that it takes to learn functions there{', learning curves and derivations' if _has_steps(spectrum) else ' and learning curves'}."
    )
    if found and isinstance(spectrum.length, sp.Expr):
        least, most = -max(found), -min(found)
        words += f" As the length grows, {_range_words(least, most)}."
    return [Environment("abstract", "", (Words(words),), "")]


def _range_words(least: sp.Rational, most: sp.Rational) -> str:
    """From which power of L to which, in words where it is none.

    >>> print(_range_words(sp.S(0), sp.S(4)), "|", _range_words(sp.S(2), sp.S(2)))
    the easiest of them take a fixed number of samples, and the hardest a number that grows as $L^{4}$ | all of them take a number of samples that grows as $L^{2}$
    """
    numbers = ["a fixed number" if e == 0 else "a number" for e in (least, most)]
    growth = ["" if e == 0 else f" that grows as ${formula_latex(CONTEXT_LENGTH**e)}$" for e in (least, most)]  # fmt: skip
    easy = f"{numbers[0]} of samples{growth[0]}"
    if least == most:
        return f"all of them take {easy}"
    return f"the easiest of them take {easy}, and the hardest {numbers[1]}{growth[1]}"


def _counted(count: int, noun: str) -> str:
    """A number of things, small ones in words.

    >>> print(_counted(1, "part"), "|", _counted(7, "part"), "|", _counted(20, "part"))
    one part | seven parts | 20 parts
    """
    shown = _SMALL[count - 1] if 0 < count <= len(_SMALL) else str(count)
    return f"{shown} {noun}{'s' * (count != 1)}"


@typed
def report_blocks(
    spectrum: Spectrum,
    target: FormulaTarget,
    full: bool = False,
    progress: Progress = iter,
) -> list[Block]:
    """All of a report, section by section."""
    blocks: list[Block] = _summary(spectrum)
    blocks.append(Heading("The kernel", label="kernel"))
    blocks += definition_blocks(spectrum, stages=True)
    blocks.append(Heading("The spectrum", label="spectrum"))
    blocks += spectrum_blocks(spectrum, full, progress, defined=False)
    blocks.append(Heading("Laws", label="laws"))
    blocks += _or_why(lambda: list(_laws(spectrum)))
    blocks.append(Heading("Exponents", label="exponents"))
    blocks += _or_why(lambda: list(_exponents(spectrum)))
    blocks.append(Heading("Learning curves", label="curves"))
    blocks += _or_why(lambda: list(_curves(spectrum, target)))
    blocks.append(Heading("Derivation", label="derivation"))
    blocks += _derivation(spectrum, progress)
    blocks.append(Data("JSON of the spectrum", spectrum_json(spectrum)))
    return blocks


def _derivation(spectrum: Spectrum, progress: Progress) -> list[Block]:
    """The steps of all sectors; of a kernel that has none written, how its numbers are known."""
    if _has_steps(spectrum):
        return _or_why(lambda: proof_blocks(spectrum, progress))
    how = "the coefficients of its series are" if _has_series(spectrum) else "its blocks are"
    return [
        Words(
            "There is none here: this kernel is no polynomial in the numbers of equal tokens, and no steps by formulas lead to its eigenvalues; "
            f"{how} computed, exactly where they are fractions and otherwise in arithmetic of balls, numbers with a proved radius, so that every digit shown is certain."
        )
    ]


def _has_steps(spectrum: Spectrum) -> bool:
    return not isinstance(spectrum.kernel, Kernel) or spectrum.kernel.is_polynomial


def _has_series(spectrum: Spectrum) -> bool:
    return isinstance(spectrum.trace(), LengthSeries)


def _or_why(section: Callable[[], list[Block]]) -> list[Block]:
    """A section, or the sentence that says why there is none."""
    try:
        return section()
    except SymkernError as error:
        told = str(error)
        if error.advice is not None:  # an article gives nothing; it says why
            told = told.replace(f", for example {error.advice}", "").partition(": ")[2]
        return [Words(f"There is none here: {escape(told)}.")]


def _laws(spectrum: Spectrum) -> Iterator[Block]:
    r"""n = sigma^2/lambda for every eigenvalue, and how tight the trace bound is."""
    yield Words(
        r"With ridge $\sigma^2$ an eigenfunction of the eigenvalue $\lambda$ is half learned from $n = \sigma^2/\lambda$ samples \cite{lavie2024}; "
        r"a share $r$ of it takes $r/(1 - r)$ times as many."
        + (r" The sign $\sim$ is for $L \to \infty$ with all else fixed." if isinstance(spectrum.length, sp.Expr) else "")
        + (" Formulas hold from the sizes beside them." if isinstance(spectrum.length, sp.Expr) and not _has_series(spectrum) else "")
        + (" Several eigenvalues of a sector are numbered, the largest first." if any(s.multiplicity > 1 for s in spectrum.sectors) else "")
    )  # fmt: skip
    if not isinstance(spectrum.length, sp.Expr):
        yield Words("At a given length the table above has these numbers.")
    else:
        lines = []
        for sector in spectrum.sectors:
            laws = sample_laws(spectrum, sector)
            for i, law in enumerate(laws, 1):
                if law.formula is not None and len(law.latex()) > current().line_characters:
                    law = replace(law, formula=None)  # its leading term says it
                which = rf",\,{i}" if len(laws) > 1 else ""
                symbol = rf"n_{{{sector_latex(spectrum, sector)}{which}}}"
                shown = replace(law, symbol=symbol).latex()
                if law.formula is None and isinstance(law.value, Ball) and law.leading is not None:
                    grown = digits_with_power(law.value, law.leading.exponent, law.unit)
                    shown = rf"{symbol} \sim {grown.latex}"
                lines.append(f"{symbol} &{shown.removeprefix(symbol)}")
        if lines:
            yield Display(latex=_BREAK.join(lines))
    if isinstance(spectrum.trace(), LengthSeries):
        return
    rows = tightness(spectrum)
    if rows:
        yield Words(
            r"No eigenvalue exceeds $\mathbb{E}\,k(x,x)/\dim R$, the mean of the diagonal over the dimension of its sector $R$ \cite{lavie2024}. "
            f"This is the share of the bound that the largest eigenvalue $\\lambda$ of each sector takes{' as $L$ grows' * isinstance(spectrum.length, sp.Expr)}:"
        )
        yield Display(latex=_BREAK.join(_aligned(row.latex()) for row in rows))


def _aligned(statement: str) -> str:
    """A statement with its last relation under those of others."""
    before, relation, behind = statement.rpartition(r"\sim")
    if not relation:
        before, relation, behind = statement.rpartition("=")
    return f"{before}&{relation}{behind}"


def _exponents(spectrum: Spectrum) -> Iterator[Block]:
    found = exponent_map(spectrum)
    yield Words(
        r"Let $\mu$ be a partition of positions without its first part, so that $(L - |\mu|, \mu)$ is one of $L$. A function there compares $|\mu|$ positions with the others; if it is "
        r"of degree $d$ in the tokens, its symmetric degree is $e = d - |\mu|$. "
        rf"Figure~\ref{{{label_of('fig', 'exponents')}}} shows the powers of $L$ by which the samples to learn it grow. The table lists each eigenvalue with the degrees of its eigenfunctions, as shares of their norm in the limit of large $L$."
    )
    caption = r"The powers of $L$ in the samples to learn, over symmetric degree $e$ and asymmetry $|\mu|$."
    yield Figure(exponent_grid(found), caption, label_of("fig", "exponents"))
    yield Listing((exponent_details(found),))


def _curves(spectrum: Spectrum, target: FormulaTarget) -> Iterator[Block]:
    curves, told = report_curves(spectrum, target)
    shown = target.latex()
    at = rf" at $L = {curves[-1].length}$" if len(curves) > 1 else ""
    yield Words(
        rf"The eigenlearning equations \cite{{simon2023}} give the test error of kernel ridge regression on the target $f = {shown}$, here for {told}; the letters are the numbers $0, \ldots, v - 1$. "
        rf"Parts of the target are learned one after the other, as Figure~\ref{{{label_of('fig', 'curves')}}} shows; the table has the numbers{at}."
    )
    caption = rf"Test error on ${shown}$, as a share of $\mathbb{{E}} f^2$. Dotted vertical lines stand where half of each part of the target is learned, with its share, at the largest length."
    yield Figure(learning_chart(curves), caption, label_of("fig", "curves"))
    yield Listing((parts_table(curves[-1], _SHOWN),))
    shares = [row.share for row in curves[-1].rows()] + [float(rest.energy / curves[-1].total) for rest in curves[-1].outside]  # fmt: skip
    left = [share for share in shares if share < _SHOWN]
    if left:
        whole = f"{100 * sum(left):.2g}" if sum(left) >= 5e-5 else "less than 0.01"
        yield Words(rf"\noindent {_counted(len(left), 'further part').capitalize()} of the target, {'together ' * (len(left) > 1)}{whole}\,\% of it, {'are' if len(left) > 1 else 'is'} left out.")  # fmt: skip


def report_curves(spectrum: Spectrum, target: FormulaTarget) -> tuple[list[LearningCurve], str]:
    """Learning curves with numbers for all symbols, and which numbers in words: 1 for hyperparameters, generic probabilities, 2 letters."""
    values: dict[str, object] = values_of_choice(spectrum)
    told = [f"${formula_latex(p)} = {values[p.name]}$" for p in names_in_order(spectrum.parameters) if p.name in values]  # fmt: skip
    if isinstance(spectrum.tokens_symbol, sp.Expr):
        values["vocabulary"] = 2
        told.append("$v = 2$")
    elif isinstance(spectrum.vocabulary, int):
        told.append(f"$v = {spectrum.vocabulary}$")
    found = []
    polynomial = isinstance(spectrum.kernel, Kernel) and spectrum.kernel.is_polynomial
    lengths: tuple[int | None, ...] = LENGTHS if polynomial else SHORT
    for length in lengths if isinstance(spectrum.length, sp.Expr) else (None,):
        curve = learning_curve(spectrum, target, n=[1], ridge=1, length=length, **values)
        found.append(curve.at(sample_range(curve)))
    last = found[-1]
    found = [curve.at(last.n) for curve in found]
    sizes = ", ".join(str(curve.length) for curve in found)
    told = [f"$L = {sizes}$", *told, r"$\sigma^2 = 1$"]
    return found, ", ".join(told)
