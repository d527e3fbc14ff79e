"""What jets will take: products of series, each so many products of constants."""

from __future__ import annotations

import sympy as sp

from symkern.engines.cost import Cost
from symkern.kernels.algebras.algebra import Algebra
from symkern.kernels.pipeline import Kernel
from symkern.kernels.stages import Entrywise, Stage

#: Seconds of a product of two constants and its place in a series: balls or numbers, and formulas.
_PRODUCT, _FORMULA = 7e-7, 6e-6
#: How formulas grow with each weight behind stages that are no polynomials.
_LONGER = 3.2
#: Bytes of a coefficient.
_BYTES = 400


def jet_cost(kernel: Kernel, letters: int, order: int, symbolic: bool = False) -> Cost:
    """Time and memory of the jets of that weight; ``symbolic`` says that probabilities are formulas."""
    symbolic = symbolic or bool(kernel.parameters)
    free = _products(kernel, letters)
    n = letters - 1
    # Pairs of fluctuations come with a factor 1/L where every position is averaged over.
    pairs = 3 if kernel.readout.pools else 1
    weights = [1] * (2 * n) + [pairs] * n**2 + [2]
    terms = _monomials(weights, order)
    products = _monomials([*weights, *weights], order)
    each = _FORMULA if symbolic else _PRODUCT
    if symbolic and not all(stage.is_rational for stage in kernel.stages):
        each *= max(_LONGER**order / 2, 1)
    seconds = free * products * each
    return Cost(seconds, terms * _BYTES * letters**2 * (4 + len(kernel.stages)), degree=order)


def _monomials(weights: list[int], order: int) -> int:
    """Monomials of weight up to ``order``."""
    counts = [1] + [0] * order
    for weight in weights:
        for w in range(weight, order + 1):
            counts[w] += counts[w - weight]
    return sum(counts)


def _products(kernel: Kernel, letters: int) -> int:
    """Products of series on the way to the kernel."""
    found: int = _Products(letters).run(kernel.stages)
    return found * (letters**2 if kernel.reads_position else 1)


class _Count(int):
    """A number of products so far."""

    def plus(self, other: _Count) -> _Count:
        return self

    def mean(self) -> _Count:
        return self

    mean_diagonal = read = mean


class _Products(Algebra):
    """How many products of series each stage takes: those on v^2 types."""

    name = "jet_products"

    def __init__(self, letters: int) -> None:
        super().__init__()
        self._types = letters**2

    def embedded(self, token: sp.Expr, position: sp.Expr, constant: sp.Expr) -> _Count:
        return _Count(0)

    def mapped(self, matrix: _Count, stage: Entrywise) -> _Count:
        each = 1 if stage.degree is not None else 12
        return _Count(matrix + each * self._types**2)

    def mapped_number(self, number: _Count, stage: Entrywise) -> _Count:
        return _Count(number + 12)

    def attended(self, matrix: _Count, values: _Count, average: bool) -> _Count:
        return _Count(matrix + 2 * self._types**2)

    def tied(self, matrix: _Count, values: _Count, stage: Stage) -> _Count:
        return _Count(matrix + 2 * self._types**2 + (self._types**3 if matrix else 0))
