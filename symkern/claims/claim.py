"""The name under which a statement is proved, with what it is about: data that pickles, copies and compares.

What proves it is registered under that name in `symkern.derivations`, a higher room: so a law knows its proof without holding any code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symkern.exact.written import readable_repr
from symkern.reading.annotated import typed
from symkern.typeset.shown import Shown


@dataclass(frozen=True)
@typed
class Claim(Shown):
    """The statement ``name`` about ``arguments``; `symkern.derivations.derivation` builds its proof.

    >>> Claim("dimension", ((2, 1),))
    Claim('dimension', ((2, 1),))
    """

    name: str
    arguments: tuple[Any, ...] = ()

    def __repr__(self) -> str:
        listed = list(map(readable_repr, self.arguments))
        return f"Claim({self.name!r}, ({', '.join(listed)}{',' * (len(listed) == 1)}))"
