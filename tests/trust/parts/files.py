"""Altered files: certificates, spectra in JSON, stored tables, with flipped bits, cut ends, hostile values and deep nests."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from tests.trust.files_judged import KINDS
from tests.trust.limited import Limited
from tests.trust.work import Part, Work

#: Files of each kind, in blocks, and what one may take: the checker's budget of operations is some seconds, twice on a busy machine.
BLOCKS, BLOCK = 40, 50
SECONDS = 30.0


def _run(work: Work) -> dict[str, Any]:
    asked = Limited("tests.trust.files_judged:judged", seconds=SECONDS)
    pieces = [(kind, block) for block in range(BLOCKS) for kind in KINDS]
    for kind, block in pieces:
        key = f"{kind} {block}"
        if key in work.recorded:
            continue
        if work.out_of_time():
            break
        generator = random.Random(f"{work.seed} {key}")
        kinds: Counter[str] = Counter()
        found = []
        for _ in range(BLOCK):
            number = generator.randrange(10**9)
            said = asked.ask([kind, number])
            answer = said.get("answer") or {"kind": said["killed"]}
            kinds[answer["kind"]] += 1
            if answer["kind"] not in ("value", "refused"):
                found.append([kind, number, answer["kind"], answer.get("text", "")])
        work.record(key, {"kinds": kinds, "found": found})
    asked.close()
    kinds = sum((Counter(one["kinds"]) for one in work.recorded.values()), Counter())
    wrong = {kind: count for kind, count in kinds.items() if kind not in ("value", "refused")}
    return {
        "files": f"{sum(kinds.values())} of {BLOCK * len(pieces)}",
        "judged and read": kinds["value"],
        "refused": kinds["refused"],
        "kinds": [f"{kind} {count}" for kind, count in wrong.items()],
        "failed": sum(wrong.values()),
    }


PART = Part("files", "altered certificates, spectra and tables", _run)
