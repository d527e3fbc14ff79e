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
from math import comb, factorial, lcm
from typing import TYPE_CHECKING, Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.combinatorics import partitions
from symkern.combinatorics.contingency_tables import compositions
from symkern.combinatorics.stirling_numbers import stirling2
from symkern.errors import NoClosedForm
from symkern.exact import RationalFunction, function_field
from symkern.exact.balls import Ball, from_arb, precision
from symkern.exact.reals import is_exact, real, symbols_of, to_expression
from symkern.kernels.algebras.match_counts import kernel_polynomial
from symkern.kernels.function_kernels import FunctionKernel
from symkern.kernels.pipeline import Kernel
from symkern.tokens import Law

if TYPE_CHECKING:
    from symkern.learning.draw_report import DrawSensitivity
    from symkern.spectra.spectrum import Spectrum

__all__ = ["draw_influences", "draw_sensitivity"]

#: Bits of the balls where a kernel's values are irrational.
_BITS = 192

#: A moment as integers by (number of blocks of other letters, power of z).
Moment = dict[tuple[int, int], int]


def draw_sensitivity(spectrum: Spectrum) -> DrawSensitivity:
    """E I(f), E |f|^2 and their ratio for draws from the Gaussian process of a spectrum's kernel."""
    from symkern.learning.draw_report import DrawSensitivity

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

    def add(key: tuple[int, int, int], c: RationalFunction) -> None:
        terms[key] = terms.get(key, field.zero) + c

    for (i, j, a, b, q), c in polynomial.terms.items():
        moved = c.substitute({CONTEXT_LENGTH: sites}, field)
        add((0, i + a + b, 0), moved * sites**j)
        if not (q and read):
            add((i, a, b), -moved * (sites - 1) ** j)
    total = field.zero
    for key, c in terms.items():
        if c:
            total = total + c * _moment(key, sites, law)
    return total.to_sympy()


def _moment(key: tuple[int, int, int], length: RationalFunction, law: Law) -> RationalFunction:
    """sum over t != u of p_t p_u E s^i s_x^j s_y^k with t at x_i and u at the other."""
    expanded = _in_counts(key)
    field = length.field
    total = field.zero
    if not law.is_uniform:
        probabilities = law.letter_probabilities()
        common = lcm(*(q.denominator for q in probabilities))
        shares = [int(q * common) for q in probabilities]
        found = _letters_moment(expanded, shares)
        for power, falling in _falling(length - 1, len(found) - 1):
            # z^J carries J probabilities, and those of the two letters come on top.
            total = total + falling * field(Fraction(found[power], common ** (power + 2)))
        return total
    v = field(law.vocabulary)
    moment = _uniform_moment(expanded)
    blocks = [field.one]  # (v - 2)(v - 3)... : letters for the blocks
    for b in range(max((b for b, _ in moment), default=0)):
        blocks.append(blocks[-1] * (v - 2 - b))
    by_power: dict[int, RationalFunction] = {}
    for (b, power), c in moment.items():
        by_power[power] = by_power.get(power, field.zero) + blocks[b] * c
    scale = field.one
    for power, falling in _falling(length - 1, max(by_power, default=0)):
        if power in by_power:
            total = total + falling * by_power[power] / scale
        scale = scale * v
    return total * (v - 1) / v


def _falling(sites: RationalFunction, most: int) -> Iterator[tuple[int, RationalFunction]]:
    """(J, sites (sites - 1)...(sites - J + 1)) for J = 0..most."""
    product = sites.field.one
    for power in range(most + 1):
        yield power, product
        product = product * (sites - power)


Counted = dict[tuple[int, int, int], int]


def _in_counts(key: tuple[int, int, int]) -> Counted:
    """s^i s_x^j s_y^k as a polynomial in S, a, b: {(powers): coefficient}."""
    bases: tuple[Counted, ...] = (
        {(1, 0, 0): 1, (0, 2, 0): 1, (0, 1, 0): 1, (0, 0, 2): 1, (0, 0, 1): 1},
        {(1, 0, 0): 1, (0, 2, 0): 1, (0, 1, 0): 2, (0, 0, 0): 1, (0, 0, 2): 1},
        {(1, 0, 0): 1, (0, 0, 2): 1, (0, 0, 1): 2, (0, 0, 0): 1, (0, 2, 0): 1},
    )
    product: Counted = {(0, 0, 0): 1}
    for base, times in zip(bases, key, strict=True):
        for _ in range(times):
            wider: Counted = {}
            for (e, i, j), c in product.items():
                for (e2, i2, j2), c2 in base.items():
                    at = (e + e2, i + i2, j + j2)
                    wider[at] = wider.get(at, 0) + c * c2
            product = wider
    return product


@lru_cache(maxsize=4096)
def _touchard(power: int, share: int = 1) -> list[int]:
    """Coefficients of E n^power in powers of z, n Poisson with mean share z."""
    return [stirling2(power, j) * share**j for j in range(power + 1)]


def _times(first: list[int], second: list[int]) -> list[int]:
    out = [0] * (len(first) + len(second) - 1)
    for i, a in enumerate(first):
        if a:
            for j, b in enumerate(second):
                out[i + j] += a * b
    return out


def _uniform_moment(expanded: Counted) -> Moment:
    """E of the polynomial, in powers of z/v and falling factorials of v - 2."""
    pairs = _two_letters(expanded, 1, 1)
    found: Moment = {}
    for e, row in pairs.items():
        for shape in partitions(e):
            ways = factorial(e)
            for part in shape:
                ways //= factorial(part)
            for count in shape.multiplicities.values():
                ways //= factorial(count)
            joint = row
            for part in shape:
                joint = _times(joint, _touchard(2 * part))
            for power, q in enumerate(joint):
                if q:
                    key = (len(shape), power)
                    found[key] = found.get(key, 0) + ways * q
    return found


def _two_letters(expanded: Counted, p: int, q: int) -> dict[int, list[int]]:
    """The part of a and b, by the power of S, in powers of z; their means are p z and q z."""
    found: dict[int, list[int]] = {}
    for (e, i, j), c in expanded.items():
        row = found.setdefault(e, [])
        product = _times(_touchard(i, p), _touchard(j, q))
        row.extend([0] * (len(product) - len(row)))
        for power, k in enumerate(product):
            row[power] += c * k
    return found


def _letters_moment(expanded: Counted, shares: list[int]) -> list[int]:
    """The sum over t != u of p_t p_u E of the polynomial in powers of z, for means ``shares`` times z."""
    most = max((e for e, _, _ in expanded), default=0)
    found: list[int] = []
    for t, p in enumerate(shares):
        for u, q in enumerate(shares):
            if t == u or not p or not q:
                continue
            squares = _square_sums([r for w, r in enumerate(shares) if w not in (t, u)], most)
            for e, row in _two_letters(expanded, p, q).items():
                product = _times(row, squares[e])
                found.extend([0] * (len(product) - len(found)))
                for power, value in enumerate(product):
                    found[power] += p * q * value
    return found


def _square_sums(shares: list[int], most: int) -> list[list[int]]:
    """E S^e for e = 0..most in powers of z, S the sum of the squares of the counts of these letters."""
    rows = [[int(e == 0)] for e in range(most + 1)]
    for r in shares:
        single = [_touchard(2 * e, r) for e in range(most + 1)]
        wider = []
        for e in range(most + 1):
            total = [0] * (2 * e + 1)
            for part in range(e + 1):
                for power, value in enumerate(_times(rows[e - part], single[part])):
                    total[power] += comb(e, part) * value
            wider.append(total)
        rows = wider
    return rows


# -- any kernel at a given length and vocabulary -------------------------------------------


def _numeric_influence(
    kernel: Kernel | FunctionKernel, length: int, law: Law, read: bool
) -> sp.Expr | Ball:
    """E k(x, x) - E k(x, x^(i)) as a sum over the counts of the other positions and the two letters."""
    from symkern.engines.tables.sectors import kernel_source

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
            for t, u, weight in _unequal(probabilities):
                if not chance:
                    continue
                for star, share in _stars(probabilities, spare, read):
                    value = _difference(source, content, t, u, star, read)
                    total = total + value * real(chance * weight * share)
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


def _unequal(probabilities: tuple[Fraction, ...]) -> Iterator[tuple[int, int, Fraction]]:
    for t, p in enumerate(probabilities):
        for u, q in enumerate(probabilities):
            if t != u and p and q:
                yield t, u, p * q


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
