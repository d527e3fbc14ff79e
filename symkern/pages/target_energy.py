"""A target's energy as SVG: a row for each irrep, a column for each degree, the area of a square the share."""

from __future__ import annotations

from symkern.targets.target_energy import TargetEnergy
from symkern.typeset.labels import irrep_text
from symkern.typeset.svg import svg_opening


def svg(energy: TargetEnergy) -> str:
    """A picture: one row for each irrep, one column for each degree, a square's area the share.

    `symkern.plot.target_energy` draws the same with matplotlib.

    >>> from symkern.kernels import uniform
    >>> from symkern.targets import energy, parity
    >>> energy(parity, length=3, tokens=uniform(2)).svg().count("<rect")
    1
    """
    irreps = list(energy.by_irrep())
    last = max(energy.by_degree(), default=0)
    cell, left, top = 46.0, 110.0, 34.0
    width, height = left + cell * (last + 1) + 10, top + cell * len(irreps) + 10
    total = energy.total
    lines = [
        svg_opening(width, height),
        '<g fill="currentColor" font-family="Latin Modern Math, STIX Two Text, Georgia, serif" '
        'font-size="12">',
        f'<text x="{left - 10:g}" y="{top - 12:g}" text-anchor="end">degree</text>',
    ]
    for d in range(last + 1):
        x = left + cell * (d + 0.5)
        lines.append(f'<text x="{x:g}" y="{top - 12:g}" text-anchor="middle">{d}</text>')
    for k, mu in enumerate(irreps):
        y = top + cell * (k + 0.5) + 4
        name = irrep_text(mu, energy.length)
        lines.append(f'<text x="{left - 10:g}" y="{y:g}" text-anchor="end">{name}</text>')
    lines += ["</g>", '<g stroke="currentColor" fill="currentColor">']
    for (mu, d), e in energy.items():
        share = float(e / total)
        side = 0.9 * cell * share**0.5
        x = left + cell * (d + 0.5) - side / 2
        y = top + cell * (irreps.index(mu) + 0.5) - side / 2
        lines.append(
            f'<rect x="{x:.2f}" y="{y:.2f}" width="{side:.2f}" height="{side:.2f}" '
            f'fill-opacity="0.55" stroke-width="0.8"><title>{100 * share:.4g} %</title></rect>'
        )
    return "\n".join([*lines, "</g>", "</svg>"])
