"""Floating point of many digits: mpmath in a context that nobody else changes.

``mpmath.mp`` has one precision for the whole process, SymPy sets it while it evaluates, and ``workdps`` puts back what it found: two threads would lose each
other's digits. A context made here belongs to whoever asked for it; its numbers go into another context's by ``mpf``.
"""

from __future__ import annotations

from typing import Any


def many_digits(count: int) -> Any:
    """A new context of mpmath with ``count`` decimal digits: its ``mpf``, ``matrix``, ``eig``, ``polyroots``.

    >>> mp = many_digits(30)
    >>> print(mp.mpf(1) / 3)
    0.333333333333333333333333333333
    """
    from mpmath import MPContext

    context = MPContext()
    context.dps = count
    return context
