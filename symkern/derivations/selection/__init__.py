"""Derivations of the closed forms of token selection, by name; each is built when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType

from symkern.claims.derivation import Derivation

__all__ = ["derivations"]

_MODULES = {
    "selection-bound": "first_layer",
    "selection-gap": "gap",
    "selection-reduction": "reduction",
    "selection-loss": "head",
    "selection-late": "late",
    "selection-generalisation": "generalisation",
}


def _provider(module: str) -> Callable[[], Derivation]:
    def build() -> Derivation:
        made: Derivation = import_module(f"{__name__}.{module}").derivation()
        return made

    return build


#: Name -> function without arguments that builds the derivation.
derivations: Mapping[str, Callable[[], Derivation]] = MappingProxyType(
    {name: _provider(module) for name, module in _MODULES.items()}
)
