r"""The pipeline of a kernel: embedding, stages, readout, as immutable data that is built by chaining.

    embedding(alpha, beta).attention().residual().linear(w, b).mean_pool()

What a stage means, for the covariance K_ab(x, y) of the features at positions a of x and b of y (Hron, Bahri,
Sohl-Dickstein, Novak, *Infinite attention*, ICML 2020, arXiv 2006.10540):

* embedding: K_ab = token [x_a = y_b] + position [a = b] + constant;
* attention, independent queries and keys: K'_ac = K_ac sum_bd K_bd E_bd / L^2;
  tied: K' = G(x) E(x, y) G(y)^T with G(x) = row_map(K(x, x)); E = K, or K without its positions;
* residual: K' + K, with K the input of the stage just before;
* linear: weight K' + bias;   mlp: E phi(u) phi(w), (u, w) Gaussian with covariances from K;
* readouts: mean_pool sum_ab K_ab / L^2, flatten sum_a K_aa / L, at_position("last") K_LL.

All of these commute with a permutation of the positions applied to both sequences.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sympy as sp

from symkern.abc import namespace, parse, x
from symkern.errors import InvalidArgument, InvalidType, SymmetryError
from symkern.exact import exact_expression
from symkern.tokens.groups import ALL_POSITIONS, OTHER_POSITIONS, PositionGroup

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from symkern.characters import CharacterPolynomial, ClassFunction
    from symkern.engines.cost import Cost
    from symkern.spectra.spectrum import Spectrum
    from symkern.tokens import Law

__all__ = [
    "MLP",
    "AtPosition",
    "Attention",
    "Embedding",
    "Flatten",
    "Kernel",
    "Linear",
    "MeanPool",
    "PairKernel",
    "Residual",
    "embedding",
]

ROW_MAPS = ("identity", "softmax", "relu", "abs")
ACTIVATIONS = ("quadratic", "relu", "erf")


@dataclass(frozen=True)
class Embedding:
    """Variances of token embedding, position embedding and constant."""

    token: sp.Expr
    position: sp.Expr
    constant: sp.Expr

    def __str__(self) -> str:
        return f"embedding({_arguments(self.token, self.position, self.constant, defaults=(None, 0, 0))})"


@dataclass(frozen=True)
class Attention:
    """One attention layer with infinitely many heads."""

    query_key: str = "independent"
    row_map: str = "identity"
    normalize: bool = True
    positions_in_values: bool = True

    def __str__(self) -> str:
        words = []
        if self.query_key != "independent":
            words.append(self.query_key)
        if self.row_map != "identity":
            words.append(self.row_map)
        if not self.normalize:
            words.append("normalize=false")
        if not self.positions_in_values:
            words.append("positions_in_values=false")
        return f"attention({', '.join(words)})" if words else "attention"


@dataclass(frozen=True)
class Residual:
    """Adds the input of the stage just before to its output."""

    def __str__(self) -> str:
        return "residual"


@dataclass(frozen=True)
class Linear:
    """A wide linear layer with the given weight and bias variances."""

    weight: sp.Expr
    bias: sp.Expr

    def __str__(self) -> str:
        text = _arguments(self.weight, self.bias, defaults=(1, 0))
        return f"linear({text})" if text else "linear"


@dataclass(frozen=True)
class MLP:
    """An entrywise activation: one of `ACTIVATIONS`, or a polynomial in x."""

    activation: str | sp.Expr

    @property
    def polynomial(self) -> sp.Expr | None:
        """The activation as a polynomial in x, or None for relu and erf."""
        if self.activation == "quadratic":
            return x**2
        return None if isinstance(self.activation, str) else self.activation

    def __str__(self) -> str:
        return f"mlp({_formula(self.activation)})"


@dataclass(frozen=True)
class MeanPool:
    """Average over the positions."""

    def __str__(self) -> str:
        return "mean_pool"


@dataclass(frozen=True)
class Flatten:
    """All positions kept apart."""

    def __str__(self) -> str:
        return "flatten"


@dataclass(frozen=True)
class AtPosition:
    """One position alone; all positions being alike, the last one stands for any."""

    position: str = "last"

    def __str__(self) -> str:
        return f"at_position({self.position})"


Stage = Embedding | Attention | Residual | Linear | MLP | MeanPool | Flatten | AtPosition
READOUTS = (MeanPool, Flatten, AtPosition)


def _formula(value: object) -> str:
    from symkern.typeset import formula_text

    return formula_text(value) if isinstance(value, sp.Expr) else str(value)


def _arguments(*values: sp.Expr, defaults: tuple[int | None, ...]) -> str:
    return ", ".join(_kept(*values, defaults=defaults))


def _kept(*values: sp.Expr, defaults: tuple[int | None, ...]) -> list[str]:
    """The arguments as text, without the defaults at their end."""
    kept = list(values)
    while kept and defaults[len(kept) - 1] is not None and kept[-1] == defaults[len(kept) - 1]:
        kept.pop()
    return [_formula(value) for value in kept]


def _variance(value: object, argument: str) -> sp.Expr:
    expression = readable_formula(value, argument)
    if expression.is_negative:
        raise InvalidArgument(argument, "a variance must not be negative", f"it is {expression}")
    return expression


def readable_formula(value: object, argument: str) -> sp.Expr:
    """A formula that a pipeline's text could say; refuses other symbols, constants and functions than `symkern.abc` has."""
    expression = exact_expression(value, argument)
    for atom in sp.preorder_traversal(expression):
        known = (
            atom.is_Rational
            or atom is sp.E
            or atom in namespace.values()
            or isinstance(atom, (sp.Add, sp.Mul, sp.exp))
            or (
                atom.is_Pow
                and (
                    atom.exp.is_Integer or atom.exp in (sp.S.Half, -sp.S.Half) or atom.base is sp.E
                )
            )
        )
        if not known:
            raise InvalidArgument(
                argument,
                "must be made of numbers and the symbols of symkern.abc by + - * / ^, sqrt and exp",
                f"{atom} stands in it"
                + (" with other assumptions" if str(atom) in namespace else ""),
            )
    return expression


@dataclass(frozen=True)
class _Chain:
    """Stages in order; base of `PairKernel` and `Kernel`."""

    stages: tuple[Stage, ...]

    def __str__(self) -> str:
        return " | ".join(str(stage) for stage in self.stages)

    def _repr_html_(self) -> str:
        from html import escape

        return f"<code>{escape(str(self))}</code>"

    def __repr__(self) -> str:
        calls = [_call(stage) for stage in self.stages]
        return ".".join(calls)

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """The symbols in the hyperparameters, by name; the variable x of activations is none."""
        found: set[sp.Symbol] = set()
        for stage in self.stages:
            for value in vars(stage).values():
                if isinstance(value, sp.Expr):
                    found |= value.free_symbols
        return tuple(sorted(found - {x}, key=lambda s: s.name))

    def substitute(self, values: dict[sp.Symbol, Any]) -> Any:
        """The same pipeline with hyperparameters replaced."""
        exact = {s: exact_expression(value, s.name) for s, value in values.items()}
        stages = []
        for stage in self.stages:
            changed = {
                name: value.subs(exact, simultaneous=True)
                for name, value in vars(stage).items()
                if isinstance(value, sp.Expr)
            }
            for name, value in changed.items():
                if not isinstance(stage, MLP):
                    _variance(value, name)
            stages.append(replace(stage, **changed))
        return type(self)(tuple(stages))

    def _then(self, stage: Stage) -> tuple[Stage, ...]:
        return (*self.stages, stage)


def _call(stage: Stage) -> str:
    """The stage as a Python call that builds it."""
    name = _STAGE_NAMES[type(stage)]
    if isinstance(stage, AtPosition):
        return f"{name}({stage.position!r})"
    if isinstance(stage, MLP):
        activation = stage.activation
        return f"{name}({activation if isinstance(activation, str) else _formula(activation)!r})"
    if isinstance(stage, Attention):
        default = Attention()
        changed = [
            f"{key}={value!r}"
            for key, value in vars(stage).items()
            if value != getattr(default, key)
        ]
        return f"{name}({', '.join(changed)})"
    defaults = {Embedding: (None, 0, 0), Linear: (1, 0)}.get(type(stage), ())
    return f"{name}({', '.join(map(repr, _kept(*vars(stage).values(), defaults=defaults)))})"


_STAGE_NAMES: dict[type, str] = {
    Embedding: "embedding",
    Attention: "attention",
    Residual: "residual",
    Linear: "linear",
    MLP: "mlp",
    MeanPool: "mean_pool",
    Flatten: "flatten",
    AtPosition: "at_position",
}


class PairKernel(_Chain):
    """A kernel K_ab(x, y) on pairs of positions, before its readout.

    >>> from symkern.abc import alpha, beta
    >>> K = embedding(alpha, beta).attention()
    >>> print(K.mean_pool())
    embedding(alpha, beta) | attention | mean_pool
    """

    def attention(
        self,
        query_key: str = "independent",
        row_map: str = "identity",
        normalize: bool = True,
        positions_in_values: bool = True,
    ) -> PairKernel:
        """An attention layer; formulas at the head of this module.

        ``query_key`` is "independent" or "tied"; ``row_map`` one of "identity", "softmax", "relu", "abs", where
        independent queries and keys take the identity only: other maps of random scores have no exact
        kernel. ``normalize`` averages over the keys. ``positions_in_values=False`` leaves the position term
        out of the values, in the first attention only.
        """
        if query_key not in ("independent", "tied"):
            raise InvalidArgument(
                "query_key", 'must be "independent" or "tied"', f"it is {query_key!r}"
            )
        if row_map not in ROW_MAPS:
            raise InvalidArgument(
                "row_map", f"must be one of {', '.join(ROW_MAPS)}", f"it is {row_map!r}"
            )
        for name, value in (("normalize", normalize), ("positions_in_values", positions_in_values)):
            if not isinstance(value, bool):
                raise InvalidType(name, "must be True or False", value)
        if query_key == "independent" and row_map != "identity":
            raise InvalidArgument(
                "row_map",
                'must be "identity" with independent queries and keys, whose scores are random: '
                'other maps have an exact kernel with query_key="tied" only',
                f"it is {row_map!r}",
            )
        if not positions_in_values and any(isinstance(s, Attention) for s in self.stages):
            raise InvalidArgument(
                "positions_in_values",
                "may be False in the first attention only",
                "this is a later one",
            )
        return PairKernel(self._then(Attention(query_key, row_map, normalize, positions_in_values)))

    def residual(self) -> PairKernel:
        """Add the input of the stage just before to its output."""
        if isinstance(self.stages[-1], (Embedding, Residual)):
            raise InvalidArgument(
                "residual",
                "must follow a stage that has an input",
                f"it follows {_STAGE_NAMES[type(self.stages[-1])]}",
            )
        return PairKernel(self._then(Residual()))

    def linear(self, weight: object = 1, bias: object = 0) -> PairKernel:
        """A wide linear layer: weight K + bias."""
        return PairKernel(self._then(_linear(weight, bias)))

    def mlp(self, activation: object) -> PairKernel:
        """An activation: "quadratic", "relu", "erf" or a polynomial in x (text or SymPy)."""
        return PairKernel(self._then(_mlp(activation)))

    def mean_pool(self) -> Kernel:
        """Readout: average over both positions, sum_ab K_ab / L^2."""
        return Kernel(self._then(MeanPool()))

    def flatten(self) -> Kernel:
        """Readout: average of the diagonal, sum_a K_aa / L."""
        return Kernel(self._then(Flatten()))

    def at_position(self, position: object = "last") -> Kernel:
        """Readout: one position; the others are then the symmetric ones, under S_{L-1}."""
        if position != "last":
            raise InvalidArgument(
                "position",
                'must be "last": all positions are alike, so it stands for any of them',
                f"it is {position!r}",
            )
        return Kernel(self._then(AtPosition()))

    def _no_readout(self) -> InvalidArgument:
        return InvalidArgument(
            "kernel",
            "must end in a readout: .mean_pool(), .flatten() or .at_position('last')",
            f"it is {self}",
        )

    def __call__(self, *_: object, **__: object) -> Any:
        raise self._no_readout()

    def spectrum(self, *_: object, **__: object) -> Any:
        """Refuses: a spectrum needs a readout."""
        raise self._no_readout()

    def class_function(self, *_: object, **__: object) -> Any:
        """Refuses: a class function needs a readout."""
        raise self._no_readout()


class Kernel(_Chain):
    """A kernel k(x, y) on pairs of sequences.

    Call it on two sequences for its exact value; `spectrum` and `class_function` analyse it.

    >>> from symkern.abc import alpha, beta
    >>> k = embedding(alpha, beta).attention().mean_pool()
    >>> k((0, 1), (0, 1), alpha=1, beta=1)
    2
    """

    def linear(self, weight: object = 1, bias: object = 0) -> Kernel:
        """A wide linear layer on the output: weight k + bias."""
        return Kernel(self._then(_linear(weight, bias)))

    def mlp(self, activation: object) -> Kernel:
        """A wide nonlinear layer on the output: E phi(u) phi(w) with covariances from k."""
        return Kernel(self._then(_mlp(activation)))

    def _is_read(self, stage: str) -> InvalidArgument:
        return InvalidArgument(
            stage,
            "must stand before the readout, after which only .linear() and .mlp() may follow",
            f"the kernel {self} has its readout, {self.readout}",
        )

    def attention(self, *_: object, **__: object) -> Any:
        """Refuses: positions are gone after the readout."""
        raise self._is_read("attention")

    def residual(self, *_: object, **__: object) -> Any:
        """Refuses: it belongs before the readout."""
        raise self._is_read("residual")

    def mean_pool(self, *_: object, **__: object) -> Any:
        """Refuses: a kernel has one readout."""
        raise self._is_read("mean_pool")

    def flatten(self, *_: object, **__: object) -> Any:
        """Refuses: a kernel has one readout."""
        raise self._is_read("flatten")

    def at_position(self, *_: object, **__: object) -> Any:
        """Refuses: a kernel has one readout."""
        raise self._is_read("at_position")

    @property
    def readout(self) -> MeanPool | Flatten | AtPosition:
        """The readout stage."""
        return next(s for s in self.stages if isinstance(s, READOUTS))

    @property
    def group(self) -> PositionGroup:
        """The permutations of positions that leave the kernel unchanged: all, or those of the positions that are not read."""
        return OTHER_POSITIONS if isinstance(self.readout, AtPosition) else ALL_POSITIONS

    def __call__(
        self, first: Sequence[Hashable], second: Sequence[Hashable], **parameters: object
    ) -> sp.Expr:
        """Exact value on two sequences of one length; tokens are compared by equality.

        Hyperparameters are given by name, ``k(x, y, alpha=1)``; those that are not stay symbols.
        """
        from symkern.kernels.evaluation import evaluate

        return evaluate(self, first, second, parameters)

    def class_function(self, length: object) -> ClassFunction | CharacterPolynomial:
        """The class function kappa of S_L with k(x, y) = kappa(x^-1 y) on distinct tokens.

        A `ClassFunction` for an int, a `CharacterPolynomial` for a symbol.
        """
        from symkern.engines.permutations.class_functions import class_function

        return class_function(self, length)

    def spectrum(self, length: object, tokens: Law) -> Spectrum:
        """Exact spectrum on sequences of the given length under a token law; either may be symbolic."""
        from symkern.spectra.deriving import spectrum

        return spectrum(self, length, tokens)

    def cost(self, length: object, tokens: Law) -> Cost:
        """What `spectrum` will take, estimated before anything is built; nothing is refused here that is only large.

        >>> from symkern.kernels import uniform
        >>> softmax = embedding(1, 1).attention("tied", "softmax").mean_pool()
        >>> softmax.cost(14, uniform(3)).tables
        319770
        """
        from symkern.spectra.deriving import expected_cost

        return expected_cost(self, length, tokens)


def _linear(weight: object, bias: object) -> Linear:
    return Linear(_variance(weight, "weight"), _variance(bias, "bias"))


def _mlp(activation: object) -> MLP:
    if isinstance(activation, str):
        if activation in ACTIVATIONS:
            return MLP(activation)
        if activation.isidentifier() and activation not in namespace:
            raise InvalidArgument(
                "activation",
                f"must be one of {', '.join(ACTIVATIONS)} or a polynomial in x",
                f"it is {activation!r}",
            )
        activation = parse(activation, "activation")
    expression = readable_formula(activation, "activation")
    if not expression.is_polynomial(x):
        raise InvalidArgument("activation", "must be a polynomial in x", f"it is {expression}")
    return MLP(sp.expand(expression))  # one form for one polynomial, however it was written


def embedding(token: object, position: object = 0, constant: object = 0) -> PairKernel:
    """The base kernel token [x_a = y_b] + position [a = b] + constant.

    Each argument is a variance: a nonnegative exact number, a SymPy expression or a formula's text. A position kernel
    that depends on the distance |a - b| breaks the permutation symmetry and raises `SymmetryError`.

    >>> print(embedding("alpha", "1/2"))
    embedding(alpha, 1/2)
    """
    if not isinstance(position, sp.Expr) and (
        callable(position) or hasattr(position, "shape") or isinstance(position, (list, tuple))
    ):
        raise SymmetryError(
            "position",
            "must be one variance, the same for all positions: a kernel that depends on the distance "
            "of two positions does not commute with their permutations",
            f"it is {type(position).__name__}",
        )
    return PairKernel(
        (
            Embedding(
                _variance(token, "token"),
                _variance(position, "position"),
                _variance(constant, "constant"),
            ),
        )
    )
