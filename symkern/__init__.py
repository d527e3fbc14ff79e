"""symkern: exact representation theory of the symmetric group for attention kernels.

    import symkern as sk
    from symkern.abc import L, v, alpha, beta

    sk.character_table(8)
    k = sk.kernels.embedding(alpha, beta).attention().mean_pool()
    k.spectrum(length=L, tokens=sk.kernels.uniform(v))

Names load on first use, so that importing the package costs little more than importing SymPy.
"""

from __future__ import annotations

import typing as _typing
from importlib import import_module as _import_module

from symkern.version import __version__

#: Public name -> module that defines it; a module of that name itself where they agree.
_HOMES = {
    "CharacterPolynomial": "symkern.characters",
    "CharacterTable": "symkern.characters",
    "ClassFunction": "symkern.characters",
    "Derivation": "symkern.derivations",
    "Kernel": "symkern.kernels",
    "Partition": "symkern.combinatorics",
    "Sector": "symkern.kernels",
    "Spectrum": "symkern.kernels",
    "Standing": "symkern.derivations",
    "Step": "symkern.derivations",
    "Verification": "symkern.derivations",
    "SymkernError": "symkern.errors",
    "character": "symkern.characters",
    "character_table": "symkern.characters",
    "derive": "symkern.kernels",
    "kostka": "symkern.characters",
    "kronecker": "symkern.characters",
    "littlewood_richardson": "symkern.characters",
    "partitions": "symkern.combinatorics",
    "reduced_kronecker": "symkern.characters",
}
_ROOMS = (
    "abc",
    "bounds",
    "characters",
    "combinatorics",
    "errors",
    "exact",
    "kernels",
    "plot",
    "representations",
    "strategies",
    "typeset",
)

__all__ = ["__version__", *sorted(_HOMES), *_ROOMS]

if _typing.TYPE_CHECKING:
    from symkern import (
        abc,
        bounds,
        characters,
        combinatorics,
        errors,
        exact,
        kernels,
        plot,
        representations,
        strategies,
        typeset,
    )
    from symkern.characters import (
        CharacterPolynomial,
        CharacterTable,
        ClassFunction,
        character,
        character_table,
        kostka,
        kronecker,
        littlewood_richardson,
        reduced_kronecker,
    )
    from symkern.combinatorics import Partition, partitions
    from symkern.derivations import Derivation, Standing, Step, Verification
    from symkern.errors import SymkernError
    from symkern.kernels import Kernel, Sector, Spectrum, derive


def __getattr__(name: str) -> _typing.Any:
    if name in _HOMES:
        value = getattr(_import_module(_HOMES[name]), name)
    elif name in _ROOMS:
        value = _import_module(f"symkern.{name}")
    else:
        raise AttributeError(f"module 'symkern' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
