"""Claims on the symmetric group: dimensions, characters, character polynomials."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from .claimed_formulas import Formula
from .claimed_laws import read_fraction, read_integer, read_list, require_fields
from .comparing import claimed_value, require_equal
from .labels import all_partitions, irrep_dimension, padded, read_label
from .monomials import expand
from .residues import Chance
from .verdicts import Refuted, Row, Step, Unreadable, spend


def _from(claim: Any, mu: tuple[int, ...]) -> int:
    """The size from which the formula is claimed; below |mu| + mu_1 there is no such irrep."""
    start = read_integer(claim["from"], 0, 10**9, "from")
    least = sum(mu) + max(mu, default=0)
    if start < least:
        raise Refuted(
            f"n = {start}",
            f"claimed  the irrep {list(mu)} from there on",
            f"found    a partition from n = {least} on",
        )
    return start


def check_dimension(claim: Any, sequences: int, chance: Chance, step: Step) -> list[Row]:
    """dim mu[n] as a polynomial in n: written out, of degree |mu|, and equal to the hook length formula at |mu| + 1 sizes, which proves it."""
    require_fields(
        claim,
        "the claim",
        "certificate",
        "claim",
        "irrep",
        "formula",
        "from",
        optional=("versions",),
    )
    mu, formula = read_label(claim["irrep"]), Formula(claim["formula"])
    start = _from(claim, mu)
    written = expand(formula.tree)
    names = {name for key in written for name, _ in key}
    if len(formula.names | names) > 1:
        raise Unreadable("a dimension is a formula in one name")
    degree = max((sum(k for _, k in key) for key in written), default=0)
    last = start + max(degree, sum(mu))
    if last > 10**5:
        last, start = last - start, 0
    for n in range(
        start + (0 if start else sum(mu) + max(mu, default=0)),
        last + 1 + (0 if start else sum(mu) + max(mu, default=0)),
    ):
        spend(n * 10)
        value = claimed_value(formula, dict.fromkeys(formula.names, Fraction(n)), f"n = {n}")
        require_equal(value, irrep_dimension(mu, n), f"n = {n}", "the dimension")
    return [
        (
            "proved",
            f"a polynomial of degree {degree}, equal to the dimension by hook lengths at {max(degree, sum(mu)) + 1} sizes",
        )
    ]


def _character(shape: tuple[int, ...], cycles: tuple[int, ...]) -> int:
    """Frobenius's formula: the coefficient of x^(shape + delta), delta = (l - 1, ..., 0), in the Vandermonde product times the power sums of the cycles.

    Taken cycle by cycle: each lowers one exponent; two equal exponents cancel, and exponents out of order change the sign.
    """
    shape = tuple(r for r in shape if r)
    exponents = tuple(r + len(shape) - 1 - i for i, r in enumerate(shape))
    now: dict[tuple[int, ...], int] = {exponents: 1}
    for k in sorted(cycles, reverse=True):
        after: dict[tuple[int, ...], int] = {}
        spend(12 * len(now) * (len(shape) + 1))
        for key, c in now.items():
            for i, e in enumerate(key):
                if e < k or e - k in key:
                    continue
                passed = sum(e - k < other < e for other in key)
                new = tuple(sorted((*key[:i], e - k, *key[i + 1 :]), reverse=True))
                after[new] = after.get(new, 0) + (-c if passed % 2 else c)
        now = {key: c for key, c in after.items() if c}
    return now.get(tuple(range(len(shape) - 1, -1, -1)), 0)


def check_characters(claim: Any, sequences: int, chance: Chance, step: Step) -> list[Row]:
    """Values of characters, by Frobenius's formula."""
    require_fields(claim, "the claim", "certificate", "claim", "values", optional=("versions",))
    for entry in read_list(claim["values"], "values"):
        require_fields(entry, "a value", "irrep", "cycles", "value")
        shape, cycles = read_label(entry["irrep"]), read_label(entry["cycles"])
        if sum(shape) != sum(cycles):
            raise Unreadable("an irrep and cycles of different numbers")
        where = f"irrep {list(shape)}, cycles {list(cycles)}"
        require_equal(
            read_fraction(entry["value"]), _character(shape, cycles), where, "the character"
        )
    return [("proved", f"{len(claim['values'])} values, each by Frobenius's formula")]


def check_character_polynomial(claim: Any, sequences: int, chance: Chance, step: Step) -> list[Row]:
    """The character of mu[n] as a polynomial in the numbers X1, X2, ... of cycles.

    It has weight at most |mu| (X_k weighs k), and there is one polynomial alone. A polynomial of weight at most k that vanishes wherever X1 = n0 + a_1, X2 = a_2, ...
    with a_1 + 2 a_2 + ... <= k is zero, so that equal values there prove the claim, for every n from n0 = |mu| + mu_1 on.
    """
    require_fields(
        claim,
        "the claim",
        "certificate",
        "claim",
        "irrep",
        "formula",
        "from",
        optional=("versions",),
    )
    mu, formula = read_label(claim["irrep"]), Formula(claim["formula"])
    _from(claim, mu)
    for name in formula.names:
        _cycle_length(name)
    weight, k = 0, sum(mu)
    for key in expand(formula.tree):
        weight = max(weight, sum(_cycle_length(name) * e for name, e in key))
    if weight > k:
        raise Refuted(
            "all sizes",
            f"claimed  a polynomial of weight {weight}",
            f"found    one of weight {k}: X_k weighs k",
        )
    least, count = k + max(mu, default=0), 0
    for m in range(k + 1):
        step(f"weight {m}")
        for part in all_partitions(m, m):
            cycles = (*part, *([1] * least))
            spend(100)
            values = {name: Fraction(cycles.count(_cycle_length(name))) for name in formula.names}
            where = f"cycles {[c for c in cycles if c > 1]} and {cycles.count(1)} fixed points"
            shape = padded(mu, least + m)
            require_equal(
                claimed_value(formula, values, where),
                _character(shape or (), cycles),
                where,
                "the character",
            )
            count += 1
    return [
        (
            "proved",
            f"a polynomial of weight {weight}, equal to the character by Frobenius's formula at {count} cycle types that determine it",
        )
    ]


def _cycle_length(name: str) -> int:
    if not re.fullmatch("X[1-9][0-9]{0,2}", name):
        raise Unreadable(f"the name {name[:40]!r} counts no cycles")
    return int(name[1:])


FAMILIES: dict[str, Callable[[tuple[int, ...]], Fraction]] = {
    "parity": lambda x: Fraction(-1 if x.count(-1) % 2 else 1),
    "majority": lambda x: Fraction(1 if sum(x) > 0 else -1),
    "first": lambda x: Fraction(x[0]),
    "mean": lambda x: Fraction(sum(x), len(x)),
}
