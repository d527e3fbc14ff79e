"""Conventions, value by value: what two programs may choose differently and what no law of the theory tells apart.

Order of tableaux, partitions, rows and columns; products from the left or the right; what moves where; transposed matrices, and Specht modules beside their
duals; signs of contents, strips and conjugates; which argument is the shape. Brute force (`tests.trust.by_definition`) and others
(`tests.trust.by_others`) say each of them once more. Plethysm and the Frobenius characteristic are not among them: symkern has neither.
"""

from __future__ import annotations

from typing import Any

from tests.trust import by_definition, by_others
from tests.trust.work import Part, Work

CHECKS = {check.__name__: check for check in (*by_definition.CHECKS, *by_others.CHECKS)}


def run(work: Work) -> dict[str, Any]:
    """Check by check; of each is recorded how many values were compared, and the first that differ."""
    missing = [name for name, installed in by_others.INSTALLED.items() if not installed()]
    for name, check in CHECKS.items():
        if name in missing or not work.recorded.get(name, {"wrong": 1})["wrong"]:
            continue
        if work.out_of_time():
            break
        count, wrong = 0, []
        for what, mine, other in check():
            count += 1
            if mine != other:
                wrong.append(f"{what}: {mine} and {other}"[:300])
        work.record(name, {"values": count, "wrong": len(wrong), "first": wrong[:20]})
        for said in wrong[:5]:
            print(f"  {name} {said}", flush=True)
    done = work.recorded
    return {
        "checks": f"{len(done)} of {len(CHECKS)}",
        "values": sum(d["values"] for d in done.values()),
        "not installed": " and ".join(missing) or "nothing",
        "failed": sum(d["wrong"] for d in done.values()),
    }


PART = Part("conventions", "conventions beside SymPy, brute force, GAP, lrcalc and books", run)
