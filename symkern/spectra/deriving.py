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
from symkern.exact import exact_expression, exact_size
from symkern.kernels.class_functions import distinct_sectors
from symkern.kernels.evaluation import at_sizes, bind
from symkern.kernels.function_kernels import FunctionKernel
from symkern.kernels.pipeline import MLP, Attention, Kernel, PairKernel
from symkern.kernels.presets import read_kernel
from symkern.spectra.spectrum import Spectrum
from symkern.spectra.trace import mean_diagonal
from symkern.tokens.laws import (
    Categorical,
    Distinct,
    Exchangeable,
    Law,
    Mixture,
    Uniform,
    on_support,
    uniform,
)

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
    if isinstance(tokens, Distinct):
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
    size = exact_size(length, "length")
    # Formulas such as 2 L are refused: "from L = 6 on" would have to be solved for L, sector by sector.
    if isinstance(size, sp.Expr) and size != CONTEXT_LENGTH:
        raise InvalidArgument(
            "length", "must be a positive integer or the symbol L of symkern.abc", f"it is {size}"
        )
    if not isinstance(tokens, (Uniform, Categorical, Mixture, Exchangeable, Distinct)):
        raise InvalidType(
            "tokens",
            "must be a token law: uniform, categorical, mixture, exchangeable or distinct",
            tokens,
        )
    if isinstance(tokens, Distinct) and isinstance(kernel, FunctionKernel):
        raise NoClosedForm(
            f"tokens: the kernel {kernel} is given as a function of letters that may repeat; "
            "its spectra are derived at a given length and vocabulary"
        )
    if isinstance(tokens, Exchangeable) and isinstance(size, int) and tokens.length != size:
        raise SizeMismatch(
            "length, tokens",
            "must have one length",
            f"the length is {size}, that of the counts {tokens.length}",
        )
    return size


def _sized(
    kernel: Kernel | FunctionKernel, length: int | sp.Expr, law: Law
) -> tuple[Kernel | FunctionKernel, Law]:
    """Kernel and law with the sizes in the place of L and v."""
    if isinstance(law, Uniform) and law.vocabulary == CONTEXT_LENGTH:
        law = Uniform(length)
    vocabulary = length if isinstance(law, Distinct) else law.vocabulary
    return at_sizes(kernel, length, vocabulary), law


def estimated_cost(
    kernel: Kernel | FunctionKernel, length: int | sp.Expr, tokens: Law
) -> PolynomialCost | Cost:
    """What `spectrum` will take, by the engine that it chooses; known from the sizes and degrees alone."""
    kernel, tokens = _sized(kernel, length, tokens)
    if isinstance(tokens, Distinct):
        assert isinstance(kernel, Kernel)  # no other has a spectrum on distinct tokens
        return distinct_cost(kernel, length)
    if _polynomial_engine(kernel, length, tokens) is not None:
        assert isinstance(kernel, Kernel)
        assert isinstance(tokens, (Uniform, Categorical, Mixture))
        return polynomial_cost(kernel, length, _occurring(tokens))
    if not isinstance(length, int) or not isinstance(tokens.vocabulary, int):
        raise _only_at_given_sizes(kernel, length, tokens)
    return cost(kernel, length, tokens)


def expected_cost(
    kernel: Kernel | FunctionKernel, length: object, tokens: Law
) -> PolynomialCost | Cost:
    """The same for what users pass, and without a refusal of what is large."""
    size = _read_sizes(kernel, length, tokens)
    try:
        return estimated_cost(kernel, size, tokens)
    except TooLarge:
        known, law = _sized(kernel, size, tokens)
        assert isinstance(known, Kernel)
        assert isinstance(law, (Uniform, Categorical, Mixture))
        return polynomial_cost(known, size, _occurring(law))


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
    if not isinstance(kernel, Kernel) or not _is_polynomial(kernel):
        return None
    if not _is_rational(kernel):  # balls, where sizes and hyperparameters are numbers
        return None
    uniform_tokens = isinstance(tokens, Uniform)
    if not uniform_tokens and not (
        isinstance(tokens, (Categorical, Mixture)) and isinstance(tokens.vocabulary, int)
    ):
        return None
    assert isinstance(tokens, (Uniform, Categorical, Mixture))
    given = isinstance(size, int) and isinstance(tokens.vocabulary, int)
    try:
        found = polynomial_cost(kernel, size, _occurring(tokens))
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
    if isinstance(tokens, Uniform):
        vocabulary = tokens.vocabulary
        return lambda k, n, progress: uniform_sectors(k, n, vocabulary, progress)
    law = tokens
    return lambda k, n, progress: independent_sectors(k, n, law, progress)


def _occurring(law: Uniform | Categorical | Mixture) -> Uniform | Categorical | Mixture:
    """The law on the letters that can occur, as the polynomial engine sees it."""
    return law if isinstance(law, Uniform) else on_support(law)[0]


def _is_polynomial(kernel: Kernel) -> bool:
    """Whether every stage stays in the polynomials in the match counts; nothing is expanded."""
    return not any(
        (isinstance(stage, Attention) and stage.query_key != "independent")
        or (isinstance(stage, MLP) and stage.polynomial is None)
        for stage in kernel.stages
    )


def _is_rational(kernel: Kernel) -> bool:
    """Whether every number in the pipeline is rational: no exp(1), no sqrt(2)."""
    given = [e for stage in kernel.stages for e in vars(stage).values() if isinstance(e, sp.Expr)]
    return all(
        e.is_rational_function(*e.free_symbols)
        and all(number.is_Rational for number in e.atoms(sp.Number, sp.NumberSymbol))
        and not any(power.base.is_number for power in e.atoms(sp.Pow))
        for e in given
    )


def _on_distinct_tokens(kernel: Kernel, size: int | sp.Expr) -> list[Any]:
    if _is_polynomial(kernel):
        distinct_cost(kernel, size).require()
    try:
        return distinct_sectors(kernel, size)
    except NoClosedForm as error:
        if _is_polynomial(kernel):
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
    if isinstance(kernel, Kernel) and _is_polynomial(kernel) and _is_rational(kernel):
        why = f"spectra symbolic in the {what} are derived for independent tokens and their mixtures at a given vocabulary, for uniform and for distinct tokens, not for {tokens!r}"
    elif isinstance(kernel, Kernel) and _is_polynomial(kernel):
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
    new_law = law
    if isinstance(law, Uniform) and law.vocabulary == VOCABULARY:
        new_law = Uniform(sizes.get("vocabulary", law.vocabulary))
    elif "vocabulary" in sizes and sizes["vocabulary"] != new_length:
        raise SizeMismatch(
            "length, vocabulary",
            "must be equal in this spectrum",
            f"they are {new_length} and {sizes['vocabulary']}",
        )
    return spectrum(kernel, new_length, new_law)
