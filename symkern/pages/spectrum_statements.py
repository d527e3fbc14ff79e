"""What a page says of a spectrum, whatever it is printed as: which eigenvalues have a formula that is short enough to be shown, how sure they are, what is left out.

A summary derives no formula that takes longer than the spectrum did, and says how long those are that it leaves out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sympy as sp

from symkern.engines.engine import Progress
from symkern.exact import Branch
from symkern.exact.length_series import LengthSeries, order_text
from symkern.limits import check_time, current
from symkern.pages.eigenvalue_cells import (
    COEFFICIENT,
    sum_terms,
)
from symkern.progress import handed
from symkern.sectors.sector import Sector
from symkern.sectors.series_sector import SeriesSector
from symkern.spectra.spectrum import Spectrum

_RESIDUE = 1e-12

#: Statements that are summed up at the end of a page, if at all.
COUNTED = ("long", "unwritten", "abridged", "terms")

#: What is said of a standing other than "proved".
REMARKS = {
    "sampled": "symmetry not proved: checked on random pairs, or to 256 bits",
    "floating": "values of the kernel were given in floating point",
    "asymptotic": "series proved as L grows, with all else fixed and generic",
    "read, not proved": "read from a file: its sizes and traces agree, its blocks are not proved",
}


def remark_of(name: str, spectrum: Spectrum) -> str:
    """The remark on a standing: nothing is generic where no symbol but L is left."""
    symbols = spectrum.parameters or isinstance(spectrum.vocabulary, sp.Expr)
    return REMARKS[name] if symbols else REMARKS[name].removesuffix(" and generic")


LESS = "the same without full=True, or with numbers for symbols, takes less"


def shown_spectrum(spectrum: Spectrum, full: bool, progress: Progress) -> Spectrum:
    """What a page shows: unless ``full`` no formula that takes longer than deriving the spectrum."""
    shown = []
    for sector in handed(progress, list(spectrum.sectors)):
        check_time()
        shown.append(sector if full else sector.abridged())
        _ = shown[-1].leading_terms  # what takes time, while the bar is there
    return replace(spectrum, sectors=tuple(shown))


def has_symbolic_length(spectrum: Spectrum) -> bool:
    """Whether formulas hold at every length."""
    return isinstance(spectrum.length, sp.Expr)


def sector_edges(spectrum: Spectrum, sector: Sector) -> list[tuple[sp.Expr, sp.Expr]]:
    """The powers of L in a sector whose coefficients have no formula, with their edge polynomials."""
    found: dict[tuple[sp.Expr, sp.Expr], None] = {}
    for term, edge in zip(sector.leading_terms, sector.edge_polynomials, strict=True):
        if has_symbolic_length(spectrum) and edge and term and term.expression is None:
            polynomial = sp.Add(*(a * COEFFICIENT**k for k, a in enumerate(edge)))
            found[term.variable**term.exponent, polynomial] = None
    return list(found)


def is_residue(spectrum: Spectrum, sector: Sector, branch: Branch) -> bool:
    """Whether an eigenvalue of a kernel of floats is no larger than their rounding."""
    if sector.recorded != "floating" or not _is_known(branch):
        return False
    values: list[Any] = [b.value for s in spectrum.sectors for b in s.branches if _is_known(b)]
    own: Any = branch.value
    return abs(float(own)) < _RESIDUE * max(abs(float(value)) for value in values)


def _is_known(branch: Branch) -> bool:
    """Whether an eigenvalue is a number."""
    value = branch.value
    return value is not None and not (isinstance(value, sp.Expr) and not value.is_number)


def sector_statements(spectrum: Spectrum, sector: Sector, full: bool) -> list[tuple[str, Any, int]]:
    """What is said of a sector: (kind, formula, how often).

    Kinds are "series" (in 1/L) and "others" (the order of the other eigenvalues), or "value", "roots" (of a polynomial), "radical" and "conjugate" (its roots, if ``full`` and they are written), "enclosed" (a list of balls), "unwritten"
    (their number), "abridged" (the same, of those that the sector has), "terms" (of series, which a summary leaves out) and "long" ((degree, terms, digits) of a polynomial that a summary leaves out).
    """
    if isinstance(sector, SeriesSector):
        found = list(sector.series(None))
        shown = found if full else list(map(_short_series, found))
        cut = sum(len(s.terms) for s in found) - sum(len(s.terms) for s in shown)
        return [
            *(("series", series, 1) for series in shown),
            *([("terms", cut, 1)] if cut else []),
            ("others", sector.others, 1),
        ]
    said: list[tuple[str, Any, int]] = []
    seen: dict[Any, int] = {}
    for branch in sector.branches:
        key = branch.minimal_polynomial
        seen[key] = seen.get(key, 0) + 1
    for key, count in seen.items():
        if not key:
            balls = [b.value for b in sector.branches if not b.minimal_polynomial]
            if hasattr(balls[0], "digits"):
                said.append(("enclosed", balls, 1))
            else:
                said.append(("abridged" if sector.is_abridged else "unwritten", count, 1))
            continue
        branch = next(b for b in sector.branches if b.minimal_polynomial == key)
        times = count // branch.degree
        if not full and not _is_readable(branch):
            said.append(("long", (branch.degree, _terms(branch), _digits_of(branch)), times))
            continue
        if branch.degree == 1:
            said.append(("value", branch.value, times))
            continue
        said.append(("roots", branch.polynomial(), times))
        if full and isinstance(branch.value, sp.Expr):
            roots = {b.index: b.value for b in sector.branches if b.minimal_polynomial == key}
            said += [("radical", roots[0], times), ("conjugate", roots[1], times)]
    return said


def _short_series(series: LengthSeries) -> LengthSeries:
    """A series up to the first coefficient that nobody reads."""
    for i, term in enumerate(series.terms):
        value = term.coefficient
        if i and isinstance(value, sp.Expr) and sum_terms(value) > current().series_terms:
            return series.first(i)
    return series


def _terms(branch: Branch) -> int:
    """Terms of the minimal polynomial, expanded."""
    return sum(len(c.num) + len(c.den) - 1 for c in branch.minimal_polynomial if c)


def _digits_of(branch: Branch) -> int:
    """Digits of the longest number in the minimal polynomial."""
    parts = (p for c in branch.minimal_polynomial if c for p in (c.num, c.den))
    longest = max((abs(int(n)) for p in parts for n in p.to_dict().values()), default=0)
    return longest.bit_length() * 30103 // 100000 + 1


def rational_digits(value: sp.Rational) -> int:
    """About how many digits the longer of numerator and denominator has."""
    return max(abs(int(value.p)), int(value.q)).bit_length() * 30103 // 100000 + 1


def is_short(trace: sp.Expr) -> bool:
    """Whether a summary prints the trace."""
    if trace.is_Rational:
        return rational_digits(trace) <= current().readable_digits
    return sum_terms(trace) <= current().trace_terms


def _is_readable(branch: Branch) -> bool:
    """Whether a summary prints the formula: polynomials of high degree are as slow to typeset as long ones."""
    return (
        branch.degree * _terms(branch) <= current().readable_terms
        and _digits_of(branch) <= current().readable_digits
    )


def left_out(statements: list[list[tuple[str, Any, int]]]) -> list[str]:
    """What a summary says at its end of the formulas that it does not print."""
    long = sum(times * f[0] for said in statements for kind, f, times in said if kind == "long")
    unwritten = sum(count for said in statements for kind, count, _ in said if kind == "unwritten")
    lines = []
    if long:
        lines.append(
            f"{long} eigenvalue{'s' * (long > 1)} with formulas too long to read here: "
            "--full (in Python full=True) prints them."
        )
    if abridged := sum(c for said in statements for kind, c, _ in said if kind == "abridged"):
        lines.append(
            f"{abridged} eigenvalue{'s' * (abridged > 1)} whose formulas take longer than all else here: "
            "--full (in Python full=True) prints them."
        )
    if cut := sum(c for said in statements for kind, c, _ in said if kind == "terms"):
        lines.append(
            f"{cut} more term{'s' * (cut > 1)} of series with formulas too long to read here: "
            "--full (in Python full=True) prints them."
        )
    if unwritten:
        lines.append(
            f"{unwritten} eigenvalues of blocks too large for one formula: the table has their leading terms "
            "where they are known, --format json the exact blocks; numbers for the symbols give the roots."
        )
    return lines


def others_text(order: sp.Rational | None, more: bool) -> str:
    """What is said of the eigenvalues without a series, where there are ``more`` or none."""
    if order is None:
        return "no other eigenvalues but 0" if more else "all eigenvalues are 0"
    return f"{'other' if more else 'all'} eigenvalues: {order_text(order)}"


def long_text(degree: int, terms: int, digits: int) -> str:
    """What is said of eigenvalues whose formula is too long to print."""
    if digits > current().readable_digits:
        number = degree == 1 and terms <= 2
        kind = "a number" if number else f"roots of a polynomial of degree {degree} with numbers"
        return f"{kind} of {digits:,} digits"
    if degree == 1:
        return f"a formula of {terms:,} terms"
    return f"roots of a polynomial of degree {degree} with {terms:,} terms"


def taken_to_be_zero(spectrum: Spectrum, digits: str) -> str | None:
    """What is said of balls that hold zero, where series have some; ``digits`` writes the power of ten below which they count as zero."""
    places = [t.undecided for t in spectrum.sectors if isinstance(t, SeriesSector) and t.undecided]
    if not places:
        return None
    return (
        f"constants below {digits % min(places)} that no digit tells from zero are taken to be zero"
    )


def sector_sizes(spectrum: Spectrum, sector: Sector) -> dict[str, int]:
    """The sizes from which on a sector's formulas hold, of those that are symbols; none for series."""
    if isinstance(sector, SeriesSector):
        return {}
    sizes = (("L", spectrum.length), ("v", spectrum.vocabulary))
    return {
        name: sector.valid_for[name]
        for name, size in sizes
        if isinstance(size, sp.Expr) and size.is_Symbol and size.name == name
    }
