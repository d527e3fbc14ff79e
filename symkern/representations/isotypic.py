r"""Isotypic components and projectors, exact, by central elements instead of a sum over n! permutations.

A central element Z with the eigenvalues c_1, ..., c_K on the irreps of a module splits a vector by Lagrange's formula,

    P_k f = prod_(j != k) (Z - c_j)/(c_k - c_j) f = (1/D_k) sum_j a_kj Z^j f,

so that K - 1 applications of Z give all parts. Power sums of Jucys-Murphy elements are used one after the other, until every
part belongs to one irrep. On words of two letters `symkern.representations.johnson` knows a shorter way.

Why machine integers are exact: f integer makes D_k P_k f integer, and since P_k is an orthogonal projection no entry exceeds
\|D_k\| \|f\|_2. Where that is below 2^63 the arithmetic may wrap modulo 2^64 on the way and still ends on the right
numbers. Otherwise the same is done modulo primes.

A projector is one column for each orbit, moved about: P e_(g x) = g P e_x.

Source: Serre, *Linear Representations of Finite Groups*, section 2.6; Diaconis, *Group Representations in Probability and
Statistics*, chapter 8, for spectral analysis of functions on such sets.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.combinatorics import Partition, PartitionLike
from symkern.combinatorics.memory import require_bytes
from symkern.exact.sparse import SparseMatrix
from symkern.exact.sparse_residues import INT64, IntegerArray, by_words_or_primes, word
from symkern.exact.sparse_vector import longest_column, reduced
from symkern.representations.central_elements import apply_power_sum, by_power_sum
from symkern.representations.johnson import grouped, parts_by_second_row
from symkern.representations.module_vectors import ModuleVector
from symkern.representations.modules import Module

Part = tuple[IntegerArray, int]


def components(module: Module, f: Any) -> dict[Partition, ModuleVector]:
    """{lam: part of f in the isotypic component of S^lam}, exact; the parts sum to f.

    Only irreps that occur in the module are listed, (n) first; a part may be zero.

    Args:
        module: the module.
        f: a function on the basis, or the list of its values, exact.

    Raises:
        SizeMismatch: not one value for each basis element.
        TooLarge: what does not fit in memory.

    >>> from symkern.representations import subsets
    >>> parts = subsets(4, 2).components(lambda s: int(s == (0, 1)))
    >>> [str(parts[4,]((0, 1))), str(parts[3, 1]((0, 1))), str(parts[2, 2]((0, 1)))]
    ['1/6', '1/2', '1/3']
    """
    vector = module.vector(f)
    parts = split(module, (vector.numerators, vector.denominator), list(module.multiplicities()))
    return {lam: ModuleVector.in_module(module, *parts[lam]) for lam in module.multiplicities()}


def split(
    module: Module,
    vector: Part,
    irreps: Sequence[Partition],
    m: int = 1,
    only: Partition | None = None,
) -> dict[Partition, Part]:
    """The parts of numerators over a denominator, where they lie in the sum of the given irreps.

    Several vectors at once are the columns of an array; ``only`` asks for the part of one irrep.
    """
    if len(irreps) == 1:
        return {irreps[0]: vector}
    if module.ones is not None:
        return _two_letters(module, vector, irreps, only)
    groups = by_power_sum(irreps, m)
    if len(groups) == 1:
        return split(module, vector, irreps, m + 1, only)
    found: dict[Partition, Part] = {}
    wanted = [c for c, group in groups.items() if only is None or only in group]
    pieces = _lagrange(module, m, vector, list(groups), wanted)
    for c, piece in zip(wanted, pieces, strict=True):
        found.update(split(module, piece, groups[c], m + 1, only))
    return found


def _two_letters(
    module: Module, vector: Part, irreps: Sequence[Partition], only: Partition | None
) -> dict[Partition, Part]:
    """The same for words of two letters, by Johnson schemes."""
    rows = {sum(lam[1:]): lam for lam in irreps if only is None or lam == only}
    values, denominator = vector
    assert module.ones is not None
    parts = parts_by_second_row(
        module.n, module.ones, partial(apply_power_sum, module, 1), values, list(rows)
    )
    return {rows[j]: reduced(part, scale * denominator) for j, (part, scale) in parts.items()}


def _lagrange(
    module: Module, m: int, vector: Part, eigenvalues: list[int], wanted: list[int]
) -> list[Part]:
    """The parts of a vector in the wanted eigenspaces of Z_m, all its eigenvalues being given."""
    values, denominator = vector
    scales = []
    coefficients = []  # of prod_(j != k) (x - c_j), from the constant term up
    for own in wanted:
        polynomial, scale = [1], 1
        for other in eigenvalues:
            if other != own:
                shifted = [0, *polynomial]
                for place, a in enumerate(polynomial):
                    shifted[place] -= other * a
                polynomial = shifted
                scale *= own - other
        scales.append(scale)
        coefficients.append(polynomial)
    bound = max(map(abs, scales)) * longest_column(values)
    sums = by_words_or_primes(
        values,
        bound,
        bound <= INT64 and values.dtype != object,
        lambda start, prime: _combinations(module, m, start, coefficients, prime),
    )
    return [reduced(s, scale * denominator) for s, scale in zip(sums, scales, strict=True)]


def _combinations(
    module: Module,
    m: int,
    start: npt.NDArray[np.int64],
    coefficients: list[list[int]],
    prime: int | None,
) -> list[npt.NDArray[np.int64]]:
    """sum_j a_kj Z^j start for every k, modulo a prime or modulo 2^64."""
    sums = [word(row[0], prime) * start for row in coefficients]
    power = start
    for j in range(1, len(coefficients[0])):
        power = apply_power_sum(module, m, power, prime)
        for k, row in enumerate(coefficients):
            sums[k] += word(row[j], prime) * power
            if prime:
                sums[k] %= prime
    return sums


def projector(module: Module, lam: PartitionLike) -> SparseMatrix:
    """The matrix that projects to the isotypic component of S^lam, exact; zero where lam does not occur.

    Args:
        module: the module.
        lam: a partition of n.

    Raises:
        SizeMismatch: it is one of another number.
        TooLarge: what does not fit in memory.

    >>> from symkern.representations import defining
    >>> defining(3).projector((2, 1)).to_sympy()
    Matrix([
    [ 2/3, -1/3, -1/3],
    [-1/3,  2/3, -1/3],
    [-1/3, -1/3,  2/3]])
    """
    return _projectors(module, [module.irrep(lam)])[0]


def projectors(module: Module) -> dict[Partition, SparseMatrix]:
    """All projectors at once, which is faster than one by one."""
    return dict(zip(module.multiplicities(), _projectors(module, None), strict=True))


def least_entries(module: Module) -> int:
    """A bound from below, had without the basis, on the entries of a projector: the sum of the squares of the orbits' sizes.

    There are as many orbits as copies of the trivial irrep, and the sum is least where all are alike.
    """
    if module.signs is not None:
        return 0
    orbits = module.multiplicities().get(Partition.trusted((module.n,)), 1)
    return module.dimension**2 // orbits


def _projectors(module: Module, irreps: list[Partition] | None) -> list[SparseMatrix]:
    """The projectors to the given irreps, or to all that occur, in the order of `Module.multiplicities`."""
    occurring = list(module.multiplicities())
    wanted = occurring if irreps is None else irreps
    each = 8 * len(occurring) + 48 * len(wanted)
    require_bytes(f"the projectors of {module!r}", least_entries(module) * each)
    orbits = list(grouped(module.orbit_labels[1]).values())
    entries = sum(len(orbit) ** 2 for orbit in orbits)
    require_bytes(f"the projectors of {module!r}", entries * each)
    columns = np.zeros(module.dimension, dtype=np.int64)
    for orbit in orbits:  # one column for each, none of which meets another
        columns[orbit[0]] = 1
    parts = split(module, (columns, 1), occurring)
    shown = [lam for lam in wanted if lam in parts]
    stacks = {lam: parts[lam][0] for lam in shown}
    collected: dict[Partition, list[npt.NDArray[np.generic]]] = {lam: [] for lam in shown}
    rows, cols = [], []
    for orbit in orbits:
        blocks = _moved(module, orbit, [stacks[lam][orbit] for lam in shown])
        for lam, block in zip(shown, blocks, strict=True):
            collected[lam].append(block.ravel())
        rows.append(np.repeat(orbit, len(orbit)))
        cols.append(np.tile(orbit, len(orbit)))
    shape = (module.dimension, module.dimension)
    empty = [np.zeros(0, dtype=np.int64)]
    at, to = np.concatenate(rows or empty), np.concatenate(cols or empty)
    zero = SparseMatrix.identity(module.dimension) * 0
    return [
        SparseMatrix(shape, at, to, np.concatenate(collected[lam]), parts[lam][1])
        if lam in parts
        else zero
        for lam in wanted
    ]


def _moved(
    module: Module, orbit: npt.NDArray[np.int64], first: list[IntegerArray]
) -> list[IntegerArray]:
    """From column 0 of an invariant matrix on an orbit all its columns: A e_(s x) = sign s A e_x."""
    size = len(orbit)
    blocks = [np.zeros((size, size), dtype=column.dtype) for column in first]
    for block, column in zip(blocks, first, strict=True):
        block[:, 0] = column
    local = np.zeros(module.dimension, dtype=np.int64)
    local[orbit] = np.arange(size)
    steps = [local[places[orbit]] for places in module.places]
    signs = None if module.signs is None else [s[orbit] for s in module.signs]
    known = [True] + [False] * (size - 1)
    stack = [0]
    listed = [step.tolist() for step in steps]
    while stack:
        x = stack.pop()
        for i, step in enumerate(steps):
            y = listed[i][x]
            if not known[y]:
                known[y] = True
                stack.append(y)
                for block in blocks:
                    column = block[step, x]
                    if signs is not None:
                        column = column * signs[i] * signs[i][x]
                    block[:, y] = column
    return blocks
