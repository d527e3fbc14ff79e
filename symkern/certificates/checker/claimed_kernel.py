"""The pipeline of a claim: its stages, their arguments, and what they are called."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .claimed_activations import Named, is_named
from .claimed_formulas import Formula
from .claimed_laws import read_integer
from .monomials import as_ratio
from .recursion import kernel_value, polynomial_of
from .verdicts import CannotCheck, Number, Unreadable, Values, said

_ARGUMENTS = {
    "embedding": ("token", "position", "constant"),
    "attention": ("query_key", "row_map", "normalize", "positions_in_values"),
    "residual": ("over",),
    "layer_norm": (),
    "linear": ("weight", "bias"),
    "mlp": ("activation",),
    "mean_pool": (),
    "flatten": (),
    "at_position": ("position",),
    "ntk": (),
}
#: What may be left out, one by default.
_OPTIONAL = {"residual": {"over"}}
_READOUTS = ("mean_pool", "flatten", "at_position")


class Kernel:
    """A pipeline of stages; K_ab(x, y) is the covariance of the features at position a of x and b of y.

    embedding K_ab = token [x_a = y_b] + position [a = b] + constant; attention with independent queries and keys
    K'_ac = K_ac sum_bd K_bd E_bd / L^2, tied K' = G(x) E(x, y) G(y)^T with G(x) = row_map(K(x, x)), E being K or K without its positions;
    residual adds the input of the stage before, or of the last ``over``; linear weight K + bias; mlp E phi(u) phi(w) for Gaussian (u, w) with covariances
    from K; layer_norm K_ab / sqrt(K_aa(x, x) K_bb(y, y)); mean_pool sum_ab K_ab / L^2, flatten sum_a K_aa / L, at_position the last K_aa; ntk, behind
    them, the tangent kernel of the whole, all weights trained.
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
                or set(entry[1]) | _OPTIONAL.get(entry[0], set()) != set(_ARGUMENTS[entry[0]])
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
            if name == "mlp" and is_named(known["activation"]):
                known["activation"] = Named(known["activation"])
                self.formulas += [f for f in (known["activation"].formula,) if f]
            elif name == "mlp":
                known["activation"] = Formula(known["activation"])
                self.formulas.append(known["activation"])
            if name == "residual":
                known["over"] = read_integer(known.get("over", 1), 1, 40, "over")
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
            read = set(names[:i]) & set(_READOUTS)
            if name == "residual" and (
                i <= known["over"] or read or (known["over"] == 1 and names[i - 1] == "residual")
            ):
                raise Unreadable(
                    "a residual adds the input of stages before it, behind the embedding and before the readout"
                )
            if read and name in ("attention", "layer_norm"):
                raise Unreadable(f"{name} stands before the readout")
            if name == "ntk" and (not read or i + 1 < len(names)):
                raise Unreadable("ntk stands behind the readout, at the end")
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
        #: Whether a stage takes rational numbers to others: softmax, relu, roots of variances that differ.
        self.alone_irrational = self._leaves_the_rationals()
        self.irrational = self.alone_irrational or any(f.irrational for f in self.formulas)
        self.alone = any(  # whether K(x, x) and K(y, y) matter
            name in ("mlp", "layer_norm") or (name == "attention" and known["query_key"] == "tied")
            for name, known in self.stages
        )

    def _leaves_the_rationals(self) -> bool:
        """Whether a stage does; ``alike`` follows whether K_aa(x, x) is one number for all x and a, as it is behind the embedding."""
        alike, history = True, [True]
        for name, known in self.stages[1:]:
            if name == "attention":
                if known["row_map"] == "softmax":
                    return True
                alike = False
            elif name == "layer_norm":
                if not alike:
                    return True
            elif name == "mlp" and isinstance(known["activation"], Named):
                if not known["activation"].rational(alike):
                    return True
                alike = True
            elif name == "residual":
                alike = alike and history[-1 - known["over"]]
            elif name == "mean_pool":
                alike = False
            history.append(alike)
        return False

    def __str__(self) -> str:
        return " | ".join(_stage_text(*stage) for stage in self.stages)

    def names(self) -> set[str]:
        return set().union(*(f.names for f in self.formulas)) - {"x"}

    def require_signs(self) -> None:
        """Where relu or abs acts on scores, or a variance is divided by, their sign does not hang on symbols: formulas are numbers, or polynomials with positive coefficients."""
        scores = any(known.get("row_map") in ("relu", "abs") for _, known in self.stages)
        divided = not self.irrational and any(
            name == "layer_norm" or isinstance(known.get("activation"), Named)
            for name, known in self.stages
        )
        if not self.names():
            if divided:  # one pair of letters tells whether they are positive
                kernel_value(self.bound({}, Fraction), ((0, 0),), Fraction, self.alone)
            return
        if not scores and not divided:
            return
        for name, known in self.stages:
            for key, value in known.items():
                if isinstance(value, Formula) and (scores or name != "mlp"):
                    above, below = as_ratio(value.tree)
                    if any(c < 0 for part in (above, below) for c in part.values()):
                        raise CannotCheck(
                            f"not checkable: {key} may be negative, and {'relu or abs acts on it' if scores else 'what it is a part of is a variance that is divided by'}"
                        )

    def bound(self, values: Values, number: Number) -> list[Any]:
        """The stages with numbers in place of formulas."""
        stages = []
        for name, known in self.stages:
            found: dict[str, Any] = {}
            for key, value in known.items():
                if key == "activation" and isinstance(value, Formula):
                    found[key] = polynomial_of(value.tree, values, number)
                elif isinstance(value, (Formula, Named)):
                    found[key] = value.at(values, number)
                else:
                    found[key] = value
            stages.append((name, found))
        return stages


_DEFAULTS = {
    "position": "0",
    "constant": "0",
    "weight": "1",
    "bias": "0",
    "over": "1",
    "query_key": "independent",
    "row_map": "identity",
    "normalize": "True",
    "positions_in_values": "True",
}


def _ordered(name: str, known: Any) -> list[tuple[str, Any]]:
    return [(key, known[key]) for key in _ARGUMENTS[name]]


def _stage_text(name: str, known: Any) -> str:
    """As a pipeline writes it: values in order, and nothing that is as by default."""
    shown = {
        k: v.text if isinstance(v, (Formula, Named)) else str(v) for k, v in _ordered(name, known)
    }
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
