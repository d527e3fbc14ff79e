"""Spectra on distinct tokens: class functions of S_L, symbolic in L.

* `class_functions`: the kernel as a class function, and its eigenvalues;
* `functions`: functions on permutations, and projections there;
* `engine`: what the list of engines knows of it.
"""
