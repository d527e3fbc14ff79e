"""Eigenfunctions of a kernel as functions on sequences, and the energy of a target on each of them.

* `realisation`: what a sector remembers: the functions on sequences in which its block is written;
* `letter_polynomials`, `polarised_functions`, `permutation_functions`: these functions, engine by engine;
* `coordinates`, `ball_vectors`, `spaces`: eigenvectors of a block over Q(symbols), number fields and balls;
* `eigenfunction`: what `Sector.basis` and `Sector.functions` return;
* `marginals`, `projections`, `energies`: projections of a target, without a v^L x v^L matrix.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symkern.sectors.eigenfunction import Eigenfunction, SectorFunction

__all__ = ["Eigenfunction", "SectorFunction"]


def __getattr__(name: str) -> Any:
    # The engines import `realisation` from here, and the eigenfunctions import the engines.
    if name in __all__:
        from symkern.sectors import eigenfunction

        return getattr(eigenfunction, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
