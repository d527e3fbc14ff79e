"""The suite under three hash seeds: sets and dictionaries of texts are walked through in three orders, and nothing that anyone sees may depend on it."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.trust.suite import figures_of, pieces, run_pieces, run_tests
from tests.trust.work import Part, Work


def run(work: Work) -> dict[str, Any]:
    """File by file, three times: outcomes of tests, and all that doctests print, must be the same."""
    whole = pieces()
    seeds = [0, *random.Random(work.seed).sample(range(1, 2**32), 2)]

    def outcomes_of(paths: Sequence[str]) -> dict[str, str] | None:
        found, texts = [], []
        for seed in seeds:
            printed = work.folder / "printed.jsonl"
            printed.unlink(missing_ok=True)
            outcomes = run_tests(
                paths,
                work.folder / "report.xml",
                options=("-p", "tests.trust.printed"),
                environment={"PYTHONHASHSEED": str(seed), "TRUST_PRINTED": str(printed)},
                seconds=work.remaining,
            )
            if outcomes is None:
                return None
            found.append(outcomes)
            texts.append(_lines(printed))
        return _joined(found, texts, seeds)

    run_pieces(work, whole, outcomes_of)
    return {**figures_of(work, whole), "hash seeds": len(seeds)}


def _lines(path: Path) -> list[list[str]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _joined(
    found: list[dict[str, str]], texts: list[list[list[str]]], seeds: list[int]
) -> dict[str, str]:
    """One outcome for each test: that of all seeds, or how they differ."""
    joined = dict(found[0])
    for seed, outcomes, printed in zip(seeds[1:], found[1:], texts[1:], strict=True):
        for test in {**joined, **outcomes}:
            said = outcomes.get(test, "not run")
            if joined.get(test) != said and joined.get(test) in (None, "passed", "skipped"):
                joined[test] = f"with hash seed {seed}: {said}"
        if printed != texts[0]:
            pairs = zip(texts[0], printed, strict=False)
            other = next((pair for pair in pairs if pair[0] != pair[1]), ("fewer", "or more"))
            joined[f"printed with hash seed {seed}"] = f"{other[0]} and {other[1]}"[:300]
    return joined


PART = Part(
    "hashseeds", "the suite under three hash seeds: outcomes and all that doctests print", run
)
