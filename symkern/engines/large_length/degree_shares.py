r"""Of which degree the eigenfunctions are whose eigenvalues have series: the share of each degree as L grows.

With B the block of a jet, P_d the projection on the functions of degree d and Pi that on an eigenfunction, tr(P_d Pi) is the share of degree d. What
the jet leaves out moves B by less, by some power of L, than eigenvalues of different certain terms lie apart, and so Pi by nothing in the limit. A
position that is read counts for one more where the function depends on its letter: the mean over that letter, sum_t p_t g_t, is the part that does not.

Under a mixture a function is one on each component's sequences, as the components tell themselves apart by the shares of letters but for e^(-cL); degree d is what has
degree d on each of them under its own law.

Floating point: at L = 10^8, of mixtures, whose eigenvalues of one order are far apart more often, at its cube, with the numbers for symbols by which series are ordered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import sympy as sp

from symkern.combinatorics import Partition
from symkern.engines.large_length.certified_block import Entry
from symkern.engines.large_length.jet_block import SectorBlock, SectorSetting
from symkern.engines.large_length.jet_source import JetSource
from symkern.engines.large_length.problem_laws import laws_of
from symkern.engines.problem import Problem
from symkern.errors import NoClosedForm
from symkern.exact import Ball
from symkern.exact.asymptotics import sample_point
from symkern.exact.many_digits import many_digits
from symkern.kernels.pipeline import Kernel
from symkern.limits import check_time, current

#: Digits of the eigenvectors for each power of 1/L in the block.
_DIGITS = 30


#: The irreps of a sector and the powers of L of its eigenvalues, the largest first.
#: What takes the generic values of hyperparameters, which are small, to about 1.
_ABOUT_ONE = 29

Labels = tuple[Partition, Partition | None]
Shares = dict[int, float]


def degree_shares(
    problem: Problem, sectors: Mapping[Labels, Sequence[sp.Rational]]
) -> dict[Labels, list[Shares]]:
    """The shares {degree: share} of the eigenfunctions of each sector, whose eigenvalues are of these orders in L, the largest first.

    It is computed anew from the kernel. Raises `NoClosedForm` for laws other than independent tokens and mixtures of such, under which degrees are not defined.
    """
    kernel = problem.kernel
    assert isinstance(kernel, Kernel)
    if not problem.law.symbolic_components():
        raise NoClosedForm(
            f"tokens: functions have degrees where tokens are independent, or are so in each component of a mixture, not under {problem.law!r}"
        )
    chances = sample_point(problem.law.parameters)
    # Hyperparameters of about 1, lest a small one bring a length at which leading orders do not show yet.
    point = {
        s: chances.get(s, q * _ABOUT_ONE if q < 1 else q)
        for s, q in sample_point(kernel.parameters).items()
    }
    problem = replace(problem, law=problem.law.at(**{str(s): q for s, q in chances.items()}))
    source = JetSource(kernel.substitute(point), laws_of(problem))
    return {
        labels: _shares(source, *labels, exponents) if exponents else []
        for labels, exponents in sectors.items()
    }


def _shares(
    source: JetSource, mu: Partition, kappa: Partition | None, exponents: Sequence[sp.Rational]
) -> list[Shares]:
    check_time()
    known = max(Fraction(-int(e.p), int(e.q)) for e in exponents)
    order = int(2 * known) - mu.size
    setting = SectorSetting(source.laws, mu, kappa, order - mu.size, source.starred)
    mp = many_digits(_DIGITS * (1 + int(known)))
    length = mp.mpf(current().far_length) ** (1 if len(source.laws) == 1 else 3)
    with source.digits():
        entries = SectorBlock(setting, source.jets(order), known).entries()
        block = mp.matrix(len(entries))
        for j, column in enumerate(entries):
            for i, entry in enumerate(column):
                block[i, j] = _at_a_large_length(mp, source, entry, length)
    values, left, right = mp.eig(block, left=True, right=True)
    ranked = sorted(range(len(values)), key=lambda i: -abs(values[i]))
    parts = _projections(setting)
    found = []
    for i in ranked[: len(exponents)]:
        traces = {
            d: mp.re(mp.fsum(left[i, a] * _number(mp, c) * right[b, i] for (a, b), c in p.items()))
            for d, p in parts.items()
        }
        total = mp.fsum(traces.values())
        found.append({d: float(t / total) for d, t in sorted(traces.items())})
    return found


def _at_a_large_length(mp: Any, source: JetSource, entry: Entry, length: Any) -> Any:
    terms = (
        _number(mp, source.shown(source.reduced(c))[0]) * length ** -_number(mp, r)
        for r, c in entry.items()
    )
    return mp.fsum(terms)


def _projections(setting: SectorSetting) -> dict[int, dict[tuple[int, int], Any]]:
    """The projections on the functions of each degree, as matrices in the basis: {(row, column): entry}."""
    basis, weights = setting.basis, setting.weights
    parts: dict[int, dict[tuple[int, int], Fraction]] = {}
    for j, weight in enumerate(weights):
        whole = parts.setdefault(weight, {})
        if not setting.starred:
            whole[j, j] = Fraction(1)
            continue
        more = parts.setdefault(weight + 1, {})
        more[j, j] = more.get((j, j), Fraction(0)) + 1
        for i, c in _mean(setting, basis[j][0]).items():
            whole[i, j] = whole.get((i, j), Fraction(0)) + c
            more[i, j] = more.get((i, j), Fraction(0)) - c
    return parts


def _mean(setting: SectorSetting, vector: Any) -> dict[int, Fraction]:
    """The mean over the letter that is read, in the basis."""
    total: dict[Any, Fraction] = {}
    for (number, star, state), c in vector.items():
        for t in range(setting.letters):
            place = number, t, state
            total[place] = total.get(place, Fraction(0)) + c * setting.laws[number][1][star]
    pivots = ((i, total.get(pivot)) for i, (_, pivot) in enumerate(setting.basis))
    return {i: c for i, c in pivots if c}


def _number(mp: Any, value: Any) -> Any:
    """A number in many digits."""
    value = value.midpoint if isinstance(value, Ball) else value
    if isinstance(value, Fraction):
        return mp.mpf(value.numerator) / value.denominator
    return mp.mpf(str(sp.N(value, mp.dps)))
