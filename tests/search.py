"""How far properties are searched: the same inputs on every run, or under the profile ``trust`` others each time, and many more."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings

__all__ = ["examples", "load_profile"]

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "deterministic")
FACTOR = 20 if PROFILE == "trust" else 1


def load_profile() -> None:
    """What the default search finds, it finds before a change is taken in; timings are asserted nowhere."""
    common = {
        "database": None,
        "deadline": None,
        "suppress_health_check": [HealthCheck.too_slow],
        "print_blob": True,
    }
    settings.register_profile("deterministic", derandomize=True, max_examples=20, **common)
    settings.register_profile("trust", derandomize=False, max_examples=100 * FACTOR, **common)
    settings.load_profile(PROFILE)


def examples(count: int) -> Callable[[Any], Any]:
    """A property looked at in ``count`` examples, twenty at most by default, in many times as many as ``count`` in the wide search."""
    return settings(max_examples=min(count, 20) if FACTOR == 1 else count * FACTOR)
