r"""Learnabilities of all modes of a kernel from n samples, by the eigenlearning equations.

For a kernel with eigenvalues lambda_i of multiplicity m_i, ridge delta and n samples, kappa >= 0 is the solution of

    sum_i m_i lambda_i/(lambda_i + kappa) + delta/kappa = n,

the learnability of mode i is Lrn_i = lambda_i/(lambda_i + kappa), the overfitting coefficient E0 = n/(n - sum_i m_i Lrn_i^2), and for a
target with energy e_i in mode i and label noise of variance sigma^2

    test error = E0 (sum_i (1 - Lrn_i)^2 e_i + sigma^2),      train error = (delta/(n kappa))^2 test error.

Without ridge kappa is zero from n = rank on; there delta/kappa stands for its limit n - rank.
(Simon, Dickens, Karkada, DeWeese, *The Eigenlearning Framework*, TMLR 2023, arXiv 2110.03922.) `symkern.bounds.kappa` solves the equation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.bounds.eigenlearning_exact import closed_form
from symkern.bounds.kappa import solve_row
from symkern.claims.by_content import ByContent
from symkern.combinatorics.memory import require_bytes
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch
from symkern.exact.real_arguments import log_of, read_real, read_reals
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.typeset.shown import Shown

Floats = npt.NDArray[np.float64]

#: Samples, energies and noise are floats that can still be multiplied by a little.
LARGEST = 1e300


@dataclass(frozen=True, eq=False, repr=False)
@typed
class Eigenlearning(ByContent, Shown):
    """Floating point: what the eigenlearning equations say at given n; ask `eigenlearning` for one.

    The leading axes of every array are those of the rows of eigenvalues, if there are several, and of ``n``, if it is an array;
    ``learnabilities`` has the modes as one further axis. Without leading axes ``kappa`` and ``overfitting`` are floats.
    """

    _logs: Floats
    _log_counts: Floats
    _n: Floats
    ridge: float
    _log_kappa: Floats
    _excess: Floats
    _several: tuple[bool, bool]

    def _shares(self) -> tuple[Floats, Floats]:
        """Lrn and 1 - Lrn of every mode, neither by subtraction; 0 and 1 for modes that the kernel does not have."""
        logs, t = self._logs[:, None, :], self._log_kappa[:, :, None]
        none = np.isneginf(logs)
        with np.errstate(all="ignore"):
            if not (np.abs(logs[~none]) > 300).any() and not (t > 300).any():
                eigenvalues, kappa = np.exp(logs), np.exp(t)
                total = eigenvalues + kappa
                learned, missed = eigenvalues / total, kappa / total
            else:
                learned, missed = _sigmoid(logs - t), _sigmoid(t - logs)
        if none.any():
            learned, missed = np.where(none, 0.0, learned), np.where(none, 1.0, missed)
        return learned, missed

    @cached_property
    def _rest(self) -> Floats:
        """n - sum m Lrn^2 = delta/kappa + sum m Lrn (1 - Lrn), without cancellation."""
        if (self._log_counts < 300).all():
            learned, missed = self._shares()
            total = np.einsum("rnk,rk->rn", learned * missed, np.exp(self._log_counts))
        else:  # so many modes count even where their learnability is below the floats
            with np.errstate(invalid="ignore"):  # inf - inf, where kappa and an eigenvalue are zero
                gap = np.abs(self._logs[:, None, :] - self._log_kappa[:, :, None])
                spread = -gap - 2 * np.log1p(np.exp(-gap))
                spread = np.where(np.isneginf(self._logs)[:, None, :], -np.inf, spread)
                total = np.exp(self._log_counts[:, None, :] + spread).sum(axis=-1)
        return np.asarray(np.minimum(self._excess + total, self._n))

    @property
    def _factor(self) -> Floats:
        with np.errstate(divide="ignore"):
            return np.where(self._rest > 0, self._n / self._rest, np.inf)

    def _shaped(self, values: Floats) -> Any:
        rows, samples = self._several
        values = values if samples else values[:, 0]
        values = values if rows else values[0]
        if np.ndim(values) == 0:
            return float(values)
        values = np.ascontiguousarray(values)
        values.setflags(write=False)
        return values

    @property
    def kappa(self) -> Any:
        """The eigenvalue that is half learned; what no float can hold shows as 0 or inf, see ``log_kappa``."""
        with np.errstate(over="ignore"):
            return self._shaped(np.exp(self._log_kappa))

    @property
    def log_kappa(self) -> Any:
        """Its natural logarithm; -inf where kappa is zero."""
        return self._shaped(self._log_kappa)

    @property
    def learnabilities(self) -> Any:
        """Lrn_i = lambda_i/(lambda_i + kappa), one for each mode."""
        return self._shaped(self._shares()[0])

    @property
    def overfitting(self) -> Any:
        """E0 = n/(n - sum m Lrn^2); infinite at the interpolation threshold n = rank without ridge."""
        return self._shaped(self._factor)

    @property
    def train_ratio(self) -> Any:
        """delta/(n kappa), the factor by which training residuals are smaller than test residuals."""
        return self._shaped(self._excess / self._n)

    def test_error(self, energies: Any, noise: object = 0) -> Any:
        """Mean squared error on new sequences against noisy labels, noise included.

        Energy on eigenvalue zero is never learned.

        Args:
            energies: the target's energy E f_i^2 in each mode, at least 0, all of a mode's multiplicity together; modes on the last axis, broadcast
                against the rows of eigenvalues.
            noise: the variance of the labels, at least 0.

        Raises:
            SizeMismatch: not one energy for each mode.
            InvalidArgument: a negative energy or noise.
        """
        return self._shaped(self._errors(energies, noise, self._factor))

    def train_error(self, energies: Any, noise: object = 0) -> Any:
        """Mean squared error on the training labels, (delta/(n kappa))^2 times `test_error`, limits taken at kappa = 0.

        Args:
            energies: as in `test_error`.
            noise: the variance of the labels, at least 0.
        """
        with np.errstate(all="ignore"):
            ratio = (self._excess / self._n) * (self._excess / self._rest)
            factor = np.where(self._rest > 0, ratio, 0.0)
        return self._shaped(self._errors(energies, noise, factor))

    def _errors(self, energies: Any, noise: object, factor: Floats) -> Floats:
        variance = read_real(noise, "noise", minimum=0)
        modes = self._logs.shape[-1]
        values = read_reals(energies, "energies", minimum=0)
        _require_moderate(np.atleast_1d(variance), "noise")
        _require_moderate(values, "energies")
        rule = f"must have a row for each of {len(self._logs)} rows of eigenvalues"
        if entries := values.ndim not in (1, 2) or values.shape[-1] != modes:
            rule = f"must have one entry for each of {modes} modes"
        if entries or (values.ndim == 2 and len(values) != len(self._logs)):
            raise SizeMismatch("energies", rule, _shape(values))
        rows = np.broadcast_to(values, self._logs.shape)
        missed = self._shares()[1]
        bias = np.einsum("rnk,rnk,rk->rn", missed, missed, rows) + variance
        with np.errstate(invalid="ignore"):
            return np.where(bias > 0, factor * bias, 0.0)

    def __repr__(self) -> str:
        rows, modes = self._logs.shape
        return (
            f"<Eigenlearning: {rows} row{'s' * (rows != 1)} of {modes} modes, "
            f"{self._n.size} value{'s' * (self._n.size != 1)} of n, ridge {self.ridge:g}>"
        )


def eigenlearning(
    eigenvalues: Any, multiplicities: Any = None, *, n: Any, ridge: object = 0
) -> Any:
    r"""Learnabilities by the eigenlearning equations, in floating point except where a closed form exists.

    Args:
        eigenvalues: numbers of at least 0, one for each mode, or several such rows (one per length, say); floats, exact numbers, algebraic numbers
            and balls.
        multiplicities: ints of the same shape, as large as they come; 1 each where nothing is said.
        n: the number of samples, at least 1, or an array of them.
        ridge: delta, at least 0.

    Returns:
        An `Eigenlearning`, its kappa to a relative error of about 1e-15 (1 + abs(log kappa)). For one n and exact numbers, or symbols, with at most one
        nonzero eigenvalue, or two and no ridge, kappa is rational or a square root, and an `ExactEigenlearning` with the same attributes is returned.

    Raises:
        InvalidArgument: negative or infinite numbers, n below 1 or, where it computes in floats, above 10^300.
        SizeMismatch: shapes that do not fit.
        TooLarge: what does not fit in memory.

    >>> found = eigenlearning([28/64, 10/256, 2/256], [1, 3, 21], n=32, ridge=0.01)
    >>> round(found.kappa, 6), [round(float(e), 5) for e in found.learnabilities], round(found.overfitting, 5)
    (0.001046, [0.99761, 0.97392, 0.88192], 2.70597)
    >>> eigenlearning([1], [3], n=2, ridge=0).kappa
    1/2
    """
    found = closed_form(eigenvalues, multiplicities, n, ridge)
    if found is not None:
        return found
    logs = log_of(eigenvalues, "eigenvalues", minimum=0)
    if logs.ndim not in (1, 2) or not logs.shape[-1]:
        raise SizeMismatch("eigenvalues", "must be a row of numbers or several rows", _shape(logs))
    several = logs.ndim == 2
    logs = np.atleast_2d(logs)
    counts = _read_counts(multiplicities, logs.shape)
    samples = read_reals(n, "n", minimum=1)
    _require_moderate(samples, "n")
    if samples.ndim > 1:
        raise SizeMismatch("n", "must be a number or a row of numbers", _shape(samples))
    given = np.atleast_1d(samples)
    delta = read_real(ridge, "ridge", minimum=0)
    # Learnabilities and the three arrays that their sums go through.
    what = f"eigenlearning of {logs.size} modes at {given.size} values of n"
    require_bytes(what, 32 * logs.size * given.size)
    log_ridge = float(log_of(ridge, "ridge", minimum=0))
    log_counts = np.array([[log(m) if m else -np.inf for m in row] for row in counts])
    log_kappa = np.empty((len(logs), given.size))
    excess = np.empty_like(log_kappa)
    for r, row in enumerate(logs):
        log_kappa[r], excess[r] = solve_row(row, counts[r], given, log_ridge)
    return Eigenlearning(
        logs, log_counts, given, delta, log_kappa, excess, (several, samples.ndim > 0)
    )


def _require_moderate(values: Floats, argument: str) -> None:
    """Refuse what is read as the largest float, or would overflow beside others."""
    if values.size and values.max() > LARGEST:
        which = "one is larger" if values.size > 1 else "it is larger"
        raise InvalidArgument(argument, f"must be at most {LARGEST:g} in floating point", which)


def _shape(values: Any) -> str:
    return f"its shape is {np.shape(values)}"


def _read_counts(multiplicities: Any, shape: tuple[int, ...]) -> list[list[int]]:
    """Exact ints, a list per row of eigenvalues."""
    rows, modes = shape
    if multiplicities is None:
        return [[1] * modes for _ in range(rows)]
    if isinstance(multiplicities, np.ndarray):
        multiplicities = multiplicities.tolist()
    if not isinstance(multiplicities, Sequence) or isinstance(multiplicities, (str, bytes)):
        raise InvalidType("multiplicities", "must be a list of integers", multiplicities)
    nested = [isinstance(e, (list, tuple, np.ndarray)) for e in multiplicities]
    listed = list(multiplicities) if any(nested) else [multiplicities] * rows
    if len(listed) != rows or (any(nested) and not all(nested)):
        raise SizeMismatch("multiplicities", f"must have {rows} rows", f"it has {len(listed)}")
    found = []
    for row in listed:
        if len(row) != modes:
            rule = f"must have one entry for each of {modes} eigenvalues"
            raise SizeMismatch("multiplicities", rule, f"there are {len(row)}")
        found.append([read_integer(m, f"multiplicities[{i}]") for i, m in enumerate(row)])
    return found


def _sigmoid(x: Floats) -> Floats:
    """1/(1 + exp(-x))."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1.0 + small)
