"""Characters of the symmetric groups: values, tables, class functions, products, character polynomials, symmetric functions."""

from symkern.characters.alternating_groups import AlternatingTable, alternating_table
from symkern.characters.basis_notation import Basis
from symkern.characters.batches import values
from symkern.characters.character_polynomial import CharacterPolynomial
from symkern.characters.class_constants import class_constant, class_product
from symkern.characters.class_function import ClassFunction
from symkern.characters.columns import Columns
from symkern.characters.even_signed_permutations import (
    DemihyperoctahedralTable,
    demihyperoctahedral_table,
)
from symkern.characters.full_table import CharacterTable, character_table, iter_columns
from symkern.characters.hyperoctahedral_restriction import (
    hyperoctahedral_induction,
    hyperoctahedral_restriction,
)
from symkern.characters.kostka_foulkes import hall_littlewood, kostka_foulkes
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
from symkern.characters.plethysms import plethysm
from symkern.characters.powers import power_type
from symkern.characters.stable_decomposition import StableDecomposition
from symkern.characters.stretched_coefficients import (
    StretchedCoefficient,
    stretched_kronecker,
    stretched_littlewood_richardson,
)
from symkern.characters.symmetric_function import SymmetricFunction
from symkern.characters.table_store import StoredTable
from symkern.characters.table_writing import write_table
from symkern.characters.wreath_products import (
    WreathTable,
    hyperoctahedral_table,
    signed_cycle_type,
    wreath_table,
)
from symkern.characters.young_subgroups import YoungClassFunction

#: The bases of the symmetric functions: ``s[2, 1]`` is an element, ``s(f)`` writes one in it.
s, h, e, p, m, st = map(Basis, ("s", "h", "e", "p", "m", "st"))

__all__ = [
    "AlternatingTable",
    "Basis",
    "CharacterPolynomial",
    "CharacterTable",
    "ClassFunction",
    "Columns",
    "DemihyperoctahedralTable",
    "KostkaMatrix",
    "StableDecomposition",
    "StoredTable",
    "StretchedCoefficient",
    "SymmetricFunction",
    "WreathTable",
    "YoungClassFunction",
    "alternating_table",
    "character",
    "character_table",
    "class_constant",
    "class_product",
    "demihyperoctahedral_table",
    "e",
    "h",
    "hall_littlewood",
    "hyperoctahedral_induction",
    "hyperoctahedral_restriction",
    "hyperoctahedral_table",
    "iter_columns",
    "kostka",
    "kostka_foulkes",
    "kostka_matrix",
    "kronecker",
    "kronecker_coefficient",
    "littlewood_richardson",
    "littlewood_richardson_coefficient",
    "m",
    "p",
    "plethysm",
    "power_type",
    "reduced_kronecker",
    "reduced_kronecker_coefficient",
    "s",
    "signed_cycle_type",
    "skew_schur",
    "st",
    "stretched_kronecker",
    "stretched_littlewood_richardson",
    "values",
    "wreath_table",
    "write_table",
]
