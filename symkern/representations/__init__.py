"""Representations of the symmetric groups: irreducible matrices, permutation modules, projectors, Fourier transform."""

from symkern.representations.change_of_basis import (
    natural_to_orthogonal,
    natural_to_seminormal,
    seminormal_to_natural,
    seminormal_to_orthogonal,
)
from symkern.representations.diagram_forms import DiagramModule, diagram_module
from symkern.representations.diagram_modules import diagram_multiplicities
from symkern.representations.fourier import (
    FourierTransform,
    fourier_transform,
    fourier_transform_float,
    inverse_fourier_transform_float,
)
from symkern.representations.group_algebra import GroupAlgebraElement
from symkern.representations.module_vectors import ModuleVector
from symkern.representations.modules import Module
from symkern.representations.natural import Natural, natural
from symkern.representations.orthogonal import Orthogonal, orthogonal
from symkern.representations.radical_matrix import RadicalMatrix
from symkern.representations.reduced_words import reduced_word
from symkern.representations.seminormal import Seminormal, seminormal
from symkern.representations.shuffles import random_transposition, riffle, total_variation
from symkern.representations.standard_modules import (
    action,
    defining,
    regular,
    subsets,
    tuples,
    words,
    young_module,
)
from symkern.representations.symmetry_adapted import SymmetryAdaptedBasis
from symkern.representations.young_symmetrisers import (
    central_element,
    central_idempotent,
    class_sum,
    column_antisymmetriser,
    jucys_murphy,
    matrix_unit,
    primitive_idempotent,
    row_symmetriser,
    young_symmetriser,
)

__all__ = [
    "DiagramModule",
    "FourierTransform",
    "GroupAlgebraElement",
    "Module",
    "ModuleVector",
    "Natural",
    "Orthogonal",
    "RadicalMatrix",
    "Seminormal",
    "SymmetryAdaptedBasis",
    "action",
    "central_element",
    "central_idempotent",
    "class_sum",
    "column_antisymmetriser",
    "defining",
    "diagram_module",
    "diagram_multiplicities",
    "fourier_transform",
    "fourier_transform_float",
    "inverse_fourier_transform_float",
    "jucys_murphy",
    "matrix_unit",
    "natural",
    "natural_to_orthogonal",
    "natural_to_seminormal",
    "orthogonal",
    "primitive_idempotent",
    "random_transposition",
    "reduced_word",
    "regular",
    "riffle",
    "row_symmetriser",
    "seminormal",
    "seminormal_to_natural",
    "seminormal_to_orthogonal",
    "subsets",
    "total_variation",
    "tuples",
    "words",
    "young_module",
    "young_symmetriser",
]
