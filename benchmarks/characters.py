"""Characters beside other programs, in one run: symfn, SymPy where it has a routine, GAP when it is installed.

    python -m benchmarks.characters [--quick] [--output FILE]

Every program starts each measurement with empty caches and finished imports, and its result is complete in memory
before the clock stops. The programs take turns, the best of the repetitions counts, and what they
computed is compared entry by entry before a line is printed (with GAP by a sum over each row that no wrong entry leaves as it is). Without
``--quick`` the table of n = 40 on disk follows (minutes).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.side_by_side import (
    Line,
    Run,
    empty_caches,
    gap,
    has_gap_tables,
    report,
    seconds_shown,
)
from symkern.characters import (
    Columns,
    character,
    character_table,
    kostka_matrix,
    kronecker,
    kronecker_coefficient,
    littlewood_richardson,
    reduced_kronecker,
)
from symkern.combinatorics import partitions


def gap_table(n: int) -> Run:
    """Irr, and when the clock has stopped, for each row its label and a linear functional that sees every entry."""

    def run() -> tuple[float, Any]:
        statements = f'c:=CharacterTable("Symmetric",{n});; irr:=Irr(c);;'
        weights = (
            "w:=List(ClassParameters(c),x->Sum([1..Length(x[2])],i->i*7919*x[2][i]^2+31) mod "
            f"{_PRIME});"
        )
        answer = (
            "List([1..Length(irr)],i->[CharacterParameters(c)[i][2],"
            f"ValuesOfClassFunction(irr[i])*w mod {_PRIME}])"
        )
        return gap(statements, answer, weights)

    return run


_PRIME = 1_000_003


def same_as_gap(n: int) -> Callable[[Any, Any], bool]:
    """Each row against GAP's by sum_mu w(mu) chi(mu) modulo a prime, w without pattern: one wrong entry shows."""

    def same(ours: Any, theirs: Any) -> bool:
        weights = np.array(
            [
                sum(i * 7919 * part**2 + 31 for i, part in enumerate(mu, 1)) % _PRIME
                for mu in ours.partitions
            ],
            dtype=np.int64,
        )
        sums = (ours.values % _PRIME) @ weights % _PRIME
        return len(theirs) == len(sums) and all(
            int(sums[ours.index(tuple(label))]) == value for label, value in theirs
        )

    return same


def lines(quick: bool) -> list[Line]:
    """The questions, each with its programs."""
    import symfn

    found = []
    for n, repeat, target in (
        (8, 9, {}),
        (12, 9, {}),
        (20, 5, {"symfn": 1.0}),
        (25, 2, {"symfn": 0.25}),
    ):
        runs: dict[str, Run] = {"symkern": lambda n=n: character_table(n)}
        runs["symfn"] = lambda n=n: symfn.character_table(n)
        if has_gap_tables():
            runs["GAP"] = gap_table(n)
        found.append(
            Line(
                f"character table, n = {n}",
                runs,
                {"symfn": lambda a, b: a.values.tolist() == b, "GAP": same_as_gap(n)},
                repeat=repeat,
                targets=target,
                limit=0.002 if n <= 12 else None,
            )
        )
    if not quick:
        runs = {"symkern": lambda: character_table(30)}
        if has_gap_tables():
            runs["GAP"] = gap_table(30)
        found.append(
            Line(
                "character table, n = 30",
                runs,
                {"GAP": same_as_gap(30)},
                repeat=3,
                targets={"GAP": 0.05},
            )
        )
    for lam, mu in SINGLE:
        shown = f"one character, n = {sum(lam)}, {len(mu)} cycles"
        found.append(
            Line(
                shown,
                {
                    "symkern": lambda lam=lam, mu=mu: character(lam, mu),
                    "symfn": lambda lam=lam, mu=mu: symfn.character_value(lam, mu),
                },
                targets={"symfn": 3.0},
            )
        )
    for n, lam, mu in (
        (16, (6, 4, 3, 2, 1), (5, 4, 4, 2, 1)),
        (20, (7, 5, 4, 3, 1), (6, 5, 4, 3, 2)),
    ):
        found.append(
            Line(
                f"Kronecker product, n = {n}, table at hand",
                {
                    "symkern": lambda lam=lam, mu=mu: kronecker(lam, mu),
                    "symfn": lambda lam=lam, mu=mu: dict(
                        symfn.internal_product([(lam, 1)], [(mu, 1)])
                    ),
                },
                before=lambda n=n, lam=lam, mu=mu: (
                    character_table(n),
                    symfn.internal_product([(lam, 1)], [(mu, 1)]),
                ),
                targets={"symfn": 1.0},
            )
        )
    held: list[Any] = []
    large = (8, 6, 5, 4, 3, 2, 1, 1)
    found.append(
        Line(
            "Kronecker product, n = 30, table at hand",
            {"symkern": lambda: kronecker(large, large)},
            before=lambda: held or held.append(character_table(30)),
            repeat=3,
            limit=0.1,
        )
    )
    trio = (7, 5, 4, 3, 1), (6, 5, 4, 3, 2), (6, 6, 4, 3, 1)
    found.append(
        Line(
            "one Kronecker coefficient, n = 20, table at hand",
            {
                "symkern": lambda: kronecker_coefficient(*trio),
                "symfn": lambda: symfn.kronecker_coefficient(*trio),
            },
            before=lambda: (character_table(20), symfn.kronecker_coefficient(*trio)),
        )
    )
    found.append(
        Line(
            "reduced Kronecker product (3,2,1), (2,2,1)",
            {
                "symkern": lambda: reduced_kronecker((3, 2, 1), (2, 2, 1)),
                "symfn": lambda: dict(symfn.reduced_kronecker_product((3, 2, 1), (2, 2, 1))),
            },
            repeat=3,
        )
    )
    pair = (5, 4, 3, 2, 1), (4, 3, 2, 1)
    found.append(
        Line(
            "Littlewood-Richardson product, 15 and 10 cells",
            {
                "symkern": lambda: littlewood_richardson(*pair),
                "symfn": lambda: dict(symfn.schur_multiply([(pair[0], 1)], [(pair[1], 1)])),
            },
            repeat=3,
        )
    )
    found.append(
        Line(
            "Kostka matrix, n = 20",
            {"symkern": lambda: kostka_matrix(20), "symfn": lambda: symfn.kostka_table(20)},
            {"symfn": lambda a, b: a.values.tolist() == b},
            targets={"symfn": 1.0},
        )
    )
    found.append(
        Line(
            "list of the partitions of 40",
            {
                "symkern": lambda: partitions(40),
                "SymPy": sympy_partitions,
                "symfn": lambda: symfn.partitions(40),
            },
            dict.fromkeys(
                ("SymPy", "symfn"), lambda a, b: sorted(map(tuple, a)) == sorted(map(tuple, b))
            ),
        )
    )
    return found


SINGLE = (
    ((15, 12, 10, 8, 6, 4, 3, 2), (3,) * 8 + (2,) * 12 + (1,) * 12),
    (
        (14, 13, 12, 11, 10, 9, 8, 7, 6, 4, 3, 2, 1),
        (5,) * 4 + (4,) * 5 + (3,) * 8 + (2,) * 12 + (1,) * 12,
    ),
    ((10,) * 10, (3,) * 10 + (2,) * 10 + (1,) * 50),
    ((14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 3, 2), (2,) * 25 + (1,) * 50),
    (
        (23, 19, 15, 14, 12, 6, 6, 5),
        (11, 10, 9) + (5,) * 4 + (4,) * 2 + (3,) * 3 + (2,) * 5 + (1,) * 23,
    ),
)


def sympy_partitions() -> list[tuple[int, ...]]:
    from sympy.utilities.iterables import partitions as listed

    return [
        tuple(k for k, m in sorted(p.items(), reverse=True) for _ in range(m)) for p in listed(40)
    ]


def copy_line() -> str:
    """The finished array of n = 30 and the time of copying it, in turns."""
    table_seconds, copy_seconds = [], []
    for _ in range(9):
        empty_caches()
        start = time.perf_counter()
        values = character_table(30).values
        table_seconds.append(time.perf_counter() - start)
        for _ in range(4):
            other = None
            start = time.perf_counter()
            other = values.copy()
            copy_seconds.append(time.perf_counter() - start)
        del values, other
    ratio = min(table_seconds) / min(copy_seconds)
    return (
        f"character_table(30) takes {ratio:.1f} times the {seconds_shown(min(copy_seconds))} of copying "
        f"its int64 array (target: 3){'' if ratio <= 3 else '  OVER'}"
    )


def stream_line(n: int = 40) -> str:
    """The table of S_n on disk: time, memory and bytes."""
    code = (
        "import time, sys\nfrom symkern.cli import command\nstart = time.perf_counter()\n"
        f"try: command(['table', '{n}', '--output', sys.argv[1]])\nexcept SystemExit: pass\n"
        "import resource\nprint(time.perf_counter() - start, time.process_time(), "
        "resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "table.zarr"
        done = subprocess.run(
            [sys.executable, "-c", code, str(place)], capture_output=True, text=True, check=True
        )
        size = sum(f.stat().st_size for f in place.rglob("*") if f.is_file())
    wall, cpu, kilobytes = map(float, done.stdout.split())
    entries = len(partitions(n)) ** 2
    return (
        f"symkern table {n} --output FILE.zarr: {wall:.0f} s, {cpu:.0f} s of processor, {kilobytes / 2**20:.1f} GiB of memory, "
        f"{size / 2**30:.1f} GiB on disk; {1e9 * cpu / entries:.0f} ns and {size / entries:.2f} bytes an entry "
        f"(target: 600 s, 6 GiB){'' if wall <= 600 and kilobytes <= 6 * 2**20 else '  OVER'}"
    )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.characters", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out n = 30, and n = 40 on disk")
    parser.add_argument("--output", metavar="FILE", help="also write the report to FILE")
    options = parser.parse_args(arguments)
    try:
        import symfn  # noqa: F401
    except ImportError:
        print("symfn is needed beside symkern: pip install -e '.[test]'", file=sys.stderr)
        return 2
    import scipy.sparse  # noqa: F401  (imports are no part of a measurement)

    Columns(3)
    out, broken = report(lines(options.quick))
    out.append("")
    if not options.quick:
        out.append(copy_line())
        broken += out[-1].endswith("OVER")
        out.append(stream_line())
        broken += out[-1].endswith("OVER")
    text = "\n".join(out) + "\n"
    print(text, end="")
    if options.output:
        Path(options.output).write_text(text, encoding="utf-8")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
