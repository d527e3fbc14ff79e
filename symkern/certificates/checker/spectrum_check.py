"""The claim of a spectrum: tested sector by sector at small sizes, and at all sizes modulo a prime."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

from .at_all_sizes import compare_below, compare_everywhere
from .claimed_formulas import Formula
from .claimed_laws import read_integer, read_list, require_fields
from .claimed_sectors import Sector, read_entry
from .comparing import compare, place, power_of_ten, shown, value_at
from .intervals import Interval
from .labels import irrep_dimension, padded
from .residues import Chance
from .sequence_traces import Sequences, Traces
from .setting import Setting, point_at, spread_out
from .verdicts import CannotCheck, NoPolynomial, Number, Pole, Refuted, Row, Step, Unreadable, spend


def check_spectrum(claim: Any, sequences: int, chance: Chance, step: Step) -> list[Row]:
    """Compare every sector with the operator's own trace of powers on it."""
    require_fields(
        claim, "the claim", "certificate", "claim", "kernel", "law", "length", "range", "trace", "sectors",
        optional=("standing", "versions"),
    )  # fmt: skip
    listed = read_list(claim["sectors"], "sectors", 0)
    spend(1000 * len(listed))
    sectors = [Sector(s) for s in listed]
    trace = read_entry(claim["trace"])
    formulas = [f for s in sectors for f in s.formulas]
    formulas += [trace] if isinstance(trace, Formula) else []
    setting = Setting(claim, formulas, chance)
    low, known = _range(claim["range"])
    law = setting.law
    labelled = {s.token is not None for s in sectors}
    if len(labelled) > 1 or (True in labelled and not law.relabelling):
        raise Unreadable("irreps of letters that cannot be renamed, or of some sectors only")
    if (False in labelled) and law.relabelling and setting.letters.symbol:
        raise CannotCheck("sectors without irreps of letters, on a vocabulary that is a symbol")
    twice = [name for name, count in Counter(map(str, sectors)).items() if count > 1]
    if twice:
        raise Refuted(
            "every size", f"claimed  the sector {twice[0]} twice", "found    a sector stands once"
        )
    setting.require_range(low)
    setting.require_range(known)
    for sector in sectors:
        setting.require_irrep(sector.position, sector.token, low)
    rows = setting.require_no_pole((min(low[0], known[0]), min(low[1], known[1])))
    inside = spread_out(setting.sizes(sequences, low), 4 if setting.symbols else 1)
    if (any(s.enclosed for s in sectors) or isinstance(trace, Interval)) and (
        setting.symbols or not inside
    ):
        raise CannotCheck(
            "not checkable: intervals at sizes that are symbols, or of too many sequences"
        )
    corner = setting.starts(low)
    if setting.symbols and setting.count(*corner) <= sequences:
        inside = sorted({*inside, (setting.count(*corner), *corner)})
    below = []
    if setting.symbols and law.kind != "distinct":
        below = [
            s for s in setting.sizes(min(sequences, 32), (1, 1)) if s[1] < low[0] or s[2] < low[1]
        ]
        below = spread_out([s for s in below if s[1] >= known[0] and s[2] >= known[1]], 4)
    number = Interval.of if setting.irrational else Fraction
    widest, powers, missing = Fraction(0), 0, Fraction(0)
    for _, n, v in inside:
        step(place(setting.values(n, v)))
        space = Sequences(setting.kernel, law, n, v)
        for kind in setting.kinds_of_points:
            width, most, other = _at_size(setting, space, sectors, trace, number, n, v, kind)
            widest, powers, missing = max(widest, width), max(powers, most), max(missing, other)
    for _, n, v in below:
        step(place(setting.values(n, v)))
        compare_below(setting, sectors, trace, number, n, v)
    try:
        step("all sizes")
        everywhere = compare_everywhere(setting, sectors, trace, None)
        if (
            everywhere
            and setting.symbols
            and law.kind != "distinct"
            and setting.count(*corner) > sequences
        ):
            step("the smallest sizes of the range")
            compare_everywhere(setting, sectors, trace, corner)
            rows.append(
                ("tested", f"the same at the corner of the range, L = {corner[0]}, v = {corner[1]}")
            )
    except NoPolynomial:
        everywhere = []
        setting.require_sizes_to_suffice()
    setting.require_something_tested(inside or everywhere, sequences)
    if inside:
        where = "; ".join(place(setting.values(n, v)) for _, n, v in inside)
        count = f"{len(sectors)} sectors" if len(sectors) != 1 else "1 sector"
        rows.append(
            (
                "tested",
                f"{count}, each by itself: irreps, dimension, sums of powers 1..{powers} of its eigenvalues, on up to {max(inside)[0]} sequences, {where}",
            )
        )
        rows.append(("tested", "no other sector: trace(T^2) and the mean E k(x, x) there"))
    if widest or setting.irrational:
        rows.append(
            (
                "tested",
                f"sums of powers of eigenvalues in intervals that overlap, of width below {power_of_ten(widest)} of the norm of T; one near 0 is known to the root of that; eigenvalues of another sector would sum to less than {power_of_ten(missing)} of it",
            )
        )
    if setting.names:
        rows.append(("tested", f"random values of {', '.join(sorted(setting.names))}"))
    rows += everywhere
    if below:
        where = "; ".join(place(setting.values(n, v)) for _, n, v in below)
        rows.append(("tested", f"below the range, sums over all sectors: {where}"))
    rows.append(("not tested", "what the file says of its standing and its versions"))
    return rows


def _range(claim: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    require_fields(claim, "a range", "spectrum_from", "traces_from")
    pairs = []
    for name in ("spectrum_from", "traces_from"):
        require_fields(claim[name], name, "length", "vocabulary")
        pairs.append(
            tuple(
                read_integer(claim[name][k], 1, 10**9, f"{k} of {name}")
                for k in ("length", "vocabulary")
            )
        )
    return pairs[0], pairs[1]  # type: ignore[return-value]


def _at_size(setting: Setting, space: Sequences, sectors: list[Sector], trace: Any, number: Number, n: int, v: int, kind: int) -> tuple[Fraction, int, Fraction]:  # fmt: skip
    """Every sector by itself where they are claimed to be the spectrum: the widest interval, the largest power, and what other sectors could hold."""
    at = point_at(setting, n, v, kind)
    where = place(at)
    stages = setting.kernel.bound(at, number)
    traces = Traces(space, stages, setting.kernel.alone, number)
    norm = traces.norm
    widest, most = Fraction(0), 2
    first, square = number(0), number(0)
    for sector in sectors:
        name = f"{where}, sector {sector}"
        try:
            dimension = sector.dimension.at(at)
            claimed = sector.claimed(at, Interval.of if sector.enclosed else number)
        except Pole:
            raise Refuted(name, "a formula of the claim divides by zero") from None
        position = padded(sector.position, space.moved)
        token = None if sector.token is None else padded(sector.token, v)
        expected: int | None = None
        if position is not None and (sector.token is None or token is not None):
            expected = irrep_dimension(sector.position, space.moved) or 0
            expected *= 1 if sector.token is None else irrep_dimension(sector.token, v) or 0
        if expected is None or expected != dimension:
            raise Refuted(
                name,
                f"claimed  dimension {shown(dimension)}",
                f"found    {expected} standard tableaux",
            )
        most_rows = traces.multiplicity(position or (), token)
        if sector.size > most_rows:
            raise Refuted(
                name, f"claimed  {sector.size} eigenvalues", f"found    the irrep {most_rows} times"
            )
        powers = 2 * sector.distinct(claimed) + 2
        most = max(most, powers)
        right = traces.of(position or (), token, powers)
        left = sector.power_sums(claimed, powers)
        for j, (a, b) in enumerate(zip(left, right), 1):
            what = "sum of the eigenvalues" if j == 1 else f"sum of their powers {j}"
            widest = max(widest, compare(a, b, name, norm**j, what))
        first, square = left[0] * expected + first, left[1] * expected + square
    what, other = "sum of dimension x trace(block^2)", "trace(T^2): a sector is missing or wrong"
    widest = max(widest, compare(square, traces.square(), where, norm**2, what, other))
    mean = traces.diagonal()
    missing = compare(
        first,
        mean,
        where,
        norm,
        "sum of dimension x trace(block)",
        "E k(x, x): a sector is missing or wrong",
    )
    total = value_at(trace, at, number, where)
    return max(widest, compare(total, mean, where, norm, "the mean E k(x, x)")), most, missing
