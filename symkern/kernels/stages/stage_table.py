"""The table of stages by name, and what is often asked for and is no stage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from symkern.errors import InvalidArgument, InvalidType
from symkern.kernels.stages.stage import Stage

#: Every stage that is known, by name.
STAGES: dict[str, type[Stage]] = {}

_SYMMETRY = "which does not commute with the permutations of positions that the theory rests on"
_BESIDE = {
    "causal mask causal_mask masked causal_attention masked_attention autoregressive decoder": "a causal mask lets a position see the earlier ones "
    f"alone, {_SYMMETRY}; where the last token of one causal layer is read, which sees all of them, the same is attention | at_position(last)",
    "rope rotary rotary_embedding alibi relative relative_positions relative_position_bias t5 sinusoidal distance": "the scores would depend on "
    f"the distance of positions, {_SYMMETRY}; embedding(alpha, beta) has a variance beta of positions, the same for all",
    "local local_attention window sliding_window windowed banded strided sparse": "a window lets a position see its neighbours alone, "
    f"{_SYMMETRY}; attention sees all positions, and what is at the same place as itself by their variance, embedding(alpha, beta)",
    "conv convolution conv1d": f"a convolution mixes neighbours, {_SYMMETRY}; over a single position it is linear(w, b)",
    "attn self_attention selfattention": "it is attention, or attention(tied, softmax)",
    "heads n_heads multi_head multihead multi_head_attention": "an attention has infinitely many heads: leave it out",
    "temperature inverse_temperature": "scores are multiplied by attention(scale=...)",
    "concat fan_in_sum sum add": "the sum of two pipelines is plus(...); codes of positions that are concatenated are positions(position, keep)",
    "layernorm rms_norm": "at infinite width it is layer_norm",
    "batch_norm": "it mixes the sequences of a batch; layer_norm divides by the norm of each position's features",
    "tangent_kernel neural_tangent_kernel": "it is ntk, behind the readout",
    "dropout": "it is off when a network predicts, and leaves no trace in this kernel: leave it out",
    "softmax": "it is the row map of an attention: attention(tied, softmax)",
    "relu leaky_relu abs sign step erf gelu exp sin cos hermite quadratic": "it is an activation, mlp({name})",
    "dense fully_connected": "a dense layer is linear(w, b), with an activation mlp(relu)",
}


def names(place: str | None = None, after_readout: bool = False) -> list[str]:
    """The names of stages: all of them, of one place, or that may follow a readout.

    >>> names("readout")
    ['at_position', 'flatten', 'mean_pool']
    """
    return [
        name
        for name, kind in STAGES.items()
        if (place is None or kind.place == place) and (kind.after_readout or not after_readout)
    ]


@contextmanager
def explained(*values: object) -> Iterator[None]:
    """Add to the refusal of an argument why a word among the values is none, or what to write instead.

    >>> with explained("rotary"):
    ...     raise InvalidArgument("position", "must be a formula", "it is 'rotary'")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: position: must be a formula, but it is 'rotary'; the scores would depend on the distance of positions, \
which does not commute with the permutations of positions that the theory rests on; embedding(alpha, beta) has a variance beta of positions, the same for all
    """
    try:
        yield
    except (InvalidArgument, InvalidType) as error:
        words = [e for e in values if isinstance(e, str) and e in error.found]
        why = next((why for e in words if (why := beside(e))), "")
        suggested = error.found.partition("; did you mean ")[2].rstrip("?").strip("'")
        if not why or why in error.found or (suggested and suggested in why):
            raise
        raise InvalidArgument(error.argument, error.rule, error.found + why) from None


def beside(word: object) -> str:
    """Why a word that stands for a stage or an argument is none, or what to write instead; empty for other words, and for stages there are.

    >>> beside("dropout")
    '; it is off when a network predicts, and leaves no trace in this kernel: leave it out'
    """
    if not isinstance(word, str):
        return ""
    name = word.strip().lower().replace("-", "_")
    found = (why for words, why in _BESIDE.items() if name in words.split() and name not in STAGES)
    return next((f"; {why.format(name=name)}" for why in found), "")
