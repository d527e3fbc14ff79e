"""Symmetry of long texts and laws with memory: seconds, and the most memory that a process held.

    python -m benchmarks.texts [NAME ...]

Texts are made here, of letters that repeat and stand apart as those of a language do; each figure is that of a new interpreter.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from dataclasses import dataclass

_TEXT = """
import numpy as np
rng = np.random.default_rng(0)
def text(count, letters):
    shares = 1 / np.arange(1, letters + 1)
    x = rng.choice(letters, size=count, p=shares / shares.sum())
    return np.where(rng.random(count) < 0.3, np.roll(x, 1), x)
"""


@dataclass(frozen=True)
class Measured:
    """``limit`` in seconds and ``most`` in GiB are promised for ``statement``, ``setup`` not counted in seconds."""

    name: str
    limit: float
    most: float
    setup: str
    statement: str

    def run(self) -> tuple[float, float]:
        """Seconds, and GiB."""
        code = (
            f"import resource, time\nimport symkern as sk\n{self.setup}\nstart = time.perf_counter()\n{self.statement}\n"
            "print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)"
        )
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        seconds, size = map(float, done.stdout.split())
        return seconds, size


MEASURED = [
    Measured(
        "report of 4 million letters, v = 27, all L up to 64, 20 folds",
        10.0,
        1.0,
        _TEXT + "letters = (text(4_000_000, 27) + 97).astype(np.uint8)\n"
        "letters[letters == 123] = 32\nletters = letters.tobytes()",
        "sk.data.symmetry_report(letters, [64])",
    ),
    Measured(
        "report of 10 million tokens, v = 1,000, all L up to 32, 10 folds",
        300.0,
        2.0,
        _TEXT + "tokens = text(10_000_000, 5000)",
        "sk.data.symmetry_report(tokens, [32], vocabulary=1000, folds=10, shuffles=0)",
    ),
    Measured(
        "types of shuffled windows of a hidden Markov chain, v = 3, L = 32",
        1.0,
        1.0,
        "law = sk.kernels.hidden_markov(['2/3', '1/3'], [['9/10', '1/10'], ['1/5', '4/5']],\n"
        "    [['1/2', '1/3', '1/6'], ['1/6', '1/6', '2/3']]).symmetrised(32)",
        "law.type_probability((10, 11, 11))",
    ),
    Measured(
        "all sectors of linear attention under that law, v = 2, L = 64",
        10.0,
        1.0,
        "law = sk.kernels.hidden_markov(['1/2', '1/2'], [['7/8', '1/8'], ['1/8', '7/8']], [['9/10', '1/10'], ['3/10', '7/10']])\n"
        "kernel = sk.kernels.embedding(1, 1).attention().mean_pool()",
        "kernel.spectrum(64, law)",
    ),
]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.texts", description=__doc__)
    parser.add_argument("names", nargs="*", help="measure only what has a name that contains one")
    names = parser.parse_args(arguments).names
    broken = 0
    for one in MEASURED:
        if names and not any(name in one.name for name in names):
            continue
        seconds, size = one.run()
        verdict = "" if seconds <= one.limit and size <= one.most else "  OVER"
        broken += bool(verdict)
        print(f"{one.name:66} {seconds:8.2f} s  {size:5.2f} GiB   promised {one.limit:g} s, {one.most:g} GiB{verdict}", flush=True)  # fmt: skip
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
