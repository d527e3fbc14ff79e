"""How much a function of n signs, or letters, depends on each of them: sensitivity, influence, degree.

* `average`, `influences`, `weights`, `weight`, `profile`, `coefficients`: closed forms in n for named families, exact counts over
  all 2^n inputs for anything else (a callable, a table, a formula);
* `parity`, `majority`, `first`, `mean`, `threshold`: the families;
* `total_influence`, `letter_influences`, `efron_stein_weights`: more than two letters;
* `automaton`, `zero_family`, `symmetric_zero_inputs`: how many inputs have no sensitive position, K_0, of any regular language and of named families;
  `zero_verdict`: what a theorem says of that number (cited);
* `sharpness`: what sensitivity forces on the loss landscape of transformers (cited);
* `describe`: all of it for one function.
"""

from symkern.bounds.sensitivity.averages import mean
from symkern.bounds.sensitivity.efron_stein import (
    efron_stein_weights,
    letter_influences,
    total_influence,
)
from symkern.bounds.sensitivity.families import Family
from symkern.bounds.sensitivity.formulas import CubeFormula
from symkern.bounds.sensitivity.measures import (
    average,
    coefficients,
    family,
    influences,
    profile,
    read_function,
    weight,
    weights,
)
from symkern.bounds.sensitivity.parities import first, parity
from symkern.bounds.sensitivity.regular_languages import Automaton, automaton
from symkern.bounds.sensitivity.sharpness import Sharpness, sharpness
from symkern.bounds.sensitivity.summary import Sensitivity, describe, describe_name
from symkern.bounds.sensitivity.thresholds import majority, threshold
from symkern.bounds.sensitivity.walsh_hadamard import FourierCoefficients
from symkern.bounds.sensitivity.zero_families import (
    ZeroFamily,
    symmetric_zero_inputs,
    zero_family,
)
from symkern.bounds.sensitivity.zero_growth import ZeroGrowth, ZeroVerdict, zero_verdict

__all__ = [
    "Automaton",
    "CubeFormula",
    "Family",
    "FourierCoefficients",
    "Sensitivity",
    "Sharpness",
    "ZeroFamily",
    "ZeroGrowth",
    "ZeroVerdict",
    "automaton",
    "average",
    "coefficients",
    "describe",
    "describe_name",
    "efron_stein_weights",
    "family",
    "first",
    "influences",
    "letter_influences",
    "majority",
    "mean",
    "parity",
    "profile",
    "read_function",
    "sharpness",
    "symmetric_zero_inputs",
    "threshold",
    "total_influence",
    "weight",
    "weights",
    "zero_family",
    "zero_verdict",
]
