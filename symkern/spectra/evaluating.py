"""A spectrum at other sizes and hyperparameters, derived anew there, and what deriving it takes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sympy as sp

from symkern.engines.match_counts.cost import PolynomialCost
from symkern.engines.tables import Cost
from symkern.errors import InvalidArgument
from symkern.exact import exact_expression, exact_size
from symkern.kernels.evaluation import bind
from symkern.spectra.deriving import estimated_cost, substituted
from symkern.spectra.spectrum import Spectrum
from symkern.tokens.laws import Uniform

__all__ = ["derivation_cost", "evaluate"]

_KEEP: Any = object()  # stands for an argument that is not given


def derivation_cost(spectrum: Spectrum) -> Cost | PolynomialCost:
    """What deriving this spectrum takes, estimated from sizes and degrees alone, by the engine that derives it."""
    return estimated_cost(spectrum.kernel, spectrum.length, spectrum.tokens)


def evaluate(
    spectrum: Spectrum, length: object = _KEEP, vocabulary: object = _KEEP, **parameters: object
) -> Spectrum:
    """The true spectrum at given sizes and hyperparameters, small sizes included.

    It is derived anew there: below a sector's ``valid_for`` the multiplicity space is smaller, and formulas with numbers put in would show
    eigenvalues that do not exist. What is not given stays as it is.

    >>> from symkern.abc import L, v
    >>> from symkern.kernels import embedding, uniform
    >>> spec = embedding(1, 1).flatten().spectrum(length=L, tokens=uniform(v))
    >>> [t.eigenvalues for t in spec.evaluate(length=1, vocabulary=2).sectors]
    [(3/2,), (1/2,)]
    """
    sizes: dict[str, int] = {}
    for name, value, current in (
        ("length", length, spectrum.length),
        ("vocabulary", vocabulary, spectrum.vocabulary),
    ):
        if value is _KEEP:
            continue
        size = exact_size(value, name)
        if not isinstance(size, int):
            raise InvalidArgument(name, "must be a number to evaluate at", f"it is {size}")
        if name == "vocabulary" and not isinstance(spectrum.tokens, Uniform):
            raise InvalidArgument(name, "is set by the law", f"the tokens are {spectrum.tokens}")
        if not isinstance(current, sp.Expr):
            if current != size:
                raise InvalidArgument(name, f"is {current} in this spectrum", f"it is {size}")
            continue
        sizes[name] = size
    found = substituted(bind(spectrum.kernel, parameters), spectrum.length, spectrum.tokens, sizes)
    given = {name: exact_expression(value, name) for name, value in parameters.items()}
    return replace(found, settings=tuple({**dict(spectrum.settings), **given}.items()))
