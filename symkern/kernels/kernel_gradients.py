"""Kernel matrices with their derivatives in hyperparameters, in floating point, on NumPy arrays.

    K, G = k.matrix_with_gradient(X, alpha=1, beta=2)          G[i, j] = (dk/dalpha, dk/dbeta)(x_i, y_j)

The stages are run once on jets (`symkern.kernels.algebras.array_jets`), which carry the derivatives in all directions beside the values; there are
no finite differences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Self, cast

import numpy as np

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.errors import InvalidArgument
from symkern.exact import exact_expression
from symkern.kernels.algebras.array_jets import Jet
from symkern.kernels.algebras.arrays import Array, Arrays, Words
from symkern.kernels.algebras.jet_functions import JetFunctions
from symkern.kernels.evaluation import at_sizes, bind, named
from symkern.kernels.kernel_matrices import MatrixJob, exact_number
from symkern.reading.sequences import read_all, read_list


def matrix_with_gradient(
    kernel: Any, X: Array, Y: Array | None = None, *, by: Sequence[str] | None = None, lengths: Any = None, dtype: str = "float64",
    memory: int | None = None, **parameters: object,
) -> tuple[Array, Array]:  # fmt: skip
    """The kernel matrix and its derivatives in hyperparameters, in floating point: k(x, y) and dk(x, y)/dh for each h.

    Derivatives are exact but for rounding. Where a kernel has none (relu of a score that crosses 0, an angle that leaves 0) the mean of those on both
    sides is taken, or 0.

    Args:
        kernel: a pipeline.
        X: sequences, a NumPy array (n, L) of whole numbers or a nested list.
        Y: sequences (m, L); X where it is left out, and both results are symmetric to the last digit.
        by: names of the hyperparameters to differentiate in; all of the kernel where it is left out, in the order of their names.
        lengths: how many positions of each row are present, as for `symkern.kernels.kernel_matrices.matrix`.
        dtype: "float64" or "float32".
        memory: bytes that what is computed at a time may take beside the result; 256 MiB where nothing is said.
        **parameters: all hyperparameters by name, numbers: the point.

    Returns:
        The matrix (n, m), and an array (n, m, d) of the derivatives in the d hyperparameters.

    Raises:
        InvalidArgument: names that the kernel has not, arrays of another library, and what `matrix` refuses.

    >>> from symkern.kernels import embedding
    >>> k = embedding("alpha", "beta").attention().mean_pool()
    >>> K, G = matrix_with_gradient(k, [[0, 1], [1, 1]], alpha=1, beta=1)
    >>> K[0].tolist(), G[0].tolist()
    ([2.0, 1.5], [[3.0, 3.0], [2.25, 2.25]])
    """
    job = GradientJob.at(kernel, X, Y, by, lengths, dtype, memory, parameters)
    found = job.matrix()
    return found[0], np.moveaxis(found[1:], 0, -1)


class GradientJob(MatrixJob):
    """A kernel on jets at numbers: the value and d derivatives at each pair of sequences."""

    functions: JetFunctions

    @classmethod
    def at(
        cls, kernel: Any, X: Array, Y: Array | None, by: Sequence[str] | None, lengths: Any, dtype: str, memory: int | None,
        parameters: Mapping[str, object],
    ) -> Self:  # fmt: skip
        """The arguments checked, before anything is allocated."""
        job = cast("Self", cls.of(kernel, X, Y, lengths, dtype, memory, parameters))
        if not isinstance(job.left, np.ndarray):
            found = f"they are of {job.xp.__name__}"
            raise InvalidArgument("X", "must be NumPy's arrays, on which derivatives are taken", found)  # fmt: skip
        known = {s.name: s for s in kernel.parameters if s not in (CONTEXT_LENGTH, VOCABULARY)}
        if by is None:
            by = tuple(known)
        names = read_all(read_list(by, "by", "names"), str, "by", "names of hyperparameters")
        directions = [named(name, known) for name in names]
        given = {
            name: exact_number(value, name) for name, value in parameters.items() if name != "v"
        }
        length, vocabulary = job.left.shape[1], parameters.get("v", kernel.vocabulary or VOCABULARY)
        sizes = {CONTEXT_LENGTH: length, VOCABULARY: vocabulary}
        point = {known[name]: exact_expression(value, name).subs(sizes) for name, value in given.items()}  # fmt: skip
        rest = {name: value for name, value in given.items() if known[name] not in directions}
        free = at_sizes(bind(kernel, rest), length, vocabulary)
        functions = JetFunctions(job.functions, directions, point)
        return replace(job, stages=tuple(free.stages), functions=functions)

    @property
    def entry(self) -> tuple[int, ...]:  # type: ignore[override]
        """The value and the derivatives."""
        return (1 + len(self.functions.directions),)

    @property
    def xp(self) -> Any:
        """The library of the result."""
        functions = self.functions
        return functions.plain.xp if isinstance(functions, JetFunctions) else functions.xp

    def bytes_per_pair(self, algebra: type[Arrays]) -> int:
        """As many times what values take."""
        return super().bytes_per_pair(algebra) * self.entry[0]

    def tile(self, rows: Words, columns: Words, algebra: type[Arrays]) -> Array:
        """k(x, y) and its derivatives for the rows and columns of a tile."""
        with np.errstate(all="ignore"):
            found = algebra(rows, columns).run(self.stages)
        result = np.zeros((*self.entry, rows.number, columns.number), dtype=self.functions.dtype)
        if isinstance(found, Jet):
            result[0], result[1:] = found.value, found.slopes
        else:
            result[0] = found
        return result
