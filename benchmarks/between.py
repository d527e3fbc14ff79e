"""This checkout beside another one in one run: every question of `over_time`, and whole commands, in alternation.

    git worktree add ../before COMMIT
    python -m benchmarks.between ../before [--pairs N] [NAME ...]

Each measurement is a process of its own, imports included for commands and excluded for questions; what counts is processor
time, so that other work on the machine matters little. Printed are both medians and the median of the ratios of the pairs.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parents[1]

#: Whole commands, by name.
COMMANDS = {
    "import sympy": ["-c", "import sympy"],
    "import symkern": ["-c", "import sympy, symkern"],
    "symkern derive": ["-m", "symkern", "derive"],
    "symkern derive --tokens distinct": ["-m", "symkern", "derive", "--tokens", "distinct"],
    "symkern derive linear-attention-2 --vocabulary 2": [
        "-m", "symkern", "derive", "linear-attention-2", "--vocabulary", "2",
    ],
    "symkern table 12": ["-m", "symkern", "table", "12", "--format", "csv"],
    "symkern verify": ["-m", "symkern", "verify"],
}  # fmt: skip


def questions() -> Iterator[str]:
    """The questions of `over_time`, as "Class.method" or "Class.method:parameter"."""
    module = importlib.import_module("benchmarks.over_time")
    for name, kind in vars(module).items():
        if isinstance(kind, type) and kind.__module__ == module.__name__ and name[0] != "_":
            methods = [method for method in vars(kind) if method.startswith("time_")]
            for method, parameter in itertools.product(methods, getattr(kind, "params", ("",))):
                yield f"{name}.{method}" + (f":{parameter}" if parameter != "" else "")


def answer(question: str) -> float:
    """Processor seconds of one question in this process."""
    called, _, given = question.partition(":")
    name, method = called.split(".")
    asked = getattr(importlib.import_module("benchmarks.over_time"), name)()
    arguments = [p for p in getattr(asked, "params", ()) if str(p) == given]
    asked.setup(*arguments)
    start = time.process_time()
    getattr(asked, method)(*arguments)
    return time.process_time() - start


def measured(checkout: Path, name: str) -> float:
    """Processor seconds of a command or a question, with the package of ``checkout``."""
    environment = os.environ | {"PYTHONPATH": str(checkout), "PYTHONSAFEPATH": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled files are what users have
    # The questions are those of this checkout, the package is the other's.
    code = (
        f"import sys, symkern; sys.path.insert(0, {str(HERE)!r}); "
        f"from benchmarks.between import answer; print(answer({name!r}))"
    )
    command = COMMANDS.get(name, ["-c", code])
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, *command], env=environment, cwd="/", capture_output=True, text=True, check=True
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if name not in COMMANDS:
        return float(done.stdout.split()[-1])
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.between", description=__doc__)
    parser.add_argument("other", type=Path, metavar="CHECKOUT")
    parser.add_argument("names", nargs="*", help="only those whose name contains one")
    parser.add_argument("--pairs", type=int, default=5)
    given = parser.parse_args()
    chosen = [*COMMANDS, *questions()]
    if given.names:
        chosen = [name for name in chosen if any(part in name for part in given.names)]
    print(
        f"{'processor seconds, medians of ' + str(given.pairs):50} {'here':>9} {'there':>9} ratio"
    )
    for name in chosen:
        measured(HERE, name), measured(given.other, name)  # compiled files, the disk's cache
        pairs = [(measured(HERE, name), measured(given.other, name)) for _ in range(given.pairs)]
        here, there = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratio = statistics.median(a / b for a, b in pairs if b)
        print(f"{name:50} {here:9.4f} {there:9.4f} {ratio:5.2f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
