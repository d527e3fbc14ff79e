"""The suite with warnings as errors, in the processes that it starts too."""

from __future__ import annotations

from typing import Any

from tests.trust.suite import figures_of, pieces, run_pieces
from tests.trust.work import Part, Work

#: What may be warned of, as Python's option -W says it, and why.
IGNORED: dict[str, str] = {}


def run(work: Work) -> dict[str, Any]:
    """File by file."""
    whole = pieces()
    options = ["-W", "error"]
    for filtered in IGNORED:
        options += ["-W", filtered]
    run_pieces(work, whole, options=options, environment={"PYTHONWARNINGS": "error"})
    return {**figures_of(work, whole), "ignored": len(IGNORED)}


PART = Part("warnings", "the suite with every warning an error, in child processes too", run)
