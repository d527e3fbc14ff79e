"""From a kernel and a token law to its spectrum: which engine applies, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.errors import InvalidType, NoClosedForm
from symkern.exact import exact_expression, exact_size
from symkern.kernels.class_functions import distinct_sectors
from symkern.kernels.evaluation import bind
from symkern.kernels.laws import Categorical, Distinct, Law, Mixture, Uniform, uniform
from symkern.kernels.pipeline import Kernel, PairKernel
from symkern.kernels.polynomial_engine import uniform_sectors
from symkern.kernels.presets import read_kernel
from symkern.kernels.spectrum import Spectrum
from symkern.kernels.trace import mean_diagonal

__all__ = ["derive", "spectrum"]


Progress = Callable[[list[Any]], Iterable[Any]]


def derive(
    kernel: str | Kernel = "linear-attention",
    length: object = CONTEXT_LENGTH,
    tokens: Law | None = None,
    **parameters: object,
) -> Spectrum:
    """The spectrum of a preset, a pipeline's text or a kernel; uniform tokens with L and v symbolic unless said otherwise.

    Hyperparameters are given by name, ``derive("linear-attention", alpha=1)``.

    >>> derive("bag-of-tokens").sectors[1].eigenvalues
    (alpha/(L*v),)
    """
    chosen = read_kernel(kernel) if isinstance(kernel, str) else kernel
    law = uniform(VOCABULARY) if tokens is None else tokens
    return derived(chosen, length, law, parameters)


def derived(
    kernel: Kernel,
    length: object,
    law: Law,
    parameters: Mapping[str, object],
    progress: Progress = iter,
) -> Spectrum:
    """`spectrum` with hyperparameters given by name, which the result remembers."""
    _complete(kernel)
    found = spectrum(bind(kernel, parameters), length, law, progress)
    settings = tuple((name, exact_expression(value, name)) for name, value in parameters.items())
    return replace(found, settings=settings)


def _complete(kernel: object) -> None:
    """Refuse what is no kernel, and a pipeline without its readout."""
    if isinstance(kernel, PairKernel):
        kernel.spectrum()
    if not isinstance(kernel, Kernel):
        raise InvalidType("kernel", "must be a kernel", kernel)


def spectrum(kernel: Kernel, length: object, tokens: Law, progress: Progress = iter) -> Spectrum:
    """Exact spectrum of ``kernel`` on sequences of ``length`` tokens from the law ``tokens``.

    ``length`` and the vocabulary of the law are positive ints or symbols, in any combination. Raises `NoClosedForm` for
    kernels and laws that have no formula here, with what exists instead. ``progress`` wraps the list of sectors to visit.
    """
    _complete(kernel)
    size = exact_size(length, "length")
    if not isinstance(tokens, (Uniform, Categorical, Mixture, Distinct)):
        raise InvalidType(
            "tokens", "must be a token law: uniform, categorical, mixture or distinct", tokens
        )
    if isinstance(tokens, (Categorical, Mixture)):
        raise NoClosedForm(
            f"tokens: spectra are derived for uniform and distinct tokens, not for {tokens!r}; "
            "values k(x, y) exist for all sequences"
        )
    if isinstance(tokens, Distinct):
        sectors = distinct_sectors(kernel, size)
    else:
        sectors = uniform_sectors(kernel, size, tokens.vocabulary, progress)
    return Spectrum(kernel, size, tokens, tuple(sectors), mean_diagonal(kernel, size, tokens))


def substituted(kernel: Kernel, length: int | sp.Expr, law: Law, sizes: dict[str, int]) -> Spectrum:
    """The spectrum of the same kernel with L and v, wherever they stand, replaced by numbers."""
    values = {}
    if isinstance(length, sp.Expr) and "length" in sizes:
        values[CONTEXT_LENGTH] = sizes["length"]
    if isinstance(law, Uniform) and isinstance(law.vocabulary, sp.Expr) and "vocabulary" in sizes:
        values[VOCABULARY] = sizes["vocabulary"]
    bound = kernel.substitute({t: n for t, n in values.items() if t in kernel.parameters})
    new_length = length.subs(values) if isinstance(length, sp.Expr) else length
    new_law = law
    if isinstance(law, Uniform) and isinstance(law.vocabulary, sp.Expr):
        new_law = Uniform(exact_size(law.vocabulary.subs(values), "vocabulary"))
    return spectrum(bound, new_length, new_law)
