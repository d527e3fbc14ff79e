r"""Kernels on distinct tokens: class functions of S_L, and their eigenvalues.

When every token occurs once, a sequence is a permutation and a kernel that does not care for the names of
positions and tokens is k(x, y) = kappa(x^-1 y) with kappa a class function. There s = s_x = s_y = L and m counts
the fixed points, so the kernels of the attention algebra are polynomials in fix. With (fix)_j the falling factorial,

    kappa = sum_j c_j (fix)_j,    eigenvalue on lam = sum_j c_j f^{lam/(L - j)} / dim lam,

because (fix)_j is the permutation character on j-tuples of distinct points, the induction of the trivial character of S_{L-j};
f counts standard tableaux of the skew shape. For lam = mu[L] the first row separates from mu as soon as L >= j + mu_1, and then
f^{mu[L]/(L-j)} = C(j, |mu|) f^mu.

A kernel that reads one position is no class function: it is k = F_0(fix) + d F_1(fix) with d the indicator that the
last position is fixed, commutes with S_{L-1} x S_L, and acts on S^mu inside S^lam as the number

    <F_0, chi^lam>_{S_L} / dim lam + (1/L) <F_1(1 + fix), chi^mu>_{S_{L-1}} / dim mu.
"""

from __future__ import annotations

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import cycle_count
from symkern.bounds import dimension
from symkern.characters import CharacterPolynomial, ClassFunction
from symkern.characters.fixed_points import falling_fixed_points
from symkern.combinatorics import Partition
from symkern.combinatorics.stirling_numbers import stirling2
from symkern.engines.match_counts.uniform_tokens import stable_labels
from symkern.engines.permutations.functions import PermutationFunctions
from symkern.errors import NoClosedForm
from symkern.exact import (
    ExactMatrix,
    FunctionField,
    RationalFunction,
    exact_size,
    function_field,
)
from symkern.kernels.algebras.match_counts import d, kernel_polynomial, m, s, s_x, s_y
from symkern.kernels.pipeline import Kernel
from symkern.sectors.sector import Sector
from symkern.tokens import Distinct


def _on_distinct(kernel: Kernel, length: int | sp.Expr) -> tuple[FunctionField, RationalFunction]:
    """The kernel on distinct tokens, a polynomial in m and d over Q(L, hyperparameters)."""
    value = kernel_polynomial(kernel).value
    symbols = {
        *value.field.symbols[5:],
        *(length.free_symbols if isinstance(length, sp.Expr) else ()),
    }
    if not isinstance(length, sp.Expr):
        symbols.discard(CONTEXT_LENGTH)
    field = function_field((m, d, *sorted(symbols, key=lambda t: t.name)))
    size = field(length)
    return field, value.substitute({s: size, s_x: size, s_y: size, CONTEXT_LENGTH: size}, field)


def class_function(kernel: Kernel, length: object) -> CharacterPolynomial | ClassFunction:
    """kappa with k(x, y) = kappa(x^-1 y) on distinct tokens.

    For a symbolic length a `CharacterPolynomial` in X1 with coefficients in L and the hyperparameters (its ``at(n)`` leaves them as they are;
    substitute L with ``subs``), for an int a `ClassFunction` of S_L.

    Args:
        kernel: a pipeline that ends in a readout.
        length: a symbol or a positive integer.

    Raises:
        NoClosedForm: a kernel that reads one position.
        InvalidArgument: a size at which the kernel is not positive.

    >>> from symkern.abc import L
    >>> from symkern.kernels import embedding
    >>> class_function(embedding("alpha", "beta").flatten(), L).expression
    beta + X1*alpha/L
    """
    size = exact_size(length, "length")
    if kernel.reads_position:
        raise NoClosedForm(
            f"{kernel.readout}: a kernel that reads one position is no class function of S_L; "
            "its spectrum on distinct tokens exists, under S_{L-1} x S_L"
        )
    kernel.require_sizes(size, size)
    _, value = _on_distinct(kernel, size)
    powers = {j: c.to_sympy() for (j,), c in value.coefficients([m]).items()}
    if isinstance(size, int):
        return ClassFunction(
            size, lambda cycles: sp.Add(*(c * cycles.count(1) ** j for j, c in powers.items()))
        )
    X1 = cycle_count(1)
    return CharacterPolynomial(sp.Add(*(c * X1**j for j, c in powers.items())))


def _falling(
    value: RationalFunction, shift: int, field: FunctionField
) -> dict[int, RationalFunction]:
    """Coefficients c_j of (fix)_j in a polynomial in m = fix + shift."""
    shifted = value.substitute({m: m + shift}, field) if shift else value
    out: dict[int, RationalFunction] = {}
    for (p,), c in shifted.coefficients([m]).items():
        for j in range(p + 1):
            if count := stirling2(p, j):
                out[j] = out[j] + c * count if j in out else c * count
    return {j: c for j, c in out.items() if c}


def _mean(
    falling: dict[int, RationalFunction], mu: Partition, size: int | None, field: FunctionField
) -> RationalFunction:
    """<sum_j c_j (fix)_j, chi^{mu[size]}>."""
    return sum((c * falling_fixed_points(mu, j, size) for j, c in falling.items()), field.zero)


def distinct_sectors(kernel: Kernel, length: int | sp.Expr) -> list[Sector]:
    """The sectors of a kernel on distinct tokens that are not zero."""
    field, value = _on_distinct(kernel, length)
    size = length if isinstance(length, int) else None
    by_star = {q: c for (q,), c in value.coefficients([d]).items()}
    if not kernel.reads_position:
        return _class_sectors(value, length, size, field)
    plain = _falling(by_star.get(0, field.zero), 0, field)
    star = sum((c for q, c in by_star.items() if q), field.zero)
    return _star_sectors(plain, _falling(star, 1, field), length, size, field)


def _class_sectors(
    value: RationalFunction, length: int | sp.Expr, size: int | None, field: FunctionField
) -> list[Sector]:
    falling = _falling(value, 0, field)
    highest = max(falling, default=0)
    sectors = []
    for mu in stable_labels(highest, size):
        dim = dimension(mu, length)
        eigenvalue = _mean(falling, mu, size, field) / field(dim)
        if eigenvalue:
            sectors.append(
                Sector(
                    mu,
                    mu,
                    dim**2,
                    ExactMatrix(field, [[eigenvalue]]),
                    _valid(highest + mu.part(0), size),
                    realisation=PermutationFunctions(mu, mu, False, length, Distinct()),
                )
            )
    return sectors


def _star_sectors(
    plain: dict[int, RationalFunction],
    star: dict[int, RationalFunction],
    length: int | sp.Expr,
    size: int | None,
    field: FunctionField,
) -> list[Sector]:
    reach = max(max(plain, default=0), max(star, default=-1) + 1)
    others = length - 1
    sectors = []
    for kappa in stable_labels(reach, size):
        for mu in (kappa, *kappa.down()):
            if size is not None and size - 1 < mu.threshold:
                continue
            large, small = dimension(kappa, length), dimension(mu, others)
            eigenvalue = _mean(plain, kappa, size, field) / field(large)
            rest = _mean(star, mu, None if size is None else size - 1, field)
            eigenvalue = eigenvalue + rest / field(small) / field(length)
            if eigenvalue:
                first = max(
                    max(plain, default=0) + kappa.part(0),
                    max(star, default=0) + mu.part(0) + 1,
                    kappa.threshold + int(mu == kappa),
                    mu.threshold + 1,
                    1,
                )
                sectors.append(
                    Sector(
                        mu,
                        kappa,
                        small * large,
                        ExactMatrix(field, [[eigenvalue]]),
                        _valid(first, size),
                        realisation=PermutationFunctions(mu, kappa, True, length, Distinct()),
                    )
                )
    return sorted(sectors, key=lambda t: t.position_irrep.size)


def _valid(first: int, size: int | None) -> dict[str, int]:
    """From which L on a formula holds; at a given L, there."""
    found = max(first, 1) if size is None else size
    return {"L": found, "v": found}
