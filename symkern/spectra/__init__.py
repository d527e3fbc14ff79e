"""What is known of a spectrum, and what can be asked of it.

* `deriving`, `evaluating`: a kernel and a law to sectors, by the engine that fits; at other sizes; `trace`: E k(x, x) by another road;
* `spectrum`: the result; `sample_laws`, `trace_bounds`: what its eigenvalues cost to learn, and the bound that they obey;
* `ranking`, `joint_limits`, `numeric`: its eigenvalues in order, in a limit, as floats;
* `spectrum_document`, `storage`, `series_storage`, `long_formulas`: plain data, to a file and back.
"""

from symkern.spectra.deriving import derive
from symkern.spectra.spectrum import Spectrum

__all__ = ["Spectrum", "derive"]
