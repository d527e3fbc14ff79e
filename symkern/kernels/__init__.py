"""Attention kernels, token laws and spectra.

    k = embedding(alpha, beta).attention().mean_pool()      a kernel, built stage by stage
    k(x, y);  k.class_function(L);  k.spectrum(length=L, tokens=uniform(v))
    compare(k, "flatten")                                   which of two learns which sector sooner

* `pipeline`, `grammar`, `presets`: kernels as data, their text, and those with a name;
* `pair_kernels`, `gaussian`, `evaluation`: the attention algebra and exact values;
* `laws`: how tokens are drawn;
* `class_functions`: spectra on distinct tokens;
* `polynomial_engine`: spectra on uniform tokens, symbolic in L and v;
* `function_kernels`, `general_engine`: any symmetric kernel, at a given length and vocabulary;
* `targets`: the energy of a target per sector (loads on first use);
* `eigenfunctions`: the functions that a block stands for, and the energy of a target on each;
* `sector`, `spectra`: what the engines find, and the spectrum it makes.
"""

from importlib import import_module
from typing import Any

from symkern.characters.fixed_points import fixed_point_power
from symkern.kernels.function_kernels import FunctionKernel, from_function, from_table
from symkern.kernels.grammar import read_pipeline
from symkern.kernels.pair_kernels import KernelPolynomial, kernel_polynomial
from symkern.kernels.pipeline import Kernel, PairKernel, embedding
from symkern.kernels.presets import PRESETS, Preset, preset, read_kernel
from symkern.tokens import (
    Law,
    categorical,
    distinct,
    exchangeable,
    mixture,
    register_law,
    uniform,
)

__all__ = [
    "PRESETS",
    "ComparedSector",
    "Comparison",
    "FunctionKernel",
    "Kernel",
    "KernelPolynomial",
    "Law",
    "PairKernel",
    "Preset",
    "Sector",
    "Spectrum",
    "categorical",
    "compare",
    "derive",
    "distinct",
    "embedding",
    "exchangeable",
    "fixed_point_power",
    "from_function",
    "from_table",
    "kernel_polynomial",
    "mixture",
    "preset",
    "read_kernel",
    "read_pipeline",
    "register_law",
    "uniform",
]


#: What kernels offer and rooms above hold.
_ABOVE = {
    "ComparedSector": "symkern.learning.comparison",
    "Comparison": "symkern.learning.comparison",
    "Sector": "symkern.sectors.sector",
    "Spectrum": "symkern.spectra.spectrum",
    "compare": "symkern.learning.comparison",
    "derive": "symkern.spectra.deriving",
    "register_engine": "symkern.engines.registry",
}


def __getattr__(name: str) -> Any:
    if name == "targets":
        return import_module("symkern.targets")
    if name in _ABOVE:
        return getattr(import_module(_ABOVE[name]), name)
    raise AttributeError(f"module 'symkern.kernels' has no attribute {name!r}")
