"""Token selection where positions carry codes: random ones, averaged over, and fixed ones.

* `random_codes`: one head's loss in two numbers, its best, its floor, other lengths, its flow; `width_for_loss`;
* `wide_moments`: the averages to first order in the inverse width;
* `fixed_codes`, `equal_coherence`: a head on codes with a given Gram matrix: its flow, the late law, the rank theorem;
* `unseen_positions`: one-hot positions that were never trained;
* `deception`, `deception_bound`: how often a fresh code scores above the selected ones; `many_tokens`: the law of long sequences.
"""

from symkern.bounds.selection.codes.code_expansion import wide_moments
from symkern.bounds.selection.codes.code_floors import deception, deception_bound
from symkern.bounds.selection.codes.code_laws import many_tokens, power_law
from symkern.bounds.selection.codes.fixed_codes import (
    FixedCodes,
    FixedFlow,
    equal_coherence,
    fixed_codes,
)
from symkern.bounds.selection.codes.random_codes import (
    CodeFlow,
    RandomCodes,
    random_codes,
    width_for_loss,
)
from symkern.bounds.selection.codes.unseen_positions import unseen_positions

__all__ = [
    "CodeFlow",
    "FixedCodes",
    "FixedFlow",
    "RandomCodes",
    "deception",
    "deception_bound",
    "equal_coherence",
    "fixed_codes",
    "many_tokens",
    "power_law",
    "random_codes",
    "unseen_positions",
    "wide_moments",
    "width_for_loss",
]
