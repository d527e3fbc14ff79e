"""Representations of the symmetric groups: irreducible matrices, permutation modules, projectors, Fourier transform."""

from symkern.representations.change_of_basis import (
    natural_to_orthogonal,
    natural_to_seminormal,
    seminormal_to_natural,
    seminormal_to_orthogonal,
)
from symkern.representations.fourier import (
    FourierTransform,
    fourier_transform,
    fourier_transform_float,
    inverse_fourier_transform_float,
)
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

__all__ = [
    "FourierTransform",
    "Module",
    "ModuleVector",
    "Natural",
    "Orthogonal",
    "RadicalMatrix",
    "Seminormal",
    "SymmetryAdaptedBasis",
    "action",
    "defining",
    "fourier_transform",
    "fourier_transform_float",
    "inverse_fourier_transform_float",
    "natural",
    "natural_to_orthogonal",
    "natural_to_seminormal",
    "orthogonal",
    "random_transposition",
    "reduced_word",
    "regular",
    "riffle",
    "seminormal",
    "seminormal_to_natural",
    "seminormal_to_orthogonal",
    "subsets",
    "total_variation",
    "tuples",
    "words",
    "young_module",
]
