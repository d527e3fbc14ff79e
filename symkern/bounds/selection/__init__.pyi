from symkern.bounds.selection.attention_head import attention_weights as attention_weights
from symkern.bounds.selection.attention_head import best_loss as best_loss
from symkern.bounds.selection.attention_head import best_value as best_value
from symkern.bounds.selection.attention_head import loss_gradient as loss_gradient
from symkern.bounds.selection.attention_head import population_loss as population_loss
from symkern.bounds.selection.first_layers import best_first_layer as best_first_layer
from symkern.bounds.selection.first_layers import first_layer_loss as first_layer_loss
from symkern.bounds.selection.first_layers import fully_connected as fully_connected
from symkern.bounds.selection.first_layers import fully_connected_law as fully_connected_law
from symkern.bounds.selection.first_layers import least_error as least_error
from symkern.bounds.selection.first_layers import width_needed as width_needed
from symkern.bounds.selection.gradient_flow import Flow as Flow
from symkern.bounds.selection.gradient_flow import flow as flow
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
