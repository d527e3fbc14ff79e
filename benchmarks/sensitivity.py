"""Sensitivity of functions of 20 bits, in every form in which a function may be given, and of draws from kernels.

    python -m benchmarks.sensitivity [--repeat N]

A line is measured in a new interpreter, imports not counted, the best of the repetitions; status 1 where a promise is broken. A Python
function on tuples is called 2^20 times, which is its own price: what it costs beside one that takes columns is what the lines show.
"""

from __future__ import annotations

import argparse
import sys

from benchmarks.promise import Promise, inside

_IMPORTS = "import numpy as np\nimport symkern.bounds.sensitivity as S\n"
_TABLE = _IMPORTS + "f = np.random.default_rng(1).choice([-1, 1], size=2**20)\n"


def measured(setup: str, call: str) -> Promise:
    """A promise of two seconds."""
    return Promise(call, 2.0, lambda: inside(setup, call))


PROMISES = [
    measured(_TABLE, "S.describe(f, 20)"),
    measured(_TABLE + "f = f.tolist()\n", "S.describe(f, 20)  # list"),
    measured(_TABLE, "S.average(f, 20)"),
    measured(_TABLE, "S.weights(f, 20)"),
    measured(_TABLE, "S.profile(f, 20)"),
    measured(_IMPORTS, "S.average(lambda x: 1 if sum(x) > 0 else -1, 20)"),
    measured(_IMPORTS, "S.average(lambda x: np.sign(x.sum(0) - 1), 20, vectorized=True)"),
    measured(_IMPORTS, "S.describe('majority*x1 + [ones > 10]/3', 20)"),
    measured(_IMPORTS, "S.describe('majority', 100)"),
    Promise(
        "draws of linear attention, L and v symbolic, both routes",
        2.0,
        lambda: inside(
            "import symkern as sk\nspec = sk.derive('linear-attention')",
            "assert spec.average_sensitivity().check()",
        ),
    ),
    Promise(
        "draws of three layers, v = 2, L symbolic",
        10.0,
        lambda: inside(
            "import symkern as sk\n"
            "spec = sk.derive('linear-attention-3', tokens=sk.kernels.uniform(2))",
            "spec.average_sensitivity().ratio",
        ),
    ),
]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sensitivity", description=__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args(arguments)
    broken = 0
    for promise in PROMISES:
        best = min(promise.measure() for _ in range(options.repeat))
        verdict = "" if best <= promise.limit else "  OVER"
        broken += bool(verdict)
        print(
            f"{promise.name:66} {best:7.3f} s   promised {promise.limit:g} s{verdict}", flush=True
        )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
