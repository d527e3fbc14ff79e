"""What is claimed, as plain data: how sure a formula is, the steps that lead to it, a law with its sizes.

* `derivation`: `Standing`, `Step`, `Derivation` and what checking one finds;
* `claim`: the name under which a statement is proved;
* `scaling_law`: a formula in L with its leading term and the sizes from which it holds;
* `references`: the papers cited, from one BibTeX source.
"""

from symkern.claims.claim import Claim
from symkern.claims.derivation import Checked, Derivation, Standing, Step, Verification
from symkern.claims.references import bibtex, reference
from symkern.claims.scaling_law import ScalingLaw

__all__ = [
    "Checked",
    "Claim",
    "Derivation",
    "ScalingLaw",
    "Standing",
    "Step",
    "Verification",
    "bibtex",
    "reference",
]
