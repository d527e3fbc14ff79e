r"""Certificates as Rocq (Coq) source: a file that ``coqc`` compiles, in which the claim is a theorem and its proof a computation over exact rationals.

Everything that a theorem speaks of is defined in the file itself, from lists and rationals of the standard library up, in `prelude.v` beside this module: standard
tableaux by their corners, characters by Frobenius's formula, the kernel by its stages, the operator as a matrix on all sequences. There is no axiom and nothing
admitted; the last line prints so. What is claimed for all sizes becomes a theorem at so many that they determine it:

* dimension: |mu| + 1 values of n, for a polynomial of degree |mu|;
* character polynomial of weight |mu|: the cycle types (n0 + a_1, a_2, ...), a_1 + 2 a_2 + ... <= |mu|, on which no other such polynomial has these values;
* characters: each value;
* spectrum: at one size and values of the hyperparameters, sum of dimension x (sum of j-th powers of the eigenvalues) = trace(T^j), j = 1, ..., 2p + 2, p the number
  of eigenvalues that are not zero: these determine eigenvalues and multiplicities (see `symkern.certificates.checker`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from importlib import resources
from itertools import product
from math import lcm
from typing import Any

import sympy as sp

from symkern.abc import namespace, parse
from symkern.certificates.checker.claimed_kernel import Kernel
from symkern.certificates.checker.recursion import kernel_value
from symkern.combinatorics import Partition, partitions
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm
from symkern.exact import exact_expression
from symkern.limits import current
from symkern.reading.integers import read_integer
from symkern.reading.spelling import did_you_mean
from symkern.version import __version__

#: Values of hyperparameters where none are given.
_VALUES = (
    sp.Rational(2),
    sp.Rational(1, 3),
    sp.Rational(3, 2),
    sp.Rational(1, 5),
    sp.Rational(5, 7),
)


def rocq(
    certificate: Mapping[str, Any],
    length: object = None,
    vocabulary: object = None,
    **parameters: object,
) -> str:
    """The certificate as Rocq source, for ``coqc`` 8.16 and later.

    Args:
        certificate: of a dimension, of characters, of a character polynomial, or of a spectrum.
        length: the length at which a spectrum is stated; where it is a symbol and nothing is said, the smallest from which the sectors are the spectrum,
            or, with too many sequences there, one below at which the sums over all sectors are claimed.
        vocabulary: the number of letters, likewise.
        parameters: values of its hyperparameters; small integers are chosen for those that are not given.

    Raises:
        NoClosedForm: a kind of claim, a stage or a law that the file has no definition for, or an irrational value.
        InvalidArgument: more sequences than a theorem is made for (`symkern.limits`, proof_sequences), or a name that the claim has not.

    >>> from symkern.certificates import dimension_certificate
    >>> source = rocq(dimension_certificate((2,)))
    >>> print(source[source.index("Definition formula") :].rstrip())
    Definition formula (number : nat) : Q :=
      let n := whole number in mul (mul (1 # 2) n) (add n (-3 # 1)).
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
    kind = certificate["claim"]
    if kind not in _KINDS:
        raise NoClosedForm(
            f"certificate: Rocq source is written of {', '.join(_KINDS)}, and this one is of kind {kind!r}; "
            "the checker in Python tests it"
        )
    if kind == "spectrum":
        given = {"length": length, "vocabulary": vocabulary, **parameters}
        title, theorem = _spectrum(certificate, {k: x for k, x in given.items() if x is not None})
    else:
        unknown = [
            k
            for k, x in ({"length": length, "vocabulary": vocabulary} | parameters).items()
            if x is not None
        ]
        if unknown:
            raise InvalidArgument(
                unknown[0],
                "is a size or a hyperparameter of a spectrum",
                f"the claim is of kind {kind}",
            )
        title, theorem = _KINDS[kind](certificate)
    prelude = resources.files(__package__).joinpath("prelude.v").read_text("utf-8")
    return f"(* {title}.\n   Written by symkern {__version__}; proved by computation over exact rationals. *)\n{prelude}\n{theorem}Print Assumptions claim.\n"


# -- terms ------------------------------------------------------------------------------


def _rational(value: sp.Expr | Fraction | int | str) -> str:
    number = Fraction(str(value))
    return f"({number.numerator} # {number.denominator})"


def _list(parts: object) -> str:
    return f"[{'; '.join(map(str, parts))}]%nat"  # type: ignore[call-overload]


def _term(formula: sp.Expr, names: Mapping[str, str]) -> str:
    """A formula of rational operations as a term."""
    if formula.is_Rational:
        return _rational(formula)
    if formula.is_Symbol and formula.name in names:
        return names[formula.name]
    if formula.is_Pow and formula.exp.is_Integer:
        base = f"power {_term(formula.base, names)} {abs(int(formula.exp))}"
        return f"({base})" if formula.exp > 0 else f"(Qred (1 / ({base})))"
    if formula.is_Add or formula.is_Mul:
        first, *rest = (
            formula.as_ordered_factors() if formula.is_Mul else formula.as_ordered_terms()
        )
        result = _term(first, names)
        for other in rest:
            result = f"({'mul' if formula.is_Mul else 'add'} {result} {_term(other, names)})"
        return result
    raise NoClosedForm(
        f"certificate: {formula} is no rational formula in {', '.join(names) or 'numbers'}"
    )


def _bare(term: str) -> str:
    return term[1:-1] if term.startswith(("(mul", "(add")) else term


def _theorem(
    statement: str, binder: str, listed: str, left: str, right: str, integers: bool = False
) -> str:
    holds = f"Z.eqb ({left}) ({right})" if integers else f"equal ({left}) ({right})"
    sound = "now apply Z.eqb_eq" if integers else "now apply Qeq_bool_eq"
    return f"Theorem claim : {statement}.\n" + _proof(f"fun {binder} => {holds}", sound)


def _proof(holds: str, sound: str = "now apply Qeq_bool_eq") -> str:
    return (
        f"Proof.\n  apply by_computation with (holds := {holds}).\n"
        f"  - intros. {sound}.\n  - vm_compute. reflexivity.\nQed.\n"
    )


# -- kinds ------------------------------------------------------------------------------


def _dimension(claim: Mapping[str, Any]) -> tuple[str, str]:
    mu = Partition.read(claim["irrep"], "irrep")
    formula = parse(claim["formula"])
    names = sorted(s.name for s in formula.free_symbols) or ["n"]
    term = _bare(_term(formula, {names[0]: "n"}))
    shape = f"(padded n {_list(mu)})"
    statement = f"forall n, In n (seq {claim['from']} {mu.size + 1}) -> inject_Z (dimension {shape}) == formula n"
    return (
        f"The dimension of the irrep (n - {mu.size}, {', '.join(map(str, mu))}) of S_n",
        f"Definition formula (number : nat) : Q :=\n  let n := whole number in {term}.\n"
        + _theorem(statement, "n", "", f"inject_Z (dimension {shape})", "formula n"),
    )


def _characters(claim: Mapping[str, Any]) -> tuple[str, str]:
    rows = ";\n  ".join(
        f"({_list(v['irrep'])}, {_list(v['cycles'])}, ({int(v['value'])})%Z)"
        for v in claim["values"]
    )
    left, right = "character (fst (fst entry)) (snd (fst entry))", "snd entry"
    return (
        "Characters of symmetric groups",
        f"Definition values : list (list nat * list nat * Z) := [\n  {rows}].\n"
        + _theorem(
            f"forall entry, In entry values -> {left} = {right}",
            "entry",
            "values",
            left,
            right,
            True,
        ),
    )


def _character_polynomial(claim: Mapping[str, Any]) -> tuple[str, str]:
    mu = Partition.read(claim["irrep"], "irrep")
    formula = parse(claim["formula"])
    names = {s.name: f"(X {s.name[1:]}%nat)" for s in formula.free_symbols}
    least = mu.threshold
    types = [
        [*sorted(part, reverse=True), *([1] * least)]
        for k in range(mu.size + 1)
        for part in partitions(k)
    ]
    rows = ";\n  ".join(_list(t) for t in types)
    left = f"inject_Z (character (padded (list_sum cycles) {_list(mu)}) cycles)"
    right = "formula (fun k => cycles_of_length k cycles)"
    return (
        f"The character of the irrep (n - {mu.size}, {', '.join(map(str, mu))}) by the numbers X k of cycles of length k",
        f"Definition formula (X : nat -> Q) : Q :=\n  {_bare(_term(formula, names))}.\n"
        f"Definition cycle_types : list (list nat) := [\n  {rows}].\n"
        + _theorem(
            f"forall cycles, In cycles cycle_types -> {left} == {right}", "cycles", "", left, right
        ),
    )


def _spectrum(claim: Mapping[str, Any], given: Mapping[str, object]) -> tuple[str, str]:
    at = _sizes_and_values(claim, given)
    number = _evaluator(at)
    size, letters = int(number(claim["length"])), _letters(claim["law"], number)
    count = len(letters) ** size
    if count > current().proof_sequences:
        rule = f"must leave at most {current().proof_sequences} sequences (limits.proof_sequences)"
        raise InvalidArgument("length", rule, f"there are {count}")
    sectors = []
    nonzero = 0
    for sector in claim["sectors"]:
        if "characteristic_polynomial" not in sector:
            raise NoClosedForm(
                "certificate: a block with irrational entries; Rocq source is written of rational ones"
            )
        dimension = number(sector["dimension"])
        coefficients = [number(c) for c in sector["characteristic_polynomial"]]
        if dimension:
            nonzero += next((len(coefficients) - i for i, c in enumerate(coefficients) if c), 0)
            sectors.append(f"({_rational(dimension)}, [{'; '.join(map(_rational, coefficients))}])")
    powers = 2 * nonzero + 2
    values = ", ".join(f"{name} = {value}" for name, value in at.items())
    rows, listed = (
        ";\n  ".join(sectors),
        "; ".join(f"({i}%nat, {_rational(p)})" for i, p in enumerate(letters)),
    )
    return (
        f"The spectrum of an attention kernel on sequences of {size} of {len(letters)} letters"
        + (f", {values}" if values else ""),
        f"Definition kernel (x y : list nat) : Q :=\n{_kernel(claim['kernel'], number)}.\n"
        f"Definition letters : list (nat * Q) := [{listed}].\n"
        f"Definition T : matrix := operator kernel (words {size} letters).\n"
        f"Definition scale : Z := {_scale(claim, at, size, letters)}%Z.\n"
        "Definition S : list (list Z) := integers scale T.\n"
        "(* Dimension of each sector, and the coefficients c_0, ..., c_(m-1) of its block's characteristic polynomial. *)\n"
        f"Definition sectors : list (Q * list Q) := [\n  {rows}].\n"
        "Theorem scaled : forall pair, In pair (combine (entries T) (entries S)) -> "
        "inject_Z (snd pair) == inject_Z scale * fst pair.\n"
        + _proof("fun pair => equal (inject_Z (snd pair)) (inject_Z scale * fst pair)")
        + f"(* trace(T^j) = sum of dimension x sum of j-th powers of the eigenvalues, j = 1, ..., {powers}. *)\n"
        f"Theorem claim : forall pair, In pair (combine (traces {powers} S (columns S)) "
        f"(rescaled (inject_Z scale) (inject_Z scale) (combined {powers} sectors))) -> inject_Z (fst pair) == snd pair.\n"
        + _proof("fun pair => equal (inject_Z (fst pair)) (snd pair)")
        + "Print Assumptions scaled.\n",
    )


def _scale(
    claim: Mapping[str, Any], at: Mapping[str, sp.Rational], size: int, letters: list[sp.Rational]
) -> int:
    """A common denominator of the operator's entries."""
    kernel = Kernel(claim["kernel"])
    stages = kernel.bound({name: Fraction(str(value)) for name, value in at.items()}, Fraction)
    words = list(product(range(len(letters)), repeat=size))
    pairs = [list(zip(x, y, strict=True)) for x in words for y in words]
    kinds = {(*sorted(pair[:-1]), pair[-1]) for pair in pairs}
    values = (kernel_value(stages, kind, Fraction, kernel.alone) for kind in kinds)
    below: int = lcm(*(int(p.q) for p in letters)) ** size
    return below * lcm(*(int(value.denominator) for value in values))


def _sizes_and_values(
    claim: Mapping[str, Any], given: Mapping[str, object]
) -> dict[str, sp.Rational]:
    """A number for every symbol of the claim."""
    found: dict[str, sp.Rational] = {}
    law = claim["law"]
    symbols = {"length": claim["length"], "vocabulary": law.get("vocabulary", "")}
    least = claim["range"]["traces_from"]
    chosen = _a_size(claim, symbols)
    names = {s.name for f in _formulas(claim) for s in parse(f).free_symbols} - {"x"}
    for size, text in symbols.items():
        if text in ("L", "v"):
            found[text] = sp.Integer(read_integer(given.get(size, chosen[size]), size, least[size]))
        elif size in given:
            raise InvalidArgument(
                size, "is given by the claim", f"it is {text or law['kind']} there"
            )
    free = sorted(names - set(found))
    for name in set(given) - {"length", "vocabulary"} - set(free):
        hint = did_you_mean(name, free)
        raise InvalidArgument(
            name, f"must be one of {', '.join(free) or 'none'}", f"the claim has no such name{hint}"
        )
    for i, name in enumerate(free):
        value = (
            exact_expression(given[name], name)
            if name in given
            else _VALUES[i % len(_VALUES)] + i // len(_VALUES)
        )
        if not value.is_Rational:
            raise InvalidArgument(name, "must be rational", f"it is {value}")
        found[name] = value
    return found


def _a_size(claim: Mapping[str, Any], symbols: Mapping[str, str]) -> dict[str, int]:
    """The smallest at which the sectors are the spectrum, or else the one of most sequences at which sums over all of them are claimed."""
    start, least = claim["range"]["spectrum_from"], claim["range"]["traces_from"]
    most = current().proof_sequences
    if start["vocabulary"] ** start["length"] <= most or set(symbols.values()) != {"L", "v"}:
        return dict(start)
    sizes = [
        (v**n, n, v)
        for n in range(least["length"], 6)
        for v in range(max(2, least["vocabulary"]), 6)
    ]
    _, n, v = max(
        (size for size in sizes if size[0] <= most and size[1] > 2),
        default=(0, start["length"], start["vocabulary"]),
    )
    return {"length": n, "vocabulary": v}


def _formulas(claim: Mapping[str, Any]) -> Iterator[str]:
    for _, arguments in claim["kernel"]:
        yield from (a for a in arguments.values() if isinstance(a, str) and a not in _WORDS)
    for sector in claim["sectors"]:
        yield sector["dimension"]
        yield from sector.get("characteristic_polynomial", ())


_WORDS = ("independent", "tied", "identity", "softmax", "relu", "abs", "erf", "last")


def _evaluator(at: Mapping[str, sp.Rational]) -> Callable[[str], sp.Rational]:
    replaced = {namespace[name]: value for name, value in at.items()}

    def number(text: str) -> sp.Rational:
        value = parse(text).subs(replaced)
        if not value.is_Rational:
            raise NoClosedForm(
                f"certificate: {text} is not rational at {', '.join(f'{k} = {x}' for k, x in at.items())}"
            )
        return value

    return number


def _letters(law: Mapping[str, Any], number: Callable[[str], sp.Rational]) -> list[sp.Rational]:
    if law["kind"] == "uniform":
        count = int(number(str(law["vocabulary"])))
        return [sp.Rational(1, count)] * count
    if law["kind"] == "categorical":
        return [number(p) for p in law["probabilities"]]
    raise NoClosedForm(
        f"certificate: Rocq source has independent tokens, and the law is of kind {law['kind']!r}"
    )


def _kernel(stages: list[Any], number: Callable[[str], sp.Rational]) -> str:
    """The pipeline as nested definitions."""
    lines: list[str] = []
    last = _run(stages, number, "K", True, lines)
    return "\n".join([*lines, f"  {last}"])


def _run(
    stages: list[Any],
    number: Callable[[str], sp.Rational],
    prefix: str,
    positions: bool,
    lines: list[str],
) -> str:
    now = before = ""
    pooled = False

    def define(term: str) -> str:
        name = f"{prefix}{sum(line.startswith(f'  let {prefix}') for line in lines)}"
        lines.append(f"  let {name} := {term} in")
        return name

    for i, (name, arguments) in enumerate(stages):
        value = {
            k: number(a)
            for k, a in arguments.items()
            if isinstance(a, str) and a not in _WORDS and name in ("embedding", "linear")
        }
        if name == "embedding":
            position = value["position"] if positions else 0
            now = before = define(
                f"embedding {_rational(value['token'])} {_rational(position)} {_rational(value['constant'])} x y"
            )
            continue
        if name == "residual":
            now = define(f"residual {now} {before}")
            continue
        entered = now
        if name == "attention" and arguments["query_key"] == "independent":
            values = now
            if not arguments["positions_in_values"]:
                values = _run(stages[:i], number, f"{prefix}E", False, lines)
            normalised = "true" if arguments["normalize"] else "false"
            now = define(f"attention {normalised} {now} {values}")
        elif name == "linear" and not pooled:
            now = define(f"linear {_rational(value['weight'])} {_rational(value['bias'])} {now}")
        elif name == "linear":
            now = define(f"add (mul {_rational(value['weight'])} {now}) {_rational(value['bias'])}")
        elif name in _READOUTS:
            now, pooled = define(f"{_READOUTS[name]} {now}"), True
        else:
            raise NoClosedForm(
                f"certificate: Rocq source has no definition of the stage {name} with {arguments}; the checker in Python has"
            )
        before = entered
    return now


_READOUTS = {"mean_pool": "mean_pool", "flatten": "flatten", "at_position": "at_last"}

_KINDS: dict[str, Any] = {
    "dimension": _dimension,
    "characters": _characters,
    "character polynomial": _character_polynomial,
    "spectrum": _spectrum,
}
