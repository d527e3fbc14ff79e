"""One coefficient of a product of powers of binomials 1 + x^k and 1 - x^k, in integers of any size."""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpz_poly


def binomial_product_coefficient(
    first: Sequence[int], factors: Sequence[tuple[int, int, int]], degree: int
) -> int:
    """The coefficient of x^degree in first(x) prod (1 + s x^k)^m over the factors (k, s, m).

    ``first`` lists its coefficients from the constant term up. Products are cut off above the degree; of the last
    one, which should be the densest, that single coefficient is computed.

    >>> binomial_product_coefficient([1, -1], [(2, 1, 2), (1, 1, 3)], 2)
    2
    """
    length = degree + 1
    product = fmpz_poly(list(first[:length]))
    powers = [(k, fmpz_poly([1, s]).pow_trunc(m, degree // k + 1)) for k, s, m in factors]
    for k, power in powers[:-1]:
        product = product.mul_low(power.inflate(k), length)
    if not powers:
        return int(product[degree])
    k, power = powers[-1]
    least = max(0, -(-(degree - product.degree()) // k))
    terms = range(least, min(power.degree(), degree // k) + 1)
    return sum(int(power[j]) * int(product[degree - k * j]) for j in terms)
