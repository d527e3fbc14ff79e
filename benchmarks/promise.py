"""A promise of the project: a name, a limit in seconds, and how it is measured, always in a new interpreter."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    """``measure`` returns seconds; ``limit`` is what the project promises."""

    name: str
    limit: float
    measure: Callable[[], float]


def cold(*arguments: str) -> float:
    """Seconds that a new interpreter takes."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def inside(setup: str, statement: str) -> float:
    """Seconds of a statement in a new interpreter, so that no cache is warm; ``setup`` is not counted."""
    code = (
        f"{setup}\nimport time\nstart = time.perf_counter()\n{statement}\n"
        "print(time.perf_counter() - start)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout)
