"""What combinatorialists do every day, beside the fastest program that does it: symfn, lrcalc, FLINT; plethysm beside power sums in SymPy too.

    python -m benchmarks.toolkit [--output FILE]

As in `benchmarks.characters`, answers are compared before times. A target is the ratio that the project sets itself; where a line misses it, the reason stands here:

* Littlewood-Richardson products of many terms: lrcalc goes from filling to filling in C; array operations on all fillings of one shape at once come within a factor of two or three.
* a Kronecker coefficient of (4^4): symfn has a routine for one coefficient in machine words; here it is a sum over a table of 231 classes, most of the time being fixed costs.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path
from typing import Any

from benchmarks.power_sum_plethysm import complete_plethysm
from benchmarks.side_by_side import Line, report
from symkern.characters import (
    SymmetricFunction,
    character_table,
    class_constant,
    kostka_foulkes,
    kronecker_coefficient,
    littlewood_richardson,
    plethysm,
    skew_schur,
    values,
)
from symkern.combinatorics import Partition, partition_count, random_partition, rsk


def plain_rsk(word: list[int]) -> list[list[int]]:
    """The insertion tableau by the definition, entry by entry."""
    rows: list[list[int]] = []
    for letter in word:
        for row in rows:
            place = next((j for j, entry in enumerate(row) if entry > letter), None)
            if place is None:
                row.append(letter)
                break
            row[place], letter = letter, row[place]
        else:
            rows.append([letter])
    return rows


def lines() -> list[Line]:
    """The questions, each with its programs."""
    import flint
    import lrcalc
    import symfn

    stairs, small = tuple(range(8, 0, -1)), tuple(range(4, 0, -1))
    six = tuple(range(6, 0, -1))
    kinds = (4, 3, 2, 1, 1, 1), (5, 4, 3), (7, 3, 2)
    square = (4,) * 4
    drawn = [random_partition(40, seed=seed) for seed in range(64)]
    lams, mus = drawn[:32], drawn[32:]
    word = [random.Random(1).randrange(1, 1000) for _ in range(3000)]
    element = SymmetricFunction("p", dict.fromkeys(map(Partition, ((8, 4), (5, 4, 3), (6, 6), (3, 3, 3, 3), (7, 5))), 1))  # fmt: skip
    listed = [(tuple(lam), int(c)) for lam, c in element.items()]
    return [
        Line(
            "skew Schur function (8,...,1)/(4,...,1)",
            {
                "symkern": lambda: skew_schur(stairs, small),
                "symfn": lambda: dict(symfn.skew_schur(stairs, small)),
            },
            targets={"symfn": 20.0},
        ),
        Line(
            "Littlewood-Richardson product of two staircases (6,...,1)",
            {
                "symkern": lambda: littlewood_richardson(six, six),
                "lrcalc": lambda: {tuple(k): c for k, c in lrcalc.mult(six, six).items()},
                "symfn": lambda: dict(symfn.schur_multiply([(six, 1)], [(six, 1)])),
            },
            repeat=3,
            targets={"lrcalc": 1.0},
        ),
        Line(
            "1,024 characters at n = 40 in one call",
            {
                "symkern": lambda: values(lams, mus).tolist(),
                "symfn": lambda: [[symfn.character_value(lam, mu) for mu in mus] for lam in lams],
            },
            before=lambda: [character_table(n) for n in range(19)],
            repeat=3,
            targets={"symfn": 5.0},
        ),
        Line(
            "the number of partitions of 10^6",
            {
                "symkern": lambda: partition_count(10**6),
                "FLINT": lambda: int(flint.fmpz(10**6).partitions_p()),
            },
            targets={"FLINT": 2.0},
        ),
        Line(
            "one class constant of S_12, table at hand",
            {
                "symkern": lambda: class_constant(*kinds),
                "symfn": lambda: symfn.class_algebra_coefficient(kinds[2], *kinds[:2]),
            },
            before=lambda: character_table(12),
            targets={"symfn": 10.0},
        ),
        Line(
            "one class constant of S_34",
            {"symkern": lambda: class_constant((2,) * 17, (*(3,) * 11, 1), (6, 6, 6, 5, 4, 4, 3))},
            repeat=2,
            limit=2.0,
        ),
        Line(
            "Kronecker coefficient (4,4,4,4) three times, table at hand",
            {
                "symkern": lambda: kronecker_coefficient(square, square, square),
                "symfn": lambda: symfn.kronecker_coefficient(square, square, square),
            },
            before=lambda: character_table(16),
            targets={"symfn": 10.0},
        ),
        *(
            Line(
                f"plethysm h_{k}[h_{n}]",
                {
                    "symkern": lambda k=k, n=n: plethysm((k,), (n,)),
                    "symfn": lambda k=k, n=n: dict(symfn.plethysm([((k,), 1)], [((n,), 1)])),
                    **({"SymPy": lambda k=k, n=n: complete_plethysm(k, n)} if k == 4 else {}),
                },
                before=lambda k=k, n=n: character_table(k * n) if k * n <= 22 else None,
                repeat=3,
                targets={"SymPy": 1.0} if k == 4 else {},
            )
            for k, n in ((4, 4), (5, 5))
        ),
        Line(
            "five power sums of degree 12 in Schur functions",
            {
                "symkern": lambda: dict(element.to("s").items()),
                "symfn": lambda: dict(symfn.power_to_schur(listed)),
            },
        ),
        Line(
            "Kostka-Foulkes polynomial of (6,4,2) and (3,3,2,2,1,1)",
            {
                "symkern": lambda: kostka_foulkes((6, 4, 2), (3, 3, 2, 2, 1, 1)),
                "symfn": lambda: symfn.kostka_foulkes((6, 4, 2), (3, 3, 2, 2, 1, 1)),
            },
            {"symfn": same_polynomial},
        ),
        Line(
            "insertion tableau of 3,000 letters",
            {
                "symkern": lambda: [list(row) for row in rsk(word)[0].rows],
                "by definition": lambda: plain_rsk(word),
            },
            repeat=3,
            targets={"by definition": 1.0},
        ),
    ]


def same_polynomial(ours: Any, theirs: Any) -> bool:
    import sympy as sp

    return bool(sp.expand(ours - sum(c * sp.Symbol("t") ** k for k, c in theirs)) == 0)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.toolkit", description=__doc__)
    parser.add_argument("--output", metavar="FILE", help="also write the report to FILE")
    options = parser.parse_args(arguments)
    try:
        import lrcalc  # noqa: F401
        import symfn  # noqa: F401
    except ImportError:
        print("symfn and lrcalc are needed: pip install -e '.[test,trust]'", file=sys.stderr)
        return 2
    out, broken = report(lines())
    text = "\n".join(out) + "\n"
    print(text, end="")
    if options.output:
        Path(options.output).write_text(text, encoding="utf-8")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
