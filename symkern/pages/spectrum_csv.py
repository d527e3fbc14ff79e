"""A spectrum as comma-separated values."""

from __future__ import annotations

import csv
import io

from symkern.pages.eigenvalue_cells import enclosed_digits
from symkern.sectors.series_sector import SeriesSector
from symkern.spectra.spectrum import Spectrum
from symkern.spectra.spectrum_document import spectrum_document


def spectrum_csv(spectrum: Spectrum, full: bool = False) -> str:
    """One line per eigenvalue branch; partitions as in "2,1" and "[]". Polynomials that take long are left empty unless ``full``.

    Numbers that have no formula are written by their certain digits; series in 1/L stand with their error in two columns more.
    """
    stream = io.StringIO()
    series = any(isinstance(sector, SeriesSector) for sector in spectrum.sectors)
    columns = ["eigenvalues", "minimal_polynomials", "leading", "exponents", "samples"]
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(
        [
            "position_irrep",
            "token_irrep",
            "dimension",
            "multiplicity",
            "eigenvalue",
            "minimal_polynomial",
            "leading",
            "exponent",
            "samples",
            "valid_for_L",
            "valid_for_v",
            "standing",
            *(["series", "error"] if series else []),
        ]
    )
    document = spectrum_document(spectrum, full)
    for whole, sector in zip(spectrum.sectors, document["sectors"], strict=True):
        found = whole if full else whole.abridged()
        irreps = [
            "" if mu is None else ",".join(map(str, mu)) or "[]"
            for mu in (sector["position_irrep"], sector["token_irrep"])
        ]
        for i, branch in enumerate(found.branches):
            written = ["" if sector[name][i] is None else sector[name][i] for name in columns]
            if branch.interval is not None:
                written[0], written[-1] = enclosed_digits(branch.value)
            sizes = sector["dimension"], sector["multiplicity"]
            holds = sector["valid_for"]["L"], sector["valid_for"]["v"], sector["standing"]
            more = [sector["series"][i], sector["errors"][i]] if series else []
            writer.writerow([*irreps, *sizes, *written, *holds, *more])
    return stream.getvalue()
