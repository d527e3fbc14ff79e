r"""Finite networks beside their predictions: random ones, trained ones, ones that Langevin dynamics samples, and what a finite width changes.

* Random initialisation: the kernel of networks of some widths N, entry by entry, extrapolated in 1/N to the pipeline's kernel (`kernel_of_networks`);
* full-batch gradient descent: what is learned at each time, beside kernel gradient flow with the neural tangent kernel (`trained_networks`);
* Langevin dynamics: mean and second moment of f(x), beside the Gaussian process posterior (`langevin_dynamics`);
* how far the empirical tangent kernel moves while networks are trained, and how it scatters at the start, as powers of N.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from symkern.errors import InvalidArgument, InvalidType
from symkern.exact.real_arguments import read_real
from symkern.experiments.experiment import Experiment
from symkern.experiments.finite_network import HEAD, require_network, with_output
from symkern.experiments.kernel_of_networks import kernel_of_networks
from symkern.experiments.langevin_dynamics import LangevinPosterior, langevin_posterior
from symkern.experiments.protocols import Protocol
from symkern.experiments.torch_library import one_thread, torch_library
from symkern.experiments.trained_networks import TrainedNetworks, trained_networks
from symkern.experiments.width_regression import InWidth
from symkern.kernels.evaluation import at_sizes, bind
from symkern.kernels.pipeline import Kernel
from symkern.kernels.presets import read_kernel
from symkern.learning.over_draws import error_over_draws, mean_over_draws
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.targets.formula_targets import FormulaTarget

BLOCK = "embedding(1, 1) | attention | residual | linear(1) | mean_pool"
SOFTMAX_BLOCK = "embedding(1, 1) | attention(tied, softmax) | residual | layer_norm | linear(1) | mlp(relu) | mean_pool"


@dataclass(frozen=True, eq=False)
@typed
class NetworkExperiment(Experiment):
    """Floating point: what networks of several widths do, beside what is predicted; ask `sk.experiments.network` for one.

    Attributes:
        pipeline: with its output layer.
        words: the training sequences and then others, (n + m, L).
        samples: n.
        settings: what ran it.
        kernel: entries k(x, y) of the upper triangle, in rows.
        training: outputs, errors and kernels along gradient descent.
        langevin: moments of the posterior.
    """

    name = "networks"

    pipeline: Kernel
    words: np.ndarray
    samples: int
    settings: Mapping[str, Any] = field(repr=False)
    kernel: InWidth = field(repr=False)
    training: TrainedNetworks = field(repr=False)
    langevin: LangevinPosterior = field(repr=False)

    @property
    def columns(self) -> dict[str, list[Any]]:
        """Columns quantity, width ("infinite" for what is extrapolated), time, sequence, second (of an entry of the kernel), predicted (at infinite width), measured, standard_error.

        Quantities are kernel, output, output linearised, test error, posterior mean, posterior second moment, tangent kernel moved, tangent kernel scattered.
        """
        texts = ["".join(map(str, w)) if max(w) < 10 else " ".join(map(str, w)) for w in self.words.tolist()]  # fmt: skip
        pairs = np.transpose(np.triu_indices(len(texts)))
        times = self.training.times.tolist()
        rows: list[tuple[Any, ...]] = []
        rows += _rows("kernel", self.kernel, [(None, texts[i], texts[j]) for i, j in pairs])
        rows += _rows("output", self.training.outputs, [(t, x, None) for t in times for x in texts])
        rows += _rows("output linearised", self.training.linearised, [(t, x, None) for t in times for x in texts])  # fmt: skip
        rows += _rows("test error", self.training.test_error, [(t, None, None) for t in times])
        for place, quantity in enumerate(("posterior mean", "posterior second moment")):
            moments = self.langevin.moments
            one = InWidth(moments.widths, moments.means[:, place], moments.errors[:, place], moments.predicted[place])  # fmt: skip
            rows += _rows(quantity, one, [(None, x, None) for x in texts])
        for quantity, draws in (("tangent kernel moved", self.training.moved), ("tangent kernel scattered", self.training.scattered)):  # fmt: skip
            for width, drawn in zip(self.kernel.widths, draws, strict=True):
                mean, error = mean_over_draws(drawn), error_over_draws(drawn)
                rows.append((quantity, width, None, None, None, None, float(mean), float(error)))
        names = ("quantity", "width", "time", "sequence", "second", "predicted", "measured", "standard_error")  # fmt: skip
        return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))

    @property
    def verdict(self) -> str:
        """The largest deviations in standard errors, of how many numbers, and the powers of the width."""
        parts = [
            _deviation("kernel", self.kernel),
            _deviation("outputs of gradient descent", self.training.outputs),
            _deviation("those of linearised networks", self.training.linearised),
            _deviation("posterior by Langevin dynamics", self.langevin.moments),
        ]
        if len(self.kernel.widths) > 1:
            (moved, error), (scattered, other) = self.training.powers
            parts.append(
                f"the tangent kernel moves as width^({moved:.2f} +- {error:.2f}) and scatters as width^({scattered:.2f} +- {other:.2f})"
            )
        how = "extrapolated in 1/width" if len(self.kernel.widths) > 1 else f"at width {self.kernel.widths[0]}"  # fmt: skip
        return f"networks, {how}: " + "; ".join(parts)

    def __repr__(self) -> str:
        return f"<NetworkExperiment of {self.pipeline} at widths {', '.join(map(str, self.kernel.widths))}>"


def _deviation(what: str, found: InWidth) -> str:
    return f"{what} within {found.largest_z:.1f} standard errors of the prediction ({found.predicted.size} numbers)"  # fmt: skip


def _rows(quantity: str, found: InWidth, places: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:  # fmt: skip
    """A row for each width and place, and one for what is extrapolated."""
    cases = [(w, m, e) for w, m, e in zip(found.widths, found.means, found.errors, strict=True)]
    if len(found.widths) > 1:
        cases.append(("infinite", found.limit, found.limit_error))  # type: ignore[arg-type]
    return [
        (quantity, width, *place, float(p), float(m), float(e))
        for width, means, errors in cases
        for place, p, m, e in zip(places, found.predicted.ravel(), means.ravel(), errors.ravel(), strict=True)
    ]  # fmt: skip


def network(
    pipeline: str | Kernel = BLOCK, *, width: tuple[int, ...] = (32, 64, 128), length: int = 4, vocabulary: int = 2, target: str = "s1*s2", samples: int = 8, others: int = 8,
    draws: int = 400, trained: int = 60, steps: int = 60, noise: float = 0.25, chains: int = 60, moves: int = 600, seed: int = 0, **parameters: object,
) -> NetworkExperiment:  # fmt: skip
    """Floating point: random networks, trained ones and ones sampled by Langevin dynamics, beside what the pipeline's kernels predict. Needs PyTorch.

    The network is the pipeline with a dense output layer behind its readout, ``linear`` where it ends in one; its weights, N(0, 1), stand in it times their
    standard deviation over the root of their fan-in, and all of them are trained or sampled.

    Args:
        pipeline: a kernel, a pipeline's text or a preset's name, with numbers for its hyperparameters.
        width: one width or several, features at each position; multiples of 4 where queries and keys are independent, whose heads have dimension 4.
        length: L of the sequences.
        vocabulary: their letters.
        target: a formula, whose values are the labels.
        samples: numbers of training sequences, drawn without repetition.
        others: numbers of others.
        draws: random networks of each width, for the kernel.
        trained: networks of each width that are trained.
        steps: of gradient descent.
        noise: variance of the likelihood, for Langevin dynamics.
        chains: networks of each width that are sampled.
        moves: steps of each, half of which count.
        seed: of all that is drawn.
        **parameters: hyperparameters of the pipeline by name.

    Returns:
        A `NetworkExperiment`.

    Raises:
        SymkernError: PyTorch is not installed.
        InvalidArgument: symbols without values, stages of which no network is made, or numbers out of range.

    >>> found = network("embedding(1, 1) | flatten", width=(16, 32), draws=20, trained=4, steps=4, chains=4, moves=4)  # doctest: +SKIP
    >>> found.kernel.largest_z < 4  # doctest: +SKIP
    True
    """
    kernel = read_kernel(pipeline) if isinstance(pipeline, str) else pipeline
    if not isinstance(kernel, Kernel):
        raise InvalidType("pipeline", "must be a pipeline with a readout, or its text", pipeline)
    sizes = {
        "length": read_integer(length, "length", 1, 64),
        "vocabulary": read_integer(vocabulary, "vocabulary", 2, 64),
        "samples": read_integer(samples, "samples", 1, 256),
        "others": read_integer(others, "others", 1, 256),
        "draws": read_integer(draws, "draws", 2, 1 << 20),
        "trained": read_integer(trained, "trained", 2, 1 << 20),
        "steps": read_integer(steps, "steps", 1, 1 << 20),
        "chains": read_integer(chains, "chains", 2, 1 << 20),
        "moves": read_integer(moves, "moves", 2, 1 << 20),
        "seed": read_integer(seed, "seed", 0, 1 << 62),
    }
    kernel = at_sizes(bind(kernel, parameters), sizes["length"], sizes["vocabulary"])
    require_network(kernel)
    kernel.require_sizes(sizes["length"], sizes["vocabulary"])
    kernel = with_output(kernel)
    widths = _widths(width, kernel)
    variance = read_real(noise, "noise")
    if variance <= 0:
        raise InvalidArgument("noise", "must be positive", f"it is {variance:g}")
    every = sizes["vocabulary"] ** sizes["length"]
    if every < sizes["samples"] + sizes["others"]:
        rule = f"must be together at most the {every} sequences that there are"
        raise InvalidArgument("samples, others", rule, f"they are {samples} and {others}")
    value = FormulaTarget(target) if isinstance(target, str) else target
    if not isinstance(value, FormulaTarget):
        raise InvalidType("target", "must be a formula", target)
    value.require(sizes["length"], sizes["vocabulary"])
    torch_library()
    words = _words(sizes)
    values = _values(value, words, sizes["vocabulary"])
    common = (sizes["vocabulary"], widths)
    with one_thread():
        entries = kernel_of_networks(kernel, words, *common, sizes["draws"], sizes["seed"])
        training = trained_networks(kernel, words, values, sizes["samples"], *common, sizes["trained"], sizes["steps"], sizes["seed"])  # fmt: skip
        langevin = langevin_posterior(kernel, words, values, sizes["samples"], variance, *common, sizes["chains"], sizes["moves"], sizes["seed"])  # fmt: skip
    settings = {"pipeline": str(kernel), "width": widths, "target": value.text, "noise": variance, **sizes}  # fmt: skip
    return NetworkExperiment(kernel, words, sizes["samples"], settings, entries, training, langevin)


def _widths(width: object, kernel: Kernel) -> tuple[int, ...]:
    """One width or several, ascending."""
    listed = read_list(width, "width") if isinstance(width, (list, tuple, range, np.ndarray)) else [width]  # fmt: skip
    found = tuple(read_integer(w, "width", 1, 1 << 14) for w in listed)
    if not found or any(a >= b for a, b in pairwise(found)):
        raise InvalidArgument("width", "must be one width or several, ascending", f"it is {found}")
    stages: tuple[Any, ...] = kernel.stages
    free = any(s.name == "attention" and s.query_key == "independent" for s in stages)
    if free and (wrong := [w for w in found if w % HEAD]):
        rule = f"must be a multiple of {HEAD}, the dimension of a head"
        raise InvalidArgument("width", rule, f"it is {wrong[0]}")
    return found


def _words(sizes: Mapping[str, int]) -> np.ndarray:
    """Distinct sequences, uniformly drawn."""
    rng = np.random.default_rng(sizes["seed"])
    found: dict[tuple[int, ...], None] = {}
    while len(found) < sizes["samples"] + sizes["others"]:
        found[tuple(rng.integers(sizes["vocabulary"], size=sizes["length"]).tolist())] = None
    return np.array(list(found))


def _values(target: FormulaTarget, words: np.ndarray, letters: int) -> np.ndarray:
    value = target.values(letters)
    found = [value(tuple(word)) for word in words.tolist()]
    if not all(isinstance(e, (int, float, Fraction)) for e in found):
        raise InvalidArgument("target", "must have numbers as values", f"it is {target.text}")
    return np.array([float(e) for e in found])


NETWORKS = Protocol(
    "networks",
    "Random, trained and sampled networks beside kernel, NTK and GP.",
    network,
    fast={"width": (16, 32), "draws": 100, "trained": 12, "steps": 20, "chains": 12, "moves": 100, "samples": 4, "others": 4},
    full={"width": (64, 128, 256, 512), "draws": 2000, "trained": 200, "steps": 200, "chains": 200, "moves": 4000},
)  # fmt: skip
