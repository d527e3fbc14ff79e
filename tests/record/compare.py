"""Compare what symkern answers with the record: `python -m tests.record.compare`, from the root of the checkout.

    --only ID ...     these questions; an id's beginning names all that begin so, as "preset"
    --sample N        N questions, the same ones for the same --seed
    --jobs N          so many processes

Prints every difference, then how many there are; the exit status is 1 where there is one, and 0 else. explained.json maps the id of a
question to the reason why its answer has rightly changed: its differences are shown and do not count. Other words in a message, or another order,
are shown with --remarks.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from random import Random
from typing import Any

from tests.record.comparing import differences
from tests.record.make_record import read_record
from tests.record.running import answers

EXPLAINED = Path(__file__).with_name("explained.json")


def main() -> int:
    """The command."""
    reader = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    reader.add_argument("--only", nargs="+", default=[""], metavar="ID")
    reader.add_argument("--sample", type=int)
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--jobs", type=int, default=1)
    reader.add_argument("--limit", type=int, default=60, help="seconds for one question")
    reader.add_argument("--remarks", action="store_true")
    chosen = reader.parse_args()
    explained = json.loads(EXPLAINED.read_text(encoding="utf-8"))
    record = {
        entry["question"]["id"]: entry
        for entry in read_record()
        if entry["question"]["id"].startswith(tuple(chosen.only))
    }
    if not record:
        reader.error(f"--only: no question's id begins with {' or '.join(chosen.only)}")
    if chosen.sample is not None and chosen.sample < len(record):
        record = {
            name: record[name] for name in Random(chosen.seed).sample(sorted(record), chosen.sample)
        }
    counts = {"same": 0, "explained": 0, "different": 0}
    asked = [entry["question"] for entry in record.values()]
    for question, answer, _ in answers(asked, chosen.limit, chosen.jobs):
        name = question["id"]
        now = {"unfinished": f"after {chosen.limit} s"} if answer is None else answer
        found = list(differences(record[name]["answer"], json.loads(json.dumps(now))))
        counted = [d for d in found if not d.remark]
        verdict = "same" if not counted else "explained" if name in explained else "different"
        counts[verdict] += 1
        shown = found if chosen.remarks else counted
        if shown:
            print(f"{name}: {verdict}{': ' + explained[name] if verdict == 'explained' else ''}")
            print(f"  {_asked(question)}")
            for difference in shown[:8]:
                print(f"  {difference.place}{' (a remark)' * difference.remark}")
                print(
                    f"    before  {_short(difference.before)}\n    now     {_short(difference.after)}"
                )
            if len(shown) > 8:
                print(f"  and {len(shown) - 8} more places")
            sys.stdout.flush()
    print(", ".join(f"{count} {verdict}" for verdict, count in counts.items()))
    return int(counts["different"] > 0)


def _asked(question: dict[str, Any]) -> str:
    if "arguments" in question:
        return " ".join(["symkern", *question["arguments"]])
    rest = {k: v for k, v in question.items() if k not in ("id", "ask", "kernel", "law", "length")}
    more = "".join(f", {name} {value}" for name, value in rest.items())
    return f"{question['ask']}: {question['kernel']}, {question['law']}, length {question['length']}{more}"


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 160 else f"{text[:157]}..."


if __name__ == "__main__":
    sys.exit(main())
