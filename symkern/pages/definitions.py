r"""What a spectrum is the spectrum of, in the words of a paper: the data, the kernel k(x, y), the operator, the symbols.

A kernel that is a polynomial in the match counts is written as one; any other stage by stage, by the covariances K^{(i)}_{ab}(x, y) of its features.
"""

from __future__ import annotations

import sympy as sp

from symkern.claims.references import cited
from symkern.kernels.algebras.match_counts import d, kernel_polynomial, m, s, s_x, s_y
from symkern.kernels.function_kernels import FunctionKernel
from symkern.kernels.pipeline import Kernel
from symkern.kernels.presets import PRESETS
from symkern.kernels.stages.equations import State
from symkern.kernels.stages.stage import Stage
from symkern.pages.blocks import Block, Display, Words, label_of
from symkern.spectra.spectrum import Spectrum
from symkern.typeset.document import escape, program_text
from symkern.typeset.layout import names_in_order
from symkern.typeset.tex import formula_latex

_COUNTS = {
    s: r"$s = \sum_t n_t(x)\, n_t(y)$ counts the pairs of positions with equal tokens, $n_t(x)$ being how often the token $t$ occurs in $x$",
    m: r"$m = \#\{a : x_a = y_a\}$ counts the positions at which both have the same token",
    d: r"$d = [x_L = y_L]$ is 1 where the last tokens are equal and 0 elsewhere",
    s_x: r"$s_x = \sum_t n_t(x)^2$ is the same of $x$ with itself",
    s_y: r"$s_y = \sum_t n_t(y)^2$ is the same of $y$ with itself",
}  # fmt: skip


def data_words(spectrum: Spectrum) -> str:
    """The sequences and their law."""
    length = formula_latex(spectrum.length)
    length = length if length == "L" else f"L = {length}"
    return rf"Let $x$ and $y$ be independent sequences of length ${length}$ whose tokens are {spectrum.tokens.latex()}."


def parameter_words(spectrum: Spectrum) -> str:
    """What is said of the hyperparameters; empty where there are none."""
    names = names_in_order(p for p in spectrum.kernel.parameters if p.name not in ("L", "v"))
    if not names:
        return ""
    shown = ", ".join(f"${formula_latex(name)}$" for name in names)
    return f"The hyperparameter{'s' * (len(names) > 1)} {shown} {'are' if len(names) > 1 else 'is'} positive."


def operator_words(spectrum: Spectrum) -> str:
    """The operator that is diagonalised, and the group it commutes with."""
    return (
        rf"The operator $(Tf)(x) = \mathbb{{E}}_y\, k(x, y) f(y)$ commutes with the permutations of the positions by ${spectrum.group}$"
        + (", and with renamings of the letters" if _has_letters(spectrum) else "")
        + r"; its eigenvalues $\lambda$ are listed by irreducible representations."
    )


def _has_letters(spectrum: Spectrum) -> bool:
    return any(sector.token_irrep is not None for sector in spectrum.sectors)


def name_words(spectrum: Spectrum) -> str:
    r"""The kernel's pipeline, with the source of a preset."""
    kernel = spectrum.kernel
    source = ""
    for preset in PRESETS.values():
        if isinstance(kernel, Kernel) and str(preset.kernel) == str(kernel):
            source = f" (the preset \\texttt{{{preset.name}}})"
    return f"{program_text(str(kernel))}{source}"


def kernel_blocks(spectrum: Spectrum, stages: bool = False) -> list[Block]:
    r"""The kernel k(x, y): a formula in the match counts where there is one, with what they are; the equations of its stages otherwise, and with ``stages``."""
    kernel = spectrum.kernel
    if isinstance(kernel, FunctionKernel):
        return [Words(rf"The kernel $k$ is given as a function, {name_words(spectrum)}.")]
    blocks: list[Block] = []
    formula = kernel_polynomial(kernel).expression if kernel.is_polynomial else None
    if formula is None or stages:
        where = "covariances of features at positions $a$ of $x$ and $b$ of $y$"
        blocks.append(Words(rf"The kernel of {name_words(spectrum)} is read out of {where}, stage by stage:"))  # fmt: skip
        blocks.append(Display(latex=stage_lines(kernel)))
        words = _stage_words(kernel)
        blocks += [Words(words)] if words else []
    if formula is not None:
        start = "That is" if stages else rf"The kernel of {name_words(spectrum)} is"
        blocks.append(Words(start))
        blocks.append(Display("k(x, y)", formula, label=label_of("eq", "kernel")))
        told = [_COUNTS[count] for count in (s, m, d, s_x, s_y) if formula.has(count)]
        if told:
            blocks.append(Words(f"where {'; '.join(told)}."))
    return blocks


def stage_lines(kernel: Kernel) -> str:
    r"""The equation of each stage, in lines of amsmath's align.

    >>> from symkern.kernels import read_kernel
    >>> print(stage_lines(read_kernel("bag-of-tokens")))
    K^{(0)}_{ab}(x,y) &= \alpha [x_a = y_b], \\
    k(x,y) &= \frac{1}{L^{2}} \sum_{a,b} K^{(0)}_{ab}(x,y)
    """
    lines = []
    for stage, state, equation in _equations(kernel):
        shown = equation or rf"\text{{that of {escape(stage.name)}, told below}}"
        first, *others = shown.split(r", \quad ")
        lines.append(f"{state.at()} &= {first}")
        for other in others:
            lines.append(rf"& \quad {other}")
    return ", \\\\\n".join(lines)


def _equations(kernel: Kernel) -> list[tuple[Stage, State, str]]:
    """Each stage with the state that it leaves and its equation."""
    states: list[State] = []
    found = []
    for i, stage in enumerate(kernel.stages):
        is_read = any(s.place == "readout" for s in kernel.stages[: i + 1])
        number = "" if i == len(kernel.stages) - 1 else f"^{{({i})}}"
        state = State(f"{'k' if is_read else 'K'}{number}", is_read)
        found.append((stage, state, stage.equation(states)))
        states.append(state)
    return found


def _stage_words(kernel: Kernel) -> str:
    """Sentences on what the equations alone do not say."""
    told = []
    for stage, _, equation in _equations(kernel):
        if stage.name == "plus":
            told.append(rf"$H$ is what {program_text(str(stage))} gives")
        elif not equation:
            text = " ".join((type(stage).__doc__ or "").split())
            told.append(rf"{program_text(str(stage))}: {escape(text.partition('.')[0])}")
        elif getattr(stage, "covariance", None) is not None:
            told.append(r"$C$ is the covariance of the letters")
        elif not getattr(stage, "positions_in_values", True):
            told.append(r"$\tilde K$ is $K$ without its position term")
    return "; ".join(told) + "." * bool(told)


def settings_words(spectrum: Spectrum) -> str:
    """The values that hyperparameters were given; empty where there are none."""
    if not spectrum.settings:
        return ""
    values = {sp.Symbol(name): value for name, value in spectrum.settings}
    shown = ", ".join(f"${formula_latex(n)} = {formula_latex(values[n])}$" for n in names_in_order(values))  # fmt: skip
    return f"The hyperparameter{'s are' if len(values) > 1 else ' is'} {shown}."


def cite(reference: str) -> str:
    r"""A reference as `symkern.claims.reference` prints it as a citation; empty for an empty one.

    >>> print(cite("Walker, Algebraic Curves, 1950, chapter IV"), cite("by hand"))
    \cite[chapter IV]{walker1950} [by hand]
    """
    found = cited(reference)
    if found is None:
        return f"[{escape(reference)}]" if reference else ""
    key, place = found
    return rf"\cite[{escape(place)}]{{{key}}}" if place else rf"\cite{{{key}}}"
