"""Comparisons, maps of exponents, costs, learnabilities and energies as DataFrames: the rows of their tables, in plain columns (extra ``frames``)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy as sp

from symkern.claims.scaling_law import ScalingLaw
from symkern.learning.comparison import Comparison
from symkern.learning.exponent_map import ExponentMap
from symkern.learning.learnability import LearnabilityTable
from symkern.learning.sample_complexity import SampleComplexity
from symkern.learning.training_times import TrainingTimes
from symkern.pages.spectrum_csv import float_or_none
from symkern.reading.annotated import typed
from symkern.spectra.spectrum_document import written
from symkern.targets.target_energy import TargetEnergy
from symkern.typeset.labels import label_text
from symkern.typeset.plain_columns import Column, dataframe


def _irreps(rows: Iterable[Any]) -> list[Column]:
    rows = list(rows)
    return [
        Column("position_irrep", str, [label_text(row.position_irrep) for row in rows]),
        Column("token_irrep", str, [label_text(row.token_irrep) for row in rows]),
    ]


def _law(law: ScalingLaw | None) -> str | None:
    """What a law costs: its formula, or its leading term where there is no formula; None for never, and where neither is known."""
    if law is None:
        return None
    grown = None if law.leading is None or not law.leading.is_written else law.leading.expression
    shown = law.formula if law.formula is not None else grown
    return None if shown is None else written(shown)


def _float(value: Any) -> float | None:
    return None if isinstance(value, sp.Expr) and not value.is_number else float_or_none(value)


def _energy(value: Any) -> str | None:
    if value is None or isinstance(value, float):
        return None if value is None else repr(value)
    return written(value)


@typed
def comparison_dataframe(comparison: Comparison, backend: str | None = None) -> Any:
    """The comparison as a DataFrame, one row per sector; needs the extra ``frames``.

    Columns: ``position_irrep``, ``token_irrep``, ``dimension``, ``samples_of_first``, ``samples_of_second`` (formulas; empty where a kernel never learns the sector,
    or no formula is known), ``verdict`` (as `ComparedSector` names it), ``from_L`` (the length from which on it holds, empty where it is not known).

    Args:
        comparison: the comparison.
        backend: "pandas", "polars" or "pyarrow"; None for the first that is installed.

    Raises:
        InvalidArgument: another backend.
        SymkernError: narwhals or the backend is not installed.

    >>> from symkern.kernels import compare, uniform
    >>> frame = compare("flatten", "bag-of-tokens", tokens=uniform(2)).to_dataframe("pandas")
    >>> frame[["position_irrep", "token_irrep", "verdict"]].values.tolist()
    [['[]', '[]', 'same growth'], ['[]', '1', 'equal'], ['1', '1', 'first']]
    """
    rows = comparison.rows
    columns = [
        *_irreps(rows),
        Column("dimension", str, [written(row.dimension) for row in rows]),
        Column("samples_of_first", str, [_law(row.laws[0]) for row in rows]),
        Column("samples_of_second", str, [_law(row.laws[1]) for row in rows]),
        Column("verdict", str, [row.verdict for row in rows]),
        Column("from_L", float, [row.crossing for row in rows]),
    ]
    return dataframe(columns, backend)


@typed
def exponent_dataframe(found: ExponentMap, backend: str | None = None) -> Any:
    """The map as a DataFrame, one row per eigenvalue; needs the extra ``frames``.

    Columns: ``position_irrep``, ``token_irrep``, ``branch``, ``asymmetry``, ``symmetric_degree``, ``degree``, ``share`` (of that degree in the eigenfunction),
    ``exponent`` (a fraction, "3/2"), ``exponent_value`` (the same as a float) and ``samples`` (their formula, or leading term).

    Args:
        found: the map.
        backend: "pandas", "polars" or "pyarrow"; None for the first that is installed.

    Raises:
        InvalidArgument: another backend.
        SymkernError: narwhals or the backend is not installed.

    >>> from symkern.kernels import derive
    >>> frame = derive("flatten").exponent_map().to_dataframe("pandas")
    >>> frame[["asymmetry", "symmetric_degree", "exponent"]].values.tolist()
    [[0, 0, '0'], [0, 1, '1'], [1, 0, '1']]
    """
    rows = found.entries
    exponents = [None if t.exponent is None else written(t.exponent) for t in rows]
    columns = [
        *_irreps(rows),
        *(
            Column(name, int, [getattr(t, name) for t in rows])
            for name in ("branch", "asymmetry", "symmetric_degree", "degree")
        ),
        Column("share", float, [t.shares.get(t.degree) for t in rows]),
        Column("exponent", str, exponents),
        Column("exponent_value", float, [t.exponent for t in rows]),
        Column("samples", str, [_law(t.law) for t in rows]),
    ]
    return dataframe(columns, backend)


@typed
def complexity_dataframe(found: SampleComplexity, backend: str | None = None) -> Any:
    """The costs as a DataFrame, one row for each part of the target, those outside of the kernel's span last; needs the extra ``frames``.

    Columns: ``position_irrep``, ``token_irrep``, ``branch`` (empty outside), ``energy`` (a formula), ``share`` (of the energy, where that is a number) and ``samples``
    (a formula, or its leading term; empty for what is never learned).

    Args:
        found: the costs.
        backend: "pandas", "polars" or "pyarrow"; None for the first that is installed.

    Raises:
        InvalidArgument: another backend.
        SymkernError: narwhals or the backend is not installed.
    """
    return dataframe(_parts(found, "samples"), backend)


@typed
def times_dataframe(found: TrainingTimes, backend: str | None = None) -> Any:
    """The times as a DataFrame, one row for each part of the target; as that of `SampleComplexity`, with ``time_constant`` for the samples.

    Args:
        found: the times.
        backend: "pandas", "polars" or "pyarrow"; None for the first that is installed.

    Raises:
        InvalidArgument: another backend.
        SymkernError: narwhals or the backend is not installed.
    """
    return dataframe(_parts(found, "time_constant"), backend)


def _parts(found: SampleComplexity | TrainingTimes, law: str) -> list[Column]:
    rows = [*found.rows, *found.outside]
    total = _float(found.total)
    shares = [None if not total or row.energy is None else _float(row.energy) for row in rows]
    return [
        *_irreps(rows),
        Column("branch", float, [row.branch for row in rows]),
        Column("energy", str, [_energy(row.energy) for row in rows]),
        Column("share", float, [None if e is None or not total else e / total for e in shares]),
        Column(law, str, [_law(row.law) for row in rows]),
    ]


@typed
def learnability_dataframe(found: LearnabilityTable, backend: str | None = None) -> Any:
    """The learnabilities as a DataFrame, one row per eigenvalue; needs the extra ``frames``.

    Columns: ``position_irrep``, ``token_irrep``, ``branch``, ``dimension``, and in floating point ``eigenvalue``, ``equivalent_kernel``, ``eigenlearning``.

    Args:
        found: the learnabilities.
        backend: "pandas", "polars" or "pyarrow"; None for the first that is installed.

    Raises:
        InvalidArgument: another backend.
        SymkernError: narwhals or the backend is not installed.
    """
    rows = found.rows
    columns = [
        *_irreps(rows),
        *(Column(name, int, [getattr(row, name) for row in rows]) for name in ("branch", "dimension")),
        *(
            Column(name, float, [getattr(row, name) for row in rows])
            for name in ("eigenvalue", "equivalent_kernel", "eigenlearning")
        ),
    ]  # fmt: skip
    return dataframe(columns, backend)


@typed
def energy_dataframe(found: TargetEnergy, backend: str | None = None) -> Any:
    """The energies as a DataFrame, one row for each irrep and degree; needs the extra ``frames``.

    Columns: ``position_irrep``, ``degree``, ``energy`` (a fraction) and ``share`` (a float).

    Args:
        found: the energies.
        backend: "pandas", "polars" or "pyarrow"; None for the first that is installed.

    Raises:
        InvalidArgument: another backend.
        SymkernError: narwhals or the backend is not installed.

    >>> from symkern.kernels import uniform
    >>> from symkern.targets import energy
    >>> energy(lambda x: x[0] * x[1], length=2, tokens=uniform(2)).to_dataframe("pandas")
      position_irrep  degree energy  share
    0             []       0   1/16   0.25
    1             []       1    1/8   0.50
    2             []       2   1/16   0.25
    """
    rows = list(found.items())
    columns = [
        Column("position_irrep", str, [label_text(mu) for (mu, _), _ in rows]),
        Column("degree", int, [degree for (_, degree), _ in rows]),
        Column("energy", str, [written(e) for _, e in rows]),
        Column("share", float, [e / found.total for _, e in rows]),
    ]
    return dataframe(columns, backend)
