"""Derivations of the closed forms of token selection, by name; each is built when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from symkern.claims import Claim, Derivation
from symkern.derivations import derivation

__all__ = ["derivations", "fully_connected_derivation", "loss_derivation", "reduction_derivation"]

_CLAIMS = {
    "selection-bound": "narrow first layer",
    "selection-gap": "symmetry gap",
    "selection-reduction": "reduction of an attention head",
    "selection-loss": "loss of an attention head",
    "selection-late": "late times of an attention head",
    "selection-generalisation": "attention head at another length",
    "selection-codes": "head with random codes",
    "selection-fixed-codes": "head with fixed codes",
    "selection-heads": "several heads",
    "selection-ordered": "ordered selection",
    "selection-positions": "one-hot codes at new positions",
}

#: Name -> function without arguments that builds the derivation.
derivations: Mapping[str, Callable[[], Derivation]] = MappingProxyType(
    {name: partial(derivation, Claim(claim)) for name, claim in _CLAIMS.items()}
)


def fully_connected_derivation() -> Derivation:
    """How the bound follows from the two eigenvalues of the subset moment; every step checks itself.

    >>> bool(fully_connected_derivation().check(T=[3], d=[2], q=[2], m=[1, 3]))
    True
    """
    return derivations["selection-bound"]()


def reduction_derivation() -> Derivation:
    """Why the flow of W and V is the flow of two numbers; every step checks itself."""
    return derivations["selection-reduction"]()


def loss_derivation() -> Derivation:
    """How the loss, its gradient and the best c follow; every step checks itself."""
    return derivations["selection-loss"]()
