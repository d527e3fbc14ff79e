"""The protocol of engines: from a problem to the sectors of its spectrum.

An engine is a folder here and one line in `registry`; one from outside is given to `registry.register_engine`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import sympy as sp

from symkern.engines.cost import Cost
from symkern.engines.problem import Problem
from symkern.exact import Ball
from symkern.exact.length_series import LengthSeries
from symkern.sectors.sector import Sector

#: Wraps a list of work to go through, to show how far it is.
Progress = Callable[[list[Any]], Iterable[Any]]


@dataclass(frozen=True)
class Solution:
    """All sectors that are not zero, with their degrees and functions, and E k(x, x), which the engine finds without them."""

    sectors: tuple[Sector, ...]
    mean_diagonal: sp.Expr | Ball | LengthSeries


@runtime_checkable
class Engine(Protocol):
    """One way to find spectra.

    * ``applies`` says whether it can solve a problem, whatever the size;
    * ``estimate`` what that takes. It is cheap, a small part of what it estimates, in seconds on an ordinary machine, so that engines can be
      compared, and says what is large instead of refusing it;
    * ``solve`` finds the spectrum. A sector's ``realisation`` knows the functions in which its block is written and their degrees.
    """

    @property
    def name(self) -> str:
        """What the engine is called."""

    def applies(self, problem: Problem) -> bool:
        """Whether it solves problems of this kind."""

    def estimate(self, problem: Problem) -> Cost:
        """What `solve` will take, for a problem to which the engine applies."""

    def solve(self, problem: Problem, progress: Progress = iter) -> Solution:
        """The spectrum of a problem to which the engine applies."""
