"""Random and changed texts in every reader: formulas, pipelines, laws, targets, Boolean functions, partitions, sizes, numbers."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from tests.trust.limited import Limited
from tests.trust.readers_judged import READERS
from tests.trust.work import Part, Work

#: Texts of each reader, in blocks.
BLOCKS, BLOCK = 60, 250


def _run(work: Work) -> dict[str, Any]:
    asked = Limited("tests.trust.readers_judged:judged")
    pieces = [(reader, block) for block in range(BLOCKS) for reader in READERS]
    for reader, block in pieces:
        key = f"{reader} {block}"
        if key in work.recorded:
            continue
        if work.out_of_time():
            break
        generator = random.Random(f"{work.seed} {key}")
        kinds: Counter[str] = Counter()
        found = []
        for _ in range(BLOCK):
            number = generator.randrange(10**9)
            said = asked.ask([reader, number])
            answer = said.get("answer") or {"kind": said["killed"]}
            kinds[answer["kind"]] += 1
            if answer["kind"] not in ("value", "refused"):
                found.append([reader, number, answer["kind"], answer.get("text", "")])
        work.record(key, {"kinds": kinds, "found": found})
    asked.close()
    kinds = sum((Counter(one["kinds"]) for one in work.recorded.values()), Counter())
    wrong = {kind: count for kind, count in kinds.items() if kind not in ("value", "refused")}
    return {
        "readers": len(READERS),
        "texts": f"{sum(kinds.values())} of {BLOCK * len(pieces)}",
        "read": kinds["value"],
        "refused": kinds["refused"],
        "kinds": [f"{kind} {count}" for kind, count in wrong.items()],
        "failed": sum(wrong.values()),
    }


PART = Part("readers", "random and changed texts in every reader", _run)
