"""The whole suite as a search: other examples on each run, twenty times as many, and the breadth that the default run samples."""

from __future__ import annotations

from typing import Any

from tests.trust.suite import figures_of, pieces, run_pieces
from tests.trust.work import Part, Work


def run(work: Work) -> dict[str, Any]:
    """File by file; Hypothesis draws from the seed."""
    whole = pieces()
    options = ["-m", "wide or not wide", f"--hypothesis-seed={work.seed}"]
    run_pieces(work, whole, options=options, environment={"HYPOTHESIS_PROFILE": "trust"})
    return figures_of(work, whole)


PART = Part(
    "search", "the suite with other examples, twenty times as many, and all that is wide", run
)
