"""Spectra of kernels that are polynomials in the match counts, symbolic in L and v.

* `states`: the model of a sector and the count operators on it;
* `sectors`: bases of the multiplicity spaces, stable and at given small L and v;
* `blocks`: the operator of a kernel on them;
* `uniform`: all sectors of a kernel on uniform tokens.
"""

from symkern.kernels.polynomial_engine.uniform import uniform_sectors

__all__ = ["uniform_sectors"]
