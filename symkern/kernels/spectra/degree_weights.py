r"""The mean weight of a draw by Efron-Stein degree, from the blocks of a spectrum.

Functions of different degree are orthogonal when tokens are independent, and the bases of the blocks on uniform tokens are graded: each
basis function has one degree, |mu| letters in the asymmetric part and e in the symmetric one. In such a basis P_d is
diagonal, whatever the basis within a degree, so that

    W_d = E ||f^{=d}||^2 = tr(P_d T P_d) = sum over sectors of dimension x sum of the block's diagonal entries of degree d.

The eigenvalues alone do not give it, because blocks mix degrees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sympy as sp

from symkern.errors import NoClosedForm
from symkern.exact import ExactMatrix, exact_expression, function_field
from symkern.kernels.eigenfunctions.letter_polynomials import BinaryFunctions, UniformFunctions
from symkern.kernels.polynomial_engine.states import degree

if TYPE_CHECKING:
    from symkern.kernels.sector import Sector
    from symkern.kernels.spectra.spectrum import Spectrum

__all__ = ["basis_degrees", "degree_weights"]


def basis_degrees(sector: Sector) -> tuple[int, ...]:
    """The Efron-Stein degree of each basis function of a sector; `NoClosedForm` where the basis is not graded.

    >>> from symkern.abc import L
    >>> from symkern.kernels import embedding, uniform
    >>> spec = embedding("alpha", "beta").attention().mean_pool().spectrum(length=L, tokens=uniform(2))
    >>> [basis_degrees(s) for s in spec]
    [(0, 2), (1,), (2,), (1,)]
    """
    functions = sector.realisation
    if isinstance(functions, BinaryFunctions):
        size = sector.position_irrep.size
        return tuple(size + e + star for e, star in functions.basis)
    if isinstance(functions, UniformFunctions):
        found = []
        for vector in functions.vectors:
            degrees = {
                degree(state) + any(mask & 1 for part in state for mask, _, _ in part)
                for state, _ in vector
            }
            if len(degrees) > 1:
                raise NoClosedForm(f"degrees: a basis function of {sector.position_irrep} has none")
            found.append(degrees.pop())
        return tuple(found)
    raise NoClosedForm(
        "degrees: the blocks' bases are graded by degree for kernels that are polynomials in the match counts on "
        "uniform tokens; the average sensitivity itself exists for all independent tokens"
    )


def degree_weights(spectrum: Spectrum) -> dict[int, sp.Expr]:
    """W_d by degree, the degrees whose weight is not zero; they sum to E k(x, x).

    >>> from symkern.abc import L
    >>> from symkern.kernels import embedding, uniform
    >>> spec = embedding(1).mean_pool().spectrum(length=L, tokens=uniform(2))
    >>> degree_weights(spec)
    {0: 1/2, 1: 1/(2*L)}
    """
    symbols: set[sp.Symbol] = set()
    rows = []
    for sector in spectrum.sectors:
        degrees = basis_degrees(sector)
        assert isinstance(sector.block, ExactMatrix)
        size = exact_expression(sector.dimension, "dimension")
        symbols |= size.free_symbols
        symbols |= set(sector.block.field.symbols)
        rows.append((degrees, size, sector.block))
    field = function_field(tuple(sorted(symbols, key=lambda t: t.name)))
    found: dict[int, Any] = {}
    for degrees, size, block in rows:
        dimension = field(size)
        for i, d in enumerate(degrees):
            found[d] = found.get(d, field.zero) + dimension * field(block[i, i])
    return {d: found[d].to_sympy() for d in sorted(found) if found[d]}
