r"""Irreps of small symmetric groups by definition: tabloids, polytabloids, Jucys-Murphy elements, and the strips and fillings that are counted by hand.

A permutation is the tuple of the images of 0..n-1, and g*h is first g, then h. It moves a sequence by (g x)_a = x_(g(a)), so that what stands at position a
comes to g^-1(a). A tabloid of shape lam is written as the word of its rows, x_a the row in which a stands, and moved as a sequence. Standard tableaux are
such words, too, in lexicographic order; contents are column minus row. Columns of matrices are images.

Sources: Sagan, *The Symmetric Group* (2nd ed.), 2.1 to 2.5 (polytabloids), 4.10 (strips); Okounkov and Vershik (1996), section 5 (Jucys-Murphy elements).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations, pairwise, permutations, product
from math import prod
from typing import Any

import numpy as np

Word = tuple[int, ...]
Shape = tuple[int, ...]
Array = Any


def then(g: Word, h: Word) -> Word:
    """First g, then h."""
    return tuple(h[image] for image in g)


def inverse(g: Word) -> Word:
    return tuple(sorted(range(len(g)), key=g.__getitem__))


def moved(g: Word, x: tuple[Any, ...]) -> tuple[Any, ...]:
    """(g x)_a = x_(g(a))."""
    return tuple(x[image] for image in g)


def inversions(g: Word) -> int:
    return sum(a > b for a, b in combinations(g, 2))


def transposition(n: int, a: int, b: int) -> Word:
    images = list(range(n))
    images[a], images[b] = b, a
    return tuple(images)


@cache
def tabloids(lam: Shape) -> tuple[Word, ...]:
    """All words with lam_i letters i, in lexicographic order."""
    letters = [i for i, part in enumerate(lam) for _ in range(part)]
    return tuple(sorted(set(permutations(letters))))


@cache
def standard(lam: Shape) -> tuple[Word, ...]:
    """Row words of standard tableaux: among the first letters there never are more of i + 1 than of i."""

    def lattice(word: Word) -> bool:
        counts = [0] * len(lam)
        for letter in word:
            counts[letter] += 1
            if letter and counts[letter] > counts[letter - 1]:
                return False
        return True

    return tuple(filter(lattice, tabloids(lam)))


def rows(word: Word) -> tuple[tuple[int, ...], ...]:
    """The tableau itself, entries 1..n."""
    return tuple(
        tuple(a + 1 for a, letter in enumerate(word) if letter == i)
        for i in range(max(word, default=-1) + 1)
    )


def contents(word: Word) -> tuple[int, ...]:
    """Column minus row of 1, ..., n."""
    seen: Counter[int] = Counter()
    found = []
    for letter in word:
        found.append(seen[letter] - letter)
        seen[letter] += 1
    return tuple(found)


@cache
def action(lam: Shape, g: Word) -> Array:
    """The matrix of g on tabloids."""
    place = {word: k for k, word in enumerate(tabloids(lam))}
    matrix = np.zeros((len(place), len(place)))
    for word, k in place.items():
        matrix[place[moved(g, word)], k] = 1
    return matrix


@cache
def polytabloids(lam: Shape) -> Array:
    """e_T for all standard T, as columns: the signed sum of the tabloids of T over its column group."""
    place = {word: k for k, word in enumerate(tabloids(lam))}
    basis = np.zeros((len(place), len(standard(lam))))
    for k, word in enumerate(standard(lam)):
        table = rows(word)
        columns = [[row[j] - 1 for row in table if len(row) > j] for j in range(lam[0])]
        for choice in product(*(permutations(range(len(c))) for c in columns)):
            image = list(word)
            for column, exchange in zip(columns, choice, strict=True):
                for i, entry in enumerate(column):
                    image[entry] = exchange[i]
            sign = prod((-1) ** inversions(exchange) for exchange in choice)
            basis[place[tuple(image)], k] += sign
    return basis


def _in_basis(basis: Array, lam: Shape, g: Word) -> Array:
    found, *_ = np.linalg.lstsq(basis, action(lam, g) @ basis, rcond=None)
    return found


def natural(lam: Shape, g: Word) -> Array:
    """The matrix of g in the basis of standard polytabloids."""
    return _in_basis(polytabloids(lam), lam, g)


@cache
def gelfand_tsetlin(lam: Shape) -> Array:
    """v_T for all standard T: the part of e_T that the elements J_k = (1 k) + ... + (k-1 k) multiply by the contents of T.

    It is found by projections, one for each k, on the eigenspaces of J_k in the Specht module.
    """
    n, basis = sum(lam), polytabloids(lam)
    frame, _ = np.linalg.qr(basis)
    sums = [sum((action(lam, transposition(n, a, k)) for a in range(k)), 0.0) for k in range(1, n)]
    found = []
    for k, word in enumerate(standard(lam)):
        vector = frame.T @ basis[:, k]
        for element, content in zip(sums, contents(word)[1:], strict=True):
            values, vectors = np.linalg.eigh(frame.T @ element @ frame)
            kept = vectors[:, np.abs(values - content) < 1e-6]
            vector = kept @ (kept.T @ vector)
        found.append(frame @ vector)
    return np.array(found).T


def seminormal(lam: Shape, g: Word) -> Array:
    return _in_basis(gelfand_tsetlin(lam), lam, g)


def orthogonal(lam: Shape, g: Word) -> Array:
    """In the v_T divided by their lengths."""
    basis = gelfand_tsetlin(lam)
    return _in_basis(basis / np.linalg.norm(basis, axis=0), lam, g)


# -- diagrams ------------------------------------------------------------------------------


def cells(lam: Shape) -> set[tuple[int, int]]:
    return {(i, j) for i, part in enumerate(lam) for j in range(part)}


def conjugate(lam: Shape) -> Shape:
    return tuple(sum(part > j for part in lam) for j in range(lam[0] if lam else 0))


def within(lam: Shape) -> Iterator[Shape]:
    """The partitions whose diagrams lie in that of lam."""
    for parts in product(*(range(part + 1) for part in lam)):
        if all(a >= b for a, b in pairwise(parts)):
            yield tuple(part for part in parts if part)


def strips(lam: Shape, k: int) -> set[tuple[Shape, int]]:
    """(lam without a border strip of k cells, rows of the strip less one): connected, and without a square of four."""
    found = set()
    for nu in within(lam):
        strip = cells(lam) - cells(nu)
        if len(strip) != k or not strip:
            continue
        square = any({(i, j), (i + 1, j), (i, j + 1), (i + 1, j + 1)} <= strip for i, j in strip)
        reached, new = set(), {min(strip)}
        while new:
            reached |= new
            new = {
                (i + a, j + b) for i, j in new for a, b in ((0, 1), (1, 0), (0, -1), (-1, 0))
            } & strip - reached
        if reached == strip and not square:
            found.add((nu, len({i for i, _ in strip}) - 1))
    return found


def by_strips(lam: Shape, mu: Shape) -> int:
    """The character by Murnaghan and Nakayama: strips of mu_1, mu_2, ... cells, each with the sign of its rows less one."""
    if not mu:
        return 1
    return sum((-1) ** height * by_strips(nu, mu[1:]) for nu, height in strips(lam, mu[0]))


def core(lam: Shape, k: int) -> Shape:
    """What is left when strips of k cells are taken away while there are any."""
    found = strips(lam, k)
    return core(min(found)[0], k) if found else lam


def fillings(lam: Shape, content: Iterable[int]) -> int:
    """Semistandard tableaux of a shape and a content, all words of that content tried one by one."""
    places = sorted(cells(lam))
    letters = [t for t, times in enumerate(content) for _ in range(times)]
    count = 0
    for word in set(permutations(letters)):
        at = dict(zip(places, word, strict=True))
        count += all(
            at.get((i, j + 1), len(letters)) >= t and at.get((i + 1, j), len(letters)) > t
            for (i, j), t in at.items()
        )
    return count
