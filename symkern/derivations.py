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
from fractions import Fraction
from itertools import product
from textwrap import wrap
from typing import Any

from symkern.errors import BelowThreshold, InvalidArgument, InvalidType

__all__ = ["Checked", "Derivation", "Standing", "Step", "Verification"]


class Standing(StrEnum):
    """What stands behind a formula.

    * ``PROVED``: derived, or interpolated under a degree bound that is itself derived;
    * ``FITTED``: interpolated and checked further on, without a bound;
    * ``CITED``: a published theorem, taken over with its reference;
    * ``SAMPLED``: as proved, for a kernel whose symmetry was checked on seeded random pairs and not on all, or on irrational values that agree to 256 bits;
    * ``FLOATING``: as proved, for a kernel whose values were given as floating-point numbers.

    >>> Standing("proved")
    Standing.PROVED
    """

    PROVED = "proved"
    FITTED = "fitted"
    CITED = "cited"
    SAMPLED = "sampled"
    FLOATING = "floating"

    def __repr__(self) -> str:
        return f"Standing.{self.name}"

    def __str__(self) -> str:
        return self.value


_RELATIONS = ("=", "<=", ">=")


@dataclass(frozen=True)
class Step:
    r"""One statement of a derivation, in LaTeX mathematics without dollars, with its reason and its reference.

    ``reason`` is a sentence of LaTeX prose. ``sides`` takes sizes by name, ``sides(L, v)``, and returns the two sides of the statement
    there, or None where the statement says nothing; lists and arrays are compared entry by entry. ``sizes`` are the
    values at which it is checked when the caller names none. ``relation`` is "=", "<=" or ">="; ``tolerance`` is zero for exact sides
    and otherwise the largest difference that counts as rounding, relative to the larger side, absolute below 1.
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
            raise InvalidArgument(
                "relation", f"must be one of {', '.join(_RELATIONS)}", f"it is {self.relation!r}"
            )

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the sizes that the check takes; none where the step has no check."""
        return () if self.sides is None else tuple(inspect.signature(self.sides).parameters)

    def check(self, **sizes: Iterable[Any]) -> tuple[Checked, ...]:
        """Both sides at every combination of the sizes, those not given as the step names them."""
        if self.sides is None:
            return ()
        ranges = []
        for name in self.parameters:
            given = sizes.get(name, self.sizes.get(name))
            if given is None:
                raise InvalidArgument(
                    name, f"must be given to check the step {self.name!r}", "it is not"
                )
            ranges.append(tuple(given))
        found = []
        for values in product(*ranges):
            point = dict(zip(self.parameters, values, strict=True))
            try:
                both = self.sides(**point)
            except BelowThreshold:  # the statement is about larger sizes
                both = None
            if both is None:
                continue
            left, right = both
            holds = _holds(left, right, self.relation, self.tolerance)
            found.append(Checked(self, tuple(point.items()), left, right, holds))
        return tuple(found)


@dataclass(frozen=True)
class Checked:
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
class Derivation:
    """Named steps that end in ``conclusion`` (LaTeX mathematics without dollars)."""

    title: str
    steps: tuple[Step, ...] = field(default=())
    conclusion: str = ""
    standing: Standing = Standing.PROVED

    def check(self, **sizes: Iterable[Any]) -> Verification:
        """Check every step that can be checked, at the given sizes; ``check(L=range(4, 8), v=(2, 3))`` or ``check(L=4)``.

        Sizes that are not given are as each step names them. A step that says nothing at all of the given sizes, because it is about others or
        they are too many sequences for its brute force, is checked at its own, and the report says so.
        Sizes that no step knows are an error: a misspelt name would check nothing.
        """
        known = {name for step in self.steps for name in step.parameters}
        for name in sizes:
            if name not in known:
                raise InvalidArgument(
                    name,
                    f"must be a size of this derivation ({', '.join(sorted(known)) or 'it has none'})",
                    f"it is given as {name!r}",
                )
        kept = {name: _listed(name, values) for name, values in sizes.items()}
        results, own = [], []
        for step in self.steps:
            found = step.check(**kept)
            alone = not found and bool(kept.keys() & set(step.parameters))
            results.append(step.check() if alone else found)
            own.append(alone)
        return Verification(self, tuple(results), tuple(own), tuple(kept.items()))

    def latex(self) -> str:
        """As LaTeX prose: a paragraph for each step, its statement displayed, its reason and reference below."""
        from symkern.typeset.derivations import derivation_latex

        return derivation_latex(self)

    def document(self) -> str:
        """`latex` as a whole document that compiles."""
        from symkern.typeset.derivations import derivation_document

        return derivation_document(self)

    def text(self, width: int = 80) -> str:
        """The steps as plain text."""
        from symkern.typeset.derivations import derivation_text

        return derivation_text(self, width)

    def __str__(self) -> str:
        return self.text()

    def _repr_markdown_(self) -> str:
        from symkern.typeset.derivations import derivation_markdown

        return derivation_markdown(self)


@dataclass(frozen=True)
class Verification:
    """What `Derivation.check` found: for each step its checked points, in order. True when none fails and one exists.

    ``own`` tells the steps that were checked at their own sizes, since they say nothing at those ``asked`` for.
    """

    derivation: Derivation
    results: tuple[tuple[Checked, ...], ...] = field(hash=False)
    own: tuple[bool, ...] = ()
    asked: tuple[tuple[str, tuple[Any, ...]], ...] = field(default=(), hash=False)

    def _where(self, number: int) -> str:
        """The sizes of a step that was not checked at all that were asked for."""
        found = self.results[number]
        if self.own and self.own[number] and found:
            names = [name for name, _ in found[0].point]
            seen = {name: dict.fromkeys(dict(c.point)[name] for c in found) for name in names}
            sizes = "; ".join(f"{name} = {_runs(list(v))}" for name, v in seen.items())
            return f"its own, {sizes}: it says nothing at those asked for, or they are too large"
        skipped = []
        for name, values in self.asked:
            here = {dict(c.point).get(name) for c in found}
            left = [v for v in values if v not in here]
            if left and name in self.derivation.steps[number].parameters:
                skipped.append(f"{name} = {_runs(left)}")
        return f"says nothing at {'; '.join(skipped)}, or that is too large" if skipped else ""

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
        for number, (step, found) in enumerate(
            zip(self.derivation.steps, self.results, strict=True), 1
        ):
            wrong = [c for c in found if not c.holds]
            if wrong:
                verdict = f"FAILS: {wrong[0]}"
            elif found:
                verdict = f"holds at {len(found)} size{'s' * (len(found) != 1)}"
            elif step.sides is not None:
                verdict = "NOT CHECKED: says nothing at these sizes"
            else:
                verdict = f"cited: {step.reference}" if step.reference else "by definition"
            lines.append(f"  {number:>{digits}}  {step.name.ljust(longest)}  {verdict}")
            where = self._where(number - 1) if found else ""
            lines += [f"  {'':{digits}}    {line}" for line in wrap(where, 74 - digits)]
        lines.append("all steps hold" if self.passed else "NOT verified")
        return "\n".join(lines)


def _runs(values: Sequence[Any]) -> str:
    """Sizes in order, four and more successive ones by their ends.

    >>> _runs([2, 4, 5, 6, 7, 8, 100])
    '2, 4..8, 100'
    """
    pieces: list[list[Any]] = []
    for value in values:
        if pieces and value == pieces[-1][-1] + 1:
            pieces[-1].append(value)
        else:
            pieces.append([value])
    shown = [f"{run[0]}..{run[-1]}" if len(run) > 3 else ", ".join(map(str, run)) for run in pieces]
    return ", ".join(shown)


def _listed(name: str, values: Any) -> tuple[Any, ...]:
    """Sizes as a tuple; one number is a list of one."""
    if isinstance(values, (int, Fraction)) and not isinstance(values, bool):
        return (values,)
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise InvalidType(name, "must be a size or several of them", values)
    return tuple(values)


def _holds(left: Any, right: Any, relation: str, tolerance: float) -> bool:
    import numpy as np

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
    import sympy as sp

    if isinstance(left, sp.Basic) or isinstance(right, sp.Basic):
        # Only what proves: radsimp and simplify may recognise a number by its digits.
        difference = sp.together(sp.S(left) - sp.S(right))
        numerator = sp.expand(sp.numer(difference))
        if numerator == 0 or sp.cancel(difference) == 0:
            return True
        return not numerator.free_symbols and numerator.equals(0) is True
    return False


def _is_list(side: Any) -> bool:
    import numpy as np

    return isinstance(side, (list, tuple, np.ndarray))


def _shortened(side: Any, most: int = 60) -> str:
    text = " ".join(str(side).split())
    return text if len(text) <= most else text[: most - 3] + "..."


def _entries(side: Any) -> list[Any]:
    if hasattr(side, "tolist"):
        side = side.tolist()
    return list(side) if isinstance(side, (list, tuple)) else [side]
