"""The table of stages by name, and what is often asked for and is no stage."""

from __future__ import annotations

from symkern.kernels.stages.stage import Stage

#: Every stage that is known, by name.
STAGES: dict[str, type[Stage]] = {}

_SYMMETRY = "which does not commute with the permutations of positions that the theory rests on"
_BESIDE = {
    "causal mask causal_mask": "a causal mask lets a position see the earlier ones alone, "
    f"{_SYMMETRY}; attention | at_position(last) sees the whole sequence from its end",
    "rope rotary alibi relative": "the scores would depend on the distance of positions, "
    f"{_SYMMETRY}; embedding(alpha, beta) has a variance beta of positions, the same for all",
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
