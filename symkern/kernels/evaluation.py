"""Hyperparameters and sizes put into a kernel, and its exact value on two given sequences.

Kernels that are polynomials in the match counts are evaluated by their polynomial, every other pipeline by the recursion itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.errors import (
    InvalidArgument,
    InvalidType,
    NoClosedForm,
    SizeMismatch,
    TooLong,
    displayed,
)
from symkern.exact import Ball, exact_expression, exact_size
from symkern.exact.balls import BITS, from_arb, precision
from symkern.exact.reals import is_exact, plain, to_expression
from symkern.kernels.algebras.given_sequences import recursion
from symkern.kernels.algebras.match_counts import d, kernel_polynomial, m, s, s_x, s_y
from symkern.kernels.algebras.position_types import TypeRecursion
from symkern.limits import current, within_time
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_all, read_list, read_mapping
from symkern.reading.spelling import did_you_mean


class _Parametrised(Protocol):
    @property
    def parameters(self) -> tuple[sp.Symbol, ...]: ...
    def substitute(self, values: dict[sp.Symbol, Any]) -> Any: ...


_Bindable = TypeVar("_Bindable", bound=_Parametrised)


def bind(
    kernel: _Bindable, parameters: Mapping[str, object], others: Sequence[str] = ("v",)
) -> _Bindable:
    """The kernel with hyperparameters given by name; unknown names raise `InvalidArgument`.

    L and v are no hyperparameters: they are the length and the vocabulary wherever they stand, see `at_sizes`. A misspelt name may have meant one
    of the ``others``, which the caller takes.
    """
    known = {p.name: p for p in kernel.parameters if p not in (CONTEXT_LENGTH, VOCABULARY)}
    for name, value in parameters.items():
        if name in ("L", "v"):
            what = "length" if name == "L" else "vocabulary"
            raise InvalidArgument(
                name, f"is the {what} and no hyperparameter: it is set by the sequences", f"it is {displayed(value)}"
            )  # fmt: skip
    of = " of the kernel"
    values = {named(name, known, of, others): value for name, value in parameters.items()}
    bound: _Bindable = kernel.substitute(values)
    return bound


def read_values(values: object, read: Callable[[object, str], sp.Expr]) -> dict[sp.Symbol, sp.Expr]:
    """What is put for which symbols, which may be named; ``read`` takes a value and its name."""
    given = read_mapping(values, "values", "symbols to values")
    symbols = [exact_expression(s, "values") for s in given]
    read_all(symbols, sp.Symbol, "values", "symbols with their values")
    return {s: read(value, s.name) for s, value in zip(symbols, given.values(), strict=True)}


def named(
    name: str, known: Mapping[str, sp.Symbol], of: str = "", others: Sequence[str] = ()
) -> sp.Symbol:
    """The hyperparameter of that name among the ``known`` ones; an `InvalidArgument` for other names."""
    if name not in known:
        rule = f"must be a hyperparameter{of}: {', '.join(known) or 'there is none'}"
        raise InvalidArgument(name, rule, f"it is not{did_you_mean(name, [*known, *others])}")
    return known[name]


def at_sizes(
    kernel: _Bindable, length: int | sp.Expr, vocabulary: int | sp.Expr = VOCABULARY
) -> _Bindable:
    """The kernel with the length and the vocabulary in the place of L and v in its hyperparameters.

    >>> from symkern.kernels import embedding
    >>> print(at_sizes(embedding("v", "1/L").mean_pool(), 4, 2))
    embedding(2, 1/4) | mean_pool
    """
    sizes = {CONTEXT_LENGTH: length, VOCABULARY: vocabulary}
    known = kernel.parameters
    values = {t: size for t, size in sizes.items() if t in known and size != t}
    bound: _Bindable = kernel.substitute(values) if values else kernel
    return bound


def at_pair(kernel: Any, length: int, parameters: Mapping[str, object]) -> Any:
    """The kernel as two sequences of that length see it: hyperparameters by name, and v as well where they depend on it; what is not given stays a symbol.

    >>> from symkern.kernels import embedding
    >>> print(at_pair(embedding("alpha", "1/L").mean_pool(), 4, {"alpha": "1/v", "v": 3}))
    embedding(1/3, 1/4) | mean_pool
    """
    bound = bind(kernel, {name: value for name, value in parameters.items() if name != "v"})
    vocabulary = VOCABULARY
    if VOCABULARY in bound.parameters:
        vocabulary = exact_size(parameters.get("v", kernel.vocabulary or VOCABULARY), "v")
    elif "v" in parameters:
        bind(bound, {"v": parameters["v"]})  # which refuses it
    return at_sizes(bound, length, vocabulary)


def match_counts(first: Sequence[Hashable], second: Sequence[Hashable]) -> dict[sp.Symbol, int]:
    """The invariants s, m, s_x, s_y, d of a pair of sequences of one length."""
    ours, theirs = Counter(first), Counter(second)
    return {
        s: sum(count * theirs[token] for token, count in ours.items()),
        m: sum(a == b for a, b in zip(first, second, strict=True)),
        s_x: sum(count**2 for count in ours.values()),
        s_y: sum(count**2 for count in theirs.values()),
        d: int(first[-1] == second[-1]),
    }


def evaluate(
    kernel: Any,
    first: Sequence[Hashable],
    second: Sequence[Hashable],
    parameters: Mapping[str, object],
) -> sp.Expr | Ball:
    """k(first, second) as an exact expression, or as a ball where maps that are no polynomials nest so deep, or meet so many types of positions, that no one could read it; L is the length, and v stays a symbol unless ``parameters`` names it."""
    first, second = read_pair(first, second)
    if not first:
        raise InvalidArgument("x", "must have at least one token", "it is empty")
    if kernel.vocabulary is not None:
        for name, tokens in (("x", first), ("y", second)):
            for token in tokens:
                read_integer(token, name, 0, kernel.vocabulary - 1)
    bound = at_pair(kernel, len(first), parameters)
    less = "numbers for hyperparameters, fewer layers or a spectrum at this length take less"
    with within_time(f"one value of a kernel of {len(bound.stages)} stages", less):
        return _value(bound, first, second)


#: So many maps inside one another have a formula that can be read; each further one makes it several times longer.
_WRITTEN = 3

#: Degree beyond which the polynomial in the match counts has more terms than the recursion has steps: three attentions.
_EXPANDED = 27


def _degree(stages: Sequence[Any]) -> int:
    """The degree of the kernel in its embedding; stages that are no polynomials count as linear."""
    found = 1
    for stage in stages:
        if stage.name == "plus":
            found = max(found, _degree(stage.other.stages))
            continue
        independent = stage.name == "attention" and stage.query_key == "independent"
        found *= 3 if independent else max(getattr(stage, "degree", None) or 1, 1)
    return found


def _power(number: int) -> str:
    """The power of ten below a number."""
    return f"10^{(number.bit_length() - 1) * 30103 // 100000}"


def _nested(stages: Sequence[Any]) -> int:
    """How many maps that are no polynomials stand inside one another; the tangent kernel holds each with its derivative."""
    found = 0
    for stage in stages:
        if stage.name == "plus":
            found = max(found, _nested(stage.other.stages))
        elif stage.name == "ntk":
            found *= 2
        else:
            found += stage.gap("match_counts") is not None
    return found


def _ball(kernel: Any, first: Sequence[Hashable], second: Sequence[Hashable]) -> sp.Expr | Ball:
    """The value as a number known to ``BITS`` bits, by the recursion on types of positions with as many bits as that takes."""
    letters = range(kernel.vocabulary) if kernel.vocabulary else dict.fromkeys((*first, *second))
    place = {letter: i for i, letter in enumerate(letters)}
    pairs = [(place[t], place[u]) for t, u in zip(first, second, strict=True)]
    star = pairs.pop() if kernel.reads_position else None
    table = [[0] * len(place) for _ in place]
    for t, u in pairs:
        table[t][u] += 1
    for bits in (2 * BITS, 8 * BITS, 32 * BITS, 128 * BITS):
        with precision(bits):
            value = plain(TypeRecursion(kernel)(table, star))
            if is_exact(value):
                return to_expression(value)
            if value.rel_accuracy_bits() >= BITS:
                return from_arb(value)
    raise NoClosedForm(
        f"{kernel}: a value that nests so many maps keeps no digits; a kernel of fewer layers, and floats by kernel.matrix, exist"
    )


def _value(bound: Any, first: Sequence[Hashable], second: Sequence[Hashable]) -> sp.Expr | Ball:
    degree = _degree(bound.stages)
    if degree > (limits := current()).value_degree:
        what = f"one value of a kernel of {len(bound.stages)} stages"
        less = f"fewer layers take less: its numbers have some {_power(degree)} digits"
        raise TooLong(what, limits.seconds, less)
    nested = _nested(bound.stages)
    pieces = len({*zip(first, second, strict=True)}) ** (2 * nested)
    if (nested > _WRITTEN or pieces > limits.value_pieces) and not bound.parameters:
        return _ball(bound, first, second)
    if degree > _EXPANDED or not bound.is_polynomial:
        return recursion(bound.stages, first, second)
    try:
        polynomial = kernel_polynomial(bound)
    except (NoClosedForm, InvalidArgument):
        return recursion(bound.stages, first, second)
    return polynomial.at(match_counts(first, second), len(first)).to_sympy()


def read_pair(first: object, second: object) -> tuple[tuple[Hashable, ...], tuple[Hashable, ...]]:
    """Two sequences of tokens, of one length."""
    x, y = _tokens(first, "x"), _tokens(second, "y")
    if len(x) != len(y):
        found = f"their lengths are {len(x)} and {len(y)}"
        raise SizeMismatch("x, y", "must have one length", found)
    return x, y


def _tokens(sequence: Any, name: str) -> tuple[Hashable, ...]:
    if not isinstance(sequence, Sequence) and getattr(sequence, "ndim", 0) != 1:
        raise InvalidType(name, "must be a sequence of tokens", sequence)
    tokens = tuple(sequence if isinstance(sequence, str) else read_list(sequence, name, "tokens"))
    for token in tokens:
        try:
            hash(token)
        except TypeError:
            raise InvalidType(name, "must hold hashable tokens", token) from None
        try:
            alike = token is not None and bool(token == token)
        except TypeError:  # pandas' NA is neither equal to itself nor another
            alike = False
        if not alike:
            raise InvalidType(name, "must hold tokens that equal themselves, and no gaps", token)
    return tokens
