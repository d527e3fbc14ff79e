"""Characters of the symmetric groups: values, tables, class functions, products, character polynomials."""

from symkern.characters.character_polynomial import CharacterPolynomial
from symkern.characters.class_constants import class_constant, class_product
from symkern.characters.class_function import ClassFunction
from symkern.characters.columns import Columns
from symkern.characters.full_table import CharacterTable, character_table, iter_columns
from symkern.characters.kostka_numbers import KostkaMatrix, kostka, kostka_matrix
from symkern.characters.kronecker_products import (
    kronecker,
    kronecker_coefficient,
    reduced_kronecker,
    reduced_kronecker_coefficient,
)
from symkern.characters.littlewood_richardson_rule import (
    littlewood_richardson,
    littlewood_richardson_coefficient,
    skew_schur,
)
from symkern.characters.murnaghan_nakayama import character
from symkern.characters.powers import power_type
from symkern.characters.stable_decomposition import StableDecomposition
from symkern.characters.table_store import StoredTable
from symkern.characters.table_writing import write_table
from symkern.characters.young_subgroups import YoungClassFunction

__all__ = [
    "CharacterPolynomial",
    "CharacterTable",
    "ClassFunction",
    "Columns",
    "KostkaMatrix",
    "StableDecomposition",
    "StoredTable",
    "YoungClassFunction",
    "character",
    "character_table",
    "class_constant",
    "class_product",
    "iter_columns",
    "kostka",
    "kostka_matrix",
    "kronecker",
    "kronecker_coefficient",
    "littlewood_richardson",
    "littlewood_richardson_coefficient",
    "power_type",
    "reduced_kronecker",
    "reduced_kronecker_coefficient",
    "skew_schur",
    "write_table",
]
