r"""Functions of a window that are sums of products over positions, and their moments under laws with memory.

    phi(x) = sum_r c_r prod_{a in S_r} f_{r,a}(x_a)

is a weighted automaton with a state for each term, so that under a hidden Markov chain (`symkern.tokens.hidden_markov`)

    E phi psi = sum_{r,r'} c_r c_r' pi M_1 A M_2 A ... A M_L 1,      M_a = diag(sum_t E[:, t] f_{r,a}(t) f_{r',a}(t)),

exact, and a formula where probabilities or functions have symbols. Windows may overlap: only the law of one of them enters. Functions that are given otherwise are summed over all v^L windows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import sympy as sp

from symkern.errors import InvalidArgument, InvalidType, NoClosedForm, SizeMismatch, displayed
from symkern.exact import exact_expression
from symkern.limits import check_time, current, within_time
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.tokens.hidden_markov import HiddenMarkov, as_chain, times_row
from symkern.tokens.law import Law
from symkern.typeset.shown import Shown

_Factors = tuple[tuple[int, tuple[sp.Expr, ...]], ...]


@dataclass(frozen=True)
@typed
class SiteProducts(Shown):
    """A sum of products; ``terms`` are pairs of a coefficient and the factors by position, made by `site_products`.

    >>> difference = site_products([(1, {0: [1, -1]}), (-1, {1: [1, -1]})])
    >>> difference((0, 1, 1)), difference((1, 1, 0))
    (2, 0)
    """

    terms: tuple[tuple[sp.Expr, _Factors], ...]

    def __call__(self, x: Sequence[int]) -> sp.Expr:
        """The value on a window."""
        letters = [read_integer(t, "x", 0) for t in read_list(x, "x", "letters")]
        self.require(len(letters), max(letters, default=-1) + 1)
        return sp.Add(
            *(c * sp.Mul(*(row[letters[a]] for a, row in factors)) for c, factors in self.terms)
        )

    def __repr__(self) -> str:
        shown = [
            (str(c), {a: [str(e) for e in row] for a, row in factors}) for c, factors in self.terms
        ]
        return f"site_products({shown!r})"

    @typed
    def require(self, length: int, letters: int) -> None:
        """Refuse windows that do not have its positions, or letters."""
        for _, factors in self.terms:
            for a, row in factors:
                if a >= length:
                    raise SizeMismatch(
                        "terms",
                        f"must have positions below the length {displayed(length)}",
                        f"one is {a}",
                    )
                if len(row) < letters:
                    raise SizeMismatch("terms", f"must have a value for each of {displayed(letters)} letters", f"position {a} has {len(row)}")  # fmt: skip


@typed
def site_products(terms: Any) -> SiteProducts:
    """The function sum_r c_r prod_a f_{r,a}(x_a).

    Args:
        terms: pairs (c, factors); ``factors`` maps positions, from 0, to the values of f on the letters 0, 1, ...

    Raises:
        InvalidType: a term is no such pair.

    >>> site_products([("1/2", {0: [1, -1], 2: [1, -1]})])((0, 0, 1))
    -1/2
    """
    read = []
    for r, pair in enumerate(read_list(terms, "terms", "pairs of a coefficient and factors")):
        if (
            not isinstance(pair, (tuple, list))
            or len(pair) != 2
            or not isinstance(pair[1], Mapping)
        ):
            rule = "must be a pair of a coefficient and a mapping from positions to values"
            raise InvalidType(f"terms[{r}]", rule, pair)
        weight = exact_expression(pair[0], f"terms[{r}]")
        factors = tuple(
            (
                read_integer(a, f"terms[{r}]"),
                tuple(
                    exact_expression(e, f"terms[{r}][{a}]")
                    for e in read_list(row, f"terms[{r}][{a}]")
                ),
            )
            for a, row in pair[1].items()
        )
        read.append((weight, tuple(sorted(factors))))
    return SiteProducts(tuple(read))


@typed
def second_moment(
    f: Callable[..., Any], g: Callable[..., Any], law: Law | HiddenMarkov, length: int
) -> sp.Expr:
    """E f(x) g(x) over windows of ``length`` letters, exact.

    Args:
        f: `SiteProducts`, or a function of a window.
        g: another, or the same.
        law: of the windows.
        length: the number of positions.

    Raises:
        NoClosedForm: there are too many windows, and a function is no sum of products.

    >>> from symkern.kernels import markov
    >>> alternating = site_products([((-1) ** a, {a: [1, -1]}) for a in range(6)])
    >>> second_moment(alternating, alternating, markov([["3/4", "1/4"], ["1/4", "3/4"]]), 6) / 6
    13/32
    """
    size = read_integer(length, "length", 1, current().listed_positions)
    letters = law.vocabulary if isinstance(law, HiddenMarkov) else law.given_vocabulary(size)
    is_chain = isinstance(law, HiddenMarkov) or law.components() is not None
    with within_time("moments of functions of windows", "shorter windows or fewer terms take less"):
        if is_chain and isinstance(f, SiteProducts) and isinstance(g, SiteProducts):
            f.require(size, letters)
            g.require(size, letters)
            return _by_chain(f, g, as_chain(law), size)
        if letters**size > (most := current().dense_sequences):
            raise NoClosedForm(
                f"length: moments of a function are summed over all windows, at most {most:,}; sums of products over positions (site_products) have them at any length"
            )
        total = sp.S.Zero
        for x in product(range(letters), repeat=size):
            check_time()
            chance = law.probability(x)
            if chance:
                total += _exact(chance) * _exact(f(x)) * _exact(g(x))
        return sp.cancel(total) if total.free_symbols else total


def _exact(value: Any) -> sp.Expr:
    if isinstance(value, Fraction):
        return sp.Rational(value.numerator, value.denominator)
    found = exact_expression(value, "f")
    if not isinstance(found, sp.Expr):
        raise InvalidArgument("f", "must have exact values", f"one is {value}")
    return found


def _by_chain(f: SiteProducts, g: SiteProducts, chain: HiddenMarkov, length: int) -> sp.Expr:
    start, moves, shown = chain.numbers
    letters = range(chain.vocabulary)
    emitted = [[_sympy(chain, e) for e in row] for row in shown]
    symbolic = chain.parameters or any(
        e.free_symbols for h in (f, g) for _, factors in h.terms for _, row in factors for e in row
    )
    total = sp.S.Zero
    for c, ours in f.terms:
        for d, theirs in g.terms:
            check_time()
            one, two = dict(ours), dict(theirs)
            states: list[Any] = [_sympy(chain, e) for e in start] if symbolic else list(start)
            steps = [[_sympy(chain, e) for e in row] for row in moves] if symbolic else moves
            last = max([*one, *two], default=0)
            for a in range(last + 1):
                states = times_row(states, steps) if a else states
                rows = [h[a] for h in (one, two) if a in h]
                if rows:
                    values = [sp.Mul(*(row[t] for row in rows)) for t in letters]
                    weights = [sum((e * q for e, q in zip(seen, values, strict=True)), sp.S.Zero) for seen in emitted]  # fmt: skip
                    read = weights if symbolic else [Fraction(int(w.p), int(w.q)) for w in weights]
                    states = [p * w for p, w in zip(states, read, strict=True)]
            found = sum(states[1:], states[0])
            total += c * d * (found if symbolic else _exact(found))
    return sp.cancel(total) if total.free_symbols else total


def _sympy(chain: HiddenMarkov, number: Any) -> sp.Expr:
    found = chain.written(number)
    return _exact(found)
