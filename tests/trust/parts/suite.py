"""The suite under all that it must bear at once: three runs, each under another hash seed and in another order, with warnings as errors and without a network.

Eight files, drawn from the seed, share a process, and so do their tests, in an order of their own: a test that needs what an earlier one left, or that leaves what a
later one trips over, passes in the order in which it was written and fails here. What fails is run again under one condition at a time, so that
the condition is named: none of them, the hash seed, warnings, the network, the order of its group; or all of them together. What the examples of
a test print must be the same in all runs.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from tests.trust.conditions import IGNORED, Conditions, alone, outcomes_under
from tests.trust.suite import Piece, is_settled, pieces, summary
from tests.trust.work import Part, Work

#: So many files share a process.
TOGETHER = 8
RUNS = 3
_NAMES = ("none", "hash seed", "warnings", "network", "order", "together")

#: Of tests: what went wrong, by id.
Wrong = dict[str, str]


def run(work: Work) -> dict[str, Any]:
    """Run by run, group by group; each file's outcome is noted by itself."""
    whole = [piece for piece in pieces() if work.only in piece[0]]
    for number in range(RUNS):
        for group in _groups(work, whole, number):
            if all(is_settled(work, _key(number, name)) for name, _ in group):
                continue
            if work.out_of_time() or not _try(work, group, number):
                return _figures(work, whole)
    return _figures(work, whole)


def _key(number: int, name: str) -> str:
    return f"run {number + 1}: {name}"


def _groups(work: Work, whole: list[Piece], number: int) -> list[list[Piece]]:
    drawn = random.Random(f"{work.seed} {number}").sample(whole, len(whole))
    return [drawn[start : start + TOGETHER] for start in range(0, len(drawn), TOGETHER)]


def _hash_seed(work: Work, number: int) -> int:
    return random.Random(f"{work.seed} hash").sample(range(1, 2**32), RUNS)[number]


def _try(work: Work, group: list[Piece], number: int) -> bool:
    """Record a group; False where the time did not suffice."""
    seed, order = _hash_seed(work, number), f"{work.seed} {number}"
    paths = [path for _, paths in group for path in paths]
    found = _asked(work, Conditions(seed, order, warnings=True, network=True), paths)
    if found is None:
        return False
    outcomes, texts = found
    wrong = summary(outcomes)["failed"]
    named = _named(work, wrong, paths, seed, order)
    if named is None:
        return False
    digests = {test: hashlib.sha256(text.encode()).hexdigest()[:12] for test, text in texts.items()}
    others = _differing(work, group, number, digests)
    if others:
        again = _printed_again(work, others, number)
        if again is None:
            return False
        named |= {test: said for test, said in again.items() if test not in named}
    for name, results in apart(group, {**outcomes, **named}).items():
        printed = apart(group, digests)[name]
        work.record(_key(number, name), {**summary(results), "printed": printed})
        for test, said in work.recorded[_key(number, name)]["failed"].items():
            print(f"  run {number + 1}, {test}: {said}", flush=True)
    return True


def _asked(
    work: Work, conditions: Conditions, paths: Iterable[str]
) -> tuple[dict[str, str], dict[str, str]] | None:
    found = outcomes_under(conditions, list(paths), work.folder, work.remaining)
    if found is None:
        work.out_of_time()
    return found


def _named(work: Work, wrong: Wrong, paths: list[str], seed: int, order: str) -> Wrong | None:
    """What went wrong, with the condition under which it does so too, in front; None where the time did not suffice."""
    single = {
        "none": Conditions(),
        "hash seed": Conditions(seed),
        "warnings": Conditions(warnings=True),
        "network": Conditions(network=True),
        "order": Conditions(order=order),
    }
    named: Wrong = {}
    for name, conditions in single.items():
        left = [test for test in wrong if test not in named]
        if not left:
            break
        # The order is that of the group; what belongs to no test, as a process that died, has no id to be run by.
        ids = paths if name == "order" or "pytest" in left else left
        found = _asked(work, conditions, ids)
        if found is None:
            return None
        failed = summary(found[0])["failed"]
        named |= {test: f"{name}: {failed[test]}" for test in left if test in failed}
    return {test: named.get(test, f"together: {said}") for test, said in wrong.items()}


def _differing(
    work: Work, group: list[Piece], number: int, digests: Mapping[str, str]
) -> dict[str, int]:
    """The tests whose examples printed something else in an earlier run, and which run."""
    found = {}
    for name, _ in group:
        for earlier in range(number):
            known = work.recorded.get(_key(earlier, name), {}).get("printed", {})
            for test, digest in known.items():
                if digests.get(test, digest) != digest:
                    found[test] = earlier
    return found


def _printed_again(work: Work, others: Mapping[str, int], number: int) -> Wrong | None:
    """What these tests print under the two hash seeds alone: whether it is these, or the order, that counts."""
    wrong: Wrong = {}
    for earlier in sorted(set(others.values())):
        tests = [test for test, other in others.items() if other == earlier]
        texts = []
        for seed in (_hash_seed(work, earlier), _hash_seed(work, number)):
            found = _asked(work, Conditions(seed), tests)
            if found is None:
                return None
            texts.append(found[1])
        for test in tests:
            one, other = texts[0].get(test, ""), texts[1].get(test, "")
            if one != other:
                wrong[test] = f"hash seed: {_first(one, other)}"[:300]
            else:
                wrong[test] = f"order: what it prints differs from that in run {earlier + 1}"
    return wrong


def _first(one: str, other: str) -> str:
    pairs = zip(one.splitlines(), other.splitlines(), strict=False)
    mine, theirs = next((pair for pair in pairs if pair[0] != pair[1]), ("fewer lines", "or more"))
    return f"{mine} and {theirs}"


def apart(group: list[Piece], outcomes: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The outcomes by piece; what belongs to none, as a process that died, counts for the first."""
    found: dict[str, dict[str, str]] = {name: {} for name, _ in group}
    for test, said in outcomes.items():
        file = test.partition("::")[0]
        owner = [n for n in found if file == n or file.startswith(f"{n}/")]
        found[(owner or list(found))[0]][test] = said
    return found


def _figures(work: Work, whole: list[Piece]) -> dict[str, Any]:
    done = [
        work.recorded[_key(number, name)]
        for number in range(RUNS)
        for name, _ in whole
        if _key(number, name) in work.recorded
    ]
    failed = {
        (test, said.partition(":")[0]) for one in done for test, said in one["failed"].items()
    }
    conditions = Counter(condition for _, condition in failed)
    beyond = "unreachable by the system, refused by Python" if alone() else "refused by Python"
    return {
        "files": f"{len(done)} of {RUNS * len(whole)}",
        "runs, orders and hash seeds": RUNS,
        "passed": sum(one["passed"] for one in done),
        "skipped": sum(one["skipped"] for one in done),
        "tests with printed texts": sum(len(one["printed"]) for one in done),
        "warnings ignored": len(IGNORED),
        "network": beyond,
        **{f"failed under {name}": conditions[name] for name in _NAMES},
        "failed": sorted({test for test, _ in failed}),
    }


PART = Part(
    "suite",
    "the suite three times, each under another hash seed, in another order, with warnings as errors and without a network",
    run,
)
