r"""Spectra of kernels by writing down the whole v^L x v^L matrix.

(T f)(x) = sum_y k(x, y) P(y) f(y). For a uniform law T is the Gram matrix divided by v^L. A
kernel's value is asked once for each *type* of a pair (x, y): relabelling the tokens of x and y
together, and moving the positions of both together, changes no entry's meaning in the recursions
of `attention` (they use tokens and positions only through equality), so one value serves all.
With ``marked`` the last position is kept in place, for readouts that single it out.

Exact answers are characteristic polynomials over the rationals (FLINT) or, where that is too
slow, modulo a large prime: equality there for matrices that do not know of each other is as good
as equality, and it is tested together with floating eigenvalues.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat, fmpq_poly, nmod_mat, nmod_poly

from . import symmetric_group as sym

PRIME = 2**61 - 1
Tokens = tuple[int, ...]


@cache
def sequences(length: int, vocabulary: int) -> tuple[Tokens, ...]:
    return tuple(product(range(vocabulary), repeat=length))


@cache
def pair_types(length: int, vocabulary: int, marked: bool = False) -> tuple[Any, list[Any]]:
    """``(index, pairs)``: pairs[index[i, j]] is of the type of (sequence i, sequence j).

    >>> index, pairs = pair_types(2, 2)
    >>> index.shape, len(pairs)      # contingency tables of two positions
    ((4, 4), 10)
    """
    words = np.array(sequences(length, vocabulary), dtype=np.int64).reshape(-1, length)
    letters = vocabulary * vocabulary
    assert letters**length < 2**62
    codes = words[:, None, :] * vocabulary + words[None, :, :]
    free = codes[..., :-1] if marked else codes
    free.sort(axis=-1)  # a view: the codes are sorted in place
    numbers = codes @ (letters ** np.arange(length, dtype=np.int64))
    _, first, inverse = np.unique(numbers, return_index=True, return_inverse=True)
    pairs = []
    for code in codes.reshape(-1, length)[first].tolist():
        pairs.append(tuple(zip(*(divmod(c, vocabulary) for c in code), strict=True)))
    return inverse.reshape(numbers.shape), pairs


def _renamed(x: Tokens, y: Tokens) -> tuple[Tokens, Tokens]:
    names: dict[int, int] = {}
    for token in (*x, *y):
        names.setdefault(token, len(names))
    return tuple(names[t] for t in x), tuple(names[t] for t in y)


def gram(
    kernel: Callable[[Tokens, Tokens], Any], length: int, vocabulary: int, marked: bool = False
) -> tuple[Any, list[Any]]:
    """``(index, values)`` with k(sequence i, sequence j) = values[index[i, j]]."""
    index, pairs = pair_types(length, vocabulary, marked)
    known: dict[tuple[Tokens, Tokens], Any] = {}
    values = []
    for pair in pairs:
        key = _renamed(*pair)
        if key not in known:
            known[key] = kernel(*key)
        values.append(known[key])
    return index, values


def probabilities(length: int, letter_law: Sequence[Any]) -> list[Fraction]:
    """P(x) of i.i.d. letters, in the order of `sequences`."""
    result = []
    for word in sequences(length, len(letter_law)):
        weight = Fraction(1)
        for token in word:
            weight *= Fraction(letter_law[token])
        result.append(weight)
    return result


def uniform_float_spectrum(index: Any, values: list[Any]) -> Any:
    """Eigenvalues of Gram / size in decreasing order, in floating point."""
    matrix = np.array([float(value) for value in values])[index] / index.shape[0]
    return np.linalg.eigvalsh(matrix)[::-1]


def uniform_operator(index: Any, values: list[Any]) -> fmpq_mat:
    """Gram / size, exact."""
    size = index.shape[0]
    entries = [fmpq(Fraction(t).numerator, Fraction(t).denominator * size) for t in values]
    return fmpq_mat(size, size, [entries[i] for i in index.ravel().tolist()])


def residue(number: Any, prime: int = PRIME) -> int:
    """A rational number modulo a prime that does not divide its denominator."""
    number = Fraction(number)
    return number.numerator * pow(number.denominator, -1, prime) % prime


def charpoly_mod(index: Any, values: list[Any], prime: int = PRIME) -> nmod_poly:
    """Characteristic polynomial of Gram / size modulo ``prime``."""
    size = index.shape[0]
    entries = [residue(Fraction(t) / size, prime) for t in values]
    return nmod_mat(size, size, [entries[i] for i in index.ravel().tolist()], prime).charpoly()


def power_sums(index: Any, values: list[Any]) -> tuple[Fraction, Fraction]:
    """Exact tr T and tr T^2 for T = Gram / size."""
    size = index.shape[0]
    of_entry = [Fraction(t) for t in values]
    diagonal = sum((of_entry[i] for i in np.diagonal(index).tolist()), Fraction(0))
    mirrored = [0] * len(values)  # the type of (y, x), for each type of (x, y)
    for i, j in zip(index.ravel().tolist(), index.T.ravel().tolist(), strict=True):
        mirrored[i] = j
    counts = np.bincount(index.ravel()).tolist()
    square = sum(
        (count * of_entry[i] * of_entry[mirrored[i]] for i, count in enumerate(counts)),
        Fraction(0),
    )
    return diagonal / size, square / size**2


def charpoly(matrix: fmpq_mat) -> fmpq_poly:
    return matrix.charpoly()


def poly_residue(polynomial: fmpq_poly, prime: int = PRIME) -> nmod_poly:
    return nmod_poly(
        [residue(Fraction(int(c.p), int(c.q)), prime) for c in polynomial.coeffs()], prime
    )


def _moves(length: int, vocabulary: int, group_size: int) -> list[tuple[sym.Shape, Any]]:
    """(cycle type, where each sequence goes) for every g of S_group_size acting on positions."""
    words = np.array(sequences(length, vocabulary), dtype=np.int64)
    weights = vocabulary ** np.arange(length - 1, -1, -1, dtype=np.int64)
    return [
        (sym.cycle_type(g), words[:, [*g, *range(group_size, length)]] @ weights)
        for g in sym.group(group_size)
    ]


def _renamings(length: int, vocabulary: int) -> list[tuple[sym.Shape, Any]]:
    """(cycle type, where each sequence goes) for every h of S_v acting on tokens."""
    words = np.array(sequences(length, vocabulary), dtype=np.int64)
    weights = vocabulary ** np.arange(length - 1, -1, -1, dtype=np.int64)
    return [(sym.cycle_type(h), np.array(h)[words] @ weights) for h in sym.group(vocabulary)]


def _projectors(moves: list[tuple[sym.Shape, Any]], n: int) -> dict[sym.Shape, Any]:
    """dim/n! sum_g chi(g) g for every irrep that occurs, as float matrices of exact integers/n!."""
    size = len(moves[0][1])
    by_class: dict[sym.Shape, Any] = {}
    rows = np.arange(size)
    for kind, image in moves:
        if kind not in by_class:
            by_class[kind] = np.zeros((size, size))
        by_class[kind][rows, image] += 1
    result = {}
    for lam, chi in sym.characters(n).items():
        projector = sum(chi[kind] * matrix for kind, matrix in by_class.items())
        projector = projector * (sym.dimension(lam) / len(moves))
        if abs(np.trace(projector)) > 0.5:
            result[lam] = projector
    return result


@cache
def isotypic_frames(
    length: int, vocabulary: int, fixed: int = 0
) -> dict[tuple[sym.Shape, sym.Shape], Any]:
    """Orthonormal bases of the parts (position irrep, token irrep), as columns, in floating point.

    Positions are moved by S_(length - fixed), tokens by S_vocabulary; parts of dimension zero are left out.
    """
    n = length - fixed
    on_tokens = _projectors(_renamings(length, vocabulary), vocabulary)
    frames = {}
    for lam, on_positions in _projectors(_moves(length, vocabulary, n), n).items():
        for kappa, renaming in on_tokens.items():
            projector = on_positions @ renaming
            rank = round(np.trace(projector))
            if rank:
                _, vectors = np.linalg.eigh((projector + projector.T) / 2)
                frames[lam, kappa] = vectors[:, -rank:]
    return frames


def isotypic_eigenvalues(
    index: Any, values: list[Any], length: int, vocabulary: int, fixed: int = 0
) -> dict[tuple[sym.Shape, sym.Shape], Any]:
    """Eigenvalues of the uniform operator on each (position irrep, token irrep), decreasing.

    Each list has as many entries as its isotypic part has dimensions.
    """
    matrix = np.array([float(value) for value in values])[index] / index.shape[0]
    return {
        pair: np.linalg.eigvalsh(frame.T @ matrix @ frame)[::-1]
        for pair, frame in isotypic_frames(length, vocabulary, fixed).items()
    }


def distinct_gram(kernel: Callable[[Tokens, Tokens], Any], length: int) -> tuple[Any, list[Any]]:
    """``(index, values)`` over the L! sequences in which every token 0..L-1 occurs once."""
    words = sym.group(length)
    known: dict[Tokens, int] = {}
    values = []
    index = np.empty((len(words), len(words)), dtype=np.int64)
    for i, x in enumerate(words):
        where = {token: a for a, token in enumerate(x)}
        for j, y in enumerate(words):
            relative = tuple(where[token] for token in y)  # renaming tokens turns x into 0..L-1
            if relative not in known:
                known[relative] = len(values)
                values.append(kernel(tuple(range(length)), relative))
            index[i, j] = known[relative]
    return index, values


def full_charpoly(index: Any, values: list[Any]) -> fmpq_poly:
    """Exact characteristic polynomial of Gram / size."""
    return charpoly(uniform_operator(index, values))
