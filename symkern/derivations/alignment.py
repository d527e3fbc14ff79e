"""The derivation of an alignment: Schur's lemma on the orbit of a function, checked by moving it with every permutation."""

from __future__ import annotations

from functools import partial
from itertools import permutations, product
from typing import Any

import numpy as np

from symkern.bounds.alignment import alignment, alignment_by_irrep, cube_values
from symkern.claims import Derivation, Standing, Step, reference
from symkern.combinatorics import Partition
from symkern.derivations.evidence import irrep_tableaux
from symkern.exact import AlgebraicNumber
from symkern.limits import current
from symkern.reading.integers import read_integer
from symkern.typeset import formula_latex, irrep_latex


def alignment_derivation(f: Any, length: int) -> Derivation:
    """The steps to C(f); the whole orbit is averaged up to six positions, above that the steps carry no check.

    Args:
        f: as in `alignment`.
        length: the number of signs, L.

    >>> bool(alignment_derivation(lambda x: x[0] - x[1], 4).check())
    True
    """
    size = read_integer(length, "length", minimum=1)
    values = cube_values(f, size)
    found = alignment_by_irrep(values, size)
    best = alignment(values, size)
    orbit = partial(_orbit, tuple(values.to_float().tolist()), float(best), size)
    short = size <= current().evidence_orbit
    listed = r",\quad ".join(rf"{irrep_latex(mu, size)}: {_latex(e)}" for mu, e in found.items())

    steps = (
        Step(
            "the definition",
            r"C(f) = \max_{\mathbb{E} h^2 = 1} \mathbb{E}_g \langle g f, h \rangle^2 / \mathbb{E} f^2 = \lambda_{\max}\bigl(\mathbb{E}_g (gf)(gf)^{\mathsf T}\bigr)/\mathbb{E} f^2",
            "The largest share of one function that the orbit of $f$ always holds, in the mean over the group.",
            reference("abbe2022"),
        ),
        Step(
            "Schur's lemma",
            r"\mathbb{E}_g (gf)(gf)^{\mathsf T} = \bigoplus_R \tfrac{1}{\dim R}\, \mathrm{id}_R \otimes \mathrm{Gram}_R(f), \qquad C(f) = \max_R \frac{\lambda_{\max}(\mathrm{Gram}_R)}{\dim R\; \mathbb{E} f^2}",
            "The mean over the group commutes with it. Dimensions are checked by counting standard tableaux.",
            reference("abbe2022"),
            sides=partial(_dimensions, tuple(found), size) if short else None,
        ),
        Step(
            "irrep by irrep",
            listed,
            "Gram matrices of the parts of $f$ between layers of equally many signs, solved from sums over supersets. Checked by averaging the whole orbit, in floating point.",
            sides=orbit if short else None,
            tolerance=1e-9 if short else 0.0,
        ),
    )
    return Derivation(
        f"Alignment with the permutations of {size} positions", steps, f"C(f) = {_latex(best)}", Standing.PROVED
    )  # fmt: skip


def _latex(value: Any) -> str:
    if isinstance(value, AlgebraicNumber):
        return rf"{float(value):.10g}\ldots"
    return formula_latex(value)


def _dimensions(irreps: tuple[Partition, ...], size: int) -> tuple[list[int], list[int]]:
    """Standard tableaux counted one by one; the hook length formula."""
    shapes = [mu.padded(size) for mu in irreps]
    return [irrep_tableaux(mu, size) for mu in irreps], [lam.dimension for lam in shapes]


def _orbit(values: tuple[float, ...], best: float, size: int) -> tuple[float, float]:
    """The largest eigenvalue of the mean of (g f)(g f)^T over all permutations g, over |f|^2; the alignment."""
    f = np.array(values)
    cube = list(product((1, -1), repeat=size))
    index = {x: i for i, x in enumerate(cube)}
    total = np.zeros((len(cube), len(cube)))
    group = list(permutations(range(size)))
    for g in group:
        moved = f[[index[tuple(x[a] for a in g)] for x in cube]]
        total += np.outer(moved, moved)
    return float(np.linalg.eigvalsh(total / len(group) / (f @ f))[-1]), best
