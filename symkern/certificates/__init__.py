"""Certificates: claims in JSON that a program of its own confirms or refutes; and every derivation, checked on the spot.

* `checker`: that program, in the standard library alone; it shares no code with the rest of symkern and runs by itself; `standalone` makes one file of it;
* `closed_forms`: certificates of dimensions, characters, sensitivities, draws and token selection (those of spectra: `Spectrum.certificate`);
* `eigenvalue`: a conjecture of one's own about one eigenvalue as a certificate;
* `series`: series in 1/L as a certificate, of a spectrum or of one sector;
* `rocq`: a certificate as a theorem that `coqc` checks;
* `check_values`: eigenvalues worked out by hand, as claims;
* `catalogue`, `verification`: what `symkern verify` checks, by name; `linear_attention`: one kernel's whole story as a derivation.
"""

from symkern.certificates.checker import Report, check
from symkern.certificates.closed_forms import (
    character_certificate,
    character_polynomial_certificate,
    dimension_certificate,
    draws_certificate,
    selection_certificate,
    sensitivity_certificate,
)
from symkern.certificates.eigenvalue_claim import eigenvalue
from symkern.certificates.rocq_source import rocq
from symkern.certificates.series_claim import series

__all__ = [
    "Report",
    "character_certificate",
    "character_polynomial_certificate",
    "check",
    "dimension_certificate",
    "draws_certificate",
    "eigenvalue",
    "rocq",
    "selection_certificate",
    "sensitivity_certificate",
    "series",
]
