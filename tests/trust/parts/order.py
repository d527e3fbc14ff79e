"""The suite in another order: eight files, drawn from the seed, share a process, and so do their tests, in an order of their own.

A test that needs what an earlier one left, or that leaves what a later one trips over, passes in the order in which it was written and fails here.
"""

from __future__ import annotations

import random
from typing import Any

from tests.trust.suite import Piece, figures_of, is_settled, note, pieces, run_tests
from tests.trust.work import Part, Work

#: So many files share a process.
TOGETHER = 8


def run(work: Work) -> dict[str, Any]:
    """Group by group; each file's outcome is noted by itself."""
    whole = pieces()
    drawn = random.Random(work.seed).sample(whole, len(whole))
    options, environment = ("-p", "tests.trust.shuffled"), {"TRUST_ORDER": str(work.seed)}
    for start in range(0, len(drawn), TOGETHER):
        group = drawn[start : start + TOGETHER]
        if all(is_settled(work, name) for name, _ in group):
            continue
        if work.out_of_time():
            break
        outcomes = run_tests(
            [path for _, paths in group for path in paths],
            work.folder / "report.xml",
            options=options,
            environment=environment,
            seconds=work.remaining,
        )
        if outcomes is None:
            work.out_of_time()
            break
        for name, found in _apart(group, outcomes).items():
            note(work, name, found)
    return figures_of(work, whole)


def _apart(group: list[Piece], outcomes: dict[str, str]) -> dict[str, dict[str, str]]:
    """The outcomes by piece; what belongs to none, as a process that died, counts for the first."""
    found: dict[str, dict[str, str]] = {name: {} for name, _ in group}
    for test, said in outcomes.items():
        file = test.partition("::")[0]
        owner = [n for n in found if file == n or file.startswith(f"{n}/")]
        found[(owner or list(found))[0]][test] = said
    return found


PART = Part(
    "order", "the suite in random order, files and the tests in them, eight files a process", run
)
