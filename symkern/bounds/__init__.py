"""Bounds and asymptotics on plain values: formulas that know no kernel.

* `dimension`: dim mu[L] as a polynomial in L;
* `leading`, `newton_polygon`, `graded_leading`: exponent and coefficient of a rational function, of every root of a
  polynomial, of every eigenvalue of a large matrix, as L grows;
* `trace_bound`, `learnability`, `samples_to_learn`: what a dimension and an eigenvalue mean for learning;
* `eigenlearning`: learnabilities and errors of all modes together, at any n;
* `cross_dataset`, `copying`: lower bounds for data that are not symmetric; `population_bound`: the first under a law with memory;
* `alignment`: how much of one function the orbit of another always holds;
* `ScalingLaw`: a formula in L with its leading term, its threshold, its standing and its derivation; `dimension_law`, `trace_law`,
  `samples_law`, `learnability_law`, `cross_dataset_law`, `copying_law` make them (they load on first use).
"""

from symkern.bounds.alignment import alignment, alignment_by_irrep
from symkern.bounds.cross_dataset import copying, cross_dataset, cross_dataset_overlap
from symkern.bounds.dimensions import dimension
from symkern.bounds.eigenlearning import Eigenlearning, eigenlearning
from symkern.bounds.eigenlearning_exact import ExactEigenlearning
from symkern.bounds.samples import learnability, samples_to_learn, trace_bound
from symkern.claims.scaling_law import ScalingLaw
from symkern.doors import names
from symkern.exact.asymptotics import Leading, leading, newton_polygon
from symkern.exact.graded import graded_leading

__all__ = [
    "Eigenlearning",
    "ExactEigenlearning",
    "Leading",
    "ScalingLaw",
    "alignment",
    "alignment_by_irrep",
    "alignment_derivation",
    "copying",
    "copying_law",
    "cross_dataset",
    "cross_dataset_law",
    "cross_dataset_overlap",
    "dimension",
    "dimension_law",
    "eigenlearning",
    "graded_leading",
    "leading",
    "learnability",
    "learnability_law",
    "newton_polygon",
    "samples_law",
    "samples_to_learn",
    "trace_bound",
    "trace_law",
]

__getattr__, __dir__ = names("symkern.bounds")
