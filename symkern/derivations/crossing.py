r"""The derivation of a crossing length: from L = m on one kernel's largest eigenvalue in a sector exceeds the other's.

Checked by other code than `symkern.learning.crossing`: roots of the characteristic factors at single lengths in floating point of 60 digits, and a count of real roots
of the resultants by Sturm's theorem.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import product
from typing import Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import x
from symkern.claims import Derivation, Step, reference
from symkern.derivations.sector_steps import DISPLAY_WIDTH
from symkern.errors import NoClosedForm
from symkern.exact import Branch
from symkern.learning.compared_sectors import ComparedSector
from symkern.typeset import formula_latex
from symkern.typeset.tex import formula_display

_DIGITS = 60


def crossing_derivation(row: ComparedSector) -> Derivation:
    """The steps to ``row.crossing``; raises `NoClosedForm` where there is none, or where symbols besides L are left."""
    start = row.crossing
    first, second = row.branches
    if start is None or first is None or second is None:
        raise NoClosedForm("derivation: this row has no crossing length")
    sides = [row.blocks[0] or (first,), row.blocks[1] or (second,)]
    everything = [*sides[0], *sides[1]]
    if any(c.free_symbols() - {CONTEXT_LENGTH} for t in everything for c in t.minimal_polynomial):
        raise NoClosedForm(
            "derivation: the steps to a crossing length are written where L is the only symbol"
        )
    larger, smaller = sides if row.verdict == "first" else sides[::-1]
    names = (r"\lambda_A", r"\lambda_B") if row.verdict == "first" else (r"\lambda_B", r"\lambda_A")
    meetings = _meetings(larger, smaller)
    last = max([start, *(_beyond(p) for p in meetings)])

    near = range(max(row.least, start - 1), start + 6)
    lengths = sorted({*near, last, last + 1, 10 * last, 1000 * last})
    steps = (
        Step(
            "the eigenvalues",
            r"\begin{aligned} "
            + r" \\ ".join(
                rf"{name} &: \quad {_shown(max_of)}"
                for name, max_of in zip(names, (larger, smaller), strict=True)
            )
            + r" \end{aligned}",
            "The largest root of each, as a function of $L$, is the eigenvalue that is learned first.",
        ),
        Step(
            "where they can meet",
            rf"\operatorname{{Res}}_x(p_A, p_B) \ne 0 \text{{ for }} L \geq {last}",
            "Where two roots of $p_A$ and $p_B$ meet their resultant vanishes, and where a root may jump a leading coefficient does. "
            "The real roots of these polynomials in $L$ are counted by Sturm's theorem.",
            reference("basu2006", "chapters 2 and 4"),
            sides=partial(_later, tuple(meetings), last),
        ),
        Step(
            "who is ahead",
            rf"{names[0]} > {names[1]} \text{{ for all }} L \geq {start}",
            "Whether it is so, 1 or 0, at single lengths by the roots in 60 digits; at the length just below, if the sectors are whole there, it is not so.",
            sides=partial(_ahead, tuple(larger), tuple(smaller), row.least, start),
            sizes={"L": lengths},
        ),
    )
    return Derivation(
        "From which length on a kernel needs fewer samples",
        steps,
        rf"{names[0]} > {names[1]} \quad (L \geq {start})",
    )


def _shown(branches: Sequence[Branch]) -> str:
    if len(branches) == 1 and isinstance(branches[0].value, sp.Expr):
        return formula_latex(branches[0].value)
    factors = dict.fromkeys(branch.polynomial() for branch in branches)
    return ", ".join(
        formula_display(p, left="0", variable=x, width=DISPLAY_WIDTH - 8, environment="aligned[t]")
        for p in factors
    )


def _value(branch: Branch, length: int) -> Any:
    """The root at one length; roots of one polynomial count from the largest down."""
    if isinstance(branch.value, sp.Expr):
        return sp.re(branch.value.subs(CONTEXT_LENGTH, length).n(_DIGITS))
    polynomial = sp.Poly(branch.polynomial().subs(CONTEXT_LENGTH, length), x)
    roots = sorted((sp.re(r) for r in polynomial.nroots(n=_DIGITS, maxsteps=500)), reverse=True)
    return roots[branch.index]


def _later(meetings: Sequence[sp.Poly], last: int) -> tuple[int, int]:
    """Real roots from ``last`` on; none."""
    return sum(int(p.count_roots(last, None)) for p in meetings), 0


def _ahead(
    larger: Sequence[Branch], smaller: Sequence[Branch], least: int, start: int, L: int
) -> tuple[int, int] | None:
    """Whether the first is ahead at L; whether it is to be."""
    if max(least, start - 1) > L:
        return None  # the order may change below
    first, second = (max(_value(branch, L) for branch in side) for side in (larger, smaller))
    return int(bool(first > second)), int(start <= L)


def _meetings(larger: Sequence[Branch], smaller: Sequence[Branch]) -> list[sp.Poly]:
    """The polynomials in L at whose roots the order may change, constants left out."""
    found: dict[sp.Poly, None] = {}
    for a, b in product(larger, smaller):
        p, q = (sp.Poly(t.polynomial(), x) for t in (a, b))
        meeting = sp.discriminant(p) if p == q else sp.resultant(p, q)
        for e in (meeting, p.LC(), q.LC()):
            polynomial = sp.Poly(e, CONTEXT_LENGTH)
            if polynomial.degree() > 0:
                found[polynomial.sqf_part()] = None
    return list(found)


def _beyond(polynomial: sp.Poly) -> int:
    """An integer beyond all real roots: Cauchy's bound 1 + max |c_i/c_n| is far too wide, so that it is halved while no root appears."""
    coefficients = [abs(c / polynomial.LC()) for c in polynomial.all_coeffs()[1:]]
    high = 2 + int(sp.ceiling(max(coefficients, default=0)))
    low = 0
    while high - low > 1:
        middle = (low + high) // 2
        if polynomial.count_roots(middle, None):
            low = middle
        else:
            high = middle
    return high
