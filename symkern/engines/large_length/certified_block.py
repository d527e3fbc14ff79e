r"""The block of a jet on a sector, and the terms of its eigenvalues that are the kernel's own.

Rows of the block are graded: entry (i, j) is of the order L^(-w_i), w_i = k + e the Efron-Stein degree, in a basis whose vectors have norms
L^(e/2). What a jet of weight D leaves out changes the operator, in an orthonormal basis, by O(L^(-(D+1+k)/2)), and eigenvalues by no more
(Weyl). So an entry counts up to L^(-(D+k)/2 - (w_i - w_j)/2), and a term of an eigenvalue up to L^(-(D+k)/2).

The coefficient c_j of the characteristic polynomial is the sum of the principal minors of size j. It counts up to valuation
H(j - 1) + (D + k)/2, H the lower hull of the valuations; a minor that starts beyond is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from symkern.exact.branch_series import Root, series_roots
from symkern.exact.constant_fields import ConstantField
from symkern.limits import check_time

#: An entry: its coefficients by the power of 1/L.
Entry = dict[Fraction, Any]


class CertifiedBlock:
    """A block with rows of the orders ``weights``, its entries cut, of which eigenvalues are known up to L^-``known``.

    ``reduced`` takes a constant as it was computed to an element of ``field``, where zero is decided; ``shortened`` gives the same constant in fewer
    terms where it has many, which products of entries are made of.
    """

    def __init__(
        self,
        entries: Sequence[Sequence[Entry]],
        weights: Sequence[int],
        known: Fraction,
        field: ConstantField,
        reduced: Any,
        shortened: Callable[[Any], Any] = lambda constant: constant,
    ) -> None:
        self.weights, self.known, self.field, self.reduced = tuple(weights), known, field, reduced
        self.shortened = shortened
        self.entries = [
            [
                {
                    r: shortened(c)
                    for r, c in entry.items()
                    if r <= known + Fraction(weights[i] - weights[j], 2)
                }
                for j, entry in enumerate(row)
            ]
            for i, row in enumerate(entries)
        ]

    def roots(self, terms: int | None = None) -> list[Root]:
        """The eigenvalues that start at L^-``known`` or before, the largest orders first, with all certain terms or so many."""
        size = len(self.weights)
        ordered = sorted(self.weights)
        hull = [Fraction(sum(ordered[:j])) for j in range(size + 1)]
        while True:
            coefficients: list[Entry] = [{Fraction(0): None}]
            for j in range(1, size + 1):
                found = self._minors(j, hull[j - 1] + self.known)
                coefficients.append(found)
                if not found:
                    break
            valuations = [Fraction(0)] + [
                min(c) if c else hull[j + 1] + self.known * 0 + 10**6
                for j, c in enumerate(coefficients[1:])
            ]
            actual = _lower_hull(valuations, self.known + Fraction(1, 2), size)
            if all(b <= a for a, b in zip(hull, actual, strict=True)):
                break
            hull = [max(a, b) for a, b in zip(hull, actual, strict=True)]
        last = max(j for j, c in enumerate(coefficients) if c)
        one = self._one(coefficients, last)
        if last == 0:
            return []
        signed = [
            {r: c if j % 2 == 0 else -c for r, c in (coefficients[j] if j else one).items()}
            for j in range(last, -1, -1)
        ]
        return series_roots(signed, self.known, self.field, terms)

    def _one(self, coefficients: Sequence[Entry], last: int) -> Entry:
        if not last:
            return {}
        some = next(iter(coefficients[last].values()))
        return {Fraction(0): some / some}

    def _minors(self, size: int, most: Fraction) -> Entry:
        """The sum of the principal minors of that size, up to a power."""
        total: Entry = {}
        for chosen in combinations(range(len(self.weights)), size):
            if sum(self.weights[i] for i in chosen) <= most:
                _add(total, self._determinant(chosen, most))
        reduced = {}
        for r, c in total.items():
            check_time()
            reduced[r] = self.reduced(c)
        return {r: c for r, c in sorted(reduced.items()) if not self.field.is_zero(c)}

    def _determinant(self, chosen: tuple[int, ...], most: Fraction) -> Entry:
        """By the columns that the first rows use, one row after another."""
        ahead = [sum(self.weights[i] for i in chosen[n:]) for n in range(len(chosen) + 1)]
        partial: dict[frozenset[int], Entry] = {frozenset(): {}}
        for n, i in enumerate(chosen):
            check_time()
            following: dict[frozenset[int], Entry] = {}
            for used, value in partial.items():
                for column in chosen:
                    entry = self.entries[i][column]
                    if column in used or not entry:
                        continue
                    sign = -1 if sum(c > column for c in used) % 2 else 1
                    term = _product(value, entry, most - ahead[n + 1]) if used else entry
                    if not term:
                        continue
                    key = used | {column}
                    _add(following.setdefault(key, {}), term, sign)
            partial = {
                key: {r: self.shortened(c) for r, c in value.items()}
                for key, value in following.items()
            }
        return {r: c for part in partial.values() for r, c in part.items() if r <= most}


def _product(a: Entry, b: Entry, most: Fraction) -> Entry:
    found: Entry = {}
    for r, c in a.items():
        for q, d in b.items():
            if r + q <= most:
                found[r + q] = found[r + q] + c * d if r + q in found else c * d
    return found


def _add(total: Entry, other: Entry, sign: int = 1) -> None:
    for r, c in other.items():
        term = c if sign > 0 else -c
        total[r] = total[r] + term if r in total else term


def _lower_hull(valuations: Sequence[Fraction], steepest: Fraction, size: int) -> list[Fraction]:
    """The lower convex hull at 0, ..., size, its slopes no more than ``steepest``."""
    points = [(j, r) for j, r in enumerate(valuations) if r < 10**5]
    found = [Fraction(0)]
    while len(found) <= size:
        j, r = len(found) - 1, found[-1]
        slopes = [((q - r) / (i - j), i) for i, q in points if i > j]
        slope, end = min(slopes, default=(steepest, size))
        if slope > steepest:
            slope, end = steepest, size
        found += [r + slope * (n - j) for n in range(j + 1, end + 1)]
    return found[: size + 1]
