r"""Sparse token selection: what fully-connected networks cannot do and one attention head can.

x_1..x_T are independent N(0, I_d), y is a uniform q-subset of {1..T}, the target STS = (1/q) sum of x_i over y.

* `fully_connected`: the least error behind a first layer of width m, and the layer that leaves it;
* `symmetry_gap`: the dimensions of the target's parts under S_T x S_T and under S_T, as sample bounds;
* `population_loss`: one attention head's loss in two numbers (a, c), its gradient, the best c;
* `flow`, `late_times`: its training by gradient flow, and the laws it follows;
* `length_generalisation`: the trained head at another length, `unseen_positions` at new positions;
* `random_codes`, `fixed_codes`: heads whose positions carry codes and not one-hot vectors;
* `several_heads`, `identical_heads`, `code_heads`, `ordered_selection`: several heads.

`derivations` maps names to functions that build the derivation of each. (Wang, Wei, Hsu, Lee, ICML 2024, arXiv 2406.06893.)
"""

from symkern.bounds.selection.attention_head import (
    attention_weights,
    best_loss,
    best_value,
    loss_gradient,
    population_loss,
)
from symkern.bounds.selection.codes import (
    CodeFlow,
    FixedCodes,
    FixedFlow,
    RandomCodes,
    deception,
    deception_bound,
    equal_coherence,
    fixed_codes,
    many_tokens,
    power_law,
    random_codes,
    unseen_positions,
    wide_moments,
    width_for_loss,
)
from symkern.bounds.selection.first_layers import (
    best_first_layer,
    first_layer_loss,
    fully_connected,
    fully_connected_law,
    least_error,
    width_for_share,
    width_needed,
)
from symkern.bounds.selection.gradient_flow import Flow, flow
from symkern.bounds.selection.heads import (
    CodeHeads,
    Heads,
    HeadsFlow,
    code_heads,
    concatenation_bound,
    identical_heads,
    ordered_selection,
    ordered_selection_reached,
    several_heads,
    two_heads,
)
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
    "CodeFlow",
    "CodeHeads",
    "FixedCodes",
    "FixedFlow",
    "Flow",
    "Heads",
    "HeadsFlow",
    "LateTimes",
    "LengthGeneralisation",
    "RandomCodes",
    "SymmetryGap",
    "TargetPart",
    "attention_weights",
    "best_first_layer",
    "best_loss",
    "best_value",
    "code_heads",
    "concatenation_bound",
    "deception",
    "deception_bound",
    "derivations",
    "equal_coherence",
    "first_layer_loss",
    "fixed_codes",
    "flow",
    "fully_connected",
    "fully_connected_derivation",
    "fully_connected_law",
    "identical_heads",
    "late_times",
    "least_error",
    "length_generalisation",
    "loss_derivation",
    "loss_gradient",
    "many_tokens",
    "moment_eigenvalues",
    "ordered_selection",
    "ordered_selection_reached",
    "population_loss",
    "power_law",
    "random_codes",
    "reduction_derivation",
    "several_heads",
    "slow_time",
    "subset_moment",
    "symmetry_gap",
    "trained_loss",
    "two_heads",
    "unseen_positions",
    "wide_moments",
    "width_for_loss",
    "width_for_share",
    "width_needed",
]

__getattr__, __dir__ = names("symkern.bounds.selection")
