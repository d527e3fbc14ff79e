r"""Token laws: the distribution P of a sequence x_1 ... x_L of letters 0..v-1, invariant under permutations of the positions.

Such a law is known by its **types**. With n = (n_0, ..., n_{v-1}) the counts of the letters and |n| = L,

    P(counts = n) = L!/(n_0! ... n_{v-1}!) P(x),      x any one sequence with the counts n,

the left side `Law.type_probability`, the factor P(x) `Law.sequence_probability`. Mixtures of independent tokens, sum_i w_i p_i^{(x) L} (de Finetti), exist
at every length at once; there P(x) at length J is also E prod_t (n_t)_{j_t} / (L)_J with |j| = J, for every L >= J: the factorial moments of the counts.

A law from outside the package is a class with a ``vocabulary`` and a ``type_probability``, or `Law.components` where it is such a mixture (and a
``length`` where it has one only); everything else follows from these, and is overridden where more is known. Laws are immutable, hashable and picklable, and ``eval(repr(law)) == law``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import comb
from numbers import Rational
from operator import index
from typing import TYPE_CHECKING, Any, ClassVar

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.combinatorics.memory import require_bytes
from symkern.doors import LawDoors, drawable
from symkern.errors import Advice, InvalidArgument, InvalidType, SizeMismatch, displayed
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import require_short
from symkern.tokens.letter_counts import orders, power_product, read_counts, types
from symkern.tokens.sizes import Size
from symkern.typeset.shown import Written, displays

#: (weight, probabilities of the letters) of laws of independent tokens; None in the place of equal probabilities.
Components = tuple[tuple[Fraction, tuple[Fraction, ...] | None], ...]
#: The same where weights and probabilities may be rational functions of symbols.
SymbolicComponents = tuple[tuple[Any, tuple[Any, ...] | None], ...]


class _AnyLength:
    """``length`` of a law that has sequences of every length: None on its instances, and no default for a field of that name."""

    def __get__(self, law: Law | None, owner: type[Law]) -> None:
        if law is None:
            raise AttributeError("length")


@drawable
class Law(LawDoors, Written):
    """A distribution of sequences that does not change when positions are permuted.

    Attributes that a class sets: ``vocabulary``, the number of letters (an int or one of the symbols v and L); ``length``, the only length that the law
    has, None where it has all; ``name``, by which its text begins; ``letters_repeat``, False where no letter occurs twice;
    ``symmetric_letters``, True where the law is known not to change when letters are permuted; ``parameters``, the symbols in its probabilities where
    there are some, which engines then take by `symbolic_components` and `symbolic_sequence_probability`.
    """

    name: ClassVar[str] = ""
    letters_repeat: ClassVar[bool] = True
    symmetric_letters: ClassVar[bool] = False

    if TYPE_CHECKING:

        @property
        def parameters(self) -> tuple[sp.Symbol, ...]:
            """The symbols in its probabilities."""

        @property
        def vocabulary(self) -> int | sp.Expr:
            """Number of letters."""

        @property
        def length(self) -> int | None:
            """The length of the sequences, None where there are sequences of every length."""
    else:
        length = _AnyLength()
        parameters = ()

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        if "name" not in cls.__dict__:
            cls.name = cls.__name__

    # -- probabilities ------------------------------------------------------------------

    @typed
    def type_probability(self, counts: Sequence[int]) -> Fraction:
        """The probability that the letters occur with these counts, in whatever order.

        Args:
            counts: how often each letter 0..v-1 occurs; their sum is the length.

        >>> from symkern.kernels import categorical
        >>> categorical(["1/3", "2/3"]).type_probability((1, 2))
        Fraction(4, 9)
        """
        chance = self.sequence_probability(counts)
        return orders([index(n) for n in counts]) * chance

    @typed
    def sequence_probability(self, counts: Sequence[int]) -> Fraction:
        """The probability of any one sequence with these counts of letters: that of the type over its number of orders, or sum_i w_i prod_t p_it^(n_t).

        Args:
            counts: how often each letter 0..v-1 occurs; their sum is the length.

        >>> from symkern.kernels import categorical
        >>> categorical(["1/3", "2/3"]).sequence_probability((1, 2))
        Fraction(4, 27)
        """
        known = read_counts(counts, self.given_vocabulary(sum(counts)))
        if type(self).type_probability is not Law.type_probability:
            return _exact(self, self.type_probability(known)) / orders(known)
        parts = self.components()
        if parts is None:
            raise InvalidType("tokens", "must be a law that defines type_probability", self)
        alike = Fraction(1, len(known))
        return sum(
            (
                weight * (power_product((alike,), (sum(known),)) if p is None else power_product(p, known))
                for weight, p in parts
            ),
            start=Fraction(0),
        )  # fmt: skip

    def symbolic_sequence_probability(self, counts: Sequence[int]) -> Any:
        """`sequence_probability` for those who compute with symbols in the probabilities: an element of Q(parameters) where the law has some."""
        return self.sequence_probability(counts)

    @typed
    def probability(self, x: Sequence[int]) -> Fraction | sp.Expr:
        """P(x), exact.

        Args:
            x: the letters of a sequence, integers from 0 to the vocabulary less one.

        Returns:
            The probability as a Fraction.

        Raises:
            SizeMismatch: the law has no sequences of this length.

        >>> from symkern.kernels import distinct, mixture, uniform, categorical
        >>> distinct().probability((2, 0, 1)), uniform(2).probability((0, 1, 1))
        (Fraction(1, 6), Fraction(1, 8))
        """
        letters = tuple(x)
        self.require_length(len(letters))
        size = self.given_vocabulary(len(letters))
        counts = [0] * size
        for a, t in enumerate(letters):
            counts[read_integer(t, f"x[{a}]", maximum=size - 1)] += 1
        return self.sequence_probability(counts)

    # -- structure ----------------------------------------------------------------------

    def components(self) -> Components | None:
        """The law as a mixture of laws of independent tokens, ((w_i, p_i), ...); None where it is none.

        Weights are positive; p_i is None where all letters are equally likely, which is so for symbols v too.
        """
        return None

    def symbolic_components(self) -> SymbolicComponents | None:
        """`components` for those who compute with symbols in the probabilities: elements of Q(parameters) where the law has some."""
        return self.components()

    def at(self, **values: object) -> Law:
        """The law with numbers in the place of the symbols in its probabilities, of which it has none unless its class says so.

        Args:
            **values: the name of a symbol with an exact number.

        Raises:
            InvalidArgument: the law has no such symbol.
        """
        for name in values:
            raise InvalidArgument(name, "must be a symbol of the law", f"{self!r} has none")
        return self

    @typed
    def require_numbers(self, purpose: str = "here") -> None:
        """Refuse symbols in the probabilities, with what sets them; ``purpose`` ends the rule."""
        if self.parameters:
            names = ", ".join(map(str, self.parameters))
            advice = Advice(example=tuple((str(s), '"1/3"') for s in self.parameters))
            rule = f"must have numbers as probabilities {purpose}"
            found = f"they hold {names}; give values, for example {advice}"
            raise InvalidArgument("tokens", rule, found).advising(advice)

    @property
    def is_independent(self) -> bool:
        """Whether the tokens are independent."""
        parts = self.symbolic_components()
        return parts is not None and len(parts) == 1

    @property
    def is_uniform(self) -> bool:
        """Whether the law is `uniform`, so that sectors have irreps of the letters; `has_equal_letters` asks for the distribution."""
        return self.symbolic_components() == ((Fraction(1), None),)

    @property
    def has_equal_letters(self) -> bool:
        """Whether the tokens are independent and uniform, be it as `uniform` or with equal probabilities written one by one."""
        parts = self.symbolic_components()
        return parts is not None and len(parts) == 1 and len(set(parts[0][1] or ())) < 2

    def letter_probabilities(self) -> tuple[Fraction, ...]:
        """The distribution p of one token, where tokens are independent and the vocabulary is a number.

        Raises:
            InvalidType: the tokens are not independent.
            InvalidArgument: the vocabulary is a symbol.

        >>> from symkern.kernels import uniform
        >>> uniform(3).letter_probabilities()
        (Fraction(1, 3), Fraction(1, 3), Fraction(1, 3))
        """
        parts = self.components()
        if parts is None or len(parts) > 1:
            rule = "must be a law of independent tokens: uniform or categorical"
            raise InvalidType("tokens", rule, self)
        size = self.given_vocabulary()
        return parts[0][1] or (Fraction(1, size),) * size

    def occurring(self) -> tuple[Law, Sequence[int] | None]:
        """The law on the letters that can occur, renamed 0, 1, ..., and those letters (None: all of a symbol v).

        Sequences with another letter have probability 0, so that no function on them has an eigenvalue.

        >>> from symkern.kernels import categorical
        >>> categorical(["1/2", 0, "1/2"]).occurring()
        (categorical(['1/2', '1/2']), (0, 2))
        """
        size = self.vocabulary
        return self, range(size) if isinstance(size, int) else None

    # -- sizes --------------------------------------------------------------------------

    @typed
    def vocabulary_at(self, length: int | sp.Expr) -> int | sp.Expr:
        """The number of letters at a length, which it is where tokens are distinct.

        Args:
            length: a number or the symbol L.

        >>> from symkern.kernels import distinct, uniform
        >>> distinct().vocabulary_at(5), uniform(3).vocabulary_at(5)
        (5, 3)
        """
        size = self.vocabulary
        return length if size == CONTEXT_LENGTH else size

    @typed
    def given_vocabulary(self, length: int | sp.Expr = CONTEXT_LENGTH) -> int:
        """The number of letters where it is a number.

        Args:
            length: a number or the symbol L, which matters where tokens are distinct.

        Raises:
            InvalidArgument: it is a symbol.
        """
        size = self.vocabulary_at(length)
        if not isinstance(size, int):
            raise InvalidArgument("vocabulary", "must be a number here", f"the tokens are {self}")
        return size

    @typed
    def at_sizes(
        self, length: int | sp.Expr | None = None, vocabulary: int | sp.Expr | None = None
    ) -> Law:
        """The law with these sizes in the place of the symbols L and v of its vocabulary; what is None stays a symbol.

        Args:
            length: an integer in the place of L.
            vocabulary: an integer in the place of v.
        """
        return self

    @typed
    def require_length(self, length: int | sp.Expr) -> None:
        """Refuse a length that the law does not have.

        Raises:
            SizeMismatch: the law has one length, and it is another.
            InvalidArgument: probabilities do not sum to 1: those of the components, or of the types where these are few.
        """
        if isinstance(length, int) and self.length not in (None, length):
            raise SizeMismatch(
                "length, tokens",
                "must have one length",
                f"the length is {displayed(length)}, that of {self.name} tokens {displayed(self.length)}",
            )
        self._require_total(length)

    def _require_total(self, length: int | sp.Expr) -> None:
        size, parts = self.vocabulary_at(length), self.components()
        rows: list[Sequence[object]] = []
        if parts is not None:
            rows = [[w for w, _ in parts], *(p for _, p in parts if p is not None)]
        elif (
            isinstance(length, int)
            and isinstance(size, int)
            and comb(length + size - 1, length) <= current().summed_types
        ):
            rows = [[self.type_probability(n) for n in types(length, size)]]
        for row in rows:
            chances = [_exact(self, chance) for chance in row]
            if min(chances) < 0 or sum(chances) != 1:
                rule = "must have probabilities that are not negative and sum to 1"
                raise InvalidArgument("tokens", rule, f"those of {self!r} sum to {sum(chances)}")

    @typed
    def sequences(self, length: int) -> Iterator[tuple[int, ...]]:
        """The sequences on which functions are tabulated, in lexicographic order: all v^L, some of probability 0 perhaps.

        Args:
            length: the number of positions.
        """
        count = read_integer(length, "length", maximum=current().listed_positions)
        letters = range(self.given_vocabulary(count))
        require_short(letters, "tokens", "letters")
        return product(letters, repeat=count)

    @typed
    def sequence_count(self, length: int) -> int:
        """How many these are.

        Args:
            length: the number of positions.

        Raises:
            TooLarge: a count whose digits do not fit in memory.
        """
        size, count = self.given_vocabulary(length), read_integer(length, "length")
        require_bytes("their number", count * (size.bit_length() - 1) // 8)
        return int(size**count)

    # -- writing ------------------------------------------------------------------------

    def text(self) -> str:
        """What the command and JSON documents call the law; `read_law` reads it, given the vocabulary of uniform tokens."""
        return repr(self)

    def __str__(self) -> str:
        return repr(self)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))

    @displays
    def latex(self) -> str:
        """The law as LaTeX prose."""
        shown = repr(self).translate({ord(c): rf"\{c}" for c in "#$%&_{}"})
        return rf"\texttt{{{shown}}}"

    @typed
    def claim(self, length: int | sp.Expr) -> dict[str, Any]:
        """What a certificate says of the law, in the terms of the checker.

        Mixtures of laws of independent tokens by their components; every other law by its types at the given length.

        Args:
            length: a number or a symbol.

        Raises:
            InvalidArgument: a size is a symbol, and the law is no such mixture.
        """
        parts = self.components()
        if parts is not None:
            single = [self._independent_claim(p) for _, p in parts]
            if len(parts) == 1:
                return single[0]
            named = [[str(w), claim] for (w, _), claim in zip(parts, single, strict=True)]
            return {"kind": "mixture", "components": named}
        listed = [
            [list(counts), str(chance)]
            for counts in types(Size(length).number("length"), self.given_vocabulary(length))
            if (chance := _exact(self, self.type_probability(counts)))
        ]
        return {"kind": "exchangeable", "types": listed}

    def _independent_claim(self, p: tuple[Fraction, ...] | None) -> dict[str, Any]:
        if p is None:
            return {"kind": "uniform", "vocabulary": str(self.vocabulary)}
        return {"kind": "categorical", "probabilities": [str(q) for q in p]}


def _exact(law: Law, value: object) -> Fraction:
    """A probability that a law gives, where it is exact."""
    if isinstance(value, (Rational, sp.Rational)) and not isinstance(value, bool):
        return Fraction(value)
    raise InvalidType("tokens", f"must give exact probabilities: {law.name} does not", value)
