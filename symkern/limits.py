"""Every threshold of the package: what is refused, cut short or handed to another method, from which size on, and why.

A threshold says what a machine and a person put up with; constants of the mathematics stand where they are used. `current` gives
the values in force, `changed` changes them for a while:

    with symkern.limits.changed(memory=4 << 30, exponent=5000):
        ...

A change is in force in the whole process, in every thread that runs inside, those that were started before included: a thread
that a library starts does not know who asked for its work. Changes may nest and may end in any order; the latest that has not
ended wins. Processes that are forked inside keep it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from threading import Lock
from typing import Any

from symkern.errors import InvalidArgument, InvalidType

__all__ = ["Limits", "changed", "current", "described"]


def _limit(value: Any, unit: str, why: str) -> Any:
    return field(default=value, metadata={"unit": unit, "why": why})


@dataclass(frozen=True)
class Limits:
    """The thresholds, by name; `described` lists them with their units and reasons."""

    # -- memory ------------------------------------------------------------------------
    memory: int = _limit(
        1 << 62, "bytes", "No single result may need more, nor more than the machine has free."
    )
    unknown_memory: int = _limit(
        1 << 34, "bytes", "What is taken to be free where the system does not say."
    )
    flow_points: int = _limit(
        10**6, "times", "Points of a trajectory, each of which is integrated to."
    )
    # -- what users write --------------------------------------------------------------
    exponent: int = _limit(
        1000, "absolute value", "Exponents in a text, so that 9^9^9 is refused and not computed."
    )
    depth: int = _limit(
        60,
        "levels",
        "Parentheses, signs and powers in each other: reading and working on them recurse.",
    )
    formula_digits: int = _limit(
        4000, "characters", "A number in a formula; Python itself refuses to read over 4300 digits."
    )
    target_digits: int = _limit(
        200,
        "characters",
        "A number in a target or a function of signs, computed with on every input.",
    )
    formula_bits: int = _limit(
        1_000_000,
        "bits",
        "All numbers of a sum, a product or a power in a formula, before it is computed.",
    )
    root_bits: int = _limit(
        2000, "bits", "A number under a root, whose square part is searched for."
    )
    factors: int = _limit(
        61, "factors", "A product in a target, which is evaluated by nested calls."
    )
    sign_bits: int = _limit(
        512, "bits", "Any number that a value of a function of signs may be made of."
    )
    pipeline_characters: int = _limit(10_000, "characters", "A pipeline's text.")
    command_length: int = _limit(
        10**9,
        "tokens",
        "Lengths and vocabularies on the command line; longer ones only keep a machine busy.",
    )
    command_positions: int = _limit(
        10_000,
        "positions",
        "Functions of signs on the command line: above it numbers have more digits than anyone prints.",
    )


_lock = Lock()
_changes: list[dict[str, Any]] = []
_current = Limits()


def current() -> Limits:
    """The thresholds in force.

    >>> current().exponent
    1000
    """
    return _current


@contextmanager
def changed(**values: float) -> Iterator[Limits]:
    """Thresholds by name with their new values, in force until the block ends.

    Raises:
        InvalidArgument: for a name that is no threshold, or a value that is not positive.
        InvalidType: for a value that is no number, or a fraction where whole numbers count.

    >>> from symkern.abc import parse
    >>> with changed(exponent=2000):
    ...     parse("L^1500")
    L**1500
    """
    for name, value in values.items():
        _check(name, value)
    _apply(values, begin=True)
    try:
        yield _current
    finally:
        _apply(values, begin=False)


def described() -> list[tuple[str, float, str, str]]:
    """Each threshold: its name, the value in force, its unit, and why it stands.

    >>> described()[2][:3]
    ('exponent', 1000, 'absolute value')
    """
    now = current()
    return [
        (f.name, getattr(now, f.name), f.metadata["unit"], f.metadata["why"]) for f in fields(now)
    ]


def _apply(values: dict[str, Any], begin: bool) -> None:
    global _current
    with _lock:
        if begin:
            _changes.append(values)
        else:
            place = next(i for i, change in enumerate(_changes) if change is values)
            del _changes[place]
        found = Limits()
        for change in _changes:
            found = replace(found, **change)
        _current = found


def _check(name: str, value: object) -> None:
    defaults = {f.name: f.default for f in fields(Limits)}
    if name not in defaults:
        raise InvalidArgument(name, f"must be one of {', '.join(defaults)}", "it is no threshold")
    whole = isinstance(defaults[name], int)
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        raise InvalidType(name, "must be an integer" if whole else "must be a number", value)
    if not value > 0:
        raise InvalidArgument(name, "must be positive", f"it is {value}")
