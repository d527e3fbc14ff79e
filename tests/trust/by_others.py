"""symkern's conventions beside books and other programs: GAP (``gap`` on the path) and lrcalc (``pip install lrcalc``), where they are installed."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.util import find_spec
from itertools import product
from typing import Any

import numpy as np

from tests.oracles import published, symmetric_group, young
from tests.trust.by_definition import Compared, entries, numbers
from tests.trust.work import ROOT


def tables_of_books() -> Compared:
    """Fulton and Harris's characters of S_3 to S_5, Macdonald's Kostka numbers, Young's orthogonal form."""
    import symkern as sk

    for lam, values in published.CHARACTERS.items():
        for mu, value in zip(published.CLASSES[sum(lam)], values, strict=True):
            yield (lam, mu), sk.character(lam, mu), value
    for n, rows in published.KOSTKA.items():
        mine = sk.characters.kostka_matrix(n).values
        for (i, j), value in np.ndenumerate(np.array(rows)):
            yield (n, i, j), int(mine[i, j]), int(value)
    for g, matrix in zip(((1, 0, 2), (0, 2, 1)), published.ORTHOGONAL, strict=True):
        mine = numbers(sk.representations.orthogonal((2, 1))(g))
        yield from entries(g, mine, np.array(matrix))


def gap() -> Compared:
    """GAP's products, images of lists, character tables, class sizes and squares of classes up to S_9."""
    import symkern as sk
    from symkern.combinatorics import act, multiply

    command = ["gap", "-q", "-A", "--nointeract", "tests/trust/conventions.g"]
    done = subprocess.run(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
    )
    said = json.loads(done.stdout)
    for first, second, both in said["products"]:
        g, h, gh = (tuple(i - 1 for i in images) for images in (first, second, both))
        yield (g, h), multiply(g, h), gh
    for images, found in said["images"]:
        g = tuple(i - 1 for i in images)
        yield (g, "list"), act(g, (10, 20, 30, 40)), tuple(found)
    for table in said["tables"]:
        classes = [tuple(mu) for mu in table["classes"]]
        for mu, size, square in zip(classes, table["sizes"], table["squares"], strict=True):
            yield mu, sk.Partition(mu).class_size, size
            yield (mu, "square"), tuple(sk.characters.power_type(mu, 2)), classes[square - 1]
        for lam, row in zip(table["irreps"], table["values"], strict=True):
            for mu, value in zip(classes, row, strict=True):
                yield (tuple(lam), mu), sk.character(tuple(lam), mu), value


def lrcalc() -> Compared:
    """lrcalc's Littlewood-Richardson coefficients, products of up to eleven cells and skew Schur functions of eight."""
    import lrcalc as program

    import symkern as sk

    def plain(found: Any) -> dict[young.Shape, int]:
        return {tuple(nu): int(c) for nu, c in found.items() if c}

    small = [lam for n in range(1, 7) for lam in symmetric_group.shapes(n)]
    for lam, mu in product(small, repeat=2):
        if sum(lam) + sum(mu) > 11:
            continue
        mine, other = sk.littlewood_richardson(lam, mu), program.mult(list(lam), list(mu))
        yield (lam, mu), plain(mine), plain(other)
    for lam in symmetric_group.shapes(8):
        for mu in young.within(lam):
            other = program.skew(list(lam), list(mu))
            yield (lam, mu, "skew"), plain(sk.characters.skew_schur(lam, mu)), plain(other)
    for nu in symmetric_group.shapes(6):
        for lam, mu in product(symmetric_group.shapes(3), repeat=2):
            mine = sk.characters.littlewood_richardson_coefficient(nu, lam, mu)
            yield (lam, mu, nu), mine, program.lrcoef(list(nu), list(lam), list(mu))


CHECKS = (tables_of_books, gap, lrcalc)

#: Whether the program of that name is installed.
INSTALLED = {
    "gap": lambda: shutil.which("gap") is not None,
    "lrcalc": lambda: find_spec("lrcalc") is not None,
}
