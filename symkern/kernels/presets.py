r"""Kernels with a name: pipeline, formula and source of each preset.

Notation: s = sum_t n_t(x) n_t(y), m = #{a : x_a = y_a}, d = [x_L = y_L] and
c = (alpha^2 s + 2 alpha beta m + beta^2 L)/L^2, the factor that one attention layer multiplies with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from symkern.claims import reference
from symkern.errors import FormulaError, InvalidArgument
from symkern.kernels.grammar import read_pipeline
from symkern.kernels.pipeline import Kernel
from symkern.kernels.stages.stage_table import STAGES
from symkern.reading.annotated import typed
from symkern.reading.spelling import did_you_mean
from symkern.typeset.shown import Shown

_HRON = reference("hron2020", title=True)
_LAVIE = reference("lavie2024", title=True)
_CHO = reference("cho2009", title=True)


@dataclass(frozen=True)
@typed
class Preset(Shown):
    """A named kernel.

    Attributes:
        name: as `derive` takes it.
        pipeline: its text.
        formula: the kernel as text.
        source: where it is from.
    """

    name: str
    pipeline: str
    formula: str
    source: str

    @property
    def kernel(self) -> Kernel:
        """The kernel."""
        return read_pipeline(self.pipeline)  # type: ignore[return-value]


_ATTENTION = "embedding(alpha, beta) | attention"

PRESETS: Mapping[str, Preset] = {
    p.name: p
    for p in (
        Preset("bag-of-tokens", "embedding(alpha) | mean_pool", "alpha s/L^2", _LAVIE),
        Preset("flatten", "embedding(alpha, beta) | flatten", "alpha m/L + beta", _LAVIE),
        Preset("linear-attention", f"{_ATTENTION} | mean_pool", "(alpha s + beta L) c/L^2", _LAVIE),
        Preset(
            "linear-attention-flatten", f"{_ATTENTION} | flatten", "(alpha m + beta L) c/L", _HRON
        ),
        Preset(
            "linear-attention-last",
            f"{_ATTENTION} | at_position(last)",
            "(alpha d + beta) c",
            _HRON,
        ),
        Preset(
            "linear-attention-2",
            f"{_ATTENTION} | attention | mean_pool",
            "(alpha s + beta L) c^4/L^2",
            _HRON,
        ),
        Preset(
            "linear-attention-3",
            f"{_ATTENTION} | attention | attention | mean_pool",
            "(alpha s + beta L) c^13/L^2",
            _HRON,
        ),
        Preset(
            "transformer-block",
            f"{_ATTENTION} | residual | linear(w, b) | mean_pool",
            "w (alpha s + beta L)(1 + c)/L^2 + b",
            _HRON,
        ),
        Preset(
            "transformer-block-last",
            f"{_ATTENTION} | residual | linear(w, b) | at_position(last)",
            "w (alpha d + beta)(1 + c) + b",
            _HRON,
        ),
        Preset(
            "softmax-attention",
            "embedding(alpha, beta) | attention(tied, softmax) | mean_pool",
            "1^T G(x) K(x, y) G(y)^T 1/L^2, G(x) = softmax K(x, x) by rows",
            _HRON,
        ),
        Preset(
            "softmax-block",
            "embedding(alpha, beta) | attention(tied, softmax) | residual | layer_norm | linear(w, b) | mlp(relu) | mean_pool",
            "mean of E relu(u) relu(z) with covariance w C + b, C = (K + G K G^T)/(standard deviations)",
            _HRON,
        ),
        Preset(
            "fully-connected",
            "embedding(alpha) | flatten | mlp(relu)",
            "alpha (sqrt(1 - r^2) + (pi - arccos r) r)/(2 pi), r = m/L",
            _CHO,
        ),
    )
}


@typed
def preset(name: str) -> Preset:
    """The preset called ``name``.

    Args:
        name: a key of `PRESETS`.

    Raises:
        InvalidArgument: another name; the message has a near one.

    >>> preset("linear-attention").pipeline
    'embedding(alpha, beta) | attention | mean_pool'
    """
    if name not in PRESETS:
        rule = f"must be one of {', '.join(PRESETS)}"
        raise InvalidArgument("preset", rule, f"it is {name!r}{did_you_mean(name, PRESETS)}")
    return PRESETS[name]


def read_kernel(text: str) -> Kernel:
    """A kernel from a preset's name, by itself or with further stages behind it, or from a pipeline's text.

    Args:
        text: a preset's name, or stages with ``|`` between them, of which a preset's name may be the first.

    Raises:
        InvalidArgument: no preset has this name.
        PipelineError: a pipeline's text that cannot be read, or stages that do not follow a readout.

    >>> print(read_kernel("bag-of-tokens"))
    embedding(alpha) | mean_pool
    >>> print(read_kernel("bag-of-tokens | ntk"))
    embedding(alpha) | mean_pool | ntk
    """
    if not isinstance(text, str):
        return read_pipeline(text)
    first, bar, further = text.partition("|")
    name = first.strip()
    if name in PRESETS and bar:
        written = f"{PRESETS[name].pipeline}|"
        try:
            return read_pipeline(written + further)  # type: ignore[return-value]
        except FormulaError as error:
            if error.position is not None:  # in the text that was given
                error.position += len(first) + 1 - len(written)
            raise
    meant = not bar or did_you_mean(name, PRESETS)
    if meant and "(" not in first and (name in PRESETS or name not in STAGES):
        return preset(name).kernel
    return read_pipeline(text)  # type: ignore[return-value]
