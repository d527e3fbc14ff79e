"""From a kernel and a token law to its spectrum: arguments are read, the cheapest engine solves, and what none solves is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, TypeVar

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.combinatorics import Partition
from symkern.engines.cost import Cost
from symkern.engines.engine import Engine, Progress
from symkern.engines.problem import Problem
from symkern.engines.registry import cheapest
from symkern.engines.tables.engine import Tables
from symkern.errors import (
    Advice,
    InvalidArgument,
    InvalidType,
    NoClosedForm,
    SizeMismatch,
    TooLarge,
    displayed,
)
from symkern.exact import exact_expression
from symkern.kernels.algebras.match_counts import kernel_polynomial
from symkern.kernels.evaluation import bind
from symkern.kernels.function_kernels import FunctionKernel
from symkern.kernels.pipeline import Kernel, PairKernel
from symkern.kernels.presets import read_kernel
from symkern.limits import current
from symkern.reading.integers import read_integer
from symkern.sectors.sector import Sector
from symkern.spectra.spectrum import Spectrum
from symkern.tokens import HiddenMarkov, Law, Size, require_law
from symkern.tokens.symmetrised import shuffled
from symkern.tokens.uniform import uniform

Bindable = TypeVar("Bindable", bound=Kernel | FunctionKernel)


def derive(
    kernel: str | Kernel = "linear-attention",
    length: object = CONTEXT_LENGTH,
    tokens: Law | HiddenMarkov | None = None,
    vocabulary: object = None,
    terms: int = 2,
    down_to: object = None,
    **parameters: object,
) -> Spectrum:
    """The spectrum of a preset, a pipeline's text or a kernel; uniform tokens with L and v symbolic unless said otherwise.

    Args:
        kernel: a preset's name, the text of a pipeline, or a kernel.
        length: the number L of positions, a positive integer, or the symbol L.
        tokens: a law of `symkern.tokens`; uniform tokens where nothing is said.
        vocabulary: the number of letters of uniform tokens, a positive integer or v; where nothing is said v, or that of a given covariance of
            letters.
        terms: for a kernel without a formula, how many terms of its series in 1/L; see `spectrum`.
        down_to: for such a kernel, the power of 1/L down to which every eigenvalue is wanted; see `spectrum`.
        **parameters: hyperparameters by name, exact numbers or formulas: ``alpha=1``, ``beta="1/2"``. Those that are not given stay symbols.

    Returns:
        The `Spectrum`, its sectors in the order of their labels.

    Raises:
        InvalidArgument: an unknown preset, size or hyperparameter, a vocabulary beside a law, or symbols where this kernel needs numbers.
        InvalidType: a float, or what is no kernel or law.
        PipelineError: a pipeline's text that cannot be read.
        NoClosedForm: nothing exact is known at such sizes; the message says what there is instead.
        TooLarge: what does not fit in memory, before it is computed.

    >>> derive("bag-of-tokens").sectors[1].eigenvalues, derive("bag-of-tokens", vocabulary=2).sectors[1].eigenvalues
    ((alpha/(L*v),), (alpha/(2*L),))
    """
    chosen = read_kernel(kernel) if isinstance(kernel, str) else kernel
    if tokens is not None and vocabulary is not None:
        raise InvalidArgument("vocabulary", "is that of uniform tokens", f"the tokens are {tokens}")
    if vocabulary is None:
        vocabulary = getattr(chosen, "vocabulary", None) or VOCABULARY
    law = uniform(vocabulary) if tokens is None else tokens
    return derived(chosen, length, law, parameters, terms=terms, down_to=down_to)


def derived(
    kernel: Kernel,
    length: object,
    law: Law | HiddenMarkov,
    parameters: Mapping[str, object],
    progress: Progress = iter,
    terms: int = 2,
    down_to: object = None,
) -> Spectrum:
    """`spectrum` with hyperparameters given by name, which the result remembers."""
    _complete(kernel)
    bound, tokens = with_values(
        kernel, law, parameters, ("length", "tokens", "vocabulary", "terms", "down_to")
    )
    found = spectrum(bound, length, tokens, progress, terms, down_to)
    settings = tuple((name, exact_expression(value, name)) for name, value in parameters.items())
    return replace(found, settings=settings)


def with_values(
    kernel: Bindable,
    law: Law | HiddenMarkov,
    parameters: Mapping[str, object],
    others: Sequence[str],
) -> tuple[Bindable, Any]:
    """A kernel with values for hyperparameters, given by name, and a law with values for the symbols in its probabilities.

    A misspelt name may have meant one of the ``others``, which the caller takes.
    """
    _require_own_symbols(kernel, law)
    names = {str(s) for s in getattr(law, "parameters", ())}
    chances = {name: value for name, value in parameters.items() if name in names}
    rest = {name: value for name, value in parameters.items() if name not in names}
    bound = bind(kernel, rest, (*others, *sorted(names)))
    return bound, law.at(**chances) if chances else law


def _require_own_symbols(kernel: Any, law: object) -> None:
    """Refuse a symbol that stands both in the kernel and in probabilities: one value could not be told from the other."""
    shared = sorted({*map(str, kernel.parameters)} & {*map(str, getattr(law, "parameters", ()))})
    if shared:
        rule = "must have probabilities in symbols that are no hyperparameters of the kernel"
        raise InvalidArgument("tokens", rule, f"{shared[0]} stands in both")


def _complete(kernel: object) -> None:
    """Refuse what is no kernel, and a pipeline without its readout."""
    if isinstance(kernel, PairKernel):
        kernel.spectrum()
    if not isinstance(kernel, (Kernel, FunctionKernel)):
        raise InvalidType("kernel", "must be a kernel", kernel)


def spectrum(
    kernel: Kernel | FunctionKernel,
    length: object,
    tokens: Law | HiddenMarkov,
    progress: Progress = iter,
    terms: int = 2,
    down_to: object = None,
) -> Spectrum:
    """Exact spectrum of ``kernel`` on sequences of ``length`` tokens from the law ``tokens``; for a chain with memory, from its windows shuffled.

    ``length`` and the vocabulary of the law are positive ints or the symbols L and v, in any combination, for kernels that are polynomials in the
    match counts. At length L and a given vocabulary, smooth kernels of other kinds have series in 1/L instead of formulas, on independent tokens:
    ``terms`` terms of each eigenvalue of functions of degree up to two, or with ``down_to`` every eigenvalue down to L^-down_to, a power up to which
    all terms are then certain. Both sizes are ints for every other kernel. Where L or v stand in a hyperparameter they are these sizes (v = L where
    all tokens are distinct).

    Args:
        kernel: a pipeline that ends in a readout, or a user's function.
        length: the number L of positions, a positive integer, or the symbol L.
        tokens: a law of `symkern.tokens`, with a vocabulary that is a number or v.
        progress: wraps the list of sectors to visit, as ``tqdm`` does.
        terms: how many terms each series in 1/L has; at least 1.
        down_to: a power of 1/L, a whole number or a half from 0 on: every eigenvalue that falls no faster is found, with all its terms up to there.

    Raises:
        InvalidArgument: sizes out of range, a kernel without a readout, or symbols where this kernel needs numbers.
        InvalidType: a float, or what is no law.
        SymmetryError: a user's function that is not symmetric under permutations of positions, with the place.
        NoClosedForm: what has no formula here; the message says what exists instead.
        TooLarge: what does not fit in memory, before it is computed.
    """
    _require_bar(progress)
    wanted = read_integer(terms, "terms", minimum=1, maximum=current().listed_terms)
    problem = _problem(kernel, length, tokens, wanted, _read_power(down_to))
    return Spectrum(problem.kernel, problem.length, problem.law, *_solved(problem, progress))


def _require_bar(progress: object) -> None:
    if not callable(progress):
        raise InvalidType("progress", "must be a function of a list", progress)


def _solved(problem: Problem, progress: Progress) -> tuple[tuple[Sector, ...], Any]:
    """Sectors and E k(x, x), by the cheapest engine."""
    engine, _, refusal = _chosen(problem)
    if refusal is not None:
        if problem.has_numbers and problem.law.letters_repeat:
            Tables().require_form(problem)  # what is missing there for another engine
        raise refusal
    found = engine.solve(problem, progress)
    return found.sectors, found.mean_diagonal


def one_sector(
    kernel: Kernel | FunctionKernel,
    mu: object,
    kappa: object = None,
    *,
    length: object,
    tokens: Law | HiddenMarkov,
    progress: Progress = iter,
) -> Sector:
    """One sector of `spectrum`, without the work for the others: long sequences of two letters have their eigenvalues within minutes.

    Args:
        kernel: the kernel.
        mu: parts of the irrep of the positions below its first row.
        kappa: the same of the tokens; without it the sector must be the only one of mu.
        length: number or symbol, as in `spectrum`.
        tokens: the law.
        progress: wraps the lists of work to go through.

    Returns:
        The sector; where the kernel is zero on functions of these labels, the zero sector.

    Raises:
        InvalidArgument: there are several sectors of mu, or no functions with these labels.

    >>> from symkern.kernels import embedding, uniform
    >>> k = embedding(1, 1).attention("tied", "softmax").mean_pool()
    >>> print(*k.sector([1], [], length=48, tokens=uniform(2)).eigenvalues)
    4.46791196533570e-7
    """
    _require_bar(progress)
    shape = Partition.read(mu, "mu")
    problem = replace(_problem(kernel, length, tokens), only=shape)
    found = Spectrum(problem.kernel, problem.length, problem.law, *_solved(problem, progress))
    return found.sector(shape, kappa)


def expected_cost(
    kernel: Kernel | FunctionKernel, length: object, tokens: Law | HiddenMarkov
) -> Cost:
    """What `spectrum` will take, by the engine that it chooses; what is large is said here and not refused.

    Args:
        kernel: a pipeline that ends in a readout, or a user's function.
        length: as in `spectrum`.
        tokens: as in `spectrum`.

    Returns:
        A `Cost`, seconds and bytes as estimated, and what it advises to make smaller.
    """
    return _chosen(_problem(kernel, length, tokens))[1]


def _chosen(problem: Problem) -> tuple[Engine, Cost, TooLarge | None]:
    found = cheapest(problem)
    if found is None:
        raise _no_engine(problem)
    return found


def _problem(
    kernel: Kernel | FunctionKernel,
    length: object,
    tokens: Law | HiddenMarkov,
    terms: int = 2,
    down_to: Fraction | None = None,
) -> Problem:
    """The problem, once kernel, length and law are known to go together."""
    law = require_law(shuffled(tokens, length))
    _complete(kernel)
    _require_own_symbols(kernel, law)
    return Problem.of(kernel, law, _read_sizes(kernel, length, law), terms, down_to)


def _read_power(down_to: object) -> Fraction | None:
    """A power of 1/L: a whole number or a half."""
    if down_to is None:
        return None
    power = exact_expression(down_to, "down_to")
    if not (power.is_Rational and (2 * power).is_Integer and 0 <= power <= 1000):
        rule = "must be a power of 1/L, a whole number or a half from 0 to 1000"
        raise InvalidArgument("down_to", rule, f"it is {displayed(down_to)}")
    return Fraction(int(power.p), int(power.q))


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


def _no_engine(problem: Problem) -> Exception:
    """Why no engine applies, with what exists instead."""
    kernel, size = problem.kernel, problem.length
    try:
        if not problem.law.letters_repeat:
            assert isinstance(kernel, Kernel)
            kernel_polynomial(kernel)
        elif problem.has_numbers:
            Tables().require_form(problem)
    except (NoClosedForm, InvalidArgument) as error:
        if problem.law.letters_repeat:
            return error
        length = size if isinstance(size, int) else 4
        counts = f"({', '.join('1' * length)}{',' * (length == 1)})"
        return NoClosedForm(
            f"{error}; at a given length it is a kernel on {length} letters that all occur, tokens=exchangeable({{{counts}: 1}})"
        ).advising(error.advice)
    return _only_at_given_sizes(problem)


def _only_at_given_sizes(problem: Problem) -> NoClosedForm:
    kernel, tokens = problem.kernel, problem.law
    what = "length" if not isinstance(problem.length, int) else "vocabulary"
    if problem.kernel.is_polynomial and problem.kernel.is_rational:
        why = f"spectra symbolic in the {what} are derived for independent tokens and their mixtures at a given vocabulary, for uniform and for distinct tokens, not for {tokens!r}"
    elif problem.kernel.is_polynomial:
        why = f"the kernel {kernel} has numbers that are not rational and no formula symbolic in the {what}"
    else:
        why = f"the kernel {kernel} is no polynomial in the match counts and has no formula symbolic in the {what}"
    sizes = (("length", "16"), ("tokens", f"uniform({kernel.vocabulary or 2})"))
    advice = Advice(example=(*sizes, *((p.name, "1") for p in kernel.parameters)))
    smooth = isinstance(kernel, Kernel) and not kernel.is_polynomial and tokens.symbolic_components() is not None  # fmt: skip
    series = smooth and not (isinstance(problem.length, int) or isinstance(problem.vocabulary, int))
    more = "at a given vocabulary alone it has series in 1/L where it is smooth, and " if series else ""  # fmt: skip
    return NoClosedForm(
        f"{what}: {why}; {more}it is exact at a given length and vocabulary, for example {advice}"
    ).advising(advice)


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
