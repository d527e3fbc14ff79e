"""`python -m tests.trust`: run parts, list them, and draw their table."""

from __future__ import annotations

import argparse
import sys
import traceback
from pathlib import Path

from tests.trust.figures import entry, keep, read_figures, redrawn, shown
from tests.trust.work import Part, begin, parts


def main(arguments: list[str] | None = None) -> int:
    """The status: 0, or 1 where something failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.trust", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help="all of them where none is named")
    parser.add_argument("--minutes", type=float, default=55.0, help="for each part (default 55)")
    parser.add_argument("--seed", type=int, help="default: that of the journal, or the date")
    parser.add_argument("--fresh", action="store_true", help="leave journals aside and begin anew")
    parser.add_argument(
        "--only", default="", metavar="TEXT", help="try `suite` on files with this in their names; no figures are kept"
    )  # fmt: skip
    parser.add_argument(
        "--from", dest="first", type=int, default=1, metavar="N", help="begin `mutants` with the N-th of the sample"
    )  # fmt: skip
    parser.add_argument("--list", action="store_true", help="the parts and their last figures")
    parser.add_argument("--into", type=Path, metavar="FILE", help="redraw the table in FILE")
    given = parser.parse_args(arguments)
    known = parts()
    unknown = [name for name in given.parts if name not in known]
    if unknown:
        parser.error(f"no part {', '.join(unknown)}; there are {', '.join(known)}")
    if given.list:
        for name, part in known.items():
            last = read_figures().get(name)
            print(f"{name:12} {part.what}")
            print(f"{'':12} {last['date']}: {shown(last['figures'])}" if last else "")
        return 0
    if given.into:
        text = given.into.read_text(encoding="utf-8")
        given.into.write_text(redrawn(text, known, read_figures()), encoding="utf-8")
        return 0
    outcomes = [_ran(known[name], given) for name in given.parts or known]
    return int(not all(outcomes))


def _ran(part: Part, given: argparse.Namespace) -> bool:
    """Run what is left of a part and keep its figures; False where something failed."""
    work = begin(part, minutes=given.minutes, seed=given.seed, fresh=given.fresh)
    if work is None:
        print(f"{part.name}: done on these sources; --fresh does it again", flush=True)
        return not read_figures().get(part.name, {"figures": {}})["figures"].get("failed")
    work.only, work.first = given.only, given.first
    print(f"{part.name}: {part.what} (seed {work.seed})", flush=True)
    if work.recorded:
        print(f"{part.name}: goes on after {len(work.recorded)} pieces of work", flush=True)
    try:
        figures = part.run(work)
    except Exception:
        traceback.print_exc()
        print(f"{part.name}: broke off; its figures stay as they were", flush=True)
        return False
    if not work.only:
        if not work.stopped:
            work.finish()
        keep(part, entry(work, figures))
    end = ", stopped by the clock" if work.stopped else ""
    print(f"{part.name}: {shown(figures)} ({work.seconds:.0f} s{end})", flush=True)
    return not figures.get("failed")


if __name__ == "__main__":
    sys.exit(main())
