"""How sure a formula is, and the steps that lead to it: plain data that any result can carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Derivation", "Standing", "Step"]


class Standing(StrEnum):
    """What stands behind a formula.

    * ``PROVED``: derived, or interpolated under a degree bound that is itself derived;
    * ``FITTED``: interpolated and checked further on, without a bound;
    * ``CITED``: a published theorem, taken over with its reference;
    * ``SAMPLED``: as proved, for a kernel whose symmetry was checked on seeded random pairs and not on all;
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


@dataclass(frozen=True)
class Step:
    """One statement of a derivation, in LaTeX, with its reason and its reference."""

    name: str
    statement: str
    reason: str
    reference: str = ""


@dataclass(frozen=True)
class Derivation:
    """Named steps that end in ``conclusion``."""

    title: str
    steps: tuple[Step, ...] = field(default=())
    conclusion: str = ""
    standing: Standing = Standing.PROVED
