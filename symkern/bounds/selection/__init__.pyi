from symkern.bounds.selection.attention_head import attention_weights as attention_weights
from symkern.bounds.selection.attention_head import best_loss as best_loss
from symkern.bounds.selection.attention_head import best_value as best_value
from symkern.bounds.selection.attention_head import loss_gradient as loss_gradient
from symkern.bounds.selection.attention_head import population_loss as population_loss
from symkern.bounds.selection.codes import CodeFlow as CodeFlow
from symkern.bounds.selection.codes import FixedCodes as FixedCodes
from symkern.bounds.selection.codes import FixedFlow as FixedFlow
from symkern.bounds.selection.codes import RandomCodes as RandomCodes
from symkern.bounds.selection.codes import deception as deception
from symkern.bounds.selection.codes import deception_bound as deception_bound
from symkern.bounds.selection.codes import equal_coherence as equal_coherence
from symkern.bounds.selection.codes import fixed_codes as fixed_codes
from symkern.bounds.selection.codes import many_tokens as many_tokens
from symkern.bounds.selection.codes import power_law as power_law
from symkern.bounds.selection.codes import random_codes as random_codes
from symkern.bounds.selection.codes import unseen_positions as unseen_positions
from symkern.bounds.selection.codes import wide_moments as wide_moments
from symkern.bounds.selection.codes import width_for_loss as width_for_loss
from symkern.bounds.selection.first_layers import best_first_layer as best_first_layer
from symkern.bounds.selection.first_layers import first_layer_loss as first_layer_loss
from symkern.bounds.selection.first_layers import fully_connected as fully_connected
from symkern.bounds.selection.first_layers import fully_connected_law as fully_connected_law
from symkern.bounds.selection.first_layers import least_error as least_error
from symkern.bounds.selection.first_layers import width_for_share as width_for_share
from symkern.bounds.selection.first_layers import width_needed as width_needed
from symkern.bounds.selection.gradient_flow import Flow as Flow
from symkern.bounds.selection.gradient_flow import flow as flow
from symkern.bounds.selection.heads import CodeHeads as CodeHeads
from symkern.bounds.selection.heads import Heads as Heads
from symkern.bounds.selection.heads import HeadsFlow as HeadsFlow
from symkern.bounds.selection.heads import code_heads as code_heads
from symkern.bounds.selection.heads import concatenation_bound as concatenation_bound
from symkern.bounds.selection.heads import identical_heads as identical_heads
from symkern.bounds.selection.heads import ordered_selection as ordered_selection
from symkern.bounds.selection.heads import ordered_selection_reached as ordered_selection_reached
from symkern.bounds.selection.heads import several_heads as several_heads
from symkern.bounds.selection.heads import two_heads as two_heads
from symkern.bounds.selection.late_times import LateTimes as LateTimes
from symkern.bounds.selection.late_times import late_times as late_times
from symkern.bounds.selection.late_times import slow_time as slow_time
from symkern.bounds.selection.length_generalisation import (
    LengthGeneralisation as LengthGeneralisation,
)
from symkern.bounds.selection.length_generalisation import (
    length_generalisation as length_generalisation,
)
from symkern.bounds.selection.length_generalisation import trained_loss as trained_loss
from symkern.bounds.selection.subset_moment import moment_eigenvalues as moment_eigenvalues
from symkern.bounds.selection.subset_moment import subset_moment as subset_moment
from symkern.bounds.selection.symmetry_gap import SymmetryGap as SymmetryGap
from symkern.bounds.selection.symmetry_gap import TargetPart as TargetPart
from symkern.bounds.selection.symmetry_gap import symmetry_gap as symmetry_gap
from symkern.derivations.selection import derivations as derivations
from symkern.derivations.selection import fully_connected_derivation as fully_connected_derivation
from symkern.derivations.selection import loss_derivation as loss_derivation
from symkern.derivations.selection import reduction_derivation as reduction_derivation
