"""Claims are proved by what is registered under their name, from outside too; laws carry names and no code."""

from __future__ import annotations

import pickle

import pytest

import symkern as sk
from symkern.abc import L
from symkern.bounds import leading
from symkern.claims import Claim, Derivation, ScalingLaw, Standing, Step
from symkern.derivations import PROOFS, derivation, register
from symkern.errors import InvalidArgument, NoClosedForm


def _pairs(L: int) -> tuple[int, int]:
    return sum(1 for a in range(L) for b in range(a)), L * (L - 1) // 2


def _proof(factor: int) -> Derivation:
    step = Step("pairs", r"\binom L2", "One by one.", sides=_pairs, sizes={"L": (2, 3)})
    return Derivation(f"{factor} times the pairs", (step,))


def _law(factor: int) -> ScalingLaw:
    formula = factor * L * (L - 1) / 2
    claim = Claim("pairs of positions", (factor,))
    return ScalingLaw("pairs", formula, leading(formula), {"L": 2}, Standing.PROVED, claim=claim)


def test_a_claim_from_outside() -> None:
    law = _law(3)
    with register("pairs of positions", _proof):
        assert law.derivation().title == "3 times the pairs"
        again = pickle.loads(pickle.dumps(law))
        assert again.derivation().check(L=[4, 5])
        assert pickle.loads(pickle.dumps(law.derivation())).check()
    with pytest.raises(InvalidArgument, match="it is 'pairs of positions'"):
        law.derivation()


def test_a_registered_claim_gives_way_for_a_while() -> None:
    with register("dimension", lambda shape: _proof(shape.size)):
        assert sk.bounds.dimension_law((2, 1)).derivation().title == "3 times the pairs"
    assert sk.bounds.dimension_law((2, 1)).derivation().title == "The dimension of (L-3,2,1)"


def test_an_error_inside_leaves_nothing_behind() -> None:
    with pytest.raises(ZeroDivisionError), register("nothing yet", _proof):
        raise ZeroDivisionError
    assert "nothing yet" not in PROOFS


def test_unknown_claims_name_a_near_one() -> None:
    with pytest.raises(InvalidArgument, match="did you mean 'trace bound'"):
        derivation(Claim("trace bounds", ()))


def test_a_law_without_a_claim() -> None:
    law = ScalingLaw("n", L, leading(L), {}, Standing.PROVED)
    with pytest.raises(NoClosedForm, match="the law of n was stated without steps"):
        law.derivation()


def test_every_claim_has_a_proof_that_exists() -> None:
    for name, proof in PROOFS.items():
        assert isinstance(proof, str), name
        module, _, function = proof.partition(":")
        home = pytest.importorskip(f"symkern.derivations.{module}")
        assert callable(getattr(home, function)), name


def test_the_claims_of_laws_are_plain_data() -> None:
    spectrum = sk.derive("flatten")
    laws = [
        sk.bounds.dimension_law((2,)),
        sk.bounds.trace_law((1,), 1 + L),
        sk.bounds.samples_law(1 / L),
        sk.bounds.learnability_law(1 / L),
        sk.bounds.cross_dataset_law(1 / L),
        sk.bounds.copying_law(),
        spectrum.scaling_law([1], [1]),
        spectrum.trace_law([1], [1]),
        spectrum.learnability([1], n=10),
        sk.bounds.selection.fully_connected_law(),
        sk.bounds.selection.symmetry_gap().law(),
        sk.bounds.selection.late_times().loss,
        sk.bounds.selection.length_generalisation().reach,
        sk.bounds.sensitivity.majority().law(),
    ]
    for law in laws:
        assert law.claim is not None
        assert law.claim.name in PROOFS
        again = pickle.loads(pickle.dumps(law))
        assert again.claim == law.claim
        assert again.derivation() == law.derivation()
