"""All sectors of any symmetric kernel at a given length and vocabulary.

The block on S^lam is rho_lam(g) with each monomial g^N replaced by k(N), the law entering as weights of the columns
(`polarisations`); with one position read, it acts on V_lam tensor C^v, lam a partition of L - 1, one such matrix per pair of
letters read. Where neither law nor kernel distinguishes tokens, the irreps of S_v are split off (`relabelling`), up to
`MOST_LETTERS` letters.

A sector whose block is zero is left out: exact blocks show it, balls never do; there the form of the pipeline decides (`couplings`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

import numpy as np

from symkern.bounds import dimension
from symkern.combinatorics import Partition, partitions
from symkern.exact import ExactMatrix
from symkern.exact.balls import BallMatrix
from symkern.exact.forms import ball_operator, exact_operator
from symkern.kernels.function_kernels import FunctionKernel
from symkern.kernels.general_engine.cost import cost
from symkern.kernels.general_engine.couplings import coupling, rank_bound
from symkern.kernels.general_engine.kernel_values import KernelValues, Source
from symkern.kernels.general_engine.polarisations import WeylModule, kernel_entries, weyl_module
from symkern.kernels.general_engine.position_types import TypeRecursion
from symkern.kernels.general_engine.relabelling import TokenSplit, Weight, representative
from symkern.kernels.general_engine.tables import compositions
from symkern.kernels.laws import Law, given_vocabulary, sequence_probability
from symkern.kernels.pipeline import Kernel
from symkern.kernels.sector import Sector

__all__ = ["general_sectors", "kernel_source"]

Counts = tuple[int, ...]
IntArray = Any
Progress = Callable[[list[Any]], Iterable[Any]]

#: Token irreps are split off up to this vocabulary.
MOST_LETTERS = 5
#: Bits of a fixed-point value beyond those that polarisations can consume.
SPARE_BITS = 256


def kernel_source(kernel: Kernel | FunctionKernel, length: int, letters: int) -> Source:
    """The kernel as a function of contingency tables; a user's function is checked for symmetry here."""
    if isinstance(kernel, FunctionKernel):
        return kernel.on_tables(length, letters)
    return TypeRecursion(kernel)


def general_sectors(
    kernel: Kernel | FunctionKernel, length: int, law: Law, progress: Progress = iter
) -> list[Sector]:
    """The sectors of the kernel that are not zero, by |mu|, then mu in reverse lexicographic order, then kappa.

    ``length`` is a number and ``law`` has a number of letters. ``progress`` wraps the lists of work to go through.

    >>> from symkern.kernels import embedding, uniform
    >>> [s] = general_sectors(embedding(1).mean_pool(), 1, uniform(1))
    >>> s.eigenvalues
    (1,)
    """
    letters = given_vocabulary(law)
    cost(kernel, length, law).require()
    source = kernel_source(kernel, length, letters)
    sites = length - int(source.starred)
    weights = _weights(sites, letters, source.starred, law)
    split = source.relabelling and letters <= MOST_LETTERS and _symmetric(weights)
    modules = [weyl_module(lam, letters) for lam in _shapes(kernel, sites, letters)]
    if split:
        chosen = {w[0] for w in weights if representative(w)}
    else:
        chosen = {w[0] for w in weights}
    bits = SPARE_BITS + max(_growth(m) for m in modules).bit_length()
    values = KernelValues(source, sites, letters, sorted(chosen, reverse=True), bits, progress)
    stars: list[tuple[int, int] | None] = [None]
    if source.starred:
        stars = [(p, q) for p in range(letters) for q in range(letters)]
    entries: list[dict[Any, IntArray]] = [{} for _ in modules]
    for star in stars:
        found = kernel_entries(values.on(star), modules, iter, chosen.__contains__)
        for listed, entry in zip(entries, found, strict=True):
            listed[star] = entry
    sectors = []
    for module, listed in zip(modules, entries, strict=True):
        mu = Partition(*(p for p in module.shape[1:] if p))
        kappas: list[Partition | None] = [None]
        if split:
            kappas = [Partition(*lam[1:]) for lam in partitions(letters)]
        for kappa in kappas:
            sector = _sector(kernel, module, listed, mu, kappa, weights, values, length, source)
            if sector is not None:
                sectors.append(sector)
    return sorted(sectors, key=_order)


def _order(sector: Sector) -> tuple[Any, ...]:
    token = sector.token_irrep
    return (
        sector.position_irrep.size,
        [-p for p in sector.position_irrep],
        0 if token is None else token.size,
        [] if token is None else [-p for p in token],
    )


def _shapes(kernel: Kernel | FunctionKernel, sites: int, letters: int) -> list[Partition]:
    most = coupling(kernel) if isinstance(kernel, Kernel) else None
    most = sites if most is None else min(most, sites)
    found = []
    for below in range(most + 1):
        for mu in partitions(below):
            if len(mu) < letters and sites - below >= (mu[0] if mu else 0):
                found.append(mu.padded(sites) if sites else Partition())
    return found


def _weights(sites: int, letters: int, starred: bool, law: Law) -> dict[Weight, Fraction]:
    """Probabilities of a sequence by the counts of its letters, and the letter that is read; without zeros."""
    found = {}
    for content in map(tuple, compositions(sites, letters).tolist()):
        for star in range(letters) if starred else [None]:
            counts = list(content)
            if star is not None:
                counts[star] += 1
            p = sequence_probability(law, tuple(counts))
            if p:
                found[content, star] = p
    return found


def _symmetric(weights: dict[Weight, Fraction]) -> bool:
    """Whether relabelling the letters leaves the law unchanged."""
    seen: dict[Any, set[Fraction]] = {}
    number: dict[Any, int] = {}
    for (content, star), p in weights.items():
        key = (tuple(sorted(content)), None if star is None else content[star])
        seen.setdefault(key, set()).add(p)
        number[key] = number.get(key, 0) + 1
    letters = len(next(iter(weights))[0])
    for (counts, star), probabilities in seen.items():
        orbit = len(_rearrangements(counts))
        if star is not None:
            orbit *= counts.count(star)
        if len(probabilities) > 1 or number[counts, star] != orbit:
            return False
    return letters > 0


def _rearrangements(counts: Counts) -> set[Counts]:
    from itertools import permutations

    return set(permutations(counts))


def _growth(module: WeylModule) -> int:
    most = max(module.growth(t) for t in range(len(module)))
    return most * most * module.size_of_highest


def _sector(
    kernel: Kernel | FunctionKernel,
    module: WeylModule,
    entries: dict[Any, IntArray],
    mu: Partition,
    kappa: Partition | None,
    weights: dict[Weight, Fraction],
    values: KernelValues,
    length: int,
    source: Source,
) -> Sector | None:
    sites = length - int(source.starred)
    rank = None
    if isinstance(kernel, Kernel):
        rank = rank_bound(kernel, mu, kappa, module.letters, length)
    if rank == 0:
        return None
    allowed = [w for w in weights if w[0] in module.contents]
    if kappa is None:
        form, errors, gram, probabilities, scale = _whole(module, entries, allowed, weights, values)
    else:
        form, errors, gram, probabilities, scale = _part(
            module, entries, kappa, allowed, weights, values
        )
    if not len(form):
        return None
    block: ExactMatrix | BallMatrix
    metric = None
    if values.exact:
        found = exact_operator(form, gram, probabilities, values.denominator * scale)
        if found is None:
            return None
        block, metric = found
    else:
        bits = values.denominator.bit_length() + 2 * len(form) + 64
        block = ball_operator(
            form, errors, gram, probabilities, values.denominator * scale, bits, rank
        )
    return Sector(
        mu,
        kappa,
        _irreps(mu, sites) * (1 if kappa is None else _irreps(kappa, module.letters)),
        block,
        {"L": length, "v": module.letters},
        source.standing,
        metric,
    )


def _irreps(mu: Partition, size: int) -> int:
    return int(dimension(mu, size)) if size else 1


def _errors(module: WeylModule, radius: int) -> IntArray:
    growth = np.array([module.growth(t) for t in range(len(module))], dtype=object)
    return np.outer(growth, growth) * (module.size_of_highest * radius)


def _whole(
    module: WeylModule,
    entries: dict[Any, IntArray],
    allowed: list[Weight],
    weights: dict[Weight, Fraction],
    values: KernelValues,
) -> tuple[IntArray, IntArray, IntArray, list[Fraction], int]:
    """Forms on the whole multiplicity space, a basis vector for each tableau and letter that is read."""
    basis = [(w[1], t, w) for w in allowed for t in module.contents[w[0]]]
    size = len(basis)
    bound = _errors(module, values.radius)
    form, errors, gram = (np.zeros((size, size), dtype=object) for _ in range(3))
    for i, (p, s, w) in enumerate(basis):
        first = module.contents[w[0]].start
        for j, (q, t, u) in enumerate(basis):
            form[i, j] = entries[None if p is None else (p, q)][s, t]
            errors[i, j] = bound[s, t]
            if u == w:
                gram[i, j] = module.gram[w[0]][s - first, t - first]
    return form, errors, gram, [weights[w] for _, _, w in basis], 1


def _part(
    module: WeylModule,
    entries: dict[Any, IntArray],
    kappa: Partition,
    allowed: list[Weight],
    weights: dict[Weight, Fraction],
    values: KernelValues,
) -> tuple[IntArray, IntArray, IntArray, list[Fraction], int]:
    """Forms on the maps of S^kappa into the multiplicity space."""
    split = TokenSplit(module, kappa, allowed)
    if not len(split):
        empty = np.zeros((0, 0), dtype=object)
        return empty, empty, empty, [], 1
    form, scale = split.form(entries)
    errors = np.zeros_like(form)
    if values.radius:
        bound = _errors(module, values.radius)
        errors, _ = split.form(dict.fromkeys(entries, bound), absolute=True)
    return form, errors, split.gram(), [weights[o.weight] for o, _ in split.owners], scale
