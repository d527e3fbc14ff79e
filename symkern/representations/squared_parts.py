r"""Squared lengths of isotypic parts, in pieces of the basis that S_n maps to themselves.

For a vector f and a union of orbits B the numbers \|(P_lam f) restricted to B\|^2 = <f_B, P_lam f_B>. On words of two letters they need no
parts: with k ones P_j = sum_i e_j(i) A_i (`symkern.representations.johnson`), so that the integers <f_k, A_i f_k> suffice, in
machine words or modulo primes.

Source: Delsarte, *An algebraic approach to the association schemes of coding theory* (1973).
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from math import comb
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.combinatorics import Partition
from symkern.exact.sparse_residues import IntegerArray, by_words_or_primes
from symkern.exact.sparse_vector import RationalVector, exact_dot, longest_column
from symkern.representations.central_elements import apply_power_sum
from symkern.representations.isotypic import components
from symkern.representations.johnson import distance_images, grouped, idempotents, images_fit
from symkern.representations.module_vectors import ModuleVector
from symkern.representations.modules import Module

Places = npt.NDArray[np.int64]


def energies(module: Module, f: Any) -> dict[Partition, Any]:
    """{lam: sum over the basis of the squared values of the part of f in S^lam}, exact.

    They sum to the squared length of f. Under a law of tokens see `symkern.targets`.

    Args:
        module: the module.
        f: a function on the basis, or the list of its values, exact.

    >>> from symkern.representations import words
    >>> words(3, 2).energies(lambda x: x[0])
    {Partition(3): 8/3, Partition(2, 1): 4/3}
    """
    vector = module.vector(f)
    whole = np.zeros(module.dimension, dtype=np.int64)
    found = squared_parts(module, vector, whole)
    irreps = module.multiplicities()
    listed = RationalVector.of([found.get((lam, 0), 0) for lam in irreps])
    return dict(zip(irreps, listed, strict=True))


def squared_parts(
    module: Module, vector: RationalVector, pieces: Places
) -> dict[tuple[Partition, int], Fraction]:
    """{(lam, piece): squared length of the part in S^lam there}, zeros left out.

    ``pieces`` gives each basis element the number of its piece, the same along an orbit.
    """
    if module.ones is not None:
        return _two_letters(module, module.ones, vector, pieces)
    places = grouped(pieces)
    found: dict[tuple[Partition, int], Fraction] = {}
    for lam, part in components(module, ModuleVector.in_module(module, vector.numerators)).items():
        scale = (part.denominator * vector.denominator) ** 2
        for piece, at in places.items():
            here = part.numerators[at]
            if squares := exact_dot(here, here):
                found[lam, piece] = Fraction(squares, scale)
    return found


def _two_letters(
    module: Module, ones: Places, vector: RationalVector, pieces: Places
) -> dict[tuple[Partition, int], Fraction]:
    n = module.n
    places = grouped(ones)
    products = _products(module, ones, vector.numerators, places)
    labels = {sum(lam[1:]): lam for lam in module.multiplicities()}
    found: dict[tuple[Partition, int], Fraction] = {}
    for k, at in places.items():
        piece = int(pieces[at[0]])
        for j, row in enumerate(idempotents(n, k)):
            total = sum((e * g for e, g in zip(row, products[k], strict=True)), Fraction(0))
            if total:
                key = labels[j], piece
                found[key] = found.get(key, Fraction(0)) + total / vector.denominator**2
    order = {lam: a for a, lam in enumerate(labels.values())}
    return {key: found[key] for key in sorted(found, key=lambda key: (order[key[0]], key[1]))}


def _products(
    module: Module, ones: Places, f: IntegerArray, places: dict[int, Places]
) -> dict[int, list[int]]:
    """{k: [<f_k, A_0 f_k>, <f_k, A_1 f_k>, ...]}."""
    n = module.n
    transpositions = partial(apply_power_sum, module, 1)
    lengths = {k: min(k, n - k) + 1 for k in places}

    def dots(start: IntegerArray, prime: int | None) -> list[IntegerArray]:
        found: dict[int, list[int]] = {k: [] for k in places}
        for i, image in enumerate(distance_images(n, ones, transpositions, start, prime)):
            for k, at in places.items():
                if i >= lengths[k]:
                    continue
                if prime is None:
                    found[k].append(exact_dot(start[at], image[at]))
                else:
                    # Products are reduced to below 2^30 before at most 2^33 of them are added.
                    found[k].append(int((start[at] * image[at] % prime).sum()) % prime)
        return [np.array(found[k], dtype=np.int64 if prime else object) for k in places]

    most = max(comb(k, i) * comb(n - k, i) for k in places for i in range(lengths[k]))
    bound = most * longest_column(f) ** 2
    products = by_words_or_primes(f, bound, images_fit(n, places, f), dots)
    return {k: listed.tolist() for k, listed in zip(places, products, strict=True)}
