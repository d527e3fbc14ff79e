r"""A spectrum as a theorem: hypotheses, statement, label, and with its derivation a proof.

The proof is that of `symkern.derivations.sector_steps`, whose steps check themselves: the kernel, the symmetry, then sector by sector the multiplicity
space, the block and its eigenvalues with their leading terms, and at the end the trace, which shows that nothing is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from symkern.claims.derivation import Standing, Step
from symkern.derivations.sector import require_formula, sector_text
from symkern.derivations.sector_steps import SectorSteps
from symkern.engines.engine import Progress
from symkern.errors import InvalidArgument
from symkern.exact import ExactMatrix
from symkern.limits import check_time, current, within_time
from symkern.pages.blocks import (
    Block,
    Display,
    Environment,
    Items,
    Listing,
    Words,
    bibliography_latex,
    blocks_latex,
    cited_keys,
    label_of,
)
from symkern.pages.definitions import cite, data_words, kernel_blocks, parameter_words
from symkern.pages.spectrum_latex import sector_latex, sizes_latex, statement_blocks
from symkern.pages.spectrum_statements import (
    COUNTED,
    LESS,
    sector_sizes,
    sector_statements,
    shown_spectrum,
)
from symkern.progress import handed
from symkern.reading.annotated import typed
from symkern.sectors.sector import Sector
from symkern.sectors.series_sector import SeriesSector
from symkern.spectra.spectrum import Spectrum
from symkern.typeset.document import escape
from symkern.typeset.tables import Cell, Table
from symkern.typeset.tex import formula_latex, latex_width

#: A formula of several lines behind an equals sign, as `symkern.typeset.matrix_latex` writes entries.
_INNER = re.compile(r"&= \\begin\{aligned\}\[t\]\n(?:& )?(.*?)\n\\end\{aligned\}", re.DOTALL)

#: What is said where formulas are too long to be read.
NOT_PRINTED = "whose formulas are not printed"

_PROVED = (Standing.PROVED, Standing.ASYMPTOTIC)


#: Blocks of one row are told in a table where there are so many, each no wider than so many em.
_LEAST_ROWS = 3
_CELL = 16.0


@typed
def theorem_latex(
    spectrum: Spectrum, derivation: bool = False, full: bool = False, progress: Progress = iter
) -> str:
    r"""The spectrum as a theorem in LaTeX, ``derivation`` with its proof and the references that it cites.

    Needs amsmath and amsthm, and an environment called theorem; `symkern.typeset.document.document` supplies them. The label is
    thm:spectrum, those of formulas are eq:MU:KAPPA as in `symkern.pages.spectrum_latex`.

    Args:
        spectrum: what is stated.
        derivation: whether the proof follows.
        full: every formula, however long.
        progress: wraps the list of sectors.

    Returns:
        LaTeX for the body of a document.

    Raises:
        InvalidArgument: the spectrum is not proved.
        NoClosedForm: the kernel is no polynomial in the match counts, so that there are no steps to print.

    >>> from symkern.kernels import derive
    >>> print(theorem_latex(derive("flatten")).splitlines()[0])
    \begin{theorem}\label{thm:spectrum}
    """
    with within_time("the theorem of this spectrum", LESS):
        blocks = theorem_blocks(spectrum, derivation, full, progress)
        references = bibliography_latex(cited_keys(blocks))
        return "\n\n".join(filter(None, (blocks_latex(blocks), references)))


def theorem_blocks(
    spectrum: Spectrum, derivation: bool = False, full: bool = False, progress: Progress = iter
) -> list[Block]:
    """The theorem, and its proof, as blocks of a document."""
    if spectrum.standing not in _PROVED:
        rule = "is stated of spectra that are proved"
        raise InvalidArgument("theorem", rule, f"this one is {spectrum.standing.value!r}")
    shown = shown_spectrum(spectrum, full, progress)
    blocks: list[Block] = [
        Environment(
            "theorem", "", tuple(_statement(shown, full, progress)), label_of("thm", "spectrum")
        )
    ]
    if derivation:
        blocks.append(Environment("proof", "", tuple(proof_blocks(shown, progress))))
    return blocks


def _statement(spectrum: Spectrum, full: bool, progress: Progress) -> Iterable[Block]:
    sizes = _sizes(spectrum)
    whole = "an integer" if len(sizes) == 1 else "integers"
    holds = rf"Let ${sizes_latex(sizes)}$ be {whole}." if sizes else ""
    yield Words(" ".join(filter(None, (holds, data_words(spectrum), parameter_words(spectrum)))))
    yield from kernel_blocks(spectrum)
    group = f"${spectrum.group}$"
    if any(sector.token_irrep is not None for sector in spectrum.sectors):
        group = rf"${spectrum.group} \times S_{{{formula_latex(spectrum.vocabulary)}}}$"
    every = "" if not _has_series(spectrum) else " to the orders given"
    yield Words(
        rf"The operator $(Tf)(x) = \mathbb{{E}}_y\, k(x, y) f(y)$ commutes with {group}, and its eigenvalues other than 0 are{every}:"
    )
    entries = []
    for sector in handed(progress, list(spectrum.sectors)):
        check_time()
        said = sector_statements(spectrum, sector, full)
        end = "." if sector is spectrum.sectors[-1] else ";"
        entries.append((Words(_head(spectrum, sector)), *_formulas(spectrum, sector, said, end)))
    yield Items(tuple(entries))


def _has_series(spectrum: Spectrum) -> bool:
    return any(isinstance(sector, SeriesSector) for sector in spectrum.sectors)


def _sizes(spectrum: Spectrum) -> dict[str, int]:
    """The sizes from which on all of it holds."""
    found: dict[str, int] = {}
    for sector in spectrum.sectors:
        for name, least in sector_sizes(spectrum, sector).items():
            found[name] = max(least, found.get(name, 1))
    return found


def _head(spectrum: Spectrum, sector: Sector) -> str:
    times = formula_latex(sector.dimension)
    each = "" if sector.multiplicity == 1 else "each "
    often = "once" if times == "1" else f"${times}$ times"
    return rf"on ${sector_latex(spectrum, sector)}$, {each}{often},"


def _formulas(
    spectrum: Spectrum, sector: Sector, said: list[tuple[str, Any, int]], end: str
) -> list[Block]:
    """The eigenvalues of a sector, and how they grow where no formula shows it."""
    if all(kind in COUNTED for kind, _, _ in said):
        return [Words(f"{sector.multiplicity} eigenvalues, {NOT_PRINTED}{end}")]
    blocks = statement_blocks(sector, said, "the roots")
    terms = [t for t in sector.leading_terms if t is not None and t.expression is not None]
    if terms and any(kind == "roots" for kind, _, _ in said):
        shown = ", ".join(formula_latex(term.expression) for term in terms)
        blocks.append(Words(rf"\noindent which grow as ${shown}$ with $L${end}"))
    return blocks


def proof_blocks(spectrum: Spectrum, progress: Progress = iter) -> list[Block]:
    """The steps of all sectors: what is said of the whole once, and of every sector alike in one table, then each sector, then the trace.

    Raises `NoClosedForm` for a kernel that is no polynomial in the match counts.
    """
    if not spectrum.sectors:
        return [Words("The kernel is zero.")]
    for sector in spectrum.sectors:
        require_formula(spectrum, sector)
    first = SectorSteps(spectrum, spectrum.sectors[0], 0)
    told: set[tuple[str, str]] = set()
    blocks = _step(first.kernel, told)
    many = len(spectrum.sectors) > 1
    if many:
        blocks += _common_steps(spectrum, first)
    short = [many and _is_short_row(sector) for sector in spectrum.sectors]
    if sum(short) < _LEAST_ROWS:
        short = [False] * len(short)
    rows = [sector for sector, is_row in zip(spectrum.sectors, short, strict=True) if is_row]
    others = [sector for sector, is_row in zip(spectrum.sectors, short, strict=True) if not is_row]
    again = any(sector.multiplicity > 1 for sector in others) or len(others) > 1
    for sector in handed(progress, others):
        check_time()
        same = " A step without a reason has that of the last step of the same name." * (again and sector is others[0])  # fmt: skip
        blocks.append(Words(rf"\medskip\noindent\textbf{{On ${sector_latex(spectrum, sector)}$.}}{same}"))  # fmt: skip
        story = SectorSteps(spectrum, sector, 0)
        steps = [] if many else [story.symmetry, story.multiplicity_space]
        steps += _sector_steps(spectrum, sector, story)
        blocks.append(Items(tuple(tuple(_step(step, told)) for step in steps), numbered=True))
    if rows:
        blocks += _row_steps(spectrum, rows)
    return [*blocks, *_step(first.whole, told)]


def _is_short_row(sector: Sector) -> bool:
    """Whether a block is one formula that has room in a table."""
    if sector.multiplicity != 1 or not isinstance(sector.block, ExactMatrix):
        return False
    return latex_width(sector.block[0, 0]) <= _CELL


def _row_steps(spectrum: Spectrum, sectors: Sequence[Sector]) -> list[Block]:
    """The steps of blocks of one row, in one table."""
    story = SectorSteps(spectrum, sectors[0], 0)
    grown = [step for step in story.eigenvalue if step.name == "as L grows"]
    rows: list[list[object]] = []
    for sector in sectors:
        irrep = Cell(sector_text(spectrum, sector), sector_latex(spectrum, sector))
        (term,) = sector.leading_terms
        last = [] if not grown else [None if term is None else term.expression]
        rows.append([irrep, sector.block[0, 0], *last])
    header = [Cell("R", "R"), Cell("eigenvalue", r"\lambda = T_R")]
    header += [Cell("as L grows", r"\lambda \sim")] if grown else []
    as_length_grows = rf" \emph{{As $L$ grows:}} {grown[0].reason}" if grown else ""
    return [
        Words(r"\medskip\noindent\textbf{Blocks of one row.}"),
        Words(
            rf"\noindent A block of one row is its eigenvalue. {cited_sentence(story.block.reason, story.block.reference)}{as_length_grows}"
        ),
        Listing(_pages(header, rows)),
    ]


def _pages(header: Sequence[object], rows: list[list[object]]) -> tuple[Table, ...]:
    """A table in several, none longer than a page."""
    most = current().page_rows
    return tuple(Table(tuple(header), rows[i : i + most]) for i in range(0, len(rows), most))


def _sector_steps(spectrum: Spectrum, sector: Sector, story: SectorSteps) -> list[Step]:
    """The block and its eigenvalues: a block of one row is its eigenvalue, and of two conjugate ones the second has the other sign of the root."""
    alone = sector.multiplicity == 1
    block = story.block
    steps = [replace(block, statement=rf"\lambda = {block.statement}") if alone else block]
    seen = set()
    for number in range(sector.multiplicity):
        branch = sector.branches[number]
        for step in SectorSteps(spectrum, sector, number).eigenvalue:
            if (step.name, step.statement) in seen or (alone and step.name == "the eigenvalue"):
                continue
            seen.add((step.name, step.statement))
            conjugate = step.name == "the eigenvalue" and branch.degree == 2 and branch.index == 1
            if conjugate and len(step.statement) > current().line_characters:
                step = replace(step, statement=r"\lambda \text{ as above, with the other sign of the square root}")  # fmt: skip
            steps.append(step)
    return steps


def _common_steps(spectrum: Spectrum, first: SectorSteps) -> list[Block]:
    """The two steps that are the same for every sector, with a table of what they say of each."""
    symmetry, space = first.symmetry, first.multiplicity_space
    graded = not spectrum.kernel.group.fixed and all(s.degrees for s in spectrum.sectors)
    rows: list[list[object]] = []
    for sector in spectrum.sectors:
        irrep = Cell(sector_text(spectrum, sector), sector_latex(spectrum, sector))
        degrees = ", ".join(map(str, sorted(set(sector.degrees or ()))))
        rows.append([irrep, Cell.of(sector.dimension), sector.multiplicity, *([degrees] * graded)])
    header: list[object] = [Cell("R", "R"), Cell("dim R", r"\dim R"), Cell("rows of T_R", r"\text{rows of } T_R")]  # fmt: skip
    header += ["degrees"] * graded
    spanned = " and the degrees of the functions that span it" if graded else ""
    return [
        Words(r"\emph{Symmetry.}"),
        Display(latex=r"T &\cong \bigoplus_R \mathrm{id}_R \otimes T_R"),
        Words(rf"\noindent {cited_sentence(symmetry.reason, symmetry.reference)}"),
        Words(
            r"\emph{Multiplicity spaces.} The functions that the kernel can tell apart hold the irreducible representation $R$ at most as often as $T_R$ has rows: "
            rf"$\dim \operatorname{{Hom}}(R, \operatorname{{ran}} T)$ is at most that number. Checked by the rank of the dense operator~{cite(space.reference)}. "
            rf"Of every sector the dimension, the size of its block{spanned}:"
        ),
        Listing(_pages(header, rows)),
    ]


def _step(step: Step, told: set[tuple[str, str]]) -> list[Block]:
    """A step: its name, its statement, and its reason unless it was ``told`` before."""
    name = escape(step.name[:1].upper() + step.name[1:])
    blocks: list[Block] = [Words(rf"\emph{{{name}.}}"), Display(latex=statement_lines(step.statement))]  # fmt: skip
    if (step.name, step.reason) not in told:
        blocks.append(Words(rf"\noindent {cited_sentence(step.reason, step.reference)}"))
    told.add((step.name, step.reason))
    return blocks


def cited_sentence(sentence: str, reference: str) -> str:
    r"""A sentence with its source in front of its last stop.

    >>> print(cited_sentence("So it is.", "Walker, Algebraic Curves, 1950, chapter IV"), cited_sentence("So it is.", ""))
    So it is~\cite[chapter IV]{walker1950}. So it is.
    """
    source = cite(reference)
    if not source:
        return sentence
    return f"{sentence.removesuffix('.')}~{source}{'.' * sentence.endswith('.')}"


def statement_lines(statement: str) -> str:
    r"""A statement in lines of amsmath's align.

    >>> print(statement_lines(r"\begin{aligned} a &= b \\ &= c \end{aligned}"))
    a &= b \\ &= c
    >>> print(statement_lines("a = b"))
    a = b

    A formula of several lines becomes lines of its own, between which a page may end; one display cannot:

    >>> print(statement_lines("\\begin{aligned}\na &= \\begin{aligned}[t]\n& b \\\\\n& \\quad + c\n\\end{aligned}\n\\end{aligned}"))
    a &= b \\
    & \quad + c
    """
    start, end = r"\begin{aligned}", r"\end{aligned}"
    inner = _INNER.sub(r"&= \1", statement.strip())
    whole = inner.startswith(start) and inner.endswith(end) and inner.count(start) == 1
    return inner[len(start) : -len(end)].strip() if whole else inner
