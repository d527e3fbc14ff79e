"""Counts of the letters of a sequence, n = (n_0, ..., n_{v-1}) with |n| = L: the types of a law, and how many sequences have each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import factorial, prod

from symkern.errors import SizeMismatch, TooLarge, displayed
from symkern.limits import current
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list


def orders(counts: Sequence[int]) -> int:
    """The number of sequences with these counts, L!/(n_0! ... n_{v-1}!).

    >>> orders((2, 1))
    3
    """
    length = sum(counts)
    require_few_bits(length * length.bit_length())
    return factorial(length) // prod(map(factorial, counts))


def types(length: int, vocabulary: int) -> Iterator[tuple[int, ...]]:
    """All counts of the letters of a sequence, lexicographic.

    >>> list(types(2, 2))
    [(0, 2), (1, 1), (2, 0)]
    """
    if vocabulary == 1:
        yield (length,)
        return
    for first in range(length + 1):
        for rest in types(length - first, vocabulary - 1):
            yield first, *rest


def read_counts(counts: object, vocabulary: int) -> tuple[int, ...]:
    """The counts that a user passes, one for each letter.

    >>> read_counts((2, 1), 3)
    Traceback (most recent call last):
    ...
    symkern.errors.SizeMismatch: counts: must hold a number for each of the 3 letters, but they hold 2
    """
    listed = read_list(counts, "counts", "numbers of letters")
    if len(listed) != vocabulary:
        rule = f"must hold a number for each of the {displayed(vocabulary)} letters"
        raise SizeMismatch("counts", rule, f"they hold {len(listed)}")
    return tuple(read_integer(n, f"counts[{t}]") for t, n in enumerate(listed))


def power_product(probabilities: Iterable[Fraction], counts: Sequence[int]) -> Fraction:
    """The product of p_t^(n_t), the probability of one sequence of independent letters.

    >>> power_product((Fraction(1, 3), Fraction(2, 3)), (1, 2))
    Fraction(4, 27)
    """
    found = [(p, n) for p, n in zip(probabilities, counts, strict=True) if n]
    require_few_bits(sum(n * (p.denominator.bit_length() - 1) for p, n in found))
    return prod((p**n for p, n in found), start=Fraction(1))


def require_few_bits(bits: int) -> None:
    """`TooLarge` where a probability would have more than the machine divides in seconds."""
    most = current().probability_bits
    if bits > most:
        raise TooLarge("a probability of so long a sequence", bits // 8, most // 8)
