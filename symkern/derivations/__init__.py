"""How each claim is proved: its steps, and the brute force that checks them.

A law, a bound or a comparison names its claim (`symkern.claims.Claim`); here stands, claim by claim, which function of this room writes
the steps. `register` adds a claim of one's own.

    law.derivation()                        derivation(law.claim)
    law.derivation().check(L=range(4, 8))   both sides of every step, by different code
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from symkern.claims import Claim, Derivation
from symkern.errors import InvalidArgument, NoClosedForm

__all__ = ["PROOFS", "derivation", "derivation_of", "register"]

#: Claim -> "module:function" of this room; the function takes the claim's arguments and returns a `Derivation`.
PROOFS: dict[str, str | Callable[..., Derivation]] = {
    "end of a learning curve": "tail:curve_derivation",
    "learnability": "learnability:learnability_derivation",
    "nothing learned": "never_learned:unseen_derivation",
    "samples in a sector": "sector:sector_derivation",
    "sensitivity of draws": "draw:draw_derivation",
    "tightness": "sector:tightness_derivation",
    "trace bound on a sector": "sector:trace_derivation",
}


def derivation(claim: Claim) -> Derivation:
    """The steps that prove a claim.

    Raises `InvalidArgument` for a claim that is not registered.
    """
    proof = PROOFS.get(claim.name)
    if proof is None:
        raise InvalidArgument(
            "claim", f"must be one of {', '.join(sorted(PROOFS))}", f"it is {claim.name!r}"
        )
    if isinstance(proof, str):
        module, _, name = proof.partition(":")
        proof = getattr(import_module(f"{__name__}.{module}"), name)
    made: Derivation = proof(*claim.arguments)
    return made


def derivation_of(law: Any) -> Derivation:
    """The steps that lead to the formula; ``law.derivation().check()`` verifies them by other code.

    Raises `NoClosedForm` for a law that was made without them.
    """
    if law.claim is None:
        what = f"the law of {law.quantity}" if hasattr(law, "quantity") else "this tail"
        raise NoClosedForm(f"derivation: {what} was stated without steps")
    return derivation(law.claim)


def register(name: str, proof: Callable[..., Derivation]) -> Any:
    """Register what proves the claim ``name``; as a context manager it is undone on leaving.

    >>> from symkern.claims import Step
    >>> def doubling(a):
    ...     return Derivation("Doubling", (Step("even", "2 a = a + a", "", sides=lambda: (2 * a, a + a)),))
    >>> with register("doubling", doubling):
    ...     bool(derivation(Claim("doubling", (3,))).check())
    True
    """
    before = PROOFS.get(name)
    PROOFS[name] = proof

    @contextmanager
    def undone() -> Iterator[None]:
        try:
            yield
        finally:
            if before is None:
                del PROOFS[name]
            else:
                PROOFS[name] = before

    return undone()
