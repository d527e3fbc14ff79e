"""The claim of a spectrum as identities in length, vocabulary and hyperparameters, modulo a prime."""

from __future__ import annotations

from typing import Any

from .claimed_sectors import Sector, sector_name
from .comparing import compare, place, value_at
from .distinct_check import compare_distinct
from .intervals import Interval
from .labels import stable_dimension
from .modular_matrices import characteristic_polynomial, without_zeros
from .residues import Residue, residue_maker
from .sector_blocks import Blocks
from .sequence_traces import Sequences, Traces
from .setting import Setting, point_at
from .verdicts import CannotCheck, NoRoot, Number, Pole, Refuted, Row


def compare_below(
    setting: Setting, sectors: list[Sector], trace: Any, number: Number, n: int, v: int
) -> None:
    """Sums over all sectors with their dimensions as polynomials."""
    at = point_at(setting, n, v)
    where = place(at)
    space = Sequences(setting.kernel, setting.law, n, v)
    traces = Traces(space, setting.kernel.bound(at, number), setting.kernel.alone, number)
    parts, count = [], 1
    try:
        for sector in sectors:
            dimension, claimed = sector.dimension.at(at), sector.claimed(at, number)
            if dimension:
                parts.append((sector, dimension, claimed))
                count += sector.distinct(claimed)
    except Pole:
        return  # nothing is claimed of single formulas below the range
    powers = 2 * count
    left = [number(0)] * powers
    for sector, dimension, claimed in parts:
        for j, value in enumerate(sector.power_sums(claimed, powers)):
            left[j] = left[j] + dimension * value
    unit = traces.norm
    right = traces.invariants((1,) * space.moved, (1,) * v, powers)
    for j, (a, b) in enumerate(zip(left, right), 1):
        compare(a, b, where, unit**j, f"sum of dimension x trace(block^{j})")
    compare(
        value_at(trace, at, number, where), traces.diagonal(), where, unit, "the mean E k(x, x)"
    )


def compare_everywhere(
    setting: Setting, sectors: list[Sector], trace: Any, sizes: tuple[int, int] | None
) -> list[Row]:
    """Every sector's characteristic polynomial as an identity in the sizes and hyperparameters, at a random point modulo a prime; or at these sizes."""
    if setting.law.kind == "distinct":
        return compare_distinct(setting, sectors, trace)
    exact = [s for s in sectors if not s.enclosed]
    count: int = setting.with_every_sign(lambda: _at_a_point(setting, sectors, exact, trace, sizes))
    names = sorted({*setting.names, *setting.symbols})
    of = f" in {', '.join(names)}" if names else ""
    rows = [
        (
            "tested",
            f"the characteristic polynomials of {len(exact)} sectors as identities{of}, at random residues modulo a prime of 121 bits",
        )
    ]
    if len(exact) == len(sectors):
        rows.append(
            (
                "tested",
                f"{_others(count)}, and so E k(x, x)",
            )
        )
    return rows


def _others(count: int) -> str:
    if not count:
        return "no other sector: a kernel of this degree has none"
    many = f"{count} other sectors" if count > 1 else "one other sector"
    return f"likewise that T is zero on the {many} that a kernel of this degree can have"


def _at_a_point(
    setting: Setting,
    sectors: list[Sector],
    exact: list[Sector],
    trace: Any,
    sizes: tuple[int, int] | None,
) -> int:
    """The number of sectors that were found to be zero."""
    renamed = all(s.token is not None for s in sectors) and setting.law.relabelling
    for _ in range(100):
        at, blocks = setting.blocks(renamed, sizes)
        number = residue_maker(blocks.prime)
        try:
            total = Residue(0, blocks.prime)
            for sector in exact:
                total = total + _generic_sector(setting, sector, at, blocks, sizes)
            mean = None if isinstance(trace, Interval) else trace.at(at, number)
        except NoRoot:
            continue
        listed = {(s.position, s.token) for s in sectors}
        zero = 0
        for mu, kappa in blocks.candidates(renamed):
            if (mu, kappa) in listed:
                continue
            zero += 1
            if any(characteristic_polynomial(blocks.block(mu, kappa), blocks.prime)[:-1]):
                where = "all sizes" if sizes is None else f"L = {sizes[0]}, v = {sizes[1]}"
                raise Refuted(
                    where,
                    "claimed  the sectors listed",
                    f"found    the sector {sector_name(mu, kappa)} beside them",
                )
        if mean is not None and len(exact) == len(sectors) and mean.value != total.value:
            raise Refuted(
                "all sizes",
                f"claimed  E k(x, x) = {trace.text[:60]}",
                "found    another sum of dimension x trace(block), as formulas",
            )
        return zero
    raise CannotCheck("formulas without a value at 100 points")


def _generic_sector(setting: Setting, sector: Sector, at: Any, blocks: Blocks, sizes: tuple[int, int] | None) -> Residue:  # fmt: skip
    """dimension x trace(block), after comparing."""
    prime = blocks.prime
    number = residue_maker(prime)
    where = "all sizes" if sizes is None else f"L = {sizes[0]}, v = {sizes[1]}"
    name = f"{where if setting.symbols else 'its one size'}, sector {sector}"
    try:
        dimension, claimed = sector.dimension.at(at, number), sector.claimed(at, number)
    except Pole:
        raise Refuted(name, "a formula of the claim divides by zero") from None
    expected = Residue(1, prime)
    residues = (blocks.positions, blocks.vocabulary)
    for mu, n in zip((sector.position, sector.token), residues):
        if mu is not None:
            expected = expected * stable_dimension(mu, Residue(n, prime))
    if dimension.value != expected.value:
        raise Refuted(
            name,
            f"claimed  dimension {sector.dimension.text[:60]}",
            "found    another number of standard tableaux",
        )
    true = characteristic_polynomial(blocks.block(sector.position, sector.token), prime)
    if sector.block is None:
        given = [*(c.value for c in claimed), 1]
    else:
        given = characteristic_polynomial([[e.value for e in row] for row in claimed], prime)
    left, right = without_zeros(given), without_zeros(true)
    if left != right:
        text = (
            "its block"
            if sector.block is not None
            else f"x^{sector.size} + ... with " + "; ".join(c.text for c in sector.polynomial)
        )
        raise Refuted(
            name,
            f"claimed  {text[:200]}",
            f"found    another polynomial, of degree {len(right) - 1} without its zeros",
        )
    return expected * -(given[-2] if len(given) > 1 else 0)
