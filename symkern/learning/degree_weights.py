r"""The mean weight of a draw by Efron-Stein degree, from the blocks of a spectrum.

Functions of different degree are orthogonal when tokens are independent, and the bases of the blocks on uniform tokens are graded: each
basis function has one degree, |mu| letters in the asymmetric part and e in the symmetric one. In such a basis P_d is
diagonal, whatever the basis within a degree, so that

    W_d = E ||f^{=d}||^2 = tr(P_d T P_d) = sum over sectors of dimension x sum of the block's diagonal entries of degree d.

The eigenvalues alone do not give it, because blocks mix degrees.

For other kernels and laws, at a given length: let y be x with every token kept with probability rho and else drawn anew. Then
E k(x, y) = sum_d rho^d W_d, a sum over contingency tables N of their probability, a polynomial in rho, times k(N) (noise stability; O'Donnell,
*Analysis of Boolean Functions*, 2014, chapter 8).
"""

from __future__ import annotations

from fractions import Fraction
from math import factorial
from typing import Any

import sympy as sp

from symkern.combinatorics.contingency_tables import compositions, number_of_tables
from symkern.engines.tables.sectors import kernel_source
from symkern.errors import NoClosedForm
from symkern.exact import ExactMatrix, exact_expression, function_field
from symkern.exact.balls import from_arb, precision
from symkern.exact.reals import is_exact, real, symbols_of, to_expression
from symkern.kernels.function_kernels import FunctionKernel
from symkern.kernels.pipeline import Kernel
from symkern.limits import current
from symkern.spectra.spectrum import Spectrum
from symkern.tokens import Law

_BITS = 256


def degree_weights(spectrum: Spectrum) -> dict[int, Any]:
    """W_d by degree, the degrees whose weight is not zero; they sum to E k(x, x).

    >>> from symkern.abc import L
    >>> from symkern.kernels import embedding, uniform
    >>> spec = embedding(1).mean_pool().spectrum(length=L, tokens=uniform(2))
    >>> degree_weights(spec)
    {0: 1/2, 1: 1/(2*L)}
    """
    try:
        return _from_blocks(spectrum)
    except NoClosedForm:
        size, law = spectrum.length, spectrum.tokens
        if not isinstance(size, int) or not law.is_independent:
            raise
        if not isinstance(law.vocabulary, int):
            raise
        if number_of_tables(size, law.vocabulary) > current().weighted_tables:
            raise
        return table_weights(spectrum.kernel, size, law)


def _from_blocks(spectrum: Spectrum) -> dict[int, Any]:
    symbols: set[sp.Symbol] = set()
    rows = []
    for sector in spectrum.sectors:
        if sector.degrees is None:
            raise NoClosedForm(
                "degrees: the blocks' bases are graded by degree for kernels that are polynomials in the match counts on "
                f"uniform tokens, and weights come from tables at a given length, up to {current().weighted_tables} of them; the average "
                "sensitivity itself exists for all independent tokens"
            )
        assert isinstance(sector.block, ExactMatrix)
        size = exact_expression(sector.dimension, "dimension")
        symbols |= size.free_symbols
        symbols |= set(sector.block.field.symbols)
        rows.append((sector.degrees, size, sector.block))
    field = function_field(tuple(sorted(symbols, key=lambda t: t.name)))
    found: dict[int, Any] = {}
    for degrees, size, block in rows:
        dimension = field(size)
        for i, d in enumerate(degrees):
            found[d] = found.get(d, field.zero) + dimension * field(block.rows[i][i])
    return {d: found[d].to_sympy() for d in sorted(found) if found[d]}


def table_weights(kernel: Kernel | FunctionKernel, length: int, law: Law) -> dict[int, Any]:
    """W_d from the values of k on all contingency tables; balls where these are irrational, then in every degree.

    >>> from symkern.kernels import embedding, uniform
    >>> table_weights(embedding(1).mean_pool(), 4, uniform(2))
    {0: 1/2, 1: 1/8}
    """
    probabilities = law.letter_probabilities()
    letters = len(probabilities)
    source = kernel_source(kernel, length, letters)
    cells = [(t, u) for t in range(letters) for u in range(letters)]
    sites = length - int(source.starred)
    field = getattr(source, "field", None)
    with precision(_BITS), symbols_of(field):
        totals = [real(0)] * (length + 1)
        for counts in compositions(sites, len(cells)).tolist():
            ways = factorial(sites)
            for count in counts:
                ways //= factorial(count)
            table = [counts[t * letters : (t + 1) * letters] for t in range(letters)]
            for star in cells if source.starred else [None]:
                chance = _chance([*zip(cells, counts, strict=True), *([(star, 1)] if star else [])],
                                 probabilities, ways)  # fmt: skip
                if not any(chance):
                    continue
                value = source(table, star)
                for d, c in enumerate(chance):
                    if c:
                        totals[d] = totals[d] + value * real(c)
        found = {d: _public(total, field) for d, total in enumerate(totals)}
    return {d: w for d, w in found.items() if w != 0}


def _chance(
    counts: list[tuple[tuple[int, int], int]], probabilities: tuple[Fraction, ...], ways: int
) -> list[Fraction]:
    """The probability of a table as a polynomial in rho: a pair is (t, t) with p_t (p_t + rho (1 - p_t)), (t, u) with (1 - rho) p_t p_u."""
    found = [Fraction(ways)]
    for (t, u), count in counts:
        p, q = probabilities[t], probabilities[u]
        low, high = (p * p, p * (1 - p)) if t == u else (p * q, -p * q)
        for _ in range(count):
            longer = [low * c for c in found] + [Fraction(0)]
            for d, c in enumerate(found):
                longer[d + 1] += high * c
            found = longer
    return found


def _public(total: Any, field: Any) -> Any:
    if field is not None:
        return field(total).to_sympy()
    return to_expression(total) if is_exact(total) else from_arb(total)
