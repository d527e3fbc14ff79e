"""Small errors planted one at a time: how many of them the tests see.

A sample of the mutants of six rooms, drawn evenly from them by the seed, each tried in a copy of the checkout by the tests of these rooms that run its lines, the
quickest first, until one fails, or 15 seconds of tests have passed. What has survived is tried by the tests of all other rooms in the same way. A mutant is killed where a test
fails that passes without it, or where the tests take several times as long as without it. One that survives is a gap in the tests, or no error at all: ``survivors.json`` says why. The score is
the share killed of those that are not explained there; the interval is that of Clopper and Pearson at 95 %.

The journal is taken up again after changes: a test file that has changed is observed anew, what has survived is tried anew where the tests chosen for it have changed or
its file has, and what is killed stays killed as long as its line stands. Tests that were written for survivors of a sample flatter the score on that sample: the score "at first"
is that of the tests of the rooms before, and another seed draws another sample.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.trust.covering import Covering, digest, pieces_of, summary_of
from tests.trust.figures import read_figures
from tests.trust.mutations import Mutant, drawn, mutated, statement_lines
from tests.trust.scratch import Scratch
from tests.trust.work import ROOT, Part, Work

ROOMS = (
    "combinatorics",
    "characters",
    "representations",
    "engines",
    "bounds",
    "certificates",
)
SAMPLE = 600
#: Seconds of tests for one mutant.
_SECONDS = 15.0
_NONE = {"outcome": "none"}
_SURVIVORS = Path(__file__).parents[1] / "survivors.json"


def run(work: Work) -> dict[str, Any]:
    """Observe the tests, then try mutants."""
    order = drawn(ROOT, ROOMS, work.seed)
    own, others = pieces_of(ROOT, ROOMS)
    with Scratch(work.folder / "copy") as scratch:
        for stage, pieces in (("own", own), ("others", others)):
            _control(work, scratch)
            _try_all(work, scratch, order, stage, pieces)
        _control(work, scratch)
    return _figures(work, [m for m in _sample(work, order) if m.name in work.recorded])


def _try_all(
    work: Work, scratch: Scratch, order: list[Mutant], stage: str, pieces: list[str]
) -> None:
    """Try the sample, or what the stage before left of it, by the tests of these pieces."""
    covering = _observed(work, scratch, pieces)
    for mutant in _sample(work, order):
        if covering is None or work.out_of_time():
            break
        _try(work, scratch, covering, mutant, stage)


def _sample(work: Work, order: Iterable[Mutant]) -> Iterator[Mutant]:
    """The mutants to try: the first of the order, but for those that are no change at all; from the one on that is asked for.

    Those that are passed over are looked at, without a test, for how many of them are no change: so the sample is the same wherever one begins.
    """
    count = 0
    for mutant in order:
        if count == SAMPLE:
            return
        if count + 1 < work.first:
            count += _is_change(mutant)
            continue
        yield mutant
        count += work.recorded.get(mutant.name) != _NONE


@cache
def _is_change(mutant: Mutant) -> bool:
    return mutated((ROOT / mutant.file).read_text(encoding="utf-8"), mutant) is not None


def _observed(work: Work, scratch: Scratch, pieces: list[str]) -> Covering | None:
    """Which tests run which lines; None where the time did not suffice to find out."""
    covering = Covering()
    for piece in pieces:
        now = digest(scratch.folder, piece)
        known = work.recorded.get(piece)
        if known is None or (known["digest"] != now and piece.endswith(".py")):
            if work.out_of_time():
                return None
            folders = tuple(f"symkern/{room}" for room in ROOMS)
            answer = scratch.pytest([piece], seconds=400, cover=folders, stop=False)
            work.record(piece, {"digest": now, "status": answer["status"], **summary_of(answer)})
        covering.pieces[piece] = work.recorded[piece]
    return covering


def _control(work: Work, scratch: Scratch) -> None:
    """Run the tests that have failed on a mutant once more, in the same way and without one: what fails then has seen nothing."""
    killers: dict[str, set[str]] = {}
    for known in work.recorded.values():
        if "::" in known.get("by", ""):
            killers.setdefault(known["by"].split("::")[0], set()).add(known["by"])
    for file, tests in sorted(killers.items()):
        key = f"without a mutant: {file}"
        known = work.recorded.get(key, {})
        left = sorted(tests - set(known))
        if not left:
            continue
        if work.out_of_time():
            break
        answer = scratch.pytest([file], only=left, seconds=400, stop=False)
        outcomes = {test: outcome for test, outcome, _ in answer["outcomes"]}
        work.record(key, {**known, **{test: outcomes.get(test, "lost") for test in left}})


def _try(work: Work, scratch: Scratch, covering: Covering, mutant: Mutant, stage: str) -> None:
    """Record what became of a mutant, unless that is known."""
    known = work.recorded.get(mutant.name, {})
    if known.get("outcome") in ("killed", "none"):
        return
    if known and mutant.name in explained():
        return
    source = (scratch.folder / mutant.file).read_text(encoding="utf-8")
    rounds = covering.choice(mutant.file, statement_lines(source, mutant.line), _SECONDS)
    if not rounds:  # none that runs it; or the lines have moved since they were observed
        rounds = covering.choice(mutant.file, range(1, source.count("\n") + 2), _SECONDS)
    tests = sorted({test.split("::")[0] for chosen in rounds for test in chosen})
    seen = "\0".join([source, *(digest(scratch.folder, test) for test in tests)])
    tried = {stage: hashlib.sha256(seen.encode()).hexdigest()[:16]}
    if known.get("tried", {}).get(stage) == tried[stage]:
        return
    text = mutated(source, mutant)
    if text is None:
        work.record(mutant.name, _NONE)
        return
    by, said, spent = "", "", 0.0
    with scratch.changed(mutant.file, text):
        for only in rounds:
            expected = covering.seconds(only)
            answer = scratch.pytest(
                sorted({test.split("::")[0] for test in only}), only=only, seconds=8 + 3 * expected
            )
            spent += sum(cost for _, _, cost in answer["outcomes"])
            if answer["status"] == 0:
                continue
            failed = [test for test, outcome, _ in answer["outcomes"] if outcome == "failed"]
            by, said = (
                failed[0] if failed else f"status {answer['status']}",
                answer["said"],
            )
            break
    outcome = "killed" if by else "survived"
    work.record(
        mutant.name,
        {
            "outcome": outcome,
            "first": known.get("first", outcome),
            "stage": stage,
            "line": mutant.line,
            "change": _change(source, text),
            "by": by,
            "said": said[:120],
            "seconds": round(spent, 2),
            "tests": sum(map(len, rounds)),
            "tried": {**known.get("tried", {}), **tried},
        },
    )


def _change(before: str, after: str) -> str:
    """What the first line that differs reads now."""
    for old, new in zip(before.splitlines(), after.splitlines()):
        if old != new:
            return new.strip()
    return ""


def explained() -> dict[str, str]:
    """Why some mutants are no errors, or none that a test should see: by name."""
    if not _SURVIVORS.exists():
        return {}
    found: dict[str, str] = json.loads(_SURVIVORS.read_text(encoding="utf-8"))
    return found


def _figures(work: Work, sample: Iterable[Mutant]) -> dict[str, Any]:
    """Scores in all and by room, and what is neither killed nor explained."""
    reasons = explained()
    tried, killed, excused = Counter[str](), Counter[str](), Counter[str]()
    elsewhere = at_first = 0
    open_: list[str] = []
    alone = {
        test: outcome
        for key, known in work.recorded.items()
        if key.startswith("without a mutant: ")
        for test, outcome in known.items()
    }
    failed = sorted(test for test, outcome in alone.items() if outcome != "passed")
    for mutant in sample:
        known = work.recorded[mutant.name]
        if known == _NONE or known["by"] in failed:
            continue
        room = mutant.file.split("/")[1]
        tried[room] += 1
        at_first += known["first"] == "killed"
        if known["outcome"] == "killed":
            killed[room] += 1
            elsewhere += known["stage"] == "others"
        elif mutant.name in reasons:
            excused[room] += 1
        else:
            open_.append(mutant.name)
    if work.first > 1:
        before = read_figures().get("mutants", {"figures": {}})["figures"]
        return _joined(
            before, work.first, tried.total(), killed.total(), excused.total(), open_
        ) | {"failed": failed}
    figures: dict[str, Any] = {
        "failed": failed,
        "mutants": f"{tried.total()} of {SAMPLE}",
        "killed": killed.total(),
        "by tests of other rooms": elsewhere,
        "no errors": excused.total(),
        "survived": open_,
        "score": _score(killed.total(), tried.total() - excused.total()),
        "at first": _score(at_first, tried.total() - excused.total()),
    }
    for room in ROOMS:
        figures[room] = _score(killed[room], tried[room] - excused[room])
    return figures


def _joined(
    before: Mapping[str, Any],
    first: int,
    tried: int,
    killed: int,
    excused: int,
    survived: list[str],
) -> dict[str, Any]:
    """The figures of a sample whose beginning was tried by an earlier run, of which its figures are left; those of the rest alone where they are not."""
    reasons = explained()
    if before.get("mutants") != f"{first - 1} of {SAMPLE}":
        what = f"{tried} of {SAMPLE - first + 1}, from the {first}th on"
    else:
        tried += first - 1
        open_before = [name for name in before["survived"] if name not in reasons]
        killed += before["killed"]
        excused += before["no errors"] + len(before["survived"]) - len(open_before)
        survived = [*open_before, *survived]
        what = f"{tried} of {SAMPLE}"
    return {
        "mutants": what,
        "killed": killed,
        "no errors": excused,
        "survived": survived,
        "score": _score(killed, tried - excused),
    }


def _score(killed: int, counted: int) -> str:
    """A share in percent with its interval.

    >>> _score(90, 100)
    '90 % (82 to 95)'
    """
    from scipy.stats import binomtest

    if not counted:
        return "none"
    interval = binomtest(killed, counted).proportion_ci(0.95, "exact")
    return f"{100 * killed / counted:.0f} % ({100 * interval.low:.0f} to {100 * interval.high:.0f})"


PART = Part("mutants", "small errors planted one at a time in six rooms, and the share seen", run)
