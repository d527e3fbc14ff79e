"""One pair of irreps of a spectrum: its block, its eigenvalues, and its functions on sequences.

* `sector`: a sector as data, with its eigenvalues; `series_sector` one whose eigenvalues are series in 1/L;
* `exact_series`: eigenvalues with formulas as such series;
* `realisation`, `tabulated`: the functions on sequences in which its block is written;
* `coordinates`, `ball_vectors`, `spaces`: eigenvectors of a block over Q(symbols), number fields and balls;
* `eigenfunction`: what `Sector.basis` and `Sector.functions` return;
* `marginals`, `projections`, `sector_energies`: projections of a target, without a v^L x v^L matrix.
"""

from symkern.exact.length_series import LengthSeries
from symkern.sectors.sector import Sector
from symkern.sectors.series_sector import SeriesSector

__all__ = ["LengthSeries", "Sector", "SeriesSector"]
