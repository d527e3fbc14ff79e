"""Every public callable with odd arguments: one at a time with the others right, and many at once, drawn by the seed.

A right answer or an error of `symkern.errors` within seconds and 2 GiB is what must come; whatever else is a finding, counted by kind. A piece
of work is a callable; its record lists its findings as [argument, value, what came, where].
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.trust.limited import Limited
from tests.trust.odd_values import ODD
from tests.trust.public_callables import arguments, names
from tests.trust.work import Part, Work

#: Draws of all arguments at once for each callable that has some.
DRAWS = 30


def _cases(name: str, seed: int) -> Iterator[tuple[str, Any]]:
    listed = list(arguments(name))
    for argument in listed:
        for value in ODD:
            yield argument, value
    generator = random.Random(f"{seed} {name}")
    for _ in range(DRAWS * bool(listed)):
        yield "*", generator.randrange(10**9)


def _run(work: Work) -> dict[str, Any]:
    asked = Limited("tests.trust.callables_judged:judged")
    everything = names()
    for name in everything:
        if name in work.recorded:
            continue
        if work.out_of_time():
            break
        found, count = [], 0
        for argument, value in _cases(name, work.seed):
            said = asked.ask([name, argument, value])
            answer = said.get("answer") or {"kind": said["killed"]}
            count += 1
            if answer["kind"] not in ("value", "refused"):
                found.append([argument, value, answer["kind"], answer.get("at", "")])
        work.record(name, {"calls": count, "found": found})
    asked.close()
    done = work.recorded.values()
    kinds = Counter(kind for one in done for _, _, kind, _ in one["found"])
    return {
        "callables": f"{len(done)} of {len(everything)}",
        "calls": sum(one["calls"] for one in done),
        "kinds": [f"{kind} {count}" for kind, count in kinds.most_common()],
        "failed": sum(kinds.values()),
    }


PART = Part("callables", "every public callable with odd arguments", _run)
