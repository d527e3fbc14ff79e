"""The last figures of each part, as ``figures.json`` keeps them and as docs/theory/trust.md shows them.

``figures.json`` maps a part to {"date", "python", "platform", "seed", "seconds", "finished", "changed", "figures"}.
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.trust.work import Part, Work

__all__ = ["FIGURES", "entry", "keep", "read_figures", "redrawn", "table"]

FIGURES = Path(__file__).parent / "figures.json"
_BEGIN, _END = "<!-- the figures of make trust -->\n", "<!-- until here -->\n"


def entry(work: Work, figures: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a run: its figures, and where, when and how long it ran."""
    return {
        "date": time.strftime("%Y-%m-%d"),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "seed": work.seed,
        "seconds": round(work.seconds),
        "finished": not work.stopped,
        "changed": work.changed,
        "figures": dict(figures),
    }


def read_figures(path: Path = FIGURES) -> dict[str, Any]:
    """What is kept, by part."""
    if not path.exists():
        return {}
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def keep(part: Part, kept: Mapping[str, Any], path: Path = FIGURES) -> None:
    """Write the entry of a part and leave the others as they are."""
    everything = sorted({**read_figures(path), part.name: dict(kept)}.items())
    text = json.dumps(dict(everything), indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def shown(figures: Mapping[str, Any]) -> str:
    """Figures in a line; of a list, how long it is.

    >>> shown({"files": "12 of 140", "values": 48213, "failed": []})
    'files 12 of 140, values 48,213, failed 0'
    """
    return ", ".join(f"{name} {_text(value)}" for name, value in figures.items())


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple, dict)):
        value = len(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def table(parts: Mapping[str, Part], kept: Mapping[str, Any]) -> str:
    """The table of docs/theory/trust.md: a row for each part that has figures."""
    rows = ["| part | what is tried | last figures | when |", "|---|---|---|---|"]
    for name, part in parts.items():
        if name not in kept:
            continue
        last = kept[name]
        when = f"{last['date']}, {_duration(last['seconds'])}"
        if not last["finished"]:
            when += ", stopped by the clock"
        if last.get("changed"):
            when += ", begun on earlier sources"
        cells = (f"`{name}`", part.what, shown(last["figures"]), when)
        rows.append("| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |")
    return "\n".join(rows) + "\n"


def _duration(seconds: int) -> str:
    return f"{seconds} s" if seconds < 100 else f"{round(seconds / 60)} min"


def redrawn(text: str, parts: Mapping[str, Part], kept: Mapping[str, Any]) -> str:
    """The document with the table of the figures between its two markers."""
    before, begin, rest = text.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"the document has no lines {_BEGIN.strip()!r} and {_END.strip()!r}")
    return f"{before}{begin}\n{table(parts, kept)}\n{end}{after}"
