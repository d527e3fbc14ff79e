r"""Where generating functions of stretched coefficients have poles, and of which order at most: by invariants of tensors and of flags.

Let f(N) = g(N lam, N mu, N nu) for shapes of a, b and c rows, and R_N the polynomials on a x b x c tensors that are semi-invariant under the parabolic
subgroup P = P_lam x P_mu x P_nu of GL_a x GL_b x GL_c with the weight N w, w = (lam, mu, nu). Then f(N) = dim R_N, the ring R = sum of R_N is finitely
generated, and Spec R is a quotient of a cone over P^(abc - 1) times three flag varieties, so that

    f is a quasipolynomial from N = 0 on where some f(N), N >= 1, is not 0 (rational singularities; no higher cohomology);
    the order of a pole of sum f(N) t^N at a primitive m-th root of unity is at most the dimension of the points of Spec R that this root fixes;
    at t = 1 that is dim Spec R <= abc - r + 1, r the dimension of the orbit P T of a generic tensor T.

A fixed point other than the vertex comes from a tensor T and a diagonal s = (x, y, z) with s T = T and w(s) a primitive m-th root. T lives on the cells
S = {(i, j, k) : x_i y_j z_k = 1}, and moving s in the group that fixes every tensor on S, on whose component of 1 the weight w is 1 since T is semistable, makes S larger until only finitely many
s fix S: then s has finite order. So, r_S being the dimension of P^s T for a
generic T on S, P^s the elements of P that commute with s,

    the order at primitive m-th roots <= max of |S| - r_S + 1 over the s of finite order with w(s) of order m whose S has full rank a + b + c - 2.

The order of s divides the index of a lattice that the vectors e_i + e_j + e_k of a + b + c - 2 cells span in the one that all span. For a = 2 those cells are edges of a bipartite graph with
one cycle, labelled 1 and 2, and the index is the alternating sum of labels around it, at most min(b, c); for a = b = c = 3 all determinants are at most 4.
A rank is a lower bound wherever it is taken, so that tensors may be drawn at random, and ranks modulo a prime.

For Littlewood-Richardson coefficients, the invariants of V_lam x V_mu x (V_nu)^*, f is a polynomial, and its degree at most the dimension of the flag varieties of
lam, mu and nu^* = (-nu_r, ..., -nu_1) less that of a generic orbit of GL_r.

Source: Meinrenken and Sjamaar, *Singular reduction and quantization*, Topology 38 (1999); Teleman, *The quantization conjecture revisited*, Ann. of Math. 152 (2000);
Boutot, *Singularités rationnelles et quotients par les groupes réductifs*, Invent. Math. 88 (1987); Mumford, Fogarty and Kirwan, *Geometric Invariant Theory* (1994);
Baldoni, Vergne and Walter, *Computation of dilated Kronecker coefficients*, J. Symbolic Comput. 84 (2018); Derksen and Weyman, *On the Littlewood-Richardson
polynomials*, J. Algebra 255 (2002); Rassart, *A polynomiality property for Littlewood-Richardson coefficients*, J. Combin. Theory Ser. A 107 (2004).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import product
from math import gcd

import numpy as np

from symkern.combinatorics.partition import Partition
from symkern.exact.generic_points import generic_rank

_RANGE = 1 << 30
_SEED = 20261130
_MOST = 1 << 17  # elements s that are tried
_LARGEST_INDEX = {(3, 3, 3): 4}

Cell = tuple[int, ...]
Shapes = tuple[Partition, Partition, Partition]


def kronecker_poles(shapes: Shapes) -> dict[int, int] | None:
    """{m: bound of the order of the pole at primitive m-th roots of unity} of sum g(N lam, N mu, N nu) t^N; None where no s can be tried.

    >>> kronecker_poles((Partition(2, 1),) * 3), kronecker_poles((Partition(1, 1, 1),) * 3)
    ({1: 2, 2: 1}, {1: 3, 2: 2, 3: 1, 4: 1})
    """
    ordered = tuple(sorted(shapes, key=len))
    largest = _largest_index(*map(len, ordered))
    if largest is None:
        return None
    cells = list(product(*(range(len(shape)) for shape in ordered)))
    found = {1: kronecker_growth(shapes)}
    vectors = np.array([_vector(cell, ordered) for cell in cells])
    weight = np.array([*ordered[0], *ordered[1][:-1], *ordered[2][:-1]])
    rank = len(weight)
    factors = [f for f, shape in enumerate(ordered) for _ in range(len(shape) - (f > 0))]
    alike = [
        i for i in range(rank - 1) if factors[i] == factors[i + 1] and weight[i] == weight[i + 1]
    ]
    for order in range(2, largest + 1):
        tried = np.indices((order,) * rank).reshape(rank, -1).T
        fixed = (tried @ vectors.T) % order == 0
        values = (tried @ weight) % order
        kept = (fixed.sum(axis=1) >= rank) & (values != 0)
        for i in alike:  # equal rows of a shape may change places
            kept &= tried[:, i] >= tried[:, i + 1]
        for s, on, value in zip(tried[kept].tolist(), fixed[kept], values[kept].tolist(), strict=True):  # fmt: skip
            if generic_rank(vectors[on].tolist()) < rank:
                continue
            support = [cell for cell, here in zip(cells, on, strict=True) if here]
            m = order // gcd(order, value)
            orbit = _orbit(ordered, support, _exponents(s, ordered), order)
            found[m] = max(found.get(m, 0), len(support) - orbit + 1)
    return found


def kronecker_growth(shapes: Sequence[Partition]) -> int:
    """A bound of the order of the pole at 1: g(N lam, N mu, N nu) grows at most like N to this less one.

    >>> kronecker_growth((Partition(2, 1),) * 3), kronecker_growth((Partition(3, 2, 1),) * 3)
    (2, 12)
    """
    cells = list(product(*(range(len(shape)) for shape in shapes)))
    return len(cells) - _orbit(shapes, cells, [[0] * len(s) for s in shapes], 1) + 1


def littlewood_richardson_degree(shapes: Sequence[Partition], rows: int) -> int:
    """A bound of the degree of N -> c(N nu; N lam, N mu), shapes of at most so many rows: at most (rows - 1)(rows - 2)/2.

    >>> littlewood_richardson_degree((Partition(3, 2, 1), Partition(2, 1), Partition(2, 1)), 3)
    1
    """
    rng = random.Random(_SEED)
    target, *factors = ([shape.part(i) for i in range(rows)] for shape in shapes)
    moves = []
    for weight in ([-part for part in reversed(target)], *factors):
        frame, inverse = _unitriangular(rows, rng)
        for i, j in product(range(rows), repeat=2):
            if weight[i] > weight[j]:  # an entry (j, i) of frame^-1 E frame moves the flag
                moves.append([f * row[i] for f in inverse[j] for row in frame])
    return len(moves) - generic_rank(moves) if moves else 0


def _largest_index(a: int, b: int, c: int) -> int | None:
    """A bound of the index of the lattice of a + b + c - 2 independent cells, a <= b <= c; None where none is known or the s are too many."""
    largest = 1 if a == 1 else b if a == 2 else _LARGEST_INDEX.get((a, b, c))
    if largest is None or largest ** (a + b + c - 2) > _MOST:
        return None
    return largest


def _vector(cell: Cell, shapes: Sequence[Partition]) -> list[int]:
    """e_i + e_j + e_k without the last coordinates of the second and the third, which follow from the others."""
    return [
        int(index == place)
        for f, index in enumerate(cell)
        for place in range(len(shapes[f]) - (f > 0))
    ]


def _exponents(s: Sequence[int], shapes: Sequence[Partition]) -> list[list[int]]:
    """x, y and z as exponents of a root of unity; the last of y and z is 1."""
    a, b = len(shapes[0]), len(shapes[1]) - 1
    return [[*s[:a]], [*s[a : a + b], 0], [*s[a + b :], 0]]


def _orbit(
    shapes: Sequence[Partition], support: Sequence[Cell], s: Sequence[Sequence[int]], order: int
) -> int:
    """A lower bound of r_S: the rank of the Lie algebra of P^s on a random tensor."""
    rng = random.Random(_SEED)
    tensor = {cell: rng.randrange(1, _RANGE) for cell in support}
    places = {cell: i for i, cell in enumerate(support)}
    rows = []
    for f, shape in enumerate(shapes):
        for i, j in product(range(len(shape)), repeat=2):
            if shape[i] < shape[j] or (s[f][i] - s[f][j]) % order:  # not in P, or not with s
                continue
            row = [0] * len(support)
            for cell, value in tensor.items():
                if cell[f] == i:
                    row[places[(*cell[:f], j, *cell[f + 1 :])]] = value
            rows.append(row)
    return generic_rank(rows)


def _unitriangular(size: int, rng: random.Random) -> tuple[list[list[int]], list[list[int]]]:
    """A random lower unitriangular matrix, whose flags are generic ones, and its inverse."""
    frame: list[list[int]] = []
    inverse: list[list[int]] = []
    for i in range(size):
        unit = [int(j == i) for j in range(size)]
        row = [rng.randrange(_RANGE) for _ in range(i)]
        frame.append([*row, *unit[i:]])
        for factor, above in zip(row, inverse, strict=True):
            unit = [u - factor * a for u, a in zip(unit, above, strict=True)]
        inverse.append(unit)
    return frame, inverse
