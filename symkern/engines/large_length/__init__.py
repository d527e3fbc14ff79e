"""Kernels without a formula in L, for long sequences: eigenvalues as proved series in 1/L.

* `fluctuation_operators`, `jet_block`: letter counts as operators on sectors, and the block of a jet, with L a symbol;
* `certified_block`: which terms of its eigenvalues are the kernel's own;
* `jet_source`, `raising`, `diagonal_series`: the jets of a kernel, of as high an order as the wanted terms take; E k(x, x);
* `engine`, `problem_laws`, `jet_costs`: where it applies, and what it takes; `degree_shares`: of which degree the eigenfunctions are.

The jets themselves are computed by the stages (`symkern.kernels.algebras.jets`), the series of roots in `symkern.exact.branch_series`.
"""
