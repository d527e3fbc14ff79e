"""The claim of a spectrum where every token is another."""

from __future__ import annotations

from typing import Any

from .claimed_sectors import Sector
from .intervals import Interval
from .kernel_counts import MatchCounts
from .labels import stable_dimension
from .modular_matrices import characteristic_polynomial, without_zeros
from .residues import Residue, residue_maker
from .setting import Setting
from .verdicts import CannotCheck, NoPolynomial, NoRoot, Pole, Refuted, Row, spend


def compare_distinct(setting: Setting, sectors: list[Sector], trace: Any) -> list[Row]:
    """Distinct tokens: the kernel is a polynomial sum_j c_j fix^j on S_L, with the eigenvalue sum_j c_j a_j/dim(mu) on mu.

    a_j, the multiplicity of mu in the j-th power of the permutation representation, counts walks of j steps that take a box away and add one.
    """
    if (
        not setting.length.symbol
        or setting.fixed
        or setting.kernel.alone_irrational
        or any(s.enclosed for s in sectors)
        or isinstance(trace, Interval)
        or any(f.roots for f in setting.formulas)
    ):
        raise NoPolynomial
    for _ in range(100):
        prime = setting.chance.prime()
        number = residue_maker(prime)
        at = {
            name: Residue(setting.chance.below(prime), prime)
            for name in sorted({*setting.names, *setting.symbols})
        }
        n = at[setting.length.symbol].value
        try:
            counts = MatchCounts(setting.kernel.bound(at, number), n, prime)
            by_power: dict[int, int] = {}
            for (i, j, e, f, _), c in counts.terms.items():  # s = X = Y = L
                by_power[j] = (by_power.get(j, 0) + c * pow(n, i + e + f, prime)) % prime
            walks = _walks(max(by_power, default=0))
            listed = set()
            for sector in sectors:
                if sector.token != sector.position:
                    raise Refuted(
                        f"sector {sector}",
                        "claimed  unlike irreps of positions and letters",
                        "found    functions on the group have like ones",
                    )
                listed.add(sector.position)
                dimension = stable_dimension(sector.position, at[setting.length.symbol])
                value = (
                    sum(c * walks[j].get(sector.position, 0) for j, c in by_power.items())
                    / dimension
                )
                if sector.dimension.at(at, number).value != (dimension * dimension).value:
                    raise Refuted(
                        f"all sizes, sector {sector}",
                        f"claimed  dimension {sector.dimension.text[:60]}",
                        "found    another square",
                    )
                claimed = sector.claimed(at, number)
                given = (
                    [*(c.value for c in claimed), 1]
                    if sector.block is None
                    else characteristic_polynomial(
                        [[e.value for e in row] for row in claimed], prime
                    )
                )
                if without_zeros(given) != without_zeros([-value.value % prime, 1]):
                    raise Refuted(
                        f"all sizes, sector {sector}",
                        "claimed  its block",
                        "found    another eigenvalue",
                    )
            for mu in {mu for j in by_power for mu in walks[j]} - listed:
                if sum(c * walks[j].get(mu, 0) for j, c in by_power.items()) % prime:
                    raise Refuted(
                        "all sizes",
                        "claimed  the sectors listed",
                        f"found    the sector {list(mu)} beside them",
                    )
            if (
                trace.at(at, number).value
                != sum(c * pow(n, j, prime) for j, c in by_power.items()) % prime
            ):
                raise Refuted(
                    "all sizes", f"claimed  E k(x, x) = {trace.text[:60]}", "found    another mean"
                )
        except (NoRoot, Pole):
            continue
        return [
            (
                "tested",
                "every sector's eigenvalue, the mean, and that none is missing, as identities at random residues modulo a prime of 121 bits",
            )
        ]
    raise CannotCheck("formulas without a value at 100 points")


def _walks(steps: int) -> list[dict[tuple[int, ...], int]]:
    """Multiplicities of the irreps mu[n] in the powers of the permutation representation, n so large that they no longer change."""
    n = 2 * steps + 2
    now: dict[tuple[int, ...], int] = {(n,): 1}
    result: list[dict[tuple[int, ...], int]] = [{(): 1}]
    for _ in range(steps):
        after: dict[tuple[int, ...], int] = {}
        spend(40 * len(now))
        for shape, count in now.items():
            for i, r in enumerate(shape):
                if r == (shape[i + 1] if i + 1 < len(shape) else 0):
                    continue
                small = [*shape[:i], r - 1, *shape[i + 1 :], 0]
                for k in range(len(small)):
                    if k == 0 or small[k] < small[k - 1]:
                        grown = tuple(p for p in (*small[:k], small[k] + 1, *small[k + 1 :]) if p)
                        after[grown] = after.get(grown, 0) + count
        now = after
        result.append({shape[1:]: count for shape, count in now.items()})
    return result
