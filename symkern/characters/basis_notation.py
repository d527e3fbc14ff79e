"""The bases of the symmetric functions as one writes with them: ``s[2, 1] + 2*h[3]``."""

from __future__ import annotations

from typing import Any

from symkern.characters.symmetric_bases import read_basis
from symkern.characters.symmetric_function import SymmetricFunction
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.errors import InvalidType
from symkern.typeset.shown import Shown


class Basis(Shown):
    """A basis of the symmetric functions by its name; ``s[2, 1]`` is an element, ``s(f)`` writes one in it.

    >>> s, p = Basis("s"), Basis("p")
    >>> s[2, 1] + s[()], s(p[2]), s["3,1"]
    (s[2,1] + s[()], s[2] - s[1,1], s[3,1])
    """

    __slots__ = ("name",)

    name: str

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "name", read_basis(name))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a basis does not change, and has no {name} to set")

    def __setitem__(self, parts: object, value: object) -> None:
        raise InvalidType(
            "value", f"must not be set: {self.name}[...] is an element as it is", value
        )

    def __getitem__(self, parts: int | PartitionLike) -> SymmetricFunction:
        label = (parts,) if hasattr(parts, "__index__") and not hasattr(parts, "__len__") else parts
        return SymmetricFunction.trusted(self.name, {Partition.read(label, "parts"): 1})

    def __call__(self, f: SymmetricFunction) -> SymmetricFunction:
        """The same function, written in this basis."""
        if not isinstance(f, SymmetricFunction):
            raise InvalidType("f", "must be a SymmetricFunction", f)
        return f.to(self.name)

    def __eq__(self, other: object) -> bool:
        return self.name == other.name if isinstance(other, Basis) else NotImplemented

    def __hash__(self) -> int:
        return hash((Basis, self.name))

    def __reduce__(self) -> tuple[Any, ...]:
        return Basis, (self.name,)

    def __repr__(self) -> str:
        return f"Basis({self.name!r})"
