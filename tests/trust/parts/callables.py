"""Every public callable with odd arguments: one at a time with the others right, and many at once, drawn by the seed.

A right answer or an error of `symkern.errors` within seconds and 2 GiB is what must come; whatever else is a finding, counted by kind. A piece
of work is a callable; its record lists its findings as [argument, value, what came, where]. For each argument one value of each kind of
odd ones is drawn: another seed draws others.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from tests.trust.limited import Limited
from tests.trust.odd_values import KINDS
from tests.trust.public_callables import arguments, names
from tests.trust.work import Part, Work

#: Draws of all arguments at once for each callable that has some.
DRAWS = 10
#: Arguments of one callable that are tried: the thresholds, of which there are over a hundred, are all read in the same way.
MOST = 20
#: Seconds of processor time for all calls of one callable, which are tried in random order.
BUDGET = 30.0
#: Values that nothing is made of: where one is taken, somebody should look.
STRANGE = {"...", "NotImplemented", "object", "module", "slice", "error", "datetime64", "EmptySet"}
#: Seconds of processor time for a call.
SECONDS = 5.0


def _cases(name: str, seed: int) -> list[tuple[str, Any]]:
    generator = random.Random(f"{seed} {name}")
    listed = list(arguments(name))
    if len(listed) > MOST:
        listed = generator.sample(listed, MOST)
    cases: list[tuple[str, Any]] = [
        (argument, generator.choice(kind)) for argument in listed for kind in KINDS
    ]
    cases += [("*", generator.randrange(10**9)) for _ in range(DRAWS * bool(listed))]
    generator.shuffle(cases)
    return cases


def _run(work: Work) -> dict[str, Any]:
    asked = Limited("tests.trust.callables_judged:judged", seconds=SECONDS)
    everything = names()
    for name in everything:
        if name in work.recorded:
            continue
        if work.out_of_time():
            break
        found, taken, count, spent = [], [], 0, 0.0
        for argument, value in _cases(name, work.seed):
            said = asked.ask([name, argument, value])
            answer = said.get("answer") or {"kind": said["killed"]}
            count, spent = count + 1, spent + said["seconds"]
            if answer["kind"] not in ("value", "refused"):
                known = [argument, value, answer["kind"], answer.get("at", "")]
                found.append([*known, answer.get("text", "")])
                print(f"  {name} {known}", flush=True)
            elif answer["kind"] == "value" and value in STRANGE:
                taken.append([argument, value])
            if spent > BUDGET:
                break
        work.record(
            name, {"calls": count, "seconds": round(spent, 2), "found": found, "taken": taken}
        )
    asked.close()
    done = [work.recorded[name] for name in everything if name in work.recorded]
    kinds = Counter(one[2] for known in done for one in known["found"])
    return {
        "callables": f"{len(done)} of {len(everything)}",
        "calls": sum(one["calls"] for one in done),
        "odd values taken": sum(len(one["taken"]) for one in done),
        "kinds": [f"{kind} {count}" for kind, count in kinds.most_common()],
        "failed": sum(kinds.values()),
    }


PART = Part("callables", "every public callable with odd arguments", _run)
