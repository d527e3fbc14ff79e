"""Write down what symkern answers: `python -m tests.record.make_record`, from the root of the checkout.

Puts the questions that the record holds again, or with --anew all those of `tests.record.cases`, leaving out what takes longer than --limit seconds of
processor time, and writes record.json.gz, byte for byte the same for the same answers. --times FILE
writes what each took.
"""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path
from typing import Any

from tests.record.cases import questions
from tests.record.running import answers

__all__ = ["RECORD", "read_record", "write_record"]

RECORD = Path(__file__).with_name("record.json.gz")


def read_record(path: Path = RECORD) -> list[dict[str, Any]]:
    """Entries {"question": ..., "answer": ...}, in order."""
    return json.loads(gzip.decompress(path.read_bytes()))


def write_record(entries: list[dict[str, Any]], path: Path = RECORD) -> None:
    """Save entries without the time of day, so that the same entries make the same file."""
    text = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def main() -> None:
    """The command."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--anew", action="store_true", help="put all questions, not the record's")
    reader.add_argument("--limit", type=int, default=10, help="seconds for one question")
    reader.add_argument("--jobs", type=int, default=1)
    reader.add_argument("--times", type=Path)
    chosen = reader.parse_args()
    asked = questions() if chosen.anew else [entry["question"] for entry in read_record()]
    found, times = {}, {}
    for question, answer, seconds in answers(
        asked, chosen.limit if chosen.anew else 60, chosen.jobs
    ):
        times[question["id"]] = seconds
        if answer is not None and "fault" not in answer:
            found[question["id"]] = answer
        else:
            print(question["id"], "left out:", (answer or {}).get("fault", "too long"), flush=True)
    write_record([{"question": q, "answer": found[q["id"]]} for q in asked if q["id"] in found])
    if chosen.times is not None:
        slowest = sorted(times.items(), key=lambda item: -item[1])
        chosen.times.write_text("".join(f"{used:8.2f} {name}\n" for name, used in slowest))
    print(
        f"{len(found)} answers, {sum(times[name] for name in found):.0f} s, {RECORD.stat().st_size} bytes"
    )


if __name__ == "__main__":
    main()
