"""How the cost of the general engine grows with L and v, beside a dense eigendecomposition while that one fits.

    python -m benchmarks.general_engine [--all] [--dense N]

Every size runs in a new interpreter, imports not counted; blocks and all eigenvalues are computed. "promised" are the seconds that the
project promises for tied softmax attention with mean pooling, alpha = beta = 1, on uniform tokens, each under 1 GiB. The
other kernels have full blocks. The dense figure is numpy's symmetric eigendecomposition of a v^L x v^L matrix of floats alone, its
entries given.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from dataclasses import dataclass

KERNELS = {
    "softmax": "embedding(1, 1) | attention(tied, softmax) | mean_pool",
    "softmax, flatten": "embedding(1, 1) | attention(tied, softmax) | flatten",
    "softmax, last": "embedding(1, 1) | attention(tied, softmax) | at_position(last)",
    "softmax, relu": "embedding(1, 1) | attention(tied, softmax) | mlp(relu) | mean_pool",
    "fully connected": "embedding(1) | flatten | mlp(relu)",
}

MEASURE = """
import resource, sys, time
from symkern.kernels import read_kernel, uniform
kernel, length, letters = read_kernel(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
start = time.perf_counter()
spec = kernel.spectrum(length=length, tokens=uniform(letters))
count = sum(len(sector.eigenvalues) for sector in spec)
seconds = time.perf_counter() - start
assert spec.check_trace()
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
if sys.platform == "darwin":
    memory /= 1024
print(seconds, memory, len(spec), max(s.multiplicity for s in spec), count)
"""

GIBIBYTE = 1024.0


@dataclass(frozen=True)
class Case:
    """A kernel at a size, with the seconds that are promised, if any."""

    kernel: str
    length: int
    letters: int
    promised: float | None = None


CASES = [
    Case("softmax", 64, 2, 5.0),
    Case("softmax", 10, 3, 5.0),
    Case("softmax", 14, 3, 60.0),
    Case("softmax", 8, 4, 90.0),
]

GROWTH = [
    *(Case("softmax", n, 2) for n in (8, 16, 32, 128)),
    *(Case("softmax", n, 3) for n in (4, 7)),
    *(Case("softmax", n, 4) for n in (4, 6)),
    *(Case(name, n, 2) for name in list(KERNELS)[1:] for n in (8, 16, 32)),
    *(Case(name, n, 3) for name in list(KERNELS)[1:] for n in (5, 8)),
]


def measured(case: Case) -> tuple[float, float, str]:
    """Seconds, megabytes, and what was found."""
    arguments = [KERNELS[case.kernel], str(case.length), str(case.letters)]
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *arguments], check=True, capture_output=True, text=True
    )
    seconds, memory, sectors, largest, count = done.stdout.split()
    return float(seconds), float(memory), f"{sectors} sectors, {count} eigenvalues, block {largest}"


def dense(size: int) -> float:
    """Seconds of numpy.linalg.eigvalsh on a symmetric matrix of that size."""
    import numpy as np

    half = np.random.default_rng(0).standard_normal((size, size))
    start = time.perf_counter()
    np.linalg.eigvalsh(half + half.T)
    return time.perf_counter() - start


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 1 where a promise of time or memory is broken."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.general_engine", description=__doc__
    )
    parser.add_argument("--all", action="store_true", help="the growth with L and v, too")
    parser.add_argument("--dense", type=int, default=2200, help="largest dense matrix to decompose")
    options = parser.parse_args(arguments)
    broken = 0
    highest = 0.0
    for case in CASES + (GROWTH if options.all else []):
        seconds, memory, found = measured(case)
        size = case.letters**case.length
        full = f"{dense(size):8.2f} s" if size <= options.dense else f"{8e-9 * size**2:8.1e} GB"
        over = memory > GIBIBYTE or (case.promised is not None and seconds > case.promised)
        broken += over
        highest = max(highest, memory)
        promise = "" if case.promised is None else f"  promised {case.promised:g} s"
        print(
            f"{case.kernel:17} L={case.length:<4} v={case.letters}  {seconds:7.2f} s {memory:6.0f} MB"
            f"   dense {full}   {found}{promise}{'  OVER' if over else ''}",
            flush=True,
        )
    print(f"peak memory of all runs {highest:.0f} MB   promised {GIBIBYTE:.0f} MB")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
