"""The two sides of a derivation's step as functions of those sizes of a spectrum that are symbols."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY

if TYPE_CHECKING:
    from symkern.spectra.spectrum import Spectrum

__all__ = ["of_symbolic_sizes"]


def of_symbolic_sizes(
    spectrum: Spectrum, sides: Callable[[int, int], Any], names: Iterable[str]
) -> Callable[..., Any]:
    """``sides(length, vocabulary)`` as a function of L, of v, of both or of none, by the ``names`` of a step's sizes.

    >>> from symkern.kernels import derive, uniform
    >>> of_symbolic_sizes(derive("flatten", tokens=uniform(3)), lambda n, v: (n, v), ["L"])(L=7)
    (7, 3)
    """

    def at(length: int | None = None, letters: int | None = None) -> Any:
        values = {CONTEXT_LENGTH: length, VOCABULARY: letters}
        known = {symbol: n for symbol, n in values.items() if n is not None}
        size, count = (
            int(e.subs(known)) if isinstance(e, sp.Expr) else int(e)
            for e in (spectrum.length, spectrum.vocabulary)
        )
        return sides(size, count)

    asked = tuple(names)
    if asked == ("L", "v"):
        return lambda L, v: at(L, v)
    if asked == ("L",):
        return lambda L: at(L)
    if asked == ("v",):
        return lambda v: at(None, v)
    return lambda: at()
