r"""Where a target lives: its energy in each sector (mu, degree) under a law of independent tokens, exact.

A function f on sequences of length L splits orthogonally in L^2(P), P = p^L, in two ways that commute: by the irreps mu[L] of
S_L, and by Efron-Stein degree, the part of degree d being a sum over sets of d positions of functions that have mean zero in
each of them. |mu| counts how asymmetric a part is, the degree how many tokens it looks at. A kernel with that symmetry learns
sector by sector, so the shares E f_(mu,d)^2 / E f^2 say which part of a target is hard.

How it is computed: coordinates in a basis of products (`symkern.targets.product_basis`), the same at each position, so that
S_L moves coordinates as it moves words; then squared lengths of the parts by irrep, on the words of one content each.

Source: Efron, Stein, *The jackknife estimate of variance* (1981); O'Donnell, *Analysis of Boolean Functions*, section 8.3.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

import sympy as sp

from symkern.combinatorics import Partition
from symkern.combinatorics.memory import require_bytes
from symkern.errors import NoClosedForm, SizeMismatch
from symkern.exact import RationalVector
from symkern.limits import check_time, current, within_time
from symkern.reading.integers import power_exceeds, read_integer
from symkern.representations import Module, words
from symkern.representations.module_vectors import function_values
from symkern.representations.squared_parts import squared_parts
from symkern.targets.product_basis import ProductBasis
from symkern.targets.target_energy import TargetEnergy
from symkern.tokens import Law, require_law


def energy(f: Any, *, length: int, tokens: Law) -> TargetEnergy:
    """The energy of a target in each sector (mu, degree), exact, for independent tokens.

    Sequences of probability 0 are never looked at in a function.

    Args:
        f: a function of a sequence (a tuple of letters from 0) with exact values (or True and False), or with a tuple of them, whose energies add; or
            the list of values on all sequences in lexicographic order.
        length: the number of positions.
        tokens: `uniform` or `categorical`, with numbers.

    Returns:
        A `TargetEnergy`, a mapping from (mu, degree) to the energy E f_(mu, degree)^2.

    Raises:
        InvalidType: a float as a value, or a law of tokens that are not independent.
        SizeMismatch: a list that has not one value for each sequence.
        NoClosedForm: a symbolic vocabulary.
        TooLarge: a table of all sequences does not fit in memory.

    >>> from symkern.kernels import categorical, uniform
    >>> from symkern.targets import parity
    >>> dict(energy(parity, length=4, tokens=uniform(2)).items())
    {(Partition(), 4): 1}
    >>> biased = energy(parity, length=2, tokens=categorical(["1/4", "3/4"]))
    >>> [(str(mu), d, e) for (mu, d), e in biased.items()]
    [('[]', 0, 1/16), ('[]', 1, 3/8), ('[]', 2, 9/16)]
    """
    n = read_integer(length, "length", minimum=1)
    probabilities = _probabilities(tokens)
    letters = [t for t, p in enumerate(probabilities) if p]
    positive = [probabilities[t] for t in letters]
    module = words(n, len(letters))  # refuses what does not fit
    basis = ProductBasis(n, positive)
    sums: dict[tuple[Partition, int], Fraction] = {}
    for output in _outputs(f, module, letters, n, len(probabilities)):
        found = squared_parts(module, basis.products(output), basis.content_numbers)
        for (lam, piece), square in found.items():
            content = basis.contents[piece]
            key = lam.stable, n - content[0]
            sums[key] = sums.get(key, Fraction(0)) + square / basis.squared_norm(content)
    return TargetEnergy(
        n, tokens, {key: sp.Rational(e.numerator, e.denominator) for key, e in sums.items()}
    )


def _probabilities(tokens: Law) -> tuple[Fraction, ...]:
    if require_law(tokens).is_independent and not isinstance(tokens.vocabulary, int):
        raise NoClosedForm(
            "the energy of a target is exact at a given vocabulary, not symbolic in "
            f"{tokens.vocabulary}"
        )
    return tokens.letter_probabilities()


def _value(f: Callable[..., Any], x: tuple[int, ...]) -> Any:
    check_time()
    return f(x)


def _outputs(
    f: Any, module: Module, letters: list[int], n: int, vocabulary: int
) -> list[RationalVector]:
    """The target as one or more vectors over the sequences of positive probability."""
    if power_exceeds(len(letters), n, current().dense_sequences):
        require_bytes("a target on all sequences", 200 * len(letters) ** min(n, 200))
    sequences = product(letters, repeat=n)
    if callable(f) and not isinstance(f, RationalVector):
        with within_time("a target on all sequences", "a shorter length takes less"):
            values = [_value(f, x) for x in sequences]
        if isinstance(values[0], (tuple, list)):
            widths = {len(v) if isinstance(v, (tuple, list)) else 0 for v in values}
            if len(widths) > 1 or not min(widths):
                raise SizeMismatch(
                    "f", "must have outputs of one positive length", f"they have {sorted(widths)}"
                )
            return [function_values(column) for column in zip(*values, strict=True)]
        return [function_values(values)]
    listed = function_values(f)
    if len(listed) != vocabulary**n:
        raise SizeMismatch(
            "f", f"must have {vocabulary**n} values, one for each sequence", f"it has {len(listed)}"
        )
    if module.dimension < len(listed):
        places = [sum(t * vocabulary ** (n - 1 - a) for a, t in enumerate(x)) for x in sequences]
        listed = RationalVector(listed.numerators[places], listed.denominator)
    return [listed]
