"""Representations of the symmetric groups: irreducible matrices, permutation modules, projectors, Fourier transform."""

from symkern.representations.change_of_basis import natural_to_seminormal, seminormal_to_natural
from symkern.representations.modules import Module, ModuleVector
from symkern.representations.natural import Natural, natural
from symkern.representations.orthogonal import Orthogonal, RadicalMatrix, orthogonal
from symkern.representations.reduced_words import reduced_word
from symkern.representations.seminormal import Seminormal, seminormal
from symkern.representations.standard_modules import (
    action,
    defining,
    regular,
    subsets,
    tuples,
    words,
    young_module,
)

__all__ = [
    "Module",
    "ModuleVector",
    "Natural",
    "Orthogonal",
    "RadicalMatrix",
    "Seminormal",
    "action",
    "defining",
    "natural",
    "natural_to_seminormal",
    "orthogonal",
    "reduced_word",
    "regular",
    "seminormal",
    "seminormal_to_natural",
    "subsets",
    "tuples",
    "words",
    "young_module",
]
