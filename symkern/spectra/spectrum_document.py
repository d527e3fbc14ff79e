"""A spectrum as plain data: the JSON of `symkern derive --format json`, schema 1.

Every formula is a string that `symkern.abc.parse` reads, and SymPy with `symkern.abc.namespace` as
locals. Lists named in the plural run parallel, one entry per eigenvalue branch of the sector. A number that is known to a proven
radius only is the list of its two ends: "trace", entries of "block", and "intervals", where "eigenvalues" is null. "samples" is null for those
and for roots above degree two: it is sigma2 divided by what stands in "intervals". Where a leading
coefficient has no formula, "leading" is null, and the sector has "edges": for each eigenvalue the coefficients, from the constant term up, of
the polynomial that this coefficient is a positive root of (null where it has a formula, or no polynomial). A sector whose rational block has balls as
eigenvalues has its Gram matrix too, as "metric"; "regular" stands where the block is proved not to be singular.

Where eigenvalues are known as series in 1/L, "block" is empty, "eigenvalues" are null, and the sector has "series", for each eigenvalue its first terms, and
"errors", the power of L of what is left out, "coefficients", the two ends of each coefficient that is known to a proven radius (null for formulas), and
"holds_from", about the length from which the first term means something (null where it is not known). "undecided" is the power of ten below which a coefficient that may be zero was taken to be, null where zero is decided; "others" is the power of L that all other eigenvalues are of the order of, null where there are none. "terms" is how many terms of each series are
shown; where more are known, "further" has "series", "errors" and "coefficients" with all of them. The trace then is a series too, with "trace_error" and "trace_coefficients".

A minimal polynomial that takes longer than deriving the spectrum, and may be megabytes of text, is null: its block says all of it, and ``full=True`` writes it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import sympy as sp

from symkern.abc import x
from symkern.exact import Ball, BallMatrix, Branch
from symkern.exact.length_series import LengthSeries
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.documents import read_indent
from symkern.sectors.sector import Sector
from symkern.sectors.series_sector import SeriesSector
from symkern.spectra.long_formulas import polynomial_text, rational_text
from symkern.spectra.sample_laws import sample_laws
from symkern.spectra.spectrum import Spectrum
from symkern.typeset import formula_text
from symkern.typeset.numerals import decimal

SCHEMA = 1

#: Digits of a coefficient in a series that has no formula.
DIGITS = 30

_EULER = re.compile(r"\bE\b")


@typed
def spectrum_document(spectrum: Spectrum, full: bool = False) -> dict[str, Any]:
    """The spectrum as a dictionary of strings, ints, lists and None.

    Args:
        spectrum: the spectrum.
        full: also write minimal polynomials that take long.
    """
    return {
        "schema": SCHEMA,
        "kernel": str(spectrum.kernel),
        "length": _size(spectrum.length),
        "vocabulary": _size(spectrum.vocabulary),
        "tokens": spectrum.tokens.text(),
        "group": spectrum.group,
        "parameters": {
            **{name: written(value) for name, value in spectrum.settings},
            **{p.name: p.name for p in spectrum.parameters},
        },
        "trace": _trace(spectrum.trace()),
        **_trace_error(spectrum.trace()),
        "standing": spectrum.recorded.value,
        "sectors": [
            _sector(spectrum, sector if full else sector.abridged()) for sector in spectrum.sectors
        ],
    }


@typed
def spectrum_json(spectrum: Spectrum, indent: int | None = 2, full: bool = False) -> str:
    """`to_dict` as JSON text.

    Args:
        spectrum: the spectrum.
        indent: blanks of a level; None for a single line.
        full: also write minimal polynomials that take long.
    """
    document = spectrum_document(spectrum, full)
    return json.dumps(document, indent=read_indent(indent), ensure_ascii=False)


def written(value: object, variable: object = None) -> str:
    """A formula as text that `symkern.abc.parse` reads: Euler's number, a name that SymPy prints alone, as exp(1).

    >>> import sympy as sp
    >>> from symkern.abc import beta
    >>> written(sp.E * beta + 1)
    'exp(1)*beta + 1'
    """
    return _EULER.sub("exp(1)", formula_text(value, variable))


def _number(value: sp.Expr | Ball) -> str | list[str]:
    """A formula's text; of a ball its two ends, as fractions."""
    if isinstance(value, Ball):
        return [decimal(value.lower), decimal(value.upper)]
    return written(value)


def _trace(value: sp.Expr | Ball | LengthSeries) -> str | list[str] | None:
    """As `_number`; of a series its terms."""
    return _series_text(value) if isinstance(value, LengthSeries) else _number(value)


def _trace_error(value: sp.Expr | Ball | LengthSeries) -> dict[str, Any]:
    if not isinstance(value, LengthSeries):
        return {}
    error = None if value.error is None else written(value.error)
    return {"trace_error": error, "trace_coefficients": _ball_coefficients(value)}


def _entry(entry: Any) -> str | list[str]:
    return _number(entry) if isinstance(entry, Ball) else _EULER.sub("exp(1)", rational_text(entry))


def _size(size: int | sp.Expr) -> int | str:
    return size if isinstance(size, int) else written(size)


def _sector(spectrum: Spectrum, sector: Sector) -> dict[str, Any]:
    samples: list[str | None] = []
    laws = iter(sample_laws(spectrum, sector))
    for branch in sector.branches:
        if isinstance(branch.value, sp.Expr) and branch.value == 0:
            samples.append(None)
            continue
        law = next(laws)
        known = law.formula is not None and law.relation == "="
        samples.append(written(law.formula) if known else None)
    polynomials = {
        b.minimal_polynomial: _polynomial(b) for b in sector.branches if b.minimal_polynomial
    }
    return {
        "position_irrep": list(sector.position_irrep),
        "token_irrep": None if sector.token_irrep is None else list(sector.token_irrep),
        "dimension": written(sector.dimension),
        "multiplicity": sector.multiplicity,
        "block": [[_entry(e) for e in row] for row in sector.block],
        "eigenvalues": [
            written(b.value) if isinstance(b.value, sp.Expr) else None for b in sector.branches
        ],
        "minimal_polynomials": [
            polynomials[b.minimal_polynomial] if b.minimal_polynomial else None
            for b in sector.branches
        ],
        "intervals": [
            None if b.interval is None else [decimal(end) for end in b.interval]
            for b in sector.branches
        ],
        "leading": [
            written(term.expression) if term is not None and term.is_written else None
            for term in sector.leading_terms
        ],
        "exponents": [None if e is None else written(e) for e in sector.exponents],
        "samples": samples,
        "valid_for": dict(sector.valid_for),
        "standing": sector.recorded.value,
        **_edges(sector),
        **_series(sector),
        **_metric(sector),
        **({"regular": True} if sector.regular else {}),
    }


def _polynomial(branch: Branch) -> str:
    if sum(len(c.num) for c in branch.minimal_polynomial) <= current().laid_out_terms:
        return written(branch.polynomial(), x)
    return _EULER.sub("exp(1)", polynomial_text(branch.minimal_polynomial, "x"))


def _edges(sector: Sector) -> dict[str, Any]:
    """The edge polynomials of leading coefficients that have no formula, where there are such."""
    edges = [[written(c) for c in edge] or None for edge in sector.edge_polynomials]
    return {"edges": edges} if any(edges) else {}


def _series(sector: Sector) -> dict[str, Any]:
    """The series of eigenvalues, where these are what is known."""
    if not isinstance(sector, SeriesSector):
        return {}
    found = sector.series(None)
    return {
        **_expansions(found),
        "holds_from": [s.holds_from for s in found],
        "terms": sector.shown,
        **({"further": _expansions(sector.expansions)} if found != sector.expansions else {}),
        "undecided": sector.undecided,
        "others": None if sector.others is None else written(sector.others),
    }


def _expansions(found: Sequence[LengthSeries]) -> dict[str, Any]:
    """Series in three parallel lists: their terms, the orders of what is left out, the ends of balls."""
    return {
        "series": [_series_text(s) for s in found],
        "errors": [None if s.error is None else written(s.error) for s in found],
        "coefficients": [_ball_coefficients(s) for s in found],
    }


def _ball_coefficients(series: LengthSeries) -> list[list[str] | None] | None:
    """The two ends of each coefficient that is known to a proven radius; None where all are formulas."""
    found = [
        [decimal(t.coefficient.lower), decimal(t.coefficient.upper)]
        if isinstance(t.coefficient, Ball)
        else None
        for t in series.terms
    ]
    return found if any(found) else None


def _series_text(series: LengthSeries) -> str | None:
    """The terms as one formula, balls by their certain digits; None where a coefficient is not known."""
    if any(t.coefficient is None for t in series.terms):
        return None
    return LengthSeries(series.terms, None).text(DIGITS)


def _metric(sector: Sector) -> dict[str, Any]:
    """The Gram matrix of a rational block's basis, where the eigenvalues are balls that were found with it."""
    metric = sector.metric
    if isinstance(sector.block, BallMatrix) or metric is None or sector.is_written:
        return {}
    if not any(isinstance(b.value, Ball) for b in sector.branches):
        return {}
    return {"metric": [[_entry(e) for e in row] for row in metric]}
