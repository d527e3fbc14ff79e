"""Measure what the project promises and print it beside the promise; status 1 where one is broken.

    python -m benchmarks [--repeat N] [--output FILE] [NAME ...]

A cold start is a new interpreter, imports included. Every figure is the best of its repetitions,
which is what the machine can do when nothing else disturbs it. Without a NAME learning curves, sensitivity, characters, representations and texts follow, beside
other programs, how the general engine grows with L and v, beside dense numpy, and laws in L of smooth kernels (the modules of this folder).
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TextIO

from benchmarks.promise import Promise, cold, inside


def import_overhead() -> float:
    """`import symkern` less `import sympy`, each the best of five, or chance would decide."""
    with_symkern = min(cold("-c", "import sympy, symkern") for _ in range(5))
    return with_symkern - min(cold("-c", "import sympy") for _ in range(5))


#: The slowest of twenty random pairs of partitions of 100 into twelve parts.
SLOWEST_CHARACTER = """
import random, time
from symkern.characters import character
random.seed(7)
def partition():
    cuts = sorted(random.sample(range(1, 100), 11))
    return sorted((b - a for a, b in zip([0, *cuts], [*cuts, 100])), reverse=True)
def seconds(lam, mu):
    start = time.perf_counter()
    character(lam, mu)
    return time.perf_counter() - start
print(max(seconds(partition(), partition()) for _ in range(20)))
"""


def slowest_character() -> float:
    done = subprocess.run(
        [sys.executable, "-c", SLOWEST_CHARACTER], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def leading_terms(layers: int, law: str) -> float:
    """All blocks of linear attention of some depth, and the leading terms of their eigenvalues."""
    return inside(
        "import symkern as sk\nfrom symkern.abc import L, v\nfrom symkern.bounds import graded_leading\n"
        f"kernel = sk.kernels.preset('linear-attention-{layers}').kernel",
        f"spec = kernel.spectrum(length=L, tokens=sk.kernels.{law})\n"
        "assert all(graded_leading(sector.block) is not None for sector in spec)",
    )


def hostile_file() -> float:
    """The lone checker on a block of 200 x 200 formulas, until it gives up."""
    checker = Path(__file__).parents[1] / "symkern" / "certificates" / "checker"
    block = [["(alpha + 1/3)^9"] * 200] * 200
    sector = {"position_irrep": [], "token_irrep": [], "dimension": "1", "block": block}
    ends = {"length": 1, "vocabulary": 1}
    claim = {
        "certificate": 1,
        "claim": "spectrum",
        "kernel": [
            ["embedding", {"token": "alpha", "position": "0", "constant": "0"}],
            ["mean_pool", {}],
        ],
        "law": {"kind": "uniform", "vocabulary": "v"},
        "length": "L",
        "range": {"spectrum_from": ends, "traces_from": ends},
        "trace": "alpha",
        "sectors": [sector],
    }
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(claim, file)
        file.flush()
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, str(checker), file.name], capture_output=True, check=False
        )
        assert done.returncode == 1
        return time.perf_counter() - start


PROMISES = [
    Promise("import symkern, beyond import sympy", 0.15, import_overhead),
    Promise("symkern derive, cold start", 3.0, lambda: cold("-m", "symkern", "derive")),
    Promise(
        "symkern derive --tokens distinct, cold start",
        3.0,
        lambda: cold("-m", "symkern", "derive", "--tokens", "distinct"),
    ),
    Promise(
        "character_table(20)",
        0.2,
        lambda: inside("from symkern.characters import character_table", "character_table(20)"),
    ),
    Promise("character at n = 100, a dozen parts each", 0.02, slowest_character),
    Promise(
        "one layer, L and v symbolic, cold start", 2.0, lambda: cold("-m", "symkern", "derive")
    ),
    Promise("two layers, v = 2, with leading terms", 1.0, lambda: leading_terms(2, "uniform(2)")),
    Promise(
        "two layers, v symbolic, with leading terms", 120.0, lambda: leading_terms(2, "uniform(v)")
    ),
    Promise("symkern verify", 60.0, lambda: cold("-m", "symkern", "verify")),
    Promise("the checker on a hostile file", 5.0, hostile_file),
    Promise(
        "three layers, v = 2, with leading terms", 15.0, lambda: leading_terms(3, "uniform(2)")
    ),
    Promise(
        "two layers, three unlike letters, L symbolic",
        15.0,
        lambda: leading_terms(2, "categorical(['1/2', '1/3', '1/6'])"),
    ),
    Promise(
        "three layers, two unlike letters, L symbolic",
        60.0,
        lambda: leading_terms(3, "categorical(['1/3', '2/3'])"),
    ),
]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="measure only promises whose name contains one")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--output", metavar="FILE", help="also write what is printed to FILE")
    options = parser.parse_args()
    if options.output is None:
        return measured(options)
    copy = io.StringIO()
    with contextlib.redirect_stdout(_Both(sys.stdout, copy)):
        broken = measured(options)
    Path(options.output).write_text(copy.getvalue(), encoding="utf-8")
    return broken


class _Both(io.TextIOBase):
    """What is printed goes to two places."""

    def __init__(self, *streams: TextIO) -> None:
        self.streams = streams

    def write(self, text: str) -> int:
        for stream in self.streams:
            stream.write(text)
        return len(text)

    def flush(self) -> None:
        for stream in self.streams:
            stream.flush()


def measured(options: argparse.Namespace) -> int:
    """Measure and print; 1 where a promise is broken."""
    broken = 0
    for promise in PROMISES:
        if options.names and not any(name in promise.name for name in options.names):
            continue
        best = min(promise.measure() for _ in range(options.repeat))
        verdict = "" if best <= promise.limit else "  OVER"
        broken += bool(verdict)
        print(
            f"{promise.name:45} {1000 * best:9.2f} ms   promised {1000 * promise.limit:g} ms{verdict}"
        )
    if not options.names:
        from benchmarks import (
            characters,
            general_engine,
            large_length,
            learning,
            representations,
            sensitivity,
            texts,
        )

        for part, arguments in (
            (learning, []),
            (sensitivity, []),
            (characters, []),
            (representations, []),
            (texts, []),
            (general_engine, ["--all"]),
            (large_length, []),
        ):
            print(flush=True)
            broken += bool(part.main(arguments))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
