r"""Shuffles: probability laws on S_n whose Fourier transforms are known, for examples and checks.

* `random_transposition`: two positions are drawn independently and their cards exchanged. Constant on classes, so its transform is the
  number 1/n + ((n-1)/n) chi^lam(transposition)/d_lam times the identity (Diaconis, Shahshahani 1981).
* `riffle`: the deck is cut into packets binomially and the packets interleaved (Gilbert, Shannon, Reeds). The
  probability of g is C(a + n - r, n)/a^n for a packets, r the number of rising sequences of g; a packets followed by b packets are a b
  packets, and the eigenvalues are 1, 1/a, 1/a^2, ... (Bayer, Diaconis 1992).

A law is {permutation: probability}, exact, permutations in one-line form, zeros left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import permutations
from math import comb, factorial
from typing import Any

import sympy as sp

from symkern.characters.scalars import read_scalar
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.permutation import read_permutation
from symkern.errors import InvalidArgument, displayed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list

Law = dict[tuple[int, ...], Fraction]


def random_transposition(n: int) -> Law:
    """The law of one random transposition: 1/n for none, 2/n^2 for each of the others.

    Args:
        n: at least 1.

    >>> random_transposition(2)
    {(0, 1): Fraction(1, 2), (1, 0): Fraction(1, 2)}
    """
    size = read_integer(n, "n", minimum=1)
    require_bytes(f"a law on S_{displayed(size)}", size * size * (100 + 4 * size))
    law = {tuple(range(size)): Fraction(1, size)}
    for a in range(size):
        for b in range(a):
            g = [*range(b), a, *range(b + 1, a), b, *range(a + 1, size)]
            law[tuple(g)] = Fraction(2, size * size)
    return law


def riffle(n: int, packets: int = 2) -> Law:
    """The law of one riffle shuffle with the given number of packets.

    Args:
        n: at least 1.
        packets: at least 1; 2 is the shuffle of Gilbert, Shannon and Reeds.

    Raises:
        TooLarge: n! permutations do not fit in memory.

    >>> riffle(2)
    {(0, 1): Fraction(3, 4), (1, 0): Fraction(1, 4)}
    """
    size = read_integer(n, "n", minimum=1)
    a = read_integer(packets, "packets", minimum=1)
    require_bytes(f"a law on S_{displayed(size)}", factorial(min(size, 25)) * (200 + 8 * size))
    law = {}
    for g in permutations(range(size)):
        ways = comb(a + size - rising_sequences(g), size)
        if ways:
            law[g] = Fraction(ways, a**size)
    return law


def rising_sequences(g: tuple[int, ...]) -> int:
    """Runs of consecutive values k, k+1, ... that stand in g from left to right.

    >>> rising_sequences((0, 2, 1, 3)), rising_sequences((3, 2, 1, 0))
    (2, 4)
    """
    place = {value: at for at, value in enumerate(g)}
    return 1 + sum(1 for k in range(len(g) - 1) if place[k + 1] < place[k])


def total_variation(law: Mapping[Any, Any] | Any, n: int) -> sp.Rational:
    """Half the sum over S_n of \\|law(g) - 1/n!\\|, exact.

    Args:
        law: {permutation: probability}, or the list of its values, exact; zeros may be left out.
        n: at least 1.

    Raises:
        InvalidArgument: what is no probability law on S_n: a negative value, a sum other than 1, more than n! values, other permutations.

    >>> total_variation(random_transposition(3), 3)
    1/3
    """
    size = read_integer(n, "n", minimum=1)
    require_bytes(f"{displayed(size)}!", size * size.bit_length() // 8)
    count = factorial(size)
    if isinstance(law, Mapping):
        listed = list(law.values())
        _require_permutations(law, size)
    else:
        listed = read_list(law, "law", "probabilities")
    values = [read_scalar(p, f"law[{i}]") for i, p in enumerate(listed)]
    for i, p in enumerate(values):
        if not isinstance(p, (int, Fraction)):
            raise InvalidArgument(f"law[{i}]", "must be a rational number", f"it is {displayed(p)}")
        if p < 0:
            raise InvalidArgument(f"law[{i}]", "must not be negative", f"it is {displayed(p)}")
    if len(values) > count:
        rule = f"must have at most {displayed(size)}! = {displayed(count)} probabilities"
        raise InvalidArgument("law", rule, f"it has {len(values)}")
    whole = sum(values, Fraction(0))
    if whole != 1:
        raise InvalidArgument("law", "must have the sum 1", f"it has {displayed(sp.Rational(whole.numerator, whole.denominator))}")  # fmt: skip
    total = sum((abs(p - Fraction(1, count)) for p in values), Fraction(0))
    total += Fraction(count - len(values), count)
    return sp.Rational(total.numerator, 2 * total.denominator)


def _require_permutations(law: Mapping[Any, Any], size: int) -> None:
    """Each key is a permutation of so many positions, and none is another one in other words."""
    found: dict[tuple[int, ...], object] = {}
    for g in law:
        perm = read_permutation(g, "law", size)
        if perm in found:
            raise InvalidArgument(
                "law", "must name each permutation once", f"{displayed(found[perm])} and {displayed(g)} are one"
            )  # fmt: skip
        found[perm] = g
