r"""The windows of a law with memory, shuffled: Pbar(x) = 1/L! sum_g P(g x), finitely exchangeable, known by its types.

    Pbar(counts = n) = [s^n] pi D(s) (A D(s))^{L-1} 1,      D(s) = sum_t s_t diag(E[:, t]),

by dynamic programming over counts with one number for each hidden state, in integers over a common denominator: O(L C(L+v-1, v-1) (h^2 + h v)).
Training on shuffled windows is training under Pbar; expectations of functions of the counts are the same under both laws.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import comb, lcm
from typing import Any, ClassVar

import sympy as sp

from symkern.combinatorics.memory import require_bytes
from symkern.errors import InvalidType, NoClosedForm
from symkern.limits import check_time, within_time
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.tokens.hidden_markov import HiddenMarkov
from symkern.tokens.law import Law
from symkern.tokens.letter_counts import orders, read_counts
from symkern.tokens.probability_formulas import conditions, require_generic
from symkern.tokens.sizes import Size
from symkern.typeset import formula_latex, formula_text
from symkern.typeset.shown import displays


@dataclass(frozen=True)
@typed
class Symmetrised(Law):
    """Windows of ``length`` letters from a chain, each shuffled uniformly."""

    chain: HiddenMarkov
    length: int
    name: ClassVar[str] = "symmetrised"

    @property
    def vocabulary(self) -> int:
        """Number of letters."""
        return self.chain.vocabulary

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """The symbols of the chain."""
        return self.chain.parameters

    @typed
    def at(self, **values: object) -> Symmetrised:
        """The law with numbers in the place of symbols of the chain.

        Args:
            **values: the name of a symbol with an exact number or a formula.
        """
        return Symmetrised(self.chain.at(**values), self.length)

    @cached_property
    def _chances(self) -> dict[tuple[int, ...], Any]:
        weights = symbolic_type_weights if self.parameters else type_weights
        return weights(self.chain, self.length)

    @typed
    def type_probability(self, counts: Sequence[int]) -> Fraction:
        """The probability of these counts, which shuffling does not change.

        Args:
            counts: how often each letter occurs.

        >>> from symkern.kernels import markov
        >>> symmetrised(markov([["3/4", "1/4"], ["1/4", "3/4"]]), 6).type_probability((3, 3))
        Fraction(89, 512)
        """
        self.require_numbers()
        return Fraction(self._chances.get(read_counts(counts, self.vocabulary), 0))

    def symbolic_sequence_probability(self, counts: Sequence[int]) -> Any:
        """The probability of one sequence with these counts, in the field of the chain where that has symbols."""
        if not self.parameters:
            return self.sequence_probability(counts)
        known = read_counts(counts, self.vocabulary)
        return self._chances.get(known, self.chain.field.zero) / orders(known)

    @typed
    def probability(self, x: Sequence[int]) -> Fraction | sp.Expr:
        """P(x), exact: a Fraction, or a formula where the chain has symbols.

        Args:
            x: letters from 0 to the vocabulary less one, as many as the windows have.

        Raises:
            SizeMismatch: another length.

        >>> from symkern.kernels import markov
        >>> symmetrised(markov([["1-lam", "lam"], ["lam", "1-lam"]]), 3).probability((0, 1, 0))
        lam*(2 - lam)/6
        """
        if not self.parameters:
            return super().probability(x)
        self.require_length(len(x))
        letters = [read_integer(t, f"x[{a}]", maximum=self.vocabulary - 1) for a, t in enumerate(x)]
        counts = [letters.count(t) for t in range(self.vocabulary)]
        return self.symbolic_sequence_probability(counts).to_sympy()

    def _require_total(self, length: int | sp.Expr) -> None:
        """Nothing: the rows of the chain sum to 1."""

    def __repr__(self) -> str:
        return f"symmetrised({self.chain!r}, {self.length})"

    def __str__(self) -> str:
        return f"shuffled windows of {self.length} letters, {self.chain}{self._where(formula_text)}"

    @displays
    def latex(self) -> str:
        """The law as LaTeX prose."""
        return f"shuffled windows of {self.length} letters, {self.chain.latex()}{self._where(formula_latex, '$')}"

    def _where(self, written: Callable[[sp.Expr], str], around: str = "") -> str:
        """Where the formulas of the chain are probabilities."""
        if not self.parameters:
            return ""
        rows = (self.chain.start, *self.chain.transitions, *self.chain.emissions)
        return f" ({around}{conditions(sum(rows, ()), written)}{around}, generic)"

    @typed
    def claim(self, length: int | sp.Expr) -> dict[str, Any]:
        """The types, as those of `symkern.kernels.exchangeable`."""
        self.require_numbers()
        listed = [[list(counts), str(p)] for counts, p in sorted(self._chances.items()) if p]
        return {"kind": "exchangeable", "types": listed}


def symmetrised(law: Law | HiddenMarkov, length: object) -> Law:
    """The law of windows of ``length`` letters of a chain, each shuffled: P averaged over the permutations of the positions.

    Args:
        law: a chain, or a mixture of chains; a law that no permutation changes is its own answer.
        length: the number of positions, an integer.

    Returns:
        A law of tokens, exact, which the engines take.

    Raises:
        NoClosedForm: the length is a symbol.
        InvalidArgument: a formula of the chain is no probability at the generic point.
        SizeMismatch: the law has another length.

    >>> from symkern.kernels import markov, uniform
    >>> law = symmetrised(markov([["3/4", "1/4"], ["1/4", "3/4"]]), 2)
    >>> law.probability((0, 1)), law.probability((0, 0)), uniform(2).symmetrised(5)
    (Fraction(1, 8), Fraction(3, 8), uniform(2))
    """
    if isinstance(law, Law):
        law.require_length(Size.read(length, "length").value)
        return law
    if not isinstance(law, HiddenMarkov):
        raise InvalidType("law", "must be a law of tokens or a chain", law)
    if isinstance(length, sp.Expr) and length.free_symbols:
        raise NoClosedForm(
            f"length: windows of {law!r} are shuffled at a given length, for example length=16"
        )
    size = read_integer(length, "length", minimum=1)
    for row in (law.start, *law.transitions, *law.emissions):
        require_generic(row, "tokens")
    return Symmetrised(law, size)


def type_weights(law: HiddenMarkov, length: int) -> dict[tuple[int, ...], Fraction]:
    """The probabilities of the counts of the letters in windows of a chain, exact.

    >>> from symkern.kernels import markov
    >>> type_weights(markov([["3/4", "1/4"], ["1/4", "3/4"]]), 2)
    {(2, 0): Fraction(3, 8), (1, 1): Fraction(1, 4), (0, 2): Fraction(3, 8)}
    """
    size = read_integer(length, "length", minimum=1)
    law.require_numbers("where windows are counted")
    start, moves, shown = law.numbers
    letters, states = law.vocabulary, law.states
    first, step = _whole(start), [_whole(row) for row in moves]
    below = lcm(*(d for _, d in step))
    rows = [[e * (below // d) for e in row] for row, d in step]
    outer = [_whole(row) for row in shown]
    under = lcm(*(d for _, d in outer))
    emitted = [[e * (under // d) for e in row] for row, d in outer]
    bits = size * (below.bit_length() + under.bit_length()) + first[1].bit_length()
    types = comb(size + letters - 1, letters - 1)
    require_bytes("the types of the shuffled windows", types * states * (bits // 8 + 150))
    # Counts of all letters but the last are the key: the last one follows from the position.
    layer: dict[tuple[int, ...], list[int]] = {(0,) * (letters - 1): first[0]}
    columns = [[emitted[i][t] for i in range(states)] for t in range(letters)]
    with within_time("the types of the shuffled windows", "shorter windows or fewer letters take less"):  # fmt: skip
        for position in range(size):
            found: dict[tuple[int, ...], list[int]] = {}
            for counts, row in layer.items():
                check_time()
                if position:
                    row = [sum(row[i] * rows[i][j] for i in range(states)) for j in range(states)]
                for t, column in enumerate(columns):
                    new = [a * e for a, e in zip(row, column, strict=True)]
                    key = counts if t == letters - 1 else (*counts[:t], counts[t] + 1, *counts[t + 1 :])  # fmt: skip
                    old = found.get(key)
                    found[key] = new if old is None else [a + b for a, b in zip(old, new, strict=True)]  # fmt: skip
            layer = found
    whole = first[1] * below ** (size - 1) * under**size
    return {
        (*counts, size - sum(counts)): Fraction(sum(row), whole)
        for counts, row in sorted(layer.items(), reverse=True)
    }


def symbolic_type_weights(law: HiddenMarkov, length: int) -> dict[tuple[int, ...], Any]:
    """The same for a chain with symbols, in its field.

    >>> from symkern.kernels import markov
    >>> symbolic_type_weights(markov([["1-lam", "lam"], ["lam", "1-lam"]]), 2)[2, 0].to_sympy()
    1/2 - lam/2
    """
    size = read_integer(length, "length", minimum=1)
    start, moves, shown = law.numbers
    letters, states, zero = law.vocabulary, range(law.states), law.field.zero
    layer: dict[tuple[int, ...], list[Any]] = {(0,) * letters: start}
    with within_time("the types of the shuffled windows", "shorter windows, fewer letters or numbers take less"):  # fmt: skip
        for position in range(size):
            found: dict[tuple[int, ...], list[Any]] = {}
            for counts, row in layer.items():
                check_time()
                if position:
                    row = [sum((row[i] * moves[i][j] for i in states), zero) for j in states]
                for t in range(letters):
                    key = (*counts[:t], counts[t] + 1, *counts[t + 1 :])
                    old = found.get(key, [zero] * law.states)
                    found[key] = [a + p * shown[i][t] for i, (a, p) in enumerate(zip(old, row, strict=True))]  # fmt: skip
            layer = found
    return {counts: sum(row, zero) for counts, row in layer.items() if sum(row, zero)}


def _whole(row: Sequence[Fraction]) -> tuple[list[int], int]:
    """Integers over a common denominator."""
    below = lcm(*(p.denominator for p in row))
    return [int(p * below) for p in row], below


def shuffled(tokens: object, length: object) -> object:
    """A chain as the law of its shuffled windows, which spectra are derived for; everything else as it is.

    >>> from symkern.kernels import markov, uniform
    >>> shuffled(uniform(2), 3), shuffled(markov([[1, 0], [1, 0]]), 2)
    (uniform(2), symmetrised(markov([['1', '0'], ['1', '0']]), 2))
    """
    return symmetrised(tokens, length) if isinstance(tokens, HiddenMarkov) else tokens
