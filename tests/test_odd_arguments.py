"""One example of each kind of odd argument that the wide search found: refused by a typed error, where it is given and in a message that can be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sympy as sp

import symkern as sk
from symkern.claims import Claim, Verification
from symkern.errors import InvalidArgument, InvalidType, SymkernError, TooLarge, displayed
from symkern.exact import (
    AlgebraicNumber,
    Ball,
    ExactMatrix,
    SparseMatrix,
    function_field,
    polynomial_ring,
)
from symkern.kernels import embedding, kernel_polynomial, uniform
from symkern.reading.annotated import typed
from tests.trust.callables_judged import judged
from tests.trust.limited import Limited

HUGE = 10**10000
KERNEL = embedding(1, 1).mean_pool()


def _nest() -> list[Any]:
    found: list[Any] = []
    for _ in range(5000):
        found = [found]
    return found


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        # a field of a result, a function's object
        (lambda: sk.Spectrum(None, 3, uniform(2), (), sp.S.One), InvalidType, "kernel: must be a Kernel or a FunctionKernel"),
        (lambda: sk.Spectrum(KERNEL, 3, uniform(2), (1,), sp.S.One), InvalidType, "sectors: must be a tuple of Sectors"),
        (lambda: Verification(None, ()), InvalidType, "derivation: must be a Derivation"),
        (lambda: sk.certificates.draws_certificate(3), InvalidType, "spectrum: must be a Spectrum"),
        (lambda: kernel_polynomial("flatten"), InvalidType, "kernel: must be"),
        (lambda: uniform(2).sequence_probability("ab"), InvalidType, "counts: must be"),
        (lambda: sk.Standing("sure"), InvalidArgument, "standing: must be one of proved"),
        # a claim whose proof takes other arguments
        (lambda: sk.bounds.ScalingLaw("n", sp.S.One, None, {}, sk.Standing.PROVED, claim=Claim("dimension")).derivation(), InvalidArgument, "claim: must have the arguments of 'dimension'"),
        # numbers that Python does not write, nests without end, long words
        (lambda: sk.bounds.dimension((1,), -HUGE), SymkernError, "a number of 33220 bits"),
        (lambda: sk.bounds.selection.subset_moment(HUGE, 2), TooLarge, "a number of 33220 bits"),
        (lambda: sk.character(_nest(), (1,)), SymkernError, "too long"),
        (lambda: sk.bounds.eigenlearning(_nest(), n=1), SymkernError, "eigenvalues"),
        (lambda: sk.kernels.preset("(" * 5000), InvalidArgument, " ... "),
        # what is short until it is a list
        (lambda: sk.kernels.categorical(range(10**12)), TooLarge, "a list of"),
        (lambda: sk.combinatorics.read_permutation(range(10**12)), TooLarge, "a list of"),
        (lambda: polynomial_ring(10**10), InvalidArgument, "variables: must be an integer of at most"),
        # what cannot be looked up, and what has no module
        (lambda: sk.kernels.preset([1]), InvalidType, "name: must be a string"),
        (lambda: function_field([{}]), InvalidType, "symbols: must be a list of symbols"),
        (lambda: sk.character((2, 1), [[]]), SymkernError, "mu: "),
        (lambda: sk.character(sp.Function("f")(sp.Symbol("y")), (1,)), InvalidType, "lam: must be a partition"),
        (lambda: ExactMatrix.from_rows([[1]])[3], InvalidType, "place: must be a row and a column"),
        # of another shape or kind
        (lambda: SparseMatrix.from_entries((2, 2), [(0, 0)]), InvalidType, "entries: must be a list of"),
        (lambda: SparseMatrix.from_entries((-1, 2), []), InvalidArgument, "shape: must have"),
        (lambda: sk.bounds.sensitivity.average(np.array(2), 3), InvalidType, "f: must be"),
        (lambda: sk.bounds.cross_dataset(np.datetime64("2020-01-01")), SymkernError, "eigenvalue"),
        (lambda: sk.bounds.sensitivity.parity()("ab"), InvalidType, "x: must be an input"),
        (lambda: sk.targets.parity("ab"), InvalidType, "x: must be"),
        (lambda: Ball("1e999999999"), InvalidArgument, "midpoint: must be a decimal or a fraction"),
        (lambda: sk.Partition(10**30).latex(), TooLarge, "a Young diagram"),
        (lambda: Ball("1/0"), InvalidArgument, "midpoint: must be a decimal or a fraction"),
        # without end, and at sizes where a formula says nothing
        (lambda: AlgebraicNumber((-2, 0, 1), 1, 2).refine(0), InvalidArgument, "width: must be positive"),
        (lambda: sk.strategies.cores(2, max_size=10**30), InvalidArgument, "max_size: must be an integer of at most"),
        (lambda: sk.CharacterPolynomial("X1^2").eigenvalues(3), InvalidArgument, "size: the eigenvalues stand for n >="),
        (lambda: sk.limits.Limits(memory=None), InvalidType, "memory: must be an integer"),
    ],
)  # fmt: skip
def test_it_is_refused(call: Callable[[], Any], error: type[SymkernError], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    said = str(caught.value)
    assert message in said and len(said) < 2000 and said.isprintable()


def test_what_is_displayed_is_short() -> None:
    assert displayed(_nest()).endswith("that is too long")
    assert displayed(sp.Integer(HUGE) + sp.Symbol("y")).endswith("that is too long")
    assert len(displayed("a" * 1000)) == 80


def test_types_are_looked_at_and_nothing_else_changes() -> None:
    @typed
    def found(first: int, *rest: str, length: "sp.Expr | int" = 3, other: "Unknown" = None) -> Any:  # type: ignore[name-defined]  # noqa: F821, UP037
        """Its own words."""
        return first, rest, length, other

    assert found(np.int64(3), "a", length=sp.Symbol("y"), other=5) == (3, ("a",), sp.Symbol("y"), 5)
    assert found.__name__ == "found" and found.__doc__ == "Its own words."
    for wrong in (
        lambda: found("3"),
        lambda: found(True),
        lambda: found(1, 2),
        lambda: found(1, length=0.5),
    ):
        with pytest.raises(InvalidType):
            wrong()


def test_the_search_tells_a_refusal_from_a_raw_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert judged(["symkern.partitions", "n", "None"]) == {"kind": "refused"}
    assert judged(["symkern.partitions", "n", "7"]) == {"kind": "value"}

    def planted(n: Any) -> Any:
        return n.size

    monkeypatch.setattr("tests.trust.callables_judged.found", lambda name, maker=None: planted)
    assert judged(["symkern.partitions", "n", "None"])["kind"] == "AttributeError"


def test_a_call_without_end_is_ended() -> None:
    asked = Limited("time:sleep", seconds=0.05)
    assert asked.ask(0) == {"answer": None}
    assert asked.ask(1000) == {"killed": "no end"}
    assert asked.ask(0) == {"answer": None}
    asked.close()
