"""The oracle of spectra against hand-made matrices and the values that were checked before."""

from fractions import Fraction
from itertools import permutations, product

import numpy as np
import pytest

from . import attention, spectrum
from . import symmetric_group as sym

ONE_LAYER = [
    ("embedding", {"token": Fraction(1), "position": Fraction(1)}),
    ("attention", {}),
    ("mean_pool", {}),
]


def _one_layer(x, y):
    return attention.kernel(ONE_LAYER, x, y)


@pytest.mark.parametrize("readout", ["mean_pool", "flatten", "at_position"])
def test_types_of_pairs_change_no_entry(readout):
    stages = [*ONE_LAYER[:2], (readout, {})]
    index, values = spectrum.gram(
        lambda x, y: attention.kernel(stages, x, y), 3, 3, marked=readout == "at_position"
    )
    words = list(product(range(3), repeat=3))
    direct = [[attention.kernel(stages, x, y) for y in words] for x in words]
    assert [[values[i] for i in row] for row in index.tolist()] == direct


@pytest.mark.parametrize(
    ("vocabulary", "factors"),
    [
        # MATH: L = 4, alpha = beta = 1; polynomials by rising degree, with multiplicities
        (2, {(27, -828, 1024): 1, (-17, 64): 1, (-3, 64): 3, (-1, 256): 3}),
        (
            3,
            {
                (21, -1456, 3072): 1,
                (13, -944, 6144): 2,
                (7, -4464, 165888): 6,
                (-1, 288): 3,
                (-1, 576): 3,
            },
        ),
    ],
)
def test_one_layer_at_length_four(vocabulary, factors):
    polynomial = spectrum.full_charpoly(*spectrum.gram(_one_layer, 4, vocabulary))
    rest = {
        tuple(int(c) for c in factor.coeffs()): times
        for factor, times in polynomial.factor()[1]
        if factor.degree() > 1 or factor[0] != 0
    }
    assert rest == factors


def test_modular_and_exact_characteristic_polynomials_agree():
    index, values = spectrum.gram(_one_layer, 3, 3)
    exact = spectrum.full_charpoly(index, values)
    assert spectrum.poly_residue(exact) == spectrum.charpoly_mod(index, values)
    eigenvalues = spectrum.uniform_float_spectrum(index, values)
    trace, square = spectrum.power_sums(index, values)
    assert float(trace) == pytest.approx(eigenvalues.sum(), rel=1e-12)
    assert float(square) == pytest.approx((eigenvalues**2).sum(), rel=1e-12)


def test_isotypic_parts_make_up_the_spectrum():
    index, values = spectrum.gram(_one_layer, 4, 3)
    parts = spectrum.isotypic_eigenvalues(index, values, 4, 3)
    together = np.sort(np.concatenate(list(parts.values())))[::-1]
    assert np.allclose(together, spectrum.uniform_float_spectrum(index, values), atol=1e-12)
    assert np.allclose(parts[(3, 1), (1, 1, 1)][:4], [1 / 288] * 3 + [0], atol=1e-12)
    assert np.allclose(parts[(3, 1), (3,)][:4], [1 / 576] * 3 + [0], atol=1e-12)


def test_characters_of_small_groups():
    """Degree pins that tell rows from columns, and orthogonality."""
    table = sym.characters(4)
    assert table[3, 1][2, 1, 1] == 1
    assert table[2, 1, 1][2, 1, 1] == -1
    assert table[2, 2][3, 1] == -1
    for n in range(1, 7):
        for lam, mu in product(sym.shapes(n), repeat=2):
            total = sum(
                sym.class_size(c) * sym.characters(n)[lam][c] * sym.characters(n)[mu][c]
                for c in sym.shapes(n)
            )
            assert total == (len(sym.group(n)) if lam == mu else 0)


def test_distinct_tokens_with_fix_squared():
    """fix^2 on S_4 has eigenvalues 2, 3/3, 2/4, 2/6 with multiplicities 1, 9, 4, 9."""

    def fix_squared(x, y):
        return sum(p == q for p, q in zip(x, y, strict=True)) ** 2

    index, values = spectrum.distinct_gram(fix_squared, 4)
    direct = [[fix_squared(x, y) for y in permutations(range(4))] for x in permutations(range(4))]
    assert [[values[i] for i in row] for row in index.tolist()] == direct
    eigenvalues = spectrum.uniform_float_spectrum(index, values)
    expected = [2.0] + 9 * [1.0] + 4 * [0.5] + 9 * [1 / 3] + [0.0]
    assert np.allclose(eigenvalues, expected, atol=1e-12)
