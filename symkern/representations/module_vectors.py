"""Vectors of a permutation module: exact values on its basis that are functions of a basis label, too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from symkern.errors import InvalidType, SizeMismatch
from symkern.exact.sparse_residues import IntegerArray
from symkern.exact.sparse_vector import RationalVector
from symkern.limits import current
from symkern.reading.sequences import require_short
from symkern.representations.signed_actions import SignedAction
from symkern.typeset.shown import Shown


def function_values(values: Iterable[Any], argument: str = "f") -> RationalVector:
    """The exact values of a function, those of a Boolean function as 0 and 1.

    >>> list(function_values([True, "1/2", False]))
    [1, 1/2, 0]
    """
    if isinstance(values, RationalVector):
        return values
    require_short(values, argument)
    if isinstance(values, np.ndarray) and values.dtype == bool:
        values = values.astype(np.int64)
    elif isinstance(values, Iterable) and not isinstance(values, (str, np.ndarray)):
        values = [int(v) if isinstance(v, (bool, np.bool_)) else v for v in values]
    return RationalVector.of(values, argument)


class ModuleVector(RationalVector, Shown):
    """A vector of a module: exact values in the order of the basis, and a function of a basis label.

    >>> from symkern.representations import defining
    >>> f = defining(3).vector([1, "1/2", 0])
    >>> f(1), list(f), f.dot(f)
    (1/2, [1, 1/2, 0], 5/4)
    """

    __slots__ = ("module",)

    module: SignedAction

    def __init__(
        self, module: SignedAction, numerators: Iterable[Any], denominator: int = 1
    ) -> None:
        if not hasattr(module, "basis"):
            raise InvalidType("module", "must be a module", module)
        self.module = module
        super().__init__(numerators, denominator)
        if len(self) != module.dimension:
            raise SizeMismatch(
                "numerators", f"must be {module.dimension} numbers", f"they are {len(self)}"
            )

    @classmethod
    def in_module(
        cls, module: SignedAction, numerators: IntegerArray, denominator: int = 1
    ) -> ModuleVector:
        """From numerators of the right number."""
        vector = cls.__new__(cls)
        vector.module = module
        return vector._like(numerators, denominator)

    def _like(self, numerators: IntegerArray, denominator: int) -> ModuleVector:
        vector = super()._like(numerators, denominator)
        vector.module = self.module
        return vector

    def __call__(self, point: Any) -> Any:
        """The value at a basis label; a list or an array is read as a tuple."""
        return self[self.module.index(point)]

    def __reduce__(self) -> tuple[Any, ...]:
        return ModuleVector, (self.module, self.numerators, self.denominator)

    def __repr__(self) -> str:
        if len(self) > current().repr_values:
            return f"<ModuleVector of {self.module!r}>"
        end = "" if self.denominator == 1 else f", {self.denominator}"
        return f"ModuleVector({self.module!r}, {self.numerators.tolist()}{end})"
