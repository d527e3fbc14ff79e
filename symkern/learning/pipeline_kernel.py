"""The class of kernels that `symkern.learning.sklearn_kernels` hands to scikit-learn, in floating point.

Scikit-learn asks of a kernel that constructor arguments stay as they were given, that ``get_params`` lists them, and that a copy made of them is equal;
theta = (log h) over the hyperparameters h that are not fixed, and the gradient of the matrix is that in theta, h dk/dh.
"""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import Any, Self

import numpy as np
import sympy as sp
from sklearn.gaussian_process import kernels as gaussian_processes

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.errors import InvalidArgument, InvalidType, displayed
from symkern.exact import exact_expression
from symkern.kernels.evaluation import bind
from symkern.kernels.kernel_gradients import matrix_with_gradient
from symkern.kernels.kernel_matrices import exact_number
from symkern.kernels.pipeline import Kernel
from symkern.reading.integers import read_integer
from symkern.reading.missing_entries import without_mask
from symkern.reading.spelling import did_you_mean

Array = Any

_BOUNDS = (1e-5, 1e5)
#: Floats hold whole numbers up to here.
_WHOLE = 2.0**53


class PipelineKernel(gaussian_processes.Kernel):  # type: ignore[misc]
    """A pipeline at values of its hyperparameters; ask `symkern.learning.sklearn_kernel` for one.

    >>> from symkern.kernels import embedding
    >>> from sklearn.base import clone
    >>> k = PipelineKernel(embedding("alpha", "beta").mean_pool(), alpha=2.0, beta_bounds="fixed")
    >>> k, k.n_dims, clone(k) == k
    (PipelineKernel(embedding(alpha, beta) | mean_pool, alpha=2, beta=1), 1, True)
    >>> k.set_params(alpha=0)
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: alpha: must be positive where it is fitted, as its logarithm is searched: alpha_bounds="fixed" keeps it, but it is 0
    """

    def __init__(self, pipeline: Kernel, v: int | None = None, **hyperparameters: Any) -> None:
        if not isinstance(pipeline, Kernel):
            raise InvalidType("kernel", "must be a pipeline with a readout", pipeline)
        self.pipeline, self.v = pipeline, v
        self._given: dict[str, Any] = {}
        for symbol in self._symbols:
            self._given |= {symbol: 1.0, f"{symbol}_bounds": _BOUNDS}
        if v is not None:
            read_integer(v, "v", 1, 1 << 60)
        elif VOCABULARY in pipeline.parameters:
            rule = "must be given where a hyperparameter depends on the vocabulary"
            raise InvalidArgument("v", rule, f"the kernel is {pipeline}")
        self._set(hyperparameters)
        bind(pipeline, self._exact())  # refuses negative variances

    @property
    def _symbols(self) -> list[str]:
        sizes = (CONTEXT_LENGTH, VOCABULARY)
        return [s.name for s in self.pipeline.parameters if s not in sizes]

    def _set(self, hyperparameters: Mapping[str, Any]) -> None:
        for name in hyperparameters:
            if name not in self._given:
                rule = f"must be a hyperparameter of the kernel or its bounds: {', '.join(self._given) or 'there is none'}"
                raise InvalidArgument(name, rule, f"it is not{did_you_mean(name, self._given)}")
        later = {**self._given, **hyperparameters}
        for name in self._symbols:
            _require(name, later[name], later[f"{name}_bounds"])
        self._given = later

    def _exact(self) -> dict[str, Any]:
        """Values by name."""
        given = ((name, exact_number(self._given[name])) for name in self._symbols)
        return {name: exact_expression(value, name) for name, value in given}

    def _values(self) -> dict[str, Any]:
        """What is put into the pipeline."""
        sizes = {} if self.v is None or VOCABULARY not in self.pipeline.parameters else {"v": self.v}  # fmt: skip
        return {**self._exact(), **sizes}

    # -- parameters, as scikit-learn asks for them ---------------------------------------------

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Arguments of the constructor by name."""
        return {"pipeline": self.pipeline, "v": self.v, **self._given}

    def set_params(self, **params: Any) -> Self:
        """The same kernel with other values and bounds; `InvalidArgument` for what is none, which leaves it as it was."""
        changed = {n: params.pop(n) for n in ("pipeline", "v") if n in params}
        if any(value != getattr(self, name) for name, value in changed.items()):
            kept = {"pipeline": self.pipeline, "v": self.v, **changed}
            before = self._given if kept["pipeline"] == self.pipeline else {}
            self.__dict__ = type(self)(**kept, **{**before, **params}).__dict__
        else:
            self._set(params)
        return self

    @property
    def hyperparameters(self) -> list[Any]:
        """One for each symbol of the pipeline, by name."""
        return [
            gaussian_processes.Hyperparameter(n, "numeric", self._given[f"{n}_bounds"])
            for n in self._symbols
        ]

    def _get_theta(self) -> Array:
        return np.log(np.array([float(self._given[name]) for name in self._free]))

    #: The logarithms of the hyperparameters that are not fixed.
    theta = property(_get_theta, gaussian_processes.Kernel.theta.fset)

    @property
    def _free(self) -> list[str]:
        return [h.name for h in self.hyperparameters if not h.fixed]

    def __getattr__(self, name: str) -> Any:
        given = self.__dict__.get("_given", {})
        if name not in given:
            raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")
        return given[name]

    def __repr__(self) -> str:
        values = [f", {name}={float(self._given[name]):.3g}" for name in self._symbols]
        return f"{type(self).__name__}({self.pipeline}{''.join(values)})"

    # -- values --------------------------------------------------------------------------------

    def __call__(self, X: Array, Y: Array | None = None, eval_gradient: bool = False) -> Any:
        """Floating point: k(x, y) for the rows of X and Y, and where it is asked for the gradient in theta, (n, n, d), of X alone.

        Raises `InvalidArgument` for letters that are no whole numbers from 0 on.
        """
        x = _letters(X, "X")
        y = None if Y is None else _letters(Y, "Y")
        if not eval_gradient:
            return self.pipeline.matrix(x, y, **self._values())
        if y is not None:
            rule = "may be True for one batch of sequences alone"
            raise InvalidArgument("eval_gradient", rule, "Y is given too")
        free = self._free
        values, slopes = matrix_with_gradient(self.pipeline, x, by=free, **self._values())
        return values, slopes * np.exp(self.theta)

    def diag(self, X: Array) -> Array:
        """Floating point: k(x, x) for the rows of X."""
        return self.pipeline.diagonal(_letters(X, "X"), **self._values())

    def is_stationary(self) -> bool:
        """False: no kernel of sequences depends on a difference x - y."""
        return False


def _require(name: str, value: Any, bounds: Any) -> None:
    """A hyperparameter that scikit-learn can fit, or a fixed one."""
    if isinstance(value, bool) or not isinstance(value, (Real, sp.Expr)):
        raise InvalidType(name, "must be a number", value)
    try:
        number = float(value)
    except (TypeError, OverflowError, ValueError):
        number = float("nan")
    if not abs(number) < float("inf"):
        raise InvalidArgument(name, "must be a finite number", f"it is {displayed(value)}")
    argument = f"{name}_bounds"
    if isinstance(bounds, str) and bounds == "fixed":
        return
    rule = 'must be a pair of numbers 0 < low <= high, or "fixed"'
    try:
        pair = np.asarray(bounds, dtype=float)
    except (TypeError, ValueError):
        raise InvalidType(argument, rule, bounds) from None
    if pair.shape not in ((2,), (1, 2)):
        raise InvalidArgument(argument, rule, f"it is {bounds!r}")
    low, high = pair.reshape(2)
    if not 0 < low <= high < np.inf:
        raise InvalidArgument(argument, rule, f"it is {bounds!r}")
    if number <= 0:
        rule = f'must be positive where it is fitted, as its logarithm is searched: {argument}="fixed" keeps it'
        raise InvalidArgument(name, rule, f"it is {value}")


def _letters(X: Array, name: str) -> Array:
    """Sequences as an array of integers: of floats too, whose entries are whole."""
    X = without_mask(X, name)
    try:
        rows = np.asarray(X)
    except ValueError:  # rows of unequal length, which the matrix refuses
        return X
    if rows.dtype.kind != "f":
        return rows
    wrong = rows[~((np.abs(rows) <= _WHOLE) & (rows == np.rint(rows)))]
    if wrong.size:
        rule = "must hold letters, whole numbers 0, 1, 2, ..., as floats too"
        raise InvalidArgument(name, rule, f"{wrong[0]} occurs")
    return rows.astype(np.int64)
