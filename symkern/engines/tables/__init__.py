"""Spectra of any symmetric kernel at a given length and vocabulary, under any exchangeable law.

* `tables`: contingency tables by their row sums, and polarisations of functions of them;
* `polarisations`: bases of the representations of GL_v, Gram matrices, and the entries of a kernel;
* `position_types`, `kernel_values`: values of a pipeline on all tables, exact or with one proven radius;
* `relabelling`: the irreps of S_v inside a multiplicity space;
* `couplings`: which irreps and ranks a pipeline can have, by its form;
* `sectors`, `diagonal`, `cost`: all sectors, the mean of k(x, x), and what they take.
"""
