"""Characters of the symmetric groups: values, tables, class functions, character polynomials."""

from symkern.characters.character_polynomial import CharacterPolynomial
from symkern.characters.class_function import ClassFunction
from symkern.characters.murnaghan_nakayama import character
from symkern.characters.stable_decomposition import StableDecomposition
from symkern.characters.table import CharacterTable, character_table

__all__ = [
    "CharacterPolynomial",
    "CharacterTable",
    "ClassFunction",
    "StableDecomposition",
    "character",
    "character_table",
]
