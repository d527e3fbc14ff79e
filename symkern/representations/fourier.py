r"""The Fourier transform on S_n, exact in Young's seminormal form and in floating point in the orthogonal form.

    F_lam = sum_g f(g) rho_lam(g),      f(g) = (1/n!) sum_lam d_lam tr(rho_lam(g^-1) F_lam).

It turns convolution (f * h)(g) = sum_(a*b = g) f(a) h(b) into products of matrices, F_lam H_lam, and keeps lengths (Plancherel):
sum_g f(g)^2 = (1/n!) sum_lam d_lam \|F_lam\|^2 with the norm of the orthogonal form. Both directions are Clausen's fast algorithm
(`symkern.representations.clausen`); the exact one runs modulo primes, under the bounds of `symkern.representations.paths`.

Functions on S_n are vectors of ``regular(n)``: permutations in one-line form, in lexicographic order.

Source: Diaconis, *Group Representations in Probability and Statistics*, chapters 2 and 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import partial
from math import factorial, lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.combinatorics import Partition, PartitionLike, partitions
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.permutation import read_permutation
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, displayed
from symkern.exact.real_arguments import read_reals
from symkern.exact.sparse import SparseMatrix
from symkern.exact.sparse_residues import (
    from_residues,
    primes_for,
    residues_of,
    scaled_residues,
)
from symkern.exact.sparse_vector import RationalVector, largest
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_mapping
from symkern.representations.clausen import coset_order, forward, inverse
from symkern.representations.module_vectors import ModuleVector
from symkern.representations.orthogonal import apply_word_numeric
from symkern.representations.paths import Paths, paths
from symkern.representations.seminormal import apply_word
from symkern.representations.standard_modules import regular
from symkern.typeset.shown import Shown


class FourierTransform(Shown):
    """The matrices F_lam of a function on S_n in Young's seminormal form; ask `fourier_transform`.

    >>> F = fourier_transform(3, {(0, 1, 2): "1/3", (1, 0, 2): "2/3"})
    >>> F[2, 1].to_sympy()
    Matrix([
    [1,    0],
    [0, -1/3]])
    >>> F.inverse()((1, 0, 2)), (F @ F).inverse()((0, 1, 2)), {str(k): e for k, e in F.energies().items()}
    (2/3, 5/9, {'3': 1/6, '2,1': 10/27, '1,1,1': 1/54})
    """

    def __init__(self, n: int, matrices: Mapping[Any, Any]) -> None:
        self.n = read_integer(n, "n", minimum=1)
        known = {
            Partition.read(lam, "matrices"): m
            for lam, m in read_mapping(matrices, "matrices", "partitions to matrices").items()
        }
        if set(known) != set(partitions(self.n)):
            rule = f"must be labelled by the partitions of {self.n}"
            shown = f"they are labelled by {sorted(known, reverse=True)}"
            raise SizeMismatch("matrices", rule, shown)
        self._matrices: dict[Partition, SparseMatrix] = {}
        for lam in partitions(self.n):
            matrix = SparseMatrix.from_dense(known[lam], argument=f"matrices[{lam}]")
            _require_shape(matrix.shape, lam, f"matrices[{lam}]")
            self._matrices[lam] = matrix

    def __getitem__(self, lam: PartitionLike) -> SparseMatrix:
        shape = Partition.read(lam, "lam")
        if shape not in self._matrices:
            raise SizeMismatch(
                "lam", f"must be a partition of {self.n}", f"it is {displayed(tuple(shape))}"
            )
        return self._matrices[shape]

    def __iter__(self) -> Iterator[Partition]:
        return iter(self._matrices)

    def items(self) -> Iterator[tuple[Partition, SparseMatrix]]:
        """Pairs (lam, F_lam)."""
        return iter(self._matrices.items())

    def __matmul__(self, other: Any) -> FourierTransform:
        """The transform of the convolution."""
        if not isinstance(other, FourierTransform):
            return NotImplemented
        if other.n != self.n:
            raise SizeMismatch("other", f"must be one on S_{self.n}", f"it is one on S_{other.n}")
        return FourierTransform(self.n, {lam: m @ other[lam] for lam, m in self.items()})

    def energies(self) -> dict[Partition, Any]:
        """{lam: (d_lam/n!) \\|F_lam\\|^2}, exact; the sum is that of the squares of the function."""
        result = {}
        for lam, matrix in self.items():
            norms = paths(lam).squared_norms
            total = Fraction(0)
            for i, j, k in matrix.integers():
                total += k * k * norms[i] / norms[j]
            total *= Fraction(lam.dimension, factorial(self.n) * matrix.denominator**2)
            result[lam] = RationalVector.of([total])[0]
        return result

    def inverse(self) -> ModuleVector:
        """The function on S_n, exact."""
        n = self.n
        common = lcm(*(paths(lam).common_denominator for lam in self))
        below = lcm(*(m.denominator for _, m in self.items()))
        bound = sum(
            lam.dimension**3 * paths(lam).entry_bound * largest(m.numerators) * below
            for lam, m in self.items()
        )
        scale = factorial(n) * common * common
        primes = primes_for(bound * scale)
        _require(n, len(primes))
        start = {}
        for lam, m in self.items():
            whole = m.dense_numerators().astype(object) * (below // m.denominator)
            start[lam] = residues_of(whole, primes)

        def weigh(block: npt.NDArray[np.int64], p: int, q: int) -> npt.NDArray[np.int64]:
            for k, prime in enumerate(primes):
                block[k] = block[k] * (p * pow(q, -1, prime) % prime) % prime
            return block

        found = inverse(n, start, partial(apply_word, primes=primes), weigh)
        values = from_residues(scaled_residues(found, scale, primes), primes)
        return ModuleVector.in_module(regular(n), values[coset_order(n)], scale * below)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FourierTransform):
            return NotImplemented
        return self.n == other.n and self._matrices == other._matrices

    def __hash__(self) -> int:
        return hash((self.n, tuple(self._matrices.values())))

    def __repr__(self) -> str:
        inside = ", ".join(f"{tuple(lam)}: {m!r}" for lam, m in self.items())
        return f"FourierTransform({self.n}, {{{inside}}})"


def fourier_transform(n: int, f: Any) -> FourierTransform:
    """The Fourier transform of a function on S_n, exact, in Young's seminormal form.

    Args:
        n: at least 1.
        f: a function of a one-line tuple, {permutation: value} with 0 elsewhere, or the list of values in lexicographic order; values are ints,
            fractions or texts of them.

    Raises:
        TooLarge: n! is out of reach.
        SizeMismatch: a list that has not n! values.

    >>> fourier_transform(3, lambda g: 1)[2, 1].is_zero
    True
    """
    size = read_integer(n, "n", minimum=1)
    _require(size, 3)
    module = regular(size)
    if isinstance(f, Mapping):
        known: dict[tuple[int, ...], Any] = {}
        for g, value in f.items():
            key = read_permutation(g, "f", n=size)
            if key in known:
                raise InvalidArgument("f", "must give a permutation one value", f"{key} has two")
            known[key] = value
        vector = module.vector(lambda g: known.get(g, 0))
    else:
        vector = module.vector(f)
    numbers = vector.numerators
    total = sum(map(abs, numbers.tolist()))
    bound = max(
        paths(lam).entry_bound * paths(lam).common_denominator ** 2 for lam in partitions(size)
    )
    primes = primes_for(bound * total)
    _require(size, len(primes))
    values = np.empty((len(primes), len(numbers)), dtype=np.int64)
    values[:, coset_order(size)] = residues_of(numbers, primes)

    residues = forward(
        size,
        values,
        partial(apply_word, primes=primes),
        lambda array: scaled_residues(array, 1, primes),
    )
    matrices: dict[Partition, SparseMatrix] = {}
    for lam, array in residues.items():
        square = paths(lam).common_denominator ** 2
        whole = from_residues(scaled_residues(array, square, primes), primes)
        matrices[lam] = SparseMatrix.from_dense_numerators(whole, square * vector.denominator)
    return FourierTransform(size, matrices)


def fourier_transform_float(n: int, f: Any) -> dict[Partition, npt.NDArray[np.float64]]:
    """The Fourier transform in floating point, in Young's orthogonal form.

    Args:
        n: at least 1.
        f: a function of a one-line tuple, or the list of its values in lexicographic order.

    Raises:
        TooLarge: n! is out of reach.
        SizeMismatch: a list that has not n! values.

    >>> F = fourier_transform_float(3, [1.0, 0, 0, 0, 0, 0])
    >>> F[2, 1].tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    size = read_integer(n, "n", minimum=1)
    _require(size, 1)
    listed = [f(g) for g in regular(size).basis] if callable(f) else f
    values = read_reals(listed, "f")
    if values.shape != (factorial(size),):
        raise SizeMismatch("f", f"must have {size}! values", f"its shape is {values.shape}")
    ordered = np.empty((1, len(values)))
    ordered[0, coset_order(size)] = values
    found = forward(size, ordered, _numeric_apply, lambda array: array)
    return {lam: array[0] for lam, array in found.items()}


def inverse_fourier_transform_float(
    n: int, coefficients: Mapping[Partition, npt.ArrayLike]
) -> npt.NDArray[np.float64]:
    """The function on S_n, in floating point, from matrices in the orthogonal form; lexicographic order.

    Args:
        n: at least 1.
        coefficients: {lam: matrix} for all partitions of n.

    Raises:
        InvalidType: a partition has no matrix.
        SizeMismatch: a matrix of another shape.
    """
    size = read_integer(n, "n", minimum=1)
    _require(size, 1)
    start = {}
    read_mapping(coefficients, "coefficients", "partitions to matrices")
    for lam in partitions(size):
        if lam not in coefficients:
            raise InvalidType("coefficients", f"must hold a matrix for {tuple(lam)}", coefficients)
        matrix = read_reals(coefficients[lam], f"coefficients[{lam}]")
        _require_shape(matrix.shape, lam, f"coefficients[{lam}]")
        start[lam] = matrix[None]
    found = inverse(size, start, _numeric_apply, lambda block, p, q: block * (p / q))
    values: npt.NDArray[np.float64] = found[0][coset_order(size)]
    return values


def _require_shape(shape: tuple[int, ...], lam: Partition, argument: str) -> None:
    if shape != (lam.dimension, lam.dimension):
        rule = f"must have {lam.dimension} rows and columns"
        raise SizeMismatch(argument, rule, f"its shape is {shape}")


def _require(n: int, moduli: int) -> None:
    """Refuse before allocation: the module S_n acts on, and some arrays of n! numbers for each modulus."""
    counted = min(n, 25)  # beyond every memory, and no larger factorial is needed to see it
    needed = factorial(counted) * (16 * counted + 400 + 60 * moduli)
    require_bytes(f"a Fourier transform on S_{displayed(n)}", needed)


def _numeric_apply(
    basis: Paths, word: tuple[int, ...], array: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    return apply_word_numeric(basis, word, array[0])[None]
