"""Kernels of finitely many features, at any length: eigenvalues in balls by sums over the numbers of letters near their means.

* `two_letter_features`: on two letters, by values of the kernel on some sqrt(L) numbers; the blocks, and E k(x, x);
* `sequence_features`, `feature_sectors`: on any letters, by the features themselves, those behind layer normalisation among them;
* `largest_values`: a bound for the kernel;
* `engine`: where it applies, and what it takes.
"""
