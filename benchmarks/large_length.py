"""Laws in L of smooth kernels, and exact values of long sequences beside them: seconds of the processor and memory, cold.

    python -m benchmarks.large_length [NAME ...]

Every case runs in a new interpreter, imports counted. "promised" are seconds, and 2 GiB for each.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from dataclasses import dataclass

SOFTMAX = "embedding(alpha, beta) | attention(tied, softmax)"
NUMBERS = "embedding(1, 1) | attention(tied, softmax)"
BLOCK = f"{NUMBERS} | residual | layer_norm | linear(1, 1/4) | mlp(erf) | mean_pool"

#: What each case runs, after the imports.
LAWS = """
spec = read_kernel({text!r}).spectrum(length=L, tokens=uniform({letters}), {wanted})
print(sum(len(s.series()) for s in spec), "eigenvalues of", len(spec), "sectors")
"""
BOUNDS = """
spec = read_kernel({text!r}).spectrum(length=10**5, tokens=uniform(2))
print(sum(len(s.eigenvalues) for s in spec), "eigenvalues, the smallest", min(float(e) for s in spec for e in s.eigenvalues))
"""
VALUES = """
sector = read_kernel({text!r}).sector([1], [], length=256, tokens=uniform(2))
print(len(sector.eigenvalues), "eigenvalues, the largest", sector.eigenvalues[0])
"""

MEASURE = """
import resource, sys
from symkern.abc import L, v
from symkern.kernels import read_kernel, uniform
{statements}
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10))
"""

MEBIBYTES = 2048.0


@dataclass(frozen=True)
class Case:
    """What is derived, with the seconds that are promised, if any."""

    name: str
    statements: str
    promised: float | None = None


def laws(name: str, text: str, promised: float, letters: int = 2, wanted: str = "terms=2") -> Case:
    """The series of a kernel."""
    return Case(name, LAWS.format(text=text, letters=letters, wanted=wanted), promised)


CASES = [
    *(
        laws(f"softmax, {readout}, v = 2, alpha and beta symbols, degree 2", f"{SOFTMAX} | {readout}", 5.0)
        for readout in ("mean_pool", "flatten", "at_position(last)")
    ),
    laws("two softmax layers, v = 2, down to L^-5", f"{NUMBERS} | attention(tied, softmax) | mean_pool", 20.0, wanted="down_to=5"),
    laws("softmax block with layer norm, v = 2, down to L^-5", BLOCK, 20.0, wanted="down_to=5"),
    laws("softmax, mean_pool, v = 3, degree 2", f"{NUMBERS} | mean_pool", 30.0, letters=3),
    laws("softmax, mean_pool, v = 3, alpha and beta symbols, degree 2", f"{SOFTMAX} | mean_pool", 30.0, letters=3),
    *(
        Case(f"softmax, {readout}, L = 256, the sector (1; [])", VALUES.format(text=f"{NUMBERS} | {readout}"), 120.0)
        for readout in ("mean_pool", "flatten")
    ),
    Case("softmax, mean_pool, v a symbol, degree 2", LAWS.format(text=f"{SOFTMAX} | mean_pool", letters="v", wanted="terms=2")),
    Case("softmax, mean_pool, L = 100000, all sectors", BOUNDS.format(text=f"{NUMBERS} | mean_pool")),
    Case("softmax block with layer norm, L = 256, the sector (1; [])", VALUES.format(text=BLOCK)),
]  # fmt: skip


def measured(case: Case) -> tuple[float, float, str]:
    """Seconds, mebibytes, and what was found."""
    code = MEASURE.format(statements=case.statements)
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    found, used = done.stdout.splitlines()
    seconds, memory = map(float, used.split())
    return seconds, memory, found


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 1 where a promise is broken."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large_length", description=__doc__)
    parser.add_argument("names", nargs="*", help="measure only cases whose name contains one")
    options = parser.parse_args(arguments)
    broken = 0
    for case in CASES:
        if options.names and not any(name in case.name for name in options.names):
            continue
        seconds, memory, found = measured(case)
        over = memory > MEBIBYTES or (case.promised is not None and seconds > case.promised)
        broken += over
        promise = "" if case.promised is None else f"   promised {case.promised:g} s"
        print(
            f"{case.name:66} {seconds:7.2f} s {memory:6.0f} MB   {found}{promise}{'  OVER' if over else ''}",
            flush=True,
        )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
