"""From a kernel and a token law to its spectrum: which engine applies, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.engines.match_counts import independent_sectors, uniform_sectors
from symkern.engines.match_counts.cost import PolynomialCost, distinct_cost, polynomial_cost
from symkern.engines.tables import Cost, cost, general_mean_diagonal, general_sectors
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm, SizeMismatch, TooLarge
from symkern.exact import exact_expression
from symkern.kernels.class_functions import distinct_sectors
from symkern.kernels.evaluation import at_sizes, bind
from symkern.kernels.function_kernels import FunctionKernel
from symkern.kernels.pipeline import Kernel, PairKernel
from symkern.kernels.presets import read_kernel
from symkern.spectra.spectrum import Spectrum
from symkern.spectra.trace import mean_diagonal
from symkern.tokens import Law, Size, require_law, uniform

__all__ = ["derive", "estimated_cost", "expected_cost", "spectrum"]


Progress = Callable[[list[Any]], Iterable[Any]]


def derive(
    kernel: str | Kernel = "linear-attention",
    length: object = CONTEXT_LENGTH,
    tokens: Law | None = None,
    vocabulary: object = None,
    **parameters: object,
) -> Spectrum:
    """The spectrum of a preset, a pipeline's text or a kernel; uniform tokens with L and v symbolic unless said otherwise.

    ``vocabulary`` is that of uniform tokens. Hyperparameters are given by name, ``derive("linear-attention", alpha=1)``.

    >>> derive("bag-of-tokens").sectors[1].eigenvalues, derive("bag-of-tokens", vocabulary=2).sectors[1].eigenvalues
    ((alpha/(L*v),), (alpha/(2*L),))
    """
    chosen = read_kernel(kernel) if isinstance(kernel, str) else kernel
    if tokens is not None and vocabulary is not None:
        raise InvalidArgument("vocabulary", "is that of uniform tokens", f"the tokens are {tokens}")
    law = uniform(VOCABULARY if vocabulary is None else vocabulary) if tokens is None else tokens
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
    if not isinstance(kernel, (Kernel, FunctionKernel)):
        raise InvalidType("kernel", "must be a kernel", kernel)


def spectrum(
    kernel: Kernel | FunctionKernel, length: object, tokens: Law, progress: Progress = iter
) -> Spectrum:
    """Exact spectrum of ``kernel`` on sequences of ``length`` tokens from the law ``tokens``.

    ``length`` and the vocabulary of the law are positive ints or the symbols L and v, in any combination, for kernels that
    are polynomials in the match counts; both are ints for every other kernel. Where L or v stand in a hyperparameter they are
    these sizes (v = L where all tokens are distinct). Raises `NoClosedForm` for what has no
    formula here, with what exists instead. ``progress`` wraps the list of sectors to visit.
    """
    size = _read_sizes(kernel, length, tokens)
    kernel, tokens = _sized(kernel, size, tokens)
    if not tokens.letters_repeat:
        assert isinstance(kernel, Kernel)
        sectors = _on_distinct_tokens(kernel, size)
        return Spectrum(kernel, size, tokens, tuple(sectors), mean_diagonal(kernel, size, tokens))
    engine = _polynomial_engine(kernel, size, tokens)
    if engine is not None:
        assert isinstance(kernel, Kernel)
        sectors = engine(kernel, size, progress)
        return Spectrum(kernel, size, tokens, tuple(sectors), mean_diagonal(kernel, size, tokens))
    if not isinstance(size, int) or not isinstance(tokens.vocabulary, int):
        raise _only_at_given_sizes(kernel, size, tokens)
    found = general_sectors(kernel, size, tokens, progress)
    return Spectrum(kernel, size, tokens, tuple(found), general_mean_diagonal(kernel, size, tokens))


def _read_sizes(kernel: Kernel | FunctionKernel, length: object, tokens: Law) -> int | sp.Expr:
    """The length, once kernel, length and law are known to go together."""
    _complete(kernel)
    size = Size.read(length, "length").value
    if not require_law(tokens).letters_repeat and isinstance(kernel, FunctionKernel):
        raise NoClosedForm(
            f"tokens: the kernel {kernel} is given as a function of letters that may repeat; "
            "its spectra are derived at a given length and vocabulary"
        )
    tokens.require_length(size)
    return size


def _sized(
    kernel: Kernel | FunctionKernel, length: int | sp.Expr, law: Law
) -> tuple[Kernel | FunctionKernel, Law]:
    """Kernel and law with the sizes in the place of L and v."""
    law = law.at_sizes(length)
    vocabulary = law.vocabulary_at(length)
    sized = at_sizes(kernel, length, vocabulary)
    if isinstance(sized, Kernel):
        sized.require_sizes(length, vocabulary)
    return sized, law


def estimated_cost(
    kernel: Kernel | FunctionKernel, length: int | sp.Expr, tokens: Law
) -> PolynomialCost | Cost:
    """What `spectrum` will take, by the engine that it chooses; known from the sizes and degrees alone."""
    kernel, tokens = _sized(kernel, length, tokens)
    if not tokens.letters_repeat:
        assert isinstance(kernel, Kernel)  # no other has a spectrum on distinct tokens
        return distinct_cost(kernel, length)
    if _polynomial_engine(kernel, length, tokens) is not None:
        assert isinstance(kernel, Kernel)
        return polynomial_cost(kernel, length, tokens.occurring()[0])
    if not isinstance(length, int) or not isinstance(tokens.vocabulary, int):
        raise _only_at_given_sizes(kernel, length, tokens)
    return cost(kernel, length, tokens)


def expected_cost(
    kernel: Kernel | FunctionKernel, length: object, tokens: Law
) -> PolynomialCost | Cost:
    """What `spectrum` will take, estimated before anything is built; nothing is refused here that is only large.

    >>> from symkern.kernels import embedding
    >>> softmax = embedding(1, 1).attention("tied", "softmax").mean_pool()
    >>> softmax.cost(14, uniform(3)).tables
    319770
    """
    size = _read_sizes(kernel, length, tokens)
    try:
        return estimated_cost(kernel, size, tokens)
    except TooLarge:
        known, law = _sized(kernel, size, tokens)
        assert isinstance(known, Kernel)
        return polynomial_cost(known, size, law.occurring()[0])


#: Seconds of estimated work from which numbers, without a symbol left, go to the general engine.
_PATIENCE = 20

#: So go kernels above this degree where there are few contingency tables: a handful of numbers against polynomials of high degree.
_DEGREE, _FEW_TABLES = 8, 500

Engine = Callable[[Kernel, "int | sp.Expr", Progress], list[Any]]


def _polynomial_engine(
    kernel: Kernel | FunctionKernel, size: int | sp.Expr, tokens: Law
) -> Engine | None:
    """The symbolic engine for the kernel under the law; None where it does not apply.

    Raises `TooLarge` where it would outgrow memory or patience. At a given length and vocabulary that decides for the general
    engine instead, which does not mind high degrees; and so do long work and high degrees where no hyperparameter is a symbol.
    """
    if not isinstance(kernel, Kernel) or not kernel.is_polynomial:
        return None
    if not kernel.is_rational:  # balls, where sizes and hyperparameters are numbers
        return None
    if tokens.components() is None:
        return None
    if not tokens.is_uniform and not isinstance(tokens.vocabulary, int):
        return None
    given = isinstance(size, int) and isinstance(tokens.vocabulary, int)
    try:
        found = polynomial_cost(kernel, size, tokens.occurring()[0])
        found.require()
    except TooLarge:
        if given:
            return None
        raise
    if given and not kernel.parameters:
        if found.seconds > _PATIENCE:
            return None
        if found.degree > _DEGREE and cost(kernel, size, tokens).tables <= _FEW_TABLES:
            return None
    if tokens.is_uniform:
        vocabulary = tokens.vocabulary
        return lambda k, n, progress: uniform_sectors(k, n, vocabulary, progress)
    law = tokens
    return lambda k, n, progress: independent_sectors(k, n, law, progress)


def _on_distinct_tokens(kernel: Kernel, size: int | sp.Expr) -> list[Any]:
    if kernel.is_polynomial:
        distinct_cost(kernel, size).require()
    try:
        return distinct_sectors(kernel, size)
    except NoClosedForm as error:
        if kernel.is_polynomial:
            raise
        length = size if isinstance(size, int) else 4
        counts = f"({', '.join('1' * length)}{',' * (length == 1)})"
        raise NoClosedForm(
            f"{error}; at a given length it is a kernel on {length} letters that all occur, tokens=exchangeable({{{counts}: 1}})"
        ) from None


def _only_at_given_sizes(
    kernel: Kernel | FunctionKernel, size: int | sp.Expr, tokens: Law
) -> NoClosedForm:
    what = "length" if not isinstance(size, int) else "vocabulary"
    if kernel.is_polynomial and kernel.is_rational:
        why = f"spectra symbolic in the {what} are derived for independent tokens and their mixtures at a given vocabulary, for uniform and for distinct tokens, not for {tokens!r}"
    elif kernel.is_polynomial:
        why = f"the kernel {kernel} has numbers that are not rational and no formula symbolic in the {what}"
    else:
        why = f"the kernel {kernel} is no polynomial in the match counts and has no formula symbolic in the {what}"
    values = "".join(f", {p.name}=1" for p in kernel.parameters)
    return NoClosedForm(
        f"{what}: {why}; it is exact at a given length and vocabulary, for example length=16, "
        f"tokens=uniform(2){values}"
    )


def substituted(
    kernel: Kernel | FunctionKernel, length: int | sp.Expr, law: Law, sizes: dict[str, int]
) -> Spectrum:
    """The spectrum of the same kernel with L and v, wherever they stand, replaced by numbers."""
    new_length = sizes.get("length", length)
    new_law = law.at_sizes(vocabulary=sizes.get("vocabulary"))
    if new_law is law and sizes.get("vocabulary", new_length) != new_length:
        raise SizeMismatch(
            "length, vocabulary",
            "must be equal in this spectrum",
            f"they are {new_length} and {sizes['vocabulary']}",
        )
    return spectrum(kernel, new_length, new_law)
