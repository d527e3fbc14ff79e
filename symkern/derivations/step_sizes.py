"""The two sides of a derivation's step as functions of those sizes of a spectrum that are symbols."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from inspect import Parameter, Signature
from typing import Any

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.exact.exact_arguments import sympified
from symkern.spectra.spectrum import Spectrum


@dataclass(frozen=True)
class SymbolicSizes:
    """``sides(length, vocabulary)`` as a function of L, of v, of both or of none, by the ``names`` of a step's sizes.

    >>> from symkern.kernels import derive, uniform
    >>> SymbolicSizes(derive("flatten", tokens=uniform(3)), lambda n, v: (n, v), ("L",))(L=7)
    (7, 3)
    """

    spectrum: Spectrum
    sides: Callable[[int, int], Any]
    names: tuple[str, ...]

    @property
    def __signature__(self) -> Signature:
        """The names as parameters, which is where a step finds its sizes."""
        return Signature([Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in self.names])

    def __call__(self, **sizes: int) -> Any:
        """Both sides at sizes given by name."""
        symbols = {"L": CONTEXT_LENGTH, "v": VOCABULARY}
        known = {symbols[name]: size for name, size in sizes.items()}
        sizes_here = (self.spectrum.length, self.spectrum.vocabulary)
        return self.sides(*(int(sympified(e).subs(known)) for e in sizes_here))
