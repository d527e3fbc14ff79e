"""The symbols of token selection: sizes T, d, q, m, T1, the two numbers a and c of an attention head, the time t.

Sizes are positive integers (the width m may be zero), a and c are real, t is positive. `namespace` maps
names to symbols, for readers of formulas. The length of the test sequences is called T1 and printed as T_1.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import sympy as sp

T = sp.Symbol("T", integer=True, positive=True)
T1 = sp.Symbol("T1", integer=True, positive=True)
d = sp.Symbol("d", integer=True, positive=True)
q = sp.Symbol("q", integer=True, positive=True)
m = sp.Symbol("m", integer=True, nonnegative=True)
a = sp.Symbol("a", real=True)
c = sp.Symbol("c", real=True)
t = sp.Symbol("t", positive=True)

#: Name -> symbol.
namespace: Mapping[str, sp.Symbol] = MappingProxyType(
    {symbol.name: symbol for symbol in (T, T1, d, q, m, a, c, t)}
)
