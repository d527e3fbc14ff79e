"""A spectrum at other sizes and hyperparameters, derived anew there, and what deriving it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.engines.cost import Cost
from symkern.errors import InvalidArgument, displayed
from symkern.exact import exact_expression
from symkern.exact.asymptotics import sample_point
from symkern.spectra.deriving import expected_cost, substituted, with_values
from symkern.spectra.spectrum import Spectrum
from symkern.tokens import Size

_KEEP: Any = object()  # stands for an argument that is not given


def derivation_cost(spectrum: Spectrum) -> Cost:
    """What deriving this spectrum takes, estimated from sizes and degrees alone, by the engine that derives it."""
    return expected_cost(spectrum.kernel, spectrum.length, spectrum.tokens)


def evaluate(
    spectrum: Spectrum, length: object = _KEEP, vocabulary: object = _KEEP, **parameters: object
) -> Spectrum:
    """The true spectrum at given sizes and hyperparameters, small sizes included.

    It is derived anew there: below a sector's ``valid_for`` the multiplicity space is smaller, and formulas with numbers put in would show
    eigenvalues that do not exist. What is not given stays as it is.

    Args:
        spectrum: the spectrum.
        length: a positive integer in the place of L.
        vocabulary: a positive integer in the place of v, for uniform tokens; other laws have their own.
        **parameters: hyperparameters by name, exact numbers or formulas.

    Raises:
        InvalidArgument: a size that is another number in this spectrum, or an unknown hyperparameter.
        InvalidType: a float.
        TooLarge: what does not fit in memory.

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
        size = Size.read_number(value, name, "to evaluate at")
        if name == "vocabulary" and not spectrum.tokens.is_uniform:
            raise InvalidArgument(name, "is set by the law", f"the tokens are {spectrum.tokens}")
        if not isinstance(current, sp.Expr):
            if current != size:
                raise InvalidArgument(
                    name, f"is {displayed(current)} in this spectrum", f"it is {displayed(size)}"
                )
            continue
        sizes[name] = size
    kernel, law = with_values(
        spectrum.kernel, spectrum.tokens, parameters, ("length", "vocabulary")
    )
    found = substituted(kernel, spectrum.length, law, sizes)
    given = {name: exact_expression(value, name) for name, value in parameters.items()}
    return replace(found, settings=tuple({**dict(spectrum.settings), **given}.items()))


def evaluated(
    spectrum: Spectrum, length: object, vocabulary: object, parameters: Mapping[str, object]
) -> Spectrum:
    """`evaluate` where None stands for a size that is not given; the spectrum itself where nothing is."""
    sizes = {"length": length, "vocabulary": vocabulary}
    given = {name: size for name, size in sizes.items() if size is not None} | dict(parameters)
    return evaluate(spectrum, **given) if given else spectrum


def values_of_choice(spectrum: Spectrum) -> dict[str, Any]:
    """Numbers for what is a symbol, sizes left out, where nobody said which: 1 for hyperparameters, generic ones for probabilities.

    >>> from symkern.kernels import categorical, derive
    >>> values_of_choice(derive("flatten", tokens=categorical(["p", "1-p"])))
    {'alpha': 1, 'beta': 1, 'p': 2/7}
    """
    own = [p for p in spectrum.kernel.parameters if p not in (CONTEXT_LENGTH, VOCABULARY)]
    chances = sample_point(spectrum.tokens.parameters)
    return {**{p.name: 1 for p in own}, **{s.name: value for s, value in chances.items()}}


def symbols_left(spectrum: Spectrum) -> list[str]:
    """The names of the sizes and hyperparameters that are symbols: what `evaluate` would have to be given for numbers.

    >>> from symkern.kernels import derive
    >>> symbols_left(derive("flatten", beta=1))
    ['length', 'vocabulary', 'alpha']
    """
    sizes = {"length": spectrum.length, "vocabulary": spectrum.tokens_symbol or 1}
    left = [name for name, size in sizes.items() if not Size(size).is_number]
    return left + [p.name for p in spectrum.parameters if p not in (CONTEXT_LENGTH, VOCABULARY)]
