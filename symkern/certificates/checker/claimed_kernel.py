"""The pipeline of a claim: its stages, their arguments, and what they are called."""

from __future__ import annotations

from typing import Any

from .claimed_formulas import Formula
from .monomials import as_ratio
from .recursion import polynomial_of
from .verdicts import CannotCheck, Number, Unreadable, Values, said

_ARGUMENTS = {
    "embedding": ("token", "position", "constant"),
    "attention": ("query_key", "row_map", "normalize", "positions_in_values"),
    "residual": (),
    "linear": ("weight", "bias"),
    "mlp": ("activation",),
    "mean_pool": (),
    "flatten": (),
    "at_position": ("position",),
}
_READOUTS = ("mean_pool", "flatten", "at_position")


class Kernel:
    """A pipeline of stages; K_ab(x, y) is the covariance of the features at position a of x and b of y.

    embedding K_ab = token [x_a = y_b] + position [a = b] + constant; attention with independent queries and keys
    K'_ac = K_ac sum_bd K_bd E_bd / L^2, tied K' = G(x) E(x, y) G(y)^T with G(x) = row_map(K(x, x)), E being K or K without its positions;
    residual adds the input of the stage before; linear weight K + bias; mlp E phi(u) phi(w) for Gaussian (u, w) with covariances from K;
    mean_pool sum_ab K_ab / L^2, flatten sum_a K_aa / L, at_position the last K_aa.
    """

    def __init__(self, stages: Any) -> None:
        self.stages, self.formulas = [], []
        if type(stages) is not list or len(stages) > 40:
            raise Unreadable("a kernel must be a list of at most 40 stages")
        for entry in stages:
            if (
                type(entry) is not list
                or len(entry) != 2
                or type(entry[0]) is not str
                or type(entry[1]) is not dict
                or entry[0] not in _ARGUMENTS
                or set(entry[1]) != set(_ARGUMENTS[entry[0]])
            ):
                raise Unreadable(
                    f"no stage of a kernel: {said(entry[0] if type(entry) is list and entry else entry)}"
                )
            name, arguments = entry
            known = dict(arguments)
            for key in ("token", "position", "constant", "weight", "bias"):
                if key in known and name in ("embedding", "linear"):
                    known[key] = Formula(known[key])
                    self.formulas.append(known[key])
            if name == "mlp" and known["activation"] not in ("relu", "erf"):
                known["activation"] = Formula(known["activation"])
                self.formulas.append(known["activation"])
            if name == "attention" and (
                type(known["normalize"]) is not bool
                or type(known["positions_in_values"]) is not bool
                or known["query_key"] not in ("independent", "tied")
                or known["row_map"] not in ("identity", "softmax", "relu", "abs")
                or (known["query_key"] == "independent" and known["row_map"] != "identity")
            ):
                raise Unreadable(
                    "no attention: " + ", ".join(f"{k} {said(x)}" for k, x in arguments.items())
                )
            if name == "at_position" and known["position"] != "last":
                raise Unreadable("a position other than the last")
            self.stages.append((name, known))
        names = [name for name, _ in self.stages]
        for i, (name, known) in enumerate(self.stages):
            if name == "residual" and (
                i < 2 or names[i - 1] in ("residual", *_READOUTS) or set(names[:i]) & set(_READOUTS)
            ):
                raise Unreadable(
                    "a residual adds the input of a stage before it, behind the embedding and before the readout"
                )
            if (
                name == "attention"
                and not known["positions_in_values"]
                and "attention" in names[:i]
            ):
                raise Unreadable(
                    "positions are left out of the values in the first attention alone"
                )
            if name == "embedding" and i:
                raise Unreadable("a kernel has one embedding")
        if names[:1] != ["embedding"] or sum(n in _READOUTS for n in names) != 1:
            raise Unreadable("a kernel begins with an embedding and has one readout")
        self.readout = next(n for n in names if n in _READOUTS)
        #: A stage that no polynomial is: softmax, relu, erf.
        self.alone_irrational = any(
            (name == "attention" and known["row_map"] == "softmax")
            or (name == "mlp" and isinstance(known["activation"], str))
            for name, known in self.stages
        )
        self.irrational = self.alone_irrational or any(f.irrational for f in self.formulas)
        self.alone = any(  # whether K(x, x) and K(y, y) matter
            name == "mlp" or (name == "attention" and known["query_key"] == "tied")
            for name, known in self.stages
        )

    def __str__(self) -> str:
        return " | ".join(_stage_text(*stage) for stage in self.stages)

    def names(self) -> set[str]:
        return set().union(*(f.names for f in self.formulas)) - {"x"}

    def require_signs(self) -> None:
        """Where relu or abs acts on scores, their sign does not hang on symbols: formulas are numbers, or polynomials with positive coefficients."""
        if not self.names() or not any(
            known.get("row_map") in ("relu", "abs") for _, known in self.stages
        ):
            return
        for name, known in self.stages:
            for key, value in known.items():
                if isinstance(value, Formula) and name != "attention":
                    above, below = as_ratio(value.tree)
                    if any(c < 0 for part in (above, below) for c in part.values()):
                        raise CannotCheck(
                            f"not checkable: {key} may be negative, and relu or abs acts on it"
                        )

    def bound(self, values: Values, number: Number) -> list[Any]:
        """The stages with numbers in place of formulas."""
        stages = []
        for name, known in self.stages:
            found = {}
            for key, value in known.items():
                if key == "activation" and isinstance(value, Formula):
                    found[key] = polynomial_of(value.tree, values, number)
                else:
                    found[key] = value.at(values, number) if isinstance(value, Formula) else value
            stages.append((name, found))
        return stages


_DEFAULTS = {
    "position": "0",
    "constant": "0",
    "weight": "1",
    "bias": "0",
    "query_key": "independent",
    "row_map": "identity",
    "normalize": "True",
    "positions_in_values": "True",
}


def _ordered(name: str, known: Any) -> list[tuple[str, Any]]:
    return [(key, known[key]) for key in _ARGUMENTS[name]]


def _stage_text(name: str, known: Any) -> str:
    """As a pipeline writes it: values in order, and nothing that is as by default."""
    shown = {k: v.text if isinstance(v, Formula) else str(v) for k, v in _ordered(name, known)}
    if name == "attention":
        words = [
            v if v not in ("True", "False") else f"{k}={v.lower()}"
            for k, v in shown.items()
            if v != _DEFAULTS[k]
        ]
    else:
        words, keys = list(shown.values()), list(shown)
        while words and _DEFAULTS.get(keys[len(words) - 1]) == words[-1]:
            words.pop()
        if name == "at_position":
            words = ["last"]
    return f"{name}({', '.join(words)})" if words else name
