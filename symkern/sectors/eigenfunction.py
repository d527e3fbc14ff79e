r"""Eigenfunctions of a sector, and the functions in which its block is written, as functions on sequences.

Both are one vector of S^mu tensor S^kappa: the positions from |mu| on (the *bulk*) can be permuted without changing them. The group moves
them to the other vectors, x -> phi(g x); `SectorFunction.moved` does that. Values are exact: SymPy expressions for
eigenvalues of degree one and two, with hyperparameters kept as symbols where they are; a `Ball` above
that and where the block is one of balls. The scale of an eigenfunction is arbitrary.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.permutation import read_permutation
from symkern.errors import (
    BelowThreshold,
    InvalidArgument,
    InvalidType,
    NoClosedForm,
    SizeMismatch,
    displayed,
)
from symkern.exact import AlgebraicNumber, Ball, Branch, exact_expression
from symkern.kernels.evaluation import named
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.sectors.realisation import Realisation
from symkern.sectors.sector import Sector
from symkern.sectors.spaces import SectorSpace
from symkern.typeset import formula_latex
from symkern.typeset.document import PAGE
from symkern.typeset.line_breaks import broken_latex
from symkern.typeset.numerals import decimal
from symkern.typeset.shown import Shown, Written, displays
from symkern.typeset.tex import formula_display, latex_width


@dataclass(frozen=True, repr=False)
@typed
class SectorFunction(Written):
    """A function on sequences from a sector's multiplicity space; ask `Sector.functions` or `Sector.basis` for them.

    ``f(x)`` is the value at a sequence of tokens 0..v-1. Where the sector is symbolic, L is the length of x, ``vocabulary`` gives v,
    and hyperparameters are keyword arguments or stay symbols.

    >>> from symkern.kernels import embedding, uniform
    >>> spec = embedding(1, 1).flatten().spectrum(length=4, tokens=uniform(2))
    >>> [e] = spec.sector([1]).functions()
    >>> e((0, 1, 1, 1)), e((1, 1, 0, 0)), e.moved(positions=(1, 0, 2, 3))((0, 1, 1, 1))
    (2, -4/3, -2/3)
    """

    _space: SectorSpace
    index: int

    @property
    def sector(self) -> Sector:
        """Where the function lives."""
        return self._space.sector

    def __call__(
        self, x: Sequence[int], *, vocabulary: object = None, **parameters: object
    ) -> sp.Expr | Ball:
        """f(x) at a sequence of tokens."""
        word = _tokens(x)
        values, v = self._settings(len(word), vocabulary, parameters)
        for i, t in enumerate(word):
            if t >= v:
                raise InvalidArgument(
                    f"x[{i}]", f"must be a token below {v}", f"it is {displayed(t)}"
                )
        self._space.realisation.check(word)
        found: sp.Expr | Ball = self._coordinates(values).combine(
            self._space.realisation.at(word, v)
        )
        return found

    def _coordinates(self, values: Mapping[sp.Symbol, Any]) -> Any:
        return self._space.unit(self.index, values)

    def _settings(
        self, length: int, vocabulary: object, parameters: Mapping[str, object]
    ) -> tuple[dict[sp.Symbol, Any], int]:
        values, v = size_values(self._space.realisation, length, vocabulary)
        least = self.sector.valid_for
        for name, symbol, size in (("L", CONTEXT_LENGTH, length), ("v", VOCABULARY, v)):
            if symbol in values and size < least.get(name, 0):
                raise BelowThreshold(
                    "x" if name == "L" else "vocabulary",
                    f"the sector is whole from {name} = {least[name]} on; "
                    "Spectrum.evaluate gives the spectrum below",
                    f"{name} is {size}",
                )
        known = {s.name: s for s in self._space.symbols if s not in (CONTEXT_LENGTH, VOCABULARY)}
        for name, value in parameters.items():
            values[named(name, known)] = exact_expression(value, name)
        return values, v

    @typed
    def values(
        self,
        length: object = None,
        vocabulary: object = None,
        *,
        numeric: bool = False,
        **parameters: object,
    ) -> np.ndarray:
        """The values at all v^L sequences (all L! for distinct tokens) in lexicographic order.

        Args:
            length: a positive integer, where the sector has the symbol L.
            vocabulary: a positive integer, where the sector has the symbol v.
            numeric: as floats.
            **parameters: hyperparameters by name, exact numbers.

        Raises:
            TooLarge: what does not fit in memory.
        """
        realisation = self._space.realisation
        if length is None and isinstance(realisation.length, int):
            length = realisation.length
        size = read_integer(length, "length", minimum=1)
        settings, v = self._settings(size, vocabulary, parameters)
        number = realisation.number(size, v)
        require_bytes(f"the values at {number} sequences", 40 * number)
        coordinates = self._coordinates(settings)
        table = realisation.table(size, v)
        if numeric:
            scaled = coordinates.floats() / np.array([float(d) for d in table.denominators])
            found = np.tensordot(scaled, table.numerators.astype(float), 1)
        else:
            found = coordinates.combine_table(table)
        return np.asarray(found[realisation.places(size, v)])

    def moved(
        self, positions: Sequence[int] | None = None, tokens: Sequence[int] | None = None
    ) -> MovedFunction:
        """x -> f(y) with y_a = tokens[x[positions[a]]]: another vector of the same irrep, with the same eigenvalue.

        Args:
            positions: a permutation of 0..L-1 in one-line form; None leaves them in place.
            tokens: a permutation of 0..v-1; None leaves them as they are.

        Raises:
            InvalidArgument: the position that is read is moved, or the law tells the tokens apart.
        """
        if tokens is not None and self.sector.token_irrep is None:
            rule = "may be relabelled only where the law is symmetric in them"
            raise InvalidArgument("tokens", rule, "it is not")
        order = None if positions is None else read_permutation(positions, "positions")
        if order and self._space.realisation.star and order[-1] != len(order) - 1:
            rule = "must leave the last one, which is read, in its place"
            raise InvalidArgument("positions", rule, f"it is {displayed(order)}")
        names = None if tokens is None else read_permutation(tokens, "tokens")
        return MovedFunction(self, order, names)

    def _labels(self) -> str:
        kappa = self.sector.token_irrep
        return f"mu = {self.sector.position_irrep}" + (
            "" if kappa is None else f", kappa = {kappa}"
        )

    def __repr__(self) -> str:
        return f"<basis function {self.index} of the sector {self._labels()}>"

    @displays
    def latex(self) -> str:
        """What the function is, for math mode."""
        return rf"e_{{{self.index + 1}}} \in {_irreps(self.sector)}"

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


class Eigenfunction(SectorFunction):
    """An eigenfunction: T phi = ``eigenvalue`` phi. Ask `Sector.basis` for them; called like every `SectorFunction`.

    >>> from symkern.abc import L
    >>> from symkern.kernels import embedding, uniform
    >>> spec = embedding("alpha", "beta").attention().mean_pool().spectrum(length=L, tokens=uniform(2))
    >>> phi = spec.sector([1], [1]).basis()[0]
    >>> phi((0, 1, 1, 0, 1)), phi.moved(positions=(1, 0, 2, 3, 4))((0, 1, 1, 0, 1))
    (3/2, -1)
    """

    @property
    def eigenvalue(self) -> sp.Expr | AlgebraicNumber | Ball | Branch:
        """The eigenvalue, as in `Sector.eigenvalues`."""
        return self.sector.eigenvalues[self.index]

    def _coordinates(self, values: Mapping[sp.Symbol, Any]) -> Any:
        return self._space.eigenvector(self.index, values)

    @property
    def coordinates(self) -> tuple[sp.Expr | Ball, ...]:
        """Its coordinates in `Sector.functions`, with the sector's symbols."""
        return tuple(self._space.written(self.index))

    def __repr__(self) -> str:
        value = decimal(self.eigenvalue)
        what = value if len(value) <= 60 else f"eigenvalue number {self.index}"
        return f"<eigenfunction of {what} in the sector {self._labels()}>"

    @typed
    def latex(self, *, display: bool = False, width: float = PAGE) -> str:
        """The irreps, and the coordinates in the basis of the block where they have a written form.

        Args:
            display: set long coordinates below, in lines.
            width: of these lines, in em.
        """
        try:
            listed = self.coordinates
        except NoClosedForm:
            return rf"\varphi_{{{self.index + 1}}} \in {_irreps(self.sector)}"
        terms, below = [], []
        for j, c in enumerate(listed, 1):
            if isinstance(c, sp.Expr) and c == 0:
                continue
            if display and isinstance(c, sp.Expr) and latex_width(c) > width / 2:
                terms.append(rf"c_{{{j}}} e_{{{j}}}")
                below.append(formula_display(c, f"c_{{{j}}}", width=width))
                continue
            text = formula_latex(c) if isinstance(c, sp.Expr) else c.latex()
            terms.append(f"e_{{{j}}}" if c == 1 else rf"\left({text}\right) e_{{{j}}}")
        head = (
            rf"\varphi_{{{self.index + 1}}} = {' + '.join(terms) or '0'} \in {_irreps(self.sector)}"
        )
        if not display:
            return head
        lines = [_lines_of(broken_latex(head, width)), *map(_lines_of, below)]
        if not below:
            return broken_latex(head, width)
        return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


def _lines_of(latex: str) -> str:
    """The lines of an aligned display, or of a formula that needs none."""
    if not latex.startswith(r"\begin{aligned}"):
        return f"& {latex}"
    return latex.removeprefix("\\begin{aligned}\n").removesuffix("\n\\end{aligned}")


@dataclass(frozen=True, repr=False)
@typed
class MovedFunction(Shown):
    """x -> f(y), y_a = tokens[x[positions[a]]]."""

    function: SectorFunction
    positions: tuple[int, ...] | None
    tokens: tuple[int, ...] | None

    def __call__(
        self, x: Sequence[int], *, vocabulary: object = None, **parameters: object
    ) -> sp.Expr | Ball:
        """The value on a sequence, as of the function itself."""
        word = _tokens(x)
        if self.positions is not None:
            if len(self.positions) != len(word):
                raise SizeMismatch(
                    "x", f"must have the length {len(self.positions)} of positions", f"it has {len(word)}"
                )  # fmt: skip
            word = tuple(word[a] for a in self.positions)
        if self.tokens is not None:
            if max(word) >= len(self.tokens):
                rule = f"must hold tokens below {len(self.tokens)}"
                raise InvalidArgument("x", rule, f"it holds {max(word)}")
            word = tuple(self.tokens[t] for t in word)
            vocabulary = len(self.tokens) if vocabulary is None else vocabulary
        return self.function(word, vocabulary=vocabulary, **parameters)

    def __repr__(self) -> str:
        return f"{self.function!r}.moved(positions={self.positions}, tokens={self.tokens})"


def sector_functions(sector: Sector) -> tuple[SectorFunction, ...]:
    """The functions e_1, ..., e_m on sequences in which ``block`` is written: T e_j = sum_i block[i, j] e_i."""
    space = SectorSpace.of(sector)
    return tuple(SectorFunction(space, j) for j in range(sector.multiplicity))


def eigenfunctions(sector: Sector) -> tuple[Eigenfunction, ...]:
    """One eigenfunction for each entry of ``eigenvalues``, which can be called on a sequence.

    Each is one vector of an irrep; moving positions and tokens (``phi.moved``) spans all ``dimension`` of them.

    >>> from symkern.abc import L, v
    >>> from symkern.kernels import embedding, uniform
    >>> spec = embedding("alpha").mean_pool().spectrum(length=L, tokens=uniform(v))
    >>> [phi] = spec.sector([], [1]).basis()
    >>> phi.eigenvalue, phi((0, 0, 2), vocabulary=5), phi((2, 1, 1), vocabulary=5)
    (alpha/(L*v), 10/3, -10/3)
    """
    space = SectorSpace.of(sector)
    return tuple(Eigenfunction(space, j) for j in range(sector.multiplicity))


def size_values(
    realisation: Realisation, length: int, vocabulary: object
) -> tuple[dict[sp.Symbol, Any], int]:
    """What L and v are at a sequence's length, and the vocabulary as a number."""
    values: dict[sp.Symbol, Any] = {}
    if isinstance(realisation.length, int):
        if length != realisation.length:
            rule = f"must have the length {realisation.length} of the spectrum"
            raise SizeMismatch("x", rule, f"it has {displayed(length)}")
    else:
        values[CONTEXT_LENGTH] = _solved(realisation.length, CONTEXT_LENGTH, length, "x")
    law = realisation.vocabulary
    size = law if isinstance(law, int) else law.subs(values)
    if isinstance(size, int) or size.is_Integer:
        known = int(size)
        if vocabulary is not None and read_integer(vocabulary, "vocabulary", minimum=1) != known:
            raise SizeMismatch(
                "vocabulary", f"is {known} in this spectrum", f"it is {displayed(vocabulary)}"
            )
        if not isinstance(law, int) and law == VOCABULARY:
            values[VOCABULARY] = known
        return values, known
    if vocabulary is None:
        rule = "must be given, since the spectrum is symbolic in it"
        raise InvalidArgument("vocabulary", rule, "it is None")
    number = read_integer(vocabulary, "vocabulary", minimum=1)
    values[VOCABULARY] = _solved(size, VOCABULARY, number, "vocabulary")
    return values, number


def _solved(formula: sp.Expr, symbol: sp.Symbol, value: int, argument: str) -> int:
    if formula == symbol:
        return value
    found = [n for n in sp.solve(formula - value, symbol) if n.is_Integer and n > 0]
    if not found:
        raise InvalidArgument(
            argument, f"its size must be of the form {formula}", f"it is {displayed(value)}"
        )
    return int(found[0])


def _tokens(x: Any) -> tuple[int, ...]:
    if isinstance(x, str) or not hasattr(x, "__len__") or not hasattr(x, "__getitem__"):
        raise InvalidType("x", "must be a sequence of tokens 0, 1, 2, ...", x)
    word = tuple(
        read_integer(t, f"x[{i}]", minimum=0) for i, t in enumerate(read_list(x, "x", "tokens"))
    )
    if not word:
        raise InvalidArgument("x", "must have at least one token", "it is empty")
    return word


def _irreps(sector: Sector) -> str:
    labels = [irrep for irrep in (sector.position_irrep, sector.token_irrep) if irrep is not None]
    shown = (f"({','.join(map(str, mu))})" if mu else r"\varnothing" for mu in labels)
    return r" \otimes ".join(f"S^{{{label}}}" for label in shown)
