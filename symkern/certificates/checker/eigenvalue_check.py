"""The claim of one eigenvalue of one sector."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

from .claimed_formulas import Formula, shortened
from .claimed_laws import read_integer, require_fields
from .claimed_sectors import sector_name
from .comparing import as_decimal, place, power_of_ten, shown, value_at
from .intervals import ONE, Interval
from .labels import jacobi_trudi, padded, read_label
from .modular_matrices import characteristic_polynomial, without_zeros
from .residues import Chance, Residue, residue_maker
from .sequence_traces import Sequences, Traces
from .setting import Setting, point_at, spread_out
from .verdicts import (
    CannotCheck,
    NoPolynomial,
    NoRoot,
    Number,
    Pole,
    Refuted,
    Row,
    Step,
    Unreadable,
    Values,
    spend,
)


def check_eigenvalue(claim: Any, sequences: int, chance: Chance, step: Step) -> list[Row]:
    """One formula is an eigenvalue of one sector's block, at small sizes in range and as an identity."""
    require_fields(
        claim, "the claim", "certificate", "claim", "kernel", "law", "length", "position_irrep", "token_irrep", "eigenvalue", "from",
        optional=("versions",),
    )  # fmt: skip
    formula = Formula(claim["eigenvalue"])
    setting = Setting(claim, [formula], chance)
    mu = read_label(claim["position_irrep"])
    kappa = None if claim["token_irrep"] is None else read_label(claim["token_irrep"])
    if kappa is not None and not setting.law.relabelling:
        raise Unreadable("an irrep of letters where they cannot be renamed")
    if kappa is None and setting.law.relabelling and setting.letters.symbol:
        raise Unreadable("no irrep of letters where they can be renamed")
    require_fields(claim["from"], "from", "length", "vocabulary")
    low = (
        read_integer(claim["from"]["length"], 1, 10**9, "length of from"),
        read_integer(claim["from"]["vocabulary"], 1, 10**9, "vocabulary of from"),
    )
    setting.require_range(low)
    setting.require_irrep(mu, kappa, low)
    name = sector_name(mu, kappa)
    rows = setting.require_no_pole(low)
    number = Interval.of if setting.kernel.irrational else Fraction
    corner = setting.starts(low)
    _require_sector(setting, mu, kappa, corner, sequences)
    chosen = spread_out(setting.sizes(sequences, low), 4 if setting.symbols else 1)
    if setting.symbols and setting.count(*corner) <= sequences:
        chosen = sorted({*chosen, (setting.count(*corner), *corner)})
    nearest = Fraction(0)
    for _, n, v in chosen:
        step(place(setting.values(n, v)))
        space = Sequences(setting.kernel, setting.law, n, v)
        for kind in setting.kinds_of_points:
            at = point_at(setting, n, v, kind)
            nearest = max(
                nearest, _is_eigenvalue(setting, space, mu, kappa, formula, at, number, v)
            )
    everywhere = False
    try:
        step("all sizes")
        everywhere = setting.with_every_sign(
            lambda: _is_generic_eigenvalue(setting, mu, kappa, formula, None)
        )
        if setting.symbols:
            ranks = [setting.rank(mu, kappa, at) for at in (None, corner)]
            if ranks[0] != ranks[1]:
                raise CannotCheck(
                    f"not checkable: the block has {ranks[1]} eigenvalues but 0 at the smallest size of the range and {ranks[0]} later; begin where it is whole"
                )
        if setting.symbols and setting.count(*corner) > sequences:
            step("the smallest sizes of the range")
            setting.with_every_sign(
                lambda: _is_generic_eigenvalue(setting, mu, kappa, formula, corner)
            )
            rows.append(
                ("tested", f"the same at the corner of the range, L = {corner[0]}, v = {corner[1]}")
            )
    except NoPolynomial:
        setting.require_sizes_to_suffice()
    setting.require_something_tested(chosen or everywhere, sequences)
    if chosen:
        where = "; ".join(place(setting.values(n, v)) for _, n, v in chosen)
        rows.append(
            ("tested", f"an eigenvalue of the sector {name} of the whole operator, {where}")
        )
    if setting.irrational and chosen and not everywhere:
        rows.append(
            (
                "tested",
                f"in intervals: within {power_of_ten(nearest)} of the norm of T of an eigenvalue",
            )
        )
    if setting.names:
        rows.append(("tested", f"random values of {', '.join(sorted(setting.names))}"))
    if everywhere:
        rows.append(
            (
                "tested",
                "a root of the block's characteristic polynomial as an identity, at random residues modulo a prime of 121 bits",
            )
        )
    rows.append(("not tested", "the other eigenvalues of the sector, and other sectors"))
    return rows


def _require_sector(
    setting: Setting, mu: Any, kappa: Any, corner: tuple[int, int], sequences: int
) -> None:
    """The sector occurs at the smallest size of the range, and so at every larger one: it does where it occurs at a smaller one."""
    known = False
    for n in range(1, min(corner[0], 12) + 1):
        for v in [n] if setting.law.kind == "distinct" else range(1, min(corner[1], 256) + 1):
            if (
                setting.letters.number is not None
                and v != setting.letters.number
                and setting.law.kind != "distinct"
            ):
                continue
            position = padded(mu, n - setting.fixed)
            token = None if kappa is None else padded(kappa, v)
            if (
                setting.count(n, v) > sequences
                or position is None
                or (kappa is not None and token is None)
            ):
                continue
            space = Sequences(setting.kernel, setting.law, n, v)
            if _multiplicity(space, position, token):
                return
            known = known or (n, v) == corner
    name = sector_name(mu, kappa)
    if known:
        raise Refuted(
            f"L = {corner[0]}, v = {corner[1]}",
            "claimed  an eigenvalue",
            f"found    the sector {name} does not occur",
        )
    raise CannotCheck(
        f"not checkable within the budget: whether the sector {name} occurs at L = {corner[0]}, v = {corner[1]}"
    )


def _is_eigenvalue(setting: Setting, space: Sequences, mu: Any, kappa: Any, formula: Formula, at: Values, number: Number, v: int) -> Fraction:  # fmt: skip
    where = f"{place(at)}, sector {sector_name(mu, kappa)}"
    position, token = padded(mu, space.moved), None if kappa is None else padded(kappa, v)
    traces = Traces(space, setting.kernel.bound(at, number), setting.kernel.alone, number)
    size = _multiplicity(space, position or (), token)
    if not size:
        raise Refuted(
            where,
            f"claimed  an eigenvalue {formula.text[:60]}",
            "found    a sector that does not occur",
        )
    value = value_at(formula, at, Interval.of if formula.irrational else number, where)
    coefficients = _from_power_sums(traces.of(position or (), token, size), number)
    if number is Fraction and not (isinstance(value, Fraction) and not value):
        coefficients = without_zeros(coefficients)  # exact zeros are no neighbours of another root
    size = len(coefficients) - 1
    found = number(0)
    for c in reversed(coefficients):
        found = found * value + c
    zero = found.lo <= 0 <= found.hi if isinstance(found, Interval) else not found
    if not zero:
        near = traces.norm / 10**60
        middles = [_middle(c) for c in coefficients]
        true = list(
            dict.fromkeys(
                _real_roots(
                    [
                        c if abs(c) > near ** max(1, size - i) else Fraction(0)
                        for i, c in enumerate(middles)
                    ]
                )
            )
        ) or ["0"]
        raise Refuted(
            where, f"claimed  {shown(value)} = {formula.text[:80]}", f"found    {', '.join(true)}"
        )
    if not isinstance(found, Interval):
        return Fraction(0)
    # |p(value)| is the product of the distances to the roots, so that one of them is at most its root of degree ``size``.
    norm = traces.norm
    off = Fraction(max(abs(found.lo), abs(found.hi)), ONE) / norm**size
    near = Fraction(1)
    while near**size > off and near > Fraction(1, 10**70):
        near /= 10
    near *= 10
    if near > Fraction(1, 10**12) or abs(_middle(value)) < near * norm * 10**6:
        raise CannotCheck("the intervals are too wide to tell this eigenvalue from others")
    return near


def _multiplicity(
    space: Sequences, position: tuple[int, ...], token: tuple[int, ...] | None
) -> int:
    """How often the sector occurs among functions of sequences: numbers of orbits, by Jacobi and Trudi."""
    letters = {(1,) * space.letters: 1} if token is None else jacobi_trudi(token)
    return sum(
        c * e * len(space.orbits(p, q))
        for p, c in jacobi_trudi(position).items()
        for q, e in letters.items()
    )


def _from_power_sums(sums: list[Any], number: Number) -> list[Any]:
    """Coefficients of the monic polynomial with these power sums of its roots, the constant one first (Newton)."""
    elementary = [number(1)]
    for k in range(1, len(sums) + 1):
        total = number(0)
        for i in range(1, k + 1):
            term = elementary[k - i] * sums[i - 1]
            total = total + term if i % 2 else total - term
        elementary.append(shortened(total * Fraction(1, k)))
    return [c * (-1) ** k for k, c in enumerate(elementary)][::-1]


def _middle(value: Any) -> Fraction:
    return Fraction(value.lo + value.hi, 2 * ONE) if isinstance(value, Interval) else value


def _real_roots(coefficients: list[Fraction]) -> list[str]:
    """The roots of a polynomial all of whose roots are real, for people to read: those of the derivative part them."""
    while len(coefficients) > 1 and not coefficients[0]:
        coefficients = coefficients[1:]
        rest = _real_roots(coefficients)
        return rest if "0" in rest else [*rest, "0"]
    if len(coefficients) == 2:
        return [shown(-coefficients[0] / coefficients[1])]

    def at(p: list[Fraction], x: Fraction) -> Fraction:
        result = Fraction(0)
        for c in reversed(p):
            result = result * x + c
        return result

    def roots(p: list[Fraction]) -> list[Fraction]:
        if len(p) < 2:
            return []
        if len(p) == 2:
            return [-p[0] / p[1]]
        bound = 1 + max(abs(c / p[-1]) for c in p[:-1])
        ends = [-bound, *roots([k * c for k, c in enumerate(p)][1:]), bound]
        found = []
        for low, high in pairwise(ends):
            below = at(p, low) > 0
            if (at(p, high) > 0) == below:
                found += [low] if abs(at(p, low)) < abs(at(p, high)) and low != -bound else []
                continue
            for _ in range(90):
                middle = (low + high) / 2
                middle = Fraction(int(middle * (1 << 120)), 1 << 120)
                if (at(p, middle) > 0) == below:
                    low = middle
                else:
                    high = middle
            found.append(high)
        return found

    spend(2000 * len(coefficients) ** 3)
    return [as_decimal(root) for root in roots(coefficients)]


def _is_generic_eigenvalue(
    setting: Setting, mu: Any, kappa: Any, formula: Formula, sizes: tuple[int, int] | None
) -> bool:
    if setting.law.kind == "distinct":
        raise NoPolynomial
    for _ in range(100):
        at, blocks = setting.blocks(kappa is not None, sizes)
        try:
            value = formula.at(at, residue_maker(blocks.prime))
        except (NoRoot, Pole):
            continue
        polynomial = characteristic_polynomial(blocks.block(mu, kappa), blocks.prime)
        found = Residue(0, blocks.prime)
        for c in reversed(polynomial):
            found = found * value + c
        if not found.value and (value.value or not setting.symbols):
            return True
        where = "all sizes" if sizes is None else f"L = {sizes[0]}, v = {sizes[1]}"
        if not value.value:
            raise CannotCheck(
                f"not checkable: whether functions of more positions, which T maps to 0, are there at {where}"
            )
        raise Refuted(
            where,
            f"claimed  the eigenvalue {formula.text[:80]}",
            "found    no root of the block's characteristic polynomial",
        )
    raise CannotCheck("a formula without a value at 100 points")
