"""Bounds and asymptotics on plain values: formulas that know no kernel.

* `dimension`: dim mu[L] as a polynomial in L;
* `leading`, `newton_polygon`, `graded_leading`: exponent and coefficient of a rational function, of every root of a
  polynomial, of every eigenvalue of a large matrix, as L grows;
* `trace_bound`, `samples_to_learn`: what a dimension and an eigenvalue mean for learning;
* `ScalingLaw`: a formula in L with its leading term, its threshold and its standing.
"""

from symkern.bounds.asymptotics import Leading, leading, newton_polygon
from symkern.bounds.dimensions import dimension
from symkern.bounds.eigenlearning import Eigenlearning, eigenlearning
from symkern.bounds.eigenlearning_exact import ExactEigenlearning
from symkern.bounds.graded import graded_leading
from symkern.bounds.samples import samples_to_learn, trace_bound
from symkern.bounds.scaling import ScalingLaw

__all__ = [
    "Eigenlearning",
    "ExactEigenlearning",
    "Leading",
    "ScalingLaw",
    "dimension",
    "eigenlearning",
    "graded_leading",
    "leading",
    "newton_polygon",
    "samples_to_learn",
    "trace_bound",
]
