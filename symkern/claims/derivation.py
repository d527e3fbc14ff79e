r"""How sure a formula is, the steps that lead to it, and the check of each step.

A `Derivation` is a list of `Step`; a step is a statement in LaTeX mathematics with its reason and its reference. A step
may carry ``sides``, a function of sizes that computes both sides of the statement *by different code, one of them
brute force where that is possible*; `Derivation.check` evaluates them at chosen sizes, so that a wrong step is found at that step.

>>> def sides(L):
...     return sum(range(L + 1)), L * (L + 1) // 2
>>> step = Step("triangle", r"\sum_{a=1}^{L} a = \tfrac12 L(L+1)", "By induction on $L$.", sides=sides)
>>> derivation = Derivation("A sum", (step,), r"\sum_a a \sim \tfrac12 L^2")
>>> print(derivation.check(L=range(4, 8)))
A sum
  1  triangle  holds at 4 sizes
all steps hold
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product
from textwrap import wrap
from typing import Any, NoReturn

import numpy as np
import sympy as sp

from symkern.doors import DerivationDoors
from symkern.errors import BelowThreshold, InvalidArgument, InvalidType, TooLarge, displayed
from symkern.exact.exact_arguments import sympified
from symkern.reading.annotated import typed
from symkern.reading.sequences import read_list
from symkern.typeset.shown import Shown


class Standing(StrEnum):
    """What stands behind a formula.

    * ``PROVED``: derived, or interpolated under a degree bound that is itself derived;
    * ``ASYMPTOTIC``: a proved expansion for long sequences, with the order of what is left out;
    * ``FITTED``: interpolated and checked further on, without a bound;
    * ``CITED``: a published theorem, taken over with its reference;
    * ``SAMPLED``: as proved, for a kernel whose symmetry was checked on seeded random pairs and not on all, or on irrational values that agree to 256 bits;
    * ``FLOATING``: as proved, for a kernel whose values were given as floating-point numbers;
    * ``LAW``: the leading order of an asymptotic argument, checked numerically and not proved;
    * ``READ``: from a file, whatever that says of it: what could be verified in short time was.

    >>> Standing("proved")
    Standing.PROVED
    """

    PROVED = "proved"
    ASYMPTOTIC = "asymptotic"
    FITTED = "fitted"
    CITED = "cited"
    SAMPLED = "sampled"
    FLOATING = "floating"
    LAW = "law, not proved"
    READ = "read, not proved"

    @classmethod
    def _missing_(cls, value: object) -> NoReturn:
        rule = f"must be one of {', '.join(cls)}"
        raise InvalidArgument("standing", rule, f"it is {displayed(value)}")

    def __repr__(self) -> str:
        return f"Standing.{self.name}"

    def __str__(self) -> str:
        return self.value


_RELATIONS = ("=", "<=", ">=")

_BOUND = "\u00a0=\u00a0"  # an equals sign at which no line is broken

#: Sizes by name, in the order of the step's parameters.
Point = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
@typed
class Step(Shown):
    r"""One statement of a derivation, in LaTeX mathematics without dollars, with its reason and its reference.

    Args:
        name: what the step is called.
        statement: LaTeX mathematics without dollars.
        reason: a sentence of LaTeX prose.
        reference: where it is from.
        sides: takes sizes by name, ``sides(L, v)``, and returns the two sides of the statement there, or None where the statement says nothing or
            brute force would be too big (`BelowThreshold` and `TooLarge` raised in it count as that); lists and arrays are compared entry by entry.
        sizes: the values at which it is checked when the caller names none, or only such that the step says nothing at.
        relation: "=", "<=" or ">=".
        tolerance: zero for exact sides, and otherwise the largest difference that counts as rounding, relative to the larger side, absolute below 1.

    Raises:
        InvalidArgument: another relation.
    """

    name: str
    statement: str
    reason: str
    reference: str = ""
    sides: Callable[..., tuple[Any, Any] | None] | None = field(
        default=None, compare=False, repr=False
    )
    sizes: Mapping[str, Sequence[Any]] = field(default_factory=dict, compare=False, repr=False)
    relation: str = "="
    tolerance: float = 0.0

    def __post_init__(self) -> None:
        if self.relation not in _RELATIONS:
            rule = f"must be one of {', '.join(_RELATIONS)}"
            raise InvalidArgument("relation", rule, f"it is {self.relation!r}")

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the sizes that the check takes; none where the step has no check."""
        return () if self.sides is None else tuple(inspect.signature(self.sides).parameters)

    def check(self, **sizes: Iterable[Any]) -> tuple[Checked, ...]:
        """Both sides at every combination of the sizes, those not given as the step names them.

        Points at which the step says nothing are left out.

        Args:
            **sizes: the name of a size with the list of its values, or one value.

        Raises:
            InvalidArgument: a size is neither given nor among the step's own.
            InvalidType: sizes that cannot be read.

        >>> step = Step("even", "2 a = a + a", "", sides=lambda a: (2 * a, a + a), sizes={"a": (1, 2)})
        >>> [str(c) for c in step.check(a=3)]
        ['even at a = 3 holds']
        """
        return self._examined({n: _read(n, given, (self,)) for n, given in sizes.items()})[0]

    def _examined(
        self, sizes: Mapping[str, Sequence[Any]]
    ) -> tuple[tuple[Checked, ...], tuple[Point, ...]]:
        """The points checked, and those at which the step says nothing."""
        if self.sides is None:
            return (), ()
        ranges = []
        for name in self.parameters:
            given = sizes.get(name, self.sizes.get(name))
            if given is None:
                rule = f"must be given to check the step {self.name!r}"
                raise InvalidArgument(name, rule, "it is not")
            ranges.append(tuple(given))
        found, skipped = [], []
        for values in product(*ranges):
            point = tuple(zip(self.parameters, values, strict=True))
            try:
                both = self.sides(**dict(point))
            except (BelowThreshold, TooLarge):
                both = None
            if both is None:
                skipped.append(point)
                continue
            left, right = both
            holds = _holds(left, right, self.relation, self.tolerance)
            found.append(Checked(self, point, left, right, holds))
        return tuple(found), tuple(skipped)


@dataclass(frozen=True)
@typed
class Checked(Shown):
    """Both sides of one step at one point, and whether they stand in the step's relation."""

    step: Step
    point: tuple[tuple[str, Any], ...]
    left: Any = field(hash=False)
    right: Any = field(hash=False)
    holds: bool

    def __str__(self) -> str:
        where = ", ".join(f"{name} = {value}" for name, value in self.point)
        verdict = "holds" if self.holds else f"fails: {self.difference}"
        return f"{self.step.name} at {where or 'its only point'} {verdict}"

    @property
    def difference(self) -> str:
        """Both sides, shortened; of lists the first entries that do not stand in the relation."""
        relation, tolerance = self.step.relation, self.step.tolerance
        left, right = self.left, self.right
        place = ""
        if _is_list(left) or _is_list(right):
            left, right = _entries(left), _entries(right)
            if len(left) != len(right):
                return f"{len(left)} entries {relation} {len(right)} entries"
            pairs = enumerate(zip(left, right, strict=True))
            wrong = (i for i, (a, b) in pairs if not _holds(a, b, relation, tolerance))
            first = next(wrong, 0)
            left, right = left[first], right[first]
            place = f" (entry {first} of each)"
        return f"{_shortened(left)} {relation} {_shortened(right)}{place}"


@dataclass(frozen=True)
@typed
class Derivation(DerivationDoors):
    """Named steps that end in ``conclusion`` .

    Args:
        title: plain words.
        steps: in their order.
        conclusion: LaTeX mathematics without dollars.
        standing: of the conclusion.
    """

    title: str
    steps: tuple[Step, ...] = field(default=())
    conclusion: str = ""
    standing: Standing = Standing.PROVED

    def check(self, **sizes: Iterable[Any] | int) -> Verification:
        r"""Check every step that can be checked, at the given sizes; ``check(L=range(4, 8), v=(2, 3))``, ``check(L=4)``.

        A step takes its own values for sizes that are not given. Points below its threshold, or too big for its brute force, are
        skipped; a step to which all of them are so is checked at its own sizes instead, and the report says so.

        Args:
            **sizes: the name of a size, such as L or v, with a number or a list of numbers.

        Returns:
            A `Verification`, true where every step holds, which prints as a report.

        Raises:
            InvalidArgument: a size that no step knows (a misspelt name would check nothing), no values at all, or values that cannot be sizes.
            InvalidType: what is neither a value nor values.

        >>> def sides(L):
        ...     return (2**L, 2 * 2 ** (L - 1)) if L < 4 else None
        >>> step = Step("doubling", r"2^L = 2 \cdot 2^{L-1}", "", sides=sides, sizes={"L": (1, 2)})
        >>> print(Derivation("Powers", (step,)).check(L=range(3, 6)))
        Powers
          1  doubling  holds at 1 size; skipped L = 4, 5
        all steps hold
        >>> print(Derivation("Powers", (step,)).check(L=9))
        Powers
          1  doubling  holds at its own sizes L = 1, 2; skipped L = 9
        all steps hold
        """
        known = {name for step in self.steps for name in step.parameters}
        listed = ", ".join(sorted(known)) or "it has none"
        for name in sizes:
            if name not in known:
                rule = f"must be a size of this derivation ({listed})"
                raise InvalidArgument(name, rule, f"it is given as {name!r}")
        kept = {name: _read(name, values, self.steps) for name, values in sizes.items()}
        results, skipped, own = [], [], []
        for step in self.steps:
            concerns = any(name in kept for name in step.parameters)
            found, silent = step._examined(kept)
            instead = concerns and not found
            if instead:
                # A size the step has no values of its own for stays as it was asked.
                found, _ = step._examined({n: v for n, v in kept.items() if n not in step.sizes})
            results.append(found)
            # What a step leaves out of its own sizes is its own affair; what was asked for is not.
            skipped.append(silent if concerns else ())
            own.append(instead and bool(found))
        return Verification(self, tuple(results), tuple(skipped), tuple(own))


@dataclass(frozen=True)
@typed
class Verification(Shown):
    """What `Derivation.check` found. True when none fails and every step was checked.

    Attributes:
        derivation: what was checked.
        results: for each step its checked points, in order.
        skipped: for each step the points that were asked for and at which it says nothing.
        own: for each step, whether it was therefore checked at its own sizes.
    """

    derivation: Derivation
    results: tuple[tuple[Checked, ...], ...] = field(hash=False)
    skipped: tuple[tuple[Point, ...], ...] = field(default=(), hash=False)
    own: tuple[bool, ...] = ()

    def __post_init__(self) -> None:
        if len(self.results) != len(self.derivation.steps):
            rule = f"must have one entry for each of {len(self.derivation.steps)} steps"
            raise InvalidArgument("results", rule, f"there are {len(self.results)}")

    @property
    def failures(self) -> tuple[Checked, ...]:
        """The points at which a step does not hold, the first step first."""
        return tuple(c for found in self.results for c in found if not c.holds)

    @property
    def count(self) -> int:
        """How many points were checked."""
        return sum(len(found) for found in self.results)

    @property
    def passed(self) -> bool:
        """Whether every step with a check was checked somewhere and holds everywhere."""
        checked = all(
            found or step.sides is None
            for step, found in zip(self.derivation.steps, self.results, strict=True)
        )
        return checked and self.count > 0 and not self.failures

    def __bool__(self) -> bool:
        return self.passed

    def __str__(self) -> str:
        lines = [self.derivation.title]
        longest = max((len(step.name) for step in self.derivation.steps), default=0)
        digits = len(str(len(self.derivation.steps)))
        results = zip(self.derivation.steps, self.results, strict=True)
        for number, (step, found) in enumerate(results, 1):
            own = number <= len(self.own) and self.own[number - 1]
            skipped = self.skipped[number - 1] if number <= len(self.skipped) else ()
            wrong = [c for c in found if not c.holds]
            if wrong:
                verdict = f"FAILS: {wrong[0]}"
            elif own:
                verdict = f"holds at its own sizes {_points_text([c.point for c in found])}"
            elif found:
                verdict = f"holds at {len(found)} size{'s' * (len(found) != 1)}"
            elif step.sides is not None:
                verdict = "NOT CHECKED: says nothing at these sizes"
            else:
                verdict = f"cited: {step.reference}" if step.reference else "by definition"
            if skipped:
                verdict += f"; skipped {_points_text(skipped)}"
            head = f"  {number:>{digits}}  {step.name.ljust(longest)}  "
            margin = " " * (digits + 6)
            whole = (head + verdict).replace(" = ", _BOUND)  # a size is not parted from its value
            wrapped = wrap(whole, 80, subsequent_indent=margin, break_on_hyphens=False)
            lines += [line.replace(_BOUND, " = ") for line in wrapped]
        lines.append("all steps hold" if self.passed else "NOT verified")
        return "\n".join(lines)


def _read(name: str, given: object, steps: Iterable[Step]) -> tuple[Any, ...]:
    """The values of one size: whole numbers where all of the steps' own are, none below 1 where none of these is."""
    own = [value for step in steps for value in step.sizes.get(name, ())]
    whole = bool(own) and all(isinstance(value, int) for value in own)
    readable = isinstance(given, Iterable) or whole or hasattr(given, "__index__")
    if isinstance(given, (str, bytes, bool)) or given is None or not readable:
        raise InvalidType(name, "must be a size or several", given)
    values = tuple(read_list(given, name, "sizes")) if isinstance(given, Iterable) else (given,)
    if not values:
        raise InvalidArgument(name, "must hold at least one size", "it is empty")
    if not whole:
        return values
    least = min(min(own), 1) if min(own) >= 0 else None
    return tuple(_whole(name, value, least) for value in values)


def _whole(name: str, value: Any, least: int | None) -> int:
    """A size that is an integer; this room stands above the one that reads integers elsewhere."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise InvalidType(name, "must be an integer", value)
    number = int(value.__index__())
    if least is not None and number < least:
        raise InvalidArgument(
            name, f"must be an integer of at least {least}", f"it is {displayed(number)}"
        )
    return number


def _points_text(points: Sequence[Point]) -> str:
    """Points in few words, products of values where they are: ``L = 4..7, v = 3``.

    >>> _points_text([(("L", L), ("v", v)) for L in (4, 5, 6, 7) for v in (2, 3)])
    'L = 4..7, v = 2, 3'
    """
    if not points or not points[0]:
        return "its only point" if points else ""
    names = [name for name, _ in points[0]]
    boxes = [tuple((value,) for _, value in point) for point in points]
    for axis in range(len(names)):
        # Points that differ in this size alone become one box.
        joined: dict[Any, tuple[Any, ...]] = {}
        for box in boxes:
            key = (box[:axis], box[axis + 1 :])
            joined[key] = joined.get(key, ()) + box[axis]
        boxes = [(*before, values, *after) for (before, after), values in joined.items()]
    return "; ".join(
        ", ".join(f"{name} = {_values_text(v)}" for name, v in zip(names, box, strict=True))
        for box in boxes
    )


def _values_text(values: Sequence[Any]) -> str:
    """Values after commas, three or more in a row as their ends."""
    if len(values) > 2 and all(isinstance(v, int) for v in values):
        first = values[0]
        if list(values) == list(range(first, first + len(values))):
            return f"{first}..{values[-1]}"
    return ", ".join(map(str, values))


def _holds(left: Any, right: Any, relation: str, tolerance: float) -> bool:
    if _is_list(left) or _is_list(right):
        left, right = _entries(left), _entries(right)
        return len(left) == len(right) and all(
            _holds(a, b, relation, tolerance) for a, b in zip(left, right, strict=True)
        )
    if tolerance:
        a, b = float(left), float(right)
        slack = tolerance * max(1.0, abs(a), abs(b))
        return {"=": abs(a - b) <= slack, "<=": a <= b + slack, ">=": a >= b - slack}[relation]
    if isinstance(left, (float, np.floating)) or isinstance(right, (float, np.floating)):
        raise InvalidArgument(
            "tolerance", "must be positive where a side is a float", f"{left!r} and {right!r}"
        )
    if relation == "=":
        return _equal(left, right)
    difference = left - right if relation == ">=" else right - left
    return bool(difference >= 0)


def _equal(left: Any, right: Any) -> bool:
    """Exact equality; formulas are brought to a normal form first."""
    if left == right:
        return True
    if isinstance(left, sp.Basic) or isinstance(right, sp.Basic):
        # Only what proves: radsimp and simplify may recognise a number by its digits.
        difference = sp.together(sympified(left) - sympified(right))
        numerator = sp.expand(sp.numer(difference))
        if numerator == 0 or sp.cancel(difference) == 0:
            return True
        return not numerator.free_symbols and numerator.equals(0) is True
    return False


def _is_list(side: Any) -> bool:
    return isinstance(side, (list, tuple, np.ndarray))


def _shortened(side: Any, most: int = 60) -> str:
    text = " ".join(str(side).split())
    return text if len(text) <= most else text[: most - 3] + "..."


def _entries(side: Any) -> list[Any]:
    if hasattr(side, "tolist"):
        side = side.tolist()
    return list(side) if isinstance(side, (list, tuple)) else [side]
