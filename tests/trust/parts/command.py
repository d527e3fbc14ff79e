"""Random lines of the command: every verb and option with odd words, in process."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from tests.trust.command_judged import verbs
from tests.trust.limited import Limited
from tests.trust.work import Part, Work

#: Lines of each verb, in blocks.
LINES, BLOCK = 400, 10
#: One line may derive a spectrum, which takes seconds on a slow machine; what is to take longer says so before it begins.
SECONDS = 30.0


def _run(work: Work) -> dict[str, Any]:
    asked = Limited("tests.trust.command_judged:judged", seconds=SECONDS)
    pieces = [(verb, block) for block in range(LINES // BLOCK) for verb in verbs()]
    for verb, block in pieces:
        key = f"{verb} {block}"
        if key in work.recorded:
            continue
        if work.out_of_time():
            break
        generator = random.Random(f"{work.seed} {key}")
        statuses: Counter[str] = Counter()
        found = []
        for _ in range(BLOCK):
            number = generator.randrange(10**9)
            said = asked.ask([verb, number])
            answer = said.get("answer") or {"kind": said["killed"], "status": "none"}
            statuses[str(answer["status"])] += 1
            if answer["kind"]:
                found.append([verb, number, answer["kind"], answer.get("text", "")])
        work.record(key, {"statuses": statuses, "found": found})
    asked.close()
    done = work.recorded.values()
    statuses = sum((Counter(one["statuses"]) for one in done), Counter())
    kinds = Counter(kind for one in done for _, _, kind, _ in one["found"])
    return {
        "verbs": len(verbs()),
        "lines": f"{sum(statuses.values())} of {BLOCK * len(pieces)}",
        **{f"status {status}": statuses[status] for status in ("0", "1", "2")},
        "kinds": [f"{kind} {count}" for kind, count in kinds.most_common()],
        "failed": sum(kinds.values()),
    }


PART = Part("command", "random lines of the command", _run)
