"""Kernels of finitely many features on two letters, at any length: eigenvalues in balls by sums over some sqrt(L) numbers.

* `two_letter_features`: the blocks, and E k(x, x);
* `largest_values`: a bound for the kernel;
* `engine`: where it applies, and what it takes.
"""
