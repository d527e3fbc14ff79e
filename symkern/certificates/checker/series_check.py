r"""The claim of series in 1/L: each branch of each sector is looked at where sequences are so long that every term shows its digits.

    lambda(L) = c_0 L^(-r_0) + c_1 L^(-r_1) + ... + O(L^(-r))       for one eigenvalue after the other, the largest first; all others O(L^(-r')).

At a length of some 10^48, whose digits are those of SHA-256 of the file's text, the block of the kernel on functions of few positions is computed by quadrature (`sectors_of_pairs`), and
the j-th largest eigenvalue (of negative branches the j-th smallest) must differ from the j-th series by less than 10^8 L^(-r) times the largest coefficient: half a power of L is
10^24 there. A coefficient is told from others to 10^8 L^(r_i - r) of the largest; one that is rounded to a decimal is claimed to half a unit of its last digit, which outweighs all further terms: it must be the last of its series, whose error is then of its own order. The kernel on numbers of pairs of letters is compared with its recursion on all positions, in intervals.

A series is a statement on all large L. What is done here is a test at one of them; it is no proof: the constants of the orders are not bounded, and the last digits have no proven ends.
A claim is refuted where two quadratures, one with one more node and one more function than the other, miss it by the same number; where they do not agree, nothing is decided. A weaker order than the true one is a true claim.
"""

from __future__ import annotations

from collections import Counter
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Any

from .claimed_activations import Named
from .claimed_formulas import Formula
from .claimed_laws import Law, read_fraction, read_list, require_fields
from .claimed_sectors import sector_name
from .gauss_nodes import symmetric_eigenvalues
from .intervals import Interval
from .labels import read_label, stable_dimension
from .letter_pairs import PairedLetters
from .many_decimals import decimal_of
from .recursion import kernel_value, polynomial_of
from .residues import Chance
from .sectors_of_pairs import PairedSectors, of_letters
from .setting import Setting
from .smooth_activations import expectations_of
from .verdicts import CannotCheck, Refuted, Row, Step, Unreadable, Values, said

#: Digits of the length, and of what a constant may be: half a power of the length lies between.
_DIGITS, _CONSTANT = 48, 8
#: The fewest digits of a rounded coefficient.
_DECIMALS = 12
#: The deepest power of 1/L, and the most terms, that are looked at.
_DEEPEST, _TERMS = 12, 40


class Series:
    """One claimed series: powers of L with their coefficients, and the power of what is left out."""

    def __init__(self, claim: Any) -> None:
        require_fields(claim, "a series", "terms", "error")
        self.terms: list[tuple[Fraction, list[Formula]]] = []
        listed = read_list(claim["terms"], "the terms of a series")
        if len(listed) > _TERMS:
            raise CannotCheck(
                f"not checkable within the budget: a series of more than {_TERMS} terms"
            )
        for entry in listed:
            power, coefficient = _pair(entry, "a term is a power and a coefficient")
            ends = _rounded(coefficient) if type(coefficient) is list else [coefficient]
            self.terms.append((read_power(power), [Formula(e) for e in ends]))
        if any(len(ends) > 1 for _, ends in self.terms[:-1]):
            raise CannotCheck(
                "not checkable: a term behind a rounded coefficient, whose last digit outweighs it"
            )
        if claim["error"] is None:
            raise CannotCheck(
                "not checkable: a series that ends; an order of what is left out is tested, never that nothing is"
            )
        self.error = read_power(claim["error"])
        powers = [p for p, _ in self.terms]
        if len(self.terms[-1][1]) > 1:
            if self.error != powers[-1]:
                raise CannotCheck(
                    "not checkable: an order other than that of the rounded coefficient, whose last digit outweighs it"
                )
            self.error = powers[-1] - Fraction(1, 2)  # where further terms begin at the most
        powers.append(self.error)
        if any(a <= b for a, b in pairwise(powers)):
            raise Unreadable("powers of a series must fall")
        self.deepest = max(-p for p in powers)
        self.formulas = [f for _, ends in self.terms for f in ends]

    def at(self, values: Values, length: _Length) -> tuple[Decimal, Decimal, Decimal]:
        """Both ends of the sum of the terms, and the largest coefficient."""
        low = high = largest = Decimal(0)
        for power, ends in self.terms:
            found = [f.at(values, decimal_of) for f in ends]
            if not any(found):
                raise Refuted(
                    "every length",
                    f"claimed  a term of L^({power})",
                    "found    its coefficient is 0",
                )
            low += min(found) * length.power(power)
            high += max(found) * length.power(power)
            largest = max(largest, *(abs(c) for c in found))
        return low, high, largest


class _Length:
    """A length that is a square, so that halves of powers are exact."""

    def __init__(self, root: int) -> None:
        self.root, self.value = Decimal(root), Decimal(root * root)

    def power(self, power: Fraction) -> Decimal:
        return self.root ** int(2 * power) if power else Decimal(1)


class _Sector:
    """The series of one sector; ``others`` is the power of all other eigenvalues."""

    def __init__(self, claim: Any) -> None:
        require_fields(claim, "a sector", "position_irrep", "token_irrep", "dimension", "series", "others")  # fmt: skip
        self.position = read_label(claim["position_irrep"])
        token = claim["token_irrep"]
        self.token = None if token is None else read_label(token)
        self.dimension = Formula(claim["dimension"])
        self.series = [Series(s) for s in read_list(claim["series"], "series", 0)]
        if claim["others"] is None:
            raise CannotCheck(
                "not checkable: that a sector has no other eigenvalues; an order of theirs is tested, never that they are 0"
            )
        self.others = read_power(claim["others"])
        if len(self.series) > 60:
            raise CannotCheck("not checkable within the budget: a sector of more than 60 series")
        self.deepest = max([s.deepest for s in self.series] + [-self.others])

    @property
    def k(self) -> int:
        return sum(self.position)

    def __str__(self) -> str:
        return sector_name(self.position, self.token)


def read_power(text: Any) -> Fraction:
    """A power of L: a whole number or a half, from -12 to 12."""
    power = read_fraction(text)
    if power.denominator > 2 or abs(power) > _DEEPEST:
        raise Unreadable(
            f"no whole or half power of L between -{_DEEPEST} and {_DEEPEST}: {said(text)}"
        )
    return power


def _rounded(value: list[Any]) -> list[str]:
    """What is rounded to a decimal, between 51/100 of a unit of its last digit on both sides."""
    if len(value) != 1:
        raise Unreadable("a coefficient is a formula, or one decimal in a list")
    middle = read_fraction(value[0])
    written = str(value[0])
    if "/" in written or len(written.replace(".", "").lstrip("-0")) < _DECIMALS:
        raise CannotCheck(f"a rounded coefficient of fewer than {_DECIMALS} digits")
    unit = Fraction(51, 100 * 10 ** len(written.partition(".")[2]))
    return [str(middle - unit), str(middle + unit)]


def _pair(value: Any, rule: str) -> list[Any]:
    if type(value) is not list or len(value) != 2:
        raise Unreadable(f"{rule}, but {said(value)} stands")
    return value


def check_series(claim: Any, sequences: int, chance: Chance, step: Step) -> list[Row]:
    """Compare every branch of every sector with the kernel's own on sequences of some 10^48 tokens."""
    require_fields(
        claim, "the claim", "certificate", "claim", "kernel", "law", "length", "trace", "sectors",
        optional=("standing", "versions"),
    )  # fmt: skip
    sectors = [_Sector(s) for s in read_list(claim["sectors"], "sectors")]
    trace = None if claim["trace"] is None else Series(claim["trace"])
    every = [s for sector in sectors for s in sector.series] + ([trace] if trace else [])
    formulas = [f for s in every for f in s.formulas]
    setting = Setting(claim, [*formulas, *(s.dimension for s in sectors)], chance)
    if setting.length.symbol != "L":
        raise Unreadable("a series is claimed of the length L")
    if any("L" in f.names for f in [*formulas, *setting.kernel.formulas]):
        raise CannotCheck("not checkable: a coefficient or a hyperparameter that depends on L")
    components = _components(setting)
    alike = len(components) == 1 and len(set(components[0][1])) == 1
    for sector in sectors:
        _require_labels(sector, alike, setting.fixed, chance)
    twice = [name for name, count in Counter(map(str, sectors)).items() if count > 1]
    if twice:
        raise Refuted("every length", f"claimed  the sector {twice[0]} twice", "found    a sector stands once")  # fmt: skip
    deepest = max([s.deepest for s in sectors] + ([trace.deepest] if trace else []))
    with localcontext(_precision(deepest)):
        length = _Length(10 ** (_DIGITS // 2) + chance.below(10 ** (_DIGITS // 2)))
        values = setting.parameters(lambda: chance.fraction(0))
        pairs = _compare_recursions(setting, values, chance, step)
        inexact = tuple(
            (decimal_of(w), (decimal_of(p[0]), decimal_of(p[1]))) for w, p in components
        )
        paired = PairedLetters(stages_with_decimals(setting, values), length.value, setting.fixed)
        operator = PairedSectors(paired, inexact)
        scale = abs(operator.diagonal(2))
        rules = []
        for sector in sectors:
            step(f"sector {sector}")
            with localcontext(_precision(sector.deepest)):
                rules.append(_compare_sector(sector, operator, length, values, scale))
        if trace:
            step("the mean E k(x, x)")
            _compare_trace(trace, operator, length, values)
    branches = sum(len(s.series) for s in sectors)
    where = f"L = {_shown(length.value)}"
    rows = [
        ("tested", f"{branches} branches in {len(sectors)} sectors, each by itself, at {where}: irreps, dimension, order by size, every term, and that the rest is below 10^{_CONSTANT} times its order"),
        ("tested", "all other eigenvalues of these sectors there: of the order that is claimed of them"),
        ("tested", f"by quadrature of {min(rules)} to {max(rules)} nodes for each of the three numbers of pairs"),
        ("tested", f"the kernel on numbers of letters against its recursion on all positions, for {pairs} pairs of sequences"),
    ]  # fmt: skip
    if trace:
        rows.append(("tested", "the mean E k(x, x) there"))
    if values:
        rows.append(("tested", f"hyperparameters at {', '.join(f'{n} = {x}' for n, x in values.items())}"))  # fmt: skip
    rows.append(
        (
            "not proved",
            "that it holds for all large L: the constants of the orders, the last digits, and sectors that are not listed",
        )
    )
    return rows


def _components(setting: Setting) -> list[tuple[Fraction, list[Fraction]]]:
    """(weight, probabilities of both letters) of the laws of independent tokens."""
    law: Law = setting.law
    if law.kind not in ("uniform", "categorical", "mixture"):
        raise CannotCheck(
            "not checkable: series of a law other than independent tokens and mixtures"
        )
    if setting.letters.number != 2:
        raise CannotCheck(
            "not checkable within the budget: series on other than two letters, whose pairs of letters have eight numbers and more, and quadrature of m nodes takes m^8 values"
        )
    found = law.independent(2, False)
    if any(not all(p) for _, p in found):
        raise CannotCheck("not checkable: a series for letters of probability 0")
    if len({tuple(p) for _, p in found}) < len(found):
        raise CannotCheck("not checkable: a mixture of equal laws")
    return [(w, p) for w, p in found if w]


def _require_labels(sector: _Sector, alike: bool, fixed: bool, chance: Chance) -> None:
    """Irreps of functions on two letters, and the dimension as a polynomial of L."""
    if len(sector.position) > 1:
        raise Refuted("every length", f"claimed  the irrep {list(sector.position)} of positions", "found    on two letters one of at most two rows")  # fmt: skip
    if sector.token is not None and (not alike or sector.token not in ((), (1,))):
        raise Refuted("every length", f"claimed  the irrep {list(sector.token)} of letters", "found    none where letters differ, else [] and [1]")  # fmt: skip
    for _ in range(3):
        at = Fraction(1000 + chance.below(1 << 60))
        found = stable_dimension(sector.position, at - fixed)
        claimed = sector.dimension.at({"L": at, "v": Fraction(2)})
        if claimed != found:
            raise Refuted(f"L = {at}, sector {sector}", f"claimed  {claimed} = dimension", f"found    {found}")  # fmt: skip


def stages_with_decimals(setting: Setting, values: Values) -> list[Any]:
    """The stages with decimals in place of formulas, and expectations in place of activations."""
    stages = []
    for name, known in setting.kernel.stages:
        found: dict[str, Any] = {}
        for key, value in known.items():
            if isinstance(value, Named):
                below = Decimal(0) if value.formula is None else value.formula.at(values, decimal_of)  # fmt: skip
                found[key] = expectations_of(value, below)
            elif key == "activation":
                found[key] = expectations_of(polynomial_of(value.tree, values, decimal_of), Decimal(0))  # fmt: skip
            else:
                found[key] = value.at(values, decimal_of) if isinstance(value, Formula) else value
        stages.append((name, found))
    return stages


def _compare_recursions(setting: Setting, values: Values, chance: Chance, step: Step) -> int:
    """The kernel on a few pairs of short sequences, both ways; how many pairs."""
    step("pairs of short sequences")
    kernel, pairs, length = setting.kernel, 4, 5
    paired = PairedLetters(stages_with_decimals(setting, values), decimal_of(length), setting.fixed)
    enclosed = kernel.bound(values, Interval.of)
    for _ in range(pairs):
        letters = [(chance.below(2), chance.below(2)) for _ in range(length)]
        counts = Counter(letters[: length - setting.fixed])
        kinds = [((t, u), decimal_of(counts[t, u])) for t in (0, 1) for u in (0, 1)]
        if setting.fixed:
            kinds.append((letters[-1], Decimal(1)))
        low, high = Interval.of(kernel_value(enclosed, tuple(letters), Interval.of, kernel.alone)).ends  # fmt: skip
        found = Fraction(paired.value(kinds))
        width = high - low + Fraction(1, 10**60)
        if not low - width <= found <= high + width:
            raise CannotCheck("two ways to compute the kernel differ: a fault of this program")
    return pairs


def _precision(deepest: Fraction) -> Context:
    """Digits for numbers down to one power of L beyond, and for differences of counts of the size of their standard deviation."""
    digits = _DIGITS * (ceil(deepest) + 1) + _DIGITS // 2 + 30
    return Context(prec=digits, rounding=ROUND_HALF_EVEN, Emin=-10**7, Emax=10**7, traps=[DivisionByZero, InvalidOperation, Overflow])  # fmt: skip


class _Wrong(Exception):
    """What a quadrature refutes a claim with: the number that is missed, and the lines."""

    def __init__(self, value: Decimal, *lines: str) -> None:
        self.value, self.lines = value, lines


def _compare_sector(sector: _Sector, operator: PairedSectors, length: _Length, values: Values, scale: Decimal) -> int:  # fmt: skip
    """Refute a branch that differs from the kernel's; how many nodes it took."""
    highest = max(ceil(sector.deepest) - sector.k, 1)
    missed: list[_Wrong] = []
    for nodes in range(highest + 1, highest + 5):
        spectrum = _spectrum_of(sector, operator, length, highest, nodes)
        try:
            _compare_with(sector, spectrum, length, values, scale)
            return nodes
        except _Wrong as wrong:
            missed.append(wrong)
        if (
            len(missed) > 1
            and abs(missed[-2].value - missed[-1].value) <= abs(missed[-1].value) / 10**6
        ):
            raise Refuted(f"L = {_shown(length.value)}, sector {sector}", *missed[-1].lines)
        highest += 1
    raise CannotCheck(
        f"not checkable: quadrature does not settle in the sector {sector}, as where a kernel is not smooth"
    )


def _floor(sector: _Sector, length: _Length) -> Decimal:
    """What counts as zero."""
    return length.power(-Fraction(ceil(sector.deepest) + 1))


def _spectrum_of(sector: _Sector, operator: PairedSectors, length: _Length, highest: int, nodes: int) -> list[Decimal]:  # fmt: skip
    """The eigenvalues on functions of degree k + ``highest`` at most."""
    indices, block = operator.block(sector.k, highest, nodes)
    if sector.token is not None:
        block = of_letters(indices, block, sector.k, -1 if sector.token else 1)
    return symmetric_eigenvalues(block, _floor(sector, length) / 10**10)


def _compare_with(sector: _Sector, found: list[Decimal], length: _Length, values: Values, scale: Decimal) -> None:  # fmt: skip
    """Refuse the first branch that is not where it is claimed."""
    claimed = [(s, *s.at(values, length)) for s in sector.series]
    constant = max([scale, *(c for *_, c in claimed)]) * 10**_CONSTANT
    positive = sorted((c for c in claimed if c[2] > 0), key=lambda c: -c[2])
    negative = sorted((c for c in claimed if c[2] <= 0), key=lambda c: c[2])
    if len(found) < len(claimed):
        raise _Wrong(Decimal(len(found)), f"claimed  {len(claimed)} branches", "found    fewer")
    places = [(c, found[-1 - i]) for i, c in enumerate(positive)]
    places += [(c, found[i]) for i, c in enumerate(negative)]
    for (series, low, high, _), value in places:
        allowed = constant * length.power(series.error)
        if not low - allowed <= value <= high + allowed:
            raise _Wrong(
                value - low,
                f"claimed  {_shown(low)} = the series, up to {_shown(allowed)}",
                f"found    {_shown(value)}, which differs by {_shown(value - low)}",
            )
    rest = found[len(negative) : len(found) - len(positive)]
    most = max(rest, key=abs, default=Decimal(0))
    if abs(most) > constant * length.power(sector.others):
        raise _Wrong(most, f"claimed  all other eigenvalues O(L^({sector.others}))", f"found    another eigenvalue {_shown(most)}")  # fmt: skip


def _compare_trace(trace: Series, operator: PairedSectors, length: _Length, values: Values) -> None:
    low, high, largest = trace.at(values, length)
    nodes = ceil(trace.deepest) + 3
    one, other = operator.diagonal(nodes), operator.diagonal(nodes + 1)
    allowed = largest * length.power(trace.error) * 10**_CONSTANT
    if low - allowed <= min(one, other) and max(one, other) <= high + allowed:
        return
    if abs(one - other) > allowed:
        raise CannotCheck("not checkable: quadrature does not settle in the mean E k(x, x)")
    raise Refuted(f"L = {_shown(length.value)}", f"claimed  {_shown(low)} = the mean E k(x, x), up to {_shown(allowed)}", f"found    {_shown(other)}, which differs by {_shown(other - low)}")  # fmt: skip


def _shown(value: Decimal) -> str:
    """Fifteen digits."""
    with localcontext(Context(prec=15)):
        return str(+value)
