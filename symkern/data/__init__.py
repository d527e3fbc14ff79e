"""Text and sequences: windows, their symmetrised law, samples of laws, and the degree of permutation symmetry of a text.

    sk.data.symmetry_report("book.txt", lengths=[8, 32])      how symmetric the windows of a text are, with intervals and nulls
    sk.data.law(sk.data.windows("book.txt", 8, vocabulary=4)) the law that says what a kernel learns on them
    sk.data.samples(law, length, n, seed=0)                   sequences drawn from any law

Texts are read from this machine; nothing is downloaded.
"""

from symkern.data.sampling import samples
from symkern.data.shuffling_nulls import ShufflingNulls
from symkern.data.symmetry_estimates import Estimate, LengthSymmetry, Multiplet
from symkern.data.symmetry_report import SymmetryReport, symmetry_report
from symkern.data.text_windows import Windows, law, windows
from symkern.data.third_order import ThirdOrder
from symkern.data.units import Alphabet

__all__ = [
    "Alphabet",
    "Estimate",
    "LengthSymmetry",
    "Multiplet",
    "ShufflingNulls",
    "SymmetryReport",
    "ThirdOrder",
    "Windows",
    "law",
    "samples",
    "symmetry_report",
    "windows",
]
