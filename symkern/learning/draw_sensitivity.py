r"""Average sensitivity of a draw from a kernel's Gaussian process, exactly: the bridge from spectra to sensitivity.

Let f be a Gaussian process with covariance E f(x) f(y) = k(x, y), and let the tokens be independent. Resampling the token at position i of x
gives x^(i), with the same law, and the influence E Var_i f = 1/2 E (f(x) - f(x^(i)))^2 of a draw has the mean

    E Inf_i(f) = E k(x, x) - E k(x, x^(i)).

The sum over the positions is E I(f) = sum_d d W_d, with W_d = E ||f^{=d}||^2 the mean weight of a draw in Efron-Stein degree d, and for two uniform letters
E as(f); so it equals the degree-weighted trace of the blocks, sum over sectors of dim x sum_d d tr(P_d block P_d) (`degree_weights`), which
is the other route to it. Only values of k on pairs that differ at one position enter here, no spectrum.

The moments. With t, u the letters of x and x^(i) at i, t != u, and a, b their counts elsewhere, S the sum of the squares of the other counts,

    s = S + a(a+1) + b(b+1),   s_x = S + (a+1)^2 + b^2,   s_y = S + a^2 + (b+1)^2,   m = L - 1,   d = [i is not read].

If the number of the other L - 1 positions were Poisson with mean z, all counts would be independent, with E n_t^j = sum_J S(j, J) (p_t z)^J (S the
Stirling numbers); reading z^J as (L-1)(L-2)...(L-J) gives the moment at the fixed length.

It is a ratio of expectations that is reported, E I(f)/E |f|^2, not the expectation of the ratio. (Lavie, Gur-Ari, Ringel, ICML 2024, arXiv 2402.05173; Hahn, Rofin,
ACL 2024, arXiv 2402.09963.)
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import permutations
from math import comb, factorial, lcm, prod
from typing import Any

import sympy as sp
from sympy.polys.domains import ZZ
from sympy.polys.rings import PolyElement, ring

from symkern.abc import L as CONTEXT_LENGTH
from symkern.combinatorics import partitions
from symkern.combinatorics.contingency_tables import compositions
from symkern.combinatorics.stirling_numbers import stirling2
from symkern.engines.tables.sectors import kernel_source
from symkern.errors import NoClosedForm
from symkern.exact import RationalFunction, function_field
from symkern.exact.balls import Ball, from_arb, precision
from symkern.exact.reals import is_exact, real, symbols_of, to_expression
from symkern.kernels.algebras.match_counts import kernel_polynomial
from symkern.kernels.function_kernels import FunctionKernel
from symkern.kernels.pipeline import Kernel
from symkern.learning.draw_report import DrawSensitivity
from symkern.spectra.spectrum import Spectrum
from symkern.tokens import Law

#: Bits of the balls where a kernel's values are irrational.
_BITS = 192

#: S, a and b, and with them s, s_x and s_y; moments are polynomials in z.
_IN_COUNTS, _S, _A, _B = ring("S, a, b", ZZ)
_MOMENTS, _Z = ring("z", ZZ)
_SQUARES = (
    _S + _A * (_A + 1) + _B * (_B + 1),
    _S + (_A + 1) ** 2 + _B**2,
    _S + _A**2 + (_B + 1) ** 2,
)


def draw_sensitivity(spectrum: Spectrum) -> DrawSensitivity:
    """E I(f), E |f|^2 and their ratio for draws from the Gaussian process of a spectrum's kernel."""
    symmetric, read = draw_influences(spectrum.kernel, spectrum.length, spectrum.tokens)
    return DrawSensitivity(spectrum, symmetric, read, spectrum.trace())


def draw_influences(
    kernel: Kernel | FunctionKernel, length: int | sp.Expr, law: Law
) -> tuple[Any, Any]:
    """E Inf_i(f) at a position that is averaged over, and at the read position (None where none is read).

    >>> from symkern.abc import L, v
    >>> from symkern.kernels import embedding, uniform
    >>> draw_influences(embedding("alpha").mean_pool(), L, uniform(v))
    (alpha*(v - 1)/(L**2*v), None)
    """
    if not law.is_independent:
        raise NoClosedForm(
            f"sensitivity: influences are defined for independent tokens, but they are {law}; "
            "uniform(v) and categorical(...) are laws of independent tokens"
        )
    star = kernel.group.fixed > 0
    if isinstance(kernel, Kernel) and kernel.is_polynomial:
        influence: Any = _polynomial_influence
    elif isinstance(length, int) and isinstance(law.vocabulary, int):
        influence = _numeric_influence
    else:
        raise NoClosedForm(
            f"sensitivity: {kernel} is no polynomial in the match counts; its draws are exact at a given length and "
            "vocabulary, for example length=16, tokens=uniform(2)"
        )
    alone = star and length == 1  # no position but the read one
    symmetric = sp.S.Zero if alone else influence(kernel, length, law, False)
    return symmetric, influence(kernel, length, law, True) if star else None


# -- kernels that are polynomials in the match counts: any length, a number or a symbol ----


def _polynomial_influence(kernel: Kernel, length: int | sp.Expr, law: Law, read: bool) -> sp.Expr:
    """sum over t != u of p_t p_u E [k(x, x) - k(x, x^(i))]."""
    polynomial = kernel_polynomial(kernel)
    symbols = set(polynomial.value.field.symbols[5:]) | {CONTEXT_LENGTH}
    vocabulary = law.vocabulary
    for size in (length, vocabulary):
        if isinstance(size, sp.Expr):
            symbols |= size.free_symbols
    field = function_field(tuple(sorted(symbols, key=lambda t: t.name)))
    sites = field(length)
    # Coefficients by powers of s, s_x, s_y on the two sequences: equal, then different at i.
    terms: dict[tuple[int, int, int], RationalFunction] = {}
    for (i, j, a, b, q), c in polynomial.terms.items():
        moved = c.substitute({CONTEXT_LENGTH: sites}, field)
        pairs = [((0, i + a + b, 0), moved * sites**j)]
        if not (q and read):
            pairs.append(((i, a, b), -moved * (sites - 1) ** j))
        for key, added in pairs:
            terms[key] = terms.get(key, field.zero) + added
    found = (c * _moment(key, sites, law) for key, c in terms.items() if c)
    return sum(found, field.zero).to_sympy()


def _moment(key: tuple[int, int, int], length: RationalFunction, law: Law) -> RationalFunction:
    """sum over t != u of p_t p_u E s^i s_x^j s_y^k with t at x_i and u at the other."""
    expanded = _in_counts(key)
    field = length.field
    total = field.zero
    if not law.is_uniform:
        probabilities = law.letter_probabilities()
        common = lcm(*(q.denominator for q in probabilities))
        found = _letters_moment(expanded, [int(q * common) for q in probabilities])
        falling = _falling(length - 1, found)
        for (power,), c in found.terms():
            # z^J carries J probabilities, and those of the two letters come on top.
            total = total + falling[power] * field(Fraction(int(c), common ** (power + 2)))
        return total
    v = field(law.vocabulary)
    moment = _uniform_moment(expanded)
    blocks = [field.one]  # (v - 2)(v - 3)... : letters for the blocks
    for b in range(max(moment, default=0)):
        blocks.append(blocks[-1] * (v - 2 - b))
    for b, row in moment.items():
        falling = _falling(length - 1, row)
        for (power,), c in row.terms():
            total = total + falling[power] * blocks[b] * int(c) / v**power
    return total * (v - 1) / v


def _falling(sites: RationalFunction, moment: PolyElement) -> list[RationalFunction]:
    """sites (sites - 1)...(sites - J + 1) for J = 0..the degree of a moment."""
    found = [sites.field.one]
    for power in range(max((powers[0] for powers in moment.monoms()), default=0)):
        found.append(found[-1] * (sites - power))
    return found


Counted = dict[tuple[int, int, int], int]


def _in_counts(key: tuple[int, int, int]) -> Counted:
    """s^i s_x^j s_y^k as a polynomial in S, a, b: {(powers): coefficient}."""
    product = prod((p**n for p, n in zip(_SQUARES, key, strict=True)), start=_IN_COUNTS.one)
    return dict(product.terms())


@lru_cache(maxsize=4096)
def _touchard(power: int, share: int = 1) -> PolyElement:
    """E n^power as a polynomial in z, n Poisson with mean share z."""
    terms = {(j,): ZZ(stirling2(power, j) * share**j) for j in range(power + 1)}
    return _MOMENTS.from_dict(terms)


def _uniform_moment(expanded: Counted) -> dict[int, PolyElement]:
    """E of the polynomial, in powers of z/v, by the length of the falling factorial of v - 2: the number of blocks of other letters."""
    found: dict[int, PolyElement] = {}
    for e, row in _two_letters(expanded, 1, 1).items():
        for shape in partitions(e):
            ways = factorial(e)
            for size in (*shape, *shape.multiplicities.values()):
                ways //= factorial(size)
            joint = row * ways
            for part in shape:
                joint = joint * _touchard(2 * part)
            found[len(shape)] = found.get(len(shape), 0) + joint
    return found


def _two_letters(expanded: Counted, p: int, q: int) -> dict[int, PolyElement]:
    """The part of a and b, by the power of S, as polynomials in z; their means are p z and q z."""
    found: dict[int, PolyElement] = {}
    for (e, i, j), c in expanded.items():
        found[e] = found.get(e, 0) + _touchard(i, p) * _touchard(j, q) * c
    return found


def _letters_moment(expanded: Counted, shares: list[int]) -> PolyElement:
    """The sum over t != u of p_t p_u E of the polynomial in powers of z, for means ``shares`` times z."""
    most = max((e for e, _, _ in expanded), default=0)
    found = _MOMENTS.zero
    for (t, p), (u, q) in permutations(enumerate(shares), 2):
        if p and q:
            squares = _square_sums([r for w, r in enumerate(shares) if w not in (t, u)], most)
            for e, row in _two_letters(expanded, p, q).items():
                found = found + row * squares[e] * (p * q)
    return found


def _square_sums(shares: list[int], most: int) -> list[PolyElement]:
    """E S^e for e = 0..most in powers of z, S the sum of the squares of the counts of these letters."""
    rows = [_MOMENTS(int(e == 0)) for e in range(most + 1)]
    for r in shares:
        single = [_touchard(2 * e, r) for e in range(most + 1)]
        rows = [
            sum((rows[e - k] * single[k] * comb(e, k) for k in range(e + 1)), _MOMENTS.zero)
            for e in range(most + 1)
        ]
    return rows


# -- any kernel at a given length and vocabulary -------------------------------------------


def _numeric_influence(
    kernel: Kernel | FunctionKernel, length: int, law: Law, read: bool
) -> sp.Expr | Ball:
    """E k(x, x) - E k(x, x^(i)) as a sum over the counts of the other positions and the two letters."""
    probabilities = law.letter_probabilities()
    source = kernel_source(kernel, length, len(probabilities))
    field = getattr(source, "field", None)
    spare = int(source.starred)
    # The read position is no part of the table; where it is the one that is resampled, all others are.
    others = length - 1 if read or not spare else length - 2
    with precision(_BITS), symbols_of(field):
        total = real(0)
        for content in map(tuple, compositions(others, len(probabilities)).tolist()):
            chance = Fraction(factorial(others))
            for p, count in zip(probabilities, content, strict=True):
                chance = chance * p**count / factorial(count)
            for (t, p), (u, q) in permutations(enumerate(probabilities), 2):
                for star, share in _stars(probabilities, spare, read):
                    if weight := chance * p * q * share:
                        value = _difference(source, content, t, u, star, read)
                        total = total + value * real(weight)
        if field is not None:
            return field(total).to_sympy()
        return to_expression(total) if is_exact(total) else from_arb(total)


def _stars(
    probabilities: tuple[Fraction, ...], starred: int, read: bool
) -> Iterator[tuple[int | None, Fraction]]:
    """Letters of the read position, where one is read and another is resampled."""
    if not starred or read:
        yield None, Fraction(1)
        return
    yield from ((w, p) for w, p in enumerate(probabilities) if p)


def _difference(
    source: Any, content: tuple[int, ...], t: int, u: int, star: int | None, read: bool
) -> Any:
    """k(x, x) - k(x, x^(i)) where x has t and x^(i) has u."""

    def table(extra: tuple[int, int] | None) -> list[list[int]]:
        rows = [[c if a == b else 0 for b in range(len(content))] for a, c in enumerate(content)]
        if extra is not None:
            rows[extra[0]][extra[1]] += 1
        return rows

    if read:
        return source(table(None), (t, t)) - source(table(None), (t, u))
    pair = None if star is None else (star, star)
    return source(table((t, t)), pair) - source(table((t, u)), pair)
