"""What every claim on a kernel has: kernel, law, sizes, hyperparameters, and the points at which it is tested."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import product
from math import factorial
from typing import Any

from .claimed_formulas import Formula
from .claimed_kernel import Kernel
from .claimed_laws import Law, Size
from .kernel_counts import MatchCounts
from .labels import padded
from .modular_matrices import characteristic_polynomial, without_zeros
from .poles import require_no_pole
from .residues import Chance, Residue, residue_maker
from .sector_blocks import Blocks
from .verdicts import CannotCheck, NoPolynomial, NoRoot, Pole, Refuted, Row, Unreadable, root_signs


class Setting:
    """What every claim on a kernel has: the kernel, the law, the sizes, and the names that its formulas use."""

    def __init__(self, claim: Any, formulas: Iterable[Formula], chance: Chance) -> None:
        self.kernel, self.law, self.chance = Kernel(claim["kernel"]), Law(claim["law"]), chance
        self.length = Size(claim["length"], "a length")
        self.letters = self.law.size(self.length)
        self.symbols = {s.symbol for s in (self.length, self.letters) if s.symbol}
        self.kernel.require_signs()
        if self.law.kind == "exchangeable" and self.length.number != sum(
            next(iter(self.law.types))
        ):
            raise Unreadable("counts that do not sum to the length")
        formulas = [*self.kernel.formulas, *formulas]
        self.names = set().union(*(f.names for f in formulas)) - self.symbols - {"x"}
        odd = self.names & {"L", "v"}
        if odd:
            raise Unreadable(f"{sorted(odd)[0]} is given, and stands in a formula")
        self.formulas = formulas
        self.irrational = self.kernel.irrational or any(f.irrational for f in formulas)
        self.fixed = self.kernel.readout == "at_position"

    def parameters(self, fraction: Callable[[], Any]) -> dict[str, Any]:
        return {name: fraction() for name in sorted(self.names)}

    @property
    def kinds_of_points(self) -> tuple[int, ...]:
        """Which hyperparameters are tried at one size: nice ones, and some that cannot be guessed; in intervals over three magnitudes."""
        if not self.names:
            return (0,)
        return (0, 2, 3) if self.irrational else (0, 1)

    def sizes(self, most: int, low: tuple[int, int] = (1, 1)) -> list[tuple[int, int, int]]:
        """(number of sequences, length, letters) within ``most`` sequences, at least ``low``; two letters or more where their number is a symbol."""
        lengths = range(low[0], low[0] + 12) if self.length.symbol else [self.length.number or 1]
        same = self.law.kind == "distinct" or self.letters.symbol == self.length.symbol is not None
        found = []
        for n in lengths:
            if same:
                several: Iterable[int] = [n]
            elif self.letters.symbol:
                several = range(max(2, low[1]), max(2, low[1]) + 8)
            else:
                several = [self.letters.number or 1]
            for v in several:
                count = self.count(n, v)
                if n >= low[0] and v >= low[1] and count <= most:
                    found.append((count, n, v))
        return sorted(found)

    def count(self, n: int, v: int) -> int:
        """The number of sequences; beyond 2^64 some larger number."""
        if self.law.kind == "distinct":
            return factorial(min(n, 25))
        return v**n if n * v.bit_length() < 2000 else 1 << 2000

    def values(self, n: int, v: int) -> dict[str, Fraction]:
        sizes = {self.length.symbol: n, self.letters.symbol: v}
        return {name: Fraction(k) for name, k in sorted(sizes.items(), key=str) if name}

    def blocks(
        self, renamed: bool, sizes: tuple[int, int] | None = None
    ) -> tuple[dict[str, Residue], Blocks]:
        """A random point modulo a prime, at these ``sizes`` or random ones too, and the blocks there; raises where the kernel is no polynomial in match counts."""
        if self.law.kind in ("exchangeable", "distinct") or self.kernel.alone_irrational:
            raise NoPolynomial
        numbers = sizes or (self.length.number, self.letters.number)
        for _ in range(200):
            prime = self.chance.prime()
            names = sorted({*self.names, *self.symbols})
            at = {name: Residue(self.chance.below(prime), prime) for name in names}
            residues = []
            for size, n in zip((self.length, self.letters), numbers):
                if size.symbol and n is not None:
                    at[size.symbol] = Residue(n, prime)
                residues.append(n % prime if n is not None else at[str(size.symbol)].value)
            try:
                stages = self.kernel.bound(at, residue_maker(prime))
                counts = MatchCounts(stages, residues[0], prime)
            except (NoRoot, Pole):
                continue
            there = residues[0], residues[1]
            return at, Blocks(self.chance, self.law, self.fixed, counts, numbers, there, renamed)
        raise CannotCheck("formulas without a value at 200 points")

    def rank(
        self, mu: tuple[int, ...], kappa: tuple[int, ...] | None, sizes: tuple[int, int] | None
    ) -> int:
        """The number of eigenvalues of the sector's block other than 0."""
        _, blocks = self.blocks(kappa is not None, sizes)
        return (
            len(without_zeros(characteristic_polynomial(blocks.block(mu, kappa), blocks.prime))) - 1
        )

    def with_every_sign(self, decide: Callable[[], Any]) -> Any:
        """``decide`` at random points modulo primes, for both signs of each square root: there none is the positive one."""
        roots = sorted(set().union(*(f.roots for f in self.formulas)))
        if len(roots) > 3:
            raise CannotCheck("not checkable within the budget: more than three square roots")
        refuted: list[Refuted] = []
        result = None
        for signs in product((1, -1), repeat=len(roots)):
            token = root_signs.set(dict(zip(roots, signs)))
            try:
                result = decide()
            except Refuted as error:
                refuted.append(error)
            finally:
                root_signs.reset(token)
        if len(refuted) == 2 ** len(roots):
            raise refuted[0]
        if refuted:
            raise CannotCheck("not checkable at all sizes: the sign of a square root decides")
        return result

    def require_range(self, low: tuple[int, int]) -> None:
        """A range that begins above the one size there is claims nothing."""
        for size, start, name in (
            (self.length, low[0], "length"),
            (self.letters, low[1], "vocabulary"),
        ):
            if size.number is not None and start > size.number:
                raise Refuted(
                    "its one size",
                    f"claimed  a range from {name} {start} on",
                    f"found    the {name} {size.number}",
                )

    def require_sizes_to_suffice(self) -> None:
        """Where the kernel is no polynomial in match counts, only a claim at one size and at numbers is decided by what was visited."""
        if self.symbols:
            raise CannotCheck(
                "not checkable at all sizes: the kernel is no polynomial in match counts that this program knows"
            )
        if self.names and any(f.rooted for f in self.formulas):
            raise CannotCheck("not checkable at all values: names stand below a square root")
        if self.names and self.irrational and not self.kernel.irrational:
            raise CannotCheck("not checkable at all values: exponentials of a kernel without any")

    def require_something_tested(self, tested: Any, sequences: int) -> None:
        """Nothing is confirmed without a comparison."""
        if not tested:
            raise CannotCheck(
                f"not checkable within the budget: no size of at most {sequences} sequences"
            )

    def starts(self, low: tuple[int, int]) -> tuple[int, int]:
        """The smallest length and number of letters of the range."""
        first = (self.length.number or low[0], self.letters.number or low[1])
        alike = self.law.kind == "distinct" or self.length.symbol == self.letters.symbol is not None
        return (max(first), max(first)) if alike and self.length.symbol else first

    def require_irrep(
        self, mu: tuple[int, ...], kappa: tuple[int, ...] | None, low: tuple[int, int]
    ) -> None:
        """The irreps exist at every size of the range."""
        starts = self.starts(low)
        for label, start, fixed in ((mu, starts[0], self.fixed), (kappa, starts[1], False)):
            if label is not None and padded(label, start - fixed) is None:
                least = sum(label) + max(label, default=0) + fixed
                raise Refuted(
                    f"size {start}",
                    f"claimed  the irrep {list(label)}",
                    f"found    a partition from {least} on",
                )

    def require_no_pole(self, low: tuple[int, int]) -> list[Row]:
        """Divisors do not vanish in the range, hyperparameters being positive; a row for what stays open."""
        starts = {
            size.symbol: start
            for size, start in zip((self.length, self.letters), self.starts(low))
            if size.symbol
        }
        return require_no_pole(self.formulas, {str(k): n for k, n in starts.items()})


def spread_out(sizes: list[tuple[int, int, int]], most: int) -> list[tuple[int, int, int]]:
    """The smallest, the largest, the longest, the one of most letters, then others; those that tell positions from letters first."""
    apart = [s for s in sizes if s[1] != s[2]] or sizes
    if not apart:
        return []
    chosen = [
        apart[-1],
        max(apart, key=lambda s: (s[1], s[2])),
        max(apart, key=lambda s: (s[2], s[1])),
        apart[0],
    ]
    chosen += [sizes[-1], sizes[len(sizes) // 2]]
    return sorted(dict.fromkeys(chosen[:most]))


def point_at(setting: Setting, n: int, v: int, kind: int = 0) -> dict[str, Any]:
    """Sizes and hyperparameters at which formulas are valued."""
    return {**setting.values(n, v), **setting.parameters(lambda: setting.chance.fraction(kind))}
