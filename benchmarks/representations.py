"""Representations: what the project promises about matrices, projectors and components, measured.

    python -m benchmarks.representations [--repeat N]

Each figure is taken in a new interpreter, so that nothing is cached, imports not counted; the best of the repetitions.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from benchmarks.promise import Promise, inside

_SETUP = """
import random, scipy.sparse.csgraph
from symkern.kernels import uniform
from symkern.targets import energy
from symkern.representations import *
random.seed(3)
def shuffled(n):
    g = list(range(n)); random.shuffle(g); return g
g, h = shuffled(10), shuffled(12)
vector = [random.randint(-9, 9) for _ in range(2673)]
f = lambda x: int(x.count(1) > 2) * x[3] - x[0]
"""


def promise(name: str, limit: float, statement: str) -> Promise:
    return Promise(name, limit, lambda: inside(_SETUP, statement))


PROMISES = [
    promise("all projectors of words(6, 3)", 2, "words(6, 3).projectors()"),
    promise("all projectors of subsets(20, 3)", 2, "subsets(20, 3).projectors()"),
    promise("components on words(8, 3)", 3, "words(8, 3).components(f)"),
    promise("components on words(16, 2)", 10, "words(16, 2).components(f)"),
    promise("components on words(20, 2)", 10, "words(20, 2).components(f)"),
    promise("components on subsets(20, 10)", 10, "subsets(20, 10).components(lambda s: int(0 in s and 3 not in s))"),
    promise("energy of a target, length 16, two letters", 3, "energy(f, length=16, tokens=uniform(2))"),
    promise("energy of a target, length 20, two letters", 10, "energy(f, length=20, tokens=uniform(2))"),
    promise("energy of a target, length 8, three letters", 3, "energy(f, length=8, tokens=uniform(3))"),
    promise("seminormal (5,3,2), random permutation", 1, "seminormal((5, 3, 2))(g)"),
    promise("seminormal (6,4,2), adjacent", 0.1, "seminormal((6, 4, 2)).adjacent(5)"),
    promise("seminormal (6,4,2), random times vector", 0.2, "seminormal((6, 4, 2)).apply(h, vector)"),
    promise("exact Fourier transform on S_8", 5, "fourier_transform(8, range(40320))"),
    promise("and back", 5, "fourier_transform(8, range(40320)).inverse()"),
]  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.representations", description=__doc__
    )
    parser.add_argument("--repeat", type=int, default=3)
    repeat = parser.parse_args(arguments).repeat
    broken = 0
    for each in PROMISES:
        best = min(each.measure() for _ in range(repeat))
        verdict = "" if best <= each.limit else "  OVER"
        broken += bool(verdict)
        print(f"{each.name:45} {1000 * best:9.2f} ms   promised {1000 * each.limit:g} ms{verdict}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
