"""Rational numbers, lists, polynomials and proofs as Rocq terms; and what the checker's readers refuse, said of an argument."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

from symkern.certificates.checker.monomials import expand
from symkern.certificates.checker.verdicts import (
    CannotCheck,
    Pole,
    Refuted,
    Unreadable,
)
from symkern.errors import InvalidArgument, NoClosedForm


@contextmanager
def reading(argument: str, rule: str) -> Iterator[None]:
    """Says of what the checker's readers refuse in which argument it stands, and the rule that it breaks."""
    try:
        yield
    except Unreadable as error:
        raise InvalidArgument(argument, rule, f"the checker reads {error}") from None
    except Refuted as refuted:
        raise InvalidArgument(argument, rule, "; ".join(refuted.lines)) from None
    except Pole:
        raise InvalidArgument(argument, rule, "a formula divides by zero") from None
    except CannotCheck as error:
        raise NoClosedForm(f"certificate: Rocq source is not written of {error}") from None


def rational_term(value: Fraction | int) -> str:
    """A rational number, in parentheses."""
    number = Fraction(value)
    return f"({digits(number.numerator)} # {digits(number.denominator)})"


def digits(number: int) -> str:
    """A whole number, of ten thousand bits at most."""
    if number.bit_length() > 10_000:
        raise NoClosedForm(
            f"certificate: Rocq source is not written of a number of {number.bit_length()} bits"
        )
    return str(number)


def written_number(number: Fraction) -> str:
    """A rational number as a comment has it."""
    below = f"/{digits(number.denominator)}" if number.denominator != 1 else ""
    return digits(number.numerator) + below


def list_term(parts: Iterator[int] | list[int] | tuple[int, ...]) -> str:
    """A list of natural numbers."""
    return f"[{'; '.join(str(int(p)) for p in parts)}]%nat"


def polynomial_term(tree: Any, names: Mapping[str, str]) -> str:
    """The tree of a polynomial as a term."""
    kind = tree[0]
    if kind == "number":
        return rational_term(tree[1])
    if kind == "name":
        return names[tree[1]]
    if kind == "power":
        return f"(power {polynomial_term(tree[1], names)} {int(tree[2])})"
    parts = []
    for sign, part in tree[1]:
        constant = expand(part)
        if not constant or set(constant) == {()}:
            value = constant.get((), Fraction(0))
            parts.append(rational_term(sign * value if kind == "sum" else value**sign))
        elif sign < 0:  # of a product: only numbers divide in a polynomial
            parts.append(f"(mul (-1 # 1) {polynomial_term(part, names)})")
        else:
            parts.append(polynomial_term(part, names))
    result = parts[0]
    for other in parts[1:]:
        result = f"({'mul' if kind == 'product' else 'add'} {result} {other})"
    return result


def bare(term: str) -> str:
    """A term without the parentheses around it."""
    return term[1:-1] if term.startswith(("(mul", "(add", "(power")) else term


def theorem(statement: str, binder: str, left: str, right: str, integers: bool = False) -> str:
    """A theorem about all members of a list: two sides that computation finds equal, as integers or as rationals."""
    holds = f"Z.eqb ({left}) ({right})" if integers else f"equal ({left}) ({right})"
    sound = "now apply Z.eqb_eq" if integers else "now apply Qeq_bool_eq"
    return (
        f"Theorem claim : {statement}.\nProof.\n  apply by_computation with (holds := fun {binder} => {holds}).\n"
        f"  - intros. {sound}.\n  - vm_compute. reflexivity.\nQed.\n"
    )


def part_of_proof(holds: str, sound: str = "now apply Qeq_bool_eq") -> str:
    """The proof of one of several parts of a theorem."""
    return (
        f"  - apply by_computation with (holds := {holds}).\n"
        f"    + cbv beta. intros a H. {sound}.\n    + vm_compute. reflexivity.\n"
    )
