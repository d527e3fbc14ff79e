"""Sizes: the number of positions of a sequence, the number of letters; a positive integer or one of the symbols L and v.

Public attributes hold sizes as ``int | sympy.Symbol``; code that has to tell the two apart asks a `Size`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.errors import InvalidArgument, displayed
from symkern.exact import exact_size
from symkern.reading.annotated import typed
from symkern.reading.sequences import read_mapping
from symkern.typeset.shown import Shown


@dataclass(frozen=True)
@typed
class Size(Shown):
    """A size: ``value`` is a positive int or a symbol.

    >>> from symkern.abc import L, v
    >>> Size(5).is_number, Size(L).is_number, Size(v).at({v: 3})
    (True, False, Size(value=3))
    """

    value: int | sp.Expr

    def __post_init__(self) -> None:
        if not isinstance(self.value, int):
            object.__setattr__(self, "value", exact_size(self.value, "value"))

    @classmethod
    def read(
        cls, value: object, argument: str, symbols: tuple[sp.Symbol, ...] = (CONTEXT_LENGTH,)
    ) -> Size:
        """A size from what users pass: an integer, a symbol of `symkern.abc`, or the text of one of them.

        Args:
            value: what was passed.
            argument: its name in messages.
            symbols: the symbols that may stand there.

        Returns:
            The size.

        Raises:
            InvalidType: it is neither an integer nor a formula.
            InvalidArgument: it is below 1, or a formula other than these symbols: "from 2 L = 6 on" would have to be solved for L.

        >>> Size.read("12", "length").value
        12
        """
        size = exact_size(value, argument)
        if not isinstance(size, int) and size not in symbols:
            *others, last = (f"{s}" for s in symbols)
            named = f"one of the symbols {', '.join(others)} and {last}" if others else f"the symbol {last}"  # fmt: skip
            raise InvalidArgument(
                argument,
                f"must be a positive integer or {named} of symkern.abc",
                f"it is {displayed(size)}",
            )
        return cls(size)

    @classmethod
    def read_number(cls, value: object, argument: str, purpose: str = "") -> int:
        """A size that has to be a number, as an int.

        Args:
            value: the size.
            argument: the name that an error message has for it.
            purpose: how the message's rule ends: "to evaluate at".

        Raises:
            InvalidArgument: a symbol, or a number below 1.
        """
        return cls(exact_size(value, argument)).number(argument, purpose)

    @property
    def is_number(self) -> bool:
        """Whether it is a number."""
        return isinstance(self.value, int)

    @property
    def symbol(self) -> sp.Symbol | None:
        """The symbol, None where it is a number."""
        return None if isinstance(self.value, int) else self.value

    @typed
    def number(self, argument: str, purpose: str = "here") -> int:
        """The number.

        Args:
            argument: the name that an error message has for it.
            purpose: how the message's rule ends.

        Raises:
            InvalidArgument: it is a symbol.
        """
        if isinstance(self.value, int):
            return self.value
        rule = f"must be a number {purpose}".rstrip()
        raise InvalidArgument(argument, rule, f"it is {displayed(self.value)}")

    def at(self, values: Mapping[sp.Symbol, int]) -> Size:
        """The size with numbers in the place of symbols.

        Args:
            values: symbol -> integer.
        """
        known = read_mapping(values, "values", "numbers for symbols")
        return self if isinstance(self.value, int) else Size(known.get(self.value, self.value))
