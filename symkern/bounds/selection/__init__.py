r"""Sparse token selection: what fully-connected networks cannot do and one attention head can.

x_1..x_T are independent N(0, I_d), y is a uniform q-subset of {1..T}, the target STS = (1/q) sum of x_i over y.

* `fully_connected`: the least error behind a first layer of width m, and the layer that leaves it;
* `symmetry_gap`: the dimensions of the target's parts under S_T x S_T and under S_T, as sample bounds;
* `population_loss`: one attention head's loss in two numbers (a, c), its gradient, the best c;
* `flow`, `late_times`: its training by gradient flow, and the laws it follows;
* `length_generalisation`: the trained head at another length.

`derivations` maps names to functions that build the derivation of each. (Wang, Wei, Hsu, Lee, ICML 2024, arXiv 2406.06893.)
"""

from symkern.bounds.selection.attention_head import (
    attention_weights,
    best_loss,
    best_value,
    loss_gradient,
    population_loss,
)
from symkern.bounds.selection.first_layers import (
    best_first_layer,
    first_layer_loss,
    fully_connected,
    fully_connected_law,
    least_error,
    width_needed,
)
from symkern.bounds.selection.gradient_flow import Flow, flow
from symkern.bounds.selection.late_times import LateTimes, late_times, slow_time
from symkern.bounds.selection.length_generalisation import (
    LengthGeneralisation,
    length_generalisation,
    trained_loss,
)
from symkern.bounds.selection.subset_moment import moment_eigenvalues, subset_moment
from symkern.bounds.selection.symmetry_gap import SymmetryGap, TargetPart, symmetry_gap
from symkern.doors import names

__all__ = [
    "Flow",
    "LateTimes",
    "LengthGeneralisation",
    "SymmetryGap",
    "TargetPart",
    "attention_weights",
    "best_first_layer",
    "best_loss",
    "best_value",
    "derivations",
    "first_layer_loss",
    "flow",
    "fully_connected",
    "fully_connected_derivation",
    "fully_connected_law",
    "late_times",
    "least_error",
    "length_generalisation",
    "loss_derivation",
    "loss_gradient",
    "moment_eigenvalues",
    "population_loss",
    "reduction_derivation",
    "slow_time",
    "subset_moment",
    "symmetry_gap",
    "trained_loss",
    "width_needed",
]

__getattr__, __dir__ = names("symkern.bounds.selection")
