r"""Where a target lives: its energy in each sector (mu, degree) under a law of independent tokens, exact.

A function f on sequences of length L splits orthogonally in L^2(P), P = p^L, in two ways that commute: by the irreps mu[L] of
S_L, and by Efron-Stein degree, the part of degree d being a sum over sets of d positions of functions that have mean zero in
each of them. |mu| counts how asymmetric a part is, the degree how many tokens it looks at. A kernel with that symmetry learns
sector by sector, so the shares E f_(mu,d)^2 / E f^2 say which part of a target is hard.

How it is computed: components by irrep (`symkern.representations`), then coordinates in a product basis. For one position with
probabilities p_0, ..., p_(s-1), none of them zero, and P_k = p_0 + ... + p_(k-1), the functions

    phi_0 = 1,      phi_k = P_k [x = k] - p_k [x < k],      |phi_k|^2 = P_k p_k (P_k + p_k),

are orthogonal; products over the positions are a basis, and the degree is the number of factors that are not phi_0.

Source: Efron, Stein, *The jackknife estimate of variance* (1981); O'Donnell, *Analysis of Boolean Functions*, section 8.3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise, product
from math import lcm
from typing import Any

import numpy as np
import numpy.typing as npt
import sympy as sp

from symkern.combinatorics import Partition
from symkern.combinatorics.integers import read_integer
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm, SizeMismatch
from symkern.exact.sparse_residues import (
    INT64,
    IntegerArray,
    from_residues,
    primes_for,
    residues_of,
)
from symkern.exact.sparse_vector import RationalVector, exact_dot, largest
from symkern.kernels.laws import Categorical, Law, Uniform
from symkern.representations import Module, words

__all__ = [
    "TargetEnergy",
    "bigram",
    "copying",
    "count",
    "energy",
    "majority",
    "parity",
    "token_at",
]

Sequence_ = tuple[int, ...]
Target = Callable[[Sequence_], Any]


class TargetEnergy:
    """{(mu, degree): E f_(mu,degree)^2}, zeros left out; ask `energy` for one.

    >>> from symkern.kernels import uniform
    >>> e = energy(lambda x: x[0] * x[1], length=3, tokens=uniform(2))
    >>> for (mu, degree), value in e.items():
    ...     print(mu, degree, value, e.share(mu, degree))
    [] 0 1/16 1/4
    [] 1 1/12 1/3
    [] 2 1/48 1/12
    1 1 1/24 1/6
    1 2 1/24 1/6
    >>> e.total, e.by_irrep(), e.by_degree()
    (1/4, {Partition(): 1/6, Partition(1): 1/12}, {0: 1/16, 1: 1/8, 2: 1/16})
    """

    __slots__ = ("_energies", "length", "tokens")

    def __init__(
        self, length: int, tokens: Law, energies: Mapping[tuple[Partition, int], sp.Rational]
    ) -> None:
        self.length = length
        self.tokens = tokens
        known = {
            (Partition.read(mu, "mu"), int(d)): sp.Rational(e) for (mu, d), e in energies.items()
        }
        order = sorted(known, key=lambda key: (key[0].size, [-p for p in key[0]], key[1]))
        self._energies = {key: known[key] for key in order}

    def items(self) -> Iterator[tuple[tuple[Partition, int], sp.Rational]]:
        """Pairs ((mu, degree), energy), mu by size."""
        return iter(self._energies.items())

    def __getitem__(self, sector: tuple[Any, int]) -> sp.Rational:
        mu, degree = sector
        return self._energies.get((Partition.read(mu, "mu"), degree), sp.S.Zero)

    @property
    def total(self) -> sp.Rational:
        """E f^2."""
        return sum(self._energies.values(), sp.S.Zero)

    def share(self, mu: Any, degree: int) -> sp.Rational:
        """The energy of a sector over the total."""
        if not self.total:
            raise InvalidArgument("f", "must not vanish to have shares", "its energy is 0")
        return self[mu, degree] / self.total

    def by_irrep(self) -> dict[Partition, sp.Rational]:
        """{mu: energy over all degrees}."""
        sums: dict[Partition, sp.Rational] = {}
        for (mu, _), e in self.items():
            sums[mu] = sums.get(mu, sp.S.Zero) + e
        return sums

    def by_degree(self) -> dict[int, sp.Rational]:
        """{degree: energy over all irreps}."""
        sums: dict[int, sp.Rational] = {}
        for (_, d), e in self.items():
            sums[d] = sums.get(d, sp.S.Zero) + e
        return dict(sorted(sums.items()))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TargetEnergy):
            return NotImplemented
        return (self.length, self.tokens, self._energies) == (
            other.length, other.tokens, other._energies,
        )  # fmt: skip

    def __hash__(self) -> int:
        return hash((self.length, self.tokens, tuple(self._energies.items())))

    def __repr__(self) -> str:
        inside = ", ".join(f"({mu!r}, {d}): '{e}'" for (mu, d), e in self.items())
        return f"TargetEnergy({self.length}, {self.tokens!r}, {{{inside}}})"

    # -- display ------------------------------------------------------------------------

    def table(self) -> Any:
        """One row per sector: irrep, dimension, degree, energy, share."""
        from symkern.typeset.labels import irrep_latex, irrep_text
        from symkern.typeset.tables import Cell, Table

        total = self.total
        rows = [
            (
                Cell(irrep_text(mu, self.length), irrep_latex(mu, self.length)),
                mu.padded(self.length).dimension,
                d,
                e,
                f"{float(100 * e / total):.4g} %",
            )
            for (mu, d), e in self.items()
        ]
        return Table(("irrep", "dimension", "degree", "energy", "share"), rows, "lrrrr")

    def __str__(self) -> str:
        return str(self.table().text())

    def latex(self) -> str:
        """The table as LaTeX."""
        return str(self.table().latex())

    def _repr_html_(self) -> str:
        return str(self.table().html())

    def svg(self) -> str:
        """A picture: one row for each irrep, one column for each degree, a square's area the share.

        >>> from symkern.kernels import uniform
        >>> energy(parity, length=3, tokens=uniform(2)).svg().count("<rect")
        1
        """
        from symkern.typeset.labels import irrep_text

        irreps = list(self.by_irrep())
        last = max((d for _, d in self._energies), default=0)
        cell, left, top = 46.0, 110.0, 34.0
        width, height = left + cell * (last + 1) + 10, top + cell * len(irreps) + 10
        total = self.total
        lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
            f'viewBox="0 0 {width:g} {height:g}" role="img">',
            '<g fill="currentColor" font-family="Latin Modern Math, STIX Two Text, Georgia, serif" '
            'font-size="12">',
            f'<text x="{left - 10:g}" y="{top - 12:g}" text-anchor="end">degree</text>',
        ]
        for d in range(last + 1):
            x = left + cell * (d + 0.5)
            lines.append(f'<text x="{x:g}" y="{top - 12:g}" text-anchor="middle">{d}</text>')
        for k, mu in enumerate(irreps):
            y = top + cell * (k + 0.5) + 4
            name = irrep_text(mu, self.length)
            lines.append(f'<text x="{left - 10:g}" y="{y:g}" text-anchor="end">{name}</text>')
        lines += ["</g>", '<g stroke="currentColor" fill="currentColor">']
        for (mu, d), e in self.items():
            share = float(e / total)
            side = 0.9 * cell * share**0.5
            x = left + cell * (d + 0.5) - side / 2
            y = top + cell * (irreps.index(mu) + 0.5) - side / 2
            lines.append(
                f'<rect x="{x:.2f}" y="{y:.2f}" width="{side:.2f}" height="{side:.2f}" '
                f'fill-opacity="0.55" stroke-width="0.8"><title>{100 * share:.4g} %</title></rect>'
            )
        return "\n".join([*lines, "</g>", "</svg>"])


def energy(f: Any, *, length: int, tokens: Law) -> TargetEnergy:
    """The energy of a target in each sector (mu, degree), exact, for independent tokens.

    ``f`` is a function of a sequence (a tuple of letters from 0) with exact values, or with a tuple of them, whose energies
    add; or the list of values on all sequences in lexicographic order. ``tokens`` is `uniform` or `categorical`,
    with numbers. Sequences of probability 0 are never looked at in a function.

    >>> from symkern.kernels import categorical, uniform
    >>> dict(energy(parity, length=4, tokens=uniform(2)).items())
    {(Partition(), 4): 1}
    >>> biased = energy(parity, length=2, tokens=categorical(["1/4", "3/4"]))
    >>> [(str(mu), d, e) for (mu, d), e in biased.items()]
    [('[]', 0, 1/16), ('[]', 1, 3/8), ('[]', 2, 9/16)]
    """
    n = read_integer(length, "length", minimum=1)
    probabilities = _probabilities(tokens)
    letters = [t for t, p in enumerate(probabilities) if p]
    positive = [probabilities[t] for t in letters]
    module = words(n, len(letters))  # refuses what does not fit
    outputs = _outputs(f, module, letters, n, len(probabilities))
    sums: dict[tuple[Partition, int], Fraction] = {}
    for output in outputs:
        for lam, part in module.components(output).items():
            if not part.is_zero:
                for d, e in _by_degree(part, n, positive).items():
                    key = (lam.stable, d)
                    sums[key] = sums.get(key, Fraction(0)) + e
    return TargetEnergy(
        n, tokens, {k: sp.Rational(e.numerator, e.denominator) for k, e in sums.items() if e}
    )


def _probabilities(tokens: Law) -> list[Fraction]:
    if isinstance(tokens, Uniform):
        if not isinstance(tokens.vocabulary, int):
            raise NoClosedForm(
                "the energy of a target is exact at a given vocabulary, not symbolic in "
                f"{tokens.vocabulary}"
            )
        return [Fraction(1, tokens.vocabulary)] * tokens.vocabulary
    if isinstance(tokens, Categorical):
        return [Fraction(int(p.p), int(p.q)) for p in tokens.probabilities]
    raise InvalidType(
        "tokens", "must be a law of independent tokens: uniform or categorical", tokens
    )


def _outputs(
    f: Any, module: Module, letters: list[int], n: int, vocabulary: int
) -> list[RationalVector]:
    """The target as one or more vectors over the sequences of positive probability."""
    sequences = product(letters, repeat=n)
    if callable(f) and not isinstance(f, RationalVector):
        values = [f(x) for x in sequences]
        if isinstance(values[0], (tuple, list)):
            widths = {len(value) for value in values}
            if len(widths) > 1:
                raise SizeMismatch("f", "must have outputs of one length", f"they have {widths}")
            return [RationalVector.of(column, "f") for column in zip(*values, strict=True)]
        return [RationalVector.of(values, "f")]
    listed = f if isinstance(f, RationalVector) else RationalVector.of(f, "f")
    if len(listed) != vocabulary**n:
        raise SizeMismatch(
            "f", f"must have {vocabulary**n} values, one for each sequence", f"it has {len(listed)}"
        )
    if module.dimension < len(listed):
        places = [sum(t * vocabulary ** (n - 1 - a) for a, t in enumerate(x)) for x in sequences]
        listed = RationalVector(listed.numerators[places], listed.denominator)
    return [listed]


def _by_degree(
    part: RationalVector, n: int, probabilities: Sequence[Fraction]
) -> dict[int, Fraction]:
    """{degree: E f_d^2} of a function on the sequences of letters with these probabilities."""
    common = lcm(*(p.denominator for p in probabilities))
    weights = [int(p * common) for p in probabilities]
    s = len(weights)
    # Row k holds weight times phi_k with integer weights in the place of probabilities.
    rows = [weights]
    norms = [Fraction(1)]
    for k in range(1, s):
        below = sum(weights[:k])
        rows.append(
            [-weights[k] * w for w in weights[:k]] + [below * weights[k]] + [0] * (s - k - 1)
        )
        norms.append(Fraction(below * weights[k] * (below + weights[k]), common))
    coordinates = _transformed(part.numerators, rows, n)
    scale = part.denominator * common**n  # integer weights are ``common`` times probabilities
    energies: dict[int, Fraction] = {}
    for content, at in _contents(n, s):
        squares = exact_dot(coordinates[at], coordinates[at])
        if squares:
            norm = Fraction(1)
            for k, times in enumerate(content):
                norm *= norms[k] ** times
            d = n - content[0]
            energies[d] = energies.get(d, Fraction(0)) + Fraction(squares, scale**2) / norm
    return energies


def _transformed(values: IntegerArray, rows: list[list[int]], n: int) -> IntegerArray:
    """The matrix ``rows`` applied at each of the n positions."""
    growth = max(sum(map(abs, row)) for row in rows)
    bound = largest(values) * growth**n
    if bound <= INT64 and values.dtype != object:
        return _at_each_position(values, np.array(rows, dtype=np.int64), n, None)
    primes = primes_for(bound)
    exact = np.array(rows, dtype=object)
    residues = [
        _at_each_position(start, np.asarray(exact % p, dtype=np.int64), n, p)
        for start, p in zip(residues_of(values, primes), primes, strict=True)
    ]
    return from_residues(np.stack(residues), primes)


def _at_each_position(
    values: npt.NDArray[np.int64], matrix: npt.NDArray[np.int64], n: int, prime: int | None
) -> npt.NDArray[np.int64]:
    s = len(matrix)
    for _ in range(n):
        # The first position is transformed and becomes the last; after n rounds all are in place.
        table = values.reshape(s, -1)
        columns = []
        for row in matrix:
            total = np.zeros(table.shape[1], dtype=np.int64)
            for entry, slab in zip(row, table, strict=True):
                total += entry * slab
                if prime is not None:
                    total %= prime
            columns.append(total)
        values = np.stack(columns, axis=1).ravel()
    return values


def _contents(n: int, s: int) -> Iterator[tuple[tuple[int, ...], npt.NDArray[np.int64]]]:
    """The words of length n with s letters by content: (number of each letter, places of the words)."""
    keys = np.zeros(1, dtype=np.int64)
    digits = np.array([(n + 1) ** k for k in range(s)], dtype=object)
    if int(digits[-1]) * n > INT64:  # too many letters to pack their numbers into one word
        keys = keys.astype(object)
    else:
        digits = digits.astype(np.int64)
    for _ in range(n):
        keys = (keys[:, None] + digits[None, :]).ravel()
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    groups = np.split(order, np.cumsum(np.bincount(inverse))[:-1])
    for at, group in zip(first.tolist(), groups, strict=True):
        key = int(keys[at])
        yield tuple(key // (n + 1) ** k % (n + 1) for k in range(s)), group


# Targets that theorists ask about


def token_at(position: int, token: int = 1) -> Target:
    """[x_position = token], positions from 0: one position alone.

    >>> from symkern.kernels import uniform
    >>> e = energy(token_at(2), length=4, tokens=uniform(2))
    >>> [(str(mu), d, share) for (mu, d), share in ((k, e.share(*k)) for k, _ in e.items())]
    [('[]', 0, 1/2), ('[]', 1, 1/8), ('1', 1, 3/8)]
    """
    a = read_integer(position, "position")
    return lambda x: int(x[a] == token)


def count(token: int = 1) -> Target:
    """The number of times that a token occurs: invariant, degree at most 1."""
    return lambda x: x.count(token)


def parity(x: Sequence_) -> int:
    """(-1)^(sum of the letters): invariant, and of the highest degree for two uniform letters."""
    return -1 if sum(x) % 2 else 1


def majority(x: Sequence_) -> int:
    """The sign of #1 - #0, 0 where they are equal: invariant, of every odd degree."""
    lead = x.count(1) - x.count(0)
    return (lead > 0) - (lead < 0)


def bigram(first: int = 0, second: int = 1) -> Target:
    """The number of places where ``second`` follows ``first``: asymmetric in two positions."""
    return lambda x: sum(1 for a, b in pairwise(x) if (a, b) == (first, second))


def copying(position: int, letters: int) -> Target:
    """The token at a position as a one-hot vector: the target of a copying task."""
    a = read_integer(position, "position")
    v = read_integer(letters, "letters", minimum=1)
    return lambda x: tuple(int(x[a] == t) for t in range(v))
