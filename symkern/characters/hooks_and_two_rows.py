r"""Characters of hooks and of shapes with two rows, by products of polynomials in one variable.

With m_k cycles of length k in mu,

    sum over k of chi^(n - k, 1^k)(mu) q^k = prod_k (1 - (-q)^k)^(m_k) / (1 + q),
    chi^(n - k, k)(mu) = the coefficient of x^k in (1 - x) prod_k (1 + x^k)^(m_k).

The first is the character of the exterior powers of the permutation representation, which is the sum of the trivial and the
standard one; the second is Young's rule for two rows. Both are exact for any n; the products are those of FLINT.

Source: Macdonald, *Symmetric Functions and Hall Polynomials*, I (7.8); Fulton and Harris, *Representation Theory*, proposition 3.12 and 4.10.
"""

from __future__ import annotations

from collections import Counter

from symkern.combinatorics.memory import require_bytes
from symkern.exact.binomial_products import binomial_product_coefficient

_COPIES = 4  # two factors, their product, and what multiplication needs


def is_hook_or_two_rows(shape: tuple[int, ...]) -> bool:
    """Whether `by_one_variable` applies to a shape that is not empty."""
    return len(shape) <= 2 or shape[1] == 1


def by_one_variable(shape: tuple[int, ...], classes: dict[int, int]) -> int:
    """chi^lam(mu) for a hook or a shape of two rows, and the class with these numbers of cycles.

    Raises `TooLarge` where the product does not fit in memory.

    >>> by_one_variable((3, 1, 1), {1: 5}), by_one_variable((50, 50), {1: 2, 7: 14})
    (6, 3432)
    """
    hook = len(shape) != 2
    degree = len(shape) - 1 if hook else shape[1]
    used = {k: m for k, m in classes.items() if k <= degree}
    if not used:  # all cycles are longer than the leg or the second row
        return (-1) ** degree if hook else -(degree == 1)
    # Coefficients are at most 2 to the number of cycles.
    each = 16 + sum(used.values()) // 8
    require_bytes("a character of a hook or of two rows", _COPIES * (degree + 1) * each)
    if hook:  # one factor is divided by 1 + q: 1 - q + q^2 - ..., k terms for a cycle of length k
        shortest = min(classes)
        divided = [(-1) ** i for i in range(min(shortest, degree + 1))]
        used = dict(Counter(used) - Counter([shortest]))
    else:
        divided = [1, -1]
    factors = [
        (k, (1 if k % 2 else -1) if hook else 1, m) for k, m in sorted(used.items(), reverse=True)
    ]
    return binomial_product_coefficient(divided, factors, degree)
