"""Linear systems and characteristic polynomials modulo a prime."""

from __future__ import annotations

from itertools import dropwhile
from typing import Any

from .verdicts import spend


def solved(matrix: list[list[int]], right: list[list[int]], prime: int) -> list[list[int]]:
    """matrix^-1 right modulo the prime."""
    n = len(matrix)
    spend(n**3)
    rows = [[*a, *b] for a, b in zip(matrix, right)]
    for k in range(n):
        pivot = next(i for i in range(k, n) if rows[i][k] % prime)
        rows[k], rows[pivot] = rows[pivot], rows[k]
        inverse = pow(rows[k][k], -1, prime)
        rows[k] = [a * inverse % prime for a in rows[k]]
        for i in range(n):
            if i != k and rows[i][k]:
                c = rows[i][k]
                rows[i] = [(a - c * b) % prime for a, b in zip(rows[i], rows[k])]
    return [row[n:] for row in rows]


def characteristic_polynomial(matrix: list[list[int]], prime: int) -> list[int]:
    """Coefficients of det(x - M) modulo the prime, the constant one first (Faddeev and LeVerrier)."""
    n = len(matrix)
    spend(n**4)
    coefficients, now = [1], [[0] * n for _ in range(n)]
    for k in range(1, n + 1):
        now = [
            [
                (sum(a * b for a, b in zip(row, column)) + 0) % prime
                for column in zip(
                    *[
                        [c + (i == j) * coefficients[-1] for j, c in enumerate(r)]
                        for i, r in enumerate(now)
                    ]
                )
            ]
            for row in matrix
        ]
        coefficients.append(-sum(now[i][i] for i in range(n)) * pow(k, -1, prime) % prime)
    return coefficients[::-1]


def without_zeros(coefficients: list[Any]) -> list[Any]:
    """Coefficients, highest first, from the first that is not zero on."""
    return list(dropwhile(lambda c: not c, coefficients))
