"""What symkern can check on the spot, by name: derivations and certificates, each built when it is asked for.

A provider is a function without arguments. Every step of a derivation that is not cited checks itself by code that shares
nothing with what it checks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from symkern.abc import L
from symkern.bounds import laws, sensitivity
from symkern.certificates import closed_forms
from symkern.certificates.check_values import check_values
from symkern.certificates.linear_attention import linear_attention_derivation
from symkern.certificates.spectrum_claim import spectrum_certificate
from symkern.claims import Derivation
from symkern.derivations import derivation_of
from symkern.derivations.alignment import alignment_derivation
from symkern.derivations.crossing import crossing_derivation
from symkern.derivations.draw import draw_derivation
from symkern.derivations.sector import spectrum_derivation, tightness_derivation
from symkern.derivations.selection import derivations as selection_derivations
from symkern.derivations.target import cost_derivation
from symkern.errors import InvalidArgument
from symkern.kernels.pure_attention import tangent_multiple
from symkern.learning.comparison import compare
from symkern.learning.draw_sensitivity import draw_sensitivity
from symkern.learning.learning_curve import learning_curve
from symkern.learning.sample_complexity import sample_complexity
from symkern.learning.training_times import training_law
from symkern.spectra.deriving import derive
from symkern.spectra.trace_bounds import tightness, trace_law
from symkern.tokens import uniform


def _of(make: Callable[..., Any], *arguments: object) -> Derivation:
    """The derivation of the law, family or bound that ``make`` makes."""
    return derivation_of(make(*arguments))


def _sector(preset: str) -> Derivation:
    """The sector (L-1,1) x (v-1,1) of a preset."""
    return spectrum_derivation(derive(preset), (1,), (1,))


def _draws() -> Derivation:
    return draw_derivation(draw_sensitivity(derive("linear-attention")))


def _trace_bound() -> Derivation:
    return derivation_of(trace_law(derive("linear-attention"), (1,), (1,)))


def _tightness() -> Derivation:
    """The sector (L-1,1) x (v-1,1), whose largest eigenvalue falls below the bound by a power of L."""
    rows = tightness(derive("linear-attention"))
    return tightness_derivation(next(t for t in rows if t.sector.position_irrep == (1,)))


def _target(**given: object) -> Derivation:
    spectrum = derive("linear-attention", tokens=uniform(2))
    return cost_derivation(sample_complexity(spectrum, "x1*x2", **given))


def _tail() -> Derivation:
    spectrum = derive("linear-attention", 6, uniform(2), alpha=1, beta=1)
    curve = learning_curve(spectrum, "x1*x2", n=[1], ridge="1/10", noise="1/100")
    return derivation_of(curve.tail)


def _training() -> Derivation:
    return derivation_of(training_law(derive("linear-attention"), (1,), (1,)))


def _crossing() -> Derivation:
    """Attention overtakes a flat readout somewhere above the smallest length."""
    letters = uniform(3)
    attention = derive("linear-attention", tokens=letters, alpha=1, beta=10)
    flat = derive("flatten", tokens=letters, alpha=3, beta=1)
    rows = compare(attention, flat)
    return crossing_derivation(
        next(row for row in rows if row.crossing is not None and row.crossing > row.least)
    )


def _difference(x: tuple[int, ...]) -> int:
    return x[0] - x[1]


#: Name -> function that builds the derivation.
CATALOGUE: Mapping[str, Callable[[], Derivation]] = MappingProxyType(
    {
        "linear-attention": linear_attention_derivation,
        "dimension-1": partial(_of, laws.dimension_law, (1,)),
        "dimension-2": partial(_of, laws.dimension_law, (2,)),
        "dimension-1,1": partial(_of, laws.dimension_law, (1, 1)),
        "dimension-2,1": partial(_of, laws.dimension_law, (2, 1)),
        "trace-bound": partial(_of, laws.trace_law, (1,)),
        # 1/(L (L - 1)), the eigenvalue of fix/L on distinct tokens.
        "samples": partial(_of, laws.samples_law, 1 / (L * (L - 1))),
        "learnability": partial(_of, laws.learnability_law, 1 / L**2),
        "cross-dataset": partial(_of, laws.cross_dataset_law, 1 / L**2),
        "copying": partial(_of, laws.copying_law),
        "tangent-multiple": partial(_of, tangent_multiple),
        "tangent-multiple-tied": partial(_of, tangent_multiple, None, "tied"),
        "flatten-sector": partial(_sector, "flatten"),
        "linear-attention-flatten-sector": partial(_sector, "linear-attention-flatten"),
        "transformer-block-sector": partial(_sector, "transformer-block"),
        "linear-attention-sector": partial(_sector, "linear-attention"),
        "linear-attention-trace-bound": _trace_bound,
        "linear-attention-tightness": _tightness,
        "target-samples": _target,
        "target-samples-without-ridge": partial(_target, ridge=0),
        "curve-tail": _tail,
        "training-time": _training,
        "crossing": _crossing,
        "alignment": partial(alignment_derivation, _difference, 4),
        "sensitivity-parity": partial(_of, sensitivity.parity),
        "sensitivity-majority": partial(_of, sensitivity.majority),
        "sensitivity-first": partial(_of, sensitivity.first),
        "sensitivity-mean": partial(_of, sensitivity.mean),
        "sensitivity-threshold": partial(_of, sensitivity.threshold, 2),
        "sensitivity-sharpness": partial(_of, sensitivity.sharpness, "parity"),
        "sensitivity-draws": _draws,
        **selection_derivations,
    }
)


def _spectrum(preset: str, **settings: Any) -> dict[str, Any]:
    """The certificate of a preset's spectrum, symbolic in L and v where nothing is given."""
    if "vocabulary" in settings:
        settings["tokens"] = uniform(settings.pop("vocabulary"))
    return spectrum_certificate(derive(preset, **settings))


def _series(pipeline: str, **settings: Any) -> dict[str, Any]:
    """The certificate of series in 1/L, down to 1/L^2."""
    return _spectrum(pipeline, down_to=2, **settings)


def _draws_of(preset: str) -> dict[str, Any]:
    return closed_forms.draws_certificate(derive(preset))


_BLOCK = (
    "embedding(1, 1) | attention(tied, softmax) | residual | layer_norm | linear(2, 1) | mlp(relu)"
)
#: Pipelines with a stage or an activation that no preset has, and the settings to claim their spectra at.
_STAGES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "linear-attention-ntk": ("embedding(alpha, beta) | attention | mean_pool | ntk", {}),
    "transformer-block-ntk": (
        "embedding(alpha, beta) | attention | residual | linear(w, b) | mean_pool | ntk",
        {"vocabulary": 2},
    ),
    "residual-over-three": (
        "embedding(alpha, beta) | linear | mlp(quadratic) | linear(1/2) | residual(3) | attention | flatten",
        {"vocabulary": 2},
    ),
    "layer-norm": (
        "embedding(1, 1) | layer_norm | attention | mean_pool",
        {"length": 4, "vocabulary": 2},
    ),
    "softmax-block": (f"{_BLOCK} | mean_pool", {"length": 3, "vocabulary": 2}),
    "softmax-block-ntk": (f"{_BLOCK} | mean_pool | ntk", {"length": 3, "vocabulary": 2}),
    **{
        f"mlp-{re.sub('[^a-z0-9]+', '-', phi).strip('-')}": (
            f"embedding(1, 1) | attention | mlp({phi}) | mean_pool | linear | ntk",
            {"length": 3, "vocabulary": 2},
        )
        for phi in (
            "relu", "leaky_relu(1/10)", "abs", "sign", "step", "erf", "gelu", "exp", "sin", "cos",
            "hermite(2)", "hermite(3)",
        )
    },
}  # fmt: skip

_SOFTMAX = {"length": 6, "vocabulary": 2, "alpha": 1, "beta": 1}

#: Name -> function that makes the certificate.
CERTIFIED: Mapping[str, Callable[[], dict[str, Any]]] = MappingProxyType(
    {
        **{
            name: partial(_spectrum, name)
            for name in (
                "bag-of-tokens",
                "flatten",
                "linear-attention",
                "linear-attention-flatten",
                "linear-attention-last",
                "transformer-block",
                "transformer-block-last",
            )
        },
        "linear-attention-2": partial(_spectrum, "linear-attention-2", vocabulary=2),
        "softmax-attention": partial(_spectrum, "softmax-attention", **_SOFTMAX),
        "fully-connected": partial(_spectrum, "fully-connected", length=6, vocabulary=2, alpha=1),
        **{
            name: partial(_spectrum, pipeline, **settings)
            for name, (pipeline, settings) in _STAGES.items()
        },
        "series-of-softmax": partial(_series, "softmax-attention", vocabulary=2),
        "series-of-softmax-block": partial(
            _series,
            "embedding(1, 1/2) | attention(tied, softmax) | residual | layer_norm | mlp(erf) | mean_pool",
            vocabulary=2,
        ),
        "check-values-v=2": partial(check_values, 2),
        "check-values-v=3": partial(check_values, 3),
        "linear-attention-draws": partial(_draws_of, "linear-attention"),
        "linear-attention-last-draws": partial(_draws_of, "linear-attention-last"),
        "dimension-2,1": partial(closed_forms.dimension_certificate, (2, 1)),
        "dimension-3,2,1": partial(closed_forms.dimension_certificate, (3, 2, 1)),
        "characters-6": partial(closed_forms.character_certificate, 6),
        "character-polynomial-2,1": partial(closed_forms.character_polynomial_certificate, (2, 1)),
        "character-polynomial-2,2": partial(closed_forms.character_polynomial_certificate, (2, 2)),
        **{
            f"sensitivity-{name}": partial(closed_forms.sensitivity_certificate, name)
            for name in ("parity", "majority", "first", "mean")
        },
        "selection-bound": closed_forms.selection_certificate,
    }
)


def derivation(name: str) -> Derivation:
    """The derivation of that name.

    >>> derivation("dimension-1").title
    'The dimension of (L-1,1)'
    """
    if name not in CATALOGUE:
        raise InvalidArgument("name", f"must be one of {', '.join(CATALOGUE)}", f"it is {name!r}")
    return CATALOGUE[name]()


def certificate_of(name: str) -> dict[str, Any]:
    """The certificate of that name.

    >>> certificate_of("flatten")["trace"]
    'alpha + beta'
    """
    if name not in CERTIFIED:
        raise InvalidArgument("name", f"must be one of {', '.join(CERTIFIED)}", f"it is {name!r}")
    return CERTIFIED[name]()
