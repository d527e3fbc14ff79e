"""How each claim is proved: its steps, and the brute force that checks them.

A law, a bound or a comparison names its claim (`symkern.claims.Claim`); here stands, claim by claim, which function of this room writes
the steps. `register` adds a claim of one's own.

    law.derivation()                        derivation(law.claim)
    law.derivation().check(L=range(4, 8))   both sides of every step, by different code
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from inspect import signature
from typing import Any

from symkern.claims import Claim, Derivation
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm
from symkern.reading.annotated import typed
from symkern.reading.spelling import did_you_mean
from symkern.registration import Registration

__all__ = ["PROOFS", "derivation", "derivation_of", "register"]

#: Claim -> "module:function" of this room; the function takes the claim's arguments and returns a `Derivation`.
PROOFS: dict[str, str | Callable[..., Derivation]] = {
    "alignment": "alignment:alignment_derivation",
    "attention head at another length": "selection.generalisation:derivation",
    "copying": "copying:copying_derivation",
    "cost of a target": "target:cost_derivation",
    "cross-dataset bound": "cross_dataset:cross_dataset_derivation",
    "crossing of two kernels": "crossing:crossing_derivation",
    "dimension": "dimension:dimension_derivation",
    "end of a learning curve": "tail:curve_derivation",
    "half-learned eigenvalue": "kappa:kappa_derivation",
    "head with fixed codes": "selection.fixed_codes:derivation",
    "head with random codes": "selection.random_codes:derivation",
    "late times of an attention head": "selection.late:derivation",
    "learnability": "learnability:learnability_derivation",
    "loss of an attention head": "selection.head:derivation",
    "narrow first layer": "selection.first_layer:derivation",
    "nothing learned": "never_learned:unseen_derivation",
    "one-hot codes at new positions": "selection.unseen_positions:derivation",
    "ordered selection": "selection.ordered_selection:derivation",
    "parity never learned": "never_learned:parity_derivation",
    "reduction of an attention head": "selection.reduction:derivation",
    "samples in a sector": "sector:sector_derivation",
    "samples": "samples:samples_derivation",
    "sensitivity of a family": "sensitivity:family_derivation",
    "sensitivity of draws": "draw:draw_derivation",
    "several heads": "selection.several_heads:derivation",
    "share learned": "samples:share_derivation",
    "sharpness": "sharpness:sharpness_derivation",
    "symmetry gap": "selection.gap:derivation",
    "tangent kernel of attention": "pure_attention:tangent_multiple_derivation",
    "tightness": "sector:tightness_derivation",
    "trace bound on a sector": "sector:trace_derivation",
    "trace bound": "trace_bound:trace_bound_derivation",
    "training time": "training:training_derivation",
}


@typed
def derivation(claim: Claim) -> Derivation:
    """The steps that prove a claim.

    Args:
        claim: its name and what it is about.

    Raises:
        InvalidArgument: a claim that is not registered, or other arguments than its proof takes.

    >>> derivation(Claim("dimensions", ((2, 1),)))
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: claim: must be a statement with a registered proof, but it is 'dimensions'; did you mean 'dimension'?
    """
    proof = PROOFS.get(claim.name)
    if proof is None:
        hint = did_you_mean(claim.name, PROOFS)
        raise InvalidArgument(
            "claim", "must be a statement with a registered proof", f"it is {claim.name!r}{hint}"
        )
    if isinstance(proof, str):
        module, _, name = proof.partition(":")
        proof = getattr(import_module(f"{__name__}.{module}"), name)
    try:
        signature(proof).bind(*claim.arguments)
    except TypeError as error:
        rule = f"must have the arguments of {claim.name!r}"
        raise InvalidArgument("claim", rule, f"there is {error}") from None
    made: Derivation = proof(*claim.arguments)
    return made


def derivation_of(law: Any) -> Derivation:
    """The steps that lead to the formula; ``law.derivation().check()`` verifies them by other code.

    Args:
        law: the law.

    Raises:
        NoClosedForm: it was made without steps.
    """
    if not hasattr(law, "claim"):
        raise InvalidType("law", "must be a law, or a result that states a claim", law)
    if law.claim is None:
        what = f"the law of {law.quantity}" if hasattr(law, "quantity") else "this tail"
        raise NoClosedForm(f"derivation: {what} was stated without steps")
    return derivation(law.claim)


@typed
def register(name: str, proof: Callable[..., Derivation]) -> Registration:
    """Register what proves the claim ``name``; as a context manager it is undone on leaving.

    >>> from symkern.claims import Step
    >>> def doubling(a):
    ...     return Derivation("Doubling", (Step("even", "2 a = a + a", "", sides=lambda: (2 * a, a + a)),))
    >>> with register("doubling", doubling):
    ...     bool(derivation(Claim("doubling", (3,))).check())
    True
    """
    if not isinstance(name, str):
        raise InvalidType("name", "must be a text", name)
    before = PROOFS.get(name)
    PROOFS[name] = proof

    def undo() -> None:
        if before is None:
            del PROOFS[name]
        else:
            PROOFS[name] = before

    return Registration(name, undo)
