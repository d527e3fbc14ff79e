"""Laws of tokens and sizes as a claim gives them, and the strict reading of its fields."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from itertools import permutations, product
from math import factorial, prod
from typing import Any

from .intervals import bits_of
from .verdicts import CannotCheck, NoPolynomial, Unreadable, Values, said

_NUMBER = re.compile(r"-?[0-9]{1,4000}(?:/[0-9]{1,4000}|\.[0-9]{1,400})?")


def read_fraction(text: Any) -> Fraction:
    """The number that a text writes out, as integer, fraction or decimal."""
    if type(text) is not str or not _NUMBER.fullmatch(text):
        raise Unreadable(f"no fraction: {said(text)}")
    try:
        return Fraction(text)
    except ZeroDivisionError:
        raise Unreadable(f"no fraction: {text[:60]!r}") from None


def read_integer(value: Any, low: int, high: int, what: str) -> int:
    """A whole number within bounds, and no truth value."""
    if type(value) is not int or not low <= value <= high:
        raise Unreadable(
            f"{what} must be an integer from {low} to {high}, but {said(value)} stands"
        )
    return value


def require_fields(claim: Any, what: str, *names: str, optional: tuple[str, ...] = ()) -> None:
    """Exactly these names, no others."""
    if type(claim) is not dict:
        raise Unreadable(f"{what} must be an object, but {said(claim)} stands")
    missing = [name for name in names if name not in claim]
    odd = [name for name in claim if name not in (*names, *optional)]
    if missing or odd:
        raise Unreadable(
            f"{what}: " + (f"{missing[0]!r} is missing" if missing else f"no field {odd[0][:40]!r}")
        )


def read_list(value: Any, what: str, least: int = 1) -> list[Any]:
    """A list of bounded length."""
    if type(value) is not list or not least <= len(value) <= 100_000:
        raise Unreadable(f"{what} must be a list of at least {least}, but {said(value)} stands")
    return value


class Size:
    """A length or a number of letters: a number, or one of the symbols L and v."""

    def __init__(self, text: Any, what: str) -> None:
        self.text = text
        self.symbol = self.number = None
        if text in ("L", "v"):
            self.symbol = text
        elif type(text) is str and re.fullmatch("[1-9][0-9]{0,17}", text):
            self.number = int(text)
        else:
            raise Unreadable(f"{what} must be L, v or a positive integer, but {said(text)} stands")

    def at(self, values: Values) -> int:
        return self.number if self.number is not None else int(values[str(self.symbol)])


class Law:
    """Probabilities of sequences. ``relabelling``: whether they do not change when tokens are renamed."""

    def __init__(self, claim: Any, depth: int = 0) -> None:
        if type(claim) is not dict or type(claim.get("kind")) is not str:
            raise Unreadable("a law must have its kind")
        self.kind = claim["kind"]
        self.vocabulary: Size | None = None
        if self.kind == "uniform":
            require_fields(claim, "a uniform law", "kind", "vocabulary")
            self.vocabulary = Size(claim["vocabulary"], "a vocabulary")
        elif self.kind == "categorical":
            require_fields(claim, "a categorical law", "kind", "probabilities")
            listed = read_list(claim["probabilities"], "probabilities")
            if len(listed) > 100:
                raise CannotCheck(
                    "not checkable within the budget: more than a hundred letters by their probabilities"
                )
            self.probabilities = [read_fraction(p) for p in listed]
            _must_be_weights(self.probabilities)
        elif self.kind == "mixture" and not depth:
            require_fields(claim, "a mixture", "kind", "components")
            self.components = []
            if len(read_list(claim["components"], "components")) > 20:
                raise CannotCheck("not checkable within the budget: a mixture of more than 20 laws")
            for component in read_list(claim["components"], "components"):
                if len(read_list(component, "a component", 2)) != 2:
                    raise Unreadable("a component must be a weight and a law")
                self.components.append((read_fraction(component[0]), Law(component[1], 1)))
            _must_be_weights([w for w, _ in self.components])
            laws = [law for _, law in self.components]
            if any(law.kind not in ("uniform", "categorical") for law in laws):
                raise CannotCheck("a mixture of other than independent tokens")
            if len({law._letters() for law in laws}) > 1:
                raise Unreadable("a mixture of laws on different letters")
        elif self.kind == "exchangeable":
            require_fields(claim, "an exchangeable law", "kind", "types")
            self.types: dict[tuple[int, ...], Fraction] = {}
            for entry in read_list(claim["types"], "types"):
                if len(read_list(entry, "a type", 2)) != 2:
                    raise Unreadable("a type must be counts and a probability")
                if len(read_list(entry[0], "counts")) > 100 or len(self.types) > 1000:
                    raise CannotCheck(
                        "not checkable within the budget: more than 100 letters, or 1000 types"
                    )
                counts = tuple(
                    read_integer(c, 0, 10**6, "a count") for c in read_list(entry[0], "counts")
                )
                if counts in self.types:
                    raise Unreadable(f"counts {list(counts)} stand twice")
                self.types[counts] = read_fraction(entry[1])
            _must_be_weights(list(self.types.values()))
            self.types = {counts: w for counts, w in self.types.items() if w}
            if len({(len(c), sum(c)) for c in self.types}) > 1:
                raise Unreadable("counts of different letters or lengths")
        elif self.kind == "distinct":
            require_fields(claim, "distinct tokens", "kind")
        else:
            raise CannotCheck(f"the law {self.kind[:60]!r}")
        self.relabelling = self._can_be_renamed()

    def _can_be_renamed(self) -> bool:
        if self.kind in ("uniform", "distinct"):
            return True
        weights: Counter[tuple[Any, ...]] = Counter()
        if self.kind == "exchangeable":
            weights.update(self.types)
        elif self.kind == "categorical":
            weights[tuple(self.probabilities)] = 1
        else:
            for w, law in self.components:
                if law.kind != "uniform":
                    weights[tuple(law.probabilities)] += w  # type: ignore[assignment]
        return all(
            weights.get((*key[:i], key[i + 1], key[i], *key[i + 2 :])) == weight
            for key, weight in weights.items()
            for i in range(len(key) - 1)
        )

    def __str__(self) -> str:
        if self.kind == "uniform" and self.vocabulary is not None:
            return f"uniform on {self.vocabulary.text} letters"
        if self.kind == "categorical":
            return f"independent, {', '.join(map(str, self.probabilities))}"
        return str(self.kind)

    def _letters(self) -> Any:
        return self.vocabulary.text if self.vocabulary is not None else str(len(self.probabilities))

    def size(self, length: Size) -> Size:
        """The number of letters."""
        if self.kind == "distinct":
            return length
        if self.kind == "mixture":
            return self.components[0][1].size(length)
        if self.kind == "exchangeable":
            return Size(str(len(next(iter(self.types)))), "a vocabulary")
        if self.kind == "categorical":
            return Size(str(len(self.probabilities)), "a vocabulary")
        assert self.vocabulary is not None
        return self.vocabulary

    def independent(
        self, letters: int | None, renamed: bool
    ) -> list[tuple[Fraction, list[Fraction]]]:
        """(weight, probabilities of the letters) of laws of independent tokens; no list where letters are alike and can be ``renamed``."""
        if self.kind == "mixture":
            return [(w, law.independent(letters, renamed)[0][1]) for w, law in self.components]
        if self.kind == "categorical":
            alike = renamed and len(set(self.probabilities)) == 1
            return [(Fraction(1), [] if alike else self.probabilities)]
        if self.kind != "uniform" or (letters is None and not renamed):
            raise NoPolynomial
        if not renamed and (letters or 1) > 100:
            raise CannotCheck(
                "not checkable within the budget: more than a hundred letters one by one"
            )
        return [(Fraction(1), [] if renamed else [Fraction(1, letters or 1)] * (letters or 1))]

    def sequences(self, length: int, letters: int) -> list[tuple[int, ...]]:
        if self.kind == "distinct":
            return list(permutations(range(length)))
        return list(product(range(letters), repeat=length))

    def probability(self, x: tuple[int, ...], letters: int) -> Fraction:
        if self.kind == "distinct":
            return Fraction(1, factorial(len(x)))
        if self.kind == "uniform":
            return Fraction(1, letters ** len(x))
        if self.kind == "categorical":
            return prod((self.probabilities[t] for t in x), start=Fraction(1))
        if self.kind == "mixture":
            return sum((w * law.probability(x, letters) for w, law in self.components), Fraction(0))
        counts = tuple(x.count(t) for t in range(letters))
        ways = factorial(len(x)) // prod(map(factorial, counts))
        return self.types.get(counts, Fraction(0)) / ways


def _must_be_weights(weights: list[Fraction]) -> None:
    if max(map(bits_of, weights)) > 1000:
        raise CannotCheck("not checkable within the budget: probabilities of more than 300 digits")
    if sum(weights) != 1 or any(w < 0 for w in weights):
        raise Unreadable("probabilities that do not sum to 1")
