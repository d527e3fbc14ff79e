r"""Average sensitivity, influences, Fourier weights and profile of one function: which of closed form and count answers.

A function on {+1, -1}^n is given as

* the name of a family, "parity", "majority", "first", "mean", "threshold(k)", or a `Family`: closed forms, n a number or a symbol;
* a formula in x1, ..., xn (`formulas`); for a symbol n a product of distinct entries such as "x1*x2*x3", which is a parity;
* a callable on tuples of +1 and -1, the first entry position 0; with ``vectorized=True`` it is called with an array of
  shape (n, N) instead, the columns being inputs, and returns N values: at n = 20 in half the time, and more is gained the more f does;
* a table: 2^n values in lexicographic order with +1 first, or a mapping from inputs to values.

The last three are counted over all 2^n inputs. Exact values give ints and SymPy Rationals, floats give floats. Of a callable or a table
whose values are truth values True is +1 and False -1, as a threshold is +1 where it holds; the opposite choice would change the sign of the
Fourier coefficients and nothing else. (A bracket in a formula, [x1=x3], is 1 or 0 and may be calculated with: its sensitivity is a quarter.)
(Hahn, Rofin, *Why are Sensitive Functions Hard for Transformers?*, ACL 2024, arXiv 2402.09963.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import sympy as sp

from symkern.bounds.sensitivity.averages import Mean, mean
from symkern.bounds.sensitivity.cube import CubeValues, cube_values
from symkern.bounds.sensitivity.edges import edge_influences, edge_profile
from symkern.bounds.sensitivity.families import Family
from symkern.bounds.sensitivity.formulas import CubeFormula
from symkern.bounds.sensitivity.parities import first, parity
from symkern.bounds.sensitivity.thresholds import majority, threshold
from symkern.bounds.sensitivity.walsh_hadamard import FourierCoefficients, transform
from symkern.combinatorics.memory import require_bytes
from symkern.errors import InvalidArgument, NoClosedForm, displayed
from symkern.exact import exact_size
from symkern.limits import check_time, current, within_time
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.stages import read_call

Function = Any
_FAMILIES: dict[str, Callable[[], Family]] = {
    "parity": parity,
    "majority": majority,
    "first": first,
    "mean": mean,
}


def read_function(f: Function, n: object = None) -> Family | CubeFormula | Any:
    """A family or a formula where ``f`` is a text, else ``f`` itself.

    For a symbol n a product of distinct entries is a family as well, the parity of their positions; at a number it is counted like
    every formula.

    Args:
        f: as in `average`.
        n: the number of signs, where it matters.

    Raises:
        FormulaError: a text that is neither a family nor a formula.

    >>> read_function("threshold(n - 1)"), read_function("x1*x2")
    (threshold('n - 1'), CubeFormula(text='x1*x2'))
    >>> from symkern.abc import n
    >>> read_function("x1*x2", n), read_function("x1 + x2", n)
    (parity([0, 1]), CubeFormula(text='x1 + x2'))
    """
    read = _named(f) if isinstance(f, str) else f
    if isinstance(read, CubeFormula) and isinstance(n, sp.Expr) and not n.is_number:
        return parity([i - 1 for i in read.factors]) if read.factors else read
    return read


def _named(f: str) -> Family | CubeFormula:
    text = f.strip()
    if text in _FAMILIES:
        return _FAMILIES[text]()
    call = read_call(text) if text.startswith("threshold") else None
    if call is None or call.name != "threshold":
        return CubeFormula(f)
    return threshold(", ".join(argument.text for argument in call.arguments))


def family(f: Function) -> Family:
    """The family that ``f`` is or names.

    Args:
        f: a family or its name.

    Raises:
        InvalidArgument: anything else.
    """
    read = read_function(f)
    if isinstance(read, Family):
        return read
    rule = f"must be a family: {', '.join(_FAMILIES)} or threshold(k)"
    raise InvalidArgument("f", rule, f"it is {displayed(f)}")


def values(f: Function, n: object, vectorized: bool = False) -> CubeValues:
    """f at all 2^n inputs, in the order of `cube`."""
    size = read_integer(n, "n", minimum=1)
    if size > (most := current().cube_positions):
        rule = f"must be at most {most} for a function that is counted over all 2^n inputs"
        raise InvalidArgument("n", rule, "it is larger")
    read = read_function(f)
    if isinstance(read, CubeValues):
        return read
    if isinstance(read, CubeFormula):
        return read.values(size)
    if isinstance(read, Mean):
        return CubeFormula("mean").values(size)
    if isinstance(read, Family):
        read.require(size)
        require_bytes(f"a function of {size} signs", 48 << size)
        return cube_values(read, size, vectorized=True)
    return cube_values(read, size, vectorized)


def _read(f: Function, n: object) -> tuple[Any, int | sp.Expr]:
    """The function and its size; a symbolic size needs a family."""
    size = exact_size(n, "n")
    read = read_function(f, size)
    if isinstance(read, Family):
        read.require(size)
    elif not isinstance(size, int):
        rule = "must be a number for a function that is neither a named family nor a product of distinct entries"
        raise InvalidArgument("n", rule, f"it is {displayed(size)}")
    return read, size


@typed
def average(f: Function, n: object, *, vectorized: bool = False) -> Any:
    r"""Average sensitivity as(f) = 1/4 sum_i E (f(x) - f(x^i))^2 = sum_P |P| fhat(P)^2.

    For values +1 and -1 the mean number of inputs whose flip changes f; for other values the second form defines it.

    Args:
        f: a family or its name ("parity", "majority", "first", "mean", "threshold(k)"), a formula in x1, ..., xn, a function of a tuple of +1 and -1,
            or the list or table of its 2^n values, +1 first.
        n: the number of signs, a positive integer; a symbol for families and products of distinct entries.
        vectorized: whether the function is called with int64 arrays (n, N), ``x[i]`` the entries at position i of N inputs, for N values.

    Returns:
        A SymPy number or formula; a float where f has floats.

    Raises:
        InvalidArgument: a symbol n for another function, n above 62 for a function that is counted, positions beyond n.
        SizeMismatch: not 2^n values.
        FormulaError: a text that is neither a family nor a formula.
        TooLarge: 2^n values do not fit in memory.

    >>> from symkern.abc import n
    >>> average("parity", n), average("majority", 7), average(lambda x: max(x), 3), average("x1*x2*x3", n)
    (n, 35/16, 3/4, 3)
    >>> average(lambda x: x[0] == x[2], 3), average("[x1=x3]", 3), average("2*[x1=x3] - 1", 3)
    (2, 1/2, 2)
    """
    read, size = _read(f, n)
    if isinstance(read, Family):
        return read.average(size)
    parts = edge_influences(values(read, size, vectorized))
    return sum(parts) if any(isinstance(p, float) for p in parts) else sp.Add(*parts)


@typed
def influences(f: Function, n: object, *, vectorized: bool = False) -> Any:
    r"""Inf_i = 1/4 E (f(x) - f(x^i))^2 for i = 0..n-1, as a tuple; they sum to `average`.

    Args:
        f: as in `average`.
        n: the number of signs, a positive integer; a symbol for families and products of distinct entries.
        vectorized: whether the function is called with int64 arrays (n, N), ``x[i]`` the entries at position i of N inputs, for N values.

    Returns:
        A tuple of n numbers; for a symbol n a mapping, with "other" for all positions that are not named.

    >>> from symkern.abc import n
    >>> influences("x1*x2 + x3/2", 4), influences("mean", n)
    ((1, 1, 1/4, 0), {'other': n**(-2)})
    """
    read, size = _read(f, n)
    if not isinstance(read, Family):
        return edge_influences(values(read, size, vectorized))
    if isinstance(size, int):
        _require_list(size)
    by_position = dict(read.influence(size))
    if not isinstance(size, int):
        return by_position
    return tuple(by_position.get(i, by_position["other"]) for i in range(size))


@typed
def coefficients(f: Function, n: object, *, vectorized: bool = False) -> FourierCoefficients:
    """All Fourier coefficients fhat(P) = E f(x) prod_{i in P} x_i, at a given n.

    Args:
        f: as in `average`.
        n: the number of signs, a positive integer.
        vectorized: whether the function is called with int64 arrays (n, N), ``x[i]`` the entries at position i of N inputs, for N values.

    >>> coefficients("majority", 3).nonzero()
    {(0,): 1/2, (1,): 1/2, (2,): 1/2, (0, 1, 2): -1/2}
    """
    return transform(values(f, n, vectorized))


@typed
def weight(f: Function, d: object, n: object, *, vectorized: bool = False) -> Any:
    """The Fourier weight W_d in one degree; for families n may be a symbol.

    Args:
        f: as in `average`.
        d: the degree, an integer from 0 to n.
        n: the number of signs, a positive integer; a symbol for families and products of distinct entries.
        vectorized: whether the function is called with int64 arrays (n, N), ``x[i]`` the entries at position i of N inputs, for N values.

    >>> from symkern.abc import n
    >>> weight("majority", 3, 5), weight("threshold(1)", 1, n)
    (5/32, 4**(1 - n)*n)
    """
    read, size = _read(f, n)
    top = size if isinstance(size, int) else None
    degree = read_integer(d, "d", 0, top)
    if isinstance(read, Family):
        return read.weight(degree, size)
    return weights(read, size, vectorized=vectorized)[degree]


@typed
def weights(f: Function, n: object, *, vectorized: bool = False) -> Any:
    r"""The Fourier weight by degree, W_d = sum_{|P| = d} fhat(P)^2 for d = 0..n; they sum to E f^2.

    Args:
        f: as in `average`.
        n: the number of signs, a positive integer; a symbol for families and products of distinct entries.
        vectorized: whether the function is called with int64 arrays (n, N), ``x[i]`` the entries at position i of N inputs, for N values.

    Returns:
        The tuple of n + 1 weights; for a symbol n a mapping from the degrees whose weight is not zero.

    Raises:
        NoClosedForm: a symbol n, and weight in arbitrarily many degrees; `weight` gives one of them.

    >>> from symkern.abc import n
    >>> weights("majority", 3), weights("mean", n)
    ((0, 3/4, 0, 1/4), {1: 1/n})
    """
    read, size = _read(f, n)
    if isinstance(read, Family):
        degrees = read.degrees(size)
        if isinstance(size, int):
            _require_list(size)
            if degrees is not None:
                return tuple(_spread(size + 1, {d: read.mean_square(size) for d in degrees}))
            instead = "weight(f, d, n) gives one degree"
            with within_time(f"the weights of {read.name} in all degrees at n = {size}", instead):
                return tuple(_each_weight(read, size))
        if degrees is None:
            raise NoClosedForm(
                f"weights: {read.name} has weight in arbitrarily many degrees; weight(f, d, n) gives each as a "
                "formula in n"
            )
        return {d: read.mean_square(size) for d in degrees}
    return coefficients(read, size, vectorized=vectorized).weights()


def _each_weight(read: Family, size: int) -> Iterator[Any]:
    for d in range(size + 1):
        check_time()
        yield read.weight(d, size)


def _spread(length: int, few: Mapping[int, Any]) -> list[Any]:
    """A list of zeros but for a few entries."""
    found = [sp.S.Zero] * length
    for place, value in few.items():
        found[place] = value
    return found


def _require_list(size: int) -> None:
    """Refuse a tuple with more entries than anybody reads."""
    if size > (most := current().listed_positions):
        rule = f"must be at most {most} where there is an entry for each position or degree; a symbol n gives them in one formula"
        raise InvalidArgument("n", rule, f"it is {displayed(size)}")


@typed
def profile(f: Function, n: object, *, vectorized: bool = False) -> Any:
    r"""The sensitivity profile (K_0, ..., K_n), K_m the number of inputs x at which exactly m flips change f(x).

    Args:
        f: as in `average`, with at most two values, any two.
        n: the number of signs, a positive integer; a symbol for families and products of distinct entries.
        vectorized: whether the function is called with int64 arrays (n, N), ``x[i]`` the entries at position i of N inputs, for N values.

    Returns:
        The tuple of n + 1 counts; for a symbol n pairs (m, number), where K_m is the sum over those with that m.

    Raises:
        InvalidArgument: f has more than two values.

    >>> from symkern.abc import n
    >>> profile("majority", 5), profile("first", n)
    ((12, 0, 0, 20, 0, 0), ((1, 2**n),))
    """
    read, size = _read(f, n)
    if not isinstance(read, Family):
        return edge_profile(values(read, size, vectorized))
    if isinstance(size, int):
        _require_list(size)
    pairs = read.profile(size)
    if not isinstance(size, int):
        return pairs
    found = [0] * (size + 1)
    for m, count in pairs:
        if count:
            found[int(m)] += int(count)
    return tuple(found)
