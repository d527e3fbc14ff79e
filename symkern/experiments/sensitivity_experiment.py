r"""Transformers that learn functions of n bits: how sharp they are where they end, beside how sensitive the functions are.

Of transformers with layer norm the theorem of Hahn and Rofin (ACL 2024, arXiv 2402.09963) says that the mean squared change of the output under random changes of the weights of length rho is
at least as(f)/(2n), up to what is exponentially small in the width, for n to infinity first and rho to 0 afterwards. Their figures plot another quantity, the increase of the loss
under Gaussian noise in the weights. Both are measured here, with the product of the layer norms' 1/(standard deviation), and with the average sensitivity and K_0 of what is
learned, beside the exact values of the function. The theorem is cited and asymptotic: at one n it is no bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from symkern.errors import InvalidArgument, displayed
from symkern.exact.real_arguments import read_real
from symkern.experiments.cube_targets import FUNCTIONS, CubeTarget
from symkern.experiments.experiment import Experiment
from symkern.experiments.protocols import Protocol
from symkern.experiments.torch_library import one_thread, torch_library
from symkern.experiments.trained_transformer import TrainedTransformer, TransformerSizes
from symkern.learning.over_draws import error_over_draws, mean_over_draws
from symkern.progress import shown
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.reading.spelling import did_you_mean

#: Below so many numbers a layer one thread is faster than several.
_SMALL = 1 << 20

_COLUMNS = (
    "function", "length", "run", "loss", "accuracy", "average_sensitivity", "exact_average_sensitivity", "zero_share", "exact_zero_share", "blow_up_at_start", "blow_up",
    "deviation", "radius", "sphere_sharpness", "sphere_error", "theorem", "noise_sharpness", "noise_error",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
@typed
class SensitivityExperiment(Experiment):
    """Floating point: trained transformers and their sharpness; ask `sk.experiments.sensitivity` for one.

    Attributes:
        settings: what ran it.
        rows: one for each function, length, run and deviation, as `columns` names their entries.
    """

    name = "sensitivity"

    settings: Mapping[str, Any] = field(repr=False)
    rows: tuple[tuple[Any, ...], ...] = field(repr=False)

    def __post_init__(self) -> None:
        if not self.rows or any(len(row) != len(_COLUMNS) for row in self.rows):
            rule = f"must be some, each of {len(_COLUMNS)} entries"
            raise InvalidArgument("rows", rule, f"there are {len(self.rows)}")

    @property
    def columns(self) -> dict[str, list[Any]]:
        """Columns, one row for each function, length, run and deviation.

        * loss, accuracy: mean squared error against targets in 0 and 1, share on the right side of 1/2 (None for ``mean``);
        * average_sensitivity, zero_share: as(g) of g = 2 output - 1, and the share K_0/2^n of inputs where no flip takes g to the other sign, beside the exact values of the function;
        * blow_up_at_start, blow_up: the product over the layer norms of the largest 1/(standard deviation) among positions, before and after training;
        * deviation, radius: standard deviation of the noise in each weight, and the length rho = deviation sqrt(weights) on the sphere;
        * sphere_sharpness, theorem: E (g_(theta + Delta) - g_theta)^2 on |Delta| = rho, and as(f)/(2n), which the theorem bounds its limit by;
        * noise_sharpness: the increase of the loss under the noise; errors are standard errors over the perturbations.
        """
        return dict(zip(_COLUMNS, map(list, zip(*self.rows, strict=True)), strict=True))

    @typed
    def means(self, column: str, function: str, length: int, deviation: float | None = None) -> tuple[float, float]:  # fmt: skip
        """The mean of a column over runs, and its standard error: between runs, or over the perturbations where there is one run.

        Args:
            column: a column of measurements.
            function: the name of a function of the experiment.
            length: one of its lengths.
            deviation: one of its deviations; the first where nothing is said.

        Raises:
            InvalidArgument: what the experiment does not have.
        """
        columns = self.columns
        if column not in columns:
            raise InvalidArgument("column", f"must be one of {', '.join(columns)}", f"it is {column!r}")  # fmt: skip
        deviation = columns["deviation"][0] if deviation is None else deviation
        places = [i for i, row in enumerate(self.rows) if (row[0], row[1], row[11]) == (function, length, deviation)]  # fmt: skip
        if not places:
            rule = "must be a function, a length and a deviation of the experiment"
            raise InvalidArgument("function, length, deviation", rule, f"they are {function}, {length}, {deviation}")  # fmt: skip
        found = [columns[column][i] for i in places]
        if any(e is None for e in found):
            return float("nan"), float("inf")
        values = np.array(found, dtype=float)
        own = {"sphere_sharpness": "sphere_error", "noise_sharpness": "noise_error"}.get(column)
        error = columns[own][places[0]] if own and len(values) == 1 else error_over_draws(values)
        return float(mean_over_draws(values)), float(error)

    @property
    def verdict(self) -> str:
        """At the largest length and deviation: what is learned, and both sharpnesses of each function, by sensitivity."""
        columns = self.columns
        length, deviation = max(columns["length"]), max(columns["deviation"])
        parts = []
        chosen = dict.fromkeys(columns["function"])
        exact = {f: self.means("exact_average_sensitivity", f, length)[0] for f in chosen}
        for function in sorted(chosen, key=lambda f: -exact[f]):
            given = (function, length, deviation)
            sphere, noise = (self.means(c, *given) for c in ("sphere_sharpness", "noise_sharpness"))
            learned = self.means("average_sensitivity", *given)[0]
            parts.append(
                f"{function} as {learned:.3g} of {exact[function]:.3g}, sphere {_with_error(*sphere)}, noise {_with_error(*noise)}"
            )
        head = (
            f"sensitivity at n = {length}, {self.settings['steps']} steps, deviation {deviation:g}"
        )
        return f"{head}: " + "; ".join(parts)

    def __repr__(self) -> str:
        return f"<SensitivityExperiment: {len(self.rows)} measurements>"


def _with_error(value: float, error: float) -> str:
    return f"{value:.2g} +- {error:.1g}" if np.isfinite(error) else f"{value:.2g}"


def sensitivity(
    *, functions: tuple[str, ...] = FUNCTIONS, length: tuple[int, ...] = (4, 8), width: int = 32, heads: int = 2, layers: int = 2, hidden: int = 64, batch: int = 256, steps: int = 1000,
    rate: float = 1e-3, decay: float = 0.1, runs: int = 1, deviations: tuple[float, ...] = (0.005, 0.01, 0.02), perturbations: int = 32, seed: int = 0,
) -> SensitivityExperiment:  # fmt: skip
    """Floating point: transformers that are trained on functions of n bits, and their sharpness both ways. Needs PyTorch.

    A bit is ``width``/2 learned coordinates and its position as many others; each layer normalises behind its attention and behind its ReLU network of ``hidden`` units; the last position is
    read. AdamW on the mean squared error against targets in 0 and 1. The published protocol is width 128, 2 heads, 2 layers, rate 3e-4, decay 0.1, batch 1024
    (``symkern experiment sensitivity --full``); the default finishes in minutes.

    Args:
        functions: of "parity", "majority", "first", "mean" and "random".
        length: one n or several, at most 62.
        width: coordinates of a position, even and a multiple of ``heads``.
        heads: of each attention.
        layers: their number.
        hidden: units of each ReLU network.
        batch: fresh inputs of a step.
        steps: of training.
        rate: of AdamW.
        decay: its weight decay.
        runs: transformers for each function and length.
        deviations: standard deviations of the noise in the weights; the sphere has the radius deviation sqrt(number of weights).
        perturbations: drawn for each.
        seed: of all that is drawn.

    Returns:
        A `SensitivityExperiment`.

    Raises:
        SymkernError: PyTorch is not installed.
        InvalidArgument: an unknown function, or numbers out of range.
    """
    names = _names(functions)
    lengths = [read_integer(n, "length", 1, 62) for n in _several(length, "length")]
    sizes = TransformerSizes(
        read_integer(width, "width", 2, 4096),
        read_integer(heads, "heads", 1, 64),
        read_integer(layers, "layers", 1, 64),
        read_integer(hidden, "hidden", 1, 1 << 16),
        read_integer(batch, "batch", 1, 1 << 20),
        read_integer(steps, "steps", 0, 1 << 30),
        _positive(rate, "rate"),
        read_real(decay, "decay", minimum=0),
    )
    if sizes.width % 2 or sizes.width % sizes.heads:
        rule = f"must be even and a multiple of heads, {sizes.heads}"
        raise InvalidArgument("width", rule, f"it is {sizes.width}")
    spreads = [_positive(d, "deviations") for d in _several(deviations, "deviations")]
    each, draws = read_integer(runs, "runs", 1, 10_000), read_integer(perturbations, "perturbations", 2, 1 << 20)  # fmt: skip
    start = read_integer(seed, "seed", 0, (1 << 31) - 1)
    torch_library()
    cases = [(name, n, run) for name in names for n in lengths for run in range(each)]
    rows: list[tuple[Any, ...]] = []
    every = len(cases) * (sizes.steps + len(spreads) * draws)
    passed = iter(shown(range(every), every, "step"))
    with one_thread() if sizes.width * sizes.batch * max(lengths) < _SMALL else nullcontext():
        for name, n, run in cases:
            [own] = np.random.SeedSequence([start, n, run]).generate_state(1).tolist()
            target = CubeTarget(name, n, own % (1 << 31))
            found = TrainedTransformer(target, sizes, own, passed)
            learned, still = found.sensitivity()
            facts = (
                found.loss(), found.accuracy(), learned, target.average, still if target.is_boolean else None, target.zero_share,
                found.blow_up_at_start, found.blow_up(),
            )  # fmt: skip
            for deviation in spreads:
                sphere, sphere_error, noise, noise_error = found.sharpness(deviation, draws, own)
                radius = deviation * found.parameters**0.5
                bound = target.average / (2 * n)
                rows.append((name, n, run, *facts, deviation, radius, sphere, sphere_error, bound, noise, noise_error))  # fmt: skip
    settings = {
        "functions": tuple(names), "length": tuple(lengths), "width": sizes.width, "heads": sizes.heads, "layers": sizes.layers, "hidden": sizes.hidden, "batch": sizes.batch,
        "steps": sizes.steps, "rate": sizes.rate, "decay": sizes.decay, "runs": each, "deviations": tuple(spreads), "perturbations": draws, "seed": start,
    }  # fmt: skip
    return SensitivityExperiment(settings, tuple(rows))


def _several(value: object, name: str) -> list[Any]:
    """One or several, each once."""
    found = read_list(value, name) if isinstance(value, (list, tuple, range, np.ndarray)) else [value]  # fmt: skip
    if not found or len(set(map(displayed, found))) < len(found):
        raise InvalidArgument(
            name, "must be one or several, each once", f"it is {displayed(value)}"
        )
    return found


def _names(functions: object) -> list[str]:
    found = _several(functions, "functions")
    for name in found:
        if name not in FUNCTIONS:
            rule = f"must be of {', '.join(FUNCTIONS)}"
            raise InvalidArgument("functions", rule, f"one is {displayed(name)}{did_you_mean(name, FUNCTIONS)}")  # fmt: skip
    return found


def _positive(value: object, name: str) -> float:
    found = read_real(value, name)
    if found <= 0:
        raise InvalidArgument(name, "must be positive", f"it is {found:g}")
    return found


SENSITIVITY = Protocol(
    "sensitivity",
    "Trained transformers: sharpness and sensitivity of what they learn.",
    sensitivity,
    fast={"length": (3, 5), "width": 16, "hidden": 32, "batch": 64, "steps": 60, "rate": 3e-3, "perturbations": 8},
    full={"length": (4, 8, 12, 16, 20, 24, 30), "width": 128, "hidden": 512, "batch": 1024, "steps": 10_000, "rate": 3e-4, "runs": 5, "perturbations": 128},
)  # fmt: skip
