"""Eigenlearning, alignment, derivations: what the project promises, and kappa beside SciPy's brentq, one n at a time.

    python -m benchmarks.learning [--repeat N]

Promises run in a new interpreter each, imports not counted, the best of the repetitions. SciPy gets the same equation as a numpy function and the
same proven bracket, in log kappa; the answers are compared before a time is printed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.promise import Promise, inside
from benchmarks.side_by_side import Line, report
from symkern.bounds import eigenlearning

_SETUP = """
import numpy as np
from symkern.bounds import alignment, eigenlearning
import symkern as sk
rng = np.random.default_rng(0)
eigenvalues, counts = 10.0 ** rng.uniform(-12, 0, 1000), rng.integers(1, 10**6, 1000)
n = np.logspace(0, 9, 200)
values = rng.integers(-5, 6, 2**16).tolist()
spec = sk.derive("linear-attention")
"""

#: A regression of the size of an experiment; the spectrum is not counted.
_MEASURED = """
from symkern.kernels import uniform
import symkern as sk
linear = sk.derive("linear-attention", 16, uniform(2), alpha=1, beta=1)
linear = linear.learning_curve("s1 - s2", n=[125, 250, 500, 1000, 2000, 4000], ridge="1/10")
block = sk.derive("softmax-block", 8, uniform(2), alpha=1, beta=1, w=1, b=0)
block = block.learning_curve("x1*x2", n=[60, 125, 250, 500, 1000], ridge="1/10")
"""


def promise(name: str, limit: float, statement: str) -> Promise:
    return Promise(name, limit, lambda: inside(_SETUP, statement))


PROMISES = [
    promise("curve, 200 n x 1,000 modes", 0.5, "eigenlearning(eigenvalues, counts, n=n, ridge=0.01).test_error(np.ones(1000), 0.1)"),
    promise("the same without ridge", 0.5, "eigenlearning(eigenvalues, counts, n=n).test_error(np.ones(1000), 0.1)"),
    promise("alignment of a random function, length 16", 2, "alignment(values, 16)"),
    promise("the derivation of one law, checked", 10, "assert spec.derivation([1]).check()"),
    promise("the map of exponents of linear attention", 5, "spec.exponent_map()"),
    Promise("linear attention at L = 16, n up to 4,000, 20 draws", 120, lambda: inside(_MEASURED, "linear.measured(draws=20)")),
    Promise("a softmax block at L = 8, n up to 1,000, 20 draws", 120, lambda: inside(_MEASURED, "block.measured(draws=20)")),
]  # fmt: skip


def problem(modes: int, points: int) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(1)
    eigenvalues = 10.0 ** rng.uniform(-12, 0, modes)
    counts = rng.integers(1, 10**6, modes)
    return eigenvalues, counts, np.logspace(0, 9, points)


def by_brentq(eigenvalues: Any, counts: Any, n: Any, ridge: float) -> Any:
    """kappa by one scalar root search for each n."""
    from scipy.optimize import brentq

    top = np.log((eigenvalues * counts).sum() + ridge)
    found = []
    for size in n:

        def balance(t: float, size: float = size) -> float:
            kappa = np.exp(t)
            return float(
                (counts * eigenvalues / (eigenvalues + kappa)).sum() + ridge / kappa - size
            )

        found.append(np.exp(brentq(balance, np.log(ridge / size) - 1e-9, top - np.log(size) + 1e-9, xtol=1e-14)))  # fmt: skip
    return np.array(found)


def close(a: Any, b: Any) -> bool:
    return bool(np.allclose(a, b, rtol=1e-9, atol=0))


def lines() -> list[Line]:
    """The same equations, two programs."""
    found = []
    for modes, points in ((30, 50), (1000, 200)):
        eigenvalues, counts, n = problem(modes, points)
        listed = counts.tolist()
        found.append(
            Line(
                f"kappa at {points} n, {modes} modes",
                {
                    "symkern": lambda e=eigenvalues, m=listed, n=n: eigenlearning(e, m, n=n, ridge=0.01).kappa,
                    "SciPy": lambda e=eigenvalues, m=counts, n=n: by_brentq(e, m, n, 0.01),
                },
                {"SciPy": close},
                repeat=3,
            )
        )  # fmt: skip
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.learning", description=__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    repeat = parser.parse_args(arguments).repeat
    broken = 0
    for each in PROMISES:
        best = min(each.measure() for _ in range(repeat))
        verdict = "" if best <= each.limit else "  OVER"
        broken += bool(verdict)
        print(f"{each.name:45} {1000 * best:9.2f} ms   promised {1000 * each.limit:g} ms{verdict}")
    table, missed = report(lines())
    print("\n" + "\n".join(table))
    return 1 if broken or missed else 0


if __name__ == "__main__":
    sys.exit(main())
