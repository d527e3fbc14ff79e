"""What a kernel's samples cost in one sector: its laws, beside the trace bound, a share that is asked for, and a second kernel."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from typing import Any

import sympy as sp

from symkern.abc import L, sigma2
from symkern.bounds import samples_to_learn
from symkern.claims.scaling_law import ScalingLaw
from symkern.combinatorics import Partition
from symkern.derivations import derivation_of
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.exact.length_series import LengthSeries
from symkern.learning.comparison import compare
from symkern.learning.learnability import is_unseen
from symkern.learning.learnability import learnability as learned_share
from symkern.pages.law_page import LawPage
from symkern.spectra.sample_laws import chosen_sector, scaling_law
from symkern.spectra.spectrum import Spectrum
from symkern.spectra.trace_bounds import tightness, trace_law
from symkern.typeset import formula_text, irrep_text

Labels = tuple[Partition, Partition | None]


def sector_page(
    spectrum: Spectrum,
    mu: str,
    kappa: str | None = None,
    branch: int = 0,
    rival: Spectrum | None = None,
    *,
    learnability: sp.Expr,
    ridge: sp.Expr,
    n: sp.Expr | None = None,
    derivation: bool = False,
) -> tuple[LawPage, Labels | None]:
    """The page on a sector, and the sector's labels, None where the kernel is zero on these irreps."""
    if is_unseen(spectrum, mu, kappa):
        page = _unseen(spectrum, mu, kappa, n, rival)
        if derivation:
            page.derivation = derivation_of(learned_share(spectrum, mu, kappa, n=1))
        return page, None
    sector = chosen_sector(spectrum, mu, kappa)
    labels = (sector.position_irrep, sector.token_irrep)
    law = scaling_law(spectrum, *labels, branch)
    page = LawPage(f"{_sector_name(spectrum, labels)} by {spectrum.kernel}")
    page.rows.append(("dimension", sector.dimension))
    page.rows += _costs(law, learnability, ridge)
    page.rows += _against_trace_bound(spectrum, labels)
    if n is not None:
        at = learned_share(spectrum, *labels, n=n, ridge=ridge, branch=branch)
        unknown = at.formula is None and at.leading is None and at.value is None
        words = "a number for a ridge that is a number: --ridge"
        page.rows.append(("share learned", words if unknown else at))
    if rival is not None:
        page.rows += _race(spectrum, rival, labels)
    page.derivation = derivation_of(law) if derivation else None
    return page, labels


def _sector_name(spectrum: Spectrum, labels: Labels) -> str:
    name = irrep_text(labels[0], spectrum.positions)
    return name if labels[1] is None else f"{name} x {irrep_text(labels[1], spectrum.vocabulary)}"


def _costs(law: ScalingLaw, share: sp.Expr, ridge: sp.Expr) -> list[tuple[str, Any]]:
    """The law of half a function with its leading term, or the samples of another share and ridge."""
    if share == sp.Rational(1, 2) and ridge == sigma2:
        return [("samples", law)]
    samples_to_learn(sp.S.One, ridge, learnability=share)  # refuses what is no share and no ridge
    if law.value is not None and share.is_Rational:
        factor, unit = (ridge, sp.S.One) if ridge.is_Rational else (sp.S.One, ridge)
        factor *= share / (1 - share)
        value = law.value.scaled(Fraction(int(factor.p), int(factor.q)))
        return [("half of it", law), ("samples", replace(law, value=value, unit=unit, claim=None))]
    if law.formula is None:
        return [("half of it", law)]
    return [("half of it", law), ("samples", samples_to_learn(sigma2 / law.formula, ridge, learnability=share))]  # fmt: skip


def _against_trace_bound(spectrum: Spectrum, labels: Labels) -> list[tuple[str, Any]]:
    """The trace bound and how far below it the largest eigenvalue stays."""
    rows: list[tuple[str, Any]] = []
    with suppress(NoClosedForm):  # for a trace that is a number to a proven radius
        rows.append(("trace bound", trace_law(spectrum, *labels)))
    if isinstance(spectrum.trace(), LengthSeries):
        return rows  # the bound as L grows has no formula either
    for t in tightness(spectrum):
        if (t.sector.position_irrep, t.sector.token_irrep) == labels:
            if t.gap is None:  # at a given length
                rows.append(("tightness", t.law()))
                continue
            words = "tight up to a constant"
            if not t.is_tight:
                words = f"loose by the factor {formula_text(L**t.gap)}, up to a constant"
            rows.append(("which is", words))
            if t.ratio is not None:
                rows.append(("exactly", t.law()))
    return rows


def _unseen(
    spectrum: Spectrum, mu: str, kappa: str | None, n: sp.Expr | None, rival: Spectrum | None
) -> LawPage:
    """What there is to say of irreps on which the kernel is zero."""
    labels = Partition.read(mu, "mu"), None if kappa is None else Partition.read(kappa, "kappa")
    learned = rival is not None and not is_unseen(rival, mu, kappa)
    if rival is not None and learned:
        sector = chosen_sector(rival, mu, kappa)
        labels = sector.position_irrep, sector.token_irrep
    page = LawPage(f"{_sector_name(spectrum, labels)} by {spectrum.kernel}")
    page.rows.append(("samples", "never: the kernel is zero there"))
    if n is not None:
        law = learned_share(spectrum, mu, kappa, n=n)
        page.rows.append(("share learned", law))
    if rival is not None and learned:
        page.rows += _race(spectrum, rival, labels)
    elif rival is not None:
        page.rows += [
            ("against", str(rival.kernel)),
            ("its samples", "never"),
            ("fewer", "neither"),
        ]
    return page


def _race(first: Spectrum, second: Spectrum, labels: Labels) -> list[tuple[str, Any]]:
    if first.group != second.group:
        raise InvalidArgument(
            "against",
            f"must have the group of the first kernel, {first.group}, for the laws of one sector",
            f"it has {second.group}; symkern derive --against compares them under S_{{L-1}}",
        )
    rows: list[tuple[str, Any]] = [("against", str(second.kernel))]
    for row in compare(first, second):
        if (row.position_irrep, row.token_irrep) == labels:
            unknown = "never" if row.is_never[1] else "an order is known alone"
            rows.append(("its samples", row.laws[1] or unknown))
            words = {
                "first": f"{first.kernel}",
                "second": f"{second.kernel}",
                "equal": "neither",
                "same growth": "it depends on the symbols",
            }.get(row.verdict, f"it is {row.verdict}")
            start = "" if row.crossing is None else f", from L = {row.crossing} on"
            rows.append(("fewer", words + start))
    return rows
