r"""The pipeline of a kernel: embedding, stages, readout, as immutable data that is built by chaining.

    embedding(alpha, beta).attention().residual().linear(w, b).mean_pool()

What a stage means for the covariance K_ab(x, y) of the features at positions a of x and b of y stands in its file in
`symkern.kernels.stages` (Hron, Bahri, Sohl-Dickstein, Novak, *Infinite attention*, ICML 2020, arXiv 2006.10540). All of them commute
with a permutation of the positions applied to both sequences. The methods that chain are made from the table of stages; `register_stage` adds to it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import update_wrapper
from html import escape
from inspect import Parameter, signature
from typing import Any, Self

import sympy as sp

from symkern.doors import KernelDoors, drawable
from symkern.errors import InvalidArgument, displayed
from symkern.exact import Ball
from symkern.kernels.chaining import Chaining
from symkern.kernels.evaluation import evaluate, read_values
from symkern.kernels.kernel_gradients import matrix_with_gradient
from symkern.kernels.kernel_matrices import diagonal, matrix
from symkern.kernels.letter_covariance import LetterCovariance
from symkern.kernels.stages import STAGES, Stage
from symkern.kernels.stages.arguments import readable_formula
from symkern.kernels.stages.embedding import Embedding
from symkern.kernels.stages.stage_table import beside, explained, names
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_all
from symkern.reading.spelling import did_you_mean
from symkern.registration import Registration
from symkern.tokens.groups import ALL_POSITIONS, OTHER_POSITIONS, PositionGroup


@dataclass(frozen=True)
class _Chain(Chaining):
    """Stages in order; base of `PairKernel` and `Kernel`."""

    stages: tuple[Stage, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "stages", tuple(read_all(self.stages, Stage, "stages", "stages")))

    def __str__(self) -> str:
        return " | ".join(str(stage) for stage in self.stages)

    def _repr_html_(self) -> str:
        return f"<code>{escape(str(self))}</code>"

    def __repr__(self) -> str:
        return ".".join(stage.call() for stage in self.stages)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"{type(self).__name__!r} has no stage or attribute {name!r}{beside(name) or did_you_mean(name, STAGES)}")  # fmt: skip

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """The symbols in the hyperparameters, by name; the variable x of activations is none."""
        found = {s for stage in self.stages for s in stage.parameters}
        return tuple(sorted(found, key=lambda s: s.name))

    @typed
    def with_formulas(self, function: Callable[[sp.Expr], sp.Expr]) -> Self:
        """The same pipeline with ``function`` of each hyperparameter in its place.

        Args:
            function: from expressions to expressions.
        """
        return type(self)(tuple(stage.with_formulas(function) for stage in self.stages))

    def substitute(self, values: dict[sp.Symbol, Any]) -> Self:
        """The same pipeline with hyperparameters replaced.

        Args:
            values: symbol -> number or formula, exact; all are put in at once.
        """
        exact = read_values(values, readable_formula)
        return self.with_formulas(lambda e: e.subs(exact, simultaneous=True))

    @property
    def vocabulary(self) -> int | None:
        """How many letters 0, 1, ... there are, where a covariance of letters is given; None where there may be any."""
        known = (stage.vocabulary for stage in self.stages)
        return next((v for v in known if v is not None), None)

    @property
    def letters_alike(self) -> bool:
        """Whether tokens are compared by equality alone, so that renaming letters changes no value."""
        return all(stage.letters_alike for stage in self.stages)

    def __add__(self, other: object) -> Any:
        """The sum of two networks on the same sequences, each with its own weights: ``k.plus(other)``; of two tangent kernels that of the sum."""
        if not isinstance(other, type(self)):
            return NotImplemented
        if not self.stages[-1].ends:
            return self.plus(other)
        if not other.stages[-1].ends:
            return other.plus(self)
        ours, theirs = (type(self)(k.stages[:-1]) for k in (self, other))
        return type(self)((*ours.plus(theirs).stages, self.stages[-1]))

    def __mul__(self, factor: object) -> Any:
        """The multiple by a nonnegative number or formula: ``k.affine(factor)``."""
        if isinstance(factor, _Chain):
            return NotImplemented
        if not self.stages[-1].ends:
            return self.affine(factor)
        return type(self)((*type(self)(self.stages[:-1]).affine(factor).stages, self.stages[-1]))

    __rmul__ = __mul__

    @typed
    def among(self, letters: Sequence[int]) -> Self:
        """The same pipeline where these letters, of those that are given, are all there are, as 0, 1, ...

        Args:
            letters: from 0 to the vocabulary less one, each once; where no letters are given, all pipelines are the same.

        Raises:
            InvalidArgument: no letters, a letter that occurs twice, or one that is not among those that are given.

        >>> print(embedding([[1, 0], [0, 2]]).mean_pool().among([1]))
        embedding([[2]]) | mean_pool
        """
        known = self.vocabulary
        most = None if known is None else known - 1
        letters = [read_integer(t, f"letters[{i}]", 0, most) for i, t in enumerate(letters)]
        if not letters:
            raise InvalidArgument("letters", "must hold at least one", "it is empty")
        if len({*letters}) < len(letters):
            raise InvalidArgument("letters", "must hold each letter once", f"they are {displayed(letters)}")  # fmt: skip
        if known is None:
            return self
        return type(self)(tuple(stage.among(letters) for stage in self.stages))

    @property
    def is_polynomial(self) -> bool:
        """Whether every stage stays in the polynomials in the match counts; nothing is expanded."""
        return all(stage.gap("match_counts") is None for stage in self.stages)

    @property
    def is_rational(self) -> bool:
        """Whether every number in the pipeline is rational: no exp(1), no sqrt(2)."""
        return all(
            e.is_rational_function(*e.free_symbols)
            and all(number.is_Rational for number in e.atoms(sp.Number, sp.NumberSymbol))
            and not any(power.base.is_number for power in e.atoms(sp.Pow))
            for stage in self.stages
            for e in stage.formulas.values()
        )


class PairKernel(_Chain):
    """A kernel K_ab(x, y) on pairs of positions, before its readout.

    >>> from symkern.abc import alpha, beta
    >>> K = embedding(alpha, beta).attention()
    >>> print(K.mean_pool())
    embedding(alpha, beta) | attention | mean_pool
    """

    def _no_readout(self) -> InvalidArgument:
        return InvalidArgument(
            "kernel",
            "must end in a readout: .mean_pool(), .flatten() or .at_position('last')",
            f"it is {self}",
        )

    def __call__(self, *_: object, **__: object) -> Any:
        """Refuses: a value needs a readout."""
        raise self._no_readout()

    def spectrum(self, *_: object, **__: object) -> Any:
        """Refuses: a spectrum needs a readout."""
        raise self._no_readout()

    def class_function(self, *_: object, **__: object) -> Any:
        """Refuses: a class function needs a readout."""
        raise self._no_readout()

    def matrix(self, *_: object, **__: object) -> Any:
        """Refuses: a kernel matrix needs a readout."""
        raise self._no_readout()

    def diagonal(self, *_: object, **__: object) -> Any:
        """Refuses: so does its diagonal."""
        raise self._no_readout()

    def matrix_with_gradient(self, *_: object, **__: object) -> Any:
        """Refuses: and what is derived of it."""
        raise self._no_readout()


@drawable
class Kernel(_Chain, KernelDoors):
    """A kernel k(x, y) on pairs of sequences.

    Call it on two sequences for its exact value; `spectrum` and `class_function` analyse it.

    >>> from symkern.abc import alpha, beta
    >>> k = embedding(alpha, beta).attention().mean_pool()
    >>> k((0, 1), (0, 1), alpha=1, beta=1)
    2
    """

    @property
    def readout(self) -> Stage:
        """The readout stage."""
        return next(s for s in self.stages if s.place == "readout")

    @property
    def reads_position(self) -> bool:
        """Whether one position is read, so that the symmetry is that of the others, S_{L-1}."""
        return any(stage.reads_position for stage in self.stages)

    @property
    def pools(self) -> bool:
        """Whether what is read is averages over positions alone."""
        return all(readout.pools for stage in self.stages for readout in stage.readouts())

    @property
    def sees_positions(self) -> bool:
        """Whether it matters which positions match: without a position variance it does not to a readout that pools."""
        return not self.pools or any(stage.adds_positions for stage in self.stages)

    @typed
    def require_sizes(self, length: int | sp.Expr, vocabulary: int | sp.Expr) -> None:
        """Refuse sizes at which this is no positive semidefinite kernel."""
        for stage in self.stages:
            stage.require_sizes(length, vocabulary)

    @property
    def group(self) -> PositionGroup:
        """The permutations of positions that leave the kernel unchanged: all, or those of the positions that are not read."""
        return OTHER_POSITIONS if self.reads_position else ALL_POSITIONS

    def __call__(
        self, first: Sequence[Hashable], second: Sequence[Hashable], **parameters: object
    ) -> sp.Expr | Ball:
        """Exact value on two sequences of one length; tokens are compared by equality.

        Hyperparameters are given by name, ``k(x, y, alpha=1)``; those that are not stay symbols. Where more than three maps that are no polynomials
        (relu, softmax, layer_norm, ...) stand inside one another, numbers give a `Ball` of some sixty digits in the place of a formula.

        >>> k = embedding(1, 1).attention("tied", "softmax").mlp("relu").mlp("relu").mlp("erf").mean_pool()
        >>> k((0, 1), (1, 1)).digits()
        '0.221861022012064'
        """
        return evaluate(self, first, second, parameters)

    matrix = matrix
    diagonal = diagonal
    matrix_with_gradient = matrix_with_gradient


def _method(kind: type[Stage]) -> Callable[..., Any]:
    """The method that puts a stage of that class at the end of a chain."""
    name, takes = kind.name, signature(kind)

    def chain(self: _Chain, *args: Any, **kwargs: Any) -> Any:
        if isinstance(self, Kernel) and not kind.after_readout:
            *more, last = (f".{other}()" for other in names(after_readout=True))
            others = f"{', '.join(more)} and {last}"
            rule = f"must stand before the readout, after which only {others} may follow"
            raise InvalidArgument(name, rule, f"the kernel {self} has its readout, {self.readout}")
        if self.stages[-1].ends:
            rule = f"may not follow {self.stages[-1].name}, which ends a pipeline"
            raise InvalidArgument(name, rule, f"the kernel is {self}")
        for word in kwargs:
            if word not in takes.parameters and beside(word):
                rule = f"takes the arguments {', '.join(takes.parameters) or 'none'}"
                raise InvalidArgument(name, rule, f"it is given {word!r}{beside(word)}")
        takes.bind(*args, **kwargs)
        with explained(*args, *kwargs.values()):
            stage = kind(*args, **kwargs)
        if isinstance(self, PairKernel):
            stage.require_place(self.stages)
        else:
            stage.require_behind(self.stages)
        ends = isinstance(self, Kernel) or kind.place == "readout"
        return (Kernel if ends else PairKernel)((*self.stages, stage))

    update_wrapper(chain, kind, assigned=("__module__", "__doc__"), updated=())
    chain.__name__, chain.__qualname__ = name, f"PairKernel.{name}"
    del chain.__wrapped__  # type: ignore[attr-defined]
    own = Parameter("self", Parameter.POSITIONAL_OR_KEYWORD)
    result = "Kernel" if kind.place == "readout" else "PairKernel"
    chain.__signature__ = takes.replace(  # type: ignore[attr-defined]
        parameters=[own, *takes.parameters.values()], return_annotation=result
    )
    return chain


def register_stage(stage: type[Stage]) -> Registration:
    """Add a class of stages to the table: from then on text, builder, values, spectra and costs know it. `InvalidArgument` for a name that is taken."""
    if not stage.name.isidentifier() or stage.place not in ("between", "readout"):
        rule = 'needs an identifier as its name, and the place "between" or "readout"'
        raise InvalidArgument("stage", rule, f"they are {stage.name!r} and {stage.place!r}")
    if stage.name in STAGES or any(hasattr(kind, stage.name) for kind in (PairKernel, Kernel)):
        raise InvalidArgument("stage", "must have a name of its own", f"{stage.name!r} is taken")
    STAGES[stage.name] = stage
    setattr(_Chain, stage.name, _method(stage))

    def undo() -> None:
        if STAGES.get(stage.name) is stage:
            del STAGES[stage.name]
            delattr(_Chain, stage.name)

    return Registration(stage, undo)


for _kind in STAGES.values():
    if _kind.place != "first":
        setattr(_Chain, _kind.name, _method(_kind))


def embedding(token: object, position: object = 0, constant: object = 0) -> PairKernel:
    """The base kernel token [x_a = y_b] + position [a = b] + constant.

    The first two are variances: nonnegative exact numbers, SymPy expressions or formulas' text. The constant may be negative as far as constant >=
    -(token/v + position/L), which is tested when the sizes are known.

    ``token`` may be a symmetric positive semidefinite matrix C of v rows, the covariance of the letters 0..v-1: C[x_a, y_b] stands in the place of
    token [x_a = y_b]. v is known then, and other letters are refused.

    Args:
        token: the variance of the letters' vectors, or the covariance C, a symmetric matrix of v rows.
        position: the variance of the positions' vectors; 0 for an embedding that does not know positions.
        constant: what is added to every entry; the only one that may be negative.

    Returns:
        A pipeline to go on with, by ``.attention()``, ``.mean_pool()`` and the other stages.

    Raises:
        InvalidArgument: a negative variance.
        InvalidType: a float, which is no exact number.
        FormulaError: a formula that cannot be read.
        SymmetryError: a position kernel that depends on the distance, or a matrix that is not symmetric.
        NotPositive: a matrix that is not positive semidefinite, with the vector that shows it.

    >>> print(embedding("alpha", "1/2"))
    embedding(alpha, 1/2)
    >>> k = embedding([[1, "1/2"], ["1/2", 2]]).mean_pool()
    >>> k((0, 1), (1, 1))
    5/4
    """
    with explained(token, position, constant):
        return PairKernel((Embedding(token, position, constant),))


def from_vectors(vectors: object, position: object = 0, constant: object = 0) -> PairKernel:
    """The base kernel E_t . E_u / d + position [a = b] + constant of word vectors, t = x_a and u = y_b.

    The covariance of letters is E E^T / d: the scalar product of the vectors over their number of entries, as one layer of a wide network
    sees it. Entries are exact numbers, or floats, which are taken as the dyadic numbers that they are.

    Args:
        vectors: E, an array, data frame or nested list (v, d), one row for each letter 0..v-1.
        position: the variance of positions, as in `embedding`.
        constant: the constant, as in `embedding`.

    Returns:
        A pipeline to go on with, whose vocabulary is v.

    Raises:
        InvalidType: entries that are no real numbers.
        SizeMismatch: rows of unequal length.
        TooLarge: v letters whose covariance does not fit into memory.

    >>> from_vectors([[1.0, 0.5], [0, 1], [1, -1]])
    embedding([['5/8', '1/4', '1/4'], ['1/4', '1/2', '-1/2'], ['1/4', '-1/2', 1]])
    """
    return PairKernel((Embedding(LetterCovariance.of_vectors(vectors), position, constant),))
