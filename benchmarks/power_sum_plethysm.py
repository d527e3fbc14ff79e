"""Plethysm as computer-algebra systems do it, in SymPy: expand in power sums, multiply polynomials, come back by characters.

It shares no code with symkern: h_n = sum of p_mu/z_mu, p_k[p_j] = p_(jk), and the characters come from border strips put onto beta-sets.
"""

from __future__ import annotations

from collections import Counter
from math import factorial, prod

import sympy as sp
from sympy.utilities.iterables import partitions as sympy_partitions


def complete_in_power_sums(n: int, symbols: list[sp.Symbol]) -> sp.Poly:
    """h_n as a polynomial in p_1, p_2, ..., ``symbols[k]`` being p_(k+1)."""
    terms = sp.S.Zero
    for mu in sympy_partitions(n):
        centraliser = prod(k**m * factorial(m) for k, m in mu.items())
        terms += prod(
            (symbols[k - 1] ** m for k, m in mu.items()), start=sp.Rational(1, centraliser)
        )
    return sp.Poly(terms, *symbols, domain="QQ")


def complete_plethysm(k: int, n: int) -> dict[tuple[int, ...], int]:
    """{lam: coefficient of s_lam in h_k[h_n]}."""
    symbols = list(sp.symbols(f"p1:{k * n + 1}"))
    inner = complete_in_power_sums(n, symbols)
    raised = {
        j: sp.Poly(
            {
                tuple(exponents[i // j - 1] if i % j == 0 else 0 for i in range(1, k * n + 1)): c
                for exponents, c in inner.terms()
            },
            *symbols,
            domain="QQ",
        )
        for j in range(1, k + 1)
    }
    whole = sp.Poly(0, *symbols, domain="QQ")
    for mu in sympy_partitions(k):
        centraliser = prod(j**m * factorial(m) for j, m in mu.items())
        term = sp.Poly(sp.Rational(1, centraliser), *symbols, domain="QQ")
        for j, m in mu.items():
            term *= raised[j] ** m
        whole += term
    found: Counter[tuple[int, ...]] = Counter()
    for exponents, c in whole.terms():
        for lam, chi in power_sum_in_schur([j + 1 for j, m in enumerate(exponents) for _ in range(m)]).items():  # fmt: skip
            found[lam] += c * chi
    return {lam: int(c) for lam, c in found.items() if c}


def power_sum_in_schur(mu: list[int]) -> dict[tuple[int, ...], int]:
    """{lam: chi^lam(mu)}: each part moves one bead of a beta-set of n beads, with a sign for each bead that it passes."""
    n = sum(mu)
    states = {tuple(range(n)): 1}
    for part in sorted(mu, reverse=True):
        following: Counter[tuple[int, ...]] = Counter()
        for beads, count in states.items():
            for bead in beads:
                if bead + part not in beads:
                    passed = sum(1 for other in beads if bead < other < bead + part)
                    moved = tuple(sorted({*beads, bead + part} - {bead}))
                    following[moved] += (-1) ** passed * count
        states = {beads: count for beads, count in following.items() if count}
    return {
        tuple(bead - i for i, bead in reversed(list(enumerate(beads))) if bead > i): count
        for beads, count in states.items()
    }
