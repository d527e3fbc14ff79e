"""Characters of the symmetric groups: values, tables, class functions, character polynomials."""

from symkern.characters.murnaghan_nakayama import character
from symkern.characters.table import CharacterTable, character_table

__all__ = ["CharacterTable", "character", "character_table"]
