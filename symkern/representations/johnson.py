r"""Isotypic parts of functions on words of two letters, one Johnson scheme for each number of ones.

On the words with k ones among n letters each S^(n-j,j), j = 0..m, m = min(k, n - k), occurs once, and the commutant has the basis
A_0, ..., A_m, A_i joining words where i ones have moved. Hence P_j = sum_i e_j(i) A_i with numbers

    e_j(i) = (d_j/C(n,k)) p_i(j)/p_i(0),    d_j = C(n,j) - C(n,j-1),    p_i(0) = C(k,i) C(n-k,i),

p_i(j) the eigenvalue of A_i (an Eberlein polynomial in j). Matrices and eigenvalues obey one recurrence,

    (i+1)^2 A_(i+1) = (A_1 - i (n - 2i)) A_i - (k-i+1)(n-k-i+1) A_(i-1),    p_1(j) = (k-j)(n-k-j) - j,

so that m applications of A_1 (the sum Z of all transpositions less those of equal letters) give all parts.

Why this beats Lagrange's formula in Z: the e_j(i) have small denominators (24 bits at n = 20, where the products of differences of
eigenvalues have some 80), and each A_i f is an integer vector with entries below p_i(0) max \|f\|, so that machine words do.

Source: Delsarte, *An algebraic approach to the association schemes of coding theory* (1973); Bannai, Ito,
*Algebraic Combinatorics I*, section III.2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from math import comb, lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.exact.sparse_residues import (
    INT64,
    IntegerArray,
    by_words_or_primes,
    word,
)
from symkern.exact.sparse_vector import largest, longest_column

Places = npt.NDArray[np.int64]
Operator = Callable[[npt.NDArray[Any]], npt.NDArray[Any]]


@lru_cache(maxsize=256)
def idempotents(n: int, k: int) -> tuple[tuple[Fraction, ...], ...]:
    """e_j(i), row j, column i, both from 0 to min(k, n - k).

    >>> [[str(e) for e in row] for row in idempotents(4, 2)]
    [['1/6', '1/6', '1/6'], ['1/2', '0', '-1/2'], ['1/3', '-1/6', '1/3']]
    """
    m = min(k, n - k)
    rows = []
    for j in range(m + 1):
        p = [1]
        for i in range(m):
            following = ((k - j) * (n - k - j) - j - i * (n - 2 * i)) * p[i]
            if i:
                following -= (k - i + 1) * (n - k - i + 1) * p[i - 1]
            p.append(following // (i + 1) ** 2)
        dimension = comb(n, j) - (comb(n, j - 1) if j else 0)
        rows.append(
            tuple(
                Fraction(dimension * p[i], comb(n, k) * comb(k, i) * comb(n - k, i))
                for i in range(m + 1)
            )
        )
    return tuple(rows)


def distance_images(
    n: int, ones: Places, transpositions: Operator, f: npt.NDArray[Any], prime: int | None = None
) -> Iterator[npt.NDArray[Any]]:
    """A_0 f, A_1 f, ... along the first axis, ``ones`` the number of ones of each word.

    For int64 exact where `images_fit`, else modulo a prime; for floats in floating point. They vanish where i exceeds
    min(k, n - k).
    """

    def by_word(function: Callable[[int], int]) -> Places:
        table = np.array([function(k) for k in range(n + 1)], dtype=np.int64)
        return table[ones].reshape((-1,) + (1,) * (f.ndim - 1))

    equal = by_word(lambda k: comb(k, 2) + comb(n - k, 2))
    before, now = f * 0, f
    last = int(np.minimum(ones, n - ones).max(initial=0))
    for i in range(last + 1):
        yield now
        if i == last:
            return
        back = by_word(lambda k, i=i: (k - i + 1) * (n - k - i + 1))  # type: ignore[misc]
        following = transpositions(now) - (equal + i * (n - 2 * i)) * now - back * before
        if following.dtype.kind == "f":
            following /= (i + 1) ** 2
        elif prime is None:
            following //= (i + 1) ** 2
        else:
            following = following % prime * pow((i + 1) ** 2, -1, prime) % prime
        before, now = now, following


def grouped(pieces: Places) -> dict[int, Places]:
    """{piece: its places}, pieces increasing."""
    if not len(pieces):
        return {}
    order = np.argsort(pieces, kind="stable")
    values, first = np.unique(pieces[order], return_index=True)
    return dict(zip(values.tolist(), np.split(order, first[1:]), strict=True))


def images_fit(n: int, present: Iterable[int], f: IntegerArray) -> bool:
    """Whether `distance_images` stays in machine words, for words with these numbers of ones."""
    most = max(
        (comb(k, i) * comb(n - k, i) for k in present for i in range(min(k, n - k) + 1)), default=0
    )
    # A_1 A_i f, its diagonal and the term before are each below n^2 times the largest entry of an A_i f.
    return f.dtype != object and 4 * n * n * most * largest(f) <= INT64


def parts_by_second_row(
    n: int,
    ones: Places,
    transpositions: Operator,
    f: IntegerArray,
    wanted: Sequence[int],
) -> dict[int, tuple[IntegerArray, int]]:
    """{j: part in the S^(n-j,j), numerators and denominator} of integers along the first axis."""
    places = grouped(ones)
    denominators = {
        j: lcm(*(e.denominator for k in places if j <= min(k, n - k) for e in idempotents(n, k)[j]))
        for j in wanted
    }
    # A projection is orthogonal, so no entry of a part exceeds the length of f.
    bound = max(denominators.values(), default=1) * longest_column(f)
    fits = bound <= INT64 and images_fit(n, places, f)
    sums = by_words_or_primes(
        f,
        bound,
        fits,
        lambda start, prime: _combined(
            n,
            places,
            list(distance_images(n, ones, transpositions, start, prime)),
            denominators,
            prime,
        ),
    )
    return dict(zip(denominators, zip(sums, denominators.values(), strict=True), strict=True))


def _combined(
    n: int,
    places: dict[int, Places],
    images: list[IntegerArray],
    scales: dict[int, int],
    prime: int | None,
) -> list[IntegerArray]:
    """scale_j sum_i e_j(i) A_i f for each j of ``scales``, modulo a prime or modulo 2^64."""
    sums = {j: np.zeros_like(images[0]) for j in scales}
    for k, at in places.items():
        here = [image[at] for image in images[: min(k, n - k) + 1]]
        for j, scale in scales.items():
            if j < len(here):
                total = np.zeros_like(here[0])
                for e, image in zip(idempotents(n, k)[j], here, strict=True):
                    total += word(int(scale * e), prime) * image
                    if prime is not None:
                        total %= prime
                sums[j][at] = total
    return list(sums.values())
