"""Figures of targets: what is drawn where, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

import symkern as sk
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch
from symkern.kernels import uniform
from symkern.plot.style import save
from symkern.targets import bigram, energy, parity, token_at

pytest.importorskip("matplotlib").use("Agg")


def test_a_square_for_each_sector_its_area_the_share(tmp_path: Path) -> None:
    found = energy(bigram(0, 1), length=6, tokens=uniform(3))
    ax = sk.plot.target_energy(found)
    squares = {
        (round(p.get_x() + p.get_width() / 2), round(p.get_y() + p.get_height() / 2)): p.get_width() ** 2
        for p in ax.patches
    }  # fmt: skip
    irreps = list(found.by_irrep())
    full = 0.94**2
    for (mu, d), value in found.items():
        assert squares[d, irreps.index(mu)] == pytest.approx(full * float(value / found.total))
    assert len(squares) == len(dict(found.items()))
    assert [t.get_text() for t in ax.get_yticklabels()][1] == "$(5,1)$, dim 5"
    path = tmp_path / "energy.png"
    save(ax, path)
    assert path.stat().st_size > 1000


def test_targets_side_by_side() -> None:
    targets = {"PARITY": parity, "token": token_at(1)}
    energies = {name: energy(f, length=4, tokens=uniform(2)) for name, f in targets.items()}
    ax = sk.plot.target_comparison(energies)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["PARITY", "token"]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["0", "1", "4", "1"]
    assert {"$(4)$", "$(3,1)$"} <= {t.get_text() for t in ax.texts}
    assert sk.plot.target_comparison(energies, ax) is ax


def test_refused() -> None:
    nothing = energy(lambda x: 0, length=2, tokens=uniform(2))
    with pytest.raises(InvalidArgument, match="energy: must not vanish"):
        sk.plot.target_energy(nothing)
    with pytest.raises(InvalidType, match="energy: must be the energy of a target"):
        sk.plot.target_energy({})
    with pytest.raises(InvalidType, match="energies"):
        sk.plot.target_comparison({})
    with pytest.raises(SizeMismatch, match="the lengths are"):
        sk.plot.target_comparison(
            {str(n): energy(parity, length=n, tokens=uniform(2)) for n in (2, 3)}
        )
