"""The theorem on a spectrum: the operator at one size as a matrix of rationals, the sectors that are claimed, and the traces of its powers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product
from math import lcm
from typing import Any

from symkern.certificates.checker.claimed_formulas import Formula
from symkern.certificates.checker.claimed_laws import (
    Law,
    read_list,
    require_fields,
)
from symkern.certificates.checker.claimed_laws import read_integer as read_claimed_integer
from symkern.certificates.checker.claimed_sectors import Sector, read_entry
from symkern.certificates.checker.comparing import shown
from symkern.certificates.checker.recursion import kernel_value
from symkern.certificates.checker.residues import Chance
from symkern.certificates.checker.setting import Setting
from symkern.certificates.checker.verdicts import (
    Unreadable,
)
from symkern.certificates.rocq_terms import (
    digits,
    list_term,
    part_of_proof,
    rational_term,
    reading,
    written_number,
)
from symkern.errors import InvalidArgument, NoClosedForm, displayed
from symkern.exact import exact_expression
from symkern.limits import current
from symkern.reading.integers import read_integer
from symkern.reading.spelling import did_you_mean

#: Values of hyperparameters where none are given.
_VALUES = (Fraction(2), Fraction(1, 3), Fraction(3, 2), Fraction(1, 5), Fraction(5, 7))


Sizes = tuple[int, int]


def spectrum_theorem(claim: Any, given: Mapping[str, object], text: str) -> tuple[str, str]:
    """A title, and the theorem with all that it speaks of."""
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
            f"({list_term(sector.position)}, {list_term(sector.token or ())}, ({digits(dimension)})%Z, "
            f"[{'; '.join(map(rational_term, coefficients))}])"
        )
    powers = 2 * nonzero + 2
    chances = _chances(setting.law, letters)
    listed = "; ".join(f"({i}%nat, {rational_term(p)})" for i, p in enumerate(chances))
    values = ", ".join(f"{name} = {written_number(value)}" for name, value in at.items())
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
        f"Definition scale : Z := {digits(_scale(setting, at, size, chances))}%Z.\n"
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
        f"  trace T == {rational_term(number(trace))} /\\\n"
        f"  (forall pair, In pair (combine (traces {powers} S (columns S)) "
        f"(rescaled (inject_Z scale) (inject_Z scale) (combined {powers} blocks))) -> inject_Z (fst pair) == snd pair).\n"
        "Proof.\n  split; [|split; [|split]].\n"
        + part_of_proof(f"fun pair => {first}")
        + part_of_proof(f"fun sector => {holds}", sound)
        + "  - apply Qeq_bool_eq. vm_compute. reflexivity.\n"
        + part_of_proof(f"fun pair => {last}")
        + "Qed.\n",
    )


def _read_spectrum(claim: Any, text: str) -> tuple[Setting, list[Sector], Formula, Sizes, Sizes]:
    """Kernel, law and sizes; sectors; trace; from which (length, vocabulary) on they are the spectrum, and from which on their sums are claimed."""
    with reading("certificate", "must have the fields of its kind"):
        require_fields(
            claim, "the claim", "certificate", "claim", "kernel", "law", "length", "range",
            "trace", "sectors", optional=("standing", "versions"),
        )  # fmt: skip
    with reading("range", "must be sizes from which on the claim holds"):
        require_fields(claim["range"], "a range", "spectrum_from", "traces_from")
        low, known = (
            _sizes(claim["range"][name], name) for name in ("spectrum_from", "traces_from")
        )
    with reading("sectors", "must be labels, dimensions and blocks"):
        sectors = [Sector(s) for s in read_list(claim["sectors"], "sectors", 0)]
    with reading("trace", "must be a formula"):
        trace = read_entry(claim["trace"])
    with reading("certificate", "must have a kernel, a law and a length"):
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
    with reading("range", "must begin at the sizes that there are"):
        setting.require_range(low)
        setting.require_range(known)
    with reading("sectors", "must be of irreps, each once, that exist at every size of the range"):
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
    with reading("kernel", "must have a value at every point"):
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
        with reading("certificate", "must have formulas of a value at every point of the claim"):
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
            k: rational_term(number(a))
            for k, a in arguments.items()
            if isinstance(a, Formula) and name in ("embedding", "linear")
        }
        if name == "embedding":
            position = value["position"] if positions else rational_term(0)
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
