"""The exception tree of symkern.

Every error is a `SymkernError`; those that Python users would expect as a
``ValueError``, ``TypeError``, ``MemoryError`` or ``NotImplementedError`` are that too.
A message names the argument, the rule and the value, in this order::

    lam: parts must weakly decrease, but part 2 is 3 after 1 in (1, 3)

The three pieces stay readable as attributes ``argument``, ``rule`` and ``found``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

__all__ = [
    "BelowThreshold",
    "FormulaError",
    "InvalidArgument",
    "InvalidType",
    "NoAction",
    "NoClosedForm",
    "NotPositive",
    "PartitionError",
    "PermutationError",
    "PipelineError",
    "SizeMismatch",
    "SymkernError",
    "SymmetryError",
    "TooLarge",
    "TooLong",
]


def displayed(value: object, most: int = 80) -> str:
    """A value as a message shows it: its repr on one line, cut off where it is long, and words where Python writes no digits.

    >>> displayed((2, 1)), displayed(10**5000)
    ('(2, 1)', 'a number of 16610 bits')
    """
    if isinstance(value, int) and value.bit_length() > 1000:
        return f"a number of {value.bit_length()} bits"
    try:
        text = " ".join(repr(value).split())
    except (ValueError, RecursionError):  # such a number inside, or a nest without end
        text = f"a {type(value).__name__} that is too long"
    return text if len(text) <= most else text[: most - 3] + "..."


def install_line(extra: str) -> str:
    """What brings an extra: from a checkout, as long as symkern is on no package index.

    >>> install_line("plot")
    "pip install -e '.[plot]' in the folder of symkern's source"
    """
    return f"pip install -e '.[{extra}]' in the folder of symkern's source"


@dataclass(frozen=True)
class Advice:
    """What a message says to give, in words that each way of asking can put as its own.

    Attributes:
        names: what wants values of the user's choice; without names and example, whatever has none yet.
        example: arguments with values, as they are written in Python.

    >>> print(Advice(("alpha", "beta"))), print(Advice()), print(Advice(example=(("length", "16"), ("alpha", "1"))))
    give alpha, beta values
    give them values
    length=16, alpha=1
    (None, None, None)
    """

    names: tuple[str, ...] = ()
    example: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        if self.example:
            return ", ".join(f"{name}={value}" for name, value in self.example)
        return f"give {', '.join(self.names) or 'them'} values"


class SymkernError(Exception):
    """Root of everything that symkern raises on purpose; ``advice`` is the part of its message that says what to give, if one does."""

    advice: Advice | None = None

    def advising(self, advice: Advice | None) -> Self:
        """The same error, which knows what its message advises."""
        self.advice = advice
        return self


class InvalidArgument(SymkernError, ValueError):
    """An argument of the right type breaks a rule.

    >>> raise InvalidArgument("length", "must be a positive integer", "it is 0")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: length: must be a positive integer, but it is 0
    """

    def __init__(self, argument: str, rule: str, found: str) -> None:
        self.argument = argument if isinstance(argument, str) else displayed(argument)
        self.rule = rule
        self.found = _shortened(found)
        super().__init__(argument, rule, found)

    def __str__(self) -> str:
        return f"{_shortened(self.argument)}: {self.rule}, but {self.found}"


class InvalidType(SymkernError, TypeError):
    """An argument is of a type that cannot mean what is asked for."""

    def __init__(self, argument: str, rule: str, value: object) -> None:
        self.argument = argument if isinstance(argument, str) else displayed(argument)
        self.rule = rule
        self.found = f"it is {displayed(value)} of type {type(value).__name__}"
        super().__init__(argument, rule, value)

    def __str__(self) -> str:
        return f"{self.argument}: {self.rule}, but {self.found}"

    def __repr__(self) -> str:
        # The value itself may have none: it may be too long, or nest too deeply.
        return f"{type(self).__name__}({self.argument!r}, {self.rule!r}, {displayed(self.args[2])})"


class PartitionError(InvalidArgument):
    """Not a partition: a part is not a positive integer, or parts increase."""


class PermutationError(InvalidArgument):
    """Not a permutation of 0..n-1 in one-line form: a repeat, a gap or a stranger."""


class SizeMismatch(InvalidArgument):
    """Two objects that must have the same size do not."""


class BelowThreshold(InvalidArgument):
    """A formula that is uniform in n (or L, v) was asked below the size from which it holds."""


class FormulaError(InvalidArgument):
    """A formula's text cannot be read; ``position`` is the 0-based place in the text."""

    def __init__(self, argument: str, rule: str, found: str, position: int | None = None) -> None:
        super().__init__(argument, rule, found)
        self.position = position


class PipelineError(FormulaError):
    """A pipeline's text names an unknown stage or passes arguments the stage does not take."""


class SymmetryError(InvalidArgument):
    """A kernel, law or matrix does not commute with the group; ``witness`` shows where."""

    def __init__(self, argument: str, rule: str, found: str, witness: object = None) -> None:
        super().__init__(argument, rule, found)
        self.witness = witness


class NotPositive(InvalidArgument):
    """A matrix C that must be positive semidefinite is not; ``witness`` is a vector w with w^T C w < 0."""

    def __init__(self, argument: str, rule: str, found: str, witness: object = None) -> None:
        super().__init__(argument, rule, found)
        self.witness = witness


class NoClosedForm(SymkernError, NotImplementedError):
    """What is asked has no closed form here; the message says what does exist."""

    def __str__(self) -> str:
        return _shortened(super().__str__())


class NoAction(NoClosedForm):
    """A stage of a pipeline has no rule in an algebra; ``exist`` lists what can be had of the kernel nevertheless.

    >>> raise NoAction("cube", "sequences", "there is no rule for it", ["its spectra"])
    Traceback (most recent call last):
    ...
    symkern.errors.NoAction: cube: there is no rule for it; its spectra exist
    """

    def __init__(self, stage: str, algebra: str, why: str, exist: Sequence[str]) -> None:
        self.stage = stage
        self.algebra = algebra
        self.why = why
        self.exist = tuple(exist)
        super().__init__(stage, algebra, why, self.exist)

    def __str__(self) -> str:
        there = f"{' and '.join(self.exist)} exist" if self.exist else "no other result exists"
        return f"{_shortened(self.stage)}: {self.why}; {there}"


class TooLarge(MemoryError, SymkernError):  # in this order: MemoryError makes its instances itself
    """Refused before allocation: the result would need ``bytes_needed`` bytes."""

    def __init__(self, what: str, bytes_needed: int, bytes_available: int) -> None:
        self.what = what
        self.bytes_needed = bytes_needed
        self.bytes_available = bytes_available
        super().__init__(what, bytes_needed, bytes_available)

    def __str__(self) -> str:
        return f"{_shortened(self.what)} needs {_bytes(self.bytes_needed)}, but {self.bytes_available:,} are available"


class TooLong(SymkernError, TimeoutError):
    """Given up after ``seconds`` of computing time; ``instead`` says what takes less.

    >>> raise TooLong("a value of 500 layers", 60.0, "kernel.spectrum(...) takes less")
    Traceback (most recent call last):
    ...
    symkern.errors.TooLong: a value of 500 layers takes more than 60 seconds; kernel.spectrum(...) takes less
    """

    def __init__(self, what: str, seconds: float, instead: str) -> None:
        self.what = what
        self.seconds = seconds
        self.instead = instead
        super().__init__(what, seconds, instead)

    def __str__(self) -> str:
        return f"{_shortened(self.what)} takes more than {self.seconds:g} seconds; {self.instead}"


def _shortened(text: str) -> str:
    """A part of a message that nobody would read to its end, such as a kernel with a covariance of fifty letters, without its middle."""
    return text if len(text) <= 1000 else f"{text[:700]} ... {text[-250:]}"


def _bytes(count: int) -> str:
    """The number of bytes, or a power of two below it where nobody would read the digits."""
    exponent = count.bit_length() - 1
    return f"{count:,} bytes" if exponent < 200 else f"over 2^{exponent} bytes"
