"""What a kernel never learns has a derivation; a kernel that is not zero there fails it."""

from __future__ import annotations

import pytest

import symkern as sk
from symkern.combinatorics import Partition
from symkern.derivations.never_learned import unseen_derivation
from symkern.errors import NoClosedForm
from symkern.kernels import distinct, uniform


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("spectrum", "labels"),
    [
        (sk.derive("linear-attention"), ((3,), None)),
        (sk.derive("linear-attention"), ((2,), (1,))),
        (sk.derive("linear-attention-last"), ((2,), None)),
        (sk.derive("linear-attention", tokens=distinct()), ((2,), None)),
        (sk.derive("linear-attention", 5, uniform(2)), ((2,), (1,))),
    ],
    ids=lambda x: "" if isinstance(x, sk.Spectrum) else str(x),
)
def test_an_irrep_on_which_the_kernel_is_zero(spectrum, labels):
    law = spectrum.learnability(*labels, n=10)
    assert law.formula == 0
    found = law.derivation()
    report = found.check()
    assert report and report.count >= 1
    assert "P_R" in found.latex()


@pytest.mark.parametrize("labels", [((1,), None), ((1,), (1,)), ((), (2,))], ids=str)
def test_an_irrep_that_the_kernel_sees_fails(labels):
    mu, kappa = labels
    claim = unseen_derivation(
        sk.derive("linear-attention"), Partition(*mu), None if kappa is None else Partition(*kappa)
    )
    report = claim.check()
    assert not report and {c.step.name for c in report.failures} == {"the kernel is zero there"}


def test_kernels_without_polynomial_are_refused():
    softmax = sk.derive("softmax-attention", 4, uniform(2), alpha=1, beta=1)
    law = softmax.learnability((2,), (1,), n=3)
    with pytest.raises(NoClosedForm, match="no polynomial in the match counts"):
        law.derivation()


@pytest.mark.parametrize(
    ("letters", "target", "most"),
    [
        (2, "parity", 7),
        (4, "3*parity", 4),
        pytest.param(4, "3*parity", 7, marks=pytest.mark.wide),
    ],
)
def test_parity(letters, target, most):
    found = sk.derive("linear-attention", tokens=uniform(letters)).sample_complexity(target)
    assert found.derivation().check(L=range(1, most + 1))
    assert "never learned" in found.derivation().latex()
    early = type(found)(found.spectrum, found.target, (), found.outside, found.total, 2)
    report = early.derivation().check(L=2)  # of degree two, which the kernel sees
    assert not report and report.failures[0].step.name == "the kernel is zero on it"
