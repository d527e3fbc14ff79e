"""The frame of `make trust`: journals that are gone on with, figures that are kept, and the table of docs/theory/trust.md."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.trust import figures
from tests.trust.work import ROOT, Part, Work, begin, parts


def _counting(work: Work) -> dict[str, Any]:
    """Ten pieces of work."""
    for key in map(str, range(10)):
        if key in work.recorded:
            continue
        if work.out_of_time():
            break
        work.record(key, int(key) ** 2)
        if key == "3":
            work.deadline = time.monotonic()
    return {"squares": f"{len(work.recorded)} of 10", "sum": sum(work.recorded.values())}


COUNTING = Part("counting", "squares", _counting)


def _begun(folder: Path, **changed: Any) -> Work:
    work = begin(COUNTING, **{"minutes": 1, "seed": None, "folder": folder} | changed)
    assert work is not None
    return work


def test_an_interrupted_part_goes_on_where_it_stood(tmp_path: Path) -> None:
    first = _begun(tmp_path, seed=7)
    assert COUNTING.run(first) == {"squares": "4 of 10", "sum": 14}
    assert first.stopped
    with first.journal.open("a") as journal:
        journal.write('{"key": "4", "val')  # a run that was killed while it wrote
    second = _begun(tmp_path)
    assert second.seed == 7 and second.recorded == {"0": 0, "1": 1, "2": 4, "3": 9}
    assert COUNTING.run(second) == {"squares": "10 of 10", "sum": 285}
    assert not second.stopped
    assert len(_begun(tmp_path).recorded) == 10


def test_what_is_done_is_not_done_again_unless_it_is_asked_for(tmp_path: Path) -> None:
    work = _begun(tmp_path, seed=7)
    work.record("0", 0)
    work.finish()
    assert begin(COUNTING, minutes=1, seed=None, folder=tmp_path) is None
    assert begin(COUNTING, minutes=1, seed=7, folder=tmp_path) is None
    assert _begun(tmp_path, seed=8).recorded == {}
    work = _begun(tmp_path)
    work.record("0", 0)
    assert _begun(tmp_path, fresh=True, seed=8).recorded == {}


def test_a_finished_part_is_done_again_on_other_sources(tmp_path: Path) -> None:
    work = _begun(tmp_path, seed=7)
    work.record("0", 0)
    text = work.journal.read_text()
    head = json.loads(text.splitlines()[0])
    work.journal.write_text(text.replace(head["sources"], "before"))
    work = _begun(tmp_path)
    assert work.recorded == {"0": 0} and work.changed
    assert figures.entry(work, {})["changed"]
    work.finish()
    assert _begun(tmp_path).recorded == {}


def test_figures_of_one_part_leave_the_others_alone(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    work = _begun(tmp_path, seed=7)
    figures.keep(COUNTING, figures.entry(work, {"a": 1}), path)
    figures.keep(Part("other", "", _counting), figures.entry(work, {"failed": ["x"]}), path)
    kept = figures.read_figures(path)
    assert list(kept) == ["counting", "other"]
    assert kept["counting"]["figures"] == {"a": 1} and kept["counting"]["finished"]
    drawn = figures.table({"counting": COUNTING}, kept)
    assert drawn.splitlines()[2].startswith("| `counting` | squares | a 1 | ")


def test_drawing_leaves_the_rest_of_a_document_alone() -> None:
    text = "# A\n\n<!-- the figures of make trust -->\nold\n<!-- until here -->\n\nEnd.\n"
    drawn = figures.redrawn(text, {}, {})
    assert "old" not in drawn and drawn.startswith("# A\n\n") and drawn.endswith("-->\n\nEnd.\n")
    assert figures.redrawn(drawn, {}, {}) == drawn
    with pytest.raises(ValueError, match="the document has no lines"):
        figures.redrawn("# A\n", {}, {})


def test_every_part_has_figures_and_all_figures_a_part() -> None:
    assert set(figures.read_figures()) == set(parts())


def test_the_table_of_the_site_is_that_of_the_figures() -> None:
    text = (ROOT / "docs/theory/trust.md").read_text(encoding="utf-8")
    assert figures.redrawn(text, parts(), figures.read_figures()) == text
