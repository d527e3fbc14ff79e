"""A head trained on sparse token selection beside its flow and its floor; its error at longer lengths; a network beside its bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from symkern.bounds.selection import fully_connected, random_codes
from symkern.errors import InvalidArgument, displayed
from symkern.exact.real_arguments import read_real
from symkern.experiments.experiment import Experiment
from symkern.experiments.protocols import Protocol
from symkern.experiments.selection_training import (
    Task,
    measured_loss,
    trained_head,
    trained_network,
)
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list

#: What a row measures.
KINDS = ("training", "length", "network")


@dataclass(frozen=True, eq=False)
@typed
class SelectionExperiment(Experiment):
    """Floating point: rows of three kinds, `KINDS`, with the place (time, length, width), what is predicted, what is measured, its standard error.

    A network's prediction is a lower bound. ``score`` and ``value`` are the a and c of the trained head, ``astray`` the part of |W| outside the multiples
    of the unit matrix, and ``floor`` the least loss of heads a I, c I, among which the flow stays.
    """

    name: ClassVar[str] = "selection"
    rows: tuple[tuple[str, float, float, float, float], ...]
    score: float
    value: float
    astray: float
    floor: float
    given: Mapping[str, Any]

    def __post_init__(self) -> None:
        if not self.of(KINDS[0]):
            raise InvalidArgument(
                "rows", f"must have one of the kind {KINDS[0]!r}", "there is none"
            )

    @property
    def settings(self) -> Mapping[str, Any]:  # type: ignore[override]
        """What ran it."""
        return self.given

    @property
    def columns(self) -> dict[str, list[Any]]:
        """One row for each time, each longer length and each width."""
        names = ("kind", "place", "predicted", "measured", "standard_error")
        return {name: [row[k] for row in self.rows] for k, name in enumerate(names)}

    @typed
    def of(self, kind: str) -> list[tuple[str, float, float, float, float]]:
        """The rows of one kind.

        Args:
            kind: the first entry of the rows.

        Raises:
            InvalidArgument: there is no such kind.

        >>> [row[1] for row in selection(steps=20, batch=8, draws=200, widths=()).of("length")]
        [16.0, 32.0]
        """
        if kind not in KINDS:
            raise InvalidArgument("kind", f"must be one of {', '.join(KINDS)}", f"it is {displayed(kind)}")  # fmt: skip
        return [row for row in self.rows if row[0] == kind]

    @property
    def verdict(self) -> str:
        """One line."""
        _, time, predicted, measured, error = self.of("training")[-1]
        told = f"loss {measured:.4g} +- {error:.2g} at time {time:g}: the flow says {predicted:.4g}, the least of heads aI, cI is {self.floor:.4g}"
        for _, length, predicted, measured, error in self.of("length"):
            told += (
                f"; at length {length:g} {measured:.4g} +- {error:.2g} (predicted {predicted:.4g})"
            )
        networks = self.of("network")
        if networks:
            below = sum(row[3] + 3 * row[4] < row[2] for row in networks)
            told += f"; {below} of {len(networks)} networks below their bound"
        return told


def selection(
    *,
    T: int = 8,
    d: int = 8,
    q: int = 3,
    m: int = 16,
    query: str = "sum",
    codes: str = "sphere",
    steps: int = 3000,
    batch: int = 128,
    rate: float = 0.25,
    draws: int = 10_000,
    longer: Sequence[int] = (2, 4),
    widths: Sequence[int] = (16, 48),
    seed: int = 0,
) -> SelectionExperiment:
    """Train a head with random codes on sparse token selection by stochastic gradient descent, beside its flow and its floor (NumPy).

    Args:
        T: how many tokens.
        d: their dimension.
        q: how many are selected.
        m: the width of the codes.
        query: "sum" or "dual".
        codes: "sphere", or "rademacher" for signs over sqrt(m), with the sum query.
        steps: of gradient descent; over the second half the rate falls to zero, which takes the noise away.
        batch: samples in a step.
        rate: of gradient descent; the time of the flow is the sum of the rates.
        draws: of codes, over which losses are measured.
        longer: lengths of the test, as multiples of T.
        widths: of the first layers of networks on the same task; none where it is empty.
        seed: of everything.

    Raises:
        InvalidArgument: sizes out of range, or a rate that is not between 0 and 1.
        NoClosedForm: Rademacher codes with the dual query.

    >>> found = selection(steps=20, batch=8, draws=200, widths=())
    >>> list(found.columns)
    ['kind', 'place', 'predicted', 'measured', 'standard_error']
    """
    head = random_codes(T, d, q, m, query, codes)
    most = current().flow_points
    many, size = read_integer(steps, "steps", 2, most), read_integer(batch, "batch", 1, most)
    samples = read_integer(draws, "draws", 2, most)
    first = read_real(rate, "rate")
    if not 0 < first <= 1:
        raise InvalidArgument("rate", "must be above 0 and at most 1", f"it is {displayed(rate)}")
    seed = read_integer(seed, "seed", 0)
    sizes = (head.d, head.q, head.m, head.query, head.codes)
    task, random = Task(head.T, *sizes), np.random.default_rng(seed)
    rates = first * np.minimum(1.0, 2 * (1 - np.arange(many) / many))
    times = np.concatenate([[0.0], np.cumsum(rates)])
    factors, layers = read_list(longer, "longer", "factors"), read_list(widths, "widths", "widths")
    kept = sorted({0, *(int(x) for x in np.unique(np.geomspace(1, many, 14).round()))})
    flow = head.flow(times[kept])
    rows: list[tuple[str, float, float, float, float]] = []
    pairs = zip(trained_head(task, rates, size, random, set(kept)), flow.loss, strict=True)
    fresh = np.random.default_rng([seed, 1])
    for (step, W, V), predicted in pairs:
        found = measured_loss(task, W, V, samples, fresh)
        rows.append(("training", float(times[step]), float(predicted), *found))
    a, c = float(np.trace(W)) / head.m, float(np.trace(V)) / head.d
    whole = float(np.linalg.norm(W))
    astray = float(np.linalg.norm(W - a * np.eye(head.m))) / whole if whole else 0.0
    for factor in factors:
        length = read_integer(factor, "longer", 1, most) * head.T
        far = Task(length, *sizes)
        predicted = head.at_length(length).loss(max(float(flow.a[-1]), 0.0), float(flow.c[-1]))
        rows.append(("length", float(length), predicted, *measured_loss(far, W, V, samples, fresh)))
    for k, width in enumerate(layers):
        layer = read_integer(width, "widths", 1, head.T * head.d)
        bound = float(fully_connected(head.T, head.d, head.q, layer))
        network = trained_network(
            task,
            layer,
            128,
            max(many // 4, 2),
            2 * size,
            np.random.default_rng([seed, 2, k]),
            samples,
        )
        rows.append(("network", float(layer), bound, *network))
    given = {
        "T": head.T, "d": head.d, "q": head.q, "m": head.m, "query": head.query, "codes": head.codes, "steps": many, "batch": size, "rate": first,
        "draws": samples, "longer": tuple(longer), "widths": tuple(widths), "seed": seed,
    }  # fmt: skip
    return SelectionExperiment(tuple(rows), a, c, astray, head.best()[2], given)


SELECTION = Protocol(
    "selection",
    "A head trained on sparse token selection beside its flow and floor.",
    selection,
    fast={"steps": 600, "batch": 64, "draws": 5000, "widths": (32,)},
    full={
        "T": 12,
        "m": 64,
        "steps": 20_000,
        "batch": 256,
        "draws": 100_000,
        "widths": (24, 48, 72),
    },
)
