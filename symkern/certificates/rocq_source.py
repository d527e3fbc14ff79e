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
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from importlib import resources
from itertools import product
from math import lcm
from typing import Any

from symkern.certificates.checker.claimed_formulas import Formula
from symkern.certificates.checker.claimed_laws import (
    Law,
    read_fraction,
    read_list,
    require_fields,
)
from symkern.certificates.checker.claimed_laws import read_integer as read_claimed_integer
from symkern.certificates.checker.claimed_sectors import Sector, read_entry
from symkern.certificates.checker.comparing import shown
from symkern.certificates.checker.labels import read_label
from symkern.certificates.checker.monomials import Monomials, expand
from symkern.certificates.checker.program import read
from symkern.certificates.checker.recursion import kernel_value
from symkern.certificates.checker.residues import Chance
from symkern.certificates.checker.setting import Setting
from symkern.certificates.checker.verdicts import (
    FORMAT,
    OPERATIONS,
    CannotCheck,
    Pole,
    Refuted,
    Unreadable,
    operations_left,
    spend,
)
from symkern.combinatorics import partitions
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm, displayed
from symkern.exact import exact_expression
from symkern.limits import current
from symkern.reading.integers import read_integer
from symkern.reading.spelling import did_you_mean
from symkern.version import __version__

#: Values of hyperparameters where none are given.
_VALUES = (Fraction(2), Fraction(1, 3), Fraction(3, 2), Fraction(1, 5), Fraction(5, 7))


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
        with _reading("certificate", "must be readable"):
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
            title, theorem = (
                _spectrum(claim, given, text) if kind == "spectrum" else _KINDS[kind](claim)
            )
    finally:
        operations_left.reset(token)
    prelude = resources.files(__package__).joinpath("prelude.v").read_text("utf-8")
    return f"(* {title}.\n   Written by symkern {__version__}; proved by computation over exact rationals. *)\n{prelude}\n{theorem}Print Assumptions claim.\n"


# -- reading ----------------------------------------------------------------------------


@contextmanager
def _reading(argument: str, rule: str) -> Iterator[None]:
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


def _plain(certificate: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """The certificate as the JSON that it is, and its text."""
    with _reading("certificate", "must be plain data"):
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
    with _reading("certificate", f"must be of format {FORMAT}"):
        read_claimed_integer(claim.get("certificate"), FORMAT, FORMAT, "the format")
    return claim, text


def _irrep_and_formula(claim: Any) -> tuple[tuple[int, ...], Formula, Monomials, int]:
    """A label, a polynomial and what it is written out, and from which n on the irrep exists, where the claim begins there or above."""
    with _reading("certificate", "must have the fields of its kind"):
        require_fields(
            claim, "the claim", "certificate", "claim", "irrep", "formula", "from",
            optional=("versions",),
        )  # fmt: skip
    with _reading("irrep", "must be a partition"):
        mu = read_label(claim["irrep"])
    with _reading("formula", "must be a polynomial"):
        formula = Formula(claim["formula"])
        written = expand(formula.tree)
    least = sum(mu) + max(mu, default=0)
    with _reading("from", f"must be a size at which the irrep exists, from {least} on"):
        read_claimed_integer(claim["from"], least, 10**9, "from")
    return mu, formula, written, least


# -- terms ------------------------------------------------------------------------------


def _rational(value: Fraction | int) -> str:
    number = Fraction(value)
    return f"({_digits(number.numerator)} # {_digits(number.denominator)})"


def _digits(number: int) -> str:
    if number.bit_length() > 10_000:
        raise NoClosedForm(
            f"certificate: Rocq source is not written of a number of {number.bit_length()} bits"
        )
    return str(number)


def _written(number: Fraction) -> str:
    below = f"/{_digits(number.denominator)}" if number.denominator != 1 else ""
    return _digits(number.numerator) + below


def _list(parts: Iterator[int] | list[int] | tuple[int, ...]) -> str:
    return f"[{'; '.join(str(int(p)) for p in parts)}]%nat"


def _term(tree: Any, names: Mapping[str, str]) -> str:
    """The tree of a polynomial as a term."""
    kind = tree[0]
    if kind == "number":
        return _rational(tree[1])
    if kind == "name":
        return names[tree[1]]
    if kind == "power":
        return f"(power {_term(tree[1], names)} {int(tree[2])})"
    parts = []
    for sign, part in tree[1]:
        constant = expand(part)
        if not constant or set(constant) == {()}:
            value = constant.get((), Fraction(0))
            parts.append(_rational(sign * value if kind == "sum" else value**sign))
        elif sign < 0:  # of a product: only numbers divide in a polynomial
            parts.append(f"(mul (-1 # 1) {_term(part, names)})")
        else:
            parts.append(_term(part, names))
    result = parts[0]
    for other in parts[1:]:
        result = f"({'mul' if kind == 'product' else 'add'} {result} {other})"
    return result


def _bare(term: str) -> str:
    return term[1:-1] if term.startswith(("(mul", "(add", "(power")) else term


def _theorem(statement: str, binder: str, left: str, right: str, integers: bool = False) -> str:
    holds = f"Z.eqb ({left}) ({right})" if integers else f"equal ({left}) ({right})"
    sound = "now apply Z.eqb_eq" if integers else "now apply Qeq_bool_eq"
    return (
        f"Theorem claim : {statement}.\nProof.\n  apply by_computation with (holds := fun {binder} => {holds}).\n"
        f"  - intros. {sound}.\n  - vm_compute. reflexivity.\nQed.\n"
    )


def _part(holds: str, sound: str = "now apply Qeq_bool_eq") -> str:
    """The proof of one of several parts of a theorem."""
    return (
        f"  - apply by_computation with (holds := {holds}).\n"
        f"    + cbv beta. intros a H. {sound}.\n    + vm_compute. reflexivity.\n"
    )


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
    term = _bare(_term(formula.tree, dict.fromkeys(formula.names, "n")))
    shape = f"(padded n {_list(mu)})"
    statement = f"forall n, In n (seq {least} {k + 1}) -> inject_Z (dimension {shape}) == formula n"
    return (
        f"The dimension of the irrep {_shape(mu)} of S_n: both sides are polynomials\n"
        f"   in n of degree at most {k}, and the theorem is that they agree at {k + 1} values",
        f"Definition formula (number : nat) : Q :=\n  let n := whole number in {term}.\n"
        + _theorem(statement, "n", f"inject_Z (dimension {shape})", "formula n"),
    )


def _characters(claim: Mapping[str, Any]) -> tuple[str, str]:
    with _reading("certificate", "must have the fields of its kind"):
        require_fields(claim, "the claim", "certificate", "claim", "values", optional=("versions",))
    with _reading("values", "must be a list that is not empty"):
        entries = read_list(claim["values"], "values")
    rows = []
    for i, entry in enumerate(entries):
        with _reading(f"values[{i}]", "must be an irrep, cycles and a value"):
            require_fields(entry, "a value", "irrep", "cycles", "value")
        with _reading(f"values[{i}].irrep", "must be a partition"):
            shape = read_label(entry["irrep"])
        with _reading(f"values[{i}].cycles", "must be a partition of the same size as the irrep"):
            cycles = read_label(entry["cycles"])
            if sum(shape) != sum(cycles):
                raise Unreadable(f"one of {sum(cycles)} and an irrep of {sum(shape)}")
        with _reading(f"values[{i}].value", "must be an integer"):
            value = read_fraction(entry["value"])
            if value.denominator != 1:
                raise Unreadable(f"the fraction {shown(value)}")
        rows.append(f"({_list(shape)}, {_list(cycles)}, ({_digits(value.numerator)})%Z)")
    listed = ";\n  ".join(rows)
    left, right = "character (fst (fst entry)) (snd (fst entry))", "snd entry"
    return (
        "Characters of symmetric groups",
        f"Definition values : list (list nat * list nat * Z) := [\n  {listed}].\n"
        + _theorem(
            f"forall entry, In entry values -> {left} = {right}", "entry", left, right, True
        ),
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
    rows = ";\n  ".join(_list(t) for t in types)
    left = f"inject_Z (character (padded (list_sum cycles) {_list(mu)}) cycles)"
    right = "formula (fun k => cycles_of_length k cycles)"
    return (
        f"The character of the irrep {_shape(mu)} by the numbers X k of cycles of length k:\n"
        f"   both sides are polynomials of weight at most {k}, X k weighing k, and the theorem is that they agree\n"
        f"   at {len(types)} cycle types, on which no other such polynomial has these values",
        f"Definition formula (X : nat -> Q) : Q :=\n  {_bare(_term(formula.tree, names))}.\n"
        f"Definition cycle_types : list (list nat) := [\n  {rows}].\n"
        + _theorem(
            f"forall cycles, In cycles cycle_types -> {left} == {right}", "cycles", left, right
        ),
    )


def _spectrum(claim: Any, given: Mapping[str, object], text: str) -> tuple[str, str]:
    setting, sectors, trace, low, known = _read_spectrum(claim, text)
    size, letters, at = _sizes_and_values(setting, given, low, known)
    number = _evaluator(at)
    moved = size - setting.fixed
    inside = size >= low[0] and letters >= low[1]
    rows, nonzero = [], 0
    for sector in sectors:
        dimension = _whole(number(sector.dimension), sector, inside)
        coefficients = [number(c) for c in sector.polynomial] if dimension else []
        nonzero += next((len(coefficients) - i for i, c in enumerate(coefficients) if c), 0)
        rows.append(
            f"({_list(sector.position)}, {_list(sector.token or ())}, ({_digits(dimension)})%Z, "
            f"[{'; '.join(map(_rational, coefficients))}])"
        )
    powers = 2 * nonzero + 2
    chances = _chances(setting.law, letters)
    listed = "; ".join(f"({i}%nat, {_rational(p)})" for i, p in enumerate(chances))
    values = ", ".join(f"{name} = {_written(value)}" for name, value in at.items())
    joined = ";\n  ".join(rows)
    irreps = [
        f"dimension (padded {n} ({part} sector))"
        if inside
        else f"stable_dimension (whole {n}) ({part} sector)"
        for n, part in ((moved, "positions"), (letters, "tokens"))
    ]
    if inside:
        said = "The dimension of each sector is positive, and that of its irreps: the number of pairs of standard tableaux."
        dimensions = (
            f"multiplicity sector = ({irreps[0]} * {irreps[1]})%Z /\\ (0 < multiplicity sector)%Z"
        )
        holds = f"Z.eqb (multiplicity sector) ({irreps[0]} * {irreps[1]}) && Z.ltb 0 (multiplicity sector)"
        sound = "apply andb_prop in H. destruct H. split; [now apply Z.eqb_eq | now apply Z.ltb_lt]"
    else:
        said = "Below the sizes at which the sectors are the spectrum their dimensions are polynomials, which may be zero or negative; where they are zero, no block is listed."
        dimensions = f"inject_Z (multiplicity sector) == {irreps[0]} * {irreps[1]}"
        holds = f"equal (inject_Z (multiplicity sector)) ({irreps[0]} * {irreps[1]})"
        sound = "now apply Qeq_bool_eq"
    first = "equal (inject_Z (snd pair)) (inject_Z scale * fst pair)"
    last = "equal (inject_Z (fst pair)) (snd pair)"
    everywhere = "" if not at else " Nothing is said of other sizes or values."
    return (
        f"The spectrum of an attention kernel on sequences of {size} of {letters} letters"
        + (f", at {values} alone" if values else ""),
        f"Definition kernel (x y : list nat) : Q :=\n{_kernel(setting, number)}.\n"
        f"Definition letters : list (nat * Q) := [{listed}].\n"
        f"Definition T : matrix := operator kernel (words {size} letters).\n"
        f"Definition scale : Z := {_digits(_scale(setting, at, size, chances))}%Z.\n"
        "Definition S : list (list Z) := integers scale T.\n"
        "(* Of each sector: irrep of the positions and of the letters, both below the first row, dimension,\n"
        "   and the coefficients c_0, ..., c_(m-1) of its block's characteristic polynomial. *)\n"
        f"Definition sectors : list (list nat * list nat * Z * list Q) := [\n  {joined}].\n"
        "Definition positions (sector : list nat * list nat * Z * list Q) := fst (fst (fst sector)).\n"
        "Definition tokens (sector : list nat * list nat * Z * list Q) := snd (fst (fst sector)).\n"
        "Definition multiplicity (sector : list nat * list nat * Z * list Q) := snd (fst sector).\n"
        "Definition blocks : list (Q * list Q) := map (fun sector => (inject_Z (multiplicity sector), snd sector)) sectors.\n"
        f"(* A theorem on sequences of {size} of {letters} letters{', at ' + values if values else ''}.{everywhere}\n"
        "   S is scale T.\n"
        f"   {said}\n"
        "   trace(T) is the mean E k(x, x) that is claimed.\n"
        f"   trace(T^j) = sum of dimension x sum of j-th powers of the eigenvalues, j = 1, ..., {powers}: which eigenvalues T has besides 0,\n"
        "   and how often; that it has them in these very sectors is not part of the theorem. *)\n"
        "Theorem claim :\n"
        "  (forall pair, In pair (combine (entries T) (entries S)) -> inject_Z (snd pair) == inject_Z scale * fst pair) /\\\n"
        f"  (forall sector, In sector sectors -> {dimensions}) /\\\n"
        f"  trace T == {_rational(number(trace))} /\\\n"
        f"  (forall pair, In pair (combine (traces {powers} S (columns S)) "
        f"(rescaled (inject_Z scale) (inject_Z scale) (combined {powers} blocks))) -> inject_Z (fst pair) == snd pair).\n"
        "Proof.\n  split; [|split; [|split]].\n"
        + _part(f"fun pair => {first}")
        + _part(f"fun sector => {holds}", sound)
        + "  - apply Qeq_bool_eq. vm_compute. reflexivity.\n"
        + _part(f"fun pair => {last}")
        + "Qed.\n",
    )


Sizes = tuple[int, int]


def _read_spectrum(claim: Any, text: str) -> tuple[Setting, list[Sector], Formula, Sizes, Sizes]:
    """Kernel, law and sizes; sectors; trace; from which (length, vocabulary) on they are the spectrum, and from which on their sums are claimed."""
    with _reading("certificate", "must have the fields of its kind"):
        require_fields(
            claim, "the claim", "certificate", "claim", "kernel", "law", "length", "range",
            "trace", "sectors", optional=("standing", "versions"),
        )  # fmt: skip
    with _reading("range", "must be sizes from which on the claim holds"):
        require_fields(claim["range"], "a range", "spectrum_from", "traces_from")
        low, known = (
            _sizes(claim["range"][name], name) for name in ("spectrum_from", "traces_from")
        )
    with _reading("sectors", "must be labels, dimensions and blocks"):
        sectors = [Sector(s) for s in read_list(claim["sectors"], "sectors", 0)]
    with _reading("trace", "must be a formula"):
        trace = read_entry(claim["trace"])
    with _reading("certificate", "must have a kernel, a law and a length"):
        formulas = [f for s in sectors for f in s.formulas]
        formulas += [trace] if isinstance(trace, Formula) else []
        setting = Setting(claim, formulas, Chance(text))
    if setting.law.kind not in ("uniform", "categorical"):
        raise NoClosedForm(
            f"certificate: Rocq source has independent tokens, and the law is of kind {setting.law.kind!r}"
        )
    if any(s.block is not None for s in sectors) or not isinstance(trace, Formula):
        raise NoClosedForm(
            "certificate: a block with irrational entries; Rocq source is written of rational ones"
        )
    with _reading("range", "must begin at the sizes that there are"):
        setting.require_range(low)
        setting.require_range(known)
    with _reading("sectors", "must be of irreps, each once, that exist at every size of the range"):
        labelled = {s.token is not None for s in sectors}
        if len(labelled) > 1 or (True in labelled and not setting.law.relabelling):
            raise Unreadable("irreps of letters that cannot be renamed, or of some sectors only")
        if len({(s.position, s.token) for s in sectors}) < len(sectors):
            raise Unreadable("a sector twice")
        for sector in sectors:
            setting.require_irrep(sector.position, sector.token, low)
    return setting, sectors, trace, low, known


def _sizes(claim: Any, name: str) -> Sizes:
    require_fields(claim, name, "length", "vocabulary")
    length, vocabulary = (
        read_claimed_integer(claim[k], 1, 10**9, f"{k} of {name}") for k in ("length", "vocabulary")
    )
    return length, vocabulary


def _whole(dimension: Fraction, sector: Sector, inside: bool) -> int:
    if dimension.denominator != 1 or (inside and dimension <= 0):
        rule = "must be of positive whole dimension" if inside else "must be of whole dimension"
        raise InvalidArgument("sectors", rule, f"that of {sector} is {shown(dimension)}")
    return dimension.numerator


def _scale(setting: Setting, at: Mapping[str, Fraction], size: int, letters: list[Fraction]) -> int:
    """A common denominator of the operator's entries."""
    kernel = setting.kernel
    with _reading("kernel", "must have a value at every point"):
        stages = kernel.bound(at, Fraction)
        words = list(product(range(len(letters)), repeat=size))
        pairs = [list(zip(x, y, strict=True)) for x in words for y in words]
        kinds = {(*sorted(pair[:-1]), pair[-1]) for pair in pairs}
        values = [kernel_value(stages, kind, Fraction, kernel.alone) for kind in kinds]
    below: int = lcm(*(p.denominator for p in letters)) ** size
    return below * lcm(*(Fraction(value).denominator for value in values))


def _sizes_and_values(
    setting: Setting, given: Mapping[str, object], low: Sizes, known: Sizes
) -> tuple[int, int, dict[str, Fraction]]:
    """Length, number of letters, and a number for every symbol of the claim."""
    most = current().proof_sequences
    chosen = _a_size(setting, low, known, most)
    found: dict[str, int] = {}
    sizes = []
    for i, (name, size) in enumerate((("length", setting.length), ("vocabulary", setting.letters))):
        if size.number is not None:
            if name in given:
                raise InvalidArgument(name, "is given by the claim", f"it is {size.number} there")
            sizes.append(size.number)
            continue
        value = read_integer(given.get(name, chosen[i]), name, min(low[i], known[i]))
        if found.setdefault(str(size.symbol), value) != value:
            rule = "must be the length, which the same symbol stands for"
            raise InvalidArgument(name, rule, f"it is {displayed(value)}")
        sizes.append(value)
    if not any(sizes[0] >= start[0] and sizes[1] >= start[1] for start in (low, known)):
        rule = (
            f"must be at least {known[0]}, of {known[1]} letters or more, where anything is claimed"
        )
        raise InvalidArgument("length", rule, f"it is {sizes[0]}, of {sizes[1]} letters")
    count = setting.count(*sizes)
    if count > most:
        rule = f"must leave at most {most} sequences (limits.proof_sequences)"
        raise InvalidArgument("length", rule, f"there are {count if count < 2**64 else 'more'}")
    free = sorted(setting.names)
    for name in set(given) - {"length", "vocabulary"} - set(free):
        hint = did_you_mean(name, free)
        raise InvalidArgument(
            name, f"must be one of {', '.join(free) or 'none'}", f"the claim has no such name{hint}"
        )
    at = setting.values(*sizes)
    for i, name in enumerate(free):
        at[name] = _VALUES[i % len(_VALUES)] + i // len(_VALUES)
        if name in given:
            value = exact_expression(given[name], name)
            if not value.is_Rational:
                raise InvalidArgument(name, "must be rational", f"it is {displayed(value)}")
            at[name] = Fraction(int(value.p), int(value.q))
    return sizes[0], sizes[1], at


def _a_size(setting: Setting, low: Sizes, known: Sizes, most: int) -> Sizes:
    """The smallest at which the sectors are the spectrum, or else the one of most sequences at which sums over all of them are claimed."""
    start = setting.starts(low)
    if setting.count(*start) <= most or setting.symbols != {"L", "v"}:
        return start
    sizes = [(v**n, n, v) for n in range(max(3, known[0]), 6) for v in range(max(2, known[1]), 6)]
    return max((size for size in sizes if size[0] <= most), default=(0, *start))[1:]


def _evaluator(at: Mapping[str, Fraction]) -> Callable[[Formula], Fraction]:
    def number(formula: Formula) -> Fraction:
        if formula.irrational:
            raise NoClosedForm(
                f"certificate: {formula.text[:60]} is not rational, and Rocq source is written of rational numbers"
            )
        with _reading("certificate", "must have formulas of a value at every point of the claim"):
            return Fraction(formula.at(at))

    return number


def _chances(law: Law, letters: int) -> list[Fraction]:
    return [Fraction(1, letters)] * letters if law.kind == "uniform" else list(law.probabilities)


def _kernel(setting: Setting, number: Callable[[Formula], Fraction]) -> str:
    """The pipeline as nested definitions."""
    lines: list[str] = []
    last = _run(setting.kernel.stages, number, "K", True, lines)
    return "\n".join([*lines, f"  {last}"])


def _run(
    stages: list[Any],
    number: Callable[[Formula], Fraction],
    prefix: str,
    positions: bool,
    lines: list[str],
) -> str:
    now, states, pooled = "", list[str](), False

    def define(term: str) -> str:
        name = f"{prefix}{sum(line.startswith(f'  let {prefix}') for line in lines)}"
        lines.append(f"  let {name} := {term} in")
        return name

    for i, (name, arguments) in enumerate(stages):
        value = {
            k: _rational(number(a))
            for k, a in arguments.items()
            if isinstance(a, Formula) and name in ("embedding", "linear")
        }
        if name == "embedding":
            position = value["position"] if positions else _rational(0)
            now = define(f"embedding {value['token']} {position} {value['constant']} x y")
            states.append(now)
            continue
        if name == "residual":
            now = define(f"residual {now} {states[-1 - arguments['over']]}")
            states.append(now)
            continue
        if name == "attention" and arguments["query_key"] == "independent" and not pooled:
            values = now
            if not arguments["positions_in_values"]:
                values = _run(stages[:i], number, f"{prefix}E", False, lines)
            normalised = "true" if arguments["normalize"] else "false"
            now = define(f"attention {normalised} {now} {values}")
        elif name == "linear" and not pooled:
            now = define(f"linear {value['weight']} {value['bias']} {now}")
        elif name == "linear":
            now = define(f"add (mul {value['weight']} {now}) {value['bias']}")
        elif name in _READOUTS:
            now, pooled = define(f"{_READOUTS[name]} {now}"), True
        else:
            raise NoClosedForm(
                f"certificate: Rocq source has no definition of the stage {name}{' behind the readout' if pooled else ''} "
                f"with {', '.join(arguments) or 'no arguments'} as they stand; the checker in Python has"
            )
        states.append(now)
    return now


_READOUTS = {"mean_pool": "mean_pool", "flatten": "flatten", "at_position": "at_last"}

_KINDS: dict[str, Any] = {
    "dimension": _dimension,
    "characters": _characters,
    "character polynomial": _character_polynomial,
    "spectrum": _spectrum,
}
