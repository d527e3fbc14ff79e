"""Sectors of a spectrum, their eigenfunctions on sequences, and the energy of a target on each of them.

* `sector`: a pair of irreps with the block there; `realisation`: the functions on sequences in which a block is written;
* `letter_polynomials`, `polarised_functions`, `permutation_functions`: these functions, engine by engine;
* `coordinates`, `ball_vectors`, `spaces`: eigenvectors of a block over Q(symbols), number fields and balls;
* `eigenfunction`: what `Sector.basis` and `Sector.functions` return;
* `marginals`, `projections`, `energies`: projections of a target, without a v^L x v^L matrix.
"""

from symkern.sectors.sector import Sector

__all__ = ["Sector"]
