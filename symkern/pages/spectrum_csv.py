"""A spectrum as plain columns: comma-separated values and DataFrames."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symkern.exact import Branch
from symkern.pages.eigenvalue_cells import enclosed_digits
from symkern.reading.annotated import typed
from symkern.sectors.series_sector import SeriesSector
from symkern.spectra.spectrum import Spectrum
from symkern.spectra.spectrum_document import spectrum_document
from symkern.typeset.labels import label_text
from symkern.typeset.plain_columns import Column, columns_csv, dataframe

#: Columns with one entry for each eigenvalue, by their names in the document of a spectrum.
_BRANCHES = {"eigenvalue": "eigenvalues", "minimal_polynomial": "minimal_polynomials", "leading": "leading", "exponent": "exponents", "samples": "samples"}  # fmt: skip


def spectrum_csv(spectrum: Spectrum, full: bool = False) -> str:
    """One line per eigenvalue branch; partitions as in "2,1" and "[]". Polynomials that take long are left empty unless ``full``.

    Numbers that have no formula are written by their certain digits; series in 1/L stand with their error in two columns more.
    """
    return columns_csv(spectrum_columns(spectrum, full))


@typed
def spectrum_dataframe(spectrum: Spectrum, backend: str | None = None, full: bool = False) -> Any:
    """The spectrum as a DataFrame, one row per eigenvalue branch; needs the extra ``frames``.

    Columns: ``position_irrep``, ``token_irrep`` ("2,1"; "[]" is trivial), ``dimension`` (whole numbers, or formulas), ``multiplicity`` (size of the block), then text
    that `symkern.abc.parse` reads: ``eigenvalue``, ``minimal_polynomial``, ``leading``, ``exponent``, ``samples``; ``valid_for_L``, ``valid_for_v``, ``standing``;
    ``series`` and ``error`` where eigenvalues are series in 1/L; last ``value``, the eigenvalue as a float, empty where it has symbols.

    Args:
        spectrum: the spectrum.
        backend: "pandas", "polars" or "pyarrow"; None for the first that is installed.
        full: write minimal polynomials that take long as well.

    Raises:
        InvalidArgument: another backend.
        SymkernError: narwhals or the backend is not installed.

    >>> from symkern.kernels import derive
    >>> frame = derive("flatten", length=4, vocabulary=3, alpha=1, beta=1).to_dataframe("pandas")
    >>> frame[["position_irrep", "token_irrep", "dimension", "eigenvalue", "value"]]
      position_irrep token_irrep  dimension eigenvalue     value
    0             []          []          1        4/3  1.333333
    1             []           1          2       1/12  0.083333
    2              1           1          6       1/12  0.083333
    """
    branches = [
        b for s in spectrum.sectors for b in (s if full else s.abridged()).branches
    ]  # fmt: skip
    values = Column("value", float, [_value(branch) for branch in branches])
    return dataframe([*spectrum_columns(spectrum, full), values], backend)


def spectrum_columns(spectrum: Spectrum, full: bool = False) -> list[Column]:
    """The columns of `spectrum_csv`."""
    document = spectrum_document(spectrum, full)
    rows: list[dict[str, Any]] = []
    for whole, sector in zip(spectrum.sectors, document["sectors"], strict=True):
        found = whole if full else whole.abridged()
        for i, branch in enumerate(found.branches):
            written = {name: sector[plural][i] for name, plural in _BRANCHES.items()}
            if branch.interval is not None:
                digits = enclosed_digits(branch.value)
                written["eigenvalue"], written["samples"] = (text or None for text in digits)
            rows.append(
                {
                    "position_irrep": label_text(sector["position_irrep"]),
                    "token_irrep": label_text(sector["token_irrep"]),
                    "dimension": sector["dimension"],
                    "multiplicity": sector["multiplicity"],
                    **written,
                    "valid_for_L": sector["valid_for"]["L"],
                    "valid_for_v": sector["valid_for"]["v"],
                    "standing": sector["standing"],
                    "series": sector["series"][i] if "series" in sector else None,
                    "error": sector["errors"][i] if "series" in sector else None,
                }
            )
    columns = {name: [row[name] for row in rows] for name in rows[0]} if rows else {name: [] for name in _EMPTY}  # fmt: skip
    if not any(isinstance(sector, SeriesSector) for sector in spectrum.sectors):
        del columns["series"], columns["error"]
    kinds = dict.fromkeys(("multiplicity", "valid_for_L", "valid_for_v"), int)
    if all(text.isdigit() for text in columns["dimension"]):
        kinds["dimension"] = int
        columns["dimension"] = list(map(int, columns["dimension"]))
    return [Column(name, kinds.get(name, str), entries) for name, entries in columns.items()]


_EMPTY = (
    "position_irrep", "token_irrep", "dimension", "multiplicity", *_BRANCHES, "valid_for_L", "valid_for_v", "standing", "series", "error"
)  # fmt: skip


def _value(branch: Branch) -> float | None:
    """An eigenvalue as a float: None of one with symbols, of a series, and of one that is not written."""
    value: Any = branch.value
    if value is None or (isinstance(value, sp.Expr) and not value.is_number):
        return None
    return float_or_none(value)


def float_or_none(value: Any) -> float | None:
    """A number as a float; None beyond the largest.

    >>> float_or_none(sp.Rational(1, 4)), float_or_none(sp.Integer(10) ** 400)
    (0.25, None)
    """
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if abs(found) != float("inf") else None
