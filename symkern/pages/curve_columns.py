"""Learning curves, predicted, measured and in training time, as plain columns: a row for each number of samples or time, in floating point."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from symkern.learning.learning_curve import LearningCurve
from symkern.learning.measured_curve import MeasuredCurve
from symkern.learning.training_curve import TrainingCurve
from symkern.reading.annotated import typed
from symkern.typeset.plain_columns import Column, dataframe

_Values = Callable[[Any], Iterable[float]]


@typed
def curve_dataframe(curve: LearningCurve, backend: str | None = None) -> Any:
    """The curve as a DataFrame, one row for each number of samples; needs the extra ``frames``.

    Columns: ``L``, ``n``, ``kappa``, ``test_error``, ``train_error`` (`LearningCurve` says what they are).

    Args:
        curve: the curve.
        backend: "pandas", "polars" or "pyarrow"; None for the first that is installed.

    Raises:
        InvalidArgument: another backend.
        SymkernError: narwhals or the backend is not installed.

    >>> from symkern.kernels import derive
    >>> spec = derive("flatten", length=8, vocabulary=2, alpha=1, beta=1)
    >>> frame = spec.learning_curve("x1*x2", n=[1, 10], ridge=1).to_dataframe("pandas")
    >>> list(frame), frame["n"].tolist()
    (['L', 'n', 'kappa', 'test_error', 'train_error'], [1.0, 10.0])
    """
    return dataframe(curve_columns([curve]), backend)


@typed
def measured_dataframe(found: MeasuredCurve, backend: str | None = None) -> Any:
    """Prediction and measurement as a DataFrame, one row for each number of samples; needs the extra ``frames``.

    Columns: ``L``, ``n``, ``predicted``, ``measured``, ``standard_error`` (of the test error), ``train_predicted``, ``train_measured``.

    Args:
        found: the curves.
        backend: "pandas", "polars" or "pyarrow"; None for the first that is installed.

    Raises:
        InvalidArgument: another backend.
        SymkernError: narwhals or the backend is not installed.
    """
    return dataframe(measured_columns([found]), backend)


@typed
def training_dataframe(curve: TrainingCurve, backend: str | None = None) -> Any:
    """The curve as a DataFrame, one row for each time; needs the extra ``frames``.

    Columns: ``L``, ``t``, ``test_error``.

    Args:
        curve: the curve.
        backend: "pandas", "polars" or "pyarrow"; None for the first that is installed.

    Raises:
        InvalidArgument: another backend.
        SymkernError: narwhals or the backend is not installed.
    """
    return dataframe(training_columns([curve]), backend)


def curve_columns(curves: Sequence[LearningCurve]) -> list[Column]:
    """The columns of `curve_dataframe`, for curves one below the other."""
    values: dict[str, _Values] = {
        "n": lambda one: one.n,
        "kappa": lambda one: one.kappa,
        "test_error": lambda one: one.test_error,
        "train_error": lambda one: one.train_error,
    }
    return _columns(curves, values)


def measured_columns(found: Sequence[MeasuredCurve]) -> list[Column]:
    """The columns of `measured_dataframe`, for curves one below the other."""
    values: dict[str, _Values] = {
        "n": lambda one: one.n,
        "predicted": lambda one: one.curve.test_error,
        "measured": lambda one: one.test_error,
        "standard_error": lambda one: one.standard_error,
        "train_predicted": lambda one: one.curve.train_error,
        "train_measured": lambda one: one.train_error,
    }
    return _columns(found, values)


def training_columns(curves: Sequence[TrainingCurve]) -> list[Column]:
    """The columns of `training_dataframe`, for curves one below the other."""
    values: dict[str, _Values] = {"t": lambda one: one.t, "test_error": lambda one: one.test_error}
    return _columns(curves, values)


def _columns(curves: Sequence[Any], values: dict[str, _Values]) -> list[Column]:
    first = next(iter(values.values()))
    lengths = [one.spectrum.length if hasattr(one, "spectrum") else one.curve.length for one in curves for _ in first(one)]  # fmt: skip
    found = [Column("L", int, lengths)]
    for name, of in values.items():
        found.append(Column(name, float, [float(e) for one in curves for e in of(one)]))
    return found
