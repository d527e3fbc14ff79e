"""One law written in two ways: `uniform`, and equal probabilities one by one, give the same answers at every length."""

from collections import defaultdict

import pytest

import symkern as sk
from symkern.abc import L
from symkern.errors import NoClosedForm
from symkern.kernels import categorical, derive, read_kernel, uniform

EVEN = categorical(["1/2", "1/2"])


def _curve(tokens, length, target="x1*x2", kernel="linear-attention"):
    given = {p.name: 1 for p in read_kernel(kernel).parameters}
    spectrum = derive(kernel, length=length, tokens=tokens, **given)
    return spectrum.learning_curve(target, n=[10, 100], ridge="1/10")


@pytest.mark.parametrize(
    ("letters", "target", "kernel"),
    [
        (2, "x1*x2 + n1", "linear-attention"),
        (3, "x1*x2", "linear-attention"),
        (3, "bigram(0,1)", "transformer-block"),
    ],
)
def test_energies_are_those_of_all_sequences(letters, target, kernel):
    """By projectors on all sequences, which know nothing of irreps of the letters, and by formulas that split by these."""
    law = categorical([f"1/{letters}"] * letters)
    dense = _curve(law, 5, target, kernel)
    with sk.limits.changed(dense_sequences=10):
        graded = _curve(law, 5, target, kernel)
    assert (dense.found.route, graded.found.route) == ("dense", "graded")
    sums = []
    for curve in (dense, graded):
        found = defaultdict(float)
        for part in curve.parts:
            assert part.token_irrep is None
            found[part.position_irrep, round(float(part.eigenvalue), 14)] += part.energy
        sums.append(found)
    assert sums[0] == pytest.approx(sums[1])
    assert graded.unlearnable == pytest.approx(dense.unlearnable)
    assert graded.test_error == pytest.approx(dense.test_error)
    assert {o.position_irrep for o in graded.outside} == {o.position_irrep for o in dense.outside}


@pytest.mark.parametrize("letters", [2, 3])
def test_long_sequences_are_learned_as_under_uniform(letters):
    law = categorical([f"1/{letters}"] * letters)
    found, same = _curve(law, 64), _curve(uniform(letters), 64)
    assert found.test_error == pytest.approx(same.test_error, rel=1e-12)
    assert found.energies.sum() == pytest.approx(same.energies.sum())
    assert found.spectrum.tokens == law and "1/" in str(found.spectrum.tokens)
    with pytest.raises(NoClosedForm, match="under uniform tokens"):
        _curve(categorical(["1/3", "2/3"]), 64)


def test_laws_in_the_length():
    ours, theirs = (derive("linear-attention", tokens=t) for t in (EVEN, uniform(2)))
    assert [s.token_irrep for s in ours.sectors] == [None, None]
    assert ours.sample_complexity("x1*x2").rows == theirs.sample_complexity("x1*x2").rows
    assert ours.sample_complexity("parity").outside == theirs.sample_complexity("parity").outside
    assert ours.sign_sensitivity().average == theirs.sign_sensitivity().average
    assert ours.length == L
