r"""Two letters: blocks of a polynomial kernel by a three-term recurrence, at any depth.

With v = 2 the letter w = +-1 and Z = sum_a w(x_a), n_0, n_1 = (L +- Z)/2. On the irrep (L-j, j) the multiplicity space has one
vector u_e in each degree j + e, and Z multiplies as

    Z u_e = u_{e+1} + e (L - 2j - e + 1) u_{e-1}

(the sl_2 string through the highest-weight vector; e <= L - 2j). Since s = (L^2 + Z(x) Z(y))/2,

    T_{s k} = (L^2 T_k + Z T_k Z)/2,     s_x = (L^2 + Z^2)/2,

and T_{m^p} is the number tau_p(j + e) of `blocks`. Exchanging the letters gives u_e the sign (-1)^(j+e), which is the token
irrep: trivial for even degree, sign for odd. A read position adds one more site, 1 or w, to Z and to the degree's parity.
"""

from __future__ import annotations

from typing import Any

from symkern.combinatorics import Partition
from symkern.engines.match_counts.blocks import PolynomialOperator
from symkern.exact import RationalFunction

Matrix = list[dict[int, Any]]  # rows of a sparse matrix over integer polynomials


def binary_blocks(
    operator: PolynomialOperator, j: int, sites: int | None
) -> list[tuple[Partition, list[list[RationalFunction]], tuple[tuple[int, int], ...]]]:
    """Blocks of the operator on (sites - j, j), for both irreps of the two letters, each with its basis.

    ``sites`` is the number of symmetric positions, None for a symbol. Bases are u_e (and u_e w at the read position), listed as
    (e, 0 or 1), in degree at most that of the operator.
    """
    last = operator.degree - j
    if sites is not None:
        last = min(last, sites - 2 * j)
    basis = [(e, star) for e in range(last + 1) for star in ((0, 1) if operator.star else (0,))]
    if last < 0:
        return []
    top, below = _matrix(operator, j, basis)
    found = []
    for parity, kappa in enumerate((Partition(), Partition(1))):
        kept = [i for i, (e, star) in enumerate(basis) if (j + e + star) % 2 == parity]
        rows = [
            [
                RationalFunction.reduced(operator.field, top[r][c], below)
                if c in top[r]
                else operator.field.zero
                for c in kept
            ]
            for r in kept
        ]
        if rows:
            found.append((kappa, rows, tuple(basis[i] for i in kept)))
    return found


def _matrix(
    operator: PolynomialOperator, j: int, basis: list[tuple[int, int]]
) -> tuple[Matrix, Any]:
    """The operator on the basis: numerators and their common denominator.

    Powers of two are gathered in the denominator: with ``depth`` the largest power of s, of s_x plus s_y, and the
    power of v in T_{m^p}, everything is carried 2^(depth) times.
    """
    one = operator.field.one.num
    place = {b: i for i, b in enumerate(basis)}
    z: Matrix = [{} for _ in basis]
    width = operator.sites.num - 2 * j
    for (e, star), column in place.items():
        if (e + 1, star) in place:
            z[place[e + 1, star]][column] = one
        if e:
            z[place[e - 1, star]][column] = e * (width - e + 1)
        if operator.star:
            row = place[e, 1 - star]
            z[row][column] = z[row].get(column, 0 * one) + one
    below = one
    for c in operator.terms.values():
        below = below * (c.den / below.gcd(c.den))
    cleared: dict[tuple[int, int, int], dict[tuple[int, int], Any]] = {}
    for (i, p, a, b, q), c in operator.terms.items():
        if p >= j:
            cleared.setdefault((i, a, b), {})[p, q] = c.num * (below / c.den)
    square = operator.length.num**2
    depth = max((i for i, _, _ in cleared), default=0)
    most = max((a + b for _, a, b in cleared), default=0)
    total: Matrix = [{} for _ in basis]
    for a, b in sorted({(a, b) for _, a, b in cleared}):
        image: Matrix = [{} for _ in basis]
        for i in range(depth, -1, -1):
            if any(image):
                image = _sum(_scaled(image, square), _product(_product(z, image), z))
            middle = cleared.get((i, a, b))
            if middle:
                scale = 2 ** (depth - i)
                for (e, star), n in place.items():
                    value = operator.middle(j + e, bool(star), middle) * scale
                    if value != 0:
                        image[n][n] = image[n][n] + value if n in image[n] else value
        for _ in range(a):
            image = _sum(_scaled(image, square), _product(z, _product(z, image)))
        for _ in range(b):
            image = _sum(_scaled(image, square), _product(_product(image, z), z))
        total = _sum(total, _scaled(image, 2 ** (most - a - b)))
    reach = operator.matches + int(operator.star)
    return total, below * 2 ** (depth + most + reach)


def _product(a: Matrix, b: Matrix) -> Matrix:
    out: Matrix = []
    for row in a:
        sums: dict[int, Any] = {}
        for k, p in row.items():
            for c, q in b[k].items():
                term = p * q
                sums[c] = sums[c] + term if c in sums else term
        out.append({c: p for c, p in sums.items() if p != 0})
    return out


def _sum(a: Matrix, b: Matrix) -> Matrix:
    out = []
    for row, other in zip(a, b, strict=True):
        sums = dict(row)
        for c, q in other.items():
            sums[c] = sums[c] + q if c in sums else q
        out.append({c: p for c, p in sums.items() if p != 0})
    return out


def _scaled(a: Matrix, factor: Any) -> Matrix:
    return [{c: p * factor for c, p in row.items()} for row in a]
