"""Attention kernels: pipelines, their values, and the laws of tokens that they meet.

    k = embedding(alpha, beta).attention().mean_pool()      a kernel, built stage by stage
    k(x, y);  k.class_function(L);  k.spectrum(length=L, tokens=uniform(v))
    compare(k, "flatten")                                   which of two learns which sector sooner

* `pipeline`, `grammar`, `presets`: kernels as data, their text, and those with a name;
* `stages`, `algebras`: what a pipeline is made of, one file a stage, and what it computes with;
* `gaussian`, `evaluation`: expectations of activations, and exact values;
* `token_arrays`, `kernel_matrices`, `dask_matrices`, `stored_matrices`: matrices on given sequences, as arrays, as Dask arrays, and on disk;
* `function_kernels`: any symmetric kernel, given as a function.

What lives in higher rooms and is asked of kernels all the same (`derive`, `compare`, `Spectrum`, ...) is passed on by `symkern.doors`.
"""

from symkern.characters.fixed_points import fixed_point_power
from symkern.doors import names
from symkern.kernels.algebras.match_counts import KernelPolynomial, kernel_polynomial
from symkern.kernels.function_kernels import FunctionKernel, from_function, from_table
from symkern.kernels.grammar import read_pipeline
from symkern.kernels.pipeline import Kernel, PairKernel, embedding, from_vectors
from symkern.kernels.presets import PRESETS, Preset, preset, read_kernel
from symkern.kernels.pure_attention import tangent_multiple
from symkern.kernels.stored_matrices import matrix_to_zarr
from symkern.tokens import (
    Law,
    categorical,
    distinct,
    exchangeable,
    hidden_markov,
    markov,
    mixture,
    register_law,
    symmetrised,
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
    "from_vectors",
    "hidden_markov",
    "kernel_polynomial",
    "markov",
    "matrix_to_zarr",
    "mixture",
    "preset",
    "read_kernel",
    "read_pipeline",
    "register",
    "register_engine",
    "register_law",
    "symmetrised",
    "tangent_multiple",
    "uniform",
]


__getattr__, __dir__ = names("symkern.kernels")
