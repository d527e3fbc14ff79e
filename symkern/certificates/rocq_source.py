r"""Certificates as Rocq (Coq) source: a file that ``coqc`` compiles, in which the claim is a theorem and its proof a computation over exact rationals.

Everything that a theorem speaks of is defined in the file itself, from lists and rationals of the standard library up, in `prelude.v` beside this module: standard
tableaux by their corners, characters by Frobenius's formula, the kernel by its stages, the operator as a matrix on all sequences. There is no axiom and nothing
admitted; the last line prints so. What is claimed for all sizes becomes a theorem at so many that they determine it:

* dimension: |mu| + 1 values of n, for a polynomial of degree at most |mu|;
* character polynomial of weight at most |mu|: the cycle types (n0 + a_1, a_2, ...), a_1 + 2 a_2 + ... <= |mu|, on which no other such polynomial has these values;
* characters: each value;
* spectrum: at one size and one value of each hyperparameter, and nothing of others: trace(T), the dimension of each sector, which is that of its irreps, and
  sum of dimension x (sum of j-th powers of the eigenvalues) = trace(T^j), j = 1, ..., 2p + 2, p the number of eigenvalues that are not zero: as T is self-adjoint,
  these determine the eigenvalues of T and their multiplicities (see `symkern.certificates.checker`), but not which of them each sector holds.

Every field is read by the strict readers of `symkern.certificates.checker` before anything is written, and numbers alone are taken from it. Of its verdict nothing
is used: what is well formed and false is written, and ``coqc`` refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources
from typing import Any

from symkern.certificates.checker.claimed_formulas import Formula
from symkern.certificates.checker.claimed_laws import (
    read_fraction,
    read_list,
    require_fields,
)
from symkern.certificates.checker.claimed_laws import read_integer as read_claimed_integer
from symkern.certificates.checker.comparing import shown
from symkern.certificates.checker.labels import read_label
from symkern.certificates.checker.monomials import Monomials, expand
from symkern.certificates.checker.program import read
from symkern.certificates.checker.verdicts import (
    FORMAT,
    OPERATIONS,
    Unreadable,
    operations_left,
    spend,
)
from symkern.certificates.rocq_spectrum import spectrum_theorem
from symkern.certificates.rocq_terms import (
    bare,
    digits,
    list_term,
    polynomial_term,
    reading,
    theorem,
)
from symkern.combinatorics import partitions
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm
from symkern.version import __version__


def rocq(
    certificate: Mapping[str, Any],
    length: object = None,
    vocabulary: object = None,
    **parameters: object,
) -> str:
    """The certificate as Rocq source, for ``coqc`` 8.16 and later.

    The theorem on a spectrum is one at one size and one value of each hyperparameter, also where the certificate speaks of all; a comment in the source says which.

    Args:
        certificate: of a dimension, of characters, of a character polynomial, or of a spectrum.
        length: the length at which a spectrum is stated; where it is a symbol and nothing is said, the smallest from which the sectors are the spectrum,
            or, with too many sequences there, one below at which the sums over all sectors are claimed.
        vocabulary: the number of letters, likewise.
        **parameters: values of its hyperparameters; small integers are chosen for those that are not given.

    Raises:
        NoClosedForm: a kind of claim, a stage or a law that the file has no definition for, or an irrational value.
        InvalidArgument: a field that the checker cannot read, a polynomial of higher degree than the theorem decides, an irrep that does not exist,
            more sequences than a theorem is made for (`symkern.limits`, proof_sequences), or a name that the claim has not.

    >>> from symkern.certificates import dimension_certificate
    >>> source = rocq(dimension_certificate((2,)))
    >>> print(source[source.index("Definition formula") :].rstrip())
    Definition formula (number : nat) : Q :=
      let n := whole number in mul (mul n (add n (-3 # 1))) (1 # 2).
    Theorem claim : forall n, In n (seq 4 3) -> inject_Z (dimension (padded n [2]%nat)) == formula n.
    Proof.
      apply by_computation with (holds := fun n => equal (inject_Z (dimension (padded n [2]%nat))) (formula n)).
      - intros. now apply Qeq_bool_eq.
      - vm_compute. reflexivity.
    Qed.
    Print Assumptions claim.
    """
    if not isinstance(certificate, Mapping) or "claim" not in certificate:
        raise InvalidType("certificate", "must be the dictionary of a certificate", certificate)
    token = operations_left.set([OPERATIONS])
    try:
        with reading("certificate", "must be readable"):
            claim, text = _plain(certificate)
            given = {"length": length, "vocabulary": vocabulary, **parameters}
            given = {k: x for k, x in given.items() if x is not None}
            kind = claim["claim"]
            if kind != "spectrum" and given:
                raise InvalidArgument(
                    next(iter(given)),
                    "is a size or a hyperparameter of a spectrum",
                    f"the claim is of kind {kind}",
                )
            title, proved = (
                spectrum_theorem(claim, given, text) if kind == "spectrum" else _KINDS[kind](claim)
            )
    finally:
        operations_left.reset(token)
    prelude = resources.files(__package__).joinpath("prelude.v").read_text("utf-8")
    return f"(* {title}.\n   Written by symkern {__version__}; proved by computation over exact rationals. *)\n{prelude}\n{proved}Print Assumptions claim.\n"


def _plain(certificate: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """The certificate as the JSON that it is, and its text."""
    with reading("certificate", "must be plain data"):
        try:
            claim, text = read(dict(certificate))
        except (TypeError, ValueError, RecursionError) as error:
            raise Unreadable(f"no JSON: {error}") from None
    kind = claim["claim"]
    if type(kind) is not str or kind not in _KINDS:
        raise NoClosedForm(
            f"certificate: Rocq source is written of {', '.join(_KINDS)}, and this one is of kind {str(kind)[:60]!r}; "
            "the checker in Python tests it"
        )
    with reading("certificate", f"must be of format {FORMAT}"):
        read_claimed_integer(claim.get("certificate"), FORMAT, FORMAT, "the format")
    return claim, text


def _irrep_and_formula(claim: Any) -> tuple[tuple[int, ...], Formula, Monomials, int]:
    """A label, a polynomial and what it is written out, and from which n on the irrep exists, where the claim begins there or above."""
    with reading("certificate", "must have the fields of its kind"):
        require_fields(
            claim, "the claim", "certificate", "claim", "irrep", "formula", "from",
            optional=("versions",),
        )  # fmt: skip
    with reading("irrep", "must be a partition"):
        mu = read_label(claim["irrep"])
    with reading("formula", "must be a polynomial"):
        formula = Formula(claim["formula"])
        written = expand(formula.tree)
    least = sum(mu) + max(mu, default=0)
    with reading("from", f"must be a size at which the irrep exists, from {least} on"):
        read_claimed_integer(claim["from"], least, 10**9, "from")
    return mu, formula, written, least


# -- kinds ------------------------------------------------------------------------------


def _shape(mu: tuple[int, ...]) -> str:
    return f"(n - {sum(mu)}{''.join(f', {part}' for part in mu)})" if mu else "(n)"


def _dimension(claim: Mapping[str, Any]) -> tuple[str, str]:
    mu, formula, written, least = _irrep_and_formula(claim)
    k = sum(mu)
    if len(formula.names) > 1:
        rule = "must be a polynomial in one name"
        raise InvalidArgument("formula", rule, f"there are {', '.join(sorted(formula.names))}")
    degree = max((sum(e for _, e in key) for key in written), default=0)
    if degree > k:
        rule = f"must be a polynomial of degree at most {k}, which {k + 1} values determine"
        raise InvalidArgument("formula", rule, f"it is of degree {degree}")
    term = bare(polynomial_term(formula.tree, dict.fromkeys(formula.names, "n")))
    shape = f"(padded n {list_term(mu)})"
    statement = f"forall n, In n (seq {least} {k + 1}) -> inject_Z (dimension {shape}) == formula n"
    return (
        f"The dimension of the irrep {_shape(mu)} of S_n: both sides are polynomials\n"
        f"   in n of degree at most {k}, and the theorem is that they agree at {k + 1} values",
        f"Definition formula (number : nat) : Q :=\n  let n := whole number in {term}.\n"
        + theorem(statement, "n", f"inject_Z (dimension {shape})", "formula n"),
    )


def _characters(claim: Mapping[str, Any]) -> tuple[str, str]:
    with reading("certificate", "must have the fields of its kind"):
        require_fields(claim, "the claim", "certificate", "claim", "values", optional=("versions",))
    with reading("values", "must be a list that is not empty"):
        entries = read_list(claim["values"], "values")
    rows = []
    for i, entry in enumerate(entries):
        with reading(f"values[{i}]", "must be an irrep, cycles and a value"):
            require_fields(entry, "a value", "irrep", "cycles", "value")
        with reading(f"values[{i}].irrep", "must be a partition"):
            shape = read_label(entry["irrep"])
        with reading(f"values[{i}].cycles", "must be a partition of the same size as the irrep"):
            cycles = read_label(entry["cycles"])
            if sum(shape) != sum(cycles):
                raise Unreadable(f"one of {sum(cycles)} and an irrep of {sum(shape)}")
        with reading(f"values[{i}].value", "must be an integer"):
            value = read_fraction(entry["value"])
            if value.denominator != 1:
                raise Unreadable(f"the fraction {shown(value)}")
        rows.append(f"({list_term(shape)}, {list_term(cycles)}, ({digits(value.numerator)})%Z)")
    listed = ";\n  ".join(rows)
    left, right = "character (fst (fst entry)) (snd (fst entry))", "snd entry"
    return (
        "Characters of symmetric groups",
        f"Definition values : list (list nat * list nat * Z) := [\n  {listed}].\n"
        + theorem(f"forall entry, In entry values -> {left} = {right}", "entry", left, right, True),
    )


def _character_polynomial(claim: Mapping[str, Any]) -> tuple[str, str]:
    mu, formula, written, least = _irrep_and_formula(claim)
    k = sum(mu)
    rule = f"must be a polynomial in X1, ..., X{k}, of weight at most {k}"
    for name in sorted(formula.names):
        if not re.fullmatch("X[1-9][0-9]?", name) or int(name[1:]) > k:
            raise InvalidArgument("formula", rule, f"the name {name[:40]!r} stands in it")
    lengths = {name: int(name[1:]) for name in formula.names}
    weight = max((sum(lengths[name] * e for name, e in key) for key in written), default=0)
    if weight > k:
        raise InvalidArgument("formula", rule, f"it is of weight {weight}, X_k weighing k")
    names = {name: f"(X {length}%nat)" for name, length in lengths.items()}
    types = []
    for m in range(k + 1):
        for part in partitions(m):
            spend(1000)
            types.append([*sorted(part, reverse=True), *([1] * least)])
    rows = ";\n  ".join(list_term(t) for t in types)
    left = f"inject_Z (character (padded (list_sum cycles) {list_term(mu)}) cycles)"
    right = "formula (fun k => cycles_of_length k cycles)"
    return (
        f"The character of the irrep {_shape(mu)} by the numbers X k of cycles of length k:\n"
        f"   both sides are polynomials of weight at most {k}, X k weighing k, and the theorem is that they agree\n"
        f"   at {len(types)} cycle types, on which no other such polynomial has these values",
        f"Definition formula (X : nat -> Q) : Q :=\n  {bare(polynomial_term(formula.tree, names))}.\n"
        f"Definition cycle_types : list (list nat) := [\n  {rows}].\n"
        + theorem(
            f"forall cycles, In cycles cycle_types -> {left} == {right}", "cycles", left, right
        ),
    )


_KINDS: dict[str, Any] = {
    "dimension": _dimension,
    "characters": _characters,
    "character polynomial": _character_polynomial,
    "spectrum": spectrum_theorem,
}
