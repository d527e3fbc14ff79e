r"""What a stage of a pipeline is: its arguments, where it may stand, and what it does to K_ab(x, y).

A stage is a frozen dataclass with its fields declared by `symkern.kernels.stages.arguments`; its docstring gives its formula and is the
help of the method that chains it. It says what it does in the operations of an algebra (`symkern.kernels.algebras.algebra`):

    action(algebra, K)               the matrix after it, or the number where it is a readout
    after(algebra, k)                the number after it, where it may follow the readout
    in_<algebra>(algebra, K)         instead of `action` in the algebra of that name
    gap(algebra)                     why it has no action in the algebra of that name, None where it has

Most stages are *entrywise*, K'_ab = f(K_ab; K_aa(x, x), K_bb(y, y)): a subclass of `Entrywise` gives f alone, and the degree of f where
f is a polynomial. Values, spectra, degrees, couplings, ranks and costs follow from these; a further stage is one file, and CONTRIBUTING.md
has one whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import MISSING, dataclass, replace
from typing import Any, ClassVar, Self

import sympy as sp

from symkern.abc import x
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.kernels.algebras.algebra import Algebra, EntryMap
from symkern.kernels.algebras.tangents import TangentRun
from symkern.kernels.stages.arguments import arguments_of
from symkern.kernels.stages.equations import State


@dataclass(frozen=True)
class Stage:
    """One stage; base of all.

    ``name`` is how it is spelled; ``place`` is "first", "between" or "readout"; ``after_readout`` says whether it may follow a readout too.
    """

    name: ClassVar[str] = ""
    place: ClassVar[str] = "between"
    after_readout: ClassVar[bool] = False
    #: Whether an entry after it depends on [x_a = y_b] and [a = b] alone where it did before, and on no count.
    keeps_pattern: ClassVar[bool] = False
    #: Whether it reads one position, so that the symmetry that is left is S_{L-1}.
    reads_position: ClassVar[bool] = False
    #: Whether it adds up all pairs of positions, so that tokens alone are seen where no position term comes in.
    pools: ClassVar[bool] = False
    #: Whether nothing may follow it.
    ends: ClassVar[bool] = False
    #: Whether it takes exponentials of the entries.
    takes_exponentials: ClassVar[bool] = False
    #: How many letters there are, 0, 1, ...; None where any will do.
    vocabulary: ClassVar[int | None] = None
    #: Whether tokens are compared by equality alone.
    letters_alike: ClassVar[bool] = True
    #: Whether it lets positions be told apart.
    adds_positions: ClassVar[bool] = False
    #: Whether the reader of certificates has a rule for it; each class says so itself, and what it is a subclass of does not count.
    certified: ClassVar[bool] = False

    def __post_init__(self) -> None:
        for name, kind, _ in arguments_of(self):
            object.__setattr__(self, name, kind.checked(getattr(self, name), name))

    # -- spelling ------------------------------------------------------------------------------

    def _written(self, code: bool) -> str:
        """The arguments without defaults at their end; switches by name, and in Python words too."""
        plain: list[tuple[str, bool]] = []
        named = []
        for name, kind, default in arguments_of(self):
            value = getattr(self, name)
            given = default is MISSING or value != default
            text = kind.code(value) if code else kind.text(value)
            if not kind.by_name:
                plain.append((text, given))
            elif given:
                named.append(f"{name}={text}")
        while plain and not plain[-1][1]:
            plain.pop()
        return ", ".join([*(text for text, _ in plain), *named])

    def __str__(self) -> str:
        written = self._written(code=False)
        return f"{self.name}({written})" if written else self.name

    def call(self) -> str:
        """The stage as a Python call that builds it."""
        return f"{self.name}({self._written(code=True)})"

    def equation(self, states: Sequence[State]) -> str:
        """What it leaves, in LaTeX, of the ``states`` before it, the last of them its own input; empty where its docstring alone says it."""
        return ""

    # -- hyperparameters -----------------------------------------------------------------------

    @property
    def formulas(self) -> dict[str, sp.Expr]:
        """The arguments that are formulas."""
        return {k: e for k, e in vars(self).items() if isinstance(e, sp.Expr)}

    @property
    def parameters(self) -> set[sp.Symbol]:
        """The symbols in them; the variable x of activations is none."""
        return {s for e in self.formulas.values() for s in e.free_symbols} - {x}

    def with_formulas(self, function: Callable[[sp.Expr], sp.Expr]) -> Self:
        """The stage with ``function`` of each formula in its place."""
        return replace(self, **{name: function(e) for name, e in self.formulas.items()})

    def readouts(self) -> Iterator[Stage]:
        """The readouts that it holds."""
        if self.place == "readout":
            yield self

    def among(self, letters: Sequence[int]) -> Stage:
        """The stage where these letters, of those that are given, are all there are."""
        return self

    # -- where it may stand --------------------------------------------------------------------

    def require_place(self, earlier: tuple[Stage, ...]) -> None:
        """Refuse to stand after these stages, none of them a readout."""

    def require_behind(self, earlier: tuple[Stage, ...]) -> None:
        """Refuse to stand after these stages, one of them a readout."""

    def require_sizes(self, length: int | sp.Expr, vocabulary: int | sp.Expr) -> None:
        """Refuse sizes at which the kernel would not be one."""

    # -- what it does --------------------------------------------------------------------------

    def gap(self, algebra: str) -> str | None:
        """Why the stage has no action in the algebra of that name; None where it has."""
        own = hasattr(self, f"in_{algebra}") or type(self).action is not Stage.action
        return None if own else f"there is no rule for it in the algebra of {algebra.replace('_', ' ')}"  # fmt: skip

    @property
    def is_rational(self) -> bool:
        """Whether it takes rational functions of hyperparameters, and of exponentials, to such functions."""
        return True

    def action(self, algebra: Algebra, matrix: Any) -> Any:
        """The matrix after the stage, or the number where it is a readout."""
        raise NotImplementedError

    def after(self, algebra: Algebra, number: Any) -> Any:
        """The number after the stage, behind a readout."""
        raise NotImplementedError

    def tangent(self, run: TangentRun) -> Any:
        """The tangent kernel after the stage (`symkern.kernels.algebras.tangents`)."""
        rule = "must have a tangent rule in every stage before it"
        raise InvalidArgument("ntk", rule, f"{self} has none")

    def tangent_after(self, run: TangentRun) -> Any:
        """The same behind a readout, of numbers."""
        return self.tangent(run)

    def step(self, algebra: Algebra, matrix: Any) -> Any:
        """The state after the stage by its rule for that algebra, or else by `action`."""
        return getattr(self, f"in_{algebra.name}", self.action)(algebra, matrix)

    def certificate(self) -> list[Any]:
        """The stage as a certificate states it; raises `NoClosedForm` where the reader of certificates has no rule for it."""
        if not (self.certified and "certified" in vars(type(self))):
            raise NoClosedForm(
                f"certificate: the checker has no rule for the stage {self}, so that nobody could test the claim; "
                "the spectrum itself and its JSON exist"
            )
        written = {n: k.text(getattr(self, n)) for n, k, _ in arguments_of(self) if n in self.formulas}  # fmt: skip
        return [self.name, {**vars(self), **written}]


class Entrywise(Stage):
    """A stage that maps each entry: f(K_ab), or f(K_ab; K_aa(x, x), K_bb(y, y)) where it ``uses_variances``."""

    after_readout = True
    keeps_pattern = True
    uses_variances: ClassVar[bool] = False
    #: The degree of f in the entry, variances counted as entries too; None where f is no polynomial.
    degree: ClassVar[int | None] = None
    #: How many trained weight matrices it has that its output is linear in.
    weights: ClassVar[int] = 0

    def entry(self, algebra: Algebra) -> EntryMap:
        """f as a function of r = K_ab, p = K_aa(x, x) and q = K_bb(y, y) in the algebra's numbers."""
        raise NotImplementedError

    def slope(self, algebra: Algebra) -> EntryMap:
        """The derivative of f in r alone, by which the tangent kernel is multiplied."""
        rule = "must have a tangent rule in every stage before it"
        raise InvalidArgument("ntk", rule, f"{self} has none")

    def tangent(self, run: TangentRun) -> Any:
        """T f'(K) + weights K'."""
        found = run.tangent.entrywise(run.algebra.slopes(run.before, self))
        for _ in range(self.weights):
            found = found.plus(run.after)
        return found

    def tangent_after(self, run: TangentRun) -> Any:
        """The same of numbers."""
        found = run.tangent * run.algebra.slope_of_number(run.before, self)
        for _ in range(self.weights):
            found = found + run.after
        return found

    @property
    def is_rational(self) -> bool:
        """As polynomials are."""
        return self.degree is not None

    def gap(self, algebra: str) -> str | None:
        """No action on polynomials in the match counts where f is no polynomial."""
        if algebra == "match_counts" and self.degree is None:
            return "its map of the entries is no polynomial"
        return super().gap(algebra)

    def action(self, algebra: Algebra, matrix: Any) -> Any:
        """f at each entry."""
        return algebra.mapped(matrix, self)

    def after(self, algebra: Algebra, number: Any) -> Any:
        """f of the value."""
        return algebra.mapped_number(number, self)


class Readout(Stage):
    """A stage that leaves one number of the matrix."""

    place = "readout"

    def tangent(self, run: TangentRun) -> Any:
        """T read as K is."""
        return self.action(run.algebra, run.tangent)
