"""Token laws: the distribution of a sequence, invariant under permutations of the positions.

* `uniform(v)`: tokens independent and uniform on v letters, v a number or a symbol;
* `categorical(p)`: independent with probabilities p;
* `mixture([(weight, law), ...])`: a law drawn first, then all tokens from it;
* `exchangeable({counts: probability})`: how often each letter occurs is drawn, then their order uniformly;
* `distinct()`: every token of a vocabulary of size L exactly once, in uniform random order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import factorial

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.errors import InvalidArgument, InvalidType
from symkern.exact import exact_expression, exact_size

__all__ = [
    "Categorical",
    "Distinct",
    "Exchangeable",
    "Law",
    "Mixture",
    "Uniform",
    "categorical",
    "distinct",
    "exchangeable",
    "given_vocabulary",
    "mixture",
    "on_support",
    "sequence_probability",
    "uniform",
]


@dataclass(frozen=True)
class Uniform:
    """Independent uniform tokens on ``vocabulary`` letters."""

    vocabulary: int | sp.Expr

    def __repr__(self) -> str:
        return f"uniform({self.vocabulary!r})"

    def __str__(self) -> str:
        return f"i.i.d. uniform on {self.vocabulary} letter{'s' * (self.vocabulary != 1)}"

    def latex(self) -> str:
        """The law as LaTeX prose."""
        return (
            f"i.i.d. uniform on ${sp.latex(self.vocabulary)}$ letter{'s' * (self.vocabulary != 1)}"
        )


@dataclass(frozen=True)
class Categorical:
    """Independent tokens with the given ``probabilities``."""

    probabilities: tuple[sp.Rational, ...]

    @property
    def vocabulary(self) -> int:
        """Number of letters."""
        return len(self.probabilities)

    def __repr__(self) -> str:
        return f"categorical([{', '.join(repr(str(p)) for p in self.probabilities)}])"

    def __str__(self) -> str:
        return f"i.i.d. with probabilities {', '.join(str(p) for p in self.probabilities)}"

    def latex(self) -> str:
        """The law as LaTeX prose."""
        return f"i.i.d. with probabilities ${', '.join(sp.latex(p) for p in self.probabilities)}$"


@dataclass(frozen=True)
class Mixture:
    """A hidden law drawn with the given weights; given it, tokens are independent."""

    components: tuple[tuple[sp.Rational, Uniform | Categorical], ...]

    @property
    def vocabulary(self) -> int | sp.Expr:
        """Number of letters."""
        return self.components[0][1].vocabulary

    def __repr__(self) -> str:
        inner = ", ".join(f"('{weight}', {law!r})" for weight, law in self.components)
        return f"mixture([{inner}])"

    def __str__(self) -> str:
        return "mixture of " + "; ".join(f"{w}: {law}" for w, law in self.components)

    def latex(self) -> str:
        """The law as LaTeX prose."""
        return "mixture of " + "; ".join(
            f"${sp.latex(w)}$: {law.latex()}" for w, law in self.components
        )


@dataclass(frozen=True)
class Exchangeable:
    """A finitely exchangeable law: ``types`` lists (counts of the letters, their probability), all of one length."""

    types: tuple[tuple[tuple[int, ...], sp.Rational], ...]

    @property
    def vocabulary(self) -> int:
        """Number of letters."""
        return len(self.types[0][0])

    @property
    def length(self) -> int:
        """The length of the sequences."""
        return sum(self.types[0][0])

    def __repr__(self) -> str:
        return f"exchangeable({{{', '.join(f'{c}: {str(p)!r}' for c, p in self.types)}}})"

    def __str__(self) -> str:
        return "exchangeable with counts " + ", ".join(f"{c}: {p}" for c, p in self.types)

    def latex(self) -> str:
        """The law as LaTeX prose."""
        return "exchangeable with counts " + ", ".join(
            f"${c}$: ${sp.latex(p)}$" for c, p in self.types
        )


@dataclass(frozen=True)
class Distinct:
    """A uniform random permutation of a vocabulary of size L."""

    def __repr__(self) -> str:
        return "distinct()"

    def __str__(self) -> str:
        return "all tokens distinct, in uniform random order (v = L)"

    def latex(self) -> str:
        """The law as LaTeX prose."""
        return "all distinct, in uniform random order ($v = L$)"


Law = Uniform | Categorical | Mixture | Exchangeable | Distinct


def uniform(vocabulary: object) -> Uniform:
    """Independent uniform tokens; ``vocabulary`` is a positive integer or a symbol, v or L of `symkern.abc`.

    Formulas such as 2 v are refused: "from v = 6 on" would have to be solved for v, sector by sector.

    >>> uniform(3)
    uniform(3)
    >>> uniform(0)
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: vocabulary: must be at least 1, but it is 0
    """
    size = exact_size(vocabulary, "vocabulary")
    if not isinstance(size, int) and size not in (VOCABULARY, CONTEXT_LENGTH):
        raise InvalidArgument(
            "vocabulary",
            "must be a positive integer or one of the symbols v and L of symkern.abc",
            f"it is {size}",
        )
    return Uniform(size)


def _weights(values: Sequence[object], argument: str) -> tuple[sp.Rational, ...]:
    read = []
    for i, value in enumerate(values):
        p = exact_expression(value, f"{argument}[{i}]")
        if not p.is_Rational:
            raise InvalidType(f"{argument}[{i}]", "must be a rational number", value)
        if p < 0:
            raise InvalidArgument(argument, "weights must not be negative", f"number {i} is {p}")
        read.append(p)
    total = sum(read, sp.S.Zero)
    if total != 1:
        raise InvalidArgument(argument, "weights must sum to 1", f"the sum is {total}")
    return tuple(read)


def categorical(probabilities: Iterable[object]) -> Categorical:
    """Independent tokens with rational probabilities that sum to 1.

    >>> categorical(["1/2", "1/3", "1/6"]).vocabulary
    3
    """
    if isinstance(probabilities, str):
        raise InvalidType("probabilities", "must be a list of numbers", probabilities)
    return Categorical(_weights(list(probabilities), "probabilities"))


def _pairs(components: object) -> list[tuple[object, object]]:
    """A list of (weight, law), or a typed error."""
    if isinstance(components, (str, bytes)) or not isinstance(components, Iterable):
        raise InvalidType("components", "must be a list of (weight, law)", components)
    pairs = []
    for i, entry in enumerate(components):
        if not isinstance(entry, (tuple, list)) or len(entry) != 2:
            raise InvalidType(f"components[{i}]", "must be a pair (weight, law)", entry)
        pairs.append((entry[0], entry[1]))
    if not pairs:
        raise InvalidArgument("components", "must hold a law", "it is empty")
    return pairs


def mixture(components: Iterable[tuple[object, Law]]) -> Mixture | Uniform | Categorical:
    """A mixture of laws of independent tokens on one vocabulary.

    Equal components are one component, and a mixture of one is that law itself.

    >>> mixture([("1/2", categorical([1, 0])), ("1/2", categorical([0, 1]))]).vocabulary
    2
    """
    pairs = _pairs(components)
    weights = _weights([weight for weight, _ in pairs], "weights")
    laws: list[Uniform | Categorical] = []
    for _, law in pairs:
        if not isinstance(law, (Uniform, Categorical)):
            raise InvalidType("components", "must be laws of independent tokens", law)
        laws.append(law)
    sizes = {law.vocabulary for law in laws}
    if len(sizes) > 1:
        raise InvalidArgument(
            "components",
            "must share one vocabulary size",
            f"the sizes are {sorted(map(str, sizes))}",
        )
    merged: dict[Uniform | Categorical, sp.Rational] = {}
    for law, weight in zip(laws, weights, strict=True):
        merged[law] = merged.get(law, sp.S.Zero) + weight
    if len(merged) == 1:
        return laws[0]
    return Mixture(tuple((weight, law) for law, weight in merged.items()))


def distinct() -> Distinct:
    """Sequences in which every token of a vocabulary of size L occurs exactly once.

    >>> distinct()
    distinct()
    """
    return Distinct()


def exchangeable(types: Mapping[tuple[int, ...], object]) -> Exchangeable:
    """The law under which the letters occur with the counts c = (c_0, ..., c_{v-1}) with probability ``types[c]``.

    Given the counts, every order of the letters is equally likely. Probabilities are rational and sum to 1.

    >>> exchangeable({(2, 0): "1/4", (1, 1): "3/4"}).length
    2
    """
    if not isinstance(types, Mapping):
        raise InvalidType("types", "must map counts of the letters to probabilities", types)
    if not types:
        raise InvalidArgument("types", "must not be empty", "they are")
    listed = []
    for counts in types:
        if not isinstance(counts, tuple) or not counts:
            raise InvalidType("types", "must have tuples of counts as keys", counts)
        listed.append(tuple(exact_size(n, "counts", least=0) for n in counts))
        if any(not isinstance(n, int) for n in listed[-1]):
            raise InvalidType("counts", "must be integers", counts)
    shapes = {(len(c), sum(c)) for c in listed}
    if len(shapes) > 1:
        raise InvalidArgument(
            "types",
            "must share one vocabulary and one length",
            f"(vocabulary, length) takes the values {sorted(shapes)}",
        )
    if next(iter(shapes))[1] == 0:
        raise InvalidArgument("types", "must have a length of at least 1", "the counts are zero")
    probabilities = _weights(list(types.values()), "probabilities")
    return Exchangeable(tuple(zip(listed, probabilities, strict=True)))


def sequence_probability(law: Law, counts: tuple[int, ...]) -> Fraction:
    """The probability of any one sequence with these counts of letters.

    >>> sequence_probability(categorical(["1/3", "2/3"]), (1, 2))
    Fraction(4, 27)
    """
    if isinstance(law, Uniform):
        return Fraction(1, law.vocabulary ** sum(counts))
    if isinstance(law, Categorical):
        found = Fraction(1)
        for p, n in zip(law.probabilities, counts, strict=True):
            found *= Fraction(int(p.p), int(p.q)) ** n
        return found
    if isinstance(law, Mixture):
        return sum(
            (
                Fraction(int(w.p), int(w.q)) * sequence_probability(inner, counts)
                for w, inner in law.components
            ),
            Fraction(0),
        )
    if isinstance(law, Exchangeable):
        weight = dict(law.types).get(counts)
        if weight is None:
            return Fraction(0)
        ways = factorial(sum(counts))
        for n in counts:
            ways //= factorial(n)
        return Fraction(int(weight.p), int(weight.q) * ways)
    raise InvalidType("tokens", "must be a law of tokens that may repeat", law)


def on_support(law: Categorical | Mixture) -> tuple[Categorical | Mixture, tuple[int, ...]]:
    """The law on the letters that can occur, and those letters; components of weight 0 are left out.

    Sequences with another letter have probability 0, so that no function on them has an eigenvalue.

    >>> on_support(categorical(["1/2", 0, "1/2"]))
    (categorical(['1/2', '1/2']), (0, 2))
    """
    weighted = ((sp.S.One, law),) if isinstance(law, Categorical) else law.components
    drawn = [(weight, part) for weight, part in weighted if weight]
    support = tuple(
        t
        for t in range(given_vocabulary(law))
        if any(isinstance(part, Uniform) or part.probabilities[t] for _, part in drawn)
    )
    parts = tuple(
        (
            weight,
            part
            if isinstance(part, Uniform)
            else Categorical(tuple(part.probabilities[t] for t in support)),
        )
        for weight, part in drawn
    )
    if isinstance(law, Mixture):
        return Mixture(parts), support
    (single,) = parts
    assert isinstance(single[1], Categorical)
    return single[1], support


def given_vocabulary(law: Law) -> int:
    """The number of letters of a law of tokens that may repeat, where it is a number."""
    size = None if isinstance(law, Distinct) else law.vocabulary
    if not isinstance(size, int):
        raise InvalidArgument("vocabulary", "must be a number here", f"the tokens are {law}")
    return size
